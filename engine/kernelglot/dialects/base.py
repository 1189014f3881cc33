"""Loading a dialect's facts from its ``dialect.toml``; the front end gets its spelling as a value."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from ..frontend.spelling import Spelling
from ..ir.nodes import Axis
from ..ir.types import SCALARS, Scope

NAMES = ("cuda", "hip", "bang", "vnni", "c")


@dataclass(frozen=True, slots=True)
class Dialect:
    """One platform: how its text is spelled, and the facts of its ``dialect.toml`` as they stand there."""

    name: str
    title: str
    spelling: Spelling
    suffixes: tuple[str, ...]
    output_suffix: str
    facts: Mapping[str, object] = field(default_factory=dict, repr=False)

    def capacity(self, scope: Scope, architecture: str = "") -> int | None:
        """Bytes of a memory scope on an architecture (empty: the dialect's default); None where no limit is stated."""
        scopes = self.facts.get("scopes", {})
        entry = scopes.get(scope.value, {}) if isinstance(scopes, Mapping) else {}
        table = entry.get("bytes", {}) if isinstance(entry, Mapping) else {}
        return table.get(architecture or str(self.facts.get("default_architecture", "")))


@cache
def load(name: str) -> Dialect:
    """The dialect called ``name``; KeyError for a name that is not in ``NAMES``."""
    if name not in NAMES:
        raise KeyError(name)
    facts = tomllib.loads((Path(__file__).parent / name / "dialect.toml").read_text(encoding="utf-8"))
    return Dialect(
        name=name,
        title=facts["title"],
        spelling=_spelling(name, facts),
        suffixes=tuple(facts["suffixes"]),
        output_suffix=facts["output_suffix"],
        facts=facts,
    )


def of_path(path: str) -> Dialect | None:
    """The dialect that a file name's suffix stands for; the longest suffix wins (``.vnni.c`` before ``.c``)."""
    best: tuple[int, str] | None = None
    for name in NAMES:
        for suffix in load(name).suffixes:
            if path.lower().endswith(suffix) and (best is None or len(suffix) > best[0]):
                best = (len(suffix), name)
    return load(best[1]) if best else None


def _spelling(name: str, facts: Mapping) -> Spelling:
    text = facts["spelling"]
    return Spelling(
        dialect=name,
        grammar=text["grammar"],
        suffixes=tuple(facts["suffixes"]),
        indices={spelled: Axis(axis) for axis, names in facts.get("axes", {}).items() for spelled in _several(names)},
        extents={spelled: Axis(axis) for axis, names in facts.get("extents", {}).items() for spelled in _several(names)},
        axis_type=SCALARS[text.get("axis_type", "u32")],
        kernel_qualifiers=tuple(text.get("kernel_qualifiers", ())),
        device_qualifiers=tuple(text.get("device_qualifiers", ())),
        scopes={
            spelled: Scope(scope) for scope, entry in facts.get("scopes", {}).items() for spelled in _several(entry.get("spelling", ()))
        },
        masked=dict(text.get("masked", {})),
        masked_calls=tuple(text.get("masked_calls", ())),
        barriers={spelled: scope for scope, names in facts.get("barriers", {}).items() for spelled in _several(names)},
        types=dict(text.get("types", {})),
        functions=dict(text.get("functions", {})),
        predefined={key: str(value) for key, value in text.get("predefined", {}).items()},
        constants=dict(text.get("constants", {})),
        enumerators=tuple(text.get("enumerators", ())),
        intrinsic_prefixes=tuple(text.get("intrinsic_prefixes", ())),
        overloads=bool(text.get("overloads", True)),
        warp_size=int(text.get("warp_size", 0)),
    )


def _several(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
