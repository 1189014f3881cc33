"""How plain C (gnu17) is spelled."""

from __future__ import annotations

from ...ir.types import Scope
from ..emit_c import Style

STYLE = Style(
    kernel_prefix="void",
    function_prefix="static inline",
    includes=("float.h", "limits.h", "math.h", "stdbool.h", "stdint.h"),
    types={"f16": "_Float16", "bf16": "__bf16"},
    scopes={Scope.CONSTANT: "static const"},
    functions={"abs": "abs"},
    pragmas=("omp",),
)
