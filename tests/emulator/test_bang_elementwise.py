"""Element-wise BANG intrinsics against numpy, one kernel a group: each call's result is one row of `out`."""

from __future__ import annotations

from collections.abc import Callable
from math import erf

import numpy
import pytest
from emulator.running import needs_gcc, run

pytestmark = needs_gcc
N = 128
NUMPY = {"float": numpy.float32, "half": numpy.float16, "int": numpy.int32, "short": numpy.int16, "signed char": numpy.int8}
Row = tuple[str, Callable[..., numpy.ndarray]]


def rows(c_type: str, table: list[Row], *inputs: numpy.ndarray, out_type: str = "") -> list[numpy.ndarray]:
    """Runs each call of the table on fresh copies of the inputs (NRAM arrays a, b, c) with `d` as destination."""
    out_type = out_type or c_type
    names = "abc"[: len(inputs)]
    parameters = ", ".join(f"const {c_type} *g{name}" for name in names)
    load = "".join(f"  __memcpy({name}, g{name}, N * sizeof({c_type}), GDRAM2NRAM);\n" for name in names)
    body = "".join(f"{load}  {call}\n  __memcpy(out + {i} * N, d, N * sizeof({out_type}), NRAM2GDRAM);\n" for i, (call, _) in enumerate(table))
    text = f"""#define N {N}
__mlu_entry__ void k({out_type} *out, {parameters}) {{
  __nram__ {c_type} {', '.join(f'{name}[N]' for name in names)};
  __nram__ {out_type} d[N];
{body}}}"""
    arguments = {"out": numpy.zeros(len(table) * N, NUMPY[out_type])} | {f"g{name}": data for name, data in zip(names, inputs)}
    return list(run(text, "k", arguments, dialect="bang")["out"].reshape(len(table), N))


def check(c_type: str, table: list[Row], *inputs: numpy.ndarray, ulps: int = 0) -> None:
    for (call, expected), got in zip(table, rows(c_type, table, *inputs)):
        with numpy.errstate(all="ignore"):
            want = numpy.asarray(expected(*inputs)).astype(NUMPY[c_type])
        if ulps:
            numpy.testing.assert_array_max_ulp(got, want, ulps)
        else:
            numpy.testing.assert_array_equal(got, want, err_msg=call)


def values(c_type: str, seed: int) -> numpy.ndarray:
    random = numpy.random.default_rng(seed)
    if c_type in ("float", "half"):
        return random.normal(0, 3, N).astype(NUMPY[c_type])
    info = numpy.iinfo(NUMPY[c_type])
    return random.integers(info.min, info.max, N, NUMPY[c_type], endpoint=True)


ARITHMETIC: list[Row] = [
    ("__bang_add(d, a, b, N);", lambda a, b: a + b),
    ("__bang_sub(d, a, b, N);", lambda a, b: a - b),
    ("__bang_mul(d, a, b, N);", lambda a, b: a * b),
    ("__bang_add(a, a, b, N); __bang_move(d, a, sizeof(d));", lambda a, b: a + b),
    ("__bang_add_scalar(d, a, 3, N);", lambda a, b: a + a.dtype.type(3)),
    ("__bang_sub_scalar(d, a, 2.0, N);", lambda a, b: a - a.dtype.type(2)),
    ("__bang_mul_scalar(d, a, 3, N);", lambda a, b: a * a.dtype.type(3)),
    ("__bang_add_const(d, a, 3, N);", lambda a, b: a + a.dtype.type(3)),
    ("__bang_mul_const(d, a, 3, N);", lambda a, b: a * a.dtype.type(3)),
    ("__bang_cycle_add(d, a, b, N, 32);", lambda a, b: a + numpy.tile(b[:32], 4)),
    ("__bang_cycle_sub(d, a, b, N, 64);", lambda a, b: a - numpy.tile(b[:64], 2)),
    ("__bang_cycle_mul(d, a, b, N, 1);", lambda a, b: a * b[0]),
    ("__bang_neg(d, a, N);", lambda a, b: -a),
    ("__bang_abs(d, a, N);", lambda a, b: numpy.abs(a)),
    ("__bang_maxequal(d, a, b, N);", lambda a, b: numpy.maximum(a, b)),
    ("__bang_minequal(d, a, b, N);", lambda a, b: numpy.minimum(a, b)),
    ("__bang_maxeq_scalar(d, a, 1, N);", lambda a, b: numpy.maximum(a, a.dtype.type(1))),
    ("__bang_mineq_scalar(d, a, 1, N);", lambda a, b: numpy.minimum(a, a.dtype.type(1))),
    ("__bang_cycle_maxequal(d, a, b, N, 16);", lambda a, b: numpy.maximum(a, numpy.tile(b[:16], 8))),
    ("__bang_write_zero(d, N);", lambda a, b: 0 * a),
]


@pytest.mark.parametrize("c_type", ["float", "half", "int", "short", "signed char"])
def test_arithmetic_rounds_or_wraps_in_its_type(c_type: str) -> None:
    check(c_type, ARITHMETIC, values(c_type, 1), values(c_type, 2))


COMPARISONS: list[Row] = [
    (f"__bang_{name}{form}", lambda a, b, operation=operation, other=other: operation(a, other(b)))
    for name, operation in (("eq", numpy.equal), ("ne", numpy.not_equal), ("lt", numpy.less), ("le", numpy.less_equal), ("gt", numpy.greater),
                            ("ge", numpy.greater_equal))
    for form, other in (("(d, a, b, N);", lambda b: b), ("_scalar(d, a, 1, N);", lambda b: b.dtype.type(1)))
] + [(f"__bang_cycle_{name}(d, a, b, N, 8);", lambda a, b, operation=operation: operation(a, numpy.tile(b[:8], 16)))
     for name, operation in (("lt", numpy.less), ("ge", numpy.greater_equal), ("eq", numpy.equal))]
LOGIC: list[Row] = [
    ("__bang_and(d, a, b, N);", lambda a, b: (a != 0) & (b != 0)),
    ("__bang_or(d, a, b, N);", lambda a, b: (a != 0) | (b != 0)),
    ("__bang_xor(d, a, b, N);", lambda a, b: (a != 0) ^ (b != 0)),
    ("__bang_not(d, a, N);", lambda a, b: a == 0),
    ("__bang_and_scalar(d, a, 2, N);", lambda a, b: a != 0),
    ("__bang_or_scalar(d, a, 0, N);", lambda a, b: a != 0),
    ("__bang_cycle_xor(d, a, b, N, 4);", lambda a, b: (a != 0) ^ (numpy.tile(b[:4], 32) != 0)),
]


@pytest.mark.parametrize("c_type", ["float", "half", "int", "short", "signed char"])
def test_comparisons_and_logic_give_one_or_zero_of_their_type(c_type: str) -> None:
    random = numpy.random.default_rng(3)
    a, b = (random.integers(-2, 3, N).astype(NUMPY[c_type]) for _ in range(2))
    check(c_type, COMPARISONS + LOGIC, a, b)


def test_comparisons_with_nan() -> None:
    a = numpy.full(N, numpy.nan, numpy.float32)
    b = numpy.arange(1, N + 1, dtype=numpy.float32)
    table: list[Row] = [(f"__bang_{name}(d, a, b, N);", lambda a, b, bit=bit: numpy.full(N, bit)) for name, bit in
                        (("eq", 0), ("lt", 0), ("le", 0), ("gt", 0), ("ge", 0), ("ne", 1), ("and", 1))]
    table += [("__bang_maxequal(d, b, a, N);", lambda a, b: b), ("__bang_maxequal(d, a, b, N);", lambda a, b: a),
              ("__bang_maximum(d, a, b, N);", lambda a, b: b), ("__bang_nan_maximum(d, b, a, N);", lambda a, b: a),
              ("__bang_nan_minimum(d, b, a, N);", lambda a, b: a), ("__bang_minimum(d, b, a, N);", lambda a, b: b)]
    check("float", table, a, b)


BITS: list[Row] = [
    ("__bang_band((char *)d, (char *)a, (char *)b, N * sizeof(*a));", lambda a, b: a & b),
    ("__bang_bor((char *)d, (char *)a, (char *)b, N * sizeof(*a));", lambda a, b: a | b),
    ("__bang_bxor((char *)d, (char *)a, (char *)b, N * sizeof(*a));", lambda a, b: a ^ b),
    ("__bang_bnot((char *)d, (char *)a, N * sizeof(*a));", lambda a, b: ~a),
    ("__bang_band_scalar(d, a, 0x35, N);", lambda a, b: a & a.dtype.type(0x35)),
    ("__bang_cycle_bxor(d, a, b, N, 2);", lambda a, b: a ^ numpy.tile(b[:2], N // 2)),
    ("__bang_sll(d, a, 3, N);", lambda a, b: numpy.left_shift(a, 3)),
    ("__bang_sra(d, a, 3, N);", lambda a, b: numpy.right_shift(a, 3)),
    ("__bang_srl(d, a, 3, N);", lambda a, b: (a.view(f"u{a.itemsize}") >> 3).view(a.dtype)),
    ("__bang_rol(d, a, 3, N);", lambda a, b: ((a.view(f"u{a.itemsize}") << 3) | (a.view(f"u{a.itemsize}") >> (8 * a.itemsize - 3))).view(a.dtype)),
    ("__bang_ror(d, a, 3, N);", lambda a, b: ((a.view(f"u{a.itemsize}") >> 3) | (a.view(f"u{a.itemsize}") << (8 * a.itemsize - 3))).view(a.dtype)),
    ("__bang_adds(d, a, b, N);", lambda a, b: saturated(a.astype(numpy.int64) + b, a.dtype)),
    ("__bang_subs(d, a, b, N);", lambda a, b: saturated(a.astype(numpy.int64) - b, a.dtype)),
    ("__bang_adds_scalar(d, a, 100, N);", lambda a, b: saturated(a.astype(numpy.int64) + 100, a.dtype)),
    ("__bang_mulh(d, a, b, N);", lambda a, b: (a.astype(numpy.int64) * b) >> 8 * a.itemsize),
]


def saturated(wide: numpy.ndarray, dtype: numpy.dtype) -> numpy.ndarray:
    info = numpy.iinfo(dtype)
    return numpy.clip(wide, info.min, info.max).astype(dtype)


@pytest.mark.parametrize("c_type", ["int", "short", "signed char"])
def test_bits_shifts_and_saturation(c_type: str) -> None:
    check(c_type, BITS, values(c_type, 4), values(c_type, 5))


def test_division_and_remainder() -> None:
    nonzero = values("int", 6)
    nonzero[nonzero == 0] = 7
    check("int", [("__bang_div(d, a, b, N);", lambda a, b: numpy.fix(a / b.astype(numpy.float64))),
                  ("__bang_rem(d, a, b, N);", lambda a, b: numpy.fmod(a, b)), ("__bang_rem(d, a, 10, N);", lambda a, b: numpy.fmod(a, 10))],
          values("int", 7), nonzero)
    for c_type in ("float", "half"):
        check(c_type, [("__bang_div(d, a, b, N);", lambda a, b: a / b), ("__bang_div(d, a, 3.0, N);", lambda a, b: a / a.dtype.type(3)),
                       ("__bang_div(d, b, a, N);", lambda a, b: b / a)], values(c_type, 8), values(c_type, 9))
        check(c_type, [("__bang_div(d, a, b, c, N);", lambda a, b, c: a / b)], values(c_type, 8), values(c_type, 9), values(c_type, 9))


FUSIONS = {"FMA": lambda a, b, c: a * b + c, "FMS": lambda a, b, c: a * b - c, "FAM": lambda a, b, c: (a + b) * c,
           "FSM": lambda a, b, c: (a - b) * c, "FAA": lambda a, b, c: a + b + c, "FAS": lambda a, b, c: a + b - c,
           "FSA": lambda a, b, c: a - b + c, "FSS": lambda a, b, c: a - b - c}


@pytest.mark.parametrize("c_type", ["float", "half"])
def test_fusions_round_twice_and_take_vectors_or_scalars(c_type: str) -> None:
    two = NUMPY[c_type](2)
    table: list[Row] = [(f"__bang_fusion(FUSION_{name}, d, a, b, c, N);", formula) for name, formula in FUSIONS.items()]
    table += [("__bang_fusion(FUSION_FMA, d, a, 2.0, c, N);", lambda a, b, c: a * two + c),
              ("__bang_fusion(FUSION_FSM, d, a, b, 2, N);", lambda a, b, c: (a - b) * two),
              ("__bang_fusion(FUSION_FAM, d, a, 2, 2, N);", lambda a, b, c: (a + two) * two),
              ("__bang_fusion(FUSION_FMA, d, a, b, c, N, 32);", lambda a, b, c: a * numpy.tile(b[:32], 4) + numpy.tile(c[:32], 4))]
    check(c_type, table, values(c_type, 10), values(c_type, 11), values(c_type, 12))


def sigmoid(x: numpy.ndarray) -> numpy.ndarray:
    return 1 / (1 + numpy.exp(-x.astype(numpy.float64)))


def wide(function: Callable[[numpy.ndarray], numpy.ndarray]) -> Callable[[numpy.ndarray], numpy.ndarray]:
    return lambda a: function(a.astype(numpy.float64))


POSITIVE: list[Row] = [
    ("__bang_recip(d, a, N);", wide(lambda a: 1 / a)), ("__bang_sqrt(d, a, N);", wide(numpy.sqrt)), ("__bang_rsqrt(d, a, N);", wide(lambda a: 1 / numpy.sqrt(a))),
    ("__bang_log(d, a, N);", wide(numpy.log2)), ("__bang_log2(d, a, N);", wide(numpy.log2)), ("__bang_pow2(d, a, N);", wide(numpy.exp2)),
    ("__bang_sin(d, a, N);", wide(numpy.sin)), ("__bang_cos(d, a, N);", wide(numpy.cos)), ("__bang_active_log(d, a, N);", wide(numpy.log)),
    ("__bang_active_reciphp(d, a, N);", wide(lambda a: 1 / a)), ("__bang_active_sqrthp(d, a, N);", wide(numpy.sqrt)),
    ("__bang_active_rsqrt(d, a, N);", wide(lambda a: 1 / numpy.sqrt(a))), ("__bang_active_loghp(d, a, N);", wide(numpy.log)),
]
SIGNED: list[Row] = [
    ("__bang_active_exp(d, a, N);", wide(numpy.exp)), ("__bang_active_exphp(d, a, N);", wide(numpy.exp)),
    ("__bang_active_sigmoid(d, a, N);", sigmoid), ("__bang_sigmoid(d, a, N);", sigmoid), ("__bang_active_tanh(d, a, N);", wide(numpy.tanh)),
    ("__bang_active_relu(d, a, N);", lambda a: numpy.maximum(a, 0)), ("__bang_active_abs(d, a, N);", numpy.abs),
    ("__bang_active_sign(d, a, N);", lambda a: numpy.where(a >= 0, 1, -1)),
    ("__bang_active_gelu(d, a, N);", wide(lambda a: 0.5 * a * (1 + numpy.vectorize(erf)(a / 2**0.5)))),
    ("__bang_active_sin(d, a, N);", wide(numpy.sin)), ("__bang_active_pow2(d, a, N);", wide(numpy.exp2)),
    ("__bang_relu(d, a, N);", lambda a: numpy.maximum(a, 0)), ("__bang_relun(d, a, 1.5, N);", lambda a: numpy.clip(a, 0, 1.5)),
    ("__bang_taylor3_softplus(d, a, N);", wide(lambda a: numpy.log(1 + numpy.exp(a)))),
]
ROUNDINGS: list[Row] = [
    ("__bang_floor(d, a, N);", numpy.floor), ("__bang_ceil(d, a, N);", numpy.ceil), ("__bang_nearbyint(d, a, N);", numpy.rint),
    ("__bang_round(d, a, N);", lambda a: numpy.copysign(numpy.floor(numpy.abs(a) + 0.5), a)),
]


def test_mathematics() -> None:
    random = numpy.random.default_rng(13)
    for got, (call, expected) in zip(rows("float", POSITIVE, positive := random.uniform(0.01, 60, N).astype(numpy.float32)), POSITIVE):
        numpy.testing.assert_allclose(got, expected(positive), rtol=4e-7, atol=1e-7, err_msg=call)
    signed = random.normal(0, 3, N).astype(numpy.float32)
    signed[:4] = [0.0, -0.0, 1.0, -1.0]
    for got, (call, expected) in zip(rows("float", SIGNED, signed), SIGNED):
        numpy.testing.assert_allclose(got, expected(signed), rtol=1e-6, atol=3e-7, err_msg=call)
    check("float", ROUNDINGS, (random.integers(-20, 20, N) / 4).astype(numpy.float32))


def test_half_activation_is_the_exact_function_rounded_once() -> None:
    a = numpy.linspace(-4, 4, N).astype(numpy.float16)
    check("half", [("__bang_active_exp(d, a, N);", lambda a: numpy.exp(a.astype(numpy.float64))), ("__bang_active_tanh(d, a, N);", lambda a: numpy.tanh(a.astype(numpy.float64)))],
          a, ulps=1)


ROUND = {"": numpy.trunc, "_tz": numpy.trunc, "_oz": lambda x: numpy.where(x < 0, numpy.floor(x), numpy.ceil(x)), "_up": numpy.ceil, "_dn": numpy.floor,
         "_rd": lambda x: numpy.copysign(numpy.floor(numpy.abs(x) + 0.5), x), "_rn": numpy.rint, "_rm": lambda x: numpy.floor(x + 0.5)}


@pytest.mark.parametrize(("name", "c_type"), [("int8", "signed char"), ("int16", "short"), ("int32", "int")])
def test_float_to_integer_scales_rounds_and_saturates(name: str, c_type: str) -> None:
    a = (numpy.random.default_rng(14).integers(-700, 700, N) / 4).astype(numpy.float32)
    a[:2] = [1e20, -1e20]
    info = numpy.iinfo(NUMPY[c_type])
    table: list[Row] = [(f"__bang_float2{name}{suffix}(d, a, N, {position});",
                         lambda a, rounding=rounding, position=position: numpy.clip(rounding(a.astype(numpy.float64) / 2.0**position), info.min, info.max))
                        for suffix, rounding in ROUND.items() for position in (0, 1, -2)]
    got = rows("float", table, a, out_type=c_type)
    for row, (call, expected) in zip(got, table):
        numpy.testing.assert_array_equal(row, expected(a).astype(NUMPY[c_type]), err_msg=call)


def test_integer_to_float_and_half_to_float() -> None:
    a = values("short", 15)
    got = rows("short", [("__bang_int162float(d, a, N, -3);", lambda a: a)], a, out_type="float")[0]
    assert (got == a.astype(numpy.float32) / 8).all()
    h = values("half", 16)
    assert (rows("half", [("__bang_half2float(d, a, N);", lambda a: a)], h, out_type="float")[0] == h.astype(numpy.float32)).all()


def test_float_to_half_in_every_rounding() -> None:
    a = numpy.random.default_rng(17).normal(0, 1, N).astype(numpy.float32)
    a[:8] = [1.00048828125, -1.00048828125, 1e-7, -1e-7, 65519.0, 1e6, -1e6, 0.0]      # a tie, subnormals, the edge, overflow
    with numpy.errstate(over="ignore"):
        nearest = a.astype(numpy.float16)
    exact = nearest.astype(numpy.float32) == a
    with numpy.errstate(over="ignore"):
        below = numpy.where(exact | (nearest.astype(numpy.float32) < a), nearest, numpy.nextafter(nearest, numpy.float16(-numpy.inf)))
        above = numpy.where(exact | (nearest.astype(numpy.float32) > a), nearest, numpy.nextafter(nearest, numpy.float16(numpy.inf)))
    expected = {"": numpy.where(a > 0, below, above), "_tz": numpy.where(a > 0, below, above), "_oz": numpy.where(a > 0, above, below),
                "_up": above, "_dn": below, "_rn": nearest}
    table: list[Row] = [(f"__bang_float2half{suffix}(d, a, N);", lambda a: a) for suffix in expected]
    for got, (suffix, want) in zip(rows("float", table, a, out_type="half"), expected.items()):
        numpy.testing.assert_array_equal(got, want, err_msg=f"float2half{suffix}")
    away = rows("float", [("__bang_float2half_rd(d, a, N);", lambda a: a)], a, out_type="half")[0]
    assert away[0] == numpy.float16(1.0009765625) and away[1] == numpy.float16(-1.0009765625) and (away[8:] == nearest[8:]).all()
