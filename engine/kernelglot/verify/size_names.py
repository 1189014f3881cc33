"""Plausible values for sizes that nothing states, by what their names usually mean; small and uneven, so that missing guards show."""

from __future__ import annotations

import re

# first match wins; a tuple is used up position by position
_HINTS: tuple[tuple[str, tuple[int, ...]], ...] = (
    (r"(^|_)(stride|step|dilation|groups?)|stride$", (1,)),
    (r"(^|_)pad(ding)?|pad$", (0,)),
    (r"^(r|s|kh|kw|ks)$|kernel|window|filter|ksize|taps|radius", (3,)),
    (r"^(ld[a-z]?|lda|ldb|ldc|pitch)$|leading|pitch", (80,)),
    (r"batch|images?|^b$|^bs$", (2,)),
    (r"heads?$|levels?$|points?$", (4,)),
    (r"^(tokens?|seq|seq_?len|sequence|queries|num_query)$", (11,)),
    (r"chan|^c$|^ci$|^co$|^ic$|^oc$", (24,)),
    (r"^(rows?|m|h|height|nrows?|num_rows)$|height", (37,)),
    (r"^(cols?|w|width|ncols?|num_cols|dim|d|hidden|features|classes)$|width|hidden|cols", (65,)),
    (r"^k$|depth|inner|axis", (29,)),
)
_ONLY = 1000                        # the one size of a one-dimensional kernel
_OTHERS = (45, 51, 39, 27, 21, 15)


def ragged_for(name: str, position: int, count: int) -> int:
    """A size for the integer called ``name``, the ``position``-th of ``count`` that need one."""
    plain = re.sub(r"([a-z])([A-Z])", r"\1_\2", name.rsplit(".", 1)[-1]).lower()
    for pattern, values in _HINTS:
        if re.search(pattern, plain) and not (count == 1 and values[0] > 4):
            return values[min(position, len(values) - 1)]
    return _ONLY if count == 1 else _OTHERS[position % len(_OTHERS)]


def float_for(name: str) -> float:
    """A value for the float called ``name``."""
    plain = name.lower()
    if "eps" in plain:
        return 1e-5
    if "slope" in plain or "leak" in plain:
        return 0.01
    if "scale" in plain or "momentum" in plain:
        return 0.125
    return 0.5


_DEVICE = (
    (r"maxthreadsper", 1024), (r"warpsize", 32), (r"multiprocessor|numsm|sm_?count", 8), (r"shared", 49152),
    (r"block_?size|threads|block_?dim", 256), (r"grid_?size|blocks", 8),
)


def device_value(name: str) -> int | None:
    """A value for a quantity that a program asks the device for; None where the name is none of these."""
    plain = name.rsplit(".", 1)[-1].rsplit("->", 1)[-1].lower()
    return next((value for pattern, value in _DEVICE if re.search(pattern, plain)), None)
