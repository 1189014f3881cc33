"""Both sides run as planned: what they did on the way (faults, results that depend on what they must not depend on), and their results.

Each side runs in one process. Where it fails in a run that is droppable (sizes or inputs of our own making), the runs of that group no
longer count and the rest goes on in another process; then the target may fail there as well. All else that goes wrong ends the trial.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from . import compare, inputs
from .cases import Fault, Launch, TestCase, is_float
from .emulate import Execution, Job, Module, Outcome
from .looks import Looks, Results
from .plan import Run

POISONS = (0xFF, 0x3B)              # as in runtime/runner.c
MOST_RESTARTS = 8
SPECIAL_S = 2.0                     # for all runs on NaN, infinities and their like together
SIDES = ("source", "target")


@dataclass(frozen=True, slots=True)
class Step:
    """An execution that is planned, for which run (its index), and what is different from that run's first execution."""

    execution: Execution
    run: int
    variation: str = ""             # "memory", "order", "again"


@dataclass(slots=True)
class Side:
    """What came of one side. ``results``: by step; ``dropped``: why groups of runs do not count; ``fault``: what ended it, in which run."""

    results: dict[int, Results] = field(default_factory=dict)
    dropped: dict[tuple[int, str], Fault] = field(default_factory=dict)
    fault: Fault | None = None
    run: Run | None = None
    state: str = ""                 # a sentence where it keeps something from one launch to the next


def steps_of(runs: Sequence[Run], arrays: Sequence[Results]) -> list[Step]:
    """Executions in the order in which they are done. The first run has two more: in a shuffled order of threads and, after all that is not
    droppable, once more in memory that was left as it is."""
    steps: list[Step] = []
    last = max((number for number, run in enumerate(runs) if not run.droppable), default=0)
    for number, (run, contents) in enumerate(zip(runs, arrays)):
        steps.append(Step(Execution(run.case, contents), number))
        if run.twice:
            steps.append(Step(Execution(run.case, contents, second=True), number, "memory"))
        if number == 0:
            steps.append(Step(Execution(run.case, contents, order=run.seed % 1_000_003 + 1), 0, "order"))
        if number == last and number:
            steps.append(Step(Execution(runs[0].case, arrays[0], keep=True), 0, "again"))
    return steps


class Trial:
    """One call of ``verify`` after both sides were built. ``follow`` first; then ``compared`` pairs of results can be looked at."""

    def __init__(self, modules: Sequence[Module], cases: Sequence[TestCase], runs: Sequence[Run],
                 launches: Sequence[Sequence[Launch] | None], operations: int | None, timeout_s: float, budget_s: float,
                 stack: ExitStack) -> None:
        self.modules, self.cases, self.runs, self._launches = modules, cases, list(runs), launches
        self._timeout_s, self._budget_s, self._stack = timeout_s, budget_s, stack
        self.arrays = [inputs.make(cases[run.case], run.value_class, run.seed) for run in runs]
        self.steps = steps_of(self.runs, self.arrays)
        self.looks = Looks(modules, cases, operations, self.execute)
        self._atomic = [bool(re.search(r"atomic\w*\(|omp\b[^\n]*(?:atomic|reduction|critical)", module.unit.program.text, re.IGNORECASE))
                        for module in modules]
        self.sides = (Side(), Side())

    # ---- running

    def follow(self) -> None:
        """Runs both sides at once; ``sides`` then says what came of them. Special inputs come last and for a short time: a loop that halves
        a number until it is small never ends with an infinite one."""
        special = [place for place, step in enumerate(self.steps) if self.runs[step.run].value_class in inputs.SPECIAL]
        usual = [place for place in range(len(self.steps)) if place not in special]
        for places, timeout_s in ((usual, self._timeout_s), (special, min(self._timeout_s, SPECIAL_S))):
            jobs = [self._job(side, [self.steps[place].execution for place in places], timeout_s) for side in (0, 1)] if places else []
            for number, job in enumerate(jobs):
                self._follow(number, job, places)
                if self.sides[number].fault is not None:
                    return
        for number, side in enumerate(self.sides):
            self._look_for_instability(number)
            if side.fault is not None:
                return

    def fitting(self) -> list[int]:
        """The numbers of the cases of which no run was dropped."""
        dropped = {case for side in self.sides for case, value_class in side.dropped if not value_class}
        return [number for number in range(len(self.cases)) if number not in dropped]

    def execute(self, side: int, executions: Sequence[Execution]) -> Sequence[Results]:
        """Further executions of a side; the results of those that were done."""
        return self._job(side, executions).wait().results

    def _job(self, side: int, executions: Sequence[Execution], timeout_s: float | None = None) -> Job:
        return self._stack.enter_context(Job(self.modules[side], self.cases, executions, SIDES[side], timeout_s or self._timeout_s,
                                             self._budget_s, self._launches[side]))

    def _follow(self, number: int, job: Job, places: Sequence[int]) -> None:
        side, waiting = self.sides[number], list(places)
        for _ in range(MOST_RESTARTS):
            outcome = job.wait()
            side.results |= dict(zip(waiting, outcome.results))
            failed = self._failed(outcome, waiting)
            if failed is None or outcome.fault is None:
                break
            run = self.runs[self.steps[failed].run]
            hurried = outcome.fault.kind == "timeout" and run.value_class in inputs.SPECIAL
            excused = run.droppable and (number == 0 or hurried or _is_dropped(run, self.sides[0]))
            if not excused:
                side.fault, side.run = outcome.fault, run
                break
            side.dropped[run.group] = outcome.fault
            waiting = [step for step in waiting if step > failed and not _is_dropped(self.runs[self.steps[step].run], side)]
            if not waiting or outcome.fault.kind == "timeout":
                break
            job = self._job(number, [self.steps[step].execution for step in waiting])

    def _failed(self, outcome: Outcome, waiting: Sequence[int]) -> int | None:
        return waiting[max(outcome.report.started, 1) - 1] if outcome.fault is not None else None

    # ---- what a result must not depend on

    def _look_for_instability(self, number: int) -> None:
        side = self.sides[number]
        first = {step.run: place for place, step in reversed(list(enumerate(self.steps)))}
        for place, step in enumerate(self.steps):
            run = self.runs[step.run]
            if not step.variation or place not in side.results or first[step.run] not in side.results or _is_dropped(run, side):
                continue
            differs = compare.same_bits(self.cases[run.case], side.results[first[step.run]], side.results[place],
                                        POISONS if step.variation == "memory" else (POISONS[0], POISONS[0]))
            if differs is None or self._only_rounding(number, step, side.results[first[step.run]], side.results[place]):
                continue
            if step.variation == "again" and (number == 0 or self.sides[0].state):
                element = f"`{differs[0]}[{differs[1]}]`"
                side.state = f"the {SIDES[number]} keeps something from one launch to the next: {element} is different then"
                continue
            side.fault, side.run = Fault("nondeterministic", _differing(step.variation, *differs), 0, SIDES[number]), run
            return
        if number == 0:
            self._look_for_results()

    def _look_for_results(self) -> None:
        """A source that writes nothing at all: everything would agree with it."""
        side, case = self.sides[0], self.cases[0]
        if 0 not in side.results:
            return
        untouched = [buffer.name for buffer in case.results if buffer.role == "out" and buffer.elements and is_float(buffer.dtype)
                     and bool(compare.unwritten(side.results[0][buffer.name]).all())]
        if untouched and len(untouched) == len(case.results):
            side.fault, side.run = Fault("uninitialised", f"`{untouched[0]}` is never written", 0, SIDES[0]), self.runs[0]

    def _only_rounding(self, number: int, step: Step, first: Results, second: Results) -> bool:
        """Whether two results of atomics differ by no more than the order of their sums explains."""
        if not self._atomic[number]:
            return False
        run = replace(self.runs[step.run], value_class="normal")
        if isinstance(self.looks.at(run, step.execution.arrays, first, second), compare.Agreement):
            return True
        orders = (Execution(run.case, step.execution.arrays), step.execution)       # each rounds other partial sums
        ends = self.execute(number, [replace(each, rounding=way) for each in orders for way in (1, -1)])
        return len(ends) == 4 and self.looks.reordered(run, first, second, (ends[0], ends[1]), (ends[2], ends[3]))

    # ---- results

    def counted(self) -> list[int]:
        """The runs (indices) that both sides have done and that count."""
        first = {step.run: place for place, step in reversed(list(enumerate(self.steps)))}
        return [number for number, run in enumerate(self.runs)
                if not any(_is_dropped(run, side) for side in self.sides) and all(first[number] in side.results for side in self.sides)]

    def compared(self) -> dict[int, compare.Difference | compare.Agreement]:
        """What a comparison of each run says that counts."""
        first = {step.run: place for place, step in reversed(list(enumerate(self.steps)))}
        pairs: dict[int, tuple[Run, Results, Results, Results]] = {}
        for number in self.counted():
            source, target = (side.results[first[number]] for side in self.sides)
            pairs[number] = self.runs[number], self.arrays[number], source, target
        return self.looks.all(pairs)

    def varied(self, variation: str) -> int:
        """How many executions of that variation both sides have done."""
        places = [place for place, step in enumerate(self.steps) if step.variation == variation]
        return sum(all(place in side.results for side in self.sides) for place in places)


def _is_dropped(run: Run, side: Side) -> bool:
    return run.group in side.dropped or (run.case, "") in side.dropped


def _differing(variation: str, buffer: str, index: int) -> str:
    why = {"memory": "two runs on the same input: it depends on memory that was never written, or on the order in which threads run",
           "order": "two runs on the same input: it depends on the order in which threads run",
           "again": "the first launch and a later one on the same input: it keeps something in between"}
    return f"`{buffer}[{index}]` differs between {why[variation]}"


def first_difference(found: Mapping[int, compare.Difference | compare.Agreement]) -> tuple[int, compare.Difference] | None:
    """The first run that is wrong, and what is wrong in it."""
    return next(((number, result) for number, result in sorted(found.items()) if isinstance(result, compare.Difference)), None)


__all__ = ["POISONS", "SIDES", "Trial", "first_difference", "steps_of"]
