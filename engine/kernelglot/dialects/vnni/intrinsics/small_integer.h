// Arithmetic on 8-bit and 16-bit integers, all widths. It wraps unless a name says that it saturates.
#pragma once

/// r[j] = a[j] + b[j], wrapping.
/// @operand a i8[64] register  @operand b i8[64] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_add_epi8(__m512i a, __m512i b) {
  i8x64 x = (i8x64)a;
  i8x64 y = (i8x64)b;
  i8x64 r;
  for (int j = 0; j < 64; ++j) r[j] = x[j] + y[j];
  return (__m512i)r;
}

/// r[j] = a[j] - b[j], wrapping.
/// @operand a i8[64] register  @operand b i8[64] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_sub_epi8(__m512i a, __m512i b) {
  i8x64 x = (i8x64)a;
  i8x64 y = (i8x64)b;
  i8x64 r;
  for (int j = 0; j < 64; ++j) r[j] = x[j] - y[j];
  return (__m512i)r;
}

/// r[j] = the smaller of a[j] and b[j].
/// @operand a i8[64] register  @operand b i8[64] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_min_epi8(__m512i a, __m512i b) {
  i8x64 x = (i8x64)a;
  i8x64 y = (i8x64)b;
  i8x64 r;
  for (int j = 0; j < 64; ++j) r[j] = (x[j] < y[j] ? x[j] : y[j]);
  return (__m512i)r;
}

/// r[j] = the smaller of a[j] and b[j].
/// @operand a u8[64] register  @operand b u8[64] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_min_epu8(__m512i a, __m512i b) {
  u8x64 x = (u8x64)a;
  u8x64 y = (u8x64)b;
  u8x64 r;
  for (int j = 0; j < 64; ++j) r[j] = (x[j] < y[j] ? x[j] : y[j]);
  return (__m512i)r;
}

/// r[j] = the larger of a[j] and b[j].
/// @operand a i8[64] register  @operand b i8[64] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_max_epi8(__m512i a, __m512i b) {
  i8x64 x = (i8x64)a;
  i8x64 y = (i8x64)b;
  i8x64 r;
  for (int j = 0; j < 64; ++j) r[j] = (x[j] > y[j] ? x[j] : y[j]);
  return (__m512i)r;
}

/// r[j] = the larger of a[j] and b[j].
/// @operand a u8[64] register  @operand b u8[64] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_max_epu8(__m512i a, __m512i b) {
  u8x64 x = (u8x64)a;
  u8x64 y = (u8x64)b;
  u8x64 r;
  for (int j = 0; j < 64; ++j) r[j] = (x[j] > y[j] ? x[j] : y[j]);
  return (__m512i)r;
}

/// r[j] = |a[j]|; the least integer stays.
/// @operand a i8[64] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_abs_epi8(__m512i a) {
  i8x64 x = (i8x64)a;
  i8x64 r;
  for (int j = 0; j < 64; ++j) r[j] = (x[j] < 0 ? -x[j] : x[j]);
  return (__m512i)r;
}

/// r[j] = value.
/// @operand value i8 scalar  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_set1_epi8(char value) { i8x64 r; for (int j = 0; j < 64; ++j) r[j] = value; return (__m512i)r; }

/// r[j] = a[j] + b[j], wrapping.
/// @operand a i16[32] register  @operand b i16[32] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_add_epi16(__m512i a, __m512i b) {
  i16x32 x = (i16x32)a;
  i16x32 y = (i16x32)b;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = x[j] + y[j];
  return (__m512i)r;
}

/// r[j] = a[j] - b[j], wrapping.
/// @operand a i16[32] register  @operand b i16[32] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_sub_epi16(__m512i a, __m512i b) {
  i16x32 x = (i16x32)a;
  i16x32 y = (i16x32)b;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = x[j] - y[j];
  return (__m512i)r;
}

/// r[j] = the smaller of a[j] and b[j].
/// @operand a i16[32] register  @operand b i16[32] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_min_epi16(__m512i a, __m512i b) {
  i16x32 x = (i16x32)a;
  i16x32 y = (i16x32)b;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (x[j] < y[j] ? x[j] : y[j]);
  return (__m512i)r;
}

/// r[j] = the smaller of a[j] and b[j].
/// @operand a u16[32] register  @operand b u16[32] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_min_epu16(__m512i a, __m512i b) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (x[j] < y[j] ? x[j] : y[j]);
  return (__m512i)r;
}

/// r[j] = the larger of a[j] and b[j].
/// @operand a i16[32] register  @operand b i16[32] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_max_epi16(__m512i a, __m512i b) {
  i16x32 x = (i16x32)a;
  i16x32 y = (i16x32)b;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (x[j] > y[j] ? x[j] : y[j]);
  return (__m512i)r;
}

/// r[j] = the larger of a[j] and b[j].
/// @operand a u16[32] register  @operand b u16[32] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_max_epu16(__m512i a, __m512i b) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (x[j] > y[j] ? x[j] : y[j]);
  return (__m512i)r;
}

/// r[j] = |a[j]|; the least integer stays.
/// @operand a i16[32] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_abs_epi16(__m512i a) {
  i16x32 x = (i16x32)a;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (x[j] < 0 ? -x[j] : x[j]);
  return (__m512i)r;
}

/// r[j] = value.
/// @operand value i16 scalar  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_set1_epi16(short value) { i16x32 r; for (int j = 0; j < 32; ++j) r[j] = value; return (__m512i)r; }

/// r[j] = the low half of a[j] * b[j].
/// @operand a i16[32] register  @operand b i16[32] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_mullo_epi16(__m512i a, __m512i b) {
  i16x32 x = (i16x32)a;
  i16x32 y = (i16x32)b;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (int16_t)(x[j] * y[j]);
  return (__m512i)r;
}

/// r[j] = the high half of a[j] * b[j].
/// @operand a i16[32] register  @operand b i16[32] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_mulhi_epi16(__m512i a, __m512i b) {
  i16x32 x = (i16x32)a;
  i16x32 y = (i16x32)b;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (int16_t)((int32_t)x[j] * y[j] >> 16);
  return (__m512i)r;
}

/// r[j] = a[j] + b[j], saturated.
/// @operand a i8[64] register  @operand b i8[64] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_adds_epi8(__m512i a, __m512i b) {
  i8x64 x = (i8x64)a;
  i8x64 y = (i8x64)b;
  i8x64 r;
  for (int j = 0; j < 64; ++j) r[j] = vnni_saturate_i8(x[j] + y[j]);
  return (__m512i)r;
}

/// r[j] = a[j] + b[j], saturated.
/// @operand a i16[32] register  @operand b i16[32] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_adds_epi16(__m512i a, __m512i b) {
  i16x32 x = (i16x32)a;
  i16x32 y = (i16x32)b;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = vnni_saturate_i16(x[j] + y[j]);
  return (__m512i)r;
}

/// r[j] = a[j] + b[j], saturated.
/// @operand a u8[64] register  @operand b u8[64] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_adds_epu8(__m512i a, __m512i b) {
  u8x64 x = (u8x64)a;
  u8x64 y = (u8x64)b;
  u8x64 r;
  for (int j = 0; j < 64; ++j) r[j] = vnni_saturate_u8(x[j] + y[j]);
  return (__m512i)r;
}

/// r[j] = a[j] + b[j], saturated.
/// @operand a u16[32] register  @operand b u16[32] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_adds_epu16(__m512i a, __m512i b) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = vnni_saturate_u16(x[j] + y[j]);
  return (__m512i)r;
}

/// r[j] = a[j] - b[j], saturated.
/// @operand a i8[64] register  @operand b i8[64] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_subs_epi8(__m512i a, __m512i b) {
  i8x64 x = (i8x64)a;
  i8x64 y = (i8x64)b;
  i8x64 r;
  for (int j = 0; j < 64; ++j) r[j] = vnni_saturate_i8(x[j] - y[j]);
  return (__m512i)r;
}

/// r[j] = a[j] - b[j], saturated.
/// @operand a i16[32] register  @operand b i16[32] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_subs_epi16(__m512i a, __m512i b) {
  i16x32 x = (i16x32)a;
  i16x32 y = (i16x32)b;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = vnni_saturate_i16(x[j] - y[j]);
  return (__m512i)r;
}

/// r[j] = a[j] - b[j], saturated.
/// @operand a u8[64] register  @operand b u8[64] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_subs_epu8(__m512i a, __m512i b) {
  u8x64 x = (u8x64)a;
  u8x64 y = (u8x64)b;
  u8x64 r;
  for (int j = 0; j < 64; ++j) r[j] = vnni_saturate_u8(x[j] - y[j]);
  return (__m512i)r;
}

/// r[j] = a[j] - b[j], saturated.
/// @operand a u16[32] register  @operand b u16[32] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_subs_epu16(__m512i a, __m512i b) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = vnni_saturate_u16(x[j] - y[j]);
  return (__m512i)r;
}

/// r[j] = a[2j] * b[2j] + a[2j+1] * b[2j+1], 16-bit elements to 32 bits, wrapping.
/// @operand a i16[32] register  @operand b i16[32] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_madd_epi16(__m512i a, __m512i b) {
  i16x32 x = (i16x32)a, y = (i16x32)b;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (int32_t)((uint32_t)(x[2 * j] * y[2 * j]) + (uint32_t)(x[2 * j + 1] * y[2 * j + 1]));
  return (__m512i)r;
}

/// r[j] = a[2j] * b[2j] + a[2j+1] * b[2j+1], u8 * i8 elements to 16 bits, saturated.
/// @operand a u8[64] register  @operand b i8[64] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_maddubs_epi16(__m512i a, __m512i b) {
  u8x64 x = (u8x64)a;
  i8x64 y = (i8x64)b;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = vnni_saturate_i16(x[2 * j] * y[2 * j] + x[2 * j + 1] * y[2 * j + 1]);
  return (__m512i)r;
}

/// r[j] = a[j] + b[j], wrapping.
/// @operand a i8[32] register  @operand b i8[32] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_add_epi8(__m256i a, __m256i b) {
  i8x32 x = (i8x32)a;
  i8x32 y = (i8x32)b;
  i8x32 r;
  for (int j = 0; j < 32; ++j) r[j] = x[j] + y[j];
  return (__m256i)r;
}

/// r[j] = a[j] - b[j], wrapping.
/// @operand a i8[32] register  @operand b i8[32] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_sub_epi8(__m256i a, __m256i b) {
  i8x32 x = (i8x32)a;
  i8x32 y = (i8x32)b;
  i8x32 r;
  for (int j = 0; j < 32; ++j) r[j] = x[j] - y[j];
  return (__m256i)r;
}

/// r[j] = the smaller of a[j] and b[j].
/// @operand a i8[32] register  @operand b i8[32] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_min_epi8(__m256i a, __m256i b) {
  i8x32 x = (i8x32)a;
  i8x32 y = (i8x32)b;
  i8x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (x[j] < y[j] ? x[j] : y[j]);
  return (__m256i)r;
}

/// r[j] = the smaller of a[j] and b[j].
/// @operand a u8[32] register  @operand b u8[32] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_min_epu8(__m256i a, __m256i b) {
  u8x32 x = (u8x32)a;
  u8x32 y = (u8x32)b;
  u8x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (x[j] < y[j] ? x[j] : y[j]);
  return (__m256i)r;
}

/// r[j] = the larger of a[j] and b[j].
/// @operand a i8[32] register  @operand b i8[32] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_max_epi8(__m256i a, __m256i b) {
  i8x32 x = (i8x32)a;
  i8x32 y = (i8x32)b;
  i8x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (x[j] > y[j] ? x[j] : y[j]);
  return (__m256i)r;
}

/// r[j] = the larger of a[j] and b[j].
/// @operand a u8[32] register  @operand b u8[32] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_max_epu8(__m256i a, __m256i b) {
  u8x32 x = (u8x32)a;
  u8x32 y = (u8x32)b;
  u8x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (x[j] > y[j] ? x[j] : y[j]);
  return (__m256i)r;
}

/// r[j] = |a[j]|; the least integer stays.
/// @operand a i8[32] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_abs_epi8(__m256i a) {
  i8x32 x = (i8x32)a;
  i8x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (x[j] < 0 ? -x[j] : x[j]);
  return (__m256i)r;
}

/// r[j] = value.
/// @operand value i8 scalar  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_set1_epi8(char value) { i8x32 r; for (int j = 0; j < 32; ++j) r[j] = value; return (__m256i)r; }

/// r[j] = a[j] + b[j], wrapping.
/// @operand a i16[16] register  @operand b i16[16] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_add_epi16(__m256i a, __m256i b) {
  i16x16 x = (i16x16)a;
  i16x16 y = (i16x16)b;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = x[j] + y[j];
  return (__m256i)r;
}

/// r[j] = a[j] - b[j], wrapping.
/// @operand a i16[16] register  @operand b i16[16] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_sub_epi16(__m256i a, __m256i b) {
  i16x16 x = (i16x16)a;
  i16x16 y = (i16x16)b;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = x[j] - y[j];
  return (__m256i)r;
}

/// r[j] = the smaller of a[j] and b[j].
/// @operand a i16[16] register  @operand b i16[16] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_min_epi16(__m256i a, __m256i b) {
  i16x16 x = (i16x16)a;
  i16x16 y = (i16x16)b;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (x[j] < y[j] ? x[j] : y[j]);
  return (__m256i)r;
}

/// r[j] = the smaller of a[j] and b[j].
/// @operand a u16[16] register  @operand b u16[16] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_min_epu16(__m256i a, __m256i b) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (x[j] < y[j] ? x[j] : y[j]);
  return (__m256i)r;
}

/// r[j] = the larger of a[j] and b[j].
/// @operand a i16[16] register  @operand b i16[16] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_max_epi16(__m256i a, __m256i b) {
  i16x16 x = (i16x16)a;
  i16x16 y = (i16x16)b;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (x[j] > y[j] ? x[j] : y[j]);
  return (__m256i)r;
}

/// r[j] = the larger of a[j] and b[j].
/// @operand a u16[16] register  @operand b u16[16] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_max_epu16(__m256i a, __m256i b) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (x[j] > y[j] ? x[j] : y[j]);
  return (__m256i)r;
}

/// r[j] = |a[j]|; the least integer stays.
/// @operand a i16[16] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_abs_epi16(__m256i a) {
  i16x16 x = (i16x16)a;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (x[j] < 0 ? -x[j] : x[j]);
  return (__m256i)r;
}

/// r[j] = value.
/// @operand value i16 scalar  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_set1_epi16(short value) { i16x16 r; for (int j = 0; j < 16; ++j) r[j] = value; return (__m256i)r; }

/// r[j] = the low half of a[j] * b[j].
/// @operand a i16[16] register  @operand b i16[16] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_mullo_epi16(__m256i a, __m256i b) {
  i16x16 x = (i16x16)a;
  i16x16 y = (i16x16)b;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (int16_t)(x[j] * y[j]);
  return (__m256i)r;
}

/// r[j] = the high half of a[j] * b[j].
/// @operand a i16[16] register  @operand b i16[16] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_mulhi_epi16(__m256i a, __m256i b) {
  i16x16 x = (i16x16)a;
  i16x16 y = (i16x16)b;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (int16_t)((int32_t)x[j] * y[j] >> 16);
  return (__m256i)r;
}

/// r[j] = a[j] + b[j], saturated.
/// @operand a i8[32] register  @operand b i8[32] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_adds_epi8(__m256i a, __m256i b) {
  i8x32 x = (i8x32)a;
  i8x32 y = (i8x32)b;
  i8x32 r;
  for (int j = 0; j < 32; ++j) r[j] = vnni_saturate_i8(x[j] + y[j]);
  return (__m256i)r;
}

/// r[j] = a[j] + b[j], saturated.
/// @operand a i16[16] register  @operand b i16[16] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_adds_epi16(__m256i a, __m256i b) {
  i16x16 x = (i16x16)a;
  i16x16 y = (i16x16)b;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_saturate_i16(x[j] + y[j]);
  return (__m256i)r;
}

/// r[j] = a[j] + b[j], saturated.
/// @operand a u8[32] register  @operand b u8[32] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_adds_epu8(__m256i a, __m256i b) {
  u8x32 x = (u8x32)a;
  u8x32 y = (u8x32)b;
  u8x32 r;
  for (int j = 0; j < 32; ++j) r[j] = vnni_saturate_u8(x[j] + y[j]);
  return (__m256i)r;
}

/// r[j] = a[j] + b[j], saturated.
/// @operand a u16[16] register  @operand b u16[16] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_adds_epu16(__m256i a, __m256i b) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_saturate_u16(x[j] + y[j]);
  return (__m256i)r;
}

/// r[j] = a[j] - b[j], saturated.
/// @operand a i8[32] register  @operand b i8[32] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_subs_epi8(__m256i a, __m256i b) {
  i8x32 x = (i8x32)a;
  i8x32 y = (i8x32)b;
  i8x32 r;
  for (int j = 0; j < 32; ++j) r[j] = vnni_saturate_i8(x[j] - y[j]);
  return (__m256i)r;
}

/// r[j] = a[j] - b[j], saturated.
/// @operand a i16[16] register  @operand b i16[16] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_subs_epi16(__m256i a, __m256i b) {
  i16x16 x = (i16x16)a;
  i16x16 y = (i16x16)b;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_saturate_i16(x[j] - y[j]);
  return (__m256i)r;
}

/// r[j] = a[j] - b[j], saturated.
/// @operand a u8[32] register  @operand b u8[32] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_subs_epu8(__m256i a, __m256i b) {
  u8x32 x = (u8x32)a;
  u8x32 y = (u8x32)b;
  u8x32 r;
  for (int j = 0; j < 32; ++j) r[j] = vnni_saturate_u8(x[j] - y[j]);
  return (__m256i)r;
}

/// r[j] = a[j] - b[j], saturated.
/// @operand a u16[16] register  @operand b u16[16] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_subs_epu16(__m256i a, __m256i b) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_saturate_u16(x[j] - y[j]);
  return (__m256i)r;
}

/// r[j] = a[2j] * b[2j] + a[2j+1] * b[2j+1], 16-bit elements to 32 bits, wrapping.
/// @operand a i16[16] register  @operand b i16[16] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_madd_epi16(__m256i a, __m256i b) {
  i16x16 x = (i16x16)a, y = (i16x16)b;
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (int32_t)((uint32_t)(x[2 * j] * y[2 * j]) + (uint32_t)(x[2 * j + 1] * y[2 * j + 1]));
  return (__m256i)r;
}

/// r[j] = a[2j] * b[2j] + a[2j+1] * b[2j+1], u8 * i8 elements to 16 bits, saturated.
/// @operand a u8[32] register  @operand b i8[32] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_maddubs_epi16(__m256i a, __m256i b) {
  u8x32 x = (u8x32)a;
  i8x32 y = (i8x32)b;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_saturate_i16(x[2 * j] * y[2 * j] + x[2 * j + 1] * y[2 * j + 1]);
  return (__m256i)r;
}

/// r[j] = a[j] + b[j], wrapping.
/// @operand a i8[16] register  @operand b i8[16] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_add_epi8(__m128i a, __m128i b) {
  i8x16 x = (i8x16)a;
  i8x16 y = (i8x16)b;
  i8x16 r;
  for (int j = 0; j < 16; ++j) r[j] = x[j] + y[j];
  return (__m128i)r;
}

/// r[j] = a[j] - b[j], wrapping.
/// @operand a i8[16] register  @operand b i8[16] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_sub_epi8(__m128i a, __m128i b) {
  i8x16 x = (i8x16)a;
  i8x16 y = (i8x16)b;
  i8x16 r;
  for (int j = 0; j < 16; ++j) r[j] = x[j] - y[j];
  return (__m128i)r;
}

/// r[j] = the smaller of a[j] and b[j].
/// @operand a i8[16] register  @operand b i8[16] register  @isa sse4.1  @source manuals/vnni/integer.md
static inline __m128i _mm_min_epi8(__m128i a, __m128i b) {
  i8x16 x = (i8x16)a;
  i8x16 y = (i8x16)b;
  i8x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (x[j] < y[j] ? x[j] : y[j]);
  return (__m128i)r;
}

/// r[j] = the smaller of a[j] and b[j].
/// @operand a u8[16] register  @operand b u8[16] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_min_epu8(__m128i a, __m128i b) {
  u8x16 x = (u8x16)a;
  u8x16 y = (u8x16)b;
  u8x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (x[j] < y[j] ? x[j] : y[j]);
  return (__m128i)r;
}

/// r[j] = the larger of a[j] and b[j].
/// @operand a i8[16] register  @operand b i8[16] register  @isa sse4.1  @source manuals/vnni/integer.md
static inline __m128i _mm_max_epi8(__m128i a, __m128i b) {
  i8x16 x = (i8x16)a;
  i8x16 y = (i8x16)b;
  i8x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (x[j] > y[j] ? x[j] : y[j]);
  return (__m128i)r;
}

/// r[j] = the larger of a[j] and b[j].
/// @operand a u8[16] register  @operand b u8[16] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_max_epu8(__m128i a, __m128i b) {
  u8x16 x = (u8x16)a;
  u8x16 y = (u8x16)b;
  u8x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (x[j] > y[j] ? x[j] : y[j]);
  return (__m128i)r;
}

/// r[j] = |a[j]|; the least integer stays.
/// @operand a i8[16] register  @isa ssse3  @source manuals/vnni/integer.md
static inline __m128i _mm_abs_epi8(__m128i a) {
  i8x16 x = (i8x16)a;
  i8x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (x[j] < 0 ? -x[j] : x[j]);
  return (__m128i)r;
}

/// r[j] = value.
/// @operand value i8 scalar  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_set1_epi8(char value) { i8x16 r; for (int j = 0; j < 16; ++j) r[j] = value; return (__m128i)r; }

/// r[j] = a[j] + b[j], wrapping.
/// @operand a i16[8] register  @operand b i16[8] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_add_epi16(__m128i a, __m128i b) {
  i16x8 x = (i16x8)a;
  i16x8 y = (i16x8)b;
  i16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = x[j] + y[j];
  return (__m128i)r;
}

/// r[j] = a[j] - b[j], wrapping.
/// @operand a i16[8] register  @operand b i16[8] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_sub_epi16(__m128i a, __m128i b) {
  i16x8 x = (i16x8)a;
  i16x8 y = (i16x8)b;
  i16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = x[j] - y[j];
  return (__m128i)r;
}

/// r[j] = the smaller of a[j] and b[j].
/// @operand a i16[8] register  @operand b i16[8] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_min_epi16(__m128i a, __m128i b) {
  i16x8 x = (i16x8)a;
  i16x8 y = (i16x8)b;
  i16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (x[j] < y[j] ? x[j] : y[j]);
  return (__m128i)r;
}

/// r[j] = the smaller of a[j] and b[j].
/// @operand a u16[8] register  @operand b u16[8] register  @isa sse4.1  @source manuals/vnni/integer.md
static inline __m128i _mm_min_epu16(__m128i a, __m128i b) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (x[j] < y[j] ? x[j] : y[j]);
  return (__m128i)r;
}

/// r[j] = the larger of a[j] and b[j].
/// @operand a i16[8] register  @operand b i16[8] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_max_epi16(__m128i a, __m128i b) {
  i16x8 x = (i16x8)a;
  i16x8 y = (i16x8)b;
  i16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (x[j] > y[j] ? x[j] : y[j]);
  return (__m128i)r;
}

/// r[j] = the larger of a[j] and b[j].
/// @operand a u16[8] register  @operand b u16[8] register  @isa sse4.1  @source manuals/vnni/integer.md
static inline __m128i _mm_max_epu16(__m128i a, __m128i b) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (x[j] > y[j] ? x[j] : y[j]);
  return (__m128i)r;
}

/// r[j] = |a[j]|; the least integer stays.
/// @operand a i16[8] register  @isa ssse3  @source manuals/vnni/integer.md
static inline __m128i _mm_abs_epi16(__m128i a) {
  i16x8 x = (i16x8)a;
  i16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (x[j] < 0 ? -x[j] : x[j]);
  return (__m128i)r;
}

/// r[j] = value.
/// @operand value i16 scalar  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_set1_epi16(short value) { i16x8 r; for (int j = 0; j < 8; ++j) r[j] = value; return (__m128i)r; }

/// r[j] = the low half of a[j] * b[j].
/// @operand a i16[8] register  @operand b i16[8] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_mullo_epi16(__m128i a, __m128i b) {
  i16x8 x = (i16x8)a;
  i16x8 y = (i16x8)b;
  i16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (int16_t)(x[j] * y[j]);
  return (__m128i)r;
}

/// r[j] = the high half of a[j] * b[j].
/// @operand a i16[8] register  @operand b i16[8] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_mulhi_epi16(__m128i a, __m128i b) {
  i16x8 x = (i16x8)a;
  i16x8 y = (i16x8)b;
  i16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (int16_t)((int32_t)x[j] * y[j] >> 16);
  return (__m128i)r;
}

/// r[j] = a[j] + b[j], saturated.
/// @operand a i8[16] register  @operand b i8[16] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_adds_epi8(__m128i a, __m128i b) {
  i8x16 x = (i8x16)a;
  i8x16 y = (i8x16)b;
  i8x16 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_saturate_i8(x[j] + y[j]);
  return (__m128i)r;
}

/// r[j] = a[j] + b[j], saturated.
/// @operand a i16[8] register  @operand b i16[8] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_adds_epi16(__m128i a, __m128i b) {
  i16x8 x = (i16x8)a;
  i16x8 y = (i16x8)b;
  i16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = vnni_saturate_i16(x[j] + y[j]);
  return (__m128i)r;
}

/// r[j] = a[j] + b[j], saturated.
/// @operand a u8[16] register  @operand b u8[16] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_adds_epu8(__m128i a, __m128i b) {
  u8x16 x = (u8x16)a;
  u8x16 y = (u8x16)b;
  u8x16 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_saturate_u8(x[j] + y[j]);
  return (__m128i)r;
}

/// r[j] = a[j] + b[j], saturated.
/// @operand a u16[8] register  @operand b u16[8] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_adds_epu16(__m128i a, __m128i b) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = vnni_saturate_u16(x[j] + y[j]);
  return (__m128i)r;
}

/// r[j] = a[j] - b[j], saturated.
/// @operand a i8[16] register  @operand b i8[16] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_subs_epi8(__m128i a, __m128i b) {
  i8x16 x = (i8x16)a;
  i8x16 y = (i8x16)b;
  i8x16 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_saturate_i8(x[j] - y[j]);
  return (__m128i)r;
}

/// r[j] = a[j] - b[j], saturated.
/// @operand a i16[8] register  @operand b i16[8] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_subs_epi16(__m128i a, __m128i b) {
  i16x8 x = (i16x8)a;
  i16x8 y = (i16x8)b;
  i16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = vnni_saturate_i16(x[j] - y[j]);
  return (__m128i)r;
}

/// r[j] = a[j] - b[j], saturated.
/// @operand a u8[16] register  @operand b u8[16] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_subs_epu8(__m128i a, __m128i b) {
  u8x16 x = (u8x16)a;
  u8x16 y = (u8x16)b;
  u8x16 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_saturate_u8(x[j] - y[j]);
  return (__m128i)r;
}

/// r[j] = a[j] - b[j], saturated.
/// @operand a u16[8] register  @operand b u16[8] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_subs_epu16(__m128i a, __m128i b) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = vnni_saturate_u16(x[j] - y[j]);
  return (__m128i)r;
}

/// r[j] = a[2j] * b[2j] + a[2j+1] * b[2j+1], 16-bit elements to 32 bits, wrapping.
/// @operand a i16[8] register  @operand b i16[8] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_madd_epi16(__m128i a, __m128i b) {
  i16x8 x = (i16x8)a, y = (i16x8)b;
  i32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = (int32_t)((uint32_t)(x[2 * j] * y[2 * j]) + (uint32_t)(x[2 * j + 1] * y[2 * j + 1]));
  return (__m128i)r;
}

/// r[j] = a[2j] * b[2j] + a[2j+1] * b[2j+1], u8 * i8 elements to 16 bits, saturated.
/// @operand a u8[16] register  @operand b i8[16] register  @isa ssse3  @source manuals/vnni/integer.md
static inline __m128i _mm_maddubs_epi16(__m128i a, __m128i b) {
  u8x16 x = (u8x16)a;
  i8x16 y = (i8x16)b;
  i16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = vnni_saturate_i16(x[2 * j] * y[2 * j] + x[2 * j + 1] * y[2 * j + 1]);
  return (__m128i)r;
}
