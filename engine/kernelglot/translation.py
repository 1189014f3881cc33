"""One call of ``translate``: a file's text through the front end, test cases, candidates and verdicts; the first that is accepted wins.

What is returned is exactly the text that was tested. Nothing is written here.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from .dialects import base as dialects
from .dialects.hip.host import HipText, translate_text
from .files import default_out, dialect_of, marked
from .frontend.adapter import callable_text
from .frontend.lower import Problem, lower
from .frontend.syntax import device_text
from .ir.nodes import Kernel, Span
from .passes.base import Declined
from .plan.launch import Launched, as_launched, launched
from .plan.planner import Candidate, candidates, first_opaque
from .results import ROUTES, TARGETS, Declination, FileReport, KernelResult, Report, Unusable
from .units import join_units, plain_name, with_header, without_others
from .verify.annotations import comment_for
from .verify.cases import Launch, Program, TestCase, Verdict
from .verify.discover import discover
from .verify.exact import patience
from .verify.vendor import Asking
from .verify.verdict import verify

ALONE = Launch((1, 1, 1), (1, 1, 1))  # called like a function
LEAST_TILE = 8
AGAIN, AGAIN_S = (1,), 2.0  # seeds and seconds for the second test of a kernel, among others
OWN_FAULTS = ("compile-error", "unsupported", "forbidden", "sandbox")  # whatever the inputs are
UNREAD = ("syntax", "template", "uninstantiated", "unsupported", "nested")  # problems that keep a kernel from being read at all


@dataclass(frozen=True, slots=True)
class Task:
    """One kernel with what is known about its launch; ``base`` is its result without a verdict."""

    kernel: Kernel
    base: KernelResult
    known: Launched
    say: Callable[[str, float, str], None]  # stage, percent of this kernel's work, message

    @property
    def cases(self) -> tuple[TestCase, ...]:
        return self.known.cases

    def stages(self, number: int, prefix: str) -> Report:
        """Where ``verify`` tells how far the ``number``-th candidate is: each gets half of the work that is left."""
        start, width = 100 - 80 * 0.5**number, 40 * 0.5**number
        return lambda event: self.say(event["stage"], start + width * event["percent"] / 100, prefix + event["message"])


@dataclass(frozen=True, slots=True)
class Tested:
    """What an accepted verdict is about: the cases, the two programs, and how the second one is launched."""

    task: Task
    cases: tuple[TestCase, ...]
    source: Program
    target: Program


class Translation:
    """One call of ``translate``. Raises Unusable where the target makes no sense for the file."""

    def __init__(self, path: str, text: str, to: str, out: str | None, say: Report, compilers_s: float | None = None) -> None:
        self.path, self.text, self.to, self.say, self.compilers_s = path, text, to, say, compilers_s
        self.dialect = dialect_of(path, text)
        if to not in TARGETS:
            raise Unusable("unknown-target", f"`{to}` is not a dialect; choose one of {', '.join(TARGETS)}.")
        if to == self.dialect.name:
            raise Unusable("same-dialect", f"{path} is {self.dialect.title} already.")
        if to not in ROUTES[self.dialect.name]:
            known = ", ".join(dialects.load(name).title for name in ROUTES[self.dialect.name]) or "nothing"
            title = dialects.load(to).title
            raise Unusable("no-route", f"no route leads from {self.dialect.title} to {title} yet; it can be translated to {known}.")
        self.out = out
        self.tested: list[Tested] = []

    def run(self, wanted: str | None) -> FileReport:
        """What becomes of every kernel, or of the one that is wanted."""
        self.wanted = wanted
        self.say({"kernel": wanted or "", "stage": "parse", "percent": 2, "message": "reading the file"})
        self.module = lower(self.text, self.dialect.spelling, self.path)
        self.kernels = [k for k in self.module.kernels if wanted is None or wanted in (k.name, k.symbol)]
        if not self.kernels:
            return FileReport((self._nothing(wanted),))
        names = {k.name for k in self.kernels}
        self.others = [item.name for item in self.module.outline if item.kind == "kernel" and item.name not in names]
        self.hip = translate_text(self.text) if self.to == "hip" else None
        results = [] if wanted is not None else self._unread()
        for position, kernel in enumerate(self.kernels):
            started = time.monotonic()
            result = replace(self._kernel(kernel, position), seconds=time.monotonic() - started)
            results.append((kernel.span.start if kernel.span else 0, result))
        return self._together([result for _, result in sorted(results, key=lambda found: found[0])])

    def _result(self, name: str) -> KernelResult:
        return KernelResult(name, self.dialect.name, self.to, None)

    def _unread(self) -> list[tuple[int, KernelResult]]:
        """Kernels that the front end could not read, each declined, with where they stand."""
        problems = [p for p in self.module.problems if p.code.startswith(UNREAD) and not any(_covers(p, k) for k in self.kernels)]
        declined = [Declination(p.code, p.reason, _line(p.span)) for p in problems]
        return [(p.span.start, replace(self._result(self._name_at(p)), declined=no)) for p, no in zip(problems, declined, strict=True)]

    def _name_at(self, problem: Problem) -> str:
        """The name of the kernel that a problem lies in; empty where not even that could be read."""
        for item in self.module.outline:
            span = self.module.file.span(item.span.start, item.span.end)
            if item.kind == "kernel" and problem.span and span.start <= problem.span.start < span.end:
                return item.name
        return ""

    def _nothing(self, wanted: str | None) -> KernelResult:
        """No kernel, or not the one that is wanted."""
        problem = next((p for p in self.module.problems if wanted is None or self._name_at(p) == wanted), None)
        if problem is not None:
            declined = Declination(problem.code, problem.reason, _line(problem.span))
        elif wanted is not None:
            names = ", ".join(f"`{k.symbol or k.name}`" for k in self.module.kernels) or "none"
            declined = Declination("no-such-kernel", f"{self.path} has no kernel `{wanted}`; its kernels: {names}.")
        else:
            declined = Declination("no-kernel", f"{self.path} has no {self.dialect.title} kernel.")
        return replace(self._result(wanted or ""), declined=declined)

    # ---- one kernel

    def _kernel(self, kernel: Kernel, position: int) -> KernelResult:
        share, place = 100 / len(self.kernels), _line(kernel.name_span or kernel.span)
        base = self._result(kernel.symbol or kernel.name)

        def say(stage: str, percent: float, message: str) -> None:
            self.say({"kernel": kernel.name, "stage": stage, "percent": int(share * (position + percent / 100)), "message": message})

        broken = next((p for p in self.module.problems if p.code == "syntax" and _covers(p, kernel)), None)
        if broken is not None:
            return replace(base, declined=Declination(broken.code, broken.reason, _line(broken.span)))
        say("cases", 5, "looking for test cases")
        discovery = discover(self.text, self.path, self.module, kernel, self.dialect.spelling)
        opaque = first_opaque(kernel)
        if not discovery.cases and opaque is not None and self.hip is None:  # what cannot be read has indices that cannot be seen either
            return replace(base, declined=Declination("unsupported", opaque.reason, _line(opaque.span) or place))
        if not discovery.cases:
            return replace(base, declined=Declination("no-test-case", discovery.missing or "no test case is known", place))
        known = as_launched(kernel, discovery) if self.hip is not None else launched(kernel, discovery)
        assumptions = tuple(dict.fromkeys((*(a for case in known.cases for a in case.assumptions), *known.assumptions)))
        task = Task(kernel, replace(base, assumptions=assumptions), known, say)
        try:
            result = self._to_hip(task) if self.hip is not None else self._by_candidates(task)
        except Declined as no:
            return replace(base, declined=Declination(no.code, no.reason, _line(no.at) or place))
        fault, borrowed = result.verdict.fault if result.verdict is not None else None, discovery.borrowed(kernel)
        doubtful = borrowed or any(case.guessed for case in known.cases)
        if fault is None or fault.side != "source" or fault.kind in OWN_FAULTS or not doubtful:
            return result
        own = comment_for(known.cases[0], kernel=True)  # whoever wrote a kernel is not accused with inputs that we made up
        wrong = fault.sentence.removeprefix("the source kernel itself is suspect: ")
        ours = "with sizes or indices of our own choice it"
        told = f"the host code launches `{borrowed}`, and with its sizes this one" if borrowed else ours
        reason = f"{told} fails: {wrong}. If it is made for others, write them above it, as in `{own}`"
        return replace(base, declined=Declination("no-test-case", reason, place))

    def _source_program(self, task: Task) -> Program:
        text = without_others(self.text, self.dialect.spelling, task.kernel, self.module.problems)
        return self._program(self.dialect.name, device_text(text, self.dialect.spelling), task)

    def _program(self, dialect: str, text: str, task: Task, architecture: str = "") -> Program:
        kernel = task.kernel
        parameters = tuple(p.name for p in kernel.params)
        text, symbol = callable_text(text, kernel)
        return Program(dialect, text, symbol, task.cases[0].launch, parameters, architecture)

    def _by_candidates(self, task: Task) -> KernelResult:
        """The first candidate that is accepted, else the first one with what is wrong about it."""
        kernel, source = task.known.kernel, self._source_program(task)
        renamed = replace(kernel, name=plain_name(kernel)) if sum(k.name == kernel.name for k in self.kernels) > 1 else kernel
        first: KernelResult | None = None
        task.say("passes", 10, "recovering loops")
        for number, candidate in enumerate(candidates(renamed, task.known.shape, self.to)):
            launch = candidate.launch or ALONE
            parameters = tuple(p.name for p in candidate.kernel.params)
            language = "c" if self.to in ("c", "vnni") else ""
            target = Program(self.to, candidate.unit, candidate.name, launch, parameters, language=language)
            stages = task.stages(number, "a plainer translation: " if number else "")
            with Asking(source, target, self.compilers_s) as asking:
                cases = (*task.cases, *self._beyond_tiles(task, candidate))
                verdict = asking.judged(verify(source, target, cases, target_launches=[launch] * len(cases), report=stages, keep=True,
                                               exact_s=patience(self.compilers_s)))
            text = with_header(candidate.unit, _comment(task.cases[0], candidate))
            further = [p.name for p in candidate.kernel.params if p.launch]
            told = tuple(f"`{name}` is a further parameter: the launch depends on it, and only the host knew" for name in further)
            result = replace(task.base, verdict=verdict, text=text, notes=(*told, *candidate.notes))
            if verdict.accepted:
                self.tested.append(Tested(task, cases, source, target))
            if verdict.accepted or verdict.fault is not None and verdict.fault.side == "source":
                return result
            first = first or result
        assert first is not None
        return first

    def _beyond_tiles(self, task: Task, candidate: Candidate) -> tuple[TestCase, ...]:
        """Cases with the sizes around the tiles that only the translation has, and with more blocks than it has tasks: the second turn of
        the loops over them."""
        own = {constant.name for constant in task.kernel.constants}
        tiles = [c.value for c in candidate.kernel.constants if c.name not in own and isinstance(c.value, int) and c.value >= LEAST_TILE]
        sizes = [size for tile in tiles for size in (tile + 1, tile)]
        if candidate.launch is not None:
            tasks = math.prod(candidate.launch.grid)
            sizes += [tasks * tile + 1 for tile in tiles] + [2 * tasks * max(task.cases[0].launch.block) + 1]
        if not sizes:
            return ()
        discovery = discover(self.text, self.path, self.module, task.kernel, self.dialect.spelling, sizes)
        return launched(task.kernel, discovery).cases[1:] if len(discovery.cases) > 1 else ()

    def _to_hip(self, task: Task) -> KernelResult:
        """HIP keeps the file's text, so one text serves all kernels; each is tested in it."""
        hip: HipText = self.hip
        if hip.unconverted:
            first = hip.unconverted[0]
            more = f" (and {len(hip.unconverted) - 1} more)" if len(hip.unconverted) > 1 else ""
            raise Declined("unconverted", f"line {first.line}: `{first.name}`: {first.reason}{more}")
        opaque = first_opaque(task.kernel)
        if opaque is not None and "set by the host" in opaque.reason:  # both sides would be run with zeros and agree on nothing
            raise Declined("untestable", opaque.reason, at=opaque.span)
        target = self._program("hip", device_text(hip.text, dialects.load("hip").spelling), task, hip.architecture)
        launches = [case.launch for case in task.cases]
        source, stages = self._source_program(task), task.stages(0, "")
        with Asking(source, target, self.compilers_s) as asking:
            verdict = asking.judged(verify(source, target, task.cases, target_launches=launches, report=stages, keep=True,
                                           exact_s=patience(self.compilers_s)))
        if self.wanted is not None and self.others:
            along = f"the other kernels of the file, translated along: {', '.join(self.others)}"
            verdict = replace(verdict, skipped=(*verdict.skipped, along))
        return replace(task.base, verdict=verdict, text=hip.text, notes=tuple(hip.notes))

    # ---- one file

    def _together(self, results: list[KernelResult]) -> FileReport:
        """The kernels that were verified as one text. HIP keeps the file's text, so there it is all kernels or none."""
        made = [r for r in results if r.text and r.verdict is not None and r.verdict.accepted]
        if self.hip is not None and len(made) < len(results):
            note = "not written: HIP keeps the file as one text, and another kernel of it has no good verdict"
            return FileReport(tuple(replace(r, notes=(*r.notes, note)) if r in made else r for r in results))
        if not made:
            return FileReport(tuple(results))
        body = made[0].text if self.hip is not None else join_units([r.text for r in made])
        if self.hip is None and len(made) > 1:
            wrong = self._wrong_together(body)
            if wrong:
                return FileReport(tuple(replace(r, verdict=wrong.get(r.name, r.verdict)) for r in results))
        text = marked(self.path, self.dialect, body)
        if 2 * self.text.count("\r\n") > self.text.count("\n"):  # the line ends of the source
            text = re.sub(r"\r?\n", "\r\n", text)
        out = self.out or default_out(self.path, self.to, self.wanted if self.others else None)
        return FileReport(tuple(replace(r, out=out, text=text) if r in made else r for r in results), text)

    def _wrong_together(self, body: str) -> dict[str, Verdict]:
        """What is written is what was tested: each kernel once more, quickly, in the text that holds them all. Empty where all is well."""
        wrong = {}
        for each in self.tested:
            each.task.say("verify", 99, "testing it in the file with the others")
            cases, launch = each.task.cases[:1], each.target.launch
            together = replace(each.target, text=body)
            verdict = verify(each.source, together, cases, seeds=AGAIN, budget_s=AGAIN_S, target_launches=[launch], keep=True)
            if not verdict.accepted:
                wrong[each.task.base.name] = verdict
        return wrong


def _covers(problem: Problem, kernel: Kernel) -> bool:
    return bool(problem.span and kernel.span and kernel.span.start <= problem.span.start < kernel.span.end)


def _line(span: Span | None) -> int | None:
    return span.line if span is not None else None


def _comment(case: TestCase, candidate: Candidate) -> str:
    """The test case as a comment for the candidate's text."""
    known = {p.name for p in candidate.kernel.params}
    case = replace(case, kernel=candidate.name, arguments=tuple(a for a in case.arguments if a.name in known))
    return comment_for(replace(case, launch=candidate.launch) if candidate.launch is not None else case, kernel=True)
