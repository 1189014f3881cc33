"""Between the editor's positions and the engine's: the only place that counts UTF-16 units.

The engine counts 0-based lines and UTF-8 byte columns. The protocol counts units of the negotiated encoding, and knows three
line ends: `\\n`, `\\r\\n` and `\\r`. A form feed, U+0085, U+2028 or U+2029 ends a line for neither.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from lsprotocol import types

SOURCE = "kernelglot"
SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "information": types.DiagnosticSeverity.Information,
    "info": types.DiagnosticSeverity.Information,
    "hint": types.DiagnosticSeverity.Hint,
}
LONE_RETURN = re.compile(r"\r(?!\n)")
LONE_SURROGATE = re.compile("[\ud800-\udfff]")

Encoding = types.PositionEncodingKind | str | None


def split_lines(text: str) -> tuple[str, ...]:
    """The lines of `text`, ends kept; a text that ends in a line end has an empty last line, as in the protocol."""
    lines = tuple(io.StringIO(text, newline=""))  # newline="": splits on \n, \r\n and \r only, keeps them
    return lines if lines and not lines[-1].endswith(("\n", "\r")) else (*lines, "")


def content(line: str) -> str:
    return line.rstrip("\r\n")


def units(text: str, encoding: Encoding) -> int:
    """Length of `text` in units of `encoding`."""
    if text.isascii() or encoding == types.PositionEncodingKind.Utf32:
        return len(text)
    if encoding == types.PositionEncodingKind.Utf8:
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def character_of_units(line: str, column: int, encoding: Encoding) -> int:
    """Index into `line` of the protocol column `column`; past the end is the end, inside a character is before it."""
    line = content(line)
    if line.isascii() or encoding == types.PositionEncodingKind.Utf32:
        return min(column, len(line))
    seen = 0
    for index, character in enumerate(line):
        seen += units(character, encoding)
        if seen > column:
            return index
    return len(line)


def offset_at(lines: Sequence[str], position: types.Position, encoding: Encoding) -> int:
    """Index into the text of `position`; past the last line is the end of the text."""
    if position.line >= len(lines):
        return sum(map(len, lines))
    return sum(map(len, lines[: position.line])) + character_of_units(lines[position.line], position.character, encoding)


def position_of_bytes(lines: Sequence[str], line: int, column: int, encoding: Encoding) -> types.Position:
    """The protocol position of an engine position; clamped into the text."""
    line = max(0, min(line, len(lines) - 1))
    before = content(lines[line]).encode("utf-8", "surrogatepass")[: max(0, column)]
    return types.Position(line, units(before.decode("utf-8", "ignore"), encoding))


def end_of(lines: Sequence[str], encoding: Encoding) -> types.Position:
    return types.Position(len(lines) - 1, units(lines[-1], encoding))


def engine_text(text: str) -> str:
    """`text` as the engine can read it: lone `\\r` as `\\n` and lone surrogates replaced. Lines and byte columns stay."""
    if "\r" in text:
        text = LONE_RETURN.sub("\n", text)
    return text if text.isascii() else LONE_SURROGATE.sub("\ufffd", text)


def with_line_ends_of(text: str, like: str) -> str:
    """`text` with `\\r\\n` line ends if that is what `like` uses."""
    windows = like.count("\r\n") * 2 > like.count("\n")
    return re.sub(r"\r?\n", "\r\n", text) if windows else text


def name_range(lines: Sequence[str], name: str, start_line: int, end_line: int, encoding: Encoding) -> types.Range:
    """Where `name` is first spelled between the two lines; the whole first line if it is not."""
    plain_name = re.match(r"\w*", name.rpartition("::")[2])
    pattern = re.compile(rf"\b{re.escape(plain_name[0] if plain_name else name)}\b")
    for number in range(start_line, min(end_line, len(lines) - 1) + 1):
        if found := pattern.search(lines[number]):
            before = lines[number][: found.start()]
            column = units(before, encoding)
            return types.Range(types.Position(number, column), types.Position(number, column + units(found[0], encoding)))
    number = max(0, min(start_line, len(lines) - 1))
    return types.Range(types.Position(number, 0), types.Position(number, units(content(lines[number]), encoding)))


def diagnostic_of_finding(finding: Mapping[str, Any], lines: Sequence[str], encoding: Encoding) -> types.Diagnostic:
    """One `Finding` of `session.check` as a diagnostic."""
    start = position_of_bytes(lines, finding["line0"], finding["col0"], encoding)
    end = position_of_bytes(lines, finding["line1"], finding["col1"], encoding)
    return types.Diagnostic(
        range=types.Range(start, max(start, end, key=lambda position: (position.line, position.character))),
        message=finding["message"],
        severity=SEVERITIES.get(str(finding["severity"]).lower(), types.DiagnosticSeverity.Warning),
        code=finding["code"],
        source=SOURCE,
    )
