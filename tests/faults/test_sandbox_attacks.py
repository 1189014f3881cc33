"""What a hostile kernel tries when it is run, at every level of the sandbox: contained, told as one typed fault, and this process goes on."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from emulator.running import needs_gcc
from faults.containment import LEVELS, fault_of, outcome, use_level

CONTAINED = 7

pytestmark = needs_gcc


@pytest.fixture(autouse=True, params=LEVELS, ids="S{}".format)
def level(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    use_level(request.param, monkeypatch)
    return request.param


SYSCALL = "#define _GNU_SOURCE\n#include <unistd.h>\n#include <sys/syscall.h>\n#include <sched.h>\n#include <signal.h>\n#include <fcntl.h>"

# The system is asked for something that no kernel needs: name -> (what stands above the kernel, its body).
FORBIDDEN = {
    "tcp": ("#include <sys/socket.h>", "out[0] = socket(AF_INET, SOCK_STREAM, 0);"),
    "udp": ("#include <sys/socket.h>", "out[0] = socket(AF_INET, SOCK_DGRAM, 0);"),
    "abstract-socket": ("#include <sys/socket.h>", "out[0] = socket(AF_UNIX, SOCK_STREAM, 0);"),
    "netlink": ("#include <sys/socket.h>", "out[0] = socket(AF_NETLINK, SOCK_RAW, 0);"),
    "socketpair": ("#include <sys/socket.h>", "int two[2]; out[0] = socketpair(AF_UNIX, SOCK_STREAM, 0, two);"),
    "fork-bomb": (SYSCALL, "for (;;) fork();"),
    "vfork": (SYSCALL, "out[0] = vfork();"),
    "clone": (SYSCALL, "out[0] = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);"),
    "clone-namespace": (SYSCALL, "out[0] = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);"),
    "daemon": (SYSCALL, "if (fork() == 0) { setsid(); if (fork() == 0) for (;;) pause(); }"),
    "system": ("#include <stdlib.h>", "out[0] = system(\"id\");"),
    "shell": (SYSCALL, "execl(\"/bin/sh\", \"sh\", \"-c\", \"id\", (char *)0);"),
    "execveat": (SYSCALL, "char *none[] = {0}; out[0] = syscall(SYS_execveat, AT_FDCWD, \"/bin/true\", none, none, 0);"),
    "kill-parent": (SYSCALL, "out[0] = kill(getppid(), SIGKILL);"),
    "kill-all": (SYSCALL, "out[0] = kill(-1, SIGKILL);"),
    "tgkill-other": (SYSCALL, "out[0] = syscall(SYS_tgkill, 1 + (getpid() == 1), 1 + (getpid() == 1), SIGKILL);"),
    "ptrace": ("#include <sys/ptrace.h>", "out[0] = ptrace(PTRACE_ATTACH, 1, 0, 0);"),
    "read-memory": (SYSCALL, "out[0] = syscall(SYS_process_vm_readv, getpid(), 0, 0, 0, 0, 0);"),
    "write-memory": (SYSCALL, "out[0] = syscall(SYS_process_vm_writev, getpid(), 0, 0, 0, 0, 0);"),
    "io_uring": (SYSCALL, "out[0] = syscall(425, 8, 0);"),
    "unshare": (SYSCALL, "out[0] = unshare(CLONE_NEWUSER);"),
    "setns": (SYSCALL, "out[0] = syscall(SYS_setns, 0, 0);"),
    "pidfd_open": (SYSCALL, "out[0] = syscall(434, getpid(), 0);"),
    "pidfd_getfd": (SYSCALL, "out[0] = syscall(438, 3, 0, 0);"),
    "keyctl": (SYSCALL, "out[0] = syscall(SYS_keyctl, 0, -3, 0);"),
    "add_key": (SYSCALL, "out[0] = syscall(SYS_add_key, \"user\", \"a\", \"b\", 1, -3);"),
    "bpf": (SYSCALL, "out[0] = syscall(SYS_bpf, 0, 0, 0);"),
    "perf": (SYSCALL, "out[0] = syscall(SYS_perf_event_open, 0, 0, -1, -1, 0);"),
    "userfaultfd": (SYSCALL, "out[0] = syscall(SYS_userfaultfd, 0);"),
    "personality": (SYSCALL, "out[0] = syscall(SYS_personality, 0x0040000);"),
    "mount": ("#include <sys/mount.h>", "out[0] = mount(\"none\", \"/\", \"tmpfs\", 0, 0);"),
    "chroot": (SYSCALL, "out[0] = chroot(\"/\");"),
    "symlink": (SYSCALL, "out[0] = symlink(\"/etc/passwd\", \"link\");"),
    "unlink": ("#include <stdio.h>", "remove(\"/tmp/kernelglot-nothing\");"),
    "mkdir": ("#include <sys/stat.h>", "out[0] = mkdir(\"folder\", 0700);"),
    "chmod": ("#include <sys/stat.h>", "out[0] = chmod(\"/tmp\", 0777);"),
    "memfd": (SYSCALL, "out[0] = syscall(SYS_memfd_create, \"x\", 0);"),
    "shared-memory": ("#include <sys/shm.h>", "out[0] = shmget(IPC_PRIVATE, 1 << 20, 0600);"),
    "limits-of-others": ("#define _GNU_SOURCE\n#include <sys/resource.h>\n#include <unistd.h>",
                         "struct rlimit low = {0, 0}; out[0] = prlimit(getppid() + 1, RLIMIT_NOFILE, &low, 0);"),
    "own-limits": ("#include <sys/resource.h>", "struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY}; out[0] = setrlimit(RLIMIT_AS, &all);"),
    "setsid": (SYSCALL, "out[0] = setsid();"),
    "setuid": (SYSCALL, "out[0] = setuid(0);"),
    "seccomp": (SYSCALL, "out[0] = syscall(SYS_seccomp, 0, 0, 0);"),
    "terminal": ("#include <sys/ioctl.h>", "char c = 'x'; out[0] = ioctl(0, TIOCSTI, &c);"),
    "x32": (SYSCALL, "out[0] = syscall(0x40000000 + 39);"),
    "int-0x80": ("", "int got; __asm__ volatile(\"int $0x80\" : \"=a\"(got) : \"a\"(20) : \"memory\"); out[0] = got;"),
}


@pytest.mark.parametrize("top, body", FORBIDDEN.values(), ids=FORBIDDEN)
def test_system_calls_that_no_kernel_needs(top: str, body: str) -> None:
    assert fault_of(body, top).kind == "forbidden"


OPENING = "#include <fcntl.h>\n#include <unistd.h>\n#include <stdio.h>\n#include <string.h>"


@pytest.mark.parametrize("path", ["/etc/passwd", "/etc/shadow", "/proc/self/environ", "/proc/self/mem", "/proc/1/environ", "/proc/{parent}/environ",
                                  "/proc/{parent}/mem", "{private}", "{module}", "/dev/mem", "/dev/zero", "/sys/kernel/notes"])
def test_files_cannot_be_read(path: str, tmp_path: Path) -> None:
    from kernelglot.verify import toolchain

    private = tmp_path / "id_ed25519"
    private.write_text("a private key", encoding="ascii")
    name = path.format(parent=os.getpid(), private=private, module=toolchain.cache_folder())
    assert outcome(f'out[0] = open("{name}", O_RDONLY) < 0 ? {CONTAINED} : 0;', OPENING) == CONTAINED


@pytest.mark.parametrize("flags", ["O_WRONLY | O_CREAT", "O_RDWR | O_CREAT | O_EXCL", "O_WRONLY | O_TMPFILE"])
def test_files_cannot_be_written(flags: str, tmp_path: Path) -> None:
    target = tmp_path if "TMPFILE" in flags else tmp_path / "written"
    places = [str(target), "here", ".", "/dev/shm/kernelglot-attack", "/usr/lib/kernelglot-attack"]
    tries = "".join(f'good &= open("{place}", {flags}, 0600) < 0;' for place in places)
    top = "#define _GNU_SOURCE\n" + OPENING
    assert outcome(f"int good = 1; {tries} out[0] = good ? {CONTAINED} : 0;", top) == CONTAINED
    assert os.listdir(tmp_path) == []


def test_many_files_cannot_be_made() -> None:
    body = f'char name[32]; int made = 0; for (int i = 0; i < 20000; ++i) {{ snprintf(name, 32, "f%d", i); made += open(name, O_CREAT | O_RDWR, 0600) >= 0; }}' \
           f"out[0] = made ? 0 : {CONTAINED};"
    assert outcome(body, OPENING) == CONTAINED


def test_the_environment_is_scrubbed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERNELGLOT_CANARY_KEY", "the-secret-canary")
    top = OPENING + "\nextern char **environ;"
    body = f'int good = 1; for (char **each = environ; *each; ++each) good &= !strstr(*each, "CANARY") && !strstr(*each, "the-secret"); out[0] = good ? {CONTAINED} : 0;'
    assert outcome(body, top) == CONTAINED


def test_no_descriptor_of_ours_is_open() -> None:
    top = OPENING + "\n#include <sys/stat.h>"
    body = f"int open_ones = 0; struct stat s; for (int i = 3; i < 4096; ++i) open_ones += fstat(i, &s) == 0; out[0] = open_ones ? 0 : {CONTAINED};"
    assert outcome(body, top) == CONTAINED


@pytest.mark.parametrize("body", ["free_(malloc(6ull << 30))", "free_(mmap(0, 6ull << 30, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))"], ids=["malloc", "mmap"])
def test_six_gibibytes_are_not_to_be_had(body: str) -> None:
    top = "#include <stdlib.h>\n#include <sys/mman.h>\nstatic int free_(void *p) { return p && p != MAP_FAILED; }"
    assert outcome(f"out[0] = {body} ? 0 : {CONTAINED};", top) == CONTAINED


def test_memory_that_grows_is_limited() -> None:
    top = "#include <stdlib.h>\n#include <string.h>"
    body = f"long got = 0; for (char *p; got < 6000 && (p = malloc(1 << 20)); ++got) p[0] = 1; out[0] = got < 4200 ? {CONTAINED} : 0;"
    assert outcome(body, top) == CONTAINED


def test_threads_are_limited_by_memory() -> None:
    top = "#include <pthread.h>\n#include <unistd.h>\nstatic void *wait_(void *p) { for (;;) sleep(100); return p; }"
    body = f"int made = 0; pthread_t t; while (made < 5000 && !pthread_create(&t, 0, wait_, 0)) ++made; out[0] = made < 2000 ? {CONTAINED} : 0;"
    assert outcome(body, top) == CONTAINED


def test_a_stack_that_never_ends_is_a_fault() -> None:
    top = "static __attribute__((noinline)) int deeper(volatile int *p) { volatile int more[4096]; more[0] = p[0]; return deeper(more) + more[0]; }"
    assert fault_of("out[0] = deeper(out);", top).kind in ("out-of-bounds", "crash")


@pytest.mark.parametrize("top, body", [
    ("", "for (volatile int i = 0;; ++i) {}"),
    ("#include <signal.h>", "signal(SIGTERM, SIG_IGN); signal(SIGHUP, SIG_IGN); signal(SIGXCPU, SIG_IGN); for (volatile int i = 0;; ++i) {}"),
    ("#include <signal.h>", "raise(SIGSTOP); for (volatile int i = 0;; ++i) {}"),
    ("#include <unistd.h>", "for (;;) sleep(1000);"),
    ("#include <pthread.h>\nstatic void *spin(void *p) { for (volatile int i = 0;; ++i) {} return p; }",
     "pthread_t t; for (int i = 0; i < 8; ++i) pthread_create(&t, 0, spin, 0); spin(0);"),
], ids=["endless", "signals-ignored", "stopped", "asleep", "threads"])
def test_what_does_not_end_is_a_timeout(top: str, body: str) -> None:
    start = time.monotonic()
    assert fault_of(body, top, timeout_s=0.5).kind == "timeout"
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("stream", [1, 2])
def test_a_flood_of_output_is_not_kept(stream: int) -> None:
    body = f"static char block[1 << 20]; long sent = 0; for (int i = 0; i < 2000; ++i) sent += write({stream}, block, sizeof block) > 0; out[0] = {CONTAINED};"
    assert outcome(body, "#include <unistd.h>") == CONTAINED


def test_clone3_is_not_there() -> None:
    body = f"char none[88] = {{0}}; out[0] = syscall(SYS_clone3, none, sizeof none) < 0 ? {CONTAINED} : 0;"
    assert outcome(body, SYSCALL) == CONTAINED


def test_it_cannot_become_dumpable_again() -> None:
    body = f"out[0] = prctl(PR_SET_DUMPABLE, 1) < 0 ? {CONTAINED} : 0;"
    assert outcome(body, "#include <sys/prctl.h>") == CONTAINED


@pytest.mark.parametrize("top, body, kind", [
    ("", "*(volatile int *)0 = 1;", "out-of-bounds"),
    ("#include <stdlib.h>", "abort();", "crash"),
    ("", "__builtin_trap();", "crash"),
    ("#include <stdlib.h>", "exit(0);", "crash"),
    ("#include <unistd.h>", "_exit(0);", "crash"),
    ("#include <signal.h>", "raise(SIGKILL); for (;;) {}", "crash|timeout"),        # the first process of a namespace cannot kill itself
    ("", "volatile int zero = 0; out[0] = 1 % zero;", "crash"),
    ("", "((void (*)(void))out)();", "crash"),
], ids=["null", "abort", "trap", "exit", "_exit", "kill-itself", "divide", "jump"])
def test_crashes(top: str, body: str, kind: str) -> None:
    assert fault_of(body, top, timeout_s=1.0 if "|" in kind else 10.0).kind in kind.split("|")


@pytest.mark.parametrize("text", ["__attribute__((constructor)) static void first(void) { socket(AF_INET, SOCK_STREAM, 0); }",
                                  "static void first(void) { socket(AF_INET, SOCK_STREAM, 0); }\n"
                                  "__attribute__((section(\".init_array\"), used)) static void (*start)(void) = first;",
                                  "static void *pick(void) { socket(AF_INET, SOCK_STREAM, 0); return 0; } void other(void) __attribute__((ifunc(\"pick\")));"
                                  "void (*use)(void) = other;"],
                         ids=["constructor", "init_array", "ifunc"])
def test_code_that_runs_while_loading_is_locked_down_already(text: str) -> None:
    assert fault_of("out[0] = 1;", "#include <sys/socket.h>\n" + text).kind == "forbidden"
