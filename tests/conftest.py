"""What every test may use: the repository's folders, a deterministic hypothesis, and `--update-golden`.

Tests need no network, no key and no device. Hypothesis draws the same examples each time (profile `ci`);
`KERNELGLOT_HYPOTHESIS=explore` looks further, with fresh examples, for a person who is searching for bugs.
"""

from __future__ import annotations

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
