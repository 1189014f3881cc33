"""Which diagnostics a document has now: findings of the parser and failures of jobs. Pushed, versioned, debounced.

A check in flight is never interrupted (that would cost a worker); when it returns for an older version its answer is dropped
and the newest version is checked.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from kernelglot_server import convert
from kernelglot_server.documents import Document, snapshot

if TYPE_CHECKING:
    from kernelglot_server.app import KernelglotServer

DEBOUNCE_S = 0.2


class Diagnostics:
    def __init__(self, server: KernelglotServer) -> None:
        self._server = server
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._checking: set[str] = set()
        self._again: set[str] = set()
        self._findings: dict[str, tuple[str, list[dict[str, Any]]]] = {}  # uri -> fingerprint, findings

    def schedule(self, uri: str, delay_s: float = DEBOUNCE_S) -> None:
        """Checks the newest version of `uri` after `delay_s` seconds without another call."""
        if timer := self._timers.pop(uri, None):
            timer.cancel()
        self._timers[uri] = asyncio.get_running_loop().call_later(delay_s, self._due, uri)

    def refresh(self, uri: str) -> None:
        """Publishes again: a job has something new to say."""
        self._server.spawn(self._publish(uri))

    def close(self, uri: str) -> None:
        """Forgets the document and clears what was shown for it."""
        if timer := self._timers.pop(uri, None):
            timer.cancel()
        self._again.discard(uri)
        self._findings.pop(uri, None)
        self._server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri=uri, diagnostics=[]))

    def stop(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def _due(self, uri: str) -> None:
        self._timers.pop(uri, None)
        if uri in self._checking:
            self._again.add(uri)
        else:
            self._server.spawn(self._check(uri))

    async def _check(self, uri: str) -> None:
        self._checking.add(uri)
        try:
            document = self._server.documents.find(uri)
            if document is None:
                return
            taken = snapshot(document)
            if self._server.settings.diagnostics and self._findings.get(uri, ("",))[0] != taken.fingerprint:
                found = await self._server.engine.check(taken)
                if found is not None and self._server.documents.find(uri) is not None:
                    self._findings[uri] = (taken.fingerprint, found)
            await self._publish(uri)
        finally:
            self._checking.discard(uri)
            if uri in self._again:
                self._again.discard(uri)
                self.schedule(uri, 0)

    async def _publish(self, uri: str) -> None:
        document = self._server.documents.find(uri)
        if document is None:
            return
        taken = snapshot(document)
        diagnostics: list[types.Diagnostic] = []
        if self._server.settings.diagnostics:
            fingerprint, findings = self._findings.get(uri, ("", []))
            if fingerprint != taken.fingerprint:
                return  # the check of the newer text is on its way and will publish
            diagnostics = [convert.diagnostic_of_finding(finding, document.lines, document.encoding) for finding in findings]
            diagnostics += await self._of_jobs(document)
        if self._server.documents.find(uri) is document and document.version == taken.version:
            self._server.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(uri=uri, version=taken.version, diagnostics=diagnostics)
            )

    async def _of_jobs(self, document: Document) -> list[types.Diagnostic]:
        """A diagnostic on the name of every kernel that the newest job could not translate from this text."""
        table = self._server.table
        jobs = [job for job in table.newest(document.uri) if job.outcome and job.outcome.problems and not table.is_stale(job)]
        if not jobs:
            return []
        kernels = {kernel.name: kernel for kernel in await self._server.outlines.of(snapshot(document))}
        found = []
        for job in jobs:
            for problem in job.outcome.problems:
                kernel = kernels.get(problem.kernel)
                place = (kernel.start_line, kernel.end_line) if kernel else (0, len(document.lines) - 1)
                declined = problem.code == "declined"
                found.append(
                    types.Diagnostic(
                        range=convert.name_range(document.lines, problem.kernel, *place, document.encoding),
                        message=f"{job.title}: {problem.message}",
                        severity=types.DiagnosticSeverity.Information if declined else types.DiagnosticSeverity.Warning,
                        code=problem.code,
                        source=convert.SOURCE,
                    )
                )
        return found
