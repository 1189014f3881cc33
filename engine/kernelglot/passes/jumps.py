"""``break`` and ``continue`` as guards, for loops whose threads must go round together."""

from __future__ import annotations

from dataclasses import replace

from ..ir.build import negate
from ..ir.nodes import Assign, Block, Break, Continue, If, Literal, Stmt, Var
from ..ir.types import BOOL
from .base import Declined


def jumps(body: Stmt | tuple[Stmt, ...]) -> list[Break | Continue]:
    """The jumps below ``body`` that belong to the loop around it."""
    found: list[Break | Continue] = []
    for stmt in body if isinstance(body, tuple) else (body,):
        match stmt:
            case Break() | Continue():
                found.append(stmt)
            case If():
                found += jumps(stmt.then) + jumps(stmt.otherwise)
            case Block():
                found += jumps(stmt.body)
    return found


def without_jumps(body: tuple[Stmt, ...], stay: Var | None) -> tuple[Stmt, ...]:
    """``body`` of a loop with what follows a jump under a guard instead; a ``break`` also makes ``stay`` false.

    ``stay`` may be None where there is no ``break``. Declines a condition that jumps on some of the paths through one branch only.
    """
    result: list[Stmt] = []
    for position, stmt in enumerate(body):
        rest = body[position + 1 :]
        match stmt:
            case Continue():
                return tuple(result)
            case Break():
                assert stay is not None
                return (*result, Assign(stay, Literal(False, BOOL), span=stmt.span))
            case Block() if jumps(stmt):
                return (*result, *without_jumps(stmt.body + rest, stay))
            case If() if jumps(stmt):
                return (*result, *_branches(stmt, rest, stay))
        result.append(stmt)
    return tuple(result)


def _branches(stmt: If, rest: tuple[Stmt, ...], stay: Var | None) -> tuple[Stmt, ...]:
    """A condition with jumps, and ``rest`` for those who don't jump."""
    if _always_jumps(stmt.then):
        then, otherwise = stmt.then, stmt.otherwise + rest
    elif _always_jumps(stmt.otherwise):
        then, otherwise = stmt.then + rest, stmt.otherwise
    elif not rest:
        then, otherwise = stmt.then, stmt.otherwise
    else:
        raise Declined(
            "jump-in-branch",
            "a loop whose threads wait for each other is left on some paths of a nested condition; jump at the end of a branch",
            at=stmt.span,
        )
    then, otherwise = without_jumps(then, stay), without_jumps(otherwise, stay)
    if not then:
        return (replace(stmt, condition=negate(stmt.condition), then=otherwise, otherwise=()),) if otherwise else ()
    return (replace(stmt, then=then, otherwise=otherwise),)


def _always_jumps(body: tuple[Stmt, ...]) -> bool:
    if not body:
        return False
    match body[-1]:
        case Break() | Continue():
            return True
        case If(then=then, otherwise=otherwise):
            return _always_jumps(then) and _always_jumps(otherwise)
        case Block(body=inner):
            return _always_jumps(inner)
    return False
