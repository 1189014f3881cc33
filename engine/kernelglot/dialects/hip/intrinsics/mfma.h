// Matrix products of one wave of 64 lanes (CDNA). d = a*b + c; lane l holds elements as the tables of manuals/hip/mfma.md say:
//   A[l % R][k(l, e)]   B[k(l, e)][l % R]   D[row(l, r)][l % R]      R = 4, 16 or 32 rows and columns, e: element of an operand, r: of the result.
// An instruction of several blocks multiplies so many pairs of matrices: 64 / blocks lanes give one pair.
// Products are summed in double and rounded once; the order inside an instruction is unspecified. Broadcast modifiers must be 0.
#ifndef KERNELGLOT_HIP_MFMA_H
#define KERNELGLOT_HIP_MFMA_H
#include "half_functions.h"

namespace kernelglot { namespace mfma {
typedef float float4v __attribute__((vector_size(16)));
typedef float float16v __attribute__((vector_size(64)));
typedef double double4v __attribute__((vector_size(32)));
typedef int int4v __attribute__((vector_size(16)));
typedef int int16v __attribute__((vector_size(64)));
typedef _Float16 half4v __attribute__((vector_size(8)));
typedef short short4v __attribute__((vector_size(8)));
typedef short short2v __attribute__((vector_size(4)));

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

template <class S, class D> struct Operands { S a[16], b[16]; D c[32], d[32]; };
// E: elements of an operand that a lane holds; of the lanes of its block, lane l has with element e k = E * (l / R) + e.
template <class S, class D, int R, int Blocks, int E, class Row> void product(void *const *payloads, unsigned long long) {
  constexpr int lanes = 64 / Blocks, K = E * (lanes / R), results = R * R * Blocks / 64;
  static S a[Blocks][R][K], b[Blocks][K][R];
  using O = Operands<S, D>;
  for (int lane = 0; lane < 64; ++lane) {
    const O *each = (const O *)payloads[lane];
    if (!each) kg_fault("deadlock", "an MFMA instruction without all 64 lanes of the wave", 0);
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
template <int R, int Blocks, int E, class S, class D, class Row = Rows<R>, class V, class A, class Read>
inline V run(const char *name, A a, A b, V c, Read read, int line) {
  Operands<S, D> mine;
  for (int e = 0; e < E; ++e) mine.a[e] = (S)read(a, e), mine.b[e] = (S)read(b, e);
  for (int r = 0; r < R * R * Blocks / 64; ++r) mine.c[r] = c[r];
  kg_collective(name, 0, &mine, product<S, D, R, Blocks, E, Row>, line);
  for (int r = 0; r < R * R * Blocks / 64; ++r) c[r] = mine.d[r];
  return c;
}
} }

#define KG_MFMA(suffix, R, blocks, E, S, D, Operand, read) \
  template <class V> inline V __builtin_amdgcn_mfma_##suffix(Operand a, Operand b, V c, int, int, int, int line = __builtin_LINE()) { \
    return kernelglot::mfma::run<R, blocks, E, S, D>("__builtin_amdgcn_mfma_" #suffix, a, b, c, [](const Operand &x, int e) { return read; }, line); }
#define KG_MFMA_VECTOR(suffix, R, blocks, E, S, D, read) \
  template <class V, class A> inline V __builtin_amdgcn_mfma_##suffix(A a, A b, V c, int, int, int, int line = __builtin_LINE()) { \
    return kernelglot::mfma::run<R, blocks, E, S, D>("__builtin_amdgcn_mfma_" #suffix, a, b, c, [](const A &x, int e) { return read; }, line); }
KG_MFMA(f32_16x16x4f32, 16, 1, 1, double, float, float, x)
KG_MFMA(f32_32x32x2f32, 32, 1, 1, double, float, float, x)
KG_MFMA(f32_4x4x1f32, 4, 16, 1, double, float, float, x)
KG_MFMA(f32_16x16x1f32, 16, 4, 1, double, float, float, x)
KG_MFMA(f32_32x32x1f32, 32, 2, 1, double, float, float, x)
KG_MFMA_VECTOR(f32_4x4x4f16, 4, 16, 4, double, float, (float)x[e])
KG_MFMA_VECTOR(f32_16x16x4f16, 16, 4, 4, double, float, (float)x[e])
KG_MFMA_VECTOR(f32_32x32x4f16, 32, 2, 4, double, float, (float)x[e])
KG_MFMA_VECTOR(f32_16x16x16f16, 16, 1, 4, double, float, (float)x[e])
KG_MFMA_VECTOR(f32_32x32x8f16, 32, 1, 4, double, float, (float)x[e])
KG_MFMA_VECTOR(f32_16x16x16bf16_1k, 16, 1, 4, double, float, kernelglot::bfloat_value((uint16_t)x[e]))
KG_MFMA_VECTOR(f32_32x32x8bf16_1k, 32, 1, 4, double, float, kernelglot::bfloat_value((uint16_t)x[e]))
KG_MFMA_VECTOR(f32_16x16x8bf16, 16, 1, 2, double, float, kernelglot::bfloat_value((uint16_t)x[e]))
KG_MFMA_VECTOR(f32_32x32x4bf16, 32, 1, 2, double, float, kernelglot::bfloat_value((uint16_t)x[e]))
KG_MFMA(i32_16x16x16i8, 16, 1, 4, int, int, int, (signed char)(x >> 8 * e))
KG_MFMA(i32_32x32x8i8, 32, 1, 4, int, int, int, (signed char)(x >> 8 * e))
KG_MFMA(i32_16x16x32_i8, 16, 1, 8, int, int, long, (signed char)(x >> 8 * e))
KG_MFMA(i32_32x32x16_i8, 32, 1, 8, int, int, long, (signed char)(x >> 8 * e))
template <class V> inline V __builtin_amdgcn_mfma_f64_16x16x4f64(double a, double b, V c, int, int, int, int line = __builtin_LINE()) {
  return kernelglot::mfma::run<16, 1, 1, double, double, kernelglot::mfma::F64Rows>("__builtin_amdgcn_mfma_f64_16x16x4f64", a, b, c,
                                                                               [](const double &x, int) { return x; }, line);
}
#endif
