"""Types and forms as reading the printed text finds them: ``retyped``.

A pass substitutes and moves expressions; the types noted in them then say what the source had, not what the new text computes. Here each
type follows from the declarations again, and forms that print alike (``-(1)`` and ``-1``, a conversion of a literal) become one.
"""

from __future__ import annotations

import math
import struct
from dataclasses import replace

from .nodes import (
    Address,
    Assign,
    Binary,
    Block,
    Call,
    Cast,
    Constant,
    Declare,
    Evaluate,
    Expr,
    For,
    Function,
    If,
    InitList,
    Kernel,
    Literal,
    Load,
    Return,
    Select,
    Stmt,
    Unary,
    Var,
    While,
)
from .types import (
    BOOL,
    F32,
    I32,
    I64,
    SCALARS,
    VOID,
    Array,
    Fragment,
    Pointer,
    Scalar,
    Type,
    element_of,
    integer_promotion,
    promote,
)

ENUM = Scalar("enum", "enum", 32)  # of names that stand for themselves, such as ``GDRAM2NRAM``
_COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!=", "&&", "||"})


def retyped(kernel: Kernel) -> Kernel:
    """``kernel`` with the types and forms that its text says."""
    known: dict[str, Type] = {c.name: c.type for c in kernel.constants}
    calls = {f.name: f.returns for f in kernel.functions}
    functions = tuple(_function(f, known, calls) for f in kernel.functions)
    body = _Types({**known, **{p.name: p.type for p in kernel.params}}, calls).body(kernel.body)
    return replace(kernel, body=body, functions=functions)


def _function(function: Function, known: dict[str, Type], calls: dict[str, Scalar]) -> Function:
    scope = {**known, **{p.name: p.type for p in function.params}}
    return replace(function, body=_Types(scope, calls).body(function.body))


class _Types:
    """What the names of one scope are, and what each function returns."""

    def __init__(self, names: dict[str, Type], calls: dict[str, Scalar]) -> None:
        self.names, self.calls = dict(names), calls

    def inner(self, **names: Type) -> _Types:
        return _Types({**self.names, **names}, self.calls)

    # ---- statements

    def body(self, body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        """The statements of a scope; what they declare is known to those after them."""
        scope = self.inner()
        return tuple(scope.stmt(stmt) for stmt in body)

    def stmt(self, stmt: Stmt) -> Stmt:
        match stmt:
            case Declare():
                return self.declare(stmt)
            case Assign(target=target, value=value, op=op):
                counted = op in ("+", "-")  # ``x += 1`` is ``++x``
                one = counted and isinstance(value, Literal) and value.type.is_integer and value.value == 1
                return replace(stmt, target=self.expr(target), value=Literal(1) if one else self.expr(value))
            case Evaluate(value=value):
                return replace(stmt, value=self.expr(value))
            case Return(value=value) if value is not None:
                return replace(stmt, value=self.expr(value))
            case If(condition=condition, then=then, otherwise=otherwise):
                return replace(stmt, condition=self.expr(condition), then=self.body(then), otherwise=self.body(otherwise))
            case Block(body=body):
                return replace(stmt, body=self.body(body))
            case For(var=var, lower=lower, upper=upper, step=step, type=type_):
                one = isinstance(step, Literal) and step.value == 1
                head = {"lower": self.expr(lower), "upper": self.expr(upper), "step": Literal(1) if one else self.expr(step)}
                return replace(stmt, **head, body=self.inner(**{var: type_}).body(stmt.body))
            case While():
                scope = self.inner()
                init = scope.stmt(stmt.init) if stmt.init is not None else None
                update = tuple(scope.stmt(each) for each in stmt.update)
                return replace(stmt, init=init, condition=scope.expr(stmt.condition), update=update, body=scope.body(stmt.body))
        return stmt

    def declare(self, stmt: Declare) -> Declare:
        type_ = stmt.type
        if isinstance(type_, Array):
            type_ = replace(type_, shape=tuple(self.extent(e) for e in type_.shape))
        value = None if stmt.value is None else self.expr(stmt.value)
        self.names[stmt.name] = type_
        return replace(stmt, type=type_, value=value)

    def extent(self, extent: object) -> object:
        """An extent that is a plain number is an ``int``."""
        found = self.expr(extent) if isinstance(extent, Expr) else extent
        return found.value if isinstance(found, Literal) else found

    # ---- expressions

    def expr(self, expr: Expr) -> Expr:
        match expr:
            case Literal():
                return _literal(expr)
            case Var(name=name):
                return replace(expr, type=self.names.get(name, ENUM))
            case Unary(op=op, operand=operand):
                return _unary(replace(expr, operand=self.expr(operand)), op)
            case Binary(left=left, right=right):
                return _binary(replace(expr, left=self.expr(left), right=self.expr(right)))
            case Select():
                return self.select(expr)
            case Cast(operand=operand, type=type_):
                return converted(replace(expr, operand=self.expr(operand)), type_)
            case Load(buffer=buffer, index=index):
                found = self.expr(buffer)
                return replace(expr, buffer=found, index=tuple(map(self.expr, index)), type=element_of(found.type))
            case Address():
                return self.address(expr)
            case Call(arguments=arguments):
                return self.call(replace(expr, arguments=tuple(map(self.argument, arguments))))
            case InitList(elements=elements):
                return replace(expr, elements=tuple(map(self.expr, elements)))
        return expr

    def select(self, expr: Select) -> Expr:
        condition, then, otherwise = self.expr(expr.condition), self.expr(expr.then), self.expr(expr.otherwise)
        if isinstance(condition, Literal):
            return then if condition.value else otherwise
        left, right = element_of(then.type), element_of(otherwise.type)
        return replace(expr, condition=condition, then=then, otherwise=otherwise, type=left if left == right else promote(left, right))

    def address(self, expr: Address) -> Address:
        buffer = self.expr(expr.buffer)
        assert isinstance(buffer, Var)
        index = tuple(map(self.expr, expr.index))
        if all(isinstance(i, Literal) and i.value == 0 for i in index):
            index = _first(buffer.type)
        view = None if expr.view is None else _known(expr.view)
        return replace(expr, buffer=buffer, index=index, type=buffer.type, view=None if view == element_of(buffer.type) else view)

    def argument(self, expr: Expr) -> Expr:
        """A buffer's name as an argument is the address of its first element."""
        found = self.expr(expr)
        if isinstance(found, Var) and isinstance(found.type, Pointer | Array):
            return Address(found, _first(found.type), found.type, span=found.span)
        return found

    def call(self, expr: Call) -> Call:
        types = [element_of(a.type) for a in expr.arguments]
        match expr.name:
            case name if name in self.calls:
                return replace(expr, type=self.calls[name])
            case "min" | "max" if len(types) == 2:
                return replace(expr, type=promote(*types))
            case "abs":
                return replace(expr, type=integer_promotion(types[0]))
        return expr


def _first(type_: Type) -> tuple[Expr, ...]:
    return (Literal(0),) * (len(type_.shape) if isinstance(type_, Array) else 0 if isinstance(type_, Scalar | Fragment) else 1)


def _known(type_: Scalar) -> Scalar:
    """``char`` is an ``i8``."""
    return type_ if type_.name in SCALARS else next((t for t in SCALARS.values() if (t.kind, t.bits) == (type_.kind, type_.bits)), type_)


def _literal(expr: Literal) -> Expr:
    """Infinity has a name, the least ``int`` is a difference, and an integer narrower than ``int`` is written like an ``int``."""
    value, type_ = expr.value, expr.type
    if type_ in (I32, I64):
        return _least(expr)
    if type_ == F32 and math.isfinite(value):
        return replace(expr, value=rounded(value, F32))
    if type_.is_float and math.isinf(value):
        named = Constant("INFINITY", math.inf, F32, span=expr.span)
        return named if value > 0 else Unary("-", named, F32, span=expr.span)
    if type_.is_float and math.isnan(value):
        return Constant("NAN", value, F32, span=expr.span)
    narrow = type_.is_integer and type_ != BOOL and type_.bits < 32 and not expr.text.startswith("'")
    return replace(expr, type=I32) if narrow else expr


def _least(expr: Literal) -> Expr:
    """The least integer of a type can't be written as a literal: its digits overflow before the sign applies."""
    if expr.type not in (I32, I64) or expr.value != -(1 << (expr.type.bits - 1)):
        return expr
    return Binary("-", Literal(expr.value + 1, expr.type, span=expr.span), Literal(1), expr.type, span=expr.span)


def _unary(expr: Unary, op: str) -> Expr:
    operand = expr.operand
    type_ = BOOL if op == "!" else integer_promotion(element_of(operand.type))
    if op == "-" and isinstance(operand, Literal) and type_.kind in ("int", "float") and not isinstance(operand.value, bool):
        text = f"-{operand.text}" if operand.text and not operand.text.startswith("-") else ""
        return Literal(-operand.value, type_, text=text, span=expr.span)
    return replace(expr, type=type_)


def _binary(expr: Binary) -> Binary:
    left, right = element_of(expr.left.type), element_of(expr.right.type)
    if "vector" in (left.kind, right.kind):
        type_ = left if left.kind == "vector" else right
    elif expr.op in _COMPARISONS:
        type_ = BOOL
    else:
        type_ = integer_promotion(left) if expr.op in ("<<", ">>") else promote(left, right)
    return replace(expr, type=type_)


def converted(expr: Cast, type_: Scalar) -> Expr:
    """A conversion; none where the operand has the type already, and a literal of the new type where that loses nothing."""
    operand = expr.operand
    own = element_of(operand.type)
    if type_ == VOID or own == type_ or own.kind in ("vector", "enum"):
        return operand
    if isinstance(operand, Literal):
        if type_.is_integer and isinstance(operand.value, int):
            return _least(Literal(wrapped(operand.value, type_), type_, span=expr.span))
        if exact(operand, type_):
            return Literal(rounded(operand.value, type_), type_, span=expr.span)
    return replace(expr, type=type_)


def rounded(value: float, type_: Scalar) -> float:
    """``value`` as a number of that type can hold it; halves keep the digits they are written with."""
    if type_ != F32:
        return float(value)
    try:
        return struct.unpack("<f", struct.pack("<f", float(value)))[0]
    except OverflowError:
        return math.copysign(math.inf, value)


def wrapped(value: int, type_: Scalar) -> int | bool:
    """``value`` as an integer of that type, modulo its size."""
    if type_.kind == "bool":
        return bool(value)
    bits = max(type_.bits, 1)
    value &= (1 << bits) - 1
    return value - (1 << bits) if type_.kind == "int" and value >> (bits - 1) else value


def exact(expr: Literal, type_: Scalar) -> bool:
    """Whether a literal may be one of ``type_`` at once: the conversion loses nothing, or rounds as the literal would."""
    if not type_.is_float:
        return False
    if expr.type.is_float:
        return expr.type.bits >= type_.bits or type_.bits == 16
    return abs(expr.value) <= {16: 256, 32: 2**24}.get(type_.bits, 2**53)


__all__ = ["ENUM", "converted", "exact", "retyped", "rounded", "wrapped"]
