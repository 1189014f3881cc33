// C++ overloads of libm as CUDA, HIP and BANG C give them in the global namespace, and the small part of `std` that device code uses.
#ifndef KERNELGLOT_OVERLOADS_H
#define KERNELGLOT_OVERLOADS_H
#include "device.h"

namespace kernelglot {
template <bool, class T = void> struct EnableIf {};
template <class T> struct EnableIf<true, T> { using type = T; };
template <class T, class U> inline constexpr bool same = false;
template <class T> inline constexpr bool same<T, T> = true;
template <class T> struct Identity { using type = T; };
template <class T> struct Unqualified { using type = T; };
template <class T> struct Unqualified<const T> { using type = T; };
template <class T> struct Unqualified<volatile T> { using type = T; };
template <class T> struct Unqualified<const volatile T> { using type = T; };
template <class T> inline constexpr bool whole = false;
#define KG_WHOLE(T) template <> inline constexpr bool whole<T> = true;
KG_WHOLE(bool) KG_WHOLE(char) KG_WHOLE(signed char) KG_WHOLE(unsigned char) KG_WHOLE(short) KG_WHOLE(unsigned short) KG_WHOLE(int)
KG_WHOLE(unsigned) KG_WHOLE(long) KG_WHOLE(unsigned long) KG_WHOLE(long long) KG_WHOLE(unsigned long long)
template <class T> inline constexpr bool arithmetic = whole<T> || same<T, float> || same<T, double>;
template <class T> using Whole = typename EnableIf<whole<T>, double>::type;
}

#ifndef KG_HOST                                  // beside host code it is the C++ library's own: host/standard.h
#define KG_OVERLOAD1(name) inline float name(float x) { return name##f(x); } \
  template <class T> inline kernelglot::Whole<T> name(T x) { return name((double)x); }
KG_UNARIES(KG_OVERLOAD1)
#define KG_OVERLOAD2(name) inline float name(float x, float y) { return name##f(x, y); } \
  template <class T, class U> inline typename kernelglot::EnableIf<kernelglot::arithmetic<T> && kernelglot::arithmetic<U> && \
    !kernelglot::same<T, U>, double>::type name(T x, U y) { return name((double)x, (double)y); } \
  template <class T> inline kernelglot::Whole<T> name(T x, T y) { return name((double)x, (double)y); }
KG_BINARIES(KG_OVERLOAD2)
inline float fma(float x, float y, float z) { return fmaf(x, y, z); }
inline float ldexp(float x, int e) { return ldexpf(x, e); }
inline float scalbn(float x, int e) { return scalbnf(x, e); }
inline float frexp(float x, int *e) { return frexpf(x, e); }
inline float modf(float x, float *whole) { return modff(x, whole); }
inline void sincos(float x, float *s, float *c) { sincosf(x, s, c); }
inline long lround(float x) { return lroundf(x); }
inline long lrint(float x) { return lrintf(x); }
inline float abs(float x) { return fabsf(x); }
inline double abs(double x) { return fabs(x); }
inline long abs(long x) { return labs(x); }
inline long long abs(long long x) { return llabs(x); }
template <class T> constexpr bool isnan(T x) { return __builtin_isnan((double)x); }
template <class T> constexpr bool isinf(T x) { return __builtin_isinf((double)x); }
template <class T> constexpr bool isfinite(T x) { return __builtin_isfinite((double)x); }
template <class T> constexpr bool signbit(T x) { return __builtin_signbit((double)x); }

#else
inline void sincos(float x, float *s, float *c) { sincosf(x, s, c); }
#endif

// min and max: on floats the operand that is no NaN, as CUDA documents; mixed integers after the usual conversions.
namespace kernelglot {
template <class T> inline T larger(T a, T b) {
  if constexpr (same<T, float>) return fmaxf(a, b);
  else if constexpr (same<T, double>) return fmax(a, b);
  else return a < b ? b : a;
}
template <class T> inline T smaller(T a, T b) {
  if constexpr (same<T, float>) return fminf(a, b);
  else if constexpr (same<T, double>) return fmin(a, b);
  else return b < a ? b : a;
}
}
template <class A, class B> inline auto max(A a, B b) -> typename kernelglot::EnableIf<kernelglot::arithmetic<A> && kernelglot::arithmetic<B>, decltype(a + b)>::type {
  using T = decltype(a + b);
  return kernelglot::larger<T>((T)a, (T)b);
}
template <class A, class B> inline auto min(A a, B b) -> typename kernelglot::EnableIf<kernelglot::arithmetic<A> && kernelglot::arithmetic<B>, decltype(a + b)>::type {
  using T = decltype(a + b);
  return kernelglot::smaller<T>((T)a, (T)b);
}

#ifndef KG_HOST
namespace std {
using ::size_t; using ::ptrdiff_t; using ::int8_t; using ::uint8_t; using ::int16_t; using ::uint16_t; using ::int32_t; using ::uint32_t;
using ::int64_t; using ::uint64_t; using ::uintptr_t; using ::intptr_t;
#define KG_USING_BOTH(name) using ::name; using ::name##f;
KG_UNARIES(KG_USING_BOTH)
KG_BINARIES(KG_USING_BOTH)
using ::abs; using ::fma; using ::fmaf; using ::isnan; using ::isinf; using ::isfinite; using ::signbit; using ::memcpy; using ::memset; using ::printf;
using ::lround; using ::lrint; using ::ldexp; using ::frexp; using ::modf; using ::malloc; using ::free;
template <class T> constexpr const T &min(const T &a, const T &b) { return b < a ? b : a; }
template <class T> constexpr const T &max(const T &a, const T &b) { return a < b ? b : a; }
template <class T> constexpr const T &clamp(const T &x, const T &low, const T &high) { return x < low ? low : high < x ? high : x; }
template <class T, T v> struct integral_constant { static constexpr T value = v; using type = integral_constant; constexpr operator T() const { return v; } };
using true_type = integral_constant<bool, true>;
using false_type = integral_constant<bool, false>;
template <bool b, class T = void> using enable_if = kernelglot::EnableIf<b, T>;
template <bool b, class T = void> using enable_if_t = typename kernelglot::EnableIf<b, T>::type;
template <bool b, class T, class U> struct conditional { using type = T; };
template <class T, class U> struct conditional<false, T, U> { using type = U; };
template <bool b, class T, class U> using conditional_t = typename conditional<b, T, U>::type;
template <class T, class U> struct is_same : integral_constant<bool, kernelglot::same<T, U>> {};
template <class T, class U> inline constexpr bool is_same_v = kernelglot::same<T, U>;
template <class T> struct is_integral : integral_constant<bool, kernelglot::whole<typename kernelglot::Unqualified<T>::type>> {};
template <class T> inline constexpr bool is_integral_v = is_integral<T>::value;
template <class T> struct is_floating_point : integral_constant<bool, kernelglot::same<typename kernelglot::Unqualified<T>::type, float> || kernelglot::same<typename kernelglot::Unqualified<T>::type, double>> {};
template <class T> inline constexpr bool is_floating_point_v = is_floating_point<T>::value;
template <class T> struct remove_reference { using type = T; };
template <class T> struct remove_reference<T &> { using type = T; };
template <class T> struct remove_reference<T &&> { using type = T; };
template <class T> using remove_reference_t = typename remove_reference<T>::type;
template <class T> using remove_cv_t = typename kernelglot::Unqualified<T>::type;
template <class T> using decay_t = remove_cv_t<remove_reference_t<T>>;
template <class T> constexpr remove_reference_t<T> &&move(T &&x) noexcept { return static_cast<remove_reference_t<T> &&>(x); }
template <class T> constexpr T &&forward(remove_reference_t<T> &x) noexcept { return static_cast<T &&>(x); }
template <class T> void swap(T &a, T &b) { T old = a; a = b; b = old; }
template <class T, size_t N> struct array {
  T items[N];
  constexpr T &operator[](size_t i) { return items[i]; }
  constexpr const T &operator[](size_t i) const { return items[i]; }
  constexpr size_t size() const { return N; }
  constexpr T *begin() { return items; }
  constexpr T *end() { return items + N; }
};
template <class T> struct numeric_limits;
#define KG_LIMITS(T, low, lowest_, high, eps, inf) template <> struct numeric_limits<T> { static constexpr T min() { return low; } \
  static constexpr T lowest() { return lowest_; } static constexpr T max() { return high; } static constexpr T epsilon() { return eps; } \
  static constexpr T infinity() { return inf; } static constexpr T quiet_NaN() { return (T)__builtin_nanf(""); } };
KG_LIMITS(float, __FLT_MIN__, -__FLT_MAX__, __FLT_MAX__, __FLT_EPSILON__, __builtin_inff())
KG_LIMITS(double, __DBL_MIN__, -__DBL_MAX__, __DBL_MAX__, __DBL_EPSILON__, __builtin_inf())
#undef KG_LIMITS
#define KG_LIMITS(T, low, high) template <> struct numeric_limits<T> { static constexpr T min() { return low; } static constexpr T lowest() { return low; } \
  static constexpr T max() { return high; } };
KG_LIMITS(signed char, -128, 127) KG_LIMITS(unsigned char, 0, 255) KG_LIMITS(short, INT16_MIN, INT16_MAX) KG_LIMITS(unsigned short, 0, UINT16_MAX)
KG_LIMITS(int, INT_MIN, INT_MAX) KG_LIMITS(unsigned, 0, UINT_MAX) KG_LIMITS(long, LONG_MIN, LONG_MAX) KG_LIMITS(unsigned long, 0, UINT64_MAX)
KG_LIMITS(long long, LLONG_MIN, LLONG_MAX) KG_LIMITS(unsigned long long, 0, ULLONG_MAX)
}
#endif
#endif
