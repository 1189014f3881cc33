"""How a dialect spells what the kernel IR says: handed to the front end as a plain value, so that it need not know any dialect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..ir.nodes import Axis
from ..ir.types import U32, Scalar, Scope


@dataclass(frozen=True, slots=True)
class Spelling:
    """Facts about one dialect's text. Every mapping goes from the spelling in the source to what the IR calls it."""

    dialect: str
    grammar: str = "cuda"  # "cuda" or "cpp": which tree-sitter grammar reads it
    suffixes: tuple[str, ...] = ()
    indices: Mapping[str, Axis] = field(default_factory=dict)  # "threadIdx.x" -> Axis.THREAD_X
    extents: Mapping[str, Axis] = field(default_factory=dict)  # "blockDim.x" -> Axis.THREAD_X
    axis_type: Scalar = U32  # of those coordinates and extents
    kernel_qualifiers: tuple[str, ...] = ()  # none: every function that no other one calls is a kernel
    device_qualifiers: tuple[str, ...] = ()
    scopes: Mapping[str, Scope] = field(default_factory=dict)  # "__shared__" -> Scope.SHARED
    masked: Mapping[str, str] = field(default_factory=dict)  # word -> what the grammar reads instead; padded to the same length
    masked_calls: tuple[str, ...] = ()  # words blanked together with their parentheses
    barriers: Mapping[str, str] = field(default_factory=dict)  # "__syncthreads" -> "block"
    types: Mapping[str, str] = field(default_factory=dict)  # "half" -> "f16", beyond what all dialects share
    functions: Mapping[str, str] = field(default_factory=dict)  # spelling of a math function -> canonical name
    predefined: Mapping[str, str] = field(default_factory=dict)  # macros the compiler defines
    constants: Mapping[str, int | float] = field(default_factory=dict)  # names with a value that need no declaration
    enumerators: tuple[str, ...] = ()  # names that mean themselves (GDRAM2NRAM, mem_row_major)
    intrinsic_prefixes: tuple[str, ...] = ()  # calls that keep their name
    overloads: bool = True  # C++: sqrt(float) is sqrtf
    warp_size: int = 0  # lanes of a warp or wavefront; 0 where there are none

    def is_intrinsic(self, name: str) -> bool:
        return name.startswith(self.intrinsic_prefixes) if self.intrinsic_prefixes else False
