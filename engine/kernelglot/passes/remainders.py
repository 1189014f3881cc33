"""Quotients and remainders that are known because the index of a thread or lane stays below the divisor.

before     (block * 4 + warp) * 32 + lane) / 32,  lane % 32        with lane < 32
after      block * 4 + warp,                      lane
"""

from __future__ import annotations

from collections.abc import Mapping

from ..ir.affine import Poly, divide, poly, to_expr
from ..ir.build import cast, value_of
from ..ir.nodes import Axis, Binary, Expr, For, Node, Var
from ..ir.types import element_of
from ..ir.walk import rewrite, walk


def counters(body) -> set[str]:
    """Loop variables of ``body`` that are never negative."""
    found: set[str] = set()
    for node in walk(body):
        if isinstance(node, For):
            first = value_of(node.lower)
            if isinstance(first, int) and first >= 0 or node.axis is not Axis.SERIAL and node.axis is not Axis.PARALLEL:
                found.add(node.var)
    return found


def simplified(node, most: Mapping[str, int], never_negative: set[str]):
    """``node`` without quotients and remainders that follow from ``0 <= name <= most[name]``."""

    def visit(current: Node) -> Node:
        if not isinstance(current, Binary) or not current.type.is_integer:
            return current
        width = _divisor(current)
        parts = None if width is None else _parts(current.left, width, most, never_negative)
        if parts is None or width is None:
            return current
        whole, rest = parts
        wanted = rest if current.op in ("%", "&") else divide(whole, {(): width})
        return current if wanted is None else cast(to_expr(wanted), element_of(current.type))

    if isinstance(node, tuple):
        return tuple(rewrite(each, visit) for each in node)
    return rewrite(node, visit)


def _divisor(expr: Binary) -> int | None:
    number = value_of(expr.right)
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        return None
    match expr.op:
        case "/" | "%":
            return number or None
        case ">>":
            return 1 << number if number < 31 else None
        case "&":
            return number + 1 if number & (number + 1) == 0 and number else None
    return None


def _parts(expr: Expr, width: int, most: Mapping[str, int], never_negative: set[str]) -> tuple[Poly, Poly] | None:
    """``expr`` as a multiple of ``width`` and a rest below it, neither of them negative; None where that is not certain."""
    terms = poly(expr)
    rest = {m: c for m, c in terms.items() if c % width}
    whole = {m: c for m, c in terms.items() if not c % width}
    largest = 0
    for monomial, factor in rest.items():
        if len(monomial) > 1 or factor < 0 or monomial and not (isinstance(monomial[0], Var) and monomial[0].name in most):
            return None
        largest += factor * (most[monomial[0].name] if monomial else 1)  # type: ignore[attr-defined]
    for monomial, factor in whole.items():
        if factor < 0 or not all(isinstance(a, Var) and (a.name in most or a.name in never_negative) for a in monomial):
            return None
    return (whole, rest) if largest < width else None


__all__ = ["counters", "simplified"]
