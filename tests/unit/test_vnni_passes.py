"""C with AVX-512 from CUDA: what becomes of a loop, and that it computes the same."""

from __future__ import annotations

import pytest

from kernelglot import session
from kernelglot.dialects.layout import wrapped


def translated(kernel: str, comment: str):
    """The only kernel of a file, with its launch written above it."""
    result = session.translate("k.cu", f"{comment}\n{kernel}\n", "vnni").kernels[0]
    assert result.declined is None, result.declined
    assert result.verdict.accepted, result.verdict
    return result


def test_neighbours_in_memory_become_one_masked_access() -> None:
    result = translated(
        "__global__ void f(const float *a, const float *b, float *c, int n) {\n"
        "  int i = blockIdx.x * blockDim.x + threadIdx.x;\n  if (i < n) c[i] = a[i] * b[i] + 1.0f;\n}",
        "// kernelglot: launch grid=(2) block=(64) n=101 a=float[101] b=float[101] c=float[101]:out",
    )
    assert "_mm512_fmadd_ps" in result.text and "_mm512_mask_storeu_ps(c + i, active" in result.text
    assert "#pragma omp parallel for" in result.text


def test_one_thread_a_row_becomes_vectors_along_the_row() -> None:
    result = translated(
        "__global__ void f(const float *a, float *s, int n, int m) {\n  int i = blockIdx.x * blockDim.x + threadIdx.x;\n"
        "  if (i < n) {\n    float t = 0.0f, h = a[i * m];\n    for (int j = 0; j < m; ++j) t += a[i * m + j];\n"
        "    for (int j = 0; j < m; ++j) if (a[i * m + j] > h) h = a[i * m + j];\n    s[i] = t + h;\n  }\n}",
        "// kernelglot: launch grid=(1) block=(64) n=33 m=37 a=float[1221] s=float[33]:out",
    )
    assert "_mm512_reduce_add_ps(t_lanes)" in result.text and "_mm512_reduce_max_ps(h_lanes)" in result.text


def test_lanes_that_are_off_read_nothing() -> None:
    result = translated(
        "__global__ void f(const float *a, const int *x, float *c, int n, int m) {\n  int i = blockIdx.x * blockDim.x + threadIdx.x;\n"
        "  if (i < n) {\n    int k = i * 3 / 2 - 4;\n    c[i] = k >= 0 && k < m ? a[k] : 0.5f;\n  }\n}",
        "// kernelglot: launch grid=(2) block=(64) n=90 m=70 a=float[70] x=int[1] c=float[90]:out",
    )
    assert "_mm512_mask_i32gather_ps" in result.text


def test_branches_become_masks() -> None:
    result = translated(
        "__global__ void f(const float *a, float *c, int n) {\n  int i = blockIdx.x * blockDim.x + threadIdx.x;\n  if (i >= n) return;\n"
        "  float v = a[i];\n  if (v > 0.0f) { v = v * 2.0f; if (v > 1.0f) v = v - 1.0f; } else { v = expf(v); }\n  c[i] = v;\n}",
        "// kernelglot: launch grid=(2) block=(64) n=101 a=float[101] c=float[101]:out",
    )
    assert "map_expf" in result.text and "__mmask16" in result.text


@pytest.mark.parametrize(
    ("loop", "expected"),
    [
        ("while (v > 1.0f && t < 20) { v = v * 0.5f; ++t; }", "while (running) {"),
        ("do { v = v * 0.5f; ++t; } while (v > 1.0f && t < 20);", "} while (running);"),
        ("for (int j = 0; j < i; ++j) v = v * 0.5f + j;", "while (running) {"),
        ("for (int j = i / 3; j < i; ++j) t += j;", "while (running) {"),
        ("for (int j = 0; j < 20; ++j) { if (v < 1.0f) break; v = v * 0.5f; t = j; }", "if (!stays)"),
        ("for (int j = 0; j < 20; ++j) { if (v < 1.0f) { t = j; continue; } v = v * 0.5f; if (v > 4.0f) break; }", "if (!stays)"),
        ("while (t < 20) { if (v < 1.0f) break; v = v * 0.5f; t += 2; }", "while (running) {"),
    ],
)
def test_iterations_that_leave_a_loop_early_wait_as_masked_lanes(loop: str, expected: str) -> None:
    result = translated(
        "__global__ void f(const float *a, float *c, int n) {\n  int i = blockIdx.x * blockDim.x + threadIdx.x;\n"
        f"  if (i < n) {{\n    float v = a[i];\n    int t = 0;\n    {loop}\n    c[i] = v + t;\n  }}\n}}",
        "// kernelglot: launch grid=(1) block=(64) n=50 a=float[50] c=float[50]:out",
    )
    assert expected in result.text and "_mm512_mask_storeu_ps(c + i" in result.text


def test_threads_that_start_apart_leave_a_loop_one_after_another() -> None:
    result = translated(
        "__global__ void f(const float *a, float *c, int n) {\n  __shared__ float part[64];\n  float s = 0.0f;\n"
        "  for (int i = threadIdx.x; i < n; i += 64) s += a[blockIdx.x * n + i];\n  part[threadIdx.x] = s;\n  __syncthreads();\n"
        "  for (int w = 32; w > 0; w /= 2) {\n    if (threadIdx.x < w) part[threadIdx.x] += part[threadIdx.x + w];\n    __syncthreads();\n  }\n"
        "  if (threadIdx.x == 0) c[blockIdx.x] = part[0];\n}",
        "// kernelglot: launch grid=(3) block=(64) n=203 a=float[609] c=float[3]:out",
    )
    assert "first_lanes(n - i)" in result.text


def test_integers_divide_in_active_lanes_only() -> None:
    translated(
        "__global__ void f(const int *a, const int *b, int *c, int n) {\n  int i = blockIdx.x * blockDim.x + threadIdx.x;\n"
        "  if (i < n) c[i] = b[i] != 0 ? a[i] / b[i] + a[i] % 7 : -1;\n}",
        "// kernelglot: launch grid=(2) block=(64) n=77 a=int[77]:in:-50..50 b=int[77]:in:-3..3 c=int[77]:out",
    )


def test_halves_and_bytes_are_widened() -> None:
    result = translated(
        "#include <cuda_fp16.h>\n__global__ void f(const __half *a, const unsigned char *b, __half *c, int n) {\n"
        "  int i = blockIdx.x * blockDim.x + threadIdx.x;\n  if (i < n) c[i] = __float2half(__half2float(a[i]) * b[i]);\n}",
        "// kernelglot: launch grid=(2) block=(64) n=77 a=half[77] b=uchar[77]:in:0..9 c=half[77]:out",
    )
    assert "_mm512_cvtph_ps" in result.text and "_mm512_cvtepu8_epi32" in result.text


def test_atomic_updates_stay_one_after_another() -> None:
    result = translated(
        "__global__ void f(const int *a, int *h, int n) {\n  int i = blockIdx.x * blockDim.x + threadIdx.x;\n"
        "  if (i < n) atomicAdd(&h[a[i]], 1);\n}",
        "// kernelglot: launch grid=(2) block=(64) n=100 a=int[100]:in:0..9 h=int[10]:inout",
    )
    assert "_mm512" not in result.text and "omp" not in result.text


def test_accumulators_stay_in_a_register() -> None:
    result = translated(
        "__global__ void f(const float *a, float *c, int n) {\n  __shared__ float s[64];\n  float t = 0.0f;\n"
        "  for (int k = 0; k < n; k += 64) {\n    s[threadIdx.x] = k + threadIdx.x < n ? a[k + threadIdx.x] : 0.0f;\n    __syncthreads();\n"
        "    for (int j = 0; j < 64; ++j) t += s[j] * (threadIdx.x + 1);\n    __syncthreads();\n  }\n  c[threadIdx.x] = t;\n}",
        "// kernelglot: launch grid=(1) block=(64) n=150 a=float[150] c=float[64]:out",
    )
    assert "__m512 t_value" in result.text


@pytest.mark.parametrize(
    "value",
    [
        "_mm512_add_ps(" + ", ".join(f"_mm512_mul_ps(a{i}, b{i})" for i in range(12)) + ")",
        "".join(f"_mm512_castps_si{i}(" for i in range(12)) + "x" + ")" * 12,
    ],
    ids=["commas", "brackets alone"],
)
def test_long_lines_are_wrapped(value: str) -> None:
    line = f"    x = {value};"
    pieces = wrapped(line)
    assert len(pieces) > 1 and all(len(piece) <= 120 for piece in pieces)
    assert "".join(p.strip() for p in pieces).replace(" ", "") == line.replace(" ", "")


def test_halves_are_rounded_after_each_operation() -> None:
    result = translated(
        "#include <cuda_fp16.h>\n__global__ void f(const __half *a, const __half *b, __half *c, int n) {\n"
        "  int i = blockIdx.x * blockDim.x + threadIdx.x;\n  if (i < n) c[i] = __hadd(__hmul(a[i], b[i]), __hsub(a[i], b[i]));\n}",
        "// kernelglot: launch grid=(2) block=(64) n=101",
    )
    assert result.text.count("_mm512_cvtps_ph") == 3


def test_products_and_sums_are_rounded_as_in_the_source_where_terms_cancel() -> None:
    result = translated(
        "__global__ void f(const float *a, float *c, int n) {\n  int i = blockIdx.x * blockDim.x + threadIdx.x;\n"
        "  if (i < n) { float v = a[i]; float p = v * v; c[i] = v * v + -p; }\n}",
        "// kernelglot: launch grid=(2) block=(64) n=101",
    )
    assert "_mm512_mul_ps" in result.text and "_mm512_fmadd_ps" not in result.text


def test_the_columns_of_sparse_rows_lie_beside_each_other() -> None:
    result = translated(
        "__global__ void f(const int *start, const int *column, const float *value, const float *x, float *y, int n) {\n"
        "  int r = blockIdx.x * blockDim.x + threadIdx.x;\n  if (r >= n) return;\n  float s = 0;\n"
        "  for (int j = start[r]; j < start[r + 1]; ++j) s += value[j] * x[column[j]];\n  y[r] = s;\n}",
        "// kernelglot: launch grid=(2) block=(64) n=90 start=int[91] column=int[400]:in:0..89 value=float[400] x=float[90]",
    )
    assert "_mm512_maskz_loadu_ps(active, value + j)" in result.text


def test_lanes_that_are_off_may_lie_before_a_row() -> None:
    result = translated(
        "__global__ void f(const float *a, float *b, int w) {\n  __shared__ float s[4][32];\n"
        "  s[threadIdx.y][threadIdx.x] = a[threadIdx.y * w + threadIdx.x];\n  __syncthreads();\n"
        "  if (threadIdx.x > 0) b[threadIdx.y * w + threadIdx.x] = s[threadIdx.y][threadIdx.x] - s[threadIdx.y][threadIdx.x - 1];\n}",
        "// kernelglot: launch grid=(1) block=(32,4) a=float[128] b=float[128]:inout w=32",
    )
    assert "s[thread_y] + (thread_x - 1)" in result.text and "_mm512_maskz_loadu_ps" in result.text
