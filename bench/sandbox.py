"""What containment costs: a trivial kernel's run and a trivial program's start, plain and at each level of the sandbox.

    .venv/bin/python bench/sandbox.py [--repeat 50]

Medians and the slowest tenth, in milliseconds. The limit is 10 ms a run beyond a plain start.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy

from kernelglot.verify import emulate, sandbox, toolchain
from kernelglot.verify.build import Build
from kernelglot.verify.cases import Buffer, Launch, Program, TestCase

ALONE = Launch((1, 1, 1), (1, 1, 1))
CASE = TestCase("k", (Buffer("x", "f32", 64, "in"), Buffer("y", "f32", 64, "out")), ALONE, "bench")
PROGRAM = Program("c", "void k(const float *x, float *y) { for (int i = 0; i < 64; ++i) y[i] = x[i]; }", "k", ALONE, ("x", "y"))


def milliseconds(work: Callable[[], object], repeat: int) -> str:
    taken = []
    for _ in range(repeat + 3):
        start = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - start))
    taken = sorted(taken[3:])
    return f"{statistics.median(taken):7.2f}  {taken[9 * len(taken) // 10]:7.2f}"


def at_level(level: int, found: sandbox.Strength) -> None:
    sandbox.strength = lambda: replace(found, level=level)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--repeat", type=int, default=50)
    repeat = parser.parse_args().repeat
    found = sandbox.strength()
    with Build(PROGRAM, [CASE]) as build:
        module = build.wait()
    executions = [emulate.Execution(0, {"x": numpy.ones(64, numpy.float32)})]

    def run() -> None:
        with emulate.Job(module, [CASE], executions) as job:
            assert job.wait().fault is None

    with tempfile.TemporaryDirectory() as scratch:
        environment = sandbox.environment(scratch)
        print(f"{'milliseconds':40} {'median':>7}  {'90 %':>7}")
        def line(name: str, work: Callable[[], object], times: int = repeat) -> None:
            print(f"{name:40} {milliseconds(work, times)}")

        line("/bin/true, plain", lambda: subprocess.run(["/bin/true"], env=environment, check=True))
        line("the runner, doing nothing", lambda: subprocess.run([toolchain.runner()], env=environment, check=False))
        for level in range(1, found.level + 1):
            at_level(level, found)
            line(f"/bin/true, compile profile, S{level}", lambda: sandbox.compile_now([["/bin/true"]], Path(scratch)))
        for level in range(1, found.level + 1):
            at_level(level, found)
            line(f"a kernel of 64 elements, S{level}", run)
        line("the self-test of both levels, once", lambda: (sandbox._attack(2), sandbox._attack(1)), 10)


if __name__ == "__main__":
    main()
