"""Expressions of host code, for the evaluator: what each node of the tree is worth, and what can stand left of ``=``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from ..ir.types import BOOL, F32, F64, I8, I32, I64, U32, U64, Scalar
from .host_calls import CONSTANTS, call_of_name, method, received
from .host_classes import THIS, call_method, method_of, static_member
from .host_scan import fragment, text_of, type_name
from .host_values import (
    OTHER_BYTES,
    UNKNOWN,
    Cell,
    Closure,
    Draw,
    Element,
    External,
    Memory,
    Number,
    Pointer,
    Reference,
    Sequence,
    Struct,
    TypeName,
    arithmetic,
    choose,
    convert,
    literal,
    negative,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from .host_evaluate import Evaluator

_NUMBER = re.compile(r"^(?P<digits>0[xX][0-9a-fA-F]+|0[bB][01]+|[0-9]+)(?P<suffix>[uUlLzZ]*)$")
_CASTS = ("static_cast", "reinterpret_cast", "const_cast", "dynamic_cast")


def value_of_node(ev: Evaluator, node: Node | None) -> object:
    if node is None:
        return UNKNOWN
    ev.tick()
    match node.type:
        case "number_literal":
            return number_of_text(text_of(node))
        case "identifier" | "field_identifier":
            return _identifier(ev, text_of(node))
        case "true" | "false":
            return literal(int(node.type == "true"), BOOL)
        case "null" | "nullptr":
            return literal(0, U64)
        case "char_literal":
            inner = text_of(node).strip("'")
            return literal(ord(inner), I8) if len(inner) == 1 else Number(type=I8)
        case "parenthesized_expression" | "condition_clause" | "init_statement":
            return value_of_node(ev, node.named_children[-1] if node.named_children else None)
        case "comma_expression":
            value_of_node(ev, node.child_by_field_name("left"))
            return value_of_node(ev, node.child_by_field_name("right"))
        case "binary_expression":
            return _binary(ev, node)
        case "unary_expression":
            return _unary(text_of(node.child_by_field_name("operator")), ev.number(node.child_by_field_name("argument")))
        case "update_expression":
            return _update(ev, node)
        case "assignment_expression":
            return _assignment(ev, node)
        case "conditional_expression":
            return _conditional(ev, node)
        case "cast_expression":
            return cast(ev, _descriptor(ev, node.child_by_field_name("type")), value_of_node(ev, node.child_by_field_name("value")))
        case "call_expression":
            return _call(ev, node)
        case "field_expression" | "subscript_expression":
            return _selected(ev, node)
        case "pointer_expression":
            argument = node.child_by_field_name("argument")
            return _address(ev, argument) if text_of(node).startswith("&") else _dereferenced(ev, value_of_node(ev, argument))
        case "sizeof_expression":
            return _sizeof(ev, node)
        case "new_expression":
            return _new(ev, node)
        case "lambda_expression":
            return Closure(node, tuple(ev.scopes))
        case "initializer_list":
            return _sequence(ev, node)
        case "compound_literal_expression":
            return ev.construct(type_name(text_of(node.child_by_field_name("type")), ev.program.aliases, ev.bound),
                                [_sequence(ev, node.child_by_field_name("value"))], "", node.start_byte)
        case "qualified_identifier":
            return _identifier(ev, text_of(node))
        case "this":
            cell = ev.lookup(THIS)
            return cell.value if cell is not None else External(THIS)
        case "template_function":
            return External(text_of(node))
        case "argument_list":
            return [value_of_node(ev, child) for child in node.named_children]
    return UNKNOWN


def number_of_text(text: str) -> Number:
    text = text.replace("'", "")
    if text.startswith("-"):
        return negative(number_of_text(text[1:]))
    whole = _NUMBER.match(text)
    if whole:
        digits, suffix = whole["digits"], whole["suffix"].lower()
        octal = len(digits) > 1 and digits[0] == "0" and digits.isdigit()
        value = int(digits, 8) if octal else int(digits, 0)
        wide = "l" in suffix or "z" in suffix or value >= 1 << 32
        type_ = (U64 if "u" in suffix else I64) if wide else U32 if "u" in suffix or value >= 1 << 31 else I32
        return literal(value, type_)
    try:
        value = float.fromhex(text.rstrip("fFlL")) if text.lower().startswith("0x") else float(text.rstrip("fFlLhH"))
    except ValueError:
        return Number(type=F64)
    return literal(value, F32 if text[-1] in "fF" else F64)


def _identifier(ev: Evaluator, name: str) -> object:
    cell = ev.lookup(name)
    if cell is not None:
        value = cell.value
        return ev.read(value.cell) if isinstance(value, Reference) and (cell.type is None or cell.type.reference) else value
    macro = ev.program.macros.get(name)
    if macro is not None and macro.parameters is None:
        nodes = fragment(macro.body) if macro.body else ()
        if len(nodes) == 1 and ev.depth < 20:
            ev.depth += 1
            value = value_of_node(ev, nodes[0])
            ev.depth -= 1
            return ev.named(name, "#define", value)
        return UNKNOWN
    if name in ev.bound:
        return ev.parsed_number(ev.bound[name])
    if "::" in name and (member := static_member(ev, *name.rsplit("::", 1))) is not None:
        return member
    plain = name.rsplit("::", 1)[-1]
    if plain in CONSTANTS:
        return literal(CONSTANTS[plain])
    if plain != name and (found := ev.lookup(plain)) is not None:
        return found.value
    if name.startswith(("cuda", "hip", "cnrt")):
        return Number()
    return External(name)


def _binary(ev: Evaluator, node: Node) -> object:
    op = text_of(node.child_by_field_name("operator"))
    left = _plain(ev, value_of_node(ev, node.child_by_field_name("left")))
    if op in ("&&", "||") and isinstance(left, Number) and left.value is not None and bool(left.value) == (op == "||"):
        return literal(int(op == "||"), BOOL) if not left.term else replace(left, value=int(op == "||"), type=BOOL)
    if op == ">>" and isinstance(left, External) and left.name in ("cin", "std::cin"):
        received(ev, ev.place(node.child_by_field_name("right")), left.name)
        return left
    right = _plain(ev, value_of_node(ev, node.child_by_field_name("right")))
    left, right = (ev.as_number(side) if isinstance(side, External) else side for side in (left, right))
    if isinstance(left, Number) and isinstance(right, Number):
        return arithmetic(op, left, right)
    if isinstance(right, (Pointer, Memory)) and isinstance(left, Number) and op == "+":
        left, right = right, left
    if isinstance(left, Memory):
        left = Pointer(left, literal(0), left.element)
    if isinstance(left, Pointer) and isinstance(right, Number) and op in "+-":
        return shifted(left, right if op == "+" else negative(right))
    if isinstance(left, Pointer) and isinstance(right, Pointer) and op == "-" and left.memory is right.memory:
        element = left.element or left.memory.element
        return arithmetic("/", arithmetic("-", left.offset, right.offset), literal(element.bytes, I64)) if element else Number()
    if op in ("==", "!=") and isinstance(left, Pointer) and isinstance(right, Number) and right.value == 0:
        return literal(int(op == "!="), BOOL)
    return Number(type=BOOL if op in ("==", "!=", "<", ">", "<=", ">=", "&&", "||") else I32)


def shifted(pointer: Pointer, elements: Number) -> Pointer:
    element = pointer.element or pointer.memory.element
    if element is None:
        return replace(pointer, offset=Number())
    return replace(pointer, offset=arithmetic("+", pointer.offset, arithmetic("*", elements, literal(element.bytes, I64))))


def _plain(ev: Evaluator, value: object) -> object:
    return ev.read(value.cell) if isinstance(value, Reference) and not isinstance(value.cell, Cell) else value


def _unary(op: str, operand: Number) -> Number:
    if op == "-":
        return negative(operand)
    if op == "!":
        return Number(None if operand.value is None else int(not operand.value), arithmetic("==", operand, literal(0)).term, type=BOOL)
    if op == "~":
        return arithmetic("-", literal(-1), operand)
    return operand


def _update(ev: Evaluator, node: Node) -> object:
    place = ev.place(node.child_by_field_name("argument"))
    old = ev.read(place)
    step = literal(1 if "++" in text_of(node) else -1)
    new = shifted(old, step) if isinstance(old, Pointer) else arithmetic("+", old, step) if isinstance(old, Number) else UNKNOWN
    ev.store(place, new, node.start_byte)
    return new if text_of(node).startswith(("++", "--")) else old


def _assignment(ev: Evaluator, node: Node) -> object:
    op = text_of(node.child_by_field_name("operator"))
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    value = _plain(ev, value_of_node(ev, right))
    place = ev.place(left)
    if op != "=":
        old = ev.read(place)
        if isinstance(old, Pointer) and isinstance(value, Number) and op in ("+=", "-="):
            value = shifted(old, value if op == "+=" else negative(value))
        else:
            value = arithmetic(op[:-1], old, value) if isinstance(old, Number) and isinstance(value, Number) else Number()
    if isinstance(place, Cell) and isinstance(value, Sequence) and place.type is not None:
        value = ev.construct(place.type, [value], place.name, node.start_byte)
    if isinstance(place, Cell) and isinstance(value, Memory) and isinstance(place.value, Memory):
        target = place.value
        low, high = value.content()
        target.size, target.low, target.high, target.written, target.unclear = value.size, low, high, True, value.unclear
        target.copied_in = target.copied_in or target.device
        return target
    ev.store(place, value, node.start_byte)
    return value


def _conditional(ev: Evaluator, node: Node) -> object:
    condition = ev.number(node.child_by_field_name("condition"))
    then = _plain(ev, value_of_node(ev, node.child_by_field_name("consequence")))
    otherwise = _plain(ev, value_of_node(ev, node.child_by_field_name("alternative")))
    return choose(condition, then, otherwise)


def _descriptor(ev: Evaluator, node: Node | None) -> TypeName:
    return type_name(text_of(node), ev.program.aliases, ev.bound)


def cast(ev: Evaluator, type_: TypeName, value: object) -> object:
    value = _plain(ev, value)
    if type_.pointers:
        if isinstance(value, Memory):
            value = Pointer(value, literal(0), value.element)
        if isinstance(value, Pointer) and type_.pointers == 1 and type_.scalar is not None:
            if value.memory.element is None:
                value.memory.element = type_.scalar
            return replace(value, element=type_.scalar)
        if isinstance(value, Pointer) and type_.pointers == 1 and type_.base in OTHER_BYTES:  # steps of `float4`s
            return replace(value, element=Scalar(type_.base, "vector", 8 * OTHER_BYTES[type_.base]))
        return value
    if isinstance(value, Number) and type_.scalar is not None:
        return convert(value, type_.scalar)
    return value if not isinstance(value, Number) else ev.construct(type_, [value], "", -1)


def _address(ev: Evaluator, argument: Node) -> object:
    if argument.type == "subscript_expression":
        base = _plain(ev, value_of_node(ev, argument.child_by_field_name("argument")))
        index = ev.number(_index_of(argument))
        if isinstance(base, Memory):
            base = Pointer(base, literal(0), base.element)
        if isinstance(base, Pointer) and (base.element or base.memory.element) is not None:
            return shifted(base, index)
    place = ev.place(argument)
    if place is None and argument.type in ("template_function", "identifier", "qualified_identifier"):
        return External(text_of(argument))      # a function
    if isinstance(place, Cell) and isinstance(place.value, Memory):
        return Pointer(place.value, literal(0), place.value.element)
    return Reference(place) if place is not None else UNKNOWN


def _dereferenced(ev: Evaluator, value: object) -> object:
    if isinstance(value, Reference):
        return ev.read(value.cell)
    if isinstance(value, Memory):
        return ev.element(value, literal(0))
    if isinstance(value, Pointer):
        return ev.element(value.memory, Number())
    return UNKNOWN


def _index_of(node: Node) -> Node | None:
    indices = node.child_by_field_name("indices") or node.child_by_field_name("index")
    if indices is not None and indices.type == "subscript_argument_list":
        return indices.named_children[0] if indices.named_children else None
    return indices


def place_of_node(ev: Evaluator, node: Node | None) -> object:
    """What an assignment to ``node`` changes: a variable, an element, or None where unknown."""
    if node is None:
        return None
    match node.type:
        case "identifier":
            cell = ev.lookup(text_of(node))
            if cell is not None and isinstance(cell.value, Reference) and (cell.type is None or cell.type.reference):
                return cell.value.cell
            return cell
        case "parenthesized_expression":
            return place_of_node(ev, node.named_children[0]) if node.named_children else None
        case "field_expression":
            base = _plain(ev, value_of_node(ev, node.child_by_field_name("argument")))
            if isinstance(base, Reference):
                base = ev.read(base.cell)
            return base.fields.get(text_of(node.child_by_field_name("field"))) if isinstance(base, Struct) else None
        case "subscript_expression":
            base = _plain(ev, value_of_node(ev, node.child_by_field_name("argument")))
            memory = base.memory if isinstance(base, Pointer) else base
            index = ev.number(_index_of(node))
            if isinstance(base, Pointer) and base.offset.value != 0:
                index = Number()
            return Element(memory, index) if isinstance(memory, Memory) else None
        case "pointer_expression" if text_of(node).startswith("*"):
            value = value_of_node(ev, node.child_by_field_name("argument"))
            if isinstance(value, Reference):
                return value.cell
            if isinstance(value, (Pointer, Memory)):
                return Element(value.memory if isinstance(value, Pointer) else value, Number())
        case "cast_expression":
            return place_of_node(ev, node.child_by_field_name("value"))
    return None


def _selected(ev: Evaluator, node: Node) -> object:
    base = _plain(ev, value_of_node(ev, node.child_by_field_name("argument")))
    if isinstance(base, Reference):
        base = ev.read(base.cell)
    if node.type == "field_expression":
        if isinstance(base, Struct):
            cell = base.fields.get(text_of(node.child_by_field_name("field")))
            return cell.value if cell is not None else UNKNOWN
        return External(text_of(node)) if isinstance(base, External) else UNKNOWN
    index = ev.number(_index_of(node))
    if isinstance(base, Pointer):
        return ev.element(base.memory, index if base.offset.value == 0 else Number())
    return ev.element(base, index) if isinstance(base, Memory) else UNKNOWN


def _sizeof(ev: Evaluator, node: Node) -> Number:
    type_node = node.child_by_field_name("type")
    if type_node is not None:
        width = ev.bytes_of(_descriptor(ev, type_node))
        return literal(width, U64) if width else Number(type=U64)
    target = node.child_by_field_name("value")
    while target is not None and target.type == "parenthesized_expression":
        target = target.named_children[0]
    if target is None:
        return Number(type=U64)
    spelled = text_of(target)
    if target.type == "identifier" and ev.lookup(spelled) is None:
        width = ev.bytes_of(type_name(spelled, ev.program.aliases, ev.bound))
        return literal(width, U64) if width else Number(type=U64)
    if target.type == "identifier":
        cell = ev.lookup(spelled)
        if isinstance(cell.value, Memory) and (cell.type is None or cell.type.extents):
            return convert(cell.value.size, U64)
        width = ev.bytes_of(cell.type) or (cell.value.type.bytes if isinstance(cell.value, Number) else None)
        return literal(width, U64) if width else Number(type=U64)
    if target.type in ("pointer_expression", "subscript_expression"):
        base, depth = target, 0
        while base.type in ("pointer_expression", "subscript_expression", "parenthesized_expression"):
            depth += base.type != "parenthesized_expression"
            base = base.child_by_field_name("argument") or base.named_children[0]
        cell = ev.lookup(text_of(base))
        if cell is not None and cell.type is not None and depth < cell.type.pointers:
            return literal(8, U64)
        value = _plain(ev, value_of_node(ev, base))
        element = cell.type.scalar if cell is not None and cell.type is not None else None
        element = element or (value.element if isinstance(value, (Pointer, Memory)) else None)
        return literal(element.bytes, U64) if element else Number(type=U64)
    value = value_of_node(ev, target)
    return literal(value.type.bytes, U64) if isinstance(value, Number) else Number(type=U64)


def _new(ev: Evaluator, node: Node) -> object:
    type_ = type_name(text_of(node.child_by_field_name("type")), ev.program.aliases, ev.bound)
    declarator = node.child_by_field_name("declarator")
    length = declarator.child_by_field_name("length") if declarator is not None else None
    width = ev.bytes_of(type_)
    count = ev.number(length) if length is not None else literal(1)
    size = arithmetic("*", convert(count, U64), literal(width, U64)) if width else Number()
    return Pointer(Memory("", size, type_.scalar), literal(0), type_.scalar)


def _sequence(ev: Evaluator, node: Node) -> Sequence:
    items = []
    for child in node.named_children:
        if child.type == "initializer_pair":
            designator = text_of(child.child_by_field_name("designator")).lstrip(".")
            items.append((designator, value_of_node(ev, child.child_by_field_name("value")), child.start_byte))
        elif child.type != "comment":
            items.append(("", value_of_node(ev, child), child.start_byte))
    return Sequence(tuple(items))


# ---- calls ---------------------------------------------------------------------------------------------------------------------------


def _call(ev: Evaluator, node: Node) -> object:
    function = node.child_by_field_name("function")
    arguments = node.child_by_field_name("arguments")
    argument_nodes = [child for child in arguments.named_children if child.type != "comment"] if arguments is not None else []
    configuration = next((child for child in node.children if child.type == "kernel_call_syntax"), None)
    if configuration is not None:
        ev.on_launch(ev, node, function, [child for child in configuration.named_children if child.type != "comment"], argument_nodes)
        return UNKNOWN
    if function.type in ("primitive_type", "sized_type_specifier"):
        first = value_of_node(ev, argument_nodes[0]) if argument_nodes else literal(0)
        return cast(ev, type_name(text_of(function), ev.program.aliases, ev.bound), first)
    if function.type == "field_expression":
        return _method_call(ev, node, function, argument_nodes)
    name, spelled = call_name(function)
    if name in _CASTS:
        type_ = type_name(spelled[0] if spelled else "", ev.program.aliases, ev.bound)
        return cast(ev, type_, value_of_node(ev, argument_nodes[0]) if argument_nodes else UNKNOWN)
    macro = ev.program.macros.get(name)
    if macro is not None and macro.parameters is not None:
        return _macro(ev, macro, argument_nodes)
    local = ev.lookup(name)
    if local is not None and isinstance(local.value, (Closure, Draw)):
        return _apply(ev, local.value, argument_nodes)
    if name in ev.kernels and name not in ev.program.structs and ev.calls_plain_kernels:
        ev.on_launch(ev, node, function, [], argument_nodes)
        return UNKNOWN
    owner = ev.lookup(THIS)
    inner = method_of(ev, owner.value, name) if owner is not None and function.type != "qualified_identifier" else None
    if inner is not None:
        return call_method(ev, owner.value, inner, [argument_value(ev, child) for child in argument_nodes], spelled)
    declared = ev.program.functions.get(name)
    if declared is not None and not declared.device:
        return ev.call(declared, spread(ev, argument_nodes, argument_value), spelled)
    type_ = type_name(name + (f"<{', '.join(spelled)}>" if spelled else ""), ev.program.aliases, ev.bound)
    known = ("vector", "array", "cnrtDim3_t", *OTHER_BYTES, *ev.program.structs)
    if type_.scalar is not None or type_.base.removeprefix("std::") in known:
        values = [value_of_node(ev, child) for child in argument_nodes]
        if type_.scalar is not None and not type_.pointers:
            return cast(ev, type_, values[0] if values else literal(0, type_.scalar))
        return ev.construct(type_, values, "", node.start_byte)
    return call_of_name(ev, node, name, spelled, argument_nodes)


def call_name(function: Node) -> tuple[str, tuple[str, ...]]:
    """The unqualified name that is called and its spelled template arguments."""
    while function.type == "qualified_identifier":
        function = function.child_by_field_name("name")
    if function.type in ("template_function", "template_type"):
        arguments = function.child_by_field_name("arguments")
        spelled = tuple(text_of(child) for child in arguments.named_children if child.type != "comment")
        return text_of(function.child_by_field_name("name")), spelled
    if function.type == "parenthesized_expression" and function.named_children:
        return call_name(function.named_children[0])
    return text_of(function), ()


def spread(ev: Evaluator, nodes: list[Node], evaluate: Callable[[Evaluator, Node], object]) -> list:
    """The values of arguments; a pack (``std::forward<Args>(args)...``) is as many as it holds."""
    values: list = []
    for node in nodes:
        if node.type == "parameter_pack_expansion":
            packs = [cell.value for name in _names_in(node) if (cell := ev.lookup(name)) is not None and isinstance(cell.value, list)]
            values += packs[0] if packs else [UNKNOWN]
        else:
            values.append(evaluate(ev, node))
    return values


def _names_in(node: Node) -> list[str]:
    names, stack = [], [node]
    while stack:
        current = stack.pop()
        if current.type == "identifier":
            names.append(text_of(current))
        stack.extend(current.named_children)
    return names


def argument_value(ev: Evaluator, node: Node) -> object:
    """An argument: a reference to a variable, so that the callee may change it; else a value."""
    if node.type == "identifier":
        cell = ev.lookup(text_of(node))
        if cell is not None and not isinstance(cell.value, (Memory, Struct, Closure, Pointer)):
            return cell.value if isinstance(cell.value, Reference) else Reference(cell)
        if cell is not None and isinstance(cell.value, Pointer):
            return Reference(cell)
    return value_of_node(ev, node)


def _macro(ev: Evaluator, macro, argument_nodes: list[Node]) -> object:
    """A macro whose body is an expression has its value; any other is taken for a check around its arguments."""
    values = [_plain(ev, value_of_node(ev, child)) for child in argument_nodes]
    nodes = fragment(macro.body)
    if len(nodes) != 1 or ev.depth > 20 or not values:
        return values[0] if values else UNKNOWN
    ev.scopes.append({name: Cell(name, value) for name, value in zip(macro.parameters, values)})
    ev.depth += 1
    try:
        return value_of_node(ev, nodes[0])
    finally:
        ev.depth -= 1
        ev.scopes.pop()


def _apply(ev: Evaluator, function: Closure | Draw, argument_nodes: list[Node]) -> object:
    if isinstance(function, Draw):
        return function.result
    return apply_closure(ev, function, [argument_value(ev, child) for child in argument_nodes])


def apply_closure(ev: Evaluator, function: Closure, arguments: list) -> object:
    declarator = function.node.child_by_field_name("declarator")
    parameters = declarator.child_by_field_name("parameters") if declarator is not None else None
    names = [ev.parameter(child, {}) for child in parameters.named_children if child.type == "parameter_declaration"] if parameters else []
    frame = {name: Cell(name, value if type_.reference or not isinstance(value, Reference) else ev.read(value.cell), type_)
             for (type_, name), value in zip(names, arguments)}
    return ev.run_closure(function, frame)


def _method_call(ev: Evaluator, node: Node, function: Node, argument_nodes: list[Node]) -> object:
    field = function.child_by_field_name("field")
    name = text_of(field.child_by_field_name("name")) if field.type == "template_method" else text_of(field)
    target = function.child_by_field_name("argument")
    subject = _plain(ev, value_of_node(ev, target))
    if isinstance(subject, Reference):
        subject = ev.read(subject.cell)
    element = None
    if field.type == "template_method":
        spelled = text_of(field.child_by_field_name("arguments")).strip("<>")
        element = type_name(spelled, ev.program.aliases, ev.bound).scalar
    own = method_of(ev, subject, name)
    if own is not None:
        return call_method(ev, subject, own, [argument_value(ev, child) for child in argument_nodes], ())
    values = [value_of_node(ev, child) for child in argument_nodes]
    return method(ev, text_of(target), subject, name, values, element, text_of(node))

