"""Wrong versions of a kernel's text: each operator makes one small, typical mistake of a translation at one place.

Sites are found in the text with comments, strings and preprocessor lines blanked, inside of function bodies only. What an operator makes
need not compile, and need not be wrong either: who uses the mutants sorts that out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutant:
    """One wrong version. ``kind``: which mistake; ``line``: 1-based; ``old``, ``new``: the words at that place."""

    kind: str
    line: int
    old: str
    new: str
    text: str

    @property
    def place(self) -> str:
        return f"{self.kind} line {self.line}: {self.old} -> {self.new}"


Replace = Callable[[re.Match[str]], str | None]


@dataclass(frozen=True, slots=True)
class Operator:
    """``pattern`` finds sites; ``replace`` gives the wrong words, or None where the site does not suit."""

    kind: str
    pattern: re.Pattern[str]
    replace: Replace


def _operator(kind: str, pattern: str, replace: str | Replace) -> Operator:
    return Operator(kind, re.compile(pattern), (lambda match: match.expand(replace)) if isinstance(replace, str) else replace)


def _swapped(match: re.Match[str]) -> str | None:
    """``a * n + b`` of an index with a and b exchanged."""
    a, n, b = match["a"], match["n"], match["b"]
    return None if a == b else f"[{b} * {n} + {a}"


def _other(words: dict[str, str]) -> Replace:
    return lambda match: words.get(match[0])


INDEX = r"[A-Za-z_][\w.]*"
OPERATORS = (
    _operator("dropped barrier", r"\b__sync\w*\s*\([^()]*\)\s*;", ";"),
    _operator("bound one too far", r"(?<=\s)<(?=\s*[A-Za-z_\d(][^;{}?\n]*;\s*(?:\+\+|\w+\+\+))", "<="),
    _operator("guard one too far", r"(\bif \(\w+) < (\w+)", r"\1 <= \2"),
    _operator("dropped last term", r"(<\s*)([A-Za-z_][\w.]*)(?=;\s*(?:\+\+|\w+\s*\+=|\w+\+\+))", r"\1\2 - 1"),
    _operator("first term twice", r"(?<=for \(int )(\w+ = )0(?=;)", r"\g<1>-1"),
    _operator("skipped first term", r"(?<=for \(int )(\w+ = )0(?=;)", r"\g<1>1"),
    _operator("wrong guard", r"\bif \((\w+) < (\w+)\)", r"if (\1 < \2 - 1)"),
    _operator("missing guard", r"\bif \(\w+ < \w+(?: && \w+ < \w+)?\)", "if (1)"),
    _operator("missing tail", r"(\w+) - (\w+) < (\w+) \? \1 - \2 : \3", r"\3"),
    _operator("swapped index", rf"\[\(?(?P<a>{INDEX}) \* (?P<n>{INDEX}) \+ (?P<b>{INDEX})(?=[\]) +])", _swapped),
    _operator("index off by one", r"(?<![\w>*&] )(\b[A-Za-z_]\w*)\[(?=[A-Za-z_(][^\[\]]*\])", r"\1[1 + "),
    _operator("wrong stride", rf"(?<=\* )({INDEX})(?= \+)", r"(\1 - 1)"),
    _operator("wrong step", r"\b(\w+) \+= (\w+)(?=\))", r"\1 += 2 * \2"),
    _operator("wrong shift", r">>= 1\b", ">>= 2"),
    _operator("half of the lanes", r"\b(int \w+ = )(16|warpSize / 2|kWarpSize / 2)(?=; \w+ > 0)", r"\1(\2) / 2"),
    _operator("wrong identity", r"-(?:INFINITY|FLT_MAX|HUGE_VALF|CUDART_INF_F)\b", "0.0f"),
    _operator("sum starts at one", r"(?<== )0(?:\.0?f?)(?=;)", "1.0f"),
    _operator("no start value", r"__bang_write_zero\([^;]*\);", ";"),
    _operator("other operation", r"(?<=[\w\])] )[-+*](?= [\w(])", _other({"+": "-", "-": "+", "*": "+"})),
    _operator("other reduction", r"\b(?:fmaxf|fminf|max|min|fmax|fmin)\b(?=\()", _other({"fmaxf": "fminf", "fminf": "fmaxf", "max": "min", "min": "max",
                                                                                        "fmax": "fmin", "fmin": "fmax"})),
    _operator("overwritten sum", r"(?<=[\w\]] )\+=(?= )", "="),
    _operator("term twice", r"(?<=[\w\]] \+= )([^;]+)(?=;)", r"2 * (\1)"),
    _operator("other comparison", r"(?<=[\w\])] )>(?= [\w(])", "<"),
    _operator("changed constant", r"(?<![\w.])(?!0\.0*f)(\d+\.\d+(?:e-?\d+)?|\d+e-\d+)(?=f\b)", r"\1f * 1.0001"),
    _operator("lower precision", r"(?<=[\w\]] \+= )(?!\d+;)([^;]+)(?=;)", r"(float)(_Float16)(\1)"),
    _operator("rounded result", r"(?<=\] = )(?![\d.]+f?;)(\w[^;{}]*)(?=;)", r"(float)(_Float16)(\1)"),
    _operator("other axis", r"\b(threadIdx|blockIdx|blockDim)\.(x|y)\b", lambda m: f"{m[1]}.{'y' if m[2] == 'x' else 'x'}"),
    _operator("other task", r"\btaskId\b", "(taskId / 2)"),
    _operator("lost update", r"\batomicAdd\(&?([^,;]+), ([^;]+)\);", r"\1 = \2;"),
    _operator("dropped copy", r"\b__memcpy\w*\([^;]*\);", ";"),
    _operator("short copy", r"(\b__memcpy\w*\([^;]*?)(\w+) \* sizeof\(", r"\1(\2 - 1) * sizeof("),
    _operator("wrong scope", r"\b__(?:nram|wram)__ (?=\w)", _other({"__nram__ ": "__wram__ ", "__wram__ ": "__nram__ "})),
    _operator("wrong direction", r"\b(?:NRAM2GDRAM|GDRAM2NRAM)\b", _other({"NRAM2GDRAM": "GDRAM2NRAM", "GDRAM2NRAM": "NRAM2GDRAM"})),
    _operator("wrong intrinsic length", r"(\b__bang_\w+\([^;]*, )(\w+)\);", r"\1(\2) / 2);"),
    _operator("other intrinsic", r"\b__bang_(?:add|sub|mul|maxequal|minequal)(?=\()", _other({"__bang_add": "__bang_sub", "__bang_sub": "__bang_add",
                              "__bang_mul": "__bang_add", "__bang_maxequal": "__bang_minequal", "__bang_minequal": "__bang_maxequal"})),
    _operator("stale operand", r"(\b__bang_(?:add|sub|mul|maxequal)\((\w+), )(\w+), (\w+),", r"\1\3, \3,"),
    _operator("other lanes", r"\b(_mm512_(?:mask_|maskz_)?)(add|sub|mul|max|min)(?=_ps\b)",
              lambda m: m[1] + {"add": "sub", "sub": "add", "mul": "add", "max": "min", "min": "max"}[m[2]]),
    _operator("no mask", r"\b_mm512_maskz_loadu_ps\(\w+, ", "_mm512_loadu_ps("),
    _operator("wrong mask", r"(?<=first_lanes\()([^()]+)(?=\))", r"\1 - 1"),
    _operator("stale value", r"\b(\w+)_sync\((\w+), (\w+), ", r"\1_sync(\2, 0 * \3, "),
    _operator("missing statement", r"(?<=[;{}]\n)([ ]+)(?!return|const|int|float|for|if|else|#|__m|static)([A-Za-z_][^;{}]*;)", r"\1;"),
)


def mutants(text: str) -> Iterator[Mutant]:
    """All wrong versions that the operators make of a text, in the order of operators and places."""
    code = _code(text)
    for operator in OPERATORS:
        for match in operator.pattern.finditer(code):
            new = operator.replace(match)
            old = match[0]
            if new is None or new == old or not old.strip():
                continue
            yield Mutant(operator.kind, text.count("\n", 0, match.start()) + 1, _short(old), _short(new), text[:match.start()] + new + text[match.end():])


def _short(words: str) -> str:
    return re.sub(r"\s+", " ", words).strip()[:60]


def _code(text: str) -> str:
    """The text at equal length, with all that is not in a function's body blanked, and comments, strings and preprocessor lines too."""
    blank = lambda match: re.sub(r"[^\n]", "\t", match[0])
    code = re.sub(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|^[ ]*#[^\n]*', blank, text, flags=re.DOTALL | re.MULTILINE)
    out, depth = [], 0
    for character in code:
        depth -= character == "}"
        out.append(character if depth > 0 or character == "\n" else "\t")
        depth += character == "{"
    return "".join(out)
