"""What is the same for all lanes, and which lanes a condition selects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ..analysis.definitions import pure
from ..ir.affine import Poly, as_constant, coefficient, mentions, poly, scale, to_expr, without
from ..ir.build import add, conjuncts, flip, fresh, integer, mul, value_of
from ..ir.nodes import Address, Assign, Binary, Block, Call, Cast, Declare, Evaluate, Expr, For, If, Load, Node, Stmt, Unary, Var, While
from ..ir.types import BOOL, I32, Array, Scalar, element_of
from ..ir.walk import declared, rewrite_body, substitute, variables, walk


def is_atomic(expr: Expr) -> bool:
    """Whether ``expr`` is computed by atomics: each lane has to ask for itself and may get another answer."""
    return any(isinstance(n, Call) and n.name.startswith("atomic") for n in walk(expr))


def varying_names(body: tuple[Stmt, ...], lane: str) -> set[str]:
    """Scalars declared in ``body`` (loop variables too) whose value differs between lanes."""
    own = {n.name for n in walk(body) if isinstance(n, Declare)} | {n.var for n in walk(body) if isinstance(n, For)}
    private = {n.name for n in walk(body) if isinstance(n, Declare) and isinstance(n.type, Array)}
    varying = {lane} | private

    def differs(expr: Expr) -> bool:
        return bool(variables(expr) & varying) or is_atomic(expr)

    def visit(stmts: tuple[Stmt, ...], here: set[str] | None) -> None:
        """``here`` is None where all lanes come; else the names declared where only some do: among those, they may agree on them."""
        for stmt in stmts:
            match stmt:
                case Declare(name=name, value=value) if value is not None:
                    if differs(value):
                        varying.add(name)
                case Assign(target=Var(name=name), value=value) if name in own:
                    if here is not None and name not in here or differs(value):
                        varying.add(name)
                case For():
                    uneven = any(differs(e) for e in (stmt.lower, stmt.upper, stmt.step))
                    if uneven:
                        varying.add(stmt.var)
                    visit(stmt.body, declared(stmt.body) if uneven or _leaves(stmt.body, differs) else here)
                case While():
                    uneven = differs(stmt.condition) or _leaves(stmt.body, differs)
                    visit(((stmt.init,) if stmt.init is not None else ()), here)
                    visit((*stmt.body, *stmt.update), declared(stmt.body) if uneven else here)
                case If():
                    uneven = differs(stmt.condition)
                    visit(stmt.then, declared(stmt.then) if uneven else here)
                    visit(stmt.otherwise, declared(stmt.otherwise) if uneven else here)
                case Block(body=inner):
                    visit(inner, here)

    while True:
        before = len(varying)
        visit(body, None)
        if len(varying) == before:
            return varying


def _reassigned(name: str, body: tuple[Stmt, ...]) -> bool:
    return any(isinstance(n, Assign) and isinstance(n.target, Var) and n.target.name == name for n in walk(body))


def _leaves(body: tuple[Stmt, ...], differs) -> bool:
    """Whether some lanes may leave the loop, or skip the rest of an iteration, while others stay."""
    from ..ir.nodes import Break, Continue

    return any(
        isinstance(n, If) and differs(n.condition) and any(isinstance(m, Break) for m in walk((*n.then, *n.otherwise))) for n in walk(body)
    ) or any(
        isinstance(n, If)
        and differs(n.condition)
        and any(isinstance(m, Continue) for m in walk((*n.then, *n.otherwise)))
        and not (len(n.then) == 1 and isinstance(n.then[0], Continue))
        for n in walk(body)
    )


@dataclass
class Selected:
    """Lanes that satisfy a condition: ``lowest <= var < end`` for all of each, where ``uniform`` holds; ``rest`` is beyond that."""

    uniform: list[Expr] = field(default_factory=list)
    lowest: list[Expr] = field(default_factory=list)
    ends: list[Expr] = field(default_factory=list)
    rest: list[Expr] = field(default_factory=list)


def selected(condition: Expr, lane: Var, differs: Callable[[Expr], bool]) -> Selected:
    result = Selected()
    for part in conjuncts(condition):
        if isinstance(part, Unary) and part.op == "!" and element_of(part.operand.type).is_integer and part.operand.type != BOOL:
            part = Binary("==", part.operand, integer(0, element_of(part.operand.type)), BOOL)
        if not differs(part):
            result.uniform.append(part)
        elif differs(substitute(part, {lane.name: integer(0)})) or not _bounds(part, lane, result):
            result.rest.append(part)
    return result


def _bounds(part: Expr, lane: Var, result: Selected) -> bool:
    if isinstance(part, Unary) and part.op == "!" and isinstance(part.operand, Binary):
        return False
    if not isinstance(part, Binary) or part.op not in ("<", "<=", ">", ">=", "=="):
        return False
    if not (element_of(part.left.type).is_integer and element_of(part.right.type).is_integer):
        return False
    if any(isinstance(n, Load | Call) and (lane.name in variables(n) or isinstance(n, Call) and not pure(n)) for n in walk(part)):
        return False
    if part.op in (">", ">="):
        part = flip(part)
    if part.op == "==" and isinstance(part.left, Binary) and part.left.op == "/":
        return _quotient(part.left, part.right, lane, result)
    left, right = poly(part.left), poly(part.right)
    difference = {**right}
    for monomial, factor in left.items():
        difference[monomial] = difference.get(monomial, 0) - factor
    difference = {m: c for m, c in difference.items() if c}  # right - left
    atom = next((a for m in difference for a in m if isinstance(a, Var) and a.name == lane.name), None)
    if atom is None:
        return False
    by_lane = coefficient(difference, atom)
    factor = None if by_lane is None else as_constant(by_lane)
    if factor not in (1, -1) or any(mentions(a, atom) for m in without(difference, atom) for a in m):
        return False
    rest: Poly = without(difference, atom)
    if part.op == "==":
        here = to_expr(scale(rest, -factor))
        result.lowest.append(here)
        result.ends.append(add(here, integer(1)))
        return True
    if factor == -1:  # var < rest, or var <= rest
        end = to_expr(rest)
        result.ends.append(end if part.op == "<" else add(end, integer(1)))
        if _wrapped(part.left):  # (unsigned)(i - 1) < n says 0 <= i - 1, too
            own = poly(part.left)
            result.lowest.append(to_expr(scale(without(own, atom), -1)))
        return True
    lowest = to_expr(scale(rest, -1))  # -rest < var, or -rest <= var
    result.lowest.append(lowest if part.op == "<=" else add(lowest, integer(1)))
    return not _wrapped(part.right) and not _wrapped(part.left)


def _quotient(quotient: Binary, value: Expr, lane: Var, result: Selected) -> bool:
    """``var / width == value``: one of the groups of ``width`` lanes."""
    width = value_of(quotient.right)
    if quotient.left != lane or not isinstance(width, int) or width <= 0 or lane.name in variables(value):
        return False
    first = mul(value, integer(width))
    result.lowest.append(first)
    result.ends.append(add(first, integer(width)))
    return True


def _wrapped(expr: Expr) -> bool:
    """Whether a negative number is seen as a large one."""
    type_ = element_of(expr.type)
    return type_.kind == "uint" and any(
        isinstance(n, Cast) and n.type.kind == "uint" and element_of(n.operand.type).kind == "int" or isinstance(n, Binary) and n.op == "-"
        for n in walk(expr)
    )


def effects(stmt: Node) -> bool:
    """Whether ``stmt`` calls something for its effect."""
    return any(isinstance(n, Evaluate | Address) for n in walk(stmt))


def split_counters(body: tuple[Stmt, ...], lane: str, taken: set[str]) -> tuple[Stmt, ...]:
    """``int p = f(lane); ... p += step`` with a step that all lanes share, as ``f(lane) + p_step``: only ``p_step`` is a variable."""
    varying = varying_names(body, lane)
    for stmt in body:
        if not (isinstance(stmt, Declare) and stmt.name in varying and isinstance(stmt.type, Scalar) and stmt.type.is_integer):
            continue
        if stmt.value is None or not pure(stmt.value) or any(_reassigned(name, body) for name in variables(stmt.value)):
            continue
        if not _reassigned(stmt.name, body) or not _steps_alike(stmt.name, body, varying):
            continue
        name = fresh(f"{stmt.name}_step", taken)
        step = Var(name, stmt.type)
        value = stmt.value

        def visit(node: Node, target=stmt, step=step, value=value) -> Node:
            if isinstance(node, Declare) and node.name == target.name:
                return Declare(step.name, target.type, integer(0, target.type), comment=target.comment)
            if isinstance(node, Assign) and isinstance(node.target, Binary):
                return Assign(step, node.value, node.op, comment=node.comment)
            return add(value, step) if isinstance(node, Var) and node.name == target.name else node

        return split_counters(rewrite_body(body, visit), lane, taken)
    return body


def _steps_alike(name: str, body: tuple[Stmt, ...], varying: set[str], under: bool = False) -> bool:
    """Whether every assignment of ``name`` adds the same in all lanes, and all lanes reach it."""
    for stmt in body:
        match stmt:
            case Assign(target=Var(name=target), value=value, op=op) if target == name:
                if under or op not in ("+", "-") or variables(value) & varying:
                    return False
            case For(lower=lower, upper=upper, step=step, body=inner):
                uneven = any(variables(e) & varying for e in (lower, upper, step))
                if not _steps_alike(name, inner, varying, under or uneven or _leaves(inner, lambda e: bool(variables(e) & varying))):
                    return False
            case While() | If():
                parts = (*stmt.body, *stmt.update) if isinstance(stmt, While) else (*stmt.then, *stmt.otherwise)
                uneven = bool(variables(stmt.condition) & varying) or isinstance(stmt, While)
                if not _steps_alike(name, parts, varying, under or uneven):
                    return False
            case _:
                if _reassigned(name, (stmt,)):
                    return False
    return True


__all__ = ["BOOL", "I32", "Scalar", "Selected", "effects", "selected", "varying_names"]
