"""Classes of host code, for the evaluator: constructors, fields with their defaults, methods that see the fields."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..ir.types import I64
from .host_scan import HostFunction, declarator_name, text_of, type_name
from .host_values import UNKNOWN, Cell, Memory, Number, Pointer, Sequence, Struct, TypeName, literal
from .parsing import default_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from .host_evaluate import Evaluator

_CONTAINERS = ("vector", "device_vector", "host_vector", "array")
THIS = "this"


def build(ev: Evaluator, type_: TypeName, sequence: Sequence | None, arguments: list, variable: str, place: int) -> Struct:
    """An object from an initialiser list or constructor arguments."""
    if len(arguments) == 1 and isinstance(arguments[0], Struct):
        return copy_of(arguments[0])
    constructor, given = _constructor(ev, type_.base, sequence, arguments)
    struct = Struct(type_.base, arguments=type_.arguments)
    items = [] if constructor is not None else list(sequence.items) if sequence is not None else [("", each, place) for each in arguments]
    _fields(ev, struct, items, variable, place)
    if constructor is not None:
        _construct(ev, struct, constructor, given)
    return struct


def copy_of(struct: Struct) -> Struct:
    fields = {key: Cell(cell.name, cell.value, cell.type, cell.place) for key, cell in struct.fields.items()}
    return Struct(struct.name, fields, struct.arguments)


def method_of(ev: Evaluator, struct: object, name: str) -> HostFunction | None:
    """The method ``name`` of an object's class; None where the file does not define it for the host."""
    found = ev.program.functions.get(f"{struct.name}::{name}") if isinstance(struct, Struct) else None
    return None if found is None or found.device else found


def call_method(ev: Evaluator, struct: Struct, function: HostFunction, arguments: list, spelled: tuple[str, ...]) -> object:
    return ev.call(function, arguments, spelled, {**struct.fields, THIS: Cell(THIS, struct)}, bound_of(ev, struct))


def bound_of(ev: Evaluator, struct: Struct) -> dict[str, str]:
    """What the template parameters of an object's class stand for."""
    return dict(zip(ev.program.class_templates.get(struct.name, ()), struct.arguments, strict=False))


def struct_bytes(ev: Evaluator, type_: TypeName) -> int | None:
    """``sizeof`` of a structure of the file: fields at multiples of their size, as C lays them out."""
    total, widest = 0, 1
    for declaration in ev.program.structs.get(type_.base, ()):
        base = type_name(text_of(declaration.child_by_field_name("type")), ev.program.aliases, ev.bound)
        for declarator in declaration.children_by_field_name("declarator"):
            if declarator.type == "function_declarator":
                continue
            size = declarator.child_by_field_name("size") if declarator.type == "array_declarator" else None
            count = ev.number(size).value if size is not None else 1
            width = ev.bytes_of(TypeName(base.base, base.pointers + text_of(declarator).count("*")))
            if count is None or not width:
                return None
            grain = min(width, 8)
            total, widest = -(-total // grain) * grain + width * int(count), max(widest, grain)
    return -(-total // widest) * widest if total else None


def static_member(ev: Evaluator, owner: str, name: str) -> object:
    """``Tile<8, 32>::rows``; None where the file has no such constant."""
    type_ = type_name(owner, ev.program.aliases, ev.bound)
    for declaration in ev.program.structs.get(type_.base, ()):
        declarators = declaration.children_by_field_name("declarator")
        named = next((declarator for declarator in declarators if text_of(declarator_name(declarator)) == name), None)
        default = default_of(declaration, named) if named is not None else None
        if default is None or "static" not in text_of(declaration):
            continue
        outer, ev.bound = ev.bound, ev.bound | bound_of(ev, Struct(type_.base, arguments=type_.arguments))
        try:
            return ev.value(default)
        finally:
            ev.bound = outer
    return None


def given_struct(ev: Evaluator, type_: TypeName, name: str, place: str) -> Struct:
    """A structure that comes from a caller outside of the file: its numbers are roots."""
    struct = Struct(type_.base, arguments=type_.arguments)
    _fields(ev, struct, [], name, -1)
    for cell in struct.fields.values():
        if cell.value is not UNKNOWN and not isinstance(cell.value, Number) or cell.type is None:
            continue
        if cell.type.pointers:
            memory = Memory(cell.name, Number(type=I64), cell.type.scalar, external=True)
            cell.value = Pointer(memory, literal(0), cell.type.scalar)
        elif cell.type.scalar is not None:
            cell.value = ev.root(cell.name, place, Number(type=cell.type.scalar), given=True)
    return struct


# ---- fields and constructors -----------------------------------------------------------------------------------------------------------


def _fields(ev: Evaluator, struct: Struct, items: list, variable: str, place: int) -> None:
    named = {designator: (value, at) for designator, value, at in items if designator}
    outer, ev.bound = ev.bound, ev.bound | bound_of(ev, struct)
    index = 0
    try:
        for declaration in ev.program.structs[struct.name]:
            base = type_name(text_of(declaration.child_by_field_name("type")), ev.program.aliases, ev.bound)
            for declarator in declaration.children_by_field_name("declarator"):
                if declarator.type == "function_declarator":
                    continue
                name, default = text_of(declarator_name(declarator)), default_of(declaration, declarator)
                type_ = TypeName(base.base, base.pointers + text_of(declarator).count("*"), arguments=base.arguments)
                value, at = (ev.value(default), default.start_byte) if default is not None else (UNKNOWN, place)
                if name in named:
                    value, at = named[name]
                elif not named and index < len(items):
                    _, value, at = items[index]
                index += 1
                _field(ev, struct, f"{variable}.{name}", name, type_, declarator, value, at)
    finally:
        ev.bound = outer


def _field(ev: Evaluator, struct: Struct, full: str, name: str, type_: TypeName, declarator: Node, value: object, at: int) -> None:
    cell = struct.fields[name] = Cell(full, None, type_)
    if declarator.type == "array_declarator":
        size = declarator.child_by_field_name("size")
        cell.value = ev.array(full, type_, [ev.number(size)], value)
        return
    if value is UNKNOWN and not type_.pointers and type_.base.removeprefix("std::") in _CONTAINERS:
        value = ev.construct(type_, [], full, at)
    if isinstance(value, Sequence) and not type_.pointers:
        value = ev.construct(type_, [value], full, at)
    ev.store(cell, value, at)


def _constructor(ev: Evaluator, name: str, sequence: Sequence | None, arguments: list) -> tuple[HostFunction | None, list]:
    """The constructor that takes the arguments, and these; a braced list is either its arguments or its only one."""
    listed = ev.program.constructors.get(name, ())
    if sequence is not None and any(designator for designator, _, _ in sequence.items):
        return None, []
    for function in listed:
        values = arguments
        if sequence is not None:
            values = [sequence] if _takes_list(function) else [value for _, value, _ in sequence.items]
        needed = sum(1 for each in function.parameters if each.child_by_field_name("default_value") is None)
        if needed <= len(values) <= len(function.parameters):
            return function, values
    return None, []


def _takes_list(function: HostFunction) -> bool:
    return len(function.parameters) > 0 and re.search(r"initializer_list|vector|array", text_of(function.parameters[0])) is not None


def _construct(ev: Evaluator, struct: Struct, function: HostFunction, arguments: list) -> None:
    initialisers = next((child for child in function.node.named_children if child.type == "field_initializer_list"), None)

    def set_fields() -> None:
        for item in initialisers.named_children if initialisers is not None else ():
            parts = item.named_children
            cell = struct.fields.get(text_of(parts[0])) if len(parts) > 1 else None
            if cell is None:
                continue
            values = [ev.value(child) for child in parts[1].named_children]
            simple = len(values) == 1 and (cell.type is None or cell.type.pointers or cell.type.scalar is not None
                                           or not isinstance(values[0], Sequence) and not _is_container(cell.type))
            value = values[0] if simple else ev.construct(cell.type, values, cell.name, item.start_byte)
            ev.store(cell, value, item.start_byte)

    frame = {**struct.fields, THIS: Cell(THIS, struct)}
    ev.call(function, arguments, (), frame, bound_of(ev, struct), set_fields)


def _is_container(type_: TypeName) -> bool:
    return not type_.pointers and type_.base.removeprefix("std::").removeprefix("thrust::") in _CONTAINERS
