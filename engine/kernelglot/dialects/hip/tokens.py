"""C++ text as tokens, and edits that leave every other byte alone.

Comments and string literals are single tokens of their own kinds, so a name inside them is never touched. Macro bodies are tokens
like any other text: what a macro expands to is translated where it is written. Nothing is expanded here and nothing can fail to lex.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

_LEXER = re.compile(
    r"""(?P<comment>//(?:[^\n\\]|\\.)*|/\*.*?(?:\*/|\Z))
      | (?P<include>\#[ \t]*include[ \t]*(?:<[^>\n]*>|"[^"\n]*"))
      | (?P<string>(?:u8|[uUL])?R"(?P<fence>[^()\\\s]{0,16})\(.*?\)(?P=fence)"|(?:u8|[uUL])?"(?:\\.|[^"\\\n])*"|[uUL]?'(?:\\.|[^'\\\n])+')
      | (?P<name>[A-Za-z_$][\w$]*)
      | (?P<number>\.?\d(?:[eEpP][+-]|'?[\w.])*)
      | (?P<sign><<<|>>>|::|->|\#\#|\+\+|--|&&|\|\||[-+*/%&|^=!<>]=|[^\s])""",
    re.VERBOSE | re.DOTALL,
)
_OPEN, _CLOSE = {"(": ")", "[": "]", "{": "}"}, {")", "]", "}"}


@dataclass(frozen=True, slots=True)
class Token:
    """``text[start:end]`` in characters; ``kind`` is comment, include, string, name, number or sign."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Call:
    """``name ( argument , ... )``: all numbers index the token list; an argument is ``first..last``, the last one excluded."""

    name: int
    opening: int
    closing: int
    arguments: tuple[tuple[int, int], ...]


def tokenize(text: str) -> list[Token]:
    """All tokens but comments, in order."""
    return [
        Token(str(match.lastgroup), match.group(), match.start(), match.end())
        for match in _LEXER.finditer(text)
        if match.lastgroup != "comment"
    ]


def closing_of(tokens: Sequence[Token], opening: int) -> int | None:
    """The index of the bracket that closes the one at ``opening``; None where the text ends first."""
    depth = 0
    for index in range(opening, len(tokens)):
        if tokens[index].kind == "sign":
            if tokens[index].text in _OPEN:
                depth += 1
            elif tokens[index].text in _CLOSE:
                depth -= 1
                if depth == 0:
                    return index
    return None


def call_at(tokens: Sequence[Token], name: int) -> Call | None:
    """The call whose callee is the token ``name``, or None where no argument list follows or it never ends."""
    opening = name + 1
    if opening >= len(tokens) or tokens[opening].text != "(":
        return None
    closing = closing_of(tokens, opening)
    if closing is None:
        return None
    return Call(name, opening, closing, tuple(split_arguments(tokens, opening + 1, closing)))


def split_arguments(tokens: Sequence[Token], first: int, last: int) -> list[tuple[int, int]]:
    """Splits ``first..last`` at its outermost commas; those of a template argument list ``f<a, b>(...)`` don't count."""
    parts, start, index = [], first, first
    while index < last:
        token = tokens[index]
        if token.text in _OPEN and token.kind == "sign":
            index = closing_of(tokens, index) or last
        elif token.text == "<" and (closing := template_end(tokens, index, last)):
            index = closing
        elif token.text == "," and token.kind == "sign":
            parts.append((start, index))
            start = index + 1
        index += 1
    if start < last:
        parts.append((start, last))
    return parts


def template_end(tokens: Sequence[Token], opening: int, last: int) -> int | None:
    """The ``>`` of a template argument list that starts at ``opening``, where the text can only be one: names, numbers and commas
    between, and behind it what can't follow a comparison. ``a < b, c > d`` stays two arguments."""
    depth = 0
    for index in range(opening, last):
        token = tokens[index]
        if token.text == "<":
            depth += 1
        elif token.text in (">", ">>>"):
            depth -= len(token.text)
            if depth <= 0:
                after = tokens[index + 1].text if index + 1 < len(tokens) else ""
                return index if after in ("(", "::", "{", ",", ")") else None
        elif token.kind not in ("name", "number") and token.text not in (",", "::", "*", "&"):
            return None
    return None


@dataclass(slots=True)
class Edits:
    """Replacements to make in one text, collected first and made at once. A deletion swallows what was asked for inside it."""

    text: str
    _asked: list[tuple[int, int, str]] = field(default_factory=list)

    def replace(self, start: int, end: int, with_text: str) -> None:
        self._asked.append((start, end, with_text))

    def insert(self, at: int, with_text: str) -> None:
        self._asked.append((at, at, with_text))

    def delete_to_next(self, start: int, end: int) -> None:
        """Deletes ``start..end`` and the blanks behind it on the same line."""
        while end < len(self.text) and self.text[end] in " \t":
            end += 1
        self._asked.append((start, end, ""))

    def delete_line_part(self, start: int, end: int) -> None:
        """Deletes ``start..end``; the whole line where nothing else stands on it, and the blank line below it if one is above, too."""
        line_start = self.text.rfind("\n", 0, start) + 1
        line_end = self.text.find("\n", end)
        line_end = len(self.text) if line_end < 0 else line_end
        if not (self.text[line_start:start] + self.text[end:line_end]).strip():
            start, end = line_start, min(line_end + 1, len(self.text))
            if self.text[:start].endswith("\n\n") and self.text[end:end + 1] == "\n":
                end += 1
        self._asked.append((start, end, ""))

    def made(self) -> str:
        """The text with all edits; insertions at one place keep the order in which they were asked for."""
        parts, position = [], 0
        for start, end, with_text in sorted(self._asked, key=lambda edit: (edit[0], edit[0] != edit[1], -edit[1])):
            if start < position:
                continue
            parts += [self.text[position:start], with_text]
            position = end
        return "".join([*parts, self.text[position:]])


class Lines:
    """From a character position to its 1-based line."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer(r"\n", text))]

    def at(self, position: int) -> int:
        return bisect_right(self._starts, position)
