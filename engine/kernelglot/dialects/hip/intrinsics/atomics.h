// HIP's own atomics: the clang builtins with an order and a scope, and the forms that say whether they may be unsafe. A block's threads run
// on one operating system thread, so an atomic is its plain meaning, whatever its order and scope.
// source: manuals/hip/language.md
#ifndef KERNELGLOT_HIP_ATOMICS_H
#define KERNELGLOT_HIP_ATOMICS_H
#include "simt.h"

#define __HIP_MEMORY_SCOPE_SINGLETHREAD 1
#define __HIP_MEMORY_SCOPE_WAVEFRONT 2
#define __HIP_MEMORY_SCOPE_WORKGROUP 3
#define __HIP_MEMORY_SCOPE_AGENT 4
#define __HIP_MEMORY_SCOPE_SYSTEM 5
template <class T> inline T __hip_atomic_load(const T *address, int, int) {
  T value;
  __atomic_load(address, &value, __ATOMIC_SEQ_CST);
  return value;
}
template <class T, class U> inline void __hip_atomic_store(T *address, U value, int, int) { atomicExch(address, (T)value); }
template <class T, class U> inline T __hip_atomic_exchange(T *address, U value, int, int) { return atomicExch(address, (T)value); }
template <class T, class U> inline T __hip_atomic_fetch_add(T *address, U value, int, int) { return atomicAdd(address, (T)value); }
template <class T, class U> inline T __hip_atomic_fetch_sub(T *address, U value, int, int) { return atomicSub(address, (T)value); }
template <class T, class U> inline T __hip_atomic_fetch_min(T *address, U value, int, int) { return atomicMin(address, (T)value); }
template <class T, class U> inline T __hip_atomic_fetch_max(T *address, U value, int, int) { return atomicMax(address, (T)value); }
template <class T, class U> inline T __hip_atomic_fetch_and(T *address, U value, int, int) { return atomicAnd(address, (T)value); }
template <class T, class U> inline T __hip_atomic_fetch_or(T *address, U value, int, int) { return atomicOr(address, (T)value); }
template <class T, class U> inline T __hip_atomic_fetch_xor(T *address, U value, int, int) { return atomicXor(address, (T)value); }
// Bits are compared, so floats work, and NaN is equal to itself.
template <class T, class U> inline bool __hip_atomic_compare_exchange_strong(T *address, T *expected, U desired, int, int, int) {
  T wanted = *expected;
  KG_EXCHANGE(T, address, old, __builtin_memcmp(&old, &wanted, sizeof(T)) ? old : (T)desired)
  *expected = old;
  return !__builtin_memcmp(&old, &wanted, sizeof(T));
}
template <class T, class U> inline bool __hip_atomic_compare_exchange_weak(T *address, T *expected, U desired, int order, int otherwise, int scope) {
  return __hip_atomic_compare_exchange_strong(address, expected, desired, order, otherwise, scope);
}
template <class T, class U, class V> inline T atomicCAS_system(T *address, U expected, V desired) { return atomicCAS(address, expected, desired); }
template <class T, class U> inline T safeAtomicAdd(T *address, U operand) { return atomicAdd(address, operand); }
template <class T, class U> inline T safeAtomicMax(T *address, U operand) { return atomicMax(address, operand); }
template <class T, class U> inline T safeAtomicMin(T *address, U operand) { return atomicMin(address, operand); }
template <class T, class U> inline T unsafeAtomicMax(T *address, U operand) { return atomicMax(address, operand); }
template <class T, class U> inline T unsafeAtomicMin(T *address, U operand) { return atomicMin(address, operand); }
#endif
