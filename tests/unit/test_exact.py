"""The exact channel: what is the same function over the reals is found to be, whatever the order; what is not, is not, however small."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

import pytest
from emulator.running import needs_gcc

from kernelglot.verify import exact as channel
from kernelglot.verify import field_build
from kernelglot.verify.cases import Buffer, Launch, Program, Scalar, TestCase
from kernelglot.verify.exact import Counted, Exactness, bound, exact, refined
from kernelglot.verify.verdict import verify

pytestmark = needs_gcc


def program(text: str, dialect: str, arguments: Sequence[Buffer | Scalar], launch: Launch) -> Program:
    symbol = "kernel_under_test"
    return Program(dialect, text.replace("KERNEL", symbol), symbol, launch, tuple(argument.name for argument in arguments))


def compared(
    first: str,
    second: str,
    arguments: Sequence[Buffer | Scalar],
    *,
    launch: Launch | None = None,
    dialects: tuple[str, str] = ("c", "c"),
    **options: float,
) -> Exactness:
    launch = launch or Launch((1, 1, 1), (1, 1, 1))
    case = TestCase("kernel_under_test", tuple(arguments), launch, "toml")
    programs = [program(text, dialect, arguments, launch) for text, dialect in zip((first, second), dialects)]
    return exact(programs[0], programs[1], [case], budget_s=30.0, timeout_s=60.0, **options)


def elementwise(first: str, second: str, n: int = 64) -> Exactness:
    """Two expressions of x and y, as kernels over arrays."""
    text = "void KERNEL(const float *a, const float *b, float *out, int n) { for (int i = 0; i < n; ++i) { float x = a[i], y = b[i]; out[i] = EXPRESSION; } }"
    arguments = (Buffer("a", "f32", n, "in"), Buffer("b", "f32", n, "in"), Buffer("out", "f32", n, "out"), Scalar("n", "i32", n))
    head = "#include <math.h>\n"
    return compared(head + text.replace("EXPRESSION", first), head + text.replace("EXPRESSION", second), arguments)


SUM = "void KERNEL(const float *x, float *out, int n) { float sum = 0; for (int i = 0; i < n; ++i) sum += x[i]; out[0] = sum; }"
EIGHT = """void KERNEL(const float *x, float *out, int n) {
  float part[8] = {0};
  for (int i = n - 1; i >= 0; --i) part[i % 8] += x[i];
  for (int step = 4; step > 0; step /= 2) for (int j = 0; j < step; ++j) part[j] += part[j + step];
  out[0] = part[0];
}"""
TREE = """__global__ void KERNEL(const float *x, float *out, int n) {
  __shared__ float s[256];
  float sum = 0.f;
  const float4 *wide = reinterpret_cast<const float4 *>(x);
  for (int i = threadIdx.x; i < n / 4; i += 256) { float4 v = wide[i]; sum += (v.x + v.y) + (v.z + v.w); }
  for (int i = n / 4 * 4 + threadIdx.x; i < n; i += 256) sum += x[i];
  s[threadIdx.x] = sum;
  __syncthreads();
  for (int o = 128; o >= 32; o >>= 1) { if (threadIdx.x < o) s[threadIdx.x] += s[threadIdx.x + o]; __syncthreads(); }
  if (threadIdx.x < 32) {
    float v = s[threadIdx.x];
    for (int o = 16; o > 0; o >>= 1) v += __shfl_down_sync(0xffffffffu, v, o);
    if (threadIdx.x == 0) out[0] = v;
  }
}"""


def sum_arguments(n: int) -> tuple[Buffer | Scalar, ...]:
    return Buffer("x", "f32", n, "in"), Buffer("out", "f32", 1, "out"), Scalar("n", "i32", n)


@pytest.mark.parametrize("n", [4096, 65536])
def test_a_dropped_last_term_is_rejected_and_another_order_is_not(n: int) -> None:
    right = compared(SUM, EIGHT, sum_arguments(n))
    assert right.holds and right.bound_log2 and right.bound_log2 > 55
    wrong = compared(SUM, EIGHT.replace("n - 1", "n - 2"), sum_arguments(n))
    assert wrong.holds is False and wrong.difference == ("out", 0, 0) and "out[0]" in wrong.sentence


def test_a_verdict_rejects_the_dropped_term_that_no_tolerance_finds() -> None:
    case = TestCase("kernel_under_test", sum_arguments(65536), Launch((1, 1, 1), (1, 1, 1)), "toml")
    source, right = (program(text, "c", case.arguments, case.launch) for text in (SUM, EIGHT))
    wrong = dataclasses.replace(right, text=right.text.replace("n - 1", "n - 2"))
    verdict = verify(source, right, [case], exact_s=20.0)
    assert verdict.rung == "exact" and any("the same function over the reals" in line for line in verdict.evidence), verdict
    verdict = verify(source, wrong, [case], exact_s=20.0)
    assert verdict.rung == "rejected" and verdict.counterexample is not None and verdict.counterexample.buffer == "out"


def test_threads_vectors_and_shuffles_are_another_order() -> None:
    found = compared(TREE, SUM, sum_arguments(4099), launch=Launch((1, 1, 1), (256, 1, 1)), dialects=("cuda", "c"))
    assert found.holds, found


BANG_SUM = """__mlu_entry__ void KERNEL(const float *x, float *out, int n) {
  __nram__ float a[1024], b[1024];
  __memcpy(a, x, 1024 * sizeof(float), GDRAM2NRAM);
  for (int i = 1024; i < n; i += 1024) {
    __memcpy(b, x + i, 1024 * sizeof(float), GDRAM2NRAM);
    __bang_add(a, a, b, 1024);
  }
  float sum = 0;
  for (int i = 0; i < 1024; ++i) sum += a[i];
  out[0] = sum;
}"""


def test_bang_and_hip() -> None:
    found = compared(SUM, BANG_SUM, sum_arguments(4096), dialects=("c", "bang"))
    assert found.holds, found
    assert (
        compared(SUM, BANG_SUM.replace("i = 1024; i < n", "i = 1024; i < n - 1024"), sum_arguments(4096), dialects=("c", "bang")).holds
        is False
    )
    hip = "__global__ void KERNEL(const float *x, float *out, int n) { for (int i = 0; i < n; ++i) atomicAdd(out, x[n - 1 - i]); }"
    arguments = (Buffer("x", "f32", 100, "in"), Buffer("out", "f32", 1, "inout"), Scalar("n", "i32", 100))
    assert compared(SUM.replace("sum = 0", "sum = out[0]"), hip, arguments, dialects=("c", "hip")).holds


AVX = """#include <immintrin.h>
void KERNEL(const float *x, float *out, int n) {
  __m512 sum = _mm512_setzero_ps();
  int i = 0;
  for (; i + 16 <= n; i += 16) sum = _mm512_add_ps(_mm512_loadu_ps(x + i), sum);
  float total = _mm512_reduce_add_ps(sum);
  for (; i < n; ++i) total += x[i];
  out[0] = total;
}"""


def test_vectors_of_a_cpu() -> None:
    assert compared(SUM, AVX, sum_arguments(1000), dialects=("c", "vnni")).holds
    assert compared(SUM, AVX.replace("i < n;", "i < n - 1;"), sum_arguments(1000), dialects=("c", "vnni")).holds is False
    largest = SUM.replace("sum += x[i]", "sum = fmaxf(sum, x[i])").replace("void", "#include <math.h>\nvoid", 1)
    vectors = (
        AVX.replace("_mm512_add_ps", "_mm512_max_ps")
        .replace("reduce_add", "reduce_max")
        .replace("total += x[i]", "total = fmaxf(x[i], total)")
    )
    assert compared(largest, vectors, sum_arguments(1000), dialects=("c", "vnni")).holds


def test_parameters_in_another_order_and_two_results() -> None:
    text = "void KERNEL(PARAMETERS) { for (int i = 0; i < 8; ++i) { a[i] = x[i] * 2; b[i] = x[i] - 1; } }"
    names, buffers = ("x", "a", "b"), (Buffer("x", "f32", 8, "in"), Buffer("a", "f32", 8, "out"), Buffer("b", "f32", 8, "out"))
    case = TestCase("kernel_under_test", buffers, Launch((1, 1, 1), (1, 1, 1)), "toml")
    first = program(text.replace("PARAMETERS", "const float *x, float *a, float *b"), "c", buffers, case.launch)
    second = program(text.replace("PARAMETERS", "float *b, float *a, const float *x"), "c", buffers, case.launch)
    second = dataclasses.replace(second, parameters=names[::-1])
    assert exact(first, second, [case], budget_s=20.0).holds
    swapped = dataclasses.replace(second, parameters=("a", "b", "x"))
    assert exact(first, swapped, [case], budget_s=20.0).holds is False


def test_a_loop_that_rounded_constants_decide_rejects_nothing() -> None:
    arguments = (Buffer("x", "f32", 8, "in"), Buffer("out", "f32", 1, "out"))
    steps = "void KERNEL(const float *x, float *out) { float s = 0; for (float t = 0; t < 0.85f; t += 0.1f) s += x[(int)(s != s)]; out[0] = s; }"
    whole = (
        "void KERNEL(const float *x, float *out) { float s = 0; for (int i = 0; i < 8; ++i) s += x[0]; out[0] = s + 0 * (0.85f + 0.1f); }"
    )
    assert compared(steps, whole, arguments).holds is None


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("(x + y) * (x - y)", "x * x - y * y"),
        ("x / y + y / x", "(x * x + y * y) / (x * y)"),
        ("expf(x) * expf(y)", "expf(x + y)"),
        ("expf(x - y)", "expf(x) / expf(y)"),
        ("1.0f / (1.0f + expf(-x))", "expf(x) / (expf(x) + 1.0f)"),
        ("expf(0.125f * x) * expf(0.125f * x)", "exp(x * 0.25f)"),
        ("x / 3.0f", "x * (1.0f / 3.0f)"),
        ("x / n", "x * (1.0f / (float)n)"),
        ("1.0f / sqrtf(x * x + y * y)", "1.0f / sqrt(y * y + x * x)"),
        ("fmaxf(x, fmaxf(y, 0.0f))", "fmaxf(fmaxf(fmaxf(0.0f, y), x), y)"),
        ("fmaxf(fmaxf(-INFINITY, x), y)", "fmaxf(y, x)"),
        ("fabsf(x - y)", "fabsf(y - x)"),
        ("powf(x, 3.0f)", "x * x * x"),
        ("fmaf(x, y, x)", "x * (y + 1)"),
        ("tanhf(x + x)", "tanhf(2 * x)"),
        ("x * 0.1f + y * 0.1f", "(y + x) * 0.1f"),
        ("x != x ? 0.0f : x", "x"),
        ("exp2f(x * 1.44269504f)", "expf(x)"),
        ("exp2f(0.125f * 1.4426950408889634f * (x - y))", "expf((x - y) / 8)"),
        ("exp2(x + y)", "exp2f(x) * exp2f(y)"),
        ("log2f(x) * 0.69314718f", "logf(x)"),
        ("log2f(x)", "logf(x) / 0.6931471805599453f"),
    ],
)
def test_laws_that_hold_are_exact(first: str, second: str) -> None:
    found = elementwise(first, second)
    assert found.holds and found.bound_log2 is not None and found.bound_log2 >= channel.ENOUGH_BITS, found


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("expf(x + y)", "expf(x) + expf(y)"),
        ("x + y", "x + y + 1e-30f"),
        ("x * y", "x * y + x * 0.0f + y * 9.5367431640625e-07f"),  # a power of two
        ("x / y", "y / x"),
        ("x - y", "y - x"),
        ("expf(x)", "expf(-x)"),
        ("x * n", "x * (n - 1)"),
    ],
)
def test_another_function_is_rejected_or_told(first: str, second: str) -> None:
    """1e-30f may come from rounding, so that difference is only told."""
    found = elementwise(first, second)
    assert found.holds is (None if "e-30" in second else False), found
    assert found.difference and found.difference[0] == "out"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("x * 0.1f", "x * 0.1"),  # a float and a double
        ("x * 0.1f", "x * 0.11f"),
        ("x / 3.0f", "x * 0.333333333f"),  # calculated beforehand
        ("exp2f(x * 1.442695f)", "expf(x) * 1.0000001f"),
        ("exp2f(x * 1.4426f)", "expf(x)"),
        ("sqrtf(x) * sqrtf(x)", "x"),  # a law that is not known
        ("fmaxf(x, -1e30f)", "fmaxf(x, -INFINITY)"),
    ],
)
def test_rounded_constants_and_unknown_laws_reject_nothing_and_raise_nothing(first: str, second: str) -> None:
    found = elementwise(first, second)
    assert found.holds is None and (found.difference or found.ordered), found


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("a[(int)x]", "integer"),
        ("*(int *)&x", "bits"),
        ("expf(expf(x))", "exp"),
        ("x / (y - y)", "divisor"),
        ("x * INFINITY", "infinity"),
        ("(float)(_Float16)x", "16-bit"),
    ],
)
def test_outside_of_the_class(expression: str, reason: str) -> None:
    found = elementwise(expression, expression)
    assert found.holds is None and reason in found.outside and not found.difference, found


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("int half = n / 2; float half_width = half;", ""),
        ("half h = x[0];", "16-bit"),
        ("__nv_bfloat16 h = x[0];", "16-bit"),
        ("float y = __half2float(h);", "16-bit"),
        ("int i; memcpy(&i, x, 4);", "bits"),
        ("__m512i i = (__m512i)_mm512_loadu_ps(x);", "bits"),
        ("v = _mm512_and_epi32(v, w);", "bits"),
        ("union { float f; int i; } both;", "bits"),
        ("const int4 *wide = reinterpret_cast<const int4 *>(x);", ""),
        ('asm("nop");', "assembler"),
        ('printf("half of it"); // __half, union', ""),
    ],
)
def test_what_a_text_shows_of_being_outside(line: str, reason: str) -> None:
    arguments = (Buffer("x", "f32", 8, "in"), Buffer("out", "f32", 8, "out"))
    case = TestCase("kernel_under_test", arguments, Launch((1, 1, 1), (1, 1, 1)), "toml")
    said = field_build.outside(program(f"void KERNEL(const float *x, float *out) {{ {line} }}", "c", arguments, case.launch), [case])
    assert reason in said and bool(reason) == bool(said), said


def test_a_text_over_a_field_keeps_its_lines() -> None:
    text = 'constexpr float a = 1.5f; // 2.0f\nfloat b = .5F + 1e-3f + x1.0f + 0x1p3f; /* 3.f\n */ printf("4.0f");\nint c = 0x1f;'
    changed = field_build.rewritten(text)
    assert changed.count("\n") == text.count("\n") and "const float a = kernelglot::Field(1.5f); // 2.0f" in changed
    assert "kernelglot::Field(.5F) + kernelglot::Field(1e-3f)" in changed and "kernelglot::Field(0x1p3f)" in changed
    assert '"4.0f"' in changed and "3.f" in changed and "0x1f;" in changed


def test_comparisons_follow_random_orders_and_claim_no_probability() -> None:
    found = elementwise("x > y ? x : y", "y < x ? x : y")
    assert found.holds is None and found.ordered == channel.ORDERS and "compares data" in found.outside
    found = elementwise("x > y ? x : y", "x < y ? x : y")
    assert found.holds is None and not found.ordered and not found.difference  # evidence of nothing
    assert elementwise("x > y ? x : y", "fmaxf(x, y)").ordered


SOFTMAX = """#include <math.h>
void KERNEL(const float *x, float *y, int rows, int columns) {
  for (int r = 0; r < rows; ++r) {
    float top = -INFINITY, sum = 0;
    for (int i = 0; i < columns; ++i) top = fmaxf(top, x[r * columns + i]);
    for (int i = 0; i < columns; ++i) sum += expf(x[r * columns + i] - top);
    for (int i = 0; i < columns; ++i) y[r * columns + i] = expf(x[r * columns + i] - top) / sum;
  }
}"""
ONLINE = """#include <math.h>
void KERNEL(const float *x, float *y, int rows, int columns) {
  for (int r = 0; r < rows; ++r) {
    float top = -INFINITY, sum = 0;
    for (int i = 0; i < columns; ++i) {
      float next = fmaxf(x[r * columns + i], top);
      sum = sum * expf(top - next) + expf(x[r * columns + i] - next);
      top = next;
    }
    for (int i = 0; i < columns; ++i) y[r * columns + i] = expf(x[r * columns + i] - top) / sum;
  }
}"""


def test_softmax_with_its_maximum_and_without() -> None:
    arguments = (
        Buffer("x", "f32", 5 * 60, "in"),
        Buffer("y", "f32", 5 * 60, "out"),
        Scalar("rows", "i32", 5),
        Scalar("columns", "i32", 60),
    )
    found = compared(SOFTMAX, ONLINE, arguments)
    assert found.holds and "max and min" in found.uninterpreted, found
    found = compared(SOFTMAX, ONLINE.replace("sum * expf(top - next)", "sum"), arguments)
    assert found.holds is None and (found.difference or found.outside)
    plain = SOFTMAX.replace("top = fmaxf(top, x[r * columns + i])", "top = 0")
    assert compared(SOFTMAX, plain, arguments).holds  # the maximum cancels


def test_what_was_never_written_is_no_number() -> None:
    text = """__global__ void KERNEL(const float *x, float *out, int n) {
      __shared__ float s[64];
      if (threadIdx.x < n) s[threadIdx.x] = x[threadIdx.x];
      __syncthreads();
      out[threadIdx.x] = s[threadIdx.x] * 0.5f;
    }"""
    arguments = (Buffer("x", "f32", 32, "in"), Buffer("out", "f32", 32, "out"), Scalar("n", "i32", 31))
    found = compared(text, text, arguments, launch=Launch((1, 1, 1), (32, 1, 1)), dialects=("cuda", "cuda"))
    assert found.holds is None and "never written" in found.outside
    found = compared(text, text, (*arguments[:2], Scalar("n", "i32", 32)), launch=Launch((1, 1, 1), (32, 1, 1)), dialects=("cuda", "cuda"))
    assert found.holds


def test_doubles_integers_and_float_scalars() -> None:
    text = """void KERNEL(const double *x, const int *index, double *out, float scale, int n) {
      for (int i = 0; i < n; ++i) out[i] = x[index[i]] * scale + index[i];
    }"""
    arguments = (
        Buffer("x", "f64", 32, "in"),
        Buffer("index", "i32", 32, "in", 0, 31),
        Buffer("out", "f64", 32, "out"),
        Scalar("scale", "f32", 0.7),
        Scalar("n", "i32", 32),
    )
    found = compared(text, text.replace("x[index[i]] * scale", "scale * x[index[i]]"), arguments)
    assert found.holds and "integers as in the tests" in found.sentence
    assert compared(text, text.replace("+ index[i]", "- index[i]"), arguments).holds is False


def test_too_large_a_calculation_is_outside() -> None:
    text = """void KERNEL(const float *x, float *out, int n) {
      float sum = 0;
      for (int i = 0; i < n; ++i) for (int j = 0; j < n; ++j) sum += x[i] * x[j];
      out[0] = sum;
    }"""
    found = compared(text, text, sum_arguments(3000))
    assert found.holds is None and "holds" in found.outside


def counted(**changes: object) -> Counted:
    return dataclasses.replace(Counted(10, 0, 5, 0, 0, 0.0, 0.0, 0, False, False, False, (), frozenset()), **changes)


def test_the_bound_is_the_formula() -> None:
    assert bound(counted(), counted(above=7, below=2)) == 7 / channel.PRIME + 2.0**-62
    assert bound(counted(above=3, below=4), counted(above=7, below=2)) == 11 / channel.PRIME + 2.0**-62
    assert bound(counted(applications=10, argument_degree=3), counted(applications=6)) == (5 + 16 * 16 * 3) / channel.PRIME + 2.0**-62
    assert bound(counted(bases=1 << 8, exponent_norm=2.5, exponent_unit=8.0), counted()) == 5 * 20.0 / channel.EXPONENTS + 2.0**-62
    assert bound(counted(bases=1 << 8, nonlinear=True), counted()) is None
    assert bound(counted(bases=1 << 8), counted(bases=1 << 7)) is None
    assert bound(counted(above=channel.SATURATED), counted()) is None
    found = compared(SUM, EIGHT, sum_arguments(100))
    expected = -math.log2(1 / channel.PRIME + 2.0**-62)  # a sum has degree 1
    assert found.bound_log2 == pytest.approx(expected, rel=1e-12) and f"2^-{math.floor(expected)}" in found.sentence


def test_exponents_that_are_products_get_no_probability() -> None:
    found = elementwise("expf(x * y)", "expf(y * x)")
    assert found.holds is None and not found.difference and "not linear" in found.sentence


def test_a_verdict_is_refined() -> None:
    case = TestCase("kernel_under_test", sum_arguments(64), Launch((1, 1, 1), (1, 1, 1)), "toml")
    source, target = (
        program(text, "c", case.arguments, case.launch) for text in (SUM, SUM.replace("sum += x[i]", "sum += x[i] > 0 ? x[i] : 0"))
    )
    verdict = verify(source, source, [case], exact_s=20.0)
    assert verdict.rung == "exact" and verdict.accepted
    verdict = verify(target, target, [case], exact_s=20.0)
    assert verdict.rung == "tested" and any("random orders" in line for line in verdict.evidence)
    assert any("compares data" in line for line in verdict.skipped)
    nothing = Exactness(None, "", outside="the source: it has no floats")
    assert refined(verdict, nothing).rung == "tested"
