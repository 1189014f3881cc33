"""`workspace/didChangeConfiguration`: pulls the section again, or takes what was pushed where the client can't be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from kernelglot_server import settings

if TYPE_CHECKING:
    from kernelglot_server.app import KernelglotServer

METHOD = types.WORKSPACE_DID_CHANGE_CONFIGURATION


async def handle(ls: KernelglotServer, params: types.DidChangeConfigurationParams) -> None:
    workspace = ls.client_capabilities.workspace
    if workspace and workspace.configuration:
        await pull(ls)
    elif isinstance(params.settings, dict):
        take(ls, params.settings.get("kernelglot"))


async def pull(ls: KernelglotServer) -> None:
    workspace = ls.client_capabilities.workspace
    if workspace and workspace.configuration:
        item = types.ConfigurationItem(section="kernelglot")
        answer = await ls.workspace_configuration_async(types.ConfigurationParams(items=[item]))
        take(ls, answer[0] if answer else None)


def take(ls: KernelglotServer, section: Any) -> None:
    before = ls.settings
    ls.settings, problems = settings.from_section(before, section)
    for problem in problems:
        ls.say(problem, types.MessageType.Warning)
    if ls.settings.diagnostics != before.diagnostics:
        for uri in ls.documents.text_documents.values():
            ls.diagnostics.schedule(uri.uri, 0)
