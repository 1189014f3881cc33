"""What a hostile or broken kernel or source file tries, and what becomes of it: one typed fault, and this process goes on."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy
import pytest
from emulator.running import needs_gcc, run

from kernelglot.verify import emulate, sandbox
from kernelglot.verify.emulate import Faulted

pytestmark = needs_gcc
OUT = numpy.zeros(4, numpy.int32)


def fault_of(body: str, top: str = "", dialect: str = "c", timeout_s: float = 10.0) -> sandbox.RunReport:
    with pytest.raises(Faulted) as faulted:
        run(f"{top}\nvoid k(int *out) {{ {body} }}", "k", {"out": OUT}, dialect=dialect, timeout_s=timeout_s)
    return faulted.value.fault


def test_the_self_test_finds_level_one_where_the_kernel_allows_it() -> None:
    strength = sandbox.strength()
    assert strength.level == (0 if strength.let_through else 1)
    if strength.level == 0:
        pytest.skip(f"this system lets through: {strength.let_through}")
    assert strength.landlock_abi >= 1 and strength.seccomp


def test_a_weaker_sandbox_than_asked_for_is_refused() -> None:
    with pytest.raises(sandbox.Refused, match="level S"):
        sandbox.demand(9)


@pytest.mark.parametrize("top, body", [
    ("#include <sys/socket.h>", "out[0] = socket(AF_INET, SOCK_STREAM, 0);"),
    ("#include <sys/socket.h>", "out[0] = socket(AF_INET, SOCK_DGRAM, 0);"),
    ("#include <unistd.h>", "for (;;) fork();"),
    ("#include <unistd.h>", "out[0] = vfork();"),
    ("#include <stdlib.h>", "out[0] = system(\"id\");"),
    ("#include <unistd.h>", "execl(\"/bin/sh\", \"sh\", \"-c\", \"id\", (char *)0);"),
    ("#include <signal.h>\n#include <unistd.h>", "kill(getppid(), SIGKILL);"),
    ("#include <sys/ptrace.h>", "out[0] = ptrace(PTRACE_ATTACH, 1, 0, 0);"),
    ("#include <unistd.h>\n#include <sys/syscall.h>", "syscall(425, 8, 0);"),
    ("#include <stdio.h>", "remove(\"/tmp/kernelglot-nothing\");"),
], ids=["tcp", "udp", "fork-bomb", "vfork", "system", "exec", "kill", "ptrace", "io_uring", "unlink"])
def test_system_calls_that_no_kernel_needs(top: str, body: str) -> None:
    assert fault_of(body, top).kind == "forbidden"


@pytest.mark.parametrize("path", ["/etc/passwd", "/proc/self/environ", "/proc/1/environ", str(Path(__file__).resolve())])
def test_files_cannot_be_read(path: str) -> None:
    got = run(f"#include <fcntl.h>\nvoid k(int *out) {{ out[0] = open(\"{path}\", O_RDONLY) < 0; }}", "k", {"out": OUT}, dialect="c")
    assert got["out"][0] == 1


def test_files_cannot_be_written(tmp_path: Path) -> None:
    target = tmp_path / "written"
    got = run(f"#include <fcntl.h>\nvoid k(int *out) {{ out[0] = open(\"{target}\", O_WRONLY | O_CREAT, 0600) < 0; }}", "k", {"out": OUT}, dialect="c")
    assert got["out"][0] == 1 and not target.exists()


def test_the_environment_is_scrubbed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERNELGLOT_CANARY_KEY", "secret")
    got = run("#include <stdlib.h>\nvoid k(int *out) { out[0] = getenv(\"KERNELGLOT_CANARY_KEY\") == 0; }", "k", {"out": OUT}, dialect="c")
    assert got["out"][0] == 1


def test_an_endless_loop_is_a_timeout() -> None:
    start = time.monotonic()
    assert fault_of("for (volatile int i = 0;; ++i) {}", timeout_s=0.4).kind == "timeout"
    assert time.monotonic() - start < 3


@pytest.mark.parametrize("top, body, kind", [
    ("", "*(volatile int *)0 = 1;", "out-of-bounds"),
    ("#include <stdlib.h>", "abort();", "crash"),
    ("", "__builtin_trap();", "crash"),
    ("#include <stdlib.h>", "exit(0);", "crash"),
    ("", "volatile int zero = 0; out[0] = 1 % zero;", "crash"),
], ids=["null", "abort", "trap", "exit", "divide"])
def test_crashes(top: str, body: str, kind: str) -> None:
    assert fault_of(body, top).kind == kind


def test_memory_is_limited() -> None:
    got = run("#include <stdlib.h>\nvoid k(int *out) { out[0] = malloc(6ull << 30) == 0; }", "k", {"out": OUT}, dialect="c")
    assert got["out"][0] == 1


def test_constructors_run_locked_down() -> None:
    top = "#include <sys/socket.h>\n__attribute__((constructor)) static void first(void) { socket(AF_INET, SOCK_STREAM, 0); }"
    assert fault_of("out[0] = 1;", top).kind == "forbidden"


@pytest.mark.parametrize("line", ['#include "{path}"', '__asm__(".section .rodata\\n.globl stolen\\nstolen: .incbin \\"{path}\\"\\n");'], ids=["include", "incbin"])
def test_the_compiler_cannot_read_private_files(line: str, tmp_path: Path) -> None:
    private = tmp_path / "private.h"
    private.write_text("int the_secret_word;\n", encoding="ascii")
    fault = fault_of("out[0] = 1;", line.format(path=private))
    assert fault.kind == "compile-error" and "secret_word" not in fault.sentence


def test_a_compiler_that_writes_too_much_is_stopped() -> None:
    assert fault_of("out[0] = huge[5];", "int huge[300 << 20] = {1};").kind == "compile-error"


def test_sentences_of_the_compiler_have_no_control_characters() -> None:
    fault = fault_of("out[0] = \x1b[31mred;")
    assert fault.kind == "compile-error" and "\x1b" not in fault.sentence


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    run("void k(int *out) { out[0] = 3; out[1] = 4; /* left behind? */ }", "k", {"out": OUT}, dialect="c")
    fault_of("out[4] = 1; /* left behind? */")
    assert os.listdir(tmp_path) == []
    assert emulate.HOW["c"] == emulate.CALL
