// Matrix products of one wave of 64 lanes (CDNA). d = a*b + c; lane l holds elements as the tables of manuals/hip/mfma.md say:
//   A[l % R][k(l, e)]   B[k(l, e)][l % R]   D[row(l, r)][l % R]      R = 4, 16 or 32 rows and columns, e: element of an operand, r: of the result.
// An instruction of several blocks multiplies so many pairs of matrices: 64 / blocks lanes give one pair.
// Products are summed in double and rounded once; the order inside an instruction is unspecified. On gfx90a the 16-bit forms read and give
// denormals as zero; gfx908 and gfx942 do not. Broadcast modifiers must be 0: what others do is not in our sources, so they are a fault.
#ifndef KERNELGLOT_HIP_MFMA_H
#define KERNELGLOT_HIP_MFMA_H
#include "half_functions.h"
#include "small_floats.h"

namespace kernelglot { namespace mfma {
constexpr bool flushes = KG_GFX == 0x90a;
inline float half_operand(float x) { return flushes ? flush_half(x) : x; }
inline float bfloat_operand(uint16_t bits) { float x = bfloat_value(bits); return flushes ? flush_float(x) : x; }

// Where result r of a lane lies: its block, and its row there.
template <int R> struct Rows {
  static constexpr int each = R * R / 64 ? R * R / 64 : 1;  // results of one block in a lane, where all lanes share each block
  static constexpr int block(int lane, int r) { return R == 4 ? lane / 4 : r / each; }
  static constexpr int row(int lane, int r) {
    return R == 4 ? r : R == 16 ? 4 * (lane / 16) + r % each : 8 * (r % each / 4) + 4 * (lane / 32) + r % 4;
  }
};
struct F64Rows {
  static constexpr int block(int, int) { return 0; }
  static constexpr int row(int lane, int r) { return 4 * r + lane / 16; }
};

// What is known of an instruction before it runs. `sixteen`: its operands are 16-bit floats.
struct Form { const char *name; gfx::Needs needs; bool sixteen; int line; };
template <class S, class D> struct Operands { const Form *form; S a[16], b[16]; D c[32], d[32]; };
// E: elements of an operand that a lane holds; of the lanes of its block, lane l has with element e k = E * (l / R) + e.
template <class S, class D, int R, int Blocks, int E, class Row> void product(void *const *payloads, unsigned long long) {
  constexpr int lanes = 64 / Blocks, K = E * (lanes / R), results = R * R * Blocks / 64;
  static KG_LOCAL S a[Blocks][R][K], b[Blocks][K][R];
  using O = Operands<S, D>;
  const Form *form = 0;
  for (int lane = 0; lane < 64; ++lane) if (payloads[lane]) form = ((const O *)payloads[lane])->form;
  for (int lane = 0; lane < 64; ++lane) {
    const O *each = (const O *)payloads[lane];
    if (!each) kg_fault("deadlock", "an MFMA instruction without all 64 lanes of the wave", form->line);
    int block = lane / lanes, first = E * (lane % lanes / R);
    for (int e = 0; e < E; ++e) a[block][lane % R][first + e] = each->a[e], b[block][first + e][lane % R] = each->b[e];
  }
  for (int lane = 0; lane < 64; ++lane) {
    O *each = (O *)payloads[lane];
    for (int r = 0; r < results; ++r) {
      S sum = (S)each->c[r];
      int block = Row::block(lane, r), row = Row::row(lane, r);
      for (int k = 0; k < K; ++k) sum += a[block][row][k] * b[block][k][lane % R];
      each->d[r] = (D)sum;
    }
  }
}
template <class D> inline D result(const Form &form, D x) { return flushes && form.sixteen ? (D)flush_float((float)x) : x; }
template <> inline int result<int>(const Form &, int x) { return x; }
inline void check(const Form &form, int cbsz, int abid, int blgp) {
  gfx::require(form.needs, form.name, form.line);
  gfx::require(gfx::wave64, form.name, form.line);
  if (cbsz | abid | blgp) kg_fault("unsupported", "an MFMA instruction with cbsz, abid or blgp other than 0 is not emulated", form.line);
}
template <int R, int Blocks, int E, class S, class D, class Row = Rows<R>, class V, class A, class ReadA, class ReadB>
inline V run(const Form &form, A a, A b, V c, ReadA read_a, ReadB read_b) {
  Operands<S, D> mine;
  mine.form = &form;
  for (int e = 0; e < E; ++e) mine.a[e] = (S)read_a(a, e), mine.b[e] = (S)read_b(b, e);
  for (int r = 0; r < R * R * Blocks / 64; ++r) mine.c[r] = result<D>(form, c[r]);
  kg_collective(form.name, 0, &mine, product<S, D, R, Blocks, E, Row>, form.line);
  for (int r = 0; r < R * R * Blocks / 64; ++r) c[r] = result<D>(form, mine.d[r]);
  return c;
}
} }

#define KG_MFMA_BODY(suffix, R, blocks, E, S, D, Row, A, read_a, read_b, needs, sixteen) { \
    using namespace kernelglot; \
    mfma::Form form{"__builtin_amdgcn_mfma_" #suffix, gfx::needs, sixteen, line}; \
    mfma::check(form, cbsz, abid, blgp); \
    return mfma::run<R, blocks, E, S, D, Row>(form, a, b, c, [](const A &x, int e) { return read_a; }, [](const A &x, int e) { return read_b; }); }
#define KG_MFMA(suffix, R, blocks, E, S, D, Operand, read, needs) \
  template <class V> inline V __builtin_amdgcn_mfma_##suffix(Operand a, Operand b, V c, int cbsz, int abid, int blgp, int line = __builtin_LINE()) \
    KG_MFMA_BODY(suffix, R, blocks, E, S, D, mfma::Rows<R>, Operand, read, read, needs, false)
#define KG_MFMA_VECTOR(suffix, R, blocks, E, read, needs) \
  template <class V, class A> inline V __builtin_amdgcn_mfma_##suffix(A a, A b, V c, int cbsz, int abid, int blgp, int line = __builtin_LINE()) \
    KG_MFMA_BODY(suffix, R, blocks, E, double, float, mfma::Rows<R>, A, read, read, needs, sizeof(a[0]) == 2)
#define KG_MFMA_SMALL(suffix, R, Left, Right) \
  template <class V> inline V __builtin_amdgcn_mfma_##suffix(long a, long b, V c, int cbsz, int abid, int blgp, int line = __builtin_LINE()) \
    KG_MFMA_BODY(suffix, R, 1, 8, double, float, mfma::Rows<R>, long, Left::from_bits(x >> 8 * e & 255).value(), \
                 Right::from_bits(x >> 8 * e & 255).value(), gfx942_on, false)
KG_MFMA(f32_16x16x4f32, 16, 1, 1, double, float, float, x, gfx908_on)
KG_MFMA(f32_32x32x2f32, 32, 1, 1, double, float, float, x, gfx908_on)
KG_MFMA(f32_4x4x1f32, 4, 16, 1, double, float, float, x, gfx908_on)
KG_MFMA(f32_16x16x1f32, 16, 4, 1, double, float, float, x, gfx908_on)
KG_MFMA(f32_32x32x1f32, 32, 2, 1, double, float, float, x, gfx908_on)
KG_MFMA_VECTOR(f32_4x4x4f16, 4, 16, 4, mfma::half_operand((float)x[e]), gfx908_on)
KG_MFMA_VECTOR(f32_16x16x4f16, 16, 4, 4, mfma::half_operand((float)x[e]), gfx908_on)
KG_MFMA_VECTOR(f32_32x32x4f16, 32, 2, 4, mfma::half_operand((float)x[e]), gfx908_on)
KG_MFMA_VECTOR(f32_16x16x16f16, 16, 1, 4, mfma::half_operand((float)x[e]), gfx908_on)
KG_MFMA_VECTOR(f32_32x32x8f16, 32, 1, 4, mfma::half_operand((float)x[e]), gfx908_on)
KG_MFMA_VECTOR(f32_16x16x16bf16_1k, 16, 1, 4, mfma::bfloat_operand((uint16_t)x[e]), gfx90a_on)
KG_MFMA_VECTOR(f32_32x32x8bf16_1k, 32, 1, 4, mfma::bfloat_operand((uint16_t)x[e]), gfx90a_on)
KG_MFMA_VECTOR(f32_16x16x8bf16, 16, 1, 2, mfma::bfloat_operand((uint16_t)x[e]), until_gfx90a)
KG_MFMA_VECTOR(f32_32x32x4bf16, 32, 1, 2, mfma::bfloat_operand((uint16_t)x[e]), until_gfx90a)
KG_MFMA_VECTOR(f32_16x16x8_xf32, 16, 1, 2, xfloat32(x[e]), gfx942_only)
KG_MFMA_VECTOR(f32_32x32x4_xf32, 32, 1, 2, xfloat32(x[e]), gfx942_only)
KG_MFMA(i32_16x16x16i8, 16, 1, 4, int, int, int, (signed char)(x >> 8 * e), until_gfx90a)
KG_MFMA(i32_32x32x8i8, 32, 1, 4, int, int, int, (signed char)(x >> 8 * e), until_gfx90a)
KG_MFMA(i32_16x16x32_i8, 16, 1, 8, int, int, long, (signed char)(x >> 8 * e), gfx942_on)
KG_MFMA(i32_32x32x16_i8, 32, 1, 8, int, int, long, (signed char)(x >> 8 * e), gfx942_on)
KG_MFMA_SMALL(f32_16x16x32_fp8_fp8, 16, E4m3, E4m3)
KG_MFMA_SMALL(f32_16x16x32_fp8_bf8, 16, E4m3, E5m2)
KG_MFMA_SMALL(f32_16x16x32_bf8_fp8, 16, E5m2, E4m3)
KG_MFMA_SMALL(f32_16x16x32_bf8_bf8, 16, E5m2, E5m2)
KG_MFMA_SMALL(f32_32x32x16_fp8_fp8, 32, E4m3, E4m3)
KG_MFMA_SMALL(f32_32x32x16_fp8_bf8, 32, E4m3, E5m2)
KG_MFMA_SMALL(f32_32x32x16_bf8_fp8, 32, E5m2, E4m3)
KG_MFMA_SMALL(f32_32x32x16_bf8_bf8, 32, E5m2, E5m2)
template <class V> inline V __builtin_amdgcn_mfma_f64_16x16x4f64(double a, double b, V c, int cbsz, int abid, int blgp, int line = __builtin_LINE())
  KG_MFMA_BODY(f64_16x16x4f64, 16, 1, 1, double, double, mfma::F64Rows, double, x, x, gfx90a_on, false)
// Four 4x4 blocks. Which lane holds which element is in none of our sources, so it is not guessed.
inline double __builtin_amdgcn_mfma_f64_4x4x4f64(double, double, double, int, int, int, int line = __builtin_LINE()) {
  kernelglot::gfx::require(kernelglot::gfx::gfx90a_on, "__builtin_amdgcn_mfma_f64_4x4x4f64", line);
  kg_fault("unsupported", "__builtin_amdgcn_mfma_f64_4x4x4f64 is not emulated: the layout of its lanes is not documented in our sources", line);
}
#endif
