// Atomic operations on GDRAM. Tasks run one after another here, so each is indivisible as it stands. `__bang_atomic_*` gives the old
// values; `__bang_atomic_reduce_*` does not.
#pragma once

template <typename T> static inline void bang_require_atomic(const T *gdram) {
  bang_require_not_arch(322);
  bang_require_not_arch(520);
  bang_require_dram(gdram, sizeof(T));
}

template <typename T> static inline void bang_require_reduction(const T *gdram) {
  bang_require_arch(372);
  bang_require_not_arch(520);
  bang_require_dram(gdram, sizeof(T));
}

/// dst[i] = gdram[i], which then adds value.
/// @operand dst T[n] nram  @operand gdram T[n] gdram  @operand value T scalar
/// @length n elements  @types f32 f16 i32 u32  @arch all mtp from 2xx, not 322 and 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_add(T *dst, T *gdram, bang_value<T> value, unsigned n = 1) {
  bang_require_atomic<T>(gdram);
  bang_require_arena(dst, n * sizeof(T), BANG_NRAM);
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
  bang_require_atomic<T>(gdram);
  bang_require_arena(src, n * sizeof(T), BANG_NRAM);
  bang_require_arena(dst, n * sizeof(T), BANG_NRAM);
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
  bang_require_atomic<T>(gdram);
  bang_require_arena(dst, n * sizeof(T), BANG_NRAM);
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
  bang_require_atomic<T>(gdram);
  bang_require_arena(src, n * sizeof(T), BANG_NRAM);
  bang_require_arena(dst, n * sizeof(T), BANG_NRAM);
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
  bang_require_atomic<T>(gdram);
  bang_require_arena(dst, n * sizeof(T), BANG_NRAM);
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
  bang_require_atomic<T>(gdram);
  bang_require_arena(src, n * sizeof(T), BANG_NRAM);
  bang_require_arena(dst, n * sizeof(T), BANG_NRAM);
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
  bang_require_atomic<T>(gdram);
  bang_require_arena(dst, n * sizeof(T), BANG_NRAM);
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
  bang_require_atomic<T>(gdram);
  bang_require_arena(src, n * sizeof(T), BANG_NRAM);
  bang_require_arena(dst, n * sizeof(T), BANG_NRAM);
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
  bang_require_atomic<T>(gdram);
  bang_require_arena(dst, n * sizeof(T), BANG_NRAM);
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
  bang_require_atomic<T>(gdram);
  bang_require_arena(src, n * sizeof(T), BANG_NRAM);
  bang_require_arena(dst, n * sizeof(T), BANG_NRAM);
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
  bang_require_atomic<T>(gdram);
  bang_require_arena(dst, n * sizeof(T), BANG_NRAM);
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
  bang_require_atomic<T>(gdram);
  bang_require_arena(src, n * sizeof(T), BANG_NRAM);
  bang_require_arena(dst, n * sizeof(T), BANG_NRAM);
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
  bang_require_atomic<T>(gdram);
  bang_require_arena(dst, n * sizeof(T), BANG_NRAM);
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
  bang_require_atomic<T>(gdram);
  bang_require_arena(src, n * sizeof(T), BANG_NRAM);
  bang_require_arena(dst, n * sizeof(T), BANG_NRAM);
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
  bang_require_atomic<T>(gdram);
  bang_require_arena(dst, n * sizeof(T), BANG_NRAM);
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
  bang_require_atomic<T>(gdram);
  bang_require_arena(src, n * sizeof(T), BANG_NRAM);
  bang_require_arena(dst, n * sizeof(T), BANG_NRAM);
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
  bang_require_atomic<T>(gdram);
  bang_require_arena(dst, n * sizeof(T), BANG_NRAM);
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
  bang_require_atomic<T>(gdram);
  bang_require_arena(src, n * sizeof(T), BANG_NRAM);
  bang_require_arena(dst, n * sizeof(T), BANG_NRAM);
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
  bang_require_atomic<T>(gdram);
  bang_require_arena(dst, n * sizeof(T), BANG_NRAM);
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
  bang_require_reduction<T>(dst);
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
  bang_require_reduction<T>(dst);
  T old = *dst;
  *dst = old + value;
}

/// dst[i] takes the bitwise and of src[i].
/// @operand dst T[n] gdram  @operand src T[n] nram
/// @length n elements  @types i32 u32  @arch >=372 except 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_reduce_and(T *dst, const T *src, unsigned n) {
  bang_require_reduction<T>(dst);
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
  bang_require_reduction<T>(dst);
  T old = *dst;
  *dst = old & value;
}

/// dst[i] takes the bitwise or of src[i].
/// @operand dst T[n] gdram  @operand src T[n] nram
/// @length n elements  @types i32 u32  @arch >=372 except 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_reduce_or(T *dst, const T *src, unsigned n) {
  bang_require_reduction<T>(dst);
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
  bang_require_reduction<T>(dst);
  T old = *dst;
  *dst = old | value;
}

/// dst[i] takes the bitwise xor of src[i].
/// @operand dst T[n] gdram  @operand src T[n] nram
/// @length n elements  @types i32 u32  @arch >=372 except 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_reduce_xor(T *dst, const T *src, unsigned n) {
  bang_require_reduction<T>(dst);
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
  bang_require_reduction<T>(dst);
  T old = *dst;
  *dst = old ^ value;
}

/// dst[i] keeps the larger of itself and src[i].
/// @operand dst T[n] gdram  @operand src T[n] nram
/// @length n elements  @types f32 f16 bf16 i32 u32  @arch >=372 except 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_reduce_max(T *dst, const T *src, unsigned n) {
  bang_require_reduction<T>(dst);
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
  bang_require_reduction<T>(dst);
  T old = *dst;
  *dst = old < value ? value : old;
}

/// dst[i] keeps the smaller of itself and src[i].
/// @operand dst T[n] gdram  @operand src T[n] nram
/// @length n elements  @types f32 f16 bf16 i32 u32  @arch >=372 except 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_reduce_min(T *dst, const T *src, unsigned n) {
  bang_require_reduction<T>(dst);
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
  bang_require_reduction<T>(dst);
  T old = *dst;
  *dst = value < old ? value : old;
}

/// dst[i] counts up to src[i].
/// @operand dst T[n] gdram  @operand src T[n] nram
/// @length n elements  @types i32 u32  @arch >=372 except 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_reduce_inc(T *dst, const T *src, unsigned n) {
  bang_require_reduction<T>(dst);
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
  bang_require_reduction<T>(dst);
  T old = *dst;
  *dst = old >= value ? 0 : old + 1;
}

/// dst[i] counts down from src[i].
/// @operand dst T[n] gdram  @operand src T[n] nram
/// @length n elements  @types i32 u32  @arch >=372 except 520  @source manuals/bang/atomic.md
template <typename T> static inline void __bang_atomic_reduce_dec(T *dst, const T *src, unsigned n) {
  bang_require_reduction<T>(dst);
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
  bang_require_reduction<T>(dst);
  T old = *dst;
  *dst = old == 0 || old > value ? value : old - 1;
}
