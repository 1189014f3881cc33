"""BANG tasks, clusters and cores: built-in names, SRAM, barriers, atomics, for Block and Union launches."""

from __future__ import annotations

import numpy
import pytest
from emulator.running import DTYPES, needs_gcc, run

from kernelglot.verify.cases import Buffer, Launch, Program, TestCase
from kernelglot.verify.emulate import Faulted, run_once

pytestmark = needs_gcc


def launch(text: str, size: int, dims: tuple[int, int, int], kind: str, dtype: type = numpy.int32, second: bool = False) -> numpy.ndarray:
    """Runs kernel `k(T *out)`; out starts at 0."""
    shape = Launch(dims, (1, 1, 1), 0, kind)
    case = TestCase("k", (Buffer("out", DTYPES[numpy.dtype(dtype).name], size, "inout"),), shape, "toml")
    return run_once(Program("bang", text, "k", shape, ("out",)), case, {"out": numpy.zeros(size, dtype)}, second=second)["out"]


NAMES = """__mlu_entry__ void k(int *out) {
  int values[] = {taskIdX, taskIdY, taskIdZ, taskDim, taskDimX, taskDimY, taskDimZ, coreId, coreDim, clusterId, clusterDim};
  for (int i = 0; i < 11; ++i) out[taskId * 11 + i] = values[i];
}"""


def test_names_of_a_block_launch() -> None:
    got = launch(NAMES, 6 * 11, (3, 2, 1), "block").reshape(6, 11)
    assert (got == [[task % 3, task // 3, 0, 6, 3, 2, 1, 0, 4, 0, 0] for task in range(6)]).all()


def test_names_of_union_launches() -> None:
    got = launch(NAMES, 16 * 11, (16, 1, 1), "union2").reshape(16, 11)
    assert (got == [[task, 0, 0, 16, 16, 1, 1, task % 4, 4, task // 4 % 2, 2] for task in range(16)]).all()
    got = launch(NAMES, 8 * 11, (4, 2, 1), "union1").reshape(8, 11)
    assert (got[:, 7] == [0, 1, 2, 3] * 2).all() and (got[:, 9] == 0).all() and (got[:, 10] == 1).all()


@pytest.mark.parametrize("second", [False, True], ids=["forward", "reversed"])
def test_cores_of_a_cluster_share_sram_across_a_barrier(second: bool) -> None:
    text = """__mlu_entry__ void k(int *out) {
  __mlu_shared__ int shared[4];
  __nram__ int mine[1], all[4];
  mine[0] = 10 * taskId;
  __memcpy(shared + coreId, mine, sizeof(int), NRAM2SRAM);
  __sync_cluster();
  __memcpy(all, shared, sizeof(all), SRAM2NRAM);
  mine[0] += all[0] + all[1] + all[2] + all[3];
  __sync_cluster();
  __memcpy(out + taskId, mine, sizeof(int), NRAM2GDRAM);
}"""
    task = numpy.arange(8)
    want = 10 * task + numpy.where(task < 4, 60, 220)
    assert (launch(text, 8, (8, 1, 1), "union2", second=second) == want).all()
    assert (launch(text, 8, (8, 1, 1), "union1", second=second) == want).all()


def test_sync_all_joins_clusters_and_keeps_each_core_s_nram() -> None:
    text = """__mlu_entry__ void k(int *out) {
  __nram__ int mine[2];
  mine[0] = taskId + 1;
  out[taskId] = mine[0];
  __sync_all();
  mine[1] = out[(taskId + 5) % taskDim];
  __sync_all_ipu();
  out[taskId] = 100 * mine[0] + mine[1];
}"""
    task = numpy.arange(16)
    assert (launch(text, 16, (16, 1, 1), "union4") == 100 * (task + 1) + (task + 5) % 16 + 1).all()


def test_sync_all_of_a_block_task_returns_at_once() -> None:
    text = "__mlu_entry__ void k(int *out) { if (taskId == 0) __sync_all(); out[taskId] = 1; }"
    assert (launch(text, 3, (3, 1, 1), "block") == 1).all()


def test_a_barrier_that_a_core_never_reaches_is_a_fault() -> None:
    text = """__mlu_entry__ void k(int *out) {
  if (coreId == 1) __sync_all();
  else __sync_cluster();
  out[taskId] = 1;
}"""
    with pytest.raises(Faulted) as raised:
        launch(text, 8, (8, 1, 1), "union2")
    assert raised.value.fault.kind == "divergent-barrier"


def test_atomics_add_up_over_tasks() -> None:
    text = """__mlu_entry__ void k(float *out) {
  __nram__ float mine[4], old[4];
  __bang_write_value(mine, 4, (float)(taskId + 1));
  __bang_atomic_reduce_add(out, mine, 4);
  __bang_atomic_add(old, out + 4, 2.0f);
  __bang_atomic_max(old, out + 5, (float)taskId);
  __bang_atomic_add(old, out + 6, mine, 2);
  __bang_atomic_reduce_add(out + 8, 0.5f);
  if (taskId == 7) out[9] = old[1];
}"""
    got = launch(text, 10, (8, 1, 1), "block", numpy.float32)
    assert got.tolist() == [36, 36, 36, 36, 16, 7, 36, 36, 4, 28]


def test_integer_atomics_give_the_old_value() -> None:
    text = """__mlu_entry__ void k(int *out) {
  __nram__ int old[1];
  __bang_atomic_inc(old, out, 2);
  out[1 + taskId] = old[0];
  __bang_atomic_cas(old, out + 5, taskId, taskId + 1);
  __bang_atomic_or(old, out + 6, 1 << taskId);
  __bang_atomic_exch(old, out + 7, taskId);
}"""
    assert launch(text, 8, (4, 1, 1), "block").tolist() == [1, 0, 1, 2, 0, 4, 15, 3]


def test_each_task_starts_with_unwritten_nram() -> None:
    text = """__nram__ int kept[4];
__mlu_entry__ void k(int *out) {
  out[taskId] = kept[1];
  kept[1] = 7;
}"""
    assert (launch(text, 4, (4, 1, 1), "block") == -1).all()


@pytest.mark.parametrize("second", [False, True], ids=["first poison", "other poison"])
def test_sram_starts_with_poison_in_every_cluster(second: bool) -> None:
    """What nobody wrote is not 0: a kernel that relies on it gives other results in the second execution."""
    text = """#include <bang.h>
__mlu_shared__ float s[64];
__mlu_entry__ void k(float *out) {
  __nram__ float n[64];
  if (coreId == 0) { __bang_write_value(n, 32, 2.0f); __memcpy(s, n, 32 * sizeof(float), NRAM2SRAM); }
  __sync_cluster();
  __memcpy(n, s, 64 * sizeof(float), SRAM2NRAM);
  __memcpy(out + taskId * 64, n, 64 * sizeof(float), NRAM2GDRAM);
}"""
    got = run(text, "k", {"out": numpy.zeros(8 * 64, numpy.float32)}, grid=(8,), dialect="bang", kind="union2", second=second)["out"].reshape(8, 64)
    assert (got[:, :32] == 2).all()
    assert (got[:, 32:].copy().view(numpy.uint32) == (0x3B3B3B3B if second else 0xFFFFFFFF)).all()
