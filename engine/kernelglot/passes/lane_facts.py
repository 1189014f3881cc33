"""What is the same for all lanes, and which lanes a condition selects."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..ir.affine import Poly, as_constant, coefficient, mentions, poly, scale, to_expr, without
from ..ir.build import add, conjuncts, flip, integer
from ..ir.nodes import Address, Assign, Binary, Call, Cast, Declare, Evaluate, Expr, For, If, Load, Node, Stmt, Unary, Var, While
from ..ir.types import BOOL, I32, Array, Scalar, element_of
from ..ir.walk import variables, walk


def varying_names(body: tuple[Stmt, ...], lane: str) -> set[str]:
    """Scalars declared in ``body`` (loop variables too) whose value differs between lanes."""
    own = {n.name for n in walk(body) if isinstance(n, Declare)} | {n.var for n in walk(body) if isinstance(n, For)}
    private = {n.name for n in walk(body) if isinstance(n, Declare) and isinstance(n.type, Array)}
    varying = {lane} | private

    def differs(expr: Expr) -> bool:
        return bool(variables(expr) & varying) or any(isinstance(n, Call) and n.name.startswith("atomic") for n in walk(expr))

    def visit(stmts: tuple[Stmt, ...], under: bool) -> None:
        for stmt in stmts:
            match stmt:
                case Declare(name=name, value=value) if value is not None:
                    if under and _reassigned(name, body) or differs(value):
                        varying.add(name)
                case Assign(target=Var(name=name), value=value) if name in own:
                    if under or differs(value):
                        varying.add(name)
                case For():
                    uneven = any(differs(e) for e in (stmt.lower, stmt.upper, stmt.step))
                    if uneven:
                        varying.add(stmt.var)
                    visit(stmt.body, under or uneven or _leaves(stmt.body, differs))
                case While():
                    uneven = under or differs(stmt.condition) or _leaves(stmt.body, differs)
                    visit(((stmt.init,) if stmt.init is not None else ()), under)
                    visit((*stmt.body, *stmt.update), uneven)
                case If():
                    uneven = under or differs(stmt.condition)
                    visit(stmt.then, uneven)
                    visit(stmt.otherwise, uneven)

    while True:
        before = len(varying)
        visit(body, False)
        if len(varying) == before:
            return varying


def _reassigned(name: str, body: tuple[Stmt, ...]) -> bool:
    return any(isinstance(n, Assign) and isinstance(n.target, Var) and n.target.name == name for n in walk(body))


def _leaves(body: tuple[Stmt, ...], differs) -> bool:
    """Whether some lanes may leave the loop, or skip the rest of an iteration, while others stay."""
    from ..ir.nodes import Break, Continue

    return any(
        isinstance(n, If) and differs(n.condition) and any(isinstance(m, Break) for m in walk((*n.then, *n.otherwise)))
        for n in walk(body)
    ) or any(isinstance(n, If) and differs(n.condition) and any(isinstance(m, Continue) for m in walk((*n.then, *n.otherwise)))
             and not (len(n.then) == 1 and isinstance(n.then[0], Continue)) for n in walk(body))


@dataclass
class Selected:
    """Lanes that satisfy a condition: those with ``lowest <= var < end`` for all of each, where ``uniform`` holds; ``rest`` is beyond that."""

    uniform: list[Expr] = field(default_factory=list)
    lowest: list[Expr] = field(default_factory=list)
    ends: list[Expr] = field(default_factory=list)
    rest: list[Expr] = field(default_factory=list)


def selected(condition: Expr, lane: Var) -> Selected:
    result = Selected()
    for part in conjuncts(condition):
        if lane.name not in variables(part):
            result.uniform.append(part)
        elif not _bounds(part, lane, result):
            result.rest.append(part)
    return result


def _bounds(part: Expr, lane: Var, result: Selected) -> bool:
    if isinstance(part, Unary) and part.op == "!" and isinstance(part.operand, Binary):
        return False
    if not isinstance(part, Binary) or part.op not in ("<", "<=", ">", ">=", "=="):
        return False
    if not (element_of(part.left.type).is_integer and element_of(part.right.type).is_integer):
        return False
    if any(isinstance(n, Load | Call) for n in walk(part)):
        return False
    if part.op in (">", ">="):
        part = flip(part)
    left, right = poly(part.left), poly(part.right)
    difference = {**right}
    for monomial, factor in left.items():
        difference[monomial] = difference.get(monomial, 0) - factor
    difference = {m: c for m, c in difference.items() if c}             # right - left
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
    if factor == -1:                                                    # var < rest, or var <= rest
        end = to_expr(rest)
        result.ends.append(end if part.op == "<" else add(end, integer(1)))
        if _wrapped(part.left):                                         # (unsigned)(i - 1) < n says 0 <= i - 1, too
            own = poly(part.left)
            result.lowest.append(to_expr(scale(without(own, atom), -1)))
        return True
    lowest = to_expr(scale(rest, -1))                                   # -rest < var, or -rest <= var
    result.lowest.append(lowest if part.op == "<=" else add(lowest, integer(1)))
    return not _wrapped(part.right) and not _wrapped(part.left)


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


__all__ = ["BOOL", "I32", "Scalar", "Selected", "effects", "selected", "varying_names"]
