// Atomic operations on GDRAM. Tasks run one after another here, so each is indivisible as it stands. `__bang_atomic_*` gives the old
// values; `__bang_atomic_reduce_*` does not.
#pragma once

template <typename T> static inline void bang_require_atomic(const T *gdram, int types, unsigned n) {
  bang_require_kind<T>(types);
  bang_require_not_arch(322);
  bang_require_not_arch(520);
#ifdef BANG_SINGLE_CORE
  BANG_FAULT("architecture", "a tp_ target has no atomic operations");
#endif
  bang_require_dram(gdram, sizeof(T), n * sizeof(T));
}

template <typename T> static inline void bang_require_reduction(const T *gdram, int types, unsigned n = 1) {
  bang_require_kind<T>(types);
  bang_require_arch(372);
  bang_require_not_arch(520);
  bang_require_dram(gdram, sizeof(T), n * sizeof(T));
}

/// dst[i] = gdram[i], which then adds value.
/// @operand dst T[n] nram  @operand gdram T[n] gdram  @operand value T scalar
/// @length n elements  @types f32 f16 i32 u32  @arch all mtp from 2xx, not 322 and 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_add(T *dst, T *gdram, bang_value<T> value, unsigned n = 1) {
  bang_require_atomic(gdram, BANG_F32 | BANG_F16 | BANG_I32 | BANG_U32, n);
  KG_INDIVISIBLE(gdram, n * sizeof(T));
  bang_require_few(dst, n, true);
  for (unsigned i = 0; i < n; ++i) {
    T old = gdram[i];
    gdram[i] = old + value;
    dst[i] = old;
  }
}

/// dst[i] = gdram[i], which then adds src[i].
/// @operand dst T[n] nram  @operand gdram T[n] gdram  @operand src T[n] nram
/// @length n elements  @types f32 f16 i32 u32  @arch all mtp from 2xx, not 322 and 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_add(T *dst, T *gdram, const T *src, unsigned n = 1) {
  bang_require_atomic(gdram, BANG_F32 | BANG_F16 | BANG_I32 | BANG_U32, n);
  KG_INDIVISIBLE(gdram, n * sizeof(T));
  bang_require_few(src, n);
  bang_require_few(dst, n, true);
  for (unsigned i = 0; i < n; ++i) {
    T old = gdram[i], value = src[i];
    gdram[i] = old + value;
    dst[i] = old;
  }
}

/// dst[i] = gdram[i], which then takes the bitwise and of value.
/// @operand dst T[n] nram  @operand gdram T[n] gdram  @operand value T scalar
/// @length n elements  @types i32 u32  @arch all mtp from 2xx, not 322 and 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_and(T *dst, T *gdram, bang_value<T> value, unsigned n = 1) {
  bang_require_atomic(gdram, BANG_I32 | BANG_U32, n);
  KG_INDIVISIBLE(gdram, n * sizeof(T));
  bang_require_few(dst, n, true);
  for (unsigned i = 0; i < n; ++i) {
    T old = gdram[i];
    gdram[i] = old & value;
    dst[i] = old;
  }
}

/// dst[i] = gdram[i], which then takes the bitwise and of src[i].
/// @operand dst T[n] nram  @operand gdram T[n] gdram  @operand src T[n] nram
/// @length n elements  @types i32 u32  @arch all mtp from 2xx, not 322 and 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_and(T *dst, T *gdram, const T *src, unsigned n = 1) {
  bang_require_atomic(gdram, BANG_I32 | BANG_U32, n);
  KG_INDIVISIBLE(gdram, n * sizeof(T));
  bang_require_few(src, n);
  bang_require_few(dst, n, true);
  for (unsigned i = 0; i < n; ++i) {
    T old = gdram[i], value = src[i];
    gdram[i] = old & value;
    dst[i] = old;
  }
}

/// dst[i] = gdram[i], which then takes the bitwise or of value.
/// @operand dst T[n] nram  @operand gdram T[n] gdram  @operand value T scalar
/// @length n elements  @types i32 u32  @arch all mtp from 2xx, not 322 and 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_or(T *dst, T *gdram, bang_value<T> value, unsigned n = 1) {
  bang_require_atomic(gdram, BANG_I32 | BANG_U32, n);
  KG_INDIVISIBLE(gdram, n * sizeof(T));
  bang_require_few(dst, n, true);
  for (unsigned i = 0; i < n; ++i) {
    T old = gdram[i];
    gdram[i] = old | value;
    dst[i] = old;
  }
}

/// dst[i] = gdram[i], which then takes the bitwise or of src[i].
/// @operand dst T[n] nram  @operand gdram T[n] gdram  @operand src T[n] nram
/// @length n elements  @types i32 u32  @arch all mtp from 2xx, not 322 and 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_or(T *dst, T *gdram, const T *src, unsigned n = 1) {
  bang_require_atomic(gdram, BANG_I32 | BANG_U32, n);
  KG_INDIVISIBLE(gdram, n * sizeof(T));
  bang_require_few(src, n);
  bang_require_few(dst, n, true);
  for (unsigned i = 0; i < n; ++i) {
    T old = gdram[i], value = src[i];
    gdram[i] = old | value;
    dst[i] = old;
  }
}

/// dst[i] = gdram[i], which then takes the bitwise xor of value.
/// @operand dst T[n] nram  @operand gdram T[n] gdram  @operand value T scalar
/// @length n elements  @types i32 u32  @arch all mtp from 2xx, not 322 and 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_xor(T *dst, T *gdram, bang_value<T> value, unsigned n = 1) {
  bang_require_atomic(gdram, BANG_I32 | BANG_U32, n);
  KG_INDIVISIBLE(gdram, n * sizeof(T));
  bang_require_few(dst, n, true);
  for (unsigned i = 0; i < n; ++i) {
    T old = gdram[i];
    gdram[i] = old ^ value;
    dst[i] = old;
  }
}

/// dst[i] = gdram[i], which then takes the bitwise xor of src[i].
/// @operand dst T[n] nram  @operand gdram T[n] gdram  @operand src T[n] nram
/// @length n elements  @types i32 u32  @arch all mtp from 2xx, not 322 and 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_xor(T *dst, T *gdram, const T *src, unsigned n = 1) {
  bang_require_atomic(gdram, BANG_I32 | BANG_U32, n);
  KG_INDIVISIBLE(gdram, n * sizeof(T));
  bang_require_few(src, n);
  bang_require_few(dst, n, true);
  for (unsigned i = 0; i < n; ++i) {
    T old = gdram[i], value = src[i];
    gdram[i] = old ^ value;
    dst[i] = old;
  }
}

/// dst[i] = gdram[i], which then keeps the larger of itself and value.
/// @operand dst T[n] nram  @operand gdram T[n] gdram  @operand value T scalar
/// @length n elements  @types f32 f16 i32 u32  @arch all mtp from 2xx, not 322 and 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_max(T *dst, T *gdram, bang_value<T> value, unsigned n = 1) {
  bang_require_atomic(gdram, BANG_F32 | BANG_F16 | BANG_I32 | BANG_U32, n);
  KG_INDIVISIBLE(gdram, n * sizeof(T));
  bang_require_few(dst, n, true);
  for (unsigned i = 0; i < n; ++i) {
    T old = gdram[i];
    gdram[i] = old < value ? value : old;
    dst[i] = old;
  }
}

/// dst[i] = gdram[i], which then keeps the larger of itself and src[i].
/// @operand dst T[n] nram  @operand gdram T[n] gdram  @operand src T[n] nram
/// @length n elements  @types f32 f16 i32 u32  @arch all mtp from 2xx, not 322 and 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_max(T *dst, T *gdram, const T *src, unsigned n = 1) {
  bang_require_atomic(gdram, BANG_F32 | BANG_F16 | BANG_I32 | BANG_U32, n);
  KG_INDIVISIBLE(gdram, n * sizeof(T));
  bang_require_few(src, n);
  bang_require_few(dst, n, true);
  for (unsigned i = 0; i < n; ++i) {
    T old = gdram[i], value = src[i];
    gdram[i] = old < value ? value : old;
    dst[i] = old;
  }
}

/// dst[i] = gdram[i], which then keeps the smaller of itself and value.
/// @operand dst T[n] nram  @operand gdram T[n] gdram  @operand value T scalar
/// @length n elements  @types f32 f16 i32 u32  @arch all mtp from 2xx, not 322 and 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_min(T *dst, T *gdram, bang_value<T> value, unsigned n = 1) {
  bang_require_atomic(gdram, BANG_F32 | BANG_F16 | BANG_I32 | BANG_U32, n);
  KG_INDIVISIBLE(gdram, n * sizeof(T));
  bang_require_few(dst, n, true);
  for (unsigned i = 0; i < n; ++i) {
    T old = gdram[i];
    gdram[i] = value < old ? value : old;
    dst[i] = old;
  }
}

/// dst[i] = gdram[i], which then keeps the smaller of itself and src[i].
/// @operand dst T[n] nram  @operand gdram T[n] gdram  @operand src T[n] nram
/// @length n elements  @types f32 f16 i32 u32  @arch all mtp from 2xx, not 322 and 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_min(T *dst, T *gdram, const T *src, unsigned n = 1) {
  bang_require_atomic(gdram, BANG_F32 | BANG_F16 | BANG_I32 | BANG_U32, n);
  KG_INDIVISIBLE(gdram, n * sizeof(T));
  bang_require_few(src, n);
  bang_require_few(dst, n, true);
  for (unsigned i = 0; i < n; ++i) {
    T old = gdram[i], value = src[i];
    gdram[i] = value < old ? value : old;
    dst[i] = old;
  }
}

/// dst[i] = gdram[i], which then becomes value.
/// @operand dst T[n] nram  @operand gdram T[n] gdram  @operand value T scalar
/// @length n elements  @types f32 f16 i32 u32  @arch all mtp from 2xx, not 322 and 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_exch(T *dst, T *gdram, bang_value<T> value, unsigned n = 1) {
  bang_require_atomic(gdram, BANG_F32 | BANG_F16 | BANG_I32 | BANG_U32, n);
  KG_INDIVISIBLE(gdram, n * sizeof(T));
  bang_require_few(dst, n, true);
  for (unsigned i = 0; i < n; ++i) {
    T old = gdram[i];
    gdram[i] = value;
    dst[i] = old;
  }
}

/// dst[i] = gdram[i], which then becomes src[i].
/// @operand dst T[n] nram  @operand gdram T[n] gdram  @operand src T[n] nram
/// @length n elements  @types f32 f16 i32 u32  @arch all mtp from 2xx, not 322 and 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_exch(T *dst, T *gdram, const T *src, unsigned n = 1) {
  bang_require_atomic(gdram, BANG_F32 | BANG_F16 | BANG_I32 | BANG_U32, n);
  KG_INDIVISIBLE(gdram, n * sizeof(T));
  bang_require_few(src, n);
  bang_require_few(dst, n, true);
  for (unsigned i = 0; i < n; ++i) {
    T old = gdram[i], value = src[i];
    gdram[i] = value;
    dst[i] = old;
  }
}

/// dst[i] = gdram[i], which then counts up to value.
/// @operand dst T[n] nram  @operand gdram T[n] gdram  @operand value T scalar
/// @length n elements  @types i32 u32  @arch all mtp from 2xx, not 322 and 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_inc(T *dst, T *gdram, bang_value<T> value, unsigned n = 1) {
  bang_require_atomic(gdram, BANG_I32 | BANG_U32, n);
  KG_INDIVISIBLE(gdram, n * sizeof(T));
  bang_require_few(dst, n, true);
  for (unsigned i = 0; i < n; ++i) {
    T old = gdram[i];
    gdram[i] = old >= value ? 0 : old + 1;
    dst[i] = old;
  }
}

/// dst[i] = gdram[i], which then counts up to src[i].
/// @operand dst T[n] nram  @operand gdram T[n] gdram  @operand src T[n] nram
/// @length n elements  @types i32 u32  @arch all mtp from 2xx, not 322 and 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_inc(T *dst, T *gdram, const T *src, unsigned n = 1) {
  bang_require_atomic(gdram, BANG_I32 | BANG_U32, n);
  KG_INDIVISIBLE(gdram, n * sizeof(T));
  bang_require_few(src, n);
  bang_require_few(dst, n, true);
  for (unsigned i = 0; i < n; ++i) {
    T old = gdram[i], value = src[i];
    gdram[i] = old >= value ? 0 : old + 1;
    dst[i] = old;
  }
}

/// dst[i] = gdram[i], which then counts down from value.
/// @operand dst T[n] nram  @operand gdram T[n] gdram  @operand value T scalar
/// @length n elements  @types i32 u32  @arch all mtp from 2xx, not 322 and 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_dec(T *dst, T *gdram, bang_value<T> value, unsigned n = 1) {
  bang_require_atomic(gdram, BANG_I32 | BANG_U32, n);
  KG_INDIVISIBLE(gdram, n * sizeof(T));
  bang_require_few(dst, n, true);
  for (unsigned i = 0; i < n; ++i) {
    T old = gdram[i];
    gdram[i] = old == 0 || old > value ? value : old - 1;
    dst[i] = old;
  }
}

/// dst[i] = gdram[i], which then counts down from src[i].
/// @operand dst T[n] nram  @operand gdram T[n] gdram  @operand src T[n] nram
/// @length n elements  @types i32 u32  @arch all mtp from 2xx, not 322 and 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_dec(T *dst, T *gdram, const T *src, unsigned n = 1) {
  bang_require_atomic(gdram, BANG_I32 | BANG_U32, n);
  KG_INDIVISIBLE(gdram, n * sizeof(T));
  bang_require_few(src, n);
  bang_require_few(dst, n, true);
  for (unsigned i = 0; i < n; ++i) {
    T old = gdram[i], value = src[i];
    gdram[i] = old == 0 || old > value ? value : old - 1;
    dst[i] = old;
  }
}

/// dst[i] = gdram[i], which becomes value where it equals compare.
/// @operand dst T[n] nram  @operand gdram T[n] gdram  @operand compare T scalar  @operand value T scalar
/// @length n elements  @types i32 u32  @arch all mtp from 2xx, not 322 and 520  @source manuals/bang/atomic.md
template <typename T>
static inline void __bang_atomic_cas(T *dst, T *gdram, bang_value<T> compare, bang_value<T> value, unsigned n = 1) {
  bang_require_atomic(gdram, BANG_I32 | BANG_U32, n);
  KG_INDIVISIBLE(gdram, n * sizeof(T));
  bang_require_few(dst, n, true);
  for (unsigned i = 0; i < n; ++i) {
    T old = gdram[i];
    if (old == compare) gdram[i] = value;
    dst[i] = old;
  }
}

/// dst[i] adds src[i].
/// @operand dst T[n] gdram  @operand src T[n] nram
/// @length n elements  @types f32 f16 bf16 i32 u32  @arch >=372 except 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_reduce_add(T *dst, const T *src, unsigned n) {
  bang_require_reduction(dst, BANG_F32 | BANG_F16 | BANG_BF16 | BANG_I32 | BANG_U32, n);
  KG_INDIVISIBLE(dst, n * sizeof(T));
  bang_require_nram(src, n);
  for (unsigned i = 0; i < n; ++i) {
    T old = dst[i], value = src[i];
    dst[i] = old + value;
  }
}

/// The element at dst adds value.
/// @operand dst T[1] gdram  @operand value T scalar
/// @length 1 element  @types f32 f16 bf16 i32 u32  @arch >=372 except 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_reduce_add(T *dst, bang_value<T> value) {
  bang_require_reduction(dst, BANG_F32 | BANG_F16 | BANG_BF16 | BANG_I32 | BANG_U32);
  KG_INDIVISIBLE(dst, sizeof(T));
  T old = *dst;
  *dst = old + value;
}

/// dst[i] takes the bitwise and of src[i].
/// @operand dst T[n] gdram  @operand src T[n] nram
/// @length n elements  @types i32 u32  @arch >=372 except 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_reduce_and(T *dst, const T *src, unsigned n) {
  bang_require_reduction(dst, BANG_I32 | BANG_U32, n);
  KG_INDIVISIBLE(dst, n * sizeof(T));
  bang_require_nram(src, n);
  for (unsigned i = 0; i < n; ++i) {
    T old = dst[i], value = src[i];
    dst[i] = old & value;
  }
}

/// The element at dst takes the bitwise and of value.
/// @operand dst T[1] gdram  @operand value T scalar
/// @length 1 element  @types i32 u32  @arch >=372 except 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_reduce_and(T *dst, bang_value<T> value) {
  bang_require_reduction(dst, BANG_I32 | BANG_U32);
  KG_INDIVISIBLE(dst, sizeof(T));
  T old = *dst;
  *dst = old & value;
}

/// dst[i] takes the bitwise or of src[i].
/// @operand dst T[n] gdram  @operand src T[n] nram
/// @length n elements  @types i32 u32  @arch >=372 except 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_reduce_or(T *dst, const T *src, unsigned n) {
  bang_require_reduction(dst, BANG_I32 | BANG_U32, n);
  KG_INDIVISIBLE(dst, n * sizeof(T));
  bang_require_nram(src, n);
  for (unsigned i = 0; i < n; ++i) {
    T old = dst[i], value = src[i];
    dst[i] = old | value;
  }
}

/// The element at dst takes the bitwise or of value.
/// @operand dst T[1] gdram  @operand value T scalar
/// @length 1 element  @types i32 u32  @arch >=372 except 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_reduce_or(T *dst, bang_value<T> value) {
  bang_require_reduction(dst, BANG_I32 | BANG_U32);
  KG_INDIVISIBLE(dst, sizeof(T));
  T old = *dst;
  *dst = old | value;
}

/// dst[i] takes the bitwise xor of src[i].
/// @operand dst T[n] gdram  @operand src T[n] nram
/// @length n elements  @types i32 u32  @arch >=372 except 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_reduce_xor(T *dst, const T *src, unsigned n) {
  bang_require_reduction(dst, BANG_I32 | BANG_U32, n);
  KG_INDIVISIBLE(dst, n * sizeof(T));
  bang_require_nram(src, n);
  for (unsigned i = 0; i < n; ++i) {
    T old = dst[i], value = src[i];
    dst[i] = old ^ value;
  }
}

/// The element at dst takes the bitwise xor of value.
/// @operand dst T[1] gdram  @operand value T scalar
/// @length 1 element  @types i32 u32  @arch >=372 except 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_reduce_xor(T *dst, bang_value<T> value) {
  bang_require_reduction(dst, BANG_I32 | BANG_U32);
  KG_INDIVISIBLE(dst, sizeof(T));
  T old = *dst;
  *dst = old ^ value;
}

/// dst[i] keeps the larger of itself and src[i].
/// @operand dst T[n] gdram  @operand src T[n] nram
/// @length n elements  @types f32 f16 bf16 i32 u32  @arch >=372 except 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_reduce_max(T *dst, const T *src, unsigned n) {
  bang_require_reduction(dst, BANG_F32 | BANG_F16 | BANG_BF16 | BANG_I32 | BANG_U32, n);
  KG_INDIVISIBLE(dst, n * sizeof(T));
  bang_require_nram(src, n);
  for (unsigned i = 0; i < n; ++i) {
    T old = dst[i], value = src[i];
    dst[i] = old < value ? value : old;
  }
}

/// The element at dst keeps the larger of itself and value.
/// @operand dst T[1] gdram  @operand value T scalar
/// @length 1 element  @types f32 f16 bf16 i32 u32  @arch >=372 except 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_reduce_max(T *dst, bang_value<T> value) {
  bang_require_reduction(dst, BANG_F32 | BANG_F16 | BANG_BF16 | BANG_I32 | BANG_U32);
  KG_INDIVISIBLE(dst, sizeof(T));
  T old = *dst;
  *dst = old < value ? value : old;
}

/// dst[i] keeps the smaller of itself and src[i].
/// @operand dst T[n] gdram  @operand src T[n] nram
/// @length n elements  @types f32 f16 bf16 i32 u32  @arch >=372 except 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_reduce_min(T *dst, const T *src, unsigned n) {
  bang_require_reduction(dst, BANG_F32 | BANG_F16 | BANG_BF16 | BANG_I32 | BANG_U32, n);
  KG_INDIVISIBLE(dst, n * sizeof(T));
  bang_require_nram(src, n);
  for (unsigned i = 0; i < n; ++i) {
    T old = dst[i], value = src[i];
    dst[i] = value < old ? value : old;
  }
}

/// The element at dst keeps the smaller of itself and value.
/// @operand dst T[1] gdram  @operand value T scalar
/// @length 1 element  @types f32 f16 bf16 i32 u32  @arch >=372 except 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_reduce_min(T *dst, bang_value<T> value) {
  bang_require_reduction(dst, BANG_F32 | BANG_F16 | BANG_BF16 | BANG_I32 | BANG_U32);
  KG_INDIVISIBLE(dst, sizeof(T));
  T old = *dst;
  *dst = value < old ? value : old;
}

/// dst[i] counts up to src[i].
/// @operand dst T[n] gdram  @operand src T[n] nram
/// @length n elements  @types i32 u32  @arch >=372 except 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_reduce_inc(T *dst, const T *src, unsigned n) {
  bang_require_reduction(dst, BANG_I32 | BANG_U32, n);
  KG_INDIVISIBLE(dst, n * sizeof(T));
  bang_require_nram(src, n);
  for (unsigned i = 0; i < n; ++i) {
    T old = dst[i], value = src[i];
    dst[i] = old >= value ? 0 : old + 1;
  }
}

/// The element at dst counts up to value.
/// @operand dst T[1] gdram  @operand value T scalar
/// @length 1 element  @types i32 u32  @arch >=372 except 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_reduce_inc(T *dst, bang_value<T> value) {
  bang_require_reduction(dst, BANG_I32 | BANG_U32);
  KG_INDIVISIBLE(dst, sizeof(T));
  T old = *dst;
  *dst = old >= value ? 0 : old + 1;
}

/// dst[i] counts down from src[i].
/// @operand dst T[n] gdram  @operand src T[n] nram
/// @length n elements  @types i32 u32  @arch >=372 except 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_reduce_dec(T *dst, const T *src, unsigned n) {
  bang_require_reduction(dst, BANG_I32 | BANG_U32, n);
  KG_INDIVISIBLE(dst, n * sizeof(T));
  bang_require_nram(src, n);
  for (unsigned i = 0; i < n; ++i) {
    T old = dst[i], value = src[i];
    dst[i] = old == 0 || old > value ? value : old - 1;
  }
}

/// The element at dst counts down from value.
/// @operand dst T[1] gdram  @operand value T scalar
/// @length 1 element  @types i32 u32  @arch >=372 except 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_reduce_dec(T *dst, bang_value<T> value) {
  bang_require_reduction(dst, BANG_I32 | BANG_U32);
  KG_INDIVISIBLE(dst, sizeof(T));
  T old = *dst;
  *dst = old == 0 || old > value ? value : old - 1;
}

/// dst[i] = gdram[i], which becomes value[i] where it equals compare[i].
/// @operand dst T[n] nram  @operand gdram T[n] gdram  @operand compare T[n] nram  @operand value T[n] nram
/// @length n elements  @types i32 u32  @arch all mtp from 2xx, not 322 and 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_cas(T *dst, T *gdram, const T *compare, const T *value, unsigned n = 1) {
  bang_require_atomic(gdram, BANG_I32 | BANG_U32, n);
  bang_require_few(compare, n);
  bang_require_few(value, n);
  bang_require_few(dst, n, true);
  for (unsigned i = 0; i < n; ++i) {
    T old = gdram[i];
    if (old == compare[i]) gdram[i] = value[i];
    dst[i] = old;
  }
}

/// dst[i] becomes src[i], indivisibly.
/// @operand dst T[n] gdram  @operand src T[n] nram
/// @length n elements  @types f32 f16 bf16 i32 u32  @arch >=372 except 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_reduce_exch(T *dst, const T *src, unsigned n) {
  bang_require_reduction(dst, BANG_FLOATS | BANG_I32 | BANG_U32, n);
  bang_require_few(src, n);
  for (unsigned i = 0; i < n; ++i) dst[i] = src[i];
}

/// The element at dst becomes value where it equals compare.
/// @operand dst T[1] gdram  @operand compare T scalar  @operand value T scalar
/// @length 1 element  @types i32 u32  @arch >=372 except 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_reduce_cas(T *dst, bang_value<T> compare, bang_value<T> value) {
  bang_require_reduction(dst, BANG_I32 | BANG_U32);
  if (*dst == compare) *dst = value;
}

// The _async forms change GDRAM at once, as another core may see it; the old values arrive in NRAM when they are waited for, and until then
// neither end may be touched.
template <typename T> static inline void bang_arrive_later(T *dst, unsigned n) {
  const bang_segments whole = {n * sizeof(T), 1, 1, 0, 0, 1, 0, 0};
  memcpy(bang_begin(dst, 0, whole, BANG_IO)->data, dst, whole.size);
  bang_poison(dst, whole);
}

#define BANG_ATOMIC_ASYNC(operation) \
  template <typename T> static inline void __bang_atomic_##operation##_async(T *dst, T *gdram, bang_value<T> value, unsigned n = 1) { \
    __bang_atomic_##operation(dst, gdram, value, n); \
    bang_arrive_later(dst, n); \
  } \
  template <typename T> static inline void __bang_atomic_##operation##_async(T *dst, T *gdram, const T *src, unsigned n = 1) { \
    __bang_atomic_##operation(dst, gdram, src, n); \
    bang_arrive_later(dst, n); \
  }
BANG_ATOMIC_ASYNC(add) BANG_ATOMIC_ASYNC(and) BANG_ATOMIC_ASYNC(or) BANG_ATOMIC_ASYNC(xor) BANG_ATOMIC_ASYNC(max) BANG_ATOMIC_ASYNC(min)
BANG_ATOMIC_ASYNC(exch) BANG_ATOMIC_ASYNC(inc) BANG_ATOMIC_ASYNC(dec)

/// As __bang_atomic_cas, until a wait.
/// @operand dst T[n] nram  @operand gdram T[n] gdram  @operand compare T scalar  @operand value T scalar
/// @length n elements  @types i32 u32  @arch all mtp from 2xx, not 322 and 520  @source manuals/bang/atomic.md
template <typename T>
static inline void __bang_atomic_cas_async(T *dst, T *gdram, bang_value<T> compare, bang_value<T> value, unsigned n = 1) {
  __bang_atomic_cas(dst, gdram, compare, value, n);
  bang_arrive_later(dst, n);
}

// What a reduction reads may be overwritten only after a wait.
#define BANG_REDUCE_ASYNC(operation) \
  template <typename T> static inline void __bang_atomic_reduce_##operation##_async(T *dst, const T *src, unsigned n) { \
    __bang_atomic_reduce_##operation(dst, src, n); \
    bang_hold(src, n * sizeof(T), BANG_IO); \
  }
BANG_REDUCE_ASYNC(add) BANG_REDUCE_ASYNC(and) BANG_REDUCE_ASYNC(or) BANG_REDUCE_ASYNC(xor) BANG_REDUCE_ASYNC(max) BANG_REDUCE_ASYNC(min)
BANG_REDUCE_ASYNC(inc) BANG_REDUCE_ASYNC(dec) BANG_REDUCE_ASYNC(exch)
