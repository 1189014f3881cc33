"""One step for each pass: how the pass that a golden folder is named after is applied to a kernel.

Passes that stand alone are applied alone. Those that only mean something together (what is copied to NRAM depends on which loop became
the vector) run on the target's road, where ``route`` picks the candidate; the runner then makes sure that the pass took part.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from kernelglot.dialects import base
from kernelglot.dialects.bang.emit import STYLE as BANG
from kernelglot.dialects.c.emit import STYLE as C
from kernelglot.dialects.comments import without_threads
from kernelglot.dialects.cuda.emit import STYLE as CUDA
from kernelglot.dialects.emit_c import Printer
from kernelglot.dialects.hip.emit import STYLE as HIP
from kernelglot.dialects.legal import as_printed, for_c
from kernelglot.frontend.lower import lower
from kernelglot.ir.build import fresh
from kernelglot.ir.nodes import Constant, ConstantDecl, Declare, Expr, For, Kernel, Literal, Node
from kernelglot.ir.types import I32
from kernelglot.ir.walk import declared, rewrite_body
from kernelglot.passes.accumulators import with_accumulators
from kernelglot.passes.base import LaunchShape
from kernelglot.passes.cache import Nram
from kernelglot.passes.lane_choice import perfect
from kernelglot.passes.loop_bind import over_tasks, pieces
from kernelglot.passes.loop_recovery import LoopRecovery
from kernelglot.passes.loop_split import strips
from kernelglot.passes.memory_effects import Effects
from kernelglot.passes.structure import inline
from kernelglot.passes.vectorize import Vectorize
from kernelglot.plan import bang, planner, vnni
from kernelglot.verify.cases import Launch

PRINT = {"cuda": Printer(CUDA).unit, "hip": Printer(HIP).unit, "c": Printer(C).unit, "vnni": vnni.unit, "bang": bang.unit}
PASSES = Path(planner.__file__).resolve().parents[1] / "passes"
ALONE = Launch((1, 1, 1), (1, 1, 1))  # called like a function


@dataclass(frozen=True)
class Made:
    """What came out: the printed unit is what is compared, parsed back and run. ``others`` are the road's other candidates."""

    name: str
    dialect: str
    unit: str
    launch: Launch = ALONE
    others: tuple[Made, ...] = ()


@dataclass(frozen=True)
class Step:
    """``to``: the dialect in which the result is read best; ``apply(kernel, launch, settings, dialect)`` may raise Declined."""

    to: str
    apply: Callable[[Kernel, LaunchShape, dict, str], Made]


def launch_shape(kernel: Kernel, settings: dict) -> LaunchShape:
    """The launch that a claim states. An extent is a number, or an expression over the kernel's scalars as host code has it."""
    extents = [[_extent(kernel, each) for each in settings.get(word, [1, 1, 1])] for word in ("grid", "block")]
    return LaunchShape(tuple(extents[0]), tuple(extents[1]), _extent(kernel, settings.get("shared", 0)))


def _extent(kernel: Kernel, written: int | str) -> Expr:
    if isinstance(written, int):
        return Literal(written)
    signature = ", ".join(f"int {p.name}" for p in kernel.params if p.type == I32)
    text = f"__global__ void extent({signature}) {{ int value = {written}; }}"
    stmt = lower(text, base.load("cuda").spelling, "extent.cu").kernels[0].body[0]
    assert isinstance(stmt, Declare) and isinstance(stmt.value, Expr), written
    return stmt.value


# ---- passes that stand alone


def recover(kernel: Kernel, shape: LaunchShape, settings: dict, to: str) -> Made:
    return _printed(_recovered(kernel, shape), to)


def split(kernel: Kernel, shape: LaunchShape, settings: dict, to: str) -> Made:
    """``loop`` in strips of ``width``."""
    taken = _names(kernel)
    width = Constant(fresh("TILE", taken), settings["width"], I32)

    def visit(node: Node) -> Node:
        if isinstance(node, For) and node.var == settings["loop"]:
            return strips(node.var, node.type, node.lower, node.upper, width, taken, lambda lanes: (lanes.loop(node.body),))
        return node

    tile = ConstantDecl(width.name, I32, width.value, spelled="define")
    kernel = without_threads(kernel)
    return _printed(replace(kernel, body=rewrite_body(kernel.body, visit), constants=(*kernel.constants, tile)), to)


def bind(kernel: Kernel, shape: LaunchShape, settings: dict, to: str) -> Made:
    """The outermost independent loops dealt out to tasks: ``deal = "iterations"`` in turn, ``deal = "pieces"`` one contiguous piece each."""
    recovered = _recovered(kernel, shape)
    taken, nest = _names(recovered), perfect(recovered.body)
    if settings["deal"] == "pieces":
        (level,) = nest.levels
        declarations, begin, end = pieces(level.extent, level.type, taken)
        body = (*declarations, For(level.var, begin, end, Literal(1), nest.body, type=level.type))
    else:
        body = over_tasks(list(nest.levels), nest.body, taken)
    body = Effects(Nram(taken)).lower(body)
    made = bang.legal(replace(recovered, body=body, dialect="bang", symbol=recovered.name))
    return replace(_printed(made, to), launch=bang.LAUNCH)


# ---- passes that work together


def on_the_road(kernel: Kernel, shape: LaunchShape, settings: dict, to: str) -> Made:
    """The best candidate for ``to``, or the best one of a ``route``."""
    if to == "vnni":
        _vectorize(_recovered(kernel, shape))  # the plan answers a no with plain loops; here the no is what the claim is about
    found = [*planner.candidates(kernel, shape, to)]
    best = next(c for c in found if settings.get("route", c.route) == c.route)
    made, *others = (Made(c.name, to, c.unit, c.launch or ALONE) for c in (best, *(c for c in found if c is not best)))
    return replace(made, others=tuple(others))


def _vectorize(recovered: Kernel) -> Kernel:
    return Vectorize().apply(with_accumulators(inline(for_c(recovered), lambda function: True)))


STEPS = {
    "loop_recovery": Step("c", recover),
    "loop_bind": Step("bang", bind),
    "loop_split": Step("c", split),
    "loop_expansion": Step("bang", on_the_road),
    "cache": Step("bang", on_the_road),
    "tensorize": Step("bang", on_the_road),
    "detensorize": Step("c", recover),  # loop recovery asks for it where a warp works on a fragment
}


def apply(pass_name: str, kernel: Kernel, settings: dict, written: str) -> tuple[Made, bool]:
    """What the pass makes of ``kernel``, in the dialect ``written`` (empty: the pass's usual one), and whether the pass's file took part."""
    step = STEPS[pass_name]
    to = settings.get("to") or written or step.to
    shape = launch_shape(kernel, settings)
    file = str(PASSES / ("vectorize" if pass_name == "tensorize" and to == "vnni" else pass_name)) + ".py"
    took_part = False

    def look(frame, event, argument) -> None:
        nonlocal took_part
        took_part = took_part or event == "call" and frame.f_code.co_filename == file and frame.f_code.co_name != "<module>"

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        made = step.apply(kernel, shape, settings, to)
    finally:
        sys.setprofile(before)
    return made, took_part


def _recovered(kernel: Kernel, shape: LaunchShape) -> Kernel:
    return LoopRecovery().apply(without_threads(kernel), shape)


def _printed(kernel: Kernel, to: str) -> Made:
    style = BANG if to == "bang" else C
    unit = planner.needed_constants(as_printed(kernel if to == "bang" else for_c(kernel), style))
    return Made(unit.name, to, PRINT[to](unit))


def _names(kernel: Kernel) -> set[str]:
    found = declared(kernel.body) | {each.name for each in (*kernel.params, *kernel.constants, *kernel.functions)}
    return found | {kernel.name}
