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
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from . import sandbox, strict_report
from .build import CALL, HOW, Build, Faulted, Module, line_of, warp_size
from .cases import BYTES, Buffer, Fault, Launch, Program, TestCase, is_float
from .launch_limits import launch_fault

if TYPE_CHECKING:
    import numpy

# Where agents of one group may wait for each other: without any of these words they run in a plain loop.
_SIMT_WORDS = (r"__syncthreads|__syncwarp|_sync\b|__shfl|__ballot|__any\b|__all\b|__activemask|__match_|wmma|_mfma_|cooperative_groups|"
               r"synchronize_workgroup|__builtin_amdgcn_(?:s_barrier|ds_|wave_|mov_dpp|update_dpp|read|ballot|perml)|bar\.sync")
_CUDA_WORDS = _SIMT_WORDS + r"|\.sync\b|\bbar\b|barrier|activemask|ldmatrix"
SYNC_WORDS = {"cuda": re.compile(_CUDA_WORDS), "hip": re.compile(_SIMT_WORDS), "bang": re.compile(r"__sync_(?:all|cluster)|__sync_all_ipu")}


@dataclass(frozen=True, slots=True)
class Execution:
    """One run of a case. ``arrays``: contents of its in and inout buffers. ``second``: with the other poison, memory that starts (not
    ends) at an inaccessible page, and agents in reversed order. ``rounding``: every operation on floats rounds up (1), down (-1) or to zero
    (2). ``strict``: 1 ends at races and misuse of memory, 2 also at what is wrong only where results depend on it (runtime/shadow.c); the
    module has to be a strict build. ``order``: agents and blocks in an order that this number decides. ``keep``: static memory stays as
    the run before has left it.
    ``blocks``: (first, stride, how many, of how many) of the source's blocks are run, all where that is None."""

    case: int
    arrays: Mapping[str, numpy.ndarray]
    second: bool = False
    rounding: int = 0
    order: int = 0
    keep: bool = False
    blocks: tuple[int, int, int, int] | None = None
    strict: int = 0
    field: Field | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """A run over a field (exact.py, runtime/field.c): its ``seed``, how many inputs, whether exp occurs, whether data may be compared."""

    seed: int
    leaves: int
    exponents: bool = False
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """Results of the executions that were completed, in their order; ``fault`` is what stopped the next one."""

    results: tuple[Mapping[str, numpy.ndarray], ...]
    fault: Fault | None
    report: sandbox.RunReport
    watched: bool = False           # a strict run that kept books of every buffer
    counted: bytes = b""             # of runs over a field: struct field_report


_JOB, _CASE, _ARGUMENT = struct.Struct("=8I 2Q 512s"), struct.Struct("=10I"), struct.Struct("=2I 2Q q d")
_RUN, _OFFSET = struct.Struct("=4I 4Q"), struct.Struct("=2Q")
_ROUNDING = {0: 0, 1: 2, -1: 4, 2: 8}
_ROLES = {"in": 0, "out": 1, "inout": 2}
FIELD_REPORT = 3072                 # as in runtime/field_run.h


class Job:
    """A module running on a list of executions in one process. ``wait`` exactly once, or leave the ``with`` block."""

    def __init__(self, module: Module, cases: Sequence[TestCase], executions: Sequence[Execution], side: str = "", timeout_s: float = 10.0,
                 budget_s: float = 0.0, launches: Sequence[Launch] | None = None) -> None:
        self._module, self._cases, self._executions, self._side = module, cases, executions, side
        self._budget_s = budget_s
        launches = launches or launches_of(module.unit.program, cases, side)
        self._illegal, executions = _legal(module, executions, launches, side)
        self._executions, self._results_fd = executions, -1
        self._scratch = Path(tempfile.mkdtemp(prefix="kernelglot-run-"))
        if not executions:
            return
        self._arrays = strict_report.arrays_of(module) if any(execution.strict for execution in executions) else None
        packed, inputs, self._places, results_bytes = _pack(module, cases, executions, launches, timeout_s, budget_s, self._arrays)
        self._results_fd = sandbox.result_file(results_bytes)
        self._bytes = sandbox.RESULT_HEADER + results_bytes
        self._running = sandbox.start_run(packed, inputs, self._results_fd, self._scratch, timeout_s)

    def __enter__(self) -> Job:
        return self

    def __exit__(self, *_: object) -> None:
        if self._executions:
            self._running.end()
        if self._results_fd >= 0:
            os.close(self._results_fd)
            self._results_fd = -1
        shutil.rmtree(self._scratch, ignore_errors=True)

    def wait(self) -> Outcome:
        import mmap

        import numpy

        if not self._executions:
            return Outcome((), self._illegal, _nothing_run(self._illegal))
        done = self._running.wait()
        data = mmap.mmap(self._results_fd, self._bytes, prot=mmap.PROT_READ)      # lives as long as the arrays that look into it
        parameters = self._module.unit.program.parameters
        report = sandbox.read_report(memoryview(data)[:sandbox.RESULT_HEADER], done, len(self._executions), len(parameters), self._budget_s)
        results = []
        for execution, places in list(zip(self._executions, self._places))[:report.finished]:
            case, result = self._cases[execution.case], {}
            for buffer in case.results:
                if buffer.name in places:
                    result[buffer.name] = numpy.frombuffer(data, storage(buffer.dtype), buffer.elements, places[buffer.name])
            results.append(result)
        place = strict_report.read_place(data)
        fault = self._fault(report, place)
        if fault is None and self._illegal is not None and report.finished == len(self._executions):
            fault, report = self._illegal, replace(report, started=report.finished + 1, kind=self._illegal.kind)
        return Outcome(tuple(results), fault, report, self._arrays is not None and not place.unwatched,
                       bytes(data[FIELD_REPORT:sandbox.RESULT_HEADER]))

    def _fault(self, report: sandbox.RunReport, place: strict_report.Place) -> Fault | None:
        if not report.kind:
            return None
        line, sentence = report.line, report.sentence
        case = self._cases[self._executions[max(report.started, 1) - 1].case]
        if not line and report.instruction and self._arrays is not None:
            line, = strict_report.lines_of(self._module, [(report.instruction + 1,)])
        elif not line and report.instruction:
            line = line_of(self._module, report.instruction)
        if report.argument >= 0:
            argument = case.argument(self._module.unit.program.parameters[report.argument])
            if isinstance(argument, Buffer):
                sentence = _memory_sentence(report, argument)
        if self._arrays is not None:
            sentence, found = strict_report.sentence_of(sentence, place, self._module, case, self._arrays)
            line = line or found
        who = "" if "thread (" in sentence or re.search(r"\btask \d", sentence) else place.who
        told = "; ".join(filter(None, (f"line {line}" if line and "line" not in sentence else "", who)))
        return Fault(report.kind, sentence + (f" ({told})" if told else ""), line, self._side)


def _legal(module: Module, executions: Sequence[Execution], launches: Sequence[Launch],
           side: str) -> tuple[Fault | None, Sequence[Execution]]:
    """The first launch that no device would begin, and the executions before it."""
    for number, execution in enumerate(executions):
        fault = launch_fault(module.unit.program, launches[execution.case], side)
        if fault is not None:
            return fault, executions[:number]
    return None, executions


def _nothing_run(fault: Fault | None) -> sandbox.RunReport:
    return sandbox.RunReport(0, False, 1, 0, fault.kind if fault else "", fault.sentence if fault else "", 0, -1, 0, False, 0, 0.0)


def _memory_sentence(report: sandbox.RunReport, buffer: Buffer) -> str:
    size = BYTES[buffer.dtype]
    index = report.offset // size
    if report.kind == "written-input":
        return f"writes to `{buffer.name}[{index}]`, which is an input"
    return f"{'writes' if report.wrote else 'reads'} `{buffer.name}[{index}]`, outside of its {buffer.elements} elements"


def storage(dtype: str) -> str:
    """The numpy type that holds a dtype's bits (bf16 has none of its own)."""
    return {"bf16": "u2"}.get(dtype, dtype[0] + str(BYTES[dtype]))


WIDE_ACCESS = re.compile(r"\b(?:u?(?:char|short|int|long|longlong)|float|double|half|bfloat16)[234]\b|reinterpret_cast|"
                          r"vector_size|__bang_|\(\s*(?:const\s+)?\w+\s*\*\s*\)")


# Texts that ask for aligned buffers; unaligned loads and stores of vectors do not.
ALIGNED = re.compile(r"_mm\d*_(?:mask\w?_)?(?:load|store|stream|stream_load)_(?:p[sdh]|si\d+|epi\d+)\b|assume_aligned|\baligned\b|alignas|"
                     r"\*\s*\(\s*(?:const\s+)?__m(?:128|256|512)[id]?\s*(?:const\s*)?\*\s*\)")


def _alignment(module: Module, buffer: Buffer) -> int:
    """How a buffer's start is aligned, in bytes: as little as the text can do with, so that its end touches the guard page."""
    text = module.unit.program.text
    if ALIGNED.search(text):
        return 64
    if "wmma" in text:
        return 32
    if WIDE_ACCESS.search(text) or re.search(r"\basm\b|__asm|memcpy_async", text):
        return 16
    return BYTES[buffer.dtype]


def _pack(module: Module, cases: Sequence[TestCase], executions: Sequence[Execution], launches: Sequence[Launch], timeout_s: float,
          budget_s: float, arrays: Sequence[strict_report.Array] | None = None) -> tuple[bytes, bytearray, list[dict[str, int]], int]:
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
                alignment = 256 if arrays is not None else _alignment(module, argument)      # as an allocation's is
                real_bytes = BYTES[argument.dtype] * is_float(argument.dtype)
                arguments_packed.append(_ARGUMENT.pack(2, _ROLES[argument.role], argument.bytes, alignment, real_bytes, 0.0))
            elif is_float(argument.dtype):
                arguments_packed.append(_ARGUMENT.pack(1, 0, 0, 0, 0, float(argument.value)))
            else:
                value = int(argument.value) & (1 << 64) - 1
                arguments_packed.append(_ARGUMENT.pack(0, 0, 0, 0, value - (1 << 64) if value >> 63 else value, 0.0))
    inputs, known = bytearray(strict_report.table(arrays) if arrays is not None else b""), {}
    inputs += bytes(-len(inputs) % 16)
    runs, offsets, places, result_bytes, used = [], [], [], 0, 0
    for execution in executions:
        flags = int(execution.second) | _ROUNDING[execution.rounding] | 16 * execution.keep | (0, 32, 64)[execution.strict]
        blocks = execution.blocks or (0, 1, 0, 0)
        if field := execution.field:
            flags |= 128 | 256 * field.exponents | 512 * field.ordered
            blocks = (field.seed, field.leaves, 0, 0)
        runs.append(_RUN.pack(execution.case, flags, used, execution.order, *blocks))
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
             least_sandbox: int | None = None, strict: int = 0) -> dict[str, numpy.ndarray]:
    """Runs a program on one input and gives its out and inout buffers. Raises Faulted, MissingTool or sandbox.Refused. ``strict``: as in
    Execution."""
    import numpy

    sandbox.demand(least_sandbox)
    contents = {name: numpy.ascontiguousarray(array) for name, array in arrays.items()}
    with Build(program, [case], strict=bool(strict)) as build:
        module = build.wait()
    with Job(module, [case], [Execution(0, contents, second, strict=strict)], timeout_s=timeout_s) as job:
        outcome = job.wait()
    if outcome.fault:
        raise Faulted(outcome.fault)
    return {name: array.copy() for name, array in outcome.results[0].items()}


__all__ = ["CALL", "HOW", "Build", "Execution", "Faulted", "Job", "Module", "Outcome", "run_once"]
