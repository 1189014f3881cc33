"""The facade: every operator of the corpus to every target, and what is said when something cannot be done."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kernelglot import session
from kernelglot.verify.cases import RUNGS

ROOT = Path(__file__).resolve().parents[2]
OPERATORS = sorted((ROOT / "examples/operators").glob("*.cu"))
UNSEEN = sorted((ROOT / "tests/kernels").glob("*.cu"))


def report(path: Path, target: str) -> session.FileReport:
    return session.translate(str(path), session.read_text(path), target)


@pytest.mark.parametrize("target", ["bang", "hip", "vnni", "c"])
@pytest.mark.parametrize("path", OPERATORS, ids=lambda p: p.stem)
def test_an_operator_is_translated_and_tested(path, target):
    made = report(path, target)
    assert made.exit_code == 0, [k.as_json() for k in made.kernels]
    assert made.text.startswith(f"{session.MARK} {path.name}")
    assert all(RUNGS.index(k.verdict.rung) >= RUNGS.index("tested") for k in made.kernels)


@pytest.mark.parametrize("path", UNSEEN, ids=lambda p: p.stem)
def test_a_kernel_outside_of_the_corpus_is_translated_or_declined_with_a_reason(path):
    for target in ("bang", "hip", "vnni", "c"):
        for kernel in report(path, target).kernels:
            if kernel.declined is None:
                assert kernel.verdict.accepted, (target, kernel.as_json())
            else:
                assert kernel.declined.reason and kernel.declined.line


def test_a_translated_file_can_be_verified_on_its_own(tmp_path):
    source = ROOT / "examples/operators/vector_add.cu"
    for target, name in (("bang", "a.mlu"), ("c", "a.c"), ("vnni", "a.vnni.c"), ("hip", "a.hip")):
        written = tmp_path / name
        session.write_result(str(written), report(source, target).text)
        again = session.verify_files(str(source), str(written))
        assert again.exit_code == 0, [k.as_json() for k in again.kernels]


def test_a_wrong_translation_is_rejected_with_its_first_wrong_element(tmp_path):
    source = ROOT / "examples/operators/vector_add.cu"
    text = report(source, "c").text
    assert "a[i] + b[i]" in text
    wrong = tmp_path / "a.c"
    wrong.write_text(text.replace("a[i] + b[i]", "a[i] + b[i ? i - 1 : 0]"))
    kernel = session.verify_files(str(source), str(wrong)).kernels[0]
    assert kernel.verdict.rung == "rejected"
    assert "c[1]" in kernel.verdict.counterexample.sentence


def test_one_kernel_of_a_file():
    path = ROOT / "examples/operators/depthwise_conv.cu"
    text = session.read_text(path)
    made = session.translate(str(path), text, "c", kernel="depthwise_conv_kernel<3>")
    assert [k.name for k in made.kernels] == ["depthwise_conv_kernel<3>"]
    declined = session.translate(str(path), text, "c", kernel="nothing").kernels[0].declined
    assert declined.code == "no-such-kernel" and "depthwise_conv_kernel" in declined.reason


def test_a_kernel_without_a_launch_and_without_guards_says_what_to_write():
    text = "__global__ void mystery(float **p, int q) { p[q][threadIdx.x] = 1.0f; }\n"
    kernel = session.translate("mystery.cu", text, "c").kernels[0]
    assert kernel.declined is not None and kernel.declined.reason


@pytest.mark.parametrize("broken", ["y[0] = = 1.0f;", "if (; y[0] = = ;"])
def test_errors_in_one_function_do_not_hide_the_others(broken):
    good = (
        "__global__ void good(const float* x, float* y, int n) {\n"
        "  int i = blockIdx.x * blockDim.x + threadIdx.x;\n  if (i < n) y[i] = 2.0f * x[i];\n}\n"
    )
    bad = f"__global__ void bad(float* y) {{ {broken} }}\n"
    for text in (bad + good, good + bad):
        made = session.translate("two.cu", text, "c")
        assert any(k.name == "good" and k.verdict and k.verdict.accepted for k in made.kernels)
        assert all(k.declined for k in made.kernels if k.name != "good")
        assert len(made.kernels) == 2


@pytest.mark.parametrize("name", ["deformable_attention", "gemm_tiled"])
def test_the_same_file_gives_the_same_translation_each_time(operators, name: str) -> None:
    program = ("import sys; from kernelglot import session; path = sys.argv[1]\n"
               "for to in ('c', 'bang'):\n"
               "    report = session.translate(path, session.read_text(path), to)\n"
               "    print(report.text, [(k.assumptions, k.notes, k.verdict.skipped) for k in report.kernels])\n")
    outputs = {
        subprocess.run([sys.executable, "-c", program, str(operators / f"{name}.cu")], env={**os.environ, "PYTHONHASHSEED": seed},
                       capture_output=True, text=True, check=True).stdout
        for seed in ("1", "2", "3")
    }
    assert len(outputs) == 1


def test_an_instance_that_the_host_never_launches_is_not_accused() -> None:
    text = """template <int W> __global__ void turn(const float *a, float *b, int n) {
  __shared__ float s[W];
  int i = blockIdx.x * W + threadIdx.x;
  s[threadIdx.x] = i < n ? a[i] : 0.0f;
  __syncthreads();
  if (i < n) b[i] = s[W - 1 - threadIdx.x];
}
template __global__ void turn<256>(const float *, float *, int);
int main() {
  int n = 1000; float *a, *b;
  cudaMalloc(&a, n * 4); cudaMalloc(&b, n * 4);
  turn<128><<<8, 128>>>(a, b, n);
}
"""
    found = {kernel.name: kernel for kernel in session.translate("k.cu", text, "c").kernels}
    assert found["turn<128>"].verdict is not None and found["turn<128>"].verdict.accepted
    declined = found["turn<256>"].declined
    assert declined is not None and declined.code == "no-test-case" and "the host code launches `turn<128>`" in declined.reason
    assert "// kernelglot: kernel=turn<256>" in declined.reason


def test_places_that_results_go_to_are_kept_apart() -> None:
    """``out[pos[i]] = ...`` is right as long as no two places are equal; inputs of our own must not make it wrong."""
    text = """__global__ void scatter(const float *in, const int *pos, float *out, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) { int to = pos[i]; out[to] = in[i]; }
}
int main() {
  int n = 1000; float *a, *b; int *p;
  cudaMalloc(&a, n * 4); cudaMalloc(&b, n * 4); cudaMalloc(&p, n * 4);
  scatter<<<(n + 255) / 256, 256>>>(a, p, b, n);
}
"""
    (kernel,) = session.translate("k.cu", text, "c").kernels
    assert kernel.verdict is not None and kernel.verdict.accepted, kernel.as_json()


def test_a_source_that_fails_with_guessed_inputs_is_not_accused() -> None:
    text = """__global__ void scatter(const float *in, const int *pos, float *out, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) out[pos[i] / 2] = in[i];
}
"""
    (kernel,) = session.translate("k.cu", text, "c").kernels
    assert kernel.declined is not None and kernel.declined.code == "no-test-case", kernel.as_json()
    assert "of our own choice" in kernel.declined.reason and "// kernelglot:" in kernel.declined.reason
