"""Sizes of our own choice around the edges of tiles, where a forgotten guard or a lost tail shows.

A dimension's tile is as many of its elements as one block takes, or the vector that a CPU takes at once. Each case gives every dimension
one of its edges (one less than a tile, a tile, one more, a prime beyond two tiles), so that after a few cases each dimension has had them
all, in varying company. Zero is tried in one dimension at a time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

LANES = 16                          # floats of a 64-byte vector
MOST_TILE = 1024
MOST_EDGES = 7                      # cases at the edges of tiles
MOST_ZEROS = 2
FEW = (5, 3, 7, 2)                  # for the other dimensions, where all of them at an edge is too much work
EDGE_WORK = 3e5                     # statements of all threads: a few milliseconds
WIDE_WORK = 4e6                     # the same where a size has to pass a wide tile of the translation


def tile(extent: Callable[[int], float | None], otherwise: int) -> int:
    """How far a dimension goes before the launch grows: the largest size with the same ``extent`` (blocks, as a function of the size) as 1.
    ``otherwise`` where every element has a block of its own, the launch does not depend on it, or nothing is known."""
    low, first = 1, extent(1)
    while first == 0 and low < MOST_TILE:       # `n / 4` threads: too small for a launch
        low *= 2
        first = extent(low)
    if not first:
        return otherwise
    high = 2 * low
    while high <= 2 * MOST_TILE and extent(high) == first:
        low, high = high, high * 2
    if high > 2 * MOST_TILE:
        return otherwise
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if extent(middle) == first else (low, middle)
    return low if 1 < low <= MOST_TILE else otherwise


def edges(size: int) -> tuple[int, ...]:
    """Sizes around a tile and around a vector, two whole tiles, and a prime beyond them."""
    wanted = (size + 1, LANES - 1, 2 * size, LANES + 1, size - 1, next_prime(2 * size), LANES + 2)
    return tuple(dict.fromkeys(value for value in wanted if value > 1))


def assignments(tiles: Mapping[str, int]) -> Iterator[list[dict[str, int]]]:
    """Sizes for each case to come: what is wanted, then what will do where that is too much work."""
    lists = {key: edges(size) for key, size in tiles.items()}
    for number in range(MOST_EDGES):
        whole = {key: values[(number + 2 * place) % len(values)] for place, (key, values) in enumerate(lists.items())}
        alone = list(lists)[number % len(lists)]
        few = {key: value if key == alone else min(value, FEW[place % len(FEW)]) for place, (key, value) in enumerate(whole.items())}
        yield [whole, few]
    for key in list(lists)[-MOST_ZEROS:]:
        yield [{other: 0 if other == key else LANES + 1 for other in lists}]


def beyond(keys: Sequence[str], sizes: Sequence[int], grain: int = 1) -> Iterator[list[dict[str, int]]]:
    """Sizes for one more case each, what is wanted before what will do: one dimension as long as ``sizes`` say (a tile of the translation's
    own, one more, ...), the others small; all are multiples of ``grain``."""
    for size in sizes:
        for key in keys:
            others = [other for other in keys if other != key]
            whole = {key: (size + grain - 1) // grain * grain}
            yield [whole | {other: small[place % len(small)] * grain for place, other in enumerate(others)} for small in (FEW, (1, 2))]


def next_prime(value: int) -> int:
    """The smallest prime above ``value``."""
    candidate = value + 1
    while any(candidate % divisor == 0 for divisor in range(2, math.isqrt(candidate) + 1)):
        candidate += 1
    return candidate
