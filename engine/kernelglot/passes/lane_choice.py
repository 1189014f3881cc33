"""Which loop becomes the vector: the one along which the memory accesses lie beside each other."""

from __future__ import annotations

from dataclasses import dataclass

from ..analysis.definitions import index_definitions
from ..ir.affine import stride
from ..ir.build import add, is_value, negate, value_of
from ..ir.nodes import Assign, Axis, Continue, Expr, For, If, Load, Stmt, Var, While
from ..ir.types import Array
from ..ir.walk import children, substitute, variables, walk
from .lane_facts import selected, varying_names
from .nest import Level

DEPTH_WEIGHT = 8
UNIFORM, BESIDE, STRIDED, SCATTERED = 0.2, 1.0, 8.0, 64.0
DIVERGENT = 8.0  # what lanes cost that part ways


@dataclass(frozen=True, slots=True)
class Nest:
    """Perfectly nested independent loops, outermost first, and what they run."""

    levels: tuple[Level, ...]
    body: tuple[Stmt, ...]


def independent(loop: Stmt) -> bool:
    return isinstance(loop, For) and loop.axis is Axis.PARALLEL and is_value(loop.lower, 0) and is_value(loop.step, 1)


def perfect(body: tuple[Stmt, ...]) -> Nest:
    """The independent loops around ``body``'s only statement, and around that one's, and so on."""
    levels: list[Level] = []
    while (
        len(body) == 1
        and independent(body[0])
        and isinstance(body[0], For)
        and not any(level.var in {n.name for n in walk(body[0].upper) if hasattr(n, "name")} for level in levels)
    ):
        loop = body[0]
        assert isinstance(loop, For)
        levels.append(Level(loop.var, loop.upper, loop.type))
        body = loop.body if not loop.comment or loop.body and loop.body[0].comment else loop.body
    return Nest(tuple(levels), body)


def cost(body: tuple[Stmt, ...], var: str) -> float:
    """A number that grows with the memory traffic of ``body`` when its lanes are the iterations of ``var``."""
    env = index_definitions(body)
    return _cost(body, var, env, varying_names(body, var), 1.0)


def _cost(node, var: str, env: dict[str, Expr], varying: set[str], weight: float) -> float:
    total = 0.0

    def differs(expr: Expr) -> bool:
        return bool(variables(expr) & varying)

    for item in node if isinstance(node, tuple) else (node,):
        if isinstance(item, For | While):
            inner = (*item.body, *item.update) if isinstance(item, While) else item.body
            if isinstance(item, For):
                inner_env = _rounds(item, var, env, differs)
                if inner_env is not None:
                    total += _cost(item.body, var, inner_env, varying, weight * DEPTH_WEIGHT)
                    continue
            controls = (item.condition,) if isinstance(item, While) else (item.lower, item.upper)
            uneven = DIVERGENT if any(map(differs, controls)) else 1.0
            total += _cost(inner, var, env, varying, weight * DEPTH_WEIGHT * uneven)
            continue
        if isinstance(item, If) and differs(item.condition):
            condition = substitute(item.condition, env)
            if isinstance(item.then[-1] if item.then else None, Continue):
                condition = negate(condition)
            if selected(condition, Var(var), differs).rest:
                weight *= DIVERGENT
        if isinstance(item, Load):
            price = access(item, var, env)
            if price == UNIFORM and any(differs(i) and not all(v in env for v in variables(i) & varying) for i in item.index):
                price = SCATTERED
            total += weight * price
        total += _cost(tuple(children(item)), var, env, varying, weight)
    return total


def _rounds(loop: For, var: str, env: dict[str, Expr], differs) -> dict[str, Expr] | None:
    """For ``for (c = lane + a; c < n; c += T)``, names with ``c`` as a round plus the lane; None for other loops."""
    lower = substitute(loop.lower, env)
    if differs(loop.upper) or differs(loop.step) or not differs(lower) or not is_value(stride(lower, var) or loop.step, 1):
        return None
    return {**env, loop.var: add(Var(f"{loop.var}0", loop.type), Var(var))}


def access(load: Load, var: str, env: dict[str, Expr]) -> float:
    on_chip = isinstance(load.buffer.type, Array)
    steps = [stride(substitute(i, {}), var, env) for i in load.index]
    if any(s is None for s in steps):
        return SCATTERED
    if all(is_value(s, 0) for s in steps):  # type: ignore[arg-type]
        return UNIFORM
    if all(is_value(s, 0) for s in steps[:-1]) and is_value(steps[-1], 1):  # type: ignore[arg-type]
        return BESIDE / 2 if on_chip else BESIDE
    return STRIDED


def best_level(nest: Nest) -> int:
    """The position of the level to use as lanes; the innermost of equals, and never one of a few iterations where there is a longer one."""

    def price(position: int) -> tuple[float, int]:
        level = nest.levels[position]
        extent = value_of(level.extent)
        few = 4.0 if isinstance(extent, int) and extent < 8 else 1.0
        return cost(nest.body, level.var) * few, -position

    return min(range(len(nest.levels)), key=price)


def stores(body: tuple[Stmt, ...]) -> list[Assign]:
    return [n for n in walk(body) if isinstance(n, Assign) and isinstance(n.target, Load)]


__all__ = ["Nest", "access", "best_level", "cost", "independent", "perfect", "stores"]
