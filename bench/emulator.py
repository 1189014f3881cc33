"""How fast whole files run under emulation (`kernelglot emulate`), beside the same loops in C and beside one system thread a CUDA thread.

    python bench/emulator.py [--size 512] [--repeat 3] [--json FILE]

Each row is a ratio of medians measured in one run, in turns: the naive and the tiled product of two matrices against plain loops in C
(`-O2`, on one thread and spread over the same number of threads as the emulator uses), and a block reduction with barriers against the way
of a library that gives each thread of a block a thread of the operating system and a barrier (as HIP-CPU and early CUDA emulators do).
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "engine"))

from kernelglot.verify import host_build  # noqa: E402  (the path comes first)

CUDA = """
#include <cuda_runtime.h>
__global__ void naive(const float *a, const float *b, float *c, int n) {
  int col = blockIdx.x * blockDim.x + threadIdx.x, row = blockIdx.y * blockDim.y + threadIdx.y;
  if (row < n && col < n) {
    float sum = 0;
    for (int k = 0; k < n; ++k) sum += a[row * n + k] * b[k * n + col];
    c[row * n + col] = sum;
  }
}
__global__ void tiled(const float *a, const float *b, float *c, int n) {
  __shared__ float left[16][16], right[16][16];
  int col = blockIdx.x * 16 + threadIdx.x, row = blockIdx.y * 16 + threadIdx.y;
  float sum = 0;
  for (int t = 0; t < n; t += 16) {
    left[threadIdx.y][threadIdx.x] = a[row * n + t + threadIdx.x];
    right[threadIdx.y][threadIdx.x] = b[(t + threadIdx.y) * n + col];
    __syncthreads();
    for (int k = 0; k < 16; ++k) sum += left[threadIdx.y][k] * right[k][threadIdx.x];
    __syncthreads();
  }
  c[row * n + col] = sum;
}
__global__ void reduce(const float *x, float *sums, int n) {
  __shared__ float part[256];
  int i = blockIdx.x * 256 + threadIdx.x;
  part[threadIdx.x] = i < n ? x[i] : 0;
  __syncthreads();
  for (int half = 128; half; half /= 2) {
    if (threadIdx.x < half) part[threadIdx.x] += part[threadIdx.x + half];
    __syncthreads();
  }
  if (threadIdx.x == 0) sums[blockIdx.x] = part[0];
}
static float *copied(const float *from, size_t n) {
  float *to;
  cudaMalloc(&to, n * sizeof(float));
  if (from) cudaMemcpy(to, from, n * sizeof(float), cudaMemcpyHostToDevice);
  return to;
}
static float *a, *b, *c;
static int n;
extern "C" void prepare(const float *x, const float *y, int size) {
  size_t all = (size_t)size * size;
  n = size, a = copied(x, all), b = copied(y, all), c = copied(0, all);
}
extern "C" int run_naive(int) { naive<<<dim3((n + 31) / 32, (n + 7) / 8), dim3(32, 8)>>>(a, b, c, n); return cudaDeviceSynchronize(); }
extern "C" int run_tiled(int) { tiled<<<dim3(n / 16, n / 16), dim3(16, 16)>>>(a, b, c, n); return cudaDeviceSynchronize(); }
extern "C" int run_reduce(int blocks) { reduce<<<blocks, 256>>>(a, c, blocks * 256); return cudaDeviceSynchronize(); }
extern "C" int run_empty(int) { reduce<<<1, 32>>>(a, c, 32); return cudaGetLastError(); }
extern "C" int result(float *to, int count) { return cudaMemcpy(to, c, count * sizeof(float), cudaMemcpyDeviceToHost); }
"""

PLAIN = """
#include <algorithm>
#include <thread>
#include <vector>
#include <pthread.h>
static void rows(const float *a, const float *b, float *c, int n, int from, int to) {
  for (int row = from; row < to; ++row)
    for (int col = 0; col < n; ++col) {
      float sum = 0;
      for (int k = 0; k < n; ++k) sum += a[row * n + k] * b[k * n + col];
      c[row * n + col] = sum;
    }
}
static const float *a, *b;
static float *c;
static int n;
extern "C" void prepare(const float *x, const float *y, int size) { a = x, b = y, n = size, c = new float[(size_t)n * n]; }
extern "C" int run_naive(int threads) {
  std::vector<std::thread> all;
  for (int i = 0; i < threads; ++i) all.emplace_back(rows, a, b, c, n, n * i / threads, n * (i + 1) / threads);
  for (auto &each : all) each.join();
  return 0;
}
// A thread of the operating system for each thread of a block, made once, and a barrier between them.
extern "C" int run_reduce(int blocks) {
  static float part[256];
  pthread_barrier_t barrier;
  pthread_barrier_init(&barrier, 0, 256);
  std::vector<std::thread> all;
  for (int t = 0; t < 256; ++t)
    all.emplace_back([&, t] {
      for (int block = 0; block < blocks; ++block) {
        part[t] = a[block * 256 + t];
        pthread_barrier_wait(&barrier);
        for (int half = 128; half; half /= 2) {
          if (t < half) part[t] += part[t + half];
          pthread_barrier_wait(&barrier);
        }
        if (t == 0) c[block] = part[0];
        pthread_barrier_wait(&barrier);
      }
    });
  for (auto &each : all) each.join();
  pthread_barrier_destroy(&barrier);
  return 0;
}
extern "C" int result(float *to, int count) { std::copy(c, c + count, to); return 0; }
"""


def library(name: str, text: str, dialect: str) -> ctypes.CDLL:
    return ctypes.CDLL(host_build.emulated(host_build.Whole(name, text, dialect)).path)


def medians(repeat: int, **runs: Callable[[], int]) -> dict[str, float]:
    """Seconds of each, measured in turns."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(repeat):
        for name, run in runs.items():
            begin = time.perf_counter()
            if run():
                raise SystemExit(f"{name} failed")
            times[name].append(time.perf_counter() - begin)
    return {name: statistics.median(each) for name, each in times.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--size", type=int, default=1024, help="rows of the matrices, a multiple of 16")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    n, threads = options.size, len(os.sched_getaffinity(0))
    random = numpy.random.default_rng(1)
    a, b = (random.random((n, n), numpy.float32) for _ in range(2))
    emulated, plain = library("bench.cu", CUDA, "cuda"), library("bench.cpp", PLAIN, "c")
    for each in (emulated, plain):
        each.prepare(a.ctypes.data_as(ctypes.c_void_p), b.ctypes.data_as(ctypes.c_void_p), n)
    found = medians(
        options.repeat,
        **{
            "naive, emulated": lambda: emulated.run_naive(0),
            "naive, C on one thread": lambda: plain.run_naive(1),
            f"naive, C on {threads} threads": lambda: plain.run_naive(threads),
            "tiled, emulated": lambda: emulated.run_tiled(0),
        },
    )
    got = numpy.empty((n, n), numpy.float32)
    emulated.result(got.ctypes.data_as(ctypes.c_void_p), n * n)
    if not numpy.allclose(got, a @ b, rtol=1e-3):
        raise SystemExit("the emulated product is wrong")
    blocks = 64
    found |= medians(
        options.repeat,
        **{"reduction, emulated": lambda: emulated.run_reduce(blocks), "reduction, a system thread each": lambda: plain.run_reduce(blocks)},
    )
    emulated.run_empty(0)
    found["a launch of one warp"] = medians(100, empty=lambda: emulated.run_empty(0))["empty"]
    barriers = 10 * blocks * 256
    ratios = {
        f"naive product of {n}^2: emulated / C on the same {threads} threads": found["naive, emulated"]
        / found[f"naive, C on {threads} threads"],
        f"naive product of {n}^2: emulated / C on one thread": found["naive, emulated"] / found["naive, C on one thread"],
        f"tiled product of {n}^2: emulated / naive C on the same {threads} threads": found["tiled, emulated"]
        / found[f"naive, C on {threads} threads"],
        "block reduction: emulated / a system thread each": found["reduction, emulated"] / found["reduction, a system thread each"],
    }
    for name, seconds in found.items():
        print(f"{name:40} {1e3 * seconds:10.3f} ms")
    print(f"{'a wait at a barrier, with its switch':40} {1e9 * found['reduction, emulated'] / barriers:10.1f} ns (CPU time x {threads})")
    for name, ratio in ratios.items():
        print(f"{name:70} {ratio:8.3f}")
    if options.json:
        options.json.write_text(json.dumps({"seconds": found, "ratios": ratios}, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
