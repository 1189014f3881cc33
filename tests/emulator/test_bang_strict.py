"""What hardware leaves undefined is a typed fault with the line of the kernel: memories, sizes, alignment, overlap, types, architectures, waits."""

from __future__ import annotations

import numpy
import pytest
from emulator.running import needs_gcc, run

from kernelglot.verify.cases import Fault
from kernelglot.verify.emulate import Faulted

pytestmark = needs_gcc
ARRAYS = ("__nram__ float x[128], y[128], z[128]; __nram__ half h[128]; __nram__ bfloat16_t b[128]; __nram__ int q[128]; __wram__ float w[2048]; "
          "__nram__ double big[128]; __mlu_shared__ float s[64];")


def fault(body: str, architecture: str = "", arrays: str = ARRAYS, **options: object) -> Fault:
    """Line 1 is the kernel, line 2 its arrays, the body starts in line 3."""
    text = f"__mlu_entry__ void k(float *out, const float *in) {{\n  {arrays}\n{body}\n}}"
    with pytest.raises(Faulted) as raised:
        run(text, "k", {"out": numpy.zeros(128, numpy.float32), "in": numpy.ones(128, numpy.float32)}, dialect="bang", architecture=architecture, **options)
    return raised.value.fault


PLANTED = [
    # memories
    ("__bang_add(y, x, w, 64);", "", "scope", "WRAM"), ("__bang_mul(out, x, x, 64);", "", "scope", "GDRAM"), ("__bang_count(in, 64);", "", "scope", "GDRAM"),
    ("__bang_matmul(y, x, z, 1, 16, 64);", "", "scope", "must lie in WRAM"), ("__bang_atomic_add(x, y, 1.0f);", "", "scope", "must lie in GDRAM"),
    ("__memcpy(x, s, 64, NRAM2NRAM);", "", "scope", "lies in SRAM"), ("__memcpy(x, in, 64, (mluMemcpyDirection_t)99);", "", "scope", "99 is no copy direction"),
    ("__gdramset(x, 4, 1.0f);", "", "scope", "NRAM"), ("__load_nram(in);", "", "scope", "GDRAM"), ("__store_gdram(x, 1.0f);", "", "scope", "NRAM"),
    # lengths
    ("__bang_sub(y, x, x, 0);", "", "length", "0"), ("__memcpy(x, in, 0, GDRAM2NRAM);", "", "length", "0 bytes"), ("__nramset(x, 0, 1.0f);", "", "length", "0"),
    ("__memcpy(x, in, 4, GDRAM2NRAM, 4, 4, 70000);", "", "length", "65535"), ("__memcpy(x, in, 16, GDRAM2NRAM, 8, 16, 2);", "", "length", "dst_stride"),
    ("__memcpy(x, in, 4, GDRAM2NRAM, 4, 3, 16, 1, 4, 3, 16, 2);", "", "length", "different numbers"),
    ("__memcpy(x, in, 16, GDRAM2NRAM, 8, 3, 64, 0, 16, 3, 64, 0);", "", "length", "dst_stride0"),
    ("__bang_reduce_sum(y, x, 20);", "", "length", "multiple of 128"), ("__bang_gt_bitindex(y, x, z, 12);", "", "length", "multiple of 8"),
    ("__bang_maskmove(y, x, z, 12);", "", "length", "multiple of 8"), ("__bang_lut(q, (unsigned *)y, q + 64, 8, 60);", "", "length", "multiple of 64"),
    ("__bang_maxpool(y, x, 1, 4, 4, 2, 2, 0, 1);", "", "length", "positive"), ("__bang_conv(y, x, w, 16, 2, 2, 3, 1, 1, 1, 64);", "", "length", "larger than the image"),
    ("__bang_conv(y, x, w, 16, 2, 2, 1, 1, 1024, 1, 64);", "", "length", "1 to 1023"), ("__bang_matmul(y, x, w, 1, 12, 64);", "", "length", "48"),
    ("__bang_float2int8((signed char *)y, x, 8, 128);", "", "length", "-127 to 127"), ("__bang_sll(q, q, 32, 8);", "", "length", "width"),
    ("__bang_pad(y, x, 1, 1, 4, 0, 0, 1, 1);", "", "length", "one row"), ("__bang_reshape_filter(y, x, 32, 1, 1, 2);", "", "length", "64"),
    ("__bang_tiling_2d_b32(y, x, 2, 16, 4, 1, 1, 0, 16, 1);", "", "length", "lines"),
    # bounds
    ("__bang_write_zero(big, 100);", "", "type", ""), ("__memcpy(w, in, 16384, GDRAM2WRAM);", "", "out-of-bounds", "16384 bytes"),
    ("__bang_add(y, x, x, 4000);", "", "out-of-bounds", "16000 bytes"),
    # alignment
    ("__memcpy(w + 1, in, 64, GDRAM2WRAM);", "", "alignment", "8 bytes"), ("__memcpy(w, in, 40, GDRAM2WRAM);", "", "length", "16"),
    ("__bang_matmul(y, x, w + 2, 1, 16, 64);", "", "alignment", "32 bytes"), ("__bang_atomic_reduce_add((float *)((char *)out + 2), 1.0f);", "", "alignment", "4 bytes"),
    ("__memcpy(w, in, 48, GDRAM2WRAM);", "mtp_270", "length", "64"), ("__bang_add(y, x + 1, x, 32);", "mtp_270", "alignment", "64 bytes"),
    ("__bang_add(y, x, x, 33);", "mtp_270", "length", "128"), ("__memcpy(y, x, 64, NRAM2NRAM);", "mtp_290", "length", "128"),
    ("__memcpy(y + 8, x, 128, NRAM2NRAM);", "mtp_290", "alignment", "64"), ("__bang_write_value(x, 8, 1.0f);", "mtp_270", "length", "64"),
    ("__bang_half2float(x, h, 32);", "mtp_270", "length", "128"), ("__bang_transpose(y, x, 8, 8);", "mtp_270", "length", "64"),
    # overlap
    ("__bang_floor(x, x, 64);", "", "overlap", ""), ("__bang_half2float((float *)h, h, 64);", "", "overlap", ""), ("__bang_mirror(x, x + 4, 2, 8);", "", "overlap", ""),
    ("__bang_div(y, x, z, y, 64);", "", "overlap", ""), ("__bang_maxpool(x, x, 1, 8, 8, 2, 2);", "", "overlap", ""), ("__bang_matmul(x, x, w, 1, 16, 64);", "", "overlap", ""),
    ("__bang_move(x, x, 128, 256, 256, 1);", "mtp_372", "overlap", "2xx and 372"), ("__bang_lut(q, (unsigned *)q, q + 64, 8, 64);", "", "overlap", ""),
    # types
    ("__bang_add(big, big, big, 8);", "", "type", "type of elements"), ("__bang_floor(h + 64, h, 8);", "", "type", ""), ("__bang_sqrt(q, q, 8);", "", "type", ""),
    ("__bang_adds(x, x, x, 8);", "", "type", ""), ("__bang_active_exp(b, b, 8);", "", "type", ""),
    ("__bang_matmul(h, h, (half *)w, 1, 32, 64);", "", "type", "floating"),
    # architectures
    ("__bang_add(q, q, q, 32);", "mtp_270", "architecture", "integers"), ("__bang_add(q, q, q, 32);", "mtp_520", "architecture", "integers"),
    ("__bang_add(b, b, b, 8);", "mtp_372", "architecture", "bfloat16_t"), ("__bang_recip(y, x, 32);", "mtp_290", "architecture", "300"),
    ("__bang_div(y, x, x, 8);", "mtp_372", "architecture", "372"), ("__bang_neg(y, x, 8);", "mtp_520", "architecture", "520"),
    ("__bang_equ(y, x, x, 8);", "mtp_372", "architecture", "500"), ("__bang_sum(x, 8);", "mtp_372", "architecture", "500"),
    ("__bang_pad(y, x, 1, 2, 2, 1, 1, 1, 1, 5);", "mtp_372", "architecture", "500"), ("__gather(x, in, (unsigned *)q, 4, GDRAM2NRAM, 4, 2);", "mtp_372", "architecture", "592"),
    ("__memcpy(x, in, 4, GDRAM2NRAM, 4, 1, 8, 1, 4, 1, 8, 1);", "mtp_270", "architecture", "300"), ("__bang_atomic_reduce_add(out, 1.0f);", "mtp_290", "architecture", "372"),
    ("__bang_atomic_add(x, out, 1.0f);", "mtp_520", "architecture", "520"), ("__bang_atomic_add(x, out, 1.0f);", "tp_270", "architecture", "tp_"),
    ("__memcpy(x, s, 64, SRAM2NRAM);", "tp_270", "architecture", "no SRAM"), ("__bang_rol(q, q, 3, 8);", "mtp_520", "architecture", "520"),
    ("__bang_matmul(y, x, w, 1, 16, 64);", "mtp_290", "architecture", "372"), ("__bang_float2half_rn(h, x, 64);", "mtp_270", "architecture", "300"),
    # what nobody describes
    ("__bang_maxpool(y, x, 1, 8, 8, 2, 2, 1, 1, 1, 1, 2, 1);", "", "unsupported", "output dilation"),
    ("__memcpy(s, in, 64, GDRAM2SRAM);", "", "launch", "memory core"),
]


REFUSED = [("__bang_argmax(x, h, 300);", "no matching function"), ("__bang_atomic_or(x, out, 1);", "operator|")]


@pytest.mark.parametrize("architecture", sorted({each[1] for each in PLANTED}))
def test_each_planted_violation_is_a_typed_fault(architecture: str) -> None:
    """All of an architecture in one kernel, one a line from line 4 on; the last argument says which is run."""
    planted = [each for each in PLANTED if each[1] == architecture]
    cases = "".join(f"  case {index}: {{ {each[0]} break; }}\n" for index, each in enumerate(planted))
    text = f"__mlu_entry__ void k(float *out, const float *in, int which) {{\n  {ARRAYS}\n  switch (which) {{\n{cases}  }}\n}}"
    found = []
    for index in range(len(planted)):
        arguments = {"out": numpy.zeros(128, numpy.float32), "in": numpy.ones(128, numpy.float32), "which": index}
        with pytest.raises(Faulted) as raised:
            run(text, "k", arguments, dialect="bang", architecture=architecture)
        found.append((planted[index][0], raised.value.fault))
    wrong = [(body, fault) for (body, fault), (line, (_, _, kind, words)) in zip(found, enumerate(planted, 4))
             if (fault.kind, fault.line) != (kind, line) or words not in fault.sentence]
    assert not wrong


@pytest.mark.parametrize(("body", "words"), REFUSED)
def test_what_no_form_takes_does_not_compile_and_has_its_line(body: str, words: str) -> None:
    found = fault("  " + body)
    assert (found.kind, found.line) == ("compile-error", 3) and words in found.sentence


def test_capacities_of_every_architecture() -> None:
    sizes = {"mtp_220": (512, 512), "mtp_270": (512, 1024), "mtp_290": (512, 512), "tp_322": (768, 1024), "mtp_372": (768, 1024), "mtp_592": (512, 512)}
    for architecture, (nram, wram) in sizes.items():
        arrays = f"__nram__ char n[{nram * 1024 + 64}]; __wram__ char w[256];"
        found = fault("  __bang_write_zero(n, 128);", architecture, arrays)
        assert (found.kind, found.line) == ("capacity", 3) and f"of {nram * 1024} bytes" in found.sentence
        found = fault("  __memcpy(w, in, 64, GDRAM2WRAM);", architecture, f"__nram__ char n[256]; __wram__ char w[{wram * 1024 + 64}];")
        assert found.kind == "capacity" and f"WRAM capacity exceeded: {wram * 1024 + 64} of {wram * 1024}" in found.sentence
    found = fault("  __memcpy(x, s, 64, SRAM2NRAM);", "mtp_372", "__nram__ float x[64]; __mlu_shared__ float s[1100000];")
    assert found.kind == "capacity" and "SRAM capacity exceeded: 4400000 of 4194304" in found.sentence


# ---- waiting -------------------------------------------------------------------------------------------------------------------

def result(body: str, second: bool = False) -> numpy.ndarray:
    text = f"__mlu_entry__ void k(float *out, const float *in) {{\n  {ARRAYS}\n{body}\n}}"
    arguments = {"out": numpy.zeros(128, numpy.float32), "in": numpy.arange(128, dtype=numpy.float32)}
    return run(text, "k", arguments, dialect="bang", second=second)["out"]


LOAD = "  __memcpy_async(x, in, 512, GDRAM2NRAM);\n"
ASYNC = [
    (LOAD + "  __bang_add(y, x, x, 64);", 4, "writes these bytes"),
    ("  __memcpy_async(x, in, 16, GDRAM2NRAM, 32, 16, 3);\n  __bang_add(y, x + 8, x, 2);", 4, "writes these bytes"),
    ("  __memcpy_async(x, in, 16, GDRAM2NRAM, 32, 1, 64, 1, 16, 1, 32, 1);\n  __bang_add(y, y, x + 16, 2);", 4, "writes these bytes"),
    ("  __bang_write_zero(x, 64);\n  __memcpy_async(out, x, 256, NRAM2GDRAM);\n  __bang_write_zero(x, 64);", 5, "reads these bytes"),
    (LOAD + "  __sync_move();\n  __bang_add(y, x, x, 64);", 5, "writes these bytes"),
    ("  __nramset_async(x, 64, 1.0f);\n  __bang_add(y, x, x, 64);", 4, "writes these bytes"),
    ("  __bang_atomic_add_async(x, out, 1.0f);\n  __bang_add(y, x, x, 1);", 4, "writes these bytes"),
    ("  __memcpy_async(w, in, 512, GDRAM2WRAM);\n  __bang_matmul(y, x, w, 1, 16, 64);", 4, "writes these bytes"),
    ("  __memcpy_async(q, in, 32, GDRAM2NRAM);\n  __gather(x, in, (unsigned *)q, 4, GDRAM2NRAM, 4, 8);", 4, "writes these bytes"),
]


@pytest.mark.parametrize(("body", "line", "words"), ASYNC, ids=range(len(ASYNC)))
def test_an_intrinsic_before_the_wait_is_a_fault(body: str, line: int, words: str) -> None:
    found = fault(body)
    assert (found.kind, found.line) == ("async", line) and words in found.sentence and "__sync() is missing" in found.sentence


def test_scalar_code_before_the_wait_finds_no_data() -> None:
    """It reads poison, another one in each of two executions; what it writes is found at the wait, with the line of the copy."""
    read = LOAD + "  out[0] = x[3];\n  __sync();\n  out[1] = x[3];"
    first, second = result(read), result(read, second=True)
    assert numpy.isnan(first[0]) and first[0:1].view(numpy.uint32) != second[0:1].view(numpy.uint32) and first[1] == second[1] == 3
    found = fault(LOAD + "  x[3] = 7;\n  __sync();")
    assert (found.kind, found.line) == ("async", 3) and "destination" in found.sentence
    found = fault("  __bang_write_zero(x, 128);\n  __memcpy_async(out, x, 512, NRAM2GDRAM);\n  x[3] = 7;\n  __sync();")
    assert (found.kind, found.line) == ("async", 4) and "source" in found.sentence


def test_what_is_not_touched_or_in_order_needs_no_wait() -> None:
    body = ("  __memcpy_async(x, in, 16, GDRAM2NRAM, 32, 16, 3);\n  __bang_write_zero(x + 4, 4);\n  __bang_write_zero(y, 128);\n  __sync();\n"
            "  __memcpy_async(y, in, 64, GDRAM2NRAM);\n  __memcpy_async(out + 64, y, 64, NRAM2GDRAM);\n  __sync_io();\n"
            "  __memcpy_async(out, x, 64, NRAM2GDRAM);")
    got = result(body)
    assert got[:8].tolist() == [0, 1, 2, 3, 0, 0, 0, 0] and (got[64:80] == numpy.arange(16)).all()


def test_2xx_has_no_infinities() -> None:
    body = ("  __memcpy(x, in, 512, GDRAM2NRAM);\n  __bang_mul_scalar(x, x, 1e38f, 128);\n  __bang_mul(y, x, x, 128);\n  __bang_sub_scalar(x, x, 1e38f, 128);\n"
            "  __memcpy(out, y, 512, NRAM2GDRAM);")
    text = f"__mlu_entry__ void k(float *out, const float *in) {{\n  {ARRAYS}\n{body}\n}}"
    arguments = {"out": numpy.zeros(128, numpy.float32), "in": numpy.arange(128, dtype=numpy.float32)}
    for architecture, most in (("mtp_270", numpy.finfo(numpy.float32).max), ("mtp_372", numpy.inf)):
        got = run(text, "k", arguments, dialect="bang", architecture=architecture)["out"]
        assert got[0] == 0 and (got[1:] == most).all()


def test_arrays_may_be_over_run_inside_their_memory_and_beyond_it_where_the_text_asks() -> None:
    """Published kernels write floats into an int8 array and beyond it: the neighbours, which the compiler chose, are hit, as on hardware.
    Beyond the last array it is a fault, unless `over-run=` gives the bytes that are spare there."""
    body = "  __memcpy(last, in, 512, GDRAM2NRAM);\n  __memcpy(out, last, 512, NRAM2GDRAM);"
    arrays = "__nram__ char last[128];"
    assert fault(body, arrays=arrays).kind == "out-of-bounds"
    text = f"__mlu_entry__ void k(float *out, const float *in) {{ // kernelglot-bang: over-run=131072\n  {arrays}\n{body}\n}}"
    arguments = {"out": numpy.zeros(128, numpy.float32), "in": numpy.arange(128, dtype=numpy.float32)}
    assert (run(text, "k", arguments, dialect="bang")["out"] == numpy.arange(128)).all()
