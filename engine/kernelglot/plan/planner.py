"""The routes from a kernel to a target, as candidates, the best first. Every candidate is tested like any other.

A route is chosen by what the kernel is and what the target has, never by the kernel's name: CUDA to HIP keeps the text and repairs it,
everything else recovers the loops first and then gives them to the target's own axes, memories and vectors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..dialects.c.emit import STYLE as C_STYLE
from ..dialects.emit_c import Printer
from ..dialects.legal import for_c
from ..ir.nodes import Constant, ConstantDecl, Declare, Kernel, Opaque, Var
from ..ir.types import Array, Pointer
from ..ir.walk import assigned, walk
from ..passes.base import Declined, LaunchShape
from ..passes.loop_recovery import LoopRecovery
from ..verify.cases import Launch
from . import bang, vnni

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
    recovered = LoopRecovery().apply(kernel, shape)
    recovered = replace(recovered, params=_read_only(recovered))
    if to == "c":
        unit = for_c(recovered)
        yield Candidate(unit.name, Printer(C_STYLE).unit(needed_constants(unit)), unit, route="loops")
    elif to == "vnni":
        for made in vnni.translate(recovered):
            yield Candidate(made.kernel.name, vnni.unit(needed_constants(made.kernel)), made.kernel, None, tuple(made.notes), "vector")
    elif to == "bang":
        for task in bang.translate(recovered):
            text = bang.unit(needed_constants(task.kernel))
            yield Candidate(task.kernel.name, text, task.kernel, task.launch, tuple(task.notes), task.route or "tasks")
    else:
        raise Declined("no-route", f"no route from {kernel.dialect} to {to} yet")


def _read_only(kernel: Kernel):
    """Parameters, with ``const`` where nothing is stored through a pointer."""
    written = assigned(kernel.body)
    return tuple(
        replace(p, type=replace(p.type, const=p.type.const and p.name not in written)) if isinstance(p.type, Pointer) else p
        for p in kernel.params
    )


def needed_constants(kernel: Kernel) -> Kernel:
    """``kernel`` with only those constants that it, its helpers, its array extents or its other constants still mention."""
    used = {n.name for n in walk((*kernel.body, *(s for f in kernel.functions for s in f.body))) if isinstance(n, Constant | Var)}
    for node in walk((*kernel.body, *(s for f in kernel.functions for s in f.body))):
        if isinstance(node, Declare) and isinstance(node.type, Array):
            for extent in node.type.shape:
                if not isinstance(extent, int):
                    used |= {n.name for n in walk(extent) if isinstance(n, Constant | Var)}  # type: ignore[arg-type]
    kept: list[ConstantDecl] = []
    for decl in reversed(kernel.constants):
        if decl.name in used:
            kept.append(decl)
            used |= set(_words(decl.text))
    return replace(kernel, constants=tuple(reversed(kept)))


def _words(text: str) -> list[str]:
    return re.findall(r"[A-Za-z_]\w*", text)
