"""Expressions of one loop iteration as values of sixteen iterations at once.

A value is *uniform* (the same in all lanes), *linear* (an integer that grows by ``step`` from lane to lane and is kept as the scalar of
lane 0), a vector of floats or 32-bit integers, or a mask. What lanes outside the mask hold is never looked at; memory is read and written
only in the lanes of the mask.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..ir.affine import poly, stride
from ..ir.build import COMPARISONS, add, binary, fresh, integer, is_value, mul, value_of
from ..ir.nodes import Address, Binary, Call, Cast, Constant, Declare, Expr, Literal, Load, Node, Select, Stmt, Unary, Var
from ..ir.types import BOOL, F16, F32, I8, I16, I32, U8, U16, U32, Array, Scalar, element_of, promote
from ..ir.walk import rewrite, walk
from .base import Declined
from .brain_floats import BITS, DOUBLE_BITS, ROUNDED, VALUE
from .vectorize_helpers import FLOATS, INTS, LANE, LANES, MASK, Helpers, call

FLOAT_OPERATIONS = {"+": "_mm512_add_ps", "-": "_mm512_sub_ps", "*": "_mm512_mul_ps", "/": "_mm512_div_ps"}
INT_OPERATIONS = {
    "+": "_mm512_add_epi32",
    "-": "_mm512_sub_epi32",
    "*": "_mm512_mullo_epi32",
    "&": "_mm512_and_epi32",
    "|": "_mm512_or_epi32",
    "^": "_mm512_xor_epi32",
}
FLOAT_PREDICATES = {"<": "_CMP_LT_OQ", "<=": "_CMP_LE_OQ", ">": "_CMP_GT_OQ", ">=": "_CMP_GE_OQ", "==": "_CMP_EQ_OQ", "!=": "_CMP_NEQ_UQ"}
INT_PREDICATES = {"<": "cmplt", "<=": "cmple", ">": "cmpgt", ">=": "cmpge", "==": "cmpeq", "!=": "cmpneq"}
DIRECT = {"sqrtf": "_mm512_sqrt_ps", "fabsf": "_mm512_abs_ps", "floorf": "_mm512_floor_ps", "ceilf": "_mm512_ceil_ps"}
ROUNDINGS = {"rintf": "_MM_FROUND_CUR_DIRECTION", "nearbyintf": "_MM_FROUND_CUR_DIRECTION", "truncf": "_MM_FROUND_TO_ZERO"}
LIBRARY = frozenset(
    "expf exp2f exp10f expm1f logf log2f log10f log1pf sinf cosf tanf asinf acosf atanf sinhf coshf tanhf erff erfcf cbrtf powf atan2f "
    "fmodf hypotf roundf copysignf lgammaf tgammaf asinhf acoshf atanhf fdimf remainderf nextafterf logbf".split()
)
NARROW = {I8: ("i8", True), U8: ("u8", False), I16: ("i16", True), U16: ("u16", False)}


REINTERPRETED = ("__float_as_int", "__float_as_uint", "__int_as_float", "__uint_as_float")  # the same bits in a register


@dataclass(frozen=True, slots=True)
class Value:
    """``kind``: uniform, linear, float, int or mask. ``type`` is the scalar type an iteration computes with; ``step`` of linear ones."""

    kind: str
    expr: Expr
    type: Scalar
    step: Expr | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """The lanes that run: ``mask`` (None: all sixteen). ``some``: at least one does; ``first``: lane 0 does."""

    mask: Expr | None
    some: bool = True
    first: bool = True


def no(code: str, reason: str, node: Node | None = None) -> Declined:
    return Declined(code, reason, at=node.span if node is not None else None)


class Values:
    """Translates expressions. ``varying`` names differ between lanes; those in ``env`` are linear in the loop variable ``var``."""

    def __init__(self, var: Var, aligned: bool, helpers: Helpers, taken: set[str]) -> None:
        self.var, self.aligned, self.helpers, self.taken = var, aligned, helpers, taken
        self.varying: set[str] = {var.name}
        self.env: dict[str, Expr] = {}
        self.vectors: dict[str, Scalar] = {}  # names that are vectors or masks -> element type
        self.arrays: set[str] = set()  # arrays with one vector for each element
        self.before: list[Stmt] = []  # statements that the current one needs in front of it

    # ---- which kind

    def varies(self, expr: Expr) -> bool:
        return any(isinstance(n, Var) and n.name in self.varying for n in walk(expr))

    def step(self, expr: Expr) -> Expr | None:
        """How far an integer moves from lane to lane; None where it is no line."""
        if any(isinstance(n, Var) and n.name in self.vectors for n in walk(expr)):
            return None
        return stride(rewrite(expr, self._quotient), self.var.name, self.env)  # type: ignore[arg-type]

    def _quotient(self, node: Node) -> Node:
        """``/ 32`` and ``% 32`` of a strip that starts at a multiple of 16: the first does not vary, the second moves with the lane."""
        if not (self.aligned and isinstance(node, Binary) and node.op in "/%&" and node.type.is_integer):
            return node
        divisor = value_of(node.right)
        if not isinstance(divisor, int) or isinstance(divisor, bool):
            return node
        if node.op == "&":
            divisor += 1
            if divisor & (divisor - 1):
                return node
        if divisor <= 0 or divisor % LANES:
            return node
        terms = dict(poly(node.left, self.env))
        if terms.pop((next((a for m in terms for a in m if isinstance(a, Var) and a.name == self.var.name), self.var),), 0) != 1:
            return node
        if any(c % LANES for c in terms.values()) or any(
            isinstance(v, Var) and v.name in self.varying for m in terms for a in m for v in walk(a)
        ):
            return node
        return Var("quotient@") if node.op == "/" else self.var

    def safe(self, expr: Expr, context: Context) -> bool:
        """Whether a scalar may be computed although perhaps no lane asks for it."""
        return context.some or not any(isinstance(n, Load) and not all(value_of(i) is not None for i in n.index) for n in walk(expr))

    def value(self, expr: Expr, context: Context) -> Value:
        type_ = element_of(expr.type)
        if self.safe(expr, context):
            if not self.varies(expr):
                return Value("uniform", expr, type_)
            if type_.is_integer and type_ != BOOL and type_.bits >= 32 and not isinstance(expr, Select):
                step = self.step(expr)
                if step is not None:
                    return Value("uniform", expr, type_) if is_value(step, 0) else Value("linear", expr, type_, step)
        match expr:
            case Literal() | Constant():
                return Value("uniform", expr, type_)
            case Var(name=name):
                if name not in self.vectors:
                    raise no("vector-name", f"`{name}` differs between iterations in a way no vector holds", expr)
                element = self.vectors[name]
                return Value("mask" if element == BOOL else "float" if element.is_float else "int", Var(name, _register(element)), element)
            case Load():
                return self.load(expr, context)
            case Binary():
                return self.binary(expr, context)
            case Unary():
                return self.unary(expr, context)
            case Select():
                return self.select(expr, context)
            case Cast():
                return self.cast(expr, context)
            case Call():
                return self.call(expr, context)
        raise no("vector-expression", f"no vector form of {type(expr).__name__}", expr)

    # ---- registers

    def floats(self, value: Value) -> Expr:
        if value.kind == "float":
            return value.expr
        if value.kind == "uniform":
            if isinstance(value.expr, Literal) and value.expr.value == 0 and not str(value.expr.value).startswith("-"):
                return call("_mm512_setzero_ps")
            if value.type.bits > 32 and value.type.is_float:
                raise no("double", "64-bit floats are not put into vectors", value.expr)
            return call("_mm512_set1_ps", value.expr)
        if value.kind == "mask":
            return call("_mm512_maskz_mov_ps", value.expr, call("_mm512_set1_ps", Literal(1.0, F32, text="1.0f")))
        if value.type.bits > 32:
            raise no("wide-integer", "64-bit integers are not put into vectors", value.expr)
        return call("_mm512_cvtepu32_ps" if value.type == U32 else "_mm512_cvtepi32_ps", self.ints(value))

    def ints(self, value: Value, index: bool = False) -> Expr:
        """The value as sixteen 32-bit integers; ``index``: a wide integer that is an index fits."""
        if value.kind == "int":
            return value.expr
        if value.kind == "mask":
            return call("_mm512_maskz_set1_epi32", value.expr, integer(1), type_=INTS)
        if value.kind == "float":
            raise no("vector-expression", "a float where an integer is needed", value.expr)
        if value.type.bits > 32 and not index:
            raise no("wide-integer", "64-bit integers are not put into vectors", value.expr)
        if value.kind == "uniform":
            if is_value(value.expr, 0):
                return call("_mm512_setzero_si512", type_=INTS)
            return call("_mm512_set1_epi32", value.expr, type_=INTS)
        assert value.step is not None
        lanes = self.lanes(value.step)
        return (
            lanes
            if is_value(value.expr, 0)
            else call("_mm512_add_epi32", call("_mm512_set1_epi32", value.expr, type_=INTS), lanes, type_=INTS)
        )

    def lanes(self, step: Expr) -> Expr:
        self.helpers.uses_lane_index = True
        return LANE if is_value(step, 1) else call("_mm512_mullo_epi32", LANE, call("_mm512_set1_epi32", step, type_=INTS), type_=INTS)

    def mask(self, value: Value) -> Expr:
        if value.kind == "mask":
            return value.expr
        if value.kind == "uniform":
            if isinstance(value.expr, Literal):
                return Literal(0xFFFF if value.expr.value else 0, I32, text="0xffff" if value.expr.value else "0")
            return Select(value.expr, Literal(0xFFFF, I32, text="0xffff"), integer(0), MASK)
        if value.kind == "float":
            return call("_mm512_cmp_ps_mask", value.expr, call("_mm512_setzero_ps"), Var("_CMP_NEQ_UQ"), type_=MASK)
        return call("_mm512_cmpneq_epi32_mask", self.ints(value), call("_mm512_setzero_si512", type_=INTS), type_=MASK)

    def register(self, value: Value, element: Scalar) -> Expr:
        """The value in the register that a variable of ``element`` type lives in."""
        if element == BOOL:
            return self.mask(value)
        if element.is_float:
            return self.floats(value)
        return self._as_int(value)

    def _as_int(self, value: Value) -> Expr:
        if value.kind == "float":
            return call("_mm512_cvttps_epi32", value.expr, type_=INTS)
        return self.ints(value)

    def named_mask(self, expr: Expr, base: str) -> Expr:
        """``expr`` under a name, so that it is computed once."""
        if isinstance(expr, Var):
            return expr
        name = fresh(base, self.taken)
        self.before.append(Declare(name, MASK, expr, const=True))
        return Var(name, MASK)

    def narrowed(self, context: Context, condition: Expr, base: str = "picked") -> Context:
        return Context(self.named_mask(both_masks(context.mask, condition), base), some=False, first=False)

    # ---- operators

    def binary(self, expr: Binary, context: Context) -> Value:
        if expr.op in ("&&", "||"):
            return self._logical(expr, context)
        left, right = self.value(expr.left, context), self.value(expr.right, context)
        common = promote(left.type, right.type)
        if expr.op in COMPARISONS:
            return Value("mask", self._compare(expr.op, left, right, common), BOOL)
        if "mask" in (left.kind, right.kind) and expr.op in "&|^" and expr.type == BOOL:
            return Value("mask", Binary(expr.op, self.mask(left), self.mask(right), MASK), BOOL)
        if common.is_float:
            if common == F16:  # a float holds the exact sum, product or enough of the quotient: rounding twice is rounding once
                return self.as_half(call(FLOAT_OPERATIONS[expr.op], self.floats(left), self.floats(right)))
            if common != F32:
                raise no("float-type", f"arithmetic in {common} is not put into vectors", expr)
            return Value("float", self._arithmetic(expr, left, right, context), F32)
        if common.bits > 32:
            raise no("wide-integer", "64-bit integers are not put into vectors", expr)
        if expr.op in INT_OPERATIONS:
            return Value("int", call(INT_OPERATIONS[expr.op], self.ints(left), self.ints(right), type_=INTS), common)
        if expr.op in ("<<", ">>"):
            name = "_mm512_sllv_epi32" if expr.op == "<<" else "_mm512_srlv_epi32" if left.type == U32 else "_mm512_srav_epi32"
            return Value("int", call(name, self.ints(left), self.ints(right), type_=INTS), expr.type)
        if expr.op in "/%":
            return Value("int", self._divide(expr.op, left, right, common, context), common)
        raise no("vector-expression", f"no vector form of `{expr.op}`", expr)

    def _divide(self, op: str, left: Value, right: Value, common: Scalar, context: Context) -> Expr:
        number = value_of(right.expr) if right.kind == "uniform" else None
        if common == U32 and isinstance(number, int) and number > 0 and number & (number - 1) == 0:
            if op == "%":
                return call("_mm512_and_epi32", self.ints(left), call("_mm512_set1_epi32", integer(number - 1), type_=INTS), type_=INTS)
            return call("_mm512_srli_epi32", self.ints(left), integer(number.bit_length() - 1), type_=INTS)
        return self.helpers.divide(op, self.ints(left), self.ints(right), context.mask, common == U32)

    def _arithmetic(self, expr: Binary, left: Value, right: Value, context: Context) -> Expr:
        if expr.op in "+-" and self.helpers.fused:
            for product, other in ((left, right), (right, left)):
                inner = product.expr
                if product.kind == "float" and isinstance(inner, Call) and inner.name == "_mm512_mul_ps" and expr.op == "+":
                    return call("_mm512_fmadd_ps", *inner.arguments, self.floats(other))
        return call(FLOAT_OPERATIONS[expr.op], self.floats(left), self.floats(right))

    def _compare(self, op: str, left: Value, right: Value, common: Scalar) -> Expr:
        if common.is_float:
            if common not in (F32, F16):
                raise no("float-type", f"comparisons in {common} are not put into vectors", left.expr)
            return call("_mm512_cmp_ps_mask", self.floats(left), self.floats(right), Var(FLOAT_PREDICATES[op]), type_=MASK)
        if common.bits > 32:
            if op == "<" and left.kind == "linear" and right.kind == "uniform" and is_value(left.step, 1):  # type: ignore[arg-type]
                rest = binary("-", right.expr, left.expr)
                return Select(Binary("<", left.expr, right.expr, BOOL), self.helpers.first_lanes(rest), integer(0), MASK)
            raise no("wide-integer", "64-bit integers are not put into vectors", left.expr)
        suffix = "epu32" if common == U32 else "epi32"
        return call(f"_mm512_{INT_PREDICATES[op]}_{suffix}_mask", self.ints(left), self.ints(right), type_=MASK)

    def _logical(self, expr: Binary, context: Context) -> Value:
        left = self.mask(self.value(expr.left, context))
        if any(isinstance(n, Load | Call) or isinstance(n, Binary) and n.op in "/%" for n in walk(expr.right)):
            inner = self.narrowed(context, left if expr.op == "&&" else _not(left))
            right = self.mask(self.value(expr.right, inner))
        else:
            right = self.mask(self.value(expr.right, context))
        return Value("mask", Binary("&" if expr.op == "&&" else "|", left, right, MASK), BOOL)

    def unary(self, expr: Unary, context: Context) -> Value:
        operand = self.value(expr.operand, context)
        if expr.op == "!":
            return Value("mask", _not(self.mask(operand)), BOOL)
        if expr.op == "-" and element_of(expr.type).is_float:
            if operand.type != F32:
                raise no("float-type", f"arithmetic in {operand.type} is not put into vectors", expr)
            sign = call("_mm512_set1_ps", Literal(-0.0, F32, text="-0.0f"))
            return Value("float", call("_mm512_xor_ps", self.floats(operand), sign), F32)
        if expr.op == "-":
            return Value(
                "int",
                call("_mm512_sub_epi32", call("_mm512_setzero_si512", type_=INTS), self.ints(operand), type_=INTS),
                element_of(expr.type),
            )
        ones = call("_mm512_set1_epi32", integer(-1), type_=INTS)
        return Value("int", call("_mm512_xor_epi32", self.ints(operand), ones, type_=INTS), element_of(expr.type))

    def select(self, expr: Select, context: Context) -> Value:
        condition = self.value(expr.condition, context)
        type_ = element_of(expr.type)
        if type_ == F32 and isinstance(expr.condition, Binary) and expr.condition.op in "<>" and condition.kind == "mask":
            if (expr.condition.left, expr.condition.right) == (expr.then, expr.otherwise):
                name = "_mm512_max_ps" if expr.condition.op == ">" else "_mm512_min_ps"  # exactly `a > b ? a : b`, NaN included
                operands = (self.value(expr.then, context), self.value(expr.otherwise, context))
                return Value("float", call(name, *(self.floats(o) for o in operands)), F32)
        if condition.kind == "uniform":
            then, otherwise = self.value(expr.then, context), self.value(expr.otherwise, context)
            registers = [self.register(v, type_) for v in (then, otherwise)]
            return Value(_kind(type_), Select(condition.expr, registers[0], registers[1], _register(type_)), type_)
        mask = self.mask(condition)
        reads = any(
            isinstance(n, Load) or isinstance(n, Binary) and n.op in "/%" and n.type.is_integer for n in walk((expr.then, expr.otherwise))
        )
        if reads:
            mask = self.named_mask(mask, "picked")
        then = self.value(
            expr.then,
            self.narrowed(context, mask) if reads and context.mask is not None else Context(mask, False, False) if reads else context,
        )
        inverse = (
            self.narrowed(context, _not(mask), "others") if reads and any(isinstance(n, Load) for n in walk(expr.otherwise)) else context
        )
        otherwise = self.value(expr.otherwise, inverse)
        first, second = self.register(then, type_), self.register(otherwise, type_)
        if type_ == BOOL:
            return Value("mask", Binary("|", Binary("&", mask, first, MASK), Binary("&", _not(mask), second, MASK), MASK), BOOL)
        suffix = "ps" if type_.is_float else "epi32"
        register = _register(type_)
        if isinstance(second, Call) and second.name in ("_mm512_setzero_ps", "_mm512_setzero_si512"):
            return Value(_kind(type_), call(f"_mm512_maskz_mov_{suffix}", mask, first, type_=register), type_)
        return Value(_kind(type_), call(f"_mm512_mask_blend_{suffix}", mask, second, first, type_=register), type_)

    @staticmethod
    def as_half(floats: Expr) -> Value:
        """Floats rounded to the nearest halves, as floats."""
        half = call("_mm512_cvtps_ph", floats, Var("_MM_FROUND_TO_NEAREST_INT"), type_=Scalar("__m256i", "vector", 256))
        return Value("float", call("_mm512_cvtph_ps", half), F16)

    def cast(self, expr: Cast, context: Context) -> Value:
        operand, target = self.value(expr.operand, context), expr.type
        if operand.kind == "linear" and target.is_integer and target.bits > 32:
            return Value("linear", expr, target, operand.step)
        if target == F32:
            return Value("float", self.floats(operand), F32)
        if target == F16:
            return self.as_half(self.floats(operand))
        if target == BOOL:
            return Value("mask", self.mask(operand), BOOL)
        if target in (I32, U32):
            if operand.kind == "float":
                match operand.expr:
                    case Call(name="_mm512_roundscale_ps", arguments=(exact, Var("_MM_FROUND_CUR_DIRECTION"))) if target == I32:
                        return Value("int", call("_mm512_cvtps_epi32", exact, type_=INTS), I32)
                name = "_mm512_cvttps_epu32" if target == U32 else "_mm512_cvttps_epi32"
                return Value("int", call(name, operand.expr, type_=INTS), target)
            return Value("int", self.ints(operand), target)
        raise no("vector-cast", f"no vector conversion to {target}", expr)

    def call(self, expr: Call, context: Context) -> Value:
        name = expr.name
        if name in REINTERPRETED:
            (operand,) = (self.value(a, context) for a in expr.arguments)
            if expr.type.is_float:
                return Value("float", call("_mm512_castsi512_ps", self.ints(operand)), F32)
            return Value("int", call("_mm512_castps_si512", self.floats(operand), type_=INTS), expr.type)
        if name == DOUBLE_BITS:
            raise no("double", "64-bit floats are not put into vectors", expr)
        if name in (VALUE, BITS, ROUNDED):
            return self._brain_float(name, self.value(expr.arguments[0], context))
        if name not in {*DIRECT, *ROUNDINGS, *LIBRARY, "fmaxf", "fminf", "fmaf", "abs"}:
            raise no("vector-call", f"no vector form of `{name}`", expr)
        values = [self.value(a, context) for a in expr.arguments]
        if name == "abs":
            return Value("int", call("_mm512_abs_epi32", self.ints(values[0]), type_=INTS), I32)
        if any(v.type.is_float and v.type.bits > 32 for v in values):
            raise no("double", "64-bit floats are not put into vectors", expr)
        registers = tuple(self.floats(v) for v in values)
        if name in ("fmaxf", "fminf"):
            direct = "_mm512_max_ps" if name == "fmaxf" else "_mm512_min_ps"
            for position in (1, 0):  # the second operand of max_ps wins over a NaN: a constant there is all that is needed
                if isinstance(values[position].expr, Literal | Constant):
                    return Value("float", call(direct, registers[1 - position], registers[position]), F32)
            return Value("float", self.helpers.extremum(name, *registers), F32)
        if name == "fmaf":
            return Value("float", call("_mm512_fmadd_ps", *registers), F32)
        if name in DIRECT:
            return Value("float", call(DIRECT[name], *registers), F32)
        if name in ROUNDINGS:
            return Value("float", call("_mm512_roundscale_ps", *registers, Var(ROUNDINGS[name])), F32)
        return Value("float", self.helpers.map(name, registers), F32)

    def _brain_float(self, name: str, operand: Value) -> Value:
        if name == VALUE:
            return Value("float", self.helpers.bfloat16_value(self.ints(operand)), F32)
        if name == ROUNDED:
            return Value("float", self.helpers.bfloat16_rounded(self.floats(operand)), F32)
        return Value("int", self.helpers.bfloat16_bits(self.floats(operand)), U16)

    # ---- memory

    def place(self, access: Load, context: Context) -> tuple[str, Expr, Expr | None]:
        """Where an access goes: ("linear", address of lane 0, step in elements) or ("any", the buffer's start, index vector)."""
        values = [self.value(i, context) for i in access.index]
        sizes: list[Expr] = [integer(1)] * len(values)
        if isinstance(access.buffer.type, Array) and len(access.buffer.type.shape) == len(values):
            for position in range(len(values) - 2, -1, -1):
                extent = access.buffer.type.shape[position + 1]
                sizes[position] = mul(sizes[position + 1], extent if isinstance(extent, Expr) else integer(int(extent)))  # type: ignore[call-overload]
        elif len(values) != 1:
            raise no("vector-index", f"`{access.buffer.name}` is not indexed down to one element", access)
        if all(v.kind in ("uniform", "linear") for v in values):
            step: Expr = integer(0)
            for value, size in zip(values, sizes, strict=True):
                if value.step is not None:
                    step = add(step, mul(value.step, size))
            return "linear", Address(access.buffer, access.index, access.buffer.type), step
        index: Expr | None = None
        for value, size in zip(values, sizes, strict=True):
            if value.kind == "uniform" and is_value(value.expr, 0):
                continue
            term = self.ints(value, index=True)
            if not is_value(size, 1):
                term = call("_mm512_mullo_epi32", term, call("_mm512_set1_epi32", size, type_=INTS), type_=INTS)
            index = term if index is None else call("_mm512_add_epi32", index, term, type_=INTS)
        return "any", Address(access.buffer, tuple(integer(0) for _ in values), access.buffer.type), index

    def load(self, access: Load, context: Context) -> Value:
        element = access.type
        if access.buffer.name in self.arrays:
            if any(self.varies(i) for i in access.index):
                raise no("vector-index", f"`{access.buffer.name}` is an array of each thread and its index differs between threads", access)
            return Value(_kind(element), Load(Var(access.buffer.name, access.buffer.type), access.index, _register(element)), element)
        how, address, rest = self.place(access, context)
        mask = context.mask
        if how == "linear" and is_value(rest, 1):  # type: ignore[arg-type]
            return self._contiguous_load(address, element, mask, access)
        if element not in (F32, I32, U32):
            raise no("gather-type", f"elements of {element} that do not lie side by side are not gathered", access)
        index = self._places(how, rest)
        suffix, register = ("ps", FLOATS) if element == F32 else ("epi32", INTS)
        zero = call("_mm512_setzero_ps" if element == F32 else "_mm512_setzero_si512", type_=register)
        if mask is None:
            return Value(_kind(element), call(f"_mm512_i32gather_{suffix}", index, address, integer(4), type_=register), element)
        return Value(
            _kind(element), call(f"_mm512_mask_i32gather_{suffix}", zero, mask, index, address, integer(4), type_=register), element
        )

    def _places(self, how: str, rest: object) -> Expr:
        """Where each lane's element lies, from what ``place`` says."""
        if how != "linear":
            return rest  # type: ignore[return-value]
        return call("_mm512_setzero_si512", type_=INTS) if is_value(rest, 0) else self.lanes(rest)  # type: ignore[arg-type]

    def _contiguous_load(self, address: Expr, element: Scalar, mask: Expr | None, node: Node) -> Value:
        if element == F32:
            loaded = call("_mm512_loadu_ps", address) if mask is None else call("_mm512_maskz_loadu_ps", mask, address)
            return Value("float", loaded, F32)
        if element in (I32, U32):
            loaded = (
                call("_mm512_loadu_si512", address, type_=INTS)
                if mask is None
                else call("_mm512_maskz_loadu_epi32", mask, address, type_=INTS)
            )
            return Value("int", loaded, element)
        lanes = mask if mask is not None else Literal(0xFFFF, I32, text="0xffff")
        if element == F16 or element in (I16, U16):
            half = call(
                "_mm512_castsi512_si256",
                call("_mm512_maskz_loadu_epi16", lanes, address, type_=INTS),
                type_=Scalar("__m256i", "vector", 256),
            )
            if element == F16:
                return Value("float", call("_mm512_cvtph_ps", half), F16)
            return Value("int", call(f"_mm512_cvtep{'i' if element == I16 else 'u'}16_epi32", half, type_=INTS), I32)
        if element in (I8, U8):
            quarter = call(
                "_mm512_castsi512_si128",
                call("_mm512_maskz_loadu_epi8", lanes, address, type_=INTS),
                type_=Scalar("__m128i", "vector", 128),
            )
            return Value("int", call(f"_mm512_cvtep{'i' if element == I8 else 'u'}8_epi32", quarter, type_=INTS), I32)
        raise no("vector-type", f"elements of {element} are not put into vectors", node)

    def store(self, access: Load, value: Value, context: Context) -> Call:
        element, mask = access.type, context.mask
        how, address, rest = self.place(access, context)
        if how == "linear" and is_value(rest, 1):  # type: ignore[arg-type]
            if element in (F32, I32, U32):
                register = self.register(value, element)
                if mask is None:
                    return Call("_mm512_storeu_ps" if element == F32 else "_mm512_storeu_si512", (address, register))
                return Call("_mm512_mask_storeu_ps" if element == F32 else "_mm512_mask_storeu_epi32", (address, mask, register))
            lanes = mask if mask is not None else Literal(0xFFFF, I32, text="0xffff")
            if element == F16:
                register = self.floats(value)
                half = call("_mm512_cvtps_ph", register, Var("_MM_FROUND_TO_NEAREST_INT"), type_=Scalar("__m256i", "vector", 256))
                if isinstance(register, Call) and register.name == "_mm512_cvtph_ps":
                    half = register.arguments[0]  # type: ignore[assignment]
                return Call("_mm512_mask_storeu_epi16", (address, lanes, call("_mm512_castsi256_si512", half, type_=INTS)))
            if element in (I8, U8):
                quarter = call("_mm512_cvtepi32_epi8", self._as_int(value), type_=Scalar("__m128i", "vector", 128))
                return Call("_mm512_mask_storeu_epi8", (address, lanes, call("_mm512_castsi128_si512", quarter, type_=INTS)))
            if element in (I16, U16):
                half = call("_mm512_cvtepi32_epi16", self._as_int(value), type_=Scalar("__m256i", "vector", 256))
                return Call("_mm512_mask_storeu_epi16", (address, lanes, call("_mm512_castsi256_si512", half, type_=INTS)))
            raise no("vector-type", f"elements of {element} are not put into vectors", access)
        if element not in (F32, I32, U32):
            raise no("scatter-type", f"elements of {element} that do not lie side by side are not scattered", access)
        index = self._places(how, rest)
        suffix = "ps" if element == F32 else "epi32"
        register = self.register(value, element)
        if mask is None:
            return Call(f"_mm512_i32scatter_{suffix}", (address, index, register, integer(4)))
        return Call(f"_mm512_mask_i32scatter_{suffix}", (address, mask, index, register, integer(4)))


def both_masks(left: Expr | None, right: Expr) -> Expr:
    return right if left is None or left == right else Binary("&", left, right, MASK)


def _not(mask: Expr) -> Expr:
    """The other lanes; a mask is 16 bits, so the bits that ``~`` adds above fall away."""
    return mask.operand if isinstance(mask, Unary) and mask.op == "~" else Unary("~", mask, MASK)


def _kind(type_: Scalar) -> str:
    return "mask" if type_ == BOOL else "float" if type_.is_float else "int"


def _register(type_: Scalar) -> Scalar:
    return MASK if type_ == BOOL else FLOATS if type_.is_float else INTS


register_of = _register
negated = _not


__all__ = ["Context", "Value", "Values", "both_masks", "negated", "no", "register_of"]
