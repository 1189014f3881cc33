"""One kernel or device function: its parameters, then its statements."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..ir.build import value_of
from ..ir.nodes import Assign, Declare, Function, Literal, Load, Param, SourceParam, Stmt, Var
from ..ir.types import I32, VOID, Array, Pointer, Scalar, Scope, Type
from .choices import expanded
from .inline import FunctionInfo, parameters
from .kinds import (
    ArrayType,
    Binding,
    CType,
    Moving,
    Place,
    Pointer_,
    PointerType,
    ReferenceType,
    Scope_,
    Stored,
    StructType,
    Structure,
    Unknown,
    Unsupported,
    VectorType,
    scalar_of,
)
from .loops import Loops
from .parsing import SNode

if TYPE_CHECKING:
    from .context import Unit
    from .file import File

LARGEST_ARRAY_PART = 16  # elements of an array inside a structure that is passed by value


class Body(Loops):
    """Lowering of one function, all parts together."""

    source_params: list[SourceParam]

    def __init__(self, file: File, unit: Unit, key: str, scope: Scope_) -> None:
        super().__init__(file, unit, key, scope)
        self.symbols: dict[str, Binding] = {}
        self.symbol_params: list[Param] = []
        self.symbol_sources: list[SourceParam] = []
        self.symbol_copies: list[Stmt] = []

    def function(self, info: FunctionInfo, name: str) -> Function:
        """A device function whose parameters are numbers and pointers."""
        returns = self.return_type(info.definition)
        if not isinstance(returns, Scalar):
            raise Unsupported(f"`{info.name}` does not return a number", info.definition)
        self.returns = returns
        params, body = self.whole(info.definition)
        head = self.file.span(info.definition.start_byte, info.definition.end_byte)
        item = next((i for i in self.file.items if i.node == info.definition), None)
        comment = self.file.leading_comment(item) if item is not None else ""
        return Function(name, params, returns, body, span=head, comment=comment, names=tuple(self.given.items()))

    def kernel(self, definition: SNode) -> tuple[tuple[Param, ...], tuple[Stmt, ...]]:
        """Parameters and statements of a kernel."""
        self.returns, self.is_kernel = VOID, True
        params, body = self.whole(definition)
        return (*params, *self.symbol_params), (*self.symbol_copies, *body)

    def whole(self, definition: SNode) -> tuple[tuple[Param, ...], tuple[Stmt, ...]]:
        body = definition.child_by_field_name("body")
        if body is None:
            raise Unsupported("the body is not in this file", definition)
        self.scan(body)
        params: list[Param] = []
        first: list[Stmt] = []
        self.source_params = []
        for node in parameters(definition):
            if self.is_kernel and (structure := self.structure_type(node)) is not None:
                name, type_ = structure
                given, copies = self.structure_parameter(name, type_, node)
                params += given
                first += copies
                continue
            param, copies = self.parameter_binding(node)
            self.source_params.append(SourceParam(param.name, False, (("", param.name),)))
            params.append(param)
            first += copies
        statements = self.statements(body.named_children if body.type == "compound_statement" else [body])
        return tuple(params), expanded((*self.first, *first, *statements), tuple(self.choices.values()))

    # ---- memory that the host sets

    def symbol(self, name: str, qualified: str, type_: CType, node: SNode) -> Binding:
        """``__constant__`` memory that the host sets: the kernel of the IR gets it as parameters."""
        known = self.symbols.get(name)
        if known is not None:
            return known
        if not self.is_kernel:
            return Unknown(f"the content of `{name}` is set by the host, and a function uses it: pass it as a `const` pointer parameter")
        parts: list[tuple[str, Param]] = []
        self.taken.add(name)
        if isinstance(type_, Scalar):
            parts = [("", Param(name, type_, span=self.span(node)))]
            found: Binding = Var(name, type_)
        elif isinstance(type_, StructType):
            found = self.structure_parts(name, "", type_, node, parts, self.symbol_copies)
        elif isinstance(type_, ArrayType) and scalar_of(type_) is not None:
            declared = self.ir_type(PointerType(type_, const=True), Scope.GLOBAL)
            parts = [("", Param(name, declared, span=self.span(node)))]
            found = Stored(Place(Var(name, declared), (Literal(0, I32),), type_, True, False, True))
        else:
            return Unknown(f"the content of `{name}` is set by the host: pass it as a `const` pointer parameter")
        self.symbols[name] = found
        self.symbol_params += [param for _, param in parts]
        self.symbol_sources.append(SourceParam(qualified, False, tuple((path, param.name) for path, param in parts), symbol=True))
        return found

    # ---- structures passed by value

    def structure_type(self, node: SNode) -> tuple[str, StructType] | None:
        """Name and type of a parameter that is a structure; None for any other."""
        if node.type not in ("parameter_declaration", "optional_parameter_declaration"):
            return None
        name, type_, _ = self.parameter(node)
        return (name, type_) if isinstance(type_, StructType) else None

    def structure_parameter(self, name: str, type_: StructType, node: SNode) -> tuple[list[Param], list[Stmt]]:
        """One parameter for each number in a structure, ``p_rows`` for ``p.rows``; small arrays in it become local ones."""
        parts: list[tuple[str, Param]] = []
        copies: list[Stmt] = []
        self.bind(name, self.structure_parts(name, "", type_, node, parts, copies))
        self.source_params.append(SourceParam(name, True, tuple((path, param.name) for path, param in parts)))
        return [param for _, param in parts], copies

    def structure_parts(
        self, label: str, path: str, type_: StructType, node: SNode, parts: list[tuple[str, Param]], copies: list[Stmt]
    ) -> Structure:
        fields: dict[str, object] = {}
        for field_name, field_type, _ in type_.fields:
            below, inner = f"{label}_{field_name}", f"{path}.{field_name}" if path else field_name
            if isinstance(field_type, StructType):
                fields[field_name] = self.structure_parts(below, inner, field_type, node, parts, copies)
            elif isinstance(field_type, ArrayType | VectorType):
                fields[field_name] = self.array_part(below, inner, field_type, node, parts, copies)
            elif isinstance(field_type, Scalar):
                variable = self.field_param(below, inner, field_type, node, parts)
                if f"{self.key}/{variable.name}" in self.unit.changed:
                    self.mutable.add(variable.name)
                fields[field_name] = variable
            elif isinstance(field_type, PointerType):
                pointer = self.field_param(below, inner, self.ir_type(field_type, Scope.GLOBAL), node, parts)
                fields[field_name] = Pointer_(Place(pointer, (Literal(0, I32),), field_type.pointee, True, False))
            else:
                raise Unsupported(f"the field `{inner}` of `{type_.name}` is neither a number nor a pointer", node)
        return Structure(type_, fields)

    def field_param(self, label: str, path: str, type_: Type, node: SNode, parts: list[tuple[str, Param]]) -> Var:
        parameter = Param(self.unique(label), type_, span=self.span(node))
        parts.append((path, parameter))
        return Var(parameter.name, type_)

    def array_part(
        self, label: str, path: str, type_: ArrayType | VectorType, node: SNode, parts: list[tuple[str, Param]], copies: list[Stmt]
    ) -> Stored:
        """An array in a structure: its elements are parameters, a local array of them can be indexed."""
        declared = self.ir_type(type_, Scope.REGISTER)
        assert isinstance(declared, Array)
        extents = [extent if isinstance(extent, int) else value_of(extent) for extent in declared.shape]  # type: ignore[arg-type]
        if len(extents) != 1 or not isinstance(extents[0], int) or not 0 < extents[0] <= LARGEST_ARRAY_PART:
            raise Unsupported(f"the array `{path}` of a parameter: pass it as a `const` pointer", node)
        declared = replace(declared, shape=tuple(extents))
        variable = Var(self.unique(label), declared)
        copies.append(Declare(variable.name, declared, None, span=self.span(node)))
        members = "xyzw" if isinstance(type_, VectorType) else ""
        for index in range(extents[0]):
            element = f"{path}.{members[index]}" if members else f"{path}[{index}]"
            value = self.field_param(f"{label}_{members[index] if members else index}", element, declared.element, node, parts)
            copies.append(Assign(Load(variable, (Literal(index, I32),), declared.element), value, span=self.span(node)))
        return Stored(Place(variable, (), type_, False))

    def parameter_binding(self, node: SNode) -> tuple[Param, list[Stmt]]:
        """The IR's parameter, and where a pointer that the function moves points at first."""
        if node.type not in ("parameter_declaration", "optional_parameter_declaration"):
            raise Unsupported("a parameter pack", node)
        name, type_, _ = self.parameter(node)
        span = self.span(node)
        if isinstance(type_, ReferenceType):
            if not type_.const or not isinstance(type_.target, Scalar):
                raise Unsupported(f"the parameter `{name}` is a reference", node)
            type_ = type_.target
        source_name, name = name, name or self.unique("unused")
        if not self.is_kernel and self.is_reserved(name):
            name = self.unique(name)
        self.taken.add(name)
        if isinstance(type_, Scalar):
            if type_ == VOID:
                raise Unsupported(f"the parameter `{name}` has no type", node)
            if source_name in self.mutated or f"{self.key}/{name}" in self.unit.changed:
                self.mutable.add(name)
            self.bind(source_name, Var(name, type_))
            return Param(name, type_, span=span), []
        if not isinstance(type_, PointerType):
            raise Unsupported(f"the parameter `{name}` is neither a number nor a pointer: pass its parts one by one", node)
        declared = self.ir_type(type_, Scope.GLOBAL)
        assert isinstance(declared, Pointer)
        variable = Var(name, declared)
        place = Place(variable, (Literal(0, I32),), type_.pointee, True, False)
        if source_name not in self.mutated:
            self.bind(source_name, Pointer_(place))
            return Param(name, declared, span=span), []
        if f"{self.key}/{name}" in self.unit.choices:
            self.declare_choice(name, type_, place, node, source_name)
            first, self.before = self.before, []
            return Param(name, declared, span=span), first
        offset = Var(self.unique(f"{name}_offset"), self.offset_width(name))
        self.mutable.add(offset.name)
        self.bind(source_name, Moving(name, type_, offset, place))
        return Param(name, declared, span=span), [Declare(offset.name, offset.type, Literal(0, I32), span=span)]
