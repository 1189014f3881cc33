"""Bad input and bad surroundings: a clear sentence, no traceback, nothing lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ADD = ROOT / "examples/operators/vector_add.cu"
KERNEL = "__global__ void k(const float* x, float* y, int n) { int i = blockIdx.x * blockDim.x + threadIdx.x; if (i < n) y[i] = x[i]; }\n"


BROKEN = "__global__ void k(float* x { x[0] = ; }}}} <<<\n"
COMMAND = [sys.executable, "-m", "kernelglot.cli"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": f"{ROOT}/engine:{ROOT}/server"}


def run(*arguments: object, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess:
    made = {**ENVIRONMENT, **environment}
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], capture_output=True, text=True, cwd=cwd, env=made, timeout=60, stdin=subprocess.DEVNULL
    )


def check(done: subprocess.CompletedProcess, code: int, *words: str) -> None:
    said = done.stdout + done.stderr
    assert done.returncode == code, said
    assert "Traceback" not in said
    for word in words:
        assert word in said, said


# ---- files -------------------------------------------------------------------------------------------------------------------

BAD = {
    # text -> exit codes of translate, verify and check, and a word of what is said
    "unparsable": (BROKEN.encode(), (3, 3, 3), "k"),
    "empty": (b"", (3, 3, 0), "is empty"),
    "blank": (b" \n\t\n", (3, 3, 0), "is empty"),
    "no kernel": (b"int x;\n", (3, 3, 0), "no"),
    "large": (KERNEL.encode() + b"// filler\n" * 105_000, (2, 2, 2), "bytes"),
    "binary": (bytes(range(256)) * 64, (2, 2, 2), "binary"),
    "zero at the end": (KERNEL.encode() + b" " * 70_000 + b"\0", (2, 2, 2), "binary"),
    "utf-16": (KERNEL.encode("utf-16"), (2, 2, 2), "UTF-16"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_nothing_can_be_done_with(tmp_path, name):
    data, codes, word = BAD[name]
    path = tmp_path / "bad.cu"
    path.write_bytes(data)
    commands = (("translate", path, "--to", "c"), ("verify", path, ADD), ("check", path))
    for arguments, code in zip(commands, codes, strict=True):
        check(run(*arguments), code, word)
        check(run(*arguments, "--json"), code)
    assert [each.name for each in tmp_path.iterdir()] == ["bad.cu"]


@pytest.mark.parametrize("path", ["none.cu", ".", "-", "/proc/self/mem"])
def test_what_is_no_file(tmp_path, path):
    for arguments in (("translate", path, "--to", "c"), ("verify", path, ADD), ("verify", ADD, path), ("check", path)):
        check(run(*arguments, cwd=tmp_path), 2, "is not read" if path == "-" else "cannot be read")


def test_a_large_file_under_the_limit_is_translated(tmp_path):
    path = tmp_path / "long.cu"
    path.write_text(KERNEL + "// filler\n" * 80_000)
    check(run("translate", path, "--to", "c"), 0, "exact")


def test_a_kernel_without_a_launch_is_tested_on_inferred_cases(tmp_path):
    path = tmp_path / "alone.cu"
    path.write_text(KERNEL)
    check(run("translate", path, "--to", "c"), 0, "exact", "assumed")
    check(run("verify", path, tmp_path / "alone.c"), 0, "exact", "assumed")


LETTERS = {
    "crlf": (KERNEL.replace("\n", "\r\n").encode(), None),
    "bom": (b"\xef\xbb\xbf" + KERNEL.encode(), None),
    "tabs": (KERNEL.replace(" ", "\t").encode(), None),
    "latin-1": ("// \u00e9t\u00e9 \u00fcber caf\u00e9\n".encode("latin-1") + KERNEL.encode(), "\u00e9t\u00e9 \u00fcber caf\u00e9"),
    "gb18030": ("// \u4e2d\u6587\u6ce8\u91ca\n".encode("gb18030") + KERNEL.encode(), "\u4e2d\u6587\u6ce8\u91ca"),
}


@pytest.mark.parametrize("name", LETTERS)
def test_files_of_other_systems(tmp_path, name):
    """HIP keeps the text, so what was read wrongly would be seen there. Results are UTF-8 with the line ends of the source."""
    data, comment = LETTERS[name]
    path = tmp_path / "k.cu"
    path.write_bytes(data)
    for target in ("c", "hip"):
        check(run("translate", path, "--to", target), 0, "exact")
        made = (tmp_path / f"k.{target}").read_bytes()
        assert made.count(b"\r\n") == (made.count(b"\n") if name == "crlf" else 0)
        check(run("verify", path, tmp_path / f"k.{target}"), 0, "exact")
    assert (comment or "") in (tmp_path / "k.hip").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["a b.cu", "\u00e9 \u6838.cu", 'q"$x`;.cu', "new\nline.cu", "bad\udcff.cu", "-fplugin=x.cu"])
def test_strange_names(tmp_path, name):
    (tmp_path / name).write_text(KERNEL)
    check(run("translate", "--to", "c", "--", name, cwd=tmp_path), 0, "exact")
    made = tmp_path / f"{name[:-3]}.c"
    assert made.read_text().splitlines()[1] == ""  # the name does not end its comment
    check(run("translate", "--to", "c", "--", name, cwd=tmp_path, PYTHONIOENCODING="ascii", LC_ALL="C"), 0, "ok  ")


def test_a_symbolic_link_is_translated_beside_itself(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "k.cu").write_text(KERNEL)
    (tmp_path / "link.cu").symlink_to("deep/k.cu")
    check(run("translate", tmp_path / "link.cu", "--to", "c"), 0, "wrote")
    assert (tmp_path / "link.c").exists() and not (tmp_path / "deep" / "k.c").exists()


# ---- where results go ----------------------------------------------------------------------------------------------------------


def test_a_folder_that_cannot_be_written(tmp_path):
    """/proc refuses root as well; that it does is seen late, and the verdict is told all the same."""
    if os.geteuid() != 0:
        tmp_path.chmod(0o555)
    folder = tmp_path if os.geteuid() != 0 else Path("/proc")
    check(run("translate", ADD, "--to", "c", "--out", folder / "a.c"), 2, "cannot be written")
    done = run("translate", ADD, "--to", "c", "--out", folder / "a.c", "--json")
    check(done, 2, "cannot be written")
    assert [kernel["out"] for kernel in json.loads(done.stdout)["kernels"]] in ([], [None])


def test_an_output_folder_that_does_not_exist(tmp_path):
    check(run("translate", ADD, "--to", "c", "--out", tmp_path / "none" / "a.c"), 2, "cannot be written: there is no folder")


def test_an_output_that_is_no_file(tmp_path):
    check(run("translate", ADD, "--to", "c", "--out", tmp_path), 2, "is a folder")
    check(run("translate", ADD, "--to", "c", "--out", "/dev/null"), 2, "is not a regular file")
    assert not Path("/dev/null").is_file()


def test_a_file_of_the_users_is_not_replaced(tmp_path):
    mine = tmp_path / "a.c"
    mine.write_text("int mine;\n")
    check(run("translate", ADD, "--to", "c", "--out", mine), 2, "was not made by kernelglot")
    assert mine.read_text() == "int mine;\n"


def test_without_out_the_result_takes_a_number(tmp_path):
    (tmp_path / "k.cu").write_text(KERNEL)
    (tmp_path / "k.c").write_text("int mine;\n")
    (tmp_path / "k.2.c").symlink_to("nowhere")
    check(run("translate", tmp_path / "k.cu", "--to", "c"), 0, "wrote", "k.3.c")
    assert (tmp_path / "k.c").read_text() == "int mine;\n" and not (tmp_path / "nowhere").exists()


def test_its_own_file_is_replaced_until_somebody_edits_it(tmp_path):
    out = tmp_path / "a.c"
    check(run("translate", ADD, "--to", "c", "--out", out), 0, "wrote")
    check(run("translate", ADD, "--to", "c", "--out", out), 0, "wrote")
    out.write_text(out.read_text().replace("\n", "\r\n") + "\r\n")  # what an editor may do when it saves
    check(run("translate", ADD, "--to", "c", "--out", out), 0, "wrote")
    edited = out.read_text() + "// tuned by hand\n"
    out.write_text(edited)
    check(run("translate", ADD, "--to", "c", "--out", out), 2, "was edited after kernelglot wrote it")
    assert out.read_text() == edited


def test_the_source_is_not_replaced(tmp_path):
    check(run("translate", ADD, "--to", "c", "--out", tmp_path / "a.c"), 0)
    source = tmp_path / "a.c"
    check(run("translate", source, "--to", "vnni", "--out", source), 2, "is the file to translate")


def test_one_kernel_of_several_does_not_replace_the_others(tmp_path):
    path = tmp_path / "two.cu"
    path.write_text(KERNEL + KERNEL.replace("void k", "void second"))
    check(run("translate", path, "--to", "c"), 0, "two.c")
    check(run("translate", path, "--to", "c", "--kernel", "second"), 0, "two.second.c")
    assert "void k(" in (tmp_path / "two.c").read_text()


def test_a_link_to_its_own_file_is_followed(tmp_path):
    (tmp_path / "link.c").symlink_to("a.c")
    for _ in range(2):
        check(run("translate", ADD, "--to", "c", "--out", tmp_path / "link.c"), 0, "wrote")
    assert (tmp_path / "link.c").is_symlink() and (tmp_path / "a.c").is_file()


def test_two_at_once(tmp_path):
    (tmp_path / "k.cu").write_text(KERNEL)
    both = [
        subprocess.Popen(
            [*COMMAND, "translate", "k.cu", "--to", "c"],
            cwd=tmp_path,
            env=ENVIRONMENT,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    for process in both:
        out, err = process.communicate(timeout=60)
        assert "Traceback" not in out + err
        assert process.returncode == 0 or process.returncode == 2 and "meanwhile" in err, err
    assert sorted(each.name for each in tmp_path.iterdir()) == ["k.c", "k.cu"]
    check(run("verify", tmp_path / "k.cu", tmp_path / "k.c"), 0)


# ---- surroundings --------------------------------------------------------------------------------------------------------------


def test_no_compiler(tmp_path):
    (tmp_path / "k.cu").write_text(KERNEL)
    for arguments in (("translate", tmp_path / "k.cu", "--to", "c"), ("verify", ADD, ADD)):
        check(run(*arguments, PATH=str(tmp_path)), 2, "was not found: install")
    check(run("check", tmp_path / "k.cu", PATH=str(tmp_path)), 0, "1 kernel")
    check(run("doctor", PATH=str(tmp_path)), 2, "g++", "not found")
    assert not (tmp_path / "k.c").exists()


SLOW = """// kernelglot: launch grid=(64) block=(256) n=16384 m=4000000 x=float[16384] y=float[16384]:out
__global__ void slow(const float* x, float* y, int n, int m) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  float s = x[i];
  for (int k = 0; k < m; ++k) s = s * 0.999f + x[(i + k) % n];
  y[i] = s;
}
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_cancelled(tmp_path, number):
    (tmp_path / "slow.cu").write_text(SLOW)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    command = [*COMMAND, "translate", "slow.cu", "--to", "c"]
    environment = {**ENVIRONMENT, "TMPDIR": str(scratch)}
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    begun = time.monotonic()
    while len(list(scratch.glob("kernelglot-run-*"))) < 2:
        assert time.monotonic() - begun < 30 and process.poll() is None
        time.sleep(0.05)
    time.sleep(0.3)  # both sides run now
    process.send_signal(number)
    out, err = process.communicate(timeout=10)
    assert process.returncode == 130 and (out, err) == ("", "kernelglot: cancelled.\n")
    assert list(scratch.iterdir()) == [] and not (tmp_path / "slow.c").exists()
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            assert str(scratch).encode() not in entry.read_bytes()
        except OSError:
            continue


def test_a_kernel_that_takes_too_long_is_not_called_right(tmp_path):
    """A timeout is unknown: neither verified nor rejected, and nothing is written."""
    (tmp_path / "slow.cu").write_text(SLOW.replace("4000000", "2000000000"))
    check(run("translate", tmp_path / "slow.cu", "--to", "c"), 1, "only compiled", "did not end within")
    assert not (tmp_path / "slow.c").exists()


def test_nobody_reads_the_output(tmp_path):
    process = subprocess.Popen([*COMMAND, "doctor"], env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    assert b"Traceback" not in process.stderr.read()
    process.wait(10)
