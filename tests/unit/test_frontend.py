"""Lowering: what statements and expressions become. Source on the left, the IR printed on the right."""

from __future__ import annotations

from pathlib import Path

import pytest
from frontend_text import body, read, same, statements, unit

from kernelglot.ir.nodes import Address, Axis, AxisIndex, Call, Declare, Evaluate, For, If, Load, Opaque, Var, While
from kernelglot.ir.types import F32, Array, Pointer, Scope
from kernelglot.ir.walk import walk

ROOT = Path(__file__).resolve().parents[2]
KERNELS = sorted([*ROOT.glob("examples/operators/*.cu"), *ROOT.glob("tests/kernels/*.cu")])


def test_vector_add() -> None:
    module = read("""
        // c = a + b
        __global__ void __launch_bounds__(256) add(const float* __restrict__ a, const float *b, float* c, const int n) {
          const int i = blockIdx.x * blockDim.x + threadIdx.x;  // one element a thread
          if (i < n) c[i] = a[i] + b[i];
        }
    """)
    (kernel,) = module.kernels
    assert (kernel.name, kernel.symbol, kernel.launch_bounds, kernel.comment) == ("add", "add", 256, "c = a + b")
    assert kernel.params[0].type == Pointer(F32, Scope.GLOBAL, True, True)
    declare, guard = kernel.body
    assert isinstance(declare, Declare) and declare.const and declare.comment == "one element a thread"
    assert isinstance(guard, If) and not module.problems
    assert any(node == AxisIndex(Axis.THREAD_X) for node in walk(declare))


def test_spans_are_bytes_of_the_file() -> None:
    text = "// é\n#define SQ(v) ((v) * (v))\n__global__ void k(float *x) {\n  x[0] = SQ(x[1]);\n}\n"
    (kernel,) = read(text).kernels
    (store,) = kernel.body
    data = text.encode()
    assert store.span is not None and data[store.span.start:store.span.end] == b"x[0] = SQ(x[1])" and store.span.line == 4
    assert data[kernel.name_span.start:kernel.name_span.end] == b"k"


@pytest.mark.parametrize(("source", "expected"), [
    ("for (int i = 0; i < n; i++) x[i] = 0;", "for (int i = 0; i < n; ++i)\n  x[i] = 0;"),
    ("for (int i = 0; i <= n; i += 2) x[i] = 0;", "for (int i = 0; i < n + 1; i += 2)\n  x[i] = 0;"),
    ("for (int i = 0; n > i; i = i + 3) x[i] = 0;", "for (int i = 0; i < n; i += 3)\n  x[i] = 0;"),
    ("int i; for (i = 0; i < n; i++) x[i] = 0;", "for (int i = 0; i < n; ++i)\n  x[i] = 0;"),
    ("int i; for (i = 0; i < n; i++) ; x[i] = 0;", "int i;\nfor (i = 0; i < n; ++i) {\n}\nx[i] = 0;"),
    ("for (int i = n - 1; i >= 0; i--) x[i] = 0;", "for (int i = n - 1; i >= 0; --i)\n  x[i] = 0;"),
    ("for (int s = 16; s > 0; s >>= 1) x[s] = 0;", "for (int s = 16; s > 0; s >>= 1)\n  x[s] = 0;"),
    ("for (int i = 0; i < n; i++) { x[i] = 0; if (x[i]) i++; }", "for (int i = 0; i < n; ++i) {\n  x[i] = 0;\n  if (x[i])\n    ++i;\n}"),
    ("for (int i = 0, j = 4; i < n; ++i, j += 2) x[i] = j;", "int j = 4;\nfor (int i = 0; i < n; ++i) {\n  x[i] = j;\n  j += 2;\n}"),
    ("while (n-- > 0) x[n] = 0;",
     "while (true) {\n  bool more = n > 0;\n  --n;\n  if (!more)\n    break;\n  x[n] = 0;\n}"),
    ("do { n--; } while (n > 3);", "do {\n  --n;\n} while (n > 3);"),
    ("for (int i = 0; i < 4; ++i) {} for (int i = 0; i < 5; ++i) {}", "for (int i = 0; i < 4; ++i) {\n}\nfor (int i = 0; i < 5; ++i) {\n}"),
    ("for (int i = 0; i < 4; ++i) for (int i = 0; i < 5; ++i) x[i] = 0;",
     "for (int i = 0; i < 4; ++i)\n  for (int i_2 = 0; i_2 < 5; ++i_2)\n    x[i_2] = 0;"),
    ("{ int v = 1; x[v] = 0; } { int v = 2; x[v] = 0; }", "{\n  int v = 1;\n  x[v] = 0;\n}\n{\n  int v_2 = 2;\n  x[v_2] = 0;\n}"),
])
def test_loops_and_names(source: str, expected: str) -> None:
    assert same(statements(source), expected)


def test_kinds_of_loops() -> None:
    (kernel,) = read("__global__ void k(float *x, int n) { for (int i = 0; i < n; ++i) x[i] = 0; for (; n > 0; n /= 2) x[n] = 0; }").kernels
    counted, other = kernel.body
    assert isinstance(counted, For) and isinstance(other, While) and other.init is None and len(other.update) == 1


@pytest.mark.parametrize(("source", "expected"), [
    ("const float *r = y + 3 * n; x[0] = r[2] + *r;", "x[0] = y[3 * n + 2] + y[3 * n];"),
    ("x += n; x[1] = 0;", "int x_offset = 0;\nx_offset += n;\nx[x_offset + 1] = 0;"),
    ("*x++ = 1; *x = 2;", "int x_offset = 0;\nx[x_offset] = 1;\n++x_offset;\nx[x_offset] = 2;"),
    ("x += (long)n * 4; x[0] = 1;", "long long x_offset = 0;\nx_offset += (long long)n * 4;\nx[x_offset] = 1;"),
    ("float *p; if (n) p = x; else p = x + 1; p[2] = 0;", "int p_offset;\nif (n) {\n  p_offset = 0;\n} else {\n  p_offset = 1;\n}\nx[p_offset + 2] = 0;"),
    ("int o = n; float *p = x + o; o++; p[o] = 1;", "int o = n;\nconst int p_offset = o;\n++o;\nx[p_offset + o] = 1;"),
    ("float &r = x[n * 2]; r += 1;", "const int r_offset = n * 2;\n++x[r_offset];"),
    ("__shared__ float s[4][8]; float *row = s[n]; row[3] = 1;", "__shared__ float s[4][8];\ns[n][3] = 1;"),
    ("__shared__ float s[4][8]; float *f = (float *)s; f[9] = 1; f[n] = 2;",
     "__shared__ float s[4][8];\ns[1][1] = 1;\ns[n / 8][n % 8] = 2;"),
    ("__shared__ float total; total = 0; __syncthreads();", "__shared__ float total[1];\ntotal[0] = 0;\n__syncthreads();"),
    ("extern __shared__ unsigned char raw[]; float *s = (float *)raw; float *t = s + n; t[1] = s[0];",
     "extern __shared__ float raw[];\nraw[n + 1] = raw[0];"),
    ("if (y) x[0] = y != nullptr ? 1 : 2;", "if (y != 0)\n  x[0] = y != 0 ? 1 : 2;"),
    ("const float *p = n > 3 ? y : y + 4; x[0] = p[1];", "x[0] = y[(n > 3 ? 0 : 4) + 1];"),
    ("((int *)x)[1] = 3; x[0] = ((const int *)y)[2];", "x[1] = __int_as_float(3);\nx[0] = __float_as_int(y[2]);"),
    ("x[n++] = y[n];", "x[n] = y[n];\n++n;"),
])
def test_pointers_become_indices(source: str, expected: str) -> None:
    # `r = x[n * 2]` pins its index only where n is assigned
    source = source.replace("r += 1;", "n = 0; r += 1;") if "&r" in source else source
    expected = expected.replace("++x[r_offset]", "n = 0;\n++x[r_offset]")
    assert same(statements(source), expected)


@pytest.mark.parametrize(("source", "expected"), [
    ("float4 v = reinterpret_cast<const float4*>(y)[n]; v.x *= 2; x[0] = v.w;",
     "float v[4] = {y[n * 4], y[n * 4 + 1], y[n * 4 + 2], y[n * 4 + 3]};\nv[0] *= 2;\nx[0] = v[3];"),
    ("*(float2 *)&x[n] = make_float2(1.f, 2.f);", "x[n] = 1.f;\nx[n + 1] = 2.f;"),
    ("float2 a = {1.f, 2.f}; a = make_float2(a.y, a.x);",
     "float a[2] = {1.f, 2.f};\nfloat part_x = a[1];\nfloat part_y = a[0];\na[0] = part_x;\na[1] = part_y;"),
    ("half2 h = __floats2half2_rn(x[0], x[1]); h = __hmul2(h, h); x[0] = __low2float(h);",
     "half h[2] = {(half)x[0], (half)x[1]};\nh[0] = h[0] * h[0];\nh[1] = h[1] * h[1];\nx[0] = (float)h[0];"),
    ("__shared__ float4 s[8]; s[n].y = 1;", "__shared__ float s[8][4];\ns[n][1] = 1;"),
])
def test_vectors_become_elements(source: str, expected: str) -> None:
    assert same(statements(source), expected)


def test_a_vector_parameter_is_a_pointer_to_its_elements() -> None:
    (kernel,) = read("__global__ void k(const float4 *a, float4 *b) { b[threadIdx.x] = a[threadIdx.x + 1]; }").kernels
    assert kernel.params[1].type == Pointer(F32)
    assert same("\n".join(unit(kernel).splitlines()[1:3]), "  b[threadIdx.x * 4] = a[(threadIdx.x + 1) * 4];\n  b[threadIdx.x * 4 + 1] = a[(threadIdx.x + 1) * 4 + 1];")


@pytest.mark.parametrize(("source", "expected"), [
    ("__expf(x[0])", "expf(x[0])"), ("exp(x[0])", "expf(x[0])"), ("exp((double)x[0])", "exp((double)x[0])"), ("std::sqrt(x[0])", "sqrtf(x[0])"),
    ("pow(x[0], 2)", "pow(x[0], 2)"), ("max(n, 3)", "max(n, 3)"), ("max(x[0], x[1])", "fmaxf(x[0], x[1])"), ("abs(x[0])", "fabsf(x[0])"),
    ("abs(n)", "abs(n)"), ("__fdividef(x[0], x[1])", "x[0] / x[1]"), ("__ldg(&y[n])", "y[n]"), ("__frcp_rn(x[0])", "1.0f / x[0]"),
    ("__saturatef(x[0])", "fminf(fmaxf(x[0], 0.0f), 1.0f)"), ("__int2float_rn(n)", "(float)n"), ("__float2int_rn(x[0])", "(int)rintf(x[0])"),
    ("static_cast<float>(n)", "(float)n"), ("float(n)", "(float)n"), ("(float)3", "3.0f"), ("-1.5f", "-1.5f"), ("- 2", "-2"),
    ("__half2float(__float2half(x[0]))", "(float)(half)x[0]"), ("__hadd(__float2half(x[0]), __float2half(x[1]))", "(half)x[0] + (half)x[1]"),
    ("sizeof(float) * n", "sizeof(float) * n"), ("n ? x[0] : -x[1]", "n ? x[0] : -x[1]"), ("FLT_MAX", "FLT_MAX"), ("1e-5f", "1e-5f"), ("0x1F", "0x1F"),
    ("__shfl_down_sync(0xffffffff, x[0], 4)", "__shfl_down_sync(0xffffffffu, x[0], 4, 32)"), ("__popc(__ballot_sync(0xffffffff, n))",
     "__popc(__ballot_sync(0xffffffffu, n))"), ("std::numeric_limits<float>::lowest()", "-FLT_MAX"),
])
def test_expressions_and_canonical_calls(source: str, expected: str) -> None:
    assert statements(f"x[9] = {source};") == f"x[9] = {expected};"


def test_types_of_operations() -> None:
    (kernel,) = read("__global__ void k(float *x, int n, size_t m) { x[0] = n * 2.0 + m; x[1] = n < 3; x[2] = 'a' + n; }").kernels
    assert [str(stmt.value.type) for stmt in kernel.body] == ["f64", "bool", "i32"]


def test_atomics_take_addresses() -> None:
    (kernel,) = read("__global__ void k(float *x, int *c) { atomicAdd(&x[2], 1.f); int old = atomicCAS(c + 1, 0, 1); }").kernels
    first, second = kernel.body
    assert isinstance(first, Evaluate) and isinstance(first.value, Call) and first.value.name == "atomicAdd"
    assert isinstance(first.value.arguments[0], Address) and first.value.type == F32
    assert isinstance(second, Declare) and isinstance(second.value, Call) and second.value.name == "atomicCAS"


def test_switch_becomes_a_chain() -> None:
    source = "switch (n) { case 1: x[0] = 1; break; case 2: case 3: x[0] = 2; break; default: x[0] = 3; }"
    expected = "if (n == 1) {\n  x[0] = 1;\n} else if (n == 2 || n == 3) {\n  x[0] = 2;\n} else {\n  x[0] = 3;\n}"
    assert same(statements(source), expected)


def test_cooperative_groups() -> None:
    source = """
        cg::thread_block block = cg::this_thread_block();
        auto tile = cg::tiled_partition<32>(block);
        x[0] = tile.shfl_down(x[1], 8);
        block.sync();
    """
    assert same(statements(source), "x[0] = __shfl_down_sync(0xffffffffu, x[1], 8, 32);\n__syncthreads();")


def test_wmma() -> None:
    (kernel,) = read("""
        using namespace nvcuda;
        __global__ void k(const half *a, float *c) {
          wmma::fragment<wmma::matrix_a, 16, 16, 16, half, wmma::row_major> fa;
          wmma::fragment<wmma::accumulator, 16, 16, 16, float> acc;
          wmma::fill_fragment(acc, 0.0f);
          wmma::load_matrix_sync(fa, a + 16, 32);
          for (int i = 0; i < acc.num_elements; i++) acc.x[i] *= 2.f;
          wmma::store_matrix_sync(c, acc, 16, wmma::mem_row_major);
        }
    """).kernels
    loop = kernel.body[4]
    assert isinstance(loop, For) and getattr(loop.upper, "value", None) == 8
    load = kernel.body[3]
    assert isinstance(load, Evaluate) and isinstance(load.value, Call) and load.value.name == "wmma::load_matrix_sync"
    assert isinstance(load.value.arguments[1], Address)
    store = kernel.body[5]
    assert isinstance(store, Evaluate) and isinstance(store.value.arguments[3], Var) and store.value.arguments[3].name == "mem_row_major"


def test_bang_keeps_scopes_and_intrinsics() -> None:
    module = read("""
        #define N 64
        __mlu_entry__ void add(float *a, float *b) {
          __nram__ float t[N];
          __wram__ int8_t w[128];
          int tid = clusterId * 4 + coreId;
          __memcpy(t, a + tid * N, N * sizeof(float), GDRAM2NRAM);
          __bang_add(t, t, t + 8, 4);
          __bang_write_zero((float *)w + 2, 4);
          __sync_cluster();
        }
    """, "bang")
    (kernel,) = module.kernels
    assert not module.problems
    buffer = kernel.body[0]
    assert isinstance(buffer, Declare) and isinstance(buffer.type, Array) and buffer.type.scope is Scope.NRAM
    copy = kernel.body[3]
    assert isinstance(copy, Evaluate) and isinstance(copy.value.arguments[0], Address) and getattr(copy.value.arguments[3], "name", "") == "GDRAM2NRAM"
    zero = kernel.body[5].value.arguments[0]
    assert zero.view == F32 and zero.index[0].value == 8


def test_avx_types_keep_their_names() -> None:
    text = """
        static inline int half_of(int v) { return v / 2; }
        void dot(const int8_t *restrict a, float *c, int n) {
          #pragma omp parallel for
          for (int i = 0; i < n; i++) {
            __m512i acc = _mm512_setzero_si512();
            acc = _mm512_dpbusd_epi32(acc, _mm512_loadu_si512((const __m512i *)&a[i * 64]), acc);
            c[i] = (float)_mm512_reduce_add_epi32(acc) + sqrt(c[i]) + half_of(n);
          }
        }
    """
    module = read(text, "vnni", "a.vnni.c")
    (kernel,) = module.kernels
    assert not module.problems and [f.name for f in kernel.functions] == ["half_of"]
    (loop,) = kernel.body
    assert isinstance(loop, For) and loop.axis is Axis.OMP
    assert isinstance(loop.body[0], Declare) and str(loop.body[0].type) == "__m512i"
    assert any(isinstance(node, Call) and node.name == "sqrt" for node in walk(loop)), "C has no overloads"


@pytest.mark.parametrize(("source", "word"), [
    ("goto end; end: ;", "outside"), ('asm volatile("bar.sync 0;");', "outside"), ("x[0] = mystery(3);", "mystery"),
    ("const float *p = n ? x : y; x[1] = p[0];", "two buffers"), ("static int count = 0; count++;", "static"),
    ("switch (n) { case 1: x[0] = 1; case 2: x[0] = 2; }", "falls through"),
    ("n > 3 && x[n++] > 0 ? x[0] = 1 : x[0] = 2;", "only sometimes"),
])
def test_outside_the_subset_is_opaque_with_a_reason(source: str, word: str) -> None:
    module = read(f"__global__ void k(float *x, const float *y, int n) {{ x[5] = 1; {source} x[6] = 2; }}")
    (kernel,) = module.kernels
    assert any(word in node.reason for node in walk(kernel.body) if isinstance(node, Opaque))
    assert any(word in problem.reason for problem in module.problems)
    assert kernel.body[0].value.value == 1 and kernel.body[-1].value.value == 2, "the rest is lowered"


def test_comments_stay_with_their_statements() -> None:
    (kernel,) = read("__global__ void k(float *x) {\n  // one\n  // two\n  x[0] = 1;\n  x[1] = 2; /* three */\n}\n").kernels
    assert [stmt.comment for stmt in kernel.body] == ["one\ntwo", "three"]


def test_array_extents_keep_the_names_of_constants() -> None:
    (kernel,) = read("#define T 16\nconstexpr int P = 1;\n__global__ void k(float *x) { const int q = 4; __shared__ float s[T][T + P]; float r[q]; s[0][0] = r[0]; }").kernels
    shapes = [stmt.type.shape for stmt in kernel.body if isinstance(stmt, Declare) and isinstance(stmt.type, Array)]
    assert [str(getattr(extent, "name", extent)) for extent in shapes[0]][0] == "T" and shapes[1] == (4,)
    assert [c.name for c in kernel.constants] == ["T", "P"]


@pytest.mark.parametrize("path", KERNELS, ids=lambda p: p.stem)
def test_example_kernels_lower_and_print_back_to_themselves(path: Path) -> None:
    module = read(path.read_text(), "cuda", str(path))
    assert module.kernels
    for kernel in module.kernels:
        assert not any(isinstance(node, Opaque) for node in walk([*kernel.body, *kernel.functions]))
        again = read(unit(kernel))
        assert not again.problems
        assert again.kernels[0] == kernel or (again.kernels[0].body, again.kernels[0].functions) == (kernel.body, kernel.functions)


def test_loads_have_one_index_for_each_extent() -> None:
    text = "__global__ void k(float *x, int n) { __shared__ float s[4][8]; float *p = &s[0][0]; x[0] = p[n]; }"
    (kernel,) = read(text).kernels
    load = next(node for node in walk(kernel.body) if isinstance(node, Load) and node.buffer.name == "s")
    assert len(load.index) == 2


def test_body_of_a_kernel_in_text() -> None:
    assert same(body("__global__ void k(float *x) { if (threadIdx.x == 0) { x[0] = 1.0f; } }"), "if (threadIdx.x == 0)\n  x[0] = 1.0f;")


def test_pointers_that_change_places_choose_between_their_buffers():
    assert same(statements("""
        __shared__ float a[64], b[64];
        float *cur = a, *nxt = b;
        int t = threadIdx.x;
        for (int s = 0; s < n; ++s) {
          nxt[t] = cur[t] + cur[63 - t];
          __syncthreads();
          float *swap = cur; cur = nxt; nxt = swap;
        }
        x[t] = cur[t];
    """), """
        __shared__ float a[64];
        __shared__ float b[64];
        int cur_buffer = 0;
        int nxt_buffer = 1;
        int t = threadIdx.x;
        for (int s = 0; s < n; ++s) {
          if (nxt_buffer == 0) {
            a[t] = (cur_buffer == 0 ? a[t] : b[t]) + (cur_buffer == 0 ? a[63 - t] : b[63 - t]);
          } else {
            b[t] = (cur_buffer == 0 ? a[t] : b[t]) + (cur_buffer == 0 ? a[63 - t] : b[63 - t]);
          }
          __syncthreads();
          int swap_buffer = cur_buffer;
          cur_buffer = nxt_buffer;
          nxt_buffer = swap_buffer;
        }
        x[t] = cur_buffer == 0 ? a[t] : b[t];
    """)


def test_pointers_that_never_meet_choose_between_their_own_buffers():
    text = statements("""
        const float *src = y;
        if (n > 4) src = y + n;
        float *dst = x;
        if (n > 5) dst = z;
        float *more = u;
        if (n > 6) more = v;
        dst[0] = *src + more[1];
    """, parameters="float *x, float *z, float *u, float *v, const float *y, int n")
    assert "if (dst_buffer == 0) {\n  x[0] = y[src_offset] + (more_buffer == 0 ? u[1] : v[1]);\n} else {\n  z[0] = y[src_offset] +" in text
    assert "src_buffer" not in text                                 # one buffer needs no choice


def test_an_atomic_through_a_chosen_pointer_stands_under_a_condition():
    text = statements("""
        int *count = odd;
        if (n % 2 == 0) count = even;
        atomicAdd(&count[1], 1);
    """, parameters="int *odd, int *even, int n")
    assert "if (count_buffer == 0) {\n  atomicAdd(odd + 1, 1);\n} else {\n  atomicAdd(even + 1, 1);\n}" in text


def test_parameters_that_change_places_choose_between_buffers():
    text = statements("""
        for (int s = 0; s < n; ++s) {
          b[n] = a[n] + 1.0f;
          float *t = a; a = b; b = t;
        }
    """, parameters="float *a, float *b, int n")
    assert text.startswith("int a_buffer = 0;\nint b_buffer = 1;\n") and "a_buffer = b_buffer;" in text
    assert "a[n] = (a_buffer == 0 ? a[n] : b[n]) + 1.0f;" in text


@pytest.mark.parametrize(("source", "expected"), [
    ("x[0] = (a) + (b) * (n);", "x[0] = a + b * n;"),
    ("x[0] = static_cast<int>(f) + (a) - (b) * n;", "x[0] = (int)f + a - b * n;"),
    ("x[0] = (a) - (b) * n;", "x[0] = a - b * n;"),
    ("if ((a) >= (b) && (a) <= (n)) x[0] = 1;", "if (a >= b && a <= n)\n  x[0] = 1;"),
    ("x[0] = (int)-f + (a) / (b);", "x[0] = (int)-f + a / b;"),
    ("x[0] = (a) * (b) + (n) & (b);", "x[0] = (a * b + n) & b;"),
])
def test_a_name_in_brackets_is_no_cast(source: str, expected: str) -> None:
    """Macros put their arguments in brackets; to a grammar `(a) + (b)` may be a cast of `+b`."""
    assert statements(source, parameters="int *x, int a, int b, int n, float f") == expected
