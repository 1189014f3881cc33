// 8-bit floats as AMD's matrix instructions read them, and float with fewer bits of fraction.
// gfx942 has the "fnuz" formats: no infinity, no negative zero, one NaN (0x80), and a bias that is larger by one. gfx950 and RDNA4 have
// OCP's: e5m2 with infinities and NaN, e4m3 without infinity and with NaN 0x7f and 0xff. source: manuals/hip/mfma.md
#ifndef KERNELGLOT_HIP_SMALL_FLOATS_H
#define KERNELGLOT_HIP_SMALL_FLOATS_H
#include "gfx.h"
#include "half.h"

namespace kernelglot {
template <int Exponent, int Fraction, bool Fnuz> struct Float8 {
  static constexpr int bias = (1 << (Exponent - 1)) - (Fnuz ? 0 : 1), exponents = 1 << Exponent, steps = 1 << Fraction;
  uint8_t bits;
  static Float8 from_bits(unsigned b) { Float8 x; x.bits = (uint8_t)b; return x; }
  // The largest number's bits without a sign.
  static constexpr unsigned largest() { return Fnuz ? 0x7f : Exponent == 5 ? 0x7b : 0x7e; }
  float value() const {
    unsigned size = bits & 0x7f, exponent = size >> Fraction, fraction = size & (steps - 1);
    float sign = bits & 0x80 ? -1.0f : 1.0f;
    if (Fnuz ? bits == 0x80 : size > (Exponent == 5 ? 0x7cu : 0x7eu)) return __builtin_nanf("");
    if (!Fnuz && Exponent == 5 && size == 0x7c) return sign * __builtin_inff();
    return sign * (exponent ? ldexpf((float)(steps + fraction), (int)exponent - bias - Fraction) : ldexpf((float)fraction, 1 - bias - Fraction));
  }
  // Nearest even; what is too large becomes the largest number, as the conversions with saturation do.
  static Float8 nearest(float x) {
    if (x != x) return from_bits(Fnuz ? 0x80 : 0x7f);
    unsigned sign = __builtin_signbit(x) ? 0x80 : 0, best = 0;
    float size = __builtin_fabsf(x);
    if (size >= from_bits(largest()).value()) return from_bits(sign | largest());
    for (unsigned step = 64; step; step /= 2) if (best + step <= largest() && from_bits(best + step).value() <= size) best += step;
    float below = size - from_bits(best).value(), above = from_bits(best + 1).value() - size;
    if (above < below || (above == below && best & 1)) ++best;
    return from_bits(Fnuz && !best ? 0 : sign | best);
  }
  Float8() = default;
  Float8(float x) : bits(nearest(x).bits) {}
  Float8(double x) : bits(nearest((float)x).bits) {}
  Float8(int x) : bits(nearest((float)x).bits) {}
  operator float() const { return value(); }
};
using E4m3 = Float8<4, 3, !gfx::ocp>;
using E5m2 = Float8<5, 2, !gfx::ocp>;

// A float with 10 bits of fraction. UNCERTAIN how the hardware drops the others: here to nearest even.
inline float xfloat32(float x) {
  uint32_t u;
  __builtin_memcpy(&u, &x, 4);
  if ((u & 0x7f800000u) != 0x7f800000u) u = (u + 0xfffu + (u >> 13 & 1)) & ~0x1fffu;
  __builtin_memcpy(&x, &u, 4);
  return x;
}
inline float flush_half(float x) { return x < 0x1p-14f && x > -0x1p-14f ? __builtin_copysignf(0.0f, x) : x; }
inline float flush_float(float x) { return x < 0x1p-126f && x > -0x1p-126f ? __builtin_copysignf(0.0f, x) : x; }
}
#endif
