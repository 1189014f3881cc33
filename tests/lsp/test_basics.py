"""Handshake, positions, diagnostics, code actions."""

from __future__ import annotations

import pytest
from lsp.harness import ADD, a_range
from lsprotocol import types

CLIENTS = ["vscode", "nvim", "eglot"]
every_client = pytest.mark.parametrize("editor", CLIENTS, indirect=True)


@every_client
async def test_each_client_gets_diagnostics_actions_and_a_clean_end(editor):
    capabilities = editor.result.capabilities
    assert editor.result.server_info.name == "kernelglot"
    assert capabilities.text_document_sync.change == types.TextDocumentSyncKind.Incremental
    uri = editor.open(ADD + "int bad;\n")
    published = await editor.diagnostics(uri)
    assert [(item.source, item.code, item.range) for item in published.diagnostics] == [("kernelglot", "bad", a_range(4, 4, 4, 7))]
    assert published.version == 1
    titles = [action.title for action in await editor.actions(uri, line=1)]
    assert titles == ["Convert to BANG C", "Convert to HIP", "Convert to C with VNNI", "Convert to C"]


async def test_an_action_carries_a_command_with_one_argument(editor):
    uri = editor.open(ADD)
    action = (await editor.actions(uri))[0]
    assert action.kind == "refactor.rewrite.kernelglot.bang" and action.edit is None
    assert action.command.command == "kernelglot.server.convert"
    assert dict(action.command.arguments[0]) == {"uri": uri, "kernel": "add", "target": "bang", "version": 1}
    assert await editor.client.code_action_resolve_async(action) == action


async def test_only_is_a_prefix_of_whole_words(editor):
    uri = editor.open(ADD)
    wishes = [["refactor"], ["refactor.rewrite.kernelglot.hip"], ["quickfix"], [""], ["refactor.rewrite.kern"], ["source", "refactor.rewrite"]]
    assert [len(await editor.actions(uri, only=only)) for only in wishes] == [4, 1, 0, 4, 0, 4]


async def test_no_action_outside_a_kernel_and_file_actions_over_two(editor):
    text = "int x;\n" + ADD + ADD.replace("add", "sub")
    uri = editor.open(text)
    assert await editor.actions(uri, line=0) == []
    assert (await editor.actions(uri, line=6))[0].command.arguments[0]["kernel"] == "sub"
    both = (await editor.actions(uri, line=1, last=7))[0]
    assert both.title == "Convert the file to BANG C" and both.command.arguments[0]["kernel"] is None


@pytest.mark.parametrize(("editor", "encoding", "column"), [("vscode", "utf-16", 13), ("nvim", "utf-8", 15)], indirect=["editor"])
async def test_positions_are_counted_in_the_negotiated_units(editor, encoding, column):
    assert editor.result.capabilities.position_encoding == encoding
    uri = editor.open('/* 😀 */ int bad;')
    published = await editor.diagnostics(uri)
    assert published.diagnostics[0].range == a_range(0, column, 0, column + 3)
    editor.change(uri, 2, "good", (0, column, 0, column + 3))  # on the last line, behind an emoji
    await editor.diagnostics(uri, lambda found: not found)
    editor.change(uri, 3, " bad", (0, 100, 0, 100))  # past the end is the end
    published = await editor.diagnostics(uri)
    assert published.diagnostics[0].range.start.character == column + 6


async def test_only_newlines_end_lines(editor):
    for number, strange in enumerate("\f\u2028\u2029\u0085\v\x1c"):
        uri = editor.open(f"int a;{strange}int b;\r\nint c;\nint d;\n", f"{number}.cu")
        editor.change(uri, 2, "bad", (1, 4, 1, 5))
        published = await editor.diagnostics(uri)
        assert published.diagnostics[0].range == a_range(1, 4, 1, 7), repr(strange)


async def test_lone_returns_end_lines_too(editor):
    published = await editor.diagnostics(editor.open("int a;\rint bad;\rint c;"))
    assert published.diagnostics[0].range == a_range(1, 4, 1, 7)


async def test_diagnostics_are_debounced_versioned_and_cleared(editor):
    uri = editor.open("int bad;\n")
    await editor.diagnostics(uri)
    before = len(editor.published)
    for version in range(2, 12):
        editor.change(uri, version, "\n", (0, 0, 0, 0))
    published = await editor.diagnostics(uri, lambda found: bool(found) and found[0].range.start.line == 10)
    assert published.version == 11 and len(editor.published) == before + 1
    editor.client.text_document_did_close(types.DidCloseTextDocumentParams(text_document=types.TextDocumentIdentifier(uri=uri)))
    await editor.diagnostics(uri, lambda found: not found)


async def test_late_requests_get_an_error_not_silence(editor):
    await editor.client.shutdown_async(None)
    with pytest.raises(Exception, match="shutting down"):
        await editor.hover("file:///a.cu")
    editor.client.exit(None)
    assert await editor.client._server.wait() == 0
