// Loads and stores of 256 and 128 bits, masked ones, gathers and scatters. A masked-out element is not touched.
#pragma once

/// r[j] = p[j] unaligned.
/// @operand p f32[8] memory  @isa avx  @source manuals/vnni/memory.md
static inline __m256 _mm256_loadu_ps(float const *p) { __m256 r; for (int j = 0; j < 8; ++j) r[j] = ((const float *)p)[j]; return r; }

/// p[j] = a[j] unaligned.
/// @operand p f32[8] memory  @operand a f32[8] register  @isa avx  @source manuals/vnni/memory.md
static inline void _mm256_storeu_ps(float *p, __m256 a) { for (int j = 0; j < 8; ++j) ((float *)p)[j] = a[j]; }

/// r[j] = p[j] where bit j of k is 1, else src[j]; other elements are not read unaligned.
/// @operand src f32[8] register  @operand p f32[8] memory  @isa avx512f avx512vl  @source manuals/vnni/memory.md
static inline __m256 _mm256_mask_loadu_ps(__m256 src, __mmask8 k, void const *p) {
  __m256 r = src;
  for (int j = 0; j < 8; ++j)
    if (k >> j & 1) r[j] = ((const float *)p)[j];
  return r;
}

/// r[j] = p[j] where bit j of k is 1, else 0; other elements are not read unaligned.
/// @operand p f32[8] memory  @isa avx512f avx512vl  @source manuals/vnni/memory.md
static inline __m256 _mm256_maskz_loadu_ps(__mmask8 k, void const *p) {
  __m256 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? ((const float *)p)[j] : 0;
  return r;
}

/// p[j] = a[j] where bit j of k is 1; other elements are not written unaligned.
/// @operand p f32[8] memory  @operand a f32[8] register  @isa avx512f avx512vl  @source manuals/vnni/memory.md
static inline void _mm256_mask_storeu_ps(void *p, __mmask8 k, __m256 a) {
  for (int j = 0; j < 8; ++j)
    if (k >> j & 1) ((float *)p)[j] = a[j];
}

/// r[j] = p[j], p a multiple of 32 bytes.
/// @operand p f32[8] memory  @isa avx  @source manuals/vnni/memory.md
static inline __m256 _mm256_load_ps(float const *p) {
  vnni_require_aligned(p, 32);
  __m256 r;
  for (int j = 0; j < 8; ++j) r[j] = ((const float *)p)[j];
  return r;
}

/// p[j] = a[j], p a multiple of 32 bytes.
/// @operand p f32[8] memory  @operand a f32[8] register  @isa avx  @source manuals/vnni/memory.md
static inline void _mm256_store_ps(float *p, __m256 a) { vnni_require_aligned(p, 32); for (int j = 0; j < 8; ++j) ((float *)p)[j] = a[j]; }

/// r[j] = p[j] where bit j of k is 1, else src[j]; other elements are not read, p a multiple of 32 bytes.
/// @operand src f32[8] register  @operand p f32[8] memory  @isa avx512f avx512vl  @source manuals/vnni/memory.md
static inline __m256 _mm256_mask_load_ps(__m256 src, __mmask8 k, void const *p) {
  vnni_require_aligned(p, 32);
  __m256 r = src;
  for (int j = 0; j < 8; ++j)
    if (k >> j & 1) r[j] = ((const float *)p)[j];
  return r;
}

/// r[j] = p[j] where bit j of k is 1, else 0; other elements are not read, p a multiple of 32 bytes.
/// @operand p f32[8] memory  @isa avx512f avx512vl  @source manuals/vnni/memory.md
static inline __m256 _mm256_maskz_load_ps(__mmask8 k, void const *p) {
  vnni_require_aligned(p, 32);
  __m256 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? ((const float *)p)[j] : 0;
  return r;
}

/// p[j] = a[j] where bit j of k is 1; other elements are not written, p a multiple of 32 bytes.
/// @operand p f32[8] memory  @operand a f32[8] register  @isa avx512f avx512vl  @source manuals/vnni/memory.md
static inline void _mm256_mask_store_ps(void *p, __mmask8 k, __m256 a) {
  vnni_require_aligned(p, 32);
  for (int j = 0; j < 8; ++j)
    if (k >> j & 1) ((float *)p)[j] = a[j];
}

/// p[j] = a[j] past the caches; p aligned to the vector.
/// @operand p f32[8] memory  @operand a f32[8] register  @isa avx  @source manuals/vnni/memory.md
static inline void _mm256_stream_ps(float *p, __m256 a) { vnni_require_aligned(p, 32); for (int j = 0; j < 8; ++j) ((float *)p)[j] = a[j]; }

/// r[j] = p[j] where the sign bit of mask[j] is set, else 0; other elements are not read.
/// @operand p f32[8] memory  @operand mask i32[8] register  @isa avx  @source manuals/vnni/memory.md
static inline __m256 _mm256_maskload_ps(float const *p, __m256i mask) {
  i32x8 m = (i32x8)mask;
  __m256 r;
  for (int j = 0; j < 8; ++j) r[j] = m[j] < 0 ? p[j] : 0;
  return r;
}

/// p[j] = a[j] where the sign bit of mask[j] is set; other elements are not written.
/// @operand p f32[8] memory  @operand mask i32[8] register  @operand a f32[8] register  @isa avx  @source manuals/vnni/memory.md
static inline void _mm256_maskstore_ps(float *p, __m256i mask, __m256 a) {
  i32x8 m = (i32x8)mask;
  for (int j = 0; j < 8; ++j)
    if (m[j] < 0) p[j] = a[j];
}

/// r[j] = p[j] unaligned.
/// @operand p f64[4] memory  @isa avx  @source manuals/vnni/memory.md
static inline __m256d _mm256_loadu_pd(double const *p) { __m256d r; for (int j = 0; j < 4; ++j) r[j] = ((const double *)p)[j]; return r; }

/// p[j] = a[j] unaligned.
/// @operand p f64[4] memory  @operand a f64[4] register  @isa avx  @source manuals/vnni/memory.md
static inline void _mm256_storeu_pd(double *p, __m256d a) { for (int j = 0; j < 4; ++j) ((double *)p)[j] = a[j]; }

/// r[j] = p[j], p a multiple of 32 bytes.
/// @operand p f64[4] memory  @isa avx  @source manuals/vnni/memory.md
static inline __m256d _mm256_load_pd(double const *p) {
  vnni_require_aligned(p, 32);
  __m256d r;
  for (int j = 0; j < 4; ++j) r[j] = ((const double *)p)[j];
  return r;
}

/// p[j] = a[j], p a multiple of 32 bytes.
/// @operand p f64[4] memory  @operand a f64[4] register  @isa avx  @source manuals/vnni/memory.md
static inline void _mm256_store_pd(double *p, __m256d a) {
  vnni_require_aligned(p, 32);
  for (int j = 0; j < 4; ++j) ((double *)p)[j] = a[j];
}

/// r = the 32 bytes at p unaligned.
/// @operand p bytes[32] memory  @isa avx2  @source manuals/vnni/memory.md
static inline __m256i _mm256_loadu_si256(__m256i const *p) {
  i8x32 r;
  for (int j = 0; j < 32; ++j) r[j] = ((const int8_t *)p)[j];
  return (__m256i)r;
}

/// The 32 bytes at p = a unaligned.
/// @operand p bytes[32] memory  @operand a bytes[32] register  @isa avx2  @source manuals/vnni/memory.md
static inline void _mm256_storeu_si256(__m256i *p, __m256i a) { i8x32 x = (i8x32)a; for (int j = 0; j < 32; ++j) ((int8_t *)p)[j] = x[j]; }

/// r[j] = p[j] where bit j of k is 1, else src[j]; other elements are not read unaligned.
/// @operand src i32[8] register  @operand p i32[8] memory  @isa avx512f avx512vl  @source manuals/vnni/memory.md
static inline __m256i _mm256_mask_loadu_epi32(__m256i src, __mmask8 k, void const *p) {
  i32x8 r = (i32x8)src;
  for (int j = 0; j < 8; ++j)
    if (k >> j & 1) r[j] = ((const int32_t *)p)[j];
  return (__m256i)r;
}

/// r[j] = p[j] where bit j of k is 1, else 0; other elements are not read unaligned.
/// @operand p i32[8] memory  @isa avx512f avx512vl  @source manuals/vnni/memory.md
static inline __m256i _mm256_maskz_loadu_epi32(__mmask8 k, void const *p) {
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? ((const int32_t *)p)[j] : 0;
  return (__m256i)r;
}

/// p[j] = a[j] where bit j of k is 1; other elements are not written unaligned.
/// @operand p i32[8] memory  @operand a i32[8] register  @isa avx512f avx512vl  @source manuals/vnni/memory.md
static inline void _mm256_mask_storeu_epi32(void *p, __mmask8 k, __m256i a) {
  i32x8 x = (i32x8)a;
  for (int j = 0; j < 8; ++j)
    if (k >> j & 1) ((int32_t *)p)[j] = x[j];
}

/// r = the 32 bytes at p, p a multiple of 32 bytes.
/// @operand p bytes[32] memory  @isa avx2  @source manuals/vnni/memory.md
static inline __m256i _mm256_load_si256(__m256i const *p) {
  vnni_require_aligned(p, 32);
  i8x32 r;
  for (int j = 0; j < 32; ++j) r[j] = ((const int8_t *)p)[j];
  return (__m256i)r;
}

/// The 32 bytes at p = a, p a multiple of 32 bytes.
/// @operand p bytes[32] memory  @operand a bytes[32] register  @isa avx2  @source manuals/vnni/memory.md
static inline void _mm256_store_si256(__m256i *p, __m256i a) {
  vnni_require_aligned(p, 32);
  i8x32 x = (i8x32)a;
  for (int j = 0; j < 32; ++j) ((int8_t *)p)[j] = x[j];
}

/// r[j] = p[j] where bit j of k is 1, else src[j]; other elements are not read, p a multiple of 32 bytes.
/// @operand src i32[8] register  @operand p i32[8] memory  @isa avx512f avx512vl  @source manuals/vnni/memory.md
static inline __m256i _mm256_mask_load_epi32(__m256i src, __mmask8 k, void const *p) {
  vnni_require_aligned(p, 32);
  i32x8 r = (i32x8)src;
  for (int j = 0; j < 8; ++j)
    if (k >> j & 1) r[j] = ((const int32_t *)p)[j];
  return (__m256i)r;
}

/// r[j] = p[j] where bit j of k is 1, else 0; other elements are not read, p a multiple of 32 bytes.
/// @operand p i32[8] memory  @isa avx512f avx512vl  @source manuals/vnni/memory.md
static inline __m256i _mm256_maskz_load_epi32(__mmask8 k, void const *p) {
  vnni_require_aligned(p, 32);
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? ((const int32_t *)p)[j] : 0;
  return (__m256i)r;
}

/// p[j] = a[j] where bit j of k is 1; other elements are not written, p a multiple of 32 bytes.
/// @operand p i32[8] memory  @operand a i32[8] register  @isa avx512f avx512vl  @source manuals/vnni/memory.md
static inline void _mm256_mask_store_epi32(void *p, __mmask8 k, __m256i a) {
  vnni_require_aligned(p, 32);
  i32x8 x = (i32x8)a;
  for (int j = 0; j < 8; ++j)
    if (k >> j & 1) ((int32_t *)p)[j] = x[j];
}

/// r[j] = the element at base + index[j] * scale bytes.
/// @operand base f32 memory  @operand index i32[8] register  @operand scale i32 immediate  @isa avx2  @source manuals/vnni/memory.md
static inline __m256 _mm256_i32gather_ps(float const *base, __m256i index, const int scale) {
  i32x8 x = (i32x8)index;
  __m256 r;
  for (int j = 0; j < 8; ++j) r[j] = *(const float *)((const char *)base + (int64_t)x[j] * scale);
  return r;
}

/// r[j] = the element at base + index[j] * scale bytes where bit j of k is 1, else src[j]; other elements are not read.
/// @operand src f32[8] register  @operand base f32 memory  @operand index i32[8] register  @operand scale i32 immediate
/// @isa avx512f avx512vl  @source manuals/vnni/memory.md
static inline __m256 _mm256_mmask_i32gather_ps(__m256 src, __mmask8 k, __m256i index, void const *base, const int scale) {
  i32x8 x = (i32x8)index;
  __m256 r = src;
  for (int j = 0; j < 8; ++j)
    if (k >> j & 1) r[j] = *(const float *)((const char *)base + (int64_t)x[j] * scale);
  return r;
}

/// The element at base + index[j] * scale bytes = a[j], in rising j.
/// @operand base f32 memory  @operand index i32[8] register  @operand a f32[8] register  @operand scale i32 immediate
/// @isa avx512f avx512vl  @source manuals/vnni/memory.md
static inline void _mm256_i32scatter_ps(void *base, __m256i index, __m256 a, const int scale) {
  i32x8 x = (i32x8)index;
  for (int j = 0; j < 8; ++j) *(float *)((char *)base + (int64_t)x[j] * scale) = a[j];
}

/// r[j] = the element at base + index[j] * scale bytes.
/// @operand base i32 memory  @operand index i32[8] register  @operand scale i32 immediate  @isa avx2  @source manuals/vnni/memory.md
static inline __m256i _mm256_i32gather_epi32(int const *base, __m256i index, const int scale) {
  i32x8 x = (i32x8)index;
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = *(const int32_t *)((const char *)base + (int64_t)x[j] * scale);
  return (__m256i)r;
}

/// r[j] = the element at base + index[j] * scale bytes where bit j of k is 1, else src[j]; other elements are not read.
/// @operand src i32[8] register  @operand base i32 memory  @operand index i32[8] register  @operand scale i32 immediate
/// @isa avx512f avx512vl  @source manuals/vnni/memory.md
static inline __m256i _mm256_mmask_i32gather_epi32(__m256i src, __mmask8 k, __m256i index, void const *base, const int scale) {
  i32x8 x = (i32x8)index;
  i32x8 r = (i32x8)src;
  for (int j = 0; j < 8; ++j)
    if (k >> j & 1) r[j] = *(const int32_t *)((const char *)base + (int64_t)x[j] * scale);
  return (__m256i)r;
}

/// The element at base + index[j] * scale bytes = a[j], in rising j.
/// @operand base i32 memory  @operand index i32[8] register  @operand a i32[8] register  @operand scale i32 immediate
/// @isa avx512f avx512vl  @source manuals/vnni/memory.md
static inline void _mm256_i32scatter_epi32(void *base, __m256i index, __m256i a, const int scale) {
  i32x8 x = (i32x8)index;
  i32x8 y = (i32x8)a;
  for (int j = 0; j < 8; ++j) *(int32_t *)((char *)base + (int64_t)x[j] * scale) = y[j];
}

/// r[j] = p[j] unaligned.
/// @operand p f32[4] memory  @isa sse  @source manuals/vnni/memory.md
static inline __m128 _mm_loadu_ps(float const *p) { __m128 r; for (int j = 0; j < 4; ++j) r[j] = ((const float *)p)[j]; return r; }

/// p[j] = a[j] unaligned.
/// @operand p f32[4] memory  @operand a f32[4] register  @isa sse  @source manuals/vnni/memory.md
static inline void _mm_storeu_ps(float *p, __m128 a) { for (int j = 0; j < 4; ++j) ((float *)p)[j] = a[j]; }

/// r[j] = p[j] where bit j of k is 1, else src[j]; other elements are not read unaligned.
/// @operand src f32[4] register  @operand p f32[4] memory  @isa avx512f avx512vl  @source manuals/vnni/memory.md
static inline __m128 _mm_mask_loadu_ps(__m128 src, __mmask8 k, void const *p) {
  __m128 r = src;
  for (int j = 0; j < 4; ++j)
    if (k >> j & 1) r[j] = ((const float *)p)[j];
  return r;
}

/// r[j] = p[j] where bit j of k is 1, else 0; other elements are not read unaligned.
/// @operand p f32[4] memory  @isa avx512f avx512vl  @source manuals/vnni/memory.md
static inline __m128 _mm_maskz_loadu_ps(__mmask8 k, void const *p) {
  __m128 r;
  for (int j = 0; j < 4; ++j) r[j] = k >> j & 1 ? ((const float *)p)[j] : 0;
  return r;
}

/// p[j] = a[j] where bit j of k is 1; other elements are not written unaligned.
/// @operand p f32[4] memory  @operand a f32[4] register  @isa avx512f avx512vl  @source manuals/vnni/memory.md
static inline void _mm_mask_storeu_ps(void *p, __mmask8 k, __m128 a) { for (int j = 0; j < 4; ++j) if (k >> j & 1) ((float *)p)[j] = a[j]; }

/// r[j] = p[j], p a multiple of 16 bytes.
/// @operand p f32[4] memory  @isa sse  @source manuals/vnni/memory.md
static inline __m128 _mm_load_ps(float const *p) {
  vnni_require_aligned(p, 16);
  __m128 r;
  for (int j = 0; j < 4; ++j) r[j] = ((const float *)p)[j];
  return r;
}

/// p[j] = a[j], p a multiple of 16 bytes.
/// @operand p f32[4] memory  @operand a f32[4] register  @isa sse  @source manuals/vnni/memory.md
static inline void _mm_store_ps(float *p, __m128 a) { vnni_require_aligned(p, 16); for (int j = 0; j < 4; ++j) ((float *)p)[j] = a[j]; }

/// r[j] = p[j] where bit j of k is 1, else src[j]; other elements are not read, p a multiple of 16 bytes.
/// @operand src f32[4] register  @operand p f32[4] memory  @isa avx512f avx512vl  @source manuals/vnni/memory.md
static inline __m128 _mm_mask_load_ps(__m128 src, __mmask8 k, void const *p) {
  vnni_require_aligned(p, 16);
  __m128 r = src;
  for (int j = 0; j < 4; ++j)
    if (k >> j & 1) r[j] = ((const float *)p)[j];
  return r;
}

/// r[j] = p[j] where bit j of k is 1, else 0; other elements are not read, p a multiple of 16 bytes.
/// @operand p f32[4] memory  @isa avx512f avx512vl  @source manuals/vnni/memory.md
static inline __m128 _mm_maskz_load_ps(__mmask8 k, void const *p) {
  vnni_require_aligned(p, 16);
  __m128 r;
  for (int j = 0; j < 4; ++j) r[j] = k >> j & 1 ? ((const float *)p)[j] : 0;
  return r;
}

/// p[j] = a[j] where bit j of k is 1; other elements are not written, p a multiple of 16 bytes.
/// @operand p f32[4] memory  @operand a f32[4] register  @isa avx512f avx512vl  @source manuals/vnni/memory.md
static inline void _mm_mask_store_ps(void *p, __mmask8 k, __m128 a) {
  vnni_require_aligned(p, 16);
  for (int j = 0; j < 4; ++j)
    if (k >> j & 1) ((float *)p)[j] = a[j];
}

/// p[j] = a[j] past the caches; p aligned to the vector.
/// @operand p f32[4] memory  @operand a f32[4] register  @isa sse  @source manuals/vnni/memory.md
static inline void _mm_stream_ps(float *p, __m128 a) { vnni_require_aligned(p, 16); for (int j = 0; j < 4; ++j) ((float *)p)[j] = a[j]; }

/// r[j] = p[j] where the sign bit of mask[j] is set, else 0; other elements are not read.
/// @operand p f32[4] memory  @operand mask i32[4] register  @isa avx  @source manuals/vnni/memory.md
static inline __m128 _mm_maskload_ps(float const *p, __m128i mask) {
  i32x4 m = (i32x4)mask;
  __m128 r;
  for (int j = 0; j < 4; ++j) r[j] = m[j] < 0 ? p[j] : 0;
  return r;
}

/// p[j] = a[j] where the sign bit of mask[j] is set; other elements are not written.
/// @operand p f32[4] memory  @operand mask i32[4] register  @operand a f32[4] register  @isa avx  @source manuals/vnni/memory.md
static inline void _mm_maskstore_ps(float *p, __m128i mask, __m128 a) {
  i32x4 m = (i32x4)mask;
  for (int j = 0; j < 4; ++j)
    if (m[j] < 0) p[j] = a[j];
}

/// r[j] = p[j] unaligned.
/// @operand p f64[2] memory  @isa sse2  @source manuals/vnni/memory.md
static inline __m128d _mm_loadu_pd(double const *p) { __m128d r; for (int j = 0; j < 2; ++j) r[j] = ((const double *)p)[j]; return r; }

/// p[j] = a[j] unaligned.
/// @operand p f64[2] memory  @operand a f64[2] register  @isa sse2  @source manuals/vnni/memory.md
static inline void _mm_storeu_pd(double *p, __m128d a) { for (int j = 0; j < 2; ++j) ((double *)p)[j] = a[j]; }

/// r[j] = p[j], p a multiple of 16 bytes.
/// @operand p f64[2] memory  @isa sse2  @source manuals/vnni/memory.md
static inline __m128d _mm_load_pd(double const *p) {
  vnni_require_aligned(p, 16);
  __m128d r;
  for (int j = 0; j < 2; ++j) r[j] = ((const double *)p)[j];
  return r;
}

/// p[j] = a[j], p a multiple of 16 bytes.
/// @operand p f64[2] memory  @operand a f64[2] register  @isa sse2  @source manuals/vnni/memory.md
static inline void _mm_store_pd(double *p, __m128d a) { vnni_require_aligned(p, 16); for (int j = 0; j < 2; ++j) ((double *)p)[j] = a[j]; }

/// r = the 16 bytes at p unaligned.
/// @operand p bytes[16] memory  @isa sse2  @source manuals/vnni/memory.md
static inline __m128i _mm_loadu_si128(__m128i const *p) {
  i8x16 r;
  for (int j = 0; j < 16; ++j) r[j] = ((const int8_t *)p)[j];
  return (__m128i)r;
}

/// The 16 bytes at p = a unaligned.
/// @operand p bytes[16] memory  @operand a bytes[16] register  @isa sse2  @source manuals/vnni/memory.md
static inline void _mm_storeu_si128(__m128i *p, __m128i a) { i8x16 x = (i8x16)a; for (int j = 0; j < 16; ++j) ((int8_t *)p)[j] = x[j]; }

/// r[j] = p[j] where bit j of k is 1, else src[j]; other elements are not read unaligned.
/// @operand src i32[4] register  @operand p i32[4] memory  @isa avx512f avx512vl  @source manuals/vnni/memory.md
static inline __m128i _mm_mask_loadu_epi32(__m128i src, __mmask8 k, void const *p) {
  i32x4 r = (i32x4)src;
  for (int j = 0; j < 4; ++j)
    if (k >> j & 1) r[j] = ((const int32_t *)p)[j];
  return (__m128i)r;
}

/// r[j] = p[j] where bit j of k is 1, else 0; other elements are not read unaligned.
/// @operand p i32[4] memory  @isa avx512f avx512vl  @source manuals/vnni/memory.md
static inline __m128i _mm_maskz_loadu_epi32(__mmask8 k, void const *p) {
  i32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = k >> j & 1 ? ((const int32_t *)p)[j] : 0;
  return (__m128i)r;
}

/// p[j] = a[j] where bit j of k is 1; other elements are not written unaligned.
/// @operand p i32[4] memory  @operand a i32[4] register  @isa avx512f avx512vl  @source manuals/vnni/memory.md
static inline void _mm_mask_storeu_epi32(void *p, __mmask8 k, __m128i a) {
  i32x4 x = (i32x4)a;
  for (int j = 0; j < 4; ++j)
    if (k >> j & 1) ((int32_t *)p)[j] = x[j];
}

/// r = the 16 bytes at p, p a multiple of 16 bytes.
/// @operand p bytes[16] memory  @isa sse2  @source manuals/vnni/memory.md
static inline __m128i _mm_load_si128(__m128i const *p) {
  vnni_require_aligned(p, 16);
  i8x16 r;
  for (int j = 0; j < 16; ++j) r[j] = ((const int8_t *)p)[j];
  return (__m128i)r;
}

/// The 16 bytes at p = a, p a multiple of 16 bytes.
/// @operand p bytes[16] memory  @operand a bytes[16] register  @isa sse2  @source manuals/vnni/memory.md
static inline void _mm_store_si128(__m128i *p, __m128i a) {
  vnni_require_aligned(p, 16);
  i8x16 x = (i8x16)a;
  for (int j = 0; j < 16; ++j) ((int8_t *)p)[j] = x[j];
}

/// r[j] = p[j] where bit j of k is 1, else src[j]; other elements are not read, p a multiple of 16 bytes.
/// @operand src i32[4] register  @operand p i32[4] memory  @isa avx512f avx512vl  @source manuals/vnni/memory.md
static inline __m128i _mm_mask_load_epi32(__m128i src, __mmask8 k, void const *p) {
  vnni_require_aligned(p, 16);
  i32x4 r = (i32x4)src;
  for (int j = 0; j < 4; ++j)
    if (k >> j & 1) r[j] = ((const int32_t *)p)[j];
  return (__m128i)r;
}

/// r[j] = p[j] where bit j of k is 1, else 0; other elements are not read, p a multiple of 16 bytes.
/// @operand p i32[4] memory  @isa avx512f avx512vl  @source manuals/vnni/memory.md
static inline __m128i _mm_maskz_load_epi32(__mmask8 k, void const *p) {
  vnni_require_aligned(p, 16);
  i32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = k >> j & 1 ? ((const int32_t *)p)[j] : 0;
  return (__m128i)r;
}

/// p[j] = a[j] where bit j of k is 1; other elements are not written, p a multiple of 16 bytes.
/// @operand p i32[4] memory  @operand a i32[4] register  @isa avx512f avx512vl  @source manuals/vnni/memory.md
static inline void _mm_mask_store_epi32(void *p, __mmask8 k, __m128i a) {
  vnni_require_aligned(p, 16);
  i32x4 x = (i32x4)a;
  for (int j = 0; j < 4; ++j)
    if (k >> j & 1) ((int32_t *)p)[j] = x[j];
}

/// r[j] = the element at base + index[j] * scale bytes.
/// @operand base f32 memory  @operand index i32[4] register  @operand scale i32 immediate  @isa avx2  @source manuals/vnni/memory.md
static inline __m128 _mm_i32gather_ps(float const *base, __m128i index, const int scale) {
  i32x4 x = (i32x4)index;
  __m128 r;
  for (int j = 0; j < 4; ++j) r[j] = *(const float *)((const char *)base + (int64_t)x[j] * scale);
  return r;
}

/// r[j] = the element at base + index[j] * scale bytes where bit j of k is 1, else src[j]; other elements are not read.
/// @operand src f32[4] register  @operand base f32 memory  @operand index i32[4] register  @operand scale i32 immediate
/// @isa avx512f avx512vl  @source manuals/vnni/memory.md
static inline __m128 _mm_mmask_i32gather_ps(__m128 src, __mmask8 k, __m128i index, void const *base, const int scale) {
  i32x4 x = (i32x4)index;
  __m128 r = src;
  for (int j = 0; j < 4; ++j)
    if (k >> j & 1) r[j] = *(const float *)((const char *)base + (int64_t)x[j] * scale);
  return r;
}

/// The element at base + index[j] * scale bytes = a[j], in rising j.
/// @operand base f32 memory  @operand index i32[4] register  @operand a f32[4] register  @operand scale i32 immediate
/// @isa avx512f avx512vl  @source manuals/vnni/memory.md
static inline void _mm_i32scatter_ps(void *base, __m128i index, __m128 a, const int scale) {
  i32x4 x = (i32x4)index;
  for (int j = 0; j < 4; ++j) *(float *)((char *)base + (int64_t)x[j] * scale) = a[j];
}

/// r[j] = the element at base + index[j] * scale bytes.
/// @operand base i32 memory  @operand index i32[4] register  @operand scale i32 immediate  @isa avx2  @source manuals/vnni/memory.md
static inline __m128i _mm_i32gather_epi32(int const *base, __m128i index, const int scale) {
  i32x4 x = (i32x4)index;
  i32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = *(const int32_t *)((const char *)base + (int64_t)x[j] * scale);
  return (__m128i)r;
}

/// r[j] = the element at base + index[j] * scale bytes where bit j of k is 1, else src[j]; other elements are not read.
/// @operand src i32[4] register  @operand base i32 memory  @operand index i32[4] register  @operand scale i32 immediate
/// @isa avx512f avx512vl  @source manuals/vnni/memory.md
static inline __m128i _mm_mmask_i32gather_epi32(__m128i src, __mmask8 k, __m128i index, void const *base, const int scale) {
  i32x4 x = (i32x4)index;
  i32x4 r = (i32x4)src;
  for (int j = 0; j < 4; ++j)
    if (k >> j & 1) r[j] = *(const int32_t *)((const char *)base + (int64_t)x[j] * scale);
  return (__m128i)r;
}

/// The element at base + index[j] * scale bytes = a[j], in rising j.
/// @operand base i32 memory  @operand index i32[4] register  @operand a i32[4] register  @operand scale i32 immediate
/// @isa avx512f avx512vl  @source manuals/vnni/memory.md
static inline void _mm_i32scatter_epi32(void *base, __m128i index, __m128i a, const int scale) {
  i32x4 x = (i32x4)index;
  i32x4 y = (i32x4)a;
  for (int j = 0; j < 4; ++j) *(int32_t *)((char *)base + (int64_t)x[j] * scale) = y[j];
}

/// r[0] = *p, the rest 0.
/// @operand p f32[1] memory  @isa sse  @source manuals/vnni/memory.md
static inline __m128 _mm_load_ss(float const *p) { __m128 r = {*p, 0, 0, 0}; return r; }

/// *p = a[0].
/// @operand p f32[1] memory  @operand a f32[4] register  @isa sse  @source manuals/vnni/memory.md
static inline void _mm_store_ss(float *p, __m128 a) { *p = a[0]; }

/// The low 8 bytes of r = those at p, the rest 0.
/// @operand p bytes[8] memory  @isa sse2  @source manuals/vnni/memory.md
static inline __m128i _mm_loadl_epi64(__m128i const *p) {
  i8x16 r;
  for (int j = 0; j < 16; ++j) r[j] = j < 8 ? ((const int8_t *)p)[j] : 0;
  return (__m128i)r;
}

/// The 8 bytes at p = the low 8 bytes of a.
/// @operand p bytes[8] memory  @operand a bytes[16] register  @isa sse2  @source manuals/vnni/memory.md
static inline void _mm_storel_epi64(__m128i *p, __m128i a) { i8x16 x = (i8x16)a; for (int j = 0; j < 8; ++j) ((int8_t *)p)[j] = x[j]; }
