"""Two files against each other: the kernels that both have, run on the same inputs."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from .dialects.base import Dialect
from .files import check_text, dialect_of, read_text
from .frontend.adapter import callable_text
from .frontend.lower import Module, lower
from .frontend.syntax import device_text
from .ir.nodes import Kernel
from .results import Declination, FileReport, KernelResult, Replay, Report, Unusable
from .units import plain_name
from .verify.again import again
from .verify.cases import Launch, Program, Scalar, TestCase
from .verify.discover import Discovery, discover
from .verify.exact import patience
from .verify.replay import Unreplayable
from .verify.vendor import Asking
from .verify.verdict import verify

ONE_MACHINE = {"cuda", "hip"}  # dialects that share one way of launching
LAUNCHED = {"cuda", "hip", "bang"}  # dialects whose kernels are launched, not called


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two files, read."""

    path: str
    text: str
    dialect: Dialect
    module: Module

    def cases(self, kernel: Kernel) -> Discovery:
        return discover(self.text, self.path, self.module, kernel, self.dialect.spelling)

    def program(self, kernel: Kernel, launch: Launch) -> Program:
        text, symbol = callable_text(device_text(self.text, self.dialect.spelling), kernel)
        return Program(self.dialect.name, text, symbol, launch, tuple(p.name for p in kernel.params))


def compare_files(a_path: str, b_path: str, say: Report, compilers_s: float | None = None) -> FileReport:
    """One result for each kernel of the first file; raises Unusable for a file that cannot be read."""
    texts = {path: read_text(path) for path in (a_path, b_path)}
    dialects = [dialect_of(path, texts[path]).name for path in (a_path, b_path)]
    nothing = KernelResult("", dialects[0], dialects[1], None)
    for path, text in texts.items():
        try:
            check_text(path, text)
        except Unusable as no:
            return FileReport((replace(nothing, declined=Declination(no.code, no.reason)),))
    a, b = (_side(path, texts[path]) for path in (a_path, b_path))
    results = []
    for position, kernel in enumerate(a.module.kernels):
        started, percent = time.monotonic(), int(100 * (position + 0.3) / len(a.module.kernels))
        say({"kernel": kernel.name, "stage": "verify", "percent": percent, "message": "running both"})
        results.append(replace(_compare(a, b, kernel, compilers_s), seconds=time.monotonic() - started))
    return FileReport(tuple(results) or (replace(nothing, declined=_no_kernel(a)),))


def replayed(id_: str, say: Report) -> tuple[FileReport, Replay]:
    """The verdict of an ID once more, with what has changed; raises Unusable where nothing (or nothing whole) is stored under it."""
    started = time.monotonic()
    try:
        found = again(id_, say)
    except Unreplayable as error:
        raise Unusable("no-such-verdict", f"{error}.") from error
    asked = found.entry.question
    case = asked.cases[0]
    result = KernelResult(case.kernel, asked.source.dialect, asked.target.dialect, None, found.verdict, seconds=time.monotonic() - started,
                          assumptions=tuple(dict.fromkeys(x for each in asked.cases for x in each.assumptions)))
    return FileReport((result,)), Replay(found.entry.id, found.same, found.differences, found.entry.changed)


def _no_kernel(side: Side) -> Declination:
    problem = next(iter(side.module.problems), None)
    if problem is None:
        return Declination("no-kernel", f"{side.path} has no {side.dialect.title} kernel.")
    return Declination(problem.code, problem.reason, problem.span.line if problem.span is not None else None)


def _side(path: str, text: str) -> Side:
    dialect = dialect_of(path, text)
    return Side(path, text, dialect, lower(text, dialect.spelling, path))


def _compare(a: Side, b: Side, kernel: Kernel, compilers_s: float | None) -> KernelResult:
    base = KernelResult(kernel.symbol or kernel.name, a.dialect.name, b.dialect.name, None)

    def declined(code: str, reason: str, line: int | None = None) -> KernelResult:
        return replace(base, declined=Declination(code, reason, line))

    other = _partner(kernel, b.module)
    if other is None:
        return declined("no-such-kernel", f"{b.path} has no kernel `{kernel.name}`.")
    mine, theirs = a.cases(kernel), b.cases(other)
    cases = mine.cases or theirs.cases
    if not cases:
        line = kernel.name_span.line if kernel.name_span is not None else None
        return declined("no-test-case", mine.missing or "no test case is known", line)
    launches = _launches(a, b, cases, theirs)
    if launches is None:
        return declined("no-launch", f"the launch of `{other.name}` in {b.path} is not known: {theirs.missing}")
    further = [p.name for p in other.params if p.name not in {argument.name for argument in cases[0].arguments}]
    if further:
        cases = _told(cases[0], theirs, further)
        if not cases:
            names = ", ".join(f"`{name}`" for name in further)
            return declined("unknown-argument", f"nothing gives a value to {names} of `{other.name}` in {b.path}.")
    programs = a.program(kernel, cases[0].launch), b.program(other, launches[0])
    with Asking(*programs, compilers_s) as asking:
        verdict = asking.judged(verify(*programs, cases, target_launches=launches[: len(cases)], keep=True, exact_s=patience(compilers_s)))
    return replace(base, verdict=verdict, assumptions=tuple(x for case in cases for x in case.assumptions))


def _told(case: TestCase, theirs: Discovery, further: list[str]) -> tuple[TestCase, ...]:
    """``case`` with the arguments that only the second file's own test case has; nothing where it lacks one of them."""
    known = {argument.name: argument for argument in theirs.cases[0].arguments} if theirs.cases else {}
    if not all(isinstance(known.get(name), Scalar) for name in further):
        return ()
    return (replace(case, arguments=(*case.arguments, *(known[name] for name in further))),)


def _partner(kernel: Kernel, module: Module) -> Kernel | None:
    names = (kernel.name, plain_name(kernel))
    return next((k for k in module.kernels if k.name in names or (k.symbol or k.name) == kernel.symbol), None)


def _launches(a: Side, b: Side, cases: tuple[TestCase, ...], theirs: Discovery) -> list[Launch] | None:
    """How the second file's kernel is launched in each case; None where its launch is not known."""
    if {a.dialect.name, b.dialect.name} <= ONE_MACHINE:
        return [case.launch for case in cases]
    if b.dialect.name not in LAUNCHED:
        return [Launch((1, 1, 1), (1, 1, 1))] * len(cases)
    return [theirs.cases[0].launch] * len(cases) if theirs.cases else None
