"""`textDocument/didChange`: pygls has applied the edits; the outline is asked for at once, the check a little later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from kernelglot_server.documents import snapshot

if TYPE_CHECKING:
    from kernelglot_server.app import KernelglotServer

METHOD = types.TEXT_DOCUMENT_DID_CHANGE


def handle(ls: KernelglotServer, params: types.DidChangeTextDocumentParams) -> None:
    if document := ls.documents.find(params.text_document.uri):
        ls.outlines.prepare(snapshot(document))
        ls.diagnostics.schedule(document.uri)
        ls.status.changed()
