"""Tests a translation against its source: both run in sandboxed processes of their own on the same inputs, the parent compares.

The rung "tested" says: on these inputs, at these sizes, under this sandbox, the results agreed. What was not looked at is listed with it.
A source kernel that misbehaves (reads out of bounds, depends on the order of its threads, ...) makes the rung "rejected" with a sentence
about the source: nothing can be learnt about a translation of it. A time-out is unknown, neither good nor bad: the rung is "compiled".

The stages, each in a file of its own:

    plan        which cases, value classes and seeds are run; pure values
    trial       both sides are run; faults, and results that depend on what they must not
    looks       results are compared (compare), fetching error bounds where bits differ
    special     differences on NaN and its like that the target's documents explain are stated, not held against it
    telling     the sentences
    sampling    instead of all these for kernels that are too large to run
    strict      every access to memory is watched once more
    exact       both sides are calculated modulo a prime

The last two take the verdict that was reached and give a verdict. ``replay`` stores what a verdict needs to be had again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace

from . import compare, exact, inputs, replay, sandbox, telling
from .cases import Launch, Program, TestCase, Verdict
from .emulate import Build, Faulted
from .plan import SEEDS, Run, plan
from .sampling import Sampling, is_large
from .special import TITLES, explained
from .strict import Strict, strictly
from .trial import Trial, first_difference

Report = Callable[[dict[str, object]], None]


def verify(source: Program, target: Program, cases: Sequence[TestCase], *, seeds: Sequence[int] = SEEDS, report: Report | None = None,
           operations: int | None = None, target_launches: Sequence[Launch] | None = None, timeout_s: float = 20.0, budget_s: float = 8.0,
           least_sandbox: int | None = None, runs: int = 0, keep: bool = False, exact_s: float = 0.0) -> Verdict:
    """Runs both programs on every case and compares. The source is launched as the case says, the target as ``target_launches`` says (one
    a case; else see ``emulate.launches_of``). ``operations``: per result element, estimated when None. ``budget_s``: after so many seconds
    no further run of a side is begun (at least one is done); ``timeout_s``: a side's process is killed. ``runs``: no more than that many
    of the plan, 0 for all, -n for a sample of n blocks. ``exact_s``: how long the exact channel may take after that, 0 without it.
    ``keep``: what a replay needs is stored in the user's data folder. Raises MissingTool."""
    launches = tuple(target_launches) if target_launches is not None else None
    question = replay.Question(source, target, tuple(cases), tuple(seeds), operations, launches, timeout_s, budget_s, exact_s)
    verdict = replace(_judged(question, report, least_sandbox, runs), id=replay.identity(question))
    complaint = replay.store(question, verdict) if keep and cases else ""
    return replace(verdict, skipped=(*verdict.skipped, complaint)) if complaint else verdict


def _judged(question: replay.Question, report: Report | None, least_sandbox: int | None, most_runs: int) -> Verdict:
    """``verify`` without the paperwork."""
    source, target, cases = question.source, question.target, question.cases
    clock = _Clock(report, cases[0].kernel if cases else "")
    if not cases:
        return Verdict("compiled", skipped=("nothing was run: no test case is known",), seconds=clock.seconds)
    with ExitStack() as stack:
        clock.stage("build", 10, "compiling both sides for the emulator")
        builds = [stack.enter_context(Build(program, cases, side)) for program, side in ((source, "source"), (target, "target"))]
        try:
            modules = [build.wait() for build in builds]
        except Faulted as faulted:
            return telling.of_fault(faulted.fault, cases, None, clock.stop())
        try:
            strength = sandbox.demand(least_sandbox)
        except sandbox.Refused as refused:
            return Verdict("compiled", ("both sides compile for the emulator",), (str(refused),), seconds=clock.seconds)
        if most_runs < 0 or not most_runs and is_large(cases[0], modules[0]):
            clock.stage("run", 50, "timing a few blocks of a large kernel")
            sampled = Sampling(question, modules, stack, -most_runs).verdict(strength)
            if sampled is not None:
                return replace(sampled, seconds=clock.stop())
        runs = plan(cases, question.seeds)[:most_runs or None]
        clock.stage("run", 50, f"{len(runs)} runs of each side")
        trial = Trial(modules, cases, runs, (None, question.target_launches), question.operations, question.timeout_s, question.budget_s,
                      stack)
        strict = Strict((source, target), cases, (None, question.target_launches), stack)
        launches = question.target_launches
        over_field = exact.Begun(source, target, cases, stack, question.timeout_s, launches) if question.exact_s else None
        verdict = strictly(_tried(trial, strength, clock), trial, strict)
        if over_field is not None and verdict.rung == "tested":
            verdict = exact.refined(verdict, over_field.found(trial.fitting(), question.exact_s))
        return verdict


def _tried(trial: Trial, strength: sandbox.Strength, clock: _Clock) -> Verdict:
    """Runs both sides and compares."""
    trial.follow()
    clock.stage("compare", 85, "comparing")
    for side in trial.sides:
        if side.fault is not None:
            return telling.of_fault(side.fault, trial.cases, side.run, clock.stop())
    found = trial.compared()
    if not found:
        return Verdict("compiled", (), ("whether it is right: the time for testing did not suffice for one run",), seconds=clock.stop())
    limits = _limits(trial, found)
    difference = first_difference({number: each for number, each in found.items() if number not in limits})
    if difference is not None:
        number, what = difference
        return telling.wrong(trial, trial.runs[number], what, len(found), strength, clock.stop())
    return telling.agreed(trial, found, tuple(limits.values()), strength, clock.stop())


def _limits(trial: Trial, found: dict[int, compare.Difference | compare.Agreement]) -> dict[int, str]:
    """Runs with special inputs in which the target's documents explain the difference, each with a sentence."""
    target, limits = trial.modules[1].unit.program, {}
    for number, each in found.items():
        run = trial.runs[number]
        if not isinstance(each, compare.Difference) or run.value_class not in inputs.SPECIAL:
            continue
        dtype = next(buffer.dtype for buffer in trial.cases[run.case].results if buffer.name == each.buffer)
        why = explained(target, run.value_class, dtype)
        if why:
            limits[number] = f"differs for inputs with {TITLES[run.value_class]}: {why}; {each.sentence}"
    return limits


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


__all__ = ["SEEDS", "Report", "Run", "plan", "verify"]
