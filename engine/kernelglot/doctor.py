"""What is installed, what is missing, and what that takes away."""

from __future__ import annotations

import sys

from .results import Check
from .verify import sandbox, toolchain
from .verify.cases import Launch, Program
from .verify.compilers import Compiler, compilers
from .verify.vendor import Question

# program -> what is lost without it
NEEDED = {
    "g++": "verdicts: nothing can be run (install g++)",
    "ld": "verdicts: nothing can be run (install binutils)",
}
# dialect -> the name it has here, what is lost without it, and what stands before a smallest kernel
REAL = {
    "cuda": ("nvcc", "the check that NVIDIA's compiler accepts CUDA text (`make compilers` installs it)", "__global__ "),
    "hip": ("hip", "the check that clang accepts HIP text (`make compilers` installs AMD's headers)", "__global__ "),
    "bang": ("cncc", "the check that Cambricon's compiler accepts BANG C text; a checker of its rules stands in", "__mlu_entry__ "),
    "c": ("c", "the check that gcc and clang accept C text, and their warnings", ""),
}
ALONE = Launch((1, 1, 1), (1, 1, 1))
PROBE_S = 30.0  # for one compiler and the smallest kernel, the first time; then it is known


def examine() -> list[Check]:
    """One check for each thing that Kernelglot needs or can use."""
    needed = [_tool(tool, disables) for tool, disables in NEEDED.items()]
    checks = [
        Check("python", sys.version_info >= (3, 11), sys.version.split()[0], "everything: Python 3.11 or newer is needed"),
        *needed,
    ]
    if not all(check.ok for check in needed):
        return checks
    return [*checks, _sandbox(), _avx512(), *(check for dialect in REAL for check in _compilers(dialect))]


def _avx512() -> Check:
    words = "AVX-512" + (" with VNNI" if toolchain.has_avx512_vnni() else "")
    return Check("avx512", "avx512f" in toolchain.cpu_flags(), words, "native runs of C with VNNI; its meaning is emulated instead")


def _sandbox() -> Check:
    found, least = sandbox.strength(), sandbox.accepted_level()
    layers = ("limits only", f"Landlock {found.landlock_abi} and seccomp", f"namespaces, Landlock {found.landlock_abi} and seccomp")
    lowered = "; your settings allow level S0" if least == 0 else ""
    missing = f"; {found.missing}" if found.missing else ""
    detail = f"level S{found.level}: {layers[found.level]}{missing}{lowered}"
    return Check("sandbox", found.level >= max(least, 1), detail, "running kernels: this machine cannot contain them")


def _compilers(dialect: str) -> list[Check]:
    name, disables, qualifiers = REAL[dialect]
    found = compilers(dialect)
    if not found:
        return [Check(name, False, "not found", disables)]
    program = Program(dialect, f"{qualifiers}void k(float *x) {{ x[0] = 1; }}\n", "k", ALONE, ("x",))
    return [_probed(name if len(found) == 1 else compiler.tool, disables, compiler, program) for compiler in found]


def _probed(name: str, disables: str, compiler: Compiler, program: Program) -> Check:
    """Whether the compiler really compiles the smallest kernel."""
    question = Question(compiler, program, "target")
    question.start(PROBE_S)
    question.finish(PROBE_S)
    answer = question.answer
    what = f"{question.title()} at {compiler.path}"
    place = f" for {question.architecture}" if question.architecture else ""
    if answer is not None and answer.accepted:
        return Check(name, True, f"{what}, compiled a kernel{place}", disables)
    return Check(name, False, f"{what} does not compile the smallest kernel{place}: {answer.message if answer else 'no answer'}", disables)


def _tool(tool: str, disables: str) -> Check:
    if not toolchain.installed(tool):
        return Check(tool, False, "not found", disables)
    return Check(tool, True, toolchain.find(tool), disables)
