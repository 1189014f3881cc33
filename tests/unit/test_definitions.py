"""Functions that only CUDA has: what they compute is carried over, to every target."""

from __future__ import annotations

import pytest

from kernelglot import session
from kernelglot.frontend.names import MATH, OTHER_CALLS
from kernelglot.plan.definitions import REINTERPRETED, scalar_meanings

TARGETS = ("c", "vnni", "bang")
LAUNCH = "// kernelglot: launch grid=(3) block=(64) n=150 "


def accepted(text: str, target: str) -> str:
    """The text of the only kernel, which must have passed its test."""
    (kernel,) = session.translate("k.cu", text, target).kernels
    assert kernel.verdict is not None and kernel.verdict.accepted, kernel.as_json()
    return kernel.text


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    "value",
    [
        "__popc(u) + __ffs((int)u) * 64 + __clz((int)u) * 4096",
        "(int)__brev(u)",
        "__popcll(w) + __clzll((long long)w) * 64 + __ffsll((long long)w) * 4096",
        "__mulhi((int)u, (int)v) ^ (int)__umulhi(u, v)",
        "(int)(__umul64hi(w, w + 77ull) ^ (__umul64hi(w, w + 77ull) >> 32))",
        "(int)__byte_perm(u, v, 0x5140) ^ (int)__byte_perm(u, v, v & 0xffff)",
        "(int)__funnelshift_l(u, v, 7) ^ (int)__funnelshift_r(u, v, v & 63)",
        "__dp4a((int)u, (int)v, 5)",
        "__dp2a_lo((int)u, (int)v, 5) ^ __dp2a_hi((int)u, (int)v, 7)",
        "(int)(__brevll(w) >> 7)",
        "__hadd((int)u, (int)v) ^ __rhadd((int)u, (int)v) ^ (int)(__uhadd(u, v) + __urhadd(u, v))",
        "__float_as_int((float)(int)u) ^ (int)__float_as_uint(0.5f * (float)(v & 0xffff))",
    ],
)
def test_functions_on_integers(value: str, target: str) -> None:
    accepted(
        f"{LAUNCH}a=uint32_t[150] b=uint32_t[150] out=int[150]:out\n"
        "__global__ void k(const unsigned *a, const unsigned *b, int *out, int n) {\n"
        "  int i = blockIdx.x * blockDim.x + threadIdx.x;\n  if (i >= n) return;\n"
        "  unsigned u = a[i], v = b[i];\n  unsigned long long w = ((unsigned long long)u << 32) | v;\n"
        f"  out[i] = {value} + (int)(w & 1ull);\n}}\n",
        target,
    )


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    "value",
    [
        "sinpif(v) + cospif(v)",
        "rcbrtf(fabsf(v) + 0.5f)",
        "normcdff(v)",
        "exp10f(-fabsf(v))",
        "erfinvf(0.9f * sinf(v))",
        "__int_as_float(__float_as_int(v) & 0x7fffffff)",
    ],
)
def test_functions_on_floats(value: str, target: str) -> None:
    accepted(
        f"{LAUNCH}a=float[150] out=float[150]:out\n__global__ void k(const float *a, float *out, int n) {{\n"
        f"  int i = blockIdx.x * blockDim.x + threadIdx.x;\n  if (i < n) {{ float v = a[i]; out[i] = {value}; }}\n}}\n",
        target,
    )


@pytest.mark.parametrize(("target", "expected"), [("vnni", "_mm512_castps_si512"), ("bang", "__bang_move((char *)")])
def test_bits_are_reread_in_vectors(target: str, expected: str) -> None:
    text = accepted(
        f"{LAUNCH}a=float[150] out=int[150]:out\n__global__ void k(const float *a, int *out, int n) {{\n"
        "  int i = blockIdx.x * blockDim.x + threadIdx.x;\n  if (i < n) out[i] = __float_as_int(a[i]) >> 23;\n}\n",
        target,
    )
    assert expected in text and "float_as_int" not in text


def test_a_helper_takes_a_name_that_is_free() -> None:
    text = accepted(
        f"{LAUNCH}a=uint32_t[150] popc=int[150]:out\n__global__ void k(const unsigned *a, int *popc, int n) {{\n"
        "  int i = blockIdx.x * blockDim.x + threadIdx.x;\n  if (i < n) popc[i] = __popc(a[i]);\n}\n",
        "c",
    )
    assert "popc_2(" in text and "__popc" not in text


@pytest.mark.parametrize("target", TARGETS)
def test_a_function_without_a_counterpart_is_declined(target: str) -> None:
    text = (
        f"{LAUNCH}a=int[150] out=int[150]:out\n__global__ void k(const int *a, int *out, int n) {{\n"
        "  int i = blockIdx.x * blockDim.x + threadIdx.x;\n  if (i < n) out[i] = a[i] + (int)clock64();\n}\n"
    )
    (kernel,) = session.translate("k.cu", text, target).kernels
    assert kernel.declined is not None and kernel.declined.code == "no-counterpart" and "clock64" in kernel.declined.reason


def test_every_meaning_is_of_a_function_that_the_front_end_knows() -> None:
    known = {*OTHER_CALLS, *MATH, *(f"{name}f" for name in MATH)}
    as_operators = {"__mul24", "__umul24"}  # places are computed with them, and passes have to see the product
    assert set(scalar_meanings()) - known == {"__udp4a"} | as_operators
    left = {name for name in OTHER_CALLS if name.startswith("__") and name not in scalar_meanings() and not REINTERPRETED.match(name)}
    assert left == {"__builtin_popcount", "__builtin_clz", "__hisnan", "__hisinf"}


@pytest.mark.parametrize("target", TARGETS)
def test_an_unknown_function_is_the_reason_and_not_the_sizes_that_it_hides(target: str) -> None:
    text = (
        '#include "elsewhere.h"\n__global__ void k(const float *a, float *b, int n) {\n'
        "  int i = blockIdx.x * blockDim.x + threadIdx.x;\n  if (i < n) b[i] = elsewhere(a[i]);\n}\n"
    )
    (kernel,) = session.translate("k.cu", text, target).kernels
    assert kernel.declined is not None and kernel.declined.line == 4 and "`elsewhere` is not defined in this file" in kernel.declined.reason
