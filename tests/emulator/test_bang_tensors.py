"""BANG's tensor unit, pools and layouts in all their forms and mixes of types against numpy."""

from __future__ import annotations

import numpy
import pytest
from emulator.bang_reference import FLOATS, STORED, stored, to_bfloat16, value_of
from emulator.running import needs_gcc, run
from emulator.test_bang_tensor import windows

from kernelglot.verify.emulate import Faulted

pytestmark = needs_gcc


def numbers(shape: tuple[int, ...], c_type: str, seed: int, most: int = 7) -> numpy.ndarray:
    """Small integers, which every sum holds exactly."""
    return stored(numpy.random.default_rng(seed).integers(-most, most + 1, shape), c_type)


def packed(values: numpy.ndarray) -> numpy.ndarray:
    """Pairs of 4-bit integers as bytes, the first in the low half."""
    flat = values.astype(numpy.int64).ravel()
    return ((flat[::2] & 15) | (flat[1::2] & 15) << 4).astype(numpy.uint8)


CARRIER = {"int4x2_t": "unsigned char"}


def tensor(body: str, a: numpy.ndarray, filters: numpy.ndarray, extra: numpy.ndarray, count: int, types: tuple[str, str, str], architecture: str = "",
           head: str = "") -> numpy.ndarray:
    """`x`, `e` (NRAM) and `w` (WRAM) hold the operands; `body` leaves the result in `y`."""
    type_a, type_b, type_out = types
    raw_a, raw_b = packed(a) if type_a == "int4x2_t" else a.ravel(), packed(filters) if type_b == "int4x2_t" else filters.ravel()
    text = f"""{head}
__mlu_entry__ void k({type_out} *out, const {type_a} *ga, const {type_b} *gb, const {type_out} *ge) {{
  __nram__ {type_a} x[{raw_a.size}]; __wram__ {type_b} w[{raw_b.size}]; __nram__ {type_out} y[{count}], e[{extra.size}];
  __memcpy(x, ga, sizeof(x), GDRAM2NRAM);
  __memcpy(w, gb, sizeof(w), GDRAM2WRAM);
  __memcpy(e, ge, sizeof(e), GDRAM2NRAM);
  {body}
  __memcpy(out, y, sizeof(y), NRAM2GDRAM);
}}"""
    out = numpy.zeros(count, STORED[type_out])
    return run(text, "k", {"out": out, "ga": raw_a, "gb": raw_b, "ge": extra.ravel()}, dialect="bang", architecture=architecture)["out"]


FLOAT_MIXES = [("float", "float", ""), ("half", "half", ""), ("bfloat16_t", "bfloat16_t", ""), ("float", "half", "mtp_372"), ("half", "float", "mtp_372")]
INTEGER_MIXES = [("signed char", "signed char"), ("short", "signed char"), ("short", "short"), ("int4x2_t", "int4x2_t"), ("signed char", "int4x2_t"),
                 ("short", "int4x2_t")]
OPERATIONS = ["__bang_matmul", "__bang_mlp", "__bang_conv", "__bang_conv_partial"]
covered = pytest.mark.covers("bang", *OPERATIONS)


@covered
@pytest.mark.parametrize(("type_a", "type_b", "architecture"), FLOAT_MIXES)
def test_floats_give_float(type_a: str, type_b: str, architecture: str) -> None:
    a, b = numbers((3, 64), type_a, 1), numbers((64, 64), type_b, 2)
    x, y = value_of(a, type_a).astype(numpy.float64), value_of(b, type_b).astype(numpy.float64)
    body = "__bang_matmul(y, x, w, 3, 64, 64); __bang_mlp(y + 192, x + 64, w, 64, 64); __bang_conv(y + 256, x, w, 64, 3, 1, 1, 1, 1, 1, 64);"
    got = tensor(body, a, b, numpy.zeros(1, numpy.float32), 448, (type_a, type_b, "float"), architecture).astype(numpy.float64)
    assert (got[:192].reshape(3, 64) == x @ y.T).all() and (got[192:256] == y @ x[1]).all() and (got[256:].reshape(3, 64) == x @ y.T).all()


@covered
@pytest.mark.parametrize("type_out", ["float", "half", "short"])
@pytest.mark.parametrize(("type_a", "type_b"), INTEGER_MIXES)
def test_integers_give_float_half_and_16_bits(type_a: str, type_b: str, type_out: str) -> None:
    a, b = numbers((2, 128), "short", 3), numbers((64, 128), "short", 4)
    a, b = (each if c_type == "int4x2_t" else each.astype(STORED[c_type]) for each, c_type in ((a, type_a), (b, type_b)))
    extra = numbers((2, 64), type_out, 5)
    body = ("__bang_matmul(y, x, w, 2, 128, 64, 2); __bang_matmul(y + 128, x, w, e, 2, 128, 64, -1); __bang_mlp(y + 256, x, w, 64, 128, 1);"
            "__bang_mlp(y + 320, x, e, w, 64, 128, 1);")
    types = (type_a, type_b, type_out)
    if type_out == "short" and "int4x2_t" in types:
        with pytest.raises(Faulted) as raised:
            tensor(body, a, b, extra, 384, types)
        assert (raised.value.fault.kind, raised.value.fault.line) == ("type", 7)
        return
    got = tensor(body, a, b, extra, 384, types)
    exact = a.astype(numpy.int64) @ b.astype(numpy.int64).T
    def scaled(position: int) -> numpy.ndarray:
        values = numpy.rint(exact * 2.0**position) if type_out == "short" else exact * 2.0**position
        return numpy.clip(values, -32768, 32767).astype(numpy.int16) if type_out == "short" else values.astype(STORED[type_out])
    want = [scaled(2).ravel(), (scaled(-1) + extra).ravel(), scaled(1)[0], scaled(1)[0] + extra[0]]
    assert (got == numpy.concatenate(want)).all()


@covered
def test_a_float_mix_that_is_in_no_table_is_a_fault() -> None:
    for types, architecture in ((("half", "half", "half"), ""), (("float", "half", "float"), ""), (("float", "float", "float"), "mtp_270"), (("float", "float", "float"), "tp_520")):
        with pytest.raises(Faulted) as raised:
            tensor("__bang_matmul(y, x, w, 1, 64, 64);", numbers((1, 64), types[0], 6), numbers((64, 64), types[1], 7), numbers((1,), types[2], 8), 64, types, architecture)
        assert raised.value.fault.kind in ("type", "architecture") and raised.value.fault.line == 7


IMAGE, KERNEL = (7, 9, 32), (64, 3, 2, 32)
SHAPE = "32, 7, 9, 3, 2"


def convolution(image: numpy.ndarray, kernel: numpy.ndarray, stride: tuple[int, int] = (1, 1), dilation: tuple[int, int] = (1, 1)) -> numpy.ndarray:
    """Pairs are (height, width)."""
    return numpy.einsum("ijhwc,ohwc->ijo", windows(image.astype(numpy.float64), (3, 2), stride, dilation), kernel.astype(numpy.float64))


@covered
@pytest.mark.parametrize("c_type", ["float", "half"])
def test_convolutions_of_floats_with_dilation_and_partial_sums(c_type: str) -> None:
    image, kernel = numbers(IMAGE, c_type, 9, 2), numbers(KERNEL, c_type, 10, 2)
    for call, want in ((f"__bang_conv(y, x, w, {SHAPE}, 3, 2, 64);", convolution(image, kernel, (2, 3))),
                       (f"__bang_conv(y, x, w, {SHAPE}, 3, 2, 64, 2, 1);", convolution(image, kernel, (2, 3), (1, 2))),
                       (f"__bang_conv(y, x, w, {SHAPE}, 1, 1, 64, 3, 2, 1, 1);", convolution(image, kernel, (1, 1), (2, 3)))):
        extra = numbers((want.size,), "float", 11)
        assert (tensor(call, image, kernel, extra, want.size, (c_type, c_type, "float")) == want.ravel()).all()
        partial = call.replace("__bang_conv(y, x, w,", "__bang_conv_partial(e, x, w, e,") + f" __bang_move(y, e, {want.size * 4});"
        assert (tensor(partial, image, kernel, extra, want.size, (c_type, c_type, "float")) == want.ravel() + extra).all()


@covered
@pytest.mark.parametrize(("type_a", "type_b"), [("signed char", "signed char"), ("short", "signed char"), ("int4x2_t", "int4x2_t")])
def test_convolutions_of_integers_with_bias_dilation_and_partial_sums(type_a: str, type_b: str) -> None:
    line = {"signed char": 64, "short": 64, "int4x2_t": 128}[type_a] if type_a != "short" else 32
    image, kernel = numbers(IMAGE, "short", 12, 3), numbers(KERNEL, "short", 13, 3)
    filled = numpy.zeros((64, 3, 2, line), numpy.int16)
    filled[..., :32] = kernel
    raw_image, raw_kernel = (each if c_type == "int4x2_t" else each.astype(STORED[c_type]) for each, c_type in ((image, type_a), (filled, type_b)))
    types = (type_a, type_b, "float")
    for dilated in ("", ", 2, 1"):
        want = convolution(image, kernel, (2, 3), (1, 2) if dilated else (1, 1)) / 4
        extra = numbers((want.size,), "float", 14)
        call = f"__bang_conv(y, x, w, {SHAPE}, 3, 2, 64, -2{dilated});"
        assert (tensor(call, raw_image, raw_kernel, extra, want.size, types) == want.ravel()).all()
        got = tensor(call.replace("w, 32", "w, e, 32"), raw_image, raw_kernel, extra, want.size, types)
        assert (got.reshape(want.shape) == want + extra[:64]).all()
        got = tensor(call.replace("__bang_conv(y, x, w", "__bang_conv_partial(y, x, w, e"), raw_image, raw_kernel, extra, want.size, types)
        assert (got == want.ravel() + extra).all()


@covered
def test_lane_orders_and_the_policy_of_plain_rows() -> None:
    """The same operands: reshaped for 64 or 16 lanes a group, or as rows [K][N] where the text asks for it."""
    a, b = numbers((2, 32), "float", 15), numbers((128, 32), "float", 16)
    want = (a.astype(numpy.float64) @ b.astype(numpy.float64).T).ravel()
    lanes = b.reshape(2, 64, 32).transpose(1, 0, 2)                                              # [lane][block][K]
    groups = b.reshape(2, 16, 4, 32).transpose(1, 0, 2, 3)                                       # [group][block][lane in group][K]
    call, none = "__bang_matmul(y, x, w, 2, 32, 128);", numpy.zeros(1, numpy.float32)
    for filters, head in ((lanes, ""), (lanes, "#pragma bang walign(64)"), (groups, "#pragma bang walign(16)"), (b.T, "// kernelglot-bang: filter-layout=row-major")):
        got = tensor(call, a, numpy.ascontiguousarray(filters), none, 256, ("float", "float", "float"), head=head)
        assert (got == want).all(), head
    assert not (tensor(call, a, b, none, 256, ("float", "float", "float")) == want).all()


@pytest.mark.covers("bang", "__bang_reshape_filter")
@pytest.mark.parametrize(("align", "axes"), [(64, (1, 0, 2)), (16, None)])
def test_reshape_filter_makes_the_lane_order(align: int, axes: tuple[int, ...] | None) -> None:
    rows = numpy.arange(128 * 8, dtype=numpy.float32).reshape(128, 8)
    text = f"""#pragma bang walign({align})
__mlu_entry__ void k(float *out, const float *in) {{
  __nram__ float x[1024], y[1024];
  __memcpy(x, in, sizeof(x), GDRAM2NRAM);
  __bang_reshape_filter(y, x, 128, 2, 2, 2);
  __memcpy(out, y, sizeof(y), NRAM2GDRAM);
}}"""
    got = run(text, "k", {"out": numpy.zeros(1024, numpy.float32), "in": rows.ravel()}, dialect="bang")["out"].reshape(128, 8)
    want = rows.reshape(2, 64, 8).transpose(1, 0, 2) if axes else rows.reshape(2, 16, 4, 8).transpose(1, 0, 2, 3)
    assert (got == want.reshape(128, 8)).all()


# ---- pools ---------------------------------------------------------------------------------------------------------------------

REDUCE = {"sum": lambda w: w.sum(2), "avg": lambda w: w.mean(2), "max": lambda w: w.max(2), "min": lambda w: w.min(2)}


def nram(call: str, source: numpy.ndarray, c_type: str, count: int, out_type: str = "", arrays: str = "", second: numpy.ndarray | None = None,
         second_type: str = "unsigned") -> numpy.ndarray:
    out_type = out_type or c_type
    other = second if second is not None else numpy.zeros(1, numpy.uint32)
    text = f"""__mlu_entry__ void k({out_type} *out, const {c_type} *in, const {second_type} *gi) {{
  __nram__ {c_type} x[{source.size}]; __nram__ {out_type} y[{count}]; __nram__ {second_type} index[{other.size}];
  {arrays}
  __memcpy(x, in, sizeof(x), GDRAM2NRAM);
  __memcpy(index, gi, sizeof(index), GDRAM2NRAM);
  {call}
  __memcpy(out, y, sizeof(y), NRAM2GDRAM);
}}"""
    return run(text, "k", {"out": numpy.zeros(count, STORED[out_type]), "in": source.ravel(), "gi": other.ravel()}, dialect="bang")["out"]


def together(calls: list[tuple[str, int]], source: numpy.ndarray, c_type: str, out_type: str = "", **options: object) -> list[numpy.ndarray]:
    """Several calls of one kernel: `{y}` is where each writes its count of results."""
    starts = [sum(count for _, count in calls[:i]) for i in range(len(calls) + 1)]
    whole = nram(" ".join(call.replace("{y}", f"y + {start}") for (call, _), start in zip(calls, starts)), source, c_type, starts[-1], out_type, **options)
    return [whole[start:end] for start, end in zip(starts, starts[1:])]


@pytest.mark.covers("bang", *(f"__bang_{kind}pool{form}" for kind in ("max", "min") for form in ("", "_index", "_value_index")), "__bang_sumpool", "__bang_avgpool",
                    "__bang_sumpool_bp", "__bang_avgpool_bp", "__bang_maxpool_bp", "__bang_unpool", "__bang_reduce_sum", "__bang_sum")
@pytest.mark.parametrize("c_type", FLOATS)
def test_pools(c_type: str) -> None:
    image = numbers((5, 7, 3), c_type, 20)
    x = value_of(image, c_type).astype(numpy.float64)
    def flat(dilation: tuple[int, int]) -> numpy.ndarray:
        view = windows(x, (3, 2), (2, 3), dilation)
        return view.reshape(*view.shape[:2], 6, 3)
    view, wide = flat((1, 1)), flat((2, 2))
    size, wide_size = view[:, :, 0].size, wide[:, :, 0].size
    calls = "".join(f"__bang_{kind}pool(y + {i * size}, x, 3, 5, 7, 3, 2, 3, 2); " for i, kind in enumerate(REDUCE))
    calls += "".join(f"__bang_{kind}pool(y + {4 * size + i * wide_size}, x, 3, 5, 7, 3, 2, 3, 2, 2, 2); " for i, kind in enumerate(("max", "min")))
    got = value_of(nram(calls, image, c_type, 4 * size + 2 * wide_size), c_type)
    want = [REDUCE[kind](view).ravel() for kind in REDUCE] + [REDUCE[kind](wide).ravel() for kind in ("max", "min")]
    assert (got == value_of(stored(numpy.concatenate(want), c_type), c_type)).all()
    index_type = "unsigned" if c_type == "float" else "unsigned short"
    found = together([(f"__bang_{kind}pool_index({{y}}, x, 3, 5, 7, 3, 2, 3, 2);", size) for kind in ("max", "min")], image, c_type, index_type)
    pairs = together([(f"__bang_{kind}pool_value_index({{y}}, x, 3, 5, 7, 3, 2, 3, 2);", 2 * size) for kind in ("max", "min")], image, c_type)
    for kind, index, both in zip(("max", "min"), found, pairs):
        places = getattr(view, f"arg{kind}")(2)
        assert (index == places.ravel()).all()
        assert (value_of(both[:size], c_type) == REDUCE[kind](view).ravel()).all() and (both[size:].view(STORED[index_type]) == places.ravel()).all()
    backward(c_type, view.argmax(2), index_type)
    data = numbers((64,), c_type, 22, 3)
    total = value_of(nram("*y = __bang_sum(x, 64);", data, c_type, 1), c_type)
    assert total == value_of(data, c_type).sum()


def backward(c_type: str, places: numpy.ndarray, index_type: str) -> None:
    """The pools' backward forms: windows of 3 x 2 with strides 2 (height) and 3 (width) on 5 x 7 x 3."""
    gradient = numbers(places.shape, c_type, 21, 6)
    g = value_of(gradient, c_type).astype(numpy.float64)
    added, averaged, chosen, placed = (numpy.zeros((5, 7, 3)) for _ in range(4))
    short = lambda values: value_of(stored(values, c_type), c_type).astype(numpy.float64)
    for i in range(places.shape[0]):
        for j in range(places.shape[1]):
            added[2 * i: 2 * i + 3, 3 * j: 3 * j + 2] += g[i, j]
            averaged[2 * i: 2 * i + 3, 3 * j: 3 * j + 2] = short(averaged[2 * i: 2 * i + 3, 3 * j: 3 * j + 2] + short(g[i, j] / 6))
            placed[2 * i + 1, 3 * j + 1] = g[i, j]
            for c in range(3):
                chosen[2 * i + places[i, j, c] // 2, 3 * j + places[i, j, c] % 2, c] += g[i, j, c]
    index = places.astype(STORED[index_type])
    calls = ["__bang_sumpool_bp({y}, x, 3, 5, 7, 3, 2, 3, 2);", "__bang_avgpool_bp({y}, x, 3, 5, 7, 3, 2, 3, 2);",
             "__bang_maxpool_bp({y}, x, index, 3, 5, 7, 3, 2, 3, 2);", "__bang_unpool({y}, x, 3, 5, 7, 3, 2, 3, 2, 3);"]
    results = together([(call, 105) for call in calls], gradient, c_type, second=index, second_type=index_type)
    for call, got, want in zip(calls, results, (added, averaged, chosen, placed)):
        numpy.testing.assert_array_equal(value_of(got, c_type), short(want).ravel(), err_msg=call)


# ---- layouts -------------------------------------------------------------------------------------------------------------------

TILES = [8, 16, 32, 64, 128, 256]
LAYOUTS = ["transpose", "pad", "mirror", "rotate90", "rotate180", "rotate270", "reshape_nchw2nhwc", "reshape_nhwc2nchw"]


@pytest.mark.covers("bang", *(f"__bang_{name}" for name in LAYOUTS))
@pytest.mark.parametrize("c_type", ["float", "half", "bfloat16_t", "short", "signed char"])
def test_layouts_of_every_type(c_type: str) -> None:
    random = numpy.random.default_rng(30)
    plane = random.integers(1, 120, (5, 7)).astype(STORED[c_type])
    wanted = [("__bang_transpose({y}, x, 5, 7);", plane.T), ("__bang_mirror({y}, x, 5, 7);", plane[:, ::-1]), ("__bang_rotate90({y}, x, 5, 7);", numpy.rot90(plane, -1)),
              ("__bang_rotate180({y}, x, 5, 7);", numpy.rot90(plane, 2)), ("__bang_rotate270({y}, x, 5, 7);", numpy.rot90(plane)),
              ("__bang_pad({y}, x, 1, 5, 7, 1, 2, 3, 1);", numpy.pad(plane, ((1, 2), (3, 1))))]
    for (call, want), got in zip(wanted, together([(call, want.size) for call, want in wanted], plane, c_type)):
        assert (got == want.ravel()).all(), call
    line = 64 // plane.itemsize
    image = random.integers(1, 120, (2, line, 4, line // 4)).astype(STORED[c_type])
    last, back = together([(f"__bang_reshape_nchw2nhwc({{y}}, x, 2, 4, {line // 4}, {line});", image.size),
                           (f"__bang_reshape_nhwc2nchw({{y}}, y, 2, 4, {line // 4}, {line});", image.size)], image, c_type)
    assert (last == image.transpose(0, 2, 3, 1).ravel()).all() and (back == image.ravel()).all()


@pytest.mark.covers("bang", *(f"__bang_tiling_2d_b{bits}" for bits in TILES))
@pytest.mark.parametrize("bits", TILES)
def test_tilings_transpose_a_square_of_lines(bits: int) -> None:
    lines = 512 // bits
    source = numpy.random.default_rng(bits).integers(0, 256, (lines * 2, lines, bits // 8)).astype(numpy.uint8)
    got = nram(f"__bang_tiling_2d_b{bits}(y, x, 2, {lines}, {lines // 2}, 2, 1, 0, {lines}, 1);", source, "unsigned char", lines * 64)
    rows = source.reshape(2, lines // 2 * 2, lines, bits // 8)[:, ::2].reshape(lines, lines, bits // 8)
    assert (got.reshape(lines, lines, bits // 8) == rows.transpose(1, 0, 2)).all()


@pytest.mark.covers("bang", "__bang_reduce_sum")
@pytest.mark.parametrize("c_type", ["float", "half"])
def test_reduce_sum_of_blocks_of_128_bytes(c_type: str) -> None:
    data = numbers((128,), c_type, 31, 3)
    block = 128 // data.itemsize
    want = data.copy()
    want[::block] = data.reshape(-1, block).sum(1)
    assert (nram("__bang_reduce_sum(x, x, 128); __bang_move(y, x, sizeof(y));", data, c_type, 128) == want).all()
    assert to_bfloat16(numpy.float32([1.0]))[0] == 0x3F80
