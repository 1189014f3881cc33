"""One kernel or device function: its parameters, then its statements."""

from __future__ import annotations

from ..ir.nodes import Declare, Function, Literal, Param, Stmt, Var
from ..ir.types import I32, I64, VOID, Pointer, Scalar, Scope
from .inline import FunctionInfo, parameters
from .kinds import Moving, Place, Pointer_, PointerType, ReferenceType, Unsupported
from .loops import Loops
from .parsing import SNode


class Body(Loops):
    """Lowering of one function, all parts together."""

    def function(self, info: FunctionInfo, name: str) -> Function:
        """A device function whose parameters are numbers and pointers."""
        returns = self.return_type(info.definition)
        if not isinstance(returns, Scalar):
            raise Unsupported(f"`{info.name}` does not return a number", info.definition)
        self.returns = returns
        params, body = self.whole(info.definition)
        head = self.file.span(info.definition.start_byte, info.definition.end_byte)
        item = next((i for i in self.file.items if i.node == info.definition), None)
        return Function(name, params, returns, body, span=head, comment=self.file.leading_comment(item) if item is not None else "")

    def kernel(self, definition: SNode) -> tuple[tuple[Param, ...], tuple[Stmt, ...]]:
        """Parameters and statements of a kernel."""
        self.returns, self.is_kernel = VOID, True
        return self.whole(definition)

    def whole(self, definition: SNode) -> tuple[tuple[Param, ...], tuple[Stmt, ...]]:
        body = definition.child_by_field_name("body")
        if body is None:
            raise Unsupported("the body is not in this file", definition)
        self.scan(body)
        params: list[Param] = []
        first: list[Stmt] = []
        for node in parameters(definition):
            param, offset = self.parameter_binding(node)
            params.append(param)
            if offset is not None:
                first.append(offset)
        statements = self.statements(body.named_children if body.type == "compound_statement" else [body])
        return tuple(params), (*self.first, *first, *statements)

    def parameter_binding(self, node: SNode) -> tuple[Param, Declare | None]:
        """The IR's parameter, and the offset of a pointer that the function moves."""
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
            return Param(name, type_, span=span), None
        if not isinstance(type_, PointerType):
            raise Unsupported(f"the parameter `{name}` is neither a number nor a pointer: pass its parts one by one", node)
        declared = self.ir_type(type_, Scope.GLOBAL)
        assert isinstance(declared, Pointer)
        variable = Var(name, declared)
        place = Place(variable, (Literal(0, I32),), type_.pointee, True, False)
        if source_name not in self.mutated:
            self.bind(source_name, Pointer_(place))
            return Param(name, declared, span=span), None
        width = I64 if f"{self.key}/{name}" in self.unit.wide else I32
        offset = Var(self.unique(f"{name}_offset"), width)
        self.mutable.add(offset.name)
        self.bind(source_name, Moving(name, type_, offset, place))
        return Param(name, declared, span=span), Declare(offset.name, width, Literal(0, I32), span=span)
