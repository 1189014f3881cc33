"""`textDocument/hover` on the signature of a kernel: the last verdict for each target, with its evidence and its age."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lsprotocol import types

from kernelglot_server.documents import signature_end, snapshot
from kernelglot_server.jobs import TARGETS, Job, State

if TYPE_CHECKING:
    from kernelglot_server.app import KernelglotServer

METHOD = types.TEXT_DOCUMENT_HOVER
MARKDOWN_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|])")


async def handle(ls: KernelglotServer, params: types.HoverParams) -> types.Hover | None:
    document = ls.documents.find(params.text_document.uri)
    if document is None:
        return None
    line = params.position.line
    for kernel in await ls.outlines.of(snapshot(document)):
        if kernel.start_line <= line <= signature_end(kernel, document.lines):
            jobs = [job for job in ls.table.newest(document.uri) if job.kernel in (kernel.name, None)]
            markdown = speaks_markdown(ls)
            parts = [describe(job, ls.table.state(job), markdown) for job in jobs]
            kind = types.MarkupKind.Markdown if markdown else types.MarkupKind.PlainText
            return types.Hover(types.MarkupContent(kind, "\n\n".join(parts))) if parts else None
    return None


def speaks_markdown(ls: KernelglotServer) -> bool:
    text_document = ls.client_capabilities.text_document
    formats = text_document.hover.content_format if text_document and text_document.hover else None
    return types.MarkupKind.Markdown in (formats or ())


def describe(job: Job, state: State, markdown: bool) -> str:
    """One job: rung, evidence, what was not checked, age."""
    outcome = job.outcome
    assert outcome is not None and job.ended is not None
    verdict = outcome.rung if outcome.kind in ("verified", "compiled") else outcome.kind
    stale = ", stale: the text has changed since" if state is State.STALE else ""
    label = TARGETS[job.target]
    head = f"{'**' + label + '**' if markdown else label}: {verdict}{stale} ({age(job.age)} ago)"
    told = list(outcome.evidence) if outcome.kind in ("verified", "compiled") else [outcome.message]
    told += [f"not checked: {sentence}" for sentence in outcome.skipped]
    return "\n".join([head, *(f"- {escape(sentence) if markdown else sentence}" for sentence in told)])


def escape(sentence: str) -> str:
    return MARKDOWN_SIGNS.sub(r"\\\1", sentence)


def age(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.0f} h"
