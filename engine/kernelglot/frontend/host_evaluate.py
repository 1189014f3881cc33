"""A partial evaluator for host code: runs what surrounds a launch on values that may be unknown.

Loops that only fill memory are run once over the range of their variable; loops that compute sizes run step by step. Where a condition is
unknown both branches run and their results are joined. What the evaluator does not understand becomes unknown, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from tree_sitter import Node

from ..ir import build
from ..ir.nodes import Expr, Literal, Var
from ..ir.types import BOOL, F32, F64, I32, I64, U32, Scalar
from .host_declare import DIM3, bytes_of, construct, declaration
from .host_expressions import place_of_node, value_of_node
from .host_scan import HostFunction, Program, declarator_name, fragment, taken_children, text_of, type_name
from .host_values import (
    UNKNOWN,
    Break,
    Cell,
    Closure,
    Continue,
    Draw,
    Element,
    Exit,
    External,
    FieldOf,
    Memory,
    Number,
    Pointer,
    Reference,
    Return,
    Signal,
    Struct,
    TypeName,
    convert,
    join,
    literal,
    roots_of,
)

STEPS = 100_000             # nodes evaluated before a file is given up
ITERATIONS = 4096           # of one loop that computes sizes
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
    function: str = ""
    depth: int = 0
    steps: int = 0
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
            cell.memory.store(value)
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

    # ---- statements --------------------------------------------------------------------------------------------------------------

    def run(self, node: Node | None) -> None:
        if node is None:
            return
        self.tick()
        match node.type:
            case "compound_statement" | "else_clause" | "try_statement" | "labeled_statement":
                self.scopes.append({})
                try:
                    for child in node.named_children:
                        self.run(child)
                finally:
                    self.scopes.pop()
            case "expression_statement" | "init_statement" | "ERROR":
                for child in node.named_children:
                    self.run(child) if child.type.endswith(("statement", "declaration")) else self.value(child)
            case "declaration":
                self.declaration(node)
            case "if_statement":
                self.scopes.append({})
                try:
                    self._if(node)
                finally:
                    self.scopes.pop()
            case "for_statement" | "while_statement" | "do_statement" | "for_range_loop":
                self.scopes.append({})
                try:
                    self._range_loop(node) if node.type == "for_range_loop" else self._loop(node)
                finally:
                    self.scopes.pop()
            case "switch_statement":
                self._switch(node)
            case "return_statement":
                raise Return(self.value(node.named_children[0]) if node.named_children else UNKNOWN)
            case "break_statement":
                raise Break
            case "continue_statement":
                raise Continue
            case "preproc_if" | "preproc_ifdef" | "preproc_else" | "preproc_elif":
                for child in taken_children(node, self.program):
                    self.run(child)
            case "comment" | "type_definition" | "alias_declaration" | "using_declaration" | "catch_clause" | "goto_statement":
                pass
            case kind if kind.endswith("expression") or kind in ("identifier",):
                self.value(node)

    def _if(self, node: Node) -> None:
        clause = node.child_by_field_name("condition")
        initializer = clause.child_by_field_name("initializer")
        if initializer is not None:
            self.run(initializer)
        test = clause.child_by_field_name("value") or (clause.named_children[-1] if clause.named_children else None)
        condition = self.declaration(test) if test is not None and test.type == "declaration" else self.number(test)
        then, otherwise = node.child_by_field_name("consequence"), node.child_by_field_name("alternative")
        if condition.value is None:
            self.either([(lambda: self.run(then), (condition.term, True)), (lambda: self.run(otherwise), (condition.term, False))])
            return
        try:
            self.run(then if condition.value else otherwise)
        finally:
            if roots_of(condition.term):
                self._forget_terms(node)

    def _forget_terms(self, node: Node) -> None:
        """Which way a condition went decided what these variables hold now: their values stay, their formulas don't."""
        for name in assigned_names(node):
            cell = self.lookup(name)
            if cell is not None and isinstance(cell.value, Number):
                cell.value = replace(cell.value, term=None)

    def either(self, branches: list[tuple[Callable, tuple[Expr | None, bool]]]) -> None:
        """Run each branch from the same state and join the states of those that fall through."""
        outcomes: list[tuple[Signal | None, dict[int, tuple[Cell, object]]]] = []
        for branch, (term, holds) in branches:
            mark, signal = len(self.journal), None
            if term is not None:
                self.conditions.append((term, holds))
            try:
                branch()
            except Signal as leaving:
                signal = leaving
            if term is not None:
                self.conditions.pop()
            changed = {id(cell): (cell, cell.value) for cell, _ in self.journal[mark:]}
            for cell, old in reversed(self.journal[mark:]):
                cell.value = old
            del self.journal[mark:]
            outcomes.append((signal, changed))
        live = [changed for signal, changed in outcomes if signal is None]
        if not live:
            raise outcomes[0][0] or Exit()
        for identity, (cell, _) in {key: item for changed in live for key, item in changed.items()}.items():
            results = [changed[identity][1] if identity in changed else cell.value for changed in live]
            merged = results[0]
            for result in results[1:]:
                both = isinstance(merged, Number) and isinstance(result, Number)
                merged = join(merged, result) if both else merged if merged == result else (merged if result is UNKNOWN else result)
            self.journal.append((cell, cell.value))
            cell.value = merged

    def _switch(self, node: Node) -> None:
        clause = node.child_by_field_name("condition")
        subject = self.number(clause.child_by_field_name("value") or clause.named_children[-1])
        cases = [child for child in node.child_by_field_name("body").named_children if child.type == "case_statement"]

        def run_from(index: int) -> None:
            self.scopes.append({})
            try:
                for case in cases[index:]:
                    label = case.child_by_field_name("value")
                    for child in case.named_children:
                        if child != label:
                            self.run(child)
            except Break:
                pass
            finally:
                self.scopes.pop()

        labels = [case.child_by_field_name("value") for case in cases]
        numbers = [self.number(label) if label is not None else None for label in labels]
        if subject.value is None:
            def test(number: Number | None) -> tuple[Expr | None, bool]:
                known = subject.term is not None and number is not None and number.value is not None
                return (build.binary("==", subject.term, Literal(number.value, I32)) if known else None), True

            self.either([(lambda i=i: run_from(i), test(number)) for i, number in enumerate(numbers)] + [(lambda: None, (None, True))])
            return
        index = next((i for i, number in enumerate(numbers) if number is not None and number.value == subject.value), None)
        if index is None:
            index = next((i for i, label in enumerate(labels) if label is None), None)
        if index is not None:
            run_from(index)

    # ---- loops -------------------------------------------------------------------------------------------------------------------

    def _loop(self, node: Node) -> None:
        body = node.child_by_field_name("body")
        if node.type == "for_statement":
            initializer = node.child_by_field_name("initializer")
            if initializer is not None:
                self.run(initializer) if initializer.type == "declaration" else self.value(initializer)
        assigned = assigned_names(node)
        own = set(self.scopes[-1])
        computes = bool((assigned - own) & self.relevant.get(self.function, frozenset())) or self.launches(body)
        if computes and self._step_by_step(node, body):
            self._forget_terms(node)
            return
        self._once(node, body, assigned)

    def _step_by_step(self, node: Node, body: Node) -> bool:
        """Run the loop; False where a condition became unknown or it takes too long (variables then hold a partial result)."""
        condition, update = node.child_by_field_name("condition"), node.child_by_field_name("update")
        limit = 8 if self.launches(body) else ITERATIONS
        first = node.type == "do_statement"
        self.loops += 1
        try:
            for _ in range(limit):
                if not first and condition is not None:
                    test = self.number(condition)
                    if test.value is None:
                        return False
                    if not test.value:
                        return True
                first = False
                try:
                    self.run(body)
                except Continue:
                    pass
                except Break:
                    return True
                if update is not None:
                    self.value(update)
            return self.launches(body)
        finally:
            self.loops -= 1

    def _once(self, node: Node, body: Node, assigned: set[str]) -> None:
        """Run the body once for all iterations: the loop variable is a range, everything else the loop assigns is unknown."""
        condition = node.child_by_field_name("condition")
        ranges = self._loop_range(condition)
        for name in assigned:
            cell = self.lookup(name)
            if cell is not None and isinstance(cell.value, Number):
                low, high = ranges.get(name, (None, None))
                if low is not None and high is not None and high < low:
                    return
                self.journal.append((cell, cell.value))
                cell.value = Number(None, None, low, high, cell.value.type)
        self.loops += 1
        try:
            self.run(body)
        except (Break, Continue):
            pass
        finally:
            self.loops -= 1
        for name in assigned:
            cell = self.lookup(name)
            if cell is not None and isinstance(cell.value, Number):
                cell.value = Number(type=cell.value.type)

    def _loop_range(self, condition: Node | None) -> dict[str, tuple]:
        while condition is not None and condition.type in ("parenthesized_expression", "condition_clause"):
            condition = condition.named_children[0]
        if condition is None or condition.type != "binary_expression":
            return {}
        left, right = condition.child_by_field_name("left"), condition.child_by_field_name("right")
        op = text_of(condition.child_by_field_name("operator"))
        cell = self.lookup(text_of(left)) if left.type == "identifier" else None
        if cell is None or not isinstance(cell.value, Number):
            return {}
        start, bound = cell.value.range, self.number(right).range
        if op in ("<", "<=", "!="):
            return {cell.name: (start[0], None if bound[1] is None else bound[1] - (op != "<="))}
        if op in (">", ">="):
            return {cell.name: (None if bound[0] is None else bound[0] + (op == ">"), start[1])}
        return {}

    def _range_loop(self, node: Node) -> None:
        subject = self.value(node.child_by_field_name("right"))
        name = text_of(declarator_name(node.child_by_field_name("declarator")))
        memory = subject.memory if isinstance(subject, Pointer) else subject
        cell = Cell(name)
        if isinstance(memory, Memory):
            cell.value = Reference(Element(memory, Number())) if "&" in text_of(node.child_by_field_name("declarator")) else self.element(
                memory, Number())
        self.scopes[-1][name] = cell
        self._once(node, node.child_by_field_name("body"), assigned_names(node) - {name})

    def launches(self, node: Node | None) -> bool:
        text = text_of(node)
        return "<<<" in text or any(re.search(rf"\b{re.escape(name)}\s*[(<]", text) for name in self.launching)

    # ---- declarations: see host_declare --------------------------------------------------------------------------------------------

    def declaration(self, node: Node) -> Number:
        return declaration(self, node)

    def construct(self, type_: TypeName, arguments: list, name: str, place: int) -> object:
        return construct(self, type_, arguments, name, place)

    def bytes_of(self, type_: TypeName | None) -> int | None:
        return bytes_of(type_)

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

    def call(self, function: HostFunction, arguments: list, spelled: tuple[str, ...] = ()) -> object:
        """The value that a function of the file returns; ``arguments`` are values, references for lvalues."""
        if self.depth >= DEPTH:
            return UNKNOWN
        saved = self.scopes, self.bound, self.function
        bound = dict(zip(function.templates, spelled))
        frame: dict[str, Cell] = {}
        for parameter, argument in zip(function.parameters, arguments):
            self._deduce(function, parameter, argument, bound)
            type_, name = self.parameter(parameter, bound)
            value = argument
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
                value = Struct(value.name, {key: Cell(cell.name, cell.value, cell.type) for key, cell in value.fields.items()})
            if isinstance(value, Number) and not type_.pointers and type_.base in DIM3:
                value = self.construct(type_, [value], name, -1)
            frame[name] = Cell(name, value, type_)
        for parameter in function.parameters[len(arguments):]:
            type_, name = self.parameter(parameter, bound)
            default = parameter.child_by_field_name("default_value")
            frame[name] = Cell(name, self.value(default) if default is not None else UNKNOWN, type_)
        outer = self.function
        self.scopes, self.bound = [self.scopes[0], frame], bound
        self.function, self.depth = function.name, self.depth + 1
        try:
            self.run(function.node.child_by_field_name("body"))
        except Return as leaving:
            return leaving.value
        except (Break, Continue):
            pass
        finally:
            self.scopes, self.bound, self.function = saved
            self.function, self.depth = outer, self.depth - 1
        return UNKNOWN

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
        self.scopes, self.bound, self.function = [self.scopes[0], frame], {}, function.name
        for parameter in function.parameters:
            type_, name = self.parameter(parameter, {})
            if not name:
                continue
            value: object
            if function.name == "main":
                value = literal(1) if type_.base == "int" else External(name)
            elif type_.pointers:
                value = Pointer(Memory(name, Number(type=I64), type_.scalar, external=True), literal(0), type_.scalar)
            elif type_.scalar is not None:
                value = self.root(name, f"{function.name}()", Number(type=type_.scalar), given=True)
            elif type_.base in DIM3:
                numbers = {axis: self.root(f"{name}.{axis}", f"{function.name}()", Number(type=U32), given=True) for axis in "xyz"}
                value = Struct("dim3", {axis: Cell(f"{name}.{axis}", number, TypeName("unsigned")) for axis, number in numbers.items()})
            else:
                value = External(name)
            frame[name] = Cell(name, value, type_)
        try:
            self.run(function.node.child_by_field_name("body"))
        except Signal:
            pass


def assigned_names(node: Node) -> set[str]:
    """Plain variables that are assigned, incremented or passed by address below ``node``."""
    names: set[str] = set()
    stack = [node]
    while stack:
        current = stack.pop()
        target = None
        if current.type == "assignment_expression":
            target = current.child_by_field_name("left")
        elif current.type == "update_expression":
            target = current.child_by_field_name("argument")
        while target is not None and target.type in ("parenthesized_expression", "field_expression"):
            target = target.child_by_field_name("argument") or (target.named_children[0] if target.named_children else None)
        if target is not None and target.type == "identifier":
            names.add(text_of(target))
        stack.extend(current.named_children)
    return names


