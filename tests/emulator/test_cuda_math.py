"""CUDA's math functions, casts and integer instructions against fractions, Python's integers and fp64 series."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from fractions import Fraction

import numpy
import pytest
from emulator import exact
from emulator.running import needs_gcc, run

pytestmark = needs_gcc
COUNT = 128
MODES = {"rn": round, "rz": math.trunc, "rd": math.floor, "ru": math.ceil}
INTEGERS = {"int": ("int", 32, True), "uint": ("unsigned", 32, False), "ll": ("long long", 64, True), "ull": ("unsigned long long", 64, False)}
FLOATS = {"float": ("f32", "__uint_as_float((unsigned)x)", "__float_as_uint"), "double": ("f64", "__longlong_as_double((long long)x)", "__double_as_longlong")}


def evaluated(lines: list[str], inputs: list[list[int]]) -> numpy.ndarray:
    """C++ expressions of x, y, z (unsigned long long) for every element, as 64 bits."""
    text = ("__global__ void k(const unsigned long long *p, const unsigned long long *q, const unsigned long long *r, unsigned long long *out) {\n"
            "  int t = threadIdx.x;\n  unsigned long long x = p[t], y = q[t], z = r[t];\n"
            + "".join(f"  out[{i * COUNT} + t] = (unsigned long long)({line});\n" for i, line in enumerate(lines)) + "}\n")  # fmt: skip
    given = [numpy.array(each, "u8") for each in inputs]
    return run(text, "k", {"p": given[0], "q": given[1], "r": given[2], "out": numpy.zeros(len(lines) * COUNT, "u8")}, block=(COUNT,))["out"].reshape(-1, COUNT)


def drawn(form: str, seed: int) -> list[int]:
    rng = numpy.random.default_rng(seed)
    return [int(v) for v in rng.permutation(numpy.array(exact.patterns(form, COUNT, rng), "u8"))]


def words(seed: int, bits: int = 64) -> list[int]:
    rng = numpy.random.default_rng(seed)
    edges = [0, 1, (1 << bits) - 1, 1 << bits - 1, (1 << bits - 1) - 1, 255, 128, 0x80808080, 0x7FFF8000, 32]
    some = [int(v) >> (64 - bits) for v in rng.integers(0, 2**64, COUNT, dtype="u8")]
    return [(edges + some)[int(i)] for i in rng.permutation(COUNT)]


def signed(x: int, bits: int) -> int:
    x &= (1 << bits) - 1
    return x - (1 << bits) if x >> bits - 1 else x


# ---- arithmetic with a rounding mode in its name ----------------------------------------------------------------------------------------

OPERATIONS: dict[str, Callable[..., Fraction]] = {
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b, "div": lambda a, b: a / b, "rcp": lambda a: 1 / a,
    "sqrt": exact.root, "fma": lambda a, b, c: a * b + c,
}  # fmt: skip


def directed(kind: str) -> list[tuple[str, str, Callable[..., Fraction]]]:
    letter = kind[0]
    names = [(f"__{letter}{name}_{mode}", mode, f) for name, f in OPERATIONS.items() if name != "fma" for mode in MODES]
    fused = ["__fmaf", "__fmaf_ieee"] if letter == "f" else ["__fma"]
    return names + [(f"{name}_{mode}", mode, OPERATIONS["fma"]) for name in fused for mode in MODES]


@pytest.mark.parametrize("kind", FLOATS)
@pytest.mark.covers("cuda", *(name for kind in FLOATS for name, *_ in directed(kind)))
def test_arithmetic_rounds_as_its_name_says(kind: str) -> None:
    form, read, bits = FLOATS[kind]
    inputs = [drawn(form, seed) for seed in (1, 2, 3)]
    values = [[exact.decoded(v, form) for v in each] for each in inputs]
    table = directed(kind)
    calls = [f"{bits}({name}({', '.join(read.replace('x)', each + ')') for each in 'xyz'[: f.__code__.co_argcount])}))" for name, _, f in table]
    got = evaluated(calls, inputs)
    for row, (name, mode, function) in enumerate(table):
        asked = 0
        for at in range(COUNT):
            operands = [each[at] for each in values[: function.__code__.co_argcount]]
            if not all(isinstance(v, Fraction) for v in operands) or (name.startswith(("__fsqrt", "__dsqrt")) and operands[0] < 0):
                continue
            if ("div" in name or "rcp" in name) and not operands[-1] or not function(*operands):
                continue
            asked += 1
            wanted = exact.encoded(function(*operands), form, mode)
            assert int(got[row, at]) & (2**32 - 1 if kind == "float" else 2**64 - 1) == wanted, (name, [hex(i[at]) for i in inputs])
        assert asked > COUNT // 3, name


# ---- casts -------------------------------------------------------------------------------------------------------------------------------

def clamped(value: exact.Value, mode: str, bits: int, is_signed: bool, from_double: bool) -> int:
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if is_signed else (0, (1 << bits) - 1)
    if isinstance(value, float):
        if math.isnan(value):
            return 1 << bits - 1 if bits == 64 or from_double else 0
        return 0 if value == 0 else high if value > 0 else low
    return min(max(MODES[mode](value), low), high)


TO_INTEGERS = [(f"__{kind}2{to}_{mode}", kind, to, mode) for kind in FLOATS for to in INTEGERS for mode in MODES]
TO_FLOATS = [(f"__{source}2{kind}_{mode}", source, kind, mode) for source in INTEGERS for kind in FLOATS for mode in MODES
             if not (kind == "double" and source in ("int", "uint") and mode != "rn")]  # fmt: skip


@pytest.mark.covers("cuda", *(row[0] for row in TO_INTEGERS), *(row[0] for row in TO_FLOATS), *(f"__double2float_{mode}" for mode in MODES))
def test_casts_round_as_their_names_say() -> None:
    singles, doubles, whole = drawn("f32", 4), drawn("f64", 5), [v >> (i % 60) for i, v in enumerate(words(6))]
    whole[:20] = [(1 << 40) + (v & 0xFFFF) for v in whole[:20]]
    singles[:2], doubles[:2] = [0x7FC00000, 0x4F000000], [0x7FF8000000000000, 0x43E0000000000000]
    lines = [f"{name}({'__uint_as_float((unsigned)x)' if kind == 'float' else '__longlong_as_double((long long)y)'})" for name, kind, *_ in TO_INTEGERS]
    lines += [f"{FLOATS[kind][2]}({name}(({INTEGERS[source][0]})z))" for name, source, kind, _ in TO_FLOATS]
    lines += [f"__float_as_uint(__double2float_{mode}(__longlong_as_double((long long)y)))" for mode in MODES]
    got = evaluated(lines, [singles, doubles, whole])
    for row, (name, kind, to, mode) in enumerate(TO_INTEGERS):
        values = [exact.decoded(v, FLOATS[kind][0]) for v in (singles if kind == "float" else doubles)]
        _, bits, is_signed = INTEGERS[to]
        assert got[row].tolist() == [(signed(w, bits) if is_signed else w) & (1 << 64) - 1 for w in (clamped(v, mode, bits, is_signed, kind == "double") for v in values)], name
    for row, (name, source, kind, mode) in enumerate(TO_FLOATS, len(TO_INTEGERS)):
        _, bits, is_signed = INTEGERS[source]
        given = [signed(v, bits) if is_signed else v & (1 << bits) - 1 for v in whole]
        assert got[row].tolist() == [exact.encoded(Fraction(v), FLOATS[kind][0], mode) for v in given], name
    for row, mode in enumerate(MODES, len(lines) - 4):
        for at, value in enumerate(exact.decoded(v, "f64") for v in doubles):
            wanted = exact.encoded(value, "f32", mode)
            assert wanted is None or got[row, at] == wanted, (mode, value)


# ---- integers, and several of them in a word ------------------------------------------------------------------------------------------------

def parts(x: int, count: int, is_signed: bool) -> list[int]:
    bits = 32 // count
    low = [x >> bits * i & (1 << bits) - 1 for i in range(count)]
    return [signed(v, bits) for v in low] if is_signed else low


def joined(values: list[int], count: int) -> int:
    bits = 32 // count
    return sum((v & (1 << bits) - 1) << bits * i for i, v in enumerate(values))


def limit(v: int, bits: int, is_signed: bool) -> int:
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if is_signed else (0, (1 << bits) - 1)
    return min(max(v, low), high)


# name -> signed elements, what becomes of a pair of them; B: bits of an element
VIDEO: dict[str, tuple[bool, Callable[[int, int, int], int]]] = {
    "add": (False, lambda a, b, B: a + b), "sub": (False, lambda a, b, B: a - b), "addss": (True, lambda a, b, B: limit(a + b, B, True)),
    "subss": (True, lambda a, b, B: limit(a - b, B, True)), "addus": (False, lambda a, b, B: limit(a + b, B, False)),
    "subus": (False, lambda a, b, B: limit(a - b, B, False)), "avgs": (True, lambda a, b, B: (abs(a + b) + 1) // 2 * (1 if a + b >= 0 else -1)),
    "avgu": (False, lambda a, b, B: (a + b + 1) // 2), "haddu": (False, lambda a, b, B: (a + b) // 2), "maxs": (True, lambda a, b, B: max(a, b)),
    "maxu": (False, lambda a, b, B: max(a, b)), "mins": (True, lambda a, b, B: min(a, b)), "minu": (False, lambda a, b, B: min(a, b)),
    "absdiffs": (True, lambda a, b, B: abs(a - b)), "absdiffu": (False, lambda a, b, B: abs(a - b)),
}  # fmt: skip
SINGLE: dict[str, Callable[[int, int], int]] = {"abs": lambda a, B: abs(a), "absss": lambda a, B: limit(abs(a), B, True), "neg": lambda a, B: -a,
                                                "negss": lambda a, B: limit(-a, B, True)}  # fmt: skip
COMPARE: dict[str, tuple[bool, Callable[[int, int], bool]]] = {
    "eq": (False, lambda a, b: a == b), "ne": (False, lambda a, b: a != b), "gts": (True, lambda a, b: a > b), "ges": (True, lambda a, b: a >= b),
    "lts": (True, lambda a, b: a < b), "les": (True, lambda a, b: a <= b), "gtu": (False, lambda a, b: a > b), "geu": (False, lambda a, b: a >= b),
    "ltu": (False, lambda a, b: a < b), "leu": (False, lambda a, b: a <= b),
}  # fmt: skip


@pytest.mark.parametrize("count", [2, 4])
@pytest.mark.covers("cuda", *(f"__v{name}{count}" for count in (2, 4) for name in [*VIDEO, *SINGLE, "sads", "sadu", *(f"{kind}{name}" for kind in ("cmp", "set") for name in COMPARE)]))
def test_several_integers_in_a_word(count: int) -> None:
    bits, x, y = 32 // count, words(7, 32), words(8, 32)
    y[:30] = [a ^ (0xFF << 8 * (i % 4)) for i, a in enumerate(x[:30])]
    lines = [f"__v{name}{count}((unsigned)x, (unsigned)y)" for name in [*VIDEO, "sads", "sadu", *(f"cmp{n}" for n in COMPARE), *(f"set{n}" for n in COMPARE)]]
    got = evaluated([*lines, *(f"__v{name}{count}((unsigned)x)" for name in SINGLE)], [x, y, x])
    expected = [[joined([f(a, b, bits) for a, b in zip(parts(v, count, s), parts(w, count, s))], count) for v, w in zip(x, y)] for s, f in VIDEO.values()]
    expected += [[sum(abs(a - b) for a, b in zip(parts(v, count, s), parts(w, count, s))) for v, w in zip(x, y)] for s in (True, False)]
    for yes in (-1, 1):
        expected += [[joined([yes * f(a, b) for a, b in zip(parts(v, count, s), parts(w, count, s))], count) for v, w in zip(x, y)] for s, f in COMPARE.values()]
    expected += [[joined([f(a, bits) for a in parts(v, count, True)], count) for v in x] for f in SINGLE.values()]
    for row, wanted in enumerate(expected):
        assert got[row].tolist() == wanted, [*lines, *SINGLE][row]


def relu(values: list[int]) -> list[int]:
    return [max(v, 0) for v in values]


@pytest.mark.covers("cuda", *(f"__vi{op}_{kind}{end}" for op in ("addmax", "addmin", "max3", "min3") for kind in ("s32", "u32", "s16x2", "u16x2")
                              for end in (("", "_relu") if kind[0] == "s" else ("",))),
                    *(f"__vi{op}_{kind}_relu" for op in ("max", "min") for kind in ("s32", "s16x2")),
                    *(f"__vib{op}_{kind}" for op in ("max", "min") for kind in ("s32", "u32", "s16x2", "u16x2")))  # fmt: skip
def test_fused_minima_and_maxima() -> None:
    x, y, z = words(9, 32), words(10, 32), words(11, 32)
    y[:20] = x[:20]
    lines, expected = [], []
    for kind in ("s32", "u32", "s16x2", "u16x2"):
        count, is_signed = (2 if "x2" in kind else 1), kind[0] == "s"
        c_type = "int" if kind == "s32" else "unsigned"
        for op, f in (("addmax", lambda a, b, c: max(a, c)), ("addmin", lambda a, b, c: min(a, c)), ("max3", lambda a, b, c: max(a, b, c)), ("min3", lambda a, b, c: min(a, b, c))):
            for end in ("", "_relu") if is_signed else ("",):
                lines.append(f"(unsigned)__vi{op}_{kind}{end}(({c_type})x, ({c_type})y, ({c_type})z)")
                row = []
                for values in zip(x, y, z):
                    a, b, c = (parts(v, count, is_signed) for v in values)
                    if "add" in op:
                        a = parts(joined([p + q for p, q in zip(a, b)], count), count, is_signed)
                    got = [f(*each) for each in zip(a, b, c)]
                    row.append(joined(relu(got) if end else got, count))
                expected.append(row)
        for op, best in (("max", max), ("min", min)):
            if is_signed:
                lines.append(f"(unsigned)__vi{op}_{kind}_relu(({c_type})x, ({c_type})y)")
                expected.append([joined(relu([best(a, b) for a, b in zip(parts(v, count, True), parts(w, count, True))]), count) for v, w in zip(x, y)])
            flags = "&f, &g" if count == 2 else "&g"
            lines.append(f"[&] {{ bool f = false, g = false; unsigned v = __vib{op}_{kind}(({c_type})x, ({c_type})y, {flags}); return v | (unsigned long long)(2 * f + g) << 32; }}()")
            row = []
            for v, w in zip(x, y):
                pairs = list(zip(parts(v, count, is_signed), parts(w, count, is_signed)))
                row.append(joined([best(*pair) for pair in pairs], count) | sum((best(*pair) == pair[0]) << i for i, pair in enumerate(pairs)) << 32)
            expected.append(row)
    got = evaluated(lines, [x, y, z])
    for row, wanted in enumerate(expected):
        assert got[row].tolist() == wanted, lines[row]


def nth_set(mask: int, base: int, offset: int) -> int:
    if not offset:
        return base if mask >> base & 1 else 0xFFFFFFFF
    places = [at for at in (range(base, 32) if offset > 0 else range(base, -1, -1)) if mask >> at & 1]
    return places[abs(offset) - 1] if len(places) >= abs(offset) else 0xFFFFFFFF


@pytest.mark.covers("cuda", "__funnelshift_lc", "__funnelshift_rc", "__fns", "llmax", "llmin", "ullmax", "ullmin", "umax", "umin", "__dp2a_lo", "__dp2a_hi",
                    "__float_as_int", "__float_as_uint", "__int_as_float", "__uint_as_float", "__double_as_longlong", "__longlong_as_double", "__double2hiint",
                    "__double2loint", "__hiloint2double")  # fmt: skip
def test_integers() -> None:
    x, y, z = words(12), words(13), [v % 40 for v in words(14)]
    lines = ["__funnelshift_lc((unsigned)x, (unsigned)y, (unsigned)z)", "__funnelshift_rc((unsigned)x, (unsigned)y, (unsigned)z)",
             "__fns((unsigned)x, (unsigned)z & 31, (int)(y % 19) - 9)", "llmax((long long)x, (long long)y)", "llmin((long long)x, (long long)y)", "ullmax(x, y)",
             "ullmin(x, y)", "umax((unsigned)x, (unsigned)y)", "umin((unsigned)x, (unsigned)y)", "__dp2a_lo((unsigned)x, (unsigned)y, (unsigned)z)",
             "__dp2a_hi((unsigned)x, (unsigned)y, (unsigned)z)", "(unsigned)__float_as_int(__int_as_float((int)x))", "__float_as_uint(__uint_as_float((unsigned)x))",
             "__double_as_longlong(__longlong_as_double((long long)x))",
             "__double_as_longlong(__hiloint2double(__double2loint(__longlong_as_double((long long)x)), __double2hiint(__longlong_as_double((long long)x))))"]  # fmt: skip
    got = evaluated(lines, [x, y, z])
    low = 0xFFFFFFFF
    expected = [
        [((b & low) << 32 | a & low) << min(c, 32) >> 32 & low for a, b, c in zip(x, y, z)], [((b & low) << 32 | a & low) >> min(c, 32) & low for a, b, c in zip(x, y, z)],
        [nth_set(a & low, c & 31, b % 19 - 9) for a, b, c in zip(x, y, z)],
        [max(signed(a, 64), signed(b, 64)) % 2**64 for a, b in zip(x, y)], [min(signed(a, 64), signed(b, 64)) % 2**64 for a, b in zip(x, y)],
        [max(a, b) for a, b in zip(x, y)], [min(a, b) for a, b in zip(x, y)], [max(a & low, b & low) for a, b in zip(x, y)], [min(a & low, b & low) for a, b in zip(x, y)],
        [(c + (a & 0xFFFF) * (b & 255) + (a >> 16 & 0xFFFF) * (b >> 8 & 255)) & low for a, b, c in zip(x, y, z)],
        [(c + (a & 0xFFFF) * (b >> 16 & 255) + (a >> 16 & 0xFFFF) * (b >> 24 & 255)) & low for a, b, c in zip(x, y, z)],
        [a & low for a in x], [a & low for a in x], x, [(a & low) << 32 | a >> 32 for a in x],
    ]  # fmt: skip
    for row, wanted in enumerate(expected):
        nan = row in (11, 12, 13, 14)            # the bits of a signalling NaN may become quiet on the way
        quiet = 0x400000 if row in (11, 12) else 1 << 51
        assert got[row].tolist() == wanted or (nan and all(g in (w, w | quiet) for g, w in zip(got[row].tolist(), wanted))), lines[row]


# ---- functions -----------------------------------------------------------------------------------------------------------------------------------

def erfcx(x: float) -> float:
    """By its continued fraction where erfc is small, else as it is defined."""
    if x < 3:
        return math.exp(x * x) * math.erfc(x)
    tail = 0.0
    for k in range(120, 0, -1):
        tail = k / 2 / (x + tail)
    return 1 / (math.sqrt(math.pi) * (x + tail))


def inverse(function: Callable[[float], float], low: float, high: float) -> Callable[[float], float]:
    """Of a function that only rises or only falls, by bisection."""
    rising = function(high) > function(low)

    def found(y: float) -> float:
        a, b = low, high
        for _ in range(200):
            middle = (a + b) / 2
            a, b = (middle, b) if (function(middle) < y) == rising else (a, middle)
        return a
    return found


def bessel(order: int) -> Callable[[float], float]:
    return lambda x: float(sum(Fraction(x / 2) ** (2 * k + order) / (math.factorial(k) * math.factorial(k + order)) for k in range(90)))


def bessel_j(order: int, x: float) -> float:
    """Bessel's integral, by a sum over a period, which converges faster than any power."""
    n = 400
    return sum(math.cos(order * math.pi * k / n - x * math.sin(math.pi * k / n)) for k in range(1, n)) / n + (1 + math.cos(order * math.pi)) / (2 * n)


# expression in x, y, z, w (double); its value; how near it must be in double; where it is asked
DOUBLES: list[tuple[str, Callable[..., float], float, float, float]] = [
    ("erfcx(x)", erfcx, 1e-14, -2, 60), ("erfcinv(x)", inverse(math.erfc, -6, 28), 2e-14, 0.001, 1.9),
    ("normcdfinv(x)", inverse(lambda v: 0.5 * math.erfc(-v / math.sqrt(2)), -9, 9), 1e-12, 0.01, 0.9),
    ("cyl_bessel_i0(x)", bessel(0), 4e-15, -30, 30), ("cyl_bessel_i1(x)", bessel(1), 4e-15, -30, 30), ("rhypot(x, y)", lambda x, y: 1 / math.hypot(x, y), 1e-15, 1, 9),
    ("norm3d(x, y, z)", math.hypot, 1e-15, -9, 9), ("norm4d(x, y, z, w)", math.hypot, 1e-15, -9, 9), ("rnorm3d(x, y, z)", lambda *v: 1 / math.hypot(*v), 1e-15, 1, 9),
    ("rnorm4d(x, y, z, w)", lambda *v: 1 / math.hypot(*v), 1e-15, 1, 9), ("norm(4, p)", math.hypot, 1e-15, -9, 9), ("rnorm(4, p)", lambda *v: 1 / math.hypot(*v), 1e-15, 1, 9),
    ("exp10(x)", lambda x: 10.0**x, 1e-14, -9, 9), ("cbrt(x)", math.cbrt, 1e-15, -9, 9), ("lgamma(x)", math.lgamma, 1e-14, 0.1, 9), ("tgamma(x)", math.gamma, 1e-14, 0.1, 9),
    ("erf(x)", math.erf, 1e-15, -3, 3), ("erfc(x)", math.erfc, 1e-14, -3, 3), ("expm1(x)", math.expm1, 1e-15, -3, 3), ("log1p(x)", math.log1p, 1e-15, 0, 9),
    ("fdim(x, y)", lambda x, y: max(x - y, 0.0), 1e-15, -9, 9), ("remainder(x, y)", math.remainder, 1e-15, 1, 9), ("fmod(x, y)", math.fmod, 1e-15, 1, 9),
    ("copysign(x, y)", math.copysign, 0, -9, 9), ("nextafter(x, y)", math.nextafter, 0, -9, 9), ("logb(x)", lambda x: float(math.frexp(x)[1] - 1), 0, 0.1, 99),
    ("(double)ilogb(x)", lambda x: float(math.frexp(x)[1] - 1), 0, 0.1, 99), ("scalbn(x, 3)", lambda x: 8 * x, 0, -9, 9), ("scalbln(x, -2L)", lambda x: x / 4, 0, -9, 9),
    ("ldexp(x, 5)", lambda x: 32 * x, 0, -9, 9), ("rint(x)", lambda x: float(round(x)), 0, -9, 9), ("nearbyint(x)", lambda x: float(round(x)), 0, -9, 9),
    ("round(x)", lambda x: math.copysign(math.floor(abs(x) + 0.5), x), 0, -9, 9), ("(double)llrint(x)", lambda x: float(round(x)), 0, -9, 9),
    ("(double)lround(x)", lambda x: math.copysign(math.floor(abs(x) + 0.5), x), 0, -9, 9), ("j0(x)", lambda x: bessel_j(0, x), 1e-13, 0, 20),
    ("j1(x)", lambda x: bessel_j(1, x), 1e-13, 0, 20), ("jn(3, x)", lambda x: bessel_j(3, x), 1e-12, 1, 20), ("fdivide(x, y)", lambda x, y: x / y, 1e-15, 1, 9),
    ("[&] { int e; double m = frexp(x, &e); return m * 1000 + e; }()", lambda x: math.frexp(x)[0] * 1000 + math.frexp(x)[1], 1e-15, 0.1, 99),
    ("[&] { double i, f = modf(x, &i); return f + 1000 * i; }()", lambda x: math.modf(x)[0] + 1000 * math.modf(x)[1], 1e-15, -9, 9),
    ("[&] { int q; double r = remquo(x, y, &q); return r + 100 * (q & 7); }()", lambda x, y: math.remainder(x, y) + 100 * (round(x / y) & 7), 1e-13, 1, 9),
    ("[&] { double s, c; sincospi(x, &s, &c); return s + 10 * c; }()", lambda x: math.sin(math.pi * x) + 10 * math.cos(math.pi * x), 1e-13, -0.4, 0.4),
    ("[&] { double s, c; sincos(x, &s, &c); return s + 10 * c; }()", lambda x: math.sin(x) + 10 * math.cos(x), 1e-13, -3, 3),
]  # fmt: skip
SINGLES: list[tuple[str, Callable[..., float], float, float, float]] = [
    *((f"{name}f({arguments})", f, 4e-7, low, high) for name, arguments, f, low, high in (
        ("erfcx", "x", erfcx, -2, 9), ("erfcinv", "x", inverse(math.erfc, -6, 28), 0.01, 0.9), ("normcdfinv", "x", inverse(lambda v: 0.5 * math.erfc(-v / math.sqrt(2)), -9, 9), 0.01, 0.4),
        ("cyl_bessel_i0", "x", bessel(0), -9, 9), ("cyl_bessel_i1", "x", bessel(1), -9, 9), ("rhypot", "x, y", lambda x, y: 1 / math.hypot(x, y), 1, 9),
        ("norm3d", "x, y, z", math.hypot, 1, 9), ("norm4d", "x, y, z, w", math.hypot, 1, 9), ("rnorm3d", "x, y, z", lambda *v: 1 / math.hypot(*v), 1, 9),
        ("rnorm4d", "x, y, z, w", lambda *v: 1 / math.hypot(*v), 1, 9), ("norm", "4, p", math.hypot, 1, 9), ("rnorm", "4, p", lambda *v: 1 / math.hypot(*v), 1, 9),
        ("fdivide", "x, y", lambda x, y: x / y, 1, 9), ("jn", "2, x", lambda x: bessel_j(2, x), 1, 4), ("rsqrt", "x", lambda x: 1 / math.sqrt(x), 1, 9), ("nearbyint", "x", lambda x: float(round(x)), -9, 9))),
    *((f"{name}({arguments})", f, 3e-6, low, high) for name, arguments, f, low, high in (
        ("__expf", "x", math.exp, -5, 5), ("__exp10f", "x", lambda x: 10.0**x, -3, 3), ("__logf", "x", math.log, 2, 9), ("__log2f", "x", math.log2, 2, 9),
        ("__log10f", "x", math.log10, 2, 9), ("__sinf", "x", math.sin, 0.1, 3), ("__cosf", "x", math.cos, 0, 1.4), ("__tanf", "x", math.tan, 0.1, 1.2), ("__tanhf", "x", math.tanh, 0.1, 3),
        ("__powf", "x, y", lambda x, y: x**y, 1, 5), ("__fdividef", "x, y", lambda x, y: x / y, 1, 9), ("__saturatef", "x", lambda x: min(max(x, 0.0), 1.0), -2, 3),
        ("__frsqrt_rn", "x", lambda x: 1 / math.sqrt(x), 1, 9))),
    ("[&] { float s, c; __sincosf(x, &s, &c); return s + 10 * c; }()", lambda x: math.sin(x) + 10 * math.cos(x), 3e-6, 0, 1), ("rcbrt(x)", lambda x: 1 / math.cbrt(x), 4e-7, 1, 9),
    ("[&] { float s, c; sincospif(x, &s, &c); return s + 10 * c; }()", lambda x: math.sin(math.pi * x) + 10 * math.cos(math.pi * x), 3e-6, 0, 0.4),
]  # fmt: skip

def bessel_y(order: int, x: float) -> float:
    """By Neumann's integrals, in two thousand steps of Simpson's rule."""
    def f(t: float) -> float:
        return math.sin(x * math.sin(t) - order * t)
    def g(t: float) -> float:
        return (math.exp(order * t) + (-1) ** order * math.exp(-order * t)) * math.exp(-x * math.sinh(t))
    def integral(h: Callable[[float], float], end: float, steps: int = 2000) -> float:
        width = end / steps
        return width / 3 * sum((1 if i in (0, steps) else 4 if i % 2 else 2) * h(i * width) for i in range(steps + 1))
    return (integral(f, math.pi) - integral(g, 8.0)) / math.pi


# In both precisions (the integrals above are good to nine digits): arguments, the value, where it is asked.
BOTH: dict[str, tuple[str, Callable[..., float], float, float]] = {
    **{name: ("x", getattr(math, name), low, high) for name, low, high in (
        ("acos", -1, 1), ("acosh", 1, 9), ("asin", -1, 1), ("asinh", -9, 9), ("atan", -9, 9), ("atanh", -0.9, 0.9), ("cos", -9, 9), ("cosh", -5, 5), ("exp", -9, 9),
        ("erf", -3, 3), ("erfc", -3, 3), ("expm1", -3, 3), ("log", 2, 9), ("log10", 2, 9), ("log2", 2, 9), ("log1p", 0, 9), ("sin", -9, 9), ("sinh", -5, 5), ("sqrt", 0, 9),
        ("tan", -1.4, 1.4), ("tanh", -3, 3), ("lgamma", 3, 9), ("cbrt", -9, 9), ("exp2", -9, 9), ("fabs", -9, 9))},
    "tgamma": ("x", math.gamma, 0.5, 9), "exp10": ("x", lambda x: 10.0**x, -5, 5), "rcbrt": ("x", lambda x: 1 / math.cbrt(x), 1, 9), "rsqrt": ("x", lambda x: 1 / math.sqrt(x), 1, 9),
    "ceil": ("x", math.ceil, -9, 9), "floor": ("x", math.floor, -9, 9), "trunc": ("x", math.trunc, -9, 9), "rint": ("x", round, -9, 9),
    "round": ("x", lambda x: math.copysign(math.floor(abs(x) + 0.5), x), -9, 9), "lrint": ("x", round, -9, 9), "llrint": ("x", round, -9, 9),
    "lround": ("x", lambda x: math.copysign(math.floor(abs(x) + 0.5), x), -9, 9), "llround": ("x", lambda x: math.copysign(math.floor(abs(x) + 0.5), x), -9, 9),
    "logb": ("x", lambda x: math.frexp(x)[1] - 1, 0.1, 99), "ilogb": ("x", lambda x: math.frexp(x)[1] - 1, 0.1, 99), "ldexp": ("x, 5", lambda x: 32 * x, -9, 9),
    "scalbn": ("x, 3", lambda x: 8 * x, -9, 9), "scalbln": ("x, 3L", lambda x: 8 * x, -9, 9), "atan2": ("x, y", math.atan2, -9, 9), "pow": ("x, y", math.pow, 1, 4),
    "hypot": ("x, y", math.hypot, -9, 9), "fmod": ("x, y", math.fmod, 1, 9), "fmax": ("x, y", max, -9, 9), "fmin": ("x, y", min, -9, 9),
    "fdim": ("x, y", lambda x, y: max(x - y, 0.0), -9, 9), "copysign": ("x, y", math.copysign, -9, 9), "remainder": ("x, y", math.remainder, 1, 9),
    "fma": ("x, y, z", lambda x, y, z: float(Fraction(x) * Fraction(y) + Fraction(z)), -9, 9), "sinpi": ("x", lambda x: math.sin(math.pi * x), -0.5, 0.5),
    "cospi": ("x", lambda x: math.cos(math.pi * x), -0.45, 0.45), "normcdf": ("x", lambda x: 0.5 * math.erfc(-x / math.sqrt(2)), -2, 2),
    "erfinv": ("x", inverse(math.erf, -6, 6), 0.05, 0.9), "j0": ("x", lambda x: bessel_j(0, x), 0, 2), "j1": ("x", lambda x: bessel_j(1, x), 0.5, 3),
    "y0": ("x", lambda x: bessel_y(0, x), 1.2, 3), "y1": ("x", lambda x: bessel_y(1, x), 2.5, 4), "yn": ("2, x", lambda x: bessel_y(2, x), 1, 3),
}  # fmt: skip
DOUBLES += [(f"(double){name}({arguments})", f, 1e-9 if name[0] == "y" else 3e-14, low, high) for name, (arguments, f, low, high) in BOTH.items()]
SINGLES += [(f"(float){name}f({arguments})", f, 1e-6, low, high) for name, (arguments, f, low, high) in BOTH.items()]
SINGLES += [
    ("[&] { int e; float m = frexpf(x, &e); return m * 1000 + e; }()", lambda x: math.frexp(x)[0] * 1000 + math.frexp(x)[1], 1e-6, 0.1, 99),
    ("[&] { float i, f = modff(x, &i); return f + 1000 * i; }()", lambda x: math.modf(x)[0] + 1000 * math.modf(x)[1], 1e-6, -9, 9),
    ("[&] { int q; float r = remquof(x, y, &q); return r + 100 * (q & 7); }()", lambda x, y: math.remainder(x, y) + 100 * (round(x / y) & 7), 1e-5, 1, 9),
    ("[&] { float s, c; sincosf(x, &s, &c); return s + 10 * c; }()", lambda x: math.sin(x) + 10 * math.cos(x), 1e-5, 0, 1),
    ("nextafterf(x, y)", lambda x, y: float(numpy.nextafter(numpy.float32(x), numpy.float32(y))), 0, -9, 9),
]  # fmt: skip


def called(rows: list[tuple[str, Callable[..., float], float, float, float]]) -> list[str]:
    skipped = {"double", "float", "int"}
    return sorted({word for text, *_ in rows for word in re.findall(r"\b([A-Za-z_]\w+)\(", text)} - skipped)


@pytest.mark.parametrize("kind, rows", [("double", DOUBLES), ("float", SINGLES)], ids=["double", "float"])
@pytest.mark.covers("cuda", *called(DOUBLES), *called(SINGLES))
def test_functions_are_near_their_values(kind: str, rows: list[tuple[str, Callable[..., float], float, float, float]]) -> None:
    text = (f"__global__ void k(const {kind} *in, {kind} *out) {{\n  int t = threadIdx.x;\n"
            + "".join(f"  {{ const {kind} *p = in + 4 * ({row * 64} + t); {kind} x = p[0], y = p[1], z = p[2], w = p[3]; out[{row * 64} + t] = {expression}; }}\n"
                      for row, (expression, *_) in enumerate(rows)) + "}\n")  # fmt: skip
    dtype = numpy.dtype({"double": "f8", "float": "f4"}[kind])
    rng = numpy.random.default_rng(15)
    given = numpy.array([rng.uniform(low, high, (64, 4)) for *_, low, high in rows]).astype(dtype)
    got = run(text, "k", {"in": given.ravel(), "out": numpy.zeros(len(rows) * 64, dtype)}, block=(64,))["out"].reshape(-1, 64)
    for row, (expression, function, near, *_) in enumerate(rows):
        count = 4 if "(4, p)" in expression or "w" in expression.split("(")[-1] else next((n for n, name in ((3, ", y, z)"), (2, ", y")) if name in expression), 1)
        values = [function(*(float(v) for v in each[:count])) for each in given[row]]
        numpy.testing.assert_allclose(got[row], values, rtol=near, atol=near / 10, err_msg=expression)


@pytest.mark.covers("cuda", "abs", "labs", "llabs", "max", "min")
def test_overloads_of_whole_numbers() -> None:
    got = evaluated(["abs(-7)", "labs(-8L)", "llabs(-9LL)", "max(3, 4u)", "min(-3, 4)", "max(-3LL, 4)", "abs(-2.5f) * 2", "max(1.5f, 2) * 2", "min(7ull, 9)"], [words(1), words(2), words(3)])
    assert got[:, 0].tolist() == [7, 8, 9, 4, 2**64 - 3, 4, 5, 4, 7]


@pytest.mark.covers("cuda", "nan", "nanf", "isnan", "isinf", "isfinite", "signbit", "fmaxf", "fminf", "fabsf", "clock64", "clock")
def test_values_that_are_no_numbers() -> None:
    text = """__global__ void k(float *out, const float *x) {
  long long early = clock64(), late = clock64();
  long before = clock(), after = clock();
  float values[] = {(float)isnan(nanf("1")), (float)isnan(nan("")), (float)isinf(-INFINITY), (float)isfinite(x[0]), (float)signbit(-0.0f), fmaxf(NAN, 2), fminf(3, NAN),
                    fabsf(-4), (float)(early < late), (float)(before < after)};
  for (int i = 0; i < 10; ++i) out[i] = values[i] != 0 ? values[i] > 1 ? values[i] : 1 : 0;
}"""
    got = run(text, "k", {"out": numpy.zeros(10, "f4"), "x": numpy.zeros(1, "f4")})["out"]
    assert got.tolist() == [1, 1, 1, 1, 1, 2, 3, 4, 1, 1]
