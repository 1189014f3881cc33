"""AVX-512 and VNNI programs run on the C meaning of the intrinsics, as on a CPU without them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import numpy
import pytest
from emulator.running import needs_gcc, run

from kernelglot.verify import toolchain
from kernelglot.verify.emulate import Faulted

pytestmark = needs_gcc
HEADERS = toolchain.DIALECTS / "vnni" / "intrinsics"


def semantic(body: str, arguments: dict[str, object], parameters: str, prefix: str = "", **options: object) -> numpy.ndarray:
    text = f"#include <immintrin.h>\n#include <stdint.h>\n{prefix}void k({parameters}) {{\n{body}\n}}"
    return run(text, "k", arguments, dialect="vnni", architecture="semantic", **options)["out"]


DOT = "_mm512_storeu_si512(out, _mm512_{name}_epi32(_mm512_loadu_si512(src), _mm512_loadu_si512(a), _mm512_loadu_si512(b)));"


def dot(name: str, src: int, a: numpy.ndarray, b: numpy.ndarray) -> numpy.ndarray:
    arguments = {"out": numpy.zeros(16, numpy.int32), "src": numpy.full(16, src, numpy.int32), "a": a, "b": b}
    kinds = {1: ("uint8_t", "int8_t"), 2: ("int16_t", "int16_t")}[a.itemsize]
    return semantic(DOT.format(name=name), arguments, f"int32_t *out, const int32_t *src, const {kinds[0]} *a, const {kinds[1]} *b")


@pytest.mark.parametrize(("name", "src", "a", "b", "want"), [
    ("dpbusd", 0, 255, 127, 129540), ("dpbusd", 0, 255, -128, -130560), ("dpbusd", 2**31 - 1, 1, 1, -2147483645),
    ("dpbusds", 2**31 - 1, 1, 1, 2**31 - 1), ("dpbusds", -(2**31), 1, -1, -(2**31)), ("dpbusd", 0, 0x80, -128, -65536),
])
def test_dpbusd_takes_unsigned_then_signed(name: str, src: int, a: int, b: int, want: int) -> None:
    assert (dot(name, src, numpy.full(64, a, numpy.uint8), numpy.full(64, b, numpy.int8)) == want).all()


@pytest.mark.parametrize(("name", "want"), [("dpwssd", -(2**31)), ("dpwssds", 2**31 - 1)])
def test_dpwssd_wraps_and_dpwssds_saturates_once(name: str, want: int) -> None:
    lowest = numpy.full(32, -32768, numpy.int16)
    assert (dot(name, 0, lowest, lowest) == want).all()


def test_random_dot_products() -> None:
    random = numpy.random.default_rng(1)
    a, b = random.integers(0, 256, 64, numpy.uint8), random.integers(-128, 128, 64, numpy.int8)
    want = (a.astype(int) * b).reshape(16, 4).sum(1) + 5
    assert (dot("dpbusd", 5, a, b) == want).all() and (dot("dpbusds", 5, a, b) == want).all()


ROW_SUM = """  __m512 sum = _mm512_setzero_ps();
  int i = 0;
  for (; i + 16 <= n; i += 16) sum = _mm512_fmadd_ps(_mm512_loadu_ps(x + i), _mm512_set1_ps(2.0f), sum);
  __mmask16 tail = (__mmask16)((1u << (n - i)) - 1);
  sum = _mm512_mask_add_ps(sum, tail, sum, _mm512_maskz_loadu_ps(tail, x + i));
  out[0] = _mm512_reduce_add_ps(sum);"""


@pytest.mark.parametrize("prefix", ["", "template <typename T> T same(T x) { return x; }\n"], ids=["c", "c++"])
def test_a_masked_tail_does_not_read_past_the_end(prefix: str) -> None:
    x = numpy.arange(37, dtype=numpy.float32)
    got = semantic(ROW_SUM, {"out": numpy.zeros(1, numpy.float32), "x": x, "n": 37}, "float *out, const float *x, int n", prefix)
    assert got[0] == 2 * x[:32].sum() + x[32:].sum()


def test_gather_and_scatter_with_a_mask() -> None:
    body = """  __m512i index = _mm512_mullo_epi32(_mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), _mm512_set1_epi32(3));
  __m512 v = _mm512_mask_i32gather_ps(_mm512_set1_ps(-1), 0x00ff, index, x, 4);
  _mm512_mask_i32scatter_ps(out, 0x0fff, index, v, 4);"""
    x = numpy.arange(24, dtype=numpy.float32)
    got = semantic(body, {"out": numpy.zeros(36, numpy.float32), "x": x}, "float *out, const float *x", out=(), inout=("out",))
    want = numpy.zeros(36, numpy.float32)
    want[0:24:3], want[24::3] = x[::3], -1
    assert (got == want).all()


def test_compare_blend_round_and_convert() -> None:
    body = """  __m512 v = _mm512_loadu_ps(x);
  __mmask16 negative = _mm512_cmp_ps_mask(v, _mm512_setzero_ps(), _CMP_LT_OQ);
  __m512 r = _mm512_mask_blend_ps(negative, _mm512_roundscale_ps(v, _MM_FROUND_TO_NEG_INF), _mm512_abs_ps(v));
  _mm512_storeu_ps(out, _mm512_add_ps(r, _mm512_cvtepi32_ps(_mm512_cvttps_epi32(v))));
  _mm_storeu_si128((__m128i *)(out + 16), _mm512_cvtepi32_epi8(_mm512_cvtps_epi32(v)));"""
    x = numpy.random.default_rng(2).normal(0, 9, 16).astype(numpy.float32)
    got = semantic(body, {"out": numpy.zeros(20, numpy.float32), "x": x}, "float *out, const float *x")
    assert (got[:16] == numpy.where(x < 0, numpy.abs(x), numpy.floor(x)) + numpy.trunc(x)).all()
    assert (got[16:].view(numpy.int8) == numpy.rint(x)).all()


def test_an_aligned_load_of_an_unaligned_address_is_a_fault() -> None:
    with pytest.raises(Faulted) as raised:
        semantic("  _mm512_storeu_ps(out, _mm512_load_ps(x + 1));", {"out": numpy.zeros(16, numpy.float32), "x": numpy.zeros(17, numpy.float32)},
                 "float *out, const float *x")
    assert raised.value.fault.kind == "alignment" and "multiple of 64 bytes" in raised.value.fault.sentence and raised.value.fault.line == 4


def test_every_intrinsic_says_what_it_needs() -> None:
    for path in HEADERS.glob("*.h"):
        for comment, name in re.findall(r"((?:^///[^\n]*\n)*)^static inline [\w ]+? (_mm\w+|_k\w+|_cvt\w+)\(", path.read_text(), re.MULTILINE):
            assert "@isa " in comment and "@source manuals/vnni/" in comment, f"{path.name}: {name}"


@pytest.mark.parametrize(("tool", "language", "standard"), [("gcc", "c", "gnu17"), ("g++", "c++", "gnu++17")])
def test_the_headers_compile_as_c_and_as_cxx(tool: str, language: str, standard: str, tmp_path: Path) -> None:
    (tmp_path / "all").write_text('#include "prelude.h"\n')
    command = [toolchain.find(tool), f"-std={standard}", "-fsyntax-only", "-x", language, "-Wall", "-Wno-unused-function", "-Werror", f"-I{HEADERS}",
               f"-I{toolchain.RUNTIME}", "all"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr[:3000]
