"""Macros whose expansion is a whole kernel, often with its launcher: until they are expanded, their uses look like syntax errors."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .preprocess import decoded, preprocess
from .spelling import Spelling

DEFINITION = re.compile(r"(?m)^[ \t]*#[ \t]*define[ \t]+(\w+)(?:[^\n]*\\\r?\n)*[^\n]*")
_KERNEL = re.compile(r"\b__(?:global__|mlu_global__|mlu_entry__)\b")


def without_macro_kernels(text: str, spelling: Spelling) -> str:
    """``text`` with the uses blanked: the same length in bytes, the same lines."""
    parts, at = [], 0
    for start, end, _ in _uses(text, spelling):
        parts += [text[at:start], re.sub(r"[^\r\n]", lambda sign: " " * len(sign[0].encode("utf-8", "replace")), text[start:end])]
        at = end
    return "".join([*parts, text[at:]])


def with_macro_kernels(text: str, spelling: Spelling) -> str:
    """``text`` with the uses expanded in place, everything else as it is."""
    parts, at = [], 0
    for start, end, definition in _uses(text, spelling):
        written = decoded(preprocess(f"{definition}\n{text[start:end]}", spelling).text).strip()
        parts += [text[at:start], written.replace("} ", "}\n")]  # a function begins on a line of its own
        at = end
    return "".join([*parts, text[at:]])


def _uses(text: str, spelling: Spelling) -> Iterator[tuple[int, int, str]]:
    """Start, end and macro definition of each use, in file order."""
    definitions = {match[1]: match[0] for match in DEFINITION.finditer(text) if _KERNEL.search(match[0])}
    if not definitions or not spelling.kernel_qualifiers:
        return
    at = 0
    for match in re.finditer(rf"(?m)^[ \t]*({'|'.join(map(re.escape, definitions))})[ \t]*\(", text):
        if match.start() < at:
            continue
        depth, at = 1, match.end()
        while at < len(text) and depth:
            depth += (text[at] == "(") - (text[at] == ")")
            at += 1
        yield match.start(), at, definitions[match[1]]
