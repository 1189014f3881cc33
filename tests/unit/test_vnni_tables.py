"""The vectoriser's choice of instructions agrees with what the headers say they compute."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kernelglot.passes import vectorize_values as values

HEADERS = Path(values.__file__).parents[1] / "dialects" / "vnni" / "intrinsics"
TEXT = "\n".join(path.read_text(encoding="utf-8") for path in sorted(HEADERS.glob("*.h")))


def element(name: str) -> str:
    """What an intrinsic puts into element j of its result, as the header has it."""
    found = re.search(rf"static inline \w+ {name}\([^)]*\) \{{(.*?)^(?:\}}|/// |static)", TEXT, re.S | re.M)
    assert found, f"no header defines {name}"
    (expression,) = re.findall(r"\w\[j\] = ([^;]*);", found[1])
    return expression


@pytest.mark.parametrize(("op", "name"), values.FLOAT_OPERATIONS.items())
def test_float_operations(op: str, name: str) -> None:
    assert element(name) == f"a[j] {op} b[j]"


@pytest.mark.parametrize(("op", "name"), values.INT_OPERATIONS.items())
def test_integer_operations(op: str, name: str) -> None:
    assert re.fullmatch(rf"(?:\(int32_t\)\()?(?:\((?:u?int64_t|uint32_t|int64_t)\))?[ax]\[j\] {re.escape(op)} (?:\(uint32_t\))?[by]\[j\]\)?", element(name))


@pytest.mark.parametrize(("function", "name"), values.DIRECT.items())
def test_functions_with_an_instruction(function: str, name: str) -> None:
    assert element(name) == f"{function}(a[j])"


@pytest.mark.parametrize(("op", "comparison"), values.INT_PREDICATES.items())
def test_integer_comparisons(op: str, comparison: str) -> None:
    found = re.search(rf"__mmask16 _mm512_{comparison}_epi32_mask\([^)]*\) \{{(.*?)^\}}", TEXT, re.S | re.M)
    assert found and f"(x[j] {op} y[j])" in found[1]
