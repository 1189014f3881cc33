"""Kernels too large to run: some blocks, the iterations that belong to them, and an honest sentence about the rest."""

from __future__ import annotations

import dataclasses
import re

import pytest
from emulator.running import needs_gcc

from kernelglot.verify import sampling
from kernelglot.verify.again import again
from kernelglot.verify.cases import Buffer, Launch, Program, TestCase
from kernelglot.verify.sampling import restricted
from kernelglot.verify.verdict import verify

pytestmark = needs_gcc

ROWS, HEADS, WIDTH = 64, 6, 96
LAUNCH = Launch((ROWS, HEADS, 1), (32, 1, 1))
NAMES = ("q", "k", "out")
COUNT = ROWS * HEADS * 32
SOURCE = Program("cuda", f"""__global__ void rows(const float *q, const float *k, float *out) {{
  int row = blockIdx.x, head = blockIdx.y, t = threadIdx.x;
  float sum = 0.0f;
  for (int j = 0; j < {WIDTH}; ++j) sum += q[(head * {ROWS} + row) * 32 + j % 32] * k[(head * {WIDTH} + j) * 32 + t];
  out[(head * {ROWS} + row) * 32 + t] = sum;
}}""", "rows", LAUNCH, NAMES)
BODY = f"""for (int t = 0; t < 32; ++t) {{
        float sum = 0.0f;
        for (int j = {WIDTH} - 1; j >= 0; --j) sum += q[(head * {ROWS} + row) * 32 + j % 32] * k[(head * {WIDTH} + j) * 32 + t];
        out[(head * {ROWS} + row) * 32 + t] = sum;
      }}"""
NESTED = f"""void rows(const float *q, const float *k, float *out) {{
  for (int head = 0; head < {HEADS}; ++head)
    for (int row = 0; row < {ROWS}; ++row) {{
      {BODY}
    }}
}}"""
FLAT = f"""void rows(const float *q, const float *k, float *out) {{
  for (int unit = 0; unit < {ROWS * HEADS}; unit++) {{
    int head = unit / {ROWS}, row = unit % {ROWS};
    {BODY}
  }}
}}"""
OTHER_ORDER = f"""void rows(const float *q, const float *k, float *out) {{
  for (int row = 0; row < {ROWS}; ++row) for (int head = 0; head < {HEADS}; ++head) {{ {BODY} }}
}}"""
CASE = TestCase("rows", (Buffer("q", "f32", COUNT, "in"), Buffer("k", "f32", HEADS * WIDTH * 32, "in"), Buffer("out", "f32", COUNT, "out")),
                LAUNCH, "toml")


@pytest.fixture(autouse=True)
def everything_is_large(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setattr(sampling, "LARGE_THREADS", 1)
    monkeypatch.setattr(sampling, "FULL_S", -1.0)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


def program(text: str, dialect: str = "c") -> Program:
    return Program(dialect, text, "rows", Launch((1, 1, 1), (1, 1, 1)), NAMES)


@pytest.mark.parametrize("text", [NESTED, FLAT], ids=["nested", "flat"])
def test_some_blocks_and_the_iterations_that_belong_to_them(text: str) -> None:
    verdict = verify(SOURCE, program(text), [CASE])
    assert verdict.rung == "tested", (verdict.skipped, verdict.counterexample)
    assert verdict.evidence[0].startswith(f"a sample: 24 of {ROWS * HEADS} blocks, {24 * 32} of {COUNT:,} elements; 3 runs")
    assert verdict.skipped[0].startswith(f"the other {ROWS * HEADS - 24} blocks: running all") and verdict.runs == -24
    assert not any("the target wrote" in line for line in verdict.evidence)


@pytest.mark.parametrize("old, new", [
    ("--j) sum", "j -= 2) sum"), ("= sum", "= sum * 1.0001f"), (f"head * {WIDTH} + j", f"(head + 1) % {HEADS} * {WIDTH} + j")])
def test_a_mistake_in_every_block_is_found_by_a_sample(old: str, new: str) -> None:
    assert old in NESTED
    verdict = verify(SOURCE, program(NESTED.replace(old, new)), [CASE])
    found = verdict.counterexample
    assert verdict.rung == "rejected" and found and found.buffer == "out" and "of a sample" in found.sentence and 0 <= found.index < COUNT


def test_a_target_with_the_same_blocks_runs_the_same_ones() -> None:
    target = dataclasses.replace(SOURCE, dialect="hip")
    assert verify(SOURCE, target, [CASE]).evidence[0].startswith("a sample: 24 of 384 blocks, 768 of")
    wrong = dataclasses.replace(target, text=target.text.replace("+ t] = sum", "+ t] = sum + 1.0f"))
    assert verify(SOURCE, wrong, [CASE]).rung == "rejected"


def test_blocks_that_depend_on_each_other_are_not_sampled() -> None:
    """All heads add to one row: a part of them says nothing."""
    stored = f"out[(head * {ROWS} + row) * 32 + t] = sum"
    source = dataclasses.replace(SOURCE, text=SOURCE.text.replace(stored, "atomicAdd(&out[row * 32 + t], sum)"))
    target = program(NESTED.replace(stored, "out[row * 32 + t] += sum"))
    case = dataclasses.replace(CASE, arguments=(*CASE.arguments[:2], Buffer("out", "f32", ROWS * 32, "inout")))
    verdict = verify(source, target, [case])
    assert verdict.rung == "compiled" and "share results" in verdict.skipped[0]


def test_another_order_of_the_loops_covers_what_it_covers() -> None:
    verdict = verify(SOURCE, program(OTHER_ORDER), [CASE])
    uncovered = verdict.rung == "compiled" and "write different elements" in verdict.skipped[0]
    assert uncovered or any("the target wrote" in line for line in verdict.evidence)


def test_a_target_without_such_loops_is_not_sampled() -> None:
    text = (f"static void one(const float *q, const float *k, float *out, int head, int row) {{ {BODY} }}\n"
            f"void rows(const float *q, const float *k, float *out) {{ int u = 0; while (u < {ROWS * HEADS}) "
            f"{{ one(q, k, out, u / {ROWS}, u % {ROWS}); ++u; }} }}")
    verdict = verify(SOURCE, program(text), [CASE])
    assert verdict.rung == "compiled" and "no outer loop" in verdict.skipped[0]


@pytest.mark.parametrize("text, rung", [(NESTED, "tested"), (NESTED.replace("= sum;", "= sum + (head >= 0);"), "rejected")])
def test_a_sample_is_had_again(text: str, rung: str) -> None:
    verdict = verify(SOURCE, program(text), [CASE], keep=True)
    found = again(verdict.id)
    assert verdict.rung == rung and found.same and found.verdict.evidence == verdict.evidence


def test_a_quick_kernel_is_run_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "FULL_S", 60.0)
    assert not verify(SOURCE, program(NESTED), [CASE]).evidence[0].startswith("a sample")


# ---- texts

def test_the_outermost_loops_of_the_kernel_are_restricted_on_their_lines() -> None:
    text = restricted(NESTED, "rows")
    assert text is not None and text.count("\n") == NESTED.count("\n")
    assert text.count("if (kg_chosen(") == 1 and text.count("if (!kg_chosen(") == 1


@pytest.mark.parametrize("loop, test", [
    ("for (int i = 0; i < n; ++i) y[i] = 1;", " if (kg_chosen("),
    ("for (int i = 0; i + 16 <= n; i += 16) { y[i] = 1; }", "+ 16) * 1"),
    ("for (int unit = taskId; unit < 384; unit += taskDim) { y[unit] = 1; }", "+ 1) * 1"),
    ("for (size_t i = 0; i <= n; i++) { y[i] = 1; }", " + 1)"),
    ("for (const long long i = 0; i < (n + 3) / 4; i += 1) y[i] = 1;", "(n + 3) / 4"),
])
def test_loops_in_the_ways_they_are_written(loop: str, test: str) -> None:
    text = restricted(f"void f(float *y, int n) {{ /* for (int i = 0; i < n; ++i) */ {loop} }}", "f")
    assert text is not None and test in text and len(re.findall("kg_chosen", text)) == 1


@pytest.mark.parametrize("loop", [
    "for (;;) break;", "while (n) --n;", "for (int i = n - 1; i >= 0; --i) y[i] = 1;", "if (n) { for (int i = 0; i < n; ++i) y[i] = 1; }"])
def test_other_loops_stay_as_they_are(loop: str) -> None:
    assert restricted(f"void f(float *y, int n) {{ {loop} }}", "f") is None
