"""A partial evaluator for host code: runs what surrounds a launch on values that may be unknown.

Here is what it knows (variables, roots, memory from outside) and how functions are called; what each node does stands in
``host_statements``, ``host_expressions`` and ``host_declare``. What it does not understand becomes unknown, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from tree_sitter import Node

from ..ir.nodes import Expr, Literal, Var
from ..ir.types import BOOL, F32, F64, I32, I64, U32, Scalar
from .host_classes import THIS, copy_of, given_struct, struct_bytes
from .host_declare import DIM3, array, bytes_of, construct, declaration
from .host_expressions import place_of_node, value_of_node
from .host_scan import HostFunction, Program, declarator_name, fragment, text_of, type_name
from .host_statements import run_node
from .host_values import (
    UNKNOWN,
    Break,
    Cell,
    Closure,
    Continue,
    Draw,
    Element,
    External,
    FieldOf,
    Memory,
    Number,
    Pointer,
    Reference,
    Return,
    Sequence,
    Signal,
    Struct,
    TypeName,
    convert,
    literal,
)

STEPS = 100_000             # nodes evaluated before a file is given up
DEPTH = 24                  # nested calls


class Exhausted(Exception):
    """The file needs more steps than a look at it is worth."""


@dataclass(frozen=True, slots=True)
class Root:
    """A variable that host code sets to a plain literal (``value``) or receives from outside (None); ``key`` names it in overrides."""

    key: str
    name: str
    value: int | float | None
    given: bool                     # received from outside: a launcher's parameter
    integer: bool = True


@dataclass(slots=True)
class Evaluator:
    program: Program
    overrides: dict[str, int | float]
    kernels: frozenset[str]
    on_launch: Callable
    calls_plain_kernels: bool = False       # C: a kernel is called like any function
    external: dict[str, Memory] = field(default_factory=dict)
    relevant: Mapping[str, frozenset[str]] = field(default_factory=dict)     # by function
    launching: frozenset[str] = frozenset()
    scopes: list[dict[str, Cell]] = field(default_factory=list)
    bound: dict[str, str] = field(default_factory=dict)         # template parameter -> spelled type or value
    roots: dict[str, Root] = field(default_factory=dict)
    values: dict[str, int | float] = field(default_factory=dict)
    conditions: list[tuple[Expr, bool]] = field(default_factory=list)
    journal: list[tuple[Cell, object]] = field(default_factory=list)
    symbols: dict[str, Memory] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    arguments: int | None = 1       # what main's argc is
    function: str = ""
    depth: int = 0
    steps: int = 0
    entered: int = 0                # calls so far
    loops: int = 0

    # ---- variables ---------------------------------------------------------------------------------------------------------------

    def lookup(self, name: str) -> Cell | None:
        for scope in reversed(self.scopes):
            if name in scope:
                return scope[name]
        return None

    def declare(self, name: str, type_: TypeName | None, value: object, place: int) -> Cell:
        cell = Cell(name, None, type_, place)
        self.scopes[-1][name] = cell
        self.store(cell, value, place)
        return cell

    def root(self, name: str, place: object, number: Number, given: bool = False) -> Number:
        """``number`` as the value of a root that overrides can change."""
        key = f"{name}@{place}"
        value = self.overrides.get(key, number.value)
        if key not in self.roots:
            self.roots[key] = Root(key, name, number.value, given, number.type.is_integer)
        if value is not None:
            self.values[key] = value
        low, high = (number.low, number.high) if value is None else (None, None)
        return Number(value, Var(key, number.type), low, high, number.type)

    def store(self, cell: object, value: object, place: int = -1) -> None:
        if isinstance(cell, Element):
            cell.memory.store(value, cell.index.value)
            return
        if isinstance(cell, FieldOf):
            cell = cell.cell
        if not isinstance(cell, Cell):
            return
        type_ = cell.type
        if isinstance(value, Number):
            if type_ is not None and type_.scalar is not None and not type_.pointers:
                value = convert(value, type_.scalar)
            if isinstance(value.term, Literal) and not self.loops:
                value = self.root(cell.name, place, value)
        if isinstance(value, Memory) and type_ is not None and type_.pointers:
            value = Pointer(value, literal(0), type_.scalar)
        if isinstance(value, Pointer) and type_ is not None and type_.pointers == 1 and type_.scalar is not None:
            if value.memory.element is None:
                value.memory.element = type_.scalar
            value = replace(value, element=type_.scalar)
        self.journal.append((cell, cell.value))
        cell.value = value

    # ---- statements: see host_statements -------------------------------------------------------------------------------------------

    def run(self, node: Node | None) -> None:
        run_node(self, node)

    # ---- declarations: see host_declare --------------------------------------------------------------------------------------------

    def declaration(self, node: Node) -> Number:
        return declaration(self, node)

    def construct(self, type_: TypeName, arguments: list, name: str, place: int) -> object:
        return construct(self, type_, arguments, name, place)

    def array(self, name: str, type_: TypeName | None, extents: list, value: object) -> Memory:
        return array(self, name, type_, extents, value)

    def bytes_of(self, type_: TypeName | None) -> int | None:
        known = bytes_of(type_)
        return struct_bytes(self, type_) if known is None and type_ is not None else known

    def parsed_number(self, text: str) -> Number:
        """An expression given as text; unknown where it is none."""
        nodes = fragment(text)
        return self.number(nodes[0]) if len(nodes) == 1 else Number()

    # ---- expressions: see host_expressions ----------------------------------------------------------------------------------------

    def value(self, node: Node | None) -> object:
        return value_of_node(self, node)

    def tick(self) -> None:
        self.steps += 1
        if self.steps > STEPS:
            raise Exhausted

    def named(self, name: str, place: object, value: object) -> object:
        """A macro's value: a root where it is a plain number."""
        return self.root(name, place, value) if isinstance(value, Number) and isinstance(value.term, Literal) else value

    def outside(self, name: str, element: Scalar | None) -> Memory:
        """The memory behind an object that comes from outside, the same one each time it is asked for."""
        return self.external.setdefault(name, Memory(name, Number(type=I64), element, device=True, external=True))

    def number(self, node: Node | None) -> Number:
        return self.as_number(self.value(node))

    def as_number(self, value: object) -> Number:
        """A name that the file does not explain (a member, a ``-D`` macro, a device property) is a root from outside."""
        if isinstance(value, Reference):
            value = self.read(value.cell)
        if isinstance(value, External) and value.name.replace("->", ".").replace(".", "").replace("_", "").isalnum():
            return self.root(value.name, "outside", Number(type=I64), given=True)
        return value if isinstance(value, Number) else Number()

    def place(self, node: Node) -> object:
        return place_of_node(self, node)

    def apply(self, function: Closure | Draw) -> object:
        """What a callable returns when called without arguments."""
        return function.result if isinstance(function, Draw) else self.run_closure(function, {})

    def run_closure(self, function: Closure, frame: dict[str, Cell]) -> object:
        if self.depth >= DEPTH:
            return UNKNOWN
        saved = self.scopes
        self.scopes, self.depth = [*function.scopes, frame], self.depth + 1
        try:
            self.run(function.node.child_by_field_name("body"))
        except Return as leaving:
            return leaving.value
        except Signal:
            pass
        finally:
            self.scopes, self.depth = saved, self.depth - 1
        return UNKNOWN

    def read(self, cell: object) -> object:
        if isinstance(cell, FieldOf):
            cell = cell.cell
        if isinstance(cell, Element):
            return self.element(cell.memory, cell.index)
        if isinstance(cell, Cell):
            if isinstance(cell.value, Reference) and cell.type is not None and cell.type.reference:
                return self.read(cell.value.cell)
            return cell.value
        return UNKNOWN

    def element(self, memory: Memory, index: Number) -> object:
        """``memory[index]`` as a value."""
        if memory.items is not None and index.value is not None and 0 <= index.value < len(memory.items):
            return memory.items[int(index.value)]
        low, high = memory.content()
        if memory.element is None and low is None:
            return UNKNOWN
        return Number(None, None, low, high, memory.element or I32)

    # ---- calls -------------------------------------------------------------------------------------------------------------------

    def call(self, function: HostFunction, arguments: list, spelled: tuple[str, ...] = (), fields: dict[str, Cell] | None = None,
             known: Mapping[str, str] | None = None, before: Callable[[], None] | None = None) -> object:
        """The value that a function of the file returns; ``arguments`` are values, references for lvalues. A method sees ``fields``;
        ``known`` are its class's template arguments, ``before`` runs between its parameters and its body."""
        if self.depth >= DEPTH:
            return UNKNOWN
        saved = self.scopes, self.bound, self.function
        bound = dict(known or {}) | dict(zip(function.templates, spelled))
        frame: dict[str, Cell] = {}
        self.entered += 1
        for index, (parameter, argument) in enumerate(zip(function.parameters, arguments)):
            if parameter.type == "variadic_parameter_declaration":
                name = text_of(declarator_name(parameter.child_by_field_name("declarator")))
                frame[name] = Cell(name, [self.read(each.cell) if isinstance(each, Reference) else each for each in arguments[index:]])
                break
            self._deduce(function, parameter, argument, bound)
            type_, name = self.parameter(parameter, bound)
            value = self._handed(function, name, argument)
            if type_.reference and isinstance(argument, Reference):
                frame[name] = Cell(name, argument, type_)
                continue
            if isinstance(value, Reference) and not type_.pointers:
                value = self.read(value.cell)
            if isinstance(value, Number) and type_.scalar is not None and not type_.pointers:
                value = convert(value, type_.scalar)
            if isinstance(value, Memory) and type_.pointers:
                value = Pointer(value, literal(0), type_.scalar)
            if isinstance(value, Struct) and not type_.reference:
                value = copy_of(value)
            if isinstance(value, Number) and not type_.pointers and type_.base in DIM3:
                value = self.construct(type_, [value], name, -1)
            frame[name] = Cell(name, value, type_)
        for parameter in function.parameters[len(arguments):]:
            type_, name = self.parameter(parameter, bound)
            default = parameter.child_by_field_name("default_value")
            frame[name] = Cell(name, self.value(default) if default is not None else UNKNOWN, type_)
        outer = self.function
        self.scopes, self.bound = [self.scopes[0], *([fields] if fields is not None else []), frame], bound
        self.function, self.depth = function.name, self.depth + 1
        try:
            if before is not None:
                before()
            self.run(function.node.child_by_field_name("body"))
        except Return as leaving:
            return leaving.value
        except (Break, Continue):
            pass
        finally:
            self.scopes, self.bound, self.function = saved
            self.function, self.depth = outer, self.depth - 1
        return UNKNOWN

    def _handed(self, function: HostFunction, name: str, argument: object) -> object:
        """A plain number that a function or constructor is called with is a size like any variable: ``run(1000)``."""
        if self.loops or not (function.plain_name in self.launching or function.owner):
            return argument
        place = f"{function.name}#{self.entered}"
        if isinstance(argument, Number) and isinstance(argument.term, Literal):
            return self.root(name, place, argument)
        if isinstance(argument, Sequence):
            items = [(label, self.root(f"{name}[{index}]", place, value) if isinstance(value, Number) and isinstance(value.term, Literal)
                      else value, at) for index, (label, value, at) in enumerate(argument.items)]
            return Sequence(tuple(items))
        return argument

    def parameter(self, node: Node, bound: dict[str, str]) -> tuple[TypeName, str]:
        declarator = node.child_by_field_name("declarator")
        base = type_name(text_of(node.child_by_field_name("type")), self.program.aliases, bound)
        name = declarator_name(declarator)
        outside = text_of(declarator)
        depth = outside.count("*") + outside.count("[")
        return TypeName(base.base, base.pointers + depth, "&" in outside, (), base.arguments), text_of(name) if name is not None else ""

    def _deduce(self, function: HostFunction, parameter: Node, argument: object, bound: dict[str, str]) -> None:
        """Bind template parameters from an argument's element type."""
        spelled = text_of(parameter.child_by_field_name("type"))
        value = self.read(argument.cell) if isinstance(argument, Reference) else argument
        if isinstance(value, Struct) and spelled in function.templates:
            bound.setdefault(spelled, value.name + (f"<{', '.join(value.arguments)}>" if value.arguments else ""))
            return
        element = value.element if isinstance(value, (Pointer, Memory)) else value.type if isinstance(value, Number) else None
        if element is None and isinstance(argument, Reference) and isinstance(argument.cell, Cell) and argument.cell.type is not None:
            element = argument.cell.type.scalar
        if element is None:
            return
        names = {BOOL.name: "bool", "i8": "int8_t", "u8": "uint8_t", "i16": "int16_t", "u16": "uint16_t", "i32": "int", "u32": "unsigned",
                 "i64": "int64_t", "u64": "uint64_t", "f16": "half", "bf16": "bfloat16", F32.name: "float", F64.name: "double"}
        for template in function.templates:
            if template and template not in bound and re.search(rf"\b{template}\b", spelled):
                bound[template] = names.get(element.name, element.name)

    def enter(self, function: HostFunction) -> None:
        """Run a function that nobody in the file calls: its parameters are roots and memory from outside."""
        frame: dict[str, Cell] = {}
        owner = self._instance(function.owner)
        self.scopes, self.bound, self.function = [self.scopes[0], *([owner] if owner else []), frame], {}, function.name
        frame |= self._given(function)
        try:
            self.run(function.node.child_by_field_name("body"))
        except Signal:
            pass

    def _instance(self, name: str) -> dict[str, Cell] | None:
        """The fields of an object of a class that nobody in the file makes: its constructor's parameters come from outside."""
        constructors = self.program.constructors.get(name, ())
        if not constructors:
            return None
        self.function = constructors[0].name
        struct = self.construct(TypeName(name), [cell.value for cell in self._given(constructors[0]).values()], "", -1)
        return {**struct.fields, THIS: Cell(THIS, struct)} if isinstance(struct, Struct) else None

    def _given(self, function: HostFunction) -> dict[str, Cell]:
        """The parameters of a function as roots and memory from outside."""
        frame: dict[str, Cell] = {}
        for parameter in function.parameters:
            type_, name = self.parameter(parameter, {})
            if not name:
                continue
            value: object
            if function.name == "main":
                value = External(name)
                if type_.base == "int":
                    value = Number(type=I32) if self.arguments is None else literal(self.arguments)
            elif type_.pointers:
                value = Pointer(Memory(name, Number(type=I64), type_.scalar, external=True), literal(0), type_.scalar)
            elif type_.scalar is not None:
                value = self.root(name, f"{function.name}()", Number(type=type_.scalar), given=True)
            elif type_.base in DIM3:
                numbers = {axis: self.root(f"{name}.{axis}", f"{function.name}()", Number(type=U32), given=True) for axis in "xyz"}
                value = Struct("dim3", {axis: Cell(f"{name}.{axis}", number, TypeName("unsigned")) for axis, number in numbers.items()})
            elif type_.base in self.program.structs:
                value = given_struct(self, type_, name, f"{function.name}()")
            else:
                value = External(name)
            frame[name] = Cell(name, value, type_)
        return frame
