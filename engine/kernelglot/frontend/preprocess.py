"""The C preprocessor, as far as kernels need it, with a map back to the file.

Object-like macros whose body is a number keep their name (they become named constants); all other macros are expanded. Directives
and inactive lines are blanked, newlines stay. Text is UTF-8 bytes decoded as latin-1, so that an index is a byte offset of the file.
Left out: ``#error`` (the compiler says it), ``#line``, and system headers (the dialect knows what they declare).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ..ir.types import I32, Scalar
from .evaluate import Number, convert, evaluate, number, tokens
from .spelling import Spelling

_SCAN = re.compile(
    r"""/\*[\s\S]*?(?:\*/|\Z)|//(?:\\\n|[^\n])*|"(?:\\.|[^"\\\n])*"|\b\d[\w.']*|'(?:\\.|[^'\\\n])*'|"""
    r"""(?P<directive>^[ \t]*\#(?:/\*[\s\S]*?\*/|\\\r?\n|//[^\n]*|[^\n])*)""",
    re.MULTILINE,
)
_DIRECTIVE = re.compile(r"[ \t]*#[ \t]*(?P<name>\w*)(?P<rest>[\s\S]*)")
_DEFINE = re.compile(r"\s*(?P<name>[A-Za-z_]\w*)(?P<params>\((?P<list>[^()]*)\))?(?P<body>[\s\S]*)")
_NOT_NEWLINE = re.compile(r"[^\n]")
_WORDS = r"""/\*[\s\S]*?(?:\*/|\Z)|//[^\n]*|"(?:\\.|[^"\\\n])*"|\b\d[\w.']*|'(?:\\.|[^'\\\n])*'|\b(?P<name>{})\b"""
DEEPEST_INCLUDE = 8
MOST_EXPANSIONS = 20_000
MOST_TOKENS = 200_000  # produced by expansions, all together
DEEPEST_EXPANSION = 50


class _TooMuch(Exception):
    """An expansion that grows or nests beyond what people write."""


def encoded(text: str) -> str:
    """UTF-8 bytes as one character each."""
    return text.encode("utf-8", "replace").decode("latin-1")


def decoded(text: str) -> str:
    return text.encode("latin-1", "replace").decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Macro:
    """``parameters`` is None for an object-like macro; ``value`` is set where the body is a number and the name can stay."""

    name: str
    parameters: tuple[str, ...] | None
    body: tuple[str, ...]
    text: str
    start: int
    value: int | float | bool | None = None
    type: Scalar = I32
    variadic: bool = False


@dataclass(frozen=True, slots=True)
class Expanded:
    """Text after preprocessing (latin-1 view of UTF-8). ``pragmas`` are (offset in ``text``, words after ``#pragma``)."""

    text: str
    constants: dict[str, Macro]
    pragmas: tuple[tuple[int, str], ...]
    includes: tuple[str, ...]
    problems: tuple[tuple[str, int], ...]  # (sentence, byte offset in the file)
    positions: tuple[int, ...] = ()  # starts of segments in ``text``; empty: identity
    origins: tuple[tuple[int, bool, int], ...] = ()  # per segment: byte offset in the file, whether it is verbatim, where its use ends

    def origin(self, offset: int, end: bool = False) -> int:
        """The byte offset in the file of ``offset`` in ``text``; inside an expansion, that of the macro's name (``end``: past it)."""
        if not self.positions:
            return offset
        index = bisect_right(self.positions, offset - 1 if end else offset) - 1
        start, verbatim, after = self.origins[max(index, 0)]
        if verbatim:
            return start + offset - self.positions[max(index, 0)]
        return after if end else start


Loader = Callable[[str], str | None]


def local_files(path: str) -> Loader:
    """Reads ``#include "name"`` beside ``path`` or below its folder; None for anything else."""

    def read(name: str) -> str | None:
        if not path:
            return None
        folder = Path(path).resolve().parent
        wanted = (folder / name).resolve()
        if not wanted.is_relative_to(folder) or not wanted.is_file() or wanted.stat().st_size > 1_000_000:
            return None
        return wanted.read_text(encoding="utf-8", errors="replace")

    return read


def preprocess(text: str, spelling: Spelling, loader: Loader | None = None) -> Expanded:
    """``text`` (as read from the file) with macros expanded and inactive lines blanked."""
    source, textual = encoded(text), set()
    while True:
        run = _Run(spelling, loader, textual)
        run.file(source, 0, 0)
        if not run.conflicts - textual:
            return run.result()
        textual |= run.conflicts


@dataclass
class _Run:
    spelling: Spelling
    loader: Loader | None
    textual: set[str]  # constants that change their value: always expanded
    macros: dict[str, Macro] = field(default_factory=dict)
    constants: dict[str, Macro] = field(default_factory=dict)
    conflicts: set[str] = field(default_factory=set)
    out: list[str] = field(default_factory=list)
    length: int = 0
    positions: list[int] = field(default_factory=list)
    origins: list[tuple[int, bool, int]] = field(default_factory=list)
    pragmas: list[tuple[int, str]] = field(default_factory=list)
    includes: list[str] = field(default_factory=list)
    once: set[str] = field(default_factory=set)
    problems: list[tuple[str, int]] = field(default_factory=list)
    expansions: int = 0
    produced: int = 0
    nesting: int = 0
    pattern: re.Pattern | None = None
    identity: bool = True

    def __post_init__(self) -> None:
        for name, value in self.spelling.predefined.items():
            self.macros[name] = Macro(name, None, tuple(tokens(value)), value, 0, *self._value(tuple(tokens(value))))
        self._compile()

    def result(self) -> Expanded:
        identity = self.identity
        return Expanded(
            "".join(self.out),
            self.constants,
            tuple(self.pragmas),
            tuple(self.includes),
            tuple(self.problems),
            () if identity else tuple(self.positions),
            () if identity else tuple(self.origins),
        )

    # ---- one file

    def file(self, source: str, depth: int, at: int) -> None:
        """``at`` is the offset every position of an included file maps to; ``depth`` 0 is the file itself."""
        stack: list[tuple[bool, bool]] = []  # (this branch active, some branch taken so far)
        position = 0
        for match in _SCAN.finditer(source):
            if match.lastgroup != "directive":
                continue
            start, end = match.span()
            active = all(branch for branch, _ in stack)
            self._code(source, position, start, active, depth, at)
            position = end
            self._blank(source, start, end, depth, at)
            self._directive(match.group(), stack, active, start if depth == 0 else at, depth)
        self._code(source, position, len(source), all(branch for branch, _ in stack), depth, at)
        if stack and depth == 0:
            self.problems.append(("an `#if` without its `#endif`", max(0, len(source) - 1)))

    def _emit(self, text: str, origin: int, verbatim: bool, after: int | None = None) -> None:
        if not text:
            return
        self.positions.append(self.length)
        self.origins.append((origin, verbatim, origin if after is None else after))
        self.out.append(text)
        self.length += len(text)
        if not verbatim:
            self.identity = False

    def _blank(self, source: str, start: int, end: int, depth: int, at: int) -> None:
        self._emit(_NOT_NEWLINE.sub(" ", source[start:end]), start if depth == 0 else at, depth == 0)

    def _code(self, source: str, start: int, end: int, active: bool, depth: int, at: int) -> None:
        if start >= end:
            return
        if not active:
            self._blank(source, start, end, depth, at)
            return
        position = start
        while self.pattern is not None:
            match = self.pattern.search(source, position, end)
            while match is not None and match.lastgroup != "name":
                match = self.pattern.search(source, match.end(), end)
            if match is None:
                break
            expansion, after = self._invoke(source, match, end)
            if expansion is None:
                after = match.end()
                self._emit(source[position:after], position if depth == 0 else at, depth == 0)
            else:
                self._emit(source[position : match.start()], position if depth == 0 else at, depth == 0)
                for piece, offset in expansion:
                    if depth == 0 and offset is not None:
                        self._emit(piece, offset, True)
                    else:
                        self._emit(piece, match.start() if depth == 0 else at, False, after if depth == 0 else at)
            position = after
        self._emit(source[position:end], position if depth == 0 else at, depth == 0)

    # ---- directives

    def _directive(self, text: str, stack: list[tuple[bool, bool]], active: bool, start: int, depth: int) -> None:
        parts = _DIRECTIVE.match(text)
        if parts is None:
            return
        name, rest = parts["name"], parts["rest"]
        if name in ("if", "ifdef", "ifndef"):
            value = active and (self._condition(rest) if name == "if" else (rest.split() or [""])[0] in self.macros or False)
            if name == "ifndef":
                value = active and (rest.split() or [""])[0] not in self.macros
            stack.append((value, value or not active))
        elif name in ("elif", "elifdef", "elifndef") and stack:
            _, taken = stack.pop()
            value = not taken and all(branch for branch, _ in stack) and self._condition(rest)
            stack.append((value, taken or value))
        elif name == "else" and stack:
            _, taken = stack.pop()
            stack.append((not taken, True))
        elif name == "endif" and stack:
            stack.pop()
        elif not active:
            return
        elif name == "define":
            self._define(rest, start)
        elif name == "undef":
            self._undefine((rest.split() or [""])[0])
        elif name == "include":
            self._include(rest.strip(), start, depth)
        elif name == "pragma":
            words = " ".join(rest.replace("\\\n", " ").split("//")[0].split())
            if words != "once":
                self.pragmas.append((self.length, self._pragma(words)))

    def _pragma(self, words: str) -> str:
        """Macro constants in ``unroll`` hints by value, so that the hint needs no name."""
        return re.sub(r"[A-Za-z_]\w*", lambda m: str(self.constants[m[0]].value) if m[0] in self.constants else m[0], words)

    def _condition(self, rest: str) -> bool:
        items = tokens(rest)
        plain: list[str] = []
        index = 0
        while index < len(items):
            if items[index] == "defined":
                bare = items[index + 1 : index + 2] != ["("]
                name = items[index + 1 : index + 2] if bare else items[index + 2 : index + 3]
                plain.append("1" if name and name[0] in self.macros else "0")
                index += 2 if bare else 4
                continue
            plain.append(items[index])
            index += 1
        try:
            self.nesting = 0
            flat = [piece for piece, _ in self._expand([(item, None) for item in plain], frozenset(), all_macros=True)]
        except _TooMuch:
            return False
        value = evaluate([item for item in flat if item.strip()], lambda _: None, (0, I32))
        return bool(value and value[0])

    def _define(self, rest: str, start: int) -> None:
        match = _DEFINE.match(rest)
        if match is None:
            return
        name, body = match["name"], tuple(tokens(match["body"]))
        parameters, variadic = None, False
        if match["params"] is not None:
            parameters = tuple(p.strip() for p in match["list"].split(",") if p.strip())
            if parameters and parameters[-1].endswith("..."):
                variadic = True
                parameters = (*parameters[:-1], parameters[-1][:-3].strip() or "__VA_ARGS__")
        value, type_ = (None, I32) if parameters is not None else self._value(body)
        old = self.constants.get(name)
        if old is not None and (old.value != value or value is None):
            self.conflicts.add(name)
        text = " ".join(match["body"].replace("\\\n", " ").split("//")[0].split())
        if len(body) > 2 and self._enclosed(body) and text.startswith("(") and text.endswith(")"):
            text = text[1:-1].strip()
        self.macros[name] = macro = Macro(name, parameters, body, text, start, value, type_, variadic)
        if value is not None and name not in self.textual:
            self.constants[name] = macro
        self._compile()

    def _value(self, body: tuple[str, ...]) -> tuple[int | float | bool | None, Scalar]:
        """The number a macro stands for; None where it is none or would bind differently once its name stays."""
        if not body:
            return None, I32
        atomic = len(body) == 1 or (len(body) == 2 and body[0] == "-" and number(body[1]) is not None) or self._enclosed(body)
        if not atomic:
            return None, I32
        value = evaluate(body, self._lookup)
        return (None, I32) if value is None else (convert(value[0], value[1]), value[1])

    @staticmethod
    def _enclosed(body: tuple[str, ...]) -> bool:
        nesting = 0
        for index, item in enumerate(body):
            nesting += (item == "(") - (item == ")")
            if nesting == 0:
                return index == len(body) - 1 and body[0] == "("
        return False

    def _lookup(self, name: str) -> Number | None:
        macro = self.macros.get(name)
        return None if macro is None or macro.value is None else (macro.value, macro.type)

    def _undefine(self, name: str) -> None:
        if name in self.constants:
            self.conflicts.add(name)
        self.macros.pop(name, None)
        self._compile()

    def _include(self, rest: str, start: int, depth: int) -> None:
        match = re.match(r'[<"]([^>"]*)[>"]', rest)
        if match is None:
            return
        self.includes.append(match[0])
        if rest[0] != '"' or self.loader is None or depth >= DEEPEST_INCLUDE or match[1] in self.once:
            return
        text = self.loader(match[1])
        if text is not None:
            self.once.add(match[1])
            self.file(encoded(text), depth + 1, start)
            self._emit("\n", start, False)

    # ---- expansion

    def _compile(self) -> None:
        names = [
            name for name, macro in self.macros.items() if macro.value is None or name in self.textual or name in self.spelling.predefined
        ]
        self.pattern = re.compile(_WORDS.format("|".join(map(re.escape, names)))) if names else None

    def _invoke(self, source: str, match: re.Match, end: int) -> tuple[list[tuple[str, int | None]] | None, int]:
        """The expansion of the macro named at ``match`` and the offset after its use; None where it is not a use."""
        macro = self.macros[match["name"]]
        after = match.end()
        arguments: list[list[tuple[str, int | None]]] = []
        if macro.parameters is not None:
            parsed = self._arguments(source, after, end)
            if parsed is None:
                return None, after
            arguments, after = parsed
        try:
            self.nesting = 0
            replaced = self._replace(macro, arguments, frozenset())
        except _TooMuch:
            if not any(sentence.startswith("macros expand") for sentence, _ in self.problems):
                self.problems.append((f"macros expand too far at `{macro.name}`; it is left as it stands", match.start()))
            return None, match.end()
        pieces: list[tuple[str, int | None]] = []
        for piece, offset in replaced:
            pieces += [(piece.replace("\n", " "), offset), (" ", None)]
        newlines = source.count("\n", match.start(), after)  # keep lines in step
        return [*pieces, ("\n" * newlines, None)], after

    @staticmethod
    def _arguments(source: str, start: int, end: int) -> tuple[list[list[tuple[str, int | None]]], int] | None:
        from .evaluate import TOKEN

        arguments: list[list[tuple[str, int | None]]] = [[]]
        nesting = 0
        for match in TOKEN.finditer(source, start, end):
            item = match.group()
            if match.lastgroup == "space" or item == "\n":
                continue
            if nesting == 0 and item != "(":
                return None
            nesting += (item in "([{") - (item in ")]}")
            if nesting == 0:
                return arguments, match.end()
            if item == "(" and nesting == 1:
                continue
            if item == "," and nesting == 1:
                arguments.append([])
            else:
                arguments[-1].append((item, match.start()))
        return None

    def _replace(self, macro: Macro, arguments: list[list[tuple[str, int | None]]], hidden: frozenset[str]) -> list[tuple[str, int | None]]:
        self.expansions += 1
        self.nesting += 1
        if self.expansions > MOST_EXPANSIONS or self.nesting > DEEPEST_EXPANSION:
            raise _TooMuch
        bound: dict[str, list[tuple[str, int | None]]] = {}
        if macro.parameters is not None:
            count = len(macro.parameters)
            if macro.variadic and len(arguments) >= count:
                tail: list[tuple[str, int | None]] = []
                for index, argument in enumerate(arguments[count - 1 :]):
                    tail += ([(",", None)] if index else []) + argument
                arguments = [*arguments[: count - 1], tail]
            bound = {name: arguments[index] if index < len(arguments) else [] for index, name in enumerate(macro.parameters)}
        result: list[tuple[str, int | None]] = []
        body = macro.body
        index = 0
        while index < len(body):
            item = body[index]
            if item == "#" and macro.parameters is not None and index + 1 < len(body) and body[index + 1] in bound:
                words = " ".join(piece for piece, _ in bound[body[index + 1]])
                result.append(('"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"', None))
                index += 2
                continue
            pasted = index + 1 < len(body) and body[index + 1] == "##"
            if item == "##":
                following = body[index + 1] if index + 1 < len(body) else ""
                right = bound.get(following, [(following, None)])
                left = result.pop() if result else ("", None)
                result.append((left[0] + (right[0][0] if right else ""), None))
                result += right[1:]
                index += 2
                continue
            if item in bound:
                result += bound[item] if pasted else self._expand(bound[item], hidden)
            else:
                result.append((item, None))
            index += 1
        self.produced += len(result)
        if self.produced > MOST_TOKENS:
            raise _TooMuch
        expanded = self._expand(result, hidden | {macro.name})
        self.nesting -= 1
        return expanded

    def _expand(
        self, items: list[tuple[str, int | None]], hidden: frozenset[str], all_macros: bool = False
    ) -> list[tuple[str, int | None]]:
        """``items`` with the macros among them replaced; ``all_macros`` also replaces constants that could keep their name."""
        result: list[tuple[str, int | None]] = []
        index = 0
        while index < len(items):
            item = items[index][0]
            macro = self.macros.get(item)
            kept = macro is not None and not all_macros and item in self.constants and item not in self.textual
            if macro is None or kept or item in hidden:
                result.append(items[index])
                index += 1
                continue
            arguments: list[list[tuple[str, int | None]]] = []
            after = index + 1
            if macro.parameters is not None:
                if after >= len(items) or items[after][0] != "(":
                    result.append(items[index])
                    index += 1
                    continue
                nesting, arguments = 0, [[]]
                while after < len(items):
                    piece = items[after][0]
                    nesting += (piece in ("(", "[", "{")) - (piece in (")", "]", "}"))
                    after += 1
                    if nesting == 0:
                        break
                    if piece == "(" and nesting == 1:
                        continue
                    if piece == "," and nesting == 1:
                        arguments.append([])
                    else:
                        arguments[-1].append(items[after - 1])
            replaced = self._replace(macro, arguments, hidden)
            result += self._expand(replaced, hidden | {item}, all_macros) if all_macros else replaced
            index = after
        return result
