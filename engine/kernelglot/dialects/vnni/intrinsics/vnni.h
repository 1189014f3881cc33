// The dot products of AVX512_VNNI (and its VEX form AVX_VNNI). The first data operand of dpbusd is unsigned, the second signed.
#pragma once

/// r[j] = src[j] + the sum of four u8 * i8 products a[4j+k] * b[4j+k]. Adds wrap; nothing saturates.
/// @operand src i32[16] register  @operand a u8[64] register  @operand b i8[64] register  @isa avx512_vnni
/// @source manuals/vnni/dot_product.md
static inline __m512i _mm512_dpbusd_epi32(__m512i src, __m512i a, __m512i b) {
  i32x16 s = (i32x16)src, r;
  u8x64 x = (u8x64)a;
  i8x64 y = (i8x64)b;
  for (int j = 0; j < 16; ++j) {
    uint32_t sum = (uint32_t)s[j];
    for (int k = 0; k < 4; ++k) sum += (uint32_t)((int32_t)x[4 * j + k] * (int32_t)y[4 * j + k]);
    r[j] = (int32_t)sum;
  }
  return (__m512i)r;
}

/// r[j] = src[j] + the sum of four u8 * i8 products a[4j+k] * b[4j+k] where bit j of m is 1, else src[j]. Adds wrap; nothing saturates.
/// @operand src i32[16] register  @operand a u8[64] register  @operand b i8[64] register  @isa avx512_vnni
/// @source manuals/vnni/dot_product.md
static inline __m512i _mm512_mask_dpbusd_epi32(__m512i src, __mmask16 m, __m512i a, __m512i b) {
  i32x16 s = (i32x16)src, r;
  u8x64 x = (u8x64)a;
  i8x64 y = (i8x64)b;
  for (int j = 0; j < 16; ++j) {
    uint32_t sum = (uint32_t)s[j];
    for (int k = 0; k < 4; ++k) sum += (uint32_t)((int32_t)x[4 * j + k] * (int32_t)y[4 * j + k]);
    r[j] = m >> j & 1 ? (int32_t)sum : s[j];
  }
  return (__m512i)r;
}

/// r[j] = src[j] + the sum of four u8 * i8 products a[4j+k] * b[4j+k] where bit j of m is 1, else 0. Adds wrap; nothing saturates.
/// @operand src i32[16] register  @operand a u8[64] register  @operand b i8[64] register  @isa avx512_vnni
/// @source manuals/vnni/dot_product.md
static inline __m512i _mm512_maskz_dpbusd_epi32(__mmask16 m, __m512i src, __m512i a, __m512i b) {
  i32x16 s = (i32x16)src, r;
  u8x64 x = (u8x64)a;
  i8x64 y = (i8x64)b;
  for (int j = 0; j < 16; ++j) {
    uint32_t sum = (uint32_t)s[j];
    for (int k = 0; k < 4; ++k) sum += (uint32_t)((int32_t)x[4 * j + k] * (int32_t)y[4 * j + k]);
    r[j] = m >> j & 1 ? (int32_t)sum : 0;
  }
  return (__m512i)r;
}

/// r[j] = src[j] + the sum of four u8 * i8 products a[4j+k] * b[4j+k]. The sum is exact and saturates once.
/// @operand src i32[16] register  @operand a u8[64] register  @operand b i8[64] register  @isa avx512_vnni
/// @source manuals/vnni/dot_product.md
static inline __m512i _mm512_dpbusds_epi32(__m512i src, __m512i a, __m512i b) {
  i32x16 s = (i32x16)src, r;
  u8x64 x = (u8x64)a;
  i8x64 y = (i8x64)b;
  for (int j = 0; j < 16; ++j) {
    int64_t sum = s[j];
    for (int k = 0; k < 4; ++k) sum += (int32_t)x[4 * j + k] * (int32_t)y[4 * j + k];
    r[j] = vnni_saturate_i32(sum);
  }
  return (__m512i)r;
}

/// r[j] = src[j] + the sum of four u8 * i8 products a[4j+k] * b[4j+k] where bit j of m is 1, else src[j]. The sum is exact and
/// saturates once.
/// @operand src i32[16] register  @operand a u8[64] register  @operand b i8[64] register  @isa avx512_vnni
/// @source manuals/vnni/dot_product.md
static inline __m512i _mm512_mask_dpbusds_epi32(__m512i src, __mmask16 m, __m512i a, __m512i b) {
  i32x16 s = (i32x16)src, r;
  u8x64 x = (u8x64)a;
  i8x64 y = (i8x64)b;
  for (int j = 0; j < 16; ++j) {
    int64_t sum = s[j];
    for (int k = 0; k < 4; ++k) sum += (int32_t)x[4 * j + k] * (int32_t)y[4 * j + k];
    r[j] = m >> j & 1 ? vnni_saturate_i32(sum) : s[j];
  }
  return (__m512i)r;
}

/// r[j] = src[j] + the sum of four u8 * i8 products a[4j+k] * b[4j+k] where bit j of m is 1, else 0. The sum is exact and saturates
/// once.
/// @operand src i32[16] register  @operand a u8[64] register  @operand b i8[64] register  @isa avx512_vnni
/// @source manuals/vnni/dot_product.md
static inline __m512i _mm512_maskz_dpbusds_epi32(__mmask16 m, __m512i src, __m512i a, __m512i b) {
  i32x16 s = (i32x16)src, r;
  u8x64 x = (u8x64)a;
  i8x64 y = (i8x64)b;
  for (int j = 0; j < 16; ++j) {
    int64_t sum = s[j];
    for (int k = 0; k < 4; ++k) sum += (int32_t)x[4 * j + k] * (int32_t)y[4 * j + k];
    r[j] = m >> j & 1 ? vnni_saturate_i32(sum) : 0;
  }
  return (__m512i)r;
}

/// r[j] = src[j] + the sum of two i16 * i16 products a[2j+k] * b[2j+k]. Adds wrap; nothing saturates.
/// @operand src i32[16] register  @operand a i16[32] register  @operand b i16[32] register  @isa avx512_vnni
/// @source manuals/vnni/dot_product.md
static inline __m512i _mm512_dpwssd_epi32(__m512i src, __m512i a, __m512i b) {
  i32x16 s = (i32x16)src, r;
  i16x32 x = (i16x32)a, y = (i16x32)b;
  for (int j = 0; j < 16; ++j) {
    uint32_t sum = (uint32_t)s[j];
    for (int k = 0; k < 2; ++k) sum += (uint32_t)((int32_t)x[2 * j + k] * (int32_t)y[2 * j + k]);
    r[j] = (int32_t)sum;
  }
  return (__m512i)r;
}

/// r[j] = src[j] + the sum of two i16 * i16 products a[2j+k] * b[2j+k] where bit j of m is 1, else src[j]. Adds wrap; nothing
/// saturates.
/// @operand src i32[16] register  @operand a i16[32] register  @operand b i16[32] register  @isa avx512_vnni
/// @source manuals/vnni/dot_product.md
static inline __m512i _mm512_mask_dpwssd_epi32(__m512i src, __mmask16 m, __m512i a, __m512i b) {
  i32x16 s = (i32x16)src, r;
  i16x32 x = (i16x32)a, y = (i16x32)b;
  for (int j = 0; j < 16; ++j) {
    uint32_t sum = (uint32_t)s[j];
    for (int k = 0; k < 2; ++k) sum += (uint32_t)((int32_t)x[2 * j + k] * (int32_t)y[2 * j + k]);
    r[j] = m >> j & 1 ? (int32_t)sum : s[j];
  }
  return (__m512i)r;
}

/// r[j] = src[j] + the sum of two i16 * i16 products a[2j+k] * b[2j+k] where bit j of m is 1, else 0. Adds wrap; nothing saturates.
/// @operand src i32[16] register  @operand a i16[32] register  @operand b i16[32] register  @isa avx512_vnni
/// @source manuals/vnni/dot_product.md
static inline __m512i _mm512_maskz_dpwssd_epi32(__mmask16 m, __m512i src, __m512i a, __m512i b) {
  i32x16 s = (i32x16)src, r;
  i16x32 x = (i16x32)a, y = (i16x32)b;
  for (int j = 0; j < 16; ++j) {
    uint32_t sum = (uint32_t)s[j];
    for (int k = 0; k < 2; ++k) sum += (uint32_t)((int32_t)x[2 * j + k] * (int32_t)y[2 * j + k]);
    r[j] = m >> j & 1 ? (int32_t)sum : 0;
  }
  return (__m512i)r;
}

/// r[j] = src[j] + the sum of two i16 * i16 products a[2j+k] * b[2j+k]. The sum is exact and saturates once.
/// @operand src i32[16] register  @operand a i16[32] register  @operand b i16[32] register  @isa avx512_vnni
/// @source manuals/vnni/dot_product.md
static inline __m512i _mm512_dpwssds_epi32(__m512i src, __m512i a, __m512i b) {
  i32x16 s = (i32x16)src, r;
  i16x32 x = (i16x32)a, y = (i16x32)b;
  for (int j = 0; j < 16; ++j) {
    int64_t sum = s[j];
    for (int k = 0; k < 2; ++k) sum += (int32_t)x[2 * j + k] * (int32_t)y[2 * j + k];
    r[j] = vnni_saturate_i32(sum);
  }
  return (__m512i)r;
}

/// r[j] = src[j] + the sum of two i16 * i16 products a[2j+k] * b[2j+k] where bit j of m is 1, else src[j]. The sum is exact and
/// saturates once.
/// @operand src i32[16] register  @operand a i16[32] register  @operand b i16[32] register  @isa avx512_vnni
/// @source manuals/vnni/dot_product.md
static inline __m512i _mm512_mask_dpwssds_epi32(__m512i src, __mmask16 m, __m512i a, __m512i b) {
  i32x16 s = (i32x16)src, r;
  i16x32 x = (i16x32)a, y = (i16x32)b;
  for (int j = 0; j < 16; ++j) {
    int64_t sum = s[j];
    for (int k = 0; k < 2; ++k) sum += (int32_t)x[2 * j + k] * (int32_t)y[2 * j + k];
    r[j] = m >> j & 1 ? vnni_saturate_i32(sum) : s[j];
  }
  return (__m512i)r;
}

/// r[j] = src[j] + the sum of two i16 * i16 products a[2j+k] * b[2j+k] where bit j of m is 1, else 0. The sum is exact and saturates
/// once.
/// @operand src i32[16] register  @operand a i16[32] register  @operand b i16[32] register  @isa avx512_vnni
/// @source manuals/vnni/dot_product.md
static inline __m512i _mm512_maskz_dpwssds_epi32(__mmask16 m, __m512i src, __m512i a, __m512i b) {
  i32x16 s = (i32x16)src, r;
  i16x32 x = (i16x32)a, y = (i16x32)b;
  for (int j = 0; j < 16; ++j) {
    int64_t sum = s[j];
    for (int k = 0; k < 2; ++k) sum += (int32_t)x[2 * j + k] * (int32_t)y[2 * j + k];
    r[j] = m >> j & 1 ? vnni_saturate_i32(sum) : 0;
  }
  return (__m512i)r;
}

/// r[j] = src[j] + the sum of four u8 * i8 products a[4j+k] * b[4j+k]. Adds wrap; nothing saturates.
/// @operand src i32[8] register  @operand a u8[32] register  @operand b i8[32] register  @isa avx512_vnni avx512vl
/// @source manuals/vnni/dot_product.md
static inline __m256i _mm256_dpbusd_epi32(__m256i src, __m256i a, __m256i b) {
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

/// r[j] = src[j] + the sum of four u8 * i8 products a[4j+k] * b[4j+k] where bit j of m is 1, else src[j]. Adds wrap; nothing saturates.
/// @operand src i32[8] register  @operand a u8[32] register  @operand b i8[32] register  @isa avx512_vnni avx512vl
/// @source manuals/vnni/dot_product.md
static inline __m256i _mm256_mask_dpbusd_epi32(__m256i src, __mmask8 m, __m256i a, __m256i b) {
  i32x8 s = (i32x8)src, r;
  u8x32 x = (u8x32)a;
  i8x32 y = (i8x32)b;
  for (int j = 0; j < 8; ++j) {
    uint32_t sum = (uint32_t)s[j];
    for (int k = 0; k < 4; ++k) sum += (uint32_t)((int32_t)x[4 * j + k] * (int32_t)y[4 * j + k]);
    r[j] = m >> j & 1 ? (int32_t)sum : s[j];
  }
  return (__m256i)r;
}

/// r[j] = src[j] + the sum of four u8 * i8 products a[4j+k] * b[4j+k] where bit j of m is 1, else 0. Adds wrap; nothing saturates.
/// @operand src i32[8] register  @operand a u8[32] register  @operand b i8[32] register  @isa avx512_vnni avx512vl
/// @source manuals/vnni/dot_product.md
static inline __m256i _mm256_maskz_dpbusd_epi32(__mmask8 m, __m256i src, __m256i a, __m256i b) {
  i32x8 s = (i32x8)src, r;
  u8x32 x = (u8x32)a;
  i8x32 y = (i8x32)b;
  for (int j = 0; j < 8; ++j) {
    uint32_t sum = (uint32_t)s[j];
    for (int k = 0; k < 4; ++k) sum += (uint32_t)((int32_t)x[4 * j + k] * (int32_t)y[4 * j + k]);
    r[j] = m >> j & 1 ? (int32_t)sum : 0;
  }
  return (__m256i)r;
}

/// r[j] = src[j] + the sum of four u8 * i8 products a[4j+k] * b[4j+k]. The sum is exact and saturates once.
/// @operand src i32[8] register  @operand a u8[32] register  @operand b i8[32] register  @isa avx512_vnni avx512vl
/// @source manuals/vnni/dot_product.md
static inline __m256i _mm256_dpbusds_epi32(__m256i src, __m256i a, __m256i b) {
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

/// r[j] = src[j] + the sum of four u8 * i8 products a[4j+k] * b[4j+k] where bit j of m is 1, else src[j]. The sum is exact and
/// saturates once.
/// @operand src i32[8] register  @operand a u8[32] register  @operand b i8[32] register  @isa avx512_vnni avx512vl
/// @source manuals/vnni/dot_product.md
static inline __m256i _mm256_mask_dpbusds_epi32(__m256i src, __mmask8 m, __m256i a, __m256i b) {
  i32x8 s = (i32x8)src, r;
  u8x32 x = (u8x32)a;
  i8x32 y = (i8x32)b;
  for (int j = 0; j < 8; ++j) {
    int64_t sum = s[j];
    for (int k = 0; k < 4; ++k) sum += (int32_t)x[4 * j + k] * (int32_t)y[4 * j + k];
    r[j] = m >> j & 1 ? vnni_saturate_i32(sum) : s[j];
  }
  return (__m256i)r;
}

/// r[j] = src[j] + the sum of four u8 * i8 products a[4j+k] * b[4j+k] where bit j of m is 1, else 0. The sum is exact and saturates
/// once.
/// @operand src i32[8] register  @operand a u8[32] register  @operand b i8[32] register  @isa avx512_vnni avx512vl
/// @source manuals/vnni/dot_product.md
static inline __m256i _mm256_maskz_dpbusds_epi32(__mmask8 m, __m256i src, __m256i a, __m256i b) {
  i32x8 s = (i32x8)src, r;
  u8x32 x = (u8x32)a;
  i8x32 y = (i8x32)b;
  for (int j = 0; j < 8; ++j) {
    int64_t sum = s[j];
    for (int k = 0; k < 4; ++k) sum += (int32_t)x[4 * j + k] * (int32_t)y[4 * j + k];
    r[j] = m >> j & 1 ? vnni_saturate_i32(sum) : 0;
  }
  return (__m256i)r;
}

/// r[j] = src[j] + the sum of two i16 * i16 products a[2j+k] * b[2j+k]. Adds wrap; nothing saturates.
/// @operand src i32[8] register  @operand a i16[16] register  @operand b i16[16] register  @isa avx512_vnni avx512vl
/// @source manuals/vnni/dot_product.md
static inline __m256i _mm256_dpwssd_epi32(__m256i src, __m256i a, __m256i b) {
  i32x8 s = (i32x8)src, r;
  i16x16 x = (i16x16)a, y = (i16x16)b;
  for (int j = 0; j < 8; ++j) {
    uint32_t sum = (uint32_t)s[j];
    for (int k = 0; k < 2; ++k) sum += (uint32_t)((int32_t)x[2 * j + k] * (int32_t)y[2 * j + k]);
    r[j] = (int32_t)sum;
  }
  return (__m256i)r;
}

/// r[j] = src[j] + the sum of two i16 * i16 products a[2j+k] * b[2j+k] where bit j of m is 1, else src[j]. Adds wrap; nothing
/// saturates.
/// @operand src i32[8] register  @operand a i16[16] register  @operand b i16[16] register  @isa avx512_vnni avx512vl
/// @source manuals/vnni/dot_product.md
static inline __m256i _mm256_mask_dpwssd_epi32(__m256i src, __mmask8 m, __m256i a, __m256i b) {
  i32x8 s = (i32x8)src, r;
  i16x16 x = (i16x16)a, y = (i16x16)b;
  for (int j = 0; j < 8; ++j) {
    uint32_t sum = (uint32_t)s[j];
    for (int k = 0; k < 2; ++k) sum += (uint32_t)((int32_t)x[2 * j + k] * (int32_t)y[2 * j + k]);
    r[j] = m >> j & 1 ? (int32_t)sum : s[j];
  }
  return (__m256i)r;
}

/// r[j] = src[j] + the sum of two i16 * i16 products a[2j+k] * b[2j+k] where bit j of m is 1, else 0. Adds wrap; nothing saturates.
/// @operand src i32[8] register  @operand a i16[16] register  @operand b i16[16] register  @isa avx512_vnni avx512vl
/// @source manuals/vnni/dot_product.md
static inline __m256i _mm256_maskz_dpwssd_epi32(__mmask8 m, __m256i src, __m256i a, __m256i b) {
  i32x8 s = (i32x8)src, r;
  i16x16 x = (i16x16)a, y = (i16x16)b;
  for (int j = 0; j < 8; ++j) {
    uint32_t sum = (uint32_t)s[j];
    for (int k = 0; k < 2; ++k) sum += (uint32_t)((int32_t)x[2 * j + k] * (int32_t)y[2 * j + k]);
    r[j] = m >> j & 1 ? (int32_t)sum : 0;
  }
  return (__m256i)r;
}

/// r[j] = src[j] + the sum of two i16 * i16 products a[2j+k] * b[2j+k]. The sum is exact and saturates once.
/// @operand src i32[8] register  @operand a i16[16] register  @operand b i16[16] register  @isa avx512_vnni avx512vl
/// @source manuals/vnni/dot_product.md
static inline __m256i _mm256_dpwssds_epi32(__m256i src, __m256i a, __m256i b) {
  i32x8 s = (i32x8)src, r;
  i16x16 x = (i16x16)a, y = (i16x16)b;
  for (int j = 0; j < 8; ++j) {
    int64_t sum = s[j];
    for (int k = 0; k < 2; ++k) sum += (int32_t)x[2 * j + k] * (int32_t)y[2 * j + k];
    r[j] = vnni_saturate_i32(sum);
  }
  return (__m256i)r;
}

/// r[j] = src[j] + the sum of two i16 * i16 products a[2j+k] * b[2j+k] where bit j of m is 1, else src[j]. The sum is exact and
/// saturates once.
/// @operand src i32[8] register  @operand a i16[16] register  @operand b i16[16] register  @isa avx512_vnni avx512vl
/// @source manuals/vnni/dot_product.md
static inline __m256i _mm256_mask_dpwssds_epi32(__m256i src, __mmask8 m, __m256i a, __m256i b) {
  i32x8 s = (i32x8)src, r;
  i16x16 x = (i16x16)a, y = (i16x16)b;
  for (int j = 0; j < 8; ++j) {
    int64_t sum = s[j];
    for (int k = 0; k < 2; ++k) sum += (int32_t)x[2 * j + k] * (int32_t)y[2 * j + k];
    r[j] = m >> j & 1 ? vnni_saturate_i32(sum) : s[j];
  }
  return (__m256i)r;
}

/// r[j] = src[j] + the sum of two i16 * i16 products a[2j+k] * b[2j+k] where bit j of m is 1, else 0. The sum is exact and saturates
/// once.
/// @operand src i32[8] register  @operand a i16[16] register  @operand b i16[16] register  @isa avx512_vnni avx512vl
/// @source manuals/vnni/dot_product.md
static inline __m256i _mm256_maskz_dpwssds_epi32(__mmask8 m, __m256i src, __m256i a, __m256i b) {
  i32x8 s = (i32x8)src, r;
  i16x16 x = (i16x16)a, y = (i16x16)b;
  for (int j = 0; j < 8; ++j) {
    int64_t sum = s[j];
    for (int k = 0; k < 2; ++k) sum += (int32_t)x[2 * j + k] * (int32_t)y[2 * j + k];
    r[j] = m >> j & 1 ? vnni_saturate_i32(sum) : 0;
  }
  return (__m256i)r;
}

/// r[j] = src[j] + the sum of four u8 * i8 products a[4j+k] * b[4j+k]. Adds wrap; nothing saturates.
/// @operand src i32[4] register  @operand a u8[16] register  @operand b i8[16] register  @isa avx512_vnni avx512vl
/// @source manuals/vnni/dot_product.md
static inline __m128i _mm_dpbusd_epi32(__m128i src, __m128i a, __m128i b) {
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

/// r[j] = src[j] + the sum of four u8 * i8 products a[4j+k] * b[4j+k] where bit j of m is 1, else src[j]. Adds wrap; nothing saturates.
/// @operand src i32[4] register  @operand a u8[16] register  @operand b i8[16] register  @isa avx512_vnni avx512vl
/// @source manuals/vnni/dot_product.md
static inline __m128i _mm_mask_dpbusd_epi32(__m128i src, __mmask8 m, __m128i a, __m128i b) {
  i32x4 s = (i32x4)src, r;
  u8x16 x = (u8x16)a;
  i8x16 y = (i8x16)b;
  for (int j = 0; j < 4; ++j) {
    uint32_t sum = (uint32_t)s[j];
    for (int k = 0; k < 4; ++k) sum += (uint32_t)((int32_t)x[4 * j + k] * (int32_t)y[4 * j + k]);
    r[j] = m >> j & 1 ? (int32_t)sum : s[j];
  }
  return (__m128i)r;
}

/// r[j] = src[j] + the sum of four u8 * i8 products a[4j+k] * b[4j+k] where bit j of m is 1, else 0. Adds wrap; nothing saturates.
/// @operand src i32[4] register  @operand a u8[16] register  @operand b i8[16] register  @isa avx512_vnni avx512vl
/// @source manuals/vnni/dot_product.md
static inline __m128i _mm_maskz_dpbusd_epi32(__mmask8 m, __m128i src, __m128i a, __m128i b) {
  i32x4 s = (i32x4)src, r;
  u8x16 x = (u8x16)a;
  i8x16 y = (i8x16)b;
  for (int j = 0; j < 4; ++j) {
    uint32_t sum = (uint32_t)s[j];
    for (int k = 0; k < 4; ++k) sum += (uint32_t)((int32_t)x[4 * j + k] * (int32_t)y[4 * j + k]);
    r[j] = m >> j & 1 ? (int32_t)sum : 0;
  }
  return (__m128i)r;
}

/// r[j] = src[j] + the sum of four u8 * i8 products a[4j+k] * b[4j+k]. The sum is exact and saturates once.
/// @operand src i32[4] register  @operand a u8[16] register  @operand b i8[16] register  @isa avx512_vnni avx512vl
/// @source manuals/vnni/dot_product.md
static inline __m128i _mm_dpbusds_epi32(__m128i src, __m128i a, __m128i b) {
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

/// r[j] = src[j] + the sum of four u8 * i8 products a[4j+k] * b[4j+k] where bit j of m is 1, else src[j]. The sum is exact and
/// saturates once.
/// @operand src i32[4] register  @operand a u8[16] register  @operand b i8[16] register  @isa avx512_vnni avx512vl
/// @source manuals/vnni/dot_product.md
static inline __m128i _mm_mask_dpbusds_epi32(__m128i src, __mmask8 m, __m128i a, __m128i b) {
  i32x4 s = (i32x4)src, r;
  u8x16 x = (u8x16)a;
  i8x16 y = (i8x16)b;
  for (int j = 0; j < 4; ++j) {
    int64_t sum = s[j];
    for (int k = 0; k < 4; ++k) sum += (int32_t)x[4 * j + k] * (int32_t)y[4 * j + k];
    r[j] = m >> j & 1 ? vnni_saturate_i32(sum) : s[j];
  }
  return (__m128i)r;
}

/// r[j] = src[j] + the sum of four u8 * i8 products a[4j+k] * b[4j+k] where bit j of m is 1, else 0. The sum is exact and saturates
/// once.
/// @operand src i32[4] register  @operand a u8[16] register  @operand b i8[16] register  @isa avx512_vnni avx512vl
/// @source manuals/vnni/dot_product.md
static inline __m128i _mm_maskz_dpbusds_epi32(__mmask8 m, __m128i src, __m128i a, __m128i b) {
  i32x4 s = (i32x4)src, r;
  u8x16 x = (u8x16)a;
  i8x16 y = (i8x16)b;
  for (int j = 0; j < 4; ++j) {
    int64_t sum = s[j];
    for (int k = 0; k < 4; ++k) sum += (int32_t)x[4 * j + k] * (int32_t)y[4 * j + k];
    r[j] = m >> j & 1 ? vnni_saturate_i32(sum) : 0;
  }
  return (__m128i)r;
}

/// r[j] = src[j] + the sum of two i16 * i16 products a[2j+k] * b[2j+k]. Adds wrap; nothing saturates.
/// @operand src i32[4] register  @operand a i16[8] register  @operand b i16[8] register  @isa avx512_vnni avx512vl
/// @source manuals/vnni/dot_product.md
static inline __m128i _mm_dpwssd_epi32(__m128i src, __m128i a, __m128i b) {
  i32x4 s = (i32x4)src, r;
  i16x8 x = (i16x8)a, y = (i16x8)b;
  for (int j = 0; j < 4; ++j) {
    uint32_t sum = (uint32_t)s[j];
    for (int k = 0; k < 2; ++k) sum += (uint32_t)((int32_t)x[2 * j + k] * (int32_t)y[2 * j + k]);
    r[j] = (int32_t)sum;
  }
  return (__m128i)r;
}

/// r[j] = src[j] + the sum of two i16 * i16 products a[2j+k] * b[2j+k] where bit j of m is 1, else src[j]. Adds wrap; nothing
/// saturates.
/// @operand src i32[4] register  @operand a i16[8] register  @operand b i16[8] register  @isa avx512_vnni avx512vl
/// @source manuals/vnni/dot_product.md
static inline __m128i _mm_mask_dpwssd_epi32(__m128i src, __mmask8 m, __m128i a, __m128i b) {
  i32x4 s = (i32x4)src, r;
  i16x8 x = (i16x8)a, y = (i16x8)b;
  for (int j = 0; j < 4; ++j) {
    uint32_t sum = (uint32_t)s[j];
    for (int k = 0; k < 2; ++k) sum += (uint32_t)((int32_t)x[2 * j + k] * (int32_t)y[2 * j + k]);
    r[j] = m >> j & 1 ? (int32_t)sum : s[j];
  }
  return (__m128i)r;
}

/// r[j] = src[j] + the sum of two i16 * i16 products a[2j+k] * b[2j+k] where bit j of m is 1, else 0. Adds wrap; nothing saturates.
/// @operand src i32[4] register  @operand a i16[8] register  @operand b i16[8] register  @isa avx512_vnni avx512vl
/// @source manuals/vnni/dot_product.md
static inline __m128i _mm_maskz_dpwssd_epi32(__mmask8 m, __m128i src, __m128i a, __m128i b) {
  i32x4 s = (i32x4)src, r;
  i16x8 x = (i16x8)a, y = (i16x8)b;
  for (int j = 0; j < 4; ++j) {
    uint32_t sum = (uint32_t)s[j];
    for (int k = 0; k < 2; ++k) sum += (uint32_t)((int32_t)x[2 * j + k] * (int32_t)y[2 * j + k]);
    r[j] = m >> j & 1 ? (int32_t)sum : 0;
  }
  return (__m128i)r;
}

/// r[j] = src[j] + the sum of two i16 * i16 products a[2j+k] * b[2j+k]. The sum is exact and saturates once.
/// @operand src i32[4] register  @operand a i16[8] register  @operand b i16[8] register  @isa avx512_vnni avx512vl
/// @source manuals/vnni/dot_product.md
static inline __m128i _mm_dpwssds_epi32(__m128i src, __m128i a, __m128i b) {
  i32x4 s = (i32x4)src, r;
  i16x8 x = (i16x8)a, y = (i16x8)b;
  for (int j = 0; j < 4; ++j) {
    int64_t sum = s[j];
    for (int k = 0; k < 2; ++k) sum += (int32_t)x[2 * j + k] * (int32_t)y[2 * j + k];
    r[j] = vnni_saturate_i32(sum);
  }
  return (__m128i)r;
}

/// r[j] = src[j] + the sum of two i16 * i16 products a[2j+k] * b[2j+k] where bit j of m is 1, else src[j]. The sum is exact and
/// saturates once.
/// @operand src i32[4] register  @operand a i16[8] register  @operand b i16[8] register  @isa avx512_vnni avx512vl
/// @source manuals/vnni/dot_product.md
static inline __m128i _mm_mask_dpwssds_epi32(__m128i src, __mmask8 m, __m128i a, __m128i b) {
  i32x4 s = (i32x4)src, r;
  i16x8 x = (i16x8)a, y = (i16x8)b;
  for (int j = 0; j < 4; ++j) {
    int64_t sum = s[j];
    for (int k = 0; k < 2; ++k) sum += (int32_t)x[2 * j + k] * (int32_t)y[2 * j + k];
    r[j] = m >> j & 1 ? vnni_saturate_i32(sum) : s[j];
  }
  return (__m128i)r;
}

/// r[j] = src[j] + the sum of two i16 * i16 products a[2j+k] * b[2j+k] where bit j of m is 1, else 0. The sum is exact and saturates
/// once.
/// @operand src i32[4] register  @operand a i16[8] register  @operand b i16[8] register  @isa avx512_vnni avx512vl
/// @source manuals/vnni/dot_product.md
static inline __m128i _mm_maskz_dpwssds_epi32(__mmask8 m, __m128i src, __m128i a, __m128i b) {
  i32x4 s = (i32x4)src, r;
  i16x8 x = (i16x8)a, y = (i16x8)b;
  for (int j = 0; j < 4; ++j) {
    int64_t sum = s[j];
    for (int k = 0; k < 2; ++k) sum += (int32_t)x[2 * j + k] * (int32_t)y[2 * j + k];
    r[j] = m >> j & 1 ? vnni_saturate_i32(sum) : 0;
  }
  return (__m128i)r;
}
