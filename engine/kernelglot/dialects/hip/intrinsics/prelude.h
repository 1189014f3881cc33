// HIP on one CPU thread: what CUDA and HIP share (simt.h), and where HIP differs: 64 lanes on CDNA, warp functions without a mask, 64-bit
// ballots, operators on vector types, MFMA. What the documentation leaves undefined ends a run with a fault or gives values that differ
// between the two executions of a test. Lanes do not run in lockstep here: code that relies on it needs a barrier to be right.
// source: manuals/hip/*.md
#ifndef KERNELGLOT_HIP_PRELUDE_H
#define KERNELGLOT_HIP_PRELUDE_H
#include "overloads.h"

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
template <class T> inline T __shfl(T value, int lane, int width = warpSize, KG_LINE) {
  return kernelglot::shuffle("__shfl", 0, value, kernelglot::shuffle_index(lane, width), line);
}
template <class T> inline T __shfl_up(T value, unsigned delta, int width = warpSize, KG_LINE) {
  return kernelglot::shuffle("__shfl_up", 0, value, kernelglot::shuffle_up(delta, width), line);
}
template <class T> inline T __shfl_down(T value, unsigned delta, int width = warpSize, KG_LINE) {
  return kernelglot::shuffle("__shfl_down", 0, value, kernelglot::shuffle_down(delta, width), line);
}
template <class T> inline T __shfl_xor(T value, int lanes, int width = warpSize, KG_LINE) {
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
KG_MASK, class T> inline T __shfl_sync(M mask, T value, int lane, int width = warpSize, KG_LINE) {
  return kernelglot::shuffle("__shfl_sync", mask, value, kernelglot::shuffle_index(lane, width), line);
}
KG_MASK, class T> inline T __shfl_up_sync(M mask, T value, unsigned delta, int width = warpSize, KG_LINE) {
  return kernelglot::shuffle("__shfl_up_sync", mask, value, kernelglot::shuffle_up(delta, width), line);
}
KG_MASK, class T> inline T __shfl_down_sync(M mask, T value, unsigned delta, int width = warpSize, KG_LINE) {
  return kernelglot::shuffle("__shfl_down_sync", mask, value, kernelglot::shuffle_down(delta, width), line);
}
KG_MASK, class T> inline T __shfl_xor_sync(M mask, T value, int lanes, int width = warpSize, KG_LINE) {
  return kernelglot::shuffle("__shfl_xor_sync", mask, value, kernelglot::shuffle_xor(lanes, width), line);
}
KG_MASK> inline unsigned long long __ballot_sync(M mask, int predicate, KG_LINE) { return kernelglot::vote("__ballot_sync", mask, predicate, line).yes; }
KG_MASK> inline int __any_sync(M mask, int predicate, KG_LINE) { return kernelglot::vote("__any_sync", mask, predicate, line).yes != 0; }
KG_MASK> inline int __all_sync(M mask, int predicate, KG_LINE) {
  kernelglot::Votes votes = kernelglot::vote("__all_sync", mask, predicate, line);
  return votes.yes == votes.lanes;
}
inline void __syncwarp(unsigned long long mask = 0, KG_LINE) { kg_collective("__syncwarp", mask, 0, 0, line); }
inline unsigned __lane_id() { return (unsigned)kernelglot::lane(); }
inline void __builtin_amdgcn_wave_barrier(KG_LINE) { kg_collective("wave_barrier", 0, 0, 0, line); }
inline void __builtin_amdgcn_s_barrier(KG_LINE) { kg_barrier(0, kg_agents, line); }
template <class T> inline T __builtin_amdgcn_readfirstlane(T value, KG_LINE) {
  unsigned long long lanes = kernelglot::vote("readfirstlane", 0, 1, line).lanes;
  return kernelglot::shuffle("readfirstlane", 0, value, __builtin_ctzll(lanes), line);
}
inline int __builtin_amdgcn_sdot4(int a, int b, int c, bool) { return __dp4a(a, b, c); }
inline float __builtin_amdgcn_rcpf(float x) { return 1.0f / x; }
inline float __builtin_amdgcn_rsqf(float x) { return rsqrtf(x); }

// ---- HIP's vector types have element-wise operators -----------------------------------------------------------------------
// Templates, as in HIP: an operator that a program defines for itself wins over them.
#define KG_OWN template <int = 0>
#define KG_VECTOR_OPERATOR(V, T, op) \
  KG_OWN inline V##2 operator op(V##2 a, V##2 b) { return {(T)(a.x op b.x), (T)(a.y op b.y)}; } \
  KG_OWN inline V##3 operator op(V##3 a, V##3 b) { return {(T)(a.x op b.x), (T)(a.y op b.y), (T)(a.z op b.z)}; } \
  KG_OWN inline V##4 operator op(V##4 a, V##4 b) { return {(T)(a.x op b.x), (T)(a.y op b.y), (T)(a.z op b.z), (T)(a.w op b.w)}; } \
  KG_OWN inline V##2 operator op(V##2 a, T b) { return {(T)(a.x op b), (T)(a.y op b)}; } \
  KG_OWN inline V##4 operator op(V##4 a, T b) { return {(T)(a.x op b), (T)(a.y op b), (T)(a.z op b), (T)(a.w op b)}; } \
  KG_OWN inline V##2 operator op(T a, V##2 b) { return {(T)(a op b.x), (T)(a op b.y)}; } \
  KG_OWN inline V##4 operator op(T a, V##4 b) { return {(T)(a op b.x), (T)(a op b.y), (T)(a op b.z), (T)(a op b.w)}; } \
  template <class U> inline V##2 &operator op##=(V##2 &a, U b) { return a = a op b; } \
  template <class U> inline V##4 &operator op##=(V##4 &a, U b) { return a = a op b; }
#define KG_VECTOR_OPERATORS(V, T) KG_VECTOR_OPERATOR(V, T, +) KG_VECTOR_OPERATOR(V, T, -) KG_VECTOR_OPERATOR(V, T, *) KG_VECTOR_OPERATOR(V, T, /)
KG_VECTOR_OPERATORS(float, float) KG_VECTOR_OPERATORS(double, double) KG_VECTOR_OPERATORS(int, int) KG_VECTOR_OPERATORS(uint, unsigned)

#ifdef KG_HALF
#include "half_functions.h"
typedef _Float16 float16_t;
#endif
#ifdef KG_MFMA
#include "mfma.h"
#endif
#ifdef KG_WMMA
#include "matrix.h"
namespace rocwmma = kernelglot::matrix;
#endif
#ifdef KG_COOPERATIVE_GROUPS
#include "groups.h"
#endif
#endif
