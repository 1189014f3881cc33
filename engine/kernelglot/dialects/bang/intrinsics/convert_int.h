// Conversions between integers and floats, and between integers: see convert.h for suffixes, saturation and `fix_position`.
#pragma once

/// dst[i] = src[i] / 2^fix_position, rounded toward zero, saturated.
/// @operand dst i8[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch all  @source manuals/bang/convert.md
static inline void __bang_float2int8(int8_t *dst, const float *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int8_t>(bang_round_tz(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded toward zero, saturated.
/// @operand dst i8[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch all  @source manuals/bang/convert.md
static inline void __bang_float2int8_tz(int8_t *dst, const float *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int8_t>(bang_round_tz(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded away from zero, saturated.
/// @operand dst i8[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch all  @source manuals/bang/convert.md
static inline void __bang_float2int8_oz(int8_t *dst, const float *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int8_t>(bang_round_oz(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded up, saturated.
/// @operand dst i8[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch all  @source manuals/bang/convert.md
static inline void __bang_float2int8_up(int8_t *dst, const float *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int8_t>(bang_round_up(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded down, saturated.
/// @operand dst i8[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch all  @source manuals/bang/convert.md
static inline void __bang_float2int8_dn(int8_t *dst, const float *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int8_t>(bang_round_dn(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded to nearest, halves away from zero, saturated.
/// @operand dst i8[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch all  @source manuals/bang/convert.md
static inline void __bang_float2int8_rd(int8_t *dst, const float *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int8_t>(bang_round_rd(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded to nearest even, saturated.
/// @operand dst i8[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_float2int8_rn(int8_t *dst, const float *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int8_t>(bang_round_rn(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded to nearest, halves up, saturated.
/// @operand dst i8[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_float2int8_rm(int8_t *dst, const float *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int8_t>(bang_round_rm(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded toward zero, saturated.
/// @operand dst i16[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch all  @source manuals/bang/convert.md
static inline void __bang_float2int16(int16_t *dst, const float *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int16_t>(bang_round_tz(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded toward zero, saturated.
/// @operand dst i16[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch all  @source manuals/bang/convert.md
static inline void __bang_float2int16_tz(int16_t *dst, const float *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int16_t>(bang_round_tz(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded away from zero, saturated.
/// @operand dst i16[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch all  @source manuals/bang/convert.md
static inline void __bang_float2int16_oz(int16_t *dst, const float *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int16_t>(bang_round_oz(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded up, saturated.
/// @operand dst i16[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch all  @source manuals/bang/convert.md
static inline void __bang_float2int16_up(int16_t *dst, const float *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int16_t>(bang_round_up(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded down, saturated.
/// @operand dst i16[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch all  @source manuals/bang/convert.md
static inline void __bang_float2int16_dn(int16_t *dst, const float *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int16_t>(bang_round_dn(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded to nearest, halves away from zero, saturated.
/// @operand dst i16[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch all  @source manuals/bang/convert.md
static inline void __bang_float2int16_rd(int16_t *dst, const float *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int16_t>(bang_round_rd(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded to nearest even, saturated.
/// @operand dst i16[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_float2int16_rn(int16_t *dst, const float *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int16_t>(bang_round_rn(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded to nearest, halves up, saturated.
/// @operand dst i16[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_float2int16_rm(int16_t *dst, const float *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int16_t>(bang_round_rm(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded toward zero, saturated.
/// @operand dst i32[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_float2int32(int32_t *dst, const float *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int32_t>(bang_round_tz(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded toward zero, saturated.
/// @operand dst i32[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_float2int32_tz(int32_t *dst, const float *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int32_t>(bang_round_tz(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded away from zero, saturated.
/// @operand dst i32[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_float2int32_oz(int32_t *dst, const float *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int32_t>(bang_round_oz(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded up, saturated.
/// @operand dst i32[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_float2int32_up(int32_t *dst, const float *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int32_t>(bang_round_up(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded down, saturated.
/// @operand dst i32[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_float2int32_dn(int32_t *dst, const float *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int32_t>(bang_round_dn(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded to nearest, halves away from zero, saturated.
/// @operand dst i32[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_float2int32_rd(int32_t *dst, const float *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int32_t>(bang_round_rd(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded to nearest even, saturated.
/// @operand dst i32[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_float2int32_rn(int32_t *dst, const float *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int32_t>(bang_round_rn(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded to nearest, halves up, saturated.
/// @operand dst i32[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_float2int32_rm(int32_t *dst, const float *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int32_t>(bang_round_rm(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded toward zero, saturated.
/// @operand dst u8[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_float2uint8(uint8_t *dst, const float *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<uint8_t>(bang_round_tz(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded toward zero, saturated.
/// @operand dst u8[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_float2uint8_tz(uint8_t *dst, const float *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<uint8_t>(bang_round_tz(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded away from zero, saturated.
/// @operand dst u8[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_float2uint8_oz(uint8_t *dst, const float *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<uint8_t>(bang_round_oz(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded up, saturated.
/// @operand dst u8[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_float2uint8_up(uint8_t *dst, const float *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<uint8_t>(bang_round_up(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded down, saturated.
/// @operand dst u8[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_float2uint8_dn(uint8_t *dst, const float *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<uint8_t>(bang_round_dn(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded to nearest, halves away from zero, saturated.
/// @operand dst u8[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_float2uint8_rd(uint8_t *dst, const float *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<uint8_t>(bang_round_rd(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded to nearest even, saturated.
/// @operand dst u8[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_float2uint8_rn(uint8_t *dst, const float *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<uint8_t>(bang_round_rn(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded to nearest, halves up, saturated.
/// @operand dst u8[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_float2uint8_rm(uint8_t *dst, const float *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<uint8_t>(bang_round_rm(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded toward zero, saturated.
/// @operand dst u32[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_float2uint32(uint32_t *dst, const float *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<uint32_t>(bang_round_tz(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded toward zero, saturated.
/// @operand dst u32[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_float2uint32_tz(uint32_t *dst, const float *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<uint32_t>(bang_round_tz(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded away from zero, saturated.
/// @operand dst u32[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_float2uint32_oz(uint32_t *dst, const float *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<uint32_t>(bang_round_oz(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded up, saturated.
/// @operand dst u32[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_float2uint32_up(uint32_t *dst, const float *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<uint32_t>(bang_round_up(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded down, saturated.
/// @operand dst u32[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_float2uint32_dn(uint32_t *dst, const float *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<uint32_t>(bang_round_dn(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded to nearest, halves away from zero, saturated.
/// @operand dst u32[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_float2uint32_rd(uint32_t *dst, const float *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<uint32_t>(bang_round_rd(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded to nearest even, saturated.
/// @operand dst u32[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_float2uint32_rn(uint32_t *dst, const float *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<uint32_t>(bang_round_rn(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded to nearest, halves up, saturated.
/// @operand dst u32[n] nram  @operand src f32[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_float2uint32_rm(uint32_t *dst, const float *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<uint32_t>(bang_round_rm(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] * 2^fix_position, exact but for overflow.
/// @operand dst f32[n] nram  @operand src i8[n] nram
/// @length n elements  @overlap none  @arch all  @source manuals/bang/convert.md
static inline void __bang_int82float(float *dst, const int8_t *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  bang_require_disjoint(dst, n, src, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (float)ldexp((double)src[i], fix_position);
}

/// dst[i] = src[i] * 2^fix_position, exact but for overflow.
/// @operand dst f32[n] nram  @operand src i16[n] nram
/// @length n elements  @overlap none  @arch all  @source manuals/bang/convert.md
static inline void __bang_int162float(float *dst, const int16_t *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  bang_require_disjoint(dst, n, src, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (float)ldexp((double)src[i], fix_position);
}

/// dst[i] = src[i] * 2^fix_position, rounded to nearest even.
/// @operand dst f32[n] nram  @operand src i32[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_int322float(float *dst, const int32_t *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (float)ldexp((double)src[i], fix_position);
}

/// dst[i] = src[i] * 2^fix_position, rounded to nearest even.
/// @operand dst f32[n] nram  @operand src u8[n] nram
/// @length n elements  @overlap none  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_uint82float(float *dst, const uint8_t *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  bang_require_disjoint(dst, n, src, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (float)ldexp((double)src[i], fix_position);
}

/// dst[i] = src[i] * 2^fix_position, rounded to nearest even.
/// @operand dst f32[n] nram  @operand src u32[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_uint322float(float *dst, const uint32_t *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (float)ldexp((double)src[i], fix_position);
}

/// dst[i] = src[i] / 2^fix_position, rounded toward zero, saturated.
/// @operand dst i8[n] nram  @operand src f16[n] nram
/// @length n elements  @overlap src  @arch all  @source manuals/bang/convert.md
static inline void __bang_half2int8(int8_t *dst, const half *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int8_t>(bang_round_tz(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded toward zero, saturated.
/// @operand dst i8[n] nram  @operand src f16[n] nram
/// @length n elements  @overlap src  @arch all  @source manuals/bang/convert.md
static inline void __bang_half2int8_tz(int8_t *dst, const half *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int8_t>(bang_round_tz(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded away from zero, saturated.
/// @operand dst i8[n] nram  @operand src f16[n] nram
/// @length n elements  @overlap src  @arch all  @source manuals/bang/convert.md
static inline void __bang_half2int8_oz(int8_t *dst, const half *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int8_t>(bang_round_oz(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded up, saturated.
/// @operand dst i8[n] nram  @operand src f16[n] nram
/// @length n elements  @overlap src  @arch all  @source manuals/bang/convert.md
static inline void __bang_half2int8_up(int8_t *dst, const half *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int8_t>(bang_round_up(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded down, saturated.
/// @operand dst i8[n] nram  @operand src f16[n] nram
/// @length n elements  @overlap src  @arch all  @source manuals/bang/convert.md
static inline void __bang_half2int8_dn(int8_t *dst, const half *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int8_t>(bang_round_dn(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded to nearest, halves away from zero, saturated.
/// @operand dst i8[n] nram  @operand src f16[n] nram
/// @length n elements  @overlap src  @arch all  @source manuals/bang/convert.md
static inline void __bang_half2int8_rd(int8_t *dst, const half *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int8_t>(bang_round_rd(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded to nearest even, saturated.
/// @operand dst i8[n] nram  @operand src f16[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_half2int8_rn(int8_t *dst, const half *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int8_t>(bang_round_rn(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded to nearest, halves up, saturated.
/// @operand dst i8[n] nram  @operand src f16[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_half2int8_rm(int8_t *dst, const half *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int8_t>(bang_round_rm(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded toward zero, saturated.
/// @operand dst i16[n] nram  @operand src f16[n] nram
/// @length n elements  @overlap src  @arch all  @source manuals/bang/convert.md
static inline void __bang_half2int16(int16_t *dst, const half *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int16_t>(bang_round_tz(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded toward zero, saturated.
/// @operand dst i16[n] nram  @operand src f16[n] nram
/// @length n elements  @overlap src  @arch all  @source manuals/bang/convert.md
static inline void __bang_half2int16_tz(int16_t *dst, const half *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int16_t>(bang_round_tz(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded away from zero, saturated.
/// @operand dst i16[n] nram  @operand src f16[n] nram
/// @length n elements  @overlap src  @arch all  @source manuals/bang/convert.md
static inline void __bang_half2int16_oz(int16_t *dst, const half *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int16_t>(bang_round_oz(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded up, saturated.
/// @operand dst i16[n] nram  @operand src f16[n] nram
/// @length n elements  @overlap src  @arch all  @source manuals/bang/convert.md
static inline void __bang_half2int16_up(int16_t *dst, const half *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int16_t>(bang_round_up(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded down, saturated.
/// @operand dst i16[n] nram  @operand src f16[n] nram
/// @length n elements  @overlap src  @arch all  @source manuals/bang/convert.md
static inline void __bang_half2int16_dn(int16_t *dst, const half *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int16_t>(bang_round_dn(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded to nearest, halves away from zero, saturated.
/// @operand dst i16[n] nram  @operand src f16[n] nram
/// @length n elements  @overlap src  @arch all  @source manuals/bang/convert.md
static inline void __bang_half2int16_rd(int16_t *dst, const half *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int16_t>(bang_round_rd(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded to nearest even, saturated.
/// @operand dst i16[n] nram  @operand src f16[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_half2int16_rn(int16_t *dst, const half *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int16_t>(bang_round_rn(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded to nearest, halves up, saturated.
/// @operand dst i16[n] nram  @operand src f16[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_half2int16_rm(int16_t *dst, const half *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int16_t>(bang_round_rm(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded toward zero, saturated.
/// @operand dst i32[n] nram  @operand src f16[n] nram
/// @length n elements  @overlap none  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_half2int32(int32_t *dst, const half *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  bang_require_disjoint(dst, n, src, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int32_t>(bang_round_tz(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded toward zero, saturated.
/// @operand dst i32[n] nram  @operand src f16[n] nram
/// @length n elements  @overlap none  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_half2int32_tz(int32_t *dst, const half *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  bang_require_disjoint(dst, n, src, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int32_t>(bang_round_tz(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded away from zero, saturated.
/// @operand dst i32[n] nram  @operand src f16[n] nram
/// @length n elements  @overlap none  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_half2int32_oz(int32_t *dst, const half *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  bang_require_disjoint(dst, n, src, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int32_t>(bang_round_oz(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded up, saturated.
/// @operand dst i32[n] nram  @operand src f16[n] nram
/// @length n elements  @overlap none  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_half2int32_up(int32_t *dst, const half *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  bang_require_disjoint(dst, n, src, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int32_t>(bang_round_up(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded down, saturated.
/// @operand dst i32[n] nram  @operand src f16[n] nram
/// @length n elements  @overlap none  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_half2int32_dn(int32_t *dst, const half *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  bang_require_disjoint(dst, n, src, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int32_t>(bang_round_dn(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded to nearest, halves away from zero, saturated.
/// @operand dst i32[n] nram  @operand src f16[n] nram
/// @length n elements  @overlap none  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_half2int32_rd(int32_t *dst, const half *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  bang_require_disjoint(dst, n, src, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int32_t>(bang_round_rd(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded to nearest even, saturated.
/// @operand dst i32[n] nram  @operand src f16[n] nram
/// @length n elements  @overlap none  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_half2int32_rn(int32_t *dst, const half *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  bang_require_disjoint(dst, n, src, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int32_t>(bang_round_rn(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] / 2^fix_position, rounded to nearest, halves up, saturated.
/// @operand dst i32[n] nram  @operand src f16[n] nram
/// @length n elements  @overlap none  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_half2int32_rm(int32_t *dst, const half *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  bang_require_disjoint(dst, n, src, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_to_integer<int32_t>(bang_round_rm(ldexp((double)src[i], -fix_position)));
}

/// dst[i] = src[i] * 2^fix_position, exact but for overflow.
/// @operand dst f16[n] nram  @operand src i8[n] nram
/// @length n elements  @overlap none  @arch all  @source manuals/bang/convert.md
static inline void __bang_int82half(half *dst, const int8_t *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  bang_require_disjoint(dst, n, src, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = ldexp((double)src[i], fix_position);
}

/// dst[i] = src[i] * 2^fix_position, rounded to nearest even.
/// @operand dst f16[n] nram  @operand src i16[n] nram
/// @length n elements  @overlap src  @arch all  @source manuals/bang/convert.md
static inline void __bang_int162half(half *dst, const int16_t *src, unsigned n, int fix_position) {
  bang_require_fix_position(fix_position);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = ldexp((double)src[i], fix_position);
}

/// dst[i] = src[i] * 2^fix_position, rounded to nearest even.
/// @operand dst f16[n] nram  @operand src i32[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_int322half(half *dst, const int32_t *src, unsigned n, int fix_position = 0) {
  bang_require_fix_position(fix_position);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = ldexp((double)src[i], fix_position);
}

/// dst[i] = src[i], widened.
/// @operand dst i16[n] nram  @operand src i8[n] nram
/// @length n elements  @overlap none  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_int82int16(int16_t *dst, const int8_t *src, unsigned n) {
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  bang_require_disjoint(dst, n, src, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = src[i];
}

/// dst[i] = src[i], saturated.
/// @operand dst i8[n] nram  @operand src i16[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_int162int8(int8_t *dst, const int16_t *src, unsigned n) {
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_saturate<int8_t>(src[i]);
}

/// dst[i] = src[i], widened.
/// @operand dst i32[n] nram  @operand src i8[n] nram
/// @length n elements  @overlap none  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_int82int32(int32_t *dst, const int8_t *src, unsigned n) {
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  bang_require_disjoint(dst, n, src, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = src[i];
}

/// dst[i] = src[i], saturated.
/// @operand dst i8[n] nram  @operand src i32[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_int322int8(int8_t *dst, const int32_t *src, unsigned n) {
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_saturate<int8_t>(src[i]);
}

/// dst[i] = src[i], widened.
/// @operand dst i32[n] nram  @operand src i16[n] nram
/// @length n elements  @overlap none  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_int162int32(int32_t *dst, const int16_t *src, unsigned n) {
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  bang_require_disjoint(dst, n, src, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = src[i];
}

/// dst[i] = src[i], saturated.
/// @operand dst i16[n] nram  @operand src i32[n] nram
/// @length n elements  @overlap src  @arch >=300  @source manuals/bang/convert.md
static inline void __bang_int322int16(int16_t *dst, const int32_t *src, unsigned n) {
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_saturate<int16_t>(src[i]);
}
