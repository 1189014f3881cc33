"""The CUDA emulator against numpy: what a kernel may observe is what the programming guide says."""

from __future__ import annotations

import numpy
import pytest
from emulator.running import needs_gcc, run

from kernelglot.verify import toolchain
from kernelglot.verify.emulate import Faulted

pytestmark = needs_gcc
LANES = numpy.arange(32)


def per_lane(expression: str, threads: int = 32, dtype: type = numpy.int32, second: bool = False) -> numpy.ndarray:
    """Evaluates an expression over `lane` in each thread of one block."""
    c_type = {numpy.int32: "int", numpy.uint32: "unsigned", numpy.float32: "float", numpy.float64: "double"}[dtype]
    text = f"__global__ void k({c_type} *out) {{\n  int lane = threadIdx.x;\n  out[lane] = {expression};\n}}"
    return run(text, "k", {"out": numpy.zeros(threads, dtype)}, block=(threads,), second=second)["out"]


@pytest.mark.parametrize("second", [False, True], ids=["forward", "reversed"])
@pytest.mark.covers("cuda", "__shfl_sync", "__shfl_up_sync", "__shfl_down_sync", "__shfl_xor_sync")
def test_shuffles_move_values_inside_segments(second: bool) -> None:
    full = "0xffffffffu"
    assert (per_lane(f"__shfl_sync({full}, lane * 10, 5)", second=second) == 50).all()
    assert (per_lane(f"__shfl_sync({full}, lane, lane + 3, 8)", second=second) == LANES // 8 * 8 + (LANES + 3) % 8).all()
    assert (per_lane(f"__shfl_down_sync({full}, lane, 4)", second=second) == numpy.where(LANES + 4 < 32, LANES + 4, LANES)).all()
    assert (per_lane(f"__shfl_up_sync({full}, lane, 2, 16)", second=second) == numpy.where(LANES % 16 < 2, LANES, LANES - 2)).all()
    assert (per_lane(f"__shfl_xor_sync({full}, lane, 9)", second=second) == LANES ^ 9).all()


@pytest.mark.covers("cuda", "__ballot_sync", "__any_sync", "__all_sync", "__reduce_add_sync", "__reduce_max_sync", "__match_any_sync")
def test_votes_and_matches_see_every_lane() -> None:
    odd = 0xAAAAAAAA
    assert (per_lane("__ballot_sync(0xffffffffu, lane & 1)", dtype=numpy.uint32) == odd).all()
    assert (per_lane("__any_sync(0xffffffffu, lane == 7) + 2 * __all_sync(0xffffffffu, lane < 32)") == 3).all()
    assert (per_lane("__reduce_add_sync(0xffffffffu, lane)") == 496).all()
    assert (per_lane("__reduce_max_sync(0xffffffffu, lane - 20)") == 11).all()
    groups = numpy.array([sum(1 << other for other in range(32) if other % 3 == lane % 3) for lane in range(32)], numpy.uint32)
    assert (per_lane("__match_any_sync(0xffffffffu, lane % 3)", dtype=numpy.uint32) == groups).all()


@pytest.mark.covers("cuda", "__activemask")
def test_a_mask_names_the_lanes_that_meet() -> None:
    text = """__global__ void k(int *out) {
  int lane = threadIdx.x;
  if (lane < 16) out[lane] = __shfl_xor_sync(0x0000ffffu, lane, 1);
  else out[lane] = (int)__activemask();
}"""
    got = run(text, "k", {"out": numpy.zeros(32, numpy.int32)}, block=(32,))["out"]
    assert (got[:16] == LANES[:16] ^ 1).all()
    assert (got[16:].astype(numpy.uint32) == 0xFFFF0000).all()


REDUCE = """#include <cuda_runtime.h>
template <typename T, int THREADS>
__global__ void reduce(const T *in, T *out, int n) {
  __shared__ T partial[THREADS];
  T sum = 0;
  for (int i = blockIdx.x * THREADS + threadIdx.x; i < n; i += THREADS * gridDim.x) sum += in[i];
  partial[threadIdx.x] = sum;
  __syncthreads();
  for (int half = THREADS / 2; half > 0; half /= 2) {
    if (threadIdx.x < half) partial[threadIdx.x] += partial[threadIdx.x + half];
    __syncthreads();
  }
  if (threadIdx.x == 0) out[blockIdx.x] = partial[0];
}"""


@pytest.mark.parametrize("symbol, dtype", [("reduce<float, 256>", numpy.float32), ("reduce<int, 128>", numpy.int32), ("reduce<double, 64>", numpy.float64)])
def test_block_reduction_with_barriers(symbol: str, dtype: type) -> None:
    values = numpy.random.default_rng(1).integers(-50, 50, 1000).astype(dtype)
    threads = int(symbol.split(",")[1].rstrip(">"))
    got = run(REDUCE, symbol, {"in": values, "out": numpy.zeros(3, dtype), "n": 1000}, grid=(3,), block=(threads,))["out"]
    assert got.sum() == values.sum()


def test_parameters_of_a_template_are_deduced_when_the_symbol_gives_none() -> None:
    text = "template <typename T> __global__ void scale(T *out, const T *x, T factor, int n) { int i = threadIdx.x; if (i < n) out[i] = x[i] * factor; }"
    x = numpy.arange(8, dtype=numpy.float32)
    assert (run(text, "scale", {"out": x, "x": x, "factor": 2.0, "n": 8}, block=(32,))["out"] == 2 * x).all()


def test_dynamic_shared_memory_has_the_size_of_the_launch_under_any_name() -> None:
    text = """namespace app { __device__ int *scratch() { extern __shared__ int words[]; return words; } }
__global__ void k(int *out) {
  extern __shared__ __align__(16) unsigned char raw[];
  int *mine = reinterpret_cast<int *>(raw);
  mine[threadIdx.x] = threadIdx.x * threadIdx.x;
  __syncthreads();
  out[threadIdx.x] = app::scratch()[blockDim.x - 1 - threadIdx.x];
}"""
    got = run(text, "k", {"out": numpy.zeros(64, numpy.int32)}, block=(64,), shared=256)["out"]
    assert (got == (63 - numpy.arange(64)) ** 2).all()
    with pytest.raises(Faulted) as faulted:
        run(text, "k", {"out": numpy.zeros(64, numpy.int32)}, block=(64,), shared=252)
    assert faulted.value.fault.kind == "out-of-bounds" and "252 bytes of dynamic shared memory" in faulted.value.fault.sentence


@pytest.mark.covers("cuda", "threadIdx", "blockIdx", "blockDim", "gridDim")
def test_indices_of_a_three_dimensional_launch() -> None:
    text = """__global__ void k(int *out) {
  int thread = threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z);
  int block = blockIdx.x + gridDim.x * (blockIdx.y + gridDim.y * blockIdx.z);
  out[block * blockDim.x * blockDim.y * blockDim.z + thread] = block * 1000 + thread;
}"""
    got = run(text, "k", {"out": numpy.zeros(24 * 12, numpy.int32)}, grid=(2, 3, 2), block=(4, 3, 2))["out"]
    assert (got.reshape(12, 24) == numpy.arange(12)[:, None] * 1000 + numpy.arange(24)).all()


@pytest.mark.covers("cuda", "__syncthreads", "__syncthreads_count", "__syncthreads_or", "__syncthreads_and")
def test_syncthreads_variants_reduce_a_predicate() -> None:
    text = """__global__ void k(int *out) {
  int t = threadIdx.x;
  int count = __syncthreads_count(t % 3 == 0), any = __syncthreads_or(t == 99), all = __syncthreads_and(t < 100);
  out[t] = count * 100 + any * 10 + all;
}"""
    assert (run(text, "k", {"out": numpy.zeros(100, numpy.int32)}, block=(100,))["out"] == 3411).all()


def test_threads_that_returned_early_do_not_hold_up_a_barrier() -> None:
    text = """__global__ void k(int *out, int n) {
  __shared__ int s[64];
  if (threadIdx.x >= n) return;
  s[threadIdx.x] = threadIdx.x;
  __syncthreads();
  out[threadIdx.x] = s[n - 1 - threadIdx.x];
}"""
    assert (run(text, "k", {"out": numpy.zeros(40, numpy.int32), "n": 40}, block=(64,))["out"] == 39 - numpy.arange(40)).all()


@pytest.mark.parametrize("c_type, dtype", [("int", numpy.int32), ("unsigned", numpy.uint32), ("float", numpy.float32), ("double", numpy.float64),
                                           ("unsigned long long", numpy.uint64)])
def test_atomics_return_the_old_value(c_type: str, dtype: type) -> None:
    text = f"""__global__ void k({c_type} *total, {c_type} *seen) {{
  seen[threadIdx.x] = atomicAdd(&total[0], ({c_type})1);
  atomicMax(&total[1], ({c_type})threadIdx.x);
  atomicMin(&total[2], ({c_type})threadIdx.x);
  atomicExch(&total[3], ({c_type})7);
  atomicCAS(&total[4], ({c_type})5, ({c_type})9);
}}"""
    total = numpy.array([0, 3, 50, 0, 5], dtype)
    got = run(text, "k", {"total": total, "seen": numpy.zeros(40, dtype)}, block=(40,), out=("seen",), inout=("total",))
    assert got["total"].tolist() == [40, 39, 0, 7, 9]
    assert sorted(got["seen"].tolist()) == list(range(40))


def test_bit_and_integer_intrinsics() -> None:
    assert per_lane("__popc(lane) + 100 * __ffs(lane) + 10000 * __clz(lane)")[12] == 2 + 300 + 280000
    assert per_lane("__brev(1u << lane)", dtype=numpy.uint32)[3] == 1 << 28
    assert per_lane("__dp4a(0x01020304, 0x7f80ff01, lane)")[1] == 1 * 127 + 2 * -128 + 3 * -1 + 4 * 1 + 1
    assert per_lane("__byte_perm(0x33221100u, 0x77665544u, 0x7531u)", dtype=numpy.uint32)[0] == 0x77553311
    assert per_lane("__umulhi(0x80000000u, lane)", dtype=numpy.uint32)[6] == 3
    assert per_lane("__float2int_rn(lane + 0.5f) * 100 + __float2int_rz(lane + 0.9f)")[2] == 202


def test_math_overloads_keep_the_type() -> None:
    assert per_lane("sizeof(exp(1.0f)) * 10 + sizeof(exp(1.0))")[0] == 48
    assert per_lane("sizeof(max(1, 2.0f)) + 10 * sizeof(sqrt(2))")[0] == 84
    x = numpy.arange(32, dtype=numpy.float32)
    numpy.testing.assert_allclose(per_lane("rsqrtf(lane + 1.0f) + __expf(-(float)lane)", dtype=numpy.float32), 1 / numpy.sqrt(x + 1) + numpy.exp(-x), rtol=1e-6)
    assert numpy.isnan(per_lane("CUDART_NAN_F", dtype=numpy.float32)).all()
    assert (per_lane("fmaxf(NAN, (float)lane)", dtype=numpy.float32) == x).all()


# ---- 16-bit floats ----------------------------------------------------------------------------------------------------------------

def test_half_rounds_to_nearest_even_in_every_operation() -> None:
    rng = numpy.random.default_rng(2)
    x, y = (rng.standard_normal(512).astype(numpy.float16) * numpy.float16(scale) for scale in (3, 0.01))
    text = """#include <cuda_fp16.h>
__global__ void k(const half *x, const __half *y, half *out) {
  int i = threadIdx.x;
  out[i] = x[i] + y[i]; out[512 + i] = __hmul(x[i], y[i]); out[1024 + i] = x[i] / y[i]; out[1536 + i] = __hfma(x[i], y[i], x[i]);
  half2 pair = __halves2half2(x[i], y[i]);
  out[2048 + i] = __high2half(__hadd2(pair, __float2half2_rn(0.333f)));
}"""
    got = run(text, "k", {"x": x, "y": y, "out": numpy.zeros(2560, numpy.float16)}, block=(512,))["out"].reshape(5, 512)
    wide_x, wide_y = x.astype(numpy.float64), y.astype(numpy.float64)
    with numpy.errstate(over="ignore", divide="ignore"):
        for row, expected in enumerate([x + y, x * y, x / y, (wide_x * wide_y + wide_x).astype(numpy.float16), y + numpy.float16(0.333)]):
            assert (got[row].view("u2") == expected.view("u2")).all(), row


def test_float_to_half_at_the_edges() -> None:
    x = numpy.array([65504, 65519.996, 65520, -65536, 2**-24, 2**-25, 1.0009765625, 1.00146484375, 2049, 2051, numpy.inf, -0.0, 6e-8], numpy.float32)
    text = "__global__ void k(const float *x, half *out) { out[threadIdx.x] = __float2half(x[threadIdx.x]); }"
    with numpy.errstate(over="ignore"):
        expected = x.astype(numpy.float16)
    assert (run(text, "k", {"x": x, "out": numpy.zeros(x.size, numpy.float16)}, block=(x.size,))["out"].view("u2") == expected.view("u2")).all()


def test_bfloat16_rounds_to_nearest_even() -> None:
    bits = numpy.random.default_rng(3).integers(0, 2**32, 512, dtype=numpy.uint32)
    bits = bits[(bits & 0x7F800000) != 0x7F800000][:480]
    text = "__global__ void k(const float *x, unsigned short *out) { out[threadIdx.x] = __bfloat16_as_ushort(__float2bfloat16(x[threadIdx.x])); }"
    got = run(text, "k", {"x": bits.view(numpy.float32), "out": numpy.zeros(480, numpy.uint16)}, block=(480,))["out"]
    assert (got == (bits + 0x7FFF + (bits >> 16 & 1)) >> 16).all()


# ---- wmma ----------------------------------------------------------------------------------------------------------------------------

WMMA = """#include <mma.h>
#include <cuda_fp16.h>
using namespace nvcuda;
template <typename ALayout, typename BLayout, typename Acc>
__global__ void product(const half *a, const half *b, Acc *out, int m, int n, int k) {
  wmma::fragment<wmma::matrix_a, 16, 16, 16, half, ALayout> fa;
  wmma::fragment<wmma::matrix_b, 16, 16, 16, half, BLayout> fb;
  wmma::fragment<wmma::accumulator, 16, 16, 16, Acc> fc;
  wmma::fill_fragment(fc, 0.0f);
  const bool ar = sizeof(ALayout::by_row) && ALayout::by_row, br = BLayout::by_row;
  int row = blockIdx.y * 16, column = blockIdx.x * 16;
  for (int i = 0; i < k; i += 16) {
    wmma::load_matrix_sync(fa, ar ? a + row * k + i : a + i * m + row, ar ? k : m);
    wmma::load_matrix_sync(fb, br ? b + i * n + column : b + column * k + i, br ? n : k);
    wmma::mma_sync(fc, fa, fb, fc);
  }
  for (int e = 0; e < fc.num_elements; ++e) fc.x[e] = fc.x[e] * (Acc)0.5f;
  wmma::store_matrix_sync(out + row * n + column, fc, n, wmma::mem_row_major);
}"""


@pytest.mark.parametrize("a_layout", ["row", "col"])
@pytest.mark.parametrize("b_layout", ["row", "col"])
def test_wmma_honours_both_layouts(a_layout: str, b_layout: str) -> None:
    rng = numpy.random.default_rng(4)
    a, b = rng.integers(-4, 5, (32, 48)).astype(numpy.float16), rng.integers(-4, 5, (48, 64)).astype(numpy.float16)
    symbol = f"product<wmma::{a_layout}_major, wmma::{b_layout}_major, float>"
    arguments = {"a": numpy.ascontiguousarray(a if a_layout == "row" else a.T).ravel(), "b": numpy.ascontiguousarray(b if b_layout == "row" else b.T).ravel(),
                 "out": numpy.zeros(32 * 64, numpy.float32), "m": 32, "n": 64, "k": 48}
    got = run(WMMA, symbol, arguments, grid=(4, 2), block=(32,))["out"]
    assert (got.reshape(32, 64) == 0.5 * (a.astype(numpy.float32) @ b.astype(numpy.float32))).all()


def test_wmma_with_a_half_accumulator_rounds_to_half() -> None:
    rng = numpy.random.default_rng(5)
    a, b = rng.standard_normal((16, 16)).astype(numpy.float16), rng.standard_normal((16, 16)).astype(numpy.float16)
    got = run(WMMA, "product<wmma::row_major, wmma::row_major, half>", {"a": a.ravel(), "b": b.ravel(), "out": numpy.zeros(256, numpy.float16), "m": 16,
              "n": 16, "k": 16}, block=(32,))["out"]
    exact = (a.astype(numpy.float64) @ b.astype(numpy.float64)).astype(numpy.float16) * numpy.float16(0.5)
    assert (got.reshape(16, 16) == exact).all()


def test_cooperative_groups_tiles_reduce() -> None:
    text = """#include <cooperative_groups.h>
#include <cooperative_groups/reduce.h>
namespace cg = cooperative_groups;
__global__ void k(const float *x, float *out) {
  cg::thread_block block = cg::this_thread_block();
  cg::thread_block_tile<16> tile = cg::tiled_partition<16>(block);
  float sum = cg::reduce(tile, x[block.thread_rank()], cg::plus<float>());
  if (tile.thread_rank() == 0) out[tile.meta_group_rank()] = sum;
}"""
    x = numpy.arange(128, dtype=numpy.float32)
    assert (run(text, "k", {"x": x, "out": numpy.zeros(8, numpy.float32)}, block=(128,))["out"] == x.reshape(8, 16).sum(1)).all()


# ---- what the standard leaves undefined is reported, with its line ---------------------------------------------------------------------

@pytest.mark.parametrize("body, kind, line, words", [
    ("if (t < 10)\n __syncthreads();\nelse\n __syncthreads();", "divergent-barrier", 4, "line 4 while others wait at the one in line 6"),
    ("if (t < 8)\n  s[t] = __shfl_down_sync(0xffffffffu, t, 1);\n__syncthreads();", "deadlock", 4, "__shfl_down_sync (line 4)"),
    ("s[t] = __shfl_sync(1u << (t + 1) % 32, t, 0);", "deadlock", 3, "does not name it"),
    ("s[t + 40] = 1;\n__syncthreads();", "out-of-bounds", 3, "index 64 is outside of the array of type 'int [64]'"),
    ("out[t] = s[0] / (t - 5);", "crash", 3, "division of an integer by zero"),
    ("assert(t < 7);", "crash", 3, "assertion failed: t < 7"),
    ("\nout[t + 1] = 0;", "out-of-bounds", 4, "writes `out[32]`, outside of its 32 elements"),
    ("\nout[0] = x[t - 1];", "out-of-bounds", 4, "reads `x[-1]`"),
    ("*(int *)x = t;", "written-input", 3, "writes to `x[0]`, which is an input"),
    ("*(volatile int *)8 = t;", "out-of-bounds", 3, "belongs to no buffer"),
    ("big(t, out);", "crash", 0, ""),
])
def test_faults(body: str, kind: str, line: int, words: str) -> None:
    text = f"__global__ void k(const int *x, int *out) {{\n  __shared__ int s[64]; int t = threadIdx.x;\n{body}\n}}"
    if "big" in body:
        text = "__device__ __noinline__ int big(int t, int *out) { volatile int a[99999]; a[t] = t; return out[0] = t < 0 ? t : big(t + 1, out) + a[0]; }\n" + text
        kind = "out-of-bounds"
        text = text.replace("__shared__", "__syncthreads(); __shared__")
    with pytest.raises(Faulted) as faulted:
        run(text, "k", {"x": numpy.zeros(32, numpy.int32), "out": numpy.zeros(32, numpy.int32)}, block=(32,), second="x[t - 1]" in body)
    fault = faulted.value.fault
    assert fault.kind == kind
    assert words in fault.sentence
    assert not line or fault.line == line


def test_a_compile_error_has_the_line_of_the_text() -> None:
    with pytest.raises(Faulted) as faulted:
        run("__global__ void k(int *out) {\n  out[0] = no_such_name;\n}", "k", {"out": numpy.zeros(1, numpy.int32)})
    assert faulted.value.fault.kind == "compile-error" and faulted.value.fault.line == 2 and "no_such_name" in faulted.value.fault.sentence


def test_a_value_that_no_lane_gave_is_poison() -> None:
    """Reading a lane outside of the block is undefined: both executions give something else."""
    first, second = (per_lane("__shfl_down_sync(0xffffffffu, lane, 20)", threads=24, second=second) for second in (False, True))
    assert first[2] == 22 and first[10] == -1 and second[10] == 0x3B3B3B3B


def test_the_portable_context_switch_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    portable = toolchain.runner("-DKG_UCONTEXT")
    monkeypatch.setattr(toolchain, "runner", lambda: portable)
    test_block_reduction_with_barriers("reduce<float, 256>", numpy.float32)
    test_shuffles_move_values_inside_segments(True)
