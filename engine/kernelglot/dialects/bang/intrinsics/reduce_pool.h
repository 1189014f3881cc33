// Reductions and pooling. Images are HWC: channel runs fastest; of two strides the width's comes first. There is no padding, and rows
// and columns that fill no window are dropped. A window's sum is taken in float. A destination element is written when no later window
// reads its place any more, so a sum or mean in place (dst == src), which published kernels use, needs no copy of the source (the guide
// forbids it: UNCERTAIN on hardware). Places of extrema count kh * kernel_width + kw (UNCERTAIN).
#pragma once

/// dst[first of each block of 128 bytes] = the sum of the block; the other elements stay (2xx: become 0).
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements, n * sizeof(T) % 128 == 0  @types f32 f16  @overlap src  @arch all  @source manuals/bang/reduce_pool.md
template <typename T> static inline void __bang_reduce_sum(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_multiple(n * sizeof(T), 128, "the length in bytes");
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  const unsigned block = 128 / sizeof(T);
  for (unsigned i = 0; i < n; i += block) {
    float sum = 0.0f;
    for (unsigned j = 0; j < block; ++j) sum += src[i + j];
#if __BANG_ARCH__ < 300
    for (unsigned j = 0; j < block; ++j) dst[i + j] = 0;
#endif
    dst[i] = sum;
  }
}

/// The sum of all elements.
/// @operand src T[n] nram
/// @length n elements  @types f32 f16 bf16  @arch >=500  @source manuals/bang/reduce_pool.md
template <typename T> static inline T __bang_sum(const T *src, unsigned n) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_arch(500);
  bang_require_nram(src, n);
  float sum = 0.0f;
  for (unsigned i = 0; i < n; ++i) sum += src[i];
  return sum;
}

// The integer as wide as an element: what an index is given in.
template <typename T> struct bang_bits { typedef uint16_t type; };
template <> struct bang_bits<float> { typedef uint32_t type; };

/// What a pool needs: a window inside the image, operands in NRAM.
template <typename D, typename T>
static inline void bang_require_pool(D *dst, const T *src, int channel, int height, int width, int kernel_height, int kernel_width,
                                     int stride_width, int stride_height, bool in_place) {
  bang_require_true(channel > 0 && kernel_height > 0 && kernel_width > 0 && stride_width > 0 && stride_height > 0,
                    "channel, kernel and stride must be positive");
  bang_require_true(kernel_height <= height && kernel_width <= width, "the window is larger than the image");
  bang_require_true((long)kernel_height * kernel_width <= 65536, "the window has more than 65536 elements");
  long rows = (height - kernel_height) / stride_height + 1, columns = (width - kernel_width) / stride_width + 1;
  bang_require_arena(src, (unsigned long)height * width * channel * sizeof(T), BANG_NRAM);
  bang_require_settled(src, (unsigned long)height * width * channel * sizeof(T), false, BANG_COMPUTE);
  bang_require_arena(dst, rows * columns * channel * sizeof(D), BANG_NRAM);
  bang_require_settled(dst, rows * columns * channel * sizeof(D), true, BANG_COMPUTE);
  if (!in_place) bang_require_disjoint(dst, rows * columns * channel, src, (unsigned long)height * width * channel);
  if (__BANG_ARCH__ < 300) bang_require_multiple(channel * sizeof(T), 128, "the number of bytes of all channels");
}

/// dst[oh][ow][c] = the sum of the window at (oh * stride_height, ow * stride_width).
/// @operand dst T[OH][OW][channel] nram  @operand src T[height][width][channel] nram
/// @length OH = (height - kernel_height) / stride_height + 1, OW likewise  @types f32 f16 bf16  @overlap src  @arch all
/// @source manuals/bang/reduce_pool.md
template <typename T>
static inline void __bang_sumpool(T *dst, const T *src, int channel, int height, int width, int kernel_height, int kernel_width,
                                  int stride_width, int stride_height) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_pool(dst, src, channel, height, width, kernel_height, kernel_width, stride_width, stride_height, true);
  const int out_height = (height - kernel_height) / stride_height + 1;
  const int out_width = (width - kernel_width) / stride_width + 1;
  for (int oh = 0; oh < out_height; ++oh)
    for (int ow = 0; ow < out_width; ++ow)
      for (int c = 0; c < channel; ++c) {
        float sum = 0.0f;
        for (int kh = 0; kh < kernel_height; ++kh)
          for (int kw = 0; kw < kernel_width; ++kw) sum += src[((oh * stride_height + kh) * width + ow * stride_width + kw) * channel + c];
        dst[(oh * out_width + ow) * channel + c] = sum;
      }
}

/// __bang_sumpool with the kernel's size as stride.
/// @operand dst T[OH][OW][channel] nram  @operand src T[height][width][channel] nram
/// @length OH = height / kernel_height, OW = width / kernel_width  @types f32 f16 bf16  @overlap src  @arch all
/// @source manuals/bang/reduce_pool.md
template <typename T>
static inline void __bang_sumpool(T *dst, const T *src, int channel, int height, int width, int kernel_height, int kernel_width) {
  __bang_sumpool(dst, src, channel, height, width, kernel_height, kernel_width, kernel_width, kernel_height);
}

/// dst[oh][ow][c] = the mean of the window at (oh * stride_height, ow * stride_width). Deprecated since 4.5.0.
/// @operand dst T[OH][OW][channel] nram  @operand src T[height][width][channel] nram
/// @length OH = (height - kernel_height) / stride_height + 1, OW likewise  @types f32 f16 bf16  @overlap src  @arch all
/// @source manuals/bang/reduce_pool.md
template <typename T>
static inline void __bang_avgpool(T *dst, const T *src, int channel, int height, int width, int kernel_height, int kernel_width,
                                  int stride_width, int stride_height) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_pool(dst, src, channel, height, width, kernel_height, kernel_width, stride_width, stride_height, true);
  const int out_height = (height - kernel_height) / stride_height + 1;
  const int out_width = (width - kernel_width) / stride_width + 1;
  for (int oh = 0; oh < out_height; ++oh)
    for (int ow = 0; ow < out_width; ++ow)
      for (int c = 0; c < channel; ++c) {
        float sum = 0.0f;
        for (int kh = 0; kh < kernel_height; ++kh)
          for (int kw = 0; kw < kernel_width; ++kw) sum += src[((oh * stride_height + kh) * width + ow * stride_width + kw) * channel + c];
        dst[(oh * out_width + ow) * channel + c] = sum / (kernel_height * kernel_width);
      }
}

/// __bang_avgpool with the kernel's size as stride.
/// @operand dst T[OH][OW][channel] nram  @operand src T[height][width][channel] nram
/// @length OH = height / kernel_height, OW = width / kernel_width  @types f32 f16 bf16  @overlap src  @arch all
/// @source manuals/bang/reduce_pool.md
template <typename T>
static inline void __bang_avgpool(T *dst, const T *src, int channel, int height, int width, int kernel_height, int kernel_width) {
  __bang_avgpool(dst, src, channel, height, width, kernel_height, kernel_width, kernel_width, kernel_height);
}

/// dst[oh][ow][c] = the largest element of the window at (oh * stride_height, ow * stride_width).
/// @operand dst T[OH][OW][channel] nram  @operand src T[height][width][channel] nram
/// @length OH = (height - kernel_height) / stride_height + 1, OW likewise  @types f32 f16 bf16  @overlap none  @arch all
/// @source manuals/bang/reduce_pool.md
template <typename T>
static inline void __bang_maxpool(T *dst, const T *src, int channel, int height, int width, int kernel_height, int kernel_width,
                                  int stride_width, int stride_height) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_pool(dst, src, channel, height, width, kernel_height, kernel_width, stride_width, stride_height, false);
  const int out_height = (height - kernel_height) / stride_height + 1;
  const int out_width = (width - kernel_width) / stride_width + 1;
  for (int oh = 0; oh < out_height; ++oh)
    for (int ow = 0; ow < out_width; ++ow)
      for (int c = 0; c < channel; ++c) {
        T best = src[(oh * stride_height * width + ow * stride_width) * channel + c];
        for (int kh = 0; kh < kernel_height; ++kh)
          for (int kw = 0; kw < kernel_width; ++kw)
            best = fmaxf(best, src[((oh * stride_height + kh) * width + ow * stride_width + kw) * channel + c]);
        dst[(oh * out_width + ow) * channel + c] = best;
      }
}

/// __bang_maxpool with the kernel's size as stride.
/// @operand dst T[OH][OW][channel] nram  @operand src T[height][width][channel] nram
/// @length OH = height / kernel_height, OW = width / kernel_width  @types f32 f16 bf16  @overlap none  @arch all
/// @source manuals/bang/reduce_pool.md
template <typename T>
static inline void __bang_maxpool(T *dst, const T *src, int channel, int height, int width, int kernel_height, int kernel_width) {
  __bang_maxpool(dst, src, channel, height, width, kernel_height, kernel_width, kernel_width, kernel_height);
}

/// __bang_maxpool with dilation: neighbours of a window are in_dh rows and in_dw columns apart (1: adjacent). out_dh, out_dw must be 1
/// here.
/// @operand dst T[OH][OW][channel] nram  @operand src T[height][width][channel] nram
/// @length OH = (height - (kernel_height - 1) * in_dh - 1) / stride_height + 1, OW likewise  @types f32 f16 bf16  @overlap none
/// @arch >=300
/// @source manuals/bang/reduce_pool.md
template <typename T>
static inline void __bang_maxpool(T *dst, const T *src, int channel, int height, int width, int kernel_height, int kernel_width,
                                  int stride_width, int stride_height, int in_dh, int in_dw, int out_dh = 1, int out_dw = 1) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_arch(300);
  bang_require_true(in_dh > 0 && in_dw > 0, "a dilation must be positive");
  bang_require_known(out_dh == 1 && out_dw == 1, "an output dilation is not described well enough to be emulated");
  const int reach_height = (kernel_height - 1) * in_dh + 1, reach_width = (kernel_width - 1) * in_dw + 1;
  bang_require_pool(dst, src, channel, height, width, reach_height, reach_width, stride_width, stride_height, false);
  const int out_height = (height - reach_height) / stride_height + 1;
  const int out_width = (width - reach_width) / stride_width + 1;
  for (int oh = 0; oh < out_height; ++oh)
    for (int ow = 0; ow < out_width; ++ow)
      for (int c = 0; c < channel; ++c) {
        T best = src[(oh * stride_height * width + ow * stride_width) * channel + c];
        for (int kh = 0; kh < kernel_height; ++kh)
          for (int kw = 0; kw < kernel_width; ++kw)
            best = fmaxf(best, src[((oh * stride_height + kh * in_dh) * width + ow * stride_width + kw * in_dw) * channel + c]);
        dst[(oh * out_width + ow) * channel + c] = best;
      }
}

/// dst[oh][ow][c] = the place, kh * kernel_width + kw, of the first largest element of the window; u16 for half, u32 for float.
/// @operand dst u32|u16[OH][OW][channel] nram  @operand src T[height][width][channel] nram
/// @length OH = (height - kernel_height) / stride_height + 1, OW likewise  @types f32 f16 bf16  @overlap none  @arch all
/// @source manuals/bang/reduce_pool.md
template <typename D, typename T>
static inline void __bang_maxpool_index(D *dst, const T *src, int channel, int height, int width, int kernel_height, int kernel_width,
                                        int stride_width, int stride_height) {
  bang_require_true(sizeof(D) == sizeof(T), "the index has the width of the element");
  bang_require_pool(dst, src, channel, height, width, kernel_height, kernel_width, stride_width, stride_height, false);
  const int out_height = (height - kernel_height) / stride_height + 1;
  const int out_width = (width - kernel_width) / stride_width + 1;
  for (int oh = 0; oh < out_height; ++oh)
    for (int ow = 0; ow < out_width; ++ow)
      for (int c = 0; c < channel; ++c) {
        T best = src[(oh * stride_height * width + ow * stride_width) * channel + c];
        unsigned place = 0;
        for (int kh = 0; kh < kernel_height; ++kh)
          for (int kw = 0; kw < kernel_width; ++kw) {
            T each = src[((oh * stride_height + kh) * width + ow * stride_width + kw) * channel + c];
            if (each > best) best = each, place = kh * kernel_width + kw;
          }
        dst[(oh * out_width + ow) * channel + c] = place;
      }
}

/// dst[oh][ow][c] = the smallest element of the window at (oh * stride_height, ow * stride_width).
/// @operand dst T[OH][OW][channel] nram  @operand src T[height][width][channel] nram
/// @length OH = (height - kernel_height) / stride_height + 1, OW likewise  @types f32 f16 bf16  @overlap none  @arch all
/// @source manuals/bang/reduce_pool.md
template <typename T>
static inline void __bang_minpool(T *dst, const T *src, int channel, int height, int width, int kernel_height, int kernel_width,
                                  int stride_width, int stride_height) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_pool(dst, src, channel, height, width, kernel_height, kernel_width, stride_width, stride_height, false);
  const int out_height = (height - kernel_height) / stride_height + 1;
  const int out_width = (width - kernel_width) / stride_width + 1;
  for (int oh = 0; oh < out_height; ++oh)
    for (int ow = 0; ow < out_width; ++ow)
      for (int c = 0; c < channel; ++c) {
        T best = src[(oh * stride_height * width + ow * stride_width) * channel + c];
        for (int kh = 0; kh < kernel_height; ++kh)
          for (int kw = 0; kw < kernel_width; ++kw)
            best = fminf(best, src[((oh * stride_height + kh) * width + ow * stride_width + kw) * channel + c]);
        dst[(oh * out_width + ow) * channel + c] = best;
      }
}

/// __bang_minpool with the kernel's size as stride.
/// @operand dst T[OH][OW][channel] nram  @operand src T[height][width][channel] nram
/// @length OH = height / kernel_height, OW = width / kernel_width  @types f32 f16 bf16  @overlap none  @arch all
/// @source manuals/bang/reduce_pool.md
template <typename T>
static inline void __bang_minpool(T *dst, const T *src, int channel, int height, int width, int kernel_height, int kernel_width) {
  __bang_minpool(dst, src, channel, height, width, kernel_height, kernel_width, kernel_width, kernel_height);
}

/// __bang_minpool with dilation: neighbours of a window are in_dh rows and in_dw columns apart (1: adjacent). out_dh, out_dw must be 1
/// here.
/// @operand dst T[OH][OW][channel] nram  @operand src T[height][width][channel] nram
/// @length OH = (height - (kernel_height - 1) * in_dh - 1) / stride_height + 1, OW likewise  @types f32 f16 bf16  @overlap none
/// @arch >=300
/// @source manuals/bang/reduce_pool.md
template <typename T>
static inline void __bang_minpool(T *dst, const T *src, int channel, int height, int width, int kernel_height, int kernel_width,
                                  int stride_width, int stride_height, int in_dh, int in_dw, int out_dh = 1, int out_dw = 1) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_arch(300);
  bang_require_true(in_dh > 0 && in_dw > 0, "a dilation must be positive");
  bang_require_known(out_dh == 1 && out_dw == 1, "an output dilation is not described well enough to be emulated");
  const int reach_height = (kernel_height - 1) * in_dh + 1, reach_width = (kernel_width - 1) * in_dw + 1;
  bang_require_pool(dst, src, channel, height, width, reach_height, reach_width, stride_width, stride_height, false);
  const int out_height = (height - reach_height) / stride_height + 1;
  const int out_width = (width - reach_width) / stride_width + 1;
  for (int oh = 0; oh < out_height; ++oh)
    for (int ow = 0; ow < out_width; ++ow)
      for (int c = 0; c < channel; ++c) {
        T best = src[(oh * stride_height * width + ow * stride_width) * channel + c];
        for (int kh = 0; kh < kernel_height; ++kh)
          for (int kw = 0; kw < kernel_width; ++kw)
            best = fminf(best, src[((oh * stride_height + kh * in_dh) * width + ow * stride_width + kw * in_dw) * channel + c]);
        dst[(oh * out_width + ow) * channel + c] = best;
      }
}

/// dst[oh][ow][c] = the place, kh * kernel_width + kw, of the first smallest element of the window; u16 for half, u32 for float.
/// @operand dst u32|u16[OH][OW][channel] nram  @operand src T[height][width][channel] nram
/// @length OH = (height - kernel_height) / stride_height + 1, OW likewise  @types f32 f16 bf16  @overlap none  @arch all
/// @source manuals/bang/reduce_pool.md
template <typename D, typename T>
static inline void __bang_minpool_index(D *dst, const T *src, int channel, int height, int width, int kernel_height, int kernel_width,
                                        int stride_width, int stride_height) {
  bang_require_true(sizeof(D) == sizeof(T), "the index has the width of the element");
  bang_require_pool(dst, src, channel, height, width, kernel_height, kernel_width, stride_width, stride_height, false);
  const int out_height = (height - kernel_height) / stride_height + 1;
  const int out_width = (width - kernel_width) / stride_width + 1;
  for (int oh = 0; oh < out_height; ++oh)
    for (int ow = 0; ow < out_width; ++ow)
      for (int c = 0; c < channel; ++c) {
        T best = src[(oh * stride_height * width + ow * stride_width) * channel + c];
        unsigned place = 0;
        for (int kh = 0; kh < kernel_height; ++kh)
          for (int kw = 0; kw < kernel_width; ++kw) {
            T each = src[((oh * stride_height + kh) * width + ow * stride_width + kw) * channel + c];
            if (each < best) best = each, place = kh * kernel_width + kw;
          }
        dst[(oh * out_width + ow) * channel + c] = place;
      }
}

/// The backward form of __bang_sumpool: each src[oh][ow][c] is added to the elements of its window; dst starts at 0.
/// @operand dst T[height][width][channel] nram  @operand src T[OH][OW][channel] nram
/// @length OH = (height - kernel_height) / stride_height + 1, OW likewise  @types f32 f16 bf16  @overlap none  @arch all
/// @source manuals/bang/reduce_pool.md
template <typename T>
static inline void __bang_sumpool_bp(T *dst, const T *src, int channel, int height, int width, int kernel_height, int kernel_width,
                                     int stride_width, int stride_height) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_pool((T *)src, dst, channel, height, width, kernel_height, kernel_width, stride_width, stride_height, false);
  const int out_height = (height - kernel_height) / stride_height + 1;
  const int out_width = (width - kernel_width) / stride_width + 1;
  for (int i = 0; i < height * width * channel; ++i) dst[i] = 0;
  for (int oh = 0; oh < out_height; ++oh)
    for (int ow = 0; ow < out_width; ++ow)
      for (int kh = 0; kh < kernel_height; ++kh)
        for (int kw = 0; kw < kernel_width; ++kw)
          for (int c = 0; c < channel; ++c)
            dst[((oh * stride_height + kh) * width + ow * stride_width + kw) * channel + c] += src[(oh * out_width + ow) * channel + c];
}

/// The backward form of __bang_avgpool: each src[oh][ow][c] / window size is added to the elements of its window; dst starts at 0.
/// @operand dst T[height][width][channel] nram  @operand src T[OH][OW][channel] nram
/// @length OH = (height - kernel_height) / stride_height + 1, OW likewise  @types f32 f16 bf16  @overlap none  @arch all
/// @source manuals/bang/reduce_pool.md
template <typename T>
static inline void __bang_avgpool_bp(T *dst, const T *src, int channel, int height, int width, int kernel_height, int kernel_width,
                                     int stride_width, int stride_height) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_pool((T *)src, dst, channel, height, width, kernel_height, kernel_width, stride_width, stride_height, false);
  const int out_height = (height - kernel_height) / stride_height + 1;
  const int out_width = (width - kernel_width) / stride_width + 1;
  for (int i = 0; i < height * width * channel; ++i) dst[i] = 0;
  for (int oh = 0; oh < out_height; ++oh)
    for (int ow = 0; ow < out_width; ++ow)
      for (int kh = 0; kh < kernel_height; ++kh)
        for (int kw = 0; kw < kernel_width; ++kw)
          for (int c = 0; c < channel; ++c)
            dst[((oh * stride_height + kh) * width + ow * stride_width + kw) * channel + c] +=
                src[(oh * out_width + ow) * channel + c] / (kernel_height * kernel_width);
}

/// The values of __bang_maxpool, and behind them the places of __bang_maxpool_index with the same width (their order is UNCERTAIN).
/// @operand dst T[2][OH][OW][channel] nram  @operand src T[height][width][channel] nram
/// @length OH = (height - kernel_height) / stride_height + 1, OW likewise  @types f32 f16 bf16  @overlap none  @arch all
/// @source manuals/bang/reduce_pool.md
template <typename T>
static inline void __bang_maxpool_value_index(T *dst, const T *src, int channel, int height, int width, int kernel_height, int kernel_width,
                                              int stride_width, int stride_height) {
  const int count = ((height - kernel_height) / stride_height + 1) * ((width - kernel_width) / stride_width + 1) * channel;
  __bang_maxpool(dst, src, channel, height, width, kernel_height, kernel_width, stride_width, stride_height);
  __bang_maxpool_index((typename bang_bits<T>::type *)(dst + count), src, channel, height, width, kernel_height, kernel_width, stride_width,
                       stride_height);
}

/// The values of __bang_minpool, and behind them the places of __bang_minpool_index with the same width (their order is UNCERTAIN).
/// @operand dst T[2][OH][OW][channel] nram  @operand src T[height][width][channel] nram
/// @length OH = (height - kernel_height) / stride_height + 1, OW likewise  @types f32 f16 bf16  @overlap none  @arch all
/// @source manuals/bang/reduce_pool.md
template <typename T>
static inline void __bang_minpool_value_index(T *dst, const T *src, int channel, int height, int width, int kernel_height, int kernel_width,
                                              int stride_width, int stride_height) {
  const int count = ((height - kernel_height) / stride_height + 1) * ((width - kernel_width) / stride_width + 1) * channel;
  __bang_minpool(dst, src, channel, height, width, kernel_height, kernel_width, stride_width, stride_height);
  __bang_minpool_index((typename bang_bits<T>::type *)(dst + count), src, channel, height, width, kernel_height, kernel_width, stride_width,
                       stride_height);
}

/// The backward form of __bang_maxpool: each src[oh][ow][c] is added to the element of its window that index[oh][ow][c], as
/// __bang_maxpool_index gives it, names; dst starts at 0. The operands' order is UNCERTAIN.
/// @operand dst T[height][width][channel] nram  @operand src T[OH][OW][channel] nram  @operand index u32|u16[OH][OW][channel] nram
/// @length OH = (height - kernel_height) / stride_height + 1, OW likewise  @types f32 f16 bf16  @overlap none  @arch all
/// @source manuals/bang/reduce_pool.md
template <typename T>
static inline void __bang_maxpool_bp(T *dst, const T *src, const typename bang_bits<T>::type *index, int channel, int height, int width,
                                     int kernel_height, int kernel_width, int stride_width, int stride_height) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_pool((T *)src, dst, channel, height, width, kernel_height, kernel_width, stride_width, stride_height, false);
  const int out_height = (height - kernel_height) / stride_height + 1;
  const int out_width = (width - kernel_width) / stride_width + 1;
  bang_require_few(index, (unsigned long)out_height * out_width * channel);
  for (int i = 0; i < height * width * channel; ++i) dst[i] = 0;
  for (int oh = 0; oh < out_height; ++oh)
    for (int ow = 0; ow < out_width; ++ow)
      for (int c = 0; c < channel; ++c) {
        int from = (oh * out_width + ow) * channel + c, place = index[from];
        bang_require_true(place < kernel_height * kernel_width, "an index names no element of its window");
        dst[((oh * stride_height + place / kernel_width) * width + ow * stride_width + place % kernel_width) * channel + c] += src[from];
      }
}

/// Each src[oh][ow][c] goes to the place `index`, kh * kernel_width + kw, of its window; all other elements become 0. The operands' order
/// is
/// UNCERTAIN.
/// @operand dst T[height][width][channel] nram  @operand src T[OH][OW][channel] nram  @operand index i32 scalar
/// @length OH = (height - kernel_height) / stride_height + 1, OW likewise  @types f32 f16 bf16  @overlap none  @arch all
/// @source manuals/bang/reduce_pool.md
template <typename T>
static inline void __bang_unpool(T *dst, const T *src, int channel, int height, int width, int kernel_height, int kernel_width,
                                 int stride_width, int stride_height, int index) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_pool((T *)src, dst, channel, height, width, kernel_height, kernel_width, stride_width, stride_height, false);
  bang_require_true(index >= 0 && index < kernel_height * kernel_width, "the index names no element of the window");
  const int out_height = (height - kernel_height) / stride_height + 1;
  const int out_width = (width - kernel_width) / stride_width + 1;
  for (int i = 0; i < height * width * channel; ++i) dst[i] = 0;
  for (int oh = 0; oh < out_height; ++oh)
    for (int ow = 0; ow < out_width; ++ow)
      for (int c = 0; c < channel; ++c)
        dst[((oh * stride_height + index / kernel_width) * width + ow * stride_width + index % kernel_width) * channel + c] =
            src[(oh * out_width + ow) * channel + c];
}
