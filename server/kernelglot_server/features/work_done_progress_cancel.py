"""`window/workDoneProgress/cancel`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from kernelglot_server.app import KernelglotServer

METHOD = types.WINDOW_WORK_DONE_PROGRESS_CANCEL


def handle(ls: KernelglotServer, params: types.WorkDoneProgressCancelParams) -> None:
    if job := ls.table.by_token(params.token):
        ls.runner.cancel(job)
