"""The threads of one block: their loops, their numbers, their warps."""

from __future__ import annotations

from dataclasses import dataclass

from ..ir.build import add, div, integer, mul, value_of
from ..ir.nodes import Axis, Expr, Var
from ..ir.types import I32
from .base import LaunchShape
from .nest import Level

WARP = 32


@dataclass(frozen=True, slots=True)
class Threads:
    """``levels``: one loop a thread axis with more than one thread, outermost first; ``taken``: names in use, which grows."""

    shape: LaunchShape
    levels: tuple[Level, ...]
    taken: set[str]

    @classmethod
    def of(cls, shape: LaunchShape, names: dict[Axis, str], taken: set[str]) -> Threads:
        """``names`` are the loop variables of the thread axes."""
        axes = zip((Axis.THREAD_Z, Axis.THREAD_Y, Axis.THREAD_X), reversed(shape.block), strict=True)
        return cls(shape, tuple(Level(names[axis], extent) for axis, extent in axes if value_of(extent) != 1), taken)

    @property
    def count(self) -> Expr:
        """Threads of a block."""
        return mul(integer(1), *(level.extent for level in self.levels))

    @property
    def number(self) -> int | None:
        """``count`` where it is known."""
        number = value_of(self.count)
        return number if isinstance(number, int) else None

    @property
    def linear(self) -> Expr:
        """A thread's number in its block; x runs fastest."""
        linear: Expr = integer(0)
        for level in self.levels:
            linear = add(mul(linear, level.extent), Var(level.var, I32))
        return linear

    @property
    def extent(self) -> int | Expr:
        """Elements of an array with one element a thread."""
        return self.count if self.number is None else self.number

    @property
    def whole_warps(self) -> int | Expr:
        """Threads of a block, in elements, rounded up to whole warps."""
        return self.count if self.number is None else -(-self.number // WARP) * WARP

    @property
    def warps(self) -> int | Expr:
        return div(self.count, integer(WARP)) if self.number is None else max(1, self.number // WARP)

    @property
    def warp(self) -> Expr:
        """The number of a thread's warp."""
        return integer(0) if self.number is not None and self.number <= WARP else div(self.linear, integer(WARP))
