"""The rules of BANG C that the text alone shows to be broken: each planted violation with its line, and silence about valid kernels."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from kernelglot.verify.bang_rules import Violation, check

ROOT = Path(__file__).resolve().parents[2]


def kernel(body: str, arrays: str = "__nram__ float x[64], y[64];", head: str = "") -> str:
    """Line 1 is `head`, line 2 the kernel, line 3 its arrays, the body starts in line 4."""
    return f"{head}\n__mlu_entry__ void k(float *out, const float *in, int n) {{\n  {arrays}\n{body}\n}}\n"


def only(text: str, architecture: str = "mtp_592") -> Violation:
    found = check(text, architecture)
    assert len(found) == 1, found
    return found[0]


COPY = "  __memcpy(x, in, 256, GDRAM2NRAM);\n"
PLANTED = [
    ("  __bang_exp(x, x, 64);", "", "mtp_592", "unknown-intrinsic", "`__bang_exp` is no intrinsic"),
    ("  __bang_div(y, x, x, 64);", "", "mtp_372", "architecture", "`__bang_div` does not exist on mtp_372"),
    ("  __bang_neg(y, x, 64);", "", "mtp_520", "architecture", "`__bang_neg` does not exist on mtp_520"),
    ("  __bang_half2bfloat16_rn(b, h, 64);", "__nram__ half b[64]; __nram__ half h[64];", "mtp_372", "architecture", "does not exist on mtp_372"),
    ("  __sync_cluster();", "", "tp_322", "architecture", "`__sync_cluster` does not exist on tp_322"),
    ("  __gather(x, in, o, 4, GDRAM2NRAM, 4, 8);", "__nram__ float x[64]; __nram__ unsigned o[8];", "mtp_372", "architecture", "`__gather`"),
    ("  double sum = 0;\n", "", "mtp_592", "type", "`double`: the device has no floats of 64 bits"),
    ("  __bang_write_zero(b, 64);", "__nram__ bfloat16_t b[64];", "mtp_372", "architecture", "bfloat16_t needs architecture 500"),
    ("  __bang_write_zero(big, 64);", "__nram__ float big[140000];", "mtp_592", "capacity", "NRAM capacity exceeded: 560000 of 524288 bytes"),
    ("  __bang_write_zero(big, 64);", "__nram__ float big[1024 * 200];", "mtp_372", "capacity", "819200 of 786432"),
    ("  __memcpy(w, in, 64, GDRAM2WRAM);", "__wram__ float w[200000];", "mtp_592", "capacity", "WRAM capacity exceeded"),
    ("  __bang_write_zero(v, n);", "__nram__ float v[n * 2];", "mtp_592", "variable-length", "the length of `v` is no constant"),
    ("  __bang_write_zero(v, n);", "const int m = n + 1; __nram__ float v[m];", "mtp_592", "variable-length", "the length of `v` is no constant"),
    ("  out[0] = w[3];", "__wram__ float w[64];", "mtp_592", "scope", "`w` lies in WRAM, which scalar code can neither read nor write"),
    ("  __memcpy(x, in, 256, NRAM2GDRAM);", "", "mtp_592", "scope", "the source `in` of the copy lies in GDRAM, and its direction says NRAM"),
    ("  __memcpy(out, x + 8, 128, GDRAM2GDRAM);", "", "mtp_592", "scope", "the source `x+8` of the copy lies in NRAM"),
    ("  __memcpy(w, w + 16, 64, WRAM2WRAM);", "__wram__ float w[64];", "mtp_592", "scope", "there is no copy from WRAM to WRAM"),
    ("  __bang_add(y, x, in, 64);", "", "mtp_592", "scope", "`in` lies in GDRAM, and `__bang_add` takes its b from NRAM"),
    ("  __memcpy(w, in, 40, GDRAM2WRAM);", "__wram__ float w[64];", "mtp_592", "length", "a copy with WRAM is 40: no multiple of 16"),
    ("  __memcpy(w, in, 48, GDRAM2WRAM);", "__wram__ float w[64];", "mtp_270", "length", "a copy with WRAM is 48: no multiple of 64"),
    ("  __memcpy(y, x, 64, NRAM2NRAM);", "", "mtp_270", "length", "an NRAM2NRAM copy is 64: on 2xx a multiple of 128"),
    ("  __bang_add(y, x, x, 40);", "", "mtp_290", "length", "works on 160 bytes of"),
    ("  __bang_add(y, x + 4, x, 32);", "", "mtp_290", "alignment", "`x+4` is no multiple of 64 bytes"),
    ("  __memcpy(x, in, 0, GDRAM2NRAM);", "", "mtp_592", "length", "the size of a copy is 0 bytes"),
    ("  __bang_write_zero(x, 0);", "", "mtp_592", "length", "`__bang_write_zero` works on 0 elements"),
    ("  __memcpy(x, in, 4, GDRAM2NRAM, 8, 8, 65536);", "", "mtp_592", "length", "segnum is 65536"),
    ("  __memcpy(x, in, 16, GDRAM2NRAM, 8, 16, 3);", "", "mtp_592", "length", "dst_stride is 8, smaller than a segment of 16 bytes"),
    ("  __memcpy(x, in, 16, GDRAM2NRAM, 16, 16);", "", "mtp_592", "arguments", "`__memcpy` takes 4 or 5 or 7 or 12 arguments, not 6"),
    ("  __bang_maxpool(y, x, 1, 8, 8, 2, 2, 2);", "", "mtp_592", "arguments", "`__bang_maxpool` takes 7 or 9"),
    ("  __bang_floor(x, x, 64);", "", "mtp_592", "overlap", "`__bang_floor` must not write to its operand `x`"),
    ("  __bang_transpose(x, x, 8, 8);", "", "mtp_592", "overlap", "must not write to its operand"),
    ("  __memcpy(x, in, 512, GDRAM2NRAM);", "", "mtp_592", "out-of-bounds", "512 bytes are copied at byte 0 of `x`, which has 256"),
    ("  __mlu_shared__ float s[64];\n", "", "tp_270", "architecture", "`s`: a tp_ target has no SRAM"),
    ("  __memcpy_async(x, in, 256, GDRAM2NRAM);\n  __bang_add(y, x, x, 64);", "", "mtp_592", "async", "`__bang_add` uses `x` before the asynchronous copy"),
    ("  __memcpy_async(out, x, 256, NRAM2GDRAM);\n  __bang_write_zero(x, 64);", "", "mtp_592", "async", "overwrites `x` before the asynchronous copy from it"),
]


@pytest.mark.parametrize(("body", "arrays", "architecture", "rule", "words"), PLANTED, ids=[f"{each[3]}-{index}" for index, each in enumerate(PLANTED)])
def test_a_planted_violation_is_found_in_its_line(body: str, arrays: str, architecture: str, rule: str, words: str) -> None:
    text = kernel(body, arrays or "__nram__ float x[64], y[64];")
    found = only(text, architecture) if rule not in ("type", "architecture") else check(text, architecture)[0]
    assert found.rule == rule and words in found.sentence
    if rule == "async":
        assert found.line == 5
    elif rule in ("capacity", "variable-length") or "bfloat16_t" in words:
        assert found.line == 3
    else:
        assert found.line == 4
    assert found.severity == ("warning" if rule == "variable-length" else "error")


@pytest.mark.parametrize("body", [
    "  __memcpy_async(x, in, 256, GDRAM2NRAM);\n  __sync_io();\n  __bang_add(y, x, x, 64);",
    "  __memcpy_async(x, in, 128, GDRAM2NRAM);\n  __bang_add(y, x + 32, x + 32, 32);\n  __sync();",
    "  __nram__ const float *p = x;\n  __memcpy(out, p, 256, NRAM2GDRAM);",
    "  __bang_add((half *)y, (half *)x, (half *)x, 128);",
    "  in = out;\n  __bang_add(y, x, x, 64);",
    "  float *p = x; p = out;\n  __memcpy(p, y, 256, NRAM2GDRAM);",
    "#define TWICE(a) __bang_add(a, a, a, 64)\n  TWICE(x); // __bang_exp(x, 0) in a comment",
    "  constexpr int m = 16; const unsigned int w = m * 2; __nram__ float v[m], u[w][m];\n  __bang_write_zero(v, m); __bang_write_zero(u[1], m);",
    "  __bang_printf(\"__bang_exp %f\", x[0]);",
    "  for (int i = 0; i < 4; ++i) {\n    __bang_add(y, x, x, 64);\n    __memcpy_async(x, in, 256, GDRAM2NRAM);\n  }\n  __sync();",
])
def test_valid_text_is_not_accused(body: str) -> None:
    assert check(kernel(COPY + body), "mtp_592") == ()


def test_a_kernel_returns_nothing() -> None:
    text = "__mlu_global__ int k(float *out) { return 0; }"
    assert (only(text).rule, only(text).sentence) == ("kernel", "the kernel `k` must return void")
    assert check('extern "C" __mlu_global__ __attribute__((noinline)) void k(float *out) {}', "") == ()


def test_capacity_is_asked_of_a_kernel_and_what_it_calls() -> None:
    helper = "__mlu_func__ void h() { __nram__ float a[100000]; __bang_write_zero(a, 64); }"
    other = "__mlu_entry__ void other() { __nram__ float b[100000]; __bang_write_zero(b, 64); }"
    alone = kernel("  __bang_write_zero(x, 64);", "__nram__ float x[40000];", helper + other)
    assert check(alone, "mtp_592") == ()
    assert only(alone.replace("__bang_write_zero(x, 64);", "h();")).rule == "capacity"


def test_pools_in_place_and_scalar_functions_outside_of_the_guide_are_warnings() -> None:
    found = only(kernel("  __bang_sumpool(x, x, 1, 1, 64, 1, 64, 1, 1);"))
    assert (found.rule, found.severity) == ("overlap", "warning")
    found = only(kernel("  x[0] = erff(x[1]);"))
    assert (found.rule, found.severity) == ("scalar-function", "warning")


PING_PONG = """#include "kernels/kernel.h"
#define NRAM_BYTES (__MLU_NRAM_SIZE__ * 1024 - 128 * 1024)
#define ALIGN_DOWN(x, y) ((x) / (y) * (y))
__nram__ char nram_buffer[NRAM_BYTES];
__mlu_shared__ char sram_buffer[__MLU_SRAM_SIZE__ * 1024 - 128 * 1024];

template <typename T>
__mlu_func__ void computeTile(T *nram_out, T *nram_in, T *nram_scratch, const int count, T scale) {
  __bang_mul_scalar(nram_out, nram_in, scale, count);
  __bang_active_exphp(nram_out, nram_out, count);
  __asm__ volatile("nop;");
}

template <typename T>
__mlu_func__ void pipeline(const T *src, T *dst, const size_t total, T scale) {
  const int limit = ALIGN_DOWN(NRAM_BYTES / 6 / sizeof(T), 64);
  T *ping_in = (T *)nram_buffer, *ping_out = (T *)nram_buffer + limit, *scratch = (T *)nram_buffer + 2 * limit;
  const int half_bytes = 3 * limit * sizeof(T);
  const int repeat = total / limit;
  const int remain = total % limit;
  if (repeat > 0) {
    __memcpy_async(ping_in, src, limit * sizeof(T), GDRAM2NRAM);
    __sync();
  }
  for (int i = 0; i < repeat; i++) {
    if (i + 1 < repeat) {
      __memcpy_async((char *)ping_in + ((i + 1) % 2) * half_bytes, src + (i + 1) * limit, limit * sizeof(T), GDRAM2NRAM);
    }
    computeTile((T *)((char *)ping_out + (i % 2) * half_bytes), (T *)((char *)ping_in + (i % 2) * half_bytes), scratch, limit, scale);
    __memcpy_async(dst + i * limit, (char *)ping_out + (i % 2) * half_bytes, limit * sizeof(T), NRAM2GDRAM);
    __sync();
  }
  if (remain != 0) {
    __memcpy(ping_in, src + repeat * limit, remain * sizeof(T), GDRAM2NRAM);
    computeTile(ping_out, ping_in, scratch, remain, scale);
    __memcpy(dst + repeat * limit, ping_out, remain * sizeof(T), NRAM2GDRAM);
  }
}

template <typename T>
__mlu_global__ void MLUKernelScaleExp(const void *x, void *y, const int element_num, const float scale) {
  if (__is_mpu()) {
    return;
  }
  const int per_core = element_num / taskDim;
  const T *base_x = (const T *)x + taskId * per_core;
  T *base_y = (T *)y + taskId * per_core;
  pipeline(base_x, base_y, per_core, (T)scale);
}

template __mlu_global__ void MLUKernelScaleExp<float>(const void *x, void *y, const int element_num, const float scale);

void KernelScaleExp(cnrtDim3_t k_dim, cnrtFunctionType_t k_type, cnrtQueue_t queue, const void *x, void *y, int element_num, double scale) {
  MLUKernelScaleExp<float><<<k_dim, k_type, queue>>>(x, y, element_num, (float)scale);
}
"""


@pytest.mark.parametrize("architecture", ["mtp_290", "mtp_372", "mtp_592"])
def test_a_kernel_in_the_style_of_a_library_is_not_accused(architecture: str) -> None:
    """One buffer cut into parts, ping and pong, templates, host code with double behind it."""
    assert check(PING_PONG, architecture) == ()


def test_kernels_of_the_tests_are_not_accused() -> None:
    """Every hand-written kernel of these files runs in the emulator; none breaks a rule on the architecture it is for, 592 or 372."""
    texts = []
    for name in ("tests/emulator/test_bang_parallel.py", "tests/emulator/test_bang_memory_core.py", "tests/unit/test_bang_kernels.py"):
        for node in ast.walk(ast.parse((ROOT / name).read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "__mlu_entry__" in node.value and "{" in node.value:
                texts.append(node.value)
    assert len(texts) >= 10
    def errors(text: str, architecture: str) -> list[Violation]:
        return [found for found in check(text, architecture) if found.severity == "error"]

    assert [(text, errors(text, "mtp_592")) for text in texts if errors(text, "mtp_592") and errors(text, "mtp_372")] == []


@pytest.mark.parametrize("text", ["__bang_add(" * 500, "{" * 20000, "__nram__ float x[" * 500, "__mlu_func__ " * 1000, "const int a = a; " + kernel("", "__nram__ float x[a];")])
def test_broken_text_is_read_to_its_end(text: str) -> None:
    """No text makes the reader fail or take long; what it does not understand it says nothing about."""
    assert all(found.rule != "capacity" for found in check(text, "mtp_592"))


def test_every_beginning_of_a_kernel_is_read() -> None:
    for length in range(0, len(PING_PONG), 7):
        check(PING_PONG[:length], "mtp_592")
