// HIP on one CPU thread: what CUDA and HIP share (simt.h), and where HIP differs: 64 lanes on CDNA, warp functions without a mask, 64-bit
// ballots, operators on vector types, MFMA and WMMA, instructions across lanes, rocWMMA. What the documentation leaves undefined ends a run
// with a fault or gives values that differ between the two executions of a test. Lanes do not run in lockstep here: code that relies on it needs a barrier to be right.
// source: manuals/hip/*.md
#ifndef KERNELGLOT_HIP_PRELUDE_H
#define KERNELGLOT_HIP_PRELUDE_H
#include "overloads.h"
#include "gfx.h"

#define __global__
#define __device__
#define __host__
#define __constant__
#define __managed__
#define __shared__ thread_local
#define __forceinline__ inline
#define __inline__ inline
#define __noinline__
#define __launch_bounds__(...)
#define __align__(n) __attribute__((aligned(n)))
#define hipThreadIdx_x threadIdx.x
#define hipThreadIdx_y threadIdx.y
#define hipThreadIdx_z threadIdx.z
#define hipBlockIdx_x blockIdx.x
#define hipBlockIdx_y blockIdx.y
#define hipBlockIdx_z blockIdx.z
#define hipBlockDim_x blockDim.x
#define hipBlockDim_y blockDim.y
#define hipBlockDim_z blockDim.z
#define hipGridDim_x gridDim.x
#define hipGridDim_y gridDim.y
#define hipGridDim_z gridDim.z
#define HIP_DYNAMIC_SHARED(type, name) extern __shared__ type name[];
#define __HIPCC__ 1
#define __HIP__ 1
#define __HIP_PLATFORM_AMD__ 1
#define __HIP_DEVICE_COMPILE__ 1
#define __AMDGCN_WAVEFRONT_SIZE KG_WARP
#define HIP_INF_F __builtin_inff()
#define HIP_INF __builtin_inf()
#define HIP_NAN_F __builtin_nanf("")

#include "simt.h"

// ---- warp functions -----------------------------------------------------------------------------------------------------
#define KG_LINE int line = __builtin_LINE()
// 16-bit floats are not exchanged: HIP has no such overloads, and a program that calls them does not compile.
namespace kernelglot {
struct Half;
struct Bfloat16;
template <class T> inline constexpr bool exchanged = !same<T, Half> && !same<T, Bfloat16> && !same<T, _Float16>;
}
#define KG_SHUFFLED template <class T, class = typename kernelglot::EnableIf<kernelglot::exchanged<T>>::type
KG_SHUFFLED> inline T __shfl(T value, int lane, int width = warpSize, KG_LINE) {
  return kernelglot::shuffle("__shfl", 0, value, kernelglot::shuffle_index(lane, width), line);
}
KG_SHUFFLED> inline T __shfl_up(T value, unsigned delta, int width = warpSize, KG_LINE) {
  return kernelglot::shuffle("__shfl_up", 0, value, kernelglot::shuffle_up(delta, width), line);
}
KG_SHUFFLED> inline T __shfl_down(T value, unsigned delta, int width = warpSize, KG_LINE) {
  return kernelglot::shuffle("__shfl_down", 0, value, kernelglot::shuffle_down(delta, width), line);
}
KG_SHUFFLED> inline T __shfl_xor(T value, int lanes, int width = warpSize, KG_LINE) {
  return kernelglot::shuffle("__shfl_xor", 0, value, kernelglot::shuffle_xor(lanes, width), line);
}
inline unsigned long long __ballot(int predicate, KG_LINE) { return kernelglot::vote("__ballot", 0, predicate, line).yes; }
inline unsigned long long __ballot64(int predicate, KG_LINE) { return kernelglot::vote("__ballot64", 0, predicate, line).yes; }
inline unsigned long long __activemask(KG_LINE) { return kernelglot::vote("__activemask", 0, 1, line).lanes; }
inline int __any(int predicate, KG_LINE) { return kernelglot::vote("__any", 0, predicate, line).yes != 0; }
inline int __all(int predicate, KG_LINE) {
  kernelglot::Votes votes = kernelglot::vote("__all", 0, predicate, line);
  return votes.yes == votes.lanes;
}
// From ROCm 6.3 on; the mask has 64 bits, and every lane it names must come.
#define KG_MASK template <class M, class = typename kernelglot::EnableIf<sizeof(M) == 8>::type
#define KG_MASK_SHUFFLED template <class M, class T, class = typename kernelglot::EnableIf<sizeof(M) == 8 && kernelglot::exchanged<T>>::type
KG_MASK_SHUFFLED> inline T __shfl_sync(M mask, T value, int lane, int width = warpSize, KG_LINE) {
  return kernelglot::shuffle("__shfl_sync", mask, value, kernelglot::shuffle_index(lane, width), line);
}
KG_MASK_SHUFFLED> inline T __shfl_up_sync(M mask, T value, unsigned delta, int width = warpSize, KG_LINE) {
  return kernelglot::shuffle("__shfl_up_sync", mask, value, kernelglot::shuffle_up(delta, width), line);
}
KG_MASK_SHUFFLED> inline T __shfl_down_sync(M mask, T value, unsigned delta, int width = warpSize, KG_LINE) {
  return kernelglot::shuffle("__shfl_down_sync", mask, value, kernelglot::shuffle_down(delta, width), line);
}
KG_MASK_SHUFFLED> inline T __shfl_xor_sync(M mask, T value, int lanes, int width = warpSize, KG_LINE) {
  return kernelglot::shuffle("__shfl_xor_sync", mask, value, kernelglot::shuffle_xor(lanes, width), line);
}
KG_MASK> inline unsigned long long __ballot_sync(M mask, int predicate, KG_LINE) { return kernelglot::vote("__ballot_sync", mask, predicate, line).yes; }
KG_MASK> inline int __any_sync(M mask, int predicate, KG_LINE) { return kernelglot::vote("__any_sync", mask, predicate, line).yes != 0; }
KG_MASK> inline int __all_sync(M mask, int predicate, KG_LINE) {
  kernelglot::Votes votes = kernelglot::vote("__all_sync", mask, predicate, line);
  return votes.yes == votes.lanes;
}
template <class T> inline unsigned long long __match_any(T value, KG_LINE) { return kernelglot::match(0, value, line); }
KG_MASK, class T> inline unsigned long long __match_any_sync(M mask, T value, KG_LINE) { return kernelglot::match(mask, value, line); }
template <class T> inline unsigned long long __match_all(T value, int *all, KG_LINE) {
  unsigned long long lanes = 0, equal = kernelglot::match(0, value, line, &lanes);
  *all = equal == lanes;
  return *all ? lanes : 0;
}
KG_MASK, class T> inline unsigned long long __match_all_sync(M mask, T value, int *all, KG_LINE) {
  unsigned long long lanes = 0, equal = kernelglot::match(mask, value, line, &lanes);
  *all = equal == lanes;
  return *all ? lanes : 0;
}
inline void __syncwarp(unsigned long long mask = 0, KG_LINE) { kg_collective("__syncwarp", mask, 0, 0, line); }
inline long long wall_clock64() { return 0; }
inline unsigned __lane_id() { return (unsigned)kernelglot::lane(); }
inline void __builtin_amdgcn_wave_barrier(KG_LINE) { kg_collective("wave_barrier", 0, 0, 0, line); }
inline void __builtin_amdgcn_s_barrier(KG_LINE) { kg_barrier(0, kg_agents, line); }
#ifdef KG_VECTOR_TYPES
#include "vector_types.h"
#endif
#ifdef KG_ATOMICS
#include "atomics.h"
#endif
#ifdef KG_HALF
#include "half_functions.h"
typedef _Float16 float16_t;
#endif
#ifdef KG_MFMA
#include "mfma.h"
#endif
#ifdef KG_WMMA
#include "wmma.h"
#endif
#ifdef KG_ROCWMMA
#include "rocwmma.h"
#endif
#ifdef KG_DPP
#include "lanes.h"
#include "builtins.h"
#endif
#ifdef KG_EXT_VECTOR
#include "ext_vector.h"
#endif
#ifdef KG_COOPERATIVE_GROUPS
#include "groups.h"
#endif
#endif
