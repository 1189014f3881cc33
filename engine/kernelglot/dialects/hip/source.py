"""What one CUDA file says about its own names, and what the translation has collected so far.

Read from tokens, not from a syntax tree: a rename has to work in files that no grammar reads to the end. Where a question can't be
answered from tokens (the type behind a template parameter), the answer is "unknown" and the caller leaves the text and says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .tokens import Edits, Lines, Token, closing_of, tokenize

_NOT_TYPES = frozenset(
    "return else case goto new delete throw sizeof defined ifdef ifndef undef do in and or not co_return namespace include if elif".split()
)
_MASK = re.compile(r"\(*\s*(?:(?:unsigned|int|uint32_t)\s*\)\s*)?(?P<value>~?-?(?:0[xX][0-9a-fA-F]+|\d+))[uUlL]*\s*\)*")
_DEFINITION = re.compile(r"^[ \t]*#[ \t]*define[ \t]+(\w+)[ \t]+(\S[^\n]*?)[ \t]*(?://[^\n]*|/\*[^\n]*)?$", re.MULTILINE)
_CONSTANT = re.compile(r"\bconst(?:expr)?\b[\w\s:]*?\b(\w+)\s*=\s*([^;,{}]+);")


@dataclass(frozen=True, slots=True)
class Unconverted:
    """Something HIP has no counterpart for, or none that is certain; ``line`` is 1-based in the CUDA text."""

    name: str
    line: int
    reason: str


@dataclass(slots=True)
class CudaSource:
    """One CUDA text with its tokens, and the edits, notes and refusals gathered while its parts are translated."""

    text: str
    tokens: list[Token] = field(init=False)
    edits: Edits = field(init=False)
    notes: list[str] = field(default_factory=list)
    unconverted: list[Unconverted] = field(default_factory=list)
    handled: set[int] = field(default_factory=set)          # indices of name tokens that are dealt with
    constants: dict[str, str] = field(init=False)           # NAME -> the text of its value
    declared: set[str] = field(init=False)
    _lines: Lines = field(init=False)

    def __post_init__(self) -> None:
        self.tokens = tokenize(self.text)
        self.edits = Edits(self.text)
        self._lines = Lines(self.text)
        self.constants = self._constants()
        self.declared = {self.tokens[index].text for index in self.names() if self._declares(index)}

    def names(self) -> list[int]:
        """The indices of all name tokens."""
        return [index for index, token in enumerate(self.tokens) if token.kind == "name"]

    def spelled(self, index: int) -> str:
        """The text of a token; empty before the first and behind the last."""
        return self.tokens[index].text if 0 <= index < len(self.tokens) else ""

    def slice(self, first: int, last: int) -> str:
        """The text from token ``first`` up to token ``last``, the last one excluded."""
        return self.text[self.tokens[first].start:self.tokens[last - 1].end] if first < last else ""

    def rename(self, index: int, with_text: str) -> None:
        token = self.tokens[index]
        self.edits.replace(token.start, token.end, with_text)
        self.handled.add(index)

    def refuse(self, index: int, reason: str, name: str = "") -> None:
        """Leaves the token as it is and says why."""
        self.handled.add(index)
        found = Unconverted(name or self.tokens[index].text, self.line(index), reason)
        if found not in self.unconverted:
            self.unconverted.append(found)

    def note(self, sentence: str) -> None:
        if sentence not in self.notes:
            self.notes.append(sentence)

    def line(self, index: int) -> int:
        return self._lines.at(self.tokens[index].start)

    def is_member(self, index: int) -> bool:
        """Whether the name is looked up in an object: `prop.warpSize`."""
        return self.spelled(index - 1) in (".", "->")

    def integer(self, text: str) -> int | None:
        """The value of an integer literal, or of a constant of this file; modulo 2**32, as a lane mask sees it. None if unknown."""
        for _ in range(4):                                  # a constant may name a constant
            match = _MASK.fullmatch(text.strip())
            if match:
                digits = match["value"].lstrip("~-")
                value = int(digits, 8 if re.fullmatch(r"0\d+", digits) else 0)
                value = -value if "-" in match["value"] else value
                return (~value if "~" in match["value"] else value) & 0xFFFFFFFF
            if text.strip() not in self.constants:
                return None
            text = self.constants[text.strip()]
        return None

    def device_bodies(self) -> list[tuple[int, int]]:
        """Token ranges of the bodies of `__global__` and `__device__` functions, in order."""
        bodies, index = [], 0
        while index < len(self.tokens):
            if self.tokens[index].text in ("__global__", "__device__"):
                while self.spelled(index) not in ("{", ";", "=", ""):
                    index = (closing_of(self.tokens, index) or index) if self.spelled(index) == "(" else index
                    index += 1
                closing = closing_of(self.tokens, index) if self.spelled(index) == "{" else None
                if closing is not None:
                    bodies.append((index, closing))
                    index = closing
            index += 1
        return bodies

    def _constants(self) -> dict[str, str]:
        """`#define NAME value` and `const ... NAME = value;`, where the name has one value in the whole file."""
        found: dict[str, set[str]] = {}
        for pattern in (_DEFINITION, _CONSTANT):
            for match in pattern.finditer(self.text):
                found.setdefault(match[1], set()).add(match[2].strip())
        return {name: values.pop() for name, values in found.items() if len(values) == 1}

    def _declares(self, index: int) -> bool:
        """Whether the name is introduced here, as far as its neighbours tell: `#define x`, `float x =`, `T* x;`, `void x(`."""
        before, after = self.tokens[index - 1] if index else None, self.spelled(index + 1)
        if before is None:
            return False
        if before.text == "define":
            return True
        if "\n" in self.text[before.end:self.tokens[index].start]:
            return False                                    # `#endif`, `#pragma unroll` and the statement below it
        if before.kind == "name":
            return before.text not in _NOT_TYPES and after in ("=", ";", ",", ")", "(", "[", "{", ":")
        if before.text in ("*", "&"):
            return index > 1 and self.tokens[index - 2].kind == "name" and after in ("=", ";", ",", ")", "[")
        return before.text == ">" and after in ("=", "(", "{")
