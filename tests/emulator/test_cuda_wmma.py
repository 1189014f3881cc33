"""wmma's shapes and types against numpy: sizes of fragments, layouts, saturation, what alignment it asks for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy
import pytest
from emulator.running import needs_gcc, run

from kernelglot.verify.emulate import Faulted

pytestmark = needs_gcc


@dataclass(frozen=True, slots=True)
class Form:
    """Operand type, sum type, shape, elements of a lane in A, B and the sums."""

    operand: str
    sums: str
    shape: tuple[int, int, int]
    elements: tuple[int, int, int]


LARGE = [(16, 16, 16), (32, 8, 16), (8, 32, 16)]
FORMS = [
    *(Form("half", sums, shape, (16, 16, 8)) for sums in ("float", "half") for shape in LARGE),
    *(Form(kind, "int", shape, (shape[0] // 2, shape[1] // 2, 8)) for kind in ("signed char", "unsigned char") for shape in LARGE),
    *(Form("__nv_bfloat16", "float", shape, (shape[0] // 2, shape[1] // 2, 8)) for shape in LARGE),
    Form("wmma::precision::tf32", "float", (16, 16, 8), (4, 4, 8)),
    Form("double", "double", (8, 8, 4), (1, 1, 2)),
    Form("wmma::experimental::precision::s4", "int", (8, 8, 32), (8, 8, 2)),
    Form("wmma::experimental::precision::u4", "int", (8, 8, 32), (8, 8, 2)),
]
DTYPES = {"half": "f2", "float": "f4", "int": "i4", "signed char": "i1", "unsigned char": "u1", "double": "f8", "wmma::precision::tf32": "f4", "__nv_bfloat16": "u2"}


def operands(form: Form, rng: numpy.random.Generator, shape: tuple[int, int]) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Values, and the array as the kernel sees it."""
    if form.operand.endswith("4"):
        low, high = (-8, 8) if form.operand.endswith("s4") else (0, 16)
        values = rng.integers(low, high, shape)
        return values, values
    if "char" in form.operand:
        values = rng.integers(*((-128, 128) if form.operand[0] == "s" else (0, 256)), shape)
        return values, values.astype(DTYPES[form.operand])
    wide = rng.standard_normal(shape).astype("f4")
    if form.operand == "__nv_bfloat16":
        bits = wide.view("u4") >> 16
        return (bits << 16).view("f4").astype("f8"), bits.astype("u2")
    stored = wide.astype(DTYPES[form.operand])
    if "tf32" in form.operand:
        bits = stored.view("u4")
        return ((bits + 0x1000) & ~numpy.uint32(0x1FFF)).view("f4").astype("f8"), stored
    return stored.astype("f8"), stored


def kernel(form: Form, a_row: bool, b_row: bool, out_row: bool) -> str:
    m, n, k = form.shape
    tf32 = "for (int i = 0; i < f.num_elements; ++i) f.x[i] = wmma::__float_to_tf32(f.x[i]);"
    pointer = {"wmma::precision::tf32": "float"}.get(form.operand, "unsigned" if form.operand.endswith("4") else form.operand)
    return f"""#include <mma.h>
using namespace nvcuda;
__global__ void k(const {pointer} *a, const {pointer} *b, const {form.sums} *c, {form.sums} *out, int *sizes) {{
  wmma::fragment<wmma::matrix_a, {m}, {n}, {k}, {form.operand}, wmma::{'row' if a_row else 'col'}_major> fa;
  wmma::fragment<wmma::matrix_b, {m}, {n}, {k}, {form.operand}, wmma::{'row' if b_row else 'col'}_major> fb;
  wmma::fragment<wmma::accumulator, {m}, {n}, {k}, {form.sums}> fc, fd;
  wmma::load_matrix_sync(fa, a, {k if a_row else m});
  wmma::load_matrix_sync(fb, b, {n if b_row else k});
  wmma::load_matrix_sync(fc, c, {n}, wmma::mem_row_major);
  {'{ auto &f = fa; ' + tf32 + ' } { auto &f = fb; ' + tf32 + ' }' if 'tf32' in form.operand else ''}
  wmma::mma_sync(fd, fa, fb, fc);
  wmma::store_matrix_sync(out, fd, {n if out_row else m}, wmma::mem_{'row' if out_row else 'col'}_major);
  sizes[0] = fa.num_elements; sizes[1] = fb.num_elements; sizes[2] = fc.num_elements;
}}"""


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.operand.split(':')[-1]}-{form.sums}-{'x'.join(map(str, form.shape))}")
@pytest.mark.covers("cuda", "fragment", "load_matrix_sync", "store_matrix_sync", "mma_sync", "__float_to_tf32", "matrix_a", "matrix_b", "accumulator", "row_major", "col_major",
                    "mem_row_major", "mem_col_major", "tf32", "s4", "u4")  # fmt: skip
def test_every_shape_and_type(form: Form) -> None:
    m, n, k = form.shape
    small = form.operand.endswith("4")
    strict = small or ("char" in form.operand and m != n)          # the other layouts would have strides of 8 bytes
    for at, (a_row, b_row, out_row) in enumerate([(True, False, True)] if strict else [(True, True, False), (False, False, True)]):
        rng = numpy.random.default_rng(31 + at)
        (a, a_stored), (b, b_stored) = operands(form, rng, (m, k)), operands(form, rng, (k, n))
        c = rng.integers(-9, 9, (m, n)).astype(DTYPES[form.sums]) if form.sums == "int" else rng.standard_normal((m, n)).astype(DTYPES[form.sums])
        given = [numpy.ascontiguousarray(v if row else v.T).ravel() for v, row in ((a_stored, a_row), (b_stored, b_row))]
        if small:
            given = [(v.reshape(-1, 8) & 15).astype("u4") @ (1 << 4 * numpy.arange(8, dtype="u4")) for v in given]
            given = [v.astype("u4") for v in given]
        arguments = {"a": given[0], "b": given[1], "c": c.ravel(), "out": numpy.zeros(m * n, DTYPES[form.sums]), "sizes": numpy.zeros(3, "i4")}
        got = run(kernel(form, a_row, b_row, out_row).replace("unsigned short", "__nv_bfloat16"), "k", arguments, block=(32,), out=("out", "sizes"))
        result = got["out"].reshape(m, n) if out_row else got["out"].reshape(n, m).T
        exact = (a @ b).astype("f8") + c
        near = {"f2": 1e-3, "f4": 1e-6, "i4": 0, "f8": 1e-14}[DTYPES[form.sums]]
        numpy.testing.assert_allclose(result.astype("f8"), exact, rtol=near, atol=near)
        assert tuple(got["sizes"]) == form.elements


@pytest.mark.covers("cuda", "bmma_sync", "bmmaBitOpXOR", "bmmaBitOpAND", "b1", "fill_fragment")
def test_single_bits_are_counted() -> None:
    text = """#include <mma.h>
using namespace nvcuda; using namespace nvcuda::wmma::experimental;
__global__ void k(const unsigned *a, const unsigned *b, int *out) {
  wmma::fragment<wmma::matrix_a, 8, 8, 128, precision::b1, wmma::row_major> fa;
  wmma::fragment<wmma::matrix_b, 8, 8, 128, precision::b1, wmma::col_major> fb;
  wmma::fragment<wmma::accumulator, 8, 8, 128, int> fc, fd;
  wmma::load_matrix_sync(fa, a, 128); wmma::load_matrix_sync(fb, b, 128); wmma::fill_fragment(fc, 5);
  wmma::bmma_sync(fd, fa, fb, fc); wmma::store_matrix_sync(out, fd, 8, wmma::mem_row_major);
  wmma::bmma_sync(fd, fa, fb, fc, bmmaBitOpAND); wmma::store_matrix_sync(out + 64, fd, 8, wmma::mem_row_major);
}"""
    bits = numpy.random.default_rng(33).integers(0, 2, (2, 8, 128))
    words = (bits.reshape(2, 32, 32) << numpy.arange(32)).sum(2).astype("u4")
    got = run(text, "k", {"a": words[0], "b": words[1], "out": numpy.zeros(128, "i4")}, block=(32,))["out"].reshape(2, 8, 8)
    a, b = bits
    assert (got[0] == (a[:, None] != b[None]).sum(2) + 5).all() and (got[1] == a @ b.T + 5).all()


def test_integer_sums_wrap_or_saturate() -> None:
    text = """#include <mma.h>
using namespace nvcuda;
__global__ void k(int *out) {
  wmma::fragment<wmma::matrix_a, 16, 16, 16, signed char, wmma::row_major> a;
  wmma::fragment<wmma::matrix_b, 16, 16, 16, signed char, wmma::col_major> b;
  wmma::fragment<wmma::accumulator, 16, 16, 16, int> c, d;
  wmma::fill_fragment(a, 127); wmma::fill_fragment(b, 127); wmma::fill_fragment(c, 2147483000);
  wmma::mma_sync(d, a, b, c, false); wmma::store_matrix_sync(out, d, 16, wmma::mem_row_major);
  wmma::mma_sync(d, a, b, c, true); wmma::store_matrix_sync(out + 256, d, 16, wmma::mem_row_major);
}"""
    got = run(text, "k", {"out": numpy.zeros(512, "i4")}, block=(32,))["out"]
    assert (got[:256] == 2147483000 + 16 * 127 * 127 - 2**32).all() and (got[256:] == 2**31 - 1).all()


@pytest.mark.parametrize("body, kind, words", [
    ("wmma::load_matrix_sync(a, x + 8, 16);", "alignment", "the pointer is not a multiple of 32 bytes"),
    ("wmma::load_matrix_sync(a, x, 12);", "alignment", "the stride is not a multiple of 16 bytes"),
    ("wmma::fill_fragment(c, 0.0f); wmma::store_matrix_sync(out, c, 18, wmma::mem_row_major);", "alignment", "store_matrix_sync: the stride"),
    ("if (threadIdx.x < 16) wmma::load_matrix_sync(a, x, 16);", "deadlock", "load_matrix_sync"),
    ("wmma::fragment<wmma::matrix_a, 16, 8, 16, half, wmma::row_major> other; (void)other;", "compile-error", "no fragment of this shape"),
])  # fmt: skip
def test_what_wmma_does_not_allow(body: str, kind: str, words: str) -> None:
    text = f"""#include <mma.h>
using namespace nvcuda;
__global__ void k(const half *x, float *out) {{
  wmma::fragment<wmma::matrix_a, 16, 16, 16, half, wmma::row_major> a; wmma::fragment<wmma::accumulator, 16, 16, 16, float> c;
  {body}
  __syncthreads(); out[0] = (float)a.x[0] + c.x[0];
}}"""
    with pytest.raises(Faulted) as faulted:
        run(text, "k", {"x": numpy.zeros(512, "f2"), "out": numpy.zeros(512, "f4")}, block=(32,))
    assert faulted.value.fault.kind == kind and words in faulted.value.fault.sentence and faulted.value.fault.line in (0, 5)
