// The named functions of cuda_fp16.h, cuda_bf16.h and their HIP twins.
#ifndef KERNELGLOT_HALF_FUNCTIONS_H
#define KERNELGLOT_HALF_FUNCTIONS_H
#include "half.h"
#include "simt.h"

typedef kernelglot::Half half, __half, __half_raw_;
typedef kernelglot::Bfloat16 __nv_bfloat16, nv_bfloat16, __hip_bfloat16, hip_bfloat16;
struct __attribute__((aligned(4))) __half2 : kernelglot::Pair<half> {
  __half2() = default;
  __half2(half a, half b) : kernelglot::Pair<half>{a, b} {}
  __half2(kernelglot::Pair<half> p) : kernelglot::Pair<half>(p) {}
};
typedef __half2 half2;
struct __attribute__((aligned(4))) __nv_bfloat162 : kernelglot::Pair<__nv_bfloat16> {
  __nv_bfloat162() = default;
  __nv_bfloat162(__nv_bfloat16 a, __nv_bfloat16 b) : kernelglot::Pair<__nv_bfloat16>{a, b} {}
  __nv_bfloat162(kernelglot::Pair<__nv_bfloat16> p) : kernelglot::Pair<__nv_bfloat16>(p) {}
};
typedef __nv_bfloat162 nv_bfloat162, __hip_bfloat162;

#define KG_CONVERT(short_, Type, wide, Wide) \
  inline Wide __##short_##2##wide(Type x) { return (Wide)(float)x; } \
  inline Type __##wide##2##short_(Wide x) { return Type(x); }
KG_CONVERT(half, half, float, float) KG_CONVERT(bfloat16, __nv_bfloat16, float, float)
inline half __float2half_rn(float x) { return half(x); }
inline half __double2half(double x) { return half(x); }
inline __nv_bfloat16 __float2bfloat16_rn(float x) { return __nv_bfloat16(x); }
inline __nv_bfloat16 __double2bfloat16(double x) { return __nv_bfloat16(x); }
#define KG_HALF_INTEGERS(short_, Type) \
  inline int __##short_##2int_rn(Type x) { return kernelglot::to_int(rint((double)(float)x)); } \
  inline int __##short_##2int_rz(Type x) { return kernelglot::to_int((double)(float)x); } \
  inline int __##short_##2int_rd(Type x) { return kernelglot::to_int(floor((double)(float)x)); } \
  inline int __##short_##2int_ru(Type x) { return kernelglot::to_int(ceil((double)(float)x)); } \
  inline Type __int2##short_##_rn(int x) { return Type((double)x); } \
  inline Type __uint2##short_##_rn(unsigned x) { return Type((double)x); }
KG_HALF_INTEGERS(half, half) KG_HALF_INTEGERS(bfloat16, __nv_bfloat16)
inline unsigned short __half_as_ushort(half x) { return x.bits; }
inline short __half_as_short(half x) { return (short)x.bits; }
inline half __ushort_as_half(unsigned short x) { return half::from_bits(x); }
inline half __short_as_half(short x) { return half::from_bits((unsigned short)x); }
inline unsigned short __bfloat16_as_ushort(__nv_bfloat16 x) { return x.bits; }
inline __nv_bfloat16 __ushort_as_bfloat16(unsigned short x) { return __nv_bfloat16::from_bits(x); }

#define KG_HALF_MATH(T, T2) \
  inline T __hadd(T x, T y) { return x + y; } inline T __hsub(T x, T y) { return x - y; } \
  inline T __hmul(T x, T y) { return x * y; } inline T __hdiv(T x, T y) { return x / y; } \
  inline T __hadd_rn(T x, T y) { return x + y; } inline T __hmul_rn(T x, T y) { return x * y; } \
  inline T __hfma(T x, T y, T z) { return T((double)(float)x * (double)(float)y + (double)(float)z); } \
  inline T __hneg(T x) { return -x; } inline T __habs(T x) { return T::from_bits(x.bits & 0x7fff); } \
  inline T __hmax(T x, T y) { return T(fmaxf(x, y)); } inline T __hmin(T x, T y) { return T(fminf(x, y)); } \
  inline bool __heq(T x, T y) { return x == y; } inline bool __hne(T x, T y) { return x != y; } inline bool __hlt(T x, T y) { return x < y; } \
  inline bool __hle(T x, T y) { return x <= y; } inline bool __hgt(T x, T y) { return x > y; } inline bool __hge(T x, T y) { return x >= y; } \
  inline bool __hisnan(T x) { return isnan((float)x); } inline int __hisinf(T x) { return isinf((float)x); } \
  KG_HALF_ROUNDED(T, hexp, exp) KG_HALF_ROUNDED(T, hexp2, exp2) KG_HALF_ROUNDED(T, hlog, log) KG_HALF_ROUNDED(T, hlog2, log2) KG_HALF_ROUNDED(T, hsqrt, sqrt) \
  KG_HALF_ROUNDED(T, hsin, sin) KG_HALF_ROUNDED(T, hcos, cos) KG_HALF_ROUNDED(T, hfloor, floor) KG_HALF_ROUNDED(T, hceil, ceil) KG_HALF_ROUNDED(T, htrunc, trunc) \
  KG_HALF_ROUNDED(T, hrint, rint) KG_HALF_ROUNDED(T, htanh, tanh) \
  inline T hrcp(T x) { return T(1.0 / (double)(float)x); } inline T hrsqrt(T x) { return T(1.0 / sqrt((double)(float)x)); } \
  inline T2 __hadd2(T2 x, T2 y) { return x + y; } inline T2 __hsub2(T2 x, T2 y) { return x - y; } inline T2 __hmul2(T2 x, T2 y) { return x * y; } \
  inline T2 __h2div(T2 x, T2 y) { return x / y; } inline T2 __hfma2(T2 x, T2 y, T2 z) { return T2(__hfma(x.x, y.x, z.x), __hfma(x.y, y.y, z.y)); } \
  inline T2 __hmax2(T2 x, T2 y) { return T2(__hmax(x.x, y.x), __hmax(x.y, y.y)); } inline T2 __hmin2(T2 x, T2 y) { return T2(__hmin(x.x, y.x), __hmin(x.y, y.y)); } \
  inline T2 __hneg2(T2 x) { return T2(-x.x, -x.y); } inline T2 __habs2(T2 x) { return T2(__habs(x.x), __habs(x.y)); } \
  inline T2 h2exp(T2 x) { return T2(hexp(x.x), hexp(x.y)); } inline T2 h2sqrt(T2 x) { return T2(hsqrt(x.x), hsqrt(x.y)); }
#define KG_HALF_ROUNDED(T, name, f) inline T name(T x) { return T(f((double)(float)x)); }
KG_HALF_MATH(half, half2)
KG_HALF_MATH(__nv_bfloat16, __nv_bfloat162)

inline half2 __halves2half2(half a, half b) { return half2(a, b); }
inline half2 make_half2(half a, half b) { return half2(a, b); }
inline half2 __half2half2(half a) { return half2(a, a); }
inline half2 __float2half2_rn(float x) { return half2(half(x), half(x)); }
inline half2 __floats2half2_rn(float x, float y) { return half2(half(x), half(y)); }
inline half2 __float22half2_rn(float2 x) { return half2(half(x.x), half(x.y)); }
inline float2 __half22float2(half2 x) { return {(float)x.x, (float)x.y}; }
inline half __low2half(half2 x) { return x.x; }
inline half __high2half(half2 x) { return x.y; }
inline float __low2float(half2 x) { return (float)x.x; }
inline float __high2float(half2 x) { return (float)x.y; }
inline half2 __lowhigh2highlow(half2 x) { return half2(x.y, x.x); }
inline half2 __low2half2(half2 x) { return half2(x.x, x.x); }
inline half2 __high2half2(half2 x) { return half2(x.y, x.y); }
inline __nv_bfloat162 __floats2bfloat162_rn(float x, float y) { return __nv_bfloat162(__nv_bfloat16(x), __nv_bfloat16(y)); }
inline __nv_bfloat162 __halves2bfloat162(__nv_bfloat16 x, __nv_bfloat16 y) { return __nv_bfloat162(x, y); }
inline __nv_bfloat162 __bfloat162bfloat162(__nv_bfloat16 x) { return __nv_bfloat162(x, x); }
inline float2 __bfloat1622float2(__nv_bfloat162 x) { return {(float)x.x, (float)x.y}; }
inline float __low2float(__nv_bfloat162 x) { return (float)x.x; }
inline float __high2float(__nv_bfloat162 x) { return (float)x.y; }
#endif
