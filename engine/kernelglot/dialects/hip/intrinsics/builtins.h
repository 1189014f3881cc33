// GCN's and RDNA's instructions on the numbers of one lane, and its hints to the scheduler, which change nothing here.
// source: manuals/hip/lanes.md
#ifndef KERNELGLOT_HIP_BUILTINS_H
#define KERNELGLOT_HIP_BUILTINS_H
#include "gfx.h"
#include "simt.h"

namespace kernelglot { namespace dot {
inline int saturated(long long x) { return x > __INT_MAX__ ? __INT_MAX__ : x < -__INT_MAX__ - 1LL ? -__INT_MAX__ - 1 : (int)x; }
inline unsigned saturated(unsigned long long x) { return x > 0xffffffffull ? 0xffffffffu : (unsigned)x; }
// Element i of `bits` bits of a word.
constexpr int taken(unsigned word, int i, int bits, bool is_signed) {
  int value = (int)(word >> i * bits & ((1u << bits) - 1));
  return is_signed && value >> (bits - 1) ? value - (1 << bits) : value;
}
template <int Bits> inline long long sum(unsigned a, bool a_signed, unsigned b, bool b_signed) {
  long long total = 0;
  for (int i = 0; i < 32 / Bits; ++i) total += (long long)taken(a, i, Bits, a_signed) * taken(b, i, Bits, b_signed);
  return total;
}
} }

// c plus the products of four bytes, or eight halves of a byte; the exact sum wraps, or saturates once with `clamp`.
#define KG_DOT(name, bits) \
  inline int __builtin_amdgcn_s##name(int a, int b, int c, bool clamp) { \
    long long total = c + kernelglot::dot::sum<bits>((unsigned)a, true, (unsigned)b, true); \
    return clamp ? kernelglot::dot::saturated(total) : (int)total; } \
  inline unsigned __builtin_amdgcn_u##name(unsigned a, unsigned b, unsigned c, bool clamp) { \
    unsigned long long total = c + (unsigned long long)kernelglot::dot::sum<bits>(a, false, b, false); \
    return clamp ? kernelglot::dot::saturated(total) : (unsigned)total; } \
  inline int __builtin_amdgcn_su##name(bool a_signed, int a, bool b_signed, int b, int c, bool clamp, int line = __builtin_LINE()) { \
    kernelglot::gfx::require(kernelglot::gfx::gfx11_on, "__builtin_amdgcn_su" #name, line); \
    long long total = c + kernelglot::dot::sum<bits>((unsigned)a, a_signed, (unsigned)b, b_signed); \
    return clamp ? kernelglot::dot::saturated(total) : (int)total; }
KG_DOT(dot4, 8) KG_DOT(dot8, 4)
template <class V> inline int __builtin_amdgcn_sdot2(V a, V b, int c, bool clamp) {
  long long total = (long long)c + (long long)(short)a[0] * (short)b[0] + (long long)(short)a[1] * (short)b[1];
  return clamp ? kernelglot::dot::saturated(total) : (int)total;
}
template <class V> inline unsigned __builtin_amdgcn_udot2(V a, V b, unsigned c, bool clamp) {
  unsigned long long total = c + (unsigned long long)(uint16_t)a[0] * (uint16_t)b[0] + (unsigned long long)(uint16_t)a[1] * (uint16_t)b[1];
  return clamp ? kernelglot::dot::saturated(total) : (unsigned)total;
}
#ifdef KG_HALF
#include "small_floats.h"
// c plus the products of two halves, rounded once; `clamp` bounds the result by 0 and 1. gfx90a flushes denormals, as in its MFMA.
template <class V> inline float __builtin_amdgcn_fdot2(V a, V b, float c, bool clamp) {
  constexpr bool flushes = KG_GFX == 0x90a;
  double total = flushes ? kernelglot::flush_float(c) : c;
  for (int i = 0; i < 2; ++i) {
    float x = (float)a[i], y = (float)b[i];
    total += flushes ? (double)kernelglot::flush_half(x) * kernelglot::flush_half(y) : (double)x * y;
  }
  float result = flushes ? kernelglot::flush_float((float)total) : (float)total;
  return !clamp ? result : result > 0 ? result < 1 ? result : 1.0f : 0.0f;
}
// Two floats to two halves, each toward zero.
inline auto __builtin_amdgcn_cvt_pkrtz(float x, float y) {
  typedef _Float16 Two __attribute__((vector_size(4)));
  auto toward_zero = [](float value) {
    kernelglot::Half near(value);
    if (__builtin_fabsf((float)near) > __builtin_fabsf(value)) near.bits -= 1;
    _Float16 bits;
    __builtin_memcpy(&bits, &near, 2);
    return bits;
  };
  return Two{toward_zero(x), toward_zero(y)};
}
#endif

// A byte of the result for each byte of `selector`: 0 to 3 a byte of b, 4 to 7 one of a, 8 to 11 the sign of a half of b or a, 12 zero, more ones.
inline unsigned __builtin_amdgcn_perm(unsigned a, unsigned b, unsigned selector) {
  unsigned long long both = (unsigned long long)a << 32 | b;
  unsigned result = 0;
  for (int i = 0; i < 4; ++i) {
    unsigned chosen = selector >> 8 * i & 255;
    unsigned sign = both >> (16 * (chosen & 3) + 15) & 1 ? 255u : 0u;
    unsigned byte = chosen < 8 ? (unsigned)(both >> 8 * chosen & 255) : chosen < 12 ? sign : chosen == 12 ? 0u : 255u;
    result |= byte << 8 * i;
  }
  return result;
}
inline unsigned __builtin_amdgcn_alignbit(unsigned high, unsigned low, unsigned shift) { return (unsigned)(((unsigned long long)high << 32 | low) >> (shift & 31)); }
inline unsigned __builtin_amdgcn_alignbyte(unsigned high, unsigned low, unsigned bytes) { return __builtin_amdgcn_alignbit(high, low, 8 * (bytes & 3)); }
inline unsigned __builtin_amdgcn_ubfe(unsigned x, unsigned offset, unsigned width) { return x >> (offset & 31) & ((1u << (width & 31)) - 1); }
inline int __builtin_amdgcn_sbfe(int x, unsigned offset, unsigned width) {
  unsigned bits = width & 31, field = __builtin_amdgcn_ubfe((unsigned)x, offset, width);
  return bits && field >> (bits - 1) ? (int)(field | ~0u << bits) : (int)field;
}
inline unsigned __builtin_amdgcn_sad_u8(unsigned a, unsigned b, unsigned c) {
  for (int i = 0; i < 4; ++i) c += (unsigned)abs((int)(a >> 8 * i & 255) - (int)(b >> 8 * i & 255));
  return c;
}
inline unsigned __builtin_amdgcn_sad_u16(unsigned a, unsigned b, unsigned c) {
  for (int i = 0; i < 2; ++i) c += (unsigned)abs((int)(a >> 16 * i & 0xffff) - (int)(b >> 16 * i & 0xffff));
  return c;
}
// Bytes' averages; bit 0 of a byte of `round` says whether upward.
inline unsigned __builtin_amdgcn_lerp(unsigned a, unsigned b, unsigned round) {
  unsigned result = 0;
  for (int i = 0; i < 32; i += 8) result |= ((a >> i & 255) + (b >> i & 255) + (round >> i & 1)) >> 1 << i;
  return result;
}

// The approximate forms are computed exactly: their documented errors (1 ulp) are small beside any tolerance. Sines count whole turns.
inline float __builtin_amdgcn_rcpf(float x) { return 1.0f / x; }
inline double __builtin_amdgcn_rcp(double x) { return 1.0 / x; }
inline float __builtin_amdgcn_rsqf(float x) { return (float)(1.0 / sqrt((double)x)); }
inline double __builtin_amdgcn_rsq(double x) { return 1.0 / sqrt(x); }
inline float __builtin_amdgcn_sqrtf(float x) { return sqrtf(x); }
inline double __builtin_amdgcn_sqrt(double x) { return sqrt(x); }
inline float __builtin_amdgcn_exp2f(float x) { return exp2f(x); }
inline float __builtin_amdgcn_logf(float x) { return log2f(x); }
inline float __builtin_amdgcn_sinf(float turns) { return (float)sin(6.283185307179586 * (turns - floor((double)turns))); }
inline float __builtin_amdgcn_cosf(float turns) { return (float)cos(6.283185307179586 * (turns - floor((double)turns))); }
inline float __builtin_amdgcn_fractf(float x) { float rest = x - floorf(x); return rest < 1 ? rest : 0x1.fffffep-1f; }
inline double __builtin_amdgcn_fract(double x) { double rest = x - floor(x); return rest < 1 ? rest : 0x1.fffffffffffffp-1; }
inline float __builtin_amdgcn_ldexpf(float x, int e) { return ldexpf(x, e); }
inline double __builtin_amdgcn_ldexp(double x, int e) { return ldexp(x, e); }
inline float __builtin_amdgcn_frexp_mantf(float x) { int e; return isfinite(x) ? frexpf(x, &e) : x; }
inline int __builtin_amdgcn_frexp_expf(float x) { int e = 0; if (isfinite(x)) frexpf(x, &e); return e; }
// The middle of three; with a NaN, the least of all.
inline float __builtin_amdgcn_fmed3f(float x, float y, float z) {
  if (x != x || y != y || z != z) return fminf(fminf(x, y), z);
  return fmaxf(fminf(x, y), fminf(fmaxf(x, y), z));
}
inline float __builtin_amdgcn_fmul_legacy(float x, float y) { return x == 0 || y == 0 ? 0.0f : x * y; }

// ---- where a lane stands, and hints ------------------------------------------------------------------------------------------
inline unsigned __builtin_amdgcn_workitem_id_x() { return threadIdx.x; }
inline unsigned __builtin_amdgcn_workitem_id_y() { return threadIdx.y; }
inline unsigned __builtin_amdgcn_workitem_id_z() { return threadIdx.z; }
inline unsigned __builtin_amdgcn_workgroup_id_x() { return blockIdx.x; }
inline unsigned __builtin_amdgcn_workgroup_id_y() { return blockIdx.y; }
inline unsigned __builtin_amdgcn_workgroup_id_z() { return blockIdx.z; }
inline unsigned short __builtin_amdgcn_workgroup_size_x() { return (unsigned short)blockDim.x; }
inline unsigned short __builtin_amdgcn_workgroup_size_y() { return (unsigned short)blockDim.y; }
inline unsigned short __builtin_amdgcn_workgroup_size_z() { return (unsigned short)blockDim.z; }
inline unsigned __builtin_amdgcn_grid_size_x() { return gridDim.x * blockDim.x; }
inline unsigned __builtin_amdgcn_grid_size_y() { return gridDim.y * blockDim.y; }
inline unsigned __builtin_amdgcn_grid_size_z() { return gridDim.z * blockDim.z; }
inline void __builtin_amdgcn_fence(int, const char *, ...) { __atomic_thread_fence(__ATOMIC_ACQ_REL); }
inline void __builtin_amdgcn_s_waitcnt(int) {}
inline void __builtin_amdgcn_s_sleep(int) {}
inline void __builtin_amdgcn_s_setprio(short) {}
inline void __builtin_amdgcn_sched_barrier(int) {}
inline void __builtin_amdgcn_sched_group_barrier(int, int, int) {}
inline void __builtin_amdgcn_iglp_opt(int) {}
inline unsigned long __builtin_amdgcn_s_memtime() { return 0; }
inline unsigned long __builtin_amdgcn_s_memrealtime() { return 0; }
inline void __builtin_amdgcn_endpgm(int line = __builtin_LINE()) {
  kg_fault("unsupported", "__builtin_amdgcn_endpgm is not emulated: return from the kernel", line);
}
#endif
