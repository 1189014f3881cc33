"""Functions that CUDA has built in and other platforms lack, as helpers beside the kernel.

What each computes stands in dialects/cuda/intrinsics/scalar.h; it is plain code, so that passes can look inside. Reading a number's bits as
another type is no arithmetic: such a call stays a call in the passes and gets its helper, a union, when all else is done.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from ..dialects.emit_c import Printer, Style
from ..dialects.meanings import header_text, meanings
from ..frontend.names import OTHER_CALLS
from ..ir.build import fresh
from ..ir.nodes import Call, Evaluate, Function, Kernel, Node, Opaque, Param, Return
from ..ir.types import Scalar, element_of
from ..ir.walk import names_in, rewrite_body, walk

HEADER = ("cuda", "scalar.h")
REINTERPRETED = re.compile(r"__(float|double|half|bfloat16|int|uint|longlong|short|ushort)_as_\w+$")
_SIGNATURE = re.compile(r"^__device__ inline ([\w ]+?) (\w+)\(([^)]*)\)", re.M)


@cache
def scalar_meanings() -> dict[str, Function]:
    """The functions of the header by name, each after those it calls."""
    params, calls = [], []
    for number, (returns, name, operands) in enumerate(_signatures()):
        types = [operand.rsplit(" ", 1)[0] for operand in operands.split(", ")]
        names = [f"a{number}_{position}" for position in range(len(types))]
        params += [f"{returns} *r{number}", *(f"{type_} {each}" for type_, each in zip(types, names, strict=True))]
        calls.append(f"*r{number} = {name}({', '.join(names)});")
    return meanings(*HEADER, f"__global__ void use({', '.join(params)}) {{ {' '.join(calls)} }}")


@cache
def _signatures() -> tuple[tuple[str, str, str], ...]:
    """Result, name and parameters of the header's functions, as they are spelled."""
    return tuple(_SIGNATURE.findall(header_text(*HEADER)))


def with_definitions(kernel: Kernel) -> Kernel:
    """``kernel`` with a helper for each function it calls that only CUDA has."""
    own = {function.name for function in kernel.functions}
    known = {name: function for name, function in _meanings_if_called(kernel).items() if name not in own}
    wanted = _needed(kernel, known)
    if not wanted:
        return kernel
    taken = names_in(kernel)
    names = {name: fresh(name.lstrip("_"), taken) for name in known if name in wanted}

    def visit(node: Node) -> Node:
        if isinstance(node, Call) and _meant(node) in names:
            function = known[_meant(node)]
            return replace(node, name=names[function.name], type=function.returns)
        return node

    helpers = tuple(
        replace(function, name=names[name], body=rewrite_body(function.body, visit)) for name, function in known.items() if name in names
    )
    own_functions = tuple(replace(f, body=rewrite_body(f.body, visit)) for f in kernel.functions)
    return replace(kernel, body=rewrite_body(kernel.body, visit), functions=(*helpers, *own_functions))


def with_reinterpretations(kernel: Kernel, style: Style) -> Kernel:
    """``kernel`` with a helper for each ``__float_as_int`` and its like."""
    printer, taken = Printer(style), names_in(kernel)
    helpers: dict[str, Function] = {}

    def visit(node: Node) -> Node:
        if not (isinstance(node, Call) and REINTERPRETED.match(node.name)):
            return node
        if node.name not in helpers:
            source, target = element_of(node.arguments[0].type), node.type
            name = fresh(node.name.lstrip("_"), taken)
            helpers[node.name] = _reinterpreting(name, source, target, printer)
        return replace(node, name=helpers[node.name].name)

    body = rewrite_body(kernel.body, visit)
    functions = tuple(replace(f, body=rewrite_body(f.body, visit)) for f in kernel.functions)
    return replace(kernel, body=body, functions=(*helpers.values(), *functions)) if helpers else kernel


def without_counterpart(kernel: Kernel) -> Call | None:
    """A call of something that only CUDA has and for which no helper is known."""
    bodies = (kernel.body, *(f.body for f in kernel.functions))
    calls = (n for body in bodies for n in walk(body) if isinstance(n, Call))
    return next((c for c in calls if c.name in OTHER_CALLS and c.name.startswith(("__", "clock")) and "builtin" not in c.name), None)


def _reinterpreting(name: str, source: Scalar, target: Scalar, printer: Printer) -> Function:
    reason = "a number's bits are read as another type"

    def text(words: str) -> Evaluate:
        return Evaluate(Opaque(words, reason))

    union = text(f"union {{ {printer.type(source)} from; {printer.type(target)} to; }} bits;")
    return Function(name, (Param("x", source),), target, (union, text("bits.from = x;"), Return(Opaque("bits.to", reason, target))))


def _meanings_if_called(kernel: Kernel) -> dict[str, Function]:
    """All meanings where ``kernel`` calls one of them; reading them takes time that other kernels need not wait for."""
    called = {n.name for part in (kernel.body, *(f.body for f in kernel.functions)) for n in walk(part) if isinstance(n, Call)}
    return scalar_meanings() if called & {name for _, name, _ in _signatures()} else {}


def _meant(call: Call) -> str:
    unsigned = call.name == "__dp4a" and element_of(call.arguments[0].type).kind == "uint"
    return "__udp4a" if unsigned else call.name


def _needed(kernel: Kernel, known: dict[str, Function]) -> set[str]:
    """Names of the functions that the kernel calls, itself or through others."""
    found: set[str] = set()
    todo = [kernel.body, *(f.body for f in kernel.functions)]
    while todo:
        new = {_meant(n) for n in walk(todo.pop()) if isinstance(n, Call)} & set(known) - found
        found |= new
        todo += [known[name].body for name in new]
    return found


__all__ = ["scalar_meanings", "with_definitions", "with_reinterpretations", "without_counterpart"]
