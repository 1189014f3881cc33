"""Names and numbers of a strict run's report."""

from __future__ import annotations

import struct

import pytest

from kernelglot.verify.build import BLOCKS, CALL, TASKS
from kernelglot.verify.strict_report import read_place, spelled


@pytest.mark.parametrize("symbol, name", [
    ("_ZZ4gemmPKfS0_PfiiE1a", "a"), ("_ZZ6kernelPKfPfiPViP2f4E1s", "s"), ("_ZZN2ns4rowsIfLi32EEEvPKT_PS1_E4tile", "tile"),
    ("_ZZ3sumPfE4part_0", "part"), ("_ZL5table", "table"), ("_ZN2ns6valuesE", "values"), ("counter", "counter"), ("board.3", "board"),
    ("_ZL9bang_line", "bang_line"), ("_ZZ1kPfE3s12", "s12"), ("_ZZ5k1_f4PfE6s_1x16", "s_1x16"),
])
def test_names_of_variables(symbol: str, name: str) -> None:
    assert spelled(symbol) == name


def results(running: int, how: int, agent: int, union: int, cluster: int, thread: tuple[int, int, int], block: tuple[int, int, int]) -> bytes:
    return bytes(2048) + struct.pack("=15I 6I 6I I q", running, how, agent, union, cluster, *thread, *block, 1, 2, 4, 0, *range(1, 7), *[0] * 6, 0, -8)


def test_who_ran() -> None:
    assert read_place(results(1, BLOCKS, 0, 0, 4, (1, 2, 3), (4, 5, 6))).who == "thread (1, 2, 3) of block (4, 5, 6)"
    assert read_place(results(1, TASKS, 5, 0, 4, (0, 0, 0), (0, 0, 0))).who == "task 5"
    assert read_place(results(1, TASKS, 13, 2, 4, (0, 0, 0), (0, 0, 0))).who == "task 13 (cluster 1, core 1)"
    assert read_place(results(1, CALL, 0, 0, 4, (0, 0, 0), (0, 0, 0))).who == ""
    place = read_place(results(0, BLOCKS, 0, 0, 4, (1, 2, 3), (4, 5, 6)))
    assert place.who == "" and place.offset == -8 and place.here == (1, 2, 3, 4, 5, 6) and place.there == ()
