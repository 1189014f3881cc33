"""What a verdict rests on, written down so that it can be had again: ``kernelglot verify --replay ID``.

A verdict's ID is the SHA-256 of its *question* (both texts, how they are called, the cases, the seeds) and of the *conditions*
(compilers, emulator, oracle), shown as its first 16 digits. The entry lies under that name in the user's own data folder (mode 0700) and
holds question, conditions and *answer*; a checksum over all of it shows when one was edited or torn. Entries are written whole or not at
all, and the oldest make room for new ones. All randomness of a verdict follows from its seeds, and those from the first one, so nothing
else is kept.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from . import toolchain
from .cases import Buffer, Launch, Program, Scalar, TestCase, Verdict

FORMAT = 1
DIGITS = 16                         # of the ID
MOST_BYTES = 64 << 20               # of all entries together
LARGEST = 4 << 20                   # of one


class Unreplayable(Exception):
    """There is no such entry, or it is not what was stored; the message is a sentence for the user."""


@dataclass(frozen=True, slots=True)
class Question:
    """Everything that ``verify`` was asked."""

    source: Program
    target: Program
    cases: tuple[TestCase, ...]
    seeds: tuple[int, ...]
    operations: int | None = None
    target_launches: tuple[Launch, ...] | None = None
    timeout_s: float = 20.0
    budget_s: float = 8.0
    exact_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Entry:
    """A stored question with its answer. ``changed``: which of the conditions are other ones today."""

    id: str
    question: Question
    answer: Mapping[str, Any]
    changed: tuple[str, ...] = ()


@functools.cache
def conditions() -> Mapping[str, str]:
    """The versions of all that takes part in a verdict, as digests."""
    tools = [toolchain.fingerprint(tool) for tool in ("gcc", "g++", "ld") if toolchain.installed(tool)]
    oracle = [part for file in sorted(Path(__file__).parent.glob("*.py")) for part in (file.name, file.read_bytes())]
    return {"toolchain": toolchain.digest(*tools), "emulator": toolchain.runtime_digest(), "oracle": toolchain.digest(*oracle)}


def identity(question: Question) -> str:
    """The ID of a verdict on this question, under today's conditions."""
    return _named(_plain(question), conditions())


def _named(question: Mapping[str, Any], versions: Mapping[str, str]) -> str:
    """The limits of time are no part of a name: they decide how many runs were done, and the answer says that."""
    limits = ("timeout_s", "budget_s", "exact_s")
    asked = {key: value for key, value in question.items() if key not in limits} | {"exact": bool(question.get("exact_s"))}
    return _hash({"question": asked, "conditions": versions})[:DIGITS]


def answer_of(verdict: Verdict) -> dict[str, Any]:
    """What has to come out the same: the rung, the wrong element with both values, the kind of fault; and how many runs there were."""
    found, fault = verdict.counterexample, verdict.fault
    return {"rung": verdict.rung, "counterexample": asdict(found) if found else None,
            "fault": {"kind": fault.kind, "side": fault.side, "line": fault.line} if fault else None, "runs": verdict.runs}


def differences(stored: Mapping[str, Any], verdict: Verdict) -> tuple[str, ...]:
    """What is not the same in a verdict as in a stored answer, as sentences."""
    now, told = answer_of(verdict), []
    for name in ("rung", "counterexample", "fault"):
        if stored[name] != now[name]:
            told.append(f"{name}: was {_shown(stored[name])}, is {_shown(now[name])}")
    return tuple(told)


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value.get("sentence") or f"{value['kind']} ({value['side']}, line {value['line']})")
    return "none" if value is None else str(value)


# ---- the store ------------------------------------------------------------------------------------------------------------------------

def folder() -> Path:
    """The user's own folder for verdicts; not made here."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "kernelglot" / "verdicts"


def store(question: Question, verdict: Verdict) -> str:
    """Writes an entry. Returns "" where that worked, else why it can't be replayed (a full disk is no reason to withhold a verdict)."""
    body = {"format": FORMAT, "id": verdict.id, "question": _plain(question), "conditions": conditions(), "answer": answer_of(verdict)}
    text = json.dumps({**body, "checksum": _hash(body)}, indent=1, sort_keys=True)
    if len(text) > LARGEST:
        return "this verdict is too large to be stored for a replay"
    try:
        place = folder()
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        if place.is_symlink() or place.lstat().st_uid != os.getuid() or place.lstat().st_mode & 0o077:
            return f"not stored for a replay: {place} is not private to you (mode 0700)"
        _write(place / f"{verdict.id}.json", text)
        _make_room(place)
    except OSError as error:
        return f"not stored for a replay: {error.strerror or error}"
    return ""


def _write(path: Path, text: str) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def _make_room(place: Path) -> None:
    """Forgets the oldest entries beyond MOST_BYTES."""
    kept: list[tuple[float, int, Path]] = []
    for file in place.glob("*.json"):
        with suppress(FileNotFoundError):
            status = file.stat()
            kept.append((status.st_mtime, status.st_size, file))
    room = MOST_BYTES
    for _, size, file in sorted(kept, reverse=True):
        room -= size
        if room < 0:
            file.unlink(missing_ok=True)


def load(id_: str) -> Entry:
    """The entry of an ID (its first digits do, where they are enough). Raises Unreplayable."""
    wanted = id_.strip().lower()
    if not re.fullmatch(r"[0-9a-f]{6,64}", wanted):
        raise Unreplayable(f"`{id_}` is no ID of a verdict: those are {DIGITS} digits of 0-9 and a-f")
    found = sorted(folder().glob(f"{wanted[:DIGITS]}*.json"))
    if len(found) != 1:
        many = f"{len(found)} verdicts begin with `{wanted}`" if found else f"no verdict `{wanted}` is stored in {folder()}"
        raise Unreplayable(many)
    try:
        stored = json.loads(found[0].read_text(encoding="ascii"))
        body = {key: value for key, value in stored.items() if key != "checksum"}
        whole = stored["checksum"] == _hash(body)
        named = _named(body["question"], body["conditions"]) == body["id"] == found[0].stem
        if not whole or not named or body["format"] != FORMAT:
            raise Unreplayable(f"{found[0]} is not what was stored: it was edited, or it is damaged")
        changed = tuple(name for name, value in conditions().items() if body["conditions"].get(name) != value)
        return Entry(body["id"], _question(body["question"]), body["answer"], changed)
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise Unreplayable(f"{found[0]} cannot be read: it was edited, or it is damaged") from error


# ---- plain values ---------------------------------------------------------------------------------------------------------------------

def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")).hexdigest()


def _plain(question: Question) -> dict[str, Any]:
    plain = asdict(question)
    for case, made in zip(question.cases, plain["cases"]):
        for argument, entry in zip(case.arguments, made["arguments"]):
            entry["is"] = "buffer" if isinstance(argument, Buffer) else "scalar"
    result: dict[str, Any] = json.loads(json.dumps(plain))          # tuples become lists, as they come back
    return result


def _question(plain: Mapping[str, Any]) -> Question:
    cases = tuple(_case(each) for each in plain["cases"])
    launches = plain["target_launches"]
    return Question(_program(plain["source"]), _program(plain["target"]), cases, tuple(plain["seeds"]), plain["operations"],
                    None if launches is None else tuple(_launch(each) for each in launches), plain["timeout_s"], plain["budget_s"],
                    plain.get("exact_s", 0.0))


def _program(plain: Mapping[str, Any]) -> Program:
    return Program(**{**plain, "launch": _launch(plain["launch"]), "parameters": tuple(plain["parameters"])})


def _launch(plain: Mapping[str, Any]) -> Launch:
    return Launch(**{**plain, "grid": _triple(plain["grid"]), "block": _triple(plain["block"])})


def _triple(plain: Sequence[int]) -> tuple[int, int, int]:
    x, y, z = plain
    return int(x), int(y), int(z)


def _case(plain: Mapping[str, Any]) -> TestCase:
    arguments = tuple((Buffer if each["is"] == "buffer" else Scalar)(**{key: value for key, value in each.items() if key != "is"})
                      for each in plain["arguments"])
    rest = {"launch": _launch(plain["launch"]), "arguments": arguments, "assumptions": tuple(plain["assumptions"])}
    return TestCase(**{**plain, **rest})


__all__ = ["Entry", "Question", "Unreplayable", "answer_of", "conditions", "differences", "folder", "identity", "load", "store"]
