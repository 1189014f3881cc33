"""`codeAction/resolve`: returns the action as it came. VS Code asks even for actions that are complete, and applies late answers
to newer text; so nothing is ever worked out here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from kernelglot_server.app import KernelglotServer

METHOD = types.CODE_ACTION_RESOLVE


def handle(ls: KernelglotServer, params: types.CodeAction) -> types.CodeAction:
    return params
