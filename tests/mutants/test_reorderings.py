"""Correct rewrites of one computation: other orders of a sum, contractions, other formulas that are as exact. None may be called wrong."""

from __future__ import annotations

import pytest
from emulator.running import needs_gcc

from kernelglot.verify.cases import Buffer, Launch, Program, Scalar, TestCase
from kernelglot.verify.verdict import verify

pytestmark = needs_gcc
ALONE = Launch((1, 1, 1), (1, 1, 1))
ROWS = 6


def accepted(cuda: str, c: str, case: TestCase) -> None:
    names = tuple(argument.name for argument in case.arguments)
    source = Program("cuda", cuda, "k", case.launch, names)
    target = Program("c", f"#include <math.h>\n#include <float.h>\n{c}", "k", ALONE, names)
    verdict = verify(source, target, [case], target_launches=[ALONE])
    assert verdict.accepted, verdict.counterexample or verdict


def rows(n: int, dtype: str = "f32") -> TestCase:
    """x[ROWS][n] -> y[ROWS]"""
    buffers = (Buffer("x", dtype, ROWS * n, "in"), Buffer("y", "f32", ROWS, "out"))
    return TestCase("k", (*buffers, Scalar("n", "i32", n)), Launch((ROWS, 1, 1), (1, 1, 1)), "toml")


def plain(n: int) -> TestCase:
    """x[ROWS][n] -> y[ROWS][n]"""
    buffers = (Buffer("x", "f32", ROWS * n, "in"), Buffer("y", "f32", ROWS * n, "out"))
    return TestCase("k", (*buffers, Scalar("n", "i32", n)), Launch((ROWS, 1, 1), (1, 1, 1)), "toml")


CUDA_SUM = "__global__ void k(const float *x, float *y, int n) { x += blockIdx.x * n; float s = 0; for (int j = 0; j < n; ++j) s += x[j]; y[blockIdx.x] = s; }"
HEAD = "void k(const float *x, float *y, int n) { for (int r = 0; r < 6; ++r, x += n) { "
SUMS = {
    "backwards": HEAD + "float s = 0; for (int j = n; j-- > 0;) s += x[j]; y[r] = s; } }",
    "sixteen partial sums": HEAD + "float p[16] = {0}, s = 0; for (int j = 0; j < n; ++j) p[j % 16] += x[j]; for (int i = 0; i < 16; ++i) s += p[i]; y[r] = s; } }",
    "pairwise": "static float tree(const float *x, int n) { return n == 1 ? x[0] : tree(x, n / 2) + tree(x + n / 2, n - n / 2); }\n" + HEAD + "y[r] = tree(x, n); } }",
    "compensated": HEAD + "float s = 0, c = 0, p = 0; for (int j = 0; j < n; ++j) { volatile float a = x[j] - c, t = s + a; c = (t - s) - a; s = t; p += x[j]; } y[r] = isfinite(p) ? s : p; } }",
    "in double": HEAD + "double s = 0; for (int j = 0; j < n; ++j) s += x[j]; y[r] = (float)s; } }",
    "tiles of 128": HEAD + "float s = 0; for (int t = 0; t < n; t += 128) { float p = 0; for (int j = t; j < n && j < t + 128; ++j) p += x[j]; s += p; } y[r] = s; } }",
}


@pytest.mark.parametrize("n", [1, 37, 512, 4096, 65536])
@pytest.mark.parametrize("name", SUMS)
def test_orders_of_a_sum(name: str, n: int) -> None:
    accepted(CUDA_SUM, SUMS[name], rows(n))


DOT = "__global__ void k(const float *x, float *y, int n) { x += blockIdx.x * n; float s = 0; for (int j = 0; j < n; ++j) s += x[j] * x[n - 1 - j]; y[blockIdx.x] = s; }"


@pytest.mark.parametrize("n", [63, 1024])
def test_contraction_to_fused_operations(n: int) -> None:
    accepted(DOT, HEAD + "float s = 0; for (int j = 0; j < n; ++j) s = fmaf(x[j], x[n - 1 - j], s); y[r] = s; } }", rows(n))


VARIANCE = ("__global__ void k(const float *x, float *y, int n) { x += blockIdx.x * n; float s = 0, q = 0; for (int j = 0; j < n; ++j) s += x[j]; s /= n; "
            "for (int j = 0; j < n; ++j) q += (x[j] - s) * (x[j] - s); y[blockIdx.x] = q / n; }")
WELFORD = HEAD + "float m = 0, q = 0; for (int j = 0; j < n; ++j) { float d = x[j] - m; m += d / (j + 1); q += d * (x[j] - m); } y[r] = q / n; } }"


@pytest.mark.parametrize("n", [7, 300])
def test_another_way_to_a_variance(n: int) -> None:
    accepted(VARIANCE, WELFORD, rows(n))


SOFTMAX = ("__global__ void k(const float *x, float *y, int n) { x += blockIdx.x * n, y += blockIdx.x * n; float m = -INFINITY, s = 0; for (int j = 0; j < n; ++j) m = fmaxf(m, x[j]); "
           "for (int j = 0; j < n; ++j) s += expf(x[j] - m); for (int j = 0; j < n; ++j) y[j] = expf(x[j] - m) / s; }")
HEAD_2 = "void k(const float *x, float *y, int n) { for (int r = 0; r < 6; ++r, x += n, y += n) { "
SOFTMAXES = {
    "a factor instead of a division": "float m = -INFINITY, s = 0; for (int j = 0; j < n; ++j) m = fmaxf(m, x[j]); for (int j = 0; j < n; ++j) s += y[j] = expf(x[j] - m); "
                                      "for (int j = 0; j < n; ++j) y[j] *= 1 / s; } }",
    "online": "float m = -INFINITY, s = 0; for (int j = 0; j < n; ++j) { float o = m; m = fmaxf(m, x[j]); s = s * expf(o - m) + expf(x[j] - m); } for (int j = 0; j < n; ++j) y[j] = expf(x[j] - m) / s; } }",
    "powers of two": "float m = -INFINITY, s = 0; for (int j = 0; j < n; ++j) m = fmaxf(m, x[j]); for (int j = 0; j < n; ++j) s += y[j] = exp2f((x[j] - m) * 1.44269504f); "
                     "for (int j = 0; j < n; ++j) y[j] /= s; } }",
}


@pytest.mark.parametrize("name", SOFTMAXES)
def test_other_formulas_for_softmax(name: str) -> None:
    accepted(SOFTMAX, HEAD_2 + SOFTMAXES[name], plain(200))


ELEMENTWISE = {
    "gelu by tanh": ("0.5f * v * (1.0f + tanhf(0.79788456f * (v + 0.044715f * v * v * v)))", "v / (1.0f + expf(-1.59576912f * (v + 0.044715f * v * v * v)))"),
    "sigmoid": ("1.0f / (1.0f + expf(-v))", "1.0f / (1.0f + exp2f(-1.44269504f * v))"),
    "division": ("v / 3.0f", "v * (1.0f / 3.0f)"),
    "square root": ("v / sqrtf(v * v + 1.0f)", "v * (1.0f / sqrtf(fmaf(v, v, 1.0f)))"),
    "polynomial": ("1.0f + v * (2.0f + v * (3.0f + v))", "fmaf(fmaf(v + 3.0f, v, 2.0f), v, 1.0f)"),
}


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_other_formulas_of_one_element(name: str) -> None:
    cuda, c = ELEMENTWISE[name]
    kernel = f"__global__ void k(const float *x, float *y, int n) {{ for (int j = 0; j < n; ++j) {{ float v = x[blockIdx.x * n + j]; y[blockIdx.x * n + j] = {cuda}; }} }}"
    accepted(kernel, f"{HEAD_2} for (int j = 0; j < n; ++j) {{ float v = x[j]; y[j] = {c}; }} }} }}", plain(100))
