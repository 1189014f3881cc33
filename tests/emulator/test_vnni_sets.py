"""Instruction sets that this CPU or its compiler may lack: AVX_VNNI, AVX_VNNI_INT8, AVX_VNNI_INT16, AVX512_BF16, AMX, against Python's integers
and numpy. A text that needs one runs with the compiler's own vectors and the meaning of what is missing beside them; tests also take the
meanings for everything, as on a CPU without AVX-512.
"""

from __future__ import annotations

import numpy
import pytest
from emulator.running import needs_gcc, run

from kernelglot.verify import cpu_build, toolchain
from kernelglot.verify.emulate import Faulted

pytestmark = needs_gcc
EVERYWHERE = pytest.mark.parametrize("architecture", ["", "semantic"], ids=["beside the compiler's", "meanings only"])

# letters of the name -> types of a and b, whether the saturating form has no sign
DOTS = {"bus": ("u1", "i1", False), "bss": ("i1", "i1", False), "bsu": ("i1", "u1", False), "buu": ("u1", "u1", True),
        "wss": ("i2", "i2", False), "wsu": ("i2", "u2", False), "wus": ("u2", "i2", False), "wuu": ("u2", "u2", True)}


def dot_names() -> list[tuple[str, str, bool, int]]:
    """Intrinsic, letters, saturating, bytes of a vector."""
    names = []
    for prefix, size in (("_mm256", 32), ("_mm", 16)):
        for letters in DOTS:
            for saturates in (False, True):
                form = "_avx" if letters in ("bus", "wss") else ""
                names.append((f"{prefix}_dp{letters}d{'s' if saturates else ''}{form}_epi32", letters, saturates, size))
    return names


def dot(letters: str, saturates: bool, src: numpy.ndarray, a: numpy.ndarray, b: numpy.ndarray) -> list[int]:
    """The 32 bits of each lane, as integers without a sign."""
    left, right, without_sign = DOTS[letters]
    x, y = (array.view(kind).astype(object) for array, kind in ((a, left), (b, right)))
    group, found = 4 // int(left[1]), []
    for j in range(len(src) // 4):
        start = int(src.view("u4" if without_sign and saturates else "i4")[j])
        total = start + sum(int(x[group * j + i]) * int(y[group * j + i]) for i in range(group))
        if saturates:
            low, high = (0, 2**32 - 1) if without_sign else (-(2**31), 2**31 - 1)
            total = min(max(total, low), high)
        found.append(total & 0xFFFFFFFF)
    return found


def edges(rng: numpy.random.Generator, size: int) -> numpy.ndarray:
    """Bytes: random ones, and vectors full of the extreme values."""
    rows = [rng.integers(0, 256, size, numpy.uint8) for _ in range(8)]
    rows += [numpy.full(size, value, numpy.uint8) for value in (0, 1, 127, 128, 255)] + [numpy.tile(numpy.array([0, 128], numpy.uint8), size // 2)]
    return numpy.concatenate(rows)


@EVERYWHERE
@pytest.mark.covers("vnni", *(name for name, *_ in dot_names()))
def test_dot_products_of_all_signs(architecture: str) -> None:
    rng, count = numpy.random.default_rng(1), 14
    a, b = (edges(rng, 32) for _ in range(2))
    b = numpy.roll(b, 32 * 3)
    src = rng.integers(-(2**31), 2**31, count * 8, numpy.int64).astype(numpy.int32)
    src[:24:2], src[1:24:2] = 2**31 - 1, -(2**31)
    lines, at = [], 0
    for name, _, _, size in dot_names():
        vector, suffix = ("__m256i", "_mm256_{}_si256") if size == 32 else ("__m128i", "_mm_{}_si128")
        load, store = suffix.format("loadu"), suffix.format("storeu")
        lines.append(f"  for (int i = 0; i < {count}; ++i) {store}(({vector} *)(out + {at} + {size} * i), {name}({load}((const {vector} *)(src + 32 * i)), "
                     f"{load}((const {vector} *)(a + 32 * i)), {load}((const {vector} *)(b + 32 * i))));")
        at += size * count
    text = "#include <immintrin.h>\n#include <stdint.h>\nvoid k(uint8_t *out, const uint8_t *src, const uint8_t *a, const uint8_t *b) {\n" + "\n".join(lines) + "\n}"
    arguments = {"out": numpy.zeros(at, numpy.uint8), "src": src.view(numpy.uint8), "a": a, "b": b}
    got, at = run(text, "k", arguments, dialect="vnni", architecture=architecture)["out"], 0
    for name, letters, saturates, size in dot_names():
        for i in range(count):
            part = slice(32 * i, 32 * i + size)
            want = dot(letters, saturates, arguments["src"][part], a[part], b[part])
            assert got[at:at + size].view(numpy.uint32).tolist() == want, (name, i)
            at += size


def test_only_what_is_missing_is_replaced() -> None:
    text = "#include <immintrin.h>\nvoid k(int *x) { _mm256_storeu_si256((__m256i *)x, _mm256_dpbssd_epi32(_mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256())); }"
    chosen = cpu_build.vectors(text, False)
    if {"avx2"} <= cpu_build.available_sets() and "avx_vnni_int8" not in cpu_build.available_sets():
        assert chosen.native and not chosen.semantic and any("vnni_int8.h" in line for line in chosen.head)
        assert not any("meaning_mm256_storeu_si256" in line for line in chosen.head)
    assert cpu_build.vectors(text, True).semantic and cpu_build.vectors("float f(float x) { return x; }", False) == cpu_build.Vectors()
    assert "avx_vnni_int8" in cpu_build.needed_sets(text)


SKYLAKE = {"sse", "sse2", "sse3", "ssse3", "sse4.1", "sse4.2", "avx", "avx2", "fma", "f16c", "avx512f", "avx512bw", "avx512dq", "avx512vl"}


@pytest.mark.parametrize(("sets", "native"), [(SKYLAKE, True), (SKYLAKE - {"avx512f", "avx512bw", "avx512dq", "avx512vl"}, False), (set(), False)],
                         ids=["avx-512 without vnni", "avx2", "nothing known"])
def test_on_other_processors(sets: set[str], native: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a processor is said to lack is replaced, and the result is the same."""
    monkeypatch.setattr(cpu_build, "available_sets", lambda: frozenset(sets))
    text = """#include <immintrin.h>
#include <omp.h>
void k(int *out, const unsigned char *a, const signed char *b) {
#pragma omp parallel for num_threads(2)
  for (int i = 0; i < 2; ++i)
    _mm512_storeu_si512(out + 16 * i, _mm512_dpbusd_epi32(_mm512_set1_epi32(omp_get_num_threads()), _mm512_loadu_si512(a + 64 * i), _mm512_loadu_si512(b + 64 * i)));
}"""
    chosen = cpu_build.vectors(text, False)
    assert (chosen.native, chosen.semantic) == (native, not native) and any("vnni.h" in line for line in chosen.head) == native
    rng = numpy.random.default_rng(5)
    a, b = rng.integers(0, 256, 128, numpy.uint8), rng.integers(-128, 128, 128, numpy.int8)
    if native and "avx512f" not in toolchain.cpu_flags():
        pytest.skip("this CPU has no AVX-512")
    got = run(text, "k", {"out": numpy.zeros(32, numpy.int32), "a": a, "b": b}, dialect="vnni")["out"]
    assert (got == 2 + (a.astype(int) * b).reshape(32, 4).sum(1)).all()


# ---- AVX512_BF16 --------------------------------------------------------------------------------------------------------------
def bfloat(x: numpy.ndarray) -> numpy.ndarray:
    return (x.astype(numpy.uint32) << 16).view(numpy.float32)


def flushed(x: numpy.ndarray) -> numpy.ndarray:
    return numpy.where(numpy.abs(x) < 2.0**-126, numpy.copysign(numpy.float32(0), x), x).astype(numpy.float32)


def near_bfloat(x: numpy.ndarray) -> numpy.ndarray:
    word = flushed(x).view(numpy.uint32).astype(numpy.uint64)
    return ((word + 0x7FFF + (word >> 16 & 1)) >> 16).astype(numpy.uint16)


def fused(a: numpy.ndarray, b: numpy.ndarray, c: numpy.ndarray) -> numpy.ndarray:
    """a * b + c rounded once, then flushed: long double holds the product, and for these operands the sum."""
    return flushed((flushed(a).astype(numpy.longdouble) * flushed(b) + flushed(c)).astype(numpy.float32))


@EVERYWHERE
def test_bfloat16_dot_products_and_conversions(architecture: str) -> None:
    """The masked 512-bit forms too, which gcc 12 compiles wrongly."""
    rng = numpy.random.default_rng(2)
    a, b = ((rng.normal(0, 4, 32).astype(numpy.float32).view(numpy.uint32) >> 16).astype(numpy.uint16) for _ in range(2))
    src = rng.normal(0, 8, 16).astype(numpy.float32)
    src[3], a[8:10], b[8:10] = 2.0**-130, 0x0050, 0x3F80                      # denormals
    text = """#include <immintrin.h>
#include <stdint.h>
void k(float *out, uint16_t *shorts, const float *src, const uint16_t *a, const uint16_t *b) {
  __m512 s = _mm512_loadu_ps(src);
  __m512bh x = (__m512bh)_mm512_loadu_si512(a), y = (__m512bh)_mm512_loadu_si512(b);
  _mm512_storeu_ps(out, _mm512_dpbf16_ps(s, x, y));
  _mm512_storeu_ps(out + 16, _mm512_mask_dpbf16_ps(s, 0xA5C3, x, y));
  _mm512_storeu_ps(out + 32, _mm512_maskz_dpbf16_ps(0xA5C3, s, x, y));
  _mm512_storeu_si512(shorts, (__m512i)_mm512_cvtne2ps_pbh(s, _mm512_loadu_ps(src + 16)));
}"""
    other = rng.normal(0, 1e30, 16).astype(numpy.float32)
    got = run(text, "k", {"out": numpy.zeros(48, numpy.float32), "shorts": numpy.zeros(32, numpy.uint16), "src": numpy.concatenate([src, other]), "a": a, "b": b},
              dialect="vnni", architecture=architecture, out=("out", "shorts"))
    want = fused(bfloat(a[0::2]), bfloat(b[0::2]), fused(bfloat(a[1::2]), bfloat(b[1::2]), src))
    chosen = (0xA5C3 >> numpy.arange(16) & 1).astype(bool)
    numpy.testing.assert_array_equal(got["out"], numpy.concatenate([want, numpy.where(chosen, want, src), numpy.where(chosen, want, 0)]))
    assert got["shorts"].tolist() == [*near_bfloat(other).tolist(), *near_bfloat(src).tolist()]


# ---- AMX ------------------------------------------------------------------------------------------------------------------------
TILES = """#include <immintrin.h>
#include <stdint.h>
#include <string.h>
static void configure(int m, int k4, int n) {
  struct { uint8_t palette, start, zeros[14]; uint16_t bytes[16]; uint8_t rows[16]; } tiles;
  memset(&tiles, 0, sizeof tiles);
  tiles.palette = 1;
  tiles.rows[0] = m, tiles.bytes[0] = 4 * n, tiles.rows[1] = m, tiles.bytes[1] = 4 * k4, tiles.rows[2] = k4, tiles.bytes[2] = 4 * n;
  _tile_loadconfig(&tiles);
}
"""
AMX = {"_tile_dpbssd": ("i1", "i1"), "_tile_dpbsud": ("i1", "u1"), "_tile_dpbusd": ("u1", "i1"), "_tile_dpbuud": ("u1", "u1")}


@EVERYWHERE
@pytest.mark.parametrize(("m", "k4", "n"), [(16, 16, 16), (5, 3, 7), (1, 1, 1)])
@pytest.mark.covers("vnni", *AMX, "_tile_loadconfig", "_tile_loadd", "_tile_stream_loadd", "_tile_stored", "_tile_zero", "_tile_release", "_tile_storeconfig")
def test_tiles_of_bytes(architecture: str, m: int, k4: int, n: int) -> None:
    rng = numpy.random.default_rng(3)
    a, b, c = rng.integers(0, 256, (m, 64), numpy.uint8), rng.integers(0, 256, (k4, 64), numpy.uint8), rng.integers(-(2**31), 2**31, (m, 16), numpy.int64).astype(numpy.int32)
    lines = "".join(f"""
  _tile_loadd(0, c, 64); _tile_loadd(1, a, 64); _tile_stream_loadd(2, b, 64);
  {name}(0, 1, 2);
  _tile_stored(0, out + {index} * {m * n}, {4 * n});""" for index, name in enumerate(AMX))
    text = TILES + f"""void k(int32_t *out, const int32_t *c, const uint8_t *a, const uint8_t *b, uint8_t *config) {{
  configure({m}, {k4}, {n});{lines}
  _tile_zero(0);
  _tile_stored(0, out + 4 * {m * n}, {4 * n});
  _tile_storeconfig(config);
  _tile_release();
}}"""
    got = run(text, "k", {"out": numpy.ones(5 * m * n, numpy.int32), "c": c.ravel(), "a": a.ravel(), "b": b.ravel(), "config": numpy.zeros(64, numpy.uint8)},
              dialect="vnni", architecture=architecture, out=("out", "config"))
    assert got["config"][[0, 16, 18, 20, 48, 49, 50]].tolist() == [1, 4 * n, 4 * k4, 4 * n, m, m, k4] and got["config"].sum() == 1 + 8 * n + 4 * k4 + 2 * m + k4
    out = got["out"].reshape(5, m, n)
    for index, (left, right) in enumerate(AMX.values()):
        x = a[:, :4 * k4].copy().view(left).astype(numpy.int64)
        y = b[:, :4 * n].copy().view(right).astype(numpy.int64).reshape(k4, n, 4)
        want = c[:, :n] + numpy.einsum("mki,kni->mn", x.reshape(m, k4, 4), y)
        assert (out[index] == want.astype(numpy.uint64).astype(numpy.uint32).view(numpy.int32)).all(), list(AMX)[index]
    assert (out[4] == 0).all()


def tile_floats(c: numpy.ndarray, a: numpy.ndarray, b: numpy.ndarray) -> numpy.ndarray:
    """As Intel's manual has it: even and odd products summed apart, each step rounded once. a: m x k x 2, b: k x n x 2, floats."""
    sums = numpy.zeros((*c.shape, 2), numpy.float32)
    for k in range(a.shape[1]):
        sums = flushed((a[:, k][:, None].astype(numpy.longdouble) * b[k][None] + sums).astype(numpy.float32))
    return flushed(c + flushed(sums[..., 0] + sums[..., 1]))


@EVERYWHERE
@pytest.mark.parametrize(("name", "kind"), [pytest.param(name, kind, marks=pytest.mark.covers("vnni", name)) for name, kind in (("_tile_dpbf16ps", "bf16"), ("_tile_dpfp16ps", "f16"))])
def test_tiles_of_floats(architecture: str, name: str, kind: str) -> None:
    rng, (m, k4, n) = numpy.random.default_rng(4), (7, 16, 9)
    a, b = (rng.normal(0, 2, size).astype(numpy.float32) for size in ((m, k4, 2), (k4, n, 2)))
    a[0, 0, 0] = b[0, 0, 0] = 2.0**-16
    c = rng.normal(0, 4, (m, n)).astype(numpy.float32)
    a[1], b[:, 1], c[1, 1] = 0, 0, 2.0**-130                           # a denormal sum becomes 0
    if kind == "bf16":
        words = [near_bfloat(array) for array in (a, b)]
        a, b = (flushed(bfloat(array)) for array in words)
    else:
        words = [array.astype(numpy.float16).view(numpy.uint16) for array in (a, b)]
        a, b = (array.view(numpy.float16).astype(numpy.float32) for array in words)
    text = TILES + f"""void k(float *c, const uint16_t *a, const uint16_t *b) {{
  configure({m}, {k4}, {n});
  _tile_loadd(0, c, {4 * n}); _tile_loadd(1, a, {4 * k4}); _tile_loadd(2, b, {4 * n});
  {name}(0, 1, 2);
  _tile_stored(0, c, {4 * n});
  _tile_release();
}}"""
    got = run(text, "k", {"c": c.ravel(), "a": words[0].ravel(), "b": words[1].ravel()}, dialect="vnni", architecture=architecture, out=(), inout=("c",))["c"]
    numpy.testing.assert_array_equal(got.reshape(m, n), tile_floats(flushed(c), a, b))
    assert got.reshape(m, n)[1, 1] == 0


@pytest.mark.parametrize(("body", "sentence", "line"), [
    ("_tile_zero(0);", "no tiles are configured", 12), ("configure(4, 4, 4); _tile_zero(3);", "tile 3 was not configured", 12), ("configure(4, 4, 4); _tile_loadd(9, x, 64);", "tiles 0 to 7", 12),
    ("configure(4, 4, 4);\n_tile_release();\n_tile_zero(0);", "no tiles", 14), ("configure(17, 4, 4);", "at most 16 rows", 9), ("configure(4, 0, 4);", "bytes 2 to 15", 9),
    ("configure(4, 4, 17);", "64 bytes", 9), ("uint8_t z[64] = {2};\n_tile_loadconfig(z);", "palette", 13), ("uint8_t z[64] = {1, 0, 5};\n_tile_loadconfig(z);", "bytes 2 to 15", 13),
    ("configure(4, 4, 4); _tile_dpbssd(0, 1, 1);", "must differ", 12), ("configure(4, 2, 4); _tile_dpbssd(1, 0, 2);", "rows of one length", 12),
    ("configure(4, 3, 4); _tile_dpbssd(2, 1, 0);", "as many rows", 12), ("configure(3, 4, 3); _tile_dpbssd(2, 1, 0);", "as many rows", 12),
    ("uint8_t z[64] = {1};\nz[16] = z[18] = z[20] = 8, z[48] = z[49] = 2, z[50] = 3; _tile_loadconfig(z); _tile_dpbssd(0, 1, 2);", "a row for each 4 bytes", 13),
    ("uint8_t z[64] = {1};\nz[16] = z[18] = z[20] = 6, z[48] = z[49] = z[50] = 1; _tile_loadconfig(z); _tile_dpbssd(0, 1, 2);", "multiple of 4 bytes", 13),
    ("uint8_t z[64] = {1};\nz[24 + 8] = 4, z[48 + 8] = 1; _tile_loadconfig(z);", "tiles 0 to 7", 13), ("uint8_t z[64] = {1, 3};\n_tile_loadconfig(z);", "start row", 13), ("configure(4, 4, 4);\n\n_tile_dpbssd(0, 2, 1);", "", 0),
])
def test_what_the_processor_refuses(body: str, sentence: str, line: int) -> None:
    if "configure(4, 0, 4)" in body:
        sentence = "rows without bytes, or bytes without rows"
    text = TILES + f"void k(float *out, const float *x) {{\n{body}\nout[0] = x[0];\n}}"
    arguments = {"out": numpy.zeros(1, numpy.float32), "x": numpy.zeros(256, numpy.float32)}
    if not sentence:
        assert run(text, "k", arguments, dialect="vnni")["out"][0] == 0
        return
    with pytest.raises(Faulted) as faulted:
        run(text, "k", arguments, dialect="vnni")
    assert faulted.value.fault.kind == "tile" and sentence in faulted.value.fault.sentence and faulted.value.fault.line == line


def test_the_request_for_tiles_succeeds_and_no_other() -> None:
    text = TILES + """#include <unistd.h>
#include <sys/syscall.h>
void k(int *out, int other) { out[0] = (int)syscall(other ? SYS_getpid : SYS_arch_prctl, 0x1023, 18); _tile_release(); }"""
    assert run(text, "k", {"out": numpy.ones(1, numpy.int32), "other": 0}, dialect="vnni")["out"][0] == 0
    with pytest.raises(Faulted) as faulted:
        run(text, "k", {"out": numpy.ones(1, numpy.int32), "other": 1}, dialect="vnni")
    assert faulted.value.fault.kind == "forbidden"


# ---- aligned accesses ---------------------------------------------------------------------------------------------------------
ALIGNED = ("_mm512_load_si512", "_mm512_load_ps", "_mm512_load_pd", "_mm256_load_si256", "_mm256_load_ps", "_mm_load_si128", "_mm_load_ps", "_mm_load_pd")


@EVERYWHERE
def test_a_load_that_is_not_aligned(architecture: str) -> None:
    """One kernel with a case for each load, the load in a line of its own."""
    cases = []
    for number, name in enumerate(ALIGNED):
        kind = {"ps": "float", "pd": "double"}.get(name[-2:], "int")
        vector = {"si512": "void", "si256": "__m256i", "si128": "__m128i"}.get(name.rsplit("_", 1)[1], kind)
        cases.append(f"    case {number}: {name.replace('load', 'storeu')}(({vector} *)out,\n      {name}((const {vector} *)(x + shift))); break;")
    text = "#include <immintrin.h>\nvoid k(char *out, const char *x, int which, int shift) {\n  switch (which) {\n" + "\n".join(cases) + "\n  }\n}"
    arguments = {"out": numpy.zeros(64, numpy.int8), "x": numpy.arange(128).astype(numpy.int8)}
    for number, name in enumerate(ALIGNED):
        size = {"_mm512": 64, "_mm256": 32, "_mm": 16}[name.rsplit("_load", 1)[0]]
        got = run(text, "k", {**arguments, "which": number, "shift": size // 64 * 64}, dialect="vnni", architecture=architecture)["out"]
        assert (got[:size] == arguments["x"][size // 64 * 64:][:size]).all()
        with pytest.raises(Faulted) as faulted:
            run(text, "k", {**arguments, "which": number, "shift": size // 2}, dialect="vnni", architecture=architecture)
        assert faulted.value.fault.kind == "alignment" and faulted.value.fault.line == 5 + 2 * number
        assert f"{name} needs an address that is a multiple of {size} bytes" in faulted.value.fault.sentence


@EVERYWHERE
def test_an_array_on_the_stack_has_what_the_calling_convention_gives(architecture: str) -> None:
    """Multiples of 16 are taken, as such arrays have them with some compilers only by luck; other addresses are not."""
    text = """#include <immintrin.h>
void k(int *out, const int *x, int shift) {
  int room[64] __attribute__((aligned(64)));
  for (int i = 0; i < 64; ++i) room[i] = x[i];
  _mm512_store_si512(room + 4, _mm512_add_epi32(_mm512_load_si512(room + shift), _mm512_set1_epi32(1)));
  for (int i = 0; i < 64; ++i) out[i] = room[i];
}"""
    x = numpy.arange(64, dtype=numpy.int32)
    want = x.copy()
    want[4:20] = x[8:24] + 1
    assert (run(text, "k", {"out": x, "x": x, "shift": 8}, dialect="vnni", architecture=architecture)["out"] == want).all()
    with pytest.raises(Faulted) as faulted:
        run(text, "k", {"out": x, "x": x, "shift": 9}, dialect="vnni", architecture=architecture)
    assert faulted.value.fault.kind == "alignment" and faulted.value.fault.line == 5
