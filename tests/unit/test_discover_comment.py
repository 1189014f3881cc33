"""The `kernelglot:` comment: read, written, and refused with a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernelglot.verify.annotations import BadComment, comment_for, lines_above, lines_for, parse
from kernelglot.verify.cases import BYTES, Buffer, Launch, Scalar, TestCase

FULL = "launch grid=(40) block=(16,16) shared=64 n=10000 alpha=0.5 x=float[n]:in idx=int64_t[n/2]:in:0..n-1 y=half[2*n]:out"


def test_every_part_is_read():
    written = parse(FULL.replace("0..n-1", "-1..99"))
    assert written.launch == Launch((40, 1, 1), (16, 16, 1), 64)
    assert written.scalars == {"n": 10000, "alpha": 0.5}
    assert written.buffers == {"x": ("f32", 10000, "in", None, None), "idx": ("i64", 5000, "in", -1, 99), "y": ("f16", 20000, "out", None, None)}


def test_bang_launches_have_tasks():
    assert parse("launch task=(16,1,1) kind=union4 src=half[4096]").launch == Launch((16, 1, 1), (1, 1, 1), 0, "union4")


def test_roles_may_be_left_to_the_kernel():
    assert parse("launch grid=(1) x=float[8]").buffers["x"] == ("f32", 8, "", None, None)


@pytest.mark.parametrize("body", [
    "launch grid=(0) x=float[4]", "launch grid=(1) x=floaty[4]", "launch grid=(1) x=float[m]", "launch grid=(1) x=float[4]:inn",
    "launch grid=(1,2,3,4)", "launch grid=(1) what", "launch grid=(1) n=__import__('os')", "launch grid=(1) x=float[-4]", "n=1/0",
])
def test_what_cannot_be_read_is_said(body: str):
    with pytest.raises(BadComment, match="Line 3"):
        parse(body, 3)


def test_comments_are_found_above_a_kernel_or_by_its_name():
    text = """// kernelglot: kernel=b launch grid=(9) block=(1)
#include <x.h>

// kernelglot: launch grid=(1) block=(1)
// some words
// kernelglot: launch grid=(2) block=(1)
template <typename T>
__global__ void a(T* x) {}

__global__ void b(float* x) {}
"""
    assert [line for line, _ in lines_above(text, 8)] == [4, 6]
    assert lines_above(text, 10) == []
    assert lines_for(text, "b") == [(1, "kernel=b launch grid=(9) block=(1)")]


names = st.from_regex(r"[a-hj-z][a-z0-9_]{0,6}", fullmatch=True).filter(
    lambda name: name not in ("grid", "block", "shared", "task", "kind", "kernel", "launch", "nan", "inf"))
whole = st.integers(1, 4096)


@st.composite
def cases(draw) -> TestCase:
    arguments: list[Buffer | Scalar] = []
    for name in draw(st.lists(names, min_size=1, max_size=5, unique=True)):
        dtype = draw(st.sampled_from(sorted(BYTES)))
        if draw(st.booleans()):
            low = draw(st.none() | st.integers(-9, 9)) if "f" not in dtype else None
            arguments.append(Buffer(name, dtype, draw(whole), draw(st.sampled_from(["in", "out", "inout"])), low,
                                    None if low is None else low + draw(whole)))
        elif "f" in dtype:
            arguments.append(Scalar(name, dtype, draw(st.floats(allow_nan=False))))
        else:
            arguments.append(Scalar(name, dtype, draw(st.integers(-(1 << 40), 1 << 40))))
    kind = draw(st.sampled_from(["", "", "block", "union4"]))
    grid = draw(st.tuples(whole, whole, whole))
    block = (1, 1, 1) if kind else draw(st.tuples(whole, whole, whole))
    return TestCase("k", tuple(arguments), Launch(grid, block, draw(st.sampled_from([0, 128])), kind), "comment")


@given(cases())
def test_what_is_written_reads_back(case: TestCase):
    body = comment_for(case).removeprefix("// kernelglot: ")
    written = parse(body)
    assert written.launch == case.launch
    assert written.buffers == {b.name: (b.dtype, b.elements, b.role, b.low, b.high) for b in case.buffers}
    assert written.scalars == {s.name: s.value for s in case.arguments if isinstance(s, Scalar)}
