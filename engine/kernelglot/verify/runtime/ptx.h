// What PTX instructions do, on registers of raw bits. verify/ptx.py turns the `asm` statements of a text into calls of these functions.
// A register is 64 bits wide; an instruction of a narrower type reads its low bits. Signed results are sign-extended, others zero-extended,
// as loads and conversions into wider registers are. source: PTX ISA, "Instruction Set"
#ifndef KERNELGLOT_PTX_H
#define KERNELGLOT_PTX_H
#include "addresses.h"
#include "half_functions.h"
#include "rounding.h"

namespace kernelglot { namespace ptx {
using Reg = unsigned long long;
using kernelglot::Half;
using kernelglot::Bfloat16;
using Half2 = kernelglot::Pair<Half>;
using Bfloat162 = kernelglot::Pair<Bfloat16>;

// verify/ptx_operands.py and ptx_instructions.py give these as numbers.
enum { RN = 0, RZ = 1, RM = 2, RP = 3, RNA = 4, ROUND = 7, FTZ = 8, SAT = 16, KEEP_NAN = 32, RELU = 64, WHOLE = 128 };
template <int M> inline constexpr Round rounding_of = (M & ROUND) == RZ ? ZERO : (M & ROUND) == RM ? DOWN : (M & ROUND) == RP ? UP : NEAREST;

// ---- registers and operands ------------------------------------------------------------------------------------------------
template <class T> inline T get(Reg r) {
  if constexpr (same<T, bool>) return r & 1;
  else { T value; __builtin_memcpy(&value, &r, sizeof value); return value; }
}
template <class T> inline Reg put(T value) {
  if constexpr (whole<T>) return (Reg)(long long)value & (same<T, bool> ? 1 : ~0ull);
  else { Reg r = 0; __builtin_memcpy(&r, &value, sizeof value); return r; }
}
// A register nobody has written holds the poison of this execution.
inline Reg fresh() { return 0x0101010101010101ull * kg_poison; }
template <int Bytes, bool Real, class T> inline Reg in(T value) {              // by value: an array is its address
  static_assert(!Real || same<T, float> || same<T, double>, "an asm operand with the constraint f or d is no float");
  if constexpr (whole<T>) return (Reg)(long long)value;
  else {
    static_assert(sizeof(T) == Bytes || __is_enum(T), "an asm operand has another size than its constraint says");
    Reg r = 0;
    __builtin_memcpy(&r, &value, sizeof value);
    return r;
  }
}
template <int Bytes, class T> inline void out(T &place, Reg value) {
  static_assert(sizeof(T) == Bytes, "an asm operand has another size than its constraint says");
  __builtin_memcpy((void *)&place, &value, Bytes);
}
template <class T, int N> inline T *at(char *address, int line) {
  if ((uintptr_t)address % (sizeof(T) * N)) kg_fault("alignment", "the address of a PTX load, store or atomic is not a multiple of its size", line);
  return (T *)address;
}

// ---- one or two numbers in a register ----------------------------------------------------------------------------------------
template <class T> inline constexpr bool real = same<T, float> || same<T, double>;
template <class T> inline constexpr bool brief = same<T, Half> || same<T, Bfloat16>;
template <class T> inline constexpr bool paired = same<T, Half2> || same<T, Bfloat162>;
template <class T> struct Bits;
#define KG_BITS(T, U, S) template <> struct Bits<T> { using u = U; using s = S; };
KG_BITS(uint8_t, uint8_t, int8_t) KG_BITS(int8_t, uint8_t, int8_t) KG_BITS(uint16_t, uint16_t, int16_t) KG_BITS(int16_t, uint16_t, int16_t)
KG_BITS(uint32_t, uint32_t, int32_t) KG_BITS(int32_t, uint32_t, int32_t) KG_BITS(uint64_t, uint64_t, int64_t) KG_BITS(int64_t, uint64_t, int64_t)
#undef KG_BITS
template <int M> inline float flushed(float x) { return (M & FTZ) && fabsf(x) < 1.17549435e-38f ? copysignf(0.0f, x) : x; }
template <int M> inline double flushed(double x) { return x; }
template <int M, class T> inline T clamped(T x) {
  if (M & SAT) return x > (T)0 ? x < (T)1 ? x : (T)1 : (T)0;                 // NaN becomes 0
  if (M & RELU) return x > (T)0 || x != x ? x : (T)0;
  return x;
}
#define KG_EACH(name, params, first, second) if constexpr (paired<T>) return T{name<M> first, name<M> second}
#define KG_ARITHMETIC(name, op, rounded_name) \
  template <int M, class T> inline T name(T a, T b) { \
    KG_EACH(name, 2, (a.x, b.x), (a.y, b.y)); \
    else if constexpr (brief<T>) return T::from_bits(clamped<M>(T((float)a op (float)b)).bits); \
    else if constexpr (real<T>) { \
      a = flushed<M>(a), b = flushed<M>(b); \
      return clamped<M>(flushed<M>((M & ROUND) == RN ? a op b : rounded_name(rounding_of<M>, a, b))); \
    } else if constexpr ((M & SAT) != 0) { \
      long long wide = (long long)a op (long long)b, low = -(1ll << (sizeof(T) * 8 - 1)), high = -1 - low; \
      return (T)(wide < low ? low : wide > high ? high : wide); \
    } else return (T)((typename Bits<T>::u)a op (typename Bits<T>::u)b); \
  }
KG_ARITHMETIC(add, +, add_rounded) KG_ARITHMETIC(sub, -, subtract_rounded) KG_ARITHMETIC(mul, *, multiply_rounded)
template <int M, class T> inline T fma(T a, T b, T c) {
  KG_EACH(fma, 3, (a.x, b.x, c.x), (a.y, b.y, c.y));
  else if constexpr (brief<T>) return clamped<M>(shortened<T>(exact_fma((float)a, (float)b, (float)c), NEAREST));
  else {
    a = flushed<M>(a), b = flushed<M>(b), c = flushed<M>(c);
    return clamped<M>(flushed<M>((M & ROUND) == RN ? ::fma(a, b, c) : fma_rounded(rounding_of<M>, a, b, c)));
  }
}
template <int M, class T> inline T mul_lo(T a, T b) { return (T)((Reg)a * (Reg)b); }
template <class T> inline T high_product(T a, T b) {
  if constexpr (sizeof(T) == 8) { if constexpr (is_signed<T>) return (T)__mul64hi(a, b); else return (T)__umul64hi(a, b); }
  else if constexpr (is_signed<T>) return (T)((long long)a * b >> 8 * sizeof(T));
  else return (T)((Reg)a * b >> 8 * sizeof(T));
}
template <int M, class T> inline T mul_hi(T a, T b) { return high_product(a, b); }
template <int M, class T> inline Reg mul_wide(T a, T b) { return is_signed<T> ? (Reg)((long long)a * (long long)b) : (Reg)a * (Reg)b; }
template <int M, class T> inline T mad_lo(T a, T b, T c) { return (T)((Reg)a * (Reg)b + (Reg)c); }
template <int M, class T> inline T mad_hi(T a, T b, T c) { return add<M>(high_product(a, b), c); }
template <int M, class T> inline T mul24_lo(T a, T b) { return is_signed<T> ? (T)__mul24((int)a, (int)b) : (T)__umul24((unsigned)a, (unsigned)b); }
template <int M, class T> inline T mad24_lo(T a, T b, T c) { return (T)((Reg)mul24_lo<M>(a, b) + (Reg)c); }
template <int M, class T> inline T sad(T a, T b, T c) { return (T)((a > b ? (Reg)a - (Reg)b : (Reg)b - (Reg)a) + (Reg)c); }
template <int M, class T> inline T div(T a, T b) {
  if constexpr (real<T>) {
    a = flushed<M>(a), b = flushed<M>(b);
    return flushed<M>((M & ROUND) == RN ? a / b : divide_rounded(rounding_of<M>, a, b));
  } else return (T)(a / b);
}
template <int M, class T> inline T rem(T a, T b) { return (T)(a % b); }
template <int M, class T> inline T rcp(T a) { return div<M>((T)1, a); }
template <int M, class T> inline T neg(T a) {
  KG_EACH(neg, 1, (a.x), (a.y));
  else if constexpr (real<T> || brief<T>) { if constexpr (real<T>) return -flushed<M>(a); else return -a; }
  else return (T)(0 - (Reg)a);
}
template <int M, class T> inline T abs(T a) {
  KG_EACH(abs, 1, (a.x), (a.y));
  else if constexpr (brief<T>) return T::from_bits(a.bits & 0x7fff);
  else if constexpr (real<T>) return (T)fabs(flushed<M>(a));
  else return a < 0 ? (T)(0 - (Reg)a) : a;
}
template <int M, class T> inline T least(T a, T b, bool greatest) {
  if constexpr (real<T> || brief<T>) {
    if (a != a || b != b) return (M & KEEP_NAN) && (a != a || b != b) ? (a != a ? a : b) : a != a ? b : a;
    if (a == b) return (signbit(a) != 0) == greatest ? b : a;                       // +0 is greater than -0
  }
  return (b < a) == greatest ? a : b;
}
template <int M, class T> inline T min(T a, T b) { KG_EACH(min, 2, (a.x, b.x), (a.y, b.y)); else return least<M>(a, b, false); }
template <int M, class T> inline T max(T a, T b) { KG_EACH(max, 2, (a.x, b.x), (a.y, b.y)); else return least<M>(a, b, true); }
#define KG_MATH(name, expression, exact) \
  template <int M, class T> inline T name(T a) { \
    KG_EACH(name, 1, (a.x), (a.y)); \
    else if constexpr (brief<T>) { double x = (float)a; return T(expression); } \
    else { T x = flushed<M>(a); return flushed<M>((T)(exact)); } \
  }
KG_MATH(sqrt, ::sqrt(x), (M & ROUND) == RN ? ::sqrt(x) : sqrt_rounded(rounding_of<M>, x))
KG_MATH(rsqrt, 1.0 / ::sqrt(x), 1.0 / ::sqrt((double)x)) KG_MATH(sin, ::sin(x), ::sin(x)) KG_MATH(cos, ::cos(x), ::cos(x))
KG_MATH(lg2, ::log2(x), ::log2(x)) KG_MATH(ex2, ::exp2(x), ::exp2(x)) KG_MATH(tanh, ::tanh(x), ::tanh(x))
#undef KG_MATH
#undef KG_ARITHMETIC
template <int M, class T> inline T copysign(T a, T b) { return ::copysign(b, a); }

// ---- bits ----------------------------------------------------------------------------------------------------------------------
template <int M, class T> inline T and_(T a, T b) { return (T)(a & b); }
template <int M, class T> inline T or_(T a, T b) { return (T)(a | b); }
template <int M, class T> inline T xor_(T a, T b) { return (T)(a ^ b); }
template <int M, class T> inline T not_(T a) { if constexpr (same<T, bool>) return !a; else return (T)~a; }
template <int M, class T> inline T cnot(T a) { return (T)(a == 0); }
template <int M, class T> inline T shl(T a, uint32_t by) { return by >= 8 * sizeof(T) ? (T)0 : (T)((Reg)a << by); }
template <int M, class T> inline T shr(T a, uint32_t by) { return by >= 8 * sizeof(T) ? (T)(a < 0 ? -1 : 0) : (T)(a >> by); }
template <int M> inline uint32_t shift_pair(uint32_t low, uint32_t high, uint32_t by, bool left, bool clamp) {
  Reg both = (Reg)high << 32 | low;
  by = clamp ? (by > 32 ? 32 : by) : by & 31;
  return left ? by == 32 ? low : (uint32_t)(both << by >> 32) : (uint32_t)(both >> by);
}
template <int M, class T> inline uint32_t popc(T a) { return (uint32_t)__builtin_popcountll((Reg)a & (~0ull >> (64 - 8 * sizeof(T)))); }
template <int M, class T> inline uint32_t clz(T a) { return a ? (uint32_t)__builtin_clzll((Reg)a << (64 - 8 * sizeof(T))) : 8 * sizeof(T); }
template <int M, class T> inline uint32_t bfind(T a) {
  if (is_signed<T> && a < 0) a = (T)~a;
  return a ? 63 - (uint32_t)__builtin_clzll((Reg)(typename Bits<T>::u)a) : 0xffffffffu;
}
template <int M, class T> inline T brev(T a) { return (T)(__brevll((Reg)a) >> (64 - 8 * sizeof(T))); }
template <int M, class T> inline T bfe(T a, uint32_t position, uint32_t length) {
  const int bits = 8 * sizeof(T), from = (int)(position & 255), count = (int)(length & 255);
  int top = from + count - 1 < bits - 1 ? from + count - 1 : bits - 1;
  bool sign = is_signed<T> && count && ((Reg)a >> top & 1);
  T result = 0;
  for (int i = 0; i < bits; ++i)
    if (i < count && from + i < bits ? (Reg)a >> (from + i) & 1 : sign) result = (T)((Reg)result | 1ull << i);
  return result;
}
template <int M, class T> inline T bfi(T a, T b, uint32_t position, uint32_t length) {
  const int bits = 8 * sizeof(T), from = (int)(position & 255), count = (int)(length & 255);
  for (int i = 0; i < count && from + i < bits; ++i) b = (T)((b & ~(1ull << (from + i))) | (a >> i & 1ull) << (from + i));
  return b;
}
template <int M, class T> inline T bmsk(T a, T b) { return bfi<M>((T)~0u, (T)0, a > 255 ? 255u : a, b > 255 ? 255u : b); }
inline uint32_t lop3(uint32_t a, uint32_t b, uint32_t c, unsigned table) {
  uint32_t result = 0;
  for (int i = 0; i < 8; ++i)
    if (table >> i & 1) result |= (i & 4 ? a : ~a) & (i & 2 ? b : ~b) & (i & 1 ? c : ~c);
  return result;
}
// dp4a and dp2a: `Count` elements of a, of 32 / Count bits, with as many bytes of b from number `First` on.
template <int Count, int First, bool SignedA, bool SignedB> inline uint32_t dot(Reg a, Reg b, Reg c) {
  uint32_t sum = (uint32_t)c;
  for (int i = 0; i < Count; ++i) {
    uint32_t x = Count == 4 ? SignedA ? (uint32_t)(int8_t)(a >> 8 * i) : (uint8_t)(a >> 8 * i) : SignedA ? (uint32_t)(int16_t)(a >> 16 * i) : (uint16_t)(a >> 16 * i);
    sum += x * (SignedB ? (uint32_t)(int8_t)(b >> 8 * (First + i)) : (uint8_t)(b >> 8 * (First + i)));
  }
  return sum;
}
template <int M, class T> inline Reg add_carry(T a, T b, Reg &carry, bool use) {
  unsigned __int128 sum = (unsigned __int128)(typename Bits<T>::u)a + (typename Bits<T>::u)b + (use ? carry & 1 : 0);
  carry = (Reg)(sum >> 8 * sizeof(T)) & 1;
  return put((T)sum);
}
// The carry of a subtraction is a borrow.
template <int M, class T> inline Reg sub_carry(T a, T b, Reg &carry, bool use) {
  unsigned __int128 x = (typename Bits<T>::u)a, y = (unsigned __int128)(typename Bits<T>::u)b + (use ? carry & 1 : 0);
  carry = x < y;
  return put((T)(x - y));
}

// ---- comparisons ---------------------------------------------------------------------------------------------------------------
enum Compare { EQ, NE, LT, LE, GT, GE, NUM, NAN_, UNORDERED = 8 };
template <int M, int C, class T> inline bool test(T a, T b) {
  if constexpr (same<T, float>) a = flushed<M>(a), b = flushed<M>(b);
  if constexpr (real<T> || brief<T>) {
    bool unordered = a != a || b != b;
    if (C == NUM) return !unordered;
    if (C == NAN_) return unordered;
    if (unordered) return (C & UNORDERED) != 0;
  }
  switch (C & 7) { case EQ: return a == b; case NE: return a != b; case LT: return a < b; case LE: return a <= b; case GT: return a > b; default: return a >= b; }
}

// ---- conversions ---------------------------------------------------------------------------------------------------------------
template <class D, class S> inline D limited(S x) {
  __int128 low = is_signed<D> ? -((__int128)1 << (8 * sizeof(D) - 1)) : 0, high = is_signed<D> ? -1 - low : ((__int128)1 << 8 * sizeof(D)) - 1, value = x;
  return (D)(value < low ? low : value > high ? high : value);
}
template <class D, class S, int M> inline D convert(S x) {
  if constexpr (brief<S>) {
    if constexpr (same<D, S>) { if constexpr ((M & WHOLE) != 0) return D(whole_rounded(rounding_of<M>, (float)x)); else return clamped<M>(x); }
    else return convert<D, float, M>((float)x);
  } else if constexpr (brief<D>) {
    if constexpr (whole<S>) return shortened<D>(exact_double(x), rounding_of<M>);
    else return clamped<M>(shortened<D>(flushed<M>(x), rounding_of<M>));
  } else if constexpr (real<S> && real<D>) {
    x = flushed<M>(x);
    if constexpr ((M & WHOLE) != 0) return clamped<M>((D)whole_rounded(rounding_of<M>, x));
    else if constexpr (sizeof(D) < sizeof(S)) return clamped<M>(flushed<M>((D)narrow_rounded(rounding_of<M>, x)));
    else return clamped<M>((D)x);
  } else if constexpr (real<S>) return integer_rounded<D>(rounding_of<M>, flushed<M>(x));
  else if constexpr (real<D>) return clamped<M>(from_integer_rounded<D>(rounding_of<M>, x));
  else return (M & SAT) != 0 ? limited<D>(x) : (D)x;
}
template <class T, int M> inline Reg convert_pair(float high, float low) {
  T x = clamped<M>(shortened<T>(low, rounding_of<M>)), y = clamped<M>(shortened<T>(high, rounding_of<M>));
  return (Reg)y.bits << 16 | x.bits;
}
// tf32 keeps ten bits of the fraction: rna to nearest, ties away from zero; rn and rz as ever.
template <int M> inline Reg convert_tf32(float x) {
  if ((M & ROUND) != RNA) return put((float)short_value(short_bits(x, rounding_of<M>, 8, 10), 8, 10));
  unsigned u = bits_as<unsigned>(x);
  return (u & 0x7f800000u) == 0x7f800000u ? u : (u + 0x1000u) & ~0x1fffu;
}

// Two 8-bit floats in 16 bits: E4M3 (four bits of exponent) or E5M2, always the greatest number instead of an infinity.
template <int Exponent, int M> inline Reg convert_bytes(float high, float low) {
  auto one = [](float x) { return short_bits(clamped<M>(x), NEAREST, Exponent, 7 - Exponent, true, Exponent == 5); };
  return (Reg)(one(high) << 8 | one(low));
}
template <int Exponent, int M> inline Reg widen_bytes(Reg pair) {
  auto one = [](Reg x) { return (Reg)clamped<M>(shortened<Half>(short_value((unsigned)x & 255, Exponent, 7 - Exponent, Exponent == 5), NEAREST)).bits; };
  return one(pair >> 8) << 16 | one(pair);
}

// ---- the warp and the block ------------------------------------------------------------------------------------------------------
struct Shuffled { Reg value, inside; };
inline Shuffled shuffle_lane(char kind, uint32_t value, uint32_t b, uint32_t c, uint32_t mask, int line) {
  int lane = kernelglot::lane(), by = (int)(b & 31), clamp = (int)(c & 31), segment = (int)(c >> 8 & 31);
  int last = (lane & segment) | (clamp & ~segment), first = lane & segment;
  int from = kind == 'u' ? lane - by : kind == 'd' ? lane + by : kind == 'b' ? lane ^ by : first | (by & ~segment);
  bool inside = kind == 'u' ? from >= last : from <= last;
  return {kernelglot::shuffle("shfl.sync", mask, value, inside ? from : lane, line), inside};
}
inline kernelglot::Votes ballot(uint32_t mask, Reg predicate, int line) { return kernelglot::vote("vote.sync", mask, predicate & 1, line); }
template <class T> inline Reg reduce_lanes(char kind, T value, uint32_t mask, int line) {
  T (*fold)(T, T) = kind == 'a' ? [](T a, T b) -> T { return (T)((Reg)a + (Reg)b); } : kind == 'm' ? [](T a, T b) -> T { return a < b ? a : b; }
    : kind == 'M' ? [](T a, T b) -> T { return a > b ? a : b; } : kind == '&' ? [](T a, T b) -> T { return (T)(a & b); }
    : kind == '|' ? [](T a, T b) -> T { return (T)(a | b); } : [](T a, T b) -> T { return (T)(a ^ b); };
  return put(kernelglot::reduce("redux.sync", mask, value, fold, line));
}
// Named barriers are all the block's: one that only some of its threads share is not emulated.
inline void check_barrier(Reg threads, int line) {
  if (threads != kg_agents) kg_fault("unsupported", "a barrier of only some threads of a block is not emulated", line);
}

// ---- atomics: they return the old value --------------------------------------------------------------------------------------------
template <class T> inline T atom(T *place, T value, T other, char kind) {
  KG_INDIVISIBLE(place, sizeof(T));
  T old = *place;
  if constexpr (paired<T> || brief<T> || real<T>) {
    if (kind == '+') *place = add<RN>(old, value);
    else if (kind == 'm') *place = min<RN>(old, value);
    else if (kind == 'M') *place = max<RN>(old, value);
    else *place = value;
  } else {
    switch (kind) {
      case '+': *place = (T)((Reg)old + (Reg)value); break;
      case 'm': *place = value < old ? value : old; break;
      case 'M': *place = value > old ? value : old; break;
      case '&': *place = (T)(old & value); break;
      case '|': *place = (T)(old | value); break;
      case '^': *place = (T)(old ^ value); break;
      case 'i': *place = old >= value ? (T)0 : (T)(old + 1); break;
      case 'd': *place = old == 0 || old > value ? value : (T)(old - 1); break;
      case 'c': if (old == value) *place = other; break;
      default: *place = value;
    }
  }
  return old;
}
} }
#endif
