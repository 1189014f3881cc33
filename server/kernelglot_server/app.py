"""Builds the server from `FEATURES` and runs it on stdin and stdout.

The event loop never blocks: parsing, solving, compiling and running are done by worker processes (`engine`, `pool`). What is
here besides wiring mends pygls 2.1.1: a shutdown while requests are in flight, requests before `initialize` and after
`shutdown`, error reports that would talk to a closed stdout, and the return code of an `exit` without `shutdown`.
"""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import logging
import os
import sys
from collections.abc import Coroutine, Generator, Sequence
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, default_converter, lsp_method

from kernelglot import __version__
from kernelglot_server.diagnostics import Diagnostics
from kernelglot_server.documents import Documents, Outlines, snapshot
from kernelglot_server.engine import Engine
from kernelglot_server.features import COMMANDS, FEATURES
from kernelglot_server.jobs import JobTable
from kernelglot_server.runner import Runner
from kernelglot_server.settings import Settings
from kernelglot_server.status import Status

SERVER_NOT_INITIALIZED = -32002
INVALID_REQUEST = -32600
PR_SET_DUMPABLE = 4  # from linux/prctl.h

logger = logging.getLogger(__name__)


class Protocol(LanguageServerProtocol):
    _server: KernelglotServer

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(self, params: types.InitializeParams) -> Generator[Any, Any, types.InitializeResult]:
        result = yield from super().lsp_initialize(params)
        self._workspace = Documents.replacing(self.workspace, self.workspace.position_encoding)
        return result

    @lsp_method(types.SHUTDOWN)
    def lsp_shutdown(self, *args: Any) -> Generator[Any, Any, None]:
        self._shutdown = True  # from here on only `exit` is heard, also if it does not wait for the answer
        handler = self.fm.features.get(types.SHUTDOWN)
        if handler is not None:
            yield handler, args, None
        current = self.msg_id
        for number, future in list(self._request_futures.items()):  # cancelling removes entries
            if number != current and not future.done():
                future.cancel()

    @property
    def was_shut_down(self) -> bool:
        return self._shutdown

    def structure_message(self, data: dict[str, Any]) -> Any:
        try:
            return super().structure_message(data)
        except JsonRpcException as error:  # pygls would only log it, and the client would wait for ever
            if "id" in data and "method" in data:
                self._send_response(data["id"], error=error.to_response_error())
            raise

    def handle_message(self, message: Any) -> None:
        method, number = getattr(message, "method", None), getattr(message, "id", None)
        if method is not None and self._shutdown and method != types.EXIT:
            if number is not None:
                self._refuse(number, INVALID_REQUEST, "the server is shutting down")
            return
        if method is not None and self._workspace is None and method not in (types.INITIALIZE, types.EXIT):
            if number is not None:
                self._refuse(number, SERVER_NOT_INITIALIZED, "the server is not initialized")
            return
        super().handle_message(message)

    def _refuse(self, number: Any, code: int, message: str) -> None:
        self._send_response(number, error=types.ResponseError(code=code, message=message))

    def _handle_cancel_notification(self, msg_id: Any) -> None:
        for job in self._server.table.unfinished():
            if msg_id in job.requests and len(job.requests) == 1:
                self._server.runner.cancel(job)
            job.requests.discard(msg_id)
        if msg_id in self._request_futures:
            super()._handle_cancel_notification(msg_id)


class KernelglotServer(LanguageServer):
    """The server and everything a feature may need. `session`: another module than `kernelglot.session` (tests only)."""

    protocol: Protocol

    def __init__(self, session: str | None = None) -> None:
        super().__init__("kernelglot", __version__, protocol_cls=Protocol, converter_factory=default_converter)
        self.settings = Settings()
        self.problems_at_start: tuple[str, ...] = ()  # said once the client may be spoken to
        self.engine = Engine(session, lambda: self.status.changed())
        self.outlines = Outlines(self.engine.outline)
        self.table = JobTable(self.fingerprint)
        self.status = Status(self)
        self.diagnostics = Diagnostics(self)
        self.runner = Runner(self)
        self._tasks: set[asyncio.Future[Any]] = set()
        for feature in FEATURES:
            self.feature(feature.METHOD, getattr(feature, "OPTIONS", None))(feature.handle)
        for command in COMMANDS:
            self.command(command.COMMAND)(command.handle)

    @property
    def documents(self) -> Documents:
        assert isinstance(self.workspace, Documents)
        return self.workspace

    def fingerprint(self, uri: str) -> str | None:
        document = self.documents.find(uri)
        return snapshot(document).fingerprint if document is not None else None

    def say(self, message: str, kind: types.MessageType) -> None:
        self.window_show_message(types.ShowMessageParams(type=kind, message=f"Kernelglot: {message}"))

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Runs `work` beside the requests; what it raises is logged."""
        self.keep(asyncio.ensure_future(work))

    def keep(self, task: asyncio.Future[Any]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Future[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None and not self.protocol.was_shut_down:
            logger.error("a background task failed", exc_info=error)

    async def close(self) -> None:
        """Ends all jobs and workers."""
        self.runner.abandon_all()
        self.diagnostics.stop()
        self.status.stop()
        for task in tuple(self._tasks):
            task.cancel()
        await self.engine.close()

    def report_server_error(self, error: Exception, source: type[Exception] | type[JsonRpcException]) -> None:
        """To the log only: a message box tells the user nothing, and a report to a closed stdout would report itself."""
        logger.error("%s: %s", getattr(source, "__name__", source), error)


def keep_private() -> None:
    """The environment of an editor may hold keys: from now on no other process of the user can read this one's."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def main(argv: Sequence[str] = ()) -> None:
    """Serves until `exit` or the end of stdin; exits with 0 after a `shutdown`, else with 1."""
    parser = argparse.ArgumentParser(prog="kernelglot serve", description="Language server on stdin and stdout.")
    parser.add_argument("--session", help=argparse.SUPPRESS)
    parser.add_argument("--stdio", action="store_true", help="ignored: there is no other way")
    options = parser.parse_args(argv)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("pygls").setLevel(logging.CRITICAL)  # its warnings and errors quote messages, and with them source text
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a stray print must not reach the protocol
    keep_private()
    server = KernelglotServer(options.session)
    try:
        server.start_io(stdout=out)
    finally:
        server.engine.kill_now()
    sys.exit(0 if server.protocol.was_shut_down else 1)
