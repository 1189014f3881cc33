"""The types of launch arguments in host code, where they are simple enough to tell: what template arguments of kernels are deduced from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..ir.types import SCALARS
from .host_scan import misread_declarations
from .kinds import ArrayType, AutoType, CType, PointerType, ReferenceType, Scope_, Unsupported
from .parsing import SNode, descend
from .syntax import Item, callee

if TYPE_CHECKING:
    from .body import Body
    from .context import Unit

_CASTS = ("static_cast", "reinterpret_cast", "const_cast")
_OWNERS = ("vector", "device_vector", "host_vector", "unique_ptr", "shared_ptr", "array", "span")
_POINTING = ("data", "get", "begin", "data_ptr", "const_data_ptr", "mutable_data_ptr")
_DECLARING = ("declaration", "parameter_declaration", "optional_parameter_declaration", "field_declaration")
_SIZES = ("size", "numel", "dim", "stride", "length", "count")


class HostTypes:
    """The part of ``File`` that types expressions of host code."""

    if TYPE_CHECKING:
        items: tuple[Item, ...]
        template_structs: dict[str, SNode]
        source: object

        def body(self, unit: Unit | None = None, key: str = "", scope: Scope_ | None = None) -> Body: ...

    def host_type(self, node: SNode | None, host: Item | None, scope: Scope_) -> CType | None:
        """The type of an expression in ``host``; None where it can't be told."""
        if node is None:
            return None
        try:
            return self._host_type(node, host, scope)
        except Unsupported:
            return None

    def _host_type(self, node: SNode, host: Item | None, scope: Scope_) -> CType | None:
        body = self.body(scope=scope)
        match node.type:
            case "identifier":
                return self.host_variable(body, body.text(node), host) if host is not None else None
            case "cast_expression":
                type_node = node.child_by_field_name("type")
                return body.descriptor(type_node) if type_node is not None else None
            case "call_expression":
                return self._host_call(node, host, body)
            case "compound_literal_expression":
                type_node = node.child_by_field_name("type")
                return body.descriptor(type_node) if type_node is not None else None
            case "field_expression":
                return self._host_field(node, host, body)
            case "binary_expression":
                return self.host_type(node.child_by_field_name("left"), host, scope)
            case "conditional_expression":
                return self.host_type(node.child_by_field_name("consequence"), host, scope)
            case "number_literal" | "true" | "false" | "unary_expression" | "char_literal":
                return body.type_of(body.value(node), node)
            case "parenthesized_expression" if node.named_children:
                return self.host_type(node.named_children[0], host, scope)
            case "pointer_expression":
                return self._host_pointer(node, host, scope)
            case "subscript_expression":
                whole = self.host_type(node.child_by_field_name("argument"), host, scope)
                return whole.element if isinstance(whole, ArrayType) else whole.pointee if isinstance(whole, PointerType) else None
        return None

    def _host_pointer(self, node: SNode, host: Item | None, scope: Scope_) -> CType | None:
        operand = node.child_by_field_name("argument")
        taken = any(child.type == "&" for child in node.children)
        if taken and operand is not None and operand.type == "subscript_expression":
            return self.host_type(operand.child_by_field_name("argument"), host, scope)
        inner = self.host_type(operand, host, scope)
        if taken:
            return PointerType(inner) if inner is not None else None
        return inner.pointee if isinstance(inner, PointerType) else None

    # ---- calls

    def _host_call(self, node: SNode, host: Item | None, body: Body) -> CType | None:
        function, listed = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if function is None:
            return None
        if function.type == "field_expression":
            return self._host_method(function, host, body)
        if function.type in ("primitive_type", "type_identifier", "sized_type_specifier"):
            return body.specifier(function)
        name, arguments = callee(function)
        spelled = body.text(name) if name is not None else ""
        given = [child for child in listed.named_children if child.type != "comment"] if listed is not None else []
        if spelled in _CASTS and arguments:
            return body.descriptor(arguments[0])
        if spelled in ("raw_pointer_cast", "move", "forward", "min", "max") and given:
            return self.host_type(given[0], host, body.scope)
        if function.type == "template_function" and name is not None and spelled in self.template_structs:
            return body.file.template_struct(spelled, list(arguments), body)  # type: ignore[attr-defined]
        return body.named_type(spelled, node) if spelled else None

    def _host_method(self, function: SNode, host: Item | None, body: Body) -> CType | None:
        """``v.data()``, ``tensor.data_ptr<float>()``, ``buffer.get()``."""
        field = function.child_by_field_name("field")
        if field is None:
            return None
        arguments: tuple[SNode, ...] = ()
        if field.type == "template_method":
            inner, listed = field.child_by_field_name("name"), field.child_by_field_name("arguments")
            arguments = tuple(listed.named_children) if listed is not None else ()
            field = inner if inner is not None else field
        name = body.text(field)
        if name in _POINTING and arguments:
            return PointerType(body.descriptor(arguments[0]))
        owner = function.child_by_field_name("argument")
        type_node = self._declared_as(body, body.text(owner), host) if owner is not None and owner.type == "identifier" else None
        if type_node is None:
            return SCALARS["i64"] if name in _SIZES else None
        while type_node.type == "qualified_identifier" and (inner := type_node.child_by_field_name("name")) is not None:
            type_node = inner
        if type_node.type != "template_type":
            return SCALARS["i64"] if name in _SIZES else None
        return self._owned(type_node, name, body)

    def _owned(self, type_node: SNode, method: str, body: Body) -> CType | None:
        """What a method of ``Buffer<float>`` returns: as its class says, or the pointer that smart pointers and containers give."""
        name, listed = type_node.child_by_field_name("name"), type_node.child_by_field_name("arguments")
        arguments = [child for child in listed.named_children if child.type != "comment"] if listed is not None else []
        spelled = body.text(name) if name is not None else ""
        definition = self.template_structs.get(spelled)
        if definition is None:
            return (
                PointerType(body.descriptor(arguments[0]))
                if spelled in _OWNERS and method in _POINTING and arguments
                else (SCALARS["u64"] if method in _SIZES else None)
            )
        heads = definition.child_by_field_name("parameters")
        scope = Scope_(body.scope)
        for head, argument in zip(heads.named_children if heads is not None else (), arguments, strict=False):
            label = head.child_by_field_name("name") or next((c for c in head.named_children if c.type == "type_identifier"), None)
            if label is not None and head.type == "type_parameter_declaration":
                scope.types[body.text(label)] = body.descriptor(argument)
        inside = self.body(scope=scope)
        for member in descend(definition):
            if member.type in ("function_definition", "field_declaration") and _method_name(member) == method:
                type_, const = inside.declared_type(member)
                declarator = member.child_by_field_name("declarator")
                while declarator is not None and declarator.type in ("pointer_declarator", "reference_declarator"):
                    type_ = PointerType(type_, const) if declarator.type == "pointer_declarator" else ReferenceType(type_, const)
                    declarator = declarator.child_by_field_name("declarator")
                return type_
        return None

    def _host_field(self, node: SNode, host: Item | None, body: Body) -> CType | None:
        """``x.data``: the declaration of that field in the structure that ``x`` is."""
        owner, field = node.child_by_field_name("argument"), node.child_by_field_name("field")
        if owner is None or field is None:
            return None
        if owner.type == "this":
            return self.host_variable(body, body.text(field), host) if host is not None else None
        type_node = self._declared_as(body, body.text(owner), host) if owner.type == "identifier" else None
        if type_node is None:
            return None
        wanted = body.text(type_node)
        for item in self.items:
            if item.kind == "struct" and item.name == wanted:
                for member in descend(item.node):
                    if member.type == "field_declaration" and (found := self._declared(body, body.text(field), member)) is not None:
                        return found[0]
        return None

    # ---- variables

    def host_variable(self, body: Body, name: str, host: Item) -> CType | None:
        found = next(self._declarations(body, name, host), None)
        if found is None:
            return None
        type_, value = found
        return self.host_type(value, host, body.scope) if isinstance(type_, AutoType) else type_

    def _declarations(self, body: Body, name: str, host: Item) -> Iterator[tuple[CType, SNode | None]]:
        """What ``name`` is declared as in a host function, in the class around it or at file scope."""
        outer = [item.node for item in self.items if item.kind == "global" or item.kind == "struct" and _encloses(item, host)]
        for root in (host.node, *outer):
            for node in _with_misread(root):
                if node.type in _DECLARING and (found := self._declared(body, name, node)) is not None:
                    yield found

    def _declared(self, body: Body, name: str, node: SNode) -> tuple[CType, SNode | None] | None:
        for declarator in node.children_by_field_name("declarator"):
            inner = declarator.child_by_field_name("declarator") if declarator.type == "init_declarator" else declarator
            label = inner
            while label is not None and label.type not in ("identifier", "field_identifier"):
                label = label.child_by_field_name("declarator") or next((c for c in label.named_children if "declarator" in c.type), None)
            if label is None or body.text(label) != name:
                continue
            base, const = body.declared_type(node)
            if isinstance(base, AutoType):
                return base, declarator.child_by_field_name("value")
            found = body.declarator(inner, base, const)[1]
            return (PointerType(found.element, const) if isinstance(found, ArrayType) else found), None
        return None

    def _declared_as(self, body: Body, name: str, host: Item | None) -> SNode | None:
        """The type specifier a variable is declared with, as written."""
        for node in _with_misread(host.node) if host is not None else ():
            if node.type not in _DECLARING:
                continue
            for declarator in node.children_by_field_name("declarator"):
                label: SNode | None = declarator
                while label is not None and label.type not in ("identifier", "field_identifier"):
                    label = label.child_by_field_name("declarator") or next(
                        (c for c in label.named_children if "declarator" in c.type or c.type == "identifier"), None
                    )
                if label is not None and body.text(label) == name:
                    return node.child_by_field_name("type")
        return None


def _with_misread(root: SNode) -> Iterator[SNode]:
    """All nodes below ``root``, declarations that the grammar takes for comparisons among them."""
    for node in descend(root):
        yield node
        yield from misread_declarations(node)


def _encloses(item: Item, host: Item) -> bool:
    return item.node.start_byte <= host.node.start_byte and host.node.end_byte <= item.node.end_byte


def _method_name(member: SNode) -> str:
    declarator = member.child_by_field_name("declarator")
    while declarator is not None and declarator.type != "function_declarator":
        declarator = declarator.child_by_field_name("declarator") or next(
            (child for child in declarator.named_children if child.type.endswith("declarator")), None
        )
    label = declarator.child_by_field_name("declarator") if declarator is not None else None
    return label.text.decode() if label is not None and label.text else ""
