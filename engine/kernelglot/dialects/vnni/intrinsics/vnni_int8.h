// AVX_VNNI_INT8: dot products of bytes whose signs the name says: dpb, then the sign of a, then that of b.
#pragma once

/// r[j] = src[j] + the sum of four i8 * i8 products a[4j+k] * b[4j+k]. Adds wrap; nothing saturates.
/// @operand src i32[8] register  @operand a i8[32] register  @operand b i8[32] register  @isa avx_vnni_int8
/// @source manuals/vnni/dot_product.md
static inline __m256i _mm256_dpbssd_epi32(__m256i src, __m256i a, __m256i b) {
  i32x8 s = (i32x8)src, r;
  i8x32 x = (i8x32)a, y = (i8x32)b;
  for (int j = 0; j < 8; ++j) {
    uint32_t sum = (uint32_t)s[j];
    for (int k = 0; k < 4; ++k) sum += (uint32_t)((int64_t)x[4 * j + k] * y[4 * j + k]);
    r[j] = (int32_t)sum;
  }
  return (__m256i)r;
}

/// r[j] = src[j] + the sum of four i8 * i8 products a[4j+k] * b[4j+k]. The sum is exact and saturates once.
/// @operand src i32[8] register  @operand a i8[32] register  @operand b i8[32] register  @isa avx_vnni_int8
/// @source manuals/vnni/dot_product.md
static inline __m256i _mm256_dpbssds_epi32(__m256i src, __m256i a, __m256i b) {
  i32x8 s = (i32x8)src, r;
  i8x32 x = (i8x32)a, y = (i8x32)b;
  for (int j = 0; j < 8; ++j) {
    int64_t sum = s[j];
    for (int k = 0; k < 4; ++k) sum += (int64_t)x[4 * j + k] * y[4 * j + k];
    r[j] = vnni_saturate_i32(sum);
  }
  return (__m256i)r;
}

/// r[j] = src[j] + the sum of four i8 * u8 products a[4j+k] * b[4j+k]. Adds wrap; nothing saturates.
/// @operand src i32[8] register  @operand a i8[32] register  @operand b u8[32] register  @isa avx_vnni_int8
/// @source manuals/vnni/dot_product.md
static inline __m256i _mm256_dpbsud_epi32(__m256i src, __m256i a, __m256i b) {
  i32x8 s = (i32x8)src, r;
  i8x32 x = (i8x32)a;
  u8x32 y = (u8x32)b;
  for (int j = 0; j < 8; ++j) {
    uint32_t sum = (uint32_t)s[j];
    for (int k = 0; k < 4; ++k) sum += (uint32_t)((int64_t)x[4 * j + k] * y[4 * j + k]);
    r[j] = (int32_t)sum;
  }
  return (__m256i)r;
}

/// r[j] = src[j] + the sum of four i8 * u8 products a[4j+k] * b[4j+k]. The sum is exact and saturates once.
/// @operand src i32[8] register  @operand a i8[32] register  @operand b u8[32] register  @isa avx_vnni_int8
/// @source manuals/vnni/dot_product.md
static inline __m256i _mm256_dpbsuds_epi32(__m256i src, __m256i a, __m256i b) {
  i32x8 s = (i32x8)src, r;
  i8x32 x = (i8x32)a;
  u8x32 y = (u8x32)b;
  for (int j = 0; j < 8; ++j) {
    int64_t sum = s[j];
    for (int k = 0; k < 4; ++k) sum += (int64_t)x[4 * j + k] * y[4 * j + k];
    r[j] = vnni_saturate_i32(sum);
  }
  return (__m256i)r;
}

/// r[j] = src[j] + the sum of four u8 * u8 products a[4j+k] * b[4j+k]. Adds wrap; nothing saturates.
/// @operand src i32[8] register  @operand a u8[32] register  @operand b u8[32] register  @isa avx_vnni_int8
/// @source manuals/vnni/dot_product.md
static inline __m256i _mm256_dpbuud_epi32(__m256i src, __m256i a, __m256i b) {
  i32x8 s = (i32x8)src, r;
  u8x32 x = (u8x32)a, y = (u8x32)b;
  for (int j = 0; j < 8; ++j) {
    uint32_t sum = (uint32_t)s[j];
    for (int k = 0; k < 4; ++k) sum += (uint32_t)((int64_t)x[4 * j + k] * y[4 * j + k]);
    r[j] = (int32_t)sum;
  }
  return (__m256i)r;
}

/// r[j] = src[j] + the sum of four u8 * u8 products a[4j+k] * b[4j+k]. The sum is exact and saturates once, without sign.
/// @operand src u32[8] register  @operand a u8[32] register  @operand b u8[32] register  @isa avx_vnni_int8
/// @source manuals/vnni/dot_product.md
static inline __m256i _mm256_dpbuuds_epi32(__m256i src, __m256i a, __m256i b) {
  u32x8 s = (u32x8)src, r;
  u8x32 x = (u8x32)a, y = (u8x32)b;
  for (int j = 0; j < 8; ++j) {
    int64_t sum = s[j];
    for (int k = 0; k < 4; ++k) sum += (int64_t)x[4 * j + k] * y[4 * j + k];
    r[j] = sum > UINT32_MAX ? UINT32_MAX : (uint32_t)sum;
  }
  return (__m256i)r;
}

/// r[j] = src[j] + the sum of four i8 * i8 products a[4j+k] * b[4j+k]. Adds wrap; nothing saturates.
/// @operand src i32[4] register  @operand a i8[16] register  @operand b i8[16] register  @isa avx_vnni_int8
/// @source manuals/vnni/dot_product.md
static inline __m128i _mm_dpbssd_epi32(__m128i src, __m128i a, __m128i b) {
  i32x4 s = (i32x4)src, r;
  i8x16 x = (i8x16)a, y = (i8x16)b;
  for (int j = 0; j < 4; ++j) {
    uint32_t sum = (uint32_t)s[j];
    for (int k = 0; k < 4; ++k) sum += (uint32_t)((int64_t)x[4 * j + k] * y[4 * j + k]);
    r[j] = (int32_t)sum;
  }
  return (__m128i)r;
}

/// r[j] = src[j] + the sum of four i8 * i8 products a[4j+k] * b[4j+k]. The sum is exact and saturates once.
/// @operand src i32[4] register  @operand a i8[16] register  @operand b i8[16] register  @isa avx_vnni_int8
/// @source manuals/vnni/dot_product.md
static inline __m128i _mm_dpbssds_epi32(__m128i src, __m128i a, __m128i b) {
  i32x4 s = (i32x4)src, r;
  i8x16 x = (i8x16)a, y = (i8x16)b;
  for (int j = 0; j < 4; ++j) {
    int64_t sum = s[j];
    for (int k = 0; k < 4; ++k) sum += (int64_t)x[4 * j + k] * y[4 * j + k];
    r[j] = vnni_saturate_i32(sum);
  }
  return (__m128i)r;
}

/// r[j] = src[j] + the sum of four i8 * u8 products a[4j+k] * b[4j+k]. Adds wrap; nothing saturates.
/// @operand src i32[4] register  @operand a i8[16] register  @operand b u8[16] register  @isa avx_vnni_int8
/// @source manuals/vnni/dot_product.md
static inline __m128i _mm_dpbsud_epi32(__m128i src, __m128i a, __m128i b) {
  i32x4 s = (i32x4)src, r;
  i8x16 x = (i8x16)a;
  u8x16 y = (u8x16)b;
  for (int j = 0; j < 4; ++j) {
    uint32_t sum = (uint32_t)s[j];
    for (int k = 0; k < 4; ++k) sum += (uint32_t)((int64_t)x[4 * j + k] * y[4 * j + k]);
    r[j] = (int32_t)sum;
  }
  return (__m128i)r;
}

/// r[j] = src[j] + the sum of four i8 * u8 products a[4j+k] * b[4j+k]. The sum is exact and saturates once.
/// @operand src i32[4] register  @operand a i8[16] register  @operand b u8[16] register  @isa avx_vnni_int8
/// @source manuals/vnni/dot_product.md
static inline __m128i _mm_dpbsuds_epi32(__m128i src, __m128i a, __m128i b) {
  i32x4 s = (i32x4)src, r;
  i8x16 x = (i8x16)a;
  u8x16 y = (u8x16)b;
  for (int j = 0; j < 4; ++j) {
    int64_t sum = s[j];
    for (int k = 0; k < 4; ++k) sum += (int64_t)x[4 * j + k] * y[4 * j + k];
    r[j] = vnni_saturate_i32(sum);
  }
  return (__m128i)r;
}

/// r[j] = src[j] + the sum of four u8 * u8 products a[4j+k] * b[4j+k]. Adds wrap; nothing saturates.
/// @operand src i32[4] register  @operand a u8[16] register  @operand b u8[16] register  @isa avx_vnni_int8
/// @source manuals/vnni/dot_product.md
static inline __m128i _mm_dpbuud_epi32(__m128i src, __m128i a, __m128i b) {
  i32x4 s = (i32x4)src, r;
  u8x16 x = (u8x16)a, y = (u8x16)b;
  for (int j = 0; j < 4; ++j) {
    uint32_t sum = (uint32_t)s[j];
    for (int k = 0; k < 4; ++k) sum += (uint32_t)((int64_t)x[4 * j + k] * y[4 * j + k]);
    r[j] = (int32_t)sum;
  }
  return (__m128i)r;
}

/// r[j] = src[j] + the sum of four u8 * u8 products a[4j+k] * b[4j+k]. The sum is exact and saturates once, without sign.
/// @operand src u32[4] register  @operand a u8[16] register  @operand b u8[16] register  @isa avx_vnni_int8
/// @source manuals/vnni/dot_product.md
static inline __m128i _mm_dpbuuds_epi32(__m128i src, __m128i a, __m128i b) {
  u32x4 s = (u32x4)src, r;
  u8x16 x = (u8x16)a, y = (u8x16)b;
  for (int j = 0; j < 4; ++j) {
    int64_t sum = s[j];
    for (int k = 0; k < 4; ++k) sum += (int64_t)x[4 * j + k] * y[4 * j + k];
    r[j] = sum > UINT32_MAX ? UINT32_MAX : (uint32_t)sum;
  }
  return (__m128i)r;
}
