"""How a translated kernel learns its launch: from its parameters, from its guards, from a further parameter, or as a number."""

from __future__ import annotations

import pytest

from kernelglot import session
from kernelglot.analysis.coverage import blocks_needed
from kernelglot.dialects import base
from kernelglot.dialects.c.emit import STYLE
from kernelglot.dialects.emit_c import Printer
from kernelglot.frontend.lower import lower
from kernelglot.ir.nodes import BLOCK_AXES, Literal
from kernelglot.plan.launch import launched
from kernelglot.verify.cases import Scalar
from kernelglot.verify.discover import discover

CUDA = base.load("cuda").spelling
GUARDED = """__global__ void scale(const float *x, float *y, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) y[i] = 2.0f * x[i];
}"""
ROWS = """__global__ void first(const float *x, float *y, int cols) {
  if (threadIdx.x == 0) y[blockIdx.x] = x[blockIdx.x * cols];
}"""


def known(text: str, name: str = ""):
    module = lower(text, CUDA, "kernel.cu")
    kernel = next(k for k in module.kernels if not name or k.name == name)
    return launched(kernel, discover(text, "kernel.cu", module, kernel, CUDA))


def grid(text: str) -> list[str]:
    return [Printer(STYLE).expr(extent) for extent in known(text).shape.grid]


@pytest.mark.parametrize("guard", ["if (i < n)", "if (!(i >= n))", "if (n > i)", "if (i <= n - 1)", "if (i >= n) return;", "if (i + 1 > n) return;"])
def test_a_guard_says_how_many_blocks_are_needed(guard: str) -> None:
    text = GUARDED.replace("if (i < n)", guard)
    kernel = lower(text, CUDA, "kernel.cu").kernels[0]
    block = (Literal(256), Literal(1), Literal(1))
    found = [Printer(STYLE).expr(extent) for extent in blocks_needed(kernel, BLOCK_AXES[0], block)]
    assert "(n + 255) / 256" in found


def test_what_the_host_computes_from_an_argument_is_kept() -> None:
    host = "int main() { int n = 1000; float *x, *y; cudaMalloc(&x, n * 4); cudaMalloc(&y, n * 4); scale<<<(n + 127) / 128, 128>>>(x, y, n); }"
    assert grid(f"{GUARDED}\n{host}")[0] == "(n + 127) / 128"
    assert known(f"{GUARDED}\n{host}").assumptions == ()


SHARED = """struct S { int n; int most; };
__global__ void turn(const float *x, float *y, const S s) {
  extern __shared__ float sm[];
  for (int j = threadIdx.x; j < s.n; j += blockDim.x) sm[j] = x[j];
  __syncthreads();
  for (int j = threadIdx.x; j < s.n; j += blockDim.x) y[j] = sm[s.n - 1 - j];
}
int main() {
  S s = {50, 60};
  float *x, *y;
  cudaMalloc(&x, s.n * sizeof(float)); cudaMalloc(&y, s.n * sizeof(float));
  turn<<<1, 128, s.most * sizeof(float)>>>(x, y, s);
}"""


def test_dynamic_shared_memory_that_only_the_host_can_size_becomes_a_parameter() -> None:
    found = known(SHARED)
    assert [p.name for p in found.kernel.params if p.launch] == ["most"]
    assert Printer(STYLE).expr(found.shape.shared_bytes) == "most * 4ull"
    assert {a.value for case in found.cases for a in case.arguments if a.name == "most"} == {60}


def test_what_only_this_host_computes_from_its_sizes_is_not_believed_of_others() -> None:
    """The host's own formula ties two arguments together; a caller that pads one of them more is right as well."""
    text = """__global__ void up(const float *x, float *y, int Hi, int Wi, int s, int p, int K, int Ho, int Wo) {
  int w = blockIdx.x * blockDim.x + threadIdx.x, h = blockIdx.y;
  if (w < Wo && h < Ho) y[h * Wo + w] = x[min(h / s, Hi - 1) * Wi + min(w / s, Wi - 1)];
}
int main() {
  const int Hi = 7, Wi = 9, s = 2, p = 1, K = 4;
  const int Ho = (Hi - 1) * s - 2 * p + K, Wo = (Wi - 1) * s - 2 * p + K;
  float *x, *y;
  cudaMalloc(&x, Hi * Wi * sizeof(float)); cudaMalloc(&y, Ho * Wo * sizeof(float));
  up<<<dim3((Wo + 7) / 8, Ho), 8>>>(x, y, Hi, Wi, s, p, K, Ho, Wo);
}"""
    assert grid(text)[:2] == ["(Wo + 7) / 8", "Ho"]


@pytest.mark.parametrize("text", [
    GUARDED,                                                                                        # nothing in the file launches it
    f"// kernelglot: launch grid=(4) block=(256) n=1000 x=float[1000] y=float[1000]:out\n{GUARDED}",
    GUARDED + "\n#define SIZE 1000\nint main() { float *x, *y; cudaMalloc(&x, SIZE * 4); cudaMalloc(&y, SIZE * 4);"
              " scale<<<(SIZE + 255) / 256, 256>>>(x, y, SIZE); }",
], ids=["alone", "comment", "constant in the host"])
def test_a_launch_of_numbers_is_read_with_the_guards(text: str) -> None:
    assert grid(text)[0] == "(n + 255) / 256"


def test_an_extent_that_only_the_host_knows_becomes_a_parameter() -> None:
    host = ("int main() { int rows = 19, cols = 30; float *x, *y; cudaMalloc(&x, rows * cols * 4); cudaMalloc(&y, rows * 4);"
            " first<<<rows, 32>>>(x, y, cols); }")
    found = known(f"{ROWS}\n{host}")
    assert [p.name for p in found.kernel.params] == ["x", "y", "cols", "rows"]
    assert len(found.cases) > 1                                    # the launch holds for other sizes as well
    assert all(case.argument("rows") == Scalar("rows", "i32", case.launch.grid[0]) for case in found.cases)
    assert [p.name for p in found.kernel.params if p.launch] == ["rows"]


def test_a_further_parameter_that_no_loop_asks_for_is_left_out() -> None:
    text = """__global__ void add(const float *x, float *y, int n) {
  for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += blockDim.x * gridDim.x) y[i] += x[i];
}
int main() {
  int n = 1000, blocks = 3;
  float *x, *y;
  cudaMalloc(&x, n * 4); cudaMalloc(&y, n * 4);
  add<<<blocks, 128>>>(x, y, n);
}"""
    (kernel,) = session.translate("add.cu", text, "c").kernels
    assert kernel.verdict is not None and kernel.verdict.rung == "exact"
    assert "void add(const float *x, float *y, int n) {" in kernel.text and "blocks" not in kernel.text


def test_the_host_s_variable_inside_an_extent_becomes_the_parameter() -> None:
    text = """__global__ void planes(const float *x, float *y, int channels) {
  int n = blockIdx.x / channels, c = blockIdx.x % channels;
  y[(n * channels + c) * 32 + threadIdx.x] = x[(n * channels + c) * 32 + threadIdx.x] + c;
}
int main() {
  int batch = 3, channels = 5;
  float *x, *y;
  cudaMalloc(&x, batch * channels * 32 * 4); cudaMalloc(&y, batch * channels * 32 * 4);
  planes<<<batch * channels, 32>>>(x, y, channels);
}"""
    found = known(text)
    assert Printer(STYLE).expr(found.shape.grid[0]) == "batch * channels"
    assert [case.argument("batch").value * case.argument("channels").value for case in found.cases] == [c.launch.grid[0] for c in found.cases]
    (made,) = session.translate("planes.cu", text, "c").kernels
    assert made.verdict is not None and made.verdict.rung == "exact"
    assert "for (int n = 0; n < batch; ++n)\n    for (int c = 0; c < channels; ++c)" in made.text


def test_without_a_host_the_further_parameter_is_named_after_the_axis() -> None:
    found = known(ROWS.replace("float *y,", "float *y, int grid_x,"))
    assert [p.name for p in found.kernel.params] == ["x", "y", "grid_x", "cols", "grid_x_2"]


def test_a_grid_that_is_a_number_in_the_host_stays_one() -> None:
    host = "int main() { float *x, *y; cudaMalloc(&x, 19 * 30 * 4); cudaMalloc(&y, 19 * 4); first<<<19, 32>>>(x, y, 30); }"
    found = known(f"{ROWS}\n{host}")
    assert found.shape.grid[0] == Literal(19) and [p.name for p in found.kernel.params] == ["x", "y", "cols"]
    assert found.assumptions == ("the grid's x extent is fixed at 19, as the host code launches it",)


def test_a_kernel_without_host_code_is_tested_at_several_sizes() -> None:
    found = known(GUARDED)
    assert [(case.argument("n").value, case.launch.grid[0], case.varied) for case in found.cases] == [
        (1000, 4, False), (600, 3, True), (1, 1, True), (257, 2, True), (15, 1, True), (512, 2, True), (17, 1, True), (255, 1, True),
        (521, 3, True), (18, 1, True)]
