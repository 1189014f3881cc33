"""How long a verdict takes: `python bench/verify_latency.py [--repeat 7]` (with PYTHONPATH=engine). Medians in milliseconds.

"new texts": both sides are compiled (a comment is changed each time), "same texts": both modules are in the user's cache folder. The
process is warm: numpy is loaded and the runner is built, as in a worker of the server.
"""

from __future__ import annotations

import argparse
import dataclasses
import statistics
import time

import numpy

from kernelglot.verify import sandbox
from kernelglot.verify.cases import Buffer, Launch, Program, Scalar, TestCase, Verdict
from kernelglot.verify.exact import EXACT_S
from kernelglot.verify.verdict import verify

ADD = """__global__ void add(const float *a, const float *b, float *c, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) c[i] = a[i] + b[i];
}"""
ADD_C = "void add(const float *a, const float *b, float *c, int n) { for (int i = 0; i < n; ++i) c[i] = a[i] + b[i]; }"
GEMM = """#define TILE 16
__global__ void gemm(const float *A, const float *B, float *C, int M, int N, int K) {
  __shared__ float a[TILE][TILE], b[TILE][TILE];
  int row = blockIdx.y * TILE + threadIdx.y, column = blockIdx.x * TILE + threadIdx.x;
  float sum = 0;
  for (int t = 0; t < (K + TILE - 1) / TILE; ++t) {
    int k = t * TILE + threadIdx.x, l = t * TILE + threadIdx.y;
    a[threadIdx.y][threadIdx.x] = row < M && k < K ? A[row * K + k] : 0;
    b[threadIdx.y][threadIdx.x] = l < K && column < N ? B[l * N + column] : 0;
    __syncthreads();
    for (int i = 0; i < TILE; ++i) sum += a[threadIdx.y][i] * b[i][threadIdx.x];
    __syncthreads();
  }
  if (row < M && column < N) C[row * N + column] = sum;
}"""
GEMM_C = """void gemm(const float *A, const float *B, float *C, int M, int N, int K) {
  for (int i = 0; i < M; ++i) for (int j = 0; j < N; ++j) {
    float sum = 0;
    for (int k = K - 1; k >= 0; --k) sum += A[i * K + k] * B[k * N + j];
    C[i * N + j] = sum;
  }
}"""
SOFTMAX = """__device__ float warp_max(float v) {
  for (int o = 16; o > 0; o >>= 1) v = fmaxf(v, __shfl_xor_sync(0xffffffffu, v, o));
  return v;
}
__device__ float warp_sum(float v) {
  for (int o = 16; o > 0; o >>= 1) v += __shfl_xor_sync(0xffffffffu, v, o);
  return v;
}
__global__ void softmax(const float *x, float *y, int columns) {
  const float *in = x + blockIdx.x * columns;
  float top = -INFINITY, sum = 0;
  for (int i = threadIdx.x; i < columns; i += 32) top = fmaxf(top, in[i]);
  top = warp_max(top);
  for (int i = threadIdx.x; i < columns; i += 32) sum += expf(in[i] - top);
  sum = warp_sum(sum);
  for (int i = threadIdx.x; i < columns; i += 32) y[blockIdx.x * columns + i] = expf(in[i] - top) / sum;
}"""
SOFTMAX_C = """#include <math.h>
void softmax(const float *x, float *y, int columns) {
  for (int r = 0; r < 19; ++r) {
    float top = -INFINITY, sum = 0;
    for (int i = 0; i < columns; ++i) top = fmaxf(top, x[r * columns + i]);
    for (int i = 0; i < columns; ++i) sum += expf(x[r * columns + i] - top);
    for (int i = 0; i < columns; ++i) y[r * columns + i] = expf(x[r * columns + i] - top) / sum;
  }
}"""
WMMA = """#include <mma.h>
using namespace nvcuda;
__global__ void gemm(const half *A, const half *B, float *C, int M, int N, int K) {
  wmma::fragment<wmma::matrix_a, 16, 16, 16, half, wmma::row_major> a;
  wmma::fragment<wmma::matrix_b, 16, 16, 16, half, wmma::row_major> b;
  wmma::fragment<wmma::accumulator, 16, 16, 16, float> c;
  wmma::fill_fragment(c, 0.0f);
  for (int k = 0; k < K; k += 16) {
    wmma::load_matrix_sync(a, A + blockIdx.y * 16 * K + k, K);
    wmma::load_matrix_sync(b, B + k * N + blockIdx.x * 16, N);
    wmma::mma_sync(c, a, b, c);
  }
  wmma::store_matrix_sync(C + blockIdx.y * 16 * N + blockIdx.x * 16, c, N, wmma::mem_row_major);
}"""
WMMA_C = (GEMM_C.replace("const float *A, const float *B", "const _Float16 *A, const _Float16 *B")
          .replace("A[i * K + k] * B", "(float)A[i * K + k] * (float)B"))


def buffers(dtype: str, a: int, b: int, c: int) -> tuple[Buffer, ...]:
    return Buffer("A", dtype, a, "in"), Buffer("B", dtype, b, "in"), Buffer("C", "f32", c, "out")


def subject(name: str, cuda: str, c: str, arguments: tuple[Buffer | Scalar, ...],
            launch: Launch) -> tuple[str, Program, Program, TestCase]:
    symbol = cuda.partition("__global__ void ")[2].partition("(")[0]
    names = tuple(argument.name for argument in arguments)
    source, target = Program("cuda", cuda, symbol, launch, names), Program("c", c, symbol, launch, names)
    return name, source, target, TestCase(symbol, arguments, launch, "toml")


def sizes(**values: int) -> tuple[Scalar, ...]:
    return tuple(Scalar(name, "i32", value) for name, value in values.items())


SUBJECTS = [
    subject("add, n = 10,000", ADD, ADD_C,
            (Buffer("a", "f32", 10000, "in"), Buffer("b", "f32", 10000, "in"), Buffer("c", "f32", 10000, "out"), *sizes(n=10000)),
            Launch((40, 1, 1), (256, 1, 1))),
    subject("tiled gemm 65x70x67", GEMM, GEMM_C, (*buffers("f32", 65 * 67, 67 * 70, 65 * 70), *sizes(M=65, N=70, K=67)),
            Launch((5, 5, 1), (16, 16, 1))),
    subject("softmax 19x300, shuffles", SOFTMAX, SOFTMAX_C,
            (Buffer("x", "f32", 5700, "in"), Buffer("y", "f32", 5700, "out"), *sizes(columns=300)), Launch((19, 1, 1), (32, 1, 1))),
    subject("wmma gemm 48x80x64", WMMA, WMMA_C, (*buffers("f16", 48 * 64, 64 * 80, 48 * 80), *sizes(M=48, N=80, K=64)),
            Launch((5, 3, 1), (32, 1, 1))),
]


def timed(source: Program, target: Program, case: TestCase, exact_s: float) -> tuple[float, Verdict]:
    start = time.perf_counter()
    verdict = verify(source, target, [case], exact_s=exact_s)
    return (time.perf_counter() - start) * 1e3, verdict


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--repeat", type=int, default=7)
    options.add_argument("--exact", action="store_true", help="ask the exact channel too")
    repeat = options.parse_args().repeat
    exact_s = EXACT_S if options.parse_args().exact else 0.0
    print(f"numpy {numpy.__version__}, {sandbox.strength()}; medians of {repeat}, ms")
    print(f"{'':28} {'new texts':>10} {'build':>8} {'run':>8} {'compare':>8} {'same texts':>11}  verdict")
    for name, source, target, case in SUBJECTS:
        new, same, stages = [], [], []
        for _ in range(repeat):
            stamp = f"\n// {time.time_ns()}"
            pair = dataclasses.replace(source, text=source.text + stamp), dataclasses.replace(target, text=target.text + stamp)
            milliseconds, verdict = timed(*pair, case, exact_s)
            new.append(milliseconds)
            stages.append(verdict.seconds)
            same.append(timed(*pair, case, exact_s)[0])
        parts = [statistics.median(each[stage] for each in stages) * 1e3 for stage in ("build", "run", "compare")]
        print(f"{name:28} {statistics.median(new):10.0f} {parts[0]:8.0f} {parts[1]:8.0f} {parts[2]:8.0f} {statistics.median(same):11.0f}  "
              f"{verdict.rung}: {(verdict.evidence or (verdict.counterexample and verdict.counterexample.sentence,))[0]}")


if __name__ == "__main__":
    main()
