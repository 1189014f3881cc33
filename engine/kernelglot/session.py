"""What the server and the command line may call. Plain frozen values in and out.

``translate`` takes a file's text through the front end, finds test cases, asks the planner for candidates and tests them; the first one
that is verified wins, and what is written is exactly the text that was tested. Importing this module is cheap: numpy and the engine's
rooms are loaded when a call needs them.
"""

from __future__ import annotations

import time

from .files import MARK, check_out, read_text, write_result
from .results import (
    ROUTES,
    TARGETS,
    Check,
    Declination,
    Emulated,
    FileReport,
    Finding,
    KernelOutline,
    KernelResult,
    Replay,
    Report,
    Unusable,
)

__all__ = [
    "MARK",
    "TARGETS",
    "Check",
    "Declination",
    "Emulated",
    "FileReport",
    "Finding",
    "KernelOutline",
    "KernelResult",
    "Replay",
    "Report",
    "Unusable",
    "check",
    "check_out",
    "doctor",
    "emulate",
    "outline",
    "read_text",
    "replay",
    "translate",
    "verify_files",
    "write_result",
]


def outline(path: str, text: str) -> list[KernelOutline]:
    """The kernels of a file, from its syntax alone."""
    from .files import check_text, dialect_of
    from .frontend import syntax

    try:
        check_text(path, text)
    except Unusable:
        return []
    dialect, data = dialect_of(path, text), text.encode()
    found = []
    for item in syntax.outline(text, dialect.spelling):
        if item.kind == "kernel":
            start = item.span.line - 1
            end = start + data[item.span.start : item.span.end].count(b"\n")
            found.append(KernelOutline(item.name, start, end, dialect.name, ROUTES[dialect.name]))
    return found


def check(path: str, text: str) -> list[Finding]:
    """What in a file cannot be translated, and why."""
    from .files import check_text, dialect_of
    from .frontend.lower import lower

    try:
        check_text(path, text)
    except Unusable as error:
        return [] if error.code == "empty" else [Finding(0, 0, 0, 1, "warning", error.code, error.reason)]
    module = lower(text, dialect_of(path, text).spelling, path)
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


def translate(
    path: str,
    text: str,
    to: str,
    kernel: str | None = None,
    out: str | None = None,
    report: Report | None = None,
    compilers_s: float | None = None,
) -> FileReport:
    """Translates the kernels of a file (or one of them) and tests each against its source. ``out`` is where the caller will write the
    text; nothing is written here. ``compilers_s``: how long real compilers are waited for, see ``verify.vendor``. Raises
    ``verify.toolchain.MissingTool`` where no C++ compiler is installed."""
    from .files import check_text, dialect_of
    from .translation import Translation

    started = time.monotonic()
    try:
        check_text(path, text)
        return Translation(path, text, to, out, report or _silent, compilers_s).run(kernel)
    except Unusable as error:
        source, seconds = dialect_of(path, text).name, time.monotonic() - started
        return FileReport((KernelResult(kernel or "", source, to, None, declined=Declination(error.code, error.reason), seconds=seconds),))


def verify_files(a_path: str, b_path: str, report: Report | None = None, compilers_s: float | None = None) -> FileReport:
    """Tests the kernels that two files have in common against each other, on the test cases of the first file (else of the second).
    Raises Unusable for files that cannot be read, MissingTool as ``translate`` does."""
    from .comparison import compare_files

    return compare_files(a_path, b_path, report or _silent, compilers_s)


def emulate(path: str, what: str, out: str | None = None, host: bool = False, architecture: str = "", arguments: tuple[str, ...] = (),
            timeout_s: float = 60.0) -> Emulated:
    """A whole file under emulation: ``what`` is "so" or "exe" (written to ``out``) or "run". ``host``: host functions are made for its
    kernels. Raises Unusable for files that cannot be read or written, MissingTool as ``translate`` does."""
    from .emulation import emulate as build

    return build(path, what, out, host, architecture, arguments, timeout_s)


def replay(id_: str, report: Report | None = None) -> tuple[FileReport, Replay]:
    """Reaches a stored verdict again, with the texts, cases and seeds it was made from. Raises Unusable for an ID that is not stored, or
    whose entry was edited; MissingTool as ``translate`` does."""
    from .comparison import replayed

    return replayed(id_, report or _silent)


def doctor() -> list[Check]:
    """What is installed, what is missing, and what that takes away."""
    from .doctor import examine

    return examine()


def _silent(event: dict) -> None:
    """Progress that nobody asked for."""
