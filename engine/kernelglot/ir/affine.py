"""Integer expressions as polynomials: sums of ``coefficient * product of atoms``.

An atom is anything that is not a sum, a difference or a product: a variable, a launch index, a division, a load. Two index expressions
that are equal as polynomials are equal; ``stride`` tells how an index moves with a variable. Wrap-around of unsigned arithmetic and
narrowing casts are not modelled: an index that overflows is outside what any dialect promises.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from .build import add, binary, integer, mul, sub, value_of
from .nodes import Address, AxisIndex, Binary, Call, Cast, Constant, Expr, Literal, Load, Select, Unary, Var
from .types import I32, element_of
from .walk import map_children, walk

Monomial = tuple[Expr, ...]
Poly = dict[Monomial, int]


def _key(atom: Expr) -> str:
    return repr(atom)


def poly(expr: Expr, env: Mapping[str, Expr] | None = None) -> Poly:
    """``expr`` as a polynomial; names in ``env`` are replaced by their definitions first."""
    env = env or {}
    match expr:
        case Literal(value=value) if isinstance(value, int):
            return constant(int(value))
        case Constant(value=value) if isinstance(value, int):
            return constant(int(value))
        case Var(name=name) if name in env:
            return poly(env[name], env)
        case Cast(operand=operand, type=type_) if type_.is_integer and element_of(operand.type).is_integer and type_.bits >= 32:
            return poly(operand, env)
        case Unary(op="-", operand=operand) if element_of(operand.type).is_integer:
            return scale(poly(operand, env), -1)
        case Binary(op="+" | "-" | "*", left=left, right=right, type=type_) if type_.is_integer:
            a, b = poly(left, env), poly(right, env)
            return multiply(a, b) if expr.op == "*" else plus(a, b if expr.op == "+" else scale(b, -1))
        case Binary(op="<<", left=left, right=right, type=type_) if type_.is_integer and isinstance(value_of(right), int):
            return scale(poly(left, env), 1 << int(value_of(right)))  # type: ignore[arg-type]
        case Binary(op="/" | "%" as op, left=left, right=right, type=type_) if type_.is_integer:
            a, b = poly(left, env), poly(right, env)
            number, divisor = as_constant(a), as_constant(b)
            if number is not None and divisor:
                return constant(number // divisor if op == "/" else number % divisor) if number >= 0 else {(expr,): 1}
            if op == "/" and (exact := divide(a, b)) is not None:
                return exact
            if op == "%" and divide(a, b) is not None:
                return {}
            return {(Binary(op, to_expr(a), to_expr(b), I32),): 1}
    return {(normal(expr, env),): 1}


def normal(expr: Expr, env: Mapping[str, Expr] | None = None) -> Expr:
    """An atom with the integer expressions inside it brought to their normal form, so that equal atoms compare equal."""
    env = env or {}
    if isinstance(expr, Var):
        return normal(env[expr.name], env) if expr.name in env else Var(expr.name, expr.type)
    if isinstance(expr, Load | Address | Call | Select | Unary | Binary | Cast):

        def visit(child):
            if isinstance(child, Expr) and element_of(child.type).is_integer and not isinstance(child, Literal | Constant):
                return to_expr(poly(child, env))
            return normal(child, env) if isinstance(child, Expr) else child

        if isinstance(expr, Load | Address):
            return replace(expr, index=tuple(visit(i) for i in expr.index))
        return map_children(expr, visit)  # type: ignore[return-value]
    return expr


def constant(value: int) -> Poly:
    return {(): value} if value else {}


def as_constant(p: Poly) -> int | None:
    return 0 if not p else p[()] if set(p) == {()} else None


def plus(a: Poly, b: Poly) -> Poly:
    result = dict(a)
    for monomial, coefficient in b.items():
        total = result.get(monomial, 0) + coefficient
        if total:
            result[monomial] = total
        else:
            result.pop(monomial, None)
    return result


def minus(a: Poly, b: Poly) -> Poly:
    return plus(a, scale(b, -1))


def scale(a: Poly, factor: int) -> Poly:
    return {m: c * factor for m, c in a.items()} if factor else {}


def multiply(a: Poly, b: Poly) -> Poly:
    result: Poly = {}
    for left, x in a.items():
        for right, y in b.items():
            result = plus(result, {tuple(sorted(left + right, key=_key)): x * y})
    return result


def divide(a: Poly, b: Poly) -> Poly | None:
    """``a / b`` where ``b`` is a single monomial that divides every term of ``a``; None otherwise."""
    if len(b) != 1:
        return None
    ((atoms, coefficient),) = b.items()
    result: Poly = {}
    for monomial, value in a.items():
        if value % coefficient:
            return None
        rest = list(monomial)
        for atom in atoms:
            if atom not in rest:
                return None
            rest.remove(atom)
        result[tuple(rest)] = value // coefficient
    return result


def to_expr(p: Poly) -> Expr:
    """The polynomial as an expression, positive terms first, the constant last."""
    positive = [(m, c) for m, c in p.items() if c > 0 and m]
    negative = [(m, c) for m, c in p.items() if c < 0 and m]
    offset = p.get((), 0)

    def term(monomial: Monomial, coefficient: int) -> Expr:
        factors: list[Expr] = list(monomial)
        return mul(*factors) if coefficient == 1 else mul(*factors, integer(coefficient))

    if positive:
        result: Expr = add(*(term(m, c) for m, c in positive))
    else:
        result = integer(offset) if offset > 0 or not negative else integer(0)
        if offset > 0:
            offset = 0
    for monomial, coefficient in negative:
        result = sub(result, term(monomial, -coefficient))
    if offset > 0:
        result = binary("+", result, integer(offset))
    elif offset < 0 and (positive or negative):
        result = binary("-", result, integer(-offset))
    elif offset < 0:
        result = integer(offset)
    return result


def coefficient(p: Poly, atom: Expr) -> Poly | None:
    """What ``atom`` is multiplied with in ``p``; None where it occurs squared or inside another atom."""
    result: Poly = {}
    for monomial, value in p.items():
        if atom in monomial:
            rest = list(monomial)
            rest.remove(atom)
            if any(mentions(other, atom) for other in rest):
                return None
            result = plus(result, {tuple(rest): value})
        elif any(mentions(other, atom) for other in monomial):
            return None
    return result


def without(p: Poly, atom: Expr) -> Poly:
    return {m: c for m, c in p.items() if atom not in m}


def mentions(expr: Expr, atom: Expr) -> bool:
    if isinstance(atom, Var):
        return any(isinstance(node, Var) and node.name == atom.name for node in walk(expr))
    return any(node == atom for node in walk(expr))


def same(a: Expr, b: Expr, env: Mapping[str, Expr] | None = None) -> bool:
    """Whether two integer expressions are certainly equal."""
    return not minus(poly(a, env), poly(b, env))


def stride(index: Expr, var: str, env: Mapping[str, Expr] | None = None) -> Expr | None:
    """How far ``index`` moves when ``var`` grows by one, as an expression free of ``var``; None where it is not linear in it."""
    p = poly(index, env)
    atom = next((a for m in p for a in m if isinstance(a, Var) and a.name == var), None)
    if atom is None:
        return None if any(mentions(a, Var(var)) for m in p for a in m) else integer(0)
    result = coefficient(p, atom)
    if result is None or any(mentions(a, atom) for m in result for a in m):
        return None
    return to_expr(result)


def covers(blocks: Expr, width: Expr, needed: Expr, env: Mapping[str, Expr] | None = None) -> bool:
    """Whether ``blocks * width >= needed`` certainly holds: by numbers, or because ``blocks`` rounds ``needed / width`` up."""
    total = minus(multiply(poly(blocks, env), poly(width, env)), poly(needed, env))
    number = as_constant(total)
    if number is not None:
        return number >= 0
    p = poly(blocks, env)
    if len(p) == 1:
        ((monomial, factor),) = p.items()
        if factor == 1 and len(monomial) == 1 and isinstance(monomial[0], Binary) and monomial[0].op == "/":
            quotient = monomial[0]
            if not minus(poly(quotient.right), poly(width, env)):
                slack = minus(minus(poly(quotient.left), poly(needed, env)), minus(poly(width, env), constant(1)))
                number = as_constant(slack)
                if number is not None:
                    return number >= 0
    match needed:
        case Binary(op="/", left=left, right=right) if isinstance(by := value_of(right), int) and by > 0:
            return covers(blocks, mul(width, right), left, env)  # n / 4 are covered where four times as many cover n
        case Binary(op=">>", left=left, right=right) if isinstance(by := value_of(right), int) and 0 <= by < 31:
            return covers(blocks, width, binary("/", left, integer(1 << by)), env)  # which is never less
    return False


__all__ = [
    "AxisIndex",
    "Poly",
    "as_constant",
    "coefficient",
    "covers",
    "divide",
    "minus",
    "multiply",
    "plus",
    "poly",
    "same",
    "stride",
    "to_expr",
]
