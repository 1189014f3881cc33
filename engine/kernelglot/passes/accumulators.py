"""Accumulators: an element of a block's array that a serial loop keeps adding to becomes a variable for the length of the loop.

before     for k: acc[t] += a[k] * b[k]
after      acc_value = acc[t];  for k: acc_value += a[k] * b[k];  acc[t] = acc_value
keeps      every value; in a race-free loop over ``t`` no other iteration looks at ``acc[t]`` meanwhile
"""

from __future__ import annotations

from dataclasses import replace

from ..ir.build import fresh, sub, value_of
from ..ir.nodes import Address, Assign, Axis, Block, Call, Declare, For, If, Kernel, Load, Stmt, Var, While
from ..ir.types import Array, Scalar
from ..ir.walk import assigned, declared, rewrite, variables, walk


def with_accumulators(kernel: Kernel) -> Kernel:
    """``kernel`` with the elements that serial loops inside PARALLEL loops accumulate into kept in variables."""
    taken = declared(kernel.body) | {each.name for each in (*kernel.params, *kernel.constants, *kernel.functions)}  # type: ignore[attr-defined]
    arrays = {n.name for n in walk(kernel.body) if isinstance(n, Declare) and isinstance(n.type, Array)}
    return replace(kernel, body=_body(kernel.body, arrays, taken, False))


def _body(body: tuple[Stmt, ...], arrays: set[str], taken: set[str], parallel: bool) -> tuple[Stmt, ...]:
    result: list[Stmt] = []
    for position, stmt in enumerate(body):
        after: list[Stmt] = []
        if parallel and isinstance(stmt, For | While) and not any(isinstance(n, For) and n.axis is Axis.PARALLEL for n in walk(stmt)):
            for place in _accumulated(stmt, arrays, (*result, *body[position + 1 :])):
                variable = Var(fresh(f"{place.buffer.name}_value", taken), place.type)
                stmt = rewrite(stmt, lambda n, p=place, v=variable: v if n == p else n)  # type: ignore[assignment]
                if result and isinstance(result[-1], Assign) and result[-1].target == place and not result[-1].op:
                    start = result.pop()
                    result.append(Declare(variable.name, place.type, start.value, comment=start.comment))  # type: ignore[attr-defined,union-attr]
                else:
                    result.append(Declare(variable.name, place.type, place))
                after.append(Assign(place, variable))
        match stmt:
            case For(axis=axis):
                stmt = replace(stmt, body=_body(stmt.body, arrays, taken, parallel or axis is Axis.PARALLEL))
            case While() | Block():
                stmt = replace(stmt, body=_body(stmt.body, arrays, taken, parallel))
            case If():
                then, otherwise = (_body(part, arrays, taken, parallel) for part in (stmt.then, stmt.otherwise))
                stmt = replace(stmt, then=then, otherwise=otherwise)
        result += [stmt, *after]
    return tuple(result)


def _accumulated(loop: For | While, arrays: set[str], beside: tuple[Stmt, ...]) -> list[Load]:
    """Elements that ``loop`` both reads and writes at one index, and that it certainly may touch."""
    changing = assigned(loop.body) | declared(loop.body) | {loop.var if isinstance(loop, For) else ""}
    if isinstance(loop, While):
        changing |= assigned(tuple(s for s in (loop.init, *loop.update) if s is not None))
    found: list[Load] = []
    for name in sorted(arrays):
        places = [n for n in walk(loop) if isinstance(n, Load) and n.buffer.name == name]
        stored = any(isinstance(n, Assign) and isinstance(n.target, Load) and n.target.buffer.name == name for n in walk(loop))
        if not stored or len({p.index for p in places}) != 1 or not isinstance(places[0].type, Scalar):
            continue
        place = places[0]
        elsewhere = any(isinstance(n, Address) and n.buffer.name == name for n in walk(loop))
        bare = any(isinstance(n, Call) and any(isinstance(a, Var) and a.name == name for a in n.arguments) for n in walk(loop))
        if elsewhere or bare or variables(place.index) & changing or any(isinstance(n, Load) for i in place.index for n in walk(i)):
            continue
        if _touches(beside, place) or (isinstance(loop, For) and _runs(loop) and _touches(loop.body, place)):
            found.append(place)
    return found


def _runs(loop: For) -> bool:
    number = value_of(sub(loop.upper, loop.lower))
    return isinstance(number, int) and number > 0


def _touches(body: tuple[Stmt, ...], place: Load) -> bool:
    """Whether a statement of ``body`` itself, under no condition, reads or writes ``place``."""
    return any(isinstance(s, Assign | Declare) and any(n == place for n in walk(s)) for s in body)


__all__ = ["with_accumulators"]
