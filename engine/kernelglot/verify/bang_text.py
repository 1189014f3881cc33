"""Reads what the rules of bang_rules.py need to know of a BANG text: its device functions, arrays, pointers, constants and calls.

No full parser: comments and strings are blanked, places stay as they are, and whatever is not understood counts as unknown, about which no
rule says anything.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .bang_facts import Architecture

SIZES = {
    "char": 1,
    "signed char": 1,
    "unsigned char": 1,
    "int8": 1,
    "fix8": 1,
    "int8_t": 1,
    "uint8_t": 1,
    "bool": 1,
    "int4x2_t": 1,
    "short": 2,
    "unsigned short": 2,
    "int16": 2,
    "int16_t": 2,
    "uint16_t": 2,
    "half": 2,
    "bfloat16_t": 2,
    "float": 4,
    "int": 4,
    "unsigned": 4,
    "unsigned int": 4,
    "int32_t": 4,
    "uint32_t": 4,
    "long": 8,
    "long long": 8,
    "unsigned long": 8,
    "int64_t": 8,
    "uint64_t": 8,
    "size_t": 8,
    "double": 8,
}
SPACES = {"__nram__": "NRAM", "__wram__": "WRAM", "__mlu_shared__": "SRAM", "__ldram__": "LDRAM"}
_TYPE = r"(?:unsigned |signed )?(?:long long|[A-Za-z_]\w*)"
_MEMORY = r"(__nram__|__wram__|__mlu_shared__|__ldram__)"
_ARRAY = re.compile(rf"{_MEMORY}\s+(?:const\s+|volatile\s+|static\s+)*({_TYPE})\s+([^;{{}}=()]{{0,200}}?\[[^;{{}}]{{0,200}}?)(?:=|;)")
_POINTER = re.compile(rf"{_MEMORY}\s+(?:const\s+)?{_TYPE}(?:\s+const)?\s*\*\s*(?:__restrict__\s+|const\s+)*(\w+)")
_FUNCTION = re.compile(r"(__mlu_(?:entry|global|func)__)\s+([^;{}()]{0,200}?)\b(\w+)\s*\(")
_DEFINE = re.compile(r"^[ \t]*#[ \t]*define[ \t]+(\w+)[ \t]+(\S[^\n]*)$", re.MULTILINE)
_INTEGER = r"(?:int|long|unsigned|size_t|u?int\d+_t)"
_CONSTANT = re.compile(rf"\b(?:const|constexpr)\s+(?:static\s+)?(?:unsigned\s+)?{_INTEGER}\s+(\w+)\s*=\s*([^;,{{}}]+);")
_SUFFIX = re.compile(r"\b(0[xX][\da-fA-F]+|\d+)[uUlL]+\b")
LONGEST = 4000  # characters of arguments that are looked at
_CALL = re.compile(r"\b(__[a-z]\w*)\s*\(")


@dataclass(frozen=True, slots=True)
class Array:
    """A declared array of a memory. ``dimensions``: None where one is no constant known here; ``variable``: it surely is none."""

    name: str
    space: str
    element: str
    dimensions: tuple[int | None, ...]
    place: int
    variable: bool

    @property
    def bytes(self) -> int | None:
        total = SIZES.get(self.element)
        for each in self.dimensions:
            total = None if total is None or each is None else total * each
        return total


@dataclass(frozen=True, slots=True)
class Operand:
    """One argument: its text without spaces, the variable it starts from, and how many bytes behind that, where they can be told."""

    text: str
    base: str = ""
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: tuple[Operand, ...]
    place: int
    end: int


@dataclass(frozen=True, slots=True)
class Function:
    """``start`` and ``end``: places of its braces; ``gdram``: its parameters that are pointers, where it is a kernel."""

    name: str
    kernel: bool
    result: str
    head: int
    start: int
    end: int
    parameters: str
    gdram: frozenset[str]


@dataclass(frozen=True, slots=True)
class Text:
    """``plain``: the text without comments and strings, as long as it was; ``spare``: arrays may be over-run, as a comment says."""

    plain: str
    functions: tuple[Function, ...]
    arrays: tuple[Array, ...]
    pointers: Mapping[str, str]
    constants: Mapping[str, int]
    calls: tuple[Call, ...]
    defined: frozenset[str] = field(default_factory=frozenset)
    spare: bool = False

    def line(self, place: int) -> int:
        return self.plain.count("\n", 0, place) + 1

    def function_at(self, place: int) -> Function | None:
        return next((each for each in self.functions if each.start <= place <= each.end), None)

    def array(self, name: str, place: int) -> Array | None:
        """The array of that name that is seen at ``place``: the function's own before the file's."""
        here = self.function_at(place)
        own = [each for each in self.arrays if each.name == name and here and here.start <= each.place <= here.end]
        outer = [each for each in self.arrays if each.name == name and self.function_at(each.place) is None]
        found = own or outer
        return found[0] if len(found) == 1 else None

    def space(self, name: str, place: int) -> str:
        """The memory that a variable lies in or points into; empty where the text does not say."""
        array = self.array(name, place)
        if array:
            return array.space
        here = self.function_at(place)
        if name in self.pointers:
            return self.pointers[name]
        return "GDRAM" if here and name in here.gdram and not self._assigned(name, here) else ""

    def _assigned(self, name: str, here: Function) -> bool:
        return bool(re.search(rf"(?<![\w.])(?:\*\s*)?\b{name}\s*=[^=]", self.plain[here.start : here.end]))


def read(text: str, target: Architecture) -> Text:
    """The text as the rules see it."""
    plain = _blank(text)
    constants = _constants(plain, target)
    functions = tuple(_functions(plain))
    arrays = tuple(_arrays(plain, constants, functions))
    pointers = {match[2]: SPACES[match[1]] for match in _POINTER.finditer(plain)}
    sizes = {each.name: each.bytes for each in arrays if each.bytes is not None}
    calls = tuple(_calls(plain, constants, sizes))
    macros = re.findall(r"#[ \t]*define[ \t]+(\w+)", plain)
    own = re.findall(r"[\w>*&]\s+[*&]*(__\w+)\s*\([^;{}]*\)\s*\{", plain)
    return Text(plain, functions, arrays, pointers, constants, calls, frozenset([*macros, *own]), "over-run=" in text)


def _blank(text: str) -> str:
    """Comments and the insides of strings become spaces; line ends stay."""
    pattern = re.compile(r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.DOTALL)

    def spaces(found: re.Match[str]) -> str:
        whole = re.sub(r"[^\n]", " ", found[0])
        return f'"{whole[1:-1]}"' if found[0][0] == '"' else whole

    return pattern.sub(spaces, text)


def _constants(plain: str, target: Architecture) -> dict[str, int]:
    sizes = target.capacities
    known = {f"__MLU_{space}_SIZE__": each // 1024 for space, each in sizes.items()} | {"__BANG_ARCH__": target.number}
    written = [*_DEFINE.findall(plain), *_CONSTANT.findall(plain)]
    twice = {name for name, _ in written if sum(name == other for other, _ in written) > 1}
    for _ in range(4):  # a constant may be written with later ones
        for name, expression in written:
            value = evaluate(expression, known, {})
            if value is not None and name not in twice:
                known[name] = value
    return known


def evaluate(expression: str, constants: Mapping[str, int], arrays: Mapping[str, int]) -> int | None:
    """The value of a C integer expression, None where it is not a constant known here."""
    text = _SUFFIX.sub(r"\1", expression.strip())
    text = re.sub(r"\bsizeof\s*\(\s*([\w ]+?)\s*\)", lambda found: str(SIZES.get(found[1], arrays.get(found[1], "unknown"))), text)
    text = re.sub(r"\bsizeof\s+(\w+)", lambda found: str(arrays.get(found[1], "unknown")), text)
    text = re.sub(r"\(\s*(?:unsigned |signed )?(?:int|long|short|unsigned|size_t|u?int\d+_t)\s*\)", "", text)
    try:
        return _value(ast.parse(text, mode="eval").body, constants)
    except (SyntaxError, ValueError, RecursionError):
        return None


def _value(node: ast.expr, constants: Mapping[str, int]) -> int | None:
    match node:
        case ast.Constant(value=int(value)):
            return value
        case ast.Name(id=name):
            return constants.get(name)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            value = _value(operand, constants)
            return None if value is None else -value
        case ast.BinOp(left=left, op=op, right=right):
            a, b = _value(left, constants), _value(right, constants)
            return None if a is None or b is None else _operate(op, a, b)
    return None


def _operate(op: ast.operator, a: int, b: int) -> int | None:
    match op:
        case ast.Add():
            return a + b
        case ast.Sub():
            return a - b
        case ast.Mult():
            return a * b
        case ast.Div() | ast.FloorDiv() if b:
            return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
        case ast.Mod() if b > 0 <= a:
            return a % b
        case ast.LShift() if 0 <= b < 64:
            return a << b
        case ast.RShift() if 0 <= b < 64:
            return a >> b
    return None


def _functions(plain: str) -> Iterator[Function]:
    closings = _brackets(plain)
    for found in _FUNCTION.finditer(plain):
        closing = closings[found.end() - 1]
        after = re.compile(r"\s*\{").match(plain, closing + 1)
        if not after:
            continue
        start = after.end() - 1
        kernel = found[1] != "__mlu_func__"
        parameters = plain[found.end() : closing]
        pointers = frozenset(re.findall(r"\*\s*(?:__restrict__\s+|const\s+)*(\w+)\s*(?:,|$)", parameters)) if kernel else frozenset()
        yield Function(found[3], kernel, found[2].strip(), found.start(), start, closings[start], parameters, pointers)


def _brackets(plain: str) -> dict[int, int]:
    """The place of the closing bracket for each place of an opening one; one that nothing closes ends with the text."""
    found: dict[int, int] = {}
    waiting: dict[str, list[int]] = {"(": [], "{": [], "[": []}
    for bracket in re.finditer(r"[(){}\[\]]", plain):
        opening = {")": "(", "}": "{", "]": "["}.get(bracket[0], bracket[0])
        if opening == bracket[0]:
            waiting[opening].append(bracket.start())
        elif waiting[opening]:
            found[waiting[opening].pop()] = bracket.start()
    return found | {place: len(plain) - 1 for places in waiting.values() for place in places}


def _arrays(plain: str, constants: Mapping[str, int], functions: tuple[Function, ...]) -> Iterator[Array]:
    for found in _ARRAY.finditer(plain):
        space, element = SPACES[found[1]], " ".join(found[2].split())
        here = next((each for each in functions if each.start <= found.start() <= each.end), None)
        for part in split(found[3]):
            name = re.match(r"\s*(\w+)\s*\[", part)
            if not name:
                continue
            written = re.findall(r"\[([^\]]*)\]", part)
            sizes = tuple(evaluate(each, constants, {}) for each in written)
            variable = any(size is None and _varies(each, plain, here) for size, each in zip(sizes, written))
            yield Array(name[1], space, element, sizes, found.start(), variable)


def with_variable_arrays(text: str) -> str:
    """The text with each array whose length is known at run time as a reference to room that variable.h hands out: C++ has no such arrays
    in thread-local memory. Lines stay where they are; a text without one is given back as it is."""
    plain = _blank(text)
    functions = tuple(_functions(plain))
    pieces, last = [], 0
    for found in _ARRAY.finditer(plain):
        here = next((each for each in functions if each.start <= found.start() <= each.end), None)
        parts = split(found[3])
        if not any(_varies(size, plain, here) for part in parts for size in re.findall(r"\[([^\]]*)\]", part)):
            continue
        made = []
        for part in parts:
            name, sizes = re.match(r"\s*(\w+)\s*(.*)", part, re.DOTALL).groups()
            sizes = " ".join(sizes.split())
            made.append(
                f"bang_room {name}_room(sizeof({found[2]}{sizes}), BANG_{SPACES[found[1]]}); "
                f"{found[2]} (&{name}){sizes} = *({found[2]} (*){sizes}){name}_room.place;"
            )
        pieces += [text[last : found.start()], " ".join(made), "\n" * plain.count("\n", found.start(), found.end())]
        last = found.end()
    return "".join([*pieces, text[last:]])


def _varies(expression: str, plain: str, here: Function | None, seen: frozenset[str] = frozenset()) -> bool:
    """Whether a name in it is a parameter of the function, or a variable that the function declares and that is no constant."""
    names = [name for name in re.findall(r"[A-Za-z_]\w*", expression) if name not in seen]
    return here is not None and any(_variable(name, plain, here, seen | {name}) for name in names)


def _variable(name: str, plain: str, here: Function, seen: frozenset[str]) -> bool:
    if re.search(rf"\b\w+\s+{name}\s*(?:,|$)", here.parameters):
        return True
    declared = rf"((?:\b\w+\s+)+)(?:\w+\s*=[^,;{{}}]*,\s*)*{name}\s*(?:=([^;,{{}}]*))?[;,]"
    for found in re.finditer(declared, plain[here.start : here.end]):
        words = found[1].split()
        if "constexpr" in words or not re.search(r"\b(?:int|unsigned|long|short|size_t|u?int\d+_t|auto)\b", found[1]):
            continue
        if "const" not in words or (found[2] and _varies(found[2], plain, here, seen)):  # a constant may be made of what varies
            return True
    return False


def split(arguments: str) -> list[str]:
    """The parts between commas that stand in no brackets."""
    parts, depth, start = [], 0, 0
    for place, each in enumerate(arguments):
        depth += (each in "([{") - (each in ")]}")
        if each == "," and depth == 0:
            parts.append(arguments[start:place])
            start = place + 1
    return [*parts, arguments[start:]] if arguments.strip() else []


def _calls(plain: str, constants: Mapping[str, int], sizes: Mapping[str, int]) -> Iterator[Call]:
    closings = _brackets(plain)
    for found in _CALL.finditer(plain):
        line_start = plain.rfind("\n", 0, found.start()) + 1
        if plain[line_start : found.start()].lstrip().startswith("#"):
            continue  # inside of a macro nobody knows what its parameters are
        closing = closings[found.end() - 1]
        if closing - found.end() > LONGEST:
            continue
        arguments = tuple(_operand(part, constants, sizes) for part in split(plain[found.end() : closing]))
        yield Call(found[1], arguments, found.start(), closing)


_CAST = re.compile(r"^\(\s*(?:const\s+)?[\w ]+?\s*\*+\s*(?:const\s*)?\)")
_SIMPLE = re.compile(r"^(?:&\s*)?(\w+)\s*(?:\[(?P<index>[^\[\]]*)\]|\+\s*(?P<sum>[^()]*|.*))?$", re.DOTALL)


def _operand(argument: str, constants: Mapping[str, int], sizes: Mapping[str, int]) -> Operand:
    text = "".join(argument.split())
    rest = argument.strip()
    cast = bool(_CAST.match(rest))
    while _CAST.match(rest):
        rest = _CAST.sub("", rest, count=1).strip()
    while rest.startswith("(") and rest.endswith(")") and _brackets(rest)[0] == len(rest) - 1:
        rest = rest[1:-1].strip()
    simple = _SIMPLE.match(rest)
    if not simple or simple[1][0].isdigit():
        return Operand(text)
    behind = simple["index"] if simple["index"] is not None else simple["sum"]
    if simple["index"] is not None and not rest.startswith("&"):
        return Operand(text, simple[1])
    if behind is None:
        return Operand(text, simple[1], 0)
    return Operand(text, simple[1], None if cast else evaluate(behind, constants, sizes))


__all__ = ["SIZES", "Array", "Call", "Function", "Operand", "Text", "evaluate", "read", "with_variable_arrays"]
