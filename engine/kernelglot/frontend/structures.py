"""Structures that are values: aggregates and constructors that set fields."""

from __future__ import annotations

from ..ir.nodes import Literal
from ..ir.types import Scalar
from .inline import Functions, parameters
from .kinds import (
    CType,
    Scope_,
    StructType,
    Structure,
    Unsupported,
    Value,
    Vector,
    VectorType,
)
from .parsing import SNode


class Structures(Functions):
    """``S{a, b}``, ``S(a)`` and ``S()``."""

    def construct(self, type_: StructType, listed: list[SNode], node: SNode) -> Value:
        """``S{a, b}``, ``S(a, b)``, ``S()``: a structure that is a value; its fields are bound to the given expressions."""
        fields: dict[str, object] = {}
        constructors = type_.methods_named(type_.name.split("<")[0])
        if constructors and listed:
            return self.run_constructor(type_, constructors, listed, node)
        pairs = [item for item in listed if item.type == "initializer_pair"]
        named: dict[str, SNode] = {}
        for item in pairs:
            designator, value = item.child_by_field_name("designator"), item.child_by_field_name("value")
            if designator is not None and value is not None:
                named[self.text(designator).lstrip(".")] = value
        for index, (name, field_type, default) in enumerate(type_.fields):
            source = named.get(name) if pairs else listed[index] if index < len(listed) else default
            if source is None:
                fields[name] = self.zero(field_type, node)
            else:
                fields[name] = self.convert(self.value(source), field_type, source)
        return Structure(type_, fields)

    def zero(self, type_: CType, node: SNode) -> Value:
        if isinstance(type_, Scalar):
            return Literal(0.0 if type_.is_float else 0, type_)
        if isinstance(type_, VectorType):
            return Vector(type_, (Literal(0.0 if type_.element.is_float else 0, type_.element),) * type_.count)
        if isinstance(type_, StructType):
            return self.construct(type_, [], node)
        raise Unsupported("a field without a value", node)

    def run_constructor(self, type_: StructType, constructors: list[SNode], listed: list[SNode], node: SNode) -> Value:
        values = [self.value(item) for item in listed]
        found = [self.file.method(member, type_, type_.scope) for member in constructors]
        info, scope = self.choose_function(found, (), values, node)
        initialisers = next((c for c in info.definition.named_children if c.type == "field_initializer_list"), None)
        body = info.definition.child_by_field_name("body")
        if body is not None and any(c.type != "comment" for c in body.named_children):
            raise Unsupported(f"the constructor of `{type_.name}` does more than set fields", node)
        caller, self.scope = self.scope, Scope_(scope)
        try:
            for parameter, value in zip(parameters(info.definition), values):
                name, _, _ = self.parameter(parameter)
                self.bind(name, value)
            fields: dict[str, object] = {}
            for item in initialisers.named_children if initialisers is not None else ():
                if item.type != "field_initializer" or len(item.named_children) < 2:
                    continue
                given = [c for c in item.named_children[1].named_children if c.type != "comment"]
                if len(given) == 1:
                    fields[self.text(item.named_children[0])] = self.value(given[0])
        finally:
            self.scope = caller
        for name, field_type, _ in type_.fields:
            if name not in fields:
                raise Unsupported(f"the constructor of `{type_.name}` does not set `{name}`", node)
            fields[name] = self.convert(fields[name], field_type, node)  # type: ignore[arg-type]
        return Structure(type_, fields)
