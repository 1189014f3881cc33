// 16-bit floats for emulated kernels: 16 bits of storage, and every operation is computed in float and rounded to nearest even, which for
// + - * / and sqrt of binary16 is the correctly rounded result. Trivial to construct, so that it can lie in shared memory.
#ifndef KERNELGLOT_HALF_H
#define KERNELGLOT_HALF_H
#include "rounding.h"

namespace kernelglot {
inline uint16_t half_bits(float x) { _Float16 h = (_Float16)x; uint16_t bits; __builtin_memcpy(&bits, &h, 2); return bits; }
inline uint16_t half_bits(double x) { _Float16 h = (_Float16)x; uint16_t bits; __builtin_memcpy(&bits, &h, 2); return bits; }
inline float half_value(uint16_t bits) { _Float16 h; __builtin_memcpy(&h, &bits, 2); return (float)h; }
inline uint16_t bfloat_bits(float x) {
  uint32_t u;
  __builtin_memcpy(&u, &x, 4);
  if ((u & 0x7fffffffu) > 0x7f800000u) return (uint16_t)(u >> 16 | 0x40);
  return (uint16_t)((u + 0x7fffu + (u >> 16 & 1)) >> 16);
}
inline uint16_t bfloat_bits(double x) {           // round to odd in float first, so that the second rounding is harmless
  float f = (float)x;
  uint32_t u;
  __builtin_memcpy(&u, &f, 4);
  if ((double)f != x && x == x && !(u & 1)) u += ((double)f < x) == !(u >> 31) ? 1 : -1;
  __builtin_memcpy(&f, &u, 4);
  return bfloat_bits(f);
}
inline float bfloat_value(uint16_t bits) { uint32_t u = (uint32_t)bits << 16; float f; __builtin_memcpy(&f, &u, 4); return f; }

struct Raw { unsigned short x; };                  // __half_raw and the like
#define KG_SHORT_FLOAT(Name, to_bits, to_float) \
  struct Name { \
    uint16_t bits; \
    Name() = default; \
    Name(float x) : bits(to_bits(x)) {} \
    Name(Raw raw) : bits(raw.x) {} \
    operator Raw() const { return {bits}; } \
    Name(double x) : bits(to_bits(x)) {} \
    template <class T, class = Whole<T>> Name(T x) : bits(to_bits((double)x)) {} \
    operator float() const { return to_float(bits); } \
    float wide() const { return to_float(bits); } \
    static Name from_bits(uint16_t b) { Name h; h.bits = b; return h; } \
    Name operator-() const { return from_bits(bits ^ 0x8000); } \
    Name operator+() const { return *this; } \
    template <class T> Name &operator+=(T y) { return *this = Name(*this + y); } \
    template <class T> Name &operator-=(T y) { return *this = Name(*this - y); } \
    template <class T> Name &operator*=(T y) { return *this = Name(*this * y); } \
    template <class T> Name &operator/=(T y) { return *this = Name(*this / y); } \
    Name &operator++() { return *this = Name(wide() + 1); } \
    Name &operator--() { return *this = Name(wide() - 1); } \
  }; \
  KG_SHORT_OPERATOR(Name, +) KG_SHORT_OPERATOR(Name, -) KG_SHORT_OPERATOR(Name, *) KG_SHORT_OPERATOR(Name, /) \
  KG_SHORT_COMPARE(Name, <) KG_SHORT_COMPARE(Name, >) KG_SHORT_COMPARE(Name, <=) KG_SHORT_COMPARE(Name, >=) KG_SHORT_COMPARE(Name, ==) \
  KG_SHORT_COMPARE(Name, !=)

// With a built-in type: integers become the short type, float and double win.
template <class Short, class T> struct Mixed { using type = Short; };
template <class Short> struct Mixed<Short, float> { using type = float; };
template <class Short> struct Mixed<Short, double> { using type = double; };
template <class R> struct Wide { using type = float; };
template <> struct Wide<double> { using type = double; };
template <class T, class R> using Builtin = typename EnableIf<arithmetic<T>, R>::type;
#define KG_SHORT_OPERATOR(Name, op) \
  inline Name operator op(Name x, Name y) { return Name(x.wide() op y.wide()); } \
  template <class T> inline Builtin<T, typename Mixed<Name, T>::type> operator op(Name x, T y) { \
    using R = typename Mixed<Name, T>::type; using W = typename Wide<R>::type; return R((W)x.wide() op (W)R(y)); } \
  template <class T> inline Builtin<T, typename Mixed<Name, T>::type> operator op(T x, Name y) { \
    using R = typename Mixed<Name, T>::type; using W = typename Wide<R>::type; return R((W)R(x) op (W)y.wide()); }
#define KG_SHORT_COMPARE(Name, op) \
  inline bool operator op(Name x, Name y) { return x.wide() op y.wide(); } \
  template <class T> inline Builtin<T, bool> operator op(Name x, T y) { return (double)x.wide() op (double)y; } \
  template <class T> inline Builtin<T, bool> operator op(T x, Name y) { return (double)x op (double)y.wide(); }

KG_SHORT_FLOAT(Half, half_bits, half_value)
KG_SHORT_FLOAT(Bfloat16, bfloat_bits, bfloat_value)

// A short float from a double, or from the double that stands for an exact value.
template <class T> inline T shortened(double x, Round mode) {
  return T::from_bits((uint16_t)(same<T, Half> ? short_bits(x, mode, 5, 10) : short_bits(x, mode, 8, 7)));
}

template <class T> struct Pair { T x, y; };

template <class T> inline Pair<T> operator+(Pair<T> a, Pair<T> b) { return {a.x + b.x, a.y + b.y}; }
template <class T> inline Pair<T> operator-(Pair<T> a, Pair<T> b) { return {a.x - b.x, a.y - b.y}; }
template <class T> inline Pair<T> operator*(Pair<T> a, Pair<T> b) { return {a.x * b.x, a.y * b.y}; }
template <class T> inline Pair<T> operator/(Pair<T> a, Pair<T> b) { return {a.x / b.x, a.y / b.y}; }
template <class T> inline Pair<T> operator-(Pair<T> a) { return {-a.x, -a.y}; }
template <class T> inline bool operator==(Pair<T> a, Pair<T> b) { return a.x == b.x && a.y == b.y; }
template <class T> inline bool operator!=(Pair<T> a, Pair<T> b) { return a.x != b.x && a.y != b.y; }
template <class T> inline bool operator<(Pair<T> a, Pair<T> b) { return a.x < b.x && a.y < b.y; }
template <class T> inline bool operator>(Pair<T> a, Pair<T> b) { return a.x > b.x && a.y > b.y; }
template <class T> inline bool operator<=(Pair<T> a, Pair<T> b) { return a.x <= b.x && a.y <= b.y; }
template <class T> inline bool operator>=(Pair<T> a, Pair<T> b) { return a.x >= b.x && a.y >= b.y; }
template <class T> inline Pair<T> &operator/=(Pair<T> &a, Pair<T> b) { return a = a / b; }
template <class T> inline Pair<T> &operator+=(Pair<T> &a, Pair<T> b) { return a = a + b; }
template <class T> inline Pair<T> &operator-=(Pair<T> &a, Pair<T> b) { return a = a - b; }
template <class T> inline Pair<T> &operator*=(Pair<T> &a, Pair<T> b) { return a = a * b; }
}
inline kernelglot::Half max(kernelglot::Half a, kernelglot::Half b) { return kernelglot::Half(fmaxf(a, b)); }
inline kernelglot::Half min(kernelglot::Half a, kernelglot::Half b) { return kernelglot::Half(fminf(a, b)); }
#endif
