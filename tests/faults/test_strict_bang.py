"""Tasks and cores under the strict run: races on GDRAM and SRAM, bounds, unwritten memory, copies under way, launches."""

from __future__ import annotations

import numpy
import pytest
from emulator.running import needs_gcc
from faults.planted import CHECK, EXPLAIN, fault_of, floats, found

from kernelglot.verify.cases import Fault

pytestmark = needs_gcc


def bang(text: str, arguments: dict[str, object], tasks: int = 4, kind: str = "union1", level: int = CHECK, inout: tuple[str, ...] = (),
         architecture: str = "") -> Fault | None:
    return fault_of(text, "k", arguments, grid=(tasks,), kind=kind, dialect="bang", level=level, inout=inout, architecture=architecture,
                    out=() if inout else ("out",))


SHARED = """__mlu_shared__ float board[16];
__mlu_entry__ void k(const float *x, float *out) {
  __nram__ float row[4];
  __memcpy(row, x + taskId * 4, 16, GDRAM2NRAM);
  __memcpy(board + coreId * 4, row, 16, NRAM2SRAM);   // <- here
  %s
  __memcpy(row, board + (3 - coreId) * 4, 16, SRAM2NRAM);   // <- here
  __memcpy(out + taskId * 4, row, 16, NRAM2GDRAM);
  __sync_all();
}"""


def test_cores_that_share_sram_need_a_barrier() -> None:
    arguments: dict[str, object] = {"x": floats(16), "out": floats(16)}
    assert bang(SHARED % "__sync_cluster();", arguments) is None
    found(SHARED, bang(SHARED % "", arguments), "race", "of `board`", "(cluster 0, core", "no barrier")


def test_a_cluster_s_sram_is_its_own() -> None:
    arguments: dict[str, object] = {"x": floats(64), "out": floats(64)}
    assert bang(SHARED % "__sync_cluster();", arguments, tasks=16, kind="union4") is None


MEETING = """__mlu_entry__ void k(float *out) {
  out[taskId] = taskId;   // <- here
  %s
  float other = out[taskDim - 1 - taskId];   // <- here
  __sync_all();
  out[taskId] = other;
}"""


def test_tasks_that_meet_in_gdram() -> None:
    assert bang(MEETING % "__sync_all();", {"out": floats(8)}, tasks=8, kind="union2") is None
    fault = bang(MEETING % "__sync_cluster();", {"out": floats(8)}, tasks=8, kind="union2")
    found(MEETING, fault, "race", "`out[", "(cluster 0, core", "(cluster 1, core")


def test_tasks_of_a_block_launch_race_too() -> None:
    text = "__mlu_entry__ void k(float *out) {\n  out[taskId / 2] = taskId;   // <- here\n}"
    found(text, bang(text, {"out": floats(8)}, tasks=4, kind="block"), "race", "task 1 writes `out[0]`", "task 0 writes it in line 2")
    assert bang(text.replace("taskId / 2", "taskId"), {"out": floats(8)}, tasks=4, kind="block") is None


def test_atomics_of_tasks_do_not_race() -> None:
    text = """__mlu_entry__ void k(float *out) {
  __nram__ float old[1];
  __bang_atomic_add(old, out, 1.0f, 1);
}"""
    assert bang(text, {"out": floats(1)}, inout=("out",)) is None


def test_what_a_task_writes_outside_of_its_buffer_has_a_line_and_a_task() -> None:
    text = """__mlu_entry__ void k(float *out) {
  __nram__ float row[8];
  __bang_write_value(row, 8, 1.0f);
  __memcpy(out + taskId * 8, row, 32, NRAM2GDRAM);   // <- here
}"""
    found(text, bang(text, {"out": floats(30)}), "out-of-bounds", "writes `out[", "outside of its 30 elements", "task 3 (cluster 0, core 3)")
    assert bang(text, {"out": floats(32)}) is None


def test_nram_that_was_never_written() -> None:
    text = """__mlu_entry__ void k(float *out) {
  __nram__ float row[64];
  for (int i = 0; i < 63; ++i) row[i] = 1;
  __bang_add(row, row, row, 64);   // <- here
  __memcpy(out + taskId * 64, row, 256, NRAM2GDRAM);
}"""
    found(text, bang(text, {"out": floats(256)}, level=EXPLAIN), "uninitialised", "of `row`, which was never written", "task 0")
    assert bang(text, {"out": floats(256)}) is None
    assert bang(text.replace("63", "64"), {"out": floats(256)}, level=EXPLAIN) is None


def test_unwritten_nram_is_a_task_s_own() -> None:
    text = """__mlu_entry__ void k(float *out) {
  __nram__ float row[4];
  if (taskId != 2) for (int i = 0; i < 4; ++i) row[i] = 1;
  __sync_all();
  out[taskId] = row[3];   // <- here
}"""
    found(text, bang(text, {"out": floats(4)}, level=EXPLAIN), "uninitialised", "element 3 of `row`", "task 2 (cluster 0, core 2)")


def test_a_copy_in_use_before_its_sync() -> None:
    text = """__mlu_entry__ void k(const float *x, float *out) {
  __nram__ float row[64];
  __memcpy_async(row, x, 256, GDRAM2NRAM);
  %s
  out[taskId] = row[taskId];   // <- here
}"""
    arguments: dict[str, object] = {"x": floats(64), "out": floats(4)}
    found(text, bang(text % "", arguments), "async", "of `row`, into which an asynchronous copy is under way", "task 0 (cluster 0, core 0)")
    assert bang(text % "__sync();", arguments) is None


@pytest.mark.parametrize("tasks, kind, architecture, words", [
    (6, "union1", "", "Union1 needs a multiple of 4"), (4, "union2", "", "Union2 needs a multiple of 8"), (0, "block", "", "no dimension may be 0"),
    (12, "union3", "", "kind union3"), (4, "union1", "tp_322", "has no clusters"),
    (8, "union1", "", ""), (8, "union2", "", ""), (5, "block", "", ""),
])
def test_launches_of_tasks(tasks: int, kind: str, architecture: str, words: str) -> None:
    text = "__mlu_entry__ void k(float *out) {   // <- here\n  out[taskId] = 1;\n}"
    fault = bang(text, {"out": numpy.zeros(16, numpy.float32)}, tasks=tasks, kind=kind, architecture=architecture)
    if words:
        found(text, fault, "launch", words)
    else:
        assert fault is None, fault


@pytest.mark.parametrize("statement, kind, words", [
    ("__memcpy(row, x, 16, NRAM2GDRAM);", "scope", "task"),
    ("__bang_add(row, row, row, 65);", "out-of-bounds", "task"),
    ("__memcpy(row, x, 0, GDRAM2NRAM);", "length", "task"),
])
def test_the_header_s_own_faults_name_the_core(statement: str, kind: str, words: str) -> None:
    text = f"__mlu_entry__ void k(const float *x, float *out) {{\n  __nram__ float row[64];\n  {statement}   // <- here\n  out[0] = row[0];\n}}"
    found(text, bang(text, {"x": floats(64), "out": floats(4)}), kind, "core 0", words)
