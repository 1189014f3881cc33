"""Scalars that nobody reads leave, with what computes them: inlining a structure or naming a lane may leave some behind."""

from __future__ import annotations

from dataclasses import replace

from .nodes import Address, Assign, Block, Call, Declare, Expr, For, If, Node, Stmt, Var, While
from .types import VOID, Scalar
from .walk import children, walk


def without_unused(body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
    """``body`` without scalars that are set and never read; what has an effect is kept."""
    while dead := _unread(body):
        body = _without(body, dead)
    return body


def effectless(expr: Expr) -> bool:
    """Whether nothing but its value comes of ``expr``: a call that gets no address can't change memory."""
    calls = (node for node in walk(expr) if isinstance(node, Call))
    return not any(c.type == VOID or c.name.startswith("atomic") or any(isinstance(a, Address) for a in c.arguments) for c in calls)


def _unread(body: tuple[Stmt, ...]) -> set[str]:
    """Names of scalars that are declared, set at most by values without effects, and not mentioned otherwise."""
    declared: set[str] = set()
    kept: set[str] = set()
    for node in walk(body):
        match node:
            case Declare(name=name, type=Scalar(), value=value):
                (declared if value is None or effectless(value) else kept).add(name)
            case Assign(target=Var(name=name), value=value) if not effectless(value):
                kept.add(name)
            case While(init=Declare(name=name) | Assign(target=Var(name=name))):  # a loop keeps its first clause
                kept.add(name)
    return declared - kept - _mentioned(body)


def _mentioned(body: tuple[Stmt, ...]) -> set[str]:
    """Names that occur other than as the variable an assignment sets."""
    names: set[str] = set()
    stack: list[Node] = list(body)
    while stack:
        match stack.pop():
            case Assign(target=Var(), value=value):
                stack.append(value)
            case Var(name=name):
                names.add(name)
            case node:
                stack.extend(children(node))
    return names


def _without(body: tuple[Stmt, ...], dead: set[str]) -> tuple[Stmt, ...]:
    result: list[Stmt] = []
    for stmt in body:
        match stmt:
            case Declare(name=name) | Assign(target=Var(name=name)) if name in dead:
                continue
            case While():
                stmt = replace(stmt, body=_without(stmt.body, dead), update=_without(stmt.update, dead))
            case For() | Block():
                stmt = replace(stmt, body=_without(stmt.body, dead))
            case If():
                stmt = replace(stmt, then=_without(stmt.then, dead), otherwise=_without(stmt.otherwise, dead))
                if not stmt.then and not stmt.otherwise and effectless(stmt.condition):
                    continue
        result.append(stmt)
    return tuple(result)


__all__ = ["effectless", "without_unused"]
