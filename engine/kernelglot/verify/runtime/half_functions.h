// The named functions of cuda_fp16.h, cuda_bf16.h and their HIP twins. What is transcendental is rounded to nearest from its value in
// double; the platform documents a greatest error instead.
#ifndef KERNELGLOT_HALF_FUNCTIONS_H
#define KERNELGLOT_HALF_FUNCTIONS_H
#include "half.h"
#include "simt.h"

typedef kernelglot::Half half, __half, __half_raw_;
typedef kernelglot::Bfloat16 __nv_bfloat16, nv_bfloat16, __hip_bfloat16, hip_bfloat16;
typedef kernelglot::Raw __half_raw, __nv_bfloat16_raw;
#define KG_PAIR_TYPE(T2, T) \
  struct __attribute__((aligned(4))) T2 : kernelglot::Pair<T> { \
    T2() = default; \
    T2(T a, T b) : kernelglot::Pair<T>{a, b} {} \
    T2(kernelglot::Pair<T> p) : kernelglot::Pair<T>(p) {} \
  };
KG_PAIR_TYPE(__half2, half) KG_PAIR_TYPE(__nv_bfloat162, __nv_bfloat16)
typedef __half2 half2;
typedef __nv_bfloat162 nv_bfloat162, __hip_bfloat162;

// ---- conversions -------------------------------------------------------------------------------------------------------------
// S, S2: how CUDA's names call the type and the pair of it.
#define KG_SHORT_TO(S, T, to, To, suffix, mode) \
  inline To __##S##2##to##_##suffix(T x) { return kernelglot::integer_rounded<To>(kernelglot::mode, (float)x); } \
  inline T __##to##2##S##_##suffix(To x) { return kernelglot::shortened<T>(kernelglot::exact_double(x), kernelglot::mode); }
#define KG_SHORT_INTEGERS(S, T, suffix, mode) \
  KG_SHORT_TO(S, T, int, int, suffix, mode) KG_SHORT_TO(S, T, uint, unsigned, suffix, mode) KG_SHORT_TO(S, T, short, short, suffix, mode) \
  KG_SHORT_TO(S, T, ushort, unsigned short, suffix, mode) KG_SHORT_TO(S, T, ll, long long, suffix, mode) \
  KG_SHORT_TO(S, T, ull, unsigned long long, suffix, mode)
#define KG_SHORT_ALL_INTEGERS(S, T) \
  KG_SHORT_INTEGERS(S, T, rn, NEAREST) KG_SHORT_INTEGERS(S, T, rz, ZERO) KG_SHORT_INTEGERS(S, T, rd, DOWN) KG_SHORT_INTEGERS(S, T, ru, UP) \
  inline signed char __##S##2char_rz(T x) { return kernelglot::integer_rounded<signed char>(kernelglot::ZERO, (float)x); } \
  inline unsigned char __##S##2uchar_rz(T x) { return kernelglot::integer_rounded<unsigned char>(kernelglot::ZERO, (float)x); }
#ifdef KG_CASTS
KG_SHORT_ALL_INTEGERS(half, half) KG_SHORT_ALL_INTEGERS(bfloat16, __nv_bfloat16)
#endif
#define KG_SHORT_CONVERSIONS(S, T, S2, T2) \
  inline float __##S##2float(T x) { return (float)x; } \
  inline T __float2##S(float x) { return T(x); } \
  inline T __float2##S##_rn(float x) { return T(x); } \
  inline T __float2##S##_rz(float x) { return kernelglot::shortened<T>(x, kernelglot::ZERO); } \
  inline T __float2##S##_rd(float x) { return kernelglot::shortened<T>(x, kernelglot::DOWN); } \
  inline T __float2##S##_ru(float x) { return kernelglot::shortened<T>(x, kernelglot::UP); } \
  inline T __double2##S(double x) { return T(x); } \
  inline unsigned short __##S##_as_ushort(T x) { return x.bits; } \
  inline short __##S##_as_short(T x) { return (short)x.bits; } \
  inline T __ushort_as_##S(unsigned short x) { return T::from_bits(x); } \
  inline T __short_as_##S(short x) { return T::from_bits((unsigned short)x); } \
  inline T2 make_##S2(T a, T b) { return T2(a, b); } \
  inline T2 __halves2##S2(T a, T b) { return T2(a, b); } \
  inline T2 __##S##2##S2(T a) { return T2(a, a); } \
  inline T2 __float2##S2##_rn(float x) { return T2(T(x), T(x)); } \
  inline T2 __floats2##S2##_rn(float x, float y) { return T2(T(x), T(y)); } \
  inline T2 __float22##S2##_rn(float2 x) { return T2(T(x.x), T(x.y)); } \
  inline float2 __##S2##2float2(T2 x) { return {(float)x.x, (float)x.y}; } \
  inline T __low2##S(T2 x) { return x.x; } \
  inline T __high2##S(T2 x) { return x.y; } \
  inline T2 __low2##S2(T2 x) { return T2(x.x, x.x); } \
  inline T2 __high2##S2(T2 x) { return T2(x.y, x.y); } \
  inline T2 __lows2##S2(T2 x, T2 y) { return T2(x.x, y.x); } \
  inline T2 __highs2##S2(T2 x, T2 y) { return T2(x.y, y.y); } \
  inline T2 __lowhigh2highlow(T2 x) { return T2(x.y, x.x); } \
  inline float __low2float(T2 x) { return (float)x.x; } \
  inline float __high2float(T2 x) { return (float)x.y; }
KG_SHORT_CONVERSIONS(half, half, half2, half2)
KG_SHORT_CONVERSIONS(bfloat16, __nv_bfloat16, bfloat162, __nv_bfloat162)

// ---- arithmetic, comparisons, functions ------------------------------------------------------------------------------------------
namespace kernelglot {
template <class T> inline T saturated_short(T x) { return (float)x > 0.0f ? (float)x < 1.0f ? x : T(1.0f) : T(0.0f); }     // NaN: +0
template <class T> inline T positive_short(T x) { return (float)x > 0.0f || (float)x != (float)x ? x : T(0.0f); }
template <class T> inline T fma_short(T x, T y, T z) { return T(exact_fma((float)x, (float)y, (float)z)); }      // one rounding
template <class T> inline T extreme_short(T x, T y, bool greatest, bool keep_nan) {
  if ((float)x != (float)x || (float)y != (float)y) return T::from_bits(keep_nan || ((float)x != (float)x && (float)y != (float)y) ? 0x7fff : (float)x != (float)x ? y.bits : x.bits);
  if ((float)x == (float)y) return x.bits >> 15 == greatest ? y : x;                     // +0 is greater than -0
  return ((float)y < (float)x) == greatest ? x : y;
}
}
// Of two short floats and, number by number, of two pairs.
#define KG_SHORT_BINARY(T, T2, name, expression) \
  inline T name(T x, T y) { return expression; } \
  inline T2 KG_PAIRED_##name(T2 a, T2 b) { return T2(name(a.x, b.x), name(a.y, b.y)); }
#define KG_PAIRED___hadd __hadd2
#define KG_PAIRED___hsub __hsub2
#define KG_PAIRED___hmul __hmul2
#define KG_PAIRED___hdiv __h2div
#define KG_PAIRED___hadd_rn __hadd2_rn
#define KG_PAIRED___hsub_rn __hsub2_rn
#define KG_PAIRED___hmul_rn __hmul2_rn
#define KG_PAIRED___hadd_sat __hadd2_sat
#define KG_PAIRED___hsub_sat __hsub2_sat
#define KG_PAIRED___hmul_sat __hmul2_sat
#define KG_PAIRED___hmax __hmax2
#define KG_PAIRED___hmin __hmin2
#define KG_PAIRED___hmax_nan __hmax2_nan
#define KG_PAIRED___hmin_nan __hmin2_nan
#define KG_SHORT_TERNARY(T, T2, name, name2, expression) \
  inline T name(T x, T y, T z) { return expression; } \
  inline T2 name2(T2 a, T2 b, T2 c) { return T2(name(a.x, b.x, c.x), name(a.y, b.y, c.y)); }
// Ordered: false with a NaN; names that end with u: true with a NaN.
#define KG_SHORT_TEST(T, T2, name, expression) \
  inline bool __h##name(T x, T y) { return expression; } \
  inline T2 __h##name##2(T2 a, T2 b) { return T2(T(__h##name(a.x, b.x)), T(__h##name(a.y, b.y))); } \
  inline bool __hb##name##2(T2 a, T2 b) { return __h##name(a.x, b.x) && __h##name(a.y, b.y); } \
  inline unsigned __h##name##2_mask(T2 a, T2 b) { return (__h##name(a.x, b.x) ? 0xffffu : 0u) | (__h##name(a.y, b.y) ? 0xffff0000u : 0u); }
#define KG_SHORT_TESTS(T, T2, name, op, reversed) KG_SHORT_TEST(T, T2, name, (float)x op (float)y) KG_SHORT_TEST(T, T2, name##u, !((float)x reversed (float)y))
#define KG_SHORT_ROUNDED(T, T2, name, expression) \
  inline T h##name(T v) { double x = (float)v; return T(expression); } \
  inline T2 h2##name(T2 v) { return T2(h##name(v.x), h##name(v.y)); }
#define KG_SHORT_MATH(T, T2) \
  KG_SHORT_BINARY(T, T2, __hadd, x + y) KG_SHORT_BINARY(T, T2, __hsub, x - y) KG_SHORT_BINARY(T, T2, __hmul, x * y) KG_SHORT_BINARY(T, T2, __hdiv, x / y) \
  KG_SHORT_BINARY(T, T2, __hadd_rn, x + y) KG_SHORT_BINARY(T, T2, __hsub_rn, x - y) KG_SHORT_BINARY(T, T2, __hmul_rn, x * y) \
  KG_SHORT_BINARY(T, T2, __hadd_sat, kernelglot::saturated_short(x + y)) KG_SHORT_BINARY(T, T2, __hsub_sat, kernelglot::saturated_short(x - y)) \
  KG_SHORT_BINARY(T, T2, __hmul_sat, kernelglot::saturated_short(x * y)) \
  KG_SHORT_BINARY(T, T2, __hmax, kernelglot::extreme_short(x, y, true, false)) KG_SHORT_BINARY(T, T2, __hmin, kernelglot::extreme_short(x, y, false, false)) \
  KG_SHORT_BINARY(T, T2, __hmax_nan, kernelglot::extreme_short(x, y, true, true)) KG_SHORT_BINARY(T, T2, __hmin_nan, kernelglot::extreme_short(x, y, false, true)) \
  KG_SHORT_TERNARY(T, T2, __hfma, __hfma2, kernelglot::fma_short(x, y, z)) \
  KG_SHORT_TERNARY(T, T2, __hfma_sat, __hfma2_sat, kernelglot::saturated_short(kernelglot::fma_short(x, y, z))) \
  KG_SHORT_TERNARY(T, T2, __hfma_relu, __hfma2_relu, kernelglot::positive_short(kernelglot::fma_short(x, y, z))) \
  inline T2 __hcmadd(T2 a, T2 b, T2 c) { \
    return T2(__hfma(-a.y, b.y, __hfma(a.x, b.x, c.x)), __hfma(a.y, b.x, __hfma(a.x, b.y, c.y))); } \
  inline T __hneg(T x) { return -x; } inline T2 __hneg2(T2 x) { return T2(-x.x, -x.y); } \
  inline T __habs(T x) { return T::from_bits(x.bits & 0x7fff); } inline T2 __habs2(T2 x) { return T2(__habs(x.x), __habs(x.y)); }
#define KG_SHORT_ALL_TESTS(T, T2) \
  KG_SHORT_TEST(T, T2, eq, (float)x == (float)y) KG_SHORT_TEST(T, T2, equ, !((float)x < (float)y || (float)x > (float)y)) \
  KG_SHORT_TESTS(T, T2, lt, <, >=) KG_SHORT_TESTS(T, T2, le, <=, >) KG_SHORT_TESTS(T, T2, gt, >, <=) \
  KG_SHORT_TESTS(T, T2, ge, >=, <) KG_SHORT_TEST(T, T2, ne, (float)x < (float)y || (float)x > (float)y) KG_SHORT_TEST(T, T2, neu, (float)x != (float)y) \
  inline bool __hisnan(T x) { return isnan((float)x); } inline int __hisinf(T x) { return isinf((float)x) ? (float)x < 0 ? -1 : 1 : 0; } \
  inline T2 __hisnan2(T2 x) { return T2(T(__hisnan(x.x)), T(__hisnan(x.y))); }
#define KG_SHORT_FUNCTIONS(T, T2) \
  KG_SHORT_ROUNDED(T, T2, exp, exp(x)) KG_SHORT_ROUNDED(T, T2, exp2, exp2(x)) KG_SHORT_ROUNDED(T, T2, exp10, exp10(x)) KG_SHORT_ROUNDED(T, T2, log, log(x)) \
  KG_SHORT_ROUNDED(T, T2, log2, log2(x)) KG_SHORT_ROUNDED(T, T2, log10, log10(x)) KG_SHORT_ROUNDED(T, T2, sqrt, sqrt(x)) KG_SHORT_ROUNDED(T, T2, sin, sin(x)) \
  KG_SHORT_ROUNDED(T, T2, cos, cos(x)) KG_SHORT_ROUNDED(T, T2, floor, floor(x)) KG_SHORT_ROUNDED(T, T2, ceil, ceil(x)) KG_SHORT_ROUNDED(T, T2, trunc, trunc(x)) \
  KG_SHORT_ROUNDED(T, T2, rint, rint(x)) KG_SHORT_ROUNDED(T, T2, tanh, tanh(x)) KG_SHORT_ROUNDED(T, T2, tanh_approx, tanh(x)) \
  KG_SHORT_ROUNDED(T, T2, rcp, 1.0 / x) KG_SHORT_ROUNDED(T, T2, rsqrt, 1.0 / sqrt(x))
KG_SHORT_MATH(half, half2) KG_SHORT_MATH(__nv_bfloat16, __nv_bfloat162)
#ifdef KG_HALF_TESTS
KG_SHORT_ALL_TESTS(half, half2) KG_SHORT_ALL_TESTS(__nv_bfloat16, __nv_bfloat162)
#endif
#ifdef KG_HALF_MATH
KG_SHORT_FUNCTIONS(half, half2) KG_SHORT_FUNCTIONS(__nv_bfloat16, __nv_bfloat162)
#endif
#endif
