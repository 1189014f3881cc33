"""What the runner says about the place of a fault: which thread or task, which array, which lines. See runtime/job.h and runtime/shadow.c.

The runner knows addresses; names come from the module's symbol table, lines from its line numbers, both read here. Everything in the report
may have been written by foreign code: numbers are held to what they can be, and nothing of it is trusted further than a sentence.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..frontend.adapter import NAME as WITH_STRUCTURES
from . import elf
from .build import BLOCKS, TASKS, Module, lines_at
from .cases import BYTES, Buffer, TestCase

_REPORT, _REPORT_AT = struct.Struct("=15I 6I 6I I q"), 2048
_TABLE, _ARRAY = struct.Struct("=2I"), struct.Struct("=2Q 2I")
_PRIVATE, _DYNAMIC, _MODULE, _CONSTANT, _IGNORED = 0, 1, 2, 3, 9
_ARGUMENT, _IN_ARRAY, _GAP = 1, 2, 3
MOST_ARRAYS = 120                   # of which a strict run keeps books


@dataclass(frozen=True, slots=True)
class Array:
    """One array of the kernel's own in its module. ``offset``: bytes from the start of its memory."""

    name: str
    kind: int
    offset: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fault happened. ``here``, ``there``: return addresses in the module, innermost first; ``there`` is a race's other side."""

    who: str                        # "thread (1, 0, 0) of block (0, 0, 0)", "" where no kernel ran
    kind: int
    index: int                      # of the argument or the array
    bytes: int                      # of the access
    offset: int
    here: tuple[int, ...]
    there: tuple[int, ...]
    unwatched: bool                 # a strict run did not have the memory to watch every buffer


def read_place(results: memoryview | bytes, cores: int = 4) -> Place:
    fields = _REPORT.unpack_from(results, _REPORT_AT)
    running, how, agent, union, cluster = fields[:5]
    thread, block = fields[5:8], fields[8:11]
    kind, index, size, unwatched = fields[11:15]
    who = ""
    if running and how == BLOCKS:
        who = f"thread {thread} of block {block}"
    elif running and how == TASKS:
        cluster = cluster or cores
        who = f"task {agent}" + (f" (cluster {agent // cluster % max(union, 1)}, core {agent % cluster})" if union else "")
    here, there = (tuple(filter(None, fields[at:at + 6])) for at in (15, 21))
    return Place(who, kind, index, size, fields[-1], here, there, bool(unwatched))


def table(arrays: Sequence[Array]) -> bytes:
    """The arrays as strict jobs begin with them."""
    return _TABLE.pack(len(arrays), 0) + b"".join(_ARRAY.pack(array.offset, array.bytes, array.kind, 0) for array in arrays)


def arrays_of(module: Module) -> list[Array]:
    """The variables of a module that a strict run looks at, in memory order; none where there are too many of them."""
    found = []
    constants = _constants(module)
    for symbol, thread_local, value, size in _symbols(Path(module.path).read_bytes()):
        own = re.match(r"_ZGV|_Z\w*10kernelglot|_DYNAMIC|_GLOBAL|__bss|_edata|_end", symbol) or re.match(r"(?:kg|bang)_", spelled(symbol))
        if symbol == "kg_dynamic_shared":
            found.append(Array("dynamic shared memory", _DYNAMIC, value, size))
        elif thread_local:
            found.append(Array(spelled(symbol), _IGNORED if own else _PRIVATE, value, size))
        elif not own:
            found.append(Array(spelled(symbol), _CONSTANT if spelled(symbol) in constants else _MODULE, value, size))
    found.sort(key=lambda array: (array.kind in (_MODULE, _CONSTANT), array.offset))
    return found if len(found) <= MOST_ARRAYS else []


def _constants(module: Module) -> set[str]:
    """Variables in constant memory. The function that passes structures sets them for the host: there they are ordinary ones."""
    program = module.unit.program
    if program.symbol == WITH_STRUCTURES:
        return set()
    return set(re.findall(r"__constant__[^;(){}=]*?\b(\w+)\s*(?:\[|=|;)", program.text))


def _symbols(data: bytes) -> list[tuple[str, bool, int, int]]:
    """A module's variables that can be written: name, whether thread-local, address or offset, bytes."""
    writable = {number for number, section in enumerate(elf.sections(data)) if number and section.flags & elf.WRITABLE}
    kinds = (elf.VARIABLE, elf.THREAD_LOCAL_VARIABLE)
    return [(symbol.name, symbol.kind == elf.THREAD_LOCAL_VARIABLE, symbol.value, symbol.bytes) for symbol in elf.symbols(data)
            if symbol.bytes and symbol.kind in kinds and symbol.section in writable]


def spelled(symbol: str) -> str:
    """A variable's own name out of its mangled one: ``_ZZ4gemmPKfE4tile`` is ``tile``."""
    for number in reversed(list(re.finditer(r"\d+", symbol))):
        for start in range(number.start(), number.end()):
            length = int(symbol[start:number.end()])
            name = symbol[number.end():number.end() + length]
            if length and len(name) == length and re.fullmatch(r"[A-Za-z_]\w*", name) and re.fullmatch(r"(?:_\d*|E|\.\d+|I\w*|L\w*)*",
                                                                                                       symbol[number.end() + length:]):
                return name
    return symbol.partition(".")[0]


def shared_bytes(arrays: Sequence[Array]) -> int:
    """Bytes of a block's shared memory that a strict module declares; it holds no other kernel's."""
    return sum(array.bytes for array in arrays if array.kind == _PRIVATE)


def sentence_of(sentence: str, place: Place, module: Module, case: TestCase, arrays: Sequence[Array]) -> tuple[str, int]:
    """A strict run's sentence with names and lines in place of its marks, and the line of the access it ended with."""
    if "{" not in sentence:
        return sentence, 0
    here, there = lines_of(module, (place.here, place.there))
    name, size = _named(place, module, case, arrays)
    if place.kind == _GAP:
        sentence = sentence.partition("{place}")[0] + "on-chip memory that belongs to none of the kernel's arrays"
    sentence = sentence.replace("{place}", name).replace("{size}", size)
    for mark, line in (("{here}", here), ("{there}", there)):
        sentence = sentence.replace(mark, f" in line {line}" if line else "")
    return sentence, here


def _named(place: Place, module: Module, case: TestCase, arrays: Sequence[Array]) -> tuple[str, str]:
    parameters = module.unit.program.parameters
    if place.kind == _ARGUMENT and place.index < len(parameters):
        buffer = case.argument(parameters[place.index])
        if isinstance(buffer, Buffer):
            return f"`{buffer.name}[{place.offset // BYTES[buffer.dtype]}]`", f"{buffer.elements} elements"
    if place.kind == _IN_ARRAY and place.index < len(arrays):
        array = arrays[place.index]
        exact = place.bytes in (1, 2, 4, 8, 16) and place.offset % place.bytes == 0
        where = f"element {place.offset // place.bytes}" if exact else f"byte {place.offset}"
        size = case.launch.shared_bytes if array.kind == _DYNAMIC else array.bytes
        return f"{where} of {array.name if array.kind == _DYNAMIC else f'`{array.name}`'}", f"{size} bytes"
    return "", ""


def lines_of(module: Module, chains: Sequence[Sequence[int]]) -> list[int]:
    """For each chain of return addresses (innermost first) the first line that lies in the kernel's text, 0 where there is none. The
    module has line numbers."""
    found = lines_at(module.path, [address - 1 for chain in chains for address in chain])
    return [next((found[address - 1] for address in chain if address - 1 in found), 0) for chain in chains]
