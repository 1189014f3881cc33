"""Reading declared types: specifiers, declarators, casts' type names, structures and wmma fragments."""

from __future__ import annotations

import re

from ..ir.nodes import Binary, Cast, Constant, Expr, Literal, Unary
from ..ir.types import VOID, Array, Fragment, Pointer, Scalar, Scope, Type
from ..ir.walk import walk
from .context import Context
from .kinds import (
    ArrayType,
    AutoType,
    CType,
    GroupType,
    PointerType,
    ReferenceType,
    Scope_,
    StructType,
    Unsupported,
    VectorType,
    scalar_of,
    uniform,
)
from .names import SCALAR_TYPES, VECTOR_TYPES, register_type
from .parsing import SNode, default_of
from .syntax import namespace_of

_VECTOR_SIZE = re.compile(r"vector_size(?:__)?\s*\(\s*([^()]*?)\s*\)|ext_vector_type\s*\(\s*(\w+)\s*\)")
TO_POINTER = "operator*()"  # how the conversion of a structure to a pointer is named here
_FRAGMENT_USES = ("matrix_a", "matrix_b", "accumulator")
_SIZED = {"char": ("i8", "u8"), "short": ("i16", "u16"), "long": ("i64", "u64"), "int": ("i32", "u32")}


class Types(Context):
    """Types as the source writes them."""

    # ---- specifiers

    def declared_type(self, node: SNode) -> tuple[CType, bool]:
        """The type before the declarators of a declaration, parameter or type name, and whether it is const."""
        const = any(
            child.type == "type_qualifier" and child.text in (b"const", b"constexpr") or child.type in ("constexpr", "const")
            for child in node.children
        )
        if any(child.type == "type_qualifier" and self.text(child) == "volatile" for child in node.children):
            words = "`volatile` is dropped: where it stands for a missing `__syncwarp()`, threads may see each other's old values"
            self.unit.notes.append(("volatile", words, node))
        specifier = node.child_by_field_name("type")
        if specifier is None:
            raise Unsupported(f"`{self.original(node)[:40]}` has no type this front end knows", node)
        return self.specifier(specifier), const

    def specifier(self, node: SNode) -> CType:
        kind = node.type
        if kind == "primitive_type":
            return self.named_type(self.text(node), node)
        if kind == "sized_type_specifier":
            return self.sized(self.text(node).split(), node)
        if kind == "type_identifier":
            return self.named_type(self.text(node), node)
        if kind in ("placeholder_type_specifier", "auto"):
            return AutoType()
        if kind == "qualified_identifier":
            return self.qualified_type(node)
        if kind == "template_type":
            return self.template_type(node)
        if kind == "dependent_type":
            return self.specifier(node.named_children[-1])
        if kind == "decltype":
            inner = [child for child in node.named_children if child.type != "auto"]
            if not inner:
                return AutoType()
            if inner[0].type == "type_descriptor":
                return self.descriptor(inner[0])
            old, self.guarded = self.before, self.guarded + 1
            try:
                return self.type_of(self.value(inner[0]), inner[0])
            finally:
                self.before, self.guarded = old, self.guarded - 1
        if kind in ("struct_specifier", "class_specifier"):
            return self.structure(node)
        if kind == "enum_specifier":
            return SCALAR_TYPES["int"]
        raise Unsupported(f"the type `{self.original(node)[:60]}` is outside the subset", node)

    def sized(self, words: list[str], node: SNode) -> Scalar:
        unsigned = "unsigned" in words
        if "double" in words:
            return SCALAR_TYPES["double"]
        base = next((w for w in ("char", "short", "long") if w in words), "int")
        extra = [w for w in words if w not in ("unsigned", "signed", "char", "short", "long", "int", "const", "volatile")]
        if extra:
            found = self.named_type(extra[0], node)
            if isinstance(found, Scalar):
                return found
        from ..ir.types import SCALARS

        return SCALARS[_SIZED[base][unsigned]]

    def named_type(self, name: str, node: SNode) -> CType:
        found = self.scope.type(name)
        if found is not None:
            return found
        declared = self.file.named_type(name, self)
        if declared is not None:
            return declared
        if name in self.spelling.types:
            spelled = self.spelling.types[name]
            register = register_type(spelled)
            if register is not None:
                return register
            from ..ir.types import SCALARS

            return SCALARS[spelled]
        if name in SCALAR_TYPES:
            return SCALAR_TYPES[name]
        if name in VECTOR_TYPES:
            element, count = VECTOR_TYPES[name]
            return VectorType(name, element, count)
        register = register_type(name)
        if register is not None:
            return register
        if name == "thread_block":
            return GroupType(0)
        if name in ("grid_group", "coalesced_group"):
            return GroupType(-1)
        raise Unsupported(f"the type `{name}` is not declared in this file", node)

    def qualified_type(self, node: SNode) -> CType:
        name = node.child_by_field_name("name")
        scope = node.child_by_field_name("scope")
        if name is None:
            raise Unsupported(f"the type `{self.original(node)}` is outside the subset", node)
        if scope is not None and scope.type in ("template_type", "namespace_identifier", "type_identifier"):
            owner: CType | None = None
            text = self.text(scope)
            if scope.type == "template_type":
                owner = self.template_type(scope)
            else:
                owner = self.scope.type(text) or self.file.named_type(text, self)
            if isinstance(owner, StructType):
                inner = owner.scope.types.get(self.text(name))
                if inner is not None:
                    return inner
                raise Unsupported(f"`{owner.name}` has no type `{self.text(name)}`", node)
        return self.specifier(name)

    def template_type(self, node: SNode) -> CType:
        name_node, arguments = node.child_by_field_name("name"), node.child_by_field_name("arguments")
        name = self.text(name_node) if name_node is not None else ""
        listed = [a for a in arguments.named_children if a.type != "comment"] if arguments is not None else []
        if name == "fragment":
            return self.fragment(listed, node)
        if name == "thread_block_tile":
            return GroupType(self.integer(listed[0]) if listed else 32)
        if name in ("conditional_t", "conditional") and len(listed) == 3:
            return self.descriptor(listed[1] if self.integer(listed[0]) else listed[2])
        if name in ("remove_const_t", "remove_reference_t", "decay_t", "remove_cv_t") and listed:
            return self.descriptor(listed[0])
        found = self.file.template_struct(name, listed, self)
        if found is not None:
            return found
        raise Unsupported(f"the type `{self.original(node)}` is not declared in this file", node)

    def fragment(self, listed: list[SNode], node: SNode) -> Fragment:
        words = [self.text(item).rsplit("::", 1)[-1].strip() for item in listed]
        if len(words) < 5 or words[0] not in _FRAGMENT_USES:
            raise Unsupported(f"`{self.original(node)}` is not a fragment this front end knows", node)
        sizes = [self.integer(item) for item in listed[1:4]]
        if words[4] == "tf32":
            element: CType = SCALAR_TYPES["float"]
        else:
            element = self.descriptor(listed[4])
        if not isinstance(element, Scalar):
            raise Unsupported(f"`{words[4]}` is no element type of a fragment", node)
        layout = words[5] if len(words) > 5 and words[5] in ("row_major", "col_major") else ""
        return Fragment(words[0], sizes[0], sizes[1], sizes[2], element, layout)

    def integer(self, node: SNode) -> int:
        """The value of a template argument or array extent that must be a compile-time integer."""
        if node.type == "type_descriptor":  # a bare name: the grammar can't tell
            inner = node.child_by_field_name("type")
            value = self.name_value(inner) if inner is not None else None
        else:
            value = self.scalar(node)
        number = self.constant(value) if value is not None else None
        if number is None or isinstance(number, float):
            raise Unsupported(f"`{self.text(node)}` is not a compile-time integer", node)
        return int(number)

    def name_value(self, node: SNode) -> Expr | None:
        """A ``type_identifier`` node read as the name of a value, or None."""
        found = self.lookup(self.text(node), node) if node.type in ("type_identifier", "identifier") else None
        if node.type == "qualified_identifier":
            return self.as_scalar(self.value(node), node)
        return found if isinstance(found, Expr) else None

    # ---- declarators

    def descriptor(self, node: SNode) -> CType:
        """A type name in a cast or template argument."""
        if node.type != "type_descriptor":
            return self.specifier(node)
        type_, const = self.declared_type(node)
        return self.declarator(node.child_by_field_name("declarator"), type_, const)[1]

    def declarator(self, node: SNode | None, type_: CType, const: bool = False) -> tuple[SNode | None, CType]:
        """The declared name and its type: ``*x``, ``x[3][4]``, ``&x``, ``(*x)[4]`` around ``type_``."""
        while node is not None:
            kind = node.type
            if kind in ("pointer_declarator", "abstract_pointer_declarator"):
                words = [
                    child.text.decode() for child in node.children if child.type in ("type_qualifier", "ms_pointer_modifier") and child.text
                ]
                restrict = any("restrict" in word for word in words) or "restrict" in self.original(node)
                fixed = "const" in words
                type_, const = PointerType(type_, const, restrict, fixed), fixed
            elif kind in ("array_declarator", "abstract_array_declarator"):
                size = node.child_by_field_name("size")
                type_ = ArrayType(type_, None if size is None else self.scalar(size))
            elif kind in ("reference_declarator", "abstract_reference_declarator"):
                type_ = ReferenceType(type_, const)
            elif kind in ("parenthesized_declarator", "abstract_parenthesized_declarator"):
                pass
            elif kind in ("identifier", "field_identifier", "type_identifier"):
                return node, type_
            else:
                raise Unsupported(f"the declaration `{self.original(node)[:60]}` is outside the subset", node)
            inner = node.child_by_field_name("declarator")
            if inner is None:
                inner = (
                    next((c for c in reversed(node.named_children) if c.type.endswith("declarator") or c.type == "identifier"), None)
                    if kind
                    in (
                        "reference_declarator",
                        "parenthesized_declarator",
                        "abstract_parenthesized_declarator",
                        "abstract_reference_declarator",
                    )
                    else None
                )
            node = inner
        return None, type_

    def parameter(self, node: SNode) -> tuple[str, CType, bool]:
        """Name, type and constness of one parameter; arrays become pointers."""
        type_, const = self.declared_type(node)
        name, type_ = self.declarator(node.child_by_field_name("declarator"), type_, const)
        if isinstance(type_, ArrayType):
            type_ = PointerType(type_.element, const, "restrict" in self.original(node))
        return (self.text(name) if name is not None else ""), type_, const

    # ---- structures

    def structure(self, node: SNode, name: str = "", scope: Scope_ | None = None) -> StructType:
        """The fields, methods, constants and types of a structure; ``scope`` holds its template arguments."""
        own = Scope_(scope if scope is not None else self.scope)
        name_node = node.child_by_field_name("name")
        name = name or (self.text(name_node) if name_node is not None else "struct")
        body = node.child_by_field_name("body")
        fields: list[tuple[str, CType, SNode | None]] = []
        methods: list[tuple[str, SNode]] = []
        statics: list[tuple[str, SNode]] = []
        old, self.scope = self.scope, own
        try:
            for member in body.named_children if body is not None else ():
                inner = member.named_children[-1] if member.type == "template_declaration" else member
                if inner.type == "function_definition":
                    declarator: SNode | None = inner.child_by_field_name("declarator")
                    if declarator is not None and declarator.type == "operator_cast":
                        methods.append((TO_POINTER if b"*" in declarator.text.partition(b"(")[0] else "operator cast", member))  # type: ignore[union-attr]
                        continue
                    while declarator is not None and declarator.type != "function_declarator":
                        declarator = declarator.child_by_field_name("declarator") or (
                            declarator.named_children[-1] if declarator.named_children else None
                        )
                    label = declarator.child_by_field_name("declarator") if declarator is not None else None
                    if label is not None:
                        methods.append((self.text(label).replace(" ", ""), member))
                elif member.type in ("type_definition", "alias_declaration"):
                    label = member.child_by_field_name("name") or member.child_by_field_name("declarator")
                    if label is not None:
                        own.types[self.text(label)] = self.alias(member)
                elif member.type == "field_declaration":
                    static = any(c.type == "storage_class_specifier" and c.text == b"static" for c in member.children)
                    type_, const = self.declared_type(member)
                    for declared in member.children_by_field_name("declarator"):
                        if declared.type == "function_declarator":
                            continue
                        label, field_type = self.declarator(declared, type_, const)
                        default = default_of(member, declared)
                        if label is None:
                            continue
                        if static and default is not None:
                            value = self.scalar(default)
                            number = self.constant(value)
                            own.values[self.text(label)] = (
                                value if number is None or not isinstance(field_type, Scalar) else Literal(number, field_type)
                            )
                            statics.append((self.text(label), default))
                        else:
                            fields.append((self.text(label), field_type, default))
        finally:
            self.scope = old
        if any(child.type == "base_class_clause" for child in node.children):
            raise Unsupported(f"`{name}` inherits from another type", node)
        return StructType(name, tuple(fields), tuple(methods), own, tuple(statics), namespace_of(node))

    def alias(self, node: SNode) -> CType:
        """The type a ``typedef`` or ``using`` names."""
        words = self.original(node)
        if node.type == "alias_declaration":
            target = node.child_by_field_name("type")
            if target is None:
                raise Unsupported(f"`{words}` is outside the subset", node)
            type_ = self.descriptor(target)
            name = node.child_by_field_name("name")
        else:
            base, const = self.declared_type(node)
            name, type_ = self.declarator(node.child_by_field_name("declarator"), base, const)
        vector = _VECTOR_SIZE.search(words)
        if vector is not None and isinstance(type_, Scalar):
            count = self.vector_count(vector, type_, node)
            return VectorType(self.text(name) if name is not None else "vector", type_, count)
        return type_

    def vector_count(self, match: re.Match, element: Scalar, node: SNode) -> int:
        """Elements of a GNU vector: ``vector_size`` counts bytes, ``ext_vector_type`` elements."""
        text = match[1] if match[1] is not None else match[2]
        product = 1
        for factor in text.split("*"):
            factor = factor.strip()
            sized = re.fullmatch(r"sizeof\s*\(?\s*(\w+)\s*\)?", factor)
            if factor.isdigit():
                product *= int(factor)
            elif sized and sized[1] in SCALAR_TYPES:
                product *= SCALAR_TYPES[sized[1]].bytes
            else:
                raise Unsupported(f"the vector size `{text}` is not a number", node)
        return product // element.bytes if match[1] is not None else product

    # ---- to the IR

    def ir_type(self, type_: CType, scope: object = None) -> Type:
        """The IR's type for a declared one; vectors become one more extent."""
        if isinstance(type_, Scalar | Fragment):
            return type_
        if isinstance(type_, PointerType):
            element = scalar_of(type_.pointee)
            if element is None or isinstance(type_.pointee, PointerType):
                what = (
                    "a pointer to a pointer"
                    if isinstance(type_.pointee, PointerType)
                    else "a pointer to structures whose fields differ in type"
                )
                raise Unsupported(f"{what} is outside the subset: pass one buffer a parameter")
            if element == VOID:
                raise Unsupported("the element type of a `void *` is not known: give the parameter its real type")
            return Pointer(element, scope if isinstance(scope, Scope) else Scope.GLOBAL, type_.const, type_.restrict)
        extents: list[object] = []
        inner = type_
        while isinstance(inner, ArrayType):
            extents.append(0 if inner.extent is None else self.extent(inner.extent))
            inner = inner.element
        if isinstance(inner, VectorType):
            extents.append(inner.count)
            element = inner.element
        elif isinstance(inner, Scalar):
            element = inner
        elif isinstance(inner, StructType) and (only := uniform(inner)) is not None:
            extents.append(len(inner.fields))
            element = only
        elif isinstance(inner, Fragment):
            raise Unsupported("an array of wmma fragments: write the fragments out, one variable each")
        else:
            raise Unsupported(f"a variable of type `{getattr(inner, 'name', type(inner).__name__)}` is outside the subset")
        return Array(element, tuple(extents), scope if isinstance(scope, Scope) else Scope.REGISTER)

    def extent(self, expr: Expr) -> object:
        """An extent: an ``int`` where nothing is named, else an expression of named constants; run-time extents stay expressions."""
        number = self.constant(expr)
        if isinstance(number, int) and (not self.constant_names(expr) or not self.declares_all(expr)):
            return int(number)
        return expr

    def declares_all(self, expr: Expr) -> bool:
        """Whether the kernel will have every constant that is named: a structure's extents were read before the kernel was."""
        return all(node.name in self.unit.constants for node in walk(expr) if isinstance(node, Constant))

    @staticmethod
    def constant_names(expr: Expr) -> bool:
        """Whether an expression consists of literals and named constants only, with at least one name."""
        stack, named = [expr], False
        while stack:
            current = stack.pop()
            if isinstance(current, Constant):
                named = True
            elif isinstance(current, Binary):
                stack += [current.left, current.right]
            elif isinstance(current, Unary | Cast):
                stack.append(current.operand)
            elif not isinstance(current, Literal):
                return False
        return named

    def size_of(self, type_: CType, node: SNode) -> int:
        """Bytes of a type; declined where it is not known."""
        if isinstance(type_, Scalar):
            return type_.bytes
        if isinstance(type_, VectorType):
            return type_.count * type_.element.bytes
        if isinstance(type_, PointerType):
            return 8
        if isinstance(type_, ReferenceType):
            return self.size_of(type_.target, node)
        if isinstance(type_, ArrayType) and type_.extent is not None:
            extent = self.constant(type_.extent)
            if isinstance(extent, int):
                return extent * self.size_of(type_.element, node)
        if isinstance(type_, StructType):
            sizes = [self.size_of(field_type, node) for _, field_type, _ in type_.fields]
            widest = max(sizes, default=1)
            if all(size == widest for size in sizes):
                return sum(sizes)
        raise Unsupported("`sizeof` of a type whose size is not known here", node)
