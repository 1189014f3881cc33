"""One version everywhere, and a wheel that holds what the engine reads at run time."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import jsonschema
import pytest

import kernelglot

# (folder in the checkout, suffix) -> folder in the wheel
DATA = [
    ("engine/kernelglot", ".toml", "kernelglot"),
    ("engine/kernelglot", ".h", "kernelglot"),
    ("engine/kernelglot", ".json", "kernelglot"),
    ("prompts", ".md", "kernelglot/prompts"),
    ("manuals", ".md", "kernelglot/manuals"),
]


@pytest.fixture(scope="module")
def wheel_names(root: Path, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names inside a wheel built from this checkout."""
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)], cwd=root, check=True, capture_output=True)
    wheel, = out.glob("*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_holds_both_packages_and_nothing_else(wheel_names: set[str]):
    tops = {name.split("/")[0] for name in wheel_names if ".dist-info/" not in name}
    assert tops <= {"kernelglot", "kernelglot_server"} and "kernelglot/__init__.py" in wheel_names


@pytest.mark.parametrize(("folder", "suffix", "inside"), DATA)
def test_the_wheel_holds_every_text_the_engine_reads(wheel_names: set[str], root: Path, folder: str, suffix: str, inside: str):
    texts = [path.relative_to(root / folder).as_posix() for path in (root / folder).rglob(f"*{suffix}")]
    missing = [text for text in texts if f"{inside}/{text}" not in wheel_names]
    assert not missing


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
