/* The little of C and of libm that device code sees, without a system header (those cost 250 ms of parsing). C and C++.
 * CUDA's overloads (`exp(float)`, `max(int, unsigned)`, ...) are in math.h's place for C++: see overloads.h. */
#ifndef KERNELGLOT_DEVICE_H
#define KERNELGLOT_DEVICE_H
/* Functions of libm with a double and a float form. */
#define KG_UNARIES(M) M(sin) M(cos) M(tan) M(asin) M(acos) M(atan) M(sinh) M(cosh) M(tanh) M(asinh) M(acosh) M(atanh) M(exp) M(exp2) M(expm1) \
  M(log) M(log2) M(log10) M(log1p) M(sqrt) M(cbrt) M(erf) M(erfc) M(tgamma) M(lgamma) M(ceil) M(floor) M(trunc) M(round) M(rint) \
  M(nearbyint) M(fabs) M(logb) M(j0) M(j1) M(y0) M(y1)
#define KG_BINARIES(M) M(pow) M(atan2) M(fmod) M(fmax) M(fmin) M(hypot) M(copysign) M(fdim) M(remainder) M(nextafter)

#ifdef KG_HOST
#include "host/standard.h"
#include "runtime.h"
#define KG_QUIET noexcept
#else

typedef __INT8_TYPE__ int8_t;     typedef __UINT8_TYPE__ uint8_t;
typedef __INT16_TYPE__ int16_t;   typedef __UINT16_TYPE__ uint16_t;
typedef __INT32_TYPE__ int32_t;   typedef __UINT32_TYPE__ uint32_t;
typedef __INT64_TYPE__ int64_t;   typedef __UINT64_TYPE__ uint64_t;
typedef __SIZE_TYPE__ size_t;     typedef __PTRDIFF_TYPE__ ptrdiff_t;
typedef __INTPTR_TYPE__ intptr_t; typedef __UINTPTR_TYPE__ uintptr_t;

#define INT8_MIN (-128)
#define INT8_MAX 127
#define UINT8_MAX 255
#define INT16_MIN (-32767 - 1)
#define INT16_MAX 32767
#define UINT16_MAX 65535
#define INT32_MIN (-2147483647 - 1)
#define INT32_MAX 2147483647
#define UINT32_MAX 4294967295u
#define INT64_MIN (-__INT64_MAX__ - 1)
#define INT64_MAX __INT64_MAX__
#define UINT64_MAX __UINT64_MAX__
#define SIZE_MAX __SIZE_MAX__
#define CHAR_BIT 8
#define INT_MAX __INT_MAX__
#define INT_MIN (-__INT_MAX__ - 1)
#define UINT_MAX (__INT_MAX__ * 2u + 1u)
#define LONG_MAX __LONG_MAX__
#define LONG_MIN (-__LONG_MAX__ - 1L)
#define LLONG_MAX __LONG_LONG_MAX__
#define LLONG_MIN (-__LONG_LONG_MAX__ - 1LL)
#define ULLONG_MAX (__LONG_LONG_MAX__ * 2ULL + 1ULL)
#define FLT_MAX __FLT_MAX__
#define FLT_MIN __FLT_MIN__
#define FLT_EPSILON __FLT_EPSILON__
#define FLT_DIG __FLT_DIG__
#define DBL_MAX __DBL_MAX__
#define DBL_MIN __DBL_MIN__
#define DBL_EPSILON __DBL_EPSILON__
#define INFINITY __builtin_inff()
#define NAN __builtin_nanf("")
#define HUGE_VALF __builtin_inff()
#define HUGE_VAL __builtin_inf()
#define M_E 2.7182818284590452354
#define M_LOG2E 1.4426950408889634074
#define M_LOG10E 0.43429448190325182765
#define M_LN2 0.69314718055994530942
#define M_LN10 2.30258509299404568402
#define M_PI 3.14159265358979323846
#define M_PI_2 1.57079632679489661923
#define M_PI_4 0.78539816339744830962
#define M_1_PI 0.31830988618379067154
#define M_2_PI 0.63661977236758134308
#define M_2_SQRTPI 1.12837916709551257390
#define M_SQRT2 1.41421356237309504880
#define M_SQRT1_2 0.70710678118654752440
#ifndef NULL
#define NULL 0
#endif
#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1

#ifdef __cplusplus
extern "C" {
#define KG_QUIET noexcept
#else
#define KG_QUIET
#include <stdbool.h>
#endif

#define KG_UNARY(name) double name(double) KG_QUIET; float name##f(float) KG_QUIET;
#define KG_BINARY(name) double name(double, double) KG_QUIET; float name##f(float, float) KG_QUIET;
KG_UNARIES(KG_UNARY)
KG_BINARIES(KG_BINARY)
double fma(double, double, double) KG_QUIET;       float fmaf(float, float, float) KG_QUIET;
double ldexp(double, int) KG_QUIET;                float ldexpf(float, int) KG_QUIET;
double scalbn(double, int) KG_QUIET;               float scalbnf(float, int) KG_QUIET;
double frexp(double, int *) KG_QUIET;              float frexpf(float, int *) KG_QUIET;
double modf(double, double *) KG_QUIET;            float modff(float, float *) KG_QUIET;
void sincos(double, double *, double *) KG_QUIET;  void sincosf(float, float *, float *) KG_QUIET;
long lround(double) KG_QUIET;                      long lroundf(float) KG_QUIET;
long lrint(double) KG_QUIET;                       long lrintf(float) KG_QUIET;
long long llround(double) KG_QUIET;                long long llroundf(float) KG_QUIET;
long long llrint(double) KG_QUIET;                 long long llrintf(float) KG_QUIET;
int ilogb(double) KG_QUIET;                        int ilogbf(float) KG_QUIET;

void *memcpy(void *, const void *, size_t) KG_QUIET;
void *memmove(void *, const void *, size_t) KG_QUIET;
void *memset(void *, int, size_t) KG_QUIET;
int memcmp(const void *, const void *, size_t) KG_QUIET;
int abs(int) KG_QUIET;
long labs(long) KG_QUIET;
long long llabs(long long) KG_QUIET;
void *malloc(size_t) KG_QUIET;
void *aligned_alloc(size_t, size_t) KG_QUIET;
void free(void *) KG_QUIET;
void abort(void) KG_QUIET;
int printf(const char *, ...);                      /* the runner's standard output goes nowhere */
int snprintf(char *, size_t, const char *, ...) KG_QUIET;
#ifdef __cplusplus
}
#endif

#include "runtime.h"

#define assert(condition) ((condition) ? (void)0 : kg_fault("crash", "assertion failed: " #condition, __LINE__))
#ifndef __cplusplus
#define isnan(x) __builtin_isnan(x)
#define isinf(x) __builtin_isinf_sign(x)
#define isfinite(x) __builtin_isfinite(x)
#define signbit(x) __builtin_signbit(x)
#endif
#endif
#endif
