"""Brain floats in C and in AVX-512 C: their 16 bits in memory, and every operation rounded as CUDA rounds it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import numpy
import pytest
from emulator.running import needs_gcc, run
from property.test_round_trip import PRINT, Printed, compiled, kernels, printed, shape_of

from kernelglot import session
from kernelglot.dialects import base
from kernelglot.frontend.lower import lower
from kernelglot.passes.brain_floats import as_bits, nearest
from kernelglot.verify.cases import Buffer, Launch, Program, Scalar, TestCase
from kernelglot.verify.emulate import run_once

pytestmark = needs_gcc
HEAD = "#include <cuda_bf16.h>\n#include <cuda_fp16.h>\n"
AT = "  int i = blockIdx.x * blockDim.x + threadIdx.x;\n"
EVERY = numpy.arange(1 << 16, dtype=numpy.uint16)
# where rounding is decided: each upper half with lower halves around zero, the tie and the end
EDGES = numpy.array([0, 1, 0x7FFF, 0x8000, 0x8001, 0xFFFF], numpy.uint32)
FLOATS = ((EVERY.astype(numpy.uint32) << 16)[:, None] | EDGES).reshape(-1).view(numpy.float32)

SOFTMAX = """// kernelglot: launch grid=(7) block=(64) x=bfloat16[700] y=bfloat16[700]:out n=100
__global__ void softmax(const __nv_bfloat16 *x, __nv_bfloat16 *y, int n) {
  __shared__ float part[64];
  int row = blockIdx.x, t = threadIdx.x;
  float m = -INFINITY, s = 0.0f;
  for (int i = t; i < n; i += 64) m = fmaxf(m, __bfloat162float(x[row * n + i]));
  part[t] = m; __syncthreads();
  for (int w = 32; w > 0; w /= 2) { if (t < w) part[t] = fmaxf(part[t], part[t + w]); __syncthreads(); }
  m = part[0]; __syncthreads();
  for (int i = t; i < n; i += 64) s += expf(__bfloat162float(x[row * n + i]) - m);
  part[t] = s; __syncthreads();
  for (int w = 32; w > 0; w /= 2) { if (t < w) part[t] += part[t + w]; __syncthreads(); }
  for (int i = t; i < n; i += 64) y[row * n + i] = __float2bfloat16(expf(__bfloat162float(x[row * n + i]) - m) / part[0]);
}
"""
ADAM = """// kernelglot: launch grid=(3) block=(64) w=bfloat16[150]:inout g=bfloat16[150] m=float[150]:inout v=float[150]:in n=150 rate=0.01
template <typename T> __global__ void adam(T *w, const T *g, float *m, const float *v, int n, float rate) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  float step = 0.9f * m[i] + 0.1f * static_cast<float>(g[i]);
  m[i] = step;
  w[i] = static_cast<T>(static_cast<float>(w[i]) - rate * step / (sqrtf(fabsf(v[i])) + 1e-8f));
}
template __global__ void adam<__nv_bfloat16>(__nv_bfloat16 *, const __nv_bfloat16 *, float *, const float *, int, float);
"""
SHARED = """// kernelglot: launch grid=(3) block=(64) x=bfloat16[192] y=bfloat16[192]:out n=192 a=0.3
__device__ __nv_bfloat16 scaled(__nv_bfloat16 v, __nv_bfloat16 by) { return v * by; }
__device__ __nv_bfloat16 total(const __nv_bfloat16 *v) { return v[0] + v[1] + v[2]; }
__global__ void shared(const __nv_bfloat16 *x, __nv_bfloat16 *y, int n, __nv_bfloat16 a) {
  __shared__ __nv_bfloat16 tile[64];
  int i = blockIdx.x * blockDim.x + threadIdx.x, t = threadIdx.x;
  __nv_bfloat16 local[3] = {x[i], a, __float2bfloat16(0.1f)};
  tile[t] = x[i];
  __syncthreads();
  __nv_bfloat16 v = __hadd(tile[t ^ 1] * local[t % 3], scaled(x[i], a));
  v = __hfma(v, a, total(local));
  v -= (__nv_bfloat16)0.25;
  if (v > x[i] || __hlt(v, a)) v = -v;
  y[i] = v > __float2bfloat16(1.0f) ? v : hexp(v);
}
"""
PAIRS = """// kernelglot: launch grid=(3) block=(64) x=bfloat16[384] y=bfloat16[384]:out n=192
__global__ void pairs(const __nv_bfloat162 *x, __nv_bfloat162 *y, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) { float2 f = __bfloat1622float2(x[i]); y[i] = __floats2bfloat162_rn(f.x * 2.0f, f.y + 1.0f); }
}
"""
ATOMIC = """// kernelglot: launch grid=(3) block=(64) x=bfloat16[150] y=bfloat16[5]:inout n=150
__global__ void sums(const __nv_bfloat16 *x, __nv_bfloat16 *y, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) atomicAdd(&y[i % 5], x[i]);
}
"""
KERNELS = {"softmax": SOFTMAX, "shared": SHARED, "pairs": PAIRS, "adam": ADAM}


@dataclass(frozen=True)
class Way:
    """A translation and what its vectors run on."""

    target: str
    architecture: str = ""


WAYS = [Way("c"), Way("vnni"), Way("vnni", "semantic")]


@cache
def accepted(text: str, target: str) -> str:
    """The text of the only kernel, which must have passed its test."""
    (kernel,) = session.translate("k.cu", HEAD + text, target).kernels
    assert kernel.verdict is not None and kernel.verdict.accepted, kernel.as_json()
    return kernel.text


@pytest.mark.parametrize("target", ["c", "vnni", "bang", "hip"])
@pytest.mark.parametrize("name", KERNELS)
def test_kernels_on_brain_floats_come_out(name: str, target: str) -> None:
    text = accepted(KERNELS[name], target)
    if target in ("c", "vnni"):
        assert "uint16_t *" in text and "=bfloat16[" in text and "bf16" not in text


def test_vectors_load_and_store_sixteen() -> None:
    text = "".join(accepted(ADAM, "vnni").split())
    assert "_mm512_cvtepu16_epi32(_mm512_castsi512_si256(_mm512_maskz_loadu_epi16(active,g+i)" in text
    assert "_mm512_mask_storeu_epi16(w+i,active" in text and "cvtneps" not in text


@pytest.mark.parametrize("target", ["c", "vnni"])
def test_atomic_updates_keep_to_one_thread(target: str) -> None:
    text = accepted(ATOMIC, target)
    assert "bfloat16_bits(bfloat16_value(y[" in text and "atomic" not in text


# ---- numbers, bit by bit


def results(text: str, way: Way, arguments: dict[str, numpy.ndarray]) -> tuple[numpy.ndarray, numpy.ndarray]:
    """``out`` of the CUDA kernel ``k`` and of its translation, on all of ``arguments``."""
    count = next(iter(arguments.values())).size
    given = {"out": numpy.zeros(count, numpy.uint16), **arguments, "n": count}
    source = run(HEAD + text, "k", given, grid=(-(-count // 64),), block=(64,), timeout_s=60)["out"]
    return source, run(accepted(text, way.target), "k", given, dialect=way.target, architecture=way.architecture)["out"]


def same_numbers(left: numpy.ndarray, right: numpy.ndarray) -> bool:
    """The same bits, or a NaN on both sides."""
    return bool((numpy.where((left & 0x7FFF) > 0x7F80, 0x7FC0, left) == numpy.where((right & 0x7FFF) > 0x7F80, 0x7FC0, right)).all())


def elementwise(parameters: str, sizes: str, value: str) -> str:
    return (
        f"// kernelglot: launch grid=(3) block=(64) n=150 out=bfloat16[150]:out {sizes}\n"
        f"__global__ void k(__nv_bfloat16 *out, {parameters}, int n) {{\n{AT}  if (i < n) out[i] = {value};\n}}\n"
    )


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_a_float_becomes_the_nearest_brain_float(way: Way) -> None:
    text = elementwise("const float *x", "x=float[150]", "__float2bfloat16(x[i])")
    source, target = results(text, way, {"x": FLOATS})
    assert same_numbers(source, target)
    words = FLOATS.view(numpy.uint32).astype(numpy.int64)
    down = words >> 16
    rest = words & 0xFFFF
    want = numpy.where((rest > 0x8000) | (rest == 0x8000) & (down % 2 == 1), down + 1, down)
    numbers = ~numpy.isnan(FLOATS)
    assert (target[numbers] == want[numbers]).all()
    assert ((target[~numbers] & 0x7FFF) > 0x7F80).all()


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize(
    "value",
    ["x[i] * y[i] + x[i]", "x[i] / y[i] - x[i]", "-x[i] * __float2bfloat16(1.1f)", "x[i] < y[i] ? x[i] : y[i]", "hsqrt(x[i]) + y[i]"],
)
def test_every_operation_rounds(value: str, way: Way) -> None:
    text = elementwise("const __nv_bfloat16 *x, const __nv_bfloat16 *y", "x=bfloat16[150] y=bfloat16[150]", value)
    other = numpy.random.default_rng(3).permutation(EVERY)
    assert same_numbers(*results(text, way, {"x": EVERY, "y": other}))


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_a_copy_keeps_the_bits(way: Way) -> None:
    text = elementwise("const __nv_bfloat16 *x", "x=bfloat16[150]", "x[i]")
    _, target = results(text, way, {"x": EVERY})
    assert (target == EVERY).all()


def test_doubles_and_wide_integers_round_once() -> None:
    """1 + 2^-8 is a tie; what lies a little above it would, by way of a float, round to even and down."""
    ties = numpy.array(
        [1 + 2.0**-8 + 2.0**-40, 1 + 2.0**-8, 1 + 2.0**-8 - 2.0**-40, 2.0**-134 + 2.0**-170, 1e300, -1e-300, numpy.inf, numpy.nan]
    )
    values = numpy.concatenate([ties, -ties])
    text = elementwise("const double *x", "x=double[150]", "__double2bfloat16(x[i])")
    source, target = results(text, Way("c"), {"x": values})
    assert same_numbers(source, target)
    assert list(target[:4]) == [0x3F81, 0x3F80, 0x3F80, 1]
    wide = numpy.array([(1 << 30) + (1 << 22) + 1, (1 << 30) + (1 << 22), 7, -((1 << 30) + (1 << 22) + 1)], numpy.int32)
    text = elementwise("const int *x", "x=int[150]", "(__nv_bfloat16)x[i]")
    source, target = results(text, Way("c"), {"x": wide})
    assert same_numbers(source, target) and list(target) == [0x4E81, 0x4E80, 0x40E0, 0xCE81]


@pytest.mark.parametrize(
    ("value", "bits"),
    [
        (1.0, 0x3F80),
        (1.1, 0x3F8D),
        (1 + 2.0**-8, 0x3F80),
        (1 + 3 * 2.0**-8, 0x3F82),
        (1 + 2.0**-8 + 2.0**-40, 0x3F81),
        (-0.0, 0x8000),
        (1e39, 0x7F80),
        (-3.4e38, 0xFF80),
        (3.38e38, 0x7F7E),
        (2.0**-133, 1),
        (2.0**-134, 0),
        (float("inf"), 0x7F80),
        (float("nan"), 0x7FC0),
    ],
)
def test_literals_are_rounded(value: float, bits: int) -> None:
    assert as_bits(value) == bits
    assert value != value or as_bits(nearest(value)) == bits


# ---- the text


@pytest.mark.parametrize("target", ["c", "vnni"])
@pytest.mark.parametrize("name", [*KERNELS, "atomic"])
def test_every_candidate_survives_printing_and_compiles(name: str, target: str) -> None:
    """But for the unions inside of the helpers ``..._as_...``, which the front end does not read."""
    text = HEAD + {**KERNELS, "atomic": ATOMIC}[name]
    (kernel,) = kernels(text)
    found = printed(kernel, shape_of(text, "kernel.cu", kernel), target)
    assert found
    for p in found:
        dialect = base.load(p.dialect)
        (again,) = lower(p.text, dialect.spelling, f"kernel{dialect.suffixes[0]}").kernels
        assert (again.params, again.constants, again.body) == (p.kernel.params, p.kernel.constants, p.kernel.body), p.text
        assert read(again.functions) == read(p.kernel.functions), p.text
        assert PRINT[p.dialect](again) == p.text
        assert not compiled(Printed(p.kernel, re.sub(r"\bint n\b", "int n __attribute__((unused))", p.text), p.dialect)), p.text


def read(functions: tuple) -> list:
    return [f for f in functions if "_as_" not in f.name]


def test_names_of_the_author_stay_apart_from_the_helpers() -> None:
    text = """// kernelglot: launch grid=(3) block=(64) n=150 bfloat16_value=bfloat16[150] out=bfloat16[150]:out
__device__ float bfloat16_bits(float first_lanes) { return first_lanes + 1.0f; }
__global__ void k(const __nv_bfloat16 *bfloat16_value, __nv_bfloat16 *out, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) { float bfloat16_value_lanes = __bfloat162float(bfloat16_value[i]), first_lanes = 2.0f;
    out[i] = __float2bfloat16(bfloat16_bits(bfloat16_value_lanes) * first_lanes); } }
"""
    for target in ("c", "vnni"):
        accepted(text, target)


# ---- rounding to whole numbers


@pytest.mark.parametrize("way", WAYS[1:], ids=str)
def test_rounding_to_whole_numbers_is_one_instruction(way: Way) -> None:
    text = (
        "// kernelglot: launch grid=(3) block=(64) n=150 out=float[450]:out x=float[150]\n__global__ void k(float *out, const float *x, int n) {\n"
        f"{AT}  if (i < n) {{ out[i] = rintf(x[i]); out[n + i] = truncf(x[i]); out[2 * n + i] = (float)__float2int_rn(x[i]); }}\n}}\n"
    )
    made = accepted(text, "vnni")
    assert "_mm512_roundscale_ps" in made and "_mm512_cvtps_epi32" in made and "map_" not in made
    whole = numpy.arange(-40, 40, dtype=numpy.float32) / 4
    x = numpy.concatenate([whole, numpy.array([-0.0, 8388608.5, -1e9, 3e38], numpy.float32)])
    given = {"out": numpy.zeros(3 * x.size, numpy.float32), "x": x, "n": x.size}
    out = run(made, "k", given, dialect="vnni", architecture=way.architecture)["out"].reshape(3, -1)
    assert (out[0].view(numpy.uint32) == numpy.rint(x).view(numpy.uint32)).all()
    assert (out[1].view(numpy.uint32) == numpy.trunc(x).view(numpy.uint32)).all()
    assert (out[2][:-1] == numpy.rint(x)[:-1]).all()


def test_a_template_in_cpp_is_called_with_the_bits() -> None:
    text = "template <typename T> void k(T *out, const T *x, int n) { for (int i = 0; i < n; ++i) out[i] = x[i] ^ 1; }"
    launch = Launch((1, 1, 1), (1, 1, 1))
    case = TestCase("k", (Buffer("out", "bf16", 3, "out"), Buffer("x", "bf16", 3, "in"), Scalar("n", "i32", 3)), launch, "toml")
    x = numpy.array([0x3F80, 0x7FC1, 1], numpy.uint16)
    out = run_once(Program("c", text, "k", launch, ("out", "x", "n")), case, {"out": numpy.zeros(3, numpy.uint16), "x": x})["out"]
    assert (out == x ^ 1).all()
