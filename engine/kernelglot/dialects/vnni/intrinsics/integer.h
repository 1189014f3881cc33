// Integer arithmetic and shifts, 512 bits wide. Integers wrap unless a name says that they saturate.
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
/// @operand a i8[64] register  @operand b i8[64] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_add_epi8(__m512i a, __m512i b) {
  i8x64 x = (i8x64)a;
  i8x64 y = (i8x64)b;
  i8x64 r;
  for (int j = 0; j < 64; ++j) r[j] = x[j] + y[j];
  return (__m512i)r;
}

/// r[j] = a[j] - b[j], wrapping.
/// @operand a i8[64] register  @operand b i8[64] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_sub_epi8(__m512i a, __m512i b) {
  i8x64 x = (i8x64)a;
  i8x64 y = (i8x64)b;
  i8x64 r;
  for (int j = 0; j < 64; ++j) r[j] = x[j] - y[j];
  return (__m512i)r;
}

/// r[j] = the smaller of a[j] and b[j].
/// @operand a i8[64] register  @operand b i8[64] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_min_epi8(__m512i a, __m512i b) {
  i8x64 x = (i8x64)a;
  i8x64 y = (i8x64)b;
  i8x64 r;
  for (int j = 0; j < 64; ++j) r[j] = (x[j] < y[j] ? x[j] : y[j]);
  return (__m512i)r;
}

/// r[j] = the smaller of a[j] and b[j].
/// @operand a u8[64] register  @operand b u8[64] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_min_epu8(__m512i a, __m512i b) {
  u8x64 x = (u8x64)a;
  u8x64 y = (u8x64)b;
  u8x64 r;
  for (int j = 0; j < 64; ++j) r[j] = (x[j] < y[j] ? x[j] : y[j]);
  return (__m512i)r;
}

/// r[j] = the larger of a[j] and b[j].
/// @operand a i8[64] register  @operand b i8[64] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_max_epi8(__m512i a, __m512i b) {
  i8x64 x = (i8x64)a;
  i8x64 y = (i8x64)b;
  i8x64 r;
  for (int j = 0; j < 64; ++j) r[j] = (x[j] > y[j] ? x[j] : y[j]);
  return (__m512i)r;
}

/// r[j] = the larger of a[j] and b[j].
/// @operand a u8[64] register  @operand b u8[64] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_max_epu8(__m512i a, __m512i b) {
  u8x64 x = (u8x64)a;
  u8x64 y = (u8x64)b;
  u8x64 r;
  for (int j = 0; j < 64; ++j) r[j] = (x[j] > y[j] ? x[j] : y[j]);
  return (__m512i)r;
}

/// r[j] = |a[j]|; the least integer stays.
/// @operand a i8[64] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_abs_epi8(__m512i a) {
  i8x64 x = (i8x64)a;
  i8x64 r;
  for (int j = 0; j < 64; ++j) r[j] = (x[j] < 0 ? -x[j] : x[j]);
  return (__m512i)r;
}

/// r[j] = value.
/// @operand value i8 scalar  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_set1_epi8(char value) { i8x64 r; for (int j = 0; j < 64; ++j) r[j] = value; return (__m512i)r; }

/// r[j] = a[j] + b[j], wrapping.
/// @operand a i16[32] register  @operand b i16[32] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_add_epi16(__m512i a, __m512i b) {
  i16x32 x = (i16x32)a;
  i16x32 y = (i16x32)b;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = x[j] + y[j];
  return (__m512i)r;
}

/// r[j] = a[j] - b[j], wrapping.
/// @operand a i16[32] register  @operand b i16[32] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_sub_epi16(__m512i a, __m512i b) {
  i16x32 x = (i16x32)a;
  i16x32 y = (i16x32)b;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = x[j] - y[j];
  return (__m512i)r;
}

/// r[j] = the smaller of a[j] and b[j].
/// @operand a i16[32] register  @operand b i16[32] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_min_epi16(__m512i a, __m512i b) {
  i16x32 x = (i16x32)a;
  i16x32 y = (i16x32)b;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (x[j] < y[j] ? x[j] : y[j]);
  return (__m512i)r;
}

/// r[j] = the smaller of a[j] and b[j].
/// @operand a u16[32] register  @operand b u16[32] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_min_epu16(__m512i a, __m512i b) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (x[j] < y[j] ? x[j] : y[j]);
  return (__m512i)r;
}

/// r[j] = the larger of a[j] and b[j].
/// @operand a i16[32] register  @operand b i16[32] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_max_epi16(__m512i a, __m512i b) {
  i16x32 x = (i16x32)a;
  i16x32 y = (i16x32)b;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (x[j] > y[j] ? x[j] : y[j]);
  return (__m512i)r;
}

/// r[j] = the larger of a[j] and b[j].
/// @operand a u16[32] register  @operand b u16[32] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_max_epu16(__m512i a, __m512i b) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (x[j] > y[j] ? x[j] : y[j]);
  return (__m512i)r;
}

/// r[j] = |a[j]|; the least integer stays.
/// @operand a i16[32] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_abs_epi16(__m512i a) {
  i16x32 x = (i16x32)a;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (x[j] < 0 ? -x[j] : x[j]);
  return (__m512i)r;
}

/// r[j] = value.
/// @operand value i16 scalar  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_set1_epi16(short value) { i16x32 r; for (int j = 0; j < 32; ++j) r[j] = value; return (__m512i)r; }

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

/// r[j] = the low half of a[j] * b[j].
/// @operand a i16[32] register  @operand b i16[32] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_mullo_epi16(__m512i a, __m512i b) {
  i16x32 x = (i16x32)a;
  i16x32 y = (i16x32)b;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (int16_t)(x[j] * y[j]);
  return (__m512i)r;
}

/// r[j] = the high half of a[j] * b[j].
/// @operand a i16[32] register  @operand b i16[32] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_mulhi_epi16(__m512i a, __m512i b) {
  i16x32 x = (i16x32)a;
  i16x32 y = (i16x32)b;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (int16_t)((int32_t)x[j] * y[j] >> 16);
  return (__m512i)r;
}

/// r[j] = a[j] + b[j], saturated.
/// @operand a i8[64] register  @operand b i8[64] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_adds_epi8(__m512i a, __m512i b) {
  i8x64 x = (i8x64)a;
  i8x64 y = (i8x64)b;
  i8x64 r;
  for (int j = 0; j < 64; ++j) r[j] = vnni_saturate_i8(x[j] + y[j]);
  return (__m512i)r;
}

/// r[j] = a[j] + b[j], saturated.
/// @operand a i16[32] register  @operand b i16[32] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_adds_epi16(__m512i a, __m512i b) {
  i16x32 x = (i16x32)a;
  i16x32 y = (i16x32)b;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = vnni_saturate_i16(x[j] + y[j]);
  return (__m512i)r;
}

/// r[j] = a[j] + b[j], saturated.
/// @operand a u8[64] register  @operand b u8[64] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_adds_epu8(__m512i a, __m512i b) {
  u8x64 x = (u8x64)a;
  u8x64 y = (u8x64)b;
  u8x64 r;
  for (int j = 0; j < 64; ++j) r[j] = vnni_saturate_u8(x[j] + y[j]);
  return (__m512i)r;
}

/// r[j] = a[j] + b[j], saturated.
/// @operand a u16[32] register  @operand b u16[32] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_adds_epu16(__m512i a, __m512i b) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = vnni_saturate_u16(x[j] + y[j]);
  return (__m512i)r;
}

/// r[j] = a[j] - b[j], saturated.
/// @operand a i8[64] register  @operand b i8[64] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_subs_epi8(__m512i a, __m512i b) {
  i8x64 x = (i8x64)a;
  i8x64 y = (i8x64)b;
  i8x64 r;
  for (int j = 0; j < 64; ++j) r[j] = vnni_saturate_i8(x[j] - y[j]);
  return (__m512i)r;
}

/// r[j] = a[j] - b[j], saturated.
/// @operand a i16[32] register  @operand b i16[32] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_subs_epi16(__m512i a, __m512i b) {
  i16x32 x = (i16x32)a;
  i16x32 y = (i16x32)b;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = vnni_saturate_i16(x[j] - y[j]);
  return (__m512i)r;
}

/// r[j] = a[j] - b[j], saturated.
/// @operand a u8[64] register  @operand b u8[64] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_subs_epu8(__m512i a, __m512i b) {
  u8x64 x = (u8x64)a;
  u8x64 y = (u8x64)b;
  u8x64 r;
  for (int j = 0; j < 64; ++j) r[j] = vnni_saturate_u8(x[j] - y[j]);
  return (__m512i)r;
}

/// r[j] = a[j] - b[j], saturated.
/// @operand a u16[32] register  @operand b u16[32] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_subs_epu16(__m512i a, __m512i b) {
  u16x32 x = (u16x32)a;
  u16x32 y = (u16x32)b;
  u16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = vnni_saturate_u16(x[j] - y[j]);
  return (__m512i)r;
}

/// r[j] = a[j] shifted left by imm bits; 0 for more bits than it has.
/// @operand a i16[32] register  @operand imm u32 immediate  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_slli_epi16(__m512i a, unsigned int imm) {
  i16x32 x = (i16x32)a;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (imm > 15 ? 0 : (int16_t)((uint16_t)x[j] << imm));
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by imm bits, zeros enter; 0 for more bits than it has.
/// @operand a i16[32] register  @operand imm u32 immediate  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_srli_epi16(__m512i a, unsigned int imm) {
  i16x32 x = (i16x32)a;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (imm > 15 ? 0 : (int16_t)((uint16_t)x[j] >> imm));
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by imm bits, the sign bit enters.
/// @operand a i16[32] register  @operand imm u32 immediate  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_srai_epi16(__m512i a, unsigned int imm) {
  i16x32 x = (i16x32)a;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (x[j] >> (imm > 15 ? 15 : imm));
  return (__m512i)r;
}

/// r[j] = a[j] shifted left by b[j] bits.
/// @operand a i16[32] register  @operand b i16[32] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_sllv_epi16(__m512i a, __m512i b) {
  i16x32 x = (i16x32)a;
  i16x32 y = (i16x32)b;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = ((uint16_t)y[j] > 15 ? 0 : (int16_t)((uint16_t)x[j] << y[j]));
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, zeros enter.
/// @operand a i16[32] register  @operand b i16[32] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_srlv_epi16(__m512i a, __m512i b) {
  i16x32 x = (i16x32)a;
  i16x32 y = (i16x32)b;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = ((uint16_t)y[j] > 15 ? 0 : (int16_t)((uint16_t)x[j] >> y[j]));
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, the sign bit enters.
/// @operand a i16[32] register  @operand b i16[32] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_srav_epi16(__m512i a, __m512i b) {
  i16x32 x = (i16x32)a;
  i16x32 y = (i16x32)b;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (x[j] >> ((uint16_t)y[j] > 15 ? 15 : y[j]));
  return (__m512i)r;
}

/// r[j] = a[j] shifted left by imm bits; 0 for more bits than it has.
/// @operand a i32[16] register  @operand imm u32 immediate  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_slli_epi32(__m512i a, unsigned int imm) {
  i32x16 x = (i32x16)a;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (imm > 31 ? 0 : (int32_t)((uint32_t)x[j] << imm));
  return (__m512i)r;
}

/// r[j] = a[j] shifted left by imm bits; 0 for more bits than it has where bit j of k is 1, else src[j].
/// @operand src i32[16] register  @operand a i32[16] register  @operand imm u32 immediate  @isa avx512f
/// @source manuals/vnni/integer.md
static inline __m512i _mm512_mask_slli_epi32(__m512i src, __mmask16 k, __m512i a, unsigned int imm) {
  i32x16 x = (i32x16)a;
  i32x16 s = (i32x16)src;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (imm > 31 ? 0 : (int32_t)((uint32_t)x[j] << imm)) : s[j];
  return (__m512i)r;
}

/// r[j] = a[j] shifted left by imm bits; 0 for more bits than it has where bit j of k is 1, else 0.
/// @operand a i32[16] register  @operand imm u32 immediate  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_maskz_slli_epi32(__mmask16 k, __m512i a, unsigned int imm) {
  i32x16 x = (i32x16)a;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (imm > 31 ? 0 : (int32_t)((uint32_t)x[j] << imm)) : 0;
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by imm bits, zeros enter; 0 for more bits than it has.
/// @operand a i32[16] register  @operand imm u32 immediate  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_srli_epi32(__m512i a, unsigned int imm) {
  i32x16 x = (i32x16)a;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (imm > 31 ? 0 : (int32_t)((uint32_t)x[j] >> imm));
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by imm bits, zeros enter; 0 for more bits than it has where bit j of k is 1, else src[j].
/// @operand src i32[16] register  @operand a i32[16] register  @operand imm u32 immediate  @isa avx512f
/// @source manuals/vnni/integer.md
static inline __m512i _mm512_mask_srli_epi32(__m512i src, __mmask16 k, __m512i a, unsigned int imm) {
  i32x16 x = (i32x16)a;
  i32x16 s = (i32x16)src;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (imm > 31 ? 0 : (int32_t)((uint32_t)x[j] >> imm)) : s[j];
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by imm bits, zeros enter; 0 for more bits than it has where bit j of k is 1, else 0.
/// @operand a i32[16] register  @operand imm u32 immediate  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_maskz_srli_epi32(__mmask16 k, __m512i a, unsigned int imm) {
  i32x16 x = (i32x16)a;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (imm > 31 ? 0 : (int32_t)((uint32_t)x[j] >> imm)) : 0;
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by imm bits, the sign bit enters.
/// @operand a i32[16] register  @operand imm u32 immediate  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_srai_epi32(__m512i a, unsigned int imm) {
  i32x16 x = (i32x16)a;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (x[j] >> (imm > 31 ? 31 : imm));
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by imm bits, the sign bit enters where bit j of k is 1, else src[j].
/// @operand src i32[16] register  @operand a i32[16] register  @operand imm u32 immediate  @isa avx512f
/// @source manuals/vnni/integer.md
static inline __m512i _mm512_mask_srai_epi32(__m512i src, __mmask16 k, __m512i a, unsigned int imm) {
  i32x16 x = (i32x16)a;
  i32x16 s = (i32x16)src;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (x[j] >> (imm > 31 ? 31 : imm)) : s[j];
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by imm bits, the sign bit enters where bit j of k is 1, else 0.
/// @operand a i32[16] register  @operand imm u32 immediate  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_maskz_srai_epi32(__mmask16 k, __m512i a, unsigned int imm) {
  i32x16 x = (i32x16)a;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (x[j] >> (imm > 31 ? 31 : imm)) : 0;
  return (__m512i)r;
}

/// r[j] = a[j] shifted left by b[j] bits.
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_sllv_epi32(__m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = ((uint32_t)y[j] > 31 ? 0 : (int32_t)((uint32_t)x[j] << y[j]));
  return (__m512i)r;
}

/// r[j] = a[j] shifted left by b[j] bits where bit j of k is 1, else src[j].
/// @operand src i32[16] register  @operand a i32[16] register  @operand b i32[16] register  @isa avx512f
/// @source manuals/vnni/integer.md
static inline __m512i _mm512_mask_sllv_epi32(__m512i src, __mmask16 k, __m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 s = (i32x16)src;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? ((uint32_t)y[j] > 31 ? 0 : (int32_t)((uint32_t)x[j] << y[j])) : s[j];
  return (__m512i)r;
}

/// r[j] = a[j] shifted left by b[j] bits where bit j of k is 1, else 0.
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_maskz_sllv_epi32(__mmask16 k, __m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? ((uint32_t)y[j] > 31 ? 0 : (int32_t)((uint32_t)x[j] << y[j])) : 0;
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, zeros enter.
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_srlv_epi32(__m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = ((uint32_t)y[j] > 31 ? 0 : (int32_t)((uint32_t)x[j] >> y[j]));
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, zeros enter where bit j of k is 1, else src[j].
/// @operand src i32[16] register  @operand a i32[16] register  @operand b i32[16] register  @isa avx512f
/// @source manuals/vnni/integer.md
static inline __m512i _mm512_mask_srlv_epi32(__m512i src, __mmask16 k, __m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 s = (i32x16)src;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? ((uint32_t)y[j] > 31 ? 0 : (int32_t)((uint32_t)x[j] >> y[j])) : s[j];
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, zeros enter where bit j of k is 1, else 0.
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_maskz_srlv_epi32(__mmask16 k, __m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? ((uint32_t)y[j] > 31 ? 0 : (int32_t)((uint32_t)x[j] >> y[j])) : 0;
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, the sign bit enters.
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_srav_epi32(__m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (x[j] >> ((uint32_t)y[j] > 31 ? 31 : y[j]));
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, the sign bit enters where bit j of k is 1, else src[j].
/// @operand src i32[16] register  @operand a i32[16] register  @operand b i32[16] register  @isa avx512f
/// @source manuals/vnni/integer.md
static inline __m512i _mm512_mask_srav_epi32(__m512i src, __mmask16 k, __m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 s = (i32x16)src;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (x[j] >> ((uint32_t)y[j] > 31 ? 31 : y[j])) : s[j];
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, the sign bit enters where bit j of k is 1, else 0.
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_maskz_srav_epi32(__mmask16 k, __m512i a, __m512i b) {
  i32x16 x = (i32x16)a;
  i32x16 y = (i32x16)b;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? (x[j] >> ((uint32_t)y[j] > 31 ? 31 : y[j])) : 0;
  return (__m512i)r;
}

/// r[j] = a[j] shifted left by imm bits; 0 for more bits than it has.
/// @operand a i64[8] register  @operand imm u32 immediate  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_slli_epi64(__m512i a, unsigned int imm) {
  i64x8 x = (i64x8)a;
  i64x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (imm > 63 ? 0 : (int64_t)((uint64_t)x[j] << imm));
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by imm bits, zeros enter; 0 for more bits than it has.
/// @operand a i64[8] register  @operand imm u32 immediate  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_srli_epi64(__m512i a, unsigned int imm) {
  i64x8 x = (i64x8)a;
  i64x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (imm > 63 ? 0 : (int64_t)((uint64_t)x[j] >> imm));
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by imm bits, the sign bit enters.
/// @operand a i64[8] register  @operand imm u32 immediate  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_srai_epi64(__m512i a, unsigned int imm) {
  i64x8 x = (i64x8)a;
  i64x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (x[j] >> (imm > 63 ? 63 : imm));
  return (__m512i)r;
}

/// r[j] = a[j] shifted left by b[j] bits.
/// @operand a i64[8] register  @operand b i64[8] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_sllv_epi64(__m512i a, __m512i b) {
  i64x8 x = (i64x8)a;
  i64x8 y = (i64x8)b;
  i64x8 r;
  for (int j = 0; j < 8; ++j) r[j] = ((uint64_t)y[j] > 63 ? 0 : (int64_t)((uint64_t)x[j] << y[j]));
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, zeros enter.
/// @operand a i64[8] register  @operand b i64[8] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_srlv_epi64(__m512i a, __m512i b) {
  i64x8 x = (i64x8)a;
  i64x8 y = (i64x8)b;
  i64x8 r;
  for (int j = 0; j < 8; ++j) r[j] = ((uint64_t)y[j] > 63 ? 0 : (int64_t)((uint64_t)x[j] >> y[j]));
  return (__m512i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, the sign bit enters.
/// @operand a i64[8] register  @operand b i64[8] register  @isa avx512f  @source manuals/vnni/integer.md
static inline __m512i _mm512_srav_epi64(__m512i a, __m512i b) {
  i64x8 x = (i64x8)a;
  i64x8 y = (i64x8)b;
  i64x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (x[j] >> ((uint64_t)y[j] > 63 ? 63 : y[j]));
  return (__m512i)r;
}

/// r[j] = a[2j] * b[2j] + a[2j+1] * b[2j+1], 16-bit elements to 32 bits, wrapping.
/// @operand a i16[32] register  @operand b i16[32] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_madd_epi16(__m512i a, __m512i b) {
  i16x32 x = (i16x32)a, y = (i16x32)b;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (int32_t)((uint32_t)(x[2 * j] * y[2 * j]) + (uint32_t)(x[2 * j + 1] * y[2 * j + 1]));
  return (__m512i)r;
}

/// r[j] = a[2j] * b[2j] + a[2j+1] * b[2j+1], u8 * i8 elements to 16 bits, saturated.
/// @operand a u8[64] register  @operand b i8[64] register  @isa avx512bw  @source manuals/vnni/integer.md
static inline __m512i _mm512_maddubs_epi16(__m512i a, __m512i b) {
  u8x64 x = (u8x64)a;
  i8x64 y = (i8x64)b;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = vnni_saturate_i16(x[2 * j] * y[2 * j] + x[2 * j + 1] * y[2 * j + 1]);
  return (__m512i)r;
}
