"""Pointers that point into one buffer and then into another, as double buffers do: a number says which buffer it is now.

While a function is lowered such a pointer is a buffer of its own; ``expanded`` then writes what it stands for: where it is read
``cur_buffer == 0 ? a[i] : b[i]``, where it is written to or its address is taken a condition around the statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..ir import build
from ..ir.nodes import Address, Assign, Binary, Declare, Evaluate, Expr, If, Load, Node, Select, Stmt, Var
from ..ir.types import Pointer
from ..ir.walk import map_children, rewrite_body, substitute, walk
from .kinds import Place

MOST_TARGETS = 4  # buffers that a pointer may choose between


@dataclass(frozen=True, slots=True)
class Choice:
    """A pointer while its function is lowered: ``which`` of ``targets`` (which grow) it points into, and how far behind its start."""

    pointer: str
    which: Var
    offset: Var
    targets: list[Place]


def expanded(body: tuple[Stmt, ...], choices: Sequence[Choice]) -> tuple[Stmt, ...]:
    """``body`` without the pointers that are ``choices``."""
    if not choices:
        return body
    chosen = {choice.pointer: choice for choice in choices}
    body = _without_offsets(body, {choice.offset.name for choice in choices})

    def access(node: Load | Address, target: Place) -> Expr:
        index = (*target.indices[:-1], build.add(target.indices[-1], node.index[0]))
        if isinstance(node, Load):
            return replace(node, buffer=target.buffer, index=index)
        return replace(node, buffer=target.buffer, index=index, type=target.buffer.type)

    def visit(node: Node) -> Node | tuple[Node, ...]:
        match node:
            case Load() | Address() if node.buffer.name in chosen:
                which, targets = chosen[node.buffer.name].which, chosen[node.buffer.name].targets
                result = access(node, targets[-1])
                for number in reversed(range(len(targets) - 1)):
                    result = build.select(build.binary("==", which, build.integer(number)), access(node, targets[number]), result)
                return result
            case Assign() | Evaluate() | Declare():
                return _split(node)
        return node

    return rewrite_body(body, visit)


def _without_offsets(body: tuple[Stmt, ...], offsets: set[str]) -> tuple[Stmt, ...]:
    """``body`` without those ``offsets`` that are never anything but 0: pointers that only change places."""
    values: dict[str, list[Expr | None]] = {}
    for node in walk(body):
        match node:
            case Declare(name=name, value=value) if name in offsets and value is not None:
                values.setdefault(name, []).append(value)
            case Assign(target=Var(name=name), value=value, op=op) if name in offsets:
                values.setdefault(name, []).append(None if op else value)
    zero = set(values)
    while True:
        smaller = {name for name in zero if all(value is not None and _is_zero(value, zero) for value in values[name])}
        if smaller == zero:
            break
        zero = smaller

    if not zero:
        return body
    kept = rewrite_body(body, lambda node: () if _sets(node, zero) else node)
    kept = substitute(kept, {name: build.integer(0) for name in zero})
    return rewrite_body(kept, lambda node: build.add(node.left, node.right) if isinstance(node, Binary) and node.op == "+" else node)


def _is_zero(value: Expr, zero: set[str]) -> bool:
    return build.is_value(value, 0) or isinstance(value, Var) and value.name in zero


def _sets(node: Node, names: set[str]) -> bool:
    match node:
        case Declare(name=name) | Assign(target=Var(name=name)):
            return name in names
    return False


def _split(stmt: Stmt) -> Stmt | tuple[Stmt, ...]:
    """``stmt`` under a condition for each buffer where it writes to one of several, or takes an address in one of several."""
    choice = _choice(stmt)
    if choice is None:
        return stmt
    if isinstance(stmt, Declare):
        assert stmt.value is not None
        assign = Assign(Var(stmt.name, stmt.type), stmt.value, span=stmt.span)  # type: ignore[arg-type]
        return (replace(stmt, value=None, const=False), *_statements(_split(assign)))
    then, otherwise = (_statements(_split(_taken(stmt, choice, branch))) for branch in (choice.then, choice.otherwise))
    return If(choice.condition, then, otherwise, comment=stmt.comment, span=stmt.span)


def _statements(made: Stmt | tuple[Stmt, ...]) -> tuple[Stmt, ...]:
    return made if isinstance(made, tuple) else (made,)


def _choice(stmt: Stmt) -> Select | None:
    if isinstance(stmt, Assign) and isinstance(stmt.target, Select):
        return stmt.target
    return next((node for node in walk(stmt) if isinstance(node, Select) and isinstance(node.then.type, Pointer)), None) or next(
        (node for node in walk(stmt) if isinstance(node, Select) and isinstance(node.then, Address)), None
    )


def _taken(stmt: Stmt, choice: Select, branch: Expr) -> Stmt:
    def visit(node: Node) -> Node:
        return branch if node is choice else map_children(node, visit)

    return visit(stmt)  # type: ignore[return-value]
