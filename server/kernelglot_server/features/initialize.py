"""`initialize`: reads the options. Nothing is started yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from kernelglot_server import settings

if TYPE_CHECKING:
    from kernelglot_server.app import KernelglotServer

METHOD = types.INITIALIZE


def handle(ls: KernelglotServer, params: types.InitializeParams) -> None:
    ls.settings, problems = settings.from_options(params.initialization_options)
    ls.problems_at_start = problems
