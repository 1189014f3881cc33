// Integer arithmetic and shifts on 256 and 128 bits. Integers wrap unless a name says that they saturate.
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
/// @operand a i8[32] register  @operand b i8[32] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_add_epi8(__m256i a, __m256i b) {
  i8x32 x = (i8x32)a;
  i8x32 y = (i8x32)b;
  i8x32 r;
  for (int j = 0; j < 32; ++j) r[j] = x[j] + y[j];
  return (__m256i)r;
}

/// r[j] = a[j] - b[j], wrapping.
/// @operand a i8[32] register  @operand b i8[32] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_sub_epi8(__m256i a, __m256i b) {
  i8x32 x = (i8x32)a;
  i8x32 y = (i8x32)b;
  i8x32 r;
  for (int j = 0; j < 32; ++j) r[j] = x[j] - y[j];
  return (__m256i)r;
}

/// r[j] = the smaller of a[j] and b[j].
/// @operand a i8[32] register  @operand b i8[32] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_min_epi8(__m256i a, __m256i b) {
  i8x32 x = (i8x32)a;
  i8x32 y = (i8x32)b;
  i8x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (x[j] < y[j] ? x[j] : y[j]);
  return (__m256i)r;
}

/// r[j] = the smaller of a[j] and b[j].
/// @operand a u8[32] register  @operand b u8[32] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_min_epu8(__m256i a, __m256i b) {
  u8x32 x = (u8x32)a;
  u8x32 y = (u8x32)b;
  u8x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (x[j] < y[j] ? x[j] : y[j]);
  return (__m256i)r;
}

/// r[j] = the larger of a[j] and b[j].
/// @operand a i8[32] register  @operand b i8[32] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_max_epi8(__m256i a, __m256i b) {
  i8x32 x = (i8x32)a;
  i8x32 y = (i8x32)b;
  i8x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (x[j] > y[j] ? x[j] : y[j]);
  return (__m256i)r;
}

/// r[j] = the larger of a[j] and b[j].
/// @operand a u8[32] register  @operand b u8[32] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_max_epu8(__m256i a, __m256i b) {
  u8x32 x = (u8x32)a;
  u8x32 y = (u8x32)b;
  u8x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (x[j] > y[j] ? x[j] : y[j]);
  return (__m256i)r;
}

/// r[j] = |a[j]|; the least integer stays.
/// @operand a i8[32] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_abs_epi8(__m256i a) {
  i8x32 x = (i8x32)a;
  i8x32 r;
  for (int j = 0; j < 32; ++j) r[j] = (x[j] < 0 ? -x[j] : x[j]);
  return (__m256i)r;
}

/// r[j] = value.
/// @operand value i8 scalar  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_set1_epi8(char value) { i8x32 r; for (int j = 0; j < 32; ++j) r[j] = value; return (__m256i)r; }

/// r[j] = a[j] + b[j], wrapping.
/// @operand a i16[16] register  @operand b i16[16] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_add_epi16(__m256i a, __m256i b) {
  i16x16 x = (i16x16)a;
  i16x16 y = (i16x16)b;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = x[j] + y[j];
  return (__m256i)r;
}

/// r[j] = a[j] - b[j], wrapping.
/// @operand a i16[16] register  @operand b i16[16] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_sub_epi16(__m256i a, __m256i b) {
  i16x16 x = (i16x16)a;
  i16x16 y = (i16x16)b;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = x[j] - y[j];
  return (__m256i)r;
}

/// r[j] = the smaller of a[j] and b[j].
/// @operand a i16[16] register  @operand b i16[16] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_min_epi16(__m256i a, __m256i b) {
  i16x16 x = (i16x16)a;
  i16x16 y = (i16x16)b;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (x[j] < y[j] ? x[j] : y[j]);
  return (__m256i)r;
}

/// r[j] = the smaller of a[j] and b[j].
/// @operand a u16[16] register  @operand b u16[16] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_min_epu16(__m256i a, __m256i b) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (x[j] < y[j] ? x[j] : y[j]);
  return (__m256i)r;
}

/// r[j] = the larger of a[j] and b[j].
/// @operand a i16[16] register  @operand b i16[16] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_max_epi16(__m256i a, __m256i b) {
  i16x16 x = (i16x16)a;
  i16x16 y = (i16x16)b;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (x[j] > y[j] ? x[j] : y[j]);
  return (__m256i)r;
}

/// r[j] = the larger of a[j] and b[j].
/// @operand a u16[16] register  @operand b u16[16] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_max_epu16(__m256i a, __m256i b) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (x[j] > y[j] ? x[j] : y[j]);
  return (__m256i)r;
}

/// r[j] = |a[j]|; the least integer stays.
/// @operand a i16[16] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_abs_epi16(__m256i a) {
  i16x16 x = (i16x16)a;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (x[j] < 0 ? -x[j] : x[j]);
  return (__m256i)r;
}

/// r[j] = value.
/// @operand value i16 scalar  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_set1_epi16(short value) { i16x16 r; for (int j = 0; j < 16; ++j) r[j] = value; return (__m256i)r; }

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

/// r[j] = the low half of a[j] * b[j].
/// @operand a i16[16] register  @operand b i16[16] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_mullo_epi16(__m256i a, __m256i b) {
  i16x16 x = (i16x16)a;
  i16x16 y = (i16x16)b;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (int16_t)(x[j] * y[j]);
  return (__m256i)r;
}

/// r[j] = the high half of a[j] * b[j].
/// @operand a i16[16] register  @operand b i16[16] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_mulhi_epi16(__m256i a, __m256i b) {
  i16x16 x = (i16x16)a;
  i16x16 y = (i16x16)b;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (int16_t)((int32_t)x[j] * y[j] >> 16);
  return (__m256i)r;
}

/// r[j] = a[j] + b[j], saturated.
/// @operand a i8[32] register  @operand b i8[32] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_adds_epi8(__m256i a, __m256i b) {
  i8x32 x = (i8x32)a;
  i8x32 y = (i8x32)b;
  i8x32 r;
  for (int j = 0; j < 32; ++j) r[j] = vnni_saturate_i8(x[j] + y[j]);
  return (__m256i)r;
}

/// r[j] = a[j] + b[j], saturated.
/// @operand a i16[16] register  @operand b i16[16] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_adds_epi16(__m256i a, __m256i b) {
  i16x16 x = (i16x16)a;
  i16x16 y = (i16x16)b;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_saturate_i16(x[j] + y[j]);
  return (__m256i)r;
}

/// r[j] = a[j] + b[j], saturated.
/// @operand a u8[32] register  @operand b u8[32] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_adds_epu8(__m256i a, __m256i b) {
  u8x32 x = (u8x32)a;
  u8x32 y = (u8x32)b;
  u8x32 r;
  for (int j = 0; j < 32; ++j) r[j] = vnni_saturate_u8(x[j] + y[j]);
  return (__m256i)r;
}

/// r[j] = a[j] + b[j], saturated.
/// @operand a u16[16] register  @operand b u16[16] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_adds_epu16(__m256i a, __m256i b) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_saturate_u16(x[j] + y[j]);
  return (__m256i)r;
}

/// r[j] = a[j] - b[j], saturated.
/// @operand a i8[32] register  @operand b i8[32] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_subs_epi8(__m256i a, __m256i b) {
  i8x32 x = (i8x32)a;
  i8x32 y = (i8x32)b;
  i8x32 r;
  for (int j = 0; j < 32; ++j) r[j] = vnni_saturate_i8(x[j] - y[j]);
  return (__m256i)r;
}

/// r[j] = a[j] - b[j], saturated.
/// @operand a i16[16] register  @operand b i16[16] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_subs_epi16(__m256i a, __m256i b) {
  i16x16 x = (i16x16)a;
  i16x16 y = (i16x16)b;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_saturate_i16(x[j] - y[j]);
  return (__m256i)r;
}

/// r[j] = a[j] - b[j], saturated.
/// @operand a u8[32] register  @operand b u8[32] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_subs_epu8(__m256i a, __m256i b) {
  u8x32 x = (u8x32)a;
  u8x32 y = (u8x32)b;
  u8x32 r;
  for (int j = 0; j < 32; ++j) r[j] = vnni_saturate_u8(x[j] - y[j]);
  return (__m256i)r;
}

/// r[j] = a[j] - b[j], saturated.
/// @operand a u16[16] register  @operand b u16[16] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_subs_epu16(__m256i a, __m256i b) {
  u16x16 x = (u16x16)a;
  u16x16 y = (u16x16)b;
  u16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_saturate_u16(x[j] - y[j]);
  return (__m256i)r;
}

/// r[j] = a[j] shifted left by imm bits; 0 for more bits than it has.
/// @operand a i16[16] register  @operand imm u32 immediate  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_slli_epi16(__m256i a, int imm) {
  i16x16 x = (i16x16)a;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = ((unsigned)imm > 15 ? 0 : (int16_t)((uint16_t)x[j] << (unsigned)imm));
  return (__m256i)r;
}

/// r[j] = a[j] shifted right by imm bits, zeros enter; 0 for more bits than it has.
/// @operand a i16[16] register  @operand imm u32 immediate  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_srli_epi16(__m256i a, int imm) {
  i16x16 x = (i16x16)a;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = ((unsigned)imm > 15 ? 0 : (int16_t)((uint16_t)x[j] >> (unsigned)imm));
  return (__m256i)r;
}

/// r[j] = a[j] shifted right by imm bits, the sign bit enters.
/// @operand a i16[16] register  @operand imm u32 immediate  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_srai_epi16(__m256i a, int imm) {
  i16x16 x = (i16x16)a;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (x[j] >> ((unsigned)imm > 15 ? 15 : (unsigned)imm));
  return (__m256i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, the sign bit enters.
/// @operand a i16[16] register  @operand b i16[16] register  @isa avx512bw avx512vl  @source manuals/vnni/integer.md
static inline __m256i _mm256_srav_epi16(__m256i a, __m256i b) {
  i16x16 x = (i16x16)a;
  i16x16 y = (i16x16)b;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (x[j] >> ((uint16_t)y[j] > 15 ? 15 : y[j]));
  return (__m256i)r;
}

/// r[j] = a[j] shifted left by imm bits; 0 for more bits than it has.
/// @operand a i32[8] register  @operand imm u32 immediate  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_slli_epi32(__m256i a, int imm) {
  i32x8 x = (i32x8)a;
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = ((unsigned)imm > 31 ? 0 : (int32_t)((uint32_t)x[j] << (unsigned)imm));
  return (__m256i)r;
}

/// r[j] = a[j] shifted right by imm bits, zeros enter; 0 for more bits than it has.
/// @operand a i32[8] register  @operand imm u32 immediate  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_srli_epi32(__m256i a, int imm) {
  i32x8 x = (i32x8)a;
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = ((unsigned)imm > 31 ? 0 : (int32_t)((uint32_t)x[j] >> (unsigned)imm));
  return (__m256i)r;
}

/// r[j] = a[j] shifted right by imm bits, the sign bit enters.
/// @operand a i32[8] register  @operand imm u32 immediate  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_srai_epi32(__m256i a, int imm) {
  i32x8 x = (i32x8)a;
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (x[j] >> ((unsigned)imm > 31 ? 31 : (unsigned)imm));
  return (__m256i)r;
}

/// r[j] = a[j] shifted left by b[j] bits.
/// @operand a i32[8] register  @operand b i32[8] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_sllv_epi32(__m256i a, __m256i b) {
  i32x8 x = (i32x8)a;
  i32x8 y = (i32x8)b;
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = ((uint32_t)y[j] > 31 ? 0 : (int32_t)((uint32_t)x[j] << y[j]));
  return (__m256i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, zeros enter.
/// @operand a i32[8] register  @operand b i32[8] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_srlv_epi32(__m256i a, __m256i b) {
  i32x8 x = (i32x8)a;
  i32x8 y = (i32x8)b;
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = ((uint32_t)y[j] > 31 ? 0 : (int32_t)((uint32_t)x[j] >> y[j]));
  return (__m256i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, the sign bit enters.
/// @operand a i32[8] register  @operand b i32[8] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_srav_epi32(__m256i a, __m256i b) {
  i32x8 x = (i32x8)a;
  i32x8 y = (i32x8)b;
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (x[j] >> ((uint32_t)y[j] > 31 ? 31 : y[j]));
  return (__m256i)r;
}

/// r[j] = a[j] shifted left by imm bits; 0 for more bits than it has.
/// @operand a i64[4] register  @operand imm u32 immediate  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_slli_epi64(__m256i a, int imm) {
  i64x4 x = (i64x4)a;
  i64x4 r;
  for (int j = 0; j < 4; ++j) r[j] = ((unsigned)imm > 63 ? 0 : (int64_t)((uint64_t)x[j] << (unsigned)imm));
  return (__m256i)r;
}

/// r[j] = a[j] shifted right by imm bits, zeros enter; 0 for more bits than it has.
/// @operand a i64[4] register  @operand imm u32 immediate  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_srli_epi64(__m256i a, int imm) {
  i64x4 x = (i64x4)a;
  i64x4 r;
  for (int j = 0; j < 4; ++j) r[j] = ((unsigned)imm > 63 ? 0 : (int64_t)((uint64_t)x[j] >> (unsigned)imm));
  return (__m256i)r;
}

/// r[j] = a[j] shifted left by b[j] bits.
/// @operand a i64[4] register  @operand b i64[4] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_sllv_epi64(__m256i a, __m256i b) {
  i64x4 x = (i64x4)a;
  i64x4 y = (i64x4)b;
  i64x4 r;
  for (int j = 0; j < 4; ++j) r[j] = ((uint64_t)y[j] > 63 ? 0 : (int64_t)((uint64_t)x[j] << y[j]));
  return (__m256i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, zeros enter.
/// @operand a i64[4] register  @operand b i64[4] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_srlv_epi64(__m256i a, __m256i b) {
  i64x4 x = (i64x4)a;
  i64x4 y = (i64x4)b;
  i64x4 r;
  for (int j = 0; j < 4; ++j) r[j] = ((uint64_t)y[j] > 63 ? 0 : (int64_t)((uint64_t)x[j] >> y[j]));
  return (__m256i)r;
}

/// r[j] = a[2j] * b[2j] + a[2j+1] * b[2j+1], 16-bit elements to 32 bits, wrapping.
/// @operand a i16[16] register  @operand b i16[16] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_madd_epi16(__m256i a, __m256i b) {
  i16x16 x = (i16x16)a, y = (i16x16)b;
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (int32_t)((uint32_t)(x[2 * j] * y[2 * j]) + (uint32_t)(x[2 * j + 1] * y[2 * j + 1]));
  return (__m256i)r;
}

/// r[j] = a[2j] * b[2j] + a[2j+1] * b[2j+1], u8 * i8 elements to 16 bits, saturated.
/// @operand a u8[32] register  @operand b i8[32] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m256i _mm256_maddubs_epi16(__m256i a, __m256i b) {
  u8x32 x = (u8x32)a;
  i8x32 y = (i8x32)b;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_saturate_i16(x[2 * j] * y[2 * j] + x[2 * j + 1] * y[2 * j + 1]);
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
/// @operand a i8[16] register  @operand b i8[16] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_add_epi8(__m128i a, __m128i b) {
  i8x16 x = (i8x16)a;
  i8x16 y = (i8x16)b;
  i8x16 r;
  for (int j = 0; j < 16; ++j) r[j] = x[j] + y[j];
  return (__m128i)r;
}

/// r[j] = a[j] - b[j], wrapping.
/// @operand a i8[16] register  @operand b i8[16] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_sub_epi8(__m128i a, __m128i b) {
  i8x16 x = (i8x16)a;
  i8x16 y = (i8x16)b;
  i8x16 r;
  for (int j = 0; j < 16; ++j) r[j] = x[j] - y[j];
  return (__m128i)r;
}

/// r[j] = the smaller of a[j] and b[j].
/// @operand a i8[16] register  @operand b i8[16] register  @isa sse4.1  @source manuals/vnni/integer.md
static inline __m128i _mm_min_epi8(__m128i a, __m128i b) {
  i8x16 x = (i8x16)a;
  i8x16 y = (i8x16)b;
  i8x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (x[j] < y[j] ? x[j] : y[j]);
  return (__m128i)r;
}

/// r[j] = the smaller of a[j] and b[j].
/// @operand a u8[16] register  @operand b u8[16] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_min_epu8(__m128i a, __m128i b) {
  u8x16 x = (u8x16)a;
  u8x16 y = (u8x16)b;
  u8x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (x[j] < y[j] ? x[j] : y[j]);
  return (__m128i)r;
}

/// r[j] = the larger of a[j] and b[j].
/// @operand a i8[16] register  @operand b i8[16] register  @isa sse4.1  @source manuals/vnni/integer.md
static inline __m128i _mm_max_epi8(__m128i a, __m128i b) {
  i8x16 x = (i8x16)a;
  i8x16 y = (i8x16)b;
  i8x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (x[j] > y[j] ? x[j] : y[j]);
  return (__m128i)r;
}

/// r[j] = the larger of a[j] and b[j].
/// @operand a u8[16] register  @operand b u8[16] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_max_epu8(__m128i a, __m128i b) {
  u8x16 x = (u8x16)a;
  u8x16 y = (u8x16)b;
  u8x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (x[j] > y[j] ? x[j] : y[j]);
  return (__m128i)r;
}

/// r[j] = |a[j]|; the least integer stays.
/// @operand a i8[16] register  @isa ssse3  @source manuals/vnni/integer.md
static inline __m128i _mm_abs_epi8(__m128i a) {
  i8x16 x = (i8x16)a;
  i8x16 r;
  for (int j = 0; j < 16; ++j) r[j] = (x[j] < 0 ? -x[j] : x[j]);
  return (__m128i)r;
}

/// r[j] = value.
/// @operand value i8 scalar  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_set1_epi8(char value) { i8x16 r; for (int j = 0; j < 16; ++j) r[j] = value; return (__m128i)r; }

/// r[j] = a[j] + b[j], wrapping.
/// @operand a i16[8] register  @operand b i16[8] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_add_epi16(__m128i a, __m128i b) {
  i16x8 x = (i16x8)a;
  i16x8 y = (i16x8)b;
  i16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = x[j] + y[j];
  return (__m128i)r;
}

/// r[j] = a[j] - b[j], wrapping.
/// @operand a i16[8] register  @operand b i16[8] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_sub_epi16(__m128i a, __m128i b) {
  i16x8 x = (i16x8)a;
  i16x8 y = (i16x8)b;
  i16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = x[j] - y[j];
  return (__m128i)r;
}

/// r[j] = the smaller of a[j] and b[j].
/// @operand a i16[8] register  @operand b i16[8] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_min_epi16(__m128i a, __m128i b) {
  i16x8 x = (i16x8)a;
  i16x8 y = (i16x8)b;
  i16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (x[j] < y[j] ? x[j] : y[j]);
  return (__m128i)r;
}

/// r[j] = the smaller of a[j] and b[j].
/// @operand a u16[8] register  @operand b u16[8] register  @isa sse4.1  @source manuals/vnni/integer.md
static inline __m128i _mm_min_epu16(__m128i a, __m128i b) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (x[j] < y[j] ? x[j] : y[j]);
  return (__m128i)r;
}

/// r[j] = the larger of a[j] and b[j].
/// @operand a i16[8] register  @operand b i16[8] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_max_epi16(__m128i a, __m128i b) {
  i16x8 x = (i16x8)a;
  i16x8 y = (i16x8)b;
  i16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (x[j] > y[j] ? x[j] : y[j]);
  return (__m128i)r;
}

/// r[j] = the larger of a[j] and b[j].
/// @operand a u16[8] register  @operand b u16[8] register  @isa sse4.1  @source manuals/vnni/integer.md
static inline __m128i _mm_max_epu16(__m128i a, __m128i b) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (x[j] > y[j] ? x[j] : y[j]);
  return (__m128i)r;
}

/// r[j] = |a[j]|; the least integer stays.
/// @operand a i16[8] register  @isa ssse3  @source manuals/vnni/integer.md
static inline __m128i _mm_abs_epi16(__m128i a) {
  i16x8 x = (i16x8)a;
  i16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (x[j] < 0 ? -x[j] : x[j]);
  return (__m128i)r;
}

/// r[j] = value.
/// @operand value i16 scalar  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_set1_epi16(short value) { i16x8 r; for (int j = 0; j < 8; ++j) r[j] = value; return (__m128i)r; }

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

/// r[j] = the low half of a[j] * b[j].
/// @operand a i16[8] register  @operand b i16[8] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_mullo_epi16(__m128i a, __m128i b) {
  i16x8 x = (i16x8)a;
  i16x8 y = (i16x8)b;
  i16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (int16_t)(x[j] * y[j]);
  return (__m128i)r;
}

/// r[j] = the high half of a[j] * b[j].
/// @operand a i16[8] register  @operand b i16[8] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_mulhi_epi16(__m128i a, __m128i b) {
  i16x8 x = (i16x8)a;
  i16x8 y = (i16x8)b;
  i16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (int16_t)((int32_t)x[j] * y[j] >> 16);
  return (__m128i)r;
}

/// r[j] = a[j] + b[j], saturated.
/// @operand a i8[16] register  @operand b i8[16] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_adds_epi8(__m128i a, __m128i b) {
  i8x16 x = (i8x16)a;
  i8x16 y = (i8x16)b;
  i8x16 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_saturate_i8(x[j] + y[j]);
  return (__m128i)r;
}

/// r[j] = a[j] + b[j], saturated.
/// @operand a i16[8] register  @operand b i16[8] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_adds_epi16(__m128i a, __m128i b) {
  i16x8 x = (i16x8)a;
  i16x8 y = (i16x8)b;
  i16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = vnni_saturate_i16(x[j] + y[j]);
  return (__m128i)r;
}

/// r[j] = a[j] + b[j], saturated.
/// @operand a u8[16] register  @operand b u8[16] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_adds_epu8(__m128i a, __m128i b) {
  u8x16 x = (u8x16)a;
  u8x16 y = (u8x16)b;
  u8x16 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_saturate_u8(x[j] + y[j]);
  return (__m128i)r;
}

/// r[j] = a[j] + b[j], saturated.
/// @operand a u16[8] register  @operand b u16[8] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_adds_epu16(__m128i a, __m128i b) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = vnni_saturate_u16(x[j] + y[j]);
  return (__m128i)r;
}

/// r[j] = a[j] - b[j], saturated.
/// @operand a i8[16] register  @operand b i8[16] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_subs_epi8(__m128i a, __m128i b) {
  i8x16 x = (i8x16)a;
  i8x16 y = (i8x16)b;
  i8x16 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_saturate_i8(x[j] - y[j]);
  return (__m128i)r;
}

/// r[j] = a[j] - b[j], saturated.
/// @operand a i16[8] register  @operand b i16[8] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_subs_epi16(__m128i a, __m128i b) {
  i16x8 x = (i16x8)a;
  i16x8 y = (i16x8)b;
  i16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = vnni_saturate_i16(x[j] - y[j]);
  return (__m128i)r;
}

/// r[j] = a[j] - b[j], saturated.
/// @operand a u8[16] register  @operand b u8[16] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_subs_epu8(__m128i a, __m128i b) {
  u8x16 x = (u8x16)a;
  u8x16 y = (u8x16)b;
  u8x16 r;
  for (int j = 0; j < 16; ++j) r[j] = vnni_saturate_u8(x[j] - y[j]);
  return (__m128i)r;
}

/// r[j] = a[j] - b[j], saturated.
/// @operand a u16[8] register  @operand b u16[8] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_subs_epu16(__m128i a, __m128i b) {
  u16x8 x = (u16x8)a;
  u16x8 y = (u16x8)b;
  u16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = vnni_saturate_u16(x[j] - y[j]);
  return (__m128i)r;
}

/// r[j] = a[j] shifted left by imm bits; 0 for more bits than it has.
/// @operand a i16[8] register  @operand imm u32 immediate  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_slli_epi16(__m128i a, int imm) {
  i16x8 x = (i16x8)a;
  i16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = ((unsigned)imm > 15 ? 0 : (int16_t)((uint16_t)x[j] << (unsigned)imm));
  return (__m128i)r;
}

/// r[j] = a[j] shifted right by imm bits, zeros enter; 0 for more bits than it has.
/// @operand a i16[8] register  @operand imm u32 immediate  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_srli_epi16(__m128i a, int imm) {
  i16x8 x = (i16x8)a;
  i16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = ((unsigned)imm > 15 ? 0 : (int16_t)((uint16_t)x[j] >> (unsigned)imm));
  return (__m128i)r;
}

/// r[j] = a[j] shifted right by imm bits, the sign bit enters.
/// @operand a i16[8] register  @operand imm u32 immediate  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_srai_epi16(__m128i a, int imm) {
  i16x8 x = (i16x8)a;
  i16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (x[j] >> ((unsigned)imm > 15 ? 15 : (unsigned)imm));
  return (__m128i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, the sign bit enters.
/// @operand a i16[8] register  @operand b i16[8] register  @isa avx512bw avx512vl  @source manuals/vnni/integer.md
static inline __m128i _mm_srav_epi16(__m128i a, __m128i b) {
  i16x8 x = (i16x8)a;
  i16x8 y = (i16x8)b;
  i16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = (x[j] >> ((uint16_t)y[j] > 15 ? 15 : y[j]));
  return (__m128i)r;
}

/// r[j] = a[j] shifted left by imm bits; 0 for more bits than it has.
/// @operand a i32[4] register  @operand imm u32 immediate  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_slli_epi32(__m128i a, int imm) {
  i32x4 x = (i32x4)a;
  i32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = ((unsigned)imm > 31 ? 0 : (int32_t)((uint32_t)x[j] << (unsigned)imm));
  return (__m128i)r;
}

/// r[j] = a[j] shifted right by imm bits, zeros enter; 0 for more bits than it has.
/// @operand a i32[4] register  @operand imm u32 immediate  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_srli_epi32(__m128i a, int imm) {
  i32x4 x = (i32x4)a;
  i32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = ((unsigned)imm > 31 ? 0 : (int32_t)((uint32_t)x[j] >> (unsigned)imm));
  return (__m128i)r;
}

/// r[j] = a[j] shifted right by imm bits, the sign bit enters.
/// @operand a i32[4] register  @operand imm u32 immediate  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_srai_epi32(__m128i a, int imm) {
  i32x4 x = (i32x4)a;
  i32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = (x[j] >> ((unsigned)imm > 31 ? 31 : (unsigned)imm));
  return (__m128i)r;
}

/// r[j] = a[j] shifted left by b[j] bits.
/// @operand a i32[4] register  @operand b i32[4] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m128i _mm_sllv_epi32(__m128i a, __m128i b) {
  i32x4 x = (i32x4)a;
  i32x4 y = (i32x4)b;
  i32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = ((uint32_t)y[j] > 31 ? 0 : (int32_t)((uint32_t)x[j] << y[j]));
  return (__m128i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, zeros enter.
/// @operand a i32[4] register  @operand b i32[4] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m128i _mm_srlv_epi32(__m128i a, __m128i b) {
  i32x4 x = (i32x4)a;
  i32x4 y = (i32x4)b;
  i32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = ((uint32_t)y[j] > 31 ? 0 : (int32_t)((uint32_t)x[j] >> y[j]));
  return (__m128i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, the sign bit enters.
/// @operand a i32[4] register  @operand b i32[4] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m128i _mm_srav_epi32(__m128i a, __m128i b) {
  i32x4 x = (i32x4)a;
  i32x4 y = (i32x4)b;
  i32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = (x[j] >> ((uint32_t)y[j] > 31 ? 31 : y[j]));
  return (__m128i)r;
}

/// r[j] = a[j] shifted left by imm bits; 0 for more bits than it has.
/// @operand a i64[2] register  @operand imm u32 immediate  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_slli_epi64(__m128i a, int imm) {
  i64x2 x = (i64x2)a;
  i64x2 r;
  for (int j = 0; j < 2; ++j) r[j] = ((unsigned)imm > 63 ? 0 : (int64_t)((uint64_t)x[j] << (unsigned)imm));
  return (__m128i)r;
}

/// r[j] = a[j] shifted right by imm bits, zeros enter; 0 for more bits than it has.
/// @operand a i64[2] register  @operand imm u32 immediate  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_srli_epi64(__m128i a, int imm) {
  i64x2 x = (i64x2)a;
  i64x2 r;
  for (int j = 0; j < 2; ++j) r[j] = ((unsigned)imm > 63 ? 0 : (int64_t)((uint64_t)x[j] >> (unsigned)imm));
  return (__m128i)r;
}

/// r[j] = a[j] shifted left by b[j] bits.
/// @operand a i64[2] register  @operand b i64[2] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m128i _mm_sllv_epi64(__m128i a, __m128i b) {
  i64x2 x = (i64x2)a;
  i64x2 y = (i64x2)b;
  i64x2 r;
  for (int j = 0; j < 2; ++j) r[j] = ((uint64_t)y[j] > 63 ? 0 : (int64_t)((uint64_t)x[j] << y[j]));
  return (__m128i)r;
}

/// r[j] = a[j] shifted right by b[j] bits, zeros enter.
/// @operand a i64[2] register  @operand b i64[2] register  @isa avx2  @source manuals/vnni/integer.md
static inline __m128i _mm_srlv_epi64(__m128i a, __m128i b) {
  i64x2 x = (i64x2)a;
  i64x2 y = (i64x2)b;
  i64x2 r;
  for (int j = 0; j < 2; ++j) r[j] = ((uint64_t)y[j] > 63 ? 0 : (int64_t)((uint64_t)x[j] >> y[j]));
  return (__m128i)r;
}

/// r[j] = a[2j] * b[2j] + a[2j+1] * b[2j+1], 16-bit elements to 32 bits, wrapping.
/// @operand a i16[8] register  @operand b i16[8] register  @isa sse2  @source manuals/vnni/integer.md
static inline __m128i _mm_madd_epi16(__m128i a, __m128i b) {
  i16x8 x = (i16x8)a, y = (i16x8)b;
  i32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = (int32_t)((uint32_t)(x[2 * j] * y[2 * j]) + (uint32_t)(x[2 * j + 1] * y[2 * j + 1]));
  return (__m128i)r;
}

/// r[j] = a[2j] * b[2j] + a[2j+1] * b[2j+1], u8 * i8 elements to 16 bits, saturated.
/// @operand a u8[16] register  @operand b i8[16] register  @isa ssse3  @source manuals/vnni/integer.md
static inline __m128i _mm_maddubs_epi16(__m128i a, __m128i b) {
  u8x16 x = (u8x16)a;
  i8x16 y = (i8x16)b;
  i16x8 r;
  for (int j = 0; j < 8; ++j) r[j] = vnni_saturate_i16(x[2 * j] * y[2 * j] + x[2 * j + 1] * y[2 * j + 1]);
  return (__m128i)r;
}
