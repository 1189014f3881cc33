"""Putting a kernel into the words a target has: what one dialect has built in and another must spell out."""

from __future__ import annotations

from dataclasses import replace

from ..ir.nodes import (
    Address,
    Assign,
    Axis,
    Binary,
    Call,
    Constant,
    Declare,
    Evaluate,
    Expr,
    For,
    Function,
    Kernel,
    Literal,
    Load,
    Node,
    Param,
    Select,
    Stmt,
    Var,
)
from ..ir.retype import ENUM, retyped
from ..ir.spelled import unique
from ..ir.types import BOOL, I32, U64, Array, Pointer, Scope, element_of
from ..ir.unused import without_unused
from ..ir.walk import rewrite, rewrite_body, walk
from .emit_c import C_TYPES, Style
from .signs import with_signs

STANDARD_CONSTANTS = frozenset(
    {
        "FLT_MAX",
        "FLT_MIN",
        "FLT_EPSILON",
        "DBL_MAX",
        "DBL_MIN",
        "DBL_EPSILON",
        "INFINITY",
        "NAN",
        "INT_MAX",
        "INT_MIN",
        "UINT_MAX",
        "M_PI",
        "LLONG_MAX",
        "LLONG_MIN",
        "HUGE_VALF",
        "M_SQRT1_2",
        "M_SQRT2",
        "M_2_SQRTPI",
        "M_LOG2E",
    }
)


_ATOMIC_OPERATORS = {"atomicAdd": "+", "atomicSub": "-", "atomicAnd": "&", "atomicOr": "|", "atomicXor": "^", "atomicExch": ""}


def _atomic(call: Call) -> tuple[Load, Stmt] | None:
    """(the cell, the store) of an atomic where one thread runs at a time; None for a call that is no such atomic."""
    if not call.name.startswith("atomic") or not call.arguments:
        return None
    where, *values = call.arguments
    if isinstance(where, Var):
        where = Address(where, (Literal(0),) * (len(where.type.shape) if isinstance(where.type, Array) else 1), where.type)
    if not isinstance(where, Address) or where.view is not None:
        return None
    cell = Load(where.buffer, where.index or (Literal(0),), element_of(where.buffer.type))
    match call.name, values:
        case name, [value] if name in _ATOMIC_OPERATORS:
            return cell, Assign(cell, value, _ATOMIC_OPERATORS[name])
        case "atomicMax" | "atomicMin", [value]:
            op = ">" if call.name == "atomicMax" else "<"
            return cell, Assign(cell, Select(Binary(op, cell, value, BOOL), cell, value, cell.type))
        case "atomicCAS", [expected, value]:
            return cell, Assign(cell, Select(Binary("==", cell, expected, BOOL), value, cell, cell.type))
    return None


def one_thread_at_a_time(body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
    """Atomics as plain updates: legal where the loops around them run on one thread."""

    def visit(node: Node) -> Node | tuple[Node, ...]:
        match node:
            case Evaluate(value=Call() as call) if (found := _atomic(call)) is not None:
                return replace(found[1], comment=node.comment, span=node.span)
            case Declare(value=Call() as call) if (found := _atomic(call)) is not None:
                return replace(node, value=found[0]), found[1]
            case Assign(target=target, value=Call() as call, op="") if (found := _atomic(call)) is not None:
                return replace(node, target=target, value=found[0]), found[1]
        return node

    return rewrite_body(body, visit)


def for_c(kernel: Kernel, standard: frozenset[str] = STANDARD_CONSTANTS) -> Kernel:
    """``kernel`` without what C lacks: integer ``min``/``max``, ``rsqrtf``, constants that only CUDA's headers define."""
    known = {decl.name for decl in kernel.constants} | standard

    def visit(node: Node) -> Node:
        match node:
            case Constant(name=name, value=value, type=type_) if name not in known:
                return Literal(value, type_)
            case Call(name="min" | "max" as name, arguments=(left, right), type=type_):
                return Select(Binary("<" if name == "min" else ">", left, right, BOOL), left, right, type_)
            case Call(name="rsqrtf", arguments=(x,), type=type_):
                return Binary("/", Literal(1.0, type_, text="1.0f"), Call("sqrtf", (x,), type_), type_)
            case Call(name="rsqrt", arguments=(x,), type=type_):
                return Binary("/", Literal(1.0, type_), Call("sqrt", (x,), type_), type_)
            case Call(name="abs", arguments=(x,), type=type_) if type_.is_integer and type_ != I32:
                return Call("llabs", (x,), type_)
            case Declare(type=Array(shape=shape) as array) if any(isinstance(extent, Expr) for extent in shape):
                return replace(node, type=replace(array, shape=tuple(rewrite(e, visit) if isinstance(e, Expr) else e for e in shape)))
        return node

    def body(function: Function) -> Function:
        return replace(function, body=rewrite_body(function.body, visit))

    return replace(kernel, body=rewrite_body(one_thread_at_a_time(kernel.body), visit), functions=tuple(body(f) for f in kernel.functions))


def as_printed(kernel: Kernel, style: Style) -> Kernel:
    """``kernel`` as its text in ``style`` says it: what reading that text gives again.

    Passes know more than a text can say, that a loop's iterations are independent or that an array was shared, and they leave types and
    names behind that the text has not. What the text does not say goes; what it says differently is said that way here.
    """

    spelled = {style.types.get(name, word): name for name, word in C_TYPES.items()}

    def visit(node: Node) -> Node:
        match node:
            case For(pragma=pragma, axis=axis):
                kept = pragma if pragma.startswith(style.pragmas) else ""
                omp = axis is Axis.OMP and kept.startswith("omp")
                return node if kept == pragma and omp == (axis is not Axis.SERIAL) else _loop(node, omp, kept)
            case Declare(type=Array(scope=scope) as array) if scope not in style.scopes and scope is not Scope.REGISTER:
                return replace(node, type=replace(array, scope=Scope.REGISTER))
            case Constant(name=name) if name in style.enumerators:
                return Var(name, ENUM, span=node.span)
            case Constant(name=name, value=value) if name.startswith("sizeof("):
                return Literal(value, U64, text=f"sizeof({spelled[name[7:-1]]})", span=node.span)
        return node

    kernel = unique(kernel)
    kernel = replace(kernel, body=without_unused(kernel.body))
    kernel = replace(kernel, functions=tuple(f for f in kernel.functions if f.name in _called(kernel)))
    signed = with_signs(retyped(kernel))
    functions = tuple(replace(f, params=_params(f.params, style), body=rewrite_body(f.body, visit)) for f in signed.functions)
    said = replace(signed, params=_params(kernel.params, style), body=rewrite_body(signed.body, visit), functions=functions)
    return unique(retyped(said))


def _called(kernel: Kernel) -> set[str]:
    """Names of the helpers that the kernel calls, itself or through others."""
    bodies = {f.name: f.body for f in kernel.functions}
    found: set[str] = set()
    todo = [kernel.body]
    while todo:
        new = {n.name for n in walk(todo.pop()) if isinstance(n, Call) and n.name in bodies} - found
        found |= new
        todo += [bodies[name] for name in new]
    return found


def _loop(loop: For, omp: bool, pragma: str) -> For:
    return replace(loop, axis=Axis.OMP if omp else Axis.SERIAL, pragma=pragma)


def _params(params: tuple[Param, ...], style: Style) -> tuple[Param, ...]:
    """Parameters without ``restrict`` where the dialect has no word for it."""
    if style.restrict:
        return params
    return tuple(replace(p, type=replace(p.type, restrict=False)) if isinstance(p.type, Pointer) else p for p in params)
