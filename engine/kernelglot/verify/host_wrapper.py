"""Host functions for a file of kernels that has none (`kernelglot emulate --host`): a function with C linkage for each kernel.

``NAME_kernel`` takes the kernel's own parameters and runs it once; what it returns is 0, or the number of the fault. A buffer's size stands
nowhere in a kernel, so nothing is copied: the caller's arrays are the device's memory, and reading past their end is not noticed as it is
with ``cudaMalloc``. How many tasks a BANG kernel has is read from what it asks for: 4 clusters of 4 cores where it names ``clusterId``, the
4 cores of a cluster where it names ``coreId`` alone, else one task. CUDA and HIP: the launch of the test case that Kernelglot found; there
is also ``NAME_kernel_on``, which takes the launch first: ``const unsigned grid[3], const unsigned block[3], unsigned shared_bytes``.
source: manuals/bang/parallel.md
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from .cases import Launch
from .host_launches import without

_KERNEL = re.compile(
    r"(?P<before>\btemplate\s*<[^;{}]*>\s*)?(?P<linkage>extern\s*\"C\"\s*)?(?:(?:static|inline|__forceinline__)\s+)*"
    r"\b(?:__global__|__mlu_global__|__mlu_entry__)\s+(?:(?:static|inline|__launch_bounds__\s*\([^()]*\)|__attribute__\s*\(\([^()]*(?:\([^()]*\))?[^()]*\)\))\s+)*"
    r"void\s+(?:__launch_bounds__\s*\([^()]*\)\s*)?(?P<name>[A-Za-z_]\w*)\s*\((?P<parameters>[^()]*)\)\s*\{"
)
_NAME = re.compile(r"([A-Za-z_]\w*)\s*(?:\[[^\]]*\]\s*)?$")


@dataclass(frozen=True, slots=True)
class Wrapper:
    """``launch``: how NAME_kernel runs the kernel, in words; empty where there is only NAME_kernel_on, because of ``missing``."""

    kernel: str
    name: str
    launch: str = ""
    missing: str = ""


def wrappers(text: str, dialect: str, launch_of: Callable[[str], Launch | str]) -> tuple[str, tuple[Wrapper, ...], tuple[str, ...]]:
    """Text to append, what it defines, and a sentence for each kernel that no function can be made for. ``launch_of`` a kernel's name gives
    its launch, or why there is none; BANG kernels are not asked about."""
    plain = without(text, strings=False)
    made, refused, pieces = [], [], []
    for found in _KERNEL.finditer(plain):
        name = found["name"]
        if found["before"]:
            refused.append(f"`{name}` is a template: which instance is wanted is the host's to say")
            continue
        parameters = _parameters(found["parameters"])
        if parameters is None:
            refused.append(f"the parameters of `{name}` cannot be read")
            continue
        line = text.count("\n", 0, found.start("name")) + 1
        exported = f"{name.removesuffix('_kernel')}_{'launch' if found['linkage'] and name.endswith('_kernel') else 'kernel'}"
        if dialect == "bang":
            text_of, wrapper = _bang(name, exported, parameters, line, plain)
        else:
            text_of, wrapper = _simt(name, exported, parameters, line, launch_of(name))
        pieces.append(text_of)
        made.append(wrapper)
    return "\n".join(pieces), tuple(made), tuple(refused)


def _parameters(text: str) -> list[tuple[str, str]] | None:
    """(declaration without a default value, name) of each."""
    found, depth, start = [], 0, 0
    for place, letter in enumerate(f"{text},"):
        depth += (letter in "<[{") - (letter in ">]}")
        if letter == "," and not depth:
            declaration = " ".join(text[start:place].partition("=")[0].split())
            start = place + 1
            if declaration in ("", "void"):
                continue
            name = _NAME.search(declaration)
            if name is None or name[1] == declaration:
                return None
            found.append((declaration, name[1]))
    return found


def _bang(name: str, exported: str, parameters: list[tuple[str, str]], line: int, text: str) -> tuple[str, Wrapper]:
    if re.search(r"\bclusterId\b", text):
        dim, kind, words = "16, 1, 1", "cnrtFuncTypeUnion4", "16 tasks, Union4: 4 clusters of 4 cores"
    elif re.search(r"\bcoreId\b", text):
        dim, kind, words = "4, 1, 1", "cnrtFuncTypeUnion1", "4 tasks, Union1: the 4 cores of a cluster"
    else:
        dim, kind, words = "1, 1, 1", "cnrtFuncTypeBlock", "1 task"
    return _function(exported, name, parameters, line, "", f"{{{dim}}}, {kind}"), Wrapper(name, exported, words)


def _simt(name: str, exported: str, parameters: list[tuple[str, str]], line: int, launch: Launch | str) -> tuple[str, Wrapper]:
    on = "const unsigned *kg_grid_, const unsigned *kg_block_, unsigned kg_shared_"
    shape = "dim3(kg_grid_[0], kg_grid_[1], kg_grid_[2]), dim3(kg_block_[0], kg_block_[1], kg_block_[2]), kg_shared_"
    pieces = [_function(f"{exported}_on", name, parameters, line, on, shape)]
    if isinstance(launch, str):
        return pieces[0], Wrapper(name, exported, missing=launch)
    grid, block = (f"dim3({', '.join(map(str, each))})" for each in (launch.grid, launch.block))
    pieces.append(_function(exported, name, parameters, line, "", f"{grid}, {block}, {launch.shared_bytes}"))
    words = f"grid {launch.grid}, block {launch.block}" + (
        f", {launch.shared_bytes} bytes of dynamic shared memory" if launch.shared_bytes else ""
    )
    return "\n".join(pieces), Wrapper(name, exported, words)


def _function(exported: str, kernel: str, parameters: list[tuple[str, str]], line: int, first: str, shape: str) -> str:
    """The C++ name is our own and the linker's is ``exported``: a kernel may be called like its wrapper."""
    declared = ", ".join([*filter(None, [first]), *(declaration for declaration, _ in parameters)])
    types = f'extern "C" __attribute__((visibility("default"))) int kg_of_{exported}({declared}) __asm__("{exported}");\n'
    names = ", ".join(name for _, name in parameters)
    site = f'kernelglot::Site {{"{kernel}", KG_FILE, {line}}}'
    launch = f"kernelglot::launch({site}, nullptr, [](auto &...kg_a) {{ {kernel}(kg_a...); }}, {shape})"
    body = f"int kg_of_{exported}({declared}) {{ return kernelglot::run_plainly({launch}{', ' if names else ''}{names}); }}"
    return types + body


__all__ = ["Wrapper", "wrappers"]
