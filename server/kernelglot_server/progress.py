"""Work-done progress of one job. Silent where the client has none."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from lsprotocol import types

from kernelglot_server.jobs import Job

if TYPE_CHECKING:
    from kernelglot_server.app import KernelglotServer

CREATE_TIMEOUT_S = 2.0  # a client that does not answer `create` gets no progress


class Progress:
    def __init__(self, server: KernelglotServer, job: Job) -> None:
        self._server = server
        self._job = job
        self._open = False
        self._percent = 0

    async def begin(self) -> None:
        window = self._server.client_capabilities.window
        if window is None or not window.work_done_progress:
            return
        create = self._server.protocol.send_request_async(
            types.WINDOW_WORK_DONE_PROGRESS_CREATE, types.WorkDoneProgressCreateParams(token=self._job.token)
        )
        done, _ = await asyncio.wait({create}, timeout=CREATE_TIMEOUT_S)
        if not done or create.cancelled() or create.exception() is not None:
            return
        self._open = True
        value = types.WorkDoneProgressBegin(title=f"Convert {self._job.title}", cancellable=True, percentage=0, message="queued")
        self._server.work_done_progress.begin(self._job.token, value)

    def report(self, percent: int, message: str) -> None:
        """Percentages never fall: clients drop or misdraw reports that go back."""
        self._percent = max(self._percent, min(100, percent))
        if self._open:
            value = types.WorkDoneProgressReport(cancellable=True, percentage=self._percent, message=message)
            self._server.work_done_progress.report(self._job.token, value)

    def end(self, message: str) -> None:
        """Ends it once; later calls do nothing."""
        if self._open:
            self._open = False
            self._server.work_done_progress.end(self._job.token, types.WorkDoneProgressEnd(message=message))
            self._server.work_done_progress.tokens.pop(self._job.token, None)
