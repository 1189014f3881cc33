"""Settings with checked defaults.

They come from `initializationOptions` and from `workspace/configuration`, section `kernelglot`. A workspace may not grant
itself trust and may not name programs or endpoints, so only `FROM_WORKSPACE` is read from the section.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

LONGEST_TIMEOUT_S = 3600
FROM_WORKSPACE = ("timeoutSeconds", "diagnostics")


@dataclass(frozen=True, slots=True)
class Settings:
    timeout_s: float = 300.0  # for one translation
    diagnostics: bool = True
    trusted: bool = True  # False: nothing is executed
    status: bool = False  # the client wants `kernelglot/status`


def from_options(options: Any) -> tuple[Settings, tuple[str, ...]]:
    """Settings of `initializationOptions`, and one sentence for each value that was not taken."""
    if not isinstance(options, Mapping):
        return Settings(), ()
    settings, problems = from_section(Settings(), options)
    for name in ("trusted", "status"):
        value = options.get(name, getattr(settings, name))
        if isinstance(value, bool):
            settings = replace(settings, **{name: value})
        else:
            # an unreadable answer to "may I run this?" is a no
            settings = replace(settings, **{name: False})
            problems += (f"kernelglot.{name} must be true or false, not {value!r}; false is used",)
    return settings, problems


def from_section(current: Settings, section: Any) -> tuple[Settings, tuple[str, ...]]:
    """`current` with the valid values of the section `kernelglot`, and one sentence for each value that was not taken."""
    if not isinstance(section, Mapping):
        return current, ()
    problems: list[str] = []
    seconds = section.get("timeoutSeconds")
    if seconds is not None:
        if isinstance(seconds, (int, float)) and not isinstance(seconds, bool) and 1 <= seconds <= LONGEST_TIMEOUT_S:
            current = replace(current, timeout_s=float(seconds))
        else:
            problems.append(f"kernelglot.timeoutSeconds must be a number from 1 to {LONGEST_TIMEOUT_S}, not {seconds!r}")
    diagnostics = section.get("diagnostics")
    if diagnostics is not None:
        if isinstance(diagnostics, bool):
            current = replace(current, diagnostics=diagnostics)
        else:
            problems.append(f"kernelglot.diagnostics must be true or false, not {diagnostics!r}")
    return current, tuple(problems)
