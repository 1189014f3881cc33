// Arithmetic with a rounding mode in its name: rn nearest even, rz to zero, rd down, ru up. No compiler contracts these.
// source: CUDA Math API, "Single Precision Intrinsics", "Double Precision Intrinsics"
#ifndef KERNELGLOT_DIRECTED_H
#define KERNELGLOT_DIRECTED_H
#include "rounding.h"

#define KG_DIRECTED_FIVE(prefix, T, suffix, mode) \
  inline T __##prefix##add_##suffix(T x, T y) { return kernelglot::add_rounded(kernelglot::mode, x, y); } \
  inline T __##prefix##sub_##suffix(T x, T y) { return kernelglot::subtract_rounded(kernelglot::mode, x, y); } \
  inline T __##prefix##mul_##suffix(T x, T y) { return kernelglot::multiply_rounded(kernelglot::mode, x, y); } \
  inline T __##prefix##div_##suffix(T x, T y) { return kernelglot::divide_rounded(kernelglot::mode, x, y); } \
  inline T __##prefix##rcp_##suffix(T x) { return kernelglot::divide_rounded(kernelglot::mode, (T)1, x); } \
  inline T __##prefix##sqrt_##suffix(T x) { return kernelglot::sqrt_rounded(kernelglot::mode, x); }
#define KG_DIRECTED_FMA(name, T, suffix, mode) inline T name##suffix(T x, T y, T z) { return kernelglot::fma_rounded(kernelglot::mode, x, y, z); }
#define KG_DIRECTED_BOTH(suffix, mode) KG_DIRECTED_FIVE(f, float, suffix, mode) KG_DIRECTED_FIVE(d, double, suffix, mode) \
  KG_DIRECTED_FMA(__fmaf_, float, suffix, mode) KG_DIRECTED_FMA(__fmaf_ieee_, float, suffix, mode) KG_DIRECTED_FMA(__fma_, double, suffix, mode)
KG_DIRECTED_BOTH(rz, ZERO) KG_DIRECTED_BOTH(rd, DOWN) KG_DIRECTED_BOTH(ru, UP)
// To nearest: the plain operation, which a run that rounds everything up or down changes too.
#define KG_NEAREST(prefix, T) \
  inline T __##prefix##add_rn(T x, T y) { return x + y; } inline T __##prefix##sub_rn(T x, T y) { return x - y; } \
  inline T __##prefix##mul_rn(T x, T y) { return x * y; } inline T __##prefix##div_rn(T x, T y) { return x / y; } \
  inline T __##prefix##rcp_rn(T x) { return (T)1 / x; } inline T __##prefix##sqrt_rn(T x) { return sqrt(x); }
KG_NEAREST(f, float) KG_NEAREST(d, double)
inline float __fmaf_rn(float x, float y, float z) { return fmaf(x, y, z); }
inline float __fmaf_ieee_rn(float x, float y, float z) { return fmaf(x, y, z); }
inline double __fma_rn(double x, double y, double z) { return fma(x, y, z); }
inline float __frsqrt_rn(float x) { return (float)(1.0 / sqrt((double)x)); }
#undef KG_DIRECTED_FIVE
#undef KG_DIRECTED_FMA
#undef KG_DIRECTED_BOTH
#undef KG_NEAREST
#endif
