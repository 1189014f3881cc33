"""Several printed kernels as one text: each means what it means alone, and the text is C."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from kernelglot import session
from kernelglot.units import join_units

A = "#include <math.h>\n\n#define N 4\n\nstatic inline float f(float x) {\n  return x * N;\n}\n\n// kernelglot: kernel=a\nvoid a(float *x) {\n  x[0] = f(x[0]);\n}\n"


def test_what_two_kernels_share_stands_once():
    joined = join_units([A, A.replace("void a(", "void b(")])
    assert [joined.count(word) for word in ("#include <math.h>", "#define N", "float f(", "void a(", "void b(")] == [1, 1, 1, 1, 1]


def test_a_helper_that_means_something_else_gets_another_name():
    joined = join_units([A, A.replace("void a(", "void b(").replace("x * N", "x + N")])
    assert "float f_2(float x) {\n  return x + N;" in joined and "void b(float *x) {\n  x[0] = f_2(x[0]);" in joined


def test_the_same_helper_with_another_macro_means_something_else():
    joined = join_units([A, A.replace("void a(", "void b(").replace("N 4", "N 8")])
    assert "#undef N\n#define N 8" in joined and joined.index("f_2(float x)") > joined.index("N 8")
    assert "x[0] = f_2(x[0])" in joined


def test_a_macro_of_one_kernel_is_no_macro_of_the_next():
    joined = join_units([A, "void b(float *N) {\n  N[0] = 1.0f;\n}\n"])
    assert joined.index("#undef N") < joined.index("void b(")


def test_a_helper_named_as_another_kernel_gives_way():
    joined = join_units([A, A.replace("void a(", "void f(").replace("float f(", "float g(").replace("f(x[0])", "g(x[0])")])
    assert "void f(float *x)" in joined and "float f_2(float x)" in joined


def test_bodies_with_braces_and_tables_stay_whole():
    unit = "static const float t[2] = {1.0f,\n    2.0f};\n\nvoid a(float *x) {\n  int k[2] = {0, 1};\n  struct { int m; } s = {\n    3\n  };\n  x[0] = t[k[1]];\n}\n"
    joined = join_units([unit, unit.replace("void a(", "void b(")])
    assert (
        joined.count("static const float t[2]") == 1 and joined.count("  struct { int m; } s = {\n    3\n  };\n  x[0] = t[k[1]];\n}") == 2
    )


def test_one_kernel_is_its_own_text():
    assert join_units([A]).split() == A.split()


CUDA = """
template <typename T> __device__ T square(T x) { return x * x; }
__device__ float twice(float x) { return x + x; }
__device__ int twice(int x) { return 2 * x; }
__constant__ float table[3] = {1.f, 2.f, 3.f};
__global__ void a(const float* x, float* y, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) y[i] = square(twice(x[i])) + table[i % 3];
}
__global__ void b(const int* x, int* y, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) y[i] = square(twice(x[i] & 1023)) + (int)table[i % 3];
}
"""


@pytest.mark.parametrize(("target", "flags"), [("c", []), ("vnni", ["-march=sapphirerapids"])])
def test_overloads_of_two_kernels_are_good_c(tmp_path: Path, target: str, flags: list[str]):
    report = session.translate("two.cu", CUDA, target)
    assert report.exit_code == 0 and [kernel.name for kernel in report.kernels] == ["a", "b"]
    (tmp_path / "two.c").write_text(report.text)
    subprocess.run(["gcc", "-std=gnu17", "-Wall", *flags, "-c", "two.c", "-o", "two.o"], cwd=tmp_path, check=True)
