"""What a hostile source text tries while it is compiled, at every level of the sandbox: nothing private gets into what comes out, no bomb
outlives its limits, and no name becomes an option of a compiler."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from emulator.running import needs_gcc
from faults.containment import LEVELS, fault_of, outcome, use_level

from kernelglot.verify import sandbox, toolchain

SECRET = "the_secret_word"

pytestmark = needs_gcc


@pytest.fixture(autouse=True, params=LEVELS, ids="S{}".format)
def level(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    use_level(request.param, monkeypatch)
    return request.param


@pytest.fixture
def private(tmp_path: Path) -> Path:
    file = tmp_path / "private.h"
    file.write_text(f"int {SECRET};\n", encoding="ascii")
    return file


def compiled(text: str, scratch: Path, tool: str = "gcc", timeout_s: float = 20.0, more: tuple[str, ...] = ()) -> tuple[sandbox.Finished, bytes]:
    """Compiles a text in the compile profile: how that ended, and the object that came of it (empty where there is none)."""
    scratch.mkdir(exist_ok=True)
    (scratch / "kernel").write_text(text, encoding="utf-8")
    command = [toolchain.find(tool), "-x", "c++" if tool == "g++" else "c", "-c", "kernel", "-o", "unit.o", *more]
    done = sandbox.compile_now([command], scratch, timeout_s=timeout_s)
    made = scratch / "unit.o"
    return done, made.read_bytes() if made.exists() else b""


def test_an_honest_file_compiles(tmp_path: Path) -> None:
    done, made = compiled("#include <stdio.h>\nint answer(void) { return 42; }", tmp_path / "scratch")
    assert done.returncode == 0 and made.startswith(b"\x7fELF")


READING = {
    "include": '#include "{path}"\n',
    "include_next": '#include_next "{path}"\n',
    "imacros-by-define": "#define FILE_ \"{path}\"\n#include FILE_\n",
    "incbin": '__asm__(".section .rodata\\n.globl stolen\\nstolen: .incbin \\"{path}\\"\\n");\n',
    "asm-include": '__asm__(".include \\"{path}\\"");\n',
    "asm-file": '__asm__(".macro m\\n.incbin \\"{path}\\"\\n.endm\\nm");\n',
    "dependency": '#pragma GCC dependency "{path}"\n',
}


@pytest.mark.parametrize("line", READING.values(), ids=READING)
def test_private_files_are_not_read(line: str, private: Path, tmp_path: Path) -> None:
    done, made = compiled(line.format(path=private) + "int k;", tmp_path / "scratch")
    assert SECRET.encode() not in made and SECRET not in done.output
    assert done.returncode or "dependency" in line


@pytest.mark.parametrize("path", ["/proc/self/environ", "/proc/1/environ", "/proc/{parent}/environ", "/etc/passwd", "/etc/shadow"])
def test_environments_and_accounts_are_not_read(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERNELGLOT_CANARY_KEY", SECRET)
    name = path.format(parent=os.getpid())
    done, made = compiled(f'__asm__(".section .rodata\\n.incbin \\"{name}\\"\\n");int k;', tmp_path / "scratch")
    assert SECRET.encode() not in made and b"root:" not in made and b"CANARY" not in made


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/urandom", "/dev/stdin", "/dev/tty", "/proc/kcore"])
def test_endless_files_are_not_read(path: str, tmp_path: Path) -> None:
    start = time.monotonic()
    done, made = compiled(f'#include "{path}"\nint k;', tmp_path / "scratch", timeout_s=10.0)
    assert (done.returncode or path == "/dev/stdin") and time.monotonic() - start < 5


MACROS = "#define a0 x x\n" + "".join(f"#define a{i} a{i - 1} a{i - 1} a{i - 1} a{i - 1}\n" for i in range(1, 40)) + "int a39;\n"
TEMPLATES = "template <int n> struct T { T<n + 1> next; static const int value = T<n + 1>::value; }; int k = T<0>::value;"
WIDE = ("template <int n, int m> struct T { static const long value = T<n - 1, 2 * m>::value + T<n - 1, 2 * m + 1>::value; };"
        "template <int m> struct T<0, m> { static const long value = m; }; long k = T<28, 1>::value;")
CONSTEXPR = "constexpr int f(long n) { int x = 0; for (long i = 0; i < n; ++i) x ^= (int)i; return x; } constexpr int k = f(1L << 50);"
ITSELF = '#if __INCLUDE_LEVEL__ < 190\n#include "kernel"\n#include "kernel"\n#endif\nint k;'
BOMBS = {"macros": ("gcc", MACROS, ()), "templates": ("g++", TEMPLATES, ("-ftemplate-depth=100000",)), "wide-templates": ("g++", WIDE, ()),
         "constexpr": ("g++", CONSTEXPR, ("-fconstexpr-ops-limit=9000000000", "-fconstexpr-loop-limit=2000000000")), "itself": ("gcc", ITSELF, ()),
         "initialiser": ("gcc", "char huge[1 << 30] = {1};", ()), "asm-space": ("gcc", '__asm__(".data\\n.fill 2000000000, 1, 7");', ()),
         "asm-repeat": ("gcc", '__asm__(".rept 2000000000\\n.quad 1\\n.endr");', ())}


@pytest.mark.parametrize("tool, text, more", BOMBS.values(), ids=BOMBS)
def test_bombs_are_stopped(tool: str, text: str, more: tuple[str, ...], tmp_path: Path) -> None:
    start = time.monotonic()
    done, made = compiled(text, tmp_path / "scratch", tool, timeout_s=1.5, more=more)
    assert (done.timed_out or done.returncode) and made == b"" or len(made) < 300 << 20 and done.timed_out
    assert time.monotonic() - start < 8
    assert sum(file.stat().st_size for file in (tmp_path / "scratch").iterdir()) < 300 << 20


def test_a_compiler_that_writes_too_much_is_a_compile_error() -> None:
    assert fault_of("out[0] = huge[5];", "int huge[300 << 20] = {1};").kind == "compile-error"


def test_a_private_file_is_a_compile_error(private: Path) -> None:
    fault = fault_of("out[0] = 1;", f'#include "{private}"')
    assert fault.kind == "compile-error" and SECRET not in fault.sentence


def test_sentences_of_the_compiler_have_no_control_characters() -> None:
    fault = fault_of("out[0] = \x1b[31mred;")
    assert fault.kind == "compile-error" and "\x1b" not in fault.sentence


def shell(script: str, scratch: Path, timeout_s: float = 10.0) -> sandbox.Finished:
    """What a compiler that was taken over could do: the profile must hold for any program below /usr."""
    scratch.mkdir(exist_ok=True)
    return sandbox.compile_now([[toolchain.find("sh"), "-c", script]], scratch, timeout_s=timeout_s)


SHELL = {
    "write outside": "echo x > {outside}/written",
    "through a link": "ln -s {outside}/target link && echo x > link",
    "a hard link": "ln {private} mine && cat mine",
    "read": "cat {private}",
    "look around": "ls {outside}",
    "another's environment": "cat /proc/{parent}/environ",
    "kill": "kill -9 {parent}",
    "a namespace": "unshare -U true",
    "trace": "test -d /proc/{parent}/task && cat /proc/{parent}/maps | grep -q python",
    "network": "exec 3<>/dev/tcp/127.0.0.1/9",
}


@pytest.mark.parametrize("script", SHELL.values(), ids=SHELL)
def test_a_compiler_that_was_taken_over_does_no_harm(script: str, private: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "target").write_text("as it was", encoding="ascii")
    done = shell(script.format(outside=outside, private=private, parent=os.getpid()), tmp_path / "scratch")
    assert done.returncode != 0 and SECRET not in done.output
    assert os.listdir(outside) == ["target"] and (outside / "target").read_text(encoding="ascii") == "as it was"


@pytest.mark.parametrize("script", ["(sleep 47.25 &) ; exit 0", "(setsid sh -c 'sleep 47.25' &) ; exit 0"], ids=["double-fork", "setsid"])
def test_a_daemon_does_not_outlive_the_compiler(script: str, tmp_path: Path) -> None:
    done = shell(script, tmp_path / "scratch")
    assert done.returncode == 0
    time.sleep(0.1)
    assert not any(b"47.25" in line for line in _command_lines())


def _command_lines() -> list[bytes]:
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(file.read_bytes())
        except OSError:
            continue
    return found


def test_a_fork_bomb_ends_with_its_time(tmp_path: Path, level: int) -> None:
    done = shell("i=0; while [ $i -lt 150 ]; do sleep 31.75 & i=$((i+1)); done; wait", tmp_path / "scratch", timeout_s=1.0)
    assert done.timed_out
    time.sleep(0.1)
    assert not any(b"31.75" in line for line in _command_lines())


def test_a_fork_bomb_runs_out_of_processes(tmp_path: Path, level: int) -> None:
    kernel = tuple(map(int, os.uname().release.split("-")[0].split(".")[:2]))
    if level < 2 or os.getuid() == 0 and kernel < (6, 14):
        pytest.skip("processes are counted in namespaces only, and root's only from Linux 6.14 on")
    done = shell("i=0; while [ $i -lt 1000 ]; do sleep 31.5 & i=$((i+1)); done; exit 0", tmp_path / "scratch", timeout_s=20.0)
    assert done.returncode != 0 and not done.timed_out and "fork" in done.output
    assert int(Path("/proc/sys/kernel/pid_max").read_text(encoding="ascii")) > 1000, "the system's own limit stays"


def test_a_link_in_the_scratch_folder_does_not_come_home(tmp_path: Path, level: int) -> None:
    if level < 2:
        pytest.skip("at S1 the scratch folder is the one outside")
    scratch = tmp_path / "scratch"
    done = shell("echo good > made; mkfifo pipe; mkdir deep; echo x > deep/x; for i in 1 2 3; do echo $i > f$i; done", scratch)
    assert done.returncode in (0, 1)
    assert set(os.listdir(scratch)) <= {"made", "f1", "f2", "f3"} and not any(file.is_symlink() for file in scratch.iterdir())


def test_files_that_a_command_changes_are_changed_and_others_are_as_they_were(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    for name in ("kept", "changed"):
        (scratch / name).write_text("before", encoding="ascii")
    before = (scratch / "kept").stat().st_mtime_ns
    assert shell("cat kept > made; echo after > changed", scratch).returncode == 0
    assert {name: (scratch / name).read_text(encoding="ascii") for name in os.listdir(scratch)} == {"kept": "before", "made": "before", "changed": "after\n"}
    assert (scratch / "kept").stat().st_mtime_ns == before


def test_the_scratch_folder_is_small(tmp_path: Path, level: int) -> None:
    if level < 2:
        pytest.skip("at S1 many files may be written to the scratch folder within the time")
    scratch = tmp_path / "scratch"
    done = shell("i=0; while [ $i -lt 8 ]; do head -c 200000000 /usr/lib/x86_64-linux-gnu/*.so* > f$i 2>/dev/null || exit 3; i=$((i+1)); done; exit 0", scratch)
    assert done.returncode != 0 and os.listdir(scratch) == []


NAMES = ["-fplugin=x.cu", "@flags.cu", "-wrapper.cu", "--specs=x.cu", "$(touch pwned).cu", "-B.cu", "a\nb.cu", "..", "-oevil.cu"]
ADD = """__global__ void add(const float *x, float *y, int n) { int i = blockIdx.x * blockDim.x + threadIdx.x; if (i < n) y[i] = x[i] + 1.0f; }
void host(float *x, float *y) { add<<<4, 256>>>(x, y, 1000); }
"""


@pytest.mark.parametrize("name", NAMES)
def test_names_do_not_become_options(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kernelglot import session

    commands = watch_commands(monkeypatch)
    monkeypatch.chdir(tmp_path)
    report = session.translate(name, ADD + f"// {time.monotonic_ns()}\n", "c")
    assert report.kernels and os.listdir(tmp_path) == []
    assert not any(name in word for command in commands for word in command)


def test_a_text_gives_a_compiler_no_options(monkeypatch: pytest.MonkeyPatch) -> None:
    commands = watch_commands(monkeypatch)
    hostile = '#pragma GCC optimize("-fplugin=evil")\n// -fplugin=evil @evil -Xclang -load evil -specs=evil -wrapper evil\n'
    outcome("out[0] = 1;", hostile + f"// {time.monotonic_ns()}\n")
    assert commands and not any("evil" in word for command in commands for word in command)


def watch_commands(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The command lines that are started from now on."""
    commands: list[list[str]] = []
    real: Callable[..., None] = sandbox.Running.__init__

    def watching(self: sandbox.Running, command: list[str], *rest: object, **more: object) -> None:
        commands.append(command)
        real(self, command, *rest, **more)

    monkeypatch.setattr(sandbox.Running, "__init__", watching)
    return commands
