"""The mutants of the example operators: which there are, which the tests take, and how one is judged.

The subjects are the CUDA kernels of examples/operators and their translations to C, C with AVX-512 and BANG C; each wrong version is run
against the right CUDA kernel. `equivalent.toml` names those that are not wrong after all, and the gaps: wrong ones that are known to live,
each with its reason.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mutants.operators import Mutant, mutants

from kernelglot.translation import Translation
from kernelglot.verify.cases import Launch, Program, TestCase
from kernelglot.verify.verdict import verify

DIALECTS = ("cuda", "c", "vnni", "bang")
SECONDS = 5.0               # a mutant that does not end is not accepted, so there is no need to wait for long


@dataclass(frozen=True, slots=True)
class Subject:
    """A right program, and what it is right about."""

    file: str
    dialect: str
    source: Program
    program: Program
    cases: tuple[TestCase, ...]
    launches: tuple[Launch, ...] | None


@dataclass(frozen=True, slots=True)
class Wrong:
    """One mutant of one subject."""

    subject: Subject
    mutant: Mutant

    @property
    def name(self) -> str:
        return f"{self.subject.file}, {self.subject.dialect}, {self.subject.program.symbol}: {self.mutant.place}"

    @property
    def words(self) -> str:
        """The mutant and the line it stands in, whatever its number."""
        line = self.subject.program.text.splitlines()[self.mutant.line - 1].strip()
        return f"{self.mutant.kind}: {self.mutant.old} -> {self.mutant.new} in {line}"

    def judged(self) -> str:
        """`killed`, `survived`, or `stillborn` where it does not even compile (that is no merit of the tests)."""
        target = replace(self.subject.program, text=self.mutant.text)
        verdict = verify(self.subject.source, target, self.subject.cases, target_launches=self.subject.launches, timeout_s=SECONDS, exact_s=4.0)
        if verdict.accepted:
            return "survived"
        return "stillborn" if verdict.fault is not None and verdict.fault.kind == "compile-error" else "killed"


def subjects(file: Path, dialect: str) -> Iterator[Subject]:
    """The kernels of a CUDA file as they stand, or their translations."""
    translation = Translation(str(file), file.read_text(encoding="utf-8"), "c" if dialect == "cuda" else dialect, None, lambda event: None)
    translation.run(None)
    for each in translation.tested:
        program = each.source if dialect == "cuda" else each.target
        launches = None if dialect == "cuda" else (program.launch,) * len(each.cases)
        yield Subject(file.name, dialect, each.source, program, each.cases, launches)


def pool(subject: Subject, most: int) -> list[Wrong]:
    """Up to ``most`` mutants of each kind, spread over the text in a way that does not change from run to run."""
    kinds: dict[str, list[Mutant]] = defaultdict(list)
    for mutant in mutants(subject.program.text):
        kinds[mutant.kind].append(mutant)
    return [Wrong(subject, mutant) for found in kinds.values() for mutant in sorted(found, key=lambda each: _order(subject, each))[:most]]


def sample(wrongs: Sequence[Wrong], share: int) -> list[Wrong]:
    """One of ``share`` mutants."""
    return [wrong for wrong in wrongs if _order(wrong.subject, wrong.mutant) % share == 0]


def _order(subject: Subject, mutant: Mutant) -> int:
    return int.from_bytes(hashlib.sha256(f"{subject.file} {subject.dialect} {mutant.kind} {mutant.line} {mutant.old} {mutant.new}".encode()).digest()[:8], "little")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of mutants before they are judged: (file, dialect, words) -> why."""

    equivalent: dict[tuple[str, str, str], str]
    gaps: dict[tuple[str, str, str], str]

    def outcome(self, wrong: Wrong) -> str:
        """`equivalent`, `gap`, or empty where it has to be judged."""
        key = wrong.subject.file, wrong.subject.dialect, wrong.words
        return "equivalent" if key in self.equivalent else "gap" if key in self.gaps else ""


def known() -> Known:
    table = tomllib.loads((Path(__file__).parent / "equivalent.toml").read_text(encoding="utf-8"))
    found = [{(entry["file"], dialect, mutant): entry["reason"] for entry in table.get(kind, ()) for dialect in entry["dialects"] for mutant in entry["mutants"]}
             for kind in ("equivalent", "gap")]
    return Known(*found)
