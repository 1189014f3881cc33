"""Constant expressions over preprocessor tokens: the bodies of macros, and the conditions of ``#if``."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ..ir.build import fold
from ..ir.types import BOOL, F32, F64, I32, I64, SCALARS, U32, U64, Scalar, promote

TOKEN = re.compile(
    r"""(?P<space>[ \t\r\f\v]+|\\\r?\n|/\*[\s\S]*?\*/|//[^\n]*)|(?P<word>[A-Za-z_]\w*)|(?P<number>\.?\d(?:[eEpP][+-]|[\w.'])*)|"""
    r"""(?P<string>"(?:\\.|[^"\\\n])*")|(?P<char>'(?:\\.|[^'\\\n])*')|(?P<op>\#\#|<<=|>>=|<<<|>>>|\.\.\.|\+\+|--|::|->|&&|\|\||<<|>>|[<>=!+\-*/%&|^]=|.|\n)"""
)
_BINARY = (("||",), ("&&",), ("|",), ("^",), ("&",), ("==", "!="), ("<", "<=", ">", ">="), ("<<", ">>"), ("+", "-"), ("*", "/", "%"))
_LEVEL = {op: level for level, ops in enumerate(_BINARY) for op in ops}
_CASTS = {
    "float": F32,
    "double": F64,
    "int": I32,
    "unsigned": U32,
    "long": I64,
    "size_t": U64,
    **{
        f"{n}_t": SCALARS[s]
        for n, s in (
            ("int8", "i8"),
            ("int16", "i16"),
            ("int32", "i32"),
            ("int64", "i64"),
            ("uint8", "u8"),
            ("uint16", "u16"),
            ("uint32", "u32"),
            ("uint64", "u64"),
        )
    },
}
_ESCAPES = {"n": 10, "t": 9, "0": 0, "r": 13, "\\": 92, "'": 39, '"': 34}
DEEPEST = 60

Number = tuple[int | float | bool, Scalar]


class NotConstant(Exception):
    """The tokens do not form a constant expression."""


def tokens(text: str) -> list[str]:
    """Tokens without white space and comments."""
    return [match.group() for match in TOKEN.finditer(text) if match.lastgroup != "space"]


def number(text: str) -> Number | None:
    """The value and type of a C number; None where it is not one. A literal beyond 32 bits is ``i64`` (or ``u64``)."""
    plain = text.replace("'", "")
    negative = plain.startswith("-")
    plain = plain.lstrip("+-").strip()
    lower = plain.lower()
    hexadecimal = lower.startswith("0x")
    is_float = ("p" in lower) if hexadecimal else ("." in lower or "e" in lower or lower.endswith("f"))
    try:
        if is_float:
            body = lower.rstrip("flh") if not hexadecimal else lower.rstrip("fl") if "p" in lower else lower
            value = float.fromhex(body) if hexadecimal else float(body)
            return (-value if negative else value), F32 if lower.endswith(("f", "h")) and not (hexadecimal and "p" not in lower) else F64
        digits = lower.rstrip("ulz")
        suffix = lower[len(digits) :]
        base = 16 if hexadecimal else 2 if digits.startswith("0b") else 8 if len(digits) > 1 and digits.startswith("0") else 10
        whole = int(digits, base)
    except ValueError:
        return None
    unsigned, long = "u" in suffix, "l" in suffix or "z" in suffix
    if unsigned:
        type_ = U64 if long or whole >= 2**32 else U32
    elif long or whole >= 2**31:
        type_ = U32 if not long and base != 10 and whole < 2**32 else I64 if whole < 2**63 else U64
    else:
        type_ = I32
    return (-whole if negative else whole), type_


def character(text: str) -> int:
    """The value of a character literal ``'a'``."""
    body = text[1:-1]
    if body.startswith("\\") and len(body) > 1:
        return _ESCAPES.get(body[1], ord(body[1]))
    return ord(body[0]) if body else 0


def evaluate(items: Sequence[str], lookup: Callable[[str], Number | None], undefined: Number | None = None) -> Number | None:
    """The value of a constant expression; None where it has none. ``undefined`` stands for unknown names (0 in ``#if``)."""
    try:
        parser = _Parser(items, lookup, undefined)
        value = parser.ternary(0)
        return value if parser.position == len(items) else None
    except (NotConstant, OverflowError, ZeroDivisionError):
        return None


class _Parser:
    def __init__(self, items: Sequence[str], lookup: Callable[[str], Number | None], undefined: Number | None) -> None:
        self.items, self.lookup, self.undefined, self.position = items, lookup, undefined, 0

    def peek(self, ahead: int = 0) -> str:
        index = self.position + ahead
        return self.items[index] if index < len(self.items) else ""

    def take(self, expected: str = "") -> str:
        item = self.peek()
        if not item or (expected and item != expected):
            raise NotConstant
        self.position += 1
        return item

    def ternary(self, depth: int) -> Number:
        if depth > DEEPEST:
            raise NotConstant
        condition = self.binary(0, depth)
        if self.peek() != "?":
            return condition
        self.take("?")
        then = self.ternary(depth + 1)
        self.take(":")
        otherwise = self.ternary(depth + 1)
        return then if condition[0] else otherwise

    def binary(self, level: int, depth: int) -> Number:
        if level == len(_BINARY):
            return self.unary(depth)
        left = self.binary(level + 1, depth)
        while _LEVEL.get(self.peek(), -1) == level:
            op = self.take()
            left = combine(op, left, self.binary(level + 1, depth))
        return left

    def unary(self, depth: int) -> Number:
        if depth > DEEPEST:
            raise NotConstant
        item = self.take()
        if item in "+-!~":
            value, type_ = self.unary(depth + 1)
            if item == "!":
                return (not value), BOOL
            if item == "~":
                if type_.is_float:
                    raise NotConstant
                return wrap(~int(value), type_), type_
            return (wrap(-value, type_) if item == "-" else value), type_
        if item == "(":
            return self.parenthesised(depth)
        if item[0].isdigit() or item[0] == ".":
            literal = number(item)
            if literal is None:
                raise NotConstant
            return literal
        if item[0] == "'":
            return character(item), I32
        if item in ("true", "false"):
            return item == "true", BOOL
        if item in _CASTS and self.peek() == "(":
            self.take("(")
            return convert(self.parenthesised(depth)[0], _CASTS[item]), _CASTS[item]
        if item[0].isalpha() or item[0] == "_":
            known = self.lookup(item)
            if known is not None:
                return known
            if self.undefined is not None:
                if self.peek() == "(":  # __has_include(...) and the like
                    nesting = 0
                    while self.peek():
                        nesting += {"(": 1, ")": -1}.get(self.take(), 0)
                        if nesting == 0:
                            break
                return self.undefined
        raise NotConstant

    def parenthesised(self, depth: int) -> Number:
        words = []
        while self.peek(len(words)) in _CASTS or self.peek(len(words)) == "char":
            words.append(self.peek(len(words)))
        if words and self.peek(len(words)) == ")":
            self.position += len(words) + 1
            type_ = U64 if "unsigned" in words and "long" in words else _CASTS.get(words[0], I32)
            return convert(self.unary(depth + 1)[0], type_), type_
        value = self.ternary(depth + 1)
        self.take(")")
        return value


def combine(op: str, left: Number, right: Number) -> Number:
    """C arithmetic on two numbers; raises ``NotConstant`` where it is undefined."""
    (a, left_type), (b, right_type) = left, right
    type_ = promote(left_type, right_type)
    if op in ("&&", "||"):
        return (bool(a and b) if op == "&&" else bool(a or b)), BOOL
    if type_.is_float:
        if op in ("==", "!=", "<", "<=", ">", ">="):
            return {"==": a == b, "!=": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[op], BOOL
        if op not in "+-*/" or (op == "/" and b == 0):
            raise NotConstant
        return convert({"+": a + b, "-": a - b, "*": a * b, "/": a / b if b else 0.0}[op], type_), type_
    folded = fold(op, int(a), int(b))
    if folded is None:
        raise NotConstant
    if isinstance(folded, bool):
        return folded, BOOL
    if op in ("<<", ">>"):
        type_ = left_type
    return wrap(folded, type_), type_


def wrap(value: int | float, type_: Scalar) -> int | float:
    """``value`` as an integer of that type, modulo its size; floats stay."""
    if type_.is_float or isinstance(value, float):
        return value
    if type_.kind == "bool":
        return bool(value)
    bits = max(type_.bits, 1)
    value &= (1 << bits) - 1
    return value - (1 << bits) if type_.kind == "int" and value >> (bits - 1) else value


def convert(value: int | float | bool, type_: Scalar) -> int | float | bool:
    """A number converted to ``type_`` the way a cast does (floats are rounded to ``f32`` where asked)."""
    if type_.kind == "bool":
        return bool(value)
    if type_.is_float:
        if type_ == F32:
            import struct

            try:
                return struct.unpack("<f", struct.pack("<f", float(value)))[0]
            except OverflowError:
                return float("inf") if value > 0 else float("-inf")
        return float(value)
    return wrap(int(value), type_)
