"""How a CPU text's vector intrinsics are compiled: by the CPU's own instructions, by their meaning in C, or by both side by side.

Which instruction sets a text needs is read from the intrinsics it names and from the headers that define their meaning. Where this CPU has
all of them, the real header is used. Where it lacks sets whose header can stand beside the real one, only those are replaced. Else the
whole text runs on the meanings, on any CPU. AMX is always replaced: a sandboxed kernel may not ask Linux for its tiles.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from . import toolchain

HEADERS = toolchain.DIALECTS / "vnni" / "intrinsics"
# Instruction sets whose meanings can stand beside the compiler's own vectors, each with its headers.
BESIDE = {
    "avx512_vnni": ("vnni.h",), "avx_vnni": ("avx_vnni.h",), "avx_vnni_int8": ("vnni_int8.h",), "avx_vnni_int16": ("vnni_int16.h",),
    "avx512_bf16": ("bfloat16.h",), "amx_tile": ("amx.h",), "amx_int8": ("amx.h",), "amx_bf16": ("amx.h",), "amx_fp16": ("amx.h",),
    "avx512_fp16": ("float16.h", "float16_fma.h", "float16_select.h", "float16_memory.h", "float16_convert.h"),
}
_NEVER_NATIVE = {"amx_tile", "amx_int8", "amx_bf16", "amx_fp16"}
# What /proc/cpuinfo calls otherwise, and flags that only newer compilers know.
_CPUINFO = {"sse3": "pni", "sse4.1": "sse4_1", "sse4.2": "sse4_2"}
_COMPILER_FLAG = {"avx_vnni_int8": "-mavxvnniint8", "avx_vnni_int16": "-mavxvnniint16", "avx512_fp16": "-mavx512fp16"}
_DEFINED = re.compile(r"((?:^///[^\n]*\n)+)(?:static inline [\w ]+?[ *]|#define )(_\w+)\(", re.MULTILINE)
# gcc 12 compiles these wrongly: it drops the upper eight bits of the mask.
_MISCOMPILED = {"_mm512_mask_dpbf16_ps": "avx512_bf16", "_mm512_maskz_dpbf16_ps": "avx512_bf16"}
_NAME = re.compile(r"\b_(?:mm\d*_|tile_|k[a-z]|cvt)\w+")
_ALIGNED = re.compile(r"\b_mm\d*_(?:maskz?_)?(?:load|store|stream)_")
_OWN_ALIGNED = re.compile(r"^(#define (\w+)\([^)]*\)) (\w+)\(", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Vectors:
    """How a text's intrinsics are compiled. ``native``: with the real header. ``head``: lines that come before the text. ``semantic``: the
    whole text stands on the meanings, and its own includes are left out."""

    native: bool = False
    semantic: bool = False
    head: tuple[str, ...] = ()


def vectors(text: str, semantic: bool) -> Vectors:
    """The choice for a text on this CPU; ``semantic``: the meanings, whatever this CPU has."""
    if not semantic and "intrin.h" not in text:
        return Vectors()
    missing = frozenset(needed_sets(text) - available_sets()) | {each for name, each in _MISCOMPILED.items() if name in text}
    if semantic or not missing <= BESIDE.keys():
        return Vectors(semantic=True, head=(f'#include "{HEADERS}/prelude.h"', *(["#include <omp.h>"] if "omp.h" in text else [])))
    head = _beside(missing) if missing else ()
    if not head and _ALIGNED.search(text):
        head = (f'#include "{HEADERS}/beside.h"',)
    if head and _ALIGNED.search(text):
        head = (*head, *_aligned("avx512_fp16" in missing))
    return Vectors(native=True, head=head)


def needed_sets(text: str) -> set[str]:
    """The instruction sets of the intrinsics that a text names, as the headers have them; names that no header knows are left out."""
    known = instruction_sets()
    return {each for name in set(_NAME.findall(text)) for each in known.get(name, ())}


@cache
def instruction_sets() -> dict[str, tuple[str, ...]]:
    """Intrinsic -> the sets it needs."""
    found = {}
    for header in sorted(HEADERS.glob("*.h")):
        for comment, name in _DEFINED.findall(header.read_text(encoding="utf-8")):
            sets = re.search(r"@isa ([^@\n]+)", comment)
            if sets:
                found[name] = tuple(sets[1].split())
    return found


@cache
def available_sets() -> frozenset[str]:
    """The sets that both this CPU and its compiler have."""
    flags = toolchain.cpu_flags()
    known = {each for sets in instruction_sets().values() for each in sets}
    return frozenset(each for each in known - _NEVER_NATIVE if _CPUINFO.get(each, each) in flags
                     and (each not in _COMPILER_FLAG or toolchain.knows_flag(_COMPILER_FLAG[each])))


def _beside(missing: frozenset[str]) -> tuple[str, ...]:
    """The real header may declare what is missing, so that is defined and called under another name."""
    headers = list(dict.fromkeys(header for each in sorted(missing) for header in BESIDE[each]))
    lines = [f'#include "{HEADERS}/beside.h"']
    for header in headers:
        names = [name for _, name in _DEFINED.findall(_read(header)) if header != "amx.h"]
        lines += [line for name in names for line in (f"#undef {name}", f"#define {name} meaning{name}")]
    if "bfloat16.h" not in headers and "amx.h" in headers:            # amx.h includes it for its rounding
        names = [name for _, name in _DEFINED.findall(_read("bfloat16.h"))]
        lines += [line for name in names for line in (f"#undef {name}", f"#define {name} meaning{name}")]
        after = [f"#undef {name}" for name in names]
    else:
        after = []
    return (*lines, *(f'#include "{HEADERS}/{header}"' for header in headers), *after)


def _aligned(renamed: bool) -> tuple[str, ...]:
    """Checks of aligned loads and stores; where those of halves have other names, their macros take the names back."""
    own = _read("float16_aligned.h")
    if not renamed:
        return (f'#include "{HEADERS}/aligned.h"',)
    again = _OWN_ALIGNED.sub(r"#undef \2\n\1 \3(", own.replace("#pragma once\n", ""))
    return (f'#include "{HEADERS}/aligned.h"', *again.splitlines())


def _read(header: str) -> str:
    return (Path(HEADERS) / header).read_text(encoding="utf-8")


__all__ = ["BESIDE", "Vectors", "available_sets", "instruction_sets", "needed_sets", "vectors"]
