// Element-wise arithmetic. Every operation is done in T and rounded to nearest even; integers wrap. An operand may overlap the
// destination where its comment says `any`: elements are then read before the one at the same place is written.
// UNCERTAIN, as no document says it: that integers wrap, that denormals are kept, that a remainder has the sign of the dividend, and that
// the
// two operations of __bang_fusion are rounded each.
#pragma once

template <typename T> struct bang_unsigned;
template <> struct bang_unsigned<int8_t> { typedef uint8_t type; };
template <> struct bang_unsigned<uint8_t> { typedef uint8_t type; };
template <> struct bang_unsigned<char> { typedef uint8_t type; };
template <> struct bang_unsigned<int16_t> { typedef uint16_t type; };
template <> struct bang_unsigned<uint16_t> { typedef uint16_t type; };
template <> struct bang_unsigned<int32_t> { typedef uint32_t type; };
template <> struct bang_unsigned<uint32_t> { typedef uint32_t type; };

/// `value` rotated left by `shift` bits, 0 to the width of T.
template <typename T> static inline T bang_rotate(T value, int shift) {
  typename bang_unsigned<T>::type bits = value;
  const int width = 8 * (int)sizeof(T);
  return (T)((uint64_t)bits << shift % width | (uint64_t)bits >> (width - shift % width));
}

template <typename T> static inline void bang_require_shift(int shift) {
  bang_require_true(shift >= 0 && shift < 8 * (int)sizeof(T), "a shift must be less than the width of an element");
}

/// `value` limited to the range of the integer type T.
template <typename T> static inline T bang_saturate(int64_t value) {
  const bool is_signed = (T)-1 < (T)0;
  const int64_t high = is_signed ? ((int64_t)1 << (8 * sizeof(T) - 1)) - 1 : ((int64_t)1 << 8 * sizeof(T)) - 1;
  const int64_t low = is_signed ? -high - 1 : 0;
  return (T)(value < low ? low : value > high ? high : value);
}

/// dst[i] = a[i] + b[i].
/// @operand dst T[n] nram  @operand a T[n] nram  @operand b T[n] nram
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300  @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_add(T *dst, const T *a, const T *b, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = a[i] + b[i];
  bang_limit(dst, n);
}

/// dst[i] = src[i] + value.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand value T scalar
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300  @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_add_scalar(T *dst, const T *src, bang_value<T> value, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = src[i] + value;
  bang_limit(dst, n);
}

/// dst[i] = src[i] + value. Older name of __bang_add_scalar.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand value T scalar
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300  @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_add_const(T *dst, const T *src, bang_value<T> value, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = src[i] + value;
  bang_limit(dst, n);
}

/// dst[i] = src[i] + seg[i % n_seg].
/// @operand dst T[n] nram  @operand src T[n] nram  @operand seg T[n_seg] nram
/// @length n elements, n % n_seg == 0  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300
/// @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_cycle_add(T *dst, const T *src, const T *seg, unsigned n, unsigned n_seg) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_multiple(n, n_seg, "the number of elements");
  bang_require_nram(src, n);
  bang_require_nram(seg, n_seg);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = src[i] + seg[i % n_seg];
  bang_limit(dst, n);
}

/// dst[i] = a[i] - b[i].
/// @operand dst T[n] nram  @operand a T[n] nram  @operand b T[n] nram
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300  @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_sub(T *dst, const T *a, const T *b, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = a[i] - b[i];
  bang_limit(dst, n);
}

/// dst[i] = src[i] - value.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand value T scalar
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300  @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_sub_scalar(T *dst, const T *src, bang_value<T> value, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = src[i] - value;
  bang_limit(dst, n);
}

/// dst[i] = src[i] - value. Older name of __bang_sub_scalar.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand value T scalar
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300  @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_sub_const(T *dst, const T *src, bang_value<T> value, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = src[i] - value;
  bang_limit(dst, n);
}

/// dst[i] = src[i] - seg[i % n_seg].
/// @operand dst T[n] nram  @operand src T[n] nram  @operand seg T[n_seg] nram
/// @length n elements, n % n_seg == 0  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300
/// @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_cycle_sub(T *dst, const T *src, const T *seg, unsigned n, unsigned n_seg) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_multiple(n, n_seg, "the number of elements");
  bang_require_nram(src, n);
  bang_require_nram(seg, n_seg);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = src[i] - seg[i % n_seg];
  bang_limit(dst, n);
}

/// dst[i] = a[i] * b[i].
/// @operand dst T[n] nram  @operand a T[n] nram  @operand b T[n] nram
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300  @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_mul(T *dst, const T *a, const T *b, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = a[i] * b[i];
  bang_limit(dst, n);
}

/// dst[i] = src[i] * value.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand value T scalar
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300  @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_mul_scalar(T *dst, const T *src, bang_value<T> value, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = src[i] * value;
  bang_limit(dst, n);
}

/// dst[i] = src[i] * value. Older name of __bang_mul_scalar.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand value T scalar
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300  @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_mul_const(T *dst, const T *src, bang_value<T> value, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = src[i] * value;
  bang_limit(dst, n);
}

/// dst[i] = src[i] * seg[i % n_seg].
/// @operand dst T[n] nram  @operand src T[n] nram  @operand seg T[n_seg] nram
/// @length n elements, n % n_seg == 0  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch all, integers >=300
/// @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_cycle_mul(T *dst, const T *src, const T *seg, unsigned n, unsigned n_seg) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_multiple(n, n_seg, "the number of elements");
  bang_require_nram(src, n);
  bang_require_nram(seg, n_seg);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = src[i] * seg[i % n_seg];
  bang_limit(dst, n);
}

/// dst[i] = a[i] / b[i]; b[i] is not 0.
/// @operand dst T[n] nram  @operand a T[n] nram  @operand b T[n] nram
/// @length n elements  @types f32 f16 bf16 i32 i16  @overlap any  @arch >=322 except 372  @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_div(T *dst, const T *a, const T *b, unsigned n) {
  bang_require_type<T>(BANG_FLOATS | BANG_I32 | BANG_I16);
  bang_require_arch(322);
  bang_require_not_arch(372);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = a[i] / b[i];
  bang_limit(dst, n);
}

/// dst[i] = src[i] / value; value is not 0.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand value T scalar
/// @length n elements  @types f32 f16 bf16 i32 i16  @overlap any  @arch >=322 except 372  @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_div(T *dst, const T *src, bang_value<T> value, unsigned n) {
  bang_require_type<T>(BANG_FLOATS | BANG_I32 | BANG_I16);
  bang_require_arch(322);
  bang_require_not_arch(372);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = src[i] / value;
  bang_limit(dst, n);
}

/// A quotient of unsigned integers, as the forms below.
template <typename T> static inline void bang_divide(T *dst, const T *a, const T *b, unsigned step, unsigned n) {
  bang_require_arch(322);
  bang_require_not_arch(372);
  bang_require_type<T>(BANG_U32 | BANG_U16);
  bang_require_nram(a, n);
  if (step) bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = a[i] / b[i * step];
}

/// dst[i] = a[i] / b[i]; b[i] is not 0.
/// @operand dst u32[n] nram  @operand a u32[n] nram  @operand b u32[n] nram
/// @length n elements  @overlap any  @arch >=322 except 372  @source manuals/bang/arithmetic.md
static inline void __bang_div(uint32_t *dst, const uint32_t *a, const uint32_t *b, unsigned n) { bang_divide(dst, a, b, 1, n); }

/// dst[i] = src[i] / value; value is not 0.
/// @operand dst u32[n] nram  @operand src u32[n] nram  @operand value u32 scalar
/// @length n elements  @overlap any  @arch >=322 except 372  @source manuals/bang/arithmetic.md
static inline void __bang_div(uint32_t *dst, const uint32_t *src, uint32_t value, unsigned n) { bang_divide(dst, src, &value, 0, n); }

/// dst[i] = a[i] / b[i]; b[i] is not 0.
/// @operand dst u16[n] nram  @operand a u16[n] nram  @operand b u16[n] nram
/// @length n elements  @overlap any  @arch >=322 except 372  @source manuals/bang/arithmetic.md
static inline void __bang_div(uint16_t *dst, const uint16_t *a, const uint16_t *b, unsigned n) { bang_divide(dst, a, b, 1, n); }

/// dst[i] = src[i] / value; value is not 0.
/// @operand dst u16[n] nram  @operand src u16[n] nram  @operand value u16 scalar
/// @length n elements  @overlap any  @arch >=322 except 372  @source manuals/bang/arithmetic.md
static inline void __bang_div(uint16_t *dst, const uint16_t *src, uint16_t value, unsigned n) { bang_divide(dst, src, &value, 0, n); }

/// dst[i] = a[i] / b[i]; the content of `scratch` is destroyed. Deprecated form.
/// @operand dst T[n] nram  @operand a T[n] nram  @operand b T[n] nram  @operand scratch T[n] nram
/// @length n elements, n * sizeof(T) % 128 == 0  @types f32 f16  @overlap none  @arch all  @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_div(T *dst, const T *a, const T *b, T *scratch, unsigned n) {
  bang_require_type<T>(BANG_F32 | BANG_F16);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(scratch, n);
  bang_require_nram_out(dst, n);
  bang_require_disjoint(dst, n, a, n);
  bang_require_disjoint(dst, n, b, n);
  bang_require_disjoint(scratch, n, dst, n);
  bang_require_disjoint(scratch, n, a, n);
  bang_require_disjoint(scratch, n, b, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = a[i] / b[i];
  memset(scratch, kg_poison, n * sizeof(T));
}

/// dst[i] = a[i] % b[i] with the sign of a[i]; b[i] is not 0.
/// @operand dst T[n] nram  @operand a T[n] nram  @operand b T[n] nram
/// @length n elements  @types i32 i16 u32 u16  @overlap any  @arch >=322 except 372  @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_rem(T *dst, const T *a, const T *b, unsigned n) {
  bang_require_type<T>(BANG_I32 | BANG_I16 | BANG_U32 | BANG_U16);
  bang_require_arch(322);
  bang_require_not_arch(372);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = a[i] % b[i];
}

/// dst[i] = src[i] % value with the sign of src[i]; value is not 0.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand value T scalar
/// @length n elements  @types i32 i16 u32 u16  @overlap any  @arch >=322 except 372  @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_rem(T *dst, const T *src, bang_value<T> value, unsigned n) {
  bang_require_type<T>(BANG_I32 | BANG_I16 | BANG_U32 | BANG_U16);
  bang_require_arch(322);
  bang_require_not_arch(372);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = src[i] % value;
}

/// dst[i] = src[i] * src[i].
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16 bf16  @overlap any  @arch all  @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_square(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = src[i] * src[i];
  bang_limit(dst, n);
}

/// dst[i] = src[i] * src[i], widened.
/// @operand dst i16[n] nram  @operand src i8[n] nram
/// @length n elements  @overlap none  @arch >=300  @source manuals/bang/arithmetic.md
static inline void __bang_square(int16_t *dst, const int8_t *src, unsigned n) {
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  bang_require_disjoint(dst, n, src, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (int16_t)src[i] * (int16_t)src[i];
}

/// dst[i] = src[i] * src[i], widened.
/// @operand dst i32[n] nram  @operand src i16[n] nram
/// @length n elements  @overlap none  @arch >=300  @source manuals/bang/arithmetic.md
static inline void __bang_square(int32_t *dst, const int16_t *src, unsigned n) {
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  bang_require_disjoint(dst, n, src, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (int32_t)src[i] * (int32_t)src[i];
}

/// dst[i] = |src[i]|.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16 bf16  @overlap any  @arch >=300  @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_abs(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = fabsf(src[i]);
  bang_limit(dst, n);
}

/// dst[i] = |src[i]| of integers; the least integer stays.
/// @operand dst i32[n] nram  @operand src i32[n] nram
/// @length n elements  @overlap any  @arch >=300  @source manuals/bang/arithmetic.md
static inline void __bang_abs(int32_t *dst, const int32_t *src, unsigned n) {
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = src[i] < 0 ? -src[i] : src[i];
}

/// dst[i] = |src[i]| of integers; the least integer stays.
/// @operand dst i16[n] nram  @operand src i16[n] nram
/// @length n elements  @overlap any  @arch >=300  @source manuals/bang/arithmetic.md
static inline void __bang_abs(int16_t *dst, const int16_t *src, unsigned n) {
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = src[i] < 0 ? -src[i] : src[i];
}

/// dst[i] = |src[i]| of integers; the least integer stays.
/// @operand dst i8[n] nram  @operand src i8[n] nram
/// @length n elements  @overlap any  @arch >=300  @source manuals/bang/arithmetic.md
static inline void __bang_abs(int8_t *dst, const int8_t *src, unsigned n) {
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = src[i] < 0 ? -src[i] : src[i];
}

/// dst[i] = -src[i].
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16 bf16 i32 i16 i8  @overlap any  @arch >=322 except 372 520  @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_neg(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_NUMBERS);
  bang_require_arch(322);
  bang_require_not_arch(372);
  bang_require_not_arch(520);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = -src[i];
  bang_limit(dst, n);
}

/// dst[i] = floor(src[i]).
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32  @overlap none  @arch >=300 except 520  @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_floor(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32);
  bang_require_arch(300);
  bang_require_not_arch(520);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  bang_require_disjoint(dst, n, src, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = floorf(src[i]);
  bang_limit(dst, n);
}

/// dst[i] = ceil(src[i]). Not in guide 4.5.1; kept as the mirror of __bang_floor.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32  @overlap none  @arch >=300 except 520  @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_ceil(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32);
  bang_require_arch(300);
  bang_require_not_arch(520);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  bang_require_disjoint(dst, n, src, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = ceilf(src[i]);
  bang_limit(dst, n);
}

/// dst[i] = src[i] rounded to an integer, halves away from zero.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32  @overlap none  @arch >=300 except 520  @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_round(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32);
  bang_require_arch(300);
  bang_require_not_arch(520);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  bang_require_disjoint(dst, n, src, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = roundf(src[i]);
  bang_limit(dst, n);
}

/// dst[i] = src[i] rounded to an integer, halves to even.
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32  @overlap none  @arch >=300 except 520  @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_nearbyint(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_F32);
  bang_require_arch(300);
  bang_require_not_arch(520);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  bang_require_disjoint(dst, n, src, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = nearbyintf(src[i]);
  bang_limit(dst, n);
}

/// dst[i] = max(src[i], 0).
/// @operand dst T[n] nram  @operand src T[n] nram
/// @length n elements  @types f32 f16 bf16  @overlap any  @arch >=300  @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_relu(T *dst, const T *src, unsigned n) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = fmaxf(src[i], 0.0f);
  bang_limit(dst, n);
}

/// dst[i] = src[i] clamped to [0, value].
/// @operand dst T[n] nram  @operand src T[n] nram  @operand value T scalar
/// @length n elements  @types f32 f16 bf16  @overlap any  @arch >=300  @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_relun(T *dst, const T *src, bang_value<T> value, unsigned n) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_arch(300);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = fminf(fmaxf(src[i], 0.0f), value);
  bang_limit(dst, n);
}

/// dst[i] = a[i] + b[i], saturated.
/// @operand dst T[n] nram  @operand a T[n] nram  @operand b T[n] nram
/// @length n elements  @types i32 i16 i8  @overlap any  @arch >=322 except 372 520  @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_adds(T *dst, const T *a, const T *b, unsigned n) {
  bang_require_type<T>(BANG_SIGNED);
  bang_require_arch(322);
  bang_require_not_arch(372);
  bang_require_not_arch(520);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_saturate<T>((int64_t)a[i] + b[i]);
}

/// dst[i] = src[i] + value, saturated.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand value T scalar
/// @length n elements  @types i32 i16 i8  @overlap any  @arch >=322 except 372 520  @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_adds_scalar(T *dst, const T *src, bang_value<T> value, unsigned n) {
  bang_require_type<T>(BANG_SIGNED);
  bang_require_arch(322);
  bang_require_not_arch(372);
  bang_require_not_arch(520);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_saturate<T>((int64_t)src[i] + value);
}

/// dst[i] = a[i] - b[i], saturated.
/// @operand dst T[n] nram  @operand a T[n] nram  @operand b T[n] nram
/// @length n elements  @types i32 i16 i8  @overlap any  @arch >=322 except 372 520  @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_subs(T *dst, const T *a, const T *b, unsigned n) {
  bang_require_type<T>(BANG_SIGNED);
  bang_require_arch(322);
  bang_require_not_arch(372);
  bang_require_not_arch(520);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_saturate<T>((int64_t)a[i] - b[i]);
}

/// dst[i] = src[i] - value, saturated.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand value T scalar
/// @length n elements  @types i32 i16 i8  @overlap any  @arch >=322 except 372 520  @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_subs_scalar(T *dst, const T *src, bang_value<T> value, unsigned n) {
  bang_require_type<T>(BANG_SIGNED);
  bang_require_arch(322);
  bang_require_not_arch(372);
  bang_require_not_arch(520);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_saturate<T>((int64_t)src[i] - value);
}

/// dst[i] = a[i] * b[i], widened.
/// @operand dst u16[n] nram  @operand a u8[n] nram  @operand b u8[n] nram
/// @length n elements  @overlap none  @arch >=300 except 520  @source manuals/bang/arithmetic.md
static inline void __bang_muls(uint16_t *dst, const uint8_t *a, const uint8_t *b, unsigned n) {
  bang_require_arch(300);
  bang_require_not_arch(520);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  bang_require_disjoint(dst, n, a, n);
  bang_require_disjoint(dst, n, b, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (uint16_t)a[i] * (uint16_t)b[i];
}

/// dst[i] = a[i] * b[i], widened.
/// @operand dst i16[n] nram  @operand a i8[n] nram  @operand b i8[n] nram
/// @length n elements  @overlap none  @arch >=300 except 520  @source manuals/bang/arithmetic.md
static inline void __bang_muls(int16_t *dst, const int8_t *a, const int8_t *b, unsigned n) {
  bang_require_arch(300);
  bang_require_not_arch(520);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  bang_require_disjoint(dst, n, a, n);
  bang_require_disjoint(dst, n, b, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (int16_t)a[i] * (int16_t)b[i];
}

/// dst[i] = a[i] * b[i], widened.
/// @operand dst i32[n] nram  @operand a i16[n] nram  @operand b i16[n] nram
/// @length n elements  @overlap none  @arch >=300 except 520  @source manuals/bang/arithmetic.md
static inline void __bang_muls(int32_t *dst, const int16_t *a, const int16_t *b, unsigned n) {
  bang_require_arch(300);
  bang_require_not_arch(520);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  bang_require_disjoint(dst, n, a, n);
  bang_require_disjoint(dst, n, b, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (int32_t)a[i] * (int32_t)b[i];
}

/// dst[i] = the high half of a[i] * b[i].
/// @operand dst T[n] nram  @operand a T[n] nram  @operand b T[n] nram
/// @length n elements  @types i32 i16 i8  @overlap any  @arch >=300 except 520  @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_mulh(T *dst, const T *a, const T *b, unsigned n) {
  bang_require_type<T>(BANG_SIGNED);
  bang_require_arch(300);
  bang_require_not_arch(520);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)((int64_t)a[i] * b[i] >> 8 * sizeof(T));
}

/// dst[i] = src[i] shifted left by `shift` bits.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand shift i32 scalar
/// @length n elements  @types i32 i16 i8  @overlap any  @arch >=322 except 520  @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_sll(T *dst, const T *src, int shift, unsigned n) {
  bang_require_type<T>(BANG_SIGNED);
  bang_require_arch(322);
  bang_require_not_arch(520);
  bang_require_shift<T>(shift);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)((typename bang_unsigned<T>::type)src[i] << shift);
}

/// dst[i] = src[i] shifted right, zeros enter by `shift` bits.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand shift i32 scalar
/// @length n elements  @types i32 i16 i8  @overlap any  @arch >=322 except 520  @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_srl(T *dst, const T *src, int shift, unsigned n) {
  bang_require_type<T>(BANG_SIGNED);
  bang_require_arch(322);
  bang_require_not_arch(520);
  bang_require_shift<T>(shift);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)((typename bang_unsigned<T>::type)src[i] >> shift);
}

/// dst[i] = src[i] shifted right, the sign bit enters by `shift` bits.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand shift i32 scalar
/// @length n elements  @types i32 i16 i8  @overlap any  @arch >=322 except 520  @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_sra(T *dst, const T *src, int shift, unsigned n) {
  bang_require_type<T>(BANG_SIGNED);
  bang_require_arch(322);
  bang_require_not_arch(520);
  bang_require_shift<T>(shift);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = (T)(src[i] >> shift);
}

/// dst[i] = src[i] rotated left by `shift` bits.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand shift i32 scalar
/// @length n elements  @types i32 i16 i8  @overlap any  @arch >=322 except 520  @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_rol(T *dst, const T *src, int shift, unsigned n) {
  bang_require_type<T>(BANG_SIGNED);
  bang_require_arch(322);
  bang_require_not_arch(520);
  bang_require_shift<T>(shift);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_rotate<T>(src[i], shift);
}

/// dst[i] = src[i] rotated right by `shift` bits.
/// @operand dst T[n] nram  @operand src T[n] nram  @operand shift i32 scalar
/// @length n elements  @types i32 i16 i8  @overlap any  @arch >=322 except 520  @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_ror(T *dst, const T *src, int shift, unsigned n) {
  bang_require_type<T>(BANG_SIGNED);
  bang_require_arch(322);
  bang_require_not_arch(520);
  bang_require_shift<T>(shift);
  bang_require_nram(src, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_rotate<T>(src[i], 8 * (int)sizeof(T) - shift);
}

typedef enum { FUSION_FMA, FUSION_FMS, FUSION_FAM, FUSION_FSM, FUSION_FAA, FUSION_FAS, FUSION_FSA, FUSION_FSS } mluFusionOpCode;

/// One element of __bang_fusion: two operations, each rounded to T.
template <typename T> static inline T bang_fuse(mluFusionOpCode op, T a, T b, T c) {
  T first = op <= FUSION_FMS ? (T)(a * b) : op == FUSION_FAM || op == FUSION_FAA || op == FUSION_FAS ? (T)(a + b) : (T)(a - b);
  if (op == FUSION_FAM || op == FUSION_FSM) return first * c;
  return op == FUSION_FMA || op == FUSION_FAA || op == FUSION_FSA ? (T)(first + c) : (T)(first - c);
}

/// dst[i] = one of FMA a*b+c, FMS a*b-c, FAM (a+b)*c, FSM (a-b)*c, FAA a+b+c, FAS a+b-c, FSA a-b+c, FSS a-b-c.
/// @operand op enum  @operand dst T[n] nram  @operand a T[n] nram  @operand b T[n] nram  @operand c T[n] nram
/// @length n elements  @types f32 f16 bf16  @overlap any  @arch >=300  @source manuals/bang/arithmetic.md
template <typename T> static inline void __bang_fusion(mluFusionOpCode op, T *dst, const T *a, const T *b, const T *c, unsigned n) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_arch(300);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram(c, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_fuse<T>(op, a[i], b[i], c[i]);
  bang_limit(dst, n);
}

/// dst[i] = one of FMA a*b+c, FMS a*b-c, FAM (a+b)*c, FSM (a-b)*c, FAA a+b+c, FAS a+b-c, FSA a-b+c, FSS a-b-c.
/// @operand op enum  @operand dst T[n] nram  @operand a T[n] nram  @operand b T[n] nram  @operand c T scalar
/// @length n elements  @types f32 f16 bf16  @overlap any  @arch >=300  @source manuals/bang/arithmetic.md
template <typename T>
static inline void __bang_fusion(mluFusionOpCode op, T *dst, const T *a, const T *b, bang_value<T> c, unsigned n) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_arch(300);
  bang_require_nram(a, n);
  bang_require_nram(b, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_fuse<T>(op, a[i], b[i], c);
  bang_limit(dst, n);
}

/// dst[i] = one of FMA a*b+c, FMS a*b-c, FAM (a+b)*c, FSM (a-b)*c, FAA a+b+c, FAS a+b-c, FSA a-b+c, FSS a-b-c.
/// @operand op enum  @operand dst T[n] nram  @operand a T[n] nram  @operand b T scalar  @operand c T[n] nram
/// @length n elements  @types f32 f16 bf16  @overlap any  @arch >=300  @source manuals/bang/arithmetic.md
template <typename T>
static inline void __bang_fusion(mluFusionOpCode op, T *dst, const T *a, bang_value<T> b, const T *c, unsigned n) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_arch(300);
  bang_require_nram(a, n);
  bang_require_nram(c, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_fuse<T>(op, a[i], b, c[i]);
  bang_limit(dst, n);
}

/// dst[i] = one of FMA a*b+c, FMS a*b-c, FAM (a+b)*c, FSM (a-b)*c, FAA a+b+c, FAS a+b-c, FSA a-b+c, FSS a-b-c.
/// @operand op enum  @operand dst T[n] nram  @operand a T[n] nram  @operand b T scalar  @operand c T scalar
/// @length n elements  @types f32 f16 bf16  @overlap any  @arch >=300  @source manuals/bang/arithmetic.md
template <typename T>
static inline void __bang_fusion(mluFusionOpCode op, T *dst, const T *a, bang_value<T> b, bang_value<T> c, unsigned n) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_arch(300);
  bang_require_nram(a, n);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_fuse<T>(op, a[i], b, c);
  bang_limit(dst, n);
}

/// As __bang_fusion; vectors b and c have n_seg elements and repeat.
/// @operand op enum  @operand dst T[n] nram  @operand a T[n] nram  @operand b T[n_seg] nram  @operand c T[n_seg] nram
/// @length n elements, n % n_seg == 0  @types f32 f16 bf16  @overlap any  @arch >=300  @source manuals/bang/arithmetic.md
template <typename T>
static inline void __bang_fusion(mluFusionOpCode op, T *dst, const T *a, const T *b, const T *c, unsigned n, unsigned n_seg) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_arch(300);
  bang_require_multiple(n, n_seg, "the number of elements");
  bang_require_nram(a, n);
  bang_require_nram(b, n_seg);
  bang_require_nram(c, n_seg);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_fuse<T>(op, a[i], b[i % n_seg], c[i % n_seg]);
  bang_limit(dst, n);
}

/// As __bang_fusion; vectors b and c have n_seg elements and repeat.
/// @operand op enum  @operand dst T[n] nram  @operand a T[n] nram  @operand b T[n_seg] nram  @operand c T scalar
/// @length n elements, n % n_seg == 0  @types f32 f16 bf16  @overlap any  @arch >=300  @source manuals/bang/arithmetic.md
template <typename T>
static inline void __bang_fusion(mluFusionOpCode op, T *dst, const T *a, const T *b, bang_value<T> c, unsigned n, unsigned n_seg) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_arch(300);
  bang_require_multiple(n, n_seg, "the number of elements");
  bang_require_nram(a, n);
  bang_require_nram(b, n_seg);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_fuse<T>(op, a[i], b[i % n_seg], c);
  bang_limit(dst, n);
}

/// As __bang_fusion; vectors b and c have n_seg elements and repeat.
/// @operand op enum  @operand dst T[n] nram  @operand a T[n] nram  @operand b T scalar  @operand c T[n_seg] nram
/// @length n elements, n % n_seg == 0  @types f32 f16 bf16  @overlap any  @arch >=300  @source manuals/bang/arithmetic.md
template <typename T>
static inline void __bang_fusion(mluFusionOpCode op, T *dst, const T *a, bang_value<T> b, const T *c, unsigned n, unsigned n_seg) {
  bang_require_type<T>(BANG_FLOATS);
  bang_require_arch(300);
  bang_require_multiple(n, n_seg, "the number of elements");
  bang_require_nram(a, n);
  bang_require_nram(c, n_seg);
  bang_require_nram_out(dst, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = bang_fuse<T>(op, a[i], b, c[i % n_seg]);
  bang_limit(dst, n);
}
