"""Writing a result as a file beside its source: through the editor where it can create files, else to disk.

A file is overwritten only if Kernelglot wrote this very text: its first line says so, with a digest, and whoever edits the file makes
it his own. Anything else in the way makes the new file take a number: `add.mlu`, `add.2.mlu`, ... Neovim and eglot can't create files
through an edit, so for them the file is written to disk, atomically, unless it is open in the editor: then its text is edited there.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.uris import from_fs_path

from kernelglot_server import convert
from kernelglot_server.documents import Document
from kernelglot_server.jobs import SUFFIXES

if TYPE_CHECKING:
    from kernelglot_server.app import KernelglotServer

MARKED = re.compile(r"\ufeff?// kernelglot: translated from .*, digest ([0-9a-f]{12})\r?\n")
NUMBERS = 99  # tried before giving up
UNWRITABLE_URI = "save this document as a file first: the translation is written beside it"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the result goes. `same`: it has this very text already."""

    uri: str
    path: Path
    exists: bool
    same: bool
    open: Document | None


class NotWritten(Exception):
    """The result could not be written; the sentence says why."""


def base_path(source: str, kernel: str | None, target: str) -> tuple[Path, str]:
    """Path without suffix, and suffix. `kernel` names one kernel of several; None where the file has only one."""
    path = Path(source)
    known = sorted(SUFFIXES.values(), key=len, reverse=True)
    suffix = next((suffix for suffix in known if path.name.endswith(suffix)), path.suffix)
    stem = path.name[: len(path.name) - len(suffix)] or path.name
    plain_kernel = re.sub(r"\W+", "_", kernel).strip("_") if kernel else ""
    return path.with_name(f"{stem}.{plain_kernel}" if plain_kernel else stem), SUFFIXES[target]


async def find_place(server: KernelglotServer, source: str, kernel: str | None, target: str, text: str) -> Place:
    """The first name that is free, ours, or has this text already. Raises `NotWritten`."""
    base, suffix = base_path(source, kernel, target)
    for number in range(1, NUMBERS + 1):
        path = base.with_name(f"{base.name}.{number}{suffix}" if number > 1 else base.name + suffix)
        uri = from_fs_path(str(path))
        if uri is None:
            raise NotWritten(f"{path} is not a path an editor can open")
        opened = server.documents.find(uri)
        on_disk = await asyncio.to_thread(read_text, path)
        known = opened.source if opened is not None else on_disk
        if known is None or known == text or made_by_us(known):
            return Place(uri, path, on_disk is not None, known == text, opened)
    raise NotWritten(f"{base.name}{suffix} and {NUMBERS - 1} numbered names beside it are taken")


def made_by_us(text: str) -> bool:
    """Whether Kernelglot wrote this text and nobody has edited it: `kernelglot.files.is_own_text`, which this process does not load."""
    found = MARKED.match(text)
    if found is None:
        return False
    body = text[found.end() :].replace("\r\n", "\n").rstrip("\n")
    return found[1] == hashlib.sha256(body.encode("utf-8", "replace")).hexdigest()[:12]


def read_text(path: Path) -> str | None:
    """The text of a file, None if there is none; what can't be read counts as somebody's text."""
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        return None
    except OSError:
        return "unreadable"


async def write(server: KernelglotServer, place: Place, text: str, label: str) -> None:
    """Puts `text` at `place`. Raises `NotWritten`; then nothing was changed."""
    if place.same:
        return
    edit = edit_for(server, place, text)
    if edit is None:
        await asyncio.to_thread(write_file, place, text)
        return
    workspace_edit = server.client_capabilities.workspace.workspace_edit
    metadata = types.WorkspaceEditMetadata(is_refactoring=True) if workspace_edit and workspace_edit.metadata_support else None
    answer = await server.workspace_apply_edit_async(types.ApplyWorkspaceEditParams(edit=edit, label=label, metadata=metadata))
    if not answer.applied:
        raise NotWritten(f"the editor did not apply the edit to {place.path.name}: {answer.failure_reason or 'it has changed'}")


def edit_for(server: KernelglotServer, place: Place, text: str) -> types.WorkspaceEdit | None:
    """The edit that makes `place` hold `text`, or None where this client needs the file written to disk."""
    workspace = server.client_capabilities.workspace
    if workspace is None or not workspace.apply_edit:
        return None
    declared = workspace.workspace_edit
    changes = bool(declared and declared.document_changes)
    creates = changes and types.ResourceOperationKind.Create in (declared.resource_operations or ())
    if place.open is not None:
        start, end = types.Position(0, 0), convert.end_of(place.open.lines, place.open.encoding)
        replacement = types.TextEdit(types.Range(start, end), text)
        if not changes:
            return types.WorkspaceEdit(changes={place.open.uri: [replacement]})
        identifier = types.OptionalVersionedTextDocumentIdentifier(uri=place.open.uri, version=place.open.version)
        return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(identifier, [replacement])])
    if not creates:
        return None
    insert = types.TextEdit(types.Range(types.Position(0, 0), types.Position(0, 0)), text)
    identifier = types.OptionalVersionedTextDocumentIdentifier(uri=place.uri, version=None)
    options = types.CreateFileOptions(overwrite=place.exists, ignore_if_exists=False)
    return types.WorkspaceEdit(
        document_changes=[types.CreateFile(uri=place.uri, options=options), types.TextDocumentEdit(identifier, [insert])]
    )


def write_file(place: Place, text: str) -> None:
    """Writes the file whole or not at all; a file that appeared meanwhile stays. Raises `NotWritten`."""
    temporary = None
    try:
        with tempfile.NamedTemporaryFile(dir=place.path.parent, prefix=".kernelglot-", delete=False) as file:
            temporary = file.name
            file.write(text.encode("utf-8", "replace"))
        os.chmod(temporary, 0o666 & ~current_umask())
        publish: Callable[[str, Path], None] = os.replace if place.exists else os.link
        publish(temporary, place.path)
    except FileExistsError as error:
        raise NotWritten(f"{place.path.name} was created by somebody else meanwhile") from error
    except OSError as error:
        raise NotWritten(f"{place.path} can't be written: {error.strerror or error}") from error
    finally:
        if temporary is not None:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary)


def current_umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
