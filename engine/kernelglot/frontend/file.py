"""What a file declares: functions, structures, aliases, constants and launches, looked up by name and evaluated when first needed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..ir.build import value_of
from ..ir.nodes import Axis, Binary, Cast, Constant, ConstantDecl, Declare, Expr, InitList, Literal, Span, Unary, Var
from ..ir.types import I32, Array, Scalar, Scope, element_of
from . import evaluate
from .body import Body
from .context import Unit, comment_text
from .inline import FunctionInfo
from .kinds import ArrayType, Binding, CType, Place, Restart, Scope_, Stored, StructType, TemplateName, Unknown, Unsupported
from .parsing import SNode, descend
from .preprocess import Expanded
from .spelling import Spelling
from .syntax import Item, Launch, Source, launches, namespace_of, outline, parse
from .templates import Templates, describe, number_text

_SKIP = re.compile(r"(?:\s+|//[^\n]*|/\*[\s\S]*?\*/)*")
_ON_CHIP = (Scope.SHARED, Scope.NRAM, Scope.WRAM, Scope.SRAM, Scope.LDRAM)
_CPP = (".cpp", ".cc", ".cxx", ".hpp", ".cu", ".cuh", ".hip", ".mlu")


class File(Templates):
    """One file, preprocessed and parsed. Lookups go through a ``Body``, because an initialiser is an expression like any other."""

    def __init__(self, text: str, expanded: Expanded, spelling: Spelling, path: str = "") -> None:
        self.path, self.expanded, self.spelling = path, expanded, spelling
        self.data = text.encode("utf-8", "replace")
        self.source: Source = parse(expanded.text.encode("latin-1"), spelling)
        self.items: tuple[Item, ...] = outline(self.source)
        self.is_cpp = spelling.grammar == "cuda" or path.lower().endswith(_CPP)
        self.scope = Scope_()
        self.functions: dict[str, list[FunctionInfo]] = {}
        self.template_structs: dict[str, SNode] = {}
        self.reserved: set[str] = set(expanded.constants)
        self._types: dict[str, SNode] = {}
        self._globals: dict[str, tuple[SNode, SNode, Item]] = {}
        self._enums: dict[str, SNode] = {}
        self._busy: set[str] = set()
        self._lines: list[int] = [0, *(m.end() for m in re.finditer(rb"\n", self.data))]
        self._hints = self._pragmas()
        self._launches: tuple[Launch, ...] | None = None
        self.unresolved: list[Launch] = []  # launches whose template arguments could not be told
        for item in self.items:
            self._register(item)

    # ---- positions

    def span(self, start: int, end: int) -> Span:
        """The span in the file of bytes of the preprocessed text."""
        first, last = self.expanded.origin(start), self.expanded.origin(max(end, start), end=True)
        return self.plain_span(first, max(first, last))

    def plain_span(self, start: int, end: int | None = None) -> Span:
        from bisect import bisect_right

        return Span(start, start if end is None else end, bisect_right(self._lines, start))

    def original(self, start: int, end: int) -> str:
        """The text of the file for bytes of the preprocessed text."""
        span = self.span(start, end)
        if span.end <= span.start:
            return self.source.text[start:end].decode("utf-8", "replace")
        return self.data[span.start : span.end].decode("utf-8", "replace")

    def _pragmas(self) -> dict[int, list[str]]:
        text, found = self.expanded.text, {}
        for offset, words in self.expanded.pragmas:
            match = _SKIP.match(text, offset)
            found.setdefault(match.end() if match else offset, []).append(words)
        return found

    def hint(self, node: SNode) -> tuple[str, Axis]:
        """The pragma before a loop, and the axis it puts the loop on."""
        pragmas = self._hints.get(node.start_byte, [])
        axis, kept = Axis.SERIAL, ""
        for words in pragmas:
            if words.startswith("omp parallel for"):
                axis, kept = Axis.OMP, words
            elif words.startswith(("unroll", "omp simd", "GCC unroll", "clang loop", "ivdep", "nounroll")):
                kept = words
        return kept, axis

    # ---- declarations

    def _register(self, item: Item) -> None:
        node = item.node
        template = (
            item.whole.child_by_field_name("parameters") if item.whole is not None and item.whole.type == "template_declaration" else None
        )
        listed = tuple(c for c in template.named_children if c.type != "comment") if template is not None else ()
        if item.kind in ("device", "host", "kernel") and node.type == "function_definition" and item.name:
            name = item.name.replace(" ", "")
            info = FunctionInfo(
                name,
                node,
                listed,
                template is not None and bool(listed),
                host_only=item.kind == "host" and "constexpr" not in item.qualifiers,
            )
            if item.kind != "kernel" or not self.spelling.kernel_qualifiers:
                self.functions.setdefault(name, []).append(info)
        elif item.kind == "struct" and item.name:
            if template is not None:
                self.template_structs.setdefault(item.name, item.whole or node)
            else:
                self._types.setdefault(item.name, node)
        elif item.kind == "typedef" and item.name and template is None:
            self._types.setdefault(item.name, node)
            inner = node.child_by_field_name("type")
            if inner is not None and inner.type == "enum_specifier":
                self._register_enum(inner)
        elif item.kind == "enum":
            self._register_enum(node)
        elif item.kind == "global":
            inner = node.child_by_field_name("type")
            if inner is not None and inner.type == "enum_specifier":
                self._register_enum(inner)
            for declarator in node.children_by_field_name("declarator"):
                name_node: SNode | None = declarator
                while name_node is not None and name_node.type != "identifier":
                    name_node = name_node.child_by_field_name("declarator")
                if name_node is not None:
                    name = self.source.of(name_node)
                    self._globals.setdefault(name, (node, declarator, item))
                    self.reserved.add(name)

    def _register_enum(self, node: SNode) -> None:
        name = node.child_by_field_name("name")
        if name is not None:
            self._types.setdefault(self.source.of(name), node)
        body = node.child_by_field_name("body")
        for child in body.named_children if body is not None else ():
            label = child.child_by_field_name("name")
            if label is not None:
                self._enums.setdefault(self.source.of(label), node)
                self.reserved.add(self.source.of(label))

    def launches(self) -> tuple[Launch, ...]:
        if self._launches is None:
            self._launches = launches(self.source, self.items)
        return self._launches

    def body(self, unit: Unit | None = None, key: str = "", scope: Scope_ | None = None) -> Body:
        return Body(self, unit if unit is not None else Unit(), key, scope if scope is not None else self.scope)

    # ---- types

    def named_type(self, name: str, user: object = None) -> CType | None:
        """The type a name stands for at file scope; None where it is none."""
        known = self.scope.types.get(name)
        if known is not None:
            return known
        node = self._types.get(name)
        if node is None or name in self._busy:
            return None
        self._busy.add(name)
        try:
            body = self.body()
            if node.type == "enum_specifier":
                found: CType = I32
            elif node.type in ("type_definition", "alias_declaration"):
                inner = node.child_by_field_name("type")
                if (
                    inner is not None
                    and inner.type in ("struct_specifier", "class_specifier")
                    and inner.child_by_field_name("body") is not None
                ):
                    found = body.structure(inner, name)
                else:
                    found = body.alias(node)
            else:
                found = body.structure(node, name)
        finally:
            self._busy.discard(name)
        self.scope.types[name] = found
        return found

    def template_struct(self, name: str, arguments: list[SNode], user: Body) -> StructType | None:
        """A structure template with these arguments, evaluated in the scope of ``user``."""
        bound = user.scope.value(name)
        if isinstance(bound, TemplateName):
            name = bound.name
        node = self.template_structs.get(name)
        if node is None:
            return None
        parameters_node = node.child_by_field_name("parameters")
        listed = tuple(c for c in parameters_node.named_children if c.type != "comment") if parameters_node is not None else ()
        info = FunctionInfo(name, node, listed, True)
        scope = self.explicit_template(info, tuple(arguments), user, Scope_(self.scope))
        words = [*map(describe, scope.types.values()), *map(number_text, scope.values.values())]
        key = f"{name}<{', '.join(words)}>"
        known = self.scope.types.get(key)
        if isinstance(known, StructType):
            return known
        inner = next(c for c in reversed(node.named_children) if c.type in ("struct_specifier", "class_specifier"))
        found = self.body(scope=scope).structure(inner, key, scope)
        self.scope.types[key] = found
        return found

    def method(self, member: SNode, owner: StructType, scope: Scope_) -> FunctionInfo:
        """A member function of a structure; ``scope`` shows it the fields."""
        template: tuple[SNode, ...] = ()
        definition = member
        if member.type == "template_declaration":
            listed = member.child_by_field_name("parameters")
            template = tuple(c for c in listed.named_children if c.type != "comment") if listed is not None else ()
            definition = member.named_children[-1]
        return FunctionInfo(owner.name, definition, template, bool(template), owner, scope=scope)

    def set_by_host(self, definition: SNode) -> bool:
        """Whether a function names ``__constant__`` memory without an initialiser."""
        for node in descend(definition):
            entry = self._globals.get(self.source.of(node)) if node.type == "identifier" else None
            if entry is not None and entry[1].type != "init_declarator":
                if "__constant__" in self.original(entry[0].start_byte, entry[1].end_byte):
                    return True
        return False

    def enum_named(self, type_node: SNode) -> SNode | None:
        """The enumeration that a type specifier names; None where it names something else."""
        name: SNode | None = type_node
        while name is not None and name.type == "qualified_identifier":
            name = name.child_by_field_name("name")
        found = self._types.get(self.source.of(name)) if name is not None else None
        if found is not None and found.type == "type_definition":
            found = found.child_by_field_name("type")
        return found if found is not None and found.type == "enum_specifier" else None

    # ---- values

    def enumerators(self, node: SNode, user: Body) -> Iterator[tuple[str, int]]:
        body = node.child_by_field_name("body")
        following = 0
        for child in body.named_children if body is not None else ():
            label, value = child.child_by_field_name("name"), child.child_by_field_name("value")
            if label is None:
                continue
            if value is not None:
                number = user.constant(user.scalar(value))
                if number is None:
                    raise Unsupported(f"the enumerator `{self.source.of(label)}` has no constant value", child)
                following = int(number)
            yield self.source.of(label), following
            following += 1

    def global_value(self, name: str, user: Body) -> Binding | None:
        """What a name declared at file scope stands for; its declaration joins the constants of the kernel."""
        if name in self._enums:
            return self._enumerator(name, user)
        entry = self._globals.get(name)
        if entry is None:
            return None
        if name in self._busy:
            return Unknown(f"`{name}` is defined by itself")
        self._busy.add(name)
        try:
            return self._global(name, *entry, user)
        except Unsupported as problem:
            return Unknown(f"`{name}`: {problem.reason}")
        finally:
            self._busy.discard(name)

    def _enumerator(self, name: str, user: Body) -> Binding:
        node = self._enums[name]
        value = dict(self.enumerators(node, self.body()))[name]
        user.use_constant(ConstantDecl(name, I32, value, spelled="define", span=self.span(node.start_byte, node.end_byte)))
        return Constant(name, value, I32)

    def _global(self, name: str, node: SNode, declarator: SNode, item: Item, user: Body) -> Binding:
        body = self.body(user.unit)
        base, const = body.declared_type(node)
        prefix = self.original(node.start_byte, declarator.start_byte)
        words = set(re.findall(r"\w+", prefix))
        const = const or "constexpr" in words
        value_node = None
        inner: SNode | None = declarator
        if declarator.type == "init_declarator":
            value_node, inner = declarator.child_by_field_name("value"), declarator.child_by_field_name("declarator")
        _, type_ = body.declarator(inner, base, const)
        named = [s for spelled, s in self.spelling.scopes.items() if spelled in words]
        scope = Scope.CONSTANT if Scope.CONSTANT in named else named[0] if named else None  # `__device__ __constant__` is constant
        if (
            value_node is not None
            and value_node.type in ("initializer_list", "argument_list")
            and not isinstance(type_, ArrayType)
            and len(value_node.named_children) == 1
        ):
            value_node = value_node.named_children[0]
        if scope in _ON_CHIP and isinstance(type_, ArrayType):
            return self._on_chip(name, type_, scope, user, node)
        if not const and scope is not Scope.CONSTANT:
            return Unknown(f"`{name}` is a variable at file scope: its content is not known when the kernel starts; pass it as a parameter")
        if value_node is None:
            return user.symbol(name, f"{namespace_of(node)}{name}", type_, node)
        span = self.span(node.start_byte, node.end_byte)
        if isinstance(type_, ArrayType):
            return self._table(name, type_, value_node, body, span)
        if not isinstance(type_, Scalar):
            return Unknown(f"`{name}` has a type that is no number")
        expr = body.scalar(value_node)
        number = number_of(expr)
        if number is None:
            return Unknown(f"the value of `{name}` is not known at compile time")
        number = evaluate.convert(number, type_)
        text = self.source.of(value_node) if plain(expr) else ""
        user.use_constant(ConstantDecl(name, type_, number, spelled="constexpr", text=text, span=span))
        return Constant(name, number, type_)

    def _on_chip(self, name: str, type_: ArrayType, scope: Scope | None, user: Body, node: SNode) -> Binding:
        """An on-chip buffer at file scope: its content starts anew with each launch, so it may as well be declared in the kernel."""
        if not user.is_kernel:
            return Unknown(f"`{name}` is a buffer at file scope used by a function: pass it as a pointer")
        root = user.scope
        while root.parent is not None and root.parent is not self.scope:
            root = root.parent
        if type_.extent is None:
            type_ = ArrayType(user.element_in_use(name, type_.element, user.body_text, node), None)
        declared = user.ir_type(type_, scope)
        variable = Var(user.unique_global(name), declared)
        user.first.append(Declare(variable.name, declared, None, span=self.span(node.start_byte, node.end_byte)))
        root.values[name] = found = Stored(Place(variable, (), type_, False))
        return found

    def _table(self, name: str, type_: ArrayType, value_node: SNode, body: Body, span: Span) -> Binding:
        init = body.init_list(type_, value_node)
        if type_.extent is None:
            from ..ir.build import integer

            type_ = ArrayType(type_.element, integer(len(init.elements)))
        declared = body.ir_type(type_, Scope.CONSTANT)
        assert isinstance(declared, Array)
        sizes = [extent if isinstance(extent, int) else value_of(extent) for extent in declared.shape]  # type: ignore[arg-type]
        values = flatten(init, [int(size) for size in sizes if size is not None])
        if values is None:
            return Unknown(f"the content of `{name}` is not known at compile time")
        body.use_constant(ConstantDecl(name, declared, tuple(evaluate.convert(v, declared.element) for v in values), span=span))
        return Stored(Place(Var(name, declared), (), type_, False))

    # ---- functions

    def lower_function(self, info: FunctionInfo, scope: Scope_, key: str, unit: Unit) -> str:
        """Lower an instance of a device function once per kernel; returns its name."""
        known = unit.function_names.get(key)
        if known is not None:
            return known
        name, number = info.name, 2
        taken = set(unit.function_names.values())
        if name in taken and info.is_template:
            name = "_".join([info.name, *self.instance_words(info, scope)])
        while name in taken or name in self.reserved:
            name, number = f"{info.name}_{number}", number + 1
        unit.function_names[key] = name
        unit.stack.append(key)
        unit.stack.append(info.name)
        try:
            while True:
                body = self.body(unit, key, Scope_(scope))
                try:
                    function = body.function(info, name)
                    break
                except Restart:
                    continue
        finally:
            del unit.stack[-2:]
        unit.functions[key] = function
        return name

    def leading_comment(self, item: Item) -> str:
        """The comment that ends on the line before an item."""
        node = item.whole or item.node
        while node.parent is not None and node.parent.type in ("template_declaration", "linkage_specification"):
            node = node.parent
        lines: list[str] = []
        row = node.start_point[0]
        before = node.prev_sibling
        while before is not None and before.type == "comment" and before.end_point[0] in (row - 1, row):
            text = comment_text(self.original(before.start_byte, before.end_byte))
            if (
                before.prev_sibling is not None
                and before.prev_sibling.end_point[0] == before.start_point[0]
                and before.prev_sibling.type != "comment"
            ):
                break
            lines.insert(0, text)
            row, before = before.start_point[0], before.prev_sibling
        return "\n".join(lines).strip("\n")


def number_of(expr: Expr) -> int | float | bool | None:
    """The value of a constant expression, floats included."""
    if isinstance(expr, Literal | Constant):
        return expr.value
    if isinstance(expr, Unary):
        inner = number_of(expr.operand)
        if inner is None:
            return None
        return -inner if expr.op == "-" else (not inner) if expr.op == "!" else ~int(inner)
    if isinstance(expr, Cast):
        inner = number_of(expr.operand)
        return None if inner is None else evaluate.convert(inner, expr.type)
    if isinstance(expr, Binary):
        left, right = number_of(expr.left), number_of(expr.right)
        if left is None or right is None:
            return None
        try:
            return evaluate.combine(expr.op, (left, element_of(expr.left.type)), (right, element_of(expr.right.type)))[0]
        except (evaluate.NotConstant, OverflowError):
            return None
    from ..ir.nodes import Call, Select

    if isinstance(expr, Select):
        test = number_of(expr.condition)
        return None if test is None else number_of(expr.then if test else expr.otherwise)
    if isinstance(expr, Call):
        numbers = [number_of(a) for a in expr.arguments]
        if any(n is None for n in numbers):
            return None
        if expr.name in ("max", "min", "fmaxf", "fminf", "fmax", "fmin"):
            return (max if "max" in expr.name else min)(numbers)  # type: ignore[type-var]
        if expr.name in ("sqrtf", "sqrt") and numbers[0] >= 0:  # type: ignore[operator]
            return numbers[0] ** 0.5  # type: ignore[operator]
    return None


def plain(expr: Expr) -> bool:
    """Whether an expression consists of literals and named constants: its text means the same in every dialect."""
    stack = [expr]
    while stack:
        current = stack.pop()
        if isinstance(current, Binary):
            stack += [current.left, current.right]
        elif isinstance(current, Unary):
            stack.append(current.operand)
        elif not isinstance(current, Literal | Constant):
            return False
    return True


def flatten(init: InitList, sizes: list[int]) -> list | None:
    """The numbers of a nested initialiser in row-major order, missing ones zero; None where one is not constant."""
    total = 1
    for size in sizes:
        total *= size
    inner = total // sizes[0] if sizes and sizes[0] else 1
    values: list = []
    for element in init.elements:
        if isinstance(element, InitList):
            part = flatten(element, sizes[1:])
            if part is None:
                return None
            values += part
        else:
            number = number_of(element)
            if number is None:
                return None
            values.append(number)
        if inner > 1 and isinstance(element, InitList) and len(values) % inner:
            values += [0] * (inner - len(values) % inner)
    return values + [0] * (total - len(values)) if len(values) <= total else None
