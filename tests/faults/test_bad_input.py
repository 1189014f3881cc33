"""Bad input and bad surroundings: a clear sentence, no traceback, nothing lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ADD = ROOT / "examples/operators/vector_add.cu"
KERNEL = "__global__ void k(const float* x, float* y, int n) { int i = blockIdx.x * blockDim.x + threadIdx.x; if (i < n) y[i] = x[i]; }\n"


def run(*arguments: object, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess:
    made = {**os.environ, "PYTHONPATH": f"{ROOT}/engine:{ROOT}/server", **environment}
    return subprocess.run([sys.executable, "-m", "kernelglot.cli", *map(str, arguments)], capture_output=True, text=True, cwd=cwd, env=made, timeout=60)


def check(done: subprocess.CompletedProcess, code: int, *words: str) -> None:
    said = done.stdout + done.stderr
    assert done.returncode == code, said
    assert "Traceback" not in said
    for word in words:
        assert word in said, said


def test_a_file_that_cannot_be_parsed(tmp_path):
    path = tmp_path / "broken.cu"
    path.write_text("__global__ void k(float* x { x[0] = ; }}}} <<<\n")
    check(run("translate", path, "--to", "c"), 3, "declined")
    assert not (tmp_path / "broken.c").exists()


def test_an_empty_file(tmp_path):
    path = tmp_path / "empty.cu"
    path.write_text("")
    check(run("translate", path, "--to", "c"), 3, "is empty")


def test_a_file_of_one_megabyte(tmp_path):
    path = tmp_path / "large.cu"
    path.write_text(KERNEL + "// filler\n" * 105_000)
    check(run("translate", path, "--to", "c"), 2, "bytes")


def test_a_large_file_under_the_limit_is_translated(tmp_path):
    path = tmp_path / "long.cu"
    path.write_text(KERNEL + "// filler\n" * 80_000)
    check(run("translate", path, "--to", "c"), 0, "tested")


def test_a_binary_file(tmp_path):
    path = tmp_path / "binary.cu"
    path.write_bytes(bytes(range(256)) * 64)
    check(run("translate", path, "--to", "c"), 2, "binary")


def test_a_missing_file(tmp_path):
    check(run("translate", tmp_path / "none.cu", "--to", "c"), 2, "cannot be read")


def test_a_kernel_without_a_launch_is_tested_on_inferred_cases(tmp_path):
    path = tmp_path / "alone.cu"
    path.write_text(KERNEL)
    check(run("translate", path, "--to", "c"), 0, "tested", "assumed")


def test_no_compiler(tmp_path):
    done = run("translate", ADD, "--to", "c", "--out", tmp_path / "a.c", PATH=str(tmp_path))
    check(done, 2, "g++")
    assert not (tmp_path / "a.c").exists()


def test_a_folder_that_cannot_be_written(tmp_path):
    """/proc refuses root as well."""
    if os.geteuid() != 0:
        tmp_path.chmod(0o555)
    folder = tmp_path if os.geteuid() != 0 else Path("/proc")
    check(run("translate", ADD, "--to", "c", "--out", folder / "a.c"), 2, "cannot be written")


def test_an_output_folder_that_does_not_exist(tmp_path):
    check(run("translate", ADD, "--to", "c", "--out", tmp_path / "none" / "a.c"), 2, "cannot be written")


def test_a_file_of_the_users_is_not_replaced(tmp_path):
    mine = tmp_path / "a.c"
    mine.write_text("int mine;\n")
    check(run("translate", ADD, "--to", "c", "--out", mine), 2, "was not made by kernelglot")
    assert mine.read_text() == "int mine;\n"


def test_its_own_file_is_replaced(tmp_path):
    out = tmp_path / "a.c"
    check(run("translate", ADD, "--to", "c", "--out", out), 0, "wrote")
    check(run("translate", ADD, "--to", "c", "--out", out), 0, "wrote")


def test_names_that_look_like_options(tmp_path):
    (tmp_path / "-fplugin=x.cu").write_text(KERNEL)
    check(run("translate", "--to", "c", "--", "-fplugin=x.cu", cwd=tmp_path), 0, "tested")


def test_an_unknown_target():
    check(run("translate", ADD, "--to", "fortran"), 2, "invalid choice")


def test_json_is_one_object_that_the_schema_accepts(tmp_path):
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((ROOT / "engine/kernelglot/schema/translate.schema.json").read_text())
    for arguments, code in (
        (("translate", ADD, "--to", "c", "--out", tmp_path / "a.c", "--json"), 0),
        (("translate", ROOT / "tests/kernels/conv1d.cu", "--to", "c", "--out", tmp_path / "b.c", "--json"), 3),
        (("verify", ADD, ADD, "--json"), 0),
    ):
        done = run(*arguments)
        check(done, code)
        jsonschema.validate(json.loads(done.stdout), schema)


def test_check_and_doctor_say_something():
    check(run("check", ADD), 0, "1 kernel")
    check(run("check", ROOT / "tests/kernels/conv1d.cu"), 3, "mask")
    check(run("doctor"), 0, "g++")
