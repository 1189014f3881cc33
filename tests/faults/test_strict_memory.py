"""Misuse of memory and launches that no device begins: what, in which line, by whom; and the allowed neighbours of each."""

from __future__ import annotations

import numpy
import pytest
from emulator.running import needs_gcc
from faults.planted import CHECK, EXPLAIN, fault_of, floats, found

from kernelglot.verify.cases import Launch, Program
from kernelglot.verify.launch_limits import launch_fault, memory_fault

pytestmark = needs_gcc
both = pytest.mark.parametrize("dialect", ["cuda", "hip"])
WHO = "thread (3, 0, 0) of block (0, 0, 0)"


# ---- out of bounds

@both
@pytest.mark.parametrize("statement, words", [
    ("out[n] = 1", "writes `out[64]`, outside of its 64 elements"),
    ("out[0] = x[-1]", "reads `x[-1]`, outside of its 64 elements"),
    ("s[n] = 1", "index 64 is outside of the array"),
    ("s[-1] = 1", "index -1 is outside of the array"),
    ("(s + n)[2] = 1", "on-chip memory that belongs to none of the kernel's arrays"),
    ("out[0] = d[16]", "reads element 16 of dynamic shared memory, outside of its 64 bytes"),
    ("memcpy(out + 60, x, 20)", "outside of its 64 elements"),
])
def test_an_access_outside_of_its_array(dialect: str, statement: str, words: str) -> None:
    text = f"""__global__ void k(const float *x, float *out, int n) {{
  extern __shared__ float d[];
  __shared__ float s[64];
  d[threadIdx.x % 16] = s[threadIdx.x] = x[threadIdx.x];
  if (threadIdx.x == 3)
    {statement};   // <- here
}}"""
    fault = fault_of(text, "k", {"x": floats(64), "out": floats(64), "n": 64}, block=(64,), shared=64, dialect=dialect)
    if fault is not None and fault.kind == "race":
        pytest.fail(fault.sentence)
    found(text, fault, "out-of-bounds", words, WHO)


def test_the_last_elements_are_inside() -> None:
    text = """__global__ void k(const float *x, float *out) {
  extern __shared__ float d[];
  __shared__ float s[64];
  s[63 - threadIdx.x] = x[threadIdx.x];
  if (threadIdx.x < 16) d[threadIdx.x] = 1;
  __syncthreads();
  out[threadIdx.x] = s[threadIdx.x] + d[15];
}"""
    assert fault_of(text, "k", {"x": floats(64), "out": floats(64)}, block=(64,), shared=64) is None


def test_a_write_to_an_input() -> None:
    text = """__global__ void k(float *x, float *out) {
  out[threadIdx.x] = 1;
  if (threadIdx.x == 3) x[2] = 5;   // <- here
}"""
    found(text, fault_of(text, "k", {"x": floats(8), "out": floats(8)}, block=(8,)), "written-input", "`x[2]`", WHO)


# ---- alignment

@both
def test_a_vector_from_an_address_that_is_not_its_multiple(dialect: str) -> None:
    text = """__global__ void k(const float *x, float *out, int off) {
  float4 v = *(const float4 *)(x + off * threadIdx.x);   // <- here
  out[threadIdx.x] = v.x + v.w;
}"""
    arguments: dict[str, object] = {"x": floats(64), "out": floats(8), "off": 3}
    found(text, fault_of(text, "k", arguments, block=(8,), dialect=dialect), "alignment", "16 bytes", "thread (1, 0, 0) of block (0, 0, 0)")
    assert fault_of(text, "k", {**arguments, "off": 4}, block=(8,), dialect=dialect) is None


# ---- memory nobody has written

@both
@pytest.mark.parametrize("where, words", [
    ("s[threadIdx.x]", "reads element 3 of `s`, which was never written"),
    ("out[threadIdx.x]", "reads `out[3]`, which was never written"),
    ("d[threadIdx.x]", "reads element 3 of dynamic shared memory, which was never written"),
])
def test_reading_what_was_never_written(dialect: str, where: str, words: str) -> None:
    text = f"""__global__ void k(float *out, float *more) {{
  __shared__ float s[8];
  extern __shared__ float d[];
  if (threadIdx.x != 3) s[threadIdx.x] = d[threadIdx.x] = out[threadIdx.x] = 1;
  __syncthreads();
  more[threadIdx.x] = {where};   // <- here
}}"""
    arguments: dict[str, object] = {"out": floats(8), "more": floats(8)}
    fault = fault_of(text, "k", arguments, block=(8,), shared=32, out=("out", "more"), dialect=dialect, level=EXPLAIN)
    found(text, fault, "uninitialised", words, WHO)
    assert fault_of(text, "k", arguments, block=(8,), shared=32, out=("out", "more"), dialect=dialect, level=CHECK) is None


def test_shared_memory_is_unwritten_again_in_the_next_block() -> None:
    text = """__global__ void k(float *out) {
  __shared__ float s[1];
  if (blockIdx.x == 0) s[0] = 1;
  out[blockIdx.x] = s[0];   // <- here
}"""
    fault = fault_of(text, "k", {"out": floats(2)}, grid=(2,), block=(1,), level=EXPLAIN)
    found(text, fault, "uninitialised", "element 0 of `s`", "block (1, 0, 0)")


# ---- asynchronous copies

COPY = """#include <cuda_pipeline.h>
__global__ void k(const float *x, float *out) {
  __shared__ float s[32];
  __pipeline_memcpy_async(&s[threadIdx.x], x + threadIdx.x, 4);
  __pipeline_commit();
  WAIT
  out[threadIdx.x] = s[31 - threadIdx.x];   // <- here
}"""


def test_a_copy_that_nobody_has_waited_for() -> None:
    arguments: dict[str, object] = {"x": floats(32), "out": floats(32)}
    early = COPY.replace("WAIT", "__syncthreads();")
    found(early, fault_of(early, "k", arguments, block=(32,)), "async", "of `s`, into which an asynchronous copy is under way", "thread (")
    right = COPY.replace("WAIT", "__pipeline_wait_prior(0); __syncthreads();")
    assert fault_of(right, "k", arguments, block=(32,)) is None
    alone = COPY.replace("WAIT", "__pipeline_wait_prior(0);").replace("31 - threadIdx.x", "threadIdx.x")
    assert fault_of(alone, "k", arguments, block=(32,)) is None


# ---- wrong memory

@both
def test_a_write_to_constant_memory(dialect: str) -> None:
    text = """__constant__ float table[4] = {1, 2, 3, 4};
__global__ void k(float *out) {
  if (threadIdx.x == 3) table[2] = 5;   // <- here
  out[threadIdx.x] = table[1];
}"""
    found(text, fault_of(text, "k", {"out": floats(8)}, block=(8,), dialect=dialect), "scope", "element 2 of `table`, which is constant", WHO)


@both
def test_a_local_variable_of_another_thread(dialect: str) -> None:
    text = """__global__ void k(float *out) {
  __shared__ float *p;
  float mine = threadIdx.x;
  if (threadIdx.x == 3) p = &mine;
  __syncthreads();
  out[threadIdx.x] = *p;   // <- here
}"""
    fault = fault_of(text, "k", {"out": floats(8)}, block=(8,), dialect=dialect)
    found(text, fault, "scope", "a local variable of thread (3, 0, 0)")


# ---- too much memory, impossible launches

@both
def test_more_shared_memory_than_a_block_has(dialect: str) -> None:
    text = "__global__ void k(float *out) {\n  __shared__ float s[1];\n  out[0] = s[0];\n}"
    most = {"cuda": 49_152, "hip": 65_536}[dialect]
    program = Program(dialect, text, "k", Launch((1, 1, 1), (1, 1, 1)), ("out",))
    assert memory_fault(program, program.launch, most) is None
    fault = memory_fault(program, program.launch, most + 4, "target")
    assert fault and (fault.kind, fault.side, fault.line) == ("capacity", "target", 1) and f"a block has {most:,}" in fault.sentence


def test_shared_memory_of_the_launch_counts_with_what_is_declared() -> None:
    program = Program("cuda", "__global__ void k(float *out) {}", "k", Launch((1, 1, 1), (1, 1, 1)), ("out",), "sm_75")
    assert memory_fault(program, Launch((1, 1, 1), (1, 1, 1), 65_536 - 4096), 4096) is None
    fault = memory_fault(program, Launch((1, 1, 1), (1, 1, 1), 65_536 - 4092), 4096)
    assert fault and fault.kind == "capacity" and "65,536 on sm_75" in fault.sentence


@pytest.mark.parametrize("dialect, architecture, grid, block, shared, words", [
    ("cuda", "", (1, 1, 1), (1025, 1, 1), 0, "at most 1,024 along x"),
    ("cuda", "", (1, 1, 1), (1, 1, 65), 0, "at most 64 along z"),
    ("cuda", "", (1, 1, 1), (32, 33, 1), 0, "1,056 threads: at most 1,024"),
    ("cuda", "", (1, 65536, 1), (1, 1, 1), 0, "at most 65,535 along y"),
    ("cuda", "", (4, 0, 1), (1, 1, 1), 0, "no dimension may be 0"),
    ("cuda", "sm_75", (1, 1, 1), (1, 1, 1), 65537, "at most 65,536 on sm_75"),
    ("hip", "", (1, 1, 1), (1, 1, 65), 0, ""),
    ("hip", "", (1, 1, 1), (1024, 2, 1), 0, "2,048 threads"),
    ("hip", "gfx90a", (1, 1, 1), (64, 1, 1), 65537, "at most 65,536 on gfx90a"),
    ("hip", "gfx950", (1, 1, 1), (64, 1, 1), 163_840, ""),
    ("cuda", "", (2147483647, 65535, 65535), (1024, 1, 1), 166_912, ""),
])
def test_launches_at_and_beyond_the_limits(dialect: str, architecture: str, grid: tuple[int, int, int], block: tuple[int, int, int],
                                           shared: int, words: str) -> None:
    program = Program(dialect, "\n__global__ void k(float *out) {}", "k", Launch((1, 1, 1), (1, 1, 1)), ("out",), architecture)
    fault = launch_fault(program, Launch(grid, block, shared), "source")
    assert (fault is None) == (not words)
    assert fault is None or (fault.kind, fault.side, fault.line) == ("launch", "source", 2) and words in fault.sentence


@both
@pytest.mark.parametrize("bounds, most", [
    ("__launch_bounds__(64)", 64), ("__launch_bounds__(THREADS, 2)", 96), ("__launch_bounds__(kThreads)", 128), ("", 1024),
    ("__launch_bounds__(B)", 1024),      # a template's own parameter: not read
])
def test_a_block_larger_than_the_kernel_says_of_itself(dialect: str, bounds: str, most: int) -> None:
    text = f"""#define THREADS 96
constexpr int kThreads = 128;
__global__ void __launch_bounds__(32) other(float *out) {{}}
template <int B> __global__ void {bounds} k(float *out) {{}}"""
    program = Program(dialect, text, "k<32>", Launch((1, 1, 1), (1, 1, 1)), ("out",))
    assert launch_fault(program, Launch((1, 1, 1), (most, 1, 1))) is None
    fault = launch_fault(program, Launch((1, 1, 1), (most + 1, 1, 1)))
    assert fault is not None and fault.line == 4 and (f"at most {most:,}" in fault.sentence)


def test_nothing_is_run_when_a_launch_is_impossible() -> None:
    text = "__global__ void k(float *out) {   // <- here\n  out[threadIdx.x] = 1;\n}"
    found(text, fault_of(text, "k", {"out": numpy.zeros(2048, numpy.float32)}, block=(2048,)), "launch", "2,048 x 1 x 1")


# ---- C

def test_an_aligned_load_from_another_address_in_c() -> None:
    text = """#include <immintrin.h>
void k(const float *x, float *out, int off) {
  _mm_storeu_ps(out, _mm_load_ps(x + off));   // <- here
}"""
    arguments: dict[str, object] = {"x": floats(64), "out": floats(4), "off": 1}
    found(text, fault_of(text, "k", arguments, dialect="c"), "alignment", "address")
    assert fault_of(text, "k", {**arguments, "off": 4}, dialect="c") is None


def test_reading_a_result_that_was_never_written_in_c() -> None:
    text = """void k(const float *x, float *out, int n) {
  for (int i = 1; i < n; ++i) out[i] = x[i];
  out[0] += x[0];   // <- here
}"""
    arguments: dict[str, object] = {"x": floats(8), "out": floats(8), "n": 8}
    found(text, fault_of(text, "k", arguments, dialect="c", level=EXPLAIN), "uninitialised", "reads `out[0]`, which was never written")
    assert fault_of(text.replace("+=", "="), "k", arguments, dialect="c", level=EXPLAIN) is None


def test_an_access_outside_of_a_buffer_in_c() -> None:
    text = "void k(const float *x, float *out, int n) {\n  for (int i = 0; i <= n; ++i)\n    out[i] = x[i];   // <- here\n}"
    found(text, fault_of(text, "k", {"x": floats(8), "out": floats(8), "n": 8}, dialect="c"), "out-of-bounds", "`x[8]`, outside of its 8")
