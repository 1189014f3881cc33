"""Components: a loop over short vectors (``float4``, ``half2``) as the loop over their elements that it is.

before     for i in 0..n / 4:  y[4 * i] = f(x[4 * i]);  y[4 * i + 1] = f(x[4 * i + 1]);  ...
after      for element in 0..n / 4 * 4:  y[element] = f(x[element])
keeps      every value: a body is rewritten where it is shown to do the same for each component, none touching what another writes

The last ``n % 4`` elements, which one of the threads or a few of them do one by one, join the loop. Dot products stay as they are:
their sum has an order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..analysis.definitions import pure
from ..ir.build import both, cast, conjuncts, fresh, integer, mul, negate, value_of
from ..ir.nodes import Assign, Axis, Cast, Declare, Expr, For, If, Load, Node, Stmt, Var
from ..ir.types import I64, Scalar
from ..ir.unused import effectless, without_unused
from ..ir.walk import assigned, map_children, substitute, variables, walk
from .component_slices import Unlike, sliced
from .component_tails import bounded, joined
from .nest import Level, absorb_stride, fuse_axes


def over_elements(body: tuple[Stmt, ...], taken: set[str]) -> tuple[Stmt, ...]:
    """``body`` with loops over short vectors as loops over elements, the outermost first."""
    result: list[Stmt] = []
    for stmt in body:
        made = _merged(stmt, taken) if isinstance(stmt, For) else None
        if made is not None:
            result.append(made)
        elif any(isinstance(n, For) for n in walk(stmt)):
            result.append(_inside(stmt, taken))
        else:
            result.append(stmt)
    return tuple(result)


def _inside(stmt: Stmt, taken: set[str]) -> Stmt:
    if isinstance(stmt, If):
        return replace(stmt, then=over_elements(stmt.then, taken), otherwise=over_elements(stmt.otherwise, taken))
    body = getattr(stmt, "body", None)
    return stmt if body is None else replace(stmt, body=over_elements(body, taken))  # type: ignore[call-arg]


# ---- what may become a loop of its own -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Piece:
    """Statements of an iteration under ``conditions``, and the statement beside them."""

    body: tuple[Stmt, ...]
    conditions: tuple[Expr, ...] = ()
    beside: Stmt | None = None


def _merged(loop: For, taken: set[str]) -> For | None:
    """The loop over elements that does what ``loop`` does; None where there is none."""
    lower = value_of(loop.lower)
    if loop.axis not in (Axis.PARALLEL, Axis.SERIAL) or value_of(loop.step) != 1 or not isinstance(lower, int) or lower < 0:
        return None
    lead, rest = _stable_declarations(loop.body)
    definitions = _definitions(loop)
    for piece in _pieces(rest):
        names = set(taken)
        try:
            if piece.beside is None:
                made, _ = _over_elements(loop, lead, piece, definitions, names)
            elif loop.axis is Axis.PARALLEL and lower == 0:
                around, body = _absorbed(loop, piece, definitions)
                made, count = _over_elements(around, lead, body, definitions, names)
                made = joined(made, count, lead, replace(loop, body=(piece.beside,)), definitions)
            else:
                continue
        except Unlike:
            continue
        taken |= names
        return replace(made, comment=loop.comment)
    return None


def _pieces(rest: tuple[Stmt, ...]) -> Iterator[_Piece]:
    """What may be the same for each component, with the conditions around it; beside it, what may be a tail."""
    yield _Piece(rest)
    if len(rest) == 2:
        for stmt, other in (rest, rest[::-1]):
            yield from (replace(each, beside=other) for each in _guarded(stmt) if each.beside is None)
    elif len(rest) == 1:
        yield from _guarded(rest[0])


def _guarded(stmt: Stmt) -> Iterator[_Piece]:
    if isinstance(stmt, For):
        yield _Piece((stmt,))
    if not isinstance(stmt, If) or not pure(stmt.condition):
        return
    then = stmt.then
    if then and stmt.comment and not then[0].comment:
        then = (replace(then[0], comment=stmt.comment), *then[1:])
    conditions = tuple(conjuncts(stmt.condition))
    if stmt.otherwise:
        yield _Piece(then, conditions, If(negate(stmt.condition), stmt.otherwise, span=stmt.span))
        return
    for inner in _pieces(then):
        if inner.beside is None:
            yield replace(inner, conditions=(*conditions, *inner.conditions))


def _absorbed(loop: For, piece: _Piece, definitions: dict[str, Expr]) -> tuple[For, _Piece]:
    """``for (i = t; i < n; i += threads)`` inside of the loop over the threads ``t``, as one loop over ``i``."""
    if piece.conditions or len(piece.body) != 1 or not isinstance(piece.body[0], For):
        return loop, piece
    absorbed = absorb_stride(Level(loop.var, loop.upper, loop.type), substitute(piece.body, definitions))
    if absorbed is None:
        return loop, piece
    level, body = absorbed
    return replace(loop, var=level.var, lower=integer(0), upper=level.extent, body=body, type=level.type), replace(piece, body=body)


def _stable_declarations(body: tuple[Stmt, ...]) -> tuple[tuple[Stmt, ...], tuple[Stmt, ...]]:
    """The declarations of scalars that mean the same anywhere in an iteration, and the rest."""
    written = assigned(body)
    set_again = {n.target.name for n in walk(body) if isinstance(n, Assign) and isinstance(n.target, Var)}
    lead: list[Stmt] = []
    rest: list[Stmt] = []
    for stmt in body:
        stable = (
            isinstance(stmt, Declare)
            and isinstance(stmt.type, Scalar)
            and stmt.value is not None
            and effectless(stmt.value)
            and not {stmt.name, *variables(stmt.value)} & (set_again | {each.name for each in rest if isinstance(each, Declare)})
            and not any(isinstance(n, Load) and n.buffer.name in written for n in walk(stmt.value))
        )
        (lead if stable else rest).append(stmt)
    return tuple(lead), tuple(rest)


def _definitions(loop: For) -> dict[str, Expr]:
    """Integers of an iteration that only depend on what stays the same in it, written out down to ``loop``'s variable."""
    changing = {n.target.name for n in walk(loop.body) if isinstance(n, Assign) and isinstance(n.target, Var)}
    found: dict[str, Expr] = {}
    for node in walk(loop.body):
        if (
            isinstance(node, Declare)
            and node.value is not None
            and isinstance(node.type, Scalar)
            and node.type.kind in ("int", "uint")
            and node.type.bits >= 32
            and pure(node.value)
            and not {node.name, *variables(node.value)} & changing
        ):
            found[node.name] = cast(substitute(node.value, found), node.type)
    return found


# ---- the loop over elements ----------------------------------------------------------------------------------------------------


def _over_elements(loop: For, lead: tuple[Stmt, ...], piece: _Piece, definitions: dict[str, Expr], taken: set[str]) -> tuple[For, int]:
    """The loop over the elements that ``piece`` computes, and how many an iteration has; raises Unlike where it is no such loop."""
    upper, conditions = bounded(loop, piece.conditions, definitions)
    by_index = {name: value for name, value in definitions.items() if loop.var in variables(value)}
    body = substitute((*lead, *piece.body), by_index)
    if conditions:
        stated = tuple(substitute(each, by_index) for each in conditions)
        body = (*body[: len(lead)], If(both(*stated), body[len(lead) :]))
    wide = I64 if _widened(body, loop.var) else loop.type
    index = Var(loop.var, wide)
    body = tuple(_retyped(stmt, index) for stmt in without_unused(body))  # type: ignore[misc]
    found = sliced(body, index, taken)
    name, width = fresh("element", taken), integer(found.count)
    made = fuse_axes(found.body, loop.var, found.component.name, width, name, wide)
    if made is None:
        raise Unlike
    extent = mul(cast(upper, wide) if wide != loop.type else upper, width)
    return replace(loop, var=name, lower=mul(loop.lower, width), upper=extent, body=made, type=wide), found.count


def _widened(body: tuple[Stmt, ...], var: str) -> bool:
    """Whether the author computes with ``var`` in 64 bits: then an element's number may need them as well."""
    return any(isinstance(n, Cast) and n.type.is_integer and n.type.bits == 64 and var in variables(n.operand) for n in walk(body))


def _retyped(node: Node, index: Var) -> Node:
    if isinstance(node, Var):
        return index if node.name == index.name else node
    return map_children(node, lambda child: _retyped(child, index))


__all__ = ["over_elements"]
