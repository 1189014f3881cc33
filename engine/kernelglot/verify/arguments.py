"""From a launch and scalar values to the arguments of a test case: roles, element counts, index ranges, each with its reason."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..analysis.footprint import Footprint, footprint
from ..analysis.ranges import EMPTY
from ..analysis.scatter import scattering
from ..ir.nodes import Kernel, Opaque
from ..ir.types import BOOL, Fragment, Pointer, element_of
from ..ir.types import Scalar as ScalarType
from ..ir.walk import walk
from .cases import Buffer, Launch, Scalar, TestCase

DTYPES = {"bool": "u8"}
MOST_ELEMENTS = 1 << 26     # of a buffer whose length only the indices tell
FREE_HIGH = 15              # largest index in buffers that index something of no given length
Contents = dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one buffer before the kernel's indices are looked at; None: unknown."""

    elements: int | None = None
    low: int | None = None
    high: int | None = None
    role: str = ""


@dataclass(slots=True)
class Draft:
    """A case under construction; ``unknown`` names buffers whose size could not be found."""

    launch: Launch
    scalars: dict[str, int | float]
    known: dict[str, Known] = field(default_factory=dict)
    assumptions: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    origin: str = "inferred"
    work: float = 0
    narrowed: bool = False              # index data of the host had to be narrowed
    guessed: bool = False               # what an index buffer holds is known from nowhere
    sufficient: bool = True             # every buffer certainly holds what the kernel touches
    unbounded: list[str] = field(default_factory=list)      # integer buffers whose values nothing tells, though they may be indices

    def missing(self, kernel: Kernel, why: str) -> str:
        """What keeps this from being a case, in a sentence; ``why`` ends the one about a size."""
        if not self.unbounded:
            return f"The size of `{self.unknown[0]}` {why}."
        place = next((node for node in walk((*kernel.body, *(f.body for f in kernel.functions))) if isinstance(node, Opaque)), None)
        where = f"line {place.span.line}" if place is not None and place.span is not None else "a part"
        return f"`{self.unbounded[0]}` may hold indices: {where} of the kernel was not understood, and nothing says which values are in it."


def pointers(kernel: Kernel) -> dict[str, Pointer]:
    return {param.name: param.type for param in kernel.params if isinstance(param.type, Pointer)}


def scalars(kernel: Kernel) -> dict[str, ScalarType]:
    return {param.name: param.type for param in kernel.params if isinstance(param.type, ScalarType)}


def has_fragments(kernel: Kernel) -> bool:
    """Does the kernel hold parts of matrices, so that its sizes are multiples of theirs?"""
    return any(isinstance(getattr(node, "type", None), Fragment) for node in walk(kernel.body))


def dtype_of(type_: object) -> str:
    name = element_of(type_).name
    return DTYPES.get(name, name)


def prints(kernel: Kernel, draft: Draft, contents: Contents) -> Footprint:
    return footprint(kernel, draft.launch.grid, draft.launch.block, draft.scalars, contents, draft.launch.kind)


def complete(kernel: Kernel, draft: Draft) -> TestCase | None:
    """The case that ``draft`` describes; None where a buffer's size stays unknown (``draft.unknown`` then says which)."""
    contents = {name: (known.low, known.high) for name, known in draft.known.items() if known.low is not None and known.high is not None}
    first = prints(kernel, draft, contents)
    counters = [name for name in pointers(kernel) if name in first.indexing and first.uses[name].written and name not in contents]
    if counters:
        contents |= dict.fromkeys(counters, (0, 0))
        draft.assumptions += [f"`{name}` starts at 0: what the kernel adds up in it becomes an index." for name in counters]
        first = prints(kernel, draft, contents)
    elements = {name: _elements(first, draft, name) for name in pointers(kernel)}
    index_buffers = [name for name in elements if name in first.indexing and not first.uses[name].written]
    ranges = {name: contents[name] for name in (*index_buffers, *counters) if name in contents}
    draft.unbounded = [name for name in pointers(kernel) if name in first.unclear - set(index_buffers) and name not in contents]
    if draft.unbounded:
        return None
    for name in sorted(first.unclear & set(contents) - set(ranges)):
        ranges[name] = contents[name]
        if draft.origin == "host":
            draft.assumptions.append(f"`{name}` holds values {_span(contents[name])}, as the host code fills it.")
    result = first
    if index_buffers and not _fits(first, elements):
        ranges = _solve(kernel, draft, index_buffers, ranges, elements)
        result = prints(kernel, draft, ranges)
        for name, (low, high) in ranges.items():
            draft.guessed |= name not in contents
            if (low, high) != contents.get(name):
                draft.narrowed |= name in contents
                why = " so that no index leaves a buffer" if name not in contents else " instead of " + _span(contents[name]) + (
                    ", because values drawn independently could otherwise point outside")
                draft.assumptions.append(f"`{name}` holds values {_span((low, high))}{why}.")
        elements = {name: count if count is not None else _elements(result, draft, name) for name, count in elements.items()}
    elif index_buffers:
        for name in index_buffers:
            if name not in ranges:
                ranges[name] = _checked(kernel, draft, name, dtype_of(pointers(kernel)[name]))
    draft.work = result.work
    draft.unknown = [name for name, count in elements.items() if count is None]
    if draft.unknown:
        return None
    draft.sufficient = all(_enough(result.uses[name].elements, elements[name]) and not result.uses[name].range[0] < 0 for name in elements)
    arguments: list[Buffer | Scalar] = []
    apart = scattering(kernel) & {name for name in ranges if name in elements}
    for param in kernel.params:
        dtype = dtype_of(param.type)
        if isinstance(param.type, Pointer):
            low, high = (0, 1) if element_of(param.type) == BOOL else ranges.get(param.name, (None, None))
            role = draft.known.get(param.name, Known()).role or role_of(param.type, result, param.name)
            distinct = param.name in apart and low is not None
            arguments.append(Buffer(param.name, dtype, max(1, elements[param.name] or 0), role, low, high, distinct))
        elif isinstance(param.type, ScalarType):
            value = draft.scalars[param.name]
            arguments.append(Scalar(param.name, dtype, float(value) if param.type.is_float else int(value)))
    assumptions = tuple(dict.fromkeys(draft.assumptions))
    guessed = draft.guessed or draft.origin == "inferred"
    return TestCase(kernel.symbol or kernel.name, tuple(arguments), draft.launch, draft.origin, assumptions, guessed=guessed)


def role_of(type_: Pointer, result: Footprint, name: str) -> str:
    """``in`` where nothing is written, ``out`` where nothing is read, else ``inout``."""
    use = result.uses[name]
    if type_.const or not use.written:
        return "in"
    return "inout" if use.read else "out"


def _elements(result: Footprint, draft: Draft, name: str) -> int | None:
    known, needed = draft.known.get(name, Known()).elements, result.uses[name].elements
    return known if known is not None else needed if needed is not None and needed <= MOST_ELEMENTS else None


def _enough(needed: int | None, given: int | None) -> bool:
    return needed is not None and given is not None and needed <= given


def _fits(result: Footprint, elements: Mapping[str, int | None]) -> bool:
    """Does every access that is understood stay inside (lower bounds included)?"""
    for name, use in result.uses.items():
        low, high = use.range if use.range != EMPTY else (0, -1)
        count = elements.get(name)
        if low < 0 or high >= (MOST_ELEMENTS if count is None else count):
            return False
    return True


def _solve(kernel: Kernel, draft: Draft, names: list[str], given: Contents, elements: Mapping[str, int | None]) -> Contents:
    """Ranges for index buffers under which every access stays inside: the host's as far as possible, else 0..high with the largest high."""
    def fits(ranges: Contents) -> bool:
        return _fits(prints(kernel, draft, ranges), elements)

    def scaled(share: float) -> Contents:
        return {name: (low, low + math.floor((high - low) * share)) for name, (low, high) in given.items()}

    known = dict(given)
    free = [name for name in names if name not in given]
    zero = {name: (0, 0) for name in free}
    if given and not fits(known | zero):
        known = scaled(0.0)
        if not fits(known | zero):
            known = {name: (0, 0) for name in given}
        else:
            low, high = 0.0, 1.0
            for _ in range(10):
                middle = (low + high) / 2
                low, high = (middle, high) if fits(scaled(middle) | zero) else (low, middle)
            known = scaled(low)
    if not free:
        return known
    unsized = [count for count in elements.values() if count is None]
    top = _largest_high(lambda high: fits(known | {name: (0, high) for name in free}), FREE_HIGH if unsized else (1 << 31) - 1)
    ranges = known | {name: (0, max(top, 0)) for name in free}
    if len(free) > 1:
        for name in free:
            best = _largest_high(lambda high, name=name: fits(ranges | {name: (0, high)}), FREE_HIGH if unsized else (1 << 31) - 1)
            ranges[name] = (0, max(best, ranges[name][1]))
    return ranges


def _largest_high(fits, limit: int) -> int:
    """The largest ``high`` in 0..limit that fits, -1 where not even 0 does; assumes that what fits is a prefix."""
    if not fits(0):
        return -1
    low, high = 0, 1
    while high <= limit and fits(high):
        low, high = high, high * 2
    high = min(high, limit + 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low


def _checked(kernel: Kernel, draft: Draft, name: str, dtype: str) -> tuple[int, int]:
    """A range for indices that the kernel checks itself: all that lead somewhere, and one more on either side."""
    def reach(high: int) -> tuple:
        return tuple(use.range for use in prints(kernel, draft, {name: (0, high)}).uses.values())

    limit = (1 << (min(int(dtype[1:]), 32) - (dtype[0] == "i"))) - 1
    full, low, high = reach(limit), -1, limit
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reach(middle) == full else (middle, high)
    return (-1 if dtype[0] == "i" else 0), min(high + 1, limit)


def _span(pair: tuple[int, int]) -> str:
    return f"{pair[0]}..{pair[1]}"
