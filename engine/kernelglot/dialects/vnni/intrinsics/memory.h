// Loads and stores of 512 bits, masked ones, gathers and scatters. A masked-out element is not touched: it may lie outside of an array.
#pragma once

/// r[j] = p[j] unaligned.
/// @operand p f32[16] memory  @isa avx512f  @source manuals/vnni/memory.md
static inline __m512 _mm512_loadu_ps(void const *p) { __m512 r; for (int j = 0; j < 16; ++j) r[j] = ((const float *)p)[j]; return r; }

/// p[j] = a[j] unaligned.
/// @operand p f32[16] memory  @operand a f32[16] register  @isa avx512f  @source manuals/vnni/memory.md
static inline void _mm512_storeu_ps(void *p, __m512 a) { for (int j = 0; j < 16; ++j) ((float *)p)[j] = a[j]; }

/// r[j] = p[j] where bit j of k is 1, else src[j]; other elements are not read unaligned.
/// @operand src f32[16] register  @operand p f32[16] memory  @isa avx512f  @source manuals/vnni/memory.md
static inline __m512 _mm512_mask_loadu_ps(__m512 src, __mmask16 k, void const *p) {
  __m512 r = src;
  for (int j = 0; j < 16; ++j)
    if (k >> j & 1) r[j] = ((const float *)p)[j];
  return r;
}

/// r[j] = p[j] where bit j of k is 1, else 0; other elements are not read unaligned.
/// @operand p f32[16] memory  @isa avx512f  @source manuals/vnni/memory.md
static inline __m512 _mm512_maskz_loadu_ps(__mmask16 k, void const *p) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? ((const float *)p)[j] : 0;
  return r;
}

/// p[j] = a[j] where bit j of k is 1; other elements are not written unaligned.
/// @operand p f32[16] memory  @operand a f32[16] register  @isa avx512f  @source manuals/vnni/memory.md
static inline void _mm512_mask_storeu_ps(void *p, __mmask16 k, __m512 a) {
  for (int j = 0; j < 16; ++j)
    if (k >> j & 1) ((float *)p)[j] = a[j];
}

/// r[j] = p[j], p a multiple of 64 bytes.
/// @operand p f32[16] memory  @isa avx512f  @source manuals/vnni/memory.md
static inline __m512 _mm512_load_ps(void const *p) {
  vnni_require_aligned(p, 64);
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = ((const float *)p)[j];
  return r;
}

/// p[j] = a[j], p a multiple of 64 bytes.
/// @operand p f32[16] memory  @operand a f32[16] register  @isa avx512f  @source manuals/vnni/memory.md
static inline void _mm512_store_ps(void *p, __m512 a) { vnni_require_aligned(p, 64); for (int j = 0; j < 16; ++j) ((float *)p)[j] = a[j]; }

/// r[j] = p[j] where bit j of k is 1, else src[j]; other elements are not read, p a multiple of 64 bytes.
/// @operand src f32[16] register  @operand p f32[16] memory  @isa avx512f  @source manuals/vnni/memory.md
static inline __m512 _mm512_mask_load_ps(__m512 src, __mmask16 k, void const *p) {
  vnni_require_aligned(p, 64);
  __m512 r = src;
  for (int j = 0; j < 16; ++j)
    if (k >> j & 1) r[j] = ((const float *)p)[j];
  return r;
}

/// r[j] = p[j] where bit j of k is 1, else 0; other elements are not read, p a multiple of 64 bytes.
/// @operand p f32[16] memory  @isa avx512f  @source manuals/vnni/memory.md
static inline __m512 _mm512_maskz_load_ps(__mmask16 k, void const *p) {
  vnni_require_aligned(p, 64);
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? ((const float *)p)[j] : 0;
  return r;
}

/// p[j] = a[j] where bit j of k is 1; other elements are not written, p a multiple of 64 bytes.
/// @operand p f32[16] memory  @operand a f32[16] register  @isa avx512f  @source manuals/vnni/memory.md
static inline void _mm512_mask_store_ps(void *p, __mmask16 k, __m512 a) {
  vnni_require_aligned(p, 64);
  for (int j = 0; j < 16; ++j)
    if (k >> j & 1) ((float *)p)[j] = a[j];
}

/// p[j] = a[j] past the caches; p aligned to the vector.
/// @operand p f32[16] memory  @operand a f32[16] register  @isa avx512f  @source manuals/vnni/memory.md
static inline void _mm512_stream_ps(void *p, __m512 a) { vnni_require_aligned(p, 64); for (int j = 0; j < 16; ++j) ((float *)p)[j] = a[j]; }

/// r[j] = p[j] unaligned.
/// @operand p f64[8] memory  @isa avx512f  @source manuals/vnni/memory.md
static inline __m512d _mm512_loadu_pd(void const *p) { __m512d r; for (int j = 0; j < 8; ++j) r[j] = ((const double *)p)[j]; return r; }

/// p[j] = a[j] unaligned.
/// @operand p f64[8] memory  @operand a f64[8] register  @isa avx512f  @source manuals/vnni/memory.md
static inline void _mm512_storeu_pd(void *p, __m512d a) { for (int j = 0; j < 8; ++j) ((double *)p)[j] = a[j]; }

/// r[j] = p[j] where bit j of k is 1, else src[j]; other elements are not read unaligned.
/// @operand src f64[8] register  @operand p f64[8] memory  @isa avx512f  @source manuals/vnni/memory.md
static inline __m512d _mm512_mask_loadu_pd(__m512d src, __mmask8 k, void const *p) {
  __m512d r = src;
  for (int j = 0; j < 8; ++j)
    if (k >> j & 1) r[j] = ((const double *)p)[j];
  return r;
}

/// r[j] = p[j] where bit j of k is 1, else 0; other elements are not read unaligned.
/// @operand p f64[8] memory  @isa avx512f  @source manuals/vnni/memory.md
static inline __m512d _mm512_maskz_loadu_pd(__mmask8 k, void const *p) {
  __m512d r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? ((const double *)p)[j] : 0;
  return r;
}

/// p[j] = a[j] where bit j of k is 1; other elements are not written unaligned.
/// @operand p f64[8] memory  @operand a f64[8] register  @isa avx512f  @source manuals/vnni/memory.md
static inline void _mm512_mask_storeu_pd(void *p, __mmask8 k, __m512d a) {
  for (int j = 0; j < 8; ++j)
    if (k >> j & 1) ((double *)p)[j] = a[j];
}

/// r[j] = p[j], p a multiple of 64 bytes.
/// @operand p f64[8] memory  @isa avx512f  @source manuals/vnni/memory.md
static inline __m512d _mm512_load_pd(void const *p) {
  vnni_require_aligned(p, 64);
  __m512d r;
  for (int j = 0; j < 8; ++j) r[j] = ((const double *)p)[j];
  return r;
}

/// p[j] = a[j], p a multiple of 64 bytes.
/// @operand p f64[8] memory  @operand a f64[8] register  @isa avx512f  @source manuals/vnni/memory.md
static inline void _mm512_store_pd(void *p, __m512d a) { vnni_require_aligned(p, 64); for (int j = 0; j < 8; ++j) ((double *)p)[j] = a[j]; }

/// p[j] = a[j] past the caches; p aligned to the vector.
/// @operand p f64[8] memory  @operand a f64[8] register  @isa avx512f  @source manuals/vnni/memory.md
static inline void _mm512_stream_pd(void *p, __m512d a) {
  vnni_require_aligned(p, 64);
  for (int j = 0; j < 8; ++j) ((double *)p)[j] = a[j];
}

/// r = the 64 bytes at p unaligned.
/// @operand p bytes[64] memory  @isa avx512f  @source manuals/vnni/memory.md
static inline __m512i _mm512_loadu_si512(void const *p) {
  i8x64 r;
  for (int j = 0; j < 64; ++j) r[j] = ((const int8_t *)p)[j];
  return (__m512i)r;
}

/// The 64 bytes at p = a unaligned.
/// @operand p bytes[64] memory  @operand a bytes[64] register  @isa avx512f  @source manuals/vnni/memory.md
static inline void _mm512_storeu_si512(void *p, __m512i a) { i8x64 x = (i8x64)a; for (int j = 0; j < 64; ++j) ((int8_t *)p)[j] = x[j]; }

/// r[j] = p[j] unaligned.
/// @operand p i32[16] memory  @isa avx512f  @source manuals/vnni/memory.md
static inline __m512i _mm512_loadu_epi32(void const *p) {
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = ((const int32_t *)p)[j];
  return (__m512i)r;
}

/// p[j] = a[j] unaligned.
/// @operand p i32[16] memory  @operand a i32[16] register  @isa avx512f  @source manuals/vnni/memory.md
static inline void _mm512_storeu_epi32(void *p, __m512i a) { i32x16 x = (i32x16)a; for (int j = 0; j < 16; ++j) ((int32_t *)p)[j] = x[j]; }

/// r[j] = p[j] where bit j of k is 1, else src[j]; other elements are not read unaligned.
/// @operand src i32[16] register  @operand p i32[16] memory  @isa avx512f  @source manuals/vnni/memory.md
static inline __m512i _mm512_mask_loadu_epi32(__m512i src, __mmask16 k, void const *p) {
  i32x16 r = (i32x16)src;
  for (int j = 0; j < 16; ++j)
    if (k >> j & 1) r[j] = ((const int32_t *)p)[j];
  return (__m512i)r;
}

/// r[j] = p[j] where bit j of k is 1, else 0; other elements are not read unaligned.
/// @operand p i32[16] memory  @isa avx512f  @source manuals/vnni/memory.md
static inline __m512i _mm512_maskz_loadu_epi32(__mmask16 k, void const *p) {
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? ((const int32_t *)p)[j] : 0;
  return (__m512i)r;
}

/// p[j] = a[j] where bit j of k is 1; other elements are not written unaligned.
/// @operand p i32[16] memory  @operand a i32[16] register  @isa avx512f  @source manuals/vnni/memory.md
static inline void _mm512_mask_storeu_epi32(void *p, __mmask16 k, __m512i a) {
  i32x16 x = (i32x16)a;
  for (int j = 0; j < 16; ++j)
    if (k >> j & 1) ((int32_t *)p)[j] = x[j];
}

/// r[j] = p[j] unaligned.
/// @operand p i64[8] memory  @isa avx512f  @source manuals/vnni/memory.md
static inline __m512i _mm512_loadu_epi64(void const *p) {
  i64x8 r;
  for (int j = 0; j < 8; ++j) r[j] = ((const int64_t *)p)[j];
  return (__m512i)r;
}

/// p[j] = a[j] unaligned.
/// @operand p i64[8] memory  @operand a i64[8] register  @isa avx512f  @source manuals/vnni/memory.md
static inline void _mm512_storeu_epi64(void *p, __m512i a) { i64x8 x = (i64x8)a; for (int j = 0; j < 8; ++j) ((int64_t *)p)[j] = x[j]; }

/// r[j] = p[j] where bit j of k is 1, else src[j]; other elements are not read unaligned.
/// @operand src i64[8] register  @operand p i64[8] memory  @isa avx512f  @source manuals/vnni/memory.md
static inline __m512i _mm512_mask_loadu_epi64(__m512i src, __mmask8 k, void const *p) {
  i64x8 r = (i64x8)src;
  for (int j = 0; j < 8; ++j)
    if (k >> j & 1) r[j] = ((const int64_t *)p)[j];
  return (__m512i)r;
}

/// r[j] = p[j] where bit j of k is 1, else 0; other elements are not read unaligned.
/// @operand p i64[8] memory  @isa avx512f  @source manuals/vnni/memory.md
static inline __m512i _mm512_maskz_loadu_epi64(__mmask8 k, void const *p) {
  i64x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? ((const int64_t *)p)[j] : 0;
  return (__m512i)r;
}

/// p[j] = a[j] where bit j of k is 1; other elements are not written unaligned.
/// @operand p i64[8] memory  @operand a i64[8] register  @isa avx512f  @source manuals/vnni/memory.md
static inline void _mm512_mask_storeu_epi64(void *p, __mmask8 k, __m512i a) {
  i64x8 x = (i64x8)a;
  for (int j = 0; j < 8; ++j)
    if (k >> j & 1) ((int64_t *)p)[j] = x[j];
}

/// r[j] = p[j] unaligned.
/// @operand p i16[32] memory  @isa avx512bw  @source manuals/vnni/memory.md
static inline __m512i _mm512_loadu_epi16(void const *p) {
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = ((const int16_t *)p)[j];
  return (__m512i)r;
}

/// p[j] = a[j] unaligned.
/// @operand p i16[32] memory  @operand a i16[32] register  @isa avx512bw  @source manuals/vnni/memory.md
static inline void _mm512_storeu_epi16(void *p, __m512i a) { i16x32 x = (i16x32)a; for (int j = 0; j < 32; ++j) ((int16_t *)p)[j] = x[j]; }

/// r[j] = p[j] where bit j of k is 1, else src[j]; other elements are not read unaligned.
/// @operand src i16[32] register  @operand p i16[32] memory  @isa avx512bw  @source manuals/vnni/memory.md
static inline __m512i _mm512_mask_loadu_epi16(__m512i src, __mmask32 k, void const *p) {
  i16x32 r = (i16x32)src;
  for (int j = 0; j < 32; ++j)
    if (k >> j & 1) r[j] = ((const int16_t *)p)[j];
  return (__m512i)r;
}

/// r[j] = p[j] where bit j of k is 1, else 0; other elements are not read unaligned.
/// @operand p i16[32] memory  @isa avx512bw  @source manuals/vnni/memory.md
static inline __m512i _mm512_maskz_loadu_epi16(__mmask32 k, void const *p) {
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = k >> j & 1 ? ((const int16_t *)p)[j] : 0;
  return (__m512i)r;
}

/// p[j] = a[j] where bit j of k is 1; other elements are not written unaligned.
/// @operand p i16[32] memory  @operand a i16[32] register  @isa avx512bw  @source manuals/vnni/memory.md
static inline void _mm512_mask_storeu_epi16(void *p, __mmask32 k, __m512i a) {
  i16x32 x = (i16x32)a;
  for (int j = 0; j < 32; ++j)
    if (k >> j & 1) ((int16_t *)p)[j] = x[j];
}

/// r[j] = p[j] unaligned.
/// @operand p i8[64] memory  @isa avx512bw  @source manuals/vnni/memory.md
static inline __m512i _mm512_loadu_epi8(void const *p) {
  i8x64 r;
  for (int j = 0; j < 64; ++j) r[j] = ((const int8_t *)p)[j];
  return (__m512i)r;
}

/// p[j] = a[j] unaligned.
/// @operand p i8[64] memory  @operand a i8[64] register  @isa avx512bw  @source manuals/vnni/memory.md
static inline void _mm512_storeu_epi8(void *p, __m512i a) { i8x64 x = (i8x64)a; for (int j = 0; j < 64; ++j) ((int8_t *)p)[j] = x[j]; }

/// r[j] = p[j] where bit j of k is 1, else src[j]; other elements are not read unaligned.
/// @operand src i8[64] register  @operand p i8[64] memory  @isa avx512bw  @source manuals/vnni/memory.md
static inline __m512i _mm512_mask_loadu_epi8(__m512i src, __mmask64 k, void const *p) {
  i8x64 r = (i8x64)src;
  for (int j = 0; j < 64; ++j)
    if (k >> j & 1) r[j] = ((const int8_t *)p)[j];
  return (__m512i)r;
}

/// r[j] = p[j] where bit j of k is 1, else 0; other elements are not read unaligned.
/// @operand p i8[64] memory  @isa avx512bw  @source manuals/vnni/memory.md
static inline __m512i _mm512_maskz_loadu_epi8(__mmask64 k, void const *p) {
  i8x64 r;
  for (int j = 0; j < 64; ++j) r[j] = k >> j & 1 ? ((const int8_t *)p)[j] : 0;
  return (__m512i)r;
}

/// p[j] = a[j] where bit j of k is 1; other elements are not written unaligned.
/// @operand p i8[64] memory  @operand a i8[64] register  @isa avx512bw  @source manuals/vnni/memory.md
static inline void _mm512_mask_storeu_epi8(void *p, __mmask64 k, __m512i a) {
  i8x64 x = (i8x64)a;
  for (int j = 0; j < 64; ++j)
    if (k >> j & 1) ((int8_t *)p)[j] = x[j];
}

/// r = the 64 bytes at p, p a multiple of 64 bytes.
/// @operand p bytes[64] memory  @isa avx512f  @source manuals/vnni/memory.md
static inline __m512i _mm512_load_si512(void const *p) {
  vnni_require_aligned(p, 64);
  i8x64 r;
  for (int j = 0; j < 64; ++j) r[j] = ((const int8_t *)p)[j];
  return (__m512i)r;
}

/// The 64 bytes at p = a, p a multiple of 64 bytes.
/// @operand p bytes[64] memory  @operand a bytes[64] register  @isa avx512f  @source manuals/vnni/memory.md
static inline void _mm512_store_si512(void *p, __m512i a) {
  vnni_require_aligned(p, 64);
  i8x64 x = (i8x64)a;
  for (int j = 0; j < 64; ++j) ((int8_t *)p)[j] = x[j];
}

/// r[j] = p[j], p a multiple of 64 bytes.
/// @operand p i32[16] memory  @isa avx512f  @source manuals/vnni/memory.md
static inline __m512i _mm512_load_epi32(void const *p) {
  vnni_require_aligned(p, 64);
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = ((const int32_t *)p)[j];
  return (__m512i)r;
}

/// p[j] = a[j], p a multiple of 64 bytes.
/// @operand p i32[16] memory  @operand a i32[16] register  @isa avx512f  @source manuals/vnni/memory.md
static inline void _mm512_store_epi32(void *p, __m512i a) {
  vnni_require_aligned(p, 64);
  i32x16 x = (i32x16)a;
  for (int j = 0; j < 16; ++j) ((int32_t *)p)[j] = x[j];
}

/// r[j] = p[j] where bit j of k is 1, else src[j]; other elements are not read, p a multiple of 64 bytes.
/// @operand src i32[16] register  @operand p i32[16] memory  @isa avx512f  @source manuals/vnni/memory.md
static inline __m512i _mm512_mask_load_epi32(__m512i src, __mmask16 k, void const *p) {
  vnni_require_aligned(p, 64);
  i32x16 r = (i32x16)src;
  for (int j = 0; j < 16; ++j)
    if (k >> j & 1) r[j] = ((const int32_t *)p)[j];
  return (__m512i)r;
}

/// r[j] = p[j] where bit j of k is 1, else 0; other elements are not read, p a multiple of 64 bytes.
/// @operand p i32[16] memory  @isa avx512f  @source manuals/vnni/memory.md
static inline __m512i _mm512_maskz_load_epi32(__mmask16 k, void const *p) {
  vnni_require_aligned(p, 64);
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? ((const int32_t *)p)[j] : 0;
  return (__m512i)r;
}

/// p[j] = a[j] where bit j of k is 1; other elements are not written, p a multiple of 64 bytes.
/// @operand p i32[16] memory  @operand a i32[16] register  @isa avx512f  @source manuals/vnni/memory.md
static inline void _mm512_mask_store_epi32(void *p, __mmask16 k, __m512i a) {
  vnni_require_aligned(p, 64);
  i32x16 x = (i32x16)a;
  for (int j = 0; j < 16; ++j)
    if (k >> j & 1) ((int32_t *)p)[j] = x[j];
}

/// r[j] = p[j], p a multiple of 64 bytes.
/// @operand p i64[8] memory  @isa avx512f  @source manuals/vnni/memory.md
static inline __m512i _mm512_load_epi64(void const *p) {
  vnni_require_aligned(p, 64);
  i64x8 r;
  for (int j = 0; j < 8; ++j) r[j] = ((const int64_t *)p)[j];
  return (__m512i)r;
}

/// p[j] = a[j], p a multiple of 64 bytes.
/// @operand p i64[8] memory  @operand a i64[8] register  @isa avx512f  @source manuals/vnni/memory.md
static inline void _mm512_store_epi64(void *p, __m512i a) {
  vnni_require_aligned(p, 64);
  i64x8 x = (i64x8)a;
  for (int j = 0; j < 8; ++j) ((int64_t *)p)[j] = x[j];
}

/// r[j] = the element at base + index[j] * scale bytes.
/// @operand base f32 memory  @operand index i32[16] register  @operand scale i32 immediate  @isa avx512f
/// @source manuals/vnni/memory.md
static inline __m512 _mm512_i32gather_ps(__m512i index, void const *base, const int scale) {
  i32x16 x = (i32x16)index;
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = *(const float *)((const char *)base + (int64_t)x[j] * scale);
  return r;
}

/// r[j] = the element at base + index[j] * scale bytes where bit j of k is 1, else src[j]; other elements are not read.
/// @operand src f32[16] register  @operand base f32 memory  @operand index i32[16] register  @operand scale i32 immediate  @isa avx512f
/// @source manuals/vnni/memory.md
static inline __m512 _mm512_mask_i32gather_ps(__m512 src, __mmask16 k, __m512i index, void const *base, const int scale) {
  i32x16 x = (i32x16)index;
  __m512 r = src;
  for (int j = 0; j < 16; ++j)
    if (k >> j & 1) r[j] = *(const float *)((const char *)base + (int64_t)x[j] * scale);
  return r;
}

/// The element at base + index[j] * scale bytes = a[j], in rising j.
/// @operand base f32 memory  @operand index i32[16] register  @operand a f32[16] register  @operand scale i32 immediate  @isa avx512f
/// @source manuals/vnni/memory.md
static inline void _mm512_i32scatter_ps(void *base, __m512i index, __m512 a, const int scale) {
  i32x16 x = (i32x16)index;
  for (int j = 0; j < 16; ++j) *(float *)((char *)base + (int64_t)x[j] * scale) = a[j];
}

/// The element at base + index[j] * scale bytes = a[j] where bit j of k is 1, in rising j.
/// @operand base f32 memory  @operand index i32[16] register  @operand a f32[16] register  @operand scale i32 immediate  @isa avx512f
/// @source manuals/vnni/memory.md
static inline void _mm512_mask_i32scatter_ps(void *base, __mmask16 k, __m512i index, __m512 a, const int scale) {
  i32x16 x = (i32x16)index;
  for (int j = 0; j < 16; ++j)
    if (k >> j & 1) *(float *)((char *)base + (int64_t)x[j] * scale) = a[j];
}

/// r[j] = the element at base + index[j] * scale bytes.
/// @operand base i32 memory  @operand index i32[16] register  @operand scale i32 immediate  @isa avx512f
/// @source manuals/vnni/memory.md
static inline __m512i _mm512_i32gather_epi32(__m512i index, void const *base, const int scale) {
  i32x16 x = (i32x16)index;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = *(const int32_t *)((const char *)base + (int64_t)x[j] * scale);
  return (__m512i)r;
}

/// r[j] = the element at base + index[j] * scale bytes where bit j of k is 1, else src[j]; other elements are not read.
/// @operand src i32[16] register  @operand base i32 memory  @operand index i32[16] register  @operand scale i32 immediate  @isa avx512f
/// @source manuals/vnni/memory.md
static inline __m512i _mm512_mask_i32gather_epi32(__m512i src, __mmask16 k, __m512i index, void const *base, const int scale) {
  i32x16 x = (i32x16)index;
  i32x16 r = (i32x16)src;
  for (int j = 0; j < 16; ++j)
    if (k >> j & 1) r[j] = *(const int32_t *)((const char *)base + (int64_t)x[j] * scale);
  return (__m512i)r;
}

/// The element at base + index[j] * scale bytes = a[j], in rising j.
/// @operand base i32 memory  @operand index i32[16] register  @operand a i32[16] register  @operand scale i32 immediate  @isa avx512f
/// @source manuals/vnni/memory.md
static inline void _mm512_i32scatter_epi32(void *base, __m512i index, __m512i a, const int scale) {
  i32x16 x = (i32x16)index;
  i32x16 y = (i32x16)a;
  for (int j = 0; j < 16; ++j) *(int32_t *)((char *)base + (int64_t)x[j] * scale) = y[j];
}

/// The element at base + index[j] * scale bytes = a[j] where bit j of k is 1, in rising j.
/// @operand base i32 memory  @operand index i32[16] register  @operand a i32[16] register  @operand scale i32 immediate  @isa avx512f
/// @source manuals/vnni/memory.md
static inline void _mm512_mask_i32scatter_epi32(void *base, __mmask16 k, __m512i index, __m512i a, const int scale) {
  i32x16 x = (i32x16)index;
  i32x16 y = (i32x16)a;
  for (int j = 0; j < 16; ++j)
    if (k >> j & 1) *(int32_t *)((char *)base + (int64_t)x[j] * scale) = y[j];
}
