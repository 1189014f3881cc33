"""Declarations and constructors in host code, for the evaluator: variables, arrays, ``dim3``, containers and the file's own structs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..ir.nodes import Literal
from ..ir.types import F32, I32, U32, U64
from .host_classes import build
from .host_scan import declare_class, fragment, text_of, type_name
from .host_values import (
    OTHER_BYTES,
    UNKNOWN,
    Cell,
    Draw,
    External,
    Memory,
    Number,
    Pointer,
    Reference,
    Sequence,
    Struct,
    TypeName,
    arithmetic,
    convert,
    literal,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from .host_evaluate import Evaluator

SMALL_ARRAY = 64            # elements
DIM3 = ("dim3", "cnrtDim3_t", "uint3", "int3")


def declaration(ev: Evaluator, node: Node) -> Number:
    """Declare each variable; returns the last value as a number, for ``if (int e = f())``."""
    type_node = node.child_by_field_name("type")
    spelled = text_of(type_node)
    if type_node is not None and type_node.type == "struct_specifier" and type_node.child_by_field_name("body") is not None:
        spelled = text_of(type_node.child_by_field_name("name")) or f"unnamed_{type_node.start_byte}"
        declare_class(ev.program, type_node, (), spelled)
    last: object = UNKNOWN
    values = [node] if node.child_by_field_name("value") is not None and node.child_by_field_name("declarator") is not None else (
        node.children_by_field_name("declarator"))
    for declarator in values:
        last = _declarator(ev, spelled, declarator)
    return last if isinstance(last, Number) else Number()


def _declarator(ev: Evaluator, spelled: str, declarator: Node) -> object:
    value_node = declarator.child_by_field_name("value")
    inner = declarator.child_by_field_name("declarator") if declarator.type in ("init_declarator", "declaration") else declarator
    pointers, reference, extents, arguments = 0, False, [], None
    place = declarator.start_byte
    while inner is not None and inner.type not in ("identifier", "structured_binding_declarator"):
        match inner.type:
            case "pointer_declarator":
                pointers += 1
            case "reference_declarator":
                reference = True
            case "array_declarator":
                size = inner.child_by_field_name("size")
                extents.insert(0, ev.number(size) if size is not None else None)
            case "function_declarator":
                arguments = text_of(inner.child_by_field_name("parameters"))[1:-1]
        inner = inner.child_by_field_name("declarator") or next(
            (child for child in inner.named_children if child.type.endswith(("declarator", "identifier"))), None)
    if inner is None or inner.type != "identifier":
        return UNKNOWN
    name = text_of(inner)
    if spelled == "auto" or spelled.startswith("decltype"):
        type_ = TypeName("auto", pointers, reference) if not pointers else None
        if type_ is not None and type_.base == "auto":
            type_ = None
    else:
        base = type_name(spelled, ev.program.aliases, ev.bound)
        type_ = TypeName(base.base, base.pointers + pointers, reference, tuple(extents), base.arguments)
    if extents:
        return _array(ev, name, type_, extents, value_node, place)
    if arguments is not None:
        if type_ is None or (type_.base == "void" and not type_.pointers):
            return UNKNOWN
        nodes = fragment(arguments)
        return ev.declare(name, type_, construct(ev, type_, [ev.value(each) for each in nodes], name, place), place).value
    if value_node is None:
        return ev.declare(name, type_, construct(ev, type_, [], name, place) if type_ else UNKNOWN, place).value
    if value_node.type == "argument_list" and type_ is None:         # auto x(y)
        value = ev.value(value_node.named_children[0]) if value_node.named_children else UNKNOWN
    elif value_node.type == "argument_list":
        value = construct(ev, type_, [ev.value(each) for each in value_node.named_children], name, place)
    else:
        value = ev.value(value_node)
        if reference and not isinstance(value, Reference):
            target = ev.place(value_node)
            value = Reference(target) if target is not None and not isinstance(value, (Memory, Struct)) else value
        if type_ is not None and (isinstance(value, Sequence) or (isinstance(value, Number) and not type_.pointers and not type_.scalar)):
            value = construct(ev, type_, [value], name, place)
    if reference:
        cell = Cell(name, value, type_, place)
        ev.scopes[-1][name] = cell
        return value
    return ev.declare(name, type_, value, place).value


def _array(ev: Evaluator, name: str, type_: TypeName | None, extents: list, value_node: Node | None, place: int) -> object:
    value = ev.value(value_node) if value_node is not None else UNKNOWN
    memory = array(ev, name, type_, extents, value)
    ev.scopes[-1][name] = Cell(name, memory, type_, place)
    return memory


def array(ev: Evaluator, name: str, type_: TypeName | None, extents: list, value: object) -> Memory:
    """The memory of ``T name[extents]``; the elements of a small one are told apart."""
    if extents[0] is None:
        extents[0] = literal(len(value.items)) if isinstance(value, Sequence) else Number()
    size = literal(bytes_of(replace(type_, extents=()) if type_ is not None else None) or 1, U64)
    for extent in extents:
        size = arithmetic("*", size, extent)
    memory = Memory(name, size, type_.scalar if type_ and not type_.pointers else None)
    if len(extents) == 1 and extents[0].value is not None and 0 < extents[0].value <= SMALL_ARRAY:
        memory.items = [Number(type=memory.element or I32) if memory.element is not None else UNKNOWN] * int(extents[0].value)
    _fill(ev, memory, value)
    return memory


def _fill(ev: Evaluator, memory: Memory, value: object) -> None:
    if not isinstance(value, Sequence):
        return
    items, length = [], len(memory.items or ())
    for index, (_, item, place) in enumerate(value.items):
        if isinstance(item, Number) and isinstance(item.term, Literal):
            item = ev.root(f"{memory.name}[{index}]", place, item)
        items.append(item)
        if isinstance(item, Number):
            memory.store(item)
    if len(items) < length:     # the rest of an initialised array is zero
        memory.store(literal(0, memory.element or I32))
        items += [literal(0, memory.element or I32)] * (length - len(items))
    memory.items = items


def bytes_of(type_: TypeName | None) -> int | None:
    """Bytes of one value of a type; None where unknown."""
    if type_ is None:
        return None
    if type_.pointers:
        return 8
    if type_.scalar is not None:
        return type_.scalar.bytes
    return OTHER_BYTES.get(type_.base)


def construct(ev: Evaluator, type_: TypeName, arguments: list, name: str, place: int) -> object:
    """A value of ``type_`` from constructor arguments or an initialiser list."""
    base = type_.base.removeprefix("std::").removeprefix("thrust::")
    sequence = arguments[0] if len(arguments) == 1 and isinstance(arguments[0], Sequence) else None
    if type_.pointers:
        return arguments[0] if arguments and sequence is None else UNKNOWN
    if type_.base in DIM3:
        return _dim3(ev, sequence, arguments, name, place)
    if base in ("vector", "device_vector", "host_vector", "array", "valarray", "unique_ptr", "shared_ptr"):
        return _vector(ev, base, type_, sequence, arguments, name)
    if base in ("uniform_int_distribution", "uniform_real_distribution") and len(arguments) == 2:
        low, high = (a.range for a in arguments) if all(isinstance(a, Number) for a in arguments) else ((None,) * 2,) * 2
        return Draw(Number(None, None, low[0], high[1], I32 if "int" in base else F32))
    if type_.base in ev.program.structs:
        return build(ev, type_, sequence, arguments, name, place)
    if type_.scalar is not None:
        if sequence is not None:
            arguments = [item for _, item, _ in sequence.items] or [literal(0)]
        return convert(arguments[0], type_.scalar) if arguments and isinstance(arguments[0], Number) else Number(type=type_.scalar)
    # an enumeration or a type from a header: what it was set to
    known = len(arguments) == 1 and isinstance(arguments[0], (Number, Memory, Pointer, Struct))
    return arguments[0] if known and arguments[0] != Number() else External(name)


def _dim3(ev: Evaluator, sequence: Sequence | None, arguments: list, name: str, place: int) -> object:
    items = [item for _, item, _ in sequence.items] if sequence is not None else arguments
    if len(items) == 1 and isinstance(items[0], Struct):
        items = [cell.value for cell in items[0].fields.values()]
    struct = Struct("dim3")
    for axis, item in zip("xyz", [*items, *[literal(1, U32)] * 3]):
        number = convert(item, U32) if isinstance(item, Number) else Number(type=U32)
        struct.fields[axis] = Cell(f"{name}.{axis}", number, TypeName("unsigned"), place)
    return struct


def _vector(ev: Evaluator, base: str, type_: TypeName, sequence: Sequence | None, arguments: list, name: str) -> object:
    inner = type_name(type_.arguments[0], ev.program.aliases, ev.bound) if type_.arguments else TypeName("")
    width = bytes_of(inner if base not in ("unique_ptr", "shared_ptr") else TypeName(inner.base))
    if base in ("unique_ptr", "shared_ptr"):
        return arguments[0] if arguments else UNKNOWN
    if len(arguments) == 1 and isinstance(arguments[0], Memory):
        source = arguments[0]
        copy = Memory(name, source.size, source.element, base == "device_vector", low=source.low, high=source.high, written=source.written,
                      unclear=source.unclear, default=source.default, copied_in=base == "device_vector")
        return copy
    count = Number()
    if base == "array" and len(type_.arguments) == 2:
        count = ev.parsed_number(type_.arguments[1])
    elif sequence is not None:
        count = literal(len(sequence.items), U64)
    elif not arguments:
        count = literal(0, U64)
    elif isinstance(arguments[0], Number):
        count = arguments[0]
    elif isinstance(arguments[0], Pointer) and len(arguments) == 2 and isinstance(arguments[1], Pointer):
        span = arithmetic("-", arguments[1].offset, arguments[0].offset)
        element = arguments[0].element or arguments[0].memory.element
        count = arithmetic("/", span, literal(element.bytes)) if element else Number()
    size = arithmetic("*", convert(count, U64), literal(width, U64)) if width else Number()
    memory = Memory(name, size, inner.scalar if not inner.pointers else None, base == "device_vector")
    memory.default = arguments[1] if len(arguments) == 2 and isinstance(arguments[1], Number) else literal(0)
    if isinstance(arguments[0] if arguments else None, Pointer):
        source = arguments[0].memory
        memory.low, memory.high, memory.written, memory.unclear = source.low, source.high, source.written, source.unclear
    if sequence is not None:
        _fill(ev, memory, sequence)
    return memory
