"""Forms of statements that a distribution over lanes looks for or leaves behind."""

from __future__ import annotations

from ..ir.build import integer, is_value, less, minimum, select, value_of
from ..ir.nodes import Assign, Binary, Expr, For, If, Load, Select, Stmt, Var
from ..ir.types import Array, element_of
from ..ir.walk import variables, walk
from .cache import Lanes, folded
from .staging import certain


def as_selection(stmt: If) -> Assign | None:
    """``if (c) t = a; else t = b;`` (or ``else if`` ...) as ``t = c ? a : b``; None for anything else."""
    match stmt:
        case If(then=(Assign(target=target, value=value, op=""),), otherwise=(Assign(target=other, value=last, op=""),)) if target == other:
            return Assign(target, Select(stmt.condition, value, last, element_of(target.type)))
        case If(then=(Assign(target=target, value=value, op=""),), otherwise=(If() as rest,)):
            inner = as_selection(rest)
            if inner is not None and inner.target == target:
                return Assign(target, Select(stmt.condition, value, inner.value, element_of(target.type)))
    return None


def as_update(stmt: If) -> Assign | None:
    """``if (t > v) t = v;`` as ``t = t > v ? v : t;``. What every lane reads, no other lane writes, so that it may write it back."""
    match stmt:
        case If(then=(Assign(target=Load() as target, value=value, op=op),), otherwise=()) if target in certain(stmt.condition):
            new = Binary(op, target, value, target.type) if op else value
            return Assign(target, Select(stmt.condition, new, target, target.type), comment=stmt.comment)
    return None


def every(lanes: Lanes, body: tuple[Stmt, ...]) -> For | None:
    """A loop over the lanes that are a multiple of a number, where ``body`` is for those alone."""
    match body:
        case (If(condition=Binary(op="==", left=Binary(op="%" | "&" as op, left=left, right=right), right=rest), otherwise=()) as only,):
            step = value_of(right)
            if op == "&":
                step = step + 1 if isinstance(step, int) and step & (step + 1) == 0 else None
            if left == lanes.index and isinstance(step, int) and is_value(rest, 0) and is_value(lanes.start, 0):
                return For(lanes.var, lanes.start, lanes.count, integer(step), only.then, type=lanes.type, comment=only.comment)
    return None


def own_element(load: Load, lanes: Lanes) -> bool:
    """A load of the lane's own element of an expanded array: it may always be evaluated."""
    return isinstance(load.buffer.type, Array) and load.index == (lanes.place,)


def used_elsewhere(region: tuple[Stmt, ...], names: set[str], inside: Stmt) -> set[str]:
    """Those of ``names`` that the region mentions more often than ``inside`` does."""

    def counts(node) -> dict[str, int]:
        result: dict[str, int] = {}
        for n in walk(node):
            name = n.name if isinstance(n, Var) else ""
            if name in names:
                result[name] = result.get(name, 0) + 1
        return result

    everywhere, here = counts(region), counts(inside)
    return {name for name in names if everywhere.get(name, 0) > here.get(name, 0)}


def overwrites(then: tuple[Stmt, ...], otherwise: tuple[Stmt, ...]) -> bool:
    """Whether ``then`` writes what ``otherwise`` writes without looking at it: then ``otherwise`` may run first for all lanes."""
    if len(then) != len(otherwise) or not all(isinstance(s, Assign) and not s.op for s in (*then, *otherwise)):
        return False
    targets = [s.target for s in then]  # type: ignore[attr-defined]
    names = {t.buffer.name if isinstance(t, Load) else t.name for t in targets}
    return targets == [s.target for s in otherwise] and not any(names & variables(s.value) for s in (*then, *otherwise))  # type: ignore[attr-defined]


def smaller(a: Expr, b: Expr) -> Expr:
    if isinstance(value_of(a), int) and isinstance(value_of(b), int):
        return minimum(integer(int(value_of(a))), integer(int(value_of(b))))  # type: ignore[arg-type]
    return a if a == b else select(less(a, b), a, b)


def larger(a: Expr, b: Expr) -> Expr:
    if isinstance(value_of(a), int) and isinstance(value_of(b), int):
        return integer(max(int(value_of(a)), int(value_of(b))))  # type: ignore[arg-type]
    return a if a == b else select(less(b, a), a, b)


__all__ = ["as_selection", "as_update", "every", "folded", "larger", "overwrites", "own_element", "smaller", "used_elsewhere"]
