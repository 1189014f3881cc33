"""Text -> kernels of the IR: ``lower``.

What can't be lowered is a ``Problem`` with a sentence and a place, or an ``Opaque`` node; never an exception.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from ..ir.nodes import Call, Constant, ConstantDecl, Declare, Function, Kernel, Literal, Node, Opaque, SourceParam, Span, Var
from ..ir.types import Array, Scalar
from ..ir.walk import walk
from .context import Unit
from .file import File
from .kinds import Restart, Scope_, Unsupported
from .preprocess import local_files, preprocess
from .spelling import Spelling
from .syntax import Item, Launch, deepest, first_error
from .templates import Instance, describe, is_type_parameter, template_name

Named = TypeVar("Named", ConstantDecl, Function)
DEEPEST_TREE = 160  # levels of syntax below a function; more is no code that people write


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something was not lowered, or is suspect. ``code`` is stable; ``fix`` is a line that can be pasted, or empty."""

    code: str
    reason: str
    span: Span
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Module:
    """The kernels of one file with everything they use. ``items`` are the top-level items of the preprocessed text."""

    kernels: tuple[Kernel, ...]
    problems: tuple[Problem, ...]
    outline: tuple[Item, ...] = field(default=(), repr=False)
    launches: tuple[Launch, ...] = field(default=(), repr=False)
    file: File | None = field(default=None, repr=False, compare=False)

    def kernel(self, name: str) -> Kernel:
        """The kernel with that symbol or, where there is only one, name; KeyError otherwise."""
        found = [k for k in self.kernels if k.symbol == name] or [k for k in self.kernels if k.name == name]
        if not found:
            raise KeyError(name)
        return found[0]


def lower(text: str, spelling: Spelling, path: str = "") -> Module:
    """Every kernel of a file, one for each instance of a template. ``path`` finds quoted includes and tells C++ from C."""
    expanded = preprocess(text, spelling, local_files(path) if path else None)
    file = File(text, expanded, spelling, path)
    kernels: list[Kernel] = []
    problems = [Problem("macro", sentence, file.plain_span(offset)) for sentence, offset in expanded.problems]
    for item in file.items:
        if item.kind != "kernel":
            continue
        span = item.name_span or item.span
        where = file.span(span.start, span.end)
        if deepest(item.node, DEEPEST_TREE):
            problems.append(Problem("nested", f"`{item.name}` is nested more than {DEEPEST_TREE} levels deep", where))
            continue
        if item.has_error:
            problems.append(_syntax_problem(item, file))
            declarator = item.node.child_by_field_name("declarator")
            if item.body is None or declarator is None or declarator.has_error:
                continue
        try:
            instances = file.instances(item)
        except Unsupported as problem:
            problems.append(Problem("unsupported", problem.reason, where))
            continue
        if instances:
            problems += _unresolved(item, file)
        else:
            problems.append(_uninstantiated(item, file, where))
        for instance in instances:
            try:
                kernel, notes = _kernel(instance, file)
            except Unsupported as problem:
                place = file.span(problem.node.start_byte, problem.node.end_byte) if problem.node is not None else where
                problems.append(Problem("unsupported", f"`{instance.symbol}`: {problem.reason}", place))
            except RecursionError:
                problems.append(Problem("nested", f"`{item.name}` is nested too deeply", where))
            else:
                kernels.append(kernel)
                problems += notes
                problems += _opaque_problems(kernel, where)
    problems += _unread(file)
    return Module(tuple(kernels), tuple(problems), file.items, file.launches(), file)


def _kernel(instance: Instance, file: File) -> tuple[Kernel, list[Problem]]:
    item, unit = instance.item, Unit()
    while True:
        constants = _template_constants(instance, file)
        scope = Scope_(instance.scope)
        scope.values.update({name: Constant(name, decl.value, decl.type) for name, decl in constants.items()})  # type: ignore[arg-type]
        body = file.body(unit, item.name, Scope_(scope))
        unit.constants, unit.notes, unit.inlined = dict(constants), [], 0
        unit.functions, unit.function_names, unit.stack = {}, {}, [item.name]
        try:
            params, statements = body.kernel(item.node)
            bounds = _launch_bounds(item, body)
            break
        except Restart:
            continue
    kernel = Kernel(
        item.name,
        params,
        statements,
        in_file_order(unit.functions.values()),
        in_file_order(unit.constants.values()),
        symbol=instance.symbol,
        dialect=file.spelling.dialect,
        launch_bounds=bounds,
        comment=file.leading_comment(item),
        names=tuple(body.given.items()),
        span=file.span((item.whole or item.node).start_byte, (item.whole or item.node).end_byte),
        name_span=file.span(item.name_span.start, item.name_span.end) if item.name_span else None,
    )
    kernel = _without_unused_shared(kernel)
    kernel = _with_source_params(kernel, [*body.source_params, *body.symbol_sources])
    used = {node.name for node in walk([*kernel.body, *kernel.functions]) if isinstance(node, Constant)} | _in_types(kernel)
    kept = tuple(c for c in kernel.constants if c.name not in constants or c.name in used)
    notes = {(code, sentence, file.span(node.start_byte, node.end_byte)) for code, sentence, node in unit.notes}
    return replace(kernel, constants=kept), [Problem(*note) for note in sorted(notes, key=lambda note: note[2].start)]


def in_file_order(found: Iterable[Named]) -> tuple[Named, ...]:
    """Declarations in the order of the file, each after those it mentions."""
    ordered = sorted(found, key=lambda each: each.span.start if each.span is not None else -1)
    known = {each.name: each for each in ordered}
    result: dict[str, Named] = {}
    for each in ordered:
        stack = [each]
        while stack:
            missing = [known[name] for name in _mentions(stack[-1]) if name in known and name not in result and known[name] not in stack]
            if missing:
                stack.append(missing[0])
            else:
                result.setdefault(stack[-1].name, stack.pop())
    return tuple(result.values())


def _mentions(decl: ConstantDecl | Function) -> list[str]:
    if isinstance(decl, Function):
        return [node.name for node in walk(decl.body) if isinstance(node, Call)]
    extents = decl.type.shape if isinstance(decl.type, Array) else ()
    inside = [node.name for extent in extents if isinstance(extent, Node) for node in walk(extent) if isinstance(node, Constant)]
    return [*inside, *re.findall(r"[A-Za-z_]\w*", decl.text)]


def _without_unused_shared(kernel: Kernel) -> Kernel:
    """Dynamic shared memory that was divided among other arrays is no array itself any more."""
    used = {node.name for node in walk([*kernel.body, *kernel.functions]) if isinstance(node, Var)}

    def unused(statement: object) -> bool:
        return (
            isinstance(statement, Declare)
            and isinstance(statement.type, Array)
            and statement.type.shape[:1] == (0,)
            and (statement.name not in used)
        )

    return replace(kernel, body=tuple(statement for statement in kernel.body if not unused(statement)))


def _with_source_params(kernel: Kernel, source_params: list[SourceParam]) -> Kernel:
    """Only the members of a structure that the kernel uses stay parameters."""
    if not any(param.structure or param.symbol for param in source_params):
        return kernel
    variables = {node.name for node in walk([*kernel.body, *kernel.functions]) if isinstance(node, Var)}
    unused = {name for param in source_params if param.structure or param.symbol for _, name in param.parts if name not in variables}
    kept = tuple(replace(param, parts=tuple(part for part in param.parts if part[1] not in unused)) for param in source_params)
    return replace(kernel, params=tuple(param for param in kernel.params if param.name not in unused), source_params=kept)


def _in_types(kernel: Kernel) -> set[str]:
    """Names of constants that occur in the extents of arrays."""
    names: set[str] = set()
    for node in walk([*kernel.body, *(s for f in kernel.functions for s in f.body)]):
        shape = getattr(getattr(node, "type", None), "shape", ())
        for extent in shape if isinstance(shape, tuple) else ():
            if not isinstance(extent, int):
                names |= {part.name for part in walk(extent) if isinstance(part, Constant)}
    return names


def _template_constants(instance: Instance, file: File) -> dict[str, ConstantDecl]:
    """Template numbers of a kernel keep their names, where no other constant has it."""
    found = {}
    for name, value in instance.scope.values.items():
        if isinstance(value, Literal) and isinstance(value.type, Scalar) and name not in file.reserved:
            found[name] = ConstantDecl(name, value.type, value.value, spelled="constexpr")
    return found


def _launch_bounds(item: Item, body: object) -> int:
    from .body import Body

    assert isinstance(body, Body)
    for child in item.node.children:
        if child.type == "launch_bounds" and child.named_children:
            try:
                return body.integer(child.named_children[0])
            except Unsupported:
                return 0
    return 0


def _opaque_problems(kernel: Kernel, where: Span) -> Iterable[Problem]:
    """One note for each place of a kernel that lies outside the subset."""
    seen = set()
    for node in walk([*kernel.body, *kernel.functions]):
        if isinstance(node, Opaque) and (node.reason, node.span) not in seen:
            seen.add((node.reason, node.span))
            yield Problem("opaque", node.reason, node.span or where)


def _syntax_problem(item: Item, file: File) -> Problem:
    error = first_error(item.whole or item.node) or item.node
    span = file.span(error.start_byte, error.end_byte)
    what = f"`{error.type}` is missing" if error.is_missing else f"near `{file.original(error.start_byte, error.end_byte)[:40].strip()}`"
    return Problem("syntax", f"a syntax error in `{item.name}`, {what}", span)


def _unread(file: File) -> Iterable[Problem]:
    """Kernels that a syntax error hides altogether."""
    if not file.source.has_error:
        return
    covered = [(item.span.start, item.span.end) for item in file.items if item.kind in ("kernel", "declaration", "instantiation")]
    covered += [
        ((i.whole or i.node).start_byte, (i.whole or i.node).end_byte)
        for i in file.items
        if i.kind in ("kernel", "declaration", "instantiation")
    ]
    for match in re.finditer(rb"(?m)^[^/\n\"]*?(\b__global__\b)", file.source.masked):
        start = match.start(1)
        if not any(first <= start < last for first, last in covered):
            yield Problem("syntax", "a kernel here is not read: a syntax error hides where it begins or ends", file.span(start, start + 10))


def _unresolved(item: Item, file: File) -> Iterable[Problem]:
    """Launches of a template that has other instances: what they launch is not translated."""
    for launch in file.unresolved:
        if launch.kernel == item.name:
            span = file.span(launch.node.start_byte, launch.node.end_byte)
            reason = f"a launch of `{item.name}` has template arguments that this file does not tell: a lambda, or a type from elsewhere"
            yield Problem("template", reason, span)


def _uninstantiated(item: Item, file: File, where: Span) -> Problem:
    """A template that nothing instantiates, with a line that would."""
    info = file.kernel_info(item)
    scope = Scope_(file.scope)
    body = file.body(scope=scope)
    words = []
    for parameter in info.template:
        name = template_name(parameter, body)
        default = parameter.child_by_field_name("default_type") or parameter.child_by_field_name("default_value")
        if default is not None:
            words.append(body.text(default))
        elif is_type_parameter(parameter):
            words.append("float")
        else:
            words.append("true" if "bool" in body.text(parameter) else "256")
        try:
            if is_type_parameter(parameter):
                scope.types[name] = body.named_type(words[-1], item.node)
            else:
                scope.values[name] = Literal(int(words[-1]) if words[-1].isdigit() else 1)
        except Unsupported:
            continue
    from .inline import parameters

    types = []
    for parameter in parameters(item.node):
        try:
            types.append(describe(body.parameter(parameter)[1]))
        except Unsupported:
            types.append(body.text(parameter))
    fix = f"template __global__ void {item.name}<{', '.join(words)}>({', '.join(types)});"
    return Problem("template", f"`{item.name}` is a template and nothing in this file instantiates it", where, fix)
