"""How HIP is spelled where it is printed from the IR; a CUDA file keeps its own text instead (see ``host``)."""

from __future__ import annotations

from ...ir.nodes import Axis
from ...ir.types import Scope
from ..emit_c import Style

_LETTERS = "xyz"
INDICES = {Axis(f"{kind}.{letter}"): f"{kind}Idx.{letter}" for kind in ("block", "thread") for letter in _LETTERS}
EXTENTS = {Axis(f"block.{letter}"): f"gridDim.{letter}" for letter in _LETTERS} | {
    Axis(f"thread.{letter}"): f"blockDim.{letter}" for letter in _LETTERS
}

STYLE = Style(
    kernel_prefix="__global__ void",
    function_prefix="__device__",
    includes=("hip/hip_runtime.h", "hip/hip_fp16.h", "cfloat"),
    types={"f16": "half", "bf16": "__hip_bfloat16"},
    restrict="__restrict__",
    scopes={Scope.SHARED: "__shared__", Scope.CONSTANT: "__constant__"},
    axis_index=INDICES,
    axis_extent=EXTENTS,
    barriers={"block": "__syncthreads();", "warp": "__syncwarp();", "fence": "__threadfence();"},
    functions={
        **{name: f"__{name}({{}})" for name in ("shfl", "shfl_up", "shfl_down", "shfl_xor")},
        **{name: f"__{name}({{}})" for name in ("ballot", "any", "all")},
    },
    constants="kept",
    launch_bounds=True,
)
