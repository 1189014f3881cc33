"""AVX512_FP16 against numpy's float16, on random bits, small numbers and the edges of the format. No processor at hand has it, so the table
below says what each intrinsic computes, and one kernel for a width runs them all.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy
import pytest
from emulator.running import needs_gcc, run

from kernelglot.verify import cpu_build
from kernelglot.verify.emulate import Faulted

pytestmark = needs_gcc
WIDTHS = {"_mm512": 32, "_mm256": 16, "_mm": 8}
Halves = Callable[..., numpy.ndarray]
HALF = numpy.float16


def half(x: numpy.ndarray) -> numpy.ndarray:
    with numpy.errstate(all="ignore"):
        return numpy.asarray(x).astype(numpy.float64).astype(HALF)


def wide(x: numpy.ndarray) -> numpy.ndarray:
    return x.astype(numpy.float64)


def pick(condition: numpy.ndarray, x: numpy.ndarray, y: numpy.ndarray) -> numpy.ndarray:
    return numpy.where(condition, x, y)


EVEN = numpy.arange(32) % 2 == 0
TWO: dict[str, Halves] = {"add": lambda a, b: half(wide(a) + wide(b)), "sub": lambda a, b: half(wide(a) - wide(b)), "mul": lambda a, b: half(wide(a) * wide(b)),
                          "div": lambda a, b: half(wide(a) / wide(b)), "min": lambda a, b: pick(a < b, a, b), "max": lambda a, b: pick(a > b, a, b)}
THREE: dict[str, Halves] = {
    "fmadd": lambda a, b, c: half(wide(a) * wide(b) + wide(c)), "fmsub": lambda a, b, c: half(wide(a) * wide(b) - wide(c)), "fnmadd": lambda a, b, c: half(-wide(a) * wide(b) + wide(c)),
    "fnmsub": lambda a, b, c: half(-wide(a) * wide(b) - wide(c)), "fmaddsub": lambda a, b, c: half(wide(a) * wide(b) + pick(EVEN[:len(a)], -wide(c), wide(c))),
    "fmsubadd": lambda a, b, c: half(wide(a) * wide(b) + pick(EVEN[:len(a)], wide(c), -wide(c)))}
COMPARE: dict[int, Halves] = {0: lambda a, b: a == b, 1: lambda a, b: a < b, 2: lambda a, b: a <= b, 4: lambda a, b: ~(a == b), 13: lambda a, b: a >= b, 14: lambda a, b: a > b,
                              3: lambda a, b: numpy.isnan(a) | numpy.isnan(b)}
ROUND: dict[int, Halves] = {0: lambda a: half(numpy.rint(wide(a))), 1: lambda a: half(numpy.floor(wide(a))), 2: lambda a: half(numpy.ceil(wide(a))), 3: lambda a: half(numpy.trunc(wide(a))),
                            0x21: lambda a: half(numpy.floor(4 * wide(a)) / 4)}


def folded(a: numpy.ndarray, step: Halves) -> numpy.ndarray:
    while len(a) > 1:
        a = step(a[:len(a) // 2], a[len(a) // 2:])
    return a


def integers(a: numpy.ndarray, size: int, signed: bool, truncate: bool) -> numpy.ndarray:
    """The integer of `size` bits next to a, or the one that stands for none, as bytes."""
    low, high = (-(2 ** (size - 1)), 2 ** (size - 1) - 1) if signed else (0, 2**size - 1)
    found = []
    for x in wide(a).tolist():
        whole = None if x - x != 0 else int(x) if truncate else int(numpy.rint(x))
        fits = whole is not None and low <= whole <= high
        found.append((whole if fits else low if signed else high) & (2**size - 1))
    return numpy.array(found, f"u{size // 8}").view(numpy.uint8)


def table(prefix: str, n: int) -> list[tuple[str, str, Callable[[numpy.ndarray, numpy.ndarray, numpy.ndarray], numpy.ndarray]]]:
    """Intrinsic, call, and what it gives for the vectors a, b, c (as bytes, upper elements 0 where fewer are meant). K: a mask."""
    mask = (0x9A5CC3A6 >> numpy.arange(n) & 1).astype(bool)
    k = f"0x{0x9A5CC3A6 & (1 << n) - 1:x}u"
    zero, rows = numpy.zeros(n, HALF), []

    def elementwise(name: str, arguments: str, f: Halves, *, source: bool) -> None:
        rows.append((f"{prefix}_{name}_ph", arguments, f))
        if source:
            rows.append((f"{prefix}_mask_{name}_ph", f"c, {k}, {arguments}", lambda a, b, c: pick(mask, f(a, b, c), c)))
            rows.append((f"{prefix}_maskz_{name}_ph", f"{k}, {arguments}", lambda a, b, c: pick(mask, f(a, b, c), zero)))

    for name, two in TWO.items():
        elementwise(name, "a, b", lambda a, b, c, two=two: two(a, b), source=True)
    elementwise("sqrt", "a", lambda a, b, c: half(numpy.sqrt(wide(a))), source=True)
    elementwise("rcp", "a", lambda a, b, c: half(1 / wide(a)), source=True)
    elementwise("rsqrt", "a", lambda a, b, c: half(1 / numpy.sqrt(wide(a))), source=True)
    elementwise("abs", "a", lambda a, b, c: numpy.abs(a), source=False)
    for name, three in THREE.items():
        elementwise(name, "a, b, c", three, source=False)
        rows.append((f"{prefix}_mask_{name}_ph", f"a, {k}, b, c", lambda a, b, c, three=three: pick(mask, three(a, b, c), a)))
        rows.append((f"{prefix}_maskz_{name}_ph", f"{k}, a, b, c", lambda a, b, c, three=three: pick(mask, three(a, b, c), zero)))
        rows.append((f"{prefix}_mask3_{name}_ph", f"a, b, c, {k}", lambda a, b, c, three=three: pick(mask, three(a, b, c), c)))
    rows += [(f"{prefix}_roundscale_ph", f"a, {imm}", lambda a, b, c, f=f: f(a)) for imm, f in ROUND.items()]
    rows.append((f"{prefix}_mask_blend_ph", f"{k}, a, b", lambda a, b, c: pick(mask, b, a)))
    rows.append((f"{prefix}_permutexvar_ph", f"({vector(prefix)}i)b, a", lambda a, b, c: a[b.view(numpy.uint16) % n]))
    for imm, f in COMPARE.items():
        rows.append((f"{prefix}_cmp_ph_mask", f"a, b, {imm}", lambda a, b, c, f=f: numpy.packbits(f(a, b), bitorder="little")))
        rows.append((f"{prefix}_mask_cmp_ph_mask", f"{k}, a, b, {imm}", lambda a, b, c, f=f: numpy.packbits(f(a, b) & mask, bitorder="little")))
    for name in ("add", "mul", "min", "max"):
        rows.append((f"{prefix}_reduce_{name}_ph", "a", lambda a, b, c, name=name: folded(a, TWO[name])))
    rows += moves(prefix, n)
    return rows


def vector(prefix: str) -> str:
    return {"_mm512": "__m512", "_mm256": "__m256", "_mm": "__m128"}[prefix]


def moves(prefix: str, n: int) -> list[tuple[str, str, Callable[..., numpy.ndarray]]]:
    bits, v = 16 * n, vector(prefix)
    each = ", ".join(f"a[{j}]" for j in range(n))
    back = ", ".join(f"a[{n - 1 - j}]" for j in range(n))
    rows: list[tuple[str, str, Callable[..., numpy.ndarray]]] = [
        (f"{prefix}_set1_ph", "a[3]", lambda a, b, c: numpy.full(n, a[3])), (f"{prefix}_setzero_ph", "", lambda a, b, c: numpy.zeros(n, HALF)), (f"{prefix}_setr_ph", each, lambda a, b, c: a),
        (f"{prefix}_set_ph", back, lambda a, b, c: a), (f"{prefix}_loadu_ph", "x + 3", lambda a, b, c: numpy.concatenate([a, b])[3:3 + n] if n == 32 else a[3:]), (f"{prefix}_load_ph", "x", lambda a, b, c: a),
        (f"{prefix}_cvtsh_h", "b", lambda a, b, c: b[:1]),
    ]
    for name, kind in (("castph_ps", ""), (f"castph_si{bits}", ""), ("castph_pd", ""), ("castps_ph", f"({v})"), (f"castsi{bits}_ph", f"({v}i)"), ("castpd_ph", f"({v}d)")):
        rows.append((f"{prefix}_{name}", f"{kind}a", lambda a, b, c: a))
    for name, size in (("epi16", 16), ("epu16", 16), ("epi32", 32), ("epu32", 32), ("epi64", 64), ("epu64", 64)):
        count, dtype = bits // size, f"{name[2]}{size // 8}"
        rows.append((f"{prefix}_cvt{name}_ph", f"({v}i)b", lambda a, b, c, count=count, dtype=dtype: half(b.view(dtype)[:count])))
        narrow = {8: "__m128h", 16: "__m256h", 32: "__m512h"}[max(8, count)]
        for form in ("cvt", "cvtt"):
            given = "a" if count == n else f"*({narrow} *)&a"
            rows.append((f"{prefix}_{form}ph_{name}", given, lambda a, b, c, size=size, count=count, name=name, form=form: integers(a[:count], size, name[2] == "i", form == "cvtt")))
    few = max(8, n // 2)
    narrow = {8: "__m128h", 16: "__m256h"}[few]
    rows += [(f"{prefix}_cvtxph_ps", f"*({narrow} *)&a", lambda a, b, c: a[:n // 2].astype(numpy.float32)), (f"{prefix}_cvtxps_ph", f"({v})b", lambda a, b, c: half(b.view(numpy.float32))),
             (f"{prefix}_cvtph_pd", "*(__m128h *)&a", lambda a, b, c: a[:n // 4].astype(numpy.float64)), (f"{prefix}_cvtpd_ph", f"({v}d)b", lambda a, b, c: half(b.view(numpy.float64)))]
    return rows


SCALARS = [("_mm_set_sh", "a[5]", lambda a, b, c: numpy.concatenate([a[5:6], numpy.zeros(7, HALF)])), ("_mm_load_sh", "x + 5", lambda a, b, c: numpy.concatenate([a[5:6], numpy.zeros(7, HALF)])),
           *((f"_mm_{name}_sh", "a, b", lambda a, b, c, name=name: numpy.concatenate([TWO[name](a, b)[:1], a[1:]])) for name in ("add", "sub", "mul", "div"))]
STORES = [f"{prefix}_{name}_ph" for prefix in WIDTHS for name in ("store", "storeu")] + ["_mm_store_sh"]


def inputs(n: int) -> numpy.ndarray:
    """Rows of a, b, c: random bits, small numbers, special ones, numbers near half-way points and near the ends of the range."""
    rng = numpy.random.default_rng(n)
    special = numpy.array([numpy.nan, numpy.inf, -numpy.inf, 0, -0.0, 1, -2.5, 0.5, 1.5, 65504, -65504, 6e-8, 6.1e-5, 2049, 4e4, 1e-3], HALF)
    rows = [rng.integers(0, 65536, (3, n), numpy.uint16).view(HALF) for _ in range(3)]
    rows += [rng.normal(0, 4, (3, n)).astype(HALF) for _ in range(3)] + [rng.choice(special, (3, n)) for _ in range(3)]
    rows += [(rng.integers(-9, 9, (3, n)) / 2).astype(HALF), numpy.ldexp(rng.integers(1024, 2048, (3, n)), rng.integers(-24, 5, (3, n))).astype(HALF)]
    rows.append(numpy.broadcast_to(numpy.array([[3], [683 / 2048], [2.0**-24]]), (3, n)).astype(HALF))     # just above a half-way point: float would lose it
    return numpy.stack(rows)


def same(ours: numpy.ndarray, want: numpy.ndarray) -> bool:
    """Bit for bit, but for the bits of NaN."""
    want = numpy.atleast_1d(want)
    if want.dtype.kind == "f":
        got = ours[:want.nbytes].view(want.dtype)
        bits = f"u{want.itemsize}"
        return bool(((got.view(bits) == want.view(bits)) | (numpy.isnan(got) & numpy.isnan(want))).all())
    return bool((ours[:want.nbytes] == want.view(numpy.uint8)).all())


def kernel(prefix: str, n: int, rows: list[tuple[str, str, Callable[..., numpy.ndarray]]], count: int) -> str:
    lines = "\n".join(f"    {{ __typeof__({name}({arguments})) r = {name}({arguments}); memcpy(out + (i * {len(rows)} + {number}) * 64, &r, sizeof r); }}"
                      for number, (name, arguments, _) in enumerate(rows))
    return f"""#include <immintrin.h>
#include <string.h>
void k(unsigned char *out, const unsigned char *in) {{
  for (int i = 0; i < {count}; ++i) {{
    {vector(prefix)}h a, b, c;
    _Float16 x[64] __attribute__((aligned(64)));
    memcpy(&a, in + i * {6 * n}, {2 * n}); memcpy(&b, in + i * {6 * n} + {2 * n}, {2 * n}); memcpy(&c, in + i * {6 * n} + {4 * n}, {2 * n});
    memcpy(x, &a, {2 * n}); memcpy(x + {n}, &b, {2 * n});
{lines}
  }}
}}"""


NAMES = sorted({name for prefix, n in WIDTHS.items() for name, *_ in table(prefix, n)} | {name for name, *_ in SCALARS} | set(STORES))


@pytest.mark.parametrize("architecture", ["", "semantic"], ids=["beside the compiler's", "meanings only"])
@pytest.mark.parametrize("prefix", list(WIDTHS))
@pytest.mark.covers("vnni", *NAMES)
def test_half_floats(prefix: str, architecture: str) -> None:
    n = WIDTHS[prefix]
    rows = table(prefix, n) + (SCALARS if prefix == "_mm" else [])
    given = inputs(n)
    arguments = {"out": numpy.zeros(len(given) * len(rows) * 64, numpy.uint8), "in": numpy.ascontiguousarray(given).view(numpy.uint8).ravel()}
    got = run(kernel(prefix, n, rows, len(given)), "k", arguments, dialect="vnni", architecture=architecture)["out"].reshape(len(given), len(rows), 64)
    wrong = set()
    with numpy.errstate(all="ignore"):
        for i, (a, b, c) in enumerate(given):
            for number, (name, arguments_, f) in enumerate(rows):
                open_ = re.search("reduce_m[ai]", name) and numpy.isnan(a).any()      # which of NaN and a number wins depends on the order
                if not open_ and not same(got[i, number], f(a, b, c)):
                    wrong.add(f"{name}({arguments_[:40]})")
    assert not wrong


def test_every_intrinsic_of_the_headers_is_in_the_table() -> None:
    defined = {name for name, sets in cpu_build.instruction_sets().items() if "avx512_fp16" in sets}
    assert defined == set(NAMES)


@pytest.mark.parametrize("architecture", ["", "semantic"], ids=["beside the compiler's", "meanings only"])
def test_half_floats_are_stored_and_aligned(architecture: str) -> None:
    text = """#include <immintrin.h>
void k(_Float16 *out, const _Float16 *x, int shift) {
  _mm512_store_ph(out, _mm512_loadu_ph(x)); _mm512_storeu_ph(out + 33, _mm512_loadu_ph(x + 1));
  _mm256_store_ph(out + 80, _mm256_loadu_ph(x)); _mm256_storeu_ph(out + 97, _mm256_loadu_ph(x + 1));
  _mm_store_ph(out + 128, _mm_loadu_ph(x)); _mm_storeu_ph(out + 137, _mm_loadu_ph(x + 1));
  _mm_store_sh(out + 150, _mm_loadu_ph(x + 7));
  _mm256_store_ph(out + 160,
    _mm256_load_ph(x + shift));
}"""
    x, zeros = numpy.arange(40).astype(HALF), numpy.zeros(176, HALF)
    got = run(text, "k", {"out": zeros, "x": x, "shift": 16}, dialect="vnni", architecture=architecture, out=(), inout=("out",))["out"]
    want = zeros.copy()
    want[:32], want[33:65], want[80:96], want[97:113], want[128:136], want[137:145], want[150], want[160:] = x[:32], x[1:33], x[:16], x[1:17], x[:8], x[1:9], x[7], x[16:32]
    assert (got == want).all()
    with pytest.raises(Faulted) as faulted:
        run(text, "k", {"out": zeros, "x": x, "shift": 8}, dialect="vnni", architecture=architecture, out=(), inout=("out",))
    assert faulted.value.fault.kind == "alignment" and faulted.value.fault.line == 8
