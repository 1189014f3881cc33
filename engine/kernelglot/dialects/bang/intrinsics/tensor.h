// Matrix and convolution units. The filter lies in WRAM, in the lane order __bang_reshape_filter makes (layout.h); plain order is the same
// for up to 64 output channels. Floating operands give a float sum; the integer forms end in `fix_position`: sum * 2^fix_position.
// Sums are taken in rising order here; hardware leaves the order open.
#pragma once

/// The element of a filter [outputs][inputs] in WRAM.
static inline unsigned long bang_filter_at(unsigned output, unsigned input, unsigned outputs, unsigned inputs) {
#ifdef BANG_FILTER_ROWS
  return (unsigned long)input * outputs + output;
#else
  return bang_filter_row(output, outputs) * inputs + input;
#endif
}

/// What a filter [outputs][inputs] needs: WRAM for outputs padded to 64, rows of whole 64 bytes (fewer where the operands' widths differ).
template <typename A, typename B> static inline void bang_require_filter(const B *filter, unsigned outputs, unsigned inputs) {
#ifdef BANG_FILTER_ROWS
  bang_require_wram(filter, (unsigned long)outputs * inputs);
#else
  bang_require_multiple(inputs * sizeof(B), sizeof(A) <= sizeof(B) ? 64 : 64 * sizeof(B) / sizeof(A), "the length in bytes of a filter row");
  if (__BANG_ARCH__ < 300) bang_require_multiple(outputs, 64, "the number of outputs");
  bang_require_wram(filter, (outputs + 63ul) / 64 * 64 * inputs);
#endif
}

/// A dense operand or result of a tensor intrinsic.
template <typename T> static inline void bang_require_dense(const T *pointer, unsigned long n, bool writes = false) {
  bang_require_true(n > 0, "the number of elements is 0");
  bang_require_arena(pointer, n * sizeof(T), BANG_NRAM);
  bang_require_settled(pointer, n * sizeof(T), writes, BANG_COMPUTE);
}

/// An exact sum times 2^fix_position, as the type of the result: integers saturate.
static inline void bang_scale(float *dst, int64_t sum, int fix_position) { *dst = (float)ldexp((double)sum, fix_position); }
static inline void bang_scale(half *dst, int64_t sum, int fix_position) { *dst = (float)ldexp((double)sum, fix_position); }
static inline void bang_scale(int16_t *dst, int64_t sum, int fix_position) {
  double scaled = nearbyint(ldexp((double)sum, fix_position));
  *dst = scaled > 32767 ? 32767 : scaled < -32768 ? -32768 : (int16_t)scaled;
}

/// dst[M][N] = src0[M][K] x src1, whose N columns of K elements lie one after another (lane order for N > 64). Nothing is added to dst.
/// @operand dst D[M][N] nram  @operand src0 A[M][K] nram  @operand src1 B[N][K] wram
/// @length K * sizeof(B) % 64 == 0; WRAM for N padded to 64  @types f32xf32->f32 f16xf16->f32 bf16xbf16->f32  @overlap none
/// @align src1 32 B  @arch 372 592  @source manuals/bang/tensor.md
template <typename D, typename A, typename B>
static inline void __bang_matmul(D *dst, const A *src0, const B *src1, unsigned M, unsigned K, unsigned N) {
  bang_require_dense(src0, (unsigned long)M * K);
  bang_require_filter<A>(src1, N, K);
  bang_require_dense(dst, (unsigned long)M * N, true);
  bang_require_disjoint(dst, (unsigned long)M * N, src0, (unsigned long)M * K);
  for (unsigned m = 0; m < M; ++m)
    for (unsigned n = 0; n < N; ++n) {
      float sum = 0.0f;
      for (unsigned k = 0; k < K; ++k) sum += (float)src0[m * K + k] * (float)src1[bang_filter_at(n, k, N, K)];
      dst[m * N + n] = sum;
    }
}

/// dst[M][N] = src0[M][K] x src1 of integers, times 2^fix_position; src1 as in the floating form.
/// @operand dst D[M][N] nram  @operand src0 A[M][K] nram  @operand src1 B[N][K] wram  @operand fix_position i32 scalar
/// @length K * sizeof(B) % 64 == 0; WRAM for N padded to 64  @types i8xi8 i16xi8 i16xi16 -> f32 f16 i16  @overlap none
/// @align src1 32 B  @arch all  @source manuals/bang/tensor.md
template <typename D, typename A, typename B>
static inline void __bang_matmul(D *dst, const A *src0, const B *src1, unsigned M, unsigned K, unsigned N, int fix_position) {
  bang_require_dense(src0, (unsigned long)M * K);
  bang_require_filter<A>(src1, N, K);
  bang_require_dense(dst, (unsigned long)M * N, true);
  bang_require_disjoint(dst, (unsigned long)M * N, src0, (unsigned long)M * K);
  for (unsigned m = 0; m < M; ++m)
    for (unsigned n = 0; n < N; ++n) {
      int64_t sum = 0;
      for (unsigned k = 0; k < K; ++k) sum += (int64_t)src0[m * K + k] * src1[bang_filter_at(n, k, N, K)];
      bang_scale(dst + m * N + n, sum, fix_position);
    }
}

/// dst[M][N] = src0[M][K] x src1 * 2^fix_position + src2[M][N]; integers, src1 as in the floating form.
/// @operand dst D[M][N] nram  @operand src0 A[M][K] nram  @operand src1 B[N][K] wram  @operand src2 D[M][N] nram
/// @length K * sizeof(B) % 64 == 0; WRAM for N padded to 64  @types i8xi8 i16xi8 i16xi16 -> f32 f16 i16  @overlap src2
/// @align src1 32 B  @arch all  @source manuals/bang/tensor.md
template <typename D, typename A, typename B>
static inline void __bang_matmul(D *dst, const A *src0, const B *src1, const D *src2, unsigned M, unsigned K, unsigned N, int fix_position) {
  bang_require_dense(src0, (unsigned long)M * K);
  bang_require_filter<A>(src1, N, K);
  bang_require_dense(src2, (unsigned long)M * N);
  bang_require_dense(dst, (unsigned long)M * N, true);
  bang_require_disjoint(dst, (unsigned long)M * N, src0, (unsigned long)M * K);
  for (unsigned m = 0; m < M; ++m)
    for (unsigned n = 0; n < N; ++n) {
      int64_t sum = 0;
      for (unsigned k = 0; k < K; ++k) sum += (int64_t)src0[m * K + k] * src1[bang_filter_at(n, k, N, K)];
      D product;
      bang_scale(&product, sum, fix_position);
      dst[m * N + n] = product + src2[m * N + n];
    }
}

/// dst[height] = filter[height][width] x src[width]: height outputs of width inputs, one row only.
/// @operand dst D[height] nram  @operand src A[width] nram  @operand filter B[height][width] wram
/// @length width * sizeof(B) % 64 == 0; WRAM for height padded to 64  @types f32xf32->f32 f16xf16->f32 bf16xbf16->f32  @overlap none
/// @align filter 32 B  @arch 372 592  @source manuals/bang/tensor.md
template <typename D, typename A, typename B>
static inline void __bang_mlp(D *dst, const A *src, const B *filter, unsigned height, unsigned width) {
  __bang_matmul(dst, src, filter, 1, width, height);
}

/// dst[height] = filter[height][width] x src[width] * 2^fix_position, integers.
/// @operand dst D[height] nram  @operand src A[width] nram  @operand filter B[height][width] wram  @operand fix_position i32 scalar
/// @length width * sizeof(B) % 64 == 0; WRAM for height padded to 64  @types i8xi8 i16xi8 i16xi16 -> f32 f16 i16  @overlap none
/// @align filter 32 B  @arch all  @source manuals/bang/tensor.md
template <typename D, typename A, typename B>
static inline void __bang_mlp(D *dst, const A *src, const B *filter, unsigned height, unsigned width, int fix_position) {
  __bang_matmul(dst, src, filter, 1, width, height, fix_position);
}

/// dst[height] = filter[height][width] x src[width] * 2^fix_position + bias[height], integers.
/// @operand dst D[height] nram  @operand src A[width] nram  @operand bias D[height] nram  @operand filter B[height][width] wram
/// @length width * sizeof(B) % 64 == 0; WRAM for height padded to 64  @types i8xi8 i16xi8 i16xi16 -> f32 f16 i16  @overlap none
/// @align filter 32 B  @arch all  @source manuals/bang/tensor.md
template <typename D, typename A, typename B>
static inline void __bang_mlp(D *dst, const A *src, const D *bias, const B *filter, unsigned height, unsigned width, int fix_position) {
  bang_require_disjoint(dst, height, bias, height);
  __bang_matmul(dst, src, filter, bias, 1, width, height, fix_position);
}

/// The shape of a convolution; `channel_in` is padded to whole 64 bytes in the filter's memory.
struct bang_convolution {
  unsigned channel_in, height, width, kernel_height, kernel_width, stride_width, stride_height, channel_out, dilation_width, dilation_height;
  unsigned long padded, out_height, out_width;
};

template <typename D, typename A, typename B>
static inline bang_convolution bang_require_convolution(D *dst, const A *src, const B *filter, unsigned channel_in, unsigned height,
                                                        unsigned width, unsigned kernel_height, unsigned kernel_width,
                                                        unsigned stride_width, unsigned stride_height, unsigned channel_out,
                                                        unsigned dilation_width, unsigned dilation_height) {
  unsigned line = sizeof(A) == 2 * sizeof(B) ? 32 / sizeof(B) : 64 / sizeof(B);
  unsigned reach_height = (kernel_height - 1) * dilation_height + 1, reach_width = (kernel_width - 1) * dilation_width + 1;
  bang_require_true(stride_width - 1 < 1023 && stride_height - 1 < 1023, "a stride must be 1 to 1023");
  bang_require_true(dilation_width - 1 < 1023 && dilation_height - 1 < 1023, "a dilation must be 1 to 1023");
  bang_require_true(channel_in && channel_out && kernel_height && kernel_width, "channels and kernel must be positive");
  bang_require_true(reach_height <= height && reach_width <= width, "the kernel is larger than the image");
  bang_convolution shape = {channel_in, height, width, kernel_height, kernel_width, stride_width, stride_height, channel_out, dilation_width,
                            dilation_height, (channel_in + line - 1ul) / line * line, (height - reach_height) / stride_height + 1ul,
                            (width - reach_width) / stride_width + 1ul};
#if defined(BANG_FILTER_ROWS) || defined(BANG_FILTER_COLUMNS)
  shape.padded = channel_in;
#endif
  if (__BANG_ARCH__ < 300) bang_require_multiple(channel_in * sizeof(A), 64, "the input channels in bytes");
  if (__BANG_ARCH__ < 300) bang_require_multiple(channel_out, 64, "the number of output channels");
  bang_require_dense(src, (unsigned long)height * width * channel_in);
  bang_require_wram(filter, (unsigned long)channel_out * kernel_height * kernel_width * shape.padded);
  bang_require_dense(dst, shape.out_height * shape.out_width * channel_out, true);
  bang_require_disjoint(dst, shape.out_height * shape.out_width * channel_out, src, (unsigned long)height * width * channel_in);
  return shape;
}

/// The filter's element of one output channel, in lane order: [channel_out][kernel_height][kernel_width][padded].
static inline unsigned long bang_kernel_at(const bang_convolution &s, unsigned co, unsigned kh, unsigned kw, unsigned ci) {
  return ((bang_filter_row(co, s.channel_out) * s.kernel_height + kh) * s.kernel_width + kw) * s.padded + ci;
}

static inline unsigned long bang_image_at(const bang_convolution &s, unsigned oh, unsigned ow, unsigned kh, unsigned kw, unsigned ci) {
  unsigned long row = oh * s.stride_height + kh * s.dilation_height, column = ow * s.stride_width + kw * s.dilation_width;
  return (row * s.width + column) * s.channel_in + ci;
}

/// dst[oh][ow][co] = the sum over kh, kw, ci of src[oh * stride_height + kh][ow * stride_width + kw][ci] * filter[co][kh][kw][ci]. No padding
/// (see __bang_pad); of the two strides the width's comes first; HWC. With dilations, kh and kw are multiplied by them.
/// @operand dst D[OH][OW][channel_out] nram  @operand src A[height][width][channel_in] nram
/// @operand filter B[channel_out][kernel_height][kernel_width][channel_in, padded to 64 B] wram
/// @types f32xf32->f32 f16xf16->f32 bf16xbf16->f32  @overlap none  @align filter 32 B  @arch 372 592  @source manuals/bang/tensor.md
template <typename D, typename A, typename B>
static inline void __bang_conv(D *dst, const A *src, const B *filter, unsigned channel_in, unsigned height, unsigned width,
                               unsigned kernel_height, unsigned kernel_width, unsigned stride_width, unsigned stride_height,
                               unsigned channel_out) {
  bang_convolution s = bang_require_convolution(dst, src, filter, channel_in, height, width, kernel_height, kernel_width, stride_width,
                                                stride_height, channel_out, 1, 1);
  for (unsigned oh = 0; oh < s.out_height; ++oh)
    for (unsigned ow = 0; ow < s.out_width; ++ow)
      for (unsigned co = 0; co < channel_out; ++co) {
        float sum = 0.0f;
        for (unsigned kh = 0; kh < kernel_height; ++kh)
          for (unsigned kw = 0; kw < kernel_width; ++kw)
            for (unsigned ci = 0; ci < channel_in; ++ci)
              sum += (float)src[bang_image_at(s, oh, ow, kh, kw, ci)] * (float)filter[bang_kernel_at(s, co, kh, kw, ci)];
        dst[(oh * s.out_width + ow) * channel_out + co] = sum;
      }
}

/// __bang_conv with dilations: kernel rows are dilation_height rows of the image apart, columns dilation_width. The width's comes first.
/// @operand dst D[OH][OW][channel_out] nram  @operand src A[height][width][channel_in] nram
/// @operand filter B[channel_out][kernel_height][kernel_width][channel_in, padded to 64 B] wram
/// @types f32xf32->f32 f16xf16->f32 bf16xbf16->f32  @overlap none  @align filter 32 B  @arch 372 592  @source manuals/bang/tensor.md
template <typename D, typename A, typename B>
static inline void __bang_conv(D *dst, const A *src, const B *filter, unsigned channel_in, unsigned height, unsigned width,
                               unsigned kernel_height, unsigned kernel_width, unsigned stride_width, unsigned stride_height,
                               unsigned channel_out, unsigned dilation_width, unsigned dilation_height) {
  bang_convolution s = bang_require_convolution(dst, src, filter, channel_in, height, width, kernel_height, kernel_width, stride_width,
                                                stride_height, channel_out, dilation_width, dilation_height);
  for (unsigned oh = 0; oh < s.out_height; ++oh)
    for (unsigned ow = 0; ow < s.out_width; ++ow)
      for (unsigned co = 0; co < channel_out; ++co) {
        float sum = 0.0f;
        for (unsigned kh = 0; kh < kernel_height; ++kh)
          for (unsigned kw = 0; kw < kernel_width; ++kw)
            for (unsigned ci = 0; ci < channel_in; ++ci)
              sum += (float)src[bang_image_at(s, oh, ow, kh, kw, ci)] * (float)filter[bang_kernel_at(s, co, kh, kw, ci)];
        dst[(oh * s.out_width + ow) * channel_out + co] = sum;
      }
}

/// __bang_conv of integers: the sum times 2^fix_position.
/// @operand dst D[OH][OW][channel_out] nram  @operand src A[height][width][channel_in] nram  @operand fix_position i32 scalar
/// @operand filter B[channel_out][kernel_height][kernel_width][channel_in, padded] wram
/// @types i8xi8 i16xi8 i16xi16 -> f32 f16 i16  @overlap none  @align filter 32 B  @arch all  @source manuals/bang/tensor.md
template <typename D, typename A, typename B>
static inline void __bang_conv(D *dst, const A *src, const B *filter, unsigned channel_in, unsigned height, unsigned width,
                               unsigned kernel_height, unsigned kernel_width, unsigned stride_width, unsigned stride_height,
                               unsigned channel_out, int fix_position) {
  bang_convolution s = bang_require_convolution(dst, src, filter, channel_in, height, width, kernel_height, kernel_width, stride_width,
                                                stride_height, channel_out, 1, 1);
  for (unsigned oh = 0; oh < s.out_height; ++oh)
    for (unsigned ow = 0; ow < s.out_width; ++ow)
      for (unsigned co = 0; co < channel_out; ++co) {
        int64_t sum = 0;
        for (unsigned kh = 0; kh < kernel_height; ++kh)
          for (unsigned kw = 0; kw < kernel_width; ++kw)
            for (unsigned ci = 0; ci < channel_in; ++ci)
              sum += (int64_t)src[bang_image_at(s, oh, ow, kh, kw, ci)] * filter[bang_kernel_at(s, co, kh, kw, ci)];
        bang_scale(dst + (oh * s.out_width + ow) * channel_out + co, sum, fix_position);
      }
}

/// __bang_conv of integers plus bias[channel_out].
/// @operand dst D[OH][OW][channel_out] nram  @operand src A[height][width][channel_in] nram  @operand fix_position i32 scalar
/// @operand filter B[channel_out][kernel_height][kernel_width][channel_in, padded] wram  @operand bias D[channel_out] nram
/// @types i8xi8 i16xi8 i16xi16 -> f32 f16 i16  @overlap none  @align filter 32 B  @arch all  @source manuals/bang/tensor.md
template <typename D, typename A, typename B>
static inline void __bang_conv(D *dst, const A *src, const B *filter, const D *bias, unsigned channel_in, unsigned height, unsigned width,
                               unsigned kernel_height, unsigned kernel_width, unsigned stride_width, unsigned stride_height,
                               unsigned channel_out, int fix_position) {
  bang_convolution s = bang_require_convolution(dst, src, filter, channel_in, height, width, kernel_height, kernel_width, stride_width,
                                                stride_height, channel_out, 1, 1);
  bang_require_disjoint(dst, s.out_height * s.out_width * channel_out, bias, channel_out);
  __bang_conv(dst, src, filter, channel_in, height, width, kernel_height, kernel_width, stride_width, stride_height, channel_out,
              fix_position);
  for (unsigned long i = 0; i < s.out_height * s.out_width * channel_out; ++i) dst[i] = dst[i] + bias[i % channel_out];
}

/// __bang_conv plus partial[OH][OW][channel_out]; dst may be partial.
/// @operand dst D[OH][OW][channel_out] nram  @operand src A[height][width][channel_in] nram
/// @operand filter B[channel_out][kernel_height][kernel_width][channel_in, padded to 64 B] wram
/// @operand partial D[OH][OW][channel_out] nram
/// @types f32xf32->f32 f16xf16->f32 bf16xbf16->f32  @overlap partial  @align filter 32 B  @arch 372 592  @source manuals/bang/tensor.md
template <typename D, typename A, typename B>
static inline void __bang_conv_partial(D *dst, const A *src, const B *filter, const D *partial, unsigned channel_in, unsigned height,
                                       unsigned width, unsigned kernel_height, unsigned kernel_width, unsigned stride_width,
                                       unsigned stride_height, unsigned channel_out) {
  bang_convolution s = bang_require_convolution(dst, src, filter, channel_in, height, width, kernel_height, kernel_width, stride_width,
                                                stride_height, channel_out, 1, 1);
  bang_require_dense(partial, s.out_height * s.out_width * channel_out);
  for (unsigned oh = 0; oh < s.out_height; ++oh)
    for (unsigned ow = 0; ow < s.out_width; ++ow)
      for (unsigned co = 0; co < channel_out; ++co) {
        float sum = partial[(oh * s.out_width + ow) * channel_out + co];
        for (unsigned kh = 0; kh < kernel_height; ++kh)
          for (unsigned kw = 0; kw < kernel_width; ++kw)
            for (unsigned ci = 0; ci < channel_in; ++ci)
              sum += (float)src[bang_image_at(s, oh, ow, kh, kw, ci)] * (float)filter[bang_kernel_at(s, co, kh, kw, ci)];
        dst[(oh * s.out_width + ow) * channel_out + co] = sum;
      }
}
