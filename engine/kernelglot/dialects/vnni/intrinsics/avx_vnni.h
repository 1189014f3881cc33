// AVX_VNNI: the dot products of vnni.h at 256 and 128 bits, for CPUs without AVX-512.
#pragma once

/// r[j] = src[j] + the sum of four u8 * i8 products a[4j+k] * b[4j+k]. Adds wrap; nothing saturates.
/// @operand src i32[8] register  @operand a u8[32] register  @operand b i8[32] register  @isa avx_vnni
/// @source manuals/vnni/dot_product.md
static inline __m256i _mm256_dpbusd_avx_epi32(__m256i src, __m256i a, __m256i b) {
  i32x8 s = (i32x8)src, r;
  u8x32 x = (u8x32)a;
  i8x32 y = (i8x32)b;
  for (int j = 0; j < 8; ++j) {
    uint32_t sum = (uint32_t)s[j];
    for (int k = 0; k < 4; ++k) sum += (uint32_t)((int32_t)x[4 * j + k] * (int32_t)y[4 * j + k]);
    r[j] = (int32_t)sum;
  }
  return (__m256i)r;
}

/// r[j] = src[j] + the sum of four u8 * i8 products a[4j+k] * b[4j+k]. The sum is exact and saturates once.
/// @operand src i32[8] register  @operand a u8[32] register  @operand b i8[32] register  @isa avx_vnni
/// @source manuals/vnni/dot_product.md
static inline __m256i _mm256_dpbusds_avx_epi32(__m256i src, __m256i a, __m256i b) {
  i32x8 s = (i32x8)src, r;
  u8x32 x = (u8x32)a;
  i8x32 y = (i8x32)b;
  for (int j = 0; j < 8; ++j) {
    int64_t sum = s[j];
    for (int k = 0; k < 4; ++k) sum += (int32_t)x[4 * j + k] * (int32_t)y[4 * j + k];
    r[j] = vnni_saturate_i32(sum);
  }
  return (__m256i)r;
}

/// r[j] = src[j] + the sum of two i16 * i16 products a[2j+k] * b[2j+k]. Adds wrap; nothing saturates.
/// @operand src i32[8] register  @operand a i16[16] register  @operand b i16[16] register  @isa avx_vnni
/// @source manuals/vnni/dot_product.md
static inline __m256i _mm256_dpwssd_avx_epi32(__m256i src, __m256i a, __m256i b) {
  i32x8 s = (i32x8)src, r;
  i16x16 x = (i16x16)a, y = (i16x16)b;
  for (int j = 0; j < 8; ++j) {
    uint32_t sum = (uint32_t)s[j];
    for (int k = 0; k < 2; ++k) sum += (uint32_t)((int32_t)x[2 * j + k] * (int32_t)y[2 * j + k]);
    r[j] = (int32_t)sum;
  }
  return (__m256i)r;
}

/// r[j] = src[j] + the sum of two i16 * i16 products a[2j+k] * b[2j+k]. The sum is exact and saturates once.
/// @operand src i32[8] register  @operand a i16[16] register  @operand b i16[16] register  @isa avx_vnni
/// @source manuals/vnni/dot_product.md
static inline __m256i _mm256_dpwssds_avx_epi32(__m256i src, __m256i a, __m256i b) {
  i32x8 s = (i32x8)src, r;
  i16x16 x = (i16x16)a, y = (i16x16)b;
  for (int j = 0; j < 8; ++j) {
    int64_t sum = s[j];
    for (int k = 0; k < 2; ++k) sum += (int32_t)x[2 * j + k] * (int32_t)y[2 * j + k];
    r[j] = vnni_saturate_i32(sum);
  }
  return (__m256i)r;
}

/// r[j] = src[j] + the sum of four u8 * i8 products a[4j+k] * b[4j+k]. Adds wrap; nothing saturates.
/// @operand src i32[4] register  @operand a u8[16] register  @operand b i8[16] register  @isa avx_vnni
/// @source manuals/vnni/dot_product.md
static inline __m128i _mm_dpbusd_avx_epi32(__m128i src, __m128i a, __m128i b) {
  i32x4 s = (i32x4)src, r;
  u8x16 x = (u8x16)a;
  i8x16 y = (i8x16)b;
  for (int j = 0; j < 4; ++j) {
    uint32_t sum = (uint32_t)s[j];
    for (int k = 0; k < 4; ++k) sum += (uint32_t)((int32_t)x[4 * j + k] * (int32_t)y[4 * j + k]);
    r[j] = (int32_t)sum;
  }
  return (__m128i)r;
}

/// r[j] = src[j] + the sum of four u8 * i8 products a[4j+k] * b[4j+k]. The sum is exact and saturates once.
/// @operand src i32[4] register  @operand a u8[16] register  @operand b i8[16] register  @isa avx_vnni
/// @source manuals/vnni/dot_product.md
static inline __m128i _mm_dpbusds_avx_epi32(__m128i src, __m128i a, __m128i b) {
  i32x4 s = (i32x4)src, r;
  u8x16 x = (u8x16)a;
  i8x16 y = (i8x16)b;
  for (int j = 0; j < 4; ++j) {
    int64_t sum = s[j];
    for (int k = 0; k < 4; ++k) sum += (int32_t)x[4 * j + k] * (int32_t)y[4 * j + k];
    r[j] = vnni_saturate_i32(sum);
  }
  return (__m128i)r;
}

/// r[j] = src[j] + the sum of two i16 * i16 products a[2j+k] * b[2j+k]. Adds wrap; nothing saturates.
/// @operand src i32[4] register  @operand a i16[8] register  @operand b i16[8] register  @isa avx_vnni
/// @source manuals/vnni/dot_product.md
static inline __m128i _mm_dpwssd_avx_epi32(__m128i src, __m128i a, __m128i b) {
  i32x4 s = (i32x4)src, r;
  i16x8 x = (i16x8)a, y = (i16x8)b;
  for (int j = 0; j < 4; ++j) {
    uint32_t sum = (uint32_t)s[j];
    for (int k = 0; k < 2; ++k) sum += (uint32_t)((int32_t)x[2 * j + k] * (int32_t)y[2 * j + k]);
    r[j] = (int32_t)sum;
  }
  return (__m128i)r;
}

/// r[j] = src[j] + the sum of two i16 * i16 products a[2j+k] * b[2j+k]. The sum is exact and saturates once.
/// @operand src i32[4] register  @operand a i16[8] register  @operand b i16[8] register  @isa avx_vnni
/// @source manuals/vnni/dot_product.md
static inline __m128i _mm_dpwssds_avx_epi32(__m128i src, __m128i a, __m128i b) {
  i32x4 s = (i32x4)src, r;
  i16x8 x = (i16x8)a, y = (i16x8)b;
  for (int j = 0; j < 4; ++j) {
    int64_t sum = s[j];
    for (int k = 0; k < 2; ++k) sum += (int32_t)x[2 * j + k] * (int32_t)y[2 * j + k];
    r[j] = vnni_saturate_i32(sum);
  }
  return (__m128i)r;
}
