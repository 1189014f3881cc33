"""Regions, what a thread does between two waits, as loops over the threads.

What a thread carries from one region to the next becomes an array with one element a thread, or is computed again where that is free.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..analysis.definitions import pure
from ..ir.build import both, conjuncts, fresh, integer, value_of
from ..ir.nodes import Address, Assign, Axis, Binary, Block, Cast, Declare, Expr, For, If, Literal, Load, Node, Stmt, Var, While
from ..ir.types import I32, Array, Scalar, Scope, element_of
from ..ir.walk import declared, map_children, substitute, variables, walk
from .base import Declined
from .nest import Level, absorb_stride, bound_by_guard, build_nest, leading_declarations, rename_level
from .threads import WARP, Threads


@dataclass(frozen=True, slots=True)
class Region(Stmt):
    """What each thread does between two waits, where all of ``guards`` hold; ``warp``: once a warp instead of once a thread."""

    body: tuple[Stmt, ...] = ()
    guards: tuple[Expr, ...] = ()
    warp: bool = False


@dataclass(frozen=True, slots=True)
class Wait(Stmt):
    """All threads have done what stands before. Without one between them, two regions may share a loop."""


def merged(items: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
    """``items`` without ``Wait``; regions that follow each other without one, under equal or nested guards, are one."""
    out: list[Stmt] = []
    may_merge = False
    for item in items:
        match item:
            case Wait():
                may_merge = False
                continue
            case Region(warp=False):
                last = out[-1] if may_merge else None
                shared = _shared_guards(last, item) if isinstance(last, Region) and not last.warp else None
                if shared is None:
                    out.append(item)
                else:
                    out[-1] = Region(_under(last, shared) + _under(item, shared), item.guards[:shared])  # type: ignore[arg-type]
                may_merge = True
                continue
            case For() | While():
                item = replace(item, body=merged(item.body))
            case If():
                item = replace(item, then=merged(item.then), otherwise=merged(item.otherwise))
        out.append(item)
        may_merge = False
    return tuple(out)


def _shared_guards(first: Region, second: Region) -> int | None:
    """How many guards a loop for both regions has; None where one is guarded and the other isn't guarded alike."""
    number = 0
    while number < min(len(first.guards), len(second.guards)) and first.guards[number] == second.guards[number]:
        number += 1
    return number if number or first.guards == second.guards else None


def _under(region: Region, shared: int) -> tuple[Stmt, ...]:
    """The body of ``region`` for a place where its first ``shared`` guards hold."""
    rest = region.guards[shared:]
    return (If(both(*rest), region.body),) if rest else region.body


class ThreadLoops:
    """The loops for ``items``, a block's body with regions in it. ``expanded`` are the declarations that become arrays.

    ``reassigned``: the scalars that have more than one value.
    """

    def __init__(self, items: tuple[Stmt, ...], threads: Threads, reassigned: set[str]) -> None:
        items = merged(items)
        self._items, self._threads = items, threads
        self._linear = threads.linear
        regions = [n for n in walk(items) if isinstance(n, Region)]
        home: dict[str, Declare] = {}
        for region in regions:
            home |= {n.name: n for n in walk(region.body) if isinstance(n, Declare)}
        used: dict[str, int] = {}
        for region in regions:
            for name in (variables(region.body).union(*map(variables, region.guards)) | declared(region.body)) & set(home):
                used[name] = used.get(name, 0) + 1
        self._again = _computed_again(home, reassigned)
        self.expanded = {name: decl for name, decl in home.items() if used.get(name, 0) > 1 and name not in self._again}

    def loops(self) -> tuple[Stmt, ...]:
        arrays = tuple(Declare(name, self._array_type(name)) for name in self.expanded)
        return (*arrays, *self._lower(self._items))

    def _lower(self, items: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        out: list[Stmt] = []
        position = 0
        while position < len(items):
            stmt = items[position]
            if isinstance(stmt, Region):
                group = [stmt]
                while stmt.warp and position + 1 < len(items):
                    following = items[position + 1]
                    if not (isinstance(following, Region) and following.warp and following.guards == stmt.guards):
                        break
                    group.append(following)
                    position += 1
                out += self._loop(replace(stmt, body=tuple(s for r in group for s in r.body)))
            elif isinstance(stmt, For | While):
                out.append(replace(stmt, body=self._lower(stmt.body)))
            elif isinstance(stmt, If):
                out.append(replace(stmt, then=self._lower(stmt.then), otherwise=self._lower(stmt.otherwise)))
            else:
                out.append(stmt)
            position += 1
        return tuple(out)

    def _loop(self, region: Region) -> list[Stmt]:
        body = tuple(s for s in (self._expand(stmt) for stmt in region.body) if s is not None)
        if region.guards:
            body = (If(both(*(self._expand(g) for g in region.guards)), body),)  # type: ignore[misc]
        needed = variables(body)
        own = declared(body)
        chain: list[Stmt] = []
        for name, decl in reversed(list(self._again.items())):
            if name in needed and name not in own:
                chain.insert(0, replace(decl, comment=""))
                needed |= variables(decl)
        body = (*_ordered(chain), *body)
        if all(isinstance(s, Declare) for s in body):
            return []
        return self._warp_loop(body) if region.warp else list(self._nest(body))

    # ---- what crosses regions

    def _expand(self, node: Node):
        """``x`` as ``x[thread]`` for names that cross regions; None for a declaration that has become an array."""
        match node:
            case Declare() if node.name in self.expanded:
                if node.value is None:
                    return None
                if isinstance(node.type, Array):
                    return self._fill(node)
                target = Load(self._array(node.name), (self._linear,), element_of(node.type))
                return Assign(target, self._expand(node.value), comment=node.comment, span=node.span)
            case Load() | Address() if node.buffer.name in self.expanded:
                index = (self._linear, *(self._expand(i) for i in node.index))
                return replace(node, buffer=self._array(node.buffer.name), index=index)
            case Var() if node.name in self.expanded and isinstance(node.type, Scalar):
                return Load(self._array(node.name), (self._linear,), node.type)
        return map_children(node, self._child)

    def _child(self, child: Node):
        new = self._expand(child)
        return () if new is None else new

    def _fill(self, node: Declare) -> Stmt:
        """``float a[4] = {...}`` of an expanded array, element by element."""
        assert isinstance(node.type, Array) and node.value is not None
        elements = getattr(node.value, "elements", ())
        array, element = self._array(node.name), node.type.element
        zero = Literal(0.0 if element.is_float else 0, element)
        shape = [s if isinstance(s, int) else value_of(s) for s in node.type.shape]  # type: ignore[arg-type]
        if len(shape) != 1 or not isinstance(shape[0], int):
            indices = [fresh("at", self._threads.taken) for _ in shape]
            store: Stmt = Assign(Load(array, (self._linear, *(Var(i, I32) for i in indices)), element), zero)
            for name, extent in reversed(list(zip(indices, node.type.shape, strict=True))):
                upper = extent if isinstance(extent, Expr) else integer(extent)  # type: ignore[arg-type]
                store = For(name, integer(0), upper, integer(1), (store,))
            return store
        stores = tuple(
            Assign(Load(array, (self._linear, integer(i)), element), self._expand(elements[i]) if i < len(elements) else zero)
            for i in range(shape[0])
        )
        return stores[0] if len(stores) == 1 else Block(stores)

    def _array(self, name: str) -> Var:
        return Var(name, self._array_type(name))

    def _array_type(self, name: str) -> Array:
        decl = self.expanded[name]
        inner = decl.type.shape if isinstance(decl.type, Array) else ()
        return Array(element_of(decl.type), (self._threads.extent, *inner), Scope.REGISTER)

    # ---- loops

    def _warp_loop(self, body: tuple[Stmt, ...]) -> list[Stmt]:
        levels, number = self._threads.levels, self._threads.number
        if number == WARP:
            mapping: dict[str, Expr] = {level.var: integer(0) for level in levels}
            return list(substitute(body, mapping))
        last = levels[-1] if levels else Level("", integer(1))
        width = value_of(last.extent)
        if not isinstance(width, int) or width % WARP:
            raise Declined("fragment-shape", "fragments need whole warps along x; the block's x extent is not a multiple of 32")
        body = (For(last.var, integer(0), last.extent, integer(WARP), body, Axis.PARALLEL),)
        return list(build_nest(list(levels[:-1]), body))

    def _nest(self, body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        body = _used_declarations(body)
        levels, body = _pin(list(self._threads.levels), body)
        named = []
        for level in levels:
            new, body = rename_level(level, body)
            named.append(new)
        cover = {level.var: (level.extent, integer(1)) for level in named}
        levels, body = bound_by_guard(named, body, cover)
        if levels:
            absorbed = absorb_stride(levels[-1], body)
            if absorbed is not None:
                levels, body = [*levels[:-1], absorbed[0]], absorbed[1]
        return build_nest(levels, _used_declarations(body))


def _computed_again(home: dict[str, Declare], reassigned: set[str]) -> dict[str, Declare]:
    """Declarations that cost nothing to repeat: pure, never reassigned, from the launch, parameters and fixed block-level names alone."""
    again: dict[str, Declare] = {}
    while True:
        more = {
            name: decl
            for name, decl in home.items()
            if name not in reassigned
            and decl.value is not None
            and isinstance(decl.type, Scalar)
            and pure(decl.value)
            and all(v in again or v not in home and v not in reassigned for v in variables(decl.value))
        }
        if len(more) == len(again):
            return more
        again = more


def _ordered(chain: list[Stmt]) -> list[Stmt]:
    """Declarations in an order in which each stands after what it needs."""
    names = {s.name for s in chain if isinstance(s, Declare)}
    done: list[Stmt] = []
    have: set[str] = set()
    todo = list(chain)
    while todo:
        ready = [s for s in todo if isinstance(s, Declare) and s.value is not None and not (variables(s.value) & names - have)]
        if not ready:
            return done + todo
        for s in ready:
            done.append(s)
            have.add(s.name)  # type: ignore[attr-defined]
            todo.remove(s)
    return done


def _pin(levels: list[Level], body: tuple[Stmt, ...]) -> tuple[list[Level], tuple[Stmt, ...]]:
    """``if (t == 0) S`` around the whole body of a loop over ``t``: S once, with ``t`` replaced."""
    prefix, rest = leading_declarations(body)
    if len(rest) != 1 or not isinstance(rest[0], If) or rest[0].otherwise:
        return levels, body
    env = {s.name: s.value for s in prefix if isinstance(s, Declare) and s.value is not None}
    guard = rest[0]
    remaining = []
    for condition in conjuncts(guard.condition):
        pinned = None
        if isinstance(condition, Binary) and condition.op == "==":
            for side, other in ((condition.left, condition.right), (condition.right, condition.left)):
                plain = substitute(side, env) if isinstance(side, Var) else side  # type: ignore[arg-type]
                while isinstance(plain, Cast):
                    plain = plain.operand
                level = next((lv for lv in levels if isinstance(plain, Var) and plain.name == lv.var), None)
                number, extent = value_of(other), value_of(level.extent) if level else None
                if level is not None and isinstance(number, int) and isinstance(extent, int) and 0 <= number < extent:
                    pinned = (level, integer(number))
                    break
        if pinned is None:
            remaining.append(condition)
            continue
        levels = [lv for lv in levels if lv is not pinned[0]]
        prefix = substitute(prefix, {pinned[0].var: pinned[1]})
        remaining = [substitute(c, {pinned[0].var: pinned[1]}) for c in remaining]
        guard = replace(guard, then=substitute(guard.then, {pinned[0].var: pinned[1]}))
    if len(remaining) == len(conjuncts(guard.condition)):
        return levels, body
    inner = (If(both(*remaining), guard.then, comment=guard.comment),) if remaining else guard.then
    return levels, (*prefix, *inner)


def _used_declarations(body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
    """``body`` without leading pure declarations nobody reads."""
    prefix, rest = leading_declarations(body)
    kept: list[Stmt] = []
    needed = variables(rest)
    for stmt in reversed(prefix):
        if isinstance(stmt, Declare) and stmt.name in needed:
            kept.insert(0, stmt)
            needed |= variables(stmt)
    return (*kept, *rest)
