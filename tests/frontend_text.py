"""Help for the tests of the front end: IR printed as CUDA-like text, so that a test reads as source and result."""

from __future__ import annotations

from textwrap import dedent

from kernelglot.dialects import base
from kernelglot.dialects.emit_c import Printer, Style
from kernelglot.frontend.lower import Module, lower
from kernelglot.ir.nodes import Kernel

_BARRIERS = {"block": "__syncthreads();", "warp": "__syncwarp();", "fence": "__threadfence();", "cluster": "__sync_cluster();", "all": "__sync_all();"}


class Text(Printer):
    """Warp collectives with the mask that lowering drops, so that what is printed can be read again."""

    def call(self, name, arguments, type_):
        listed = ", ".join(self.expr(a) for a in arguments)
        if name in ("shfl", "shfl_up", "shfl_down", "shfl_xor", "ballot", "any", "all"):
            return f"__{name}_sync(0xffffffffu, {listed})", 14
        return super().call(name, arguments, type_)


def read(text: str, dialect: str = "cuda", path: str = "") -> Module:
    return lower(dedent(text), base.load(dialect).spelling, path)


def printer(dialect: str = "cuda") -> Text:
    spelling = base.load(dialect).spelling
    first = lambda mapping: {axis: spelled for spelled, axis in reversed(mapping.items())}
    plain = spelling.grammar == "cpp"
    return Text(Style(
        kernel_prefix="void" if plain else "__global__ void", function_prefix="static inline" if plain else "__device__",
        restrict="restrict" if plain else "__restrict__", scopes={scope: spelled for spelled, scope in spelling.scopes.items()},
        axis_index=first(spelling.indices), axis_extent=first(spelling.extents), barriers=_BARRIERS, constants="kept", launch_bounds=not plain,
    ))


def unit(kernel: Kernel, dialect: str = "cuda") -> str:
    return printer(dialect).unit(kernel)


def body(text: str, dialect: str = "cuda") -> str:
    """The statements of the only kernel of ``text``, without indentation of the outermost level."""
    (kernel,) = read(text, dialect).kernels
    return "\n".join(printer(dialect).body(kernel.body, 0))


def statements(source: str, parameters: str = "float *x, const float *y, int n", before: str = "", dialect: str = "cuda") -> str:
    """``source`` as the body of a kernel, lowered and printed."""
    head = {"cuda": "__global__ void", "hip": "__global__ void", "bang": "__mlu_global__ void"}.get(dialect, "void")
    return body(f"{before}\n{head} k({parameters}) {{\n{source}\n}}\n", dialect)


def same(left: str, right: str) -> bool:
    """Equal texts, white space at the ends of lines and around the whole aside."""
    return [line.rstrip() for line in dedent(left).strip().splitlines()] == [line.rstrip() for line in dedent(right).strip().splitlines()]
