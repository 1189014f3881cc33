// Conversions between element types, 512 bits on one side. A suffix names source then destination: cvtepi32_ps is int32 to float.
#pragma once

/// r[j] = a[j] as float, rounded to nearest even.
/// @operand a i32[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m512 _mm512_cvtepi32_ps(__m512i a) {
  i32x16 x = (i32x16)a;
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = (float)x[j];
  return r;
}

/// r[j] = a[j] as float, rounded to nearest even where bit j of k is 1, else src[j].
/// @operand a i32[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m512 _mm512_mask_cvtepi32_ps(__m512 src, __mmask16 k, __m512i a) {
  i32x16 x = (i32x16)a;
  __m512 s = src;
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (float)x[j] : s[j];
  return r;
}

/// r[j] = a[j] as float, rounded to nearest even where bit j of k is 1, else 0.
/// @operand a i32[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m512 _mm512_maskz_cvtepi32_ps(__mmask16 k, __m512i a) {
  i32x16 x = (i32x16)a;
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (float)x[j] : 0;
  return r;
}

/// r[j] = a[j] rounded to nearest even; INT32_MIN where that is no int32.
/// @operand a f32[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m512i _mm512_cvtps_epi32(__m512 a) {
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_to_i32(rintf(a[j]));
  return (__m512i)r;
}

/// r[j] = a[j] rounded to nearest even; INT32_MIN where that is no int32 where bit j of k is 1, else src[j].
/// @operand a f32[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m512i _mm512_mask_cvtps_epi32(__m512i src, __mmask16 k, __m512 a) {
  i32x16 s = (i32x16)src;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_to_i32(rintf(a[j])) : s[j];
  return (__m512i)r;
}

/// r[j] = a[j] rounded to nearest even; INT32_MIN where that is no int32 where bit j of k is 1, else 0.
/// @operand a f32[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m512i _mm512_maskz_cvtps_epi32(__mmask16 k, __m512 a) {
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_to_i32(rintf(a[j])) : 0;
  return (__m512i)r;
}

/// r[j] = a[j] rounded toward zero; INT32_MIN where that is no int32.
/// @operand a f32[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m512i _mm512_cvttps_epi32(__m512 a) {
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_to_i32(truncf(a[j]));
  return (__m512i)r;
}

/// r[j] = a[j] rounded toward zero; INT32_MIN where that is no int32 where bit j of k is 1, else src[j].
/// @operand a f32[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m512i _mm512_mask_cvttps_epi32(__m512i src, __mmask16 k, __m512 a) {
  i32x16 s = (i32x16)src;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_to_i32(truncf(a[j])) : s[j];
  return (__m512i)r;
}

/// r[j] = a[j] rounded toward zero; INT32_MIN where that is no int32 where bit j of k is 1, else 0.
/// @operand a f32[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m512i _mm512_maskz_cvttps_epi32(__mmask16 k, __m512 a) {
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_to_i32(truncf(a[j])) : 0;
  return (__m512i)r;
}

/// r[j] = a[j] as float, rounded to nearest even.
/// @operand a u32[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m512 _mm512_cvtepu32_ps(__m512i a) {
  u32x16 x = (u32x16)a;
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = (float)x[j];
  return r;
}

/// r[j] = a[j] as float, rounded to nearest even where bit j of k is 1, else src[j].
/// @operand a u32[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m512 _mm512_mask_cvtepu32_ps(__m512 src, __mmask16 k, __m512i a) {
  u32x16 x = (u32x16)a;
  __m512 s = src;
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (float)x[j] : s[j];
  return r;
}

/// r[j] = a[j] as float, rounded to nearest even where bit j of k is 1, else 0.
/// @operand a u32[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m512 _mm512_maskz_cvtepu32_ps(__mmask16 k, __m512i a) {
  u32x16 x = (u32x16)a;
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (float)x[j] : 0;
  return r;
}

/// r[j] = a[j] rounded toward zero; UINT32_MAX where that is no uint32.
/// @operand a f32[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m512i _mm512_cvttps_epu32(__m512 a) {
  u32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_to_u32(truncf(a[j]));
  return (__m512i)r;
}

/// r[j] = a[j] rounded toward zero; UINT32_MAX where that is no uint32 where bit j of k is 1, else src[j].
/// @operand a f32[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m512i _mm512_mask_cvttps_epu32(__m512i src, __mmask16 k, __m512 a) {
  u32x16 s = (u32x16)src;
  u32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_to_u32(truncf(a[j])) : s[j];
  return (__m512i)r;
}

/// r[j] = a[j] rounded toward zero; UINT32_MAX where that is no uint32 where bit j of k is 1, else 0.
/// @operand a f32[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m512i _mm512_maskz_cvttps_epu32(__mmask16 k, __m512 a) {
  u32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_to_u32(truncf(a[j])) : 0;
  return (__m512i)r;
}

/// r[j] = a[j], widened.
/// @operand a i8[32] register  @isa avx512bw  @source manuals/vnni/convert.md
static inline __m512i _mm512_cvtepi8_epi16(__m256i a) {
  i8x32 x = (i8x32)a;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = x[j];
  return (__m512i)r;
}

/// r[j] = a[j], widened.
/// @operand a u8[32] register  @isa avx512bw  @source manuals/vnni/convert.md
static inline __m512i _mm512_cvtepu8_epi16(__m256i a) {
  u8x32 x = (u8x32)a;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = x[j];
  return (__m512i)r;
}

/// r[j] = a[j], widened.
/// @operand a i8[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m512i _mm512_cvtepi8_epi32(__m128i a) {
  i8x16 x = (i8x16)a;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = x[j];
  return (__m512i)r;
}

/// r[j] = a[j], widened where bit j of k is 1, else src[j].
/// @operand a i8[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m512i _mm512_mask_cvtepi8_epi32(__m512i src, __mmask16 k, __m128i a) {
  i8x16 x = (i8x16)a;
  i32x16 s = (i32x16)src;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? x[j] : s[j];
  return (__m512i)r;
}

/// r[j] = a[j], widened where bit j of k is 1, else 0.
/// @operand a i8[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m512i _mm512_maskz_cvtepi8_epi32(__mmask16 k, __m128i a) {
  i8x16 x = (i8x16)a;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? x[j] : 0;
  return (__m512i)r;
}

/// r[j] = a[j], widened.
/// @operand a u8[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m512i _mm512_cvtepu8_epi32(__m128i a) {
  u8x16 x = (u8x16)a;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = x[j];
  return (__m512i)r;
}

/// r[j] = a[j], widened where bit j of k is 1, else src[j].
/// @operand a u8[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m512i _mm512_mask_cvtepu8_epi32(__m512i src, __mmask16 k, __m128i a) {
  u8x16 x = (u8x16)a;
  i32x16 s = (i32x16)src;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? x[j] : s[j];
  return (__m512i)r;
}

/// r[j] = a[j], widened where bit j of k is 1, else 0.
/// @operand a u8[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m512i _mm512_maskz_cvtepu8_epi32(__mmask16 k, __m128i a) {
  u8x16 x = (u8x16)a;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? x[j] : 0;
  return (__m512i)r;
}

/// r[j] = a[j], widened.
/// @operand a i16[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m512i _mm512_cvtepi16_epi32(__m256i a) {
  i16x16 x = (i16x16)a;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = x[j];
  return (__m512i)r;
}

/// r[j] = a[j], widened where bit j of k is 1, else src[j].
/// @operand a i16[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m512i _mm512_mask_cvtepi16_epi32(__m512i src, __mmask16 k, __m256i a) {
  i16x16 x = (i16x16)a;
  i32x16 s = (i32x16)src;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? x[j] : s[j];
  return (__m512i)r;
}

/// r[j] = a[j], widened where bit j of k is 1, else 0.
/// @operand a i16[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m512i _mm512_maskz_cvtepi16_epi32(__mmask16 k, __m256i a) {
  i16x16 x = (i16x16)a;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? x[j] : 0;
  return (__m512i)r;
}

/// r[j] = a[j], widened.
/// @operand a u16[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m512i _mm512_cvtepu16_epi32(__m256i a) {
  u16x16 x = (u16x16)a;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = x[j];
  return (__m512i)r;
}

/// r[j] = a[j], widened where bit j of k is 1, else src[j].
/// @operand a u16[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m512i _mm512_mask_cvtepu16_epi32(__m512i src, __mmask16 k, __m256i a) {
  u16x16 x = (u16x16)a;
  i32x16 s = (i32x16)src;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? x[j] : s[j];
  return (__m512i)r;
}

/// r[j] = a[j], widened where bit j of k is 1, else 0.
/// @operand a u16[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m512i _mm512_maskz_cvtepu16_epi32(__mmask16 k, __m256i a) {
  u16x16 x = (u16x16)a;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? x[j] : 0;
  return (__m512i)r;
}

/// r[j] = a[j], widened.
/// @operand a i32[8] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m512i _mm512_cvtepi32_epi64(__m256i a) {
  i32x8 x = (i32x8)a;
  i64x8 r;
  for (int j = 0; j < 8; ++j) r[j] = x[j];
  return (__m512i)r;
}

/// r[j] = a[j], widened.
/// @operand a u32[8] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m512i _mm512_cvtepu32_epi64(__m256i a) {
  u32x8 x = (u32x8)a;
  i64x8 r;
  for (int j = 0; j < 8; ++j) r[j] = x[j];
  return (__m512i)r;
}

/// r[j] = a[j], widened.
/// @operand a i8[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m512i _mm512_cvtepi8_epi64(__m128i a) {
  i8x16 x = (i8x16)a;
  i64x8 r;
  for (int j = 0; j < 8; ++j) r[j] = x[j];
  return (__m512i)r;
}

/// r[j] = a[j], widened.
/// @operand a u8[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m512i _mm512_cvtepu8_epi64(__m128i a) {
  u8x16 x = (u8x16)a;
  i64x8 r;
  for (int j = 0; j < 8; ++j) r[j] = x[j];
  return (__m512i)r;
}

/// r[j] = a[j], widened.
/// @operand a i16[8] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m512i _mm512_cvtepi16_epi64(__m128i a) {
  i16x8 x = (i16x8)a;
  i64x8 r;
  for (int j = 0; j < 8; ++j) r[j] = x[j];
  return (__m512i)r;
}

/// r[j] = a[j], widened.
/// @operand a u16[8] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m512i _mm512_cvtepu16_epi64(__m128i a) {
  u16x8 x = (u16x8)a;
  i64x8 r;
  for (int j = 0; j < 8; ++j) r[j] = x[j];
  return (__m512i)r;
}

/// r[j] = the low bits of a[j]; elements beyond are 0.
/// @operand a i32[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m128i _mm512_cvtepi32_epi8(__m512i a) {
  i32x16 x = (i32x16)a;
  i8x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (int8_t)x[j];
  return (__m128i)r;
}

/// r[j] = the low bits of a[j]; elements beyond are 0 where bit j of k is 1, else src[j].
/// @operand a i32[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m128i _mm512_mask_cvtepi32_epi8(__m128i src, __mmask16 k, __m512i a) {
  i32x16 x = (i32x16)a;
  i8x16 s = (i8x16)src;
  i8x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (int8_t)x[j] : s[j];
  return (__m128i)r;
}

/// r[j] = the low bits of a[j]; elements beyond are 0 where bit j of k is 1, else 0.
/// @operand a i32[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m128i _mm512_maskz_cvtepi32_epi8(__mmask16 k, __m512i a) {
  i32x16 x = (i32x16)a;
  i8x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (int8_t)x[j] : 0;
  return (__m128i)r;
}

/// r[j] = a[j], saturated; elements beyond are 0.
/// @operand a i32[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m128i _mm512_cvtsepi32_epi8(__m512i a) {
  i32x16 x = (i32x16)a;
  i8x16 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_saturate_i8(x[j]);
  return (__m128i)r;
}

/// r[j] = a[j], saturated; elements beyond are 0 where bit j of k is 1, else src[j].
/// @operand a i32[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m128i _mm512_mask_cvtsepi32_epi8(__m128i src, __mmask16 k, __m512i a) {
  i32x16 x = (i32x16)a;
  i8x16 s = (i8x16)src;
  i8x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_saturate_i8(x[j]) : s[j];
  return (__m128i)r;
}

/// r[j] = a[j], saturated; elements beyond are 0 where bit j of k is 1, else 0.
/// @operand a i32[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m128i _mm512_maskz_cvtsepi32_epi8(__mmask16 k, __m512i a) {
  i32x16 x = (i32x16)a;
  i8x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? vnni_saturate_i8(x[j]) : 0;
  return (__m128i)r;
}

/// r[j] = a[j] as unsigned, saturated to unsigned; elements beyond are 0.
/// @operand a u32[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m128i _mm512_cvtusepi32_epi8(__m512i a) {
  u32x16 x = (u32x16)a;
  u8x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (x[j] > 255 ? 255 : (uint8_t)x[j]);
  return (__m128i)r;
}

/// r[j] = a[j] as unsigned, saturated to unsigned; elements beyond are 0 where bit j of k is 1, else src[j].
/// @operand a u32[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m128i _mm512_mask_cvtusepi32_epi8(__m128i src, __mmask16 k, __m512i a) {
  u32x16 x = (u32x16)a;
  u8x16 s = (u8x16)src;
  u8x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (x[j] > 255 ? 255 : (uint8_t)x[j]) : s[j];
  return (__m128i)r;
}

/// r[j] = a[j] as unsigned, saturated to unsigned; elements beyond are 0 where bit j of k is 1, else 0.
/// @operand a u32[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m128i _mm512_maskz_cvtusepi32_epi8(__mmask16 k, __m512i a) {
  u32x16 x = (u32x16)a;
  u8x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (x[j] > 255 ? 255 : (uint8_t)x[j]) : 0;
  return (__m128i)r;
}

/// r[j] = the low bits of a[j]; elements beyond are 0.
/// @operand a i32[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m256i _mm512_cvtepi32_epi16(__m512i a) {
  i32x16 x = (i32x16)a;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (int16_t)x[j];
  return (__m256i)r;
}

/// r[j] = the low bits of a[j]; elements beyond are 0 where bit j of k is 1, else src[j].
/// @operand a i32[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m256i _mm512_mask_cvtepi32_epi16(__m256i src, __mmask16 k, __m512i a) {
  i32x16 x = (i32x16)a;
  i16x16 s = (i16x16)src;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (int16_t)x[j] : s[j];
  return (__m256i)r;
}

/// r[j] = the low bits of a[j]; elements beyond are 0 where bit j of k is 1, else 0.
/// @operand a i32[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m256i _mm512_maskz_cvtepi32_epi16(__mmask16 k, __m512i a) {
  i32x16 x = (i32x16)a;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (int16_t)x[j] : 0;
  return (__m256i)r;
}

/// r[j] = a[j], saturated; elements beyond are 0.
/// @operand a i32[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m256i _mm512_cvtsepi32_epi16(__m512i a) {
  i32x16 x = (i32x16)a;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_saturate_i16(x[j]);
  return (__m256i)r;
}

/// r[j] = a[j] as unsigned, saturated to unsigned; elements beyond are 0.
/// @operand a u32[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m256i _mm512_cvtusepi32_epi16(__m512i a) {
  u32x16 x = (u32x16)a;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (x[j] > 65535 ? 65535 : (uint16_t)x[j]);
  return (__m256i)r;
}

/// r[j] = the low bits of a[j]; elements beyond are 0.
/// @operand a i16[32] register  @isa avx512bw  @source manuals/vnni/convert.md
static inline __m256i _mm512_cvtepi16_epi8(__m512i a) {
  i16x32 x = (i16x32)a;
  i8x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (int8_t)x[j];
  return (__m256i)r;
}

/// r[j] = a[j], saturated; elements beyond are 0.
/// @operand a i16[32] register  @isa avx512bw  @source manuals/vnni/convert.md
static inline __m256i _mm512_cvtsepi16_epi8(__m512i a) {
  i16x32 x = (i16x32)a;
  i8x32 r;
  for (int j = 0; j < 32; ++j) r[j] = vnni_saturate_i8(x[j]);
  return (__m256i)r;
}

/// r[j] = a[j] as unsigned, saturated to unsigned; elements beyond are 0.
/// @operand a u16[32] register  @isa avx512bw  @source manuals/vnni/convert.md
static inline __m256i _mm512_cvtusepi16_epi8(__m512i a) {
  u16x32 x = (u16x32)a;
  u8x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (x[j] > 255 ? 255 : (uint8_t)x[j]);
  return (__m256i)r;
}

/// r[j] = the low bits of a[j]; elements beyond are 0.
/// @operand a i64[8] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m256i _mm512_cvtepi64_epi32(__m512i a) {
  i64x8 x = (i64x8)a;
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (int32_t)x[j];
  return (__m256i)r;
}

/// r[j] = a[j], widened.
/// @operand a f32[8] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m512d _mm512_cvtps_pd(__m256 a) { __m512d r; for (int j = 0; j < 8; ++j) r[j] = a[j]; return r; }

/// r[j] = a[j], rounded to nearest even.
/// @operand a f64[8] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m256 _mm512_cvtpd_ps(__m512d a) { __m256 r; for (int j = 0; j < 8; ++j) r[j] = (float)a[j]; return r; }

/// r[j] = the half a[j] as float, exact.
/// @operand a f16[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline __m512 _mm512_cvtph_ps(__m256i a) {
  u16x16 x = (u16x16)a;
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_half_value(x[j]);
  return r;
}

/// r[j] = a[j] as half; imm & 3: 0 nearest even, 1 down, 2 up, 3 toward zero; imm & 4: nearest even, as the register says.
/// @operand a f32[16] register  @operand imm i32 immediate  @isa avx512f  @source manuals/vnni/convert.md
static inline __m256i _mm512_cvtps_ph(__m512 a, int imm) {
  u16x16 r = {0};
  for (int j = 0; j < 16; ++j) r[j] = vnni_half_bits(a[j], imm);
  return (__m256i)r;
}
