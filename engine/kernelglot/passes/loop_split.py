"""Split: a loop is cut into strips of at most ``width`` iterations.

before     for (i = begin; i < end; ++i)  S
after      for (i0 = begin; i0 < end; i0 += width) { count = min(width, end - i0); for i in i0..i0+count: S }
keeps      the order of the iterations
"""

from __future__ import annotations

from collections.abc import Callable

from ..ir.build import cast, fresh, less, select, sub
from ..ir.nodes import Constant, Declare, Expr, For, Stmt, Var
from ..ir.types import I32, Scalar
from .cache import Lanes


def strips(
    var: str,
    type_: Scalar,
    begin: Expr,
    end: Expr,
    width: Constant,
    taken: set[str],
    body: Callable[[Lanes], tuple[Stmt, ...]],
    used_origin: Expr | None = None,
) -> For:
    """The strips of ``begin..end``; ``body`` makes the statements of one strip from its lanes."""
    start = Var(fresh(f"{var}0", taken), type_)
    count = Var(fresh("count", taken), I32)
    left = cast(sub(end, start), I32) if type_.bits > 32 or type_.kind == "uint" else sub(end, start)
    inside = Declare(count.name, I32, cast_less(left, width, sub(end, start)), const=True)
    lanes = Lanes(var, type_, start, count, used_origin or start, width)
    return For(start.name, begin, end, width, (inside, *body(lanes)), type=type_)


def cast_less(left: Expr, width: Expr, exact: Expr) -> Expr:
    """``exact < width ? exact : width`` as an ``int``."""
    return select(less(exact, width), left, width)


__all__ = ["strips"]
