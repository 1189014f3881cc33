"""Names: unique in the IR, as the author spelled them in the text.

Blocks beside each other may declare the same name. In the IR the second becomes ``row_2``, so that passes can move statements without a
thought; ``names`` of a kernel or function remembers that it was ``row``, and the printer says ``row`` again wherever only one can be seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .nodes import Block, Declare, For, If, Kernel, Stmt, While
from .walk import declared, rename, variables

Names = tuple[tuple[str, str], ...]  # (name in the IR, name in the text)


def as_spelled(kernel: Kernel) -> Kernel:
    """``kernel`` with the names of its text: scopes beside each other may share them."""
    outer = {c.name for c in kernel.constants} | {f.name for f in kernel.functions}
    functions = tuple(
        replace(f, body=_spell(f.body, outer | {p.name for p in f.params}, dict(f.names)), names=()) for f in kernel.functions
    )
    body = _spell(kernel.body, outer | {p.name for p in kernel.params}, dict(kernel.names))
    return replace(kernel, body=body, functions=functions, names=())


def unique(kernel: Kernel) -> Kernel:
    """``kernel`` with names that are unique, as the front end chooses them for the text of ``kernel``."""
    plain = as_spelled(kernel)
    outer = {c.name for c in kernel.constants}
    functions = []
    for function in plain.functions:
        names = _Unique({p.name for p in function.params}, outer)
        body = names.body(function.body, {})
        functions.append(replace(function, body=body, names=tuple(names.given.items())))
    names = _Unique({p.name for p in kernel.params}, outer)
    body = names.body(plain.body, {})
    return replace(plain, body=body, functions=tuple(functions), names=tuple(names.given.items()))


# ---- to the text


def _spell(body: tuple[Stmt, ...], visible: set[str], names: dict[str, str]) -> tuple[Stmt, ...]:
    """``body`` with the author's names, each where no scope around it has it and nothing in its own scope means another thing by it."""
    if not names or not names.keys() & (declared(body)):
        return body
    visible, todo, result = set(visible), list(body), []
    for position in range(len(todo)):
        stmt = todo[position]
        if isinstance(stmt, Declare):
            rest = tuple(todo[position:])
            if (short := names.get(stmt.name)) and short not in visible | _mentioned(rest):
                todo[position:] = list(rename(rest, {stmt.name: short}))
                stmt = todo[position]
            visible.add(stmt.name)  # type: ignore[attr-defined]
        elif isinstance(stmt, For):
            if (short := names.get(stmt.var)) and short not in visible | _mentioned((stmt,)):
                stmt = rename(stmt, {stmt.var: short})
            stmt = replace(stmt, body=_spell(stmt.body, visible | {stmt.var}, names))
        elif isinstance(stmt, While):
            stmt = _spell_while(stmt, visible, names)
        elif isinstance(stmt, Block):
            stmt = replace(stmt, body=_spell(stmt.body, visible, names))
        elif isinstance(stmt, If):
            stmt = replace(stmt, then=_spell(stmt.then, visible, names), otherwise=_spell(stmt.otherwise, visible, names))
        result.append(stmt)
    return tuple(result)


def _spell_while(stmt: While, visible: set[str], names: dict[str, str]) -> While:
    if not isinstance(stmt.init, Declare):
        return replace(stmt, body=_spell(stmt.body, visible, names))
    name = stmt.init.name
    if (short := names.get(name)) and short not in visible | _mentioned((stmt,)):
        stmt, name = rename(stmt, {name: short}), short
    return replace(stmt, body=_spell(stmt.body, visible | {name}, names))


def _mentioned(body: tuple[Stmt, ...]) -> set[str]:
    return variables(body) | declared(body)


# ---- from the text


class _Unique:
    """The front end's choice of names, in the order in which it meets the declarations."""

    def __init__(self, taken: Iterable[str], reserved: set[str]) -> None:
        self.taken, self.reserved = set(taken), reserved
        self.loops: set[str] = set()
        self.given: dict[str, str] = {}  # name in the IR -> in the text, where they differ

    def name(self, name: str) -> str:
        return self._choose(name, self.taken | self.loops, self.taken)

    def loop(self, name: str, opened: set[str]) -> str:
        return self._choose(name, self.taken | opened, self.loops)

    def _choose(self, name: str, taken: set[str], into: set[str]) -> str:
        found, number = name, 2
        while found in taken or found in self.reserved:
            found, number = f"{name}_{number}", number + 1
        into.add(found)
        if found != name:
            self.given[found] = name
        return found

    def body(self, body: tuple[Stmt, ...], scope: dict[str, str], opened: frozenset[str] = frozenset()) -> tuple[Stmt, ...]:
        """The statements of a scope; ``scope`` maps the names around it, ``opened`` are the loops around it."""
        scope = dict(scope)
        return tuple(self.stmt(stmt, scope, opened) for stmt in body)

    def stmt(self, stmt: Stmt, scope: dict[str, str], opened: frozenset[str]) -> Stmt:
        match stmt:
            case Declare():
                value = None if stmt.value is None else _in_scope(stmt.value, scope)
                scope[stmt.name] = name = self.name(stmt.name)
                return replace(stmt, name=name, value=value)
            case For():
                return self.counted(stmt, scope, opened)
            case While():
                inner = dict(scope)
                init = None if stmt.init is None else self.stmt(stmt.init, inner, opened)
                if stmt.after:
                    return replace(stmt, body=self.body(stmt.body, inner, opened), condition=_in_scope(stmt.condition, inner))
                condition, update = _in_scope(stmt.condition, inner), tuple(_in_scope(u, inner) for u in stmt.update)
                return replace(stmt, init=init, condition=condition, update=update, body=self.body(stmt.body, inner, opened))
            case If():
                then, otherwise = self.body(stmt.then, scope, opened), self.body(stmt.otherwise, scope, opened)
                return replace(stmt, condition=_in_scope(stmt.condition, scope), then=then, otherwise=otherwise)
            case Block():
                return replace(stmt, body=self.body(stmt.body, scope, opened))
        return _in_scope(stmt, scope)

    def counted(self, loop: For, scope: dict[str, str], opened: frozenset[str]) -> For:
        head = {field: _in_scope(getattr(loop, field), scope) for field in ("lower", "upper", "step")}
        var = self.loop(loop.var, set(opened))
        return replace(loop, var=var, body=self.body(loop.body, {**scope, loop.var: var}, opened | {var}), **head)


def _in_scope(node, scope: dict[str, str]):
    """An expression, or a statement without others in it, with the names of ``scope``."""
    changed = {name: new for name, new in scope.items() if name != new}
    return rename(node, changed) if changed else node


__all__ = ["Names", "as_spelled", "unique"]
