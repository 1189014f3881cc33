"""Loop recovery: the parallel axes of a launch as loops.

before     what one thread of one block does
after      for block ...: for thread ...: what they do, in order
keeps      the result of every race-free kernel: blocks are independent; inside a block, thread loops are split where threads
           wait for each other (barriers, warp collectives), and what a thread carries across the split is kept in an array
declines   jump-in-branch, fragment-shape, return-in-block, return-in-loop, call-in-condition, unknown-axis

Loops that come from an axis are PARALLEL. Where no thread waits for another, block and thread become one loop over the global index,
guards become bounds, grid-stride loops lose their stride, and a flat index that is taken apart with ``/`` and ``%`` becomes coordinates.
Loops over short vectors (``float4``) become loops over their elements where that is the same; see ``components``.
"""

from __future__ import annotations

from dataclasses import replace

from ..dialects.comments import VECTORS, still_true
from ..ir.build import fresh, integer, mul, value_of
from ..ir.nodes import (
    BLOCK_AXES,
    THREAD_AXES,
    Assign,
    Axis,
    AxisExtent,
    AxisIndex,
    Call,
    Declare,
    Expr,
    Function,
    Kernel,
    Node,
    Stmt,
    Var,
)
from ..ir.types import I32, Array, Pointer, Scalar, Scope
from ..ir.walk import declared, rewrite_body, substitute, variables, walk
from .base import Declined, LaunchShape, Pass, Site
from .components import over_elements
from .intervals import block_loops
from .nest import Level, absorb_stride, bound_by_guard, build_nest, delinearise, fuse_axes, rename_level
from .structure import assign_once, inline, synchronises, without_returns
from .wrapping import with_wrapping

AXIS_NAMES = {
    Axis.BLOCK_X: "block_x",
    Axis.BLOCK_Y: "block_y",
    Axis.BLOCK_Z: "block_z",
    Axis.THREAD_X: "thread_x",
    Axis.THREAD_Y: "thread_y",
    Axis.THREAD_Z: "thread_z",
}


def needs_inlining(function: Function) -> bool:
    """Whether a helper looks at the launch, waits, or reaches into buffers: then it cannot stay a plain function of numbers."""
    return (
        synchronises(function.body)
        or any(isinstance(n, AxisIndex | AxisExtent) for n in walk(function.body))
        or any(isinstance(p.type, Pointer | Array) for p in function.params)
    )


class LoopRecovery(Pass):
    name = "loop_recovery"

    def sites(self, kernel: Kernel) -> list[Site]:
        axes = {n.axis for n in walk(kernel.body) if isinstance(n, AxisIndex)}
        return [Site("launch", reason="" if axes else "the kernel uses no launch axis")]

    def apply(self, kernel: Kernel, shape: LaunchShape) -> Kernel:
        kernel = inline(kernel, needs_inlining)
        if any(isinstance(n, Call) and n.name == "activemask" for n in walk(kernel.body)):
            reason = "`__activemask()` tells which lanes happen to run together, and loops have none: name the lanes"
            raise Declined("active-mask", reason)
        taken = (
            declared(kernel.body)
            | {p.name for p in kernel.params}
            | {c.name for c in kernel.constants}
            | {f.name for f in kernel.functions}
        )
        body = without_returns(assign_once(kernel.body, taken), taken)
        names = {axis: fresh(name, taken) for axis, name in AXIS_NAMES.items()}
        body = rewrite_body(with_wrapping(body), lambda node: self._place(node, shape, names))
        functions = tuple(replace(f, body=rewrite_body(f.body, lambda node: self._place(node, shape, names))) for f in kernel.functions)
        has_shared = any(isinstance(n, Declare) and isinstance(n.type, Array) and n.type.scope is Scope.SHARED for n in walk(body))
        if synchronises(body) or has_shared:
            body = self._blocks(kernel, body, shape, names, taken)
        else:
            body = self._flat(body, shape, names, taken)
        merged = over_elements(body, taken)
        if merged != body:
            body, kernel = merged, replace(kernel, comment=still_true(kernel.comment, VECTORS))
        return replace(kernel, body=body, functions=functions, launch_bounds=0)

    @staticmethod
    def _place(node: Node, shape: LaunchShape, names: dict[Axis, str]) -> Node:
        if isinstance(node, AxisIndex):
            if node.axis not in names:
                raise Declined("unknown-axis", f"the axis {node.axis.value} has no loop here", at=node.span)
            position = BLOCK_AXES.index(node.axis) if node.axis in BLOCK_AXES else THREAD_AXES.index(node.axis)
            extent = (shape.grid if node.axis in BLOCK_AXES else shape.block)[position]
            return integer(0) if value_of(extent) == 1 else Var(names[node.axis], I32)
        if isinstance(node, AxisExtent):
            if node.axis in BLOCK_AXES:
                return shape.grid[BLOCK_AXES.index(node.axis)]
            if node.axis in THREAD_AXES:
                return shape.block[THREAD_AXES.index(node.axis)]
        return node

    # ---- threads that never wait

    def _flat(self, body: tuple[Stmt, ...], shape: LaunchShape, names: dict[Axis, str], taken: set[str]) -> tuple[Stmt, ...]:
        levels: list[Level] = []
        cover: dict[str, tuple[Expr, Expr]] = {}
        for block_axis, thread_axis, blocks, width in reversed(list(zip(BLOCK_AXES, THREAD_AXES, shape.grid, shape.block, strict=True))):
            block, thread = names[block_axis], names[thread_axis]
            used = variables(body) & {block, thread}
            one_block, one_thread = value_of(blocks) == 1, value_of(width) == 1
            if one_block and one_thread:
                continue
            if one_thread or one_block:
                name, extent, pair = (block, blocks, (blocks, integer(1))) if one_thread else (thread, width, (integer(1), width))
                new = [Level(name, extent)]
                cover[name] = pair
            else:
                global_name = fresh("index_" + block[-1], taken)
                fused = fuse_axes(body, block, thread, width, global_name) if used else None
                if fused is not None:
                    body = fused
                    new = [Level(global_name, mul(blocks, width))]
                    cover[global_name] = (blocks, width)
                else:
                    new = [Level(block, blocks), Level(thread, width)]
                    cover[block], cover[thread] = (blocks, integer(1)), (integer(1), width)
            levels += new
        return self.simplify(levels, body, cover, taken)

    @staticmethod
    def simplify(levels: list[Level], body: tuple[Stmt, ...], cover: dict[str, tuple[Expr, Expr]], taken: set[str]) -> tuple[Stmt, ...]:
        """The nest with the author's names, guards as bounds, strides absorbed and flat indices taken apart."""
        named: list[Level] = []
        for level in levels:
            new, body = rename_level(level, body)
            if level.var in cover:
                cover[new.var] = cover.pop(level.var)
            named.append(new)
        levels, body = bound_by_guard(named, without_copies_of(named, body), cover)
        named = []
        for level in levels:
            new, body = rename_level(level, body)
            named.append(new)
        levels, body = named, without_copies_of(named, body)
        if levels:
            absorbed = absorb_stride(levels[-1], body)
            if absorbed is not None:
                levels, body = [*levels[:-1], absorbed[0]], absorbed[1]
        result: list[Level] = []
        for level in levels:
            parts, body = delinearise(level, body, taken)
            result += parts
        return build_nest(result, body)

    # ---- threads that wait for each other

    def _blocks(
        self, kernel: Kernel, body: tuple[Stmt, ...], shape: LaunchShape, names: dict[Axis, str], taken: set[str]
    ) -> tuple[Stmt, ...]:
        inner = block_loops(body, shape, {a: names[a] for a in THREAD_AXES}, taken)
        levels = [
            Level(names[axis], extent)
            for axis, extent in zip(reversed(BLOCK_AXES), reversed(shape.grid), strict=True)
            if value_of(extent) != 1
        ]
        cover = {level.var: (level.extent, integer(1)) for level in levels}
        named = []
        for level in levels:
            new, inner = rename_level(level, inner)
            cover[new.var] = cover.pop(level.var)
            named.append(new)
        levels, inner = bound_by_guard(named, inner, cover)
        return build_nest(levels, inner)


def without_copies_of(levels: list[Level], body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
    """``body`` without further names for a loop variable (``int rest = index;``), and without copies of those."""
    written = {n.target.name for n in walk(body) if isinstance(n, Assign) and isinstance(n.target, Var)}
    loops = {level.var for level in levels}
    mapping: dict[str, Expr] = {}
    result: list[Stmt] = []
    fixed: set[str] = set()
    for stmt in body:
        stmt = substitute(stmt, mapping)
        if (
            isinstance(stmt, Declare)
            and isinstance(stmt.value, Var)
            and stmt.name not in written
            and (stmt.value.name in loops or stmt.value.name in fixed)
        ):
            mapping[stmt.name] = stmt.value
            continue
        if isinstance(stmt, Declare) and stmt.name not in written and isinstance(stmt.type, Scalar) and stmt.type.is_integer:
            fixed.add(stmt.name)
        result.append(stmt)
    return tuple(result)


__all__ = ["LoopRecovery", "needs_inlining", "substitute"]
