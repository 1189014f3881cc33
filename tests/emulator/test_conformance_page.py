"""docs/conformance.md says what is so: made anew from headers, lists and tests, it is the same page."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from emulator.running import needs_gcc

pytestmark = needs_gcc
ROOT = Path(__file__).resolve().parents[2]


def test_the_page_is_up_to_date() -> None:
    done = subprocess.run([sys.executable, "scripts/conformance.py", "--check"], cwd=ROOT, check=False)
    assert done.returncode == 0, "run `make conformance`"
