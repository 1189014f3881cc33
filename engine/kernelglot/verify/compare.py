"""Are two results the same, up to rounding that a correct translation may have?

Integers must be equal. A NaN equals only a NaN in the same place, an infinity only itself, and an element that one side never wrote (it
still holds the poison) must be unwritten on the other side too. For floats, with u half a unit in the last place of the result type and n
the number of operations behind one result element,

    allowed(i) = u * ROUNDINGS * sqrt(n) * |expected(i)|            first look: relative
               + SPREAD * sqrt(n) * (moved(i) + typical)            second look, only where the first fails
               + |up(i) - down(i)| / 2, source and target           third look, only where the second fails

moved(i) is how far the *source's* result i moves when its inputs move by four units in the last place, typical the 90 % quantile of that
over the buffer: the condition of the problem as the source itself shows it, so cancellation is allowed for where it happens and nowhere
else. sqrt(n): rounding errors of n operations in another order, as independent errors (Higham and Mary 2019). Long sums of nearly equal
terms break that independence: they round the same way again and again, up to n u. up(i) and down(i) are a side's result with every
operation rounded up, and down. Where results grow with their operands, as sums of products do, each inexact operation puts one unit in the
last place between the two, and rounding to nearest errs by half of that: each side is that near to the exact value, to first order. The
widths are 2 n u at most (Higham's gamma_n) and nothing where sums are exact. Each is derived; none is a bare 1e-3.

16-bit results are taken as computed in float and rounded once (four units in the last place are allowed for that), unless ``coarse``: then
the texts calculate in 16 bits, and u is that type's.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .cases import Buffer, Scalar, TestCase, is_float
from .inputs import to_float, unit

if TYPE_CHECKING:
    import numpy

ROUNDINGS = 8.0
SPREAD = 2.0
FEWEST, MOST_FROM_SIZES = 16, 4096          # operations that are assumed at least; at most, when only a size says so
MOST_COARSE = 256
SHORT_ROUNDING = {"f16": 8 * 2.0**-11, "bf16": 8 * 2.0**-8}
POISON = 0xFF                               # byte that the runner fills unwritten memory with


@dataclass(frozen=True, slots=True)
class Difference:
    """The first element that is wrong. ``index``: flat, in elements."""

    buffer: str
    index: int
    expected: float | int | str
    got: float | int | str
    count: int                              # wrong elements of that buffer
    elements: int

    @property
    def sentence(self) -> str:
        share = f"; {self.count} of {self.elements} elements are wrong" if self.count > 1 else ""
        return f"`{self.buffer}[{self.index}]` is {_shown(self.got)}, expected {_shown(self.expected)}{share}"


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two results agree. ``error``: the largest relative difference; ``allowed``: what was allowed there."""

    error: float
    allowed: float
    exact: bool                             # bit for bit


def operations(case: TestCase) -> int:
    """An estimate from sizes of how many operations lie behind one element: |A|/|C| for reductions, sqrt(|A||B|/|C|) for products; a size
    below the number of results may be the length of a row that is summed, one above it is what the threads share out."""
    inputs = sorted((b.elements for b in case.buffers if b.role != "out"), reverse=True)
    results = max([b.elements for b in case.results] or [1])
    guesses = [FEWEST, *(count / results for count in inputs)]
    if len(inputs) >= 2:
        guesses.append(math.sqrt(inputs[0] * inputs[1] / results))
    sizes = [int(a.value) for a in case.arguments if isinstance(a, Scalar) and not is_float(a.dtype) and a.value < results]
    guesses.append(min(MOST_FROM_SIZES, max([0, *sizes])))
    return math.ceil(max(guesses))


def compare(case: TestCase, expected: Mapping[str, numpy.ndarray], got: Mapping[str, numpy.ndarray], *, ops: int | None = None,
            moved: Mapping[str, numpy.ndarray] | None = None, spread: Mapping[str, numpy.ndarray] | None = None,
            coarse: bool = False) -> Difference | Agreement:
    """Compares all result buffers. ``moved``: the source's results on perturbed inputs, ``spread``: see there; without them a difference is
    only a suspicion (call again with them). ``ops``: operations per element, estimated from the case when None."""
    worst = Agreement(0.0, 0.0, True)
    count = min(ops or operations(case), MOST_COARSE if coarse else 1 << 60)
    for buffer in case.results:
        if buffer.name not in expected or buffer.name not in got:
            continue
        found = _compare_one(buffer, expected[buffer.name], got[buffer.name], count, moved.get(buffer.name) if moved else None,
                             _working(case, buffer, coarse), spread.get(buffer.name) if spread else None)
        if isinstance(found, Difference):
            return found
        if found.error > worst.error or (worst.exact and not found.exact):
            worst = found
    return worst


def spread(case: TestCase, sides: Sequence[tuple[Mapping[str, numpy.ndarray], Mapping[str, numpy.ndarray]]]) -> dict[str, numpy.ndarray]:
    """How far rounding can move each result: half of |result rounded up - result rounded down|, summed over the sides."""
    import numpy

    found = {}
    for buffer in case.results:
        if not is_float(buffer.dtype) or not all(buffer.name in up and buffer.name in down for up, down in sides):
            continue
        with numpy.errstate(all="ignore"):
            ends = [[to_float(side[buffer.name], buffer.dtype) for side in pair] for pair in sides]
            width = sum(numpy.abs(up - down) for up, down in ends) / 2
        found[buffer.name] = numpy.where(numpy.isfinite(width), width, 0.0)
    return found


def same_bits(case: TestCase, first: Mapping[str, numpy.ndarray], second: Mapping[str, numpy.ndarray],
              poisons: tuple[int, int]) -> tuple[str, int] | None:
    """The first element (buffer, index) in which two executions differ; elements that still hold each execution's poison are alike."""
    import numpy

    for buffer in case.results:
        if buffer.name not in first or buffer.name not in second:
            continue
        one, two = first[buffer.name], second[buffer.name]
        differs = bits(one) != bits(two)
        if buffer.role == "out":
            differs &= ~(unwritten(one, poisons[0]) & unwritten(two, poisons[1]))
        if differs.any():
            return buffer.name, int(numpy.argmax(differs))
    return None


def bits(array: numpy.ndarray) -> numpy.ndarray:
    return array.view(f"u{array.dtype.itemsize}")


def unwritten(array: numpy.ndarray, poison: int = POISON) -> numpy.ndarray:
    """Where every byte is still the poison."""
    return bits(array) == int.from_bytes(bytes([poison]) * array.dtype.itemsize, "little")


def _compare_one(buffer: Buffer, expected: numpy.ndarray, got: numpy.ndarray, ops: int, moved: numpy.ndarray | None,
                 working: tuple[float, float], spread: numpy.ndarray | None = None) -> Difference | Agreement:
    import numpy

    if numpy.array_equal(bits(expected), bits(got)):
        return Agreement(0.0, 0.0, True)
    if not is_float(buffer.dtype):
        wrong = expected != got
        if moved is not None:                                              # rounded from a float that stands on the edge
            slack = numpy.abs(to_float(moved, buffer.dtype) - to_float(expected, buffer.dtype))
            wrong &= numpy.abs(to_float(got, buffer.dtype) - to_float(expected, buffer.dtype)) > slack
        return _first(buffer, expected, got, wrong) if wrong.any() else Agreement(0.0, 0.0, False)
    want, have = to_float(expected, buffer.dtype), to_float(got, buffer.dtype)
    with numpy.errstate(all="ignore"):
        rounding, scale = working
        relative_bound = rounding * ROUNDINGS * math.sqrt(ops) + SHORT_ROUNDING.get(buffer.dtype, 0.0)
        allowed = relative_bound * numpy.abs(want) + _smallest(buffer.dtype)
        if moved is not None:
            motion = numpy.abs(to_float(moved, buffer.dtype) - want)
            motion[~numpy.isfinite(motion)] = 0.0
            allowed += SPREAD * scale * math.sqrt(ops) * (motion + numpy.quantile(motion, 0.9))
        if spread is not None:
            allowed += spread
        error = numpy.abs(have - want)
        special = ~(numpy.isfinite(want) & numpy.isfinite(have))
        wrong = error > allowed
        wrong[special] = ~((want == have) | (numpy.isnan(want) & numpy.isnan(have)))[special]
        if buffer.role == "out":
            wrong |= unwritten(expected) != unwritten(got)
        if wrong.any():
            return _first(buffer, expected, got, wrong)
        relative = numpy.where(special | (want == 0), 0.0, error / numpy.abs(want))
        at = int(numpy.argmax(relative))
        bound = float(allowed[at] / abs(want[at])) if want[at] and numpy.isfinite(want[at]) else 0.0
    return Agreement(float(relative[at]), bound, False)


def _working(case: TestCase, buffer: Buffer, coarse: bool) -> tuple[float, float]:
    """u of the arithmetic, and a factor for the movement of results, as 16-bit inputs can't move by less than their unit."""
    if not is_float(buffer.dtype):
        return 0.0, 1.0
    rounding = unit(buffer.dtype) if coarse else min(unit(buffer.dtype), unit("f32"))
    steps = [unit(b.dtype) * (8 if b.dtype in ("f32", "f64") else 2) for b in case.buffers if b.role != "out" and is_float(b.dtype)]
    return rounding, min(1.0, 8 * rounding / max(steps)) if steps and not coarse else 1.0


def _smallest(dtype: str) -> float:
    """Differences below this are rounding of subnormal numbers."""
    return {"f16": 2.0**-24, "bf16": 2.0**-133, "f32": 2.0**-148, "f64": 0.0}[dtype] * 4


def _first(buffer: Buffer, expected: numpy.ndarray, got: numpy.ndarray, wrong: numpy.ndarray) -> Difference:
    import numpy

    at = int(numpy.argmax(wrong))
    values = [_value(array, at, buffer) for array in (expected, got)]
    return Difference(buffer.name, at, values[0], values[1], int(wrong.sum()), buffer.elements)


def _value(array: numpy.ndarray, at: int, buffer: Buffer) -> float | int | str:
    if buffer.role == "out" and is_float(buffer.dtype) and bool(unwritten(array[at:at + 1])[0]):
        return "never written"
    if not is_float(buffer.dtype):
        return int(array[at])
    value = float(to_float(array[at:at + 1], buffer.dtype)[0])
    return value if math.isfinite(value) else str(value)        # JSON has neither NaN nor infinity


def _shown(value: float | int | str) -> str:
    return f"{value:.8g}" if isinstance(value, float) else str(value)
