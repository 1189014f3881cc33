"""What comes out of the engine: plain frozen values, and the one error that means "this file cannot be worked on"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

TARGETS = ("bang", "hip", "vnni", "c", "cuda")
# source dialect -> what it can be translated to. BANG C and AVX-512 say how to calculate, not only what: nothing reads that back yet.
ROUTES = {"cuda": ("bang", "hip", "vnni", "c"), "hip": ("bang", "vnni", "c"), "c": ("bang", "vnni"), "bang": (), "vnni": ()}
Report = Callable[[dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class KernelOutline:
    """A kernel's place in its file, with 0-based lines, and the dialects it can be translated to."""

    name: str
    start_line: int
    end_line: int
    dialect: str
    targets: tuple[str, ...] = ()


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
                "id": self.verdict.id,
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

    def unwritten(self) -> FileReport:
        """The same of a text that was not written to a file."""
        return replace(self, kernels=tuple(replace(kernel, out=None) for kernel in self.kernels))

    @property
    def exit_code(self) -> int:
        """0 all verified, 1 a verdict failed, 3 something was declined."""
        if any(k.verdict is not None and not k.verdict.accepted for k in self.kernels):
            return 1
        return 3 if any(k.declined for k in self.kernels) else 0


@dataclass(frozen=True, slots=True)
class Replay:
    """Whether a stored verdict came out the same; ``differences`` are sentences, ``changed`` names what is another version now."""

    id: str
    same: bool
    differences: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Emulated:
    """What became of a whole file: a library or program at ``out``, or the output of a run (``status``: how the program ended, None where
    it was killed after its time). ``why_not`` is set where nothing could be built."""

    file: str
    dialect: str
    out: str | None = None
    exports: tuple[str, ...] = ()
    launches: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    why_not: Declination | None = None
    status: int | None = None
    output: str | None = None
    errors: str | None = None

    def declined(self, code: str, reason: str, line: int | None = None) -> Emulated:
        return replace(self, why_not=Declination(code, reason, line))

    def noting(self, launches: list[str], notes: list[str]) -> Emulated:
        return replace(self, launches=(*self.launches, *launches), notes=(*self.notes, *notes))

    def built(self, exports: tuple[str, ...], seconds: float) -> Emulated:
        return replace(self, exports=exports, seconds=seconds)

    def written(self, out: str) -> Emulated:
        return replace(self, out=out)

    def ran(self, status: int | None, output: str, errors: str) -> Emulated:
        return replace(self, status=status, output=output, errors=errors)

    @property
    def exit_code(self) -> int:
        """0 built (and ended well), 1 the program ended badly, 3 declined."""
        if self.why_not is not None:
            return 3
        return 1 if self.output is not None and self.status != 0 else 0

    def as_json(self) -> dict[str, Any]:
        return {"emulated": [asdict(self)]}


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
