"""Statements: assignments, branches, ``switch``, returns; loops are in ``loops.py``. A statement outside the subset becomes ``Opaque``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..ir import build
from ..ir.nodes import (
    Assign,
    AxisExtent,
    AxisIndex,
    Binary,
    Block,
    Break,
    Call,
    Cast,
    Constant,
    Continue,
    Declare,
    Evaluate,
    Expr,
    If,
    Literal,
    Load,
    Opaque,
    Return,
    Stmt,
    Var,
)
from ..ir.types import BOOL, I32, VOID, Fragment, Scalar, element_of
from ..ir.walk import walk
from .context import comment_text
from .declarations import Declarations
from .kinds import ArrayType, Moving, Place, Pointer_, Restart, Stored, Structure, Unsupported, Value, VectorType
from .parsing import SNode

_IGNORED = (
    "static_assert_declaration",
    "using_declaration",
    "empty_statement",
    "preproc_call",
    "access_specifier",
    "namespace_alias_definition",
)
LONGEST_SWITCH = 40


class Statements(Declarations):
    """Everything but loops."""

    # ---- lists of statements

    def block(self, node: SNode | None) -> tuple[Stmt, ...]:
        """The statements of a body, in a scope of their own."""
        if node is None:
            return ()
        old = self.push()
        try:
            return tuple(self.statements(node.named_children if node.type == "compound_statement" else [node]))
        finally:
            self.pop(old)

    def statements(self, nodes: Iterable[SNode]) -> list[Stmt]:
        """``nodes`` lowered, with each comment on the statement it precedes or follows on its line."""
        result: list[Stmt] = []
        comments: list[str] = []
        last_row, last_index = -1, -1
        for node in nodes:
            if node.type == "comment":
                text = comment_text(self.original(node))
                if node.start_point[0] == last_row and 0 <= last_index < len(result) and not result[last_index].comment:
                    result[last_index] = replace(result[last_index], comment=text)
                elif text:
                    comments.append(text)
                continue
            found = self.statement(node)
            last_row, last_index = node.end_point[0], len(result)
            if found and comments:
                found[0] = replace(found[0], comment="\n".join([*comments, *([found[0].comment] if found[0].comment else [])]))
                comments = []
            result += found
        return result

    def statement(self, node: SNode) -> list[Stmt]:
        """One statement, with what its expressions hoist around it."""
        handler = _STATEMENTS.get(node.type)
        if node.type in _IGNORED:
            return []
        outer_before, outer_after = self.before, self.after
        self.before, self.after = [], []
        saved = len(self.open_loops)
        try:
            if handler is None:
                raise Unsupported(
                    "a syntax error" if node.is_error else f"`{self.original(node).split(chr(10))[0][:60]}` is outside the subset", node
                )
            stmts = handler(self, node)
            return [*self.before, *stmts, *self.after]
        except Unsupported as problem:
            if self.inline_depth:
                raise
            del self.open_loops[saved:]
            self.guarded = 0
            return [Evaluate(self.opaque(node, problem), span=self.span(node))]
        finally:
            self.before, self.after = outer_before, outer_after

    def compound(self, node: SNode) -> list[Stmt]:
        body = self.block(node)
        return [Block(body, span=self.span(node))] if body else []

    def declaration_statement(self, node: SNode) -> list[Stmt]:
        return self.declaration(node)

    # ---- expressions as statements

    def expression_statement(self, node: SNode) -> list[Stmt]:
        inner = next((c for c in node.named_children if c.type != "comment"), None)
        return [] if inner is None else self.statement_of_expression(inner)

    def statement_of_expression(self, node: SNode) -> list[Stmt]:
        kind = node.type
        if kind == "parenthesized_expression":
            inner = next((c for c in node.named_children if c.type != "comment"), None)
            return [] if inner is None else self.statement_of_expression(inner)
        if kind == "assignment_expression":
            return self.assignment_statement(node)
        if kind == "update_expression":
            return self.update_statement(node)
        if kind == "comma_expression":
            left, right = self.fields(node, "left", "right")
            first = self.statement_of_expression(left)
            before, after = self.settle()
            second = self.statement_of_expression(right)
            return [*before, *first, *after, *self.drain(second)]
        if kind == "call_expression":
            special = self.call_statement(node)
            if special is not None:
                return special
            value = self.value(node)
            return self.evaluate_statement(value, node) if isinstance(value, Call) else []
        if kind == "cast_expression":
            type_node = node.child_by_field_name("type")
            if type_node is not None and self.text(type_node).strip() == "void":
                return []
        if kind == "conditional_expression":
            condition, then, other = self.fields(node, "condition", "consequence", "alternative")
            test = self.condition(condition)
            return [If(test, tuple(self.nested(then)), tuple(self.nested(other)), span=self.span(node))]
        if kind == "binary_expression" and node.children and any(c.type == "&&" for c in node.children):
            left, right = self.fields(node, "left", "right")
            return [If(self.condition(left), tuple(self.nested(right)), span=self.span(node))]
        value = self.value(node)
        if isinstance(value, Expr) and any(isinstance(part, Call) for part in walk(value)):
            return [Evaluate(value, span=self.span(node))]
        return []

    def drain(self, stmts: list[Stmt]) -> list[Stmt]:
        before, after = self.settle()
        return [*before, *stmts, *after]

    def nested(self, node: SNode) -> list[Stmt]:
        """An expression as statements of its own, with what it hoists."""
        outer_before, outer_after = self.before, self.after
        self.before, self.after = [], []
        try:
            return self.drain(self.statement_of_expression(node))
        finally:
            self.before, self.after = outer_before, outer_after

    def update_statement(self, node: SNode) -> list[Stmt]:
        argument, operator = self.fields(node, "argument", "operator")
        op = operator.type[0]
        if argument.type == "identifier":
            binding = self.scope.value(self.text(argument))
            if isinstance(binding, Moving):
                return self.move(binding, op, build.integer(1), node)
        return self.assign(self.value(argument), Literal(1, I32), op, node)

    def assignment_statement(self, node: SNode) -> list[Stmt]:
        left, right, operator = self.fields(node, "left", "right", "operator")
        op = operator.type[:-1]
        while left.type == "parenthesized_expression" and left.named_children:
            left = left.named_children[0]
        if left.type in ("identifier", "field_expression"):
            binding = self.binding_of(left)
            if isinstance(binding, Moving):
                if op in ("+", "-"):
                    return self.move(binding, op, self.scalar(right), node)
                return self.point(binding, self.value(right), node)
            if isinstance(binding, Pointer_):
                raise Unsupported(f"the pointer `{self.text(left)}` is assigned", node)
        target = self.value(left)
        if right.type == "initializer_list":
            known = self.type_of(target, left)
            return self.assign(target, self.initialised(known, right), op, node)
        if isinstance(target, Var | Load) and not isinstance(target.type, Fragment) and not self.inline_depth:
            saved = list(self.before), list(self.after)
            try:
                value: Value = self.value(right)
                if not isinstance(value, Expr):
                    value = self.as_scalar(value, right)
            except Unsupported as problem:
                self.before, self.after = saved
                value = self.opaque(right, problem, element_of(target.type))
        else:
            value = self.value(right)
        return self.assign(target, value, op, node)

    def binding_of(self, node: SNode) -> object:
        """What a name, or a field of a structure that is a variable, is bound to; None where that is something else."""
        if node.type == "identifier":
            return self.scope.value(self.text(node))
        if node.type != "field_expression":
            return None
        argument, field = self.fields(node, "argument", "field")
        owner = self.binding_of(argument)
        return owner.fields.get(self.text(field)) if isinstance(owner, Structure) else None

    def assign(self, target: Value, value: Value, op: str, node: SNode) -> list[Stmt]:
        """``target op= value`` for numbers, vectors and structures."""
        span = self.span(node)
        if isinstance(target, Var | Load) and isinstance(element_of(target.type), Scalar) and not isinstance(target.type, Fragment):
            vector = self.vector_type(value)
            if vector is not None:
                raise Unsupported("a vector is assigned to a number", node)
            expr = value if isinstance(value, Expr) else self.as_scalar(value, node)
            if element_of(expr.type) == VOID and not isinstance(expr, Opaque):
                raise Unsupported("a call that returns nothing is assigned", node)
            self.changes(target)
            return [Assign(target, expr, op, span=span)]
        place = self.seen_through(target)
        if place is not None:
            return [replace(self.store(place, self.as_scalar(value, node), op, node), span=span)]
        if isinstance(target, Stored) and isinstance(target.place.type, VectorType):
            return self.assign_vector(target, value, op, node)
        if isinstance(target, Structure) and isinstance(value, Structure) and not op:
            return self.assign_structure(target, value, node)
        raise Unsupported(f"`{self.original(node)[:60]}` assigns something that is no variable", node)

    @staticmethod
    def seen_through(target: Value) -> Place | None:
        """The place of an element that is read as another type of the same size."""
        inner = (
            target.operand
            if isinstance(target, Cast)
            else target.arguments[0]
            if isinstance(target, Call) and "_as_" in target.name
            else None
        )
        if isinstance(inner, Load) and isinstance(target, Cast | Call):
            return Place(inner.buffer, inner.index, target.type)
        return None

    def changes(self, target: Value) -> None:
        """Note that a variable is assigned; restart where the look ahead did not see that, because pointers may rely on its value."""
        if not isinstance(target, Var) or self.updating or target.name in self.mutable:
            return
        key = f"{self.key}/{target.name}"
        if key not in self.unit.changed:
            self.unit.changed.add(key)
            raise Restart

    def assign_vector(self, target: Stored, value: Value, op: str, node: SNode) -> list[Stmt]:
        vector = target.place.type
        assert isinstance(vector, VectorType)
        span = self.span(node)
        own = self.user_operator(op, target, value, node) if op else None
        if own is not None:
            value, op = own, ""
        source = self.vector_type(value)
        if source is not None and (
            source.count != vector.count
            or source.name.startswith("raw ") != vector.name.startswith("raw ")
            and source.element != vector.element
        ):
            raise Unsupported(f"`{source.name.removeprefix('raw ')}` is copied between buffers of different elements", node)
        parts = self.spread(value, vector, node)
        targets = self.components(target, node)
        stmts: list[Stmt] = []
        conflict = any(
            part_load == later
            for index, later in enumerate(targets)
            for part in parts[index + 1 :]
            for part_load in walk(part)
            if isinstance(part_load, Load)
        )
        if conflict:
            names = [self.unique(f"part_{'xyzw'[i] if i < 4 else i}") for i in range(len(parts))]
            stmts = [Declare(name, vector.element, part, span=span) for name, part in zip(names, parts)]
            parts = tuple(Var(name, vector.element) for name in names)
        for part_target, part in zip(targets, parts):
            if not isinstance(part_target, Var | Load):
                raise Unsupported("a vector is written through another type", node)
            stmts.append(Assign(part_target, part, op, span=span))
        return stmts

    def assign_structure(self, target: Structure, value: Structure, node: SNode) -> list[Stmt]:
        stmts: list[Stmt] = []
        current = [target.fields[name] for name, _, _ in target.type.fields]
        buffers = {field.buffer.name for field in current if isinstance(field, Load)}
        for name, field_type, _ in target.type.fields:
            if isinstance(field_type, ArrayType):
                raise Unsupported("a structure with an array is copied", node)
            given = value.fields.get(name)
            mixed = (
                isinstance(given, Expr)
                and not isinstance(given, Literal | Var)
                and any(isinstance(p, Var) and p in current or isinstance(p, Load) and p.buffer.name in buffers for p in walk(given))
            )
            if mixed and isinstance(given, Expr):
                variable = self.unique(f"new_{name}")
                stmts.insert(0, Declare(variable, element_of(given.type), given, span=self.span(node)))
                given = Var(variable, element_of(given.type))
            stmts += self.assign(target.fields[name], given, "", node)  # type: ignore[arg-type]
        return stmts

    # ---- control

    def if_(self, node: SNode) -> list[Stmt]:
        (clause,) = self.fields(node, "condition")
        then, other = node.child_by_field_name("consequence"), node.child_by_field_name("alternative")
        old = self.push()
        try:
            first: list[Stmt] = []
            init = clause.child_by_field_name("initializer")
            if init is not None:
                for child in init.named_children:
                    first += self.statement(child)
            value = clause.child_by_field_name("value") if clause.type == "condition_clause" else clause
            if value is None or value.type == "declaration":
                raise Unsupported("a declaration in a condition", node)
            condition = self.test(value)
            before, after = self.settle()
            if after:
                variable = self.unique("condition")
                before = [*before, Declare(variable, BOOL, condition, span=self.span(value)), *after]
                condition = Var(variable, BOOL)
            otherwise = (
                next((c for c in reversed(other.named_children) if c.type != "comment"), None)
                if other is not None and other.type == "else_clause"
                else other
            )
            if any(c.type == "constexpr" for c in node.children):
                chosen = self.constant(condition)
                if chosen is None:
                    raise Unsupported("the condition of `if constexpr` has no value here", node)
                taken = then if chosen else otherwise
                return [*first, *before, *(self.block(taken) if taken is not None else ())]
            body = If(condition, self.block(then), self.block(otherwise), span=self.span(node))
            return [*first, *before, body]
        finally:
            self.pop(old)

    def test(self, node: SNode) -> Expr:
        """A condition, ``Opaque`` where it lies outside the subset: its branches are lowered all the same."""
        try:
            return self.condition(node)
        except Unsupported as problem:
            if self.inline_depth:
                raise
            self.before, self.after, self.guarded = [], [], 0
            return self.opaque(node, problem, BOOL)

    def switch(self, node: SNode) -> list[Stmt]:
        """A chain of ``if`` where no case falls through."""
        clause, body = self.fields(node, "condition", "body")
        subject_node = clause.child_by_field_name("value") or clause
        subject = self.scalar(subject_node)
        first: list[Stmt] = []
        if not isinstance(subject, Literal | Constant | Var | AxisIndex | AxisExtent):
            variable = self.unique("choice")
            first.append(Declare(variable, element_of(subject.type), subject, span=self.span(node)))
            subject = Var(variable, element_of(subject.type))
        cases = [c for c in body.named_children if c.type == "case_statement"]
        if len(cases) > LONGEST_SWITCH or any(c.type not in ("case_statement", "comment") for c in body.named_children):
            raise Unsupported(f"a `switch` of more than {LONGEST_SWITCH} cases or with statements before its first case", node)
        before, after = self.settle()
        chain: list[tuple[Expr | None, tuple[Stmt, ...]]] = []
        pending: list[Expr] = []
        default_pending = False
        for index, case in enumerate(cases):
            value = case.child_by_field_name("value")
            inner = [c for c in case.named_children if c.type != "comment" and c != value]
            if value is not None:
                pending.append(Binary("==", subject, self.scalar(value), BOOL))
            else:
                default_pending = True
            if not inner and index + 1 < len(cases):
                continue
            condition: Expr | None = None
            if not default_pending:
                condition = pending[0]
                for more in pending[1:]:
                    condition = Binary("||", condition, more, BOOL)
            chain.append((condition, self.case_body(case, inner, index + 1 == len(cases), value)))
            pending, default_pending = [], False
        otherwise: tuple[Stmt, ...] = next((stmts for condition, stmts in chain if condition is None), ())
        for condition, stmts in reversed(chain):
            if condition is not None:
                otherwise = (If(condition, stmts, otherwise, span=self.span(node)),)
        return [*before, *first, *after, *otherwise]

    def case_body(self, case: SNode, inner: list[SNode], last: bool, value: SNode | None) -> tuple[Stmt, ...]:
        while len(inner) == 1 and inner[0].type == "compound_statement":
            inner = [c for c in inner[0].named_children if c.type != "comment"]
        if inner and inner[-1].type == "compound_statement":
            inner = [*inner[:-1], *(c for c in inner[-1].named_children if c.type != "comment")]
        ends = bool(inner) and inner[-1].type in ("break_statement", "return_statement", "continue_statement")
        if not ends and not last:
            raise Unsupported("a `switch` case that falls through into the next", case)
        if inner and inner[-1].type == "break_statement":
            inner = inner[:-1]
        stack = list(inner)
        while stack:
            current = stack.pop()
            if current.type == "break_statement":
                raise Unsupported("a `break` in the middle of a `switch` case", current)
            if current.type not in ("for_statement", "while_statement", "do_statement", "switch_statement"):
                stack.extend(current.named_children)
        old = self.push()
        try:
            return tuple(self.statements(inner))
        finally:
            self.pop(old)

    def return_(self, node: SNode) -> list[Stmt]:
        if self.inlines:
            raise Unsupported("a function that returns from inside a loop can't be inlined", node)
        inner = next((c for c in node.named_children if c.type != "comment"), None)
        if inner is None:
            return [Return(span=self.span(node))]
        if inner.type == "initializer_list":
            return [Return(self.as_scalar(self.initialised(self.returns or VOID, inner), inner), span=self.span(node))]
        try:
            value = self.value(inner)
            if isinstance(value, Call) and value.type == VOID:
                return [Evaluate(value, span=self.span(node)), Return(span=self.span(node))]
            return [Return(self.as_scalar(value, inner), span=self.span(node))]
        except Unsupported as problem:
            if self.inline_depth or not isinstance(self.returns, Scalar):
                raise
            self.before, self.after, self.guarded = [], [], 0
            return [Return(self.opaque(inner, problem, self.returns), span=self.span(node))]

    def break_(self, node: SNode) -> list[Stmt]:
        return [Break(span=self.span(node))]

    def continue_(self, node: SNode) -> list[Stmt]:
        return [Continue(span=self.span(node))]

    def type_statement(self, node: SNode) -> list[Stmt]:
        name = node.child_by_field_name("name") or node.child_by_field_name("declarator")
        if name is not None:
            self.scope.types[self.text(name)] = self.alias(node)
        return []

    def struct_statement(self, node: SNode) -> list[Stmt]:
        struct = self.structure(node)
        self.scope.types[struct.name] = struct
        return []

    def enum_statement(self, node: SNode) -> list[Stmt]:
        for name, value in self.file.enumerators(node, self):
            self.bind(name, Literal(value, I32))
        return []

    def attributed(self, node: SNode) -> list[Stmt]:
        return self.statement(node.named_children[-1])

    # loops.py
    def for_(self, node: SNode) -> list[Stmt]:
        raise NotImplementedError

    def while_(self, node: SNode) -> list[Stmt]:
        raise NotImplementedError

    def do_(self, node: SNode) -> list[Stmt]:
        raise NotImplementedError


_STATEMENTS = {
    "compound_statement": Statements.compound,
    "declaration": Statements.declaration_statement,
    "expression_statement": Statements.expression_statement,
    "if_statement": Statements.if_,
    "switch_statement": Statements.switch,
    "return_statement": Statements.return_,
    "break_statement": Statements.break_,
    "continue_statement": Statements.continue_,
    "type_definition": Statements.type_statement,
    "alias_declaration": Statements.type_statement,
    "struct_specifier": Statements.struct_statement,
    "enum_specifier": Statements.enum_statement,
    "attributed_statement": Statements.attributed,
    "for_statement": lambda self, node: self.for_(node),
    "while_statement": lambda self, node: self.while_(node),
    "do_statement": lambda self, node: self.do_(node),
}
