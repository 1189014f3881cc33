"""Where a dialect's own documents say that its instructions treat NaN, infinities, denormal numbers or the sign of zero in a way of their
own.

A difference on such inputs is then a limitation that the verdict states, and no mistake; without such a sentence it is a mistake like any
other. The sentences are facts of ``dialect.toml``: ``[[special]]`` with ``inputs`` (value classes), ``where`` (a pattern in the target's
text), ``says`` and ``source``. The policy behind them: a source in CUDA or HIP has IEEE 754 numbers, with fmaxf and fminf preferring
numbers to NaN, and a target has to keep that wherever it can say it. What becomes of NaN and infinities when they are converted to whole
numbers is left undefined by C (C17 6.3.1.4) and decided differently by every machine, the emulating one included: integers that differ on
such inputs are a limitation for every target.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..dialects import base
from .cases import Program, is_float

TITLES = {"zeros": "zeros of both signs", "denormal": "denormal numbers", "nan": "NaN", "infinity": "infinities"}


def explained(target: Program, value_class: str, dtype: str) -> str:
    """Why results of type ``dtype`` may differ for a class of special inputs, from the target's documents; empty where nothing says so."""
    if not is_float(dtype) and value_class in ("nan", "infinity"):
        return "what they are as whole numbers is left undefined (C17 6.3.1.4)"
    rows = base.load(target.dialect).facts.get("special", ())
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, Mapping) and value_class in row["inputs"] and re.search(row["where"], target.text):
            return f"{row['says']} ({row['source']})"
    return ""


__all__ = ["TITLES", "explained"]
