"""CUDA C++ to HIP in the text itself: every name that HIP spells differently is replaced, every other byte stays.

HIP has CUDA's execution model, so a kernel needs no other structure, only other names; launches `<<<>>>`, templates, macros, comments
and formatting are the author's. What changes beyond names: warp operations keep 32 lanes (`warps.py`), wmma becomes rocWMMA
(`matrix.py`), `__launch_bounds__` counts in other units, and a few runtime calls want an argument wrapped.

What HIP has no counterpart for is left as it is and listed as unconverted, with its line: a list that is not empty means that the
text is not a translation yet. Names that the file declares itself (`CUDA_CHECK`, `cudaStatus`) are the author's and stay.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .matrix import ARCHITECTURE as MATRIX_ARCHITECTURE
from .matrix import translate_matrices
from .source import CudaSource, Unconverted
from .tokens import call_at
from .warps import translate_warps

__all__ = ["HipText", "Unconverted", "translate_text"]

RUNTIME_HEADER = "hip/hip_runtime.h"
DEFAULT_ARCHITECTURE = "gfx90a"
_FOREIGN = re.compile(r"(?:cuda|CUDA|cu[A-Z]|__nv|nvcuda|nv_|nvtx|nvshmem|nvrtc|nvml|cublas|CUBLAS|curand|CURAND|cufft|CUFFT)\w*")
_COMPARISONS = {"<", ">", "<=", ">=", "==", "!=", "/", "%"}


@dataclass(frozen=True, slots=True)
class HipText:
    """The HIP text of one CUDA file. ``architecture`` is the one it is meant for (`gfx90a`, `gfx1100`); ``notes`` are sentences for
    the user; ``unconverted`` is in the order of the text, and must be empty before anyone calls this a translation."""

    text: str
    notes: tuple[str, ...]
    architecture: str
    unconverted: tuple[Unconverted, ...]


@dataclass(frozen=True, slots=True)
class Renames:
    """`renames.toml`, ready to look things up in."""

    headers: dict[str, str]
    supplied_headers: dict[str, dict[str, str]]
    refused_headers: dict[str, str]
    names: dict[str, str]
    wrapped: dict[str, dict[str, Any]]
    refused: tuple[tuple[re.Pattern[str], str], ...]

    @staticmethod
    def read() -> Renames:
        table = tomllib.loads(Path(__file__).with_name("renames.toml").read_text(encoding="utf-8"))
        names = {group["from"] + stem: group["to"] + stem for group in table["prefixes"] for stem in group["names"].split()}
        refused = tuple((re.compile(pattern), reason) for pattern, reason in table["refused"].items())
        headers = (table["headers"], table["supplied_headers"], table["refused_headers"])
        return Renames(*headers, names | table["names"], table["wrapped"], refused)


def translate_text(text: str) -> HipText:
    """Translates one whole CUDA file (kernels and host code). Declines nothing: what it can't translate is in ``unconverted``."""
    source, renames = CudaSource(text), Renames.read()
    translate_warps(source)
    matrices = translate_matrices(source)
    _headers(source, renames)
    _launch_bounds(source)
    _launches_in_device_code(source)
    _names(source, renames)
    unconverted = tuple(sorted(source.unconverted, key=lambda found: found.line))
    return HipText(source.edits.made(), tuple(source.notes), MATRIX_ARCHITECTURE if matrices else DEFAULT_ARCHITECTURE, unconverted)


def _headers(source: CudaSource, renames: Renames) -> None:
    """Renames includes, drops those that HIP's runtime header makes needless, and adds that header where it is missing."""
    included: set[tuple[str, tuple[int, ...]]] = set()          # path, with the conditionals it stands in
    conditions = _conditions(source)
    for index, condition in conditions.items():
        token = source.tokens[index]
        path = re.search(r'[<"]([^>"]*)', token.text)[1]        # type: ignore[index]  # the lexer saw the delimiter
        new = renames.headers.get(path, path)
        if path in renames.supplied_headers:
            _supply(source, index, renames.supplied_headers[path])
        elif path not in renames.headers:
            reason = next((why for start, why in renames.refused_headers.items() if path.startswith(start)), None)
            if reason:
                source.refuse(index, reason, path)
            elif path.endswith((".cuh", ".cu")):
                source.note(f'"{path}" is included and not translated with this file')
        elif not new or any((new, condition[:depth]) in included for depth in range(len(condition) + 1)):
            source.edits.delete_line_part(token.start, token.end)
        else:
            source.edits.replace(token.start, token.end, token.text.replace(path, new))
        included.add((new, condition))
    if RUNTIME_HEADER not in {path for path, _ in included}:
        source.edits.insert(_first_include(source, conditions), f"#include <{RUNTIME_HEADER}>\n")


def _supply(source: CudaSource, index: int, definitions: dict[str, str]) -> None:
    """In place of a header that HIP lacks, what the file uses of it."""
    named = {source.spelled(each) for each in source.names()} - source.declared
    used = [text.strip() for name, text in definitions.items() if name in named]
    headers = [line for line in ("#include <cstdio>", "#include <cstdlib>") if used and line not in source.text]
    source.edits.replace(source.tokens[index].start, source.tokens[index].end, "\n".join(headers + used))


def _conditions(source: CudaSource) -> dict[int, tuple[int, ...]]:
    """For each include, by token index: the conditionals around it, outermost first, each as the index of its `#`. An include guard
    is none."""
    found: dict[int, tuple[int, ...]] = {}
    stack: list[int | None] = []
    for index, token in enumerate(source.tokens):
        directive = source.spelled(index + 1) if token.text == "#" else ""
        if token.kind == "include":
            found[index] = tuple(place for place in stack if place is not None)
        elif directive in ("if", "ifdef", "ifndef"):
            stack.append(None if _include_guard(source, index) else index)
        elif directive in ("else", "elif") and stack:
            stack[-1] = index
        elif directive == "endif" and stack:
            stack.pop()
    return found


def _first_include(source: CudaSource, conditions: dict[int, tuple[int, ...]]) -> int:
    """Where a line can be added in front of the first include and of the conditionals it stands in; in a file without includes, in
    front of its first line of code."""
    for index, condition in conditions.items():
        return _line_start(source.text, source.tokens[(*condition, index)[0]].start)
    first = next((token for index, token in enumerate(source.tokens) if not _preamble(source, index)), None)
    return _line_start(source.text, first.start) if first else len(source.text)


def _include_guard(source: CudaSource, index: int) -> bool:
    """`#ifndef NAME` right above `#define NAME`."""
    spelled = [source.spelled(place) for place in range(index + 1, index + 6)]
    return spelled[0] == "ifndef" and spelled[2:4] == ["#", "define"] and spelled[1] == spelled[4]


def _preamble(source: CudaSource, index: int) -> bool:
    """Whether the token belongs to `#pragma once` at the top."""
    return [token.text for token in source.tokens[:3]] == ["#", "pragma", "once"] and index < 3


def _line_start(text: str, position: int) -> int:
    return text.rfind("\n", 0, position) + 1


def _launch_bounds(source: CudaSource) -> None:
    """CUDA's second number is the least blocks a multiprocessor, HIP's the least warps (of 32 threads) an execution unit."""
    for index in source.names():
        call = call_at(source.tokens, index) if source.spelled(index) == "__launch_bounds__" else None
        if call is None or len(call.arguments) < 2:
            continue
        if len(call.arguments) > 2:
            source.refuse(index, "HIP has no third number here: there are no thread block clusters")
            continue
        threads, blocks = (source.slice(*argument) for argument in call.arguments)
        first, last = call.arguments[1]
        known = source.integer(threads), source.integer(blocks)
        warps = f"({blocks}) * ({threads}) / 32" if None in known else str(max(1, known[0] * known[1] // 32))    # type: ignore[operator]
        source.edits.replace(source.tokens[first].start, source.tokens[last - 1].end, warps)
        source.note(f"`__launch_bounds__({threads}, {blocks})`: the second number counts blocks a multiprocessor in CUDA, "
                    "warps of 32 threads an execution unit in HIP")


def _launches_in_device_code(source: CudaSource) -> None:
    for first, last in source.device_bodies():
        for index in range(first, last):
            if source.spelled(index) == "<<<":
                source.refuse(index, "a kernel launches a kernel: HIP has no dynamic parallelism", source.spelled(index - 1) + "<<<>>>")


def _names(source: CudaSource, renames: Renames) -> None:
    """Replaces each name the tables know, and lists those that are CUDA's but in no table."""
    for index in source.names():
        name = source.spelled(index)
        if index in source.handled:
            continue
        if name in renames.names:
            _rename(source, renames, index)
        elif name == "cuda" and source.spelled(index - 1) == "::" and source.spelled(index - 2) in ("at", "c10"):
            source.rename(index, "hip")
        elif name not in source.declared and not source.is_member(index):
            reason = next((why for pattern, why in renames.refused if pattern.fullmatch(name)), None)
            if reason is None and name == "cuda" and source.spelled(index + 1) == "::":
                reason = "libcu++ is not part of HIP"
            elif reason is None and _FOREIGN.fullmatch(name):
                reason = "a name of CUDA's that no table has a counterpart for"
            if reason:
                source.refuse(index, reason)


def _rename(source: CudaSource, renames: Renames, index: int) -> None:
    name = source.spelled(index)
    if name == "cub" and source.spelled(index + 1) != "::":
        return
    if name == "__CUDA_ARCH__" and {source.spelled(index - 1), source.spelled(index + 1)} & _COMPARISONS:
        source.refuse(index, "a compute capability is compared; decide what an AMD GPU should answer")
        return
    if re.match(r"curand_(uniform|normal|poisson)", name):
        source.note("hipRAND draws other numbers than cuRAND for the same seed")
    source.rename(index, renames.names[name])
    rule, call = renames.wrapped.get(name), call_at(source.tokens, index)
    if rule and call and rule["argument"] < len(call.arguments):
        first, last = call.arguments[rule["argument"]]
        if not re.match(r"reinterpret_cast|static_cast|\(\s*(?:const\s+)?void\s*\*|HIP_SYMBOL", source.slice(first, last)):
            source.edits.insert(source.tokens[first].start, rule["before"])
            source.edits.insert(source.tokens[last - 1].end, rule["after"])
