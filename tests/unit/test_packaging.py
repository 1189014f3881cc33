"""One version everywhere, and a wheel that holds what the engine reads at run time."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import kernelglot

# (folder in the checkout, suffix) -> folder in the wheel
DATA = [
    ("engine/kernelglot", ".toml", "kernelglot"),
    ("engine/kernelglot", ".h", "kernelglot"),
    ("engine/kernelglot", ".c", "kernelglot"),
    ("engine/kernelglot", ".json", "kernelglot"),
    ("prompts", ".md", "kernelglot/prompts"),
    ("manuals", ".md", "kernelglot/manuals"),
]


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from this checkout."""
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)], cwd=root, check=True, capture_output=True)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def wheel_names(wheel: Path) -> set[str]:
    """The names inside it."""
    return set(zipfile.ZipFile(wheel).namelist())


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of a fresh environment with the wheel in it. Its dependencies are this environment's: tests need no network."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    packages, = folder.glob("lib/python*/site-packages")
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin/python"), "install", "--quiet", "--no-index", "--no-deps", str(wheel)]
    subprocess.run(pip, check=True, capture_output=True)
    (packages / "borrowed.pth").write_text(f"{sysconfig.get_paths()['purelib']}\n")  # after its own packages, so the wheel's files win
    return folder / "bin"


def outside(installed: Path, folder: Path) -> dict[str, Any]:
    """How something runs that knows nothing of this checkout."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return {"cwd": folder, "env": {**environment, "PATH": f"{installed}:{environment['PATH']}"}, "capture_output": True, "timeout": 60}


def test_the_wheel_holds_both_packages_and_nothing_else(wheel_names: set[str]):
    tops = {name.split("/")[0] for name in wheel_names if ".dist-info/" not in name}
    assert tops <= {"kernelglot", "kernelglot_server"} and "kernelglot/__init__.py" in wheel_names


@pytest.mark.parametrize(("folder", "suffix", "inside"), DATA)
def test_the_wheel_holds_every_text_the_engine_reads(wheel_names: set[str], root: Path, folder: str, suffix: str, inside: str):
    texts = [path.relative_to(root / folder).as_posix() for path in (root / folder).rglob(f"*{suffix}")]
    missing = [text for text in texts if f"{inside}/{text}" not in wheel_names]
    assert not missing


def test_the_wheel_holds_what_is_easily_forgotten(wheel_names: set[str]):
    """Were a folder renamed, the test above would find nothing to look for."""
    for name in ("schema/translate.schema.json", "verify/runtime/runner.c", "verify/runtime/runtime.h", "dialects/bang/dialect.toml",
                 "dialects/bang/intrinsics/prelude.h", "dialects/hip/renames.toml"):
        assert f"kernelglot/{name}" in wheel_names


def test_an_installed_wheel_translates(installed: Path, root: Path, tmp_path: Path):
    shutil.copy(root / "examples/operators/vector_add.cu", tmp_path)
    where = subprocess.run(["python", "-c", "import kernelglot; print(kernelglot.__file__)"], **outside(installed, tmp_path), check=True)
    assert where.stdout.decode().startswith(str(installed.parent))
    for target in ("bang", "hip", "vnni", "c"):
        done = subprocess.run(["kernelglot", "translate", "vector_add.cu", "--to", target], **outside(installed, tmp_path))
        assert done.returncode == 0 and b"exact" in done.stdout, done


def test_an_installed_wheel_serves(installed: Path, tmp_path: Path):
    messages = [
        {"id": 1, "method": "initialize", "params": {"processId": None, "rootUri": None, "capabilities": {}}},
        {"id": 2, "method": "shutdown"},
        {"method": "exit"},
    ]
    bodies = [json.dumps({"jsonrpc": "2.0", **message}).encode() for message in messages]
    spoken = b"".join(b"Content-Length: %d\r\n\r\n%s" % (len(body), body) for body in bodies)
    done = subprocess.run(["kernelglot", "serve"], input=spoken, **outside(installed, tmp_path))
    assert done.returncode == 0 and b'"serverInfo"' in done.stdout and b'"kernelglot"' in done.stdout, done


def test_one_version(root: Path):
    assert tomllib.loads((root / "pyproject.toml").read_text())["project"]["dynamic"] == ["version"]
    extension = root / "editors/vscode/package.json"
    if extension.exists():
        assert json.loads(extension.read_text())["version"] == kernelglot.__version__
    assert f"## {kernelglot.__version__}" in (root / "CHANGELOG.md").read_text()


def test_the_schema_is_a_schema(root: Path):
    schema = json.loads((root / "engine/kernelglot/schema/translate.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    kernel = {"name": "add", "source": "cuda", "target": "bang", "out": "add.mlu", "seconds": 0.4, "declined": None,
              "verdict": {"rung": "tested", "evidence": ["12 inputs agree"], "skipped": []}}
    check = jsonschema.Draft202012Validator(schema)
    assert check.is_valid({"kernels": [kernel]})
    assert not check.is_valid({"kernels": [kernel | {"declined": {"code": "inline-asm", "reason": "PTX", "line": 3}}]})
    assert not check.is_valid({"kernels": [kernel | {"verdict": {"rung": "verified", "evidence": [], "skipped": []}}]})
