// What CUDA and HIP share: indices, vector types, block barriers, warp exchange, atomics, integer and fast-math intrinsics.
// A block's threads run on one operating system thread, so an atomic is its plain meaning. KG_WARP: lanes of a warp (-D, from the architecture).
#ifndef KERNELGLOT_SIMT_H
#define KERNELGLOT_SIMT_H
#include "overloads.h"
#include "vectors.h"
#include "../../dialects/cuda/intrinsics/scalar.h"

#ifndef KG_WARP
#define KG_WARP 32
#endif

#ifdef KG_HOST
#include "host/position.h"
#else
// The runtime changes these only while another thread runs, so for the thread that reads them they are constants.
extern const uint3 threadIdx __asm__("kg_thread");
extern const uint3 blockIdx __asm__("kg_block_index");
#endif
struct dim3 {
  unsigned x, y, z;
  constexpr dim3(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
  constexpr dim3(uint3 v) : x(v.x), y(v.y), z(v.z) {}
  operator uint3() const { return {x, y, z}; }
};
extern const uint3 blockDim __asm__("kg_block");
extern const uint3 gridDim __asm__("kg_grid");
constexpr int warpSize = KG_WARP;

inline void __syncthreads(int line = __builtin_LINE()) { kg_barrier(0, kg_agents, line); }
inline int __syncthreads_count(int predicate, int line = __builtin_LINE()) { return (int)kg_barrier_vote(0, kg_agents, line, predicate, 0); }
inline int __syncthreads_or(int predicate, int line = __builtin_LINE()) { return kg_barrier_vote(0, kg_agents, line, predicate, 0) != 0; }
inline int __syncthreads_and(int predicate, int line = __builtin_LINE()) {
  unsigned present, yes = kg_barrier_vote(0, kg_agents, line, predicate, &present);
  return yes == present;
}
inline void __threadfence() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
inline void __threadfence_block() { __atomic_thread_fence(__ATOMIC_ACQ_REL); }
inline void __threadfence_system() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
inline void __nanosleep(unsigned) {}
// Every look at the clock is later than the one before; how much later is nothing that a kernel may count on.
inline long long kg_ticks;
inline long long clock64() { return __atomic_add_fetch(&kg_ticks, 1000, __ATOMIC_RELAXED); }
#ifndef KG_HOST
inline long clock() { return (long)clock64(); }
#endif
inline void __trap(int line = __builtin_LINE()) { kg_fault("crash", "__trap() was called", line); }
inline void __brkpt() {}
#define __builtin_assume(condition) ((void)0)
#define __assume(condition) ((void)0)

// ---- warp exchange -------------------------------------------------------------------------------------------------------
namespace kernelglot {
inline int lane() { return (int)(kg_agent % KG_WARP); }
inline int shuffle_index(int wanted, int width) { return (lane() & ~(width - 1)) + (wanted & (width - 1)); }
inline int shuffle_up(unsigned delta, int width) { return (unsigned)(lane() & (width - 1)) < delta ? lane() : lane() - (int)delta; }
inline int shuffle_down(unsigned delta, int width) { return (unsigned)(lane() & (width - 1)) + delta >= (unsigned)width ? lane() : lane() + (int)delta; }
inline int shuffle_xor(int lanes, int width) { int other = lane() ^ lanes; return other >= (lane() & ~(width - 1)) + width ? lane() : other; }

template <class T> struct Exchange { T value, result; int source; };
// A lane that does not take part has no value to give: what is read from it is the poison of this execution.
template <class T> void exchange(void *const *payloads, unsigned long long lanes) {
  for (int i = 0; i < KG_WARP; ++i) {
    if (!(lanes >> i & 1)) continue;
    Exchange<T> *mine = (Exchange<T> *)payloads[i], *from = (Exchange<T> *)payloads[mine->source & (KG_WARP - 1)];
    if (from) mine->result = from->value;
    else __builtin_memset((void *)&mine->result, kg_poison, sizeof(T)), KG_INACTIVE_LANE((unsigned)i, (unsigned)mine->source & (KG_WARP - 1));
  }
}
template <class T> inline T shuffle(const char *name, unsigned long long mask, T value, int source, int line) {
  Exchange<T> mine;
  mine.value = value, mine.source = source;
  kg_collective(name, mask, &mine, exchange<T>, line);
  return mine.result;
}

struct Votes { unsigned long long yes, lanes; };
struct Vote { int predicate; Votes votes; };
inline void count_votes(void *const *payloads, unsigned long long lanes) {
  unsigned long long yes = 0;
  for (int i = 0; i < KG_WARP; ++i) if (payloads[i] && ((Vote *)payloads[i])->predicate) yes |= 1ull << i;
  for (int i = 0; i < KG_WARP; ++i) if (payloads[i]) ((Vote *)payloads[i])->votes = {yes, lanes};
}
inline Votes vote(const char *name, unsigned long long mask, int predicate, int line) {
  Vote mine{predicate != 0, {0, 0}};
  kg_collective(name, mask, &mine, count_votes, line);
  return mine.votes;
}

template <class T> struct Folded { T value, result; T (*fold)(T, T); };
template <class T> void fold_lanes(void *const *payloads, unsigned long long lanes) {
  Folded<T> *first = 0;
  for (int i = 0; i < KG_WARP; ++i) {
    if (!payloads[i]) continue;
    Folded<T> *each = (Folded<T> *)payloads[i];
    if (!first) first = each, first->result = each->value;
    else first->result = first->fold(first->result, each->value);
  }
  for (int i = 0; i < KG_WARP; ++i) if (payloads[i]) ((Folded<T> *)payloads[i])->result = first->result;
}
template <class T> inline T reduce(const char *name, unsigned long long mask, T value, typename Identity<T (*)(T, T)>::type fold, int line) {
  Folded<T> mine{value, value, fold};
  kg_collective(name, mask, &mine, fold_lanes<T>, line);
  return mine.result;
}

template <class T> struct Match { T value; unsigned long long equal, lanes; };
template <class T> void match_lanes(void *const *payloads, unsigned long long lanes) {
  for (int i = 0; i < KG_WARP; ++i) {
    if (!payloads[i]) continue;
    Match<T> *mine = (Match<T> *)payloads[i];
    mine->lanes = lanes, mine->equal = 0;
    for (int j = 0; j < KG_WARP; ++j) if (payloads[j] && ((Match<T> *)payloads[j])->value == mine->value) mine->equal |= 1ull << j;
  }
}
template <class T> inline unsigned long long match(unsigned long long mask, T value, int line, unsigned long long *lanes = 0) {
  Match<T> mine{value, 0, 0};
  kg_collective("__match_sync", mask, &mine, match_lanes<T>, line);
  if (lanes) *lanes = mine.lanes;
  return mine.equal;
}
}

// ---- atomics: they return the old value ---------------------------------------------------------------------------------
#ifdef KG_HOST                                   // blocks run on several operating system threads
#define KG_EXCHANGE(T, address, old, expression) \
  T old, next; \
  __atomic_load(address, &old, __ATOMIC_SEQ_CST); \
  do next = (T)(expression); while (!__atomic_compare_exchange(address, &old, &next, true, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
#else
#define KG_EXCHANGE(T, address, old, expression) KG_INDIVISIBLE(address, sizeof(T)); T old = *address; *address = (T)(expression);
#endif
#define KG_ATOMIC(name, expression) \
  template <class T, class U> inline T name(T *address, U operand) { \
    T value = (T)operand; KG_EXCHANGE(T, address, old, expression) return old; } \
  template <class T, class U> inline T name##_block(T *address, U operand) { return name(address, operand); } \
  template <class T, class U> inline T name##_system(T *address, U operand) { return name(address, operand); }
KG_ATOMIC(atomicAdd, old + value)
KG_ATOMIC(atomicSub, old - value)
KG_ATOMIC(atomicMax, value > old ? value : old)
KG_ATOMIC(atomicMin, value < old ? value : old)
KG_ATOMIC(atomicExch, value)
KG_ATOMIC(atomicAnd, old & value)
KG_ATOMIC(atomicOr, old | value)
KG_ATOMIC(atomicXor, old ^ value)
KG_ATOMIC(atomicInc, old >= value ? 0 : old + 1)
KG_ATOMIC(atomicDec, old == 0 || old > value ? value : old - 1)
template <class T, class U, class V> inline T atomicCAS(T *address, U expected, V desired) {
  KG_EXCHANGE(T, address, old, old == (T)expected ? (T)desired : old)
  return old;
}
template <class T, class U> inline T unsafeAtomicAdd(T *address, U operand) { return atomicAdd(address, operand); }
template <class T, class U> inline void atomicAddNoRet(T *address, U operand) { atomicAdd(address, operand); }

// ---- loads and stores with cache hints --------------------------------------------------------------------------------------
#define KG_LOAD(name) template <class T> inline T name(const T *address) { return *address; }
KG_LOAD(__ldg) KG_LOAD(__ldcg) KG_LOAD(__ldca) KG_LOAD(__ldcs) KG_LOAD(__ldlu) KG_LOAD(__ldcv) KG_LOAD(__builtin_nontemporal_load_)
#define KG_STORE(name) template <class T> inline void name(T *address, T value) { *address = value; }
KG_STORE(__stwb) KG_STORE(__stcg) KG_STORE(__stcs) KG_STORE(__stwt)

// ---- bits and integers ------------------------------------------------------------------------------------------------------
namespace kernelglot {
template <class To, class From> inline To bits_as(From x) { To to; __builtin_memcpy(&to, &x, sizeof to); return to; }
}
inline int __float_as_int(float x) { return kernelglot::bits_as<int>(x); }
inline unsigned __float_as_uint(float x) { return kernelglot::bits_as<unsigned>(x); }
inline float __int_as_float(int x) { return kernelglot::bits_as<float>(x); }
inline float __uint_as_float(unsigned x) { return kernelglot::bits_as<float>(x); }
inline long long __double_as_longlong(double x) { return kernelglot::bits_as<long long>(x); }
inline double __longlong_as_double(long long x) { return kernelglot::bits_as<double>(x); }
inline int __double2hiint(double x) { return (int)(kernelglot::bits_as<unsigned long long>(x) >> 32); }
inline int __double2loint(double x) { return (int)kernelglot::bits_as<unsigned long long>(x); }
inline double __hiloint2double(int high, int low) { return kernelglot::bits_as<double>((unsigned long long)(unsigned)high << 32 | (unsigned)low); }
inline unsigned __dp4a(unsigned a, unsigned b, unsigned c) { return __udp4a(a, b, c); }
inline int __dp4a(char4 a, char4 b, int c) { return c + a.x * b.x + a.y * b.y + a.z * b.z + a.w * b.w; }

// ---- math: the fast forms are computed exactly here, as their documented errors are small beside any tolerance -------------------
#define KG_FAST(name, expression) inline float name(float x) { return expression; }
KG_FAST(__expf, expf(x)) KG_FAST(__exp10f, exp10f(x)) KG_FAST(__logf, logf(x)) KG_FAST(__log2f, log2f(x)) KG_FAST(__log10f, log10f(x))
KG_FAST(__sinf, sinf(x)) KG_FAST(__cosf, cosf(x)) KG_FAST(__tanf, tanf(x)) KG_FAST(__tanhf, tanhf(x))
KG_FAST(__saturatef, x != x ? 0.0f : x < 0 ? 0.0f : x > 1 ? 1.0f : x)
KG_FAST(rsqrtf, (float)(1.0 / sqrt((double)x)))
inline float __powf(float x, float y) { return powf(x, y); }
inline float __fdividef(float x, float y) { return x / y; }
inline float fdividef(float x, float y) { return x / y; }
inline void __sincosf(float x, float *s, float *c) { *s = sinf(x), *c = cosf(x); }
inline void sincospif(float x, float *s, float *c) { *s = sinpif(x), *c = cospif(x); }
inline float rsqrt(float x) { return rsqrtf(x); }
inline double rsqrt(double x) { return 1.0 / sqrt(x); }
inline void sincospi(double x, double *s, double *c) { *s = sinpi(x), *c = cospi(x); }
inline float norm3df(float x, float y, float z) { return (float)sqrt((double)x * x + (double)y * y + (double)z * z); }
inline float rhypotf(float x, float y) { return 1.0f / hypotf(x, y); }
#ifndef KG_HOST
inline bool isnanf(float x) { return __builtin_isnan(x); }
#endif
inline unsigned umax(unsigned x, unsigned y) { return x > y ? x : y; }
inline unsigned umin(unsigned x, unsigned y) { return x < y ? x : y; }

// What few texts mention: verify/build.py says which parts a text needs.
#ifdef KG_CASTS
#include "casts.h"
#endif
#ifdef KG_DIRECTED
#include "directed.h"
#endif
#ifdef KG_VIDEO
#include "video.h"
#endif
#ifdef KG_MATHEMATICS
#include "mathematics.h"
#endif
#endif
