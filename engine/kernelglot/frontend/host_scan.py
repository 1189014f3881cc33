"""What a file declares at its top level, as the static evaluation of host code needs it: functions, macros, aliases, structs, globals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import tree_sitter_cuda
from tree_sitter import Language, Node, Parser

from .host_values import SCALAR_NAMES, TypeName

_QUALIFIERS = re.compile(
    r"\b(const|constexpr|consteval|static|inline|volatile|extern|register|mutable|typename|struct|class|enum|__restrict__|__restrict|restrict"
    r"|__device__|__host__|__constant__|__managed__|__shared__|thread_local)\b")
_TEMPLATE = re.compile(r"^(?P<name>[\w:]+?)\s*<(?P<arguments>.*)>$", re.DOTALL)
_CONTAINERS = ("translation_unit", "namespace_definition", "linkage_specification", "declaration_list", "preproc_else", "preproc_if",
               "preproc_ifdef")
_DEVICE = re.compile(r"\b(__global__|__mlu_global__|__mlu_entry__|__mlu_func__|__mlu_device__)\b")


@lru_cache(maxsize=1)
def _parser() -> Parser:
    return Parser(Language(tree_sitter_cuda.language()))


def parse(source: bytes) -> Node:
    return _parser().parse(source).root_node


def fragment(text: str) -> tuple[Node, ...]:
    """The expressions in ``text``, a list separated by commas; empty where it is no expression list."""
    root = parse(f"int _ = __({text});".encode())
    if root.has_error:
        return ()
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type == "call_expression":
            return tuple(child for child in node.child_by_field_name("arguments").named_children if child.type != "comment")
        stack.extend(node.named_children)
    return ()


def misread_declarations(node: Node) -> tuple[Node, ...]:
    """``vector<half> a(n, x), b(n, y), c(m);`` as one declaration each where the grammar took it for comparisons, else nothing. Each stands
    where its parts stand in the file, so that positions stay those of the text."""
    listed: list[Node] = []
    rest = node.named_children[0] if node.type == "expression_statement" and node.named_children else None
    while rest is not None and rest.type == "comma_expression":
        listed.append(rest.child_by_field_name("left"))
        rest = rest.child_by_field_name("right")
    first = listed[0] if listed else rest
    type_, name = (first.child_by_field_name(side) for side in ("left", "right")) if _compares(first, ">") else (None, None)
    if rest is None or name is None or not _compares(type_, "<") or not type_.child_by_field_name("left").type.endswith("identifier"):
        return ()
    declared = (name, *listed[1:], *([rest] if listed else []))
    if not all(each.type == "identifier" or _called_plainly(each) for each in declared):
        return ()
    end = first.child_by_field_name("operator").end_byte
    head = node.text[: end - node.start_byte]
    return tuple(_reparsed(node.start_byte, head, each.start_byte - end, each.text) for each in declared)


def _compares(node: Node | None, operator: str) -> bool:
    return node is not None and node.type == "binary_expression" and text_of(node.child_by_field_name("operator")) == operator


def _called_plainly(node: Node) -> bool:
    return node.type == "call_expression" and node.child_by_field_name("function").type == "identifier"


@lru_cache(maxsize=256)
def _reparsed(start: int, type_: bytes, gap: int, declarator: bytes) -> Node:
    return parse(b" " * start + type_ + b" " * gap + declarator + b";").named_children[0]


@dataclass(frozen=True, slots=True)
class Macro:
    parameters: tuple[str, ...] | None      # None: an object-like macro
    body: str


@dataclass(frozen=True, slots=True, eq=False)
class HostFunction:
    name: str
    node: Node
    parameters: tuple[Node, ...]
    templates: tuple[str, ...]
    device: bool
    owner: str = ""                         # the class it is a method of

    @property
    def plain_name(self) -> str:
        """Without the class."""
        return self.name.rsplit("::", 1)[-1]


@dataclass(slots=True)
class Program:
    """Everything at file scope; ``globals`` are declarations in source order."""

    original: bytes = b""
    functions: dict[str, HostFunction] = field(default_factory=dict)
    macros: dict[str, Macro] = field(default_factory=dict)
    aliases: dict[str, TypeName] = field(default_factory=dict)
    structs: dict[str, list[Node]] = field(default_factory=dict)
    constructors: dict[str, list[HostFunction]] = field(default_factory=dict)       # by class
    class_templates: dict[str, tuple[str, ...]] = field(default_factory=dict)
    globals: list[Node] = field(default_factory=list)
    enums: list[Node] = field(default_factory=list)


def text_of(node: Node | None) -> str:
    return "" if node is None else node.text.decode("utf-8", "replace")


def scan(roots: Node | Sequence[Node], original: bytes = b"") -> Program:
    """``original`` is the text before masking, if the trees come from masked text."""
    roots = [roots] if isinstance(roots, Node) else list(roots)
    program = Program(original=original)
    stack: list[tuple[Node, tuple[str, ...]]] = [(root, ()) for root in reversed(roots)]
    while stack:
        node, templates = stack.pop()
        match node.type:
            case "function_definition":
                _function(program, node, templates)
            case "template_declaration":
                names = _template_names(node)
                stack.extend((child, names) for child in reversed(node.named_children) if child.type != "template_parameter_list")
            case kind if kind in _CONTAINERS:
                stack.extend((child, ()) for child in reversed(taken_children(node, program)))
            case "declaration":
                program.globals.append(node)
                stack.extend((child, ()) for child in node.named_children if child.type in ("struct_specifier", "enum_specifier"))
            case "expression_statement":
                program.globals += misread_declarations(node)
            case "preproc_def":
                name, body = text_of(node.child_by_field_name("name")), _unfolded(node.child_by_field_name("value"))
                program.macros[name] = Macro(None, body)
                if body in SCALAR_NAMES:        # #define ll long long
                    program.aliases[name] = type_name(body, {})
            case "preproc_function_def":
                parameters = node.child_by_field_name("parameters")
                names = tuple(text_of(child) for child in parameters.children if child.type in ("identifier", "..."))
                program.macros[text_of(node.child_by_field_name("name"))] = Macro(names, _unfolded(node.child_by_field_name("value")))
            case "type_definition":
                declarators = node.children_by_field_name("declarator")
                inner = node.child_by_field_name("type")
                kinds = ("struct_specifier", "class_specifier")
                if inner is not None and inner.type in kinds and inner.child_by_field_name("body") is not None:
                    for declarator in declarators:
                        declare_class(program, inner, (), text_of(declarator))
                    continue
                for declarator in declarators:
                    if declarator.type == "type_identifier":
                        program.aliases[text_of(declarator)] = type_name(text_of(node.child_by_field_name("type")), program.aliases)
            case "alias_declaration":
                target = text_of(node.child_by_field_name("type"))
                program.aliases[text_of(node.child_by_field_name("name"))] = type_name(target, program.aliases)
            case "struct_specifier" | "class_specifier":
                declare_class(program, node, templates)
            case "enum_specifier":
                program.enums.append(node)
    return program


def declare_class(program: Program, node: Node, templates: tuple[str, ...], name: str = "") -> None:
    """A class with its fields, constructors and methods."""
    name, body = name or text_of(node.child_by_field_name("name")), node.child_by_field_name("body")
    _struct(program, node, name)
    program.class_templates[name] = templates
    for child in body.named_children if body is not None else ():
        inner, own = child, ()
        if child.type == "template_declaration" and child.named_children:
            inner, own = child.named_children[-1], _template_names(child)
        if inner.type == "function_definition":
            _function(program, inner, own, name)


def taken_children(node: Node, program: Program) -> list[Node]:
    """The children of a node that the preprocessor keeps, as far as it can be told: a condition that is not understood counts as true."""
    if node.type not in ("preproc_ifdef", "preproc_if", "preproc_elif"):
        return [child for child in node.named_children if child.type != "comment"]
    alternative = node.child_by_field_name("alternative")
    head = node.child_by_field_name("name") or node.child_by_field_name("condition")
    kept = [child for child in node.named_children if child not in (alternative, head) and child.type != "comment"]
    if node.type == "preproc_ifdef":
        defined = text_of(head) in program.macros
        taken = defined if text_of(node.children[0]) == "#ifdef" else not defined
    else:
        condition = text_of(head).strip()
        negated = re.fullmatch(r"(!?)\s*defined\s*\(?\s*(\w+)\s*\)?", condition)
        taken = (negated[2] in program.macros) != bool(negated[1]) if negated else condition != "0"
    if taken:
        return kept
    return taken_children(alternative, program) if alternative is not None else []


def _unfolded(node: Node | None) -> str:
    body = re.sub(r"\\\r?\n", " ", text_of(node))
    return re.sub(r"//.*$|/\*.*?\*/", " ", body).strip()


def _template_names(node: Node) -> tuple[str, ...]:
    parameters = node.child_by_field_name("parameters")
    names = []
    for child in parameters.named_children:
        identifiers = [grand for grand in child.named_children if grand.type in ("identifier", "type_identifier")]
        if child.type != "comment":
            names.append(text_of(identifiers[-1]) if identifiers else "")
    return tuple(names)


def declarator_name(node: Node | None) -> Node | None:
    """The identifier inside nested declarators."""
    while node is not None and node.type not in ("identifier", "field_identifier", "type_identifier"):
        if node.type in ("qualified_identifier", "destructor_name", "operator_name", "template_function"):
            return node.child_by_field_name("name")
        inner = node.child_by_field_name("declarator")
        if inner is None:
            inner = next((child for child in node.named_children if child.type.endswith(("declarator", "identifier"))), None)
        node = inner
    return node


def _function(program: Program, node: Node, templates: tuple[str, ...], owner: str = "") -> None:
    declarator = node.child_by_field_name("declarator")
    while declarator is not None and declarator.type != "function_declarator":
        declarator = declarator.child_by_field_name("declarator") or next(
            (child for child in declarator.named_children if child.type.endswith("declarator")), None)
    body = node.child_by_field_name("body")
    if declarator is None or body is None:
        return
    label = declarator.child_by_field_name("declarator")
    name = text_of(declarator_name(label))
    if label is not None and label.type == "qualified_identifier" and text_of(label.child_by_field_name("scope")) in program.structs:
        owner = text_of(label.child_by_field_name("scope"))
    parameters = declarator.child_by_field_name("parameters")
    kinds = ("parameter_declaration", "optional_parameter_declaration", "variadic_parameter_declaration")
    kept = tuple(child for child in parameters.named_children if child.type in kinds)
    # qualifiers may stand before the node where the grammar does not know them
    raw = program.original[max(0, program.original.rfind(b"\n", 0, node.start_byte)) : body.start_byte] if program.original else (
        node.text[: body.start_byte - node.start_byte])
    head = raw.decode("utf-8", "replace")
    if owner and name == owner:
        program.constructors.setdefault(owner, []).append(HostFunction(f"{owner}::{name}", node, kept, templates, False, owner))
        return
    if owner:
        name = f"{owner}::{name}"
    program.functions[name] = HostFunction(name, node, kept, templates, bool(_DEVICE.search(head)), owner)


def _struct(program: Program, node: Node | None, name: str) -> None:
    body = None if node is None else node.child_by_field_name("body")
    if body is not None and name:
        program.structs[name] = [child for child in body.named_children if child.type == "field_declaration"]


def type_name(text: str, aliases: dict[str, TypeName], bound: dict[str, str] | None = None) -> TypeName:
    """A type as spelled, e.g. ``const float *__restrict__`` or ``std::vector<int64_t>``."""
    spelled, text = text, _QUALIFIERS.sub(" ", text)
    pointers, reference = 0, False
    text = text.strip()
    while text.endswith(("*", "&", "[]")):
        if text.endswith("[]"):
            text, pointers = text[:-2].rstrip(), pointers + 1
        elif text.endswith("*"):
            text, pointers = text[:-1].rstrip(), pointers + 1
        else:
            text, reference = text[:-1].rstrip(), True
    arguments: tuple[str, ...] = ()
    template = _TEMPLATE.match(text)
    if template:
        text, arguments = template["name"], split_arguments(template["arguments"])
    base = " ".join(text.split())
    if base.startswith("std::") and base[5:] in SCALAR_NAMES:
        base = base[5:]
    base = (bound or {}).get(base, base)
    if base in aliases and base not in SCALAR_NAMES:
        alias = aliases[base]
        return TypeName(alias.base, alias.pointers + pointers, reference, (), alias.arguments)
    if (base not in SCALAR_NAMES and "<" in base or base.endswith("*")) and base != spelled.strip():
        inner = type_name(base, aliases)
        return TypeName(inner.base, inner.pointers + pointers, reference, (), inner.arguments)
    return TypeName(base, pointers, reference, (), arguments)


def split_arguments(text: str) -> tuple[str, ...]:
    """``float, Pair<int, 2>`` as its two parts."""
    parts, depth, start = [], 0, 0
    for index, char in enumerate(text):
        depth += (char in "<([") - (char in ">)]")
        if char == "," and depth == 0:
            parts.append(text[start:index].strip())
            start = index + 1
    return tuple(parts + [text[start:].strip()]) if text.strip() else ()
