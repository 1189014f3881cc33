"""Runs a program on this CPU as it stands: its text is compiled behind its dialect's prelude and executed by the sandboxed runner.

CUDA and HIP blocks run one after another; their threads too, in a plain loop, when no word of SYNC_WORDS occurs in the text, else as
fibers that switch where they wait. BANG tasks likewise. C and AVX-512 texts are called once. ``Build`` makes a module (build.py), ``Job``
runs it on many inputs in one process, ``run_once`` is both for one input.
"""

from __future__ import annotations

import os
import re
import shutil
import struct
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from . import sandbox
from .build import CALL, HOW, Build, Faulted, Module, line_of, warp_size
from .cases import BYTES, Buffer, Fault, Launch, Program, TestCase, is_float

if TYPE_CHECKING:
    import numpy

# Where agents of one group may wait for each other: without any of these words they run in a plain loop.
_SIMT_WORDS = (r"__syncthreads|__syncwarp|_sync\b|__shfl|__ballot|__any\b|__all\b|__activemask|__match_|wmma|_mfma_|cooperative_groups|"
               r"synchronize_workgroup|__builtin_amdgcn_(?:s_barrier|ds_|wave_|mov_dpp|readlane|readfirstlane)|bar\.sync")
SYNC_WORDS = {"cuda": re.compile(_SIMT_WORDS), "hip": re.compile(_SIMT_WORDS), "bang": re.compile(r"__sync_(?:all|cluster)|__sync_all_ipu")}


@dataclass(frozen=True, slots=True)
class Execution:
    """One run of a case. ``arrays``: contents of its in and inout buffers. ``second``: with the other poison, memory that starts (not
    ends) at an inaccessible page, and agents in reversed order. ``rounding``: every operation on floats rounds up (1) or down (-1)."""

    case: int
    arrays: Mapping[str, numpy.ndarray]
    second: bool = False
    rounding: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """Results of the executions that were completed, in their order; ``fault`` is what stopped the next one."""

    results: tuple[Mapping[str, numpy.ndarray], ...]
    fault: Fault | None
    report: sandbox.RunReport


_JOB, _CASE, _ARGUMENT = struct.Struct("=8I 2Q 512s"), struct.Struct("=10I"), struct.Struct("=2I 2Q q d")
_RUN, _OFFSET = struct.Struct("=4I"), struct.Struct("=2Q")
_ROLES = {"in": 0, "out": 1, "inout": 2}


class Job:
    """A module running on a list of executions in one process. ``wait`` exactly once, or leave the ``with`` block."""

    def __init__(self, module: Module, cases: Sequence[TestCase], executions: Sequence[Execution], side: str = "", timeout_s: float = 10.0,
                 budget_s: float = 0.0, launches: Sequence[Launch] | None = None) -> None:
        self._module, self._cases, self._executions, self._side = module, cases, executions, side
        launches = launches or launches_of(module.unit.program, cases, side)
        packed, inputs, self._places, results_bytes = _pack(module, cases, executions, launches, timeout_s, budget_s)
        self._results_fd = sandbox.result_file(results_bytes)
        self._bytes = sandbox.RESULT_HEADER + results_bytes
        self._scratch = Path(tempfile.mkdtemp(prefix="kernelglot-run-"))
        self._running = sandbox.start_run(packed, inputs, self._results_fd, self._scratch, timeout_s)

    def __enter__(self) -> Job:
        return self

    def __exit__(self, *_: object) -> None:
        self._running.end()
        if self._results_fd >= 0:
            os.close(self._results_fd)
            self._results_fd = -1
        shutil.rmtree(self._scratch, ignore_errors=True)

    def wait(self) -> Outcome:
        import mmap

        import numpy

        done = self._running.wait()
        data = mmap.mmap(self._results_fd, self._bytes, prot=mmap.PROT_READ)      # lives as long as the arrays that look into it
        report = sandbox.read_report(memoryview(data)[:sandbox.RESULT_HEADER], done)
        results = []
        for execution, places in list(zip(self._executions, self._places))[:report.finished]:
            case, result = self._cases[execution.case], {}
            for buffer in case.results:
                if buffer.name in places:
                    result[buffer.name] = numpy.frombuffer(data, storage(buffer.dtype), buffer.elements, places[buffer.name])
            results.append(result)
        return Outcome(tuple(results), self._fault(report), report)

    def _fault(self, report: sandbox.RunReport) -> Fault | None:
        if not report.kind:
            return None
        line, sentence = report.line, report.sentence
        case = self._cases[self._executions[max(report.started, 1) - 1].case]
        if not line and report.instruction:
            line = line_of(self._module, self._cases, report.instruction)
        if report.argument >= 0:
            argument = case.argument(self._module.unit.program.parameters[report.argument])
            if isinstance(argument, Buffer):
                sentence = _memory_sentence(report, argument)
        place = f" (line {line})" if line and "line" not in sentence else ""
        return Fault(report.kind, sentence + place, line, self._side)


def _memory_sentence(report: sandbox.RunReport, buffer: Buffer) -> str:
    size = BYTES[buffer.dtype]
    index = report.offset // size
    if report.kind == "written-input":
        return f"writes to `{buffer.name}[{index}]`, which is an input"
    return f"{'writes' if report.wrote else 'reads'} `{buffer.name}[{index}]`, outside of its {buffer.elements} elements"


def storage(dtype: str) -> str:
    """The numpy type that holds a dtype's bits (bf16 has none of its own)."""
    return {"bf16": "u2"}.get(dtype, dtype[0] + str(BYTES[dtype]))


_WIDE_ACCESS = re.compile(r"\b(?:u?(?:char|short|int|long|longlong)|float|double|half|bfloat16)[234]\b|reinterpret_cast|"
                          r"vector_size|__bang_|\(\s*(?:const\s+)?\w+\s*\*\s*\)")


def _alignment(module: Module, buffer: Buffer) -> int:
    """How a buffer's start is aligned, in bytes: as little as the text can do with, so that its end touches the guard page."""
    text = module.unit.program.text
    if re.search(r"_mm\d*_|assume_aligned|\baligned\b|alignas", text):
        return 64
    if _WIDE_ACCESS.search(text):
        return 16
    return BYTES[buffer.dtype]


def _pack(module: Module, cases: Sequence[TestCase], executions: Sequence[Execution], launches: Sequence[Launch], timeout_s: float,
          budget_s: float) -> tuple[bytes, bytearray, list[dict[str, int]], int]:
    """The job, the inputs, where each execution's results will lie in the result file, and how many bytes they take."""
    program = module.unit.program
    how = HOW[program.dialect]
    head, arguments_packed, count = [], [], 0
    for case, launch in zip(cases, launches):
        arguments = [case.argument(name) for name in program.parameters]
        kind = re.search(r"\d+", launch.kind)
        head.append(_CASE.pack(*launch.grid, *launch.block, launch.shared_bytes, int(kind.group()) if kind else 0, count, len(arguments)))
        count += len(arguments)
        for argument in arguments:
            if isinstance(argument, Buffer):
                arguments_packed.append(_ARGUMENT.pack(2, _ROLES[argument.role], argument.bytes, _alignment(module, argument), 0, 0.0))
            elif is_float(argument.dtype):
                arguments_packed.append(_ARGUMENT.pack(1, 0, 0, 0, 0, float(argument.value)))
            else:
                value = int(argument.value) & (1 << 64) - 1
                arguments_packed.append(_ARGUMENT.pack(0, 0, 0, 0, value - (1 << 64) if value >> 63 else value, 0.0))
    inputs, known = bytearray(), {}
    runs, offsets, places, result_bytes, used = [], [], [], 0, 0
    for execution in executions:
        flags = int(execution.second) | (2 if execution.rounding > 0 else 4 if execution.rounding < 0 else 0)
        runs.append(_RUN.pack(execution.case, flags, used, 0))
        place: dict[str, int] = {}
        for name in program.parameters:
            argument = cases[execution.case].argument(name)
            input_at = result_at = 0
            if isinstance(argument, Buffer):
                if argument.role != "out":
                    array = execution.arrays[name]
                    if id(array) not in known:
                        known[id(array)] = len(inputs)
                        inputs += array.tobytes()
                        inputs += bytes(-len(inputs) % 16)
                    input_at = known[id(array)]
                if argument.role != "in":
                    result_at = sandbox.RESULT_HEADER + result_bytes
                    place[name] = result_at
                    result_bytes += argument.bytes + -argument.bytes % 16
            offsets.append(_OFFSET.pack(input_at, result_at))
            used += 1
        places.append(place)
    fibers = SYNC_WORDS[program.dialect].search(program.text) if program.dialect in SYNC_WORDS else None
    job = _JOB.pack(how, int(bool(fibers)), warp_size(program), module.unit.libraries, len(cases), count, len(runs), int(timeout_s) + 2,
                    sandbox.MEMORY_BYTES, int(budget_s * 1e6), module.path.encode())
    return b"".join([job, *head, *arguments_packed, *runs, *offsets]), inputs, places, result_bytes


def launches_of(program: Program, cases: Sequence[TestCase], side: str = "") -> list[Launch]:
    """How a program is launched in each case. A case's launch is the source's; a target that was given another one keeps it."""
    if side == "source" or program.launch == cases[0].launch:
        return [case.launch for case in cases]
    return [program.launch] * len(cases)


# ---- one run, for tests and for showing ----------------------------------------------------------------------------------------

def run_once(program: Program, case: TestCase, arrays: Mapping[str, numpy.ndarray], *, second: bool = False, timeout_s: float = 10.0,
             least_sandbox: int = 1) -> dict[str, numpy.ndarray]:
    """Runs a program on one input and gives its out and inout buffers. Raises Faulted, MissingTool or sandbox.Refused."""
    import numpy

    sandbox.demand(least_sandbox)
    contents = {name: numpy.ascontiguousarray(array) for name, array in arrays.items()}
    with Build(program, [case]) as build:
        module = build.wait()
    with Job(module, [case], [Execution(0, contents, second)], timeout_s=timeout_s) as job:
        outcome = job.wait()
    if outcome.fault:
        raise Faulted(outcome.fault)
    return {name: array.copy() for name, array in outcome.results[0].items()}


__all__ = ["CALL", "HOW", "Build", "Execution", "Faulted", "Job", "Module", "Outcome", "run_once"]
