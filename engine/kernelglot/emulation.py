"""A whole file, its host code included, as a library or a program that runs under emulation (`kernelglot emulate`)."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from .dialects.base import Dialect
from .files import check_out, check_text, dialect_of, read_text
from .frontend.preprocess import local_files
from .results import Emulated, Unusable
from .verify import host_build
from .verify.cases import Launch
from .verify.host_wrapper import wrappers

WHAT = {"so": host_build.LIBRARY, "exe": host_build.PROGRAM, "run": host_build.PROGRAM}


def emulate(
    path: str,
    what: str,
    out: str | None = None,
    host: bool = False,
    architecture: str = "",
    arguments: tuple[str, ...] = (),
    timeout_s: float = 60.0,
) -> Emulated:
    """``what``: "so" and "exe" write ``out``, "run" runs the program in the sandbox. Raises Unusable for a file that cannot be read, and
    MissingTool."""
    text = read_text(path)
    check_text(path, text)
    dialect = dialect_of(path, text)
    if out is not None:
        _check_out(out, path)
    result = Emulated(path, dialect.name)
    whole = host_build.Whole(path, text, dialect.name, architecture, load=local_files(path))
    if host:
        if dialect.name in ("c", "vnni"):
            return result.declined(
                "no-kernel", f"--host is for kernels that are launched; the functions of a {dialect.title} file are called as they are."
            )
        tail, made, refused = wrappers(text, dialect.name, _launch_of(path, text, dialect))
        result = result.noting(
            [f"{each.name}: {each.launch}" if each.launch else f"{each.name}_on takes the launch; {each.missing}" for each in made],
            list(refused),
        )
        if not made:
            return result.declined("no-kernel", refused[0] + "." if refused else f"{path} has no {dialect.title} kernel.")
        whole = host_build.Whole(path, text, dialect.name, architecture, tail, whole.load)
    try:
        built = host_build.emulated(whole, WHAT[what])
    except host_build.NotBuilt as no:
        place = no.line if no.file == path or not no.file else None
        words = no.sentence if place is not None or not no.file else f"{no.file}:{no.line}: {no.sentence}"
        return result.declined("not-built", words[0].upper() + words[1:] + ".", place)
    result = result.built(built.exports, built.seconds)
    if what == "run":
        return result.ran(*host_build.run(built, arguments, timeout_s))
    if what == "so" and not built.exports:
        result = result.noting([], ['it exports nothing: no function of it has C linkage (extern "C")'])
    assert out is not None
    _write(built.path, out)
    return result.written(out)


def _check_out(out: str, path: str) -> None:
    """Raises Unusable where nothing may be written to ``out``; an earlier result may be replaced."""
    try:
        own = os.path.isfile(out) and host_build.MARK.encode() in Path(out).read_bytes()
    except OSError:
        own = False
    if not own:
        check_out(out, path)


def _write(made: str, out: str) -> None:
    """Whole or not at all; the file that stood there may be in use."""
    try:
        descriptor, waiting = tempfile.mkstemp(dir=os.path.dirname(os.path.abspath(out)), prefix=".kernelglot-")
        os.close(descriptor)
        try:
            shutil.copyfile(made, waiting)
            os.chmod(waiting, 0o755)
            os.replace(waiting, out)
        except OSError:
            Path(waiting).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise Unusable("unwritable", f"{out} cannot be written: {error.strerror or error}.") from error


def _launch_of(path: str, text: str, dialect: Dialect) -> Callable[[str], Launch | str]:
    """The launch of the first test case that is found for a kernel."""

    def find(name: str) -> Launch | str:
        from .frontend.lower import lower
        from .verify.discover import discover

        module = lower(text, dialect.spelling, path)
        kernel = next((each for each in module.kernels if each.name == name), None)
        if kernel is None:
            problem = next(iter(module.problems), None)
            return f"its launch is not known: {problem.reason if problem else 'the kernel cannot be read'}"
        found = discover(text, path, module, kernel, dialect.spelling)
        return found.cases[0].launch if found.cases else f"its launch is not known: {found.missing}"

    return find
