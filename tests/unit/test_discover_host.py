"""Static evaluation of host code: launches, sizes and index data, as values and as formulas over kernel parameters."""

from __future__ import annotations

import pytest

from kernelglot.dialects import base
from kernelglot.frontend import host
from kernelglot.frontend.host import BufferFact, LaunchSite, ScalarFact
from kernelglot.frontend.lower import lower
from kernelglot.ir.nodes import Binary, Call, Expr, Kernel, Literal, Param, Select, Var
from kernelglot.ir.types import F32, I32, I64, Pointer, Scalar
from kernelglot.verify.discover import discover


def spelled(expr: Expr | None) -> str:
    match expr:
        case None:
            return "?"
        case Literal(value=value):
            return str(value)
        case Var(name=name):
            return name
        case Binary(op=op, left=left, right=right):
            return f"({spelled(left)} {op} {spelled(right)})"
        case Call(name=name, arguments=arguments):
            return f"{name}({', '.join(map(spelled, arguments))})"
        case Select(condition=condition, then=then, otherwise=otherwise):
            return f"({spelled(condition)} ? {spelled(then)} : {spelled(otherwise)})"
    return type(expr).__name__


def kernel(name: str, *params: tuple[str, Scalar | Pointer], symbol: str = "", dialect: str = "cuda") -> Kernel:
    return Kernel(name, tuple(Param(each, type_) for each, type_ in params), (), symbol=symbol, dialect=dialect)


FLOATS = Pointer(F32)
COPY = kernel("copy", ("x", FLOATS), ("y", FLOATS), ("n", I32))
HEAD = "__global__ void copy(const float* x, float* y, int n) {}\n"


def only(text: str, *kernels: Kernel, overrides: dict | None = None) -> LaunchSite:
    facts = host.read(text.encode(), kernels or (COPY,), overrides)
    assert facts.complete
    assert len(facts.sites) == 1, facts.sites
    return facts.sites[0]


def buffer(site: LaunchSite, name: str) -> BufferFact:
    fact = site.arguments[name]
    assert isinstance(fact, BufferFact)
    return fact


def test_a_plain_launch_has_values_and_formulas():
    site = only(HEAD + """
int main() {
  const int n = 1000;
  float *a, *b;
  cudaMalloc(&a, n * sizeof(float)); cudaMalloc((void**)&b, sizeof(float) * n);
  int threads = 256, blocks = (n + threads - 1) / threads;
  copy<<<blocks, threads>>>(a, b, n);
}""")
    assert (site.grid_values, site.block_values, site.shared_value) == ((4, 1, 1), (256, 1, 1), 0)
    assert [spelled(each) for each in site.grid] == ["((n + 255) / 256)", "1", "1"]
    assert [spelled(each) for each in site.block] == ["256", "1", "1"]
    assert (buffer(site, "x").elements, spelled(buffer(site, "x").count)) == (1000, "n")
    assert site.function == "main"
    assert site.span.line == 8


def test_helpers_checks_and_macros_are_seen_through():
    site = only("""
#define CHECK(call) do { cudaError_t e = (call); if (e) { exit(1); } } while (0)
#define CEIL_DIV(a, b) (((a) + (b) - 1) / (b))
#define SIZE (1 << 10)
""" + HEAD + """
template <typename T> T* device(size_t count) { T* p = nullptr; CHECK(cudaMalloc(&p, count * sizeof(T))); return p; }
void make(float** p, int n) { CHECK(cudaMalloc((void**)p, n * sizeof(**p))); }
void run(float* x, float* y, int n) { dim3 b; b.x = 128; copy<<<dim3(CEIL_DIV(n, b.x)), b, b.x * sizeof(float)>>>(x, y, n); }
int main() {
  float *a = device<float>(SIZE), *b;
  make(&b, SIZE);
  run(a, b, SIZE);
}""")
    assert (site.grid_values, site.block_values, site.shared_value) == ((8, 1, 1), (128, 1, 1), 512)
    assert spelled(site.grid[0]) == "((n + 127) / 128)"
    assert (buffer(site, "x").elements, buffer(site, "y").elements) == (1024, 1024)


def test_a_float_ceil_is_the_integer_formula_it_stands_for():
    site = only(HEAD + "int main() { int n = 1001; float *a; cudaMalloc(&a, 4 * n);"
                " copy<<<(int)ceil((float)n / 256), 256>>>(a, a, n); }")
    assert site.grid_values[0] == 4
    assert spelled(site.grid[0]) == "((n + 255) / 256)"


def test_a_conditional_size_keeps_its_value_but_not_a_formula():
    site = only(HEAD + """int main() { int n = 1 << 20; int blocks = n / 256; if (blocks > 1024) blocks = 1024;
      float *a; cudaMalloc(&a, n * 4); copy<<<blocks, 256>>>(a, a, n); }""")
    assert site.grid_values[0] == 1024
    assert spelled(site.grid[0]) == "1024"


def test_a_loop_that_computes_a_size_is_run():
    site = only(HEAD + """int main() { int n = 1000, threads = 1; while (threads * 2 <= n && threads < 512) threads *= 2;
      for (int i = 0; i < 100000000; ++i) { touch(i); }
      float *a; cudaMalloc(&a, n * 4); copy<<<1, threads>>>(a, a, n); }""")
    assert site.block_values[0] == 512


def test_vectors_managed_memory_and_offsets():
    site = only(HEAD + """
int main() {
  std::vector<float> v(300), w(v.size() * 2);
  float *p; cudaMallocManaged(&p, w.size() * sizeof(float));
  copy<<<3, 100>>>(p, p + v.size(), v.size());
}""")
    assert (buffer(site, "x").elements, buffer(site, "y").elements, buffer(site, "y").offset) == (600, 300, 300)
    assert buffer(site, "x").allocation == buffer(site, "y").allocation
    assert site.arguments["n"].value == 300


def test_index_data_gets_the_range_the_host_fills_in():
    gather = kernel("gather", ("idx", Pointer(I32)), ("out", FLOATS))
    site = only("""__global__ void gather(const int* idx, float* out) {}
int main() {
  const int rows = 50;
  int* h = (int*)malloc(64 * sizeof(int));
  for (int i = 0; i < 64; ++i) h[i] = rand() % rows;
  int* d; float* o;
  cudaMalloc(&d, 64 * sizeof(int)); cudaMalloc(&o, 64 * 4);
  cudaMemcpy(d, h, 64 * sizeof(int), cudaMemcpyHostToDevice);
  gather<<<1, 64>>>(d, o);
}""", gather)
    fact = buffer(site, "idx")
    assert (fact.low, fact.high, fact.elements, fact.written) == (0, 49, 64, True)
    assert not buffer(site, "out").written


def test_other_sizes_by_overriding_what_the_host_sets():
    text = HEAD + "int main() { const int n = 1000; float *a; cudaMalloc(&a, n * 4); copy<<<(n + 255) / 256, 256>>>(a, a, n); }"
    facts = host.read(text.encode(), (COPY,))
    key = next(key for key, root in facts.roots.items() if root.name == "n")
    site = only(text, overrides={key: 7})
    assert (site.grid_values[0], buffer(site, "x").elements, site.arguments["n"].value) == (1, 7, 7)


def test_a_launcher_without_callers_leaves_its_sizes_open():
    site = only(HEAD + """extern "C" void launch(const float* x, float* y, int size) {
      float *a, *b; cudaMalloc(&a, size * sizeof(float)); cudaMalloc(&b, size * sizeof(float));
      copy<<<dim3((size + 255) / 256), dim3(256)>>>(a, b, size); }""")
    assert site.grid_values[0] is None
    assert spelled(site.grid[0]) == "((n + 255) / 256)"
    assert (buffer(site, "x").elements, spelled(buffer(site, "x").count)) == (None, "n")
    assert isinstance(site.arguments["n"], ScalarFact) and site.arguments["n"].value is None


def test_both_sides_of_an_unknown_condition_are_seen():
    facts = host.read((HEAD + """void launch(float* x, float* y, int n, bool wide) {
      if (wide) copy<<<1, 256>>>(x, y, n); else copy<<<2, 128>>>(x, y, n); }""").encode(), (COPY,))
    assert [(site.grid_values[0], site.block_values[0]) for site in facts.sites] == [(1, 256), (2, 128)]
    assert [site.conditions[0][1] for site in facts.sites] == [True, False]
    assert buffer(facts.sites[0], "x").external


def test_hip_and_bang_spellings():
    site = only("""__global__ void copy(const float* x, float* y, int n) {}
int main() { int n = 500; float *a; hipMalloc(&a, n * sizeof(float));
  hipLaunchKernelGGL(copy, dim3((n + 63) / 64), dim3(64), 0, 0, a, a, n); }""")
    assert (site.grid_values, site.block_values) == ((8, 1, 1), (64, 1, 1))
    bang = kernel("scale", ("x", FLOATS), ("n", I32), dialect="bang")
    site = only("""__global__ void scale(float* x, int n) {}
int main() { cnrtDim3_t dim = {16, 1, 1}; cnrtFunctionType_t kind = CNRT_FUNC_TYPE_UNION4; float* d; int n = 4096;
  cnrtMalloc((void**)&d, n * sizeof(float)); scale<<<dim, kind, queue>>>(d, n); }""", bang)
    assert (site.grid_values, site.kind, buffer(site, "x").elements) == ((16, 1, 1), "union4", 4096)


def test_templates_are_named_by_their_values():
    text = """template <typename T, int B> __global__ void k(T* x, int64_t n) {}
constexpr int kBlock = 128;
typedef float real;
int main() { real* p; cudaMalloc(&p, 512); k<real, kBlock / 2><<<2, kBlock / 2>>>(p, 128); }"""
    site = only(text, kernel("k", ("x", FLOATS), ("n", I64), symbol="k<float, 64>"))
    assert site.symbol == "k<float, 64>"


def test_constant_memory_content_and_struct_fields():
    facts = host.read(b"""struct Shape { int rows = 3, cols; };
__constant__ float mask[4];
__global__ void copy(const float* x, float* y, int n) {}
int main() { Shape s{.cols = 5}; float h[4] = {1, 2, 3, 4}; cudaMemcpyToSymbol(mask, h, sizeof(h));
  float* a; cudaMalloc(&a, s.rows * s.cols * sizeof *a); copy<<<s.rows, s.cols>>>(a, a, s.rows * s.cols); }""", (COPY,))
    assert facts.symbols["mask"] == (1, 4)
    site = facts.sites[0]
    assert (site.grid_values[0], site.block_values[0], buffer(site, "x").elements) == (3, 5, 15)
    assert spelled(buffer(site, "x").count) == "n"


def test_hostile_host_code_ends():
    loop = "while (1) { n = n * 2 + 1; }"
    facts = host.read((HEAD + f"int f(int n) {{ return f(n + 1) + f(n + 2); }}\nint main() {{ int n = 1; {loop} n = f(n);"
                       " float* a; cudaMalloc(&a, n * 4); copy<<<n, 1>>>(a, a, n); }").encode(), (COPY,))
    assert facts.sites == () or facts.sites[0].grid_values[0] is None


def test_names_from_outside_become_roots():
    site = only(HEAD + """struct Layer { void run() { copy<<<(size_ + 255) / 256, 256>>>(x_, y_, size_); } };""")
    assert spelled(site.grid[0]) == "((n + 255) / 256)"
    assert site.grid_values[0] is None and buffer(site, "x").external


def test_kernel_pointers_and_dispatch_macros():
    site = only(HEAD + "int main() { auto fn = &copy; float* a; cudaMalloc(&a, 40); fn<<<1, 10>>>(a, a, 10); }")
    assert (site.kernel, buffer(site, "x").elements) == ("copy", 10)
    site = only(HEAD + """void run(at::Tensor x, at::Tensor y) { int n = x.numel();
      AT_DISPATCH_FLOATING_TYPES(x.type(), "copy", ([&] { copy<<<(n + 63) / 64, 64>>>(x.data_ptr<float>(), y.data_ptr<float>(), n); })); }""")
    assert spelled(site.grid[0]) == "((n + 63) / 64)"
    assert buffer(site, "x").external


def test_what_the_device_answers_is_from_outside():
    facts = host.read((HEAD + """int main() { int g, b; cudaOccupancyMaxPotentialBlockSize(&g, &b, copy); cudaDeviceProp prop;
      cudaGetDeviceProperties(&prop, 0); copy<<<prop.multiProcessorCount * 2, b>>>(p, p, 7); }""").encode(), (COPY,))
    (site,) = facts.sites
    assert (site.grid_values[0], site.block_values[0]) == (None, None)
    assert {facts.roots[key].name for key in facts.roots if facts.roots[key].given} >= {"b", "prop.multiProcessorCount"}


def test_broken_host_code_is_survived():
    for text in ("int size = {exit(1)};", "std::vector<std::vector<int> rows;", "void f() { auto x(y); copy<<<x, 1>>>(x, x, x); }"):
        assert host.read((HEAD + text).encode(), (COPY,)).complete


@pytest.mark.parametrize("declarations", [
    "std::vector<__half> v(n * 3, __float2half(0.5f)), w(n * 2, __float2half(0.1f)), u(n, __float2half(1.f));",
    "std::vector<__half> v(n * 3), w(2 * n), u(n);",
    "std::vector<__half> v(n * 3, __float2half(0.5f)), w(n + n), u(n);",
])
def test_vectors_declared_together_have_their_sizes(declarations: str):
    site = only(HEAD + "int main() { int n = 100; " + declarations + """
      float *a, *b; cudaMalloc(&a, v.size() * sizeof(float)); cudaMalloc(&b, (w.size() + u.size()) * 4); copy<<<1, 32>>>(a, b, u.size()); }""")
    assert (buffer(site, "x").elements, buffer(site, "y").elements, site.arguments["n"].value) == (300, 300, 100)
    assert spelled(buffer(site, "x").count) == "(n * 3)"


def test_the_rest_of_an_initialised_array_is_zero():
    gather = kernel("gather", ("idx", Pointer(I32)))
    site = only("""__global__ void gather(const int* idx) {}
      int main() { int h[8] = {5, 3}; int* d; cudaMalloc(&d, sizeof(h)); cudaMemcpy(d, h, sizeof(h), cudaMemcpyHostToDevice); gather<<<1, 8>>>(d); }""", gather)
    assert (buffer(site, "idx").low, buffer(site, "idx").high) == (0, 5)


@pytest.mark.parametrize(
    ("host", "grid", "block"),
    [
        ("int run(float *x, int rows) { if (rows <= 0) return -1; scale<<<(rows + 63) / 64, 64>>>(x, rows); return 0; }", 16, 64),
        ("dim3 size_of(int n) { int k = (n - 1) / 32 + 1; int x = k; if (x > 65535) x = 65535; dim3 d(x, 1, 1); return d; }\n"
         "void run(float *x, int rows) { scale<<<size_of(rows), 32>>>(x, rows); }", 32, 32),
        ("void run(float *x, const int rows) { dim3 block, grid; if (rows <= 1024) { block.x = 128; grid.x = rows; }\n"
         "else { block.x = 1024; grid.x = 7; } scale<<<grid, block>>>(x, rows); }", 1024, 128),
    ],
    ids=["early return", "helper", "members"],
)
def test_wrappers_with_branches_before_the_launch_are_evaluated(host: str, grid: int, block: int) -> None:
    text = f"__global__ void scale(float *x, int n) {{ int i = blockIdx.x * blockDim.x + threadIdx.x; if (i < n) x[i] *= 2.0f; }}\n{host}\n"
    spelling = base.load("cuda").spelling
    module = lower(text, spelling, "k.cu")
    case = discover(text, "k.cu", module, module.kernels[0], spelling).cases[0]
    assert (case.origin, case.launch.grid[0], case.launch.block[0]) == ("host", grid, block)


def test_a_constant_that_sizes_the_block_is_no_parameter_of_that_value() -> None:
    text = """#define LIM 256
__global__ void turn(const float *in, float *out, int len) {
  int t = threadIdx.x, seg = t / len, off = t % len;
  out[blockIdx.x * LIM + seg * len + (len - 1 - off)] = in[blockIdx.x * LIM + t];
}
int main() { float *a, *b; int n = 4096; cudaMalloc(&a, n * 4); cudaMalloc(&b, n * 4); turn<<<n / LIM, LIM>>>(a, b, LIM); }
"""
    spelling = base.load("cuda").spelling
    module = lower(text, spelling, "k.cu")
    launch = discover(text, "k.cu", module, module.kernels[0], spelling).launch
    assert launch is not None and str(getattr(launch.block[0], "value", None)) == "256" and "len" not in str(launch.grid[0])
