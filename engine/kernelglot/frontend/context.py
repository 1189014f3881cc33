"""The state of lowering one function, and what every part of it needs: spans, names, scopes and hoisted statements."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..ir.build import value_of
from ..ir.nodes import Constant, ConstantDecl, Expr, Function, Node, Span, Stmt, Var
from ..ir.types import Scalar, Type
from ..ir.walk import map_children
from .choices import Choice
from .kinds import Binding, CType, Place, Scope_, Unsupported, Value, VectorType
from .parsing import SNode

if TYPE_CHECKING:
    from .file import File

_ASSIGNED = ("assignment_expression", "update_expression")


@dataclass
class Unit:
    """What one kernel collects while it is lowered: device functions, constants, and the functions being lowered right now."""

    functions: dict[str, Function] = field(default_factory=dict)  # by the key of the instance
    function_names: dict[str, str] = field(default_factory=dict)
    constants: dict[str, ConstantDecl] = field(default_factory=dict)
    stack: list[str] = field(default_factory=list)
    notes: list[tuple[str, str, SNode]] = field(default_factory=list)  # (code, sentence, where): suspect, but lowered
    inlined: int = 0  # calls inlined so far
    changed: set[str] = field(default_factory=set)  # "function/variable": assigned through a reference or an inlined function
    wide: set[str] = field(default_factory=set)  # "function/pointer": offsets that need 64 bits
    choices: dict[str, str] = field(default_factory=dict)  # "function/pointer" that points into several buffers -> its group's first


@dataclass
class Inline:
    """Where ``return`` of an inlined function goes; ``value`` is set by the return that ends it."""

    type: CType | None
    value: Value | None = None
    slot: Value | None = None  # declared where several returns assign it
    several: bool = False


class Context:
    """One function being lowered. The parts (types, places, expressions, calls, statements) are mixed in by ``lower.Body``."""

    def __init__(self, file: File, unit: Unit, key: str, scope: Scope_) -> None:
        self.file, self.unit, self.key, self.scope = file, unit, key, scope
        self.source, self.spelling = file.source, file.spelling
        self.taken: set[str] = set()  # declared names, never reused
        self.choices: dict[str, Choice] = {}  # pointers that point into one buffer and then into another, by their own names
        self.groups: dict[str, str] = {}  # of those, which share their buffers
        self.loop_names: set[str] = set()  # loop variables, reused by loops beside each other
        self.open_loops: list[str] = []
        self.declaring = ""  # the variable whose initialiser is being lowered
        self.shares: list[tuple[str, Expr, Var]] = []  # parts of dynamic shared memory: of which array, from where, as which one
        self.given: dict[str, str] = {}  # what names were in the text, where they had to change
        self.known: dict[str, int | float | bool] = {}  # values of local constants, by IR name
        self.before: list[Stmt] = []  # run before the statement being lowered
        self.after: list[Stmt] = []  # run after it
        self.guarded = 0  # inside an operand that may not be evaluated: nothing can be hoisted
        self.mutated: frozenset[str] = frozenset()  # names assigned after their declaration, anywhere in the function
        self.loop_only: frozenset[str] = frozenset()  # names declared without a value that only loops set
        self.mutable: set[str] = set()  # the same for variables of the IR
        self.mutated_anywhere: frozenset[str] = frozenset()
        self.returns: CType | None = None
        self.body_text = ""
        self.is_kernel = False
        self.loop_moved: set[str] = set()  # names that the loop being opened moves in its last clause
        self.updating = False  # in the last clause of a loop
        self.first: list[Stmt] = []  # declarations of on-chip buffers that stand at file scope
        self.inlines: list[Inline] = []
        self.inline_depth = 0

    # ---- the parts that other parts call

    if TYPE_CHECKING:

        def value(self, node: SNode) -> Value: ...
        def scalar(self, node: SNode) -> Expr: ...
        def as_scalar(self, value: Value, node: SNode | None = None) -> Expr: ...
        def place(self, node: SNode) -> Place: ...
        def load(self, place: Place) -> Value: ...
        def statement(self, node: SNode) -> list[Stmt]: ...
        def statements(self, nodes: Iterable[SNode]) -> list[Stmt]: ...
        def block(self, node: SNode | None) -> tuple[Stmt, ...]: ...
        def declared_type(self, node: SNode) -> tuple[CType, bool]: ...
        def declarator(self, node: SNode | None, type_: CType, const: bool = False) -> tuple[SNode | None, CType]: ...
        def descriptor(self, node: SNode) -> CType: ...
        def ir_type(self, type_: CType, scope: object = None) -> Type: ...
        def call(self, node: SNode) -> Value: ...
        def convert(self, value: Value, type_: CType, node: SNode | None = None) -> Value: ...
        def assign(self, target: Value, value: Value, op: str, node: SNode) -> list[Stmt]: ...
        def declare_value(
            self, name: str, type_: CType, value: Value | None, node: SNode, const: bool = False, scope: object = None
        ) -> None: ...
        def lookup(self, name: str, node: SNode) -> Binding | None: ...
        def type_of(self, value: Value, node: SNode) -> CType: ...
        def spread(self, value: Value, vector: VectorType, node: SNode) -> tuple[Expr, ...]: ...
        @staticmethod
        def is_zero(value: Value) -> bool: ...

    # ---- positions and text

    def span(self, node: SNode) -> Span:
        return self.file.span(node.start_byte, node.end_byte)

    def text(self, node: SNode) -> str:
        """The text of a node as the preprocessor left it: for names and literals."""
        return self.source.of(node)

    def original(self, node: SNode) -> str:
        """The text in the file, before preprocessing: for ``Opaque`` and comments."""
        return self.file.original(node.start_byte, node.end_byte)

    @staticmethod
    def fields(node: SNode, *names: str) -> list[SNode]:
        """The parts of a node that the grammar promises; declined where a syntax error left one out."""
        found = []
        for name in names:
            part = node.child_by_field_name(name)
            if part is None:
                raise Unsupported("a syntax error", node)
            found.append(part)
        return found

    # ---- names

    def unique(self, name: str) -> str:
        """``name``, or ``name_2`` ... where it is taken in this function."""
        candidate, number = name, 2
        while candidate in self.taken or candidate in self.loop_names or self.is_reserved(candidate):
            candidate, number = f"{name}_{number}", number + 1
        self.taken.add(candidate)
        return self.noted(candidate, name)

    def is_reserved(self, name: str) -> bool:
        """Names of constants: they may be printed as macros, so nothing else may have them."""
        return name in self.file.reserved or name in self.unit.constants

    def unique_global(self, name: str) -> str:
        """The name of a buffer that moves from file scope into the kernel."""
        if name in self.taken:
            return self.unique(name)
        self.taken.add(name)
        return name

    def loop_name(self, name: str) -> str:
        """A loop variable's name: loops beside each other may share it."""
        candidate, number = name, 2
        while candidate in self.taken or candidate in self.open_loops or self.is_reserved(candidate):
            candidate, number = f"{name}_{number}", number + 1
        self.loop_names.add(candidate)
        return self.noted(candidate, name)

    def noted(self, candidate: str, name: str) -> str:
        """``candidate``, remembered as what the text calls ``name``."""
        if candidate != name:
            self.given[candidate] = name
        return candidate

    def bind(self, name: str, value: Binding) -> None:
        self.scope.values[name] = value

    def push(self, parent: Scope_ | None = None) -> Scope_:
        """Enter a scope; returns the one to hand to ``pop``."""
        old = self.scope
        self.scope = Scope_(parent if parent is not None else old)
        return old

    def pop(self, old: Scope_) -> None:
        self.scope = old

    # ---- hoisting

    def hoist(self, stmt: Stmt, why: str, node: SNode | None = None) -> None:
        """Run ``stmt`` before the statement being lowered; declined where that would evaluate it too often or too early."""
        if self.guarded:
            raise Unsupported(f"{why} inside a part of an expression that is evaluated only sometimes", node)
        self.before.append(stmt)

    def settle(self) -> tuple[list[Stmt], list[Stmt]]:
        """The statements hoisted so far, to put around the current one."""
        before, after = self.before, self.after
        self.before, self.after = [], []
        return before, after

    # ---- constants

    def use_constant(self, declaration: ConstantDecl) -> None:
        self.unit.constants.setdefault(declaration.name, declaration)

    def constant(self, expr: Expr) -> int | float | bool | None:
        """The number an expression certainly has here, local constants included."""
        value = value_of(expr)
        if value is not None or not self.known:
            return value

        def known(node: Node) -> Node:
            if isinstance(node, Var) and node.name in self.known and isinstance(node.type, Scalar):
                return Constant(node.name, self.known[node.name], node.type)
            return map_children(node, known)  # type: ignore[arg-type]

        replaced = known(expr)
        return value_of(replaced) if isinstance(replaced, Expr) else None

    # ---- a look ahead

    def scan(self, body: SNode) -> None:
        """Which names a function body assigns after their declaration, and which only loops set."""
        mutated: set[str] = set()
        in_loops: dict[str, int] = {}
        uses: dict[str, int] = {}
        stack: list[tuple[SNode, frozenset[str], frozenset[str]]] = [(body, frozenset(), frozenset())]
        while stack:
            node, own, hidden = stack.pop()
            kind = node.type
            if kind == "identifier":
                name = node.text.decode() if node.text else ""
                if name not in hidden:  # else a loop of its own declares it anew
                    uses[name] = uses.get(name, 0) + 1
                    if name in own:
                        in_loops[name] = in_loops.get(name, 0) + 1
            elif kind in _ASSIGNED:
                target = node.child_by_field_name("left") or node.child_by_field_name("argument")
                while target is not None and target.type == "parenthesized_expression" and target.named_children:
                    target = target.named_children[0]
                if target is not None and target.type == "identifier" and target.text:
                    mutated.add(target.text.decode())
            if kind == "for_statement":
                declared = _loop_variables(node)
                update = node.child_by_field_name("update")
                inner_own, inner_hidden = (own | _assigned_in_init(node)) - declared, hidden | declared
                for child in node.named_children:
                    if update is not None and child.start_byte == update.start_byte and child.end_byte == update.end_byte:
                        mutated |= {name for name in _names_assigned(child) if name not in declared}
                        for item in _identifiers(child):
                            if item in inner_hidden:
                                continue
                            uses[item] = uses.get(item, 0) + 1
                            if item in inner_own:
                                in_loops[item] = in_loops.get(item, 0) + 1
                    else:
                        stack.append((child, inner_own, inner_hidden))
                continue
            stack.extend((child, own, hidden) for child in node.named_children)
        self.mutated = frozenset(mutated)
        self.mutated_anywhere = frozenset(in_loops)
        self.body_text = self.text(body)
        self.loop_only = frozenset(name for name, count in in_loops.items() if count == uses.get(name, 0) - 1)


def _loop_variables(node: SNode) -> set[str]:
    """Names declared in a ``for``'s first clause."""
    init = node.child_by_field_name("initializer")
    names: set[str] = set()
    if init is not None and init.type == "declaration":
        for declarator in init.children_by_field_name("declarator"):
            inner: SNode | None = declarator
            while inner is not None and inner.type != "identifier":
                inner = inner.child_by_field_name("declarator")
            if inner is not None and inner.text:
                names.add(inner.text.decode())
    return names


def _assigned_in_init(node: SNode) -> frozenset[str]:
    init = node.child_by_field_name("initializer")
    return frozenset(_names_assigned(init)) if init is not None and init.type != "declaration" else frozenset()


def _names_assigned(node: SNode) -> set[str]:
    names, stack = set(), [node]
    while stack:
        current = stack.pop()
        if current.type in _ASSIGNED:
            target = current.child_by_field_name("left") or current.child_by_field_name("argument")
            while target is not None and target.type == "field_expression" and any(c.type == "." for c in target.children):
                target = target.child_by_field_name("argument")  # v.x = ... changes v
            if target is not None and target.type == "identifier" and target.text:
                names.add(target.text.decode())
        stack.extend(current.named_children)
    return names


def _identifiers(node: SNode) -> list[str]:
    found, stack = [], [node]
    while stack:
        current = stack.pop()
        if current.type == "identifier" and current.text:
            found.append(current.text.decode())
        stack.extend(current.named_children)
    return found


_COMMENT = re.compile(r"^\s*(?:/\*[*!]?|//[/!]?<?)?\s?(.*?)\s*(?:\*/)?$")


def comment_text(raw: str) -> str:
    """A comment without its markers."""
    lines = []
    for line in raw.splitlines():
        stripped = line.strip()
        if stripped.startswith("/*"):
            stripped = stripped[2:].lstrip("*!")
        elif stripped.startswith("//"):
            stripped = stripped[2:].lstrip("/!")
        elif stripped.startswith("*") and not stripped.startswith("*/"):
            stripped = stripped[1:]
        if stripped.endswith("*/"):
            stripped = stripped[:-2].rstrip("*")
        stripped = stripped.rstrip()
        lines.append(stripped[1:] if stripped.startswith(" ") else stripped)
    while lines and not lines[0].strip():
        lines.pop(0)
    while lines and not lines[-1].strip():
        lines.pop()
    return "\n".join(lines)
