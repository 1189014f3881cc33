"""The HIP emulator against numpy, above all where it differs from CUDA: waves of 64, functions without a mask, vector types, atomics."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy
import pytest
from emulator.running import needs_gcc, run

from kernelglot.verify import hip_build
from kernelglot.verify.emulate import Faulted

pytestmark = needs_gcc
FULL = (1 << 64) - 1


def per_lane(expression: str, threads: int = 64, architecture: str = "gfx90a", c_type: str = "int", dtype: type = numpy.int32) -> numpy.ndarray:
    text = f"#include <hip/hip_runtime.h>\n__global__ void k({c_type} *out) {{\n  int lane = threadIdx.x;\n  out[lane] = {expression};\n}}"
    return run(text, "k", {"out": numpy.zeros(threads, dtype)}, block=(threads,), dialect="hip", architecture=architecture)["out"]


@pytest.mark.parametrize("architecture, wave", [("", 64), ("gfx942", 64), ("gfx1100", 32), ("gfx1201", 32)])
@pytest.mark.covers("hip", "warpSize", "__shfl_down", "__ballot")
def test_the_architecture_decides_the_wave(architecture: str, wave: int) -> None:
    lanes = numpy.arange(128)
    assert (per_lane("warpSize", 128, architecture) == wave).all()
    assert (per_lane("__shfl_down(lane, 1)", 128, architecture) == numpy.where(lanes % wave == wave - 1, lanes, lanes + 1)).all()
    full = (1 << wave) - 1
    assert (per_lane("__ballot(1)", 128, architecture, "unsigned long long", numpy.uint64) == full).all()


def test_a_text_can_ask_for_its_gpu() -> None:
    which = "([] { int found = 0;\n#ifdef __gfx942__\n found += 1;\n#endif\n#ifdef __GFX9__\n found += 2;\n#endif\n#ifdef __GFX11__\n found += 4;\n#endif\n return found; }())"
    assert [per_lane(which, architecture=gpu)[0] for gpu in ("gfx942", "gfx90a", "gfx1100", "")] == [3, 2, 4, 0]


def test_functions_without_a_mask_take_the_lanes_that_are_there() -> None:
    got = per_lane("lane < 20 ? __shfl_xor(lane, 1) : (int)__popcll(__activemask())")
    assert (got[:20] == numpy.arange(20) ^ 1).all() and (got[20:] == 44).all()


def test_a_sync_mask_must_have_64_bits() -> None:
    assert (per_lane("__shfl_sync(0xffffffffffffffffull, lane, 3)") == 3).all()
    for call in ("__shfl_sync(0xffffffffu, lane, 3)", "__shfl_xor_sync(0xffffffff, lane, 3)", "(int)__ballot_sync(0xffffffffu, 1)", "__all_sync(~0u, 1)", "__match_any_sync(~0u, 1)"):
        with pytest.raises(Faulted) as faulted:
            per_lane(call)
        assert faulted.value.fault.kind == "compile-error"


def test_short_floats_are_not_exchanged() -> None:
    for call in ("__shfl(__float2half(1.0f), 3)", "__shfl_xor(__float2bfloat16(1.0f), 3)", f"__shfl_down_sync({FULL}ull, (_Float16)1, 3)"):
        with pytest.raises(Faulted) as faulted:
            per_lane(f"(int)(float){call}")
        assert faulted.value.fault.kind == "compile-error" and faulted.value.fault.line == 4


# ---- exchange and votes -------------------------------------------------------------------------------------------------------
def shuffled(kind: str, lane: int, by: int, width: int) -> int:
    """The lane that is read."""
    first, at = lane // width * width, lane % width
    match kind:
        case "":
            return first + by % width
        case "_up":
            return lane - by if at >= by else lane
        case "_down":
            return lane + by if at + by < width else lane
    other = lane ^ by
    return other if other < first + width else lane


SHUFFLES = [(kind, by, width) for kind, by, width in itertools.product(("", "_up", "_down", "_xor"), (0, 1, 7, 31), (64, 32, 8, 2))]
VALUES = (("int", "lane * 5 - 7"), ("unsigned long long", "0x100000001ull * lane + 3"), ("double", "lane / 3.0"), ("float", "lane * 0.5f"))


@pytest.mark.covers("hip", *(f"__shfl{kind}{end}" for kind in ("", "_up", "_down", "_xor") for end in ("", "_sync")))
def test_shuffles() -> None:
    lines = []
    for number, (kind, by, width) in enumerate(SHUFFLES):
        c_type, value = VALUES[number % len(VALUES)]
        plain, synced = f"__shfl{kind}(v, {by}, {width})", f"__shfl{kind}_sync({FULL}ull, v, {by}, {width})"
        lines.append(f"  {{ {c_type} v = {value}, a = {plain}, b = {synced}; out[{number} * 64 + lane] = a == b ? (int)a : -1; }}")
    text = "__global__ void k(int *out) {\n  int lane = threadIdx.x;\n" + "\n".join(lines) + "\n}"
    got = run(text, "k", {"out": numpy.zeros(64 * len(SHUFFLES), numpy.int32)}, block=(64,), dialect="hip")["out"].reshape(-1, 64)
    of: list[Callable[[int], float]] = [lambda lane: lane * 5 - 7, lambda lane: lane + 3, lambda lane: lane // 3, lambda lane: lane // 2]
    for number, (kind, by, width) in enumerate(SHUFFLES):
        want = [of[number % 4](shuffled(kind, lane, by, width)) for lane in range(64)]
        assert got[number].tolist() == want, (kind, by, width)


@pytest.mark.covers("hip", "__ballot", "__ballot_sync", "__any", "__any_sync", "__all", "__all_sync", "__activemask", "__match_any", "__match_any_sync", "__match_all", "__match_all_sync", "__lane_id")
def test_votes() -> None:
    """Half of the lanes take part; their mask has 64 bits."""
    mask = sum(1 << lane for lane in range(0, 64, 2))
    calls = ["__ballot({p})", "__ballot_sync({m}, {p})", "__any({p})", "__any_sync({m}, {p})", "__all({p})", "__all_sync({m}, {p})", "__match_any(lane % 6)", "__match_any_sync({m}, lane % 6)",
             "__match_all(5, &same)", "__match_all_sync({m}, 5.0f, &same)", "__match_all(lane, &same)", "__activemask()", "__lane_id()"]
    predicates = ["lane % 3 == 0", "lane < 0", "lane >= 0"]
    rows = [(call, p) for call in calls for p in (predicates if "{p}" in call else predicates[:1])]
    lines = "\n".join(f"    out[{number} * 64 + lane] = " + call.format(p=p, m=f"{mask}ull") + ";" for number, (call, p) in enumerate(rows))
    text = f"__global__ void k(unsigned long long *out) {{\n  int lane = threadIdx.x, same = 0;\n  if (lane % 2 == 0) {{\n{lines}\n  }}\n}}"
    got = run(text, "k", {"out": numpy.zeros(64 * len(rows), numpy.uint64)}, block=(64,), dialect="hip", out=(), inout=("out",))["out"].reshape(-1, 64)
    here = range(0, 64, 2)
    for row, (call, p) in zip(got.tolist(), rows):
        yes = [lane for lane in here if eval(p, {"lane": lane})]
        match call.split("(")[0].removesuffix("_sync"):
            case "__ballot":
                want = dict.fromkeys(here, sum(1 << lane for lane in yes))
            case "__any":
                want = dict.fromkeys(here, int(bool(yes)))
            case "__all":
                want = dict.fromkeys(here, int(len(yes) == 32))
            case "__match_any":
                want = {lane: sum(1 << other for other in here if other % 6 == lane % 6) for lane in here}
            case "__match_all":
                want = dict.fromkeys(here, 0 if "(lane," in call else mask)
            case "__activemask":
                want = dict.fromkeys(here, mask)
            case _:
                want = {lane: lane for lane in here}
        assert row == [want.get(lane, 0) for lane in range(64)], call


@pytest.mark.covers("hip", "__syncthreads", "__syncwarp", "__threadfence", "__threadfence_block", "__threadfence_system", "wall_clock64")
def test_barriers_and_fences() -> None:
    text = """__global__ void k(int *out) {
  __shared__ int tile[128];
  tile[threadIdx.x] = threadIdx.x;
  __threadfence(); __threadfence_block(); __threadfence_system();
  __syncthreads();
  int far = tile[127 - threadIdx.x];
  __syncthreads();
  tile[threadIdx.x] = far;
  __syncwarp();
  int near = tile[threadIdx.x ^ 63];
  __syncwarp(0xffffffffffffffffull);
  long long since = wall_clock64();
  out[threadIdx.x] = near + (wall_clock64() < since);
}"""
    assert (run(text, "k", {"out": numpy.zeros(128, numpy.int32)}, block=(128,), dialect="hip")["out"] == 127 - (numpy.arange(128) ^ 63)).all()


# ---- the language ----------------------------------------------------------------------------------------------------------------
OLD_NAMES = [f"hip{what}_{axis}" for what in ("ThreadIdx", "BlockIdx", "BlockDim", "GridDim") for axis in "xyz"]


@pytest.mark.covers("hip", *OLD_NAMES, "threadIdx", "blockIdx", "blockDim", "gridDim", "dim3", "HIP_DYNAMIC_SHARED", "__ldg", "__launch_bounds__", "printf", "assert")
def test_the_language() -> None:
    sums = " + ".join(f"{10 ** i}ll * {name}" for i, name in enumerate(OLD_NAMES))
    text = f"""#include <hip/hip_runtime.h>
HIP_DYNAMIC_SHARED(int, room)
__global__ void __launch_bounds__(24, 2) k(long long *out, const int *x) {{
  dim3 size(blockDim);
  int t = threadIdx.x + size.x * (threadIdx.y + size.y * threadIdx.z), b = blockIdx.x + gridDim.x * (blockIdx.y + gridDim.y * blockIdx.z);
  room[t] = __ldg(x + t);
  printf("%d", t);
  assert(room[t] == 3 * t);
  out[b * 24 + t] = {sums};
}}"""
    x = 3 * numpy.arange(24, dtype=numpy.int32)
    got = run(text, "k", {"out": numpy.zeros(24 * 12, numpy.int64), "x": x}, grid=(2, 3, 2), block=(4, 3, 2), shared=96, dialect="hip")["out"].reshape(2, 3, 2, 2, 3, 4)
    for (bz, by, bx, tz, ty, tx), value in numpy.ndenumerate(got):
        assert value == sum(10**i * each for i, each in enumerate((tx, ty, tz, bx, by, bz, 4, 3, 2, 2, 3, 2)))


VECTORS = {"char": "i1", "uchar": "u1", "short": "i2", "ushort": "u2", "int": "i4", "uint": "u4", "long": "i8", "ulong": "u8", "longlong": "i8", "ulonglong": "u8", "float": "f4", "double": "f8"}
INTEGER_OPERATORS, OPERATORS = ("%", "&", "|", "^", "<<", ">>"), ("+", "-", "*", "/")


@pytest.mark.covers("hip", *(f"{make}{name}{n}" for name in VECTORS for n in (1, 2, 3, 4) for make in ("", "make_")), "HIP_vector_type")
def test_vector_types_have_operators() -> None:
    lines, rows = [], []
    for name, kind in VECTORS.items():
        for n in (1, 2, 3, 4):
            c_type = numpy.dtype(kind).name
            element = {"int8": "signed char", "uint8": "unsigned char", "int16": "short", "uint16": "unsigned short", "int32": "int", "uint32": "unsigned", "float32": "float",
                       "float64": "double"}.get(c_type, {"long": "long", "ulong": "unsigned long", "longlong": "long long", "ulonglong": "unsigned long long"}.get(name, ""))
            a, b = ([f"({element}){value}" for value in values[:n]] for values in ((23, 17, 9, 100), (2, 3, 5, 7)))
            body = f"    {name}{n} a = make_{name}{n}({', '.join(a)}); HIP_vector_type<{element}, {n}> b = make_{name}{n}({', '.join(b)}), r;\n"
            known = (*OPERATORS, *(INTEGER_OPERATORS if kind[0] != "f" else ()))
            for operator in [known[(len(rows) + i) % len(known)] for i in range(2)]:        # each operator with some types: all of both take a minute
                forms = (f"a {operator} b", f"a {operator} ({element})3", f"({element})90 {operator} b", f"(r = a, r {operator}= b)")
                for form in (forms[len(rows) % 4], forms[(len(rows) + 1) % 4]):
                    body += f"    r = {form}; " + " ".join(f"*out++ = (double)r.{part};" for part in "xyzw"[:n]) + "\n"
                    rows.append((name, kind, n, operator, form))
            body += "    r = -b; *out++ = (double)r.x; *out++ = a == a && a != b && !(a == b);\n"
            rows.append((name, kind, n, "", "-b"))
            lines.append(f"  {{\n{body}  }}")
    text = "#include <hip/hip_runtime.h>\n__global__ void k(double *out) {\n" + "\n".join(lines) + "\n}"
    count = sum(row[2] if row[3] else 2 for row in rows)
    got, at = run(text, "k", {"out": numpy.zeros(count)}, dialect="hip")["out"], 0
    compute = {"+": numpy.add, "-": numpy.subtract, "*": numpy.multiply, "%": numpy.remainder, "&": numpy.bitwise_and, "|": numpy.bitwise_or, "^": numpy.bitwise_xor,
               "<<": lambda a, b: numpy.left_shift(a.astype("i8"), b.astype("i8")), ">>": numpy.right_shift}
    for name, kind, n, operator, form in rows:
        a, b = (numpy.array(values[:n], kind) for values in ((23, 17, 9, 100), (2, 3, 5, 7)))
        if not operator:
            assert got[at:at + 2].tolist() == [float((-b.astype("i8" if kind[0] != "f" else kind)).astype(kind)[0]), 1], (name, n)
            at += 2
            continue
        left, right = (a, numpy.array([3], kind)) if "3" in form else (numpy.array([90], kind), b) if "90" in form else (a, b)
        if operator == "/":
            want = left / right if kind[0] == "f" else left // right
        else:
            with numpy.errstate(over="ignore"):
                want = compute[operator](left, right)
        assert (got[at:at + n] == numpy.asarray(want).astype(kind).astype(float)).all(), (name, n, form)
        at += n


def test_clang_vectors() -> None:
    text = """#include <hip/hip_runtime.h>
typedef float four __attribute__((ext_vector_type(4)));
using ints = int __attribute__((ext_vector_type(4)));
using half8 = __attribute__((__ext_vector_type__(8))) _Float16;
template <class T, int N> using any = T __attribute__((ext_vector_type(N)));
__global__ void k(float *out, const float *x) {
  four a = *(const four *)x, b = {1, 2}, c = 0.5f;
  a.w += 100;
  four d = a * 2.0f + b - c;
  d[1] = -d[1];
  *(four *)out = d;
  ints m = a > four(2);
  half8 h = {(_Float16)1.5f};
  any<double, 3> z = {7, 8, 9};
  *(four *)(out + 4) = four{(float)m.x, (float)m[3], (float)h[0] + (float)h[7], (float)(z.y + z[2])};
  ints bits = (ints)b;
  out[8] = bits.x == 0x3f800000 && sizeof(any<float, 3>) == 16 && alignof(half8) == 16;
}"""
    got = run(text, "k", {"out": numpy.zeros(9, numpy.float32), "x": numpy.arange(1, 5, dtype=numpy.float32)}, dialect="hip")["out"]
    assert got.tolist() == [2.5, -5.5, 5.5, 207.5, 0, -1, 1.5, 17, 1]


def test_a_clang_vector_in_another_place_does_not_compile() -> None:
    """gcc would take one number for it."""
    assert hip_build.without_ext_vectors("typedef float v __attribute__((ext_vector_type(4)));\nint x;").count("\n") == 1
    with pytest.raises(Faulted) as faulted:
        per_lane("[] { float __attribute__((ext_vector_type(4))) v; return (int)sizeof v; }()")
    assert faulted.value.fault.kind == "compile-error" and faulted.value.fault.line == 4


@pytest.mark.covers("hip", "__hip_bfloat16", "__hip_bfloat162", "hip_bfloat16")
def test_names_of_brain_floats() -> None:
    text = """#include <hip/hip_bf16.h>
__global__ void k(float *out, const __hip_bfloat16 *x) {
  hip_bfloat16 a = x[threadIdx.x];
  __hip_bfloat162 pair = __halves2bfloat162(a, x[0]);
  out[threadIdx.x] = (float)(a * a) + __high2float(pair);
}"""
    bits = (numpy.arange(1, 9, dtype=numpy.float32) * 0.375).view(numpy.uint32) >> 16
    x = (bits << 16).astype(numpy.uint32).view(numpy.float32)
    square = (x * x).view(numpy.uint32)
    near = ((square + 0x7FFF + (square >> 16 & 1)) & 0xFFFF0000).view(numpy.float32)
    assert (run(text, "k", {"out": numpy.zeros(8, numpy.float32), "x": bits.astype(numpy.uint16)}, block=(8,), dialect="hip")["out"] == near + x[0]).all()


# ---- atomics -----------------------------------------------------------------------------------------------------------------------
U32 = 0xFFFFFFFF
ATOMICS: dict[str, Callable[[int, int], int]] = {
    "Add": lambda old, v: old + v & U32, "Sub": lambda old, v: old - v & U32, "Exch": lambda old, v: v, "Min": min, "Max": max, "And": lambda old, v: old & v, "Or": lambda old, v: old | v,
    "Xor": lambda old, v: old ^ v, "Inc": lambda old, v: 0 if old >= v else old + 1, "Dec": lambda old, v: v if old == 0 or old > v else old - 1}
FETCH = {"fetch_add": "Add", "fetch_sub": "Sub", "exchange": "Exch", "fetch_min": "Min", "fetch_max": "Max", "fetch_and": "And", "fetch_or": "Or", "fetch_xor": "Xor"}
CALLS = [(f"atomic{name}{end}(cell, v)", name) for name in ATOMICS for end in (("", "_system") if name not in ("Inc", "Dec") else ("",))]
CALLS += [(f"__hip_atomic_{name}(cell, v, __ATOMIC_RELAXED, __HIP_MEMORY_SCOPE_AGENT)", form) for name, form in FETCH.items()]
CALLS += [(f"{safe}Atomic{name}(cell, v)", name) for safe in ("safe", "unsafe") for name in ("Add", "Min", "Max")]


@pytest.mark.covers("hip", *(call.split("(")[0] for call, _ in CALLS), *(f"__HIP_MEMORY_SCOPE_{name}" for name in ("SINGLETHREAD", "WAVEFRONT", "WORKGROUP", "AGENT", "SYSTEM")))
def test_atomics_on_integers() -> None:
    """One thread a cell: the old value comes back, the new one stays."""
    pairs = [(old, v) for old in (0, 5, 0x80000001, U32) for v in (0, 3, 7, 0xFFFFFFF0)]
    lines = "\n".join(f"  {{ unsigned *cell = cells + {number} * {len(pairs)} + t; out[{number} * {len(pairs)} + t] = {call}; }}" for number, (call, _) in enumerate(CALLS))
    text = f"__global__ void k(unsigned *cells, unsigned *out, const unsigned *values) {{\n  int t = threadIdx.x;\n  unsigned v = values[t];\n{lines}\n}}"
    cells = numpy.tile(numpy.array([old for old, _ in pairs], numpy.uint32), len(CALLS))
    got = run(text, "k", {"cells": cells, "out": numpy.zeros_like(cells), "values": numpy.array([v for _, v in pairs], numpy.uint32)}, block=(len(pairs),), dialect="hip",
              out=("out",), inout=("cells",))
    assert (got["out"] == cells).all()
    for number, (call, name) in enumerate(CALLS):
        assert got["cells"].reshape(len(CALLS), -1)[number].tolist() == [ATOMICS[name](old, v) for old, v in pairs], call


@pytest.mark.covers("hip", "atomicAdd", "unsafeAtomicAdd", "atomicCAS", "atomicCAS_system", "__hip_atomic_load", "__hip_atomic_store", "__hip_atomic_compare_exchange_strong",
                    "__hip_atomic_compare_exchange_weak")
def test_atomics_on_floats_and_exchanges() -> None:
    text = """__global__ void k(float *sums, double *wide, int *won, int *cell) {
  int t = threadIdx.x;
  atomicAdd(sums, 0.5f); unsafeAtomicAdd(sums + 1, (float)t); __hip_atomic_fetch_add(wide, (double)t, __ATOMIC_RELAXED, __HIP_MEMORY_SCOPE_AGENT);
  if (atomicCAS(cell, 0, t + 1) == 0) atomicAdd(won, 1);
  if (atomicCAS_system(cell + 1, 0, t + 1) == 0) atomicAdd(won, 10);
  int expected = 0;
  if (__hip_atomic_compare_exchange_strong(cell + 2, &expected, t + 1, __ATOMIC_RELAXED, __ATOMIC_RELAXED, __HIP_MEMORY_SCOPE_AGENT)) atomicAdd(won, 100);
  else if (expected == __hip_atomic_load(cell + 2, __ATOMIC_RELAXED, __HIP_MEMORY_SCOPE_AGENT)) atomicAdd(won, 1000);
  float nothing = 0;
  if (__hip_atomic_compare_exchange_weak(sums + 2, &nothing, 3.0f, __ATOMIC_RELAXED, __ATOMIC_RELAXED, __HIP_MEMORY_SCOPE_AGENT)) atomicAdd(won, 100000);
  __hip_atomic_store(cell + 3, 9, __ATOMIC_RELAXED, __HIP_MEMORY_SCOPE_SYSTEM);
}"""
    got = run(text, "k", {"sums": numpy.zeros(3, numpy.float32), "wide": numpy.zeros(1), "won": numpy.zeros(1, numpy.int32), "cell": numpy.zeros(4, numpy.int32)}, block=(64,), dialect="hip",
              out=(), inout=("sums", "wide", "won", "cell"))
    assert got["sums"].tolist() == [32, 2016, 3] and got["wide"].tolist() == [2016] and got["won"].tolist() == [1 + 10 + 100 + 63000 + 100000] and got["cell"][3] == 9


GROUP_NAMES = ("this_thread_block", "thread_block", "tiled_partition", "thread_block_tile", "coalesced_threads", "coalesced_group", "sync", "thread_rank", "size", "num_threads", "meta_group_rank",
               "meta_group_size", "shfl", "shfl_up", "shfl_down", "shfl_xor", "any", "all", "ballot", "group_index", "thread_index")


@pytest.mark.covers("hip", *GROUP_NAMES)
def test_cooperative_groups_of_a_wave() -> None:
    text = """#include <hip/hip_cooperative_groups.h>
namespace cg = cooperative_groups;
__global__ void k(long long *out) {
  cg::thread_block block = cg::this_thread_block();
  cg::thread_block_tile<16> tile = cg::tiled_partition<16>(block);
  int r = tile.thread_rank(), t = block.thread_rank();
  long long v[16] = {t, block.size(), r, (long long)tile.size(), tile.meta_group_rank(), tile.meta_group_size(), tile.shfl(t, 5), tile.shfl_up(t, 3), tile.shfl_down(t, 3), tile.shfl_xor(t, 9),
                     tile.any(t == 70), tile.all(t < 80), (long long)tile.ballot(r % 3 == 0), block.group_index().x, block.thread_index().x, tile.num_threads()};
  block.sync();
  tile.sync();
  for (int i = 0; i < 16; ++i) out[16 * t + i] = v[i];
  if (t % 4 == 1) {
    cg::coalesced_group on = cg::coalesced_threads();
    out[16 * t] = 1000 * on.size() + 10 * on.thread_rank() + (on.shfl(t, 2) == t / 64 * 64 + 9);
    on.sync();
  }
}"""
    got = run(text, "k", {"out": numpy.zeros(128 * 16, numpy.int64)}, block=(128,), dialect="hip")["out"].reshape(128, 16).tolist()
    for t, row in enumerate(got):
        r, first = t % 16, t // 16 * 16
        want = [t, 128, r, 16, t // 16, 8, first + 5, t - 3 if r >= 3 else t, t + 3 if r < 13 else t, first + (r ^ 9), int(t // 16 == 4), int(t < 80), 0x9249, 0, t, 16]
        if t % 4 == 1:
            want[0] = 16000 + 10 * (t % 64 // 4) + 1
        assert row == want, t


@pytest.mark.covers("hip", "this_grid", "grid_group")
def test_cooperative_groups_of_a_grid() -> None:
    """Without a barrier blocks may be many; with one there may be only one block, as blocks run one after another."""
    text = """#include <hip/hip_cooperative_groups.h>
__global__ void k(long long *out, int wait) {
  cooperative_groups::grid_group grid = cooperative_groups::this_grid();
  if (wait) grid.sync();
  out[grid.thread_rank()] = 1000 * grid.size() + grid.thread_rank();
}"""
    for blocks, wait in ((6, 0), (1, 1)):
        got = run(text, "k", {"out": numpy.zeros(blocks * 8, numpy.int64), "wait": wait}, grid=(blocks // 2 or 1, 2 if blocks > 1 else 1), block=(4, 2), dialect="hip")["out"]
        assert got.tolist() == [1000 * 8 * blocks + t for t in range(8 * blocks)]
    with pytest.raises(Faulted) as faulted:
        run(text, "k", {"out": numpy.zeros(16, numpy.int64), "wait": 1}, grid=(2,), block=(8,), dialect="hip")
    assert faulted.value.fault.line == 4
