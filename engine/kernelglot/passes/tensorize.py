"""Tensorize, for machines whose vector operands lie in memory: one assignment done by all lanes becomes intrinsic calls.

before     for i in 0..count: y[i] = x[i] * s + b[i]
after      __bang_mul_scalar(y, x, s, count); __bang_add(y, y, b, count)
keeps      each lane's operations and their order; ``exp``, ``log``, ``tanh`` and ``pow`` are written with base-2 intrinsics
declines   no-intrinsic: an operation, a type or a conversion the architecture has no vector form of
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from ..ir.build import binary, cast, integer, is_value, sub, value_of
from ..ir.nodes import Assign, Binary, Call, Cast, Expr, Literal, Load, Select, Stmt, Unary, Var
from ..ir.types import BOOL, F32, I32, U32, Scalar, element_of
from ..ir.walk import variables, walk
from . import patterns
from .base import Declined
from .cache import Lanes, Nram, Vector, bytes_of, call, fetch, is_on_chip, lane_stride, store
from .lane_facts import is_atomic
from .tensorize_types import CHAR, compared, converted, hyperbolic_tangent, lane_by_lane, numbered, view, words

LOG2_E = Literal(1.4426950408889634, F32, text="1.44269504f")
LN_2 = Literal(math.log(2.0), F32, text="0.693147181f")


def _no(what: str) -> Declined:
    return Declined("no-intrinsic", what)


def _number(value: float, type_: Scalar = F32) -> Literal:
    return Literal(value, type_)


@dataclass
class Tensorizer:
    """Compiles the expressions of one assignment; ``out`` receives the statements."""

    lanes: Lanes
    nram: Nram
    architecture: int
    out: list[Stmt]

    # ---- statements

    def assign(self, stmt: Assign) -> None:
        """Appends the vector form of ``stmt``; raises Declined where there is none (``out`` is then to be dropped)."""
        target = stmt.target
        if not isinstance(target, Load):
            raise _no("the target is one number for all lanes")
        step = lane_stride(target, self.lanes)
        if step is None or is_value(step, 0):
            raise _no("the lanes do not write beside each other")
        value = stmt.value if not stmt.op else Binary(stmt.op, target, stmt.value, target.type)
        value = convert(value, target.type)
        if is_on_chip(target.buffer) and is_value(step, 1):
            goal = Vector(target.buffer, tuple(self.lanes.first(self.lanes.known(i)) for i in target.index))
            self.nram.forget(buffer=target.buffer.name)
            self.into(value, goal)
            self.nram.forget(buffer=target.buffer.name)
            return
        vector = self.vector(value)
        if vector.element != target.type:
            raise _no("the types differ")
        if not store(target, vector, self.lanes, self.out):
            raise _no("the lanes do not write at a fixed distance")
        self.nram.release(vector)
        self.nram.forget(buffer=target.buffer.name)

    def into(self, value: Expr, goal: Vector) -> None:
        """Computes ``value`` into ``goal``."""
        if not self.varying(value):
            self.fill(goal, value)
            return
        if isinstance(value, Load):
            vector = fetch(
                value,
                self.lanes,
                self.nram,
                self.out,
                None if is_on_chip(value.buffer) and lane_stride(value, self.lanes) == integer(1) else goal,
            )
            if vector != goal and (vector.buffer, vector.index) != (goal.buffer, goal.index):
                self.out.append(call("__bang_move", goal.address, vector.address, bytes_of(self.lanes.count, goal.element)))
            return
        result = self.vector(value, goal)
        if (result.buffer, result.index) != (goal.buffer, goal.index):
            self.out.append(call("__bang_move", goal.address, result.address, bytes_of(self.lanes.count, goal.element)))
            self.nram.release(result)

    def fill(self, goal: Vector, value: Expr) -> None:
        number = value_of(value.operand if isinstance(value, Cast) else value)
        if number == 0 and math.copysign(1.0, float(number)) > 0 and goal.element.bits <= 32:
            self.out.append(call("__bang_write_zero", goal.address, self.lanes.count))
            return
        element = goal.element
        if element.bits > 32 or element == BOOL:
            raise _no(f"no fill of {element}")
        if isinstance(value, Cast) and isinstance(value.operand, Literal):
            value = value.operand
        if value_of(value) == -(2**31) and element == I32:
            value = Literal(-(2**31), I32, text="(-2147483647 - 1)")
        if isinstance(value, Literal) and element.is_float:
            value = Literal(float(value.value), element, text=value.text if value.type == element and "." in value.text else "")
        self.out.append(call("__bang_write_value", goal.address, self.lanes.count, cast(value, element)))

    # ---- expressions

    def element(self, vector: Vector) -> Load:
        """The lane's own element of ``vector``, for use in an expression."""
        place = binary("+", vector.index[-1], sub(self.lanes.index, self.lanes.start))
        return Load(vector.buffer, (*vector.index[:-1], place), vector.element)

    def varying(self, expr: Expr) -> bool:
        return self.lanes.var in variables(expr) or is_atomic(expr)

    def vector(self, expr: Expr, goal: Vector | None = None) -> Vector:
        """``expr`` of all lanes in NRAM; written to ``goal`` where something is computed and ``goal`` is given."""
        type_ = element_of(expr.type)
        if not self.varying(expr):
            vector = goal or self.nram.temporary("value", type_, self.lanes.width)
            self.fill(vector, expr)
            return vector
        if isinstance(expr, Load):
            if any(isinstance(n, Call) for i in expr.index for n in walk(i)):
                raise _no("an index is computed by a call")
            return fetch(expr, self.lanes, self.nram, self.out)
        if isinstance(expr, Cast):
            return self.conversion(expr, goal)
        if expr == self.lanes.index and type_ in (I32, U32):
            return numbered(self, goal)
        if isinstance(expr, Call) and expr.name == "tanhf":
            return hyperbolic_tangent(self, expr, goal)
        if isinstance(expr, Call) and expr.name == "fabsf":
            return self.emit("__bang_abs", (expr.arguments[0],), F32, goal, least=300)
        found = self.instruction(expr, type_, goal)
        if found is not None:
            return found
        if isinstance(expr, Call) and expr.name in ("fmaxf", "fminf") and self.architecture >= 500:
            return self.extreme(expr, goal)
        if isinstance(expr, Select) and type_ in (F32, I32, U32):
            return self.selection(expr, goal)
        if type_ in (I32, U32) and (whole := words(self, expr, goal)) is not None:
            return whole
        simpler = rewritten(expr, self.varying)
        if simpler is not None:
            return self.vector(simpler, goal)
        one_by_one = lane_by_lane(self, expr, goal)
        if one_by_one is not None:
            return one_by_one
        raise _no(f"no vector instruction for a {type_} {type(expr).__name__.lower()}")

    def instruction(self, expr: Expr, type_: Scalar, goal: Vector | None, result: Scalar | None = None) -> Vector | None:
        """``expr`` by one instruction for ``type_``, its result seen as ``result``; None where there is none."""
        same = {type_, I32, U32} if result is not None else {type_}
        for intrinsic in patterns.table():
            if not intrinsic.exists(type_, self.architecture):
                continue
            bound: dict[str, Expr] = {}
            if patterns.match(intrinsic.tree, expr, self.varying, bound) and set(bound) == set(intrinsic.operands):
                operands = tuple(bound[name] for name in intrinsic.operands)
                if all(not self.varying(o) or element_of(o.type) in same for o in operands):
                    return self.emit(intrinsic.name, operands, type_, goal, in_place=intrinsic.in_place, result=result)
        return None

    def emit(
        self,
        name: str,
        operands: tuple[Expr, ...],
        type_: Scalar,
        goal: Vector | None,
        *,
        least: int = 0,
        in_place: bool = True,
        result: Scalar | None = None,
    ) -> Vector:
        """One call on elements of ``type_``; a temporary operand is overwritten where no ``goal`` is given."""
        if self.architecture < least:
            raise _no(f"{name} needs a later architecture")
        arguments: list[Expr] = []
        vectors: list[Vector] = []
        seen: list[tuple[Expr, Vector]] = []
        for operand in operands:
            if not self.varying(operand):
                fits = element_of(operand.type) == type_ or element_of(operand.type).is_float == type_.is_float and result is None
                arguments.append(operand if fits else cast(operand, type_))
                continue
            vector = next((v for e, v in seen if e == operand), None)
            if vector is None:
                usable = goal if goal is not None and not self.touches(goal, operands) else None
                taken = usable is not None and any((v.buffer, v.index) == (usable.buffer, usable.index) for v in vectors)
                vector = self.vector(operand, usable if not taken and not isinstance(operand, Load) else None)
                seen.append((operand, vector))
            vectors.append(vector)
            arguments.append(view(vector, type_))
        target, made = goal, result or type_
        if target is not None and not in_place and any(v.buffer == target.buffer for v in vectors):
            target = None
        if target is None:
            target = next((v for v in vectors if v.temporary and v.element == made), None) if in_place else None
        if target is None:
            target = self.nram.temporary("value", made, self.lanes.width)
        self.out.append(call(name, view(target, type_), *arguments, self.lanes.count))
        for vector in vectors:
            if vector.buffer != target.buffer:
                self.nram.release(vector)
        return target

    def touches(self, goal: Vector, operands: tuple[Expr, ...]) -> bool:
        """Whether an operand still reads what ``goal`` would overwrite."""
        return any(isinstance(n, Load) and n.buffer.name == goal.buffer.name for o in operands for n in walk(o))

    def extreme(self, expr: Call, goal: Vector | None) -> Vector:
        """The larger or smaller of a vector and a number, which is spread first: the scalar intrinsics treat NaN otherwise."""
        number, other = sorted(expr.arguments, key=self.varying)
        spread, vector = self.nram.temporary("value", F32, self.lanes.width), self.vector(other)
        self.fill(spread, convert(number, F32))
        target = goal or spread
        name = "__bang_maximum" if expr.name == "fmaxf" else "__bang_minimum"
        self.out.append(call(name, target.address, vector.address, spread.address, self.lanes.count))
        for used in (vector, *((spread,) if target is not spread else ())):
            self.nram.release(used)
        return target

    def selection(self, expr: Select, goal: Vector | None) -> Vector:
        """``condition ? a : b`` on the bits, so that neither NaN nor infinity of the side not taken shows: b ^ ((a ^ b) & mask)."""
        mask, made_of = self.mask(expr.condition)
        bits = view(mask, I32)
        if made_of == F32:
            self.out.append(call("__bang_float2int32", bits, mask.address, self.lanes.count, integer(0)))
        self.out.append(call("__bang_mul_scalar", bits, bits, integer(-1), self.lanes.count))
        then, otherwise = self.vector(expr.then), self.vector(expr.otherwise)
        difference = then if then.temporary else self.nram.temporary("value", element_of(expr.type), self.lanes.width)
        size = bytes_of(self.lanes.count, element_of(expr.type))
        target = goal or difference
        bytes_ = {v: view(v, CHAR) for v in (mask, then, otherwise, difference, target)}
        self.out.append(call("__bang_bxor", bytes_[difference], bytes_[then], bytes_[otherwise], size))
        self.out.append(call("__bang_band", bytes_[difference], bytes_[difference], bytes_[mask], size))
        self.out.append(call("__bang_bxor", bytes_[target], bytes_[otherwise], bytes_[difference], size))
        for vector in (mask, otherwise, *((difference,) if target is not difference else ())):
            self.nram.release(vector)
        return target

    def mask(self, condition: Expr) -> tuple[Vector, Scalar]:
        """1 where ``condition`` holds and 0 elsewhere, in the type of what is compared; that type."""
        condition = compared(condition)
        if isinstance(condition, Unary) and condition.op == "!":
            vector, type_ = self.mask(condition.operand)
            self.out.append(call("__bang_not", vector.address, vector.address, self.lanes.count))
            return vector, type_
        if isinstance(condition, Binary) and condition.op in ("&&", "||"):
            return self.combined(condition)
        if not isinstance(condition, Binary) or not self.varying(condition):
            raise _no("a condition that is no comparison")
        type_ = next(element_of(o.type) for o in (condition.left, condition.right) if self.varying(o))
        same = {I32, U32} if type_ in (I32, U32) and condition.op in ("==", "!=") else {type_}
        if type_ not in (F32, I32) and same == {type_}:
            raise _no(f"no mask from {type_}")
        type_ = I32 if type_ == U32 else type_
        condition = replace(condition, **{n: o if element_of(o.type) in same else convert(o, type_) for n, o in _sides(condition)})
        goal = self.nram.temporary("mask", type_, self.lanes.width)
        made = self.instruction(Select(condition, Literal(1, type_), Literal(0, type_), type_), type_, goal, I32 if len(same) > 1 else None)
        if made is None:
            raise _no("no vector comparison")
        return made, type_

    def combined(self, condition: Binary) -> tuple[Vector, Scalar]:
        """The mask of two conditions joined by ``&&`` or ``||``."""
        (left, left_type), (right, right_type) = self.mask(condition.left), self.mask(condition.right)
        if left_type != right_type:
            for vector, type_ in ((left, left_type), (right, right_type)):
                if type_ == F32:
                    self.out.append(call("__bang_float2int32", view(vector, I32), vector.address, self.lanes.count, integer(0)))
            left_type = I32
        name = "__bang_and" if condition.op == "&&" else "__bang_or"
        self.out.append(call(name, view(left, left_type), view(left, left_type), view(right, left_type), self.lanes.count))
        self.nram.release(right)
        return left, left_type

    def conversion(self, expr: Cast, goal: Vector | None) -> Vector:
        source = element_of(expr.operand.type)
        if source == expr.type:
            return self.vector(expr.operand, goal)
        found = converted(self, expr, goal)
        if found is None:
            raise _no(f"no vector conversion from {source} to {expr.type}")
        return found


def _sides(condition: Binary) -> tuple[tuple[str, Expr], ...]:
    return ("left", condition.left), ("right", condition.right)


def convert(expr: Expr, type_: Scalar) -> Expr:
    if isinstance(expr, Literal) and type_.is_float and not expr.type.is_float:
        return Literal(float(expr.value), type_)
    return cast(expr, type_)


def _in_float(expr: Expr, varying) -> Expr | None:
    """``expr`` with numbers of other types beside float vectors converted, as C does; None where nothing changes."""
    if isinstance(expr, Binary) and expr.type.is_float:
        left, right = (o if element_of(o.type) == expr.type else convert(o, expr.type) for o in (expr.left, expr.right))
        if left is not expr.left or right is not expr.right:
            return Binary(expr.op, left, right, expr.type)
    return None


def rewritten(expr: Expr, varying) -> Expr | None:
    """The same value in operations that have a vector form; None where none is known."""
    match expr:
        case Call(name="expf", arguments=(x,)):
            return Call("exp2f", (Binary("*", x, LOG2_E, F32),), F32)
        case Call(name="logf", arguments=(x,)):
            return Binary("*", Call("log2f", (x,), F32), LN_2, F32)
        case Call(name="rsqrtf", arguments=(x,)):
            return Binary("/", _number(1.0), Call("sqrtf", (x,), F32), F32)
        case Call(name="fmaf" | "__fmaf_rn", arguments=(a, b, c)):
            return Binary("+", Binary("*", a, b, F32), c, F32)
        case Call(name="powf", arguments=(x, y)) if not varying(y) and value_of(y) == 2:
            return Binary("*", x, x, F32)
        case Call(name="fmaxf" | "fminf", arguments=(a, b)) if varying(a) != varying(b):
            return None
        case Call(name="max" | "min" as name, arguments=(a, b), type=type_) if type_.is_integer:
            a, b = (convert(o, type_) for o in ((a, b) if varying(a) else (b, a)))
            return Select(Binary("<", a, b, BOOL) if name == "max" else Binary("<", b, a, BOOL), b, a, type_)
        case Binary(op="-", left=left, right=right, type=type_) if not varying(left) and type_.is_float:
            return Binary("+", Unary("-", right, type_), left, type_)
        case Binary(op="/", left=left, right=right, type=type_) if not varying(left) and type_ == F32 and value_of(left) != 1:
            return Binary("*", Binary("/", _number(1.0), right, F32), left, F32)
        case Unary(op="-", operand=operand, type=type_) if type_.is_float:
            return Binary("*", operand, Literal(-1.0, type_), type_)
        case Select(condition=Binary(op=">" | ">=", left=left, right=right), then=then, otherwise=otherwise, type=type_) if (
            left == then and type_.is_float and value_of(right) == 0 and value_of(otherwise) == 0
        ):
            return Call("fmaxf", (left, Literal(0.0, type_)), type_)
        case Binary(op="<" | ">" | "<=" | ">=" | "==" | "!=") if expr.type == BOOL:
            return None
    return _in_float(expr, varying)


__all__ = ["Tensorizer", "Var", "convert", "rewritten"]
