"""For tests of passes: a kernel with its case, and whether every candidate of a target computes the same."""

from __future__ import annotations

from collections.abc import Sequence

from kernelglot.dialects import base
from kernelglot.frontend.lower import lower
from kernelglot.frontend.syntax import device_text
from kernelglot.ir.nodes import Kernel, Literal
from kernelglot.passes.base import LaunchShape
from kernelglot.plan import planner
from kernelglot.verify.cases import Program, TestCase
from kernelglot.verify.discover import discover
from kernelglot.verify.verdict import verify

CUDA = base.load("cuda").spelling


def read(text: str) -> tuple[Kernel, TestCase]:
    """The first kernel of a CUDA text, and its first case."""
    module = lower(text, CUDA, "kernel.cu")
    assert module.kernels, module.problems
    kernel = module.kernels[0]
    return kernel, discover(text, "kernel.cu", module, kernel, CUDA).cases[0]


def check_candidates(text: str, target: str, seeds: Sequence[int]) -> None:
    """Each candidate for ``target``, the plain ones too, is tested against the source."""
    kernel, case = read(text)
    shape = LaunchShape(tuple(map(Literal, case.launch.grid)), tuple(map(Literal, case.launch.block)))
    parameters = tuple(p.name for p in kernel.params)
    for candidate in planner.candidates(kernel, shape, target):
        launch = candidate.launch or case.launch
        verdict = verify(
            Program("cuda", device_text(text, CUDA), kernel.name, case.launch, parameters),
            Program(target, candidate.unit, candidate.name, launch, parameters),
            [case], target_launches=[launch], seeds=tuple(seeds),
        )
        assert verdict.rung == "tested", (candidate, verdict)
