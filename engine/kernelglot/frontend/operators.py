"""Operators: arithmetic on numbers, vectors and pointers, conditions, assignments and increments inside expressions."""

from __future__ import annotations

from ..ir import build
from ..ir.build import COMPARISONS
from ..ir.nodes import (
    Binary,
    Expr,
    Literal,
    Load,
    Select,
    Unary,
    Var,
)
from ..ir.types import BOOL, I32, VOID, Fragment, Pointer, element_of, integer_promotion, promote
from . import evaluate
from .conversions import Conversions
from .kinds import (
    ArrayType,
    Group,
    Lambda,
    Moving,
    Null,
    Pointer_,
    Restart,
    Stored,
    Structure,
    Text,
    Unsupported,
    Value,
    Vector,
    VectorType,
)
from .parsing import SNode

_WORDS = {"and": "&&", "or": "||", "bitand": "&", "bitor": "|", "xor": "^", "not_eq": "!="}
LONGEST_CHAIN = 120


class Operators(Conversions):
    """Values of operators."""

    def scalar(self, node: SNode) -> Expr:
        """The value of an expression that must be a number."""
        return self.as_scalar(self.value(node), node)

    def as_scalar(self, value: Value, node: SNode | None = None) -> Expr:
        if isinstance(value, Expr):
            if isinstance(value.type, Fragment):
                raise Unsupported("a fragment is used as a number", node)
            return value
        if isinstance(value, Stored) and isinstance(value.place.type, VectorType) and value.place.type.count == 1:
            return self.components(value, node)[0]
        what = {
            Pointer_: "a pointer",
            Stored: "an array or vector",
            Vector: "a vector",
            Structure: "a structure",
            Lambda: "a lambda",
            Null: "a null pointer",
            Group: "a thread group",
            Text: "a string",
        }.get(type(value), "this value")
        raise Unsupported(f"{what} is used where a number is expected: `{self.original(node)[:60] if node is not None else ''}`", node)

    def condition(self, node: SNode) -> Expr:
        """A condition; a pointer becomes a comparison with zero."""
        while node.type in ("condition_clause", "parenthesized_expression"):
            inner = node.child_by_field_name("value") if node.type == "condition_clause" else None
            if inner is None:
                inner = next(c for c in node.named_children if c.type != "comment")
            node = inner
        return self.truth(self.value(node), node)

    def truth(self, value: Value, node: SNode) -> Expr:
        if isinstance(value, Pointer_):
            return Binary("!=", self.pointer_name(value, node), Literal(0, I32), BOOL, span=self.span(node))
        return self.as_scalar(value, node)

    def pointer_name(self, value: Value, node: SNode) -> Expr:
        place = value.place if isinstance(value, Pointer_) else None
        if place is None or not isinstance(place.buffer.type, Pointer):
            raise Unsupported("an address is tested", node)
        return place.buffer

    def binary(self, node: SNode) -> Value:
        """Long chains of one operator are walked, not recursed into."""
        chain = []
        left: SNode | None = node
        while left is not None and left.type == "binary_expression":
            chain.append(left)
            left = left.child_by_field_name("left")
            if len(chain) > LONGEST_CHAIN:
                raise Unsupported(f"an expression of more than {LONGEST_CHAIN} terms", node)
        if left is None:
            raise Unsupported("a syntax error", node)
        value: Value | None = None
        for current in reversed(chain):
            right, operator = self.fields(current, "right", "operator")
            op = self.operator(operator)
            if op in ("&&", "||"):
                left_value: Expr = self.condition(left) if value is None else self.truth(value, current)
                self.guarded += 1
                try:
                    right_value = self.condition(right)
                finally:
                    self.guarded -= 1
                value = Binary(op, left_value, right_value, BOOL, span=self.span(current))
                continue
            value = self.operate(op, self.value(left) if value is None else value, self.value(right), current)
        assert value is not None
        return value

    def operator(self, node: SNode) -> str:
        """The operator as the source has it: the parser may have seen another one (see ``parsing``)."""
        text = self.text(node).strip()
        return _WORDS.get(text, text)

    def operate(self, op: str, left: Value, right: Value, node: SNode) -> Value:
        """``left op right`` for numbers, pointers and vectors."""
        own = self.user_operator(op, left, right, node)
        if own is not None:
            return own
        if isinstance(left, Stored) and isinstance(left.place.type, ArrayType):
            left = Pointer_(self.decay(left.place))
        if isinstance(right, Stored) and isinstance(right.place.type, ArrayType):
            right = Pointer_(self.decay(right.place))
        if isinstance(left, Pointer_) or isinstance(right, Pointer_):
            return self.pointer_arithmetic(op, left, right, node)
        vector = self.vector_type(left) or self.vector_type(right)
        if vector is not None:
            pairs = zip(self.spread(left, vector, node), self.spread(right, vector, node))
            parts = tuple(self.arithmetic(op, a, b, node) for a, b in pairs)
            return Vector(vector, parts)
        return self.arithmetic(op, self.as_scalar(left, node), self.as_scalar(right, node), node)

    def user_operator(self, op: str, left: Value, right: Value, node: SNode) -> Value | None:
        """A user's ``operator+`` and the like on vectors and structures; defined in ``inline.py``."""
        return None

    def spread(self, value: Value, vector: VectorType, node: SNode) -> tuple[Expr, ...]:
        """A vector's components, or a number once per component."""
        if isinstance(value, Expr):
            return (value,) * vector.count
        parts = self.components(value, node)
        if len(parts) != vector.count:
            raise Unsupported("vectors of different lengths", node)
        return parts

    def arithmetic(self, op: str, left: Expr, right: Expr, node: SNode | None = None) -> Expr:
        """A binary operation with C's result type; nothing is folded, so that it prints as it was written."""
        a, b = element_of(left.type), element_of(right.type)
        if VOID in (a, b):
            raise Unsupported("a call that returns nothing is used as a number", node)
        if a.kind == "vector" or b.kind == "vector":
            type_ = a if a.kind == "vector" else b
        elif op in COMPARISONS or op in ("&&", "||"):
            type_ = BOOL
        elif op in ("<<", ">>"):
            type_ = integer_promotion(a)
        else:
            type_ = promote(a, b)
        if op in ("%", "<<", ">>", "&", "|", "^") and (a.is_float or b.is_float):
            raise Unsupported(f"`{op}` on floating-point numbers", node)
        return Binary(op, left, right, type_, span=self.span(node) if node is not None else None)

    def pointer_arithmetic(self, op: str, left: Value, right: Value, node: SNode) -> Value:
        if op in ("==", "!=") and (isinstance(left, Null) or isinstance(right, Null) or self.is_zero(left) or self.is_zero(right)):
            pointer = left if isinstance(left, Pointer_) else right
            return Binary(op, self.pointer_name(pointer, node), Literal(0, I32), BOOL)
        if op == "+" and isinstance(right, Pointer_) and isinstance(left, Expr):
            left, right = right, left
        if op in ("+", "-") and isinstance(left, Pointer_) and isinstance(right, Expr):
            count = right if op == "+" else self.negative(right)
            if op == "-" and isinstance(left.place.indices[-1:], tuple) and left.place.indices:
                step = self.stride(left.place, node) if left.place.packed else 1
                scaled = build.mul(right, step if isinstance(step, Expr) else build.integer(step))
                return Pointer_(left.place.moved((*left.place.indices[:-1], build.sub(left.place.indices[-1], scaled))))
            return Pointer_(self.advance(left.place, count, node))
        if (
            isinstance(left, Pointer_)
            and isinstance(right, Pointer_)
            and left.place.buffer == right.place.buffer
            and left.place.indices[:-1] == right.place.indices[:-1]
            and left.place.indices
        ):
            a, b = left.place.indices[-1], right.place.indices[-1]
            if op == "-":
                step = self.stride(left.place, node)
                difference = build.cast(build.sub(a, b), evaluate.I64)
                return difference if step == 1 else build.div(difference, step if isinstance(step, Expr) else build.integer(step))
            if op in COMPARISONS:
                return self.arithmetic(op, a, b, node)
        raise Unsupported(f"`{self.original(node)}` computes with pointers in a way that is outside the subset", node)

    @staticmethod
    def is_zero(value: Value) -> bool:
        return isinstance(value, Literal) and value.value == 0

    @staticmethod
    def negative(expr: Expr) -> Expr:
        if isinstance(expr, Literal):
            return Literal(-expr.value, expr.type)
        return Unary("-", expr, integer_promotion(element_of(expr.type)))

    def unary(self, node: SNode) -> Value:
        operator, argument = self.fields(node, "operator", "argument")
        op = {"not": "!", "compl": "~"}.get(operator.type, operator.type)
        if op == "!":
            inner = self.value(argument)
            if isinstance(inner, Pointer_):
                return Binary("==", self.pointer_name(inner, node), Literal(0, I32), BOOL)
            return Unary("!", self.as_scalar(inner, argument), BOOL)
        operand = self.value(argument)
        vector = self.vector_type(operand)
        if vector is not None:
            parts = tuple(
                part if op == "+" else Unary(op, part, integer_promotion(vector.element)) for part in self.components(operand, node)
            )
            return Vector(vector, parts)
        expr = self.as_scalar(operand, argument)
        type_ = integer_promotion(element_of(expr.type))
        if op == "+":
            return expr
        if op == "-" and isinstance(expr, Literal) and type_.kind in ("int", "float") and not isinstance(expr.value, bool):
            return Literal(-expr.value, type_, text=f"-{expr.text}" if expr.text and not expr.text.startswith("-") else "")
        if op not in ("-", "~"):
            raise Unsupported(f"the operator `{op}`", node)
        if op == "~" and type_.is_float:
            raise Unsupported("`~` on a floating-point number", node)
        return Unary(op, expr, type_)

    def update(self, node: SNode) -> Value:
        """``i++`` and ``--i`` inside an expression: a statement before or after the one they stand in."""
        argument, operator = self.fields(node, "argument", "operator")
        prefix = operator.start_byte < argument.start_byte
        op = operator.type[0]
        if self.guarded:
            raise Unsupported(f"`{self.original(node)}` inside a part of an expression that is evaluated only sometimes", node)
        if argument.type == "identifier":
            binding = self.scope.value(self.text(argument))
            if isinstance(binding, Moving):
                old = Pointer_(self.moving_place(binding, node))
                stmts = self.move(binding, op, build.integer(1), node)
                if prefix:
                    self.before += stmts
                    return Pointer_(self.moving_place(binding, node))
                self.after += stmts
                return old
        target = self.value(argument)
        if not isinstance(target, Var | Load):
            raise Unsupported(f"`{self.original(node)}` inside an expression", node)
        stmts = self.assign(target, Literal(1, I32), op, node)
        if prefix:
            self.before += stmts
        else:
            self.after += stmts
        return target

    def move(self, moving: Moving, op: str, count: Expr, node: SNode) -> list:
        """``p += count`` for a pointer that moves."""
        if moving.base is None:
            raise Unsupported(f"`{moving.name}` is moved before it points anywhere", node)
        step = self.stride(moving.base, node) if moving.base.packed else 1
        scaled = count if step == 1 else build.mul(count, step if isinstance(step, Expr) else build.integer(step))
        self.need_width(moving, scaled)
        from ..ir.nodes import Assign

        return [Assign(moving.offset, scaled, op, span=self.span(node))]

    def need_width(self, moving: Moving, *exprs: Expr) -> None:
        """Restart with a 64-bit offset where one of its terms has 64 bits."""
        if element_of(moving.offset.type).bits < 64 and any(element_of(e.type).bits > 32 and not isinstance(e, Literal) for e in exprs):
            self.unit.wide.add(f"{self.key}/{moving.name}")
            raise Restart

    def assignment(self, node: SNode) -> Value:
        """An assignment inside an expression: done before, its target is the value."""
        if self.guarded:
            raise Unsupported(f"`{self.original(node)}` inside a part of an expression that is evaluated only sometimes", node)
        stmts = self.assignment_statement(node)
        self.before += [*self.after, *stmts] if self.after else stmts
        self.after = []
        (left,) = self.fields(node, "left")
        return self.value(left)

    def assignment_statement(self, node: SNode) -> list:
        raise NotImplementedError

    def conditional(self, node: SNode) -> Value:
        condition_node, other_node = self.fields(node, "condition", "alternative")
        then_node = node.child_by_field_name("consequence") or condition_node  # GNU: a ?: b
        condition = self.condition(condition_node)
        number = self.constant(condition) if isinstance(condition, Literal) else None
        if number is not None:
            return self.value(then_node if number else other_node)
        self.guarded += 1
        try:
            then, otherwise = self.value(then_node), self.value(other_node)
        finally:
            self.guarded -= 1
        return self.choose(condition, then, otherwise, node)

    def choose(self, condition: Expr, then: Value, otherwise: Value, node: SNode) -> Value:
        vector = self.vector_type(then) or self.vector_type(otherwise)
        if vector is not None:
            pairs = zip(self.spread(then, vector, node), self.spread(otherwise, vector, node))
            return Vector(vector, tuple(Select(condition, a, b, vector.element) for a, b in pairs))
        if isinstance(then, Structure) and isinstance(otherwise, Structure) and then.type is otherwise.type:
            parts = {name: self.choose(condition, then.fields[name], otherwise.fields[name], node) for name, _, _ in then.type.fields}  # type: ignore[arg-type]
            return Structure(then.type, parts)
        if isinstance(then, Pointer_ | Stored | Null) or isinstance(otherwise, Pointer_ | Stored | Null):
            return self.choose_pointer(condition, then, otherwise, node)
        a, b = self.as_scalar(then, node), self.as_scalar(otherwise, node)
        left, right = element_of(a.type), element_of(b.type)
        type_ = left if left == right else promote(left, right)
        return Select(condition, a, b, type_, span=self.span(node))

    def choose_pointer(self, condition: Expr, then: Value, otherwise: Value, node: SNode) -> Value:
        if isinstance(then, Null) or isinstance(otherwise, Null):
            raise Unsupported("a pointer that may be null", node)
        a, b = self.as_pointer(then, node), self.as_pointer(otherwise, node)
        if a.buffer != b.buffer or a.indices[:-1] != b.indices[:-1] or not a.indices or a.type != b.type:
            raise Unsupported(
                f"`{self.original(node)[:60]}` selects between two buffers: use `if` and name the buffer in each branch", node
            )
        if a.indices == b.indices:
            return Pointer_(a)
        last = Select(condition, a.indices[-1], b.indices[-1], promote(element_of(a.indices[-1].type), element_of(b.indices[-1].type)))
        return Pointer_(a.moved((*a.indices[:-1], last)))

    def comma(self, node: SNode) -> Value:
        left, right = self.fields(node, "left", "right")
        if self.guarded:
            raise Unsupported("a comma expression that is evaluated only sometimes", node)
        for stmt in self.statement_of_expression(left):
            self.before.append(stmt)
        return self.value(right)

    def statement_of_expression(self, node: SNode) -> list:
        raise NotImplementedError
