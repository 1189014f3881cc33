"""Cooperative groups: blocks and tiles of a warp, as barriers, indices and shuffles."""

from __future__ import annotations

from ..ir import build
from ..ir.nodes import Assign, Barrier, Call, Cast, Declare, Expr, Literal, Var
from ..ir.types import F32, F64, I32, U32, VOID, element_of, promote
from .expressions import Expressions
from .kinds import (
    Group,
    GroupType,
    Unsupported,
    Value,
)
from .parsing import SNode

_GROUP_CALLS = {"shfl": "shfl", "shfl_up": "shfl_up", "shfl_down": "shfl_down", "shfl_xor": "shfl_xor"}


class Groups(Expressions):
    """Calls of ``cooperative_groups``."""

    def group(self, name: str, template: tuple[SNode, ...], listed: list[SNode]) -> Value | None:
        if name == "this_thread_block":
            return Group(GroupType(0))
        if name in ("tiled_partition",) and template:
            return Group(GroupType(self.integer(template[0])))
        if name in ("coalesced_threads", "this_grid"):
            return Group(GroupType(-1))
        return None

    def group_call(self, group: GroupType, name: str, listed: list[SNode], node: SNode) -> Value:
        if group.lanes < 0:
            raise Unsupported("a cooperative group of the grid or of the active threads", node)
        linear = self.linear_thread()
        if name in ("thread_rank",):
            return linear if group.lanes == 0 else build.binary("%", linear, build.integer(group.lanes))
        if name in ("size", "num_threads"):
            return build.integer(group.lanes) if group.lanes else self.block_size()
        if name in ("meta_group_rank",) and group.lanes:
            return build.div(linear, build.integer(group.lanes))
        if name in ("meta_group_size",) and group.lanes:
            return build.div(self.block_size(), build.integer(group.lanes))
        if name == "sync":
            self.hoist(Barrier("warp" if group.lanes else "block", span=self.span(node)), "a barrier", node)
            return Literal(0, VOID)
        if name in _GROUP_CALLS and group.lanes and len(listed) == 2:
            value = self.scalar(listed[0])
            return Call(_GROUP_CALLS[name], (value, self.scalar(listed[1]), build.integer(group.lanes)), element_of(value.type))
        if name in ("any", "all", "ballot") and group.lanes and len(listed) == 1:
            return Call(name, (self.condition(listed[0]),), U32 if name == "ballot" else I32)
        raise Unsupported(f"`{self.original(node)}` of a cooperative group", node)

    def group_reduce(self, listed: list[SNode], node: SNode) -> Value:
        """``cg::reduce(tile, value, op)`` as a butterfly of shuffles: every lane gets the result."""
        group = self.value(listed[0])
        op = next((word for word in ("plus", "greater", "less", "bit_and", "bit_or", "bit_xor") if word in self.text(listed[2])), "")
        if not isinstance(group, Group) or group.type.lanes <= 0 or not op:
            raise Unsupported(f"`{self.original(node)[:60]}` of a cooperative group", node)
        value = self.scalar(listed[1])
        type_, span = element_of(value.type), self.span(node)
        name = self.unique("reduced")
        self.mutable.add(name)
        variable = Var(name, type_)
        self.hoist(Declare(name, type_, value, span=span), "a reduction", node)
        offset = group.type.lanes // 2
        while offset:
            other = Call("shfl_xor", (variable, build.integer(offset), build.integer(group.type.lanes)), type_)
            if op in ("greater", "less"):
                step = Assign(variable, self.extreme("max" if op == "greater" else "min", [variable, other]), "", span=span)
            else:
                step = Assign(variable, other, {"plus": "+", "bit_and": "&", "bit_or": "|", "bit_xor": "^"}[op], span=span)
            self.before.append(step)
            offset //= 2
        return variable

    def linear_thread(self) -> Expr:
        from ..ir.nodes import Axis, AxisExtent, AxisIndex

        x, y, z = AxisIndex(Axis.THREAD_X), AxisIndex(Axis.THREAD_Y), AxisIndex(Axis.THREAD_Z)
        return build.add(x, build.mul(AxisExtent(Axis.THREAD_X), build.add(y, build.mul(AxisExtent(Axis.THREAD_Y), z))))

    def block_size(self) -> Expr:
        from ..ir.nodes import Axis, AxisExtent

        return build.mul(AxisExtent(Axis.THREAD_X), AxisExtent(Axis.THREAD_Y), AxisExtent(Axis.THREAD_Z))

    def extreme(self, name: str, arguments: list[Expr]) -> Expr:
        """``max``/``min``: integers keep the name, floats become ``fmaxf``/``fmax``."""
        left, right = (element_of(a.type) for a in arguments)
        type_ = promote(left, right)
        if not type_.is_float:
            return Call(name, tuple(arguments), type_)
        if type_.bits == 16:
            return Cast(Call(f"f{name}f", tuple(Cast(a, F32) for a in arguments), F32), type_)
        return Call(f"f{name}" if type_ == F64 else f"f{name}f", tuple(arguments), type_)
