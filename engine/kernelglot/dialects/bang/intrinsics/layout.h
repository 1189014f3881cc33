// Rearrangements. Shapes are given source first: `h` rows of `w` elements, HWC images.
#pragma once

// The lane order of WRAM: 64 lanes own a contiguous part each, and output channel `co` belongs to lane co % 64. BANG_WALIGN 64 keeps the
// blocks of 64 channels of a lane together; 16 does so for groups of 4 lanes. For up to 64 channels both are the plain order. Which one
// a compiler takes by itself from 3xx on is UNCERTAIN; `#pragma bang walign(16)` in a text sets it.
#ifndef BANG_WALIGN
#define BANG_WALIGN 64
#endif

/// The row of output channel `co` among `channels` (in memory: padded to a multiple of 64) in the filter order the tensor unit reads.
static inline unsigned long bang_filter_row(unsigned co, unsigned channels) {
#if defined(BANG_FILTER_ROWS) || defined(BANG_FILTER_COLUMNS)
  return co;
#else
  unsigned long blocks = (channels + 63) / 64;
  if (BANG_WALIGN == 16) return (co % 64 / 4 * blocks + co / 64) * 4 + co % 4;
  return co % 64 * blocks + co / 64;
#endif
}

template <typename T> static inline void bang_require_plane(T *dst, const T *src, unsigned long n_dst, unsigned long n_src) {
  bang_require_true(n_src > 0, "the number of elements is 0");
  bang_require_arena(src, n_src * sizeof(T), BANG_NRAM);
  bang_require_arena(dst, n_dst * sizeof(T), BANG_NRAM);
  bang_require_settled(src, n_src * sizeof(T), false, BANG_COMPUTE);
  bang_require_settled(dst, n_dst * sizeof(T), true, BANG_COMPUTE);
  bang_require_disjoint(dst, n_dst, src, n_src);
}

/// pad's value other than 0 needs 5xx.
template <typename T> static inline void bang_require_pad_value(T value) {
  if (value != (T)0) bang_require_arch(500);
}

template <typename T> static inline void bang_require_channels(unsigned pixels, unsigned channels) {
  bang_require_multiple(pixels * sizeof(T), 64, "the size of a plane in bytes");
  bang_require_multiple(channels * sizeof(T), 64, "the size of all channels in bytes");
}

/// dst[j][i] = src[i][j]: h rows of w become w rows of h.
/// @operand dst T[w][h] nram  @operand src T[h][w] nram
/// @types f32 f16 bf16 i32 i16 i8  @overlap none  @align 2xx: h and w times sizeof(T) % 64  @arch all  @source manuals/bang/layout.md
template <typename T> static inline void __bang_transpose(T *dst, const T *src, unsigned h, unsigned w) {
  bang_require_plane(dst, src, h * w, h * w);
  if (__BANG_ARCH__ < 300) bang_require_multiple(h * sizeof(T), 64, "the height in bytes");
  if (__BANG_ARCH__ < 300) bang_require_multiple(w * sizeof(T), 64, "the width in bytes");
  for (unsigned i = 0; i < h; ++i)
    for (unsigned j = 0; j < w; ++j) dst[j * h + i] = src[i * w + j];
}

/// dst = src with `top`, `bottom` rows and `left`, `right` columns of `value` around it; HWC.
/// @operand dst T[top+height+bottom][left+width+right][channel] nram  @operand src T[height][width][channel] nram
/// @types f32 f16 bf16 i32 i16 i8  @overlap none  @arch all; value other than 0 >=500  @source manuals/bang/layout.md
template <typename T>
static inline void __bang_pad(T *dst, const T *src, unsigned channel, unsigned height, unsigned width, unsigned top, unsigned bottom,
                              unsigned left, unsigned right, bang_value<T> value = 0) {
  unsigned out_height = top + height + bottom, out_width = left + width + right;
  bang_require_pad_value<T>(value);
  bang_require_true(height != 1 || (left == 0 && right == 0), "an image of one row can't be padded at its left or right");
  bang_require_plane(dst, src, out_height * out_width * channel, height * width * channel);
  for (unsigned i = 0; i < out_height; ++i)
    for (unsigned j = 0; j < out_width; ++j)
      for (unsigned c = 0; c < channel; ++c) {
        bool inside = i >= top && i < top + height && j >= left && j < left + width;
        dst[(i * out_width + j) * channel + c] = inside ? src[((i - top) * width + j - left) * channel + c] : value;
      }
}

/// dst[i][j] = src[i][w - 1 - j].
/// @operand dst T[h][w] nram  @operand src T[h][w] nram
/// @types f32 f16 i16 i8  @overlap none  @arch all  @source manuals/bang/layout.md
template <typename T> static inline void __bang_mirror(T *dst, const T *src, unsigned h, unsigned w) {
  bang_require_plane(dst, src, h * w, h * w);
  for (unsigned i = 0; i < h; ++i)
    for (unsigned j = 0; j < w; ++j) dst[i * w + j] = src[i * w + w - 1 - j];
}

/// dst[j][h - 1 - i] = src[i][j]: a quarter turn clockwise; dst has w rows of h.
/// @operand dst T[w][h] nram  @operand src T[h][w] nram
/// @types f32 f16 i16 i8  @overlap none  @arch all  @source manuals/bang/layout.md
template <typename T> static inline void __bang_rotate90(T *dst, const T *src, unsigned h, unsigned w) {
  bang_require_plane(dst, src, h * w, h * w);
  for (unsigned i = 0; i < h; ++i)
    for (unsigned j = 0; j < w; ++j) dst[j * h + h - 1 - i] = src[i * w + j];
}

/// dst[h - 1 - i][w - 1 - j] = src[i][j]: half a turn.
/// @operand dst T[h][w] nram  @operand src T[h][w] nram
/// @types f32 f16 i16 i8  @overlap none  @arch all  @source manuals/bang/layout.md
template <typename T> static inline void __bang_rotate180(T *dst, const T *src, unsigned h, unsigned w) {
  bang_require_plane(dst, src, h * w, h * w);
  for (unsigned i = 0; i < h; ++i)
    for (unsigned j = 0; j < w; ++j) dst[(h - 1 - i) * w + w - 1 - j] = src[i * w + j];
}

/// dst[w - 1 - j][i] = src[i][j]: three quarters of a turn clockwise; dst has w rows of h.
/// @operand dst T[w][h] nram  @operand src T[h][w] nram
/// @types f32 f16 i16 i8  @overlap none  @arch all  @source manuals/bang/layout.md
template <typename T> static inline void __bang_rotate270(T *dst, const T *src, unsigned h, unsigned w) {
  bang_require_plane(dst, src, h * w, h * w);
  for (unsigned i = 0; i < h; ++i)
    for (unsigned j = 0; j < w; ++j) dst[(w - 1 - j) * h + i] = src[i * w + j];
}

/// dst[n][h][w][c] = src[n][c][h][w].
/// @operand dst T[n][h][w][c] nram  @operand src T[n][c][h][w] nram
/// @types f32 f16 i16 i8  @overlap none  @align h * w * sizeof(T) % 64, c * sizeof(T) % 64  @arch all  @source manuals/bang/layout.md
template <typename T>
static inline void __bang_reshape_nchw2nhwc(T *dst, const T *src, unsigned n, unsigned h, unsigned w, unsigned c) {
  bang_require_channels<T>(h * w, c);
  bang_require_plane(dst, src, n * h * w * c, n * h * w * c);
  for (unsigned b = 0; b < n; ++b)
    for (unsigned p = 0; p < h * w; ++p)
      for (unsigned k = 0; k < c; ++k) dst[(b * h * w + p) * c + k] = src[(b * c + k) * h * w + p];
}

/// dst[n][c][h][w] = src[n][h][w][c].
/// @operand dst T[n][c][h][w] nram  @operand src T[n][h][w][c] nram
/// @types f32 f16 i16 i8  @overlap none  @align h * w * sizeof(T) % 64, c * sizeof(T) % 64  @arch all  @source manuals/bang/layout.md
template <typename T>
static inline void __bang_reshape_nhwc2nchw(T *dst, const T *src, unsigned n, unsigned h, unsigned w, unsigned c) {
  bang_require_channels<T>(h * w, c);
  bang_require_plane(dst, src, n * h * w * c, n * h * w * c);
  for (unsigned b = 0; b < n; ++b)
    for (unsigned p = 0; p < h * w; ++p)
      for (unsigned k = 0; k < c; ++k) dst[(b * c + k) * h * w + p] = src[(b * h * w + p) * c + k];
}

/// Filter rows [n][h][w][c] in the lane order of WRAM: what conv, mlp and matmul expect after a copy to WRAM.
/// @operand dst T[n][h*w*c] nram  @operand src T[n][h][w][c] nram
/// @length n % 64 == 0, h * w * c * sizeof(T) % 32 == 0 (2xx: 128)  @types f32 f16 bf16 i16 i8  @overlap none  @arch all
/// @source manuals/bang/layout.md
template <typename T>
static inline void __bang_reshape_filter(T *dst, const T *src, unsigned n, unsigned h, unsigned w, unsigned c) {
  bang_require_multiple(n, 64, "the number of filters");
  bang_require_multiple(h * w * c * sizeof(T), __BANG_ARCH__ < 300 ? 128 : 32, "the size of one filter in bytes");
  bang_require_plane(dst, src, n * h * w * c, n * h * w * c);
  for (unsigned i = 0; i < n; ++i)
    for (unsigned k = 0; k < h * w * c; ++k) dst[bang_filter_row(i, n) * h * w * c + k] = src[i * h * w * c + k];
}

/// A square of lines of 64 bytes, transposed in units of `bits`: element i of line j goes to element j of line i. Source line j lies at
/// (j / n1 * s2 + j % n1 * s1) * 64 bytes, destination line i at (i / n6 * s7 + i % n6 * s6) * 64 bytes. The guide's examples say so for
/// 32 bits; that the other widths follow it is UNCERTAIN.
template <unsigned bits>
static inline void bang_tile(void *dst, const void *src, unsigned n2, int s2, unsigned n1, int s1, unsigned n7, int s7, unsigned n6,
                             int s6) {
  const unsigned lines = 512 / bits, bytes = bits / 8;
  bang_require_true(n1 * n2 == lines && n6 * n7 == lines, "the lines of source and destination must be as many as elements fit into one");
  for (unsigned i = 0; i < lines; ++i) {
    bang_require_few((const char *)src + (i / n1 * (long)s2 + i % n1 * (long)s1) * 64, 64);
    bang_require_few((char *)dst + (i / n6 * (long)s7 + i % n6 * (long)s6) * 64, 64, true);
  }
  for (unsigned i = 0; i < lines; ++i)
    for (unsigned j = 0; j < lines; ++j) {
      char *to = (char *)dst + (i / n6 * (long)s7 + i % n6 * (long)s6) * 64;
      const char *from = (const char *)src + (j / n1 * (long)s2 + j % n1 * (long)s1) * 64;
      bang_require_disjoint(to, 64, from, 64);
      memcpy(to + j * bytes, from + i * bytes, bytes);
    }
}

/// Element i of each source line of 64 bytes becomes part of destination line i: a transposition of 64 x 64 elements of 8 bits.
/// @operand dst bytes[64] nram  @operand src bytes[64] nram  @length n1 * n2 == n6 * n7 == 64; strides in units of 64 bytes  @overlap none
/// @arch >=300  @source manuals/bang/layout.md
static inline void __bang_tiling_2d_b8(void *dst, const void *src, unsigned n2, int s2, unsigned n1, int s1, unsigned n7, int s7,
                                       unsigned n6, int s6) {
  bang_require_arch(300);
  bang_tile<8>(dst, src, n2, s2, n1, s1, n7, s7, n6, s6);
}

/// Element i of each source line of 64 bytes becomes part of destination line i: a transposition of 32 x 32 elements of 16 bits.
/// @operand dst bytes[64] nram  @operand src bytes[64] nram  @length n1 * n2 == n6 * n7 == 32; strides in units of 64 bytes  @overlap none
/// @arch >=300  @source manuals/bang/layout.md
static inline void __bang_tiling_2d_b16(void *dst, const void *src, unsigned n2, int s2, unsigned n1, int s1, unsigned n7, int s7,
                                        unsigned n6, int s6) {
  bang_require_arch(300);
  bang_tile<16>(dst, src, n2, s2, n1, s1, n7, s7, n6, s6);
}

/// Element i of each source line of 64 bytes becomes part of destination line i: a transposition of 16 x 16 elements of 32 bits.
/// @operand dst bytes[64] nram  @operand src bytes[64] nram  @length n1 * n2 == n6 * n7 == 16; strides in units of 64 bytes  @overlap none
/// @arch >=300  @source manuals/bang/layout.md
static inline void __bang_tiling_2d_b32(void *dst, const void *src, unsigned n2, int s2, unsigned n1, int s1, unsigned n7, int s7,
                                        unsigned n6, int s6) {
  bang_require_arch(300);
  bang_tile<32>(dst, src, n2, s2, n1, s1, n7, s7, n6, s6);
}

/// Element i of each source line of 64 bytes becomes part of destination line i: a transposition of 8 x 8 elements of 64 bits.
/// @operand dst bytes[64] nram  @operand src bytes[64] nram  @length n1 * n2 == n6 * n7 == 8; strides in units of 64 bytes  @overlap none
/// @arch >=300  @source manuals/bang/layout.md
static inline void __bang_tiling_2d_b64(void *dst, const void *src, unsigned n2, int s2, unsigned n1, int s1, unsigned n7, int s7,
                                        unsigned n6, int s6) {
  bang_require_arch(300);
  bang_tile<64>(dst, src, n2, s2, n1, s1, n7, s7, n6, s6);
}

/// Element i of each source line of 64 bytes becomes part of destination line i: a transposition of 4 x 4 elements of 128 bits.
/// @operand dst bytes[64] nram  @operand src bytes[64] nram  @length n1 * n2 == n6 * n7 == 4; strides in units of 64 bytes  @overlap none
/// @arch >=300  @source manuals/bang/layout.md
static inline void __bang_tiling_2d_b128(void *dst, const void *src, unsigned n2, int s2, unsigned n1, int s1, unsigned n7, int s7,
                                         unsigned n6, int s6) {
  bang_require_arch(300);
  bang_tile<128>(dst, src, n2, s2, n1, s1, n7, s7, n6, s6);
}

/// Element i of each source line of 64 bytes becomes part of destination line i: a transposition of 2 x 2 elements of 256 bits.
/// @operand dst bytes[64] nram  @operand src bytes[64] nram  @length n1 * n2 == n6 * n7 == 2; strides in units of 64 bytes  @overlap none
/// @arch >=300  @source manuals/bang/layout.md
static inline void __bang_tiling_2d_b256(void *dst, const void *src, unsigned n2, int s2, unsigned n1, int s1, unsigned n7, int s7,
                                         unsigned n6, int s6) {
  bang_require_arch(300);
  bang_tile<256>(dst, src, n2, s2, n1, s1, n7, s7, n6, s6);
}
