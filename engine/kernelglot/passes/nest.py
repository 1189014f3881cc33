"""Nests of independent loops: block and thread loops become one loop, guards become bounds, flat indices become coordinates.

All of it is exact: a rewrite that cannot be shown to keep the iterations is left undone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..analysis.definitions import pure
from ..ir.affine import Poly, as_constant, coefficient, covers, divide, minus, multiply, plus, poly, to_expr, without
from ..ir.build import add, binary, both, ceil_div, conjuncts, div, flip, fresh, integer, less, minimum, mul, value_of
from ..ir.nodes import Assign, Axis, Binary, Cast, Declare, Expr, For, If, Literal, Node, Stmt, Unary, Var
from ..ir.types import I32, Scalar, element_of
from ..ir.walk import assigned, declared, rename, rewrite, substitute, variables, walk


@dataclass(frozen=True, slots=True)
class Level:
    """One loop of a nest: ``var`` runs over ``0..extent``."""

    var: str
    extent: Expr
    type: Scalar = I32


# ---- one loop for block and thread ---------------------------------------------------------------------------------------------


def fuse_axes(
    body: tuple[Stmt, ...], block: str, thread: str, width: Expr, name: str, type_: Scalar = I32
) -> tuple[Stmt, ...] | None:
    """``body`` with ``block * width + thread`` written as ``name``, all of ``type_``; None where either is used in any other way."""
    b, t = Var(block, type_), Var(thread, type_)
    scale = poly(width)

    def visit(node: Node) -> Node:
        if not (isinstance(node, Binary) and node.op in "+-" and node.type.is_integer):
            return node
        p = poly(node)
        by_block, by_thread = coefficient(p, b), coefficient(p, t)
        if not by_block or not by_thread or minus(by_block, multiply(by_thread, scale)):
            return node
        rest = without(without(p, b), t)
        return to_expr(plus(rest, multiply(by_thread, {(Var(name, type_),): 1})))

    new = tuple(rewrite(stmt, visit) for stmt in body)
    return None if {block, thread} & variables(new) else new  # type: ignore[arg-type,return-value]


# ---- guards --------------------------------------------------------------------------------------------------------------------


def upper_bound(condition: Expr, var: str, env: dict[str, Expr]) -> Expr | None:
    """The ``n`` of a condition that says ``var < n``; None where it says something else. ``n`` is free of ``var``."""
    if not isinstance(condition, Binary) or condition.op not in ("<", "<=", ">", ">="):
        return None
    if condition.op in (">", ">="):
        condition = flip(condition)
    if not (element_of(condition.left.type).is_integer and element_of(condition.right.type).is_integer):
        return None
    left = poly(condition.left, env)
    by_var = coefficient(left, Var(var, I32)) or _by_name(left, var)
    if by_var is None or as_constant(by_var) != 1:
        return None
    if any(isinstance(n, Var) and n.name == var for n in walk(condition.right)) or var in variables(to_expr(poly(condition.right, env))):
        return None
    rest = {m: c for m, c in left.items() if not any(isinstance(a, Var) and a.name == var for a in m)}
    if any(isinstance(n, Var) and n.name == var for m in rest for a in m for n in walk(a)):
        return None
    bound = condition.right if not rest else to_expr(minus(poly(condition.right, env), rest))
    return add(bound, integer(1)) if condition.op == "<=" else bound


def _by_name(p: Poly, var: str) -> Poly | None:
    atom = next((a for m in p for a in m if isinstance(a, Var) and a.name == var), None)
    return None if atom is None else coefficient(p, atom)


def bound_by_guard(
    levels: list[Level], body: tuple[Stmt, ...], cover: dict[str, tuple[Expr, Expr]]
) -> tuple[list[Level], tuple[Stmt, ...]]:
    """A guard around the whole body as loop bounds. ``cover`` gives (blocks, width) of a loop that came from a launch."""
    prefix, rest = leading_declarations(body)
    if len(rest) != 1 or not isinstance(rest[0], If) or rest[0].otherwise:
        return levels, body
    guard = rest[0]
    env = {s.name: s.value for s in prefix if isinstance(s, Declare) and s.value is not None}
    inner = {level.var for level in levels} | declared(prefix)
    remaining: list[Expr] = []
    for condition in conjuncts(guard.condition):
        for position, level in enumerate(levels):
            bound = upper_bound(condition, level.var, {})
            if bound is None:
                bound = upper_bound(condition, level.var, env)
            if bound is None or variables(bound) & inner or not pure(bound):
                continue
            covered = level.var in cover and covers(*cover[level.var], bound)
            number, extent = value_of(bound), value_of(level.extent)
            if covered or (isinstance(number, int) and isinstance(extent, int) and number <= extent):
                levels = [*levels[:position], replace(level, extent=bound), *levels[position + 1 :]]
            else:
                levels = [*levels[:position], replace(level, extent=minimum(level.extent, bound)), *levels[position + 1 :]]
            break
        else:
            remaining.append(condition)
    then = guard.then
    body = (
        (*prefix, If(both(*remaining), then, span=guard.span, comment=guard.comment))
        if remaining
        else (*prefix, *_with_comment(then, guard.comment))
    )
    return levels, body


def _with_comment(body: tuple[Stmt, ...], comment: str) -> tuple[Stmt, ...]:
    if not comment or not body or body[0].comment:
        return body
    return (replace(body[0], comment=comment), *body[1:])


def leading_declarations(body: tuple[Stmt, ...]) -> tuple[tuple[Stmt, ...], tuple[Stmt, ...]]:
    """The pure integer declarations at the start of ``body``, and the rest."""
    for position, stmt in enumerate(body):
        if not (
            isinstance(stmt, Declare)
            and stmt.value is not None
            and isinstance(stmt.type, Scalar)
            and stmt.type.is_integer
            and pure(stmt.value)
        ):
            return body[:position], body[position:]
    return body, ()


# ---- strided loops -------------------------------------------------------------------------------------------------------------


def absorb_stride(level: Level, body: tuple[Stmt, ...]) -> tuple[Level, tuple[Stmt, ...]] | None:
    """``for t in 0..T: for (i = t; i < n; i += T) S`` as ``for i in 0..n: S``; None where the body is anything else."""
    prefix, rest = body[:-1], body[-1:]
    if not rest or not isinstance(rest[0], For):
        return None
    written = assigned(body) - {s.name for s in prefix if isinstance(s, Declare)}
    for stmt in prefix:  # what stands before the loop must be the same for every start of it
        if not isinstance(stmt, Declare) or stmt.value is None or not isinstance(stmt.type, Scalar):
            return None
        if stmt.name in written or not pure(stmt.value) and (level.var in variables(stmt.value) or variables(stmt.value) & written):
            return None
    loop = rest[0]
    env = {s.name: s.value for s in prefix if isinstance(s, Declare) and s.value is not None and pure(s.value)}
    start = poly(loop.lower, env)
    by_var = _by_name(start, level.var)
    if by_var is None or as_constant(by_var) != 1:
        return None
    offset = {m: c for m, c in start.items() if not any(isinstance(a, Var) and a.name == level.var for a in m)}
    if minus(poly(loop.step, env), poly(level.extent)) or level.var in variables(loop.body) or level.var in variables(to_expr(offset)):
        return None
    kept = tuple(s for s in prefix if isinstance(s, Declare) and s.name in _needed(loop.body, prefix))
    if any(level.var in variables(s) for s in kept) or {s.name for s in kept} & variables(loop.upper):
        return None
    upper = substitute(loop.upper, env)
    inner = loop.body if not offset else substitute(loop.body, {loop.var: add(Var(loop.var, loop.type), to_expr(offset))})
    extent = upper if not offset else to_expr(minus(poly(upper), offset))
    return Level(loop.var, extent, loop.type), (*kept, *_with_comment(inner, loop.comment))


def _needed(body: tuple[Stmt, ...], prefix: tuple[Stmt, ...]) -> set[str]:
    needed = variables(body)
    for stmt in reversed(prefix):
        if isinstance(stmt, Declare) and stmt.name in needed:
            needed |= variables(stmt)
    return needed


# ---- flat indices --------------------------------------------------------------------------------------------------------------


def delinearise(
    level: Level, body: tuple[Stmt, ...], taken: set[str], depth: int = 0, guarded: bool = False
) -> tuple[list[Level], tuple[Stmt, ...]]:
    """A loop over a flat index that the body takes apart with ``/`` and ``%``, as a nest over the coordinates, outermost first."""
    radix = _radix(level, body)
    if radix is None or depth > 6:
        return [level], body
    flat = Var(level.var, level.type)
    inner, body = _name_for(body, Binary("%", flat, radix, I32), f"{level.var}_in", taken)
    outer, body = _name_for(body, Binary("/", flat, radix, I32), f"{level.var}_out", taken)
    inner_var, outer_var = Var(inner, I32), Var(outer, I32)
    size = poly(radix)

    def visit(node: Node) -> Node:
        if not (isinstance(node, Binary) and node.op in "/%" and _is_var(node.left, level.var)):
            return node
        ratio = divide(poly(node.right), size)
        if ratio is None:
            return node
        quotient = to_expr(ratio)
        if node.op == "/":
            return div(outer_var, quotient)
        return inner_var if as_constant(ratio) == 1 else add(mul(binary("%", outer_var, quotient), radix), inner_var)

    body = tuple(rewrite(stmt, visit) for stmt in body)  # type: ignore[misc]
    if level.var in variables(body):
        body = substitute(body, {level.var: add(mul(outer_var, radix), inner_var)})
    exact = divide(poly(level.extent), size)
    number, width = value_of(level.extent), value_of(radix)
    if exact is None and isinstance(number, int) and isinstance(width, int) and number % width == 0:
        exact = poly(integer(number // width))
    if exact is None:
        extent = ceil_div(level.extent, radix)
        if not guarded:  # the guard on the whole flat index implies those on its parts
            body = (If(less(add(mul(outer_var, radix), inner_var), level.extent), body),)
            guarded = True
    else:
        extent = to_expr(exact)
    levels, body = delinearise(Level(outer, extent), body, taken, depth + 1, guarded)
    return [*levels, Level(inner, radix)], body


def _is_var(expr: Expr, name: str) -> bool:
    while isinstance(expr, Cast) and expr.type.is_integer:
        expr = expr.operand
    return isinstance(expr, Var) and expr.name == name


def _radix(level: Level, body: tuple[Stmt, ...]) -> Expr | None:
    """The innermost extent the body takes out of the flat index, when all the others are multiples of it."""
    local = declared(body)
    moduli = [n.right for n in walk(body) if isinstance(n, Binary) and n.op == "%" and _is_var(n.left, level.var)]
    divisors = [n.right for n in walk(body) if isinstance(n, Binary) and n.op == "/" and _is_var(n.left, level.var)]
    for candidate in moduli:
        p = poly(candidate)
        if variables(candidate) & (local | {level.var}) or not pure(candidate) or len(p) != 1:
            continue
        if all(divide(poly(other), p) is not None for other in moduli + divisors):
            return candidate
    return None


def _name_for(body: tuple[Stmt, ...], value: Expr, default: str, taken: set[str]) -> tuple[str, tuple[Stmt, ...]]:
    """The author's name for ``value``, its declaration removed; else a fresh name."""
    wanted = poly(value)
    if len(body) == 1 and isinstance(body[0], If) and not body[0].otherwise:
        name, inner = _name_for(body[0].then, value, default, taken)
        if name in variables(body[0].condition):
            return fresh(default, taken), body
        return name, body if inner is body[0].then else (replace(body[0], then=inner),)
    for position, stmt in enumerate(body):
        if (
            isinstance(stmt, Declare)
            and stmt.value is not None
            and isinstance(stmt.type, Scalar)
            and stmt.type.is_integer
            and not minus(poly(stmt.value), wanted)
        ):
            if any(isinstance(n, Assign) and isinstance(n.target, Var) and n.target.name == stmt.name for n in walk(body)):
                continue
            return stmt.name, body[:position] + body[position + 1 :]
        if not isinstance(stmt, Declare):
            break
    return fresh(default, taken), body


def build_nest(levels: list[Level], body: tuple[Stmt, ...], axis: Axis = Axis.PARALLEL) -> tuple[Stmt, ...]:
    """Loops over ``levels``, outermost first, around ``body``; a loop of one iteration is dropped."""
    for level in reversed(levels):
        if value_of(level.extent) == 1:
            body = substitute(body, {level.var: integer(0)})
        else:
            body = (For(level.var, integer(0), level.extent, integer(1), body, axis, level.type),)
    return body


def rename_level(level: Level, body: tuple[Stmt, ...]) -> tuple[Level, tuple[Stmt, ...]]:
    """The author's own name for a loop variable: ``int i = <var>;`` is dropped and the loop called ``i``."""
    written = {n.target.name for n in walk(body) if isinstance(n, Assign) and isinstance(n.target, Var)}
    for position, stmt in enumerate(body):
        if not isinstance(stmt, Declare):
            break
        if (
            stmt.value is not None
            and _is_var(stmt.value, level.var)
            and stmt.name not in written
            and isinstance(stmt.type, Scalar)
            and stmt.type.is_integer
        ):
            rest = body[:position] + body[position + 1 :]
            type_ = stmt.type if stmt.type.bits >= 32 else I32
            return replace(level, var=stmt.name, type=type_), rename(rest, {level.var: stmt.name})
    return level, body


__all__ = [
    "Level",
    "Literal",
    "Unary",
    "absorb_stride",
    "bound_by_guard",
    "build_nest",
    "delinearise",
    "fuse_axes",
    "rename_level",
]
