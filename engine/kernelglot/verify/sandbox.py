"""Running what is not trusted: compilers on foreign text, and the kernels that come out of them.

Both run under the runner (runtime/runner.c), which gives up its rights first. The *compile* profile may start programs below /usr and
write one scratch folder; the *run* profile may neither write nor start anything, reads only the module and the system's libraries, and
asks for no socket. The level is found by attacks, not by versions (runtime/attack.c), once per process; the highest that holds is used:

S2  namespaces (runtime/isolate.c): no other process, network or file is in sight, no right is left; and within them all of S1
S1  Landlock (files, TCP, signals) and seccomp hold, every attack was stopped (runtime/lockdown.c)
S0  resource limits, an own session, a scrubbed environment and a wall-clock limit only. Kernels are refused unless the user's own settings
    (not a workspace's) allow it, see ``accepted_level``.

S3, a control group with a memory limit for the whole tree of processes, is not used: a run is one process that may not fork, so its
address-space limit says as much; a compiler's children are each limited, and at S2 counted (root's from Linux 6.14 on).

**What a hostile kernel can forge.** It shares its process with the runner, so whatever the runner writes into the result file, the kernel
can write too: results, how many runs were done, a fault. It gains little. What is right is not known in that process: the parent compares
results with those of the other side, which ran elsewhere, so only right results are found right. A report that makes no sense is a fault
("forged"), some kinds only the parent may say, and every number in it is checked. What remains: code that *means to* can hide its own
accesses outside of buffers and its own races. The evidence about memory speaks of code that is wrong, not of code that attacks; what
attacks is contained.
"""

from __future__ import annotations

import functools
import os
import re
import select
import signal
import stat
import struct
import subprocess
import sys
import tempfile
import time
import tomllib
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from . import toolchain

SYSTEM = ("/usr", "/bin", "/lib", "/lib64")
SYSTEM_READ = ("/etc/ld.so.cache", "/etc/alternatives", "/proc/self", "/proc/meminfo", "/proc/cpuinfo", "/sys/devices/system/cpu")
MOST_OUTPUT = 64 * 1024             # characters of a compiler's messages that are kept
MEMORY_BYTES = 4 << 30              # address space of a kernel under test
PR_SET_DUMPABLE = 4                 # from linux/prctl.h


class Refused(Exception):
    """The sandbox is weaker than the caller accepts, so nothing was run."""


def environment(scratch: str) -> dict[str, str]:
    """What a kernel under test finds: see ``toolchain.environment``."""
    return toolchain.environment(scratch) | {"OMP_NUM_THREADS": "3", "OMP_WAIT_POLICY": "passive"}


def keep_private() -> None:
    """This process may hold keys: from now on other processes of the same user can read neither its memory nor its environment."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Finished:
    """How a command ended. ``timed_out``: it was killed at its deadline. ``output``: what it wrote, cut at MOST_OUTPUT."""

    returncode: int
    output: str
    timed_out: bool
    seconds: float

    @property
    def refused(self) -> bool:
        """The system did not give a compiler's sandbox what it gave to the self-test, so nothing was started."""
        return self.returncode == 126 and "kernelglot: this system refused" in self.output


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
        timed_out = not self.ends_within(float("inf"))
        self._kill()
        self._output.seek(0)
        output = self._output.read(MOST_OUTPUT).decode("utf-8", "replace")
        self._output.close()
        return Finished(self._process.returncode, output, timed_out, time.monotonic() - self._started)

    def ends_within(self, seconds: float) -> bool:
        """Whether it comes to its end in this time; it goes on if not."""
        return _ends_within(self._process, max(0.0, min(seconds, self._deadline - time.monotonic())))

    def give_way(self) -> None:
        """Lets everything else on this machine go first."""
        os.setpriority(os.PRIO_PGRP, self._process.pid, 10)

    def end(self) -> None:
        """Kills what is left; nothing happens where ``wait`` was called."""
        if not self._output.closed:
            self._kill()
            self._output.close()

    def _kill(self) -> None:
        """Ends the whole group, also where its first process came to an end: that one is not reaped yet, so the number is still theirs."""
        if self._process.returncode is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def _ends_within(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Waits without reaping, and without the steps of up to 50 ms that ``Popen.wait`` takes."""
    try:
        descriptor = os.pidfd_open(process.pid)
    except (OSError, AttributeError):                           # a kernel older than 5.3
        deadline = time.monotonic() + seconds
        while os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.002)
        return True
    try:
        waiting = select.poll()
        waiting.register(descriptor, select.POLLIN)
        return bool(waiting.poll(seconds * 1000))
    finally:
        os.close(descriptor)


def start_compile(commands: list[list[str]], scratch: Path, execute: list[str] | None = None, read: list[str] | None = None,
                  timeout_s: float = 30.0) -> Running:
    """Starts compilers one after another in the compile profile; the first failure ends it. They may write ``scratch`` only."""
    words = [toolchain.runner(), "compile", str(strength().level), str(scratch)]
    lists = {"--execute": [*SYSTEM, *(execute or ())], "--read": [*SYSTEM_READ, *(read or ())]}
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
    launch_s: float = 0.0           # of the last run alone, as the runner says


def start_run(job: bytes, inputs: memoryview | bytes, results_fd: int, scratch: Path, timeout_s: float) -> Running:
    """Starts the runner on a job (see runtime/job.h). The inputs are sealed, so not even hostile code changes them."""
    job_fd, input_fd = _sealed("kernelglot-job", job), _sealed("kernelglot-inputs", inputs)
    try:
        words = [toolchain.runner(), "run", str(strength().level), str(job_fd), str(input_fd), str(results_fd)]
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


PARENTS_KINDS = ("timeout", "nondeterministic", "forged", "")     # what the process itself may not say


def read_report(results: memoryview | bytes, finished: Finished, runs: int = 1, arguments: int = 64, budget_s: float = 0.0) -> RunReport:
    """The runner's own report; a process that died or was killed without one is "timeout" or "crash".

    Foreign code may have written all of it. A report that the runner cannot have made, for a job of so many ``runs`` and ``arguments``, is
    the fault "forged"; numbers are cut to what they may be."""
    (abi, seccomp, started, done, faulted, line, argument, wrote, ended, launch_us, offset, instruction, caller, kind,
     sentence) = _RESULT.unpack_from(results)
    kind_text, sentence_text = (_text(kind), _text(sentence)) if faulted else ("", "")
    if finished.timed_out or (not faulted and finished.returncode == -signal.SIGXCPU) or kind_text == "cpu-time":
        kind_text, sentence_text = "timeout", f"did not end within {finished.seconds:.1f} s"
    elif not faulted and finished.returncode == -signal.SIGSYS:
        kind_text, sentence_text = "forbidden", "it asked the system for something that no kernel needs"
    elif not faulted and (finished.returncode or not ended):
        how = f"signal {-finished.returncode}" if finished.returncode < 0 else f"status {finished.returncode}"
        kind_text, sentence_text = "crash", f"the process ended with {how} before the kernel returned"
    elif _impossible(started, done, bool(faulted), kind_text, runs, early=bool(budget_s) and finished.seconds >= budget_s):
        kind_text, sentence_text = "forged", "it wrote into the report about its own run"
    started, done = min(started, runs), min(done, runs)
    named = argument if faulted and argument < min(arguments, 64) else -1
    return RunReport(abi, bool(seccomp), started, done, kind_text, sentence_text, min(line, 1 << 30), named, offset, bool(wrote),
                     instruction or caller, finished.seconds, launch_us / 1e6)


def _impossible(started: int, done: int, faulted: bool, kind: str, runs: int, early: bool) -> bool:
    """``early``: the time for testing was used up, so that not every run was begun."""
    if started > runs or not started - 1 <= done <= started:
        return True
    if faulted:
        return kind in PARENTS_KINDS
    return done != started or done == 0 < runs or (done < runs and not early)


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
    """The result of the self-test. ``let_through``: attacks that succeeded at S1; ``missing``: what keeps it from the next level."""

    level: int
    landlock_abi: int
    seccomp: bool
    let_through: tuple[str, ...]
    missing: str = ""

    def __str__(self) -> str:
        return f"sandbox S{self.level}" + (f" ({self.missing})" if self.missing else "")


@functools.cache
def strength() -> Strength:
    """The highest level whose self-test stopped every attack, found once per process (about 10 ms)."""
    isolated = _attack(2)
    if isolated.get("isolated") and not _successes(isolated):
        return Strength(2, isolated["landlock"], True, ())
    locked = _attack(1)
    through = _successes(locked)
    missing = _missing(isolated)
    if not through:
        return Strength(1, locked["landlock"], True, (), missing)
    return Strength(0, locked.get("landlock", 0), bool(locked.get("seccomp")), through, "no Landlock or no seccomp; " + missing)


def _missing(isolated: dict[str, int]) -> str:
    if not isolated.get("isolated"):
        return "no namespaces: this system does not allow them"
    return f"no namespaces: within them the self-test failed ({', '.join(_successes(isolated))})"


ATTACKS = ("read", "write", "network", "signal", "memory", "io_uring", "namespace", "fork")
HOLDING = ("landlock", "seccomp", "isolated", "works")


def _successes(facts: dict[str, int]) -> tuple[str, ...]:
    """What got through; an attack that did not report counts, and so does a sandbox in which nothing works."""
    shields = [f"no {name}" for name in ("landlock", "seccomp") if not facts.get(name)]
    beyond = [name for name, value in facts.items() if value and name not in (*ATTACKS, *HOLDING)]
    unusable = [] if facts.get("works") else ["unreadable files"]
    return tuple([*shields, *(name for name in ATTACKS if facts.get(name, 1)), *beyond, *unusable])


def _attack(level: int) -> dict[str, int]:
    """Attacks in both profiles at once; an attack that succeeds in either counts, what has to hold has to hold in both."""
    found: list[dict[str, int]] = []
    with ExitStack() as stack:
        started = []
        for profile in ("run", "compile"):
            scratch = stack.enter_context(tempfile.TemporaryDirectory(prefix="kernelglot-attack-"))
            words = [toolchain.runner(), "attack", str(level), profile, scratch, str(toolchain.RUNTIME / "runtime.h"), toolchain.runner()]
            started.append(subprocess.Popen(words, cwd=scratch, env=environment(scratch), stdin=subprocess.DEVNULL,
                                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True))
        for process in started:
            try:
                out, _ = process.communicate(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                out, _ = "", process.wait()
            found.append({name: int(value) for name, value in re.findall(r"([\w-]+)=(\d+)", out)})
    for facts, profile in zip(found, ("run", "compile")):
        for name in ATTACKS:
            facts.setdefault(name, int((name, profile) != ("fork", "compile")))     # compilers start programs: not tried there
    return {name: (min if name in HOLDING else max)(facts.get(name, 0) for facts in found) for name in {**found[0], **found[1]}}


def accepted_level() -> int:
    """The level below which nothing is run: 1, or what the user's own settings file says.

    The file is ``kernelglot/settings.toml`` in the user's configuration folder, with the line ``least_sandbox = 0`` (or 2). It is taken
    only where it and its folder belong to the user and nobody else can write them. No workspace, argument or editor setting lowers it."""
    file = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "kernelglot" / "settings.toml"
    try:
        places = [file.parent.lstat(), file.lstat()]
        if any(place.st_uid != os.getuid() or place.st_mode & 0o022 or stat.S_ISLNK(place.st_mode) for place in places):
            return 1
        level = tomllib.loads(file.read_text(encoding="utf-8")).get("least_sandbox", 1)
    except (OSError, ValueError):
        return 1
    return level if level in (0, 1, 2) and not isinstance(level, bool) else 1


def demand(level: int | None = None) -> Strength:
    """The strength of the sandbox; Refused where it is below ``level`` (None: ``accepted_level``)."""
    wanted = accepted_level() if level is None else level
    found = strength()
    if found.level < wanted:
        lets = f"lets through {', '.join(found.let_through)}" if found.let_through else f"has {found.missing or 'no higher level'}"
        raise Refused(f"kernels are not run: the sandbox of this system {lets} "
                      f"(level S{found.level}, S{wanted} is asked for); allow it in your own settings to run them anyway")
    return found
