"""Are two results the same, up to rounding that a correct translation may have?

Integers must be equal. A NaN equals only a NaN in the same place, an infinity only itself, and an element that one side never wrote (it
still holds the poison) must be unwritten on the other side too. For floats, with u half a unit in the last place of the result type,

    allowed(i) = 8 u |expected(i)|                                      first look: what one operation more or less does
               + ws(i) + min(wt(i), max(2 ws(i), 2 n u |expected(i)|))  second look, where the first fails
               + moved(i)                                               third look, where the second fails;
                                                                        wt counts up to SPREAD sqrt(n) (moved(i) + c) then

ws and wt are the widths of source and target. A side's width is |up(i) - down(i)|, its result with every operation rounded up, and down:
a running error bound that the text itself carries, through every branch and in its own order of operations. Each inexact operation puts one
unit in the last place between the two, and rounding to nearest errs by half of that, so a width is twice the error bound of that side where
results grow with their operands, as sums of products do; the factor of two is for texts in which roundings up and down partly cancel
(differences, quotients). It is 2 n u sum|x| at most (Higham's gamma_n), and nothing where sums are exact: with small integers as inputs,
where both widths are 0 everywhere and only exact numbers stand in the texts, any order of operations gives the same bits, so these are
demanded (``exact``). A target must not excuse itself by being badly conditioned where the source is not (a variance in one pass), so its
width counts as far as another order of the source's operations could have it: n u for each of the terms, which are as large as the result,
or as the condition of the problem says. moved(i) is how far the source's result moves when its inputs move by four units in the last place:
the condition of the problem, for constants that the texts round differently. n is the number of operations behind one result element, c the
90 % quantile of moved over the buffer.

Where directed rounding does not reach (``loose``: library functions with an error of their own, approximations, 16-bit arithmetic, OpenMP
threads), an estimate stands in for the widths, or beside them:

               + u ROUNDINGS sqrt(n) |expected(i)|                      first look
               + SPREAD sqrt(n) (moved(i) + c)                          second look, the widths then being the third

sqrt(n): rounding errors of n operations in another order, as independent errors (Higham and Mary 2019). 16-bit results are taken as
computed in float and rounded once (four units in the last place are allowed for that), unless ``coarse``: then the texts calculate in 16
bits, and u is that type's. Each is derived; none is a bare 1e-3.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .cases import Buffer, Scalar, TestCase, is_float
from .inputs import to_float, unit

if TYPE_CHECKING:
    import numpy

UNITS = 8.0                                 # of the first look: four units in the last place
ROUNDINGS = 8.0
Spread = tuple[Mapping[str, "numpy.ndarray"], Mapping[str, "numpy.ndarray"]]        # widths of the source's and of the target's results
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
            moved: Mapping[str, numpy.ndarray] | None = None, spread: Spread | None = None, coarse: bool = False,
            loose: bool = True, exact: bool = False) -> Difference | Agreement:
    """Compares all result buffers. ``moved``: the source's results on perturbed inputs, ``spread``: see there; without them a difference is
    only a suspicion (call again with them). ``ops``: operations per element, estimated from the case when None. ``loose``, ``exact``,
    ``coarse``: as the module says; ``exact`` takes effect together with ``spread``."""
    worst = Agreement(0.0, 0.0, True)
    count = min(ops or operations(case), MOST_COARSE if coarse else 1 << 60)
    for buffer in case.results:
        if buffer.name not in expected or buffer.name not in got:
            continue
        widths = (spread[0].get(buffer.name), spread[1].get(buffer.name)) if spread else None
        found = _compare_one(buffer, expected[buffer.name], got[buffer.name], moved.get(buffer.name) if moved else None, widths,
                             _Terms(count, *_working(case, buffer, coarse), loose, exact))
        if isinstance(found, Difference):
            return found
        if found.error > worst.error or (worst.exact and not found.exact):
            worst = found
    return worst


def width(case: TestCase, up: Mapping[str, numpy.ndarray], down: Mapping[str, numpy.ndarray]) -> dict[str, numpy.ndarray]:
    """How far rounding can move each result of a side: |result rounded up - result rounded down|; nothing where one is no finite number."""
    import numpy

    found = {}
    for buffer in case.results:
        if not is_float(buffer.dtype) or buffer.name not in up or buffer.name not in down:
            continue
        with numpy.errstate(all="ignore"):
            high, low = to_float(up[buffer.name], buffer.dtype), to_float(down[buffer.name], buffer.dtype)
            apart = numpy.where(high == low, 0.0, numpy.abs(high - low))
        found[buffer.name] = numpy.where(numpy.isfinite(apart), apart, 0.0)
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


@dataclass(frozen=True, slots=True)
class _Terms:
    """What the bound of one buffer is made of; ``rounding`` and ``scale`` as ``_working`` gives them."""

    ops: int
    rounding: float
    scale: float
    loose: bool
    exact: bool


def _compare_one(buffer: Buffer, expected: numpy.ndarray, got: numpy.ndarray, moved: numpy.ndarray | None,
                 spread: tuple[numpy.ndarray | None, numpy.ndarray | None] | None, terms: _Terms) -> Difference | Agreement:
    import numpy

    if numpy.array_equal(bits(expected), bits(got)):
        return Agreement(0.0, 0.0, True)
    want, have = to_float(expected, buffer.dtype), to_float(got, buffer.dtype)
    motion = None if moved is None else _motion(to_float(moved, buffer.dtype), want)
    with numpy.errstate(all="ignore"):
        error = numpy.abs(have - want)
        if not is_float(buffer.dtype):                                      # rounded from a float that stands on the edge
            wrong = (expected != got) & (motion is None or error > motion)
            return _first(buffer, expected, got, wrong) if wrong.any() else Agreement(0.0, 0.0, False)
        allowed = _allowed(buffer, want, motion, spread, terms)
        special = ~(numpy.isfinite(want) & numpy.isfinite(have))
        wrong = ~(error <= allowed)
        wrong[special] = ~((want == have) | (numpy.isnan(want) & numpy.isnan(have)))[special]
        if buffer.role == "out":
            wrong |= unwritten(expected) != unwritten(got)
        if wrong.any():
            return _first(buffer, expected, got, wrong)
        relative = numpy.where(special | (want == 0), 0.0, error / numpy.abs(want))
        at = int(numpy.argmax(relative))
        bound = float(allowed[at] / abs(want[at])) if want[at] and numpy.isfinite(want[at]) else 0.0
    return Agreement(float(relative[at]), bound if math.isfinite(bound) else 0.0, False)


def _motion(moved: numpy.ndarray, want: numpy.ndarray) -> numpy.ndarray:
    import numpy

    with numpy.errstate(all="ignore"):
        motion = numpy.abs(moved - want)
    motion[~numpy.isfinite(motion)] = 0.0
    return motion


def _allowed(buffer: Buffer, want: numpy.ndarray, motion: numpy.ndarray | None,
             spread: tuple[numpy.ndarray | None, numpy.ndarray | None] | None, terms: _Terms) -> numpy.ndarray:
    """The bound of the module's docstring, as far as its parts are known."""
    import numpy

    relative = UNITS * terms.rounding + SHORT_ROUNDING.get(buffer.dtype, 0.0)
    root = math.sqrt(terms.ops)
    if terms.loose:
        relative += terms.rounding * ROUNDINGS * root
    allowed = relative * numpy.abs(want) + _smallest(buffer.dtype)
    condition = 0.0 if motion is None else SPREAD * terms.scale * root * (motion + numpy.quantile(motion, 0.9))
    if motion is not None:
        allowed += condition if terms.loose else motion
    if spread is not None and spread[0] is not None and spread[1] is not None:
        source, target = spread
        order = numpy.maximum(2 * source, 2 * terms.ops * terms.rounding * numpy.abs(numpy.where(numpy.isfinite(want), want, 0.0)))
        allowed += source + numpy.minimum(target, numpy.maximum(order, condition))
        if terms.exact and not terms.loose and not source.any() and not target.any():
            allowed[:] = 0.0
    return allowed


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
