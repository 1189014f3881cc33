"""AMD's instructions across lanes and on one lane's numbers, against Python's integers and numpy. Many expressions share a kernel."""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Callable

import numpy
import pytest
from emulator.running import needs_gcc, run

from kernelglot.verify.emulate import Faulted

pytestmark = needs_gcc
Lane = Callable[[int], int]
A = [(0x9E3779B1 * (lane + 1) ^ lane << 7) & 0xFFFFFFFF for lane in range(64)]
B = [(0x85EBCA77 * (lane + 3) ^ 0x5A5A << lane % 17) & 0xFFFFFFFF for lane in range(64)]


def signed(x: int) -> int:
    return (x & 0xFFFFFFFF) - ((x & 0x80000000) << 1)


def evaluate(expressions: list[str], architecture: str = "gfx90a", threads: int = 64, guard: str = "true", second: bool = False) -> numpy.ndarray:
    """Row i: what expression i is in each lane; `a` and `b` are the lane's words A and B, `x` and `y` small floats."""
    lines = "\n".join(f"  out[{number} * {threads} + lane] = {expression};" for number, expression in enumerate(expressions))
    text = f"""#include <hip/hip_runtime.h>
template <class T> __device__ int word(T value) {{ int bits = 0; __builtin_memcpy(&bits, &value, sizeof value); return bits; }}
__global__ void k(const unsigned *A, const unsigned *B, int *out) {{
  int lane = threadIdx.x;
  unsigned a = A[lane % 64], b = B[lane % 64];
  float x = (float)(int)(a % 2000) / 100 - 10, y = (float)(b % 1000) / 100 + 0.01f;
  if (!({guard})) return;
{lines}
}}"""
    arguments = {"A": numpy.array(A, numpy.uint32), "B": numpy.array(B, numpy.uint32), "out": numpy.full(len(expressions) * threads, -7, numpy.int32)}
    got = run(text, "k", arguments, block=(threads,), dialect="hip", architecture=architecture, out=(), inout=("out",), second=second)
    return got["out"].reshape(len(expressions), threads)


def quad_perm(lane: int, ctrl: int) -> int:
    return lane // 4 * 4 + (ctrl >> 2 * (lane % 4) & 3)


# control -> the lane that is read, or -1: as the GCN3 and CDNA instruction set documents have DPP_CTRL
DPP: list[tuple[int, Lane]] = [
    *((ctrl, lambda lane, ctrl=ctrl: quad_perm(lane, ctrl)) for ctrl in (0x00, 0x1B, 0xB1, 0x4E, 0xE4, 0xFF)),
    *((0x100 + n, lambda lane, n=n: lane + n if lane % 16 + n < 16 else -1) for n in (1, 4, 15)),
    *((0x110 + n, lambda lane, n=n: lane - n if lane % 16 >= n else -1) for n in (1, 8, 15)),
    *((0x120 + n, lambda lane, n=n: lane // 16 * 16 + (lane - n) % 16) for n in (1, 5, 15)),
    (0x130, lambda lane: lane + 1 if lane < 63 else -1), (0x134, lambda lane: (lane + 1) % 64), (0x138, lambda lane: lane - 1), (0x13C, lambda lane: (lane - 1) % 64),
    (0x140, lambda lane: lane // 16 * 16 + 15 - lane % 16), (0x141, lambda lane: lane // 8 * 8 + 7 - lane % 8),
    (0x142, lambda lane: lane // 16 * 16 - 1), (0x143, lambda lane: 31 if lane >= 32 else -1), (0x153, lambda lane: lane // 16 * 16 + 3),
]


@pytest.mark.covers("hip", "__builtin_amdgcn_update_dpp", "__builtin_amdgcn_mov_dpp")
def test_dpp_controls() -> None:
    expressions = [f"__builtin_amdgcn_update_dpp(-1, lane, {ctrl}, 15, 15, {bound})" for ctrl, _ in DPP for bound in ("false", "true")]
    expressions += [f"__builtin_amdgcn_mov_dpp(lane, {ctrl}, 15, 15, true)" for ctrl, _ in DPP]
    got = evaluate(expressions)
    for number, (ctrl, source) in enumerate(DPP):
        want = [source(lane) for lane in range(64)]
        assert got[2 * number].tolist() == [lane if lane >= 0 else -1 for lane in want], hex(ctrl)
        for row in (2 * number + 1, 2 * len(DPP) + number):
            assert got[row].tolist() == [max(lane, 0) for lane in want], hex(ctrl)


def test_dpp_masks_leave_rows_and_banks_out() -> None:
    got = evaluate(["__builtin_amdgcn_update_dpp(-1, lane, 0x121, 0xA, 0x5, true)"])[0]
    assert got.tolist() == [lane // 16 * 16 + (lane - 1) % 16 if 0xA >> lane // 16 & 1 and 0x5 >> lane % 16 // 4 & 1 else -1 for lane in range(64)]


def test_dpp_does_not_read_lanes_that_are_switched_off() -> None:
    got = evaluate(["__builtin_amdgcn_update_dpp(-1, lane, 0x101, 15, 15, false)", "__builtin_amdgcn_update_dpp(-1, lane, 0x101, 15, 15, true)"], guard="lane % 2 == 0")
    assert got[0].tolist() == [-1 if lane % 2 == 0 else -7 for lane in range(64)] and got[1].tolist() == [0 if lane % 2 == 0 else -7 for lane in range(64)]


def test_a_move_that_reads_nothing_is_unspecified() -> None:
    first, again = (evaluate(["__builtin_amdgcn_mov_dpp(lane, 0x101, 15, 15, false)"], second=second)[0] for second in (False, True))
    assert first[15] != again[15] and first[14] == again[14] == 15


@pytest.mark.covers("hip", "__builtin_amdgcn_mov_dpp8", "__builtin_amdgcn_permlane16", "__builtin_amdgcn_permlanex16")
def test_lanes_of_rdna() -> None:
    selector = sum((lane + 3) % 8 << 3 * lane for lane in range(8))
    low, high = 0x76543210 ^ 0x33333333, 0xFEDCBA98 ^ 0x33333333
    got = evaluate([f"__builtin_amdgcn_mov_dpp8(lane, {selector})", f"__builtin_amdgcn_permlane16(0, lane, {low}u, {high}u, false, false)",
                    f"__builtin_amdgcn_permlanex16(0, lane, {low}u, {high}u, false, false)", "__builtin_amdgcn_update_dpp(0, lane, 0x165, 15, 15, false)",
                    "(int)__builtin_amdgcn_ballot_w32(lane & 1)", "__builtin_amdgcn_wavefrontsize()"], "gfx1100", 32)
    lanes = numpy.arange(32)
    assert (got[0] == lanes // 8 * 8 + (lanes + 3) % 8).all() and (got[1] == lanes ^ 3).all() and (got[2] == lanes ^ 19).all()
    assert (got[3] == lanes ^ 5).all() and (got[4] == signed(0xAAAAAAAA)).all() and (got[5] == 32).all()


@pytest.mark.covers("hip", "__builtin_amdgcn_ds_swizzle", "__builtin_amdgcn_ds_bpermute", "__builtin_amdgcn_ds_permute", "__builtin_amdgcn_readlane",
                    "__builtin_amdgcn_readfirstlane", "__builtin_amdgcn_writelane", "__builtin_amdgcn_mbcnt_lo", "__builtin_amdgcn_mbcnt_hi",
                    "__builtin_amdgcn_ballot_w64", "__builtin_amdgcn_ballot_w32", "__builtin_amdgcn_read_exec", "__builtin_amdgcn_wavefrontsize", "__lane_id")
def test_permutations_and_counts() -> None:
    swizzles = {0x041F: lambda lane: lane ^ 1, 0x401F: lambda lane: lane ^ 16, 0x0018: lambda lane: lane & ~7, 0x00E0: lambda lane: lane & ~31 | 7,
                0x801B: lambda lane: quad_perm(lane, 0x1B)}
    expressions = [f"__builtin_amdgcn_ds_swizzle(lane, {pattern})" for pattern in swizzles]
    expressions += ["__builtin_amdgcn_ds_bpermute(4 * (lane * 7 + 5), a)", "__builtin_amdgcn_ds_permute(4 * (lane * 7 + 5), a)", "__builtin_amdgcn_ds_permute(4 * (lane / 2), lane)",
                    "__builtin_amdgcn_readlane((int)a, 37)", "__builtin_amdgcn_readfirstlane((int)a)", "__builtin_amdgcn_writelane(5, 9, lane)",
                    "__builtin_amdgcn_mbcnt_hi(0xF0F0F0F0u, __builtin_amdgcn_mbcnt_lo(0x0FFF0001u, 100))", "__builtin_amdgcn_mbcnt_lo(~0u, 0)",
                    "(int)(__builtin_amdgcn_ballot_w64(lane % 3 == 0) >> 32)", "__popcll(__builtin_amdgcn_read_exec())", "__builtin_amdgcn_wavefrontsize()", "__lane_id()"]
    got = iter(evaluate(expressions).tolist())
    for pattern, source in swizzles.items():
        assert next(got) == [source(lane) for lane in range(64)], hex(pattern)
    words = [signed(word) for word in A]
    assert next(got) == [words[(lane * 7 + 5) % 64] for lane in range(64)]
    sent = [0] * 64
    for lane in range(64):
        sent[(lane * 7 + 5) % 64] = words[lane]
    assert next(got) == sent
    assert next(got) == [2 * lane + 1 if lane < 32 else 0 for lane in range(64)]
    assert next(got) == [words[37]] * 64 and next(got) == [words[0]] * 64 and next(got) == [5 if lane == 9 else lane for lane in range(64)]
    mask = 0xF0F0F0F00FFF0001
    assert next(got) == [100 + (mask & ((1 << lane) - 1)).bit_count() for lane in range(64)] and next(got) == [min(lane, 32) for lane in range(64)]
    assert next(got) == [signed(sum(1 << lane for lane in range(64) if lane % 3 == 0) >> 32)] * 64
    assert next(got) == [64] * 64 and next(got) == [64] * 64 and next(got) == list(range(64))


def test_the_first_lane_is_the_first_that_is_on() -> None:
    got = evaluate(["__builtin_amdgcn_readfirstlane(lane)", "__builtin_amdgcn_ds_bpermute(4 * (lane - 1), lane)"], guard="lane >= 5")
    assert (got[0][5:] == 5).all() and got[1][5] == 0 and (got[1][6:] == numpy.arange(5, 63)).all()


@pytest.mark.parametrize(("expression", "architecture", "threads", "sentence"), [
    ("__builtin_amdgcn_update_dpp(0, lane, 0x142, 15, 15, false)", "gfx1100", 32, "before gfx10"), ("__builtin_amdgcn_update_dpp(0, lane, 0x138, 15, 15, false)", "gfx1201", 32, "before gfx10"),
    ("__builtin_amdgcn_update_dpp(0, lane, 0x161, 15, 15, false)", "gfx90a", 64, "gfx10"), ("__builtin_amdgcn_ballot_w32(1)", "gfx942", 64, "32 lanes"),
    ("(int)__builtin_amdgcn_ballot_w64(1)", "gfx1100", 32, "64 lanes"), ("__builtin_amdgcn_sudot4(true, a, false, b, 0, false)", "gfx90a", 64, "gfx11"),
    ("__builtin_amdgcn_permlane16(0, lane, 0, 0, false, false)", "gfx90a", 64, "gfx10"),
])
def test_what_a_gpu_lacks(expression: str, architecture: str, threads: int, sentence: str) -> None:
    with pytest.raises(Faulted) as faulted:
        evaluate([expression], architecture, threads)
    assert faulted.value.fault.kind == "architecture" and sentence in faulted.value.fault.sentence and faulted.value.fault.line == 8


@pytest.mark.parametrize("expression", ["__builtin_amdgcn_update_dpp(0, lane, 0x170, 15, 15, false)", "__builtin_amdgcn_ds_swizzle(lane, 0xC000)"])
def test_controls_that_are_not_emulated(expression: str) -> None:
    with pytest.raises(Faulted) as faulted:
        evaluate([expression])
    assert faulted.value.fault.kind == "unsupported" and faulted.value.fault.line == 8


# ---- one lane's numbers ------------------------------------------------------------------------------------------------------
def part(word: int, i: int, bits: int, is_signed: bool) -> int:
    value = word >> i * bits & (1 << bits) - 1
    return value - (1 << bits) if is_signed and value >> bits - 1 else value


def dot(a: int, b: int, bits: int, a_signed: bool, b_signed: bool) -> int:
    return sum(part(a, i, bits, a_signed) * part(b, i, bits, b_signed) for i in range(32 // bits))


def clamped(x: int, is_signed: bool) -> int:
    low, high = (-(2**31), 2**31 - 1) if is_signed else (0, 2**32 - 1)
    return max(low, min(high, x))


def perm(a: int, b: int, selector: int) -> int:
    both, result = [*b.to_bytes(4, "little"), *a.to_bytes(4, "little")], []
    for chosen in selector.to_bytes(4, "little"):
        result.append(both[chosen] if chosen < 8 else 255 * (both[2 * (chosen - 8) + 1] >> 7) if chosen < 12 else 0 if chosen == 12 else 255)
    return int.from_bytes(bytes(result), "little")


def ubfe(x: int, offset: int, width: int) -> int:
    return x >> offset % 32 & (1 << width % 32) - 1


def sbfe(x: int, offset: int, width: int) -> int:
    field, width = ubfe(x, offset, width), width % 32
    return field - (1 << width) if width and field >> width - 1 else field


def lerp(a: int, b: int, c: int) -> int:
    return sum(((a >> i & 255) + (b >> i & 255) + (c >> i & 1)) >> 1 << i for i in (0, 8, 16, 24))


WORDS: list[tuple[str, Callable[[int, int], int]]] = [
    ("__builtin_amdgcn_sdot4(a, b, 0x7ffffff0, false)", lambda a, b: 0x7ffffff0 + dot(a, b, 8, True, True)),
    ("__builtin_amdgcn_sdot4(a, b, 0x7ffffff0, true)", lambda a, b: clamped(0x7ffffff0 + dot(a, b, 8, True, True), True)),
    ("__builtin_amdgcn_sdot4(a, b, -0x7ffffff0, true)", lambda a, b: clamped(-0x7ffffff0 + dot(a, b, 8, True, True), True)),
    ("__builtin_amdgcn_udot4(a, b, 0xfffffff0u, false)", lambda a, b: 0xfffffff0 + dot(a, b, 8, False, False)),
    ("__builtin_amdgcn_udot4(a, b, 0xfffffff0u, true)", lambda a, b: clamped(0xfffffff0 + dot(a, b, 8, False, False), False)),
    ("__builtin_amdgcn_sdot8(a, b, 5, false)", lambda a, b: 5 + dot(a, b, 4, True, True)),
    ("__builtin_amdgcn_udot8(a, b, 5u, true)", lambda a, b: 5 + dot(a, b, 4, False, False)),
    ("__builtin_amdgcn_sdot2((short2v){(short)a, (short)(a >> 16)}, (short2v){(short)b, (short)(b >> 16)}, 7, false)", lambda a, b: 7 + dot(a, b, 16, True, True)),
    ("__builtin_amdgcn_sdot2((short2v){-32768, -32768}, (short2v){-32768, -32768}, 7, true)", lambda a, b: 2**31 - 1),
    ("__builtin_amdgcn_udot2((short2v){(short)a, (short)(a >> 16)}, (short2v){(short)b, (short)(b >> 16)}, 7u, true)", lambda a, b: clamped(7 + dot(a, b, 16, False, False), False)),
    ("__builtin_amdgcn_perm(a, b, 0x07020500u)", lambda a, b: perm(a, b, 0x07020500)), ("__builtin_amdgcn_perm(a, b, 0x0b0a0908u)", lambda a, b: perm(a, b, 0x0b0a0908)),
    ("__builtin_amdgcn_perm(a, b, 0xff0d0c01u)", lambda a, b: perm(a, b, 0xff0d0c01)),
    ("__builtin_amdgcn_alignbit(a, b, lane)", lambda a, b: (a << 32 | b) >> A.index(a) % 32), ("__builtin_amdgcn_alignbyte(a, b, lane)", lambda a, b: (a << 32 | b) >> 8 * (A.index(a) % 4)),
    ("__builtin_amdgcn_ubfe(a, lane, b % 40)", lambda a, b: ubfe(a, A.index(a), b % 40)), ("__builtin_amdgcn_sbfe(a, lane, b % 40)", lambda a, b: sbfe(a, A.index(a), b % 40)),
    ("__builtin_amdgcn_sad_u8(a, b, 9)", lambda a, b: 9 + sum(abs(part(a, i, 8, False) - part(b, i, 8, False)) for i in range(4))),
    ("__builtin_amdgcn_sad_u16(a, b, 9)", lambda a, b: 9 + sum(abs(part(a, i, 16, False) - part(b, i, 16, False)) for i in range(2))),
    ("__builtin_amdgcn_lerp(a, b, 0x00010001u)", lambda a, b: lerp(a, b, 0x00010001)),
    ("__builtin_amdgcn_workitem_id_x() + 1000 * __builtin_amdgcn_workgroup_id_x() + 10000 * __builtin_amdgcn_workgroup_size_x()", lambda a, b: A.index(a) + 640000),
]


def names_in(rows: list[tuple[str, Callable[..., float]]]) -> list[str]:
    return [name for expression, _ in rows for name in re.findall(r"__builtin_amdgcn_\w+", expression)]


@pytest.mark.covers("hip", *names_in(WORDS))
def test_integers_of_one_lane() -> None:
    got = evaluate(["[&] { typedef short short2v __attribute__((vector_size(4))); return (int)" + expression + "; }()" for expression, _ in WORDS])
    for row, (expression, want) in zip(got.tolist(), WORDS):
        assert row == [signed(want(a, b)) for a, b in zip(A, B)], expression


@pytest.mark.covers("hip", "__builtin_amdgcn_sudot4", "__builtin_amdgcn_sudot8")
def test_dots_with_a_sign_for_each_operand() -> None:
    got = evaluate([f"__builtin_amdgcn_sudot{32 // bits}({s}, a, {t}, b, 3, {c})" for bits in (8, 4) for s in ("true", "false") for t in ("true", "false") for c in ("true", "false")],
                   "gfx1100", 32)
    rows = [(bits, s, t) for bits in (8, 4) for s in (True, False) for t in (True, False) for _ in range(2)]
    for row, (bits, s, t) in zip(got.tolist(), rows):
        assert row == [3 + dot(a, b, bits, s, t) for a, b in zip(A[:32], B)]


def med3(x: float, y: float) -> float:
    return sorted((x, y, 1.0))[1]


FLOATS: list[tuple[str, Callable[[float, float], float]]] = [
    ("__builtin_amdgcn_rcpf(y)", lambda x, y: 1 / y), ("(float)__builtin_amdgcn_rcp((double)y)", lambda x, y: 1 / y), ("__builtin_amdgcn_rsqf(y)", lambda x, y: 1 / math.sqrt(y)),
    ("(float)__builtin_amdgcn_rsq((double)y)", lambda x, y: 1 / math.sqrt(y)), ("__builtin_amdgcn_sqrtf(y)", lambda x, y: math.sqrt(y)), ("(float)__builtin_amdgcn_sqrt((double)y)", lambda x, y: math.sqrt(y)),
    ("__builtin_amdgcn_exp2f(x)", lambda x, y: 2**x), ("__builtin_amdgcn_logf(y)", lambda x, y: math.log2(y)), ("__builtin_amdgcn_sinf(x)", lambda x, y: math.sin(2 * math.pi * x)),
    ("__builtin_amdgcn_cosf(x)", lambda x, y: math.cos(2 * math.pi * x)), ("__builtin_amdgcn_fractf(x)", lambda x, y: x - math.floor(x)), ("(float)__builtin_amdgcn_fract((double)x)", lambda x, y: x - math.floor(x)),
    ("__builtin_amdgcn_ldexpf(x, 3)", lambda x, y: 8 * x), ("(float)__builtin_amdgcn_ldexp((double)x, -3)", lambda x, y: x / 8), ("__builtin_amdgcn_frexp_mantf(x)", lambda x, y: math.frexp(x)[0]),
    ("(float)__builtin_amdgcn_frexp_expf(x)", lambda x, y: math.frexp(x)[1]), ("__builtin_amdgcn_fmed3f(x, y, 1.0f)", med3), ("__builtin_amdgcn_fmul_legacy(x, y)", lambda x, y: x * y),
    ("__builtin_amdgcn_fmul_legacy(0.0f, __builtin_inff())", lambda x, y: 0.0), ("__builtin_amdgcn_fract(-1e-30)", lambda x, y: 1 - 2.0**-53), ("__builtin_amdgcn_fractf(-1e-30f)", lambda x, y: 1 - 2.0**-24),
    ("__builtin_amdgcn_fdot2((half2v){(_Float16)x, (_Float16)y}, (half2v){(_Float16)2, (_Float16)-1}, 1.0f, false)", lambda x, y: 1 + 2 * float(numpy.float16(x)) - float(numpy.float16(y))),
    ("__builtin_amdgcn_fdot2((half2v){(_Float16)x, (_Float16)y}, (half2v){(_Float16)2, (_Float16)-1}, 1.0f, true)", lambda x, y: min(1, max(0, 1 + 2 * float(numpy.float16(x)) - float(numpy.float16(y))))),
    ("__builtin_amdgcn_fdot2((half2v){(_Float16)1e-6f, (_Float16)0}, (half2v){(_Float16)1024, (_Float16)0}, 0.0f, false)", lambda x, y: 0.0),
    ("(float)__builtin_amdgcn_cvt_pkrtz(x, y)[0]", lambda x, y: float(toward_zero(x))), ("(float)__builtin_amdgcn_cvt_pkrtz(x, -y)[1]", lambda x, y: float(toward_zero(-y))),
]


def toward_zero(x: float) -> numpy.float16:
    near = numpy.float16(x)
    return numpy.nextafter(near, numpy.float16(0)) if abs(float(near)) > abs(x) else near


@pytest.mark.covers("hip", *names_in(FLOATS))
def test_floats_of_one_lane() -> None:
    got = evaluate(["[&] { typedef _Float16 half2v __attribute__((vector_size(4))); return word((float)" + expression + "); }()" for expression, _ in FLOATS])
    x = [numpy.float32(numpy.float32(a % 2000) / numpy.float32(100)) - numpy.float32(10) for a in A]
    y = [numpy.float32(b % 1000) / numpy.float32(100) + numpy.float32(0.01) for b in B]
    for row, (expression, want) in zip(got, FLOATS):
        floats = [struct.unpack("<f", struct.pack("<i", bits))[0] for bits in row.tolist()]
        numpy.testing.assert_allclose(floats, [want(float(p), float(q)) for p, q in zip(x, y)], rtol=2e-7, atol=1e-7, err_msg=expression)


HINTS = ("__builtin_amdgcn_fence", "__builtin_amdgcn_s_waitcnt", "__builtin_amdgcn_s_sleep", "__builtin_amdgcn_s_setprio", "__builtin_amdgcn_sched_barrier",
         "__builtin_amdgcn_sched_group_barrier", "__builtin_amdgcn_iglp_opt", "__builtin_amdgcn_s_barrier", "__builtin_amdgcn_wave_barrier")


@pytest.mark.covers("hip", *HINTS)
def test_hints_change_nothing_and_barriers_wait() -> None:
    text = """__global__ void k(int *out) {
  __shared__ int tile[64];
  tile[threadIdx.x] = threadIdx.x;
  __builtin_amdgcn_fence(__ATOMIC_RELEASE, "workgroup"); __builtin_amdgcn_s_waitcnt(0); __builtin_amdgcn_s_sleep(1); __builtin_amdgcn_s_setprio(1);
  __builtin_amdgcn_sched_barrier(0); __builtin_amdgcn_sched_group_barrier(8, 1, 0); __builtin_amdgcn_iglp_opt(0);
  __builtin_amdgcn_s_barrier();
  int other = tile[63 - threadIdx.x];
  __builtin_amdgcn_wave_barrier();
  tile[threadIdx.x] = other;
  __builtin_amdgcn_s_barrier();
  out[threadIdx.x] = tile[threadIdx.x];
}"""
    assert (run(text, "k", {"out": numpy.zeros(64, numpy.int32)}, block=(64,), dialect="hip")["out"] == numpy.arange(64)[::-1]).all()
