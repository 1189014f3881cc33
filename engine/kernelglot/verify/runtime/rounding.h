// Operations on floats with a rounding mode of their own, whatever mode the run has (a test may run a kernel with every operation rounded up).
#ifndef KERNELGLOT_ROUNDING_H
#define KERNELGLOT_ROUNDING_H
#include "overloads.h"

namespace kernelglot {
enum Round { NEAREST = 0, DOWN = 1, UP = 2, ZERO = 3 };      // as x86's control register counts them

template <class T> inline void pin(T &x) { __asm__ volatile("" : "+x"(x)); }      // nothing that uses x moves across
#if defined(__x86_64__)
struct Rounding {
  unsigned saved;
  explicit Rounding(Round mode) : saved(__builtin_ia32_stmxcsr()) { __builtin_ia32_ldmxcsr((saved & ~0x6000u) | (unsigned)mode << 13); }
  ~Rounding() { __builtin_ia32_ldmxcsr(saved); }
};
#else
struct Rounding { explicit Rounding(Round) { kg_fault("unsupported", "operations with a rounding mode of their own need an x86-64", 0); } };
#endif
#define KG_ROUNDED(name, params, pins, expression) \
  template <class T> inline T name params { Rounding rounding(mode); pins; T result = expression; pin(result); return result; }
KG_ROUNDED(add_rounded, (Round mode, T x, T y), (pin(x), pin(y)), x + y)
KG_ROUNDED(subtract_rounded, (Round mode, T x, T y), (pin(x), pin(y)), x - y)
KG_ROUNDED(multiply_rounded, (Round mode, T x, T y), (pin(x), pin(y)), x * y)
KG_ROUNDED(divide_rounded, (Round mode, T x, T y), (pin(x), pin(y)), x / y)
KG_ROUNDED(sqrt_rounded, (Round mode, T x), pin(x), sqrt(x))
KG_ROUNDED(fma_rounded, (Round mode, T x, T y, T z), (pin(x), pin(y), pin(z)), fma(x, y, z))
#undef KG_ROUNDED
inline float narrow_rounded(Round mode, double x) {
  Rounding rounding(mode);
  pin(x);
  float result = (float)x;
  pin(result);
  return result;
}
template <class To, class From> inline To from_integer_rounded(Round mode, From x) {
  Rounding rounding(mode);
  __asm__ volatile("" : "+r"(x));
  To result = (To)x;
  pin(result);
  return result;
}
template <class T> inline T whole_rounded(Round mode, T x) {
  if (mode == DOWN) return floor(x);
  if (mode == UP) return ceil(x);
  if (mode == ZERO) return trunc(x);
  T low = floor(x), rest = x - low;                          // not rint: that follows the mode of the run
  return rest < (T)0.5 || (rest == (T)0.5 && low == (T)2 * floor(low / 2)) ? copysign(low, x) : rest != rest ? x : copysign(low + 1, x);
}
template <class T> inline constexpr bool is_signed = (T)-1 < (T)0;
// To an integer, which holds the nearest of its values where x is too great. NaN: 0, but the highest bit alone from double or to 64 bits.
// source: PTX ISA, cvt
template <class D, class T> inline D integer_rounded(Round mode, T x) {
  if (x != x) return sizeof(D) == 8 || same<T, double> ? (D)(1ull << (8 * sizeof(D) - 1)) : (D)0;
  double value = whole_rounded(mode, (double)x), most = is_signed<D> ? (double)(1ull << (8 * sizeof(D) - 1)) : 2.0 * (double)(1ull << (8 * sizeof(D) - 1));
  if (value >= most) return is_signed<D> ? (D)((1ull << (8 * sizeof(D) - 1)) - 1) : (D)~0ull;
  if (value < (is_signed<D> ? -most : 0.0)) return is_signed<D> ? (D)(1ull << (8 * sizeof(D) - 1)) : (D)0;
  return (D)value;
}
// An integer as a double that rounds to any narrower type as the integer would (rounded to odd).
template <class T> inline double exact_double(T x) {
  double wide = from_integer_rounded<double>(ZERO, x);
  if ((__int128)wide != (__int128)x) { unsigned long long u; __builtin_memcpy(&u, &wide, 8); u |= 1; __builtin_memcpy(&wide, &u, 8); }
  return wide;
}

// The bits of the float with `exponent` and `fraction` bits that is nearest to x by `mode`, found with integers alone. Values too great become
// infinity, or the greatest finite one where the mode says so; `finite`: always the greatest one. `ieee`: the highest exponent is infinity
// and NaN; else (E4M3) only its last pattern is, which is NaN.
inline unsigned short_bits(double x, Round mode, int exponent, int fraction, bool finite = false, bool ieee = true) {
  unsigned long long u;
  __builtin_memcpy(&u, &x, 8);
  unsigned sign = (unsigned)(u >> 63), top = (1u << exponent) - 1, bias = top >> 1;
  unsigned greatest = ieee ? (top << fraction) - 1 : (top << fraction | ((1u << fraction) - 1)) - 1, infinite = ieee ? top << fraction : greatest + 1;
  unsigned place = sign << (exponent + fraction);
  u &= 0x7fffffffffffffffull;
  if (u > 0x7ff0000000000000ull) return ieee ? (1u << (exponent + fraction)) - 1 : infinite;
  if (u == 0x7ff0000000000000ull) return place | (finite ? greatest : infinite);
  if (!u) return place;
  int e = (int)(u >> 52) - 1023 + (int)bias;
  unsigned long long digits = (u & 0xfffffffffffffull) | (u >> 52 ? 1ull << 52 : 0);
  int drop = 52 - fraction + (e < 1 ? 1 - e : 0);
  unsigned long long kept = drop > 62 ? 0 : digits >> drop, lost = drop > 62 ? digits : digits & ((1ull << drop) - 1);
  unsigned long long half = drop > 62 ? ~0ull >> 1 : 1ull << (drop - 1);
  bool away = mode == NEAREST ? lost > half || (lost == half && (kept & 1)) : mode == ZERO ? false : (mode == UP) != (sign != 0) && lost != 0;
  unsigned long long bits = kept + away + (e >= 1 ? (unsigned long long)(e - 1) << fraction : 0);
  if (bits > greatest) {
    bool to_infinity = mode == NEAREST || (mode == UP && !sign) || (mode == DOWN && sign);
    return place | (finite || !to_infinity ? greatest : infinite);
  }
  return place | (unsigned)bits;
}
// The exact value of such bits.
inline double short_value(unsigned bits, int exponent, int fraction, bool ieee = true) {
  unsigned top = (1u << exponent) - 1, e = bits >> fraction & top, digits = bits & ((1u << fraction) - 1);
  double sign = bits >> (exponent + fraction) & 1 ? -1.0 : 1.0;
  if (ieee && e == top) return digits ? __builtin_nan("") : sign * __builtin_inf();
  if (!ieee && e == top && digits == (1u << fraction) - 1) return __builtin_nan("");
  double scaled = e ? (double)(digits | 1u << fraction) : (double)digits;
  return sign * ldexp(scaled, (int)(e ? e : 1) - (int)(top >> 1) - fraction);
}
// x * y + z of numbers whose product is exact in double, as a double that rounds to any narrower type as the exact sum would: rounded to odd.
inline double exact_fma(double x, double y, double z) {
  double product = x * y, sum = product + z, back = sum - product, error = (product - (sum - back)) + (z - back);
  unsigned long long u;
  __builtin_memcpy(&u, &sum, 8);
  if (error != 0 && __builtin_isfinite(sum) && !(u & 1)) u += (error > 0) == (sum > 0) ? 1 : -1;
  __builtin_memcpy(&sum, &u, 8);
  return sum;
}
}
#endif
