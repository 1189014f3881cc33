"""From the command to the file: edits, names, refusals, what is remembered."""

from __future__ import annotations

import pytest
from lsp.fake_session import marked
from lsp.harness import ADD, a_range, connect, disconnect
from lsprotocol import types

from kernelglot import files
from kernelglot.dialects import base
from kernelglot_server import edits

MADE = marked("add.cu", "void add() {}\n")


async def test_vscode_gets_a_new_file_through_an_edit(editor):
    uri = editor.open(ADD)
    answer = await editor.convert(uri)
    assert answer["state"] == "verified" and answer["rung"] == "tested" and answer["evidence"] == ["agreed on 12 inputs"]
    assert answer["uri"] == uri.replace("add.cu", "add.mlu")
    create, insert = editor.edits[0].edit.document_changes
    assert create.uri == answer["uri"] and create.options == types.CreateFileOptions(overwrite=False, ignore_if_exists=False)
    assert [edit.new_text for edit in insert.edits] == [MADE]
    assert editor.edits[0].metadata.is_refactoring
    await editor.until(lambda: editor.client.shown_documents)
    assert len(editor.client.messages) == 1 and "tested (agreed on 12 inputs)" in editor.client.messages[0].message


@pytest.mark.parametrize("editor", ["nvim", "eglot"], indirect=True)
async def test_other_editors_get_the_file_on_disk(editor):
    answer = await editor.convert(editor.open(ADD))
    assert answer["state"] == "verified" and editor.edits == []
    assert (editor.folder / "add.mlu").read_text() == MADE
    assert [item.name for item in editor.folder.iterdir() if item.name.startswith(".")] == []


async def test_progress_begins_at_once_and_always_has_percentages(editor):
    uri = editor.open(ADD + "// fake: sleep 0.3\n")
    await editor.actions(uri)
    queued = await editor.convert(uri, wait=False)
    assert queued["state"] == "queued"
    await editor.until(lambda: any(isinstance(item, types.WorkDoneProgressEnd) for item in editor.progress()))
    begin, *reports, end = editor.progress()
    assert begin.cancellable and begin.percentage == 0 and end.message == "verified"
    percentages = [report.percentage for report in reports]
    assert percentages == sorted(percentages) and 30 in percentages and None not in percentages
    assert list(editor.client.progress_reports) == [f"kernelglot/{queued['job']}"]


@pytest.mark.parametrize("editor", ["nvim"], indirect=True)
async def test_a_file_of_somebody_else_is_never_overwritten(editor):
    (editor.folder / "add.mlu").write_text("// kernelglot: n = 1024\nmine\n")  # a test-case comment is not our mark
    (editor.folder / "add.2.mlu").write_text("mine too\n")
    answer = await editor.convert(editor.open(ADD))
    assert answer["uri"].endswith("/add.3.mlu") and (editor.folder / "add.3.mlu").read_text() == MADE
    assert (editor.folder / "add.mlu").read_text().endswith("mine\n")
    assert "was not made by Kernelglot" in editor.client.messages[-1].message


async def test_a_file_of_ours_is_replaced(editor):
    (editor.folder / "add.mlu").write_text(marked("add.cu", "old\n"))
    await editor.convert(editor.open(ADD))
    assert editor.edits[0].edit.document_changes[0].options.overwrite is True


@pytest.mark.parametrize("editor", ["nvim"], indirect=True)
@pytest.mark.parametrize("edited", [marked("add.cu", "old\n") + "tuned by hand\n", "// kernelglot: translated from add.cu\nold\n"])
async def test_a_file_of_ours_that_somebody_has_edited_is_his(editor, edited):
    (editor.folder / "add.mlu").write_text(edited)
    answer = await editor.convert(editor.open(ADD))
    assert answer["uri"].endswith("/add.2.mlu") and (editor.folder / "add.mlu").read_text() == edited
    assert "add.mlu was not made by Kernelglot, or edited since, and stays as it is" in editor.client.messages[-1].message


async def test_an_open_file_of_ours_is_edited_by_version(editor):
    other = editor.open(marked("add.cu", "old"), "add.mlu", version=7)
    await editor.convert(editor.open(ADD))
    (change,) = editor.edits[0].edit.document_changes
    assert change.text_document == types.OptionalVersionedTextDocumentIdentifier(uri=other, version=7)
    assert change.edits[0].range == a_range(0, 0, 1, 3)


def test_engine_and_server_agree_on_what_is_their_own():
    text = files.marked("add.cu", base.load("cuda"), "int a;\n")
    for made in (text, text.replace("\n", "\r\n"), text + "\n", text + "x", text.replace("int", "long"), "int a;\n", "\ufeff" + text):
        assert files.is_own_text(made) == edits.made_by_us(made)
    assert files.is_own_text(text) and not files.is_own_text(text + "x")


async def test_one_of_several_kernels_goes_to_a_file_of_its_own(editor):
    uri = editor.open(ADD + ADD.replace("add", "sub"))
    assert (await editor.convert(uri, kernel="sub"))["uri"].endswith("/add.sub.mlu")


async def test_windows_line_ends_are_kept(editor):
    await editor.convert(editor.open(ADD.replace("\n", "\r\n")))
    assert editor.edits[0].edit.document_changes[1].edits[0].new_text == MADE.replace("\n", "\r\n")


@pytest.mark.parametrize(("order", "state", "code", "said"), [
    ("decline", "declined", "declined", "texture fetches have no counterpart"),
    ("reject", "failed", "verification-failed", "c[32] is 0, 96 was expected"),
])
async def test_a_failure_is_a_message_and_a_diagnostic_but_no_edit(editor, order, state, code, said):
    uri = editor.open(ADD + f"// fake: {order}\n")
    answer = await editor.convert(uri)
    assert answer["state"] == state and answer["uri"] is None and said in answer["message"]
    published = await editor.diagnostics(uri)
    assert (published.diagnostics[0].code, published.diagnostics[0].range) == (code, a_range(0, 16, 0, 19))
    assert said in published.diagnostics[0].message
    assert editor.edits == [] and len(editor.client.messages) == 1 and said in editor.client.messages[0].message
    editor.change(uri, 2, " ", (0, 0, 0, 0))
    await editor.diagnostics(uri, lambda found: not found)


async def test_an_engine_bug_is_one_failed_job(editor):
    uri = editor.open(ADD + "// fake: raise\n")
    assert "ValueError: no such pass" in (await editor.convert(uri))["message"]
    editor.change(uri, 2, ADD)
    assert (await editor.convert(uri))["state"] == "verified"


async def test_an_untested_result_is_offered_not_written(editor):
    uri = editor.open(ADD + "// fake: untested\n")
    answer = await editor.convert(uri)
    assert answer["state"] == "compiled" and answer["uri"] is None
    await editor.until(lambda: editor.questions)
    assert editor.edits == [] and "no launch is known" in editor.questions[0].message
    editor.answer = "Write it anyway"
    await editor.convert(uri)
    await editor.until(lambda: editor.edits)


async def test_of_a_file_the_kernels_that_came_out_are_offered(editor):
    uri = editor.open(ADD + "// fake: partial\n")
    editor.answer = "Write the other kernels"
    answer = await editor.convert(uri, kernel=None)
    assert answer["state"] == "declined" and answer["uri"] is None
    await editor.until(lambda: editor.edits)
    (question,) = editor.questions
    assert "`hard`: texture fetches have no counterpart" in question.message and [a.title for a in question.actions] == ["Write the other kernels"]


async def test_an_action_for_an_older_version_is_refused(editor):
    uri = editor.open(ADD)
    editor.change(uri, 2, "\n", (0, 0, 0, 0))
    answer = await editor.convert(uri, version=1)
    assert answer["state"] == "stale" and answer["job"] == "" and editor.edits == []


async def test_a_result_for_changed_text_is_not_written(editor):
    uri = editor.open(ADD + "// fake: sleep 0.5\n")
    started = await editor.convert(uri, wait=False)
    editor.change(uri, 2, "float g;\n", (0, 0, 0, 0))
    joined = await editor.convert(uri, kernel="add", target="hip")  # another job: the queue goes on
    await editor.until(lambda: editor.questions)
    assert started["state"] == "queued" and joined["state"] == "verified"
    assert [edit.edit.document_changes[0].uri.rpartition(".")[2] for edit in editor.edits] == ["hip"]
    assert "changed while add to BANG C was being translated" in editor.questions[0].message
    editor.change(uri, 3, "", (0, 0, 1, 0))  # undone: the result is good again, and is written at once
    assert (await editor.actions(uri))[0].title == "Convert to BANG C (verified: tested)"
    assert (await editor.convert(uri))["uri"].endswith(".mlu")


async def test_the_same_job_asked_twice_is_one_job(editor):
    uri = editor.open(ADD + "// fake: sleep 0.3\n")
    first, second = await editor.convert(uri, wait=False), await editor.convert(uri)
    assert first["job"] == second["job"] and second["state"] == "verified" and len(editor.edits) == 1


async def test_a_refused_edit_is_told_and_the_result_is_kept(editor):
    uri = editor.open(ADD)
    editor.applied = False
    answer = await editor.convert(uri)
    assert answer["uri"] is None and "did not apply" in answer["message"]
    editor.applied = True
    assert (await editor.convert(uri))["uri"].endswith(".mlu")


@pytest.mark.parametrize(("editor", "kind", "start"), [("vscode", "markdown", "**BANG C**: tested"), ("eglot", "plaintext", "BANG C: tested")], indirect=["editor"])
async def test_hover_tells_verdict_evidence_gaps_and_age(editor, kind, start):
    uri = editor.open(ADD)
    assert await editor.hover(uri) is None
    await editor.convert(uri)
    contents = (await editor.hover(uri)).contents
    assert contents.kind.value == kind and contents.value.startswith(start)
    assert "agreed on 12 inputs" in contents.value and "not checked: proof" in contents.value and "s ago)" in contents.value
    assert await editor.hover(uri, line=2) is None
    editor.change(uri, 2, " ", (3, 0, 3, 0))
    assert "stale" in (await editor.hover(uri)).contents.value


async def test_status_follows_the_jobs(editor):
    uri = editor.open(ADD + "// fake: sleep 0.3\n")
    await editor.convert(uri)
    await editor.until(lambda: editor.statuses[-1].state == "idle")
    assert "busy" in [status.state for status in editor.statuses]
    assert [(job.kernel, job.target, job.state, job.rung) for job in editor.statuses[-1].jobs] == [("add", "bang", "verified", "tested")]
    editor.change(uri, 2, " ", (3, 0, 3, 0))
    await editor.until(lambda: editor.statuses[-1].jobs[0].state == "stale", 1.0)


async def test_bad_arguments_are_an_error_answer(editor):
    for arguments in ([], [{"target": "bang"}], [{"uri": 3, "target": {}}, 4]):
        params = types.ExecuteCommandParams(command="kernelglot.server.convert", arguments=arguments)
        with pytest.raises(Exception, match="(?i)argument|uri|expected"):
            await editor.client.workspace_execute_command_async(params)


async def test_unknown_targets_and_unsaved_documents_are_refused(editor):
    uri = editor.open(ADD)
    assert "there is no target" in (await editor.convert(uri, target="metal"))["message"]
    item = types.TextDocumentItem(uri="untitled:Untitled-1", language_id="cuda-cpp", version=1, text=ADD)
    editor.client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))
    assert len(await editor.actions("untitled:Untitled-1")) == 4
    assert "save this document" in (await editor.convert("untitled:Untitled-1"))["message"]


async def test_an_untrusted_workspace_parses_but_executes_nothing(tmp_path):
    editor = await connect(tmp_path, options={"trusted": False, "status": True})
    uri = editor.open(ADD + "int bad;\n")
    assert (await editor.diagnostics(uri)).diagnostics[0].code == "bad"
    answer = await editor.convert(uri)
    assert answer["state"] == "refused" and "not trusted" in answer["message"] and editor.edits == []
    await editor.until(lambda: editor.statuses and editor.statuses[-1].state == "untrusted")
    editor.client.protocol.notify("kernelglot/trust", {"trusted": True})
    assert (await editor.convert(uri))["state"] == "verified"
    await disconnect(editor)


async def test_settings_are_pulled_and_checked(tmp_path):
    editor = await connect(tmp_path, settings={"timeoutSeconds": 1, "diagnostics": "no", "trusted": True})
    await editor.until(lambda: editor.client.messages)
    assert "kernelglot.diagnostics must be true or false" in editor.client.messages[0].message
    answer = await editor.convert(editor.open(ADD + "// fake: sleep 20\n"))
    assert answer["state"] == "failed" and "within 1 s" in answer["message"]
    await disconnect(editor)
