"""Sizes of our own choice: every dimension sees the edges of its tile and of a vector, and zero where that can be launched."""

from __future__ import annotations

from kernelglot.verify.shapes import LANES, MOST_EDGES, assignments, edges, next_prime, tile


def test_a_tile_is_what_one_block_takes() -> None:
    assert tile(lambda n: (n + 255) // 256, 7) == 256
    assert tile(lambda n: -(-n // 16) * 3, 7) == 16
    assert tile(lambda n: n, 7) == 7                        # a block for every element: another tile is meant
    assert tile(lambda n: 5, 7) == 7                        # the launch does not depend on it
    assert tile(lambda n: None, 7) == 7
    assert tile(lambda n: (n + 4095) // 4096, 7) == 7       # larger than a block can be


def test_edges_are_those_of_the_tile_and_of_a_vector() -> None:
    assert edges(256) == (257, 15, 512, 17, 255, 521, 18)
    assert edges(LANES) == (17, 15, 32, 37, 18)
    assert min(edges(2)) > 1
    assert next_prime(7) == 11 and next_prime(1) == 2


def test_every_dimension_sees_each_of_its_edges_in_varying_company() -> None:
    chosen = [options[0] for options in assignments({"m": 32, "n": 64})]
    edged, zeros = chosen[:MOST_EDGES], chosen[MOST_EDGES:]
    assert {each["m"] for each in edged} == set(edges(32)) and {each["n"] for each in edged} == set(edges(64))
    assert len({(each["m"], each["n"]) for each in edged}) == MOST_EDGES
    assert zeros == [{"m": 0, "n": 17}, {"m": 17, "n": 0}]
    assert next(assignments({"m": 32, "n": 64}))[1] == {"m": 33, "n": 3}      # where both at an edge is too much work
