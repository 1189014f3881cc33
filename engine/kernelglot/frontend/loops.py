"""Loops: ``for`` in its normal form where the source has it, ``while`` with a first and a last clause for all others."""

from __future__ import annotations

from dataclasses import dataclass

from ..ir import build
from ..ir.nodes import Assign, Binary, Break, Declare, Expr, For, If, Literal, Load, Stmt, Unary, Var, While
from ..ir.types import BOOL, I32, Scalar, element_of
from ..ir.walk import assigned, rename, variables, walk
from .context import _names_assigned
from .kinds import AutoType, Unset, Unsupported
from .parsing import SNode
from .statements import Statements

_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True)
class Header:
    """A ``for`` that counts upwards: the parts of its head, as syntax."""

    name: str
    lower: SNode
    relation: str
    bound: SNode
    step: SNode | None  # None: one
    type_node: SNode | None  # the declaration; None where the variable was declared before
    others: tuple[SNode, ...]  # further declarators of the first clause
    more: tuple[SNode, ...] = ()  # further updates, run at the end of the body


class Loops(Statements):
    """``for``, ``while`` and ``do``."""

    def for_(self, node: SNode) -> list[Stmt]:
        old = self.push()
        try:
            header = self.header(node)
            if header is not None:
                found = self.counted(node, header)
                if found is not None:
                    return found
            return self.general(node)
        finally:
            self.pop(old)

    # ---- counted loops

    def header(self, node: SNode) -> Header | None:
        init, condition, update = (node.child_by_field_name(f) for f in ("initializer", "condition", "update"))
        body = node.child_by_field_name("body")
        if init is None or condition is None or update is None or body is None or condition.type != "binary_expression":
            return None
        updates = self.parts(update)
        counters = [(self.counter(part), part) for part in updates]
        tested = {self.text(c) for c in condition.named_children if c.type == "identifier"}
        chosen = next(((counter, part) for counter, part in counters if counter[0] in tested), None)
        if chosen is None:
            return None
        (name, step), own = chosen
        more = tuple(part for part in updates if part is not own)
        if (
            more
            and any(c.type == "continue_statement" for c in self.own_statements(body))
            or any(name in _names_assigned(part) for part in more)
        ):
            return None
        left, right, operator = self.fields(condition, "left", "right", "operator")
        relation = self.operator(operator)
        if right.type == "identifier" and self.text(right) == name and not (left.type == "identifier" and self.text(left) == name):
            left, right, relation = right, left, _FLIPPED.get(relation, "")
        if left.type != "identifier" or self.text(left) != name or relation not in ("<", "<="):
            return None
        if name in _names_assigned(body) or name in self.names_in(right) or step is not None and name in self.names_in(step):
            return None
        if init.type == "declaration":
            main, others = None, []
            for declarator in init.children_by_field_name("declarator"):
                label = declarator.child_by_field_name("declarator")
                if declarator.type == "init_declarator" and label is not None and label.type == "identifier" and self.text(label) == name:
                    main = declarator
                else:
                    others.append(declarator)
            if main is None or (value := main.child_by_field_name("value")) is None:
                return None
            if value.type in ("argument_list", "initializer_list"):
                if len(value.named_children) != 1:
                    return None
                value = value.named_children[0]
            return Header(name, value, relation, right, step, init, tuple(others), more)
        if init.type == "assignment_expression":
            target, value = init.child_by_field_name("left"), init.child_by_field_name("right")
            if target is not None and value is not None and self.text(target) == name and isinstance(self.scope.value(name), Unset):
                return Header(name, value, relation, right, step, None, (), more)
        return None

    def parts(self, node: SNode) -> list[SNode]:
        """The operands of a comma expression."""
        found, stack = [], [node]
        while stack:
            current = stack.pop()
            if current.type == "comma_expression":
                right, left = self.fields(current, "right", "left")
                stack += [right, left]
            else:
                found.append(current)
        return found

    def counter(self, update: SNode) -> tuple[str, SNode | None]:
        """The variable an update adds to, and the step; an empty name where it does something else."""
        while update.type == "parenthesized_expression" and update.named_children:
            update = update.named_children[0]
        if update.type == "update_expression":
            argument = update.child_by_field_name("argument")
            if argument is not None and argument.type == "identifier" and "++" in self.text(update):
                return self.text(argument), None
        if update.type == "assignment_expression":
            left, right, operator = self.fields(update, "left", "right", "operator")
            if left.type == "identifier" and operator.type == "+=":
                return self.text(left), right
            if left.type == "identifier" and operator.type == "=" and right.type == "binary_expression":
                a, b, op = (right.child_by_field_name(f) for f in ("left", "right", "operator"))
                if a is not None and b is not None and op is not None and op.type == "+":
                    if a.type == "identifier" and self.text(a) == self.text(left):
                        return self.text(left), b
                    if b.type == "identifier" and self.text(b) == self.text(left):
                        return self.text(left), a
        return "", None

    def names_in(self, node: SNode) -> set[str]:
        from .context import _identifiers

        return set(_identifiers(node))

    def counted(self, node: SNode, header: Header) -> list[Stmt] | None:
        """The loop in its normal form; None where its type or bounds don't allow that."""
        binding = self.scope.value(header.name)
        if header.type_node is not None:
            base, _ = self.declared_type(header.type_node)
            if isinstance(base, AutoType):
                base = element_of(self.scalar(header.lower).type)
            type_ = base
        else:
            assert isinstance(binding, Unset)
            type_ = binding.type
        if not isinstance(type_, Scalar) or not type_.is_integer:
            return None
        first: list[Stmt] = []
        for other in header.others:
            assert header.type_node is not None
            self.declare_one(other, type_, False, None, False, header.type_node)
            before, after = self.settle()
            first += [*before, *after]
        lower = self.scalar(header.lower)
        bound = self.scalar(header.bound)
        step = Literal(1, I32) if header.step is None else self.scalar(header.step)
        before, after = self.settle()
        if after or not element_of(bound.type).is_integer or not element_of(step.type).is_integer:
            return None
        number = self.constant(step)
        if number is not None and number <= 0:
            return None
        upper = build.add(bound, build.integer(1)) if header.relation == "<=" else bound
        shared = set(self.loop_names)
        name = self.loop_name(header.name)
        variable = Var(name, type_)
        self.scope.values[header.name] = variable
        self.open_loops.append(name)
        pragma, axis = self.file.hint(node)
        mutable = self.mutable - {name}
        try:
            saved, self.mutable = self.mutable, mutable
            body = self.block(node.child_by_field_name("body"))
            for extra in header.more:
                body = (*body, *self.nested(extra))
            self.mutable = saved | self.mutable
        finally:
            self.open_loops.pop()
        span = self.span(node)
        if before and not self.invariant_calls(header, body) or not self.invariant(upper, body) or not self.invariant(step, body):
            if name not in shared:
                self.loop_names.discard(name)
            own = self.unique(header.name)
            body = rename(body, {name: own})
            variable = Var(own, type_)
            condition = build.Binary("<" if header.relation == "<" else "<=", variable, bound, BOOL)
            if before:
                return None
            return [
                *first,
                While(condition, body, Declare(own, type_, lower, span=span), (Assign(variable, step, "+", span=span),), span=span),
            ]
        return [*first, *before, For(name, lower, upper, step, body, axis, type_, pragma=pragma, span=span)]

    def invariant_calls(self, header: Header, body: tuple[Stmt, ...]) -> bool:
        """Whether the names in the head of a loop keep their values: then what its bound hoists may run once."""
        changed = assigned(body)
        return not ((self.names_in(header.bound) | (self.names_in(header.step) if header.step is not None else set())) & changed)

    @staticmethod
    def invariant(expr: Expr, body: tuple[Stmt, ...]) -> bool:
        if isinstance(expr, Literal):
            return True
        changed = None
        for part in walk(expr):
            if isinstance(part, Var | Load):
                changed = assigned(body) if changed is None else changed
                if (part.buffer.name if isinstance(part, Load) else part.name) in changed:
                    return False
        return True

    # ---- all others

    def general(self, node: SNode) -> list[Stmt]:
        init, condition, update = (node.child_by_field_name(f) for f in ("initializer", "condition", "update"))
        first: list[Stmt] = []
        if init is not None:
            if init.type == "declaration":
                self.loop_moved = _names_assigned(update) if update is not None else set()
                try:
                    first = self.declaration(init)
                finally:
                    self.loop_moved = set()
            else:
                first = self.initial(init)
        before, after = self.settle()
        first = [*before, *first, *after]
        last: list[Stmt] = []
        body_node = node.child_by_field_name("body")
        test, entry = self.loop_test(condition)
        body = self.block(body_node)
        if update is not None:
            self.updating = True
            try:
                last = self.nested(update)
            finally:
                self.updating = False
        span = self.span(node)
        declared: Stmt | None = None
        if first and isinstance(first[-1], Declare | Assign):
            declared, first = first[-1], first[:-1]
        if any(not isinstance(item, Assign) for item in last):
            if any(current.type == "continue_statement" for current in self.own_statements(body_node)):
                raise Unsupported("the update of a loop with `continue` does more than assign", update)
            body, last = (*body, *last), []
        loop = While(test, (*entry, *body), declared, tuple(last), span=span)
        return [*first, self.normal(loop)]

    def normal(self, loop: While) -> Stmt:
        """The loop as a ``For`` where lowering has made one of it: a pointer that runs to an end, a condition spelled another way."""
        init, test = loop.init, loop.condition
        if not isinstance(init, Declare) or init.value is None or not isinstance(init.type, Scalar) or not init.type.is_integer:
            return loop
        if not isinstance(test, Binary) or test.op not in ("<", "<=") or test.left != Var(init.name, init.type) or len(loop.update) != 1:
            return loop
        step = loop.update[0]
        if not isinstance(step, Assign) or step.op != "+" or step.target != test.left or not element_of(test.right.type).is_integer:
            return loop
        number = self.constant(step.value)
        if not element_of(step.value.type).is_integer or number is not None and number <= 0 or init.name in assigned(loop.body):
            return loop
        heads = (test.right, step.value)
        if any(init.name in variables(head) or not self.invariant(head, loop.body) for head in heads):
            return loop
        upper = test.right if test.op == "<" else build.add(test.right, build.integer(1))
        return For(init.name, init.value, upper, step.value, loop.body, type=init.type, span=loop.span)

    def initial(self, node: SNode) -> list[Stmt]:
        """The first clause of a loop that is no declaration; loop variables without a value are declared here."""
        result: list[Stmt] = []
        for part in self.parts(node):
            target = part.child_by_field_name("left") if part.type == "assignment_expression" else None
            binding = self.scope.value(self.text(target)) if target is not None and target.type == "identifier" else None
            if isinstance(binding, Unset) and target is not None:
                (value_node,) = self.fields(part, "right")
                value = self.scalar(value_node)
                name = self.unique(self.text(target))
                self.mutable.add(name)
                self.bind(self.text(target), Var(name, binding.type))
                result.append(Declare(name, binding.type, value, span=self.span(part)))
            else:
                result += self.nested(part)
        return result

    def loop_test(self, node: SNode | None) -> tuple[Expr, list[Stmt]]:
        """A loop's condition; where it hoists statements, it moves into the body as ``if (!condition) break``."""
        if node is None:
            return Literal(True, BOOL, text="true"), []
        outer_before, outer_after = self.before, self.after
        self.before, self.after = [], []
        try:
            condition = self.test(node)
            before, after = self.settle()
        finally:
            self.before, self.after = outer_before, outer_after
        if not before and not after:
            return condition, []
        span = self.span(node)
        if after:
            name = self.unique("more")
            before = [*before, Declare(name, BOOL, condition, span=span), *after]
            condition = Var(name, BOOL)
        stop = If(Unary("!", condition, BOOL), (Break(span=span),), span=span)
        return Literal(True, BOOL, text="true"), [*before, stop]

    @staticmethod
    def own_statements(node: SNode | None) -> list[SNode]:
        """The statements of a loop body, without those of loops inside it."""
        found, stack = [], [node] if node is not None else []
        while stack:
            current = stack.pop()
            found.append(current)
            stack.extend(
                c for c in current.named_children if c.type not in ("for_statement", "while_statement", "do_statement", "lambda_expression")
            )
        return found

    def while_(self, node: SNode) -> list[Stmt]:
        (clause,) = self.fields(node, "condition")
        if clause.child_by_field_name("initializer") is not None:
            raise Unsupported("a declaration in the condition of a loop", node)
        condition, entry = self.loop_test(clause.child_by_field_name("value") or clause)
        body = self.block(node.child_by_field_name("body"))
        return [While(condition, (*entry, *body), span=self.span(node))]

    def do_(self, node: SNode) -> list[Stmt]:
        clause, body_node = self.fields(node, "condition", "body")
        body = self.block(body_node)
        outer_before, outer_after = self.before, self.after
        self.before, self.after = [], []
        try:
            condition = self.test(clause)
            before, after = self.settle()
        finally:
            self.before, self.after = outer_before, outer_after
        if (
            isinstance(condition, Literal)
            and not condition.value
            and not any(c.type in ("break_statement", "continue_statement") for c in self.own_statements(body_node))
        ):
            return [*body]
        if before or after:
            if any(c.type == "continue_statement" for c in self.own_statements(body_node)):
                raise Unsupported("a `do` loop with `continue` whose condition has effects", node)
            name = self.unique("more")
            span = self.span(node)
            declared = Declare(name, BOOL, Literal(True, BOOL), span=span)
            body = (*body, *before, Assign(Var(name, BOOL), condition, span=span), *after)
            return [declared, While(Var(name, BOOL), body, after=True, span=span)]
        return [While(condition, body, after=True, span=self.span(node))]
