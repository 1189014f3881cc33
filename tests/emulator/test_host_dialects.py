"""Whole HIP and BANG C files with their hosts, kernels without a host (`--host`), C and C++ files, and the command line."""

import json
from pathlib import Path

import numpy
import pytest
from emulator.hosting import Library, built
from emulator.running import needs_gcc

from kernelglot import cli
from kernelglot.verify import host_build
from kernelglot.verify.cases import Launch
from kernelglot.verify.host_wrapper import wrappers

pytestmark = needs_gcc

ROOT = Path(__file__).resolve().parents[2]

HIP = r"""
#include <hip/hip_runtime.h>
#include <hip/hip_fp16.h>
#include <iostream>
#include <vector>
#define HIP_CHECK(call) { hipError_t e = call; if (e != hipSuccess) { std::cerr << hipGetErrorString(e) << " at " << __LINE__ << "\n"; return e; } }
__constant__ float factor;
template <typename T, int N> __global__ void scaled(T *__restrict__ y, const T *__restrict__ x, int n) {
  int i = hipBlockIdx_x * hipBlockDim_x + hipThreadIdx_x;
  if (i < n) y[i] = factor * x[i] + N;
}
__global__ __launch_bounds__(256) void wave_sum(const float *x, float *out) {
  HIP_DYNAMIC_SHARED(float, part);
  float v = x[blockIdx.x * blockDim.x + threadIdx.x];
  for (int lanes = warpSize / 2; lanes > 0; lanes /= 2) v += __shfl_down(v, lanes);
  if (threadIdx.x % warpSize == 0) part[threadIdx.x / warpSize] = v;
  __syncthreads();
  if (threadIdx.x == 0) { float sum = 0; for (int w = 0; w < blockDim.x / warpSize; ++w) sum += part[w]; out[blockIdx.x] = sum; }
}
extern "C" int scale(float *y, const float *x, float by, int n) {
  float *dx, *dy;
  HIP_CHECK(hipMalloc(&dx, n * sizeof(float))); HIP_CHECK(hipMalloc((void **)&dy, n * sizeof(float)));
  HIP_CHECK(hipMemcpyToSymbol(HIP_SYMBOL(factor), &by, sizeof by));
  HIP_CHECK(hipMemcpy(dx, x, n * sizeof(float), hipMemcpyHostToDevice));
  hipLaunchKernelGGL(HIP_KERNEL_NAME(scaled<float, 3>), dim3((n + 63) / 64), dim3(64), 0, 0, dy, dx, n);
  HIP_CHECK(hipGetLastError());
  HIP_CHECK(hipMemcpy(y, dy, n * sizeof(float), hipMemcpyDeviceToHost));
  HIP_CHECK(hipFree(dx)); HIP_CHECK(hipFree(dy));
  return 0;
}
extern "C" int sums(const float *x, float *out, int blocks) {
  float *dx, *dout;
  hipStream_t stream;
  hipDeviceProp_t properties;
  HIP_CHECK(hipGetDeviceProperties(&properties, 0));
  HIP_CHECK(hipStreamCreate(&stream));
  HIP_CHECK(hipMalloc(&dx, blocks * 256 * 4)); HIP_CHECK(hipHostMalloc(&dout, blocks * 4));
  HIP_CHECK(hipMemcpyAsync(dx, x, blocks * 256 * 4, hipMemcpyHostToDevice, stream));
  wave_sum<<<blocks, 256, 256 / properties.warpSize * sizeof(float), stream>>>(dx, dout);
  HIP_CHECK(hipStreamSynchronize(stream)); HIP_CHECK(hipStreamDestroy(stream));
  std::copy(dout, dout + blocks, out);
  HIP_CHECK(hipFree(dx)); HIP_CHECK(hipHostFree(dout));
  wave_sum<<<1, 2048, 0, 0>>>(nullptr, nullptr);
  return properties.warpSize == 64 && hipGetLastError() == hipErrorInvalidConfiguration ? 0 : -1;
}
"""


@pytest.fixture(scope="module")
def hip():
    return Library(HIP, "whole.hip", "hip")


def floats(n, seed=1):
    return numpy.random.default_rng(seed).standard_normal(n).astype(numpy.float32)


def test_hip_launches_with_its_macro(hip):
    x, y = floats(500), numpy.zeros(500, numpy.float32)
    assert hip.scale(y, x, 2.5, 500) == 0
    assert numpy.allclose(y, 2.5 * x + 3, atol=1e-6)


def test_hip_waves_have_64_lanes(hip):
    x, out = floats(5 * 256), numpy.zeros(5, numpy.float32)
    assert hip.sums(x, out, 5) == 0
    assert numpy.allclose(out, x.reshape(5, 256).sum(1), atol=1e-3)


BANG = r"""
#include <bang.h>
#include <cnrt.h>
#include <vector>
#define CHUNK 128
template <typename T> __mlu_func__ void scale(T *dst, T *src, T by, int n) { __bang_mul_scalar(dst, src, by, n); }
__mlu_global__ void axpy(float *out, const float *a, const float *b, float by, int n) {
  __nram__ float x[CHUNK], y[CHUNK];
  for (int i = taskId * CHUNK; i < n; i += taskDim * CHUNK) {
    int m = n - i < CHUNK ? n - i : CHUNK;
    __memcpy(x, a + i, m * sizeof(float), GDRAM2NRAM);
    __memcpy(y, b + i, m * sizeof(float), GDRAM2NRAM);
    scale(x, x, by, CHUNK);
    __bang_add(x, x, y, CHUNK);
    __memcpy(out + i, x, m * sizeof(float), NRAM2GDRAM);
  }
}
__mlu_global__ void neighbours(int *out) {
  __mlu_shared__ int seen[64];
  __nram__ int mine[16];
  mine[0] = 100 * clusterId + coreId;
  __memcpy(seen + 16 * coreId, mine, 64, NRAM2SRAM);
  __sync_cluster();
  __memcpy(mine, seen + 16 * ((coreId + 1) % 4), 64, SRAM2NRAM);
  out[taskId] = mine[0];
}
extern "C" int run_axpy(float *out, const float *a, const float *b, float by, int n, float *microseconds) {
  cnrtQueue_t queue;
  cnrtNotifier_t start, end;
  CNRT_CHECK(cnrtSetDevice(0));
  CNRT_CHECK(cnrtQueueCreate(&queue)); CNRT_CHECK(cnrtNotifierCreate(&start)); CNRT_CHECK(cnrtNotifierCreate(&end));
  float *d[3];
  for (auto &each : d) CNRT_CHECK(cnrtMalloc((void **)&each, n * sizeof(float)));
  CNRT_CHECK(cnrtMemcpy(d[1], (void *)a, n * sizeof(float), cnrtMemcpyHostToDev));
  CNRT_CHECK(cnrtMemcpy(d[2], (void *)b, n * sizeof(float), CNRT_MEM_TRANS_DIR_HOST2DEV));
  cnrtDim3_t dim = {8, 1, 1};
  CNRT_CHECK(cnrtPlaceNotifier(start, queue));
  axpy<<<dim, cnrtFuncTypeUnion1, queue>>>(d[0], d[1], d[2], by, n);
  CNRT_CHECK(cnrtPlaceNotifier(end, queue)); CNRT_CHECK(cnrtQueueSync(queue)); CNRT_CHECK(cnrtNotifierDuration(start, end, microseconds));
  CNRT_CHECK(cnrtMemcpy(out, d[0], n * sizeof(float), cnrtMemcpyDevToHost));
  for (auto &each : d) CNRT_CHECK(cnrtFree(each));
  CNRT_CHECK(cnrtNotifierDestroy(start)); CNRT_CHECK(cnrtNotifierDestroy(end));
  return cnrtQueueDestroy(queue);
}
extern "C" int run_neighbours(int *out) {
  int *d;
  CNRT_CHECK(cnrtMalloc((void **)&d, 64));
  neighbours<<<cnrtDim3_t{16, 1, 1}, cnrtFuncTypeUnion4, (cnrtQueue_t)0>>>(d);
  CNRT_CHECK(cnrtSyncDevice());
  CNRT_CHECK(cnrtMemcpy(out, d, 64, cnrtMemcpyDevToHost));
  neighbours<<<cnrtDim3_t{15, 1, 1}, cnrtFuncTypeUnion4, (cnrtQueue_t)0>>>(d);
  if (cnrtGetLastError() != cnrtErrorInvalidConfiguration) return -1;
  axpy<<<cnrtDim3_t{1, 1, 1}, cnrtFuncTypeBlock, (cnrtQueue_t)0>>>((float *)d, (float *)d, (float *)d, 1, 1 << 20);
  if (cnrtSyncDevice() != cnrtErrorKernelTrap) return -2;
  return cnrtDeviceReset();
}
"""


@pytest.fixture(scope="module")
def bang():
    return Library(BANG, "whole.mlu", "bang")


def test_bang_with_a_host_of_cnrt(bang):
    a, b, out, microseconds = floats(1000), floats(1000, 2), numpy.zeros(1000, numpy.float32), numpy.zeros(1, numpy.float32)
    assert bang.run_axpy(out, a, b, 0.5, 1000, microseconds) == 0
    assert numpy.allclose(out, 0.5 * a + b, atol=1e-6)
    assert microseconds[0] > 0


def test_bang_clusters_share_what_is_theirs(bang, capfd):
    out = numpy.zeros(16, numpy.int32)
    assert bang.run_neighbours(out) == 0
    assert out.tolist() == [100 * cluster + (core + 1) % 4 for cluster in range(4) for core in range(4)]
    assert "out-of-bounds" in capfd.readouterr().err


KERNELS = r"""
#include <bang.h>
#define N 1000
__nram__ float room[256];
__mlu_entry__ void square(float *out, float *in) {
  int each = (N + 15) / 16, first = (clusterId * 4 + coreId) * each, count = N - first < each ? N - first : each;
  if (count <= 0) return;
  __memcpy(room, in + first, count * sizeof(float), GDRAM2NRAM);
  __bang_mul(room, room, room, 128);
  __memcpy(out + first, room, count * sizeof(float), NRAM2GDRAM);
}
"""


def test_bang_kernels_get_a_host():
    tail, made, refused = wrappers(KERNELS, "bang", lambda _: "unused")
    assert [(each.name, each.launch) for each in made] == [("square_kernel", "16 tasks, Union4: 4 clusters of 4 cores")] and not refused
    library = Library(KERNELS, "kernels.mlu", "bang", tail)
    x, out = floats(1000), numpy.zeros(1000, numpy.float32)
    assert library.square_kernel(out, x) == 0
    assert numpy.allclose(out, x * x)


CUDA_KERNELS = r"""
__global__ void add_kernel(const float *a, const float *b, float *c, int n) { int i = blockIdx.x * blockDim.x + threadIdx.x; if (i < n) c[i] = a[i] + b[i]; }
extern "C" __global__ void __launch_bounds__(256) twice_kernel(float *x) { x[threadIdx.x] *= 2; __syncthreads(); }
template <class T> __global__ void generic(T *x) { *x = 0; }
"""


def test_cuda_kernels_get_a_host():
    launches = {"add_kernel": Launch((4, 1, 1), (256, 1, 1)), "twice_kernel": "its launch is not known"}
    tail, made, refused = wrappers(CUDA_KERNELS, "cuda", launches.__getitem__)
    assert [each.name for each in made] == ["add_kernel", "twice_launch"] and made[1].missing
    assert refused == ("`generic` is a template: which instance is wanted is the host's to say",)
    library = Library(CUDA_KERNELS, "kernels.cu", "cuda", tail)
    a, b, c = floats(1000), floats(1000, 2), numpy.zeros(1000, numpy.float32)
    assert library.add_kernel(a, b, c, 1000) == 0
    assert (c == a + b).all()
    shape = [numpy.array(each, numpy.uint32) for each in ((1, 1, 1), (1000, 1, 1))]
    assert library.twice_launch_on(shape[0], shape[1], 0, c) == 0
    assert (c == 2 * (a + b)).all()
    shape[1][0] = 2000
    assert library.twice_launch_on(shape[0], shape[1], 0, c) == 9


def test_c_and_cpp_files_become_libraries_too():
    c = Library("#include <math.h>\nfloat half(const float *x, int n) { float s = 0; for (int i = 0; i < n; ++i) s += fabsf(x[i]); return s / 2; }\n", "plain.c", "c")
    c._library.half.restype = __import__("ctypes").c_float
    x = floats(100)
    assert abs(c.half(x, 100) - numpy.abs(x).sum() / 2) < 1e-3
    cpp = Library('#include <algorithm>\n#include <vector>\nextern "C" void sorted(float *x, int n) { std::vector<float> v(x, x + n); std::sort(v.begin(), v.end()); '
                  "std::copy(v.begin(), v.end(), x); }\n", "plain.cpp", "c")
    expected = numpy.sort(x)
    cpp.sorted(x, 100)
    assert (x == expected).all()


def test_vector_intrinsics_in_a_c_file():
    text = r"""
#include <immintrin.h>
#include <stdint.h>
void dot(const uint8_t *a, const int8_t *b, int32_t *c) { _mm512_storeu_si512(c, _mm512_dpbusd_epi32(_mm512_setzero_si512(), _mm512_loadu_si512(a), _mm512_loadu_si512(b))); }
"""
    random = numpy.random.default_rng(1)
    a, b, c = random.integers(0, 256, 64).astype(numpy.uint8), random.integers(-128, 128, 64).astype(numpy.int8), numpy.zeros(16, numpy.int32)
    Library(text, "dot.vnni.c", "vnni").dot(a, b, c)
    assert (c == (a.astype(int) * b).reshape(16, 4).sum(1)).all()


EVERY_CUDA_HEADER = r"""
#include <cuda_runtime.h>
#include <cuda_fp16.h>
#include <cuda_bf16.h>
#include <cuda_fp8.h>
#include <mma.h>
#include <cuda/pipeline>
#include <cuda/barrier>
#include <cooperative_groups.h>
#include <cooperative_groups/memcpy_async.h>
#include <iostream>
#include <vector>
#include <complex>
#include <map>
#include <string>
#include <functional>
#include <thread>
#include <chrono>
#include <sstream>
#include <memory>
using namespace std;
using namespace nvcuda;
__global__ void k(half *x, __nv_bfloat16 *y, float *z, int n) {
  __shared__ int s[4];
  unsigned a = (unsigned)__cvta_generic_to_shared(s);
  asm volatile("cp.async.commit_group;\n" ::);
  __pipeline_commit();
  int i = threadIdx.x;
  x[i] = __hadd(x[i], __float2half(1.f)); y[i] = __float2bfloat16(z[i]); z[i] = max(z[i], 1.0f) + pow(z[i], 2) + fabs(z[i]) + abs(z[i]) + min(n, 3) + std::sqrt(z[i]) + isnan(z[i]) + sinf(z[i]) + std::exp(z[i]) + expf(z[i]) + __expf(z[i]) + rsqrtf(z[i]) + floor(z[i]);
}
int main() { half *x; cudaMalloc(&x, 64); __nv_bfloat16 *y; cudaMalloc(&y, 64); float *z; cudaMalloc(&z, 128); cudaMemset(x, 0, 64); cudaMemset(z, 0, 128);
  vector<thread> callers;
  for (int i = 0; i < 4; ++i) callers.emplace_back([=] { for (int j = 0; j < 50; ++j) k<<<1, 32>>>(x, y, z, 32); });
  for (auto &each : callers) each.join();
  half h; cudaMemcpy(&h, x, 2, cudaMemcpyDeviceToHost);
  cout << cudaGetErrorString(cudaDeviceSynchronize()) << " " << (float)h << " " << max(1, 2) << endl; }
"""
EVERY_HIP_HEADER = r"""
#include <hip/hip_runtime.h>
#include <hip/hip_fp16.h>
#include <hip/hip_bf16.h>
#include <rocwmma/rocwmma.hpp>
#include <iostream>
#include <vector>
#include <hip/hip_cooperative_groups.h>
using namespace std;
typedef float floatx4 __attribute__((ext_vector_type(4)));
typedef _Float16 half4 __attribute__((ext_vector_type(4)));
__global__ void k(_Float16 *x, float *z) {
  half4 a = {1, 1, 1, 1}; floatx4 c = {0, 0, 0, 0};
  c = __builtin_amdgcn_mfma_f32_16x16x16f16(a, a, c, 0, 0, 0);
  float4 v = make_float4(1, 2, 3, 4); v = v + v;
  z[threadIdx.x] = c[0] + max(v.x, 1.0f) + min((int)threadIdx.x, 1) + __shfl(v.y, 0);
}
int main() { _Float16 *x; float *z, h; hipMalloc(&x, 64); hipMalloc(&z, 256); k<<<1, 64>>>(x, z); cout << hipGetErrorString(hipDeviceSynchronize()) << " "; hipMemcpy(&h, z, 4, hipMemcpyDeviceToHost); cout << h << " " << max(1, 2) << endl; }
"""


def test_headers_of_the_platform_and_of_cpp_stand_side_by_side():
    """What CUDA and HIP declare in the global namespace, beside `using namespace std`, and four host threads that launch at once."""
    cuda = built(EVERY_CUDA_HEADER, "every.cu", "cuda", host_build.PROGRAM)
    assert host_build.run(cuda, (), 30) == (0, "no error 200 2\n", "")
    hip = built(EVERY_HIP_HEADER, "every.hip", "hip", host_build.PROGRAM)
    assert host_build.run(hip, (), 30) == (0, "no error 22 2\n", "")


# ---- the command line ----------------------------------------------------------------------------------------------------------------

def test_emulate_writes_a_library(tmp_path, capsys):
    kernel, out = tmp_path / "gelu.mlu", tmp_path / "gelu.so"
    assert cli.main(["translate", str(ROOT / "examples/operators/gelu.cu"), "--to", "bang", "--out", str(kernel)]) == 0
    assert cli.main(["emulate", str(kernel), "--so", str(out), "--host"]) == 0
    assert out.exists() and "gelu_kernel" in capsys.readouterr().out


def test_emulate_runs_a_program(tmp_path, capfd):
    file = tmp_path / "status.cu"
    file.write_text('#include <cstdio>\n#include <cstdlib>\n__global__ void k() {}\nint main(int c, char **v) { k<<<1, 1>>>(); printf("%s\\n", v[1]); return atoi(v[2]); }\n')
    assert cli.main(["emulate", str(file), "--run", "--", "hello", "0"]) == 0
    assert capfd.readouterr().out == "hello\n"
    assert cli.main(["emulate", str(file), "--run", "--json", "--", "hello", "7"]) == 1
    found = json.loads(capfd.readouterr().out)["emulated"][0]
    assert (found["status"], found["output"], found["why_not"]) == (7, "hello\n", None)


def test_emulate_declines_what_does_not_compile(tmp_path, capfd):
    file = tmp_path / "bad.cu"
    file.write_text("__global__ void k() {}\nint run() {\n  return nothing;\n}\n")
    assert cli.main(["emulate", str(file), "--so", str(tmp_path / "bad.so"), "--json"]) == 3
    found = json.loads(capfd.readouterr().out)["emulated"][0]
    assert found["why_not"]["line"] == 3 and "nothing" in found["why_not"]["reason"] and found["out"] is None


def test_a_program_that_does_not_end_is_ended(tmp_path, capfd):
    file = tmp_path / "forever.cu"
    file.write_text("int main() { volatile int i = 0; for (;;) ++i; }\n")
    assert cli.main(["emulate", str(file), "--run", "--timeout", "1"]) == 1
    assert "did not end in time" in capfd.readouterr().err


def test_a_program_sees_nothing_of_the_machine(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("x")
    text = f'#include <cstdio>\nint main() {{ return fopen("{secret}", "r") || fopen("/etc/passwd", "r") || fopen("{tmp_path}/new", "w"); }}\n'
    assert host_build.run(built(text, "peek.cu", "cuda", host_build.PROGRAM), (), 20)[0] == 0
    assert not (tmp_path / "new").exists()
