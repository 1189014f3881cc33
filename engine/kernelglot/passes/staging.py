"""Staging: statements that stay scalar work on copies in NRAM, because an access to GDRAM costs hundreds of those.

before     for i in start..start+count: y[i] = f(x[i])
after      __memcpy(x_nram, x + start, ...); for i in ...: y_nram[i - start] = f(x_nram[i - start]); __memcpy(y + start, y_nram, ...)
keeps      the values: what is copied in is read in every lane, what is copied back is written in every lane, and lanes are independent
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..ir.build import add, is_value, sub
from ..ir.nodes import Address, Assign, Binary, Call, Declare, Expr, For, If, Load, Node, Select, Stmt
from ..ir.types import Pointer
from ..ir.walk import children, map_children, walk
from .cache import Lanes, Nram, Vector, fetch, lane_stride, store


@dataclass
class Staged:
    """``body`` for one lane, with ``before`` and ``after`` for all of them together."""

    body: tuple[Stmt, ...]
    before: list[Stmt] = field(default_factory=list)
    after: list[Stmt] = field(default_factory=list)


def staged(body: tuple[Stmt, ...], lanes: Lanes, nram: Nram) -> Staged:
    """``body`` with the elements of GDRAM that every lane surely reads, and those that it surely writes, in NRAM."""
    result = Staged(body)
    written = _written(body)
    single = body[0] if len(body) == 1 and isinstance(body[0], Assign) else None
    copies: dict[Load, Vector] = {}
    for load in certain(body[0]) if body else ():
        if load in copies or not _movable(load, lanes) or load.buffer.name in written and single is None:
            continue
        copies[load] = fetch(load, lanes, nram, result.before)
    if single is not None and _movable(single.target, lanes):
        result.body = (_into_copy(single, copies, lanes, nram, result.after),)
    elif copies:
        result.body = tuple(_replaced(stmt, copies, lanes) for stmt in body)  # type: ignore[misc]
    return result


def _into_copy(stmt: Assign, copies: dict[Load, Vector], lanes: Lanes, nram: Nram, after: list[Stmt]) -> Stmt:
    """``stmt`` with its value in NRAM, from where ``after`` copies it; ``stmt`` as it was where that cannot be."""
    target = stmt.target
    assert isinstance(target, Load)
    value = Binary(stmt.op, target, stmt.value, target.type) if stmt.op else stmt.value
    vector = nram.temporary(target.buffer.name, target.type, lanes.width)
    nram.release(vector)
    if not store(target, vector, lanes, after):
        return _replaced(stmt, copies, lanes)  # type: ignore[return-value]
    place = _element(vector, target, lanes)
    return Assign(place, _replaced(value, copies, lanes), span=stmt.span, comment=stmt.comment)  # type: ignore[arg-type]


def _element(vector: Vector, load: Load, lanes: Lanes) -> Load:
    index = (*vector.index[:-1], add(vector.index[-1], sub(lanes.index, lanes.start)))
    return Load(vector.buffer, index, load.type)


def _replaced(node: Node, copies: dict[Load, Vector], lanes: Lanes) -> Node:
    if isinstance(node, Load) and node in copies:
        return _element(copies[node], node, lanes)
    return map_children(node, lambda child: _replaced(child, copies, lanes))


def _movable(load: Expr, lanes: Lanes) -> bool:
    if not isinstance(load, Load) or not isinstance(load.buffer.type, Pointer):
        return False
    step = lane_stride(load, lanes)
    return step is not None and not is_value(step, 0)


def certain(node: Node) -> list[Load]:
    """The loads that ``node`` makes whatever the data are, the inner ones of an index first."""
    match node:
        case Assign(target=target, value=value, op=op):
            inside = [] if not isinstance(target, Load) else [target] if op else list(target.index)
            return [load for part in (*inside, value) for load in certain(part)]
        case Declare(value=value):
            return certain(value) if value is not None else []
        case If(condition=condition) | Select(condition=condition):
            return certain(condition)
        case For(lower=lower, upper=upper):
            return certain(lower) + certain(upper)
        case Binary(op="&&" | "||", left=left):
            return certain(left)
        case Expr():
            inner = [load for child in children(node) for load in certain(child)]
            return [*inner, node] if isinstance(node, Load) else inner
    return []


def _written(body: tuple[Stmt, ...]) -> set[str]:
    """Names of buffers that ``body`` may write; an address may be written through."""
    stores = {n.target.buffer.name for n in walk(body) if isinstance(n, Assign) and isinstance(n.target, Load)}
    passed = {a.buffer.name for n in walk(body) if isinstance(n, Call) for a in n.arguments if isinstance(a, Address)}
    return stores | passed


__all__ = ["Staged", "certain", "staged"]
