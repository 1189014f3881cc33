/* What g++ -fsanitize=thread calls before each access, and what the linker's --wrap=memcpy and the like put in the way. See shadow.c. */
#include <string.h>

#include "runtime.h"
#include "shadow.h"

#pragma GCC optimize("no-optimize-sibling-calls")   /* a hook's frame is still there while its access is looked at */
#define HERE __builtin_return_address(0), __builtin_frame_address(0)
#define ACCESS(address, bytes, kind) kg_shadow_access((uintptr_t)(address), bytes, kind, HERE)

#define HOOKS(n)                                                                                                                       \
    void __tsan_read##n(void *at) { ACCESS(at, n, 0); }                                                                                \
    void __tsan_write##n(void *at) { ACCESS(at, n, 1); }                                                                               \
    void __tsan_unaligned_read##n(void *at) { ACCESS(at, n, 0); }                                                                      \
    void __tsan_unaligned_write##n(void *at) { ACCESS(at, n, 1); }                                                                     \
    void __tsan_volatile_read##n(void *at) { kg_shadow_volatile((uintptr_t)at, n, 0, HERE); }                                         \
    void __tsan_volatile_write##n(void *at) { kg_shadow_volatile((uintptr_t)at, n, 1, HERE); }                                        \
    void __tsan_unaligned_volatile_read##n(void *at) { kg_shadow_volatile((uintptr_t)at, n, 0, HERE); }                               \
    void __tsan_unaligned_volatile_write##n(void *at) { kg_shadow_volatile((uintptr_t)at, n, 1, HERE); }
HOOKS(1) HOOKS(2) HOOKS(4) HOOKS(8) HOOKS(16)
void __tsan_read_range(void *at, size_t bytes) { ACCESS(at, bytes, 0); }
void __tsan_write_range(void *at, size_t bytes) { ACCESS(at, bytes, 1); }
void __tsan_vptr_update(void **at, void *value) { (void)value; ACCESS(at, sizeof *at, 1); }
void __tsan_vptr_read(void **at) { ACCESS(at, sizeof *at, 0); }
void __tsan_func_entry(void *caller) { (void)caller; }
void __tsan_func_exit(void) {}
void __tsan_init(void) {}

/* The compiler's own atomics: relaxed ones order nothing, all others are taken to do. */
#define UPDATE(n, T, name, expression)                                                                                                 \
    T __tsan_atomic##n##_##name(volatile T *at, T value, int order) {                                                                  \
        kg_shadow_atomic((uintptr_t)at, sizeof(T), 1, order != 0, HERE);                                                               \
        T old = *at;                                                                                                                   \
        *at = (T)(expression);                                                                                                         \
        return old;                                                                                                                    \
    }
#define ATOMICS(n, T)                                                                                                                  \
    T __tsan_atomic##n##_load(const volatile T *at, int order) {                                                                       \
        kg_shadow_atomic((uintptr_t)at, sizeof(T), 0, order != 0, HERE);                                                               \
        return *at;                                                                                                                    \
    }                                                                                                                                  \
    void __tsan_atomic##n##_store(volatile T *at, T value, int order) {                                                                \
        kg_shadow_atomic((uintptr_t)at, sizeof(T), 1, order != 0, HERE);                                                               \
        *at = value;                                                                                                                   \
    }                                                                                                                                  \
    UPDATE(n, T, exchange, value) UPDATE(n, T, fetch_add, old + value) UPDATE(n, T, fetch_sub, old - value)                            \
    UPDATE(n, T, fetch_and, old & value) UPDATE(n, T, fetch_or, old | value) UPDATE(n, T, fetch_xor, old ^ value)                      \
    UPDATE(n, T, fetch_nand, ~(old & value))                                                                                           \
    int __tsan_atomic##n##_compare_exchange_strong(volatile T *at, T *expected, T desired, int order, int failure) {                   \
        (void)failure;                                                                                                                 \
        kg_shadow_atomic((uintptr_t)at, sizeof(T), 1, order != 0, HERE);                                                               \
        T old = *at;                                                                                                                   \
        if (old == *expected) { *at = desired; return 1; }                                                                             \
        *expected = old;                                                                                                               \
        return 0;                                                                                                                      \
    }                                                                                                                                  \
    int __tsan_atomic##n##_compare_exchange_weak(volatile T *at, T *expected, T desired, int order, int failure) {                     \
        return __tsan_atomic##n##_compare_exchange_strong(at, expected, desired, order, failure);                                      \
    }
ATOMICS(8, uint8_t) ATOMICS(16, uint16_t) ATOMICS(32, uint32_t) ATOMICS(64, uint64_t) ATOMICS(128, unsigned __int128)
void __tsan_atomic_thread_fence(int order) { (void)order; kg_fence(); }
void __tsan_atomic_signal_fence(int order) { (void)order; }

/* The preludes' atomics say so themselves: what stands between begin and end is one access. */
void kg_atomic_begin(const volatile void *at, size_t bytes, int writes) {
    if (!kg_strict) return;
    kg_shadow_atomic((uintptr_t)at, bytes, writes, 0, HERE);
    kg_shadow_indivisible((uintptr_t)at, bytes, 1);
}
void kg_atomic_end(void) { kg_shadow_indivisible(0, 0, 0); }
void kg_unwatched(int on) { kg_shadow_mute(on); }
void kg_async_begin(void *to, size_t bytes) { if (kg_strict) kg_shadow_async((uintptr_t)to, bytes, 1); }
void kg_async_end(void *to, size_t bytes) {
    if (!kg_strict) return;
    kg_shadow_async((uintptr_t)to, bytes, 0);
    ACCESS(to, bytes, 1);
}

/* In pieces, so that each can be seen to change something or not. Pieces of overlapping memory are moved in the order that keeps their contents. */
static void write_pieces(char *to, const char *from, size_t bytes, int byte, void *instruction, void **frame) {
    enum { PIECE = 64 };
    size_t pieces = (bytes + PIECE - 1) / PIECE;
    for (size_t i = 0; i < pieces; ++i) {
        size_t at = (from && to > from ? pieces - 1 - i : i) * PIECE, size = bytes - at < PIECE ? bytes - at : PIECE;
        kg_shadow_access((uintptr_t)(to + at), size, 1, instruction, frame);
        if (from) memmove(to + at, from + at, size);
        else memset(to + at, byte, size);
    }
    kg_shadow_settle();
}
void *__wrap_memcpy(void *to, const void *from, size_t bytes) {
    if (!kg_strict) return memcpy(to, from, bytes);
    ACCESS(from, bytes, 0);
    write_pieces(to, from, bytes, 0, HERE);
    return to;
}
void *__wrap_memmove(void *to, const void *from, size_t bytes) {
    if (!kg_strict) return memmove(to, from, bytes);
    ACCESS(from, bytes, 0);
    write_pieces(to, from, bytes, 0, HERE);
    return to;
}
void *__wrap_memset(void *to, int byte, size_t bytes) {
    if (!kg_strict) return memset(to, byte, bytes);
    write_pieces(to, 0, bytes, byte, HERE);
    return to;
}
