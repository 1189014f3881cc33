"""Values of the static evaluation of host code: numbers that know their formula, memory that knows its size and content range.

A ``Number`` carries up to three views of one quantity: its ``value`` for the sizes in the file, its ``term`` (an expression over *roots*,
the variables that the host code sets to plain literals or receives from outside), and the range ``low..high`` where only that is known.
What is not known is None in each view; nothing is guessed here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from tree_sitter import Node

from ..ir import build
from ..ir.affine import divide, minus, poly, to_expr
from ..ir.nodes import Binary, Call, Cast, Expr, Literal, Select, Unary, Var
from ..ir.types import BF16, BOOL, F16, F32, F64, I8, I16, I32, I64, U8, U16, U32, U64, Scalar, promote
from ..ir.walk import walk

LARGEST_TERM = 60   # nodes; a longer formula says nothing to a reader and is dropped

SCALAR_NAMES: dict[str, Scalar] = {
    "bool": BOOL, "char": I8, "signed char": I8, "int8_t": I8, "unsigned char": U8, "uint8_t": U8, "uchar": U8, "std::byte": U8,
    "short": I16, "int16_t": I16, "unsigned short": U16, "uint16_t": U16, "ushort": U16,
    "int": I32, "signed": I32, "signed int": I32, "int32_t": I32, "unsigned": U32, "unsigned int": U32, "uint32_t": U32, "uint": U32,
    "long": I64, "long int": I64, "long long": I64, "long long int": I64, "int64_t": I64, "ptrdiff_t": I64, "ssize_t": I64,
    "unsigned long": U64, "unsigned long long": U64, "uint64_t": U64, "size_t": U64, "unsigned long int": U64,
    "half": F16, "__half": F16, "float16_t": F16, "_Float16": F16, "__nv_bfloat16": BF16, "__hip_bfloat16": BF16, "bfloat16_t": BF16,
    "nv_bfloat16": BF16, "bfloat16": BF16, "float": F32, "double": F64, "long double": F64,
}
OTHER_BYTES = {"float2": 8, "float3": 12, "float4": 16, "int2": 8, "int4": 16, "uint4": 16, "half2": 4, "__half2": 4, "double2": 16,
               "char4": 4, "uchar4": 4, "short2": 4, "dim3": 12}


@dataclass(frozen=True, slots=True)
class Number:
    """A quantity; ``term`` holds for every value of the roots in it, ``low..high`` is inclusive."""

    value: int | float | None = None
    term: Expr | None = None
    low: int | float | None = None
    high: int | float | None = None
    type: Scalar = I32

    @property
    def range(self) -> tuple[int | float | None, int | float | None]:
        return (self.value, self.value) if self.value is not None else (self.low, self.high)


@dataclass(slots=True, eq=False)
class Memory:
    """One allocation, on the host or the device. ``size`` is in bytes; ``low..high`` joins everything stored so far."""

    name: str
    size: Number
    element: Scalar | None = None
    device: bool = False
    external: bool = False          # comes from a caller that is not in the file
    items: list | None = None       # exact elements where an initialiser gave them
    low: int | float | None = None
    high: int | float | None = None
    written: bool = False
    unclear: bool = False           # something of unknown value was stored
    default: Number | None = None   # what elements hold before the first store (``std::vector<int> v(n, 7)``)
    copied_in: bool = False         # device memory filled from the host before a launch
    copied_out: bool = False
    cleared: bool = False           # cudaMemset, or host code that stores to managed memory

    def store(self, value: object, index: int | float | None = None) -> None:
        """``index`` is set where it is known which element changes."""
        if self.items is not None and index is not None and 0 <= index < len(self.items):
            self.items = [*self.items[: int(index)], value, *self.items[int(index) + 1 :]]
        else:
            self.items = None
        low, high = value.range if isinstance(value, Number) else (None, None)
        if low is None or high is None:
            self.unclear = True
        else:
            self.low = low if not self.written or self.low is None else min(self.low, low)
            self.high = high if not self.written or self.high is None else max(self.high, high)
        self.written = True

    def content(self) -> tuple[int | float | None, int | float | None]:
        """The range of the elements, or (None, None) where some store was not understood or nothing was ever stored."""
        if self.unclear:
            return None, None
        if not self.written and self.default is not None:
            return self.default.range
        return self.low, self.high


@dataclass(frozen=True, slots=True)
class Pointer:
    """``memory`` plus ``offset`` bytes, seen as elements of ``element``."""

    memory: Memory
    offset: Number
    element: Scalar | None = None


@dataclass(slots=True, eq=False)
class Cell:
    """A variable: what ``&x`` refers to."""

    name: str
    value: object = None
    type: TypeName | None = None
    place: int = -1                 # byte where it was declared


@dataclass(frozen=True, slots=True)
class Element:
    """``memory[index]`` as something that can be assigned."""

    memory: Memory
    index: Number


@dataclass(frozen=True, slots=True)
class Reference:
    cell: object                    # Cell | Element | FieldOf


@dataclass(slots=True, eq=False)
class Struct:
    """A ``dim3`` or a user's struct: field cells in order."""

    name: str
    fields: dict[str, Cell] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()     # of its class template, as spelled


@dataclass(frozen=True, slots=True)
class Sequence:
    """An initialiser list not yet bound to a type."""

    items: tuple[tuple[str, object, int], ...]     # (designator or "", value, byte)


@dataclass(frozen=True, slots=True)
class Draw:
    """A callable that yields numbers in a range, such as ``std::uniform_int_distribution``."""

    result: Number


@dataclass(frozen=True, slots=True)
class Closure:
    """A lambda and the variables it sees."""

    node: Node
    scopes: tuple


@dataclass(frozen=True, slots=True)
class External:
    """An object that the file knows only by name: a tensor parameter, a stream."""

    name: str


@dataclass(frozen=True, slots=True)
class TypeName:
    """A spelled type: ``base`` without qualifiers and with aliases resolved, pointer depth, reference, array extents."""

    base: str
    pointers: int = 0
    reference: bool = False
    extents: tuple = ()
    arguments: tuple[str, ...] = ()

    @property
    def scalar(self) -> Scalar | None:
        return SCALAR_NAMES.get(self.base)


@dataclass(slots=True, eq=False)
class FieldOf:
    cell: Cell


class Signal(Exception):
    """Control flow that leaves a statement of the host code."""


class Break(Signal): ...
class Continue(Signal): ...
class Exit(Signal): ...


class Return(Signal):
    def __init__(self, value: object) -> None:
        super().__init__()
        self.value = value


UNKNOWN = None


def literal(value: int | float, type_: Scalar = I32) -> Number:
    return Number(value, Literal(value, type_), type=type_)


def terms_of(expr: Expr | None) -> int:
    return 0 if expr is None else sum(1 for _ in walk(expr))


def roots_of(expr: Expr | None) -> set[str]:
    return set() if expr is None else {node.name for node in walk(expr) if isinstance(node, Var)}


def wrap(value: int | float, type_: Scalar) -> int | float:
    """``value`` as ``type_`` stores it."""
    if type_.is_float:
        return float(value)
    value = int(value) if not isinstance(value, float) or math.isfinite(value) else 0
    if type_.kind == "bool":
        return int(bool(value))
    value &= (1 << type_.bits) - 1
    return value - (1 << type_.bits) if type_.kind == "int" and value >> (type_.bits - 1) else value


def convert(number: Number, type_: Scalar) -> Number:
    """A C conversion; integer widenings leave the formula alone, others keep it only where it is a plain literal."""
    value = None if number.value is None else wrap(number.value, type_)
    term = number.term
    if isinstance(term, Literal) and value is not None:
        term = Literal(value, type_)
    elif term is not None and type_.is_float != number.type.is_float:
        term = Cast(term, type_) if type_.is_float else None if not _whole(term) else term
    elif term is not None and type_.is_integer and type_.bits < 32:
        term = None
    low, high = number.low, number.high
    if type_.is_integer and low is not None and high is not None:
        low, high = math.floor(low), math.ceil(high)
    return Number(value, term, low, high, type_)


def _whole(term: Expr) -> bool:
    """Is a float-typed formula certainly an integer?"""
    return isinstance(term, Cast) and term.operand.type.is_integer or isinstance(term, Call) and term.name in ("ceil", "floor") or (
        isinstance(term, Binary) and term.type.is_integer)


def arithmetic(op: str, left: Number, right: Number) -> Number:
    """``left op right`` with C's conversions in all three views."""
    comparison = op in build.COMPARISONS or op in ("&&", "||")
    type_ = left.type if op in ("<<", ">>") else promote(left.type, right.type)
    value = _compute(op, left.value, right.value, type_)
    if value is None and op in ("&&", "||"):
        known = [bool(side.value) for side in (left, right) if side.value is not None]
        value = 0 if op == "&&" and False in known else 1 if op == "||" and True in known else None
    term = None
    if left.term is not None and right.term is not None and (type_.is_integer or comparison or op in "+-*/"):
        term = _combined(op, left.term, right.term)
        term = term if terms_of(term) <= LARGEST_TERM else None
    low, high = (None, None) if value is not None else _span(op, left.range, right.range, type_)
    return Number(value, term, low, high, BOOL if comparison else type_)


def _combined(op: str, left: Expr, right: Expr) -> Expr:
    """``left op right``; ``x + 16 - 1`` is ``x + 15``."""
    if op == "-" and isinstance(right, Literal) and isinstance(left, Binary) and left.op == "+" and isinstance(left.right, Literal) and (
            left.type.is_integer and isinstance(left.right.value, int) and isinstance(right.value, int)):
        rest = left.right.value - right.value
        return build.binary("+" if rest >= 0 else "-", left.left, Literal(abs(rest), left.right.type))
    return build.binary(op, left, right)


def _compute(op: str, left, right, type_: Scalar):
    if left is None or right is None:
        return None
    if op in build.COMPARISONS or op in ("&&", "||"):
        return int(bool(build.fold(op, left, right)))
    if type_.is_float:
        if op == "/":
            return left / right if right else None
        return {"+": lambda: left + right, "-": lambda: left - right, "*": lambda: left * right}.get(op, lambda: None)()
    result = build.fold(op, int(left), int(right))
    return None if result is None else wrap(result, type_)


def _span(op: str, left, right, type_: Scalar):
    """Interval arithmetic for the operators that fill index buffers."""
    (a, b), (c, d) = left, right
    if op == "%" and c is not None and c > 0 and d is not None:
        unsigned = type_.kind == "uint" or (a is not None and a >= 0)
        return (0 if unsigned else -(d - 1)), (d - 1 if b is None else min(d - 1, b) if unsigned else d - 1)
    if op == "&" and c is not None and c >= 0 and d is not None:
        return 0, d
    if None in (a, b, c, d):
        return None, None
    if op == "+":
        return a + c, b + d
    if op == "-":
        return a - d, b - c
    if op == "*":
        corners = [x * y for x in (a, b) for y in (c, d)]
        return min(corners), max(corners)
    if op == "/" and (c > 0 or d < 0):
        corners = [x / y for x in (a, b) for y in (c, d)]
        if type_.is_integer:
            corners = [math.trunc(x) for x in corners]
        return min(corners), max(corners)
    if op in (">>", "<<") and type_.is_integer and 0 <= c and d < 63:
        corners = [int(x) >> int(y) if op == ">>" else int(x) << int(y) for x in (a, b) for y in (c, d)]
        return min(corners), max(corners)
    return None, None


def negative(number: Number) -> Number:
    low, high = number.range
    term = None if number.term is None else (
        Literal(-number.term.value, number.term.type) if isinstance(number.term, Literal) else Unary("-", number.term, number.type))
    return Number(None if number.value is None else wrap(-number.value, number.type), term,
                  None if high is None else -high, None if low is None else -low, number.type)


def choose(condition: Number, then: object, otherwise: object) -> object:
    """``condition ? then : otherwise``."""
    if not isinstance(then, Number) or not isinstance(otherwise, Number):
        return then if condition.value else otherwise if condition.value is not None else (then if then == otherwise else UNKNOWN)
    term = None
    if condition.term is not None and then.term is not None and otherwise.term is not None:
        term = build.select(condition.term, then.term, otherwise.term) if not isinstance(condition.term, Literal) else (
            then.term if condition.term.value else otherwise.term)
    if condition.value is not None:
        taken = then if condition.value else otherwise
        return replace(taken, term=term)
    return replace(join(then, otherwise), term=term)


def join(a: Number, b: Number) -> Number:
    """A quantity that is one of two."""
    if a == b:
        return a
    (low, high), (low_b, high_b) = a.range, b.range
    same = a.value is not None and a.value == b.value
    type_ = promote(a.type, b.type)
    if None in (low, high, low_b, high_b):
        return Number(a.value if same else None, None, type=type_)
    return Number(a.value if same else None, None, min(low, low_b), max(high, high_b), type_)


def extreme(name: str, a: Number, b: Number) -> Number:
    """``min`` or ``max``."""
    pick = min if name == "min" else max
    type_ = promote(a.type, b.type)
    value = pick(a.value, b.value) if a.value is not None and b.value is not None else None
    (low, high), (low_b, high_b) = a.range, b.range
    known = None not in (low, high, low_b, high_b)
    term = None
    if a.term is not None and b.term is not None:
        both = isinstance(a.term, Literal) and isinstance(b.term, Literal)
        term = Literal(value, type_) if both and value is not None else Call(name, (a.term, b.term), type_)
    return Number(value, term, pick(low, low_b) if known else None, pick(high, high_b) if known else None, type_)


def rounded(name: str, number: Number) -> Number:
    """``ceil`` or ``floor`` of a float; ``ceil((float)a / b)`` becomes the integer formula it stands for."""
    function = math.ceil if name == "ceil" else math.floor
    value = None if number.value is None else float(function(number.value))
    term = None
    if isinstance(number.term, Binary) and number.term.op == "/":
        left, right = _integer_part(number.term.left), _integer_part(number.term.right)
        if left is not None and right is not None:
            term = build.ceil_div(left, right) if name == "ceil" else build.div(left, right)
    elif isinstance(number.term, Literal) and value is not None:
        term = Literal(int(value), I32)
    low, high = number.range
    return Number(value, term, None if low is None else function(low), None if high is None else function(high), number.type)


def _integer_part(term: Expr) -> Expr | None:
    if isinstance(term, Cast):
        return _integer_part(term.operand)
    if isinstance(term, Literal) and term.type.is_float and float(term.value).is_integer():
        return Literal(int(term.value), I32)
    if isinstance(term, Binary) and term.op == "*" and term.type.is_float:      # 1.0 * n
        left, right = _integer_part(term.left), _integer_part(term.right)
        return build.mul(left, right) if left is not None and right is not None else None
    return term if term.type.is_integer else None


def per_element(size: Number, element_bytes: int) -> Number:
    """Bytes to elements, exact in the formula where the element size divides it."""
    value = None if size.value is None else int(size.value) // element_bytes
    term = None
    if size.term is not None and size.term.type.is_integer:
        term = _without_factor(size.term, element_bytes)
        if term is None:
            quotient = divide(poly(size.term), {(): element_bytes})
            term = to_expr(quotient) if quotient is not None else build.div(size.term, build.integer(element_bytes))
    return Number(value, term, type=I64)


def _without_factor(term: Expr, factor: int) -> Expr | None:
    """``a * 4 * b`` without the 4, written as it was; None where no literal factor is a multiple of ``factor``."""
    if isinstance(term, Literal):
        return Literal(term.value // factor, term.type) if term.value % factor == 0 else None
    if isinstance(term, Cast) and term.type.is_integer and term.operand.type.is_integer:
        return _without_factor(term.operand, factor)
    if isinstance(term, Binary) and term.op == "*":
        right = _without_factor(term.right, factor)
        if right is not None:
            return build.binary("*", term.left, right)
        left = _without_factor(term.left, factor)
        return None if left is None else build.binary("*", left, term.right)
    return None


def substitute_terms(expr: Expr, names: list[tuple[Expr, Var]], values: dict[str, int | float]) -> tuple[Expr, bool]:
    """``expr`` over roots as an expression over kernel parameters.

    ``names`` pairs the formula of an argument with the parameter that receives it. Roots that no parameter holds become literals; the flag
    says whether there were none.
    """
    for term, variable in names:
        if term == expr:
            return variable, True
    if isinstance(expr, Var):
        if any(variable == expr for _, variable in names):
            return expr, True
        return (Literal(values[expr.name], expr.type), False) if values.get(expr.name) is not None else (expr, False)
    if isinstance(expr, Literal):
        return expr, True
    if isinstance(expr, Binary) and expr.op in "+-" and expr.type.is_integer:
        summed = _with_sums(expr, names)
        if summed is not None:
            return substitute_terms(summed, names, values)
    match expr:
        case Binary(op=op, left=left, right=right):
            (a, first), (b, second) = substitute_terms(left, names, values), substitute_terms(right, names, values)
            return _combined(op, a, b), first and second
        case Unary(operand=operand) | Cast(operand=operand):
            inner, whole = substitute_terms(operand, names, values)
            return replace(expr, operand=inner), whole
        case Select(condition=condition, then=then, otherwise=otherwise):
            parts = [substitute_terms(part, names, values) for part in (condition, then, otherwise)]
            return build.select(*(part for part, _ in parts)), all(flag for _, flag in parts)
        case Call(arguments=arguments):
            parts = [substitute_terms(part, names, values) for part in arguments]
            return replace(expr, arguments=tuple(part for part, _ in parts)), all(flag for _, flag in parts)
    return expr, False


def _with_sums(expr: Expr, names: list[tuple[Expr, Var]]) -> Expr | None:
    """``expr`` with a parameter in place of the sum it is, if that is shorter: ``x / 2 + 9`` is ``q + 8`` where ``q = x / 2 + 1``."""
    whole = poly(expr)
    for term, variable in names:
        if isinstance(term, Binary) and term.op in "+-" and term.type.is_integer:
            rest = minus(whole, poly(term))
            if sum(map(len, rest)) < sum(map(len, whole)):
                return build.binary("+", variable, to_expr(rest)) if rest else variable
    return None
