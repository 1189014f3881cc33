"""How scalars move in loops: an upper bound on the iterations, and by how much a variable changes in each of them."""

from __future__ import annotations

import math
from collections.abc import Iterable

from ..ir.nodes import Assign, Binary, Block, Expr, For, If, Stmt, Var, While
from ..ir.walk import assigned, walk
from .ranges import TOP, Interval, Ranges, State, add, hull, mul

MOST_TRIPS = 1 << 40        # iterations of a loop without a bound that could be found
COMPARES = ("<", "<=", ">", ">=", "!=")


def trips_of(statement: While, state: State, ranges: Ranges) -> float:
    """An upper bound on the iterations of a loop whose variable grows by a constant step, halves or doubles."""
    condition = statement.condition
    while isinstance(condition, Binary) and condition.op == "&&":
        condition = condition.left
    if not isinstance(condition, Binary) or condition.op not in COMPARES:
        return MOST_TRIPS
    for variable, bound, op in ((condition.left, condition.right, condition.op), (condition.right, condition.left, condition.op)):
        if not isinstance(variable, Var):
            continue
        updates = [node for node in walk((*statement.body, *statement.update)) if isinstance(node, Assign)
                   and isinstance(node.target, Var) and node.target.name == variable.name]
        if len(updates) != 1:
            continue
        now, limit = state.env.get(variable.name, TOP), ranges.of(bound, state)
        inclusive = op in ("<=", ">=")
        op, value = _update_of(updates[0])
        step = ranges.of(value, state) if value is not None else TOP
        if op in (">>", "/") and not math.isinf(now[1]):
            return max(1, int(max(now[1], 1)).bit_length())
        if op in ("<<", "*") and not math.isinf(limit[1]):
            return max(1, int(max(limit[1], 1)).bit_length())
        if op == "+" and step[0] > 0:
            return _rounds(limit[1] - now[0] + inclusive, step[0])
        if op == "-" and step[0] > 0:
            return _rounds(now[1] - limit[0] + inclusive, step[0])
    return MOST_TRIPS


def step_of(name: str, body: tuple[Stmt, ...], state: State, ranges: Ranges) -> tuple[str, Interval] | None:
    """How a variable moves in one iteration: ("+", interval) or ("shrink", _); None where it is assigned in another way."""
    total: Interval = (0, 0)
    shrinks = False
    for statement, times, sure in _assignments(name, body, ranges, state):
        op, value = _update_of(statement)
        if op in ("+", "-") and value is not None:
            step = ranges.of(value, _outside(body, state))
            step = step if op == "+" else (-step[1], -step[0])
            if not sure:
                step = hull(step, (0, 0))
            total = add(total, mul(step, (0 if times[0] != times[1] else times[0], times[1])))
        elif op in (">>", "/"):
            shrinks = True
        else:
            return None
    if shrinks:
        return ("shrink", (0, 0)) if total == (0, 0) else None
    return "+", total


def _outside(body: tuple[Stmt, ...], state: State) -> State:
    """``state`` with everything the body changes unknown: for steps, which must not depend on the iteration."""
    copy = state.copy()
    for name in assigned(body):
        copy.forget(name)
        copy.env[name] = TOP
    return copy


def at_start(start: Interval, step: tuple[str, Interval] | None, trips: float) -> Interval:
    if step is None:
        return TOP
    how, amount = step
    if how == "shrink":
        return (min(start[0], 0), start[1]) if start[1] >= 0 else TOP
    rounds = math.inf if trips >= MOST_TRIPS else max(trips - 1, 0)
    low = start[0] + (amount[0] * rounds if amount[0] < 0 else 0)
    high = start[1] + (amount[1] * rounds if amount[1] > 0 else 0)
    return low, high


def _rounds(distance: float, step: float) -> float:
    return MOST_TRIPS if math.isinf(distance) or math.isnan(distance) else max(0, math.ceil(distance / step))


def _update_of(statement: Assign) -> tuple[str, Expr | None]:
    """``v += e`` or ``v = v + e`` as ("+", e)."""
    if statement.op:
        return statement.op, statement.value
    value = statement.value
    if isinstance(value, Binary) and isinstance(statement.target, Var):
        if isinstance(value.left, Var) and value.left.name == statement.target.name:
            return value.op, value.right
        if value.op == "+" and isinstance(value.right, Var) and value.right.name == statement.target.name:
            return "+", value.left
    return "", None


def _assignments(name: str, body: Iterable[Stmt], ranges: Ranges, state: State, times: Interval = (1, 1), sure: bool = True):
    """Every assignment to ``name`` below ``body`` with how often it runs in one pass and whether it always does."""
    for statement in body:
        match statement:
            case Assign(target=Var(name=target)) if target == name:
                yield statement, times, sure
            case For(lower=lower, upper=upper, step=step, body=inner):
                outside = _outside(tuple(body), state)
                low, high, each = (ranges.of(part, outside) for part in (lower, upper, step))
                most = (high[1] - low[0]) / max(each[0], 1)
                least = (high[0] - low[1]) / max(each[1], 1)
                most = math.inf if math.isnan(most) or math.isinf(most) else max(0, math.ceil(most))
                least = 0 if math.isnan(least) or math.isinf(least) else max(0, math.ceil(least))
                yield from _assignments(name, inner, ranges, state, mul(times, (least, most)), sure)
            case While(body=inner, update=update):
                yield from _assignments(name, (*inner, *update), ranges, state, (0, math.inf), False)
            case If(then=then, otherwise=otherwise):
                yield from _assignments(name, (*then, *otherwise), ranges, state, times, False)
            case Block(body=inner):
                yield from _assignments(name, inner, ranges, state, times, sure)

