"""`textDocument/didClose`: what was shown for the document goes; its jobs go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from kernelglot_server.app import KernelglotServer

METHOD = types.TEXT_DOCUMENT_DID_CLOSE


def handle(ls: KernelglotServer, params: types.DidCloseTextDocumentParams) -> None:
    ls.outlines.forget(params.text_document.uri)
    ls.diagnostics.close(params.text_document.uri)
    ls.status.changed()
