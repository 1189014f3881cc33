"""Vectors of other types: conversions between element types, integers as bits, and the scalar loop for a function without an instruction.

Instructions for whole numbers take signed ones; sums, products and bits of unsigned numbers are the same, so those are seen as signed.
A number is cut to fewer bits by copying its low bytes, as C does, because the conversions of integers saturate.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..frontend.names import BINARY_MATH, UNARY_MATH
from ..ir.build import binary, cast, integer, sub, value_of
from ..ir.nodes import Address, Assign, Binary, Call, Cast, Expr, Literal, Load, Select, Unary
from ..ir.types import BF16, BOOL, F16, F32, I8, I16, I32, U8, U16, U32, Scalar, element_of, promote
from .cache import Vector, bytes_of, call, memcpy, size_of

if TYPE_CHECKING:
    from .tensorize import Tensorizer

CHAR = Scalar("char", "int", 8)
WORDS = (I32, U32)
NARROW = (I8, U8, I16, U16)
DIRECT = {  # (from, to) -> (instruction, the first architecture that has it); integers have a scale, a power of two
    (F16, F32): ("__bang_half2float", 0),
    (F32, F16): ("__bang_float2half_rn", 300),
    (BF16, F32): ("__bang_bfloat162float", 500),
    (F32, BF16): ("__bang_float2bfloat16_rn", 500),
    (I32, F32): ("__bang_int322float", 300),
    (U32, F32): ("__bang_uint322float", 300),
    (I16, F32): ("__bang_int162float", 300),
    (I8, F32): ("__bang_int82float", 300),
    (U8, F32): ("__bang_uint82float", 300),
    (F32, I32): ("__bang_float2int32", 300),
    (I16, I32): ("__bang_int162int32", 300),
    (I8, I32): ("__bang_int82int32", 300),
}
BITS = {"&": "__bang_band", "|": "__bang_bor", "^": "__bang_bxor"}
REINTERPRETED = ("__float_as_int", "__float_as_uint", "__int_as_float", "__uint_as_float")
LANE_BY_LANE = frozenset(f"{name}f" for name in UNARY_MATH | BINARY_MATH)


def view(vector: Vector, type_: Scalar) -> Address:
    """The same bytes as elements of another type."""
    return Address(vector.buffer, vector.index, vector.buffer.type, view=type_ if vector.element != type_ else None)


def between(source: Scalar, target: Scalar) -> Scalar | None:
    """The type through which a conversion goes that no instruction does at once, without changing its result; None where none helps."""
    if target in NARROW and source not in WORDS:
        return I32
    if target in WORDS and source not in WORDS:
        return F32 if source in (F16, BF16, U8) else I32 if target == U32 and source != F32 else None
    if source == U16:
        return I32
    return F32 if F32 not in (source, target) and (target.is_float or source.is_float) else None


def converted(t: Tensorizer, expr: Cast, goal: Vector | None) -> Vector | None:
    """``expr`` of all lanes; None where there is no way."""
    source, target = element_of(expr.operand.type), expr.type
    if source == BOOL and isinstance(expr.operand, Load):
        return _truth(t, expr, goal)
    if source == BOOL and target in (F32, I32):
        one, none = (Literal(1.0 if target == F32 else n, target) if n else Literal(0.0 if target == F32 else 0, target) for n in (1, 0))
        return t.vector(Select(expr.operand, one, none, target), goal)
    found = DIRECT.get((source, target))
    if found is not None and t.architecture >= found[1]:
        return _by_instruction(t, expr, found[0], goal)
    if source in WORDS and target in WORDS:
        return _copied(t, t.vector(expr.operand), target, goal)
    if source in WORDS and target in NARROW:
        return _cut(t, t.vector(expr.operand), target, goal)
    if source == U16 and target in WORDS:
        return _widened(t, t.vector(expr.operand), target, goal)
    step = between(source, target)
    if step is None or step in (source, target):
        return None
    return t.vector(Cast(Cast(expr.operand, step), target), goal)


def _by_instruction(t: Tensorizer, expr: Cast, name: str, goal: Vector | None) -> Vector:
    operand = t.vector(expr.operand)
    target = goal or t.nram.temporary("value", expr.type, t.lanes.width)
    scaled = element_of(expr.operand.type).is_integer != expr.type.is_integer
    t.out.append(call(name, target.address, operand.address, t.lanes.count, *((integer(0),) if scaled else ())))
    t.nram.release(operand)
    return target


def _truth(t: Tensorizer, expr: Cast, goal: Vector | None) -> Vector:
    """Stored truth values, which are bytes of 0 and 1, as numbers."""
    if expr.type != F32:
        return t.vector(Cast(Cast(expr.operand, F32), expr.type), goal)
    operand = t.vector(expr.operand)
    target = goal or t.nram.temporary("value", F32, t.lanes.width)
    t.out.append(call("__bang_uint82float", target.address, view(operand, U8), t.lanes.count, integer(0)))
    t.nram.release(operand)
    return target


def _copied(t: Tensorizer, vector: Vector, type_: Scalar, goal: Vector | None) -> Vector:
    target = goal or t.nram.temporary("value", type_, t.lanes.width)
    t.out.append(call("__bang_move", view(target, CHAR), view(vector, CHAR), bytes_of(t.lanes.count, type_)))
    t.nram.release(vector)
    return target


def _cut(t: Tensorizer, vector: Vector, type_: Scalar, goal: Vector | None) -> Vector:
    """The low bytes of each element."""
    target = goal or t.nram.temporary("value", type_, t.lanes.width)
    few, many, last = size_of(type_), size_of(vector.element), sub(t.lanes.count, integer(1))
    t.out.append(memcpy(target.address, vector.address, few, "NRAM2NRAM", few, many, last))
    t.nram.release(vector)
    return target


def _widened(t: Tensorizer, vector: Vector, type_: Scalar, goal: Vector | None) -> Vector:
    """Each element with zeros above its bytes."""
    target = goal or t.nram.temporary("value", type_, t.lanes.width)
    few, many, last = size_of(vector.element), size_of(type_), sub(t.lanes.count, integer(1))
    t.out.append(call("__bang_write_zero", target.address, t.lanes.count))
    t.out.append(memcpy(target.address, vector.address, few, "NRAM2NRAM", many, few, last))
    t.nram.release(vector)
    return target


# ---- integers ------------------------------------------------------------------------------------------------------------------


def words(t: Tensorizer, expr: Expr, goal: Vector | None) -> Vector | None:
    """A 32-bit integer expression by instructions on bits, or on signed numbers; None where there are none."""
    type_ = element_of(expr.type)
    match expr:
        case Binary(op="+" | "-" | "*" | "&" | "|" | "^", left=left, right=right) if any(
            element_of(o.type) not in WORDS and element_of(o.type).is_integer for o in (left, right)
        ):
            return t.vector(Binary(expr.op, cast(left, type_), cast(right, type_), expr.type), goal)
        case Binary(op="+" | "-" | "*") if type_ == U32:
            signed = t.instruction(Binary(expr.op, *map(_signed, (expr.left, expr.right)), I32), I32, goal, U32)
            return signed
        case Binary(op="&" | "|" | "^" as op, left=left, right=right):
            if not t.varying(left):
                left, right = right, left
            left, right = _signed(left), _signed(right)
            if not t.varying(right):
                return t.emit(f"{BITS[op]}_scalar", (left, right), I32, goal, least=300, result=type_)
            return _bitwise(t, BITS[op], (left, right), type_, goal)
        case Unary(op="~", operand=operand):
            return _bitwise(t, "__bang_bnot", (_signed(cast(operand, type_)),), type_, goal)
        case Binary(op="<<" | ">>" as op, left=left, right=right) if isinstance(value_of(right), int) and 0 <= value_of(right) < 32:
            name = "__bang_sll" if op == "<<" else "__bang_srl" if type_ == U32 else "__bang_sra"
            return t.emit(name, (_signed(cast(left, type_)), cast(right, I32)), I32, goal, least=322, result=type_)
    return None


def _signed(expr: Expr) -> Expr:
    """``expr`` as an ``int``; what is an ``unsigned`` is one with the same bits."""
    while isinstance(expr, Cast) and expr.type in WORDS and element_of(expr.operand.type) in WORDS:
        expr = expr.operand
    if isinstance(expr, Literal) and expr.type == U32 and expr.value >= 1 << 31:
        return Literal(expr.value - (1 << 32), I32)
    return expr if element_of(expr.type) in WORDS else cast(expr, I32)


def _bitwise(t: Tensorizer, name: str, operands: tuple[Expr, ...], type_: Scalar, goal: Vector | None) -> Vector:
    """An instruction on bytes."""
    usable = goal if goal is not None and not t.touches(goal, operands) else None
    vectors = [t.vector(o, usable if position == 0 and not isinstance(o, Load) else None) for position, o in enumerate(operands)]
    target = goal or next((v for v in vectors if v.temporary and v.element == type_), None)
    target = target or t.nram.temporary("value", type_, t.lanes.width)
    t.out.append(call(name, view(target, CHAR), *(view(v, CHAR) for v in vectors), bytes_of(t.lanes.count, type_)))
    for vector in vectors:
        if vector.buffer != target.buffer:
            t.nram.release(vector)
    return target


# ---- functions -----------------------------------------------------------------------------------------------------------------


def lane_by_lane(t: Tensorizer, expr: Expr, goal: Vector | None) -> Vector | None:
    """A math function that no instruction computes: one lane after the other, on operands in NRAM."""
    if isinstance(expr, Call) and expr.name in REINTERPRETED:
        return _copied(t, t.vector(expr.arguments[0]), expr.type, goal)
    if not (isinstance(expr, Call) and expr.name in LANE_BY_LANE):
        return None
    vectors = {position: t.vector(cast(a, F32)) for position, a in enumerate(expr.arguments) if t.varying(a)}
    spare = next((v for v in vectors.values() if v.temporary), None)
    target = goal or spare or t.nram.temporary("value", F32, t.lanes.width)
    arguments = tuple(t.element(vectors[p]) if p in vectors else cast(a, F32) for p, a in enumerate(expr.arguments))
    t.out.append(t.lanes.loop((Assign(t.element(target), Call(expr.name, arguments, F32)),)))
    t.nram.gathers += 1
    for vector in vectors.values():
        if vector.buffer != target.buffer:
            t.nram.release(vector)
    return target


def hyperbolic_tangent(t: Tensorizer, expr: Call, goal: Vector | None) -> Vector:
    """``1 - 2 / (exp(2 x) + 1)``, which saturates to 1 and -1 on its own; near 0, where that cancels, the series of five terms."""
    operand = t.vector(cast(expr.arguments[0], F32))
    x = t.element(operand)
    power = Call("exp2f", (Binary("*", x, Literal(2 / math.log(2.0), F32, text="2.88539008f"), F32),), F32)
    far = Binary("+", Binary("/", Literal(-2.0, F32), Binary("+", power, Literal(1.0, F32), F32), F32), Literal(1.0, F32), F32)
    squared = t.vector(Binary("*", x, x, F32))
    square = t.element(squared)
    series: Expr = Literal(62 / 2835, F32, text="0.0218694885f")
    for factor, text in ((-17 / 315, "-0.0539682540f"), (2 / 15, "0.133333333f"), (-1 / 3, "-0.333333333f"), (1.0, "1.0f")):
        series = Binary("+", Binary("*", series, square, F32), Literal(factor, F32, text=text), F32)
    near = Binary("*", series, x, F32)
    small = Binary("<", square, Literal(0.0625, F32), BOOL)
    result = t.vector(Select(small, near, far, F32), goal)
    t.nram.release(operand)
    t.nram.release(squared)
    return result


def numbered(t: Tensorizer, goal: Vector | None) -> Vector:
    """Each lane's own number: written one after the other, once for all that needs it."""
    index = t.lanes.index
    type_ = element_of(index.type)
    key = f"lane numbers:{t.lanes.start!r}:{t.lanes.count!r}"
    if goal is None and key in t.nram.memo:
        return t.nram.memo[key][1]
    target = goal or t.nram.temporary("number", type_, t.lanes.width)
    place = (*target.index[:-1], binary("+", target.index[-1], sub(index, t.lanes.start)))
    t.out.append(t.lanes.loop((Assign(Load(target.buffer, place, type_), index),)))
    t.nram.gathers += 1
    if goal is None:
        target = Vector(target.buffer, target.index)
        t.nram.remember(key, "", target)
    return target


# ---- conditions ----------------------------------------------------------------------------------------------------------------


def compared(condition: Expr) -> Expr:
    """A number taken for a condition as a comparison with 0; both sides of a comparison in a type that instructions compare."""
    type_ = element_of(condition.type)
    if type_ == BOOL and isinstance(condition, Load):
        condition = Binary("!=", cast(condition, F32), Literal(0.0, F32), BOOL)
    elif type_ != BOOL:
        condition = Binary("!=", condition, Literal(0.0 if type_.is_float else 0, type_), BOOL)
    elif not isinstance(condition, Binary | Unary):
        return condition  # a call: no instruction answers it
    if isinstance(condition, Unary) or condition.op not in ("<", "<=", ">", ">=", "==", "!="):
        return condition
    left, right = element_of(condition.left.type), element_of(condition.right.type)
    type_ = promote(left, right)
    if type_ == U32 and condition.op in ("==", "!="):
        return Binary(condition.op, _signed(condition.left), _signed(condition.right), BOOL)
    if type_ in (F16, BF16):
        type_ = F32
    return condition if type_ == left == right else Binary(condition.op, cast(condition.left, type_), cast(condition.right, type_), BOOL)


__all__ = ["CHAR", "DIRECT", "compared", "converted", "hyperbolic_tangent", "lane_by_lane", "numbered", "view", "words"]
