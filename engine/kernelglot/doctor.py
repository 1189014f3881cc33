"""What is installed, what is missing, and what that takes away."""

from __future__ import annotations

import sys

from .results import Check
from .verify import sandbox, toolchain

# program -> what is lost without it
NEEDED = {
    "g++": "verdicts: nothing can be run (install g++)",
    "ld": "verdicts: nothing can be run (install binutils)",
}
VENDORS = {
    "nvcc": "the check that CUDA text is accepted by its vendor's compiler",
    "hipcc": "the check that HIP text is accepted by its vendor's compiler",
    "cncc": "the check that BANG C text is accepted by its vendor's compiler",
}


def examine() -> list[Check]:
    """One check for each thing that Kernelglot needs or can use."""
    needed = [_tool(tool, disables) for tool, disables in NEEDED.items()]
    checks = [
        Check("python", sys.version_info >= (3, 11), sys.version.split()[0], "everything: Python 3.11 or newer is needed"),
        *needed,
        *(_tool(tool, disables) for tool, disables in VENDORS.items()),
        _avx512(),
    ]
    return [*checks, _sandbox()] if all(check.ok for check in needed) else checks


def _avx512() -> Check:
    words = "AVX-512" + (" with VNNI" if toolchain.has_avx512_vnni() else "")
    return Check("avx512", "avx512f" in toolchain.cpu_flags(), words, "native runs of C with VNNI; its meaning is emulated instead")


def _sandbox() -> Check:
    strength = sandbox.strength()
    return Check("sandbox", strength.level >= 1, f"level S{strength.level}", "running kernels: this machine cannot contain them")


def _tool(tool: str, disables: str) -> Check:
    if not toolchain.installed(tool):
        return Check(tool, False, "not found", disables)
    return Check(tool, True, toolchain.find(tool), disables)
