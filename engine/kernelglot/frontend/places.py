"""Places: from pointers, casts, subscripts and vector accesses to (buffer, index)."""

from __future__ import annotations

from ..ir import build
from ..ir.nodes import Address, Assign, Call, Cast, Declare, Expr, Literal, Load, Stmt, Var
from ..ir.types import VOID, Array, Pointer, Scalar, Scope, element_of
from .declared import Types
from .kinds import (
    ArrayType,
    CType,
    Moving,
    Place,
    Pointer_,
    PointerType,
    Stored,
    StructType,
    Structure,
    Unsupported,
    Value,
    Vector,
    VectorType,
    scalar_of,
    uniform,
)
from .names import COMPONENTS
from .parsing import SNode

_BITS = {
    ("f32", "i32"): "__float_as_int",
    ("f32", "u32"): "__float_as_uint",
    ("i32", "f32"): "__int_as_float",
    ("u32", "f32"): "__uint_as_float",
    ("f16", "i16"): "__half_as_short",
    ("f16", "u16"): "__half_as_ushort",
    ("i16", "f16"): "__short_as_half",
    ("u16", "f16"): "__ushort_as_half",
    ("f64", "i64"): "__double_as_longlong",
    ("i64", "f64"): "__longlong_as_double",
}


class Places(Types):
    """Locations and what is done to them."""

    # ---- moving about

    def advance(self, place: Place, count: Expr, node: SNode | None = None) -> Place:
        """The place ``count`` items of its type further on."""
        zero = isinstance(count, Literal) and count.value == 0
        if zero:
            return place
        if not place.indices:
            raise Unsupported(f"`{place.buffer.name}` is one variable, a pointer to it can't be moved", node)
        step = self.stride(place, node) if place.packed else 1
        scaled = count if step == 1 else build.mul(count, step if isinstance(step, Expr) else build.integer(step))
        return place.moved((*place.indices[:-1], build.add(place.indices[-1], scaled)))

    def stride(self, place: Place, node: SNode | None = None) -> int | Expr:
        """Elements of the buffer that one item of the place's type covers."""
        element = element_of(place.buffer.type)
        size = self.byte_size(place.type)
        if size is None:
            size_expr = self.element_count(place.type)
            if size_expr is None:
                raise Unsupported("a pointer to this type can't be moved here: its size is not known", node)
            return size_expr
        if size % element.bytes:
            raise Unsupported(f"`{place.buffer.name}` holds {element} and is read as narrower elements", node)
        return size // element.bytes

    def byte_size(self, type_: CType) -> int | None:
        if isinstance(type_, Scalar):
            return 1 if type_ == VOID else type_.bytes
        if isinstance(type_, VectorType):
            return type_.count * type_.element.bytes
        if isinstance(type_, StructType):
            only = uniform(type_)
            return None if only is None else len(type_.fields) * only.bytes
        if isinstance(type_, ArrayType) and type_.extent is not None:
            if self.constant_names(type_.extent):
                return None
            inner, extent = self.byte_size(type_.element), self.constant(type_.extent)
            return inner * extent if inner is not None and isinstance(extent, int) else None
        return None

    def element_count(self, type_: CType) -> Expr | None:
        """Scalars in a type, as an expression that keeps the names of constants."""
        if isinstance(type_, Scalar):
            return build.integer(1)
        if isinstance(type_, VectorType):
            return build.integer(type_.count)
        if isinstance(type_, StructType):
            return build.integer(len(type_.fields)) if uniform(type_) is not None else None
        if isinstance(type_, ArrayType) and type_.extent is not None:
            inner = self.element_count(type_.element)
            return None if inner is None else build.mul(type_.extent, inner)
        return None

    def subscript(self, value: Value, index: Expr, node: SNode) -> Place:
        """``value[index]``."""
        if isinstance(value, Pointer_):
            return self.advance(value.place, index, node)
        if isinstance(value, Stored):
            return self.part(value.place, index, node)
        raise Unsupported(f"`{self.original(node)}` indexes something that is no array", node)

    def part(self, place: Place, index: Expr, node: SNode | None = None) -> Place:
        """One element of an array or vector in memory."""
        type_ = place.type
        if isinstance(type_, ArrayType):
            inner: CType = type_.element
        elif isinstance(type_, VectorType):
            if type_.name.startswith("raw "):
                raise Unsupported(
                    f"`{place.buffer.name}` holds {element_of(place.buffer.type)}, its bytes are used as {type_.name[4:]}", node
                )
            inner = type_.element
        else:
            raise Unsupported("this value has no elements", node)
        if place.packed:
            target = place.moved(place.indices, inner)
            return self.advance(target, index, node)
        return place.moved((*place.indices, index), inner)

    def decay(self, place: Place) -> Place:
        """The first element of an array in memory: what its name means as a pointer."""
        assert isinstance(place.type, ArrayType)
        inner = place.type.element
        return place.moved(place.indices if place.packed else (*place.indices, build.integer(0)), inner)

    def as_pointer(self, value: Value, node: SNode | None = None) -> Place:
        """The place a pointer value (or an array's name) points at."""
        if isinstance(value, Pointer_):
            return value.place
        if isinstance(value, Stored) and isinstance(value.place.type, ArrayType):
            return self.decay(value.place)
        raise Unsupported(f"`{self.original(node) if node is not None else 'this'}` is not a pointer whose buffer is known", node)

    def place(self, node: SNode) -> Place:
        return self.as_pointer(self.value(node), node)

    # ---- casts of pointers

    def cast_pointer(self, place: Place, pointee: CType, node: SNode) -> Place:
        """``(T *)pointer``: the same buffer seen as items of another type."""
        if isinstance(pointee, PointerType) or isinstance(pointee, StructType) and uniform(pointee) != element_of(place.buffer.type):
            raise Unsupported(f"`{self.original(node)}` reads a buffer as structures or pointers", node)
        target = scalar_of(pointee)
        if target == VOID or target is None:
            return place
        place = self.flattened(place)
        buffer = place.buffer
        element = element_of(buffer.type)
        if isinstance(pointee, VectorType):
            if target != element and not (target.is_integer and element.is_integer and target.bits == element.bits):
                size = pointee.count * target.bytes
                if size % element.bytes:
                    raise Unsupported(f"`{self.original(node)}` splits the elements of `{buffer.name}`", node)
                pointee = VectorType(f"raw {pointee.name}", element, size // element.bytes)
            else:
                pointee = VectorType(pointee.name, element, pointee.count)
            return Place(buffer, place.indices, pointee, True, place.flat, place.const)
        if isinstance(buffer.type, Array) and buffer.type.scope is Scope.SHARED and target != element and buffer.type.shape[:1] == (0,):
            return self.share_of(place, target, pointee, node)
        return Place(buffer, place.indices, pointee, True, place.flat, place.const)

    def share_of(self, place: Place, target: Scalar, pointee: CType, node: SNode) -> Place:
        """Dynamic shared memory that is divided among element types: each part becomes an array of its own."""
        buffer, offset = place.buffer, place.indices[-1]
        for known, start, part in self.shares:
            if known == buffer.name and start == offset:
                if element_of(part.type) != target:
                    raise Unsupported(f"`{buffer.name}` holds {element_of(part.type)} and {target} at the same place", node)
                return Place(part, (build.integer(0),), pointee, True)
        if element_of(buffer.type).bits > 8 and isinstance(offset, Literal) and offset.value == 0:
            raise Unsupported(f"`{buffer.name}` holds {element_of(buffer.type)} and {target} at the same place", node)
        part = Var(self.unique(self.declaring or buffer.name), Array(target, (0,), Scope.SHARED))
        self.shares.append((buffer.name, offset, part))
        self.before.append(Declare(part.name, part.type, None, span=self.span(node)))
        return Place(part, (build.integer(0),), pointee, True)

    def flattened(self, place: Place) -> Place:
        """A place whose index may run over the whole rest of its buffer: needed where a cast drops extents."""
        type_ = place.buffer.type
        if not isinstance(type_, Array) or place.packed and len(place.indices) == len(type_.shape):
            return place
        rank = len(type_.shape)
        if place.flat:
            return place
        indices = [*place.indices, *(build.integer(0) for _ in range(rank - len(place.indices)))]
        if rank == 1 or len(place.indices) == rank:
            return Place(place.buffer, tuple(indices), place.type, True, False, place.const)
        offset: Expr = indices[0]
        for index, extent in zip(indices[1:], type_.shape[1:]):
            offset = build.add(build.mul(offset, extent if isinstance(extent, Expr) else build.integer(int(extent))), index)  # type: ignore[call-overload]
        return Place(place.buffer, (offset,), place.type, True, True, place.const)

    def full_index(self, place: Place) -> tuple[Expr, ...]:
        """One index per extent of the buffer."""
        if not place.flat:
            type_ = place.buffer.type
            if isinstance(type_, Array) and len(place.indices) < len(type_.shape):
                return (*place.indices, *(build.integer(0) for _ in range(len(type_.shape) - len(place.indices))))
            return place.indices
        type_ = place.buffer.type
        assert isinstance(type_, Array)
        if isinstance(place.indices[0], Literal) and place.indices[0].value == 0:
            return tuple(build.integer(0) for _ in type_.shape)
        rest, result = place.indices[0], []
        for extent in reversed(type_.shape[1:]):
            size = extent if isinstance(extent, Expr) else build.integer(int(extent))  # type: ignore[call-overload]
            result.append(build.binary("%", rest, size))
            rest = build.div(rest, size)
        return (rest, *reversed(result))

    # ---- reading and writing

    def load(self, place: Place, node: SNode | None = None) -> Value:
        """The value at a place: a load for a scalar, loads for the fields of a structure, the place itself for arrays and vectors."""
        if isinstance(place.type, StructType) and (only := uniform(place.type)) is not None:
            names = [name for name, _, _ in place.type.fields]
            whole = place.moved(place.indices, VectorType(place.type.name, only, len(names)))
            return Structure(place.type, {name: self.component(whole, index, node) for index, name in enumerate(names)})
        if not isinstance(place.type, Scalar):
            return Stored(place)
        return self.reinterpret(self.element(place, node), place.type, node)

    def element(self, place: Place, node: SNode | None = None) -> Expr:
        """The lvalue ``buffer[indices]`` of a scalar place, with the buffer's own element type."""
        type_ = place.buffer.type
        if isinstance(type_, Scalar):
            return place.buffer
        element = element_of(type_)
        if place.type == VOID:
            raise Unsupported("a `void *` is read", node)
        if isinstance(place.type, Scalar) and place.type.bytes != element.bytes:
            raise Unsupported(f"`{place.buffer.name}` holds {element}, it is used as {place.type} here", node)
        return Load(place.buffer, self.full_index(place), element)

    def reinterpret(self, expr: Expr, wanted: Scalar, node: SNode | None = None) -> Expr:
        """The bits of ``expr`` as another type of the same size."""
        actual = element_of(expr.type)
        if actual == wanted or actual.kind == "vector":
            return expr
        if actual.is_integer and wanted.is_integer and actual.bits == wanted.bits:
            return Cast(expr, wanted)
        name = _BITS.get((actual.name, wanted.name))
        if name is None:
            raise Unsupported(f"{actual} used as {wanted} bit by bit", node)
        return Call(name, (expr,), wanted)

    def components(self, value: Value, node: SNode | None = None) -> tuple[Expr, ...]:
        """The elements of a vector value."""
        if isinstance(value, Vector):
            return value.parts
        if isinstance(value, Stored) and isinstance(value.place.type, VectorType):
            type_ = value.place.type
            return tuple(self.component(value.place, index, node) for index in range(type_.count))
        raise Unsupported(f"`{self.original(node) if node is not None else 'this'}` is not a vector", node)

    def component(self, place: Place, index: int, node: SNode | None = None) -> Expr:
        assert isinstance(place.type, VectorType)
        plain = VectorType(place.type.name.removeprefix("raw "), place.type.element, place.type.count)
        found = self.load(self.part(place.moved(place.indices, plain), build.integer(index), node), node)
        assert isinstance(found, Expr)
        return found

    def vector_type(self, value: Value) -> VectorType | None:
        if isinstance(value, Vector):
            return value.type
        if isinstance(value, Stored) and isinstance(value.place.type, VectorType):
            return value.place.type
        return None

    def component_index(self, name: str, type_: VectorType, node: SNode) -> int:
        index = COMPONENTS.get(name, -1)
        if name.startswith("s") and name[1:].isdigit():
            index = int(name[1:])
        if not 0 <= index < type_.count:
            raise Unsupported(f"`{type_.name}` has no component `{name}`", node)
        return index

    def address(self, value: Value, node: SNode | None = None) -> Expr:
        """A pointer as an argument of a call."""
        if isinstance(value, Var) and not isinstance(value.type, Pointer | Array):
            return Address(value, (), value.type)
        place = (
            self.as_pointer(value, node) if not (isinstance(value, Stored) and isinstance(value.place.type, VectorType)) else value.place
        )
        element = element_of(place.buffer.type)
        target = scalar_of(place.type)
        view = target if target is not None and target not in (element, VOID) else None
        return Address(place.buffer, self.full_index(place), place.buffer.type, view)

    def store(self, place: Place, value: Expr, op: str, node: SNode | None = None) -> Stmt:
        """``place op= value`` for a scalar place."""
        if place.const:
            raise Unsupported(f"`{place.buffer.name}` is const and written", node)
        target = self.element(place, node)
        actual, wanted = element_of(target.type), place.type
        if isinstance(wanted, Scalar) and actual != wanted and actual.kind != "vector":
            if op:
                value, op = build.binary(op, self.reinterpret(target, wanted, node), value), ""
            value = build.cast(value, wanted)
            value = Cast(value, actual) if actual.is_integer and wanted.is_integer else self.reinterpret(value, actual, node)
        return Assign(target, value, op, span=self.span(node) if node is not None else None)

    def moving_place(self, moving: Moving, node: SNode | None = None) -> Place:
        """Where a pointer that moves points now."""
        base = moving.base
        if base is None:
            raise Unsupported(f"`{moving.name}` is used before it points anywhere", node)
        return base.moved((*base.indices[:-1], build.add(base.indices[-1], moving.offset)) if base.indices else base.indices)
