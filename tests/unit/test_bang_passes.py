"""CUDA to BANG C: details of the passes that tests/golden/ does not show."""

from __future__ import annotations

import pytest

from kernelglot.dialects import base
from kernelglot.frontend.lower import lower
from kernelglot.ir.nodes import Literal, Var
from kernelglot.ir.types import I32
from kernelglot.ir.walk import variables
from kernelglot.passes import patterns
from kernelglot.passes.base import Declined, LaunchShape
from kernelglot.passes.lane_facts import selected
from kernelglot.passes.loop_recovery import LoopRecovery
from kernelglot.plan import bang
from kernelglot.plan.planner import needed_constants

CUDA = base.load("cuda").spelling


def candidates(text: str, grid=(4, 1, 1), block=(64, 1, 1)):
    kernel = lower(text, CUDA, "kernel.cu").kernels[0]
    shape = LaunchShape(tuple(map(Literal, grid)), tuple(map(Literal, block)))
    return kernel, bang.translate(LoopRecovery().apply(kernel, shape))


def text_of(candidate) -> str:
    return bang.unit(needed_constants(candidate.kernel))


def test_the_intrinsics_table_comes_from_the_headers():
    by_name = {}
    for intrinsic in patterns.table():
        by_name.setdefault(intrinsic.name, intrinsic)
    assert by_name["__bang_add"].tree == ("+", ("vector", "a"), ("vector", "b"))
    assert by_name["__bang_relu"].tree == ("call fmaxf", ("vector", "src"), ("number", 0.0))
    assert by_name["__bang_rsqrt"].operands == ("src",)
    assert not by_name["__bang_floor"].in_place
    assert 372 in by_name["__bang_div"].missing
    assert not any("active" in name or "taylor" in name for name in by_name)    # their stated error is about 0.01


def test_a_condition_selects_a_run_of_lanes():
    lane = Var("i", I32)
    kernel = lower("__global__ void k(float *y, int n, int m) { int i = threadIdx.x; if (i >= m && i < n - 3 && n > 4) y[i] = 0; }", CUDA, "").kernels[0]
    condition = next(s for s in kernel.body if hasattr(s, "condition")).condition
    found = selected(condition, lane, lambda expr: "i" in variables(expr))
    assert (len(found.uniform), len(found.lowest), len(found.ends), found.rest) == (1, 1, 1, [])


def test_bounds_of_unsigned_lanes_are_compared_as_signed_numbers():
    source = """__global__ void k(const float *x, float *y, unsigned n, unsigned m) {
      unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
      if (i < n) { y[i] = x[i]; if (i < m) y[i] = 0.0f; } }"""
    text = text_of(candidates(source)[1][0])
    assert "(int)m - (int)i0 < count" in text


def test_64_bit_floats_are_declined_with_a_reason():
    with pytest.raises(Declined, match="no-f64"):
        candidates("__global__ void k(double *x) { x[threadIdx.x] = 0; }")


def test_an_index_beyond_32_bits_keeps_its_cast():
    source = """__global__ void k(const float *x, float *y, int n) {
      for (int c = threadIdx.x; c < n; c += blockDim.x) y[(size_t)blockIdx.x * n + c] = 2.0f * x[(size_t)blockIdx.x * n + c]; }"""
    assert "(unsigned long long)block_x * n + c0" in text_of(candidates(source)[1][0])


def test_data_decide_what_is_chosen_without_arithmetic_on_the_other_side():
    source = """__global__ void k(const float *x, float *y, int n) {
      int i = blockIdx.x * blockDim.x + threadIdx.x;
      if (i < n) { float v = x[i]; y[i] = v > 0.0f ? v : 0.1f * v; } }"""
    text = text_of(candidates(source)[1][0])
    assert "__bang_gt_scalar" in text and "__bang_bxor" in text and "__bang_mul(" not in text


def test_the_last_candidate_is_plain_and_always_there():
    source = "__global__ void k(const int *i, float *y, int n) { int t = blockIdx.x * blockDim.x + threadIdx.x; if (t < n) atomicAdd(&y[i[t]], 1.0f); }"
    _, found = candidates(source)
    assert [c.route for c in found] == ["plain"]
    assert "__bang_atomic_reduce_add(y + i[t], 1.0f);" in text_of(found[0])


def test_nram_is_never_overcommitted():
    source = "__global__ void k(float *y) { __shared__ float big[110000]; big[threadIdx.x] = 1; __syncthreads(); y[threadIdx.x] = big[63 - threadIdx.x]; }"
    with pytest.raises(Declined, match="nram-capacity"):
        candidates(source)

