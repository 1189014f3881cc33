// Matrix products of one wave of 32 lanes (RDNA3 and RDNA4), 16x16x16: d = a*b + c. Lane l, element e of an operand, r of the result:
//   RDNA3          A[l % 16][e]                        B[e][l % 16], e 0..15            D[2 * r + l / 16][l % 16]
//   RDNA4 (gfx12)  A[l % 16][8*(e/4) + 4*(l/16) + e%4] B[the same][l % 16], e 0..7      D[8 * (l / 16) + r][l % 16]
// On RDNA3 lanes l and l + 16 must hold the same operands; others are a fault here, as nothing says which of the two would count. A result
// of 16-bit floats fills one half of each of eight registers there: elements 2 * r + opsel; the others keep c in the `tied` forms, and are
// unspecified in the others. Sums are formed in double and rounded once; integers wrap, or saturate once with `clamp`.
// source: manuals/hip/mfma.md; the halves of 16-bit results: AMD GPUOpen, how to accelerate AI applications on RDNA 3 using WMMA.
#ifndef KERNELGLOT_HIP_WMMA_H
#define KERNELGLOT_HIP_WMMA_H
#include "half_functions.h"
#include "small_floats.h"

namespace kernelglot { namespace rdna_wmma {
struct Form { const char *name; gfx::Needs needs; bool clamp; int line; };
template <class S> struct Operands { const Form *form; S a[16], b[16], c[8], d[8]; };
using fp8 = Float8<4, 3, false>;
using bf8 = Float8<5, 2, false>;
constexpr int depth(bool twelve, int lane, int e) { return twelve ? 8 * (e / 4) + 4 * (lane / 16) + e % 4 : e; }
constexpr int row(bool twelve, int lane, int r) { return twelve ? 8 * (lane / 16) + r : 2 * r + lane / 16; }
template <class S> inline bool identical(const S *x, const S *y) { return !__builtin_memcmp(x, y, 16 * sizeof(S)); }

template <class S, bool Twelve> void product(void *const *payloads, unsigned long long) {
  static KG_LOCAL S a[16][16], b[16][16];
  using O = Operands<S>;
  const Form *form = 0;
  for (int lane = 0; lane < 32; ++lane) if (payloads[lane]) form = ((const O *)payloads[lane])->form;
  for (int lane = 0; lane < 32; ++lane) {
    const O *each = (const O *)payloads[lane], *twin = (const O *)payloads[lane ^ 16];
    if (!each) kg_fault("deadlock", "a WMMA instruction without all 32 lanes of the wave", form->line);
    if (!Twelve && twin && !(identical(each->a, twin->a) && identical(each->b, twin->b)))
      kg_fault("unsupported", "lanes l and l + 16 give a WMMA instruction different operands: what it computes then is not documented", form->line);
    for (int e = 0; e < (Twelve ? 8 : 16); ++e) {
      int k = depth(Twelve, lane, e);
      a[lane % 16][k] = each->a[e], b[k][lane % 16] = each->b[e];
    }
  }
  for (int lane = 0; lane < 32; ++lane) {
    O *each = (O *)payloads[lane];
    for (int r = 0; r < 8; ++r) {
      S sum = each->c[r];
      for (int k = 0; k < 16; ++k) sum += a[row(Twelve, lane, r)][k] * b[k][lane % 16];
      each->d[r] = sum;
    }
  }
}
template <class S, bool Twelve, class A, class B, class ReadA, class ReadB, class ReadC>
inline Operands<S> run(const Form &form, A a, B b, ReadA read_a, ReadB read_b, ReadC read_c) {
  gfx::require(form.needs, form.name, form.line);
  Operands<S> mine{&form, {}, {}, {}, {}};
  for (int e = 0; e < (Twelve ? 8 : 16); ++e) mine.a[e] = (S)read_a(a, e), mine.b[e] = (S)read_b(b, e);
  for (int r = 0; r < 8; ++r) mine.c[r] = (S)read_c(r);
  kg_collective(form.name, 0, &mine, product<S, Twelve>, form.line);
  return mine;
}
inline float half_at(_Float16 x) { return (float)x; }
inline float bfloat_at(short x) { return bfloat_value((uint16_t)x); }
inline short bfloat_of(double x) { return (short)bfloat_bits(x); }
inline int clamped(long long x, bool clamp) { return !clamp ? (int)x : x > __INT_MAX__ ? __INT_MAX__ : x < -__INT_MAX__ - 1 ? -__INT_MAX__ - 1 : (int)x; }
template <class A> inline uint32_t word(const A &x, int i) { return (uint32_t)x[i]; }
inline uint32_t word(int x, int) { return (uint32_t)x; }
template <class A> inline int byte_at(const A &x, int e, bool is_signed) {
  int byte = (int)(word(x, e / 4) >> e % 4 * 8 & 255);
  return is_signed ? (signed char)byte : byte;
}
template <class A> inline int nibble_at(const A &x, int e, bool is_signed) {
  int nibble = (int)(word(x, e / 8) >> e % 8 * 4 & 15);
  return is_signed && nibble > 7 ? nibble - 16 : nibble;
}
} }

#define KG_WMMA_TO_FLOAT(suffix, twelve, needs, read) \
  template <class A, class V> inline V __builtin_amdgcn_wmma_##suffix(A a, A b, V c, int line = __builtin_LINE()) { \
    using namespace kernelglot; \
    rdna_wmma::Form form{"__builtin_amdgcn_wmma_" #suffix, gfx::needs, false, line}; \
    auto at = [](const A &x, int e) { return rdna_wmma::read(x[e]); }; \
    auto done = rdna_wmma::run<double, twelve>(form, a, b, at, at, [&](int r) { return c[r]; }); \
    for (int r = 0; r < 8; ++r) c[r] = (float)done.d[r]; \
    return c; }
KG_WMMA_TO_FLOAT(f32_16x16x16_f16_w32, false, gfx11, half_at)
KG_WMMA_TO_FLOAT(f32_16x16x16_bf16_w32, false, gfx11, bfloat_at)
KG_WMMA_TO_FLOAT(f32_16x16x16_f16_w32_gfx12, true, gfx12, half_at)
KG_WMMA_TO_FLOAT(f32_16x16x16_bf16_w32_gfx12, true, gfx12, bfloat_at)

#define KG_WMMA_TO_SHORT(suffix, read, write, tied) \
  template <class A, class V> inline V __builtin_amdgcn_wmma_##suffix(A a, A b, V c, bool opsel, int line = __builtin_LINE()) { \
    using namespace kernelglot; \
    rdna_wmma::Form form{"__builtin_amdgcn_wmma_" #suffix, gfx::gfx11, false, line}; \
    auto at = [](const A &x, int e) { return rdna_wmma::read(x[e]); }; \
    auto done = rdna_wmma::run<double, false>(form, a, b, at, at, [&](int r) { return rdna_wmma::read(c[2 * r + opsel]); }); \
    if (!tied) __builtin_memset((void *)&c, kg_poison, sizeof c); \
    for (int r = 0; r < 8; ++r) c[2 * r + opsel] = write(done.d[r]); \
    return c; }
KG_WMMA_TO_SHORT(f16_16x16x16_f16_w32, half_at, (_Float16), false)
KG_WMMA_TO_SHORT(f16_16x16x16_f16_tied_w32, half_at, (_Float16), true)
KG_WMMA_TO_SHORT(bf16_16x16x16_bf16_w32, bfloat_at, rdna_wmma::bfloat_of, false)
KG_WMMA_TO_SHORT(bf16_16x16x16_bf16_tied_w32, bfloat_at, rdna_wmma::bfloat_of, true)

#define KG_WMMA_TO_SHORT_12(suffix, read, write) \
  template <class A, class V> inline V __builtin_amdgcn_wmma_##suffix(A a, A b, V c, int line = __builtin_LINE()) { \
    using namespace kernelglot; \
    rdna_wmma::Form form{"__builtin_amdgcn_wmma_" #suffix, gfx::gfx12, false, line}; \
    auto at = [](const A &x, int e) { return rdna_wmma::read(x[e]); }; \
    auto done = rdna_wmma::run<double, true>(form, a, b, at, at, [&](int r) { return rdna_wmma::read(c[r]); }); \
    for (int r = 0; r < 8; ++r) c[r] = write(done.d[r]); \
    return c; }
KG_WMMA_TO_SHORT_12(f16_16x16x16_f16_w32_gfx12, half_at, (_Float16))
KG_WMMA_TO_SHORT_12(bf16_16x16x16_bf16_w32_gfx12, bfloat_at, rdna_wmma::bfloat_of)

#define KG_WMMA_TO_INT(suffix, twelve, needs, read) \
  template <class A, class V> inline V __builtin_amdgcn_wmma_##suffix(bool a_signed, A a, bool b_signed, A b, V c, bool clamp, int line = __builtin_LINE()) { \
    using namespace kernelglot; \
    rdna_wmma::Form form{"__builtin_amdgcn_wmma_" #suffix, gfx::needs, clamp, line}; \
    auto done = rdna_wmma::run<long long, twelve>(form, a, b, [&](const A &x, int e) { return rdna_wmma::read(x, e, a_signed); }, \
                                                  [&](const A &x, int e) { return rdna_wmma::read(x, e, b_signed); }, [&](int r) { return c[r]; }); \
    for (int r = 0; r < 8; ++r) c[r] = rdna_wmma::clamped(done.d[r], clamp); \
    return c; }
KG_WMMA_TO_INT(i32_16x16x16_iu8_w32, false, gfx11, byte_at)
KG_WMMA_TO_INT(i32_16x16x16_iu4_w32, false, gfx11, nibble_at)
KG_WMMA_TO_INT(i32_16x16x16_iu8_w32_gfx12, true, gfx12, byte_at)
KG_WMMA_TO_INT(i32_16x16x16_iu4_w32_gfx12, true, gfx12, nibble_at)

// 8-bit floats on RDNA4: eight elements a lane in two ints, laid out as the manual has it for all operands of eight elements.
#define KG_WMMA_SMALL(suffix, Left, Right) \
  template <class A, class V> inline V __builtin_amdgcn_wmma_##suffix(A a, A b, V c, int line = __builtin_LINE()) { \
    using namespace kernelglot; \
    rdna_wmma::Form form{"__builtin_amdgcn_wmma_" #suffix, gfx::gfx12, false, line}; \
    auto done = rdna_wmma::run<double, true>(form, a, b, [](const A &x, int e) { return Left::from_bits(rdna_wmma::byte_at(x, e, false)).value(); }, \
      [](const A &x, int e) { return Right::from_bits(rdna_wmma::byte_at(x, e, false)).value(); }, [&](int r) { return c[r]; }); \
    for (int r = 0; r < 8; ++r) c[r] = (float)done.d[r]; \
    return c; }
KG_WMMA_SMALL(f32_16x16x16_fp8_fp8_w32_gfx12, rdna_wmma::fp8, rdna_wmma::fp8)
KG_WMMA_SMALL(f32_16x16x16_fp8_bf8_w32_gfx12, rdna_wmma::fp8, rdna_wmma::bf8)
KG_WMMA_SMALL(f32_16x16x16_bf8_fp8_w32_gfx12, rdna_wmma::bf8, rdna_wmma::fp8)
KG_WMMA_SMALL(f32_16x16x16_bf8_bf8_w32_gfx12, rdna_wmma::bf8, rdna_wmma::bf8)
#endif
