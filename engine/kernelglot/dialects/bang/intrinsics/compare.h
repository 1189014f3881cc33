// Comparisons and extrema. The index behind an extremum's value lies at byte sizeof(T), for 16-bit elements too (UNCERTAIN). A comparison
// gives 1 or 0 in the type of its operands, not a mask; the _bitindex forms give one bit an element, element 0 in bit 0 of byte 0. With a NaN
// a comparison gives 0, `ne` gives 1 (the guide leaves 0 or 1 open on 592: UNCERTAIN); the forms with a `u` behind give 1.
#pragma once

/// dst[i] = a[i] == b[i] ? 1 : 0.
/// @operand dst T[n] nram  @operand a T[n] nram  @operand b T[n] nram
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300  @source manuals/bang/compare.md
template <typename T> static inline void __bang_eq(T *dst, const T *a, const T *b, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)(a[i] == b[i] ? 1 : 0);
}

/// dst[i] = src[i] == value ? 1 : 0.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand value T scalar
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch >=300  @source manuals/bang/compare.md
template <typename T> static inline void __bang_eq_scalar(T *dst, const T *src, bang_value<T> value, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)(src[i] == value ? 1 : 0);
}

/// dst[i] = src[i] == seg[i % n_seg] ? 1 : 0.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand seg T[n_seg] nram
/// @length n elements, n % n_seg == 0  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300
/// @source manuals/bang/compare.md
template <typename T> static inline void __bang_cycle_eq(T *dst, const T *src, const T *seg, unsigned n, unsigned n_seg) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_multiple(n, n_seg, "the number of elements");
  bang_require_nram(src, n);
  bang_require_nram(seg, n_seg);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)(src[i] == seg[i % n_seg] ? 1 : 0);
}

/// Bit i of dst = a[i] == b[i].
/// @operand dst bits[n] nram  @operand a T[n] nram  @operand b T[n] nram
/// @length n elements, n % 8 == 0 (2xx: n % 512 == 0)  @types f32 f16 bf16  @overlap any  @arch all  @source manuals/bang/compare.md
template <typename D, typename T> static inline void __bang_eq_bitindex(D *dst, const T *a, const T *b, unsigned n) {
  bang_require_bits(n);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out((char *)dst, n / 8);
  for (unsigned i = 0; i < n; ++i) {
    uint8_t bit = (uint8_t)(1 << i % 8);
    if (a[i] == b[i]) ((uint8_t *)dst)[i / 8] |= bit;
    else ((uint8_t *)dst)[i / 8] &= (uint8_t)~bit;
  }
}

/// dst[i] = a[i] != b[i] ? 1 : 0.
/// @operand dst T[n] nram  @operand a T[n] nram  @operand b T[n] nram
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300  @source manuals/bang/compare.md
template <typename T> static inline void __bang_ne(T *dst, const T *a, const T *b, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)(a[i] != b[i] ? 1 : 0);
}

/// dst[i] = src[i] != value ? 1 : 0.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand value T scalar
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch >=300  @source manuals/bang/compare.md
template <typename T> static inline void __bang_ne_scalar(T *dst, const T *src, bang_value<T> value, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)(src[i] != value ? 1 : 0);
}

/// dst[i] = src[i] != seg[i % n_seg] ? 1 : 0.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand seg T[n_seg] nram
/// @length n elements, n % n_seg == 0  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300
/// @source manuals/bang/compare.md
template <typename T> static inline void __bang_cycle_ne(T *dst, const T *src, const T *seg, unsigned n, unsigned n_seg) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_multiple(n, n_seg, "the number of elements");
  bang_require_nram(src, n);
  bang_require_nram(seg, n_seg);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)(src[i] != seg[i % n_seg] ? 1 : 0);
}

/// Bit i of dst = a[i] != b[i].
/// @operand dst bits[n] nram  @operand a T[n] nram  @operand b T[n] nram
/// @length n elements, n % 8 == 0 (2xx: n % 512 == 0)  @types f32 f16 bf16  @overlap any  @arch all  @source manuals/bang/compare.md
template <typename D, typename T> static inline void __bang_ne_bitindex(D *dst, const T *a, const T *b, unsigned n) {
  bang_require_bits(n);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out((char *)dst, n / 8);
  for (unsigned i = 0; i < n; ++i) {
    uint8_t bit = (uint8_t)(1 << i % 8);
    if (a[i] != b[i]) ((uint8_t *)dst)[i / 8] |= bit;
    else ((uint8_t *)dst)[i / 8] &= (uint8_t)~bit;
  }
}

/// dst[i] = a[i] < b[i] ? 1 : 0.
/// @operand dst T[n] nram  @operand a T[n] nram  @operand b T[n] nram
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300  @source manuals/bang/compare.md
template <typename T> static inline void __bang_lt(T *dst, const T *a, const T *b, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)(a[i] < b[i] ? 1 : 0);
}

/// dst[i] = src[i] < value ? 1 : 0.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand value T scalar
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch >=300  @source manuals/bang/compare.md
template <typename T> static inline void __bang_lt_scalar(T *dst, const T *src, bang_value<T> value, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)(src[i] < value ? 1 : 0);
}

/// dst[i] = src[i] < seg[i % n_seg] ? 1 : 0.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand seg T[n_seg] nram
/// @length n elements, n % n_seg == 0  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300
/// @source manuals/bang/compare.md
template <typename T> static inline void __bang_cycle_lt(T *dst, const T *src, const T *seg, unsigned n, unsigned n_seg) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_multiple(n, n_seg, "the number of elements");
  bang_require_nram(src, n);
  bang_require_nram(seg, n_seg);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)(src[i] < seg[i % n_seg] ? 1 : 0);
}

/// Bit i of dst = a[i] < b[i].
/// @operand dst bits[n] nram  @operand a T[n] nram  @operand b T[n] nram
/// @length n elements, n % 8 == 0 (2xx: n % 512 == 0)  @types f32 f16 bf16  @overlap any  @arch all  @source manuals/bang/compare.md
template <typename D, typename T> static inline void __bang_lt_bitindex(D *dst, const T *a, const T *b, unsigned n) {
  bang_require_bits(n);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out((char *)dst, n / 8);
  for (unsigned i = 0; i < n; ++i) {
    uint8_t bit = (uint8_t)(1 << i % 8);
    if (a[i] < b[i]) ((uint8_t *)dst)[i / 8] |= bit;
    else ((uint8_t *)dst)[i / 8] &= (uint8_t)~bit;
  }
}

/// dst[i] = a[i] <= b[i] ? 1 : 0.
/// @operand dst T[n] nram  @operand a T[n] nram  @operand b T[n] nram
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300  @source manuals/bang/compare.md
template <typename T> static inline void __bang_le(T *dst, const T *a, const T *b, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)(a[i] <= b[i] ? 1 : 0);
}

/// dst[i] = src[i] <= value ? 1 : 0.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand value T scalar
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch >=300  @source manuals/bang/compare.md
template <typename T> static inline void __bang_le_scalar(T *dst, const T *src, bang_value<T> value, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)(src[i] <= value ? 1 : 0);
}

/// dst[i] = src[i] <= seg[i % n_seg] ? 1 : 0.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand seg T[n_seg] nram
/// @length n elements, n % n_seg == 0  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300
/// @source manuals/bang/compare.md
template <typename T> static inline void __bang_cycle_le(T *dst, const T *src, const T *seg, unsigned n, unsigned n_seg) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_multiple(n, n_seg, "the number of elements");
  bang_require_nram(src, n);
  bang_require_nram(seg, n_seg);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)(src[i] <= seg[i % n_seg] ? 1 : 0);
}

/// Bit i of dst = a[i] <= b[i].
/// @operand dst bits[n] nram  @operand a T[n] nram  @operand b T[n] nram
/// @length n elements, n % 8 == 0 (2xx: n % 512 == 0)  @types f32 f16 bf16  @overlap any  @arch all  @source manuals/bang/compare.md
template <typename D, typename T> static inline void __bang_le_bitindex(D *dst, const T *a, const T *b, unsigned n) {
  bang_require_bits(n);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out((char *)dst, n / 8);
  for (unsigned i = 0; i < n; ++i) {
    uint8_t bit = (uint8_t)(1 << i % 8);
    if (a[i] <= b[i]) ((uint8_t *)dst)[i / 8] |= bit;
    else ((uint8_t *)dst)[i / 8] &= (uint8_t)~bit;
  }
}

/// dst[i] = a[i] > b[i] ? 1 : 0.
/// @operand dst T[n] nram  @operand a T[n] nram  @operand b T[n] nram
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300  @source manuals/bang/compare.md
template <typename T> static inline void __bang_gt(T *dst, const T *a, const T *b, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)(a[i] > b[i] ? 1 : 0);
}

/// dst[i] = src[i] > value ? 1 : 0.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand value T scalar
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch >=300  @source manuals/bang/compare.md
template <typename T> static inline void __bang_gt_scalar(T *dst, const T *src, bang_value<T> value, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)(src[i] > value ? 1 : 0);
}

/// dst[i] = src[i] > seg[i % n_seg] ? 1 : 0.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand seg T[n_seg] nram
/// @length n elements, n % n_seg == 0  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300
/// @source manuals/bang/compare.md
template <typename T> static inline void __bang_cycle_gt(T *dst, const T *src, const T *seg, unsigned n, unsigned n_seg) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_multiple(n, n_seg, "the number of elements");
  bang_require_nram(src, n);
  bang_require_nram(seg, n_seg);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)(src[i] > seg[i % n_seg] ? 1 : 0);
}

/// Bit i of dst = a[i] > b[i].
/// @operand dst bits[n] nram  @operand a T[n] nram  @operand b T[n] nram
/// @length n elements, n % 8 == 0 (2xx: n % 512 == 0)  @types f32 f16 bf16  @overlap any  @arch all  @source manuals/bang/compare.md
template <typename D, typename T> static inline void __bang_gt_bitindex(D *dst, const T *a, const T *b, unsigned n) {
  bang_require_bits(n);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out((char *)dst, n / 8);
  for (unsigned i = 0; i < n; ++i) {
    uint8_t bit = (uint8_t)(1 << i % 8);
    if (a[i] > b[i]) ((uint8_t *)dst)[i / 8] |= bit;
    else ((uint8_t *)dst)[i / 8] &= (uint8_t)~bit;
  }
}

/// dst[i] = a[i] >= b[i] ? 1 : 0.
/// @operand dst T[n] nram  @operand a T[n] nram  @operand b T[n] nram
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300  @source manuals/bang/compare.md
template <typename T> static inline void __bang_ge(T *dst, const T *a, const T *b, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)(a[i] >= b[i] ? 1 : 0);
}

/// dst[i] = src[i] >= value ? 1 : 0.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand value T scalar
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all  @source manuals/bang/compare.md
template <typename T> static inline void __bang_ge_scalar(T *dst, const T *src, bang_value<T> value, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)(src[i] >= value ? 1 : 0);
}

/// dst[i] = src[i] >= seg[i % n_seg] ? 1 : 0.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand seg T[n_seg] nram
/// @length n elements, n % n_seg == 0  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300
/// @source manuals/bang/compare.md
template <typename T> static inline void __bang_cycle_ge(T *dst, const T *src, const T *seg, unsigned n, unsigned n_seg) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_multiple(n, n_seg, "the number of elements");
  bang_require_nram(src, n);
  bang_require_nram(seg, n_seg);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)(src[i] >= seg[i % n_seg] ? 1 : 0);
}

/// Bit i of dst = a[i] >= b[i].
/// @operand dst bits[n] nram  @operand a T[n] nram  @operand b T[n] nram
/// @length n elements, n % 8 == 0 (2xx: n % 512 == 0)  @types f32 f16 bf16  @overlap any  @arch all  @source manuals/bang/compare.md
template <typename D, typename T> static inline void __bang_ge_bitindex(D *dst, const T *a, const T *b, unsigned n) {
  bang_require_bits(n);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out((char *)dst, n / 8);
  for (unsigned i = 0; i < n; ++i) {
    uint8_t bit = (uint8_t)(1 << i % 8);
    if (a[i] >= b[i]) ((uint8_t *)dst)[i / 8] |= bit;
    else ((uint8_t *)dst)[i / 8] &= (uint8_t)~bit;
  }
}

/// dst[i] = a[i] == b[i] ? 1 : 0; 1 where one is NaN.
/// @operand dst T[n] nram  @operand a T[n] nram  @operand b T[n] nram
/// @length n elements  @types f32 f16 bf16  @overlap any  @arch >=500  @source manuals/bang/compare.md
template <typename T> static inline void __bang_equ(T *dst, const T *a, const T *b, unsigned n) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_arch(500);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)(a[i] != a[i] || b[i] != b[i] || a[i] == b[i] ? 1 : 0);
}

/// dst[i] = a[i] != b[i] ? 1 : 0; 1 where one is NaN.
/// @operand dst T[n] nram  @operand a T[n] nram  @operand b T[n] nram
/// @length n elements  @types f32 f16 bf16  @overlap any  @arch >=500  @source manuals/bang/compare.md
template <typename T> static inline void __bang_neu(T *dst, const T *a, const T *b, unsigned n) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_arch(500);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)(a[i] != b[i] ? 1 : 0);
}

/// dst[i] = a[i] < b[i] ? 1 : 0; 1 where one is NaN.
/// @operand dst T[n] nram  @operand a T[n] nram  @operand b T[n] nram
/// @length n elements  @types f32 f16 bf16  @overlap any  @arch >=500  @source manuals/bang/compare.md
template <typename T> static inline void __bang_ltu(T *dst, const T *a, const T *b, unsigned n) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_arch(500);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)(a[i] != a[i] || b[i] != b[i] || a[i] < b[i] ? 1 : 0);
}

/// dst[i] = a[i] <= b[i] ? 1 : 0; 1 where one is NaN.
/// @operand dst T[n] nram  @operand a T[n] nram  @operand b T[n] nram
/// @length n elements  @types f32 f16 bf16  @overlap any  @arch >=500  @source manuals/bang/compare.md
template <typename T> static inline void __bang_leu(T *dst, const T *a, const T *b, unsigned n) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_arch(500);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)(a[i] != a[i] || b[i] != b[i] || a[i] <= b[i] ? 1 : 0);
}

/// dst[i] = a[i] > b[i] ? 1 : 0; 1 where one is NaN.
/// @operand dst T[n] nram  @operand a T[n] nram  @operand b T[n] nram
/// @length n elements  @types f32 f16 bf16  @overlap any  @arch >=500  @source manuals/bang/compare.md
template <typename T> static inline void __bang_gtu(T *dst, const T *a, const T *b, unsigned n) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_arch(500);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)(a[i] != a[i] || b[i] != b[i] || a[i] > b[i] ? 1 : 0);
}

/// dst[i] = a[i] >= b[i] ? 1 : 0; 1 where one is NaN.
/// @operand dst T[n] nram  @operand a T[n] nram  @operand b T[n] nram
/// @length n elements  @types f32 f16 bf16  @overlap any  @arch >=500  @source manuals/bang/compare.md
template <typename T> static inline void __bang_geu(T *dst, const T *a, const T *b, unsigned n) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_arch(500);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)(a[i] != a[i] || b[i] != b[i] || a[i] >= b[i] ? 1 : 0);
}

/// dst[i] = the larger of a[i] and b[i]; a[i] where one is NaN.
/// @operand dst T[n] nram  @operand a T[n] nram  @operand b T[n] nram
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300  @source manuals/bang/compare.md
template <typename T> static inline void __bang_maxequal(T *dst, const T *a, const T *b, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = a[i] < b[i] ? b[i] : a[i];
}

/// dst[i] = the smaller of a[i] and b[i]; a[i] where one is NaN.
/// @operand dst T[n] nram  @operand a T[n] nram  @operand b T[n] nram
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300  @source manuals/bang/compare.md
template <typename T> static inline void __bang_minequal(T *dst, const T *a, const T *b, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = b[i] < a[i] ? b[i] : a[i];
}

/// dst[i] = the larger of src[i] and seg[i % n_seg]; src[i] where one is NaN.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand seg T[n_seg] nram
/// @length n elements, n % n_seg == 0  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300
/// @source manuals/bang/compare.md
template <typename T> static inline void __bang_cycle_maxequal(T *dst, const T *src, const T *seg, unsigned n, unsigned n_seg) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_multiple(n, n_seg, "the number of elements");
  bang_require_nram(src, n);
  bang_require_nram(seg, n_seg);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = src[i] < seg[i % n_seg] ? seg[i % n_seg] : src[i];
}

/// dst[i] = the smaller of src[i] and seg[i % n_seg]; src[i] where one is NaN.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand seg T[n_seg] nram
/// @length n elements, n % n_seg == 0  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300
/// @source manuals/bang/compare.md
template <typename T> static inline void __bang_cycle_minequal(T *dst, const T *src, const T *seg, unsigned n, unsigned n_seg) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_multiple(n, n_seg, "the number of elements");
  bang_require_nram(src, n);
  bang_require_nram(seg, n_seg);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = seg[i % n_seg] < src[i] ? seg[i % n_seg] : src[i];
}

/// dst[i] = the larger of src[i] and value; src[i] where one is NaN.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand value T scalar
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch >=300  @source manuals/bang/compare.md
template <typename T> static inline void __bang_maxeq_scalar(T *dst, const T *src, bang_value<T> value, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = src[i] < value ? value : src[i];
}

/// dst[i] = the smaller of src[i] and value; src[i] where one is NaN.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand value T scalar
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch >=300  @source manuals/bang/compare.md
template <typename T> static inline void __bang_mineq_scalar(T *dst, const T *src, bang_value<T> value, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = value < src[i] ? value : src[i];
}

/// dst[i] = the larger of a[i] and b[i]; the number where one is NaN.
/// @operand dst T[n] nram  @operand a T[n] nram  @operand b T[n] nram
/// @length n elements  @types f32 f16 bf16  @overlap any  @arch >=500  @source manuals/bang/compare.md
template <typename T> static inline void __bang_maximum(T *dst, const T *a, const T *b, unsigned n) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_arch(500);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = fmaxf(a[i], b[i]);
}

/// dst[i] = the smaller of a[i] and b[i]; the number where one is NaN.
/// @operand dst T[n] nram  @operand a T[n] nram  @operand b T[n] nram
/// @length n elements  @types f32 f16 bf16  @overlap any  @arch >=500  @source manuals/bang/compare.md
template <typename T> static inline void __bang_minimum(T *dst, const T *a, const T *b, unsigned n) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_arch(500);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = fminf(a[i], b[i]);
}

/// dst[i] = the larger of a[i] and b[i]; NaN where one is NaN.
/// @operand dst T[n] nram  @operand a T[n] nram  @operand b T[n] nram
/// @length n elements  @types f32 f16 bf16  @overlap any  @arch >=500  @source manuals/bang/compare.md
template <typename T> static inline void __bang_nan_maximum(T *dst, const T *a, const T *b, unsigned n) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_arch(500);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = a[i] != a[i] || a[i] > b[i] ? a[i] : b[i];
}

/// dst[i] = the smaller of a[i] and b[i]; NaN where one is NaN.
/// @operand dst T[n] nram  @operand a T[n] nram  @operand b T[n] nram
/// @length n elements  @types f32 f16 bf16  @overlap any  @arch >=500  @source manuals/bang/compare.md
template <typename T> static inline void __bang_nan_minimum(T *dst, const T *a, const T *b, unsigned n) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_arch(500);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = a[i] != a[i] || a[i] < b[i] ? a[i] : b[i];
}

/// dst = the largest element, then its index as u32 at byte sizeof(T); the first of equals, NaN ignored.
/// @operand dst T[1]+u32 nram  @operand src T[n] nram
/// @length n elements  @types f32 f16 bf16  @overlap any  @arch >=300  @source manuals/bang/compare.md
template <typename T> static inline void __bang_argmax(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_arena(dst, sizeof(T) + 4, BANG_NRAM);
  unsigned best = 0;
  for (unsigned i = 1; i < n; ++i)
    if (src[i] > src[best] || (src[best] != src[best] && src[i] == src[i])) best = i;
  T value = src[best];
  dst[0] = value;
  memcpy(dst + 1, &best, sizeof best);
}

/// dst = the smallest element, then its index as u32 at byte sizeof(T); the first of equals, NaN ignored.
/// @operand dst T[1]+u32 nram  @operand src T[n] nram
/// @length n elements  @types f32 f16 bf16  @overlap any  @arch >=300  @source manuals/bang/compare.md
template <typename T> static inline void __bang_argmin(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_arena(dst, sizeof(T) + 4, BANG_NRAM);
  unsigned best = 0;
  for (unsigned i = 1; i < n; ++i)
    if (src[i] < src[best] || (src[best] != src[best] && src[i] == src[i])) best = i;
  T value = src[best];
  dst[0] = value;
  memcpy(dst + 1, &best, sizeof best);
}

/// dst = the largest element, then its index as u32 at byte sizeof(T); the first of equals, NaN ignored. Deprecated name.
/// @operand dst T[1]+u32 nram  @operand src T[n] nram
/// @length n elements  @types f32 f16 bf16  @overlap any  @arch all  @source manuals/bang/compare.md
template <typename T> static inline void __bang_max(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_nram(src, n);
  bang_require_arena(dst, __BANG_ARCH__ < 300 ? 128 : sizeof(T) + 4, BANG_NRAM);
  unsigned best = 0;
  for (unsigned i = 1; i < n; ++i)
    if (src[i] > src[best] || (src[best] != src[best] && src[i] == src[i])) best = i;
  T value = src[best];
  dst[0] = value;
  memcpy(dst + 1, &best, sizeof best);
}

/// dst = the smallest element, then its index as u32 at byte sizeof(T); the first of equals, NaN ignored. Deprecated name.
/// @operand dst T[1]+u32 nram  @operand src T[n] nram
/// @length n elements  @types f32 f16 bf16  @overlap any  @arch all  @source manuals/bang/compare.md
template <typename T> static inline void __bang_min(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_nram(src, n);
  bang_require_arena(dst, __BANG_ARCH__ < 300 ? 128 : sizeof(T) + 4, BANG_NRAM);
  unsigned best = 0;
  for (unsigned i = 1; i < n; ++i)
    if (src[i] < src[best] || (src[best] != src[best] && src[i] == src[i])) best = i;
  T value = src[best];
  dst[0] = value;
  memcpy(dst + 1, &best, sizeof best);
}
