"""Printing IR as C-family text; what the dialects share. A dialect's ``emit.py`` fills in a ``Style`` and adds what is its own.

The text parses back to the same IR: names, loop forms and named constants survive; integers beyond 32 bits carry a suffix; floats are
printed as the author wrote them or with the fewest digits that read back to the same number.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..ir.build import value_of
from ..ir.nodes import (
    Address,
    Assign,
    Axis,
    AxisExtent,
    AxisIndex,
    Barrier,
    Binary,
    Block,
    Break,
    Call,
    Cast,
    Constant,
    ConstantDecl,
    Continue,
    Declare,
    Evaluate,
    Expr,
    For,
    Function,
    If,
    InitList,
    Kernel,
    Literal,
    Load,
    Opaque,
    Param,
    Return,
    Select,
    Stmt,
    Unary,
    Var,
    While,
)
from ..ir.spelled import as_spelled
from ..ir.types import BOOL, F16, F32, F64, I64, SCALARS, U32, U64, Array, Fragment, Pointer, Scalar, Scope, Type
from .layout import WIDTH, wrapped

PRECEDENCE = {
    "*": 12,
    "/": 12,
    "%": 12,
    "+": 11,
    "-": 11,
    "<<": 10,
    ">>": 10,
    "<": 9,
    "<=": 9,
    ">": 9,
    ">=": 9,
    "==": 8,
    "!=": 8,
    "&": 7,
    "^": 6,
    "|": 5,
    "&&": 4,
    "||": 3,
}
TERNARY, UNARY, POSTFIX = 2, 13, 14
C_TYPES = {
    "void": "void",
    "bool": "bool",
    "i8": "int8_t",
    "i16": "int16_t",
    "i32": "int",
    "i64": "long long",
    "u8": "uint8_t",
    "u16": "uint16_t",
    "u32": "unsigned int",
    "u64": "unsigned long long",
    "f16": "half",
    "bf16": "__nv_bfloat16",
    "f32": "float",
    "f64": "double",
}
MIXED = {("&&", "||"), ("||", "&&")}


@dataclass(frozen=True)
class Style:
    """How one dialect spells what all of them can say."""

    kernel_prefix: str = "void"  # before the name of a kernel
    function_prefix: str = "static inline"
    includes: tuple[str, ...] = ()
    types: Mapping[str, str] = field(default_factory=dict)  # overrides of C_TYPES
    restrict: str = "restrict"
    scopes: Mapping[Scope, str] = field(default_factory=dict)  # prefix of an array in that scope
    axis_index: Mapping[Axis, str] = field(default_factory=dict)
    axis_extent: Mapping[Axis, str] = field(default_factory=dict)
    barriers: Mapping[str, str] = field(default_factory=dict)
    functions: Mapping[str, str] = field(default_factory=dict)  # canonical name -> spelling; {} takes the arguments
    constants: str = "define"  # "define": always #define; "kept": as the author declared them
    extern_c: bool = False
    launch_bounds: bool = False
    pragmas: tuple[str, ...] = ("unroll", "nounroll")  # first words of the pragmas on loops that its compilers know
    enumerators: frozenset[str] = frozenset()  # names that stand for themselves in calls


class Printer:
    """Prints one kernel in one style; ``text`` is the whole translation unit."""

    def __init__(self, style: Style) -> None:
        self.style = style

    # ---- whole units

    def unit(self, kernel: Kernel, header: str = "", footer: str = "") -> str:
        """Includes, constants, device functions and the kernel, in that order."""
        kernel = as_spelled(kernel)
        parts = [header.rstrip()] if header else []
        if self.style.includes:
            parts.append("\n".join(f"#include <{name}>" for name in self.style.includes))
        if kernel.constants:
            parts.append("\n".join(self.constant(c) for c in kernel.constants))
        parts += [self.function(f) for f in kernel.functions]
        parts.append(self.kernel(kernel))
        if footer:
            parts.append(footer.rstrip())
        lines = "\n\n".join(parts).split("\n")
        return "\n".join(piece for line in lines for piece in wrapped(line)) + "\n"

    def constant(self, decl: ConstantDecl) -> str:
        if isinstance(decl.type, Array):
            scope = "" if self.style.scopes.get(decl.type.scope) else "static const "
            return f"{scope}{self.declarator(decl.type, decl.name)} = {self.table(decl.value, decl.type)};"
        value = decl.text or self.number(decl.value, decl.type)
        if self.style.constants == "define" or decl.spelled == "define":
            simple = value.replace(".", "").replace("_", "").isalnum()
            return f"#define {decl.name} {value if simple else f'({value})'}"
        return f"constexpr {self.type(decl.type)} {decl.name} = {value};"

    def table(self, values: tuple, type_: Array) -> str:
        """The content of an array, in braces as its extents are."""
        items = [self.number(value, type_.element) for value in values]
        for extent in reversed(type_.shape[1:]):
            size = value_of(extent) if isinstance(extent, Expr) else extent
            assert isinstance(size, int), f"an extent of a table is not known: {type_}"
            items = [f"{{{', '.join(items[at : at + size])}}}" for at in range(0, len(items), size)]
        return f"{{{', '.join(items)}}}"

    def kernel(self, kernel: Kernel) -> str:
        bounds = f"__launch_bounds__({kernel.launch_bounds}) " if kernel.launch_bounds and self.style.launch_bounds else ""
        prefix = ('extern "C" ' if self.style.extern_c else "") + self.style.kernel_prefix
        head = self._wrap(f"{prefix} {bounds}{kernel.name}(", [self.param(p) for p in kernel.params], ") {")
        return "\n".join([*self.comment_lines(kernel.comment, 0), head, *self.body(as_spelled(kernel).body, 1), "}"])

    def function(self, function: Function) -> str:
        head = self._wrap(
            f"{self.style.function_prefix} {self.type(function.returns)} {function.name}(", [self.param(p) for p in function.params], ") {"
        )
        return "\n".join([*self.comment_lines(function.comment, 0), head, *self.body(function.body, 1), "}"])

    def param(self, param: Param) -> str:
        if isinstance(param.type, Pointer):
            const = "const " if param.type.const else ""
            restrict = f" {self.style.restrict} " if param.type.restrict and self.style.restrict else ""
            return f"{const}{self.type(param.type.element)} *{restrict}{param.name}".replace("* ", "*")
        return self.declarator(param.type, param.name)

    @staticmethod
    def _wrap(head: str, items: list[str], tail: str) -> str:
        line = head + ", ".join(items) + tail
        if len(line) <= WIDTH:
            return line
        lines, current = [], head
        for position, item in enumerate(items):
            piece = item + (", " if position + 1 < len(items) else tail)
            if len(current) + len(piece) > WIDTH:
                lines.append(current.rstrip())
                current = "    "
            current += piece
        return "\n".join([*lines, current])

    # ---- types

    def type(self, type_: Type) -> str:
        if isinstance(type_, Scalar):
            return self.style.types.get(type_.name, C_TYPES.get(type_.name, type_.name))
        if isinstance(type_, Pointer):
            return f"{'const ' if type_.const else ''}{self.type(type_.element)} *"
        if isinstance(type_, Fragment):
            layout = f", nvcuda::wmma::{type_.layout}" if type_.layout else ""
            return f"nvcuda::wmma::fragment<nvcuda::wmma::{type_.use}, {type_.m}, {type_.n}, {type_.k}, {self.type(type_.element)}{layout}>"
        return self.type(type_.element)

    def declarator(self, type_: Type, name: str) -> str:
        if isinstance(type_, Array):
            scope = self.style.scopes.get(type_.scope, "")
            extents = "".join(f"[{self.expr(e) if isinstance(e, Expr) else e or ''}]" for e in type_.shape)
            extern = "extern " if type_.shape and type_.shape[0] == 0 else ""
            return f"{extern}{scope + ' ' if scope else ''}{self.type(type_.element)} {name}{extents}"
        separator = "" if isinstance(type_, Pointer) else " "
        return f"{self.type(type_)}{separator}{name}"

    # ---- statements

    def body(self, body: tuple[Stmt, ...], depth: int) -> list[str]:
        lines: list[str] = []
        for stmt in body:
            lines += self.stmt(stmt, depth)
        return lines

    @staticmethod
    def comment_lines(comment: str, depth: int) -> list[str]:
        return [f"{'  ' * depth}// {line}".rstrip() for line in comment.splitlines()] if comment else []

    def stmt(self, stmt: Stmt | Opaque, depth: int) -> list[str]:
        pad = "  " * depth
        lines = self.comment_lines(stmt.comment, depth)
        match stmt:
            case Declare(name=name, type=type_, value=value):
                const = "const " if stmt.const else ""
                init = f" = {self.expr(value)}" if value is not None else ""
                lines.append(f"{pad}{const}{self.declarator(type_, name)}{init};")
            case Assign():
                lines.append(f"{pad}{self.assign(stmt)};")
            case Evaluate(value=Opaque(text=text)):
                lines.append(f"{pad}{text}")
            case Evaluate(value=value):
                lines.append(f"{pad}{self.expr(value)};")
            case For():
                lines += self.for_(stmt, depth)
            case While():
                lines += self.while_(stmt, depth)
            case If():
                lines += self.if_(stmt, depth)
            case Block(body=body):
                lines += [f"{pad}{{", *self.body(body, depth + 1), f"{pad}}}"]
            case Barrier(scope=scope):
                lines.append(f"{pad}{self.style.barriers.get(scope, f'/* barrier: {scope} */')}")
            case Return(value=value):
                lines.append(f"{pad}return{' ' + self.expr(value) if value is not None else ''};")
            case Break():
                lines.append(f"{pad}break;")
            case Continue():
                lines.append(f"{pad}continue;")
            case Opaque(text=text):
                lines.append(f"{pad}{text}")
            case _:
                raise TypeError(f"no printer for {type(stmt).__name__}")
        return lines

    def assign(self, stmt: Assign | Declare) -> str:
        if isinstance(stmt, Declare):
            init = f" = {self.expr(stmt.value)}" if stmt.value is not None else ""
            return f"{self.declarator(stmt.type, stmt.name)}{init}"
        if stmt.op in ("+", "-") and stmt.value == Literal(1):
            return f"{'++' if stmt.op == '+' else '--'}{self.expr(stmt.target)}"
        return f"{self.expr(stmt.target)} {stmt.op}= {self.expr(stmt.value)}"

    def for_(self, loop: For, depth: int) -> list[str]:
        pad = "  " * depth
        step = f"++{loop.var}" if isinstance(loop.step, Literal) and loop.step.value == 1 else f"{loop.var} += {self.expr(loop.step)}"
        head = f"{pad}for ({self.type(loop.type)} {loop.var} = {self.expr(loop.lower)}; {loop.var} < {self.expr(loop.upper, 10)}; {step})"
        pragma = [f"{pad}#pragma {loop.pragma}"] if loop.pragma else []
        return [*pragma, *self.braced(head, loop.body, depth)]

    def braced(self, head: str, body: tuple[Stmt, ...], depth: int) -> list[str]:
        """``head { body }``; without braces where the body is one plain statement."""
        if len(body) == 1 and not body[0].comment and isinstance(body[0], Assign | Evaluate | For | Return | Break | Continue):
            inner = self.stmt(body[0], depth + 1)
            if not inner[0].lstrip().startswith("#"):
                return [head, *inner]
        return [f"{head} {{", *self.body(body, depth + 1), "  " * depth + "}"]

    def while_(self, loop: While, depth: int) -> list[str]:
        pad = "  " * depth
        if loop.after:
            return [f"{pad}do {{", *self.body(loop.body, depth + 1), f"{pad}}} while ({self.expr(loop.condition)});"]
        if loop.init is None and not loop.update:
            return self.braced(f"{pad}while ({self.expr(loop.condition)})", loop.body, depth)
        init = self.assign(loop.init) if isinstance(loop.init, Assign | Declare) else ""
        update = ", ".join(self.assign(item) for item in loop.update if isinstance(item, Assign))
        return self.braced(f"{pad}for ({init}; {self.expr(loop.condition)};{' ' if update else ''}{update})", loop.body, depth)

    def if_(self, stmt: If, depth: int) -> list[str]:
        pad = "  " * depth
        head = f"{pad}if ({self.expr(stmt.condition)})"
        if not stmt.otherwise:
            return self.braced(head, stmt.then, depth)
        lines = [f"{head} {{", *self.body(stmt.then, depth + 1)]
        if len(stmt.otherwise) == 1 and isinstance(stmt.otherwise[0], If) and not stmt.otherwise[0].comment:
            nested = self.if_(stmt.otherwise[0], depth)
            lines.append(f"{pad}}} else {nested[0].lstrip()}")
            return lines + nested[1:]
        return [*lines, f"{pad}}} else {{", *self.body(stmt.otherwise, depth + 1), f"{pad}}}"]

    # ---- expressions

    def expr(self, expr: Expr, outer: int = 0) -> str:
        """``expr`` as text, in parentheses where it binds less tightly than ``outer``."""
        text, precedence = self._expr(expr)
        return f"({text})" if precedence < outer else text

    def _expr(self, expr: Expr) -> tuple[str, int]:
        match expr:
            case Literal(value=value, type=type_):
                text = self.spelled(expr.text) or self.number(value, type_)
                return text, UNARY if text.startswith(("-", "(")) else POSTFIX
            case Constant(name=name) | Var(name=name):
                return name, POSTFIX
            case AxisIndex(axis=axis):
                return self.style.axis_index[axis], POSTFIX
            case AxisExtent(axis=axis):
                return self.style.axis_extent[axis], POSTFIX
            case Unary(op=op, operand=operand):
                inner = self.expr(operand, UNARY)
                return f"{op}{' ' if op == '-' and inner.startswith('-') else ''}{inner}", UNARY
            case Binary():
                return self._binary(expr)
            case Select(condition=condition, then=then, otherwise=otherwise):
                return f"{self.expr(condition, TERNARY + 1)} ? {self.expr(then)} : {self.expr(otherwise, TERNARY)}", TERNARY
            case Cast(operand=operand, type=type_):
                return self.cast(type_, operand)
            case Load(buffer=buffer, index=index):
                return (
                    f"{buffer.name}{'.x' if isinstance(buffer.type, Fragment) else ''}{''.join(f'[{self.expr(i)}]' for i in index)}",
                    POSTFIX,
                )
            case Address():
                return self.address(expr)
            case Call(name=name, arguments=arguments):
                return self.call(name, arguments, expr.type)
            case InitList(elements=elements):
                return "{" + ", ".join(self.expr(e) for e in elements) + "}", POSTFIX
            case Opaque(text=text):
                return text, TERNARY
        raise TypeError(f"no printer for {type(expr).__name__}")

    def _binary(self, expr: Binary) -> tuple[str, int]:
        op, precedence = expr.op, PRECEDENCE[expr.op]
        left, right = self.expr(expr.left, precedence), self.expr(expr.right, precedence + 1)
        for side, text in (
            (expr.left, left),
            (expr.right, right),
        ):  # the compilers' advice on && inside ||, and arithmetic in shifts and masks
            inner = side.op if isinstance(side, Binary) else ""
            wanted = (inner, op) == ("&&", "||") or (op in ("<<", ">>", "&", "|", "^") and inner and inner != op)
            if wanted and not text.startswith("(") or wanted and not self._enclosed(text):
                if side is expr.left:
                    left = f"({text})"
                else:
                    right = f"({text})"
        return f"{left} {op} {right}", precedence

    @staticmethod
    def _enclosed(text: str) -> bool:
        if not text.startswith("("):
            return False
        depth = 0
        for position, char in enumerate(text):
            depth += (char == "(") - (char == ")")
            if depth == 0:
                return position == len(text) - 1
        return False

    def cast(self, type_: Scalar, operand: Expr) -> tuple[str, int]:
        return f"({self.type(type_)}){self.expr(operand, UNARY)}", UNARY

    def address(self, expr: Address) -> tuple[str, int]:
        # `row + i` and not `&row[i]`: a vector whose first lanes are masked off may start before the row
        row, last = expr.buffer.name + "".join(f"[{self.expr(i)}]" for i in expr.index[:-1]), expr.index[-1:]
        if not last or isinstance(last[0], Literal) and last[0].value == 0:
            text, precedence = row, POSTFIX
        else:
            text, precedence = f"{row} + {self.expr(last[0], PRECEDENCE['+'] + 1)}", PRECEDENCE["+"]
        if expr.view is not None:
            return f"({self.type(expr.view)} *){text if precedence >= UNARY else f'({text})'}", UNARY
        return text, precedence

    def call(self, name: str, arguments: tuple[Expr, ...], type_: Scalar) -> tuple[str, int]:
        spelled, inside = self.style.functions.get(name, name), ", ".join(self.expr(a) for a in arguments)
        return (spelled.replace("{}", inside) if spelled.endswith(")") else f"{spelled}({inside})"), POSTFIX

    def spelled(self, text: str) -> str:
        """A literal as the author wrote it; ``sizeof(f16)`` names a type in each dialect's way."""
        if text.startswith("sizeof(") and text[7:-1] in SCALARS:
            return f"sizeof({self.type(SCALARS[text[7:-1]])})"
        return text

    def number(self, value, type_: Scalar) -> str:
        """A literal of that type; floats with the fewest digits that read back to the same value."""
        if type_ == BOOL or isinstance(value, bool):
            return "true" if value else "false"
        if type_.is_float:
            if math.isnan(value):
                return "NAN"
            if math.isinf(value):
                return "INFINITY" if value > 0 else "-INFINITY"
            text = shortest(float(value), type_)
            if type_ == F16 or type_.name == "bf16":
                return f"({self.type(type_)}){text}f"
            return text + ("f" if type_ == F32 else "")
        if type_.bits < 32:
            return f"({self.type(type_)}){value}"
        if value == -(1 << (type_.bits - 1)):  # its digits alone overflow
            return f"({self.number(value + 1, type_)} - 1)"
        suffix = {U32: "u", U64: "ull", I64: "LL"}.get(type_, "")
        return f"{value}{suffix}"


def shortest(value: float, type_: Scalar) -> str:
    """The shortest decimal that reads back to the same ``f32`` or ``f64``, always with a point or an exponent."""
    import struct

    text = repr(value)
    if type_ != F64:
        for digits in range(1, 10):
            candidate = f"{value:.{digits}g}"
            try:
                same = struct.pack("<f", float(candidate)) == struct.pack("<f", value)
            except OverflowError:
                continue
            if same:
                text = candidate
                break
    if "e" not in text and "." not in text:
        text += ".0"
    return text


__all__ = ["C_TYPES", "PRECEDENCE", "U32", "Printer", "Style"]
