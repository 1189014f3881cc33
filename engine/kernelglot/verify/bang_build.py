"""BANG C text for the emulator: which parts and policies of the prelude it is compiled with, and what of it C++ cannot say."""

from __future__ import annotations

import re

from .bang_text import with_variable_arrays

# A memory scope before a pointer says where it points; the pointer itself is an ordinary variable.
_POINTED_SCOPE = re.compile(
    r"__(?:nram|wram|ldram|mlu_shared)__(?=(?:\s*(?:const|volatile|unsigned|signed|struct))*\s*[\w:]+"
    r"(?:\s*<[^<>]*>)?(?:\s*const)?\s*\*)"
)
# The memory core runs the kernel too where the text says something of it.
_MEMORY_CORE = re.compile(r"__is_[mi]pu\b|__sync_all_mpu\b|\b0x80\b|\b(?:GDRAM|LDRAM|SRAM)2SRAM\b|\bSRAM2(?:GDRAM|LDRAM)\b")
# What a text asks of the emulator where hardware is not described, e.g. `// kernelglot-bang: filter-layout=row-major over-run=131072`.
_POLICY = re.compile(r"//\s*kernelglot-bang:(.*)")
# The parts that a text may do without, and by what it is seen to need them.
_CONVERTS = r"__bang_\w*[a-z\d]2[a-z]"
_PARTS = {
    "ASYNC": r"_async",
    "COMPARE": r"__bang_(?:cycle_)?(?:nan_)?(?:eq|ne|l[te]|g[te]|max|min|arg)|bitindex",
    "MATH": r"__bang_(?:r?sqrt|recip|sin|cos|log|pow|taylor|sig)",
    "LAYOUT": r"__bang_(?:transpose|pad|mirror|rotate|reshape|tiling|conv|mlp|matmul)",
    "LOGIC": r"__bang_(?:cycle_)?b?(?:and|x?or|not)",
    "SCALAR": r"__(?:float2|half2|load_|store_|is_[nwsd])|printf|" + _CONVERTS,
    "CONVERT": _CONVERTS,
    "FAMILIES": r"__bang_(?:uint|bfloat16|int4|\w+2uint(?!8\b|32\b)|half2uint|half2bf|int\d+2bf|\w+2int4|\w+_sr\b)|"
    + _CONVERTS
    + r"\w*\s*\([^;]*(?:,[^,;]*){5}",  # strided forms have six arguments and more
    "ATOMIC": r"atomic",
    "GATHER": r"__gather|__scatter",
    "TENSOR": r"__bang_(?:conv|mlp|matmul)",
    "POOL": r"pool|__bang_reduce_sum|__bang_sum\b",
    "ACTIVE": r"__bang_active",
    "SELECT": r"__bang_(?:count|find|filter|collect|select|maskmove|lut)",
}


def flags(architecture: str, text: str) -> list[str]:
    """The prelude knows sizes and rules by number. What the called kernel does not use is left out of the module, so that the capacities
    of NRAM and WRAM are asked of this kernel alone."""
    made = ["-fwhole-program"]
    number = re.search(r"\d+", architecture)
    if number:
        made.append(f"-D__BANG_ARCH__={number[0]}")
    if architecture.startswith("tp_"):
        made.append("-DBANG_SINGLE_CORE")
    elif _MEMORY_CORE.search(text):
        made.append("-DBANG_MEMORY_CORE")
    if found := re.search(r"#\s*pragma\s+bang\s+walign\s*\(\s*(16|64)\s*\)", text):
        made.append(f"-DBANG_WALIGN={found[1]}")
    policies = dict(re.findall(r"([\w-]+)=([\w-]+)", " ".join(_POLICY.findall(text))))
    if policies.get("filter-layout") == "row-major":
        made.append("-DBANG_FILTER_ROWS")
    if policies.get("active-functions") == "clamped":
        made.append("-DBANG_ACTIVE_CLAMP")
    if policies.get("over-run", "").isdigit():
        made.append(f"-DBANG_SLACK={policies['over-run']}")
    if with_variable_arrays(text) != text:
        made.append("-DBANG_VARIABLE_ARRAYS")
    if "##" not in text:  # else names are pasted together
        made += [f"-DBANG_WITHOUT_{part}" for part, words in _PARTS.items() if not re.search(words, text)]
    return made


def rewritten(text: str) -> str:
    """The text with what C++ would read otherwise: pointers with a memory before them, arrays whose length is known at run time."""
    return with_variable_arrays(_POINTED_SCOPE.sub(lambda found: " " * len(found[0]), text))


__all__ = ["flags", "rewritten"]
