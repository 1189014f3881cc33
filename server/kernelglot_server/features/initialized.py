"""`initialized`: starts the parsing worker, asks for settings and to be told of their changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from kernelglot_server.features import did_change_configuration

if TYPE_CHECKING:
    from kernelglot_server.app import KernelglotServer

METHOD = types.INITIALIZED


async def handle(ls: KernelglotServer, params: types.InitializedParams) -> None:
    ls.spawn(warm(ls))
    for problem in ls.problems_at_start:
        ls.say(problem, types.MessageType.Warning)
    workspace = ls.client_capabilities.workspace
    if workspace and workspace.did_change_configuration and workspace.did_change_configuration.dynamic_registration:
        wish = types.Registration(
            id="kernelglot-configuration",
            method=types.WORKSPACE_DID_CHANGE_CONFIGURATION,
            register_options=types.DidChangeConfigurationRegistrationOptions(section="kernelglot"),
        )
        ls.spawn(ls.client_register_capability_async(types.RegistrationParams(registrations=[wish])))
    ls.spawn(did_change_configuration.pull(ls))


async def warm(ls: KernelglotServer) -> None:
    ls.status.changed()
    await ls.engine.warm()
    ls.status.ready()
