// Reciprocals and inverse square roots to a number of bits. Their value is the hardware's own; here it is the exact one rounded, which is
// within the documented error of either vendor's: 2^-14 for names with 14, 1.5 * 2^-12 for those of SSE and AVX, 2^-11 for halves.
#pragma once

/// r[j] = 1 / a[j].
/// @operand a f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_rcp14_ps(__m512 a) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = 1 / a[j];
  return r;
}

/// r[j] = 1 / a[j] where bit j of k is 1, else src[j].
/// @operand src f32[16] register  @operand a f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_mask_rcp14_ps(__m512 src, __mmask16 k, __m512 a) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? 1 / a[j] : src[j];
  return r;
}

/// r[j] = 1 / a[j] where bit j of k is 1, else 0.
/// @operand a f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_maskz_rcp14_ps(__mmask16 k, __m512 a) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? 1 / a[j] : 0;
  return r;
}

/// r[j] = 1 / the square root of a[j].
/// @operand a f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_rsqrt14_ps(__m512 a) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = (float)(1 / sqrt((double)a[j]));
  return r;
}

/// r[j] = 1 / the square root of a[j] where bit j of k is 1, else src[j].
/// @operand src f32[16] register  @operand a f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_mask_rsqrt14_ps(__m512 src, __mmask16 k, __m512 a) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (float)(1 / sqrt((double)a[j])) : src[j];
  return r;
}

/// r[j] = 1 / the square root of a[j] where bit j of k is 1, else 0.
/// @operand a f32[16] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512 _mm512_maskz_rsqrt14_ps(__mmask16 k, __m512 a) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (float)(1 / sqrt((double)a[j])) : 0;
  return r;
}

/// r[j] = 1 / a[j].
/// @operand a f32[8] register  @isa avx512f avx512vl  @source manuals/vnni/float.md
static inline __m256 _mm256_rcp14_ps(__m256 a) {
  __m256 r;
  for (int j = 0; j < 8; ++j) r[j] = 1 / a[j];
  return r;
}

/// r[j] = 1 / a[j] where bit j of k is 1, else src[j].
/// @operand src f32[8] register  @operand a f32[8] register  @isa avx512f avx512vl  @source manuals/vnni/float.md
static inline __m256 _mm256_mask_rcp14_ps(__m256 src, __mmask8 k, __m256 a) {
  __m256 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? 1 / a[j] : src[j];
  return r;
}

/// r[j] = 1 / a[j] where bit j of k is 1, else 0.
/// @operand a f32[8] register  @isa avx512f avx512vl  @source manuals/vnni/float.md
static inline __m256 _mm256_maskz_rcp14_ps(__mmask8 k, __m256 a) {
  __m256 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? 1 / a[j] : 0;
  return r;
}

/// r[j] = 1 / the square root of a[j].
/// @operand a f32[8] register  @isa avx512f avx512vl  @source manuals/vnni/float.md
static inline __m256 _mm256_rsqrt14_ps(__m256 a) {
  __m256 r;
  for (int j = 0; j < 8; ++j) r[j] = (float)(1 / sqrt((double)a[j]));
  return r;
}

/// r[j] = 1 / the square root of a[j] where bit j of k is 1, else src[j].
/// @operand src f32[8] register  @operand a f32[8] register  @isa avx512f avx512vl  @source manuals/vnni/float.md
static inline __m256 _mm256_mask_rsqrt14_ps(__m256 src, __mmask8 k, __m256 a) {
  __m256 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? (float)(1 / sqrt((double)a[j])) : src[j];
  return r;
}

/// r[j] = 1 / the square root of a[j] where bit j of k is 1, else 0.
/// @operand a f32[8] register  @isa avx512f avx512vl  @source manuals/vnni/float.md
static inline __m256 _mm256_maskz_rsqrt14_ps(__mmask8 k, __m256 a) {
  __m256 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? (float)(1 / sqrt((double)a[j])) : 0;
  return r;
}

/// r[j] = 1 / a[j].
/// @operand a f32[4] register  @isa avx512f avx512vl  @source manuals/vnni/float.md
static inline __m128 _mm_rcp14_ps(__m128 a) {
  __m128 r;
  for (int j = 0; j < 4; ++j) r[j] = 1 / a[j];
  return r;
}

/// r[j] = 1 / a[j] where bit j of k is 1, else src[j].
/// @operand src f32[4] register  @operand a f32[4] register  @isa avx512f avx512vl  @source manuals/vnni/float.md
static inline __m128 _mm_mask_rcp14_ps(__m128 src, __mmask8 k, __m128 a) {
  __m128 r;
  for (int j = 0; j < 4; ++j) r[j] = k >> j & 1 ? 1 / a[j] : src[j];
  return r;
}

/// r[j] = 1 / a[j] where bit j of k is 1, else 0.
/// @operand a f32[4] register  @isa avx512f avx512vl  @source manuals/vnni/float.md
static inline __m128 _mm_maskz_rcp14_ps(__mmask8 k, __m128 a) {
  __m128 r;
  for (int j = 0; j < 4; ++j) r[j] = k >> j & 1 ? 1 / a[j] : 0;
  return r;
}

/// r[j] = 1 / the square root of a[j].
/// @operand a f32[4] register  @isa avx512f avx512vl  @source manuals/vnni/float.md
static inline __m128 _mm_rsqrt14_ps(__m128 a) {
  __m128 r;
  for (int j = 0; j < 4; ++j) r[j] = (float)(1 / sqrt((double)a[j]));
  return r;
}

/// r[j] = 1 / the square root of a[j] where bit j of k is 1, else src[j].
/// @operand src f32[4] register  @operand a f32[4] register  @isa avx512f avx512vl  @source manuals/vnni/float.md
static inline __m128 _mm_mask_rsqrt14_ps(__m128 src, __mmask8 k, __m128 a) {
  __m128 r;
  for (int j = 0; j < 4; ++j) r[j] = k >> j & 1 ? (float)(1 / sqrt((double)a[j])) : src[j];
  return r;
}

/// r[j] = 1 / the square root of a[j] where bit j of k is 1, else 0.
/// @operand a f32[4] register  @isa avx512f avx512vl  @source manuals/vnni/float.md
static inline __m128 _mm_maskz_rsqrt14_ps(__mmask8 k, __m128 a) {
  __m128 r;
  for (int j = 0; j < 4; ++j) r[j] = k >> j & 1 ? (float)(1 / sqrt((double)a[j])) : 0;
  return r;
}

/// r[j] = 1 / a[j].
/// @operand a f64[8] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512d _mm512_rcp14_pd(__m512d a) {
  __m512d r;
  for (int j = 0; j < 8; ++j) r[j] = 1 / a[j];
  return r;
}

/// r[j] = 1 / a[j] where bit j of k is 1, else src[j].
/// @operand src f64[8] register  @operand a f64[8] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512d _mm512_mask_rcp14_pd(__m512d src, __mmask8 k, __m512d a) {
  __m512d r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? 1 / a[j] : src[j];
  return r;
}

/// r[j] = 1 / a[j] where bit j of k is 1, else 0.
/// @operand a f64[8] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512d _mm512_maskz_rcp14_pd(__mmask8 k, __m512d a) {
  __m512d r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? 1 / a[j] : 0;
  return r;
}

/// r[j] = 1 / the square root of a[j].
/// @operand a f64[8] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512d _mm512_rsqrt14_pd(__m512d a) {
  __m512d r;
  for (int j = 0; j < 8; ++j) r[j] = 1 / sqrt(a[j]);
  return r;
}

/// r[j] = 1 / the square root of a[j] where bit j of k is 1, else src[j].
/// @operand src f64[8] register  @operand a f64[8] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512d _mm512_mask_rsqrt14_pd(__m512d src, __mmask8 k, __m512d a) {
  __m512d r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? 1 / sqrt(a[j]) : src[j];
  return r;
}

/// r[j] = 1 / the square root of a[j] where bit j of k is 1, else 0.
/// @operand a f64[8] register  @isa avx512f  @source manuals/vnni/float.md
static inline __m512d _mm512_maskz_rsqrt14_pd(__mmask8 k, __m512d a) {
  __m512d r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? 1 / sqrt(a[j]) : 0;
  return r;
}

/// r[j] = 1 / a[j].
/// @operand a f64[4] register  @isa avx512f avx512vl  @source manuals/vnni/float.md
static inline __m256d _mm256_rcp14_pd(__m256d a) {
  __m256d r;
  for (int j = 0; j < 4; ++j) r[j] = 1 / a[j];
  return r;
}

/// r[j] = 1 / a[j] where bit j of k is 1, else src[j].
/// @operand src f64[4] register  @operand a f64[4] register  @isa avx512f avx512vl  @source manuals/vnni/float.md
static inline __m256d _mm256_mask_rcp14_pd(__m256d src, __mmask8 k, __m256d a) {
  __m256d r;
  for (int j = 0; j < 4; ++j) r[j] = k >> j & 1 ? 1 / a[j] : src[j];
  return r;
}

/// r[j] = 1 / a[j] where bit j of k is 1, else 0.
/// @operand a f64[4] register  @isa avx512f avx512vl  @source manuals/vnni/float.md
static inline __m256d _mm256_maskz_rcp14_pd(__mmask8 k, __m256d a) {
  __m256d r;
  for (int j = 0; j < 4; ++j) r[j] = k >> j & 1 ? 1 / a[j] : 0;
  return r;
}

/// r[j] = 1 / the square root of a[j].
/// @operand a f64[4] register  @isa avx512f avx512vl  @source manuals/vnni/float.md
static inline __m256d _mm256_rsqrt14_pd(__m256d a) {
  __m256d r;
  for (int j = 0; j < 4; ++j) r[j] = 1 / sqrt(a[j]);
  return r;
}

/// r[j] = 1 / the square root of a[j] where bit j of k is 1, else src[j].
/// @operand src f64[4] register  @operand a f64[4] register  @isa avx512f avx512vl  @source manuals/vnni/float.md
static inline __m256d _mm256_mask_rsqrt14_pd(__m256d src, __mmask8 k, __m256d a) {
  __m256d r;
  for (int j = 0; j < 4; ++j) r[j] = k >> j & 1 ? 1 / sqrt(a[j]) : src[j];
  return r;
}

/// r[j] = 1 / the square root of a[j] where bit j of k is 1, else 0.
/// @operand a f64[4] register  @isa avx512f avx512vl  @source manuals/vnni/float.md
static inline __m256d _mm256_maskz_rsqrt14_pd(__mmask8 k, __m256d a) {
  __m256d r;
  for (int j = 0; j < 4; ++j) r[j] = k >> j & 1 ? 1 / sqrt(a[j]) : 0;
  return r;
}

/// r[j] = 1 / a[j].
/// @operand a f64[2] register  @isa avx512f avx512vl  @source manuals/vnni/float.md
static inline __m128d _mm_rcp14_pd(__m128d a) {
  __m128d r;
  for (int j = 0; j < 2; ++j) r[j] = 1 / a[j];
  return r;
}

/// r[j] = 1 / a[j] where bit j of k is 1, else src[j].
/// @operand src f64[2] register  @operand a f64[2] register  @isa avx512f avx512vl  @source manuals/vnni/float.md
static inline __m128d _mm_mask_rcp14_pd(__m128d src, __mmask8 k, __m128d a) {
  __m128d r;
  for (int j = 0; j < 2; ++j) r[j] = k >> j & 1 ? 1 / a[j] : src[j];
  return r;
}

/// r[j] = 1 / a[j] where bit j of k is 1, else 0.
/// @operand a f64[2] register  @isa avx512f avx512vl  @source manuals/vnni/float.md
static inline __m128d _mm_maskz_rcp14_pd(__mmask8 k, __m128d a) {
  __m128d r;
  for (int j = 0; j < 2; ++j) r[j] = k >> j & 1 ? 1 / a[j] : 0;
  return r;
}

/// r[j] = 1 / the square root of a[j].
/// @operand a f64[2] register  @isa avx512f avx512vl  @source manuals/vnni/float.md
static inline __m128d _mm_rsqrt14_pd(__m128d a) {
  __m128d r;
  for (int j = 0; j < 2; ++j) r[j] = 1 / sqrt(a[j]);
  return r;
}

/// r[j] = 1 / the square root of a[j] where bit j of k is 1, else src[j].
/// @operand src f64[2] register  @operand a f64[2] register  @isa avx512f avx512vl  @source manuals/vnni/float.md
static inline __m128d _mm_mask_rsqrt14_pd(__m128d src, __mmask8 k, __m128d a) {
  __m128d r;
  for (int j = 0; j < 2; ++j) r[j] = k >> j & 1 ? 1 / sqrt(a[j]) : src[j];
  return r;
}

/// r[j] = 1 / the square root of a[j] where bit j of k is 1, else 0.
/// @operand a f64[2] register  @isa avx512f avx512vl  @source manuals/vnni/float.md
static inline __m128d _mm_maskz_rsqrt14_pd(__mmask8 k, __m128d a) {
  __m128d r;
  for (int j = 0; j < 2; ++j) r[j] = k >> j & 1 ? 1 / sqrt(a[j]) : 0;
  return r;
}

/// r[j] = 1 / a[j].
/// @operand a f32[8] register  @isa avx  @source manuals/vnni/float.md
static inline __m256 _mm256_rcp_ps(__m256 a) {
  __m256 r;
  for (int j = 0; j < 8; ++j) r[j] = 1 / a[j];
  return r;
}

/// r[j] = 1 / the square root of a[j].
/// @operand a f32[8] register  @isa avx  @source manuals/vnni/float.md
static inline __m256 _mm256_rsqrt_ps(__m256 a) {
  __m256 r;
  for (int j = 0; j < 8; ++j) r[j] = (float)(1 / sqrt((double)a[j]));
  return r;
}

/// r[j] = 1 / a[j].
/// @operand a f32[4] register  @isa sse  @source manuals/vnni/float.md
static inline __m128 _mm_rcp_ps(__m128 a) {
  __m128 r;
  for (int j = 0; j < 4; ++j) r[j] = 1 / a[j];
  return r;
}

/// r[j] = 1 / the square root of a[j].
/// @operand a f32[4] register  @isa sse  @source manuals/vnni/float.md
static inline __m128 _mm_rsqrt_ps(__m128 a) {
  __m128 r;
  for (int j = 0; j < 4; ++j) r[j] = (float)(1 / sqrt((double)a[j]));
  return r;
}
