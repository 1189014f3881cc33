"""Verdicts: right translations pass with their evidence, each planted mistake is found, and a bad source is called a bad source."""

from __future__ import annotations

import dataclasses
import math
import os

import pytest
from emulator.running import needs_gcc

from kernelglot.verify import toolchain
from kernelglot.verify.cases import Buffer, Launch, Program, Scalar, TestCase, Verdict
from kernelglot.verify.verdict import plan, verify

pytestmark = needs_gcc


def edited(program: Program, old: str, new: str) -> Program:
    assert old in program.text, old
    return dataclasses.replace(program, text=program.text.replace(old, new))


def pair(cuda: str, c: str, arguments: tuple[Buffer | Scalar, ...], grid: tuple[int, int, int], block: tuple[int, int, int],
         shared: int = 0) -> tuple[Program, Program, TestCase]:
    symbol = cuda.partition("__global__ void ")[2].partition("(")[0]
    launch, names = Launch(grid, block, shared), tuple(argument.name for argument in arguments)
    return (Program("cuda", cuda, symbol, launch, names), Program("c", c, symbol, launch, names), TestCase(symbol, arguments, launch, "toml"))


ADD = pair("""#include <cuda_runtime.h>
__global__ void add(const float *a, const float *b, float *c, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) c[i] = a[i] + b[i];
}""", """void add(const float *restrict a, const float *restrict b, float *restrict c, int n) {
  for (int i = 0; i < n; ++i) c[i] = a[i] + b[i];
}""", (Buffer("a", "f32", 1000, "in"), Buffer("b", "f32", 1000, "in"), Buffer("c", "f32", 1000, "out"), Scalar("n", "i32", 1000)), (4, 1, 1), (256, 1, 1))


def test_a_right_translation_is_tested_with_evidence() -> None:
    source, target, case = ADD
    events: list[dict[str, object]] = []
    verdict = verify(source, target, [case], report=events.append)
    assert verdict.rung == "tested" and verdict.accepted and verdict.counterexample is None and verdict.fault is None
    assert verdict.evidence[0].startswith("20 runs (14 value classes, 3 seeds), n=1000; bit-identical; sandbox S")
    assert any("reversed thread order" in each for each in verdict.evidence)
    assert any("shuffled order" in each and "static memory" in each for each in verdict.evidence)
    assert "all sizes but one: it is claimed for n=1000 only" in verdict.skipped
    assert [event["stage"] for event in events] == ["build", "run", "compare"] and events[0]["kernel"] == "add"
    assert verify(source, target, [case]).evidence == verdict.evidence


@pytest.mark.parametrize("old, new, index, words", [
    ("+ b[i]", "- b[i]", 0, "is wrong|are wrong"),
    ("i < n", "i < n - 1", 999, "never written"),
    ("int i = 0", "int i = 1", 0, "never written"),
    ("a[i] +", "a[i ^ 1] +", 0, "elements are wrong"),
    ("c[i] = ", "c[i] = 1.00001f * ", -1, "expected"),
    ("c[i] = ", "if (i != 500) c[i] = ", 500, "`c[500]` is never written"),
])
def test_a_wrong_target_is_rejected_with_its_first_wrong_element(old: str, new: str, index: int, words: str) -> None:
    source, target, case = ADD
    verdict = verify(source, edited(target, old, new), [case])
    found = verdict.counterexample
    assert verdict.rung == "rejected" and found and found.buffer == "c" and index in (found.index, -1)
    assert any(word in found.sentence for word in words.split("|")) and "seed 1" in found.sentence and "n=1000" in found.sentence


@pytest.mark.parametrize("old, new, kind, words", [
    ("i < n", "i <= n", "out-of-bounds", "`a[1000]`, outside of its 1000 elements (line 2)"),
    ("int i = 0", "int i = -1", "out-of-bounds", "`a[-1]`"),
    ("c[i] =", "((float *)a)[i] =", "written-input", "writes to `a[0]`, which is an input"),
    ("i < n;", ";", "out-of-bounds", "outside of its 1000 elements"),
    ("c[i] = ", "c[i] = unknown + ", "compile-error", "unknown"),
    ("for (int", "__builtin_trap(); for (int", "crash", "signal 4"),
])
def test_a_target_that_misbehaves(old: str, new: str, kind: str, words: str) -> None:
    source, target, case = ADD
    verdict = verify(source, edited(target, old, new), [case])
    assert verdict.rung == "rejected" and verdict.fault and verdict.fault.kind == kind and verdict.fault.side == "target"
    assert verdict.counterexample and words in verdict.counterexample.sentence


def test_an_unused_bound_leaves_a_trace_in_memory_nobody_wrote() -> None:
    source, target, case = ADD
    reads_own_output = edited(target, "c[i] = a[i] + b[i]", "c[i] += a[i] + b[i]")
    verdict = verify(source, reads_own_output, [case])
    assert verdict.rung == "rejected" and verdict.fault and verdict.fault.kind == "uninitialised" and verdict.fault.line == 2


def test_a_timeout_is_unknown() -> None:
    source, target, case = ADD
    verdict = verify(source, edited(target, "i < n; ++i", "i < n; i += 0"), [case], timeout_s=0.5)
    assert verdict.rung == "compiled" and not verdict.accepted and verdict.fault and verdict.fault.kind == "timeout"
    assert "did not end within" in verdict.skipped[0]


@pytest.mark.parametrize("old, new, kind", [
    ("if (i < n)", "", "out-of-bounds"),
    ("c[i] = a[i] + b[i]", "c[0] = a[i] + b[i]", "race"),
    ("c[i] = a[i] + b[i]", "if (a[i] > 1e9f) c[i] = 1", "uninitialised"),
    ("if (i < n) c", "if (i % 2) __syncthreads(); else __syncthreads(); if (i < n) c", ""),
])
def test_a_source_that_misbehaves_is_the_source_s_fault(old: str, new: str, kind: str) -> None:
    source, target, case = ADD
    verdict = verify(edited(source, old, new), target, [case])
    if not kind:                                                  # both barriers in one line: the same barrier
        assert verdict.rung == "tested"
        return
    assert verdict.rung == "rejected" and verdict.fault and verdict.fault.kind == kind and verdict.fault.side == "source"
    assert verdict.fault.sentence.startswith("the source kernel itself is suspect: ") and verdict.counterexample is None


def test_without_a_case_nothing_is_claimed() -> None:
    source, target, _ = ADD
    assert verify(source, target, []).rung == "compiled"


def test_without_a_sandbox_nothing_is_run() -> None:
    source, target, case = ADD
    verdict = verify(source, target, [case], least_sandbox=3)
    assert verdict.rung == "compiled" and "S3 is asked for" in verdict.skipped[0]


def test_several_cases_are_all_run() -> None:
    source, target, case = ADD
    arguments = tuple(dataclasses.replace(a, elements=77) if isinstance(a, Buffer) else dataclasses.replace(a, value=77) for a in case.arguments)
    small = dataclasses.replace(case, arguments=arguments, launch=Launch((1, 1, 1), (256, 1, 1)))
    verdict = verify(source, target, [case, small])
    assert verdict.rung == "tested" and verdict.evidence[0].startswith("25 runs") and "n=1000 / n=77" in verdict.evidence[0]
    wrong = verify(source, edited(target, "+ b[i]", "+ b[i] * (n != 77)"), [case, small])
    assert wrong.counterexample and wrong.counterexample.case_index == 1
    assert len(plan([case, small])) == 25


# ---- rounding against mistakes -----------------------------------------------------------------------------------------------------

GEMM = pair("""__global__ void gemm(const float *A, const float *B, float *C, int M, int N, int K) {
  __shared__ float a[8][8], b[8][8];
  int row = blockIdx.y * 8 + threadIdx.y, column = blockIdx.x * 8 + threadIdx.x;
  float sum = 0;
  for (int t = 0; t < K; t += 8) {
    a[threadIdx.y][threadIdx.x] = row < M && t + threadIdx.x < K ? A[row * K + t + threadIdx.x] : 0;
    b[threadIdx.y][threadIdx.x] = t + threadIdx.y < K && column < N ? B[(t + threadIdx.y) * N + column] : 0;
    __syncthreads();
    for (int i = 0; i < 8; ++i) sum += a[threadIdx.y][i] * b[i][threadIdx.x];
    __syncthreads();
  }
  if (row < M && column < N) C[row * N + column] = sum;
}""", """void gemm(const float *A, const float *B, float *C, int M, int N, int K) {
  for (int i = 0; i < M; ++i)
    for (int j = 0; j < N; ++j) {
      float sum = 0;
      for (int k = K - 1; k >= 0; --k) sum += A[i * K + k] * B[k * N + j];
      C[i * N + j] = sum;
    }
}""", (Buffer("A", "f32", 21 * 100, "in"), Buffer("B", "f32", 100 * 19, "in"), Buffer("C", "f32", 21 * 19, "out"), Scalar("M", "i32", 21), Scalar("N", "i32", 19),
       Scalar("K", "i32", 100)), (3, 3, 1), (8, 8, 1))

LAYERNORM = pair("""__global__ void norm(const float *x, float *y, int columns) {
  __shared__ float s[64];
  const float *row = x + blockIdx.x * columns;
  float sum = 0, squares = 0;
  for (int i = threadIdx.x; i < columns; i += 64) sum += row[i];
  s[threadIdx.x] = sum;
  __syncthreads();
  for (int h = 32; h; h /= 2) { if (threadIdx.x < h) s[threadIdx.x] += s[threadIdx.x + h]; __syncthreads(); }
  float mean = s[0] / columns;
  __syncthreads();
  for (int i = threadIdx.x; i < columns; i += 64) squares += (row[i] - mean) * (row[i] - mean);
  s[threadIdx.x] = squares;
  __syncthreads();
  for (int h = 32; h; h /= 2) { if (threadIdx.x < h) s[threadIdx.x] += s[threadIdx.x + h]; __syncthreads(); }
  float scale = rsqrtf(s[0] / columns + 1e-5f);
  for (int i = threadIdx.x; i < columns; i += 64) y[blockIdx.x * columns + i] = (row[i] - mean) * scale;
}""", """#include <math.h>
void norm(const float *x, float *y, int columns) {
  for (int r = 0; r < 5; ++r) {
    const float *row = x + r * columns;
    float sum = 0, squares = 0;
    for (int i = 0; i < columns; ++i) sum += row[i];
    float mean = sum / columns;
    for (int i = 0; i < columns; ++i) squares += (row[i] - mean) * (row[i] - mean);
    float scale = 1 / sqrtf(squares / columns + 1e-5f);
    for (int i = 0; i < columns; ++i) y[r * columns + i] = (row[i] - mean) * scale;
  }
}""", (Buffer("x", "f32", 5 * 300, "in"), Buffer("y", "f32", 5 * 300, "out"), Scalar("columns", "i32", 300)), (5, 1, 1), (64, 1, 1))

DOT = pair("""__global__ void dot(const float *x, const float *y, float *out, int n) {
  float sum = 0;
  for (int i = threadIdx.x; i < n; i += 32) sum += x[i] * y[i];
  for (int o = 16; o; o /= 2) sum += __shfl_down_sync(0xffffffffu, sum, o);
  if (threadIdx.x == 0) out[0] = sum;
}""", """void dot(const float *x, const float *y, float *out, int n) {
  float sum = 0;
  for (int i = 0; i < n; ++i) sum += x[i] * y[i];
  out[0] = sum;
}""", (Buffer("x", "f32", 20000, "in"), Buffer("y", "f32", 20000, "in"), Buffer("out", "f32", 1, "out"), Scalar("n", "i32", 20000)), (1, 1, 1), (32, 1, 1))

ACTIVATION = pair("""__global__ void act(const float *x, float *y, int n) {
  for (int i = threadIdx.x; i < n; i += blockDim.x) y[i] = 0.5f * x[i] * (1.0f + erff(x[i] * 0.70710678f));
}""", """#include <math.h>
void act(const float *x, float *y, int n) {
  for (int i = 0; i < n; ++i) y[i] = x[i] * 0.5f * (1.0f + erff(x[i] / 1.41421356f));
}""", (Buffer("x", "f32", 700, "in"), Buffer("y", "f32", 700, "out"), Scalar("n", "i32", 700)), (1, 1, 1), (128, 1, 1))

SOFTMAX = pair("""__global__ void softmax(const float *x, float *y, int n) {
  int r = threadIdx.x;
  float top = -INFINITY, sum = 0;
  for (int i = 0; i < n; ++i) top = fmaxf(top, x[r * n + i]);
  for (int i = 0; i < n; ++i) sum += expf(x[r * n + i] - top);
  for (int i = 0; i < n; ++i) y[r * n + i] = expf(x[r * n + i] - top) / sum;
}""", """#include <math.h>
void softmax(const float *x, float *y, int n) {
  for (int r = 0; r < 7; ++r) {
    float top = -INFINITY, sum = 0;
    for (int i = 0; i < n; ++i) top = fmaxf(top, x[r * n + i]);
    for (int i = n - 1; i >= 0; --i) sum += y[r * n + i] = expf(x[r * n + i] - top);
    float scale = 1 / sum;
    for (int i = 0; i < n; ++i) y[r * n + i] *= scale;
  }
}""", (Buffer("x", "f32", 7 * 90, "in"), Buffer("y", "f32", 7 * 90, "out"), Scalar("n", "i32", 90)), (1, 1, 1), (7, 1, 1))


@pytest.mark.parametrize("subject", [GEMM, LAYERNORM, DOT, ACTIVATION, SOFTMAX], ids=["gemm", "layernorm", "dot", "gelu", "softmax"])
def test_another_order_of_operations_is_no_mistake(subject: tuple[Program, Program, TestCase]) -> None:
    source, target, case = subject
    verdict = verify(source, target, [case])
    assert verdict.rung == "tested", verdict.counterexample


@pytest.mark.parametrize("subject, old, new", [
    (GEMM, "k = K - 1", "k = K - 2"), (GEMM, "k >= 0", "k > 0"), (GEMM, "B[k * N + j]", "B[j * N + k]"), (GEMM, "A[i * K + k]", "A[i * K + (k ^ 1) % K]"),
    (GEMM, "float sum = 0", "float sum = 1e-3f"), (GEMM, "i < M", "i < M / 8 * 8"),
    (LAYERNORM, "1e-5f", "1e-4f"), (LAYERNORM, "squares / columns", "squares / (columns - 1)"), (LAYERNORM, "int i = 0; i < columns; ++i) sum", "int i = 1; i < columns; ++i) sum"),
    (LAYERNORM, "squares += (row[i] - mean) * (row[i] - mean)", "squares += row[i] * row[i] - mean * mean"),
    (DOT, "i < n", "i < n - 1"), (DOT, "int i = 0", "int i = 1"), (DOT, "x[i] * y[i]", "x[i] * x[i]"),
    (ACTIVATION, "1.0f + erff(x[i] / 1.41421356f)", "1.0f + tanhf(0.7978845608f * (x[i] + 0.044715f * x[i] * x[i] * x[i]))"), (ACTIVATION, "0.5f", "0.50005f"),
    (ACTIVATION, "y[i] = x[i] *", "y[i] = (x[i] > 0 ? x[i] : 0) *"),
    (SOFTMAX, "top = fmaxf(top, x[r * n + i])", "top = 0"), (SOFTMAX, "-INFINITY", "0"), (SOFTMAX, "sum = 0", "sum = 1e-4f"), (SOFTMAX, "r < 7", "r < 6"),
])
def test_mistakes_are_not_taken_for_rounding(subject: tuple[Program, Program, TestCase], old: str, new: str) -> None:
    source, target, case = subject
    verdict = verify(source, edited(target, old, new), [case])
    assert verdict.rung == "rejected" and verdict.counterexample


def test_float_atomics_may_round_in_any_order() -> None:
    source, target, case = pair("""__global__ void total(const float *x, float *out, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) atomicAdd(out, x[i]);
}""", "void total(const float *x, float *out, int n) { double sum = 0; for (int i = 0; i < n; ++i) sum += x[i]; out[0] += sum; }",
        (Buffer("x", "f32", 3000, "in"), Buffer("out", "f32", 1, "inout"), Scalar("n", "i32", 3000)), (12, 1, 1), (256, 1, 1))
    verdict = verify(source, target, [case])
    assert verdict.rung == "tested", (verdict.counterexample, verdict.fault)
    assert verify(source, edited(target, "sum += x[i]", "sum += i ? x[i] : 0"), [case]).rung == "rejected"


def test_integer_kernels_are_exact() -> None:
    source, target, case = pair("""__global__ void quantise(const float *x, signed char *y, int n) {
  int i = threadIdx.x + blockIdx.x * blockDim.x;
  if (i < n) y[i] = (signed char)max(-128, min(127, (int)rintf(x[i] * 10.0f)));
}""", """#include <math.h>
void quantise(const float *x, signed char *y, int n) {
  for (int i = 0; i < n; ++i) { float v = rintf(x[i] * 10.0f); y[i] = v < -128 ? -128 : v > 127 ? 127 : (int)v; }
}""", (Buffer("x", "f32", 500, "in"), Buffer("y", "i8", 500, "out"), Scalar("n", "i32", 500)), (2, 1, 1), (256, 1, 1))
    assert verify(source, target, [case]).rung == "tested"
    assert verify(source, edited(target, "rintf(", "truncf("), [case]).rung == "rejected"


def test_gathers_use_indices_within_their_range() -> None:
    source, target, case = pair("""__global__ void gather(const float *table, const int *index, float *out, int n, int width) {
  for (int j = threadIdx.x; j < width; j += blockDim.x) out[blockIdx.x * width + j] = table[index[blockIdx.x] * width + j];
}""", """void gather(const float *table, const int *index, float *out, int n, int width) {
  for (int i = 0; i < n; ++i) for (int j = 0; j < width; ++j) out[i * width + j] = table[index[i] * width + j];
}""", (Buffer("table", "f32", 9 * 17, "in"), Buffer("index", "i32", 40, "in", 0, 8), Buffer("out", "f32", 40 * 17, "out"), Scalar("n", "i32", 40),
       Scalar("width", "i32", 17)), (40, 1, 1), (16, 1, 1))
    assert verify(source, target, [case]).rung == "tested"
    assert verify(source, edited(target, "index[i] * width", "i % 9 * width"), [case]).rung == "rejected"


def test_verdicts_are_plain_values() -> None:
    verdict: Verdict = verify(*ADD[:2], [ADD[2]])
    assert dataclasses.asdict(verdict)["rung"] == "tested"
    assert all(math.isfinite(seconds) for seconds in verdict.seconds.values()) and {"build", "run", "compare"} <= set(verdict.seconds)


# ---- tools ----------------------------------------------------------------------------------------------------------------------------

def test_a_missing_tool_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    with pytest.raises(toolchain.MissingTool, match="`no-such-compiler` was not found"):
        toolchain.find("no-such-compiler")


def test_the_cache_folder_is_the_user_s_own(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = toolchain.cache_folder()
    assert folder == tmp_path / "kernelglot" and folder.stat().st_mode & 0o777 == 0o700
    folder.chmod(0o777)
    assert toolchain.cache_folder() != folder                # others could put a module there


def test_a_target_may_have_launches_of_its_own() -> None:
    source, _, case = ADD
    target = Program("hip", source.text.replace("cuda_runtime", "hip/hip_runtime"), "add", Launch((16, 1, 1), (64, 1, 1)), source.parameters)
    assert verify(source, target, [case]).rung == "tested"
    assert verify(source, target, [case], target_launches=[Launch((8, 1, 1), (128, 1, 1))]).rung == "tested"
    few = verify(source, target, [case], target_launches=[Launch((7, 1, 1), (128, 1, 1))])
    assert few.counterexample and few.counterexample.index == 896 and few.counterexample.got == "never written"


@pytest.mark.parametrize("barrier", [0, 1])
def test_a_missing_barrier_is_found(barrier: int) -> None:
    source, _, case = GEMM
    parts = source.text.split("__syncthreads();")
    text = "__syncthreads();".join(parts[:barrier + 1]) + "__syncthreads();".join(["", *parts[barrier + 1:]])[len("__syncthreads();"):]
    assert text.count("__syncthreads") == 1
    verdict = verify(source, dataclasses.replace(source, dialect="hip", text=text), [case])
    assert verdict.rung == "rejected" and (verdict.counterexample or verdict.fault)


def test_a_built_kernel_that_is_about_to_be_loaded_is_not_forgotten(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(toolchain, "MOST_MODULES", 1)
    forgotten, reused, newest = (tmp_path / f"module-{name}.so" for name in ("a", "b", "c"))
    for file in (forgotten, reused, newest):
        file.touch()
    for file in (forgotten, reused):
        os.utime(file, (1, 1))                              # last used long ago
    assert toolchain.reuse_module(reused) and not toolchain.reuse_module(tmp_path / "module-none.so")
    toolchain.forget_old_modules(tmp_path)
    assert [forgotten.exists(), reused.exists(), newest.exists()] == [False, True, True]


def test_a_source_that_is_not_made_for_sizes_of_our_own_choice_is_tested_at_its_own() -> None:
    source, target, case = pair("""__global__ void whole(const float *x, float *y, int n) {
  int i = blockIdx.x * 64 + threadIdx.x;
  y[i] = 2.0f * x[i];
}""", """void whole(const float *restrict x, float *restrict y, int n) {
  for (int i = 0; i < n; ++i) y[i] = 2.0f * x[i];
}""", (Buffer("x", "f32", 256, "in"), Buffer("y", "f32", 256, "out"), Scalar("n", "i32", 256)), (4, 1, 1), (64, 1, 1))
    ragged = TestCase(case.kernel, (Buffer("x", "f32", 100, "in"), Buffer("y", "f32", 100, "out"), Scalar("n", "i32", 100)),
                      Launch((2, 1, 1), (64, 1, 1)), "host")
    verdict = verify(source, target, [case, ragged])
    assert verdict.rung == "rejected" and verdict.fault and "the source kernel itself is suspect" in verdict.fault.sentence
    verdict = verify(source, target, [case, dataclasses.replace(ragged, varied=True)])
    assert verdict.rung == "tested" and "n=100" not in verdict.evidence[0]
    assert any(line.startswith("n=100: at these sizes of our own choice the source misbehaves") for line in verdict.skipped)
    wrong = dataclasses.replace(target, text=target.text.replace("2.0f", "3.0f"))
    assert verify(source, wrong, [case, dataclasses.replace(ragged, varied=True)]).rung == "rejected"


def test_a_text_that_has_to_be_c_is_not_tried_as_cpp() -> None:
    source, target, case = ADD
    overloaded = dataclasses.replace(target, text=target.text.replace("a[i] + b[i]", "plus(a[i], b[i])").replace(
        "void add", "static float plus(float a, float b) { return a + b; }\nstatic int plus(int a, int b) { return a + b; }\nvoid add"))
    assert verify(source, overloaded, [case]).rung == "tested"                    # somebody's C++
    refused = verify(source, dataclasses.replace(overloaded, language="c"), [case])
    assert refused.rung == "rejected" and refused.fault and refused.fault.kind == "compile-error"


# ---- sums so long that they round the same way again and again

LONG_SUM = pair("""__global__ void sum(const float *x, float *y, int n) {
  float s = 0;
  for (int i = 0; i < n; ++i) s += expf(-x[i] * x[i]) * 0.3f;
  y[0] = s;
}""", """#include <math.h>
void sum(const float *x, float *y, int n) {
  float parts[16] = {0}, s = 0;
  for (int i = 0; i < n; ++i) parts[i % 16] += expf(-x[i] * x[i]) * 0.3f;
  for (int i = 0; i < 16; ++i) s += parts[i];
  y[0] = s;
}""", (Buffer("x", "f32", 100_000, "in"), Buffer("y", "f32", 1, "out"), Scalar("n", "i32", 100_000)), (1, 1, 1), (1, 1, 1))


def test_a_long_sum_of_nearly_equal_terms_may_be_added_in_another_order() -> None:
    source, target, case = LONG_SUM
    assert verify(source, target, [case]).rung == "tested"


@pytest.mark.parametrize("old, new", [("0.3f", "0.302f"), ("y[0] = s", "y[0] = s + parts[0]"), ("x[i] * x[i]", "x[i]")])
def test_a_wrong_long_sum_is_rejected(old: str, new: str) -> None:
    source, target, case = LONG_SUM
    assert verify(source, edited(target, old, new), [case]).rung == "rejected"


def test_a_term_lost_from_a_long_sum_is_found_at_the_smaller_sizes() -> None:
    source, target, case = LONG_SUM
    small = dataclasses.replace(case, arguments=(Buffer("x", "f32", 17, "in"), case.argument("y"), Scalar("n", "i32", 17)), varied=True)
    assert verify(source, edited(target, "i < n; ++i) parts", "i < n - 1; ++i) parts"), [case, small]).rung == "rejected"


def test_a_term_lost_from_a_long_sum_is_found_where_sums_are_exact() -> None:
    source, target, case = (edited(LONG_SUM[0], "expf(-x[i] * x[i]) * 0.3f", "x[i]"), edited(LONG_SUM[1], "expf(-x[i] * x[i]) * 0.3f", "x[i]"), LONG_SUM[2])
    assert verify(source, target, [case]).rung == "tested"
    assert verify(source, edited(target, "i < n; ++i) parts", "i < n - 1; ++i) parts"), [case]).rung == "rejected"
