"""Contents of input buffers, determined by seed, value class and the buffer's place: the same call gives the same bytes anywhere.

Classes (floats)                                        what they are for
    normal        N(0, 1)                               the usual
    integers      whole numbers from -4 to 4            sums stay exact, so a lost or doubled term can't hide in rounding
    large         N(0, 60)                              overflow of exp, saturation
    cancellation  N(100, 0.1)                           one-pass variance, differences of large sums
    tiny          N(0, 1) / 1000                        a forgotten or misplaced epsilon
    index         x[i] = i, scaled and wrapped          transposed, shifted or strided reads
    negative      -|N(0, 1)|                            a maximum that starts with 0
    equal         one number everywhere                 ties: which of several greatest elements is taken
    sorted        each 100 above the one before         the greatest element at the very end, so great that a sum of exponentials
                  (16 bits: N(0, 1), ascending)         that subtracts another one overflows; a scan that stops early
    falling       the negative of that                  the same at the very beginning
    zeros         N(0, 1), half of it +0 and -0         the sign of zero, division by zero, empty rows
    denormal      below the smallest normal number      flushing to zero
    nan           N(0, 1) and one NaN in each buffer    whether it comes out exactly where the source lets it out
    infinity      N(0, 1), one +inf and one -inf        the same, and inf - inf
Integer buffers with ``low``/``high`` are uniform between them (in "large": a few of them most of the time, as in Zipf's law, so that places
collide); others are small, and use their type's range in "large", its ends included. No buffer is all zeros. Values of 16-bit floats stay
where their sums are finite. The classes of SPECIAL hold what a kernel need not be made for.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from .cases import Buffer, TestCase, is_float

if TYPE_CHECKING:
    import numpy

STEEP = ("sorted", "falling")       # of the first buffer of floats; the others are normal
SPECIAL = ("zeros", "denormal", "nan", "infinity")
CLASSES = ("normal", "integers", "large", "cancellation", "tiny", "index", "equal", "sorted", "falling", "negative", *SPECIAL)
NUMPY = {"f16": "f2", "bf16": "u2", "f32": "f4", "f64": "f8", "i8": "i1", "u8": "u1", "i16": "i2", "u16": "u2", "i32": "i4", "u32": "u4",
         "i64": "i8", "u64": "u8"}
_RANGES = {"i8": (-128, 127), "u8": (0, 255), "i16": (-3000, 3000), "u16": (0, 6000), "i32": (-100_000, 100_000), "u32": (0, 200_000),
           "i64": (-10_000_000, 10_000_000), "u64": (0, 20_000_000)}


def make(case: TestCase, value_class: str, seed: int) -> dict[str, numpy.ndarray]:
    """Arrays for the in and inout buffers of a case; bf16 as its 16 bits (u2)."""
    floats = [buffer for buffer in case.buffers if buffer.role != "out" and is_float(buffer.dtype)]
    usual = floats[1:] if value_class in STEEP else []      # a product of two steep ones has no digits left where a sum cancels
    return {buffer.name: content(buffer, "normal" if buffer in usual else value_class, seed, place)
            for place, buffer in enumerate(case.buffers) if buffer.role != "out"}


def content(buffer: Buffer, value_class: str, seed: int, place: int) -> numpy.ndarray:
    """One buffer's content. ``place``: its position among the case's buffers, so that two alike buffers differ."""
    import numpy

    generator = numpy.random.Generator(numpy.random.PCG64([seed, zlib.crc32(value_class.encode()), place]))
    if is_float(buffer.dtype):
        return from_float(_floats(generator, buffer, value_class), buffer.dtype)
    return _integers(generator, buffer, value_class).astype(NUMPY[buffer.dtype])


def perturbed(arrays: Mapping[str, numpy.ndarray], case: TestCase, seed: int) -> dict[str, numpy.ndarray]:
    """The same inputs with every float moved by up to four units in the last place (16-bit floats: one); integers as they are."""
    import numpy

    moved = {}
    for place, buffer in enumerate(case.buffers):
        if buffer.name not in arrays:
            continue
        array = arrays[buffer.name]
        if is_float(buffer.dtype):
            generator = numpy.random.Generator(numpy.random.PCG64([seed, 4711, place]))
            steps = generator.integers(0, 2, array.size, dtype=numpy.int8) * 2.0 - 1.0
            wide = numpy.nan_to_num(to_float(array, buffer.dtype), nan=0.0, posinf=0.0, neginf=0.0)
            step = unit(buffer.dtype) * (8 if buffer.dtype in ("f32", "f64") else 2)
            array = from_float(to_float(array, buffer.dtype) + wide * steps * step, buffer.dtype)
        moved[buffer.name] = array
    return moved


def unit(dtype: str) -> float:
    """Half a unit in the last place of 1.0."""
    return {"f16": 2.0**-11, "bf16": 2.0**-8, "f32": 2.0**-24, "f64": 2.0**-53}[dtype]


def to_float(array: numpy.ndarray, dtype: str) -> numpy.ndarray:
    """Any buffer's content as doubles (64-bit integers lose their low bits)."""
    import numpy

    if dtype == "bf16":
        return (array.astype(numpy.uint32) << 16).view(numpy.float32).astype(numpy.float64)
    return array.astype(numpy.float64)


def from_float(values: numpy.ndarray, dtype: str) -> numpy.ndarray:
    """Doubles rounded to nearest even in a float dtype."""
    import numpy

    with numpy.errstate(over="ignore", invalid="ignore"):
        if dtype != "bf16":
            return values.astype(NUMPY[dtype])
        bits = values.astype(numpy.float32).view(numpy.uint32)
        return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(numpy.uint16)


def _floats(generator: numpy.random.Generator, buffer: Buffer, value_class: str) -> numpy.ndarray:
    import numpy

    count, short = buffer.elements, buffer.dtype in ("f16", "bf16")
    if buffer.low is not None and buffer.high is not None:
        return generator.uniform(buffer.low, buffer.high, count)
    match value_class:
        case "integers":
            values = generator.integers(-4, 5, count).astype(numpy.float64)
        case "large":
            values = generator.standard_normal(count) * (8.0 if short else 60.0)
        case "cancellation":
            values = (10.0 if short else 100.0) + generator.standard_normal(count) * 0.1
        case "tiny":
            values = generator.standard_normal(count) * 1e-3
        case "index":
            values = (numpy.arange(count) % (31 if short else 1021) + 1) / 16.0
        case "equal":
            values = numpy.full(count, float(generator.integers(1, 9)) / 4)
        case "sorted" | "falling":
            steps = numpy.sort(generator.standard_normal(count)) if short else numpy.arange(count) % 509 * 100.0 + generator.uniform(1, 50)
            values = steps if value_class == "sorted" else -steps
        case "negative":
            values = -numpy.abs(generator.standard_normal(count))
        case "denormal":
            values = generator.uniform(-1, 1, count) * _SMALLEST_NORMAL[buffer.dtype]
        case _:
            values = generator.standard_normal(count)
    if value_class in SPECIAL:
        _plant(generator, values, value_class)
    if count and not values.any():
        values[0] = 1.0
    return values


_SMALLEST_NORMAL = {"f16": 2.0**-14, "bf16": 2.0**-126, "f32": 2.0**-126, "f64": 2.0**-1022}


def _plant(generator: numpy.random.Generator, values: numpy.ndarray, value_class: str) -> None:
    """Puts the zeros, the NaN or the infinities of a special class among ``values``."""
    import numpy

    places = generator.permutation(len(values))
    match value_class:
        case "zeros":
            values[places[: len(values) // 4]] = 0.0
            values[places[len(values) // 4 : len(values) // 2]] = -0.0
        case "nan":
            values[places[:1]] = numpy.nan
        case "infinity":
            values[places[:1]], values[places[1:2]] = numpy.inf, -numpy.inf


def _integers(generator: numpy.random.Generator, buffer: Buffer, value_class: str) -> numpy.ndarray:
    import numpy

    count = buffer.elements
    if buffer.low is not None and buffer.high is not None:
        if value_class == "index":
            return numpy.arange(count) % (buffer.high - buffer.low + 1) + buffer.low
        if buffer.distinct and buffer.high - buffer.low + 1 >= count:
            return generator.permutation(buffer.high - buffer.low + 1)[:count] + buffer.low
        if value_class == "large":
            ranks = numpy.minimum(generator.zipf(1.5, count) - 1, buffer.high - buffer.low)
            return (ranks + generator.integers(0, buffer.high - buffer.low + 1)) % (buffer.high - buffer.low + 1) + buffer.low
        return generator.integers(buffer.low, buffer.high, count, endpoint=True)
    low, high = _RANGES[buffer.dtype]
    if value_class == "index":
        return (numpy.arange(count) + 1) % (min(high, 1021) + 1)
    if value_class != "large":
        low, high = max(low, -8), min(high, 8)
    values = generator.integers(low, high, count, endpoint=True)
    match value_class:
        case "large" if count > 1:
            places = generator.permutation(count)
            values[places[:1]], values[places[1:2]] = low, high
        case "equal":
            values[:] = generator.integers(1, high, endpoint=True)
        case "sorted":
            values.sort()
        case "negative" if low < 0:
            values = -numpy.abs(values)
    if count and not values.any():
        values[0] = 1
    return values
