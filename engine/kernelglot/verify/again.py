"""Asks the question of a stored verdict again, exactly as it was asked, and says whether the answer is the same."""

from __future__ import annotations

from dataclasses import dataclass

from . import replay
from .cases import Verdict
from .verdict import Report, verify

PATIENCE = 10.0                     # times the stored limits: another machine, or a busier one


@dataclass(frozen=True, slots=True)
class Again:
    """``verdict`` as it is now; ``differences``: what is not the same, as sentences; ``changed``: conditions that are other ones now."""

    entry: replay.Entry
    verdict: Verdict
    differences: tuple[str, ...]

    @property
    def same(self) -> bool:
        return not self.differences


def again(id_: str, report: Report | None = None) -> Again:
    """Runs a stored verdict once more. Raises ``replay.Unreplayable`` and MissingTool."""
    entry = replay.load(id_)
    asked, answer = entry.question, entry.answer
    timed_out = (answer["fault"] or {}).get("kind") == "timeout"
    patience = 1.0 if timed_out else PATIENCE
    limited = answer["rung"] in ("tested", "exact") or answer["runs"] < 0
    verdict = verify(asked.source, asked.target, asked.cases, seeds=asked.seeds, report=report, operations=asked.operations,
                     target_launches=asked.target_launches, timeout_s=asked.timeout_s * patience, budget_s=asked.budget_s * patience,
                     runs=answer["runs"] if limited else 0, exact_s=asked.exact_s * patience)
    return Again(entry, verdict, replay.differences(answer, verdict))


__all__ = ["Again", "again"]
