"""The worker process: calls `kernelglot.session` for a server that must never block, and may be killed at any moment.

JSON lines on stdin and stdout, one call at a time:

    -> {"id": 1, "call": "translate", "arguments": {"path": ..., "text": ..., "to": "bang", "kernel": "add"}}
    <- {"id": 1, "event": {"kernel": "add", "stage": "loop_recovery", "percent": 20, "message": "..."}}
    <- {"id": 1, "result": {...}}       or      {"id": 1, "error": {"kind": "ValueError", "message": "..."}}

The first line out is `{"ready": true}`. Whatever the engine prints goes to stderr, so it can't break a line of the protocol.
When stdin closes the server is gone: the worker ends itself and, if it leads a process group, everything it started.
This is one of the two places that catch every exception: a bug in the engine is one failed call, not a dead worker.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import json
import os
import queue
import shutil
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any, TextIO

CALLS = ("translate", "check", "outline", "verify_files", "doctor")
FOLDER_PREFIX = "kernelglot-worker-"  # how the pool names the TMPDIR of a worker
REPORTING = frozenset({"translate"})  # calls that take `report`
ASKING = ("translate", "verify_files")  # calls that take `compilers_s`
SESSION = "kernelglot.session"


def plain(value: Any) -> Any:
    """`value` as JSON-able data: a `to_json()` of its own, else dataclass fields, sequences as lists, anything else as text."""
    if hasattr(value, "to_json"):
        made = value.to_json()
        return json.loads(made) if isinstance(made, str) else made
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return str(value)


class Worker:
    """Serves calls from `lines` until they end; `session` is the module whose functions are called, `more` what it is given besides."""

    def __init__(self, session: Any, lines: TextIO, out: TextIO, more: dict[str, dict[str, Any]] | None = None) -> None:
        self._session = session
        self._more = more or {}
        self._lines = lines
        self._out = out
        self._writing = threading.Lock()
        self._requests: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()

    def serve(self) -> None:
        """Answers calls on this thread (engines may need the main thread for signals); never returns: it ends the process."""
        threading.Thread(target=self._read, daemon=True, name="worker-stdin").start()
        self._send({"ready": True})
        while True:
            self._answer(self._requests.get())

    def _read(self) -> None:
        for line in self._lines:
            if line.strip():
                self._requests.put(json.loads(line))
        end_process()

    def _answer(self, request: dict[str, Any]) -> None:
        number, call = request["id"], request["call"]
        try:
            if call not in CALLS:
                raise ValueError(f"the worker has no call {call!r}")
            arguments = self._more.get(call, {}) | request["arguments"]
            if call in REPORTING:
                arguments["report"] = self._reporter(number)
            answer = {"id": number, "result": plain(getattr(self._session, call)(**arguments))}
        except Exception as error:  # the boundary: a bug in the engine is one failed call
            traceback.print_exc(file=sys.stderr)
            answer = {"id": number, "error": {"kind": type(error).__name__, "message": str(error)}}
        self._send(answer)

    def _reporter(self, number: int) -> Callable[[dict[str, Any]], None]:
        return lambda event: self._send({"id": number, "event": plain(event)})

    def _send(self, message: dict[str, Any]) -> None:
        line = json.dumps(message) + "\n"
        with self._writing:
            try:
                self._out.write(line)
                self._out.flush()
            except (BrokenPipeError, ValueError):
                end_process()


def end_process() -> None:
    """Ends this process at once, and its whole group when it leads one. Its own temporary folder goes too."""
    own_folder = os.environ.get("TMPDIR", "")
    if os.path.basename(own_folder).startswith(FOLDER_PREFIX):
        shutil.rmtree(own_folder, ignore_errors=True)
    if os.name == "posix" and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m kernelglot.worker", description=__doc__.partition("\n")[0])
    parser.add_argument("--session", default=SESSION, help="module that answers the calls (tests name their own)")
    options = parser.parse_args(argv)
    from .verify.sandbox import keep_private

    keep_private()
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what the engine or a compiler prints must not reach the protocol
    lines = os.fdopen(os.dup(0), "r", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)  # a program under test must not read the protocol either
    more = dict.fromkeys(ASKING, {"compilers_s": 0.0}) if options.session == SESSION else {}  # an editor does not wait for nvcc
    Worker(importlib.import_module(options.session), lines, out, more).serve()


if __name__ == "__main__":
    main()
