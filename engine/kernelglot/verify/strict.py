"""The strict run: both sides once more, with every access to memory looked at (runtime/shadow.c).

    kind           what it is                                                                                         found
    race           two threads touch the same bytes, one writes, and nothing orders them                              always
    out-of-bounds  outside of every buffer, or of every array in shared or on-chip memory                             always
    alignment      CUDA, HIP: an address that is no multiple of the size of its type                                  always
    async          bytes that an asynchronous copy still writes                                                       always
    capacity       more shared memory than a block has                                                                always
    uninitialised  bytes that nobody has written are read                                                             where results show it

A kernel may read what it does not use (padding of a vector, a discarded load), so reading unwritten bytes alone is no fault; when two
executions with other memory contents differ, the strict run says which read it was. Likewise plain reads beside atomics.

The builds go on while the results are compared. A strict run is evidence about the inputs it was given, not about all; a side for which it
could not be made (time, memory) is listed as not looked at.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from . import compare, strict_report, telling
from .build import BLOCKS, CALL, HOW, Build, Faulted, Module
from .cases import Fault, Launch, Program, TestCase, Verdict
from .emulate import WIDE_ACCESS, Execution, Job, Outcome, launches_of
from .launch_limits import memory_fault
from .looks import Results
from .trial import POISONS, SIDES, Trial
from .unset import unset_variable

if TYPE_CHECKING:
    import numpy

KINDS = ("race", "out-of-bounds", "alignment", "async", "capacity", "uninitialised", "inactive-lane", "scope")
CHECK, EXPLAIN = 1, 2               # Execution.strict
VAGUE = ("nondeterministic", "uninitialised")       # what an explanation is asked for
TIMEOUT_S, BUDGET_S = 10.0, 2.0
MOST_ATTEMPTS = 4
SLOWER = 20                         # how much longer a strict run takes
FEWEST_BLOCKS = 4
_SHARING = re.compile(r"__shared__|__mlu_shared__|HIP_DYNAMIC_SHARED|__syncthreads|__syncwarp|barrier|\bsync\s*\(|__sync_(?:all|cluster)")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One execution that is to be looked at: a case and what its buffers hold. Of the blocks ``share`` is run, spread over the grid."""

    case: int
    arrays: Mapping[str, numpy.ndarray]
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Finding:
    """What a strict run of one side says. ``attempt``: in which attempt ``fault`` happened; ``missing``: why nothing can be said."""

    fault: Fault | None = None
    attempt: int = 0
    done: int = 0
    missing: str = ""
    results: Sequence[Results] = ()


class Strict:
    """Strict builds of both sides, begun here, so that they go on while other things are done."""

    def __init__(self, programs: Sequence[Program], cases: Sequence[TestCase], launches: Sequence[Sequence[Launch] | None],
                 stack: ExitStack) -> None:
        self._programs, self._cases, self._launches, self._stack = programs, cases, launches, stack
        numbers = [number for number, program in enumerate(programs) if _worth_watching(program, self._of(number))]
        self._builds = {number: self._begin(number) for number in numbers}
        self._modules: dict[int, Module | str] = {}

    def begin(self, side: int, attempts: Sequence[Attempt], level: int = CHECK) -> Callable[[], Finding]:
        """Begins a strict run of one side (0 the source, 1 the target), which ends at the first fault. Call what comes back once."""
        module = self._module(side)
        if isinstance(module, str):
            return partial(Finding, missing=module)
        full = self._capacity(module, side)
        if full is not None:
            return partial(Finding, full)
        executions = [Execution(attempt.case, attempt.arrays, strict=level, blocks=self._blocks(side, attempt)) for attempt in attempts]
        job = self._stack.enter_context(Job(module, self._cases, executions, SIDES[side], TIMEOUT_S, BUDGET_S, self._launches[side]))
        return lambda: _finding(job.wait())

    @property
    def sides(self) -> tuple[int, ...]:
        """The sides that are checked where nothing went wrong."""
        return tuple(self._builds)

    def _blocks(self, side: int, attempt: Attempt) -> tuple[int, int, int, int] | None:
        """(first, stride, how many, of how many), where not all are run."""
        blocks = math.prod(self._of(side)[attempt.case].grid)
        count = max(FEWEST_BLOCKS, int(blocks * attempt.share))
        return None if HOW[self._programs[side].dialect] != BLOCKS or count >= blocks else (0, blocks // count, count, blocks)

    def _of(self, side: int) -> Sequence[Launch]:
        return self._launches[side] or launches_of(self._programs[side], self._cases, SIDES[side])

    def _begin(self, side: int) -> Build:
        return self._stack.enter_context(Build(self._programs[side], self._cases, SIDES[side], strict=True))

    def _module(self, side: int) -> Module | str:
        if side not in self._modules:
            if HOW[self._programs[side].dialect] == CALL and "omp" in self._programs[side].text:
                return "OpenMP threads are not followed"
            try:
                self._modules[side] = (self._builds.get(side) or self._begin(side)).wait()
            except Faulted as faulted:
                self._modules[side] = f"its strict build failed: {faulted.fault.sentence}"
        return self._modules[side]

    def _capacity(self, module: Module, side: int) -> Fault | None:
        if HOW[module.unit.program.dialect] == CALL:
            return None
        static = strict_report.shared_bytes(strict_report.arrays_of(module))
        faults = (memory_fault(module.unit.program, launch, static, SIDES[side]) for launch in self._of(side))
        return next((fault for fault in faults if fault is not None), None)


def _worth_watching(program: Program, launches: Sequence[Launch]) -> bool:
    """Threads or tasks that share on-chip memory or wait for each other, and accesses that must be aligned. Of threads that never wait each
    pair was run in both orders, so what a race does to results has been seen."""
    if HOW[program.dialect] == CALL or all(max(*launch.grid, *launch.block) == 1 for launch in launches):
        return False
    aligned = HOW[program.dialect] == BLOCKS and WIDE_ACCESS.search(program.text)
    return bool(aligned or _SHARING.search(program.text))


def _finding(outcome: Outcome) -> Finding:
    done, fault = len(outcome.results), outcome.fault
    if fault is None and outcome.watched:
        return Finding(done=done, results=outcome.results)
    if fault is None:
        return Finding(done=done, missing="its buffers are too large to keep books of every byte")
    if fault.kind in KINDS:
        return Finding(fault, done, done)
    if fault.kind == "timeout" and done:
        return Finding(done=done)
    return Finding(done=done, missing=f"the strict run ended early: {fault.sentence}")


# ---- what it means for a verdict ------------------------------------------------------------------------------------------------

def strictly(verdict: Verdict, trial: Trial, strict: Strict) -> Verdict:
    """The stage after a trial. A good verdict stands or falls with what strict runs find; a vague fault gets its cause; a wrong result gets
    what a strict run of the target has to say about it."""
    start = time.monotonic()
    if verdict.rung == "tested":
        verdict = _checked(verdict, trial, strict)
    elif verdict.fault is not None and verdict.fault.kind in VAGUE:
        verdict = _explained(verdict, trial, strict)
    elif verdict.counterexample is not None and verdict.fault is None and 1 in strict.sides:
        number = next(number for number, run in enumerate(trial.runs) if run.case == verdict.counterexample.case_index)
        found = strict.begin(1, [Attempt(trial.runs[number].case, trial.arrays[number], _share(verdict, trial))])().fault
        if found is not None:
            hint = f"what may be the cause ({found.kind}, in the target): {found.sentence}"
            verdict = replace(verdict, evidence=(*verdict.evidence, hint))
    return replace(verdict, seconds={**verdict.seconds, "strict": round(time.monotonic() - start, 4)})


def _checked(verdict: Verdict, trial: Trial, strict: Strict) -> Verdict:
    numbers = sorted(_one_a_case(trial), key=lambda number: _work(trial.cases[trial.runs[number].case]))
    share = _share(verdict, trial)
    attempts = [Attempt(trial.runs[number].case, trial.arrays[number], share) for number in numbers]
    waiting = [strict.begin(side, attempts) for side in strict.sides]
    told = []
    for side, wait in zip(strict.sides, waiting):
        found = wait()
        if share == 1.0 and found.fault is None:
            found = _with_filled_locals(found, side, numbers, trial)
        run = trial.runs[numbers[min(found.attempt, len(numbers) - 1)]]
        if found.fault is not None and not (side == 0 and run.droppable):
            return telling.of_fault(found.fault, trial.cases, run, verdict.seconds)
        if found.fault is not None:
            found = replace(found, missing=f"at sizes of our own choice the source itself is suspect ({found.fault.sentence})")
        told.append(found)
        if found.fault is not None:
            break
    return _confirmed(verdict, told, [trial.cases[trial.runs[number].case].sizes for number in numbers], share)


def _with_filled_locals(found: Finding, side: int, numbers: Sequence[int], trial: Trial) -> Finding:
    """In a strict build local variables start with a pattern: where its results are others, one is used that has no value."""
    for attempt, (number, results) in enumerate(zip(numbers, found.results)):
        run, place = trial.runs[number], next(place for place, step in enumerate(trial.steps) if step.run == number)
        usual = trial.sides[side].results[place]
        differs = compare.same_bits(trial.cases[run.case], usual, results, (POISONS[0], POISONS[0]))
        if differs is None or not isinstance(trial.looks.at(run, trial.arrays[number], usual, results), compare.Difference):
            continue
        sentence = f"`{differs[0]}[{differs[1]}]` depends on a local variable that has no value"
        cause = _unset(trial, side)
        fault = replace(cause, sentence=f"{cause.sentence}; {sentence}") if cause else Fault("uninitialised", sentence, 0, SIDES[side])
        return replace(found, fault=fault, attempt=attempt)
    return found


def _share(verdict: Verdict, trial: Trial) -> float:
    """The part of the blocks for which there is time, going by how long the trial took."""
    seconds = SLOWER * verdict.seconds.get("run", 0.0) / max(1, len(trial.steps))
    return BUDGET_S / seconds if seconds > BUDGET_S else 1.0


def _work(case: TestCase) -> int:
    return sum(buffer.elements for buffer in case.buffers) + math.prod((*case.launch.grid, *case.launch.block))


def _one_a_case(trial: Trial) -> list[int]:
    """The first run of each case that counts, the file's own sizes first."""
    first: dict[int, int] = {}
    for number in trial.counted():
        first.setdefault(trial.runs[number].case, number)
    return list(first.values())[:MOST_ATTEMPTS]


def _explained(verdict: Verdict, trial: Trial, strict: Strict) -> Verdict:
    """The read of unwritten memory, or the two threads that race, in place of "it differs"."""
    for number, side in enumerate(trial.sides):
        if side.fault is None or side.fault.kind not in VAGUE or side.run is None:
            continue
        attempt = Attempt(side.run.case, trial.arrays[trial.runs.index(side.run)])
        found = strict.begin(number, [attempt], CHECK)().fault or strict.begin(number, [attempt], EXPLAIN)().fault
        found = found or _unset(trial, number)
        if found is not None:
            cause = replace(found, sentence=f"{found.sentence}; {side.fault.sentence}")
            return telling.of_fault(cause, trial.cases, side.run, verdict.seconds)
    return verdict


def _unset(trial: Trial, side: int) -> Fault | None:
    """A local variable without a value, which no strict run sees: it may never have been in memory."""
    unset = unset_variable(trial.modules[side])
    return unset and Fault("uninitialised", f"uses `{unset[0]}` before it has a value (line {unset[1]})", unset[1], SIDES[side])


def _confirmed(verdict: Verdict, told: Sequence[Finding], sizes: Sequence[str], share: float) -> Verdict:
    skipped = tuple(entry for entry in verdict.skipped if not entry.startswith("races:"))
    if not told:
        left = ("races that no order of threads showed in a result",)
        return verdict if skipped == verdict.skipped else replace(verdict, skipped=(*skipped, *left))
    missing = [f"races: {finding.missing}" for finding in told if finding.missing]
    done = min(finding.done for finding in told)
    if not done or missing:
        return replace(verdict, skipped=(*skipped, *(missing or ["races: the time for testing was used up"])))
    part = "" if share == 1.0 else ", a part of the blocks"
    watched = f"{' / '.join(sizes[:done])}{part}"
    evidence = (f"{telling.count(done, 'run')} with every access to memory watched ({watched}): no two threads use the same bytes without "
                "order between them, and no access is misaligned or outside of its array")
    return replace(verdict, evidence=(*verdict.evidence, evidence), skipped=(*skipped, "races that only other inputs show"))


__all__ = ["CHECK", "EXPLAIN", "KINDS", "Attempt", "Finding", "Strict", "strictly"]
