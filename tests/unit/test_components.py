"""Loops over short vectors as loops over elements: the shapes that become one, the tails that join, and what is left as it was."""

from __future__ import annotations

import pytest
from candidates import check_candidates, read
from emulator.running import needs_gcc

from kernelglot.dialects import base
from kernelglot.dialects.c.emit import STYLE
from kernelglot.dialects.emit_c import Printer
from kernelglot.ir.affine import covers
from kernelglot.ir.build import binary, ceil_div, integer
from kernelglot.ir.nodes import Axis, For, Kernel, Literal, Var
from kernelglot.ir.types import I32
from kernelglot.ir.walk import walk
from kernelglot.passes.base import LaunchShape
from kernelglot.passes.loop_recovery import LoopRecovery

CUDA = base.load("cuda").spelling
N = Var("n", I32)
INDEX = "int i = blockIdx.x * blockDim.x + threadIdx.x;"


def kernel_text(params: str, body: str, values: str) -> str:
    return f"// kernelglot: launch grid=(4) block=(64) {values}\n__global__ void k({params}) {{ {INDEX} {body} }}"


# name -> (kernel, the loop's head, a line of its body); grids are ceil_div(n, 4 * 64) blocks of 64 unless said otherwise
ALIKE = {
    "by component": (
        kernel_text("const float4 *a, float4 *c, int n4", "if (i < n4) { float4 v = a[i]; v.x *= 2.f; v.y *= 2.f; v.z *= 2.f; v.w *= 2.f;"
                    " c[i] = v; }", "a=float[900] c=float[900]:out n4=225"),
        "element < n4 * 4;", "v *= 2.f;"),
    "by step, with a shared scalar": (
        kernel_text("const float2 *a, float2 *c, const float *s, int n2", "if (i < n2) { float f = s[0] + 1.f; float2 v = a[i], r;"
                    " float p = v.x * f; float q = v.y * f; r.y = q + v.y; r.x = p + v.x; c[i] = r; }",
                    "a=float[450] c=float[450]:out s=float[1] n2=225"),
        "element < n2 * 2;", "float p = v * f;"),
    "int4 with choices": (
        kernel_text("int4 *a, int n4", "if (i < n4) { int4 v = a[i]; v.x = v.x > 3 ? v.x : -v.x; v.y = v.y > 3 ? v.y : -v.y;"
                    " v.z = v.z > 3 ? v.z : -v.z; v.w = v.w > 3 ? v.w : -v.w; a[i] = v; }", "a=int[900]:inout n4=225"),
        "element < n4 * 4;", "v = v > 3 ? v : -v;"),
    "half2": (
        kernel_text("const half2 *a, const half2 *b, half2 *c, int n2", "if (i < n2) c[i] = __hfma2(a[i], b[i], a[i]);",
                    "a=half[450] b=half[450] c=half[450]:out n2=225"),
        "element < n2 * 2;", "(float)a[element], (float)b[element]"),
    "a nested guard": (
        kernel_text("const float4 *a, float4 *c, int n4, int on", "if (on > 0) { if (i < n4) { float4 v = a[i]; float4 r;"
                    " if (v.x > 0.f) { r.x = v.x; } else { r.x = 0.f; } if (v.y > 0.f) { r.y = v.y; } else { r.y = 0.f; }"
                    " if (v.z > 0.f) { r.z = v.z; } else { r.z = 0.f; } if (v.w > 0.f) { r.w = v.w; } else { r.w = 0.f; } c[i] = r; } }",
                    "a=float[900] c=float[900]:out n4=225 on=1"),
        "element < n4 * 4;", "if (v > 0.f)"),
    "sums over a loop inside": (
        kernel_text("const float4 *m, float4 *c, int n4, int t", "if (i < n4) { float4 s = make_float4(0.f, 0.f, 0.f, 0.f);"
                    " for (int j = 0; j < t; ++j) { float4 v = m[j * n4 + i]; float w = 0.5f * j;"
                    " s.x += v.x * w; s.y += v.y * w; s.z += v.z * w; s.w += v.w * w; } c[i] = s; }",
                    "m=float[2700] c=float[900]:out n4=225 t=3"),
        "element < n4 * 4;", "s += v * w;"),
    "a loop that chooses the element": (
        kernel_text("const float *a, float *c, int n4", "if (i < n4) { float v[4]; for (int k = 0; k < 4; ++k) v[k] = a[4 * i + k] + 1.f;"
                    " c[4 * i] = v[0]; c[4 * i + 1] = v[1]; c[4 * i + 2] = v[2]; c[4 * i + 3] = v[3]; }",
                    "a=float[900] c=float[900]:out n4=225"),
        "element < n4 * 4;", "c[element] = v;"),
    "a guard for whole vectors": (
        kernel_text("const float *a, float *c, int n", "int at = 4 * i; if (at + 3 < n) { float4 v = *(const float4 *)(a + at);"
                    " v.x += 1.f; v.y += 1.f; v.z += 1.f; v.w += 1.f; *(float4 *)(c + at) = v; }", "a=float[902] c=float[902]:out n=902"),
        "element < n / 4 * 4;", "v += 1.f;"),
}

WHOLE = "float4 v = ((const float4 *)a)[i]; v.x *= 2.f; v.y *= 2.f; v.z *= 2.f; v.w *= 2.f; ((float4 *)c)[i] = v;"
SAME = "a=float[903] c=float[903]:out n=903"

TAILS = {
    "the first threads": f"int n4 = n / 4; if (i < n4) {{ {WHOLE} }} int at = n4 * 4 + i; if (at < n) c[at] = a[at] * 2.f;",
    "as many threads as are left": f"if (i < n / 4) {{ {WHOLE} }} if (i < n % 4) c[n / 4 * 4 + i] = a[n / 4 * 4 + i] * 2.f;",
    "one thread": f"if (i < n / 4) {{ {WHOLE} }} if (i == 0) for (int k = n / 4 * 4; k < n; ++k) c[k] = a[k] * 2.f;",
    "the thread at the end": f"int at = i * 4; if (at + 3 < n) {{ {WHOLE} }} else for (int k = at; k < n; ++k) c[k] = a[k] * 2.f;",
    "strided loops": "int all = gridDim.x * blockDim.x, n4 = n / 4; for (int j = i; j < n4; j += all) {"
    f" {WHOLE.replace('[i]', '[j]')} }} for (int k = n4 * 4 + i; k < n; k += all) c[k] = a[k] * 2.f;",
}

# Tails that are not what the loop does for the elements before, or not behind them.
OTHER_TAILS = {
    "another value": TAILS["the first threads"].replace("a[at] * 2.f", "a[at] * 3.f"),
    "another place": TAILS["one thread"].replace("c[k] = a[k]", "c[k] = a[k - 1]"),
    "elements left out": TAILS["one thread"].replace("int k = n / 4 * 4", "int k = n / 4 * 4 + 1"),
    "a neighbour that another thread has": f"if (i < n / 4) {{ {WHOLE} }} if (i == 0) for (int k = n / 4 * 4; k < n; ++k) c[k] = c[k - 1];",
    "a part for a second thread": TAILS["one thread"].replace("i == 0", "i <= 1"),
}

UNLIKE = {
    "components that differ": ("const float4 *a, float4 *c, int n4", "float4 v = a[i]; v.x *= 2.f; v.y *= 2.f; v.z *= 3.f; v.w *= 2.f;"
                               " c[i] = v;", "a=float[900] c=float[900]:out n4=225"),
    "zeros of two signs": ("const float2 *a, float2 *c, int n4", "float2 v = a[i]; v.x *= 0.f; v.y *= -0.f; c[i] = v;",
                           "a=float[450] c=float[450]:out n4=225"),
    "a swizzle": ("const float2 *a, float2 *c, int n4", "float2 v = a[i], r; r.x = v.y; r.y = v.x; c[i] = r;",
                  "a=float[450] c=float[450]:out n4=225"),
    "one component for all": ("const float2 *a, float2 *c, int n4", "float2 v = a[i], r; r.x = v.x; r.y = v.x; c[i] = r;",
                              "a=float[450] c=float[450]:out n4=225"),
    "one component after the other": ("const float2 *a, float2 *c, int n4", "float2 v = a[i]; v.x *= 2.f; v.y *= v.x; c[i] = v;",
                                      "a=float[450] c=float[450]:out n4=225"),
    "a dot product": ("const float4 *a, float *c, int n4", "float4 v = a[i]; c[i] = v.x * v.x + v.y * v.y + v.z * v.z + v.w * v.w;",
                      "a=float[900] c=float[225]:out n4=225"),
    "stores that later components read": ("float *a, int n4", "a[2 * i] = a[2 * i + 1]; a[2 * i + 1] = a[2 * i + 2];",
                                          "a=float[452]:inout n4=1"),
    "a place of unknown rest": ("float *a, const int *at, int n4", "a[2 * i] = a[2 * i + at[i]]; a[2 * i + 1] = a[2 * i + 1 + at[i]];",
                                "a=float[452]:inout at=int[225]:in:0..0 n4=225"),
    "a scale for a whole vector": ("float2 *a, const float *s, int n4", "float2 v = a[i]; float f = s[i]; v.x *= f; v.y *= f; a[i] = v;",
                                   "a=float[450]:inout s=float[225] n4=225"),
    "half of the elements": ("float *a, int n4", "a[4 * i] = 1.f; a[4 * i + 1] = 1.f;", "a=float[900]:inout n4=225"),
    "planes": ("const float2 *a, float *c, int n4", "float2 v = a[i]; c[i] = v.x; c[n4 + i] = v.y;", "a=float[450] c=float[450]:out n4=225"),
    "an atomic beside": ("float2 *a, int *c, int n4", "float2 v = a[i]; v.x += 1.f; v.y += 1.f; a[i] = v; atomicAdd(c, 1);",
                         "a=float[450]:inout c=int[1]:inout n4=225"),
}


def recovered(text: str, blocks=None) -> Kernel:
    kernel, case = read(text)
    grid = tuple(map(Literal, case.launch.grid)) if blocks is None else (blocks, Literal(1), Literal(1))
    return LoopRecovery().apply(kernel, LaunchShape(grid, tuple(map(Literal, case.launch.block))))


def printed(kernel: Kernel) -> str:
    return Printer(STYLE).kernel(kernel)


@pytest.mark.parametrize("name", ALIKE)
def test_components_that_are_alike_become_elements(name: str) -> None:
    text, head, line = ALIKE[name]
    blocks = ceil_div(N, integer(256)) if "n / 4" in head else ceil_div(Var(head.split()[2], I32), integer(64))
    made = printed(recovered(text, blocks))
    assert head in made and line in made, made
    assert made.count("[element]") + made.count("+ element]") >= 2 and "4 + 1" not in made and "* 2 + 1" not in made, made


@needs_gcc
@pytest.mark.parametrize("name", ALIKE)
@pytest.mark.parametrize("target", ["c", "bang"])
def test_elements_compute_what_the_components_did(name: str, target: str) -> None:
    text = ALIKE[name][0]
    assert "element" in printed(recovered(text))
    check_candidates(text, target, seeds=(1,))


@pytest.mark.parametrize("name", TAILS)
def test_the_last_elements_join_the_loop(name: str) -> None:
    text = kernel_text("const float *a, float *c, int n", TAILS[name], SAME)
    blocks = ceil_div(N, integer(256)) if name != "the thread at the end" else ceil_div(binary("+", binary("/", N, integer(4)), integer(1)), integer(64))
    made = recovered(text, blocks)
    assert "for (int element = 0; element < n; ++element)" in printed(made), printed(made)
    assert sum(isinstance(n, For) for n in walk(made.body)) == 1


def test_a_tail_that_a_launch_might_leave_out_keeps_its_bound() -> None:
    """``n / 4 / 64`` blocks, rounded up, are none where ``n`` is 3: then nobody does the last elements."""
    text = kernel_text("const float *a, float *c, int n", TAILS["as many threads as are left"], SAME)
    made = printed(recovered(text, ceil_div(binary("/", N, integer(4)), integer(64))))
    assert "element < n / 4 * 4 + min((n / 4 + 63) / 64 * 64, n % 4);" in made, made


@needs_gcc
@pytest.mark.parametrize("name", [each for each in TAILS | OTHER_TAILS if "another thread" not in each])  # that one is a race
def test_tails_compute_the_same(name: str) -> None:
    check_candidates(kernel_text("const float *a, float *c, int n", (TAILS | OTHER_TAILS)[name], SAME), "c", seeds=(1,))


@pytest.mark.parametrize("name", OTHER_TAILS)
def test_another_tail_does_not_join(name: str) -> None:
    made = printed(recovered(kernel_text("const float *a, float *c, int n", OTHER_TAILS[name], SAME), ceil_div(N, integer(256))))
    assert "element" not in made, made


@pytest.mark.parametrize("name", UNLIKE)
def test_what_is_not_alike_stays(name: str) -> None:
    params, body, values = UNLIKE[name]
    made = printed(recovered(kernel_text(params, f"if (i < n4) {{ {body} }}", values)))
    assert "element" not in made, made


def test_a_loop_in_order_becomes_one_in_the_same_order() -> None:
    text = kernel_text("const float4 *a, float4 *c, int n4", "if (i < 1) for (int j = 0; j < n4; ++j) { float4 v = a[j]; v.x += 1.f;"
                       " v.y += 1.f; v.z += 1.f; v.w += 1.f; c[j] = v; }", "a=float[900] c=float[900]:out n4=225")
    loops = [n for n in walk(recovered(text).body) if isinstance(n, For) and n.var == "element"]
    assert [each.axis for each in loops] == [Axis.SERIAL]


def test_the_author_s_64_bits_are_kept() -> None:
    text = kernel_text("const float *a, float *c, int n4", "if (i < n4) { size_t at = (size_t)i * 2; c[at] = a[at]; c[at + 1] = a[at + 1]; }",
                       "a=float[450] c=float[450]:out n4=225")
    assert "for (long long element = 0; element < (long long)" in printed(recovered(text))


def test_blocks_for_n_cover_a_fourth_of_it() -> None:
    blocks = ceil_div(N, integer(256))
    assert covers(blocks, integer(64), binary("/", N, integer(4)))
    assert covers(blocks, integer(64), binary(">>", N, integer(2)))
    assert not covers(blocks, integer(64), binary("/", N, integer(2)))
    assert not covers(blocks, integer(64), binary(">>", N, integer(1)))


def test_names_stay_unique() -> None:
    text = kernel_text("const float2 *a, float2 *c, int n2", "if (i < n2) { float element = 3.f; float2 v = a[i]; v.x += element;"
                       " v.y += element; c[i] = v; }", "a=float[450] c=float[450]:out n2=225")
    made = printed(recovered(text))
    assert "float element = 3.f;" in made and "c[element_2] = v;" in made, made
