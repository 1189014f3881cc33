// Shifts of integers, by one count for all elements (slli, ...) or by a count an element (sllv, ...).
#pragma once

/// r[j] = a[j] shifted left by imm bits; 0 for more bits than it has.
/// @operand a i16[32] register  @operand imm u32 immediate  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_slli_epi16(__m512i a, unsigned int imm) {
  i16x32 x = (i16x32)a;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (imm > 15 ? 0 : (int16_t)((uint16_t)x[j] << imm));
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by imm bits, zeros enter; 0 for more bits than it has.
/// @operand a i16[32] register  @operand imm u32 immediate  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_srli_epi16(__m512i a, unsigned int imm) {
  i16x32 x = (i16x32)a;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (imm > 15 ? 0 : (int16_t)((uint16_t)x[j] >> imm));
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by imm bits, the sign bit enters.
/// @operand a i16[32] register  @operand imm u32 immediate  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_srai_epi16(__m512i a, unsigned int imm) {
  i16x32 x = (i16x32)a;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (x[j] >> (imm > 15 ? 15 : imm));
  return (__m512i)r;
}

/// r[j] = a[j] shifted left by b[j] bits.
/// @operand a i16[32] register  @operand b i16[32] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_sllv_epi16(__m512i a, __m512i b) {
  i16x32 x = (i16x32)a;
  i16x32 y = (i16x32)b;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = ((uint16_t)y[j] > 15 ? 0 : (int16_t)((uint16_t)x[j] << y[j]));
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, zeros enter.
/// @operand a i16[32] register  @operand b i16[32] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_srlv_epi16(__m512i a, __m512i b) {
  i16x32 x = (i16x32)a;
  i16x32 y = (i16x32)b;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = ((uint16_t)y[j] > 15 ? 0 : (int16_t)((uint16_t)x[j] >> y[j]));
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, the sign bit enters.
/// @operand a i16[32] register  @operand b i16[32] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_srav_epi16(__m512i a, __m512i b) {
  i16x32 x = (i16x32)a;
  i16x32 y = (i16x32)b;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (x[j] >> ((uint16_t)y[j] > 15 ? 15 : y[j]));
  return (__m512i)r;
}

/// r[j] = a[j] shifted left by imm bits; 0 for more bits than it has.
/// @operand a i32[16] register  @operand imm u32 immediate  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_slli_epi32(__m512i a, unsigned int imm) {
  i32x16 x = (i32x16)a;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (imm > 31 ? 0 : (int32_t)((uint32_t)x[j] << imm));
  return (__m512i)r;
}

/// r[j] = a[j] shifted left by imm bits; 0 for more bits than it has where bit j of k is 1, else src[j].
/// @operand src i32[16] register  @operand a i32[16] register  @operand imm u32 immediate  @isa avx512f
/// @source manuals/vnni/integer.md
static inline __m512i _mm512_mask_slli_epi32(__m512i src, __mmask16 k, __m512i a, unsigned int imm) {
  i32x16 x = (i32x16)a;
  i32x16 s = (i32x16)src;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (imm > 31 ? 0 : (int32_t)((uint32_t)x[j] << imm)) : s[j];
  return (__m512i)r;
}

/// r[j] = a[j] shifted left by imm bits; 0 for more bits than it has where bit j of k is 1, else 0.
/// @operand a i32[16] register  @operand imm u32 immediate  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_maskz_slli_epi32(__mmask16 k, __m512i a, unsigned int imm) {
  i32x16 x = (i32x16)a;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (imm > 31 ? 0 : (int32_t)((uint32_t)x[j] << imm)) : 0;
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by imm bits, zeros enter; 0 for more bits than it has.
/// @operand a i32[16] register  @operand imm u32 immediate  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_srli_epi32(__m512i a, unsigned int imm) {
  i32x16 x = (i32x16)a;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (imm > 31 ? 0 : (int32_t)((uint32_t)x[j] >> imm));
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by imm bits, zeros enter; 0 for more bits than it has where bit j of k is 1, else src[j].
/// @operand src i32[16] register  @operand a i32[16] register  @operand imm u32 immediate  @isa avx512f
/// @source manuals/vnni/integer.md
static inline __m512i _mm512_mask_srli_epi32(__m512i src, __mmask16 k, __m512i a, unsigned int imm) {
  i32x16 x = (i32x16)a;
  i32x16 s = (i32x16)src;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (imm > 31 ? 0 : (int32_t)((uint32_t)x[j] >> imm)) : s[j];
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by imm bits, zeros enter; 0 for more bits than it has where bit j of k is 1, else 0.
/// @operand a i32[16] register  @operand imm u32 immediate  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_maskz_srli_epi32(__mmask16 k, __m512i a, unsigned int imm) {
  i32x16 x = (i32x16)a;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (imm > 31 ? 0 : (int32_t)((uint32_t)x[j] >> imm)) : 0;
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by imm bits, the sign bit enters.
/// @operand a i32[16] register  @operand imm u32 immediate  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_srai_epi32(__m512i a, unsigned int imm) {
  i32x16 x = (i32x16)a;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (x[j] >> (imm > 31 ? 31 : imm));
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by imm bits, the sign bit enters where bit j of k is 1, else src[j].
/// @operand src i32[16] register  @operand a i32[16] register  @operand imm u32 immediate  @isa avx512f
/// @source manuals/vnni/integer.md
static inline __m512i _mm512_mask_srai_epi32(__m512i src, __mmask16 k, __m512i a, unsigned int imm) {
  i32x16 x = (i32x16)a;
  i32x16 s = (i32x16)src;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (x[j] >> (imm > 31 ? 31 : imm)) : s[j];
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by imm bits, the sign bit enters where bit j of k is 1, else 0.
/// @operand a i32[16] register  @operand imm u32 immediate  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_maskz_srai_epi32(__mmask16 k, __m512i a, unsigned int imm) {
  i32x16 x = (i32x16)a;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (x[j] >> (imm > 31 ? 31 : imm)) : 0;
  return (__m512i)r;
}

/// r[j] = a[j] shifted left by b[j] bits.
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_sllv_epi32(__m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = ((uint32_t)y[j] > 31 ? 0 : (int32_t)((uint32_t)x[j] << y[j]));
  return (__m512i)r;
}

/// r[j] = a[j] shifted left by b[j] bits where bit j of k is 1, else src[j].
/// @operand src i32[16] register  @operand a i32[16] register  @operand b i32[16] register  @isa avx512f
/// @source manuals/vnni/integer.md
static inline __m512i _mm512_mask_sllv_epi32(__m512i src, __mmask16 k, __m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 s = (i32x16)src;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? ((uint32_t)y[j] > 31 ? 0 : (int32_t)((uint32_t)x[j] << y[j])) : s[j];
  return (__m512i)r;
}

/// r[j] = a[j] shifted left by b[j] bits where bit j of k is 1, else 0.
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_maskz_sllv_epi32(__mmask16 k, __m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? ((uint32_t)y[j] > 31 ? 0 : (int32_t)((uint32_t)x[j] << y[j])) : 0;
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, zeros enter.
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_srlv_epi32(__m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = ((uint32_t)y[j] > 31 ? 0 : (int32_t)((uint32_t)x[j] >> y[j]));
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, zeros enter where bit j of k is 1, else src[j].
/// @operand src i32[16] register  @operand a i32[16] register  @operand b i32[16] register  @isa avx512f
/// @source manuals/vnni/integer.md
static inline __m512i _mm512_mask_srlv_epi32(__m512i src, __mmask16 k, __m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 s = (i32x16)src;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? ((uint32_t)y[j] > 31 ? 0 : (int32_t)((uint32_t)x[j] >> y[j])) : s[j];
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, zeros enter where bit j of k is 1, else 0.
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_maskz_srlv_epi32(__mmask16 k, __m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? ((uint32_t)y[j] > 31 ? 0 : (int32_t)((uint32_t)x[j] >> y[j])) : 0;
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, the sign bit enters.
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_srav_epi32(__m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (x[j] >> ((uint32_t)y[j] > 31 ? 31 : y[j]));
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, the sign bit enters where bit j of k is 1, else src[j].
/// @operand src i32[16] register  @operand a i32[16] register  @operand b i32[16] register  @isa avx512f
/// @source manuals/vnni/integer.md
static inline __m512i _mm512_mask_srav_epi32(__m512i src, __mmask16 k, __m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 s = (i32x16)src;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (x[j] >> ((uint32_t)y[j] > 31 ? 31 : y[j])) : s[j];
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, the sign bit enters where bit j of k is 1, else 0.
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_maskz_srav_epi32(__mmask16 k, __m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (x[j] >> ((uint32_t)y[j] > 31 ? 31 : y[j])) : 0;
  return (__m512i)r;
}

/// r[j] = a[j] shifted left by imm bits; 0 for more bits than it has.
/// @operand a i64[8] register  @operand imm u32 immediate  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_slli_epi64(__m512i a, unsigned int imm) {
  i64x8 x = (i64x8)a;
  i64x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (imm > 63 ? 0 : (int64_t)((uint64_t)x[j] << imm));
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by imm bits, zeros enter; 0 for more bits than it has.
/// @operand a i64[8] register  @operand imm u32 immediate  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_srli_epi64(__m512i a, unsigned int imm) {
  i64x8 x = (i64x8)a;
  i64x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (imm > 63 ? 0 : (int64_t)((uint64_t)x[j] >> imm));
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by imm bits, the sign bit enters.
/// @operand a i64[8] register  @operand imm u32 immediate  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_srai_epi64(__m512i a, unsigned int imm) {
  i64x8 x = (i64x8)a;
  i64x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (x[j] >> (imm > 63 ? 63 : imm));
  return (__m512i)r;
}

/// r[j] = a[j] shifted left by b[j] bits.
/// @operand a i64[8] register  @operand b i64[8] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_sllv_epi64(__m512i a, __m512i b) {
  i64x8 x = (i64x8)a;
  i64x8 y = (i64x8)b;
  i64x8 r;
  for (int j = 0; j < 8; ++j) r[j] = ((uint64_t)y[j] > 63 ? 0 : (int64_t)((uint64_t)x[j] << y[j]));
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, zeros enter.
/// @operand a i64[8] register  @operand b i64[8] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_srlv_epi64(__m512i a, __m512i b) {
  i64x8 x = (i64x8)a;
  i64x8 y = (i64x8)b;
  i64x8 r;
  for (int j = 0; j < 8; ++j) r[j] = ((uint64_t)y[j] > 63 ? 0 : (int64_t)((uint64_t)x[j] >> y[j]));
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, the sign bit enters.
/// @operand a i64[8] register  @operand b i64[8] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_srav_epi64(__m512i a, __m512i b) {
  i64x8 x = (i64x8)a;
  i64x8 y = (i64x8)b;
  i64x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (x[j] >> ((uint64_t)y[j] > 63 ? 63 : y[j]));
  return (__m512i)r;
}

/// r[j] = a[j] shifted left by imm bits; 0 for more bits than it has.
/// @operand a i16[16] register  @operand imm u32 immediate  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_slli_epi16(__m256i a, int imm) {
  i16x16 x = (i16x16)a;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = ((unsigned)imm > 15 ? 0 : (int16_t)((uint16_t)x[j] << (unsigned)imm));
  return (__m256i)r;
}

/// r[j] = a[j] shifted right by imm bits, zeros enter; 0 for more bits than it has.
/// @operand a i16[16] register  @operand imm u32 immediate  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_srli_epi16(__m256i a, int imm) {
  i16x16 x = (i16x16)a;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = ((unsigned)imm > 15 ? 0 : (int16_t)((uint16_t)x[j] >> (unsigned)imm));
  return (__m256i)r;
}

/// r[j] = a[j] shifted right by imm bits, the sign bit enters.
/// @operand a i16[16] register  @operand imm u32 immediate  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_srai_epi16(__m256i a, int imm) {
  i16x16 x = (i16x16)a;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (x[j] >> ((unsigned)imm > 15 ? 15 : (unsigned)imm));
  return (__m256i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, the sign bit enters.
/// @operand a i16[16] register  @operand b i16[16] register  @isa avx512bw avx512vl  @source manuals/vnni/integer.md
static inline __m256i _mm256_srav_epi16(__m256i a, __m256i b) {
  i16x16 x = (i16x16)a;
  i16x16 y = (i16x16)b;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (x[j] >> ((uint16_t)y[j] > 15 ? 15 : y[j]));
  return (__m256i)r;
}

/// r[j] = a[j] shifted left by imm bits; 0 for more bits than it has.
/// @operand a i32[8] register  @operand imm u32 immediate  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_slli_epi32(__m256i a, int imm) {
  i32x8 x = (i32x8)a;
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = ((unsigned)imm > 31 ? 0 : (int32_t)((uint32_t)x[j] << (unsigned)imm));
  return (__m256i)r;
}

/// r[j] = a[j] shifted right by imm bits, zeros enter; 0 for more bits than it has.
/// @operand a i32[8] register  @operand imm u32 immediate  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_srli_epi32(__m256i a, int imm) {
  i32x8 x = (i32x8)a;
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = ((unsigned)imm > 31 ? 0 : (int32_t)((uint32_t)x[j] >> (unsigned)imm));
  return (__m256i)r;
}

/// r[j] = a[j] shifted right by imm bits, the sign bit enters.
/// @operand a i32[8] register  @operand imm u32 immediate  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_srai_epi32(__m256i a, int imm) {
  i32x8 x = (i32x8)a;
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (x[j] >> ((unsigned)imm > 31 ? 31 : (unsigned)imm));
  return (__m256i)r;
}

/// r[j] = a[j] shifted left by b[j] bits.
/// @operand a i32[8] register  @operand b i32[8] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_sllv_epi32(__m256i a, __m256i b) {
  i32x8 x = (i32x8)a;
  i32x8 y = (i32x8)b;
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = ((uint32_t)y[j] > 31 ? 0 : (int32_t)((uint32_t)x[j] << y[j]));
  return (__m256i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, zeros enter.
/// @operand a i32[8] register  @operand b i32[8] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_srlv_epi32(__m256i a, __m256i b) {
  i32x8 x = (i32x8)a;
  i32x8 y = (i32x8)b;
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = ((uint32_t)y[j] > 31 ? 0 : (int32_t)((uint32_t)x[j] >> y[j]));
  return (__m256i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, the sign bit enters.
/// @operand a i32[8] register  @operand b i32[8] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_srav_epi32(__m256i a, __m256i b) {
  i32x8 x = (i32x8)a;
  i32x8 y = (i32x8)b;
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (x[j] >> ((uint32_t)y[j] > 31 ? 31 : y[j]));
  return (__m256i)r;
}

/// r[j] = a[j] shifted left by imm bits; 0 for more bits than it has.
/// @operand a i64[4] register  @operand imm u32 immediate  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_slli_epi64(__m256i a, int imm) {
  i64x4 x = (i64x4)a;
  i64x4 r;
  for (int j = 0; j < 4; ++j) r[j] = ((unsigned)imm > 63 ? 0 : (int64_t)((uint64_t)x[j] << (unsigned)imm));
  return (__m256i)r;
}

/// r[j] = a[j] shifted right by imm bits, zeros enter; 0 for more bits than it has.
/// @operand a i64[4] register  @operand imm u32 immediate  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_srli_epi64(__m256i a, int imm) {
  i64x4 x = (i64x4)a;
  i64x4 r;
  for (int j = 0; j < 4; ++j) r[j] = ((unsigned)imm > 63 ? 0 : (int64_t)((uint64_t)x[j] >> (unsigned)imm));
  return (__m256i)r;
}

/// r[j] = a[j] shifted left by b[j] bits.
/// @operand a i64[4] register  @operand b i64[4] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_sllv_epi64(__m256i a, __m256i b) {
  i64x4 x = (i64x4)a;
  i64x4 y = (i64x4)b;
  i64x4 r;
  for (int j = 0; j < 4; ++j) r[j] = ((uint64_t)y[j] > 63 ? 0 : (int64_t)((uint64_t)x[j] << y[j]));
  return (__m256i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, zeros enter.
/// @operand a i64[4] register  @operand b i64[4] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_srlv_epi64(__m256i a, __m256i b) {
  i64x4 x = (i64x4)a;
  i64x4 y = (i64x4)b;
  i64x4 r;
  for (int j = 0; j < 4; ++j) r[j] = ((uint64_t)y[j] > 63 ? 0 : (int64_t)((uint64_t)x[j] >> y[j]));
  return (__m256i)r;
}

/// r[j] = a[j] shifted left by imm bits; 0 for more bits than it has.
/// @operand a i16[8] register  @operand imm u32 immediate  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_slli_epi16(__m128i a, int imm) {
  i16x8 x = (i16x8)a;
  i16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = ((unsigned)imm > 15 ? 0 : (int16_t)((uint16_t)x[j] << (unsigned)imm));
  return (__m128i)r;
}

/// r[j] = a[j] shifted right by imm bits, zeros enter; 0 for more bits than it has.
/// @operand a i16[8] register  @operand imm u32 immediate  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_srli_epi16(__m128i a, int imm) {
  i16x8 x = (i16x8)a;
  i16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = ((unsigned)imm > 15 ? 0 : (int16_t)((uint16_t)x[j] >> (unsigned)imm));
  return (__m128i)r;
}

/// r[j] = a[j] shifted right by imm bits, the sign bit enters.
/// @operand a i16[8] register  @operand imm u32 immediate  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_srai_epi16(__m128i a, int imm) {
  i16x8 x = (i16x8)a;
  i16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (x[j] >> ((unsigned)imm > 15 ? 15 : (unsigned)imm));
  return (__m128i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, the sign bit enters.
/// @operand a i16[8] register  @operand b i16[8] register  @isa avx512bw avx512vl  @source manuals/vnni/integer.md
static inline __m128i _mm_srav_epi16(__m128i a, __m128i b) {
  i16x8 x = (i16x8)a;
  i16x8 y = (i16x8)b;
  i16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (x[j] >> ((uint16_t)y[j] > 15 ? 15 : y[j]));
  return (__m128i)r;
}

/// r[j] = a[j] shifted left by imm bits; 0 for more bits than it has.
/// @operand a i32[4] register  @operand imm u32 immediate  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_slli_epi32(__m128i a, int imm) {
  i32x4 x = (i32x4)a;
  i32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = ((unsigned)imm > 31 ? 0 : (int32_t)((uint32_t)x[j] << (unsigned)imm));
  return (__m128i)r;
}

/// r[j] = a[j] shifted right by imm bits, zeros enter; 0 for more bits than it has.
/// @operand a i32[4] register  @operand imm u32 immediate  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_srli_epi32(__m128i a, int imm) {
  i32x4 x = (i32x4)a;
  i32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = ((unsigned)imm > 31 ? 0 : (int32_t)((uint32_t)x[j] >> (unsigned)imm));
  return (__m128i)r;
}

/// r[j] = a[j] shifted right by imm bits, the sign bit enters.
/// @operand a i32[4] register  @operand imm u32 immediate  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_srai_epi32(__m128i a, int imm) {
  i32x4 x = (i32x4)a;
  i32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = (x[j] >> ((unsigned)imm > 31 ? 31 : (unsigned)imm));
  return (__m128i)r;
}

/// r[j] = a[j] shifted left by b[j] bits.
/// @operand a i32[4] register  @operand b i32[4] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m128i _mm_sllv_epi32(__m128i a, __m128i b) {
  i32x4 x = (i32x4)a;
  i32x4 y = (i32x4)b;
  i32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = ((uint32_t)y[j] > 31 ? 0 : (int32_t)((uint32_t)x[j] << y[j]));
  return (__m128i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, zeros enter.
/// @operand a i32[4] register  @operand b i32[4] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m128i _mm_srlv_epi32(__m128i a, __m128i b) {
  i32x4 x = (i32x4)a;
  i32x4 y = (i32x4)b;
  i32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = ((uint32_t)y[j] > 31 ? 0 : (int32_t)((uint32_t)x[j] >> y[j]));
  return (__m128i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, the sign bit enters.
/// @operand a i32[4] register  @operand b i32[4] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m128i _mm_srav_epi32(__m128i a, __m128i b) {
  i32x4 x = (i32x4)a;
  i32x4 y = (i32x4)b;
  i32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = (x[j] >> ((uint32_t)y[j] > 31 ? 31 : y[j]));
  return (__m128i)r;
}

/// r[j] = a[j] shifted left by imm bits; 0 for more bits than it has.
/// @operand a i64[2] register  @operand imm u32 immediate  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_slli_epi64(__m128i a, int imm) {
  i64x2 x = (i64x2)a;
  i64x2 r;
  for (int j = 0; j < 2; ++j) r[j] = ((unsigned)imm > 63 ? 0 : (int64_t)((uint64_t)x[j] << (unsigned)imm));
  return (__m128i)r;
}

/// r[j] = a[j] shifted right by imm bits, zeros enter; 0 for more bits than it has.
/// @operand a i64[2] register  @operand imm u32 immediate  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_srli_epi64(__m128i a, int imm) {
  i64x2 x = (i64x2)a;
  i64x2 r;
  for (int j = 0; j < 2; ++j) r[j] = ((unsigned)imm > 63 ? 0 : (int64_t)((uint64_t)x[j] >> (unsigned)imm));
  return (__m128i)r;
}

/// r[j] = a[j] shifted left by b[j] bits.
/// @operand a i64[2] register  @operand b i64[2] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m128i _mm_sllv_epi64(__m128i a, __m128i b) {
  i64x2 x = (i64x2)a;
  i64x2 y = (i64x2)b;
  i64x2 r;
  for (int j = 0; j < 2; ++j) r[j] = ((uint64_t)y[j] > 63 ? 0 : (int64_t)((uint64_t)x[j] << y[j]));
  return (__m128i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, zeros enter.
/// @operand a i64[2] register  @operand b i64[2] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m128i _mm_srlv_epi64(__m128i a, __m128i b) {
  i64x2 x = (i64x2)a;
  i64x2 y = (i64x2)b;
  i64x2 r;
  for (int j = 0; j < 2; ++j) r[j] = ((uint64_t)y[j] > 63 ? 0 : (int64_t)((uint64_t)x[j] >> y[j]));
  return (__m128i)r;
}
