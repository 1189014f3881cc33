// CUDA C on one CPU thread: the qualifiers, indices, vector types, warp functions, atomics and math that kernels use. Everything a kernel
// can observe is meant as the CUDA C++ Programming Guide states it; where the guide says "undefined", a run ends with a fault or gives
// values that differ between the two executions of a test. source: manuals/cuda/*.md
#ifndef KERNELGLOT_CUDA_PRELUDE_H
#define KERNELGLOT_CUDA_PRELUDE_H
#include "overloads.h"

#define __global__
#define __device__
#define __host__
#define __constant__
#define __managed__
#define __grid_constant__
#ifdef KG_WMMA                                  // matrices lie at multiples of 32 bytes
#define __shared__ thread_local __attribute__((aligned(32)))
#else
#define __shared__ thread_local
#endif
#define __forceinline__ inline
#define __inline__ inline
#define __noinline__
#define __launch_bounds__(...)
#define __maxnreg__(n)
#define __cluster_dims__(...)
#define __align__(n) __attribute__((aligned(n)))
#define __builtin_align__(n) __attribute__((aligned(n)))
#define __CUDACC__ 1
#define __NVCC__ 1
#define __CUDA_ARCH__ 800
#define CUDART_VERSION 12000
#define CUDART_INF_F __builtin_inff()
#define CUDART_INF __builtin_inf()
#define CUDART_NAN_F __builtin_nanf("")
#define CUDART_NAN __builtin_nan("")
#define CUDART_PI_F 3.141592654f
#define CUDART_PI 3.1415926535897931e+0
#define CUDART_MAX_NORMAL_F 3.402823466e+38f

#include "simt.h"

// ---- masked warp functions (compute capability 7.0 and up) ---------------------------------------------------------------
#define KG_LINE int line = __builtin_LINE()
template <class T> inline T __shfl_sync(unsigned mask, T value, int lane, int width = 32, KG_LINE) {
  return kernelglot::shuffle("__shfl_sync", mask, value, kernelglot::shuffle_index(lane, width), line);
}
template <class T> inline T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32, KG_LINE) {
  return kernelglot::shuffle("__shfl_up_sync", mask, value, kernelglot::shuffle_up(delta, width), line);
}
template <class T> inline T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32, KG_LINE) {
  return kernelglot::shuffle("__shfl_down_sync", mask, value, kernelglot::shuffle_down(delta, width), line);
}
template <class T> inline T __shfl_xor_sync(unsigned mask, T value, int lanes, int width = 32, KG_LINE) {
  return kernelglot::shuffle("__shfl_xor_sync", mask, value, kernelglot::shuffle_xor(lanes, width), line);
}
inline unsigned __ballot_sync(unsigned mask, int predicate, KG_LINE) { return (unsigned)kernelglot::vote("__ballot_sync", mask, predicate, line).yes; }
inline int __any_sync(unsigned mask, int predicate, KG_LINE) { return kernelglot::vote("__any_sync", mask, predicate, line).yes != 0; }
inline int __all_sync(unsigned mask, int predicate, KG_LINE) {
  kernelglot::Votes votes = kernelglot::vote("__all_sync", mask, predicate, line);
  return votes.yes == votes.lanes;
}
inline unsigned __activemask(KG_LINE) { return (unsigned)kernelglot::vote("__activemask", 0, 1, line).lanes; }
inline void __syncwarp(unsigned mask = 0xffffffffu, KG_LINE) { kg_collective("__syncwarp", mask, 0, 0, line); }
template <class T> inline unsigned __match_any_sync(unsigned mask, T value, KG_LINE) {
  return (unsigned)kernelglot::match(mask, value, line);
}
template <class T> inline unsigned __match_all_sync(unsigned mask, T value, int *all, KG_LINE) {
  unsigned long long lanes = 0, equal = kernelglot::match(mask, value, line, &lanes);
  *all = equal == lanes;
  return *all ? (unsigned)lanes : 0;
}
#define KG_REDUCE(name, T, expression) inline T name(unsigned mask, T value, KG_LINE) { \
  return kernelglot::reduce(#name, mask, value, [](T a, T b) -> T { return expression; }, line); }
KG_REDUCE(__reduce_add_sync, unsigned, a + b) KG_REDUCE(__reduce_add_sync, int, (int)((unsigned)a + (unsigned)b))
KG_REDUCE(__reduce_min_sync, unsigned, a < b ? a : b) KG_REDUCE(__reduce_min_sync, int, a < b ? a : b)
KG_REDUCE(__reduce_max_sync, unsigned, a > b ? a : b) KG_REDUCE(__reduce_max_sync, int, a > b ? a : b)
KG_REDUCE(__reduce_and_sync, unsigned, a & b) KG_REDUCE(__reduce_or_sync, unsigned, a | b) KG_REDUCE(__reduce_xor_sync, unsigned, a ^ b)

// ---- atomics that HIP spells otherwise ------------------------------------------------------------------------------------
template <class T, class U, class V> inline T atomicCAS_block(T *address, U expected, V desired) { return atomicCAS(address, expected, desired); }
template <class T, class U, class V> inline T atomicCAS_system(T *address, U expected, V desired) { return atomicCAS(address, expected, desired); }
// Vectors of floats: each number by itself (sm_90).
inline float2 atomicAdd(float2 *address, float2 v) { return {atomicAdd(&address->x, v.x), atomicAdd(&address->y, v.y)}; }
inline float4 atomicAdd(float4 *address, float4 v) {
  return {atomicAdd(&address->x, v.x), atomicAdd(&address->y, v.y), atomicAdd(&address->z, v.z), atomicAdd(&address->w, v.w)};
}
inline int __uni_sync(unsigned mask, int predicate, KG_LINE) {
  kernelglot::Votes votes = kernelglot::vote("__uni_sync", mask, predicate, line);
  return votes.yes == 0 || votes.yes == votes.lanes;
}
// Named barriers, but of the whole block only.
inline void __barrier_sync(unsigned, KG_LINE) { kg_barrier(0, kg_agents, line); }
inline void __barrier_sync_count(unsigned, unsigned count, KG_LINE) {
  if (count != kg_agents) kg_fault("unsupported", "a barrier of only some threads of a block is not emulated", line);
  kg_barrier(0, kg_agents, line);
}
inline void __prof_trigger(int) {}

#ifdef KG_HALF
#include "half_functions.h"
#endif
#ifdef KG_FP8
#include "fp8.h"
#endif
#ifdef KG_WMMA
#include "matrix.h"
namespace nvcuda { namespace wmma = kernelglot::matrix; }
#endif
#ifdef KG_COOPERATIVE_GROUPS
#include "groups.h"
#endif
#ifdef KG_ADDRESSES
#include "addresses.h"
#endif
#ifdef KG_PIPELINE
#include "pipeline.h"
#endif
#ifdef KG_PTX
#include "async.h"
#include "ptx_matrix.h"
namespace kg_ptx = kernelglot::ptx;
#endif
#endif
