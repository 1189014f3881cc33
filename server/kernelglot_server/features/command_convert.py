"""`kernelglot.server.convert`: starts the translation of one kernel, or of a file, or joins the one that runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
from lsprotocol import types

from kernelglot_server.documents import snapshot
from kernelglot_server.edits import UNWRITABLE_URI
from kernelglot_server.jobs import TARGETS, Job

if TYPE_CHECKING:
    from kernelglot_server.app import KernelglotServer

COMMAND = "kernelglot.server.convert"
UNTRUSTED = "this workspace is not trusted: a translation compiles and runs the kernel, so it is not started"


@attrs.frozen
class ConvertArguments:
    uri: str
    target: str
    kernel: str | None = None  # None: the whole file
    version: int | None = None  # of the document the action was offered for; None: whatever it is now
    wait: bool = False  # answer when the job has ended
    fresh: bool = False  # translate again even if a verified result is remembered


# `ls` has no annotation here: pygls resolves those of command handlers, and the server's class can't be imported at run time.
async def handle(ls, arguments: ConvertArguments) -> dict[str, Any]:
    refused = refusal(ls, arguments)
    document = ls.documents.find(arguments.uri)
    if refused is not None or document is None:
        state, message = refused or ("refused", "the document is not open")
        ls.say(message, types.MessageType.Warning)
        return answer(state, message, arguments)
    job = await ls.runner.start(snapshot(document), arguments.kernel, arguments.target, arguments.fresh)
    if arguments.wait:
        job.requests.add(ls.protocol.msg_id)
        await job.done.wait()
    return told(ls, job)


def refusal(ls: KernelglotServer, arguments: ConvertArguments) -> tuple[str, str] | None:
    """Why the job can't start: a state and a sentence; None if it can."""
    document = ls.documents.find(arguments.uri)
    if not ls.settings.trusted:
        return "refused", UNTRUSTED
    if arguments.target not in TARGETS:
        return "refused", f"there is no target {arguments.target!r}; targets are {', '.join(TARGETS)}"
    if document is None:
        return "refused", "the document is not open"
    if not arguments.uri.startswith("file:"):
        return "refused", UNWRITABLE_URI
    if arguments.version is not None and document.version != arguments.version:
        return "stale", "the document changed since this conversion was offered; ask for it again"
    return None


def told(ls: KernelglotServer, job: Job) -> dict[str, Any]:
    """The answer for a job as it stands."""
    made = ConvertArguments(job.source.uri, job.target, job.kernel)
    if job.outcome is None:
        return answer("queued", f"{job.title} started", made) | {"job": job.name}
    stale = ls.table.is_stale(job) and job.written is None and job.outcome.text is not None
    state = "stale" if stale else job.outcome.kind
    return answer(state, job.outcome.message, made) | {
        "job": job.name,
        "uri": job.written,
        "rung": job.outcome.rung,
        "evidence": list(job.outcome.evidence),
        "skipped": list(job.outcome.skipped),
        "seconds": round(job.seconds, 3),
    }


def answer(state: str, message: str, arguments: ConvertArguments) -> dict[str, Any]:
    """An answer without a job."""
    return {
        "state": state,
        "message": message,
        "job": "",
        "uri": None,
        "kernel": arguments.kernel,
        "target": arguments.target,
        "rung": None,
        "evidence": [],
        "skipped": [],
        "seconds": 0.0,
    }
