// AVX512_BF16: brain floats, the upper 16 bits of a float. Denormals count as zero and become zero, rounding is to nearest even, whatever the
// control register says.
#pragma once

/// `x`, or zero with its sign where x is denormal.
static inline float vnni_flush(float x) { return fabsf(x) < FLT_MIN ? copysignf(0, x) : x; }

/// The brain float next to `x`, to nearest even; a NaN stays one and becomes quiet.
static inline uint16_t vnni_bfloat_bits(float x) {
  uint32_t word;
  x = vnni_flush(x);
  memcpy(&word, &x, 4);
  return (uint16_t)(x != x ? word >> 16 | 0x40 : (word + 0x7fff + (word >> 16 & 1)) >> 16);
}

static inline float vnni_bfloat_value(uint16_t bits) {
  uint32_t word = (uint32_t)bits << 16;
  float x;
  memcpy(&x, &word, 4);
  return x;
}

/// sum + a[1] * b[1], then + a[0] * b[0], each rounded once: the order of the instruction.
static inline float vnni_bfloat_dot(float sum, uint16_t a0, uint16_t a1, uint16_t b0, uint16_t b1) {
  sum = vnni_flush(fmaf(vnni_flush(vnni_bfloat_value(a1)), vnni_flush(vnni_bfloat_value(b1)), vnni_flush(sum)));
  return vnni_flush(fmaf(vnni_flush(vnni_bfloat_value(a0)), vnni_flush(vnni_bfloat_value(b0)), sum));
}

/// r[j] = src[j] + a[2j+1] * b[2j+1], then + a[2j] * b[2j], each rounded once.
/// @operand src f32[16] register  @operand a bf16[32] register  @operand b bf16[32] register  @isa avx512_bf16
/// @source manuals/vnni/bfloat16.md
static inline __m512 _mm512_dpbf16_ps(__m512 src, __m512bh a, __m512bh b) {
  u16x32 x = (u16x32)a, y = (u16x32)b;
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_bfloat_dot(src[j], x[2 * j], x[2 * j + 1], y[2 * j], y[2 * j + 1]);
  return r;
}

/// r[j] = src[j] + a[2j+1] * b[2j+1], then + a[2j] * b[2j], each rounded once, where bit j of k is 1, else src[j].
/// @operand src f32[16] register  @operand a bf16[32] register  @operand b bf16[32] register  @isa avx512_bf16
/// @source manuals/vnni/bfloat16.md
static inline __m512 _mm512_mask_dpbf16_ps(__m512 src, __mmask16 k, __m512bh a, __m512bh b) {
  u16x32 x = (u16x32)a, y = (u16x32)b;
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_bfloat_dot(src[j], x[2 * j], x[2 * j + 1], y[2 * j], y[2 * j + 1]) : src[j];
  return r;
}

/// r[j] = src[j] + a[2j+1] * b[2j+1], then + a[2j] * b[2j], each rounded once, where bit j of k is 1, else 0.
/// @operand src f32[16] register  @operand a bf16[32] register  @operand b bf16[32] register  @isa avx512_bf16
/// @source manuals/vnni/bfloat16.md
static inline __m512 _mm512_maskz_dpbf16_ps(__mmask16 k, __m512 src, __m512bh a, __m512bh b) {
  u16x32 x = (u16x32)a, y = (u16x32)b;
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_bfloat_dot(src[j], x[2 * j], x[2 * j + 1], y[2 * j], y[2 * j + 1]) : 0;
  return r;
}

/// r[j] = b[j] as a brain float for j < 16, then a[j - 16].
/// @operand a f32[16] register  @operand b f32[16] register  @isa avx512_bf16  @source manuals/vnni/bfloat16.md
static inline __m512bh _mm512_cvtne2ps_pbh(__m512 a, __m512 b) {
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = vnni_bfloat_bits(j < 16 ? b[j] : a[j - 16]);
  return (__m512bh)r;
}

/// r[j] = b[j] as a brain float for j < 16, then a[j - 16], where bit j of k is 1, else src[j].
/// @operand a f32[16] register  @operand b f32[16] register  @isa avx512_bf16  @source manuals/vnni/bfloat16.md
static inline __m512bh _mm512_mask_cvtne2ps_pbh(__m512bh src, __mmask32 k, __m512 a, __m512 b) {
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? vnni_bfloat_bits(j < 16 ? b[j] : a[j - 16]) : ((u16x32)src)[j];
  return (__m512bh)r;
}

/// r[j] = b[j] as a brain float for j < 16, then a[j - 16], where bit j of k is 1, else 0.
/// @operand a f32[16] register  @operand b f32[16] register  @isa avx512_bf16  @source manuals/vnni/bfloat16.md
static inline __m512bh _mm512_maskz_cvtne2ps_pbh(__mmask32 k, __m512 a, __m512 b) {
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? vnni_bfloat_bits(j < 16 ? b[j] : a[j - 16]) : 0;
  return (__m512bh)r;
}

/// r[j] = a[j] as a brain float.
/// @operand a f32[16] register  @isa avx512_bf16  @source manuals/vnni/bfloat16.md
static inline __m256bh _mm512_cvtneps_pbh(__m512 a) {
  u16x16 r = {0};
  for (int j = 0; j < 16; ++j) r[j] = vnni_bfloat_bits(a[j]);
  return (__m256bh)r;
}

/// r[j] = a[j] as a brain float, where bit j of k is 1, else src[j].
/// @operand a f32[16] register  @isa avx512_bf16  @source manuals/vnni/bfloat16.md
static inline __m256bh _mm512_mask_cvtneps_pbh(__m256bh src, __mmask16 k, __m512 a) {
  u16x16 r = {0};
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_bfloat_bits(a[j]) : ((u16x16)src)[j];
  return (__m256bh)r;
}

/// r[j] = a[j] as a brain float, where bit j of k is 1, else 0.
/// @operand a f32[16] register  @isa avx512_bf16  @source manuals/vnni/bfloat16.md
static inline __m256bh _mm512_maskz_cvtneps_pbh(__mmask16 k, __m512 a) {
  u16x16 r = {0};
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_bfloat_bits(a[j]) : 0;
  return (__m256bh)r;
}

/// r[j] = a[j] as a float, bit for bit.
/// @operand a bf16[16] register  @isa avx512_bf16  @source manuals/vnni/bfloat16.md
static inline __m512 _mm512_cvtpbh_ps(__m256bh a) {
  u16x16 x = (u16x16)a;
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_bfloat_value(x[j]);
  return r;
}

/// r[j] = a[j] as a float, bit for bit, where bit j of k is 1, else src[j].
/// @operand a bf16[16] register  @isa avx512_bf16  @source manuals/vnni/bfloat16.md
static inline __m512 _mm512_mask_cvtpbh_ps(__m512 src, __mmask16 k, __m256bh a) {
  u16x16 x = (u16x16)a;
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_bfloat_value(x[j]) : src[j];
  return r;
}

/// r[j] = a[j] as a float, bit for bit, where bit j of k is 1, else 0.
/// @operand a bf16[16] register  @isa avx512_bf16  @source manuals/vnni/bfloat16.md
static inline __m512 _mm512_maskz_cvtpbh_ps(__mmask16 k, __m256bh a) {
  u16x16 x = (u16x16)a;
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_bfloat_value(x[j]) : 0;
  return r;
}

/// r[j] = src[j] + a[2j+1] * b[2j+1], then + a[2j] * b[2j], each rounded once.
/// @operand src f32[8] register  @operand a bf16[16] register  @operand b bf16[16] register  @isa avx512_bf16 avx512vl
/// @source manuals/vnni/bfloat16.md
static inline __m256 _mm256_dpbf16_ps(__m256 src, __m256bh a, __m256bh b) {
  u16x16 x = (u16x16)a, y = (u16x16)b;
  __m256 r;
  for (int j = 0; j < 8; ++j) r[j] = vnni_bfloat_dot(src[j], x[2 * j], x[2 * j + 1], y[2 * j], y[2 * j + 1]);
  return r;
}

/// r[j] = src[j] + a[2j+1] * b[2j+1], then + a[2j] * b[2j], each rounded once, where bit j of k is 1, else src[j].
/// @operand src f32[8] register  @operand a bf16[16] register  @operand b bf16[16] register  @isa avx512_bf16 avx512vl
/// @source manuals/vnni/bfloat16.md
static inline __m256 _mm256_mask_dpbf16_ps(__m256 src, __mmask8 k, __m256bh a, __m256bh b) {
  u16x16 x = (u16x16)a, y = (u16x16)b;
  __m256 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_bfloat_dot(src[j], x[2 * j], x[2 * j + 1], y[2 * j], y[2 * j + 1]) : src[j];
  return r;
}

/// r[j] = src[j] + a[2j+1] * b[2j+1], then + a[2j] * b[2j], each rounded once, where bit j of k is 1, else 0.
/// @operand src f32[8] register  @operand a bf16[16] register  @operand b bf16[16] register  @isa avx512_bf16 avx512vl
/// @source manuals/vnni/bfloat16.md
static inline __m256 _mm256_maskz_dpbf16_ps(__mmask8 k, __m256 src, __m256bh a, __m256bh b) {
  u16x16 x = (u16x16)a, y = (u16x16)b;
  __m256 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_bfloat_dot(src[j], x[2 * j], x[2 * j + 1], y[2 * j], y[2 * j + 1]) : 0;
  return r;
}

/// r[j] = b[j] as a brain float for j < 8, then a[j - 8].
/// @operand a f32[8] register  @operand b f32[8] register  @isa avx512_bf16 avx512vl  @source manuals/vnni/bfloat16.md
static inline __m256bh _mm256_cvtne2ps_pbh(__m256 a, __m256 b) {
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_bfloat_bits(j < 8 ? b[j] : a[j - 8]);
  return (__m256bh)r;
}

/// r[j] = b[j] as a brain float for j < 8, then a[j - 8], where bit j of k is 1, else src[j].
/// @operand a f32[8] register  @operand b f32[8] register  @isa avx512_bf16 avx512vl  @source manuals/vnni/bfloat16.md
static inline __m256bh _mm256_mask_cvtne2ps_pbh(__m256bh src, __mmask16 k, __m256 a, __m256 b) {
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_bfloat_bits(j < 8 ? b[j] : a[j - 8]) : ((u16x16)src)[j];
  return (__m256bh)r;
}

/// r[j] = b[j] as a brain float for j < 8, then a[j - 8], where bit j of k is 1, else 0.
/// @operand a f32[8] register  @operand b f32[8] register  @isa avx512_bf16 avx512vl  @source manuals/vnni/bfloat16.md
static inline __m256bh _mm256_maskz_cvtne2ps_pbh(__mmask16 k, __m256 a, __m256 b) {
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_bfloat_bits(j < 8 ? b[j] : a[j - 8]) : 0;
  return (__m256bh)r;
}

/// r[j] = a[j] as a brain float.
/// @operand a f32[8] register  @isa avx512_bf16 avx512vl  @source manuals/vnni/bfloat16.md
static inline __m128bh _mm256_cvtneps_pbh(__m256 a) {
  u16x8 r = {0};
  for (int j = 0; j < 8; ++j) r[j] = vnni_bfloat_bits(a[j]);
  return (__m128bh)r;
}

/// r[j] = a[j] as a brain float, where bit j of k is 1, else src[j].
/// @operand a f32[8] register  @isa avx512_bf16 avx512vl  @source manuals/vnni/bfloat16.md
static inline __m128bh _mm256_mask_cvtneps_pbh(__m128bh src, __mmask8 k, __m256 a) {
  u16x8 r = {0};
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_bfloat_bits(a[j]) : ((u16x8)src)[j];
  return (__m128bh)r;
}

/// r[j] = a[j] as a brain float, where bit j of k is 1, else 0.
/// @operand a f32[8] register  @isa avx512_bf16 avx512vl  @source manuals/vnni/bfloat16.md
static inline __m128bh _mm256_maskz_cvtneps_pbh(__mmask8 k, __m256 a) {
  u16x8 r = {0};
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_bfloat_bits(a[j]) : 0;
  return (__m128bh)r;
}

/// r[j] = a[j] as a float, bit for bit.
/// @operand a bf16[8] register  @isa avx512_bf16 avx512vl  @source manuals/vnni/bfloat16.md
static inline __m256 _mm256_cvtpbh_ps(__m128bh a) {
  u16x8 x = (u16x8)a;
  __m256 r;
  for (int j = 0; j < 8; ++j) r[j] = vnni_bfloat_value(x[j]);
  return r;
}

/// r[j] = a[j] as a float, bit for bit, where bit j of k is 1, else src[j].
/// @operand a bf16[8] register  @isa avx512_bf16 avx512vl  @source manuals/vnni/bfloat16.md
static inline __m256 _mm256_mask_cvtpbh_ps(__m256 src, __mmask8 k, __m128bh a) {
  u16x8 x = (u16x8)a;
  __m256 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_bfloat_value(x[j]) : src[j];
  return r;
}

/// r[j] = a[j] as a float, bit for bit, where bit j of k is 1, else 0.
/// @operand a bf16[8] register  @isa avx512_bf16 avx512vl  @source manuals/vnni/bfloat16.md
static inline __m256 _mm256_maskz_cvtpbh_ps(__mmask8 k, __m128bh a) {
  u16x8 x = (u16x8)a;
  __m256 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_bfloat_value(x[j]) : 0;
  return r;
}

/// r[j] = src[j] + a[2j+1] * b[2j+1], then + a[2j] * b[2j], each rounded once.
/// @operand src f32[4] register  @operand a bf16[8] register  @operand b bf16[8] register  @isa avx512_bf16 avx512vl
/// @source manuals/vnni/bfloat16.md
static inline __m128 _mm_dpbf16_ps(__m128 src, __m128bh a, __m128bh b) {
  u16x8 x = (u16x8)a, y = (u16x8)b;
  __m128 r;
  for (int j = 0; j < 4; ++j) r[j] = vnni_bfloat_dot(src[j], x[2 * j], x[2 * j + 1], y[2 * j], y[2 * j + 1]);
  return r;
}

/// r[j] = src[j] + a[2j+1] * b[2j+1], then + a[2j] * b[2j], each rounded once, where bit j of k is 1, else src[j].
/// @operand src f32[4] register  @operand a bf16[8] register  @operand b bf16[8] register  @isa avx512_bf16 avx512vl
/// @source manuals/vnni/bfloat16.md
static inline __m128 _mm_mask_dpbf16_ps(__m128 src, __mmask8 k, __m128bh a, __m128bh b) {
  u16x8 x = (u16x8)a, y = (u16x8)b;
  __m128 r;
  for (int j = 0; j < 4; ++j) r[j] = k >> j & 1 ? vnni_bfloat_dot(src[j], x[2 * j], x[2 * j + 1], y[2 * j], y[2 * j + 1]) : src[j];
  return r;
}

/// r[j] = src[j] + a[2j+1] * b[2j+1], then + a[2j] * b[2j], each rounded once, where bit j of k is 1, else 0.
/// @operand src f32[4] register  @operand a bf16[8] register  @operand b bf16[8] register  @isa avx512_bf16 avx512vl
/// @source manuals/vnni/bfloat16.md
static inline __m128 _mm_maskz_dpbf16_ps(__mmask8 k, __m128 src, __m128bh a, __m128bh b) {
  u16x8 x = (u16x8)a, y = (u16x8)b;
  __m128 r;
  for (int j = 0; j < 4; ++j) r[j] = k >> j & 1 ? vnni_bfloat_dot(src[j], x[2 * j], x[2 * j + 1], y[2 * j], y[2 * j + 1]) : 0;
  return r;
}

/// r[j] = b[j] as a brain float for j < 4, then a[j - 4].
/// @operand a f32[4] register  @operand b f32[4] register  @isa avx512_bf16 avx512vl  @source manuals/vnni/bfloat16.md
static inline __m128bh _mm_cvtne2ps_pbh(__m128 a, __m128 b) {
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = vnni_bfloat_bits(j < 4 ? b[j] : a[j - 4]);
  return (__m128bh)r;
}

/// r[j] = b[j] as a brain float for j < 4, then a[j - 4], where bit j of k is 1, else src[j].
/// @operand a f32[4] register  @operand b f32[4] register  @isa avx512_bf16 avx512vl  @source manuals/vnni/bfloat16.md
static inline __m128bh _mm_mask_cvtne2ps_pbh(__m128bh src, __mmask8 k, __m128 a, __m128 b) {
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_bfloat_bits(j < 4 ? b[j] : a[j - 4]) : ((u16x8)src)[j];
  return (__m128bh)r;
}

/// r[j] = b[j] as a brain float for j < 4, then a[j - 4], where bit j of k is 1, else 0.
/// @operand a f32[4] register  @operand b f32[4] register  @isa avx512_bf16 avx512vl  @source manuals/vnni/bfloat16.md
static inline __m128bh _mm_maskz_cvtne2ps_pbh(__mmask8 k, __m128 a, __m128 b) {
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? vnni_bfloat_bits(j < 4 ? b[j] : a[j - 4]) : 0;
  return (__m128bh)r;
}

/// r[j] = a[j] as a brain float; the upper half is 0.
/// @operand a f32[4] register  @isa avx512_bf16 avx512vl  @source manuals/vnni/bfloat16.md
static inline __m128bh _mm_cvtneps_pbh(__m128 a) {
  u16x8 r = {0};
  for (int j = 0; j < 4; ++j) r[j] = vnni_bfloat_bits(a[j]);
  return (__m128bh)r;
}

/// r[j] = a[j] as a brain float; the upper half is 0, where bit j of k is 1, else src[j].
/// @operand a f32[4] register  @isa avx512_bf16 avx512vl  @source manuals/vnni/bfloat16.md
static inline __m128bh _mm_mask_cvtneps_pbh(__m128bh src, __mmask8 k, __m128 a) {
  u16x8 r = {0};
  for (int j = 0; j < 4; ++j) r[j] = k >> j & 1 ? vnni_bfloat_bits(a[j]) : ((u16x8)src)[j];
  return (__m128bh)r;
}

/// r[j] = a[j] as a brain float; the upper half is 0, where bit j of k is 1, else 0.
/// @operand a f32[4] register  @isa avx512_bf16 avx512vl  @source manuals/vnni/bfloat16.md
static inline __m128bh _mm_maskz_cvtneps_pbh(__mmask8 k, __m128 a) {
  u16x8 r = {0};
  for (int j = 0; j < 4; ++j) r[j] = k >> j & 1 ? vnni_bfloat_bits(a[j]) : 0;
  return (__m128bh)r;
}

/// r[j] = a[j] as a float, bit for bit.
/// @operand a bf16[8] register  @isa avx512_bf16 avx512vl  @source manuals/vnni/bfloat16.md
static inline __m128 _mm_cvtpbh_ps(__m128bh a) {
  u16x8 x = (u16x8)a;
  __m128 r;
  for (int j = 0; j < 4; ++j) r[j] = vnni_bfloat_value(x[j]);
  return r;
}

/// r[j] = a[j] as a float, bit for bit, where bit j of k is 1, else src[j].
/// @operand a bf16[8] register  @isa avx512_bf16 avx512vl  @source manuals/vnni/bfloat16.md
static inline __m128 _mm_mask_cvtpbh_ps(__m128 src, __mmask8 k, __m128bh a) {
  u16x8 x = (u16x8)a;
  __m128 r;
  for (int j = 0; j < 4; ++j) r[j] = k >> j & 1 ? vnni_bfloat_value(x[j]) : src[j];
  return r;
}

/// r[j] = a[j] as a float, bit for bit, where bit j of k is 1, else 0.
/// @operand a bf16[8] register  @isa avx512_bf16 avx512vl  @source manuals/vnni/bfloat16.md
static inline __m128 _mm_maskz_cvtpbh_ps(__mmask8 k, __m128bh a) {
  u16x8 x = (u16x8)a;
  __m128 r;
  for (int j = 0; j < 4; ++j) r[j] = k >> j & 1 ? vnni_bfloat_value(x[j]) : 0;
  return r;
}

/// The brain float next to a, to nearest even.
/// @operand a f32 register  @isa avx512_bf16 avx512vl  @source manuals/vnni/bfloat16.md
static inline __bfloat16 _mm_cvtness_sbh(float a) { return vnni_bfloat_bits(a); }

/// The float with the bits of a brain float.
/// @operand a bf16 register  @isa avx512_bf16  @source manuals/vnni/bfloat16.md
static inline float _mm_cvtsbh_ss(__bfloat16 a) { return vnni_bfloat_value(a); }
