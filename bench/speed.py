"""Times a user feels, as medians: parse and lower a 500-line file, one verify cycle, translate + verify, server start.

    python bench/speed.py [--rounds 7]

Everything runs in one process, warm where that is said; ratios between the lines mean more than the numbers on a busy machine.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "engine"), str(ROOT / "server")]

from kernelglot import session  # noqa: E402  (the path comes first)
from kernelglot.dialects import base  # noqa: E402
from kernelglot.frontend import syntax  # noqa: E402
from kernelglot.frontend.lower import lower  # noqa: E402


def median_ms(action: Callable[[int], object], rounds: int) -> float:
    times = []
    for number in range(rounds):
        started = time.perf_counter()
        action(number)
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def long_file() -> str:
    """About 500 lines: the corpus' kernels one after the other."""
    text = "".join(
        (ROOT / "examples/operators" / f"{name}.cu").read_text()
        for name in ("gemm_tiled", "softmax_block", "conv2d", "layernorm", "gelu", "transpose")
    )
    return "\n".join(text.splitlines()[:500])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    spelling = base.load("cuda").spelling
    text = long_file()
    gemm = str(ROOT / "examples/operators/gemm_tiled.cu")
    source = session.read_text(gemm)

    def fresh(target: str) -> Callable[[int], object]:
        """A text never seen before in each round, so that nothing comes out of a cache."""
        return lambda number: session.translate(gemm, f"{source}\n// round {number} {time.time_ns()}\n", target)

    rows = [
        ("parse a 500-line file (budget 20 ms)", lambda number: syntax.outline(text + f"\n// {number}", spelling)),
        ("lower a 500-line file (budget 100 ms)", lambda number: lower(text + f"\n// {number}", spelling)),
        ("translate + verify gemm_tiled -> c (budget 2000 ms)", fresh("c")),
        ("translate + verify gemm_tiled -> hip", fresh("hip")),
        ("translate + verify gemm_tiled -> vnni", fresh("vnni")),
        ("translate + verify gemm_tiled -> bang", fresh("bang")),
    ]
    for label, action in rows:
        action(-1)
        print(f"{label:56} {median_ms(action, rounds):8.1f} ms", flush=True)
    for script in ("verify_latency.py", "server_latency.py"):
        print(f"\n{script}", flush=True)
        subprocess.run(
            [sys.executable, str(ROOT / "bench" / script)],
            env={"PYTHONPATH": f"{ROOT}/engine:{ROOT}/server", "PATH": "/usr/bin:/bin", "HOME": str(Path.home())},
            check=False,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
