"""Sizes found where authors put them: classes with buffers, ranges over lists, arguments of the program, helpers from elsewhere."""

from __future__ import annotations

import pytest

from kernelglot.dialects import base
from kernelglot.frontend import host
from kernelglot.frontend.host import BufferFact, LaunchSite, ScalarFact
from kernelglot.frontend.lower import lower
from kernelglot.ir.nodes import Kernel, Param
from kernelglot.ir.types import F32, I32, Pointer
from kernelglot.verify.cases import Buffer, Scalar, TestCase
from kernelglot.verify.discover import Discovery, discover

CUDA = base.load("cuda").spelling
COPY = Kernel("copy", (Param("x", Pointer(F32)), Param("n", I32)), ())
HEAD = "__global__ void copy(float *x, int n) { int i = blockIdx.x * blockDim.x + threadIdx.x; if (i < n) x[i] = 1.0f; }\n"


def launch(host_code: str) -> LaunchSite:
    facts = host.read((HEAD + host_code).encode(), (COPY,))
    assert facts.complete and len(facts.sites) == 1, facts.sites
    return facts.sites[0]


def numbers(site: LaunchSite) -> tuple[int | None, int | None, int | float | None]:
    """Blocks, elements behind ``x``, ``n``."""
    buffer, scalar = site.arguments["x"], site.arguments["n"]
    return site.grid_values[0], buffer.elements if isinstance(buffer, BufferFact) else None, scalar.value if isinstance(scalar, ScalarFact) else None


def found(text: str, name: str = "") -> Discovery:
    module = lower(text, CUDA)
    kernel = next(kernel for kernel in module.kernels if not name or kernel.name == name)
    return discover(text, "k.cu", module, kernel, CUDA)


def values(case: TestCase) -> dict[str, int | float]:
    return {a.name: a.value if isinstance(a, Scalar) else a.elements for a in case.arguments}


# ---- host code


@pytest.mark.parametrize("host_code", [
    # a constructor that allocates, a method that launches, another that computes the grid
    """class Work { public: Work(int n) : n_(n) { cudaMalloc(&x_, n_ * sizeof(float)); } int blocks() const { return (n_ + 127) / 128; }
       void run() { copy<<<blocks(), 128>>>(x_, this->n_); } private: int n_; float *x_ = nullptr; };
       int main() { Work work(1000); work.run(); }""",
    # a buffer template, its size from a vector
    """template <class T> struct Buffer { T *p; size_t n; explicit Buffer(size_t count) : n(count) { cudaMalloc(&p, count * sizeof(T)); }
       T *get() const { return p; } size_t size() const { return n; } };
       int main() { std::vector<float> h(1000); Buffer<float> b(h.size()); copy<<<(b.size() + 127) / 128, 128>>>(b.get(), b.size()); }""",
    # an aggregate with methods, sizes in an initialiser list
    """struct Shape { int rows, cols = 10; int count() const { return rows * cols; } };
       int main() { Shape s{100}; float *d; cudaMalloc(&d, s.count() * 4); copy<<<(s.count() + 127) / 128, 128>>>(d, s.count()); }""",
    # a tensor that keeps its extents in an array
    """struct Tensor { float *data; int dims[4]; int rank; Tensor(std::initializer_list<int> shape) : rank(0) { for (int d : shape) dims[rank++] = d;
       cudaMalloc(&data, numel() * sizeof(float)); } int numel() const { int n = 1; for (int i = 0; i < rank; i++) n *= dims[i]; return n; } };
       int main() { Tensor t({10, 4, 25}); copy<<<(t.numel() + 127) / 128, 128>>>(t.data, t.numel()); }""",
    # a product over a list
    """int main() { std::vector<int> shape = {10, 4, 25}; int n = 1; for (int s : shape) n *= s; float *d; cudaMalloc(&d, n * 4);
       copy<<<(n + 127) / 128, 128>>>(d, n); }""",
    # an unnamed structure, typedefs and macros for types
    """#define real float
       static const struct { int rows, cols; } SIZE = {50, 20};
       int main() { int n = SIZE.rows * SIZE.cols; real *d; cudaMalloc((void **)&d, n * sizeof(real)); copy<<<(n + 127) / 128, 128>>>(d, n); }""",
    # a helper with a parameter pack
    """template <class K, class... A> void go(K k, int blocks, A &&...args) { copy<<<blocks, 128>>>(std::forward<A>(args)...); }
       int main() { int n = 1000; float *d; cudaMalloc(&d, n * sizeof(float)); go(copy, (n + 127) / 128, d, n); }""",
    # static members of a configuration
    """template <int B> struct Config { static constexpr int other = 7, block = B; };
       template <class C> void go(float *d, int n) { copy<<<(n + C::block - 1) / C::block, C::block>>>(d, n); }
       int main() { float *d; cudaMalloc(&d, 4000); go<Config<128>>(d, 1000); }""",
])
def test_sizes_are_followed_through(host_code: str) -> None:
    assert numbers(launch(host_code)) == (8, 1000, 1000)


def test_pitched_memory_is_as_long_as_its_rows() -> None:
    site = launch("int main() { float *d; size_t pitch; cudaMallocPitch(&d, &pitch, 100 * sizeof(float), 9); copy<<<8, 128>>>(d, pitch); }")
    assert numbers(site) == (8, 512 * 9 // 4, 512)


def test_a_structure_by_value_is_taken_apart() -> None:
    text = """
        struct Grid { int nx, ny; float h[2]; };
        __global__ void k(float *x, Grid g) {
          int i = blockIdx.x * blockDim.x + threadIdx.x;
          if (i < g.nx * g.ny) x[i] = g.h[1];
        }
        int main() { Grid g = {30, 20, {0.5f, 0.25f}}; float *x; cudaMalloc(&x, g.nx * g.ny * sizeof(float));
                     k<<<(g.nx * g.ny + 255) / 256, 256>>>(x, g); }
    """
    first = found(text).cases[0]
    assert values(first) == {"x": 600, "g_nx": 30, "g_ny": 20, "g_h_0": 0.5, "g_h_1": 0.25} and first.launch.grid == (3, 1, 1)


def test_constant_memory_is_as_long_as_it_is_declared() -> None:
    case = found("""
        #define TAPS 5
        __constant__ float taps[TAPS]; __constant__ int n;
        __global__ void k(float *x) { int i = blockIdx.x * 64 + threadIdx.x; if (i < n) x[i] *= taps[i % TAPS]; }
        int main() { int size = 500; float h[TAPS], *x; cudaMalloc(&x, size * 4); cudaMemcpyToSymbol(taps, h, sizeof(h));
                     cudaMemcpyToSymbol(n, &size, sizeof(int)); k<<<(size + 63) / 64, 64>>>(x); }
    """).cases[0]
    assert values(case) == {"x": 500, "taps": 5, "n": 500} and case.launch.grid == (8, 1, 1)
    assert sum("constant memory" in each for each in case.assumptions) == 2


def test_host_functions_that_a_macro_writes_are_followed() -> None:
    case = found("""
        #define UNARY(NAME, E) \\
          __global__ void NAME##_k(float *x, int n) { int i = blockIdx.x * 128 + threadIdx.x; if (i < n) x[i] = (E); } \\
          void NAME(float *x, int n) { NAME##_k<<<(n + 127) / 128, 128>>>(x, n); }
        UNARY(square, x[i] * x[i])
        int main() { int n = 1000; float *d; cudaMalloc(&d, n * sizeof(float)); square(d, n); }
    """).cases[0]
    assert case.origin == "host" and values(case) == {"x": 1000, "n": 1000}


def test_the_size_of_a_structure_in_memory() -> None:
    site = launch("struct Body { float x, y, z; double mass; }; int main() { int n = 10; Body *b; cudaMalloc(&b, n * sizeof(Body)); copy<<<1, n>>>((float *)b, n); }")
    assert numbers(site) == (1, 60, 10)


# ---- sizes from outside


def test_a_program_that_insists_on_arguments_gets_some() -> None:
    case = found(HEAD + """
        int main(int argc, char **argv) {
          if (argc != 2) { printf("usage\\n"); return 1; }
          const int n = atoi(argv[1]); float *d; cudaMalloc(&d, n * sizeof(float));
          copy<<<(n + 127) / 128, 128>>>(d, n);
        }""").cases[0]
    assert case.origin == "host" and values(case)["x"] == values(case)["n"] > 0
    assert "n=" in case.assumptions[0] and "does not say" in case.assumptions[0]


@pytest.mark.parametrize("read_n", ["load_header(file, &n);", "std::cin >> n;", 'scanf("%d", &n);'])
def test_numbers_that_unseen_code_fills_in_come_from_outside(read_n: str) -> None:
    case = found(HEAD + f"int main() {{ int n; {read_n} float *d; cudaMalloc(&d, n * 4); copy<<<(n + 127) / 128, 128>>>(d, n); }}").cases[0]
    assert case.origin == "host" and values(case)["x"] == values(case)["n"] and any("n=" in each for each in case.assumptions)


def test_a_rounding_division_from_a_header_is_believed_by_its_name() -> None:
    case = found('#include "common.h"\n' + HEAD + "int main() { int n = 1000; float *d; cudaMalloc(&d, 4 * n); copy<<<ceil_div(n, 128), 128>>>(d, n); }").cases[0]
    assert case.launch.grid == (8, 1, 1) and any("ceil_div" in each for each in case.assumptions)


def test_a_size_that_becomes_the_block_is_a_number_of_whole_warps() -> None:
    case = found("""
        __global__ void scale(float *x, int cols) { x[blockIdx.x * cols + threadIdx.x] *= 2.0f; }
        void run(float *x, int rows, int cols) { scale<<<rows, cols>>>(x, cols); }
    """).cases[0]
    assert case.launch.block[0] % 32 == 0 and values(case)["cols"] == case.launch.block[0]


def test_another_instance_is_launched_with_the_sizes_that_choose_it() -> None:
    text = """
        template <int B> __global__ void k(float *x, int n) { int i = blockIdx.x * B + threadIdx.x; if (i < n) x[i] = B; }
        void run(float *x, int n, int threads) {
          switch (threads) { case 64: k<64><<<(n + 63) / 64, threads>>>(x, n); break; case 256: k<256><<<(n + 255) / 256, threads>>>(x, n); break; }
        }
        int main() { int n = 1000, threads = 256; float *x; cudaMalloc(&x, n * 4); run(x, n, threads); }
    """
    module = lower(text, CUDA)
    cases = {kernel.symbol: discover(text, "k.cu", module, kernel, CUDA).cases[0] for kernel in module.kernels}
    assert {symbol: case.launch.block[0] for symbol, case in cases.items()} == {"k<64>": 64, "k<256>": 256}


# ---- what the kernel does


def test_a_counter_in_shared_memory_makes_its_result_an_output() -> None:
    case = found("""
        __global__ void count(const unsigned char *data, unsigned *hist, int n) {
          __shared__ unsigned local[256];
          for (int i = threadIdx.x; i < 256; i += blockDim.x) local[i] = 0;
          __syncthreads();
          for (int i = threadIdx.x; i < n; i += blockDim.x) atomicAdd(&local[data[i]], 1u);
          __syncthreads();
          for (int i = threadIdx.x; i < 256; i += blockDim.x) if (local[i] > 0) atomicAdd(&hist[i], local[i]);
        }
    """).cases[0]
    hist = case.argument("hist")
    assert isinstance(hist, Buffer) and hist.role == "inout" and hist.elements == 256


def test_sizes_below_which_the_kernel_itself_goes_wrong_are_not_tried() -> None:
    cases = found("""
        __global__ void reflect(const float *x, float *y, int n, int pad) {
          int i = threadIdx.x;
          if (i >= n + 2 * pad) return;
          int s = abs(i - pad);
          if (s >= n) s = 2 * (n - 1) - s;
          y[i] = x[s];
        }
        int main() { int n = 20; float *x, *y; cudaMalloc(&x, n * 4); cudaMalloc(&y, (n + 6) * 4); reflect<<<1, 64>>>(x, y, n, 3); }
    """).cases
    assert [values(case)["n"] for case in cases][0] == 20 and all(values(case)["n"] > 3 for case in cases)


def test_four_elements_at_once_and_a_tail_are_tried_at_several_sizes() -> None:
    cases = found("""
        __global__ void k(const float *x, float *y, int n) {
          int i = blockIdx.x * blockDim.x + threadIdx.x;
          int n4 = n >> 2;
          if (i < n4) ((float4 *)y)[i] = ((const float4 *)x)[i];
          int tail = n & 3;
          if (i < tail) y[n4 * 4 + i] = x[n4 * 4 + i];
        }
        int main() { int n = 50003; float *x, *y; cudaMalloc(&x, n * 4); cudaMalloc(&y, n * 4); k<<<(n / 4 + 255) / 256, 256>>>(x, y, n); }
    """).cases
    assert [values(case)["n"] for case in cases] == [50003, 29989, 5, 257, 15, 512, 17, 255, 521, 18]       # with fewer than 4 nothing is launched


def test_a_small_case_in_which_nothing_is_written_is_none() -> None:
    cases = found("""
        __global__ void k(const float *x, float *y, int pairs) {
          for (int i = threadIdx.x; i < pairs; i += blockDim.x) y[2 * i] = x[2 * i + 1];
        }
        int main() { int n = 256; float *x, *y; cudaMalloc(&x, n * 4); cudaMalloc(&y, n * 4); k<<<1, 128>>>(x, y, n / 2); }
    """).cases
    assert [values(case)["pairs"] for case in cases][:3] == [128, 75, 1] and all(case.results for case in cases)


# ---- what is not understood


def unread(fill: str) -> Discovery:
    """A kernel that looks up ``x`` in a part that the front end does not read; ``fill`` is what the host does with ``h``."""
    return found("""
        __global__ void k(const float *x, const int *t, float *y, int n, int width) {
          int r = threadIdx.x;
          if (r < n) { int q = t[r]; goto done; done: y[r] = x[r * width + q]; }
        }
        int main() { int n = 16, width = 512; int h[16]; """ + fill + """
          float *x, *y; int *t; cudaMalloc(&x, n * width * 4); cudaMalloc(&y, n * 4); cudaMalloc(&t, n * 4);
          cudaMemcpy(t, h, n * 4, cudaMemcpyHostToDevice); k<<<1, 32>>>(x, t, y, n, width); }
    """)


@pytest.mark.parametrize("fill, span", [
    ("for (int i = 0; i < n; ++i) h[i] = rand() % width;", (0, 511)), ("for (int i = 0; i < n; ++i) h[i] = i * 3;", (0, 45)),
    ("for (int i = 0; i < n; ++i) h[i] = 7;", (7, 7)),
])
def test_indices_take_the_host_s_range_where_the_kernel_is_not_understood(fill: str, span: tuple[int, int]) -> None:
    case = unread(fill).cases[0]
    indices, results = case.argument("t"), case.argument("y")
    assert isinstance(indices, Buffer) and (indices.low, indices.high, indices.role) == (*span, "in")
    assert isinstance(results, Buffer) and results.role == "out"
    assert f"`t` holds values {span[0]}..{span[1]}, as the host code fills it." in case.assumptions


def test_indices_that_nothing_bounds_are_asked_for_where_the_kernel_is_not_understood() -> None:
    missing = unread("read(file, h);").missing
    assert missing is not None and "`t` may hold indices: line 4 of the kernel was not understood" in missing
    assert "launch grid=(1,1,1) block=(32,1,1) x=float[8192] t=int[16]:in:0..15 y=float[16]:out n=16 width=512`" in missing


def test_indices_that_pass_through_an_array_of_the_kernel_stay_inside() -> None:
    case = found("""
        __global__ void k(const float *x, const int *t, float *y, int n, int width) {
          __shared__ int tile[32];
          int r = threadIdx.x;
          tile[r] = r < n ? t[r] : 0;
          __syncthreads();
          if (r < n) y[r] = x[r * width + tile[r]];
        }
        int main() { int n = 16, width = 512; float *x, *y; int *t;
          cudaMalloc(&x, n * width * 4); cudaMalloc(&y, n * 4); cudaMalloc(&t, n * 4); k<<<1, 32>>>(x, t, y, n, width); }
    """).cases[0]
    indices = case.argument("t")
    assert isinstance(indices, Buffer) and (indices.low, indices.high) == (0, 511)
