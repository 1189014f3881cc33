"""Loop recovery of blocks whose threads wait for each other: what stays at block level, what becomes one value a thread, what is declined."""

from __future__ import annotations

import pytest
from candidates import check_candidates, read
from emulator.running import needs_gcc

from kernelglot import session
from kernelglot.dialects import base, meanings
from kernelglot.ir.nodes import Assign, Break, Declare, For, Literal, Stmt, While
from kernelglot.ir.types import Array, Scalar
from kernelglot.ir.walk import walk
from kernelglot.passes.base import Declined, LaunchShape
from kernelglot.passes.jumps import jumps, without_jumps
from kernelglot.passes.loop_recovery import LoopRecovery
from kernelglot.verify import toolchain

CUDA = base.load("cuda").spelling

DOUBLE_BUFFER = """
// kernelglot: launch grid=(3) block=(64) n=180 in=int[180] out=int[180]:out
__global__ void scan(int *out, const int *in, int n) {
  __shared__ int buf[128];
  int i = blockIdx.x * 64 + threadIdx.x, t = threadIdx.x;
  int p = 0;
  buf[t] = i < n ? in[i] : 0;
  __syncthreads();
  for (int d = 1; d < 64; d <<= 1) {
    int q = 1 - p;
    int v = buf[p * 64 + t];
    if (t >= d) v += buf[p * 64 + t - d];
    buf[q * 64 + t] = v;
    p = q;
    __syncthreads();
  }
  if (i < n) out[i] = buf[p * 64 + t];
}"""

SHARED_BREAK = """
// kernelglot: launch grid=(4) block=(32) most=10 eps=0.05 x=float[128]:inout
__global__ void converge(float *x, float eps, int most) {
  __shared__ float s[32];
  __shared__ float worst;
  int t = threadIdx.x;
  float v = x[blockIdx.x * 32 + t];
  for (int it = 0; it < most; ++it) {
    s[t] = v;
    __syncthreads();
    float next = 0.5f * v + 0.25f * (s[(t + 31) % 32] + s[(t + 1) % 32]);
    __syncthreads();
    s[t] = fabsf(next - v);
    __syncthreads();
    if (t == 0) { worst = 0.f; for (int k = 0; k < 32; ++k) worst = fmaxf(worst, s[k]); }
    __syncthreads();
    v = next;
    if (worst < eps) break;
  }
  x[blockIdx.x * 32 + t] = v;
}"""

TREE_IN_A_DO_WHILE = """
// kernelglot: launch grid=(4) block=(64) n=500 x=int[500] y=int[4]:out
__global__ void total(const int *x, int *y, int n) {
  __shared__ int s[64];
  int t = threadIdx.x, sum = 0;
  for (int i = blockIdx.x * blockDim.x + t; i < n; i += blockDim.x * gridDim.x) sum += x[i];
  s[t] = sum;
  int half = blockDim.x / 2;
  do {
    __syncthreads();
    if (t < half) s[t] += s[t + half];
    half /= 2;
  } while (half > 0);
  if (t == 0) y[blockIdx.x] = s[0];
}"""

WARPS_LEAVE_ALONE = """
// kernelglot: launch grid=(2) block=(128) rows=37 cols=50 x=float[1850] y=float[37]:inout
__global__ void rows_kernel(const float *x, float *y, int rows, int cols) {
  int warp = (blockIdx.x * blockDim.x + threadIdx.x) / 32, lane = threadIdx.x & 31, warps = gridDim.x * blockDim.x / 32;
  for (int r = warp; ; r += warps) {
    if (r >= rows) break;
    float m = -1e30f;
    for (int c = lane; c < cols; c += 32) m = fmaxf(m, x[r * cols + c]);
    for (int o = 16; o; o >>= 1) m = fmaxf(m, __shfl_xor_sync(0xffffffff, m, o));
    if (m < 0.5f) continue;
    float s = 0.f;
    for (int c = lane; c < cols; c += 32) s += expf(x[r * cols + c] - m);
    for (int o = 16; o; o >>= 1) s += __shfl_xor_sync(0xffffffff, s, o);
    if (lane == 0) y[r] = logf(s) + m;
  }
}"""

COUNTED_TOGETHER = """
// kernelglot: launch grid=(1) block=(64) n=10 flags=int[10]:in:-3..3 x=float[64]:inout
__global__ void rounds(const int *flags, float *x, int n) {
  __shared__ float s[64];
  int t = threadIdx.x, count = 0;
  for (int k = 0; k < n; ++k) if (flags[k] > 0) count++;
  float acc = x[t];
  for (int r = 0; r < count; ++r) {
    s[t] = acc;
    __syncthreads();
    acc = 0.5f * (s[t] + s[63 - t]);
    __syncthreads();
  }
  x[t] = acc;
}"""

COUNTED_ALONE = """
// kernelglot: launch grid=(2) block=(64) most=40 x=float[128]:in:0..2 y=int[128]:out
__global__ void escape(const float *x, int *y, int most) {
  __shared__ int s[64];
  int t = threadIdx.x, it = 0;
  float z = x[blockIdx.x * 64 + t];
  while (it < most) {
    z = z * z;
    if (z > 2.0f) break;
    it++;
  }
  s[t] = it;
  __syncthreads();
  y[blockIdx.x * 64 + t] = s[63 - t];
}"""

ONLINE_SOFTMAX = """
// kernelglot: launch grid=(3) block=(32) cols=90 x=float[270] y=float[270]:out
__global__ void online(const float *x, float *y, int cols) {
  __shared__ float red[32];
  const float *row = x + blockIdx.x * cols;
  int t = threadIdx.x;
  float run_max = -1e30f, run_sum = 0.0f;
  for (int base = 0; base < cols; base += 32) {
    int c = base + t;
    float v = c < cols ? row[c] : -1e30f;
    red[t] = v;
    __syncthreads();
    for (int s = 16; s > 0; s >>= 1) { if (t < s) red[t] = fmaxf(red[t], red[t + s]); __syncthreads(); }
    float new_max = fmaxf(run_max, red[0]);
    __syncthreads();
    red[t] = c < cols ? expf(v - new_max) : 0.0f;
    __syncthreads();
    for (int s = 16; s > 0; s >>= 1) { if (t < s) red[t] += red[t + s]; __syncthreads(); }
    run_sum = run_sum * expf(run_max - new_max) + red[0];
    run_max = new_max;
    __syncthreads();
  }
  for (int c = t; c < cols; c += 32) y[blockIdx.x * cols + c] = expf(row[c] - run_max) / run_sum;
}"""

WRAPPING = """
// kernelglot: launch grid=(2) block=(32) w=60 r=2 x=float[60] y=float[60]:out
__global__ void halo(const float *x, float *y, int w, int r) {
  int c = blockIdx.x * blockDim.x + threadIdx.x;
  if (c >= w) return;
  float s = 0.f;
  for (int d = -r; d <= r; ++d)
    if (blockIdx.x * blockDim.x + threadIdx.x + d < w) s += x[c + d];
  y[c] = threadIdx.x - 1 < 31 ? s : -s;
}"""

KERNELS = {
    "unsigned coordinates that wrap": WRAPPING,
    "double buffer": DOUBLE_BUFFER,
    "shared break": SHARED_BREAK,
    "tree in a do-while": TREE_IN_A_DO_WHILE,
    "warps leave alone": WARPS_LEAVE_ALONE,
    "counted together": COUNTED_TOGETHER,
    "counted alone": COUNTED_ALONE,
    "online softmax": ONLINE_SOFTMAX,
}


def recovered(text: str):
    kernel, case = read(text)
    shape = LaunchShape(tuple(map(Literal, case.launch.grid)), tuple(map(Literal, case.launch.block)))
    return LoopRecovery().apply(kernel, shape)


def arrays(body: tuple[Stmt, ...]) -> set[str]:
    return {n.name for n in walk(body) if isinstance(n, Declare) and isinstance(n.type, Array)}


def scalars(body: tuple[Stmt, ...]) -> set[str]:
    return {n.name for n in walk(body) if isinstance(n, Declare) and isinstance(n.type, Scalar)}


@needs_gcc
@pytest.mark.parametrize("text", KERNELS.values(), ids=KERNELS)
@pytest.mark.parametrize("target", ["c", "bang"])
def test_what_is_recovered_computes_the_same(text: str, target: str) -> None:
    check_candidates(text, target, seeds=(1, 2))


def test_a_scalar_with_one_value_for_all_threads_stays_a_scalar() -> None:
    kernel = recovered(DOUBLE_BUFFER)
    assert {"p", "q"} <= scalars(kernel.body) and arrays(kernel.body) == {"buf"}
    kernel = recovered(ONLINE_SOFTMAX)
    assert {"run_max", "run_sum", "new_max"} <= scalars(kernel.body) and arrays(kernel.body) == {"red", "v"}


def test_a_loop_that_all_threads_leave_together_keeps_its_break() -> None:
    loop = next(n for n in walk(recovered(SHARED_BREAK).body) if isinstance(n, For) and n.var == "it")
    assert any(isinstance(n, Break) for n in jumps(loop.body))


def test_what_a_loop_computes_for_all_threads_is_computed_once() -> None:
    body = recovered(COUNTED_TOGETHER).body
    assert "count" in scalars(body) and "count" not in arrays(body)
    assert sum(isinstance(n, For) and n.var == "k" for n in walk(body)) == 1


def test_a_count_that_depends_on_when_a_thread_breaks_is_each_thread_s_own() -> None:
    loops = [n for n in recovered(COUNTED_ALONE).body if isinstance(n, For)]
    assert any(isinstance(n, While) for n in walk(loops))          # the threads' loop is inside the loop over threads


def test_a_loop_left_on_some_paths_of_a_branch_is_declined_with_a_reason() -> None:
    kernel, case = read("""
// kernelglot: launch grid=(1) block=(64) n=10 x=float[64]:inout
__global__ void odd(float *x, int n) {
  __shared__ float s[64];
  int t = threadIdx.x;
  for (int i = 0; i < n; ++i) {
    s[t] = x[t];
    if (t > i) {
      if (s[t] > 1.0f) break;
      x[t] += 1.0f;
    }
    __syncthreads();
    x[t] += s[63 - t];
  }
}""")
    shape = LaunchShape(tuple(map(Literal, case.launch.grid)), tuple(map(Literal, case.launch.block)))
    with pytest.raises(Declined, match="jump at the end of a branch") as declined:
        LoopRecovery().apply(kernel, shape)
    assert declined.value.code == "jump-in-branch"


def test_jumps_of_inner_loops_are_their_own() -> None:
    kernel, _ = read(COUNTED_ALONE)
    loop = next(n for n in walk(kernel.body) if isinstance(n, While))
    assert jumps(kernel.body) == [] and len(jumps(loop.body)) == 1
    assert without_jumps(kernel.body, None) == kernel.body


def test_what_a_fragment_operation_means_is_read_from_the_header_that_the_emulator_runs(monkeypatch) -> None:
    text = """
#include <mma.h>
using namespace nvcuda;
// kernelglot: launch grid=(1) block=(32) a=half[256] b=half[256] c=float[256]:out
__global__ void product(const half *a, const half *b, float *c) {
  wmma::fragment<wmma::matrix_a, 16, 16, 16, half, wmma::row_major> fa;
  wmma::fragment<wmma::matrix_b, 16, 16, 16, half, wmma::col_major> fb;
  wmma::fragment<wmma::accumulator, 16, 16, 16, float> fc;
  wmma::fill_fragment(fc, 0.0f);
  wmma::load_matrix_sync(fa, a, 16);
  wmma::load_matrix_sync(fb, b, 16);
  wmma::mma_sync(fc, fa, fb, fc);
  wmma::store_matrix_sync(c, fc, 16, wmma::mem_row_major);
}"""

    def sums() -> list[str]:
        return [n.op for n in walk(recovered(text).body) if isinstance(n, Assign) and n.op]

    assert sums() == ["+"]
    assert '#include "../../dialects/cuda/intrinsics/wmma.h"' in (toolchain.RUNTIME / "matrix.h").read_text(encoding="utf-8")
    text_of = meanings.header_text
    monkeypatch.setattr(meanings, "header_text", lambda *header: text_of(*header).replace("+=", "-="))
    meanings.meanings.cache_clear()
    try:
        assert sums() == ["-"]
    finally:
        meanings.meanings.cache_clear()


VOTES = """
// kernelglot: launch grid=(3) block=(64) n=150 a=int[150]:in:-20..20 b=int[150]:out
__global__ void votes(const int *a, int *b, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  int v = i < n ? a[i] : 0;
  int first = %s;
  __syncthreads();
  int second = __syncthreads_or(v == 7);
  if (i < n) b[i] = first + 1000 * second;
}"""


@needs_gcc
@pytest.mark.parametrize("to", ["c", "bang"])
@pytest.mark.parametrize(
    "vote",
    [
        "__syncthreads_count(v > 3)",
        "__syncthreads_and(v != 9)",
        "(int)__reduce_or_sync(0xffffffffu, (unsigned)v)",
        "(int)__reduce_xor_sync(0xffffffffu, (unsigned)v)",
        "(int)__reduce_and_sync(0xffffffffu, (unsigned)v | 5u)",
        "__reduce_add_sync(0xffffffffu, v)",
        "__reduce_min_sync(0xffffffffu, v)",
        "(int)__match_any_sync(0xffffffffu, v & 3)",
        "__any_sync(0xffffffffu, v == 11) + 2 * __all_sync(0xffffffffu, v != 12)",
        "__popc(__ballot_sync(0xffffffffu, v & 1))",
    ],
)
def test_votes_and_reductions_of_warps_and_blocks(vote: str, to: str) -> None:
    """What they give is still there behind the next wait."""
    (kernel,) = session.translate("k.cu", VOTES % vote, to).kernels
    assert kernel.verdict is not None and kernel.verdict.accepted, kernel.as_json()


def test_lanes_that_happen_to_run_together_are_declined() -> None:
    (kernel,) = session.translate("k.cu", VOTES % "(int)__activemask()", "c").kernels
    assert kernel.declined is not None and kernel.declined.code == "active-mask"


@needs_gcc
@pytest.mark.parametrize("shape", ["[2][256]", "[2][16 * 20]", "[2][16][16]", "[2][20][24]"])
def test_a_fragment_is_stored_into_a_row_of_an_array(shape: str) -> None:
    leading = {"[2][256]": 16, "[2][16 * 20]": 20, "[2][16][16]": 16, "[2][20][24]": 24}[shape]
    start = "&tile[w][0]" if shape.count("[") == 2 else "&tile[w][0][0]"
    read = f"tile[w][i / 16 * {leading} + i % 16]" if shape.count("[") == 2 else "tile[w][i / 16][i % 16]"
    text = f"""
#include <mma.h>
using namespace nvcuda;
// kernelglot: launch grid=(1) block=(64) a=half[256] b=half[256] c=float[512]:out
__global__ void product(const half *a, const half *b, float *c) {{
  __shared__ float tile{shape};
  int w = threadIdx.x / 32, lane = threadIdx.x % 32;
  wmma::fragment<wmma::matrix_a, 16, 16, 16, half, wmma::row_major> fa;
  wmma::fragment<wmma::matrix_b, 16, 16, 16, half, wmma::col_major> fb;
  wmma::fragment<wmma::accumulator, 16, 16, 16, float> fc;
  wmma::fill_fragment(fc, (float)w);
  wmma::load_matrix_sync(fa, a, 16);
  wmma::load_matrix_sync(fb, b, 16);
  wmma::mma_sync(fc, fa, fb, fc);
  wmma::store_matrix_sync({start}, fc, {leading}, wmma::mem_row_major);
  __syncwarp();
  for (int i = lane; i < 256; i += 32) c[w * 256 + i] = {read};
}}"""
    (kernel,) = session.translate("k.cu", text, "c").kernels
    assert kernel.verdict is not None and kernel.verdict.accepted, kernel.as_json()
