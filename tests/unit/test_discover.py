"""Finding test cases, in order: comment, kernelglot.toml, host code, inference."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from kernelglot.frontend.spelling import Spelling
from kernelglot.ir import build
from kernelglot.ir.nodes import (
    Assign,
    Axis,
    AxisExtent,
    AxisIndex,
    Binary,
    Declare,
    Expr,
    For,
    If,
    Kernel,
    Literal,
    Load,
    Param,
    Span,
    Stmt,
    Var,
)
from kernelglot.ir.types import BOOL, F32, I32, Pointer, Scalar
from kernelglot.verify.cases import Buffer, TestCase
from kernelglot.verify.discover import Discovery, comment_for, discover

CUDA = Spelling("cuda", kernel_qualifiers=("__global__",))
IN, OUT, INDEX = Pointer(F32, const=True), Pointer(F32), Pointer(I32, const=True)
BLOCK, THREAD, WIDTH = AxisIndex(Axis.BLOCK_X), AxisIndex(Axis.THREAD_X), AxisExtent(Axis.THREAD_X)
FLAT = build.add(build.mul(BLOCK, WIDTH), THREAD)
i, j, n = (Var(name, I32) for name in "ijn")


def at(name: str, index: Expr, type_: Pointer = IN) -> Load:
    return Load(Var(name, type_), (index,), type_.element)


def kernel(body: tuple[Stmt, ...], line: int = 1, symbol: str = "", **params: Scalar | Pointer) -> Kernel:
    return Kernel("k", tuple(Param(name, type_) for name, type_ in params.items()), body, symbol=symbol, span=Span(0, 1, line))


def guarded(bound: Expr) -> tuple[Stmt, ...]:
    """if (i < bound) y[i] = x[i]"""
    return Declare("i", I32, FLAT), If(build.less(i, bound), (Assign(at("y", i, OUT), at("x", i)),))


COPY = kernel(guarded(n), x=IN, y=OUT, n=I32)
COPY_TEXT = "__global__ void k(const float* x, float* y, int n) {}\n"
MAIN = """int main() { const int n = SIZE; float *a, *b; cudaMalloc(&a, n * sizeof(float)); cudaMalloc(&b, n * sizeof(float));
  k<<<(n + 255) / 256, 256>>>(a, b, n); }"""


def find(text: str, each: Kernel, path: Path | str = "/nowhere/k.cu") -> Discovery:
    return discover(text, path, SimpleNamespace(kernels=(each,)), each, CUDA)


def shapes(case: TestCase) -> dict[str, object]:
    return {a.name: (a.elements, a.role) if isinstance(a, Buffer) else a.value for a in case.arguments}


def test_a_comment_beats_everything():
    text = "// kernelglot: launch grid=(2) block=(32) n=50 x=float[n] y=float[n]:inout\n" + COPY_TEXT + MAIN.replace("SIZE", "1000")
    found = find(text, replace(COPY, span=Span(0, 1, 2)))
    assert [case.origin for case in found.cases] == ["comment"]
    assert shapes(found.cases[0]) == {"x": (50, "in"), "y": (50, "inout"), "n": 50}
    assert found.cases[0].launch.grid == (2, 1, 1)
    assert found.launch is not None and found.launch.grid_values[0] == 4


def test_a_comment_that_leaves_something_out_says_what():
    found = find("// kernelglot: launch grid=(2) block=(32) x=float[50]\n" + COPY_TEXT, replace(COPY, span=Span(0, 1, 2)))
    assert not found.cases
    assert "`n` has no value" in found.missing and "// kernelglot: launch" in found.missing


def test_toml_in_a_folder_above(tmp_path: Path):
    (tmp_path / ".git").mkdir()
    (tmp_path / "src").mkdir()
    (tmp_path / "kernelglot.toml").write_text('[kernels]\nk = ["launch grid=(1) block=(8) n=8 x=float[8] y=float[8]"]\n')
    found = find(COPY_TEXT, COPY, tmp_path / "src" / "k.cu")
    assert [case.origin for case in found.cases] == ["toml"]
    assert shapes(found.cases[0]) == {"x": (8, "in"), "y": (8, "out"), "n": 8}


def test_host_sizes_come_first_then_uneven_and_smallest_ones():
    found = find(COPY_TEXT + MAIN.replace("SIZE", "1000"), COPY)
    assert [shapes(case)["n"] for case in found.cases] == [1000, 599, 1, 257, 15, 512, 17, 255, 521, 18]     # the edges of blocks and of vectors
    assert [case.launch.grid[0] for case in found.cases] == [4, 3, 1, 2, 1, 2, 1, 1, 3, 1]
    assert [case.varied for case in found.cases] == [False] + [True] * 9
    assert shapes(found.cases[1]) == {"x": (599, "in"), "y": (599, "out"), "n": 599}
    assert found.cases[0].assumptions == ()
    assert "n=599" in found.cases[1].assumptions[0]


def test_large_sizes_are_reduced_and_the_case_says_so():
    found = find(COPY_TEXT + MAIN.replace("SIZE", "1 << 26"), COPY)
    case = found.cases[0]
    assert shapes(case)["n"] < 1 << 23
    assert any("reduced" in sentence and "from 67108864" in sentence for sentence in case.assumptions)


def test_sizes_that_the_kernel_fixes_are_not_varied():
    found = find(COPY_TEXT + MAIN.replace("SIZE", "1000"), kernel(guarded(Literal(1000, I32)), x=IN, y=OUT, n=I32))
    assert [shapes(case)["n"] for case in found.cases] == [1000, 512]       # n = 599 would make the buffers too short, whole blocks do not


def test_a_launcher_that_nobody_calls_gets_the_size_the_guard_needs():
    text = """__global__ void k(const float* x, float* y) {}
extern "C" void k_kernel(const float* x, float* y, int size) { float *a, *b;
  cudaMalloc(&a, size * sizeof(float)); cudaMalloc(&b, size * sizeof(float));
  dim3 block(256); dim3 grid((size + 256 - 1) / 256); k<<<grid, block>>>(a, b); }"""
    found = find(text, kernel(guarded(Literal(2304, I32)), x=IN, y=OUT))
    assert shapes(found.cases[0]) == {"x": (2304, "in"), "y": (2304, "out")}
    assert found.cases[0].launch.grid == (9, 1, 1)
    assert "size=2304 was assumed" in found.cases[0].assumptions[0]


def test_several_sizes_from_outside_fit_all_buffers():
    """A row softmax over 45 x 25 that ignores its sizes: rows and columns are found from the guard and the loop."""
    row = build.add(build.mul(i, build.integer(25)), j)
    body = (Declare("i", I32, FLAT), If(build.less(i, build.integer(45)), (
        For("j", build.integer(0), build.integer(25), build.integer(1), (Assign(at("y", row, OUT), at("x", row)),)),)))
    text = """__global__ void k(const float* x, float* y) {}
extern "C" void k_kernel(const float* x, float* y, int R, int C) { float *a, *b;
  cudaMalloc(&a, R * C * sizeof(float)); cudaMalloc(&b, R * C * sizeof(float)); k<<<(R + 31) / 32, 32>>>(a, b); }"""
    case = find(text, kernel(body, x=IN, y=OUT)).cases[0]
    assert shapes(case) == {"x": (1125, "in"), "y": (1125, "out")}
    assert case.launch.grid[0] == 2


def test_without_host_code_everything_is_inferred_and_said():
    found = find(COPY_TEXT, COPY)
    case = found.cases[0]
    assert (case.origin, case.launch.grid, case.launch.block) == ("inferred", (4, 1, 1), (256, 1, 1))
    assert shapes(case) == {"x": (1000, "in"), "y": (1000, "out"), "n": 1000}
    assert any("n=1000" in sentence for sentence in case.assumptions)


def test_index_buffers_stay_inside_what_they_index():
    """y[t] = x[idx[t] * 8 + t % 8] with 80 elements in x: idx is at most 9."""
    index = build.add(build.mul(at("idx", THREAD, INDEX), build.integer(8)), build.binary("%", THREAD, build.integer(8)))
    body = (Assign(at("y", THREAD, OUT), at("x", index)),)
    text = """__global__ void k(const int* idx, const float* x, float* y) {}
int main() { int* i; float *a, *b; cudaMalloc(&i, 64 * 4); cudaMalloc(&a, 80 * 4); cudaMalloc(&b, 64 * 4); k<<<1, 64>>>(i, a, b); }"""
    case = find(text, kernel(body, idx=INDEX, x=IN, y=OUT)).cases[0]
    fact = case.argument("idx")
    assert (fact.low, fact.high) == (0, 9)
    assert "`idx` holds values 0..9" in case.assumptions[0]
    inferred = find("", kernel(body, idx=INDEX, x=IN, y=OUT)).cases[0]
    assert inferred.argument("x").elements == (inferred.argument("idx").high + 1) * 8


def test_an_index_nobody_can_bound_asks_for_a_comment():
    from kernelglot.ir.nodes import Cast
    body = (Assign(at("y", Cast(at("x", THREAD), I32), OUT), at("x", THREAD)),)
    found = find("__global__ void k(const float* x, float* y) {}\n", kernel(body, x=IN, y=OUT))
    assert not found.cases
    assert "`y`" in found.missing
    assert "// kernelglot: launch grid=(4,1,1) block=(256,1,1) x=float[1000] y=float[1000]:out" in found.missing


def test_what_was_found_can_be_pasted_as_a_comment():
    found = find(COPY_TEXT + MAIN.replace("SIZE", "1000"), COPY)
    for case in found.cases:
        again = find(comment_for(case) + "\n" + COPY_TEXT, replace(COPY, span=Span(0, 1, 2))).cases[0]
        assert (again.arguments, again.launch, again.origin) == (case.arguments, case.launch, "comment")


def test_read_and_written_buffers_keep_their_content():
    body = (Declare("i", I32, FLAT), If(Binary("<", i, n, BOOL), (Assign(at("y", i, OUT), at("x", i), "+"),)))
    assert shapes(find(COPY_TEXT + MAIN.replace("SIZE", "64"), kernel(body, x=IN, y=OUT, n=I32)).cases[0])["y"] == (64, "inout")


@pytest.mark.parametrize("text", ["", "int main() {", "}}}}", "int main() { k<<<>>>(); }", "int main() { k<<<1, 2>>>(; }", "#define k(x"])
def test_broken_host_code_is_survived(text: str):
    case, *_ = find(text, COPY).cases
    assert case.assumptions
    assert shapes(case)["n"] == 1000
