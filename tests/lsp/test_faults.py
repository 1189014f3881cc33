"""Cancelling, dying, ending: nothing hangs, nothing is left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from lsp.harness import ADD, as_dict, connect, disconnect, environment
from lsprotocol import types

SLOW = ADD + "// fake: sleep 60\n"


def alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def workers(pid: int) -> list[int]:
    """Children of the server."""
    return [int(child) for task in Path(f"/proc/{pid}/task").glob("*/children") for child in task.read_text().split()]


def ended(editor) -> list[str]:
    return [item.message for item in editor.progress() if isinstance(item, types.WorkDoneProgressEnd)]


async def test_cancel_is_acknowledged_at_once_and_kills_everything(editor):
    note = editor.folder / "child.pid"
    uri = editor.open(SLOW + f"// fake: child {note}\n")
    job = await editor.convert(uri, wait=False)
    await editor.until(lambda: note.exists() and note.read_text())
    child = int(note.read_text())  # in a session of its own, as a sandbox would be
    before = workers(editor.client._server.pid)
    editor.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token=f"kernelglot/{job['job']}"))
    assert await editor.until(lambda: ended(editor)) < 0.1
    assert ended(editor) == ["cancelled"]
    assert await editor.until(lambda: not alive(child) and sum(map(alive, before)) < len(before), 2.0) < 2.0
    assert editor.edits == [] and editor.client.messages == []
    editor.change(uri, 2, ADD)
    assert (await editor.convert(uri))["state"] == "verified"


async def test_cancelling_the_waiting_request_cancels_the_job(editor):
    uri = editor.open(SLOW)
    arguments = [{"uri": uri, "kernel": "add", "target": "bang", "wait": True}]
    params = types.ExecuteCommandParams(command="kernelglot.server.convert", arguments=arguments)
    editor.client.protocol.send_request("workspace/executeCommand", params, msg_id="waiting")
    await editor.until(lambda: editor.progress())
    editor.client.cancel_request(types.CancelParams(id="waiting"))
    await editor.until(lambda: ended(editor) == ["cancelled"], 1.0)


@pytest.mark.parametrize("editor", ["eglot"], indirect=True)
async def test_jobs_end_by_command_where_there_is_no_progress(editor):
    uri = editor.open(SLOW)
    waiting = asyncio.ensure_future(editor.convert(uri))
    await asyncio.sleep(0.2)
    answer = await editor.client.workspace_execute_command_async(types.ExecuteCommandParams(command="kernelglot.server.cancel", arguments=[{}]))
    assert as_dict(answer)["cancelled"] == 1 and (await waiting)["state"] == "cancelled"
    assert editor.progress() == []


async def test_a_killed_worker_is_one_failed_job(editor):
    uri = editor.open(SLOW)
    await editor.actions(uri)
    parsing = set(workers(editor.client._server.pid))
    waiting = asyncio.ensure_future(editor.convert(uri))
    await editor.until(lambda: any(getattr(item, "percentage", 0) for item in editor.progress()))
    (worker,) = set(workers(editor.client._server.pid)) - parsing
    os.kill(worker, signal.SIGKILL)
    answer = await waiting
    assert answer["state"] == "failed" and "ended by signal 9" in answer["message"]
    editor.change(uri, 2, ADD)
    assert (await editor.convert(uri))["state"] == "verified"


async def test_a_dying_worker_leaves_its_last_words(editor):
    answer = await editor.convert(editor.open(ADD + "// fake: die\n"))
    assert answer["state"] == "failed" and "solver: out of memory" in answer["message"]


async def test_a_killed_parser_is_started_again(editor):
    uri = editor.open(ADD)
    await editor.actions(uri)
    for worker in workers(editor.client._server.pid):
        os.kill(worker, signal.SIGKILL)
    await asyncio.sleep(0.1)
    editor.change(uri, 2, ADD + "\n")
    editor.change(uri, 3, ADD + "\n\n")
    assert len(await editor.actions(uri)) == 4


async def test_prints_of_the_engine_do_not_reach_the_protocol(editor):
    assert (await editor.convert(editor.open(ADD + "// fake: loud\n")))["state"] == "verified"


async def test_shutdown_while_a_job_runs(editor):
    uri = editor.open(SLOW)
    waiting = asyncio.ensure_future(editor.convert(uri))
    await editor.until(lambda: any(getattr(item, "percentage", 0) for item in editor.progress()))
    children = workers(editor.client._server.pid)
    begun = time.monotonic()
    await editor.client.shutdown_async(None)
    editor.client.exit(None)
    assert await asyncio.wait_for(editor.client._server.wait(), 3.0) == 0
    assert time.monotonic() - begun < 2.0
    assert (await asyncio.wait_for(waiting, 1.0))["state"] == "cancelled" and editor.edits == []
    assert not any(map(alive, children))


async def test_exit_without_shutdown_is_an_error_and_leaves_no_worker(editor):
    editor.open(ADD)
    await editor.until(lambda: workers(editor.client._server.pid))
    children = workers(editor.client._server.pid)
    editor.client._stop_event.set()  # the client expects the end
    editor.client.protocol.notify("exit", None)
    assert await asyncio.wait_for(editor.client._server.wait(), 3.0) == 1
    await editor.until(lambda: not any(map(alive, children)), 2.0)


async def test_a_killed_server_leaves_no_worker(editor):
    uri = editor.open(SLOW)
    await editor.convert(uri, wait=False)
    await editor.until(lambda: any(getattr(item, "percentage", 0) for item in editor.progress()))
    children = workers(editor.client._server.pid)
    editor.client._stop_event.set()
    editor.client._server.kill()
    assert len(children) == 2
    await editor.until(lambda: not any(map(alive, children)), 2.0)


async def test_two_servers_on_one_workspace(tmp_path):
    first, second = await asyncio.gather(connect(tmp_path, "nvim"), connect(tmp_path, "nvim"))
    answers = await asyncio.gather(first.convert(first.open(ADD)), second.convert(second.open(ADD)))
    assert [answer["state"] for answer in answers] == ["verified", "verified"]
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".mlu"] == ["add.mlu"]
    await asyncio.gather(disconnect(first), disconnect(second))


def test_the_server_process_imports_no_engine_library():
    program = "import kernelglot_server.app, sys; print([name for name in ('z3', 'numpy', 'anthropic', 'tree_sitter', 'kernelglot.session') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], env=environment(), capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


async def test_the_running_server_maps_no_engine_library(editor):
    assert (await editor.convert(editor.open(ADD)))["state"] == "verified"
    maps = Path(f"/proc/{editor.client._server.pid}/maps").read_text()
    assert not [name for name in ("z3", "numpy", "tree_sitter") if name in maps]


async def test_source_text_never_reaches_the_log(tmp_path):
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "kernelglot_server", "--session", "fake_session", env=environment(),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )
    bodies = [
        '{"jsonrpc":"2.0","id":1,"method":"textDocument/hover","params":{"textDocument":{"uri":"SECRET"},"position":{"line":0,"character":0}}}',
        '{"jsonrpc":"2.0","id":2,"method":"initialize","params":{"capabilities":{},"processId":null,"rootUri":null}}',
        '{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///s.cu","languageId":"c","version":1,"text":"SECRET"}}}',
        '{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"file:///none.cu","version":1},"contentChanges":[{"text":"SECRET"}]}}',
        '{"jsonrpc":"2.0","id":4,"method":"textDocument/hover","params":{"textDocument":"SECRET"}}',
        '{"jsonrpc":"2.0","id":3,"method":"shutdown"}',
        '{"jsonrpc":"2.0","method":"exit"}',
    ]
    text = "".join(f"Content-Length: {len(body)}\r\n\r\n{body}" for body in bodies)
    out, err = await asyncio.wait_for(server.communicate(text.encode()), 10)
    assert b'"code": -32002' in out and b'"id": 4' in out and server.returncode == 0
    assert b"SECRET" not in err


async def test_an_engine_that_can_not_start_is_said_and_blocks_nothing(tmp_path):
    editor = await connect(tmp_path, session="no_such_session")
    uri = editor.open(ADD)
    begun = time.monotonic()
    assert await editor.actions(uri) == [] and time.monotonic() - begun < 4.0
    answer = await editor.convert(uri)
    assert answer["state"] == "failed" and "No module named 'no_such_session'" in answer["message"]
    await editor.until(lambda: editor.statuses[-1].state == "unavailable", 15.0)
    assert "no_such_session" in editor.statuses[-1].message
    await disconnect(editor)
