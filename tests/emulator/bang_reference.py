"""BANG element types in numpy, and a form to run many calls of one kernel: what the conformance tests share."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy
from emulator.running import run

STORED = {"float": numpy.float32, "half": numpy.float16, "bfloat16_t": numpy.uint16, "int": numpy.int32, "short": numpy.int16,
          "signed char": numpy.int8, "unsigned": numpy.uint32, "unsigned short": numpy.uint16, "unsigned char": numpy.uint8}
FLOATS, INTEGERS = ("float", "half", "bfloat16_t"), ("int", "short", "signed char")
NUMBERS = FLOATS + INTEGERS


def to_bfloat16(values: numpy.ndarray) -> numpy.ndarray:
    """The bits of the nearest bfloat16, ties to even."""
    with numpy.errstate(over="ignore"):
        bits = numpy.asarray(values, numpy.float32).view(numpy.uint32).astype(numpy.uint64)
    rounded = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16
    return numpy.where(numpy.isnan(numpy.asarray(values, numpy.float32)), 0x7FC0, rounded).astype(numpy.uint16)


def stored(values: numpy.ndarray, c_type: str) -> numpy.ndarray:
    """What a C array of this type holds for these values: rounded to nearest even, integers wrapped."""
    if c_type == "bfloat16_t":
        return to_bfloat16(values)
    with numpy.errstate(all="ignore"):
        return numpy.asarray(values).astype(STORED[c_type])


def value_of(array: numpy.ndarray, c_type: str) -> numpy.ndarray:
    """The numbers that a C array of this type stands for; bfloat16 as float32."""
    return (array.astype(numpy.uint32) << 16).view(numpy.float32) if c_type == "bfloat16_t" else array


def operands(c_type: str, seed: int, n: int, edges: bool = True) -> numpy.ndarray:
    """Random numbers of a type, with NaN, infinities, zeros of both signs, the extremes and subnormals among them."""
    random = numpy.random.default_rng(seed)
    if c_type in FLOATS:
        values = random.normal(0, 3, n).astype(numpy.float32)
        special = [numpy.nan, numpy.inf, -numpy.inf, 0.0, -0.0, 1.0, -1.0, 65504.0, 3e38, -3e38, 6e-8, 1e-40, 0.5, -2.5]
    else:
        info = numpy.iinfo(STORED[c_type])
        values = random.integers(info.min, info.max, n, endpoint=True)
        special = [info.min, info.max, 0, 1, info.min + 1, 2]
    if edges:
        for place, each in zip(random.permutation(n), special):
            values[place] = each
    return stored(values, c_type)


@dataclass(frozen=True)
class Row:
    """One call and what it leaves in ``d``: ``expected(a, b, c)`` gets numbers, its result is rounded to the type. ``ulps``: allowed error."""

    call: str
    expected: Callable[..., numpy.ndarray]
    types: Sequence[str] = NUMBERS
    ulps: int = 0

    @property
    def names(self) -> list[tuple[str, str]]:
        return re.findall(r"\b(__[a-z]\w*)\s*\(|(?<!\w)(FUSION_\w+)", self.call)


def names_of(rows: Sequence[Row]) -> list[str]:
    """The intrinsics that the rows call, for @pytest.mark.covers."""
    return sorted({name for row in rows for found in row.names for name in found if name})


def results(c_type: str, calls: Sequence[str], inputs: Sequence[numpy.ndarray], n: int, segment: int, out_type: str = "", arrays: str = "",
            architecture: str = "") -> list[numpy.ndarray]:
    """Runs each call on fresh copies of a, b, c in NRAM; its result is the n first elements of ``d``. ``g`` divides n."""
    out_type = out_type or c_type
    room = 128
    load = "".join(f"__memcpy({name}, g{name}, n * sizeof(*{name}), GDRAM2NRAM); " for name in "abc")
    body = "".join(f"  {load}__bang_write_zero(({'char'} *)d, sizeof(d));\n  {call}\n  __memcpy(out + {i} * n, d, n * sizeof(*d), NRAM2GDRAM);\n"
                   for i, call in enumerate(calls))
    text = f"""__mlu_entry__ void k({out_type} *out, const {c_type} *ga, const {c_type} *gb, const {c_type} *gc, int n, int g) {{
  __nram__ {c_type} a[{room}], b[{room}], c[{room}];
  __nram__ {out_type} d[{room}];
  {arrays}
{body}}}"""
    arguments: dict[str, object] = {"out": numpy.zeros(len(calls) * n, STORED[out_type])}
    arguments |= {f"g{name}": data[:n].copy() for name, data in zip("abc", inputs)} | {"n": n, "g": segment}
    got = run(text, "k", arguments, dialect="bang", architecture=architecture, timeout_s=20)["out"].reshape(len(calls), n)
    return list(got)


def assert_rows(c_type: str, rows: Sequence[Row], n: int, segment: int, seed: int = 1, edges: bool = True, inputs: Sequence[numpy.ndarray] = ()) -> None:
    """Each row's result is its reference, bit for bit but for the sign of zeros and what a NaN holds, or within ``ulps``."""
    data = list(inputs) or [operands(c_type, seed + i, n, edges) for i in range(3)]
    chosen = [row for row in rows if c_type in row.types]
    numbers = [value_of(each[:n], c_type) for each in data]
    for row, got in zip(chosen, results(c_type, [row.call for row in chosen], data, n, segment)):
        with numpy.errstate(all="ignore"):
            want = value_of(stored(row.expected(*numbers), c_type), c_type)
        have = value_of(got, c_type)
        if row.ulps:
            scale = numpy.spacing(numpy.abs(want).astype(numpy.float16 if c_type == "half" else numpy.float32)).astype(numpy.float64)
            scale = scale * (65536 if c_type == "bfloat16_t" else 1)
            plain = numpy.isfinite(want)
            with numpy.errstate(all="ignore"):
                near = numpy.abs(have.astype(numpy.float64) - want) <= numpy.maximum(row.ulps * scale, 3e-7)    # 1 + erf(x) cancels
            good = numpy.where(plain, near | (have == want), (have == want) | (numpy.isnan(have) & numpy.isnan(want)))
            assert good.all(), (row.call, c_type, n, numbers[0][~good][:4], have[~good][:4], want[~good][:4])
        else:
            numpy.testing.assert_array_equal(have, want, err_msg=f"{row.call} of {c_type}, n={n}")
