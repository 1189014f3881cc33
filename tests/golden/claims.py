"""Reading and rewriting golden files: ``tests/golden/<pass>/<topic>.md``, one ``## claim`` after another.

Under the heading stands a sentence that gives the reason, then a block of the kernel before, one of what is applied (TOML), and one of what
comes out: the kernel after, or ``text declined`` with the code and the beginning of the sentence that the user reads.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kernelglot.dialects import base

FOLDER = Path(__file__).resolve().parent
_HEADING = re.compile(r"^## (.+)$", re.M)
_BLOCK = re.compile(r"^```(?P<language>\w+) (?P<role>\w+)\n(?P<text>.*?)^```$", re.M | re.S)
_FENCE = re.compile(r"^```", re.M)
RESULTS = ("after", "declined")


@dataclass(frozen=True)
class Block:
    """The text between two fences; ``language`` is a dialect, ``toml`` or ``text``."""

    language: str
    text: str


@dataclass(frozen=True)
class Claim:
    """One section of a golden file. ``stray`` are blocks that are cut off, stand twice or play no known role."""

    path: Path
    title: str
    reason: str
    blocks: dict[str, Block]
    stray: tuple[str, ...] = ()

    @property
    def pass_name(self) -> str:
        return self.path.parent.name

    @property
    def result(self) -> tuple[str, Block] | None:
        """The role and the block of what is to come out; None where it has not been written yet."""
        return next(((role, self.blocks[role]) for role in RESULTS if role in self.blocks), None)

    @cached_property
    def settings(self) -> dict:
        return tomllib.loads(self.blocks["apply"].text)

    def problems(self, to_be_written: bool = False) -> list[str]:
        """What is missing or one too many; with ``to_be_written`` the result may be."""
        found = list(self.stray)
        if not self.reason:
            found.append("no sentence says why")
        found += [f"no block `{role}`" for role in ("before", "apply") if role not in self.blocks]
        if "before" in self.blocks and self.blocks["before"].language not in base.NAMES:
            found.append(f"`{self.blocks['before'].language}` is no dialect")
        if "apply" in self.blocks and self.blocks["apply"].language != "toml":
            found.append("the block `apply` is not TOML")
        if "declined" in self.blocks and "after" in self.blocks:
            found.append("blocks `after` and `declined` exclude each other")
        if self.result is None and not to_be_written:
            found.append("no block `after` or `declined`; `make golden` writes it")
        return found


def claims(path: Path) -> list[Claim]:
    """The claims of one file, in order."""
    text = path.read_text(encoding="utf-8")
    return [_claim(path, title, section) for title, section in _sections(text)]


def files() -> list[Path]:
    return sorted(FOLDER.glob("*/*.md"))


def pass_folders() -> list[str]:
    return sorted(each.name for each in FOLDER.iterdir() if each.is_dir() and not each.name.startswith(("_", ".")))


def rewrite(claim: Claim, role: str, block: Block) -> None:
    """Puts ``block`` where the claim's result stands in its file, or at the end of its section."""
    text = claim.path.read_text(encoding="utf-8")
    section = next(section for title, section in _sections(text) if title == claim.title)
    fenced = f"```{block.language} {role}\n{block.text}```"
    old = next((match for match in _BLOCK.finditer(section) if match["role"] in RESULTS), None)
    if old is not None:
        changed = section[: old.start()] + fenced + section[old.end() :]
    else:
        changed = section.rstrip("\n") + "\n" + fenced + "\n" + ("\n" if section.endswith("\n\n") else "")
    claim.path.write_text(text.replace(section, changed, 1), encoding="utf-8")


def _sections(text: str) -> list[tuple[str, str]]:
    """(title, what follows up to the next one) of every heading."""
    marks = [*_HEADING.finditer(text)]
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    return [(mark[1].strip(), text[mark.end() : end]) for mark, end in zip(marks, ends, strict=True)]


def _claim(path: Path, title: str, section: str) -> Claim:
    blocks: dict[str, Block] = {}
    stray = []
    for match in _BLOCK.finditer(section):
        role = match["role"]
        if role in blocks:
            stray.append(f"two blocks `{role}`")
        elif role not in ("before", "apply", *RESULTS):
            stray.append(f"a block `{role}`")
        else:
            blocks[role] = Block(match["language"], match["text"])
    if _FENCE.search(_BLOCK.sub("", section)):
        stray.append("a block that does not say its language and role, or does not end")
    return Claim(path, title, section.split("```", 1)[0].strip(), blocks, tuple(stray))
