"""NaN, infinities, hidden state, orders of threads, alignment, sizes that a source is not made for: each told from a mistake, or found as one."""

from __future__ import annotations

import dataclasses

import pytest
from emulator.running import needs_gcc

from kernelglot.verify import inputs
from kernelglot.verify.cases import Buffer, Launch, Program, Scalar, TestCase
from kernelglot.verify.plan import LIGHT, RICH, Run, lightest, plan
from kernelglot.verify.special import explained
from kernelglot.verify.toolchain import has_avx512_vnni
from kernelglot.verify.trial import steps_of
from kernelglot.verify.verdict import verify

pytestmark = needs_gcc

LAUNCH, ONE = Launch((4, 1, 1), (64, 1, 1)), Launch((1, 1, 1), (1, 1, 1))
N = 208
NAMES = ("x", "y", "n")


def case_of(n: int = N, **changes: object) -> TestCase:
    arguments = (Buffer("x", "f32", n, "in"), Buffer("y", "f32", n, "out"), Scalar("n", "i32", n))
    return dataclasses.replace(TestCase("k", arguments, Launch((max(1, -(-n // 64)), 1, 1), (64, 1, 1)), "toml"), **changes)  # type: ignore[arg-type]


def cuda(statement: str, before: str = "") -> Program:
    text = f"{before}__global__ void k(const float *x, float *y, int n) {{ int i = blockIdx.x * blockDim.x + threadIdx.x; if (i < n) {{ {statement} }} }}"
    return Program("cuda", text, "k", LAUNCH, NAMES)


def plain(statement: str, dialect: str = "c", head: str = "#include <math.h>\n") -> Program:
    return Program(dialect, f"{head}void k(const float *x, float *y, int n) {{ for (int i = 0; i < n; ++i) {{ {statement} }} }}", "k", ONE, NAMES, language="c")


# ---- special numbers

@pytest.mark.parametrize("target, value_class", [
    ("y[i] = x[i] > 0.0f ? x[i] : 0.0f * x[i];", "nan"), ("y[i] = !(x[i] <= 0.0f) ? x[i] : 0.0f;", "nan"),
    ("y[i] = x[i] > 3.0e38f ? 3.0e38f : fmaxf(x[i], 0.0f);", "infinity"), ("y[i] = x[i] > 1e-37f ? x[i] : 0.0f;", "denormal"),
])
def test_a_target_that_is_wrong_for_special_numbers_alone_is_rejected(target: str, value_class: str) -> None:
    verdict = verify(cuda("y[i] = fmaxf(x[i], 0.0f);"), plain(target), [case_of()])
    assert verdict.rung == "rejected" and verdict.counterexample and verdict.counterexample.value_class == value_class
    assert verify(cuda("y[i] = fmaxf(x[i], 0.0f);"), plain("y[i] = x[i] > 0.0f ? x[i] : 0.0f;"), [case_of()]).rung != "rejected"


def test_the_sign_of_zero_is_seen_where_something_is_made_of_it() -> None:
    verdict = verify(cuda("y[i] = copysignf(1.0f, x[i]);"), plain("y[i] = x[i] < 0.0f ? -1.0f : 1.0f;"), [case_of()])
    assert verdict.counterexample and verdict.counterexample.value_class == "zeros"


def test_what_the_dialect_s_documents_explain_is_stated() -> None:
    vector = """#include <immintrin.h>
void k(const float *x, float *y, int n) { for (int i = 0; i + 16 <= n; i += 16)
  _mm512_storeu_ps(y + i, _mm512_max_ps(_mm512_set1_ps(0.0f), _mm512_loadu_ps(x + i))); }"""
    target = Program("vnni", vector, "k", ONE, NAMES, "" if has_avx512_vnni() else "semantic", language="c")
    verdict = verify(cuda("y[i] = fmaxf(x[i], 0.0f);"), target, [case_of()])
    assert verdict.rung in ("tested", "exact"), (verdict.counterexample, verdict.fault)
    assert any(line.startswith("differs for inputs with NaN: MAXPS and MINPS give their second operand") for line in verdict.skipped)
    wrong = dataclasses.replace(target, text=vector.replace("set1_ps(0.0f)", "set1_ps(0.5f)"))
    assert verify(cuda("y[i] = fmaxf(x[i], 0.0f);"), wrong, [case_of()]).rung == "rejected"


def test_only_documents_explain() -> None:
    target = plain("y[i] = x[i];")
    assert explained(target, "nan", "f32") == "" and explained(target, "infinity", "f32") == ""
    assert "undefined" in explained(target, "nan", "i8") and explained(target, "denormal", "i8") == ""
    bang = Program("bang", "__bang_maxequal(a, b, c, 64);", "k", ONE, NAMES)
    assert "first operand" in explained(bang, "nan", "f32") and explained(bang, "infinity", "f32") == ""


def test_a_source_that_is_not_made_for_nan_is_not_accused() -> None:
    """An index made of a float: NaN leads out of the table, in the source as in the target."""
    table = "y[i] = x[(int)(fabsf(x[i]) * 0.0f)];"
    verdict = verify(cuda(table), plain(table), [case_of()])
    assert verdict.rung in ("tested", "exact"), (verdict.fault, verdict.counterexample)
    assert any("inputs with NaN: with these inputs the source misbehaves" in line and "the target fails as well" in line for line in verdict.skipped)


# ---- what a result must not depend on

def test_a_target_that_keeps_something_between_launches_is_found() -> None:
    target = plain("y[i] = 2.0f * x[i] + (calls > 1);", head="static int calls;\n")
    target = dataclasses.replace(target, text=target.text.replace("{ for", "{ ++calls; for"))
    verdict = verify(cuda("y[i] = 2.0f * x[i];"), target, [case_of()])
    assert verdict.rung == "rejected" and verdict.fault and verdict.fault.kind == "nondeterministic" and "keeps something" in verdict.fault.sentence


def test_a_source_that_keeps_something_is_told_not_accused() -> None:
    source = cuda("y[i] = 2.0f * x[i]; if (i == 5) y[i] += ++calls;", "__device__ int calls;\n")
    target = plain("y[i] = 2.0f * x[i] + (i == 5);")
    verdict = verify(source, target, [case_of()])
    assert verdict.rung in ("tested", "exact"), (verdict.fault, verdict.counterexample)
    assert any("keeps something from one launch to the next" in line for line in verdict.skipped)


def test_an_order_that_is_neither_forward_nor_backward_is_tried() -> None:
    """Forward and backward agree here: thread 32 is neither first nor last."""
    source = cuda("if (threadIdx.x == 0 || threadIdx.x == 63) seen = 0; else if (threadIdx.x == 32) seen = 1; y[i] = 2.0f * x[i];",
                  "__device__ int seen;\n")
    target = dataclasses.replace(source, dialect="hip", text=source.text.replace("y[i] = 2.0f * x[i];",
                                 "y[i] = 2.0f * x[i] + (threadIdx.x == 40 && n == 207 ? seen : 0);"))
    assert verify(source, target, [case_of()]).rung != "rejected"
    steps = steps_of(plan([case_of()], (7, 8, 9)), [{} for _ in plan([case_of()], (7, 8, 9))])
    shuffled = [step.execution for step in steps if step.variation == "order"]
    assert [each.order for each in shuffled] == [8] and steps[-5].variation == "again"


# ---- addresses

def test_buffers_need_no_more_alignment_than_the_text_asks_for() -> None:
    if not has_avx512_vnni():
        pytest.skip("needs AVX-512: the emulated instructions do not ask for alignment")
    text = """#include <immintrin.h>
void k(const float *x, float *y, int n) { for (int i = 0; i + 16 <= n; i += 16) _mm512_storeu_ps(y + i, _mm512_loadu_ps(x + i)); }"""
    loose = Program("vnni", text, "k", ONE, NAMES, language="c")
    aligned = dataclasses.replace(loose, text=text.replace("storeu", "store").replace("loadu", "load"))
    case = dataclasses.replace(case_of(), arguments=(Buffer("x", "f32", N + 3, "in"), Buffer("y", "f32", N + 3, "out"), Scalar("n", "i32", N)))
    first, second = (verify(cuda("y[i] = x[i];"), target, [case]) for target in (loose, aligned))
    assert first.rung in ("tested", "exact") and not any("aligned" in line for line in first.skipped)
    assert second.rung in ("tested", "exact") and any("aligned to 64 bytes" in line for line in second.skipped)


# ---- sizes

def test_sizes_that_the_source_is_not_made_for_cost_only_themselves() -> None:
    """Whole blocks only: 100 leads out of the buffers, 64 and 128 do not, and a mistake at 128 is found all the same."""
    source = Program("cuda", "__global__ void k(const float *x, float *y, int n) { int i = blockIdx.x * 64 + threadIdx.x; y[i] = 2.0f * x[i]; }",
                     "k", LAUNCH, NAMES)
    cases = [case_of(256), *(case_of(n, varied=True) for n in (100, 64, 128))]
    verdict = verify(source, plain("y[i] = 2.0f * x[i];"), cases)
    assert verdict.rung in ("tested", "exact"), verdict
    assert any(line.startswith("n=100: at these sizes of our own choice the source misbehaves") for line in verdict.skipped)
    assert "n=256 / n=64 / n=128" in verdict.evidence[0]
    wrong = verify(source, plain("y[i] = 2.0f * x[i] + (n == 128);"), cases)
    assert wrong.counterexample and wrong.counterexample.case_index == 3


# ---- the plan

def test_every_class_is_run_and_what_is_ours_comes_droppable() -> None:
    cases = [case_of(4000), case_of(600, varied=True), case_of(1, varied=True), case_of(65, varied=True)]
    runs = plan(cases)
    assert {run.value_class for run in runs} == set(inputs.CLASSES) and {run.seed for run in runs} == {1, 2, 3}
    assert all(run.droppable == (run.case > 0 or run.value_class in inputs.SPECIAL) for run in runs)
    assert [run.case for run in runs if run.value_class in LIGHT] == [3] * len(LIGHT)          # the least work that is not trivial
    assert [run.value_class for run in runs if run.case == 2] == ["normal", "integers"]
    assert lightest([case_of(20), case_of(RICH, varied=True)]) == 0                             # as light itself
    assert Run(1, "nan", 1).group == (1, "nan") and Run(1, "normal", 1).group == (1, "")


def test_whole_numbers_have_no_nan() -> None:
    case = TestCase("k", (Buffer("x", "i8", 40, "in"), Buffer("y", "i32", 40, "out")), LAUNCH, "toml")
    assert not any(run.value_class in inputs.SPECIAL for run in plan([case]))


def test_large_buffers_are_moved_only_a_few_times() -> None:
    runs = plan([case_of(1 << 25), case_of(600, varied=True)])
    assert [run.value_class for run in runs if run.case == 0] == ["normal", "integers"]
    assert {run.value_class for run in runs if run.case == 1} >= set(LIGHT)
