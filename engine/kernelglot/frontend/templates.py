"""Templates: arguments as written, deduced from values, defaulted; and which instances of a kernel a file uses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..ir.build import value_of
from ..ir.nodes import Expr, Literal, Var
from ..ir.types import I32, SCALARS, Scalar
from . import evaluate
from .host_types import HostTypes
from .inline import FunctionInfo, parameters
from .kinds import (
    ArrayType,
    CType,
    FunctionName,
    PointerType,
    ReferenceType,
    Scope_,
    StructType,
    TemplateName,
    TypeVariable,
    Unsupported,
    Value,
)
from .names import FAST_MATH, MATH
from .parsing import SNode, descend
from .syntax import Item, Launch, callee, namespace_of

if TYPE_CHECKING:
    from .body import Body
    from .context import Unit

_TEMPLATE_NUMBER = Scalar("template", "int", 32)
_SPELLED = {
    "void": "void",
    "bool": "bool",
    "i8": "int8_t",
    "i16": "int16_t",
    "i32": "int",
    "i64": "int64_t",
    "u8": "uint8_t",
    "u16": "uint16_t",
    "u32": "unsigned int",
    "u64": "uint64_t",
    "f16": "half",
    "bf16": "__nv_bfloat16",
    "f32": "float",
    "f64": "double",
}
DEEPEST_HOST = 3
_DISPATCH = re.compile(r"[A-Z]+_DISPATCH_[A-Z0-9_]+")


@dataclass(frozen=True, eq=False)
class Instance:
    """One kernel to lower: its definition, the scope with its template arguments, and how a call spells it."""

    item: Item
    scope: Scope_
    symbol: str


def describe(type_: CType | TypeVariable) -> str:
    """A type as C++ spells it."""
    if isinstance(type_, Scalar):
        return _SPELLED.get(type_.name, type_.name)
    if isinstance(type_, PointerType):
        return f"{'const ' if type_.const else ''}{describe(type_.pointee)}*"
    if isinstance(type_, ArrayType):
        return f"{describe(type_.element)}[]"
    if isinstance(type_, ReferenceType):
        return describe(type_.target)
    if isinstance(type_, StructType):
        return type_.space + type_.name
    return getattr(type_, "name", type(type_).__name__)


def spelled_type(type_: Scalar) -> str:
    return _SPELLED.get(type_.name, type_.name)


class Templates(HostTypes):
    """The part of ``File`` that knows templates."""

    if TYPE_CHECKING:
        items: tuple[Item, ...]
        scope: Scope_
        functions: dict[str, list[FunctionInfo]]
        source: object
        template_structs: dict[str, SNode]

        def body(self, unit: Unit | None = None, key: str = "", scope: Scope_ | None = None) -> Body: ...

        unresolved: list[Launch]

        def launches(self) -> tuple[Launch, ...]: ...
        def enum_named(self, type_node: SNode) -> SNode | None: ...
        def enumerators(self, node: SNode, user: Body) -> Iterator[tuple[str, int]]: ...

    # ---- binding

    def bind_template(self, info: FunctionInfo, arguments: tuple[SNode, ...], values: Sequence[Value], user: Body) -> Scope_:
        """The scope an instance of ``info`` is lowered in: explicit arguments, then deduction from ``values``, then defaults."""
        types: list[CType | None] = []
        for value in values:
            try:
                types.append(user.type_of(value, info.definition))
            except Unsupported:
                types.append(None)
        return self.bind_types(info, arguments, types, user)

    def bind_types(self, info: FunctionInfo, arguments: tuple[SNode, ...], types: Sequence[CType | None], user: Body) -> Scope_:
        scope = Scope_(info.scope if info.scope is not None else self.scope)
        if not info.is_template:
            return scope
        missing = self.explicit(info, arguments, user, scope)
        if missing:
            self.deduce(info, missing, types, scope)
        self.defaults(info, scope)
        return scope

    def explicit_template(self, info: FunctionInfo, arguments: tuple[SNode, ...], user: Body, scope: Scope_) -> Scope_:
        """A scope with arguments that are all written or defaulted."""
        self.explicit(info, arguments, user, scope)
        self.defaults(info, scope)
        return scope

    def explicit(self, info: FunctionInfo, arguments: tuple[SNode, ...], user: Body, scope: Scope_) -> list[SNode]:
        """Bind the arguments that are written; returns the parameters that have none yet."""
        for parameter, argument in zip(info.template, arguments):
            name = template_name(parameter, user)
            if is_type_parameter(parameter):
                scope.types[name] = user.descriptor(argument)
            elif parameter.type in ("parameter_declaration", "optional_parameter_declaration"):
                scope.values[name] = self.function_name(argument, user) or self.argument_value(parameter, argument, user, scope)
            elif parameter.type == "template_template_parameter_declaration":
                scope.values[name] = self.class_template_name(argument, user)
            else:
                raise Unsupported("a template parameter pack", parameter)
        return list(info.template[len(arguments) :])

    def function_name(self, argument: SNode, user: Body) -> FunctionName | None:
        """The function that a template argument names, also as ``&f`` or ``space::f<T>``; None where it names none."""
        node, template = named_argument(argument)
        if node is None:
            return None
        name = user.text(node)
        bound = user.scope.value(name)
        if bound is not None:
            return bound if isinstance(bound, FunctionName) else None
        known = self.functions.get(name)
        if not known:
            return FunctionName(name, (), user.scope, name) if name in FAST_MATH or name.removesuffix("f") in MATH else None
        words = [self.template_word(each, user) for each in template]
        spelled = f"{namespace_of(known[0].definition)}{name}" + (f"<{', '.join(words)}>" if words else "")
        return FunctionName(name, template, user.scope, spelled)

    def template_word(self, argument: SNode, user: Body) -> str:
        """A template argument as code outside of every namespace spells it."""
        try:
            return str(user.integer(argument))
        except Unsupported:
            return describe(user.descriptor(argument))

    def class_template_name(self, argument: SNode, user: Body) -> TemplateName:
        node, _ = named_argument(argument)
        name = user.text(node) if node is not None else ""
        bound = user.scope.value(name)
        if isinstance(bound, TemplateName):
            return bound
        definition = self.template_structs.get(name)
        if definition is None:
            raise Unsupported(f"`{user.text(argument)}` is no class template of this file", argument)
        return TemplateName(name, namespace_of(definition) + name)

    def argument_value(self, parameter: SNode, argument: SNode, user: Body, scope: Scope_) -> Expr:
        number = user.integer(argument)
        old, user.scope = user.scope, scope
        try:
            type_, _ = user.declared_type(parameter)
        finally:
            user.scope = old
        type_ = type_ if isinstance(type_, Scalar) else I32
        return Literal(evaluate.convert(number, type_), type_)

    def defaults(self, info: FunctionInfo, scope: Scope_) -> None:
        body = self.body(scope=scope)
        for parameter in info.template:
            name = template_name(parameter, body)
            if not name or name in scope.types or name in scope.values:
                continue
            default = parameter.child_by_field_name("default_type") or parameter.child_by_field_name("default_value")
            if default is None:
                raise Unsupported(f"the template argument `{name}` of `{info.name}` is not known", parameter)
            if is_type_parameter(parameter):
                scope.types[name] = body.descriptor(default)
            else:
                scope.values[name] = self.argument_value(parameter, default, body, scope)

    def deduce(self, info: FunctionInfo, missing: list[SNode], types: Sequence[CType | None], scope: Scope_) -> None:
        body = self.body(scope=Scope_(scope))
        for parameter in missing:
            name = template_name(parameter, body)
            if is_type_parameter(parameter):
                body.scope.types[name] = TypeVariable(name)  # type: ignore[assignment]
            elif parameter.type in ("parameter_declaration", "optional_parameter_declaration"):
                body.scope.values[name] = Var(name, _TEMPLATE_NUMBER)
        for parameter, type_ in zip(parameters(info.definition), types):
            if type_ is None or parameter.type not in ("parameter_declaration", "optional_parameter_declaration"):
                continue
            try:
                _, pattern, _ = body.parameter(parameter)
            except Unsupported:
                continue
            unify(pattern, type_, scope)

    def instance_key(self, info: FunctionInfo, scope: Scope_) -> str:
        """What tells instances of one function from each other."""
        words = [str(info.definition.start_byte), *(f"{name}={describe(t)}" for name, t in scope.types.items())]
        words += [f"{name}={number_text(v)}" for name, v in scope.values.items() if isinstance(v, Expr | FunctionName | TemplateName)]
        return ", ".join(words)

    def instance_words(self, info: FunctionInfo, scope: Scope_) -> list[str]:
        """The template arguments of an instance as parts of a name."""
        names = [template_name(p, self.body()) for p in info.template]
        words = [describe(scope.types[n]) if n in scope.types else number_text(scope.values.get(n)) for n in names]
        return [re.sub(r"\W+", "_", word.replace("*", "p")).strip("_") for word in words]

    # ---- kernels

    def instances(self, item: Item) -> list[Instance]:
        """The instances of a kernel that the file launches or instantiates; one for a kernel that is no template."""
        info = self.kernel_info(item)
        if not info.is_template:
            return [Instance(item, Scope_(self.scope), namespace_of(item.node) + self.specialised(item))]
        found: dict[str, Instance] = {}
        for other in self.items:
            if other.kind == "instantiation" and other.name == item.name:
                self.add_instance(found, info, item, self.instantiation_arguments(other), self.prototype_types(other), self.scope)
        for launch in self.launches():
            if launch.kernel == item.name:
                for around in self.host_scopes(launch.host, 0):
                    scope = self.scope_at(launch.node, around)
                    self.dispatched_type(launch.node, scope)
                    if not self.add_instance(found, info, item, launch.template_nodes, self.argument_types(launch, scope), scope):
                        self.unresolved.append(launch)
        for host, arguments in self.mentions(item.name):
            for scope in self.host_scopes(host, 0):
                self.add_instance(found, info, item, arguments, (), scope)
        return list(found.values())

    def mentions(self, name: str) -> Iterator[tuple[Item, tuple[SNode, ...]]]:
        """Where host code names an instance of a kernel without launching it: a function pointer, an argument of a launch helper."""
        for host in self.items:
            if host.kind not in ("host", "global", "struct"):
                continue
            for node in descend(host.node):
                parent = node.parent
                launched = parent is not None and any(child.type == "kernel_call_syntax" for child in parent.children)
                while parent is not None and parent.type == "qualified_identifier":
                    parent = parent.parent
                    launched = launched or parent is not None and any(child.type == "kernel_call_syntax" for child in parent.children)
                if node.type == "template_function" and not launched:
                    label, arguments = callee(node)
                    if label is not None and self.source.of(label) == name:  # type: ignore[attr-defined]
                        yield host, arguments

    def add_instance(
        self,
        found: dict[str, Instance],
        info: FunctionInfo,
        item: Item,
        arguments: tuple[SNode, ...],
        types: Sequence[CType | None],
        scope: Scope_,
    ) -> bool:
        """False where the template arguments of a use can't be told."""
        try:
            bound = self.bind_types(info, arguments, types, self.body(scope=scope))
        except Unsupported:
            return False
        words = [
            describe(bound.types[n]) if n in bound.types else self.argument_text(p, bound.values.get(n))
            for p in info.template
            for n in [template_name(p, self.body())]
        ]
        symbol = f"{namespace_of(item.node)}{item.name}<{', '.join(words)}>"
        found.setdefault(symbol, Instance(item, bound, symbol))
        return True

    def argument_text(self, parameter: SNode, value: object) -> str:
        """A template number as a call spells it: an enumerator by its name, because no number converts to an ``enum class``."""
        type_node = parameter.child_by_field_name("type")
        enum = self.enum_named(type_node) if type_node is not None else None
        if enum is not None and isinstance(value, Expr):
            label = next((label for label, number in self.enumerators(enum, self.body()) if number == value_of(value)), None)
            name = enum.child_by_field_name("name")
            if label is not None and name is not None:
                return f"{namespace_of(enum)}{self.source.of(name)}::{label}"  # type: ignore[attr-defined]
        return number_text(value)

    def kernel_info(self, item: Item) -> FunctionInfo:
        head = (
            item.whole.child_by_field_name("parameters") if item.whole is not None and item.whole.type == "template_declaration" else None
        )
        listed = tuple(c for c in head.named_children if c.type != "comment") if head is not None else ()
        return FunctionInfo(item.name, item.node, listed, bool(listed))

    def specialised(self, item: Item) -> str:
        """``k<float>`` for an explicit specialisation, else the kernel's name."""
        declarator: SNode | None = item.node.child_by_field_name("declarator")
        while declarator is not None and declarator.type != "template_function":
            declarator = declarator.child_by_field_name("declarator")
        if declarator is None:
            return item.name
        return re.sub(r"\s+", " ", self.source.of(declarator))  # type: ignore[attr-defined]

    def instantiation_arguments(self, item: Item) -> tuple[SNode, ...]:
        for node in descend(item.node):
            if node.type == "template_function":
                return callee(node)[1]
        return ()

    def dispatched_type(self, node: SNode, scope: Scope_) -> None:
        """``AT_DISPATCH_FLOATING_TYPES(type, name, [&] { ... })`` compiles the lambda once for each type and calls each of them
        ``scalar_t``. The commonest one stands for all."""
        parent = node.parent
        while parent is not None:
            function = parent.child_by_field_name("function") if parent.type == "call_expression" else None
            name = function.text.decode() if function is not None and function.text else ""
            if _DISPATCH.fullmatch(name) and "scalar_t" not in scope.types:
                scope.types["scalar_t"] = SCALARS["i32" if "INTEGRAL" in name else "f32"]
            parent = parent.parent

    def prototype_types(self, item: Item) -> list[CType | None]:
        """The parameter types of an explicit instantiation: ``template void f(float *, int);`` leaves its arguments to them."""
        body, types = self.body(), []
        for node in descend(item.node):
            if node.type != "function_declarator":
                continue
            for parameter in parameters(node.parent if node.parent is not None else node):
                try:
                    types.append(body.parameter(parameter)[1])
                except Unsupported:
                    types.append(None)
            break
        return types

    # ---- the host code around a launch

    def host_scopes(self, host: Item | None, depth: int) -> list[Scope_]:
        """The scopes a host function is compiled in: one, or one an instance of a host template."""
        if host is None:
            return [self.scope]
        info = self.kernel_info(host)
        scopes = [Scope_(self.scope)]
        if info.is_template:
            scopes = []
            if depth < DEEPEST_HOST:
                scopes = self.host_instances(info, host, depth)
        for scope in scopes:
            self.host_constants(host, scope)
        return scopes

    def host_instances(self, info: FunctionInfo, host: Item, depth: int) -> list[Scope_]:
        found: dict[str, Scope_] = {}
        owner = self.class_of(host)
        for item in self.items:
            if owner:
                for arguments in self.class_arguments(item, owner):
                    for scope in self.host_scopes(item, depth + 1) if item.kind == "host" and item is not host else [self.scope]:
                        self.add_scope(found, info, arguments, (), scope)
            if item.kind == "instantiation" and item.name == host.name:
                self.add_scope(found, info, self.instantiation_arguments(item), self.prototype_types(item), self.scope)
            if item.kind not in ("host", "global", "struct") or item is host:
                continue
            for node in descend(item.node):
                function = node.child_by_field_name("function") if node.type == "call_expression" else None
                if function is None:
                    continue
                name, arguments = callee(function)
                if name is None or self.source.of(name) != host.name:  # type: ignore[attr-defined]
                    continue
                listed = node.child_by_field_name("arguments")
                given = [c for c in listed.named_children if c.type != "comment"] if listed is not None else []
                for scope in self.host_scopes(item, depth + 1):
                    types = [self.host_type(g, item, scope) for g in given]
                    if not self.add_scope(found, info, arguments, types, scope):
                        self.unresolved += [replace(launch, node=node) for launch in self.launches() if launch.host is host]
        return list(found.values())

    def class_of(self, host: Item) -> str:
        """The class template that a host function belongs to, or that ``host`` is; empty where there is none."""
        if host.kind == "struct":
            return host.name
        declarator = host.node.child_by_field_name("declarator")
        while declarator is not None and declarator.type != "qualified_identifier":
            declarator = declarator.child_by_field_name("declarator")
        scope = declarator.child_by_field_name("scope") if declarator is not None else None
        label = scope.child_by_field_name("name") if scope is not None and scope.type == "template_type" else None
        return self.source.of(label) if label is not None else ""  # type: ignore[attr-defined]

    def class_arguments(self, item: Item, name: str) -> Iterator[tuple[SNode, ...]]:
        """The arguments of each ``Name<...>`` that an item uses as a type, those of ``template class Name<...>`` included."""
        if item.kind not in ("host", "global", "struct", "instantiation", "typedef"):
            return
        for node in descend(item.node):
            label = node.child_by_field_name("name") if node.type == "template_type" else None
            inside = node.parent is not None and node.parent.type == "qualified_identifier"
            if label is not None and not inside and self.source.of(label) == name:  # type: ignore[attr-defined]
                listed = node.child_by_field_name("arguments")
                yield tuple(child for child in listed.named_children if child.type != "comment") if listed is not None else ()

    def add_scope(
        self, found: dict[str, Scope_], info: FunctionInfo, arguments: tuple[SNode, ...], types: Sequence[CType | None], scope: Scope_
    ) -> bool:
        try:
            bound = self.bind_types(info, arguments, types, self.body(scope=scope))
        except Unsupported:
            return False
        found.setdefault(self.instance_key(info, bound), bound)
        return True

    def host_constants(self, host: Item, scope: Scope_) -> None:
        """Constants, aliases and template arguments visible where the host launches."""
        body = self.body(scope=scope)
        for node in descend(host.node, ("lambda_expression",)):
            if node.type in ("alias_declaration", "type_definition"):
                label = node.child_by_field_name("name") or node.child_by_field_name("declarator")
                try:
                    if label is not None:
                        scope.types[body.text(label)] = body.alias(node)
                except Unsupported:
                    continue
            if node.type == "declaration":
                self.declared_constants(node, body)

    def declared_constants(self, node: SNode, body: Body) -> None:
        """The integers of a ``const`` declaration, into the scope of ``body`` where they are new there."""
        if not any(c.type in ("type_qualifier", "constexpr") and c.text in (b"const", b"constexpr") for c in node.children):
            return
        for declarator in node.children_by_field_name("declarator"):
            name, value = declarator.child_by_field_name("declarator"), declarator.child_by_field_name("value")
            if declarator.type != "init_declarator" or name is None or value is None or name.type != "identifier":
                continue
            if value.type in ("initializer_list", "argument_list") and len(value.named_children) == 1:
                value = value.named_children[0]
            try:
                type_, _ = body.declared_type(node)
                number = body.constant(body.scalar(value))
            except Unsupported:
                body.before, body.after, body.guarded = [], [], 0
                continue
            if number is not None and not isinstance(number, float):
                body.scope.values.setdefault(body.text(name), Literal(number, type_ if isinstance(type_, Scalar) else I32))

    def scope_at(self, launch: SNode, scope: Scope_) -> Scope_:
        """``scope`` with the constants of the blocks around a launch: sibling blocks may give one name to several."""
        blocks: list[SNode] = []
        parent = launch.parent
        while parent is not None and parent.type != "function_definition":
            if parent.type == "compound_statement":
                blocks.insert(0, parent)
            parent = parent.parent
        for block in blocks:
            scope = Scope_(scope)
            body = self.body(scope=scope)
            for node in block.named_children:
                if node.type == "declaration" and node.end_byte <= launch.start_byte:
                    self.declared_constants(node, body)
        return scope

    def argument_types(self, launch: Launch, scope: Scope_) -> list[CType | None]:
        return [self.host_type(argument, launch.host, scope) for argument in launch.arguments]


def template_name(parameter: SNode, body: Body) -> str:
    """The name of a template parameter; empty where it has none."""
    if is_type_parameter(parameter):
        label = parameter.child_by_field_name("name") or next((c for c in parameter.named_children if c.type == "type_identifier"), None)
        return body.text(label) if label is not None else ""
    if parameter.type == "template_template_parameter_declaration":
        return template_name(parameter.named_children[-1], body)
    label = parameter.child_by_field_name("declarator")
    while label is not None and label.type != "identifier":  # `float (*f)(float)` has its name in brackets
        inner = label.named_children[0] if label.type == "parenthesized_declarator" and label.named_children else None
        label = inner or label.child_by_field_name("declarator")
    return body.text(label) if label is not None else ""


def is_type_parameter(parameter: SNode) -> bool:
    return parameter.type in ("type_parameter_declaration", "optional_type_parameter_declaration", "variadic_type_parameter_declaration")


def named_argument(argument: SNode) -> tuple[SNode | None, tuple[SNode, ...]]:
    """The name that a template argument consists of, and its own template arguments; None where it is more than a name."""
    node: SNode | None = argument
    if node is not None and node.type == "pointer_expression":
        node = node.child_by_field_name("argument")
    if node is not None and node.type == "type_descriptor":
        node = node.child_by_field_name("type") if len(node.named_children) == 1 else None
    while node is not None and node.type == "qualified_identifier":
        node = node.child_by_field_name("name")
    template: tuple[SNode, ...] = ()
    if node is not None and node.type in ("template_function", "template_type"):
        listed = node.child_by_field_name("arguments")
        template = tuple(child for child in listed.named_children if child.type != "comment") if listed is not None else ()
        node = node.child_by_field_name("name")
    return (node if node is not None and node.type in ("identifier", "type_identifier") else None), template


def number_text(value: object) -> str:
    """A template argument that is no type, as a call spells it."""
    if isinstance(value, FunctionName | TemplateName):
        return value.spelled
    number = value_of(value) if isinstance(value, Expr) else None
    return ("true" if number else "false") if isinstance(number, bool) else str(number)


def unify(pattern: CType | TypeVariable, actual: CType, scope: Scope_) -> None:
    """Bind the type variables and numbers of ``pattern`` so that it becomes ``actual``; the first binding stays."""
    while isinstance(pattern, ReferenceType):
        pattern = pattern.target
    while isinstance(actual, ReferenceType):
        actual = actual.target
    if isinstance(pattern, TypeVariable):
        if isinstance(actual, ArrayType):
            actual = PointerType(actual.element)
        scope.types.setdefault(pattern.name, actual)
    elif isinstance(pattern, PointerType) and isinstance(actual, PointerType):
        unify(pattern.pointee, actual.pointee, scope)
    elif isinstance(pattern, PointerType) and isinstance(actual, ArrayType):
        unify(pattern.pointee, actual.element, scope)
    elif isinstance(pattern, ArrayType) and isinstance(actual, ArrayType):
        extent = pattern.extent
        if (
            isinstance(extent, Var)
            and extent.type == _TEMPLATE_NUMBER
            and actual.extent is not None
            and (number := value_of(actual.extent)) is not None
        ):
            scope.values.setdefault(extent.name, Literal(number, I32))
        unify(pattern.element, actual.element, scope)
