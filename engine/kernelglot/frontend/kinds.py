"""What the front end knows beyond the IR while it lowers: C types with vectors, structures and pointers, and the values expressions have.

Vectors, structures and local pointers do not exist in the IR; they live here until every access has become a load of one element.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ..ir.nodes import Expr, Var
from ..ir.types import Fragment, Scalar
from .parsing import SNode


class Unsupported(Exception):
    """Source outside the subset: ``reason`` is a sentence for the user. Caught where the enclosing statement becomes ``Opaque``."""

    def __init__(self, reason: str, node: SNode | None = None) -> None:
        super().__init__(reason)
        self.reason, self.node = reason, node


class Restart(Exception):
    """A fact learned too late to use (an offset needs 64 bits): the function is lowered once more, with it."""


# ---- types


@dataclass(frozen=True, slots=True)
class VectorType:
    """``float4`` and its like: ``count`` elements side by side, named x y z w or indexed."""

    name: str
    element: Scalar
    count: int


@dataclass(frozen=True, slots=True)
class PointerType:
    pointee: CType
    const: bool = False  # the pointee is
    restrict: bool = False
    fixed: bool = False  # the pointer itself is (``T* const``)


@dataclass(frozen=True, slots=True)
class ArrayType:
    """One extent over ``element``; ``extent`` is None for ``[]``."""

    element: CType
    extent: Expr | None


@dataclass(frozen=True, slots=True)
class ReferenceType:
    target: CType
    const: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class StructType:
    """``fields`` in declaration order; ``methods`` are the definitions written inside; ``space``: the namespaces around it, ``a::b::``."""

    name: str
    fields: tuple[tuple[str, CType, SNode | None], ...]
    methods: tuple[tuple[str, SNode], ...]
    scope: Scope_
    statics: tuple[tuple[str, SNode], ...] = ()
    space: str = ""

    def methods_named(self, name: str) -> list[SNode]:
        return [node for known, node in self.methods if known == name]


@dataclass(frozen=True, slots=True)
class GroupType:
    """A cooperative group: a block, or a tile of ``lanes`` threads of a warp (0: the block; -1: the coalesced or whole grid)."""

    lanes: int


@dataclass(frozen=True, slots=True)
class AutoType:
    """Takes the type of its initialiser."""


@dataclass(frozen=True, slots=True, eq=False)
class LambdaType:
    """The type of one lambda: what a template parameter becomes that takes it."""

    name: str = "lambda"


def uniform(type_: StructType) -> Scalar | None:
    """The type that all fields of a structure have: in memory it is a few of them side by side. None for any other structure."""
    kinds = {field_type for _, field_type, _ in type_.fields if isinstance(field_type, Scalar)}
    return kinds.pop() if len(kinds) == 1 and all(isinstance(field_type, Scalar) for _, field_type, _ in type_.fields) else None


CType = LambdaType | Scalar | VectorType | PointerType | ArrayType | ReferenceType | StructType | Fragment | GroupType | AutoType


def scalars_in(type_: CType) -> int | None:
    """How many scalars a value of ``type_`` has side by side in memory; None where that is unknown."""
    if isinstance(type_, Scalar):
        return 1
    if isinstance(type_, VectorType):
        return type_.count
    if isinstance(type_, StructType):
        return len(type_.fields) if uniform(type_) is not None else None
    if isinstance(type_, ArrayType):
        from ..ir.build import value_of

        inner = scalars_in(type_.element)
        extent = value_of(type_.extent) if type_.extent is not None else None
        return inner * extent if inner is not None and isinstance(extent, int) else None
    return None


def scalar_of(type_: CType) -> Scalar | None:
    """The scalar a buffer of ``type_`` consists of; None for structures of several types."""
    while isinstance(type_, ArrayType | PointerType | ReferenceType):
        type_ = type_.element if isinstance(type_, ArrayType) else type_.pointee if isinstance(type_, PointerType) else type_.target
    if isinstance(type_, VectorType | Fragment):
        return type_.element
    if isinstance(type_, StructType):
        return uniform(type_)
    return type_ if isinstance(type_, Scalar) else None


# ---- values


@dataclass(frozen=True, slots=True)
class Place:
    """A location: ``buffer[indices]`` holding a ``type``. ``packed``: parts of it follow along the last index, else along new indices.

    ``flat``: the single index counts scalars from the start of a buffer with several extents.
    """

    buffer: Var
    indices: tuple[Expr, ...]
    type: CType
    packed: bool = True
    flat: bool = False
    const: bool = False
    advanced: str = ""  # name of the offset variable of a pointer that moves

    def moved(self, indices: tuple[Expr, ...], type_: CType | None = None) -> Place:
        return replace(self, indices=indices, type=self.type if type_ is None else type_)


@dataclass(frozen=True, slots=True)
class Pointer_:
    """A pointer value: points at ``place``."""

    place: Place


@dataclass(frozen=True, slots=True)
class Stored:
    """An array or vector that lies in memory at ``place``."""

    place: Place


@dataclass(frozen=True, slots=True)
class Vector:
    """A vector that is a value: one expression per component."""

    type: VectorType
    parts: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Structure:
    type: StructType
    fields: dict[str, object]  # name -> Binding


@dataclass(frozen=True, slots=True, eq=False)
class Lambda:
    node: SNode
    scope: Scope_


@dataclass(frozen=True, slots=True)
class Null:
    """``nullptr``."""


@dataclass(frozen=True, slots=True)
class Group:
    type: GroupType


@dataclass(frozen=True, slots=True)
class Text:
    """A string literal: only good for being printed."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name whose declaration was not understood."""

    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class FunctionName:
    """A function given as a template argument. ``template``: its own template arguments, understood in ``scope``; ``spelled``: as a call
    from outside of every namespace names it."""

    name: str
    template: tuple[SNode, ...]
    scope: Scope_
    spelled: str


@dataclass(frozen=True, slots=True)
class TemplateName:
    """A class template given as a template argument."""

    name: str
    spelled: str


@dataclass(slots=True, eq=False)
class Moving:
    """A pointer that is assigned to: ``base`` is where it points with offset 0, found at its first assignment.

    ``which``: where it points into one buffer and then into another, the number of the buffer.
    """

    name: str
    type: PointerType
    offset: Var
    base: Place | None
    which: Var | None = None


@dataclass(frozen=True, slots=True)
class Unset:
    """A loop variable declared without a value: each loop that sets it declares it anew."""

    type: Scalar


@dataclass(frozen=True, slots=True)
class TypeVariable:
    """A template's type parameter while it is deduced."""

    name: str


Value = Expr | Pointer_ | Stored | Vector | Structure | Lambda | Null | Group | Text
Binding = Value | Moving | Unknown | Unset | FunctionName | TemplateName


@dataclass(slots=True, eq=False)
class Scope_:
    """Names visible at one place: values, types and, at file scope, what the file declares."""

    parent: Scope_ | None = None
    values: dict[str, Binding] = field(default_factory=dict)
    types: dict[str, CType] = field(default_factory=dict)

    def value(self, name: str) -> Binding | None:
        scope: Scope_ | None = self
        while scope is not None:
            if name in scope.values:
                return scope.values[name]
            scope = scope.parent
        return None

    def type(self, name: str) -> CType | None:
        scope: Scope_ | None = self
        while scope is not None:
            if name in scope.types:
                return scope.types[name]
            scope = scope.parent
        return None
