"""What a printer prints, the front end reads back to the same IR, and printing that gives the same text: all five dialects.

It also compiles without a warning, keeps the author's names, and of the comments those that still hold.
"""

from __future__ import annotations

import platform
import re
import subprocess
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from property.test_generated_kernels import elementwise, planes, rows

from kernelglot.dialects import base
from kernelglot.dialects.c.emit import STYLE as C
from kernelglot.dialects.comments import still_true
from kernelglot.dialects.cuda.emit import STYLE as CUDA
from kernelglot.dialects.emit_c import Printer
from kernelglot.dialects.hip.emit import STYLE as HIP
from kernelglot.dialects.legal import as_printed
from kernelglot.frontend.lower import lower
from kernelglot.ir.nodes import Kernel, Literal, Opaque
from kernelglot.ir.walk import walk
from kernelglot.passes.base import Declined, LaunchShape
from kernelglot.plan import bang, vnni
from kernelglot.plan.planner import candidates, needed_constants
from kernelglot.verify import toolchain
from kernelglot.verify.build import COMMON_FLAGS, CXX_FLAGS
from kernelglot.verify.discover import discover

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "examples/operators").glob("*.cu")) + sorted((ROOT / "tests/kernels").glob("*.cu"))
PRINT = {"cuda": Printer(CUDA).unit, "hip": Printer(HIP).unit, "c": Printer(C).unit, "vnni": vnni.unit, "bang": bang.unit}
TARGETS = ("c", "vnni", "bang")
needs_gcc = pytest.mark.skipif(not toolchain.installed("gcc") or not toolchain.installed("g++"), reason="gcc and g++ are not installed")

# Ways of writing that the corpus has few of. Each is one kernel for a grid of 4 blocks of 32 threads, where nothing else is said.
WAYS = {
    "names in blocks beside each other": """__global__ void k(const float* x, float* y, int n) { int i = blockIdx.x * blockDim.x + threadIdx.x; if (i < n) {
      { int row = i; float v = x[row]; y[i] = v; } { int row = n - 1 - i; float v = x[row]; y[i] += v; }
      for (int j = 0; j < 3; ++j) { float v = j; y[i] += v; } for (int j = 0; j < 4; ++j) y[i] += j; } }""",
    "integers of every width": """__global__ void k(const unsigned* x, const long long* z, int* y, int n) { unsigned i = blockIdx.x * blockDim.x + threadIdx.x; if (i < n) {
      unsigned h = x[i]; h ^= h >> 16; h *= 0x85ebca6bu; h = h * 3u + 7; h += 1u; long long w = z[i] * 3 - 1; int s = (int)(w >> 3) & 0xff; s = -s; s = ~s; s += (int8_t)h;
      s -= (unsigned char)300; bool b = s > 3 && !(h & 1u) || n == 4; y[i] = b ? s : (int)h % 7; if (s == -2147483647 - 1) y[i] = INT_MIN; y[i] += (short)s + 'a' + (s < 0); } }""",
    "64-bit indices and sizes": """__global__ void k(const float* x, float* y, long long n, size_t stride) { size_t i = (size_t)blockIdx.x * blockDim.x + threadIdx.x; if (i < n) {
      y[i] = x[i * stride] * sizeof(float); long long q = 5000000000LL; y[i] += q / (i + 1); y[i] += 1u - 3; y[i] += (unsigned long long)i * 2 % 7; y[i] += sizeof(half);
      uint8_t u = 200; u += 100; y[i] += u; } }""",
    "halves, doubles, named numbers": """#include <cuda_fp16.h>
      #define PI 3.14159265358979f
      constexpr float kScale = 2.0f * 3; const double kD = 0.1;
      __global__ void k(const half* x, const double* d, float* y, double* e, int n) { int i = threadIdx.x + blockIdx.x * blockDim.x; if (i >= n) return;
      float a = __half2float(x[i]); half h = __float2half(a * 2.0f); h = h + x[i]; y[i] = (float)h * PI + kScale; e[i] = d[i] * kD + 1e-300 + 1.0 / 3;
      y[i] += isnan(a) ? INFINITY : -INFINITY; y[i] += 1e10f + 0.1f; y[i] = fmaf(y[i], a, -1.0f); e[i] = pow(e[i], 2.0); y[i] = -y[i] - -a - (-1.5f); }""",
    "device functions": """__device__ float sq(float v) { return v * v; }
      template <typename T> __device__ T clip(T v, T lo, T hi) { return v < lo ? lo : v > hi ? hi : v; }
      __device__ int find(const int* t, int n, int v) { int lo = 0, hi = n; while (lo < hi) { int mid = (lo + hi) / 2; if (t[mid] < v) lo = mid + 1; else hi = mid; } return lo; }
      __device__ float later(float v) { float t = sq(v); { float t2 = t; t += t2; } return t + 1; }
      __global__ void k(const float* x, const int* t, float* y, int n, int m) { int i = blockIdx.x * blockDim.x + threadIdx.x;
      if (i < n) { y[i] = later(clip(x[i], 0.0f, 6.0f)) + clip(i, 0, 5) + find(t, m, i); } }""",
    "loops of every kind": """__global__ void k(const float* x, float* y, int n) { int i = blockIdx.x * blockDim.x + threadIdx.x; if (i >= n) return; float s = 0;
      int j = 0; while (j < 10) { s += x[i] * j; if (s > 100.0f) break; j += 2; } do { s *= 0.5f; --j; } while (j > 0);
      #pragma unroll 4
      for (int a = 0, b = 3; a < 8; ++a, b += 2) { if (b == 7) continue; s += b; }
      for (int a = 10; a > 0; a /= 2) s -= a; for (int a = 8; a--;) s += a; for (long long q = 0; q <= n; q += 3) s += q;
      for (int a = 0; a < (unsigned)n; ++a) { if (a == 3) break; s += a; }
      switch (i % 3) { case 0: s += 1; break; case 1: s += 2; break; default: s = -s; } y[i] = s; }""",
    "pointers that move, local arrays": """__global__ void k(const float* x, float* y, int n, int m) { int i = blockIdx.x * blockDim.x + threadIdx.x; if (i < n) {
      const float* p = x + i * m; const float* e = p + m; float s = 0; while (p < e) s += *p++; float* q = y + i; *q = s; q[0] += 1;
      float r[4] = {1, 2.5f, 0}; r[i & 3] += s; y[i] += r[0] + r[3]; float g[2][3]; for (int a = 0; a < 2; ++a) for (int b = 0; b < 3; ++b) g[a][b] = a * b; y[i] += g[1][2]; } }""",
    "tables and enumerators": """__constant__ int kOff[4] = {-1, 0, 1, 2}; __device__ const float kW[2][2] = {{0.25f, 0.5f}, {0.75f, 1.0f}}; enum Mode { kA, kB = 4, kC };
      __global__ void k(const float* x, float* y, int n) { int i = blockIdx.x * blockDim.x + threadIdx.x; if (i < n) { float s = 0;
      for (int j = 0; j < 4; ++j) { int at = i + kOff[j]; if (at >= 0 && at < n) s += x[at]; } y[i] = s * kW[i & 1][1] + kC; } }""",
    "structures and vectors": """struct P { float a; int b; }; __device__ P mk(float v) { P p; p.a = v; p.b = 2; return p; }
      __global__ void k(const float4* x, float2* y, int n) { int i = blockIdx.x * blockDim.x + threadIdx.x;
      if (i < n) { float4 v = x[i]; P p = mk(v.x); P q = mk(v.y); y[i] = make_float2(p.a * p.b + v.z, q.a + v.w); } }""",
    "atomics": """__global__ void k(const float* x, float* y, int* c, int n) { int i = blockIdx.x * blockDim.x + threadIdx.x;
      if (i < n) { atomicAdd(&y[i % 4], x[i]); int old = atomicAdd(c, 1); atomicMax(&c[1], i); atomicAdd(y + 1, (float)old); } }""",
    "macros and templates": """#define BLOCK 32
      #define HALF (BLOCK / 2)
      #define SQ(v) ((v) * (v))
      constexpr int kA = 4, kB = kA * 2;
      template <int N, bool B> __global__ void k(const float* x, float* y, int n) { int i = blockIdx.x * BLOCK + threadIdx.x; float acc[N]; for (int j = 0; j < N; ++j) acc[j] = 0;
      if (i < n) { for (int j = 0; j < N; ++j) acc[j] += SQ(x[i]) + HALF; if (B) y[i] = acc[N - 1] + kB; else y[i] = acc[0]; } }
      void run(float* x, float* y) { k<3, true><<<4, 32>>>(x, y, 100); }""",
}


@dataclass(frozen=True)
class Printed:
    """A kernel with its text in one dialect."""

    kernel: Kernel
    text: str
    dialect: str


def kernels(text: str, path: str = "kernel.cu"):
    """The kernels of a CUDA file that are wholly inside the subset."""
    for kernel in lower(text, base.load("cuda").spelling, path).kernels:
        if not any(isinstance(n, Opaque) for n in walk(kernel)):
            yield replace(kernel, symbol=kernel.name)


def shape_of(text: str, path: str, kernel: Kernel) -> LaunchShape:
    """How the file launches its kernel: by the host's expressions where it has some."""
    spelling = base.load("cuda").spelling
    found = discover(text, path, lower(text, spelling, path), kernel, spelling)
    launch, site = found.cases[0].launch, found.launch

    def extents(known, numbers):
        return tuple(e if e is not None else Literal(n) for e, n in zip(known or (None,) * 3, numbers, strict=True))

    grid, block, shared = (site.grid, site.block, site.shared) if site is not None else ((), (), None)
    return LaunchShape(extents(grid, launch.grid), extents(block, launch.block), shared or Literal(launch.shared_bytes))


def printed(kernel: Kernel, shape: LaunchShape, to: str) -> list[Printed]:
    """Every candidate; none where the kernel is declined."""
    try:
        return [Printed(c.kernel, c.unit, to) for c in candidates(kernel, shape, to)]
    except Declined:
        return []


@cache
def of_file(path: Path, to: str) -> tuple[Printed, ...]:
    text = path.read_text()
    return tuple(p for k in kernels(text, str(path)) for p in printed(k, shape_of(text, str(path), k), to))


@cache
def of_way(name: str, to: str) -> tuple[Printed, ...]:
    flat = LaunchShape((Literal(4), Literal(1), Literal(1)), (Literal(32), Literal(1), Literal(1)))
    return tuple(p for k in kernels(WAYS[name]) for p in printed(k, flat, to))


def in_words_of_cuda(text: str, path: str, dialect: str) -> list[Printed]:
    """The kernels of a CUDA text as the CUDA and HIP printers say them, without a pass between."""
    found = [Printed(k, PRINT[dialect](k), dialect) for k in map(needed_constants, kernels(text, path))]
    # fragments are rocWMMA's in HIP, and `warpSize` means another number: the text translation sees to both
    return [p for p in found if dialect != "hip" or not re.search("nvcuda|wmma|warpSize", p.text)]


def assert_survives(p: Printed) -> None:
    """Reading gives the same kernel, printing that the same text."""
    dialect = base.load(p.dialect)
    module = lower(p.text, dialect.spelling, f"kernel{dialect.suffixes[0]}")
    assert not module.problems, (module.problems, p.text)
    (again,) = [k for k in module.kernels if k.name == p.kernel.name]
    assert again.params == p.kernel.params, p.text
    assert again.constants == p.kernel.constants, p.text
    assert again.functions == p.kernel.functions, p.text
    assert again.body == p.kernel.body, p.text
    assert PRINT[p.dialect](again) == p.text


# ---- the property


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
@pytest.mark.parametrize("dialect", ["cuda", "hip"])
def test_a_kernel_survives_printing(path, dialect):
    for p in in_words_of_cuda(path.read_text(), str(path), dialect):
        assert_survives(p)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
@pytest.mark.parametrize("to", TARGETS)
def test_every_candidate_survives_printing(path, to):
    for p in of_file(path, to):
        assert_survives(p)


@pytest.mark.parametrize("name", WAYS)
def test_every_way_of_writing_survives_printing(name):
    for dialect in ("cuda", "hip"):
        for p in in_words_of_cuda(WAYS[name], "kernel.cu", dialect):
            assert_survives(p)
    assert of_way(name, "c")
    for p in (*of_way(name, "c"), *of_way(name, "vnni"), *of_way(name, "bang")):
        assert_survives(p)


@pytest.mark.parametrize("kind", [elementwise, rows, planes], ids=lambda k: k.__name__)
def test_a_generated_kernel_survives_printing(kind):
    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    @given(kind())
    def check(text: str) -> None:
        for dialect in ("cuda", "hip"):
            (p,) = in_words_of_cuda(text, "kernel.cu", dialect)
            assert_survives(p)
        (kernel,) = kernels(text)
        shape = shape_of(text, "kernel.cu", kernel)
        for to in TARGETS:
            found = printed(kernel, shape, to)
            assert found, text
            for p in found:
                assert_survives(p)

    check()


def test_most_of_the_corpus_is_seen():
    """The property would hold of nothing at all."""
    assert all(sum(bool(of_file(path, to)) for path in FILES) >= len(FILES) - 3 for to in TARGETS)


# ---- it compiles, and looks as if somebody had formatted it


def compiled(p: Printed) -> str:
    """What the compiler has to say about a text."""
    if p.dialect == "bang":
        flags = [f for f in (*COMMON_FLAGS, *CXX_FLAGS) if f != "-fpermissive"]
        prelude = ["-D__BANG_ARCH__=592", "-DKG_WARP=1", "-DKG_HALF=1", "-include", str(toolchain.DIALECTS / "bang/intrinsics/prelude.h")]
        command = ["g++", "-std=gnu++17", *flags, f"-I{toolchain.RUNTIME}", *prelude, "-x", "c++"]
        text = p.text.replace("#include <bang.h>\n", "")
    else:
        vectors = ["-mavx512f", "-mavx512bw", "-mavx512vl", "-mavx512dq", "-mavx512vnni"] if "immintrin" in p.text else []
        command, text = ["gcc", "-std=gnu17", "-Wall", "-Wextra", "-fopenmp", *vectors, "-x", "c"], p.text
    done = subprocess.run([*command, "-fsyntax-only", "-"], input=text, capture_output=True, text=True, check=False)
    return done.stderr if done.returncode or done.stderr else ""


@needs_gcc
@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
@pytest.mark.parametrize("to", TARGETS)
def test_a_text_compiles_without_a_warning(path, to):
    if to == "vnni" and platform.machine() != "x86_64":
        pytest.skip("AVX-512 is x86-64's")
    for p in of_file(path, to):
        assert not compiled(p), p.text


@needs_gcc
@pytest.mark.parametrize("name", WAYS)
def test_every_way_of_writing_compiles_without_a_warning(name):
    for p in (*of_way(name, "c"), *of_way(name, "bang")):
        assert not compiled(p), p.text


@pytest.mark.parametrize("to", TARGETS)
def test_a_text_is_formatted(to):
    for p in (p for path in FILES for p in of_file(path, to)):
        lines = p.text.split("\n")
        assert lines[-1] == "" and lines[-2] and "\n\n\n" not in p.text
        for line in lines:
            assert line == line.rstrip() and "\t" not in line, (line, p.text)
            assert (len(line) - len(line.lstrip())) % 2 == 0, (line, p.text)
            assert not re.search(r"\( | \)|;;| ;|\bfor\(|\bif\(", line.split("//")[0]), line
            assert len(line) <= 120 or line.lstrip().startswith("//"), line


# ---- names, comments, pragmas


def first(text: str, to: str) -> str:
    flat = LaunchShape((Literal(4), Literal(1), Literal(1)), (Literal(32), Literal(1), Literal(1)))
    (kernel,) = kernels(text)
    return printed(kernel, flat, to)[0].text


@pytest.mark.parametrize("to", TARGETS)
def test_blocks_beside_each_other_keep_the_authors_names(to):
    text = """__global__ void k(float* y, int n) { int i = blockIdx.x * blockDim.x + threadIdx.x; if (i < n) {
      int a = 0; while (a * a < i) { int step = a; a += step + 1; } while (a > 3) { int step = a / 2; a -= step; } y[i] = a; } }"""
    assert first(text, to).count(" step = ") == 2


def test_a_name_is_not_reused_where_the_other_one_is_seen():
    text = """__global__ void k(float* y, int n) { int i = blockIdx.x * blockDim.x + threadIdx.x; if (i < n) { float v = y[i];
      { float w = v + 1; float v = w * 2; y[i] = v; } y[i] += v; } }"""
    found = first(text, "c")
    assert "float v_2 = w * 2;" in found and "y[i] = v_2;" in found and "y[i] += v;" in found


def test_numbered_names_of_the_author_stay():
    text = "__global__ void k(float* y) { float v_2 = y[0]; { float v_3 = v_2; y[1] = v_3; } { float v_3 = 2; y[2] = v_3; } }"
    (p,) = in_words_of_cuda(text, "kernel.cu", "cuda")
    assert p.text.count("v_3 = ") == 2 and "float v_2 = y[0];" in p.text


@pytest.mark.parametrize("to", TARGETS)
def test_comments_that_still_hold_are_kept(to):
    text = """// kernelglot: launch grid=(4) block=(32) n=100 y=float[100]:out
      // Leaky ReLU, one element per thread. The slope is fixed.
      __global__ void k(float* y, int n) { int i = blockIdx.x * blockDim.x + threadIdx.x;
      // threads past the end have nothing to do
      if (i >= n) return;
      int a = 0;
      // the next power of two
      while (a * a < i) a = a * 2 + 1;
      y[i] = a; }"""
    found = first(text, to)
    assert "// Leaky ReLU. The slope is fixed.\n" in found and "// the next power of two\n" in found
    assert "thread" not in found.replace("thread_x", "") and "kernelglot" not in found


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("sum of squares", "sum of squares"),
        ("one thread a row", ""),
        ("Max pooling, one output per thread; padding never wins.", "Max pooling; padding never wins."),
        ("Softmax over rows.\nOne block a row: the maximum is taken first.", "Softmax over rows. The maximum is taken first."),
        ("kernelglot: n=4\nwhat it does", "what it does"),
        ("a\n  b: c", "a\n  b: c"),
    ],
)
def test_a_sentence_about_threads_goes(comment, expected):
    assert still_true(comment) == expected


def test_pragmas_and_restrict_stay_where_they_mean_something():
    text = """__global__ void __launch_bounds__(64) k(const float* __restrict__ x, float* __restrict__ y, int n) {
      int i = blockIdx.x * blockDim.x + threadIdx.x; if (i < n) { float s = 0;
      #pragma unroll 4
      for (int j = 0; j < 8; ++j) { s += x[i] / (s + j); if (s > 9.0f) break; } y[i] = s; } }"""
    (p,) = in_words_of_cuda(text, "kernel.cu", "cuda")
    assert "#pragma unroll 4\n" in p.text and "__launch_bounds__(64)" in p.text and p.text.count("__restrict__") == 2
    in_c, in_bang = first(text, "c"), first(text, "bang")
    assert "unroll" not in in_c and in_c.count("restrict ") == 2
    assert "#pragma unroll 4\n" in in_bang and "restrict" not in in_bang


def test_shared_loops_are_read_back_as_such():
    text = first(WAYS["names in blocks beside each other"].replace("{ int row", "{ y[i] = 2; int row"), "vnni")
    assert "#pragma omp parallel for\n" in text
    (kernel,) = lower(text, base.load("vnni").spelling, "kernel.vnni.c").kernels
    assert any(getattr(n, "pragma", "") == "omp parallel for" for n in walk(kernel))


# ---- the form in which a kernel is printed


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("int m = -2147483647 - 1; y[0] = m;", "int m = -2147483647 - 1;"),
        ("unsigned u = n; if (u < n) y[0] = u;", "if (u < (unsigned int)n)"),
        ("unsigned u = n; y[0] = u < 4 ? 1 : 2;", "u < 4 ? 1 : 2"),
        ("unsigned u = n; for (int a = 0; a < u; ++a) y[a] = 1;", "for (int a = 0; (unsigned int)a < u; ++a)"),
        ("int unused = n * 2; int also = unused + 1; also += 2; y[0] = 1;", "void k(float *y, int n) {\n  y[0] = 1;\n}"),
        ("half h = (half)y[0]; y[0] = sizeof(half) + (float)h;", "sizeof(_Float16)"),
    ],
)
def test_what_c_would_convert_or_drop_in_silence_is_said(source, expected):
    text = f"#include <cuda_fp16.h>\n__global__ void k(float* y, int n) {{ {source} }}"
    (kernel,) = kernels(text)
    found = as_printed(kernel, C)
    assert_survives(Printed(found, PRINT["c"](found), "c"))
    assert expected in PRINT["c"](found)


def test_effects_of_what_is_not_read_stay():
    text = "__device__ int bump(int* c) { c[0] += 1; return c[0]; } __global__ void k(int* c) { int a = bump(c); float b = expf(2.0f); }"
    (kernel,) = kernels(text)
    found = PRINT["c"](as_printed(kernel, C))
    assert "int a = bump(c);" in found and "expf" not in found
