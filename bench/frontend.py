"""How long the front end takes: medians of outline, parse, lower and device text over the example kernels, and over a file of 500 lines.

Run: PYTHONPATH=engine python bench/frontend.py [--repeat 7]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "engine"))

from kernelglot.dialects import base  # noqa: E402
from kernelglot.frontend.lower import lower  # noqa: E402
from kernelglot.frontend.syntax import device_text, outline, parse  # noqa: E402


def median_ms(action: Callable[[], object], repeat: int) -> float:
    """The median wall time of ``action`` in milliseconds, after one run that warms up."""
    action()
    times = []
    for _ in range(repeat):
        started = time.perf_counter()
        action()
        times.append((time.perf_counter() - started) * 1e3)
    return statistics.median(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=7)
    repeat = parser.parse_args().repeat
    spelling = base.load("cuda").spelling
    texts = {path.stem: path.read_text() for path in sorted(ROOT.glob("examples/operators/*.cu"))}
    joined, lines = "", 0
    for text in texts.values():
        if lines < 500:
            joined += text.replace("int main(", f"int main{lines}(") + "\n"
            lines = joined.count("\n")
    texts[f"{lines} lines"] = joined
    print(f"{'file':24}{'lines':>6}{'parse':>9}{'outline':>9}{'device':>9}{'lower':>9}   ms, medians of {repeat}")
    for name, text in texts.items():
        row = [
            median_ms(lambda text=text: parse(text, spelling), repeat), median_ms(lambda text=text: outline(text, spelling), repeat),
            median_ms(lambda text=text: device_text(text, spelling), repeat), median_ms(lambda text=text: lower(text, spelling), repeat),
        ]
        print(f"{name:24}{text.count(chr(10)):>6}" + "".join(f"{value:>9.2f}" for value in row))


if __name__ == "__main__":
    main()
