"""Running what is not trusted: compilers on foreign text, and the kernels that come out of them.

Both run under the runner (runtime/runner.c), which gives up its rights first: resource limits, Landlock (files, TCP, signals) and seccomp.
The *compile* profile may start programs below /usr and write one scratch folder; the *run* profile may neither write nor start anything,
reads only the module and the system's libraries, and asks for no socket. The level is found by an attack, not by a version:

S1  Landlock and seccomp hold; every attack of the self-test was stopped
S0  resource limits, an own session, a scrubbed environment and a wall-clock limit only. Kernels are refused unless the caller allows it.
"""

from __future__ import annotations

import functools
import os
import re
import signal
import struct
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from . import toolchain

SYSTEM = ("/usr", "/bin", "/lib", "/lib64")
SYSTEM_READ = ("/etc/ld.so.cache", "/etc/alternatives", "/proc/self", "/proc/meminfo", "/proc/cpuinfo", "/sys/devices/system/cpu")
MOST_OUTPUT = 64 * 1024             # characters of a compiler's messages that are kept
MEMORY_BYTES = 4 << 30              # address space of a kernel under test


class Refused(Exception):
    """The sandbox is weaker than the caller accepts, so nothing was run."""


def environment(scratch: str) -> dict[str, str]:
    """Built from nothing: no key, no token and no setting of the user's gets in."""
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "TMPDIR": scratch, "HOME": scratch, "OMP_NUM_THREADS": "3",
            "OMP_WAIT_POLICY": "passive"}


@dataclass(frozen=True, slots=True)
class Finished:
    """How a command ended. ``timed_out``: it was killed at its deadline. ``output``: what it wrote, cut at MOST_OUTPUT."""

    returncode: int
    output: str
    timed_out: bool
    seconds: float


class Running:
    """One sandboxed process group. Call ``wait`` exactly once, or leave the ``with`` block: both end the whole group."""

    def __init__(self, command: list[str], scratch: Path, timeout_s: float, pass_fds: tuple[int, ...] = ()) -> None:
        self._started = time.monotonic()
        self._deadline = self._started + timeout_s
        self._output = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            command, cwd=scratch, env=environment(str(scratch)), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=self._output, start_new_session=True, pass_fds=pass_fds)

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def wait(self) -> Finished:
        timed_out = False
        try:
            self._process.wait(max(0.0, self._deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            timed_out = True
        self._kill()
        self._output.seek(0)
        output = self._output.read(MOST_OUTPUT).decode("utf-8", "replace")
        self._output.close()
        return Finished(self._process.returncode, output, timed_out, time.monotonic() - self._started)

    def end(self) -> None:
        """Kills what is left; nothing happens where ``wait`` was called."""
        if not self._output.closed:
            self._kill()
            self._output.close()

    def _kill(self) -> None:
        if self._process.returncode is None:                    # not reaped yet, so the number is still this process group's
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def start_compile(commands: list[list[str]], scratch: Path, execute: list[str] | None = None, read: list[str] | None = None,
                  timeout_s: float = 30.0) -> Running:
    """Starts compilers one after another in the compile profile; the first failure ends it. They may write ``scratch`` only."""
    words = [toolchain.runner(), "compile"]
    lists = {"--execute": [*SYSTEM, *(execute or ())], "--read": [*SYSTEM_READ, *(read or ())], "--write": [str(scratch)]}
    for option, paths in lists.items():
        for path in paths:
            words += [option, path]
    for command in commands:
        words += ["--", *command]
    return Running(words, scratch, timeout_s)


def compile_now(commands: list[list[str]], scratch: Path, execute: list[str] | None = None, read: list[str] | None = None,
                timeout_s: float = 30.0) -> Finished:
    """``start_compile`` and wait."""
    with start_compile(commands, scratch, execute, read, timeout_s) as running:
        return running.wait()


# ---- the run profile ------------------------------------------------------------------------------------------------------------

_RESULT = struct.Struct("=10I q 2Q 32s 512s")
RESULT_HEADER = 4096


@dataclass(frozen=True, slots=True)
class RunReport:
    """What the runner left in the head of the result file, and how its process ended."""

    landlock_abi: int
    seccomp: bool
    started: int                    # runs begun
    finished: int                   # runs whose results are complete
    kind: str                       # "" where nothing went wrong
    sentence: str
    line: int
    argument: int                   # index of the buffer a memory fault belongs to, -1 for none
    offset: int                     # bytes from the start of that buffer
    wrote: bool
    instruction: int                # offset in the module, 0 where unknown
    seconds: float


def start_run(job: bytes, inputs: memoryview | bytes, results_fd: int, scratch: Path, timeout_s: float) -> Running:
    """Starts the runner on a job (see runtime/job.h). The inputs are sealed, so not even hostile code changes them."""
    job_fd, input_fd = _sealed("kernelglot-job", job), _sealed("kernelglot-inputs", inputs)
    try:
        words = [toolchain.runner(), "run", str(job_fd), str(input_fd), str(results_fd)]
        return Running(words, scratch, timeout_s, pass_fds=(job_fd, input_fd, results_fd))
    finally:
        os.close(job_fd)
        os.close(input_fd)


def result_file(payload_bytes: int) -> int:
    """An anonymous file of a fixed size for the results; the caller closes it."""
    import fcntl

    fd = os.memfd_create("kernelglot-results", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.truncate(fd, RESULT_HEADER + payload_bytes)
    fcntl.fcntl(fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW)
    return fd


def read_report(results: memoryview | bytes, finished: Finished) -> RunReport:
    """The runner's own report; a process that died or was killed without one is "timeout" or "crash"."""
    (abi, seccomp, started, done, faulted, line, argument, wrote, ended, _, offset, instruction, caller, kind,
     sentence) = _RESULT.unpack_from(results)
    kind_text, sentence_text = (_text(kind), _text(sentence)) if faulted else ("", "")
    if finished.timed_out or (not faulted and finished.returncode == -signal.SIGXCPU):
        kind_text, sentence_text = "timeout", f"did not end within {finished.seconds:.1f} s"
    elif not faulted and finished.returncode == -signal.SIGSYS:
        kind_text, sentence_text = "forbidden", "it asked the system for something that no kernel needs"
    elif not faulted and (finished.returncode or not ended):
        how = f"signal {-finished.returncode}" if finished.returncode < 0 else f"status {finished.returncode}"
        kind_text, sentence_text = "crash", f"the process ended with {how} before the kernel returned"
    return RunReport(abi, bool(seccomp), started, done, kind_text, sentence_text, line, argument if argument < 64 and faulted else -1,
                     offset, bool(wrote), instruction or caller, finished.seconds)


def _text(field: bytes) -> str:
    """What untrusted code may have written: control characters do not reach a terminal or an editor."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", "?", field.partition(b"\0")[0].decode("utf-8", "replace"))


def _sealed(name: str, content: memoryview | bytes) -> int:
    import fcntl

    fd = os.memfd_create(name, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    view = memoryview(content)
    while view:
        view = view[os.write(fd, view):]
    fcntl.fcntl(fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SEAL)
    return fd


# ---- how strong is it? ----------------------------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Strength:
    """The result of the self-test. ``let_through``: attacks that succeeded, empty at S1."""

    level: int
    landlock_abi: int
    seccomp: bool
    let_through: tuple[str, ...]

    def __str__(self) -> str:
        return f"sandbox S{self.level}"


@functools.cache
def strength() -> Strength:
    """Runs a small attacker in the run profile, once per process (about 3 ms)."""
    with tempfile.TemporaryDirectory(prefix="kernelglot-attack-") as scratch:
        done = subprocess.run([toolchain.runner(), "attack"], cwd=scratch, env=environment(scratch), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=20, check=False, start_new_session=True)
    facts = {name: int(value) for name, value in re.findall(r"(\w+)=(\d+)", done.stdout)}
    attacks = ("read", "write", "network", "signal", "fork")
    let_through = tuple(name for name in attacks if facts.get(name, 1))
    held = not let_through and facts.get("landlock", 0) > 0 and facts.get("seccomp", 0) > 0
    return Strength(1 if held else 0, facts.get("landlock", 0), bool(facts.get("seccomp", 0)), let_through)


def demand(level: int) -> Strength:
    """The strength of the sandbox; Refused where it is below ``level``."""
    found = strength()
    if found.level < level:
        raise Refused(f"kernels are not run: the sandbox of this system lets through {', '.join(found.let_through) or 'too much'} "
                      f"(level S{found.level}, S{level} is asked for); allow it in your own settings to run them anyway")
    return found
