"""Warp collectives between thread loops: what each thread contributes is laid out, one element a thread, before any of it is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..ir.build import add, binary, fresh, integer, less, select, value_of
from ..ir.nodes import Assign, Call, Cast, Declare, Expr, For, If, Literal, Load, Node, Stmt, Var
from ..ir.types import BOOL, I32, U32, Array, Scalar, Scope, element_of
from ..ir.walk import map_children, rewrite, walk
from .structure import BLOCK_VOTES, COLLECTIVES
from .threads import WARP, Threads

VOTES = BLOCK_VOTES | {"any", "all", "ballot"}


def in_plain_statements(body: tuple[Stmt, ...], taken: set[str]) -> tuple[Stmt, ...]:
    """``if (any(p))`` as ``bool voted = any(p); if (voted)``, so that collectives stand in plain statements only."""

    def visit(node: Node) -> Node | tuple[Node, ...]:
        if isinstance(node, If) and any(isinstance(n, Call) and n.name in COLLECTIVES for n in walk(node.condition)):
            name = fresh("voted", taken)
            return (Declare(name, BOOL, node.condition), replace(node, condition=Var(name, BOOL)))
        return node

    result: list[Stmt] = []
    for stmt in body:
        new = rewrite(stmt, visit)
        result += new if isinstance(new, tuple) else [new]  # type: ignore[list-item]
    return tuple(result)


def exchanged(stmt: Stmt, threads: Threads, lay_out: Callable[[Declare, tuple[Stmt, ...]], None]) -> tuple[Stmt, ...]:
    """A plain statement without its collectives. For each of them, first to last, ``lay_out`` is given the array for the threads'
    contributions and the statements that fill a thread's element; all threads run those before what is returned."""
    before: list[Stmt] = []

    def visit(node: Node) -> Node:
        node = map_children(node, visit)
        if not (isinstance(node, Call) and node.name in COLLECTIVES):
            return node
        type_ = BOOL if node.name in VOTES else element_of(node.arguments[0].type)
        lanes = Var(fresh("lanes", threads.taken), Array(type_, (threads.whole_warps,), Scope.REGISTER))
        lay_out(Declare(lanes.name, lanes.type), (*before, Assign(Load(lanes, (threads.linear,), type_), node.arguments[0])))
        before.clear()
        if node.name.startswith("shfl"):
            return _shuffled(node, lanes, type_, threads)
        value, statements = _combined(node, lanes, type_, threads)
        before.extend(statements)
        return value

    new = visit(stmt)
    return (*before, new)  # type: ignore[return-value,arg-type]


def _shuffled(call: Call, lanes: Var, type_: Scalar, threads: Threads) -> Expr:
    """What a shuffle returns to this thread."""
    me, other = threads.linear, call.arguments[1]
    width = call.arguments[2] if len(call.arguments) > 2 else integer(WARP)
    lane = binary("%", me, width)
    first = binary("-", me, lane)
    match call.name:
        case "shfl":
            source = add(first, binary("%", other, width))
        case "shfl_xor":
            target = binary("^", lane, other)
            inside = _stays_inside(other, width)
            source = add(first, target if inside else select(less(target, width), target, lane))
        case "shfl_down":
            source = select(less(add(lane, other), width), add(me, other), me)
        case _:
            source = select(binary(">=", lane, other), binary("-", me, other), me)
    return Load(lanes, (source,), type_)


def _stays_inside(lanes: Expr, width: Expr) -> bool:
    """Whether ``lane ^ lanes`` is below ``width`` for every lane below it."""
    mask, limit = value_of(lanes), value_of(width)
    return isinstance(mask, int) and isinstance(limit, int) and 0 <= mask < limit and limit & (limit - 1) == 0


def _combined(call: Call, lanes: Var, type_: Scalar, threads: Threads) -> tuple[Expr, tuple[Stmt, ...]]:
    """What a vote or a reduction over a warp or the block returns to this thread, and the statements that compute it."""
    me = threads.linear
    result_type = {"ballot": U32, "match_any": U32, "syncthreads_count": I32}.get(call.name, BOOL if call.name in VOTES else type_)
    whole_block = call.name in BLOCK_VOTES
    first = integer(0) if whole_block else binary("-", me, binary("%", me, integer(WARP)))
    result = Var(fresh(call.name.split("_")[-1] + "_lanes", threads.taken), result_type)
    lane = Var(fresh("lane_index", threads.taken), I32)
    value = Load(lanes, (add(first, lane),), type_)
    start: dict[str, Expr] = {
        "any": Literal(False, BOOL),
        "all": Literal(True, BOOL),
        "ballot": Literal(0, U32),
        "match_any": Literal(0, U32),
        "reduce_add": Literal(0, type_),
        "reduce_xor": Literal(0, type_),
        "syncthreads_count": Literal(0, I32),
        "syncthreads_or": Literal(False, BOOL),
        "syncthreads_and": Literal(True, BOOL),
    }
    combine: dict[str, Stmt] = {
        "any": Assign(result, binary("||", result, value)),
        "all": Assign(result, binary("&&", result, value)),
        "ballot": Assign(result, binary("<<", Cast(value, U32), lane), "|"),
        "match_any": Assign(result, binary("<<", Cast(binary("==", value, Load(lanes, (me,), type_)), U32), lane), "|"),
        "syncthreads_count": Assign(result, Cast(value, I32), "+"),
        "syncthreads_or": Assign(result, binary("||", result, value)),
        "syncthreads_and": Assign(result, binary("&&", result, value)),
        "reduce_and": Assign(result, value, "&"),
        "reduce_or": Assign(result, value, "|"),
        "reduce_xor": Assign(result, value, "^"),
        "reduce_add": Assign(result, value, "+"),
        "reduce_max": Assign(result, select(binary(">", value, result), value, result)),
        "reduce_min": Assign(result, select(less(value, result), value, result)),
    }
    initial = start.get(call.name, Load(lanes, (first,), type_))
    in_warp = integer(WARP if threads.number is None else min(WARP, threads.number))
    loop = For(lane.name, integer(0), threads.count if whole_block else in_warp, integer(1), (combine[call.name],))
    return result, (Declare(result.name, result_type, initial), loop)
