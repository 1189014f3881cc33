// Moving elements, 512 bits wide: blends, permutations, parts of vectors, casts that keep the bits.
#pragma once

/// r[j] = b[j] where bit j of k is 1, else a[j].
/// @operand a f32[16] register  @operand b f32[16] register  @isa avx512f  @source manuals/vnni/select.md
static inline __m512 _mm512_mask_blend_ps(__mmask16 k, __m512 a, __m512 b) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? b[j] : a[j];
  return r;
}

/// r[j] = a[j] where bit j of k is 1, else src[j].
/// @operand src f32[16] register  @operand a f32[16] register  @isa avx512f  @source manuals/vnni/select.md
static inline __m512 _mm512_mask_mov_ps(__m512 src, __mmask16 k, __m512 a) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? a[j] : src[j];
  return r;
}

/// r[j] = a[j] where bit j of k is 1, else 0.
/// @operand a f32[16] register  @isa avx512f  @source manuals/vnni/select.md
static inline __m512 _mm512_maskz_mov_ps(__mmask16 k, __m512 a) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? a[j] : 0;
  return r;
}

/// r[j] = b[j] where bit j of k is 1, else a[j].
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/select.md
static inline __m512i _mm512_mask_blend_epi32(__mmask16 k, __m512i a, __m512i b) {
  i32x16 x = (i32x16)a, y = (i32x16)b;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? y[j] : x[j];
  return (__m512i)r;
}

/// r[j] = a[j] where bit j of k is 1, else src[j].
/// @operand src i32[16] register  @operand a i32[16] register  @isa avx512f  @source manuals/vnni/select.md
static inline __m512i _mm512_mask_mov_epi32(__m512i src, __mmask16 k, __m512i a) {
  i32x16 s = (i32x16)src, x = (i32x16)a;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? x[j] : s[j];
  return (__m512i)r;
}

/// r[j] = a[j] where bit j of k is 1, else 0.
/// @operand a i32[16] register  @isa avx512f  @source manuals/vnni/select.md
static inline __m512i _mm512_maskz_mov_epi32(__mmask16 k, __m512i a) {
  i32x16 x = (i32x16)a;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? x[j] : 0;
  return (__m512i)r;
}

/// r[j] = a[index[j] modulo the number of elements].
/// @operand index i32[16] register  @operand a f32[16] register  @isa avx512f  @source manuals/vnni/select.md
static inline __m512 _mm512_permutexvar_ps(__m512i index, __m512 a) {
  i32x16 x = (i32x16)index;
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = a[x[j] & 15];
  return r;
}

/// r[j] = a[index[j] modulo the number of elements] where bit j of k is 1, else 0.
/// @operand index i32[16] register  @operand a f32[16] register  @isa avx512f  @source manuals/vnni/select.md
static inline __m512 _mm512_maskz_permutexvar_ps(__mmask16 k, __m512i index, __m512 a) {
  i32x16 x = (i32x16)index;
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? a[x[j] & 15] : 0;
  return r;
}

/// r[j] = element index[j] of a followed by b (bit 4 chooses b).
/// @operand a f32[16] register  @operand index i32[16] register  @operand b f32[16] register  @isa avx512f
/// @source manuals/vnni/select.md
static inline __m512 _mm512_permutex2var_ps(__m512 a, __m512i index, __m512 b) {
  i32x16 x = (i32x16)index;
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = x[j] & 16 ? b[x[j] & 15] : a[x[j] & 15];
  return r;
}

/// r[j] = a[index[j] modulo the number of elements].
/// @operand index i32[16] register  @operand a i32[16] register  @isa avx512f  @source manuals/vnni/select.md
static inline __m512i _mm512_permutexvar_epi32(__m512i index, __m512i a) {
  i32x16 x = (i32x16)index;
  i32x16 y = (i32x16)a;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = y[x[j] & 15];
  return (__m512i)r;
}

/// r[j] = a[index[j] modulo the number of elements] where bit j of k is 1, else 0.
/// @operand index i32[16] register  @operand a i32[16] register  @isa avx512f  @source manuals/vnni/select.md
static inline __m512i _mm512_maskz_permutexvar_epi32(__mmask16 k, __m512i index, __m512i a) {
  i32x16 x = (i32x16)index;
  i32x16 y = (i32x16)a;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = k >> j & 1 ? y[x[j] & 15] : 0;
  return (__m512i)r;
}

/// r[j] = element index[j] of a followed by b (bit 4 chooses b).
/// @operand a i32[16] register  @operand index i32[16] register  @operand b i32[16] register  @isa avx512f
/// @source manuals/vnni/select.md
static inline __m512i _mm512_permutex2var_epi32(__m512i a, __m512i index, __m512i b) {
  i32x16 x = (i32x16)index;
  i32x16 y = (i32x16)a, z = (i32x16)b;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = x[j] & 16 ? z[x[j] & 15] : y[x[j] & 15];
  return (__m512i)r;
}

/// In each 128 bits: the low halves of a and b, element by element in turn.
/// @operand a i8[64] register  @operand b i8[64] register  @isa avx512bw  @source manuals/vnni/select.md
static inline __m512i _mm512_unpacklo_epi8(__m512i a, __m512i b) {
  i8x64 x = (i8x64)a, y = (i8x64)b, r;
  for (int j = 0; j < 64; ++j) {
    int from = j / 16 * 16 + j % 16 / 2 + 0;
    r[j] = j % 2 ? y[from] : x[from];
  }
  return (__m512i)r;
}

/// In each 128 bits: the high halves of a and b, element by element in turn.
/// @operand a i8[64] register  @operand b i8[64] register  @isa avx512bw  @source manuals/vnni/select.md
static inline __m512i _mm512_unpackhi_epi8(__m512i a, __m512i b) {
  i8x64 x = (i8x64)a, y = (i8x64)b, r;
  for (int j = 0; j < 64; ++j) {
    int from = j / 16 * 16 + j % 16 / 2 + 8;
    r[j] = j % 2 ? y[from] : x[from];
  }
  return (__m512i)r;
}

/// In each 128 bits: the low halves of a and b, element by element in turn.
/// @operand a i16[32] register  @operand b i16[32] register  @isa avx512bw  @source manuals/vnni/select.md
static inline __m512i _mm512_unpacklo_epi16(__m512i a, __m512i b) {
  i16x32 x = (i16x32)a, y = (i16x32)b, r;
  for (int j = 0; j < 32; ++j) {
    int from = j / 8 * 8 + j % 8 / 2 + 0;
    r[j] = j % 2 ? y[from] : x[from];
  }
  return (__m512i)r;
}

/// In each 128 bits: the high halves of a and b, element by element in turn.
/// @operand a i16[32] register  @operand b i16[32] register  @isa avx512bw  @source manuals/vnni/select.md
static inline __m512i _mm512_unpackhi_epi16(__m512i a, __m512i b) {
  i16x32 x = (i16x32)a, y = (i16x32)b, r;
  for (int j = 0; j < 32; ++j) {
    int from = j / 8 * 8 + j % 8 / 2 + 4;
    r[j] = j % 2 ? y[from] : x[from];
  }
  return (__m512i)r;
}

/// In each 128 bits: the low halves of a and b, element by element in turn.
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/select.md
static inline __m512i _mm512_unpacklo_epi32(__m512i a, __m512i b) {
  i32x16 x = (i32x16)a, y = (i32x16)b, r;
  for (int j = 0; j < 16; ++j) {
    int from = j / 4 * 4 + j % 4 / 2 + 0;
    r[j] = j % 2 ? y[from] : x[from];
  }
  return (__m512i)r;
}

/// In each 128 bits: the high halves of a and b, element by element in turn.
/// @operand a i32[16] register  @operand b i32[16] register  @isa avx512f  @source manuals/vnni/select.md
static inline __m512i _mm512_unpackhi_epi32(__m512i a, __m512i b) {
  i32x16 x = (i32x16)a, y = (i32x16)b, r;
  for (int j = 0; j < 16; ++j) {
    int from = j / 4 * 4 + j % 4 / 2 + 2;
    r[j] = j % 2 ? y[from] : x[from];
  }
  return (__m512i)r;
}

/// In each 128 bits: the low halves of a and b, element by element in turn.
/// @operand a i64[8] register  @operand b i64[8] register  @isa avx512f  @source manuals/vnni/select.md
static inline __m512i _mm512_unpacklo_epi64(__m512i a, __m512i b) {
  i64x8 x = (i64x8)a, y = (i64x8)b, r;
  for (int j = 0; j < 8; ++j) {
    int from = j / 2 * 2 + j % 2 / 2 + 0;
    r[j] = j % 2 ? y[from] : x[from];
  }
  return (__m512i)r;
}

/// In each 128 bits: the high halves of a and b, element by element in turn.
/// @operand a i64[8] register  @operand b i64[8] register  @isa avx512f  @source manuals/vnni/select.md
static inline __m512i _mm512_unpackhi_epi64(__m512i a, __m512i b) {
  i64x8 x = (i64x8)a, y = (i64x8)b, r;
  for (int j = 0; j < 8; ++j) {
    int from = j / 2 * 2 + j % 2 / 2 + 1;
    r[j] = j % 2 ? y[from] : x[from];
  }
  return (__m512i)r;
}

/// In each 128 bits: r[j] = a[index[j] & 15], 0 where the top bit of index[j] is set; bytes.
/// @operand a i8[64] register  @operand index i8[64] register  @isa avx512bw  @source manuals/vnni/select.md
static inline __m512i _mm512_shuffle_epi8(__m512i a, __m512i index) {
  i8x64 x = (i8x64)a, y = (i8x64)index, r;
  for (int j = 0; j < 64; ++j) r[j] = y[j] < 0 ? 0 : x[j / 16 * 16 + (y[j] & 15)];
  return (__m512i)r;
}

/// In each 128 bits: r[j] = a[bits 2j and 2j+1 of imm]; 32-bit elements.
/// @operand a i32[16] register  @operand imm i32 immediate  @isa avx512f  @source manuals/vnni/select.md
static inline __m512i _mm512_shuffle_epi32(__m512i a, _MM_PERM_ENUM imm) {
  i32x16 x = (i32x16)a, r;
  for (int j = 0; j < 16; ++j) r[j] = x[j / 4 * 4 + (imm >> 2 * (j % 4) & 3)];
  return (__m512i)r;
}

/// In each 128 bits: elements 0 and 1 from a, 2 and 3 from b, chosen by bits 2j and 2j+1 of imm.
/// @operand a f32[16] register  @operand b f32[16] register  @operand imm i32 immediate  @isa avx512f  @source manuals/vnni/select.md
static inline __m512 _mm512_shuffle_ps(__m512 a, __m512 b, const int imm) {
  __m512 r;
  for (int j = 0; j < 16; ++j) r[j] = j % 4 < 2 ? a[j / 4 * 4 + (imm >> 2 * (j % 4) & 3)] : b[j / 4 * 4 + (imm >> 2 * (j % 4) & 3)];
  return r;
}

/// r = part imm (of 4) of a, 128 bits each.
/// @operand a f32[16] register  @operand imm i32 immediate  @isa avx512f  @source manuals/vnni/select.md
static inline __m128 _mm512_extractf32x4_ps(__m512 a, const int imm) {
  __m128 r;
  for (int j = 0; j < 4; ++j) r[j] = a[(imm & 3) * 4 + j];
  return r;
}

/// r = part imm (of 2) of a, 256 bits each.
/// @operand a f32[16] register  @operand imm i32 immediate  @isa avx512dq  @source manuals/vnni/select.md
static inline __m256 _mm512_extractf32x8_ps(__m512 a, const int imm) {
  __m256 r;
  for (int j = 0; j < 8; ++j) r[j] = a[(imm & 1) * 8 + j];
  return r;
}

/// r = part imm (of 4) of a, 128 bits each.
/// @operand a i32[16] register  @operand imm i32 immediate  @isa avx512f  @source manuals/vnni/select.md
static inline __m128i _mm512_extracti32x4_epi32(__m512i a, const int imm) {
  i32x16 x = (i32x16)a;
  i32x4 r;
  for (int j = 0; j < 4; ++j) r[j] = x[(imm & 3) * 4 + j];
  return (__m128i)r;
}

/// r = part imm (of 2) of a, 256 bits each.
/// @operand a i32[16] register  @operand imm i32 immediate  @isa avx512dq  @source manuals/vnni/select.md
static inline __m256i _mm512_extracti32x8_epi32(__m512i a, const int imm) {
  i32x16 x = (i32x16)a;
  i32x8 r;
  for (int j = 0; j < 8; ++j) r[j] = x[(imm & 1) * 8 + j];
  return (__m256i)r;
}

/// r = part imm (of 2) of a, 256 bits each.
/// @operand a i64[8] register  @operand imm i32 immediate  @isa avx512f  @source manuals/vnni/select.md
static inline __m256i _mm512_extracti64x4_epi64(__m512i a, const int imm) {
  i64x8 x = (i64x8)a;
  i64x4 r;
  for (int j = 0; j < 4; ++j) r[j] = x[(imm & 1) * 4 + j];
  return (__m256i)r;
}

/// r = part imm (of 2) of a, 256 bits each.
/// @operand a f64[8] register  @operand imm i32 immediate  @isa avx512f  @source manuals/vnni/select.md
static inline __m256d _mm512_extractf64x4_pd(__m512d a, const int imm) {
  __m256d r;
  for (int j = 0; j < 4; ++j) r[j] = a[(imm & 1) * 4 + j];
  return r;
}

/// r = a with part imm (of 4) replaced by b.
/// @operand a f32[16] register  @operand b f32[4] register  @operand imm i32 immediate  @isa avx512f  @source manuals/vnni/select.md
static inline __m512 _mm512_insertf32x4(__m512 a, __m128 b, const int imm) {
  __m512 r = (__m512)a;
  __m128 y = (__m128)b;
  for (int j = 0; j < 4; ++j) r[(imm & 3) * 4 + j] = y[j];
  return (__m512)r;
}

/// r = a with part imm (of 4) replaced by b.
/// @operand a i32[16] register  @operand b i32[4] register  @operand imm i32 immediate  @isa avx512f  @source manuals/vnni/select.md
static inline __m512i _mm512_inserti32x4(__m512i a, __m128i b, const int imm) {
  i32x16 r = (i32x16)a;
  i32x4 y = (i32x4)b;
  for (int j = 0; j < 4; ++j) r[(imm & 3) * 4 + j] = y[j];
  return (__m512i)r;
}

/// r = a with part imm (of 2) replaced by b.
/// @operand a f32[16] register  @operand b f32[8] register  @operand imm i32 immediate  @isa avx512dq  @source manuals/vnni/select.md
static inline __m512 _mm512_insertf32x8(__m512 a, __m256 b, const int imm) {
  __m512 r = (__m512)a;
  __m256 y = (__m256)b;
  for (int j = 0; j < 8; ++j) r[(imm & 1) * 8 + j] = y[j];
  return (__m512)r;
}

/// r = a with part imm (of 2) replaced by b.
/// @operand a i64[8] register  @operand b i64[4] register  @operand imm i32 immediate  @isa avx512f  @source manuals/vnni/select.md
static inline __m512i _mm512_inserti64x4(__m512i a, __m256i b, const int imm) {
  i64x8 r = (i64x8)a;
  i64x4 y = (i64x4)b;
  for (int j = 0; j < 4; ++j) r[(imm & 1) * 4 + j] = y[j];
  return (__m512i)r;
}

/// r[j] = a[0].
/// @operand a f32[4] register  @isa avx512f  @source manuals/vnni/select.md
static inline __m512 _mm512_broadcastss_ps(__m128 a) { __m512 r; for (int j = 0; j < 16; ++j) r[j] = a[0]; return r; }

/// r[j] = a[0].
/// @operand a i32[4] register  @isa avx512f  @source manuals/vnni/select.md
static inline __m512i _mm512_broadcastd_epi32(__m128i a) {
  i32x4 x = (i32x4)a;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = x[0];
  return (__m512i)r;
}

/// r[j] = a[0].
/// @operand a i8[16] register  @isa avx512bw  @source manuals/vnni/select.md
static inline __m512i _mm512_broadcastb_epi8(__m128i a) {
  i8x16 x = (i8x16)a;
  i8x64 r;
  for (int j = 0; j < 64; ++j) r[j] = x[0];
  return (__m512i)r;
}

/// r[j] = a[0].
/// @operand a i16[8] register  @isa avx512bw  @source manuals/vnni/select.md
static inline __m512i _mm512_broadcastw_epi16(__m128i a) {
  i16x8 x = (i16x8)a;
  i16x32 r;
  for (int j = 0; j < 32; ++j) r[j] = x[0];
  return (__m512i)r;
}

/// r[j] = a[0].
/// @operand a i64[2] register  @isa avx512f  @source manuals/vnni/select.md
static inline __m512i _mm512_broadcastq_epi64(__m128i a) {
  i64x2 x = (i64x2)a;
  i64x8 r;
  for (int j = 0; j < 8; ++j) r[j] = x[0];
  return (__m512i)r;
}

/// r[j] = a[j % 4].
/// @operand a f32[4] register  @isa avx512f  @source manuals/vnni/select.md
static inline __m512 _mm512_broadcast_f32x4(__m128 a) { __m512 r; for (int j = 0; j < 16; ++j) r[j] = a[j % 4]; return r; }

/// r[j] = a[j % 4].
/// @operand a i32[4] register  @isa avx512f  @source manuals/vnni/select.md
static inline __m512i _mm512_broadcast_i32x4(__m128i a) {
  i32x4 x = (i32x4)a;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = x[j % 4];
  return (__m512i)r;
}

/// r[j] = a[j % 4].
/// @operand a i64[4] register  @isa avx512f  @source manuals/vnni/select.md
static inline __m512i _mm512_broadcast_i64x4(__m256i a) {
  i64x4 x = (i64x4)a;
  i64x8 r;
  for (int j = 0; j < 8; ++j) r[j] = x[j % 4];
  return (__m512i)r;
}

/// r[j] = a[j % 8].
/// @operand a f32[8] register  @isa avx512dq  @source manuals/vnni/select.md
static inline __m512 _mm512_broadcast_f32x8(__m256 a) { __m512 r; for (int j = 0; j < 16; ++j) r[j] = a[j % 8]; return r; }

/// r[j] = a[j % 8].
/// @operand a i32[8] register  @isa avx512dq  @source manuals/vnni/select.md
static inline __m512i _mm512_broadcast_i32x8(__m256i a) {
  i32x8 x = (i32x8)a;
  i32x16 r;
  for (int j = 0; j < 16; ++j) r[j] = x[j % 8];
  return (__m512i)r;
}

/// Elements whose bit of k is 1, packed to the front; the rest is 0.
/// @operand a f32[16] register  @isa avx512f  @source manuals/vnni/select.md
static inline __m512 _mm512_maskz_compress_ps(__mmask16 k, __m512 a) {
  __m512 r = _mm512_setzero_ps();
  int place = 0;
  for (int j = 0; j < 16; ++j)
    if (k >> j & 1) r[place++] = a[j];
  return r;
}

/// Elements whose bit of k is 1, packed to the front of memory; returns nothing.
/// @operand p f32 memory  @operand a f32[16] register  @isa avx512f  @source manuals/vnni/select.md
static inline void _mm512_mask_compressstoreu_ps(void *p, __mmask16 k, __m512 a) {
  int place = 0;
  for (int j = 0; j < 16; ++j)
    if (k >> j & 1) ((float *)p)[place++] = a[j];
}

/// The same bits.
/// @isa avx512f  @source manuals/vnni/convert.md
static inline __m512i _mm512_castps_si512(__m512 a) { return (__m512i)a; }

/// The same bits.
/// @isa avx512f  @source manuals/vnni/convert.md
static inline __m512 _mm512_castsi512_ps(__m512i a) { return (__m512)a; }

/// The same bits.
/// @isa avx512f  @source manuals/vnni/convert.md
static inline __m512d _mm512_castps_pd(__m512 a) { return (__m512d)a; }

/// The same bits.
/// @isa avx512f  @source manuals/vnni/convert.md
static inline __m512 _mm512_castpd_ps(__m512d a) { return (__m512)a; }

/// The same bits.
/// @isa avx512f  @source manuals/vnni/convert.md
static inline __m512i _mm512_castpd_si512(__m512d a) { return (__m512i)a; }

/// The same bits.
/// @isa avx512f  @source manuals/vnni/convert.md
static inline __m512d _mm512_castsi512_pd(__m512i a) { return (__m512d)a; }

/// The low 256 bits.
/// @isa avx512f  @source manuals/vnni/convert.md
static inline __m256 _mm512_castps512_ps256(__m512 a) { __m256 r; for (int j = 0; j < 8; ++j) r[j] = a[j]; return r; }

/// The low 256 bits are a; the rest is unspecified (0 here).
/// @isa avx512f  @source manuals/vnni/convert.md
static inline __m512 _mm512_castps256_ps512(__m256 a) { __m512 r = {0}; for (int j = 0; j < 8; ++j) r[j] = a[j]; return r; }

/// The low 256 bits.
/// @isa avx512f  @source manuals/vnni/convert.md
static inline __m256d _mm512_castpd512_pd256(__m512d a) { __m256d r; for (int j = 0; j < 4; ++j) r[j] = a[j]; return r; }

/// The low 256 bits are a; the rest is unspecified (0 here).
/// @isa avx512f  @source manuals/vnni/convert.md
static inline __m512d _mm512_castpd256_pd512(__m256d a) { __m512d r = {0}; for (int j = 0; j < 4; ++j) r[j] = a[j]; return r; }

/// The low 256 bits.
/// @isa avx512f  @source manuals/vnni/convert.md
static inline __m256i _mm512_castsi512_si256(__m512i a) { __m256i r; for (int j = 0; j < 4; ++j) r[j] = a[j]; return r; }

/// The low 256 bits are a; the rest is unspecified (0 here).
/// @isa avx512f  @source manuals/vnni/convert.md
static inline __m512i _mm512_castsi256_si512(__m256i a) { __m512i r = {0}; for (int j = 0; j < 4; ++j) r[j] = a[j]; return r; }

/// The low 128 bits.
/// @isa avx512f  @source manuals/vnni/convert.md
static inline __m128 _mm512_castps512_ps128(__m512 a) { __m128 r; for (int j = 0; j < 4; ++j) r[j] = a[j]; return r; }

/// The low 128 bits are a; the rest is unspecified (0 here).
/// @isa avx512f  @source manuals/vnni/convert.md
static inline __m512 _mm512_castps128_ps512(__m128 a) { __m512 r = {0}; for (int j = 0; j < 4; ++j) r[j] = a[j]; return r; }

/// The low 128 bits.
/// @isa avx512f  @source manuals/vnni/convert.md
static inline __m128d _mm512_castpd512_pd128(__m512d a) { __m128d r; for (int j = 0; j < 2; ++j) r[j] = a[j]; return r; }

/// The low 128 bits are a; the rest is unspecified (0 here).
/// @isa avx512f  @source manuals/vnni/convert.md
static inline __m512d _mm512_castpd128_pd512(__m128d a) { __m512d r = {0}; for (int j = 0; j < 2; ++j) r[j] = a[j]; return r; }

/// The low 128 bits.
/// @isa avx512f  @source manuals/vnni/convert.md
static inline __m128i _mm512_castsi512_si128(__m512i a) { __m128i r; for (int j = 0; j < 2; ++j) r[j] = a[j]; return r; }

/// The low 128 bits are a; the rest is unspecified (0 here).
/// @isa avx512f  @source manuals/vnni/convert.md
static inline __m512i _mm512_castsi128_si512(__m128i a) { __m512i r = {0}; for (int j = 0; j < 2; ++j) r[j] = a[j]; return r; }

/// Element 0.
/// @operand a i32[16] register  @isa avx512f  @source manuals/vnni/convert.md
static inline int _mm512_cvtsi512_si32(__m512i a) { return ((i32x16)a)[0]; }
