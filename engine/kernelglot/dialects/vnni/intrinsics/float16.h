// AVX512_FP16: half floats (binary16). Every operation is exact and rounded once to nearest even; denormals are numbers like others.
// Elements are handled as their 16 bits, so that no support for _Float16 arithmetic is needed.
// Reciprocals have the exact value rounded, which is within the documented error. Not here: complex products, forms with a rounding mode.
#pragma once

/// The bits of the half next to `x`, to nearest even. Sums, products and quotients of halves are exact enough in double for one rounding.
static inline uint16_t vnni_half_near(double x) {
  uint16_t sign = __builtin_signbit(x) ? 0x8000 : 0;
  double magnitude = fabs(x);
  if (x != x) return sign | 0x7e00;
  if (magnitude >= 65520) return sign | 0x7c00;
  if (magnitude == 0) return sign;
  int exponent = ilogb(magnitude) < -14 ? -14 : ilogb(magnitude);
  return sign | (uint16_t)(nearbyint(ldexp(magnitude, 10 - exponent)) + (exponent + 14) * 1024);
}

static inline double vnni_half_max(double a, double b) { return a > b ? a : b; }
static inline double vnni_half_min(double a, double b) { return a < b ? a : b; }

/// a * b + c rounded once: the product of halves is exact in double, and what the sum drops there is below half a unit of the result.
static inline uint16_t vnni_half_fma(double a, double b, double c) { return vnni_half_near(a * b + c); }

/// The integer next to `x`, or `otherwise` where it is none of [low, high].
static inline int64_t vnni_half_integer(double x, int truncate, double low, double high, int64_t otherwise) {
  double whole = truncate ? trunc(x) : nearbyint(x);
  return whole >= low && whole <= high ? (int64_t)whole : otherwise;
}

/// r[j] = a[j] + b[j].
/// @operand a f16[32] register  @operand b f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_add_ph(__m512h a, __m512h b) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = vnni_half_near((double)vnni_half_value(x[j]) + vnni_half_value(y[j]));
  return (__m512h)r;
}

/// r[j] = a[j] + b[j], where bit j of k is 1, else src[j].
/// @operand a f16[32] register  @operand b f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_mask_add_ph(__m512h src, __mmask32 k, __m512h a, __m512h b) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 o = (u16x32)src;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? vnni_half_near((double)vnni_half_value(x[j]) + vnni_half_value(y[j])) : o[j];
  return (__m512h)r;
}

/// r[j] = a[j] + b[j], where bit j of k is 1, else 0.
/// @operand a f16[32] register  @operand b f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_maskz_add_ph(__mmask32 k, __m512h a, __m512h b) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? vnni_half_near((double)vnni_half_value(x[j]) + vnni_half_value(y[j])) : 0;
  return (__m512h)r;
}

/// r[j] = a[j] - b[j].
/// @operand a f16[32] register  @operand b f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_sub_ph(__m512h a, __m512h b) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = vnni_half_near((double)vnni_half_value(x[j]) - vnni_half_value(y[j]));
  return (__m512h)r;
}

/// r[j] = a[j] - b[j], where bit j of k is 1, else src[j].
/// @operand a f16[32] register  @operand b f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_mask_sub_ph(__m512h src, __mmask32 k, __m512h a, __m512h b) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 o = (u16x32)src;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? vnni_half_near((double)vnni_half_value(x[j]) - vnni_half_value(y[j])) : o[j];
  return (__m512h)r;
}

/// r[j] = a[j] - b[j], where bit j of k is 1, else 0.
/// @operand a f16[32] register  @operand b f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_maskz_sub_ph(__mmask32 k, __m512h a, __m512h b) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? vnni_half_near((double)vnni_half_value(x[j]) - vnni_half_value(y[j])) : 0;
  return (__m512h)r;
}

/// r[j] = a[j] * b[j].
/// @operand a f16[32] register  @operand b f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_mul_ph(__m512h a, __m512h b) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = vnni_half_near((double)vnni_half_value(x[j]) * vnni_half_value(y[j]));
  return (__m512h)r;
}

/// r[j] = a[j] * b[j], where bit j of k is 1, else src[j].
/// @operand a f16[32] register  @operand b f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_mask_mul_ph(__m512h src, __mmask32 k, __m512h a, __m512h b) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 o = (u16x32)src;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? vnni_half_near((double)vnni_half_value(x[j]) * vnni_half_value(y[j])) : o[j];
  return (__m512h)r;
}

/// r[j] = a[j] * b[j], where bit j of k is 1, else 0.
/// @operand a f16[32] register  @operand b f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_maskz_mul_ph(__mmask32 k, __m512h a, __m512h b) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? vnni_half_near((double)vnni_half_value(x[j]) * vnni_half_value(y[j])) : 0;
  return (__m512h)r;
}

/// r[j] = a[j] / b[j].
/// @operand a f16[32] register  @operand b f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_div_ph(__m512h a, __m512h b) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = vnni_half_near((double)vnni_half_value(x[j]) / vnni_half_value(y[j]));
  return (__m512h)r;
}

/// r[j] = a[j] / b[j], where bit j of k is 1, else src[j].
/// @operand a f16[32] register  @operand b f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_mask_div_ph(__m512h src, __mmask32 k, __m512h a, __m512h b) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 o = (u16x32)src;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? vnni_half_near((double)vnni_half_value(x[j]) / vnni_half_value(y[j])) : o[j];
  return (__m512h)r;
}

/// r[j] = a[j] / b[j], where bit j of k is 1, else 0.
/// @operand a f16[32] register  @operand b f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_maskz_div_ph(__mmask32 k, __m512h a, __m512h b) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? vnni_half_near((double)vnni_half_value(x[j]) / vnni_half_value(y[j])) : 0;
  return (__m512h)r;
}

/// r[j] = the smaller of a[j] and b[j]; b[j] where one is NaN or both are zero.
/// @operand a f16[32] register  @operand b f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_min_ph(__m512h a, __m512h b) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (vnni_half_value(x[j]) < vnni_half_value(y[j]) ? x[j] : y[j]);
  return (__m512h)r;
}

/// r[j] = the smaller of a[j] and b[j]; b[j] where one is NaN or both are zero, where bit j of k is 1, else src[j].
/// @operand a f16[32] register  @operand b f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_mask_min_ph(__m512h src, __mmask32 k, __m512h a, __m512h b) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 o = (u16x32)src;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? (vnni_half_value(x[j]) < vnni_half_value(y[j]) ? x[j] : y[j]) : o[j];
  return (__m512h)r;
}

/// r[j] = the smaller of a[j] and b[j]; b[j] where one is NaN or both are zero, where bit j of k is 1, else 0.
/// @operand a f16[32] register  @operand b f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_maskz_min_ph(__mmask32 k, __m512h a, __m512h b) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? (vnni_half_value(x[j]) < vnni_half_value(y[j]) ? x[j] : y[j]) : 0;
  return (__m512h)r;
}

/// r[j] = the larger of a[j] and b[j]; b[j] where one is NaN or both are zero.
/// @operand a f16[32] register  @operand b f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_max_ph(__m512h a, __m512h b) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (vnni_half_value(x[j]) > vnni_half_value(y[j]) ? x[j] : y[j]);
  return (__m512h)r;
}

/// r[j] = the larger of a[j] and b[j]; b[j] where one is NaN or both are zero, where bit j of k is 1, else src[j].
/// @operand a f16[32] register  @operand b f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_mask_max_ph(__m512h src, __mmask32 k, __m512h a, __m512h b) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 o = (u16x32)src;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? (vnni_half_value(x[j]) > vnni_half_value(y[j]) ? x[j] : y[j]) : o[j];
  return (__m512h)r;
}

/// r[j] = the larger of a[j] and b[j]; b[j] where one is NaN or both are zero, where bit j of k is 1, else 0.
/// @operand a f16[32] register  @operand b f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_maskz_max_ph(__mmask32 k, __m512h a, __m512h b) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? (vnni_half_value(x[j]) > vnni_half_value(y[j]) ? x[j] : y[j]) : 0;
  return (__m512h)r;
}

/// r[j] = the square root of a[j].
/// @operand a f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_sqrt_ph(__m512h a) {
  u16x32 x = (u16x32)a;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = vnni_half_near(sqrt(vnni_half_value(x[j])));
  return (__m512h)r;
}

/// r[j] = the square root of a[j], where bit j of k is 1, else src[j].
/// @operand a f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_mask_sqrt_ph(__m512h src, __mmask32 k, __m512h a) {
  u16x32 x = (u16x32)a;
  u16x32 o = (u16x32)src;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? vnni_half_near(sqrt(vnni_half_value(x[j]))) : o[j];
  return (__m512h)r;
}

/// r[j] = the square root of a[j], where bit j of k is 1, else 0.
/// @operand a f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_maskz_sqrt_ph(__mmask32 k, __m512h a) {
  u16x32 x = (u16x32)a;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? vnni_half_near(sqrt(vnni_half_value(x[j]))) : 0;
  return (__m512h)r;
}

/// r[j] = a[j] without its sign.
/// @operand a f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_abs_ph(__m512h a) {
  u16x32 x = (u16x32)a;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (uint16_t)(x[j] & 0x7fff);
  return (__m512h)r;
}

/// r[j] = a[j] rounded to a multiple of 2^-(imm >> 4); imm & 7 says how.
/// @operand a f16[32] register  @operand imm i32 immediate  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_roundscale_ph(__m512h a, const int imm) {
  u16x32 x = (u16x32)a, r;
  for (int j = 0; j < 32; ++j) r[j] = vnni_half_near(vnni_round(vnni_half_value(x[j]), imm));
  return (__m512h)r;
}

/// r[j] = a[j] + b[j].
/// @operand a f16[16] register  @operand b f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_add_ph(__m256h a, __m256h b) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_half_near((double)vnni_half_value(x[j]) + vnni_half_value(y[j]));
  return (__m256h)r;
}

/// r[j] = a[j] + b[j], where bit j of k is 1, else src[j].
/// @operand a f16[16] register  @operand b f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_mask_add_ph(__m256h src, __mmask16 k, __m256h a, __m256h b) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 o = (u16x16)src;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_half_near((double)vnni_half_value(x[j]) + vnni_half_value(y[j])) : o[j];
  return (__m256h)r;
}

/// r[j] = a[j] + b[j], where bit j of k is 1, else 0.
/// @operand a f16[16] register  @operand b f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_maskz_add_ph(__mmask16 k, __m256h a, __m256h b) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_half_near((double)vnni_half_value(x[j]) + vnni_half_value(y[j])) : 0;
  return (__m256h)r;
}

/// r[j] = a[j] - b[j].
/// @operand a f16[16] register  @operand b f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_sub_ph(__m256h a, __m256h b) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_half_near((double)vnni_half_value(x[j]) - vnni_half_value(y[j]));
  return (__m256h)r;
}

/// r[j] = a[j] - b[j], where bit j of k is 1, else src[j].
/// @operand a f16[16] register  @operand b f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_mask_sub_ph(__m256h src, __mmask16 k, __m256h a, __m256h b) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 o = (u16x16)src;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_half_near((double)vnni_half_value(x[j]) - vnni_half_value(y[j])) : o[j];
  return (__m256h)r;
}

/// r[j] = a[j] - b[j], where bit j of k is 1, else 0.
/// @operand a f16[16] register  @operand b f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_maskz_sub_ph(__mmask16 k, __m256h a, __m256h b) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_half_near((double)vnni_half_value(x[j]) - vnni_half_value(y[j])) : 0;
  return (__m256h)r;
}

/// r[j] = a[j] * b[j].
/// @operand a f16[16] register  @operand b f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_mul_ph(__m256h a, __m256h b) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_half_near((double)vnni_half_value(x[j]) * vnni_half_value(y[j]));
  return (__m256h)r;
}

/// r[j] = a[j] * b[j], where bit j of k is 1, else src[j].
/// @operand a f16[16] register  @operand b f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_mask_mul_ph(__m256h src, __mmask16 k, __m256h a, __m256h b) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 o = (u16x16)src;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_half_near((double)vnni_half_value(x[j]) * vnni_half_value(y[j])) : o[j];
  return (__m256h)r;
}

/// r[j] = a[j] * b[j], where bit j of k is 1, else 0.
/// @operand a f16[16] register  @operand b f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_maskz_mul_ph(__mmask16 k, __m256h a, __m256h b) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_half_near((double)vnni_half_value(x[j]) * vnni_half_value(y[j])) : 0;
  return (__m256h)r;
}

/// r[j] = a[j] / b[j].
/// @operand a f16[16] register  @operand b f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_div_ph(__m256h a, __m256h b) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_half_near((double)vnni_half_value(x[j]) / vnni_half_value(y[j]));
  return (__m256h)r;
}

/// r[j] = a[j] / b[j], where bit j of k is 1, else src[j].
/// @operand a f16[16] register  @operand b f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_mask_div_ph(__m256h src, __mmask16 k, __m256h a, __m256h b) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 o = (u16x16)src;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_half_near((double)vnni_half_value(x[j]) / vnni_half_value(y[j])) : o[j];
  return (__m256h)r;
}

/// r[j] = a[j] / b[j], where bit j of k is 1, else 0.
/// @operand a f16[16] register  @operand b f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_maskz_div_ph(__mmask16 k, __m256h a, __m256h b) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_half_near((double)vnni_half_value(x[j]) / vnni_half_value(y[j])) : 0;
  return (__m256h)r;
}

/// r[j] = the smaller of a[j] and b[j]; b[j] where one is NaN or both are zero.
/// @operand a f16[16] register  @operand b f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_min_ph(__m256h a, __m256h b) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (vnni_half_value(x[j]) < vnni_half_value(y[j]) ? x[j] : y[j]);
  return (__m256h)r;
}

/// r[j] = the smaller of a[j] and b[j]; b[j] where one is NaN or both are zero, where bit j of k is 1, else src[j].
/// @operand a f16[16] register  @operand b f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_mask_min_ph(__m256h src, __mmask16 k, __m256h a, __m256h b) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 o = (u16x16)src;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (vnni_half_value(x[j]) < vnni_half_value(y[j]) ? x[j] : y[j]) : o[j];
  return (__m256h)r;
}

/// r[j] = the smaller of a[j] and b[j]; b[j] where one is NaN or both are zero, where bit j of k is 1, else 0.
/// @operand a f16[16] register  @operand b f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_maskz_min_ph(__mmask16 k, __m256h a, __m256h b) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (vnni_half_value(x[j]) < vnni_half_value(y[j]) ? x[j] : y[j]) : 0;
  return (__m256h)r;
}

/// r[j] = the larger of a[j] and b[j]; b[j] where one is NaN or both are zero.
/// @operand a f16[16] register  @operand b f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_max_ph(__m256h a, __m256h b) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (vnni_half_value(x[j]) > vnni_half_value(y[j]) ? x[j] : y[j]);
  return (__m256h)r;
}

/// r[j] = the larger of a[j] and b[j]; b[j] where one is NaN or both are zero, where bit j of k is 1, else src[j].
/// @operand a f16[16] register  @operand b f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_mask_max_ph(__m256h src, __mmask16 k, __m256h a, __m256h b) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 o = (u16x16)src;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (vnni_half_value(x[j]) > vnni_half_value(y[j]) ? x[j] : y[j]) : o[j];
  return (__m256h)r;
}

/// r[j] = the larger of a[j] and b[j]; b[j] where one is NaN or both are zero, where bit j of k is 1, else 0.
/// @operand a f16[16] register  @operand b f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_maskz_max_ph(__mmask16 k, __m256h a, __m256h b) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (vnni_half_value(x[j]) > vnni_half_value(y[j]) ? x[j] : y[j]) : 0;
  return (__m256h)r;
}

/// r[j] = the square root of a[j].
/// @operand a f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_sqrt_ph(__m256h a) {
  u16x16 x = (u16x16)a;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_half_near(sqrt(vnni_half_value(x[j])));
  return (__m256h)r;
}

/// r[j] = the square root of a[j], where bit j of k is 1, else src[j].
/// @operand a f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_mask_sqrt_ph(__m256h src, __mmask16 k, __m256h a) {
  u16x16 x = (u16x16)a;
  u16x16 o = (u16x16)src;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_half_near(sqrt(vnni_half_value(x[j]))) : o[j];
  return (__m256h)r;
}

/// r[j] = the square root of a[j], where bit j of k is 1, else 0.
/// @operand a f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_maskz_sqrt_ph(__mmask16 k, __m256h a) {
  u16x16 x = (u16x16)a;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_half_near(sqrt(vnni_half_value(x[j]))) : 0;
  return (__m256h)r;
}

/// r[j] = a[j] without its sign.
/// @operand a f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_abs_ph(__m256h a) {
  u16x16 x = (u16x16)a;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (uint16_t)(x[j] & 0x7fff);
  return (__m256h)r;
}

/// r[j] = a[j] rounded to a multiple of 2^-(imm >> 4); imm & 7 says how.
/// @operand a f16[16] register  @operand imm i32 immediate  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_roundscale_ph(__m256h a, const int imm) {
  u16x16 x = (u16x16)a, r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_half_near(vnni_round(vnni_half_value(x[j]), imm));
  return (__m256h)r;
}

/// r[j] = a[j] + b[j].
/// @operand a f16[8] register  @operand b f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_add_ph(__m128h a, __m128h b) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = vnni_half_near((double)vnni_half_value(x[j]) + vnni_half_value(y[j]));
  return (__m128h)r;
}

/// r[j] = a[j] + b[j], where bit j of k is 1, else src[j].
/// @operand a f16[8] register  @operand b f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_mask_add_ph(__m128h src, __mmask8 k, __m128h a, __m128h b) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 o = (u16x8)src;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_half_near((double)vnni_half_value(x[j]) + vnni_half_value(y[j])) : o[j];
  return (__m128h)r;
}

/// r[j] = a[j] + b[j], where bit j of k is 1, else 0.
/// @operand a f16[8] register  @operand b f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_maskz_add_ph(__mmask8 k, __m128h a, __m128h b) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_half_near((double)vnni_half_value(x[j]) + vnni_half_value(y[j])) : 0;
  return (__m128h)r;
}

/// r[j] = a[j] - b[j].
/// @operand a f16[8] register  @operand b f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_sub_ph(__m128h a, __m128h b) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = vnni_half_near((double)vnni_half_value(x[j]) - vnni_half_value(y[j]));
  return (__m128h)r;
}

/// r[j] = a[j] - b[j], where bit j of k is 1, else src[j].
/// @operand a f16[8] register  @operand b f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_mask_sub_ph(__m128h src, __mmask8 k, __m128h a, __m128h b) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 o = (u16x8)src;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_half_near((double)vnni_half_value(x[j]) - vnni_half_value(y[j])) : o[j];
  return (__m128h)r;
}

/// r[j] = a[j] - b[j], where bit j of k is 1, else 0.
/// @operand a f16[8] register  @operand b f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_maskz_sub_ph(__mmask8 k, __m128h a, __m128h b) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_half_near((double)vnni_half_value(x[j]) - vnni_half_value(y[j])) : 0;
  return (__m128h)r;
}

/// r[j] = a[j] * b[j].
/// @operand a f16[8] register  @operand b f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_mul_ph(__m128h a, __m128h b) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = vnni_half_near((double)vnni_half_value(x[j]) * vnni_half_value(y[j]));
  return (__m128h)r;
}

/// r[j] = a[j] * b[j], where bit j of k is 1, else src[j].
/// @operand a f16[8] register  @operand b f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_mask_mul_ph(__m128h src, __mmask8 k, __m128h a, __m128h b) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 o = (u16x8)src;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_half_near((double)vnni_half_value(x[j]) * vnni_half_value(y[j])) : o[j];
  return (__m128h)r;
}

/// r[j] = a[j] * b[j], where bit j of k is 1, else 0.
/// @operand a f16[8] register  @operand b f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_maskz_mul_ph(__mmask8 k, __m128h a, __m128h b) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_half_near((double)vnni_half_value(x[j]) * vnni_half_value(y[j])) : 0;
  return (__m128h)r;
}

/// r[j] = a[j] / b[j].
/// @operand a f16[8] register  @operand b f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_div_ph(__m128h a, __m128h b) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = vnni_half_near((double)vnni_half_value(x[j]) / vnni_half_value(y[j]));
  return (__m128h)r;
}

/// r[j] = a[j] / b[j], where bit j of k is 1, else src[j].
/// @operand a f16[8] register  @operand b f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_mask_div_ph(__m128h src, __mmask8 k, __m128h a, __m128h b) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 o = (u16x8)src;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_half_near((double)vnni_half_value(x[j]) / vnni_half_value(y[j])) : o[j];
  return (__m128h)r;
}

/// r[j] = a[j] / b[j], where bit j of k is 1, else 0.
/// @operand a f16[8] register  @operand b f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_maskz_div_ph(__mmask8 k, __m128h a, __m128h b) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_half_near((double)vnni_half_value(x[j]) / vnni_half_value(y[j])) : 0;
  return (__m128h)r;
}

/// r[j] = the smaller of a[j] and b[j]; b[j] where one is NaN or both are zero.
/// @operand a f16[8] register  @operand b f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_min_ph(__m128h a, __m128h b) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (vnni_half_value(x[j]) < vnni_half_value(y[j]) ? x[j] : y[j]);
  return (__m128h)r;
}

/// r[j] = the smaller of a[j] and b[j]; b[j] where one is NaN or both are zero, where bit j of k is 1, else src[j].
/// @operand a f16[8] register  @operand b f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_mask_min_ph(__m128h src, __mmask8 k, __m128h a, __m128h b) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 o = (u16x8)src;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? (vnni_half_value(x[j]) < vnni_half_value(y[j]) ? x[j] : y[j]) : o[j];
  return (__m128h)r;
}

/// r[j] = the smaller of a[j] and b[j]; b[j] where one is NaN or both are zero, where bit j of k is 1, else 0.
/// @operand a f16[8] register  @operand b f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_maskz_min_ph(__mmask8 k, __m128h a, __m128h b) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? (vnni_half_value(x[j]) < vnni_half_value(y[j]) ? x[j] : y[j]) : 0;
  return (__m128h)r;
}

/// r[j] = the larger of a[j] and b[j]; b[j] where one is NaN or both are zero.
/// @operand a f16[8] register  @operand b f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_max_ph(__m128h a, __m128h b) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (vnni_half_value(x[j]) > vnni_half_value(y[j]) ? x[j] : y[j]);
  return (__m128h)r;
}

/// r[j] = the larger of a[j] and b[j]; b[j] where one is NaN or both are zero, where bit j of k is 1, else src[j].
/// @operand a f16[8] register  @operand b f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_mask_max_ph(__m128h src, __mmask8 k, __m128h a, __m128h b) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 o = (u16x8)src;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? (vnni_half_value(x[j]) > vnni_half_value(y[j]) ? x[j] : y[j]) : o[j];
  return (__m128h)r;
}

/// r[j] = the larger of a[j] and b[j]; b[j] where one is NaN or both are zero, where bit j of k is 1, else 0.
/// @operand a f16[8] register  @operand b f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_maskz_max_ph(__mmask8 k, __m128h a, __m128h b) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? (vnni_half_value(x[j]) > vnni_half_value(y[j]) ? x[j] : y[j]) : 0;
  return (__m128h)r;
}

/// r[j] = the square root of a[j].
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_sqrt_ph(__m128h a) {
  u16x8 x = (u16x8)a;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = vnni_half_near(sqrt(vnni_half_value(x[j])));
  return (__m128h)r;
}

/// r[j] = the square root of a[j], where bit j of k is 1, else src[j].
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_mask_sqrt_ph(__m128h src, __mmask8 k, __m128h a) {
  u16x8 x = (u16x8)a;
  u16x8 o = (u16x8)src;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_half_near(sqrt(vnni_half_value(x[j]))) : o[j];
  return (__m128h)r;
}

/// r[j] = the square root of a[j], where bit j of k is 1, else 0.
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_maskz_sqrt_ph(__mmask8 k, __m128h a) {
  u16x8 x = (u16x8)a;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_half_near(sqrt(vnni_half_value(x[j]))) : 0;
  return (__m128h)r;
}

/// r[j] = a[j] without its sign.
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_abs_ph(__m128h a) {
  u16x8 x = (u16x8)a;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (uint16_t)(x[j] & 0x7fff);
  return (__m128h)r;
}

/// r[j] = a[j] rounded to a multiple of 2^-(imm >> 4); imm & 7 says how.
/// @operand a f16[8] register  @operand imm i32 immediate  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_roundscale_ph(__m128h a, const int imm) {
  u16x8 x = (u16x8)a, r;
  for (int j = 0; j < 8; ++j) r[j] = vnni_half_near(vnni_round(vnni_half_value(x[j]), imm));
  return (__m128h)r;
}

/// r[j] = 1 / a[j], within 2^-11 of it.
/// @operand a f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_rcp_ph(__m512h a) {
  u16x32 x = (u16x32)a, r;
  for (int j = 0; j < 32; ++j) r[j] = vnni_half_near(1.0 / vnni_half_value(x[j]));
  return (__m512h)r;
}

/// r[j] = 1 / a[j], within 2^-11 of it, where bit j of k is 1, else src[j].
/// @operand src f16[32] register  @operand a f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_mask_rcp_ph(__m512h src, __mmask32 k, __m512h a) {
  u16x32 x = (u16x32)a, r;
  u16x32 o = (u16x32)src;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? vnni_half_near(1.0 / vnni_half_value(x[j])) : o[j];
  return (__m512h)r;
}

/// r[j] = 1 / a[j], within 2^-11 of it, where bit j of k is 1, else 0.
/// @operand a f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_maskz_rcp_ph(__mmask32 k, __m512h a) {
  u16x32 x = (u16x32)a, r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? vnni_half_near(1.0 / vnni_half_value(x[j])) : 0;
  return (__m512h)r;
}

/// r[j] = 1 / the square root of a[j], within 2^-11 of it.
/// @operand a f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_rsqrt_ph(__m512h a) {
  u16x32 x = (u16x32)a, r;
  for (int j = 0; j < 32; ++j) r[j] = vnni_half_near(1 / sqrt(vnni_half_value(x[j])));
  return (__m512h)r;
}

/// r[j] = 1 / the square root of a[j], within 2^-11 of it, where bit j of k is 1, else src[j].
/// @operand src f16[32] register  @operand a f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_mask_rsqrt_ph(__m512h src, __mmask32 k, __m512h a) {
  u16x32 x = (u16x32)a, r;
  u16x32 o = (u16x32)src;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? vnni_half_near(1 / sqrt(vnni_half_value(x[j]))) : o[j];
  return (__m512h)r;
}

/// r[j] = 1 / the square root of a[j], within 2^-11 of it, where bit j of k is 1, else 0.
/// @operand a f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_maskz_rsqrt_ph(__mmask32 k, __m512h a) {
  u16x32 x = (u16x32)a, r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? vnni_half_near(1 / sqrt(vnni_half_value(x[j]))) : 0;
  return (__m512h)r;
}

/// r[j] = 1 / a[j], within 2^-11 of it.
/// @operand a f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_rcp_ph(__m256h a) {
  u16x16 x = (u16x16)a, r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_half_near(1.0 / vnni_half_value(x[j]));
  return (__m256h)r;
}

/// r[j] = 1 / a[j], within 2^-11 of it, where bit j of k is 1, else src[j].
/// @operand src f16[16] register  @operand a f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_mask_rcp_ph(__m256h src, __mmask16 k, __m256h a) {
  u16x16 x = (u16x16)a, r;
  u16x16 o = (u16x16)src;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_half_near(1.0 / vnni_half_value(x[j])) : o[j];
  return (__m256h)r;
}

/// r[j] = 1 / a[j], within 2^-11 of it, where bit j of k is 1, else 0.
/// @operand a f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_maskz_rcp_ph(__mmask16 k, __m256h a) {
  u16x16 x = (u16x16)a, r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_half_near(1.0 / vnni_half_value(x[j])) : 0;
  return (__m256h)r;
}

/// r[j] = 1 / the square root of a[j], within 2^-11 of it.
/// @operand a f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_rsqrt_ph(__m256h a) {
  u16x16 x = (u16x16)a, r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_half_near(1 / sqrt(vnni_half_value(x[j])));
  return (__m256h)r;
}

/// r[j] = 1 / the square root of a[j], within 2^-11 of it, where bit j of k is 1, else src[j].
/// @operand src f16[16] register  @operand a f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_mask_rsqrt_ph(__m256h src, __mmask16 k, __m256h a) {
  u16x16 x = (u16x16)a, r;
  u16x16 o = (u16x16)src;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_half_near(1 / sqrt(vnni_half_value(x[j]))) : o[j];
  return (__m256h)r;
}

/// r[j] = 1 / the square root of a[j], within 2^-11 of it, where bit j of k is 1, else 0.
/// @operand a f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_maskz_rsqrt_ph(__mmask16 k, __m256h a) {
  u16x16 x = (u16x16)a, r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_half_near(1 / sqrt(vnni_half_value(x[j]))) : 0;
  return (__m256h)r;
}

/// r[j] = 1 / a[j], within 2^-11 of it.
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_rcp_ph(__m128h a) {
  u16x8 x = (u16x8)a, r;
  for (int j = 0; j < 8; ++j) r[j] = vnni_half_near(1.0 / vnni_half_value(x[j]));
  return (__m128h)r;
}

/// r[j] = 1 / a[j], within 2^-11 of it, where bit j of k is 1, else src[j].
/// @operand src f16[8] register  @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_mask_rcp_ph(__m128h src, __mmask8 k, __m128h a) {
  u16x8 x = (u16x8)a, r;
  u16x8 o = (u16x8)src;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_half_near(1.0 / vnni_half_value(x[j])) : o[j];
  return (__m128h)r;
}

/// r[j] = 1 / a[j], within 2^-11 of it, where bit j of k is 1, else 0.
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_maskz_rcp_ph(__mmask8 k, __m128h a) {
  u16x8 x = (u16x8)a, r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_half_near(1.0 / vnni_half_value(x[j])) : 0;
  return (__m128h)r;
}

/// r[j] = 1 / the square root of a[j], within 2^-11 of it.
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_rsqrt_ph(__m128h a) {
  u16x8 x = (u16x8)a, r;
  for (int j = 0; j < 8; ++j) r[j] = vnni_half_near(1 / sqrt(vnni_half_value(x[j])));
  return (__m128h)r;
}

/// r[j] = 1 / the square root of a[j], within 2^-11 of it, where bit j of k is 1, else src[j].
/// @operand src f16[8] register  @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_mask_rsqrt_ph(__m128h src, __mmask8 k, __m128h a) {
  u16x8 x = (u16x8)a, r;
  u16x8 o = (u16x8)src;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_half_near(1 / sqrt(vnni_half_value(x[j]))) : o[j];
  return (__m128h)r;
}

/// r[j] = 1 / the square root of a[j], within 2^-11 of it, where bit j of k is 1, else 0.
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_maskz_rsqrt_ph(__mmask8 k, __m128h a) {
  u16x8 x = (u16x8)a, r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_half_near(1 / sqrt(vnni_half_value(x[j]))) : 0;
  return (__m128h)r;
}
