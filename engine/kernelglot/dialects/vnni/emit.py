"""How C with AVX-512 / VNNI intrinsics and OpenMP is spelled."""

from __future__ import annotations

from ...ir.types import Scope
from ..emit_c import Style

STYLE = Style(
    kernel_prefix="void",
    function_prefix="static inline",
    includes=("immintrin.h", "float.h", "limits.h", "math.h", "stdbool.h", "stdint.h"),
    types={
        "f16": "_Float16", "bf16": "__bf16", "m512": "__m512", "m512i": "__m512i", "m512d": "__m512d", "m256": "__m256",
        "m256i": "__m256i", "m128i": "__m128i", "mmask16": "__mmask16", "mmask8": "__mmask8",
    },
    scopes={Scope.CONSTANT: "static const"},
    functions={"abs": "abs"},
)
