"""What a dialect's intrinsics compute: their header, which the emulator compiles, read by the front end."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ..frontend.lower import lower
from ..ir.nodes import Function
from . import base


@cache
def header_text(dialect: str, header: str) -> str:
    """The header ``dialects/<dialect>/intrinsics/<header>``."""
    return (Path(__file__).parent / dialect / "intrinsics" / header).read_text(encoding="utf-8")


@cache
def meanings(dialect: str, header: str, use: str) -> dict[str, Function]:
    """The functions of ``header`` that the kernel ``use`` calls, by name, each after those it calls.

    ``use``: the text of a kernel, which says at which types templates are meant.
    """
    (kernel,) = lower(f"{header_text(dialect, header)}\n{use}\n", base.load(dialect).spelling, header).kernels
    return {function.name: function for function in kernel.functions}


__all__ = ["header_text", "meanings"]
