"""Launches that no device would begin, and on-chip memory that no block can have: typed faults, found before anything runs.

The numbers are the dialects' own (``limits`` and ``scopes`` in dialect.toml). An architecture that a dialect knows nothing of has no limit
here: nothing is invented for it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from ..dialects.base import load
from ..ir.types import Scope
from .cases import Fault, Launch, Program

UNIONS = (1, 2, 4, 8, 16)               # clusters of a union task
_AXES = "xyz"
# Up to the name the bounds belong to there is neither a body nor another declaration.
_BOUNDS = r"__launch_bounds__\s*\(\s*([^,()]+?)\s*[,)][^;{{}}]*?\b{name}\s*\("
_GROUP_SIZE = r"amdgpu_flat_work_group_size\s*\(\s*\d+\s*,\s*([^,()]+?)\s*\)[^;{{}}]*?\b{name}\s*\("


def launch_fault(program: Program, launch: Launch, side: str = "") -> Fault | None:
    """Why a device refuses this launch; None where it would not."""
    sentence, line = "", 0
    match program.dialect:
        case "cuda" | "hip":
            sentence = _shape(program, launch) or _dynamic_memory(program, launch)
            if not sentence:
                sentence, line = _bounds(program, launch)
        case "bang":
            sentence = _tasks(program, launch)
    return Fault("launch", sentence, line or _line(program), side) if sentence else None


def memory_fault(program: Program, launch: Launch, static_bytes: int, side: str = "") -> Fault | None:
    """Whether the arrays that the kernel declares in shared memory, and those of the launch, are more than a block can have."""
    if program.dialect not in ("cuda", "hip"):
        return None
    dialect, architecture = load(program.dialect), _architecture(program)
    most = dialect.capacity(Scope.SHARED, architecture)
    if most is not None and static_bytes > most:
        sentence = f"declares {static_bytes:,} bytes of shared memory; a block has {most:,} on {architecture}"
        return Fault("capacity", sentence, _line(program), side)
    all_of_it = _opt_in(program) or most
    if all_of_it is not None and static_bytes + launch.shared_bytes > all_of_it:
        sentence = (f"needs {static_bytes:,} bytes of shared memory and {launch.shared_bytes:,} of the launch; together a block has "
                    f"{all_of_it:,} on {architecture}")
        return Fault("capacity", sentence, _line(program), side)
    return None


def _line(program: Program) -> int:
    """Where the kernel's text begins to speak of it."""
    found = re.search(rf"\b{_name(program)}\s*\(", program.text)
    return program.text.count("\n", 0, found.start()) + 1 if found else 0


def _name(program: Program) -> str:
    return re.escape(re.sub(r"<.*", "", program.symbol, flags=re.DOTALL).rpartition("::")[2].strip())


def _architecture(program: Program) -> str:
    return program.architecture or str(load(program.dialect).facts.get("default_architecture", ""))


def _opt_in(program: Program) -> int | None:
    """Bytes of shared memory that a launch can ask for beyond what may be declared; None where there are none."""
    scopes = load(program.dialect).facts.get("scopes", {})
    shared = scopes.get("shared", {}) if isinstance(scopes, Mapping) else {}
    return shared.get("dynamic_bytes", {}).get(_architecture(program))


def _shape(program: Program, launch: Launch) -> str:
    limits = load(program.dialect).facts["limits"]
    assert isinstance(limits, Mapping)
    for name, size, most in (("grid", launch.grid, limits["grid"]), ("block", launch.block, limits["block"])):
        for axis, extent, limit in zip(_AXES, size, most):
            if extent < 1:
                return f"the launch has a {name} of {_shown(size)}: no dimension may be 0"
            if extent > limit:
                return f"the launch has a {name} of {_shown(size)}: at most {limit:,} along {axis}"
    threads, most = math.prod(launch.block), limits["block_threads"]
    return f"the launch has blocks of {_shown(launch.block)} = {threads:,} threads: at most {most:,}" if threads > most else ""


def _dynamic_memory(program: Program, launch: Launch) -> str:
    most = _opt_in(program) or load(program.dialect).capacity(Scope.SHARED, _architecture(program))
    if most is None or launch.shared_bytes <= most:
        return ""
    return f"the launch asks for {launch.shared_bytes:,} bytes of shared memory: a block has at most {most:,} on {_architecture(program)}"


def _bounds(program: Program, launch: Launch) -> tuple[str, int]:
    """Whether the block is larger than the kernel says of itself; with the line where it says so."""
    name = _name(program)
    for pattern in (_BOUNDS, _GROUP_SIZE):
        found = re.search(pattern.format(name=name), program.text)
        most = _number(program.text, found[1]) if found else None
        if found and most is not None and math.prod(launch.block) > most:
            line = program.text.count("\n", 0, found.start()) + 1
            threads = math.prod(launch.block)
            return f"the launch has blocks of {threads:,} threads, and the kernel is declared for at most {most:,} (line {line})", line
    return "", 0


def _number(text: str, word: str) -> int | None:
    """An integer literal, or a name that the text defines as one; None for all else (template parameters, expressions)."""
    for _ in range(8):
        literal = re.fullmatch(r"\(?\s*(\d+)[uUlL]*\s*\)?", word)
        if literal:
            return int(literal[1])
        found = re.search(rf"(?:#\s*define\s+{re.escape(word)}\s+|\bconst(?:expr)?\b[^;=]*\b{re.escape(word)}\s*=\s*)([^;\n/]+)", text)
        if found is None:
            return None
        word = found[1].strip()
    return None


def _tasks(program: Program, launch: Launch) -> str:
    if any(extent < 1 for extent in launch.grid):
        return f"the launch has {_shown(launch.grid)} tasks: no dimension may be 0"
    union = re.fullmatch(r"union(\d+)", launch.kind)
    if launch.kind not in ("", "block") and (union is None or int(union[1]) not in UNIONS):
        return f"the launch is of kind {launch.kind}: there are Block and Union1, Union2, Union4, ... tasks"
    if union is None:
        return ""
    if program.architecture.startswith("tp_"):
        return f"the launch is of kind {launch.kind}, and {program.architecture} has no clusters"
    limits = load("bang").facts["limits"]
    assert isinstance(limits, Mapping)
    group = limits["cores_per_cluster"] * int(union[1])
    return f"the launch has {launch.grid[0]} tasks along x: Union{union[1]} needs a multiple of {group}" if launch.grid[0] % group else ""


def _shown(size: tuple[int, int, int]) -> str:
    return " x ".join(f"{extent:,}" for extent in size)
