"""Every BANG conversion in every rounding, plain and strided, against numpy: ties, saturation, infinities, NaN, subnormals, fix positions."""

from __future__ import annotations

import numpy
import pytest
from emulator.bang_reference import STORED, results, to_bfloat16, value_of
from emulator.running import needs_gcc, run

pytestmark = needs_gcc
N = 64
ROUND = {"": numpy.trunc, "_tz": numpy.trunc, "_oz": lambda x: numpy.where(x < 0, numpy.floor(x), numpy.ceil(x)), "_up": numpy.ceil, "_dn": numpy.floor,
         "_rd": lambda x: numpy.copysign(numpy.floor(numpy.abs(x) + 0.5), x), "_rn": numpy.rint, "_rm": lambda x: numpy.floor(x + 0.5), "_sr": numpy.rint}
FLOATS = {"float": "float", "half": "half", "bfloat16": "bfloat16_t"}
INTEGERS = {"int8": "signed char", "int16": "short", "int32": "int", "uint8": "unsigned char", "uint16": "unsigned short", "uint32": "unsigned"}


def floats(c_type: str) -> numpy.ndarray:
    values = (numpy.random.default_rng(1).integers(-1200, 1200, N) / 4).astype(numpy.float32)
    values[:10] = [numpy.nan, numpy.inf, -numpy.inf, -0.0, 1e9, -1e9, 3e9, 0.5, -0.5, 2.5]
    if c_type == "bfloat16_t":
        return to_bfloat16(values)
    with numpy.errstate(over="ignore"):
        return values.astype(STORED[c_type])


def saturated(rounded: numpy.ndarray, c_type: str) -> numpy.ndarray:
    """As an integer; NaN gives the greatest."""
    info = numpy.iinfo(STORED[c_type])
    with numpy.errstate(invalid="ignore"):
        return numpy.where(numpy.isnan(rounded), info.max, numpy.clip(rounded, info.min, info.max)).astype(numpy.int64).astype(STORED[c_type])


TO_INTEGER = [f"__bang_{source}2{target}{way}" for source in FLOATS for target in INTEGERS for way in ROUND]


@pytest.mark.covers("bang", *TO_INTEGER)
@pytest.mark.parametrize("target", INTEGERS)
@pytest.mark.parametrize("source", FLOATS)
def test_floats_to_integers(source: str, target: str) -> None:
    c_type, out_type = FLOATS[source], INTEGERS[target]
    a = floats(c_type)
    cases = [(way, position) for way in ROUND for position in (0, 2, -1)]
    calls = [f"__bang_{source}2{target}{way}(d, a, n, {position});" for way, position in cases]
    strided = f"__bang_{source}2{target}_rn(d, a, 8, 0, 8 * sizeof(*d), 16 * sizeof(*a), 3);"
    got = results(c_type, [*calls, strided], [a, a, a], N, 1, out_type=out_type)
    x = value_of(a, c_type).astype(numpy.float64)
    for (way, position), call, each in zip(cases, calls, got):
        numpy.testing.assert_array_equal(each, saturated(ROUND[way](x / 2.0**position), out_type), err_msg=call)
    whole = saturated(numpy.rint(x), out_type)
    assert (got[-1][:32] == numpy.concatenate([whole[16 * i: 16 * i + 8] for i in range(4)])).all()


FROM_INTEGER = [f"__bang_{source}2{target}" for source in INTEGERS for target in FLOATS]


@pytest.mark.covers("bang", *FROM_INTEGER)
@pytest.mark.parametrize("source", INTEGERS)
def test_integers_to_floats(source: str) -> None:
    c_type = INTEGERS[source]
    info = numpy.iinfo(STORED[c_type])
    a = numpy.random.default_rng(2).integers(info.min, info.max, N, endpoint=True).astype(STORED[c_type])
    a[:4] = [info.min, info.max, 0, 1]
    for target, out_type in FLOATS.items():
        calls = [f"__bang_{source}2{target}(d, a, n, {position});" for position in (0, 3, -9)]
        calls.append(f"__bang_{source}2{target}(d, a, 8, -9, 8 * sizeof(*d), 16 * sizeof(*a), 3);")
        got = results(c_type, calls, [a, a, a], N, 1, out_type=out_type)
        for call, each, position in zip(calls, got, (0, 3, -9)):
            wide = a.astype(numpy.float64) * 2.0**position
            with numpy.errstate(over="ignore"):
                want = bfloat16_of(wide) if target == "bfloat16" else wide.astype(STORED[out_type])
            numpy.testing.assert_array_equal(each, want, err_msg=call)
        assert (got[3][:32] == numpy.concatenate([got[2][16 * i: 16 * i + 8] for i in range(4)])).all()


def bfloat16_of(wide: numpy.ndarray) -> numpy.ndarray:
    """The bits of the nearest bfloat16 of a double, by comparing both neighbours."""
    toward_zero = (wide.astype(numpy.float32).view(numpy.uint32) & 0xFFFF0000).view(numpy.float32)
    toward_zero = numpy.where(numpy.abs(toward_zero.astype(numpy.float64)) > numpy.abs(wide), (toward_zero.view(numpy.uint32) - 0x10000).view(numpy.float32), toward_zero)
    away = (toward_zero.view(numpy.uint32) + 0x10000).view(numpy.float32)
    near, far = numpy.abs(wide - toward_zero), numpy.abs(away.astype(numpy.float64) - wide)
    even = (toward_zero.view(numpy.uint32) >> 16) % 2 == 0
    chosen = numpy.where((near < far) | ((near == far) & even), toward_zero, away)
    return (numpy.where(wide == 0, numpy.float32(0), chosen).astype(numpy.float32).view(numpy.uint32) >> 16).astype(numpy.uint16)


WIDTHS = ["int8", "int16", "int32"]


@pytest.mark.covers("bang", *(f"__bang_{a}2{b}" for a in WIDTHS for b in WIDTHS if a != b))
@pytest.mark.parametrize("source", WIDTHS)
def test_integers_to_wider_and_narrower_ones(source: str) -> None:
    c_type = INTEGERS[source]
    info = numpy.iinfo(STORED[c_type])
    a = numpy.random.default_rng(3).integers(info.min // 3, info.max, N, endpoint=True).astype(STORED[c_type])
    for target in WIDTHS:
        if target != source:
            calls = [f"__bang_{source}2{target}(d, a, n);", f"__bang_{source}2{target}(d, a, 8, 8 * sizeof(*d), 16 * sizeof(*a), 3);"]
            plain, strided = results(c_type, calls, [a, a, a], N, 1, out_type=INTEGERS[target])
            assert (plain == saturated(a.astype(numpy.float64), INTEGERS[target])).all()
            assert (strided[:32] == numpy.concatenate([plain[16 * i: 16 * i + 8] for i in range(4)])).all()


def neighbours(values: numpy.ndarray, target: str) -> tuple[numpy.ndarray, numpy.ndarray]:
    """The greatest number of the target type that is not above each value, and the least that is not below, as float64."""
    if target == "half":
        grid = numpy.sort(numpy.unique(numpy.arange(65536, dtype=numpy.uint16).view(numpy.float16).astype(numpy.float64)))
    else:
        with numpy.errstate(invalid="ignore"):
            grid = numpy.sort(numpy.unique((numpy.arange(65536, dtype=numpy.uint32) << 16).view(numpy.float32).astype(numpy.float64)))
    grid = grid[~numpy.isnan(grid)]
    place = numpy.searchsorted(grid, values, "right") - 1
    below = grid[place]
    return below, numpy.where(below == values, values, grid[numpy.minimum(place + 1, len(grid) - 1)])


SHORTEN = [("float", "half"), ("float", "bfloat16"), ("half", "bfloat16"), ("bfloat16", "half")]


@pytest.mark.covers("bang", *(f"__bang_{a}2{b}{way}" for a, b in SHORTEN for way in ROUND), "__bang_half2float", "__bang_bfloat162float")
@pytest.mark.parametrize(("source", "target"), SHORTEN)
def test_floats_to_floats_of_16_bits(source: str, target: str) -> None:
    values = numpy.random.default_rng(4).normal(0, 1, N).astype(numpy.float32)
    values[:10] = [1.00048828125, -1.00048828125, 1e-7, -1e-7, 65519.0, 1.00390625, 0.0, -3.0078125, 6e-8, 1024.5]      # ties, subnormals
    a = to_bfloat16(values) if source == "bfloat16" else values.astype(STORED[FLOATS[source]])
    x = value_of(a, FLOATS[source]).astype(numpy.float64)
    below, above = neighbours(x, target)
    calls = [f"__bang_{source}2{target}{way}(d, a, n);" for way in ROUND] + [f"__bang_{source}2{target}_dn(d, a, 8, 8 * sizeof(*d), 16 * sizeof(*a), 3);"]
    got = [value_of(each, FLOATS[target]).astype(numpy.float64) for each in results(FLOATS[source], calls, [a, a, a], N, 1, out_type=FLOATS[target])]
    toward, away = numpy.where(x > 0, below, above), numpy.where(x > 0, above, below)
    middle = (below + above) / 2
    nearest = numpy.where(x < middle, below, above)
    with numpy.errstate(over="ignore"):
        even = x.astype(numpy.float16).astype(numpy.float64) if target == "half" else value_of(to_bfloat16(x.astype(numpy.float32)), "bfloat16_t")
    want = {"": toward, "_tz": toward, "_oz": away, "_up": above, "_dn": below, "_rd": numpy.where(x == middle, away, nearest), "_rn": even,
            "_rm": nearest, "_sr": even}
    finite = numpy.abs(x) < 65504 if target == "half" else numpy.isfinite(x)
    for way, each in zip(ROUND, got):
        numpy.testing.assert_array_equal(each[finite], want[way][finite], err_msg=f"{source}2{target}{way}")
    assert (got[-1][:32] == numpy.concatenate([got[4][16 * i: 16 * i + 8] for i in range(4)])).all()
    if source != "float":
        calls = [f"__bang_{source}2float(d, a, n);", f"__bang_{source}2float(d, a, 8, 32, 16 * sizeof(*a), 3);"]
        plain, strided = results(FLOATS[source], calls, [a, a, a], N, 1, out_type="float")
        assert (plain == x).all() and (strided[:32] == numpy.concatenate([x[16 * i: 16 * i + 8] for i in range(4)])).all()


def test_overflow_to_half() -> None:
    """Toward zero it stops at the greatest half; other roundings reach infinity; 2xx never does."""
    a = numpy.array([65519.0, 65520.0, 1e6, -1e6] * 16, numpy.float32)
    got = results("float", [f"__bang_float2half{way}(d, a, n);" for way in ("_tz", "_rn", "_oz", "_up", "_dn")], [a, a, a], N, 1, out_type="half")
    inf = numpy.inf
    assert [each[:4].tolist() for each in got] == [[65504, 65504, 65504, -65504], [65504, inf, inf, -inf], [inf, inf, inf, -inf],
                                                  [inf, inf, inf, -65504], [65504, 65504, 65504, -inf]]


INT4 = [f"__bang_{source}2int4{way}" for source in ("float", "half") for way in ROUND if way != "_sr"]


@pytest.mark.covers("bang", *INT4, "__bang_int42float", "__bang_int42half")
@pytest.mark.parametrize("source", ["float", "half"])
def test_packed_integers_of_4_bits(source: str) -> None:
    a = numpy.random.default_rng(5).integers(-50, 50, N).astype(STORED[source]) / STORED[source](4)
    ways = [way for way in ROUND if way != "_sr"]
    calls = [f"{{ __nram__ int4x2_t p[32]; __bang_{source}2int4{way}(p, a, n, {position}); __bang_int42{source}(d, p, n, {position}); }}"
             for way in ways for position in (0, -1)]
    got = results(source, calls, [a, a, a], N, 1)
    cases = [(way, position) for way in ways for position in (0, -1)]
    for (way, position), call, each in zip(cases, calls, got):
        numpy.testing.assert_array_equal(each, numpy.clip(ROUND[way](a.astype(numpy.float64) / 2.0**position), -8, 7) * 2.0**position, err_msg=call)


SCALAR_WAYS = {"": "_tz", "_tz": "_tz", "_oz": "_oz", "_up": "_up", "_dn": "_dn", "_rd": "_rd", "_rn": "_rn", "_rm": "_rm", "_sr": "_sr"}


@pytest.mark.covers("bang", *(f"__float2half{way}" for way in SCALAR_WAYS), "__half2float", *(f"__float2int{way}" for way in ROUND if way not in ("", "_sr")))
def test_scalar_conversions_round_as_the_vector_ones() -> None:
    values = numpy.array([1.00048828125, -1.00048828125, 1e-7, 2049.0, 3.7, -3.5, 2.5, -2.5, 1e10, -1e10], numpy.float32)
    halves = "".join(f"h[{i}] = __half2float(__float2half{way}(x)); " for i, way in enumerate(SCALAR_WAYS))
    ways = [way for way in ROUND if way not in ("", "_sr")]
    integers = "".join(f"q[{i}] = __float2int{way}(x); " for i, way in enumerate(ways))
    text = f"""__mlu_entry__ void k(float *out, int *whole, const float *in, int n) {{
  for (int i = 0; i < n; ++i) {{
    float x = in[i], *h = out + 9 * i; int *q = whole + {len(ways)} * i;
    {halves}
    {integers}
  }}
}}"""
    got = run(text, "k", {"out": numpy.zeros(90, numpy.float32), "whole": numpy.zeros(10 * len(ways), numpy.int32), "in": values, "n": 10}, dialect="bang",
              out=("out", "whole"))
    small = values[:8]
    below, above = neighbours(small.astype(numpy.float64), "half")
    halves_got = got["out"].reshape(10, 9)[:8]
    order = list(SCALAR_WAYS)
    assert (halves_got[:, order.index("")] == numpy.where(small > 0, below, above)).all()
    assert (halves_got[:, order.index("_up")] == above).all() and (halves_got[:, order.index("_dn")] == below).all()
    assert (halves_got[:, order.index("_oz")] == numpy.where(small > 0, above, below)).all()
    assert (halves_got[:, order.index("_rn")] == small.astype(numpy.float16)).all() and (halves_got[:, order.index("_sr")] == small.astype(numpy.float16)).all()
    assert halves_got[0, order.index("_rd")] == above[0] and halves_got[1, order.index("_rd")] == below[1] and halves_got[1, order.index("_rm")] == above[1]
    for place, way in enumerate(ways):
        assert (got["whole"].reshape(10, len(ways))[:, place] == saturated(ROUND[way](values.astype(numpy.float64)), "int")).all(), way
