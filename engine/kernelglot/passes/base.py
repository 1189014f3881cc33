"""What a pass is: sites, parameters, a reasoned no."""

from __future__ import annotations

from dataclasses import dataclass

from ..ir.nodes import Expr, Kernel, Literal, Span
from ..ir.types import I32


class Declined(Exception):
    """A pass's reasoned no: a short code, a sentence for the user, and what to underline."""

    def __init__(self, code: str, reason: str, at: Span | None = None) -> None:
        super().__init__(f"{code}: {reason}")
        self.code, self.reason, self.at = code, reason, at


@dataclass(frozen=True, slots=True)
class Site:
    """Where a pass could apply; ``reason`` says why not, where it could not."""

    label: str
    node: object = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LaunchShape:
    """How a kernel is launched: extents in blocks and threads, as expressions over its scalar parameters, shared memory in bytes."""

    grid: tuple[Expr, Expr, Expr]
    block: tuple[Expr, Expr, Expr]
    shared_bytes: Expr = Literal(0, I32)


class Pass:
    """A transformation of one kernel that keeps its meaning."""

    name: str = ""

    def sites(self, kernel: Kernel) -> list[Site]:
        """Where it could apply in ``kernel``, with the reason where it could not."""
        raise NotImplementedError
