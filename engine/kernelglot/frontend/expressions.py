"""Expressions: names, literals, subscripts, fields and addresses; dispatch to the other parts. Calls are in ``calls.py``."""

from __future__ import annotations

from dataclasses import replace

from ..ir import build
from ..ir.nodes import (
    AxisExtent,
    AxisIndex,
    Cast,
    Constant,
    ConstantDecl,
    Expr,
    Literal,
    Load,
    Var,
)
from ..ir.retype import rounded
from ..ir.types import BOOL, F16, I8, I32, Fragment, Scalar, element_of
from . import evaluate
from .kinds import (
    Binding,
    CType,
    FunctionName,
    Lambda,
    Moving,
    Null,
    Place,
    Pointer_,
    Stored,
    StructType,
    Structure,
    TemplateName,
    Text,
    Unknown,
    Unset,
    Unsupported,
    Value,
    Vector,
)
from .names import KNOWN_CONSTANTS
from .operators import Operators
from .parsing import SNode


class Expressions(Operators):
    """Values of expressions."""

    # ---- entry points

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
        return Literal(rounded(value, type_), type_, text=text) if type_.is_float else Literal(value, type_, text=text)

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
        if isinstance(found, FunctionName | TemplateName):
            raise Unsupported(f"`{name}`: a template parameter that is a function can be called, and nothing else", node)
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
            return AxisIndex(self.spelling.indices[name], self.spelling.axis_type)
        if name in self.spelling.extents:
            return AxisExtent(self.spelling.extents[name], self.spelling.axis_type)
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
        self.use_constant(
            ConstantDecl(name, macro.type, macro.value, spelled="define", text=macro.text, span=self.file.plain_span(macro.start))
        )
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

    def parenthesised(self, node: SNode) -> Value:
        inner = next((c for c in node.named_children if c.type != "comment"), None)
        if inner is None:
            raise Unsupported("empty parentheses", node)
        return self.value(inner)

    # ---- memory

    def subscript_expression(self, node: SNode) -> Value:
        (argument,), indices = self.fields(node, "argument"), node.child_by_field_name("indices")
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
                return AxisIndex(self.spelling.indices[spelled], self.spelling.axis_type)
            if spelled in self.spelling.extents:
                return AxisExtent(self.spelling.extents[spelled], self.spelling.axis_type)
        owner = self.value(argument)
        if isinstance(owner, Pointer_):  # p->x
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
            if isinstance(found, Moving):
                return Pointer_(self.moving_place(found, node))
            return found  # type: ignore[return-value]
        vector = self.vector_type(owner)
        if vector is not None:
            index = self.component_index(name, vector, node)
            if isinstance(owner, Vector):
                return owner.parts[index]
            assert isinstance(owner, Stored)
            return (
                self.component(owner.place, index, node)
                if not vector.name.startswith("raw ")
                else self.load(self.part(owner.place, build.integer(index), node))
            )
        if (
            isinstance(owner, Expr)
            and name in ("x", "y")
            and isinstance(owner.type, Scalar)
            and name == "x"
            and owner.type.kind != "vector"
        ):
            return owner
        raise Unsupported(f"`{self.original(node)[:60]}`: the structure is not known here", node)

    def pointer(self, node: SNode) -> Value:
        """``*p`` and ``&x``."""
        operator, (argument,) = node.child_by_field_name("operator"), self.fields(node, "argument")
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
        if isinstance(value, Cast) and isinstance(value.operand, Load):  # the address of an element seen as another type
            place = self.place_of(value.operand, argument)
            return Pointer_(replace(place, type=value.type))
        raise Unsupported(f"`{self.original(node)}` takes the address of a value", node)

    def cast(self, node: SNode) -> Value:
        type_node, value_node = self.fields(node, "type", "value")
        return self.explicit(self.value(value_node), self.descriptor(type_node), node)

    def compound_literal(self, node: SNode) -> Value:
        type_node, value_node = self.fields(node, "type", "value")
        type_ = self.descriptor(type_node)
        return self.initialised(type_, value_node)

    def initializer_list(self, node: SNode) -> Value:
        raise Unsupported("a list in braces where its type is not known", node)

    def lambda_(self, node: SNode) -> Value:
        return Lambda(node, self.scope)

    def template_name(self, node: SNode) -> Value:
        raise Unsupported(f"`{self.original(node)}` is not a value", node)

    def call_expression(self, node: SNode) -> Value:
        return self.call(node)


def fragment_elements(type_: Fragment) -> int:
    """``num_elements`` of a fragment on one lane of 32; half operands are held twice. source: manuals/cuda/wmma.md"""
    rows, columns = type_.shape
    twice = type_.use != "accumulator" and type_.element == F16
    return rows * columns * (2 if twice else 1) // 32


_HANDLERS = {
    "number_literal": Expressions.number,
    "char_literal": Expressions.character,
    "true": Expressions.boolean,
    "false": Expressions.boolean,
    "null": Expressions.null,
    "nullptr": Expressions.null,
    "string_literal": Expressions.string,
    "concatenated_string": Expressions.string,
    "identifier": Expressions.identifier,
    "qualified_identifier": Expressions.qualified,
    "parenthesized_expression": Expressions.parenthesised,
    "binary_expression": lambda self, node: self.binary(node),
    "unary_expression": Expressions.unary,
    "update_expression": Expressions.update,
    "assignment_expression": lambda self, node: self.assignment(node),
    "conditional_expression": Expressions.conditional,
    "comma_expression": Expressions.comma,
    "subscript_expression": Expressions.subscript_expression,
    "field_expression": Expressions.field,
    "pointer_expression": Expressions.pointer,
    "cast_expression": Expressions.cast,
    "sizeof_expression": Expressions.sizeof,
    "compound_literal_expression": Expressions.compound_literal,
    "initializer_list": Expressions.initializer_list,
    "lambda_expression": Expressions.lambda_,
    "call_expression": Expressions.call_expression,
    "template_function": Expressions.template_name,
    "user_defined_literal": Expressions.number,
    "type_identifier": Expressions.identifier,
}
