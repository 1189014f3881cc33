// The 8-bit floats of cuda_fp8.h: E4M3 (no infinity, one NaN pattern) and E5M2. Conversions round to nearest even; types convert with saturation.
#ifndef KERNELGLOT_FP8_H
#define KERNELGLOT_FP8_H
#include "half_functions.h"

typedef unsigned char __nv_fp8_storage_t;
typedef unsigned short __nv_fp8x2_storage_t;
typedef unsigned int __nv_fp8x4_storage_t;
enum __nv_saturation_t { __NV_NOSAT, __NV_SATFINITE };
enum __nv_fp8_interpretation_t { __NV_E4M3, __NV_E5M2 };
struct __half2_raw { unsigned short x, y; };
struct __nv_bfloat162_raw { unsigned short x, y; };

namespace kernelglot {
inline Raw raw_of(unsigned short bits) { return {bits}; }
inline Raw raw_of(Raw raw) { return raw; }
}

// Without saturation too great a value becomes infinity in E5M2 and NaN in E4M3. NaN has no sign.
inline __nv_fp8_storage_t __nv_cvt_double_to_fp8(double x, __nv_saturation_t saturate, __nv_fp8_interpretation_t kind) {
  bool finite = saturate == __NV_SATFINITE;
  return (__nv_fp8_storage_t)(kind == __NV_E5M2 ? kernelglot::short_bits(x, kernelglot::NEAREST, 5, 2, finite)
                                                : kernelglot::short_bits(x, kernelglot::NEAREST, 4, 3, finite, false));
}
inline __nv_fp8_storage_t __nv_cvt_float_to_fp8(float x, __nv_saturation_t saturate, __nv_fp8_interpretation_t kind) {
  return __nv_cvt_double_to_fp8(x, saturate, kind);
}
inline __nv_fp8_storage_t __nv_cvt_halfraw_to_fp8(__half_raw x, __nv_saturation_t saturate, __nv_fp8_interpretation_t kind) {
  return __nv_cvt_double_to_fp8((float)half(x), saturate, kind);
}
inline __nv_fp8_storage_t __nv_cvt_bfloat16raw_to_fp8(__nv_bfloat16_raw x, __nv_saturation_t saturate, __nv_fp8_interpretation_t kind) {
  return __nv_cvt_double_to_fp8((float)__nv_bfloat16(x), saturate, kind);
}
#define KG_FP8_PAIR(name, Source, one) \
  template <class P> inline __nv_fp8x2_storage_t name(P v, __nv_saturation_t saturate, __nv_fp8_interpretation_t kind) { \
    return (__nv_fp8x2_storage_t)(one(Source(v.x), saturate, kind) | one(Source(v.y), saturate, kind) << 8); }
KG_FP8_PAIR(__nv_cvt_double2_to_fp8x2, double, __nv_cvt_double_to_fp8) KG_FP8_PAIR(__nv_cvt_float2_to_fp8x2, float, __nv_cvt_float_to_fp8)
KG_FP8_PAIR(__nv_cvt_halfraw2_to_fp8x2, kernelglot::raw_of, __nv_cvt_halfraw_to_fp8)
KG_FP8_PAIR(__nv_cvt_bfloat16raw2_to_fp8x2, kernelglot::raw_of, __nv_cvt_bfloat16raw_to_fp8)
inline __half_raw __nv_cvt_fp8_to_halfraw(__nv_fp8_storage_t x, __nv_fp8_interpretation_t kind) {
  return kernelglot::shortened<half>(kind == __NV_E5M2 ? kernelglot::short_value(x, 5, 2) : kernelglot::short_value(x, 4, 3, false), kernelglot::NEAREST);
}
inline __half2_raw __nv_cvt_fp8x2_to_halfraw2(__nv_fp8x2_storage_t x, __nv_fp8_interpretation_t kind) {
  return {__nv_cvt_fp8_to_halfraw((__nv_fp8_storage_t)x, kind).x, __nv_cvt_fp8_to_halfraw((__nv_fp8_storage_t)(x >> 8), kind).x};
}

namespace kernelglot {
template <__nv_fp8_interpretation_t Kind> struct Fp8 {
  __nv_fp8_storage_t __x;
  Fp8() = default;
  explicit Fp8(float x) : __x(__nv_cvt_double_to_fp8(x, __NV_SATFINITE, Kind)) {}
  explicit Fp8(double x) : __x(__nv_cvt_double_to_fp8(x, __NV_SATFINITE, Kind)) {}
  explicit Fp8(Half x) : __x(__nv_cvt_double_to_fp8((float)x, __NV_SATFINITE, Kind)) {}
  explicit Fp8(Bfloat16 x) : __x(__nv_cvt_double_to_fp8((float)x, __NV_SATFINITE, Kind)) {}
  template <class T, class = Whole<T>> explicit Fp8(T x) : __x(__nv_cvt_double_to_fp8((double)x, __NV_SATFINITE, Kind)) {}
  double wide() const { return Kind == __NV_E5M2 ? short_value(__x, 5, 2) : short_value(__x, 4, 3, false); }
  explicit operator float() const { return (float)wide(); }
  explicit operator double() const { return wide(); }
  explicit operator Half() const { return Half(wide()); }
  explicit operator Bfloat16() const { return Bfloat16(wide()); }
  explicit operator bool() const { return (__x & 0x7f) != 0; }
  template <class T, class = typename EnableIf<whole<T> && !same<T, bool>>::type> explicit operator T() const {
    return sizeof(T) < 4 && __builtin_isnan(wide()) ? (T)0 : integer_rounded<T>(ZERO, (float)wide());
  }
};
template <__nv_fp8_interpretation_t Kind> struct Fp8x2 {
  __nv_fp8x2_storage_t __x;
  Fp8x2() = default;
  explicit Fp8x2(float2 v) : __x(__nv_cvt_float2_to_fp8x2(v, __NV_SATFINITE, Kind)) {}
  explicit Fp8x2(double2 v) : __x(__nv_cvt_double2_to_fp8x2(v, __NV_SATFINITE, Kind)) {}
  explicit Fp8x2(__half2 v) : __x(__nv_cvt_float2_to_fp8x2(v, __NV_SATFINITE, Kind)) {}
  explicit Fp8x2(__nv_bfloat162 v) : __x(__nv_cvt_float2_to_fp8x2(v, __NV_SATFINITE, Kind)) {}
  Fp8<Kind> at(int i) const { Fp8<Kind> one; one.__x = (__nv_fp8_storage_t)(__x >> 8 * i); return one; }
  explicit operator float2() const { return {(float)at(0), (float)at(1)}; }
  explicit operator __half2() const { return {(Half)at(0), (Half)at(1)}; }
  explicit operator __nv_bfloat162() const { return {(Bfloat16)at(0), (Bfloat16)at(1)}; }
};
template <__nv_fp8_interpretation_t Kind> struct Fp8x4 {
  __nv_fp8x4_storage_t __x;
  Fp8x4() = default;
  template <class V> static unsigned two(V low, V high) {
    return __nv_cvt_float2_to_fp8x2(low, __NV_SATFINITE, Kind) | (unsigned)__nv_cvt_float2_to_fp8x2(high, __NV_SATFINITE, Kind) << 16; }
  explicit Fp8x4(float4 v) : __x(two(float2{v.x, v.y}, float2{v.z, v.w})) {}
  explicit Fp8x4(double4 v)
    : __x(__nv_cvt_double2_to_fp8x2(double2{v.x, v.y}, __NV_SATFINITE, Kind) | (unsigned)__nv_cvt_double2_to_fp8x2(double2{v.z, v.w}, __NV_SATFINITE, Kind) << 16) {}
  Fp8x4(__half2 low, __half2 high) : __x(two(low, high)) {}
  Fp8x4(__nv_bfloat162 low, __nv_bfloat162 high) : __x(two(low, high)) {}
  Fp8<Kind> at(int i) const { Fp8<Kind> one; one.__x = (__nv_fp8_storage_t)(__x >> 8 * i); return one; }
  explicit operator float4() const { return {(float)at(0), (float)at(1), (float)at(2), (float)at(3)}; }
};
}
typedef kernelglot::Fp8<__NV_E4M3> __nv_fp8_e4m3;
typedef kernelglot::Fp8<__NV_E5M2> __nv_fp8_e5m2;
typedef kernelglot::Fp8x2<__NV_E4M3> __nv_fp8x2_e4m3;
typedef kernelglot::Fp8x2<__NV_E5M2> __nv_fp8x2_e5m2;
typedef kernelglot::Fp8x4<__NV_E4M3> __nv_fp8x4_e4m3;
typedef kernelglot::Fp8x4<__NV_E5M2> __nv_fp8x4_e5m2;
#endif
