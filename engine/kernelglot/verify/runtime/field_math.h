// What the preludes declare of libm, over a field; and the extrema of `std`, which compare there.
#ifndef KERNELGLOT_FIELD_MATH_H
#define KERNELGLOT_FIELD_MATH_H

#define KG_FIELD_UNARY(name) \
  extern "C" inline float name##f(float x) noexcept { return float::made(kg_field_call(KG_FN_##name, x.word(), 0)); } \
  extern "C" inline double name(double x) noexcept { return double::made(kg_field_call(KG_FN_##name, x.word(), 0)); }
#define KG_FIELD_BINARY(name) \
  extern "C" inline float name##f(float x, float y) noexcept { return float::made(kg_field_call(KG_FN_##name, x.word(), y.word())); } \
  extern "C" inline double name(double x, double y) noexcept { return double::made(kg_field_call(KG_FN_##name, x.word(), y.word())); }
KG_UNARIES(KG_FIELD_UNARY)
KG_BINARIES(KG_FIELD_BINARY)
// A literal without a suffix is a real double: it goes where C++ sends doubles.
namespace kernelglot {
template <class A, class B> using FieldLiteral = typename FieldIf<field_kind_of<A> && field_kind_of<B> && (field_kind_of<A> == 5 || field_kind_of<B> == 5), double>::type;
}
#define KG_FIELD_LITERAL1(name) inline double name(kernelglot::Real x) { return name(double(x)); }
#define KG_FIELD_LITERAL2(name) template <class A, class B> inline kernelglot::FieldLiteral<A, B> name(const A &x, const B &y) { return name(double(x), double(y)); }
KG_UNARIES(KG_FIELD_LITERAL1)
KG_BINARIES(KG_FIELD_LITERAL2)
inline double ldexp(kernelglot::Real x, int n) { return double(__builtin_ldexp(x, n)); }

extern "C" {
inline float fmaf(float x, float y, float z) noexcept { return x * y + z; }
inline double fma(double x, double y, double z) noexcept { return x * y + z; }
inline float ldexpf(float x, int n) noexcept { return x * float(__builtin_ldexp(1.0, n)); }
inline double ldexp(double x, int n) noexcept { return x * double(__builtin_ldexp(1.0, n)); }
inline float scalbnf(float x, int n) noexcept { return ldexpf(x, n); }
inline double scalbn(double x, int n) noexcept { return ldexp(x, n); }
inline void sincosf(float x, float *s, float *c) noexcept { *s = sinf(x), *c = cosf(x); }
inline void sincos(double x, double *s, double *c) noexcept { *s = sin(x), *c = cos(x); }
#define KG_FIELD_NONE(T, name, parameters) inline T name parameters noexcept { kg_field_outside("it uses " #name ", which no field has"); }
KG_FIELD_NONE(double, frexp, (double, int *)) KG_FIELD_NONE(float, frexpf, (float, int *)) KG_FIELD_NONE(double, modf, (double, double *))
KG_FIELD_NONE(float, modff, (float, float *)) KG_FIELD_NONE(int, ilogb, (double)) KG_FIELD_NONE(int, ilogbf, (float))
#define KG_FIELD_ROUND(T, name, function) \
  inline T name(double x) noexcept { return (T)function(x); } inline T name##f(float x) noexcept { return (T)function##f(x); }
KG_FIELD_ROUND(long, lround, round) KG_FIELD_ROUND(long, lrint, rint) KG_FIELD_ROUND(long long, llround, round) KG_FIELD_ROUND(long long, llrint, rint)
}

#ifdef KERNELGLOT_FIELD_VECTORS_H
// The prelude's bodies compare; over real numbers they are these.
namespace kernelglot {
template <class T, int N> inline FieldVector<T, N> field_max(const FieldVector<T, N> &a, const FieldVector<T, N> &b) {
  FieldVector<T, N> r;
  for (int i = 0; i < N; ++i) r[i] = ::fmax(a[i], b[i]);
  return r;
}
template <class T, int N> inline FieldVector<T, N> field_min(const FieldVector<T, N> &a, const FieldVector<T, N> &b) {
  FieldVector<T, N> r;
  for (int i = 0; i < N; ++i) r[i] = ::fmin(a[i], b[i]);
  return r;
}
template <class T, int N> inline T field_largest(const FieldVector<T, N> &a, unsigned mask = ~0u) {
  T r = -__builtin_inff();
  for (int i = 0; i < N; ++i) if (mask >> i & 1) r = ::fmax(r, a[i]);
  return r;
}
template <class T, int N> inline T field_smallest(const FieldVector<T, N> &a, unsigned mask = ~0u) {
  T r = __builtin_inff();
  for (int i = 0; i < N; ++i) if (mask >> i & 1) r = ::fmin(r, a[i]);
  return r;
}
}
#define _mm512_max_ps(a, b) kernelglot::field_max(a, b)
#define _mm512_min_ps(a, b) kernelglot::field_min(a, b)
#define _mm256_max_ps(a, b) kernelglot::field_max(a, b)
#define _mm256_min_ps(a, b) kernelglot::field_min(a, b)
#define _mm_max_ps(a, b) kernelglot::field_max(a, b)
#define _mm_min_ps(a, b) kernelglot::field_min(a, b)
#define _mm512_max_pd(a, b) kernelglot::field_max(a, b)
#define _mm512_min_pd(a, b) kernelglot::field_min(a, b)
#define _mm512_reduce_max_ps(a) kernelglot::field_largest(a)
#define _mm512_reduce_min_ps(a) kernelglot::field_smallest(a)
#define _mm512_mask_reduce_max_ps(k, a) kernelglot::field_largest(a, k)
#define _mm512_mask_reduce_min_ps(k, a) kernelglot::field_smallest(a, k)
#endif

#ifdef __BANG__
// A literal that fills memory: the bits of a constant are the same.
template <> struct bang_type_of<kernelglot::Real32> { enum { bit = BANG_F32 }; };
#endif

namespace std {
inline float max(float a, float b) { return fmaxf(a, b); }
inline float min(float a, float b) { return fminf(a, b); }
inline double max(double a, double b) { return fmax(a, b); }
inline double min(double a, double b) { return fmin(a, b); }
}
#endif
