"""Atomics: on a GDRAM element an intrinsic, on an array that only this task sees a plain operation."""

from __future__ import annotations

from ..ir.build import binary, integer
from ..ir.nodes import Address, Assign, Call, Declare, Evaluate, Expr, Load, Node, Select, Stmt, Unary, Var
from ..ir.types import Array, Pointer, Scalar, element_of
from ..ir.walk import rewrite_body
from .base import Declined
from .cache import Nram
from .tensorize import convert

OPERATIONS = {
    "atomicAdd": "add",
    "atomicSub": "add",
    "atomicMax": "max",
    "atomicMin": "min",
    "atomicAnd": "and",
    "atomicOr": "or",
    "atomicXor": "xor",
    "atomicInc": "inc",
    "atomicDec": "dec",
    "atomicExch": "exch",
}
PLAIN = {"atomicAdd": "+", "atomicSub": "-", "atomicAnd": "&", "atomicOr": "|", "atomicXor": "^"}


class Effects:
    def __init__(self, nram: Nram) -> None:
        self.nram = nram

    def lower(self, body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        return rewrite_body(body, self.visit)

    def visit(self, node: Node) -> Node | tuple[Node, ...]:
        match node:
            case Evaluate(value=Call(name=name, arguments=arguments)) if name in OPERATIONS:
                return self.statement(node, name, arguments)
            case Declare(value=Call(name=name, arguments=arguments), type=Scalar()) if name in OPERATIONS:
                made, old = self.with_old(name, arguments)
                return (*made, Declare(node.name, node.type, old, comment=node.comment))
            case Assign(value=Call(name=name, arguments=arguments)) if name in OPERATIONS:
                made, old = self.with_old(name, arguments)
                return (*made, Assign(node.target, old, node.op, comment=node.comment))
        return node

    def place(self, pointer: Expr) -> Load:
        if isinstance(pointer, Address):
            return Load(pointer.buffer, pointer.index or (integer(0),), element_of(pointer.type))
        if isinstance(pointer, Var) and isinstance(pointer.type, Pointer | Array):
            return Load(pointer, (integer(0),), pointer.type.element)
        raise Declined("atomic-place", "an atomic operation on something that is no element of a buffer", at=pointer.span)

    def statement(self, node: Evaluate, name: str, arguments: tuple[Expr, ...]) -> Node | tuple[Node, ...]:
        place = self.place(arguments[0])
        if isinstance(place.buffer.type, Array):
            return self.plain(name, place, arguments[1], node.comment)
        if name == "atomicExch":
            return self.with_old(name, arguments)[0][0]
        value = self.operand(name, arguments[1], place.type)
        address = Address(place.buffer, place.index, place.buffer.type)
        return Evaluate(Call(f"__bang_atomic_reduce_{OPERATIONS[name]}", (address, value)), comment=node.comment)

    @staticmethod
    def operand(name: str, value: Expr, type_: Scalar) -> Expr:
        value = convert(value, type_)
        return Unary("-", value, type_) if name == "atomicSub" else value

    @staticmethod
    def plain(name: str, place: Load, value: Expr, comment: str = "") -> Assign:
        if name in PLAIN:
            return Assign(place, value, PLAIN[name], comment=comment)
        if name in ("atomicMax", "atomicMin"):
            return Assign(
                place, Select(binary(">" if name == "atomicMax" else "<", value, place), value, place, place.type), comment=comment
            )
        if name == "atomicExch":
            return Assign(place, value, comment=comment)
        raise Declined("atomic-operation", f"`{name}` on an array of the block")

    def with_old(self, name: str, arguments: tuple[Expr, ...]) -> tuple[tuple[Stmt, ...], Expr]:
        """Statements, and where the value before them is afterwards."""
        place = self.place(arguments[0])
        old = self.nram.array(f"old_{place.type}", place.type, (1,))
        here = Load(old, (integer(0),), place.type)
        if isinstance(place.buffer.type, Array):
            return (Assign(here, place), self.plain(name, place, arguments[1])), here
        address = Address(place.buffer, place.index, place.buffer.type)
        intrinsic = f"__bang_atomic_{OPERATIONS[name]}"
        value = self.operand(name, arguments[1], place.type)
        return (Evaluate(Call(intrinsic, (Address(old, (integer(0),), old.type), address, value))),), here


__all__ = ["Effects"]
