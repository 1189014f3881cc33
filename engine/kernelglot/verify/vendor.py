"""What real compilers say to both sides of a translation: evidence for the rung "compiled", and a reason to reject.

A compiler that accepts a text is one more thing that speaks for it; one that rejects the *target* rejects the translation, with its message
and line. That it rejects the *source* is said, no more: the emulator ran it. An answer is only taken as a no where it is one: a header
that is not here, a compiler that ran out of time or memory, or a name that is younger than the headers leave it open.

nvcc takes seconds, so nobody waits for it who did not say so: answers are kept in the user's cache folder by everything that went into
them; what is not known yet is asked at the side of the emulator's builds and runs (``patience_s`` > 0: waited for so long, then given up;
0: in the background, the next verdict will know; None: only what is known already). Compilers run in the compile profile of the sandbox.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from ..frontend import adapter
from . import bang_rules, sandbox, toolchain
from .cases import Counterexample, Fault, Program, Verdict
from .compilers import Compiler, architecture_of, command, compilers, language_of

SIDES = ("source", "target")
LONGEST_S = 90.0                    # for one answer in the background
MOST_ANSWERS = 2000                 # files in the cache folder
MISSING = {"cuda": "nvcc: is not installed (`make compilers` installs it)", "bang": "cncc: is not installed",
           "hip": "hipcc and clang with AMD's headers: are not installed (`make compilers` installs the latter)"}


@dataclass(frozen=True, slots=True)
class Answer:
    """``accepted``: None where it stays open, ``message`` says why. ``warnings``: how many the compiler gave."""

    accepted: bool | None
    message: str = ""
    line: int = 0
    warnings: int = 0


# Before the text: what an author's own build gets from elsewhere in the file or from the compiler's driver.
HEADS = {"cuda": "#include <cuda_runtime.h>\n", "hip": "#include <hip/hip_runtime.h>\n", "bang": "#include <bang.h>\n"}
FILES = {"cuda": "kernel.cu", "hip": "kernel.hip", "bang": "kernel.mlu"}
_VENDORS_OWN = r"(?:cuda\w*|device_\w+|math_\w+|sm_\w+|mma|cooperative_groups|hip/[\w/]+|bang\w*|cnrt)\.h"
_QUOTED = re.compile(rf'^[ \t]*#[ \t]*include[ \t]*"(?!{_VENDORS_OWN}")[^"\n]*"', re.MULTILINE)

_CALLED = re.compile(r"([\w:]+(?:<[^;]*>)?)\([^;()]*\); \}\s*\Z")


def text_for(program: Program) -> tuple[str, bool]:
    """What is compiled, and whether it is all there is: files of the author's own that it includes are not. What the emulator's caller
    needs for kernels that take structures is ours, not the author's, and left out."""
    own, symbol = program.text, program.symbol
    if symbol == adapter.NAME:
        own, _, ours = own.partition(adapter.MARK)
        called = _CALLED.search(ours)
        symbol = called[1] if called else ""
    text = _QUOTED.sub(lambda found: " " * len(found[0]), own)
    # a template is compiled where it is used
    use = f"void kernelglot_use(void **place) {{ *place = (void *)&{symbol}; }}\n" if "<" in symbol else ""
    return f'{HEADS.get(program.dialect, "")}#line 1 "kernel"\n{text}\n{use}', text == own


# ---- what an answer means -------------------------------------------------------------------------------------------------------

_ERROR = re.compile(r"^(?:[^\n:(]*/)?([\w.+-]+)(?::(\d+)(?::\d+)?:|\((\d+)\)\s*:)\s*"
                    r"(?:fatal )?error\s*(?:#\d+(?:-D)?)?:? (.*)$", re.MULTILINE)
_LATE_ERROR = re.compile(r"^(?:ptxas|nvlink|fatbinary)[^\n]*?(?:error|fatal)\s*:\s*(.*)$|^error: (.*)$", re.MULTILINE)
_NO_HEADER = re.compile(r"fatal error: '?([\w./+-]+)'?(?::| file not found)|cannot open source file \"([^\"]+)\"")
_UNKNOWN = re.compile(r"(?:undeclared identifier|unknown type name|no template named|no member named|no matching function for call to|"
                      r"undeclared function) '([\w:]+)'")
_WARNING = re.compile(r"^(?:[^\n:(]*/)?kernel(?::\d+|\(\d+\))[^\n]*?\bwarning\b[^\n]*$", re.MULTILINE)


def answer_of(done: sandbox.Finished, compiler: Compiler, complete: bool) -> Answer:
    """What a compiler's end and messages say about the text."""
    if done.timed_out:
        return Answer(None, f"gave no answer within {done.seconds:.0f} s")
    if done.returncode == 0:
        return Answer(True, _first(_WARNING.findall(done.output)), 0, len(_WARNING.findall(done.output)))
    header = _NO_HEADER.search(done.output)
    if header is not None:
        return Answer(None, f"was not given the header `{header[1] or header[2]}`")
    errors = [(name, int(colon or bracket or 0), message) for name, colon, bracket, message in _ERROR.findall(done.output)]
    errors = errors or [("", 0, first or second) for first, second in _LATE_ERROR.findall(done.output)]
    if not errors:
        return Answer(None, f"ended with status {done.returncode}: {_first(done.output.splitlines()) or 'no message'}")
    if not complete:
        return Answer(None, "was not given the author's own headers that the text includes")
    name, line, message = next((each for each in errors if each[0] == "kernel"), errors[0])
    young = _UNKNOWN.search(message) if compiler.dated else None
    if young is not None:
        return Answer(None, f"its {compiler.headers} do not know `{young[1]}`")
    return Answer(False, _clean(message), line if name == "kernel" else 0)


def _first(lines: list[str]) -> str:
    return _clean(next((line for line in lines if line.strip()), ""))


def _clean(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", "?", text.strip())[:300]


# ---- one question ---------------------------------------------------------------------------------------------------------------

class Question:
    """One compiler and one text. ``answer`` is what is known; ``start`` asks where nothing is."""

    def __init__(self, compiler: Compiler, program: Program, side: str) -> None:
        self.compiler, self.side, self.architecture = compiler, side, architecture_of(program)
        self._text, self._complete = text_for(program)
        self._name = FILES.get(program.dialect, "kernel.c" if language_of(program) == "c" else "kernel.cc")
        self._command = command(compiler, program, self._name)
        key = toolchain.digest(self._text, str(self._complete), *self._command, compiler.fingerprint, RULES)
        self._file = toolchain.cache_folder() / f"answer-{key}.json"
        self.answer = _stored(self._file)
        self._running: sandbox.Running | None = None
        self._scratch: Path | None = None

    def start(self, timeout_s: float) -> None:
        """Begins to ask, unless it is known or another process is asking."""
        if self.answer is not None or not _claimed(self._file):
            return
        self._scratch = Path(tempfile.mkdtemp(prefix="kernelglot-asking-"))
        (self._scratch / self._name).write_text(self._text, encoding="utf-8", errors="surrogateescape")
        folders = list(self.compiler.folders)
        self._running = sandbox.start_compile([self._command], self._scratch, folders, None, timeout_s)
        self._running.give_way()

    def finish(self, seconds: float) -> None:
        """Waits so long for the answer and then gives up."""
        if self._running is None:
            return
        if self._running.ends_within(seconds):
            self._take()
        self.drop()

    def go_on_in_background(self) -> None:
        """The answer is kept when it comes, for the next one who asks; nobody waits for this one."""
        if self._running is not None:
            threading.Thread(target=self.finish, args=(LONGEST_S,), daemon=True, name="kernelglot-compiler").start()

    def drop(self) -> None:
        if self._running is not None:
            self._running.end()
            self._running = None
            _claim(self._file).unlink(missing_ok=True)
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)
            self._scratch = None

    def _take(self) -> None:
        assert self._running is not None
        self.answer = answer_of(self._running.wait(), self.compiler, self._complete)
        if self.answer.accepted is not None:
            _store(self._file, self.answer)

    def title(self) -> str:
        """nvcc 13.0; clang 19.1.7 (HIP 5.2 headers)."""
        version = version_of(self.compiler)
        return f"{self.compiler.tool}{' ' + version if version else ''}{f' ({self.compiler.headers})' if self.compiler.headers else ''}"


RULES = "1"                         # counts how often the meaning of an answer was changed


def _claim(file: Path) -> Path:
    return file.with_suffix(".asking")


def _claimed(file: Path) -> bool:
    """Whether this process is the one to ask. A claim that is older than any answer may take is nobody's."""
    claim = _claim(file)
    with suppress(OSError):
        if time.time() - claim.stat().st_mtime > LONGEST_S:
            claim.unlink()
    try:
        os.close(os.open(claim, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError:
        return False
    return True


def _stored(file: Path) -> Answer | None:
    """What was answered before; a file that is not one of ours is as good as none."""
    try:
        answer = Answer(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    good = (type(answer.accepted), type(answer.message), type(answer.line), type(answer.warnings)) == (bool, str, int, int)
    return answer if good else None


def _store(file: Path, answer: Answer) -> None:
    waiting = file.with_name(f"{file.name}.{os.getpid()}")
    waiting.write_text(json.dumps(asdict(answer)), encoding="utf-8")
    os.replace(waiting, file)
    known = sorted(file.parent.glob("answer-*.json"), key=lambda each: each.name)
    for old in known[:-MOST_ANSWERS]:
        old.unlink(missing_ok=True)


def version_of(compiler: Compiler) -> str:
    """The version that a compiler says it is (asked once, then known), empty where it says none."""
    file = toolchain.cache_folder() / f"version-{toolchain.digest(compiler.fingerprint)}"
    with suppress(OSError):
        return _clean(file.read_text(encoding="utf-8", errors="replace"))
    with tempfile.TemporaryDirectory(prefix="kernelglot-version-") as scratch:
        ask = [toolchain.find("sh"), "-c", 'exec "$0" --version >&2', compiler.path]
        done = sandbox.compile_now([ask], Path(scratch), list(compiler.folders), timeout_s=10.0)
    found = re.search(r"(?:release|version) (\d+(?:\.\d+)+)", done.output) or re.search(r"\b(\d+\.\d+(?:\.\d+)*)\b", done.output)
    if done.returncode == 0 and found is not None:
        file.write_text(found[1], encoding="ascii")
    return found[1] if done.returncode == 0 and found is not None else ""


# ---- both sides of a verdict ----------------------------------------------------------------------------------------------------

class Rules:
    """What stands in for a compiler of BANG C, which nobody can have without a device: the rules of its guides, held against the text."""

    def __init__(self, program: Program, side: str) -> None:
        self.side, self.architecture = side, architecture_of(program)
        broken = bang_rules.check(program.text, self.architecture)
        errors = [each for each in broken if each.severity == "error"]
        doubts = [f"line {each.line}: {each.sentence}" for each in broken if each.severity != "error"]
        self.answer = Answer(False, errors[0].sentence, errors[0].line) if errors else Answer(True, _first(doubts), 0, len(doubts))

    def start(self, timeout_s: float) -> None:
        """Nothing is left to ask."""

    finish = start

    def drop(self) -> None:
        """Nothing runs."""

    go_on_in_background = drop

    def title(self) -> str:
        return "our checker of BANG C's rules"


class Asking:
    """The questions about both sides, begun beside the emulator's builds; ``judged`` adds to a verdict what came of them."""

    def __init__(self, source: Program, target: Program, patience_s: float | None) -> None:
        self._patience_s, self._deadline = patience_s, time.monotonic() + (patience_s or 0.0)
        self._questions: list[Question | Rules] = []
        self._missing: list[str] = []
        for program, side in zip((source, target), SIDES):
            asked = compilers(program.dialect) if side == "target" or program.dialect in FILES else ()
            if not asked and program.dialect in MISSING and MISSING[program.dialect] not in self._missing:
                self._missing.append(MISSING[program.dialect])
            self._questions += [Question(compiler, program, side) for compiler in asked]
            self._questions += [Rules(program, side)] if program.dialect == "bang" else []

    def __enter__(self) -> Asking:
        if self._patience_s is not None:
            for question in self._questions:
                question.start(self._patience_s or LONGEST_S)
        return self

    def __exit__(self, *_: object) -> None:
        for question in self._questions:
            question.go_on_in_background() if self._patience_s == 0 else question.drop()

    def judged(self, verdict: Verdict) -> Verdict:
        """``verdict`` with what the compilers said; a target that one of them rejects is rejected."""
        for question in self._questions if self._patience_s and verdict.rung != "rejected" else ():
            question.finish(self._deadline - time.monotonic())
        answered = [each for each in self._questions if each.side == "target" and each.answer is not None]
        refused = next((each for each in answered if each.answer.accepted is False), None)
        evidence, skipped = self._told()
        verdict = replace(verdict, evidence=(*verdict.evidence, *evidence), skipped=(*verdict.skipped, *skipped))
        return _refused(verdict, refused) if refused is not None and verdict.rung != "rejected" else verdict

    def _told(self) -> tuple[list[str], list[str]]:
        evidence, skipped = [], []
        for question in self._questions:
            answer = question.answer
            match answer.accepted if answer is not None else "nothing":
                case True:
                    evidence.append(_accepts(question))
                case False if question.side == "source":
                    evidence.append(f"{question.title()} rejects the source{_for(question)}{_at(answer)}: {answer.message}")
                case None:
                    skipped.append(f"{question.title()}: {answer.message}")
                case "nothing":
                    skipped.append(f"{question.compiler.tool}: {self._why_not()}")
        return evidence, [*skipped, *self._missing]

    def _why_not(self) -> str:
        if self._patience_s is None:
            return "was not asked"
        return "is being asked; the next verdict will know" if self._patience_s == 0 else f"gave no answer within {self._patience_s:g} s"


def _for(question: Question | Rules) -> str:
    return f" for {question.architecture}" if question.architecture else ""


def _at(answer: Answer) -> str:
    return f" (line {answer.line})" if answer.line else ""


def _accepts(question: Question | Rules) -> str:
    warnings = question.answer.warnings
    told = f", with {warnings} warning{'s' if warnings > 1 else ''}: {question.answer.message}" if warnings else ""
    device = " (device code)" if question.architecture.startswith("gfx") else ""
    return f"{question.title()} accepts the {question.side}{_for(question)}{device}{told}"


def _refused(verdict: Verdict, question: Question | Rules) -> Verdict:
    answer = question.answer
    sentence = f"{question.title()} rejects it{_for(question)}: {answer.message}"
    fault = Fault("compile-error", sentence, answer.line, "target")
    counterexample = Counterexample("", -1, "", fault.kind, 0, 0, "", f"the target: {sentence}{_at(answer)}")
    return replace(verdict, rung="rejected", counterexample=counterexample, fault=fault)
