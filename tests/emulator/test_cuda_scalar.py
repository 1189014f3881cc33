"""CUDA's functions on single numbers against Python's integers and fp64: what the header defines is what the guide says."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal, localcontext

import numpy
import pytest
from emulator.running import needs_gcc, run

from kernelglot.ir.types import Scalar
from kernelglot.plan.definitions import scalar_meanings

pytestmark = needs_gcc
COUNT = 512
C_TYPES = {"i32": "int", "u32": "unsigned", "i64": "long long", "u64": "unsigned long long", "f32": "float", "f64": "double"}
DTYPES = {"i32": "int32", "u32": "uint32", "i64": "int64", "u64": "uint64", "f32": "float32", "f64": "float64"}


def wrapped(value: int, type_: Scalar) -> int:
    low = value & ((1 << type_.bits) - 1)
    return low - (1 << type_.bits) if type_.kind == "int" and low >> (type_.bits - 1) else low


def signed(value: int, bits: int) -> int:
    low = value & ((1 << bits) - 1)
    return low - (1 << bits) if low >> (bits - 1) else low


def lowest(x: int, bits: int) -> int:
    low = x & ((1 << bits) - 1)
    return (low & -low).bit_length()


def reversed_bits(x: int, bits: int) -> int:
    return int(f"{x:0{bits}b}"[::-1], 2)


def byte_perm(x: int, y: int, selector: int) -> int:
    both = (x | y << 32).to_bytes(8, "little")
    chosen = [(selector >> 4 * place) & 15 for place in range(4)]
    return int.from_bytes([both[c & 7] if c < 8 else 255 * (both[c & 7] >> 7) for c in chosen], "little")


def dot(a: int, b: int, c: int, width: int, bits: int, read: Callable[[int, int], int], start: int = 0) -> int:
    """``c`` and the products of the numbers of ``width`` bits in ``a`` with those of 8 bits in ``b``, from the one at ``start``."""
    return c + sum(read(a >> width * at, width) * read(b >> 8 * (start + at), 8) for at in range(bits // width))


def unsigned(value: int, bits: int) -> int:
    return value & ((1 << bits) - 1)


INTEGERS: dict[str, Callable[..., int]] = {
    "__popc": lambda x: x.bit_count(),
    "__popcll": lambda x: x.bit_count(),
    "__clz": lambda x: 32 - unsigned(x, 32).bit_length(),
    "__clzll": lambda x: 64 - unsigned(x, 64).bit_length(),
    "__ffs": lambda x: lowest(x, 32),
    "__ffsll": lambda x: lowest(x, 64),
    "__brev": lambda x: reversed_bits(x, 32),
    "__brevll": lambda x: reversed_bits(x, 64),
    "__mulhi": lambda x, y: x * y >> 32,
    "__umulhi": lambda x, y: x * y >> 32,
    "__mul64hi": lambda x, y: x * y >> 64,
    "__umul64hi": lambda x, y: x * y >> 64,
    "__mul24": lambda x, y: signed(x, 24) * signed(y, 24),
    "__umul24": lambda x, y: unsigned(x, 24) * unsigned(y, 24),
    "__hadd": lambda x, y: (x + y) // 2,
    "__rhadd": lambda x, y: (x + y + 1) // 2,
    "__uhadd": lambda x, y: (x + y) // 2,
    "__urhadd": lambda x, y: (x + y + 1) // 2,
    "__byte_perm": byte_perm,
    "__sad": lambda x, y, z: abs(x - y) + z,
    "__usad": lambda x, y, z: abs(x - y) + z,
    "__funnelshift_l": lambda low, high, by: (high << 32 | low) << (by & 31) >> 32,
    "__funnelshift_r": lambda low, high, by: (high << 32 | low) >> (by & 31),
    "__dp4a": lambda a, b, c: dot(a, b, c, 8, 32, signed),
    "__udp4a": lambda a, b, c: dot(a, b, c, 8, 32, unsigned),
    "__dp2a_lo": lambda a, b, c: dot(a, b, c, 16, 32, signed),
    "__dp2a_hi": lambda a, b, c: dot(a, b, c, 16, 32, signed, 2),
}


def inverse_of_erf(x: float) -> float:
    """By bisection of what is left to 1, which keeps its digits near 1."""
    low, high = 0.0, 30.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if math.erfc(middle) > 1 - abs(x) else (low, middle)
    small = abs(x) < 0.5
    found = low - (math.erf(low) - abs(x)) / (2 / math.sqrt(math.pi) * math.exp(-low * low)) if small else low
    return math.copysign(found, x)


PI = Decimal("3.14159265358979323846264338327950288419716939937511")


def sine_of_pi_times(x: Decimal) -> float:
    """By the series, in decimals of fifty digits."""
    with localcontext() as context:
        context.prec = 50
        angle = (x - 2 * (x / 2).to_integral_value()) * PI
        term = total = angle
        for n in range(1, 40):
            term *= -angle * angle / (2 * n * (2 * n + 1))
            total += term
        return float(total)


# What it computes, the greatest error allowed in units of the last place, and where it is asked.
FLOATS: dict[str, tuple[Callable[[float], float], float, float, float]] = {
    "exp10": (lambda x: math.pow(10.0, x), 2, -30, 30),
    "rcbrt": (lambda x: 1 / math.cbrt(x), 2, -1000, 1000),
    "sinpi": (lambda x: sine_of_pi_times(Decimal(x)), 2, -20, 20),
    "cospi": (lambda x: sine_of_pi_times(Decimal(x) + Decimal("0.5")), 2, -20, 20),
    "normcdf": (lambda x: 0.5 * math.erfc(-x * math.sqrt(0.5)), 40, -5, 5),
    "erfinv": (inverse_of_erf, 8, -0.99999, 0.99999),
}


def outputs(name: str, operands: list[numpy.ndarray], result: Scalar) -> numpy.ndarray:
    """The emulator's results for each place of the operands; ``__udp4a`` is spelled as CUDA's overload of ``__dp4a``."""
    spelled = "__dp4a" if name == "__udp4a" else name
    params = [f"const {C_TYPES[param.type.name]} *p{i}" for i, param in enumerate(scalar_meanings()[name].params)]
    reads = ", ".join(f"p{i}[i]" for i in range(len(operands)))
    text = (
        f"__global__ void k({', '.join(params)}, {C_TYPES[result.name]} *out) {{\n"
        f"  int i = blockIdx.x * blockDim.x + threadIdx.x;\n  out[i] = {spelled}({reads});\n}}\n"
    )
    given: dict[str, object] = {f"p{i}": values for i, values in enumerate(operands)}
    given["out"] = numpy.zeros(COUNT, DTYPES[result.name])
    return run(text, "k", given, grid=(COUNT // 64,), block=(64,))["out"]


def test_every_function_of_the_header_has_a_reference() -> None:
    floats = {each for name in FLOATS for each in (name, f"{name}f")}
    assert set(scalar_meanings()) == set(INTEGERS) | floats


@pytest.mark.parametrize("name", INTEGERS)
@pytest.mark.covers("cuda", *INTEGERS)
def test_integer_functions_are_exact(name: str) -> None:
    rng = numpy.random.default_rng(7)
    function, operands = scalar_meanings()[name], []
    for param in function.params:
        info = numpy.iinfo(DTYPES[param.type.name])
        edges = [info.min, info.max, 0, 1, info.max // 2, info.max - 1, info.min + 1, 31, 32, 33, 255, 128]
        scattered = rng.integers(info.min, info.max, COUNT - 72, info.dtype, endpoint=True)
        small = scattered[:60] >> rng.integers(0, info.bits, 60).astype(info.dtype)
        operands.append(rng.permutation(numpy.concatenate([numpy.array(edges, info.dtype), small, scattered])))
    expected = [wrapped(INTEGERS[name](*(int(v) for v in values)), function.returns) for values in zip(*operands, strict=True)]
    assert outputs(name, operands, function.returns).tolist() == expected


@pytest.mark.parametrize("name", [each for name in FLOATS for each in (name, f"{name}f")])
def test_float_functions_are_as_close_as_the_guide_says(name: str) -> None:
    exact, ulps, low, high = FLOATS[name if name in FLOATS else name[:-1]]
    result = scalar_meanings()[name].returns
    x = numpy.random.default_rng(8).uniform(low, high, COUNT).astype(DTYPES[result.name])
    expected = numpy.array([exact(float(v)) for v in x])
    got = outputs(name, [x], result)
    error = numpy.abs(got.astype(numpy.float64) - expected) / numpy.spacing(numpy.abs(expected).astype(got.dtype)).astype(numpy.float64)
    assert error.max() <= ulps, (x[error.argmax()], got[error.argmax()], expected[error.argmax()])


@pytest.mark.parametrize(("call", "expected"), [("sinpif(p[i])", [0, 0, 1, -1, 0]), ("cospif(p[i])", [1, -1, 0, 0, -1]), ("erfinvf(p[i])", [0, numpy.inf, None, None, None])])
def test_values_that_are_exact(call: str, expected: list[float | None]) -> None:
    """Multiples of a half have exact sines and cosines; the error function reaches 1 only at infinity."""
    x = numpy.array([0, 1, 0.5, 1.5, 3], numpy.float32)
    text = f"__global__ void k(const float *p, float *out) {{ int i = threadIdx.x; out[i] = {call}; }}"
    got = run(text, "k", {"p": x, "out": numpy.zeros(5, numpy.float32)}, block=(5,))["out"]
    assert [value for value, wanted in zip(got, expected, strict=True) if wanted is not None] == [value for value in expected if value is not None]
