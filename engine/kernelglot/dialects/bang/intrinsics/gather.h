// Copies whose offsets are data: `size` bytes a transfer, offsets and strides in bytes.
#pragma once

/// dst + i * stride <- src + offset[i], `size` bytes, for i < n; all in bytes.
/// @operand dst bytes[size] by-direction  @operand src bytes[size] by-direction  @operand offset I[n] nram
/// @length n transfers  @types offsets u8 u16 u32  @arch >=592  @source manuals/bang/gather.md
template <typename I>
static inline void __gather(void *dst, const void *src, const I *offset, unsigned size, mluMemcpyDirection_t dir, unsigned stride,
                            unsigned n) {
  bang_require_arch(592);
  bang_require_nram(offset, n);
  for (unsigned i = 0; i < n; ++i) __memcpy((char *)dst + (size_t)i * stride, (const char *)src + offset[i], size, dir);
}

/// As __gather; transfer i is left out where bit i of `mask` is 0.
/// @operand dst bytes[size] by-direction  @operand src bytes[size] by-direction  @operand offset I[n] nram  @operand mask bits[n] nram
/// @length n transfers  @types offsets u8 u16 u32  @arch >=592  @source manuals/bang/gather.md
template <typename I>
static inline void __gather(void *dst, const void *src, const I *offset, const void *mask, unsigned size, mluMemcpyDirection_t dir,
                            unsigned stride, unsigned n) {
  bang_require_arch(592);
  bang_require_nram(offset, n);
  bang_require_arena(mask, (n + 7) / 8, BANG_NRAM);
  for (unsigned i = 0; i < n; ++i)
    if (((const uint8_t *)mask)[i / 8] >> i % 8 & 1) __memcpy((char *)dst + (size_t)i * stride, (const char *)src + offset[i], size, dir);
}

/// dst + offset[i] <- src + i * stride, `size` bytes, for i < n; all in bytes.
/// @operand dst bytes[size] by-direction  @operand src bytes[size] by-direction  @operand offset I[n] nram
/// @length n transfers  @types offsets u8 u16 u32  @arch >=592  @source manuals/bang/gather.md
template <typename I>
static inline void __scatter(void *dst, const void *src, const I *offset, unsigned size, mluMemcpyDirection_t dir, unsigned stride,
                             unsigned n) {
  bang_require_arch(592);
  bang_require_nram(offset, n);
  for (unsigned i = 0; i < n; ++i) __memcpy((char *)dst + offset[i], (const char *)src + (size_t)i * stride, size, dir);
}

/// As __scatter; transfer i is left out where bit i of `mask` is 0.
/// @operand dst bytes[size] by-direction  @operand src bytes[size] by-direction  @operand offset I[n] nram  @operand mask bits[n] nram
/// @length n transfers  @types offsets u8 u16 u32  @arch >=592  @source manuals/bang/gather.md
template <typename I>
static inline void __scatter(void *dst, const void *src, const I *offset, const void *mask, unsigned size, mluMemcpyDirection_t dir,
                             unsigned stride, unsigned n) {
  bang_require_arch(592);
  bang_require_nram(offset, n);
  bang_require_arena(mask, (n + 7) / 8, BANG_NRAM);
  for (unsigned i = 0; i < n; ++i)
    if (((const uint8_t *)mask)[i / 8] >> i % 8 & 1) __memcpy((char *)dst + offset[i], (const char *)src + (size_t)i * stride, size, dir);
}

/// __gather that may still be running when it returns; see __memcpy_async. The emulator does not follow what is pending here.
/// @operand dst bytes[size] by-direction  @operand src bytes[size] by-direction  @operand offset I[n] nram
/// @length n transfers  @types offsets u8 u16 u32  @arch >=592  @source manuals/bang/gather.md
template <typename I>
static inline void __gather_async(void *dst, const void *src, const I *offset, unsigned size, mluMemcpyDirection_t dir, unsigned stride,
                               unsigned n) {
  __gather(dst, src, offset, size, dir, stride, n);
}

/// __scatter that may still be running when it returns; see __memcpy_async. The emulator does not follow what is pending here.
/// @operand dst bytes[size] by-direction  @operand src bytes[size] by-direction  @operand offset I[n] nram
/// @length n transfers  @types offsets u8 u16 u32  @arch >=592  @source manuals/bang/gather.md
template <typename I>
static inline void __scatter_async(void *dst, const void *src, const I *offset, unsigned size, mluMemcpyDirection_t dir, unsigned stride,
                               unsigned n) {
  __scatter(dst, src, offset, size, dir, stride, n);
}
