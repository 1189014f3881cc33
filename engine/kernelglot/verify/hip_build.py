"""What a HIP text needs beside CUDA's to be compiled: the GPU it is for, and clang's `ext_vector_type`, which gcc does not know."""

from __future__ import annotations

import re

_GFX = re.compile(r"gfx([0-9a-f]{3,4})\b")
_ATTRIBUTE = r"__attribute__\s*\(\(\s*(?:__)?ext_vector_type(?:__)?\s*\(([^()]+)\)\s*\)\)"
_ELEMENT = r"((?:(?:const|unsigned|signed|long|short)\s+)*[\w:]+)"
# `typedef float four __attribute__((ext_vector_type(4)));`, and the two orders of `using four = ...;`.
_TYPEDEF = re.compile(rf"\btypedef\s+{_ELEMENT}\s+(\w+)\s*{_ATTRIBUTE}\s*;")
_TYPEDEF_FIRST = re.compile(rf"\btypedef\s+{_ATTRIBUTE}\s*{_ELEMENT}\s+(\w+)\s*;")
_USING_AFTER = re.compile(rf"\busing\s+(\w+)\s*=\s*{_ELEMENT}\s*{_ATTRIBUTE}\s*;")
_USING_FIRST = re.compile(rf"\busing\s+(\w+)\s*=\s*{_ATTRIBUTE}\s*{_ELEMENT}\s*;")
_PARTS = {"KG_DPP": r"__builtin_amdgcn_", "KG_ROCWMMA": r"rocwmma", "KG_EXT_VECTOR": r"ext_vector_type",
          "KG_ATOMICS": r"__hip_atomic|__HIP_MEMORY|safeAtomic|_system\b",
          "KG_VECTOR_TYPES": r"(?:\b|make_)(?:u?(?:char|short|int|long|longlong)|float|double)[1-4]\b|HIP_vector_type|##"}
_ELSEWHERE = re.compile(r"\b(?:__)?ext_vector_type(?:__)?\s*\(")


def flags(architecture: str, text: str) -> list[str]:
    """The prelude knows a GPU by the number of its gfx id, and a text by clang's macros; without a GPU every instruction is taken. Parts of
    the prelude that the text can't need are left out."""
    found = _GFX.match(architecture)
    named = [f"-DKG_GFX=0x{found[1]}", f"-D__gfx{found[1]}__=1", f"-D__GFX{found[1][:-2].upper()}__=1"] if found else []
    return [*named, *(f"-D{name}=1" for name, words in _PARTS.items() if re.search(words, text))]


def without_ext_vectors(text: str) -> str:
    """The text with clang's vector types as a class of ours (ext_vector.h); lines stay where they are. gcc would ignore the attribute and
    take one number for the vector, so what is written in another way than these stays, and does not compile."""
    if "ext_vector_type" not in text:
        return text
    for pattern, order in ((_TYPEDEF, "enl"), (_TYPEDEF_FIRST, "len"), (_USING_AFTER, "nel"), (_USING_FIRST, "nle")):
        text = pattern.sub(lambda found, order=order: _alias(found, order), text)
    return _ELSEWHERE.sub("vector_size(the_emulator_reads_ext_vector_type_in_typedef_and_using_only + ", text)


def _alias(found: re.Match[str], order: str) -> str:
    """``order``: which group is the element type (e), the name (n) and the length (l)."""
    element, name, length = (found[order.index(part) + 1] for part in "enl")
    return f"using {name} = kernelglot::hip::Ext<{' '.join(element.split())}, {length}>;" + "\n" * found[0].count("\n")


__all__ = ["flags", "without_ext_vectors"]
