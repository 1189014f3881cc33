"""Which runs a verdict rests on: cases times value classes times seeds, the most telling first. Pure values; all of it follows from the
cases and the seeds, so that a verdict can be had again.

Every value class runs once, with the first seed: on the case the file itself gives, and those that don't ask about sizes (LIGHT) on the
least work that is not trivial. Other cases and seeds run the classes that tell most. What we made up ourselves (sizes of our own choice,
inputs with NaN, infinities, denormal numbers and zeros) is *droppable*: where the source is not made for it, nothing is held against either
side. The first run is repeated last of all, with the module's memory as the runs before have left it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from . import inputs
from .cases import TestCase, is_float

SEEDS = (1, 2, 3)
TWICE = ("normal", "index")         # classes whose first seed is run a second time under other conditions
SIZES = ("normal", "integers", "large", "cancellation", "tiny", "index", "sorted", "falling")   # on the file's own sizes
SMALLER = ("normal", "integers", "large", "cancellation", "index")          # on the first sizes of our own choice
EDGES = ("normal", "integers")      # on the others, at the edges of tiles
LIGHT = ("equal", "negative", *inputs.SPECIAL)
HEAVY_BYTES = 1 << 26               # of all buffers of a case
RICH = 16                           # result elements of a case that is not trivial


@dataclass(frozen=True, slots=True)
class Run:
    """One comparison that is planned. ``twice``: also with other memory contents, other addresses and other thread orders; ``droppable``:
    where the source fails with it, the run does not count."""

    case: int
    value_class: str
    seed: int
    twice: bool = False
    droppable: bool = False

    @property
    def group(self) -> tuple[int, str]:
        """Runs that fail together: those of a special class, else those of a case."""
        return self.case, self.value_class if self.value_class in inputs.SPECIAL else ""


def plan(cases: Sequence[TestCase], seeds: Sequence[int] = SEEDS) -> list[Run]:
    """The runs, in the order in which they are done while there is time."""
    return [run for run in _all(cases, seeds) if _bearable(cases[run.case], run, seeds[0])]


def _bearable(case: TestCase, run: Run, first: int) -> bool:
    """Of a case with large buffers only a few runs: making and moving their contents is what takes the time."""
    return sum(buffer.bytes for buffer in case.buffers) < HEAVY_BYTES or run.value_class in EDGES and run.seed == first


def _all(cases: Sequence[TestCase], seeds: Sequence[int]) -> list[Run]:
    first = seeds[0]
    light = lightest(cases)
    runs = [Run(0, name, first, name in TWICE) for name in SIZES]
    for number, case in enumerate(cases[1:], 1):
        classes = SMALLER if number == 1 or not case.varied else EDGES
        runs += [Run(number, name, first, name == "normal", case.varied) for name in classes]
    runs += [Run(light, name, first, False, cases[light].varied) for name in LIGHT if name not in inputs.SPECIAL]
    runs += [Run(0, name, seeds[1]) for name in ("normal", "integers", "large", "cancellation") if len(seeds) > 1]
    runs += [Run(0, name, seed) for seed in seeds[2:] for name in ("normal", "integers")]
    return runs + [Run(light, name, first, droppable=True) for name in inputs.SPECIAL if _has_floats(cases[light])]


def lightest(cases: Sequence[TestCase]) -> int:
    """The case with the least work among those with at least RICH result elements, and none where the file's own has as little."""
    def work(number: int) -> tuple[int, int]:
        case = cases[number]
        return sum(buffer.elements for buffer in case.buffers) + math.prod((*case.launch.grid, *case.launch.block)), number

    rich = [number for number, case in enumerate(cases) if max([b.elements for b in case.results] or [0]) >= RICH]
    return min(rich, key=work) if rich and work(min(rich, key=work))[0] * 4 < work(0)[0] else 0


def _has_floats(case: TestCase) -> bool:
    return any(is_float(buffer.dtype) for buffer in case.buffers if buffer.role != "out")


__all__ = ["SEEDS", "Run", "lightest", "plan"]
