// Moving elements of 256 and 128 bits: blends, permutations, parts of vectors, casts that keep the bits.
#pragma once

/// r[j] = b[j] where bit j of k is 1, else a[j].
/// @operand a f32[8] register  @operand b f32[8] register  @isa avx512f avx512vl  @source manuals/vnni/select.md
static inline __m256 _mm256_mask_blend_ps(__mmask8 k, __m256 a, __m256 b) {
  __m256 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? b[j] : a[j];
  return r;
}

/// r[j] = a[j] where bit j of k is 1, else src[j].
/// @operand src f32[8] register  @operand a f32[8] register  @isa avx512f avx512vl  @source manuals/vnni/select.md
static inline __m256 _mm256_mask_mov_ps(__m256 src, __mmask8 k, __m256 a) {
  __m256 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? a[j] : src[j];
  return r;
}

/// r[j] = b[j] where bit j of k is 1, else a[j].
/// @operand a i32[8] register  @operand b i32[8] register  @isa avx512f avx512vl  @source manuals/vnni/select.md
static inline __m256i _mm256_mask_blend_epi32(__mmask8 k, __m256i a, __m256i b) {
  i32x8 x = (i32x8)a, y = (i32x8)b;
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? y[j] : x[j];
  return (__m256i)r;
}

/// r[j] = a[j] where bit j of k is 1, else src[j].
/// @operand src i32[8] register  @operand a i32[8] register  @isa avx512f avx512vl  @source manuals/vnni/select.md
static inline __m256i _mm256_mask_mov_epi32(__m256i src, __mmask8 k, __m256i a) {
  i32x8 s = (i32x8)src, x = (i32x8)a;
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = k >> j & 1 ? x[j] : s[j];
  return (__m256i)r;
}

/// r[j] = b[j] where bit j of k is 1, else a[j].
/// @operand a f32[4] register  @operand b f32[4] register  @isa avx512f avx512vl  @source manuals/vnni/select.md
static inline __m128 _mm_mask_blend_ps(__mmask8 k, __m128 a, __m128 b) {
  __m128 r;
  for (int j = 0; j < 4; ++j) r[j] = k >> j & 1 ? b[j] : a[j];
  return r;
}

/// r[j] = a[j] where bit j of k is 1, else src[j].
/// @operand src f32[4] register  @operand a f32[4] register  @isa avx512f avx512vl  @source manuals/vnni/select.md
static inline __m128 _mm_mask_mov_ps(__m128 src, __mmask8 k, __m128 a) {
  __m128 r;
  for (int j = 0; j < 4; ++j) r[j] = k >> j & 1 ? a[j] : src[j];
  return r;
}

/// r[j] = b[j] where bit j of k is 1, else a[j].
/// @operand a i32[4] register  @operand b i32[4] register  @isa avx512f avx512vl  @source manuals/vnni/select.md
static inline __m128i _mm_mask_blend_epi32(__mmask8 k, __m128i a, __m128i b) {
  i32x4 x = (i32x4)a, y = (i32x4)b;
  i32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = k >> j & 1 ? y[j] : x[j];
  return (__m128i)r;
}

/// r[j] = a[j] where bit j of k is 1, else src[j].
/// @operand src i32[4] register  @operand a i32[4] register  @isa avx512f avx512vl  @source manuals/vnni/select.md
static inline __m128i _mm_mask_mov_epi32(__m128i src, __mmask8 k, __m128i a) {
  i32x4 s = (i32x4)src, x = (i32x4)a;
  i32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = k >> j & 1 ? x[j] : s[j];
  return (__m128i)r;
}

/// r[j] = a[index[j] modulo the number of elements].
/// @operand index i32[8] register  @operand a f32[8] register  @isa avx512f avx512vl  @source manuals/vnni/select.md
static inline __m256 _mm256_permutexvar_ps(__m256i index, __m256 a) {
  i32x8 x = (i32x8)index;
  __m256 r;
  for (int j = 0; j < 8; ++j) r[j] = a[x[j] & 7];
  return r;
}

/// r[j] = element index[j] of a followed by b (bit 3 chooses b).
/// @operand a f32[8] register  @operand index i32[8] register  @operand b f32[8] register  @isa avx512f avx512vl
/// @source manuals/vnni/select.md
static inline __m256 _mm256_permutex2var_ps(__m256 a, __m256i index, __m256 b) {
  i32x8 x = (i32x8)index;
  __m256 r;
  for (int j = 0; j < 8; ++j) r[j] = x[j] & 8 ? b[x[j] & 7] : a[x[j] & 7];
  return r;
}

/// r[j] = a[index[j] modulo the number of elements].
/// @operand index i32[8] register  @operand a i32[8] register  @isa avx512f avx512vl  @source manuals/vnni/select.md
static inline __m256i _mm256_permutexvar_epi32(__m256i index, __m256i a) {
  i32x8 x = (i32x8)index;
  i32x8 y = (i32x8)a;
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = y[x[j] & 7];
  return (__m256i)r;
}

/// r[j] = element index[j] of a followed by b (bit 3 chooses b).
/// @operand a i32[8] register  @operand index i32[8] register  @operand b i32[8] register  @isa avx512f avx512vl
/// @source manuals/vnni/select.md
static inline __m256i _mm256_permutex2var_epi32(__m256i a, __m256i index, __m256i b) {
  i32x8 x = (i32x8)index;
  i32x8 y = (i32x8)a, z = (i32x8)b;
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = x[j] & 8 ? z[x[j] & 7] : y[x[j] & 7];
  return (__m256i)r;
}

/// In each 128 bits: the low halves of a and b, element by element in turn.
/// @operand a i8[32] register  @operand b i8[32] register  @isa avx2  @source manuals/vnni/select.md
static inline __m256i _mm256_unpacklo_epi8(__m256i a, __m256i b) {
  i8x32 x = (i8x32)a, y = (i8x32)b, r;
  for (int j = 0; j < 32; ++j) {
    int from = j / 16 * 16 + j % 16 / 2 + 0;
    r[j] = j % 2 ? y[from] : x[from];
  }
  return (__m256i)r;
}

/// In each 128 bits: the high halves of a and b, element by element in turn.
/// @operand a i8[32] register  @operand b i8[32] register  @isa avx2  @source manuals/vnni/select.md
static inline __m256i _mm256_unpackhi_epi8(__m256i a, __m256i b) {
  i8x32 x = (i8x32)a, y = (i8x32)b, r;
  for (int j = 0; j < 32; ++j) {
    int from = j / 16 * 16 + j % 16 / 2 + 8;
    r[j] = j % 2 ? y[from] : x[from];
  }
  return (__m256i)r;
}

/// In each 128 bits: the low halves of a and b, element by element in turn.
/// @operand a i16[16] register  @operand b i16[16] register  @isa avx2  @source manuals/vnni/select.md
static inline __m256i _mm256_unpacklo_epi16(__m256i a, __m256i b) {
  i16x16 x = (i16x16)a, y = (i16x16)b, r;
  for (int j = 0; j < 16; ++j) {
    int from = j / 8 * 8 + j % 8 / 2 + 0;
    r[j] = j % 2 ? y[from] : x[from];
  }
  return (__m256i)r;
}

/// In each 128 bits: the high halves of a and b, element by element in turn.
/// @operand a i16[16] register  @operand b i16[16] register  @isa avx2  @source manuals/vnni/select.md
static inline __m256i _mm256_unpackhi_epi16(__m256i a, __m256i b) {
  i16x16 x = (i16x16)a, y = (i16x16)b, r;
  for (int j = 0; j < 16; ++j) {
    int from = j / 8 * 8 + j % 8 / 2 + 4;
    r[j] = j % 2 ? y[from] : x[from];
  }
  return (__m256i)r;
}

/// In each 128 bits: the low halves of a and b, element by element in turn.
/// @operand a i32[8] register  @operand b i32[8] register  @isa avx2  @source manuals/vnni/select.md
static inline __m256i _mm256_unpacklo_epi32(__m256i a, __m256i b) {
  i32x8 x = (i32x8)a, y = (i32x8)b, r;
  for (int j = 0; j < 8; ++j) {
    int from = j / 4 * 4 + j % 4 / 2 + 0;
    r[j] = j % 2 ? y[from] : x[from];
  }
  return (__m256i)r;
}

/// In each 128 bits: the high halves of a and b, element by element in turn.
/// @operand a i32[8] register  @operand b i32[8] register  @isa avx2  @source manuals/vnni/select.md
static inline __m256i _mm256_unpackhi_epi32(__m256i a, __m256i b) {
  i32x8 x = (i32x8)a, y = (i32x8)b, r;
  for (int j = 0; j < 8; ++j) {
    int from = j / 4 * 4 + j % 4 / 2 + 2;
    r[j] = j % 2 ? y[from] : x[from];
  }
  return (__m256i)r;
}

/// In each 128 bits: the low halves of a and b, element by element in turn.
/// @operand a i64[4] register  @operand b i64[4] register  @isa avx2  @source manuals/vnni/select.md
static inline __m256i _mm256_unpacklo_epi64(__m256i a, __m256i b) {
  i64x4 x = (i64x4)a, y = (i64x4)b, r;
  for (int j = 0; j < 4; ++j) {
    int from = j / 2 * 2 + j % 2 / 2 + 0;
    r[j] = j % 2 ? y[from] : x[from];
  }
  return (__m256i)r;
}

/// In each 128 bits: the high halves of a and b, element by element in turn.
/// @operand a i64[4] register  @operand b i64[4] register  @isa avx2  @source manuals/vnni/select.md
static inline __m256i _mm256_unpackhi_epi64(__m256i a, __m256i b) {
  i64x4 x = (i64x4)a, y = (i64x4)b, r;
  for (int j = 0; j < 4; ++j) {
    int from = j / 2 * 2 + j % 2 / 2 + 1;
    r[j] = j % 2 ? y[from] : x[from];
  }
  return (__m256i)r;
}

/// In each 128 bits: r[j] = a[index[j] & 15], 0 where the top bit of index[j] is set; bytes.
/// @operand a i8[32] register  @operand index i8[32] register  @isa avx2  @source manuals/vnni/select.md
static inline __m256i _mm256_shuffle_epi8(__m256i a, __m256i index) {
  i8x32 x = (i8x32)a, y = (i8x32)index, r;
  for (int j = 0; j < 32; ++j) r[j] = y[j] < 0 ? 0 : x[j / 16 * 16 + (y[j] & 15)];
  return (__m256i)r;
}

/// In each 128 bits: r[j] = a[bits 2j and 2j+1 of imm]; 32-bit elements.
/// @operand a i32[8] register  @operand imm i32 immediate  @isa avx2  @source manuals/vnni/select.md
static inline __m256i _mm256_shuffle_epi32(__m256i a, const int imm) {
  i32x8 x = (i32x8)a, r;
  for (int j = 0; j < 8; ++j) r[j] = x[j / 4 * 4 + (imm >> 2 * (j % 4) & 3)];
  return (__m256i)r;
}

/// In each 128 bits: elements 0 and 1 from a, 2 and 3 from b, chosen by bits 2j and 2j+1 of imm.
/// @operand a f32[8] register  @operand b f32[8] register  @operand imm i32 immediate  @isa avx  @source manuals/vnni/select.md
static inline __m256 _mm256_shuffle_ps(__m256 a, __m256 b, const int imm) {
  __m256 r;
  for (int j = 0; j < 8; ++j) r[j] = j % 4 < 2 ? a[j / 4 * 4 + (imm >> 2 * (j % 4) & 3)] : b[j / 4 * 4 + (imm >> 2 * (j % 4) & 3)];
  return r;
}

/// In each 128 bits: sums of neighbours, of a in the low half and of b in the high half.
/// @operand a f32[8] register  @operand b f32[8] register  @isa avx  @source manuals/vnni/select.md
static inline __m256 _mm256_hadd_ps(__m256 a, __m256 b) {
  __m256 r;
  for (int j = 0; j < 8; ++j) {
    int from = j / 4 * 4 + j % 2 * 2;
    r[j] = j % 4 < 2 ? a[from] + a[from + 1] : b[from] + b[from + 1];
  }
  return r;
}

/// In each 128 bits: the low halves of a and b, element by element in turn.
/// @operand a i8[16] register  @operand b i8[16] register  @isa sse2  @source manuals/vnni/select.md
static inline __m128i _mm_unpacklo_epi8(__m128i a, __m128i b) {
  i8x16 x = (i8x16)a, y = (i8x16)b, r;
  for (int j = 0; j < 16; ++j) {
    int from = j / 16 * 16 + j % 16 / 2 + 0;
    r[j] = j % 2 ? y[from] : x[from];
  }
  return (__m128i)r;
}

/// In each 128 bits: the high halves of a and b, element by element in turn.
/// @operand a i8[16] register  @operand b i8[16] register  @isa sse2  @source manuals/vnni/select.md
static inline __m128i _mm_unpackhi_epi8(__m128i a, __m128i b) {
  i8x16 x = (i8x16)a, y = (i8x16)b, r;
  for (int j = 0; j < 16; ++j) {
    int from = j / 16 * 16 + j % 16 / 2 + 8;
    r[j] = j % 2 ? y[from] : x[from];
  }
  return (__m128i)r;
}

/// In each 128 bits: the low halves of a and b, element by element in turn.
/// @operand a i16[8] register  @operand b i16[8] register  @isa sse2  @source manuals/vnni/select.md
static inline __m128i _mm_unpacklo_epi16(__m128i a, __m128i b) {
  i16x8 x = (i16x8)a, y = (i16x8)b, r;
  for (int j = 0; j < 8; ++j) {
    int from = j / 8 * 8 + j % 8 / 2 + 0;
    r[j] = j % 2 ? y[from] : x[from];
  }
  return (__m128i)r;
}

/// In each 128 bits: the high halves of a and b, element by element in turn.
/// @operand a i16[8] register  @operand b i16[8] register  @isa sse2  @source manuals/vnni/select.md
static inline __m128i _mm_unpackhi_epi16(__m128i a, __m128i b) {
  i16x8 x = (i16x8)a, y = (i16x8)b, r;
  for (int j = 0; j < 8; ++j) {
    int from = j / 8 * 8 + j % 8 / 2 + 4;
    r[j] = j % 2 ? y[from] : x[from];
  }
  return (__m128i)r;
}

/// In each 128 bits: the low halves of a and b, element by element in turn.
/// @operand a i32[4] register  @operand b i32[4] register  @isa sse2  @source manuals/vnni/select.md
static inline __m128i _mm_unpacklo_epi32(__m128i a, __m128i b) {
  i32x4 x = (i32x4)a, y = (i32x4)b, r;
  for (int j = 0; j < 4; ++j) {
    int from = j / 4 * 4 + j % 4 / 2 + 0;
    r[j] = j % 2 ? y[from] : x[from];
  }
  return (__m128i)r;
}

/// In each 128 bits: the high halves of a and b, element by element in turn.
/// @operand a i32[4] register  @operand b i32[4] register  @isa sse2  @source manuals/vnni/select.md
static inline __m128i _mm_unpackhi_epi32(__m128i a, __m128i b) {
  i32x4 x = (i32x4)a, y = (i32x4)b, r;
  for (int j = 0; j < 4; ++j) {
    int from = j / 4 * 4 + j % 4 / 2 + 2;
    r[j] = j % 2 ? y[from] : x[from];
  }
  return (__m128i)r;
}

/// In each 128 bits: the low halves of a and b, element by element in turn.
/// @operand a i64[2] register  @operand b i64[2] register  @isa sse2  @source manuals/vnni/select.md
static inline __m128i _mm_unpacklo_epi64(__m128i a, __m128i b) {
  i64x2 x = (i64x2)a, y = (i64x2)b, r;
  for (int j = 0; j < 2; ++j) {
    int from = j / 2 * 2 + j % 2 / 2 + 0;
    r[j] = j % 2 ? y[from] : x[from];
  }
  return (__m128i)r;
}

/// In each 128 bits: the high halves of a and b, element by element in turn.
/// @operand a i64[2] register  @operand b i64[2] register  @isa sse2  @source manuals/vnni/select.md
static inline __m128i _mm_unpackhi_epi64(__m128i a, __m128i b) {
  i64x2 x = (i64x2)a, y = (i64x2)b, r;
  for (int j = 0; j < 2; ++j) {
    int from = j / 2 * 2 + j % 2 / 2 + 1;
    r[j] = j % 2 ? y[from] : x[from];
  }
  return (__m128i)r;
}

/// In each 128 bits: r[j] = a[index[j] & 15], 0 where the top bit of index[j] is set; bytes.
/// @operand a i8[16] register  @operand index i8[16] register  @isa ssse3  @source manuals/vnni/select.md
static inline __m128i _mm_shuffle_epi8(__m128i a, __m128i index) {
  i8x16 x = (i8x16)a, y = (i8x16)index, r;
  for (int j = 0; j < 16; ++j) r[j] = y[j] < 0 ? 0 : x[j / 16 * 16 + (y[j] & 15)];
  return (__m128i)r;
}

/// In each 128 bits: r[j] = a[bits 2j and 2j+1 of imm]; 32-bit elements.
/// @operand a i32[4] register  @operand imm i32 immediate  @isa sse2  @source manuals/vnni/select.md
static inline __m128i _mm_shuffle_epi32(__m128i a, const int imm) {
  i32x4 x = (i32x4)a, r;
  for (int j = 0; j < 4; ++j) r[j] = x[j / 4 * 4 + (imm >> 2 * (j % 4) & 3)];
  return (__m128i)r;
}

/// In each 128 bits: elements 0 and 1 from a, 2 and 3 from b, chosen by bits 2j and 2j+1 of imm.
/// @operand a f32[4] register  @operand b f32[4] register  @operand imm i32 immediate  @isa sse  @source manuals/vnni/select.md
static inline __m128 _mm_shuffle_ps(__m128 a, __m128 b, const int imm) {
  __m128 r;
  for (int j = 0; j < 4; ++j) r[j] = j % 4 < 2 ? a[j / 4 * 4 + (imm >> 2 * (j % 4) & 3)] : b[j / 4 * 4 + (imm >> 2 * (j % 4) & 3)];
  return r;
}

/// In each 128 bits: sums of neighbours, of a in the low half and of b in the high half.
/// @operand a f32[4] register  @operand b f32[4] register  @isa sse3  @source manuals/vnni/select.md
static inline __m128 _mm_hadd_ps(__m128 a, __m128 b) {
  __m128 r;
  for (int j = 0; j < 4; ++j) {
    int from = j / 4 * 4 + j % 2 * 2;
    r[j] = j % 4 < 2 ? a[from] + a[from + 1] : b[from] + b[from + 1];
  }
  return r;
}

/// r = the high half of b, then the high half of a.
/// @operand a f32[4] register  @operand b f32[4] register  @isa sse  @source manuals/vnni/select.md
static inline __m128 _mm_movehl_ps(__m128 a, __m128 b) { __m128 r = {b[2], b[3], a[2], a[3]}; return r; }

/// r = a[1], a[1], a[3], a[3].
/// @operand a f32[4] register  @isa sse3  @source manuals/vnni/select.md
static inline __m128 _mm_movehdup_ps(__m128 a) { __m128 r = {a[1], a[1], a[3], a[3]}; return r; }

/// r = part imm (of 2) of a, 128 bits each.
/// @operand a f32[8] register  @operand imm i32 immediate  @isa avx  @source manuals/vnni/select.md
static inline __m128 _mm256_extractf128_ps(__m256 a, const int imm) {
  __m128 r;
  for (int j = 0; j < 4; ++j) r[j] = a[(imm & 1) * 4 + j];
  return r;
}

/// r = part imm (of 2) of a, 128 bits each.
/// @operand a f64[4] register  @operand imm i32 immediate  @isa avx  @source manuals/vnni/select.md
static inline __m128d _mm256_extractf128_pd(__m256d a, const int imm) {
  __m128d r;
  for (int j = 0; j < 2; ++j) r[j] = a[(imm & 1) * 2 + j];
  return r;
}

/// r = part imm (of 2) of a, 128 bits each.
/// @operand a i32[8] register  @operand imm i32 immediate  @isa avx2  @source manuals/vnni/select.md
static inline __m128i _mm256_extracti128_si256(__m256i a, const int imm) {
  i32x8 x = (i32x8)a;
  i32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = x[(imm & 1) * 4 + j];
  return (__m128i)r;
}

/// r = part imm (of 2) of a, 128 bits each.
/// @operand a i32[8] register  @operand imm i32 immediate  @isa avx  @source manuals/vnni/select.md
static inline __m128i _mm256_extractf128_si256(__m256i a, const int imm) {
  i32x8 x = (i32x8)a;
  i32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = x[(imm & 1) * 4 + j];
  return (__m128i)r;
}

/// r = a with part imm (of 2) replaced by b.
/// @operand a f32[8] register  @operand b f32[4] register  @operand imm i32 immediate  @isa avx  @source manuals/vnni/select.md
static inline __m256 _mm256_insertf128_ps(__m256 a, __m128 b, const int imm) {
  __m256 r = (__m256)a;
  __m128 y = (__m128)b;
  for (int j = 0; j < 4; ++j) r[(imm & 1) * 4 + j] = y[j];
  return (__m256)r;
}

/// r = a with part imm (of 2) replaced by b.
/// @operand a i32[8] register  @operand b i32[4] register  @operand imm i32 immediate  @isa avx2  @source manuals/vnni/select.md
static inline __m256i _mm256_inserti128_si256(__m256i a, __m128i b, const int imm) {
  i32x8 r = (i32x8)a;
  i32x4 y = (i32x4)b;
  for (int j = 0; j < 4; ++j) r[(imm & 1) * 4 + j] = y[j];
  return (__m256i)r;
}

/// r[j] = a[0].
/// @operand a f32[4] register  @isa avx2  @source manuals/vnni/select.md
static inline __m256 _mm256_broadcastss_ps(__m128 a) { __m256 r; for (int j = 0; j < 8; ++j) r[j] = a[0]; return r; }

/// r[j] = a[0].
/// @operand a i32[4] register  @isa avx2  @source manuals/vnni/select.md
static inline __m256i _mm256_broadcastd_epi32(__m128i a) {
  i32x4 x = (i32x4)a;
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = x[0];
  return (__m256i)r;
}

/// r[j] = a[0].
/// @operand a i8[16] register  @isa avx2  @source manuals/vnni/select.md
static inline __m256i _mm256_broadcastb_epi8(__m128i a) {
  i8x16 x = (i8x16)a;
  i8x32 r;
  for (int j = 0; j < 32; ++j) r[j] = x[0];
  return (__m256i)r;
}

/// r[j] = a[0].
/// @operand a i16[8] register  @isa avx2  @source manuals/vnni/select.md
static inline __m256i _mm256_broadcastw_epi16(__m128i a) {
  i16x8 x = (i16x8)a;
  i16x16 r;
  for (int j = 0; j < 16; ++j) r[j] = x[0];
  return (__m256i)r;
}

/// r[j] = a[0].
/// @operand a i64[2] register  @isa avx2  @source manuals/vnni/select.md
static inline __m256i _mm256_broadcastq_epi64(__m128i a) {
  i64x2 x = (i64x2)a;
  i64x4 r;
  for (int j = 0; j < 4; ++j) r[j] = x[0];
  return (__m256i)r;
}

/// r[j] = *p.
/// @operand p f32[1] memory  @isa avx  @source manuals/vnni/select.md
static inline __m256 _mm256_broadcast_ss(float const *p) { __m256 r; for (int j = 0; j < 8; ++j) r[j] = *p; return r; }

/// The same bits.
/// @isa avx  @source manuals/vnni/convert.md
static inline __m256i _mm256_castps_si256(__m256 a) { return (__m256i)a; }

/// The same bits.
/// @isa avx  @source manuals/vnni/convert.md
static inline __m256 _mm256_castsi256_ps(__m256i a) { return (__m256)a; }

/// The same bits.
/// @isa avx  @source manuals/vnni/convert.md
static inline __m256d _mm256_castps_pd(__m256 a) { return (__m256d)a; }

/// The same bits.
/// @isa avx  @source manuals/vnni/convert.md
static inline __m256 _mm256_castpd_ps(__m256d a) { return (__m256)a; }

/// The same bits.
/// @isa avx  @source manuals/vnni/convert.md
static inline __m256i _mm256_castpd_si256(__m256d a) { return (__m256i)a; }

/// The same bits.
/// @isa avx  @source manuals/vnni/convert.md
static inline __m256d _mm256_castsi256_pd(__m256i a) { return (__m256d)a; }

/// The same bits.
/// @isa sse2  @source manuals/vnni/convert.md
static inline __m128i _mm_castps_si128(__m128 a) { return (__m128i)a; }

/// The same bits.
/// @isa sse2  @source manuals/vnni/convert.md
static inline __m128 _mm_castsi128_ps(__m128i a) { return (__m128)a; }

/// The same bits.
/// @isa sse2  @source manuals/vnni/convert.md
static inline __m128d _mm_castps_pd(__m128 a) { return (__m128d)a; }

/// The same bits.
/// @isa sse2  @source manuals/vnni/convert.md
static inline __m128 _mm_castpd_ps(__m128d a) { return (__m128)a; }

/// The same bits.
/// @isa sse2  @source manuals/vnni/convert.md
static inline __m128i _mm_castpd_si128(__m128d a) { return (__m128i)a; }

/// The same bits.
/// @isa sse2  @source manuals/vnni/convert.md
static inline __m128d _mm_castsi128_pd(__m128i a) { return (__m128d)a; }

/// The low 128 bits.
/// @isa avx  @source manuals/vnni/convert.md
static inline __m128 _mm256_castps256_ps128(__m256 a) { __m128 r; for (int j = 0; j < 4; ++j) r[j] = a[j]; return r; }

/// The low 128 bits are a; the rest is unspecified (0 here).
/// @isa avx  @source manuals/vnni/convert.md
static inline __m256 _mm256_castps128_ps256(__m128 a) { __m256 r = {0}; for (int j = 0; j < 4; ++j) r[j] = a[j]; return r; }

/// The low 128 bits.
/// @isa avx  @source manuals/vnni/convert.md
static inline __m128d _mm256_castpd256_pd128(__m256d a) { __m128d r; for (int j = 0; j < 2; ++j) r[j] = a[j]; return r; }

/// The low 128 bits are a; the rest is unspecified (0 here).
/// @isa avx  @source manuals/vnni/convert.md
static inline __m256d _mm256_castpd128_pd256(__m128d a) { __m256d r = {0}; for (int j = 0; j < 2; ++j) r[j] = a[j]; return r; }

/// The low 128 bits.
/// @isa avx  @source manuals/vnni/convert.md
static inline __m128i _mm256_castsi256_si128(__m256i a) { __m128i r; for (int j = 0; j < 2; ++j) r[j] = a[j]; return r; }

/// The low 128 bits are a; the rest is unspecified (0 here).
/// @isa avx  @source manuals/vnni/convert.md
static inline __m256i _mm256_castsi128_si256(__m128i a) { __m256i r = {0}; for (int j = 0; j < 2; ++j) r[j] = a[j]; return r; }

/// Element 0.
/// @operand a i32[4] register  @isa sse2  @source manuals/vnni/convert.md
static inline int _mm_cvtsi128_si32(__m128i a) { return ((i32x4)a)[0]; }

/// r = {value, 0, 0, 0}.
/// @operand value i32 scalar  @isa sse2  @source manuals/vnni/convert.md
static inline __m128i _mm_cvtsi32_si128(int value) { i32x4 r = {value, 0, 0, 0}; return (__m128i)r; }

/// Element imm.
/// @operand a i32[4] register  @operand imm i32 immediate  @isa sse4.1  @source manuals/vnni/select.md
static inline int _mm_extract_epi32(__m128i a, const int imm) { return ((i32x4)a)[imm & 3]; }
