"""Building expressions with the folding a reader would do by hand: constants, neutral elements, ``(a / b) * b`` never."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .nodes import Binary, Call, Cast, Constant, Expr, Literal, Load, Select, Unary, Var
from .types import BOOL, I32, Scalar, Type, element_of, promote

COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
_FLIP = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_NEGATE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


def integer(value: int, type_: Scalar = I32) -> Literal:
    return Literal(value, type_)


def value_of(expr: Expr) -> int | float | bool | None:
    """The number an expression certainly has, or None."""
    if isinstance(expr, Literal | Constant):
        return expr.value
    if isinstance(expr, Cast):
        value = value_of(expr.operand)
        if value is not None and expr.type.is_integer and isinstance(value, int):
            return value
        return None
    if isinstance(expr, Unary) and expr.op == "-":
        value = value_of(expr.operand)
        return None if value is None else -value
    if isinstance(expr, Call) and expr.name in ("min", "max") and len(expr.arguments) == 2:
        values = [value_of(a) for a in expr.arguments]
        if all(isinstance(v, int) for v in values):
            return min(values) if expr.name == "min" else max(values)  # type: ignore[type-var]
        return None
    if isinstance(expr, Select):
        condition = value_of(expr.condition)
        return None if condition is None else value_of(expr.then if condition else expr.otherwise)
    if isinstance(expr, Binary) and expr.type.is_integer:
        left, right = value_of(expr.left), value_of(expr.right)
        if isinstance(left, int) and isinstance(right, int):
            return fold(expr.op, left, right)
    return None


def fold(op: str, left: int, right: int) -> int | bool | None:
    """C integer arithmetic on values that do not overflow; None for a division by zero or an operator not folded."""
    if op in "/%":
        if right == 0:
            return None
        quotient = abs(left) // abs(right)
        quotient = quotient if (left < 0) == (right < 0) else -quotient
        return quotient if op == "/" else left - quotient * right
    simple = {
        "+": lambda: left + right,
        "-": lambda: left - right,
        "*": lambda: left * right,
        "<<": lambda: left << right if 0 <= right < 63 else None,
        ">>": lambda: left >> right if 0 <= right < 64 else None,
        "&": lambda: left & right,
        "|": lambda: left | right,
        "^": lambda: left ^ right,
        "<": lambda: left < right,
        "<=": lambda: left <= right,
        ">": lambda: left > right,
        ">=": lambda: left >= right,
        "==": lambda: left == right,
        "!=": lambda: left != right,
        "&&": lambda: bool(left and right),
        "||": lambda: bool(left or right),
    }
    return simple[op]() if op in simple else None


def is_value(expr: Expr, number: int) -> bool:
    value = value_of(expr)
    return value is not None and not isinstance(value, bool) and value == number


def binary(op: str, left: Expr, right: Expr) -> Expr:
    """``left op right`` with C's result type, folded where both are literals or one is neutral."""
    left_type, right_type = element_of(left.type), element_of(right.type)
    type_ = BOOL if op in COMPARISONS or op in ("&&", "||") else left_type if op in ("<<", ">>") else promote(left_type, right_type)
    if isinstance(left, Literal) and isinstance(right, Literal) and isinstance(left.value, int) and isinstance(right.value, int):
        folded = fold(op, left.value, right.value)
        if folded is not None:
            return Literal(folded, type_)
    if type_.is_integer and op in ("+", "-", "*", "/", "%"):
        simpler = _neutral(op, left, right, type_)
        if simpler is not None:
            return simpler
    if op == "&&":
        if isinstance(left, Literal):
            return right if left.value else left
        if isinstance(right, Literal) and right.value:
            return left
    return Binary(op, left, right, type_)


def _neutral(op: str, left: Expr, right: Expr, type_: Scalar) -> Expr | None:
    if op == "+":
        if is_value(left, 0):
            return right
        if is_value(right, 0):
            return left
        if isinstance(right, Literal) and isinstance(left, Binary) and left.op in "+-" and isinstance(left.right, Literal):
            offset = right.value + (left.right.value if left.op == "+" else -left.right.value)
            return binary("+", left.left, Literal(offset, type_)) if offset >= 0 else binary("-", left.left, Literal(-offset, type_))
    if op == "-":
        if is_value(right, 0):
            return left
        if left == right:
            return Literal(0, type_)
        if isinstance(left, Binary) and left.op == "+":
            if left.right == right:
                return left.left
            if left.left == right:
                return left.right
    if op == "*":
        if is_value(left, 0) or is_value(right, 0):
            return Literal(0, type_)
        if is_value(left, 1):
            return right
        if is_value(right, 1):
            return left
    if op == "/" and is_value(right, 1):
        return left
    if op == "/" and is_value(left, 0):
        return Literal(0, type_)
    if op == "%" and is_value(right, 1):
        return Literal(0, type_)
    return None


def add(*terms: Expr) -> Expr:
    result = terms[0]
    for term in terms[1:]:
        result = binary("+", result, term)
    return result


def sub(left: Expr, right: Expr) -> Expr:
    return binary("-", left, right)


def mul(*factors: Expr) -> Expr:
    result = factors[0]
    for factor in factors[1:]:
        result = binary("*", result, factor)
    return result


def div(left: Expr, right: Expr) -> Expr:
    return binary("/", left, right)


def ceil_div(left: Expr, right: Expr) -> Expr:
    if is_value(right, 1):
        return left
    left_value, right_value = value_of(left), value_of(right)
    if isinstance(left, Literal) and isinstance(left_value, int) and isinstance(right_value, int):
        return Literal(-(-left_value // right_value), element_of(left.type))
    if isinstance(right_value, int):
        return div(add(left, Literal(right_value - 1, element_of(right.type))), right)
    return div(sub(add(left, right), integer(1)), right)


def less(left: Expr, right: Expr) -> Expr:
    return binary("<", left, right)


def both(*conditions: Expr) -> Expr:
    result: Expr = Literal(True, BOOL)
    for condition in conditions:
        result = binary("&&", result, condition)
    return result


def negate(condition: Expr) -> Expr:
    """The opposite of a condition; ``!(a < b)`` becomes ``a >= b`` for integers only (floats may be NaN)."""
    if (
        isinstance(condition, Binary)
        and condition.op in _NEGATE
        and element_of(condition.left.type).is_integer
        and element_of(condition.right.type).is_integer
    ):
        return replace(condition, op=_NEGATE[condition.op])
    if isinstance(condition, Binary) and condition.op == "||":
        return binary("&&", negate(condition.left), negate(condition.right))
    if isinstance(condition, Unary) and condition.op == "!":
        return condition.operand
    if isinstance(condition, Literal):
        return Literal(not condition.value, BOOL)
    return Unary("!", condition, BOOL)


def flip(condition: Binary) -> Binary:
    """``a < b`` as ``b > a``."""
    return replace(condition, op=_FLIP[condition.op], left=condition.right, right=condition.left)


def conjuncts(condition: Expr) -> list[Expr]:
    """The operands of a chain of ``&&``."""
    if isinstance(condition, Binary) and condition.op == "&&":
        return conjuncts(condition.left) + conjuncts(condition.right)
    return [condition]


def minimum(left: Expr, right: Expr) -> Expr:
    if isinstance(left, Literal) and isinstance(right, Literal):
        return left if left.value <= right.value else right
    if left == right:
        return left
    return Call("min", (left, right), promote(element_of(left.type), element_of(right.type)))


def load(name: str, type_: Type, *index: Expr) -> Load:
    return Load(Var(name, type_), tuple(index), element_of(type_))


def select(condition: Expr, then: Expr, otherwise: Expr) -> Expr:
    if isinstance(condition, Literal):
        return then if condition.value else otherwise
    return Select(condition, then, otherwise, promote(element_of(then.type), element_of(otherwise.type)))


def cast(expr: Expr, type_: Scalar) -> Expr:
    if element_of(expr.type) == type_:
        return expr
    if isinstance(expr, Literal) and type_.is_integer and isinstance(expr.value, int):
        return Literal(expr.value, type_)
    return Cast(expr, type_)


def fresh(base: str, taken: set[str]) -> str:
    """``base`` or ``base_2``, ``base_3`` ...: the first name not in ``taken``; the name is added to ``taken``."""
    name, number = base, 2
    while name in taken:
        name, number = f"{base}_{number}", number + 1
    taken.add(name)
    return name


def product(extents: Iterable[Expr]) -> Expr:
    return mul(integer(1), *extents)
