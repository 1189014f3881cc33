"""Inline PTX: the `asm` statements of a CUDA text become calls of the functions in runtime/ptx.h, on the same lines.

Each statement is read as a list of PTX instructions (ptx_instructions.py says what they do); its registers become local variables. What is
not emulated ends a run that reaches it with a typed fault that names the instruction, so a text may hold more than its kernel uses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .ptx_instructions import Block, emulated
from .ptx_operands import Unsupported

_SKIPPED = r'//[^\n]*|/\*.*?\*/|R"(?P<d>[^(\s]*)\(.*?\)(?P=d)"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])*\''
_TOKEN = re.compile(rf"{_SKIPPED}|(?P<asm>\b(?:asm|__asm__|__asm)\b)", re.DOTALL)
_INSIDE = re.compile(rf"{_SKIPPED}|(?P<colon>::|:)|(?P<open>[(\[{{])|(?P<close>[)\]}}])|(?P<comma>,)", re.DOTALL)
_SPACE = r"(?:\s|\\\n|//[^\n]*|/\*.*?\*/)*"
_QUALIFIERS = re.compile(rf"(?:{_SPACE}(?:volatile|__volatile__|inline)\b)*{_SPACE}\(", re.DOTALL)
_LITERAL = re.compile(r'R"(?P<d>[^(\s]*)\((?P<raw>.*?)\)(?P=d)"|'
                      r'"(?P<text>(?:\\.|[^"\\\n])*)"|(?P<name>[A-Za-z_]\w*)|(?P<other>\S)', re.DOTALL)
_OPERAND = re.compile(r'(?:\[\w+\])?\s*"(?P<way>[=+]?)&?(?P<letter>[rlfdhnq])"\s*\((?P<value>.*)\)\Z', re.DOTALL)
_NAME = re.compile(r'\s*"[\w.$]+"\s*')                    # gives a declared thing its name in the object file: no statement
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "'": "'", "0": "\0"}
_BYTES = {"r": 4, "l": 8, "f": 4, "d": 8, "h": 2, "n": 8}


@dataclass(frozen=True, slots=True)
class Operand:
    """An operand as C++ spells it. ``written``, ``read``: what the statement does with it; ``letter``: its constraint."""

    letter: str
    value: str
    written: bool
    read: bool


def rewritten(text: str) -> str:
    """The text with C++ in place of its inline PTX, line for line."""
    parts, done = [], 0
    for found in _TOKEN.finditer(text):
        if not found["asm"] or found.start() < done:
            continue
        opened = _QUALIFIERS.match(text, found.end())
        sections = _sections(text, opened.end()) if opened else None
        if sections is None:
            continue
        pieces, end = sections
        if len(pieces) == 1 and _NAME.fullmatch(",".join(pieces[0])):
            continue
        whole = text[found.start() : end]
        ending = "\\\n" if "\\\n" in whole else "\n"
        parts += [text[done : found.start()], _statement(pieces, text).replace("\n", " "), ending * whole.count("\n")]
        done = end
    return "".join([*parts, text[done:]])


def _sections(text: str, start: int) -> tuple[list[list[str]], int] | None:
    """What stands between the colons of the parentheses that open before ``start``, cut at commas, and where they end."""
    sections: list[list[str]] = [[]]
    depth, at = 0, start
    for found in _INSIDE.finditer(text, start):
        if found["open"]:
            depth += 1
        elif found["close"]:
            if depth == 0:
                sections[-1].append(text[at : found.start()])
                return sections, found.end()
            depth -= 1
        elif depth == 0 and (found["colon"] or found["comma"]):
            sections[-1].append(text[at : found.start()])
            at = found.end()
            sections += [[] for _ in found["colon"] or ""]
    return None


def _statement(sections: list[list[str]], text: str) -> str:
    """One `asm` statement as a C++ statement (without the semicolon)."""
    try:
        template = _template(",".join(sections[0]), text)
        operands = [_operand(part) for section in sections[1:3] for part in section if part.strip()]
        body = Block([operand.letter for operand in operands]).translated(template)
    except Unsupported as no:
        sentence = str(no).replace("\\", "\\\\").replace('"', '\\"')
        return f'do {{ kg_fault("unsupported", "{sentence}", __LINE__); }} while (0)'
    start = "".join(
        f"kg_ptx::Reg kg_o{i} = {_read(operand)}; "
        for i, operand in enumerate(operands)
    )
    written = [(i, operand) for i, operand in enumerate(operands) if operand.written]
    end = "".join(f"kg_ptx::out<{_BYTES[operand.letter]}>({operand.value}, kg_o{i}); " for i, operand in written)
    return f"do {{ {start}{body} {end}}} while (0)"


def _read(operand: Operand) -> str:
    if not operand.read:
        return "kg_ptx::fresh()"
    return f"kg_ptx::in<{_BYTES[operand.letter]}, {str(operand.letter in 'fd').lower()}>({operand.value})"


def _operand(part: str) -> Operand:
    found = _OPERAND.match(_plain(part).strip())
    if not found or found["letter"] not in _BYTES:
        raise Unsupported(f"the asm operand `{' '.join(part.split())[:60]}` is not emulated")
    return Operand(found["letter"], found["value"], bool(found["way"]), found["way"] != "=")


def _plain(part: str) -> str:
    """Without comments and line continuations, which would not survive on one line."""
    return re.sub(rf"{_SKIPPED}|\\\n", lambda found: " " if found[0][:2] in ("//", "/*", "\\\n") else found[0], part, flags=re.DOTALL)


def _template(part: str, text: str) -> str:
    """The string that adjacent literals, and macros that stand for literals, make."""
    made = []
    for found in _LITERAL.finditer(_plain(part)):
        if found["raw"] is not None:
            made.append(found["raw"])
        elif found["text"] is not None:
            made.append(re.sub(r"\\(.)", lambda escape: _ESCAPES.get(escape[1], escape[1]), found["text"], flags=re.DOTALL))
        elif found["name"] is not None and (macro := re.search(rf'^\s*#\s*define\s+{found["name"]}\s+(".*")\s*$', text, re.MULTILINE)):
            made.append(_template(macro[1], text))
        else:
            raise Unsupported(f"the text of an asm statement that is put together with `{found[0]}` is not emulated")
    return "".join(made)


__all__ = ["emulated", "rewritten"]
