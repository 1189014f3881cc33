"""Matrix instructions of AMD GPUs against numpy: MFMA on waves of 64 lanes, WMMA on waves of 32, rocWMMA's fragments on both.

Operands are small integers, so that every order of additions gives the same bits, and a wrong layout does not.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy
import pytest
from emulator.running import needs_gcc, run

from kernelglot.verify.emulate import Faulted

pytestmark = needs_gcc
HEADERS = Path(__file__).resolve().parents[2] / "engine/kernelglot/dialects/hip/intrinsics"


def small_float(kind: str) -> numpy.ndarray:
    """The values of the 256 bytes of an 8-bit float; formats with `fnuz` have one NaN and no infinity."""
    fraction_bits, bias = {"fp8": (3, 7), "bf8": (2, 15)}[kind[:3]]
    fnuz = kind.endswith("fnuz")
    values = []
    for byte in range(256):
        exponent, fraction = (byte & 127) >> fraction_bits, byte & ((1 << fraction_bits) - 1)
        scale = 2.0 ** (max(exponent, 1) - bias - fnuz - fraction_bits)
        size = ((1 << fraction_bits) * (exponent > 0) + fraction) * scale
        if fnuz and byte == 128:
            size = numpy.nan
        elif not fnuz and kind[:3] == "fp8" and byte & 127 == 127:
            size = numpy.nan
        elif not fnuz and kind[:3] == "bf8" and exponent == 31:
            size = numpy.nan if fraction else numpy.inf
        values.append(-size if byte & 128 else size)
    return numpy.array(values)


def bytes_of(values: numpy.ndarray, kind: str) -> numpy.ndarray:
    """The byte that stands for each of these numbers, which the format has."""
    table = small_float(kind)
    found = numpy.array([next(byte for byte in range(256) if table[byte] == value) for value in range(-4, 5)])
    return found[values.ravel().astype(int) + 4].astype(numpy.uint8)


# suffix, rows of a block, blocks, elements of an operand in a lane, what an operand is in a lane, what the elements of a and of b are
MFMA = [
    ("f32_4x4x1f32", 4, 16, 1, "float", "f32"), ("f32_16x16x1f32", 16, 4, 1, "float", "f32"), ("f32_32x32x1f32", 32, 2, 1, "float", "f32"),
    ("f32_16x16x4f32", 16, 1, 1, "float", "f32"), ("f32_32x32x2f32", 32, 1, 1, "float", "f32"),
    ("f32_4x4x4f16", 4, 16, 4, "half4", "f16"), ("f32_16x16x4f16", 16, 4, 4, "half4", "f16"), ("f32_32x32x4f16", 32, 2, 4, "half4", "f16"),
    ("f32_16x16x16f16", 16, 1, 4, "half4", "f16"), ("f32_32x32x8f16", 32, 1, 4, "half4", "f16"),
    ("f32_16x16x8bf16", 16, 1, 2, "short2", "bf16"), ("f32_32x32x4bf16", 32, 1, 2, "short2", "bf16"),
    ("f32_16x16x16bf16_1k", 16, 1, 4, "short4", "bf16"), ("f32_32x32x8bf16_1k", 32, 1, 4, "short4", "bf16"),
    ("f32_16x16x8_xf32", 16, 1, 2, "float2v", "f32"), ("f32_32x32x4_xf32", 32, 1, 2, "float2v", "f32"),
    ("i32_16x16x16i8", 16, 1, 4, "int", "i8"), ("i32_32x32x8i8", 32, 1, 4, "int", "i8"),
    ("i32_16x16x32_i8", 16, 1, 8, "long", "i8"), ("i32_32x32x16_i8", 32, 1, 8, "long", "i8"), ("f64_16x16x4f64", 16, 1, 1, "double", "f64"),
    *((f"f32_{shape}_{a}_{b}", rows, 1, 8, "long", f"{a}_{b}") for shape, rows in (("16x16x32", 16), ("32x32x16", 32))
      for a in ("fp8", "bf8") for b in ("fp8", "bf8")),
]
OPERANDS = {"half4": "_Float16 __attribute__((__vector_size__(8)))", "short2": "short __attribute__((__vector_size__(4)))",
            "short4": "short __attribute__((__vector_size__(8)))", "float2v": "float __attribute__((__vector_size__(8)))"}


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
    if kind in ("fp8", "bf8"):
        return bytes_of(values, f"{kind}fnuz").view(numpy.int64)
    return values.astype({"f32": numpy.float32, "f16": numpy.float16, "f64": numpy.float64}[kind]).ravel()


def mfma_kernel(suffix: str, operand: str, sums: str, results: int, modifiers: str = "0, 0, 0") -> str:
    size = {"float": 4, "int": 4, "double": 8}[sums] * results
    return f"""#include <hip/hip_runtime.h>
typedef {OPERANDS.get(operand, operand)} Operand;
typedef {sums} Result __attribute__((__vector_size__({size})));
__global__ void k(const Operand *a, const Operand *b, const {sums} *c, {sums} *out) {{
  Result sum;
  for (int r = 0; r < {results}; ++r) sum[r] = c[threadIdx.x * {results} + r];
  sum = __builtin_amdgcn_mfma_{suffix}(a[threadIdx.x], b[threadIdx.x], sum, {modifiers});
  for (int r = 0; r < {results}; ++r) out[threadIdx.x * {results} + r] = sum[r];
}}"""


@pytest.mark.parametrize(("suffix", "rows", "blocks", "elements", "operand", "kind"),
                         [pytest.param(*row, id=row[0], marks=pytest.mark.covers("hip", f"__builtin_amdgcn_mfma_{row[0]}")) for row in MFMA])
def test_mfma_layouts(suffix: str, rows: int, blocks: int, elements: int, operand: str, kind: str) -> None:
    rng, lanes = numpy.random.default_rng(1), 64 // blocks
    depth, results = elements * lanes // rows, rows * rows * blocks // 64
    a, b = rng.integers(-4, 5, (blocks, rows, depth)), rng.integers(-4, 5, (blocks, depth, rows))
    sums, dtype = {"i8": ("int", numpy.int32), "f64": ("double", numpy.float64)}.get(kind, ("float", numpy.float32))
    c = rng.integers(-4, 5, (64, results)).astype(dtype)
    lane, element = numpy.meshgrid(numpy.arange(64), numpy.arange(elements), indexing="ij")
    block, row, k = lane // lanes, lane % rows, elements * (lane % lanes // rows) + element
    kinds = (kind.split("_") * 2)[:2]
    given = {"a": packed(a[block, row, k], kinds[0], elements), "b": packed(b[block, k, row], kinds[1], elements), "c": c.ravel()}
    got = run(mfma_kernel(suffix, operand, sums, results), "k", {**given, "out": numpy.zeros(64 * results, dtype)}, block=(64,), dialect="hip")["out"]
    lane, r = numpy.meshgrid(numpy.arange(64), numpy.arange(results), indexing="ij")
    where, i = result_place(suffix, rows, blocks, lane, r)
    assert (got.reshape(64, results) == (a @ b)[where, i, lane % rows] + c).all()


def test_every_mfma_of_the_header_is_in_the_table() -> None:
    defined = set(re.findall(r"^KG_MFMA\w*\((\w+), \d", (HEADERS / "mfma.h").read_text(), re.M)) | {"f64_16x16x4f64"}
    assert defined == {row[0] for row in MFMA}


def one_product(suffix: str, operand: str, a: object, b: object, c: float, architecture: str, modifiers: str = "0, 0, 0", sums: str = "float",
                results: int = 4, threads: int = 64) -> numpy.ndarray:
    """All elements of an operand alike."""
    dtype = {"float": numpy.float32, "int": numpy.int32, "double": numpy.float64}[sums]
    arguments = {"a": a, "b": b, "c": numpy.full(64 * results, c, dtype), "out": numpy.zeros(64 * results, dtype)}
    return run(mfma_kernel(suffix, operand, sums, results, modifiers), "k", arguments, block=(threads,), dialect="hip", architecture=architecture)["out"]


@pytest.mark.parametrize(("architecture", "flushes"), [("gfx908", False), ("gfx90a", True), ("gfx942", False)])
def test_gfx90a_flushes_denormals_of_16_bits(architecture: str, flushes: bool) -> None:
    ones = numpy.ones(256, numpy.float16)
    tiny = numpy.full(256, 2.0**-20, numpy.float16)
    got = one_product("f32_16x16x16f16", "half4", tiny, ones, 1.0, architecture)
    assert (got == (1.0 if flushes else 1.0 + 16 * 2.0**-20)).all()
    got = one_product("f32_16x16x16f16", "half4", 0 * ones, ones, 2.0**-130, architecture)
    assert (got == (0.0 if flushes else numpy.float32(2.0**-130))).all()


def test_gfx90a_keeps_denormals_of_floats() -> None:
    ones, tiny = numpy.ones(64, numpy.float32), numpy.full(64, 2.0**-130, numpy.float32)
    assert (one_product("f32_16x16x4f32", "float", tiny, ones, 0.0, "gfx90a") == numpy.float32(2.0**-128)).all()


def test_xf32_keeps_ten_bits_of_the_fraction() -> None:
    """To nearest even: a policy, as no source says how the others are dropped."""
    a, b = numpy.full(128, 1 + 3 * 2.0**-11, numpy.float32), numpy.zeros(128, numpy.float32)
    b[:] = 1
    got = one_product("f32_16x16x8_xf32", "float2v", a, b, 0.0, "gfx942")
    assert (got == 8 * (1 + 2 * 2.0**-10)).all()


@pytest.mark.parametrize("kind", ["fp8", "bf8"])
@pytest.mark.parametrize(("architecture", "suffix"), [("gfx942", "fnuz"), ("gfx950", "")])
def test_every_byte_of_an_8_bit_float(kind: str, architecture: str, suffix: str) -> None:
    """Row i of A holds byte 16 p + i once and B ones, so each product is one byte's value."""
    ones = bytes_of(numpy.ones(512), f"{kind}{suffix}")
    text = mfma_kernel(f"f32_16x16x32_{kind}_{kind}", "long", "float", 4).replace("c[threadIdx.x * 4 + r]", "0").replace(
        "(a[threadIdx.x]", "(a[threadIdx.x + blockIdx.x * 64]").replace("out[threadIdx.x * 4 + r]", "out[blockIdx.x * 256 + threadIdx.x * 4 + r]")
    a = numpy.zeros((16, 64, 8), numpy.uint8)
    a[:, :16, 0] = numpy.arange(256, dtype=numpy.uint8).reshape(16, 16)
    arguments = {"a": a.reshape(-1).view(numpy.int64), "b": ones.view(numpy.int64), "c": numpy.zeros(1, numpy.float32), "out": numpy.zeros(4096, numpy.float32)}
    got = run(text, "k", arguments, grid=(16,), block=(64,), dialect="hip", architecture=architecture)["out"].reshape(16, 64, 4)
    lane, r = numpy.meshgrid(numpy.arange(64), numpy.arange(4), indexing="ij")
    want = small_float(f"{kind}{suffix}").reshape(16, 16)[:, (4 * (lane // 16) + r)]
    numpy.testing.assert_array_equal(got, want)


@pytest.mark.parametrize(("suffix", "architecture", "sentence"), [
    ("f32_16x16x8bf16", "gfx942", "gfx908 and gfx90a, and this program is for gfx942"), ("f32_16x16x16bf16_1k", "gfx908", "gfx90a, gfx942 and later"),
    ("f32_16x16x8_xf32", "gfx950", "exists on gfx942"), ("f32_16x16x4f32", "gfx906", "gfx908"), ("f32_16x16x4f32", "gfx1100", "gfx908"),
])
def test_an_instruction_that_the_gpu_lacks(suffix: str, architecture: str, sentence: str) -> None:
    _, _, _, elements, operand, kind = next(row for row in MFMA if row[0] == suffix)
    zeros = packed(numpy.zeros((64, elements)), kind, elements)
    with pytest.raises(Faulted) as faulted:
        one_product(suffix, operand, zeros, zeros, 0, architecture)
    assert faulted.value.fault.kind == "architecture" and sentence in faulted.value.fault.sentence and faulted.value.fault.line == 7


def test_what_is_not_documented_is_a_fault() -> None:
    zeros = numpy.zeros(64, numpy.float32)
    with pytest.raises(Faulted) as faulted:
        one_product("f32_16x16x4f32", "float", zeros, zeros, 0, "gfx90a", "1, 0, 0")
    assert faulted.value.fault.kind == "unsupported" and "cbsz" in faulted.value.fault.sentence and faulted.value.fault.line == 7
    text = "__global__ void k(double *out) { out[threadIdx.x] = __builtin_amdgcn_mfma_f64_4x4x4f64(1.0, 1.0, 0.0, 0, 0, 0); }"
    with pytest.raises(Faulted) as faulted:
        run(text, "k", {"out": numpy.zeros(64)}, block=(64,), dialect="hip")
    assert faulted.value.fault.kind == "unsupported" and "layout" in faulted.value.fault.sentence


def test_an_mfma_without_all_lanes() -> None:
    zeros = numpy.zeros(64, numpy.float32)
    with pytest.raises(Faulted) as faulted:
        one_product("f32_16x16x4f32", "float", zeros, zeros, 0, "gfx90a", threads=48)
    assert faulted.value.fault.kind == "deadlock" and faulted.value.fault.line == 7


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


# ---- WMMA: waves of 32 lanes -------------------------------------------------------------------------------------------------
# suffix, gfx, type of the elements of an operand, of the result, of both in C
WMMA = [
    ("f32_16x16x16_f16_w32", "f16", "f32"), ("f32_16x16x16_bf16_w32", "bf16", "f32"), ("f16_16x16x16_f16_w32", "f16", "f16"),
    ("f16_16x16x16_f16_tied_w32", "f16", "f16"), ("bf16_16x16x16_bf16_w32", "bf16", "bf16"), ("bf16_16x16x16_bf16_tied_w32", "bf16", "bf16"),
    ("i32_16x16x16_iu8_w32", "i8", "i32"), ("i32_16x16x16_iu4_w32", "i4", "i32"),
    ("f32_16x16x16_f16_w32_gfx12", "f16", "f32"), ("f32_16x16x16_bf16_w32_gfx12", "bf16", "f32"), ("f16_16x16x16_f16_w32_gfx12", "f16", "f16"),
    ("bf16_16x16x16_bf16_w32_gfx12", "bf16", "bf16"), ("i32_16x16x16_iu8_w32_gfx12", "i8", "i32"), ("i32_16x16x16_iu4_w32_gfx12", "i4", "i32"),
    *((f"f32_16x16x16_{a}_{b}_w32_gfx12", f"{a}_{b}", "f32") for a in ("fp8", "bf8") for b in ("fp8", "bf8")),
]
C_TYPE = {"f16": ("_Float16", 2), "bf16": ("short", 2), "f32": ("float", 4), "i32": ("int", 4)}


def wmma_words(values: numpy.ndarray, kind: str) -> numpy.ndarray:
    """The elements of each lane (lanes x elements) as 32-bit words."""
    if kind == "i4":
        nibbles = (values.astype(int) & 15).reshape(32, -1, 8).astype(numpy.uint32)
        return (nibbles << (4 * numpy.arange(8, dtype=numpy.uint32))).sum(2, dtype=numpy.uint32).view(numpy.int32).ravel()
    if kind in ("fp8", "bf8"):
        return bytes_of(values, kind).view(numpy.int32)
    if kind == "i8":
        return values.astype(numpy.int8).ravel().view(numpy.int32)
    return packed(values, kind, 0).view(numpy.int32)


@pytest.mark.parametrize(("suffix", "kind", "result", "opsel"),
                         [pytest.param(*row, opsel, id=f"{row[0]}-{opsel}", marks=pytest.mark.covers("hip", f"__builtin_amdgcn_wmma_{row[0]}"))
                          for row in WMMA for opsel in ((0, 1) if row[2] in ("f16", "bf16") and "gfx12" not in row[0] else (0,))])
def test_wmma_layouts(suffix: str, kind: str, result: str, opsel: int) -> None:
    twelve = suffix.endswith("gfx12")
    halves = result in ("f16", "bf16") and not twelve            # results fill one half of each of eight registers
    rng = numpy.random.default_rng(3)
    a, b, c = rng.integers(-4, 5, (16, 16)), rng.integers(-4, 5, (16, 16)), rng.integers(-4, 5, (16, 16))
    lane, e = numpy.meshgrid(numpy.arange(32), numpy.arange(8 if twelve else 16), indexing="ij")
    k = 8 * (e // 4) + 4 * (lane // 16) + e % 4 if twelve else e
    kinds = (kind.split("_") * 2)[:2]
    words = [wmma_words(values, each) for values, each in ((a[lane % 16, k], kinds[0]), (b[k, lane % 16], kinds[1]))]
    lane, r = numpy.meshgrid(numpy.arange(32), numpy.arange(8), indexing="ij")
    row = 8 * (lane // 16) + r if twelve else 2 * r + lane // 16
    name, size = C_TYPE[result]
    each = 16 if halves else 8
    start = numpy.full((32, each), 3)
    start[:, opsel::2] = c[row, lane % 16] if halves else 3
    start = start if halves else c[row, lane % 16]
    start = start.astype(numpy.int32) if result == "i32" else packed(start, result, 0)
    per_lane = words[0].size // 32
    element, element_size = {"f16": ("_Float16", 2), "bf16": ("short", 2)}.get(kind, ("int", 4))
    call = {"i8": "true, A, true, B, sum, false", "i4": "true, A, true, B, sum, false"}.get(kind, "A, B, sum" + (f", {bool(opsel)}".lower() if halves else ""))
    scalar = kind == "i4" and per_lane == 1
    operand = "typedef int Operand;" if scalar else f"typedef {element} Operand __attribute__((vector_size({4 * per_lane})));"
    text = f"""#include <hip/hip_runtime.h>
{operand}
typedef {name} Result __attribute__((vector_size({size * each})));
__global__ void k(const int *a, const int *b, const {name} *c, {name} *out) {{
  Operand A = ((const Operand *)a)[threadIdx.x], B = ((const Operand *)b)[threadIdx.x];
  Result sum;
  for (int r = 0; r < {each}; ++r) sum[r] = c[threadIdx.x * {each} + r];
  sum = __builtin_amdgcn_wmma_{suffix}({call});
  for (int r = 0; r < {each}; ++r) out[threadIdx.x * {each} + r] = sum[r];
}}"""
    architecture = "gfx1201" if twelve else "gfx1100"
    arguments = {"a": words[0], "b": words[1], "c": start, "out": numpy.zeros_like(start)}
    got = run(text, "k", arguments, block=(32,), dialect="hip", architecture=architecture)["out"].reshape(32, each)
    want = (a @ b + c)[row, lane % 16]
    want = want.astype(numpy.int32) if result == "i32" else packed(want, result, 0).reshape(want.shape)
    assert (got[:, opsel::2] == want).all() if halves else (got == want).all()
    if "tied" in suffix:
        assert (got[:, 1 - opsel::2] == start.reshape(32, each)[:, 1 - opsel::2]).all()


IU8 = """#include <hip/hip_runtime.h>
typedef int v4 __attribute__((vector_size(16)));
typedef int v8 __attribute__((vector_size(32)));
__global__ void k(int *out, int same) {
  v4 a = {-1, -1, -1, -1 + (same ? 0 : (int)(threadIdx.x / 16))}, b = {-1, -1, -1, -1};
  v8 c = {0x7fffff00, 1, 1, 1, 1, 1, 1, 1};
  v8 d = __builtin_amdgcn_wmma_i32_16x16x16_iu8_w32(false, a, true, b, c, true), e = __builtin_amdgcn_wmma_i32_16x16x16_iu8_w32(false, a, false, b, c, true);
  v8 f = __builtin_amdgcn_wmma_i32_16x16x16_iu8_w32(false, a, false, b, c, false);
  if (threadIdx.x == 0) out[0] = d[1], out[1] = e[0], out[2] = f[0], out[3] = e[1];
}"""


def test_wmma_of_bytes_has_signs_and_clamps_once() -> None:
    got = run(IU8, "k", {"out": numpy.zeros(4, numpy.int32), "same": 1}, block=(32,), dialect="hip", architecture="gfx1100")["out"]
    assert got.tolist() == [1 - 16 * 255, 2**31 - 1, 0x7fffff00 + 16 * 255 * 255 - 2**32, 1 + 16 * 255 * 255]


def test_wmma_faults() -> None:
    for same, architecture, threads, kind, sentence in ((0, "gfx1100", 32, "unsupported", "l + 16"), (1, "gfx1201", 32, "architecture", "gfx11"),
                                                        (1, "gfx90a", 64, "architecture", "32 lanes"), (1, "gfx1100", 16, "deadlock", "all 32 lanes")):
        with pytest.raises(Faulted) as faulted:
            run(IU8, "k", {"out": numpy.zeros(4, numpy.int32), "same": same}, block=(threads,), dialect="hip", architecture=architecture)
        assert faulted.value.fault.kind == kind and sentence in faulted.value.fault.sentence and faulted.value.fault.line == 7


# ---- rocWMMA ---------------------------------------------------------------------------------------------------------------
ROCWMMA_NAMES = ("fragment", "fill_fragment", "load_matrix_sync", "store_matrix_sync", "mma_sync", "synchronize_workgroup", "matrix_a", "matrix_b",
                 "accumulator", "row_major", "col_major", "mem_row_major", "mem_col_major", "num_elements", "layout_t")
NUMPY = {"float16_t": numpy.float16, "hfloat16_t": numpy.float16, "float32_t": numpy.float32, "float64_t": numpy.float64, "int8_t": numpy.int8, "int32_t": numpy.int32}


def rocwmma(tile: tuple[int, int, int], operand: str, total: str, architecture: str, layouts: tuple[str, str] = ("row_major", "col_major")) -> tuple[numpy.ndarray, numpy.ndarray]:
    """What a tile's product plus one comes to, and what it should."""
    m, n, k = tile
    rng = numpy.random.default_rng(3)
    a, b = rng.integers(-4, 5, (m, k)), rng.integers(-4, 5, (k, n))
    given = [a if layouts[0] == "row_major" else a.T, b if layouts[1] == "row_major" else b.T]
    strides = [array.shape[1] for array in given]
    kind = {"bfloat16_t": "bf16", "float8_t": "fp8", "bfloat8_t": "bf8"}.get(operand, "")
    if kind in ("fp8", "bf8"):
        arrays = [bytes_of(array, kind if architecture in ("gfx950", "gfx1201") else f"{kind}fnuz") for array in given]
    else:
        arrays = [packed(array, kind, 0) if kind else array.astype(NUMPY[operand.replace("xfloat32_t", "float32_t")]).ravel() for array in given]
    dtype = NUMPY.get(total, numpy.float32)
    wave = 32 if architecture.startswith("gfx1") else 64
    text = f"""#include <rocwmma/rocwmma.hpp>
using namespace rocwmma;
__global__ void k(const void *a, const void *b, {total} *out, int *count) {{
  fragment<matrix_a, {m}, {n}, {k}, {operand}, {layouts[0]}> fa;
  fragment<matrix_b, {m}, {n}, {k}, {operand}, {layouts[1]}> fb;
  fragment<accumulator, {m}, {n}, {k}, {total}> sum;
  fill_fragment(sum, ({total})0);
  for (int i = 0; i < sum.num_elements; ++i) sum.x[i] = ({total})1;
  load_matrix_sync(fa, (const {operand} *)a, {strides[0]});
  load_matrix_sync(fb, (const {operand} *)b, {strides[1]});
  rocwmma::mma_sync(sum, fa, fb, sum);
  store_matrix_sync(out, sum, {n}, mem_row_major);
  synchronize_workgroup();
  load_matrix_sync(sum, out, {n}, mem_row_major);
  store_matrix_sync(out + {m * n}, sum, {m}, mem_col_major);
  if (threadIdx.x == 0) *count = (int)decltype(fa)::num_elements;
}}"""
    arguments = {"a": arrays[0], "b": arrays[1], "out": numpy.zeros(2 * m * n, dtype), "count": numpy.zeros(1, numpy.int32)}
    result = run(text, "k", arguments, block=(wave,), dialect="hip", architecture=architecture, out=("out", "count"))
    assert result["count"][0] == m * k // wave
    product = a @ b + 1
    return result["out"], numpy.concatenate([product.ravel(), product.T.ravel()])


@pytest.mark.covers("hip", *ROCWMMA_NAMES)
@pytest.mark.parametrize(("tile", "operand", "total", "architecture"), [
    pytest.param(*row, marks=pytest.mark.covers("hip", *row[1:3])) for row in [
        ((16, 16, 16), "float16_t", "float32_t", "gfx90a"), ((16, 16, 16), "hfloat16_t", "hfloat16_t", "gfx942"), ((32, 32, 8), "float16_t", "float16_t", "gfx90a"), ((16, 16, 32), "float16_t", "float32_t", "gfx1100"),
        ((16, 16, 8), "bfloat16_t", "float32_t", "gfx908"), ((32, 32, 8), "bfloat16_t", "float32_t", "gfx942"), ((16, 16, 16), "int8_t", "int32_t", "gfx90a"),
        ((32, 32, 16), "int8_t", "int32_t", "gfx942"), ((16, 16, 4), "float32_t", "float32_t", "gfx908"), ((32, 32, 2), "float32_t", "float32_t", "gfx90a"),
        ((16, 16, 8), "xfloat32_t", "float32_t", "gfx942"), ((16, 16, 4), "float64_t", "float64_t", "gfx90a"), ((16, 16, 32), "float8_t", "float32_t", "gfx942"),
        ((32, 32, 16), "bfloat8_t", "float32_t", "gfx942"), ((16, 16, 16), "float8_t", "float32_t", "gfx1201"),
    ]])
def test_rocwmma_tiles(tile: tuple[int, int, int], operand: str, total: str, architecture: str) -> None:
    got, want = rocwmma(tile, operand, total, architecture)
    assert (got == want).all()


def test_rocwmma_layouts_of_operands() -> None:
    for layouts in (("row_major", "row_major"), ("col_major", "row_major"), ("col_major", "col_major")):
        got, want = rocwmma((32, 32, 16), "float16_t", "float32_t", "gfx90a", layouts)
        assert (got == want).all()


@pytest.mark.parametrize(("tile", "operand", "total", "architecture", "sentence"), [
    ((16, 16, 8), "float16_t", "float32_t", "gfx90a", "BlockK that is a multiple of 16, not 8"), ((32, 32, 8), "float16_t", "float32_t", "gfx1100", "no tile of 32x32"),
    ((16, 16, 16), "int8_t", "int32_t", "gfx942", "multiple of 32"), ((16, 16, 4), "float64_t", "float64_t", "gfx908", "no tile"),
    ((16, 16, 8), "xfloat32_t", "float32_t", "gfx90a", "no tile"),
])
def test_tiles_that_a_gpu_lacks(tile: tuple[int, int, int], operand: str, total: str, architecture: str, sentence: str) -> None:
    with pytest.raises(Faulted) as faulted:
        rocwmma(tile, operand, total, architecture)
    assert faulted.value.fault.kind == "architecture" and sentence in faulted.value.fault.sentence and faulted.value.fault.line == 11
