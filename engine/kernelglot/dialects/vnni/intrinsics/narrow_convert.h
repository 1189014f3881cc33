// Conversions between element types on 256 and 128 bits.
#pragma once

/// r[j] = a[j] as float, rounded to nearest even.
/// @operand a i32[8] register  @isa avx  @source manuals/vnni/convert.md
static inline __m256 _mm256_cvtepi32_ps(__m256i a) {
  i32x8 x = (i32x8)a;
  __m256 r;
  for (int j = 0; j < 8; ++j) r[j] = (float)x[j];
  return r;
}

/// r[j] = a[j] rounded to nearest even; INT32_MIN where that is no int32.
/// @operand a f32[8] register  @isa avx  @source manuals/vnni/convert.md
static inline __m256i _mm256_cvtps_epi32(__m256 a) {
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = vnni_to_i32(rintf(a[j]));
  return (__m256i)r;
}

/// r[j] = a[j] rounded toward zero; INT32_MIN where that is no int32.
/// @operand a f32[8] register  @isa avx  @source manuals/vnni/convert.md
static inline __m256i _mm256_cvttps_epi32(__m256 a) {
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = vnni_to_i32(truncf(a[j]));
  return (__m256i)r;
}

/// r[j] = a[j], widened.
/// @operand a i8[16] register  @isa avx2  @source manuals/vnni/convert.md
static inline __m256i _mm256_cvtepi8_epi16(__m128i a) {
  i8x16 x = (i8x16)a;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = x[j];
  return (__m256i)r;
}

/// r[j] = a[j], widened.
/// @operand a u8[16] register  @isa avx2  @source manuals/vnni/convert.md
static inline __m256i _mm256_cvtepu8_epi16(__m128i a) {
  u8x16 x = (u8x16)a;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = x[j];
  return (__m256i)r;
}

/// r[j] = a[j], widened.
/// @operand a i8[16] register  @isa avx2  @source manuals/vnni/convert.md
static inline __m256i _mm256_cvtepi8_epi32(__m128i a) {
  i8x16 x = (i8x16)a;
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = x[j];
  return (__m256i)r;
}

/// r[j] = a[j], widened.
/// @operand a u8[16] register  @isa avx2  @source manuals/vnni/convert.md
static inline __m256i _mm256_cvtepu8_epi32(__m128i a) {
  u8x16 x = (u8x16)a;
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = x[j];
  return (__m256i)r;
}

/// r[j] = a[j], widened.
/// @operand a u16[8] register  @isa avx2  @source manuals/vnni/convert.md
static inline __m256i _mm256_cvtepu16_epi32(__m128i a) {
  u16x8 x = (u16x8)a;
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = x[j];
  return (__m256i)r;
}

/// r[j] = a[j], widened.
/// @operand a i32[4] register  @isa avx2  @source manuals/vnni/convert.md
static inline __m256i _mm256_cvtepi32_epi64(__m128i a) {
  i32x4 x = (i32x4)a;
  i64x4 r;
  for (int j = 0; j < 4; ++j) r[j] = x[j];
  return (__m256i)r;
}

/// r[j] = a[j], widened.
/// @operand a u32[4] register  @isa avx2  @source manuals/vnni/convert.md
static inline __m256i _mm256_cvtepu32_epi64(__m128i a) {
  u32x4 x = (u32x4)a;
  i64x4 r;
  for (int j = 0; j < 4; ++j) r[j] = x[j];
  return (__m256i)r;
}

/// r[j] = the low bits of a[j]; elements beyond are 0.
/// @operand a i32[8] register  @isa avx512f avx512vl  @source manuals/vnni/convert.md
static inline __m128i _mm256_cvtepi32_epi8(__m256i a) {
  i32x8 x = (i32x8)a;
  i8x16 r = {0};
  for (int j = 0; j < 8; ++j) r[j] = (int8_t)x[j];
  return (__m128i)r;
}

/// r[j] = the low bits of a[j]; elements beyond are 0.
/// @operand a i32[8] register  @isa avx512f avx512vl  @source manuals/vnni/convert.md
static inline __m128i _mm256_cvtepi32_epi16(__m256i a) {
  i32x8 x = (i32x8)a;
  i16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (int16_t)x[j];
  return (__m128i)r;
}

/// r[j] = a[j] as float, rounded to nearest even.
/// @operand a i32[4] register  @isa sse2  @source manuals/vnni/convert.md
static inline __m128 _mm_cvtepi32_ps(__m128i a) { i32x4 x = (i32x4)a; __m128 r; for (int j = 0; j < 4; ++j) r[j] = (float)x[j]; return r; }

/// r[j] = a[j] rounded to nearest even; INT32_MIN where that is no int32.
/// @operand a f32[4] register  @isa sse2  @source manuals/vnni/convert.md
static inline __m128i _mm_cvtps_epi32(__m128 a) { i32x4 r; for (int j = 0; j < 4; ++j) r[j] = vnni_to_i32(rintf(a[j])); return (__m128i)r; }

/// r[j] = a[j] rounded toward zero; INT32_MIN where that is no int32.
/// @operand a f32[4] register  @isa sse2  @source manuals/vnni/convert.md
static inline __m128i _mm_cvttps_epi32(__m128 a) {
  i32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = vnni_to_i32(truncf(a[j]));
  return (__m128i)r;
}

/// r[j] = a[j], widened.
/// @operand a i8[16] register  @isa sse4.1  @source manuals/vnni/convert.md
static inline __m128i _mm_cvtepi8_epi16(__m128i a) {
  i8x16 x = (i8x16)a;
  i16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = x[j];
  return (__m128i)r;
}

/// r[j] = a[j], widened.
/// @operand a u8[16] register  @isa sse4.1  @source manuals/vnni/convert.md
static inline __m128i _mm_cvtepu8_epi16(__m128i a) {
  u8x16 x = (u8x16)a;
  i16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = x[j];
  return (__m128i)r;
}

/// r[j] = a[j], widened.
/// @operand a i8[16] register  @isa sse4.1  @source manuals/vnni/convert.md
static inline __m128i _mm_cvtepi8_epi32(__m128i a) {
  i8x16 x = (i8x16)a;
  i32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = x[j];
  return (__m128i)r;
}

/// r[j] = a[j], widened.
/// @operand a u8[16] register  @isa sse4.1  @source manuals/vnni/convert.md
static inline __m128i _mm_cvtepu8_epi32(__m128i a) {
  u8x16 x = (u8x16)a;
  i32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = x[j];
  return (__m128i)r;
}

/// r[j] = a[j], widened.
/// @operand a u16[8] register  @isa sse4.1  @source manuals/vnni/convert.md
static inline __m128i _mm_cvtepu16_epi32(__m128i a) {
  u16x8 x = (u16x8)a;
  i32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = x[j];
  return (__m128i)r;
}

/// r[j] = a[j], widened.
/// @operand a i32[4] register  @isa sse4.1  @source manuals/vnni/convert.md
static inline __m128i _mm_cvtepi32_epi64(__m128i a) {
  i32x4 x = (i32x4)a;
  i64x2 r;
  for (int j = 0; j < 2; ++j) r[j] = x[j];
  return (__m128i)r;
}

/// r[j] = a[j], widened.
/// @operand a u32[4] register  @isa sse4.1  @source manuals/vnni/convert.md
static inline __m128i _mm_cvtepu32_epi64(__m128i a) {
  u32x4 x = (u32x4)a;
  i64x2 r;
  for (int j = 0; j < 2; ++j) r[j] = x[j];
  return (__m128i)r;
}

/// r[j] = the low bits of a[j]; elements beyond are 0.
/// @operand a i32[4] register  @isa avx512f avx512vl  @source manuals/vnni/convert.md
static inline __m128i _mm_cvtepi32_epi8(__m128i a) {
  i32x4 x = (i32x4)a;
  i8x16 r = {0};
  for (int j = 0; j < 4; ++j) r[j] = (int8_t)x[j];
  return (__m128i)r;
}

/// r[j] = the low bits of a[j]; elements beyond are 0.
/// @operand a i32[4] register  @isa avx512f avx512vl  @source manuals/vnni/convert.md
static inline __m128i _mm_cvtepi32_epi16(__m128i a) {
  i32x4 x = (i32x4)a;
  i16x8 r = {0};
  for (int j = 0; j < 4; ++j) r[j] = (int16_t)x[j];
  return (__m128i)r;
}

/// r[j] = a[j], widened.
/// @operand a f32[4] register  @isa avx  @source manuals/vnni/convert.md
static inline __m256d _mm256_cvtps_pd(__m128 a) { __m256d r; for (int j = 0; j < 4; ++j) r[j] = a[j]; return r; }

/// r[j] = a[j], rounded to nearest even.
/// @operand a f64[4] register  @isa avx  @source manuals/vnni/convert.md
static inline __m128 _mm256_cvtpd_ps(__m256d a) { __m128 r; for (int j = 0; j < 4; ++j) r[j] = (float)a[j]; return r; }

/// r[j] = the half a[j] as float, exact.
/// @operand a f16[8] register  @isa f16c  @source manuals/vnni/convert.md
static inline __m256 _mm256_cvtph_ps(__m128i a) {
  u16x8 x = (u16x8)a;
  __m256 r;
  for (int j = 0; j < 8; ++j) r[j] = vnni_half_value(x[j]);
  return r;
}

/// r[j] = a[j] as half; imm & 3: 0 nearest even, 1 down, 2 up, 3 toward zero; imm & 4: nearest even, as the register says.
/// @operand a f32[8] register  @operand imm i32 immediate  @isa f16c  @source manuals/vnni/convert.md
static inline __m128i _mm256_cvtps_ph(__m256 a, const int imm) {
  u16x8 r = {0};
  for (int j = 0; j < 8; ++j) r[j] = vnni_half_bits(a[j], imm);
  return (__m128i)r;
}

/// r[j] = the half a[j] as float, exact.
/// @operand a f16[4] register  @isa f16c  @source manuals/vnni/convert.md
static inline __m128 _mm_cvtph_ps(__m128i a) {
  u16x8 x = (u16x8)a;
  __m128 r;
  for (int j = 0; j < 4; ++j) r[j] = vnni_half_value(x[j]);
  return r;
}

/// r[j] = a[j] as half; imm & 3: 0 nearest even, 1 down, 2 up, 3 toward zero; imm & 4: nearest even, as the register says.
/// @operand a f32[4] register  @operand imm i32 immediate  @isa f16c  @source manuals/vnni/convert.md
static inline __m128i _mm_cvtps_ph(__m128 a, const int imm) {
  u16x8 r = {0};
  for (int j = 0; j < 4; ++j) r[j] = vnni_half_bits(a[j], imm);
  return (__m128i)r;
}
