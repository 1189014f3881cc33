"""Which loop of a nest to put into vectors: the one along which most memory lies side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..analysis.definitions import index_definitions, pure
from ..ir.affine import stride
from ..ir.build import add, integer, is_value, mul, sub, value_of
from ..ir.nodes import Assign, Axis, Binary, Break, Call, Declare, Evaluate, Expr, For, If, Load, Return, Select, Stmt, Var, While
from ..ir.types import F32, I32, U32, Array, Scalar
from ..ir.walk import declared, variables, walk
from .vectorize_helpers import LANES
from .vectorize_lanes import as_select

GATHER, SCALAR, BROADCAST, OFTEN = 6.0, 16.0, 0.25, 8.0  # costs in contiguous accesses; how often an inner loop runs


def parallel_nest(loop: For) -> tuple[list[For], tuple[Stmt, ...]]:
    """The perfectly nested PARALLEL loops that start at ``loop``, outermost first, and what is inside."""
    loops = [loop]
    while len(loops[-1].body) == 1 and isinstance(loops[-1].body[0], For) and loops[-1].body[0].axis is Axis.PARALLEL:
        loops.append(loops[-1].body[0])
    return loops, loops[-1].body


def has_parallel(body: tuple[Stmt, ...]) -> bool:
    return any(isinstance(n, For) and n.axis is Axis.PARALLEL for n in walk(body))


def accesses(body: tuple[Stmt, ...], weight: float = 1.0) -> Iterator[tuple[Load, float, For | None]]:
    """Every access to memory below ``body``, how often it happens, and the innermost loop around it."""
    yield from _accesses(body, weight, None)


def _accesses(body: tuple[Stmt, ...], weight: float, inside: For | None) -> Iterator[tuple[Load, float, For | None]]:
    for stmt in body:
        if isinstance(stmt, For):
            number = value_of(sub(stmt.upper, stmt.lower))
            trips = float(min(number, 64)) if isinstance(number, int) and number > 0 else OFTEN
            yield from _accesses(stmt.body, weight * trips, stmt)
        elif isinstance(stmt, While):
            yield from _accesses(stmt.body, weight * OFTEN, inside)
        elif isinstance(stmt, If):
            for node in walk(stmt.condition):
                if isinstance(node, Load):
                    yield node, weight, inside
            yield from _accesses((*stmt.then, *stmt.otherwise), weight, inside)
        else:
            for node in walk(stmt):
                if isinstance(node, Load):
                    yield node, weight, inside


def flat_step(access: Load, var: str, env: dict[str, Expr]) -> Expr | None:
    """How far an access moves in elements when ``var`` grows by one; None where that is not constant."""
    sizes: list[Expr] = [integer(1)] * len(access.index)
    if isinstance(access.buffer.type, Array):
        shape = access.buffer.type.shape
        for position in range(len(access.index) - 2, -1, -1):
            extent = shape[position + 1]
            sizes[position] = mul(sizes[position + 1], extent if isinstance(extent, Expr) else integer(int(extent)))  # type: ignore[call-overload]
    total: Expr = integer(0)
    for index, size in zip(access.index, sizes, strict=True):
        step = stride(index, var, env)
        if step is None:
            return None
        total = add(total, mul(step, size))
    return total


def _price(access: Load, var: str, env: dict[str, Expr]) -> float:
    step = flat_step(access, var, env)
    if step is None:
        return GATHER
    return BROADCAST if is_value(step, 0) else 1.0 if is_value(step, 1) else GATHER


def _few(loop: For) -> float:
    """How much of a vector a loop with few iterations leaves empty."""
    number = value_of(sub(loop.upper, loop.lower))
    return LANES / number if isinstance(number, int) and 0 < number < LANES else 1.0


def price_of_outer(loop: For, body: tuple[Stmt, ...]) -> float:
    """Cost of sixteen iterations of the PARALLEL loop ``loop`` around ``body``."""
    env = dict(index_definitions(body))
    moved = {n.target.name for n in walk(body) if isinstance(n, Assign) and isinstance(n.target, Var)}
    for node in walk(body):
        start = node.lower if isinstance(node, For) else node.value if isinstance(node, Declare) and node.name in moved else None
        name = node.var if isinstance(node, For) else node.name if isinstance(node, Declare) else ""
        kind = node.type if isinstance(node, For | Declare) else None
        if start is not None and isinstance(kind, Scalar) and kind.is_integer and pure(start) and name not in variables(start):
            step = stride(start, loop.var, env)
            if step is not None and not is_value(step, 0):
                env[name] = add(mul(step, Var(loop.var, loop.type)), Var(f"{name}@"))
    irregular = _irregular(body, loop.var, set(env))
    local = {n.name for n in walk(body) if isinstance(n, Declare)}
    return _few(loop) * sum(
        w * (GATHER if irregular & variables(a.index) else _price(a, loop.var, env))
        for a, w, _ in accesses(body)
        if a.buffer.name not in local
    )


def _irregular(body: tuple[Stmt, ...], var: str, regular: set[str]) -> set[str]:
    """Names whose value depends on ``var`` in another way than those that are ``regular``."""
    varying = {var}
    while True:
        before = len(varying)
        for node in walk(body):
            if isinstance(node, Declare) and node.value is not None and variables(node.value) & varying:
                varying.add(node.name)
            elif isinstance(node, Assign) and isinstance(node.target, Var) and variables(node.value) & varying:
                varying.add(node.target.name)
            elif isinstance(node, For) and variables(node.lower) & varying:
                varying.add(node.var)
        if len(varying) == before:
            return varying - regular - {var}


def price_of_inner(body: tuple[Stmt, ...]) -> float:
    """Cost of sixteen iterations of ``body`` with its own serial loops in vectors."""
    env = index_definitions(body)
    total = 0.0
    chosen: dict[int, bool] = {}
    for access, weight, loop in accesses(body):
        if loop is not None and id(loop) not in chosen:
            chosen[id(loop)] = reducible(loop) is not None
            if chosen[id(loop)]:
                total += (OFTEN if isinstance(value_of(loop.upper), int) else 1.0) * 2 * LANES / OFTEN
        if loop is None or not chosen[id(loop)]:
            total += weight * SCALAR
            continue
        guarded = any(isinstance(n, If) and as_select(n) is None for n in walk(loop.body))
        total += weight * _price(access, loop.var, env) * _few(loop) * (4.0 if guarded else 1.0)
    return total


# ---- serial loops --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reduction:
    """A scalar that a loop accumulates into: ``kind`` is add, max or min."""

    name: str
    type: Scalar
    kind: str


def reducible(loop: For) -> tuple[Reduction, ...] | None:
    """What an innermost serial loop accumulates, where its iterations are otherwise independent; None where they are not."""
    if loop.axis is not Axis.SERIAL or not is_value(loop.step, 1):
        return None
    if any(
        isinstance(n, For | While | Break | Return) or isinstance(n, Evaluate) or isinstance(n, Call) and "atomic" in n.name
        for n in walk(loop.body)
    ):
        return None
    number = value_of(sub(loop.upper, loop.lower))
    if isinstance(number, int) and number < LANES // 2:
        return None
    carried = _carried(loop)
    return carried if carried is not None and _independent(loop) else None


def _carried(loop: For) -> tuple[Reduction, ...] | None:
    local = declared(loop.body)
    found: dict[str, Reduction] = {}
    uses: dict[str, int] = {}
    for node in walk(loop.body):
        if isinstance(node, Var):
            uses[node.name] = uses.get(node.name, 0) + 1
    shortened: set[int] = set()
    statements = list(_statements(loop.body, shortened))
    for stmt in statements:
        if not (isinstance(stmt, Assign) and isinstance(stmt.target, Var)) or stmt.target.name in local:
            continue
        reduction, mentions = _reduction(stmt)
        if reduction is not None and id(stmt) in shortened:
            mentions -= 1  # `if (x > m) m = x` does not spell the `: m`
        if reduction is None or reduction.name in found or uses[reduction.name] != mentions:
            return None
        found[reduction.name] = reduction
    return tuple(found.values())


def _statements(body: tuple[Stmt, ...], shortened: set[int]) -> Iterator[Stmt]:
    for stmt in body:
        if isinstance(stmt, If):
            simple = as_select(stmt)
            if simple is not None:
                shortened.add(id(simple))
                yield simple
                continue
            yield from _statements((*stmt.then, *stmt.otherwise), shortened)
        else:
            yield stmt


def _reduction(stmt: Assign) -> tuple[Reduction | None, int]:
    """The reduction a statement is, and how often it names the accumulator."""
    target: Var = stmt.target  # type: ignore[assignment]
    if not isinstance(target.type, Scalar) or target.type not in (F32, I32, U32):
        return None, 0
    name, type_ = target.name, target.type
    match stmt:
        case Assign(op="+" | "-"):
            return Reduction(name, type_, "add"), 1
        case Assign(op="", value=Binary(op="+", left=left, right=right)) if (left == target) != (right == target):
            return Reduction(name, type_, "add"), 2
        case Assign(op="", value=Call(name="fmaf", arguments=(_, _, last))) if last == target:
            return Reduction(name, type_, "add"), 2
        case Assign(op="", value=Call(name="fmaxf" | "fminf" as function, arguments=(left, right))) if (left == target) != (
            right == target
        ):
            return Reduction(name, type_, function[1:4]), 2
        case Assign(op="", value=Select(condition=Binary(op="<" | ">" as op, left=left, right=right), then=then, otherwise=otherwise)):
            if otherwise == target and {id(left), id(right)} and ((left, right) == (then, target) or (right, left) == (then, target)):
                grows = (op == ">") == (left == then)
                return (Reduction(name, type_, "max" if grows else "min"), 3) if type_ == F32 else (None, 0)
    return None, 0


def _independent(loop: For) -> bool:
    """Whether each buffer that is stored to is only touched at one place that moves with the loop."""
    env = index_definitions(loop.body)
    local = declared(loop.body)
    stores = [n.target for n in walk(loop.body) if isinstance(n, Assign) and isinstance(n.target, Load)]
    for store in stores:
        if store.buffer.name in local:
            return False
        step = flat_step(store, loop.var, env)
        if step is None or value_of(step) in (0, None) and not _nonzero(step):
            return False
        if any(isinstance(n, Load) and n.buffer.name == store.buffer.name and n.index != store.index for n in walk(loop.body)):
            return False
    return True


def _nonzero(step: Expr) -> bool:
    return isinstance(value_of(step), int) and value_of(step) != 0
