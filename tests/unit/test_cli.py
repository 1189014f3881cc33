"""The command line: arguments, exit codes, ``--json`` and its schema, what a terminal shows and what a pipe gets."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest

from kernelglot import cli, session
from kernelglot.terminal import NARROW, SPARE, Progress, shortened

ROOT = Path(__file__).resolve().parents[2]
ADD = ROOT / "examples/operators/vector_add.cu"
DECLINED = ROOT / "tests/declined/last_block.cu"  # it counts in a variable that outlives the launch
SCHEMA = jsonschema.Draft202012Validator(json.loads((ROOT / "engine/kernelglot/schema/translate.schema.json").read_text()))
GOOD = "__global__ void {name}(const float* x, float* y, int n) {{ int i = blockIdx.x * blockDim.x + threadIdx.x; if (i < n) y[i] = {what}; }}\n"


@pytest.fixture
def run(capsys, monkeypatch):
    """The exit code, standard output and standard error of one call, in this process; real compilers are asked in test_vendor."""
    monkeypatch.setattr(cli, "COMPILERS_S", 0.0)

    def call(*arguments: object) -> tuple[int, str, str]:
        try:
            code = cli.main([str(argument) for argument in arguments])
        except SystemExit as end:  # argparse
            code = end.code
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def file_of(folder: Path, *kernels: str, name: str = "k.cu") -> Path:
    path = folder / name
    path.write_text("".join(kernels))
    return path


# ---- exit codes and json -------------------------------------------------------------------------------------------------------


def kernels_of(out: str) -> list[dict]:
    report = json.loads(out)
    SCHEMA.validate(report)
    assert list(report) == ["kernels"]
    return report["kernels"]


def test_0_every_kernel_verified(run, tmp_path):
    path = file_of(tmp_path, GOOD.format(name="a", what="x[i]"), GOOD.format(name="b", what="2 * x[i]"))
    code, out, err = run("translate", path, "--to", "c", "--json")
    assert code == 0 and err == ""
    assert [(k["name"], k["source"], k["target"], k["out"], k["declined"]) for k in kernels_of(out)] == [
        (name, "cuda", "c", str(tmp_path / "k.c"), None) for name in "ab"
    ]
    assert all(k["verdict"]["rung"] == "exact" and k["verdict"]["evidence"] and k["verdict"]["skipped"] for k in kernels_of(out))


def test_1_a_verdict_failed(run, tmp_path):
    right, wrong = (
        file_of(tmp_path, GOOD.format(name="a", what="x[i]")),
        file_of(tmp_path, GOOD.format(name="a", what="x[i] + 1"), name="w.cu"),
    )
    code, out, _ = run("verify", right, wrong, "--json")
    assert code == 1 and kernels_of(out)[0]["verdict"]["rung"] == "rejected"
    code, out, _ = run("verify", right, wrong)
    assert code == 1 and f"a: {wrong} against {right}: REJECTED" in out and "y[" in out


def test_2_usage(run, tmp_path):
    path = file_of(tmp_path, GOOD.format(name="first", what="x[i]"), GOOD.format(name="second", what="x[i]"))
    for arguments, said in (
        (("translate", path, "--to", "fortran"), "invalid choice"),
        (("translate", path), "--to"),
        ((), "COMMAND"),
        (("translate", path, "--to", "cuda"), "is CUDA C already"),
        (("translate", path, "--to", "c", "--kernel", "frist"), "no kernel `frist`; its kernels: `first`, `second`"),
        (("translate", path, "--to", "c", "--out", "-", "--json"), "choose one"),
        (("translate", "-", "--to", "c"), "Standard input is not read"),
    ):
        code, out, err = run(*arguments)
        assert code == 2 and said in out + err, (arguments, out, err)
    assert [each.name for each in tmp_path.iterdir()] == ["k.cu"]


def test_3_declined_with_a_reason(run):
    code, out, _ = run("translate", DECLINED, "--to", "c", "--json")
    (kernel,) = kernels_of(out)
    assert code == 3 and kernel["verdict"] is None and kernel["out"] is None
    assert "arrived" in kernel["declined"]["reason"] and kernel["declined"]["line"] and kernel["declined"]["code"]
    code, out, _ = run("translate", DECLINED, "--to", "c")
    assert code == 3 and "-> c: declined" in out and re.search(r"last_block\.cu:\d+: .*arrived", out)


def test_3_no_route(run, tmp_path):
    path = file_of(tmp_path, "__mlu_entry__ void k(float* x) { x[taskId] = 1.0f; }\n", name="k.mlu")
    for target in ("hip", "cuda", "c", "vnni"):
        code, out, _ = run("translate", path, "--to", target, "--json")
        assert code == 3 and kernels_of(out)[0]["declined"]["code"] == "no-route"


def test_what_is_declined_keeps_nothing_from_the_other_kernels(run, tmp_path):
    bad = "__global__ void bad(float **p, int q) { p[q][threadIdx.x] = 1.0f; }\n"
    path = file_of(tmp_path, GOOD.format(name="a", what="x[i]"), bad, GOOD.format(name="b", what="-x[i]"))
    code, out, _ = run("translate", path, "--to", "c", "--json")
    assert code == 3 and [k["out"] is not None for k in kernels_of(out)] == [True, False, True]
    assert [k["name"] for k in kernels_of(out)] == ["a", "bad", "b"]
    text = (tmp_path / "k.c").read_text()
    assert "void a(" in text and "void b(" in text and "bad" not in text


def test_a_kernel_that_cannot_be_read_has_a_name_and_a_reason(run, tmp_path):
    path = file_of(tmp_path, GOOD.format(name="a", what="x[i]"), "__global__ void bad(float **p, int q) { p[q][threadIdx.x] = 1.0f; }\n")
    code, out, _ = run("translate", path, "--to", "c", "--kernel", "bad", "--json")
    (kernel,) = kernels_of(out)
    assert code == 3 and kernel["name"] == "bad" and kernel["declined"]["line"] == 2


def test_hip_keeps_one_text_so_it_is_all_or_nothing(run, tmp_path):
    bad = "__global__ void bad(float **p, int q) { p[q][threadIdx.x] = 1.0f; }\n"
    path = file_of(tmp_path, GOOD.format(name="a", what="x[i]"), bad)
    code, out, _ = run("translate", path, "--to", "hip")
    assert code == 3 and "not written: HIP keeps the file as one text" in out and not (tmp_path / "k.hip").exists()
    code, out, _ = run("translate", path, "--to", "hip", "--kernel", "a")
    assert code == 0 and "the other kernels of the file, translated along: bad" in out and (tmp_path / "k.a.hip").exists()


@pytest.mark.parametrize("arguments", [("translate", "none.cu", "--to", "c"), ("verify", "none.cu", "none.c")])
def test_json_is_one_object_even_where_nothing_could_be_started(run, arguments):
    code, out, err = run(*arguments, "--json")
    assert code == 2 and kernels_of(out) == [] and "cannot be read" in err


def test_json_of_check_and_doctor(run):
    code, out, _ = run("check", DECLINED, "--json")
    assert code == 3 and {"line", "column", "code", "message"} == set(json.loads(out)["findings"][0])
    code, out, err = run("check", "none.cu", "--json")
    assert code == 2 and json.loads(out) == {"findings": []} and "cannot be read" in err
    code, out, _ = run("doctor", "--json")
    assert code == 0 and {"python", "g++", "sandbox"} <= {check["name"] for check in json.loads(out)["checks"]}


def test_out_minus_prints_the_text_and_nothing_else(run):
    code, out, err = run("translate", ADD, "--to", "c", "--out", "-")
    assert code == 0 and out.startswith(session.MARK) and "exact" in err and "wrote" not in err


def test_check_says_what_there_is(run, tmp_path):
    assert run("check", ADD)[1] == f"{ADD}: 1 kernel, nothing in it that cannot be read.\n"
    assert run("check", file_of(tmp_path, "int x;\n"))[1].endswith("k.cu: no kernel.\n")


# ---- terminals -----------------------------------------------------------------------------------------------------------------


class Screen(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("columns", [20, 40, 60, NARROW, 200])
def test_progress_is_one_line_that_fits(monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("TERM", "xterm")
    screen = Screen()
    with Progress(screen, quiet=False) as progress:
        progress({"kernel": "核" * 40 + "k\x1b[31m\n", "percent": 50, "message": "comparing " * 3})
    drawn = screen.getvalue()
    assert "\n" not in drawn and drawn.endswith("\r\x1b[K") and "[31m" not in drawn.replace("?[31m", "")
    for line in drawn.replace("\x1b[K", "").split("\r"):
        assert len(line) + line.count("核") <= max(20, columns) - SPARE


def test_progress_says_what_happens_before_the_whole_of_a_long_name(monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("TERM", "xterm")
    screen = Screen()
    with Progress(screen, quiet=False) as progress:
        progress({"kernel": "a_kernel_with_a_name_that_is_rather_long", "percent": 50, "message": "comparing"})
    assert ": comparing  0.0 s" in screen.getvalue() and " 50 %  a_kernel" in screen.getvalue()


@pytest.mark.parametrize("stream", [io.StringIO(), Screen()])
def test_no_progress_in_a_pipe_on_a_dumb_terminal_or_with_json(monkeypatch, stream):
    monkeypatch.setenv("TERM", "dumb")
    with Progress(stream, quiet=False) as progress:
        progress({"kernel": "k", "percent": 50, "message": "m"})
    monkeypatch.setenv("TERM", "xterm")
    with Progress(stream, quiet=True) as progress:
        progress({"kernel": "k", "percent": 50, "message": "m"})
    assert stream.getvalue() == ""


def test_cut_texts():
    assert [shortened("abcdef", columns) for columns in (6, 5, 3, 2, 0, -4)] == ["abcdef", "ab...", "...", "", "", ""]
    assert shortened("核核核", 5) == "核..."


def on_a_terminal(folder: Path, *arguments: object, interrupt_at: bytes = b"", **environment: str) -> tuple[int, str]:
    """Exit code and everything drawn by a call whose three streams are a terminal; Ctrl-C is typed when ``interrupt_at`` is seen."""
    main, terminal = pty.openpty()
    settings = {**os.environ, "PYTHONPATH": f"{ROOT}/engine", "TERM": "xterm", "COLUMNS": "60", **environment}
    command = [sys.executable, "-m", "kernelglot.cli", *map(str, arguments)]
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=settings,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
        preexec_fn=take_terminal,
    )
    os.close(terminal)
    drawn, begun = b"", time.monotonic()
    while time.monotonic() - begun < 60:
        if select.select([main], [], [], 0.1)[0]:
            try:
                drawn += os.read(main, 65536)
            except OSError:  # the other end is closed
                break
        if interrupt_at and interrupt_at in drawn:
            os.write(main, b"\x03")
            interrupt_at = b""
    os.close(main)
    return process.wait(10), drawn.decode()


def take_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def shown(drawn: str) -> list[str]:
    """The lines that are left on the screen."""
    lines = [line.split("\r")[-1] for line in drawn.replace("\r\n", "\n").split("\n")]  # every drawing erases to the end of the line
    return [re.sub(r"\x1b\[[0-9;]*[mK]", "", line) for line in lines]


def test_a_terminal_shows_progress_and_colours_and_keeps_the_result_alone(tmp_path):
    path = file_of(tmp_path, GOOD.format(name="a", what="x[i]"))
    code, drawn = on_a_terminal(tmp_path, "translate", path.name, "--to", "c", NO_COLOR="")
    assert code == 0 and re.search(r"\r *\d+ %  a: ", drawn) and "\x1b[32m✓\x1b[0m a -> c: exact" in drawn
    assert shown(drawn)[0].startswith("✓ a -> c: exact, ") and not any("%" in line for line in shown(drawn))


def test_no_color(tmp_path):
    path = file_of(tmp_path, GOOD.format(name="a", what="x[i]"))
    _, drawn = on_a_terminal(tmp_path, "translate", path.name, "--to", "c", NO_COLOR="1")
    assert "✓ a -> c" in drawn and not re.search(r"\x1b\[[0-9;]*m", drawn)


def test_ctrl_c_leaves_one_sentence(tmp_path):
    slow = "// kernelglot: launch grid=(64) block=(256) n=16384 x=float[16384] y=float[16384]:out\n" + GOOD.format(
        name="a_kernel_with_a_name_that_is_longer_than_a_line_of_the_terminal", what="x[i]"
    ).replace("y[i] = x[i]", "{ float s = 0; for (int k = 0; k < 4000000; ++k) s += x[(i + k) % n]; y[i] = s; }")
    path = file_of(tmp_path, slow)
    code, drawn = on_a_terminal(tmp_path, "translate", path.name, "--to", "c", interrupt_at=b"runs of each")
    assert code == 130 and [line for line in shown(drawn) if line] == ["kernelglot: cancelled."]
    assert [each.name for each in tmp_path.iterdir()] == ["k.cu"]
