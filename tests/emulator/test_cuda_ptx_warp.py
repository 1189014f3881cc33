"""PTX that lanes do together, against numpy: matrix fragments as PTX's tables deal them, ldmatrix, cp.async, shuffles, memory, faults."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy
import pytest
from emulator import exact
from emulator.running import needs_gcc, run
from faults.planted import fault_of

from kernelglot.verify.emulate import Faulted

pytestmark = needs_gcc
Place = Callable[[int, int, int], tuple[int, int]]      # g = lane / 4, t = lane % 4, element i -> row, column


@dataclass(frozen=True, slots=True)
class Product:
    """A form of mma.sync: sizes, types of a, b and the sums, elements of a lane, where they lie."""

    suffix: str
    m: int
    n: int
    k: int
    element: str
    sums: str
    a: tuple[int, Place]
    b: tuple[int, Place]


def _wide(e: int) -> dict[str, tuple[int, Place]]:
    """The tables of m16n8k(4e..8e): e elements to a register."""
    return {
        "a8": (4 * e, lambda g, t, i: (g if i // e in (0, 2) else g + 8, e * t + i % e + (4 * e if i >= 2 * e else 0))),
        "a4": (2 * e, lambda g, t, i: (g if i < e else g + 8, e * t + i % e)),
        "b8": (2 * e, lambda g, t, i: (e * t + i % e + (4 * e if i >= e else 0), g)),
        "b4": (e, lambda g, t, i: (e * t + i, g)),
        "a1": (e, lambda g, t, i: (g, e * t + i)),
    }


F16, TF32, I8, I4, F64, B1 = _wide(2), _wide(1), _wide(4), _wide(8), _wide(1), _wide(32)
PRODUCTS = [
    Product("m16n8k16.row.col.f32.f16.f16.f32", 16, 8, 16, "f16", "f32", F16["a8"], F16["b8"]),
    Product("m16n8k16.row.col.f16.f16.f16.f16", 16, 8, 16, "f16", "f16", F16["a8"], F16["b8"]),
    Product("m16n8k8.row.col.f32.f16.f16.f32", 16, 8, 8, "f16", "f32", F16["a4"], F16["b4"]),
    Product("m16n8k8.row.col.f16.f16.f16.f16", 16, 8, 8, "f16", "f16", F16["a4"], F16["b4"]),
    Product("m16n8k16.row.col.f32.bf16.bf16.f32", 16, 8, 16, "bf16", "f32", F16["a8"], F16["b8"]),
    Product("m16n8k8.row.col.f32.bf16.bf16.f32", 16, 8, 8, "bf16", "f32", F16["a4"], F16["b4"]),
    Product("m16n8k8.row.col.f32.tf32.tf32.f32", 16, 8, 8, "tf32", "f32", TF32["a8"], TF32["b8"]),
    Product("m16n8k4.row.col.f32.tf32.tf32.f32", 16, 8, 4, "tf32", "f32", TF32["a4"], TF32["b4"]),
    Product("m8n8k4.row.col.f64.f64.f64.f64", 8, 8, 4, "f64", "f64", F64["a1"], F64["b4"]),
    *(Product(f"m16n8k32.row.col{satf}.s32.{a}.{b}.s32", 16, 8, 32, f"{a} {b}", "s32", I8["a8"], I8["b8"])
      for a in ("s8", "u8") for b in ("s8", "u8") for satf in ("", ".satfinite")),
    Product("m16n8k16.row.col.s32.s8.u8.s32", 16, 8, 16, "s8 u8", "s32", I8["a4"], I8["b4"]),
    Product("m8n8k16.row.col.s32.u8.s8.s32", 8, 8, 16, "u8 s8", "s32", I8["a1"], I8["b4"]),
    Product("m16n8k64.row.col.s32.s4.u4.s32", 16, 8, 64, "s4 u4", "s32", I4["a8"], I4["b8"]),
    Product("m16n8k32.row.col.s32.u4.s4.s32", 16, 8, 32, "u4 s4", "s32", I4["a4"], I4["b4"]),
    Product("m8n8k32.row.col.s32.s4.s4.s32", 8, 8, 32, "s4 s4", "s32", I4["a1"], I4["b4"]),
    Product("m16n8k256.row.col.s32.b1.b1.s32.xor.popc", 16, 8, 256, "b1", "s32", B1["a8"], B1["b8"]),
    Product("m16n8k128.row.col.s32.b1.b1.s32.and.popc", 16, 8, 128, "b1", "s32", B1["a4"], B1["b4"]),
    Product("m8n8k128.row.col.s32.b1.b1.s32.xor.popc", 8, 8, 128, "b1", "s32", B1["a1"], B1["b4"]),
]  # fmt: skip
RANGES = {"s8": (-128, 128, 8), "u8": (0, 256, 8), "s4": (-8, 8, 4), "u4": (0, 16, 4), "b1": (0, 2, 1)}


def _drawn(kind: str, shape: tuple[int, int], rng: numpy.random.Generator) -> tuple[numpy.ndarray, numpy.ndarray, int]:
    """Values, their bits, how many bits each has."""
    if kind in RANGES:
        low, high, bits = RANGES[kind]
        values = rng.integers(low, high, shape)
        return values.astype("i8"), (values & (1 << bits) - 1).astype("u8"), bits
    wide = rng.standard_normal(shape)
    if kind == "f64":
        return wide, wide.view("u8"), 64
    if kind == "f16":
        values = wide.astype("f2")
        return values.astype("f8"), values.view("u2").astype("u8"), 16
    keep = {"bf16": 16, "tf32": 13}[kind]
    bits = wide.astype("f4").view("u4") >> keep << keep
    return bits.view("f4").astype("f8"), (bits >> 16 if kind == "bf16" else bits).astype("u8"), 16 if kind == "bf16" else 32


def _dealt(bits: numpy.ndarray, width: int, count: int, place: Place) -> numpy.ndarray:
    """Registers of each lane: (32, registers)."""
    word = 64 if width == 64 else 32
    out = numpy.zeros((32, count * width // word), "u8")
    for lane in range(32):
        for i in range(count):
            out[lane, i * width // word] |= bits[place(lane // 4, lane % 4, i)] << numpy.uint64(i * width % word)
    return out


def _sums(g: int, t: int, i: int) -> tuple[int, int]:
    return g + (8 if i >= 2 else 0), 2 * t + (i & 1)


def _kernel(form: Product) -> str:
    letter, c_type = {"f32": ("f", "float"), "f64": ("d", "double"), "s32": ("r", "int"), "f16": ("r", "unsigned")}[form.sums]
    word, w = ("double", "d") if form.element == "f64" else ("unsigned", "r")
    count_a, count_b = (count * {"f16": 16, "bf16": 16, "tf32": 32, "f64": 64, "b1": 1}.get(form.element, RANGES.get(form.element[:2], (0, 0, 0))[2])
                        // (64 if w == "d" else 32) for count in (form.a[0], form.b[0]))  # fmt: skip
    count_c = form.m * form.n // 32 // (2 if form.sums == "f16" else 1)
    starts = [0, count_c, count_c + count_a, count_c + count_a + count_b]
    groups = ["{" + ", ".join(f"%{start + i}" for i in range(count)) + "}" for start, count in zip(starts, (count_c, count_a, count_b, count_c))]
    outputs = ", ".join(f'"={letter}"(d[{i}])' for i in range(count_c))
    inputs = ", ".join([*(f'"{w}"(a[{i} + t * {count_a}])' for i in range(count_a)), *(f'"{w}"(b[{i} + t * {count_b}])' for i in range(count_b)),
                        *(f'"{letter}"(c[{i} + t * {count_c}])' for i in range(count_c))])  # fmt: skip
    return (f"__global__ void k(const {word} *a, const {word} *b, const {c_type} *c, {c_type} *out) {{\n  int t = threadIdx.x; {c_type} d[{count_c}];\n"
            f'  asm volatile("mma.sync.aligned.{form.suffix} {", ".join(groups)};\\n" : {outputs}\n    : {inputs});\n'
            f"  for (int i = 0; i < {count_c}; ++i) out[t * {count_c} + i] = d[i];\n}}\n")  # fmt: skip


@pytest.mark.parametrize("form", PRODUCTS, ids=lambda form: form.suffix)
@pytest.mark.covers("cuda", "ptx:mma")
def test_matrix_products_deal_elements_as_the_tables_say(form: Product) -> None:
    rng = numpy.random.default_rng(21)
    kind_a, _, kind_b = form.element.partition(" ")
    a, bits_a, width_a = _drawn(kind_a, (form.m, form.k), rng)
    b, bits_b, width_b = _drawn(kind_b or kind_a, (form.k, form.n), rng)
    place_c: Place = _sums
    if form.sums == "s32":
        c = rng.integers(-(2**31), 2**31, (form.m, form.n))
        bits_c, width_c, dtype = (c & 0xFFFFFFFF).astype("u8"), 32, "i4"
    elif form.sums == "f16":
        c, bits_c, width_c = _drawn("f16", (form.m, form.n), rng)
        dtype = "u4"
    else:
        c = rng.standard_normal((form.m, form.n)).astype({"f32": "f4", "f64": "f8"}[form.sums])
        bits_c, width_c, dtype = c.view({"f32": "u4", "f64": "u8"}[form.sums]).astype("u8"), 8 * c.itemsize, c.dtype.str[1:]
    given = {"a": _dealt(bits_a, width_a, *form.a), "b": _dealt(bits_b, width_b, *form.b), "c": _dealt(bits_c, width_c, form.m * form.n // 32, place_c)}
    word = "f8" if form.element == "f64" else "u4"
    arrays = {name: (regs.view("f8") if word == "f8" and name != "c" else regs.astype(word)) for name, regs in given.items()}
    arrays["c"] = given["c"].view("f8") if dtype == "f8" else given["c"].astype("u4").view(dtype)
    got = run(_kernel(form), "k", {**{name: numpy.ascontiguousarray(v).ravel() for name, v in arrays.items()}, "out": numpy.zeros(arrays["c"].size, dtype)}, block=(32,))["out"]
    got = got.view("f2").reshape(32, -1) if form.sums == "f16" else got.reshape(32, -1)
    if form.element == "b1":
        pairs = a[:, :, None] != b[None] if "xor" in form.suffix else a[:, :, None] * b[None]
        exact = pairs.sum(1) + c
    else:
        exact = a @ b + c.astype(a.dtype)
    if "satfinite" in form.suffix:
        exact = exact.clip(-(2**31), 2**31 - 1)
    expected = exact if form.sums == "f64" else (exact & 0xFFFFFFFF).astype("u4").view("i4") if form.sums == "s32" else exact.astype({"f32": "f4", "f16": "f2"}[form.sums])
    for lane in range(32):
        for i in range(form.m * form.n // 32):
            wanted = expected[_sums(lane // 4, lane % 4, i)]
            near = {"f64": 1e-14, "s32": 0}.get(form.sums, float(numpy.spacing(abs(wanted))))      # the order of a sum is not promised
            assert abs(float(got[lane, i]) - float(wanted)) <= near, (lane, i)


# ---- moves of matrices ---------------------------------------------------------------------------------------------------------------

LOAD = """__global__ void k(const unsigned short *x, unsigned *out, unsigned short *back) {{
  __shared__ __align__(16) unsigned short s[256], again[256];
  int t = threadIdx.x;
  for (int i = t; i < 256; i += 32) s[i] = x[i], again[i] = 0;
  __syncthreads();
  unsigned at = (unsigned)__cvta_generic_to_shared(s + 8 * t), to = (unsigned)__cvta_generic_to_shared(again + 8 * t), r0, r1, r2, r3, turned;
  asm volatile("ldmatrix.sync.aligned.m8n8.x4{trans}.shared.b16 {{%0,%1,%2,%3}}, [%4];" : "=r"(r0), "=r"(r1), "=r"(r2), "=r"(r3) : "r"(at) : "memory");
  asm volatile("stmatrix.sync.aligned.m8n8.x4{trans}.shared.b16 [%0], {{%1,%2,%3,%4}};" :: "r"(to), "r"(r0), "r"(r1), "r"(r2), "r"(r3) : "memory");
  asm volatile("movmatrix.sync.aligned.m8n8.trans.b16 %0, %1;" : "=r"(turned) : "r"(r0));
  unsigned one;
  asm volatile("ldmatrix.sync.aligned.m8n8.x1{trans}.shared::cta.b16 {{%0}}, [%1 + 128];" : "=r"(one) : "r"(at));
  __syncthreads();
  out[t] = r0; out[32 + t] = r1; out[64 + t] = r2; out[96 + t] = r3; out[128 + t] = turned; out[160 + t] = one;
  for (int i = t; i < 256; i += 32) back[i] = again[i];
}}"""


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.covers("cuda", "ptx:ldmatrix", "ptx:stmatrix", "ptx:movmatrix", "__cvta_generic_to_shared")
def test_matrices_are_loaded_stored_and_turned(transposed: bool) -> None:
    x = numpy.random.default_rng(22).integers(0, 65536, 256).astype("u2")
    got = run(LOAD.format(trans=".trans" if transposed else ""), "k", {"x": x, "out": numpy.zeros(192, "u4"), "back": numpy.zeros(256, "u2")}, block=(32,),
              out=("out", "back"))  # fmt: skip
    matrices = x.reshape(4, 8, 8)
    seen = matrices.transpose(0, 2, 1) if transposed else matrices
    pairs = seen.reshape(4, 32, 2).astype("u4")
    rows = got["out"].reshape(6, 32)
    assert (rows[:4] == pairs[:, :, 0] | pairs[:, :, 1] << 16).all()
    turned = seen[0].T.reshape(32, 2).astype("u4")
    assert (rows[4] == turned[:, 0] | turned[:, 1] << 16).all() and (rows[5] == rows[1]).all()
    assert (got["back"] == x).all()


# ---- asynchronous copies ------------------------------------------------------------------------------------------------------------------

COPY = """__global__ void k(const int *x, int *out) {{
  __shared__ __align__(16) int s[2][128];
  int t = threadIdx.x;
  for (int stage = 0; stage < 2; ++stage) {{
    unsigned to = (unsigned)__cvta_generic_to_shared(&s[stage][4 * t]);
    asm volatile("cp.async.cg.shared.global.L2::128B [%0], [%1], 16, %2;" :: "r"(to), "l"(x + stage * 128 + 4 * t), "r"(t == 5 ? 4 : 16) : "memory");
    asm volatile("cp.async.commit_group;" ::: "memory");
  }}
  {wait}
  __syncthreads();
  for (int i = 0; i < 4; ++i) out[4 * t + i] = s[0][4 * t + i], out[128 + 4 * t + i] = s[1][4 * t + i];
}}"""


def _copied(wait: str, second: bool = False) -> numpy.ndarray:
    x = numpy.arange(1, 257, dtype="i4")
    return run(COPY.format(wait=wait), "k", {"x": x, "out": numpy.zeros(256, "i4")}, block=(32,), second=second)["out"]


@pytest.mark.covers("cuda", "ptx:cp")
def test_asynchronous_copies_arrive_at_the_wait_that_covers_them() -> None:
    expected = numpy.arange(1, 257, dtype="i4")
    expected[[21, 22, 23, 149, 150, 151]] = 0
    for wait in ('asm volatile("cp.async.wait_all;" ::: "memory");', 'asm volatile("cp.async.wait_group %0;" :: "n"(0));'):
        assert (_copied(wait) == expected).all()
    first, second = (_copied('asm volatile("cp.async.wait_group 1;\\n" ::);', again) for again in (False, True))
    assert (first[:128] == expected[:128]).all() and (first[128:] == -1).all() and (second[128:] == 0x3B3B3B3B).all()


def test_a_strict_run_names_the_read_that_came_too_early() -> None:
    arguments = {"x": numpy.arange(256, dtype="i4"), "out": numpy.zeros(256, "i4")}
    text = COPY.format(wait='asm volatile("cp.async.wait_group 1;");')
    fault = fault_of(text, "k", arguments, block=(32,))
    assert fault is not None and (fault.kind, fault.line) == ("async", 11) and "an asynchronous copy is under way that nobody has waited for" in fault.sentence
    assert fault_of(text.replace("wait_group 1", "wait_all"), "k", arguments, block=(32,)) is None


@pytest.mark.covers("cuda", "__pipeline_memcpy_async", "__pipeline_commit", "__pipeline_wait_prior")
def test_the_pipeline_primitives_are_the_same_copies() -> None:
    text = """#include <cuda_pipeline.h>
__global__ void k(const int *x, int *out) {
  __shared__ int s[64];
  __pipeline_memcpy_async(&s[threadIdx.x], &x[threadIdx.x], 4, threadIdx.x == 3 ? 4 : 0);
  __pipeline_commit();
  %s
  __syncthreads();
  out[threadIdx.x] = s[63 - threadIdx.x];
}"""
    x = numpy.arange(10, 74, dtype="i4")
    expected = x[::-1].copy()
    expected[60] = 0
    for wait, same in (("__pipeline_wait_prior(0);", True), ("__pipeline_wait_prior(1);", False)):
        got = run(text % wait, "k", {"x": x, "out": numpy.zeros(64, "i4")}, block=(64,))["out"]
        assert (got == expected).all() == same


# ---- the warp, memory, special registers ---------------------------------------------------------------------------------------------------

@pytest.mark.covers("cuda", "ptx:shfl", "ptx:vote", "ptx:match", "ptx:redux", "ptx:bar", "ptx:activemask", "ptx:atom", "ptx:red", "ptx:ld", "ptx:st", "ptx:cvta")
def test_warp_and_memory_instructions() -> None:
    text = """__device__ __forceinline__ unsigned lane() { unsigned l; asm volatile("mov.u32 %0, %%laneid;" : "=r"(l)); return l; }
__global__ void k(const float4 *x, int *total, int *out) {
  __shared__ __align__(16) float s[128];
  int t = threadIdx.x, a, b, c, d, e, f, g, h, inside;
  asm volatile("{ .reg .pred p; shfl.sync.down.b32 %0|p, %2, 4, 0x1c1f, 0xffffffff; selp.s32 %1, 1, 0, p; }" : "=r"(a), "=r"(inside) : "r"(t));
  asm volatile("shfl.sync.bfly.b32 %0, %1, 1, 0x1f, 0xffffffff;" : "=r"(b) : "r"(t));
  asm volatile("{ .reg .pred p; setp.gt.s32 p, %1, 20; vote.sync.ballot.b32 %0, p, -1; }" : "=r"(c) : "r"(t));
  asm volatile("redux.sync.max.s32 %0, %1, 0xffffffff;" : "=r"(d) : "r"(t - 7));
  asm volatile("match.any.sync.b32 %0, %1, 0xffffffff;" : "=r"(e) : "r"(t % 2));
  asm volatile("activemask.b32 %0;" : "=r"(f));
  float4 v;
  asm volatile("ld.global.nc.L1::no_allocate.v4.f32 {%0, %1, %2, %3}, [%4];" : "=f"(v.x), "=f"(v.y), "=f"(v.z), "=f"(v.w) : "l"(x + t));
  unsigned long long wide = (unsigned long long)(s + 4 * t);
  asm volatile("{ .reg .u64 a; .reg .u32 b; cvta.to.shared.u64 a, %0; cvt.u32.u64 b, a; st.shared.v4.f32 [b], {%1, %2, %3, %4}; }"
               :: "l"(wide), "f"(v.w), "f"(v.z), "f"(v.y), "f"(v.x) : "memory");
  asm volatile("bar.sync 0;" ::: "memory");
  asm volatile("{ .reg .pred p, q; setp.eq.s32 p, %1, 3; bar.red.or.pred q, 0, p; selp.s32 %0, 1, 0, q; }" : "=r"(g) : "r"(t));
  asm volatile("red.global.add.s32 [%0], %1;" :: "l"(total), "r"(t) : "memory");
  asm volatile("atom.global.gpu.relaxed.max.s32 %0, [%1 + 4], %2;" : "=r"(h) : "l"(total), "r"(t) : "memory");
  float z;
  asm volatile("ld.shared.f32 %0, [%1+4];" : "=f"(z) : "r"((unsigned)__cvta_generic_to_shared(s + 4 * t)));
  int values[10] = {a, b, c, d, e, f, g, inside, (int)z, (int)lane()};
  for (int i = 0; i < 10; ++i) out[i * 32 + t] = values[i];
}"""
    x = numpy.arange(128, dtype="f4")
    got = run(text, "k", {"x": x, "total": numpy.zeros(2, "i4"), "out": numpy.zeros(320, "i4")}, block=(32,), inout=("total",))
    t, rows = numpy.arange(32), got["out"].reshape(10, 32)
    down = numpy.where((t & 3) + 4 <= 3, 0, numpy.where(t + 4 <= (t & 28 | 3), t + 4, t))
    assert (rows[0] == down).all() and (rows[7] == (t + 4 <= (t & 28 | 3))).all()
    assert (rows[1] == t ^ 1).all() and (rows[2].astype("u4") == 0xFFE00000).all() and (rows[3] == 24).all()
    assert (rows[4].astype("u4") == numpy.where(t % 2, 0xAAAAAAAA, 0x55555555)).all() and (rows[5] == -1).all() and (rows[6] == 1).all()
    assert (rows[8] == 4 * t + 2).all() and (rows[9] == t).all()
    assert got["total"].tolist() == [496, 31]


def fp8(values: numpy.ndarray, form: str) -> numpy.ndarray:
    return numpy.array([exact.encoded(exact.decoded(int(v), "f32"), form, finite=True) for v in values.astype("f4").view("u4").ravel()], "u4").reshape(values.shape)


@pytest.mark.parametrize("form", ["e4m3", "e5m2"])
@pytest.mark.covers("cuda", "ptx:cvt", "ptx:mma")
def test_eight_bit_floats(form: str) -> None:
    text = f"""__global__ void k(const float *a, const float *b, float *out, unsigned *packed) {{
  int t = threadIdx.x, g = t / 4, q = t % 4;
  unsigned ra[4], rb[2];
  for (int r = 0; r < 6; ++r) {{
    unsigned short low, high;
    const float *p = r < 4 ? a + (g + 8 * (r & 1)) * 32 + 4 * q + 16 * (r >> 1) : b + g * 32 + 4 * q + 16 * (r - 4);
    asm("cvt.rn.satfinite.{form}x2.f32 %0, %1, %2;" : "=h"(low) : "f"(p[1]), "f"(p[0]));
    asm("{{ .reg .b32 h; cvt.rn.f16x2.f32 h, %1, %2; cvt.rn.satfinite.{form}x2.f16x2 %0, h; }}" : "=h"(high) : "f"(p[3]), "f"(p[2]));
    (r < 4 ? ra[r] : rb[r - 4]) = low | (unsigned)high << 16;
  }}
  float d[4] = {{0, 0, 0, 0}};
  asm volatile("mma.sync.aligned.m16n8k32.row.col.f32.{form}.{form}.f32 {{%0,%1,%2,%3}}, {{%4,%5,%6,%7}}, {{%8,%9}}, {{%0,%1,%2,%3}};"
    : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3]) : "r"(ra[0]), "r"(ra[1]), "r"(ra[2]), "r"(ra[3]), "r"(rb[0]), "r"(rb[1]));
  for (int i = 0; i < 4; ++i) out[(g + (i >= 2) * 8) * 8 + 2 * q + (i & 1)] = d[i];
  unsigned back;
  asm("cvt.rn.f16x2.{form}x2 %0, %1;" : "=r"(back) : "h"((unsigned short)(t * 258)));
  packed[t] = back;
}}"""
    rng = numpy.random.default_rng(23)
    a, b = (rng.standard_normal(shape).astype("f2").astype("f4") * scale for shape, scale in (((16, 32), 2), ((8, 32), 0.5)))
    got = run(text, "k", {"a": a.ravel(), "b": b.ravel(), "out": numpy.zeros(128, "f4"), "packed": numpy.zeros(32, "u4")}, block=(32,), out=("out", "packed"))
    wide = [numpy.array([float(exact.decoded(int(v), form)) for v in fp8(each, form).ravel()]).reshape(each.shape) for each in (a, b)]
    numpy.testing.assert_allclose(got["out"].reshape(16, 8), wide[0] @ wide[1].T, rtol=1e-6, atol=1e-6)
    for t in range(32):
        low, high = (exact.decoded(t * 258 >> shift & 255, form) for shift in (0, 8))
        assert got["packed"][t] == exact.encoded(low, "f16") | exact.encoded(high, "f16") << 16


@pytest.mark.covers("cuda", "ptx:membar", "ptx:fence", "ptx:prefetch", "ptx:prefetchu", "ptx:createpolicy", "ptx:nanosleep", "ptx:barrier", "ptx:isspacep", "ptx:bmsk.clamp",
                    "ptx:ldu", "ptx:pmevent", "ptx:brkpt")  # fmt: skip
def test_what_orders_hints_and_asks() -> None:
    text = """__global__ void k(const int *x, int *out) {
  __shared__ int s[32];
  int t = threadIdx.x, value, shared, global, mask;
  asm volatile("prefetch.global.L2 [%0]; prefetchu.L1 [%0]; pmevent 3;" :: "l"(x));
  asm volatile("{ .reg .u64 p; createpolicy.fractional.L2::evict_last.b64 p, 1.0; ld.global.L2::cache_hint.s32 %0, [%1], p; }" : "=r"(value) : "l"(x + t));
  s[t] = value; asm volatile("membar.cta; fence.acq_rel.gpu; nanosleep.u32 20; barrier.sync 0;" ::: "memory");
  asm volatile("{ .reg .pred p; isspacep.shared p, %1; selp.s32 %0, 1, 0, p; }" : "=r"(shared) : "l"(s));
  asm volatile("{ .reg .pred p; isspacep.global p, %1; selp.s32 %0, 1, 0, p; }" : "=r"(global) : "l"(s));
  asm volatile("bmsk.clamp.b32 %0, %1, 3;" : "=r"(mask) : "r"(t));
  asm volatile("ldu.global.s32 %0, [%1];" : "=r"(value) : "l"(x + 1));
  if (t > 99) asm volatile("brkpt;");
  out[t] = s[31 - t]; out[32 + t] = shared + 2 * global; out[64 + t] = mask; out[96 + t] = value;
}"""
    x, t = numpy.arange(7, 39, dtype="i4"), numpy.arange(32)
    got = run(text, "k", {"x": x, "out": numpy.zeros(128, "i4")}, block=(32,))["out"].reshape(4, 32)
    assert (got[0] == x[::-1]).all() and (got[1] == 1).all() and (got[2].astype("u4") == (7 << t & 0xFFFFFFFF)).all() and (got[3] == 8).all()


def test_idioms_of_real_kernels() -> None:
    """A guarded copy, a constant offset in an address, unpacking through registers of a block, a lock's acquire and release."""
    text = r"""#include <cuda_fp16.h>
template <int OFFSET> __device__ float ahead(unsigned at) { float v; asm volatile("ld.shared.f32 %0, [%1 + %2];" : "=f"(v) : "r"(at), "n"(OFFSET)); return v; }
__global__ void k(const float4 *x, int *lock, float *out, int n) {
  __shared__ __align__(16) float s[128];
  int t = threadIdx.x, state;
  s[4 * t] = s[4 * t + 1] = s[4 * t + 2] = s[4 * t + 3] = -1;
  unsigned at = __cvta_generic_to_shared(s + 4 * t);
  asm volatile("{\n  .reg .pred p;\n  setp.ne.b32 p, %0, 0;\n  @p cp.async.cg.shared.global.L2::128B [%1], [%2], 16;\n}\n" :: "r"((int)(t < n)), "r"(at), "l"(x + t));
  asm volatile("cp.async.commit_group;\ncp.async.wait_group 0;\n" ::: "memory");
  float low;
  half2 pair = __floats2half2_rn(t, 2 * t);
  asm("{.reg .f16 low, high;\n mov.b32 {low, high}, %1;\n cvt.f32.f16 %0, high;}\n" : "=f"(low) : "r"(*reinterpret_cast<unsigned *>(&pair)));
  asm volatile("ld.global.acquire.gpu.b32 %0, [%1];\n" : "=r"(state) : "l"(lock));
  asm volatile("fence.acq_rel.gpu;\nred.relaxed.gpu.global.add.s32 [%0], %1;\n" :: "l"(lock), "r"(1));
  out[t] = ahead<8>(at); out[32 + t] = low; out[64 + t] = state;
}"""
    x = numpy.arange(128, dtype="f4")
    got = run(text, "k", {"x": x, "lock": numpy.zeros(1, "i4"), "out": numpy.zeros(96, "f4"), "n": 20}, block=(32,), inout=("lock",))
    t = numpy.arange(32)
    assert (got["out"][:32] == numpy.where(t < 20, 4 * t + 2, -1)).all() and (got["out"][32:64] == 2 * t).all() and got["lock"][0] == 32
    assert sorted(got["out"][64:]) == list(range(32))


def test_macros_and_generated_texts_are_read_as_they_are() -> None:
    """Inside a macro with continued lines; text from adjacent literals and from a macro; what a comment or a string says stays."""
    text = """#define OP "add.s32 "
#define RN 8
#define lane (threadIdx.x % 32)
#define max(a, b) ((a) > (b) ? (a) : (b))
#define SUM(d, x, \\
            y) \\
  asm volatile(OP "%0, %1, %2;" /* not this; */ \\
               "\\n" : "=r"(d) \\
               : "r"(x), "r"((y) + (x ? 1 : 0)))
// asm("this is no statement");
extern "C" __device__ int named(int) __asm__("another_name");
__global__ void k(int *out) {
  int t = threadIdx.x, d;
  const char *word = "asm(\\"nor this\\")";
  if (t < 16) SUM(d, t, 10); else asm("sub.s32 %0, %1, 1;" : "=r"(d) : "r"(t));
  asm volatile("" ::: "memory");
  float up; asm("{ .reg .pred p; add.rn.f32 %0, %1, 0f3F000000; setp.gt.f32 p, %0, 0f41000000; @p mov.f32 %0, 0f41000000; }" : "=f"(up) : "f"((float)t));
  int own, big; asm("mov.u32 %0, %%laneid; max.s32 %1, %0, 9;" : "=r"(own), "=r"(big));
  out[t] = d; out[32] = __LINE__; out[33 + t] = (int)(2 * up) + 100 * own + 10000 * big; (void)word;
}"""
    t = numpy.arange(32)
    got = run(text, "k", {"out": numpy.zeros(65, "i4")}, block=(32,))["out"]
    assert (got[:32] == numpy.where(t < 16, t + 10 + (t > 0), t - 1)).all() and got[32] == 19
    assert (got[33:] == numpy.minimum(2 * t + 1, 16) + 100 * t + 10000 * numpy.maximum(t, 9)).all()


# ---- what is not emulated, and what is wrong ---------------------------------------------------------------------------------------------------

SHARED = "__shared__ __align__(16) int s[64]; unsigned at = (unsigned)__cvta_generic_to_shared(s);"


@pytest.mark.parametrize("body, kind, words", [
    ('asm volatile("wgmma.fence.sync.aligned;");', "unsupported", "wgmma.fence.sync.aligned"),
    ('asm("add.rn.f32x2 %0, %0, %0;" : "+l"(w));', "unsupported", "add.rn.f32x2"),
    ('asm("mma.sync.aligned.m16n8k16.row.row.f32.f16.f16.f32 {%0,%0,%0,%0},{%1,%1,%1,%1},{%1,%1},{%0,%0,%0,%0};" : "+f"(f) : "r"(t));', "unsupported", "m16n8k16.row.row"),
    ('asm("mov.u32 %0, nowhere;" : "=r"(t));', "unsupported", "`nowhere` is not declared"),
    ('asm("add.s32 %0, %0, 1" : "+r"(t));', "unsupported", "without an ending semicolon"),
    ('asm volatile("bar.sync 1, 16;");', "unsupported", "only some threads"),
    ('asm volatile("ld.shared.v2.u32 {%0, %0}, [%1 + 4];" : "=r"(t) : "r"(at));', "alignment", "not a multiple of its size"),
    ('asm volatile("cp.async.ca.shared.global [%0], [%1], 8;" :: "r"(at + 4), "l"(x));', "alignment", "asynchronous copy"),
    ('asm volatile("cp.async.ca.shared.global [%0], [%1], %2;" :: "r"(at), "l"(x), "n"(12));', "length", "4, 8 or 16"),
    ('asm volatile("ld.shared.u32 %0, [%1];" : "=r"(t) : "r"(at - 0x10000000));', "out-of-bounds", "outside of the block's shared memory"),
    ('at = (unsigned)__cvta_generic_to_shared(x);', "scope", "not in shared memory"),
    ('asm volatile("trap;");', "crash", "trap"),
    ('asm volatile("cp.async.ca.shared.global [%0], [%1], 4;" :: "r"(at), "l"(x)); s[0] = 3; asm volatile("cp.async.wait_all;");', "async", "written before the wait"),
])  # fmt: skip
@pytest.mark.covers("cuda", "ptx:trap")
def test_faults_name_what_is_wrong(body: str, kind: str, words: str) -> None:
    text = f"__global__ void k(const int *x, int *out) {{\n  int t = threadIdx.x; float f = 0; unsigned long long w = 0; {SHARED}\n  {body}\n  out[t] = t + f + w + s[0] + at;\n}}"
    with pytest.raises(Faulted) as faulted:
        run(text, "k", {"x": numpy.zeros(64, "i4"), "out": numpy.zeros(32, "i4")}, block=(32,))
    fault = faulted.value.fault
    assert (fault.kind, fault.line) == (kind, 3) and words in fault.sentence


def test_what_no_thread_reaches_does_not_matter() -> None:
    text = """__global__ void k(int *out) {
  if (threadIdx.x > 99) asm volatile("tcgen05.wait::ld.sync.aligned;");
  out[threadIdx.x] = 7;
}"""
    assert (run(text, "k", {"out": numpy.zeros(32, "i4")}, block=(32,))["out"] == 7).all()
