"""Names of blocks beside each other: ``count_2`` becomes ``count`` where no other ``count`` can be seen."""

from __future__ import annotations

import re
from dataclasses import replace

from ..ir.nodes import Block, Declare, For, If, Stmt, While
from ..ir.walk import declared, rename, variables

_NUMBERED = re.compile(r"^(count|active|begin|end|\w+(?:0|_begin|_end))_\d+$")


def tidy(body: tuple[Stmt, ...], visible: set[str], made: set[str]) -> tuple[Stmt, ...]:
    """``body`` with the numbered names among ``made`` shortened; ``visible`` are the names of the scopes around it."""
    visible = set(visible)
    result: list[Stmt] = []
    todo = list(body)
    for position in range(len(todo)):
        stmt = todo[position]
        if isinstance(stmt, Declare):
            short = _short(stmt.name, made)
            rest = tuple(todo[position:])
            if short and short not in visible | variables(rest) | declared(rest):
                todo[position:] = list(rename(rest, {stmt.name: short}))
                stmt = todo[position]
            visible.add(stmt.name)  # type: ignore[attr-defined]
        elif isinstance(stmt, For):
            short = _short(stmt.var, made)
            if short and short not in visible | variables(stmt) | declared((stmt,)):
                stmt = rename(stmt, {stmt.var: short})
            stmt = replace(stmt, body=tidy(stmt.body, visible | {stmt.var}, made))
        elif isinstance(stmt, While | Block):
            init = {stmt.init.name} if isinstance(stmt, While) and isinstance(stmt.init, Declare) else set()
            stmt = replace(stmt, body=tidy(stmt.body, visible | init, made))
        elif isinstance(stmt, If):
            stmt = replace(stmt, then=tidy(stmt.then, visible, made), otherwise=tidy(stmt.otherwise, visible, made))
        result.append(stmt)
    return tuple(result)


def _short(name: str, made: set[str]) -> str:
    found = _NUMBERED.match(name)
    return found.group(1) if found and name in made else ""


__all__ = ["tidy"]
