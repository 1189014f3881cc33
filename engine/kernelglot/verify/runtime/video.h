// CUDA's instructions on two 16-bit or four 8-bit integers in a word, and its fused minima and maxima.
// source: CUDA Math API, "SIMD Intrinsics"
#ifndef KERNELGLOT_VIDEO_H
#define KERNELGLOT_VIDEO_H
#include "overloads.h"

namespace kernelglot {
// Bits, signedness: an element as a number; f(a, b) gives the element of the result, of which the low bits count.
template <int Bits> inline int unsigned_part(unsigned x, int i) { return (int)(x >> Bits * i & ((1u << Bits) - 1)); }
template <int Bits> inline int signed_part(unsigned x, int i) { return (int)(x << (32 - Bits * (i + 1))) >> (32 - Bits); }
template <int Bits, bool Signed, class F> inline unsigned each_part(unsigned a, unsigned b, F f) {
  unsigned result = 0;
  for (int i = 0; i < 32 / Bits; ++i) {
    int x = Signed ? signed_part<Bits>(a, i) : unsigned_part<Bits>(a, i), y = Signed ? signed_part<Bits>(b, i) : unsigned_part<Bits>(b, i);
    result |= ((unsigned)f(x, y) & ((1u << Bits) - 1)) << Bits * i;
  }
  return result;
}
template <int Bits> inline int limited_signed(int x) { return x < -(1 << (Bits - 1)) ? -(1 << (Bits - 1)) : x > (1 << (Bits - 1)) - 1 ? (1 << (Bits - 1)) - 1 : x; }
template <int Bits> inline int limited_unsigned(int x) { return x < 0 ? 0 : x > (1 << Bits) - 1 ? (1 << Bits) - 1 : x; }
template <class T> inline T least_of(T a, T b) { return a < b ? a : b; }
template <class T> inline T greatest_of(T a, T b) { return a > b ? a : b; }
}
#define KG_PARTS(name, count, is_signed, expression) \
  inline unsigned name##count(unsigned a, unsigned b) { \
    constexpr int Bits = 32 / count; (void)Bits; \
    return kernelglot::each_part<32 / count, is_signed>(a, b, [](int x, int y) -> int { using namespace kernelglot; return expression; }); }
#define KG_PARTS1(name, count, expression) \
  inline unsigned name##count(unsigned a) { \
    constexpr int Bits = 32 / count; (void)Bits; \
    return kernelglot::each_part<32 / count, true>(a, a, [](int x, int) -> int { using namespace kernelglot; return expression; }); }
#define KG_COMPARE(name, count, is_signed, op) \
  KG_PARTS(__vcmp##name, count, is_signed, x op y ? -1 : 0) KG_PARTS(__vset##name, count, is_signed, x op y ? 1 : 0)
#define KG_VIDEO_OF(count) \
  KG_PARTS(__vadd, count, true, x + y) KG_PARTS(__vsub, count, true, x - y) \
  KG_PARTS(__vaddss, count, true, limited_signed<Bits>(x + y)) KG_PARTS(__vsubss, count, true, limited_signed<Bits>(x - y)) \
  KG_PARTS(__vaddus, count, false, limited_unsigned<Bits>(x + y)) KG_PARTS(__vsubus, count, false, limited_unsigned<Bits>(x - y)) \
  KG_PARTS(__vavgs, count, true, (x + y + (x + y >= 0)) >> 1) KG_PARTS(__vavgu, count, false, (x + y + 1) >> 1) KG_PARTS(__vhaddu, count, false, (x + y) >> 1) \
  KG_PARTS(__vmaxs, count, true, x > y ? x : y) KG_PARTS(__vmaxu, count, false, x > y ? x : y) \
  KG_PARTS(__vmins, count, true, x < y ? x : y) KG_PARTS(__vminu, count, false, x < y ? x : y) \
  KG_PARTS(__vabsdiffs, count, true, x > y ? x - y : y - x) KG_PARTS(__vabsdiffu, count, false, x > y ? x - y : y - x) \
  KG_PARTS1(__vabs, count, x < 0 ? -x : x) KG_PARTS1(__vabsss, count, limited_signed<Bits>(x < 0 ? -x : x)) \
  KG_PARTS1(__vneg, count, -x) KG_PARTS1(__vnegss, count, limited_signed<Bits>(-x)) \
  KG_COMPARE(eq, count, false, ==) KG_COMPARE(ne, count, false, !=) KG_COMPARE(gts, count, true, >) KG_COMPARE(ges, count, true, >=) \
  KG_COMPARE(lts, count, true, <) KG_COMPARE(les, count, true, <=) KG_COMPARE(gtu, count, false, >) KG_COMPARE(geu, count, false, >=) \
  KG_COMPARE(ltu, count, false, <) KG_COMPARE(leu, count, false, <=) \
  inline unsigned __vsads##count(unsigned a, unsigned b) { unsigned sum = 0, parts = __vabsdiffs##count(a, b); \
    for (int i = 0; i < count; ++i) sum += (unsigned)kernelglot::unsigned_part<32 / count>(parts, i); return sum; } \
  inline unsigned __vsadu##count(unsigned a, unsigned b) { unsigned sum = 0, parts = __vabsdiffu##count(a, b); \
    for (int i = 0; i < count; ++i) sum += (unsigned)kernelglot::unsigned_part<32 / count>(parts, i); return sum; }
KG_VIDEO_OF(2) KG_VIDEO_OF(4)

// The sum wraps before it is compared.
#define KG_FUSED(S, T) \
  inline T __viaddmax_##S(T a, T b, T c) { return kernelglot::greatest_of((T)(a + b), c); } \
  inline T __viaddmin_##S(T a, T b, T c) { return kernelglot::least_of((T)(a + b), c); } \
  inline T __vimax3_##S(T a, T b, T c) { return kernelglot::greatest_of(kernelglot::greatest_of(a, b), c); } \
  inline T __vimin3_##S(T a, T b, T c) { return kernelglot::least_of(kernelglot::least_of(a, b), c); } \
  inline T __vibmax_##S(T a, T b, bool *first) { *first = a >= b; return *first ? a : b; } \
  inline T __vibmin_##S(T a, T b, bool *first) { *first = a <= b; return *first ? a : b; }
KG_FUSED(s32, int) KG_FUSED(u32, unsigned)
inline int __vimax_s32_relu(int a, int b) { return kernelglot::greatest_of(kernelglot::greatest_of(a, b), 0); }
inline int __vimin_s32_relu(int a, int b) { return kernelglot::greatest_of(kernelglot::least_of(a, b), 0); }
inline int __vimax3_s32_relu(int a, int b, int c) { return kernelglot::greatest_of(__vimax3_s32(a, b, c), 0); }
inline int __vimin3_s32_relu(int a, int b, int c) { return kernelglot::greatest_of(__vimin3_s32(a, b, c), 0); }
inline int __viaddmax_s32_relu(int a, int b, int c) { return kernelglot::greatest_of(__viaddmax_s32(a, b, c), 0); }
inline int __viaddmin_s32_relu(int a, int b, int c) { return kernelglot::greatest_of(__viaddmin_s32(a, b, c), 0); }
inline unsigned __vimax_s16x2_relu(unsigned a, unsigned b) { return __vmaxs2(__vmaxs2(a, b), 0); }
inline unsigned __vimin_s16x2_relu(unsigned a, unsigned b) { return __vmaxs2(__vmins2(a, b), 0); }
#define KG_FUSED_PAIR(S, max, min) \
  inline unsigned __viaddmax_##S(unsigned a, unsigned b, unsigned c) { return max(__vadd2(a, b), c); } \
  inline unsigned __viaddmin_##S(unsigned a, unsigned b, unsigned c) { return min(__vadd2(a, b), c); } \
  inline unsigned __vimax3_##S(unsigned a, unsigned b, unsigned c) { return max(max(a, b), c); } \
  inline unsigned __vimin3_##S(unsigned a, unsigned b, unsigned c) { return min(min(a, b), c); }
KG_FUSED_PAIR(s16x2, __vmaxs2, __vmins2) KG_FUSED_PAIR(u16x2, __vmaxu2, __vminu2)
#define KG_RELU_PAIR(name) inline unsigned name##_relu(unsigned a, unsigned b, unsigned c) { return __vmaxs2(name(a, b, c), 0); }
KG_RELU_PAIR(__viaddmax_s16x2) KG_RELU_PAIR(__viaddmin_s16x2) KG_RELU_PAIR(__vimax3_s16x2) KG_RELU_PAIR(__vimin3_s16x2)
#define KG_CHOSEN(name, is_signed, op, result) \
  inline unsigned name(unsigned a, unsigned b, bool *high, bool *low) { \
    auto part = [](unsigned x, int i) { return is_signed ? kernelglot::signed_part<16>(x, i) : kernelglot::unsigned_part<16>(x, i); }; \
    *high = part(a, 1) op part(b, 1), *low = part(a, 0) op part(b, 0); \
    return result(a, b); }
KG_CHOSEN(__vibmax_s16x2, true, >=, __vmaxs2) KG_CHOSEN(__vibmax_u16x2, false, >=, __vmaxu2)
KG_CHOSEN(__vibmin_s16x2, true, <=, __vmins2) KG_CHOSEN(__vibmin_u16x2, false, <=, __vminu2)
#endif
