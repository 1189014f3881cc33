// How a number becomes one of a narrower type: in every rounding of the guide. _sr is stochastic on hardware; here it rounds to nearest
// even,
// which is one of the results it may give (UNCERTAIN: no document says how its random bits are drawn).
#pragma once

static inline double bang_round_tz(double x) { return trunc(x); }
static inline double bang_round_oz(double x) { return x < 0 ? floor(x) : ceil(x); }
static inline double bang_round_up(double x) { return ceil(x); }
static inline double bang_round_dn(double x) { return floor(x); }
static inline double bang_round_rd(double x) { return round(x); }
static inline double bang_round_rn(double x) { return nearbyint(x); }
static inline double bang_round_rm(double x) { return floor(x + 0.5); }

/// A rounded value as an integer of type T: saturated, NaN the greatest.
template <typename T> static inline T bang_to_integer(double x) {
  const double high = (T)-1 < (T)0 ? ldexp(1.0, 8 * sizeof(T) - 1) - 1 : ldexp(1.0, 8 * sizeof(T)) - 1;
  const double low = (T)-1 < (T)0 ? -high - 1 : 0;
  return x >= low && x <= high ? (T)x : x < low ? (T)low : (T)high;
}

/// `x` as a half, in steps of the half's own last place: `round` is one of the functions above.
static inline half bang_to_half(float x, double (*round)(double)) {
  if (x != x || x - x != 0 || x == 0) return x;             // NaN, infinities, zeros
  int exponent = ilogb(x) - 10;
  if (exponent < -24) exponent = -24;                       // half subnormals
  double rounded = ldexp(round(ldexp(x, -exponent)), exponent);
  const double most = 65504;
  if (round == bang_round_tz || (round == bang_round_dn && x > 0) || (round == bang_round_up && x < 0))
    rounded = rounded > most ? most : rounded < -most ? -most : rounded;
  return copysignf((float)rounded, x);
}

/// `x` as a bfloat16, rounded the same way.
static inline bfloat16_t bang_to_bfloat16(float x, double (*round)(double)) {
  if (x != x || x - x != 0 || x == 0) return x;
  int exponent = ilogb(x) - 7;
  if (exponent < -133) exponent = -133;
  return copysignf((float)ldexp(round(ldexp(x, -exponent)), exponent), x);
}
