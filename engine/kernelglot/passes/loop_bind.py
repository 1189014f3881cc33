"""Bind: independent outer iterations are dealt out to the tasks of the launch.

before     for (row = 0; row < rows; ++row)  S
after      for (row = taskId; row < rows; row += taskDim)  S
keeps      every iteration, once; the iterations are independent
Several loops become one over their product, and one loop that is cut into vectors gives each task one contiguous piece.
"""

from __future__ import annotations

from ..ir.build import add, binary, ceil_div, div, fresh, integer, less, mul, select, sub, value_of
from ..ir.nodes import Axis, AxisExtent, AxisIndex, Declare, Expr, For, Stmt, Var
from ..ir.types import I32, Scalar, element_of
from .nest import Level

TASK, TASKS = AxisIndex(Axis.TASK, I32), AxisExtent(Axis.TASK, I32)


def over_tasks(levels: list[Level], body: tuple[Stmt, ...], taken: set[str]) -> tuple[Stmt, ...]:
    """``body`` for all coordinates of ``levels`` (outermost first), the combinations dealt out to the tasks."""
    if not levels:
        return body
    if len(levels) == 1:
        level = levels[0]
        return (For(level.var, TASK, level.extent, TASKS, body, type=level.type),)
    total = mul(*(level.extent for level in levels))
    type_ = element_of(total.type)
    unit = Var(fresh("unit", taken), type_ if type_.bits > 32 else I32)
    rest: Expr = unit
    coordinates: list[Stmt] = []
    for position, level in enumerate(reversed(levels)):
        value = rest if position + 1 == len(levels) else binary("%", rest, level.extent)
        coordinates.insert(0, Declare(level.var, level.type, value, const=True))
        rest = div(rest, level.extent)
    return (For(unit.name, TASK, total, TASKS, (*coordinates, *body), type=unit.type),)


def pieces(extent: Expr, type_: Scalar, taken: set[str]) -> tuple[list[Stmt], Expr, Expr]:
    """Declarations of this task's piece of ``0..extent``, and its begin and end; the last pieces may be empty."""
    chunk, begin, end = (Var(fresh(name, taken), type_) for name in ("chunk", "begin", "end"))
    declarations: list[Stmt] = [
        Declare(chunk.name, type_, ceil_div(extent, TASKS), const=True, comment="every task takes one contiguous piece"),
        Declare(begin.name, type_, mul(TASK, chunk), const=True),
        Declare(end.name, type_, select(less(add(begin, chunk), extent), add(begin, chunk), extent), const=True),
    ]
    return declarations, begin, end


__all__ = ["integer", "over_tasks", "pieces", "sub", "value_of"]
