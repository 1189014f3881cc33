"""The routes from a kernel to a target, as candidates, the best first. Every candidate is tested like any other.

A route is chosen by what the kernel is and what the target has, never by the kernel's name: CUDA to HIP keeps the text and repairs it,
everything else recovers the loops first and then gives them to the target's own axes, memories and vectors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..dialects.bang.emit import STYLE as BANG_STYLE
from ..dialects.c.emit import STYLE as C_STYLE
from ..dialects.comments import without_threads
from ..dialects.emit_c import Printer, Style
from ..dialects.legal import as_printed, for_c
from ..dialects.vnni.emit import STYLE as VNNI_STYLE
from ..ir.nodes import Constant, ConstantDecl, Declare, Expr, Kernel, Opaque, Param, Var
from ..ir.types import Array, Pointer
from ..ir.walk import assigned, variables, walk
from ..passes.base import Declined, LaunchShape
from ..passes.brain_floats import with_conversions, without_brain_floats
from ..passes.loop_recovery import LoopRecovery
from ..verify.cases import Launch
from . import bang, vnni
from .definitions import with_definitions, with_reinterpretations, without_counterpart

__all__ = ["Candidate", "Declined", "LaunchShape", "candidates"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A translated kernel not yet judged. ``launch`` is None where it is called like a function; ``unit`` is its printed text."""

    name: str
    unit: str
    kernel: Kernel
    launch: Launch | None = None
    notes: tuple[str, ...] = ()
    route: str = ""


def first_opaque(kernel: Kernel) -> Opaque | None:
    return next((n for n in walk(kernel) if isinstance(n, Opaque)), None)


def candidates(kernel: Kernel, shape: LaunchShape, to: str) -> Iterator[Candidate]:
    """Translations of ``kernel`` to ``to``, the most idiomatic first; raises Declined where there is none."""
    opaque = first_opaque(kernel)
    if opaque is not None:
        raise Declined("unsupported", opaque.reason, at=opaque.span)
    recovered = LoopRecovery().apply(without_threads(with_definitions(kernel)), shape)
    recovered = replace(recovered, params=_parameters(recovered))
    if to == "c":
        unit = _finished(without_brain_floats(for_c(recovered)), C_STYLE)
        yield Candidate(unit.name, Printer(C_STYLE).unit(unit), unit, route="loops")
    elif to == "vnni":
        for made in vnni.translate(recovered):
            unit = _finished(made.kernel, VNNI_STYLE)
            yield Candidate(unit.name, vnni.unit(unit), unit, None, tuple(made.notes), "vector")
    elif to == "bang":
        for task in bang.translate(recovered):
            unit = _finished(task.kernel, BANG_STYLE)
            yield Candidate(unit.name, bang.unit(unit), unit, task.launch, tuple(task.notes), task.route or "tasks")
    else:
        raise Declined("no-route", f"no route from {kernel.dialect} to {to} yet")


def _finished(kernel: Kernel, style: Style) -> Kernel:
    """``kernel`` as its text in ``style`` says it; raises Declined for a function that stays CUDA's own."""
    kernel = with_conversions(kernel)
    own = without_counterpart(with_reinterpretations(kernel, style))
    if own is not None:
        raise Declined("no-counterpart", f"`{own.name}` has no counterpart outside of CUDA", at=own.span)
    return needed_constants(as_printed(with_reinterpretations(kernel, style), style))


def _parameters(kernel: Kernel) -> tuple[Param, ...]:
    """``const`` only where nothing is stored through a pointer; of the launch only what the loops ask for."""
    written, read = assigned(kernel.body), variables(kernel.body) | _in_extents(kernel)
    return tuple(
        replace(p, type=replace(p.type, const=p.type.const and p.name not in written)) if isinstance(p.type, Pointer) else p
        for p in kernel.params
        if not p.launch or p.name in read
    )


def _in_extents(kernel: Kernel) -> set[str]:
    """Names in the extents of arrays."""
    arrays = [n.type for n in walk([*kernel.body, *kernel.functions]) if isinstance(n, Declare) and isinstance(n.type, Array)]
    extents = [e for type_ in arrays for e in type_.shape if isinstance(e, Expr)]
    return {n.name for n in walk(extents) if isinstance(n, Constant | Var)}


def needed_constants(kernel: Kernel) -> Kernel:
    """``kernel`` with only those constants that it, its helpers, its array extents or its other constants still mention."""
    used = {n.name for n in walk((*kernel.body, *(s for f in kernel.functions for s in f.body))) if isinstance(n, Constant | Var)}
    used |= _in_extents(kernel)
    kept: list[ConstantDecl] = []
    for decl in reversed(kernel.constants):
        if decl.name in used:
            kept.append(decl)
            used |= set(_words(decl.text))
    return replace(kernel, constants=tuple(reversed(kept)))


def _words(text: str) -> list[str]:
    return re.findall(r"[A-Za-z_]\w*", text)
