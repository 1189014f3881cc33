"""The table of jobs: what was asked, how far it is, what came out. Diagnostics, hover, titles and status read it.

A job belongs to one text (by fingerprint), one kernel (None: the whole file) and one target. The same job asked twice is one
job. Five states: queued, running, stale, failed, verified. *Stale* is not stored: a finished job is stale while the document
differs from the text it was made for, and is itself again when an undo brings that text back.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from kernelglot_server.documents import Snapshot

TARGETS = {"bang": "BANG C", "hip": "HIP", "vnni": "C with VNNI", "c": "C", "cuda": "CUDA C"}
SUFFIXES = {"bang": ".mlu", "hip": ".hip", "vnni": ".vnni.c", "c": ".c", "cuda": ".cu"}
RUNGS = ("rejected", "compiled", "tested", "exact", "proved")  # worst first
FINISHED_KEPT = 500  # jobs


class State(str, Enum):
    QUEUED = "queued"
    RUNNING = "running"
    STALE = "stale"
    FAILED = "failed"
    VERIFIED = "verified"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one kernel did not come out; shown on the kernel's name."""

    kernel: str
    code: str  # "verification-failed" | "declined" | "not-tested" | ...
    message: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a finished job has to show. `kind`: verified, compiled, failed, declined or cancelled."""

    kind: str
    message: str
    rung: str | None = None
    evidence: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    text: str | None = None  # of the translated file
    problems: tuple[Problem, ...] = ()
    partial: bool = False  # `text` holds the kernels that were verified; `problems` tell of the others


@dataclass(eq=False, slots=True)
class Job:
    number: int
    source: Snapshot
    kernel: str | None
    target: str
    among_others: bool = False  # `kernel` is one of several in its file
    running: bool = False
    percent: int = 0
    stage: str = ""
    message: str = ""
    started: float = field(default_factory=time.monotonic)  # seconds
    ended: float | None = None
    outcome: Outcome | None = None
    written: str | None = None  # uri of the file with the result
    done: asyncio.Event = field(default_factory=asyncio.Event)  # outcome known and delivered
    stop: asyncio.Event = field(default_factory=asyncio.Event)  # the user wants no more of it
    requests: set[Any] = field(default_factory=set)  # ids of requests that wait for this job

    @property
    def name(self) -> str:
        return f"{self.number}"

    @property
    def token(self) -> str:
        return f"kernelglot/{self.number}"

    @property
    def title(self) -> str:
        return f"{self.kernel or 'file'} to {TARGETS[self.target]}"

    @property
    def key(self) -> tuple[str, str, str | None, str]:
        return (self.source.uri, self.source.fingerprint, self.kernel, self.target)

    @property
    def seconds(self) -> float:
        """How long it has taken so far, or took."""
        return (self.ended if self.ended is not None else time.monotonic()) - self.started

    @property
    def age(self) -> float:
        """Seconds since it ended; 0 while it runs."""
        return time.monotonic() - self.ended if self.ended is not None else 0.0


class JobTable:
    """All jobs of this session, newest last. `current` gives the fingerprint of an open document (None: not open)."""

    def __init__(self, current: Callable[[str], str | None]) -> None:
        self._current = current
        self._jobs: dict[int, Job] = {}
        self._numbers = itertools.count(1)

    def __iter__(self) -> Iterator[Job]:
        return iter(tuple(self._jobs.values()))

    def open(self, source: Snapshot, kernel: str | None, target: str) -> Job:
        job = Job(next(self._numbers), source, kernel, target)
        self._jobs[job.number] = job
        self._trim()
        return job

    def finish(self, job: Job, outcome: Outcome) -> None:
        """Records the outcome; the first one stands."""
        if job.outcome is None:
            job.outcome, job.ended, job.running = outcome, time.monotonic(), False
            job.message = outcome.message

    def state(self, job: Job) -> State:
        if job.outcome is None:
            return State.RUNNING if job.running else State.QUEUED
        if self.is_stale(job):
            return State.STALE
        return State.VERIFIED if job.outcome.kind == "verified" else State.FAILED

    def is_stale(self, job: Job) -> bool:
        """Whether the document has another text now. A closed document is not stale: nobody changed it here."""
        current = self._current(job.source.uri)
        return current is not None and current != job.source.fingerprint

    def unfinished(self) -> list[Job]:
        return [job for job in self if job.outcome is None]

    def running(self, key: tuple[str, str, str | None, str]) -> Job | None:
        return next((job for job in self.unfinished() if job.key == key), None)

    def verified(self, key: tuple[str, str, str | None, str]) -> Job | None:
        """The newest job that verified exactly this, if any."""
        made = [job for job in self if job.key == key and job.outcome is not None and job.outcome.kind == "verified"]
        return made[-1] if made else None

    def newest(self, uri: str | None = None) -> list[Job]:
        """Per (uri, kernel, target) the newest finished job that says something (cancelled ones only if there is no other)."""
        best: dict[tuple[str, str | None, str], Job] = {}
        for job in self:
            if job.outcome is None or (uri is not None and job.source.uri != uri):
                continue
            place = (job.source.uri, job.kernel, job.target)
            if place not in best or job.outcome.kind != "cancelled":
                best[place] = job
        return list(best.values())

    def by_token(self, token: Any) -> Job | None:
        return next((job for job in self if job.token == token), None)

    def by_name(self, name: str) -> Job | None:
        return next((job for job in self if job.name == name), None)

    def rows(self) -> list[dict[str, Any]]:
        """The table as `kernelglot/status` sends it."""
        return [
            {
                "job": job.name,
                "uri": job.source.uri,
                "kernel": job.kernel,
                "target": job.target,
                "state": self.state(job).value,
                "percent": job.percent,
                "stage": job.stage,
                "message": job.message,
                "rung": job.outcome.rung if job.outcome else None,
                "seconds": round(job.seconds, 3),
            }
            for job in [*self.unfinished(), *self.newest()]
        ]

    def _trim(self) -> None:
        finished = [job for job in self if job.outcome is not None]
        for job in finished[:-FINISHED_KEPT]:
            del self._jobs[job.number]


def outcome_of_report(report: Mapping[str, Any], target: str) -> Outcome:
    """The outcome that a `session.translate` report amounts to: as good as its worst kernel, and never better."""
    kernels = report.get("kernels") or []
    text = report.get("text") or next((kernel["text"] for kernel in kernels if kernel.get("text")), None)
    problems = tuple(problem for kernel in kernels if (problem := _problem(kernel)) is not None)
    judged = [kernel["verdict"] for kernel in kernels if kernel.get("verdict")]
    rung = min((verdict["rung"] for verdict in judged), key=RUNGS.index, default=None)
    evidence = tuple(sentence for verdict in judged for sentence in verdict.get("evidence", ()))
    skipped = tuple(sentence for verdict in judged for sentence in verdict.get("skipped", ()))
    label = TARGETS[target]
    if not kernels:
        return Outcome("declined", "there is no kernel to translate here")
    if problems:
        kind = "failed" if any(problem.code != "declined" for problem in problems) else "declined"
        told = "; ".join(f"`{problem.kernel}`: {problem.message}" for problem in problems)
        partial = bool(report.get("text"))  # what the engine puts together for a file is verified
        return Outcome(kind, f"not translated to {label}: {told}", rung, evidence, skipped, text, problems, partial)
    if text is None or rung is None:
        return Outcome("failed", f"the engine returned no {label} text with a verdict", rung, evidence, skipped, text)
    if rung == "compiled":
        told = f"{label} was written but not tested" + (f": {skipped[0]}" if skipped else "")
        return Outcome("compiled", told, rung, evidence, skipped, text)
    return Outcome("verified", f"{label}: {rung}" + (f" ({evidence[0]})" if evidence else ""), rung, evidence, skipped, text)


def _problem(kernel: Mapping[str, Any]) -> Problem | None:
    """What keeps this kernel of a report from being good, or None."""
    if declined := kernel.get("declined"):
        return Problem(kernel["name"], "declined", declined["reason"])
    verdict = kernel.get("verdict")
    if verdict is None:
        return Problem(kernel["name"], "verification-failed", "no verdict was reached")
    if verdict["rung"] != "rejected":
        return None
    counterexample = verdict.get("counterexample") or {}
    sentence = counterexample.get("sentence") or "; ".join(verdict.get("evidence", ())) or "the result differs from the original"
    return Problem(kernel["name"], "verification-failed", sentence)
