"""The HIP emulator against numpy, above all where it differs from CUDA: waves of 64, functions without a mask, MFMA layouts."""

from __future__ import annotations

import re
from pathlib import Path

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


# suffix, rows of a block, blocks, elements of an operand in a lane, what an operand is in a lane, what the elements are
MFMA = [
    ("f32_4x4x1f32", 4, 16, 1, "float", "f32"), ("f32_16x16x1f32", 16, 4, 1, "float", "f32"), ("f32_32x32x1f32", 32, 2, 1, "float", "f32"),
    ("f32_16x16x4f32", 16, 1, 1, "float", "f32"), ("f32_32x32x2f32", 32, 1, 1, "float", "f32"),
    ("f32_4x4x4f16", 4, 16, 4, "half4", "f16"), ("f32_16x16x4f16", 16, 4, 4, "half4", "f16"), ("f32_32x32x4f16", 32, 2, 4, "half4", "f16"),
    ("f32_16x16x16f16", 16, 1, 4, "half4", "f16"), ("f32_32x32x8f16", 32, 1, 4, "half4", "f16"),
    ("f32_16x16x8bf16", 16, 1, 2, "short2", "bf16"), ("f32_32x32x4bf16", 32, 1, 2, "short2", "bf16"),
    ("f32_16x16x16bf16_1k", 16, 1, 4, "short4", "bf16"), ("f32_32x32x8bf16_1k", 32, 1, 4, "short4", "bf16"),
    ("i32_16x16x16i8", 16, 1, 4, "int", "i8"), ("i32_32x32x8i8", 32, 1, 4, "int", "i8"),
    ("i32_16x16x32_i8", 16, 1, 8, "long", "i8"), ("i32_32x32x16_i8", 32, 1, 8, "long", "i8"), ("f64_16x16x4f64", 16, 1, 1, "double", "f64"),
]
OPERANDS = {"half4": "_Float16 __attribute__((__vector_size__(8)))", "short2": "short __attribute__((__vector_size__(4)))",
            "short4": "short __attribute__((__vector_size__(8)))"}


def result_place(suffix: str, rows: int, blocks: int, lane: numpy.ndarray, r: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Block and row of result ``r`` of a lane, as the manual's table has them."""
    if suffix.startswith("f64"):
        return 0 * r, 4 * r + lane // 16
    if rows == 4:
        return lane // 4, r
    if rows == 16:
        return (r // 4, 4 * (lane // 16) + r % 4) if blocks > 1 else (0 * r, 4 * (lane // 16) + r)
    return r // 16, 8 * (r % 16 // 4) + 4 * (lane // 32) + r % 4


def packed(values: numpy.ndarray, kind: str, elements: int) -> numpy.ndarray:
    """The operands of the lanes as a kernel's buffer holds them."""
    if kind == "bf16":
        return (values.astype(numpy.float32).view(numpy.uint32) >> 16).astype(numpy.uint16).ravel()
    if kind == "i8":
        return values.astype(numpy.int8).ravel().view(numpy.int32 if elements == 4 else numpy.int64)
    return values.astype({"f32": numpy.float32, "f16": numpy.float16, "f64": numpy.float64}[kind]).ravel()


@pytest.mark.parametrize(("suffix", "rows", "blocks", "elements", "operand", "kind"), MFMA, ids=[row[0] for row in MFMA])
def test_mfma_layouts(suffix: str, rows: int, blocks: int, elements: int, operand: str, kind: str) -> None:
    rng, lanes = numpy.random.default_rng(1), 64 // blocks
    depth, results = elements * lanes // rows, rows * rows * blocks // 64
    a, b = rng.integers(-4, 5, (blocks, rows, depth)), rng.integers(-4, 5, (blocks, depth, rows))
    sums, dtype = {"i8": ("int", numpy.int32), "f64": ("double", numpy.float64)}.get(kind, ("float", numpy.float32))
    c = rng.integers(-4, 5, (64, results)).astype(dtype)
    lane, element = numpy.meshgrid(numpy.arange(64), numpy.arange(elements), indexing="ij")
    block, row, k = lane // lanes, lane % rows, elements * (lane % lanes // rows) + element
    text = f"""#include <hip/hip_runtime.h>
typedef {OPERANDS.get(operand, operand)} Operand;
typedef {sums} Result __attribute__((__vector_size__({numpy.dtype(dtype).itemsize * results})));
__global__ void k(const Operand *a, const Operand *b, const {sums} *c, {sums} *out) {{
  Result sum;
  for (int r = 0; r < {results}; ++r) sum[r] = c[threadIdx.x * {results} + r];
  sum = __builtin_amdgcn_mfma_{suffix}(a[threadIdx.x], b[threadIdx.x], sum, 0, 0, 0);
  for (int r = 0; r < {results}; ++r) out[threadIdx.x * {results} + r] = sum[r];
}}"""
    given = {"a": packed(a[block, row, k], kind, elements), "b": packed(b[block, k, row], kind, elements), "c": c.ravel()}
    got = run(text, "k", {**given, "out": numpy.zeros(64 * results, dtype)}, block=(64,), dialect="hip")["out"].reshape(64, results)
    lane, r = numpy.meshgrid(numpy.arange(64), numpy.arange(results), indexing="ij")
    where, i = result_place(suffix, rows, blocks, lane, r)
    assert (got == (a @ b)[where, i, lane % rows] + c).all()


def test_every_mfma_of_the_header_is_in_the_table() -> None:
    text = (Path(__file__).resolve().parents[2] / "engine/kernelglot/dialects/hip/intrinsics/mfma.h").read_text()
    defined = set(re.findall(r"^KG_MFMA(?:_VECTOR)?\((\w+),", text, re.M)) | set(re.findall(r"inline V __builtin_amdgcn_mfma_(\w+)\(double", text))
    assert defined == {row[0] for row in MFMA}


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
