"""Whole files: preprocessing, the outline, launches, templates, structures, device text, errors and hostile input."""

from __future__ import annotations

import time

import pytest
from frontend_text import read, same, statements, unit

from kernelglot.dialects import base
from kernelglot.frontend.preprocess import preprocess
from kernelglot.frontend.syntax import device_text, launches, outline, parse
from kernelglot.ir.nodes import Opaque
from kernelglot.ir.walk import walk

CUDA = base.load("cuda").spelling
SOURCE = """#include <cstdio>
#define N 4
template <typename T> __device__ T twice(T v) { return v + v; }
__global__ void k(float *x) { x[0] = twice(x[1]); }
namespace inner { extern "C" __global__ void j(int n); }
void run(float *d) { dim3 g(2, 3); k<<<g, 64, N * sizeof(float)>>>(d + 1); }
"""


# ---- preprocessing


def test_constants_keep_their_name_and_others_expand() -> None:
    text = "#define N 16\n#define T float\n#define SQ(v) ((v)*(v))\n#define M (N * 2)\n#define L N+1\nT a = SQ(N) + M + L;"
    result = preprocess(text, CUDA)
    assert {name: macro.value for name, macro in result.constants.items()} == {"N": 16, "M": 32}
    last = "".join(result.text.splitlines()[-1].split())
    assert last == "floata=((N)*(N))+M+N+1;"
    assert result.origin(result.text.index("M +")) == text.rindex("M +"), "positions map back"


@pytest.mark.parametrize(("condition", "taken"), [
    ("#if defined(__CUDACC__) && __CUDA_ARCH__ >= 700", True), ("#ifdef __HIPCC__", False), ("#ifndef UNKNOWN", True), ("#if UNKNOWN", False),
    ("#if (1 << 3) == 8 ? 1 : 0", True), ("#if 0x10 == 16u && !0", True), ("#if 1 / 0", False),
])
def test_conditions(condition: str, taken: bool) -> None:
    result = preprocess(f"{condition}\nint yes;\n#else\nint no;\n#endif\n", CUDA).text
    assert ("yes" in result) is taken and ("no" in result) is not taken


def test_macros_with_pasting_variadics_and_continuations() -> None:
    text = "#define CAT(a, b) a##b\n#define CALL(f, ...) f(__VA_ARGS__)\n#define LONG(x) \\\n  x + \\\n  1\nCALL(CAT(fo, o), 1, LONG(2));"
    assert "".join(preprocess(text, CUDA).text.split()) == "foo(1,2+1);"


def test_a_macro_that_changes_is_expanded() -> None:
    result = preprocess("#define N 1\nint a = N;\n#undef N\n#define N 2\nint b = N;", CUDA)
    assert "N" not in result.constants and "".join(result.text.split()) == "inta=1;intb=2;"


def test_includes_below_the_file_are_read(tmp_path) -> None:
    (tmp_path / "tile.h").write_text("#pragma once\n#define TILE 8\n__device__ float one() { return 1.0f; }\n")
    path = tmp_path / "k.cu"
    text = '#include "tile.h"\n#include "../outside.h"\n__global__ void k(float *x) { x[TILE] = one(); }\n'
    module = read(text, path=str(path))
    assert not module.problems and "#define TILE 8" in unit(module.kernels[0])


# ---- outline and host code


def test_outline_kinds_and_spans() -> None:
    items = outline(SOURCE, CUDA)
    assert [(i.kind, i.name) for i in items] == [
        ("include", "<cstdio>"), ("define", "N"), ("device", "twice"), ("kernel", "k"), ("declaration", "j"), ("host", "run")]
    kernel = items[3]
    assert kernel.name_span is not None and SOURCE.encode()[kernel.name_span.start:kernel.name_span.end] == b"k" and kernel.end_line == 4
    assert items[2].template == ("typename T",)


def test_launches() -> None:
    source = parse(SOURCE, CUDA)
    (launch,) = launches(source)
    assert launch.kernel == "k" and launch.host is not None and launch.host.name == "run"
    assert [source.of(n) for n in (launch.grid, launch.block, launch.shared, *launch.arguments) if n] == ["g", "64", "N * sizeof(float)", "d + 1"]
    hip = parse("void f() { hipLaunchKernelGGL((k<float, 3>), dim3(1), dim3(2), 0, s, a, b); }", base.load("hip").spelling)
    (launch,) = launches(hip)
    assert launch.kernel == "k" and launch.template == ("float", "3") and len(launch.arguments) == 2


def test_device_text_blanks_the_host() -> None:
    text = device_text(SOURCE, CUDA)
    assert len(text) == len(SOURCE) and "run" not in text and "<<<" not in text and "twice(x[1])" in text
    assert text.count("\n") == SOURCE.count("\n")


def test_bang_words_are_masked_in_place() -> None:
    text = "__mlu_global__ void k(float *x) { __nram__ float a[4]; a[0] = x[0]; }\n__mlu_func__ void f(float *x) {}\n"
    source = parse(text, base.load("bang").spelling)
    assert not source.has_error and len(source.masked) == len(text)
    assert [i.kind for i in outline(source)] == ["kernel", "device"]


def test_plain_c_kernels_are_what_nobody_calls() -> None:
    text = "static void helper(float *x) { x[0] = 1; }\nvoid run(float *x, int n) { helper(x); }\nint main(void) { return 0; }\n"
    assert [(i.kind, i.name) for i in outline(text, base.load("c").spelling)] == [("device", "helper"), ("kernel", "run"), ("host", "main")]


# ---- templates


TEMPLATE = "template <typename T, int N = 4> __global__ void k(const T *x, T *y) { for (int i = 0; i < N; ++i) y[i] = x[i]; }\n"


@pytest.mark.parametrize(("use", "symbols"), [
    ("void f() { k<float><<<1, 2>>>(a, b); }", ["k<float, 4>"]),
    ("void f() { k<half, 8><<<1, 2>>>(a, b); k<int, 2><<<1, 2>>>(c, d); }", ["k<half, 8>", "k<int, 2>"]),
    ("template __global__ void k<double, 3>(const double *, double *);", ["k<double, 3>"]),
    ("void f(const float *a, float *b) { k<<<1, 2>>>(a, b); }", ["k<float, 4>"]),
    ("void f() { int *a, *b; k<<<1, 2>>>(a, b); }", ["k<int, 4>"]),
    ("void f() { constexpr int n = 3 * 2; k<float, n><<<1, 2>>>(a, b); }", ["k<float, 6>"]),
    ("template <int M> void f() { k<float, M * 2><<<1, 2>>>(a, b); }\nvoid g() { f<3>(); f<5>(); }", ["k<float, 6>", "k<float, 10>"]),
    ("template <typename U> void f(U *a) { k<U, 2><<<1, 2>>>(a, a); }\nint main() { float *p; f(p); }", ["k<float, 2>"]),
])
def test_instances_come_from_launches(use: str, symbols: list[str]) -> None:
    module = read(TEMPLATE + use)
    assert [k.symbol for k in module.kernels] == symbols and not module.problems


def test_an_unused_template_is_a_problem_with_a_line_to_paste() -> None:
    (problem,) = read(TEMPLATE).problems
    assert problem.code == "template" and problem.fix == "template __global__ void k<float, 4>(const float*, float*);"
    assert [k.symbol for k in read(TEMPLATE + problem.fix).kernels] == ["k<float, 4>"]


def test_if_constexpr_takes_one_branch() -> None:
    text = "template <int N> __global__ void k(float *x) { if constexpr (N > 2) { x[0] = 1; } else { x[0] = 2; } }\nvoid f() { k<3><<<1, 1>>>(p); }"
    (kernel,) = read(text).kernels
    assert len(kernel.body) == 1 and kernel.body[0].value.value == 1


def test_instances_of_device_functions() -> None:
    before = "template <typename T> __device__ T twice(T v) { return v + v; }"
    (kernel,) = read(before + "__global__ void k(float *x, int n) { x[0] = twice(x[1]); x[1] = twice<int>(n); x[2] = twice(x[3]); }").kernels
    assert [f.name for f in kernel.functions] == ["twice", "twice_int"]


# ---- functions and structures


def test_references_are_inlined() -> None:
    before = "__device__ void exchange(float &a, float &b) { float t = a; a = b; b = t; }"
    assert same(statements("exchange(x[0], x[n]);", before=before), "float t = x[0];\nx[0] = x[n];\nx[n] = t;")


def test_structures_are_flattened() -> None:
    before = """
        struct Best { float value; int index; };
        __device__ Best better(Best a, Best b) { return a.value > b.value ? a : b; }
        __device__ Best keep(Best a, Best b) { Best r = a; if (b.value > a.value) { r = b; } return r; }
    """
    source = "Best best = {-1.0f, 0}; Best other; other.value = y[n]; other.index = n; best = keep(best, other); x[0] = best.value;"
    assert same(statements(source, before=before), """
        float best_value = -1.0f;
        int best_index = 0;
        float other_value;
        int other_index;
        other_value = y[n];
        other_index = n;
        float r_value = best_value;
        int r_index = best_index;
        if (other_value > best_value) {
          r_value = other_value;
          r_index = other_index;
        }
        best_value = r_value;
        best_index = r_index;
        x[0] = best_value;
    """)


def test_functors_and_lambdas() -> None:
    before = """
        struct Scale { float s; __device__ Scale(float v) : s(v) {} __device__ float operator()(float v) const { return v * s; } };
        template <typename Op> __device__ float apply(float v, Op op) { return op(v); }
    """
    assert same(statements("auto f = [=](float v) { return v + n; }; x[0] = apply(f(2.0f), Scale(3.0f));", before=before),
                "float v = 2.0f + n;\nx[0] = v * 3.0f;")


def test_recursion_is_declined() -> None:
    module = read("__device__ int f(int n) { return n < 2 ? 1 : n * f(n - 1); } __global__ void k(int *x) { x[0] = f(3); }")
    assert any("calls itself" in p.reason for p in module.problems)


def test_constants_at_file_scope() -> None:
    text = "constexpr int A = 3 * 4;\nconst float E = 1e-5f;\nenum Mode { kX, kY = 5, kZ };\n__constant__ float w[2][2] = {{1, 2}, {3}};\n" \
           "__global__ void k(float *x) { x[kZ] = A + E + w[1][0]; }"
    (kernel,) = read(text).kernels
    assert {c.name: c.value for c in kernel.constants} == {"A": 12, "E": 1e-5, "kZ": 6, "w": (1.0, 2.0, 3.0, 0.0)} or \
        {c.name for c in kernel.constants} == {"A", "E", "kZ", "w"}


# ---- errors and hostile input


def test_an_error_hides_no_other_kernel() -> None:
    good = "__global__ void good(float *x) { x[0] = 1; }\n"
    for bad in ("__global__ void bad(float *x) { x[0] = = 1; }\n", "__global__ void bad(float *x) { if (x[0] > 1) { x[1] = 2;\n", "int = 3;;\n}\n"):
        module = read(bad + "\n" + good)
        assert "good" in [k.name for k in module.kernels], bad
        assert module.problems or "bad" not in bad


HOSTILE = {
    "parentheses": "x[0] = " + "(" * 5000 + "1" + ")" * 5000 + ";", "blocks": "{" * 3000 + "}" * 3000, "chain": "x[0] = " + "+".join(["x[1]"] * 3000) + ";",
    "else if": "if (n) x[0] = 1;" + " else if (n == 2) x[0] = 2;" * 400, "not": "x[0] = " + "!" * 3000 + "n;", "comma": "x[0] = 1" + ", x[1] = 2" * 2000 + ";",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_nesting_is_a_problem_not_a_crash(name: str) -> None:
    started = time.perf_counter()
    module = read(f"__global__ void k(float *x, int n) {{ {HOSTILE[name]} }}")
    assert time.perf_counter() - started < 2.0
    assert module.problems or name == "blocks"


@pytest.mark.parametrize("text", [
    "#define A0 x\n" + "".join(f"#define A{i + 1} A{i} A{i}\n" for i in range(30)) + "__global__ void k(float *x) { A30; }",
    "#define F(x) x + x\n#define G(x) F(F(F(F(F(F(F(F(F(F(x))))))))))\n__global__ void k(float *x) { x[0] = G(G(G(1))); }",
    "\n".join(f"__device__ float f{i}(float &x) {{ return f{i + 1}(x) + f{i + 1}(x); }}" for i in range(22)) + "__global__ void k(float *x) { f0(x[0]); }",
    "template <int N> __device__ float f(float x) { return f<N - 1>(x); }\n__global__ void k(float *x) { x[0] = f<9>(x[0]); }",
    "constexpr int A = B; constexpr int B = A;\n__global__ void k(float *x) { x[0] = A; }", "typedef A B; typedef B A; __global__ void k(A *x) {}",
    "", "\x00\x01\xff", "__global__", "template <", "#if", "/*",
])
def test_hostile_files_end(text: str) -> None:
    started = time.perf_counter()
    module = read(text)
    assert time.perf_counter() - started < 5.0
    assert all(not isinstance(node, Opaque) or node.reason for kernel in module.kernels for node in walk(kernel.body))


def test_a_comparison_is_not_a_template() -> None:
    assert statements("x[0] = n < 0 || n >= 4 ? 1 : 2;") == "x[0] = n < 0 || n >= 4 ? 1 : 2;"
    assert statements("x[0] = n<0||n>=4;") == "x[0] = n < 0 || n >= 4;"
    assert statements("if (n < 3 && n > 1) x[0] = 1;") == "if (n < 3 && n > 1)\n  x[0] = 1;"


def test_namespaces_and_group_reductions() -> None:
    text = """
        namespace cg = cooperative_groups;
        namespace mine { template <int N> struct Vec { float v[N]; }; template <int N> __global__ void k(float *x) {
          cg::thread_block block = cg::this_thread_block();
          cg::thread_block_tile<32> warp = cg::tiled_partition<32>(block);
          mine::Vec<N> a;
          a.v[1] = x[0];
          x[0] = cg::reduce(warp, a.v[1], cg::plus<float>());
          cg::sync(block);
        } }
        void f() { mine::k<2><<<1, 32>>>(p); }
    """
    module = read(text)
    assert not module.problems and [k.symbol for k in module.kernels] == ["mine::k<2>"]
    assert unit(module.kernels[0]).count("__shfl_xor_sync") == 5


def test_volatile_is_dropped_with_a_note() -> None:
    module = read("__global__ void k(volatile float *x) { x[0] = x[1]; }")
    assert [p.code for p in module.problems] == ["volatile"] and module.kernels


def test_dialects_load_and_know_their_files() -> None:
    for name in base.NAMES:
        dialect = base.load(name)
        assert dialect.spelling.dialect == name and dialect.suffixes and dialect.output_suffix in dialect.suffixes
    assert [base.of_path(f).name for f in ("a.cu", "b.hip", "c.mlu", "d.vnni.c", "e.c", "dir/f.cpp")] == ["cuda", "hip", "bang", "vnni", "c", "c"]
    assert base.of_path("x.py") is None


def test_a_variable_changed_through_a_reference_is_pinned() -> None:
    before = "__device__ void bump(int &o) { o += 2; }"
    assert same(statements("int o = n; float *p = x + o; bump(o); p[o] = 1;", before=before),
                "int o = n;\nconst int p_offset = o;\no += 2;\nx[p_offset + o] = 1;")


def test_each_static_member_of_one_declaration_has_its_own_value():
    module = read("""
template <int A, int B> struct Tile { static constexpr int M = A, N = B, both = M * N; };
template <class T> __global__ void k(int *c) { c[0] = T::M; c[1] = T::N; c[2] = T::both; }
int main() { int *c; cudaMalloc(&c, 12); k<Tile<8, 32>><<<1, 1>>>(c); }
""")
    assert [statement.value.value for statement in module.kernels[0].body] == [8, 32, 256]
