// For a text of which this CPU lacks some instructions: the compiler's own intrinsics, and what the headers with meanings need beside them.
// The build gives each missing intrinsic another name (`#define _mm_dpbssd_epi32 meaning_mm_dpbssd_epi32`) before it includes its header, as
// the real header may have declared it.
#pragma once
#include <immintrin.h>
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "runtime.h"
#include "views.h"
