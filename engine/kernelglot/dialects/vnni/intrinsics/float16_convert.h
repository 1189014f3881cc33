// AVX512_FP16: between halves and integers, floats and doubles. An integer that does not fit becomes the one with the top bit alone, or all
// bits for unsigned ones. Where the result has fewer bytes than a register its upper part is 0.
#pragma once

/// r[j] = a[j] as a half, to nearest even.
/// @operand a i16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_cvtepi16_ph(__m512i a) {
  i16x32 x = (i16x32)a;
  u16x32 r = {0};
  for (int j = 0; j < 32; ++j) r[j] = vnni_half_near((double)x[j]);
  return (__m512h)r;
}

/// r[j] = a[j] as an integer, to nearest even.
/// @operand a f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512i _mm512_cvtph_epi16(__m512h a) {
  u16x32 x = (u16x32)a;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (int16_t)vnni_half_integer(vnni_half_value(x[j]), 0, -32768.0, 32767.0, INT16_MIN);
  return (__m512i)r;
}

/// r[j] = a[j] as an integer, toward zero.
/// @operand a f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512i _mm512_cvttph_epi16(__m512h a) {
  u16x32 x = (u16x32)a;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (int16_t)vnni_half_integer(vnni_half_value(x[j]), 1, -32768.0, 32767.0, INT16_MIN);
  return (__m512i)r;
}

/// r[j] = a[j] as a half, to nearest even.
/// @operand a u16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_cvtepu16_ph(__m512i a) {
  u16x32 x = (u16x32)a;
  u16x32 r = {0};
  for (int j = 0; j < 32; ++j) r[j] = vnni_half_near((double)x[j]);
  return (__m512h)r;
}

/// r[j] = a[j] as an integer, to nearest even.
/// @operand a f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512i _mm512_cvtph_epu16(__m512h a) {
  u16x32 x = (u16x32)a;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (uint16_t)vnni_half_integer(vnni_half_value(x[j]), 0, 0, 65535.0, UINT16_MAX);
  return (__m512i)r;
}

/// r[j] = a[j] as an integer, toward zero.
/// @operand a f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512i _mm512_cvttph_epu16(__m512h a) {
  u16x32 x = (u16x32)a;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (uint16_t)vnni_half_integer(vnni_half_value(x[j]), 1, 0, 65535.0, UINT16_MAX);
  return (__m512i)r;
}

/// r[j] = a[j] as a half, to nearest even.
/// @operand a i32[16] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m256h _mm512_cvtepi32_ph(__m512i a) {
  i32x16 x = (i32x16)a;
  u16x16 r = {0};
  for (int j = 0; j < 16; ++j) r[j] = vnni_half_near((double)x[j]);
  return (__m256h)r;
}

/// r[j] = a[j] as an integer, to nearest even.
/// @operand a f16[16] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512i _mm512_cvtph_epi32(__m256h a) {
  u16x16 x = (u16x16)a;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (int32_t)vnni_half_integer(vnni_half_value(x[j]), 0, -2147483648.0, 2147483647.0, INT32_MIN);
  return (__m512i)r;
}

/// r[j] = a[j] as an integer, toward zero.
/// @operand a f16[16] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512i _mm512_cvttph_epi32(__m256h a) {
  u16x16 x = (u16x16)a;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (int32_t)vnni_half_integer(vnni_half_value(x[j]), 1, -2147483648.0, 2147483647.0, INT32_MIN);
  return (__m512i)r;
}

/// r[j] = a[j] as a half, to nearest even.
/// @operand a u32[16] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m256h _mm512_cvtepu32_ph(__m512i a) {
  u32x16 x = (u32x16)a;
  u16x16 r = {0};
  for (int j = 0; j < 16; ++j) r[j] = vnni_half_near((double)x[j]);
  return (__m256h)r;
}

/// r[j] = a[j] as an integer, to nearest even.
/// @operand a f16[16] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512i _mm512_cvtph_epu32(__m256h a) {
  u16x16 x = (u16x16)a;
  u32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (uint32_t)vnni_half_integer(vnni_half_value(x[j]), 0, 0, 4294967295.0, UINT32_MAX);
  return (__m512i)r;
}

/// r[j] = a[j] as an integer, toward zero.
/// @operand a f16[16] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512i _mm512_cvttph_epu32(__m256h a) {
  u16x16 x = (u16x16)a;
  u32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (uint32_t)vnni_half_integer(vnni_half_value(x[j]), 1, 0, 4294967295.0, UINT32_MAX);
  return (__m512i)r;
}

/// r[j] = a[j] as a half, to nearest even.
/// @operand a i64[8] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m128h _mm512_cvtepi64_ph(__m512i a) {
  i64x8 x = (i64x8)a;
  u16x8 r = {0};
  for (int j = 0; j < 8; ++j) r[j] = vnni_half_near((double)x[j]);
  return (__m128h)r;
}

/// r[j] = a[j] as an integer, to nearest even.
/// @operand a f16[8] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512i _mm512_cvtph_epi64(__m128h a) {
  u16x8 x = (u16x8)a;
  i64x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (int64_t)vnni_half_integer(vnni_half_value(x[j]), 0, -9e18, 9e18, INT64_MIN);
  return (__m512i)r;
}

/// r[j] = a[j] as an integer, toward zero.
/// @operand a f16[8] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512i _mm512_cvttph_epi64(__m128h a) {
  u16x8 x = (u16x8)a;
  i64x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (int64_t)vnni_half_integer(vnni_half_value(x[j]), 1, -9e18, 9e18, INT64_MIN);
  return (__m512i)r;
}

/// r[j] = a[j] as a half, to nearest even.
/// @operand a u64[8] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m128h _mm512_cvtepu64_ph(__m512i a) {
  u64x8 x = (u64x8)a;
  u16x8 r = {0};
  for (int j = 0; j < 8; ++j) r[j] = vnni_half_near((double)x[j]);
  return (__m128h)r;
}

/// r[j] = a[j] as an integer, to nearest even.
/// @operand a f16[8] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512i _mm512_cvtph_epu64(__m128h a) {
  u16x8 x = (u16x8)a;
  u64x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (uint64_t)vnni_half_integer(vnni_half_value(x[j]), 0, 0, 9e18, -1);
  return (__m512i)r;
}

/// r[j] = a[j] as an integer, toward zero.
/// @operand a f16[8] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512i _mm512_cvttph_epu64(__m128h a) {
  u16x8 x = (u16x8)a;
  u64x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (uint64_t)vnni_half_integer(vnni_half_value(x[j]), 1, 0, 9e18, -1);
  return (__m512i)r;
}

/// r[j] = a[j] as a float.
/// @operand a f16[16] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512 _mm512_cvtxph_ps(__m256h a) {
  u16x16 x = (u16x16)a;
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_half_value(x[j]);
  return r;
}

/// r[j] = a[j] as a half, to nearest even.
/// @operand a f32[16] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m256h _mm512_cvtxps_ph(__m512 a) {
  u16x16 r = {0};
  for (int j = 0; j < 16; ++j) r[j] = vnni_half_near(a[j]);
  return (__m256h)r;
}

/// r[j] = a[j] as a double.
/// @operand a f16[8] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512d _mm512_cvtph_pd(__m128h a) {
  u16x8 x = (u16x8)a;
  __m512d r;
  for (int j = 0; j < 8; ++j) r[j] = vnni_half_value(x[j]);
  return r;
}

/// r[j] = a[j] as a half, to nearest even.
/// @operand a f64[8] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m128h _mm512_cvtpd_ph(__m512d a) {
  u16x8 r = {0};
  for (int j = 0; j < 8; ++j) r[j] = vnni_half_near(a[j]);
  return (__m128h)r;
}

/// r[j] = a[j] as a half, to nearest even.
/// @operand a i16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_cvtepi16_ph(__m256i a) {
  i16x16 x = (i16x16)a;
  u16x16 r = {0};
  for (int j = 0; j < 16; ++j) r[j] = vnni_half_near((double)x[j]);
  return (__m256h)r;
}

/// r[j] = a[j] as an integer, to nearest even.
/// @operand a f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256i _mm256_cvtph_epi16(__m256h a) {
  u16x16 x = (u16x16)a;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (int16_t)vnni_half_integer(vnni_half_value(x[j]), 0, -32768.0, 32767.0, INT16_MIN);
  return (__m256i)r;
}

/// r[j] = a[j] as an integer, toward zero.
/// @operand a f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256i _mm256_cvttph_epi16(__m256h a) {
  u16x16 x = (u16x16)a;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (int16_t)vnni_half_integer(vnni_half_value(x[j]), 1, -32768.0, 32767.0, INT16_MIN);
  return (__m256i)r;
}

/// r[j] = a[j] as a half, to nearest even.
/// @operand a u16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_cvtepu16_ph(__m256i a) {
  u16x16 x = (u16x16)a;
  u16x16 r = {0};
  for (int j = 0; j < 16; ++j) r[j] = vnni_half_near((double)x[j]);
  return (__m256h)r;
}

/// r[j] = a[j] as an integer, to nearest even.
/// @operand a f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256i _mm256_cvtph_epu16(__m256h a) {
  u16x16 x = (u16x16)a;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (uint16_t)vnni_half_integer(vnni_half_value(x[j]), 0, 0, 65535.0, UINT16_MAX);
  return (__m256i)r;
}

/// r[j] = a[j] as an integer, toward zero.
/// @operand a f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256i _mm256_cvttph_epu16(__m256h a) {
  u16x16 x = (u16x16)a;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (uint16_t)vnni_half_integer(vnni_half_value(x[j]), 1, 0, 65535.0, UINT16_MAX);
  return (__m256i)r;
}

/// r[j] = a[j] as a half, to nearest even.
/// @operand a i32[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm256_cvtepi32_ph(__m256i a) {
  i32x8 x = (i32x8)a;
  u16x8 r = {0};
  for (int j = 0; j < 8; ++j) r[j] = vnni_half_near((double)x[j]);
  return (__m128h)r;
}

/// r[j] = a[j] as an integer, to nearest even.
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256i _mm256_cvtph_epi32(__m128h a) {
  u16x8 x = (u16x8)a;
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (int32_t)vnni_half_integer(vnni_half_value(x[j]), 0, -2147483648.0, 2147483647.0, INT32_MIN);
  return (__m256i)r;
}

/// r[j] = a[j] as an integer, toward zero.
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256i _mm256_cvttph_epi32(__m128h a) {
  u16x8 x = (u16x8)a;
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (int32_t)vnni_half_integer(vnni_half_value(x[j]), 1, -2147483648.0, 2147483647.0, INT32_MIN);
  return (__m256i)r;
}

/// r[j] = a[j] as a half, to nearest even.
/// @operand a u32[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm256_cvtepu32_ph(__m256i a) {
  u32x8 x = (u32x8)a;
  u16x8 r = {0};
  for (int j = 0; j < 8; ++j) r[j] = vnni_half_near((double)x[j]);
  return (__m128h)r;
}

/// r[j] = a[j] as an integer, to nearest even.
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256i _mm256_cvtph_epu32(__m128h a) {
  u16x8 x = (u16x8)a;
  u32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (uint32_t)vnni_half_integer(vnni_half_value(x[j]), 0, 0, 4294967295.0, UINT32_MAX);
  return (__m256i)r;
}

/// r[j] = a[j] as an integer, toward zero.
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256i _mm256_cvttph_epu32(__m128h a) {
  u16x8 x = (u16x8)a;
  u32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (uint32_t)vnni_half_integer(vnni_half_value(x[j]), 1, 0, 4294967295.0, UINT32_MAX);
  return (__m256i)r;
}

/// r[j] = a[j] as a half, to nearest even.
/// @operand a i64[4] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm256_cvtepi64_ph(__m256i a) {
  i64x4 x = (i64x4)a;
  u16x8 r = {0};
  for (int j = 0; j < 4; ++j) r[j] = vnni_half_near((double)x[j]);
  return (__m128h)r;
}

/// r[j] = a[j] as an integer, to nearest even.
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256i _mm256_cvtph_epi64(__m128h a) {
  u16x8 x = (u16x8)a;
  i64x4 r;
  for (int j = 0; j < 4; ++j) r[j] = (int64_t)vnni_half_integer(vnni_half_value(x[j]), 0, -9e18, 9e18, INT64_MIN);
  return (__m256i)r;
}

/// r[j] = a[j] as an integer, toward zero.
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256i _mm256_cvttph_epi64(__m128h a) {
  u16x8 x = (u16x8)a;
  i64x4 r;
  for (int j = 0; j < 4; ++j) r[j] = (int64_t)vnni_half_integer(vnni_half_value(x[j]), 1, -9e18, 9e18, INT64_MIN);
  return (__m256i)r;
}

/// r[j] = a[j] as a half, to nearest even.
/// @operand a u64[4] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm256_cvtepu64_ph(__m256i a) {
  u64x4 x = (u64x4)a;
  u16x8 r = {0};
  for (int j = 0; j < 4; ++j) r[j] = vnni_half_near((double)x[j]);
  return (__m128h)r;
}

/// r[j] = a[j] as an integer, to nearest even.
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256i _mm256_cvtph_epu64(__m128h a) {
  u16x8 x = (u16x8)a;
  u64x4 r;
  for (int j = 0; j < 4; ++j) r[j] = (uint64_t)vnni_half_integer(vnni_half_value(x[j]), 0, 0, 9e18, -1);
  return (__m256i)r;
}

/// r[j] = a[j] as an integer, toward zero.
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256i _mm256_cvttph_epu64(__m128h a) {
  u16x8 x = (u16x8)a;
  u64x4 r;
  for (int j = 0; j < 4; ++j) r[j] = (uint64_t)vnni_half_integer(vnni_half_value(x[j]), 1, 0, 9e18, -1);
  return (__m256i)r;
}

/// r[j] = a[j] as a float.
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256 _mm256_cvtxph_ps(__m128h a) {
  u16x8 x = (u16x8)a;
  __m256 r;
  for (int j = 0; j < 8; ++j) r[j] = vnni_half_value(x[j]);
  return r;
}

/// r[j] = a[j] as a half, to nearest even.
/// @operand a f32[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm256_cvtxps_ph(__m256 a) {
  u16x8 r = {0};
  for (int j = 0; j < 8; ++j) r[j] = vnni_half_near(a[j]);
  return (__m128h)r;
}

/// r[j] = a[j] as a double.
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256d _mm256_cvtph_pd(__m128h a) {
  u16x8 x = (u16x8)a;
  __m256d r;
  for (int j = 0; j < 4; ++j) r[j] = vnni_half_value(x[j]);
  return r;
}

/// r[j] = a[j] as a half, to nearest even.
/// @operand a f64[4] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm256_cvtpd_ph(__m256d a) {
  u16x8 r = {0};
  for (int j = 0; j < 4; ++j) r[j] = vnni_half_near(a[j]);
  return (__m128h)r;
}

/// r[j] = a[j] as a half, to nearest even.
/// @operand a i16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_cvtepi16_ph(__m128i a) {
  i16x8 x = (i16x8)a;
  u16x8 r = {0};
  for (int j = 0; j < 8; ++j) r[j] = vnni_half_near((double)x[j]);
  return (__m128h)r;
}

/// r[j] = a[j] as an integer, to nearest even.
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128i _mm_cvtph_epi16(__m128h a) {
  u16x8 x = (u16x8)a;
  i16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (int16_t)vnni_half_integer(vnni_half_value(x[j]), 0, -32768.0, 32767.0, INT16_MIN);
  return (__m128i)r;
}

/// r[j] = a[j] as an integer, toward zero.
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128i _mm_cvttph_epi16(__m128h a) {
  u16x8 x = (u16x8)a;
  i16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (int16_t)vnni_half_integer(vnni_half_value(x[j]), 1, -32768.0, 32767.0, INT16_MIN);
  return (__m128i)r;
}

/// r[j] = a[j] as a half, to nearest even.
/// @operand a u16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_cvtepu16_ph(__m128i a) {
  u16x8 x = (u16x8)a;
  u16x8 r = {0};
  for (int j = 0; j < 8; ++j) r[j] = vnni_half_near((double)x[j]);
  return (__m128h)r;
}

/// r[j] = a[j] as an integer, to nearest even.
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128i _mm_cvtph_epu16(__m128h a) {
  u16x8 x = (u16x8)a;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (uint16_t)vnni_half_integer(vnni_half_value(x[j]), 0, 0, 65535.0, UINT16_MAX);
  return (__m128i)r;
}

/// r[j] = a[j] as an integer, toward zero.
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128i _mm_cvttph_epu16(__m128h a) {
  u16x8 x = (u16x8)a;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (uint16_t)vnni_half_integer(vnni_half_value(x[j]), 1, 0, 65535.0, UINT16_MAX);
  return (__m128i)r;
}

/// r[j] = a[j] as a half, to nearest even.
/// @operand a i32[4] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_cvtepi32_ph(__m128i a) {
  i32x4 x = (i32x4)a;
  u16x8 r = {0};
  for (int j = 0; j < 4; ++j) r[j] = vnni_half_near((double)x[j]);
  return (__m128h)r;
}

/// r[j] = a[j] as an integer, to nearest even.
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128i _mm_cvtph_epi32(__m128h a) {
  u16x8 x = (u16x8)a;
  i32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = (int32_t)vnni_half_integer(vnni_half_value(x[j]), 0, -2147483648.0, 2147483647.0, INT32_MIN);
  return (__m128i)r;
}

/// r[j] = a[j] as an integer, toward zero.
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128i _mm_cvttph_epi32(__m128h a) {
  u16x8 x = (u16x8)a;
  i32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = (int32_t)vnni_half_integer(vnni_half_value(x[j]), 1, -2147483648.0, 2147483647.0, INT32_MIN);
  return (__m128i)r;
}

/// r[j] = a[j] as a half, to nearest even.
/// @operand a u32[4] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_cvtepu32_ph(__m128i a) {
  u32x4 x = (u32x4)a;
  u16x8 r = {0};
  for (int j = 0; j < 4; ++j) r[j] = vnni_half_near((double)x[j]);
  return (__m128h)r;
}

/// r[j] = a[j] as an integer, to nearest even.
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128i _mm_cvtph_epu32(__m128h a) {
  u16x8 x = (u16x8)a;
  u32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = (uint32_t)vnni_half_integer(vnni_half_value(x[j]), 0, 0, 4294967295.0, UINT32_MAX);
  return (__m128i)r;
}

/// r[j] = a[j] as an integer, toward zero.
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128i _mm_cvttph_epu32(__m128h a) {
  u16x8 x = (u16x8)a;
  u32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = (uint32_t)vnni_half_integer(vnni_half_value(x[j]), 1, 0, 4294967295.0, UINT32_MAX);
  return (__m128i)r;
}

/// r[j] = a[j] as a half, to nearest even.
/// @operand a i64[2] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_cvtepi64_ph(__m128i a) {
  i64x2 x = (i64x2)a;
  u16x8 r = {0};
  for (int j = 0; j < 2; ++j) r[j] = vnni_half_near((double)x[j]);
  return (__m128h)r;
}

/// r[j] = a[j] as an integer, to nearest even.
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128i _mm_cvtph_epi64(__m128h a) {
  u16x8 x = (u16x8)a;
  i64x2 r;
  for (int j = 0; j < 2; ++j) r[j] = (int64_t)vnni_half_integer(vnni_half_value(x[j]), 0, -9e18, 9e18, INT64_MIN);
  return (__m128i)r;
}

/// r[j] = a[j] as an integer, toward zero.
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128i _mm_cvttph_epi64(__m128h a) {
  u16x8 x = (u16x8)a;
  i64x2 r;
  for (int j = 0; j < 2; ++j) r[j] = (int64_t)vnni_half_integer(vnni_half_value(x[j]), 1, -9e18, 9e18, INT64_MIN);
  return (__m128i)r;
}

/// r[j] = a[j] as a half, to nearest even.
/// @operand a u64[2] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_cvtepu64_ph(__m128i a) {
  u64x2 x = (u64x2)a;
  u16x8 r = {0};
  for (int j = 0; j < 2; ++j) r[j] = vnni_half_near((double)x[j]);
  return (__m128h)r;
}

/// r[j] = a[j] as an integer, to nearest even.
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128i _mm_cvtph_epu64(__m128h a) {
  u16x8 x = (u16x8)a;
  u64x2 r;
  for (int j = 0; j < 2; ++j) r[j] = (uint64_t)vnni_half_integer(vnni_half_value(x[j]), 0, 0, 9e18, -1);
  return (__m128i)r;
}

/// r[j] = a[j] as an integer, toward zero.
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128i _mm_cvttph_epu64(__m128h a) {
  u16x8 x = (u16x8)a;
  u64x2 r;
  for (int j = 0; j < 2; ++j) r[j] = (uint64_t)vnni_half_integer(vnni_half_value(x[j]), 1, 0, 9e18, -1);
  return (__m128i)r;
}

/// r[j] = a[j] as a float.
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128 _mm_cvtxph_ps(__m128h a) {
  u16x8 x = (u16x8)a;
  __m128 r;
  for (int j = 0; j < 4; ++j) r[j] = vnni_half_value(x[j]);
  return r;
}

/// r[j] = a[j] as a half, to nearest even.
/// @operand a f32[4] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_cvtxps_ph(__m128 a) {
  u16x8 r = {0};
  for (int j = 0; j < 4; ++j) r[j] = vnni_half_near(a[j]);
  return (__m128h)r;
}

/// r[j] = a[j] as a double.
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128d _mm_cvtph_pd(__m128h a) {
  u16x8 x = (u16x8)a;
  __m128d r;
  for (int j = 0; j < 2; ++j) r[j] = vnni_half_value(x[j]);
  return r;
}

/// r[j] = a[j] as a half, to nearest even.
/// @operand a f64[2] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_cvtpd_ph(__m128d a) {
  u16x8 r = {0};
  for (int j = 0; j < 2; ++j) r[j] = vnni_half_near(a[j]);
  return (__m128h)r;
}

/// a[0].
/// @operand a f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline _Float16 _mm512_cvtsh_h(__m512h a) {
  return a[0];
}

/// a[0].
/// @operand a f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline _Float16 _mm256_cvtsh_h(__m256h a) {
  return a[0];
}

/// a[0].
/// @operand a f16[8] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline _Float16 _mm_cvtsh_h(__m128h a) {
  return a[0];
}

/// a in the first element, 0 in the others.
/// @operand a f16 register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m128h _mm_set_sh(_Float16 a) {
  __m128h r = {a};
  return r;
}

/// p[0] in the first element, 0 in the others.
/// @operand p f16 memory  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m128h _mm_load_sh(void const *p) {
  __m128h r = {0};
  memcpy(&r, p, 2);
  return r;
}

/// p[0] = a[0].
/// @operand p f16 memory  @operand a f16[8] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline void _mm_store_sh(void *p, __m128h a) {
  memcpy(p, &a, 2);
}

/// a[0] + b[0] in the first element, the others from a.
/// @operand a f16[8] register  @operand b f16[8] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m128h _mm_add_sh(__m128h a, __m128h b) {
  u16x8 r = (u16x8)a, y = (u16x8)b;
  r[0] = vnni_half_near((double)vnni_half_value(r[0]) + vnni_half_value(y[0]));
  return (__m128h)r;
}

/// a[0] - b[0] in the first element, the others from a.
/// @operand a f16[8] register  @operand b f16[8] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m128h _mm_sub_sh(__m128h a, __m128h b) {
  u16x8 r = (u16x8)a, y = (u16x8)b;
  r[0] = vnni_half_near((double)vnni_half_value(r[0]) - vnni_half_value(y[0]));
  return (__m128h)r;
}

/// a[0] * b[0] in the first element, the others from a.
/// @operand a f16[8] register  @operand b f16[8] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m128h _mm_mul_sh(__m128h a, __m128h b) {
  u16x8 r = (u16x8)a, y = (u16x8)b;
  r[0] = vnni_half_near((double)vnni_half_value(r[0]) * vnni_half_value(y[0]));
  return (__m128h)r;
}

/// a[0] / b[0] in the first element, the others from a.
/// @operand a f16[8] register  @operand b f16[8] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m128h _mm_div_sh(__m128h a, __m128h b) {
  u16x8 r = (u16x8)a, y = (u16x8)b;
  r[0] = vnni_half_near((double)vnni_half_value(r[0]) / vnni_half_value(y[0]));
  return (__m128h)r;
}
