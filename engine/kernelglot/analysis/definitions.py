"""Names that stand for a value computed elsewhere, and which values may be computed again in their place."""

from __future__ import annotations

from ..ir.nodes import Assign, Call, Declare, Expr, Load, Stmt, Var
from ..ir.types import Scalar
from ..ir.walk import walk


def pure(expr: Expr) -> bool:
    """Whether ``expr`` reads no memory and calls nothing: it may be computed again anywhere."""
    return not any(isinstance(node, Load | Call) and not (isinstance(node, Call) and node.name in ("min", "max")) for node in walk(expr))


def index_definitions(body: tuple[Stmt, ...]) -> dict[str, Expr]:
    """Integer names that are declared once, never reassigned and purely computed: what an index may be expanded with."""
    written = {n.target.name for n in walk(body) if isinstance(n, Assign) and isinstance(n.target, Var)}
    return {
        n.name: n.value
        for n in walk(body)
        if isinstance(n, Declare)
        and n.value is not None
        and n.name not in written
        and isinstance(n.type, Scalar)
        and n.type.is_integer
        and pure(n.value)
    }


__all__ = ["index_definitions", "pure"]
