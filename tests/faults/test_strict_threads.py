"""Mistakes between threads that the strict run must name: what, in which line, by whom; and correct kernels about which it is silent."""

from __future__ import annotations

import numpy
import pytest
from emulator.running import needs_gcc
from faults.planted import CHECK, EXPLAIN, fault_of, floats, found

pytestmark = needs_gcc
both = pytest.mark.parametrize("dialect", ["cuda", "hip"])

REVERSE = """__global__ void k(const float *x, float *out) {
  __shared__ float s[128];
  s[threadIdx.x] = x[threadIdx.x];
  %s
  out[threadIdx.x] = s[127 - threadIdx.x];   // <- here
}"""


@both
def test_a_missing_barrier_is_a_race_with_both_threads(dialect: str) -> None:
    text = REVERSE.replace("  %s\n  out", "  if (threadIdx.x < 64) out").replace("s[127", "s[63")
    fault = fault_of(text, "k", {"x": floats(128), "out": floats(128)}, block=(128,), dialect=dialect)
    assert fault is not None and fault.kind == "race" and fault.line == 3
    assert "thread (32, 0, 0) of block (0, 0, 0) writes element 32 of `s` in line 3" in fault.sentence
    assert "thread (31, 0, 0) of block (0, 0, 0) reads it in line 4" in fault.sentence and "no barrier" in fault.sentence


@both
def test_with_its_barrier_it_is_silent(dialect: str) -> None:
    assert fault_of(REVERSE % "__syncthreads();", "k", {"x": floats(128), "out": floats(128)}, block=(128,), dialect=dialect) is None


def test_a_warp_s_barrier_does_not_order_warps() -> None:
    text = REVERSE % "__syncwarp();"
    fault = fault_of(text, "k", {"x": floats(128), "out": floats(128)}, block=(128,))
    assert fault is not None and fault.kind == "race" and {fault.line} <= {3, 5}


def test_a_barrier_for_half_a_warp_does_not_order_the_other_half() -> None:
    text = """__global__ void k(float *out) {
  __shared__ int s[32];
  s[threadIdx.x] = threadIdx.x;             // <- here
  __syncwarp(threadIdx.x < 16 ? 0xffff : 0xffff0000);
  out[threadIdx.x] = s[threadIdx.x ^ %d];   // <- here
}"""
    assert fault_of(text % 8, "k", {"out": floats(32)}, block=(32,)) is None
    found(text, fault_of(text % 16, "k", {"out": floats(32)}, block=(32,)), "race", "element")


def test_what_a_lane_learnt_through_another_is_ordered() -> None:
    text = """__global__ void k(float *out) {
  __shared__ int s[32];
  int lane = threadIdx.x;
  if (lane == 0) s[0] = 5;
  if (lane < 2) __syncwarp(3);
  if (lane == 1 || lane == 2) __syncwarp(6);
  if (lane == 2) out[0] = s[0];
}"""
    assert fault_of(text, "k", {"out": floats(1)}, block=(32,)) is None


def test_the_second_barrier_of_a_tile_loop_is_missed() -> None:
    text = """__global__ void k(const float *x, float *out, int n) {
  __shared__ float tile[32];
  float sum = 0;
  for (int t = 0; t < n; t += 32) {
    tile[threadIdx.x] = x[t + threadIdx.x];   // <- here
    __syncthreads();
    for (int i = 0; i < 32; ++i) sum += tile[i];   // <- here
    %s
  }
  out[threadIdx.x] = sum;
}"""
    arguments: dict[str, object] = {"x": floats(128), "out": floats(32), "n": 128}
    assert fault_of(text % "__syncthreads();", "k", arguments, block=(32,)) is None
    found(text, fault_of(text % "", "k", arguments, block=(32,)), "race", "in line 5", "in line 7", "of `tile`")


@both
def test_blocks_are_not_ordered_by_a_block_s_barrier(dialect: str) -> None:
    text = """__global__ void k(float *out) {
  __syncthreads();
  out[threadIdx.x] = blockIdx.x;   // <- here
}"""
    fault = fault_of(text, "k", {"out": floats(32)}, grid=(3,), block=(32,), dialect=dialect)
    found(text, fault, "race", "of block (1, 0, 0) writes `out[", "of block (0, 0, 0) writes it", "nothing that orders blocks")


def test_threads_and_blocks_are_named_with_all_their_coordinates() -> None:
    text = """__global__ void k(float *out) {
  if (blockIdx.y == 1 && threadIdx.z == 1) out[99] = 1;   // <- here
}"""
    fault = fault_of(text, "k", {"out": floats(64)}, grid=(2, 2), block=(4, 2, 2))
    found(text, fault, "out-of-bounds", "writes `out[99]`, outside of its 64 elements", "thread (0, 0, 1) of block (0, 1, 0)")


def test_neighbouring_bytes_are_not_the_same_bytes() -> None:
    text = """__global__ void k(signed char *out, short *pairs) {
  out[threadIdx.x] = threadIdx.x;
  pairs[threadIdx.x] = threadIdx.x;
}"""
    arguments: dict[str, object] = {"out": numpy.zeros(64, numpy.int8), "pairs": numpy.zeros(64, numpy.int16)}
    assert fault_of(text, "k", arguments, block=(64,), out=("out", "pairs")) is None
    overlapping = "__global__ void k(signed char *out) {\n  *(short *)(out + threadIdx.x / 2 * 2) = threadIdx.x;   // <- here\n}"
    found(overlapping, fault_of(overlapping, "k", {"out": numpy.zeros(64, numpy.int8)}, block=(64,)), "race", "thread (1, 0, 0)")


TREE = """__global__ void k(const float *x, float *out) {
  __shared__ float s[256];
  int t = threadIdx.x;
  s[t] = x[blockIdx.x * 256 + t];
  __syncthreads();
  for (int k = 128; k > 0; k >>= 1) {
    if (t < k) s[t] += s[t + k];
    __syncthreads();
  }
  if (t == 0) out[blockIdx.x] = s[0];
}"""
WARP_TAIL = """__global__ void k(const float *x, float *out) {
  __shared__ float s[64];
  int t = threadIdx.x;
  s[t] = x[t];
  __syncthreads();
  if (t < 32) {
    s[t] += s[t + 32]; __syncwarp();
    for (int k = 16; k > 0; k >>= 1) {
      float other = s[t + k]; __syncwarp();
      s[t] += other; __syncwarp();
    }
  }
  if (t == 0) out[0] = s[0];
}"""
TWO_BUFFERS = """__global__ void k(const float *x, float *out, int n) {
  __shared__ float s[2][32];
  int t = threadIdx.x;
  float sum = 0;
  s[0][t] = x[t];
  for (int i = 0; i < n; ++i) {
    __syncthreads();
    if (i + 1 < n) s[(i + 1) % 2][t] = x[(i + 1) * 32 + t];
    sum += s[i % 2][31 - t];
  }
  out[t] = sum;
}"""
FLAG = """__global__ void k(const float *x, int *out) {
  __shared__ int found;
  if (threadIdx.x == 0) found = 0;
  __syncthreads();
  if (x[threadIdx.x] > 3) found = 1;
  __syncthreads();
  out[threadIdx.x] = found;
  if (x[threadIdx.x] > 5) out[64] = 7;
}"""
HISTOGRAM = """__global__ void k(const float *x, int *out) {
  __shared__ int bins[16];
  if (threadIdx.x < 16) bins[threadIdx.x] = 0;
  __syncthreads();
  atomicAdd(&bins[(int)x[threadIdx.x] % 16], 1);
  __syncthreads();
  if (threadIdx.x < 16) atomicAdd(&out[threadIdx.x], bins[threadIdx.x]);
}"""
LOOK_FIRST = """__global__ void k(const float *x, int *out) {
  int v = x[threadIdx.x];
  if (v > out[0]) atomicMax(&out[0], v);
  int old = out[1], seen;
  do { seen = old; old = atomicCAS(&out[1], seen, seen + v); } while (old != seen);
}"""
LAST_BLOCK = """__device__ unsigned arrived = 0;
__global__ void k(const float *x, float *partial, float *out) {
  __shared__ float s[32];
  __shared__ bool last;
  s[threadIdx.x] = x[blockIdx.x * 32 + threadIdx.x];
  __syncthreads();
  if (threadIdx.x == 0) {
    float sum = 0;
    for (int i = 0; i < 32; ++i) sum += s[i];
    partial[blockIdx.x] = sum;
    __threadfence();
    last = atomicInc(&arrived, gridDim.x) == gridDim.x - 1;
  }
  __syncthreads();
  if (last && threadIdx.x == 0) {
    float total = 0;
    for (int b = 0; b < gridDim.x; ++b) total += partial[b];
    *out = total;
  }
}"""
PADDING = """__global__ void k(const float *x, float *out) {
  __shared__ float4 s[16];
  if (threadIdx.x < 16) { s[threadIdx.x].x = x[threadIdx.x]; s[threadIdx.x].y = 1; }
  __syncthreads();
  float4 v = s[threadIdx.x % 16];
  out[threadIdx.x] = v.x + v.y;
}"""


@both
@pytest.mark.parametrize("text, arguments, grid, block, inout", [
    pytest.param(TREE, {"x": floats(512), "out": floats(2)}, 2, 256, (), id="tree reduction"),
    pytest.param(WARP_TAIL, {"x": floats(64), "out": floats(1)}, 1, 64, (), id="warp-synchronous tail"),
    pytest.param(TWO_BUFFERS, {"x": floats(160), "out": floats(32), "n": 5}, 1, 32, (), id="double buffering"),
    pytest.param(FLAG, {"x": floats(64), "out": numpy.zeros(65, numpy.int32)}, 1, 64, (), id="the same value from several threads"),
    pytest.param(HISTOGRAM, {"x": floats(64), "out": numpy.zeros(16, numpy.int32)}, 2, 32, ("out",), id="atomics"),
    pytest.param(LOOK_FIRST, {"x": floats(64), "out": numpy.zeros(2, numpy.int32)}, 1, 64, ("out",), id="a look before an atomic"),
    pytest.param(LAST_BLOCK, {"x": floats(128), "partial": floats(4), "out": floats(1)}, 4, 32, (), id="last block behind a fence"),
    pytest.param(PADDING, {"x": floats(16), "out": floats(32)}, 1, 32, (), id="loads of padding"),
])
def test_correct_kernels_are_left_alone(dialect: str, text: str, arguments: dict[str, object], grid: int, block: int,
                                        inout: tuple[str, ...]) -> None:
    results = tuple(name for name in ("out", "partial") if name in arguments and name not in inout)
    assert fault_of(text, "k", arguments, grid=(grid,), block=(block,), out=results, inout=inout, dialect=dialect) is None


LOOK_BACK = """__global__ void k(const float *x, float *sums, int *out, float *all) {
  __shared__ float s[32], prefix;
  int t = threadIdx.x, b = blockIdx.x;
  s[t] = x[b * 32 + t];
  __syncthreads();
  if (t == 0) {
    float sum = 0, before = 0;
    for (int i = 0; i < 32; ++i) sum += s[i];
    if (b) { while (((volatile int *)out)[b - 1] == 0); __threadfence(); before = sums[b - 1]; }
    sums[b] = before + sum;
    __threadfence();
    ((volatile int *)out)[b] = 1;
    prefix = before;
  }
  __syncthreads();
  all[b * 32 + t] = prefix + s[t];
}"""
LOCK = """__device__ int lock = 0;
__global__ void k(float *out) {
  if (threadIdx.x == 0) {
    while (atomicCAS(&lock, 0, 1) != 0);
    __threadfence();
    out[0] += blockIdx.x + 1;
    __threadfence();
    atomicExch(&lock, 0);
  }
}"""
TILES = """#include <cooperative_groups.h>
namespace cg = cooperative_groups;
__global__ void k(const float *x, float *all) {
  __shared__ float s[64];
  cg::thread_block block = cg::this_thread_block();
  cg::thread_block_tile<16> tile = cg::tiled_partition<16>(block);
  unsigned t = block.thread_rank();
  s[t] = x[t];
  tile.sync();
  float v = s[t ^ 5];
  tile.sync();
  s[t] = v;
  block.sync();
  all[t] = s[63 - t];
}"""
PLACES = """__global__ void k(const float *x, int *out, float *all) {
  unsigned active = __ballot_sync(~0u, x[threadIdx.x] > 10);
  if (x[threadIdx.x] > 10) {
    int lane = threadIdx.x % 32, leader = __ffs(active) - 1, base = 0;
    if (lane == leader) base = atomicAdd(out, __popc(active));
    base = __shfl_sync(active, base, leader);
    all[base + __popc(active & ((1u << lane) - 1))] = x[threadIdx.x];
  }
}"""
PACKED = """__global__ void k(const float *x, float *all) {
  extern __shared__ char raw[];
  float *a = (float *)raw;
  signed char *b = (signed char *)(a + blockDim.x);
  a[threadIdx.x] = x[threadIdx.x], b[threadIdx.x] = threadIdx.x;
  __syncthreads();
  float v = a[blockDim.x - 1 - threadIdx.x] + ((int *)b)[threadIdx.x / 4];
  __syncthreads();
  ((double *)raw)[threadIdx.x] = v;
  all[threadIdx.x] = ((double *)raw)[threadIdx.x];
}"""
ZEROS, NUMBERS = numpy.zeros(8, numpy.int32), floats(256)


@pytest.mark.parametrize("text, arguments, grid, block", [
    pytest.param(LOOK_BACK, {"x": NUMBERS, "sums": floats(8), "out": ZEROS, "all": NUMBERS}, 8, 32, id="blocks that pass on sums behind flags"),
    pytest.param(LOCK, {"out": ZEROS.astype(numpy.float32)}, 8, 32, id="a lock with fences"),
    pytest.param(TILES, {"x": NUMBERS, "all": floats(64)}, 1, 64, id="tiles of a warp"),
    pytest.param(PLACES, {"x": NUMBERS, "out": ZEROS, "all": NUMBERS}, 1, 256, id="one atomic for a warp"),
    pytest.param(PACKED, {"x": NUMBERS, "all": floats(128)}, 1, 128, id="dynamic shared memory used as several types"),
])
def test_idioms_between_blocks_and_warps_are_left_alone(text: str, arguments: dict[str, object], grid: int, block: int) -> None:
    results = tuple(name for name in ("all", "sums") if name in arguments)
    assert fault_of(text, "k", arguments, grid=(grid,), block=(block,), shared=1024, out=results, inout=("out",)) is None


def test_a_lock_without_fences_orders_nothing() -> None:
    fault = fault_of(LOCK.replace("    __threadfence();\n", ""), "k", {"out": floats(8)}, grid=(8,), block=(32,), out=(), inout=("out",))
    assert fault is not None and (fault.kind, fault.line) == ("race", 5) and "nothing that orders blocks" in fault.sentence


@pytest.mark.parametrize("text, old, new, words", [
    pytest.param(HISTOGRAM, "= 0;\n  __syncthreads();", "= 0;", "bins", id="the histogram is cleared too late"),
    pytest.param(LAST_BLOCK, "    __threadfence();\n", "", "partial", id="no fence before the atomic"),
    pytest.param(FLAG, "out[64] = 7", "out[64] = threadIdx.x", "out[64]", id="different values into one place"),
    pytest.param(TREE, "s[t] += s[t + k];\n    __syncthreads();", "s[t] += s[t + k];", "`s`", id="no barrier in the tree"),
])
def test_the_same_kernels_with_a_mistake_are_not(text: str, old: str, new: str, words: str) -> None:
    arguments: dict[str, object] = {"x": floats(1024), "partial": floats(4), "out": numpy.zeros(1024, numpy.int32)}
    broken = text.replace(old, new)
    assert broken != text
    if "float *out" in text:
        arguments["out"] = floats(1024)
    if "partial" not in text:
        del arguments["partial"]
    threads = 256 if text is TREE else 32
    fault = fault_of(broken, "k", arguments, grid=(2,), block=(threads,), out=("partial",), inout=("out",))
    assert fault is not None and fault.kind == "race" and words in fault.sentence and fault.line, fault


def test_a_plain_read_beside_atomics_is_named_only_where_results_show_it() -> None:
    text = """__global__ void k(int *out) {
  atomicAdd(&out[0], 1);
  out[1 + threadIdx.x] = out[0];   // <- here
}"""
    arguments: dict[str, object] = {"out": numpy.zeros(65, numpy.int32)}
    assert fault_of(text, "k", arguments, block=(64,), out=(), inout=("out",), level=CHECK) is None
    fault = fault_of(text, "k", arguments, block=(64,), out=(), inout=("out",), level=EXPLAIN)
    assert fault is not None and fault.kind == "race" and "atomically" in fault.sentence


@both
def test_waiting_at_different_barriers_names_a_thread(dialect: str) -> None:
    text = """__global__ void k(float *out) {
  if (threadIdx.x < 32) __syncthreads();   // <- here
  else {
    __syncthreads();
  }
  out[threadIdx.x] = 1;
}"""
    fault = fault_of(text, "k", {"out": floats(64)}, block=(64,), dialect=dialect)
    found(text, fault, "divergent-barrier", "thread (32, 0, 0) of block (0, 0, 0)", "line 4")


def test_a_deadlock_names_who_waits() -> None:
    text = """__global__ void k(float *out) {
  if (threadIdx.x < 16) out[0] = __shfl_sync(0xffffffff, 1, 0);   // <- here
  else __syncthreads();
}"""
    found(text, fault_of(text, "k", {"out": floats(64)}, block=(64,)), "deadlock", "thread (0, 0, 0) of block (0, 0, 0)", "line 3")


def test_a_value_from_a_lane_that_takes_no_part() -> None:
    text = """__global__ void k(float *out) {
  if (threadIdx.x < 16)
    out[threadIdx.x] = __shfl_sync(0xffff, 1.0f, 20);   // <- here
}"""
    found(text, fault_of(text, "k", {"out": floats(16)}, block=(32,), level=EXPLAIN), "inactive-lane", "lane 20", "thread (0, 0, 0)")
    assert fault_of(text, "k", {"out": floats(16)}, block=(32,), level=CHECK) is None        # the value need not be used
    assert fault_of(text.replace("20", "2"), "k", {"out": floats(16)}, block=(32,), level=EXPLAIN) is None
