"""The compilers of this machine: where they are, how emulated kernels are built with them, and the runner that executes the result.

The runner (verify/runtime/*.c) is compiled once, at first use, into the user's cache folder, and so are built modules: the folder is the
user's own (mode 0700), and a name is the hash of everything that went in.
"""

from __future__ import annotations

import functools
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

RUNTIME = Path(__file__).parent / "runtime"
DIALECTS = Path(__file__).parents[1] / "dialects"
RUNNER_SOURCES = ("runner.c", "scheduler.c", "shadow.c", "order.c", "field.c", "field_functions.c", "hooks.c", "lockdown.c", "isolate.c",
                  "attack.c")
MOST_MODULES = 400                  # built kernels kept in the cache folder
IN_USE_SECONDS = 600                # a built kernel used within this time may be about to be loaded by somebody

# What a user can do about it.
ADVICE = {
    "gcc": "install gcc (Debian: apt install g++)",
    "g++": "install g++ (Debian: apt install g++)",
    "ld": "install binutils",
}


class MissingTool(Exception):
    """A program that is needed is not installed; the message says what can't be done and what to install."""

    def __init__(self, tool: str) -> None:
        self.tool = tool
        super().__init__(f"`{tool}` was not found: {ADVICE.get(tool, 'install it and put it on PATH')}")


@functools.cache
def find(tool: str) -> str:
    """Absolute path of a tool on the PATH; MissingTool otherwise. The PATH is the user's, never a workspace's."""
    path = _on_path(tool)
    if path is None:
        raise MissingTool(tool)
    return path


def installed(tool: str) -> bool:
    return _on_path(tool) is not None


def _on_path(tool: str) -> str | None:
    """Relative entries of the PATH ("" and "." among them) would make a workspace's own `g++` the compiler: they do not count."""
    folders = os.pathsep.join(folder for folder in os.environ.get("PATH", os.defpath).split(os.pathsep) if os.path.isabs(folder))
    return shutil.which(tool, path=folders) if folders else None


def install_folders(path: str) -> tuple[str, ...]:
    """The folders of a program outside of /usr that its sandbox must show: two above it, as toolkits lie, for the path and for what it
    points to. Never the user's home or what holds it: of a program in ~/bin only that folder is shown."""
    found = set()
    for each in (Path(path), Path(os.path.realpath(path))):
        if not str(each).startswith("/usr/"):
            toolkit = each.parents[min(1, len(each.parents) - 1)]
            found.add(str(each.parent if Path.home().is_relative_to(toolkit) or toolkit == Path("/opt") else toolkit))
    return tuple(sorted(found))


def environment(scratch: str) -> dict[str, str]:
    """What programs that are started find, built from nothing: no key, no token and no setting of the user's gets in."""
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "TMPDIR": scratch, "HOME": scratch}


@functools.cache
def fingerprint(tool: str) -> str:
    """What tells two versions of a tool apart without starting it: path, size and time of change."""
    status = os.stat(os.path.realpath(find(tool)))
    return f"{find(tool)} {status.st_size} {status.st_mtime_ns}"


@functools.cache
def cpu_flags() -> frozenset[str]:
    """The instruction sets of this CPU as Linux names them; empty where it can't be read."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return frozenset()
    found = re.search(r"^(?:flags|Features)\s*:(.*)$", text, re.MULTILINE)
    return frozenset(found.group(1).split()) if found else frozenset()


def knows_flag(flag: str) -> bool:
    """Whether the C compiler takes this flag."""
    command = [find("gcc"), flag, "-E", "-x", "c", "/dev/null", "-o", "/dev/null"]
    return subprocess.run(command, capture_output=True, timeout=20, check=False).returncode == 0


def has_avx512_vnni() -> bool:
    return {"avx512f", "avx512bw", "avx512vl", "avx512dq", "avx512_vnni"} <= cpu_flags()


def cache_folder() -> Path:
    """A folder of the user's own for built files, made when missing. Falls back to a private temporary folder."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    for folder in (base / "kernelglot", Path(tempfile.gettempdir()) / f"kernelglot-{os.getuid()}"):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            continue
        status = folder.lstat()
        if status.st_uid == os.getuid() and not status.st_mode & 0o022 and not folder.is_symlink() and os.access(folder, os.W_OK):
            return folder
    return Path(tempfile.mkdtemp(prefix="kernelglot-"))


def digest(*parts: str | bytes) -> str:
    """A name for a file built from these parts."""
    total = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        total.update(len(data).to_bytes(8, "little") + data)
    return total.hexdigest()[:32]


def publish(made: Path, target: Path) -> None:
    """Moves a file to its place in the cache folder, whole or not at all. Two processes may do this at once: either result is good."""
    waiting = target.with_name(f"{target.name}.{os.getpid()}")
    shutil.move(made, waiting)
    os.replace(waiting, target)


@functools.cache
def runtime_digest() -> str:
    """Changes when a header or source of the emulator does, the dialects' own headers included."""
    files = sorted([*RUNTIME.glob("*"), *DIALECTS.glob("*/intrinsics/*")])
    return digest(*(part for file in files if file.is_file() for part in (file.name, file.read_bytes())))


@functools.cache
def runner(*options: str) -> str:
    """Path of the runner, compiled when this version of it is not in the cache folder yet (about 0.4 s). ``options``: more for gcc."""
    sources = [RUNTIME / name for name in RUNNER_SOURCES]
    key = digest(fingerprint("gcc"), *options, *(file.read_bytes() for file in sorted(RUNTIME.glob("*.[ch]"))))
    target = cache_folder() / f"runner-{key}"
    if target.exists():
        return str(target)
    command = [find("gcc"), "-O2", "-rdynamic", *options, *map(str, sources), "-ldl", "-Wl,--no-as-needed", "-lm", "-lgcc_s"]
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        made = Path(scratch) / "runner"
        done = subprocess.run([*command, "-o", str(made)], capture_output=True, text=True, timeout=60, check=False,
                              env=environment(scratch))
        if done.returncode:
            raise RuntimeError(f"the runner does not compile: {done.stderr[:2000]}")
        os.replace(made, target)                                # two processes may do this at once: either result is good
    return str(target)


# What CPU texts include; parsing it takes far longer than compiling the kernel, so it is precompiled once per set of flags.
PRECOMPILED = {
    "c": ("stdbool.h", "stdint.h"),
    "c++": ("cstdint", "cstddef", "cmath", "cstring", "cstdlib", "cstdio", "cfloat", "algorithm", "limits", "numeric", "vector"),
}


def precompiled(language: str, flags: tuple[str, ...], more: tuple[str, ...] = ()) -> Path:
    """A folder with ``kernelglot_cpu.h`` and its precompiled form for exactly these flags, made when missing (0.3 to 0.8 s)."""
    tool = "g++" if language == "c++" else "gcc"
    text = "".join(f"#include <{name}>\n" for name in (*PRECOMPILED[language], *more))
    folder = cache_folder() / f"headers-{digest(text, *flags, fingerprint(tool))}"
    if (folder / "kernelglot_cpu.h.gch").exists():
        return folder
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        made = Path(scratch) / "headers"
        made.mkdir(mode=0o700)
        (made / "kernelglot_cpu.h").write_text(text, encoding="ascii")
        command = [find(tool), *flags, "-x", f"{language}-header", "kernelglot_cpu.h", "-o", "kernelglot_cpu.h.gch"]
        done = subprocess.run(command, cwd=made, capture_output=True, text=True, timeout=120, check=False, env=environment(scratch))
        if done.returncode:
            raise RuntimeError(f"the system's headers do not compile: {done.stderr[:1000]}")
        try:
            os.rename(made, folder)
        except OSError:                                         # another process was faster
            if not folder.exists():
                raise
    return folder


def forget_old_modules(folder: Path) -> None:
    """Keeps the MOST_MODULES built kernels used last, and any used in the last IN_USE_SECONDS: somebody may be about to load it."""
    used: list[tuple[float, Path]] = []
    for file in folder.glob("module-*.so"):
        with suppress(FileNotFoundError):       # another process tidies up as well
            used.append((file.stat().st_mtime, file))
    oldest_in_use = time.time() - IN_USE_SECONDS
    for when, file in sorted(used)[:-MOST_MODULES]:
        if when < oldest_in_use:
            file.unlink(missing_ok=True)


def reuse_module(file: Path) -> bool:
    """Whether ``file`` is a built kernel that can be used again; marks it as in use, so that nobody forgets it before it is loaded."""
    try:
        os.utime(file)
    except FileNotFoundError:
        return False
    return True
