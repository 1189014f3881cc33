"""What the sandbox tests share: every level that this system has, and how an attack is run at one."""

from __future__ import annotations

from dataclasses import replace

import numpy
import pytest
from emulator.running import run

from kernelglot.verify import sandbox
from kernelglot.verify.cases import Fault
from kernelglot.verify.emulate import Faulted

LEVELS = (1, 2)             # at S0 the attacks would succeed: nothing here is ever run there


def use_level(level: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes the sandbox use one level, or skips the test where this system does not have it."""
    found = sandbox.strength()
    if level > found.level:
        pytest.skip(f"this system has S{found.level}: {found.missing or ', '.join(found.let_through)}")
    monkeypatch.setattr(sandbox, "strength", lambda: replace(found, level=level))


def outcome(body: str, top: str = "", timeout_s: float = 10.0, elements: int = 4) -> int | Fault:
    """Runs a C kernel `k(int *out)`: what it left in out[0], or the fault that ended it."""
    try:
        got = run(f"{top}\nvoid k(int *out) {{ {body} }}", "k", {"out": numpy.zeros(elements, numpy.int32)}, dialect="c", timeout_s=timeout_s)
    except Faulted as faulted:
        return faulted.fault
    return int(got["out"][0])


def fault_of(body: str, top: str = "", timeout_s: float = 10.0) -> Fault:
    found = outcome(body, top, timeout_s)
    assert isinstance(found, Fault), f"it ended well, with {found}"
    return found
