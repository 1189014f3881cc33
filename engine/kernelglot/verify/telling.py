"""The sentences of a verdict: what was done, what went wrong, and what nobody looked at."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from . import compare, inputs, sandbox
from .cases import Counterexample, Fault, Scalar, TestCase, Verdict, is_float
from .emulate import ALIGNED
from .plan import Run
from .special import TITLES
from .trial import SIDES, Trial


def count(number: int, thing: str) -> str:
    plural = "es" if thing.endswith("s") else "s"
    return f"{number} {thing}{'' if number == 1 else plural}"


def of_fault(fault: Fault, cases: Sequence[TestCase], run: Run | None, seconds: dict[str, float]) -> Verdict:
    """What a fault means for the verdict."""
    where = f" ({_inputs(cases, run)})" if run else ""
    contained = (str(sandbox.strength()),) if run else ()
    if fault.kind in ("timeout", "sandbox"):
        return Verdict("compiled", contained, (f"whether it is right: the {fault.side} {fault.sentence}{where}",), None, fault, seconds)
    if fault.side == "source":
        return Verdict("rejected", contained, ("the translation: nothing can be learnt from a source that misbehaves",), None,
                       replace(fault, sentence=f"the source kernel itself is suspect: {fault.sentence}{where}"), seconds)
    link = " " if fault.sentence.startswith(("reads", "writes")) else ": "
    sentence = f"the target{link}{fault.sentence}{where}"
    at = (run.case, run.seed, run.value_class) if run else (0, 0, "")
    return Verdict("rejected", contained, (), Counterexample("", -1, "", fault.kind, *at, sentence), fault, seconds)


def wrong(trial: Trial, run: Run, difference: compare.Difference, compared: int, strength: sandbox.Strength,
          seconds: dict[str, float]) -> Verdict:
    """A result that is not what the source computes."""
    sentence = f"{difference.sentence} ({_inputs(trial.cases, run)})"
    counterexample = Counterexample(difference.buffer, difference.index, difference.expected, difference.got, run.case, run.seed,
                                    run.value_class, sentence)
    return Verdict("rejected", (f"compared {count(compared, 'run')}; {strength}",), (), counterexample, seconds=seconds)


def _inputs(cases: Sequence[TestCase], run: Run) -> str:
    return f"{cases[run.case].sizes}; value class {run.value_class}, seed {run.seed}"


def agreed(trial: Trial, found: Mapping[int, compare.Difference | compare.Agreement], limits: Sequence[str], strength: sandbox.Strength,
           seconds: dict[str, float]) -> Verdict:
    """All results that count are the same; ``limits`` says where a dialect's own ways made a difference."""
    agreements = {number: each for number, each in found.items() if isinstance(each, compare.Agreement)}
    runs = [trial.runs[number] for number in found]
    tested = [trial.cases[index] for index in sorted({run.case for run in runs})]
    shown = _sizes(tested)
    evidence = [f"{count(len(runs), 'run')} ({count(len({run.value_class for run in runs}), 'value class')}, "
                f"{count(len({run.seed for run in runs}), 'seed')}), {shown}; {_error(agreements.values())}; {strength}"]
    whole = [number for number in agreements if trial.runs[number].value_class == "integers"]
    if whole and all(agreements[number].exact for number in whole) and not all(each.exact for each in agreements.values()):
        evidence.append(f"bit-identical on whole numbers, whose sums are exact ({count(len(whole), 'run')})")
    evidence += _variations(trial)
    evidence.append("no access outside of a buffer, no write to an input, no array index outside of its type")
    skipped = tuple(_skipped(trial, runs, tested, limits))
    return Verdict("tested", tuple(evidence), skipped, seconds=seconds, runs=max(found, default=-1) + 1)


def _error(agreements: Collection[compare.Agreement]) -> str:
    worst = max(agreements, key=lambda each: each.error / each.allowed if each.allowed else each.error)
    if all(each.exact for each in agreements):
        return "bit-identical"
    return f"max error {worst.error:.1e} of allowed {worst.allowed:.1e}"


def _sizes(tested: Sequence[TestCase]) -> str:
    """The sizes that were tested; of many only the first three, and what the others reach from and to."""
    shown = " / ".join(case.sizes for case in tested[:3])
    further: dict[str, set[float]] = {}
    for case in tested[3:]:
        for argument in case.arguments:
            if isinstance(argument, Scalar) and not is_float(argument.dtype):
                further.setdefault(argument.name, set()).add(argument.value)
    listed = {name: ", ".join(map(str, sorted(values))) for name, values in further.items()}
    spans = ", ".join(f"{name} {'=' if len(further[name]) == 1 else 'in'} {values}" for name, values in listed.items())
    return f"{shown} / {len(tested) - 3} more ({spans})" if len(tested) > 3 else shown


def _variations(trial: Trial) -> list[str]:
    told = []
    if number := trial.varied("memory"):
        told.append(f"{number} of them twice, with other memory contents, buffers at other addresses and reversed thread order: "
                    "the same results")
    orders, again = trial.varied("order"), trial.varied("again") and not trial.sides[0].state
    if orders or again:
        what = ["with threads in a shuffled order"] * bool(orders)
        what += ["last of all, on what the launches before left in static memory"] * bool(again)
        told.append(f"the first of them again {' and '.join(what)}: the same results")
    return told


def _skipped(trial: Trial, runs: Sequence[Run], tested: Sequence[TestCase], limits: Sequence[str]) -> list[str]:
    only = f"all sizes but one: it is claimed for {tested[0].sizes} only"
    skipped = [*limits, f"sizes other than {_sizes(tested)}" if len(tested) > 1 else only]
    if len(tested[0].buffers) > 1:
        skipped.append("calls that pass overlapping buffers")
    if any(module.unit.program.dialect in ("c", "vnni") and ALIGNED.search(module.unit.program.text) for module in trial.modules):
        skipped.append("buffers that are not aligned to 64 bytes: the text asks for aligned ones")
    skipped += _dropped(trial)
    counted, dropped = len(runs), sum(_was_dropped(trial, run) for run in trial.runs)
    planned = len(trial.runs) - dropped
    if counted < planned:
        skipped.append(f"{planned - counted} of {planned} planned runs: the time for testing was used up")
    dialects = [module.unit.program.dialect for module in trial.modules]
    if any(dialect in ("cuda", "hip") for dialect in dialects):
        skipped.append("races: three thread orders were run, not all")
    for dialect in dict.fromkeys(dialects):
        if dialect in ("cuda", "hip", "bang"):
            skipped.append(f"nothing was run on a {dialect} device")
    skipped += [side.state for side in trial.sides if side.state]
    skipped += [assumption for case in tested for assumption in case.assumptions if assumption not in skipped]
    return skipped


def _was_dropped(trial: Trial, run: Run) -> bool:
    return any(run.group in side.dropped or (run.case, "") in side.dropped for side in trial.sides)


def _dropped(trial: Trial) -> list[str]:
    """What the source is not made for, and how the target does there (both succeed, or both fail)."""
    told = []
    for (number, special), fault in trial.sides[0].dropped.items():
        what = f"inputs with {TITLES[special]}" if special in inputs.SPECIAL else trial.cases[number].sizes
        whose = "with these inputs" if special else "at these sizes of our own choice"
        too = " (the target fails as well)" if (number, special) in trial.sides[1].dropped else ""
        told.append(f"{what}: {whose} the source misbehaves ({fault.sentence}){too}")
    late = [special for group, fault in trial.sides[1].dropped.items() if group not in trial.sides[0].dropped for special in group[1:]]
    return told + [f"inputs with {TITLES[special]}: the target took too long with these inputs" for special in late if special in TITLES]


__all__ = ["SIDES", "agreed", "count", "of_fault", "wrong"]
