"""How long the editor waits: `python bench/server_latency.py [--session fake_session] [--lines 500] [--rounds 50]`.

Starts a server as an editor would and times, in milliseconds (median, 95th percentile, worst): spawn until `initialize` is
answered, code actions right after an edit and without one, hover, a keystroke until its diagnostics, the click until progress
begins, cancel until progress ends, shutdown until the process is gone. Exits with 1 where a budget is missed.
With `--session fake_session` the engine only pretends, so what is measured is the server.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from lsp.harness import ADD, connect  # noqa: E402
from lsprotocol import types  # noqa: E402

BUDGET_MS = {  # 95th percentile
    "spawn to initialize": 1500,
    "code action, cached": 50,
    "code action, after an edit": 50,
    "hover": 50,
    "keystroke to diagnostics": 500,
    "click to progress": 100,
    "cancel to progress end": 100,
    "shutdown to exit": 2000,
}


def source(lines: int) -> str:
    """A file of about `lines` lines with a kernel every twenty."""
    kernels = max(1, lines // 20)
    body = "  c[threadIdx.x] += a[threadIdx.x] * b[threadIdx.x];\n" * 15
    return "".join(f"__global__ void k{number}(float* a, float* b, float* c) {{\n{body}}}\n\n" for number in range(kernels)) + ADD


class Clock:
    def __init__(self) -> None:
        self.samples: dict[str, list[float]] = {name: [] for name in BUDGET_MS}

    def add(self, name: str, begun: float) -> None:
        self.samples[name].append((time.perf_counter() - begun) * 1000)

    def table(self) -> tuple[str, bool]:
        rows, good = [f"{'ms':28} {'median':>8} {'p95':>8} {'worst':>8} {'budget':>8}"], True
        for name, values in self.samples.items():
            values.sort()
            p95 = values[min(len(values) - 1, int(len(values) * 0.95))]
            good &= p95 <= BUDGET_MS[name]
            rows.append(f"{name:28} {statistics.median(values):8.1f} {p95:8.1f} {values[-1]:8.1f} {BUDGET_MS[name]:8}")
        return "\n".join(rows), good


async def session(clock: Clock, folder: Path, name: str | None, lines: int, rounds: int) -> None:
    """One server from start to end."""
    begun = time.perf_counter()
    editor = await connect(folder, "vscode", session=name)
    clock.add("spawn to initialize", begun)
    uri = editor.open(source(lines) + "// fake: sleep 30\n")
    version = 1
    await editor.actions(uri)
    for _ in range(rounds):
        begun = time.perf_counter()
        await editor.actions(uri)
        clock.add("code action, cached", begun)
        begun = time.perf_counter()
        await editor.hover(uri)
        clock.add("hover", begun)
        version += 1
        editor.change(uri, version, " ", (2, 2, 2, 2))
        begun = time.perf_counter()
        await editor.actions(uri)
        clock.add("code action, after an edit", begun)
    for _ in range(5):
        version += 1
        begun = time.perf_counter()
        editor.change(uri, version, " ", (2, 2, 2, 2))
        await editor.until(lambda wanted=version: editor.published and editor.published[-1].version == wanted)
        clock.add("keystroke to diagnostics", begun)
    reports = editor.client.progress_reports
    for target in ("bang", "hip", "c"):
        begun = time.perf_counter()
        job = await editor.convert(uri, target=target, wait=False)
        token = f"kernelglot/{job['job']}"
        await editor.until(lambda token=token: reports.get(token))
        clock.add("click to progress", begun)
        await asyncio.sleep(1.0)
        begun = time.perf_counter()
        editor.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token=token))
        await editor.until(lambda token=token: isinstance(reports[token][-1], types.WorkDoneProgressEnd))
        clock.add("cancel to progress end", begun)
    begun = time.perf_counter()
    await editor.client.shutdown_session()
    clock.add("shutdown to exit", begun)
    await editor.client.stop()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--session", help="module that stands in for kernelglot.session (fake_session: see tests/lsp)")
    parser.add_argument("--lines", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--servers", type=int, default=3, help="how often all of it is done")
    options = parser.parse_args()
    clock = Clock()
    for _ in range(options.servers):
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(session(clock, Path(folder), options.session, options.lines, options.rounds))
    table, good = clock.table()
    print(table)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
