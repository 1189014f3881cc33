"""Builds of the exact channel: the same text with another meaning of `float` and `double` (runtime/field.h).

The text stays as it is but for two things that change no line: a literal with the suffix f is made a Field, so that `1.0f / n` is that
fraction and not a rounded number, and a `constexpr` float is only const. C is compiled as C++. What can't be said over a field and shows in
the text, is named by ``outside``; the rest shows when it is compiled or run.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from . import build, toolchain
from .cases import Program, TestCase, is_float

_HIDDEN = re.compile(r"""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.DOTALL)
_LITERAL = re.compile(
    r"(?<![\w.])((?:0[xX][0-9a-fA-F]*\.?[0-9a-fA-F]*[pP][+-]?\d+|(?:\d+\.\d*|\.\d+)(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+)[fF])(?!\w)"
)
_CONSTEXPR = re.compile(r"\bconstexpr(?=\s+(?:static\s+|const\s+)*(?:float|double)\b)")
# After the preprocessor, as macros make names out of `float`. Lines with # name files.
_CHANGE = r"/kg_floats_are_fields_from_here/,${/^#/!{s/\bfloat\b/kernelglot::Field/g;s/\bdouble\b/kernelglot::Field64/g}}"
_EXPONENTS = re.compile(r"exp|sigmoid|softplus|pow|silu|swish|active")
_WHOLE = r"(?:(?:un)?signed|int|long|u?int(?:32|64)(?:_t)?|size_t)"
# What a text may do with floats that no field has. The names of types are enough: a text without 16-bit floats does not name them.
_OUTSIDE = (
    (
        r"\b(?:__half\w*|half2?|\w+2half\w*|half2\w+|\w*(?:[bB]float16|bf16|Float16|float16|fp16|fp8)\w*|__h[a-z]+2?)\b|wmma|_mfma_|_p?bh\b|_ph\b",
        "it calculates in 16-bit floats",
    ),
    (r"\b(?:asm|__asm__|__asm)\b", "it contains assembler"),
    (
        rf"\bunion\b|_as_(?:float|double|int|uint|longlong)|_(?:cast|and|or|xor|andnot)_?(?:ps|pd|si|epi)\w*\s*\(|bit_cast|"
        r"\(\s*__m\d+i\s*\)|\(\s*(?:unsigned\s+)?char\s*\*\s*\)\s*&|\bmemcpy\s*\(\s*&|"
        rf"\(\s*(?:const\s+|volatile\s+)*{_WHOLE}(?:\s+(?:int|long|const))*\s*\*+\s*\)|"
        rf"reinterpret_cast\s*<\s*(?:const\s+|volatile\s+)*{_WHOLE}(?:\s+(?:int|long|const))*\s*[*&]",
        "it may look at the bits of a float",
    ),
)


def outside(program: Program, cases: Sequence[TestCase]) -> str:
    """Why a program can't be run over a field, as far as its text tells; "" where it may."""
    visible = _HIDDEN.sub(" ", program.text)
    if re.search(r"\b(?:int|unsigned|long|short|size_t|auto|float|double)\s+half\b", visible):  # a variable, in many reductions
        visible = re.sub(r"\bhalf\b", " ", visible)
    for words, reason in _OUTSIDE:
        if found := re.search(words, visible):
            return f"{reason} (`{found[0].strip()}`)"
    buffers = [buffer for case in cases for buffer in case.buffers]
    if any(buffer.dtype in ("f16", "bf16") for buffer in buffers):
        return "it calculates in 16-bit floats"
    if not any(is_float(buffer.dtype) for buffer in buffers):
        return "it has no floats"
    return ""


def has_exponents(program: Program) -> bool:
    """Whether values need a residue modulo the second prime: exp or a function that is made of it is mentioned."""
    return bool(_EXPONENTS.search(program.text))


def rewritten(text: str) -> str:
    """The text over a field, line by line the same."""
    parts, at = [], 0
    for hidden in [*_HIDDEN.finditer(text), None]:
        end = hidden.start() if hidden else len(text)
        plain = _CONSTEXPR.sub("const", _LITERAL.sub(r"kernelglot::Field(\1)", text[at:end]))
        parts += [plain, hidden[0] if hidden else ""]
        at = hidden.end() if hidden else end
    return "".join(parts)


def unit(program: Program, cases: Sequence[TestCase], way: build.Way) -> build.Unit:
    """The translation unit of a build over a field, see ``build.Build(make=...)``."""
    changed = replace(program, text=rewritten(program.text))
    if build.HOW[program.dialect] == build.CALL:
        return _cpu_unit(program, changed, cases, way)
    made = build.translation_unit(changed, cases, way)
    head, entry, rest = made.text.partition('#include "entry.h"')
    text = f'#include "field.h"\n{head}#include "field_math.h"\n{entry}{rest}'
    return _named(program, text, ("-DKG_OVER_FIELD", *made.flags))


def _cpu_unit(program: Program, changed: Program, cases: Sequence[TestCase], way: build.Way) -> build.Unit:
    """C and AVX-512: behind the device headers, as the system's do not take a class for a float."""
    vectors = [f'#include "{toolchain.DIALECTS}/vnni/intrinsics/prelude.h"'] if program.dialect == "vnni" else []
    head = [
        '#include "field.h"',
        '#include "overloads.h"',
        *vectors,
        '#include "field_math.h"',
        "#define restrict __restrict",
        '#include "entry.h"',
    ]
    entry = build._entry(changed, cases[0], "c++", way.typed)
    text = "\n".join([*head, '#line 1 "kernel"', build._INCLUDE.sub(r"\1", changed.text), '#line 1 "entry"', entry, ""])
    flags = (*build.COMMON_FLAGS, "-std=gnu++17", f"-I{toolchain.RUNTIME}", *build.CXX_FLAGS, "-nostdinc", "-nostdinc++", "-DKG_OVER_FIELD")
    return _named(program, text, flags)


def _named(program: Program, text: str, flags: tuple[str, ...]) -> build.Unit:
    stem = "module-" + toolchain.digest("field", _CHANGE, text, *flags, toolchain.fingerprint("g++"), toolchain.runtime_digest())
    return build.Unit(program, text, "c++", flags, stem, _CHANGE)
