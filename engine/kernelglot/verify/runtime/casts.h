// Conversions between numbers with a rounding mode in their name: rn nearest even, rz to zero, rd down, ru up.
// source: CUDA Math API, "Type Casting Intrinsics"
#ifndef KERNELGLOT_CASTS_H
#define KERNELGLOT_CASTS_H
#include "rounding.h"

#define KG_CAST_MODES(M, ...) M(rn, NEAREST, __VA_ARGS__) M(rz, ZERO, __VA_ARGS__) M(rd, DOWN, __VA_ARGS__) M(ru, UP, __VA_ARGS__)
#define KG_TO_INTEGER(suffix, mode, from, From, to, To) \
  inline To __##from##2##to##_##suffix(From x) { return kernelglot::integer_rounded<To>(kernelglot::mode, x); }
#define KG_TO_FLOAT(suffix, mode, from, From, to, To) \
  inline To __##from##2##to##_##suffix(From x) { return kernelglot::from_integer_rounded<To>(kernelglot::mode, x); }
#define KG_CASTS_OF(from, From) \
  KG_CAST_MODES(KG_TO_INTEGER, from, From, int, int) KG_CAST_MODES(KG_TO_INTEGER, from, From, uint, unsigned) \
  KG_CAST_MODES(KG_TO_INTEGER, from, From, ll, long long) KG_CAST_MODES(KG_TO_INTEGER, from, From, ull, unsigned long long)
KG_CASTS_OF(float, float) KG_CASTS_OF(double, double)
KG_CAST_MODES(KG_TO_FLOAT, int, int, float, float) KG_CAST_MODES(KG_TO_FLOAT, uint, unsigned, float, float)
KG_CAST_MODES(KG_TO_FLOAT, ll, long long, float, float) KG_CAST_MODES(KG_TO_FLOAT, ull, unsigned long long, float, float)
KG_CAST_MODES(KG_TO_FLOAT, ll, long long, double, double) KG_CAST_MODES(KG_TO_FLOAT, ull, unsigned long long, double, double)
inline double __int2double_rn(int x) { return x; }
inline double __uint2double_rn(unsigned x) { return x; }
inline float __double2float_rn(double x) { return (float)x; }
inline float __double2float_rz(double x) { return kernelglot::narrow_rounded(kernelglot::ZERO, x); }
inline float __double2float_rd(double x) { return kernelglot::narrow_rounded(kernelglot::DOWN, x); }
inline float __double2float_ru(double x) { return kernelglot::narrow_rounded(kernelglot::UP, x); }
#undef KG_TO_INTEGER
#undef KG_TO_FLOAT
#undef KG_CASTS_OF
#endif
