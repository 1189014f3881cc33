// Logic: __bang_and, or, xor, not take every element that is not 0 as true and give 1 or 0 in the type of the operands; __bang_band, bor,
// bxor, bnot work on bits.
#pragma once

/// dst[i] = a[i] && b[i] ? 1 : 0. Logical; NaN counts as true.
/// @operand dst T[n] nram  @operand a T[n] nram  @operand b T[n] nram
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300  @source manuals/bang/compare.md
template <typename T> static inline void __bang_and(T *dst, const T *a, const T *b, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)(a[i] != 0 && b[i] != 0 ? 1 : 0);
}

/// dst[i] = src[i] && value ? 1 : 0. Logical.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand value T scalar
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300  @source manuals/bang/compare.md
template <typename T> static inline void __bang_and_scalar(T *dst, const T *src, bang_value<T> value, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)(src[i] != 0 && value != 0 ? 1 : 0);
}

/// dst[i] = src[i] && seg[i % n_seg] ? 1 : 0. Logical.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand seg T[n_seg] nram
/// @length n elements, n % n_seg == 0  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300
/// @source manuals/bang/compare.md
template <typename T> static inline void __bang_cycle_and(T *dst, const T *src, const T *seg, unsigned n, unsigned n_seg) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_multiple(n, n_seg, "the number of elements");
  bang_require_nram(src, n);
  bang_require_nram(seg, n_seg);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)(src[i] != 0 && seg[i % n_seg] != 0 ? 1 : 0);
}

/// dst[i] = a[i] || b[i] ? 1 : 0. Logical; NaN counts as true.
/// @operand dst T[n] nram  @operand a T[n] nram  @operand b T[n] nram
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300  @source manuals/bang/compare.md
template <typename T> static inline void __bang_or(T *dst, const T *a, const T *b, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)(a[i] != 0 || b[i] != 0 ? 1 : 0);
}

/// dst[i] = src[i] || value ? 1 : 0. Logical.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand value T scalar
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300  @source manuals/bang/compare.md
template <typename T> static inline void __bang_or_scalar(T *dst, const T *src, bang_value<T> value, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)(src[i] != 0 || value != 0 ? 1 : 0);
}

/// dst[i] = src[i] || seg[i % n_seg] ? 1 : 0. Logical.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand seg T[n_seg] nram
/// @length n elements, n % n_seg == 0  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300
/// @source manuals/bang/compare.md
template <typename T> static inline void __bang_cycle_or(T *dst, const T *src, const T *seg, unsigned n, unsigned n_seg) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_multiple(n, n_seg, "the number of elements");
  bang_require_nram(src, n);
  bang_require_nram(seg, n_seg);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)(src[i] != 0 || seg[i % n_seg] != 0 ? 1 : 0);
}

/// dst[i] = exactly one of a[i] and b[i] is not 0 ? 1 : 0. Logical.
/// @operand dst T[n] nram  @operand a T[n] nram  @operand b T[n] nram
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300  @source manuals/bang/compare.md
template <typename T> static inline void __bang_xor(T *dst, const T *a, const T *b, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)((a[i] != 0) != (b[i] != 0) ? 1 : 0);
}

/// dst[i] = exactly one of src[i] and value is not 0 ? 1 : 0. Logical.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand value T scalar
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300  @source manuals/bang/compare.md
template <typename T> static inline void __bang_xor_scalar(T *dst, const T *src, bang_value<T> value, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)((src[i] != 0) != (value != 0) ? 1 : 0);
}

/// dst[i] = exactly one of src[i] and seg[i % n_seg] is not 0 ? 1 : 0. Logical.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand seg T[n_seg] nram
/// @length n elements, n % n_seg == 0  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300
/// @source manuals/bang/compare.md
template <typename T> static inline void __bang_cycle_xor(T *dst, const T *src, const T *seg, unsigned n, unsigned n_seg) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_multiple(n, n_seg, "the number of elements");
  bang_require_nram(src, n);
  bang_require_nram(seg, n_seg);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)((src[i] != 0) != (seg[i % n_seg] != 0) ? 1 : 0);
}

/// dst[i] = src[i] is 0 ? 1 : 0. Logical.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300  @source manuals/bang/compare.md
template <typename T> static inline void __bang_not(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)(src[i] != 0 ? 0 : 1);
}

/// dst[i] = a[i] & b[i], bytes.
/// @operand dst i8[n] nram  @operand a i8[n] nram  @operand b i8[n] nram
/// @length n bytes  @overlap any  @arch all  @source manuals/bang/compare.md
static inline void __bang_band(char *dst, const char *a, const char *b, unsigned n) {
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = a[i] & b[i];
}

/// dst[i] = src[i] & value on the bits of the elements.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand value T scalar
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch >=300  @source manuals/bang/compare.md
template <typename T> static inline void __bang_band_scalar(T *dst, const T *src, bang_value<T> value, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n * sizeof(T); ++i) ((uint8_t *)dst)[i] = ((const uint8_t *)src)[i] & ((const uint8_t *)&value)[i % sizeof(T)];
}

/// dst[i] = src[i] & seg[i % n_seg] on the bits of the elements.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand seg T[n_seg] nram
/// @length n elements, n % n_seg == 0  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300
/// @source manuals/bang/compare.md
template <typename T> static inline void __bang_cycle_band(T *dst, const T *src, const T *seg, unsigned n, unsigned n_seg) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_multiple(n, n_seg, "the number of elements");
  bang_require_nram(src, n);
  bang_require_nram(seg, n_seg);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n * sizeof(T); ++i)
    ((uint8_t *)dst)[i] = ((const uint8_t *)src)[i] & ((const uint8_t *)seg)[i % (n_seg * sizeof(T))];
}

/// dst[i] = a[i] | b[i], bytes.
/// @operand dst i8[n] nram  @operand a i8[n] nram  @operand b i8[n] nram
/// @length n bytes  @overlap any  @arch all  @source manuals/bang/compare.md
static inline void __bang_bor(char *dst, const char *a, const char *b, unsigned n) {
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = a[i] | b[i];
}

/// dst[i] = src[i] | value on the bits of the elements.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand value T scalar
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch >=300  @source manuals/bang/compare.md
template <typename T> static inline void __bang_bor_scalar(T *dst, const T *src, bang_value<T> value, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n * sizeof(T); ++i) ((uint8_t *)dst)[i] = ((const uint8_t *)src)[i] | ((const uint8_t *)&value)[i % sizeof(T)];
}

/// dst[i] = src[i] | seg[i % n_seg] on the bits of the elements.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand seg T[n_seg] nram
/// @length n elements, n % n_seg == 0  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300
/// @source manuals/bang/compare.md
template <typename T> static inline void __bang_cycle_bor(T *dst, const T *src, const T *seg, unsigned n, unsigned n_seg) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_multiple(n, n_seg, "the number of elements");
  bang_require_nram(src, n);
  bang_require_nram(seg, n_seg);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n * sizeof(T); ++i)
    ((uint8_t *)dst)[i] = ((const uint8_t *)src)[i] | ((const uint8_t *)seg)[i % (n_seg * sizeof(T))];
}

/// dst[i] = a[i] ^ b[i], bytes.
/// @operand dst i8[n] nram  @operand a i8[n] nram  @operand b i8[n] nram
/// @length n bytes  @overlap any  @arch all  @source manuals/bang/compare.md
static inline void __bang_bxor(char *dst, const char *a, const char *b, unsigned n) {
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = a[i] ^ b[i];
}

/// dst[i] = src[i] ^ value on the bits of the elements.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand value T scalar
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch >=300  @source manuals/bang/compare.md
template <typename T> static inline void __bang_bxor_scalar(T *dst, const T *src, bang_value<T> value, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n * sizeof(T); ++i) ((uint8_t *)dst)[i] = ((const uint8_t *)src)[i] ^ ((const uint8_t *)&value)[i % sizeof(T)];
}

/// dst[i] = src[i] ^ seg[i % n_seg] on the bits of the elements.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand seg T[n_seg] nram
/// @length n elements, n % n_seg == 0  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300
/// @source manuals/bang/compare.md
template <typename T> static inline void __bang_cycle_bxor(T *dst, const T *src, const T *seg, unsigned n, unsigned n_seg) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_multiple(n, n_seg, "the number of elements");
  bang_require_nram(src, n);
  bang_require_nram(seg, n_seg);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n * sizeof(T); ++i)
    ((uint8_t *)dst)[i] = ((const uint8_t *)src)[i] ^ ((const uint8_t *)seg)[i % (n_seg * sizeof(T))];
}

/// dst[i] = ~src[i], bytes.
/// @operand dst i8[n] nram  @operand src i8[n] nram
/// @length n bytes  @overlap any  @arch all  @source manuals/bang/compare.md
static inline void __bang_bnot(char *dst, const char *src, unsigned n) {
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = ~src[i];
}
