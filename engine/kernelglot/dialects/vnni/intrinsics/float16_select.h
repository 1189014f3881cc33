// AVX512_FP16: comparisons of half floats, choices among them, and from all elements of a vector to one.
#pragma once

/// Bit j of the result = a[j] compared with b[j] by predicate imm (_CMP_LT_OS, ...).
/// @operand a f16[32] register  @operand b f16[32] register  @operand imm i32 immediate  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __mmask32 _mm512_cmp_ph_mask(__m512h a, __m512h b, const int imm) {
  u16x32 x = (u16x32)a, y = (u16x32)b;
  __mmask32 k = 0;
  for (int j = 0; j < 32; ++j) k |= (__mmask32)((uint64_t)vnni_compare(vnni_half_value(x[j]), vnni_half_value(y[j]), imm) << j);
  return k;
}

/// As the unmasked comparison; bits that are 0 in k stay 0.
/// @operand a f16[32] register  @operand b f16[32] register  @operand imm i32 immediate  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __mmask32 _mm512_mask_cmp_ph_mask(__mmask32 k, __m512h a, __m512h b, const int imm) {
  return k & _mm512_cmp_ph_mask(a, b, imm);
}

/// r[j] = b[j] where bit j of k is 1, else a[j].
/// @operand a f16[32] register  @operand b f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_mask_blend_ph(__mmask32 k, __m512h a, __m512h b) {
  u16x32 x = (u16x32)a, y = (u16x32)b, r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? y[j] : x[j];
  return (__m512h)r;
}

/// r[j] = b[index[j] modulo 32].
/// @operand index i16[32] register  @operand b f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline __m512h _mm512_permutexvar_ph(__m512i index, __m512h b) {
  u16x32 at = (u16x32)index, y = (u16x32)b, r;
  for (int j = 0; j < 32; ++j) r[j] = y[at[j] & 31];
  return (__m512h)r;
}

/// The sum of all elements, halves first, each step rounded.
/// @operand a f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline _Float16 _mm512_reduce_add_ph(__m512h a) {
  u16x32 r = (u16x32)a;
  for (int width = 16; width > 0; width /= 2)
    for (int j = 0; j < width; ++j) r[j] = vnni_half_near((double)vnni_half_value(r[j]) + vnni_half_value(r[j + width]));
  return ((__m512h)r)[0];
}

/// The product of all elements, halves first, each step rounded.
/// @operand a f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline _Float16 _mm512_reduce_mul_ph(__m512h a) {
  u16x32 r = (u16x32)a;
  for (int width = 16; width > 0; width /= 2)
    for (int j = 0; j < width; ++j) r[j] = vnni_half_near((double)vnni_half_value(r[j]) * vnni_half_value(r[j + width]));
  return ((__m512h)r)[0];
}

/// The smallest element (with NaN among them the result is open).
/// @operand a f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline _Float16 _mm512_reduce_min_ph(__m512h a) {
  u16x32 r = (u16x32)a;
  for (int width = 16; width > 0; width /= 2)
    for (int j = 0; j < width; ++j) r[j] = vnni_half_value(r[j]) < vnni_half_value(r[j + width]) ? r[j] : r[j + width];
  return ((__m512h)r)[0];
}

/// The largest element (with NaN among them the result is open).
/// @operand a f16[32] register  @isa avx512_fp16  @source manuals/vnni/float16.md
static inline _Float16 _mm512_reduce_max_ph(__m512h a) {
  u16x32 r = (u16x32)a;
  for (int width = 16; width > 0; width /= 2)
    for (int j = 0; j < width; ++j) r[j] = vnni_half_value(r[j]) > vnni_half_value(r[j + width]) ? r[j] : r[j + width];
  return ((__m512h)r)[0];
}

/// Bit j of the result = a[j] compared with b[j] by predicate imm (_CMP_LT_OS, ...).
/// @operand a f16[16] register  @operand b f16[16] register  @operand imm i32 immediate  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __mmask16 _mm256_cmp_ph_mask(__m256h a, __m256h b, const int imm) {
  u16x16 x = (u16x16)a, y = (u16x16)b;
  __mmask16 k = 0;
  for (int j = 0; j < 16; ++j) k |= (__mmask16)((uint64_t)vnni_compare(vnni_half_value(x[j]), vnni_half_value(y[j]), imm) << j);
  return k;
}

/// As the unmasked comparison; bits that are 0 in k stay 0.
/// @operand a f16[16] register  @operand b f16[16] register  @operand imm i32 immediate  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __mmask16 _mm256_mask_cmp_ph_mask(__mmask16 k, __m256h a, __m256h b, const int imm) {
  return k & _mm256_cmp_ph_mask(a, b, imm);
}

/// r[j] = b[j] where bit j of k is 1, else a[j].
/// @operand a f16[16] register  @operand b f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_mask_blend_ph(__mmask16 k, __m256h a, __m256h b) {
  u16x16 x = (u16x16)a, y = (u16x16)b, r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? y[j] : x[j];
  return (__m256h)r;
}

/// r[j] = b[index[j] modulo 16].
/// @operand index i16[16] register  @operand b f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m256h _mm256_permutexvar_ph(__m256i index, __m256h b) {
  u16x16 at = (u16x16)index, y = (u16x16)b, r;
  for (int j = 0; j < 16; ++j) r[j] = y[at[j] & 15];
  return (__m256h)r;
}

/// The sum of all elements, halves first, each step rounded.
/// @operand a f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline _Float16 _mm256_reduce_add_ph(__m256h a) {
  u16x16 r = (u16x16)a;
  for (int width = 8; width > 0; width /= 2)
    for (int j = 0; j < width; ++j) r[j] = vnni_half_near((double)vnni_half_value(r[j]) + vnni_half_value(r[j + width]));
  return ((__m256h)r)[0];
}

/// The product of all elements, halves first, each step rounded.
/// @operand a f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline _Float16 _mm256_reduce_mul_ph(__m256h a) {
  u16x16 r = (u16x16)a;
  for (int width = 8; width > 0; width /= 2)
    for (int j = 0; j < width; ++j) r[j] = vnni_half_near((double)vnni_half_value(r[j]) * vnni_half_value(r[j + width]));
  return ((__m256h)r)[0];
}

/// The smallest element (with NaN among them the result is open).
/// @operand a f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline _Float16 _mm256_reduce_min_ph(__m256h a) {
  u16x16 r = (u16x16)a;
  for (int width = 8; width > 0; width /= 2)
    for (int j = 0; j < width; ++j) r[j] = vnni_half_value(r[j]) < vnni_half_value(r[j + width]) ? r[j] : r[j + width];
  return ((__m256h)r)[0];
}

/// The largest element (with NaN among them the result is open).
/// @operand a f16[16] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline _Float16 _mm256_reduce_max_ph(__m256h a) {
  u16x16 r = (u16x16)a;
  for (int width = 8; width > 0; width /= 2)
    for (int j = 0; j < width; ++j) r[j] = vnni_half_value(r[j]) > vnni_half_value(r[j + width]) ? r[j] : r[j + width];
  return ((__m256h)r)[0];
}

/// Bit j of the result = a[j] compared with b[j] by predicate imm (_CMP_LT_OS, ...).
/// @operand a f16[8] register  @operand b f16[8] register  @operand imm i32 immediate  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __mmask8 _mm_cmp_ph_mask(__m128h a, __m128h b, const int imm) {
  u16x8 x = (u16x8)a, y = (u16x8)b;
  __mmask8 k = 0;
  for (int j = 0; j < 8; ++j) k |= (__mmask8)((uint64_t)vnni_compare(vnni_half_value(x[j]), vnni_half_value(y[j]), imm) << j);
  return k;
}

/// As the unmasked comparison; bits that are 0 in k stay 0.
/// @operand a f16[8] register  @operand b f16[8] register  @operand imm i32 immediate  @isa avx512_fp16 avx512vl
/// @source manuals/vnni/float16.md
static inline __mmask8 _mm_mask_cmp_ph_mask(__mmask8 k, __m128h a, __m128h b, const int imm) {
  return k & _mm_cmp_ph_mask(a, b, imm);
}

/// r[j] = b[j] where bit j of k is 1, else a[j].
/// @operand a f16[8] register  @operand b f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_mask_blend_ph(__mmask8 k, __m128h a, __m128h b) {
  u16x8 x = (u16x8)a, y = (u16x8)b, r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? y[j] : x[j];
  return (__m128h)r;
}

/// r[j] = b[index[j] modulo 8].
/// @operand index i16[8] register  @operand b f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline __m128h _mm_permutexvar_ph(__m128i index, __m128h b) {
  u16x8 at = (u16x8)index, y = (u16x8)b, r;
  for (int j = 0; j < 8; ++j) r[j] = y[at[j] & 7];
  return (__m128h)r;
}

/// The sum of all elements, halves first, each step rounded.
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline _Float16 _mm_reduce_add_ph(__m128h a) {
  u16x8 r = (u16x8)a;
  for (int width = 4; width > 0; width /= 2)
    for (int j = 0; j < width; ++j) r[j] = vnni_half_near((double)vnni_half_value(r[j]) + vnni_half_value(r[j + width]));
  return ((__m128h)r)[0];
}

/// The product of all elements, halves first, each step rounded.
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline _Float16 _mm_reduce_mul_ph(__m128h a) {
  u16x8 r = (u16x8)a;
  for (int width = 4; width > 0; width /= 2)
    for (int j = 0; j < width; ++j) r[j] = vnni_half_near((double)vnni_half_value(r[j]) * vnni_half_value(r[j + width]));
  return ((__m128h)r)[0];
}

/// The smallest element (with NaN among them the result is open).
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline _Float16 _mm_reduce_min_ph(__m128h a) {
  u16x8 r = (u16x8)a;
  for (int width = 4; width > 0; width /= 2)
    for (int j = 0; j < width; ++j) r[j] = vnni_half_value(r[j]) < vnni_half_value(r[j + width]) ? r[j] : r[j + width];
  return ((__m128h)r)[0];
}

/// The largest element (with NaN among them the result is open).
/// @operand a f16[8] register  @isa avx512_fp16 avx512vl  @source manuals/vnni/float16.md
static inline _Float16 _mm_reduce_max_ph(__m128h a) {
  u16x8 r = (u16x8)a;
  for (int width = 4; width > 0; width /= 2)
    for (int j = 0; j < width; ++j) r[j] = vnni_half_value(r[j]) > vnni_half_value(r[j + width]) ? r[j] : r[j + width];
  return ((__m128h)r)[0];
}
