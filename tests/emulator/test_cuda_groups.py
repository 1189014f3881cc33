"""Cooperative groups, atomics, address spaces and copies of a group, against numpy."""

from __future__ import annotations

import numpy
import pytest
from emulator.running import needs_gcc, run

from kernelglot.verify.emulate import Faulted

pytestmark = needs_gcc
T = numpy.arange(64)
HEAD = """#include <cooperative_groups.h>
#include <cooperative_groups/reduce.h>
#include <cooperative_groups/scan.h>
#include <cooperative_groups/memcpy_async.h>
namespace cg = cooperative_groups;
"""


def rows(lines: list[str], threads: int = 64, setup: str = "") -> numpy.ndarray:
    """Integer expressions over the thread `t`, one row each."""
    body = "".join(f"  out[{row * threads} + t] = (long long)({line});\n" for row, line in enumerate(lines))
    text = f"{HEAD}__global__ void k(long long *out) {{\n  int t = threadIdx.x;\n  cg::thread_block block = cg::this_thread_block();\n  {setup}\n{body}}}\n"
    return run(text, "k", {"out": numpy.zeros(len(lines) * threads, "i8")}, block=(threads,))["out"].reshape(-1, threads)


@pytest.mark.parametrize("size", [1, 2, 4, 8, 16, 32])
@pytest.mark.parametrize("setup", ["auto tile = cg::tiled_partition<{0}>(block);", "auto tile = cg::tiled_partition(block, {0});"], ids=["static", "dynamic"])
@pytest.mark.covers("cuda", "tiled_partition", "thread_block_tile", "this_thread_block", "thread_block", "thread_rank", "meta_group_rank", "meta_group_size", "num_threads",
                    "shfl", "shfl_up", "shfl_down", "shfl_xor", "ballot", "match_any", "reduce", "inclusive_scan", "exclusive_scan", "plus", "less", "greater", "bit_and", "bit_or",
                    "bit_xor")  # fmt: skip
def test_tiles_of_any_size(size: int, setup: str) -> None:
    got = rows(["tile.thread_rank()", "tile.meta_group_rank()", "tile.meta_group_size()", "tile.num_threads() + tile.size()", f"tile.shfl(t, {size - 1})", "tile.shfl_up(t, 1)",
                "tile.shfl_down(t, 1)", "tile.shfl_xor(t, 1)", "tile.ballot(t % 3 == 0)", "tile.any(t == 5) + 2 * tile.all(t < 60)", "tile.match_any(t % 2)",
                "cg::reduce(tile, t, cg::plus<int>())", "cg::reduce(tile, t ^ 5, cg::greater<int>())", "cg::reduce(tile, t ^ 5, cg::less<int>())",
                "cg::inclusive_scan(tile, t)", "cg::exclusive_scan(tile, t, cg::plus<int>())", "cg::reduce(tile, t, cg::bit_or<int>()) + 64 * cg::reduce(tile, t, cg::bit_and<int>())",
                "cg::reduce(tile, t, cg::bit_xor<int>())"], setup=setup.format(size))  # fmt: skip
    rank, tiles = T % size, T.reshape(-1, size)
    spread = lambda values: numpy.repeat(values, size)
    bits = lambda yes: spread((yes.reshape(-1, size) * (1 << numpy.arange(size, dtype="i8"))).sum(1))
    up, down = numpy.where(rank >= 1, T - 1, T), numpy.where(rank + 1 < size, T + 1, T)
    other = numpy.where((rank ^ 1) < size, T ^ 1, T)
    even = numpy.array([sum(1 << r for r in range(size) if (t // size * size + r) % 2 == t % 2) for t in T])
    expected = [rank, T // size, T * 0 + 64 // size, T * 0 + 2 * size, T // size * size + size - 1, up, down, other, bits(T % 3 == 0),
                spread((tiles == 5).any(1)) + 2 * spread((tiles < 60).all(1)), even, spread(tiles.sum(1)), spread((tiles ^ 5).max(1)), spread((tiles ^ 5).min(1)),
                tiles.cumsum(1).ravel(), tiles.cumsum(1).ravel() - T, spread(numpy.bitwise_or.reduce(tiles, 1)) + 64 * spread(numpy.bitwise_and.reduce(tiles, 1)),
                spread(numpy.bitwise_xor.reduce(tiles, 1))]  # fmt: skip
    for row, wanted in enumerate(expected):
        assert got[row].tolist() == wanted.tolist(), row


@pytest.mark.covers("cuda", "coalesced_threads", "coalesced_group", "labeled_partition", "binary_partition", "this_grid", "grid_group", "block_rank", "match_all", "group_index",
                    "thread_index", "invoke_one_broadcast")  # fmt: skip
def test_groups_that_the_program_decides() -> None:
    text = HEAD + """__global__ void k(long long *out) {
  int t = threadIdx.x, all;
  cg::thread_block block = cg::this_thread_block();
  auto warp = cg::tiled_partition<32>(block);
  cg::grid_group grid = cg::this_grid();
  grid.sync();
  auto label = cg::labeled_partition(warp, t % 5);
  auto two = cg::binary_partition(warp, t % 3 == 0);
  long long some = -1;
  if (t % 4 == 1) {
    cg::coalesced_group active = cg::coalesced_threads();
    some = active.thread_rank() * 100 + active.size() + 10000 * active.shfl(t, 2);
  }
  long long values[] = {some, (long long)(label.thread_rank() + 100 * label.size()), cg::reduce(label, t, cg::plus<int>()), (long long)(two.thread_rank() + 100 * two.size()),
                        (long long)label.meta_group_size(), (long long)(grid.thread_rank() + 1000 * grid.size()), (long long)(block.thread_index().x + block.group_index().x),
                        (long long)warp.match_all(7, all) + all, cg::invoke_one_broadcast(warp, [&] { return t; })};
  for (int i = 0; i < 9; ++i) out[i * 64 + t] = values[i];
}"""
    got = run(text, "k", {"out": numpy.zeros(576, "i8")}, block=(64,))["out"].reshape(9, 64)
    warp, lane = T // 32, T % 32
    same = [[u for u in range(64) if u // 32 == t // 32 and u % 5 == t % 5] for t in T]
    third = [[u for u in range(64) if u // 32 == t // 32 and (u % 3 == 0) == (t % 3 == 0)] for t in T]
    assert got[0].tolist() == numpy.where(T % 4 == 1, lane // 4 * 100 + 8 + 10000 * (32 * warp + 9), -1).tolist()
    assert got[1].tolist() == [s.index(t) + 100 * len(s) for t, s in zip(T, same)] and got[2].tolist() == [sum(s) for s in same]
    assert got[3].tolist() == [s.index(t) + 100 * len(s) for t, s in zip(T, third)] and (got[4] == 5).all()
    assert (got[5] == T + 64000).all() and (got[6] == T).all() and (got[7] == 0xFFFFFFFF + 1).all() and (got[8] == 32 * warp).all()


COPY = HEAD + """#include <cuda/pipeline>
#include <cuda/barrier>
__global__ void k(const int *x, int *out) {
  __shared__ __align__(16) int s[2][128];
  auto block = cg::this_thread_block();
  int t = threadIdx.x;
  %s
  for (int i = t; i < 256; i += 32) out[i] = s[i / 128][i %% 128];
}"""
COPIES = {
    "group": "cg::memcpy_async(block, s[0], x, 512); cg::memcpy_async(block, s[1], x + 128, 512); cg::wait(block);",
    "prior": "cg::memcpy_async(block, s[0], x, 512); cg::memcpy_async(block, s[1], x + 128, 512); cg::wait_prior<1>(block); cg::wait(block);",
    "thread": "auto p = cuda::make_pipeline(); for (int h = 0; h < 2; ++h) { p.producer_acquire(); for (int i = t; i < 128; i += 32) "
              "cuda::memcpy_async(&s[h][i], x + 128 * h + i, sizeof(int), p); p.producer_commit(); } p.consumer_wait(); p.consumer_wait(); p.consumer_release(); __syncthreads();",
    "block": "__shared__ cuda::pipeline_shared_state<cuda::thread_scope_block, 2> state; auto p = cuda::make_pipeline(block, &state); for (int h = 0; h < 2; ++h) "
             "{ p.producer_acquire(); cuda::memcpy_async(block, s[h], x + 128 * h, cuda::aligned_size_t<16>(512), p); p.producer_commit(); } p.consumer_wait(); p.consumer_release(); "
             "p.consumer_wait(); p.consumer_release();",
    "barrier": "__shared__ cuda::barrier<cuda::thread_scope_block> b; if (t == 0) init(&b, blockDim.x); __syncthreads(); cuda::memcpy_async(block, s[0], x, 1024, b); "
               "b.arrive_and_wait();",
}  # fmt: skip


@pytest.mark.parametrize("how", COPIES)
@pytest.mark.covers("cuda", "memcpy_async", "wait", "wait_prior", "make_pipeline", "pipeline", "producer_acquire", "producer_commit", "consumer_wait", "consumer_release", "barrier",
                    "arrive_and_wait", "pipeline_shared_state", "aligned_size_t")  # fmt: skip
def test_copies_have_arrived_after_the_wait_and_not_before(how: str) -> None:
    x = numpy.arange(5, 261, dtype="i4")
    got = run(COPY % COPIES[how], "k", {"x": x, "out": numpy.zeros(256, "i4")}, block=(32,))["out"]
    assert (got == x).all()
    without = {"group": "cg::wait(block);", "prior": "cg::wait(block);", "thread": "p.consumer_wait(); p.consumer_wait();", "block": "p.consumer_wait(); p.consumer_release();",
               "barrier": "b.arrive_and_wait();"}[how]  # fmt: skip
    early = run(COPY % COPIES[how].replace(without, "", 1), "k", {"x": x, "out": numpy.zeros(256, "i4")}, block=(32,))["out"]
    assert not (early == x).all() and ((early == x) | (early == -1)).all()


@pytest.mark.parametrize("body, words", [("cg::this_grid().sync();", "barrier of the whole grid"), ("cg::this_cluster().sync();", "clusters of blocks")])
def test_what_needs_several_blocks_at_once_is_declined(body: str, words: str) -> None:
    text = f"{HEAD}__global__ void k(int *out) {{\n  {body}\n  out[blockIdx.x] = 1;\n}}"
    with pytest.raises(Faulted) as faulted:
        run(text, "k", {"out": numpy.zeros(2, "i4")}, grid=(2,))
    assert faulted.value.fault.kind == "unsupported" and words in faulted.value.fault.sentence


# ---- atomics --------------------------------------------------------------------------------------------------------------------------

WHOLE = {"int": "i4", "unsigned": "u4", "unsigned long long": "u8", "long long": "i8"}


@pytest.mark.parametrize("c_type", WHOLE)
@pytest.mark.parametrize("scope", ["", "_block", "_system"])
@pytest.mark.covers("cuda", *(f"atomic{op}{scope}" for op in ("Add", "Sub", "Max", "Min", "Exch", "And", "Or", "Xor", "Inc", "Dec", "CAS") for scope in ("", "_block", "_system")))
def test_atomics_of_integers(c_type: str, scope: str) -> None:
    dtype = WHOLE[c_type]
    signed_long = c_type == "long long"                     # CUDA has only minima, maxima and bits of these
    wrapping = f"atomicInc{scope}(&a[7], 9u); atomicDec{scope}(&a[8], 9u);" if c_type == "unsigned" else ""
    sums = "" if signed_long else f"atomicAdd{scope}(&a[0], v); atomicCAS{scope}(&a[6], ({c_type})5, ({c_type})17); a[9] = a[9]; "
    minus = f"atomicSub{scope}(&a[1], v); " if c_type in ("int", "unsigned") else ""
    text = f"""__global__ void k({c_type} *a, {c_type} *seen) {{
  {c_type} v = ({c_type})(threadIdx.x + 3);
  seen[threadIdx.x] = atomicMax{scope}(&a[2], v);
  atomicMin{scope}(&a[3], v); atomicAnd{scope}(&a[4], ~v); atomicOr{scope}(&a[5], v); atomicXor{scope}(&a[9], v);
  {sums}{minus}{wrapping}
}}"""
    a = numpy.array([1, 2000, 7, 50, 255, 0, 5, 4, 2, 12, 0], dtype)
    got = run(text, "k", {"a": a, "seen": numpy.zeros(40, dtype)}, block=(40,), out=("seen",), inout=("a",))
    v = numpy.arange(3, 43)
    expected = [1 if signed_long else 1 + v.sum(), 2000 - (v.sum() if minus else 0), 42, 3, 255 & ~numpy.bitwise_or.reduce(v), numpy.bitwise_or.reduce(v), 5 if signed_long else 17]
    expected += [(4 + 40) % 10, (2 - 40) % 10] if wrapping else [4, 2]
    assert got["a"].tolist() == [*map(int, expected), int(12 ^ numpy.bitwise_xor.reduce(v)), 0]
    assert got["seen"].tolist() == numpy.maximum.accumulate([7, *v[:-1]]).tolist()


def test_atomics_of_floats_and_short_types() -> None:
    text = """#include <cuda_fp16.h>
#include <cuda_bf16.h>
__device__ void largest(float *p, float v) {
  int old = *(int *)p, seen;
  do { seen = old; if (__int_as_float(seen) >= v) return; old = atomicCAS((int *)p, seen, __float_as_int(v)); } while (old != seen);
}
__global__ void k(float *f, double *d, half *h, unsigned short *s) {
  int t = threadIdx.x;
  atomicAdd(&f[0], 0.5f); atomicExch(&f[1], 2.5f); largest(&f[2], (float)(t ^ 21)); atomicAdd_block(&d[0], 0.25);
  atomicAdd(&h[0], __float2half(1.0f)); atomicAdd((half2 *)(h + 2), __floats2half2_rn(1, 2));
  atomicAdd((__nv_bfloat16 *)(h + 4), __float2bfloat16(1.0f)); atomicAdd((__nv_bfloat162 *)(h + 6), __floats2bfloat162_rn(1, 3));
  atomicCAS(&s[0], (unsigned short)7, (unsigned short)9);
}"""
    got = run(text, "k", {"f": numpy.zeros(3, "f4"), "d": numpy.zeros(1, "f8"), "h": numpy.zeros(8, "f2"), "s": numpy.full(1, 7, "u2")}, block=(32,), out=(),
              inout=("f", "d", "h", "s"))  # fmt: skip
    short = (got["h"].view("u2").astype("u4") << 16).view("f4")
    assert got["f"].tolist() == [16, 2.5, 31] and got["d"][0] == 8 and got["s"][0] == 9
    assert got["h"][[0, 2, 3]].tolist() == [32, 32, 64] and short[[4, 6, 7]].tolist() == [32, 32, 96]


# ---- loads, stores, addresses, vectors ---------------------------------------------------------------------------------------------------

@pytest.mark.covers("cuda", "__ldg", "__ldcg", "__ldca", "__ldcs", "__ldlu", "__ldcv", "__stwb", "__stcg", "__stcs", "__stwt", "__isShared", "__isGlobal", "__isLocal",
                    "__cvta_generic_to_shared", "__cvta_shared_to_generic", "__cvta_generic_to_global", "__cvta_global_to_generic")  # fmt: skip
def test_hinted_memory_and_address_spaces() -> None:
    text = """__device__ int table[4] = {5, 6, 7, 8};
__constant__ int fixed[2] = {40, 2};
__global__ void k(const int4 *x, const double2 *d, int *out) {
  __shared__ int s[4];
  int local[4] = {1, 2, 3, (int)threadIdx.x};
  int4 v = __ldg(x); double2 w = __ldcg(d);
  int sum = __ldca((const int *)x) + __ldcs((const int *)x + 1) + __ldlu((const int *)x + 2) + __ldcv((const int *)x + 3);
  __stwb(&out[0], v.x + v.y + v.z + v.w); __stcg(&out[1], sum); __stcs(&out[2], (int)(w.x + w.y)); __stwt(&out[3], table[2] + fixed[0] + fixed[1]);
  out[4] = __isShared(s) * 100 + __isShared(x) * 10 + __isShared(local);
  out[5] = __isGlobal(s) * 100 + __isGlobal(x) * 10 + __isGlobal(local);
  out[6] = __isLocal(s) * 100 + __isLocal(out) * 10 + __isLocal(local);
  out[7] = (int *)__cvta_shared_to_generic(__cvta_generic_to_shared(&s[3])) == &s[3] && __cvta_generic_to_shared(&s[3]) - __cvta_generic_to_shared(s) == 12;
  out[8] = (const int4 *)__cvta_global_to_generic(__cvta_generic_to_global(x)) == x;
}"""
    got = run(text, "k", {"x": numpy.arange(1, 5, dtype="i4"), "d": numpy.array([2.0, 9.0]), "out": numpy.zeros(9, "i4")})["out"]
    assert got.tolist() == [10, 10, 11, 49, 100, 10, 1, 1, 1]


KINDS = {"char": "signed char", "uchar": "unsigned char", "short": "short", "ushort": "unsigned short", "int": "int", "uint": "unsigned", "long": "long", "ulong": "unsigned long",
         "longlong": "long long", "ulonglong": "unsigned long long", "float": "float", "double": "double"}  # fmt: skip


@pytest.mark.covers("cuda", *(f"make_{kind}{count}" for kind in KINDS for count in (1, 2, 3, 4)), *(f"{kind}{count}" for kind in KINDS for count in (1, 2, 3, 4)), "dim3")
def test_vector_types_have_their_sizes_and_alignments() -> None:
    lines, expected = [], []
    for kind, c_type in KINDS.items():
        size = {"signed char": 1, "unsigned char": 1, "short": 2, "unsigned short": 2, "int": 4, "unsigned": 4, "float": 4}.get(c_type, 8)
        for count in (1, 2, 3, 4):
            values = ", ".join(str(i + 1) for i in range(count))
            total = " + ".join(f"make_{kind}{count}({values}).{name} * {10**i}" for i, name in enumerate("xyzw"[:count]))
            lines.append(f"sizeof({kind}{count}) * 100 + alignof({kind}{count}) + 1000000LL * (long long)({total})")
            align = min(size * count, 16) if count in (2, 4) else size
            expected.append(size * count * 100 + align + 1000000 * sum((i + 1) * 10**i for i in range(count)))
    got = rows([*lines, "dim3(3).y + dim3(3, 4).x * 10 + dim3(3, 4, 5).z * 100"], threads=1)
    assert got[:-1, 0].tolist() == expected and got[-1, 0] == 531


# ---- what is left of the warp and the block -----------------------------------------------------------------------------------------------

@pytest.mark.covers("cuda", "__reduce_min_sync", "__reduce_and_sync", "__reduce_or_sync", "__reduce_xor_sync", "__match_all_sync", "__uni_sync", "__syncwarp", "warpSize",
                    "__barrier_sync", "__barrier_sync_count", "__threadfence", "__threadfence_block", "__threadfence_system", "__nanosleep", "__brkpt", "__prof_trigger",
                    "printf", "assert", "barrier_arrive", "barrier_wait", "invoke_one")  # fmt: skip
def test_the_rest_of_the_warp_and_the_block() -> None:
    text = HEAD + """__global__ void k(long long *out) {
  __shared__ int s[64];
  int t = threadIdx.x, first = -1, all;
  auto block = cg::this_thread_block();
  s[t] = t; __threadfence_block(); __syncwarp();
  long long a = s[t ^ 1];
  __barrier_sync(1); __threadfence();
  long long b = s[63 - t];
  __barrier_sync_count(2, 64); __threadfence_system();
  auto token = block.barrier_arrive(); __nanosleep(20); block.barrier_wait(std::move(token));
  s[t] = 2 * t; __barrier_sync(1);
  if (t == 99) { __brkpt(); __prof_trigger(1); printf("%d", t); }
  assert(t < 64);
  cg::invoke_one(cg::tiled_partition<32>(block), [&] { first = t; });
  unsigned same = __match_all_sync(0xffffffffu, t / 32, &all), other = __match_all_sync(0xffffffffu, t / 33, &all);
  long long values[] = {a, b, s[63 - t], first, __reduce_min_sync(0xffffffffu, t - 40), __reduce_and_sync(0xffffffffu, (unsigned)t | 4u), __reduce_or_sync(0xffffffffu, (unsigned)t),
                        __reduce_xor_sync(0xffffffffu, (unsigned)t * 3u), same, other + (long long)all, __uni_sync(0xffffffffu, t > 30), warpSize};
  for (int i = 0; i < 12; ++i) out[i * 64 + t] = values[i];
}"""
    got = run(text, "k", {"out": numpy.zeros(768, "i8")}, block=(64,))["out"].reshape(12, 64)
    low = T < 32
    warps = T.reshape(2, 32)
    fold = lambda f, values: numpy.repeat(f.reduce(values, 1), 32)
    expected = [T ^ 1, 63 - T, 2 * (63 - T), numpy.where(T % 32 == 0, T, -1), numpy.where(low, -40, -8), fold(numpy.bitwise_and, warps | 4), fold(numpy.bitwise_or, warps),
                fold(numpy.bitwise_xor, warps * 3), T * 0 + 0xFFFFFFFF, numpy.where(low, 0x100000000, 0), ~low, T * 0 + 32]
    for row, wanted in enumerate(expected):
        assert got[row].tolist() == wanted.astype("i8").tolist(), row


@pytest.mark.covers("cuda", "__trap", "pipeline_consumer_wait_prior", "__cvta_generic_to_local", "__cvta_local_to_generic",
                    "__cvta_generic_to_constant", "__cvta_constant_to_generic", "__cvta_generic_to_grid_constant", "__cvta_grid_constant_to_generic")  # fmt: skip
def test_a_pipeline_of_one_thread_waits_for_all_but_the_last() -> None:
    text = """#include <cuda/pipeline>
__constant__ int fixed[2] = {40, 2};
__global__ void k(const int *x, int *out, int trap) {
  __shared__ int s[2];
  int local = 5;
  if (trap) __trap();
  auto p = cuda::make_pipeline();
  for (int i = 0; i < 2; ++i) { p.producer_acquire(); cuda::memcpy_async(&s[i], x + i, sizeof(int), p); p.producer_commit(); }
  cuda::pipeline_consumer_wait_prior<1>(p);
  out[0] = s[0]; out[1] = s[1] == x[1];
  p.consumer_wait();
  out[2] = s[1];
  out[3] = *(int *)__cvta_local_to_generic(__cvta_generic_to_local(&local)) + *(int *)__cvta_constant_to_generic(__cvta_generic_to_constant(&fixed[0]))
         + *(int *)__cvta_grid_constant_to_generic(__cvta_generic_to_grid_constant(&fixed[1]));
}"""
    arguments = {"x": numpy.array([11, 22], "i4"), "out": numpy.zeros(4, "i4"), "trap": 0}
    assert run(text, "k", arguments)["out"].tolist() == [11, 0, 22, 47]
    with pytest.raises(Faulted) as faulted:
        run(text, "k", {**arguments, "trap": 1})
    assert faulted.value.fault.kind == "crash" and faulted.value.fault.line == 6
