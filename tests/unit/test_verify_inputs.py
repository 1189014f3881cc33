"""Inputs are determined by seed and class, and no class is degenerate."""

from __future__ import annotations

import numpy
import pytest

from kernelglot.verify import inputs
from kernelglot.verify.cases import BYTES, Buffer, Launch, Scalar, TestCase, is_float

LAUNCH = Launch((1, 1, 1), (1, 1, 1))


def case_of(*buffers: Buffer) -> TestCase:
    return TestCase("k", (*buffers, Scalar("n", "i32", 100)), LAUNCH, "toml")


@pytest.mark.parametrize("value_class", inputs.CLASSES)
@pytest.mark.parametrize("dtype", sorted(BYTES))
def test_every_class_of_every_type(value_class: str, dtype: str) -> None:
    case = case_of(Buffer("x", dtype, 400, "in"), Buffer("y", dtype, 400, "inout"), Buffer("z", dtype, 400, "out"))
    made, again, other = (inputs.make(case, value_class, seed) for seed in (1, 1, 2))
    assert set(made) == {"x", "y"}
    assert made["x"].itemsize == BYTES[dtype]
    assert made["x"].tobytes() == again["x"].tobytes()
    if value_class not in ("index", "equal"):
        assert (made["x"] != other["x"]).any() and (made["x"] != made["y"]).any()
    values = inputs.to_float(made["x"], dtype)
    assert numpy.isfinite(values).sum() >= 398 and values.any() and (value_class == "equal" or numpy.unique(values).size > 3)
    if is_float(dtype) and value_class == "integers":
        assert (values == numpy.round(values)).all()


@pytest.mark.parametrize("value_class", inputs.CLASSES)
def test_indices_stay_in_their_range(value_class: str) -> None:
    made = inputs.make(case_of(Buffer("index", "i64", 5000, "in", 0, 12)), value_class, 3)["index"]
    assert made.min() == 0 and made.max() == 12
    assert (numpy.bincount(made).max() > 1500) == (value_class == "large")              # a few places are hit most of the time


@pytest.mark.parametrize("dtype", ["f16", "bf16", "f32", "f64"])
def test_special_classes_hold_what_they_say(dtype: str) -> None:
    case = case_of(Buffer("x", dtype, 400, "in"), Buffer("one", dtype, 1, "in"))
    made = {name: inputs.make(case, name, 1) for name in inputs.SPECIAL}
    values = {name: inputs.to_float(each["x"], dtype) for name, each in made.items()}
    assert numpy.isnan(values["nan"]).sum() == 1 and numpy.isnan(inputs.to_float(made["nan"]["one"], dtype)).all()
    assert (values["infinity"] == numpy.inf).sum() == (values["infinity"] == -numpy.inf).sum() == 1
    zeros = values["zeros"] == 0
    assert zeros.sum() == 200 and numpy.signbit(values["zeros"][zeros]).sum() == 100
    smallest = {"f16": 2.0**-14, "bf16": 2.0**-126, "f32": 2.0**-126, "f64": 2.0**-1022}[dtype]
    assert values["denormal"].any() and (numpy.abs(values["denormal"]) < 1.01 * smallest).all()
    assert (numpy.diff(inputs.to_float(inputs.make(case, "sorted", 1)["x"], dtype)) >= 0).all()


def test_whole_numbers_reach_the_ends_of_their_range() -> None:
    made = inputs.make(case_of(Buffer("x", "i8", 50, "in")), "large", 1)["x"]
    assert made.min() == -128 and made.max() == 127


def test_a_buffer_of_one_element_is_not_zero() -> None:
    for seed in range(30):
        assert inputs.make(case_of(Buffer("x", "f32", 1, "in")), "integers", seed)["x"][0] != 0


def test_sums_of_sixteen_bit_floats_stay_finite() -> None:
    for value_class in set(inputs.CLASSES) - {"nan", "infinity"}:
        made = inputs.make(case_of(Buffer("x", "f16", 4096, "in")), value_class, 1)["x"].astype(numpy.float64)
        assert abs(made.sum()) < 65504


@pytest.mark.parametrize("dtype, step", [("f32", 2.0**-21), ("f16", 2.0**-10), ("bf16", 2.0**-7)])
def test_perturbation_moves_floats_by_a_few_units_and_nothing_else(dtype: str, step: float) -> None:
    case = case_of(Buffer("x", dtype, 300, "in"), Buffer("index", "i32", 300, "in", 0, 9))
    made = inputs.make(case, "normal", 1)
    moved = inputs.perturbed(made, case, 1)
    before, after = inputs.to_float(made["x"], dtype), inputs.to_float(moved["x"], dtype)
    assert (before != after).any() and (numpy.abs(after - before) <= 1.01 * step * numpy.abs(before) * 2).all()
    assert (moved["index"] == made["index"]).all()


def test_bfloat16_conversion_round_trips() -> None:
    values = numpy.array([1.0, -2.5, 3.140625, 1e30, -1e-30])
    assert (inputs.to_float(inputs.from_float(values, "bf16"), "bf16")[:3] == values[:3]).all()
    assert inputs.from_float(numpy.array([1.00390625]), "bf16")[0] == 0x3F80                 # a tie goes to even
