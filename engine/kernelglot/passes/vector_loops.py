"""Where vectors stand in a kernel: nests of independent loops, and serial loops whose iterations turn out to be independent or a sum."""

from __future__ import annotations

from dataclasses import replace

from ..analysis.definitions import index_definitions
from ..ir.affine import minus, poly
from ..ir.build import add, binary, cast, fresh, integer, is_value, less, mul, select, value_of
from ..ir.nodes import (
    Address,
    Assign,
    Axis,
    Binary,
    Block,
    Break,
    Call,
    Constant,
    Continue,
    Declare,
    Evaluate,
    Expr,
    For,
    If,
    Load,
    Return,
    Select,
    Stmt,
    Var,
    While,
)
from ..ir.types import F32, I32, Array, Scalar
from ..ir.walk import rewrite_body, substitute, variables, walk
from .base import Declined
from .cache import Lanes, Nram, call
from .lane_choice import Nest, best_level, cost, independent, perfect
from .lane_facts import selected
from .loop_bind import over_tasks, pieces
from .loop_expansion import Expansion
from .loop_split import strips
from .nest import Level
from .remainders import simplified
from .tensorize import Tensorizer
from .threads import WARP

FITS = 1024  # lanes of a loop that is done in one piece
REDUCED = {"+": "__bang_sumpool", "fmaxf": "__bang_argmax", "fminf": "__bang_argmin"}


class VectorLoops:
    """Rewrites loops; ``tile`` is the constant that names the longest vector."""

    def __init__(self, nram: Nram, taken: set[str], architecture: int, tile: Constant) -> None:
        self.nram, self.taken, self.architecture, self.tile = nram, taken, architecture, tile
        self.scalar_loops = 0
        self.counters: set[str] = set()  # loop variables around everything here that are never negative

    # ---- independent loops

    def nest(self, nest: Nest, bind: bool = False) -> tuple[Stmt, ...]:
        """A nest with one level as lanes, innermost; ``bind``: the others are dealt out to the tasks."""
        nest = self.by_warps(nest)
        position = best_level(nest)
        lane = nest.levels[position]
        others = [level for level in nest.levels if level is not lane]
        if bind and not others:
            return self.over_pieces(lane, nest.body)
        body = self.lanes(lane, nest.body)
        if bind:
            return over_tasks(others, body, self.taken)
        for level in reversed(others):
            body = (For(level.var, integer(0), level.extent, integer(1), body, type=level.type),)
        return body

    def by_warps(self, nest: Nest) -> Nest:
        """``nest`` with its threads as warps of lanes, where accesses lie beside each other inside a warp only."""
        *outer, level = nest.levels
        extent = value_of(level.extent)
        if not isinstance(extent, int) or extent <= WARP or extent % WARP:
            return nest
        warp, lane = (Var(fresh(name, self.taken), level.type) for name in ("warp", "lane"))
        most = {lane.name: WARP - 1, warp.name: extent // WARP - 1}

        def split(body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
            threads = substitute(body, {level.var: add(mul(warp, integer(WARP)), lane)})
            return simplified(threads, most, self.counters | {each.var for each in outer})

        whole = without_few_lanes(nest.body, level)
        before = min(cost(whole, each.var) for each in nest.levels)
        if cost(split(whole), lane.name) < before:
            levels = (Level(warp.name, integer(extent // WARP), level.type), Level(lane.name, integer(WARP), level.type))
            return Nest((*outer, *levels), split(nest.body))
        self.taken -= {warp.name, lane.name}
        return nest

    def over_pieces(self, lane: Level, body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        declarations, begin, end = pieces(lane.extent, lane.type, self.taken)
        return (*declarations, strips(lane.var, lane.type, begin, end, self.tile, self.taken, lambda lanes: self.expand(body, lanes)))

    def lanes(self, lane: Level, body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        """All iterations of ``lane``: in one piece where it is known to fit, else in strips."""
        most = largest(lane.extent)
        if most is None or most > FITS:
            return (
                strips(
                    lane.var, lane.type, integer(0, lane.type), lane.extent, self.tile, self.taken, lambda lanes: self.expand(body, lanes)
                ),
            )
        width: int = max(most, 1)
        if value_of(lane.extent) is not None:
            lanes = Lanes(lane.var, lane.type, integer(0, lane.type), integer(most), integer(0, lane.type), width)
            return self.expand(body, lanes)
        count = Var(fresh("count", self.taken), I32)
        lanes = Lanes(lane.var, lane.type, integer(0, lane.type), count, integer(0, lane.type), width)
        extent = cast(lane.extent, I32)
        return (Declare(count.name, I32, extent, const=True), If(less(integer(0), count), self.expand(body, lanes)))

    def expand(self, body: tuple[Stmt, ...], lanes: Lanes) -> tuple[Stmt, ...]:
        expansion = Expansion(self.nram, self.taken, self.architecture)
        made = expansion.run(body, lanes)
        self.scalar_loops += expansion.scalar_loops
        return made

    # ---- what all tasks' threads do together

    def uniform(self, body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        """Statements outside of any lanes; the independent loops among them become lanes, serial ones where that is possible."""
        out: list[Stmt] = []
        for stmt in body:
            made = self.statement(stmt)
            if made and stmt.comment and not made[0].comment:
                made = (replace(made[0], comment=stmt.comment), *made[1:])
            out += made
        return tuple(out)

    def statement(self, stmt: Stmt) -> tuple[Stmt, ...]:
        if independent(stmt):
            nest = perfect((stmt,))
            return self.nest(nest)
        match stmt:
            case For():
                vector = self.serial(stmt)
                return vector if vector is not None else (replace(stmt, axis=Axis.SERIAL, body=self.uniform(stmt.body)),)
            case While() if (power := halved(stmt)) is not None:
                self.nram.powers[power[0]] = power[1]
                return (replace(stmt, body=self.uniform(stmt.body)),)
            case While() | Block():
                return (replace(stmt, body=self.uniform(stmt.body)),)
            case If():
                return (replace(stmt, then=self.uniform(stmt.then), otherwise=self.uniform(stmt.otherwise)),)
        return (stmt,)

    @staticmethod
    def serial_only(body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        return rewrite_body(body, lambda n: replace(n, axis=Axis.SERIAL) if isinstance(n, For) and n.axis is Axis.PARALLEL else n)

    # ---- serial loops

    def serial(self, loop: For) -> tuple[Stmt, ...] | None:
        """A serial loop as vectors: iterations that touch only what is theirs, and sums, maxima and minima over them."""
        plan = Serial.of(loop)
        if plan is None:
            return None
        state, loops = self.nram.snapshot(), self.scalar_loops
        try:
            made = self._serial(loop, plan)
        except Declined:
            made = None
        if (
            made is None
            or self.scalar_loops > loops
            or not any(isinstance(n, Call) and n.name.startswith(("__bang", "__memcpy")) for n in walk(made))
        ):
            self.nram.restore(state)
            self.scalar_loops = loops
            return None
        return made

    def _serial(self, loop: For, plan: Serial) -> tuple[Stmt, ...]:
        def body(lanes: Lanes) -> tuple[Stmt, ...]:
            return self.with_sums(plan, lanes)

        most = value_of(loop.upper)
        if is_value(loop.lower, 0) and isinstance(most, int) and 0 < most <= FITS:
            zero = integer(0, loop.type)
            return body(Lanes(loop.var, loop.type, zero, integer(most), zero, most))
        return (strips(loop.var, loop.type, loop.lower, loop.upper, self.tile, self.taken, body),)

    def with_sums(self, plan: Serial, lanes: Lanes) -> tuple[Stmt, ...]:
        expansion = Expansion(self.nram, self.taken, self.architecture)
        stmts = list(plan.body)
        names: dict[str, tuple[str, Expr]] = {}
        for name, (op, value, index) in plan.sums.items():
            declared_here = {s.name for s in plan.body if isinstance(s, Declare)}
            if isinstance(value, Var) and value.name in declared_here and lanes.var in variables(expand_once(value, plan.body)):
                names[name] = (op, value)  # the term has a name already
                stmts[index] = Block(())
                continue
            term = fresh(f"{name}_terms", self.taken)
            names[name] = (op, Var(term, value.type))
            stmts[index] = Declare(term, value.type, value)
        out = list(expansion.run(tuple(stmts), lanes))
        self.scalar_loops += expansion.scalar_loops
        for name, (op, term) in names.items():
            out += self.reduce(plan.targets[name], op, term, lanes)  # type: ignore[arg-type]
        return tuple(out)

    def reduce(self, target: Expr, op: str, term: Var, lanes: Lanes) -> list[Stmt]:
        type_ = term.type
        assert isinstance(type_, Scalar)
        terms = self.nram.array(term.name, type_, (lanes.width,))
        result = self.nram.array(fresh("result", self.taken) if "result" not in self.nram.arrays else "result", type_, (16,))
        start, to = (Address(v, (integer(0),), v.type) for v in (terms, result))
        one = integer(1)
        value = Load(result, (integer(0),), type_)
        if op == "+":
            made = call("__bang_sumpool", to, start, one, one, lanes.count, one, lanes.count, one, one)
            return [made, Assign(target, value, "+")]
        made = call(REDUCED[op], to, start, lanes.count)
        if op == "fmaxf" and isinstance(target, Var):
            return [made, Assign(target, Call(op, (target, value), type_))]
        return [made, Assign(target, Call(op, (target, value), type_))]

    @staticmethod
    def inner_cost(body: tuple[Stmt, ...]) -> float | None:
        """What the serial loops of ``body`` would cost as vectors; None where none can be one."""
        found = False

        def price(stmts: tuple[Stmt, ...], weight: float) -> float:
            nonlocal found
            total = 0.0
            for stmt in stmts:
                if isinstance(stmt, For) and Serial.of(stmt) is not None:
                    found = True
                    total += weight * 8 * cost(stmt.body, stmt.var)
                elif isinstance(stmt, For | While | Block):
                    total += price(stmt.body, weight * 8)
                elif isinstance(stmt, If):
                    total += price((*stmt.then, *stmt.otherwise), weight)
                else:
                    total += weight * 16 * sum(isinstance(n, Load) and not isinstance(n.buffer.type, Array) for n in walk(stmt))
            return total

        total = price(body, 1.0)
        return total if found else None


def without_few_lanes(body: tuple[Stmt, ...], level: Level) -> tuple[Stmt, ...]:
    """``body`` without what only a run of the lanes does, or every so many of them."""
    env, lane = index_definitions(body), Var(level.var, level.type)

    def few(condition: Expr) -> bool:
        plain = condition
        while (more := substitute(plain, env)) != plain:
            plain = more
        found = selected(plain, lane, lambda e: level.var in variables(e))
        periodic = [p for p in found.rest if isinstance(p, Binary) and p.op == "==" and value_of(p.right) == 0]
        apart = all(isinstance(p.left, Binary) and p.left.op in "%&" for p in periodic)
        return bool(found.lowest or found.ends or periodic) and len(periodic) == len(found.rest) and apart

    return tuple(s for s in body if not (isinstance(s, If) and not s.otherwise and few(s.condition)))


class Serial:
    """A serial loop seen as lanes: its statements, and the names it sums up: name -> (operation, term, position)."""

    def __init__(self, body: tuple[Stmt, ...], sums: dict[str, tuple[str, Expr, int]], targets: dict[str, Expr]) -> None:
        self.body, self.sums, self.targets = body, sums, targets

    @classmethod
    def of(cls, loop: For) -> Serial | None:
        if not is_value(loop.step, 1):
            return None
        if any(isinstance(n, For | While | Break | Continue | Return | Evaluate | Block) for n in walk(loop.body)):
            return None
        own = {n.name for n in walk(loop.body) if isinstance(n, Declare)}
        sums: dict[str, tuple[str, Expr, int]] = {}
        targets: dict[str, Expr] = {}
        for position, stmt in enumerate(loop.body):
            if (
                isinstance(stmt, If)
                and any(isinstance(n, Assign) and _outer(n, own, loop) for n in walk(stmt))
                or isinstance(stmt, Assign)
                and _outer(stmt, own, loop)
            ):
                found = _sum(stmt)
                if found is None or not found[2].type.is_float:
                    return None
                op, target, term = found
                name = target.name if isinstance(target, Var) else target.buffer.name  # type: ignore[attr-defined]
                if (
                    name in sums
                    or name in variables(term)
                    or sum(isinstance(n, Var) and n.name == name for n in walk(loop.body)) > _mentions(stmt, name)
                ):
                    return None
                sums[name], targets[name] = (op, term, position), target
        return cls(loop.body, sums, targets) if cls._independent(loop, own, set(sums)) else None

    @staticmethod
    def _independent(loop: For, own: set[str], sums: set[str]) -> bool:
        """Whether no iteration touches what another one writes."""
        env = index_definitions(loop.body)
        index = Var(loop.var, loop.type)
        from ..ir.affine import stride

        written = {}
        for node in walk(loop.body):
            if isinstance(node, Assign) and isinstance(node.target, Load) and node.target.buffer.name not in sums:
                written.setdefault(node.target.buffer.name, node.target)
            if isinstance(node, Assign) and isinstance(node.target, Var) and node.target.name not in own | sums:
                return False
        for name, target in written.items():
            if name in own:
                continue
            steps = [stride(i, index.name, env) for i in target.index]
            if any(s is None for s in steps) or all(is_value(s, 0) for s in steps):  # type: ignore[arg-type]
                return False
            for node in walk(loop.body):
                if isinstance(node, Load) and node.buffer.name == name:
                    if any(minus(poly(a, env), poly(b, env)) for a, b in zip(node.index, target.index, strict=True)):
                        return False
        return True


def expand_once(value: Var, body: tuple[Stmt, ...]) -> Expr:
    """What ``value`` was declared as, where it is a float that differs between lanes (loads count)."""
    found = next((s.value for s in body if isinstance(s, Declare) and s.name == value.name), None)
    return found if found is not None and value.type == F32 else value


def _outer(assign: Assign, own: set[str], loop: For) -> bool:
    """Whether an assignment changes one number of the surroundings in every iteration."""
    if isinstance(assign.target, Var):
        return assign.target.name not in own
    return isinstance(assign.target, Load) and not variables(assign.target.index) & (own | {loop.var})


def _mentions(stmt: Stmt, name: str) -> int:
    return sum(isinstance(n, Var) and n.name == name for n in walk(stmt))


def _sum(stmt: Stmt) -> tuple[str, Expr, Expr] | None:
    """(operation, accumulator, term) of ``acc += e``, ``acc = fmaxf(acc, e)``, ``if (e > acc) acc = e`` and their like."""
    match stmt:
        case If(condition=condition, then=(Assign(target=target, value=value, op=""),), otherwise=()):
            return _sum(Assign(target, Select(condition, value, target, value.type)))  # type: ignore[arg-type]
        case Assign(target=target, value=value, op="+"):
            return "+", target, value
        case Assign(target=target, value=Call(name="fmaf", arguments=(a, b, c)), op="") if c == target:
            return "+", target, binary("*", a, b)
        case Assign(target=target, value=Binary(op="+", left=left, right=right), op="") if target in (left, right):
            return "+", target, right if left == target else left
        case Assign(target=target, value=Call(name="fmaxf" | "fminf" as name, arguments=(a, b)), op="") if target in (a, b):
            return name, target, b if a == target else a
        case Assign(
            target=target,
            value=Select(condition=Binary(op="<" | "<=" | ">" | ">=" as op, left=left, right=right), then=then, otherwise=otherwise),
            op="",
        ):
            if {id(type(then))} and otherwise == target and {repr(left), repr(right)} == {repr(then), repr(target)}:
                larger = (op[0] == ">") == (left == then)
                return "fmaxf" if larger else "fminf", target, then
    return None


def halved(loop: While) -> tuple[str, int] | None:
    """The variable of ``for (v = 16; v > 0; v /= 2)`` and its first value, a power of two."""
    match loop:
        case While(
            init=Declare(name=name, value=first),
            update=(Assign(target=Var(name=target), value=by, op=">>" | "/" as op),),
            after=False,
        ) if target == name and first is not None and value_of(by) == (1 if op == ">>" else 2):
            start = value_of(first)
            again = any(isinstance(n, Assign) and isinstance(n.target, Var) and n.target.name == name for n in walk(loop.body))
            asked = loop.condition
            positive = (
                isinstance(asked, Var)
                or isinstance(asked, Binary)
                and asked.left == Var(name, asked.left.type)
                and (asked.op in (">", "!=") and value_of(asked.right) == 0 or asked.op == ">=" and value_of(asked.right) == 1)
            )
            if isinstance(start, int) and start > 0 and start & (start - 1) == 0 and not again and positive:
                return name, start
    return None


def largest(extent: Expr) -> int | None:
    """A number that ``extent`` certainly does not exceed; None where none is seen."""
    number = value_of(extent)
    if isinstance(number, int):
        return int(number)
    if isinstance(extent, Call) and extent.name == "min":
        known = [n for n in map(largest, extent.arguments) if n is not None]
        return min(known) if known else None
    return None


__all__ = ["Serial", "Tensorizer", "VectorLoops", "largest", "select"]
