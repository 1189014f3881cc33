"""The oracle's own test: wrong kernels must not be accepted. `make mutants` tries all of them and records the score."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from emulator.running import needs_gcc
from mutants import corpus

pytestmark = needs_gcc
OPERATORS = Path(__file__).resolve().parents[2] / "examples" / "operators"
FILES = sorted(file.name for file in OPERATORS.glob("*.cu"))
SHARE = 3                   # one of so many is tried here
FEWEST = 200                # mutants that compile and are wrong
score: Counter[str] = Counter()


@pytest.mark.parametrize("dialect", corpus.DIALECTS)
@pytest.mark.parametrize("file", FILES)
def test_no_wrong_version_is_accepted(file: str, dialect: str) -> None:
    known = corpus.known()
    survived = []
    for subject in corpus.subjects(OPERATORS / file, dialect):
        for wrong in corpus.sample(corpus.pool(subject, 1), SHARE):
            found = known.outcome(wrong) or wrong.judged()
            score[found] += 1
            survived += [wrong.name] if found == "survived" else []
    assert not survived


def test_the_corpus_is_large(request: pytest.FixtureRequest) -> None:
    asked = sum("test_no_wrong_version" in item.nodeid for item in request.session.items)
    if asked < len(FILES) * len(corpus.DIALECTS):
        pytest.skip("only a part of the corpus was asked for")
    assert score["killed"] >= FEWEST, score
