"""A server process and a client that answers like a named editor; the tests of this folder import it as `lsp.harness`."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Union

from lsprotocol import types
from lsprotocol.converters import get_converter
from pytest_lsp import LanguageClient
from pytest_lsp.client import make_test_lsp_client

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ADD = "__global__ void add(float* a, float* b, float* c) {\n  int i = threadIdx.x;\n  c[i] = a[i] + b[i];\n}\n"
CONVERT = "kernelglot.server.convert"
CONVERTER = get_converter()


def environment() -> dict[str, str]:
    folders = [ROOT / "engine", ROOT / "server", HERE]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders)), "PYTHONUNBUFFERED": "1"}


@dataclass
class Editor:
    """A connected client. Files live in `folder`; `edits` are the workspace edits it was asked to apply."""

    client: LanguageClient
    folder: Path
    result: types.InitializeResult | None = None
    edits: list[types.ApplyWorkspaceEditParams] = field(default_factory=list)
    questions: list[types.ShowMessageRequestParams] = field(default_factory=list)
    published: list[types.PublishDiagnosticsParams] = field(default_factory=list)
    statuses: list[Any] = field(default_factory=list)
    applied: bool = True
    answer: str | None = None  # to questions

    def open(self, text: str, name: str = "add.cu", version: int = 1) -> str:
        path = self.folder / name
        path.write_bytes(text.encode())
        uri = path.as_uri()
        item = types.TextDocumentItem(uri=uri, language_id="cuda-cpp", version=version, text=text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))
        return uri

    def change(self, uri: str, version: int, text: str, span: tuple[int, int, int, int] | None = None) -> None:
        """Replaces the span (line, column, line, column), or all."""
        if span is None:
            event: Any = types.TextDocumentContentChangeWholeDocument(text=text)
        else:
            event = types.TextDocumentContentChangePartial(range=a_range(*span), text=text)
        identifier = types.VersionedTextDocumentIdentifier(uri=uri, version=version)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(text_document=identifier, content_changes=[event]))

    async def actions(self, uri: str, line: int = 0, last: int | None = None, only: list[str] | None = None) -> list[types.CodeAction]:
        params = types.CodeActionParams(
            text_document=types.TextDocumentIdentifier(uri=uri),
            range=a_range(line, 0, line if last is None else last, 0),
            context=types.CodeActionContext(diagnostics=[], only=only),
        )
        return await self.client.text_document_code_action_async(params) or []

    async def convert(self, uri: str, target: str = "bang", kernel: str | None = "add", **more: Any) -> Any:
        """The plain answer of the command, with `wait` unless told otherwise."""
        arguments = {"uri": uri, "kernel": kernel, "target": target, "version": None, "wait": True, **more}
        params = types.ExecuteCommandParams(command=CONVERT, arguments=[arguments])
        return as_dict(await self.client.workspace_execute_command_async(params))

    async def hover(self, uri: str, line: int = 0) -> types.Hover | None:
        params = types.HoverParams(text_document=types.TextDocumentIdentifier(uri=uri), position=types.Position(line, 18))
        return await self.client.text_document_hover_async(params)

    async def diagnostics(self, uri: str, test: Callable[[list[types.Diagnostic]], bool] = bool) -> types.PublishDiagnosticsParams:
        """The next published diagnostics of `uri` that pass `test` (also if they came already, last)."""
        await self.until(lambda: any(item.uri == uri for item in self.published) and test(self.last(uri).diagnostics))
        return self.last(uri)

    def last(self, uri: str) -> types.PublishDiagnosticsParams:
        return [item for item in self.published if item.uri == uri][-1]

    def progress(self) -> list[Any]:
        return [report for reports in self.client.progress_reports.values() for report in reports]

    async def until(self, test: Callable[[], Any], seconds: float = 10.0) -> float:
        """Waits for `test`; the seconds it took."""
        begun = time.monotonic()
        while not test():
            if time.monotonic() - begun > seconds:
                raise AssertionError(f"did not happen within {seconds} s; messages: {self.client.messages}")
            await asyncio.sleep(0.005)
        return time.monotonic() - begun


def a_range(line: int, column: int, last: int, end: int) -> types.Range:
    return types.Range(types.Position(line, column), types.Position(last, end))


def action_or_command(found: dict[str, Any], _: Any) -> types.Command | types.CodeAction:
    """lsprotocol takes every action that has a command for a bare command."""
    kind = types.Command if isinstance(found.get("command"), str) else types.CodeAction
    return CONVERTER.structure(found, kind)


def as_dict(value: Any) -> Any:
    if hasattr(value, "_asdict"):
        return {key: as_dict(item) for key, item in value._asdict().items()}
    return value


def capabilities(client: str) -> types.ClientCapabilities:
    captured = json.loads((HERE / "clients" / f"initialize-{client}.json").read_text())
    return CONVERTER.structure(captured["capabilities"], types.ClientCapabilities)


async def connect(folder: Path, client: str = "vscode", options: dict[str, Any] | None = None, session: str | None = "fake_session", settings: Any = None) -> Editor:
    """Starts a server and shakes hands as `client`."""
    language_client = make_test_lsp_client()
    language_client.protocol._converter.register_structure_hook(Union[types.Command, types.CodeAction], action_or_command)  # noqa: UP007
    editor = Editor(language_client, folder)

    @language_client.feature(types.WORKSPACE_APPLY_EDIT)
    def apply_edit(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        editor.edits.append(params)
        return types.ApplyWorkspaceEditResult(applied=editor.applied)

    @language_client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def register(params: types.RegistrationParams) -> None:
        return None

    @language_client.feature(types.WINDOW_SHOW_MESSAGE_REQUEST)
    def ask(params: types.ShowMessageRequestParams) -> types.MessageActionItem | None:
        editor.questions.append(params)
        return types.MessageActionItem(title=editor.answer) if editor.answer else None

    @language_client.feature("kernelglot/status")
    def status(params: Any) -> None:
        editor.statuses.append(params)

    language_client.protocol.fm.features.pop(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)

    @language_client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def publish(params: types.PublishDiagnosticsParams) -> None:
        editor.published.append(params)

    if settings is not None:
        language_client.set_configuration(settings, section="kernelglot")
    command = [sys.executable, "-m", "kernelglot_server", *(("--session", session) if session else ())]
    await language_client.start_io(*command, env=environment())
    editor.result = await language_client.initialize_session(
        types.InitializeParams(
            capabilities=capabilities(client),
            process_id=os.getpid(),
            root_uri=folder.as_uri(),
            workspace_folders=[types.WorkspaceFolder(uri=folder.as_uri(), name=folder.name)],
            initialization_options={"status": True} if options is None else options,
        )
    )
    return editor


async def disconnect(editor: Editor) -> None:
    if editor.client._server is not None and editor.client._server.returncode is None:
        await editor.client.shutdown_session()
    await editor.client.stop()
