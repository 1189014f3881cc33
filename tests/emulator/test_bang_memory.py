"""BANG memories: copies of one, two and three dimensions, fills, and what the emulator refuses."""

from __future__ import annotations

import numpy
import pytest
from emulator.running import needs_gcc, run

from kernelglot.verify.cases import Fault
from kernelglot.verify.emulate import Faulted

pytestmark = needs_gcc
IN = numpy.arange(64, dtype=numpy.float32) + 1


def kernel(body: str, arrays: str = "__nram__ float x[64], y[64];", size: int = 64, outer: str = "", **options: object) -> numpy.ndarray:
    text = f"{outer}\n__mlu_entry__ void k(float *out, const float *in) {{\n  {arrays}\n{body}\n}}"
    return run(text, "k", {"out": numpy.zeros(size, numpy.float32), "in": IN}, dialect="bang", **options)["out"]


def fault(body: str, **options: object) -> Fault:
    with pytest.raises(Faulted) as raised:
        kernel(body, **options)
    return raised.value.fault


LOAD = "  __memcpy(x, in, 64 * sizeof(float), GDRAM2NRAM);\n"
STORE = "  __memcpy(out, y, 64 * sizeof(float), NRAM2GDRAM);\n"


def test_strided_copy_has_segnum_plus_one_segments() -> None:
    got = kernel(LOAD + "  __bang_write_zero(y, 64);\n  __memcpy(y, x, 8, NRAM2NRAM, 16, 32, 3);\n" + STORE)
    want = numpy.zeros(64, numpy.float32)
    for i in range(4):
        want[4 * i: 4 * i + 2] = IN[8 * i: 8 * i + 2]
    assert (got == want).all()


def test_source_stride_may_be_zero_or_negative() -> None:
    got = kernel(LOAD + "  __bang_write_zero(y, 64);\n  __memcpy(y, x, 4, NRAM2NRAM, 4, 0, 7);\n"
                        "  __memcpy(y + 8, x + 7, 4, NRAM2NRAM, 4, -4, 7);\n" + STORE)
    assert (got[:8] == 1).all() and (got[8:16] == IN[7::-1]).all()


def test_two_levels_of_segments_transpose() -> None:
    got = kernel(LOAD + "  __memcpy(y, x, 4, NRAM2NRAM, 4, 7, 32, 7, 32, 7, 4, 7);\n" + STORE)
    assert (got.reshape(8, 8) == IN.reshape(8, 8).T).all()


def test_copies_between_all_on_chip_memories() -> None:
    body = """  __memcpy(w, in, 256, GDRAM2WRAM);
  __memcpy(s, w, 256, WRAM2SRAM);
  __memcpy(x, s, 256, SRAM2NRAM);
  __memcpy(l, x, 256, NRAM2LDRAM);
  __memcpy(y, l, 256, LDRAM2NRAM);
  __memcpy(out, y, 256, NRAM2GDRAM);"""
    got = kernel(body, arrays="__nram__ float x[64], y[64]; __wram__ float w[64]; __mlu_shared__ float s[64]; __ldram__ float l[64];")
    assert (got == IN).all()


def test_fills_take_their_width_from_the_value() -> None:
    got = kernel("  __bang_write_value(y, 16, 2.5f);\n  __memset_nram(y + 16, 16, (float)7);\n  __nramset(y + 32, 16, 0);\n"
                 "  __bang_write_value((half *)(y + 48), 32, (half)1.0);\n" + STORE)
    assert (got[:16] == 2.5).all() and (got[16:32] == 7).all() and (got[32:48] == 0).all()
    assert (got[48:].view(numpy.float16) == 1).all()


def test_gdramset_and_scalar_access() -> None:
    assert (kernel("  __gdramset(out, 64, 3.0f);\n  out[5] = in[7];\n  x[0] = 4; out[6] = x[0] + in[0];") == [3] * 5 + [8, 5] + [3] * 57).all()


def test_on_chip_memory_is_unwritten_at_the_start_of_a_task() -> None:
    assert numpy.isnan(kernel(STORE)).all()


def test_asynchronous_copies_must_be_waited_for() -> None:
    load = "  __memcpy_async(x, in, 256, GDRAM2NRAM);\n"
    use = "  __bang_add(y, x, x, 64);\n"
    found = fault(load + use + STORE)
    assert (found.kind, found.line) == ("async", 5) and "__sync() is missing" in found.sentence
    for wait in ("__sync()", "__sync_io()", "__sync_io_move_compute()"):
        assert (kernel(load + f"  {wait};\n" + use + STORE) == 2 * IN).all()
    assert fault(load + "  __sync_move();\n" + use + STORE).kind == "async"
    stored = "  __memcpy_async(out, x, 256, NRAM2GDRAM);\n  __bang_write_zero(x, 64);"
    assert fault(LOAD + stored).sentence.startswith("__bang_write_zero: an asynchronous copy that reads")
    assert (kernel(LOAD + "  __bang_add(y, x, x, 64);\n  __memcpy_async(out, y, 256, NRAM2GDRAM);") == 2 * IN).all()


@pytest.mark.parametrize(("body", "kind", "words"), [
    ("  __bang_add(y, x, in, 64);", "scope", "__bang_add: an operand lies in GDRAM and must lie in NRAM"),
    ("  __memcpy(x, in, 256, NRAM2GDRAM);", "scope", "the source of the copy lies in GDRAM, and its direction says NRAM"),
    ("  __memcpy(y, x, 256, GDRAM2NRAM);", "scope", "the source of the copy lies in NRAM"),
    ("  __bang_write_zero(x, 129);", "out-of-bounds", "516 bytes are used of NRAM"),
    ("  __memcpy(x, in, 1024, GDRAM2NRAM);", "out-of-bounds", "1024 bytes"),
    ("  __bang_write_zero(x, 0);", "length", "the number of elements is 0"),
    ("  __memcpy(x, in, 0, GDRAM2NRAM);", "length", "0 bytes"),
    ("  __bang_floor(x, x, 64);", "overlap", "overlaps an operand"),
    ("  __bang_transpose(x, x, 8, 8);", "overlap", "overlaps an operand"),
    ("  __bang_cycle_add(x, x, y, 64, 24);", "length", "is 64 and must be a multiple of 24"),
    ("  __memcpy(w, in, 40, GDRAM2WRAM);", "length", "the size in bytes of a copy with WRAM is 40 and must be a multiple of 16"),
    ("  __memcpy(w + 1, in, 64, GDRAM2WRAM);", "alignment", "multiple of 8 bytes"),
])
def test_what_hardware_leaves_undefined_is_a_fault_with_its_line(body: str, kind: str, words: str) -> None:
    found = fault(body, arrays="__wram__ float w[64]; __nram__ float x[64], y[64];")
    assert found.kind == kind and found.line == 4
    assert words in found.sentence


def test_nram_has_the_capacity_of_the_architecture() -> None:
    body = "  __bang_write_zero(big, 4);"
    found = fault(body, arrays="__nram__ float big[140000];")
    assert found.kind == "capacity" and "NRAM capacity exceeded: 560000 of 524288 bytes" in found.sentence
    kernel(body, arrays="__nram__ float big[131072];")


def test_arrays_of_templates_and_files_lie_in_nram() -> None:
    outer = """__nram__ float whole[64];
template <typename T> __mlu_func__ void twice(T *to, const T *from) {
  __nram__ T held[64];
  __memcpy(held, from, 64 * sizeof(T), GDRAM2NRAM);
  __bang_add(to, held, held, 64);
}"""
    body = "  twice(whole, in);\n  __memcpy(y, whole, sizeof(y), NRAM2NRAM);\n" + STORE
    assert (kernel(body, outer=outer) == 2 * IN).all()


def test_gather_and_scatter_follow_their_offsets_and_mask() -> None:
    body = """  __bang_write_zero(y, 64);
  for (int i = 0; i < 8; ++i) offset[i] = (7 - i) * 8;
  mask[0] = 0x0f;
  __gather(y, in, offset, 8, GDRAM2NRAM, 16, 8);
  __gather(y + 32, in, offset, mask, 4, GDRAM2NRAM, 4, 8);
  __scatter(y + 40, in + 32, offset, 4, GDRAM2NRAM, 4, 3);
""" + STORE
    got = kernel(body, arrays="__nram__ float x[64], y[64]; __nram__ unsigned offset[8]; __nram__ unsigned char mask[8];")
    want = numpy.zeros(64, numpy.float32)
    for i in range(8):
        want[4 * i: 4 * i + 2] = IN[2 * (7 - i): 2 * (7 - i) + 2]
        want[32 + i] = IN[2 * (7 - i)] if i < 4 else 0
    want[[40 + 14, 40 + 12, 40 + 10]] = IN[32:35]
    assert (got == want).all()


def test_a_pointer_into_nram_is_an_ordinary_variable() -> None:
    got = kernel(LOAD + "  __nram__ float *p = x;\n  __nram__ const float *q = p + 1;\n  __bang_write_zero(y, 64);\n"
                        "  for (int i = 0; i < 8; ++i, ++q) y[i] = q[0];\n" + STORE)
    assert (got[:8] == IN[1:9]).all()


def test_capacity_is_asked_of_the_called_kernel_alone() -> None:
    other = "__mlu_entry__ void other(float *out) { __nram__ float big[120000]; __bang_write_zero(big, 120000); out[0] = big[7]; }"
    body = LOAD + "  __bang_write_zero(most, 20000);\n  __bang_add(y, x, most, 64);\n" + STORE
    arrays = "__nram__ float x[64], y[64], most[20000];"
    assert (kernel(body, arrays=arrays, outer=other) == IN).all()
    assert fault(body, arrays=arrays.replace("20000", "140000"), outer=other).kind == "capacity"


def test_capacity_is_the_architecture_s() -> None:
    arrays = "__nram__ float x[64], y[64], most[140000];"          # 547 KiB
    body = LOAD + "  __bang_write_zero(most, 140000);\n  __bang_add(y, x, most, 64);\n" + STORE
    assert (kernel(body, arrays=arrays, architecture="mtp_372") == IN).all()
    assert fault(body, arrays=arrays, architecture="mtp_592").kind == "capacity"
