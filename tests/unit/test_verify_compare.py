"""What counts as the same: rounding does, a wrong number does not, whatever hides it."""

from __future__ import annotations

import numpy
import pytest

from kernelglot.verify.cases import Buffer, Launch, Scalar, TestCase
from kernelglot.verify.compare import Agreement, Difference, compare, operations, same_bits, width

LAUNCH = Launch((1, 1, 1), (1, 1, 1))


def case_of(dtype: str = "f32", elements: int = 4, size: int = 4) -> TestCase:
    return TestCase("k", (Buffer("x", dtype, elements, "in"), Buffer("y", dtype, elements, "out"), Scalar("n", "i32", size)), LAUNCH, "toml")


def look(expected: list[float], got: list[float], dtype: str = "f32", moved: list[float] | None = None) -> Difference | Agreement:
    numpy_type = {"f32": "f4", "f16": "f2", "f64": "f8", "i32": "i4"}[dtype]
    arrays = [{"y": numpy.array(values, numpy_type)} for values in (expected, got, moved or [])]
    return compare(case_of(dtype, len(expected)), arrays[0], arrays[1], moved=arrays[2] if moved else None)


@pytest.mark.parametrize("expected, got", [
    ([1.0, numpy.nan], [1.0, numpy.nan]), ([numpy.inf], [numpy.inf]), ([-numpy.inf], [-numpy.inf]), ([0.0], [-0.0]), ([1.0], [1.0000002]), ([1e-45], [0.0]),
])
def test_same(expected: list[float], got: list[float]) -> None:
    assert isinstance(look(expected, got), Agreement)


@pytest.mark.parametrize("expected, got, index", [
    ([1.0, 2.0], [1.0, numpy.nan], 1), ([1.0, numpy.nan], [1.0, 2.0], 1), ([numpy.inf], [-numpy.inf], 0), ([numpy.inf], [3e38], 0), ([3e38], [numpy.inf], 0),
    ([1.0], [1.001], 0), ([0.0], [1e-6], 0), ([5.0, 5.0, 5.0], [5.0, 4.9, 4.9], 1),
])
def test_different(expected: list[float], got: list[float], index: int) -> None:
    found = look(expected, got)
    assert isinstance(found, Difference) and found.index == index and "`y[" in found.sentence


def test_integers_are_exact() -> None:
    assert isinstance(look([1, 2], [1, 3], "i32"), Difference)
    assert isinstance(look([1, 2], [1, 2], "i32"), Agreement)


def test_an_element_that_one_side_never_wrote() -> None:
    poison = numpy.frombuffer(b"\xff" * 8, "f4").copy()
    written = numpy.array([1.0, numpy.nan], "f4")
    mixed = poison.copy()
    mixed[0] = 1.0
    found = compare(case_of(elements=2), {"y": mixed}, {"y": written})
    assert isinstance(found, Difference) and found.index == 1 and found.expected == "never written"
    assert isinstance(compare(case_of(elements=2), {"y": mixed}, {"y": mixed.copy()}), Agreement)


def test_condition_of_the_source_decides_about_cancellation() -> None:
    """A result that moves a lot when its input moves by rounding errors may differ that much, its neighbours may not."""
    expected, got = [1e-4, 1.0, 2.0, 3.0], [1.001e-4, 1.0, 2.0, 3.0]
    assert isinstance(look(expected, got), Difference)
    assert isinstance(look(expected, got, moved=[1.002e-4, 1.0, 2.0, 3.0]), Agreement)
    assert isinstance(look(expected, [1e-4, 1.01, 2.0, 3.0], moved=[1.002e-4, 1.0, 2.0, 3.0]), Difference)


def test_sixteen_bit_results_may_differ_by_a_rounding_unless_they_are_computed_so() -> None:
    assert isinstance(look([1.0], [1.0009766], "f16"), Agreement)
    assert isinstance(look([1.0], [1.01], "f16"), Difference)
    case = case_of("f16", 1)
    arrays = [{"y": numpy.array([value], "f2")} for value in (1.0, 1.01)]
    assert isinstance(compare(case, *arrays, coarse=True), Agreement)


def test_operations_are_estimated_from_sizes() -> None:
    def buffers(*sizes: int) -> TestCase:
        return TestCase("k", (*(Buffer(f"b{i}", "f32", size, "in") for i, size in enumerate(sizes[:-1])), Buffer("c", "f32", sizes[-1], "out")), LAUNCH, "toml")
    assert operations(buffers(1000, 1000)) == 16                      # element-wise
    assert operations(buffers(64 * 512, 64)) == 512                   # a reduction of rows
    assert operations(buffers(64 * 300, 300 * 64, 64 * 64)) == 300    # a product of matrices
    assert operations(case_of(elements=10**4, size=300)) == 300       # the length of a row, perhaps
    assert operations(case_of(elements=10**6, size=10**5)) == 4096    # that says something, but not too much
    assert operations(case_of(elements=1000, size=1000)) == 16        # what the threads share out


def test_two_executions_must_give_the_same_bits() -> None:
    case = case_of(elements=2)
    first = {"y": numpy.array([1.0, 2.0], "f4")}
    assert same_bits(case, first, {"y": numpy.array([1.0, 2.0], "f4")}, (0xFF, 0x3B)) is None
    assert same_bits(case, first, {"y": numpy.array([1.0, 2.0000002], "f4")}, (0xFF, 0x3B)) == ("y", 1)
    unwritten = [{"y": numpy.frombuffer(b"\0\0\x80\x3f" + bytes([byte]) * 4, "f4")} for byte in (0xFF, 0x3B)]
    assert same_bits(case, unwritten[0], unwritten[1], (0xFF, 0x3B)) is None


def test_what_directed_rounding_moves_is_allowed_and_no_more() -> None:
    case = case_of(elements=2)
    want, got = {"y": numpy.array([1.0, 1.0], "f4")}, {"y": numpy.array([1.0, 1.0002], "f4")}
    up, down = {"y": numpy.array([1.0, 1.0002], "f4")}, {"y": numpy.array([1.0, 0.9998], "f4")}
    assert isinstance(compare(case, want, got, moved=want), Difference)
    assert isinstance(compare(case, want, got, moved=want, spread=(width(case, up, down), width(case, want, want))), Agreement)
    assert isinstance(compare(case, want, {"y": numpy.array([1.0, 1.0005], "f4")}, moved=want, spread=(width(case, up, down), width(case, want, want))), Difference)
    assert isinstance(compare(case, want, {"y": numpy.array([1.0002, 1.0], "f4")}, moved=want, spread=(width(case, up, down), width(case, want, want))), Difference)


def test_where_sums_are_exact_every_bit_is_asked_for() -> None:
    """Small integers: no operation rounds, so any order of them gives the same bits. Where something rounds, the width says so."""
    case = case_of(elements=2)
    want, got = {"y": numpy.array([8.0, 1.0], "f4")}, {"y": numpy.array([8.000001, 1.0], "f4")}
    none, some = width(case, want, want), width(case, got, want)
    still, moving = (none, none), (some, none)
    assert isinstance(compare(case, want, got, spread=still, loose=False), Agreement)
    assert isinstance(compare(case, want, got, spread=still, loose=False, exact=True), Difference)
    assert isinstance(compare(case, want, got, spread=moving, loose=False, exact=True), Agreement)
    negative = {"y": numpy.array([8.0, -0.0], "f4")}
    assert isinstance(compare(case, {"y": numpy.array([8.0, 0.0], "f4")}, negative, spread=still, loose=False, exact=True), Agreement)


def test_without_an_estimate_only_what_the_text_itself_rounds_is_allowed() -> None:
    """n = 10^4 operations that might be there are no reason to allow anything: the widths tell."""
    case, want, got = case_of(elements=10**4, size=300), numpy.ones(10**4, "f4"), numpy.ones(10**4, "f4")
    got[3] = 1.000005
    assert isinstance(compare(case, {"y": want}, {"y": got}, loose=True), Agreement)
    assert isinstance(compare(case, {"y": want}, {"y": got}, loose=False), Difference)


def test_an_integer_made_from_a_rounded_float_may_stand_on_the_other_side_of_an_edge() -> None:
    case = case_of("i32", 2)
    want, got, moved = ({"y": numpy.array(values, "i4")} for values in ([3, 4], [3, 5], [3, 5]))
    assert isinstance(compare(case, want, got), Difference)
    assert isinstance(compare(case, want, got, moved=moved), Agreement)
    assert isinstance(compare(case, want, {"y": numpy.array([4, 4], "i4")}, moved=moved), Difference)
    assert not width(case, got, want)


def test_a_target_that_is_badly_conditioned_does_not_excuse_itself() -> None:
    """Its own width counts as far as another order of the source's operations could have it."""
    case = case_of(elements=100, size=16)
    want = {"y": numpy.ones(100, "f4")}
    got = {"y": numpy.full(100, 1.01, "f4")}
    wide = {"y": numpy.full(100, 0.5)}
    narrow = {"y": numpy.full(100, 1e-6)}
    assert isinstance(compare(case, want, got, moved=want, spread=(narrow, wide), loose=False), Difference)
    assert isinstance(compare(case, want, got, moved=want, spread=(wide, narrow), loose=False), Agreement)
    moved = {"y": numpy.full(100, 1.005, "f4")}                      # the problem itself is that sensitive
    assert isinstance(compare(case, want, got, moved=moved, spread=(narrow, wide), loose=False), Agreement)
