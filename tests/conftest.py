"""What every test may use: the repository's folders, a deterministic hypothesis, and `--update-golden`.

Tests need no network, no key and no device. Hypothesis draws the same examples each time (profile `ci`);
`KERNELGLOT_HYPOTHESIS=explore` looks further, with fresh examples, for a person who is searching for bugs.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]

settings.register_profile("ci", derandomize=True, deadline=None, database=None, max_examples=50, print_blob=True,
                          suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("explore", deadline=None, max_examples=1000, print_blob=True,
                          suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("KERNELGLOT_HYPOTHESIS", "ci"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the expected blocks of tests/golden instead of comparing")
    parser.addoption("--covers-out", metavar="FILE", help="write which intrinsics the collected tests hold against a reference, as JSON")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "covers(dialect, *names): holds these intrinsics of a dialect against an independent reference")


def pytest_collection_finish(session: pytest.Session) -> None:
    """What scripts/conformance.py reads: dialect -> names, of the tests that were collected."""
    path = session.config.getoption("--covers-out")
    if not path:
        return
    covered: dict[str, set[str]] = {}
    for item in session.items:
        for mark in item.iter_markers("covers"):
            covered.setdefault(mark.args[0], set()).update(mark.args[1:])
    Path(path).write_text(json.dumps({dialect: sorted(names) for dialect, names in covered.items()}), encoding="utf-8")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """True where `make golden` asks for expected blocks to be rewritten."""
    return request.config.getoption("--update-golden")


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's top folder."""
    return ROOT


@pytest.fixture(scope="session")
def operators() -> Path:
    """`examples/operators`: the corpus of complete `.cu` files."""
    return ROOT / "examples" / "operators"
