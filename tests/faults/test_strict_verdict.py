"""What strict runs change in a verdict: races are found where results agree, vague faults get their cause, and what was checked is said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from emulator.running import needs_gcc

from kernelglot.verify import strict
from kernelglot.verify.cases import Buffer, Launch, Program, Scalar, TestCase
from kernelglot.verify.verdict import verify

pytestmark = needs_gcc

LAUNCH = Launch((2, 1, 1), (64, 1, 1))
SUM = """__global__ void sum(const float *x, float *y, int n) {
  __shared__ float s[64];
  int t = threadIdx.x, i = blockIdx.x * 64 + t;
  s[t] = i < n ? x[i] : 0.0f;
  __syncthreads();
  for (int k = 32; k > 0; k >>= 1) {
    if (t < k) s[t] += s[t + k];
    __syncthreads();
  }
  if (t == 0) y[blockIdx.x] = s[0];
}"""
IN_C = """void sum(const float *x, float *y, int n) {
  for (int b = 0; b < 2; ++b) {
    float s = 0;
    for (int i = b * 64; i < b * 64 + 64 && i < n; ++i) s += x[i];
    y[b] = s;
  }
}"""
CASE = TestCase("sum", (Buffer("x", "f32", 128, "in"), Buffer("y", "f32", 2, "out"), Scalar("n", "i32", 128)), LAUNCH, "toml")
CUDA, C = Program("cuda", SUM, "sum", LAUNCH, ("x", "y", "n")), Program("c", IN_C, "sum", LAUNCH, ("x", "y", "n"))


def edited(program: Program, old: str, new: str) -> Program:
    assert old in program.text
    return replace(program, text=program.text.replace(old, new))


def test_a_good_verdict_says_what_was_watched() -> None:
    verdict = verify(CUDA, C, [CASE])
    assert verdict.rung == "tested" and "strict" in verdict.seconds
    assert any("every access to memory watched" in sentence for sentence in verdict.evidence)
    assert not any(sentence.startswith("races:") for sentence in verdict.skipped)


def test_a_race_that_no_result_shows_is_found() -> None:
    """Every thread writes what thread 0 then reads, so that the results are the same in every order of a serial run."""
    harmless = edited(CUDA, "if (t == 0) y[blockIdx.x] = s[0];", "s[63] = s[0] - s[0] + t % 2; if (t == 0) y[blockIdx.x] = s[0];")
    verdict = verify(harmless, C, [CASE])
    assert verdict.rung == "rejected" and verdict.fault and (verdict.fault.kind, verdict.fault.side) == ("race", "source")
    assert verdict.fault.sentence.startswith("the source kernel itself is suspect: thread (") and "element 63 of `s`" in verdict.fault.sentence
    assert verdict.fault.line == 10 and verdict.counterexample is None
    verdict = verify(CUDA, harmless, [CASE])
    assert verdict.rung == "rejected" and verdict.fault and (verdict.fault.kind, verdict.fault.side) == ("race", "target")
    assert verdict.counterexample and verdict.counterexample.got == "race"


def test_a_dropped_barrier_is_named_with_both_lines() -> None:
    broken = edited(CUDA, "    __syncthreads();\n  }", "  }")
    verdict = verify(CUDA, broken, [CASE])
    assert verdict.rung == "rejected" and verdict.fault and verdict.fault.kind == "race" and verdict.fault.line == 7
    assert "in line 7" in verdict.fault.sentence and "`s`" in verdict.fault.sentence


def test_memory_that_was_never_written_is_named() -> None:
    broken = edited(CUDA, "i < n ? x[i] : 0.0f;", "x[i];")
    broken = edited(broken, "  s[t] =", "  if (t != 9) s[t] =")
    verdict = verify(broken, C, [CASE])
    assert verdict.fault and (verdict.fault.kind, verdict.fault.line, verdict.fault.side) == ("uninitialised", 7, "source")
    assert "element 9 of `s`, which was never written" in verdict.fault.sentence and "thread (9, 0, 0)" in verdict.fault.sentence


def test_unwritten_memory_whose_value_does_not_matter_is_no_fault() -> None:
    padded = edited(CUDA, "float s[64]", "float s[128]")
    padded = edited(padded, "if (t < k) s[t] += s[t + k];", "float other = s[t + k]; __syncthreads(); if (t < k) s[t] += other;")
    assert verify(padded, C, [CASE]).rung == "tested"


def test_an_impossible_launch_is_the_fault_of_its_side() -> None:
    large = replace(CASE, launch=replace(LAUNCH, block=(2048, 1, 1)))
    verdict = verify(CUDA, C, [large])
    assert verdict.fault and (verdict.fault.kind, verdict.fault.side, verdict.fault.line) == ("launch", "source", 1)
    verdict = verify(CUDA, edited(CUDA, "void sum", "void __launch_bounds__(32) sum"), [CASE])
    assert verdict.fault and (verdict.fault.kind, verdict.fault.side) == ("launch", "target") and "at most 32" in verdict.fault.sentence


def test_too_much_shared_memory_is_a_fault() -> None:
    full = edited(CUDA, "float s[64]", "float s[64], more[12288]")
    full = edited(full, "  s[t] = i < n ? x[i] : 0.0f;", "  more[t] = 0; __syncthreads(); s[t] = (i < n ? x[i] : 0.0f) + more[63 - t];")
    verdict = verify(CUDA, full, [CASE])
    assert verdict.fault and (verdict.fault.kind, verdict.fault.side) == ("capacity", "target")
    assert "49,408 bytes of shared memory; a block has 49,152 on sm_80" in verdict.fault.sentence


def test_of_a_large_launch_a_part_of_the_blocks_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strict, "BUDGET_S", 1e-6)
    many = replace(CASE, launch=replace(LAUNCH, grid=(40, 1, 1)),
                   arguments=(Buffer("x", "f32", 2560, "in"), Buffer("y", "f32", 40, "out"), Scalar("n", "i32", 2560)))
    verdict = verify(CUDA, edited(C, "b < 2", "b < 40"), [many])
    assert verdict.rung == "tested" and any("every access to memory watched (n=2560, a part of the blocks)" in each for each in verdict.evidence)
    racing = edited(CUDA, "if (t == 0) y[blockIdx.x] = s[0];", "s[63] = t % 2; if (t == 0) y[blockIdx.x] = s[0];")
    verdict = verify(CUDA, racing, [many], target_launches=[many.launch])
    assert verdict.fault and (verdict.fault.kind, verdict.fault.line) == ("race", 10)


def test_a_local_variable_without_a_value_is_named() -> None:
    broken = edited(CUDA, "int t = threadIdx.x, i", "float rest; int t = threadIdx.x, i")
    broken = edited(broken, "if (t == 0) y[blockIdx.x] = s[0];", "rest += s[0]; if (t == 0) y[blockIdx.x] = rest;")
    fault = verify(broken, C, [CASE]).fault
    assert fault and (fault.kind, fault.side, fault.line) == ("uninitialised", "source", 10)
    assert "uses `rest` before it has a value (line 10)" in fault.sentence


def test_a_wrong_result_comes_with_the_race_behind_it() -> None:
    broken = edited(CUDA, "    __syncthreads();\n  }", "  }")
    doubled = edited(broken, "y[blockIdx.x] = s[0]", "y[blockIdx.x] = 2 * x[blockIdx.x]")
    verdict = verify(CUDA, doubled, [CASE])
    assert verdict.counterexample and verdict.counterexample.buffer == "y" and any("(race, in the target)" in each for each in verdict.evidence)
