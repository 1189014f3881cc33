"""C, C++ and AVX-512 texts: compiled with the real headers, called once."""

from __future__ import annotations

import numpy
import pytest
from emulator.running import needs_gcc, run

from kernelglot.verify import toolchain
from kernelglot.verify.emulate import Faulted

pytestmark = needs_gcc
X = numpy.linspace(-2, 2, 100, dtype=numpy.float32)


@pytest.mark.parametrize("text, symbol", [
    ("#include <math.h>\n#include <stdbool.h>\nvoid k(const float *restrict x, float *restrict out, int n) {\n  bool up = true;\n"
     "  for (int i = 0; i < n; ++i) out[i] = up ? expf(x[i]) : 0;\n}", "k"),
    ("#include <cmath>\nextern \"C\" void k(const float *__restrict__ x, float *out, int n) {\n  for (int i = 0; i < n; ++i) out[i] = std::exp(x[i]);\n}", "k"),
    ("#include <vector>\n#include <algorithm>\n#include <cmath>\ntemplate <class T> void k(const T *x, T *out, int n) {\n  std::vector<T> v(x, x + n);\n"
     "  std::transform(v.begin(), v.end(), out, [](T a) { return std::exp(a); });\n}", "k<float>"),
    ("#include <math.h>\n#include <omp.h>\nvoid k(const float *x, float *out, int n) {\n#pragma omp parallel for\n  for (int i = 0; i < n; ++i) out[i] = expf(x[i]);\n}", "k"),
], ids=["c", "c++", "c++ library", "openmp"])
def test_cpu_texts(text: str, symbol: str) -> None:
    got = run(text, symbol, {"x": X, "out": X, "n": 100}, dialect="c")["out"]
    numpy.testing.assert_allclose(got, numpy.exp(X), rtol=1e-6)


def test_scalars_arrive_in_the_declared_type() -> None:
    text = "#include <stdint.h>\nvoid k(double *out, float a, double b, int64_t c, uint8_t d, _Bool e) { out[0] = a; out[1] = b; out[2] = c; out[3] = d; out[4] = e; }"
    got = run(text, "k", {"out": numpy.zeros(5), "a": 0.5, "b": 0.25, "c": -7, "d": 200, "e": 1}, dialect="c")["out"]
    assert got.tolist() == [0.5, 0.25, -7, 200, 1]


@pytest.mark.skipif(not toolchain.has_avx512_vnni(), reason="this CPU has no AVX-512 VNNI")
def test_avx512_vnni_with_the_real_intrinsics() -> None:
    text = """#include <immintrin.h>
#include <stdint.h>
void k(const uint8_t *a, const int8_t *b, int32_t *out) {
  __m512i sum = _mm512_dpbusd_epi32(_mm512_setzero_si512(), _mm512_loadu_si512(a), _mm512_load_si512((const void *)b));
  _mm512_storeu_si512(out, sum);
}"""
    rng = numpy.random.default_rng(1)
    a, b = rng.integers(0, 256, 64, dtype=numpy.uint8), rng.integers(-128, 128, 64, dtype=numpy.int8)
    got = run(text, "k", {"a": a, "b": b, "out": numpy.zeros(16, numpy.int32)}, dialect="vnni")["out"]
    assert (got == (a.astype(int) * b.astype(int)).reshape(16, 4).sum(1)).all()


OPENMP = """#include <omp.h>
void k(const float *x, float *out, int *threads, int n) {
  float sum = 0, largest = -1e30f;
  int count = 0, hits = 0, most = 0;
#pragma omp parallel for reduction(+ : sum) reduction(max : largest) schedule(static, 7)
  for (int i = 0; i < n; ++i) { sum += x[i]; largest = x[i] > largest ? x[i] : largest; }
#pragma omp parallel for collapse(2) schedule(dynamic)
  for (int i = 0; i < 10; ++i)
    for (int j = 0; j < 10; ++j) {
#pragma omp atomic
      count += i * j;
#pragma omp critical
      { hits = hits + 1; }
    }
  float dot = 0;
#pragma omp simd reduction(+ : dot)
  for (int i = 0; i < n; ++i) dot += x[i] * x[i];
#pragma omp parallel num_threads(4)
  {
    int me = omp_get_thread_num();
#pragma omp single
    threads[0] = omp_get_num_threads();
#pragma omp critical
    if (me > most) most = me;
#pragma omp barrier
#pragma omp for
    for (int i = 0; i < n; ++i) out[i] = 2 * x[i];
#pragma omp master
    threads[2] = me;
  }
  threads[1] = most;
#pragma omp parallel sections
  {
#pragma omp section
    out[n] = sum;
#pragma omp section
    { out[n + 1] = largest; out[n + 2] = count; out[n + 3] = hits; out[n + 4] = dot; }
  }
}"""


@pytest.mark.parametrize("prefix", ["", "#include <vector>\n"], ids=["c", "c++"])
def test_openmp_is_honoured(prefix: str) -> None:
    x = numpy.arange(100, dtype=numpy.float32)
    got = run(prefix + OPENMP, "k", {"x": x, "out": numpy.zeros(105, numpy.float32), "threads": numpy.zeros(3, numpy.int32), "n": 100}, dialect="c", out=("out", "threads"))
    assert (got["out"][:100] == 2 * x).all() and got["out"][100:].tolist() == [4950, 99, 2025, 100, (x * x).sum()]
    assert got["threads"][0] == 4 and got["threads"][1] == 3 and got["threads"][2] == 0


def test_openmp_beside_vector_intrinsics() -> None:
    """A set that this CPU may lack, in several threads: each has its own tiles."""
    text = """#include <immintrin.h>
#include <stdint.h>
#include <string.h>
void k(const int8_t *a, const int8_t *b, int32_t *out) {
#pragma omp parallel for num_threads(3)
  for (int i = 0; i < 12; ++i) {
    uint8_t shape[64] = {1};
    shape[16] = shape[18] = shape[20] = 4, shape[48] = shape[49] = shape[50] = 1;
    _tile_loadconfig(shape);
    _tile_loadd(1, a + 4 * i, 4);
    _tile_loadd(2, b + 4 * i, 4);
    _tile_dpbssd(0, 1, 2);
    _tile_stored(0, out + i, 4);
    _tile_release();
  }
}"""
    rng = numpy.random.default_rng(1)
    a, b = (rng.integers(-128, 128, 48, dtype=numpy.int8) for _ in range(2))
    got = run(text, "k", {"a": a, "b": b, "out": numpy.zeros(12, numpy.int32)}, dialect="vnni")["out"]
    assert (got == (a.astype(int) * b).reshape(12, 4).sum(1)).all()


def test_an_array_index_outside_of_its_type_has_a_line() -> None:
    with pytest.raises(Faulted) as faulted:
        run("void k(float *out, int n) {\n  float tile[16];\n  for (int i = 0; i <= n; ++i)\n    tile[i] = i;\n  out[0] = tile[3];\n}", "k", {"out": X, "n": 16}, dialect="c")
    assert faulted.value.fault.kind == "out-of-bounds" and faulted.value.fault.line == 4 and "index 16" in faulted.value.fault.sentence
