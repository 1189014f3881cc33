"""How CUDA C is spelled."""

from __future__ import annotations

from ...ir.nodes import Axis
from ...ir.types import Scope
from ..emit_c import Style

INDICES = {
    Axis.BLOCK_X: "blockIdx.x",
    Axis.BLOCK_Y: "blockIdx.y",
    Axis.BLOCK_Z: "blockIdx.z",
    Axis.THREAD_X: "threadIdx.x",
    Axis.THREAD_Y: "threadIdx.y",
    Axis.THREAD_Z: "threadIdx.z",
}
EXTENTS = {
    Axis.BLOCK_X: "gridDim.x",
    Axis.BLOCK_Y: "gridDim.y",
    Axis.BLOCK_Z: "gridDim.z",
    Axis.THREAD_X: "blockDim.x",
    Axis.THREAD_Y: "blockDim.y",
    Axis.THREAD_Z: "blockDim.z",
}
_ALL_LANES = "0xffffffff"

STYLE = Style(
    kernel_prefix="__global__ void",
    function_prefix="__device__",
    includes=("cuda_runtime.h", "cuda_fp16.h", "mma.h", "cfloat"),
    types={"f16": "half", "bf16": "__nv_bfloat16"},
    restrict="__restrict__",
    scopes={Scope.SHARED: "__shared__", Scope.CONSTANT: "__constant__"},
    axis_index=INDICES,
    axis_extent=EXTENTS,
    barriers={"block": "__syncthreads();", "warp": "__syncwarp();", "fence": "__threadfence();"},
    functions={
        **{name: f"__{name}_sync({_ALL_LANES}, {{}})" for name in ("shfl", "shfl_up", "shfl_down", "shfl_xor", "ballot", "any", "all")},
        **{name: f"__{name}_sync({_ALL_LANES}, {{}})" for name in ("reduce_add", "reduce_max", "reduce_min")},
        "activemask": "__activemask()",
        **{f"wmma::{name}": f"nvcuda::wmma::{name}" for name in ("fill_fragment", "load_matrix_sync", "store_matrix_sync", "mma_sync")},
    },
    constants="kept",
    launch_bounds=True,
)
