"""Comparisons of a signed with an unsigned number: C converts the signed one without a word and compilers warn; here the text says it."""

from __future__ import annotations

from dataclasses import replace

from ..ir.build import COMPARISONS, value_of
from ..ir.nodes import Assign, Axis, Binary, Cast, Declare, Expr, For, Kernel, Node, Select, Var, While
from ..ir.retype import converted
from ..ir.types import BOOL, Scalar, element_of, promote
from ..ir.walk import rewrite_body


def with_signs(kernel: Kernel) -> Kernel:
    """``kernel`` with those conversions as casts. Nothing changes in what it computes."""

    def visit(node: Node) -> Node:
        match node:
            case Binary(op=op, left=left, right=right) if op in COMPARISONS:
                return _same(node, "left", left, "right", right)
            case Select(then=then, otherwise=otherwise):
                return _same(node, "then", then, "otherwise", otherwise)
            case For(type=type_, upper=upper) if _mixed(type_, element_of(upper.type)):
                return _loop(node, type_, upper)
        return node

    functions = tuple(replace(f, body=rewrite_body(f.body, visit)) for f in kernel.functions)
    return replace(kernel, body=rewrite_body(kernel.body, visit), functions=functions)


def _mixed(left: Scalar, right: Scalar) -> bool:
    """Whether C turns one of two integers into an unsigned one that was signed."""
    if not (left.is_integer and right.is_integer) or "vector" in (left.kind, right.kind):
        return False
    common = promote(left, right)
    return common.kind == "uint" and "int" in (left.kind, right.kind)


def _never_negative(expr: Expr) -> bool:
    """A constant that means the same with and without a sign: no compiler warns of it."""
    value = value_of(expr)
    return isinstance(value, int) and value >= 0


def _same(node: Node, first: str, left: Expr, second: str, right: Expr) -> Node:
    types = element_of(left.type), element_of(right.type)
    if not _mixed(*types):
        return node
    common = promote(*types)
    changed = {
        name: converted(Cast(expr, common), common)
        for name, expr, type_ in ((first, left, types[0]), (second, right, types[1]))
        if type_.kind == "int" and not _never_negative(expr)
    }
    return replace(node, **changed) if changed else node


def _loop(loop: For, type_: Scalar, upper: Expr) -> For | While:
    """A signed bound of an unsigned loop is converted, as C does. A signed variable is: in the test, or, where the iterations are
    independent and all of them run, by converting the bound, which the variable reaches."""
    if type_.kind == "uint" and _never_negative(upper):
        return loop
    value = value_of(upper)
    fits = isinstance(value, int) and value < 1 << (type_.bits - 1)
    if type_.kind == "uint" or fits or loop.axis in (Axis.PARALLEL, Axis.OMP):
        return replace(loop, upper=converted(Cast(upper, type_), type_))
    variable, common = Var(loop.var, type_), promote(type_, element_of(upper.type))
    test = Binary("<", Cast(variable, common), upper, BOOL)
    init = Declare(loop.var, type_, loop.lower, span=loop.span)
    return While(test, loop.body, init, (Assign(variable, loop.step, "+"),), span=loop.span, comment=loop.comment)


__all__ = ["with_signs"]
