// Matrix and convolution units. The filter lies in WRAM, in the lane order __bang_reshape_filter makes (layout.h); plain order is the same
// for up to 64 output channels. Floating operands give a float sum; the integer forms end in `fix_position`: sum * 2^fix_position.
// Sums are taken in rising order here; hardware leaves the order open.
#pragma once

// The types an operand may have, as one element each; int4x2_t holds two.
template <typename T> struct bang_packed { enum { count = 1, kind = bang_type_of<T>::bit }; };
template <> struct bang_packed<int4x2_t> { enum { count = 2, kind = 1024 }; };
template <typename T> static inline T bang_at(const T *array, unsigned long i) { return array[i]; }
static inline int bang_at(const int4x2_t *array, unsigned long i) {
  return (int8_t)(uint8_t)(i % 2 ? array[i / 2].bits & 0xf0 : array[i / 2].bits << 4) >> 4;
}
template <typename T> static inline unsigned long bang_bytes(unsigned long n) { return n * sizeof(T) / bang_packed<T>::count; }

/// Floats on 372 and 592: equal types give float; 372 also mixes float with half. Half results are not in the guide's table, but published
/// kernels with filters as plain rows have them (UNCERTAIN): there they are allowed.
template <typename D, typename A, typename B> static inline void bang_require_floats() {
  const int kinds = bang_type_of<A>::bit | bang_type_of<B>::bit, result = bang_type_of<D>::bit;
  bool holds = (kinds == BANG_F32 || kinds == BANG_F16 || kinds == BANG_BF16) && result == BANG_F32;
  holds |= __BANG_ARCH__ == 372 && kinds == (BANG_F32 | BANG_F16) && result == BANG_F32;
#ifdef BANG_FILTER_ROWS
  holds |= kinds == BANG_F16 && result == BANG_F16;
#endif
  if (!holds) BANG_FAULT("type", "the tensor unit has no such mix of floating types");
  bang_require_arch(372);
  bang_require_not_arch(520);
  if (kinds == BANG_BF16) bang_require_arch(500);
}

/// Integers of 4, 8 and 16 bits give half, float, or 16 bits where the operands are of 8 or 16; bias and partial sums have the result's
/// type.
template <typename D, typename A, typename B> static inline void bang_require_integers(int fix_position) {
  const int integers = BANG_I8 | BANG_I16 | 1024, a = bang_packed<A>::kind, b = bang_packed<B>::kind, result = bang_type_of<D>::bit;
  bool holds = a & integers && b & integers && (result & (BANG_F16 | BANG_F32 | BANG_I16));
  if (result == BANG_I16) holds &= a != 1024 && b != 1024 && !(a == BANG_I8 && b == BANG_I16);
  if (!holds) BANG_FAULT("type", "the tensor unit has no such mix of integer types");
  bang_require_fix_position(fix_position);
}

/// The element of a filter [outputs][inputs] in WRAM.
static inline unsigned long bang_filter_at(unsigned output, unsigned input, unsigned outputs, unsigned inputs) {
#ifdef BANG_FILTER_ROWS
  return (unsigned long)input * outputs + output;
#else
  return bang_filter_row(output, outputs) * inputs + input;
#endif
}

/// What the length of a filter's row in bytes is a multiple of.
template <typename A, typename B> static inline unsigned bang_filter_line() {
  unsigned ratio = sizeof(A) * bang_packed<B>::count / (sizeof(B) * bang_packed<A>::count);
  return ratio >= 2 && __BANG_ARCH__ >= 300 ? 64 / ratio : 64;
}

/// What a filter [outputs][inputs] needs: WRAM for outputs padded to 64, rows of whole 64 bytes (fewer where the operands' widths differ).
template <typename A, typename B> static inline void bang_require_filter(const B *filter, unsigned outputs, unsigned inputs) {
#ifdef BANG_FILTER_ROWS
  bang_require_wram((const char *)filter, bang_bytes<B>((unsigned long)outputs * inputs));
#else
  bang_require_multiple(bang_bytes<B>(inputs), bang_filter_line<A, B>(), "the length in bytes of a filter row");
  if (__BANG_ARCH__ < 300) bang_require_multiple(outputs, 64, "the number of outputs");
  bang_require_wram((const char *)filter, bang_bytes<B>((outputs + 63ul) / 64 * 64 * inputs));
#endif
}

/// A dense operand or result of a tensor intrinsic.
template <typename T> static inline void bang_require_dense(const T *pointer, unsigned long n, bool writes = false) {
  bang_require_true(n > 0, "the number of elements is 0");
  bang_require_arena(pointer, bang_bytes<T>(n), BANG_NRAM);
  bang_require_settled(pointer, bang_bytes<T>(n), writes, BANG_COMPUTE);
}

/// A result does not reach into an operand.
template <typename D, typename T>
static inline void bang_require_apart_from(D *dst, unsigned long n, const T *operand, unsigned long n_operand) {
  bang_require_disjoint((const char *)dst, bang_bytes<D>(n), (const char *)operand, bang_bytes<T>(n_operand));
}

/// An exact sum times 2^fix_position, as the type of the result: integers saturate.
// (what the guide calls the result of an integer mix that overflows is not stated: UNCERTAIN, 16 bits saturate here)
static inline void bang_scale(float *dst, int64_t sum, int fix_position) { *dst = (float)ldexp((double)sum, fix_position); }
static inline void bang_scale(half *dst, int64_t sum, int fix_position) { *dst = ldexp((double)sum, fix_position); }
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
  bang_require_floats<D, A, B>();
  bang_require_dense(src0, (unsigned long)M * K);
  bang_require_filter<A>(src1, N, K);
  bang_require_dense(dst, (unsigned long)M * N, true);
  bang_require_apart_from(dst, (unsigned long)M * N, src0, (unsigned long)M * K);
  for (unsigned m = 0; m < M; ++m)
    for (unsigned n = 0; n < N; ++n) {
      float sum = 0.0f;
      for (unsigned k = 0; k < K; ++k) sum += (float)src0[m * K + k] * (float)src1[bang_filter_at(n, k, N, K)];
      dst[m * N + n] = sum;
    }
}

/// dst[M][N] = src0[M][K] x src1 of integers, times 2^fix_position; src1 as in the floating form.
/// @operand dst D[M][N] nram  @operand src0 A[M][K] nram  @operand src1 B[N][K] wram  @operand fix_position i32 scalar
/// @length K * sizeof(B) % 64 == 0; WRAM for N padded to 64  @types i4 i8 i16 mixed -> f32 f16; i8xi8 i16xi8 i16xi16 -> i16  @overlap none
/// @align src1 32 B  @arch all  @source manuals/bang/tensor.md
template <typename D, typename A, typename B>
static inline void __bang_matmul(D *dst, const A *src0, const B *src1, unsigned M, unsigned K, unsigned N, int fix_position) {
  bang_require_integers<D, A, B>(fix_position);
  bang_require_dense(src0, (unsigned long)M * K);
  bang_require_filter<A>(src1, N, K);
  bang_require_dense(dst, (unsigned long)M * N, true);
  bang_require_apart_from(dst, (unsigned long)M * N, src0, (unsigned long)M * K);
  for (unsigned m = 0; m < M; ++m)
    for (unsigned n = 0; n < N; ++n) {
      int64_t sum = 0;
      for (unsigned k = 0; k < K; ++k) sum += (int64_t)bang_at(src0, m * K + k) * bang_at(src1, bang_filter_at(n, k, N, K));
      bang_scale(dst + m * N + n, sum, fix_position);
    }
}

/// dst[M][N] = src0[M][K] x src1 * 2^fix_position + src2[M][N]; integers, src1 as in the floating form.
/// @operand dst D[M][N] nram  @operand src0 A[M][K] nram  @operand src1 B[N][K] wram  @operand src2 D[M][N] nram
/// @length K * sizeof(B) % 64 == 0; WRAM for N padded to 64  @types i4 i8 i16 mixed -> f32 f16; i8xi8 i16xi8 i16xi16 -> i16  @overlap src2
/// @align src1 32 B  @arch all  @source manuals/bang/tensor.md
template <typename D, typename A, typename B>
static inline void __bang_matmul(D *dst, const A *src0, const B *src1, const D *src2, unsigned M, unsigned K, unsigned N,
                                 int fix_position) {
  bang_require_integers<D, A, B>(fix_position);
  bang_require_dense(src0, (unsigned long)M * K);
  bang_require_filter<A>(src1, N, K);
  bang_require_dense(src2, (unsigned long)M * N);
  bang_require_dense(dst, (unsigned long)M * N, true);
  bang_require_apart_from(dst, (unsigned long)M * N, src0, (unsigned long)M * K);
  for (unsigned m = 0; m < M; ++m)
    for (unsigned n = 0; n < N; ++n) {
      int64_t sum = 0;
      for (unsigned k = 0; k < K; ++k) sum += (int64_t)bang_at(src0, m * K + k) * bang_at(src1, bang_filter_at(n, k, N, K));
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
/// @length width * sizeof(B) % 64 == 0; WRAM for height padded to 64  @types i4 i8 i16 mixed -> f32 f16; i8xi8 i16xi8 i16xi16 -> i16
/// @overlap none
/// @align filter 32 B  @arch all  @source manuals/bang/tensor.md
template <typename D, typename A, typename B>
static inline void __bang_mlp(D *dst, const A *src, const B *filter, unsigned height, unsigned width, int fix_position) {
  __bang_matmul(dst, src, filter, 1, width, height, fix_position);
}

/// dst[height] = filter[height][width] x src[width] * 2^fix_position + bias[height], integers.
/// @operand dst D[height] nram  @operand src A[width] nram  @operand bias D[height] nram  @operand filter B[height][width] wram
/// @length width * sizeof(B) % 64 == 0; WRAM for height padded to 64  @types i4 i8 i16 mixed -> f32 f16; i8xi8 i16xi8 i16xi16 -> i16
/// @overlap none
/// @align filter 32 B  @arch all  @source manuals/bang/tensor.md
template <typename D, typename A, typename B>
static inline void __bang_mlp(D *dst, const A *src, const D *bias, const B *filter, unsigned height, unsigned width, int fix_position) {
  bang_require_disjoint(dst, height, bias, height);
  __bang_matmul(dst, src, filter, bias, 1, width, height, fix_position);
}

/// The shape of a convolution; `channel_in` is padded to whole 64 bytes in the filter's memory.
struct bang_convolution {
  unsigned channel_in, height, width, kernel_height, kernel_width, stride_width, stride_height, channel_out, dilation_width,
      dilation_height;
  unsigned long padded, out_height, out_width;
  unsigned long results() const { return out_height * out_width * channel_out; }
};

template <typename D, typename A, typename B>
static inline bang_convolution bang_require_convolution(D *dst, const A *src, const B *filter, unsigned channel_in, unsigned height,
                                                        unsigned width, unsigned kernel_height, unsigned kernel_width,
                                                        unsigned stride_width, unsigned stride_height, unsigned channel_out,
                                                        unsigned dilation_width, unsigned dilation_height) {
  unsigned line = bang_filter_line<A, B>() / sizeof(B) * bang_packed<B>::count;
  unsigned reach_height = (kernel_height - 1) * dilation_height + 1, reach_width = (kernel_width - 1) * dilation_width + 1;
  bang_require_true(stride_width - 1 < 1023 && stride_height - 1 < 1023, "a stride must be 1 to 1023");
  bang_require_true(dilation_width - 1 < 1023 && dilation_height - 1 < 1023, "a dilation must be 1 to 1023");
  bang_require_true(channel_in && channel_out && kernel_height && kernel_width, "channels and kernel must be positive");
  bang_require_true(reach_height <= height && reach_width <= width, "the kernel is larger than the image");
  bang_convolution shape = {channel_in, height, width, kernel_height, kernel_width, stride_width, stride_height, channel_out,
                            dilation_width, dilation_height, (channel_in + line - 1ul) / line * line,
                            (height - reach_height) / stride_height + 1ul,
                            (width - reach_width) / stride_width + 1ul};
#if defined(BANG_FILTER_ROWS) || defined(BANG_FILTER_COLUMNS)
  shape.padded = channel_in;
#endif
  if (__BANG_ARCH__ < 300) bang_require_multiple(bang_bytes<A>(channel_in), 64, "the input channels in bytes");
  if (__BANG_ARCH__ < 300) bang_require_multiple(channel_out, 64, "the number of output channels");
  bang_require_dense(src, (unsigned long)height * width * channel_in);
#ifdef BANG_FILTER_ROWS
  unsigned long outputs = channel_out;
#else
  unsigned long outputs = (channel_out + 63ul) / 64 * 64;
#endif
  bang_require_wram((const char *)filter, bang_bytes<B>(outputs * kernel_height * kernel_width * shape.padded));
  bang_require_dense(dst, shape.results(), true);
  bang_require_apart_from(dst, shape.results(), src, (unsigned long)height * width * channel_in);
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

/// One result: the sum, over the window and the input channels, of products; S is float or int64_t.
template <typename S, typename A, typename B>
static inline S bang_convolve(S sum, const A *src, const B *filter, const bang_convolution &s, unsigned oh, unsigned ow, unsigned co) {
  for (unsigned kh = 0; kh < s.kernel_height; ++kh)
    for (unsigned kw = 0; kw < s.kernel_width; ++kw)
      for (unsigned ci = 0; ci < s.channel_in; ++ci)
        sum += (S)bang_at(src, bang_image_at(s, oh, ow, kh, kw, ci)) * (S)bang_at(filter, bang_kernel_at(s, co, kh, kw, ci));
  return sum;
}

/// All results of floats, which start at partial[i] where there are partial sums.
template <typename D, typename A, typename B>
static inline void bang_convolve_floats(D *dst, const A *src, const B *filter, const D *partial, const bang_convolution &s) {
  bang_require_floats<D, A, B>();
  if (partial) bang_require_dense(partial, s.results());
  for (unsigned long i = 0; i < s.results(); ++i)
    dst[i] = bang_convolve(partial ? (float)partial[i] : 0.0f, src, filter, s, i / s.channel_out / s.out_width,
                           i / s.channel_out % s.out_width, i % s.channel_out);
}

/// All results of integers: the sum times 2^fix_position, plus bias[i % channel_out] and partial[i] where they are given.
template <typename D, typename A, typename B>
static inline void bang_convolve_integers(D *dst, const A *src, const B *filter, const D *bias, const D *partial, const bang_convolution &s,
                                          int fix_position) {
  bang_require_integers<D, A, B>(fix_position);
  if (bias) bang_require_dense(bias, s.channel_out);
  if (bias) bang_require_apart_from(dst, s.results(), bias, s.channel_out);
  if (partial) bang_require_dense(partial, s.results());
  for (unsigned long i = 0; i < s.results(); ++i) {
    D result;
    bang_scale(&result, bang_convolve((int64_t)0, src, filter, s, i / s.channel_out / s.out_width, i / s.channel_out % s.out_width,
                                      i % s.channel_out), fix_position);
    if (bias) result = result + bias[i % s.channel_out];
    if (partial) result = result + partial[i];
    dst[i] = result;
  }
}

static inline void bang_require_no_output_dilation(unsigned width, unsigned height) {
  bang_require_known(width == 1 && height == 1, "an output dilation is not described well enough to be emulated");
}

/// dst[oh][ow][co] = the sum over kh, kw, ci of src[oh * stride_height + kh][ow * stride_width + kw][ci] * filter[co][kh][kw][ci]. No
/// padding
/// (see __bang_pad); of the two strides the width's comes first; HWC.
/// @operand dst D[OH][OW][channel_out] nram  @operand src A[height][width][channel_in] nram
/// @operand filter B[channel_out][kernel_height][kernel_width][channel_in, padded to 64 B] wram
/// @types f32xf32->f32 f16xf16->f32 bf16xbf16->f32  @overlap none  @align filter 32 B  @arch 372 592
/// @source manuals/bang/tensor.md
template <typename D, typename A, typename B>
static inline void __bang_conv(D *dst, const A *src, const B *filter, unsigned channel_in, unsigned height, unsigned width,
                               unsigned kernel_height, unsigned kernel_width, unsigned stride_width, unsigned stride_height,
                               unsigned channel_out) {
  bang_convolution s = bang_require_convolution(dst, src, filter, channel_in, height, width, kernel_height, kernel_width,
                                                stride_width, stride_height, channel_out, 1, 1);
  bang_convolve_floats(dst, src, filter, (const D *)0, s);
}

/// __bang_conv with dilations. Kernel rows are dilation_height rows of the image apart,
/// columns dilation_width; the width's comes first.
/// @operand dst D[OH][OW][channel_out] nram  @operand src A[height][width][channel_in] nram
/// @operand filter B[channel_out][kernel_height][kernel_width][channel_in, padded to 64 B] wram
/// @types f32xf32->f32 f16xf16->f32 bf16xbf16->f32  @overlap none  @align filter 32 B  @arch 372 592
/// @source manuals/bang/tensor.md
template <typename D, typename A, typename B>
static inline void __bang_conv(D *dst, const A *src, const B *filter, unsigned channel_in, unsigned height, unsigned width,
                               unsigned kernel_height, unsigned kernel_width, unsigned stride_width, unsigned stride_height,
                               unsigned channel_out, unsigned dilation_width, unsigned dilation_height) {
  bang_convolution s = bang_require_convolution(dst, src, filter, channel_in, height, width, kernel_height, kernel_width,
                                                stride_width, stride_height, channel_out, dilation_width, dilation_height);
  bang_convolve_floats(dst, src, filter, (const D *)0, s);
}

/// __bang_conv with dilations of its input and its output; of the output only 1 is known.
/// @operand dst D[OH][OW][channel_out] nram  @operand src A[height][width][channel_in] nram
/// @operand filter B[channel_out][kernel_height][kernel_width][channel_in, padded to 64 B] wram
/// @types f32xf32->f32 f16xf16->f32 bf16xbf16->f32  @overlap none  @align filter 32 B  @arch 372 592
/// @source manuals/bang/tensor.md
template <typename D, typename A, typename B>
static inline void __bang_conv(D *dst, const A *src, const B *filter, unsigned channel_in, unsigned height, unsigned width,
                               unsigned kernel_height, unsigned kernel_width, unsigned stride_width, unsigned stride_height,
                               unsigned channel_out, unsigned dilation_width, unsigned dilation_height, unsigned out_dilation_width,
                               unsigned out_dilation_height) {
  bang_require_no_output_dilation(out_dilation_width, out_dilation_height);
  bang_convolution s = bang_require_convolution(dst, src, filter, channel_in, height, width, kernel_height, kernel_width,
                                                stride_width, stride_height, channel_out, dilation_width, dilation_height);
  bang_convolve_floats(dst, src, filter, (const D *)0, s);
}

/// __bang_conv of integers, times 2^fix_position.
/// @operand dst D[OH][OW][channel_out] nram  @operand src A[height][width][channel_in] nram
/// @operand filter B[channel_out][kernel_height][kernel_width][channel_in, padded to 64 B] wram
/// @operand fix_position i32 scalar
/// @types i4 i8 i16 mixed -> f32 f16; i8xi8 i16xi8 i16xi16 -> i16  @overlap none  @align filter 32 B  @arch all
/// @source manuals/bang/tensor.md
template <typename D, typename A, typename B>
static inline void __bang_conv(D *dst, const A *src, const B *filter, unsigned channel_in, unsigned height, unsigned width,
                               unsigned kernel_height, unsigned kernel_width, unsigned stride_width, unsigned stride_height,
                               unsigned channel_out, int fix_position) {
  bang_convolution s = bang_require_convolution(dst, src, filter, channel_in, height, width, kernel_height, kernel_width,
                                                stride_width, stride_height, channel_out, 1, 1);
  bang_convolve_integers(dst, src, filter, (const D *)0, (const D *)0, s, fix_position);
}

/// __bang_conv of integers, times 2^fix_position, with dilations. Kernel rows are dilation_height rows of the image apart,
/// columns dilation_width; the width's comes first.
/// @operand dst D[OH][OW][channel_out] nram  @operand src A[height][width][channel_in] nram
/// @operand filter B[channel_out][kernel_height][kernel_width][channel_in, padded to 64 B] wram
/// @operand fix_position i32 scalar
/// @types i4 i8 i16 mixed -> f32 f16; i8xi8 i16xi8 i16xi16 -> i16  @overlap none  @align filter 32 B  @arch all
/// @source manuals/bang/tensor.md
template <typename D, typename A, typename B>
static inline void __bang_conv(D *dst, const A *src, const B *filter, unsigned channel_in, unsigned height, unsigned width,
                               unsigned kernel_height, unsigned kernel_width, unsigned stride_width, unsigned stride_height,
                               unsigned channel_out, int fix_position, unsigned dilation_width, unsigned dilation_height) {
  bang_convolution s = bang_require_convolution(dst, src, filter, channel_in, height, width, kernel_height, kernel_width,
                                                stride_width, stride_height, channel_out, dilation_width, dilation_height);
  bang_convolve_integers(dst, src, filter, (const D *)0, (const D *)0, s, fix_position);
}

/// __bang_conv of integers, times 2^fix_position, with dilations of its input and its output; of the output only 1 is known.
/// @operand dst D[OH][OW][channel_out] nram  @operand src A[height][width][channel_in] nram
/// @operand filter B[channel_out][kernel_height][kernel_width][channel_in, padded to 64 B] wram
/// @operand fix_position i32 scalar
/// @types i4 i8 i16 mixed -> f32 f16; i8xi8 i16xi8 i16xi16 -> i16  @overlap none  @align filter 32 B  @arch all
/// @source manuals/bang/tensor.md
template <typename D, typename A, typename B>
static inline void __bang_conv(D *dst, const A *src, const B *filter, unsigned channel_in, unsigned height, unsigned width,
                               unsigned kernel_height, unsigned kernel_width, unsigned stride_width, unsigned stride_height,
                               unsigned channel_out, int fix_position, unsigned dilation_width, unsigned dilation_height,
                               unsigned out_dilation_width, unsigned out_dilation_height) {
  bang_require_no_output_dilation(out_dilation_width, out_dilation_height);
  bang_convolution s = bang_require_convolution(dst, src, filter, channel_in, height, width, kernel_height, kernel_width,
                                                stride_width, stride_height, channel_out, dilation_width, dilation_height);
  bang_convolve_integers(dst, src, filter, (const D *)0, (const D *)0, s, fix_position);
}

/// __bang_conv of integers, times 2^fix_position, plus bias[channel_out].
/// @operand dst D[OH][OW][channel_out] nram  @operand src A[height][width][channel_in] nram
/// @operand filter B[channel_out][kernel_height][kernel_width][channel_in, padded to 64 B] wram
/// @operand bias D[channel_out] nram  @operand fix_position i32 scalar
/// @types i4 i8 i16 mixed -> f32 f16; i8xi8 i16xi8 i16xi16 -> i16  @overlap none  @align filter 32 B  @arch all
/// @source manuals/bang/tensor.md
template <typename D, typename A, typename B>
static inline void __bang_conv(D *dst, const A *src, const B *filter, const D *bias, unsigned channel_in, unsigned height, unsigned width,
                               unsigned kernel_height, unsigned kernel_width, unsigned stride_width, unsigned stride_height,
                               unsigned channel_out, int fix_position) {
  bang_convolution s = bang_require_convolution(dst, src, filter, channel_in, height, width, kernel_height, kernel_width,
                                                stride_width, stride_height, channel_out, 1, 1);
  bang_convolve_integers(dst, src, filter, bias, (const D *)0, s, fix_position);
}

/// __bang_conv of integers, times 2^fix_position, plus bias[channel_out], with dilations. Kernel rows are dilation_height rows of the
/// image apart,
/// columns dilation_width; the width's comes first.
/// @operand dst D[OH][OW][channel_out] nram  @operand src A[height][width][channel_in] nram
/// @operand filter B[channel_out][kernel_height][kernel_width][channel_in, padded to 64 B] wram
/// @operand bias D[channel_out] nram  @operand fix_position i32 scalar
/// @types i4 i8 i16 mixed -> f32 f16; i8xi8 i16xi8 i16xi16 -> i16  @overlap none  @align filter 32 B  @arch all
/// @source manuals/bang/tensor.md
template <typename D, typename A, typename B>
static inline void __bang_conv(D *dst, const A *src, const B *filter, const D *bias, unsigned channel_in, unsigned height, unsigned width,
                               unsigned kernel_height, unsigned kernel_width, unsigned stride_width, unsigned stride_height,
                               unsigned channel_out, int fix_position, unsigned dilation_width, unsigned dilation_height) {
  bang_convolution s = bang_require_convolution(dst, src, filter, channel_in, height, width, kernel_height, kernel_width,
                                                stride_width, stride_height, channel_out, dilation_width, dilation_height);
  bang_convolve_integers(dst, src, filter, bias, (const D *)0, s, fix_position);
}

/// __bang_conv of integers, times 2^fix_position, plus bias[channel_out], with dilations of its input and its output; of the output only 1
/// is known.
/// @operand dst D[OH][OW][channel_out] nram  @operand src A[height][width][channel_in] nram
/// @operand filter B[channel_out][kernel_height][kernel_width][channel_in, padded to 64 B] wram
/// @operand bias D[channel_out] nram  @operand fix_position i32 scalar
/// @types i4 i8 i16 mixed -> f32 f16; i8xi8 i16xi8 i16xi16 -> i16  @overlap none  @align filter 32 B  @arch all
/// @source manuals/bang/tensor.md
template <typename D, typename A, typename B>
static inline void __bang_conv(D *dst, const A *src, const B *filter, const D *bias, unsigned channel_in, unsigned height, unsigned width,
                               unsigned kernel_height, unsigned kernel_width, unsigned stride_width, unsigned stride_height,
                               unsigned channel_out, int fix_position, unsigned dilation_width, unsigned dilation_height,
                               unsigned out_dilation_width, unsigned out_dilation_height) {
  bang_require_no_output_dilation(out_dilation_width, out_dilation_height);
  bang_convolution s = bang_require_convolution(dst, src, filter, channel_in, height, width, kernel_height, kernel_width,
                                                stride_width, stride_height, channel_out, dilation_width, dilation_height);
  bang_convolve_integers(dst, src, filter, bias, (const D *)0, s, fix_position);
}

/// __bang_conv plus partial[OH][OW][channel_out], which dst may be.
/// @operand dst D[OH][OW][channel_out] nram  @operand src A[height][width][channel_in] nram
/// @operand filter B[channel_out][kernel_height][kernel_width][channel_in, padded to 64 B] wram
/// @operand partial D[OH][OW][channel_out] nram
/// @types f32xf32->f32 f16xf16->f32 bf16xbf16->f32  @overlap partial  @align filter 32 B  @arch 372 592
/// @source manuals/bang/tensor.md
template <typename D, typename A, typename B>
static inline void __bang_conv_partial(D *dst, const A *src, const B *filter, const D *partial, unsigned channel_in, unsigned height,
                                       unsigned width, unsigned kernel_height, unsigned kernel_width, unsigned stride_width,
                                       unsigned stride_height, unsigned channel_out) {
  bang_convolution s = bang_require_convolution(dst, src, filter, channel_in, height, width, kernel_height, kernel_width,
                                                stride_width, stride_height, channel_out, 1, 1);
  bang_convolve_floats(dst, src, filter, partial, s);
}

/// __bang_conv plus partial[OH][OW][channel_out], which dst may be, with dilations. Kernel rows are dilation_height rows of the image
/// apart,
/// columns dilation_width; the width's comes first.
/// @operand dst D[OH][OW][channel_out] nram  @operand src A[height][width][channel_in] nram
/// @operand filter B[channel_out][kernel_height][kernel_width][channel_in, padded to 64 B] wram
/// @operand partial D[OH][OW][channel_out] nram
/// @types f32xf32->f32 f16xf16->f32 bf16xbf16->f32  @overlap partial  @align filter 32 B  @arch 372 592
/// @source manuals/bang/tensor.md
template <typename D, typename A, typename B>
static inline void __bang_conv_partial(D *dst, const A *src, const B *filter, const D *partial, unsigned channel_in, unsigned height,
                                       unsigned width, unsigned kernel_height, unsigned kernel_width, unsigned stride_width,
                                       unsigned stride_height, unsigned channel_out, unsigned dilation_width, unsigned dilation_height) {
  bang_convolution s = bang_require_convolution(dst, src, filter, channel_in, height, width, kernel_height, kernel_width,
                                                stride_width, stride_height, channel_out, dilation_width, dilation_height);
  bang_convolve_floats(dst, src, filter, partial, s);
}

/// __bang_conv plus partial[OH][OW][channel_out], which dst may be, with dilations of its input and its output; of the output only 1 is
/// known.
/// @operand dst D[OH][OW][channel_out] nram  @operand src A[height][width][channel_in] nram
/// @operand filter B[channel_out][kernel_height][kernel_width][channel_in, padded to 64 B] wram
/// @operand partial D[OH][OW][channel_out] nram
/// @types f32xf32->f32 f16xf16->f32 bf16xbf16->f32  @overlap partial  @align filter 32 B  @arch 372 592
/// @source manuals/bang/tensor.md
template <typename D, typename A, typename B>
static inline void __bang_conv_partial(D *dst, const A *src, const B *filter, const D *partial, unsigned channel_in, unsigned height,
                                       unsigned width, unsigned kernel_height, unsigned kernel_width, unsigned stride_width,
                                       unsigned stride_height, unsigned channel_out, unsigned dilation_width, unsigned dilation_height,
                                       unsigned out_dilation_width, unsigned out_dilation_height) {
  bang_require_no_output_dilation(out_dilation_width, out_dilation_height);
  bang_convolution s = bang_require_convolution(dst, src, filter, channel_in, height, width, kernel_height, kernel_width,
                                                stride_width, stride_height, channel_out, dilation_width, dilation_height);
  bang_convolve_floats(dst, src, filter, partial, s);
}

/// __bang_conv of integers, times 2^fix_position, plus partial[OH][OW][channel_out], which dst may be.
/// @operand dst D[OH][OW][channel_out] nram  @operand src A[height][width][channel_in] nram
/// @operand filter B[channel_out][kernel_height][kernel_width][channel_in, padded to 64 B] wram
/// @operand partial D[OH][OW][channel_out] nram  @operand fix_position i32 scalar
/// @types i4 i8 i16 mixed -> f32 f16; i8xi8 i16xi8 i16xi16 -> i16  @overlap partial  @align filter 32 B  @arch all
/// @source manuals/bang/tensor.md
template <typename D, typename A, typename B>
static inline void __bang_conv_partial(D *dst, const A *src, const B *filter, const D *partial, unsigned channel_in, unsigned height,
                                       unsigned width, unsigned kernel_height, unsigned kernel_width, unsigned stride_width,
                                       unsigned stride_height, unsigned channel_out, int fix_position) {
  bang_convolution s = bang_require_convolution(dst, src, filter, channel_in, height, width, kernel_height, kernel_width,
                                                stride_width, stride_height, channel_out, 1, 1);
  bang_convolve_integers(dst, src, filter, (const D *)0, partial, s, fix_position);
}

/// __bang_conv of integers, times 2^fix_position, plus partial[OH][OW][channel_out], which dst may be, with dilations. Kernel rows are
/// dilation_height rows of the image apart,
/// columns dilation_width; the width's comes first.
/// @operand dst D[OH][OW][channel_out] nram  @operand src A[height][width][channel_in] nram
/// @operand filter B[channel_out][kernel_height][kernel_width][channel_in, padded to 64 B] wram
/// @operand partial D[OH][OW][channel_out] nram  @operand fix_position i32 scalar
/// @types i4 i8 i16 mixed -> f32 f16; i8xi8 i16xi8 i16xi16 -> i16  @overlap partial  @align filter 32 B  @arch all
/// @source manuals/bang/tensor.md
template <typename D, typename A, typename B>
static inline void __bang_conv_partial(D *dst, const A *src, const B *filter, const D *partial, unsigned channel_in, unsigned height,
                                       unsigned width, unsigned kernel_height, unsigned kernel_width, unsigned stride_width,
                                       unsigned stride_height, unsigned channel_out, int fix_position, unsigned dilation_width,
                                       unsigned dilation_height) {
  bang_convolution s = bang_require_convolution(dst, src, filter, channel_in, height, width, kernel_height, kernel_width,
                                                stride_width, stride_height, channel_out, dilation_width, dilation_height);
  bang_convolve_integers(dst, src, filter, (const D *)0, partial, s, fix_position);
}

/// __bang_conv of integers, times 2^fix_position, plus partial[OH][OW][channel_out], which dst may be, with dilations of its input and its
/// output; of the output only 1 is known.
/// @operand dst D[OH][OW][channel_out] nram  @operand src A[height][width][channel_in] nram
/// @operand filter B[channel_out][kernel_height][kernel_width][channel_in, padded to 64 B] wram
/// @operand partial D[OH][OW][channel_out] nram  @operand fix_position i32 scalar
/// @types i4 i8 i16 mixed -> f32 f16; i8xi8 i16xi8 i16xi16 -> i16  @overlap partial  @align filter 32 B  @arch all
/// @source manuals/bang/tensor.md
template <typename D, typename A, typename B>
static inline void __bang_conv_partial(D *dst, const A *src, const B *filter, const D *partial, unsigned channel_in, unsigned height,
                                       unsigned width, unsigned kernel_height, unsigned kernel_width, unsigned stride_width,
                                       unsigned stride_height, unsigned channel_out, int fix_position, unsigned dilation_width,
                                       unsigned dilation_height, unsigned out_dilation_width, unsigned out_dilation_height) {
  bang_require_no_output_dilation(out_dilation_width, out_dilation_height);
  bang_convolution s = bang_require_convolution(dst, src, filter, channel_in, height, width, kernel_height, kernel_width,
                                                stride_width, stride_height, channel_out, dilation_width, dilation_height);
  bang_convolve_integers(dst, src, filter, (const D *)0, partial, s, fix_position);
}
