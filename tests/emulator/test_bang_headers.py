"""The BANG headers as data: every intrinsic is documented, noted in lines.h, and compiles for each element type its comment names."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from emulator.running import needs_gcc

from kernelglot.verify import toolchain
from kernelglot.verify.bang_build import flags

HEADERS = toolchain.DIALECTS / "bang" / "intrinsics"
C_TYPES = {"f32": "float", "f16": "half", "bf16": "bfloat16_t", "i32": "int32_t", "i16": "int16_t", "i8": "int8_t", "u32": "uint32_t",
           "u16": "uint16_t", "u8": "uint8_t"}
FUNCTION = re.compile(r"((?:^///[^\n]*\n)*)^(?:template <([^>]*)>\s)?static inline ([\w ]+?[ *]+)(__\w+)\(([^{]*?)\)\s*\{", re.MULTILINE)
# Element types of parameters other than T, where a comment's @types does not say them.
OTHER_TYPES = {"D": "float", "I": "uint32_t"}


@dataclass(frozen=True)
class Intrinsic:
    """One function of a header. ``parameters`` as written; ``template`` the names of its type parameters."""

    header: str
    comment: str
    template: tuple[str, ...]
    result: str
    name: str
    parameters: str

    @property
    def types(self) -> list[str]:
        """Element types of the comment's @types that stand alone (not pairs)."""
        found = re.search(r"@types ((?:\w+ ?)+)", self.comment)
        return [word for word in found.group(1).split() if word in C_TYPES] if found else []


@cache
def preprocessed() -> str:
    """The prelude and all that it includes, without lines.h, with markers of where each line comes from."""
    command = [toolchain.find("g++"), "-E", "-std=gnu++17", "-nostdinc", "-nostdinc++", f"-I{toolchain.RUNTIME}", "-DBANG_NO_LINES", "-x", "c++",
               str(HEADERS / "prelude.h")]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout


@cache
def defined() -> dict[str, str]:
    """Every intrinsic, those made by macros too, and the header that defines it first."""
    found: dict[str, str] = {}
    header = ""
    for where, name in re.findall(r'^# \d+ "([^"]+)"|static inline [\w ]+?[ *]+(__\w+)\(', preprocessed(), re.MULTILINE):
        header = where or header
        if name and header.startswith(str(HEADERS)):
            found.setdefault(name, Path(header).name)
    return found


def included() -> list[Path]:
    """The headers of its own folder that the prelude includes, in order, directly or through another."""
    names = dict.fromkeys(re.findall(r'^# 1 "([^"]+)" 1', preprocessed(), re.MULTILINE))
    return [Path(name) for name in names if Path(name).parent == HEADERS and Path(name).name != "prelude.h"]


def intrinsics() -> list[Intrinsic]:
    found = []
    for header in included():
        for comment, template, result, name, parameters in FUNCTION.findall(header.read_text()):
            types = tuple(part.split()[-1] for part in template.split(",")) if template else ()
            found.append(Intrinsic(header.name, comment, types, result.strip(), name, " ".join(parameters.split())))
    return found


def test_every_header_is_included() -> None:
    assert {path.name for path in HEADERS.glob("*.h")} - {"prelude.h", "lines.h", "variable.h"} == {path.name for path in included()}


@needs_gcc
def test_lines_h_names_every_intrinsic_once() -> None:
    noted = re.findall(r"^#define (__\w+)\(\.\.\.\) BANG_(?:AT|ON_CORE)\((\w+), __VA_ARGS__\)", (HEADERS / "lines.h").read_text(), re.MULTILINE)
    assert all(name == called for name, called in noted)
    assert [name for name, _ in noted] == list(defined())


@needs_gcc
def test_a_text_that_names_an_intrinsic_gets_its_header() -> None:
    """Headers that a text does not need are left out: never the one that defines what the text calls."""
    header_of = {part: re.findall(r'"([^"]+)"', block) for part, block in
                 re.findall(r"#ifndef BANG_WITHOUT_(\w+)\n((?:#include [^\n]+\n|#ifndef BANG_WITHOUT_FAMILIES\n)+)", (HEADERS / "prelude.h").read_text())}
    header_of["FAMILIES"] = ["convert_families.h"]
    assert len(header_of) > 10
    missing = []
    for name, header in defined().items():
        left_out = {flag.removeprefix("-DBANG_WITHOUT_") for flag in flags("mtp_592", f"{name}(d, a, b, n);") if "WITHOUT" in flag}
        missing += [f"{name}: {part}" for part in left_out if header in header_of.get(part, [])]
    assert not missing


GROUPS = {"BANG_FLOATS": {"f32", "f16", "bf16"}, "BANG_SIGNED": {"i32", "i16", "i8"}, "BANG_NUMBERS": {"f32", "f16", "bf16", "i32", "i16", "i8"}}


def test_the_types_that_a_comment_names_are_those_that_are_checked() -> None:
    wrong, checked = [], 0
    for header in HEADERS.glob("*.h"):
        for comment, body in re.findall(r"((?:^///[^\n]*\n)+)^(template <typename T>.*?^\})", header.read_text(), re.MULTILINE | re.DOTALL):
            if "@types" not in comment:                 # a helper
                continue
            mask = re.search(r"bang_require_(?:type<T>|atomic|reduction)\((?:\w+, )?(BANG_[^,)]+)", body)
            if mask:
                named = set().union(*(GROUPS.get(word, {word[5:].lower()}) for word in mask[1].split(" | ")))
                said = set(re.search(r"@types ((?:\w+ )+)", re.sub(r"\n///", " ", comment))[1].split())
                checked += 1
                if named != said:
                    wrong.append(f"{header.name}: {body[:80]}")
    assert checked > 150 and not wrong


@pytest.mark.parametrize("field", ["@arch ", "@source manuals/bang/"])
def test_every_intrinsic_says_where_it_comes_from(field: str) -> None:
    missing = [f"{each.header}: {each.name}" for each in intrinsics() if field not in each.comment]
    assert not missing


def test_operands_of_a_comment_are_parameters() -> None:
    wrong = []
    for each in intrinsics():
        for operand in re.findall(r"@operand (\w+)", each.comment):
            if not re.search(rf"\b{operand}\b", each.parameters):
                wrong.append(f"{each.header}: {each.name} has no parameter {operand}")
    assert not wrong


def instantiation(each: Intrinsic, element: str) -> str:
    """An explicit instantiation: ``template void __bang_add<float>(float *, const float *, ...);``."""
    chosen = {name: OTHER_TYPES.get(name, C_TYPES[element]) for name in each.template}
    if each.name.endswith("pool_index"):
        chosen["D"] = "uint32_t" if element == "f32" else "uint16_t"
    arguments = ", ".join(re.sub(r" = [^,]*", "", part) for part in each.parameters.split(","))
    for name, spelled in chosen.items():
        arguments = re.sub(rf"\b{name}\b", spelled, arguments)
    result = re.sub(r"\bT\b", C_TYPES[element], each.result)
    return f"template {result} {each.name}<{', '.join(chosen.values())}>({arguments});"


@needs_gcc
@pytest.mark.parametrize("architecture", ["592", "270"])
def test_every_intrinsic_compiles_for_its_types(architecture: str, tmp_path: Path) -> None:
    lines = ['#include "prelude.h"']
    for each in intrinsics():
        if each.template and "..." not in each.parameters:
            lines += [instantiation(each, element) for element in each.types]
    assert len(lines) > 500
    (tmp_path / "all.cpp").write_text("\n".join(lines) + "\n")
    command = [toolchain.find("g++"), "-std=gnu++17", "-fsyntax-only", "-fpermissive", "-w", "-nostdinc", f"-I{HEADERS}", f"-I{toolchain.RUNTIME}",
               f"-D__BANG_ARCH__={architecture}", "-fmax-errors=10", "all.cpp"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr[:4000]
