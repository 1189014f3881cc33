"""`kernelglot/trust` (ours): the user granted or withdrew trust. Withdrawing ends running jobs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kernelglot_server.app import KernelglotServer

METHOD = "kernelglot/trust"


def handle(ls: KernelglotServer, params: Any) -> None:
    trusted = getattr(params, "trusted", False) is True  # pygls makes objects of custom params
    ls.settings = replace(ls.settings, trusted=trusted)
    if not trusted:
        for job in ls.table.unfinished():
            ls.runner.cancel(job)
    ls.status.changed()
