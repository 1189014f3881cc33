"""What the BANG headers say of each intrinsic, as data: their comments describe it once, for the emulator and for rules on texts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from .toolchain import DIALECTS

HEADERS = DIALECTS / "bang" / "intrinsics"
_DEFINITION = re.compile(r"((?:^///[^\n]*\n)+)^(?:template <[^>]*>\s+)?static inline [\w ]+?[ *]+(__\w+)\(([^{]*?)\)\s*\{", re.MULTILINE)
_FAMILY = re.compile(r"__bang_(?P<source>u?int\d+|float|half|bfloat16)2(?P<target>u?int\d+|float|half|bfloat16)(?P<way>_[a-z]{2})?")
CAPACITIES = {220: (512, 512, 2048), 270: (512, 1024, 2048), 290: (512, 512, 2048), 322: (768, 1024, 0), 372: (768, 1024, 4096)}
KNOWN = frozenset({220, 270, 290, 322, 372, 520, 592})


@dataclass(frozen=True, slots=True)
class Architecture:
    """``number`` as in mtp_592; ``single``: a tp_ target, one core without cluster and SRAM."""

    number: int
    single: bool

    @property
    def capacities(self) -> dict[str, int]:
        """Bytes of NRAM and WRAM of a core and of SRAM of a cluster. No document gives 520: as 592."""
        nram, wram, sram = CAPACITIES.get(self.number, (512, 512, 2048))
        return {"NRAM": nram * 1024, "WRAM": wram * 1024, "SRAM": 0 if self.single else sram * 1024}


def architecture_of(name: str) -> Architecture:
    """``mtp_592``, ``tp_322``, ``592``; the empty name is mtp_592."""
    number = re.search(r"\d+", name)
    return Architecture(int(number[0]) if number else 592, name.startswith("tp_"))


@dataclass(frozen=True, slots=True)
class Form:
    """One way to call an intrinsic. ``spaces``: memory of each pointer operand ("" where a direction or nothing says it)."""

    parameters: tuple[str, ...]
    least: int
    spaces: tuple[str, ...]
    architectures: str
    overlap: str

    @property
    def most(self) -> int:
        return len(self.parameters)


@cache
def forms() -> dict[str, tuple[Form, ...]]:
    """Every documented intrinsic by name."""
    found: dict[str, list[Form]] = {}
    for header in sorted(HEADERS.glob("*.h")):
        for comment, name, parameters in _DEFINITION.findall(header.read_text(encoding="utf-8")):
            found.setdefault(name, []).append(_form(comment, parameters))
    return {name: tuple(each) for name, each in found.items()}


@cache
def names() -> frozenset[str]:
    """Every intrinsic, those that macros of the headers make too."""
    return frozenset(re.findall(r"^#define (__\w+)\(\.\.\.\)", (HEADERS / "lines.h").read_text(encoding="utf-8"), re.MULTILINE))


def _form(comment: str, parameters: str) -> Form:
    flat = " ".join(line.removeprefix("///").strip() for line in comment.splitlines())
    tags = {key: text.strip() for key, text in re.findall(r"@(arch|overlap)\s+([^@]*)", flat)}
    spaces = dict(re.findall(r"@operand (\w+) \S+ (nram|wram|sram|gdram|ldram)", flat))
    declared = [part for part in parameters.split(",") if part.strip()]
    plain = tuple(re.sub(r" = .*", "", part).split()[-1].lstrip("*") for part in declared)
    variadic = any("..." in part for part in declared)
    least = sum("=" not in part and "..." not in part for part in declared)
    memories = tuple(spaces.get(name, "").upper() for name in plain)
    return Form(plain + ("",) * 16 * variadic, least, memories, tags.get("arch", "all"), tags.get("overlap", ""))


def exists(name: str, arguments: int, target: Architecture) -> bool:
    """Whether some form of the intrinsic that takes so many arguments is there on this architecture."""
    found = forms().get(name)
    if found:
        fitting = [form for form in found if form.least <= arguments <= form.most] or found
        return any(_holds(form.architectures, target) for form in fitting)
    family = _FAMILY.fullmatch(name)
    if family:
        least = 500 if "bfloat16" in (family["source"], family["target"]) or family["way"] == "_sr" else 300
        return target.number >= least
    return True


def _holds(said: str, target: Architecture) -> bool:
    """What a comment's @arch says, e.g. ">=322 except 372 520", "372 592", "all mtp from 2xx, not 322 and 520"."""
    number = target.number
    if "mtp" in said and (target.single or number == 322):
        return False
    if said.startswith("mtp_2xx"):
        return number < 300 or number == 372
    if re.fullmatch(r"[\d ]+", said):
        return str(number) in said.split() or number > max(KNOWN)
    missing = re.search(r"(?:except|not) ([\d ]+(?:and \d+)?)", said)
    if missing and str(number) in re.findall(r"\d+", missing[1]):
        return False
    least = re.match(r">=\s*(\d+)", said)
    return not least or number >= int(least[1])


__all__ = ["KNOWN", "Architecture", "Form", "architecture_of", "exists", "forms", "names"]
