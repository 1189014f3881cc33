"""Contents of input buffers, determined by seed, value class and the buffer's place: the same call gives the same bytes anywhere.

Classes (floats)                                        what they are for
    normal        N(0, 1)                               the usual
    integers      whole numbers from -4 to 4            sums stay exact, so a lost or doubled term can't hide in rounding
    large         N(0, 30)                              overflow of exp, saturation
    cancellation  N(100, 0.1)                           one-pass variance, differences of large sums
    tiny          N(0, 1) / 1000                        a forgotten or misplaced epsilon
    index         x[i] = i, scaled and wrapped          transposed, shifted or strided reads
Integer buffers with ``low``/``high`` are uniform between them in every class; others are small, and use their type's range in "large".
No buffer is all zeros. Values of 16-bit floats stay where their sums are finite.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from .cases import Buffer, TestCase, is_float

if TYPE_CHECKING:
    import numpy

CLASSES = ("normal", "integers", "large", "cancellation", "tiny", "index")
NUMPY = {"f16": "f2", "bf16": "u2", "f32": "f4", "f64": "f8", "i8": "i1", "u8": "u1", "i16": "i2", "u16": "u2", "i32": "i4", "u32": "u4",
         "i64": "i8", "u64": "u8"}
_RANGES = {"i8": (-128, 127), "u8": (0, 255), "i16": (-3000, 3000), "u16": (0, 6000), "i32": (-100_000, 100_000), "u32": (0, 200_000),
           "i64": (-10_000_000, 10_000_000), "u64": (0, 20_000_000)}


def make(case: TestCase, value_class: str, seed: int) -> dict[str, numpy.ndarray]:
    """Arrays for the in and inout buffers of a case; bf16 as its 16 bits (u2)."""
    return {buffer.name: content(buffer, value_class, seed, place) for place, buffer in enumerate(case.buffers) if buffer.role != "out"}


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
            steps = generator.choice(numpy.array([-1.0, 1.0]), array.size)
            wide = to_float(array, buffer.dtype)
            array = from_float(wide + wide * steps * (4 if buffer.dtype in ("f32", "f64") else 1) * unit(buffer.dtype) * 2, buffer.dtype)
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
    if value_class == "integers":
        values = generator.integers(-4, 5, count).astype(numpy.float64)
    elif value_class == "large":
        values = generator.standard_normal(count) * (8.0 if short else 30.0)
    elif value_class == "cancellation":
        values = (10.0 if short else 100.0) + generator.standard_normal(count) * 0.1
    elif value_class == "tiny":
        values = generator.standard_normal(count) * 1e-3
    elif value_class == "index":
        values = (numpy.arange(count) % (31 if short else 1021) + 1) / 16.0
    else:
        values = generator.standard_normal(count)
    if count and not values.any():
        values[0] = 1.0
    return values


def _integers(generator: numpy.random.Generator, buffer: Buffer, value_class: str) -> numpy.ndarray:
    import numpy

    count = buffer.elements
    if buffer.low is not None and buffer.high is not None:
        if value_class == "index":
            return numpy.arange(count) % (buffer.high - buffer.low + 1) + buffer.low
        if buffer.distinct and buffer.high - buffer.low + 1 >= count:
            return generator.permutation(buffer.high - buffer.low + 1)[:count] + buffer.low
        return generator.integers(buffer.low, buffer.high, count, endpoint=True)
    low, high = _RANGES[buffer.dtype]
    if value_class == "index":
        return (numpy.arange(count) + 1) % (min(high, 1021) + 1)
    if value_class != "large":
        low, high = max(low, -8), min(high, 8)
    values = generator.integers(low, high, count, endpoint=True)
    if count and not values.any():
        values[0] = 1
    return values
