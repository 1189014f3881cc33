"""From recovered loops to BANG C: independent loops to tasks and vectors, shared and per-thread arrays to NRAM.

The best candidate uses vectors along the loop whose accesses lie beside each other; the last one runs everything as scalar code, one task
for each outer iteration. Every step's result is legal BANG C.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import prod

from ..dialects import base
from ..dialects.bang import emit
from ..dialects.legal import for_c
from ..ir.build import fresh, integer, less, value_of
from ..ir.nodes import (
    Assign,
    Axis,
    Call,
    Cast,
    Constant,
    ConstantDecl,
    Declare,
    Expr,
    For,
    If,
    InitList,
    Kernel,
    Literal,
    Load,
    Node,
    Return,
    Stmt,
    Var,
)
from ..ir.types import F64, I32, Array, Scope, element_of
from ..ir.walk import declared, rewrite_body, variables, walk
from ..passes.base import Declined
from ..passes.cache import Nram
from ..passes.lane_choice import best_level, cost, perfect
from ..passes.loop_bind import over_tasks
from ..passes.memory_effects import Effects
from ..passes.remainders import counters
from ..passes.scope_names import tidy
from ..passes.vector_loops import VectorLoops
from ..verify.cases import Launch

LAUNCH = Launch((16, 1, 1), (1, 1, 1), kind="union4")
ALONE = Launch((1, 1, 1), (1, 1, 1), kind="block")
WIDEST, NARROWEST = 4096, 64
SHARE, ALIGNED = 2, 64  # arrays whose size only the launch knows get half of NRAM, in whole vectors of so many elements
_BUILT_IN = re.compile(r"sizeof\(|^[A-Z]+2[A-Z]+$|^FUSION_")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A BANG kernel with its launch; ``scalar_loops`` counts the loops over lanes that found no vector form."""

    kernel: Kernel
    launch: Launch
    notes: tuple[str, ...] = ()
    scalar_loops: int = 0
    route: str = ""


def translate(kernel: Kernel, architecture: str = "mtp_592") -> list[Candidate]:
    """Candidates for a recovered kernel, the best first; the last is plain scalar code. Raises Declined for what no candidate can do."""
    for param in kernel.params:
        if element_of(param.type) == F64:
            raise Declined("no-f64", f"`{param.name}` holds 64-bit floats, which BANG cores do not have", at=param.span)
    found: list[Candidate] = []
    reason: Declined | None = None
    nest = perfect(kernel.body)
    flat = not any(isinstance(n, For) and n.axis is Axis.PARALLEL for n in walk(nest.body))
    routes: list[str] = []
    if flat and nest.levels:
        lane = cost(nest.body, nest.levels[best_level(nest)].var)
        inner = VectorLoops.inner_cost(nest.body)
        routes = ["inner", "lanes"] if inner is not None and inner < lane else ["lanes"]
    else:
        routes = ["blocks"]
    for route in (*routes, "plain"):
        try:
            candidate = _Build(kernel, architecture, route).candidate()
        except Declined as no:
            reason = reason or no
            continue
        if route != "plain" and not vectorised(candidate.kernel):
            continue
        if all(candidate.kernel != other.kernel for other in found):
            found.append(candidate)
    if not found:
        assert reason is not None
        raise reason
    return found


def unit(kernel: Kernel) -> str:
    """The kernel as a translation unit."""
    return emit.text(kernel)


@dataclass(frozen=True, slots=True)
class Room:
    """The fixed extent of an ``array`` of which a launch may need another one."""

    array: str
    constant: ConstantDecl
    needed: Expr

    @property
    def exceeded(self) -> Expr:
        return less(Constant(self.constant.name, self.constant.value, I32), self.needed)


class _Build:
    """One candidate."""

    def __init__(self, kernel: Kernel, architecture: str, route: str) -> None:
        self.kernel, self.architecture, self.route = kernel, architecture, route
        self.number = int(architecture.rsplit("_", 1)[-1])
        self.taken = (
            declared(kernel.body)
            | {p.name for p in kernel.params}
            | {c.name for c in kernel.constants}
            | {f.name for f in kernel.functions}
        )
        self.authors = set(self.taken)
        self.nram = Nram(self.taken)
        name = "TILE" if "TILE" not in self.taken else "NRAM_TILE"
        self.tile = Constant(fresh(name, self.taken), WIDEST, I32)
        self.loops = VectorLoops(self.nram, self.taken, self.number, self.tile)
        self.rooms: list[Room] = []

    def candidate(self) -> Candidate:
        body = inline_small(self.kernel)
        nest = perfect(body)
        self.loops.counters = counters(body)
        launch = LAUNCH
        if self.route == "lanes":
            made = self.loops.nest(nest, bind=True)
            launch = LAUNCH
        else:
            if self.route == "plain":
                inner = self.loops.serial_only(nest.body)
            else:
                inner = self.loops.uniform(nest.body)
            inner = self._on_chip(inner)
            made = over_tasks(list(nest.levels), inner, self.taken) if nest.levels else inner
            if not nest.levels:
                launch = ALONE
        made = Effects(self.nram).lower(made)
        made = self._declared((*(If(room.exceeded, (Return(None),)) for room in self.rooms), *made))
        outer = (
            {p.name for p in self.kernel.params}
            | {c.name for c in self.kernel.constants}
            | {f.name for f in self.kernel.functions}
            | {self.tile.name}
            | {room.constant.name for room in self.rooms}
        )
        made = tidy(made, outer, self.taken - self.authors)
        comment = "\n".join(line for line in self.kernel.comment.splitlines() if not line.strip().startswith("kernelglot:"))
        constants = (*self.kernel.constants, *(room.constant for room in self.rooms))
        kernel = replace(self.kernel, body=made, dialect="bang", symbol=self.kernel.name, comment=comment, constants=constants)
        if self.uses_tile:
            width = self._width()
            kernel = self._with_tile(kernel, width)
        kernel = legal(kernel)
        return Candidate(kernel, launch, tuple(self._notes()), self.loops.scalar_loops + self.nram.gathers, self.route)

    # ---- memory

    def _on_chip(self, body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        """Shared arrays and those with one element a thread lie in NRAM; they are declared at the start of the kernel."""

        def visit(node: Node) -> Node | tuple[Node, ...]:
            if isinstance(node, Declare) and isinstance(node.type, Array) and node.type.scope in (Scope.SHARED, Scope.REGISTER):
                shape = (self._room(node, dynamic), *node.type.shape[1:]) if node.name in dynamic else node.type.shape
                self.nram.array(node.name, node.type.element, shape)
                return _initial(node)
            return node

        dynamic = {n.name for n in walk(body) if isinstance(n, Declare) and isinstance(n.type, Array) and not _fixed(n.type.shape)}
        return rewrite_body(body, visit)

    def _room(self, node: Declare, dynamic: set[str]) -> Expr:
        """The first extent of an array for which only the launch knows it: as much as fits beside the others, of ``dynamic`` size too."""
        assert isinstance(node.type, Array)
        needed, rest = node.type.shape[0], node.type.shape[1:]
        if not _fixed(rest) or not isinstance(needed, Expr) or not variables(needed) <= {p.name for p in self.kernel.params}:
            raise Declined("dynamic-array", f"the size of `{node.name}` is not known when the kernel is compiled", at=node.span)
        row = node.type.element.bytes * prod(int(str(value_of(e) if isinstance(e, Expr) else e)) for e in rest)
        most = self._capacity() // SHARE // len(dynamic) // row // ALIGNED * ALIGNED
        name = fresh(f"{node.name.upper()}_ROOM", self.taken)
        self.rooms.append(Room(node.name, ConstantDecl(name, I32, most, spelled="define"), needed))
        return Constant(name, most, I32)

    def _declared(self, body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        """``body`` after the declarations of the NRAM arrays it uses."""
        used = {n.name for n in walk(body) if isinstance(n, Var)}
        self.nram.arrays = {name: entry for name, entry in self.nram.arrays.items() if name in used}
        self.uses_tile = any(
            isinstance(e, Constant) and e.name == self.tile.name for _, shape in self.nram.arrays.values() for e in shape
        ) or any(isinstance(n, Constant) and n.name == self.tile.name for n in walk(body))
        declarations = tuple(Declare(name, Array(element, shape, Scope.NRAM)) for name, (element, shape) in self.nram.arrays.items())
        if self._bytes(NARROWEST) > self._capacity():
            raise Declined(
                "nram-capacity", f"the kernel's arrays need {self._bytes(NARROWEST)} bytes of NRAM; {self._capacity()} are there"
            )
        return (*declarations, *body)

    def _bytes(self, width: int) -> int:
        total = 0
        for element, shape in self.nram.arrays.values():
            size = element.bytes
            for extent in shape:
                number = (
                    width
                    if isinstance(extent, Constant) and extent.name == self.tile.name
                    else value_of(extent)
                    if isinstance(extent, Expr)
                    else extent
                )
                size *= int(number)  # type: ignore[call-overload]
            total += (size + 63) // 64 * 64
        return total

    def _capacity(self) -> int:
        dialect = base.load("bang")
        limits = dialect.facts["limits"]
        reserve = limits["compiler_reserve"]["nram"]  # type: ignore[index]
        return (dialect.capacity(Scope.NRAM, self.architecture) or 0) - reserve

    def _width(self) -> int:
        width = WIDEST
        while width > NARROWEST and self._bytes(width) > self._capacity():
            width //= 2
        return width

    def _with_tile(self, kernel: Kernel, width: int) -> Kernel:
        tile = replace(self.tile, value=width)

        def visit(node: Node) -> Node:
            if isinstance(node, Constant) and node.name == tile.name:
                return tile
            if isinstance(node, Declare) and isinstance(node.type, Array):
                shape = tuple(tile if isinstance(e, Constant) and e.name == tile.name else e for e in node.type.shape)
                return replace(node, type=replace(node.type, shape=shape))
            return node

        decl = ConstantDecl(tile.name, I32, width, spelled="define")
        return replace(kernel, body=rewrite_body(kernel.body, visit), constants=(*kernel.constants, decl))

    def _notes(self) -> Iterator[str]:
        for room in self.rooms:
            yield (f"`{room.array}` has room for {room.constant.value} elements; a launch that needs more does nothing, like one that asks "
                   "a GPU for too much shared memory")
        if self.route == "plain":
            yield "runs as scalar code: no loop was turned into vector instructions"
        elif stay := self.loops.scalar_loops + self.nram.gathers:
            yield f"{stay} loops over lanes stay scalar: there is no vector form of what they do"


def vectorised(kernel: Kernel) -> bool:
    """Whether anything is copied to NRAM or done by vector instructions."""
    names = [n.name for n in walk(kernel.body) if isinstance(n, Call)]
    return any(name.startswith(("__bang", "__memcpy")) and not name.startswith("__bang_atomic") for name in names)


def _fixed(shape: tuple) -> bool:
    """Whether every extent is known when the kernel is compiled."""
    return all(value_of(e) is not None if isinstance(e, Expr) else bool(e) for e in shape)


def _initial(node: Declare) -> tuple[Stmt, ...]:
    """The stores that give an array its first content: on-chip arrays are declared without one."""
    if node.value is None:
        return ()
    type_ = node.type
    assert isinstance(type_, Array)
    sizes = [value_of(e) if isinstance(e, Expr) else e for e in type_.shape]
    elements = getattr(node.value, "elements", None)
    if elements is None or len(sizes) != 1 or any(isinstance(e, InitList) for e in elements):
        raise Declined("initialised-array", f"`{node.name}` is declared with a content of several dimensions", at=node.span)
    zero = Literal(0.0 if type_.element.is_float else 0, type_.element)
    array = Var(node.name, Array(type_.element, type_.shape, Scope.NRAM))
    values = [*elements, *[zero] * (int(str(sizes[0])) - len(elements))]
    return tuple(Assign(Load(array, (integer(at),), type_.element), value) for at, value in enumerate(values))


def inline_small(kernel: Kernel) -> tuple[Stmt, ...]:
    """``kernel``'s body with calls of functions that are one expression written out, so that lanes can see what they compute."""
    from ..passes.structure import inline

    return inline(kernel, lambda function: len(function.body) <= 12).body if kernel.functions else kernel.body


def legal(kernel: Kernel) -> Kernel:
    """``kernel`` in words BANG C has: no integer ``min``, no ``rsqrtf``, no constants of CUDA's headers."""
    named = {n.name for n in walk(kernel.body) if isinstance(n, Constant) and _BUILT_IN.search(n.name)}
    kernel = for_c(kernel, frozenset(named))

    def visit(node: Node) -> Node:
        if isinstance(node, Literal) and node.type == F64:
            return node
        if isinstance(node, Cast) and isinstance(node.operand, Literal) and node.type.is_float and node.operand.type.is_float:
            return Literal(node.operand.value, node.type)
        return node

    used = {n.name for n in walk((*kernel.body, *(s for f in kernel.functions for s in f.body))) if isinstance(n, Call)}
    functions = tuple(f for f in kernel.functions if f.name in used)
    return replace(kernel, body=rewrite_body(kernel.body, visit), functions=functions)


__all__ = ["Assign", "Callable", "Candidate", "If", "integer", "translate", "unit"]
