// Arithmetic on 32-bit and 64-bit integers and bitwise operations, 512 bits wide. Integers wrap.
#pragma once

/// r = 0.
/// @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_setzero_si512(void) { __m512i r; for (int j = 0; j < 8; ++j) r[j] = 0; return r; }

/// r = 0.
/// @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_setzero_epi32(void) { __m512i r; for (int j = 0; j < 8; ++j) r[j] = 0; return r; }

/// r = the bitwise and of a and b.
/// @operand a i64[8] register  @operand b i64[8] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_and_si512(__m512i a, __m512i b) { __m512i r; for (int j = 0; j < 8; ++j) r[j] = a[j] & b[j]; return r; }

/// r[j] = a[j] & b[j].
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_and_epi32(__m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = x[j] & y[j];
  return (__m512i)r;
}

/// r[j] = a[j] & b[j] where bit j of k is 1, else src[j].
/// @operand src i32[16] register  @operand a i32[16] register  @operand b i32[16] register  @isa avx512f
/// @source manuals/vnni/integer.md
static inline __m512i _mm512_mask_and_epi32(__m512i src, __mmask16 k, __m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 s = (i32x16)src;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? x[j] & y[j] : s[j];
  return (__m512i)r;
}

/// r[j] = a[j] & b[j] where bit j of k is 1, else 0.
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_maskz_and_epi32(__mmask16 k, __m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? x[j] & y[j] : 0;
  return (__m512i)r;
}

/// r[j] = a[j] & b[j].
/// @operand a i64[8] register  @operand b i64[8] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_and_epi64(__m512i a, __m512i b) {
  i64x8 x = (i64x8)a;
  i64x8 y = (i64x8)b;
  i64x8 r;
  for (int j = 0; j < 8; ++j) r[j] = x[j] & y[j];
  return (__m512i)r;
}

/// r = the bitwise or of a and b.
/// @operand a i64[8] register  @operand b i64[8] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_or_si512(__m512i a, __m512i b) { __m512i r; for (int j = 0; j < 8; ++j) r[j] = a[j] | b[j]; return r; }

/// r[j] = a[j] | b[j].
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_or_epi32(__m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = x[j] | y[j];
  return (__m512i)r;
}

/// r[j] = a[j] | b[j] where bit j of k is 1, else src[j].
/// @operand src i32[16] register  @operand a i32[16] register  @operand b i32[16] register  @isa avx512f
/// @source manuals/vnni/integer.md
static inline __m512i _mm512_mask_or_epi32(__m512i src, __mmask16 k, __m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 s = (i32x16)src;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? x[j] | y[j] : s[j];
  return (__m512i)r;
}

/// r[j] = a[j] | b[j] where bit j of k is 1, else 0.
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_maskz_or_epi32(__mmask16 k, __m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? x[j] | y[j] : 0;
  return (__m512i)r;
}

/// r[j] = a[j] | b[j].
/// @operand a i64[8] register  @operand b i64[8] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_or_epi64(__m512i a, __m512i b) {
  i64x8 x = (i64x8)a;
  i64x8 y = (i64x8)b;
  i64x8 r;
  for (int j = 0; j < 8; ++j) r[j] = x[j] | y[j];
  return (__m512i)r;
}

/// r = the bitwise exclusive or of a and b.
/// @operand a i64[8] register  @operand b i64[8] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_xor_si512(__m512i a, __m512i b) { __m512i r; for (int j = 0; j < 8; ++j) r[j] = a[j] ^ b[j]; return r; }

/// r[j] = a[j] ^ b[j].
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_xor_epi32(__m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = x[j] ^ y[j];
  return (__m512i)r;
}

/// r[j] = a[j] ^ b[j] where bit j of k is 1, else src[j].
/// @operand src i32[16] register  @operand a i32[16] register  @operand b i32[16] register  @isa avx512f
/// @source manuals/vnni/integer.md
static inline __m512i _mm512_mask_xor_epi32(__m512i src, __mmask16 k, __m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 s = (i32x16)src;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? x[j] ^ y[j] : s[j];
  return (__m512i)r;
}

/// r[j] = a[j] ^ b[j] where bit j of k is 1, else 0.
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_maskz_xor_epi32(__mmask16 k, __m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? x[j] ^ y[j] : 0;
  return (__m512i)r;
}

/// r[j] = a[j] ^ b[j].
/// @operand a i64[8] register  @operand b i64[8] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_xor_epi64(__m512i a, __m512i b) {
  i64x8 x = (i64x8)a;
  i64x8 y = (i64x8)b;
  i64x8 r;
  for (int j = 0; j < 8; ++j) r[j] = x[j] ^ y[j];
  return (__m512i)r;
}

/// r = the bitwise and not, the first inverted, of a and b.
/// @operand a i64[8] register  @operand b i64[8] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_andnot_si512(__m512i a, __m512i b) { __m512i r; for (int j = 0; j < 8; ++j) r[j] = ~a[j] & b[j]; return r; }

/// r[j] = ~a[j] & b[j].
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_andnot_epi32(__m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = ~x[j] & y[j];
  return (__m512i)r;
}

/// r[j] = ~a[j] & b[j] where bit j of k is 1, else src[j].
/// @operand src i32[16] register  @operand a i32[16] register  @operand b i32[16] register  @isa avx512f
/// @source manuals/vnni/integer.md
static inline __m512i _mm512_mask_andnot_epi32(__m512i src, __mmask16 k, __m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 s = (i32x16)src;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? ~x[j] & y[j] : s[j];
  return (__m512i)r;
}

/// r[j] = ~a[j] & b[j] where bit j of k is 1, else 0.
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_maskz_andnot_epi32(__mmask16 k, __m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? ~x[j] & y[j] : 0;
  return (__m512i)r;
}

/// r[j] = ~a[j] & b[j].
/// @operand a i64[8] register  @operand b i64[8] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_andnot_epi64(__m512i a, __m512i b) {
  i64x8 x = (i64x8)a;
  i64x8 y = (i64x8)b;
  i64x8 r;
  for (int j = 0; j < 8; ++j) r[j] = ~x[j] & y[j];
  return (__m512i)r;
}

/// r[j] = a[j] + b[j], wrapping.
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_add_epi32(__m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = x[j] + y[j];
  return (__m512i)r;
}

/// r[j] = a[j] + b[j], wrapping where bit j of k is 1, else src[j].
/// @operand src i32[16] register  @operand a i32[16] register  @operand b i32[16] register  @isa avx512f
/// @source manuals/vnni/integer.md
static inline __m512i _mm512_mask_add_epi32(__m512i src, __mmask16 k, __m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 s = (i32x16)src;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? x[j] + y[j] : s[j];
  return (__m512i)r;
}

/// r[j] = a[j] + b[j], wrapping where bit j of k is 1, else 0.
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_maskz_add_epi32(__mmask16 k, __m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? x[j] + y[j] : 0;
  return (__m512i)r;
}

/// r[j] = a[j] - b[j], wrapping.
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_sub_epi32(__m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = x[j] - y[j];
  return (__m512i)r;
}

/// r[j] = a[j] - b[j], wrapping where bit j of k is 1, else src[j].
/// @operand src i32[16] register  @operand a i32[16] register  @operand b i32[16] register  @isa avx512f
/// @source manuals/vnni/integer.md
static inline __m512i _mm512_mask_sub_epi32(__m512i src, __mmask16 k, __m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 s = (i32x16)src;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? x[j] - y[j] : s[j];
  return (__m512i)r;
}

/// r[j] = a[j] - b[j], wrapping where bit j of k is 1, else 0.
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_maskz_sub_epi32(__mmask16 k, __m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? x[j] - y[j] : 0;
  return (__m512i)r;
}

/// r[j] = the smaller of a[j] and b[j].
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_min_epi32(__m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (x[j] < y[j] ? x[j] : y[j]);
  return (__m512i)r;
}

/// r[j] = the smaller of a[j] and b[j] where bit j of k is 1, else src[j].
/// @operand src i32[16] register  @operand a i32[16] register  @operand b i32[16] register  @isa avx512f
/// @source manuals/vnni/integer.md
static inline __m512i _mm512_mask_min_epi32(__m512i src, __mmask16 k, __m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 s = (i32x16)src;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (x[j] < y[j] ? x[j] : y[j]) : s[j];
  return (__m512i)r;
}

/// r[j] = the smaller of a[j] and b[j] where bit j of k is 1, else 0.
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_maskz_min_epi32(__mmask16 k, __m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (x[j] < y[j] ? x[j] : y[j]) : 0;
  return (__m512i)r;
}

/// r[j] = the smaller of a[j] and b[j].
/// @operand a u32[16] register  @operand b u32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_min_epu32(__m512i a, __m512i b) {
  u32x16 x = (u32x16)a;
  u32x16 y = (u32x16)b;
  u32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (x[j] < y[j] ? x[j] : y[j]);
  return (__m512i)r;
}

/// r[j] = the smaller of a[j] and b[j] where bit j of k is 1, else src[j].
/// @operand src u32[16] register  @operand a u32[16] register  @operand b u32[16] register  @isa avx512f
/// @source manuals/vnni/integer.md
static inline __m512i _mm512_mask_min_epu32(__m512i src, __mmask16 k, __m512i a, __m512i b) {
  u32x16 x = (u32x16)a;
  u32x16 y = (u32x16)b;
  u32x16 s = (u32x16)src;
  u32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (x[j] < y[j] ? x[j] : y[j]) : s[j];
  return (__m512i)r;
}

/// r[j] = the smaller of a[j] and b[j] where bit j of k is 1, else 0.
/// @operand a u32[16] register  @operand b u32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_maskz_min_epu32(__mmask16 k, __m512i a, __m512i b) {
  u32x16 x = (u32x16)a;
  u32x16 y = (u32x16)b;
  u32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (x[j] < y[j] ? x[j] : y[j]) : 0;
  return (__m512i)r;
}

/// r[j] = the larger of a[j] and b[j].
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_max_epi32(__m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (x[j] > y[j] ? x[j] : y[j]);
  return (__m512i)r;
}

/// r[j] = the larger of a[j] and b[j] where bit j of k is 1, else src[j].
/// @operand src i32[16] register  @operand a i32[16] register  @operand b i32[16] register  @isa avx512f
/// @source manuals/vnni/integer.md
static inline __m512i _mm512_mask_max_epi32(__m512i src, __mmask16 k, __m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 s = (i32x16)src;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (x[j] > y[j] ? x[j] : y[j]) : s[j];
  return (__m512i)r;
}

/// r[j] = the larger of a[j] and b[j] where bit j of k is 1, else 0.
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_maskz_max_epi32(__mmask16 k, __m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (x[j] > y[j] ? x[j] : y[j]) : 0;
  return (__m512i)r;
}

/// r[j] = the larger of a[j] and b[j].
/// @operand a u32[16] register  @operand b u32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_max_epu32(__m512i a, __m512i b) {
  u32x16 x = (u32x16)a;
  u32x16 y = (u32x16)b;
  u32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (x[j] > y[j] ? x[j] : y[j]);
  return (__m512i)r;
}

/// r[j] = the larger of a[j] and b[j] where bit j of k is 1, else src[j].
/// @operand src u32[16] register  @operand a u32[16] register  @operand b u32[16] register  @isa avx512f
/// @source manuals/vnni/integer.md
static inline __m512i _mm512_mask_max_epu32(__m512i src, __mmask16 k, __m512i a, __m512i b) {
  u32x16 x = (u32x16)a;
  u32x16 y = (u32x16)b;
  u32x16 s = (u32x16)src;
  u32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (x[j] > y[j] ? x[j] : y[j]) : s[j];
  return (__m512i)r;
}

/// r[j] = the larger of a[j] and b[j] where bit j of k is 1, else 0.
/// @operand a u32[16] register  @operand b u32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_maskz_max_epu32(__mmask16 k, __m512i a, __m512i b) {
  u32x16 x = (u32x16)a;
  u32x16 y = (u32x16)b;
  u32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (x[j] > y[j] ? x[j] : y[j]) : 0;
  return (__m512i)r;
}

/// r[j] = |a[j]|; the least integer stays.
/// @operand a i32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_abs_epi32(__m512i a) {
  i32x16 x = (i32x16)a;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (x[j] < 0 ? -x[j] : x[j]);
  return (__m512i)r;
}

/// r[j] = |a[j]|; the least integer stays where bit j of k is 1, else src[j].
/// @operand src i32[16] register  @operand a i32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_mask_abs_epi32(__m512i src, __mmask16 k, __m512i a) {
  i32x16 x = (i32x16)a;
  i32x16 s = (i32x16)src;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (x[j] < 0 ? -x[j] : x[j]) : s[j];
  return (__m512i)r;
}

/// r[j] = |a[j]|; the least integer stays where bit j of k is 1, else 0.
/// @operand a i32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_maskz_abs_epi32(__mmask16 k, __m512i a) {
  i32x16 x = (i32x16)a;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (x[j] < 0 ? -x[j] : x[j]) : 0;
  return (__m512i)r;
}

/// r[j] = value.
/// @operand value i32 scalar  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_set1_epi32(int value) { i32x16 r; for (int j = 0; j < 16; ++j) r[j] = value; return (__m512i)r; }

/// r[j] = ej: the first argument is element 0.
/// @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_setr_epi32(int e0, int e1, int e2, int e3, int e4, int e5, int e6, int e7, int e8, int e9, int e10,
                                        int e11, int e12, int e13, int e14, int e15) {
  i32x16 r = {e0, e1, e2, e3, e4, e5, e6, e7, e8, e9, e10, e11, e12, e13, e14, e15};
  return (__m512i)r;
}

/// r[j] = ej: the last argument is element 0.
/// @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_set_epi32(int e15, int e14, int e13, int e12, int e11, int e10, int e9, int e8, int e7, int e6, int e5,
                                       int e4, int e3, int e2, int e1, int e0) {
  i32x16 r = {e0, e1, e2, e3, e4, e5, e6, e7, e8, e9, e10, e11, e12, e13, e14, e15};
  return (__m512i)r;
}

/// r[j] = value where bit j of k is 1, else src[j].
/// @operand src i32[16] register  @operand value i32 scalar  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_mask_set1_epi32(__m512i src, __mmask16 k, int value) {
  i32x16 s = (i32x16)src, r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? value : s[j];
  return (__m512i)r;
}

/// r[j] = value where bit j of k is 1, else 0.
/// @operand value i32 scalar  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_maskz_set1_epi32(__mmask16 k, int value) {
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? value : 0;
  return (__m512i)r;
}

/// r[j] = a[j] + b[j], wrapping.
/// @operand a i64[8] register  @operand b i64[8] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_add_epi64(__m512i a, __m512i b) {
  i64x8 x = (i64x8)a;
  i64x8 y = (i64x8)b;
  i64x8 r;
  for (int j = 0; j < 8; ++j) r[j] = x[j] + y[j];
  return (__m512i)r;
}

/// r[j] = a[j] - b[j], wrapping.
/// @operand a i64[8] register  @operand b i64[8] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_sub_epi64(__m512i a, __m512i b) {
  i64x8 x = (i64x8)a;
  i64x8 y = (i64x8)b;
  i64x8 r;
  for (int j = 0; j < 8; ++j) r[j] = x[j] - y[j];
  return (__m512i)r;
}

/// r[j] = value.
/// @operand value i64 scalar  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_set1_epi64(long long value) { i64x8 r; for (int j = 0; j < 8; ++j) r[j] = value; return (__m512i)r; }

/// r[j] = the low half of a[j] * b[j].
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_mullo_epi32(__m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (int32_t)((int64_t)x[j] * y[j]);
  return (__m512i)r;
}

/// r[j] = the low half of a[j] * b[j] where bit j of k is 1, else src[j].
/// @operand src i32[16] register  @operand a i32[16] register  @operand b i32[16] register  @isa avx512f
/// @source manuals/vnni/integer.md
static inline __m512i _mm512_mask_mullo_epi32(__m512i src, __mmask16 k, __m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 s = (i32x16)src;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (int32_t)((int64_t)x[j] * y[j]) : s[j];
  return (__m512i)r;
}

/// r[j] = the low half of a[j] * b[j] where bit j of k is 1, else 0.
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_maskz_mullo_epi32(__mmask16 k, __m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (int32_t)((int64_t)x[j] * y[j]) : 0;
  return (__m512i)r;
}
