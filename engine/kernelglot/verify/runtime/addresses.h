// Addresses in the windows of CUDA's memory spaces. A shared address has 32 bits and counts from the start of a window that holds the block's
// shared memory; generic, global, local and constant addresses are what they are on this CPU.
#ifndef KERNELGLOT_ADDRESSES_H
#define KERNELGLOT_ADDRESSES_H
#include "simt.h"

namespace kernelglot {
// Lies among the block's shared memory; 1 at the start of each block.
inline thread_local unsigned char block_is_fresh = 1;

// The window is wide enough for any shared memory of a block on both sides, and starts at a multiple of what a swizzle may look at.
constexpr uintptr_t WINDOW = 1u << 20;
inline uintptr_t window_start() { return ((uintptr_t)&block_is_fresh & ~(uintptr_t)0xffff) - WINDOW; }
inline bool is_shared(const void *pointer) { return (uintptr_t)pointer - window_start() < 2 * WINDOW; }
inline unsigned shared_address(const void *pointer, int line) {
  if (!is_shared(pointer)) kg_fault("scope", "the address of something that is not in shared memory is used as a shared address", line);
  return (unsigned)((uintptr_t)pointer - window_start());
}
inline char *shared_pointer(unsigned long long address, int line) {
  if ((unsigned)address >= 2 * WINDOW) kg_fault("out-of-bounds", "a shared address lies outside of the block's shared memory", line);
  return (char *)(window_start() + (unsigned)address);
}
}
inline size_t __cvta_generic_to_shared(const void *pointer, int line = __builtin_LINE()) { return kernelglot::shared_address(pointer, line); }
inline void *__cvta_shared_to_generic(size_t address, int line = __builtin_LINE()) { return kernelglot::shared_pointer(address, line); }
inline size_t __cvta_generic_to_global(const void *pointer) { return (size_t)pointer; }
inline void *__cvta_global_to_generic(size_t address) { return (void *)address; }
inline size_t __cvta_generic_to_local(const void *pointer) { return (size_t)pointer; }
inline void *__cvta_local_to_generic(size_t address) { return (void *)address; }
inline size_t __cvta_generic_to_constant(const void *pointer) { return (size_t)pointer; }
inline void *__cvta_constant_to_generic(size_t address) { return (void *)address; }
inline size_t __cvta_generic_to_grid_constant(const void *pointer) { return (size_t)pointer; }
inline void *__cvta_grid_constant_to_generic(size_t address) { return (void *)address; }
inline unsigned __nv_cvta_generic_to_shared_impl(const void *pointer, int line = __builtin_LINE()) { return kernelglot::shared_address(pointer, line); }
// On the thread's stack, which lies near this function's own frame: local memory; neither there nor shared: global.
inline unsigned __isShared(const void *pointer) { return kernelglot::is_shared(pointer); }
inline unsigned __isLocal(const void *pointer) {
  uintptr_t here = (uintptr_t)__builtin_frame_address(0), at = (uintptr_t)pointer;
  return at - here + (256u << 10) < (512u << 10) && !kernelglot::is_shared(pointer);
}
inline unsigned __isGlobal(const void *pointer) { return !__isShared(pointer) && !__isLocal(pointer); }
#endif
