// Functions of CUDA's math library that libm lacks or that few kernels use.
// source: CUDA Math API, "Double Precision Mathematical Functions"
#ifndef KERNELGLOT_MATHEMATICS_H
#define KERNELGLOT_MATHEMATICS_H
#include "overloads.h"

extern "C" {
double jn(int, double) noexcept; float jnf(int, float) noexcept; double yn(int, double) noexcept; float ynf(int, float) noexcept;
double remquo(double, double, int *) noexcept; float remquof(float, float, int *) noexcept;
double scalbln(double, long) noexcept; float scalblnf(float, long) noexcept;
}
inline double nan(const char *) { return __builtin_nan(""); }
inline float nanf(const char *) { return __builtin_nanf(""); }
inline double fdivide(double x, double y) { return x / y; }
inline long long llmax(long long x, long long y) { return x > y ? x : y; }
inline long long llmin(long long x, long long y) { return x < y ? x : y; }
inline unsigned long long ullmax(unsigned long long x, unsigned long long y) { return x > y ? x : y; }
inline unsigned long long ullmin(unsigned long long x, unsigned long long y) { return x < y ? x : y; }

// exp(x * x) * erfc(x): the square in two parts, so that no digits are lost; far out by its asymptotic series.
inline double erfcx(double x) {
  if (x < -26.7) return __builtin_inf();
  if (x <= 26.0) {
    double square = x * x, rest = fma(x, x, -square);
    return exp(square) * (1.0 + rest) * erfc(x);
  }
  double scale = 1.0 / (2.0 * x * x), sum = 1.0, term = 1.0;
  for (int k = 1; k < 9; ++k) sum += term *= -(2 * k - 1) * scale;
  return sum / (x * 1.7724538509055160273);
}
// The number whose complementary error function is x: Halley's steps, scaled so that nothing underflows.
inline double erfcinv(double x) {
  if (x != x || x < 0.0 || x > 2.0) return __builtin_nan("");
  if (x == 0.0) return __builtin_inf();
  if (x == 2.0) return -__builtin_inf();
  if (x > 1.0) return x == 1.0 ? 0.0 : -erfcinv(2.0 - x);
  double y = x > 0.1 ? (1.0 - x) * 0.8862269254527580 : sqrt(-log(x * 1.7724538509055160 * sqrt(-log(x))));
  for (int step = 0; step < 12; ++step) {
    double move = 0.8862269254527580 * (erfcx(y) - exp(log(x) + y * y));
    y += move / (1.0 - y * move);
  }
  return y;
}
inline double normcdfinv(double x) { return -1.4142135623730950488 * erfcinv(2.0 * x); }
inline double cyl_bessel_i0(double x) {
  double quarter = 0.25 * x * x, term = 1.0, sum = 1.0;
  for (int k = 1; k < 2000 && term > sum * 1e-18; ++k) sum += term *= quarter / ((double)k * k);
  return sum;
}
inline double cyl_bessel_i1(double x) {
  double quarter = 0.25 * x * x, term = 0.5 * x, sum = 0.5 * x;
  for (int k = 1; k < 2000 && fabs(term) > fabs(sum) * 1e-18; ++k) sum += term *= quarter / ((double)k * (k + 1));
  return sum;
}
inline double rhypot(double x, double y) { return 1.0 / hypot(x, y); }
inline double norm3d(double x, double y, double z) { return hypot(hypot(x, y), z); }
inline double norm4d(double x, double y, double z, double w) { return hypot(hypot(x, y), hypot(z, w)); }
inline double rnorm3d(double x, double y, double z) { return 1.0 / norm3d(x, y, z); }
inline double rnorm4d(double x, double y, double z, double w) { return 1.0 / norm4d(x, y, z, w); }
inline double norm(int count, const double *p) { double sum = 0; for (int i = 0; i < count; ++i) sum = hypot(sum, p[i]); return sum; }
inline double rnorm(int count, const double *p) { return 1.0 / norm(count, p); }
inline float norm4df(float x, float y, float z, float w) { return (float)norm4d(x, y, z, w); }
inline float rnorm3df(float x, float y, float z) { return (float)rnorm3d(x, y, z); }
inline float rnorm4df(float x, float y, float z, float w) { return (float)rnorm4d(x, y, z, w); }
inline float normf(int count, const float *p) { double sum = 0; for (int i = 0; i < count; ++i) sum += (double)p[i] * p[i]; return (float)sqrt(sum); }
inline float rnormf(int count, const float *p) { double sum = 0; for (int i = 0; i < count; ++i) sum += (double)p[i] * p[i]; return (float)(1.0 / sqrt(sum)); }
inline float erfcxf(float x) { return (float)erfcx((double)x); }
inline float erfcinvf(float x) { return (float)erfcinv((double)x); }
inline float normcdfinvf(float x) { return (float)normcdfinv((double)x); }
inline float cyl_bessel_i0f(float x) { return (float)cyl_bessel_i0((double)x); }
inline float cyl_bessel_i1f(float x) { return (float)cyl_bessel_i1((double)x); }

// C++ forms in single precision.
#define KG_SINGLE(name) inline float name(float x) { return name##f(x); }
KG_SINGLE(erfcx) KG_SINGLE(erfcinv) KG_SINGLE(erfinv) KG_SINGLE(normcdf) KG_SINGLE(normcdfinv) KG_SINGLE(cyl_bessel_i0) KG_SINGLE(cyl_bessel_i1) KG_SINGLE(sinpi)
KG_SINGLE(cospi) KG_SINGLE(exp10) KG_SINGLE(rcbrt)
#undef KG_SINGLE
inline float rhypot(float x, float y) { return rhypotf(x, y); }
inline float fdivide(float x, float y) { return x / y; }

// ---- integers ---------------------------------------------------------------------------------------------------------------------
inline unsigned __funnelshift_lc(unsigned low, unsigned high, unsigned shift) { return shift >= 32 ? low : __funnelshift_l(low, high, shift); }
inline unsigned __funnelshift_rc(unsigned low, unsigned high, unsigned shift) { return shift >= 32 ? high : __funnelshift_r(low, high, shift); }
// The place of the offset-th bit of mask that is 1, counted from `base` upwards (downwards where offset is negative); ~0 where there is none.
inline unsigned __fns(unsigned mask, unsigned base, int offset) {
  if (offset == 0) return mask >> (base & 31) & 1 ? base : ~0u;
  int left = offset < 0 ? -offset : offset;
  for (int at = (int)base; at >= 0 && at < 32; at += offset < 0 ? -1 : 1)
    if (mask >> at & 1 && --left == 0) return (unsigned)at;
  return ~0u;
}
inline unsigned __dp2a_lo(unsigned a, unsigned b, unsigned c) { return c + (a & 0xffff) * (b & 255) + (a >> 16) * (b >> 8 & 255); }
inline unsigned __dp2a_hi(unsigned a, unsigned b, unsigned c) { return __dp2a_lo(a, b >> 16, c); }
#endif
