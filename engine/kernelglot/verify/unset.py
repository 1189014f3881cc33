"""Local variables that are used before they have a value, as the compiler sees it. Asked only where results say that something is wrong: a
warning alone is no proof, since the value need not matter."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

from . import build, sandbox, toolchain

_WARNING = re.compile(r"^(?:[^\n:]*/)?kernel:(\d+):(?:\d+:)? warning: .(\w+)(?:\[[^\n]*?\])?. (is|may be) used uninitialized", re.MULTILINE)


def unset_variable(module: build.Module) -> tuple[str, int] | None:
    """Name and line of the first use, one that is certain before one that may be; None where the compiler sees none."""
    scratch = Path(tempfile.mkdtemp(prefix="kernelglot-unset-"))
    try:
        compiler = toolchain.find("g++" if module.unit.language == "c++" else "gcc")
        (scratch / "kernel").write_text(module.unit.text, encoding="utf-8", errors="surrogateescape")
        flags = [flag for flag in module.unit.flags if flag != "-w"]
        command = [compiler, *flags, "-Wuninitialized", "-Wmaybe-uninitialized", "-x", module.unit.language, "-c", "kernel", "-o", "unit.o"]
        done = sandbox.compile_now([command], scratch, execute=toolchain.install_folders(compiler), read=build.readable(module.unit))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    found = sorted(_WARNING.findall(done.output), key=lambda each: (each[2] != "is", int(each[0])))
    return (found[0][1], int(found[0][0])) if found else None
