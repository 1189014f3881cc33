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


def test_an_array_index_outside_of_its_type_has_a_line() -> None:
    with pytest.raises(Faulted) as faulted:
        run("void k(float *out, int n) {\n  float tile[16];\n  for (int i = 0; i <= n; ++i)\n    tile[i] = i;\n  out[0] = tile[3];\n}", "k", {"out": X, "n": 16}, dialect="c")
    assert faulted.value.fault.kind == "out-of-bounds" and faulted.value.fault.line == 4 and "index 16" in faulted.value.fault.sentence
