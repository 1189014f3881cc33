// AVX-512, AVX2 and VNNI intrinsics in portable C on gcc's vector extension: no -m flag, no immintrin.h, C and C++. Each intrinsic is a
// function whose body is its meaning, with the signature of Intel's. Where the CPU has the instructions the host compiles against the
// real header instead, and a test holds the two equal.
//
// Not here: rcp14 and rsqrt14 (their value is the hardware's own), SVML functions, AMX.
#pragma once
#pragma GCC diagnostic ignored "-Wpsabi"     // how vectors are passed does not matter: everything here is inlined or local
#include "device.h"

typedef float __m512 __attribute__((vector_size(64), may_alias));
typedef double __m512d __attribute__((vector_size(64), may_alias));
typedef long long __m512i __attribute__((vector_size(64), may_alias));
typedef float __m256 __attribute__((vector_size(32), may_alias));
typedef double __m256d __attribute__((vector_size(32), may_alias));
typedef long long __m256i __attribute__((vector_size(32), may_alias));
typedef float __m128 __attribute__((vector_size(16), may_alias));
typedef double __m128d __attribute__((vector_size(16), may_alias));
typedef long long __m128i __attribute__((vector_size(16), may_alias));
typedef unsigned char __mmask8;
typedef unsigned short __mmask16;
typedef unsigned int __mmask32;
typedef unsigned long long __mmask64;

// The elements an __m512i, __m256i or __m128i stands for.
#define VNNI_VIEW(name, type, bytes) typedef type name __attribute__((vector_size(bytes), may_alias))
VNNI_VIEW(i8x64, int8_t, 64);   VNNI_VIEW(i8x32, int8_t, 32);   VNNI_VIEW(i8x16, int8_t, 16);
VNNI_VIEW(u8x64, uint8_t, 64);  VNNI_VIEW(u8x32, uint8_t, 32);  VNNI_VIEW(u8x16, uint8_t, 16);
VNNI_VIEW(i16x32, int16_t, 64); VNNI_VIEW(i16x16, int16_t, 32); VNNI_VIEW(i16x8, int16_t, 16);
VNNI_VIEW(u16x32, uint16_t, 64); VNNI_VIEW(u16x16, uint16_t, 32); VNNI_VIEW(u16x8, uint16_t, 16);
VNNI_VIEW(i32x16, int32_t, 64); VNNI_VIEW(i32x8, int32_t, 32);  VNNI_VIEW(i32x4, int32_t, 16);
VNNI_VIEW(u32x16, uint32_t, 64); VNNI_VIEW(u32x8, uint32_t, 32); VNNI_VIEW(u32x4, uint32_t, 16);
VNNI_VIEW(i64x8, int64_t, 64);  VNNI_VIEW(i64x4, int64_t, 32);  VNNI_VIEW(i64x2, int64_t, 16);
VNNI_VIEW(u64x8, uint64_t, 64); VNNI_VIEW(u64x4, uint64_t, 32); VNNI_VIEW(u64x2, uint64_t, 16);

// Roundings (roundscale, round, cvtps_ph) and comparisons.
#define _MM_FROUND_TO_NEAREST_INT 0
#define _MM_FROUND_TO_NEG_INF 1
#define _MM_FROUND_TO_POS_INF 2
#define _MM_FROUND_TO_ZERO 3
#define _MM_FROUND_CUR_DIRECTION 4
#define _MM_FROUND_RAISE_EXC 0
#define _MM_FROUND_NO_EXC 8
#define _MM_FROUND_NINT 0
#define _MM_FROUND_FLOOR 1
#define _MM_FROUND_CEIL 2
#define _MM_FROUND_TRUNC 3
enum {
  _CMP_EQ_OQ, _CMP_LT_OS, _CMP_LE_OS, _CMP_UNORD_Q, _CMP_NEQ_UQ, _CMP_NLT_US, _CMP_NLE_US, _CMP_ORD_Q, _CMP_EQ_UQ, _CMP_NGE_US, _CMP_NGT_US,
  _CMP_FALSE_OQ, _CMP_NEQ_OQ, _CMP_GE_OS, _CMP_GT_OS, _CMP_TRUE_UQ, _CMP_EQ_OS, _CMP_LT_OQ, _CMP_LE_OQ, _CMP_UNORD_S, _CMP_NEQ_US, _CMP_NLT_UQ,
  _CMP_NLE_UQ, _CMP_ORD_S, _CMP_EQ_US, _CMP_NGE_UQ, _CMP_NGT_UQ, _CMP_FALSE_OS, _CMP_NEQ_OS, _CMP_GE_OQ, _CMP_GT_OQ, _CMP_TRUE_US
};
typedef enum {
  _MM_CMPINT_EQ, _MM_CMPINT_LT, _MM_CMPINT_LE, _MM_CMPINT_UNUSED, _MM_CMPINT_NE, _MM_CMPINT_NLT, _MM_CMPINT_NLE,
  _MM_CMPINT_GE = 5, _MM_CMPINT_GT = 6
} _MM_CMPINT_ENUM;
typedef int _MM_PERM_ENUM;
enum { _MM_HINT_NTA, _MM_HINT_T2 = 1, _MM_HINT_T1 = 2, _MM_HINT_T0 = 3 };
#define _MM_SHUFFLE(d, c, b, a) ((d) << 6 | (c) << 4 | (b) << 2 | (a))
#define _mm_prefetch(p, hint) ((void)(p))
#define _mm_malloc(bytes, alignment) aligned_alloc(alignment, ((bytes) + (alignment) - 1) / (alignment) * (alignment))
#define _mm_free(p) free(p)
#define _mm_sfence() ((void)0)
#define _mm256_zeroupper() ((void)0)

/// `p` is a multiple of `bytes`; hardware raises a protection fault where not.
static inline void vnni_require_aligned(const void *p, unsigned bytes) {
  char message[120];
  if (!((uintptr_t)p % bytes)) return;
  snprintf(message, sizeof message, "an aligned load or store needs an address that is a multiple of %u bytes", bytes);
  kg_fault("alignment", message, 0);
}

/// Predicate `imm` on two floats: bits 0 to 3 choose it, bit 4 only says whether NaN signals.
static inline int vnni_compare(double a, double b, int imm) {
  int unordered = a != a || b != b, holds;
  switch (imm & 3) {
    case 0: holds = a == b; break;
    case 1: holds = a < b; break;
    case 2: holds = a <= b; break;
    default: holds = unordered;
  }
  switch (imm & 15) {
    case 8: return holds || unordered;                     // EQ_UQ
    case 9: return !(a >= b);                              // NGE
    case 10: return !(a > b);                              // NGT
    case 11: return 0;                                     // FALSE
    case 12: return a != b && !unordered;                  // NEQ_OQ
    case 13: return a >= b;
    case 14: return a > b;
    case 15: return 1;                                     // TRUE
    default: return imm & 4 ? !holds : holds;
  }
}

static inline int vnni_compare_integers(int64_t a, int64_t b, int imm) {
  int holds = (imm & 3) == 0 ? a == b : (imm & 3) == 1 ? a < b : (imm & 3) == 2 ? a <= b : 0;
  return imm & 4 ? !holds : holds;
}

/// `x` rounded to a multiple of 2^-(imm >> 4); imm & 3 says how (imm & 4: to nearest even, as the control register says).
static inline double vnni_round(double x, int imm) {
  double scale = (double)(1 << (imm >> 4 & 15)), y = x * scale;
  int mode = imm & 4 ? 0 : imm & 3;
  double rounded = mode == 0 ? nearbyint(y) : mode == 1 ? floor(y) : mode == 2 ? ceil(y) : trunc(y);
  return y - y != 0 ? x : rounded / scale;                 // infinities and NaN stay
}

static inline int32_t vnni_to_i32(float x) { return x >= -2147483648.0f && x < 2147483648.0f ? (int32_t)x : INT32_MIN; }
static inline uint32_t vnni_to_u32(float x) { return x > -1.0f && x < 4294967296.0f ? (uint32_t)x : UINT32_MAX; }

static inline int8_t vnni_saturate_i8(int64_t x) { return x > 127 ? 127 : x < -128 ? -128 : (int8_t)x; }
static inline uint8_t vnni_saturate_u8(int64_t x) { return x > 255 ? 255 : x < 0 ? 0 : (uint8_t)x; }
static inline int16_t vnni_saturate_i16(int64_t x) { return x > 32767 ? 32767 : x < -32768 ? -32768 : (int16_t)x; }
static inline uint16_t vnni_saturate_u16(int64_t x) { return x > 65535 ? 65535 : x < 0 ? 0 : (uint16_t)x; }
static inline int32_t vnni_saturate_i32(int64_t x) { return x > INT32_MAX ? INT32_MAX : x < INT32_MIN ? INT32_MIN : (int32_t)x; }

/// The float that the bits of a half stand for.
static inline float vnni_half_value(uint16_t bits) {
  int exponent = bits >> 10 & 31, fraction = bits & 1023;
  float magnitude = exponent == 31 ? (fraction ? NAN : INFINITY) : exponent ? ldexpf(1024 + fraction, exponent - 25) : ldexpf(fraction, -24);
  return bits >> 15 ? -magnitude : magnitude;
}

/// The bits of the half next to `x`; imm & 3: nearest even, down, up, toward zero (imm & 4: nearest even).
static inline uint16_t vnni_half_bits(float x, int imm) {
  int mode = imm & 4 ? 0 : imm & 3, exponent;
  uint16_t sign = __builtin_signbit(x) ? 0x8000 : 0;
  double magnitude = fabs((double)x), steps;
  if (x != x) {                                            // a quiet NaN with the upper bits of the payload
    uint32_t word;
    memcpy(&word, &x, 4);
    return sign | 0x7e00 | (word >> 13 & 0x3ff);
  }
  if (magnitude == 0 || magnitude - magnitude != 0) return sign | (magnitude == 0 ? 0 : 0x7c00);
  if (mode == 1) mode = sign ? 2 : 3;                      // on the magnitude: 2 away from zero, 3 toward it
  else if (mode == 2) mode = sign ? 3 : 2;
  exponent = ilogb(magnitude) < -14 ? -14 : ilogb(magnitude);
  steps = ldexp(magnitude, 10 - exponent);                 // in units of the last place
  steps = mode == 0 ? nearbyint(steps) : mode == 2 ? ceil(steps) : floor(steps);
  if (steps >= 2048) steps /= 2, ++exponent;
  if (exponent > 15) return sign | (mode == 3 ? 0x7bff : 0x7c00);
  return sign | (uint16_t)(steps < 1024 ? steps : (exponent + 15) * 1024 + (steps - 1024));
}

#include "float.h"
#include "narrow_float.h"
#include "integer.h"
#include "narrow_integer.h"
#include "shift.h"
#include "small_integer.h"
#include "compare.h"
#include "select.h"
#include "narrow_select.h"
#include "memory.h"
#include "narrow_memory.h"
#include "convert.h"
#include "narrow_convert.h"
#include "reduce.h"
#include "mask.h"
#include "vnni.h"
