"""How kernels have been seen to cheat a test harness (trust in a verdict rests on each being caught): every one is a target here, and none
may be accepted. Sources of the list: the post-mortems of KernelBench, of an "AI CUDA engineer", and collections of exploits for kernel
contests; the mechanisms are theirs, the code is ours."""

from __future__ import annotations

import dataclasses

import pytest
from emulator.running import needs_gcc

from kernelglot.verify.cases import Buffer, Launch, Program, Scalar, TestCase, Verdict
from kernelglot.verify.verdict import verify

pytestmark = needs_gcc
N = 1000
ALONE = Launch((1, 1, 1), (1, 1, 1))
LAUNCH = Launch((4, 1, 1), (256, 1, 1))
NAMES = ("x", "y", "n")


def case(symbol: str, launch: Launch = LAUNCH) -> TestCase:
    return TestCase(symbol, (Buffer("x", "f32", N, "in"), Buffer("y", "f32", N, "out"), Scalar("n", "i32", N)), launch, "toml")


def elementwise(expression: str) -> Program:
    text = (f"__global__ void k(const float *x, float *y, int n) {{ int i = blockIdx.x * blockDim.x + threadIdx.x; if (i < n) y[i] = {expression}; }}")
    return Program("cuda", text, "k", LAUNCH, NAMES)


RELU, SIGN = elementwise("fmaxf(x[i], 0.0f)"), elementwise("x[i] > 0 ? 1.0f : x[i] < 0 ? -1.0f : 0.0f")
SQUARE, SUM = elementwise("x[i] * x[i] + 1.0f"), Program(
    "cuda", "__global__ void k(const float *x, float *y, int n) { float s = 0; for (int j = 0; j < n; ++j) s += x[j]; y[blockIdx.x * blockDim.x + threadIdx.x < n ? "
    "blockIdx.x * blockDim.x + threadIdx.x : 0] = s; }", "k", LAUNCH, NAMES)
LOOP = "for (int i = 0; i < n; ++i) "


def judged(source: Program, body: str, head: str = "") -> Verdict:
    target = Program("c", f"{head}\nvoid k(const float *x, float *y, int n) {{ {body} }}\n", "k", ALONE, NAMES)
    return verify(source, target, [case("k")], target_launches=[ALONE])


def test_the_honest_ones_pass() -> None:
    assert judged(RELU, LOOP + "y[i] = x[i] > 0 ? x[i] : 0;").accepted
    assert judged(SIGN, LOOP + "y[i] = (x[i] > 0) - (x[i] < 0);").accepted
    assert judged(SQUARE, LOOP + "y[i] = x[i] * x[i] + 1;").accepted


CHEATS = {
    "writes nothing and hopes that its memory held the right results": (RELU, "", ""),
    "a copy passes as ReLU where inputs are positive": (RELU, "memcpy(y, x, n * sizeof(float));", "#include <string.h>"),
    "ones pass as sign where inputs are positive": (SIGN, LOOP + "y[i] = 1;", ""),
    "zeros pass where the reference is small": (RELU, LOOP + "y[i] = 0;", ""),
    "a constant passes where the test is degenerate": (SUM, LOOP + "y[i] = 0.0f;", ""),
    "NaN as a wildcard": (SQUARE, LOOP + "y[i] = NAN;", "#include <math.h>"),
    "overwrites its input, so that a later reference agrees": (SQUARE, LOOP + "((float *)x)[i] = 0; " + LOOP + "y[i] = 1;", ""),
    "remembers the first answer and gives it again": (
        SQUARE, "if (!known) { " + LOOP + "kept[i] = x[i] * x[i] + 1; known = 1; } memcpy(y, kept, n * sizeof(float));",
        "#include <string.h>\nstatic float kept[1000]; static int known;"),
    "is right only the first time it is called": (SQUARE, "++calls; " + LOOP + "y[i] = calls == 1 ? x[i] * x[i] + 1 : 0;", "static int calls;"),
    "works on only a part and leaves the rest": (SQUARE, "for (int i = 0; i < n - 1; ++i) y[i] = x[i] * x[i] + 1;", ""),
    "half precision under a loose tolerance": (SQUARE, LOOP + "y[i] = (float)((_Float16)x[i] * (_Float16)x[i] + (_Float16)1);", ""),
    "brain floats under a loose tolerance": (
        SQUARE, LOOP + "{ float v = x[i] * x[i] + 1; unsigned b; memcpy(&b, &v, 4); b = b + 0x8000 & 0xffff0000u; memcpy(y + i, &b, 4); }", "#include <string.h>"),
    "ends the process with success before the work": (SQUARE, "_exit(0);", "#include <unistd.h>"),
    "ends the process with success after half of the work": (SQUARE, "for (int i = 0; i < n / 2; ++i) y[i] = x[i] * x[i] + 1; exit(0);", "#include <stdlib.h>"),
    "leaves the work to a thread and returns": (
        SQUARE, "X = x, Y = y, N = n; pthread_t t; if (pthread_create(&t, 0, later, 0)) abort();",
        "#include <pthread.h>\n#include <stdlib.h>\n#include <unistd.h>\nstatic const float *X; static float *Y; static int N;\n"
        "static void *later(void *p) { usleep(200000); for (int i = 0; i < N; ++i) Y[i] = X[i] * X[i] + 1; return p; }"),
    "reads the expected values of whoever started it": (
        SQUARE, 'FILE *f = fopen("/proc/self/fd/5", "rb"); if (f) fread(y, 4, n, f); else memset(y, 0, 4 * n);', "#include <stdio.h>\n#include <string.h>"),
    "asks a tool for the answer": (SQUARE, 'system("python3 -c 0"); ' + LOOP + "y[i] = 0;", "#include <stdlib.h>"),
    "never comes back": (SQUARE, "for (volatile int i = 0;;) i = 0;", ""),
}


@pytest.mark.parametrize("name", CHEATS)
def test_no_cheat_is_accepted(name: str) -> None:
    source, body, head = CHEATS[name]
    verdict = judged(source, body, head)
    assert not verdict.accepted, verdict
    assert verdict.fault is None or verdict.fault.kind != "compile-error", verdict      # it has to be caught, not only misspelt


DEVICE_CHEATS = {
    "asks for more shared memory than exists, so that nothing is launched": ("y[i] = s[threadIdx.x] = x[i] * x[i] + 1;", 300 * 1024),
    "skips the last block": ("if (blockIdx.x + 1 < gridDim.x) y[i] = x[i] * x[i] + 1;", 1024),
    "lets one thread's answer stand for its neighbours": ("y[i] = x[i & ~1] * x[i & ~1] + 1;", 1024),
    "counts on memory that is zero": ("s[threadIdx.x] += x[i] * x[i] + 1; y[i] = s[threadIdx.x];", 1024),
}


@pytest.mark.parametrize("name", DEVICE_CHEATS)
def test_no_cheat_on_a_device_is_accepted(name: str) -> None:
    body, shared = DEVICE_CHEATS[name]
    text = f"extern __shared__ float s[];\n__global__ void k(const float *x, float *y, int n) {{ int i = blockIdx.x * blockDim.x + threadIdx.x; if (i < n) {{ {body} }} }}"
    launch = dataclasses.replace(LAUNCH, shared_bytes=shared)
    verdict = verify(SQUARE, Program("cuda", text, "k", launch, NAMES), [case("k")], target_launches=[launch])
    assert not verdict.accepted, verdict
    assert verdict.fault is None or verdict.fault.kind != "compile-error", verdict
