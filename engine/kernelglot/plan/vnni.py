"""Recovered loops -> C with AVX-512 and OpenMP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..dialects.emit_c import Printer
from ..dialects.legal import for_c
from ..dialects.vnni.emit import STYLE
from ..ir.nodes import Axis, Call, For, Kernel, Stmt
from ..ir.walk import walk


@dataclass(frozen=True, slots=True)
class Candidate:
    """A translation not yet judged."""

    kernel: Kernel
    notes: tuple[str, ...] = ()


def translate(kernel: Kernel) -> Iterator[Candidate]:
    """Candidates for a recovered kernel, the most idiomatic first; the last is plain loops, spread over threads where that is legal."""
    yield Candidate(for_c(replace(kernel, body=over_threads(kernel.body))))


def over_threads(body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
    """The outermost parallel loop of each nest on OpenMP threads; atomics keep a kernel on one thread."""
    if any(isinstance(n, Call) and n.name.startswith("atomic") for n in walk(body)):
        return body
    return tuple(
        replace(s, axis=Axis.OMP, pragma="omp parallel for") if isinstance(s, For) and s.axis is Axis.PARALLEL else s for s in body
    )


def unit(kernel: Kernel) -> str:
    """The whole translation unit."""
    return Printer(STYLE).unit(kernel)
