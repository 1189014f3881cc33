"""How BANG C is spelled: task built-ins, on-chip memories, half precision with stated rounding."""

from __future__ import annotations

from dataclasses import replace

from ...ir.nodes import Address, Axis, ConstantDecl, Expr, Kernel
from ...ir.types import F16, F32, I8, Array, Scalar, Scope, element_of
from .. import base
from ..emit_c import PRECEDENCE, Printer, Style

STYLE = Style(
    kernel_prefix="__mlu_entry__ void",
    function_prefix="__mlu_func__",
    includes=("bang.h",),
    types={"f16": "half", "bf16": "bfloat16_t"},
    restrict="",
    scopes={
        Scope.NRAM: "__nram__", Scope.WRAM: "__wram__", Scope.SRAM: "__mlu_shared__", Scope.LDRAM: "__ldram__",
        Scope.CONSTANT: "__mlu_const__",
    },
    axis_index={
        Axis.TASK: "taskId", Axis.TASK_X: "taskIdX", Axis.TASK_Y: "taskIdY", Axis.TASK_Z: "taskIdZ", Axis.CLUSTER: "clusterId",
        Axis.CORE: "coreId",
    },
    axis_extent={
        Axis.TASK: "taskDim", Axis.TASK_X: "taskDimX", Axis.TASK_Y: "taskDimY", Axis.TASK_Z: "taskDimZ", Axis.CLUSTER: "clusterDim",
        Axis.CORE: "coreDim",
    },
    enumerators=frozenset(base.load("bang").spelling.enumerators),
    barriers={"cluster": "__sync_cluster();", "all": "__sync_all_ipu();", "fence": "__sync();"},
)


_CHAR = Scalar("char", "int", 8)


class BangPrinter(Printer):
    """The common printer with BANG's conversions; CUDA rounds a float to the nearest half, BANG's plain cast does not say."""

    def __init__(self) -> None:
        super().__init__(STYLE)

    def constant(self, decl: ConstantDecl) -> str:
        if isinstance(decl.type, Array):
            plain = Array(decl.type.element, decl.type.shape, Scope.REGISTER)
            return f"__mlu_const__ {self.declarator(plain, decl.name)} = {self.table(decl.value, decl.type)};"
        return super().constant(decl)

    def address(self, expr: Address) -> tuple[str, int]:
        """Instructions on bytes take ``char *``."""
        return super().address(replace(expr, view=_CHAR) if expr.view == I8 else expr)

    def cast(self, type_: Scalar, operand: Expr) -> tuple[str, int]:
        source = element_of(operand.type)
        if type_ == F16 and source == F32:
            return self.call("__float2half_rn", (operand,), type_)
        if type_ == F32 and source == F16:
            return self.call("__half2float", (operand,), type_)
        return super().cast(type_, operand)


def text(kernel: Kernel) -> str:
    """The whole translation unit."""
    return BangPrinter().unit(kernel)


__all__ = ["PRECEDENCE", "STYLE", "BangPrinter", "text"]
