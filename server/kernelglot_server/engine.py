"""What the server may ask of the engine, and of which workers.

Parsing has a worker of its own, so that a translation of minutes never delays the list of code actions.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from typing import Any

from kernelglot_server import convert
from kernelglot_server.documents import Snapshot
from kernelglot_server.pool import CallFailed, Pool, WorkerDied, worker_command

PARSE_TIMEOUT_S = 20.0  # far above the 20 ms an outline takes: a hang, not a limit
TRANSLATIONS_AT_ONCE = 2

logger = logging.getLogger(__name__)


class Engine:
    """`on_trouble` is called when a worker gave no answer: the state of the pools may have changed."""

    def __init__(self, session: str | None, on_trouble: Callable[[], None]) -> None:
        self._on_trouble = on_trouble
        command, environment = worker_command(session), dict(os.environ)
        self.parsing = Pool(1, command, environment)
        self.translating = Pool(TRANSLATIONS_AT_ONCE, command, environment)

    async def warm(self) -> None:
        """One worker for parsing."""
        await self.parsing.warm()

    async def outline(self, source: Snapshot) -> list[dict[str, Any]] | None:
        """`session.outline`, or None when the engine can't say."""
        return await self._parse("outline", source)

    async def check(self, source: Snapshot) -> list[dict[str, Any]] | None:
        """`session.check`, or None when the engine can't say."""
        return await self._parse("check", source)

    async def translate(
        self,
        source: Snapshot,
        target: str,
        kernel: str | None,
        timeout_s: float,
        on_start: Callable[[], None],
        on_event: Callable[[dict[str, Any]], None],
    ) -> dict[str, Any]:
        """The report of `session.translate`. Raises `WorkerDied`, `CallFailed`, `TimeoutError`; cancelling kills the worker."""
        arguments = {"path": source.path, "text": convert.engine_text(source.text), "to": target, "kernel": kernel}
        return await self.translating.call("translate", arguments, timeout_s, on_event, on_start)

    async def close(self) -> None:
        await asyncio.gather(self.parsing.close(), self.translating.close())

    def kill_now(self) -> None:
        self.parsing.kill_now()
        self.translating.kill_now()

    async def _parse(self, call: str, source: Snapshot) -> list[dict[str, Any]] | None:
        arguments = {"path": source.path, "text": convert.engine_text(source.text)}
        try:
            return await self.parsing.call(call, arguments, PARSE_TIMEOUT_S)
        except (WorkerDied, CallFailed, TimeoutError) as failure:
            logger.warning("%s gave no answer: %s", call, failure)
            self._on_trouble()
            return None
