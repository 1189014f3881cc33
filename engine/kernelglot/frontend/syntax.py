"""What stands at the top level of a file, its launches, and the file without its host code.

Tree-sitter only: fast enough for every keystroke.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..ir.nodes import Span
from .macro_kernels import DEFINITION, without_macro_kernels
from .parsing import SNode, Source, deepest, descend, first_error, parse
from .spelling import Spelling

_CONTAINERS = (
    "translation_unit",
    "linkage_specification",
    "declaration_list",
    "namespace_definition",
    "preproc_if",
    "preproc_ifdef",
    "preproc_else",
    "preproc_elif",
    "preproc_elifdef",
    "ERROR",
)
_PARTS = ("comment", "namespace_identifier", "string_literal", "identifier", "number_literal", "binary_expression", "preproc_defined")
_HOST_ONLY = re.compile(rb"\bstd::|\bcuda[A-Z]\w*|\bhip[A-Z]\w*|\bcnrt\w*|\bcublas|\bFILE\b")
_QUALIFYING = re.compile(
    r"[ \t]*#[ \t]*define[ \t]+\w+[ \t]+[^(){};]*__(?:global|device)__[^{};]*(?:__launch_bounds__\([^{};]*)?", re.DOTALL
)
_CALL = re.compile(rb"\b([A-Za-z_]\w*)\s*\(")
_LAUNCH = re.compile(rb"<<<|hipLaunchKernelGGL|hipLaunchKernel\b|cudaLaunchKernel")
_KEYWORDS = frozenset(b"if for while switch return sizeof main defined __attribute__ __launch_bounds__ alignas".split())


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """One top-level item; spans are bytes of the parsed text. ``template`` holds the template parameters as written.

    ``kind``: kernel, device, host, include, define, global, typedef, struct, enum, instantiation, declaration or other.
    """

    kind: str
    name: str
    span: Span
    body: Span | None
    template: tuple[str, ...]
    qualifiers: frozenset[str]
    has_error: bool
    node: SNode
    end_line: int
    name_span: Span | None = None
    whole: SNode | None = None  # with the template head


@dataclass(frozen=True, slots=True, eq=False)
class Launch:
    """``kernel<template><<<grid, block, shared, stream>>>(arguments)`` or ``hipLaunchKernelGGL``; expressions are syntax nodes."""

    kernel: str
    template: tuple[str, ...]
    grid: SNode
    block: SNode
    shared: SNode | None
    stream: SNode | None
    arguments: tuple[SNode, ...]
    host: Item | None
    node: SNode
    template_nodes: tuple[SNode, ...] = ()


def outline(text: str | bytes | Source, spelling: Spelling | None = None) -> tuple[Item, ...]:
    """The top-level items of a text in file order; those inside namespaces, ``extern "C"`` and ``#if`` count as top-level."""
    if isinstance(text, Source):
        source = text
    else:
        assert spelling is not None
        source = parse(text, spelling)
    items = list(_items(source))
    if not source.spelling.kernel_qualifiers:
        items = _plain_kernels(items, source)
    return tuple(items)


def _items(source: Source) -> Iterator[Item]:
    stack: list[SNode] = list(reversed(source.roots))
    while stack:
        node = stack.pop()
        if node.type in _CONTAINERS:
            stack.extend(reversed(node.named_children))
            continue
        if node.type in _PARTS:
            continue
        item = _item(node, source)
        if item is not None:
            yield item


def _item(node: SNode, source: Source) -> Item | None:
    kind = node.type
    if kind == "preproc_include":
        path = node.child_by_field_name("path")
        return _make("include", source.of(path) if path else "", node, source)
    if kind in ("preproc_def", "preproc_function_def"):
        name = node.child_by_field_name("name")
        return _make("define", source.of(name) if name else "", node, source)
    if kind in ("type_definition", "alias_declaration"):
        name = node.child_by_field_name("name") or node.child_by_field_name("declarator")
        inner = node.child_by_field_name("type")
        is_struct = (
            inner is not None and inner.type in ("struct_specifier", "class_specifier") and inner.child_by_field_name("body") is not None
        )
        return _make("struct" if is_struct else "typedef", source.of(name) if name else "", node, source)
    if kind in ("struct_specifier", "class_specifier", "union_specifier", "enum_specifier"):
        name = node.child_by_field_name("name")
        return _make("enum" if kind.startswith("enum") else "struct", source.of(name) if name else "", node, source)
    if kind == "template_declaration":
        parameters = node.child_by_field_name("parameters")
        inner = node.named_children[-1] if node.named_children else None
        found = _item(inner, source) if inner is not None and inner is not parameters else None
        if found is None:
            return None
        template = tuple(source.of(p) for p in parameters.named_children) if parameters else ()
        return Item(
            found.kind,
            found.name,
            _span(node, source),
            found.body,
            template or ("",),
            found.qualifiers,
            node.has_error,
            found.node,
            node.end_point[0] + 1,
            found.name_span,
            node,
        )
    if kind == "template_instantiation":
        return _make("instantiation", _function_name(node, source)[0], node, source)
    if kind == "function_definition":
        return _function(node, source)
    if kind == "declaration":
        if any(child.type == "function_declarator" for child in _declarators(node)):
            return _make("declaration", _function_name(node, source)[0], node, source)
        names = [source.of(child) for child in _declarators(node) if child.type == "identifier"]
        inner = node.child_by_field_name("type")
        if not names and inner is not None and inner.type in ("struct_specifier", "enum_specifier"):
            return _item(inner, source)
        return _make("global", names[0] if names else "", node, source)
    if kind == "comment":
        return None
    return _make("other", "", node, source) if kind not in ("comment", ";") else None


def _make(kind: str, name: str, node: SNode, source: Source) -> Item:
    return Item(kind, name, _span(node, source), None, (), qualifiers(node), node.has_error, node, node.end_point[0] + 1, None, node)


def _span(node: SNode, source: Source) -> Span:
    return Span(node.start_byte, node.end_byte, node.start_point[0] + 1)


def qualifiers(node: SNode) -> frozenset[str]:
    """Words like ``__global__``, ``static`` and ``inline`` before a declaration."""
    words = set()
    for child in node.children:
        if not child.is_named:
            words.add(child.type)
        elif child.type in ("storage_class_specifier", "type_qualifier") and child.text:
            words.add(child.text.decode())
    return frozenset(words)


def _declarators(node: SNode) -> Iterator[SNode]:
    """The declarators of a declaration and those nested in them, outermost first."""
    stack = list(reversed(node.children_by_field_name("declarator")))
    while stack:
        current = stack.pop()
        yield current
        inner = current.child_by_field_name("declarator")
        if inner is not None:
            stack.append(inner)
        elif current.type in ("reference_declarator", "parenthesized_declarator") and current.named_children:
            stack.append(current.named_children[-1])


def _function_name(node: SNode, source: Source) -> tuple[str, SNode | None]:
    for declarator in _declarators(node):
        if declarator.type == "function_declarator":
            name = declarator.child_by_field_name("declarator")
            while name is not None and name.type in ("template_function", "parenthesized_declarator"):
                name = name.child_by_field_name("name") or (name.named_children[-1] if name.named_children else None)
            return (source.of(name), name) if name is not None else ("", None)
    return "", None


def _function(node: SNode, source: Source) -> Item:
    name, name_node = _function_name(node, source)
    words = qualifiers(node)
    if "__global__" in words:
        kind = "kernel"
    elif "__device__" in words:
        kind = "device"
    else:
        kind = "host"
    body = node.child_by_field_name("body")
    return Item(
        kind,
        name,
        _span(node, source),
        _span(body, source) if body is not None else None,
        (),
        words,
        node.has_error,
        node,
        node.end_point[0] + 1,
        _span(name_node, source) if name_node is not None else None,
        node,
    )


def _plain_kernels(items: list[Item], source: Source) -> list[Item]:
    """In C every function that takes a pointer, returns nothing and is not called from another one but ``main`` is a kernel."""
    called: set[str] = set()
    for item in items:
        if item.kind == "host" and item.body is not None and item.name != "main":
            words = _CALL.findall(source.masked, item.body.start, item.body.end)
            called |= {word.decode() for word in words if word not in _KEYWORDS} - {item.name}
    result = []
    for item in items:
        if item.kind == "host":
            head = source.masked[item.span.start : item.body.start if item.body else item.span.end]
            takes_pointer = b"*" in head or b"[" in head
            void = re.search(rb"\bvoid\b[^(]*\(", head) is not None
            kernel = void and takes_pointer and item.name not in called and item.name != "main" and "static" not in item.qualifiers
            new = "kernel" if kernel else "host" if item.name == "main" else "device"
            item = Item(
                new,
                item.name,
                item.span,
                item.body,
                item.template,
                item.qualifiers,
                item.has_error,
                item.node,
                item.end_line,
                item.name_span,
                item.whole,
            )
        result.append(item)
    return result


_LINKAGE = re.compile(rb'\bextern\s*"C"\s*\Z')


def device_text(text: str, spelling: Spelling) -> str:
    """``text`` with host functions and host-only types blanked by spaces: the same length in characters, the same lines."""
    data = bytearray(text.encode("utf-8", "replace"))
    qualifier = _macro_qualifiers(text, spelling)
    source = parse(readable(text, spelling), spelling)
    items = outline(source)
    functions = {item.name for item in items if item.kind in ("kernel", "device")}
    for item in items:
        node = item.whole or item.node
        words = bytes(data[node.start_byte : node.end_byte])
        before = bytes(data[max(data.rfind(sign, 0, node.start_byte) for sign in b"\n;}") + 1 : node.start_byte])
        if qualifier is not None and (qualifier.search(before) or qualifier.search(words.partition(b"{")[0])):
            continue  # a macro says that it is for the device
        if item.kind == "define":
            data[node.start_byte : node.end_byte] = _device_macro(words, spelling)
        elif _host_only(item, words, functions, spelling):
            data[node.start_byte : node.end_byte] = _blank(words)
            linkage = _LINKAGE.search(data, max(0, node.start_byte - 80), node.start_byte)
            if linkage is not None:  # it would speak of whatever comes next
                data[linkage.start() : linkage.end()] = _blank(linkage[0])
    return bytes(data).decode("utf-8", "replace")


def _macro_qualifiers(text: str, spelling: Spelling) -> re.Pattern[bytes] | None:
    """Macros that stand for ``__device__``, ``__global__`` and their like."""
    names = [re.escape(match[1]) for match in DEFINITION.finditer(text) if _QUALIFYING.fullmatch(match[0])]
    return re.compile(rf"\b(?:{'|'.join(names)})\b".encode()) if names and spelling.kernel_qualifiers else None


def readable(text: str, spelling: Spelling) -> str:
    """``text`` with what looks like a syntax error until macros are expanded blanked: uses of macros that write whole kernels, and of
    macros that stand for qualifiers. Same length, same lines."""
    text = without_macro_kernels(text, spelling)
    qualifier = _macro_qualifiers(text, spelling)
    if qualifier is None:
        return text
    masked = re.sub(
        rb"(?m)^[ \t]*#.*$|" + qualifier.pattern, lambda m: m[0] if b"#" in m[0] else b" " * len(m[0]), text.encode("utf-8", "replace")
    )
    return masked.decode("utf-8", "replace")


def _host_only(item: Item, words: bytes, functions: set[str], spelling: Spelling) -> bool:
    """Whether no kernel can need an item, as far as its text tells."""
    if item.kind == "host":
        return "constexpr" not in item.qualifiers
    if b"__device__" in words or b"__global__" in words or "__device__" in item.qualifiers:
        return False
    if item.kind == "typedef" and words.startswith(b"template"):
        return True  # an explicit instantiation of a class
    if spelling.kernel_qualifiers and item.kind in ("declaration", "instantiation"):
        return item.name not in functions
    return item.kind in ("struct", "typedef", "global", "declaration", "other") and _HOST_ONLY.search(words) is not None


def _blank(words: bytes) -> bytes:
    return bytes(byte if byte in b"\n\r" else 32 for byte in words)


def _device_macro(words: bytes, spelling: Spelling) -> bytes:
    """A macro whose body defines functions, without the host functions among them."""
    if not _LAUNCH.search(words) and not _HOST_ONLY.search(words):
        return words
    head = re.match(rb"\s*#\s*define\s+\w+(?:\([^)]*\))?", words)
    if head is None:
        return words
    body = re.sub(rb"\\(?=\r?\n)", b" ", words[head.end() :]).replace(b"##", b"__")
    source = parse(body.decode("utf-8", "replace"), spelling)
    data = bytearray(words)
    for item in outline(source):
        if item.kind == "host" and item.body is not None and len(source.text) == len(body):
            start, end = item.span.start + head.end(), item.span.end + head.end()
            data[start:end] = bytes(byte if byte in b"\n\r\\" else 32 for byte in words[start:end])
    return bytes(data)


def launches(source: Source, items: tuple[Item, ...] | None = None) -> tuple[Launch, ...]:
    """Every kernel launch of a file, in file order."""
    found = []
    for item in items if items is not None else outline(source):
        if item.kind in ("kernel", "include", "define") or not _LAUNCH.search(source.text, item.span.start, item.span.end):
            continue
        for node in descend(item.node):
            if node.type == "call_expression":
                launch = _launch(node, item, source)
                if launch is not None:
                    found.append(launch)
    return tuple(found)


def _launch(node: SNode, host: Item, source: Source) -> Launch | None:
    function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if function is None or arguments is None:
        return None
    given = [child for child in arguments.named_children if child.type != "comment"]
    config: list[SNode] = []
    for child in node.children:
        if child.type == "kernel_call_syntax":
            config = [part for part in child.named_children if part.type != "comment"]
    if not config and source.of(function) == "hipLaunchKernelGGL" and len(given) >= 5:
        function, config, given = given[0], given[1:5], given[5:]
        while function.type == "parenthesized_expression" and function.named_children:
            function = function.named_children[0]
    if len(config) < 2:
        return None
    name, template = callee(function)
    return Launch(
        source.of(name) if name is not None else source.of(function),
        tuple(source.of(t) for t in template),
        config[0],
        config[1],
        config[2] if len(config) > 2 else None,
        config[3] if len(config) > 3 else None,
        tuple(given),
        host,
        node,
        template,
    )


def namespace_of(node: SNode) -> str:
    """The named namespaces around a definition, as a call from outside spells them: ``a::b::``."""
    names: list[str] = []
    parent = node.parent
    while parent is not None:
        name = parent.child_by_field_name("name") if parent.type == "namespace_definition" else None
        if name is not None and name.text:
            names.insert(0, name.text.decode())
        parent = parent.parent
    return "".join(f"{name}::" for name in names)


def callee(function: SNode) -> tuple[SNode | None, tuple[SNode, ...]]:
    """The name a call names and its template arguments; ``a::b<T>`` names ``b``."""
    node: SNode | None = function
    while node is not None and node.type == "qualified_identifier":
        node = node.child_by_field_name("name")
    if node is not None and node.type == "template_function":
        arguments = node.child_by_field_name("arguments")
        listed = tuple(a for a in arguments.named_children if a.type != "comment") if arguments is not None else ()
        return node.child_by_field_name("name"), listed
    return node, ()


__all__ = [
    "Item",
    "Launch",
    "SNode",
    "Source",
    "callee",
    "deepest",
    "descend",
    "device_text",
    "first_error",
    "launches",
    "namespace_of",
    "outline",
    "parse",
    "qualifiers",
]
