"""What vector intrinsics compute, read from the headers that define them.

Each element-wise intrinsic's body is one line, ``dst[i] = expression of src[i], a[i], b[i], value``. That expression, with the comment's
``@types`` and ``@arch``, is all that choosing an instruction needs: the table has no second description that could disagree.
Approximations by table (``activation.h``) and Taylor polynomials are left out because their stated error is about 0.01.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..ir.build import flip, value_of
from ..ir.nodes import Binary, Call, Expr, Select, Unary
from ..ir.types import Scalar

HEADERS = Path(__file__).parent.parent / "dialects" / "bang" / "intrinsics"
READ = ("arithmetic.h", "compare.h", "math.h")
_FUNCTION = re.compile(
    r"((?:^///[^\n]*\n)+)^template <typename T> static inline void (__bang_\w+)\(T \*dst, ([^)]*?), unsigned n\) \{\n(.*?)^\}", re.M | re.S
)
_BODY = re.compile(r"for \(unsigned i = 0; i < n; \+\+i\) dst\[i\] = (.*?);")
# Older names of the same operation, and forms that only repeat another.
_LEFT_OUT = re.compile(r"_const$|taylor|__bang_sigmoid$|__bang_log$|__bang_ceil$|__bang_rem$")


@dataclass(frozen=True, slots=True)
class Intrinsic:
    """``tree``: nested tuples ("vector"|"value"|"number", what) or (operator, operands...); ``operands`` in the order of the call."""

    name: str
    tree: tuple
    operands: tuple[str, ...]
    types: frozenset[str]
    least: int
    missing: frozenset[int]
    in_place: bool

    def exists(self, type_: Scalar, architecture: int) -> bool:
        return type_.name in self.types and architecture >= self.least and architecture not in self.missing


@cache
def table() -> tuple[Intrinsic, ...]:
    """All element-wise intrinsics whose meaning could be read, the largest expressions first."""
    found: list[Intrinsic] = []
    for name in READ:
        for comment, intrinsic, params, body in _FUNCTION.findall((HEADERS / name).read_text(encoding="utf-8")):
            meaning = _BODY.search(body)
            if meaning is None or _LEFT_OUT.search(intrinsic) or "scratch" in params or "seg" in params:
                continue
            kinds = {}
            for param in params.split(","):
                words = param.split()
                kinds[words[-1].lstrip("*")] = "vector" if "*" in param else "value"
            tree = _tree(meaning.group(1), kinds)
            if tree is not None:
                found.append(Intrinsic(intrinsic, tree, tuple(kinds), *_limits(comment)))
    return tuple(sorted(found, key=lambda i: (-_size(i.tree), i.name)))


def _limits(comment: str) -> tuple[frozenset[str], int, frozenset[int], bool]:
    flat = re.sub(r"\n///", " ", comment)
    types = re.search(r"@types ([^@]*)", flat)
    arch = re.search(r"@arch ([^@]*)", flat)
    spec = (arch.group(1) if arch else "all").split(", integers")[0]
    least = re.search(r">=\s*(\d+)", spec)
    missing = re.search(r"except ([\d ,]+)", spec)
    names = frozenset(re.findall(r"[fiu]\d+|bf16", types.group(1))) if types else frozenset({"f32"})
    return (
        names,
        int(least.group(1)) if least else 0,
        frozenset(int(n) for n in re.findall(r"\d+", missing.group(1))) if missing else frozenset(),
        "@overlap none" not in flat,
    )


def _size(tree: tuple) -> int:
    return 1 + sum(_size(child) for child in tree[1:] if isinstance(child, tuple))


def _tree(text: str, kinds: dict[str, str]) -> tuple | None:
    """The C expression as a tree; None where it is more than operators, calls and one ``?:``."""
    text = re.sub(r"\(T\)", "", text)
    text = re.sub(r"(\d\.\d+)f\b", r"\1", text)
    while text.startswith("(") and text.endswith(")") and "(" not in text[1:-1]:
        text = text[1:-1]
    choice = re.fullmatch(r"([^?]*) \? ([^:]*) : (.*)", text)
    try:
        parsed = ast.parse(f"({choice[2]}) if ({choice[1]}) else ({choice[3]})" if choice else text, mode="eval").body
    except SyntaxError:
        return None
    return _from_python(parsed, kinds)


_OPERATORS = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Mod: "%",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}


def _from_python(node: ast.expr, kinds: dict[str, str]) -> tuple | None:
    match node:
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Name(id="i")) if kinds.get(name) == "vector":
            return ("vector", name)
        case ast.Name(id=name) if kinds.get(name) == "value":
            return ("value", name)
        case ast.Constant(value=value) if isinstance(value, int | float):
            return ("number", value)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            parts = (_OPERATORS[type(op)], _from_python(left, kinds), _from_python(right, kinds))
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _OPERATORS:
            parts = (_OPERATORS[type(op)], _from_python(left, kinds), _from_python(right, kinds))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            parts = ("negate", _from_python(operand, kinds))
        case ast.IfExp(test=test, body=body, orelse=otherwise):
            parts = ("?", _from_python(test, kinds), _from_python(body, kinds), _from_python(otherwise, kinds))
        case ast.Call(func=ast.Name(id=name), args=arguments) if not name.startswith("bang_"):
            parts = ("call " + name, *(_from_python(a, kinds) for a in arguments))
        case _:
            return None
    return None if None in parts else parts  # type: ignore[return-value]


def match(tree: tuple, expr: Expr, varying, bound: dict[str, Expr]) -> bool:
    """Whether ``expr`` has the form of ``tree``; fills ``bound`` with what stands for each operand. ``varying``: is it a vector?"""
    kind = tree[0]
    if kind in ("vector", "value"):
        if varying(expr) != (kind == "vector"):
            return False
        return bound.setdefault(tree[1], expr) == expr
    if kind == "number":
        value = value_of(expr)
        return value is not None and not varying(expr) and float(value) == float(tree[1])
    trial: list[tuple[Expr, ...]] = []
    if isinstance(expr, Binary) and kind == expr.op:
        trial = [(expr.left, expr.right)]
        if kind in "+*":
            trial.append((expr.right, expr.left))
    elif isinstance(expr, Binary) and expr.op in ("<", "<=", ">", ">=") and flip(expr).op == kind:
        trial = [(expr.right, expr.left)]
    elif isinstance(expr, Unary) and expr.op == "-" and kind == "negate":
        trial = [(expr.operand,)]
    elif isinstance(expr, Select) and kind == "?":
        trial = [(expr.condition, expr.then, expr.otherwise)]
    elif isinstance(expr, Call) and kind == "call " + expr.name:
        trial = [expr.arguments]
        if expr.name in ("fmaxf", "fminf"):
            trial.append(expr.arguments[::-1])
    for parts in trial:
        attempt = dict(bound)
        if len(parts) == len(tree) - 1 and all(match(t, e, varying, attempt) for t, e in zip(tree[1:], parts, strict=True)):
            bound.update(attempt)
            return True
    return False


__all__ = ["Intrinsic", "match", "table"]
