"""Conversions: casts, initialisers, ``sizeof``, and the C type of a value."""

from __future__ import annotations

from ..ir import build
from ..ir.nodes import (
    Cast,
    Expr,
    InitList,
    Literal,
    Load,
    Opaque,
    Var,
)
from ..ir.retype import exact, rounded
from ..ir.types import U64, VOID, Fragment, Pointer, Scalar, element_of
from . import evaluate
from .kinds import (
    ArrayType,
    AutoType,
    CType,
    Group,
    Lambda,
    LambdaType,
    Null,
    Place,
    Pointer_,
    PointerType,
    ReferenceType,
    Stored,
    StructType,
    Structure,
    Unsupported,
    Value,
    Vector,
    VectorType,
)
from .parsing import SNode
from .places import Places


class Conversions(Places):
    """Values of one type as values of another."""

    def decline(self, reason: str, node: SNode) -> Value:
        raise Unsupported(reason, node)

    def place_of(self, load: Load, node: SNode) -> Place:
        """The place a load reads. The start of an array with several extents stands for the whole array."""
        buffer = load.buffer
        whole = len(load.index) > 1 and all(isinstance(i, Literal) and i.value == 0 for i in load.index)
        if whole:
            return Place(buffer, (build.integer(0),), load.type, True, True)
        const = isinstance(buffer.type, Pointer) and buffer.type.const
        return Place(buffer, load.index, load.type, True, False, const)

    def explicit(self, value: Value, type_: CType, node: SNode) -> Value:
        """An explicit conversion: pointers change what they point at, numbers their type."""
        if isinstance(type_, PointerType):
            if isinstance(value, Null) or self.is_zero(value):
                return Null()
            if isinstance(value, Var) and isinstance(value.type, Fragment):
                return value
            if isinstance(value, Stored) and isinstance(value.place.type, ArrayType):
                value = Pointer_(self.flattened(value.place)) if scalar_pointee(type_) else Pointer_(self.decay(value.place))
            if isinstance(value, Pointer_):
                return Pointer_(self.cast_pointer(value.place, type_.pointee, node))
            raise Unsupported(f"`{self.original(node)[:60]}` makes a pointer from a number", node)
        if isinstance(type_, ReferenceType):
            if isinstance(value, Load):
                return self.load(self.cast_pointer(self.place_of(value, node), type_.target, node), node)
            if isinstance(value, Stored):
                return self.load(self.cast_pointer(value.place, type_.target, node), node)
            return value
        return self.convert(value, type_, node)

    def convert(self, value: Value, type_: CType, node: SNode | None = None) -> Value:
        """``value`` as ``type_``; nothing happens where it already is."""
        if isinstance(type_, AutoType):
            return value
        if isinstance(type_, ReferenceType):
            return self.convert(value, type_.target, node)
        if isinstance(type_, Scalar):
            if type_ == VOID:
                return value
            expr = self.as_scalar(value, node)
            own = element_of(expr.type)
            if own.kind in ("vector", "enum") or own == type_:
                return expr
            if isinstance(expr, Literal) and type_.is_integer and isinstance(expr.value, int):
                return Literal(evaluate.wrap(expr.value, type_), type_)
            if isinstance(expr, Literal) and exact(expr, type_):
                return Literal(rounded(expr.value, type_), type_)
            return Cast(expr, type_, span=self.span(node) if node is not None else None)
        if isinstance(type_, VectorType):
            vector = self.vector_type(value)
            if vector is not None and vector.count == type_.count and not vector.name.startswith("raw "):
                return value
            if vector is not None:
                raise Unsupported(f"`{vector.name.removeprefix('raw ')}` is read from a buffer with other elements", node)
            if isinstance(value, Expr):
                part = self.convert(value, type_.element, node)
                return Vector(type_, (part,) * type_.count)  # type: ignore[arg-type]
        return value

    def sizeof(self, node: SNode) -> Value:
        type_node = node.child_by_field_name("type")
        if type_node is not None:
            return self.size_literal(self.descriptor(type_node), node)
        (inner,) = self.fields(node, "value")
        while inner.type == "parenthesized_expression" and inner.named_children:
            inner = inner.named_children[0]
        if inner.type == "identifier" and self.lookup(self.text(inner), inner) is None:  # no variable, so a type
            return self.size_literal(self.named_type(self.text(inner), inner), node)
        old_before, old_after = self.before, self.after
        self.before, self.after = [], []
        try:
            return Literal(self.size_of(self.type_of(self.value(inner), node), node), U64)
        finally:
            self.before, self.after = old_before, old_after

    def size_literal(self, type_: CType, node: SNode) -> Literal:
        """``sizeof`` of a type; the text of a scalar's size names it as the IR does, and each printer in its own way."""
        return Literal(self.size_of(type_, node), U64, text=f"sizeof({type_.name})" if isinstance(type_, Scalar) else "")

    def type_of(self, value: Value, node: SNode) -> CType:
        """The C type of a value, for ``auto``, ``sizeof`` and deduction."""
        if isinstance(value, Expr):
            if isinstance(value.type, Scalar | Fragment):
                return value.type
        if isinstance(value, Pointer_):
            return PointerType(value.place.type, value.place.const)
        if isinstance(value, Stored):
            return value.place.type
        if isinstance(value, Vector | Structure | Group):
            return value.type
        if isinstance(value, Lambda):
            return LambdaType(f"lambda_{value.node.start_byte}")
        raise Unsupported(f"the type of `{self.original(node)[:60]}` is not known", node)

    def initialised(self, type_: CType, node: SNode) -> Value:
        """``T{...}`` or ``T(...)``: a number, vector or structure from a list."""
        listed = [c for c in node.named_children if c.type != "comment"]
        if isinstance(type_, VectorType):
            if len(listed) == 1 and listed[0].type != "initializer_list":
                single = self.value(listed[0])
                if self.vector_type(single) is not None:
                    return self.convert(single, type_, node)
            parts = [self.convert(self.scalar(item), type_.element, item) for item in listed]
            missing = Literal(1 if type_.name == "dim3" else 0, type_.element)
            zero: Expr = missing if type_.element.is_integer else Literal(0.0, type_.element)
            return Vector(type_, tuple(parts[: type_.count]) + (zero,) * (type_.count - len(parts)))  # type: ignore[arg-type]
        if isinstance(type_, StructType):
            return self.construct(type_, listed, node)
        if isinstance(type_, Scalar):
            if not listed:
                return Literal(0.0 if type_.is_float else 0, type_)
            if len(listed) == 1:
                return self.convert(self.value(listed[0]), type_, node)
        raise Unsupported(f"`{self.original(node)[:60]}` is outside the subset", node)

    def construct(self, type_: StructType, listed: list[SNode], node: SNode) -> Value:
        raise NotImplementedError

    def init_list(self, type_: CType, node: SNode) -> InitList:
        """The elements of an array initialiser, nested as the extents are."""
        element = type_
        inner: CType = type_.element if isinstance(type_, ArrayType) else type_
        while isinstance(element, ArrayType):
            element = element.element
        scalar = element.element if isinstance(element, VectorType) else element
        if not isinstance(scalar, Scalar):
            raise Unsupported("an array of structures", node)
        items: list[Expr] = []
        for child in node.named_children:
            if child.type == "comment":
                continue
            if child.type == "initializer_pair":
                raise Unsupported("an array with designated elements", child)
            if child.type == "initializer_list":
                items.append(self.init_list(inner, child))
            elif isinstance(inner, VectorType):
                items.append(InitList(self.spread(self.value(child), inner, child), inner.element))
            else:
                items.append(self.scalar(child))
        return InitList(tuple(items), scalar, span=self.span(node))

    def opaque(self, node: SNode, problem: Unsupported, type_: Scalar = VOID) -> Opaque:
        return Opaque(self.original(node), problem.reason, type_, span=self.span(problem.node if problem.node is not None else node))


def scalar_pointee(type_: PointerType) -> bool:
    return not isinstance(type_.pointee, ArrayType)
