"""Declarations in a function body: scalars, arrays, vectors, structures, references, pointers that stand still and pointers that move."""

from __future__ import annotations

import re
from dataclasses import replace

from ..ir import build
from ..ir.nodes import Binary, Cast, Declare, Evaluate, Expr, InitList, Literal, Load, Opaque, Select, Stmt, Unary, Var
from ..ir.types import I32, I64, Array, Fragment, Pointer, Scalar, Scope, element_of
from .choices import MOST_TARGETS, Choice
from .declared import TO_POINTER
from .kinds import (
    ArrayType,
    AutoType,
    CType,
    Group,
    GroupType,
    Lambda,
    Moving,
    Null,
    Place,
    Pointer_,
    PointerType,
    ReferenceType,
    Restart,
    Stored,
    StructType,
    Structure,
    Unknown,
    Unset,
    Unsupported,
    Value,
    VectorType,
    scalar_of,
)
from .parsing import SNode
from .structures import Structures

_CASTS_OF = r"(?:reinterpret_cast\s*<\s*{0}\s*\*[^>]*>\s*\(\s*{1}\b|\(\s*{0}\s*\*\s*\)\s*\(?\s*{1}\b)"


class Declarations(Structures):
    """``declaration`` statements."""

    def declaration(self, node: SNode) -> list[Stmt]:
        declarators = node.children_by_field_name("declarator")
        prefix = self.file.original(node.start_byte, declarators[0].start_byte if declarators else node.end_byte)
        words = set(re.findall(r"\w+", prefix))
        scope = next((s for spelled, s in self.spelling.scopes.items() if spelled in words), None)
        base, const = self.declared_type(node)
        result: list[Stmt] = []
        if not declarators and isinstance(base, StructType):
            self.scope.types[base.name] = base
            return []
        if "static" in words and scope is None and not const and "constexpr" not in words:
            raise Unsupported("a static variable in device code: it outlives the launch", node)
        for declarator in declarators:
            try:
                self.declare_one(declarator, base, const or "constexpr" in words, scope, "extern" in words, node)
                before, after = self.settle()
                result += [*before, *after]
            except Unsupported as problem:
                if self.inline_depth:
                    raise
                self.before, self.after = [], []
                result.append(self.unknown_declaration(declarator, problem, node, len(declarators) == 1))
        return result

    def unknown_declaration(self, declarator: SNode, problem: Unsupported, node: SNode, alone: bool) -> Stmt:
        inner: SNode | None = declarator
        while inner is not None and inner.type != "identifier":
            inner = inner.child_by_field_name("declarator") or next((c for c in inner.named_children if c.type == "identifier"), None)
        if inner is not None:
            self.bind(self.text(inner), Unknown(f"`{self.text(inner)}` is not understood: {problem.reason}"))
        text = self.original(node if alone else declarator)
        return Evaluate(
            Opaque(text, problem.reason, span=self.span(problem.node if problem.node is not None else node)), span=self.span(node)
        )

    def declare_one(self, declarator: SNode, base: CType, const: bool, scope: Scope | None, extern: bool, node: SNode) -> None:
        value_node = None
        if declarator.type == "init_declarator":
            value_node = declarator.child_by_field_name("value")
            (inner,) = self.fields(declarator, "declarator")
        else:
            inner = declarator
        if inner.type == "function_declarator":
            return
        if inner.type == "structured_binding_declarator":
            raise Unsupported("a structured binding", node)
        name_node, type_ = self.declarator(inner, base, const)
        if name_node is None:
            return
        name = self.text(name_node)
        fixed = const if not isinstance(type_, PointerType) else type_.fixed
        if extern and isinstance(type_, ArrayType) and type_.extent is None:
            self.dynamic_shared(name, type_, scope, node)
            return
        if (
            isinstance(type_, Scalar)
            and value_node is None
            and name in self.loop_only
            and name in self.mutated_anywhere
            and type_.is_integer
        ):
            self.bind(name, Unset(type_))
            return
        self.declare(name, type_, value_node, node, fixed, scope)

    def dynamic_shared(self, name: str, type_: ArrayType, scope: Scope | None, node: SNode) -> None:
        """``extern __shared__ T name[]``."""
        around = self.enclosing_text(node).replace(self.text(node), "", 1)
        declared = ArrayType(self.element_in_use(name, type_.element, around, node), None)
        variable = Var(self.unique(name), self.ir_type(declared, scope or Scope.SHARED))
        self.before.append(Declare(variable.name, variable.type, None, span=self.span(node)))
        self.bind(name, Stored(Place(variable, (), declared, False)))

    def element_in_use(self, name: str, element: CType, body: str, node: SNode) -> CType:
        """What the dynamic shared array ``name`` consists of: raw bytes take the one element type that ``body`` casts them to."""
        casts = len(re.findall(rf"\(\s*\w[\w\s]*\*\s*\)\s*\(?\s*{re.escape(name)}\b|_cast\s*<[^<>]*>\s*\(\s*{re.escape(name)}\b", body))
        only_cast = casts > 0 and len(re.findall(rf"\b{re.escape(name)}\b", body)) == casts
        if isinstance(element, Scalar) and element.bits == 8 or isinstance(element, VectorType) or only_cast:
            found = {m[1] or m[2] for m in re.finditer(_CASTS_OF.format(r"(\w[\w\s:]*?)", re.escape(name)), body)}
            kinds = set()
            for word in found:
                parts = word.replace("const", "").split()
                kind = (
                    self.scope.type(parts[-1]) or self.file.named_type(parts[-1], self)
                    if len(parts) == 1
                    else self.sized(parts, node)
                    if parts
                    else None
                )
                kind = kind or (self.named_type(parts[-1], node) if len(parts) == 1 else None)
                if kind is not None:
                    kinds.add(scalar_of(kind))
            if len(kinds) == 1 and (only := kinds.pop()) is not None:
                return only
        return element

    def enclosing_text(self, node: SNode) -> str:
        """The text of the function a declaration stands in: the kernel's, or that of one that is inlined."""
        around: SNode | None = node
        while around is not None and around.type not in ("function_definition", "lambda_expression"):
            around = around.parent
        return self.text(around) if around is not None else self.body_text

    def declare(self, name: str, type_: CType, value_node: SNode | None, node: SNode, const: bool, scope: Scope | None) -> None:
        """Declare ``name`` with its initialiser as written."""
        if value_node is not None and value_node.type in ("argument_list", "initializer_list"):
            listed = [c for c in value_node.named_children if c.type != "comment"]
            if isinstance(type_, ArrayType):
                self.declare_array(name, type_, value_node, node, const, scope)
                return
            if isinstance(type_, Scalar | PointerType | ReferenceType | AutoType) and len(listed) == 1:
                value_node = listed[0]
            elif isinstance(type_, PointerType) and not listed:
                value_node = None
            elif isinstance(type_, GroupType | Fragment) and not listed:
                value_node = None
            else:
                self.declare_value(name, type_, self.initialised(type_, value_node), node, const, scope)
                return
        if isinstance(type_, ArrayType):
            self.declare_array(name, type_, value_node, node, const, scope)
            return
        if isinstance(type_, Scalar) and value_node is not None:
            self.declare_scalar(name, type_, value_node, node, const, scope)
            return
        self.declaring = name
        self.declare_value(name, type_, None if value_node is None else self.value(value_node), node, const, scope)

    def declare_scalar(self, name: str, type_: Scalar, value_node: SNode, node: SNode, const: bool, scope: Scope | None) -> None:
        """A scalar whose initialiser may lie outside the subset: the variable is known all the same."""
        try:
            value: Expr = self.scalar(value_node)
        except Unsupported as problem:
            if self.inline_depth:
                raise
            self.before, self.after = [], []
            value = self.opaque(value_node, problem, type_)
        self.declare_value(name, type_, value, node, const, scope)

    def declare_array(self, name: str, type_: ArrayType, value_node: SNode | None, node: SNode, const: bool, scope: Scope | None) -> None:
        init: InitList | None = None
        if value_node is not None:
            if value_node.type != "initializer_list":
                raise Unsupported("an array whose initialiser is no list", node)
            init = self.init_list(type_, value_node)
            if type_.extent is None:
                type_ = ArrayType(type_.element, build.integer(len(init.elements)))
        if type_.extent is None:
            raise Unsupported(f"`{name}` has no extent", node)
        declared = self.ir_type(type_, scope)
        variable = Var(self.unique(name), declared)
        self.before.append(Declare(variable.name, declared, init, const=const, span=self.span(node)))
        self.bind(name, Stored(Place(variable, (), type_, False)))

    def declare_value(self, name: str, type_: CType, value: Value | None, node: SNode, const: bool = False, scope: object = None) -> None:
        """Declare ``name`` and bind it; the statements go to ``before``."""
        if isinstance(type_, AutoType):
            if value is None:
                raise Unsupported(f"`{name}` has no initialiser to take its type from", node)
            if isinstance(value, Lambda):
                self.bind(name, value)
                return
            if isinstance(value, Stored) and isinstance(value.place.type, ArrayType):
                value = Pointer_(self.decay(value.place))
            type_ = self.type_of(value, node)
        if isinstance(type_, ReferenceType):
            self.declare_reference(name, type_, value, node, const)
        elif isinstance(type_, PointerType):
            self.declare_pointer(name, type_, value, node)
        elif isinstance(type_, GroupType):
            self.bind(name, value if isinstance(value, Group) else Group(type_))
        elif isinstance(type_, StructType):
            self.declare_structure(name, type_, value, node, const)
        elif isinstance(type_, VectorType):
            self.declare_vector(name, type_, value, node, const, scope)
        else:
            declared = self.ir_type(type_, scope)
            if isinstance(type_, Scalar) and isinstance(scope, Scope) and scope is not Scope.REGISTER:
                declared = Array(type_, (1,), scope)  # a shared scalar is a buffer of one element
                variable = Var(self.unique(name), declared)
                init = InitList((self.as_scalar(value, node),), type_) if value is not None else None
                self.before.append(Declare(variable.name, declared, init, span=self.span(node)))
                self.bind(name, Load(variable, (build.integer(0),), type_))
                return
            expr = None if value is None else self.as_scalar(value, node)
            variable = Var(self.unique(name), declared)
            if name in self.mutated or f"{self.key}/{variable.name}" in self.unit.changed:
                self.mutable.add(variable.name)
            elif expr is not None and const and (number := self.constant(expr)) is not None:
                self.known[variable.name] = number
            self.before.append(Declare(variable.name, declared, expr, const=const, span=self.span(node)))
            self.bind(name, variable)

    def declare_vector(self, name: str, type_: VectorType, value: Value | None, node: SNode, const: bool, scope: object) -> None:
        init = None
        if value is not None:
            converted = self.convert(value, type_, node)
            init = InitList(self.spread(converted, type_, node), type_.element)
        declared = self.ir_type(type_, scope)
        variable = Var(self.unique(name), declared)
        self.before.append(Declare(variable.name, declared, init, const=const, span=self.span(node)))
        self.bind(name, Stored(Place(variable, (), type_, False)))

    def declare_structure(self, name: str, type_: StructType, value: Value | None, node: SNode, const: bool) -> None:
        """A local structure: one variable a field, ``p_x`` for ``p.x``."""
        if value is not None and not isinstance(value, Structure):
            raise Unsupported(f"`{name}` takes its value from something that is not known here", node)
        fields: dict[str, object] = {}
        caller = self.scope
        for field_name, field_type, default in type_.fields:
            given = value.fields.get(field_name) if isinstance(value, Structure) else self.value(default) if default is not None else None
            if isinstance(given, Moving):
                given = Pointer_(self.moving_place(given, node))
            self.scope = type(caller)(caller)
            try:
                label = f"{name}_{field_name}"
                if isinstance(field_type, ArrayType):
                    if given is not None:
                        raise Unsupported(f"the array `{field_name}` of a structure is copied", node)
                    self.declare_array(label, field_type, None, node, False, None)
                else:
                    mutated, self.mutated = (
                        self.mutated,
                        self.mutated | {label} if not isinstance(field_type, PointerType) else self.mutated,
                    )
                    self.declare_value(label, field_type, given, node, const)  # type: ignore[arg-type]
                    self.mutated = mutated
                fields[field_name] = self.scope.values[label]
            finally:
                self.scope = caller
        self.bind(name, Structure(type_, fields))

    def declare_reference(self, name: str, type_: ReferenceType, value: Value | None, node: SNode, const: bool) -> None:
        if value is None:
            raise Unsupported(f"the reference `{name}` refers to nothing", node)
        if isinstance(value, Load):
            self.bind(name, replace(value, index=tuple(self.pinned(i, name, node) for i in value.index)))
        elif isinstance(value, Stored):
            place = value.place
            self.bind(name, Stored(place.moved(tuple(self.pinned(i, name, node) for i in place.indices))))
        elif isinstance(value, Structure) and any(isinstance(field, Load) for field in value.fields.values()):
            pinned = {
                label: replace(field, index=tuple(self.pinned(i, name, node) for i in field.index)) if isinstance(field, Load) else field
                for label, field in value.fields.items()
            }
            self.bind(name, Structure(value.type, pinned))
        elif isinstance(value, Var | Structure | Lambda | Group):
            self.bind(name, value)
        elif type_.const or const:
            target = type_.target
            self.declare_value(name, target, value, node, True)
        else:
            raise Unsupported(f"the reference `{name}` refers to a value that is no variable", node)

    # ---- pointers

    def declare_pointer(self, name: str, type_: PointerType, value: Value | None, node: SNode) -> None:
        moving = name in self.mutated or name in self.loop_moved
        if value is None and not moving:
            moving = True
        if isinstance(value, Null):
            value = None
            moving = True
        place: Place | None = None
        if isinstance(value, Structure) and value.type.methods_named(TO_POINTER):
            value = self.call_method(value, TO_POINTER, (), [], node)
        if value is not None:
            place = self.as_pointer(value, node)
            if not isinstance(type_.pointee, AutoType) and place.type != type_.pointee:
                place = (
                    self.cast_pointer(place, type_.pointee, node)
                    if scalar_of(place.type) != scalar_of(type_.pointee) or not isinstance(type_.pointee, ArrayType)
                    else place
                )
        if f"{self.key}/{name}" in self.unit.choices or place is not None and place.buffer.name in self.choices:
            self.declare_choice(name, type_, place, node)
            return
        if not moving:
            assert place is not None
            self.bind(name, Pointer_(place.moved(tuple(self.pinned(i, name, node) for i in place.indices))))
            return
        width = self.offset_width(name)
        offset = Var(self.unique(f"{name}_offset"), width)
        self.mutable.add(offset.name)
        binding = Moving(name, type_, offset, None)
        init: Expr | None = None
        if place is not None:
            if not place.indices:
                raise Unsupported(f"`{name}` points at one variable and moves", node)
            init = place.indices[-1]
            self.need_width(binding, init)
            binding.base = self.base_of(place, name, node)
        self.before.append(Declare(offset.name, width, init, span=self.span(node)))
        self.bind(name, binding)

    def declare_choice(self, name: str, type_: PointerType, place: Place | None, node: SNode, spelled: str = "") -> None:
        """A pointer that points into one buffer and then into another; ``spelled``: what the source calls it, where that differs."""
        element = scalar_of(type_.pointee)
        if element is None and place is not None:
            element = scalar_of(place.type)
        if element is None:
            raise Unsupported(f"`{name}` points into one buffer and then into another, and not at numbers", node)
        virtual = Var(self.unique(name), Pointer(element, Scope.GLOBAL))
        which, offset = Var(self.unique(f"{name}_buffer"), I32), Var(self.unique(f"{name}_offset"), self.offset_width(name))
        key = f"{self.key}/{name}"
        group = self.unit.choices.setdefault(key, key)
        known = next((each.targets for label, each in self.choices.items() if self.groups[label] == group), [])
        self.groups[virtual.name] = group
        self.choices[virtual.name] = choice = Choice(virtual.name, which, offset, known)
        self.mutable |= {which.name, offset.name}
        base = Place(virtual, (build.integer(0),), element, True, False)
        binding = Moving(name, type_, offset, base, which)
        first: list[Expr | None] = [None, None]
        if place is not None:
            first = [self.number_of(place, choice, node), place.indices[-1]]
            self.need_width(binding, place.indices[-1])
        self.before += [Declare(v.name, v.type, e, span=self.span(node)) for v, e in zip((which, offset), first, strict=True)]  # type: ignore[arg-type]
        self.bind(spelled or name, binding)

    def offset_width(self, name: str) -> Scalar:
        return I64 if f"{self.key}/{name}" in self.unit.wide else I32

    def number_of(self, place: Place, choice: Choice, node: SNode) -> Expr:
        """The number of the buffer that ``place`` lies in. Restarts where two pointers turn out to share their buffers."""
        name = choice.pointer
        if not place.indices:
            raise Unsupported(f"`{name}` points at one variable and moves", node)
        other = self.choices.get(place.buffer.name)
        if other is not None:
            mine, theirs = self.groups[name], self.groups[other.pointer]
            if mine != theirs:
                self.unit.choices.update({key: theirs for key, group in self.unit.choices.items() if group == mine})
                raise Restart
            return other.which
        base = self.base_of(place, name, node)
        if base.flat or not isinstance(base.type, Scalar):
            raise Unsupported(f"`{name}` points into `{base.buffer.name}`, whose layout differs from what it points at", node)
        for number, known in enumerate(choice.targets):
            if (known.buffer, known.indices, known.flat) == (base.buffer, base.indices, base.flat):
                return build.integer(number)
        if len(choice.targets) == MOST_TARGETS:
            raise Unsupported(f"`{name}` points into more than {MOST_TARGETS} buffers", node)
        choice.targets.append(base)
        return build.integer(len(choice.targets) - 1)

    def base_of(self, place: Place, name: str, node: SNode) -> Place:
        """Where a moving pointer with offset 0 points."""
        leading = tuple(self.pinned(i, name, node) for i in place.indices[:-1])
        return place.moved((*leading, build.integer(0)))

    def point(self, moving: Moving, value: Value, node: SNode) -> list[Stmt]:
        """``p = value`` for a pointer that moves."""
        from ..ir.nodes import Assign

        if isinstance(value, Null):
            return []
        place = self.as_pointer(value, node)
        if place.type != moving.type.pointee and isinstance(moving.type.pointee, Scalar | VectorType):
            place = self.cast_pointer(place, moving.type.pointee, node)
        if moving.which is not None:
            assert moving.base is not None
            number = self.number_of(place, self.choices[moving.base.buffer.name], node)
            self.need_width(moving, place.indices[-1])
            span = self.span(node)
            return [Assign(moving.which, number, "", span=span), Assign(moving.offset, place.indices[-1], "", span=span)]
        if moving.base is None:
            moving.base = self.base_of(place, moving.name, node)
        elif place.buffer != moving.base.buffer or place.indices[:-1] != moving.base.indices[:-1] or place.flat != moving.base.flat:
            if not isinstance(place.type, Scalar):
                raise Unsupported(f"`{moving.name}` points into `{moving.base.buffer.name}` and then into `{place.buffer.name}`", node)
            self.unit.choices[f"{self.key}/{moving.name}"] = f"{self.key}/{moving.name}"
            raise Restart
        self.need_width(moving, place.indices[-1])
        return [Assign(moving.offset, place.indices[-1], "", span=self.span(node))]

    def pinned(self, expr: Expr, name: str, node: SNode) -> Expr:
        """``expr`` where it keeps its value as long as the pointer lives, else a variable that holds it."""
        if self.lasting(expr):
            return expr
        if self.guarded:
            return expr
        type_ = I32 if element_of(expr.type).bits <= 32 else I64
        variable = self.unique(f"{name}_offset")
        self.before.append(Declare(variable, type_, expr, const=True, span=self.span(node)))
        return Var(variable, type_)

    def lasting(self, expr: Expr) -> bool:
        if isinstance(expr, Binary):
            return self.lasting(expr.left) and self.lasting(expr.right)
        if isinstance(expr, Cast | Unary):
            return self.lasting(expr.operand)
        if isinstance(expr, Select):
            return self.lasting(expr.condition) and self.lasting(expr.then) and self.lasting(expr.otherwise)
        return isinstance(expr, Literal) or self.stable(expr)
