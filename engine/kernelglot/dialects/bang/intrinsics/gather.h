// Copies whose offsets are data: `size` bytes a transfer, offsets and strides in bytes.
#pragma once

/// What both directions need. A transfer that is to be waited for is begun as one asynchronous copy.
template <typename I> static inline void bang_require_transfers(const I *offset, unsigned n, int dir) {
  bang_require_arch(592);
  bang_require_kind<I>(BANG_U8 | BANG_U16 | BANG_U32);
  bang_require_nram(offset, n);
  bang_require_true((unsigned)dir <= SRAM2SRAM, "there is no such direction");
  int from = bang_ends[dir][0], to = bang_ends[dir][1];
  if ((from == BANG_SRAM && to >= BANG_LDRAM) || (to == BANG_SRAM && from >= BANG_LDRAM))
    BANG_FAULT("scope", "transfers between SRAM and off-chip memory do not exist");
}

static inline bool bang_selected(const void *mask, unsigned i) { return !mask || ((const uint8_t *)mask)[i / 8] >> i % 8 & 1; }

template <typename I>
static inline void bang_gather(void *dst, const void *src, const I *offset, const void *mask, unsigned size, int dir, unsigned stride,
                               unsigned n, bool waits) {
  bang_require_transfers(offset, n, dir);
  if (mask) bang_require_few((const char *)mask, (n + 7) / 8);
  for (unsigned i = 0; i < n; ++i)
    if (bang_selected(mask, i))
      bang_copy((char *)dst + (size_t)i * stride, (const char *)src + offset[i], bang_one_segment(size), dir, waits);
}

template <typename I>
static inline void bang_scatter(void *dst, const void *src, const I *offset, const void *mask, unsigned size, int dir, unsigned stride,
                                unsigned n, bool waits) {
  bang_require_transfers(offset, n, dir);
  if (mask) bang_require_few((const char *)mask, (n + 7) / 8);
  for (unsigned i = 0; i < n; ++i)
    if (bang_selected(mask, i))
      bang_copy((char *)dst + offset[i], (const char *)src + (size_t)i * stride, bang_one_segment(size), dir, waits);
}

/// dst + i * stride <- src + offset[i], `size` bytes, for i < n; all in bytes.
/// @operand dst bytes[size] by-direction  @operand src bytes[size] by-direction  @operand offset I[n] nram
/// @length n transfers  @types offsets u8 u16 u32  @arch >=592  @source manuals/bang/gather.md
template <typename I>
static inline void __gather(void *dst, const void *src, const I *offset, unsigned size, mluMemcpyDirection_t dir,
                            unsigned stride, unsigned n) {
  bang_gather(dst, src, offset, 0, size, dir, stride, n, true);
}

/// As __gather; transfer i is left out where bit i of `mask` is 0.
/// @operand dst bytes[size] by-direction  @operand src bytes[size] by-direction  @operand offset I[n] nram  @operand mask bits[n] nram
/// @length n transfers  @types offsets u8 u16 u32  @arch >=592  @source manuals/bang/gather.md
template <typename I>
static inline void __gather(void *dst, const void *src, const I *offset, const void *mask, unsigned size, mluMemcpyDirection_t dir,
                            unsigned stride, unsigned n) {
  bang_gather(dst, src, offset, mask, size, dir, stride, n, true);
}

/// __gather that may still be running when it returns; see __memcpy_async.
/// @operand dst bytes[size] by-direction  @operand src bytes[size] by-direction  @operand offset I[n] nram
/// @length n transfers  @types offsets u8 u16 u32  @arch >=592  @source manuals/bang/gather.md
template <typename I>
static inline void __gather_async(void *dst, const void *src, const I *offset, unsigned size, mluMemcpyDirection_t dir,
                                  unsigned stride, unsigned n) {
  bang_gather(dst, src, offset, 0, size, dir, stride, n, false);
}

/// As __gather_async; transfer i is left out where bit i of `mask` is 0.
/// @operand dst bytes[size] by-direction  @operand src bytes[size] by-direction  @operand offset I[n] nram  @operand mask bits[n] nram
/// @length n transfers  @types offsets u8 u16 u32  @arch >=592  @source manuals/bang/gather.md
template <typename I>
static inline void __gather_async(void *dst, const void *src, const I *offset, const void *mask, unsigned size, mluMemcpyDirection_t dir,
                                  unsigned stride, unsigned n) {
  bang_gather(dst, src, offset, mask, size, dir, stride, n, false);
}

/// dst + offset[i] <- src + i * stride, `size` bytes, for i < n; all in bytes.
/// @operand dst bytes[size] by-direction  @operand src bytes[size] by-direction  @operand offset I[n] nram
/// @length n transfers  @types offsets u8 u16 u32  @arch >=592  @source manuals/bang/gather.md
template <typename I>
static inline void __scatter(void *dst, const void *src, const I *offset, unsigned size, mluMemcpyDirection_t dir,
                             unsigned stride, unsigned n) {
  bang_scatter(dst, src, offset, 0, size, dir, stride, n, true);
}

/// As __scatter; transfer i is left out where bit i of `mask` is 0.
/// @operand dst bytes[size] by-direction  @operand src bytes[size] by-direction  @operand offset I[n] nram  @operand mask bits[n] nram
/// @length n transfers  @types offsets u8 u16 u32  @arch >=592  @source manuals/bang/gather.md
template <typename I>
static inline void __scatter(void *dst, const void *src, const I *offset, const void *mask, unsigned size, mluMemcpyDirection_t dir,
                             unsigned stride, unsigned n) {
  bang_scatter(dst, src, offset, mask, size, dir, stride, n, true);
}

/// __scatter that may still be running when it returns; see __memcpy_async.
/// @operand dst bytes[size] by-direction  @operand src bytes[size] by-direction  @operand offset I[n] nram
/// @length n transfers  @types offsets u8 u16 u32  @arch >=592  @source manuals/bang/gather.md
template <typename I>
static inline void __scatter_async(void *dst, const void *src, const I *offset, unsigned size, mluMemcpyDirection_t dir,
                                   unsigned stride, unsigned n) {
  bang_scatter(dst, src, offset, 0, size, dir, stride, n, false);
}

/// As __scatter_async; transfer i is left out where bit i of `mask` is 0.
/// @operand dst bytes[size] by-direction  @operand src bytes[size] by-direction  @operand offset I[n] nram  @operand mask bits[n] nram
/// @length n transfers  @types offsets u8 u16 u32  @arch >=592  @source manuals/bang/gather.md
template <typename I>
static inline void __scatter_async(void *dst, const void *src, const I *offset, const void *mask, unsigned size, mluMemcpyDirection_t dir,
                                   unsigned stride, unsigned n) {
  bang_scatter(dst, src, offset, mask, size, dir, stride, n, false);
}
