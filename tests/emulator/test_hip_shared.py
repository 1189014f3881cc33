"""What HIP shares with CUDA, through HIP's header: the tests that hold the shared functions against fractions, integers and fp64 run again."""

from __future__ import annotations

import functools
import itertools
import math
import statistics
from collections.abc import Callable, Iterator

import numpy
import pytest
from emulator import test_cuda_half, test_cuda_math
from emulator.running import needs_gcc, run

pytestmark = needs_gcc
# HIP has no video instructions, no fused minima, no conversions of 8-bit floats under CUDA's names.
SHARED = {test_cuda_math: ("test_arithmetic_rounds_as_its_name_says", "test_casts_round_as_their_names_say", "test_integers", "test_functions_are_near_their_values",
                           "test_values_that_are_no_numbers"),
          test_cuda_half: ("test_arithmetic_rounds_once", "test_comparisons_know_nan", "test_functions_are_within_one_of_the_last_place", "test_integers_and_short_floats",
                           "test_moves_and_conversions_of_floats")}


def again() -> Iterator[object]:
    """Each shared test with each of its parameters, marked with the names it covers, for HIP."""
    for module, names in SHARED.items():
        for name in names:
            function = getattr(module, name)
            marks = getattr(function, "pytestmark", [])
            covered = [covering for mark in marks if mark.name == "covers" for covering in mark.args[1:]]
            tables = [[(mark.args[0], value) for value in mark.args[1]] for mark in marks if mark.name == "parametrize"]
            for chosen in itertools.product(*tables):
                arguments = {key: each for keys, value in chosen for key, each in zip(_keys(keys), _values(keys, value))}
                label = "-".join([name.removeprefix("test_"), *(each for each in arguments.values() if isinstance(each, str))])
                yield pytest.param(module, function, arguments, id=label, marks=pytest.mark.covers("hip", *covered))


def _keys(keys: str | tuple[str, ...]) -> list[str]:
    return [key.strip() for key in keys.split(",")] if isinstance(keys, str) else list(keys)


def _values(keys: str | tuple[str, ...], value: object) -> tuple[object, ...]:
    value = getattr(value, "values", value) if type(value).__name__ == "ParameterSet" else value
    return value if isinstance(value, tuple) and len(_keys(keys)) > 1 else (value,)  # type: ignore[return-value]


@pytest.mark.parametrize(("module", "function", "arguments"), list(again()))
def test_shared_functions(module: object, function: Callable[..., None], arguments: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "run", functools.partial(run, dialect="hip"))
    function(**arguments)


# ---- integers ----------------------------------------------------------------------------------------------------------------------
def s32(x: int) -> int:
    return (x & 0xFFFFFFFF) - ((x & 0x80000000) << 1)


def s64(x: int) -> int:
    return (x & 2**64 - 1) - ((x & 2**63) << 1)


def s24(x: int) -> int:
    return (x & 0xFFFFFF) - ((x & 0x800000) << 1)


def reverse(x: int, bits: int) -> int:
    return int(f"{x:0{bits}b}"[::-1], 2)


def byte_perm(x: int, y: int, selector: int) -> int:
    both = [*x.to_bytes(4, "little"), *y.to_bytes(4, "little")]
    digits = [selector >> 4 * i & 15 for i in range(4)]
    return int.from_bytes(bytes(255 * (both[d & 7] >> 7) if d & 8 else both[d] for d in digits), "little")


# Expression of x, y (unsigned long long) and a, b (their lower halves) -> its value, as 64 bits.
INTEGERS: list[tuple[str, Callable[[int, int, int, int], int]]] = [
    ("__brev(a)", lambda x, y, a, b: reverse(a, 32)), ("__brevll(x)", lambda x, y, a, b: reverse(x, 64)), ("__byte_perm(a, b, 0x5b19u)", lambda x, y, a, b: byte_perm(a, b, 0x5B19)),
    ("__clz((int)a)", lambda x, y, a, b: 32 - a.bit_length()), ("__clzll((long long)x)", lambda x, y, a, b: 64 - x.bit_length()), ("__ffs((int)a)", lambda x, y, a, b: (a & -a).bit_length()),
    ("__ffsll((long long)x)", lambda x, y, a, b: (x & -x).bit_length()), ("__popc(a)", lambda x, y, a, b: a.bit_count()), ("__popcll(x)", lambda x, y, a, b: x.bit_count()),
    ("__mul24((int)a, (int)b)", lambda x, y, a, b: s32(s24(a) * s24(b))), ("__umul24(a, b)", lambda x, y, a, b: (a & 0xFFFFFF) * (b & 0xFFFFFF) & 0xFFFFFFFF),
    ("__mulhi((int)a, (int)b)", lambda x, y, a, b: s32(a) * s32(b) >> 32), ("__umulhi(a, b)", lambda x, y, a, b: a * b >> 32), ("__mul64hi((long long)x, (long long)y)", lambda x, y, a, b: s64(x) * s64(y) >> 64),
    ("__umul64hi(x, y)", lambda x, y, a, b: x * y >> 64), ("__hadd((int)a, (int)b)", lambda x, y, a, b: s32(a) + s32(b) >> 1), ("__rhadd((int)a, (int)b)", lambda x, y, a, b: s32(a) + s32(b) + 1 >> 1),
    ("__uhadd(a, b)", lambda x, y, a, b: a + b >> 1), ("__urhadd(a, b)", lambda x, y, a, b: a + b + 1 >> 1), ("__sad((int)a, (int)b, 7u)", lambda x, y, a, b: abs(s32(a) - s32(b)) + 7 & 0xFFFFFFFF),
    ("__usad(a, b, 7u)", lambda x, y, a, b: abs(a - b) + 7 & 0xFFFFFFFF), ("__funnelshift_l(a, b, 37u)", lambda x, y, a, b: (b << 32 | a) << 5 >> 32 & 0xFFFFFFFF),
    ("__funnelshift_r(a, b, 37u)", lambda x, y, a, b: (b << 32 | a) >> 5 & 0xFFFFFFFF),
]


@pytest.mark.covers("hip", *(expression.split("(")[0] for expression, _ in INTEGERS))
def test_integer_intrinsics() -> None:
    rng = numpy.random.default_rng(5)
    x, y = (numpy.concatenate([rng.integers(0, 2**64, 56, numpy.uint64), numpy.array([0, 1, 2**64 - 1, 2**31, 2**63, 2**32, 0x800000, 255], numpy.uint64)]) for _ in range(2))
    y[56:] = y[:55:-1].copy()
    lines = "\n".join(f"  out[{number} * 64 + t] = (unsigned long long)({expression});" for number, (expression, _) in enumerate(INTEGERS))
    text = ("__global__ void k(unsigned long long *out, const unsigned long long *p, const unsigned long long *q) {\n  int t = threadIdx.x;\n"
            f"  unsigned long long x = p[t], y = q[t];\n  unsigned a = (unsigned)x, b = (unsigned)y;\n{lines}\n}}")
    got = run(text, "k", {"out": numpy.zeros(64 * len(INTEGERS), numpy.uint64), "p": x, "q": y}, block=(64,), dialect="hip")["out"].reshape(-1, 64)
    for row, (expression, want) in zip(got.tolist(), INTEGERS):
        values = [want(p, q, p & 0xFFFFFFFF, q & 0xFFFFFFFF) & 2**64 - 1 for p, q in zip(x.tolist(), y.tolist())]
        assert row == values, expression


# ---- functions of C's library: in float against fp64, in double against Python's -------------------------------------------------------
ONE: dict[str, tuple[Callable[[float], float], float, float]] = {
    **{name: (getattr(math, name), low, high) for name, low, high in [
        ("acos", -1, 1), ("asin", -1, 1), ("atan", -9, 9), ("acosh", 1, 9), ("asinh", -9, 9), ("atanh", -0.99, 0.99), ("cos", -9, 9), ("sin", -9, 9), ("tan", -1.5, 1.5), ("cosh", -5, 5),
        ("sinh", -5, 5), ("tanh", -3, 3), ("exp", -9, 9), ("expm1", -3, 3), ("log", 0.01, 99), ("log10", 0.01, 99), ("log2", 0.01, 99), ("log1p", -0.9, 9), ("sqrt", 0, 99), ("erf", -3, 3),
        ("erfc", -3, 3), ("lgamma", 0.1, 9), ("ceil", -9, 9), ("floor", -9, 9), ("trunc", -9, 9), ("fabs", -9, 9)]},
    "tgamma": (math.gamma, 0.1, 9), "cbrt": (lambda x: math.copysign(abs(x) ** (1 / 3), x), -99, 99), "exp2": (lambda x: 2.0**x, -9, 9), "exp10": (lambda x: 10.0**x, -5, 5), "rint": (round, -9, 9), "nearbyint": (round, -9, 9),
    "round": (lambda x: math.copysign(math.floor(abs(x) + 0.5), x), -9, 9), "logb": (lambda x: math.frexp(x)[1] - 1, 0.01, 99), "ilogb": (lambda x: math.frexp(x)[1] - 1, 0.01, 99),
    "lrint": (round, -9, 9), "llrint": (round, -9, 9), "lround": (lambda x: math.copysign(math.floor(abs(x) + 0.5), x), -9, 9),
    "llround": (lambda x: math.copysign(math.floor(abs(x) + 0.5), x), -9, 9), "rsqrt": (lambda x: 1 / math.sqrt(x), 0.01, 99), "rcbrt": (lambda x: abs(x) ** (-1 / 3), 0.01, 99),
    "sinpi": (lambda x: math.sin(math.pi * math.remainder(x, 2)), -9, 9), "cospi": (lambda x: math.cos(math.pi * math.remainder(x, 2)), -9, 9),
    "normcdf": (lambda x: math.erfc(-x / math.sqrt(2)) / 2, -4, 4), "erfinv": (lambda x: statistics.NormalDist().inv_cdf((x + 1) / 2) / math.sqrt(2), -0.95, 0.95),
}
TWO: dict[str, Callable[[float, float], float]] = {
    "atan2": math.atan2, "pow": lambda x, y: abs(x) ** y, "fmod": math.fmod, "hypot": math.hypot, "copysign": math.copysign, "fmax": max, "fmin": min, "fdim": lambda x, y: max(x - y, 0),
    "remainder": math.remainder, "nextafter": math.nextafter}
OTHERS: dict[str, tuple[str, Callable[[float, float], float]]] = {
    "fma": ("fma{f}(x, y, ({T})3)", lambda x, y: x * y + 3), "ldexp": ("ldexp{f}(x, 3)", lambda x, y: 8 * x), "scalbn": ("scalbn{f}(x, -3)", lambda x, y: x / 8),
    "scalbln": ("scalbln{f}(x, 3l)", lambda x, y: 8 * x), "frexp": ("[&] {{ int e; {T} m = frexp{f}(x, &e); return m + e; }}()", lambda x, y: sum(math.frexp(x))),
    "modf": ("[&] {{ {T} w; {T} r = modf{f}(x, &w); return r + 2 * w; }}()", lambda x, y: math.modf(x)[0] + 2 * math.modf(x)[1]),
    "remquo": ("[&] {{ int q; {T} r = remquo{f}(x, y, &q); return r + 16 * (q & 7); }}()", lambda x, y: math.remainder(x, y) + 16 * (int(round((x - math.remainder(x, y)) / y)) & 7)),
    "sincos": ("[&] {{ {T} s, c; sincos{f}(x, &s, &c); return s + 3 * c; }}()", lambda x, y: math.sin(x) + 3 * math.cos(x))}
BESSEL = ("j0", "j1", "y0", "y1", "jn", "yn")


def bessel(kind: str, order: int, x: float) -> float:
    """J by its integral; Y by the integral of Y minus the part that falls off, both with the trapezoid and Simpson's rule in fp64."""
    steps = 4000
    grid = numpy.linspace(0, math.pi, steps + 1)
    weights = numpy.ones(steps + 1)
    weights[1:-1:2], weights[2:-1:2] = 4, 2
    wave = order * grid - x * numpy.sin(grid)
    if kind == "j":
        return float((weights * numpy.cos(wave)).sum() * math.pi / steps / 3 / math.pi)
    far = numpy.linspace(0, 12, 40001)
    tail = numpy.ones(40001)
    tail[1:-1:2], tail[2:-1:2] = 4, 2
    decay = (numpy.exp(order * far) + (-1) ** order * numpy.exp(-order * far)) * numpy.exp(-x * numpy.sinh(far))
    return float((weights * numpy.sin(-wave)).sum() / steps / 3 - (tail * decay).sum() * 12 / 40000 / 3 / math.pi)


@pytest.mark.parametrize(("c_type", "f", "dtype", "tolerance"), [("float", "f", numpy.float32, 1e-6), ("double", "", numpy.float64, 1e-13)], ids=["float", "double"])
@pytest.mark.covers("hip", *(name + f for f in ("", "f") for name in (*ONE, *TWO, *OTHERS, *BESSEL)))
def test_functions_of_c(c_type: str, f: str, dtype: type, tolerance: float) -> None:
    rng, count = numpy.random.default_rng(6), 64
    rows: list[tuple[str, numpy.ndarray, list[float]]] = []
    for name, (python, low, high) in ONE.items():
        x = rng.uniform(low, high, count).astype(dtype)
        rows.append((f"({c_type}){name}{f}(x)", x, [float(python(v)) for v in x.astype(float)]))
    x, y = rng.uniform(-9, 9, count).astype(dtype), rng.uniform(0.5, 3, count).astype(dtype)
    for name, two in TWO.items():
        given = numpy.abs(x) if name == "pow" else x
        want = [float(dtype(numpy.nextafter(dtype(p), dtype(q)))) for p, q in zip(given, y)] if name == "nextafter" else [two(float(p), float(q)) for p, q in zip(given, y)]
        rows.append((f"{name}{f}(x, y)", given, want))
    rows += [(call.format(f=f, T=c_type), x, [of(float(p), float(q)) for p, q in zip(x, y)]) for call, of in OTHERS.values()]
    positive = rng.uniform(0.5, 9, count).astype(dtype)
    for name in BESSEL:
        order = 3 if name[1] == "n" else int(name[1])
        rows.append((f"{name}{f}({'3, ' if name[1] == 'n' else ''}x)", positive, [bessel(name[0], order, float(v)) for v in positive]))
    lines = "\n".join(f"  {{ {c_type} x = p[{number} * {count} + t]; out[{number} * {count} + t] = {call}; }}" for number, (call, _, _) in enumerate(rows))
    text = f"__global__ void k({c_type} *out, const {c_type} *p, const {c_type} *q) {{\n  int t = threadIdx.x;\n  {c_type} y = q[t];\n{lines}\n}}"
    got = run(text, "k", {"out": numpy.zeros(count * len(rows), dtype), "p": numpy.concatenate([row[1] for row in rows]), "q": y}, block=(count,), dialect="hip")["out"].reshape(-1, count)
    for ours, (call, _, want) in zip(got, rows):
        loose = 1e-7 if "erfinv" in call and not f else 1e-9 if call[1:2].isdigit() or call[:2] in ("jn", "yn") else 0
        numpy.testing.assert_allclose(ours, want, rtol=max(tolerance, loose), atol=max(tolerance, loose), err_msg=call)
