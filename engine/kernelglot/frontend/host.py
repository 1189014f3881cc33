"""Where host code launches kernels, with what grid, block, shared memory and arguments.

``read(root, kernels)`` evaluates the host code of a file (``main`` and what it calls, else every launcher that nobody calls) and returns a
``LaunchSite`` for each launch. Quantities come twice: as the value they have for the sizes in the file (None where unknown) and as an
expression over the kernel's scalar parameters where the host computes them from the variables it passes. ``overrides`` (root key -> value)
replaces what the host sets to a plain literal or receives from outside, so that the same launch can be had for other sizes, consistently.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from tree_sitter import Node

from ..ir.nodes import Expr, Kernel, Literal, Select, Span, Var
from ..ir.types import I32, I64, U32, element_of
from ..ir.types import Pointer as PointerType
from ..ir.walk import rewrite, walk
from .host_calls import ALLOCATIONS
from .host_declare import DIM3
from .host_evaluate import Evaluator, Exhausted, Root
from .host_expressions import call_name, spread, value_of_node
from .host_scan import Program, declarator_name, fragment, misread_declarations, parse, scan, text_of
from .host_statements import assigned_names
from .host_values import (
    Cell,
    External,
    Memory,
    Number,
    Pointer,
    Reference,
    Signal,
    Struct,
    TypeName,
    convert,
    literal,
    per_element,
    roots_of,
    substitute_terms,
)
from .parsing import Source


@dataclass(frozen=True, slots=True)
class BufferFact:
    """What the host passes for a pointer. ``elements`` is what remains behind the pointer, in elements of the kernel's type."""

    name: str                           # the host's name of the allocation
    elements: int | None
    count: Expr | None                  # the same over the kernel's parameters
    term: Expr | None                   # the same over the host's roots
    low: int | float | None = None      # content, where the host fills it in a way that was understood
    high: int | float | None = None
    written: bool = False               # the host stores something before the launch (or clears it)
    allocation: int = 0                 # equal for pointers into one allocation
    offset: int | None = 0              # elements from its start
    external: bool = False              # allocated by a caller that is not in the file


@dataclass(frozen=True, slots=True)
class ScalarFact:
    """What the host passes by value; ``term`` is over the host's roots."""

    value: int | float | None
    term: Expr | None = None


@dataclass(frozen=True, slots=True)
class LaunchSite:
    """One launch. ``grid`` in blocks, ``block`` in threads, ``shared`` in bytes: expressions over the kernel's scalar parameters, literals
    where the host's variables are not parameters, None where unknown. ``*_values`` are the numbers for the sizes in the file."""

    kernel: str
    symbol: str
    grid: tuple[Expr | None, ...]
    block: tuple[Expr | None, ...]
    shared: Expr | None
    grid_values: tuple[int | None, ...]
    block_values: tuple[int | None, ...]
    shared_value: int | None
    arguments: Mapping[str, BufferFact | ScalarFact | None]
    function: str
    span: Span
    kind: str = ""                                              # BANG: "block", "union1", "union4" ...
    conditions: tuple[tuple[Expr, bool], ...] = ()              # over roots: what must hold for this launch to happen
    grid_terms: tuple[Expr | None, ...] = ()                    # over roots
    block_terms: tuple[Expr | None, ...] = ()
    template_roots: frozenset[str] = frozenset()                # keys of roots that template arguments depend on
    grid_open: tuple[Expr | None, ...] = ()                     # as ``grid``, with the roots that are variables of a host function kept
    shared_open: Expr | None = None                             # as ``shared``, likewise


@dataclass(frozen=True, slots=True)
class HostFacts:
    """``roots`` by key; ``fixed`` are names of macros and constants at file scope; ``symbols`` the content of ``__constant__`` arrays."""

    sites: tuple[LaunchSite, ...]
    roots: Mapping[str, Root] = field(default_factory=dict)
    values: Mapping[str, int | float] = field(default_factory=dict)
    global_roots: frozenset[str] = frozenset()
    symbols: Mapping[str, tuple] = field(default_factory=dict)
    complete: bool = True
    candidates: Mapping[str, tuple[int, ...]] = field(default_factory=dict)     # root -> values the host compares it with
    overrides: Mapping[str, int | float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()         # sentences: what was believed on the way


def read(source: bytes | Node | Source, kernels: Iterable[Kernel], overrides: Mapping[str, int | float] | None = None) -> HostFacts:
    """The launches of ``kernels`` in a file; ``source`` is its text (UTF-8) or what was already parsed."""
    return host_code(source, kernels).read(overrides or {})


def host_code(source: bytes | Node | Source, kernels: Iterable[Kernel]) -> HostCode:
    """A file ready to be evaluated several times."""
    if isinstance(source, bytes):
        source = parse(source)
    program = scan(source.roots, source.text) if isinstance(source, Source) else scan(source)
    return HostCode(program, tuple(kernels))


@dataclass(slots=True)
class HostCode:
    """One scanned file, to be evaluated as often as needed with different overrides."""

    program: Program
    kernels: tuple[Kernel, ...]
    _relevant: Mapping[str, frozenset[str]] | None = None
    _launching: frozenset[str] | None = None

    def read(self, overrides: Mapping[str, int | float] | None = None) -> HostFacts:
        if self._relevant is None:
            self._launching = _launching_functions(self.program)
            self._relevant = _relevant_names(self.program, self._launching)
        sites: list[LaunchSite] = []
        names = frozenset(kernel.name for kernel in self.kernels)
        plain = frozenset(kernel.name for kernel in self.kernels if kernel.dialect in ("c", "vnni", "cpp"))
        complete = True

        def launched(ev: Evaluator, node: Node, function: Node, configuration: list[Node], arguments: list[Node],
                     values: list | None = None) -> None:
            site = _site(ev, self.kernels, node, function, configuration, arguments, values, global_roots)
            if site is not None and len(sites) < 64:
                sites.append(site)

        global_roots: frozenset[str] = frozenset()
        evaluator = Evaluator(self.program, dict(overrides or {}), names, launched, bool(plain), relevant=self._relevant,
                              launching=self._launching)
        evaluator.scopes = [{}]
        try:
            for declaration in self.program.globals:
                with suppress(Signal):
                    evaluator.declaration(declaration)
            _enumerators(evaluator)
            global_roots = frozenset(evaluator.roots)
            for function in self._entries(names | plain):
                before = len(sites)
                evaluator.enter(function)
                if function.name == "main" and len(sites) == before:       # it asks for arguments
                    evaluator.arguments = None
                    evaluator.enter(function)
                if function.name == "main" and len(sites) > before and {site.kernel for site in sites} >= names:
                    break
        except (Exhausted, RecursionError):
            complete, global_roots = False, frozenset()
        symbols = {name: memory.content() for name, memory in evaluator.symbols.items()}
        return HostFacts(tuple(_distinct(sites)), dict(evaluator.roots), dict(evaluator.values), global_roots, symbols, complete,
                         _compared(self.program, evaluator.roots), dict(overrides or {}), tuple(dict.fromkeys(evaluator.notes)))

    def _entries(self, kernels: frozenset[str]) -> list:
        """``main`` first, then functions that launch something and that no other function calls."""
        functions = [function for function in self.program.functions.values() if not function.device and function.name not in kernels]
        called = {name for function in functions for name in _called(function.node) if name != function.plain_name}
        main = [function for function in functions if function.name == "main"]
        rest = [function for function in functions if function.name != "main" and function.plain_name in self._launching]
        # a launcher that main calls was already seen from there; it is entered on its own only where nobody calls it
        return main + [function for function in rest if function.plain_name not in called]


def _distinct(sites: list[LaunchSite]) -> list[LaunchSite]:
    seen: dict[tuple, LaunchSite] = {}
    for site in sites:
        seen.setdefault((site.symbol, site.span.start, site.grid_values, site.conditions), site)
    return list(seen.values())


def _called(node: Node) -> set[str]:
    names, stack = set(), [node]
    while stack:
        current = stack.pop()
        if current.type == "call_expression":
            names.add(_called_name(current))
        stack.extend(current.named_children)
    return names


def _called_name(call: Node) -> str:
    """The name that a call names; a method's without its object."""
    function = call.child_by_field_name("function")
    field = function.child_by_field_name("field") if function.type == "field_expression" else None
    return call_name(function)[0] if field is None else text_of(field.child_by_field_name("name") or field)


def _launching_functions(program: Program) -> frozenset[str]:
    """Host functions that launch a kernel or allocate device memory, themselves or through what they call."""
    kernels = {function.plain_name for function in program.functions.values() if function.device}
    listed = [*(function for function in program.functions.values() if not function.device),
              *(function for each in program.constructors.values() for function in each)]
    calls = {function.plain_name: _called(function.node) for function in listed}
    texts = {function.plain_name: text_of(function.node) for function in listed}
    direct = {name for name, called in calls.items() if "<<<" in texts[name] or called & ALLOCATIONS or called & kernels or any(
        "LaunchKernel" in each for each in called)}
    while True:
        grown = direct | {name for name, called in calls.items() if called & direct}
        if grown == direct:
            return frozenset(direct)
        direct = grown


def _relevant_names(program: Program, launching: frozenset[str]) -> dict[str, frozenset[str]]:
    """By function: variables that sizes, launches, allocations or the function's result may depend on, by name: a superset."""
    listed = [*(function for function in program.functions.values() if not function.device),
              *(function for each in program.constructors.values() for function in each)]
    return {function.name: _relevant_in(function.node, launching) | _fields_of(program, function.owner) for function in listed}


def _fields_of(program: Program, owner: str) -> frozenset[str]:
    """The fields of a class: what a method leaves in them is used elsewhere."""
    return frozenset(text_of(declarator_name(declarator)) for declaration in program.structs.get(owner, ())
                     for declarator in declaration.children_by_field_name("declarator"))


def _relevant_in(function: Node, launching: frozenset[str]) -> frozenset[str]:
    uses: dict[str, set[str]] = {}
    seeds: set[str] = set()
    head = function.text[: function.child_by_field_name("body").start_byte - function.start_byte].decode("utf-8", "replace")
    if "&" in head or "*" in head:      # results may leave through parameters
        seeds |= _identifiers(function.child_by_field_name("declarator"))
    stack = [function.child_by_field_name("body")]
    while stack:
        node = stack.pop()
        if node.type == "kernel_call_syntax" and node.parent is not None:
            seeds |= _identifiers(node.parent)
        elif node.type == "call_expression":
            name = _called_name(node)
            if name in ALLOCATIONS or name in launching or name in ("malloc", "resize") or "LaunchKernel" in name:
                seeds |= _identifiers(node)
        elif node.type == "return_statement" and text_of(function.child_by_field_name("type")) not in ("void", "cudaError_t") and (
                call_name_of(function) != "main"):
            seeds |= _identifiers(node)
        elif node.type == "init_declarator" or (node.type == "declaration" and node.child_by_field_name("value") is not None):
            for target in _identifiers(node.child_by_field_name("declarator")):
                uses.setdefault(target, set()).update(_identifiers(node.child_by_field_name("value")))
        elif node.type == "function_declarator":
            name = next(iter(node.named_children), None)
            if name is not None:
                uses.setdefault(text_of(name), set()).update(_identifiers(node))
        elif node.type == "assignment_expression":
            for target in assigned_names(node):
                uses.setdefault(target, set()).update(_identifiers(node))
        stack.extend(misread_declarations(node) or node.named_children)
    while True:
        grown = seeds.union(*(uses.get(name, ()) for name in seeds)) if seeds else seeds
        if grown == seeds:
            return frozenset(seeds)
        seeds = set(grown)


def call_name_of(function: Node) -> str:
    declarator = function.child_by_field_name("declarator")
    while declarator is not None and declarator.type != "function_declarator":
        declarator = declarator.child_by_field_name("declarator")
    return "" if declarator is None else text_of(declarator.child_by_field_name("declarator"))


def _identifiers(node: Node | None) -> set[str]:
    names: set[str] = set()
    stack = [node] if node is not None else []
    while stack:
        current = stack.pop()
        if current.type in ("identifier", "type_identifier"):
            names.add(text_of(current))
        stack.extend(current.named_children)
    return names


def _compared(program: Program, roots: Mapping[str, Root]) -> dict[str, tuple[int, ...]]:
    """Integers that host code compares a root with (``kernel_size == 3``, ``case 5:``)."""
    found: dict[str, set[int]] = {}
    given = {root.name: key for key, root in roots.items() if root.integer}
    stack = [function.node for function in program.functions.values() if not function.device]
    while stack:
        node = stack.pop()
        if node.type == "binary_expression" and text_of(node.child_by_field_name("operator")) in ("==", "<=", ">=", "<", ">"):
            sides = text_of(node.child_by_field_name("left")), text_of(node.child_by_field_name("right"))
            for name, number in (sides, sides[::-1]):
                if name in given and number.isdigit():
                    found.setdefault(given[name], set()).add(int(number))
        elif node.type == "switch_statement":
            name = text_of(node.child_by_field_name("condition")).strip("() ")
            for case in node.child_by_field_name("body").named_children:
                label = text_of(case.child_by_field_name("value"))
                if name in given and label.isdigit():
                    found.setdefault(given[name], set()).add(int(label))
        stack.extend(node.named_children)
    return {key: tuple(sorted(values)) for key, values in found.items()}


def _enumerators(ev: Evaluator) -> None:
    for enum in ev.program.enums:
        body, following = enum.child_by_field_name("body"), 0
        for child in body.named_children if body is not None else ():
            if child.type == "enumerator":
                value = child.child_by_field_name("value")
                number = ev.number(value).value if value is not None else following
                following = int(number) + 1 if number is not None else 0
                name = text_of(child.child_by_field_name("name"))
                ev.scopes[0].setdefault(name, Cell(name, literal(number) if number is not None else Number()))


def same_symbol(site: str, kernel: str) -> bool:
    """Whether a launch names a kernel, given that it may leave out the namespaces around it."""
    one, other = normal_symbol(site), normal_symbol(kernel)
    return one == other or other.endswith(f"::{one}")


# ---- one launch ----------------------------------------------------------------------------------------------------------------------


def normal_symbol(symbol: str) -> str:
    """A kernel symbol without the spaces and ``>>`` habits that authors differ in."""
    return re.sub(r"\s+", "", symbol).removeprefix("::")


def _site(ev: Evaluator, kernels: Sequence[Kernel], node: Node, function: Node, configuration: list[Node], arguments: list[Node],
          values: list | None, global_roots: frozenset[str]) -> LaunchSite | None:
    name, spelled = call_name(function)
    variable = ev.lookup(name)
    if variable is not None:            # a pointer to a kernel
        value = ev.read(variable.value.cell) if isinstance(variable.value, Reference) else variable.value
        nodes = fragment(f"{value.name}()") if isinstance(value, External) else ()
        if not nodes or nodes[0].type != "call_expression":
            return None
        name, spelled = call_name(nodes[0].child_by_field_name("function"))
    evaluated = tuple(_template_argument(ev, text) for text in spelled)
    symbol = f"{name}<{', '.join(evaluated)}>" if evaluated else name
    same = [kernel for kernel in kernels if kernel.name == name]
    if not same:
        return None
    spellings = {normal_symbol(symbol), normal_symbol(f"{name}<{', '.join(spelled)}>")}
    kernel = next((each for each in same if normal_symbol(each.symbol or each.name) in spellings), same[0])
    results = values if values is not None else spread(ev, arguments, value_of_node)
    bang = kernel.dialect == "bang"
    grid = _dimensions(ev, configuration[0] if configuration else None)
    block = _dimensions(ev, configuration[1] if len(configuration) > 1 and not bang else None)
    shared = ev.number(configuration[2]) if len(configuration) > 2 and not bang else literal(0)
    kind = _task_kind(ev, configuration[1]) if bang and len(configuration) > 1 else ""
    results = [ev.as_number(result) if isinstance(result, External) and not isinstance(param.type, PointerType) else result
               for param, result in zip(kernel.params, _parts(ev, kernel, results))]
    names = [(result.term, Var(param.name, element_of(param.type))) for param, result in zip(kernel.params, map(ev_number, results))
             if result is not None and roots_of(result.term) and not isinstance(param.type, PointerType)]
    names.sort(key=lambda item: not isinstance(item[0], Var))
    facts = {param.name: _fact(ev, param, result, names) for param, result in zip(kernel.params, results)}
    start = node.start_byte
    templates = frozenset(key for text in spelled if text in ev.program.macros or ev.lookup(text) is not None or not text.isidentifier()
                          for key in roots_of(ev.parsed_number(text).term))
    sized = {key for number in block for key in roots_of(number.term)}
    constants = global_roots | {key for key in ev.roots if key.endswith("@#define")}
    fixed = constants | templates | sized
    # a constant that says how large a block is stays one, though an argument may have its value
    of_block = templates | constants & sized
    names = [(term, variable) for term, variable in names if not roots_of(term) <= of_block]
    grid, shared = tuple(_settled(number, block) for number in grid), _settled(shared, block)
    block = tuple(_settled(number, block) for number in block)
    return LaunchSite(
        name, symbol,
        tuple(_over_parameters(ev, number, names) for number in grid), tuple(_over_parameters(ev, number, names) for number in block),
        _over_parameters(ev, shared, names),
        tuple(_whole(number) for number in grid), tuple(_whole(number) for number in block), _whole(shared),
        facts, ev.function, Span(start, node.end_byte, node.start_point[0] + 1), kind, tuple(ev.conditions),
        tuple(number.term for number in grid), tuple(number.term for number in block), templates,
        tuple(_open(ev, number, names, fixed) for number in grid), _open(ev, shared, names, fixed))


def _parts(ev: Evaluator, kernel: Kernel, results: list) -> list:
    """What is passed for each parameter of the IR, where the author's kernel takes structures."""
    if not kernel.source_params:
        return results
    listed = []
    symbols = [_symbol(ev, source.name) for source in kernel.source_params if source.symbol]
    own = sum(1 for source in kernel.source_params if not source.symbol)
    for source, value in zip(kernel.source_params, [*(results + [None] * own)[:own], *symbols]):
        value = ev.read(value.cell) if isinstance(value, Reference) else value
        listed += [value if not member else _member(ev, value, member) for member, _ in source.parts]
    return listed


def _symbol(ev: Evaluator, name: str) -> object:
    """What lies in ``__constant__`` memory when a kernel starts: as long as it is declared, filled with what was copied there."""
    cell = ev.scopes[0].get(name.rsplit("::", 1)[-1])
    value, source = cell.value if cell is not None else None, ev.symbols.get(name.rsplit("::", 1)[-1])
    if isinstance(value, Memory) and source is not None:
        value.low, value.high = source.content()
        value.written, value.unclear = True, value.low is None
    return value


def _member(ev: Evaluator, value: object, path: str) -> object:
    """``p.extents[2]`` of a structure's value; unknown where it is not known that far."""
    for name, index in re.findall(r"(\w+)|\[(\d+)\]", path):
        if name:
            cell = value.fields.get(name) if isinstance(value, Struct) else None
            value = cell.value if cell is not None else External(f"{value.name}.{name}") if isinstance(value, External) else None
        else:
            value = ev.element(value, literal(int(index))) if isinstance(value, Memory) else None
    return value


def ev_number(value: object) -> Number | None:
    return value if isinstance(value, Number) else None


def _whole(number: Number) -> int | None:
    return None if number.value is None else int(number.value)


def _template_argument(ev: Evaluator, text: str) -> str:
    named = re.fullmatch(r"[A-Za-z_][\w:\s]*\*?", text.strip())
    if ev.lookup(text) is not None or text in ev.program.macros or not named and re.fullmatch(r"[\w\s+\-*/%()<>&|:]+", text):
        number = ev.parsed_number(text)
        return str(number.value) if number.value is not None else text
    if text in ev.bound:
        return ev.bound[text]
    alias = ev.program.aliases.get(text)
    return alias.base if alias is not None and not alias.pointers and not alias.arguments else text


def _dimensions(ev: Evaluator, node: Node | None) -> tuple[Number, Number, Number]:
    one = literal(1, U32)
    if node is None:
        return one, one, one
    value = ev.value(node)
    if isinstance(value, Reference):
        value = ev.read(value.cell)
    if isinstance(value, Struct) and len(value.fields) >= 3:
        numbers = [cell.value if isinstance(cell.value, Number) else Number() for cell in value.fields.values()]
        return numbers[0], numbers[1], numbers[2]
    if isinstance(value, Number):
        return convert(value, U32), one, one
    built = ev.construct(_DIM3_TYPE, [value], "", -1) if value is not None and not isinstance(value, (Memory, Pointer)) else None
    if isinstance(built, Struct):
        numbers = [ev.as_number(cell.value) for cell in built.fields.values()]
        return numbers[0], numbers[1], numbers[2]
    return Number(), Number(), Number()


def _task_kind(ev: Evaluator, node: Node) -> str:
    spelled = text_of(node)
    cell = ev.lookup(spelled)
    number = ev.number(node).value
    found = re.search(r"(?i)(block|union\d+)", spelled)
    if found:
        return found[1].lower()
    if cell is not None and number:
        return {1: "block", 4: "union1", 8: "union2", 16: "union4", 32: "union8"}.get(int(number), "")
    return ""


def _settled(number: Number, block: tuple[Number, ...]) -> Number:
    """``number`` where an extent of the block that the host chooses (``n < 512 ? 128 : 256``) is what it is in this launch."""
    chosen = {each.term: Literal(int(each.value), I32) for each in block
              if each.term is not None and each.value is not None and any(isinstance(part, Select) for part in walk(each.term))}
    if not chosen or number.term is None:
        return number
    return replace(number, term=rewrite(number.term, lambda node: chosen.get(node, node)))  # type: ignore[arg-type,call-overload]


def _over_parameters(ev: Evaluator, number: Number, names: list[tuple[Expr, Var]]) -> Expr | None:
    if number.term is not None and roots_of(number.term):
        expr, _ = substitute_terms(number.term, names, ev.values)
        if roots_of(expr) <= {variable.name for _, variable in names}:
            return expr
    return None if number.value is None else Literal(int(number.value), I32)


def _open(ev: Evaluator, number: Number, names: list[tuple[Expr, Var]], fixed: frozenset[str]) -> Expr | None:
    """``number`` over the kernel's parameters and those roots that are not ``fixed``; None where all of it is known to the kernel."""
    if number.term is None or not roots_of(number.term):
        return None
    known = {key: value for key, value in ev.values.items() if key in fixed}
    expr, _ = substitute_terms(number.term, names, known)
    return expr if roots_of(expr) - {variable.name for _, variable in names} else None


def _fact(ev: Evaluator, param, value: object, names: list[tuple[Expr, Var]]) -> BufferFact | ScalarFact | None:
    if isinstance(value, Reference):
        value = ev.read(value.cell)
    if isinstance(value, Memory):
        value = Pointer(value, literal(0), value.element)
    if not isinstance(param.type, PointerType):
        if not isinstance(value, Number):
            return None
        converted = convert(value, element_of(param.type))
        return ScalarFact(converted.value, value.term)
    if isinstance(value, External):
        value = Pointer(ev.outside(value.name, element_of(param.type)), literal(0), element_of(param.type))
    if not isinstance(value, Pointer):
        return None
    memory, width = value.memory, element_of(param.type).bytes
    whole = per_element(memory.size, width)
    offset = per_element(convert(value.offset, I64), width)
    left = whole
    if offset.value != 0:
        left = Number(None if whole.value is None or offset.value is None else whole.value - offset.value)
    low, high = memory.content()
    content = memory.written and not memory.external
    count = _over_parameters(ev, left, names) if left.value is not None or left.term is not None else None
    written = memory.copied_in or memory.cleared or (memory.written and not memory.device)
    return BufferFact(memory.name, left.value, count,
                      left.term, low if content else None, high if content else None,
                      written, id(memory), offset.value, memory.external)


_DIM3_TYPE = TypeName(DIM3[0])
