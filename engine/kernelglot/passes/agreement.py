"""What the threads of a block agree on: scalars that have one value for all of them, and which of those the block can compute once.

A scalar is *uniform* when every thread computes the same value for it. It is *common* when the block can compute it outside the thread
loops: each of its assignments stands where the block's own statements stand, and needs common scalars only. Assignments inside a loop or
a condition that no thread waits in are fine where that whole statement computes common scalars and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..analysis.definitions import pure
from ..ir.build import binary
from ..ir.nodes import Address, Assign, Block, Break, Call, Continue, Declare, Evaluate, Expr, For, If, Literal, Stmt, Var, While
from ..ir.types import Array, Fragment, Scalar, Scope
from ..ir.walk import assigned, declared, variables, walk
from .structure import COLLECTIVES, synchronises


@dataclass(frozen=True, slots=True)
class Assignment:
    """One value of a scalar: the ``conditions`` it stands under, and the outermost statement without a wait around it."""

    name: str
    value: Expr
    conditions: tuple[Expr, ...] = ()
    holder: Stmt | None = None


class Agreement:
    """Reads one block's ``body``. ``threads`` are the names of the thread loops, ``linear`` the thread's number, ``wanted`` the
    scalars that should be computed once a block if they can be."""

    def __init__(self, body: tuple[Stmt, ...], threads: set[str], linear: Expr, wanted: frozenset[str] = frozenset()) -> None:
        self._threads, self._linear = threads, linear
        nodes = list(walk(body))
        self.types = {n.name: n.type for n in nodes if isinstance(n, Declare)}
        self.reassigned = {n.target.name for n in nodes if isinstance(n, Assign) and isinstance(n.target, Var)}
        self._loops = {n.var for n in nodes if isinstance(n, For)}
        self._private = {
            name for name, t in self.types.items() if isinstance(t, Array) and t.scope is Scope.REGISTER or isinstance(t, Fragment)
        }
        self._scalars = {name for name, t in self.types.items() if isinstance(t, Scalar)} | self._loops
        self._assignments: dict[str, list[Assignment]] = {}
        for assignment in self._collect(body, (), None):
            self._assignments.setdefault(assignment.name, []).append(assignment)
        self.uniform = self._find_uniform()
        self._common = self._find_common()
        once = {n for n in self._common if n in self.types and n not in self.reassigned and not self._held(n)}
        self.level = self._closed(once | ((wanted | self._controls(nodes)) & self._common))

    # ---- questions

    def is_uniform(self, expr: Expr) -> bool:
        """Whether all threads of the block compute the same ``expr``."""
        return self._same(expr, self.uniform)

    def agrees(self, expr: Expr) -> bool:
        """Whether the block can compute ``expr`` once, outside the thread loops."""
        return self.is_uniform(expr) and variables(expr) & self._scalars <= self._common

    def can_be_common(self, name: str) -> bool:
        return name in self._common

    def is_common(self, stmt: Stmt) -> bool:
        """Whether ``stmt`` does nothing but compute scalars kept at block level."""
        match stmt:
            case Declare(name=name):
                return name in self.level
            case Assign(target=Var(name=name)):
                return name in self.level
            case For() | While() | If():
                names = (assigned(stmt) | declared(stmt)) & self.level
                return bool(names) and not synchronises(stmt) and self._computes_only(stmt, self.level | self._loops)
        return False

    def differs(self, name: str) -> None:
        """``name`` is a new scalar of each thread's own."""
        self._scalars.add(name)

    # ---- how it is found

    def _same(self, expr: Expr, uniform: set[str]) -> bool:
        for node in walk(expr):
            if isinstance(node, Call) and (node.name in COLLECTIVES or node.name.startswith("atomic")):
                return False
            if isinstance(node, Var):
                if node.name in self._threads or node.name in self._private:
                    return False
                if isinstance(node.type, Scalar) and node.name in self._scalars and node.name not in uniform:
                    return False
        return True

    def _find_uniform(self) -> set[str]:
        uniform = set(self._scalars)
        while True:
            smaller = {
                name
                for name in uniform
                if name in self._assignments
                and all(self._same(e, uniform) for a in self._assignments[name] for e in (a.value, *a.conditions))
            }
            if smaller == uniform:
                return uniform
            uniform = smaller

    def _find_common(self) -> set[str]:
        common = set(self.uniform)
        while True:
            smaller = {name for name in common if all(self._possible(a, common) for a in self._assignments[name])}
            if smaller == common:
                return common
            common = smaller

    def _possible(self, assignment: Assignment, common: set[str]) -> bool:
        needed = variables(assignment.value).union(*map(variables, assignment.conditions)) & self._scalars
        if not needed <= common:
            return False
        return assignment.holder is None or assignment.name in self._loops or self._computes_only(assignment.holder, common | self._loops)

    @staticmethod
    def _computes_only(stmt: Stmt, names: set[str]) -> bool:
        """Whether all that ``stmt`` does is to assign some of ``names``."""
        for node in walk(stmt):
            match node:
                case Declare(name=name) | Assign(target=Var(name=name)):
                    if name not in names:
                        return False
                case For() | While() | If() | Block() | Break() | Continue():
                    pass
                case Stmt():
                    return False
        return True

    def _held(self, name: str) -> bool:
        return any(a.holder is not None for a in self._assignments[name])

    def _controls(self, nodes: list) -> set[str]:
        """The scalars that decide loops and conditions in which threads wait, as far as the threads agree on them."""
        needed: set[str] = set()
        for node in nodes:
            if isinstance(node, For | While | If) and synchronises(node):
                parts = [node.lower, node.upper, node.step] if isinstance(node, For) else [node.condition]
                if isinstance(node, While):
                    parts += [s.value for s in (node.init, *node.update) if isinstance(s, Assign | Declare) and s.value is not None]
                if all(self.agrees(part) for part in parts):
                    needed = needed.union(*map(variables, parts))
        return needed

    def _closed(self, names: set[str]) -> set[str]:
        """``names`` with every scalar needed to compute them, and what the same statements compute beside them."""
        while True:
            more = set(names)
            for assignment in (a for name in names for a in self._assignments[name]):
                more |= variables(assignment.value).union(*map(variables, assignment.conditions)) & self._common
                if assignment.holder is not None and assignment.name not in self._loops:
                    more |= (assigned(assignment.holder) | declared(assignment.holder)) & self._common
            if more == names:
                return names
            names = more

    def _collect(self, body: tuple[Stmt, ...], conditions: tuple[Expr, ...], holder: Stmt | None) -> Iterator[Assignment]:
        for stmt in body:
            held = holder
            if held is None and isinstance(stmt, For | While | If) and not synchronises(stmt):
                held = stmt
            match stmt:
                case Declare(name=name, value=None, type=Scalar()):
                    yield Assignment(name, Literal(0), (), held)
                case Declare(name=name, value=value, type=Scalar()) if value is not None:
                    yield Assignment(name, value, conditions, held)
                case Assign(target=Var(name=name, type=type_), value=value, op=op):
                    yield Assignment(name, binary(op, Var(name, type_), value) if op else value, conditions, held)
                case For():
                    parts = (stmt.lower, stmt.upper, stmt.step)
                    # a loop's own variable may run in all threads; what the loop guards may not
                    yield from (Assignment(stmt.var, part, (), held) for part in parts)
                    yield from self._collect(stmt.body, (*conditions, *parts, *ways_out(stmt.body)), held)
                case While():
                    inside = (*conditions, stmt.condition, *ways_out(stmt.body))
                    own = isinstance(stmt.init, Declare) and pure(stmt.condition)
                    if stmt.init is not None:
                        yield from self._collect((stmt.init,), () if own else conditions, held)
                    yield from self._collect(stmt.body, inside, held)
                    yield from self._collect(stmt.update, (stmt.condition,) if own else inside, held)
                case If():
                    yield from self._collect(stmt.then, (*conditions, stmt.condition), held)
                    yield from self._collect(stmt.otherwise, (*conditions, stmt.condition), held)
                case Block(body=inner):
                    yield from self._collect(inner, conditions, held)
                case Evaluate(value=value):
                    for node in walk(value):
                        if isinstance(node, Address):
                            yield Assignment(node.buffer.name, self._linear, conditions, held)


def ways_out(body: tuple[Stmt, ...]) -> Iterator[Expr]:
    """The conditions under which an iteration of the loop around ``body`` ends early: what follows depends on them."""
    for stmt in body:
        match stmt:
            case If() if any(isinstance(n, Break | Continue) for n in walk(stmt)):
                yield stmt.condition
                yield from ways_out((*stmt.then, *stmt.otherwise))
            case Block(body=inner):
                yield from ways_out(inner)
