"""Long lines of printed C: broken after a comma or an operator, as far outside of brackets as the width allows."""

from __future__ import annotations

WIDTH = 120
_INDENT = 4  # columns by which the rest of a statement stands further right
_LOOSEST = (("=", "?", ":", "&&", "||"), ("<", "<=", ">", ">=", "==", "!=", "&", "|", "^"), ("+", "-"), ("*", "/", "%", "<<", ">>"))
_RANK = {operator: rank for rank, operators in enumerate(_LOOSEST) for operator in operators}


def wrapped(line: str, width: int = WIDTH) -> list[str]:
    """``line``, in several where it is longer than ``width`` and no comment, directive or text in quotes."""
    head = line.lstrip()
    if len(line) <= width or head.startswith(("//", "#")) or '"' in head or "'" in head or "//" in head:
        return [line]
    indent = len(line) - len(head)
    at = _where(line, indent, width)
    if at is None:
        return [line]
    first, rest = line[:at].rstrip(), " " * (indent + _INDENT) + line[at:].lstrip()
    again = wrapped(rest, width)
    return [first, again[0], *(" " * (indent + _INDENT) + more.lstrip() for more in again[1:])]


def _where(line: str, indent: int, width: int) -> int | None:
    """The last of the least nested places after the loosest operator, not too near to the start.

    In a line without such a place it is behind an opening bracket; None where there is none either.
    """
    depth, best = 0, None
    for position, char in enumerate(line[: width + 1]):
        depth += (char in "([{") - (char in ")]}")
        if char != " " or position < indent + 20:
            continue
        word = line[:position].rsplit(None, 1)[-1]
        rank = 0 if word.endswith((",", ";", "+=", "-=", "*=", "/=")) else _RANK.get(word)
        if rank is not None and (best is None or (depth, rank) <= best[0]):
            best = ((depth, rank), position)
    if best:
        return best[1]
    return line.rfind("(", indent + 20, width) + 1 or None


__all__ = ["WIDTH", "wrapped"]
