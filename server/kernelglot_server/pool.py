"""Worker processes: spawned lazily, killed as a group, restarted with backoff.

The server never runs the engine itself: a solver may ignore its time limit and a compiled kernel may crash. A worker is
`python -m kernelglot.worker` in a session of its own; ending one ends everything below it, also children that moved to a
group of their own. The death of a worker is one failed call (`WorkerDied`) with the last lines of its stderr.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import sys
import tempfile
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any

START_TIMEOUT_S = 30.0  # until the engine is imported
GRACE_S = 0.5  # between SIGTERM and SIGKILL
LONGEST_LINE_BYTES = 64 * 1024 * 1024  # one JSON line: a whole translated file with its report
STDERR_LINES_KEPT = 20
BACKOFF_S = (0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0)  # before the n-th start after n deaths in a row
DEATHS_UNTIL_UNAVAILABLE = 3

Event = Callable[[dict[str, Any]], None]


class WorkerDied(Exception):
    """The process ended in the middle of a call. `stderr` holds its last lines."""

    def __init__(self, returncode: int | None, stderr: tuple[str, ...]) -> None:
        self.returncode, self.stderr = returncode, stderr
        ended = f"by signal {-returncode}" if returncode is not None and returncode < 0 else f"with status {returncode}"
        super().__init__(f"the engine process ended {ended}" + (f": {stderr[-1]}" if stderr else ""))


class CallFailed(Exception):
    """The engine raised: a bug or a refusal, told in its own words."""

    def __init__(self, kind: str, message: str) -> None:
        self.kind, self.message = kind, message
        super().__init__(f"{kind}: {message}" if message else kind)


class Worker:
    """One process. Calls run one at a time; the owner sees to that."""

    def __init__(self, process: asyncio.subprocess.Process, folder: Path) -> None:
        self._process = process
        self._folder = folder  # its TMPDIR, removed with it
        self._stderr: deque[str] = deque(maxlen=STDERR_LINES_KEPT)
        self._number = 0
        self._drain = asyncio.create_task(self._keep_stderr())

    @classmethod
    async def start(cls, command: tuple[str, ...], environment: Mapping[str, str]) -> Worker:
        """Starts a process; it is of use once `ready` has returned."""
        folder = Path(tempfile.mkdtemp(prefix="kernelglot-worker-"))
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                limit=LONGEST_LINE_BYTES,
                start_new_session=True,
                env={**environment, "TMPDIR": str(folder)},
            )
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return cls(process, folder)

    async def ready(self) -> None:
        """Waits until the engine is imported. Raises `WorkerDied`; then, and when cancelled, the process is gone."""
        try:
            await asyncio.wait_for(self._receive(), START_TIMEOUT_S)
        except TimeoutError:
            await self.kill()
            raise WorkerDied(self._process.returncode, (f"it was not ready within {START_TIMEOUT_S:g} s",)) from None
        except BaseException:
            await asyncio.shield(self.kill())
            raise

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    async def call(self, name: str, arguments: Mapping[str, Any], on_event: Event | None = None) -> Any:
        """The JSON result of `kernelglot.session.<name>(**arguments)`. Raises `WorkerDied`, `CallFailed`."""
        self._number += 1
        number = self._number
        line = json.dumps({"id": number, "call": name, "arguments": dict(arguments)}) + "\n"
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(line.encode())
            await self._process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError):
            raise await self._death() from None
        while True:
            message = await self._receive()
            if message.get("id") != number:
                continue
            if "event" in message:
                if on_event is not None:
                    on_event(message["event"])
            elif "error" in message:
                raise CallFailed(message["error"]["kind"], message["error"]["message"])
            else:
                return message["result"]

    async def kill(self) -> None:
        """Ends the process and all it started: SIGTERM, half a second, SIGKILL. Safe to call twice."""
        started = descendants(self.pid) if self.alive else []
        try:
            if self.alive:
                signal_all(self.pid, started, signal.SIGTERM)
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(self._process.wait(), GRACE_S)
        finally:
            if started or self.alive:
                signal_all(self.pid, started, signal.SIGKILL)
            self._drain.cancel()
            shutil.rmtree(self._folder, ignore_errors=True)
        await self._process.wait()

    def kill_now(self) -> None:
        """The same without waiting, for the end of the server process."""
        if self.alive:
            signal_all(self.pid, descendants(self.pid), signal.SIGKILL)
        shutil.rmtree(self._folder, ignore_errors=True)

    async def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        if not line.endswith(b"\n"):
            raise await self._death()
        return json.loads(line)

    async def _death(self) -> WorkerDied:
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._process.wait(), GRACE_S)
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(asyncio.shield(self._drain), GRACE_S)
        await self.kill()
        return WorkerDied(self._process.returncode, tuple(self._stderr))

    async def _keep_stderr(self) -> None:
        assert self._process.stderr is not None
        rest = b""
        while chunk := await self._process.stderr.read(4096):
            *lines, rest = (rest + chunk).split(b"\n")
            self._stderr.extend(line.decode("utf-8", "replace")[:400] for line in lines if line.strip())
            rest = rest[-400:]
        if rest.strip():
            self._stderr.append(rest.decode("utf-8", "replace"))


class Pool:
    """Up to `size` workers for calls of one sort. A caller borrows one; a worker that was killed is replaced at the next call."""

    def __init__(self, size: int, command: tuple[str, ...], environment: Mapping[str, str]) -> None:
        self._command = command
        self._environment = environment
        self._free = asyncio.Semaphore(size)
        self._idle: list[Worker] = []
        self._all: set[Worker] = set()
        self._deaths = 0  # in a row
        self.last_words = ""

    @property
    def unavailable(self) -> bool:
        return self._deaths >= DEATHS_UNTIL_UNAVAILABLE

    async def warm(self) -> None:
        """Starts one worker ahead of the first call. A death here is remembered and told at the first call."""
        with contextlib.suppress(WorkerDied):
            async with self.borrow():
                pass

    @contextlib.asynccontextmanager
    async def borrow(self) -> AsyncIterator[Worker]:
        """A worker of one's own. It goes back if it is still alive; cancellation in between kills it: nobody waits for the answer."""
        async with self._free:
            worker = await self._take()
            doomed = False
            try:
                yield worker
                self._deaths = 0
            except CallFailed:
                self._deaths = 0
                raise
            except WorkerDied as death:
                self._count(death)
                raise
            except asyncio.CancelledError:
                doomed = True
                await asyncio.shield(worker.kill())
                raise
            finally:
                if worker.alive and not doomed:
                    self._idle.append(worker)
                else:
                    self._all.discard(worker)

    async def call(
        self,
        name: str,
        arguments: Mapping[str, Any],
        timeout_s: float,
        on_event: Event | None = None,
        on_start: Callable[[], None] | None = None,
    ) -> Any:
        """One call on any worker; `on_start` tells that one is free.

        Raises `WorkerDied`, `CallFailed`, `TimeoutError` (the worker is then killed).
        """
        async with self.borrow() as worker:
            if on_start is not None:
                on_start()
            task = asyncio.ensure_future(worker.call(name, arguments, on_event))
            try:
                done, _ = await asyncio.wait({task}, timeout=timeout_s)
                if not done:
                    await worker.kill()
                    raise TimeoutError(f"no answer within {timeout_s:g} s")
                return task.result()
            finally:
                task.cancel()

    async def close(self) -> None:
        """Kills every worker."""
        await asyncio.gather(*(worker.kill() for worker in tuple(self._all)))
        self._all.clear()
        self._idle.clear()

    def kill_now(self) -> None:
        for worker in tuple(self._all):
            worker.kill_now()

    async def _take(self) -> Worker:
        while self._idle:
            worker = self._idle.pop()
            if worker.alive:
                return worker
            await self._bury(worker)
        await asyncio.sleep(BACKOFF_S[min(self._deaths, len(BACKOFF_S) - 1)])
        worker = await Worker.start(self._command, self._environment)
        self._all.add(worker)  # also while it starts: who ends the pool ends it
        try:
            await worker.ready()
        except BaseException as failure:
            self._all.discard(worker)
            if isinstance(failure, WorkerDied):
                self._count(failure)
            raise
        return worker

    async def _bury(self, worker: Worker) -> None:
        """A worker that died while nobody used it: its folder goes too."""
        self._all.discard(worker)
        await worker.kill()

    def _count(self, death: WorkerDied) -> None:
        self._deaths += 1
        self.last_words = death.stderr[-1] if death.stderr else str(death)


def worker_command(session: str | None) -> tuple[str, ...]:
    """How a worker is started; `session` names another module than `kernelglot.session` (tests only)."""
    return (sys.executable, "-m", "kernelglot.worker", *(("--session", session) if session else ()))


def descendants(pid: int) -> list[int]:
    """Processes below `pid`, whatever their group. Empty where there is no /proc."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            fields = entry.read_text("utf-8", "replace").rpartition(")")[2].split()
            parents[int(entry.parent.name)] = int(fields[1])
    found = [pid]
    for known in found:
        found.extend(child for child, parent in parents.items() if parent == known)
    return found[1:]


def signal_all(leader: int, others: list[int], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)
    for pid in others:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)
