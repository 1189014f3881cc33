"""Test cases of the kernels that come with the repository: all found in host code, and every buffer exactly as long as the kernel needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from kernelglot.dialects.base import of_path
from kernelglot.frontend.lower import lower
from kernelglot.frontend.syntax import device_text
from kernelglot.verify.arguments import Draft, prints
from kernelglot.verify.cases import Buffer, Scalar
from kernelglot.verify.discover import discover

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted([*(ROOT / "examples" / "operators").glob("*.cu"), *(ROOT / "tests" / "kernels").glob("*.cu")])


def found(path: Path):
    text, dialect = path.read_text(encoding="utf-8"), of_path(path.name)
    assert dialect is not None
    module = lower(text, dialect.spelling)
    return [(kernel, discover(text, path, module, kernel, dialect.spelling)) for kernel in module.kernels]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_host_code_gives_cases(path: Path):
    results = found(path)
    assert results
    for kernel, discovery in results:
        assert discovery.missing is None
        assert {case.origin for case in discovery.cases} == {"host"}
        for case in discovery.cases:
            assert [argument.name for argument in case.arguments] == [param.name for param in kernel.params]
            assert case.results


# What these touch is less than intervals can tell: one component of a vector; a halo that conditions cut; whole tiles of a power of two.
INEXACT = {"block_by_choice", "bodies_in_one_buffer", "hotspot_ranges", "switch_dispatch"}


@pytest.mark.parametrize("path", [path for path in FILES if path.stem not in INEXACT], ids=lambda path: path.stem)
def test_what_the_kernel_touches_is_what_the_host_allocates(path: Path):
    for kernel, discovery in found(path):
        for case in discovery.cases:
            draft = Draft(case.launch, {a.name: a.value for a in case.arguments if isinstance(a, Scalar)})
            ranges = {a.name: (a.low, a.high) for a in case.arguments if isinstance(a, Buffer) and a.low is not None and a.high is not None}
            uses = prints(kernel, draft, ranges).uses
            for buffer in case.buffers:
                use = uses[buffer.name]
                assert use.elements is not None, buffer
                assert use.range[0] >= 0, buffer
                assert use.elements <= buffer.elements, buffer
                if case is discovery.cases[0] and buffer.low is None and not ranges:
                    assert use.elements == buffer.elements, buffer


@pytest.mark.parametrize("stem, sizes, grid, roles", [
    ("gemm_naive", {"M": 50, "N": 70, "K": 45}, (4, 5, 1), {"A": "in", "B": "in", "C": "inout"}),
    ("softmax_row", {"nrows": 45, "ncols": 25}, (2, 1, 1), {"x": "in", "y": "inout"}),
    ("layernorm", {"hidden": 200}, (28, 1, 1), {"x": "in", "gamma": "in", "beta": "in", "y": "out"}),
    ("batchnorm_inference", {"channels": 10, "plane": 180}, (10, 3, 1), {"input": "in", "mean": "in", "output": "out"}),
    ("reduce_sum_atomic", {"N": 12345}, (8, 1, 1), {"in": "in", "result": "inout"}),
    ("conv2d", {"P": 19, "Q": 21}, (3, 3, 10), {"input": "in", "output": "out"}),
])
def test_the_first_case_is_the_host_s_own(stem: str, sizes: dict, grid: tuple, roles: dict):
    path = next(path for path in FILES if path.stem == stem)
    case = found(path)[0][1].cases[0]
    assert {name: case.argument(name).value for name in sizes} == sizes
    assert case.launch.grid == grid
    assert {name: case.argument(name).role for name in roles} == roles


def test_index_data_that_the_file_spells_out_is_narrowed_so_that_nothing_leaves_its_buffer():
    path = next(path for path in FILES if path.stem == "deformable_attention")
    case = found(path)[0][1].cases[0]
    shapes, start = case.argument("spatial_shapes"), case.argument("level_start")
    assert (shapes.low, start.low) == (3, 0)
    assert start.high + shapes.high**2 <= 159
    assert any("instead of 0..150" in sentence for sentence in case.assumptions)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_kernels_without_their_host_code_are_inferred(path: Path):
    dialect = of_path(path.name)
    assert dialect is not None
    text = device_text(path.read_text(encoding="utf-8"), dialect.spelling)
    module = lower(text, dialect.spelling)
    for kernel in module.kernels:
        discovery = discover(text, "/nowhere/k.cu", module, kernel, dialect.spelling)
        if discovery.missing is not None:
            assert path.stem == "conv1d" and "// kernelglot: launch" in discovery.missing
            continue
        first, *others = discovery.cases
        assert first.origin == "inferred" and first.assumptions and not first.varied
        assert all(case.varied and case.launch.block == first.launch.block for case in others)
        for case in discovery.cases:
            draft = Draft(case.launch, {a.name: a.value for a in case.arguments if isinstance(a, Scalar)})
            ranges = {a.name: (a.low, a.high) for a in case.buffers if a.low is not None and a.high is not None}
            assert not prints(kernel, draft, ranges).overflowing
            assert max(buffer.elements for buffer in case.buffers) < 1 << 20


# What a benchmark file looks like: sizes baked into the kernel, and a launcher that gets them again from outside.
GEMM = """#include <mma.h>
using namespace nvcuda;
__global__ void gemm(half *A, half *B, float *C) {
  int tile_m = blockIdx.x; int tile_n = blockIdx.y;
  wmma::fragment<wmma::matrix_a, 16, 16, 16, half, wmma::row_major> a;
  wmma::fragment<wmma::matrix_b, 16, 16, 16, half, wmma::row_major> b;
  wmma::fragment<wmma::accumulator, 16, 16, 16, float> c;
  wmma::fill_fragment(c, 0.0f);
  for (int k = 0; k < 128; k += 16) {
    wmma::load_matrix_sync(a, A + tile_m * 16 * 128 + k, 128);
    wmma::load_matrix_sync(b, B + k * 64 + tile_n * 16, 64);
    wmma::mma_sync(c, a, b, c);
  }
  wmma::store_matrix_sync(C + tile_m * 16 * 64 + tile_n * 16, c, 64, wmma::mem_row_major);
}
extern "C" void gemm_kernel(half *A, half *B, float *C, int m, int k, int n) {
  half *d_A, *d_B; float *d_C;
  cudaMalloc(&d_A, m * k * sizeof(half)); cudaMalloc(&d_B, k * n * sizeof(half)); cudaMalloc(&d_C, m * n * sizeof(float));
  dim3 numBlocks((m + 15) / 16, (n + 15) / 16);
  gemm<<<numBlocks, dim3(32)>>>(d_A, d_B, d_C);
}
"""
GATHER = """#include <cstdint>
__global__ void gather(const float *params, const int64_t *indices, float *output, int N) {
  int64_t idx = blockIdx.x * blockDim.x + threadIdx.x;
  if (idx >= (int64_t)50 * N * 4) return;
  int64_t k = idx % 4, n = (idx / 4) % N, i = idx / (4 * N), g = indices[n];
  if (g < 0 || g >= 128) { output[idx] = 0; return; }
  output[idx] = params[(i * 128 + g) * 4 + k];
}
extern "C" void gather_kernel(const float *params, const int64_t *indices, float *output, int N) {
  float *p, *o; int64_t *i; size_t bytes = 50 * 128 * 4 * sizeof(float);
  cudaMalloc(&p, bytes); cudaMalloc(&i, N * sizeof(int64_t)); cudaMalloc(&o, (size_t)50 * N * 4 * sizeof(float));
  gather<<<((int64_t)50 * N * 4 + 255) / 256, 256>>>(p, i, o, N);
}
"""
MISMATCH = """__global__ void k(float *x, float *y) { if (threadIdx.x < 45) for (int i = 0; i < 25; ++i) y[threadIdx.x * 25 + i] = x[threadIdx.x * 25 + i]; }
void run(int rows) { float *x, *y; cudaMalloc(&x, rows * 4); cudaMalloc(&y, rows * 4); k<<<1, 45>>>(x, y); }
"""


def of_text(text: str):
    dialect = of_path("a.cu")
    assert dialect is not None
    module = lower(text, dialect.spelling)
    return discover(text, "/nowhere/a.cu", module, module.kernels[0], dialect.spelling).cases


def test_a_launcher_s_sizes_are_those_that_make_every_buffer_fit():
    case = of_text(GEMM)[0]
    assert case.launch.grid == (2, 4, 1)
    assert {buffer.name: buffer.elements for buffer in case.buffers} == {"A": 32 * 128, "B": 128 * 64, "C": 32 * 64}


def test_an_index_that_the_kernel_checks_gets_values_on_both_sides_of_the_check():
    cases = of_text(GATHER)
    assert [case.argument("N").value for case in cases] == [1000, 599, 1, 15, 17, 18, 512]
    assert {(case.argument("indices").low, case.argument("indices").high) for case in cases} == {(-1, 128)}
    assert {case.argument("params").elements for case in cases} == {25600}


def test_assumed_sizes_never_make_a_buffer_too_short():
    case = of_text(MISMATCH)[0]
    assert {buffer.elements for buffer in case.buffers} == {45 * 25}

def test_a_counter_that_hands_out_places_starts_at_zero() -> None:
    text = """__global__ void compact(const float *x, int *counter, float *out, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n && x[i] > 0.0f) { int at = atomicAdd(counter, 1); out[at] = 1.0f; }
}"""
    cuda = of_path("k.cu").spelling
    module = lower(text, cuda, "k.cu")
    first, *_ = discover(text, "/nowhere/k.cu", module, module.kernels[0], cuda).cases
    sizes = {buffer.name: buffer.elements for buffer in first.buffers}
    assert sizes["counter"] == 1 and (first.argument("counter").low, first.argument("counter").high) == (0, 0)
    assert sizes["out"] >= sizes["x"] == 1000
    assert any("`counter` starts at 0" in assumption for assumption in first.assumptions)


def test_truth_values_are_zero_or_one() -> None:
    text = """__global__ void masked(const float *x, const bool *mask, float *y, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) y[i] = mask[i] ? x[i] : 0.0f;
}"""
    cuda = of_path("k.cu").spelling
    module = lower(text, cuda, "k.cu")
    first, *_ = discover(text, "/nowhere/k.cu", module, module.kernels[0], cuda).cases
    assert (first.argument("mask").low, first.argument("mask").high) == (0, 1)
