"""What a device would refuse or stop at, in a whole file under emulation: the right error code from the right call, and a sentence with the
place. Every fault is planted."""

import subprocess
import sys
from pathlib import Path

import numpy
import pytest
from emulator.hosting import Library, built
from emulator.running import needs_gcc

from kernelglot.verify import host_build

pytestmark = needs_gcc

LAUNCHES = r"""
#include <cuda_runtime.h>
#include <cassert>
__global__ void set(int *x, int n) { int i = blockIdx.x * blockDim.x + threadIdx.x; if (i < n) x[i] = 1; }
__global__ void past(int *x, int n) { x[n + 4096 * (threadIdx.x + 1)] = 1; }
__global__ void little(char *x, int n) { x[n] = 1; }
__global__ void indexed(int *x, int n) { __shared__ int s[8]; s[threadIdx.x + n] = 1; x[0] = s[0]; }
__global__ void divided(int *x, int n) { x[0] = 5 / n; }
__global__ void asserted(int *x, int n) { assert(n == 3); x[0] = n; }
__global__ void trapped(int *x, int n) { if (n) __trap(); }
__global__ void uneven(int *x, int n) { if (threadIdx.x < n) __syncthreads(); else
  __syncthreads(); x[0] = 1; }
__global__ void null_pointer(int *x, int n) { int *p = nullptr; p[n] = *x; }
__global__ void dynamic(int *x, int n) { extern __shared__ int d[]; d[n] = 1; }
__device__ int *kept;
__global__ void remember(int *x, int n) { if (n) *kept = 1; else kept = x; }
extern "C" int reset() { return cudaDeviceReset(); }
extern "C" int threads(int x, int y, int z, int grid) {
  int *d;
  cudaMalloc(&d, 16);
  cudaMemset(d, 0, 16);
  set<<<grid, dim3(x, y, z)>>>(d, 4);
  int first = cudaPeekAtLastError(), same = cudaGetLastError(), after = cudaGetLastError(), result = -1;
  cudaMemcpy(&result, d, 4, cudaMemcpyDeviceToHost);
  cudaFree(d);
  return first != same || after ? -1 : 10 * first + result;
}
extern "C" int shared(int bytes) {
  int *d;
  cudaMalloc(&d, 16);
  dynamic<<<1, 1, bytes>>>(d, 0);
  cudaFree(d);
  return cudaGetLastError();
}
extern "C" int run(int which, int n) {
  int *d;
  cudaMalloc(&d, 40);
  cudaMemset(d, 0, 40);
  switch (which) {
    case 0: past<<<1, 1>>>(d, n); break;
    case 1: indexed<<<1, 4>>>(d, n); break;
    case 2: divided<<<1, 1>>>(d, n); break;
    case 3: asserted<<<1, 1>>>(d, n); break;
    case 4: trapped<<<1, 1>>>(d, n); break;
    case 5: uneven<<<2, 64>>>(d, n); break;
    case 6: null_pointer<<<1, 1>>>(d, n); break;
    case 7: little<<<1, 1>>>((char *)d, n); break;
    case 8: dynamic<<<1, 1, 64>>>(d, n); break;
    case 9: remember<<<1, 1>>>(d, 0); cudaDeviceSynchronize(); cudaFree(d); cudaMalloc(&d, 40); remember<<<1, 1>>>(d, 1); break;
    case 10: { int on_host[4] = {0}; set<<<1, 4>>>(on_host, n); break; }
  }
  int launched = cudaPeekAtLastError() && which != 10 ? 0 : 0;
  return launched + cudaDeviceSynchronize();
}
extern "C" int still() {
  int *d = nullptr, h = 0;
  int first = cudaMalloc(&d, 4), second = cudaMemcpy(&h, &h, 4, cudaMemcpyHostToHost), third = cudaGetLastError(), fourth = cudaGetLastError();
  return first == second && third == fourth && first == third ? first : -1;
}
extern "C" int calls(int which) {
  int *d, h[4] = {0};
  if (cudaMalloc(&d, 16)) return -1;
  switch (which) {
    case 0: return cudaMemcpy(d, h, 20, cudaMemcpyHostToDevice);
    case 1: return cudaMemcpy(h, d, 16, cudaMemcpyHostToDevice);
    case 2: return cudaMemcpy(h, h, 16, cudaMemcpyDeviceToHost);
    case 3: return cudaFree(d + 1);
    case 4: return cudaFree(d) ? -1 : cudaFree(d);
    case 5: return cudaMemset(d + 2, 0, 12);
    case 6: return cudaMalloc(&d, (size_t)1 << 50);
    case 7: return cudaSetDevice(3);
    case 8: return cudaMemcpy(d, h, 16, (cudaMemcpyKind)9);
    case 9: return cudaFuncSetAttribute(dynamic, cudaFuncAttributeMaxDynamicSharedMemorySize, 1 << 20);
    case 10: return cudaMemset(h, 0, 16);
  }
  return -1;
}
extern "C" int text(int code, char *to) { return snprintf(to, 100, "%s: %s", cudaGetErrorName((cudaError_t)code), cudaGetErrorString((cudaError_t)code)); }
extern "C" int touch(int write) { int *d; cudaMalloc(&d, 16); cudaMemset(d, 0, 16); if (write) *d = 1; return *d; }
"""


@pytest.fixture(scope="module")
def library():
    return Library(LAUNCHES, "launches.cu")


@pytest.fixture
def device(library):
    yield library
    library.reset()


@pytest.mark.parametrize(("block", "grid", "result"), [
    ((4, 1, 1), 1, 1), ((1024, 1, 1), 1, 1), ((1025, 1, 1), 1, 90), ((32, 33, 1), 1, 90), ((1, 1, 65), 1, 90), ((0, 1, 1), 1, 90), ((4, 1, 1), 0, 90)])
def test_a_launch_that_is_refused_does_not_happen(device, block, grid, result):
    assert device.threads(*block, grid) == result


def test_dynamic_shared_memory_has_a_limit(device):
    assert device.shared(49152) == 0
    assert device.shared(49153) == 1


@pytest.mark.parametrize(("which", "n", "code", "words"), [
    (0, 10, 700, ("launches.cu:5: out-of-bounds: writes byte 16424 of a device allocation of 40 bytes", "kernel `past`")),
    (1, 5, 700, ("launches.cu:7: out-of-bounds: index 8 is outside of the array of type 'int [8]'", "thread (3,0,0) of block (0,0,0)")),
    (2, 0, 719, ("launches.cu:8: crash: division of an integer by zero",)),
    (3, 4, 710, ("launches.cu:9: assertion: assertion failed: n == 3",)),
    (4, 1, 719, ("launches.cu:10: crash: __trap() was called",)),
    (5, 40, 719, ("launches.cu:11: divergent-barrier:",)),
    (6, 0, 700, ("launches.cu:13: out-of-bounds: writes address 0, a null pointer",)),
    (7, 40, 700, ("out-of-bounds: kernel `little` has written byte 40 of a device allocation of 40 bytes",)),
    (8, 20, 700, ("out-of-bounds: write 16 bytes past the 64 bytes of dynamic shared memory", "kernel `dynamic`")),
    (9, 0, 700, ("launches.cu:16: out-of-bounds: writes device memory that was freed (an allocation of 40 bytes)",)),
    (10, 4, 700, ("scope: kernel `set` is given a host pointer as argument 1",)),
])
def test_a_fault_is_told_and_stays(device, capfd, which, n, code, words):
    assert device.run(which, n) == code
    told = capfd.readouterr().err
    assert all(part in told for part in words), told
    assert told.count("kernelglot: ") == 1 and told.startswith("kernelglot: launches.cu:")
    assert device.still() == code
    assert capfd.readouterr().err == ""
    device.reset()
    assert device.threads(4, 1, 1, 1) == 1


@pytest.mark.parametrize(("which", "code"), [(0, 1), (1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (6, 2), (7, 101), (8, 21), (9, 1), (10, 1)])
def test_a_call_that_is_wrong_says_so(device, which, code):
    assert device.calls(which) == code


def test_errors_have_their_names(library):
    room = numpy.zeros(100, numpy.uint8)
    shown = {code: bytes(room[:library.text(code, room)]).decode() for code in (0, 1, 2, 9, 700, 12345)}
    assert shown == {0: "cudaSuccess: no error", 1: "cudaErrorInvalidValue: invalid argument", 2: "cudaErrorMemoryAllocation: out of memory",
                     9: "cudaErrorInvalidConfiguration: invalid configuration argument",
                     700: "cudaErrorIllegalAddress: an illegal memory access was encountered", 12345: "unrecognized error code: unrecognized error code"}


@pytest.mark.parametrize("write", [0, 1])
def test_host_code_that_touches_device_memory_is_told(write):
    path = built(LAUNCHES, "launches.cu", "cuda").path
    code = f"import ctypes; ctypes.CDLL({path!r}).touch({write})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == -11 and "scope: host code touches device memory" in done.stderr
    allowed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env={"KERNELGLOT_HOST_ACCESS": "allow"})
    assert allowed.returncode == 0, allowed.stderr


def test_what_was_not_written_is_no_number():
    text = r"""
#include <cstdio>
#include <cmath>
template <int N> __global__ void sum(const float *x, float *y) {
  __shared__ float s[N];
  if (threadIdx.x < N / 2) s[threadIdx.x] = x[threadIdx.x];
  __syncthreads();
  y[threadIdx.x] = s[threadIdx.x];
}
int main() {
  float *x, *y, h[8];
  cudaMalloc(&x, 32); cudaMalloc(&y, 32);
  cudaMemcpy(h, y, 32, cudaMemcpyDeviceToHost);
  printf("%d ", (int)std::isnan(h[3]));
  for (float &each : h) each = 1;
  cudaMemcpy(x, h, 32, cudaMemcpyHostToDevice);
  sum<8><<<1, 8>>>(x, y);
  cudaMemcpy(h, y, 32, cudaMemcpyDeviceToHost);
  printf("%g %d\n", h[3], (int)std::isnan(h[4]));
}
"""
    assert host_build.run(built(text, "poison.cu", "cuda", host_build.PROGRAM), (), 20) == (0, "1 1 1\n", "")


def test_a_barrier_of_the_grid_needs_a_cooperative_launch():
    text = r"""
#include <cooperative_groups.h>
#include <cstdio>
__global__ void k(int *x) { cooperative_groups::this_grid().sync(); *x = 1; }
__global__ void leaves(int *x) { if (blockIdx.x) cooperative_groups::this_grid().sync(); *x = 1; }
int main() {
  int *x;
  cudaMalloc(&x, 4);
  k<<<2, 32>>>(x);
  printf("%d ", (int)cudaDeviceSynchronize());
  cudaDeviceReset();
  cudaMalloc(&x, 4);
  void *arguments[] = {&x};
  printf("%d ", (int)cudaLaunchCooperativeKernel((void *)leaves, 2, 32, arguments));
  printf("%d\n", (int)cudaDeviceSynchronize());
}
"""
    status, output, errors = host_build.run(built(text, "grid.cu", "cuda", host_build.PROGRAM), (), 20)
    assert (status, output) == (0, "719 0 719\n")
    assert "grid.cu:4: launch: a grid-wide barrier" in errors
    assert "grid.cu:5: divergent-barrier: blocks wait at the barrier of the grid for blocks that have ended" in errors


def test_the_library_stands_alone(tmp_path: Path):
    """Nothing of this repository, and nothing of Python, is needed by it."""
    built_ = built(LAUNCHES, "launches.cu", "cuda")
    needed = subprocess.run(["ldd", built_.path], capture_output=True, text=True, check=True).stdout
    assert {line.split()[0].partition(".so")[0] for line in needed.splitlines()} <= {
        "linux-vdso", "libstdc++", "libm", "libgcc_s", "libc", "libpthread", "/lib64/ld-linux-x86-64"}
