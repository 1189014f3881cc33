"""The small functions that vector code calls and AVX-512 does not have: the mask of a last strip, library math by lanes."""

from __future__ import annotations

from ..ir.build import binary, fresh, integer
from ..ir.nodes import Assign, Binary, Call, Cast, Declare, Evaluate, Expr, For, Function, Literal, Load, Param, Return, Select, Var
from ..ir.types import BOOL, F32, I32, I64, U32, VOID, Array, Scalar

LANES = 16  # 32-bit elements in one zmm register
FLOATS = Scalar("__m512", "vector", 512)
INTS = Scalar("__m512i", "vector", 512)
MASK = Scalar("__mmask16", "uint", 16)
LANE = Var("lane_index", INTS)  # 0, 1, ... 15; declared at the top of a kernel that needs it


def call(name: str, *arguments: Expr, type_: Scalar = FLOATS) -> Call:
    return Call(name, tuple(arguments), type_)


def lane_index() -> Declare:
    return Declare(LANE.name, INTS, call("_mm512_setr_epi32", *(integer(i) for i in range(LANES)), type_=INTS), const=True)


class Helpers:
    """Names and bodies of the helpers used so far; ``taken`` are the names they must not clash with.

    ``fused``: a product and a sum may be one instruction, which rounds once where the source rounds twice.
    """

    def __init__(self, taken: set[str], fused: bool = True) -> None:
        self.taken, self.fused = taken, fused
        self.functions: dict[str, Function] = {}
        self.uses_lane_index = False

    def _once(self, name: str, make) -> str:
        if name not in self.functions:
            self.functions[name] = make(fresh(name, set(self.taken)))
        return self.functions[name].name

    def first_lanes(self, count: Expr) -> Call:
        """The mask of the first ``count`` lanes; all of them where it is 16 or more."""
        return call(self._once("first_lanes", _first_lanes), count, type_=MASK)

    def map(self, function: str, arguments: tuple[Expr, ...]) -> Call:
        """A function of the C library on each lane."""
        return call(self._once(f"map_{function}", lambda name: _map(name, function, len(arguments))), *arguments)

    def extremum(self, name: str, left: Expr, right: Expr) -> Call:
        """``fmaxf``/``fminf`` on each lane: a NaN loses against a number."""
        return call(self._once(f"{name}_lanes", lambda made: _extremum(made, name)), left, right)

    def bfloat16_value(self, bits: Expr) -> Call:
        """The brain floats that sixteen integers are the bits of."""
        return call(self._once("bfloat16_value_lanes", _bfloat16_value), bits)

    def bfloat16_bits(self, floats: Expr) -> Call:
        """The bits of the brain float next to each lane, as sixteen integers."""
        return call(self._once("bfloat16_bits_lanes", _bfloat16_bits), floats, type_=INTS)

    def bfloat16_rounded(self, floats: Expr) -> Call:
        """The brain float next to each lane."""
        return call(self._once("bfloat16_rounded_lanes", self._bfloat16_rounded), floats)

    def _bfloat16_rounded(self, name: str) -> Function:
        value = self.bfloat16_value(self.bfloat16_bits(Var("x", FLOATS)))
        return Function(name, (Param("x", FLOATS),), FLOATS, (Return(value),), comment="The brain float next to each lane.")

    def divide(self, op: str, left: Expr, right: Expr, mask: Expr | None, unsigned: bool) -> Call:
        """Integer division or remainder on the lanes in ``mask``; 0 elsewhere."""
        name = ("divide" if op == "/" else "modulo") + ("_u32" if unsigned else "_i32")
        made = self._once(name, lambda n: _divide(n, op, unsigned))
        return call(made, mask if mask is not None else Literal(0xFFFF, I32, text="0xffff"), left, right, type_=INTS)


def _first_lanes(name: str) -> Function:
    count = Var("count", I64)
    some = Cast(binary("-", Binary("<<", Literal(1, U32, text="1u"), count, U32), integer(1)), MASK)
    value = Select(Binary(">=", count, integer(LANES), BOOL), Literal(0xFFFF, I32, text="0xffff"), some, MASK)
    return Function(name, (Param("count", I64),), MASK, (Return(value),), comment="The mask of the first `count` of 16 lanes.")


def _lanes(name: str, vector: Var, element: Scalar, store: str) -> list:
    return [Declare(name, Array(element, (LANES,))), Evaluate(call(store, Var(name, Array(element, (LANES,))), vector, type_=VOID))]


def _map(name: str, function: str, arity: int) -> Function:
    params = ("x", "y", "z")[:arity]
    lanes = [f"{p}_lanes" for p in params]
    array = Array(F32, (LANES,))
    j = Var("j", I32)
    body: list = []
    for param, each in zip(params, lanes, strict=True):
        body += _lanes(each, Var(param, FLOATS), F32, "_mm512_storeu_ps")
    first = Var(lanes[0], array)
    update = Assign(Load(first, (j,), F32), Call(function, tuple(Load(Var(each, array), (j,), F32) for each in lanes), F32))
    body += [For("j", integer(0), integer(LANES), integer(1), (update,)), Return(call("_mm512_loadu_ps", first))]
    return Function(name, tuple(Param(p, FLOATS) for p in params), FLOATS, tuple(body), comment=f"`{function}` of each lane.")


def _extremum(name: str, function: str) -> Function:
    a, b = Var("a", FLOATS), Var("b", FLOATS)
    vector = "_mm512_max_ps" if function == "fmaxf" else "_mm512_min_ps"
    unordered = call("_mm512_cmp_ps_mask", b, b, Var("_CMP_UNORD_Q", I32), type_=MASK)
    value = call("_mm512_mask_mov_ps", call(vector, a, b), unordered, a)
    return Function(
        name,
        (Param("a", FLOATS), Param("b", FLOATS)),
        FLOATS,
        (Return(value),),
        comment=f"`{function}` of each lane: a NaN loses against a number.",
    )


def _bfloat16_value(name: str) -> Function:
    value = call("_mm512_castsi512_ps", call("_mm512_slli_epi32", Var("bits", INTS), integer(16), type_=INTS))
    return Function(name, (Param("bits", INTS),), FLOATS, (Return(value),), comment="The brain floats with these bits.")


def _bfloat16_bits(name: str) -> Function:
    x, bits, upper = Var("x", FLOATS), Var("bits", INTS), Var("upper", INTS)

    def number(value: int) -> Call:
        return call("_mm512_set1_epi32", Literal(value, I32, text=f"{value:#x}" if value > LANES else ""), type_=INTS)

    def up(left: Expr, right: Expr) -> Call:
        return call("_mm512_add_epi32", left, right, type_=INTS)

    odd = call("_mm512_and_epi32", upper, number(1), type_=INTS)
    near = call("_mm512_srli_epi32", up(up(bits, number(0x7FFF)), odd), integer(16), type_=INTS)
    quiet = call("_mm512_or_epi32", upper, number(0x40), type_=INTS)
    nan = call("_mm512_cmp_ps_mask", x, x, Var("_CMP_UNORD_Q", I32), type_=MASK)
    body = (
        Declare("bits", INTS, call("_mm512_castps_si512", x, type_=INTS), const=True),
        Declare("upper", INTS, call("_mm512_srli_epi32", bits, integer(16), type_=INTS), const=True),
        Return(call("_mm512_mask_mov_epi32", near, nan, quiet, type_=INTS)),
    )
    comment = "The bits of the brain float next to each lane, ties to even; NaN stays NaN."
    return Function(name, (Param("x", FLOATS),), INTS, body, comment=comment)


def _divide(name: str, op: str, unsigned: bool) -> Function:
    element = U32 if unsigned else I32
    array = Array(element, (LANES,))
    a, b, j = Var("a_lanes", array), Var("b_lanes", array), Var("j", I32)
    active = Binary("&", Binary(">>", Var("mask", MASK), j, I32), integer(1), I32)
    quotient = Select(active, Binary(op, Load(a, (j,), element), Load(b, (j,), element), element), integer(0), element)
    body = (
        *_lanes("a_lanes", Var("a", INTS), element, "_mm512_storeu_si512"),
        *_lanes("b_lanes", Var("b", INTS), element, "_mm512_storeu_si512"),
        For("j", integer(0), integer(LANES), integer(1), (Assign(Load(a, (j,), element), quotient),)),
        Return(call("_mm512_loadu_si512", a, type_=INTS)),
    )
    params = (Param("mask", MASK), Param("a", INTS), Param("b", INTS))
    return Function(name, params, INTS, body, comment=f"`a {op} b` in the lanes of `mask`.")


__all__ = ["FLOATS", "INTS", "LANE", "LANES", "MASK", "Helpers", "call", "lane_index"]
