"""Which buffers say where results go: ``out[pos[i]] = ...``. Programs that are right keep such places apart; an atomic update need not."""

from __future__ import annotations

from ..ir.nodes import Assign, Declare, Expr, Kernel, Load, Var
from ..ir.types import Pointer, element_of
from ..ir.walk import variables, walk


def scattering(kernel: Kernel) -> frozenset[str]:
    """Names of the integer parameters whose content decides, directly or through scalars, which element a plain store writes."""
    integers = {p.name for p in kernel.params if isinstance(p.type, Pointer) and element_of(p.type).is_integer}
    nodes = [*walk(kernel.body), *(n for function in kernel.functions for n in walk(function.body))]
    sources: dict[str, frozenset[str]] = {}

    def of(expr: Expr) -> frozenset[str]:
        read = {n.buffer.name for n in walk(expr) if isinstance(n, Load)} & integers
        return frozenset(read).union(*(sources.get(name, frozenset()) for name in variables(expr)))

    while True:
        before = dict(sources)
        for node in nodes:
            match node:
                case Declare(name=name, value=Expr() as value) | Assign(target=Var(name=name), value=value):
                    sources[name] = sources.get(name, frozenset()) | of(value)
        if sources == before:
            break
    stores = [node.target for node in nodes if isinstance(node, Assign) and isinstance(node.target, Load)]
    return frozenset().union(*(of(index) for target in stores for index in target.index))


__all__ = ["scattering"]
