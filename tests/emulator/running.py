"""Short forms for tests that run one kernel in the emulator."""

from __future__ import annotations

from collections.abc import Sequence

import numpy
import pytest

from kernelglot.verify import toolchain
from kernelglot.verify.cases import Buffer, Launch, Program, Scalar, TestCase
from kernelglot.verify.emulate import run_once

needs_gcc = pytest.mark.skipif(not toolchain.installed("g++"), reason="g++ is not installed")

DTYPES = {"float16": "f16", "float32": "f32", "float64": "f64", "int8": "i8", "uint8": "u8", "int16": "i16", "uint16": "u16", "int32": "i32",
          "uint32": "u32", "int64": "i64", "uint64": "u64"}


def kernel_case(symbol: str, arguments: dict[str, object], launch: Launch, out: Sequence[str] = (), inout: Sequence[str] = ()) -> TestCase:
    """A case from values: arrays are buffers (their contents matter for inputs only), Python numbers are scalars."""
    made: list[Buffer | Scalar] = []
    for name, value in arguments.items():
        if isinstance(value, numpy.ndarray):
            role = "out" if name in out else "inout" if name in inout else "in"
            made.append(Buffer(name, DTYPES[value.dtype.name], value.size, role))
        else:
            made.append(Scalar(name, "f32" if isinstance(value, float) else "i32", value))
    return TestCase(symbol, tuple(made), launch, "toml")


def run(text: str, symbol: str, arguments: dict[str, object], *, grid: Sequence[int] = (1, 1, 1), block: Sequence[int] = (1, 1, 1), shared: int = 0, kind: str = "",
        dialect: str = "cuda", architecture: str = "", out: Sequence[str] = ("out",), inout: Sequence[str] = (), second: bool = False,
        timeout_s: float = 10.0) -> dict[str, numpy.ndarray]:
    """Runs `symbol` of `text` once and gives its results."""
    launch = Launch((*grid, 1, 1)[:3], (*block, 1, 1)[:3], shared, kind)
    case = kernel_case(symbol, arguments, launch, out, inout)
    program = Program(dialect, text, symbol, launch, tuple(arguments), architecture)
    arrays = {name: value for name, value in arguments.items() if isinstance(value, numpy.ndarray)}
    return run_once(program, case, arrays, second=second, timeout_s=timeout_s)
