// Arithmetic on 32-bit and 64-bit integers and bitwise operations on 256 and 128 bits. Integers wrap.
#pragma once

/// r = 0.
/// @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_setzero_si256(void) { __m256i r; for (int j = 0; j < 4; ++j) r[j] = 0; return r; }

/// r = the bitwise and of a and b.
/// @operand a i64[4] register  @operand b i64[4] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_and_si256(__m256i a, __m256i b) { __m256i r; for (int j = 0; j < 4; ++j) r[j] = a[j] & b[j]; return r; }

/// r = the bitwise or of a and b.
/// @operand a i64[4] register  @operand b i64[4] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_or_si256(__m256i a, __m256i b) { __m256i r; for (int j = 0; j < 4; ++j) r[j] = a[j] | b[j]; return r; }

/// r = the bitwise exclusive or of a and b.
/// @operand a i64[4] register  @operand b i64[4] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_xor_si256(__m256i a, __m256i b) { __m256i r; for (int j = 0; j < 4; ++j) r[j] = a[j] ^ b[j]; return r; }

/// r = the bitwise and not, the first inverted, of a and b.
/// @operand a i64[4] register  @operand b i64[4] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_andnot_si256(__m256i a, __m256i b) { __m256i r; for (int j = 0; j < 4; ++j) r[j] = ~a[j] & b[j]; return r; }

/// r[j] = a[j] + b[j], wrapping.
/// @operand a i32[8] register  @operand b i32[8] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_add_epi32(__m256i a, __m256i b) {
  i32x8 x = (i32x8)a;
  i32x8 y = (i32x8)b;
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = x[j] + y[j];
  return (__m256i)r;
}

/// r[j] = a[j] - b[j], wrapping.
/// @operand a i32[8] register  @operand b i32[8] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_sub_epi32(__m256i a, __m256i b) {
  i32x8 x = (i32x8)a;
  i32x8 y = (i32x8)b;
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = x[j] - y[j];
  return (__m256i)r;
}

/// r[j] = the smaller of a[j] and b[j].
/// @operand a i32[8] register  @operand b i32[8] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_min_epi32(__m256i a, __m256i b) {
  i32x8 x = (i32x8)a;
  i32x8 y = (i32x8)b;
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (x[j] < y[j] ? x[j] : y[j]);
  return (__m256i)r;
}

/// r[j] = the smaller of a[j] and b[j].
/// @operand a u32[8] register  @operand b u32[8] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_min_epu32(__m256i a, __m256i b) {
  u32x8 x = (u32x8)a;
  u32x8 y = (u32x8)b;
  u32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (x[j] < y[j] ? x[j] : y[j]);
  return (__m256i)r;
}

/// r[j] = the larger of a[j] and b[j].
/// @operand a i32[8] register  @operand b i32[8] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_max_epi32(__m256i a, __m256i b) {
  i32x8 x = (i32x8)a;
  i32x8 y = (i32x8)b;
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (x[j] > y[j] ? x[j] : y[j]);
  return (__m256i)r;
}

/// r[j] = the larger of a[j] and b[j].
/// @operand a u32[8] register  @operand b u32[8] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_max_epu32(__m256i a, __m256i b) {
  u32x8 x = (u32x8)a;
  u32x8 y = (u32x8)b;
  u32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (x[j] > y[j] ? x[j] : y[j]);
  return (__m256i)r;
}

/// r[j] = |a[j]|; the least integer stays.
/// @operand a i32[8] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_abs_epi32(__m256i a) {
  i32x8 x = (i32x8)a;
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (x[j] < 0 ? -x[j] : x[j]);
  return (__m256i)r;
}

/// r[j] = value.
/// @operand value i32 scalar  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_set1_epi32(int value) { i32x8 r; for (int j = 0; j < 8; ++j) r[j] = value; return (__m256i)r; }

/// r[j] = ej: the first argument is element 0.
/// @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_setr_epi32(int e0, int e1, int e2, int e3, int e4, int e5, int e6, int e7) {
  i32x8 r = {e0, e1, e2, e3, e4, e5, e6, e7};
  return (__m256i)r;
}

/// r[j] = ej: the last argument is element 0.
/// @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_set_epi32(int e7, int e6, int e5, int e4, int e3, int e2, int e1, int e0) {
  i32x8 r = {e0, e1, e2, e3, e4, e5, e6, e7};
  return (__m256i)r;
}

/// r[j] = a[j] + b[j], wrapping.
/// @operand a i64[4] register  @operand b i64[4] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_add_epi64(__m256i a, __m256i b) {
  i64x4 x = (i64x4)a;
  i64x4 y = (i64x4)b;
  i64x4 r;
  for (int j = 0; j < 4; ++j) r[j] = x[j] + y[j];
  return (__m256i)r;
}

/// r[j] = a[j] - b[j], wrapping.
/// @operand a i64[4] register  @operand b i64[4] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_sub_epi64(__m256i a, __m256i b) {
  i64x4 x = (i64x4)a;
  i64x4 y = (i64x4)b;
  i64x4 r;
  for (int j = 0; j < 4; ++j) r[j] = x[j] - y[j];
  return (__m256i)r;
}

/// r[j] = value.
/// @operand value i64 scalar  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_set1_epi64x(long long value) { i64x4 r; for (int j = 0; j < 4; ++j) r[j] = value; return (__m256i)r; }

/// r[j] = the low half of a[j] * b[j].
/// @operand a i32[8] register  @operand b i32[8] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_mullo_epi32(__m256i a, __m256i b) {
  i32x8 x = (i32x8)a;
  i32x8 y = (i32x8)b;
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (int32_t)((int64_t)x[j] * y[j]);
  return (__m256i)r;
}

/// r = 0.
/// @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_setzero_si128(void) { __m128i r; for (int j = 0; j < 2; ++j) r[j] = 0; return r; }

/// r = the bitwise and of a and b.
/// @operand a i64[2] register  @operand b i64[2] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_and_si128(__m128i a, __m128i b) { __m128i r; for (int j = 0; j < 2; ++j) r[j] = a[j] & b[j]; return r; }

/// r = the bitwise or of a and b.
/// @operand a i64[2] register  @operand b i64[2] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_or_si128(__m128i a, __m128i b) { __m128i r; for (int j = 0; j < 2; ++j) r[j] = a[j] | b[j]; return r; }

/// r = the bitwise exclusive or of a and b.
/// @operand a i64[2] register  @operand b i64[2] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_xor_si128(__m128i a, __m128i b) { __m128i r; for (int j = 0; j < 2; ++j) r[j] = a[j] ^ b[j]; return r; }

/// r = the bitwise and not, the first inverted, of a and b.
/// @operand a i64[2] register  @operand b i64[2] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_andnot_si128(__m128i a, __m128i b) { __m128i r; for (int j = 0; j < 2; ++j) r[j] = ~a[j] & b[j]; return r; }

/// r[j] = a[j] + b[j], wrapping.
/// @operand a i32[4] register  @operand b i32[4] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_add_epi32(__m128i a, __m128i b) {
  i32x4 x = (i32x4)a;
  i32x4 y = (i32x4)b;
  i32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = x[j] + y[j];
  return (__m128i)r;
}

/// r[j] = a[j] - b[j], wrapping.
/// @operand a i32[4] register  @operand b i32[4] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_sub_epi32(__m128i a, __m128i b) {
  i32x4 x = (i32x4)a;
  i32x4 y = (i32x4)b;
  i32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = x[j] - y[j];
  return (__m128i)r;
}

/// r[j] = the smaller of a[j] and b[j].
/// @operand a i32[4] register  @operand b i32[4] register  @isa sse4.1  @source manuals/vnni/integer.md
static inline __m128i _mm_min_epi32(__m128i a, __m128i b) {
  i32x4 x = (i32x4)a;
  i32x4 y = (i32x4)b;
  i32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = (x[j] < y[j] ? x[j] : y[j]);
  return (__m128i)r;
}

/// r[j] = the smaller of a[j] and b[j].
/// @operand a u32[4] register  @operand b u32[4] register  @isa sse4.1  @source manuals/vnni/integer.md
static inline __m128i _mm_min_epu32(__m128i a, __m128i b) {
  u32x4 x = (u32x4)a;
  u32x4 y = (u32x4)b;
  u32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = (x[j] < y[j] ? x[j] : y[j]);
  return (__m128i)r;
}

/// r[j] = the larger of a[j] and b[j].
/// @operand a i32[4] register  @operand b i32[4] register  @isa sse4.1  @source manuals/vnni/integer.md
static inline __m128i _mm_max_epi32(__m128i a, __m128i b) {
  i32x4 x = (i32x4)a;
  i32x4 y = (i32x4)b;
  i32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = (x[j] > y[j] ? x[j] : y[j]);
  return (__m128i)r;
}

/// r[j] = the larger of a[j] and b[j].
/// @operand a u32[4] register  @operand b u32[4] register  @isa sse4.1  @source manuals/vnni/integer.md
static inline __m128i _mm_max_epu32(__m128i a, __m128i b) {
  u32x4 x = (u32x4)a;
  u32x4 y = (u32x4)b;
  u32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = (x[j] > y[j] ? x[j] : y[j]);
  return (__m128i)r;
}

/// r[j] = |a[j]|; the least integer stays.
/// @operand a i32[4] register  @isa ssse3  @source manuals/vnni/integer.md
static inline __m128i _mm_abs_epi32(__m128i a) {
  i32x4 x = (i32x4)a;
  i32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = (x[j] < 0 ? -x[j] : x[j]);
  return (__m128i)r;
}

/// r[j] = value.
/// @operand value i32 scalar  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_set1_epi32(int value) { i32x4 r; for (int j = 0; j < 4; ++j) r[j] = value; return (__m128i)r; }

/// r[j] = ej: the first argument is element 0.
/// @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_setr_epi32(int e0, int e1, int e2, int e3) { i32x4 r = {e0, e1, e2, e3}; return (__m128i)r; }

/// r[j] = ej: the last argument is element 0.
/// @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_set_epi32(int e3, int e2, int e1, int e0) { i32x4 r = {e0, e1, e2, e3}; return (__m128i)r; }

/// r[j] = a[j] + b[j], wrapping.
/// @operand a i64[2] register  @operand b i64[2] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_add_epi64(__m128i a, __m128i b) {
  i64x2 x = (i64x2)a;
  i64x2 y = (i64x2)b;
  i64x2 r;
  for (int j = 0; j < 2; ++j) r[j] = x[j] + y[j];
  return (__m128i)r;
}

/// r[j] = a[j] - b[j], wrapping.
/// @operand a i64[2] register  @operand b i64[2] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_sub_epi64(__m128i a, __m128i b) {
  i64x2 x = (i64x2)a;
  i64x2 y = (i64x2)b;
  i64x2 r;
  for (int j = 0; j < 2; ++j) r[j] = x[j] - y[j];
  return (__m128i)r;
}

/// r[j] = value.
/// @operand value i64 scalar  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_set1_epi64x(long long value) { i64x2 r; for (int j = 0; j < 2; ++j) r[j] = value; return (__m128i)r; }

/// r[j] = the low half of a[j] * b[j].
/// @operand a i32[4] register  @operand b i32[4] register  @isa sse4.1  @source manuals/vnni/integer.md
static inline __m128i _mm_mullo_epi32(__m128i a, __m128i b) {
  i32x4 x = (i32x4)a;
  i32x4 y = (i32x4)b;
  i32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = (int32_t)((int64_t)x[j] * y[j]);
  return (__m128i)r;
}
