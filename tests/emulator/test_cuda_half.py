"""16-bit and 8-bit floats against fractions: every function of a table is rounded once, and knows NaN, zeros and infinities."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from fractions import Fraction

import numpy
import pytest
from emulator import exact
from emulator.running import needs_gcc, run

pytestmark = needs_gcc
COUNT = 256
SHORT = {"half": ("f16", "half", "half2"), "bfloat16": ("bf16", "__nv_bfloat16", "bfloat162")}
NAN = {"f16": 0x7E00, "bf16": 0x7FC0}
Values = tuple[exact.Value, ...]


def is_nan(value: exact.Value) -> bool:
    return isinstance(value, float) and math.isnan(value)


def special(value: float) -> exact.Value:
    """A result that has a zero, an infinity or NaN among its operands."""
    return Fraction(value) if math.isfinite(value) and value else value


def plus(a: exact.Value, b: exact.Value) -> exact.Value:
    if isinstance(a, Fraction) and isinstance(b, Fraction) and (a or b):
        return a + b
    return special(float(a) + float(b))


def times(a: exact.Value, b: exact.Value) -> exact.Value:
    return a * b if isinstance(a, Fraction) and isinstance(b, Fraction) and a and b else special(float(a) * float(b))


def over(a: exact.Value, b: exact.Value) -> exact.Value:
    if isinstance(a, Fraction) and isinstance(b, Fraction) and a and b:
        return a / b
    with numpy.errstate(all="ignore"):
        return special(float(numpy.float64(float(a)) / numpy.float64(float(b))))


def saturated(value: exact.Value) -> exact.Value:
    return value if not is_nan(value) and 0 < value < 1 else Fraction(0) if is_nan(value) or value <= 0 else Fraction(1)


def relu(value: exact.Value) -> exact.Value:
    return value if is_nan(value) or value > 0 else Fraction(0)


def least(a: exact.Value, b: exact.Value, sign: int, keep: bool) -> exact.Value:
    if is_nan(a) or is_nan(b):
        return math.nan if keep or (is_nan(a) and is_nan(b)) else b if is_nan(a) else a
    if a == b:
        negative = [isinstance(each, float) and math.copysign(1, each) < 0 for each in (a, b)]
        return a if negative[0] == (sign < 0) else b
    return min(a, b) if sign < 0 else max(a, b)


ARITHMETIC: dict[str, Callable[..., exact.Value]] = {
    "__hadd": plus, "__hadd_rn": plus, "__hsub": lambda a, b: plus(a, -b), "__hsub_rn": lambda a, b: plus(a, -b), "__hmul": times, "__hmul_rn": times, "__hdiv": over,
    "__hadd_sat": lambda a, b: saturated(plus(a, b)), "__hsub_sat": lambda a, b: saturated(plus(a, -b)), "__hmul_sat": lambda a, b: saturated(times(a, b)),
    "__hfma": lambda a, b, c: plus(times(a, b), c), "__hfma_sat": lambda a, b, c: saturated(plus(times(a, b), c)),
    "__hfma_relu": lambda a, b, c: relu(plus(times(a, b), c)),
    "__hmax": lambda a, b: least(a, b, 1, False), "__hmin": lambda a, b: least(a, b, -1, False),
    "__hmax_nan": lambda a, b: least(a, b, 1, True), "__hmin_nan": lambda a, b: least(a, b, -1, True),
    "__hneg": lambda a: -a if a else math.copysign(0.0, -math.copysign(1, float(a))), "__habs": lambda a: abs(a) if a else Fraction(0),
}  # fmt: skip
PAIRED = {"__hdiv": "__h2div", **{name: name.replace(name.split("_")[2], name.split("_")[2] + "2") for name in ARITHMETIC if name != "__hdiv"}}
TESTS: dict[str, Callable[[float, float], bool]] = {
    "eq": lambda a, b: a == b, "ne": lambda a, b: a < b or a > b, "lt": lambda a, b: a < b, "le": lambda a, b: a <= b, "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b, "equ": lambda a, b: not (a < b or a > b), "neu": lambda a, b: a != b, "ltu": lambda a, b: not a >= b,
    "leu": lambda a, b: not a > b, "gtu": lambda a, b: not a <= b, "geu": lambda a, b: not a < b,
}  # fmt: skip
# An error of one in the last place is what the platform documents for most of these; all are within it.
FUNCTIONS: dict[str, Callable[[float], float]] = {
    "exp": math.exp, "exp2": lambda x: 2.0**x, "exp10": lambda x: 10.0**x, "log": math.log, "log2": math.log2, "log10": math.log10, "sqrt": math.sqrt,
    "sin": math.sin, "cos": math.cos, "tanh": math.tanh, "tanh_approx": math.tanh, "rcp": lambda x: 1 / x, "rsqrt": lambda x: 1 / math.sqrt(x),
    "floor": math.floor, "ceil": math.ceil, "trunc": math.trunc, "rint": round,
}  # fmt: skip
MODES = {"rn": round, "rz": math.trunc, "rd": math.floor, "ru": math.ceil}
INTEGERS = {"int": ("int", 32, True), "uint": ("unsigned", 32, False), "short": ("short", 16, True), "ushort": ("unsigned short", 16, False),
            "ll": ("long long", 64, True), "ull": ("unsigned long long", 64, False)}  # fmt: skip


def drawn(form: str, seed: int, nans: bool = True) -> numpy.ndarray:
    rng = numpy.random.default_rng(seed)
    bits = exact.patterns(form, COUNT - 2 * nans, rng) + [NAN[form], NAN[form] | 0x8000] * nans
    return rng.permutation(numpy.array(bits, "u2"))


def rows(short: str, lines: list[str], inputs: list[numpy.ndarray], dtype: str = "u4") -> numpy.ndarray:
    """Evaluates C++ expressions of x, y, z (and pairs a, b, c of them) for every element, as unsigned numbers."""
    _, c_type, pair = SHORT[short]
    pair_type = {"half2": "half2", "bfloat162": "__nv_bfloat162"}[pair]
    out = {"u4": "unsigned", "u8": "unsigned long long"}[dtype]
    text = (f"#include <cuda_fp16.h>\n#include <cuda_bf16.h>\n__device__ unsigned bits({c_type} v) {{ return __{short}_as_ushort(v); }}\n"
            f"__device__ unsigned bits({pair_type} v) {{ return bits(__low2{short}(v)) | bits(__high2{short}(v)) << 16; }}\n"
            f"__global__ void k(const unsigned short *p, const unsigned short *q, const unsigned short *r, {out} *out) {{\n"
            f"  int t = threadIdx.x, o = t ^ 1;\n  {c_type} x = __ushort_as_{short}(p[t]), y = __ushort_as_{short}(q[t]), z = __ushort_as_{short}(r[t]);\n"
            f"  {pair_type} a = __halves2{pair}(x, __ushort_as_{short}(p[o])), b = __halves2{pair}(y, __ushort_as_{short}(q[o])), "
            f"c = __halves2{pair}(z, __ushort_as_{short}(r[o]));\n"
            + "".join(f"  out[{i * COUNT} + t] = {line};\n" for i, line in enumerate(lines)) + "}\n")  # fmt: skip
    arguments = {"p": inputs[0], "q": inputs[1], "r": inputs[2], "out": numpy.zeros(len(lines) * COUNT, dtype)}
    return run(text, "k", arguments, block=(COUNT,))["out"].reshape(-1, COUNT)


def equal(got: int, wanted: int | None, form: str) -> bool:
    return is_nan(exact.decoded(int(got), form)) if wanted is None else int(got) == wanted


@pytest.mark.parametrize("short", SHORT)
@pytest.mark.covers("cuda", *ARITHMETIC, *PAIRED.values(), "__hcmadd")
def test_arithmetic_rounds_once(short: str) -> None:
    form = SHORT[short][0]
    inputs = [drawn(form, seed) for seed in (1, 2, 3)]
    values = [[exact.decoded(int(v), form) for v in each] for each in inputs]
    singles = [f"bits({name}({', '.join('xyz'[: f.__code__.co_argcount])}))" for name, f in ARITHMETIC.items()]
    pairs = [f"bits({PAIRED[name]}({', '.join('abc'[: f.__code__.co_argcount])}))" for name, f in ARITHMETIC.items()]
    got = rows(short, singles + pairs, inputs)
    for row, (name, function) in enumerate(ARITHMETIC.items()):
        wanted = []
        for operands in zip(*values[: function.__code__.co_argcount]):
            value = function(*operands)
            wanted.append(exact.encoded(value, form) if is_nan(value) or value or isinstance(value, float) else 0)
        for at in range(COUNT):
            assert equal(got[row, at], wanted[at], form), (name, [v[at] for v in values], hex(got[row, at]), wanted[at])
            low, high = int(got[len(ARITHMETIC) + row, at]) & 0xFFFF, int(got[len(ARITHMETIC) + row, at]) >> 16
            assert equal(low, wanted[at], form) and equal(high, wanted[at ^ 1], form), PAIRED[name]


@pytest.mark.parametrize("short", SHORT)
@pytest.mark.covers("cuda", *(f"__h{name}{end}" for name in TESTS for end in ("", "2", "2_mask")), *(f"__hb{name}2" for name in TESTS), "__hisnan", "__hisinf", "__hisnan2")
def test_comparisons_know_nan(short: str) -> None:
    form = SHORT[short][0]
    inputs = [drawn(form, 4), drawn(form, 5), drawn(form, 6)]
    inputs[1][: COUNT // 3] = inputs[0][: COUNT // 3]
    x, y = ([float(exact.decoded(int(v), form)) for v in each] for each in inputs[:2])
    lines = [f"__h{n}(x, y) | __hb{n}2(a, b) << 1" for n in TESTS] + [f"__h{n}2_mask(a, b)" for n in TESTS] + [f"bits(__h{n}2(a, b))" for n in TESTS]
    got = rows(short, [*lines, "__hisnan(x) + 2 * (__hisinf(x) + 1)", "bits(__hisnan2(a))"], inputs)
    one = exact.encoded(Fraction(1), form)
    for row, (name, test) in enumerate(TESTS.items()):
        yes = numpy.array([test(a, b) for a, b in zip(x, y)])
        other = yes[numpy.arange(COUNT) ^ 1]
        assert (got[row] == yes + 2 * (yes & other)).all(), name
        assert (got[12 + row] == yes * 0xFFFF + other * 0xFFFF0000).all(), name
        assert (got[24 + row] == yes * one + (other * one << 16)).all(), name
    nan = numpy.isnan(x)
    assert (got[36] == nan + 2 * (numpy.where(numpy.isinf(x), numpy.sign(x), 0) + 1)).all()
    assert (got[37] == nan * one + (nan[numpy.arange(COUNT) ^ 1] * one << 16)).all()


@pytest.mark.parametrize("short", SHORT)
@pytest.mark.covers("cuda", *(f"{h}{name}" for name in FUNCTIONS for h in ("h", "h2")))
def test_functions_are_within_one_of_the_last_place(short: str) -> None:
    form = SHORT[short][0]
    inputs = [drawn(form, 7, False)] * 3
    values = [exact.decoded(int(v), form) for v in inputs[0]]
    got = rows(short, [*(f"bits(h{n}(x))" for n in FUNCTIONS), *(f"bits(h2{n}(a))" for n in FUNCTIONS)], inputs)
    for row, (name, function) in enumerate(FUNCTIONS.items()):
        asked = 0
        for at, value in enumerate(values):
            try:
                wanted = exact.encoded(Fraction(function(float(value))), form) if isinstance(value, Fraction) and value else None
            except (ValueError, OverflowError, ZeroDivisionError):
                continue
            if wanted is None or not wanted & 0x7FFF:
                continue
            asked += 1
            assert abs(int(got[row, at]) - wanted) <= 1, (name, value)
            assert int(got[len(FUNCTIONS) + row, at]) == int(got[row, at]) | int(got[row, at ^ 1]) << 16
        assert asked > COUNT // 5, name


def _to_integer(value: exact.Value, mode: str, bits: int, signed: bool) -> int:
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
    if is_nan(value):
        return 1 << 63 if bits == 64 else 0
    if not isinstance(value, Fraction):
        return 0 if value == 0 else high if value > 0 else low
    return min(max(MODES[mode](value), low), high)


def conversions(short: str) -> Iterator[tuple[str, str, int, bool]]:
    for to, (_, bits, signed) in INTEGERS.items():
        for mode in MODES:
            yield f"__{short}2{to}_{mode}", f"__{to}2{short}_{mode}", bits, signed


@pytest.mark.parametrize("short", SHORT)
@pytest.mark.covers("cuda", *(name for short in SHORT for there, back, *_ in conversions(short) for name in (there, back)),
                    *(f"__{short}2{to}_rz" for short in SHORT for to in ("char", "uchar")))  # fmt: skip
def test_integers_and_short_floats(short: str) -> None:
    form = SHORT[short][0]
    inputs = [drawn(form, 8), drawn(form, 9), drawn(form, 10)]
    values = [exact.decoded(int(v), form) for v in inputs[0]]
    table = list(conversions(short))
    types = {there: INTEGERS[there.split("2")[-1].split("_")[0]][0] for there, *_ in table}
    whole = "(long long)((unsigned long long)p[t] << 47 ^ (unsigned long long)q[t] << 29 ^ (unsigned long long)r[t] << 11 ^ p[o]) >> r[t] % 61"
    got = rows(short, [*(f"(unsigned long long){there}(x)" for there, *_ in table), *(f"bits({back}(({types[there]})({whole})))" for there, back, *_ in table),
                       f"(unsigned long long){whole}", f"__{short}2char_rz(x)", f"__{short}2uchar_rz(x)"], inputs, "u8")  # fmt: skip
    for row, (there, back, bits, signed) in enumerate(table):
        mode = there[-2:]
        wanted = [_to_integer(value, mode, bits, signed) & (1 << 64) - 1 for value in values]
        assert got[row].tolist() == wanted, there
        given = [int(v) & (1 << bits) - 1 for v in got[2 * len(table)]]
        given = [v - (1 << bits) if signed and v >> (bits - 1) else v for v in given]
        assert got[len(table) + row].tolist() == [exact.encoded(Fraction(v), form, mode) for v in given], back
    assert got[-2].tolist() == [_to_integer(value, "rz", 8, True) & (1 << 64) - 1 for value in values]
    assert got[-1].tolist() == [_to_integer(value, "rz", 8, False) for value in values]


@pytest.mark.parametrize("short", SHORT)
@pytest.mark.covers("cuda", *(name.format(s=s, p=SHORT[s][2]) for s in SHORT for name in (
    "__float2{s}", "__float2{s}_rn", "__float2{s}_rz", "__float2{s}_rd", "__float2{s}_ru", "__double2{s}", "__{s}2float", "__{s}_as_ushort", "__{s}_as_short",
    "__ushort_as_{s}", "__short_as_{s}", "make_{p}", "__halves2{p}", "__{s}2{p}", "__float2{p}_rn", "__floats2{p}_rn", "__float22{p}_rn", "__{p}2float2", "__low2{s}",
    "__high2{s}", "__low2{p}", "__high2{p}", "__lows2{p}", "__highs2{p}", "__lowhigh2highlow", "__low2float", "__high2float")))  # fmt: skip
def test_moves_and_conversions_of_floats(short: str) -> None:
    form, c_type, pair = SHORT[short]
    inputs = [drawn(form, 11, False), drawn(form, 12, False), drawn(form, 13, False)]
    wide = "__uint_as_float((unsigned)p[t] << 16 | q[t])"
    double = "__longlong_as_double((long long)((unsigned long long)p[t] << 48 | (unsigned long long)q[t] << 32 | r[t]))"
    moved = ["bits(make_{p}(x, y))", "bits(__{s}2{p}(x))", "bits(__low2{p}(a))", "bits(__high2{p}(a))", "bits(__lows2{p}(a, b))", "bits(__highs2{p}(a, b))",
             "bits(__lowhigh2highlow(a))", "bits(__float2{s}(__{s}2float(x)))", "bits(__float2{p}_rn(__low2float(a)))",
             "bits(__floats2{p}_rn(__low2float(a), __high2float(b)))", "bits(__float22{p}_rn(__{p}2float2(a)))",
             "bits(__short_as_{s}(__{s}_as_short(x)))"]  # fmt: skip
    lines = [line.format(s=short, p=pair) for line in moved] + [f"bits(__float2{short}{mode}({wide}))" for mode in ("", "_rn", "_rz", "_rd", "_ru")]
    got = rows(short, [*lines, f"bits(__double2{short}({double}))"], inputs).astype("u8")
    x, y = (each.astype("u8") for each in inputs[:2])
    ox, oy = (each[numpy.arange(COUNT) ^ 1] for each in (x, y))
    expected = [x | y << 16, x | x << 16, x | x << 16, ox | ox << 16, x | y << 16, ox | oy << 16, ox | x << 16, x, x | x << 16, x | oy << 16, x | ox << 16, x]
    for row, wanted in enumerate(expected):
        assert (got[row] == wanted).all(), moved[row]
    for at in range(COUNT):
        value = exact.decoded(int(x[at]) << 16 | int(y[at]), "f32")
        for row, mode in enumerate(("rn", "rn", "rz", "rd", "ru")):
            assert equal(got[len(moved) + row, at], exact.encoded(value, form, mode), form), (mode, value)
        value = exact.decoded(int(x[at]) << 48 | int(y[at]) << 32 | int(inputs[2][at]), "f64")
        assert equal(got[-1, at], exact.encoded(value, form), form), value


# ---- 8 bits -----------------------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("kind", ["E4M3", "E5M2"])
@pytest.mark.covers("cuda", "__nv_cvt_float_to_fp8", "__nv_cvt_double_to_fp8", "__nv_cvt_halfraw_to_fp8", "__nv_cvt_bfloat16raw_to_fp8", "__nv_cvt_fp8_to_halfraw",
                    "__nv_cvt_fp8x2_to_halfraw2", "__nv_cvt_halfraw2_to_fp8x2", "__nv_cvt_bfloat16raw2_to_fp8x2",
                    "__nv_cvt_float2_to_fp8x2", "__nv_cvt_double2_to_fp8x2", "__nv_fp8_e4m3", "__nv_fp8_e5m2", "__nv_fp8x2_e4m3",
                    "__nv_fp8x2_e5m2", "__nv_fp8x4_e4m3", "__nv_fp8x4_e5m2")  # fmt: skip
def test_fp8_rounds_to_nearest_even_with_and_without_saturation(kind: str) -> None:
    form, name = kind.lower(), f"__nv_fp8_{kind.lower()}"
    text = f"""#include <cuda_fp8.h>
__global__ void k(const float *x, unsigned char *out, unsigned *four, float *back) {{
  int t = threadIdx.x;
  out[t] = __nv_cvt_float_to_fp8(x[t], __NV_NOSAT, __NV_{kind});
  out[512 + t] = __nv_cvt_double_to_fp8((double)x[t], __NV_SATFINITE, __NV_{kind});
  out[1024 + t] = {name}(x[t]).__x;
  out[1536 + t] = __nv_cvt_halfraw_to_fp8(__float2half(x[t]), __NV_NOSAT, __NV_{kind});
  out[2048 + t] = __nv_cvt_bfloat16raw_to_fp8(__float2bfloat16(x[t]), __NV_SATFINITE, __NV_{kind});
  float4 v = make_float4(x[t], x[t ^ 1], x[t ^ 2], x[t ^ 3]);
  __nv_fp8x4_{form} packed(v);
  four[t] = packed.__x;
  __nv_fp8x2_{form} two(make_float2(x[t], x[t ^ 1]));
  four[512 + t] = two.__x | __nv_cvt_float2_to_fp8x2(make_float2(x[t ^ 2], x[t ^ 3]), __NV_SATFINITE, __NV_{kind}) << 16;
  __half2_raw hp = {{__half_raw(__float2half(x[t])).x, __half_raw(__float2half(x[t ^ 1])).x}};
  __nv_bfloat162_raw bp = {{__nv_bfloat16_raw(__float2bfloat16(x[t])).x, __nv_bfloat16_raw(__float2bfloat16(x[t ^ 1])).x}};
  four[1536 + t] = __nv_cvt_halfraw2_to_fp8x2(hp, __NV_NOSAT, __NV_{kind}) | __nv_cvt_bfloat16raw2_to_fp8x2(bp, __NV_SATFINITE, __NV_{kind}) << 16;
  four[1024 + t] = __nv_cvt_double2_to_fp8x2(make_double2(x[t], x[t ^ 1]), __NV_NOSAT, __NV_{kind});
  {name} one; one.__x = t % 256;
  __half raw = __half(__nv_cvt_fp8_to_halfraw(t % 256, __NV_{kind}));
  back[t] = float(one); back[512 + t] = __half2float(raw); back[1024 + t] = float4(packed).w;
  back[1536 + t] = __half2float(__ushort_as_half(__nv_cvt_fp8x2_to_halfraw2(t % 256 << 8, __NV_{kind}).y));
}}"""
    rng = numpy.random.default_rng(14)
    bits = numpy.array(exact.patterns("f32", 128, rng) + [exact.encoded(exact.decoded(v, form), "f32") or 0x7FC00000 for v in range(256)], "u4")
    middle = [(Fraction(exact.decoded(v, form)) + Fraction(exact.decoded(v + 1, form))) / 2 for v in range(exact.greatest(form))]
    x = numpy.concatenate([bits.view("f4"), numpy.array([float(v) for v in middle[-122:]] + [0, 1, 2, 448, 464, 465], "f4")])
    got = run(text, "k", {"x": x, "out": numpy.zeros(2560, "u1"), "four": numpy.zeros(2048, "u4"), "back": numpy.zeros(2048, "f4")}, block=(512,),
              out=("out", "four", "back"))  # fmt: skip

    def code(value: exact.Value, finite: bool) -> int:
        found = exact.encoded(value, form, finite=finite)
        return 0x7F if found is None else found

    given = [exact.decoded(int(v), "f32") for v in x.view("u4")]
    plain, full = ([code(value, finite) for value in given] for finite in (False, True))
    rows = got["out"].reshape(5, 512)
    assert rows[0].tolist() == plain and rows[1].tolist() == full and rows[2].tolist() == full
    for row, short, finite in ((3, "f16", False), (4, "bf16", True)):
        through = [exact.encoded(value, short) for value in given]
        assert rows[row].tolist() == [0x7F if v is None else code(exact.decoded(v, short), finite) for v in through]
    four = got["four"].reshape(4, 512)
    for t in range(512):
        assert four[0, t] == four[1, t] == sum(full[t ^ i] << 8 * i for i in range(4)) and four[2, t] == plain[t] | plain[t ^ 1] << 8
        assert four[3, t] == int(rows[3][t]) | int(rows[3][t ^ 1]) << 8 | int(rows[4][t]) << 16 | int(rows[4][t ^ 1]) << 24
    back = got["back"].reshape(4, 512)
    wanted = numpy.array([float(exact.decoded(v % 256, form)) for v in range(512)], "f4")
    last = numpy.array([float(exact.decoded(full[t ^ 3], form)) for t in range(512)], "f4")
    for row, values in zip(back, (wanted, wanted, last, wanted)):
        numpy.testing.assert_array_equal(row, values)
