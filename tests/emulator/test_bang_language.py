"""BANG C besides its intrinsics: address spaces, types, built-in names, constants of the architecture, directions of SRAM, scalar functions."""

from __future__ import annotations

import math

import numpy
import pytest
from emulator.bang_reference import value_of
from emulator.running import needs_gcc, run

from kernelglot.verify.emulate import Faulted

pytestmark = needs_gcc


@pytest.mark.covers("bang", "taskId", "taskIdX", "taskIdY", "taskIdZ", "taskDim", "taskDimX", "taskDimY", "taskDimZ", "coreId", "coreDim", "clusterId", "clusterDim")
@pytest.mark.parametrize(("grid", "kind", "clusters"), [((3, 2, 4), "block", 0), ((8, 3, 2), "union1", 1), ((16, 2, 1), "union2", 2), ((16, 1, 1), "union4", 4)])
def test_where_a_task_runs(grid: tuple[int, int, int], kind: str, clusters: int) -> None:
    text = """__mlu_entry__ void k(int *out) {
  int values[] = {taskIdX, taskIdY, taskIdZ, taskDim, taskDimX, taskDimY, taskDimZ, coreId, coreDim, clusterId, clusterDim};
  for (int i = 0; i < 11; ++i) out[taskId * 11 + i] = values[i];
}"""
    x, y, z = grid
    got = run(text, "k", {"out": numpy.zeros(11 * x * y * z, numpy.int32)}, grid=grid, kind=kind, dialect="bang")["out"].reshape(-1, 11)
    for task, each in enumerate(got):
        i, j, k = task % x, task // x % y, task // x // y
        core, cluster = (i % 4, i // 4 % clusters) if clusters else (0, 0)
        assert each.tolist() == [i, j, k, x * y * z, x, y, z, core, 4, cluster, clusters]


@pytest.mark.covers("bang", "__BANG_ARCH__", "__MLU_NRAM_SIZE__", "__MLU_WRAM_SIZE__", "__MLU_SRAM_SIZE__")
@pytest.mark.parametrize(("architecture", "sizes"), [
    ("tp_220", [220, 512, 512, 0, 1]), ("mtp_220", [220, 512, 512, 2048, 4]), ("tp_270", [270, 512, 1024, 0, 1]), ("mtp_270", [270, 512, 1024, 2048, 4]),
    ("mtp_290", [290, 512, 512, 2048, 4]), ("tp_322", [322, 768, 1024, 0, 1]), ("mtp_372", [372, 768, 1024, 4096, 4]), ("mtp_592", [592, 512, 512, 2048, 4])])
def test_constants_of_the_architecture(architecture: str, sizes: list[int]) -> None:
    text = """__mlu_entry__ void k(int *out) {
  out[0] = __BANG_ARCH__; out[1] = __MLU_NRAM_SIZE__; out[2] = __MLU_WRAM_SIZE__; out[3] = __MLU_SRAM_SIZE__; out[4] = coreDim;
}"""
    assert run(text, "k", {"out": numpy.zeros(5, numpy.int32)}, dialect="bang", architecture=architecture)["out"].tolist() == sizes


@pytest.mark.covers("bang", "__mlu_entry__", "__mlu_global__", "__mlu_func__", "__mlu_device__", "__nram__", "__wram__", "__mlu_shared__", "__ldram__", "__mlu_const__",
                    "int8", "int16", "fix8", "half", "bfloat16_t", "int4x2_t")
def test_address_spaces_functions_and_types() -> None:
    text = """#include <bang.h>
__mlu_device__ int counted = 3;
__mlu_const__ int weights[3] = {5, 6, 7};
__nram__ int8 whole[4];
template <typename T> __mlu_func__ T twice(T x) { return x + x; }
extern "C" __mlu_global__ void k(float *out, __mlu_const__ float *in) {
  __nram__ int16 a[2]; __wram__ half w[16]; __mlu_shared__ float s[4]; __ldram__ bfloat16_t l[4]; __nram__ int4x2_t four[2];
  fix8 f = -3;
  whole[1] = 100; a[1] = 300; s[2] = 1.5f; l[3] = 2.25f;
  out[0] = whole[1] + a[1]; out[1] = twice(f); out[2] = s[2] * in[0]; out[3] = (float)l[3] + weights[1] + counted;
  out[4] = sizeof(int8) + 10 * sizeof(int16) + 100 * sizeof(fix8) + 1000 * sizeof(half) + 10000 * sizeof(bfloat16_t) + 100000 * sizeof(four);
  out[5] = (half)0.1f; out[6] = (float)(half)2049;
}
__mlu_entry__ void other(float *out) { out[0] = 1; }
"""
    got = run(text, "k", {"out": numpy.zeros(7, numpy.float32), "in": numpy.array([2.0], numpy.float32)}, dialect="bang")["out"]
    assert got.tolist() == [400, -6, 3, 11.25, 222121, float(numpy.float16(0.1)), 2048]


SRAM = ["SRAM2NRAM", "NRAM2SRAM", "SRAM2WRAM", "WRAM2SRAM", "GDRAM2SRAM", "SRAM2GDRAM", "LDRAM2SRAM", "SRAM2LDRAM", "SRAM2SRAM"]
CORE = [f"{a}2{b}" for a in ("GDRAM", "LDRAM", "NRAM", "WRAM") for b in ("GDRAM", "LDRAM", "NRAM", "WRAM") if (a, b) != ("WRAM", "WRAM")]


@pytest.mark.covers("bang", *SRAM, *CORE)
@pytest.mark.parametrize("form", ["", "_async"])
def test_directions_of_sram(form: str) -> None:
    """The memory core brings data in, moves it on chip, to its private memory and back; the cores pass it through WRAM."""
    text = f"""__mlu_entry__ void k(float *out, const float *in) {{
  __mlu_shared__ float s[16], t[16], u[16]; __nram__ float x[16]; __wram__ float w[16]; __ldram__ float l[16];
  __memcpy{form}(s, in, 64, GDRAM2SRAM); __sync();
  __memcpy{form}(t, s, 64, SRAM2SRAM); __sync();
  __memcpy{form}(l, t, 64, SRAM2LDRAM); __sync();
  __memcpy{form}(u, l, 64, LDRAM2SRAM);
  __sync_cluster();
  if (coreId == 1) {{
    __memcpy{form}(w, u, 64, SRAM2WRAM); __sync();
    __memcpy{form}(s, w, 64, WRAM2SRAM); __sync();
    __memcpy{form}(x, s, 64, SRAM2NRAM); __sync();
    __bang_add(x, x, x, 16);
    __memcpy{form}(t, x, 64, NRAM2SRAM);
  }}
  __sync_cluster();
  __memcpy{form}(out, t, 64, SRAM2GDRAM);
}}"""
    source = numpy.arange(16, dtype=numpy.float32) + 1
    got = run(text, "k", {"out": numpy.zeros(16, numpy.float32), "in": source}, grid=(4,), kind="union1", dialect="bang")["out"]
    assert (got == 2 * source).all()


def test_directions_have_the_numbers_of_the_vendor_s_header() -> None:
    order = ("GDRAM2NRAM NRAM2GDRAM LDRAM2NRAM NRAM2LDRAM GDRAM2WRAM WRAM2GDRAM LDRAM2WRAM WRAM2LDRAM NRAM2NRAM NRAM2WRAM WRAM2NRAM GDRAM2SRAM SRAM2GDRAM LDRAM2SRAM "
             "SRAM2LDRAM SRAM2NRAM NRAM2SRAM SRAM2WRAM WRAM2SRAM GDRAM2GDRAM GDRAM2LDRAM LDRAM2GDRAM LDRAM2LDRAM SRAM2SRAM").split()
    text = "__mlu_entry__ void k(int *out) {\n" + "".join(f"  out[{i}] = {name};\n" for i, name in enumerate(order)) + "}"
    assert run(text, "k", {"out": numpy.zeros(24, numpy.int32)}, dialect="bang")["out"].tolist() == list(range(24))


UNARY = {"expf": math.exp, "exp2f": lambda x: 2.0**x, "logf": math.log, "log2f": math.log2, "log10f": math.log10, "sqrtf": math.sqrt, "floorf": math.floor,
         "ceilf": math.ceil, "truncf": math.trunc, "sinf": math.sin, "cosf": math.cos, "tanf": math.tan, "tanhf": math.tanh, "fabsf": abs,
         "roundf": lambda x: math.floor(x + 0.5)}
BINARY = {"powf": math.pow, "fmaxf": max, "fminf": min, "atan2f": math.atan2, "copysignf": math.copysign}


@pytest.mark.covers("bang", *UNARY, *BINARY, "isnan", "isinf", "scalbnf")
def test_scalar_functions() -> None:
    values = numpy.array([0.3, 1.0, 2.5, 7.75], numpy.float32)
    calls = [f"{name}(x)" for name in UNARY] + [f"{name}(x, -1.5f)" for name in BINARY if name != "powf"] + ["powf(x, 1.5f)", "scalbnf(x, 3)"]
    calls += ["(float)isnan(x - x)", "(float)isnan((x - x) / (x - x))", "(float)(isinf(x / (x - x)) != 0)"]
    body = "".join(f" out[{len(calls)} * i + {j}] = {call};" for j, call in enumerate(calls))
    text = f"__mlu_entry__ void k(float *out, const float *in) {{ for (int i = 0; i < 4; ++i) {{ float x = in[i];{body} }} }}"
    got = run(text, "k", {"out": numpy.zeros(4 * len(calls), numpy.float32), "in": values}, dialect="bang")["out"].reshape(4, -1)
    for x, row in zip(values.astype(float), got):
        want = [f(x) for f in UNARY.values()] + [f(x, -1.5) for name, f in BINARY.items() if name != "powf"] + [x**1.5, x * 8, 0, 1, 1]
        numpy.testing.assert_allclose(row, want, rtol=3e-7, atol=1e-7)


def test_arrays_whose_length_is_known_at_run_time() -> None:
    """The guide's samples declare some, although the target's description says that there are none (UNCERTAIN): they are accepted."""
    text = """__mlu_entry__ void k(float *out, const float *in, int n) {
  const int rows = n / 4;
  __nram__ float x[n], y[rows][4];
  __nram__ half h[n * 2];
  __memcpy(x, in, sizeof(x), GDRAM2NRAM);
  __memcpy(y[0], x, n * sizeof(float), NRAM2NRAM);
  for (int i = 0; i < rows; ++i) __bang_mul_scalar(y[i], y[i], 1.0f + i, 4);
  __bang_write_value(h, 2 * n, (half)2);
  __bang_half2float(x, h, n);
  __bang_add(x, x, y[0], n);
  __memcpy(out, x, sizeof(x), NRAM2GDRAM);
}"""
    source = numpy.arange(16, dtype=numpy.float32)
    got = run(text, "k", {"out": numpy.zeros(16, numpy.float32), "in": source, "n": 16}, dialect="bang")["out"]
    assert (got == source * (1 + numpy.arange(16) // 4) + 2).all()
    with pytest.raises(Faulted) as raised:
        run(text, "k", {"out": numpy.zeros(16, numpy.float32), "in": source, "n": 60000}, dialect="bang")
    assert (raised.value.fault.kind, raised.value.fault.line) == ("capacity", 4)


def test_bfloat16_rounds_to_nearest_even() -> None:
    text = "__mlu_entry__ void k(unsigned short *out, const float *in, int n) { for (int i = 0; i < n; ++i) { bfloat16_t b = in[i]; out[i] = *(unsigned short *)&b; } }"
    values = numpy.array([1.00390625, 1.01171875, 1.0, -3.3, 1e-40], numpy.float32)
    got = run(text, "k", {"out": numpy.zeros(5, numpy.uint16), "in": values, "n": 5}, dialect="bang")["out"]
    assert value_of(got, "bfloat16_t")[:3].tolist() == [1.0, 1.015625, 1.0]
