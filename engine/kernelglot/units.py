"""One kernel cut out of a file, and several printed kernels put into one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .frontend import syntax


def without_others(text: str, spelling, kernel, problems) -> str:
    """``text`` with the other kernels, and what could not be read, blanked at equal length: their faults are not this kernel's."""
    spans = []
    readable = syntax.readable(text, spelling)
    items = syntax.outline(readable, spelling)
    kernels = re.compile(rf"\b(?:{'|'.join(re.escape(i.name) for i in items if i.kind == 'kernel') or '$^'})\b".encode())
    spans += [(i.span.start, i.span.end) for i in items if i.kind == "global" and kernels.search(i.node.text)]  # tables of kernels
    for item in items:
        if item.kind == "kernel" and item.name != kernel.name or item.has_error and item.name != kernel.name:
            spans.append((item.whole.start_byte, item.whole.end_byte) if item.whole is not None else (item.span.start, item.span.end))
    starts = sorted(item.span.start for item in items if item.kind != "other")
    for problem in problems:  # a function torn open reaches to whatever is whole again
        if problem.code == "syntax" and problem.span and not (kernel.span and kernel.span.start <= problem.span.start < kernel.span.end):
            spans.append((problem.span.start, next((s for s in starts if s > problem.span.start), len(text.encode()))))
    data = bytearray(text.encode())
    for start, end in spans:
        data[start:end] = bytes(b if b in b"\r\n" else 32 for b in data[start:end])
    return data.decode()


def plain_name(kernel) -> str:
    """``reduce<float, 256>`` as ``reduce_float_256``: a name that a language without templates can have."""
    return re.sub(r"\W+", "_", kernel.symbol or kernel.name).strip("_")


def with_header(unit: str, header: str) -> str:
    """``unit`` with the comment ``header`` above its last part, the kernel (printed bodies have no blank lines)."""
    head, separator, kernel = unit.rpartition("\n\n")
    return f"{head}{separator}{header.rstrip()}\n{kernel}" if header else unit


@dataclass(frozen=True, slots=True)
class Piece:
    """One top-level definition of a printed kernel's text, with the comments and pragmas above it. ``kind``: macro, constant or code."""

    kind: str
    name: str
    text: str


def join_units(units: list[str]) -> str:
    """Several printed kernels as one text, each meaning what it means alone: what two share stands once, a helper whose name is taken
    by another one is renamed, and a macro of one kernel is not seen by the next. A kernel is the last piece of its unit; it keeps its name.
    """
    includes: list[str] = []
    joined = _Joined({_pieces(unit)[-1].name for unit in units}, set(re.findall(r"\w+", " ".join(units))))
    for unit in units:
        includes += [line for line in unit.splitlines() if line.startswith("#include") and line not in includes]
        joined.add(_pieces(unit))
    parts = ["\n".join(includes), *joined.parts] if includes else joined.parts
    return "\n" + "\n\n".join(parts) + "\n"


class _Joined:
    """The pieces so far. ``defined``: what each name stands for, a helper together with the macros that it mentions."""

    def __init__(self, kernels: set[str], words: set[str]) -> None:
        self.parts: list[str] = []
        self._defined: dict[str, str] = dict.fromkeys(kernels, "")
        self._macros: dict[str, str] = {}
        self._words = words

    def add(self, pieces: list[Piece]) -> None:
        own = {piece.name for piece in pieces if piece.kind == "macro"}
        mentioned = set(re.findall(r"\w+", "\n".join(piece.text for piece in pieces)))
        lines = [f"#undef {name}" for name in [*self._macros] if name in mentioned and name not in own]
        for line in lines:
            del self._macros[line.split()[1]]
        while pieces:
            piece, *pieces = pieces
            if piece.kind == "macro":
                lines += self._macro(piece)
                continue
            meaning = "\n".join([piece.text, *(f"{name} {value}" for name, value in self._macros.items() if _mentions(piece.text, name))])
            taken = self._defined.get(piece.name)
            if taken == meaning:
                continue
            if taken is not None and pieces:  # the last piece is the kernel
                fresh = next(f"{piece.name}_{n}" for n in range(2, len(self._words) + 3) if f"{piece.name}_{n}" not in self._words)
                self._words.add(fresh)
                pieces = [_renamed(each, piece.name, fresh) for each in (piece, *pieces)]
                continue
            self._defined[piece.name] = meaning
            self._part(lines, piece)
            lines = []

    def _macro(self, piece: Piece) -> list[str]:
        known = self._macros.get(piece.name)
        self._macros[piece.name] = piece.text
        if known == piece.text:
            return []
        return [piece.text] if known is None else [f"#undef {piece.name}", piece.text]

    def _part(self, lines: list[str], piece: Piece) -> None:
        if lines:
            self.parts.append("\n".join(lines))
        if piece.kind == "constant" and not lines and self.parts and self.parts[-1].startswith(("static const", "constexpr")):
            self.parts[-1] += "\n" + piece.text
        else:
            self.parts.append(piece.text)


def _mentions(text: str, name: str) -> bool:
    return re.search(rf"\b{name}\b", text) is not None


def _renamed(piece: Piece, old: str, new: str) -> Piece:
    return Piece(piece.kind, new if piece.name == old else piece.name, re.sub(rf"\b{old}\b", new, piece.text))


def _pieces(unit: str) -> list[Piece]:
    """The definitions of a printed unit, includes left out. A body ends with a brace in the first column, a constant with a semicolon."""
    pieces: list[Piece] = []
    lines: list[str] = []
    head = ""
    for line in unit.splitlines():
        macro = re.match(r"#define (\w+)", line)
        if macro:
            pieces.append(Piece("macro", macro[1], line))
            continue
        if line.startswith("#include") or not line.strip() and not lines:
            continue
        lines.append(line)
        head = head or ("" if line.startswith(("//", "#")) else line)
        constant = head.startswith(("static const ", "constexpr ", "__mlu_const__ "))
        if line == "}" or constant and line.endswith(";"):
            name = re.search(r"(\w+)\s*[\[(=]", head)
            pieces.append(Piece("constant" if constant else "code", name[1] if name else head, "\n".join(lines)))
            lines, head = [], ""
    return pieces
