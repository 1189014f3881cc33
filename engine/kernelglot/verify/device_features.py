"""Which parts of a prelude a text needs: the others cost time to parse and are left out."""

from __future__ import annotations

import re

_FUNCTIONS = (r"erfcx|erfc?inv|normcdf(?:inv)?|r?norm|rhypot|[jy]n|remquo|scalbln|nan|fdivide|u?llm(?:ax|in)|sinpi|cospi|exp10|rcbrt")
FEATURES = {
    "HALF": r"half|float16|fp16|bf16|bfloat|wmma|_mfma_|fdot2|pkrtz|__h[a-z]|\bh2?(?:exp|log|sqrt|rcp|sin|cos|tanh|rsqrt)",
    "HALF_TESTS": r"__hb?(?:eq|ne|lt|le|gt|ge|is)",
    "HALF_MATH": r"\bh2?(?:exp|log|sqrt|sin|cos|floor|ceil|trunc|rint|tanh|rcp|rsqrt)",
    "FP8": r"fp8",
    "WMMA": r"wmma",
    "MFMA": r"_mfma_",
    "COOPERATIVE_GROUPS": r"cooperative_groups",
    "PTX": r"\b(?:asm|__asm__|__asm)\b",
    "PIPELINE": r"__pipeline_|memcpy_async|cuda::|cuda/",
    "ADDRESSES": r"__cvta_|__is(?:Shared|Global|Local|Constant|GridConstant)",
    "CASTS": r"__\w+2\w+_r[nzud]\b|2u?char_rz",
    "DIRECTED": r"__[fd](?:add|sub|mul|div|rcp|r?sqrt|ma\w*)_r[nzud]\b",
    "VIDEO": r"__v(?!ol)[a-z]",
    "MATHEMATICS": rf"\b(?:{_FUNCTIONS})f?\b|norm[34]d|cyl_bessel_|__fns|__funnelshift_[lr]c|__dp2a",
}
# Whose names a text may paste together from pieces.
_PASTED = {"HALF_TESTS", "HALF_MATH", "CASTS", "DIRECTED", "VIDEO", "MATHEMATICS"}


def flags(text: str) -> list[str]:
    """The compiler's flags for what a device text mentions."""
    pasted = _PASTED if "##" in text else set()
    return [f"-DKG_{name}=1" for name, words in FEATURES.items() if name in pasted or re.search(words, text)]
