"""`kernelglot/status`: the state of the engine and of all jobs, for clients that asked for it. At most ten a second."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kernelglot_server.app import KernelglotServer

METHOD = "kernelglot/status"
INTERVAL_S = 0.1


class Status:
    def __init__(self, server: KernelglotServer) -> None:
        self._server = server
        self._timer: asyncio.TimerHandle | None = None
        self._sent_at = 0.0
        self._ready = False

    def ready(self) -> None:
        """The first worker is up (or has failed)."""
        self._ready = True
        self.changed()

    def changed(self) -> None:
        """Something in the table changed: tells it now, or as soon as the interval allows."""
        if not self._server.settings.status or self._timer is not None:
            return
        wait_s = max(0.0, self._sent_at + INTERVAL_S - time.monotonic())
        self._timer = asyncio.get_running_loop().call_later(wait_s, self._send)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _send(self) -> None:
        self._timer, self._sent_at = None, time.monotonic()
        self._server.protocol.notify(METHOD, self.now())

    def now(self) -> dict[str, Any]:
        server = self._server
        active = server.table.unfinished()
        rows = server.table.rows()
        if not server.settings.trusted:
            state, message = "untrusted", "this workspace is not trusted: nothing is executed"
        elif server.engine.translating.unavailable or server.engine.parsing.unavailable:
            words = server.engine.translating.last_words or server.engine.parsing.last_words
            state, message = "unavailable", f"the engine process keeps ending: {words}"
        elif active:
            state, message = "busy", f"{active[0].title} {active[0].percent} %" + (f" (+{len(active) - 1})" if active[1:] else "")
        elif not self._ready:
            state, message = "starting", "the engine is starting"
        else:
            state, message = "idle", "ready"
        return {"state": state, "message": message, "jobs": rows}
