"""Putting a kernel into the words a target has: what one dialect has built in and another must spell out."""

from __future__ import annotations

from dataclasses import replace

from ..ir.nodes import Binary, Call, Constant, Expr, Function, Kernel, Literal, Node, Select, Var
from ..ir.types import I32, BOOL
from ..ir.walk import rewrite_body

STANDARD_CONSTANTS = frozenset({
    "FLT_MAX", "FLT_MIN", "FLT_EPSILON", "DBL_MAX", "DBL_MIN", "DBL_EPSILON", "INFINITY", "NAN", "INT_MAX", "INT_MIN", "UINT_MAX", "M_PI",
    "LLONG_MAX", "LLONG_MIN", "HUGE_VALF", "M_SQRT1_2", "M_SQRT2", "M_2_SQRTPI", "M_LOG2E",
})
_MATH = frozenset({"rsqrtf", "rsqrt", "__saturatef"})


def for_c(kernel: Kernel, standard: frozenset[str] = STANDARD_CONSTANTS) -> Kernel:
    """``kernel`` without what C lacks: integer ``min``/``max``, ``rsqrtf``, constants that only CUDA's headers define."""
    known = {decl.name for decl in kernel.constants} | standard

    def visit(node: Node) -> Node:
        match node:
            case Constant(name=name, value=value, type=type_) if name not in known:
                return Literal(value, type_)
            case Call(name="min" | "max" as name, arguments=(left, right), type=type_):
                return Select(Binary("<" if name == "min" else ">", left, right, BOOL), left, right, type_)
            case Call(name="rsqrtf", arguments=(x,), type=type_):
                return Binary("/", Literal(1.0, type_, text="1.0f"), Call("sqrtf", (x,), type_), type_)
            case Call(name="rsqrt", arguments=(x,), type=type_):
                return Binary("/", Literal(1.0, type_), Call("sqrt", (x,), type_), type_)
            case Call(name="abs", arguments=(x,), type=type_) if type_.is_integer and type_ != I32:
                return Call("llabs", (x,), type_)
        return node

    def body(function: Function) -> Function:
        return replace(function, body=rewrite_body(function.body, visit))

    return replace(kernel, body=rewrite_body(kernel.body, visit), functions=tuple(body(f) for f in kernel.functions))


__all__ = ["STANDARD_CONSTANTS", "Expr", "Var", "for_c"]
