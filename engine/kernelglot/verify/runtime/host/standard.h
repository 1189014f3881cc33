// What device.h declares for a kernel alone comes from the C and C++ libraries where host code stands beside it.
#ifndef KERNELGLOT_HOST_STANDARD_H
#define KERNELGLOT_HOST_STANDARD_H
#include <algorithm>
#include <array>
#include <cassert>
#include <cfloat>
#include <climits>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <limits>
#include <math.h>
#include <stdlib.h>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>
#endif
