"""``break`` and ``continue`` as guards, for loops whose threads must go round together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from ..ir.build import fresh, negate
from ..ir.nodes import Assign, Binary, Block, Break, Continue, Declare, Expr, For, If, Literal, Stmt, Var, While
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


@dataclass
class Together:
    """Loops that are left by all iterations of a vector together: one that would leave earlier stays and does nothing.

    ``varies`` says what differs between the iterations. ``exits``: loop variable -> the name that is true for those still inside.
    """

    varies: Callable[[Expr], bool]
    taken: set[str]
    exits: dict[str, str] = field(default_factory=dict)

    def body(self, body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        result: list[Stmt] = []
        for stmt in body:
            match stmt:
                case For() | While() if self.parts(stmt):
                    result += self.loop(stmt)
                    continue
                case For() | While() | Block():
                    stmt = replace(stmt, body=self.body(stmt.body))
                case If():
                    stmt = replace(stmt, then=self.body(stmt.then), otherwise=self.body(stmt.otherwise))
            result.append(stmt)
        return tuple(result)

    def loop(self, loop: For | While) -> tuple[Stmt, ...]:
        """``loop`` with guards for its jumps, after the declaration of who stays."""
        stay = Var(fresh("stays", self.taken), BOOL)
        body = without_jumps(self.body(loop.body), stay)
        declared = Declare(stay.name, BOOL, Literal(True, BOOL))
        if isinstance(loop, For):
            self.exits[loop.var] = stay.name
            return declared, replace(loop, body=(If(stay, body),))
        self.exits[f"{stay.name} of a while loop"] = stay.name
        update = (If(stay, loop.update),) if loop.update else ()
        return declared, replace(loop, condition=Binary("&&", stay, loop.condition, BOOL), body=(*body, *update), update=())

    def parts(self, loop: For | While) -> bool:
        """Whether some iterations may leave ``loop`` while others stay."""
        return isinstance(loop, While) and self.varies(loop.condition) and bool(jumps(loop.body)) or self._breaks(loop.body, False)

    def _breaks(self, body: tuple[Stmt, ...], some: bool) -> bool:
        for stmt in body:
            match stmt:
                case Break() if some:
                    return True
                case If():
                    here = some or self.varies(stmt.condition)
                    if self._breaks(stmt.then, here) or self._breaks(stmt.otherwise, here):
                        return True
                case Block(body=inner):
                    if self._breaks(inner, some):
                        return True
        return False
