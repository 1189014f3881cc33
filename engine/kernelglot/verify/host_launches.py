"""Launches in the text of a whole file, rewritten to calls that a C++ compiler knows. Every line keeps its number.

``k<<<grid, block, shared, stream>>>(a, b)`` becomes a call of ``kernelglot::launch`` (runtime/host/unit.h) that is given the
configuration, a lambda that calls ``k``, and then the arguments. That happens in the text as it stands, macros included, so what surrounds
a launch (templates, namespaces, macros, a comma expression) is left to the compiler. ``cudaLaunchKernel`` and its relatives lose the cast
to ``void *``, which would hide the kernel's parameters.
"""

from __future__ import annotations

import re

_HIDDEN = re.compile(
    r"""(?P<comment>/\*[\s\S]*?(?:\*/|\Z)|//(?:\\\r?\n|[^\n])*)|R"(?P<raw>[^()\\\s]{0,16})\([\s\S]*?\)(?P=raw)"|"(?:\\.|[^"\\\n])*"|"""
    r"""\b\d[\w.']*|'(?:\\.|[^'\\\n])*'"""
)
_CLOSING = {")": "(", "]": "[", "}": "{"}
_WORD_BEFORE = re.compile(r"(?:\btemplate\s+)?[A-Za-z_]\w*\s*$")
_JOINT_BEFORE = re.compile(r"(?:::|\.|->|##)\s*$")
_NEWLINE = re.compile(r"\\?\r?\n")
_LAUNCH_CALL = re.compile(
    r"\b(?:cuda|hip)Launch(?P<together>Cooperative)?Kernel\s*\(\s*"
    r"(?:(?P<cast>(?:reinterpret_cast|static_cast)\s*<\s*(?:const\s+)?void\s*(?:const\s*)?\*\s*>\s*\()|\(\s*(?:const\s+)?void\s*\*\s*\)\s*)?&?"
)
_TEMPLATED = re.compile(r"\btemplate\s*<[^;{}]*?__global__[^;{}()]*?\b(\w+)\s*\(")


def without(text: str, strings: bool) -> str:
    """The text with its comments (and, where ``strings``, its literals) blanked; nothing moves."""

    def blank(found: re.Match[str]) -> str:
        if found["comment"] is None and (not strings or found[0][0] not in "\"'R"):
            return found[0]
        return re.sub(r"[^\n\\]" if found["comment"] is None else r"[^\n]", " ", found[0])

    return _HIDDEN.sub(blank, text)


def rewritten(text: str) -> str:
    """``text`` with ordinary calls where launches were."""
    plain, bare = without(text, strings=False), without(text, strings=True)
    bare = re.sub(r"(?<=[^\n])\\(?=\n)", " ", bare)
    settings = "FuncSetAttribute" in bare
    templates = set(_TEMPLATED.findall(bare))
    pieces, done, at = [], 0, bare.find("<<<")
    while at >= 0:
        start, end = _kernel_start(bare, at), _configuration_end(bare, at + 3)
        if start is not None and end is not None and start >= done:
            pieces += [text[done:start], _launch(plain[start:at], plain[at + 3 : end], text[start : end + 3], settings, templates)]
            done = end + 3
        at = bare.find("<<<", max(done, at + 3))
    return _typed_functions("".join([*pieces, text[done:]]))


def _launch(kernel: str, configuration: str, whole: str, settings: bool, templates: set[str]) -> str:
    kernel, configuration = (" ".join(_NEWLINE.sub(" ", part).split()) for part in (kernel, configuration))
    known = settings and not (re.fullmatch(r"[\w:]+", kernel) and kernel.rpartition("::")[2] in templates)
    address = f"kernelglot::address({kernel})" if known else "nullptr"
    shown = kernel.replace("\\", "").replace('"', "'")
    call = f'kernelglot::launch(KG_SITE("{shown}"), {address}, [&](auto &...kg_a) {{ {kernel}(kg_a...); }}, {configuration})'
    return call + "".join(_NEWLINE.findall(whole))


def _kernel_start(bare: str, end: int) -> int | None:
    """Where the expression begins that names the kernel launched at ``end``."""
    start = at = len(bare[:end].rstrip())
    while True:
        if at and bare[at - 1] == ">":
            opening = _angle_start(bare, at - 1)
            if opening is None:
                return None
            at = len(bare[:opening].rstrip())
        bracketed = False
        while at and bare[at - 1] in ")]":
            opening = _bracket_start(bare, at - 1)
            if opening is None:
                return None
            start, at, bracketed = opening, opening, True
        word = _WORD_BEFORE.search(bare, max(0, at - 300), at)
        if word is None or (bracketed and bare[at - 1].isspace()):
            return start if bare[start:end].strip() else None
        start = word.start()
        joint = _JOINT_BEFORE.search(bare, max(0, start - 40), start)
        if joint is None:
            return start
        start = joint.start()
        at = len(bare[:start].rstrip())


def _angle_start(bare: str, at: int) -> int | None:
    depth = 0
    while at >= 0:
        letter = bare[at]
        if letter in _CLOSING:
            opening = _bracket_start(bare, at)
            if opening is None:
                return None
            at = opening
        elif letter in ";{}":
            return None
        else:
            depth += (letter == ">" and bare[at - 1 : at] != "-") - (letter == "<")
            if depth == 0:
                return at
        at -= 1
    return None


def _bracket_start(bare: str, at: int) -> int | None:
    depth = 0
    for place in range(at, -1, -1):
        depth += (bare[place] in ")]}") - (bare[place] in "([{")
        if depth == 0:
            return place
    return None


def _configuration_end(bare: str, at: int) -> int | None:
    depth = 0
    for place in range(at, len(bare)):
        letter = bare[place]
        if depth == 0 and bare.startswith(">>>", place):
            return place
        depth += (letter in "([{") - (letter in ")]}")
        if depth < 0 or letter == ";":
            return None
    return None


def _typed_functions(text: str) -> str:
    bare = without(text, strings=True)
    pieces, done = [], 0
    for found in _LAUNCH_CALL.finditer(bare):
        name_end = _argument_end(bare, found.end())
        if name_end is None or bare[: found.start()].rstrip().endswith("#define"):
            continue
        flags = "KG_HOST_COOPERATIVE" if found["together"] else "0"
        name = " ".join(text[found.end() : name_end].split())
        opened = "(" if found["cast"] else ""
        site = f'KG_SITE("{name.rstrip(")") if opened else name}")'
        newlines = "".join(_NEWLINE.findall(found[0]))
        pieces += [text[done : found.start()], f"kernelglot::launch_function<{flags}>({site}, {newlines}{opened}"]
        done = found.end()
    return "".join([*pieces, text[done:]])


def _argument_end(bare: str, at: int) -> int | None:
    """Where the first argument ends, template arguments and brackets included."""
    depth = 0
    for place in range(at, len(bare)):
        letter = bare[place]
        if letter == "," and depth <= 0:
            return place
        depth += (letter in "([{<") - (letter in ")]}>")
        if letter == ";":
            return None
    return None
