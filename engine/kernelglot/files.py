"""Reading source files and writing translated ones: which dialect a file is in, what its translation is called, what may be replaced.

A file is replaced only where its first line says that Kernelglot wrote it and its digest that nobody has changed it since; a symbolic
link is followed. Files are written whole or not at all.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

from .dialects import base
from .results import Unusable

MARK = "// kernelglot: translated from"
LARGEST_BYTES = 1_000_000
NUMBERS = 99  # names tried beside one that is taken
_MARKED = re.compile(r"\ufeff?// kernelglot: translated from .*, digest ([0-9a-f]{12})\r?\n")


# ---- reading -------------------------------------------------------------------------------------------------------------------


def read_text(path: str | Path) -> str:
    """The text of a source file; raises Unusable with a sentence for files that are missing, binary or too large."""
    if str(path) == "-":
        raise Unusable("unreadable", "Standard input is not read: a file's name tells its dialect and where the translation goes.")
    try:
        size = os.stat(path).st_size if os.path.isfile(path) else 0  # a pipe has no size, a folder fails below
        data = Path(path).read_bytes() if size <= LARGEST_BYTES else b""
    except OSError as error:
        raise Unusable("unreadable", f"{path} cannot be read: {error.strerror or error}.") from error
    size = max(size, len(data))
    if size > LARGEST_BYTES:
        raise Unusable("too-large", f"{path} has {size} bytes; files over {LARGEST_BYTES} bytes are not translated.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unusable("encoding", f"{path} is UTF-16 text; save it as UTF-8.")
    if b"\0" in data:
        raise Unusable("binary", f"{path} is a binary file, not source text.")
    return _decoded(data)


def _decoded(data: bytes) -> str:
    """UTF-8 where it is that. Else Chinese characters are pairs of bytes above 127, while a Western letter mostly stands alone."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        runs = re.findall(rb"[\x80-\xff]+", data)
    paired = sum(len(run) for run in runs if len(run) > 1)
    try:
        return data.decode("gb18030" if 2 * paired > sum(map(len, runs)) else "latin-1")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def check_text(path: str, text: str) -> None:
    """Raises Unusable for a text that nothing can be done with."""
    if len(text) > LARGEST_BYTES:
        raise Unusable("too-large", f"{path} has more than {LARGEST_BYTES} characters; such files are not translated.")
    if "\0" in text:
        raise Unusable("binary", f"{path} is a binary file, not source text.")
    if not text.strip():
        raise Unusable("empty", f"{path} is empty.")


def dialect_of(path: str, text: str) -> base.Dialect:
    """By the file's suffix; what has none of a dialect's is taken for CUDA C."""
    dialect = base.of_path(path)
    if dialect is None or (dialect.name == "c" and "_mm512_" in text):
        dialect = base.load("vnni" if dialect is not None else "cuda")
    return dialect


# ---- names and marks -----------------------------------------------------------------------------------------------------------


def default_out(path: str, to: str, kernel: str | None = None) -> str:
    """The sibling of ``path`` for a translation to ``to``; ``kernel`` names one of several. A name that is taken gets a number."""
    name = os.path.basename(path)
    dialect = base.of_path(path)
    suffix = max((s for s in (dialect.suffixes if dialect else ()) if name.lower().endswith(s)), key=len, default=os.path.splitext(name)[1])
    stem = name[: len(name) - len(suffix)] if suffix else name
    plain = re.sub(r"\W+", "_", kernel).strip("_") if kernel else ""
    start, end = os.path.join(os.path.dirname(path), f"{stem}.{plain}" if plain else stem), base.load(to).output_suffix
    names = [start + end, *(f"{start}.{number}{end}" for number in range(2, NUMBERS + 1))]
    return next((name for name in names if not os.path.lexists(name) or is_own_file(name)), names[0])


def marked(path: str, dialect: base.Dialect, body: str) -> str:
    """``body`` below the line that tells what it was translated from, and that lets a later call see whether it was edited."""
    name = re.sub(r"[^\x20-\x7e\xa0-\ud7ff\ue000-\uffff]", "?", os.path.basename(path))  # a line break would end the comment
    return f"{MARK} {name} ({dialect.title}), digest {_digest(body)}\n{body}"


def is_own_text(text: str) -> bool:
    """Whether Kernelglot wrote this text, and nobody has changed it since."""
    found = _MARKED.match(text)
    return found is not None and found[1] == _digest(text[found.end() :])


def is_own_file(path: str | Path) -> bool:
    """``is_own_text`` of a file; False for what is no file or cannot be read."""
    if not os.path.isfile(path):
        return False
    try:
        return is_own_text(Path(path).read_bytes().decode("utf-8", "replace"))
    except OSError:
        return False


def _digest(body: str) -> str:
    """Line ends and empty lines at the end are the editor's."""
    return hashlib.sha256(body.replace("\r\n", "\n").rstrip("\n").encode("utf-8", "replace")).hexdigest()[:12]


# ---- writing -------------------------------------------------------------------------------------------------------------------


def check_out(path: str | None, source: str = "") -> None:
    """Raises Unusable where a result could not be written to ``path``: better said before a translation than after it. ``source`` is
    the translated file; where ``path`` is None its folder is looked at."""
    folder = os.path.dirname(os.path.realpath(path) if path is not None else os.path.abspath(source))
    name = path if path is not None else "the translation"
    if not os.path.isdir(folder):
        raise Unusable("unwritable", f"{name} cannot be written: there is no folder {folder}.")
    if path is not None and os.path.isdir(path):
        raise Unusable("unwritable", f"{path} is a folder; name a file.")
    if path is not None and os.path.exists(path):
        _check_replaced(path, source)
    if not os.access(folder, os.W_OK):
        advice = "" if path is not None else "; name another place with --out"
        raise Unusable("unwritable", f"{name} cannot be written: the folder {folder} is read-only{advice}.")


def _check_replaced(path: str, source: str) -> None:
    if not os.path.isfile(path):
        raise Unusable("unwritable", f"{path} is not a regular file; --out - writes to standard output.")
    if source and os.path.exists(source) and os.path.samefile(path, source):
        raise Unusable("exists", f"{path} is the file to translate; name another file with --out.")
    if not is_own_file(path):
        wrote = Path(path).read_bytes().startswith(MARK.encode()) if os.access(path, os.R_OK) else False
        why = "was edited after kernelglot wrote it" if wrote else "was not made by kernelglot"
        raise Unusable("exists", f"{path} exists and {why}, so it stays; name another file with --out, or remove it.")


def write_result(path: str, text: str, source: str = "") -> None:
    """Writes the translation of ``source`` whole or not at all; refuses to replace what Kernelglot did not write. Raises Unusable."""
    check_out(path, source)
    target = os.path.realpath(path)
    publish = os.replace if os.path.exists(target) else os.link  # a file that appears meanwhile stays
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(prefix=".kernelglot-", dir=os.path.dirname(target))
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="") as file:
            file.write(text)
        os.chmod(temporary, 0o666 & ~_umask())
        publish(temporary, target)
    except FileExistsError as error:
        raise Unusable("exists", f"{path} was created by somebody else meanwhile; translate again.") from error
    except OSError as error:
        raise Unusable("unwritable", f"{path} cannot be written: {error.strerror}.") from error
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
