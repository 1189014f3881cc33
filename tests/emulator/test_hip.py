"""The HIP emulator against numpy, above all where it differs from CUDA: waves of 64, functions without a mask, MFMA layouts."""

from __future__ import annotations

import numpy
import pytest
from emulator.running import needs_gcc, run

from kernelglot.verify.emulate import Faulted

pytestmark = needs_gcc


def per_lane(expression: str, threads: int = 64, architecture: str = "gfx90a", c_type: str = "int", dtype: type = numpy.int32) -> numpy.ndarray:
    text = f"#include <hip/hip_runtime.h>\n__global__ void k({c_type} *out) {{\n  int lane = threadIdx.x;\n  out[lane] = {expression};\n}}"
    return run(text, "k", {"out": numpy.zeros(threads, dtype)}, block=(threads,), dialect="hip", architecture=architecture)["out"]


@pytest.mark.parametrize("architecture, wave", [("", 64), ("gfx942", 64), ("gfx1100", 32), ("gfx1201", 32)])
def test_the_architecture_decides_the_wave(architecture: str, wave: int) -> None:
    lanes = numpy.arange(128)
    assert (per_lane("warpSize", 128, architecture) == wave).all()
    assert (per_lane("__shfl_down(lane, 1)", 128, architecture) == numpy.where(lanes % wave == wave - 1, lanes, lanes + 1)).all()
    full = (1 << wave) - 1
    assert (per_lane("__ballot(1)", 128, architecture, "unsigned long long", numpy.uint64) == full).all()


def test_functions_without_a_mask_take_the_lanes_that_are_there() -> None:
    got = per_lane("lane < 20 ? __shfl_xor(lane, 1) : (int)__popcll(__activemask())")
    assert (got[:20] == numpy.arange(20) ^ 1).all() and (got[20:] == 44).all()


def test_a_sync_mask_must_have_64_bits() -> None:
    assert (per_lane("__shfl_sync(0xffffffffffffffffull, lane, 3)") == 3).all()
    with pytest.raises(Faulted) as faulted:
        per_lane("__shfl_sync(0xffffffffu, lane, 3)")
    assert faulted.value.fault.kind == "compile-error"


def test_vector_types_have_operators() -> None:
    assert (per_lane("(int)(make_float4(1, 2, 3, 4) * 2.0f + make_float4(lane, 0, 0, 0)).x") == numpy.arange(64) + 2).all()


def layout(rows: int, elements: int) -> tuple[numpy.ndarray, numpy.ndarray]:
    """For each lane and operand element: its row (A) or column (B), and its k."""
    lane, element = numpy.meshgrid(numpy.arange(64), numpy.arange(elements), indexing="ij")
    return lane % rows, elements * (lane // rows) + element


@pytest.mark.parametrize("suffix, rows, elements, operand", [
    ("f32_16x16x4f32", 16, 1, "float"), ("f32_32x32x2f32", 32, 1, "float"), ("f32_16x16x16f16", 16, 4, "half"), ("f32_32x32x8f16", 32, 4, "half")])
def test_mfma_layouts(suffix: str, rows: int, elements: int, operand: str) -> None:
    rng = numpy.random.default_rng(1)
    depth, results = elements * 64 // rows, rows * rows // 64
    dtype = numpy.float32 if operand == "float" else numpy.float16
    a, b = rng.integers(-4, 5, (rows, depth)).astype(dtype), rng.integers(-4, 5, (depth, rows)).astype(dtype)
    c = rng.integers(-4, 5, (64, results)).astype(numpy.float32)
    row, k = layout(rows, elements)
    vector = "_Float16 __attribute__((__vector_size__(8)))"
    declared = "float" if operand == "float" else "Operand"
    text = f"""#include <hip/hip_runtime.h>
typedef {vector} Operand;
typedef float Result __attribute__((__vector_size__({4 * results})));
__global__ void k(const {declared} *a, const {declared} *b, const float *c, float *out) {{
  Result sum;
  for (int r = 0; r < {results}; ++r) sum[r] = c[threadIdx.x * {results} + r];
  sum = __builtin_amdgcn_mfma_{suffix}(a[threadIdx.x], b[threadIdx.x], sum, 0, 0, 0);
  for (int r = 0; r < {results}; ++r) out[threadIdx.x * {results} + r] = sum[r];
}}"""
    got = run(text, "k", {"a": a[row, k].ravel(), "b": b[k, row].ravel(), "c": c.ravel(), "out": numpy.zeros(64 * results, numpy.float32)}, block=(64,),
              dialect="hip")["out"].reshape(64, results)
    lane, r = numpy.meshgrid(numpy.arange(64), numpy.arange(results), indexing="ij")
    i = 4 * (lane // 16) + r if rows == 16 else 8 * (r // 4) + 4 * (lane // 32) + r % 4
    assert (got == (a.astype(numpy.float32) @ b.astype(numpy.float32))[i, lane % rows] + c).all()


def test_a_block_of_16_by_4_is_one_wave() -> None:
    """The form that translated kernels use: the type's name hides HIP's own float4."""
    text = """#include <hip/hip_runtime.h>
__global__ void __launch_bounds__(64) gemm(const float *A, const float *B, float *C, int n, int depth) {
  using float4 = __attribute__((__vector_size__(4 * sizeof(float)))) float;
  float4 sum = {0};
  int x = threadIdx.x, y = threadIdx.y, row = blockIdx.y * 16, column = blockIdx.x * 16;
  for (int k = 0; k < depth; k += 4)
    sum = __builtin_amdgcn_mfma_f32_16x16x4f32(A[(row + x) * depth + k + y], B[(k + y) * n + column + x], sum, 0, 0, 0);
  for (int i = 0; i < 4; ++i) C[(row + 4 * y + i) * n + column + x] = sum[i];
}"""
    rng = numpy.random.default_rng(2)
    a, b = rng.integers(-3, 4, (32, 20)).astype(numpy.float32), rng.integers(-3, 4, (20, 48)).astype(numpy.float32)
    got = run(text, "gemm", {"A": a.ravel(), "B": b.ravel(), "C": numpy.zeros(32 * 48, numpy.float32), "n": 48, "depth": 20}, grid=(3, 2), block=(16, 4),
              dialect="hip", out=("C",))["C"]
    assert (got.reshape(32, 48) == a @ b).all()


def test_rocwmma_is_a_wave_of_64() -> None:
    text = """#include <rocwmma/rocwmma.hpp>
__global__ void k(const rocwmma::float16_t *a, const rocwmma::float16_t *b, float *out) {
  rocwmma::fragment<rocwmma::matrix_a, 16, 16, 16, rocwmma::float16_t, rocwmma::row_major> fa;
  rocwmma::fragment<rocwmma::matrix_b, 16, 16, 16, rocwmma::float16_t, rocwmma::col_major> fb;
  rocwmma::fragment<rocwmma::accumulator, 16, 16, 16, float> sum;
  rocwmma::fill_fragment(sum, 1.0f);
  rocwmma::load_matrix_sync(fa, a, 16);
  rocwmma::load_matrix_sync(fb, b, 16);
  rocwmma::mma_sync(sum, fa, fb, sum);
  rocwmma::store_matrix_sync(out, sum, 16, rocwmma::mem_row_major);
}"""
    rng = numpy.random.default_rng(3)
    a, b = rng.integers(-4, 5, (16, 16)).astype(numpy.float16), rng.integers(-4, 5, (16, 16)).astype(numpy.float16)
    got = run(text, "k", {"a": a.ravel(), "b": b.ravel(), "out": numpy.zeros(256, numpy.float32)}, block=(64,), dialect="hip")["out"]
    assert (got.reshape(16, 16) == 1 + a.astype(numpy.float32) @ b.T.astype(numpy.float32)).all()
