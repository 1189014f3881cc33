"""Runs kernels with a planted mistake (or none) strictly. The line that has to be named carries the mark `// <- here`; both lines of a race
do, as either thread may come second."""

from __future__ import annotations

import numpy
from emulator.running import kernel_case

from kernelglot.verify.cases import Fault, Launch, Program
from kernelglot.verify.emulate import Faulted, run_once

CHECK, EXPLAIN = 1, 2               # emulate.Execution.strict


def fault_of(text: str, symbol: str, arguments: dict[str, object], *, grid: tuple[int, ...] = (1,), block: tuple[int, ...] = (1,),
             shared: int = 0, kind: str = "", dialect: str = "cuda", architecture: str = "", out: tuple[str, ...] = ("out",),
             inout: tuple[str, ...] = (), level: int = CHECK) -> Fault | None:
    """What a strict run ends with; None where it comes to its end."""
    launch = Launch((*grid, 1, 1)[:3], (*block, 1, 1)[:3], shared, kind)
    case = kernel_case(symbol, arguments, launch, out, inout)
    program = Program(dialect, text, symbol, launch, tuple(arguments), architecture)
    arrays = {name: value for name, value in arguments.items() if isinstance(value, numpy.ndarray)}
    try:
        run_once(program, case, arrays, strict=level)
    except Faulted as faulted:
        return faulted.fault
    return None


def marked_lines(text: str) -> list[int]:
    return [number for number, line in enumerate(text.splitlines(), 1) if "// <- here" in line]


def floats(elements: int) -> numpy.ndarray:
    return numpy.arange(elements, dtype=numpy.float32)


def found(text: str, fault: Fault | None, kind: str, *words: str) -> Fault:
    """The fault, after a look at its kind, its line and words of its sentence."""
    assert fault is not None, "nothing was found"
    assert fault.kind == kind and fault.line in marked_lines(text), fault
    assert all(word in fault.sentence for word in words), fault.sentence
    return fault
