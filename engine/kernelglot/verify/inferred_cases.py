"""A test case without host code: launch, sizes and buffers guessed from the kernel's guards and indices, every guess said aloud."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ..analysis.footprint import footprint, launch_axes
from ..analysis.ranges import Ranges, State
from ..frontend.host import LaunchSite
from ..ir.affine import poly
from ..ir.nodes import Axis, AxisExtent, AxisIndex, Binary, Call, Declare, Expr, For, Kernel, Literal, Node
from ..ir.types import Array, Scope, element_of
from ..ir.walk import substitute, walk
from .arguments import Draft, complete, has_fragments, pointers, scalars
from .cases import Launch, TestCase
from .shapes import EDGE_WORK, LANES, WIDE_WORK, assignments, beyond
from .size_names import float_for, ragged_for

Shape = tuple[int, int, int]
BLOCKS = (Axis.BLOCK_X, Axis.BLOCK_Y, Axis.BLOCK_Z)
THREADS = (Axis.THREAD_X, Axis.THREAD_Y, Axis.THREAD_Z)
FREE_BLOCKS = (13, 5, 3)            # blocks along an axis that nothing limits
MOST_BLOCKS = 4096


def cases_by_inference(kernel: Kernel, site: LaunchSite | None, wanted: Sequence[int] = ()) -> tuple[tuple[TestCase, ...], str]:
    """A case, and more with smaller sizes and at the edges of tiles where the same block can run them; or nothing and what stayed open.
    With ``wanted``, sizes that the translation's tiles ask for, the others have these."""
    first, reason = case_by_inference(kernel, site)
    if first is None:
        return (), reason
    if wanted:
        sizes = beyond(_sizes(kernel, first), wanted) if not has_fragments(kernel) else ()
        return (first, *_fitting(kernel, site, first, sizes, WIDE_WORK)), ""
    cases = [first]
    for share in (0.6, 0.0):
        sizes = {name: _resized(kernel, int(first.argument(name).value), share) for name in _sizes(kernel, first)}  # type: ignore[union-attr]
        case = case_by_inference(kernel, site, sizes)[0] if sizes else None
        if case is not None and case.launch.block == first.launch.block:
            cases.append(replace(case, varied=True, assumptions=()))
    cases += _at_edges(kernel, site, first)
    return tuple(cases), ""


def _at_edges(kernel: Kernel, site: LaunchSite | None, first: TestCase) -> list[TestCase]:
    """Cases at the edges of tiles, as far as the same block can run them."""
    tiles = dict.fromkeys(_sizes(kernel, first), math.prod(first.launch.block) if math.prod(first.launch.block) > 1 else LANES)
    return _fitting(kernel, site, first, assignments(tiles) if tiles and not has_fragments(kernel) else (), EDGE_WORK)


def _fitting(kernel: Kernel, site: LaunchSite | None, first: TestCase, tried: Iterable[Sequence[Mapping[str, int]]],
             work: float) -> list[TestCase]:
    """Of each list of sizes the first with which there is a case that is little work."""
    found: list[TestCase] = []
    for options in tried:
        for sizes in options:
            case = case_by_inference(kernel, site, sizes)[0]
            threads = 0 if case is None else math.prod((*case.launch.grid, *case.launch.block)) + sum(b.elements for b in case.buffers)
            if case is not None and case.results and case.launch.block == first.launch.block and threads <= work / 4:
                found.append(replace(case, varied=True, assumptions=()))
                break
    return found


def _sizes(kernel: Kernel, case: TestCase) -> list[str]:
    """The integers that look like sizes: 5 or more."""
    return [name for name, type_ in scalars(kernel).items() if type_.is_integer and case.argument(name).value >= 5]  # type: ignore[union-attr]


def _resized(kernel: Kernel, value: int, share: float) -> int:
    """A share of a size, 1 at least; whole fragments where a kernel has them."""
    grain = 16 if has_fragments(kernel) and value % 16 == 0 else 1
    return max(grain, int(value * share) // grain * grain)


def case_by_inference(kernel: Kernel, site: LaunchSite | None,
                      given: Mapping[str, int | float] | None = None) -> tuple[TestCase | None, str]:
    """One case, or None and a sentence that says what stayed open. ``site`` lends the parts of a launch that are known."""
    integers = [name for name, type_ in scalars(kernel).items() if type_.is_integer]
    fragments = has_fragments(kernel)
    values: dict[str, int | float] = {}
    for name, type_ in scalars(kernel).items():
        position = integers.index(name) if name in integers else 0
        assumed = float_for(name) if type_.is_float else ragged_for(name, position, len(integers))
        if fragments and type_.is_integer and assumed > 4:
            assumed = -(-int(assumed) // 16) * 16           # matrix fragments have no guards
        values[name] = (given or {}).get(name, assumed)
    notes = []
    assumed = ", ".join(f"{name}={value}" for name, value in values.items() if name not in (given or {}))
    if assumed:
        notes.append(f"Nothing in the file gives sizes; {assumed} was assumed.")
    if kernel.dialect == "bang":
        launch = Launch((16, 1, 1), (1, 1, 1), 0, "union4")
        notes.append("Nothing in the file launches the kernel; 16 tasks on 4 clusters (union4) were assumed.")
    elif kernel.dialect in ("c", "vnni", "cpp"):
        launch = Launch((1, 1, 1), (1, 1, 1))
    else:
        block, grid = _shape(kernel, values, site)
        if math.prod(grid) * math.prod(block) > 1 << 22:
            return None, "The guards of the kernel ask for more threads than a test can run, and nothing gives smaller sizes."
        shared = _shared_bytes(kernel, block)
        launch = Launch(grid, block, shared)
        notes.append(f"No launch in the file could be computed; grid={grid} and block={block} were inferred from the kernel's guards.")
        if shared:
            notes.append(f"{shared} bytes of dynamic shared memory were assumed: one element a thread.")
    draft = Draft(launch, values, {}, notes)
    case = complete(kernel, draft)
    if case is None:
        return None, draft.missing(kernel, "cannot be seen from the indices of the kernel")
    if pointers(kernel):
        case_note = "Buffers are as long as the indices of the kernel need."
        case = replace(case, assumptions=(*case.assumptions, case_note))
    return case, ""


def _all_nodes(kernel: Kernel) -> list[Node]:
    return list(walk((*kernel.body, *(statement for function in kernel.functions for statement in function.body))))


def _used_axes(kernel: Kernel) -> set[Axis]:
    return {node.axis for node in _all_nodes(kernel) if isinstance(node, AxisIndex | AxisExtent)}


def _shape(kernel: Kernel, values: Mapping[str, int | float], site: LaunchSite | None) -> tuple[Shape, Shape]:
    """Block and grid; the block is halved along its last long axis until no index leaves an array of the kernel."""
    first = block = _block(kernel, site)
    while True:
        grid = _grid(kernel, 0, block, values, site), _grid(kernel, 1, block, values, site), _grid(kernel, 2, block, values, site)
        if not footprint(kernel, grid, block, values).overflowing:
            return block, grid
        long = [axis for axis in range(3) if block[axis] > 8] or [axis for axis in range(3) if block[axis] > 1]
        if not long:
            break
        block = tuple(size // 2 if axis == long[-1] else size for axis, size in enumerate(block))  # type: ignore[assignment]
    return first, (_grid(kernel, 0, first, values, site), _grid(kernel, 1, first, values, site), _grid(kernel, 2, first, values, site))


def _block(kernel: Kernel, site: LaunchSite | None) -> tuple[int, int, int]:
    known = [value for value in site.block_values if value] if site is not None else []
    if len(known) == 3:
        return known[0], known[1], known[2]
    used = _used_axes(kernel)
    strides = [_block_stride(kernel, axis) for axis in BLOCKS]
    limit = kernel.launch_bounds or 1024
    lanes = any(isinstance(node, Call) and node.name.startswith("shfl") for node in _all_nodes(kernel))
    if Axis.THREAD_Z in used:
        shape = [strides[0] or 8, strides[1] or 8, strides[2] or 4]
    elif Axis.THREAD_Y in used:
        shape = [strides[0] or (32 if lanes else 16), strides[1] or (8 if lanes else 16), 1]
    elif Axis.THREAD_X in used:
        shape = [strides[0] or kernel.launch_bounds or 256, 1, 1]
    else:
        shape = [1, 1, 1]
    while math.prod(shape) > limit:
        largest = shape.index(max(shape))
        shape[largest] = max(1, shape[largest] // 2)
    return shape[0], shape[1], shape[2]


def _block_stride(kernel: Kernel, axis: Axis) -> int | None:
    """C where the kernel says ``blockIdx * C + threadIdx``."""
    position = BLOCKS.index(axis)
    for node in walk(kernel.body):
        if isinstance(node, Binary) and node.op == "+":
            terms = poly(node)
            thread = [m for m in terms if len(m) == 1 and isinstance(m[0], AxisIndex) and m[0].axis is THREADS[position] and terms[m] == 1]
            blocks = [c for m, c in terms.items() if len(m) == 1 and isinstance(m[0], AxisIndex) and m[0].axis is axis]
            if thread and blocks and 1 < blocks[0] <= 1024:
                return blocks[0]
    return None


def _shared_bytes(kernel: Kernel, block: tuple[int, int, int]) -> int:
    """Dynamic shared memory: one element of each ``extern`` array for every thread."""
    threads = math.prod(block)
    return sum(node.type.element.bytes * threads for node in walk(kernel.body)
               if isinstance(node, Declare) and isinstance(node.type, Array) and node.type.scope is Scope.SHARED and node.type.shape
               and node.type.shape[0] in (0, Literal(0)))


def _definitions(kernel: Kernel) -> dict[str, Expr]:
    """What integer variables hold first. Some get other values later; for a grid that covers the guards the first is what counts."""
    return {node.name: node.value for node in walk(kernel.body)
            if isinstance(node, Declare) and node.value is not None and element_of(node.type).is_integer}


def _grid(kernel: Kernel, position: int, block: tuple[int, int, int], values: Mapping[str, int | float], site: LaunchSite | None) -> int:
    """Enough blocks along one axis for the largest guard on an expression that grows with it."""
    axis = BLOCKS[position]
    if site is not None and site.grid_values[position]:
        return site.grid_values[position]
    if axis not in _used_axes(kernel):
        return 1
    definitions = _definitions(kernel)
    named = {param.name: Literal(values[param.name], param.type) for param in kernel.params if param.name in values}
    axes, extents = launch_axes((1, 1, 1), block)
    ranges = Ranges(axes, extents)
    needed = 0
    for left, right in _comparisons(kernel):
        terms = poly(substitute(left, named), {name: substitute(value, named) for name, value in definitions.items()})
        stride: float = 0
        for monomial, coefficient in terms.items():
            if any(isinstance(atom, AxisIndex) and atom.axis is axis for atom in monomial):
                others = [ranges.of(atom, State()) for atom in monomial if not (isinstance(atom, AxisIndex) and atom.axis is axis)]
                stride = coefficient * math.prod(low for low, high in others if low == high)
        bound = ranges.of(substitute(right, named), State({name: ranges.of(substitute(value, named), State())
                                                           for name, value in definitions.items()}))[1]
        if stride > 0 and not math.isinf(bound) and bound > 0:
            needed = max(needed, math.ceil(bound / stride))
    if not needed:
        return FREE_BLOCKS[position]
    return min(needed, MOST_BLOCKS)


def _comparisons(kernel: Kernel) -> list[tuple[Expr, Expr]]:
    """Pairs (smaller side, larger side) of every guard and loop bound."""
    pairs = []
    for node in walk(kernel.body):
        if isinstance(node, Binary) and node.op in ("<", "<="):
            pairs += [(node.left, node.right)]
        elif isinstance(node, Binary) and node.op in (">", ">="):
            pairs += [(node.right, node.left), (node.left, node.right)]
        elif isinstance(node, For):
            pairs.append((node.lower, node.upper))
    return pairs


