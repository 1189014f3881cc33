"""Every mutant of the corpus (tests/mutants), and the score, for tests/recorded/mutants.json. Ends with 1 where a wrong version was
accepted. `--each N`: up to N mutants of a kind and program (1)."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

OUTCOMES = ("killed", "gap", "survived", "equivalent", "stillborn")
ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "engine"), str(ROOT / "tests")]

from mutants import corpus  # noqa: E402  (the path comes first)


def score(file: Path, dialect: str, each: int) -> list[tuple[str, str, str]]:
    """(kind, outcome, name) of every mutant."""
    known, found = corpus.known(), []
    for subject in corpus.subjects(file, dialect):
        for wrong in corpus.pool(subject, each):
            outcome = known.outcome(wrong) or wrong.judged()
            found.append((wrong.mutant.kind, outcome, wrong.name))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--each", type=int, default=1)
    options = parser.parse_args()
    files = options.files or sorted((ROOT / "examples/operators").glob("*.cu"))
    total: Counter[str] = Counter()
    kinds: dict[str, Counter[str]] = {}
    with ProcessPoolExecutor(2) as workers:
        jobs = [workers.submit(score, file, dialect, options.each) for file in files for dialect in corpus.DIALECTS]
        for job in jobs:
            for kind, outcome, name in job.result():
                total[outcome] += 1
                kinds.setdefault(kind, Counter())[outcome] += 1
                if outcome == "survived":
                    print(f"SURVIVED {name}", flush=True)
    for kind in sorted(kinds):
        print(f"{kind:26}" + "".join(f"{word}: {kinds[kind][word]:<6}" for word in OUTCOMES))
    wrong = total["killed"] + total["survived"] + total["gap"]
    print(f"{total['killed']} of {wrong} wrong versions rejected; {total['equivalent']} equivalent, {total['stillborn']} do not compile")
    if not options.files:
        record: dict[str, object] = {word: total[word] for word in OUTCOMES}
        record["kinds"] = {kind: dict(sorted(counts.items())) for kind, counts in sorted(kinds.items())}
        (ROOT / "tests/recorded/mutants.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    return 1 if total["survived"] else 0


if __name__ == "__main__":
    sys.exit(main())
