"""The exact channel: are two kernels the same function over the real numbers, at these sizes?

Both texts are compiled with `float` and `double` replaced by numbers modulo a prime (field_build.py, runtime/field.h, runtime/field.c), run
on random residues, and compared residue by residue. Two rational functions that differ agree at a random point with probability at most
degree / prime (Schwartz, Zippel), so that one run says more than any number of runs on floats, and says it about all inputs: no tolerance
has to be found in which the last term of a long sum does not get lost. A run in which data decide neither a branch nor an address stands
for all inputs; one in which they do ends with the reason, *outside*.

**What counts as known.** + - * / and exp are calculated. A constant that is log2(e) or ln(2), rounded, stands for that number, since
platforms have exp as exp2(x * 1.44269504f). max and min are functions of the set of their operands, and sqrt, tanh, ... functions of their
operand: an agreement holds for the real ones too, a difference may be due to a law that is not known here. Where data are compared, runs
follow a random total order of the residues instead: to agree there is evidence, with no probability to it, and to differ is none.

**What a difference means.** Where only + - * / and exp were used, nothing is unknown: the sides differ as real functions. A correct
translation may still do that with a *constant*: 1 / 3 calculated beforehand is rounded. So a difference counts as wrong (``holds`` False)
where both sides used the same set of constants that may come from rounding, and says nothing (None, with a sentence) everywhere else.

**The probability.** Per run, with D the degree of the difference of two results, L the largest exponent in units of the common denominator
(1 without exp), N operands of unknown functions of degree at most A, and M the modulus that the randomness comes from (EXPONENTS with exp):

    D L / M  +  N^2 A L / M  +  2^-62 (of all results of a run a 64-bit digest is compared)

Mostly one run is enough; several are independent. With exp it holds while exponents are linear in inputs and in values of unknown
functions: then exp(sum a_i x_i) is a monomial in independent members of a group of EXPONENTS elements. For other exponents no bound is
known that is worth printing (Mirage's is above q^(-1/k^2) for k terms), and none is printed. Assumed: a difference does not vanish modulo
the prime for every input, and the keyed generator is as good as a random one. source: arXiv 2405.05751 section 5.
"""

from __future__ import annotations

import math
import struct
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from . import field_build, inputs, toolchain
from .cases import BYTES, Counterexample, Launch, Program, TestCase, Verdict, is_float
from .emulate import Build, Execution, Faulted, Field, Job, Module, Outcome

if TYPE_CHECKING:
    import numpy

PRIME, EXPONENTS = 4611686018427377339, 2305843009213688669  # as in runtime/field.c
ENOUGH_BITS = 40  # the error probability has to be below 2^-ENOUGH_BITS
SEEDS = (11,)
EXACT_S = 4.0  # that a user's verdict may take longer for it
MOST_SEEDS, ORDERS, REDRAWS = 8, 3, 3
MOST_RUNS = 64  # in one job, as in runtime/field_run.h
SATURATED = (1 << 32) - 1
MOST_CONSTANTS = 40  # as in runtime/field_run.h
BASE_E = 1 << 8  # in `bases`
FIRST_LEAF = 0x7FFFFE  # inputs are the nodes from here downwards, see runtime/field_words.h
_REPORT = struct.Struct("=5Q 2d 4I Q 2I 40d 64Q")


@dataclass(frozen=True, slots=True)
class Counted:
    """What runs of one side used, the most of all runs (struct field_report)."""

    nodes: int
    applications: int
    above: int
    below: int
    argument_degree: int
    exponent_norm: float
    exponent_unit: float
    bases: int
    nonlinear: bool
    compared: bool
    extremes: bool
    functions: tuple[str, ...]
    constants: frozenset[float] | None  # that may come from rounding; None: too many to tell
    logarithms: bool = False  # log2(e) or ln(2), rounded, is among the constants
    decided: bool = False  # by comparing constants that the machine rounds
    digests: tuple[int, ...] = ()  # of all float results, one a run


@dataclass(frozen=True, slots=True)
class Exactness:
    """What the exact channel found. ``holds``: True equal, False different in a way that is wrong, None nothing that decides. ``sentence``
    says it; ``bound_log2``: the error probability is below 2^-bound_log2; ``outside``: why the channel can't tell; ``ordered``: how many
    random orders of its comparisons it agreed under; ``difference``: buffer, flat index and case of the first one."""

    holds: bool | None
    sentence: str
    bound_log2: float | None = None
    uninterpreted: tuple[str, ...] = ()
    outside: str = ""
    ordered: int = 0
    difference: tuple[str, int, int] | None = None
    cases: tuple[int, ...] = ()
    seconds: float = 0.0


def exact(
    source: Program,
    target: Program,
    cases: Sequence[TestCase],
    *,
    seeds: Sequence[int] = SEEDS,
    budget_s: float = EXACT_S,
    timeout_s: float = 10.0,
    target_launches: Sequence[Launch] | None = None,
) -> Exactness:
    """Compares two programs over a field at the sizes of ``cases``, small ones first, until ``budget_s`` is used up. Raises MissingTool."""
    with ExitStack() as stack:
        return Begun(source, target, cases, stack, timeout_s, target_launches).found(range(len(cases)), budget_s, seeds)


def patience(compilers_s: float | None) -> float:
    """``exact_s`` of ``verify`` for who waits that long for compilers: an editor (0) waits for neither, as a verdict with the exact channel
    takes one and a half times as long; a command does."""
    return 0.0 if compilers_s == 0 else EXACT_S


class Begun:
    """Builds over a field, begun here, so that they go on while other things are done. Then ask ``found`` once."""

    def __init__(
        self,
        source: Program,
        target: Program,
        cases: Sequence[TestCase],
        stack: ExitStack,
        timeout_s: float = 10.0,
        target_launches: Sequence[Launch] | None = None,
    ) -> None:
        self._cases, self._launches, self._stack, self._timeout_s = cases, target_launches, stack, timeout_s
        self._outside = "" if toolchain.installed("sed") else "`sed` is not installed, which builds over a field need"
        self._builds: list[Build] = []
        for side, program in (("source", source), ("target", target)):
            if not self._outside and (reason := field_build.outside(program, cases)):
                self._outside = f"the {side}: {reason}"
        if not self._outside:
            self._builds = [
                stack.enter_context(Build(program, cases, side, make=field_build.unit))
                for program, side in ((source, "source"), (target, "target"))
            ]

    def found(self, which: Sequence[int], budget_s: float, seeds: Sequence[int] = SEEDS) -> Exactness:
        """``which``: the numbers of the cases that count; ``budget_s``: after so many seconds no further run is begun."""
        began = time.monotonic()
        try:
            modules = [build.wait() for build in self._builds]
        except Faulted as faulted:
            self._outside = f"the {faulted.fault.side}, with numbers of a field for floats: {faulted.fault.sentence}"
        if self._outside or not which:
            return Exactness(None, "", outside=self._outside or "no case of fitting sizes", seconds=time.monotonic() - began)
        comparison = _Comparison(modules, self._cases, which, self._launches, began + budget_s, self._timeout_s, self._stack)
        return replace(comparison.result(seeds), seconds=time.monotonic() - began)


def refined(verdict: Verdict, found: Exactness) -> Verdict:
    """A verdict "tested" with what the exact channel adds to it."""
    seconds = verdict.seconds | {"exact": round(found.seconds, 4)}
    if found.holds:
        return replace(verdict, rung="exact", evidence=(*verdict.evidence, found.sentence), seconds=seconds)
    if found.holds is False and found.difference:
        buffer, index, case = found.difference
        wrong = Counterexample(
            buffer, index, "the source's function of the inputs", "another function", case, 0, "residues", found.sentence
        )
        return replace(verdict, rung="rejected", counterexample=wrong, seconds=seconds)
    evidence = ()
    if found.ordered:
        evidence = (f"also equal over a field under {found.ordered} random orders of what is compared",)
    elif found.sentence and not found.difference:
        evidence = (found.sentence,)
    skipped = (
        f"exact: outside the algebraic class: {found.outside}" if found.outside else f"exact: {found.sentence}" if found.difference else ""
    )
    return replace(
        verdict, evidence=verdict.evidence + evidence, skipped=verdict.skipped + ((skipped,) if skipped else ()), seconds=seconds
    )


# ---- inputs -------------------------------------------------------------------------------------------------------------------------


def leaves(case: TestCase, seed: int) -> tuple[dict[str, numpy.ndarray], int]:
    """Input arrays whose floats are names of leaves, each another one, and how many there are. Integers are those of ordinary tests."""
    import numpy

    arrays, count = inputs.make(case, "normal", seed), 0
    for buffer in case.buffers:
        if buffer.role == "out" or not is_float(buffer.dtype):
            continue
        numbers = FIRST_LEAF - count - numpy.arange(buffer.elements, dtype=numpy.uint64)
        count += buffer.elements
        if BYTES[buffer.dtype] == 4:
            arrays[buffer.name] = (numbers | numpy.uint64(0xFF800000)).astype(numpy.uint32)
        else:
            arrays[buffer.name] = numbers | numpy.uint64(0xFFF0000000000000)
    return arrays, count


# ---- the probability ------------------------------------------------------------------------------------------------------------------


def bound(source: Counted, target: Counted) -> float | None:
    """The probability that one run takes two different results for equal, see the module's docstring; None where no bound is known."""
    sides = (source, target)
    degree = max(source.above + target.below, target.above + source.below)
    argument = max(side.argument_degree for side in sides)
    exponents = any(side.bases for side in sides)
    several = (source.bases | target.bases).bit_count() > 1
    if max(degree, argument) >= SATURATED or several or any(side.nonlinear for side in sides):
        return None
    largest = max(1.0, *(side.exponent_norm for side in sides)) * max(1.0, *(side.exponent_unit for side in sides)) if exponents else 1.0
    operands = sum(side.applications for side in sides)
    modulus = EXPONENTS if exponents else PRIME
    return (degree + operands * operands * max(argument, 1)) * largest / modulus + 2.0**-62


def read_counted(data: bytes, names: Sequence[str]) -> Counted:
    """struct field_report."""
    (
        nodes,
        applications,
        above,
        below,
        argument_degree,
        norm,
        unit,
        bases,
        nonlinear,
        compared,
        extremes,
        functions,
        constants,
        logarithms,
        *numbers,
    ) = _REPORT.unpack_from(data)
    known = frozenset(numbers[:constants]) if constants <= MOST_CONSTANTS else None
    digests = tuple(int(each) for each in numbers[MOST_CONSTANTS:])
    used = tuple(name for place, name in enumerate(names) if functions >> place & 1)
    return Counted(
        nodes,
        applications,
        above,
        below,
        argument_degree,
        norm,
        unit,
        bases,
        bool(nonlinear),
        bool(compared & 1),
        bool(extremes),
        used,
        known,
        bool(logarithms),
        bool(compared & 2),
        digests,
    )


def function_names() -> tuple[str, ...]:
    """The functions of runtime/field_words.h, in the order of their numbers."""
    import re

    text = (Path(__file__).parent / "runtime" / "field_words.h").read_text(encoding="ascii")
    listed = text.partition("#define KG_FIELD_FUNCTIONS(M)")[2].partition("enum kg_function")[0]
    return tuple(re.findall(r"M\((\w+)\)", listed))


# ---- comparing -------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Ran:
    """Both sides on the same executions: how many of them both completed, and what stopped a side."""

    outcomes: tuple[Outcome, Outcome]
    done: int
    kind: str
    reason: str


class _Comparison:
    def __init__(
        self,
        modules: Sequence[Module],
        cases: Sequence[TestCase],
        which: Sequence[int],
        target_launches: Sequence[Launch] | None,
        deadline: float,
        timeout_s: float,
        stack: ExitStack,
    ) -> None:
        self._modules, self._cases, self._launches = modules, cases, (None, target_launches)
        self._deadline, self._timeout_s, self._stack = deadline, timeout_s, stack
        self._exponents = any(field_build.has_exponents(module.unit.program) for module in modules)
        self._order = sorted(which, key=lambda index: sum(buffer.elements for buffer in cases[index].buffers))
        self._names = function_names()

    def result(self, seeds: Sequence[int]) -> Exactness:
        for redraw in range(REDRAWS):
            drawn = [seed + 1000 * redraw for seed in seeds]
            planned, ran = self._run(drawn, False)
            if ran.kind != "redraw":
                break
        if ran.kind == "compares":
            return self._under_orders(seeds, f"{ran.reason}")
        whole = ran.done // len(drawn) * len(drawn)
        if not whole:
            return Exactness(None, "", outside=ran.reason or "a run took longer than there was time")
        different = self._difference(planned, ran, whole)
        if different and different[3]:
            return Exactness(None, "", outside=f"only one side writes `{different[0]}[{different[1]}]`")
        if different:
            return self._judged(different, ran, seeds)
        return self._agreed(planned, ran, whole, drawn)

    def _run(self, seeds: Sequence[int], ordered: bool) -> tuple[list[Execution], _Ran]:
        """Every case with every seed, the runs of one case next to each other."""
        planned = []
        for index in self._order:
            for seed in seeds:
                arrays, count = leaves(self._cases[index], seed)
                planned.append(Execution(index, arrays, field=Field(seed, count, self._exponents, ordered)))
        planned = planned[: MOST_RUNS // len(seeds) * len(seeds)]
        budget = max(0.2, self._deadline - time.monotonic())
        jobs = [
            self._stack.enter_context(Job(module, self._cases, planned, side, self._timeout_s, budget, launches))
            for module, side, launches in zip(self._modules, ("source", "target"), self._launches)
        ]
        first, second = (job.wait() for job in jobs)
        stopped = [(outcome, side) for outcome, side in zip((first, second), ("source", "target")) if outcome.fault]
        kind, reason = "", ""
        for outcome, side in sorted(stopped, key=lambda each: len(each[0].results), reverse=True):
            assert outcome.fault
            kind, reason = outcome.fault.kind, f"the {side}: {outcome.fault.sentence}"
        return planned, _Ran((first, second), min(len(first.results), len(second.results)), kind, reason)

    def _difference(self, planned: Sequence[Execution], ran: _Ran, count: int) -> tuple[str, int, int, bool] | None:
        """Buffer, flat index and case of the first one, and whether one of the sides has not written there."""
        import numpy

        digests = [side.digests for side in self._counted(ran)]
        for number, execution in enumerate(planned[:count]):
            first, second = (outcome.results[number] for outcome in ran.outcomes)
            for buffer in self._cases[execution.case].results:
                one, two = (side[buffer.name].view(f"u{BYTES[buffer.dtype]}") for side in (first, second))
                if not numpy.array_equal(one, two):
                    at = int(numpy.argmax(one != two))
                    unwritten = is_float(buffer.dtype) and numpy.iinfo(one.dtype).max in (one[at], two[at])
                    return buffer.name, at, execution.case, unwritten
            if digests[0][number] != digests[1][number]:  # 32 bits agreed by chance
                return self._cases[execution.case].results[0].name, -1, execution.case, False
        return None

    def _counted(self, ran: _Ran) -> tuple[Counted, Counted]:
        first, second = (read_counted(outcome.counted, self._names) for outcome in ran.outcomes)
        return first, second

    def _judged(self, different: tuple[str, int, int, bool], ran: _Ran, seeds: Sequence[int]) -> Exactness:
        """Whether a difference is wrong, or may be due to something that is not known here."""
        first, second = self._counted(ran)
        buffer, index, case, _ = different
        place = f"first at `{buffer}[{index}]`, {self._cases[case].sizes}"
        unknown = tuple(sorted({*first.functions, *second.functions}))
        if first.extremes or second.extremes:
            ordered = self._under_orders(seeds, "")
            if ordered.ordered:
                return replace(ordered, outside="they agree only with what max and min are")
        known = not (
            unknown or first.decided or second.decided or first.extremes or second.extremes or (first.bases | second.bases) & ~BASE_E
        )
        if known and first.constants == second.constants is not None:
            sentence = (
                f"`{buffer}[{index}]` is another function of the inputs than the source's ({self._cases[case].sizes}): calculated "
                "modulo a prime, where nothing is rounded, it has another value"
            )
            return Exactness(False, sentence, difference=different[:3])
        return Exactness(
            None,
            f"the two sides are not the same function of real numbers ({place}); rounded constants or a law of functions can explain it",
            uninterpreted=unknown,
            difference=different[:3],
        )

    def _agreed(self, planned: Sequence[Execution], ran: _Ran, whole: int, seeds: Sequence[int]) -> Exactness:
        sides = self._counted(ran)
        done = tuple(dict.fromkeys(execution.case for execution in planned[:whole]))
        names = tuple(
            sorted({*sides[0].functions, *sides[1].functions} | ({"max and min"} if any(side.extremes for side in sides) else set()))
        )
        once = bound(*sides)
        everywhere = len(done) == len(self._order) > 2
        sizes = "these sizes" if everywhere else " / ".join(self._cases[index].sizes for index in done)
        if once is None or once >= 1:
            why = "exponents are not linear in the inputs" if any(side.nonlinear for side in sides) else "the degrees are too high"
            return Exactness(
                None, f"also equal modulo a prime at {sizes}, but no probability can be given: {why}", uninterpreted=names, cases=done
            )
        needed = math.ceil(ENOUGH_BITS / -math.log2(once))
        if needed > len(seeds):
            if needed > MOST_SEEDS or time.monotonic() > self._deadline:
                return Exactness(
                    None,
                    f"also equal modulo a prime at {sizes}, but there was no time for as many runs as a probability needs",
                    uninterpreted=names,
                    cases=done,
                )
            return self.result([*range(seeds[0], seeds[0] + needed)])
        bits = -math.log2(once) * len(seeds)
        many = len(names) > 1 or "max and min" in names
        known = f"; {', '.join(names)} taken as {'unknown functions' if many else 'an unknown function'}" if names else ""
        known += "; the nearest floats of log2 e and ln 2 taken for these" if any(side.logarithms for side in sides) else ""
        integers = "; integers as in the tests" if any(not is_float(b.dtype) for index in done for b in self._cases[index].buffers) else ""
        sentence = (
            f"exact: the same function over the reals at {sizes}, except with probability < 2^-{math.floor(bits)} "
            f"({len(seeds)} run{'s' if len(seeds) > 1 else ''} modulo a 62-bit prime{known}{integers})"
        )
        return Exactness(True, sentence, bits, names, cases=done)

    def _under_orders(self, seeds: Sequence[int], reason: str) -> Exactness:
        """Runs in which comparisons follow random orders. Agreement is evidence, a difference is not: the order of residues has nothing to
        do with their sums and products, so that correct kernels may differ (x - max is not below 0)."""
        planned, ran = self._run([seeds[0] + number for number in range(ORDERS)], True)
        whole = ran.done // ORDERS * ORDERS
        if not whole or self._difference(planned, ran, whole):
            return Exactness(None, "", outside=reason or ran.reason)
        return Exactness(None, "", outside=reason, ordered=ORDERS)
