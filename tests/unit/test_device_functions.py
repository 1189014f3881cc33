"""Device functions of every shape: what they return, from where, and which of several is meant."""

from __future__ import annotations

import pytest

from kernelglot import session

LAUNCH = "// kernelglot: launch grid=(3) block=(64) n=150 a=float[150] out=float[150]:out\n"
KERNEL = """__global__ void k(const float *a, float *out, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) { float x = a[i]; out[i] = %s; }
}
"""
PAIR = """struct Pair { float mean; float count; };
__device__ Pair merged(Pair a, Pair b) {
  if (a.count == 0.0f) return b;
  if (b.count == 0.0f) { Pair c = a; c.mean += 1.0f; return c; }
  return {a.mean + b.mean, a.count + b.count};
}
__device__ float2 swapped(float2 v) {
  if (v.x > v.y) return make_float2(v.y, v.x);
  return v;
}
"""
SEARCH = """__device__ int first_above(const float *a, float limit, int n) {
  for (int i = 0; i < n; ++i) {
    if (a[i] > limit) return i;
    for (int j = 0; j < 3; ++j)
      if (a[i] * j > 2.5f) return 1000 + i;
  }
  return -1;
}
__device__ bool all_small(const float *a, int n) {
  int i = 0;
  while (i < n) {
    if (a[i] > 3.0f) return false;
    ++i;
  }
  return true;
}
"""
CHOICES = """template <typename T> __device__ T half_of(T x) { return x / (T)2; }
template <> __device__ float half_of(float x) { return 0.5f * x + 1.0f; }
template <typename T> __device__ float named() { return 1.0f; }
template <> __device__ float named<int>() { return 2.0f; }
__device__ float twice(float x) { return 2.0f * x; }
template <typename T> __device__ T twice(T x) { return x + x + (T)1; }
"""


@pytest.mark.parametrize("target", ["c", "vnni", "bang"])
@pytest.mark.parametrize(
    ("functions", "value"),
    [
        (PAIR, "merged(merged(Pair{x, i % 3 == 0 ? 0.0f : 2.0f}, Pair{x + 1.0f, i % 2 == 0 ? 0.0f : 1.0f}), Pair{0.5f, 1.0f}).mean"),
        (PAIR, "swapped(make_float2(x, 0.5f)).x"),
        (SEARCH, "(float)first_above(a, x, n > 20 ? 20 : n)"),
        (SEARCH, "all_small(a, i) ? x : -x"),
        (CHOICES, "half_of(x) + half_of<float>(x) + (float)half_of(i)"),
        (CHOICES, "named<int>() + 4.0f * named<float>()"),
        (CHOICES, "twice(x) + (float)twice(i)"),
    ],
)
def test_device_functions(functions: str, value: str, target: str) -> None:
    (kernel,) = session.translate("k.cu", functions + LAUNCH + KERNEL % value, target).kernels
    assert kernel.verdict is not None and kernel.verdict.accepted, kernel.as_json()


def test_what_a_kernel_prints_goes_nowhere() -> None:
    """libc asks what kind of file its output is, which the sandbox forbids, unless it has a buffer already."""
    text = "#include <stdio.h>\n" + LAUNCH + KERNEL.replace("float x", 'if (i == 7) printf("%%d of %%d\\n", i, n); float x') % "x"
    (kernel,) = session.translate("k.cu", text, "c").kernels
    assert kernel.verdict is not None and kernel.verdict.accepted, kernel.as_json()
    assert "printf" not in kernel.text
