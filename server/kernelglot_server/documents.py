"""Open documents: exact under incremental edits, with the kernels of each version at hand.

pygls 2.1.1 splits lines at form feeds and U+2028 and miscounts at the end of a file, so `Document` brings its own line rule
and its own edit. The outline of a version is asked for once, as soon as the version exists, and shared by all who wait.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any
from urllib.parse import unquote

from lsprotocol import types
from pygls.workspace import TextDocument, Workspace

from kernelglot_server import convert

PATIENCE_S = 2.0  # an editor that asks for code actions should not wait for an engine that keeps ending
SUFFIX_OF_LANGUAGE = {"cuda-cpp": ".cu", "cuda": ".cu", "hip": ".hip", "bang": ".mlu", "c": ".c", "cpp": ".c"}


class Document(TextDocument):
    """A text document whose lines end where the protocol says."""

    _lines: tuple[str, ...] | None = None

    @property
    def lines(self) -> Sequence[str]:
        if self._lines is None:
            self._lines = convert.split_lines(self.source)
        return self._lines

    @property
    def encoding(self) -> convert.Encoding:
        return self.position_codec.encoding

    @property
    def source(self) -> str:
        return self._source or ""  # never the file on disk: an open document is what the editor says

    def apply_change(self, change: types.TextDocumentContentChangeEvent) -> None:
        if isinstance(change, types.TextDocumentContentChangePartial):
            start = convert.offset_at(self.lines, change.range.start, self.encoding)
            end = convert.offset_at(self.lines, change.range.end, self.encoding)
            self._source = self.source[:start] + change.text + self.source[max(start, end) :]
        else:
            self._source = change.text
        self._lines = None


class Documents(Workspace):
    """The workspace of pygls with `Document`s in it."""

    @classmethod
    def replacing(cls, old: Workspace, encoding: convert.Encoding) -> Documents:
        return cls(old.root_uri, old._sync_kind, list(old.folders.values()), encoding)

    def _create_text_document(
        self, doc_uri: str, source: str | None = None, version: int | None = None, language_id: str | None = None
    ) -> TextDocument:
        return Document(doc_uri, source, version, language_id, True, self._sync_kind, self._position_codec)

    def find(self, uri: str) -> Document | None:
        """The open document, or None: a request may arrive after the close."""
        found = self.text_documents.get(unquote(uri))  # pygls keys its documents so
        return found if isinstance(found, Document) else None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One version of a document, as jobs and checks see it."""

    uri: str
    version: int | None
    text: str
    path: str  # names the dialect by its suffix; need not exist
    fingerprint: str  # of the text


@dataclass(frozen=True, slots=True)
class Kernel:
    """One kernel of a document; lines are 0-based, `end_line` is its last. `targets`: the dialects it can be translated to."""

    name: str
    start_line: int
    end_line: int
    dialect: str
    targets: tuple[str, ...]


def snapshot(document: Document) -> Snapshot:
    text = document.source
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    path = PurePath(document.path)
    if document.uri.startswith("untitled:"):
        path = PurePath(path.name or "untitled").with_suffix(SUFFIX_OF_LANGUAGE.get(document.language_id or "", path.suffix))
    return Snapshot(document.uri, document.version, text, str(path), digest)


def signature_end(kernel: Kernel, lines: Sequence[str]) -> int:
    """The last line of the kernel's signature: the one with its opening brace."""
    last = min(kernel.end_line, len(lines) - 1)
    return next((number for number in range(kernel.start_line, last + 1) if "{" in lines[number]), last)


class Outlines:
    """The kernels of the current version of each document. `ask` returns None when the engine can't say."""

    def __init__(self, ask: Callable[[Snapshot], Awaitable[list[dict[str, Any]] | None]]) -> None:
        self._ask = ask
        self._asking = asyncio.Lock()
        self._tasks: dict[str, tuple[str, asyncio.Task[tuple[Kernel, ...]]]] = {}  # uri -> fingerprint, kernels

    def prepare(self, taken: Snapshot) -> asyncio.Task[tuple[Kernel, ...]]:
        """Starts to outline this version, or joins whoever did."""
        known = self._tasks.get(taken.uri)
        if known is not None and known[0] == taken.fingerprint:
            return known[1]
        task = asyncio.create_task(self._outline(taken))
        self._tasks[taken.uri] = (taken.fingerprint, task)
        return task

    def forget(self, uri: str) -> None:
        self._tasks.pop(uri, None)

    async def of(self, taken: Snapshot) -> tuple[Kernel, ...]:
        """The kernels of this version; none if a newer one is known by the time the engine is free, or the engine is not free for long."""
        done, _ = await asyncio.wait({self.prepare(taken)}, timeout=PATIENCE_S)
        return next(iter(done)).result() if done else ()

    def _newest(self, taken: Snapshot) -> bool:
        return self._tasks.get(taken.uri, ("",))[0] == taken.fingerprint

    async def _outline(self, taken: Snapshot) -> tuple[Kernel, ...]:
        async with self._asking:  # a burst of edits asks for the first and the last of them
            known = await self._ask(taken) if self._newest(taken) else []
        if known is None:
            if self._newest(taken):
                self.forget(taken.uri)
            return ()
        return tuple(Kernel(k["name"], k["start_line"], k["end_line"], k["dialect"], tuple(k["targets"])) for k in known)
