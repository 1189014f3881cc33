// Conversions. A suffix names the rounding: _tz toward zero, _oz away from zero, _up toward +infinity, _dn toward -infinity, _rd nearest
// with halves away from zero, _rn nearest even, _rm nearest with halves toward +infinity; none is _tz (rounding.h). To integers values
// saturate (NaN gives the greatest). `fix_position` p scales: an integer q stands for q * 2^p.
#pragma once

/// dst[i] = src[i] as half, rounded toward zero.
/// @operand dst f16[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch all  @source manuals/bang/convert.md
static inline void __bang_float2half(half *dst, const float *src, unsigned n) {
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_half(src[i], bang_round_tz);
}

/// dst[i] = src[i] as half, rounded toward zero.
/// @operand dst f16[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch all  @source manuals/bang/convert.md
static inline void __bang_float2half_tz(half *dst, const float *src, unsigned n) {
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_half(src[i], bang_round_tz);
}

/// dst[i] = src[i] as half, rounded away from zero.
/// @operand dst f16[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch all  @source manuals/bang/convert.md
static inline void __bang_float2half_oz(half *dst, const float *src, unsigned n) {
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_half(src[i], bang_round_oz);
}

/// dst[i] = src[i] as half, rounded up.
/// @operand dst f16[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch all  @source manuals/bang/convert.md
static inline void __bang_float2half_up(half *dst, const float *src, unsigned n) {
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_half(src[i], bang_round_up);
}

/// dst[i] = src[i] as half, rounded down.
/// @operand dst f16[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch all  @source manuals/bang/convert.md
static inline void __bang_float2half_dn(half *dst, const float *src, unsigned n) {
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_half(src[i], bang_round_dn);
}

/// dst[i] = src[i] as half, rounded to nearest, halves away from zero.
/// @operand dst f16[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch all  @source manuals/bang/convert.md
static inline void __bang_float2half_rd(half *dst, const float *src, unsigned n) {
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_half(src[i], bang_round_rd);
}

/// dst[i] = src[i] as half, rounded to nearest even.
/// @operand dst f16[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_float2half_rn(half *dst, const float *src, unsigned n) {
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_half(src[i], bang_round_rn);
}

/// dst[i] = src[i] as half, rounded to nearest, halves up.
/// @operand dst f16[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_float2half_rm(half *dst, const float *src, unsigned n) {
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_half(src[i], bang_round_rm);
}

/// dst[i] = src[i] as bfloat16, rounded toward zero.
/// @operand dst bf16[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=500  @source manuals/bang/convert.md
static inline void __bang_float2bfloat16(bfloat16_t *dst, const float *src, unsigned n) {
  bang_require_arch(500);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_bfloat16(src[i], bang_round_tz);
}

/// dst[i] = src[i] as bfloat16, rounded toward zero.
/// @operand dst bf16[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=500  @source manuals/bang/convert.md
static inline void __bang_float2bfloat16_tz(bfloat16_t *dst, const float *src, unsigned n) {
  bang_require_arch(500);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_bfloat16(src[i], bang_round_tz);
}

/// dst[i] = src[i] as bfloat16, rounded away from zero.
/// @operand dst bf16[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=500  @source manuals/bang/convert.md
static inline void __bang_float2bfloat16_oz(bfloat16_t *dst, const float *src, unsigned n) {
  bang_require_arch(500);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_bfloat16(src[i], bang_round_oz);
}

/// dst[i] = src[i] as bfloat16, rounded up.
/// @operand dst bf16[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=500  @source manuals/bang/convert.md
static inline void __bang_float2bfloat16_up(bfloat16_t *dst, const float *src, unsigned n) {
  bang_require_arch(500);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_bfloat16(src[i], bang_round_up);
}

/// dst[i] = src[i] as bfloat16, rounded down.
/// @operand dst bf16[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=500  @source manuals/bang/convert.md
static inline void __bang_float2bfloat16_dn(bfloat16_t *dst, const float *src, unsigned n) {
  bang_require_arch(500);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_bfloat16(src[i], bang_round_dn);
}

/// dst[i] = src[i] as bfloat16, rounded to nearest, halves away from zero.
/// @operand dst bf16[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=500  @source manuals/bang/convert.md
static inline void __bang_float2bfloat16_rd(bfloat16_t *dst, const float *src, unsigned n) {
  bang_require_arch(500);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_bfloat16(src[i], bang_round_rd);
}

/// dst[i] = src[i] as bfloat16, rounded to nearest even.
/// @operand dst bf16[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=500  @source manuals/bang/convert.md
static inline void __bang_float2bfloat16_rn(bfloat16_t *dst, const float *src, unsigned n) {
  bang_require_arch(500);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_bfloat16(src[i], bang_round_rn);
}

/// dst[i] = src[i] as bfloat16, rounded to nearest, halves up.
/// @operand dst bf16[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=500  @source manuals/bang/convert.md
static inline void __bang_float2bfloat16_rm(bfloat16_t *dst, const float *src, unsigned n) {
  bang_require_arch(500);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_bfloat16(src[i], bang_round_rm);
}

/// dst[i] = src[i] as float, exact.
/// @operand dst f32[n] nram  @operand src f16[n] nram
/// @length n elements  @overlap none  @arch all  @source manuals/bang/convert.md
static inline void __bang_half2float(float *dst, const half *src, unsigned n) {
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  bang_require_disjoint(dst, n, src, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = src[i];
}

/// dst[i] = src[i] as float, exact.
/// @operand dst f32[n] nram  @operand src bf16[n] nram
/// @length n elements  @overlap none  @arch >=500  @source manuals/bang/convert.md
static inline void __bang_bfloat162float(float *dst, const bfloat16_t *src, unsigned n) {
  bang_require_arch(500);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  bang_require_disjoint(dst, n, src, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = src[i];
}
