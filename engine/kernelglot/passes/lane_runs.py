"""Runs of neighbouring lanes: which ones a condition selects, as a start and a count, and which lie before and after them."""

from __future__ import annotations

from dataclasses import replace

from ..ir.build import add, cast, fresh, integer, sub, value_of
from ..ir.nodes import Declare, Expr, Stmt, Var
from ..ir.types import I32, I64, Scalar, element_of
from .cache import Lanes
from .lane_facts import Selected
from .lane_forms import larger, smaller


def narrow(found: Selected, lanes: Lanes, taken: set[str]) -> tuple[list[Stmt], Lanes]:
    """The lanes between the bounds, and the declarations of where they start and how many they are."""
    declarations: list[Stmt] = []
    start, count = lanes.start, lanes.count
    whole = value_of(start) == 0 and isinstance(value_of(count), int)
    if whole and len(found.lowest) == len(found.ends) == 1 and isinstance(n := value_of(found.lowest[0]), int) and 0 <= n < value_of(count):
        if value_of(found.ends[0]) == n + 1:
            return [], replace(lanes, start=integer(n), count=integer(1))
    type_ = _counting(lanes)
    start = as_signed(start, type_)
    end: Expr = add(start, count)
    for bound in found.ends:
        end = smaller(as_signed(bound, type_), end)
    for bound in found.lowest:
        start = larger(as_signed(bound, type_), start)
    moved = bool(found.lowest) and start != as_signed(lanes.start, type_)
    if moved:
        start = _named(f"{lanes.var}_begin", start, type_, taken, declarations)
        end = _named(f"{lanes.var}_end", end, type_, taken, declarations)
    active = sub(end, start)
    if not moved:
        active = count
        for bound in found.ends:
            active = smaller(sub(as_signed(bound, type_), start), active)
    active = _named("active", active, I32, taken, declarations)
    return declarations, replace(lanes, start=start if moved else lanes.start, count=active)


def around(found: Selected, lanes: Lanes, taken: set[str]) -> tuple[list[Stmt], tuple[Expr, Expr, Expr, Expr]]:
    """Where the lanes begin, where the selected ones do, where those end and where the lanes end: never descending."""
    type_, declarations = _counting(lanes), []
    start = cast(lanes.start, type_)
    end: Expr = add(start, lanes.count)
    begin, until = start, end
    for bound in found.lowest:
        begin = larger(as_signed(bound, type_), begin)
    for bound in found.ends:
        until = smaller(as_signed(bound, type_), until)
    if found.lowest:
        begin = _named(f"{lanes.var}_begin", smaller(begin, end), type_, taken, declarations)
    until = _named(f"{lanes.var}_limit", until, type_, taken, declarations)
    until = _named(f"{lanes.var}_end", larger(until, begin), type_, taken, declarations)
    return declarations, (start, begin, until, end)


def as_signed(bound: Expr, type_: Scalar) -> Expr:
    """A bound as a signed number: it may be negative, and seen as unsigned it would let all lanes in."""
    own = element_of(bound.type)
    return bound if own == type_ or own.kind == "int" and own.bits <= type_.bits else cast(bound, type_)


def _counting(lanes: Lanes) -> Scalar:
    return I64 if lanes.type.bits > 32 else I32


def _named(name: str, value: Expr, type_: Scalar, taken: set[str], declarations: list[Stmt]) -> Expr:
    """``value`` under a name, unless it is a number or has one."""
    if value_of(value) is not None or isinstance(value, Var):
        return value
    made = Var(fresh(name, taken), type_)
    declarations.append(Declare(made.name, type_, value, const=True))
    return made


__all__ = ["around", "as_signed", "narrow"]
