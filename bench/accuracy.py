"""Every kernel of examples/operators to every target: one cell a verdict. Ends with 1 where a cell is not tested.

    python bench/accuracy.py [--json FILE] [--targets bang,hip,vnni,c] [FILE.cu ...]

A cell is `tested` (with its seconds), `compiled`, `REJECTED` or `declined`; the last lines count compiled and tested per target.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "engine"))

from kernelglot import session  # noqa: E402  (the path comes first)


def cell(kernel: session.KernelResult) -> str:
    if kernel.declined is not None:
        return "declined"
    return f"{'REJECTED' if kernel.verdict.rung == 'rejected' else kernel.verdict.rung} {kernel.seconds:.2f}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--targets", default="bang,hip,vnni,c")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    targets = options.targets.split(",")
    files = options.files or sorted((ROOT / "examples/operators").glob("*.cu"))
    print(f"{'kernel':42}" + "".join(f"{target:>16}" for target in targets))
    counts = {target: [0, 0, 0] for target in targets}  # kernels, compiled, tested
    record, reasons = {}, []
    for file in files:
        rows: dict[str, dict[str, str]] = {}
        for target in targets:
            for kernel in session.translate(str(file), session.read_text(file), target).kernels:
                rows.setdefault(kernel.name, {})[target] = cell(kernel)
                counts[target][0] += 1
                rung = kernel.verdict.rung if kernel.verdict else ""
                counts[target][1] += rung in ("compiled", "tested", "exact", "proved") or bool(
                    kernel.verdict and kernel.verdict.counterexample and kernel.verdict.counterexample.buffer
                )
                counts[target][2] += bool(kernel.verdict and kernel.verdict.accepted)
                if not (kernel.verdict and kernel.verdict.accepted):
                    entry = kernel.as_json()
                    why = entry["declined"]["reason"] if entry["declined"] else entry["verdict"]["evidence"][:1]
                    reasons.append(f"{file.name} {kernel.name} -> {target}: {why}")
        for name, cells in rows.items():
            print(f"{file.stem + ': ' + name:42.42}" + "".join(f"{cells.get(target, ''):>16}" for target in targets), flush=True)
            record[f"{file.stem}: {name}"] = cells
    for word, column in (("compiled", 1), ("tested", 2)):
        print(f"{word:42}" + "".join(f"{f'{counts[t][column]}/{counts[t][0]}':>16}" for t in targets))
    for reason in reasons:
        print(reason)
    if options.json:
        options.json.write_text(json.dumps(record, indent=2) + "\n")
    return 1 if reasons else 0


if __name__ == "__main__":
    sys.exit(main())
