// From all elements of a vector to one. Floating sums are taken in halves: first r[j] + r[j + 8], then + r[j + 4], ...
#pragma once

/// The sum of all elements, halves first: r[j] + r[j + width] for width 8, 4, 2, 1.
/// @operand a f32[16] register  @isa avx512f  @source manuals/vnni/reduce.md
static inline float _mm512_reduce_add_ps(__m512 a) {
  __m512 r = a;
  for (int width = 8; width > 0; width /= 2)
    for (int j = 0; j < width; ++j) r[j] = r[j] + r[j + width];
  return r[0];
}

/// The sum of all elements, halves first: r[j] + r[j + width] for width 8, 4, 2, 1; elements whose bit of k is 0 count as 0.
/// @operand a f32[16] register  @isa avx512f  @source manuals/vnni/reduce.md
static inline float _mm512_mask_reduce_add_ps(__mmask16 k, __m512 a) {
  __m512 r = a;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? r[j] : 0;
  return _mm512_reduce_add_ps((__m512)r);
}

/// The product of all elements, halves first.
/// @operand a f32[16] register  @isa avx512f  @source manuals/vnni/reduce.md
static inline float _mm512_reduce_mul_ps(__m512 a) {
  __m512 r = a;
  for (int width = 8; width > 0; width /= 2)
    for (int j = 0; j < width; ++j) r[j] = r[j] * r[j + width];
  return r[0];
}

/// The product of all elements, halves first; elements whose bit of k is 0 count as 1.
/// @operand a f32[16] register  @isa avx512f  @source manuals/vnni/reduce.md
static inline float _mm512_mask_reduce_mul_ps(__mmask16 k, __m512 a) {
  __m512 r = a;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? r[j] : 1;
  return _mm512_reduce_mul_ps((__m512)r);
}

/// The smallest element (with NaN among them the result is open).
/// @operand a f32[16] register  @isa avx512f  @source manuals/vnni/reduce.md
static inline float _mm512_reduce_min_ps(__m512 a) {
  __m512 r = a;
  for (int width = 8; width > 0; width /= 2)
    for (int j = 0; j < width; ++j) r[j] = r[j] < r[j + width] ? r[j] : r[j + width];
  return r[0];
}

/// The smallest element (with NaN among them the result is open); elements whose bit of k is 0 count as INFINITY.
/// @operand a f32[16] register  @isa avx512f  @source manuals/vnni/reduce.md
static inline float _mm512_mask_reduce_min_ps(__mmask16 k, __m512 a) {
  __m512 r = a;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? r[j] : INFINITY;
  return _mm512_reduce_min_ps((__m512)r);
}

/// The largest element (with NaN among them the result is open).
/// @operand a f32[16] register  @isa avx512f  @source manuals/vnni/reduce.md
static inline float _mm512_reduce_max_ps(__m512 a) {
  __m512 r = a;
  for (int width = 8; width > 0; width /= 2)
    for (int j = 0; j < width; ++j) r[j] = r[j] > r[j + width] ? r[j] : r[j + width];
  return r[0];
}

/// The largest element (with NaN among them the result is open); elements whose bit of k is 0 count as -INFINITY.
/// @operand a f32[16] register  @isa avx512f  @source manuals/vnni/reduce.md
static inline float _mm512_mask_reduce_max_ps(__mmask16 k, __m512 a) {
  __m512 r = a;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? r[j] : -INFINITY;
  return _mm512_reduce_max_ps((__m512)r);
}

/// The sum of all elements, halves first: r[j] + r[j + width] for width 4, 2, 1.
/// @operand a f64[8] register  @isa avx512f  @source manuals/vnni/reduce.md
static inline double _mm512_reduce_add_pd(__m512d a) {
  __m512d r = a;
  for (int width = 4; width > 0; width /= 2)
    for (int j = 0; j < width; ++j) r[j] = r[j] + r[j + width];
  return r[0];
}

/// The sum of all elements, halves first: r[j] + r[j + width] for width 4, 2, 1; elements whose bit of k is 0 count as 0.
/// @operand a f64[8] register  @isa avx512f  @source manuals/vnni/reduce.md
static inline double _mm512_mask_reduce_add_pd(__mmask8 k, __m512d a) {
  __m512d r = a;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? r[j] : 0;
  return _mm512_reduce_add_pd((__m512d)r);
}

/// The product of all elements, halves first.
/// @operand a f64[8] register  @isa avx512f  @source manuals/vnni/reduce.md
static inline double _mm512_reduce_mul_pd(__m512d a) {
  __m512d r = a;
  for (int width = 4; width > 0; width /= 2)
    for (int j = 0; j < width; ++j) r[j] = r[j] * r[j + width];
  return r[0];
}

/// The product of all elements, halves first; elements whose bit of k is 0 count as 1.
/// @operand a f64[8] register  @isa avx512f  @source manuals/vnni/reduce.md
static inline double _mm512_mask_reduce_mul_pd(__mmask8 k, __m512d a) {
  __m512d r = a;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? r[j] : 1;
  return _mm512_reduce_mul_pd((__m512d)r);
}

/// The smallest element (with NaN among them the result is open).
/// @operand a f64[8] register  @isa avx512f  @source manuals/vnni/reduce.md
static inline double _mm512_reduce_min_pd(__m512d a) {
  __m512d r = a;
  for (int width = 4; width > 0; width /= 2)
    for (int j = 0; j < width; ++j) r[j] = r[j] < r[j + width] ? r[j] : r[j + width];
  return r[0];
}

/// The largest element (with NaN among them the result is open).
/// @operand a f64[8] register  @isa avx512f  @source manuals/vnni/reduce.md
static inline double _mm512_reduce_max_pd(__m512d a) {
  __m512d r = a;
  for (int width = 4; width > 0; width /= 2)
    for (int j = 0; j < width; ++j) r[j] = r[j] > r[j + width] ? r[j] : r[j + width];
  return r[0];
}

/// The sum of all elements, halves first: r[j] + r[j + width] for width 8, 4, 2, 1.
/// @operand a i32[16] register  @isa avx512f  @source manuals/vnni/reduce.md
static inline int _mm512_reduce_add_epi32(__m512i a) {
  i32x16 r = (i32x16)a;
  for (int width = 8; width > 0; width /= 2)
    for (int j = 0; j < width; ++j) r[j] = r[j] + r[j + width];
  return r[0];
}

/// The sum of all elements, halves first: r[j] + r[j + width] for width 8, 4, 2, 1; elements whose bit of k is 0 count as 0.
/// @operand a i32[16] register  @isa avx512f  @source manuals/vnni/reduce.md
static inline int _mm512_mask_reduce_add_epi32(__mmask16 k, __m512i a) {
  i32x16 r = (i32x16)a;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? r[j] : 0;
  return _mm512_reduce_add_epi32((__m512i)r);
}

/// The product of all elements, halves first.
/// @operand a i32[16] register  @isa avx512f  @source manuals/vnni/reduce.md
static inline int _mm512_reduce_mul_epi32(__m512i a) {
  i32x16 r = (i32x16)a;
  for (int width = 8; width > 0; width /= 2)
    for (int j = 0; j < width; ++j) r[j] = r[j] * r[j + width];
  return r[0];
}

/// The product of all elements, halves first; elements whose bit of k is 0 count as 1.
/// @operand a i32[16] register  @isa avx512f  @source manuals/vnni/reduce.md
static inline int _mm512_mask_reduce_mul_epi32(__mmask16 k, __m512i a) {
  i32x16 r = (i32x16)a;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? r[j] : 1;
  return _mm512_reduce_mul_epi32((__m512i)r);
}

/// The smallest element.
/// @operand a i32[16] register  @isa avx512f  @source manuals/vnni/reduce.md
static inline int _mm512_reduce_min_epi32(__m512i a) {
  i32x16 r = (i32x16)a;
  for (int width = 8; width > 0; width /= 2)
    for (int j = 0; j < width; ++j) r[j] = r[j] < r[j + width] ? r[j] : r[j + width];
  return r[0];
}

/// The smallest element; elements whose bit of k is 0 count as INT32_MAX.
/// @operand a i32[16] register  @isa avx512f  @source manuals/vnni/reduce.md
static inline int _mm512_mask_reduce_min_epi32(__mmask16 k, __m512i a) {
  i32x16 r = (i32x16)a;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? r[j] : INT32_MAX;
  return _mm512_reduce_min_epi32((__m512i)r);
}

/// The largest element.
/// @operand a i32[16] register  @isa avx512f  @source manuals/vnni/reduce.md
static inline int _mm512_reduce_max_epi32(__m512i a) {
  i32x16 r = (i32x16)a;
  for (int width = 8; width > 0; width /= 2)
    for (int j = 0; j < width; ++j) r[j] = r[j] > r[j + width] ? r[j] : r[j + width];
  return r[0];
}

/// The largest element; elements whose bit of k is 0 count as INT32_MIN.
/// @operand a i32[16] register  @isa avx512f  @source manuals/vnni/reduce.md
static inline int _mm512_mask_reduce_max_epi32(__mmask16 k, __m512i a) {
  i32x16 r = (i32x16)a;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? r[j] : INT32_MIN;
  return _mm512_reduce_max_epi32((__m512i)r);
}

/// The sum of all elements, halves first: r[j] + r[j + width] for width 4, 2, 1.
/// @operand a i64[8] register  @isa avx512f  @source manuals/vnni/reduce.md
static inline long long _mm512_reduce_add_epi64(__m512i a) {
  i64x8 r = (i64x8)a;
  for (int width = 4; width > 0; width /= 2)
    for (int j = 0; j < width; ++j) r[j] = r[j] + r[j + width];
  return r[0];
}

/// The product of all elements, halves first.
/// @operand a i64[8] register  @isa avx512f  @source manuals/vnni/reduce.md
static inline long long _mm512_reduce_mul_epi64(__m512i a) {
  i64x8 r = (i64x8)a;
  for (int width = 4; width > 0; width /= 2)
    for (int j = 0; j < width; ++j) r[j] = r[j] * r[j + width];
  return r[0];
}

/// The smallest element.
/// @operand a u32[16] register  @isa avx512f  @source manuals/vnni/reduce.md
static inline unsigned int _mm512_reduce_min_epu32(__m512i a) {
  u32x16 r = (u32x16)a;
  for (int width = 8; width > 0; width /= 2)
    for (int j = 0; j < width; ++j) r[j] = r[j] < r[j + width] ? r[j] : r[j + width];
  return r[0];
}

/// The smallest element; elements whose bit of k is 0 count as UINT32_MAX.
/// @operand a u32[16] register  @isa avx512f  @source manuals/vnni/reduce.md
static inline unsigned int _mm512_mask_reduce_min_epu32(__mmask16 k, __m512i a) {
  u32x16 r = (u32x16)a;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? r[j] : UINT32_MAX;
  return _mm512_reduce_min_epu32((__m512i)r);
}

/// The largest element.
/// @operand a u32[16] register  @isa avx512f  @source manuals/vnni/reduce.md
static inline unsigned int _mm512_reduce_max_epu32(__m512i a) {
  u32x16 r = (u32x16)a;
  for (int width = 8; width > 0; width /= 2)
    for (int j = 0; j < width; ++j) r[j] = r[j] > r[j + width] ? r[j] : r[j + width];
  return r[0];
}

/// The largest element; elements whose bit of k is 0 count as 0.
/// @operand a u32[16] register  @isa avx512f  @source manuals/vnni/reduce.md
static inline unsigned int _mm512_mask_reduce_max_epu32(__mmask16 k, __m512i a) {
  u32x16 r = (u32x16)a;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? r[j] : 0;
  return _mm512_reduce_max_epu32((__m512i)r);
}
