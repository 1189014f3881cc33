"""Normal forms that several passes need: no early returns, helpers inlined, integers assigned once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from ..ir.build import add, binary, fresh, negate
from ..ir.nodes import (
    Address,
    Assign,
    Barrier,
    Block,
    Break,
    Call,
    Constant,
    Declare,
    Evaluate,
    Expr,
    For,
    Function,
    If,
    Kernel,
    Literal,
    Load,
    Node,
    Return,
    Stmt,
    Var,
    While,
)
from ..ir.types import BOOL, Array, Pointer, Scalar
from ..ir.walk import declared, map_children, rename, rewrite, substitute, walk
from .base import Declined

BLOCK_VOTES = frozenset({"syncthreads_count", "syncthreads_or", "syncthreads_and"})
COLLECTIVES = BLOCK_VOTES | frozenset(
    "shfl shfl_up shfl_down shfl_xor ballot any all match_any reduce_add reduce_max reduce_min reduce_and reduce_or reduce_xor".split()
)


def is_collective(node: Node) -> bool:
    """Whether ``node`` makes threads wait for each other: a barrier, a warp collective, a fragment operation."""
    if isinstance(node, Barrier):
        return node.scope != "fence"
    return isinstance(node, Call) and (node.name in COLLECTIVES or node.name.startswith("wmma::"))


def synchronises(nodes: Node | Iterable[Node]) -> bool:
    return any(is_collective(node) for node in walk(nodes))


# ---- early returns -------------------------------------------------------------------------------------------------------------


def without_returns(body: tuple[Stmt, ...], taken: set[str]) -> tuple[Stmt, ...]:
    """``body`` with each early return turned into a guard around what follows it."""
    if not any(isinstance(node, Return) for node in walk(body)):
        return body
    return _guard_rest(body, taken, in_loop=None)


def _always_returns(body: tuple[Stmt, ...]) -> bool:
    if not body:
        return False
    last = body[-1]
    return isinstance(last, Return) or (isinstance(last, If) and _always_returns(last.then) and _always_returns(last.otherwise))


def _guard_rest(body: tuple[Stmt, ...], taken: set[str], in_loop: Var | None) -> tuple[Stmt, ...]:
    result: list[Stmt] = []
    for position, stmt in enumerate(body):
        if not any(isinstance(node, Return) for node in walk(stmt)):
            result.append(stmt)
            continue
        rest = body[position + 1 :]
        if isinstance(stmt, Return):
            if in_loop is not None:
                result += [Assign(in_loop, Literal(True, BOOL)), Break()]
            return tuple(result)
        if isinstance(stmt, If):
            if in_loop is not None:
                result.append(
                    replace(stmt, then=_guard_rest(stmt.then, taken, in_loop), otherwise=_guard_rest(stmt.otherwise, taken, in_loop))
                )
                continue
            if _always_returns(stmt.then):
                then, otherwise = _guard_rest(stmt.then, taken, None), _guard_rest(stmt.otherwise + rest, taken, None)
            elif _always_returns(stmt.otherwise):
                then, otherwise = _guard_rest(stmt.then + rest, taken, None), _guard_rest(stmt.otherwise, taken, None)
            else:
                then, otherwise = _guard_rest(stmt.then + rest, taken, None), _guard_rest(stmt.otherwise + rest, taken, None)
            if not then and otherwise:
                result.append(replace(stmt, condition=negate(stmt.condition), then=otherwise, otherwise=()))
            elif then or otherwise:
                result.append(replace(stmt, then=then, otherwise=otherwise))
            return tuple(result)
        if isinstance(stmt, For | While):
            flag = in_loop or Var(fresh("returned", taken), BOOL)
            if in_loop is None:
                result.append(Declare(flag.name, BOOL, Literal(False, BOOL)))
            result.append(replace(stmt, body=_guard_rest(stmt.body, taken, flag)))
            if in_loop is not None:
                result.append(If(flag, (Break(),)))
                continue
            tail = _guard_rest(rest, taken, None)
            if tail:
                result.append(If(negate(flag), tail))
            return tuple(result)
        raise Declined("return-in-block", "an early return inside a nested block; move it to the kernel's top level", at=stmt.span)
    return tuple(result)


# ---- helpers -------------------------------------------------------------------------------------------------------------------


def inline(kernel: Kernel, wanted: Callable[[Function], bool]) -> Kernel:
    """``kernel`` with the calls to those helpers replaced by their bodies; helpers no longer called are dropped."""
    functions = {f.name: f for f in kernel.functions}
    taken = declared(kernel.body) | {p.name for p in kernel.params} | {c.name for c in kernel.constants}
    body = kernel.body
    for _ in range(20):
        names = {node.name for node in walk(body) if isinstance(node, Call) and node.name in functions and wanted(functions[node.name])}
        if not names:
            break
        body = _inline_in(body, {name: functions[name] for name in names}, taken)
    kept = _reachable(body, functions)
    return replace(kernel, body=body, functions=tuple(f for f in kernel.functions if f.name in kept))


def _reachable(body: tuple[Stmt, ...], functions: dict[str, Function]) -> set[str]:
    reached: set[str] = set()
    todo: list[tuple[Stmt, ...]] = [body]
    while todo:
        for node in walk(todo.pop()):
            if isinstance(node, Call) and node.name in functions and node.name not in reached:
                reached.add(node.name)
                todo.append(functions[node.name].body)
    return reached


def _inline_in(body: tuple[Stmt, ...], functions: dict[str, Function], taken: set[str]) -> tuple[Stmt, ...]:
    result: list[Stmt] = []
    for stmt in body:
        result += _inline_stmt(stmt, functions, taken)
    return tuple(result)


def _inline_stmt(stmt: Stmt, functions: dict[str, Function], taken: set[str]) -> list[Stmt]:
    before: list[Stmt] = []

    def expression(node: Node) -> Node:
        """Calls inside one expression, innermost first."""
        if not isinstance(node, Call) or node.name not in functions:
            return node
        value = _expand(functions[node.name], node.arguments, before, taken)
        return value if value is not None else Literal(0)

    match stmt:
        case Evaluate(value=Call(name=name, arguments=arguments)) if name in functions:
            arguments = tuple(rewrite(a, expression) for a in arguments)
            _expand(functions[name], arguments, before, taken)
            return before
        case For(body=body):
            lower, upper, step = (rewrite(e, expression) for e in (stmt.lower, stmt.upper, stmt.step))
            return [*before, replace(stmt, lower=lower, upper=upper, step=step, body=_inline_in(body, functions, taken))]
        case If():
            condition = rewrite(stmt.condition, expression)
            return [
                *before,
                replace(
                    stmt,
                    condition=condition,
                    then=_inline_in(stmt.then, functions, taken),
                    otherwise=_inline_in(stmt.otherwise, functions, taken),
                ),
            ]
        case While():
            used = [n.name for n in walk((stmt.condition, *stmt.update)) if isinstance(n, Call) and n.name in functions]
            if used:
                raise Declined("call-in-condition", f"`{used[0]}` is called in a loop condition; call it before the loop", at=stmt.span)
            return [replace(stmt, body=_inline_in(stmt.body, functions, taken))]
        case _ if hasattr(stmt, "body"):
            return [replace(stmt, body=_inline_in(stmt.body, functions, taken))]  # type: ignore[call-arg]
    new = map_children(stmt, lambda child: rewrite(child, expression))
    return [*before, new]  # type: ignore[list-item]


def _expand(function: Function, arguments: tuple[Expr, ...], before: list[Stmt], taken: set[str]) -> Expr | None:
    """Appends the statements of one call to ``before``; returns the expression that stands for its value."""
    names = {name: fresh(name, taken) for name in sorted(declared(function.body))}
    body = rename(function.body, {old: new for old, new in names.items() if old != new})
    mapping: dict[str, Expr] = {}
    written = {n.target.name for n in walk(body) if isinstance(n, Assign) and isinstance(n.target, Var)}
    for param, argument in zip(function.params, arguments, strict=True):
        if isinstance(param.type, Pointer):
            body = _rebase(body, param.name, argument)
        elif isinstance(argument, Literal | Constant | Var) and param.name not in written:
            mapping[param.name] = argument
        else:
            uses = sum(isinstance(n, Var) and n.name == param.name for n in walk(body))
            if (
                uses <= 1
                and param.name not in written
                and not any(isinstance(n, Call) for n in walk(argument))
                and not _loops_over(body, param.name)
            ):
                mapping[param.name] = argument
            else:
                name = fresh(param.name, taken)
                before.append(Declare(name, param.type, argument))
                mapping[param.name] = Var(name, param.type)
    body = substitute_all(body, mapping)
    if body and isinstance(body[-1], Return) and not any(isinstance(n, Return) for n in walk(body[:-1])):
        before.extend(body[:-1])
        return body[-1].value
    if not any(isinstance(n, Return) for n in walk(body)):
        before.extend(body)
        return None
    result = Var(fresh(f"{function.name}_result", taken), function.returns)
    before.append(Declare(result.name, function.returns, None))
    body = _returns_to(body, result, taken)
    before.extend(body)
    return result


def _loops_over(body: tuple[Stmt, ...], name: str) -> bool:
    return any(isinstance(n, For | While) and any(isinstance(v, Var) and v.name == name for v in walk(n)) for n in walk(body))


def _returns_to(body: tuple[Stmt, ...], result: Var, taken: set[str]) -> tuple[Stmt, ...]:
    """A body in which every path ends in a return, as assignments to ``result``."""
    out: list[Stmt] = []
    for position, stmt in enumerate(body):
        rest = body[position + 1 :]
        if isinstance(stmt, Return):
            return (*out, Assign(result, stmt.value)) if stmt.value is not None else tuple(out)
        if not any(isinstance(n, Return) for n in walk(stmt)):
            out.append(stmt)
        elif isinstance(stmt, If):
            then = stmt.then if _always_returns(stmt.then) else stmt.then + rest
            otherwise = stmt.otherwise if _always_returns(stmt.otherwise) else stmt.otherwise + rest
            return (*out, replace(stmt, then=_returns_to(then, result, taken), otherwise=_returns_to(otherwise, result, taken)))
        elif isinstance(stmt, For | While):
            done = Var(fresh("returned", taken), BOOL)
            out += (Declare(done.name, BOOL, Literal(False, BOOL)), replace(stmt, body=_leaving(stmt.body, result, done)))
            return (*out, If(negate(done), _returns_to(rest, result, taken))) if rest else tuple(out)
        else:
            return (*out, *_returns_to((*stmt.body, *rest), result, taken)) if isinstance(stmt, Block) else tuple(out)
    return tuple(out)


def _leaving(body: tuple[Stmt, ...], result: Var, done: Var) -> tuple[Stmt, ...]:
    """The body of a loop whose returns set ``result`` and ``done`` and leave the loop, and the loops around it."""
    out: list[Stmt] = []
    for stmt in body:
        match stmt:
            case Return(value=value):
                return (*out, *((Assign(result, value),) if value is not None else ()), Assign(done, Literal(True, BOOL)), Break())
            case If():
                stmt = replace(stmt, then=_leaving(stmt.then, result, done), otherwise=_leaving(stmt.otherwise, result, done))
            case Block():
                stmt = replace(stmt, body=_leaving(stmt.body, result, done))
            case For() | While() if any(isinstance(n, Return) for n in walk(stmt)):
                out += (replace(stmt, body=_leaving(stmt.body, result, done)), If(done, (Break(),)))
                continue
        out.append(stmt)
    return tuple(out)


def substitute_all(body: tuple[Stmt, ...], mapping: dict[str, Expr]) -> tuple[Stmt, ...]:
    return substitute(body, mapping) if mapping else body


def _rebase(body: tuple[Stmt, ...], name: str, argument: Expr) -> tuple[Stmt, ...]:
    """Accesses through the pointer parameter ``name`` as accesses to the buffer that ``argument`` points into."""
    if isinstance(argument, Var):
        buffer, lead, offset = argument, (), None
        if isinstance(argument.type, Array) and len(argument.type.shape) > 1:
            lead = tuple(Literal(0) for _ in argument.type.shape[:-1])
    elif isinstance(argument, Address) and argument.view is None:
        buffer, lead, offset = argument.buffer, argument.index[:-1], argument.index[-1] if argument.index else None
    else:
        raise Declined("pointer-argument", f"the pointer passed for `{name}` is not a plain buffer or an element of one", at=argument.span)

    def visit(node: Node) -> Node:
        """Top-down: the buffer inside an access must not be taken for a use of the bare pointer."""
        if isinstance(node, Load | Address) and node.buffer.name == name:
            inner = tuple(visit(i) for i in node.index)
            index = inner[0] if inner else None
            if offset is not None:
                index = add(offset, index) if index is not None else offset
            return replace(node, buffer=buffer, index=(*lead, index) if index is not None else lead)
        if isinstance(node, Var) and node.name == name:
            return argument
        return map_children(node, visit)

    return tuple(visit(stmt) for stmt in body)  # type: ignore[misc]


# ---- integers assigned once ----------------------------------------------------------------------------------------------------


def assign_once(body: tuple[Stmt, ...], taken: set[str]) -> tuple[Stmt, ...]:
    """Top-level straight-line reassignments of an integer (``t /= width;``) as new declarations, so that each name has one meaning."""
    result: list[Stmt] = []
    current: dict[str, Var] = {}
    types = {s.name: s.type for s in body if isinstance(s, Declare)}
    nested = {
        n.target.name for s in body if not isinstance(s, Assign) for n in walk(s) if isinstance(n, Assign) and isinstance(n.target, Var)
    }
    for stmt in body:
        renamed = substitute(stmt, current)
        match stmt:
            case Assign(target=Var(name=name), value=_, op=op) if (
                isinstance(types.get(name), Scalar) and types[name].is_integer and name not in nested  # type: ignore[union-attr]
            ):
                new = Var(fresh(name, taken), types[name])
                old = current.get(name, Var(name, types[name]))
                value = substitute(stmt.value, current)
                result.append(Declare(new.name, new.type, binary(op, old, value) if op else value, span=stmt.span, comment=stmt.comment))
                current[name] = new
            case _:
                result.append(renamed)
    return without_copies(tuple(result))


def without_copies(body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
    """Top-level ``int a = b;`` of two integers that never change: ``b`` stands for ``a``."""
    written = {n.target.name for n in walk(body) if isinstance(n, Assign) and isinstance(n.target, Var)}
    fixed = {n.name: n.type for n in body if isinstance(n, Declare) and n.name not in written}
    mapping: dict[str, Expr] = {}
    result: list[Stmt] = []
    for stmt in body:
        stmt = substitute(stmt, mapping)
        if (
            isinstance(stmt, Declare)
            and isinstance(stmt.value, Var)
            and fixed.get(stmt.name) == stmt.value.type == fixed.get(stmt.value.name)
        ):
            mapping[stmt.name] = stmt.value
        else:
            result.append(stmt)
    return tuple(result)
