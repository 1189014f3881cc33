"""`textDocument/didOpen`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from kernelglot_server.documents import snapshot

if TYPE_CHECKING:
    from kernelglot_server.app import KernelglotServer

METHOD = types.TEXT_DOCUMENT_DID_OPEN


def handle(ls: KernelglotServer, params: types.DidOpenTextDocumentParams) -> None:
    if document := ls.documents.find(params.text_document.uri):
        ls.outlines.prepare(snapshot(document))
        ls.diagnostics.schedule(document.uri, 0)
        ls.status.changed()
