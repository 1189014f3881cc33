"""How many blocks a launch needs: what the guards of a kernel say about the extent of its grid.

``if (blockIdx.x * blockDim.x + threadIdx.x < n)`` says that a grid of ``ceil(n / blockDim.x)`` blocks reaches every index that is let
through; ``if (blockIdx.y < rows)`` says ``rows``. Nothing is said about an axis without such a guard.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..ir.affine import Poly, minus, poly, to_expr
from ..ir.build import add, ceil_div, integer, value_of
from ..ir.nodes import (
    BLOCK_AXES,
    THREAD_AXES,
    Axis,
    AxisExtent,
    AxisIndex,
    Binary,
    Call,
    Cast,
    Expr,
    Kernel,
    Load,
    Node,
    Stmt,
)
from ..ir.types import Scalar, element_of
from ..ir.walk import rewrite_body, variables, walk
from .definitions import index_definitions

FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


def blocks_needed(kernel: Kernel, axis: Axis, block: tuple[Expr, Expr, Expr]) -> tuple[Expr, ...]:
    """Candidates for the grid's extent along the block ``axis``, in blocks, as expressions over the kernel's parameters; ``block`` are the
    extents of a block in threads."""
    position = BLOCK_AXES.index(axis)
    body = rewrite_body(kernel.body, lambda node: _plain(node, block))
    definitions = index_definitions(body)
    parameters = {param.name for param in kernel.params if isinstance(param.type, Scalar)}
    found: list[Expr] = []
    for left, right in _guards(body):
        index = poly(left, definitions)
        moving = {m: c for m, c in index.items() if any(isinstance(atom, AxisIndex) for atom in m)}
        per_block = _per_block(moving, axis, THREAD_AXES[position], block[position])
        bound = to_expr(minus(poly(right, definitions), {m: c for m, c in index.items() if m not in moving}))
        if per_block is None or not _over(bound, parameters):
            continue
        needed = bound if value_of(per_block) == 1 else ceil_div(bound, per_block)
        if needed not in found:
            found.append(needed)
    return tuple(found)


def _plain(node: Node, block: tuple[Expr, Expr, Expr]) -> Node:
    """Without casts between integers, and with numbers for the extents of a block."""
    if isinstance(node, AxisExtent) and node.axis in THREAD_AXES:
        return block[THREAD_AXES.index(node.axis)]
    if isinstance(node, Cast) and element_of(node.type).is_integer and element_of(node.operand.type).is_integer:
        return node.operand
    return node


def _guards(body: tuple[Stmt, ...]) -> Iterator[tuple[Expr, Expr]]:
    """Every comparison as ``index < bound``, with either side as the index and also for ``if (i >= n) return``."""
    for node in walk(body):
        if not (isinstance(node, Binary) and node.op in FLIPPED):
            continue
        for index, op, bound in ((node.left, node.op, node.right), (node.right, FLIPPED[node.op], node.left)):
            yield index, bound if op in ("<", ">=") else add(bound, integer(1))


def _per_block(terms: Poly, axis: Axis, thread: Axis, width: Expr) -> Expr | None:
    """How far an index moves from block to block, where it is ``axis * width + thread`` or ``axis`` alone; None where it is not."""
    of_block = {m: c for m, c in terms.items() if any(isinstance(a, AxisIndex) and a.axis is axis for a in m)}
    of_thread = {m: c for m, c in terms.items() if any(isinstance(a, AxisIndex) and a.axis is thread for a in m)}
    if not of_block or len(of_block) + len(of_thread) != len(terms):
        return None
    stride = to_expr({tuple(a for a in m if not (isinstance(a, AxisIndex) and a.axis is axis)): c for m, c in of_block.items()})
    if not of_thread:
        return stride if value_of(stride) == 1 else None
    if len(of_thread) != 1 or next(iter(of_thread.items())) != ((next(a for m in of_thread for a in m),), 1):
        return None
    return stride if poly(stride) == poly(width) else None


def _over(expr: Expr, parameters: set[str]) -> bool:
    """Whether ``expr`` is computed from ``parameters``, some of them at least, and numbers."""
    names = variables(expr)
    return bool(names) and names <= parameters and not any(isinstance(n, AxisIndex | AxisExtent | Load | Call) for n in walk(expr))
