"""The sandbox as a whole: which level it finds, who may lower it, what a forged report is worth, and that no secret gets in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy
import pytest
from emulator.running import needs_gcc, run
from faults.containment import LEVELS, fault_of, use_level
from hypothesis import given
from hypothesis import strategies as st

from kernelglot.verify import emulate, sandbox, toolchain
from kernelglot.verify.build import Build
from kernelglot.verify.cases import Buffer, Launch, Program, Scalar, TestCase
from kernelglot.verify.verdict import verify

pytestmark = needs_gcc
OUT = numpy.zeros(4, numpy.int32)
ALONE = Launch((1, 1, 1), (1, 1, 1))
ADD = """__global__ void add(const float *x, float *y, int n) { int i = blockIdx.x * blockDim.x + threadIdx.x; if (i < n) y[i] = x[i] + 1.0f; }
void host(float *x, float *y) { add<<<4, 256>>>(x, y, 1000); }
"""


# ---- the level ------------------------------------------------------------------------------------------------------------------

def test_the_self_test_finds_the_highest_level() -> None:
    found = sandbox.strength()
    assert found.level in (0, 1, 2) and (found.level == 0) == bool(found.let_through)
    assert (found.level < 2) == bool(found.missing), "what is missing is said"
    if found.level == 0:
        pytest.skip(f"this system lets through: {found.let_through}")
    assert found.landlock_abi >= 1 and found.seccomp


@pytest.mark.parametrize("level", LEVELS)
def test_each_attack_that_gets_through_lowers_the_level(level: int, monkeypatch: pytest.MonkeyPatch) -> None:
    held = {**dict.fromkeys(sandbox.ATTACKS, 0), **dict.fromkeys(sandbox.HOLDING, 1)}
    for name in (*sandbox.ATTACKS, *sandbox.HOLDING):
        broken = {**held, name: 1 - held[name]}
        monkeypatch.setattr(sandbox, "_attack", lambda asked, broken=broken: broken if asked == level else held)
        found = sandbox.strength.__wrapped__()
        if level == 2:
            assert found.level == 1 and found.missing.startswith("no namespaces"), name
        else:
            assert found.level == 2
    monkeypatch.setattr(sandbox, "_attack", lambda asked: {**held, "isolated": 0, "read": 1})
    found = sandbox.strength.__wrapped__()
    assert found.level == 0 and found.let_through == ("read",) and "no namespaces" in str(found)


def test_a_silent_attacker_is_a_successful_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_attack", lambda level: {})
    found = sandbox.strength.__wrapped__()
    assert found.level == 0 and set(sandbox.ATTACKS) <= set(found.let_through)


def test_the_level_stands_on_the_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    case = TestCase("k", (Buffer("x", "f32", 64, "in"), Buffer("y", "f32", 64, "out")), ALONE, "toml")
    text = "void k(const float *x, float *y) { for (int i = 0; i < 64; ++i) y[i] = x[i] + 1.0f; }"
    programs = [Program("c", text + space, "k", ALONE, ("x", "y")) for space in ("", "\n")]
    for level in LEVELS:
        with monkeypatch.context() as patch:
            use_level(level, patch)
            assert f"sandbox S{level}" in verify(*programs, [case]).evidence[0]


@pytest.mark.parametrize("where", ["compile", "run"])
def test_a_sandbox_that_fails_after_its_self_test_makes_no_verdict(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The runner is asked for a level that it does not reach: nothing is compiled or run, and nobody is blamed."""
    real, used = sandbox.Running.__init__, []

    def starving(self: sandbox.Running, command: list[str], *rest: object, **more: object) -> None:
        if command[1] == where:
            used.append(command)
            command = ["/bin/sh", "-c", 'exec unshare --user --map-root-user sh -c \'echo 0 > /proc/sys/user/max_user_namespaces; exec "$@"\' sh "$@"',
                       "sh", *command]
        real(self, command, *rest, **more)

    if sandbox.strength().level < 2:
        pytest.skip("namespaces are what is taken away here")
    monkeypatch.setattr(sandbox.Running, "__init__", starving)
    case = TestCase("k", (Buffer("x", "f32", 64, "in"), Buffer("y", "f32", 64, "out")), ALONE, "toml")
    text = f"void k(const float *x, float *y) {{ for (int i = 0; i < 64; ++i) y[i] = x[i] + 1.0f; }} // {os.urandom(8).hex()}"
    verdict = verify(Program("c", text, "k", ALONE, ("x", "y")), Program("c", text + "\n", "k", ALONE, ("x", "y")), [case])
    assert used and verdict.rung == "compiled" and verdict.fault.kind == "sandbox" and not verdict.accepted, verdict


def test_a_weaker_sandbox_than_asked_for_is_refused() -> None:
    with pytest.raises(sandbox.Refused, match="level S"):
        sandbox.demand(9)


@pytest.fixture
def weak(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A system that contains nothing, and the user's configuration folder."""
    monkeypatch.setattr(sandbox, "strength", lambda: sandbox.Strength(0, 0, False, ("read",), "no Landlock"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folder = tmp_path / "config" / "kernelglot"
    folder.mkdir(parents=True, mode=0o700)
    folder.parent.chmod(0o700)
    return folder / "settings.toml"


def write(file: Path, text: str, mode: int = 0o600) -> None:
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)


def test_below_level_one_nothing_is_run(weak: Path) -> None:
    with pytest.raises(sandbox.Refused, match="lets through read"):
        sandbox.demand()
    with pytest.raises(sandbox.Refused):
        run("void k(int *out) { out[0] = 1; }", "k", {"out": OUT}, dialect="c")


def test_the_users_own_settings_may_allow_it(weak: Path) -> None:
    write(weak, "least_sandbox = 0\n")
    assert sandbox.demand().level == 0


@pytest.mark.parametrize("text, mode", [("least_sandbox = 0", 0o622), ("least_sandbox = false", 0o600), ("least_sandbox = -1", 0o600), ("not toml [", 0o600),
                                        ("other = 0", 0o600), ("least_sandbox = '0'", 0o600), ("\xff", 0o600)])
def test_settings_that_others_can_write_or_that_make_no_sense_do_not(weak: Path, text: str, mode: int) -> None:
    write(weak, text, mode)
    with pytest.raises(sandbox.Refused):
        sandbox.demand()


def test_a_link_to_a_workspace_does_not(weak: Path, tmp_path: Path) -> None:
    write(tmp_path / "settings.toml", "least_sandbox = 0\n")
    weak.symlink_to(tmp_path / "settings.toml")
    with pytest.raises(sandbox.Refused):
        sandbox.demand()


def test_a_workspace_cannot_allow_it(weak: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kernelglot import session

    workspace = tmp_path / "workspace"
    for folder in (workspace, workspace / ".kernelglot", workspace / "kernelglot", workspace / ".vscode", workspace / ".config" / "kernelglot"):
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("settings.toml", "kernelglot.toml", "pyproject.toml"):
            (folder / name).write_text("least_sandbox = 0\n[tool.kernelglot]\nleast_sandbox = 0\n", encoding="utf-8")
        (folder / "settings.json").write_text('{"kernelglot.least_sandbox": 0, "kernelglot.sandbox.least": 0}', encoding="utf-8")
    monkeypatch.chdir(workspace)
    verdict = session.translate(str(workspace / "add.cu"), ADD, "c").kernels[0].verdict
    assert verdict.rung == "compiled" and "kernels are not run" in verdict.skipped[0]


def test_the_server_takes_no_sandbox_setting() -> None:
    from kernelglot_server import settings

    hostile = {"least_sandbox": 0, "leastSandbox": 0, "sandbox": {"least": 0}, "compilerPath": "/tmp/evil", "compilerArgs": ["-fplugin=evil"], "endpoint": "http://evil"}
    assert settings.from_options(hostile)[0] == settings.Settings()
    assert settings.from_section(settings.Settings(), hostile)[0] == settings.Settings()


# ---- forged reports -------------------------------------------------------------------------------------------------------------

@pytest.fixture(params=LEVELS, ids="S{}".format)
def level(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    use_level(request.param, monkeypatch)
    return request.param


# Finds the runner's report from within its process: a pointer near its global variables that leads to the numbers of this run.
FINDER = """
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
extern unsigned kg_grid[3];
struct report { uint32_t abi, seccomp, started, finished, faulted, line, argument, wrote, ended; };
static struct report *find_report(void) {
    for (char *at = (char *)((uintptr_t)kg_grid & ~7ull) - 65536; at < (char *)kg_grid + 65536; at += 8) {
        if (access(at, F_OK) < 0 && *__errno_location() == 14) continue;
        struct report *found = *(struct report **)at;
        if ((uintptr_t)found < 4096 || (uintptr_t)found & 4095) continue;
        if (access((char *)found, F_OK) < 0 && *__errno_location() == 14) continue;
        if (found->seccomp == 1 && found->abi < 100 && found->started >= 1 && found->started == found->finished + 1 && !found->faulted) return found;
    }
    return 0;
}
"""
FINDER = "#include <errno.h>\n" + FINDER
CASE = TestCase("k", (Buffer("x", "f32", 64, "in"), Buffer("y", "f32", 64, "out")), ALONE, "toml")
RIGHT = Program("c", "void k(const float *x, float *y) { for (int i = 0; i < 64; ++i) y[i] = x[i] * 2.0f; }", "k", ALONE, ("x", "y"))


def forging(body: str) -> Program:
    return Program("c", FINDER + f"void k(const float *x, float *y) {{ struct report *r = find_report(); if (!r) for (;;) {{}} {body} }}", "k", ALONE, ("x", "y"))


@pytest.mark.parametrize("body", [
    "r->started = r->finished = 4000000000u; r->ended = 1; _exit(0);",
    "r->finished = 9; r->ended = 1; _exit(0);",
    "r->started = r->finished = 1; r->ended = 1; _exit(0);",
    "r->started = r->finished = 0; r->ended = 1; _exit(0);",
    "r->faulted = 1; strcpy((char *)r + 72, \"timeout\"); _exit(3);",
    "r->faulted = 1; _exit(3);",
], ids=["counters", "finished", "early", "nothing-done", "parents-kind", "no-kind"])
def test_a_report_that_makes_no_sense_is_forged(body: str, level: int) -> None:
    verdict = verify(RIGHT, forging(body), [CASE])
    assert verdict.rung == "rejected" and verdict.fault.kind == "forged", verdict


def test_results_that_were_never_calculated_are_wrong_results(level: int) -> None:
    """The most that a forger can do: say that all was done. The parent compares all the same."""
    body = "r->started = r->finished = 1000; r->ended = 1; _exit(0);"
    executions = [emulate.Execution(0, {"x": numpy.ones(64, numpy.float32)})]
    program = forging(body.replace("1000", "1"))
    with Build(program, [CASE]) as build, emulate.Job(build.wait(), [CASE], executions) as job:
        outcome = job.wait()
    assert outcome.fault is None and not numpy.any(outcome.results[0]["y"] == 2.0)


def test_the_inputs_are_sealed(level: int) -> None:
    """The copy that one run was given may be written by force; the next run gets what the parent has sent."""
    text = """#include <sys/mman.h>
    #include <stdint.h>
    void k(const float *x, float *y) {
        mprotect((void *)((uintptr_t)x & ~4095ul), 4096, PROT_READ | PROT_WRITE);
        for (int i = 0; i < 64; ++i) { ((float *)x)[i] += 1.0f; y[i] = x[i]; }
    }"""
    values = numpy.arange(64, dtype=numpy.float32)
    executions = [emulate.Execution(0, {"x": values}) for _ in range(3)]
    with Build(Program("c", text, "k", ALONE, ("x", "y")), [CASE]) as build, emulate.Job(build.wait(), [CASE], executions) as job:
        outcome = job.wait()
    assert [list(result["y"]) for result in outcome.results] == [list(values + 1)] * 3 and list(values) == list(range(64))


def test_expected_values_are_never_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[bytes] = []
    real: Callable[..., sandbox.Running] = sandbox.start_run

    def watching(job: bytes, inputs: bytes, *rest: object) -> sandbox.Running:
        sent.append(bytes(job) + bytes(inputs))
        return real(job, inputs, *rest)

    monkeypatch.setattr(sandbox, "start_run", watching)
    copy = Program("c", RIGHT.text + "\n", "k", ALONE, ("x", "y"))
    executions: list[emulate.Execution] = []
    made = emulate.Job.__init__
    monkeypatch.setattr(emulate.Job, "__init__", lambda self, module, cases, runs, *rest, **more: (executions.extend(runs), made(self, module, cases, runs, *rest, **more))[1])
    assert verify(RIGHT, copy, [CASE]).accepted
    results = [(each.arrays["x"] * numpy.float32(2)).tobytes() for each in executions if numpy.isfinite(each.arrays["x"]).all() and each.arrays["x"].any()]
    plain = {each.arrays["x"].tobytes() for each in executions}
    assert results and not any(result in each for each in sent for result in results if result not in plain)


@given(head=st.binary(min_size=0, max_size=620), code=st.integers(-64, 255), timed_out=st.booleans(), runs=st.integers(1, 20), arguments=st.integers(0, 70))
def test_no_report_upsets_its_reader(head: bytes, code: int, timed_out: bool, runs: int, arguments: int) -> None:
    report = sandbox.read_report(head.ljust(sandbox.RESULT_HEADER, b"\xff"), sandbox.Finished(code, "", timed_out, 0.5), runs, arguments)
    assert 0 <= report.started <= runs and 0 <= report.finished <= runs and -1 <= report.argument < max(arguments, 1)
    assert all(ord(letter) >= 32 and not 0x7f <= ord(letter) < 0xa0 for letter in report.kind + report.sentence)


# ---- secrets --------------------------------------------------------------------------------------------------------------------

CANARIES = {"ANTHROPIC_API_KEY": "sk-canary-3f9a", "KERNELGLOT_TOKEN": "sk-canary-3f9a", "AWS_SECRET_ACCESS_KEY": "sk-canary-3f9a"}
TATTLER = """#!/bin/sh
if env | grep -q sk-canary; then echo "kernel:1:1: error: LEAKED" >&2; exit 1; fi
echo "$$ $(basename $0)" >> "{log}"
exec {real} "$@"
"""


@pytest.fixture
def tattlers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """An environment with canaries, a fresh cache, and compilers that fail when they see a canary."""
    folder = tmp_path / "tools" / "bin"
    folder.mkdir(parents=True)
    for tool in ("gcc", "g++", "ld", "nvcc", "clang++-19", "clang-19"):
        if toolchain.installed(tool):
            (folder / tool).write_text(TATTLER.format(real=toolchain.find(tool), log=tmp_path / "log"), encoding="ascii")
            (folder / tool).chmod(0o755)
    yield {**os.environ, **CANARIES, "PATH": f"{folder}:{os.environ['PATH']}", "XDG_CACHE_HOME": str(tmp_path / "cache"),
           "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def test_no_secret_reaches_a_child_of_the_command_line(tattlers: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "add.cu").write_text(ADD, encoding="ascii")
    done = subprocess.run([sys.executable, "-m", "kernelglot.cli", "translate", "add.cu", "--to", "c", "--json"], cwd=tmp_path, env=tattlers,
                          capture_output=True, text=True, timeout=120, check=False)
    assert "LEAKED" not in done.stdout + done.stderr
    assert json.loads(done.stdout)["kernels"][0]["verdict"]["rung"] in ("tested", "exact"), done.stdout + done.stderr
    assert (tmp_path / "log").exists(), "the compilers of this test were used"


def answer_of_a_worker(call: str, arguments: dict[str, object], options: list[str], folder: Path, env: dict[str, str]) -> dict[str, object]:
    with subprocess.Popen([sys.executable, "-m", "kernelglot.worker", *options], cwd=folder, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True, start_new_session=True) as worker:
        worker.stdin.write(json.dumps({"id": 1, "call": call, "arguments": arguments}) + "\n")
        worker.stdin.flush()
        answer = next(json.loads(line) for line in worker.stdout if '"result"' in line or '"error"' in line)
        worker.stdin.close()
    return answer


def test_the_worker_closes_itself_before_it_works(tmp_path: Path) -> None:
    (tmp_path / "asked.py").write_text("import ctypes\ndef doctor():\n    return ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)\n", encoding="ascii")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *(path for path in sys.path if path)])}
    assert answer_of_a_worker("doctor", {}, ["--session", "asked"], tmp_path, env)["result"] == 0


def test_no_secret_reaches_a_child_of_the_server(tattlers: dict[str, str], tmp_path: Path) -> None:
    """The whole way: an editor, the server, its worker, compilers and kernels."""
    file = tmp_path / "add.cu"
    file.write_text(ADD, encoding="ascii")
    uri = file.as_uri()
    arguments = {"uri": uri, "kernel": "add", "target": "c", "version": None, "wait": True}
    with subprocess.Popen([sys.executable, "-m", "kernelglot_server"], cwd=tmp_path, env=tattlers, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, start_new_session=True) as server:
        ask(server, 1, "initialize", {"processId": None, "rootUri": tmp_path.as_uri(), "capabilities": {}})
        send(server, {"method": "initialized", "params": {}})
        send(server, {"method": "textDocument/didOpen", "params": {"textDocument": {"uri": uri, "languageId": "cuda-cpp", "version": 1, "text": ADD}}})
        answer = ask(server, 2, "workspace/executeCommand", {"command": "kernelglot.server.convert", "arguments": [arguments]})
        ask(server, 3, "shutdown", None)
        send(server, {"method": "exit", "params": None})
    assert "LEAKED" not in json.dumps(answer) and answer["result"]["state"] == "verified", answer


def send(server: subprocess.Popen[bytes], message: dict[str, object]) -> None:
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    server.stdin.flush()


def ask(server: subprocess.Popen[bytes], number: int, method: str, params: object) -> dict[str, object]:
    """The answer to one request; what the server asks meanwhile is answered with nothing."""
    send(server, {"id": number, "method": method, "params": params})
    while True:
        length = 0
        while (line := server.stdout.readline()) not in (b"\r\n", b""):
            length = int(line.partition(b":")[2]) if line.lower().startswith(b"content-length") else length
        message = json.loads(server.stdout.read(length))
        if message.get("id") == number and "method" not in message:
            return message
        if "id" in message and "method" in message:
            send(server, {"id": message["id"], "result": None})


def test_no_secret_reaches_a_child_of_the_worker(tattlers: dict[str, str], tmp_path: Path) -> None:
    answer = answer_of_a_worker("translate", {"path": "add.cu", "text": ADD, "to": "c"}, [], tmp_path, tattlers)
    assert "LEAKED" not in json.dumps(answer) and answer["result"]["kernels"][0]["verdict"]["rung"] in ("tested", "exact")


@pytest.mark.parametrize("start", ["from kernelglot.verify.sandbox import keep_private; keep_private()", "from kernelglot_server.app import keep_private; keep_private()"])
def test_memory_and_environment_of_server_and_worker_are_closed(start: str) -> None:
    """PR_GET_DUMPABLE is what the kernel asks before another process of the user may look."""
    ask = f"import ctypes\n{start}\nprint(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    assert subprocess.run([sys.executable, "-c", ask], env=env, capture_output=True, text=True, timeout=60, check=True).stdout == "0\n"


def test_a_compiler_of_the_workspace_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "g++").write_text("#!/bin/sh\nexit 1\n", encoding="ascii")
    (tmp_path / "g++").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    toolchain.find.cache_clear()
    for path in ("", ".", f".:{os.environ['PATH']}", f":{os.environ['PATH']}"):
        monkeypatch.setenv("PATH", path)
        assert toolchain.installed("g++") == (len(path) > 1)
        if len(path) > 1:
            assert os.path.isabs(toolchain.find("g++")) and not toolchain.find("g++").startswith(str(tmp_path))
    toolchain.find.cache_clear()


def test_a_compiler_in_the_home_folder_does_not_open_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    tools = tmp_path / "home" / "bin"
    toolkit = tmp_path / "home" / "toolkit" / "bin"
    for folder in (tools, toolkit):
        folder.mkdir(parents=True)
    (toolkit / "g++").touch()
    (tools / "g++").symlink_to(toolkit / "g++")
    assert toolchain.install_folders(str(tools / "g++")) == (str(tools), str(toolkit.parent))
    assert toolchain.install_folders("/usr/bin/env") == () and toolchain.install_folders("/opt/g++") == ("/opt",)
    assert toolchain.install_folders("/opt/rocm/bin/hipcc") == ("/opt/rocm",)


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, level: int) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    run(f"void k(int *out) {{ out[0] = 3; out[1] = 4; /* left behind at {level}? */ }}", "k", {"out": OUT}, dialect="c")
    fault_of(f"out[4] = 1; /* left behind at {level}? */")
    assert os.listdir(tmp_path) == []
    assert emulate.HOW["c"] == emulate.CALL


def test_a_scalar_is_passed_within_the_sandbox(level: int) -> None:
    case = TestCase("k", (Scalar("a", "i32", 5), Buffer("out", "i32", 4, "out")), ALONE, "toml")
    program = Program("c", "void k(int a, int *out) { for (int i = 0; i < 4; ++i) out[i] = a; }", "k", ALONE, ("a", "out"))
    assert list(emulate.run_once(program, case, {})["out"]) == [5] * 4
