"""Every element-wise BANG intrinsic for every type of elements against numpy: random operands, NaN, infinities, extremes, one element, odd n."""

from __future__ import annotations

import math

import numpy
import pytest
from emulator.bang_reference import FLOATS, INTEGERS, NUMBERS, STORED, Row, assert_rows, names_of, operands, results, value_of
from emulator.running import needs_gcc

SIZES = [(1, 1), (63, 7)]
one = lambda x: x.dtype.type(1)
three = lambda x: x.dtype.type(3)


def cyclic(b: numpy.ndarray) -> numpy.ndarray:
    """The first 7 elements (of one: the one) repeated."""
    return numpy.resize(b[: 7 if len(b) > 1 else 1], len(b))


def saturated(wide: numpy.ndarray, dtype: numpy.dtype) -> numpy.ndarray:
    info = numpy.iinfo(dtype)
    return numpy.clip(wide, info.min, info.max)


def bits(x: numpy.ndarray) -> numpy.ndarray:
    return x.view(f"u{x.itemsize}")


def rounded_product(a: numpy.ndarray, b: numpy.ndarray) -> numpy.ndarray:
    return a * b


ARITHMETIC = [
    Row("__bang_add(d, a, b, n);", lambda a, b, c: a + b), Row("__bang_sub(d, a, b, n);", lambda a, b, c: a - b),
    Row("__bang_mul(d, a, b, n);", lambda a, b, c: a * b), Row("__bang_add_scalar(d, a, 3, n);", lambda a, b, c: a + three(a)),
    Row("__bang_sub_scalar(d, a, 3, n);", lambda a, b, c: a - three(a)), Row("__bang_mul_scalar(d, a, 3, n);", lambda a, b, c: a * three(a)),
    Row("__bang_add_const(d, a, 3, n);", lambda a, b, c: a + three(a)), Row("__bang_sub_const(d, a, 3, n);", lambda a, b, c: a - three(a)),
    Row("__bang_mul_const(d, a, 3, n);", lambda a, b, c: a * three(a)), Row("__bang_cycle_add(d, a, b, n, g);", lambda a, b, c: a + cyclic(b)),
    Row("__bang_cycle_sub(d, a, b, n, g);", lambda a, b, c: a - cyclic(b)), Row("__bang_cycle_mul(d, a, b, n, g);", lambda a, b, c: a * cyclic(b)),
    Row("__bang_add(a, a, b, n); __bang_move(d, a, n * sizeof(*a));", lambda a, b, c: a + b),
    Row("__bang_abs(d, a, n);", lambda a, b, c: numpy.abs(a)), Row("__bang_neg(d, a, n);", lambda a, b, c: -a),
    Row("__bang_square(d, a, n);", lambda a, b, c: a * a, FLOATS), Row("__bang_relu(d, a, n);", lambda a, b, c: numpy.fmax(a, 0 * one(a)), FLOATS),
    Row("__bang_relun(d, a, 2, n);", lambda a, b, c: numpy.fmin(numpy.fmax(a, 0 * one(a)), 2 * one(a)), FLOATS),
    Row("__bang_write_zero(d, n);", lambda a, b, c: numpy.zeros(len(a))), Row("__bang_write_value(d, n, a[0]);", lambda a, b, c: numpy.full(len(a), a[0])),
    Row("__memset_nram(d, n, a[0]);", lambda a, b, c: numpy.full(len(a), a[0])), Row("__nramset(d, n, a[0]);", lambda a, b, c: numpy.full(len(a), a[0])),
    Row("__nramset_async(d, n, a[0]); __sync();", lambda a, b, c: numpy.full(len(a), a[0])),
    Row("__bang_floor(d, a, n);", lambda a, b, c: numpy.floor(a), ("float",)), Row("__bang_ceil(d, a, n);", lambda a, b, c: numpy.ceil(a), ("float",)),
    Row("__bang_nearbyint(d, a, n);", lambda a, b, c: numpy.rint(a), ("float",)),
    Row("__bang_round(d, a, n);", lambda a, b, c: numpy.where(numpy.abs(a) < 2**23, numpy.copysign(numpy.floor(numpy.abs(a.astype(float)) + 0.5), a), a), ("float",)),
]
FUSIONS = {"FMA": lambda a, b, c, r: r(a * b) + c, "FMS": lambda a, b, c, r: r(a * b) - c, "FAM": lambda a, b, c, r: r(a + b) * c,
           "FSM": lambda a, b, c, r: r(a - b) * c, "FAA": lambda a, b, c, r: r(a + b) + c, "FAS": lambda a, b, c, r: r(a + b) - c,
           "FSA": lambda a, b, c, r: r(a - b) + c, "FSS": lambda a, b, c, r: r(a - b) - c}


def fusion_rows(c_type: str) -> list[Row]:
    """Two operations, each rounded to the type; b and c are vectors, cyclic vectors or numbers."""
    def short(x: numpy.ndarray) -> numpy.ndarray:
        from emulator.bang_reference import stored
        return value_of(stored(x, c_type), c_type)
    rows = []
    for name, formula in FUSIONS.items():
        rows += [Row(f"__bang_fusion(FUSION_{name}, d, a, b, c, n);", lambda a, b, c, formula=formula: formula(a, b, c, short)),
                 Row(f"__bang_fusion(FUSION_{name}, d, a, 3, c, n);", lambda a, b, c, formula=formula: formula(a, three(a), c, short)),
                 Row(f"__bang_fusion(FUSION_{name}, d, a, b, 3, n);", lambda a, b, c, formula=formula: formula(a, b, three(a), short)),
                 Row(f"__bang_fusion(FUSION_{name}, d, a, 3, 1, n);", lambda a, b, c, formula=formula: formula(a, three(a), one(a), short)),
                 Row(f"__bang_fusion(FUSION_{name}, d, a, b, c, n, g);", lambda a, b, c, formula=formula: formula(a, cyclic(b), cyclic(c), short))]
    return rows


COMPARE = {"eq": numpy.equal, "ne": numpy.not_equal, "lt": numpy.less, "le": numpy.less_equal, "gt": numpy.greater, "ge": numpy.greater_equal}


def nan_pair(a: numpy.ndarray, b: numpy.ndarray) -> numpy.ndarray:
    return numpy.isnan(a) | numpy.isnan(b)


COMPARISONS = [row for name, test in COMPARE.items() for row in (
    Row(f"__bang_{name}(d, a, b, n);", lambda a, b, c, test=test: test(a, b)),
    Row(f"__bang_{name}_scalar(d, a, 1, n);", lambda a, b, c, test=test: test(a, one(a))),
    Row(f"__bang_cycle_{name}(d, a, b, n, g);", lambda a, b, c, test=test: test(a, cyclic(b))),
    Row(f"__bang_{name}u(d, a, b, n);", lambda a, b, c, test=test: test(a, b) | nan_pair(a, b), FLOATS))]
EXTREMA = [
    Row("__bang_maxequal(d, a, b, n);", lambda a, b, c: numpy.where(nan_pair(a, b), a, numpy.maximum(a, b)) if a.dtype.kind == "f" else numpy.maximum(a, b)),
    Row("__bang_minequal(d, a, b, n);", lambda a, b, c: numpy.where(nan_pair(a, b), a, numpy.minimum(a, b)) if a.dtype.kind == "f" else numpy.minimum(a, b)),
    Row("__bang_maxeq_scalar(d, a, 1, n);", lambda a, b, c: numpy.maximum(a, one(a))), Row("__bang_mineq_scalar(d, a, 1, n);", lambda a, b, c: numpy.minimum(a, one(a))),
    Row("__bang_cycle_maxequal(d, a, b, n, g);", lambda a, b, c: numpy.where(cyclic(b) > a, cyclic(b), a)),
    Row("__bang_cycle_minequal(d, a, b, n, g);", lambda a, b, c: numpy.where(cyclic(b) < a, cyclic(b), a)),
    Row("__bang_maximum(d, a, b, n);", lambda a, b, c: numpy.fmax(a, b), FLOATS), Row("__bang_minimum(d, a, b, n);", lambda a, b, c: numpy.fmin(a, b), FLOATS),
    Row("__bang_nan_maximum(d, a, b, n);", lambda a, b, c: numpy.maximum(a, b), FLOATS),
    Row("__bang_nan_minimum(d, a, b, n);", lambda a, b, c: numpy.minimum(a, b), FLOATS),
]
LOGIC = [
    Row("__bang_and(d, a, b, n);", lambda a, b, c: (a != 0) & (b != 0)), Row("__bang_or(d, a, b, n);", lambda a, b, c: (a != 0) | (b != 0)),
    Row("__bang_xor(d, a, b, n);", lambda a, b, c: (a != 0) ^ (b != 0)), Row("__bang_not(d, a, n);", lambda a, b, c: a == 0),
    Row("__bang_and_scalar(d, a, 0, n);", lambda a, b, c: 0 * (a == a)), Row("__bang_or_scalar(d, a, 0, n);", lambda a, b, c: a != 0),
    Row("__bang_xor_scalar(d, a, 5, n);", lambda a, b, c: a == 0), Row("__bang_cycle_and(d, a, b, n, g);", lambda a, b, c: (a != 0) & (cyclic(b) != 0)),
    Row("__bang_cycle_or(d, a, b, n, g);", lambda a, b, c: (a != 0) | (cyclic(b) != 0)), Row("__bang_cycle_xor(d, a, b, n, g);", lambda a, b, c: (a != 0) ^ (cyclic(b) != 0)),
]
BITS = [row for name, symbol, operation in (("and", "&", numpy.bitwise_and), ("or", "|", numpy.bitwise_or), ("xor", "^", numpy.bitwise_xor)) for row in (
    Row(f"__bang_b{name}((char *)d, (char *)a, (char *)b, n * sizeof(*a));", lambda a, b, c, operation=operation: operation(a, b), INTEGERS),
    Row(f"__bang_b{name}_scalar(d, a, 0x35, n);", lambda a, b, c, operation=operation: operation(a, a.dtype.type(0x35)), INTEGERS),
    Row(f"__bang_cycle_b{name}(d, a, b, n, g);", lambda a, b, c, operation=operation: operation(a, cyclic(b)), INTEGERS))] + [
    Row("__bang_bnot((char *)d, (char *)a, n * sizeof(*a));", lambda a, b, c: ~a, INTEGERS)]
SHIFTS = [
    Row("__bang_sll(d, a, 3, n);", lambda a, b, c: a << 3, INTEGERS), Row("__bang_sra(d, a, 3, n);", lambda a, b, c: a >> 3, INTEGERS),
    Row("__bang_srl(d, a, 3, n);", lambda a, b, c: (bits(a) >> 3).view(a.dtype), INTEGERS),
    Row("__bang_rol(d, a, 3, n);", lambda a, b, c: (bits(a) << 3 | bits(a) >> (8 * a.itemsize - 3)).view(a.dtype), INTEGERS),
    Row("__bang_ror(d, a, 3, n);", lambda a, b, c: (bits(a) >> 3 | bits(a) << (8 * a.itemsize - 3)).view(a.dtype), INTEGERS),
    Row("__bang_adds(d, a, b, n);", lambda a, b, c: saturated(a.astype(numpy.int64) + b, a.dtype), INTEGERS),
    Row("__bang_subs(d, a, b, n);", lambda a, b, c: saturated(a.astype(numpy.int64) - b, a.dtype), INTEGERS),
    Row("__bang_adds_scalar(d, a, 100, n);", lambda a, b, c: saturated(a.astype(numpy.int64) + 100, a.dtype), INTEGERS),
    Row("__bang_subs_scalar(d, a, 100, n);", lambda a, b, c: saturated(a.astype(numpy.int64) - 100, a.dtype), INTEGERS),
    Row("__bang_mulh(d, a, b, n);", lambda a, b, c: (a.astype(numpy.int64) * b) >> 8 * a.itemsize, INTEGERS),
]
ALL = ARITHMETIC + fusion_rows("float") + COMPARISONS + EXTREMA + LOGIC + BITS + SHIFTS
pytestmark = [needs_gcc, pytest.mark.covers("bang", *names_of(ALL))]


@pytest.mark.parametrize("c_type", NUMBERS)
def test_elements(c_type: str) -> None:
    rows = ARITHMETIC + COMPARISONS + EXTREMA + LOGIC + BITS + SHIFTS + (fusion_rows(c_type) if c_type in FLOATS else [])
    for n, segment in SIZES:
        assert_rows(c_type, rows, n, segment)


@pytest.mark.covers("bang", "__bang_div", "__bang_rem")
@pytest.mark.parametrize("c_type", [*FLOATS, "int", "short", "unsigned", "unsigned short"])
def test_division_and_remainder(c_type: str) -> None:
    integer = c_type not in FLOATS
    def quotient(a, b):
        return numpy.fix(a.astype(numpy.float64) / b.astype(numpy.float64)) if integer else a / b
    rows = [Row("__bang_div(d, a, b, n);", lambda a, b, c: quotient(a, b), [c_type]), Row("__bang_div(d, a, 3, n);", lambda a, b, c: quotient(a, numpy.full_like(a, 3)), [c_type])]
    if integer:
        rows += [Row("__bang_rem(d, a, b, n);", lambda a, b, c: numpy.fmod(a, b), [c_type]), Row("__bang_rem(d, a, 10, n);", lambda a, b, c: numpy.fmod(a, three(a) + 7), [c_type])]
    if c_type in ("float", "half"):
        rows.append(Row("__bang_div(d, a, b, c, n);", lambda a, b, c: a / b, [c_type]))
    for n in (1, 63) if c_type not in ("float", "half") else (32 * (4 // numpy.dtype(STORED[c_type]).itemsize),):
        a, b, c = (operands(c_type, seed, n, edges=not integer) for seed in (3, 4, 5))
        b[b == 0] = 7
        assert_rows(c_type, rows, n, 1, inputs=[a, b, c])


WIDE = [("signed char", "short", "__bang_muls(d, a, b, n);"), ("short", "int", "__bang_muls(d, a, b, n);"), ("unsigned char", "unsigned short", "__bang_muls(d, a, b, n);"),
        ("signed char", "short", "__bang_square(d, a, n);"), ("short", "int", "__bang_square(d, a, n);")]


@pytest.mark.covers("bang", "__bang_muls", "__bang_square")
@pytest.mark.parametrize(("c_type", "out_type", "call"), WIDE)
def test_widening_products(c_type: str, out_type: str, call: str) -> None:
    a, b = operands(c_type, 6, 63), operands(c_type, 7, 63)
    got = results(c_type, [call], [a, b, b], 63, 7, out_type=out_type)[0]
    other = a if "square" in call else b
    assert (got == a.astype(numpy.int64) * other).all()


@pytest.mark.covers("bang", *(f"__bang_{name}_bitindex" for name in COMPARE), "__bang_count_bitindex", "__bang_count", "__bang_findfirst1", "__bang_findlast1",
                    "__bang_filter_bitindex", "__bang_filter", "__bang_collect", "__bang_select", "__bang_maskmove")
@pytest.mark.parametrize("c_type", FLOATS)
def test_bits_and_selections(c_type: str) -> None:
    n = 64
    a, b = operands(c_type, 8, n), operands(c_type, 9, n)
    a[10:14], b[20:30] = b[10:14], 0
    x, y = value_of(a, c_type), value_of(b, c_type)
    for name, test in COMPARE.items():
        call = f"__bang_{name}_bitindex((char *)d, a, b, n);"
        with numpy.errstate(invalid="ignore"):
            mask = test(x, y)
        packed = numpy.packbits(mask, bitorder="little")
        calls = [call, f"__nram__ unsigned char m[8]; __bang_{name}_bitindex(m, a, b, n); *(unsigned *)d = __bang_filter_bitindex(d + 4, a, m, n);",
                 f"__nram__ char m[8]; __bang_{name}_bitindex(m, a, b, n); *(unsigned *)d = __bang_count_bitindex(m, n);"]
        raw, filtered, counted = (each.view(numpy.uint8) for each in results(c_type, [f"{{ {each} }}" for each in calls], [a, b, b], n, 1))
        assert (raw[:8] == packed).all(), name
        count = int(mask.sum())
        size = a.itemsize
        assert filtered[:4].view(numpy.uint32)[0] == counted[:4].view(numpy.uint32)[0] == count
        assert (filtered[4 * size: (4 + min(count, 60)) * size] == a[mask][:60].view(numpy.uint8)).all()
    calls = ["*(unsigned *)d = __bang_count(b, n);", "*(unsigned *)d = __bang_findfirst1(b + 20, n - 20);", "*(unsigned *)d = __bang_findlast1(b, 30);",
             "*(unsigned *)d = __bang_findfirst1(b + 20, 5);", "__bang_filter(d, a, b, n);", "__bang_collect(d, a, b, n);",
             "{ __nram__ char m[64]; for (int i = 0; i < 64; ++i) m[i] = i * 37; __bang_maskmove(d, a, m, n * sizeof(*d)); }"]
    got = [each.view(numpy.uint8) for each in results(c_type, calls, [a, b, b], n, 1)]
    nonzero = numpy.flatnonzero(y != 0)
    wanted = [len(nonzero), int(nonzero[nonzero >= 20][0]) - 20, int(nonzero[nonzero < 30][-1]), 0xFFFFFFFF]
    assert [int(each[:4].view(numpy.uint32)[0]) for each in got[:4]] == wanted
    for packed in got[4:6]:
        assert (packed[: len(nonzero) * a.itemsize] == a[nonzero].view(numpy.uint8)).all()
    chosen = numpy.unpackbits(numpy.array([i * 37 & 255 for i in range(64)], numpy.uint8), bitorder="little")[: a.nbytes] != 0
    assert (got[6] == numpy.where(chosen, a.view(numpy.uint8), 0)).all()


@pytest.mark.parametrize("c_type", ["float", "half"])
def test_select_writes_count_and_elements(c_type: str) -> None:
    n, size = 32, numpy.dtype(STORED[c_type]).itemsize
    a, b = operands(c_type, 10, n, edges=False), operands(c_type, 11, n, edges=False)
    b[::3] = 0
    call = f"{{ __nram__ {c_type} big[128]; __bang_select(big, a, b, n); __bang_move(d, (char *)big + {{0}}, n * sizeof(*d)); }}"
    head, tail = results(c_type, [call.replace("{0}", "0"), call.replace("{0}", "128")], [a, b, b], n, 1)
    count = int((b != 0).sum())
    assert head.view(numpy.uint32)[0] == count and not head.view(numpy.uint8)[4: min(128, n * size)].any()
    assert (tail[:count] == a[b != 0]).all() and not tail[count:].any()


@pytest.mark.covers("bang", "__bang_argmax", "__bang_argmin", "__bang_max", "__bang_min")
@pytest.mark.parametrize("c_type", FLOATS)
def test_extrema_with_an_index_behind_the_value(c_type: str) -> None:
    for n in (8, 63):
        a = operands(c_type, 12, n, edges=False)
        a[0] = 0x7FC0 if c_type == "bfloat16_t" else numpy.nan
        a[5] = a[n - 1]
        x = value_of(a, c_type)
        calls = [f"__bang_{name}(d, a, n);" for name in ("argmax", "max", "argmin", "min")]
        for got, place in zip(results(c_type, calls, [a, a, a], n, 1), [int(numpy.nanargmax(x))] * 2 + [int(numpy.nanargmin(x))] * 2):
            assert got[0] == a[place] and got[1: 1 + 4 // a.itemsize].view(numpy.uint32)[0] == place


def sigmoid(x: numpy.ndarray) -> numpy.ndarray:
    return 1 / (1 + numpy.exp(-x))


def normal(x: numpy.ndarray) -> numpy.ndarray:
    return 0.5 * x * (1 + numpy.vectorize(math.erf)(x / math.sqrt(2)))


ACCURATE = {"recip": lambda x: 1 / x, "sqrt": numpy.sqrt, "rsqrt": lambda x: 1 / numpy.sqrt(x), "sin": numpy.sin, "cos": numpy.cos, "log": numpy.log2,
            "log2": numpy.log2, "pow2": numpy.exp2}
ACTIVE = {"exp": numpy.exp, "exphp": numpy.exp, "sigmoid": sigmoid, "tanh": numpy.tanh, "relu": lambda x: numpy.fmax(x, 0), "abs": numpy.abs,
          "sign": lambda x: numpy.where(x >= 0, 1.0, -1.0), "gelu": normal, "gelup": normal, "sin": numpy.sin, "cos": numpy.cos, "pow2": numpy.exp2}
POSITIVE = {"recip": lambda x: 1 / x, "recip_greater_1": lambda x: 1 / x, "reciphp": lambda x: 1 / x, "log": numpy.log, "loghp": numpy.log, "sqrt": numpy.sqrt,
            "sqrthp": numpy.sqrt, "rsqrt": lambda x: 1 / numpy.sqrt(x), "rsqrthp": lambda x: 1 / numpy.sqrt(x)}
TAYLOR = {"sin": numpy.sin, "cos": numpy.cos, "tanh": numpy.tanh, "sigmoid": sigmoid, "softplus": lambda x: numpy.log(1 + numpy.exp(x))}
wide = lambda function: lambda a, b, c: function(a.astype(numpy.float64))
MATHEMATICS = ([Row(f"__bang_{name}(d, a, n);", wide(f), ("float", "bfloat16_t"), 3) for name, f in ACCURATE.items()]
               + [Row(f"__bang_active_{name}(d, a, n);", wide(f), ("float", "half"), 6) for name, f in ACTIVE.items()]
               + [Row(f"__bang_taylor{terms}_{name}(d, a, n);", wide(f), ("float", "half"), 6) for name, f in TAYLOR.items() for terms in (3, 4)]
               + [Row("__bang_sigmoid(d, a, n);", wide(sigmoid), ("float", "half"), 6)])
ON_POSITIVE = [Row(f"__bang_active_{name}(d, a, n);", wide(f), ("float", "half"), 6) for name, f in POSITIVE.items()]
ON_NEGATIVE = [Row("__bang_active_exp_less_0(d, a, n);", wide(numpy.exp), ("float", "half"), 6)]


@pytest.mark.covers("bang", *names_of(MATHEMATICS + ON_POSITIVE + ON_NEGATIVE))
@pytest.mark.parametrize("c_type", FLOATS)
def test_mathematics_is_exact_up_to_rounding(c_type: str) -> None:
    """Approximations are the exact function here, as the headers say: hardware's stated error stands in each comment."""
    for n in (1, 63):
        data = [operands(c_type, seed, n, edges=False) for seed in (20, 21, 22)]
        assert_rows(c_type, MATHEMATICS, n, 1, inputs=data)
        if c_type != "bfloat16_t":
            assert_rows(c_type, ON_POSITIVE, n, 1, inputs=[numpy.abs(each) + each.dtype.type(1.5) for each in data])
            assert_rows(c_type, ON_NEGATIVE, n, 1, inputs=[-numpy.abs(each) for each in data])


@pytest.mark.covers("bang", "__bang_lut")
@pytest.mark.parametrize(("index_type", "c_type"), [("unsigned", "int"), ("unsigned short", "short")])
def test_lookups_leave_what_lies_outside_of_the_table(index_type: str, c_type: str) -> None:
    index = numpy.random.default_rng(5).integers(0, 90, 63).astype(STORED[index_type])
    arrays = f"__nram__ {c_type} table[64]; for (int i = 0; i < 64; ++i) table[i] = 3 * i + 1;"
    got = results(index_type, ["__bang_lut(d, a, table, n, 64);"], [index] * 3, 63, 1, out_type=c_type, arrays=arrays)[0]
    assert (got == numpy.where(index < 64, 3 * index.astype(int) + 1, 0)).all()


def test_table_functions_are_clamped_where_the_text_asks() -> None:
    a = numpy.linspace(-20, 10, 63).astype(numpy.float32)
    calls = ["__bang_active_exp(d, a, n);", "__bang_active_exphp(d, a, n);", "__bang_active_sigmoid(d, a, n);", "__bang_active_gelup(d, a, n);"]
    exact = results("float", calls, [a, a, a], 63, 1)
    clamped = results("float", calls, [a, a, a], 63, 1, arrays="// kernelglot-bang: active-functions=clamped")
    low, lower = a < -7.76, a < -15.51
    assert (clamped[0][low] == numpy.float32(5.96e-8)).all() and (clamped[0][a > -7.74] == exact[0][a > -7.74]).all()
    assert (clamped[1][lower] == numpy.float32(3e-7)).all() and (clamped[1][a > -15.4] == exact[1][a > -15.4]).all()
    assert (clamped[2][low] == 0).all() and (clamped[2][a > 7.76] == 1).all() and (exact[2][low] > 0).all()
    assert (clamped[3][a < -3.9] == numpy.float32(-5.96e-8)).all()
