"""Ways of writing CUDA that authors use around their kernels: structures by value and in memory, helpers, macros, instances named elsewhere."""

from __future__ import annotations

import pytest
from frontend_text import read, same, statements, unit

from kernelglot.dialects import base
from kernelglot.frontend.adapter import callable_text
from kernelglot.frontend.syntax import device_text
from kernelglot.ir.types import F32, I32, Array, Pointer
from kernelglot.ir.walk import walk
from kernelglot.units import without_others

CUDA = base.load("cuda").spelling


def symbols(text: str) -> list[str]:
    module = read(text)
    assert not module.problems, module.problems
    return [kernel.symbol for kernel in module.kernels]


# ---- which instances a file uses


def test_an_enumerator_of_an_enum_class_stays_a_name_in_the_symbol() -> None:
    assert symbols("""
        namespace nn { enum class Pool { Max, Avg }; }
        template <nn::Pool P, int K> __global__ void pool(float *x) { if (P == nn::Pool::Max) x[0] = K; }
        void run(float *x) { pool<nn::Pool::Avg, 3><<<1, 1>>>(x); }
    """) == ["pool<nn::Pool::Avg, 3>"]


@pytest.mark.parametrize(("host", "expected"), [
    ("template void launch(float *, int); template void launch<int>(int *, int);", ["k<float>", "k<int>"]),
    ("void f(half *x) { launch(x, 1); }", ["k<half>"]),
    ("void f() { DeviceBuffer<double> b(4); launch(b.get(), 1); }", ["k<double>"]),
    ("void f(at::Tensor t) { launch(t.data_ptr<int64_t>(), 1); }", ["k<int64_t>"]),
    ("void f() { std::vector<float> v(4); launch(thrust::raw_pointer_cast(v.data()), 1); }", ["k<float>"]),
    ("struct Own { unsigned char *bytes; }; void f(Own o) { launch(o.bytes, 1); }", ["k<uint8_t>"]),
    ("class Layer { float *w_; void f() { launch(w_, 1); } };", ["k<float>"]),
    ("void f(void *p, bool wide) { launch(reinterpret_cast<int *>(p), 1); }", ["k<int>"]),
])
def test_template_arguments_are_deduced_through_host_code(host: str, expected: list[str]) -> None:
    assert symbols(f"""
        template <typename T> class DeviceBuffer {{ T *p_; public: DeviceBuffer(size_t n); T *get() {{ return p_; }} }};
        template <typename T> __global__ void k(T *x, int n) {{ x[n] = x[0]; }}
        template <typename T> void launch(T *x, int n) {{ k<T><<<1, 1>>>(x, n); }}
        {host}
    """) == expected


def test_instances_named_by_dispatch_macros_launch_helpers_and_class_templates() -> None:
    kernel = "template <typename T> __global__ void k(T *x) { x[0] = x[1]; }\n"
    assert symbols(kernel + "void f(at::Tensor t) { AT_DISPATCH_FLOATING_TYPES(t.type(), \"k\", ([&] { k<scalar_t><<<1, 1>>>(t.data<scalar_t>()); })); }"
                   ) == ["k<float>"]
    assert symbols(kernel + "template <class K, class... A> void go(K f, A... a) { f<<<1, 1>>>(a...); }\nvoid f(int *x) { go(k<int>, x); }") == ["k<int>"]
    assert symbols("namespace net {\n" + kernel + "template <class D> struct Layer { void run(D *x); };\n"
                   "template <class D> void Layer<D>::run(D *x) { k<D><<<1, 1>>>(x); }\ntemplate class Layer<double>;\n}") == ["net::k<double>"]


def test_a_launch_with_a_lambda_is_reported_beside_other_instances() -> None:
    module = read("""
        template <class F> __global__ void each(int n, F f) { if (threadIdx.x < n) f(threadIdx.x); }
        struct Set { float *y; __device__ void operator()(int i) const { y[i] = 1.0f; } };
        template <class F> void run(int n, F f) { each<<<1, 64>>>(n, f); }
        void all(float *y) { run(8, Set{y}); run(8, [=] __device__(int i) { y[i] = 2.0f; }); }
    """)
    assert [kernel.symbol for kernel in module.kernels] == ["each<Set>"]
    (problem,) = module.problems
    assert problem.code == "template" and "each" in problem.reason and problem.span.line == 5


# ---- structures


def test_a_structure_by_value_becomes_the_parameters_that_are_used() -> None:
    (kernel,) = read("""
        struct Shape { int rows, cols, unused; };
        struct Params { Shape shape; float scale[2]; const float *bias; };
        __global__ void k(float *x, const Params p) {
          int i = threadIdx.x;
          if (i < p.shape.rows) x[i] = x[i] * p.scale[i % 2] + p.bias[i];
        }
    """).kernels
    assert [(p.name, p.type) for p in kernel.params] == [
        ("x", Pointer(F32)), ("p_shape_rows", I32), ("p_scale_0", F32), ("p_scale_1", F32), ("p_bias", Pointer(F32, const=True))]
    assert [source.parts for source in kernel.source_params] == [
        (("", "x"),), (("shape.rows", "p_shape_rows"), ("scale[0]", "p_scale_0"), ("scale[1]", "p_scale_1"), ("bias", "p_bias"))]
    text, symbol = callable_text("", kernel)
    assert "p_whole.shape.rows = p_shape_rows;" in text and "k(x, p_whole);" in text and symbol != "k"


def test_a_kernel_without_structures_is_called_as_it_is() -> None:
    (kernel,) = read("__global__ void k(float *x) { x[0] = 1.0f; }").kernels
    assert not kernel.source_params and callable_text("text", kernel) == ("text", "k")


def test_structures_of_one_type_lie_in_memory_as_numbers_side_by_side() -> None:
    before = "struct MD { float m, d; };"
    source = "__shared__ MD buf[8]; MD a = buf[n]; buf[0] = a.m > 0.0f ? a : buf[1]; MD &r = buf[2]; r.d += 1.0f;"
    expected = """
        __shared__ float buf[8][2];
        float a_m = buf[n][0];
        float a_d = buf[n][1];
        float new_d = a_m > 0.0f ? a_d : buf[1][1];
        float new_m = a_m > 0.0f ? a_m : buf[1][0];
        buf[0][0] = new_m;
        buf[0][1] = new_d;
        buf[2][1] += 1.0f;
    """
    assert same(statements(source, before=before), expected)
    assert same(statements("p[n].d = p[n].m;", "MD *p, int n", before), "p[n * 2 + 1] = p[n * 2];")


def test_structures_of_several_types_in_memory_are_declined() -> None:
    (problem,) = read("struct P { float x; int id; };\n__global__ void k(P *p) { p[0].id = 1; }").problems
    assert problem.code == "unsupported" and "differ in type" in problem.reason


def test_each_declarator_of_a_field_has_its_own_initialiser() -> None:
    text = """
        template <int A, int B> struct Tile { static constexpr int M = A, N = B; };
        template <class C> __global__ void k(float *x) { x[C::M] = x[C::N]; }
        void run(float *x) { k<Tile<8, 32>><<<1, 1>>>(x); }
    """
    (kernel,) = read(text).kernels
    assert "x[8] = x[32];" in unit(kernel)


def test_a_pointer_in_a_local_structure_can_be_set() -> None:
    module = read("""
        struct View { int ld; float *at; };
        __global__ void k(float *x, int n) { View v; v.ld = n; v.at = &x[n * 4]; v.at[v.ld] = 1.0f; }
    """)
    assert not module.problems
    assert "v_at_offset = n * 4;" in unit(module.kernels[0]) and "x[v_at_offset + v_ld] = 1.0f;" in unit(module.kernels[0])


# ---- constant memory that the host sets


def test_constant_memory_that_the_host_sets_becomes_parameters() -> None:
    (kernel,) = read("""
        namespace cfg { struct Filter { int radius; float gain; }; __constant__ float taps[2][9]; __constant__ Filter filter; }
        static __constant__ int width;
        __device__ float tap(int bank, int k) { return cfg::taps[bank][k]; }
        __global__ void k(float *x) { int i = threadIdx.x; if (i < width) x[i] *= tap(1, i) * cfg::filter.gain; }
    """).kernels
    assert [(p.name, p.type) for p in kernel.params] == [
        ("x", Pointer(F32)), ("width", I32), ("taps", Pointer(F32, const=True)), ("filter_gain", F32)]
    assert "x[i] *= taps[9 + i] * filter_gain;" in unit(kernel)
    text, _ = callable_text("", kernel)
    assert "set(cfg::taps, taps_given);" in text and "cfg::filter.gain = filter_gain_given;" in text and "set(width, width_given);" in text


def test_a_variable_that_outlives_the_launch_is_declined() -> None:
    problems = read("__device__ int seen = 0;\n__global__ void k(float *x) { if (atomicAdd(&seen, 1) == 0) x[0] = 1.0f; }").problems
    assert any("`seen` is a variable at file scope" in problem.reason for problem in problems)


# ---- statements


def test_sine_and_cosine_are_two_assignments() -> None:
    assert same(statements("float s, c; sincosf(x[n] * 2.0f, &s, &c); x[0] = s * c;"), """
        float s;
        float c;
        const float angle = x[n] * 2.0f;
        s = sinf(angle);
        c = cosf(angle);
        x[0] = s * c;
    """)


def test_dynamic_shared_memory_is_divided_among_element_types() -> None:
    (kernel,) = read("""
        __global__ void k(float *x, int *y) {
          extern __shared__ char pool[];
          float *values = (float *)pool;
          int *where = (int *)(values + blockDim.x);
          values[threadIdx.x] = x[threadIdx.x];
          where[threadIdx.x] = y[threadIdx.x];
        }
    """).kernels
    arrays = {node.name: node.type for node in walk(kernel.body) if isinstance(getattr(node, "type", None), Array) and hasattr(node, "value")}
    assert {array.element for array in arrays.values()} == {F32, I32} and all(array.shape == (0,) for array in arrays.values())


def test_one_place_of_dynamic_shared_memory_with_two_types_is_declined() -> None:
    problems = read("""
        __global__ void k(float *x, int *y) {
          extern __shared__ char pool[];
          float *values = (float *)pool; int *bits = (int *)pool;
          values[threadIdx.x] = x[threadIdx.x]; y[threadIdx.x] = bits[threadIdx.x];
        }
    """).problems
    assert any("at the same place" in problem.reason for problem in problems)


def test_a_conversion_operator_gives_typed_shared_memory() -> None:
    (kernel,) = read("""
        template <class T> struct Shared { __device__ operator T *() { extern __shared__ int raw[]; return (T *)raw; } };
        template <class T> __global__ void k(T *x) { T *s = Shared<T>(); s[threadIdx.x] = x[threadIdx.x]; }
        template __global__ void k<double>(double *);
    """).kernels
    assert "extern __shared__ double raw[];" in unit(kernel)


def test_a_typedef_of_an_enumeration_declares_its_names() -> None:
    assert same(statements("if (n == RELU) x[0] = 1.0f;", before="typedef enum { LINEAR, RELU } Kind;"), "if (n == RELU)\n  x[0] = 1.0f;")


# ---- the text that is run


def compact(text: str) -> str:
    return " ".join(text.split())


def test_device_text_drops_what_only_the_host_needs() -> None:
    text = """
template <class T> void launch(T *x);
template void launch<float>(float *);
torch::Tensor forward(torch::Tensor x);
template <class T> struct Layer { T *p; };
template struct Layer<float>;
__device__ float f(float);
__global__ void k(float *x) { x[0] = f(x[1]); }
"""
    left = device_text(text, CUDA)
    assert len(left) == len(text) and compact(left) == (
        "template <class T> struct Layer { T *p; }; __device__ float f(float); __global__ void k(float *x) { x[0] = f(x[1]); }")


def test_a_macro_that_writes_a_kernel_and_its_launcher_keeps_the_kernel() -> None:
    text = """#define MAKE(NAME, E) \\
  __global__ void NAME##_k(float *x) { x[0] = (E); } \\
  void NAME(float *x) { NAME##_k<<<1, 1>>>(x); }
MAKE(one, 1.0f)
MAKE(two, 2.0f)
int main() { one(0); }
"""
    module = read(text)
    assert [kernel.name for kernel in module.kernels] == ["one_k", "two_k"]
    left = device_text(without_others(text, CUDA, module.kernels[0], module.problems), CUDA)
    assert "<<<" not in left and "main" not in left and "MAKE(one, 1.0f)" in left and "NAME##_k(float *x)" in left


def test_macros_that_stand_for_qualifiers_keep_device_functions() -> None:
    text = "#define DEV __device__ inline\n#define KERNEL extern \"C\" __global__\nDEV float f(float v) { return v; }\nKERNEL void k(float *x) { x[0] = f(x[1]); }\nvoid run() { k<<<1, 1>>>(0); }\n"
    module = read(text)
    left = device_text(without_others(text, CUDA, module.kernels[0], module.problems), CUDA)
    assert "DEV float f" in left and "KERNEL void k" in left and "run" not in left


def test_a_table_of_kernels_goes_with_the_kernels_it_names() -> None:
    text = "__global__ void a(float *x) { x[0] = 1; }\n__global__ void b(float *x) { x[0] = 2; }\ntypedef void (*Kernel)(float *);\nstatic const Kernel table[] = {a, b};\n"
    module = read(text)
    left = without_others(text, CUDA, module.kernels[0], module.problems)
    assert "table" not in left and "void a" in left and "void b" not in left
