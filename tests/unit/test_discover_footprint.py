"""How many elements a kernel touches: guards, decoded indices, strided loops, moving offsets, data-dependent indices."""

from __future__ import annotations

import math

import pytest

from kernelglot.analysis.footprint import Footprint, footprint
from kernelglot.ir import build
from kernelglot.ir.nodes import (
    Address,
    Assign,
    Axis,
    AxisExtent,
    AxisIndex,
    Binary,
    Call,
    Cast,
    Declare,
    Evaluate,
    Expr,
    For,
    If,
    Kernel,
    Literal,
    Load,
    Param,
    Return,
    Select,
    Stmt,
    Var,
    While,
)
from kernelglot.ir.types import BOOL, F32, I32, U32, Array, Pointer, Scope

X, Y, IDX = Var("x", Pointer(F32, const=True)), Var("y", Pointer(F32)), Var("idx", Pointer(I32, const=True))
BLOCK, THREAD, WIDTH = AxisIndex(Axis.BLOCK_X), AxisIndex(Axis.THREAD_X), AxisExtent(Axis.THREAD_X)
i, j, k, n, m = (Var(name, I32) for name in "ijknm")
FLAT = build.add(build.mul(BLOCK, WIDTH), THREAD)


def x(index: Expr) -> Load:
    return Load(X, (index,), F32)


def store(index: Expr, value: Expr, op: str = "") -> Assign:
    return Assign(Load(Y, (index,), F32), value, op)


def touched(*body: Stmt, grid=(4, 1, 1), block=(256, 1, 1), contents=None, **scalars: int) -> Footprint:
    params = [Param("x", X.type), Param("y", Y.type), Param("idx", IDX.type), *(Param(name, I32) for name in scalars)]
    return footprint(Kernel("k", tuple(params), body), grid, block, scalars, contents)


def sizes(result: Footprint) -> tuple[int | None, int | None]:
    return result.uses["x"].elements, result.uses["y"].elements


def test_a_guard_bounds_the_index():
    result = touched(Declare("i", I32, FLAT), If(build.less(i, n), (store(i, x(i)),)), n=1000)
    assert sizes(result) == (1000, 1000)
    assert (result.uses["x"].written, result.uses["y"].read, result.uses["y"].written) == (False, False, True)


def test_an_early_return_bounds_what_follows():
    assert sizes(touched(Declare("i", I32, FLAT), If(Binary(">=", i, n, BOOL), (Return(),)), store(i, x(i)), n=1000)) == (1000, 1000)


def test_a_guard_on_the_spelled_out_index_counts_too():
    assert sizes(touched(If(build.less(FLAT, n), (Declare("i", I32, FLAT), store(i, x(FLAT)))), n=900)) == (900, 900)


def test_without_a_guard_the_launch_bounds_the_index():
    assert sizes(touched(store(FLAT, x(THREAD)))) == (256, 1024)


def test_a_compound_assignment_reads_and_writes():
    use = touched(store(THREAD, x(THREAD), "+")).uses["y"]
    assert use.read and use.written


def test_a_tile_whose_two_parts_are_guarded_together():
    """x[row * m + t * 16 + tx] with row < n and t * 16 + tx < m: the last row ends at n * m."""
    column = build.add(build.mul(Var("t", I32), build.integer(16)), THREAD)
    body = (Declare("row", I32, BLOCK), For("t", build.integer(0), build.ceil_div(m, build.integer(16)), build.integer(1), (
        If(build.both(build.less(Var("row", I32), n), build.less(column, m)),
           (store(THREAD, x(build.add(build.mul(Var("row", I32), m), column))),)),)))
    assert sizes(touched(*body, grid=(64, 1, 1), block=(16, 1, 1), n=37, m=41)) == (37 * 41, 16)


def test_decoded_indices_are_exact():
    """i -> (i / 12) * 20 + i % 12 for i < 120."""
    index = build.add(build.mul(build.div(i, build.integer(12)), build.integer(20)), build.binary("%", i, build.integer(12)))
    assert sizes(touched(Declare("i", I32, FLAT), If(build.less(i, build.integer(120)), (store(i, x(index)),)))) == (9 * 20 + 12, 120)


def test_a_select_guards_its_branches():
    """y[i] = 5 <= i % 12 ? x[i % 12 - 5] : 0"""
    rest = build.binary("%", i, build.integer(12))
    value = Select(Binary("<=", build.integer(5), rest, BOOL), x(build.sub(rest, build.integer(5))), Literal(0.0, F32), F32)
    assert sizes(touched(Declare("i", I32, FLAT), store(i, value)))[0] == 7


def test_a_grid_stride_loop_ends_at_its_bound():
    loop = For("i", FLAT, n, build.mul(WIDTH, AxisExtent(Axis.BLOCK_X)), (store(i, x(i)),))
    result = touched(loop, n=10007)
    assert sizes(result) == (10007, 10007)
    assert 10007 <= result.work <= 4 * 10007


def test_an_offset_that_moves_along():
    """for (k = 0; k < n; k++, p += m) x[p]: the last read is at m * (n - 1)."""
    p = Var("p", I32)
    body = (Declare("p", I32, THREAD), For("k", build.integer(0), n, build.integer(1), (store(THREAD, x(p)), Assign(p, m, "+"))), store(THREAD, x(p)))
    assert touched(*body[:2], block=(8, 1, 1), n=5, m=50).uses["x"].elements == 4 * 50 + 8
    assert touched(*body, block=(8, 1, 1), n=5, m=50).uses["x"].elements == 5 * 50 + 8


def test_a_while_loop_with_a_minimum_as_its_bound():
    """chunk = min(64, n - start); while (k < chunk) x[start + k]: never past n."""
    start, chunk = Var("start", I32), Var("chunk", I32)
    inner = While(build.less(k, chunk), (store(THREAD, x(build.add(start, k))), Assign(k, build.integer(1), "+")))
    body = For("start", build.integer(0), n, build.integer(64), (
        Declare("chunk", I32, Call("min", (build.integer(64), build.sub(n, start)), I32)), Declare("k", I32, build.integer(0)), inner))
    assert sizes(touched(body, n=150))[0] == 150


def test_a_halving_loop_is_bounded():
    half = Var("s", I32)
    loop = While(Binary(">", half, build.integer(0), BOOL), (If(build.less(THREAD, half), (store(THREAD, x(build.add(THREAD, half))),)),),
                 Declare("s", I32, build.integer(128)), (Assign(half, build.integer(1), ">>"),))
    result = touched(loop)
    assert sizes(result) == (256, 128)
    assert result.work < 1024 * 256


def test_the_unsigned_trick_checks_both_ends():
    shifted = build.sub(i, build.integer(1))
    body = (Declare("i", I32, FLAT), Declare("j", I32, shifted), If(build.less(Cast(j, U32), Cast(n, U32)), (store(i, x(j)),)))
    use = touched(*body, n=100).uses["x"]
    assert use.range == (0, 99)


def test_an_index_from_memory_is_as_wide_as_its_content():
    body = (Declare("i", I32, Load(IDX, (THREAD,), I32)), store(THREAD, x(build.add(build.mul(i, build.integer(8)), THREAD))))
    unknown = touched(*body, block=(8, 1, 1))
    assert unknown.indexing == {"idx"}
    assert unknown.uses["x"].elements == ((1 << 31) - 1) * 8 + 8
    assert touched(*body, block=(8, 1, 1), contents={"idx": (0, 9)}).uses["x"].elements == 80


def test_an_unbounded_index_is_unknown():
    value = Cast(x(build.integer(0)), I32)
    use = touched(store(build.integer(0), x(value))).uses["x"]
    assert use.elements is None
    assert math.isinf(use.range[1])


def test_a_float_guard_bounds_what_is_rounded_down():
    """h = x[0]; if (h > -1 && h < n) { i = (int)floorf(h); if (i >= 0) x[i] }"""
    h = Var("h", F32)
    body = (Declare("h", F32, x(build.integer(0))), If(build.both(Binary(">", h, build.integer(-1), BOOL), Binary("<", h, n, BOOL)), (
        Declare("i", I32, Cast(Call("floorf", (h,), F32), I32)), If(Binary(">=", i, build.integer(0), BOOL), (store(build.integer(0), x(i)),)))))
    assert touched(*body, n=12).uses["x"].elements == 12


@pytest.mark.parametrize("name", ["atomicAdd", "atomicMax"])
def test_atomics_read_and_write(name: str):
    from kernelglot.ir.nodes import Address, Evaluate
    use = touched(Evaluate(Call(name, (Address(Y, (build.integer(3),), Y.type), Literal(1.0, F32)), F32))).uses["y"]
    assert (use.read, use.written, use.elements) == (True, True, 4)


def test_a_remainder_spelled_as_a_difference_is_a_remainder():
    quotient = Declare("q", I32, build.div(i, build.integer(100)))
    column = Declare("c", I32, build.sub(i, build.mul(Var("q", I32), build.integer(100))))
    result = touched(Declare("i", I32, FLAT), quotient, column, store(Var("c", I32), x(Var("q", I32))), grid=(8, 1, 1), block=(100, 1, 1))
    assert sizes(result) == (8, 100)


def test_an_array_that_an_atomic_or_a_later_iteration_fills_is_not_taken_for_zero():
    counts = Var("counts", Array(I32, (4,), Scope.SHARED))
    cell = Load(counts, (build.integer(0),), I32)
    count = Evaluate(Call("atomicAdd", (Address(counts, (build.integer(0),)), build.integer(1)), I32))
    seen = If(build.less(build.integer(0), cell), (store(build.integer(5), x(build.integer(7))),))
    first = touched(Declare("counts", counts.type), Assign(cell, build.integer(0)), count, seen)
    again = touched(Declare("counts", counts.type), Assign(cell, build.integer(0)),
                    For("j", build.integer(0), n, build.integer(1), (seen, Assign(cell, build.integer(1)))), n=3)
    assert sizes(first) == sizes(again) == (8, 6)


def test_a_parameter_that_the_kernel_changes_starts_with_its_value():
    halves = Assign(n, build.div(n, build.integer(2)))
    result = touched(halves, Declare("i", I32, FLAT), If(build.less(i, n), (store(i, x(i)),)), n=1000)
    assert sizes(result) == (500, 500)
    loop = For("j", build.integer(0), build.integer(3), build.integer(1), (halves, store(n, x(n))))
    assert sizes(touched(loop, n=1000)) == (501, 501)
