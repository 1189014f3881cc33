"""Recovered loops as C for AVX-512: vectors and OpenMP first, plain loops with OpenMP second. Both are tested like any other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..dialects.emit_c import Printer
from ..dialects.legal import for_c
from ..dialects.vnni.emit import STYLE
from ..ir.build import sub, value_of
from ..ir.nodes import Axis, Call, For, Kernel, Node, Stmt
from ..ir.unused import without_unused
from ..ir.walk import rewrite_body, variables, walk
from ..passes.accumulators import with_accumulators
from ..passes.base import Declined
from ..passes.brain_floats import without_brain_floats
from ..passes.structure import inline
from ..passes.vectorize import Vectorize
from ..passes.vectorize_choice import parallel_nest

SMALL = 16  # iterations; an outer loop with fewer is shared among threads together with the next one


@dataclass(frozen=True, slots=True)
class Candidate:
    """A kernel to be tested; ``notes`` are sentences for the user."""

    kernel: Kernel
    notes: tuple[str, ...] = ()


def translate(recovered: Kernel) -> Iterator[Candidate]:
    """Candidates for ``recovered``, the best first; the last one is always right: the recovered loops themselves."""
    atomic = any(
        isinstance(n, Call) and n.name.startswith("atomic")
        for n in walk((*recovered.body, *(s for f in recovered.functions for s in f.body)))
    )
    plain = without_brain_floats(for_c(recovered))
    plain = replace(plain, body=without_unused(plain.body))
    kept = ("atomic updates keep the loops on one thread",) if atomic else ()
    try:
        whole = inline(without_brain_floats(for_c(_renamed(recovered, "atomic", "serial_atomic"))), lambda function: True)
        for fused in (True, False):  # one rounding less shows where terms cancel: then the source's own roundings come second
            kernel, outcome = Vectorize(fused).apply_all(with_accumulators(whole))
            products = any(isinstance(n, Call) and n.name == "_mm512_fmadd_ps" for n in walk(kernel.body))
            kernel = for_c(_renamed(kernel, "serial_atomic", "atomic"))
            kernel = replace(kernel, body=without_unused(kernel.body))
            notes = tuple(f"{each} stays scalar" for each in outcome.left)
            along = f"vectors along {', '.join(f'`{v}`' for v in dict.fromkeys(outcome.vectorised))}"
            yield Candidate(with_threads(kernel, atomic), (along, *notes, *kept))
            if not products:
                break
    except Declined as declined:
        kept = (declined.reason, *kept)
    yield Candidate(with_threads(plain, atomic), ("plain loops, left to the compiler", *kept))
    if not atomic:
        yield Candidate(plain, ("plain loops on one thread", *kept))


def unit(kernel: Kernel) -> str:
    """The whole translation unit."""
    used = any(isinstance(n, Call) and n.name.startswith("_mm512") for n in walk(kernel.body))
    style = STYLE if used else replace(STYLE, includes=tuple(i for i in STYLE.includes if i != "immintrin.h"))
    return Printer(style).unit(kernel)


def _renamed(kernel: Kernel, old: str, new: str) -> Kernel:
    """``kernel`` with calls to ``old...`` as calls to ``new...``: atomics that C spells as plain updates stay visible meanwhile."""

    def visit(node: Node) -> Node:
        return replace(node, name=new + node.name.removeprefix(old)) if isinstance(node, Call) and node.name.startswith(old) else node

    functions = tuple(replace(f, body=rewrite_body(f.body, visit)) for f in kernel.functions)
    return replace(kernel, body=rewrite_body(kernel.body, visit), functions=functions)


def with_threads(kernel: Kernel, atomic: bool) -> Kernel:
    """``kernel`` with its outermost independent loops shared among OpenMP's threads."""
    if atomic:
        return kernel
    outermost = [s for s in kernel.body if isinstance(s, For) and s.axis is Axis.PARALLEL]
    several = len(outermost) > 1
    body: list[Stmt] = []
    for stmt in kernel.body:
        if isinstance(stmt, For) and stmt.axis is Axis.PARALLEL and not (several and _iterations(stmt) < 4096):
            stmt = _shared(stmt)
        body.append(stmt)
    return replace(kernel, body=tuple(body))


def _iterations(loop: For) -> int:
    loops, _ = parallel_nest(loop)
    total = 1
    for each in loops:
        number = value_of(sub(each.upper, each.lower))
        if not isinstance(number, int):
            return 1 << 30
        total *= number
    return total


def _shared(loop: For) -> For:
    loops, _ = parallel_nest(loop)
    depth = 1
    number = value_of(sub(loop.upper, loop.lower))
    independent = len(loops) > 1 and loop.var not in variables((loops[1].lower, loops[1].upper))
    if independent and (len(loops) > 2 or isinstance(number, int) and number < SMALL):
        depth = 2
    return replace(loop, axis=Axis.OMP, pragma="omp parallel for" + (f" collapse({depth})" if depth > 1 else ""))


__all__ = ["Candidate", "translate", "unit", "with_threads"]
