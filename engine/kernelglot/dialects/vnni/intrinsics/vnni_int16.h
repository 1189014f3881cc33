// AVX_VNNI_INT16: dot products of 16-bit integers whose signs the name says: dpw, then the sign of a, then that of b.
#pragma once

/// r[j] = src[j] + the sum of two i16 * u16 products a[2j+k] * b[2j+k]. Adds wrap; nothing saturates.
/// @operand src i32[8] register  @operand a i16[16] register  @operand b u16[16] register  @isa avx_vnni_int16
/// @source manuals/vnni/dot_product.md
static inline __m256i _mm256_dpwsud_epi32(__m256i src, __m256i a, __m256i b) {
  i32x8 s = (i32x8)src, r;
  i16x16 x = (i16x16)a;
  u16x16 y = (u16x16)b;
  for (int j = 0; j < 8; ++j) {
    uint32_t sum = (uint32_t)s[j];
    for (int k = 0; k < 2; ++k) sum += (uint32_t)((int64_t)x[2 * j + k] * y[2 * j + k]);
    r[j] = (int32_t)sum;
  }
  return (__m256i)r;
}

/// r[j] = src[j] + the sum of two i16 * u16 products a[2j+k] * b[2j+k]. The sum is exact and saturates once.
/// @operand src i32[8] register  @operand a i16[16] register  @operand b u16[16] register  @isa avx_vnni_int16
/// @source manuals/vnni/dot_product.md
static inline __m256i _mm256_dpwsuds_epi32(__m256i src, __m256i a, __m256i b) {
  i32x8 s = (i32x8)src, r;
  i16x16 x = (i16x16)a;
  u16x16 y = (u16x16)b;
  for (int j = 0; j < 8; ++j) {
    int64_t sum = s[j];
    for (int k = 0; k < 2; ++k) sum += (int64_t)x[2 * j + k] * y[2 * j + k];
    r[j] = vnni_saturate_i32(sum);
  }
  return (__m256i)r;
}

/// r[j] = src[j] + the sum of two u16 * i16 products a[2j+k] * b[2j+k]. Adds wrap; nothing saturates.
/// @operand src i32[8] register  @operand a u16[16] register  @operand b i16[16] register  @isa avx_vnni_int16
/// @source manuals/vnni/dot_product.md
static inline __m256i _mm256_dpwusd_epi32(__m256i src, __m256i a, __m256i b) {
  i32x8 s = (i32x8)src, r;
  u16x16 x = (u16x16)a;
  i16x16 y = (i16x16)b;
  for (int j = 0; j < 8; ++j) {
    uint32_t sum = (uint32_t)s[j];
    for (int k = 0; k < 2; ++k) sum += (uint32_t)((int64_t)x[2 * j + k] * y[2 * j + k]);
    r[j] = (int32_t)sum;
  }
  return (__m256i)r;
}

/// r[j] = src[j] + the sum of two u16 * i16 products a[2j+k] * b[2j+k]. The sum is exact and saturates once.
/// @operand src i32[8] register  @operand a u16[16] register  @operand b i16[16] register  @isa avx_vnni_int16
/// @source manuals/vnni/dot_product.md
static inline __m256i _mm256_dpwusds_epi32(__m256i src, __m256i a, __m256i b) {
  i32x8 s = (i32x8)src, r;
  u16x16 x = (u16x16)a;
  i16x16 y = (i16x16)b;
  for (int j = 0; j < 8; ++j) {
    int64_t sum = s[j];
    for (int k = 0; k < 2; ++k) sum += (int64_t)x[2 * j + k] * y[2 * j + k];
    r[j] = vnni_saturate_i32(sum);
  }
  return (__m256i)r;
}

/// r[j] = src[j] + the sum of two u16 * u16 products a[2j+k] * b[2j+k]. Adds wrap; nothing saturates.
/// @operand src i32[8] register  @operand a u16[16] register  @operand b u16[16] register  @isa avx_vnni_int16
/// @source manuals/vnni/dot_product.md
static inline __m256i _mm256_dpwuud_epi32(__m256i src, __m256i a, __m256i b) {
  i32x8 s = (i32x8)src, r;
  u16x16 x = (u16x16)a, y = (u16x16)b;
  for (int j = 0; j < 8; ++j) {
    uint32_t sum = (uint32_t)s[j];
    for (int k = 0; k < 2; ++k) sum += (uint32_t)((int64_t)x[2 * j + k] * y[2 * j + k]);
    r[j] = (int32_t)sum;
  }
  return (__m256i)r;
}

/// r[j] = src[j] + the sum of two u16 * u16 products a[2j+k] * b[2j+k]. The sum is exact and saturates once, without sign.
/// @operand src u32[8] register  @operand a u16[16] register  @operand b u16[16] register  @isa avx_vnni_int16
/// @source manuals/vnni/dot_product.md
static inline __m256i _mm256_dpwuuds_epi32(__m256i src, __m256i a, __m256i b) {
  u32x8 s = (u32x8)src, r;
  u16x16 x = (u16x16)a, y = (u16x16)b;
  for (int j = 0; j < 8; ++j) {
    int64_t sum = s[j];
    for (int k = 0; k < 2; ++k) sum += (int64_t)x[2 * j + k] * y[2 * j + k];
    r[j] = sum > UINT32_MAX ? UINT32_MAX : (uint32_t)sum;
  }
  return (__m256i)r;
}

/// r[j] = src[j] + the sum of two i16 * u16 products a[2j+k] * b[2j+k]. Adds wrap; nothing saturates.
/// @operand src i32[4] register  @operand a i16[8] register  @operand b u16[8] register  @isa avx_vnni_int16
/// @source manuals/vnni/dot_product.md
static inline __m128i _mm_dpwsud_epi32(__m128i src, __m128i a, __m128i b) {
  i32x4 s = (i32x4)src, r;
  i16x8 x = (i16x8)a;
  u16x8 y = (u16x8)b;
  for (int j = 0; j < 4; ++j) {
    uint32_t sum = (uint32_t)s[j];
    for (int k = 0; k < 2; ++k) sum += (uint32_t)((int64_t)x[2 * j + k] * y[2 * j + k]);
    r[j] = (int32_t)sum;
  }
  return (__m128i)r;
}

/// r[j] = src[j] + the sum of two i16 * u16 products a[2j+k] * b[2j+k]. The sum is exact and saturates once.
/// @operand src i32[4] register  @operand a i16[8] register  @operand b u16[8] register  @isa avx_vnni_int16
/// @source manuals/vnni/dot_product.md
static inline __m128i _mm_dpwsuds_epi32(__m128i src, __m128i a, __m128i b) {
  i32x4 s = (i32x4)src, r;
  i16x8 x = (i16x8)a;
  u16x8 y = (u16x8)b;
  for (int j = 0; j < 4; ++j) {
    int64_t sum = s[j];
    for (int k = 0; k < 2; ++k) sum += (int64_t)x[2 * j + k] * y[2 * j + k];
    r[j] = vnni_saturate_i32(sum);
  }
  return (__m128i)r;
}

/// r[j] = src[j] + the sum of two u16 * i16 products a[2j+k] * b[2j+k]. Adds wrap; nothing saturates.
/// @operand src i32[4] register  @operand a u16[8] register  @operand b i16[8] register  @isa avx_vnni_int16
/// @source manuals/vnni/dot_product.md
static inline __m128i _mm_dpwusd_epi32(__m128i src, __m128i a, __m128i b) {
  i32x4 s = (i32x4)src, r;
  u16x8 x = (u16x8)a;
  i16x8 y = (i16x8)b;
  for (int j = 0; j < 4; ++j) {
    uint32_t sum = (uint32_t)s[j];
    for (int k = 0; k < 2; ++k) sum += (uint32_t)((int64_t)x[2 * j + k] * y[2 * j + k]);
    r[j] = (int32_t)sum;
  }
  return (__m128i)r;
}

/// r[j] = src[j] + the sum of two u16 * i16 products a[2j+k] * b[2j+k]. The sum is exact and saturates once.
/// @operand src i32[4] register  @operand a u16[8] register  @operand b i16[8] register  @isa avx_vnni_int16
/// @source manuals/vnni/dot_product.md
static inline __m128i _mm_dpwusds_epi32(__m128i src, __m128i a, __m128i b) {
  i32x4 s = (i32x4)src, r;
  u16x8 x = (u16x8)a;
  i16x8 y = (i16x8)b;
  for (int j = 0; j < 4; ++j) {
    int64_t sum = s[j];
    for (int k = 0; k < 2; ++k) sum += (int64_t)x[2 * j + k] * y[2 * j + k];
    r[j] = vnni_saturate_i32(sum);
  }
  return (__m128i)r;
}

/// r[j] = src[j] + the sum of two u16 * u16 products a[2j+k] * b[2j+k]. Adds wrap; nothing saturates.
/// @operand src i32[4] register  @operand a u16[8] register  @operand b u16[8] register  @isa avx_vnni_int16
/// @source manuals/vnni/dot_product.md
static inline __m128i _mm_dpwuud_epi32(__m128i src, __m128i a, __m128i b) {
  i32x4 s = (i32x4)src, r;
  u16x8 x = (u16x8)a, y = (u16x8)b;
  for (int j = 0; j < 4; ++j) {
    uint32_t sum = (uint32_t)s[j];
    for (int k = 0; k < 2; ++k) sum += (uint32_t)((int64_t)x[2 * j + k] * y[2 * j + k]);
    r[j] = (int32_t)sum;
  }
  return (__m128i)r;
}

/// r[j] = src[j] + the sum of two u16 * u16 products a[2j+k] * b[2j+k]. The sum is exact and saturates once, without sign.
/// @operand src u32[4] register  @operand a u16[8] register  @operand b u16[8] register  @isa avx_vnni_int16
/// @source manuals/vnni/dot_product.md
static inline __m128i _mm_dpwuuds_epi32(__m128i src, __m128i a, __m128i b) {
  u32x4 s = (u32x4)src, r;
  u16x8 x = (u16x8)a, y = (u16x8)b;
  for (int j = 0; j < 4; ++j) {
    int64_t sum = s[j];
    for (int k = 0; k < 2; ++k) sum += (int64_t)x[2 * j + k] * y[2 * j + k];
    r[j] = sum > UINT32_MAX ? UINT32_MAX : (uint32_t)sum;
  }
  return (__m128i)r;
}
