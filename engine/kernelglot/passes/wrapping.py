"""Coordinates of a launch are unsigned; as loop variables they are signed. Where that could be told apart, the conversion is kept.

``threadIdx.x - 1 < n`` is false for thread 0: the difference wraps. With a signed ``thread_x`` it has to read
``(unsigned)(thread_x - 1) < n``. Only comparisons, quotients, right shifts and conversions to a wider type look at the sign, and only
an operand that may be negative needs the cast. Scalar parameters are taken to be sizes, which are not negative.
"""

from __future__ import annotations

from dataclasses import replace

from ..ir.build import value_of
from ..ir.nodes import Assign, AxisExtent, AxisIndex, Binary, Call, Cast, Declare, Expr, For, Literal, Load, Node, Select, Stmt, Unary, Var
from ..ir.types import I32, U32, Array, Scalar, element_of
from ..ir.walk import assigned, rewrite_body, walk

SIGN_MATTERS = frozenset({"<", "<=", ">", ">=", "/", "%", ">>"})


def with_wrapping(body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
    """``body`` of a kernel with explicit conversions of what may wrap, before its coordinates become loop variables."""
    values = _single_values(body)

    def wraps(expr: Expr) -> bool:
        return element_of(expr.type) == U32 and _uses_launch(expr) and _may_be_negative(expr, values, frozenset())

    def kept(expr: Expr) -> Expr:
        return Cast(replace(expr, type=I32), U32, span=expr.span) if wraps(expr) else expr  # type: ignore[call-arg]

    def visit(node: Node) -> Node:
        match node:
            case Binary(op=op, left=left, right=right) if op in SIGN_MATTERS:
                return replace(node, left=kept(left), right=kept(right))
            case Cast(operand=operand, type=Scalar() as type_) if type_.is_float or type_.bits > 32:
                return replace(node, operand=kept(operand))
        return node

    return rewrite_body(body, visit)


def _uses_launch(expr: Expr) -> bool:
    return any(isinstance(node, AxisIndex | AxisExtent) for node in walk(expr))


def _single_values(body: tuple[Stmt, ...]) -> dict[str, tuple[Expr, ...]]:
    """What each local integer holds first and, for loop variables, where it starts; nothing for those that are assigned again."""
    written = assigned(tuple(n for n in walk(body) if isinstance(n, Assign)))
    values: dict[str, tuple[Expr, ...]] = {}
    for node in walk(body):
        match node:
            case Declare(name=name, value=value, type=Scalar()) if value is not None:
                values[name] = () if name in written else (value,)
            case Declare(name=name, type=Scalar()):
                values[name] = ()
            case For(var=name, lower=lower, step=step):
                values[name] = (lower, step)
    return values


def _may_be_negative(expr: Expr, values: dict[str, tuple[Expr, ...]], seen: frozenset[str]) -> bool:
    """Whether ``expr``, read as a signed number, may be below zero; overflow aside."""
    match expr:
        case Literal():
            number = value_of(expr)
            return isinstance(number, int | float) and number < 0
        case AxisIndex() | AxisExtent():
            return False
        case Var(name=name, type=type_):
            if name not in values or isinstance(type_, Array):
                return False
            return name in seen or not values[name] or any(_may_be_negative(v, values, seen | {name}) for v in values[name])
        case Binary(op="-" | "^" | "~"):
            return True
        case Binary(op="&", left=left, right=right):
            return _may_be_negative(left, values, seen) and _may_be_negative(right, values, seen)
        case Binary(op="%" | ">>", left=left):
            return _may_be_negative(left, values, seen)
        case Binary(left=left, right=right):
            return _may_be_negative(left, values, seen) or _may_be_negative(right, values, seen)
        case Unary(op="+", operand=operand):
            return _may_be_negative(operand, values, seen)
        case Cast(operand=operand):
            return element_of(expr.type).kind == "int" and _may_be_negative(operand, values, seen)
        case Select(then=then, otherwise=otherwise):
            return _may_be_negative(then, values, seen) or _may_be_negative(otherwise, values, seen)
        case Load() | Call():
            return element_of(expr.type).kind == "int"
    return isinstance(expr, Unary)
