"""Expressions: from syntax to values. Calls are in ``calls.py``, places in ``places.py``."""

from __future__ import annotations

from dataclasses import replace

from ..ir import build
from ..ir.build import COMPARISONS
from ..ir.nodes import AxisExtent, AxisIndex, Binary, Cast, Constant, ConstantDecl, Expr, InitList, Literal, Load, Opaque, Select, Unary, Var
from ..ir.types import BOOL, F16, I8, I32, U64, VOID, Fragment, Pointer, Scalar, element_of, integer_promotion, promote
from . import evaluate
from .kinds import (
    ArrayType, AutoType, Binding, CType, Group, Lambda, LambdaType, Moving, Null, Place, Pointer_, PointerType, ReferenceType, Restart, Stored, Structure, StructType,
    Text, Unknown, Unset, Unsupported, Value, Vector, VectorType,
)
from .names import KNOWN_CONSTANTS, SCALAR_TYPES
from .parsing import SNode
from .places import Places

_WORDS = {"and": "&&", "or": "||", "bitand": "&", "bitor": "|", "xor": "^", "not_eq": "!="}
LONGEST_CHAIN = 120


class Expressions(Places):
    """Values of expressions."""

    # ---- entry points

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
        what = {Pointer_: "a pointer", Stored: "an array or vector", Vector: "a vector", Structure: "a structure", Lambda: "a lambda", Null: "a null pointer",
                Group: "a thread group", Text: "a string"}.get(type(value), "this value")
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

    def value(self, node: SNode) -> Value:
        handler = _HANDLERS.get(node.type)
        if handler is None:
            if node.is_error or node.is_missing:
                raise Unsupported("a syntax error", node)
            raise Unsupported(f"`{self.original(node)[:60]}` is outside the subset", node)
        found = handler(self, node)
        if isinstance(found, Expr) and found.span is None and not isinstance(found, Var):
            found = replace(found, span=self.span(node))
        return found

    # ---- leaves

    def number(self, node: SNode) -> Value:
        text = self.text(node)
        parsed = evaluate.number(text)
        if parsed is None:
            raise Unsupported(f"the number `{text}` is not understood", node)
        value, type_ = parsed
        if type_.is_float and text[-1] in "hH" and not text.lower().startswith("0x"):
            type_ = F16
        return Literal(value, type_, text=text)

    def character(self, node: SNode) -> Value:
        text = self.text(node)
        return Literal(evaluate.character(text), I8, text=text)

    def boolean(self, node: SNode) -> Value:
        return Literal(node.type == "true", BOOL, text=self.text(node))

    def null(self, node: SNode) -> Value:
        return Null()

    def string(self, node: SNode) -> Value:
        return Text()

    def identifier(self, node: SNode) -> Value:
        name = self.text(node)
        found = self.lookup(name, node)
        if found is None:
            if name == "NULL":
                return Null()
            raise Unsupported(f"`{name}` is not declared in this file", node)
        if isinstance(found, Unknown):
            raise Unsupported(found.reason, node)
        if isinstance(found, Unset):
            raise Unsupported(f"`{name}` is used before it has a value", node)
        if isinstance(found, Moving):
            return Pointer_(self.moving_place(found, node))
        return found

    def lookup(self, name: str, node: SNode) -> Binding | None:
        """What a name stands for; None where nothing declares it."""
        macro = self.file.expanded.constants.get(name)
        if macro is not None and macro.value is not None:
            return self.macro_constant(name)
        found = self.scope.value(name)
        if found is not None:
            return found
        if name in self.spelling.indices:
            return AxisIndex(self.spelling.indices[name])
        if name in self.spelling.extents:
            return AxisExtent(self.spelling.extents[name])
        if name in self.spelling.constants:
            return Constant(name, self.spelling.constants[name], I32)
        declared = self.file.global_value(name, self)
        if declared is not None:
            return declared
        if name in KNOWN_CONSTANTS:
            value, type_ = KNOWN_CONSTANTS[name]
            return Constant(name, value, type_)
        if name in self.spelling.enumerators:
            return Var(name, Scalar("enum", "enum", 32))
        return None

    def macro_constant(self, name: str) -> Constant:
        macro = self.file.expanded.constants[name]
        assert macro.value is not None
        for word in macro.body:
            if word in self.file.expanded.constants and word != name:
                self.macro_constant(word)
        self.use_constant(ConstantDecl(name, macro.type, macro.value, spelled="define", text=macro.text, span=self.file.plain_span(macro.start)))
        return Constant(name, macro.value, macro.type)

    def qualified(self, node: SNode) -> Value:
        """``Scope::name``: a constant of a structure, an enumerator, or a name from a namespace."""
        scope, name = node.child_by_field_name("scope"), node.child_by_field_name("name")
        if name is None:
            raise Unsupported(f"`{self.original(node)}` is outside the subset", node)
        if scope is not None:
            text = self.text(scope)
            owner: CType | None = None
            if scope.type == "template_type":
                owner = self.template_type(scope)
            elif text not in ("std", "nvcuda", "wmma", "cg", "cooperative_groups", "cuda"):
                owner = self.scope.type(text) or self.file.named_type(text, self)
            if isinstance(owner, StructType):
                found = owner.scope.values.get(self.text(name))
                if isinstance(found, Expr):
                    return found
                raise Unsupported(f"`{self.original(node)}` is not a constant of `{owner.name}`", node)
        return self.value(name)

    # ---- operators

    def parenthesised(self, node: SNode) -> Value:
        inner = next((c for c in node.named_children if c.type != "comment"), None)
        if inner is None:
            raise Unsupported("empty parentheses", node)
        return self.value(inner)

    def binary(self, node: SNode) -> Value:
        """Long chains of one operator are walked, not recursed into."""
        chain = []
        left: SNode | None = node
        while left is not None and left.type == "binary_expression":
            chain.append(left)
            left = left.child_by_field_name("left")
            if len(chain) > LONGEST_CHAIN:
                raise Unsupported(f"an expression of more than {LONGEST_CHAIN} terms", node)
        assert left is not None
        value: Value | None = None
        for current in reversed(chain):
            right = current.child_by_field_name("right")
            operator = current.child_by_field_name("operator")
            assert right is not None and operator is not None
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
        if isinstance(left, Pointer_) and isinstance(right, Pointer_) and left.place.buffer == right.place.buffer \
                and left.place.indices[:-1] == right.place.indices[:-1] and left.place.indices:
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
            parts = tuple(part if op == "+" else Unary(op, part, integer_promotion(vector.element)) for part in self.components(operand, node))
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
        argument = node.child_by_field_name("argument")
        operator = node.child_by_field_name("operator")
        assert argument is not None and operator is not None
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
        condition_node = node.child_by_field_name("condition")
        then_node, other_node = node.child_by_field_name("consequence"), node.child_by_field_name("alternative")
        assert condition_node is not None and then_node is not None and other_node is not None
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
            raise Unsupported(f"`{self.original(node)[:60]}` selects between two buffers: use `if` and name the buffer in each branch", node)
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

    # ---- memory

    def subscript_expression(self, node: SNode) -> Value:
        argument, indices = node.child_by_field_name("argument"), node.child_by_field_name("indices")
        assert argument is not None
        listed = [c for c in indices.named_children if c.type != "comment"] if indices is not None else []
        if not listed:
            single = node.child_by_field_name("index")
            listed = [single] if single is not None else []
        if len(listed) != 1:
            raise Unsupported(f"`{self.original(node)}` has not one index", node)
        if argument.type == "field_expression":
            fragment = self.fragment_element(argument, listed[0])
            if fragment is not None:
                return fragment
        base = self.value(argument)
        index = self.scalar(listed[0])
        if isinstance(base, Vector):
            number = self.constant(index)
            if isinstance(number, int) and 0 <= number < base.type.count:
                return base.parts[number]
        if isinstance(base, Expr) and element_of(base.type).is_integer:
            flipped = self.value(listed[0])
            if isinstance(flipped, Pointer_):
                base, index = flipped, base
        return self.load(self.subscript(base, index, node), node)

    def fragment_element(self, field: SNode, index: SNode) -> Value | None:
        """``fragment.x[i]``."""
        owner, name = field.child_by_field_name("argument"), field.child_by_field_name("field")
        if owner is None or name is None or self.text(name) != "x" or owner.type != "identifier":
            return None
        found = self.scope.value(self.text(owner))
        if isinstance(found, Var) and isinstance(found.type, Fragment):
            return Load(found, (self.scalar(index),), found.type.element)
        return None

    def field(self, node: SNode) -> Value:
        argument, name_node = self.fields(node, "argument", "field")
        name = self.text(name_node)
        if argument.type == "identifier":
            spelled = f"{self.text(argument)}.{name}"
            if spelled in self.spelling.indices:
                return AxisIndex(self.spelling.indices[spelled])
            if spelled in self.spelling.extents:
                return AxisExtent(self.spelling.extents[spelled])
        owner = self.value(argument)
        if isinstance(owner, Pointer_):                                  # p->x
            owner = self.load(owner.place, node)
        if isinstance(owner, Var) and isinstance(owner.type, Fragment):
            if name == "num_elements":
                return Constant(f"{owner.name}.num_elements", fragment_elements(owner.type), I32)
            raise Unsupported(f"`{self.original(node)}` of a fragment", node)
        if isinstance(owner, Structure):
            found = owner.fields.get(name)
            if found is None:
                known = owner.type.scope.values.get(name)
                if isinstance(known, Expr):
                    return known
                raise Unsupported(f"`{owner.type.name}` has no field `{name}`", node)
            if isinstance(found, Unknown):
                raise Unsupported(found.reason, node)
            return found                                                 # type: ignore[return-value]
        vector = self.vector_type(owner)
        if vector is not None:
            index = self.component_index(name, vector, node)
            if isinstance(owner, Vector):
                return owner.parts[index]
            assert isinstance(owner, Stored)
            return self.component(owner.place, index, node) if not vector.name.startswith("raw ") else self.load(self.part(owner.place, build.integer(index), node))
        if isinstance(owner, Expr) and name in ("x", "y") and isinstance(owner.type, Scalar) and name == "x" and owner.type.kind != "vector":
            return owner
        raise Unsupported(f"`{self.original(node)[:60]}`: the structure is not known here", node)

    def pointer(self, node: SNode) -> Value:
        """``*p`` and ``&x``."""
        operator, argument = node.child_by_field_name("operator"), node.child_by_field_name("argument")
        assert argument is not None
        op = operator.type if operator is not None else self.text(node)[0]
        value = self.value(argument)
        if op == "*":
            return self.load(self.as_pointer(value, node), node)
        if isinstance(value, Stored):
            return Pointer_(value.place)
        if isinstance(value, Load):
            place = self.place_of(value, argument)
            return Pointer_(place)
        if isinstance(value, Var) and isinstance(value.type, Scalar):
            return Pointer_(Place(value, (), value.type))
        if isinstance(value, Var) and isinstance(value.type, Fragment):
            return value
        if isinstance(value, Pointer_ | Structure):
            return value if isinstance(value, Structure) else self.decline(f"`{self.original(node)}` is a pointer to a pointer", node)
        if isinstance(value, Cast) and isinstance(value.operand, Load):   # the address of an element seen as another type
            place = self.place_of(value.operand, argument)
            return Pointer_(replace(place, type=value.type))
        raise Unsupported(f"`{self.original(node)}` takes the address of a value", node)

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

    # ---- casts and the rest

    def cast(self, node: SNode) -> Value:
        type_node, value_node = self.fields(node, "type", "value")
        return self.explicit(self.value(value_node), self.descriptor(type_node), node)

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
            if isinstance(expr, Literal) and self.exact(expr, type_):
                return Literal(float(expr.value), type_)
            return Cast(expr, type_, span=self.span(node) if node is not None else None)
        if isinstance(type_, VectorType):
            vector = self.vector_type(value)
            if vector is not None and vector.count == type_.count and not vector.name.startswith("raw "):
                return value
            if vector is not None:
                raise Unsupported(f"`{vector.name.removeprefix('raw ')}` is read from a buffer with other elements", node)
            if isinstance(value, Expr):
                part = self.convert(value, type_.element, node)
                return Vector(type_, (part,) * type_.count)              # type: ignore[arg-type]
        return value

    @staticmethod
    def exact(expr: Literal, type_: Scalar) -> bool:
        """Whether a literal may be written as one of ``type_`` at once: the conversion loses nothing, or rounds as the literal itself would."""
        if not type_.is_float:
            return False
        if expr.type.is_float:
            return expr.type.bits >= type_.bits or type_.bits == 16
        return abs(expr.value) <= {16: 256, 32: 2**24}.get(type_.bits, 2**53)

    def sizeof(self, node: SNode) -> Value:
        type_node, value_node = node.child_by_field_name("type"), node.child_by_field_name("value")
        if type_node is not None:
            type_ = self.descriptor(type_node)
            spelled = self.text(node) if isinstance(type_, Scalar) and self.text(type_node).strip() in SCALAR_TYPES else ""
            return Literal(self.size_of(type_, node), U64, text=spelled)
        assert value_node is not None
        inner = value_node
        while inner.type == "parenthesized_expression" and inner.named_children:
            inner = inner.named_children[0]
        if inner.type == "identifier" and (type_ := self.scope.type(self.text(inner)) or self.file.named_type(self.text(inner), self)) is not None:
            return Literal(self.size_of(type_, node), U64)
        old_before, old_after = self.before, self.after
        self.before, self.after = [], []
        try:
            return Literal(self.size_of(self.type_of(self.value(inner), node), node), U64)
        finally:
            self.before, self.after = old_before, old_after

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

    def compound_literal(self, node: SNode) -> Value:
        type_node, value_node = self.fields(node, "type", "value")
        type_ = self.descriptor(type_node)
        return self.initialised(type_, value_node)

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
            return Vector(type_, tuple(parts[:type_.count]) + (zero,) * (type_.count - len(parts)))           # type: ignore[arg-type]
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

    def initializer_list(self, node: SNode) -> Value:
        raise Unsupported("a list in braces where its type is not known", node)

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

    def lambda_(self, node: SNode) -> Value:
        return Lambda(node, self.scope)

    def opaque(self, node: SNode, problem: Unsupported, type_: Scalar = VOID) -> Opaque:
        return Opaque(self.original(node), problem.reason, type_, span=self.span(problem.node if problem.node is not None else node))

    def template_name(self, node: SNode) -> Value:
        raise Unsupported(f"`{self.original(node)}` is not a value", node)

    def call_expression(self, node: SNode) -> Value:
        return self.call(node)


def scalar_pointee(type_: PointerType) -> bool:
    return not isinstance(type_.pointee, ArrayType)


def fragment_elements(type_: Fragment) -> int:
    """``num_elements`` of a fragment on one lane of 32; half operands are held twice. source: manuals/cuda/wmma.md"""
    rows, columns = type_.shape
    twice = type_.use != "accumulator" and type_.element == F16
    return rows * columns * (2 if twice else 1) // 32


_HANDLERS = {
    "number_literal": Expressions.number, "char_literal": Expressions.character, "true": Expressions.boolean, "false": Expressions.boolean,
    "null": Expressions.null, "nullptr": Expressions.null, "string_literal": Expressions.string, "concatenated_string": Expressions.string,
    "identifier": Expressions.identifier, "qualified_identifier": Expressions.qualified, "parenthesized_expression": Expressions.parenthesised,
    "binary_expression": lambda self, node: self.binary(node), "unary_expression": Expressions.unary, "update_expression": Expressions.update,
    "assignment_expression": lambda self, node: self.assignment(node), "conditional_expression": Expressions.conditional,
    "comma_expression": Expressions.comma, "subscript_expression": Expressions.subscript_expression, "field_expression": Expressions.field,
    "pointer_expression": Expressions.pointer, "cast_expression": Expressions.cast, "sizeof_expression": Expressions.sizeof,
    "compound_literal_expression": Expressions.compound_literal, "initializer_list": Expressions.initializer_list,
    "lambda_expression": Expressions.lambda_, "call_expression": Expressions.call_expression, "template_function": Expressions.template_name,
    "user_defined_literal": Expressions.number, "type_identifier": Expressions.identifier,
}
