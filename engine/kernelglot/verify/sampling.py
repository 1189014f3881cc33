"""Kernels too large to run: a sample of the source's blocks, and those outer iterations of the target that do the same part of the work.

The source's runner skips the other blocks. A target that is launched like the source skips the same ones; in any other text the outermost
loops of the kernel are restricted: an iteration is done where its share of all iterations meets that of a chosen block. Compared are the
elements that both sides wrote. Whether they depend on what was left out is tried, not assumed: with twice as many blocks, in reversed
order and with other memory contents, the same elements must have the same bits. A source with atomics is not sampled: its blocks share
results. Where no part of the work can be cut out like this, nothing is claimed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from . import compare, inputs, replay, sandbox
from .build import BLOCKS, HOW, Build, Faulted, Module
from .cases import Counterexample, Fault, TestCase, Verdict
from .emulate import SYNC_WORDS, Execution, Job
from .looks import Looks, Results
from .plan import Run

if TYPE_CHECKING:
    import numpy

LARGE_BYTES, LARGE_THREADS = 1 << 25, 1 << 18       # from here on a kernel is timed before all of it is run
FULL_S = 1.0                        # seconds a run of all blocks may take
SAMPLE_S = 0.5                      # seconds that a sample may take, when blocks are expensive
MOST_BLOCKS = 24
CLASSES = ("normal", "integers", "large")
HEAVY_BYTES = 1 << 27               # from here on two classes have to do: moving the buffers is what takes the time
TIMEOUT_S = 15.0
# Without these, two blocks that write one element are a race.
_SHARED_RESULTS = re.compile(r"atomic\w*\s*\(|this_grid|grid_group|\bred\.|\batom\.")
_NO_CODE = re.compile(r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|^[ \t]*#[^\n]*", re.DOTALL | re.MULTILINE)
_FOR = re.compile(r"\bfor\s*\(\s*(?:(?:const\s+)?[A-Za-z_][\w:]*\s+)*?([A-Za-z_]\w*)\s*=[^;=]+;\s*\1\s*(?:\+\s*(\d+)\s*)?(<=?)\s*"
                  r"([^;<>=]+);\s*(?:\+\+\s*\1|\1\s*\+\+|\1\s*\+=\s*([^;()]+?))\s*\)")


@dataclass(frozen=True, slots=True)
class Sample:
    """Blocks ``first``, ``first + stride``, ...: ``count`` of ``all``."""

    first: int
    stride: int
    count: int
    all: int

    @property
    def blocks(self) -> tuple[int, int, int, int]:
        return self.first, self.stride, self.count, self.all

    @property
    def wider(self) -> Sample:
        """The same blocks and as many more, between them."""
        return Sample(self.first, self.stride // 2, 2 * self.count - 1, self.all)


class Uncovered(Exception):
    """No part of the work can be cut out on both sides; the message is a sentence."""


def is_large(case: TestCase, source: Module) -> bool:
    """Whether a case is to be timed first."""
    threads = math.prod((*case.launch.grid, *case.launch.block))
    return (HOW[source.unit.program.dialect] == BLOCKS and math.prod(case.launch.grid) > 1
            and (sum(buffer.bytes for buffer in case.buffers) >= LARGE_BYTES or threads >= LARGE_THREADS))


class Sampling:
    """The first case of a question, by a sample. ``verdict`` is None where a run of everything is quick enough. ``count``: so many blocks
    without timing them, as in the verdict that is had again."""

    def __init__(self, question: replay.Question, modules: Sequence[Module], stack: ExitStack, count: int = 0) -> None:
        self._question, self._modules, self._stack = question, list(modules), stack
        self._case, self._seed = question.cases[0], question.seeds[0]
        self._all, self._count = math.prod(self._case.launch.grid), count
        self._classes = CLASSES[:2] if sum(buffer.bytes for buffer in self._case.buffers) >= HEAVY_BYTES else CLASSES

    def verdict(self, strength: sandbox.Strength) -> Verdict | None:
        arrays = inputs.make(self._case, CLASSES[0], self._seed)
        seconds = self._seconds_a_block(arrays)
        if not self._count and (seconds is None or seconds * self._all <= FULL_S):
            return None
        seconds = seconds or 0.0
        count = self._count or max(1, min(MOST_BLOCKS, self._all // 4, int(SAMPLE_S / max(seconds, 1e-9))))
        half = max(1, self._all // (2 * count + 1))
        sample = Sample(self._seed * 7919 % half, 2 * half, count, self._all)
        whole = f"running all {self._all:,} blocks would take about {_duration(seconds * self._all)} for one input"
        try:
            self._modules[1] = self._restricted()
            return replace(self._tested(sample, arrays, strength, whole), runs=-count)
        except Uncovered as error:
            return Verdict("compiled", ("both sides compile for the emulator",), (f"{error}; {whole}, and its sizes are fixed",))

    # ---- running

    def _seconds_a_block(self, arrays: Results) -> float | None:
        """From a run of a few blocks; None where the source fails even then."""
        few = Sample(0, max(1, self._all // 8), min(8, self._all), self._all)
        outcome = self._job(0, [Execution(0, arrays, blocks=few.blocks)]).wait()
        return None if outcome.fault is not None else outcome.report.launch_s / few.count

    def _job(self, side: int, executions: Sequence[Execution]) -> Job:
        launches = (self._case.launch,) if side == 0 or self._question.target_launches is None else self._question.target_launches[:1]
        return self._stack.enter_context(Job(self._modules[side], [self._case], executions, ("source", "target")[side], TIMEOUT_S,
                                             TIMEOUT_S, launches))

    def _restricted(self) -> Module:
        """The target with outer loops that leave iterations out; as it stands where it has the source's blocks."""
        if _SHARED_RESULTS.search(self._modules[0].unit.program.text):
            raise Uncovered("blocks of the source share results (atomics, or a wait for the whole grid), "
                            "so no part of them can be tested alone")
        program = self._modules[1].unit.program
        launch = self._question.target_launches[0] if self._question.target_launches else program.launch
        if HOW[program.dialect] == BLOCKS:
            if launch.grid != self._case.launch.grid:
                raise Uncovered("a sample needs the same blocks on both sides")
            return self._modules[1]
        text = restricted(program.text, program.symbol)
        words = SYNC_WORDS.get(program.dialect)
        if text is None or words is not None and words.search(program.text):
            raise Uncovered("no outer loop of the target could be restricted to a part of its iterations")
        try:
            return self._stack.enter_context(Build(replace(program, text=text), [self._case], "target")).wait()
        except Faulted as fault:
            raise Uncovered("the target cannot be restricted to a part of its iterations") from fault

    def _tested(self, sample: Sample, arrays: Results, strength: sandbox.Strength, whole: str) -> Verdict:
        compared = written = 0
        worst: list[compare.Agreement] = []
        for name in self._classes:
            contents = arrays if name == CLASSES[0] else inputs.make(self._case, name, self._seed)
            executions = [Execution(0, contents, blocks=sample.blocks)]
            if name == CLASSES[0]:
                executions.append(Execution(0, contents, second=True, blocks=sample.wider.blocks))
            jobs = [self._job(side, executions) for side in (0, 1)]
            outcomes = [job.wait() for job in jobs]
            for outcome in outcomes:
                if outcome.fault is not None:
                    return self._failed(outcome.fault, name)
                if len(outcome.results) < len(executions):
                    raise Uncovered("the time for testing did not suffice for a sample")
            masks = [self._mask(contents, [outcome.results[0] for outcome in outcomes])]
            if name == CLASSES[0]:
                self._separable(masks[0], [outcome.results for outcome in outcomes])
                compared = sum(int(mask.sum()) for mask in masks[0].values())
                written = sum(int(mask.sum()) for mask in self._mask(contents, [outcomes[0].results[0]]).values())
            found = self._look(sample, masks[0], Run(0, name, self._seed), contents, [outcome.results[0] for outcome in outcomes])
            if isinstance(found, compare.Difference):
                return self._wrong(found, masks[0][found.buffer], name, strength)
            worst.append(found)
        return self._agreed(sample, compared, written, worst, strength, whole)

    def _mask(self, arrays: Results, results: Sequence[Results]) -> dict[str, numpy.ndarray]:
        """The elements of each result that all of ``results`` wrote."""
        import numpy

        masks = {}
        for buffer in self._case.results:
            before = None if buffer.role == "out" else compare.bits(arrays[buffer.name])
            wrote = [~compare.unwritten(each[buffer.name]) if before is None else compare.bits(each[buffer.name]) != before
                     for each in results]
            masks[buffer.name] = numpy.logical_and.reduce(wrote)
        return masks

    def _separable(self, masks: Mapping[str, numpy.ndarray], sides: Sequence[Sequence[Results]]) -> None:
        if not any(mask.any() for mask in masks.values()):
            raise Uncovered("the chosen blocks of the source and the chosen iterations of the target write different elements")
        for name, results in zip(("source", "target"), sides):
            for buffer, mask in masks.items():
                if (compare.bits(results[0][buffer])[mask] != compare.bits(results[1][buffer])[mask]).any():
                    raise Uncovered(f"results of the {name}'s blocks depend on other blocks, so no part of them can be tested alone")

    def _look(self, sample: Sample, masks: Mapping[str, numpy.ndarray], run: Run, arrays: Results,
              results: Sequence[Results]) -> compare.Difference | compare.Agreement:
        def cut(result: Results) -> Results:
            return {name: result[name][mask] for name, mask in masks.items()}

        def execute(side: int, executions: Sequence[Execution]) -> Sequence[Results]:
            return [cut(each) for each in self._job(side, [replace(one, blocks=sample.blocks) for one in executions]).wait().results]

        small = replace(self._case, arguments=tuple(
            replace(argument, elements=int(masks[argument.name].sum())) if argument.name in masks else argument
            for argument in self._case.arguments))  # type: ignore[type-var]
        operations = self._question.operations or compare.operations(self._case)
        return Looks(self._modules, [small], operations, execute).at(run, arrays, cut(results[0]), cut(results[1]))

    # ---- telling

    def _failed(self, fault: Fault, name: str) -> Verdict:
        from .telling import of_fault

        return of_fault(fault, [self._case], Run(0, name, self._seed), {})

    def _wrong(self, found: compare.Difference, mask: numpy.ndarray, name: str, strength: sandbox.Strength) -> Verdict:
        import numpy

        index = int(numpy.flatnonzero(mask)[found.index])
        told = replace(found, index=index)
        sentence = f"{told.sentence} ({self._case.sizes}; value class {name}, seed {self._seed}; of a sample)"
        counterexample = Counterexample(found.buffer, index, found.expected, found.got, 0, self._seed, name, sentence)
        return Verdict("rejected", (f"compared a sample of the blocks; {strength}",), (), counterexample)

    def _agreed(self, sample: Sample, compared: int, written: int, found: Sequence[compare.Agreement], strength: sandbox.Strength,
                whole: str) -> Verdict:
        elements = sum(buffer.elements for buffer in self._case.results)
        worst = max(found, key=lambda each: each.error)
        error = "bit-identical" if all(each.exact for each in found) else f"max error {worst.error:.1e} of allowed {worst.allowed:.1e}"
        evidence = [f"a sample: {sample.count:,} of {sample.all:,} blocks, {compared:,} of {elements:,} elements; {len(found)} runs "
                    f"({', '.join(self._classes)}, seed {self._seed}), {self._case.sizes}; {error}; {strength}",
                    "these elements stay the same when as many blocks more are run, in reversed order and with other memory contents",
                    "no access outside of a buffer and no write to an input by these blocks"]
        if compared < written:
            evidence.append(f"the target wrote {compared:,} of the {written:,} elements that these blocks write, "
                            "in the iterations that were run")
        others = f"the other {sample.all - sample.count:,} blocks: {whole}"
        return Verdict("tested", tuple(evidence), (others, "other sizes, inputs with NaN, infinities or denormal numbers"))


def _duration(seconds: float) -> str:
    for size, name in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 1.5 * size:
            return f"{seconds / size:.0f} {name}"
    return f"{seconds:.0f} seconds"


# ---- outer loops ----------------------------------------------------------------------------------------------------------------------

def restricted(text: str, symbol: str) -> str | None:
    """``text`` with the outermost loops of function ``symbol`` restricted by ``kg_chosen``, on the same lines; None where there is none."""
    plain = _NO_CODE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    begin = re.search(rf"\b{re.escape(symbol.partition('<')[0])}\s*\([^()]*\)\s*\{{", plain)
    if begin is None:
        return None
    inserts: list[tuple[int, str]] = []
    at, depth = begin.end(), 1
    while depth and at < len(plain):
        found = _FOR.match(plain, at) if depth == 1 else None
        if found:
            at = _nest(plain, found, inserts)
            continue
        depth += {"{": 1, "}": -1}.get(plain[at], 0)
        at += 1
    for place, words in sorted(inserts, reverse=True):
        text = text[:place] + words + text[place:]
    return text if inserts else None


def _nest(plain: str, found: re.Match[str], inserts: list[tuple[int, str]]) -> int:
    """Notes what goes into the loops of a nest that follow each other directly; gives where its body begins."""
    loops = [found]
    while len(loops) < 3:
        after = re.compile(r"\s*").match(plain, loops[-1].end())
        inner = _FOR.match(plain, after.end()) if after else None
        if inner is None:
            break
        loops.append(inner)
    bounds = [f"((long long)({loop[4].strip()}){' + 1' if loop[3] == '<=' and not loop[2] else ''})" for loop in loops]
    for level, loop in enumerate(loops):
        index = "0"
        for outer, bound in zip(loops[:level + 1], bounds):
            index = f"({index}) * {bound} + {outer[1]}"
        step = loop[5] if loop[5] and loop[5].isdigit() else loop[2] if loop[2] and loop[5] == loop[2] else "1"
        rest = " * ".join(["1", *bounds[level + 1:]])
        test = f"kg_chosen((long long)({index}) * {rest}, ((long long)({index}) + {step}) * {rest}, {' * '.join(bounds)})"
        body = re.compile(r"\s*").match(plain, loop.end())
        brace = body is not None and plain[body.end()] == "{"
        inserts.append((body.end() + 1, f" if (!{test}) continue;") if brace and body else (loop.end(), f" if ({test})"))
    return loops[-1].end()


__all__ = ["Sample", "Sampling", "is_large", "restricted"]
