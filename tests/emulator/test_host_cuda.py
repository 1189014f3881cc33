"""Whole CUDA files: the host's side of the runtime, in the manners that people write it, called from outside and held against numpy."""

import subprocess
from pathlib import Path

import numpy
import pytest
from emulator.hosting import Library, built
from emulator.running import needs_gcc

from kernelglot.verify import host_build, toolchain
from kernelglot.verify.host_launches import rewritten

pytestmark = needs_gcc

ROOT = Path(__file__).resolve().parents[2]
WHOLE = r"""
#include <cuda_runtime.h>
#include <device_launch_parameters.h>
#include "helper_that_is_nowhere.h"
#include <cooperative_groups.h>
#include <cmath>
#include <functional>
#include <iostream>
#include <memory>
#include <numeric>
#include <random>
#include <stdexcept>
#include <vector>
namespace cg = cooperative_groups;
using namespace std;

#define CHECK(call) do { cudaError_t err_ = (call); if (err_ != cudaSuccess) { \
    fprintf(stderr, "%s:%d: %s (%s)\n", __FILE__, __LINE__, cudaGetErrorString(err_), cudaGetErrorName(err_)); return (int)err_; } } while (0)

// ---- a class that owns memory, exceptions, a template kernel launched in a namespace ----
struct Error : runtime_error { using runtime_error::runtime_error; };
template <class T> class Buffer {
  T *data_ = nullptr;
  size_t count_;
 public:
  explicit Buffer(const vector<T> &from) : count_(from.size()) {
    if (cudaMalloc(&data_, count_ * sizeof(T)) != cudaSuccess) throw Error("no memory");
    cudaMemcpy(data_, from.data(), count_ * sizeof(T), cudaMemcpyHostToDevice);
  }
  ~Buffer() { cudaFree(data_); }
  T *get() { return data_; }
  vector<T> host() const { vector<T> v(count_); cudaMemcpy(v.data(), data_, count_ * sizeof(T), cudaMemcpyDefault); return v; }
};
namespace ops {
template <typename T, int Scale> __global__ void axpy(T *y, const T *x, T a, size_t n) {
  for (size_t i = blockIdx.x * (size_t)blockDim.x + threadIdx.x; i < n; i += (size_t)gridDim.x * blockDim.x) y[i] += Scale * a * x[i];
}
}
extern "C" int axpy(float *y, const float *x, float a, int n) {
  try {
    Buffer<float> dy(vector<float>(y, y + n)), dx(vector<float>(x, x + n));
    ops::axpy<float, 2><<<dim3((n + 127) / 128), 128>>>(dy.get(), dx.get(), a, n);
    CHECK(cudaGetLastError());
    auto result = dy.host();
    copy(result.begin(), result.end(), y);
  } catch (const Error &error) { cerr << error.what() << endl; return -1; }
  return 0;
}

// ---- streams, events, pinned memory, asynchronous copies ----
__global__ void halves(const float *in, float *out, int n) { int i = blockIdx.x * blockDim.x + threadIdx.x; if (i < n) out[i] = in[i] * 0.5f; }
extern "C" int streams(const float *in, float *out, int n, float *milliseconds) {
  const int parts = 4, each = n / parts;
  cudaStream_t stream[parts];
  cudaEvent_t start, stop;
  float *pinned, *d_in, *d_out;
  CHECK(cudaMallocHost((void **)&pinned, n * sizeof(float)));
  CHECK(cudaMalloc((void **)&d_in, n * sizeof(float)));
  CHECK(cudaMallocAsync(&d_out, n * sizeof(float), 0));
  CHECK(cudaEventCreate(&start)); CHECK(cudaEventCreate(&stop));
  memcpy(pinned, in, n * sizeof(float));
  for (auto &s : stream) CHECK(cudaStreamCreateWithFlags(&s, cudaStreamNonBlocking));
  CHECK(cudaEventRecord(start));
  for (int p = 0; p < parts; ++p) {
    int at = p * each;
    CHECK(cudaMemcpyAsync(d_in + at, pinned + at, each * sizeof(float), cudaMemcpyHostToDevice, stream[p]));
    halves<<<(each + 63) / 64, 64, 0, stream[p]>>>(d_in + at, d_out + at, each);
    CHECK(cudaMemcpyAsync(pinned + at, d_out + at, each * sizeof(float), cudaMemcpyDeviceToHost, stream[p]));
  }
  CHECK(cudaEventRecord(stop)); CHECK(cudaEventSynchronize(stop)); CHECK(cudaEventElapsedTime(milliseconds, start, stop));
  for (auto &s : stream) { CHECK(cudaStreamSynchronize(s)); CHECK(cudaStreamDestroy(s)); }
  memcpy(out, pinned, n * sizeof(float));
  CHECK(cudaFreeHost(pinned)); CHECK(cudaFree(d_in)); CHECK(cudaFreeAsync(d_out, 0));
  CHECK(cudaEventDestroy(start)); CHECK(cudaEventDestroy(stop));
  return cudaDeviceSynchronize();
}

// ---- variables of the device; a function for both sides ----
__constant__ float weights[3];
__device__ int visits;
__device__ float table[8] = {1, 2, 3};
__host__ __device__ inline float clampf(float x, float low, float high) { return std::min(std::max(x, low), high); }
__global__ void filter(const float *x, float *y, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  float sum = 0;
  for (int k = -1; k <= 1; ++k) if (i + k >= 0 && i + k < n) sum += weights[k + 1] * x[i + k];
  y[i] = clampf(sum, -1.0f, 1.0f) * table[0];
  atomicAdd(&visits, 1);
}
extern "C" int constants(const float *x, float *y, const float *w, int n, int *counted) {
  float *dx, *dy, two = 2.0f, *address = nullptr;
  int zero = 0;
  size_t bytes = 0;
  CHECK(cudaMalloc(&dx, n * 4)); CHECK(cudaMalloc(&dy, n * 4));
  CHECK(cudaMemcpy(dx, x, n * 4, cudaMemcpyHostToDevice));
  CHECK(cudaMemcpyToSymbol(weights, w, sizeof(weights)));
  CHECK(cudaMemcpyToSymbol(visits, &zero, sizeof zero));
  CHECK(cudaGetSymbolAddress((void **)&address, table)); CHECK(cudaGetSymbolSize(&bytes, table));
  if (bytes != 32) return -2;
  CHECK(cudaMemcpy(address, &two, 4, cudaMemcpyHostToDevice));
  filter<<<(n + 31) / 32, 32>>>(dx, dy, n);
  CHECK(cudaMemcpyFromSymbol(counted, visits, sizeof(int)));
  CHECK(cudaMemcpy(y, dy, n * 4, cudaMemcpyDeviceToHost));
  if (cudaMemcpyToSymbol(weights, w, 16) != cudaErrorInvalidValue || cudaGetLastError() != cudaErrorInvalidValue) return -3;
  CHECK(cudaFree(dx)); CHECK(cudaFree(dy));
  return clampf(3, 0, 1) == 1 ? 0 : -4;
}

// ---- dynamic shared memory beyond 48 KiB, cudaLaunchKernel, warp functions ----
template <int Threads> __global__ void reversed(const int *in, int *out, int n) {
  extern __shared__ int room[];
  __shared__ int total;
  if (threadIdx.x == 0) total = 0;
  for (int i = threadIdx.x; i < n; i += Threads) room[i] = in[i];
  __syncthreads();
  int mine = 0;
  for (int i = threadIdx.x; i < n; i += Threads) out[i] = room[n - 1 - i], mine += room[i];
  for (int lanes = 16; lanes; lanes >>= 1) mine += __shfl_down_sync(0xffffffff, mine, lanes);
  if (threadIdx.x % 32 == 0) atomicAdd(&total, mine);
  __syncthreads();
  if (threadIdx.x == 0) out[n] = total;
}
extern "C" int big_shared(const int *in, int *out, int n) {
  int *d_in, *d_out, most = 0;
  CHECK(cudaDeviceReset());
  CHECK(cudaMalloc(&d_in, n * 4)); CHECK(cudaMalloc(&d_out, (n + 1) * 4));
  CHECK(cudaMemcpy(d_in, in, n * 4, cudaMemcpyHostToDevice));
  reversed<128><<<1, 128, n * sizeof(int)>>>(d_in, d_out, n);
  if (n * 4 > 49152 && cudaGetLastError() != cudaErrorInvalidValue) return -5;
  CHECK(cudaDeviceGetAttribute(&most, cudaDevAttrMaxSharedMemoryPerBlockOptin, 0));
  CHECK(cudaFuncSetAttribute(reversed<128>, cudaFuncAttributeMaxDynamicSharedMemorySize, most));
  void *arguments[] = {&d_in, &d_out, &n};
  CHECK(cudaLaunchKernel((const void *)reversed<128>, dim3(1), dim3(128), arguments, n * sizeof(int), 0));
  CHECK(cudaMemcpy(out, d_out, (n + 1) * 4, cudaMemcpyDeviceToHost));
  CHECK(cudaFree(d_in)); CHECK(cudaFree(d_out));
  return 0;
}

// ---- all blocks at once ----
__global__ void normalised(float *x, float *sums, int n) {
  __shared__ float part[64];
  extern __shared__ float kept[];
  cg::grid_group grid = cg::this_grid();
  int i = blockIdx.x * 64 + threadIdx.x;
  kept[threadIdx.x] = part[threadIdx.x] = i < n ? x[i] : 0;
  __syncthreads();
  for (int half = 32; half; half /= 2) { if (threadIdx.x < half) part[threadIdx.x] += part[threadIdx.x + half]; __syncthreads(); }
  if (threadIdx.x == 0) sums[blockIdx.x] = part[0];
  grid.sync();
  float total = 0;
  for (int b = 0; b < gridDim.x; ++b) total += sums[b];
  grid.sync();
  if (threadIdx.x == 0) sums[blockIdx.x] = part[0] / total;
  if (i < n) x[i] = kept[threadIdx.x] / total;
}
extern "C" int together(float *x, float *sums, int n) {
  int blocks = (n + 63) / 64, device = 0, can = 0, each = 0;
  cudaDeviceProp prop;
  CHECK(cudaGetDevice(&device)); CHECK(cudaGetDeviceProperties(&prop, device)); CHECK(cudaDeviceGetAttribute(&can, cudaDevAttrCooperativeLaunch, device));
  CHECK(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&each, normalised, 64, 256));
  if (!can || blocks > each * prop.multiProcessorCount) return -6;
  float *dx, *ds;
  CHECK(cudaMalloc(&dx, n * 4)); CHECK(cudaMalloc(&ds, blocks * 4)); CHECK(cudaMemcpy(dx, x, n * 4, cudaMemcpyHostToDevice));
  void *arguments[] = {&dx, &ds, &n};
  CHECK(cudaLaunchCooperativeKernel((void *)normalised, blocks, 64, arguments, 64 * sizeof(float)));
  CHECK(cudaMemcpy(x, dx, n * 4, cudaMemcpyDeviceToHost)); CHECK(cudaMemcpy(sums, ds, blocks * 4, cudaMemcpyDeviceToHost));
  if (cudaLaunchCooperativeKernel((void *)normalised, 100000, 64, arguments, 256) != cudaErrorCooperativeLaunchTooLarge) return -7;
  (void)cudaGetLastError();
  return cudaFree(dx) | cudaFree(ds);
}

// ---- functors and lambdas, managed memory, rows with a pitch, many blocks at one address ----
struct Scale { float by; __host__ __device__ float operator()(float x) const { return by * x; } };
template <class F> __global__ void each(float *x, int n, F f) { int i = blockIdx.x * blockDim.x + threadIdx.x; if (i < n) x[i] = f(x[i]); }
extern "C" int functions(float *x, int n) {
  float *m;
  CHECK(cudaMallocManaged(&m, n * 4));
  for (int i = 0; i < n; ++i) m[i] = x[i];
  each<<<(n + 255) / 256, 256>>>(m, n, Scale{3.0f});
  float plus = 1.5f;
  each<<<(n + 255) / 256, 256>>>(m, n, [=] __device__(float v) { return v + plus; });
  CHECK(cudaDeviceSynchronize());
  for (int i = 0; i < n; ++i) x[i] = m[i];
  return cudaFree(m);
}
__global__ void transposed(const float *in, size_t pitch, float *out, int rows, int cols) {
  int c = blockIdx.x * blockDim.x + threadIdx.x, r = blockIdx.y * blockDim.y + threadIdx.y;
  if (r < rows && c < cols) out[c * rows + r] = ((const float *)((const char *)in + r * pitch))[c];
}
extern "C" int pitched(const float *in, float *out, int rows, int cols) {
  float *d; size_t pitch;
  CHECK(cudaMallocPitch(&d, &pitch, cols * sizeof(float), rows));
  CHECK(cudaMemcpy2D(d, pitch, in, cols * 4, cols * 4, rows, cudaMemcpyHostToDevice));
  float *result; CHECK(cudaMalloc(&result, rows * cols * 4)); CHECK(cudaMemset(result, 0, rows * cols * 4));
  dim3 block(16, 4), grid((cols + block.x - 1) / block.x, (rows + block.y - 1) / block.y);
  transposed<<<grid, block>>>(d, pitch, result, rows, cols);
  CHECK(cudaMemcpy(out, result, rows * cols * 4, cudaMemcpyDeviceToHost));
  return cudaFree(d) | cudaFree(result);
}
__global__ void histogram(const unsigned char *x, unsigned *bins, float *sum, long long n) {
  for (long long i = blockIdx.x * (long long)blockDim.x + threadIdx.x; i < n; i += (long long)blockDim.x * gridDim.x) {
    atomicAdd(&bins[x[i]], 1u);
    atomicAdd(sum, 1.0f);
  }
}
extern "C" int counted(const unsigned char *x, unsigned *bins, float *sum, int n) {
  unsigned char *dx; unsigned *db; float *ds;
  CHECK(cudaMalloc(&dx, n)); CHECK(cudaMalloc(&db, 1024)); CHECK(cudaMalloc(&ds, 4));
  CHECK(cudaMemcpy(dx, x, n, cudaMemcpyHostToDevice)); CHECK(cudaMemset(db, 0, 1024)); CHECK(cudaMemset(ds, 0, 4));
  histogram<<<400, 256>>>(dx, db, ds, n);
  CHECK(cudaMemcpy(bins, db, 1024, cudaMemcpyDeviceToHost)); CHECK(cudaMemcpy(sum, ds, 4, cudaMemcpyDeviceToHost));
  return cudaFree(dx) | cudaFree(db) | cudaFree(ds);
}
"""


@pytest.fixture(scope="module")
def whole():
    return Library(WHOLE)


def floats(n, seed=1):
    return numpy.random.default_rng(seed).standard_normal(n).astype(numpy.float32)


def test_a_class_that_owns_memory_and_a_template_kernel(whole):
    x, y = floats(1000), floats(1000, 2)
    result = y.copy()
    assert whole.axpy(result, x, 0.5, 1000) == 0
    assert numpy.allclose(result, y + x, atol=1e-6)


def test_streams_events_and_pinned_memory(whole):
    x, y, milliseconds = floats(1000), numpy.zeros(1000, numpy.float32), numpy.zeros(1, numpy.float32)
    assert whole.streams(x, y, 1000, milliseconds) == 0
    assert (y == x / 2).all()
    assert 0 < milliseconds[0] < 10_000


def test_constants_globals_and_their_addresses(whole):
    x, y, w, counted = floats(333), numpy.zeros(333, numpy.float32), floats(3, 5), numpy.zeros(1, numpy.int32)
    assert whole.constants(x, y, w, 333, counted) == 0
    assert numpy.allclose(y, 2 * numpy.clip(numpy.convolve(x, w[::-1], "same"), -1, 1), atol=1e-5)
    assert counted[0] == 333


@pytest.mark.parametrize("n", [1000, 30_000])
def test_dynamic_shared_memory_and_its_opt_in(whole, n):
    x, out = numpy.arange(n, dtype=numpy.int32) % 97, numpy.zeros(n + 1, numpy.int32)
    assert whole.big_shared(x, out, n) == 0
    assert (out[:n] == x[::-1]).all() and out[n] == x.sum()


def test_a_barrier_of_the_whole_grid(whole):
    x, sums = numpy.abs(floats(1000)), numpy.zeros(16, numpy.float32)
    result = x.copy()
    assert whole.together(result, sums, 1000) == 0
    assert numpy.allclose(result, x / x.sum(), rtol=1e-4)
    assert numpy.allclose(sums, numpy.pad(x, (0, 24)).reshape(16, 64).sum(1) / x.sum(), rtol=1e-4)


def test_functors_lambdas_and_managed_memory(whole):
    x = floats(777)
    result = x.copy()
    assert whole.functions(result, 777) == 0
    assert numpy.allclose(result, 3 * x + 1.5, atol=1e-6)


def test_rows_with_a_pitch(whole):
    x, out = floats(30 * 45).reshape(30, 45), numpy.zeros((45, 30), numpy.float32)
    assert whole.pitched(x, out, 30, 45) == 0
    assert (out == x.T).all()


def test_atomics_of_blocks_that_run_at_once(whole):
    x = numpy.random.default_rng(3).integers(0, 256, 2_000_000).astype(numpy.uint8)
    bins, total = numpy.zeros(256, numpy.uint32), numpy.zeros(1, numpy.float32)
    assert whole.counted(x, bins, total, len(x)) == 0
    assert (bins == numpy.bincount(x, minlength=256)).all()
    assert total[0] == len(x)


def test_only_functions_with_c_linkage_are_listed(whole):
    assert whole.built.exports == ("axpy", "big_shared", "constants", "counted", "functions", "pitched", "streams", "together")


# ---- programs and other callers ---------------------------------------------------------------------------------------------------

MAIN = r"""
#include "parts/tools.cuh"
#include <cstdlib>
__global__ void fill(int *x, int value) { x[threadIdx.x] = value + (int)threadIdx.x; if (threadIdx.x == 2) printf("thread %d\n", threadIdx.x); }
int main(int argc, char **argv) {
  if (argc != 3) { fprintf(stderr, "usage: %s A B\n", argv[0]); return 2; }
  Managed<int> x(4);
  LAUNCH(fill, 1, 4, (x.data, atoi(argv[1]) * twice(atoi(argv[2]))));
  for (int i = 0; i < 4; ++i) printf("%d ", x.data[i]);
  puts(cudaGetErrorString(cudaDeviceSynchronize()));
}
"""
TOOLS = r"""#pragma once
#include <cuda_runtime.h>
#include <cstdio>
#define LAUNCH(kernel, grid, block, arguments) kernel<<<grid, \
    block>>>arguments; cudaDeviceSynchronize()
template <class T> struct Managed { T *data; explicit Managed(size_t n) { cudaMallocManaged(&data, n * sizeof(T)); } ~Managed() { cudaFree(data); } };
__host__ __device__ constexpr int twice(int x) { return 2 * x; }
"""


def test_a_main_with_arguments_and_a_header_of_its_own(tmp_path):
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "tools.cuh").write_text(TOOLS)
    program = built(MAIN, "main.cu", "cuda", host_build.PROGRAM, path=tmp_path / "main.cu")
    assert host_build.run(program, ("5", "4"), 20) == (0, "thread 2\n40 41 42 43 no error\n", "")
    status, output, errors = host_build.run(program, (), 20)
    assert (status, output) == (2, "") and errors.startswith("usage:")


def test_a_cpp_main_that_is_linked_with_the_library(tmp_path):
    library = Path(built(WHOLE, "whole.cu", "cuda").path)
    (tmp_path / "libwhole.so").write_bytes(library.read_bytes())
    (tmp_path / "main.cpp").write_text('extern "C" int axpy(float *, const float *, float, int);\n'
                                       "int main() { float y[2] = {1, 2}, x[2] = {10, 20}; return axpy(y, x, 0.5f, 2) || y[0] != 11 || y[1] != 22; }\n")
    program = tmp_path / "main"
    subprocess.run([toolchain.find("g++"), tmp_path / "main.cpp", "-L", tmp_path, "-lwhole", f"-Wl,-rpath,{tmp_path}", "-o", program], check=True)
    assert subprocess.run([program], check=False).returncode == 0


@pytest.mark.parametrize("file", [file for file in sorted((ROOT / "examples/operators").glob("*.cu")) if "int main(" in file.read_text()],
                         ids=lambda file: file.stem)
def test_an_example_runs_unchanged(file):
    """Each compares its results with a plain loop of its own, and ends with 0 where they agree."""
    assert host_build.run(built(file.read_text(), file.name, "cuda", host_build.PROGRAM), (), 30)[0] == 0


def test_what_does_not_compile_is_told_with_its_line():
    with pytest.raises(host_build.NotBuilt) as no:
        built("#include <vector>\n__global__ void k() {}\nvoid run() {\n  k<<<1, 1>>>();\n  undeclared(3);\n}\n", "bad.cu", "cuda")
    assert (no.value.file, no.value.line) == ("bad.cu", 5) and "undeclared" in no.value.sentence


def test_a_program_without_a_main_is_told():
    with pytest.raises(host_build.NotBuilt, match="no main"):
        built("__global__ void k() {}\n", "none.cu", "cuda", host_build.PROGRAM)


# ---- the text --------------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("launch", "call"), [
    ("k<<<g, b>>>(x);", "k<g, b>(x)"),
    ("ns::k<float, f<3>><<<dim3((n + 31) / 32), {16, 16}, n * sizeof(T), s>>>(x);", "ns::k<float, f<3>><dim3((n + 31) / 32), {16, 16}, n * sizeof(T), s>(x)"),
    ("if (c) (*table[i])<<<1, 2>>>();", "(*table[i])<1, 2>()"),
    ("Foo<T>::template k<U><<<1, 1>>>(1);", "Foo<T>::template k<U><1, 1>(1)"),
    ("(x)\n(*p)<<<1, 2>>>();", "(*p)<1, 2>()"),
    ("k /* <<< */ <<<1, // one >>>\n2>>>(x);", "k<1, 2>\n(x)"),
])
def test_launches_become_calls(launch, call):
    import re

    short = re.sub(r'kernelglot::launch\(KG_SITE\("([^"]*)"\), nullptr, \[&\]\(auto &...kg_a\) \{ (.*?)\(kg_a...\); \}, (.*?)\)(?=\n*\()', r"\1<\3>", rewritten(launch))
    assert call in short
    assert rewritten(launch).count("\n") == launch.count("\n")


@pytest.mark.parametrize("text", ['puts("k<<<1, 2>>>(x)");', "// k<<<1, 2>>>(x)", "/* k<<<1, 2>>>(x) */", "a <<= 3; b = a << 2;", "vector<vector<vector<int>>> v;"])
def test_what_is_no_launch_stays(text):
    assert rewritten(text) == text
