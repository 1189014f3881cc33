"""Brain floats for C, which has no such type everywhere: in memory their 16 bits, elsewhere a float that holds the same number.

before     y[i] = a * x[i]                       with bf16 *x, *y and bf16 a
after      y[i] = bits(a * value(x[i]))          with uint16_t *x, *y and float a
before     a = a + b                             with bf16 a and b
after      a = rounded(a + b)                    with float a and b
keeps      every value: an operator on brain floats computes in float and rounds its result to nearest, ties to even
declines   bf16-atomic, bf16-fragment

An array that nobody takes the address of holds floats. ``value``, ``bits`` and ``rounded`` stay calls in the passes, which vectors have
their own words for; ``with_conversions`` gives them their helpers when all else is done.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from dataclasses import replace

from ..ir.build import fresh
from ..ir.nodes import (
    Address,
    Assign,
    Binary,
    Call,
    Cast,
    Constant,
    ConstantDecl,
    Declare,
    Expr,
    Function,
    If,
    InitList,
    Kernel,
    Literal,
    Load,
    Node,
    Param,
    Return,
    Select,
    Stmt,
    Unary,
    Var,
)
from ..ir.retype import retyped
from ..ir.types import BF16, BOOL, F16, F32, F64, U16, U32, VOID, Array, Fragment, Pointer, Scalar, Type, element_of, promote
from ..ir.walk import map_children, names_in, rewrite_body, variables, walk
from .base import Declined

# Names that no author can give: ``value`` of 16 bits, the ``bits`` next to a float or a double, a float ``rounded`` to a brain float.
VALUE, BITS, DOUBLE_BITS, ROUNDED = "bfloat16@value", "bfloat16@bits", "bfloat16@bits_of_double", "bfloat16@rounded"
_NAMES = {VALUE: "bfloat16_value", BITS: "bfloat16_bits", DOUBLE_BITS: "bfloat16_bits_of_double", ROUNDED: "bfloat16_rounded"}
_COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!=", "&&", "||"})


def has_brain_floats(kernel: Kernel) -> bool:
    """Whether a brain float occurs in ``kernel`` or its helpers."""
    types: list[Type] = [p.type for p in (*kernel.params, *(p for f in kernel.functions for p in f.params))]
    types += [n.type for n in walk([*kernel.body, *kernel.functions]) if isinstance(n, Expr | Declare)]
    types += [f.returns for f in kernel.functions]
    return any(element_of(type_) == BF16 for type_ in types)


def without_brain_floats(kernel: Kernel) -> Kernel:
    """``kernel`` with brain floats as 16 bits in memory and floats elsewhere; raises Declined for an atomic update of one."""
    if not has_brain_floats(kernel):
        return kernel
    kernel = retyped(kernel)
    lowering = _Lowering(kernel)
    body = lowering.body(kernel.body)
    used = variables(kernel.body)
    given = tuple(
        Assign(Var(p.name, F32), _rounded(Var(p.name, F32)), comment=f"`{p.name}` has the precision of a brain float.")
        for p in kernel.params
        if p.type == BF16 and p.name in used
    )
    return replace(
        kernel,
        params=tuple(map(lowering.param, kernel.params)),
        body=(*given, *body),
        functions=tuple(map(lowering.function, kernel.functions)),
        constants=tuple(map(lowering.constant, kernel.constants)),
    )


class _Lowering:
    """Rewrites what belongs to one kernel."""

    def __init__(self, kernel: Kernel) -> None:
        self.parameters = {f.name: f.params for f in kernel.functions}
        self.returns: Scalar = VOID
        self.addressed = {
            buffer.name
            for node in walk([*kernel.body, *kernel.functions])
            for buffer in ([node.buffer] if isinstance(node, Address) else node.arguments if isinstance(node, Call) else ())
            if isinstance(buffer, Var)
        }

    # ---- declarations

    def param(self, param: Param) -> Param:
        return replace(param, type=self.type(param.type, param.name))

    def function(self, function: Function) -> Function:
        self.returns = function.returns
        returns = F32 if function.returns == BF16 else function.returns
        return replace(function, params=tuple(map(self.param, function.params)), returns=returns, body=self.body(function.body))

    def constant(self, decl: ConstantDecl) -> ConstantDecl:
        if element_of(decl.type) != BF16:
            return decl
        type_ = self.type(decl.type, decl.name)
        if isinstance(decl.value, tuple):
            number: Callable[[float], float | int] = as_bits if element_of(type_) == U16 else nearest
            return replace(decl, type=type_, value=tuple(map(number, decl.value)), text="")
        return replace(decl, type=type_, value=nearest(decl.value), text="")

    def type(self, type_: Type, name: str) -> Type:
        """What stands for ``type_`` in the declaration of ``name``."""
        match type_:
            case Scalar():
                return F32 if type_ == BF16 else type_
            case Pointer(element=element) if element == BF16:
                return replace(type_, element=U16)
            case Fragment(element=element) if element == BF16:
                raise Declined("bf16-fragment", f"`{name}` is a fragment of 16-bit brain floats, which C has no word for")
            case Array(element=element) if element == BF16:
                return replace(type_, element=U16 if name in self.addressed else F32)
        return type_

    # ---- statements

    def body(self, body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        return tuple(self.node(stmt) for stmt in body)  # type: ignore[misc]

    def node(self, node: Node) -> Node:
        match node:
            case Declare():
                return self.declare(node)
            case Assign():
                return self.assign(node)
            case Return(value=value) if value is not None:
                return replace(node, value=self.converted(value, self.returns))
            case Expr():
                return self.expr(node)
        return map_children(node, self.node)

    def declare(self, stmt: Declare) -> Declare:
        type_, value = self.type(stmt.type, stmt.name), stmt.value
        if isinstance(value, InitList) and element_of(stmt.type) == BF16:
            return replace(stmt, type=type_, value=self.listed(value, element_of(type_)))
        made = None if value is None else self.converted(value, element_of(stmt.type))
        if isinstance(type_, Array):
            shape = tuple(self.node(e) if isinstance(e, Expr) else e for e in type_.shape)
            type_ = replace(type_, shape=shape)
        return replace(stmt, type=type_, value=made)

    def listed(self, values: InitList, cell: Scalar) -> InitList:
        items = tuple(self.listed(e, cell) if isinstance(e, InitList) else self.stored(e, cell) for e in values.elements)
        return replace(values, elements=items, type=cell)

    def assign(self, stmt: Assign) -> Assign:
        target, value = stmt.target, stmt.value
        left, right = element_of(target.type), element_of(value.type)
        if stmt.op and BF16 in (left, promote(left, right)):
            value = Binary(stmt.op, target, value, promote(left, right), span=value.span)
            stmt = replace(stmt, op="")
        if left != BF16:
            return replace(stmt, target=self.place(target), value=self.converted(value, left))
        place = self.place(target)
        return replace(stmt, target=place, value=self.stored(value, element_of(place.type)))

    def place(self, target: Expr) -> Expr:
        """What is assigned to: the cell itself, not the number in it."""
        if isinstance(target, Load):
            buffer = self.buffer(target.buffer)
            return replace(target, buffer=buffer, index=tuple(map(self.expr, target.index)), type=element_of(buffer.type))
        return self.expr(target)

    def buffer(self, buffer: Var) -> Var:
        return replace(buffer, type=self.type(buffer.type, buffer.name))

    def stored(self, value: Expr, cell: Scalar) -> Expr:
        """A brain float as a cell keeps it."""
        number = self.converted(value, BF16)
        return _bits(number) if cell == U16 else number

    # ---- expressions

    def converted(self, expr: Expr, type_: Scalar) -> Expr:
        """``expr`` as a number of ``type_``; brain floats are rounded to, other conversions are as C does them."""
        own, made = element_of(expr.type), self.expr(expr)
        if type_ == BF16 and own != BF16:
            return _nearest_to(made, own)
        return Cast(made, type_) if type_ == F16 and own == BF16 else made

    def expr(self, expr: Expr) -> Expr:
        """``expr`` with a float wherever it has a brain float."""
        short = element_of(expr.type) == BF16
        match expr:
            case Literal(value=value, text=text) if text == "sizeof(bf16)":
                return replace(expr, text="sizeof(u16)")
            case Literal(value=value) if short:
                return _literal(value)
            case Constant(name=name, value=value, type=type_):
                named = replace(expr, name=name.replace("sizeof(bf16)", "sizeof(u16)"))
                return replace(named, value=nearest(value), type=F32) if type_ == BF16 else named
            case Var():
                return self.buffer(expr)
            case Load():
                cell = self.place(expr)
                return Call(VALUE, (cell,), F32) if short and cell.type == U16 else cell
            case Address(view=view):
                buffer, index = self.buffer(expr.buffer), tuple(map(self.expr, expr.index))
                return replace(expr, buffer=buffer, index=index, type=buffer.type, view=U16 if view == BF16 else view)
            case Binary():
                return self.binary(expr)
            case Unary(operand=operand) if short:
                return replace(expr, operand=self.converted(operand, BF16), type=F32)
            case Select(condition=condition, then=then, otherwise=otherwise):
                first, second = (self.converted(branch, expr.type) for branch in (then, otherwise))
                type_ = F32 if short else expr.type
                return replace(expr, condition=self.expr(condition), then=first, otherwise=second, type=type_)
            case Cast(operand=operand) if short:
                return self.converted(operand, BF16)
            case Cast(operand=operand, type=type_):
                made = self.expr(operand)
                return made if type_ == F32 and element_of(operand.type) == BF16 else replace(expr, operand=made)
            case Call():
                return self.call(expr)
        return map_children(expr, self.node)  # type: ignore[return-value]

    def binary(self, expr: Binary) -> Expr:
        left, right = element_of(expr.left.type), element_of(expr.right.type)
        if expr.op in _COMPARISONS:
            return replace(expr, left=self.expr(expr.left), right=self.expr(expr.right))
        common = promote(left, right) if BF16 in (left, right) else expr.type
        made = replace(expr, left=self.converted(expr.left, common), right=self.converted(expr.right, common))
        return _rounded(replace(made, type=F32)) if common == BF16 else made

    def call(self, call: Call) -> Expr:
        first = call.arguments[0] if call.arguments else None
        if "atomic" in call.name and first is not None and element_of(first.type) == BF16:
            raise Declined("bf16-atomic", "iterations meet in an atomic update of a 16-bit brain float", at=call.span)
        if call.name in ("__bfloat16_as_ushort", "__bfloat16_as_short"):
            word = _bits(self.expr(call.arguments[0]))
            return word if call.type == U16 else Cast(word, call.type)
        if call.name in ("__ushort_as_bfloat16", "__short_as_bfloat16"):
            word = self.expr(call.arguments[0])
            return Call(VALUE, (word if element_of(word.type) == U16 else Cast(word, U16),), F32)
        types: tuple[Scalar | None, ...] = (None,) * len(call.arguments)
        if call.name in self.parameters:
            types = tuple(p.type if isinstance(p.type, Scalar) else None for p in self.parameters[call.name])
        made = tuple(self.expr(a) if t is None else self.converted(a, t) for a, t in zip(call.arguments, types, strict=True))
        if call.type != BF16:
            return replace(call, arguments=made)
        result = replace(call, arguments=made, type=F32)
        return result if call.name in self.parameters else _rounded(result)


# ---- numbers


def as_bits(value: float) -> int:
    """The 16 bits of the brain float next to ``value``, ties to even."""
    if math.isnan(value):
        return 0x7FC0
    try:
        single = struct.unpack("<f", struct.pack("<f", value))[0]
    except OverflowError:
        single = math.copysign(math.inf, value)
    (word,) = struct.unpack("<I", struct.pack("<f", single))
    if single != value:  # to odd, so that rounding a second time does no harm
        word = word + (1 if (single < value) == (word >> 31 == 0) else -1) if not word & 1 else word
    return ((word + 0x7FFF + (word >> 16 & 1)) >> 16) & 0xFFFF


def nearest(value: float) -> float:
    """The brain float next to ``value``."""
    return struct.unpack("<f", struct.pack("<I", as_bits(value) << 16))[0]


def _literal(value: float) -> Literal:
    return Literal(nearest(value), F32)


def _rounded(number: Expr) -> Expr:
    return Call(ROUNDED, (number,), F32)


def _bits(number: Expr) -> Expr:
    """The bits of a float that becomes a brain float."""
    match number:
        case Call(name=name, arguments=(bits,)) if name == VALUE:
            return bits
        case Call(name=name, arguments=(exact,)) if name == ROUNDED:
            return Call(BITS, (exact,), U16)
    return Call(BITS, (number,), U16)


def _nearest_to(number: Expr, type_: Scalar) -> Expr:
    """A number of ``type_``, as C has it, rounded to a brain float."""
    if isinstance(number, Literal):
        return _literal(float(number.value))
    if type_ == F32:
        return _rounded(number)
    if type_ == F16 or type_.is_integer and type_.bits < 32:  # each is a float
        return _rounded(Cast(number, F32))
    wide = number if type_ == F64 else Cast(number, F64)
    return Call(VALUE, (Call(DOUBLE_BITS, (wide,), U16),), F32)


# ---- helpers


def with_conversions(kernel: Kernel) -> Kernel:
    """``kernel`` with a helper for each conversion to and from the bits of brain floats that it calls."""
    bodies = (kernel.body, *(f.body for f in kernel.functions))
    called = {n.name for body in bodies for n in walk(body) if isinstance(n, Call) and n.name in _NAMES}
    called |= {BITS} if called & {DOUBLE_BITS, ROUNDED} else set()
    called |= {VALUE} if ROUNDED in called else set()
    if not called:
        return kernel
    taken = names_in(kernel)
    names = {name: fresh(base, taken) for name, base in _NAMES.items() if name in called}

    def visit(node: Node) -> Node:
        return replace(node, name=names[node.name]) if isinstance(node, Call) and node.name in names else node

    makers = {VALUE: _value_helper, BITS: _bits_helper, DOUBLE_BITS: _double_helper, ROUNDED: _rounding_helper}
    helpers = tuple(makers[name](made) for name, made in names.items())
    functions = tuple(replace(f, body=rewrite_body(f.body, visit)) for f in (*helpers, *kernel.functions))
    return replace(kernel, body=rewrite_body(kernel.body, visit), functions=functions)


def _number(value: int) -> Literal:
    return Literal(value, U32, text=f"{value:#x}u" if value > 16 else "")


def _value_helper(name: str) -> Function:
    word = Binary("<<", Cast(Var("bits", U16), U32), Literal(16), U32)
    value = Call("__uint_as_float", (word,), F32)
    return Function(name, (Param("bits", U16),), F32, (Return(value),), comment="The brain float with these bits.")


def _bits_helper(name: str) -> Function:
    bits = Var("bits", U32)
    upper = Binary(">>", bits, Literal(16), U32)
    nan = Binary(">", Binary("&", bits, _number(0x7FFFFFFF), U32), _number(0x7F800000), U32)
    half = Binary("+", Binary("+", bits, _number(0x7FFF), U32), Binary("&", upper, _number(1), U32), U32)
    body = (
        Declare("bits", U32, Call("__float_as_uint", (Var("x", F32),), U32)),
        If(nan, (Return(Cast(Binary("|", upper, _number(0x40), U32), U16)),)),
        Return(Cast(Binary(">>", half, Literal(16), U32), U16)),
    )
    comment = "The bits of the brain float next to `x`, ties to even; NaN stays NaN."
    return Function(name, (Param("x", F32),), U16, body, comment=comment)


def _rounding_helper(name: str) -> Function:
    value = Call(VALUE, (Call(BITS, (Var("x", F32),), U16),), F32)
    return Function(name, (Param("x", F32),), F32, (Return(value),), comment="The brain float next to `x`.")


def _double_helper(name: str) -> Function:
    """To odd in float first, so that the second rounding does no harm."""
    x, single, bits = Var("x", F64), Var("single", F32), Var("bits", U32)
    even = Binary("==", Binary("&", bits, _number(1), U32), _number(0), BOOL)
    inexact = Binary("&&", Binary("&&", Binary("!=", single, x, BOOL), Binary("==", x, x, BOOL), BOOL), even, BOOL)
    below = Binary("<", Call("fabs", (Cast(single, F64),), F64), Call("fabs", (x,), F64), BOOL)
    odd = Select(below, Binary("+", bits, _number(1), U32), Binary("-", bits, _number(1), U32), U32)
    body = (
        Declare("single", F32, Cast(x, F32)),
        Declare("bits", U32, Call("__float_as_uint", (single,), U32)),
        If(inexact, (Assign(bits, odd),)),
        Return(Call(BITS, (Call("__uint_as_float", (bits,), F32),), U16)),
    )
    comment = "The bits of the brain float next to `x`; in float an odd last digit says that digits were cut off."
    return Function(name, (Param("x", F64),), U16, body, comment=comment)


__all__ = ["BITS", "DOUBLE_BITS", "ROUNDED", "VALUE", "has_brain_floats", "with_conversions", "without_brain_floats"]
