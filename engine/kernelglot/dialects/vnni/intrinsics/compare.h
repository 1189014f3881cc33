// Comparisons. At 512 bits, and where a name ends in _mask, the result is a mask with one bit an element.
#pragma once

/// Bit j of the result = a[j] compared with b[j] by predicate imm (_CMP_LT_OS, ...).
/// @operand a f32[16] register  @operand b f32[16] register  @operand imm i32 immediate  @isa avx512f  @source manuals/vnni/compare.md
static inline __mmask16 _mm512_cmp_ps_mask(__m512 a, __m512 b, const int imm) {
  __mmask16 k = 0;
  for (int j = 0; j < 16; ++j) k |= (__mmask16)((uint64_t)vnni_compare(a[j], b[j], imm) << j);
  return k;
}

/// As the unmasked comparison; bits that are 0 in k stay 0.
/// @operand a f32[16] register  @operand b f32[16] register  @operand imm i32 immediate  @isa avx512f  @source manuals/vnni/compare.md
static inline __mmask16 _mm512_mask_cmp_ps_mask(__mmask16 k, __m512 a, __m512 b, const int imm) {
  return k & _mm512_cmp_ps_mask(a, b, imm);
}

/// Bit j of the result = a[j] compared with b[j] by predicate imm (_CMP_LT_OS, ...).
/// @operand a f32[8] register  @operand b f32[8] register  @operand imm i32 immediate  @isa avx512f avx512vl
/// @source manuals/vnni/compare.md
static inline __mmask8 _mm256_cmp_ps_mask(__m256 a, __m256 b, const int imm) {
  __mmask8 k = 0;
  for (int j = 0; j < 8; ++j) k |= (__mmask8)((uint64_t)vnni_compare(a[j], b[j], imm) << j);
  return k;
}

/// As the unmasked comparison; bits that are 0 in k stay 0.
/// @operand a f32[8] register  @operand b f32[8] register  @operand imm i32 immediate  @isa avx512f avx512vl
/// @source manuals/vnni/compare.md
static inline __mmask8 _mm256_mask_cmp_ps_mask(__mmask8 k, __m256 a, __m256 b, const int imm) { return k & _mm256_cmp_ps_mask(a, b, imm); }

/// r[j] = all bits 1 where a[j] compares with b[j] by predicate imm, else 0.
/// @operand a f32[8] register  @operand b f32[8] register  @operand imm i32 immediate  @isa avx  @source manuals/vnni/compare.md
static inline __m256 _mm256_cmp_ps(__m256 a, __m256 b, const int imm) {
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = vnni_compare(a[j], b[j], imm) ? -1 : 0;
  return (__m256)r;
}

/// Bit j of the result = a[j] compared with b[j] by predicate imm (_CMP_LT_OS, ...).
/// @operand a f32[4] register  @operand b f32[4] register  @operand imm i32 immediate  @isa avx512f avx512vl
/// @source manuals/vnni/compare.md
static inline __mmask8 _mm_cmp_ps_mask(__m128 a, __m128 b, const int imm) {
  __mmask8 k = 0;
  for (int j = 0; j < 4; ++j) k |= (__mmask8)((uint64_t)vnni_compare(a[j], b[j], imm) << j);
  return k;
}

/// As the unmasked comparison; bits that are 0 in k stay 0.
/// @operand a f32[4] register  @operand b f32[4] register  @operand imm i32 immediate  @isa avx512f avx512vl
/// @source manuals/vnni/compare.md
static inline __mmask8 _mm_mask_cmp_ps_mask(__mmask8 k, __m128 a, __m128 b, const int imm) { return k & _mm_cmp_ps_mask(a, b, imm); }

/// r[j] = all bits 1 where a[j] compares with b[j] by predicate imm, else 0.
/// @operand a f32[4] register  @operand b f32[4] register  @operand imm i32 immediate  @isa avx  @source manuals/vnni/compare.md
static inline __m128 _mm_cmp_ps(__m128 a, __m128 b, const int imm) {
  i32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = vnni_compare(a[j], b[j], imm) ? -1 : 0;
  return (__m128)r;
}

/// Bit j of the result = a[j] compared with b[j] by predicate imm (_CMP_LT_OS, ...).
/// @operand a f64[8] register  @operand b f64[8] register  @operand imm i32 immediate  @isa avx512f  @source manuals/vnni/compare.md
static inline __mmask8 _mm512_cmp_pd_mask(__m512d a, __m512d b, const int imm) {
  __mmask8 k = 0;
  for (int j = 0; j < 8; ++j) k |= (__mmask8)((uint64_t)vnni_compare(a[j], b[j], imm) << j);
  return k;
}

/// r[j] = all bits 1 where a[j] compares with b[j] by predicate imm, else 0.
/// @operand a f64[4] register  @operand b f64[4] register  @operand imm i32 immediate  @isa avx  @source manuals/vnni/compare.md
static inline __m256d _mm256_cmp_pd(__m256d a, __m256d b, const int imm) {
  i64x4 r;
  for (int j = 0; j < 4; ++j) r[j] = vnni_compare(a[j], b[j], imm) ? -1 : 0;
  return (__m256d)r;
}

/// r[j] = all bits 1 where a[j] compares with b[j] by predicate imm, else 0.
/// @operand a f64[2] register  @operand b f64[2] register  @operand imm i32 immediate  @isa avx  @source manuals/vnni/compare.md
static inline __m128d _mm_cmp_pd(__m128d a, __m128d b, const int imm) {
  i64x2 r;
  for (int j = 0; j < 2; ++j) r[j] = vnni_compare(a[j], b[j], imm) ? -1 : 0;
  return (__m128d)r;
}

/// Bit j of the result = a[j] == b[j].
/// @operand a i8[64] register  @operand b i8[64] register  @isa avx512bw  @source manuals/vnni/compare.md
static inline __mmask64 _mm512_cmpeq_epi8_mask(__m512i a, __m512i b) {
  i8x64 x = (i8x64)a, y = (i8x64)b;
  __mmask64 k = 0;
  for (int j = 0; j < 64; ++j) k |= (__mmask64)((uint64_t)(x[j] == y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] == b[j] and bit j of k.
/// @operand a i8[64] register  @operand b i8[64] register  @isa avx512bw  @source manuals/vnni/compare.md
static inline __mmask64 _mm512_mask_cmpeq_epi8_mask(__mmask64 k, __m512i a, __m512i b) { return k & _mm512_cmpeq_epi8_mask(a, b); }

/// Bit j of the result = a[j] != b[j].
/// @operand a i8[64] register  @operand b i8[64] register  @isa avx512bw  @source manuals/vnni/compare.md
static inline __mmask64 _mm512_cmpneq_epi8_mask(__m512i a, __m512i b) {
  i8x64 x = (i8x64)a, y = (i8x64)b;
  __mmask64 k = 0;
  for (int j = 0; j < 64; ++j) k |= (__mmask64)((uint64_t)(x[j] != y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] != b[j] and bit j of k.
/// @operand a i8[64] register  @operand b i8[64] register  @isa avx512bw  @source manuals/vnni/compare.md
static inline __mmask64 _mm512_mask_cmpneq_epi8_mask(__mmask64 k, __m512i a, __m512i b) { return k & _mm512_cmpneq_epi8_mask(a, b); }

/// Bit j of the result = a[j] < b[j].
/// @operand a i8[64] register  @operand b i8[64] register  @isa avx512bw  @source manuals/vnni/compare.md
static inline __mmask64 _mm512_cmplt_epi8_mask(__m512i a, __m512i b) {
  i8x64 x = (i8x64)a, y = (i8x64)b;
  __mmask64 k = 0;
  for (int j = 0; j < 64; ++j) k |= (__mmask64)((uint64_t)(x[j] < y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] < b[j] and bit j of k.
/// @operand a i8[64] register  @operand b i8[64] register  @isa avx512bw  @source manuals/vnni/compare.md
static inline __mmask64 _mm512_mask_cmplt_epi8_mask(__mmask64 k, __m512i a, __m512i b) { return k & _mm512_cmplt_epi8_mask(a, b); }

/// Bit j of the result = a[j] <= b[j].
/// @operand a i8[64] register  @operand b i8[64] register  @isa avx512bw  @source manuals/vnni/compare.md
static inline __mmask64 _mm512_cmple_epi8_mask(__m512i a, __m512i b) {
  i8x64 x = (i8x64)a, y = (i8x64)b;
  __mmask64 k = 0;
  for (int j = 0; j < 64; ++j) k |= (__mmask64)((uint64_t)(x[j] <= y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] <= b[j] and bit j of k.
/// @operand a i8[64] register  @operand b i8[64] register  @isa avx512bw  @source manuals/vnni/compare.md
static inline __mmask64 _mm512_mask_cmple_epi8_mask(__mmask64 k, __m512i a, __m512i b) { return k & _mm512_cmple_epi8_mask(a, b); }

/// Bit j of the result = a[j] > b[j].
/// @operand a i8[64] register  @operand b i8[64] register  @isa avx512bw  @source manuals/vnni/compare.md
static inline __mmask64 _mm512_cmpgt_epi8_mask(__m512i a, __m512i b) {
  i8x64 x = (i8x64)a, y = (i8x64)b;
  __mmask64 k = 0;
  for (int j = 0; j < 64; ++j) k |= (__mmask64)((uint64_t)(x[j] > y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] > b[j] and bit j of k.
/// @operand a i8[64] register  @operand b i8[64] register  @isa avx512bw  @source manuals/vnni/compare.md
static inline __mmask64 _mm512_mask_cmpgt_epi8_mask(__mmask64 k, __m512i a, __m512i b) { return k & _mm512_cmpgt_epi8_mask(a, b); }

/// Bit j of the result = a[j] >= b[j].
/// @operand a i8[64] register  @operand b i8[64] register  @isa avx512bw  @source manuals/vnni/compare.md
static inline __mmask64 _mm512_cmpge_epi8_mask(__m512i a, __m512i b) {
  i8x64 x = (i8x64)a, y = (i8x64)b;
  __mmask64 k = 0;
  for (int j = 0; j < 64; ++j) k |= (__mmask64)((uint64_t)(x[j] >= y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] >= b[j] and bit j of k.
/// @operand a i8[64] register  @operand b i8[64] register  @isa avx512bw  @source manuals/vnni/compare.md
static inline __mmask64 _mm512_mask_cmpge_epi8_mask(__mmask64 k, __m512i a, __m512i b) { return k & _mm512_cmpge_epi8_mask(a, b); }

/// Bit j of the result = a[j] == b[j].
/// @operand a u8[64] register  @operand b u8[64] register  @isa avx512bw  @source manuals/vnni/compare.md
static inline __mmask64 _mm512_cmpeq_epu8_mask(__m512i a, __m512i b) {
  u8x64 x = (u8x64)a, y = (u8x64)b;
  __mmask64 k = 0;
  for (int j = 0; j < 64; ++j) k |= (__mmask64)((uint64_t)(x[j] == y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] != b[j].
/// @operand a u8[64] register  @operand b u8[64] register  @isa avx512bw  @source manuals/vnni/compare.md
static inline __mmask64 _mm512_cmpneq_epu8_mask(__m512i a, __m512i b) {
  u8x64 x = (u8x64)a, y = (u8x64)b;
  __mmask64 k = 0;
  for (int j = 0; j < 64; ++j) k |= (__mmask64)((uint64_t)(x[j] != y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] < b[j].
/// @operand a u8[64] register  @operand b u8[64] register  @isa avx512bw  @source manuals/vnni/compare.md
static inline __mmask64 _mm512_cmplt_epu8_mask(__m512i a, __m512i b) {
  u8x64 x = (u8x64)a, y = (u8x64)b;
  __mmask64 k = 0;
  for (int j = 0; j < 64; ++j) k |= (__mmask64)((uint64_t)(x[j] < y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] <= b[j].
/// @operand a u8[64] register  @operand b u8[64] register  @isa avx512bw  @source manuals/vnni/compare.md
static inline __mmask64 _mm512_cmple_epu8_mask(__m512i a, __m512i b) {
  u8x64 x = (u8x64)a, y = (u8x64)b;
  __mmask64 k = 0;
  for (int j = 0; j < 64; ++j) k |= (__mmask64)((uint64_t)(x[j] <= y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] > b[j].
/// @operand a u8[64] register  @operand b u8[64] register  @isa avx512bw  @source manuals/vnni/compare.md
static inline __mmask64 _mm512_cmpgt_epu8_mask(__m512i a, __m512i b) {
  u8x64 x = (u8x64)a, y = (u8x64)b;
  __mmask64 k = 0;
  for (int j = 0; j < 64; ++j) k |= (__mmask64)((uint64_t)(x[j] > y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] >= b[j].
/// @operand a u8[64] register  @operand b u8[64] register  @isa avx512bw  @source manuals/vnni/compare.md
static inline __mmask64 _mm512_cmpge_epu8_mask(__m512i a, __m512i b) {
  u8x64 x = (u8x64)a, y = (u8x64)b;
  __mmask64 k = 0;
  for (int j = 0; j < 64; ++j) k |= (__mmask64)((uint64_t)(x[j] >= y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] == b[j].
/// @operand a i16[32] register  @operand b i16[32] register  @isa avx512bw  @source manuals/vnni/compare.md
static inline __mmask32 _mm512_cmpeq_epi16_mask(__m512i a, __m512i b) {
  i16x32 x = (i16x32)a, y = (i16x32)b;
  __mmask32 k = 0;
  for (int j = 0; j < 32; ++j) k |= (__mmask32)((uint64_t)(x[j] == y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] != b[j].
/// @operand a i16[32] register  @operand b i16[32] register  @isa avx512bw  @source manuals/vnni/compare.md
static inline __mmask32 _mm512_cmpneq_epi16_mask(__m512i a, __m512i b) {
  i16x32 x = (i16x32)a, y = (i16x32)b;
  __mmask32 k = 0;
  for (int j = 0; j < 32; ++j) k |= (__mmask32)((uint64_t)(x[j] != y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] < b[j].
/// @operand a i16[32] register  @operand b i16[32] register  @isa avx512bw  @source manuals/vnni/compare.md
static inline __mmask32 _mm512_cmplt_epi16_mask(__m512i a, __m512i b) {
  i16x32 x = (i16x32)a, y = (i16x32)b;
  __mmask32 k = 0;
  for (int j = 0; j < 32; ++j) k |= (__mmask32)((uint64_t)(x[j] < y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] <= b[j].
/// @operand a i16[32] register  @operand b i16[32] register  @isa avx512bw  @source manuals/vnni/compare.md
static inline __mmask32 _mm512_cmple_epi16_mask(__m512i a, __m512i b) {
  i16x32 x = (i16x32)a, y = (i16x32)b;
  __mmask32 k = 0;
  for (int j = 0; j < 32; ++j) k |= (__mmask32)((uint64_t)(x[j] <= y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] > b[j].
/// @operand a i16[32] register  @operand b i16[32] register  @isa avx512bw  @source manuals/vnni/compare.md
static inline __mmask32 _mm512_cmpgt_epi16_mask(__m512i a, __m512i b) {
  i16x32 x = (i16x32)a, y = (i16x32)b;
  __mmask32 k = 0;
  for (int j = 0; j < 32; ++j) k |= (__mmask32)((uint64_t)(x[j] > y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] >= b[j].
/// @operand a i16[32] register  @operand b i16[32] register  @isa avx512bw  @source manuals/vnni/compare.md
static inline __mmask32 _mm512_cmpge_epi16_mask(__m512i a, __m512i b) {
  i16x32 x = (i16x32)a, y = (i16x32)b;
  __mmask32 k = 0;
  for (int j = 0; j < 32; ++j) k |= (__mmask32)((uint64_t)(x[j] >= y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] == b[j].
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/compare.md
static inline __mmask16 _mm512_cmpeq_epi32_mask(__m512i a, __m512i b) {
  i32x16 x = (i32x16)a, y = (i32x16)b;
  __mmask16 k = 0;
  for (int j = 0; j < 16; ++j) k |= (__mmask16)((uint64_t)(x[j] == y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] == b[j] and bit j of k.
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/compare.md
static inline __mmask16 _mm512_mask_cmpeq_epi32_mask(__mmask16 k, __m512i a, __m512i b) { return k & _mm512_cmpeq_epi32_mask(a, b); }

/// Bit j of the result = a[j] != b[j].
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/compare.md
static inline __mmask16 _mm512_cmpneq_epi32_mask(__m512i a, __m512i b) {
  i32x16 x = (i32x16)a, y = (i32x16)b;
  __mmask16 k = 0;
  for (int j = 0; j < 16; ++j) k |= (__mmask16)((uint64_t)(x[j] != y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] != b[j] and bit j of k.
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/compare.md
static inline __mmask16 _mm512_mask_cmpneq_epi32_mask(__mmask16 k, __m512i a, __m512i b) { return k & _mm512_cmpneq_epi32_mask(a, b); }

/// Bit j of the result = a[j] < b[j].
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/compare.md
static inline __mmask16 _mm512_cmplt_epi32_mask(__m512i a, __m512i b) {
  i32x16 x = (i32x16)a, y = (i32x16)b;
  __mmask16 k = 0;
  for (int j = 0; j < 16; ++j) k |= (__mmask16)((uint64_t)(x[j] < y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] < b[j] and bit j of k.
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/compare.md
static inline __mmask16 _mm512_mask_cmplt_epi32_mask(__mmask16 k, __m512i a, __m512i b) { return k & _mm512_cmplt_epi32_mask(a, b); }

/// Bit j of the result = a[j] <= b[j].
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/compare.md
static inline __mmask16 _mm512_cmple_epi32_mask(__m512i a, __m512i b) {
  i32x16 x = (i32x16)a, y = (i32x16)b;
  __mmask16 k = 0;
  for (int j = 0; j < 16; ++j) k |= (__mmask16)((uint64_t)(x[j] <= y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] <= b[j] and bit j of k.
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/compare.md
static inline __mmask16 _mm512_mask_cmple_epi32_mask(__mmask16 k, __m512i a, __m512i b) { return k & _mm512_cmple_epi32_mask(a, b); }

/// Bit j of the result = a[j] > b[j].
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/compare.md
static inline __mmask16 _mm512_cmpgt_epi32_mask(__m512i a, __m512i b) {
  i32x16 x = (i32x16)a, y = (i32x16)b;
  __mmask16 k = 0;
  for (int j = 0; j < 16; ++j) k |= (__mmask16)((uint64_t)(x[j] > y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] > b[j] and bit j of k.
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/compare.md
static inline __mmask16 _mm512_mask_cmpgt_epi32_mask(__mmask16 k, __m512i a, __m512i b) { return k & _mm512_cmpgt_epi32_mask(a, b); }

/// Bit j of the result = a[j] >= b[j].
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/compare.md
static inline __mmask16 _mm512_cmpge_epi32_mask(__m512i a, __m512i b) {
  i32x16 x = (i32x16)a, y = (i32x16)b;
  __mmask16 k = 0;
  for (int j = 0; j < 16; ++j) k |= (__mmask16)((uint64_t)(x[j] >= y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] >= b[j] and bit j of k.
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/compare.md
static inline __mmask16 _mm512_mask_cmpge_epi32_mask(__mmask16 k, __m512i a, __m512i b) { return k & _mm512_cmpge_epi32_mask(a, b); }

/// Bit j of the result = a[j] compared with b[j] by predicate imm (_MM_CMPINT_LT, ...).
/// @operand a i32[16] register  @operand b i32[16] register  @operand imm i32 immediate  @isa avx512f  @source manuals/vnni/compare.md
static inline __mmask16 _mm512_cmp_epi32_mask(__m512i a, __m512i b, const int imm) {
  i32x16 x = (i32x16)a, y = (i32x16)b;
  __mmask16 k = 0;
  for (int j = 0; j < 16; ++j) k |= (__mmask16)((uint64_t)vnni_compare_integers(x[j], y[j], imm) << j);
  return k;
}

/// Bit j of the result = a[j] == b[j].
/// @operand a u32[16] register  @operand b u32[16] register  @isa avx512f  @source manuals/vnni/compare.md
static inline __mmask16 _mm512_cmpeq_epu32_mask(__m512i a, __m512i b) {
  u32x16 x = (u32x16)a, y = (u32x16)b;
  __mmask16 k = 0;
  for (int j = 0; j < 16; ++j) k |= (__mmask16)((uint64_t)(x[j] == y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] == b[j] and bit j of k.
/// @operand a u32[16] register  @operand b u32[16] register  @isa avx512f  @source manuals/vnni/compare.md
static inline __mmask16 _mm512_mask_cmpeq_epu32_mask(__mmask16 k, __m512i a, __m512i b) { return k & _mm512_cmpeq_epu32_mask(a, b); }

/// Bit j of the result = a[j] != b[j].
/// @operand a u32[16] register  @operand b u32[16] register  @isa avx512f  @source manuals/vnni/compare.md
static inline __mmask16 _mm512_cmpneq_epu32_mask(__m512i a, __m512i b) {
  u32x16 x = (u32x16)a, y = (u32x16)b;
  __mmask16 k = 0;
  for (int j = 0; j < 16; ++j) k |= (__mmask16)((uint64_t)(x[j] != y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] != b[j] and bit j of k.
/// @operand a u32[16] register  @operand b u32[16] register  @isa avx512f  @source manuals/vnni/compare.md
static inline __mmask16 _mm512_mask_cmpneq_epu32_mask(__mmask16 k, __m512i a, __m512i b) { return k & _mm512_cmpneq_epu32_mask(a, b); }

/// Bit j of the result = a[j] < b[j].
/// @operand a u32[16] register  @operand b u32[16] register  @isa avx512f  @source manuals/vnni/compare.md
static inline __mmask16 _mm512_cmplt_epu32_mask(__m512i a, __m512i b) {
  u32x16 x = (u32x16)a, y = (u32x16)b;
  __mmask16 k = 0;
  for (int j = 0; j < 16; ++j) k |= (__mmask16)((uint64_t)(x[j] < y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] < b[j] and bit j of k.
/// @operand a u32[16] register  @operand b u32[16] register  @isa avx512f  @source manuals/vnni/compare.md
static inline __mmask16 _mm512_mask_cmplt_epu32_mask(__mmask16 k, __m512i a, __m512i b) { return k & _mm512_cmplt_epu32_mask(a, b); }

/// Bit j of the result = a[j] <= b[j].
/// @operand a u32[16] register  @operand b u32[16] register  @isa avx512f  @source manuals/vnni/compare.md
static inline __mmask16 _mm512_cmple_epu32_mask(__m512i a, __m512i b) {
  u32x16 x = (u32x16)a, y = (u32x16)b;
  __mmask16 k = 0;
  for (int j = 0; j < 16; ++j) k |= (__mmask16)((uint64_t)(x[j] <= y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] <= b[j] and bit j of k.
/// @operand a u32[16] register  @operand b u32[16] register  @isa avx512f  @source manuals/vnni/compare.md
static inline __mmask16 _mm512_mask_cmple_epu32_mask(__mmask16 k, __m512i a, __m512i b) { return k & _mm512_cmple_epu32_mask(a, b); }

/// Bit j of the result = a[j] > b[j].
/// @operand a u32[16] register  @operand b u32[16] register  @isa avx512f  @source manuals/vnni/compare.md
static inline __mmask16 _mm512_cmpgt_epu32_mask(__m512i a, __m512i b) {
  u32x16 x = (u32x16)a, y = (u32x16)b;
  __mmask16 k = 0;
  for (int j = 0; j < 16; ++j) k |= (__mmask16)((uint64_t)(x[j] > y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] > b[j] and bit j of k.
/// @operand a u32[16] register  @operand b u32[16] register  @isa avx512f  @source manuals/vnni/compare.md
static inline __mmask16 _mm512_mask_cmpgt_epu32_mask(__mmask16 k, __m512i a, __m512i b) { return k & _mm512_cmpgt_epu32_mask(a, b); }

/// Bit j of the result = a[j] >= b[j].
/// @operand a u32[16] register  @operand b u32[16] register  @isa avx512f  @source manuals/vnni/compare.md
static inline __mmask16 _mm512_cmpge_epu32_mask(__m512i a, __m512i b) {
  u32x16 x = (u32x16)a, y = (u32x16)b;
  __mmask16 k = 0;
  for (int j = 0; j < 16; ++j) k |= (__mmask16)((uint64_t)(x[j] >= y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] >= b[j] and bit j of k.
/// @operand a u32[16] register  @operand b u32[16] register  @isa avx512f  @source manuals/vnni/compare.md
static inline __mmask16 _mm512_mask_cmpge_epu32_mask(__mmask16 k, __m512i a, __m512i b) { return k & _mm512_cmpge_epu32_mask(a, b); }

/// Bit j of the result = a[j] compared with b[j] by predicate imm (_MM_CMPINT_LT, ...).
/// @operand a u32[16] register  @operand b u32[16] register  @operand imm i32 immediate  @isa avx512f  @source manuals/vnni/compare.md
static inline __mmask16 _mm512_cmp_epu32_mask(__m512i a, __m512i b, const int imm) {
  u32x16 x = (u32x16)a, y = (u32x16)b;
  __mmask16 k = 0;
  for (int j = 0; j < 16; ++j) k |= (__mmask16)((uint64_t)vnni_compare_integers(x[j], y[j], imm) << j);
  return k;
}

/// Bit j of the result = a[j] & b[j] is not 0.
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/compare.md
static inline __mmask16 _mm512_test_epi32_mask(__m512i a, __m512i b) {
  i32x16 x = (i32x16)a, y = (i32x16)b;
  __mmask16 k = 0;
  for (int j = 0; j < 16; ++j) k |= (__mmask16)(((x[j] & y[j]) != 0) << j);
  return k;
}

/// r[j] = all bits 1 where a[j] == b[j], else 0.
/// @operand a i8[32] register  @operand b i8[32] register  @isa avx2  @source manuals/vnni/compare.md
static inline __m256i _mm256_cmpeq_epi8(__m256i a, __m256i b) {
  i8x32 x = (i8x32)a, y = (i8x32)b, r;
  for (int j = 0; j < 32; ++j) r[j] = x[j] == y[j] ? -1 : 0;
  return (__m256i)r;
}

/// r[j] = all bits 1 where a[j] > b[j], else 0.
/// @operand a i8[32] register  @operand b i8[32] register  @isa avx2  @source manuals/vnni/compare.md
static inline __m256i _mm256_cmpgt_epi8(__m256i a, __m256i b) {
  i8x32 x = (i8x32)a, y = (i8x32)b, r;
  for (int j = 0; j < 32; ++j) r[j] = x[j] > y[j] ? -1 : 0;
  return (__m256i)r;
}

/// r[j] = all bits 1 where a[j] == b[j], else 0.
/// @operand a i16[16] register  @operand b i16[16] register  @isa avx2  @source manuals/vnni/compare.md
static inline __m256i _mm256_cmpeq_epi16(__m256i a, __m256i b) {
  i16x16 x = (i16x16)a, y = (i16x16)b, r;
  for (int j = 0; j < 16; ++j) r[j] = x[j] == y[j] ? -1 : 0;
  return (__m256i)r;
}

/// r[j] = all bits 1 where a[j] > b[j], else 0.
/// @operand a i16[16] register  @operand b i16[16] register  @isa avx2  @source manuals/vnni/compare.md
static inline __m256i _mm256_cmpgt_epi16(__m256i a, __m256i b) {
  i16x16 x = (i16x16)a, y = (i16x16)b, r;
  for (int j = 0; j < 16; ++j) r[j] = x[j] > y[j] ? -1 : 0;
  return (__m256i)r;
}

/// Bit j of the result = a[j] == b[j].
/// @operand a i32[8] register  @operand b i32[8] register  @isa avx512f avx512vl  @source manuals/vnni/compare.md
static inline __mmask8 _mm256_cmpeq_epi32_mask(__m256i a, __m256i b) {
  i32x8 x = (i32x8)a, y = (i32x8)b;
  __mmask8 k = 0;
  for (int j = 0; j < 8; ++j) k |= (__mmask8)((uint64_t)(x[j] == y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] < b[j].
/// @operand a i32[8] register  @operand b i32[8] register  @isa avx512f avx512vl  @source manuals/vnni/compare.md
static inline __mmask8 _mm256_cmplt_epi32_mask(__m256i a, __m256i b) {
  i32x8 x = (i32x8)a, y = (i32x8)b;
  __mmask8 k = 0;
  for (int j = 0; j < 8; ++j) k |= (__mmask8)((uint64_t)(x[j] < y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] > b[j].
/// @operand a i32[8] register  @operand b i32[8] register  @isa avx512f avx512vl  @source manuals/vnni/compare.md
static inline __mmask8 _mm256_cmpgt_epi32_mask(__m256i a, __m256i b) {
  i32x8 x = (i32x8)a, y = (i32x8)b;
  __mmask8 k = 0;
  for (int j = 0; j < 8; ++j) k |= (__mmask8)((uint64_t)(x[j] > y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] compared with b[j] by predicate imm (_MM_CMPINT_LT, ...).
/// @operand a i32[8] register  @operand b i32[8] register  @operand imm i32 immediate  @isa avx512f avx512vl
/// @source manuals/vnni/compare.md
static inline __mmask8 _mm256_cmp_epi32_mask(__m256i a, __m256i b, const int imm) {
  i32x8 x = (i32x8)a, y = (i32x8)b;
  __mmask8 k = 0;
  for (int j = 0; j < 8; ++j) k |= (__mmask8)((uint64_t)vnni_compare_integers(x[j], y[j], imm) << j);
  return k;
}

/// r[j] = all bits 1 where a[j] == b[j], else 0.
/// @operand a i32[8] register  @operand b i32[8] register  @isa avx2  @source manuals/vnni/compare.md
static inline __m256i _mm256_cmpeq_epi32(__m256i a, __m256i b) {
  i32x8 x = (i32x8)a, y = (i32x8)b, r;
  for (int j = 0; j < 8; ++j) r[j] = x[j] == y[j] ? -1 : 0;
  return (__m256i)r;
}

/// r[j] = all bits 1 where a[j] > b[j], else 0.
/// @operand a i32[8] register  @operand b i32[8] register  @isa avx2  @source manuals/vnni/compare.md
static inline __m256i _mm256_cmpgt_epi32(__m256i a, __m256i b) {
  i32x8 x = (i32x8)a, y = (i32x8)b, r;
  for (int j = 0; j < 8; ++j) r[j] = x[j] > y[j] ? -1 : 0;
  return (__m256i)r;
}

/// Bit j of the result = a[j] compared with b[j] by predicate imm (_MM_CMPINT_LT, ...).
/// @operand a u32[8] register  @operand b u32[8] register  @operand imm i32 immediate  @isa avx512f avx512vl
/// @source manuals/vnni/compare.md
static inline __mmask8 _mm256_cmp_epu32_mask(__m256i a, __m256i b, const int imm) {
  u32x8 x = (u32x8)a, y = (u32x8)b;
  __mmask8 k = 0;
  for (int j = 0; j < 8; ++j) k |= (__mmask8)((uint64_t)vnni_compare_integers(x[j], y[j], imm) << j);
  return k;
}

/// r[j] = all bits 1 where a[j] == b[j], else 0.
/// @operand a i64[4] register  @operand b i64[4] register  @isa avx2  @source manuals/vnni/compare.md
static inline __m256i _mm256_cmpeq_epi64(__m256i a, __m256i b) {
  i64x4 x = (i64x4)a, y = (i64x4)b, r;
  for (int j = 0; j < 4; ++j) r[j] = x[j] == y[j] ? -1 : 0;
  return (__m256i)r;
}

/// r[j] = all bits 1 where a[j] > b[j], else 0.
/// @operand a i64[4] register  @operand b i64[4] register  @isa avx2  @source manuals/vnni/compare.md
static inline __m256i _mm256_cmpgt_epi64(__m256i a, __m256i b) {
  i64x4 x = (i64x4)a, y = (i64x4)b, r;
  for (int j = 0; j < 4; ++j) r[j] = x[j] > y[j] ? -1 : 0;
  return (__m256i)r;
}

/// r[j] = all bits 1 where a[j] == b[j], else 0.
/// @operand a i8[16] register  @operand b i8[16] register  @isa sse2  @source manuals/vnni/compare.md
static inline __m128i _mm_cmpeq_epi8(__m128i a, __m128i b) {
  i8x16 x = (i8x16)a, y = (i8x16)b, r;
  for (int j = 0; j < 16; ++j) r[j] = x[j] == y[j] ? -1 : 0;
  return (__m128i)r;
}

/// r[j] = all bits 1 where a[j] > b[j], else 0.
/// @operand a i8[16] register  @operand b i8[16] register  @isa sse2  @source manuals/vnni/compare.md
static inline __m128i _mm_cmpgt_epi8(__m128i a, __m128i b) {
  i8x16 x = (i8x16)a, y = (i8x16)b, r;
  for (int j = 0; j < 16; ++j) r[j] = x[j] > y[j] ? -1 : 0;
  return (__m128i)r;
}

/// r[j] = all bits 1 where a[j] == b[j], else 0.
/// @operand a i16[8] register  @operand b i16[8] register  @isa sse2  @source manuals/vnni/compare.md
static inline __m128i _mm_cmpeq_epi16(__m128i a, __m128i b) {
  i16x8 x = (i16x8)a, y = (i16x8)b, r;
  for (int j = 0; j < 8; ++j) r[j] = x[j] == y[j] ? -1 : 0;
  return (__m128i)r;
}

/// r[j] = all bits 1 where a[j] > b[j], else 0.
/// @operand a i16[8] register  @operand b i16[8] register  @isa sse2  @source manuals/vnni/compare.md
static inline __m128i _mm_cmpgt_epi16(__m128i a, __m128i b) {
  i16x8 x = (i16x8)a, y = (i16x8)b, r;
  for (int j = 0; j < 8; ++j) r[j] = x[j] > y[j] ? -1 : 0;
  return (__m128i)r;
}

/// Bit j of the result = a[j] == b[j].
/// @operand a i32[4] register  @operand b i32[4] register  @isa avx512f avx512vl  @source manuals/vnni/compare.md
static inline __mmask8 _mm_cmpeq_epi32_mask(__m128i a, __m128i b) {
  i32x4 x = (i32x4)a, y = (i32x4)b;
  __mmask8 k = 0;
  for (int j = 0; j < 4; ++j) k |= (__mmask8)((uint64_t)(x[j] == y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] < b[j].
/// @operand a i32[4] register  @operand b i32[4] register  @isa avx512f avx512vl  @source manuals/vnni/compare.md
static inline __mmask8 _mm_cmplt_epi32_mask(__m128i a, __m128i b) {
  i32x4 x = (i32x4)a, y = (i32x4)b;
  __mmask8 k = 0;
  for (int j = 0; j < 4; ++j) k |= (__mmask8)((uint64_t)(x[j] < y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] > b[j].
/// @operand a i32[4] register  @operand b i32[4] register  @isa avx512f avx512vl  @source manuals/vnni/compare.md
static inline __mmask8 _mm_cmpgt_epi32_mask(__m128i a, __m128i b) {
  i32x4 x = (i32x4)a, y = (i32x4)b;
  __mmask8 k = 0;
  for (int j = 0; j < 4; ++j) k |= (__mmask8)((uint64_t)(x[j] > y[j]) << j);
  return k;
}

/// Bit j of the result = a[j] compared with b[j] by predicate imm (_MM_CMPINT_LT, ...).
/// @operand a i32[4] register  @operand b i32[4] register  @operand imm i32 immediate  @isa avx512f avx512vl
/// @source manuals/vnni/compare.md
static inline __mmask8 _mm_cmp_epi32_mask(__m128i a, __m128i b, const int imm) {
  i32x4 x = (i32x4)a, y = (i32x4)b;
  __mmask8 k = 0;
  for (int j = 0; j < 4; ++j) k |= (__mmask8)((uint64_t)vnni_compare_integers(x[j], y[j], imm) << j);
  return k;
}

/// r[j] = all bits 1 where a[j] == b[j], else 0.
/// @operand a i32[4] register  @operand b i32[4] register  @isa sse2  @source manuals/vnni/compare.md
static inline __m128i _mm_cmpeq_epi32(__m128i a, __m128i b) {
  i32x4 x = (i32x4)a, y = (i32x4)b, r;
  for (int j = 0; j < 4; ++j) r[j] = x[j] == y[j] ? -1 : 0;
  return (__m128i)r;
}

/// r[j] = all bits 1 where a[j] > b[j], else 0.
/// @operand a i32[4] register  @operand b i32[4] register  @isa sse2  @source manuals/vnni/compare.md
static inline __m128i _mm_cmpgt_epi32(__m128i a, __m128i b) {
  i32x4 x = (i32x4)a, y = (i32x4)b, r;
  for (int j = 0; j < 4; ++j) r[j] = x[j] > y[j] ? -1 : 0;
  return (__m128i)r;
}

/// Bit j of the result = a[j] compared with b[j] by predicate imm (_MM_CMPINT_LT, ...).
/// @operand a u32[4] register  @operand b u32[4] register  @operand imm i32 immediate  @isa avx512f avx512vl
/// @source manuals/vnni/compare.md
static inline __mmask8 _mm_cmp_epu32_mask(__m128i a, __m128i b, const int imm) {
  u32x4 x = (u32x4)a, y = (u32x4)b;
  __mmask8 k = 0;
  for (int j = 0; j < 4; ++j) k |= (__mmask8)((uint64_t)vnni_compare_integers(x[j], y[j], imm) << j);
  return k;
}

/// r[j] = all bits 1 where a[j] == b[j], else 0.
/// @operand a i64[2] register  @operand b i64[2] register  @isa sse4.1  @source manuals/vnni/compare.md
static inline __m128i _mm_cmpeq_epi64(__m128i a, __m128i b) {
  i64x2 x = (i64x2)a, y = (i64x2)b, r;
  for (int j = 0; j < 2; ++j) r[j] = x[j] == y[j] ? -1 : 0;
  return (__m128i)r;
}

/// r[j] = all bits 1 where a[j] > b[j], else 0.
/// @operand a i64[2] register  @operand b i64[2] register  @isa sse4.2  @source manuals/vnni/compare.md
static inline __m128i _mm_cmpgt_epi64(__m128i a, __m128i b) {
  i64x2 x = (i64x2)a, y = (i64x2)b, r;
  for (int j = 0; j < 2; ++j) r[j] = x[j] > y[j] ? -1 : 0;
  return (__m128i)r;
}
