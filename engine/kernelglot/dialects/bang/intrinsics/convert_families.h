// The remaining conversions, as families: each rounding of each pair of types, and the strided form of every conversion. See convert.h.
#pragma once

/// What a conversion's operands need.
template <typename D, typename S>
static inline void bang_require_conversion(D *dst, const S *src, unsigned n, int least, int fix_position = 0) {
  bang_require_arch(least);
  if (bang_type_of<D>::bit == BANG_BF16 || bang_type_of<S>::bit == BANG_BF16) bang_require_arch(500);
  bang_require_fix_position(fix_position);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  if (sizeof(D) > sizeof(S)) bang_require_disjoint(dst, n, src, n);
}

// dst[i] = src[i] / 2^fix_position, rounded as the name says, saturated.
#define BANG_TO_INTEGER_ROUNDED(D, to, S, from, suffix, way, least) \
  static inline void __bang_##from##2##to##suffix(D *dst, const S *src, unsigned n, int fix_position = 0) { \
    bang_require_conversion(dst, src, n, least, fix_position); \
    for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<D>(bang_round_##way(ldexp((double)(float)src[i], -fix_position))); \
  }
#define BANG_TO_INTEGER(D, to, S, from) \
  BANG_TO_INTEGER_ROUNDED(D, to, S, from, , tz, 300) BANG_TO_INTEGER_ROUNDED(D, to, S, from, _tz, tz, 300) \
  BANG_TO_INTEGER_ROUNDED(D, to, S, from, _oz, oz, 300) BANG_TO_INTEGER_ROUNDED(D, to, S, from, _up, up, 300) \
  BANG_TO_INTEGER_ROUNDED(D, to, S, from, _dn, dn, 300) BANG_TO_INTEGER_ROUNDED(D, to, S, from, _rd, rd, 300) \
  BANG_TO_INTEGER_ROUNDED(D, to, S, from, _rn, rn, 300) BANG_TO_INTEGER_ROUNDED(D, to, S, from, _rm, rm, 300) \
  BANG_TO_INTEGER_ROUNDED(D, to, S, from, _sr, rn, 500)
// _sr of those that convert_int.h defines in the other roundings.
#define BANG_STOCHASTIC(D, to, S, from) BANG_TO_INTEGER_ROUNDED(D, to, S, from, _sr, rn, 500)
BANG_TO_INTEGER(uint16_t, uint16, float, float)
BANG_TO_INTEGER(uint8_t, uint8, half, half) BANG_TO_INTEGER(uint16_t, uint16, half, half) BANG_TO_INTEGER(uint32_t, uint32, half, half)
BANG_TO_INTEGER(int8_t, int8, bfloat16_t, bfloat16) BANG_TO_INTEGER(int16_t, int16, bfloat16_t, bfloat16)
BANG_TO_INTEGER(int32_t, int32, bfloat16_t, bfloat16) BANG_TO_INTEGER(uint8_t, uint8, bfloat16_t, bfloat16)
BANG_TO_INTEGER(uint16_t, uint16, bfloat16_t, bfloat16) BANG_TO_INTEGER(uint32_t, uint32, bfloat16_t, bfloat16)
BANG_STOCHASTIC(int8_t, int8, float, float) BANG_STOCHASTIC(int16_t, int16, float, float) BANG_STOCHASTIC(int32_t, int32, float, float)
BANG_STOCHASTIC(uint8_t, uint8, float, float) BANG_STOCHASTIC(uint32_t, uint32, float, float)
BANG_STOCHASTIC(int8_t, int8, half, half) BANG_STOCHASTIC(int16_t, int16, half, half) BANG_STOCHASTIC(int32_t, int32, half, half)

// dst[i] = src[i] * 2^fix_position, rounded to nearest even.
#define BANG_FROM_INTEGER(D, to, S, from) \
  static inline void __bang_##from##2##to(D *dst, const S *src, unsigned n, int fix_position = 0) { \
    bang_require_conversion(dst, src, n, 300, fix_position); \
    for (unsigned i = 0; i < n; ++i) dst[i] = ldexp((double)src[i], fix_position); \
  }
BANG_FROM_INTEGER(float, float, uint16_t, uint16)
BANG_FROM_INTEGER(half, half, uint8_t, uint8) BANG_FROM_INTEGER(half, half, uint16_t, uint16)
BANG_FROM_INTEGER(half, half, uint32_t, uint32)
BANG_FROM_INTEGER(bfloat16_t, bfloat16, int8_t, int8) BANG_FROM_INTEGER(bfloat16_t, bfloat16, int16_t, int16)
BANG_FROM_INTEGER(bfloat16_t, bfloat16, int32_t, int32) BANG_FROM_INTEGER(bfloat16_t, bfloat16, uint8_t, uint8)
BANG_FROM_INTEGER(bfloat16_t, bfloat16, uint16_t, uint16) BANG_FROM_INTEGER(bfloat16_t, bfloat16, uint32_t, uint32)

// dst[i] = src[i], rounded as the name says: between floats of 16 bits, and _sr of those that convert.h defines.
#define BANG_SHORTENED(D, to, S, from, suffix, way, least) \
  static inline void __bang_##from##2##to##suffix(D *dst, const S *src, unsigned n) { \
    bang_require_conversion(dst, src, n, least); \
    for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_##to##_from((float)src[i], bang_round_##way); \
  }
static inline half bang_to_half_from(float x, double (*round)(double)) { return bang_to_half(x, round); }
static inline bfloat16_t bang_to_bfloat16_from(float x, double (*round)(double)) { return bang_to_bfloat16(x, round); }
#define BANG_SHORTEN(D, to, S, from) \
  BANG_SHORTENED(D, to, S, from, , tz, 500) BANG_SHORTENED(D, to, S, from, _tz, tz, 500) BANG_SHORTENED(D, to, S, from, _oz, oz, 500) \
  BANG_SHORTENED(D, to, S, from, _up, up, 500) BANG_SHORTENED(D, to, S, from, _dn, dn, 500) BANG_SHORTENED(D, to, S, from, _rd, rd, 500) \
  BANG_SHORTENED(D, to, S, from, _rn, rn, 500) BANG_SHORTENED(D, to, S, from, _rm, rm, 500) BANG_SHORTENED(D, to, S, from, _sr, rn, 500)
BANG_SHORTEN(bfloat16_t, bfloat16, half, half) BANG_SHORTEN(half, half, bfloat16_t, bfloat16)
BANG_SHORTENED(half, half, float, float, _sr, rn, 500) BANG_SHORTENED(bfloat16_t, bfloat16, float, float, _sr, rn, 500)

// Strided: segnum + 1 segments of n elements, dst_stride and src_stride bytes apart.
#define BANG_STRIDED(name, D, S) \
  static inline void name(D *dst, const S *src, unsigned n, int dst_stride, int src_stride, unsigned segnum) { \
    bang_require_true(segnum <= 65535, "segnum is over 65535: it is the number of segments minus one"); \
    for (long i = 0; i <= (long)segnum; ++i) \
      name((D *)((char *)dst + i * dst_stride), (const S *)((const char *)src + i * src_stride), n); \
  }
#define BANG_STRIDED_FIXED(name, D, S) \
  static inline void name(D *dst, const S *src, unsigned n, int fix_position, int dst_stride, int src_stride, unsigned segnum) { \
    bang_require_true(segnum <= 65535, "segnum is over 65535: it is the number of segments minus one"); \
    for (long i = 0; i <= (long)segnum; ++i) \
      name((D *)((char *)dst + i * dst_stride), (const S *)((const char *)src + i * src_stride), n, fix_position); \
  }
#define BANG_STRIDED_ROUNDINGS(kind, name, D, S) \
  kind(name, D, S) kind(name##_tz, D, S) kind(name##_oz, D, S) kind(name##_up, D, S) kind(name##_dn, D, S) kind(name##_rd, D, S) \
  kind(name##_rn, D, S) kind(name##_rm, D, S) kind(name##_sr, D, S)
BANG_STRIDED_ROUNDINGS(BANG_STRIDED_FIXED, __bang_float2int8, int8_t, float)
BANG_STRIDED_ROUNDINGS(BANG_STRIDED_FIXED, __bang_float2int16, int16_t, float)
BANG_STRIDED_ROUNDINGS(BANG_STRIDED_FIXED, __bang_float2int32, int32_t, float)
BANG_STRIDED_ROUNDINGS(BANG_STRIDED_FIXED, __bang_float2uint8, uint8_t, float)
BANG_STRIDED_ROUNDINGS(BANG_STRIDED_FIXED, __bang_float2uint16, uint16_t, float)
BANG_STRIDED_ROUNDINGS(BANG_STRIDED_FIXED, __bang_float2uint32, uint32_t, float)
BANG_STRIDED_ROUNDINGS(BANG_STRIDED_FIXED, __bang_half2int8, int8_t, half)
BANG_STRIDED_ROUNDINGS(BANG_STRIDED_FIXED, __bang_half2int16, int16_t, half)
BANG_STRIDED_ROUNDINGS(BANG_STRIDED_FIXED, __bang_half2int32, int32_t, half)
BANG_STRIDED_ROUNDINGS(BANG_STRIDED_FIXED, __bang_half2uint8, uint8_t, half)
BANG_STRIDED_ROUNDINGS(BANG_STRIDED_FIXED, __bang_half2uint16, uint16_t, half)
BANG_STRIDED_ROUNDINGS(BANG_STRIDED_FIXED, __bang_half2uint32, uint32_t, half)
BANG_STRIDED_ROUNDINGS(BANG_STRIDED_FIXED, __bang_bfloat162int8, int8_t, bfloat16_t)
BANG_STRIDED_ROUNDINGS(BANG_STRIDED_FIXED, __bang_bfloat162int16, int16_t, bfloat16_t)
BANG_STRIDED_ROUNDINGS(BANG_STRIDED_FIXED, __bang_bfloat162int32, int32_t, bfloat16_t)
BANG_STRIDED_ROUNDINGS(BANG_STRIDED_FIXED, __bang_bfloat162uint8, uint8_t, bfloat16_t)
BANG_STRIDED_ROUNDINGS(BANG_STRIDED_FIXED, __bang_bfloat162uint16, uint16_t, bfloat16_t)
BANG_STRIDED_ROUNDINGS(BANG_STRIDED_FIXED, __bang_bfloat162uint32, uint32_t, bfloat16_t)
BANG_STRIDED_FIXED(__bang_int82half, half, int8_t)
BANG_STRIDED_FIXED(__bang_int82float, float, int8_t)
BANG_STRIDED_FIXED(__bang_int82bfloat16, bfloat16_t, int8_t)
BANG_STRIDED_FIXED(__bang_int162half, half, int16_t)
BANG_STRIDED_FIXED(__bang_int162float, float, int16_t)
BANG_STRIDED_FIXED(__bang_int162bfloat16, bfloat16_t, int16_t)
BANG_STRIDED_FIXED(__bang_int322half, half, int32_t)
BANG_STRIDED_FIXED(__bang_int322float, float, int32_t)
BANG_STRIDED_FIXED(__bang_int322bfloat16, bfloat16_t, int32_t)
BANG_STRIDED_FIXED(__bang_uint82half, half, uint8_t)
BANG_STRIDED_FIXED(__bang_uint82float, float, uint8_t)
BANG_STRIDED_FIXED(__bang_uint82bfloat16, bfloat16_t, uint8_t)
BANG_STRIDED_FIXED(__bang_uint162half, half, uint16_t)
BANG_STRIDED_FIXED(__bang_uint162float, float, uint16_t)
BANG_STRIDED_FIXED(__bang_uint162bfloat16, bfloat16_t, uint16_t)
BANG_STRIDED_FIXED(__bang_uint322half, half, uint32_t)
BANG_STRIDED_FIXED(__bang_uint322float, float, uint32_t)
BANG_STRIDED_FIXED(__bang_uint322bfloat16, bfloat16_t, uint32_t)
BANG_STRIDED_ROUNDINGS(BANG_STRIDED, __bang_float2half, half, float)
BANG_STRIDED_ROUNDINGS(BANG_STRIDED, __bang_float2bfloat16, bfloat16_t, float)
BANG_STRIDED_ROUNDINGS(BANG_STRIDED, __bang_half2bfloat16, bfloat16_t, half)
BANG_STRIDED_ROUNDINGS(BANG_STRIDED, __bang_bfloat162half, half, bfloat16_t)
BANG_STRIDED(__bang_half2float, float, half)
BANG_STRIDED(__bang_bfloat162float, float, bfloat16_t)
BANG_STRIDED(__bang_int82int16, int16_t, int8_t)
BANG_STRIDED(__bang_int162int8, int8_t, int16_t)
BANG_STRIDED(__bang_int82int32, int32_t, int8_t)
BANG_STRIDED(__bang_int322int8, int8_t, int32_t)
BANG_STRIDED(__bang_int162int32, int32_t, int16_t)
BANG_STRIDED(__bang_int322int16, int16_t, int32_t)

// Two integers of 4 bits a byte, the first in the low half; n is even.
static inline int8_t bang_to_int4(double x) { return x >= 7 || x != x ? 7 : x <= -8 ? -8 : (int8_t)x; }
#define BANG_TO_INT4(S, from, suffix, way, least) \
  static inline void __bang_##from##2int4##suffix(int4x2_t *dst, const S *src, unsigned n, int fix_position = 0) { \
    bang_require_multiple(n, 2, "the number of elements"); \
    bang_require_conversion((char *)dst, src, n / 2, least, fix_position); \
    bang_require_nram(src, n); \
    for (unsigned i = 0; i < n; i += 2) { \
      int8_t low = bang_to_int4(bang_round_##way(ldexp((double)(float)src[i], -fix_position))); \
      int8_t high = bang_to_int4(bang_round_##way(ldexp((double)(float)src[i + 1], -fix_position))); \
      dst[i / 2].bits = (uint8_t)((low & 15) | high << 4); \
    } \
  }
#define BANG_TO_INT4_ALL(S, from) \
  BANG_TO_INT4(S, from, , tz, 300) BANG_TO_INT4(S, from, _tz, tz, 300) BANG_TO_INT4(S, from, _oz, oz, 300) \
  BANG_TO_INT4(S, from, _up, up, 300) BANG_TO_INT4(S, from, _dn, dn, 300) BANG_TO_INT4(S, from, _rd, rd, 300) \
  BANG_TO_INT4(S, from, _rn, rn, 300) BANG_TO_INT4(S, from, _rm, rm, 300)
BANG_TO_INT4_ALL(float, float) BANG_TO_INT4_ALL(half, half)
#define BANG_FROM_INT4(D, to) \
  static inline void __bang_int42##to(D *dst, const int4x2_t *src, unsigned n, int fix_position = 0) { \
    bang_require_multiple(n, 2, "the number of elements"); \
    bang_require_conversion(dst, (const char *)src, n / 2, 300, fix_position); \
    bang_require_nram_out(dst, n); \
    bang_require_disjoint(dst, n, (const char *)src, n / 2); \
    for (unsigned i = 0; i < n; ++i) { \
      int8_t each = (int8_t)(uint8_t)(i % 2 ? src[i / 2].bits & 0xf0 : src[i / 2].bits << 4); \
      dst[i] = ldexp((double)(each >> 4), fix_position); \
    } \
  }
BANG_FROM_INT4(float, float) BANG_FROM_INT4(half, half)
