"""The memory core of a cluster (MPU): it runs the kernel's body too, performs the copies of SRAM, and takes part in barriers."""

from __future__ import annotations

import numpy
import pytest
from emulator.running import needs_gcc, run

from kernelglot.verify.emulate import Faulted

pytestmark = [needs_gcc, pytest.mark.covers("bang", "__is_mpu", "__is_ipu", "__sync_all_mpu", "__sync_all_ipu", "__sync_all_ipu_within_cluster",
                                            "__sync_cluster", "__sync_all", "__memcpy")]


def launch(text: str, size: int, tasks: int = 8, kind: str = "union2", **options: object) -> numpy.ndarray:
    arguments = {"out": numpy.zeros(size, numpy.int32), "in": numpy.arange(size, dtype=numpy.int32)}
    return run(text, "k", arguments, grid=(tasks,), dialect="bang", kind=kind, inout=("out",), out=(), **options)["out"]


THROUGH_SRAM = """__mlu_entry__ void k(int *out, const int *in) {
  __mlu_shared__ int s[16];
  __nram__ int n[4];
  __memcpy(s, in + clusterId * 16, sizeof(s), GDRAM2SRAM);
  __sync_cluster();
  if (__is_ipu()) {
    __memcpy(n, s + coreId * 4, sizeof(n), SRAM2NRAM);
    __bang_add_scalar(n, n, 100, 4);
    __memcpy(s + coreId * 4, n, sizeof(n), NRAM2SRAM);
  }
  __sync_cluster();
  __memcpy(out + clusterId * 16, s, sizeof(s), SRAM2GDRAM);
}"""


@pytest.mark.parametrize("second", [False, True], ids=["forward", "reversed"])
def test_copies_of_sram_are_performed_once_a_cluster(second: bool) -> None:
    assert (launch(THROUGH_SRAM, 32, second=second) == numpy.arange(32) + 100).all()


def test_vector_intrinsics_pass_on_the_memory_core() -> None:
    assert (launch(THROUGH_SRAM.replace("if (__is_ipu()) ", ""), 32) == numpy.arange(32) + 100).all()


def test_a_memory_core_that_returns_leaves_sram_unwritten() -> None:
    text = THROUGH_SRAM.replace("  __memcpy(s, in", "  if (__is_mpu()) return;\n  __memcpy(s, in").replace("__sync_cluster", "__sync_all_ipu_within_cluster")
    assert (launch(text, 32) == 0).all()


def test_cores_wait_for_a_memory_core_that_has_returned() -> None:
    text = """__mlu_entry__ void k(int *out, const int *in) {
  if (__is_mpu()) return;
  __sync_cluster();
  out[taskId] = 1;
}"""
    with pytest.raises(Faulted) as raised:
        launch(text, 8)
    assert (raised.value.fault.kind, raised.value.fault.line) == ("divergent-barrier", 3)
    assert (launch(text.replace("__sync_cluster", "__sync_all_ipu"), 8) == 1).all()


def test_names_on_the_memory_core() -> None:
    text = """__mlu_entry__ void k(int *out, const int *in) {
  if (coreId == 0x80) out[16 + clusterId] = 1000 + coreId;
  else out[taskId] = coreId + 10 * clusterId + 100 * __is_ipu();
  __sync_all();
  if (__is_mpu()) { __sync_all_mpu(); out[20 + clusterId] = out[taskId] + out[16] + taskDim; }
}"""
    got = launch(text, 24, 8)
    assert (got[:8] == [100 + task % 4 + 10 * (task // 4) for task in range(8)]).all()
    assert got[16:18].tolist() == [1128, 1128] and got[20:22].tolist() == [100 + 1128 + 8, 110 + 1128 + 8]


def test_a_block_task_has_no_memory_core() -> None:
    with pytest.raises(Faulted) as raised:
        launch(THROUGH_SRAM, 32, 2, "block")
    assert (raised.value.fault.kind, raised.value.fault.line) == ("launch", 4)


def test_a_union_task_has_whole_clusters() -> None:
    text = "__mlu_entry__ void k(int *out, const int *in) { out[taskId] = 1; }"
    with pytest.raises(Faulted) as raised:
        launch(text, 8, 6, "union1")
    assert raised.value.fault.kind == "launch"


def test_a_copy_into_the_sram_of_another_cluster() -> None:
    text = """__mlu_entry__ void k(int *out, const int *in) {
  __mlu_shared__ int s[4], t[4];
  if (__is_mpu()) {
    __memcpy(s, in + clusterId * 4, sizeof(s), GDRAM2SRAM);
    __memcpy(t, s, sizeof(s), SRAM2SRAM, 1 - clusterId);
  }
  __sync_all();
  if (__is_mpu()) __memcpy(out + clusterId * 4, t, sizeof(t), SRAM2GDRAM);
}"""
    assert launch(text, 8, 8, architecture="mtp_372").tolist() == [4, 5, 6, 7, 0, 1, 2, 3]
    with pytest.raises(Faulted) as raised:
        launch(text, 8, 8)
    assert (raised.value.fault.kind, raised.value.fault.line) == ("architecture", 5)
