"""What is run and what comes of it: test cases, programs, verdicts. Frozen plain values, nothing is executed here.

A *case* says with which arguments a kernel is called; a *program* is one text that can be called that way. A verdict carries its
evidence and what was not checked; a fault (out of bounds, crash, time-out, ...) is typed and says on which side it happened.
"""

from __future__ import annotations

from dataclasses import dataclass, field

BYTES = {"f16": 2, "bf16": 2, "f32": 4, "f64": 8, "i8": 1, "u8": 1, "i16": 2, "u16": 2, "i32": 4, "u32": 4, "i64": 8, "u64": 8}
ROLES = ("in", "out", "inout")
RUNGS = ("rejected", "compiled", "tested", "exact", "proved")       # weakest first


def is_float(dtype: str) -> bool:
    return dtype.lstrip("b")[0] == "f"


@dataclass(frozen=True, slots=True)
class Buffer:
    """One pointer argument. ``out`` buffers are poisoned before a run; ``low``/``high`` (inclusive) bound integers used as indices;
    ``distinct``: they say where results go, and no two are equal as far as there are enough values."""

    name: str
    dtype: str
    elements: int
    role: str
    low: int | None = None
    high: int | None = None
    distinct: bool = False

    @property
    def bytes(self) -> int:
        return self.elements * BYTES[self.dtype]


@dataclass(frozen=True, slots=True)
class Scalar:
    """One by-value argument."""

    name: str
    dtype: str
    value: int | float


@dataclass(frozen=True, slots=True)
class Launch:
    """Blocks and threads. BANG: ``grid`` = task dimensions, ``block`` = (1, 1, 1), ``kind`` = "block", "union1", "union4", ..."""

    grid: tuple[int, int, int]
    block: tuple[int, int, int]
    shared_bytes: int = 0
    kind: str = ""


@dataclass(frozen=True, slots=True)
class TestCase:
    """How one kernel is called, and where that knowledge comes from (``origin``)."""

    __test__ = False                # pytest: not a class of tests

    kernel: str
    arguments: tuple[Buffer | Scalar, ...]
    launch: Launch
    origin: str
    assumptions: tuple[str, ...] = ()
    varied: bool = False            # the sizes are our own choice: the source need not be made for them
    guessed: bool = False           # nothing in or beside the file gives the sizes, or what an index buffer holds

    @property
    def buffers(self) -> tuple[Buffer, ...]:
        return tuple(argument for argument in self.arguments if isinstance(argument, Buffer))

    @property
    def results(self) -> tuple[Buffer, ...]:
        """The buffers that are compared after a run."""
        return tuple(buffer for buffer in self.buffers if buffer.role != "in")

    def argument(self, name: str) -> Buffer | Scalar:
        """KeyError where the case has no argument of that name."""
        for argument in self.arguments:
            if argument.name == name:
                return argument
        raise KeyError(name)

    @property
    def sizes(self) -> str:
        """The integer scalars, or the buffer lengths where there are none: "M=48, N=80"."""
        scalars = [f"{a.name}={a.value}" for a in self.arguments if isinstance(a, Scalar) and not is_float(a.dtype)]
        return ", ".join(scalars or [f"{buffer.name}[{buffer.elements}]" for buffer in self.buffers])


@dataclass(frozen=True, slots=True)
class Program:
    """A text that can be run. ``symbol`` as in a call: "add", "reduce<float, 256>"; ``parameters``: names in the callee's order."""

    dialect: str
    text: str
    symbol: str
    launch: Launch
    parameters: tuple[str, ...]
    architecture: str = ""
    language: str = ""              # "c" or "c++" where a text for the CPU has to be that; else whichever compiles


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a run ended badly. ``line``: 1-based line of the program's text, 0 where unknown; ``side``: "source" or "target".

    kinds: compile-error, out-of-bounds, written-input, divergent-barrier, deadlock, timeout, crash, memory, launch, nondeterministic,
    uninitialised, forbidden, forged, unsupported, sandbox; of a strict run also race, alignment, async, scope, capacity, inactive-lane;
    of BANG C also scope, alignment, overlap, length, type, architecture, capacity, async; of HIP also architecture (an instruction
    that its GPU lacks); of texts for the CPU also alignment, tile (AMX)
    """

    kind: str
    sentence: str
    line: int = 0
    side: str = ""


@dataclass(frozen=True, slots=True)
class Counterexample:
    """The first wrong element; ``index`` is flat, in elements. Where a fault ended the target's run, ``buffer`` is empty, ``index`` -1."""

    buffer: str
    index: int
    expected: float | int | str
    got: float | int | str
    case_index: int
    seed: int
    value_class: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was shown (``rung``, see RUNGS), how (``evidence``) and what nobody looked at (``skipped``). ``fault``: what ended a run; with
    side "source" the source kernel itself misbehaves, so nothing was learnt about the target. ``seconds``: per stage; ``runs``: of the
    plan, -n where n blocks were sampled; ``id``: under which it can be had again, see ``replay``."""

    rung: str
    evidence: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    counterexample: Counterexample | None = None
    fault: Fault | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    runs: int = 0
    id: str = ""

    @property
    def accepted(self) -> bool:
        return RUNGS.index(self.rung) >= RUNGS.index("tested")
