"""Tests a translation against its source: both run in sandboxed processes of their own on the same inputs, the parent compares.

The rung "tested" says: on these inputs, at these sizes, under this sandbox, the results agreed. What was not looked at is listed with it.
A source kernel that misbehaves (reads out of bounds, depends on the order of its threads, ...) makes the rung "rejected" with a sentence
about the source: nothing can be learnt about a translation of it. A time-out is unknown, neither good nor bad: the rung is "compiled".
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from . import compare, inputs, sandbox, toolchain
from .cases import Counterexample, Fault, Launch, Program, TestCase, Verdict, is_float
from .emulate import Build, Execution, Faulted, Job, Module, Outcome

if TYPE_CHECKING:
    import numpy

Report = Callable[[dict[str, object]], None]

SEEDS = (1, 2, 3)
TWICE = ("normal", "index")         # classes whose first seed is run a second time under other conditions
POISONS = (0xFF, 0x3B)              # as in runtime/runner.c
# Signs that a text calculates in 16-bit floats, not only stores them.
_COARSE = re.compile(r"__h(?:add|sub|mul|div|fma)|accumulator[^;>]*\b(?:half|__half|float16_t)\b|\bh2?(?:exp|log|sqrt|rcp)\b|"
                     r"\b(?:half2|__half2|__nv_bfloat162)\b|\b(?:half|__half|_Float16|bfloat16_t|__nv_bfloat16)\s+\w+\s*(?:=|\[|;)")


@dataclass(frozen=True, slots=True)
class Run:
    """One comparison that is planned."""

    case: int
    value_class: str
    seed: int
    twice: bool


def verify(source: Program, target: Program, cases: Sequence[TestCase], *, seeds: Sequence[int] = SEEDS, report: Report | None = None,
           operations: int | None = None, target_launches: Sequence[Launch] | None = None, timeout_s: float = 20.0, budget_s: float = 8.0,
           least_sandbox: int = 1) -> Verdict:
    """Runs both programs on every case and compares. The source is launched as the case says, the target as ``target_launches`` says (one
    a case; else see ``emulate.launches_of``). ``operations``: per result element, estimated when None. ``budget_s``: after so many seconds
    no further run of a side is begun (at least one is done); ``timeout_s``: a side's process is killed. Raises MissingTool."""
    clock = _Clock(report, cases[0].kernel if cases else "")
    if not cases:
        return Verdict("compiled", skipped=("nothing was run: no test case is known",), seconds=clock.seconds)
    with ExitStack() as stack:
        clock.stage("build", 10, "compiling both sides for the emulator")
        builds = [stack.enter_context(Build(program, cases, side)) for program, side in ((source, "source"), (target, "target"))]
        try:
            modules = [build.wait() for build in builds]
        except Faulted as faulted:
            return _of_fault(faulted.fault, cases, None, 0, clock)
        try:
            strength = sandbox.demand(least_sandbox)
        except sandbox.Refused as refused:
            return Verdict("compiled", ("both sides compile for the emulator",), (str(refused),), seconds=clock.seconds)
        launches = (None, target_launches)
        return _Test(modules, cases, plan(cases, seeds), launches, operations, timeout_s, budget_s, strength, clock, stack).verdict()


def plan(cases: Sequence[TestCase], seeds: Sequence[int] = SEEDS) -> list[Run]:
    """Which inputs: all value classes with the first seed, then the most telling ones with the others; further cases once each class."""
    runs = [Run(0, name, seeds[0], name in TWICE) for name in inputs.CLASSES]
    runs += [Run(0, name, seeds[1], False) for name in ("normal", "integers", "large", "cancellation") if len(seeds) > 1]
    runs += [Run(0, name, seed, False) for seed in seeds[2:] for name in ("normal", "integers")]
    return runs + [Run(case, name, seeds[0], name == "normal") for case in range(1, len(cases)) for name in inputs.CLASSES]


class _Clock:
    """Seconds per stage, and progress for who asked."""

    def __init__(self, report: Report | None, kernel: str) -> None:
        self.seconds: dict[str, float] = {}
        self._report, self._kernel, self._name, self._since = report, kernel, "", 0.0

    def stage(self, name: str, percent: int, message: str) -> None:
        now = time.monotonic()
        if self._name:
            self.seconds[self._name] = round(self.seconds.get(self._name, 0.0) + now - self._since, 4)
        self._name, self._since = name, now
        if self._report and name:
            self._report({"kernel": self._kernel, "stage": name, "percent": percent, "message": message})

    def stop(self) -> dict[str, float]:
        self.stage("", 100, "")
        return self.seconds


class _Test:
    """One call of ``verify`` after both sides were built."""

    def __init__(self, modules: Sequence[Module], cases: Sequence[TestCase], runs: Sequence[Run],
                 launches: tuple[Sequence[Launch] | None, ...], operations: int | None, timeout_s: float, budget_s: float,
                 strength: sandbox.Strength, clock: _Clock, stack: ExitStack) -> None:
        self._modules, self._cases, self._runs, self._launches, self._operations = modules, cases, list(runs), launches, operations
        self._unfit = ""                # a case whose sizes the source is not made for
        self._timeout_s, self._budget_s, self._strength, self._clock, self._stack = timeout_s, budget_s, strength, clock, stack
        self._arrays = [inputs.make(cases[run.case], run.value_class, run.seed) for run in runs]
        texts = [module.unit.program.text for module in modules]
        short = any(buffer.dtype in ("f16", "bf16") for case in cases for buffer in case.buffers)
        self._coarse = short and any(_COARSE.search(text) for text in texts)
        self._atomic = [bool(re.search(r"atomic\w*\(|omp\b[^\n]*(?:atomic|reduction|critical)", text, re.IGNORECASE)) for text in texts]

    def verdict(self) -> Verdict:
        self._clock.stage("run", 50, f"{len(self._runs)} runs of each side")
        executions, places = self._executions()
        jobs = [self._stack.enter_context(Job(module, self._cases, executions, side, self._timeout_s, self._budget_s, launches))
                for module, side, launches in zip(self._modules, ("source", "target"), self._launches)]
        outcomes = [job.wait() for job in jobs]
        self._clock.stage("compare", 85, "comparing")
        for side, outcome in zip((0, 1), outcomes):
            found = self._misbehaviour(side, outcome, places)
            if found is None:
                continue
            fault, run = found
            if side == 0 and self._cases[run.case].varied:
                places = self._without(run.case, fault, places)
                continue
            return _of_fault(fault, self._cases, run, len(outcome.results), self._clock)
        return self._compare(outcomes, places)

    def _misbehaviour(self, side: int, outcome: Outcome, places: Sequence[tuple[int, ...]]) -> tuple[Fault, Run] | None:
        """What went wrong on one side, in one of the runs that count."""
        unstable = self._unstable(side, outcome, places)
        if unstable is not None or outcome.fault is None:
            return unstable
        at = max(outcome.report.started, 1) - 1
        if self._unfit and at > places[-1][-1]:
            return None                 # in a case that no longer counts
        return outcome.fault, next((run for run, place in zip(self._runs, places) if at in place), self._runs[0])

    def _without(self, case: int, fault: Fault, places: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
        """``places`` as far as the cases before ``case``: the source is not made for the sizes that were tried there."""
        self._unfit = f"{self._cases[case].sizes}: at these sizes of our own choice the source misbehaves ({fault.sentence})"
        self._runs = [run for run in self._runs if run.case < case]
        return places[:len(self._runs)]

    def _executions(self) -> tuple[list[Execution], list[tuple[int, ...]]]:
        executions: list[Execution] = []
        places = []
        for run, arrays in zip(self._runs, self._arrays):
            first = len(executions)
            executions += [Execution(run.case, arrays, second) for second in ((False, True) if run.twice else (False,))]
            places.append(tuple(range(first, len(executions))))
        return executions, places

    def _unstable(self, side: int, outcome: Outcome, places: Sequence[tuple[int, ...]]) -> tuple[Fault, Run] | None:
        """A result that depends on what memory held before, on where buffers lie, or on the order in which threads run."""
        name = ("source", "target")[side]
        for run, place in zip(self._runs, places):
            if len(place) < 2 or place[1] >= len(outcome.results):
                continue
            case, first, second = self._cases[run.case], outcome.results[place[0]], outcome.results[place[1]]
            differs = compare.same_bits(case, first, second, POISONS)
            if differs is None:
                continue
            if self._atomic[side] and self._only_rounding(run, first, second):
                continue
            buffer, index = differs
            sentence = (f"`{buffer}[{index}]` differs between two runs on the same input: it depends on memory that was never written, "
                        "or on the order in which threads run")
            return Fault("nondeterministic", sentence, 0, name), run
        if outcome.results and side == 0:
            untouched = [buffer.name for buffer in self._cases[0].results if buffer.role == "out" and buffer.elements
                         and is_float(buffer.dtype) and bool(compare.unwritten(outcome.results[0][buffer.name]).all())]
            if untouched and len(untouched) == len(self._cases[0].results):
                return Fault("uninitialised", f"`{untouched[0]}` is never written", 0, name), self._runs[0]
        return None

    def _only_rounding(self, run: Run, first: Mapping[str, numpy.ndarray], second: Mapping[str, numpy.ndarray]) -> bool:
        """Whether two results of atomics differ by no more than the order of their sums explains."""
        if isinstance(self._look(run, first, second), compare.Agreement):
            return True
        index = self._runs.index(run)
        return isinstance(self._look(run, first, second, self._moved([index]).get(index, {})), compare.Agreement)

    def _compare(self, outcomes: Sequence[Outcome], places: Sequence[tuple[int, ...]]) -> Verdict:
        done = min(len(outcome.results) for outcome in outcomes)
        compared = [(index, run) for index, (run, place) in enumerate(zip(self._runs, places)) if place[0] < done]
        found: dict[int, compare.Difference | compare.Agreement] = {}
        for index, run in compared:
            at = places[index][0]
            found[index] = self._look(run, outcomes[0].results[at], outcomes[1].results[at])
        doubtful = [index for index, result in found.items() if isinstance(result, compare.Difference)]
        if doubtful:
            moved = self._moved(doubtful)
            for index in doubtful:
                run, at = self._runs[index], places[index][0]
                found[index] = self._look(run, outcomes[0].results[at], outcomes[1].results[at], moved.get(index, {}))
            for index, spread in self._spread([index for index in doubtful if isinstance(found[index], compare.Difference)]).items():
                run, at = self._runs[index], places[index][0]
                found[index] = self._look(run, outcomes[0].results[at], outcomes[1].results[at], moved.get(index, {}), spread)
        for index, run in compared:
            result = found[index]
            if isinstance(result, compare.Difference):
                return self._wrong(run, result, len(compared))
        return self._agreed([run for _, run in compared], [found[index] for index, _ in compared], places, done)

    def _look(self, run: Run, expected: Mapping[str, numpy.ndarray], got: Mapping[str, numpy.ndarray],
              moved: Mapping[str, numpy.ndarray] | None = None,
              spread: Mapping[str, numpy.ndarray] | None = None) -> compare.Difference | compare.Agreement:
        return compare.compare(self._cases[run.case], expected, got, ops=self._operations, moved=moved, spread=spread, coarse=self._coarse)

    def _moved(self, doubtful: Sequence[int]) -> Mapping[int, Mapping[str, numpy.ndarray]]:
        """The source's results on inputs moved by rounding errors, for the runs that need a second look."""
        executions = []
        for index in doubtful:
            run = self._runs[index]
            executions.append(Execution(run.case, inputs.perturbed(self._arrays[index], self._cases[run.case], run.seed)))
        job = self._stack.enter_context(Job(self._modules[0], self._cases, executions, "source", self._timeout_s, self._budget_s))
        return dict(zip(doubtful, job.wait().results))

    def _spread(self, doubtful: Sequence[int]) -> Mapping[int, Mapping[str, numpy.ndarray]]:
        """How far both sides' results move when every rounding goes up and then down, for the runs that need a third look."""
        executions = [Execution(self._runs[index].case, self._arrays[index], rounding=way) for index in doubtful for way in (1, -1)]
        sides = []
        for module, side, launches in zip(self._modules, ("source", "target"), self._launches) if executions else ():
            job = self._stack.enter_context(Job(module, self._cases, executions, side, self._timeout_s, self._budget_s, launches))
            results = job.wait().results
            sides.append(dict(zip(doubtful, zip(results[::2], results[1::2]))))
        return {index: compare.spread(self._cases[self._runs[index].case], [side[index] for side in sides])
                for index in doubtful if all(index in side for side in sides)}

    def _wrong(self, run: Run, difference: compare.Difference, compared: int) -> Verdict:
        sizes = self._cases[run.case].sizes
        sentence = f"{difference.sentence} ({sizes}; value class {run.value_class}, seed {run.seed})"
        counterexample = Counterexample(difference.buffer, difference.index, difference.expected, difference.got, run.case, run.seed,
                                        run.value_class, sentence)
        evidence = (f"compared {_count(compared, 'run')}; {self._strength}",)
        return Verdict("rejected", evidence, (), counterexample, seconds=self._clock.stop())

    def _agreed(self, runs: Sequence[Run], found: Sequence[compare.Agreement], places: Sequence[tuple[int, ...]], done: int) -> Verdict:
        classes, seeds = {run.value_class for run in runs}, {run.seed for run in runs}
        worst = max(found, key=lambda each: each.error / each.allowed if each.allowed else each.error)
        if all(each.exact for each in found):
            error = "bit-identical"
        else:
            error = f"max error {worst.error:.1e} of allowed {worst.allowed:.1e}"
        tested = [self._cases[index] for index in sorted({run.case for run in runs})]
        twice = sum(1 for place in places if len(place) > 1 and place[1] < done)
        evidence = [f"{_count(len(runs), 'run')} ({_count(len(classes), 'value class')}, {_count(len(seeds), 'seed')}), "
                    f"{' / '.join(case.sizes for case in tested)}; {error}; {self._strength}"]
        if twice:
            evidence.append(f"{twice} of them twice, with other memory contents, buffers at other addresses and reversed thread order: "
                            "the same results")
        evidence.append("no access outside of a buffer, no write to an input, no array index outside of its type")
        return Verdict("tested", tuple(evidence), tuple(self._skipped(runs, tested)), seconds=self._clock.stop())

    def _skipped(self, runs: Sequence[Run], tested: Sequence[TestCase]) -> list[str]:
        skipped = [f"sizes other than {' / '.join(case.sizes for case in tested)}", "inputs with NaN or infinities"]
        if len(tested[0].buffers) > 1:
            skipped.append("calls that pass overlapping buffers")
        if self._unfit:
            skipped.append(self._unfit)
        planned = len(self._runs)
        if len(runs) < planned:
            skipped.append(f"{planned - len(runs)} of {planned} planned runs: the time for testing was used up")
        dialects = [module.unit.program.dialect for module in self._modules]
        if any(dialect in ("cuda", "hip") for dialect in dialects):
            skipped.append("races: two thread orders were run, not all")
        for dialect in dict.fromkeys(dialects):
            if dialect in toolchain.VENDOR:
                tool = toolchain.VENDOR[dialect]
                asked = "was not asked" if toolchain.installed(tool) else "is not installed"
                skipped.append(f"{tool}: {asked}; nothing was run on a {dialect} device")
        skipped += [assumption for case in tested for assumption in case.assumptions if assumption not in skipped]
        return skipped


def _count(number: int, thing: str) -> str:
    plural = "es" if thing.endswith("s") else "s"
    return f"{number} {thing}{'' if number == 1 else plural}"


def _of_fault(fault: Fault, cases: Sequence[TestCase], run: Run | None, finished: int, clock: _Clock) -> Verdict:
    """What a fault means for the verdict."""
    seconds = clock.stop()
    where = f" ({cases[run.case].sizes}; value class {run.value_class}, seed {run.seed})" if run else ""
    if fault.kind == "timeout":
        return Verdict("compiled", (), (f"whether it is right: the {fault.side} {fault.sentence}{where}",), None, fault, seconds)
    if fault.side == "source":
        return Verdict("rejected", (), ("the translation: nothing can be learnt from a source that misbehaves",), None,
                       replace(fault, sentence=f"the source kernel itself is suspect: {fault.sentence}{where}"), seconds)
    link = " " if fault.sentence.startswith(("reads", "writes")) else ": "
    sentence = f"the target{link}{fault.sentence}{where}"
    at = (run.case, run.seed, run.value_class) if run else (0, 0, "")
    counterexample = Counterexample("", -1, "", fault.kind, *at, sentence)
    return Verdict("rejected", (), (), counterexample, fault, seconds)


__all__ = ["plan", "verify"]
