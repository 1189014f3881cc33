"""Runs one job from the command to the written file: queue, progress, translation, outcome, delivery.

Cancelling answers at once: the outcome is recorded and the progress ended before the worker is dead. A result for a text that
is no longer the document's, or without a test behind it, is not written; the user is asked and may have it anyway.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from lsprotocol import types

from kernelglot_server import convert, edits
from kernelglot_server.documents import Snapshot
from kernelglot_server.jobs import TARGETS, Job, Outcome, outcome_of_report
from kernelglot_server.pool import CallFailed, WorkerDied
from kernelglot_server.progress import Progress

if TYPE_CHECKING:
    from kernelglot_server.app import KernelglotServer

WRITE_ANYWAY = "Write it anyway"
WRITE_OTHERS = "Write the other kernels"
TOLD_PLAINLY = ("MissingTool", "Unusable")  # what the engine raises for the user, not for its authors
CANCELLED = Outcome("cancelled", "cancelled")


class Runner:
    def __init__(self, server: KernelglotServer) -> None:
        self._server = server

    async def start(self, source: Snapshot, kernel: str | None, target: str, fresh: bool) -> Job:
        """The job for this text, kernel and target: the running one, a remembered verified one (unless `fresh`), or a new one."""
        table = self._server.table
        probe = (source.uri, source.fingerprint, kernel, target)
        if running := table.running(probe):
            return running
        remembered = None if fresh else table.verified(probe)
        job = table.open(source, kernel, target)
        self._server.spawn(self._run(job, remembered.outcome if remembered else None))
        self._server.status.changed()
        return job

    def cancel(self, job: Job) -> bool:
        """Asks a job to stop; False if it has already ended."""
        if job.outcome is not None:
            return False
        job.stop.set()
        return True

    def abandon_all(self) -> None:
        """The server shuts down: every job ends as cancelled, nothing more is written."""
        for job in self._server.table.unfinished():
            self._server.table.finish(job, CANCELLED)
            job.stop.set()
            job.done.set()

    async def _run(self, job: Job, remembered: Outcome | None) -> None:
        progress = Progress(self._server, job)
        try:
            await progress.begin()
            if job.kernel is not None and not self._server.table.is_stale(job):
                job.among_others = len(await self._server.outlines.of(job.source)) > 1
            outcome = remembered or await self._outcome(job, progress)
            if job.outcome is not None:  # abandoned
                return
            stale = self._server.table.is_stale(job)
            if outcome.kind == "verified" and not stale:
                progress.report(100, "writing the result")
                outcome = await self._deliver(job, outcome)
            self._server.table.finish(job, outcome)
            progress.end("stale" if stale and outcome.text else outcome.kind)
            self._tell(job, outcome, stale)
        finally:
            self._server.table.finish(job, Outcome("failed", "the language server failed; its log has the reason"))
            progress.end("failed")
            job.done.set()
            self._server.diagnostics.refresh(job.source.uri)
            self._server.status.changed()

    async def _outcome(self, job: Job, progress: Progress) -> Outcome:
        """What the engine makes of the job; cancelled if the user is faster."""
        timeout_s = self._server.settings.timeout_s
        loop = asyncio.get_running_loop()

        def started() -> None:
            job.running = True
            self._server.status.changed()

        def told(event: dict[str, Any]) -> None:
            job.stage, job.message = str(event.get("stage") or ""), str(event.get("message") or "")
            job.percent = max(job.percent, min(99, int(event.get("percent") or 0)))
            elapsed = f"{loop.time() - begun:.0f} s"
            progress.report(job.percent, ": ".join(part for part in (job.stage, job.message) if part) + f" ({elapsed})")
            self._server.status.changed()

        begun = loop.time()
        call = asyncio.ensure_future(self._server.engine.translate(job.source, job.target, job.kernel, timeout_s, started, told))
        stop = asyncio.ensure_future(job.stop.wait())
        try:
            await asyncio.wait({call, stop}, return_when=asyncio.FIRST_COMPLETED)
            if job.stop.is_set():
                return CANCELLED
            return outcome_of_report(call.result(), job.target)
        except WorkerDied as death:
            return Outcome("failed", f"not translated to {TARGETS[job.target]}: {death}")
        except CallFailed as failure:
            reason = failure.message if failure.kind in TOLD_PLAINLY else f"the engine failed with {failure}"
            return Outcome("failed", f"not translated to {TARGETS[job.target]}: {reason}")
        except TimeoutError:
            return Outcome("failed", f"not translated to {TARGETS[job.target]} within {timeout_s:g} s (kernelglot.timeoutSeconds)")
        finally:
            stop.cancel()
            if not call.done():
                call.cancel()  # kills the worker, in the background
                self._server.keep(call)

    async def _deliver(self, job: Job, outcome: Outcome) -> Outcome:
        """Writes the text of `outcome` and notes where on the job; returns the outcome, with the reason if it was not written."""
        assert outcome.text is not None
        kernel = job.kernel if job.among_others else None
        text = convert.with_line_ends_of(outcome.text, job.source.text)
        try:
            place = await edits.find_place(self._server, job.source.path, kernel, job.target, text)
            await edits.write(self._server, place, text, f"Convert {job.title}")
        except edits.NotWritten as reason:
            return replace(outcome, message=f"{outcome.message}, but not written: {reason}")
        job.written = place.uri
        return outcome

    def _tell(self, job: Job, outcome: Outcome, stale: bool) -> None:
        """At most one notification a job."""
        if outcome.kind == "cancelled":
            return
        if job.written is not None:
            self._server.spawn(self._show(job, outcome))
        elif outcome.kind == "compiled" or outcome.partial or (outcome.kind == "verified" and stale):
            self._server.spawn(self._offer(job, outcome, stale))
        else:
            self._server.say(outcome.message, types.MessageType.Warning)

    async def _show(self, job: Job, outcome: Outcome) -> None:
        """Opens the written file beside the editor's focus, and says what stands behind it."""
        assert job.written is not None
        name = PurePosixPath(unquote(job.written)).name
        base, suffix = edits.base_path(job.source.path, job.kernel if job.among_others else None, job.target)
        usual = base.name + suffix
        kept = f"; {usual} was not made by Kernelglot, or edited since, and stays as it is" if name != usual else ""
        self._server.say(f"{name}: {outcome.message}{kept}", types.MessageType.Info)
        window = self._server.client_capabilities.window
        if window and window.show_document and window.show_document.support:
            await self._server.window_show_document_async(types.ShowDocumentParams(uri=job.written, take_focus=False))

    async def _offer(self, job: Job, outcome: Outcome, stale: bool) -> None:
        """Asks whether a result that is stale, untested or a part of what was asked for should be written all the same."""
        reason = f"the document changed while {job.title} was being translated" if stale else outcome.message
        button = WRITE_OTHERS if outcome.partial else WRITE_ANYWAY
        params = types.ShowMessageRequestParams(
            type=types.MessageType.Warning,
            message=f"Not written: {reason}.",
            actions=[types.MessageActionItem(title=button)],
        )
        answer = await self._server.window_show_message_request_async(params)
        if answer is None or answer.title != button:
            return
        delivered = await self._deliver(job, outcome)
        if job.written is not None:
            await self._show(job, delivered)
        else:
            self._server.say(delivered.message, types.MessageType.Warning)
