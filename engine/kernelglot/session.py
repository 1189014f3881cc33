"""What the server and the command line may call. Plain frozen values in and out.

``translate`` takes a file's text through the front end, finds test cases, asks the planner for candidates and tests them; the first one
that is verified wins, and what is written is exactly the text that was tested. Importing this module is cheap: numpy and the engine's
rooms are loaded when a call needs them.
"""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

MARK = "// kernelglot: translated from"
TARGETS = ("bang", "hip", "vnni", "c", "cuda")
LARGEST_BYTES = 1_000_000
Report = Callable[[dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class KernelOutline:
    """A kernel's place in its file; 0-based lines."""

    name: str
    start_line: int
    end_line: int
    dialect: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to underline: 0-based lines, 0-based UTF-8 byte columns."""

    line0: int
    col0: int
    line1: int
    col1: int
    severity: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Declination:
    """A reasoned no; ``line`` is 1-based, None where the whole file is meant."""

    code: str
    reason: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class KernelResult:
    """What became of one kernel: a verdict or a reasoned no. ``assumptions`` are what the tests took for granted."""

    name: str
    source: str
    target: str
    out: str | None
    verdict: Any = None
    declined: Declination | None = None
    seconds: float = 0.0
    text: str = ""
    notes: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The entry of ``--json``; see schema/translate.schema.json."""
        verdict = None
        if self.verdict is not None:
            counterexample = self.verdict.counterexample
            first = (counterexample.sentence,) if counterexample else ()
            if self.verdict.fault is not None and counterexample is None and self.verdict.rung == "rejected":
                first = (self.verdict.fault.sentence,)
            evidence = [*first, *(e for e in self.verdict.evidence if e not in first)]
            verdict = {
                "rung": self.verdict.rung,
                "evidence": evidence,
                "skipped": list(dict.fromkeys((*self.verdict.skipped, *self.assumptions))),
            }
        return {
            "name": self.name,
            "source": self.source,
            "target": self.target,
            "out": self.out,
            "verdict": verdict,
            "declined": asdict(self.declined) if self.declined else None,
            "seconds": round(self.seconds, 3),
        }


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of every kernel asked for, in the file's order; ``text`` is the translated file, empty where there is none."""

    kernels: tuple[KernelResult, ...]
    text: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"kernels": [kernel.as_json() for kernel in self.kernels]}

    def to_json(self) -> dict[str, Any]:
        """For the server: the entries of ``as_json`` with the texts, the counterexample and the notes."""
        entries = []
        for kernel in self.kernels:
            entry = kernel.as_json() | {"text": kernel.text, "notes": list(kernel.notes)}
            if entry["verdict"] is not None:
                found = kernel.verdict.counterexample
                entry["verdict"]["counterexample"] = {"sentence": found.sentence} if found else None
            entries.append(entry)
        return {"kernels": entries, "text": self.text}

    @property
    def exit_code(self) -> int:
        """0 all verified, 1 a verdict failed, 3 something was declined."""
        if any(k.verdict is not None and not k.verdict.accepted for k in self.kernels):
            return 1
        return 3 if any(k.declined for k in self.kernels) else 0


@dataclass(frozen=True, slots=True)
class Check:
    """One thing ``doctor`` looked at; ``disables`` says what its absence takes away."""

    name: str
    ok: bool
    detail: str
    disables: str = ""


class Unusable(Exception):
    """A file that cannot be worked on at all; the message is a sentence for the user."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


# ---- reading -------------------------------------------------------------------------------------------------------------------


def read_text(path: str | Path) -> str:
    """The text of a source file; raises Unusable with a sentence for files that are missing, binary or too large."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise Unusable("unreadable", f"{path} cannot be read: {error.strerror or error}.") from error
    if len(data) > LARGEST_BYTES:
        raise Unusable("too-large", f"{path} has {len(data)} bytes; files over {LARGEST_BYTES} bytes are not translated.")
    if b"\0" in data[:65536]:
        raise Unusable("binary", f"{path} is a binary file, not source text.")
    for encoding in ("utf-8-sig", "gb18030", "latin-1"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unusable("encoding", f"{path} is in no encoding that can be read.")


def _check_text(path: str, text: str) -> None:
    if len(text) > LARGEST_BYTES:
        raise Unusable("too-large", f"{path} has more than {LARGEST_BYTES} characters; such files are not translated.")
    if "\0" in text:
        raise Unusable("binary", f"{path} is a binary file, not source text.")
    if not text.strip():
        raise Unusable("empty", f"{path} is empty.")


def _dialect_of(path: str, text: str):
    from .dialects import base

    dialect = base.of_path(path)
    if dialect is None or (dialect.name == "c" and "_mm512_" in text):
        dialect = base.load("vnni" if dialect is not None else "cuda")
    return dialect


def outline(path: str, text: str) -> list[KernelOutline]:
    """The kernels of a file, from its syntax alone."""
    from .frontend import syntax

    try:
        _check_text(path, text)
    except Unusable:
        return []
    dialect = _dialect_of(path, text)
    found = []
    for item in syntax.outline(text, dialect.spelling):
        if item.kind == "kernel":
            start = item.span.line - 1
            found.append(KernelOutline(item.name, start, start + text.encode()[item.span.start : item.span.end].count(b"\n"), dialect.name))
    return found


def check(path: str, text: str) -> list[Finding]:
    """What in a file cannot be translated, and why."""
    from .frontend.lower import lower

    try:
        _check_text(path, text)
    except Unusable as error:
        return [] if error.code == "empty" else [Finding(0, 0, 0, 1, "warning", error.code, error.reason)]
    module = lower(text, _dialect_of(path, text).spelling, path)
    data = text.encode()
    return [_finding(data, p.span, p.code, p.reason) for p in module.problems]


def _finding(data: bytes, span, code: str, message: str) -> Finding:
    if span is None:
        return Finding(0, 0, 0, 1, "warning", code, message)
    start, end = min(span.start, len(data)), min(max(span.end, span.start + 1), len(data))
    line_end = data.find(b"\n", start)
    end = min(end, line_end if line_end >= 0 else len(data))
    line = data.count(b"\n", 0, start)
    column = start - (data.rfind(b"\n", 0, start) + 1)
    return Finding(line, column, line, column + max(1, end - start), "warning", code, message)


# ---- translating ---------------------------------------------------------------------------------------------------------------


def translate(path: str, text: str, to: str, kernel: str | None = None, out: str | None = None, report: Report | None = None) -> FileReport:
    """Translates the kernels of a file (or one of them) and tests each against its source. ``out`` is where the caller will write the
    text; nothing is written here. Raises ``verify.toolchain.MissingTool`` where no C++ compiler is installed."""
    say = report or (lambda event: None)
    started = time.monotonic()
    source = _dialect_of(path, text).name
    try:
        _check_text(path, text)
        return _Translation(path, text, to, out, say).run(kernel)
    except Unusable as error:
        declined = Declination(error.code, error.reason)
        return FileReport((KernelResult(kernel or "", source, to, None, declined=declined, seconds=time.monotonic() - started),))


class _Translation:
    """One call of ``translate``."""

    def __init__(self, path: str, text: str, to: str, out: str | None, say: Report) -> None:
        self.path, self.text, self.to, self.say = path, text, to, say
        self.dialect = _dialect_of(path, text)
        if to not in TARGETS:
            raise Unusable("unknown-target", f"`{to}` is not a dialect; choose one of {', '.join(TARGETS)}.")
        if to == self.dialect.name:
            raise Unusable("same-dialect", f"{path} is {self.dialect.title} already.")
        self.out = out or default_out(path, to)

    def run(self, wanted: str | None) -> FileReport:
        from .frontend.lower import lower

        self.say({"kernel": wanted or "", "stage": "parse", "percent": 2, "message": "reading the file"})
        self.module = lower(self.text, self.dialect.spelling, self.path)
        kernels = [k for k in self.module.kernels if wanted is None or wanted in (k.name, k.symbol)]
        if not kernels:
            return FileReport((self._nothing(wanted),))
        self.hip = self._hip_text() if self.to == "hip" else None
        results = []
        for position, kernel in enumerate(kernels):
            started = time.monotonic()
            result = self._kernel(kernel, kernels, position)
            results.append(replace(result, seconds=time.monotonic() - started))
        for problem in self.module.problems:  # kernels the front end could not even name
            if (
                wanted is None
                and not any(self._covers(problem, k) for k in kernels)
                and problem.code.startswith(("syntax", "template", "uninstantiated"))
            ):
                line = problem.span.line if problem.span else None
                results.append(KernelResult("", self.dialect.name, self.to, None, declined=Declination(problem.code, problem.reason, line)))
        return self._together(results)

    @staticmethod
    def _covers(problem, kernel) -> bool:
        return bool(problem.span and kernel.span and kernel.span.start <= problem.span.start < kernel.span.end)

    def _nothing(self, wanted: str | None) -> KernelResult:
        problem = next(iter(self.module.problems), None)
        if wanted is not None:
            names = ", ".join(k.name for k in self.module.kernels) or "none"
            declined = Declination("no-such-kernel", f"{self.path} has no kernel `{wanted}`; it has: {names}.")
        elif problem is not None:
            declined = Declination(problem.code, problem.reason, problem.span.line if problem.span else None)
        else:
            declined = Declination("no-kernel", f"{self.path} has no {self.dialect.title} kernel.")
        return KernelResult(wanted or "", self.dialect.name, self.to, None, declined=declined)

    # ---- one kernel

    def _kernel(self, kernel, kernels, position: int) -> KernelResult:
        from .passes.base import Declined
        from .verify.discover import discover

        base = KernelResult(kernel.symbol or kernel.name, self.dialect.name, self.to, None)
        share = 100 / len(kernels)

        def say(stage: str, percent: float, message: str) -> None:
            self.say({"kernel": kernel.name, "stage": stage, "percent": int(share * (position + percent / 100)), "message": message})

        broken = next((p for p in self.module.problems if p.code == "syntax" and self._covers(p, kernel)), None)
        if broken is not None:
            return replace(base, declined=Declination(broken.code, broken.reason, _line(broken.span)))
        say("cases", 5, "looking for test cases")
        discovery = discover(self.text, self.path, self.module, kernel, self.dialect.spelling)
        if not discovery.cases:
            return replace(
                base,
                declined=Declination("no-test-case", discovery.missing or "no test case is known", _line(kernel.name_span or kernel.span)),
            )
        shape, cases, fixed = _shape(discovery)
        assumptions = tuple(dict.fromkeys((*(a for case in cases for a in case.assumptions), *fixed)))
        try:
            if self.to == "hip":
                return self._to_hip(base, kernel, cases, assumptions, say)
            return self._by_candidates(base, kernel, kernels, shape, cases, assumptions, say)
        except Declined as no:
            return replace(base, declined=Declination(no.code, no.reason, _line(no.at) or _line(kernel.name_span or kernel.span)))

    def _source_program(self, kernel, cases):
        from .frontend.syntax import device_text
        from .verify.cases import Program

        text = without_others(self.text, self.dialect.spelling, kernel, self.module.problems)
        symbol = kernel.symbol or kernel.name
        return Program(
            self.dialect.name, device_text(text, self.dialect.spelling), symbol, cases[0].launch, tuple(p.name for p in kernel.params)
        )

    def _by_candidates(self, base: KernelResult, kernel, kernels, shape, cases, assumptions, say) -> KernelResult:
        from .plan.planner import candidates
        from .verify.cases import Launch, Program
        from .verify.verdict import verify

        source = self._source_program(kernel, cases)
        renamed = replace(kernel, name=plain_name(kernel)) if sum(k.name == kernel.name for k in kernels) > 1 else kernel
        last: KernelResult | None = None
        say("passes", 10, "recovering loops")
        for number, candidate in enumerate(candidates(renamed, shape, self.to)):
            launch = candidate.launch or Launch((1, 1, 1), (1, 1, 1))
            target = Program(self.to, candidate.unit, candidate.name, launch, tuple(p.name for p in candidate.kernel.params))
            say("verify", 30 + min(40, 20 * number), f"testing {'the translation' if not number else 'a plainer translation'}")
            verdict = verify(source, target, cases, target_launches=[launch] * len(cases))
            header = self._comment(cases[0], launch if candidate.launch else None, candidate.name)
            result = replace(
                base, verdict=verdict, text=with_header(candidate.unit, header), notes=candidate.notes, assumptions=assumptions
            )
            if verdict.accepted or verdict.fault is not None and verdict.fault.side == "source":
                return result
            last = last or result
        assert last is not None
        return last

    def _comment(self, case, launch, name: str) -> str:
        from .verify.annotations import comment_for

        if launch is not None:
            case = replace(case, launch=launch)
        return comment_for(replace(case, kernel=name), kernel=True)

    # ---- HIP keeps the text

    def _hip_text(self):
        from .dialects.hip.host import translate_text

        return translate_text(self.text)

    def _to_hip(self, base: KernelResult, kernel, cases, assumptions, say) -> KernelResult:
        from .dialects import base as dialects
        from .frontend.syntax import device_text
        from .passes.base import Declined
        from .plan.planner import first_opaque
        from .verify.cases import Program
        from .verify.verdict import verify

        hip = self.hip
        if hip.unconverted:
            first = hip.unconverted[0]
            more = f" (and {len(hip.unconverted) - 1} more)" if len(hip.unconverted) > 1 else ""
            raise Declined("unconverted", f"line {first.line}: `{first.name}`: {first.reason}{more}")
        opaque = first_opaque(kernel)
        if opaque is not None and "set by the host" in opaque.reason:  # both sides would be run with zeros and agree on nothing
            raise Declined("untestable", opaque.reason, at=opaque.span)
        spelling = dialects.load("hip").spelling
        symbol = kernel.symbol or kernel.name
        target = Program(
            "hip", device_text(hip.text, spelling), symbol, cases[0].launch, tuple(p.name for p in kernel.params), hip.architecture
        )
        say("verify", 30, "testing the translation")
        verdict = verify(self._source_program(kernel, cases), target, cases, target_launches=[case.launch for case in cases])
        return replace(base, verdict=verdict, text=hip.text, notes=tuple(hip.notes), assumptions=assumptions)

    # ---- one file

    def _together(self, results: list[KernelResult]) -> FileReport:
        made = [r for r in results if r.text and r.verdict is not None and r.verdict.accepted]
        if self.to == "hip":
            whole = len(made) == len(results) and made
            text = f"{MARK} {os.path.basename(self.path)} ({self.dialect.title})\n{made[0].text}" if whole else ""
        else:
            text = join_units(f"{MARK} {os.path.basename(self.path)} ({self.dialect.title})", [r.text for r in made]) if made else ""
        results = [replace(r, out=self.out if text and r in made else None, text=text if r in made else r.text) for r in results]
        return FileReport(tuple(results), text)


def without_others(text: str, spelling, kernel, problems) -> str:
    """``text`` with the other kernels, and what could not be read, blanked at equal length: their faults are not this kernel's."""
    from .frontend import syntax

    spans = []
    for item in syntax.outline(text, spelling):
        if item.kind == "kernel" and item.name != kernel.name or item.has_error and item.name != kernel.name:
            spans.append((item.whole.start_byte, item.whole.end_byte) if item.whole is not None else (item.span.start, item.span.end))
    starts = sorted(item.span.start for item in syntax.outline(text, spelling) if item.kind != "other")
    for problem in problems:  # a function torn open reaches to whatever is whole again
        if problem.code == "syntax" and problem.span and not (kernel.span and kernel.span.start <= problem.span.start < kernel.span.end):
            spans.append((problem.span.start, next((s for s in starts if s > problem.span.start), len(text.encode()))))
    data = bytearray(text.encode())
    for start, end in spans:
        data[start:end] = bytes(b if b in b"\r\n" else 32 for b in data[start:end])
    return data.decode()


def plain_name(kernel) -> str:
    """``reduce<float, 256>`` as ``reduce_float_256``: a name that a language without templates can have."""
    return re.sub(r"\W+", "_", kernel.symbol or kernel.name).strip("_")


def _line(span) -> int | None:
    return span.line if span is not None else None


def _shape(discovery):
    """The launch as expressions over the kernel's parameters, the test cases that fit it, and what had to be fixed."""
    from .ir.build import value_of
    from .ir.nodes import Literal
    from .ir.walk import substitute
    from .passes.base import LaunchShape
    from .verify.cases import Scalar

    first, site = discovery.cases[0], discovery.launch
    use_site = site is not None and first.origin == "host"
    fixed: list[str] = []

    def expressions(known, numbers, word):
        result = []
        for axis, (expr, number) in enumerate(zip(known if use_site else (None,) * 3, numbers, strict=True)):
            if expr is None:
                expr = Literal(number)
            if isinstance(expr, Literal) and number != 1 and word == "grid":
                fixed.append(f"the grid's {'xyz'[axis]} extent is fixed at {number}, as the host code launches it")
            result.append(expr)
        return tuple(result)

    shared = site.shared if use_site and site.shared is not None else Literal(first.launch.shared_bytes)
    shape = LaunchShape(
        expressions(site.grid if use_site else (), first.launch.grid, "grid"),
        expressions(site.block if use_site else (), first.launch.block, "block"),
        shared,
    )

    def fits(case) -> bool:
        scalars = {a.name: Literal(a.value) for a in case.arguments if isinstance(a, Scalar)}
        wanted = (*case.launch.grid, *case.launch.block)
        return all(value_of(substitute(e, scalars)) == n for e, n in zip((*shape.grid, *shape.block), wanted, strict=True))

    cases = tuple(case for case in discovery.cases if fits(case)) or (first,)
    if cases == (first,) and not fits(first):  # the host's expressions and the case disagree: believe the case
        shape = LaunchShape(
            tuple(map(Literal, first.launch.grid)), tuple(map(Literal, first.launch.block)), Literal(first.launch.shared_bytes)
        )
        fixed = [f"the launch is fixed at grid={first.launch.grid} block={first.launch.block}"]
    return shape, cases, tuple(fixed)


def default_out(path: str, to: str) -> str:
    """The sibling of ``path`` that a translation to ``to`` is written to."""
    from .dialects import base

    name = os.path.basename(path)
    dialect = base.of_path(path)
    suffix = max((s for s in (dialect.suffixes if dialect else ()) if name.lower().endswith(s)), key=len, default=os.path.splitext(name)[1])
    stem = name[: len(name) - len(suffix)] if suffix else name
    return os.path.join(os.path.dirname(path), stem + base.load(to).output_suffix)


def with_header(unit: str, header: str) -> str:
    """``unit`` with the comment ``header`` above its last part, the kernel (printed bodies have no blank lines)."""
    head, separator, kernel = unit.rpartition("\n\n")
    return f"{head}{separator}{header.rstrip()}\n{kernel}" if header else unit


def join_units(mark: str, units: list[str]) -> str:
    """Several printed kernels as one file: includes once, a macro that changes its value is undefined first."""
    includes: list[str] = []
    defined: dict[str, str] = {}
    parts: list[str] = []
    seen_blocks: set[str] = set()
    for unit in units:
        lines = []
        for line in unit.splitlines():
            if line.startswith("#include"):
                if line not in includes:
                    includes.append(line)
                continue
            macro = re.match(r"#define (\w+)\b(.*)", line)
            if macro:
                if defined.get(macro[1]) == macro[2]:
                    continue
                if macro[1] in defined:
                    lines.append(f"#undef {macro[1]}")
                defined[macro[1]] = macro[2]
            lines.append(line)
        blocks = [block for block in re.split(r"\n(?=(?:static inline|__mlu_func__) )", "\n".join(lines).strip("\n"))]
        kept = []
        for block in blocks:
            helper = block.startswith(("static inline ", "__mlu_func__ "))
            head, separator, tail = block.partition("\n}\n") if helper else (block, "", "")
            if helper and head in seen_blocks:
                kept.append(tail.strip("\n"))
                continue
            if helper:
                seen_blocks.add(head)
            kept.append(block)
        parts.append(re.sub(r"\n{3,}", "\n\n", "\n".join(k for k in kept if k)).strip("\n"))
    return "\n\n".join([mark, "\n".join(includes), *parts] if includes else [mark, *parts]) + "\n"


# ---- writing -------------------------------------------------------------------------------------------------------------------


def write_result(path: str, text: str) -> None:
    """Writes a translated file whole or not at all; refuses to replace a file that Kernelglot did not make. Raises Unusable."""
    target = Path(path)
    if target.exists():
        try:
            with open(target, encoding="utf-8", errors="replace") as file:
                ours = file.readline().startswith(MARK)
        except OSError as error:
            raise Unusable("unwritable", f"{path} cannot be read: {error.strerror}.") from error
        if not ours:
            raise Unusable("exists", f"{path} exists and was not made by kernelglot; name another file with --out.")
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent or ".")
    except OSError as error:
        raise Unusable("unwritable", f"{path} cannot be written: {error.strerror}.") from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(temporary, 0o644)
        os.replace(temporary, target)
    except OSError as error:
        os.unlink(temporary)
        raise Unusable("unwritable", f"{path} cannot be written: {error.strerror}.") from error


# ---- two files -----------------------------------------------------------------------------------------------------------------


def verify_files(a_path: str, b_path: str, report: Report | None = None) -> FileReport:
    """Tests the kernels that two files have in common against each other, on the test cases of the first file (else of the second)."""
    from .frontend.lower import lower
    from .frontend.syntax import device_text
    from .verify.cases import Launch, Program
    from .verify.discover import discover
    from .verify.verdict import verify

    say = report or (lambda event: None)
    sides = []
    for path in (a_path, b_path):
        text = read_text(path)
        _check_text(path, text)
        dialect = _dialect_of(path, text)
        sides.append((path, text, dialect, lower(text, dialect.spelling, path)))
    (a_path, a_text, a_dialect, a), (b_path, b_text, b_dialect, b) = sides
    results = []
    for kernel in a.kernels:
        started = time.monotonic()
        base = KernelResult(kernel.symbol or kernel.name, a_dialect.name, b_dialect.name, None)
        other = next((k for k in b.kernels if k.name in (kernel.name, plain_name(kernel)) or (k.symbol or k.name) == kernel.symbol), None)
        if other is None:
            results.append(replace(base, declined=Declination("no-such-kernel", f"{b_path} has no kernel `{kernel.name}`.")))
            continue
        say({"kernel": kernel.name, "stage": "verify", "percent": 30, "message": "running both"})
        mine, theirs = discover(a_text, a_path, a, kernel, a_dialect.spelling), discover(b_text, b_path, b, other, b_dialect.spelling)
        cases = mine.cases or theirs.cases
        if not cases:
            results.append(
                replace(base, declined=Declination("no-test-case", mine.missing or "no test case is known", _line(kernel.name_span)))
            )
            continue
        alone = Launch((1, 1, 1), (1, 1, 1))
        needs_launch = b_dialect.name in ("cuda", "hip", "bang")
        same_machine = {a_dialect.name, b_dialect.name} <= {"cuda", "hip"}
        if needs_launch and not same_machine and not theirs.cases:
            results.append(
                replace(base, declined=Declination("no-launch", f"the launch of `{other.name}` in {b_path} is not known: {theirs.missing}"))
            )
            continue
        launches = [case.launch for case in cases] if same_machine else [theirs.cases[0].launch if needs_launch else alone] * len(cases)
        programs = [
            Program(d.name, device_text(t, d.spelling), k.symbol or k.name, launch, tuple(p.name for p in k.params))
            for d, t, k, launch in ((a_dialect, a_text, kernel, cases[0].launch), (b_dialect, b_text, other, launches[0]))
        ]
        verdict = verify(programs[0], programs[1], cases, target_launches=launches)
        results.append(
            replace(
                base,
                verdict=verdict,
                out=b_path,
                seconds=time.monotonic() - started,
                assumptions=tuple(x for c in cases for x in c.assumptions),
            )
        )
    if not results:
        results.append(
            KernelResult("", a_dialect.name, b_dialect.name, None, declined=Declination("no-kernel", f"{a_path} has no kernel."))
        )
    return FileReport(tuple(results))


# ---- what is installed ---------------------------------------------------------------------------------------------------------


def doctor() -> list[Check]:
    """What is installed, what is missing, and what that takes away."""
    import sys

    from .verify import sandbox, toolchain

    checks = [Check("python", sys.version_info >= (3, 11), sys.version.split()[0], "everything: Python 3.11 or newer is needed")]
    for tool, what in (("g++", "verdicts: nothing can be run (install g++)"), ("ld", "verdicts: nothing can be run (install binutils)")):
        checks.append(_tool(tool, what))
    for tool, what in (
        ("nvcc", "the check that CUDA text is accepted by its vendor's compiler"),
        ("hipcc", "the check that HIP text is accepted by its vendor's compiler"),
        ("cncc", "the check that BANG C text is accepted by its vendor's compiler"),
    ):
        checks.append(_tool(tool, what))
    flags = toolchain.cpu_flags()
    checks.append(
        Check(
            "avx512",
            "avx512f" in flags,
            "AVX-512" + (" with VNNI" if toolchain.has_avx512_vnni() else ""),
            "native runs of C with VNNI; its meaning is emulated instead",
        )
    )
    if checks[1].ok and checks[2].ok:
        strength = sandbox.strength()
        checks.append(
            Check("sandbox", strength.level >= 1, f"level S{strength.level}", "running kernels: this machine cannot contain them")
        )
    return checks


def _tool(tool: str, disables: str) -> Check:
    from .verify import toolchain

    if not toolchain.installed(tool):
        return Check(tool, False, "not found", disables)
    return Check(tool, True, toolchain.find(tool), disables)
