"""The ``kernelglot:`` comment: a test case written down beside a kernel. ``parse`` reads it, ``comment_for`` writes it.

    // kernelglot: launch grid=(40) block=(256) shared=0 n=10000 alpha=0.5 x=float[n] y=float[n]:out
    // kernelglot: kernel=gather launch grid=(64) block=(32) width=72 idx=int64_t[64]:in:0..210 table=float[211*width] out=float[4608]:out
    // kernelglot: launch task=(16,1,1) kind=union4 src=half[4096] dst=half[4096]:out

Each line is one case. ``launch`` is followed by ``grid`` and ``block`` (one to three numbers, in blocks and threads; ``shared`` in bytes),
or for BANG by ``task`` and ``kind``. Every other word is an argument: ``name=number`` by value, ``name=type[elements]`` for a pointer, with
``:in``, ``:out`` or ``:inout`` (default: what the kernel does with it) and ``:low..high`` for integers that are used as indices. Numbers
may be written without spaces as expressions over the scalars of the same line (``rows*cols``, ``(n+255)/256``). ``kernel=`` names the
kernel where the comment does not stand directly above it.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Mapping
from dataclasses import dataclass

from .cases import ROLES, Buffer, Launch, Scalar, TestCase

SPELLED = {"f16": "half", "bf16": "bfloat16", "f32": "float", "f64": "double", "i8": "int8_t", "u8": "uint8_t", "i16": "int16_t",
           "u16": "uint16_t", "i32": "int", "u32": "uint32_t", "i64": "int64_t", "u64": "uint64_t"}
_DTYPES = {name: dtype for dtype, name in SPELLED.items()} | {dtype: dtype for dtype in SPELLED} | {
    "__half": "f16", "__nv_bfloat16": "bf16", "char": "i8", "bool": "u8", "short": "i16", "int32_t": "i32", "unsigned": "u32",
    "long": "i64", "size_t": "u64", "uchar": "u8", "uint": "u32"}
_MARK = re.compile(r"^\s*(?://+|/?\*+|#)\s*kernelglot:\s*(?P<body>.*?)\s*(?:\*/)?\s*$")
_WORD = re.compile(r"(?P<key>[A-Za-z_]\w*)=(?P<value>\([^)]*\)|[A-Za-z_]\w*\[[^\]]*\](?::[^\s]+)?|[^\s]+)")
_BUFFER = re.compile(r"^(?P<type>[A-Za-z_]\w*)\[(?P<elements>[^\]]*)\](?P<rest>(?::[^:\s]+)*)$")
_OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.FloorDiv: operator.floordiv,
              ast.Div: operator.floordiv, ast.Mod: operator.mod, ast.LShift: operator.lshift, ast.RShift: operator.rshift}


class BadComment(ValueError):
    """A ``kernelglot:`` comment that cannot be read; the message is a sentence for the user."""


@dataclass(frozen=True, slots=True)
class Written:
    """One comment line. ``scalars`` in order; ``buffers`` maps a name to (dtype, elements, role or "", low, high)."""

    kernel: str
    launch: Launch | None
    scalars: Mapping[str, int | float]
    buffers: Mapping[str, tuple[str, int, str, int | None, int | None]]
    line: int


def lines_above(text: str, line: int) -> list[tuple[int, str]]:
    """The ``kernelglot:`` bodies in the block of comments and qualifier lines directly above 1-based ``line``, top to bottom."""
    lines = text.splitlines()
    found, at = [], min(line - 1, len(lines))
    while at > 0:
        above = lines[at - 1].strip()
        marked = _MARK.match(above)
        if marked:
            found.append((at, marked["body"]))
        elif above and not above.startswith(("//", "/*", "*", "template", "extern", "__global__", "__mlu", "#pragma", "__launch_bounds__")):
            break
        elif not above and not found:
            break
        at -= 1
    return found[::-1]


def lines_for(text: str, kernel: str) -> list[tuple[int, str]]:
    """``kernelglot:`` bodies anywhere in the file that name ``kernel``."""
    marked = [(number, _MARK.match(line)) for number, line in enumerate(text.splitlines(), 1) if "kernelglot:" in line]
    named = re.compile(rf"(^|\s)kernel={re.escape(kernel)}(\s|$)")
    return [(number, match["body"]) for number, match in marked if match and named.search(match["body"])]


def parse(body: str, line: int = 0) -> Written:
    """One comment body, after ``kernelglot:``. Raises BadComment."""
    values: dict[str, str] = {}
    rest = body
    for match in _WORD.finditer(body):
        values[match["key"]] = match["value"]
        rest = rest.replace(match[0], " ", 1)
    stray = [word for word in rest.split() if word != "launch"]
    if stray:
        raise BadComment(f"Line {line}: `{stray[0]}` is not key=value.")
    kernel, kind = values.pop("kernel", ""), values.pop("kind", "")
    shape = {key: values.pop(key) for key in ("grid", "block", "shared", "task") if key in values and not _BUFFER.match(values[key])}
    scalars: dict[str, int | float] = {}
    buffers: dict[str, tuple[str, int, str, int | None, int | None]] = {}
    for name, value in values.items():
        if not _BUFFER.match(value):
            scalars[name] = number(value, scalars, line)
    for name, value in values.items():
        match = _BUFFER.match(value)
        if match:
            buffers[name] = _buffer(name, match, scalars, line)
    launch = None
    if shape:
        grid = _triple(shape.get("task") or shape.get("grid") or "(1)", scalars, line)
        block = _triple(shape.get("block", "(1)"), scalars, line)
        launch = Launch(grid, block, int(number(shape.get("shared", "0"), scalars, line)), kind)
    return Written(kernel, launch, scalars, buffers, line)


def _buffer(name: str, match: re.Match, scalars: Mapping[str, int | float], line: int):
    if match["type"] not in _DTYPES:
        raise BadComment(f"Line {line}: `{match['type']}` is not an element type; use one of {', '.join(SPELLED.values())}.")
    role, low, high = "", None, None
    for word in match["rest"].split(":")[1:]:
        span = re.match(r"^(.+?)\.\.(.+)$", word)
        if word in ROLES:
            role = word
        elif span:
            low, high = int(number(span[1], scalars, line)), int(number(span[2], scalars, line))
        else:
            raise BadComment(f"Line {line}: `{word}` after `{name}` is neither in, out, inout nor a range such as 0..99.")
    elements = int(number(match["elements"], scalars, line))
    if elements < 0 or elements > 1 << 31:
        raise BadComment(f"Line {line}: `{name}` has {elements} elements.")
    return _DTYPES[match["type"]], elements, role, low, high


def _triple(text: str, scalars: Mapping[str, int | float], line: int) -> tuple[int, int, int]:
    parts = [int(number(part, scalars, line)) for part in text.strip("()").split(",") if part.strip()]
    if not 1 <= len(parts) <= 3 or min(parts) < 1:
        raise BadComment(f"Line {line}: `{text}` must be one to three positive numbers in parentheses.")
    return tuple([*parts, 1, 1][:3])  # type: ignore[return-value]


def number(text: str, names: Mapping[str, int | float], line: int = 0) -> int | float:
    """An arithmetic expression over ``names``; `/` divides like C. Raises BadComment."""
    try:
        return _evaluate(ast.parse(text.strip(), mode="eval").body, names)
    except (SyntaxError, KeyError, TypeError, ZeroDivisionError, ValueError) as error:
        raise BadComment(f"Line {line}: `{text}` is not a number or an expression over the scalars of this line.") from error


def _evaluate(node: ast.AST, names: Mapping[str, int | float]) -> int | float:
    match node:
        case ast.Constant(value=bool(value)):
            return int(value)
        case ast.Constant(value=int(value) | float(value)):
            return value
        case ast.Name(id=name):
            return names[name] if name in names else {"inf": float("inf"), "nan": float("nan")}[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_evaluate(operand, names)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            a, b = _evaluate(left, names), _evaluate(right, names)
            if isinstance(op, ast.Div) and (isinstance(a, float) or isinstance(b, float)):
                return a / b
            return _OPERATORS[type(op)](a, b)
    raise ValueError(ast.dump(node))


def comment_for(case: TestCase, kernel: bool = False) -> str:
    """The comment line that says what ``case`` says; ``kernel`` adds the kernel's name."""
    launch = case.launch
    words = ["// kernelglot:"]
    if kernel:
        words.append(f"kernel={case.kernel}")
    if launch.kind:
        words += ["launch", f"task={_spelled(launch.grid)}", f"kind={launch.kind}"]
    else:
        words += ["launch", f"grid={_spelled(launch.grid)}", f"block={_spelled(launch.block)}"]
    if launch.shared_bytes:
        words.append(f"shared={launch.shared_bytes}")
    for argument in case.arguments:
        if isinstance(argument, Scalar):
            words.append(f"{argument.name}={argument.value!r}")
        else:
            span = "" if argument.low is None or argument.high is None else f":{argument.low}..{argument.high}"
            words.append(f"{argument.name}={SPELLED[argument.dtype]}[{argument.elements}]:{argument.role}{span}")
    return " ".join(words)


def _spelled(shape: tuple[int, int, int]) -> str:
    parts = list(shape)
    while len(parts) > 1 and parts[-1] == 1:
        parts.pop()
    return f"({','.join(map(str, parts))})"


__all__ = ["BadComment", "Buffer", "Written", "comment_for", "lines_above", "lines_for", "number", "parse"]
