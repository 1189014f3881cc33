"""`shutdown`: ends all jobs and workers before the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from kernelglot_server.app import KernelglotServer

METHOD = types.SHUTDOWN


async def handle(ls: KernelglotServer, params: None) -> None:
    await ls.close()
