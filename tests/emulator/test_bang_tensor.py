"""BANG pools, matrix and convolution units, layouts and selections against numpy."""

from __future__ import annotations

import numpy
import pytest
from emulator.running import needs_gcc, run

from kernelglot.verify.emulate import Faulted

pytestmark = needs_gcc


def transformed(call: str, source: numpy.ndarray, shape: tuple[int, ...], dtype: type | None = None, arrays: str = "") -> numpy.ndarray:
    """Loads `source` to NRAM `x`, runs `call`, and gives NRAM `y` in this shape."""
    kinds = {"float32": "float", "float16": "half", "int32": "int", "uint32": "unsigned", "int8": "signed char", "int16": "short"}
    dtype = numpy.dtype(dtype or source.dtype)
    count = int(numpy.prod(shape))
    text = f"""__mlu_entry__ void k({kinds[dtype.name]} *out, const {kinds[source.dtype.name]} *in) {{
  __nram__ {kinds[source.dtype.name]} x[{source.size}]; __nram__ {kinds[dtype.name]} y[{count}];
  {arrays}
  __memcpy(x, in, sizeof(x), GDRAM2NRAM);
  {call}
  __memcpy(out, y, sizeof(y), NRAM2GDRAM);
}}"""
    return run(text, "k", {"out": numpy.zeros(count, dtype), "in": source.ravel()}, dialect="bang")["out"].reshape(shape)


def windows(image: numpy.ndarray, kernel: tuple[int, int], stride: tuple[int, int], dilation: tuple[int, int] = (1, 1)) -> numpy.ndarray:
    """[OH][OW][KH][KW][C] of an HWC image; pairs are (height, width)."""
    reach = [(k - 1) * d + 1 for k, d in zip(kernel, dilation)]
    out = [(size - r) // s + 1 for size, r, s in zip(image.shape, reach, stride)]
    return numpy.array([[image[i * stride[0]: i * stride[0] + reach[0]: dilation[0], j * stride[1]: j * stride[1] + reach[1]: dilation[1]]
                         for j in range(out[1])] for i in range(out[0])])


IMAGE = numpy.random.default_rng(1).integers(-50, 50, (9, 12, 3)).astype(numpy.float32)
POOLS = {"sum": lambda w: w.sum((2, 3)), "avg": lambda w: w.mean((2, 3)), "max": lambda w: w.max((2, 3)), "min": lambda w: w.min((2, 3))}


@pytest.mark.parametrize("name", POOLS)
def test_pools_are_hwc_with_the_width_stride_first(name: str) -> None:
    view = windows(IMAGE, (3, 2), (2, 5))
    got = transformed(f"__bang_{name}pool(y, x, 3, 9, 12, 3, 2, 5, 2);", IMAGE, POOLS[name](view).shape)
    numpy.testing.assert_allclose(got, POOLS[name](view), rtol=1e-6)
    view = windows(IMAGE, (4, 5), (4, 5))
    got = transformed(f"__bang_{name}pool(y, x, 3, 9, 12, 4, 5);", IMAGE, (2, 2, 3))
    numpy.testing.assert_allclose(got, POOLS[name](view), rtol=1e-6)


def test_pool_dilation_and_index() -> None:
    view = windows(IMAGE, (3, 2), (1, 2), (2, 3))
    got = transformed("__bang_maxpool(y, x, 3, 9, 12, 3, 2, 2, 1, 2, 3);", IMAGE, POOLS["max"](view).shape)
    assert (got == POOLS["max"](view)).all()
    view = windows(IMAGE, (3, 2), (2, 5))
    places = view.reshape(*view.shape[:2], 6, 3)
    assert (transformed("__bang_maxpool_index(y, x, 3, 9, 12, 3, 2, 5, 2);", IMAGE, places.argmax(2).shape, numpy.uint32) == places.argmax(2)).all()
    assert (transformed("__bang_minpool_index(y, x, 3, 9, 12, 3, 2, 5, 2);", IMAGE, places.argmin(2).shape, numpy.uint32) == places.argmin(2)).all()


def test_sumpool_of_a_whole_vector_is_its_sum_in_place_too() -> None:
    data = numpy.arange(100, dtype=numpy.float32)
    got = transformed("__bang_sumpool(x, x, 1, 1, 100, 1, 100, 1, 1); __memcpy(y, x, 400, NRAM2NRAM);", data, (100,))
    assert got[0] == data.sum() and (got[1:] == data[1:]).all()


def test_pool_backward_adds_to_every_element_of_a_window() -> None:
    gradient = numpy.arange(2 * 3 * 2, dtype=numpy.float32).reshape(2, 3, 2)
    want = numpy.zeros((5, 7, 2), numpy.float32)
    for i in range(2):
        for j in range(3):
            want[2 * i: 2 * i + 3, 2 * j: 2 * j + 3] += gradient[i, j]
    assert (transformed("__bang_sumpool_bp(y, x, 2, 5, 7, 3, 3, 2, 2);", gradient, (5, 7, 2)) == want).all()


def test_reduce_sum_touches_the_first_element_of_each_block() -> None:
    data = numpy.arange(64, dtype=numpy.float32)
    want = data.copy()
    want[[0, 32]] = data.reshape(2, 32).sum(1)
    assert (transformed("__bang_reduce_sum(x, x, 64); __memcpy(y, x, 256, NRAM2NRAM);", data, (64,)) == want).all()
    assert transformed("y[0] = __bang_sum(x, 64);", data, (1,))[0] == data.sum()


def test_a_window_outside_the_image_is_a_fault() -> None:
    with pytest.raises(Faulted, match="larger than the image"):
        transformed("__bang_maxpool(y, x, 3, 9, 12, 10, 2, 1, 1);", IMAGE, (1,))


def matmul(a: numpy.ndarray, filter_rows: numpy.ndarray, call: str, c_type: str, out_type: str, out: numpy.ndarray, reshape: bool = True) -> numpy.ndarray:
    rows, inputs = filter_rows.shape
    order = f"__bang_reshape_filter(t, f, {rows}, 1, 1, {inputs});" if reshape else f"__memcpy(t, f, {filter_rows.nbytes}, NRAM2NRAM);"
    text = f"""__mlu_entry__ void k({out_type} *out, const {c_type} *a, const {c_type} *b) {{
  __nram__ {c_type} x[{a.size}]; __nram__ {c_type} f[{filter_rows.size}]; __nram__ {c_type} t[{filter_rows.size}];
  __wram__ {c_type} w[{filter_rows.size}]; __nram__ {out_type} y[{out.size}];
  __memcpy(x, a, sizeof(x), GDRAM2NRAM);
  __memcpy(f, b, sizeof(f), GDRAM2NRAM);
  {order}
  __memcpy(w, t, sizeof(w), NRAM2WRAM);
  {call}
  __memcpy(out, y, sizeof(y), NRAM2GDRAM);
}}"""
    return run(text, "k", {"out": out, "a": a.ravel(), "b": filter_rows.ravel()}, dialect="bang")["out"]


def integers(shape: tuple[int, ...], dtype: type, seed: int) -> numpy.ndarray:
    return numpy.random.default_rng(seed).integers(-8, 9, shape).astype(dtype)


@pytest.mark.parametrize(("c_type", "dtype"), [("float", numpy.float32), ("half", numpy.float16)])
def test_matmul_reads_the_reshaped_columns(c_type: str, dtype: type) -> None:
    a, b = integers((5, 32), dtype, 2), integers((192, 32), dtype, 3)
    got = matmul(a, b, "__bang_matmul(y, x, w, 5, 32, 192);", c_type, "float", numpy.zeros(5 * 192, numpy.float32))
    assert (got.reshape(5, 192) == a.astype(numpy.float32) @ b.astype(numpy.float32).T).all()


def test_matmul_of_plain_rows_is_right_up_to_64_columns_and_wrong_beyond() -> None:
    a, b = integers((3, 16), numpy.float32, 4), integers((128, 16), numpy.float32, 5)
    wrong = matmul(a, b, "__bang_matmul(y, x, w, 3, 16, 128);", "float", "float", numpy.zeros(3 * 128, numpy.float32), reshape=False)
    assert not (wrong.reshape(3, 128) == a @ b.T).all()
    right = matmul(a, b[:64], "__bang_matmul(y, x, w, 3, 16, 64);", "float", "float", numpy.zeros(3 * 64, numpy.float32), reshape=False)
    assert (right.reshape(3, 64) == a @ b[:64].T).all()


def test_integer_matmul_scales_and_mlp_adds_a_bias() -> None:
    a, b = integers((4, 64), numpy.int8, 6), integers((64, 64), numpy.int8, 7)
    got = matmul(a, b, "__bang_matmul(y, x, w, 4, 64, 64, -2);", "signed char", "float", numpy.zeros(256, numpy.float32))
    assert (got.reshape(4, 64) == (a.astype(int) @ b.astype(int).T) / 4).all()
    got = matmul(a[:1], b, "__nram__ float bias[64]; __bang_write_value(bias, 64, 3.0f); __bang_mlp(y, x, bias, w, 64, 64, 0);", "signed char",
                 "float", numpy.zeros(64, numpy.float32))
    assert (got == a[0].astype(int) @ b.astype(int).T + 3).all()


def test_matmul_refuses_a_row_that_is_no_multiple_of_64_bytes() -> None:
    with pytest.raises(Faulted, match="filter row is 48 and must be a multiple of 64"):
        matmul(integers((1, 12), numpy.float32, 8), integers((64, 12), numpy.float32, 9), "__bang_matmul(y, x, w, 1, 12, 64);", "float", "float",
               numpy.zeros(64, numpy.float32), reshape=False)


def test_convolution_is_hwc_with_the_width_stride_first() -> None:
    image, kernel = integers((7, 9, 16), numpy.float32, 10), integers((64, 3, 2, 16), numpy.float32, 11)
    want = numpy.einsum("ijhwc,ohwc->ijo", windows(image, (3, 2), (2, 3)), kernel)
    got = matmul(image, kernel.reshape(64, -1), "__bang_conv(y, x, w, 16, 7, 9, 3, 2, 3, 2, 64);", "float", "float",
                 numpy.zeros(want.size, numpy.float32))
    assert (got.reshape(want.shape) == want).all()
    want = numpy.einsum("ijhwc,ohwc->ijo", windows(image, (3, 2), (1, 1), (2, 3)), kernel)
    got = matmul(image, kernel.reshape(64, -1), "__bang_conv(y, x, w, 16, 7, 9, 3, 2, 1, 1, 64, 3, 2);", "float", "float",
                 numpy.zeros(want.size, numpy.float32))
    assert (got.reshape(want.shape) == want).all()


PLANE = numpy.arange(4 * 8, dtype=numpy.float32).reshape(4, 8)
LAYOUTS = [
    ("__bang_transpose(y, x, 4, 8);", PLANE.T), ("__bang_mirror(y, x, 4, 8);", PLANE[:, ::-1]), ("__bang_rotate90(y, x, 4, 8);", numpy.rot90(PLANE, -1)),
    ("__bang_rotate180(y, x, 4, 8);", numpy.rot90(PLANE, 2)), ("__bang_rotate270(y, x, 4, 8);", numpy.rot90(PLANE)),
    ("__bang_pad(y, x, 2, 4, 4, 1, 2, 3, 0);", numpy.pad(PLANE.reshape(4, 4, 2), ((1, 2), (3, 0), (0, 0)))),
    ("__bang_pad(y, x, 2, 4, 4, 0, 1, 0, 1, 7);", numpy.pad(PLANE.reshape(4, 4, 2), ((0, 1), (0, 1), (0, 0)), constant_values=7)),
]


@pytest.mark.parametrize(("call", "want"), LAYOUTS, ids=[call.split("(")[0] for call, _ in LAYOUTS])
def test_layouts(call: str, want: numpy.ndarray) -> None:
    assert (transformed(call, PLANE, want.shape) == want).all()


def test_channels_first_and_last() -> None:
    data = numpy.arange(2 * 16 * 4 * 8, dtype=numpy.float32)
    assert (transformed("__bang_reshape_nchw2nhwc(y, x, 2, 4, 8, 16);", data, (2, 4, 8, 16)) == data.reshape(2, 16, 4, 8).transpose(0, 2, 3, 1)).all()
    assert (transformed("__bang_reshape_nhwc2nchw(y, x, 2, 4, 8, 16);", data, (2, 16, 4, 8)) == data.reshape(2, 4, 8, 16).transpose(0, 3, 1, 2)).all()


SELECTED = numpy.array([0, 3, 0, -1, 5, 0, 0, 2] * 8, numpy.float32)


def test_counting_and_finding() -> None:
    call = "y[0] = __bang_count(x, 64); y[1] = __bang_findfirst1(x, 64); y[2] = __bang_findlast1(x, 63); y[3] = __bang_findfirst1(x, 1) == 0xffffffffu;"
    assert transformed(call, SELECTED, (4,)).tolist() == [32, 1, 60, 1]


def test_filters_pack_what_their_mask_selects() -> None:
    call = "__bang_write_zero(y, 64); unsigned n = __bang_filter(y, x, x, 64); y[63] = n;"
    got = transformed(call, SELECTED, (64,))
    assert got[63] == 32 and (got[:32] == SELECTED[SELECTED != 0]).all()
    call = "__bang_write_zero(y, 64); __bang_write_zero(z, 64); __bang_gt_bitindex(bits, x, z, 64); y[63] = __bang_filter_bitindex(y, x, bits, 64);"
    got = transformed(call, SELECTED, (64,), arrays="__nram__ float z[64]; __nram__ float bits[2];")
    assert got[63] == 24 and (got[:24] == SELECTED[SELECTED > 0]).all()


def test_extrema_with_their_index() -> None:
    data = SELECTED.copy()
    data[17], data[40], data[0] = 9, 9, numpy.nan
    got = transformed("__bang_argmax(y, x, 64); __bang_argmin(y + 2, x, 64);", data, (4,))
    assert (got[0], got[1:2].view(numpy.uint32)[0], got[2], got[3:4].view(numpy.uint32)[0]) == (9, 17, -1, 3)


def test_lookup_leaves_what_lies_outside_the_table() -> None:
    index = numpy.arange(128, dtype=numpy.uint32)[::-1].copy()
    call = "for (int i = 0; i < 64; ++i) table[i] = i * i; for (int i = 0; i < 128; ++i) y[i] = -1; __bang_lut(y, x, table, 128, 64);"
    got = transformed(call, index, (128,), numpy.int32, "__nram__ int table[64];")
    assert (got == numpy.where(index < 64, index.astype(int) ** 2, -1)).all()


def test_maskmove_moves_the_bytes_of_set_bits() -> None:
    call = "__bang_write_zero(y, 64); for (int i = 0; i < 32; ++i) mask[i] = i % 2 ? 0xf0 : 0; __bang_maskmove(y, x, mask, 256);"
    got = transformed(call, SELECTED, (64,), arrays="__nram__ unsigned char mask[32];")
    assert (got == numpy.where(numpy.arange(64) % 4 == 3, SELECTED, 0)).all()
