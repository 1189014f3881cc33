"""Rules of BANG C that the text alone shows to be broken: what stands in for the vendor's compiler, which cannot be had.

``check`` says only what is sure: sizes that are constants, operands that are named arrays or the kernel's own pointers. Whatever depends on
values is the emulator's (dialects/bang/intrinsics/check.h). An "error" is no valid BANG C or undefined on hardware; a "warning" is valid
where the documents leave it open.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .bang_facts import KNOWN, Architecture, Form, architecture_of, exists, forms, names
from .bang_text import SIZES, Array, Call, Function, Operand, Text, evaluate, read

DIRECTION = re.compile(r"(GDRAM|LDRAM|SRAM|NRAM|WRAM)2(GDRAM|LDRAM|SRAM|NRAM|WRAM)")
MOST_SEGMENTS = 65535
_SYNC = re.compile(r"__sync")
_BUILTIN = re.compile(
    r"__(?:builtin_\w+|attribute__|asm__|declspec|restrict__?|align__|launch_bounds__|typeof__|alignof__|volatile__|pragma|"
    r"static_assert|inline__|extension__)$"
)
_NO_SCALAR = re.compile(r"(?<![\w.])(erff|erfcf|expm1f|log1pf|cbrtf|lgammaf|tgammaf|asinhf|acoshf|atanhf)\s*\(")
_IN_PLACE_POOL = re.compile(r"__bang_(?:sum|avg)pool$")


@dataclass(frozen=True, slots=True)
class Violation:
    """``rule``: a short name, as a fault's kind; ``severity``: "error" or "warning"."""

    line: int
    rule: str
    sentence: str
    severity: str = "error"


@dataclass(frozen=True, slots=True)
class _Found:
    place: int
    rule: str
    sentence: str
    severity: str = "error"


Rule = Callable[[Text, Architecture], Iterator[_Found]]


def check(text: str, architecture: str) -> tuple[Violation, ...]:
    """What breaks a rule of BANG C for ``architecture`` ("mtp_592", "tp_322"; empty: mtp_592), by line."""
    target = architecture_of(architecture)
    whole = read(text, target)
    found = {Violation(whole.line(each.place), each.rule, each.sentence, each.severity) for rule in RULES for each in rule(whole, target)}
    return tuple(sorted(found, key=lambda each: (each.line, each.rule, each.sentence)))


# ---- names and architectures ---------------------------------------------------------------------------------------------------


def _unknown_names(text: Text, target: Architecture) -> Iterator[_Found]:
    for call in text.calls:
        if call.name not in names() and call.name not in text.defined and not _BUILTIN.match(call.name):
            yield _Found(call.place, "unknown-intrinsic", f"`{call.name}` is no intrinsic of BANG C that is known here")


def _architecture(text: Text, target: Architecture) -> Iterator[_Found]:
    if target.number not in KNOWN:
        yield _Found(0, "architecture", f"architecture {target.number} is not known", "warning")
    for call in text.calls:
        if call.name in names() and not exists(call.name, len(call.arguments), target):
            spelled = f"{'tp' if target.single else 'mtp'}_{target.number}"
            yield _Found(call.place, "architecture", f"`{call.name}` does not exist on {spelled}")


def _argument_counts(text: Text, target: Architecture) -> Iterator[_Found]:
    for call in text.calls:
        known = forms().get(call.name)
        if known and not any(form.least <= len(call.arguments) <= form.most for form in known):
            counts = " or ".join(
                str(count) for count in sorted({count for form in known for count in range(form.least, form.most + 1)})[:8]
            )
            yield _Found(call.place, "arguments", f"`{call.name}` takes {counts} arguments, not {len(call.arguments)}")


def _bfloat16(text: Text, target: Architecture) -> Iterator[_Found]:
    if target.number >= 500:
        return
    for each in text.functions:
        for found in re.finditer(r"\bbfloat16_t\b", text.plain[each.head : each.end]):
            yield _Found(each.head + found.start(), "architecture", f"bfloat16_t needs architecture 500 or later, not {target.number}")


# ---- the language --------------------------------------------------------------------------------------------------------------


def _no_double(text: Text, target: Architecture) -> Iterator[_Found]:
    for each in text.functions:
        for found in re.finditer(r"\b(?:long\s+)?double\b", text.plain[each.head : each.end]):
            yield _Found(each.head + found.start(), "type", f"`{found[0]}`: the device has no floats of 64 bits")


def _kernels_return_nothing(text: Text, target: Architecture) -> Iterator[_Found]:
    for each in text.functions:
        words = [
            word
            for word in re.findall(r"\w+", re.sub(r"__\w+__(?:\([^)]*\))?", " ", each.result))
            if word not in ("extern", "static", "inline")
        ]
        if each.kernel and words != ["void"]:
            yield _Found(each.head, "kernel", f"the kernel `{each.name}` must return void")


def _scalar_functions(text: Text, target: Architecture) -> Iterator[_Found]:
    for found in _NO_SCALAR.finditer(text.plain):
        if text.function_at(found.start()):
            yield _Found(
                found.start(), "scalar-function", f"`{found[1]}` is not among the scalar functions that the guide lists", "warning"
            )


# ---- arrays --------------------------------------------------------------------------------------------------------------------


def _variable_arrays(text: Text, target: Architecture) -> Iterator[_Found]:
    for array in text.arrays:
        if array.variable:
            yield _Found(array.place, "variable-length", f"the length of `{array.name}` is no constant: compilers may refuse it", "warning")


def _capacities(text: Text, target: Architecture) -> Iterator[_Found]:
    for kernel in (each for each in text.functions if each.kernel):
        reached = _reached(text, kernel)
        for space, capacity in target.capacities.items():
            own = [array for array in text.arrays if array.space == space and (text.function_at(array.place) in reached)]
            used = sum(array.bytes or 0 for array in own)
            if used > capacity and own and not (space == "SRAM" and capacity == 0):
                yield _Found(own[-1].place, "capacity", f"{space} capacity exceeded: {used} of {capacity} bytes")


def _reached(text: Text, kernel: Function) -> list[Function | None]:
    """The kernel, the functions it calls (they are always inlined), and the file itself as None."""
    reached: list[Function | None] = [None, kernel]
    for each in reached[1:]:
        body = text.plain[each.start : each.end]
        reached += [
            other for other in text.functions if other not in reached and re.search(rf"\b{other.name}\s*(?:<[^;{{}}]*>)?\s*\(", body)
        ]
    pending = [each for each in reached[2:] if each]
    while pending:
        body = text.plain[pending[0].start : pending.pop(0).end]
        fresh = [other for other in text.functions if other not in reached and re.search(rf"\b{other.name}\s*(?:<[^;{{}}]*>)?\s*\(", body)]
        reached += fresh
        pending += fresh
    return reached


def _shared_on_one_core(text: Text, target: Architecture) -> Iterator[_Found]:
    if not target.single:
        return
    for array in text.arrays:
        if array.space == "SRAM":
            yield _Found(array.place, "architecture", f"`{array.name}`: a tp_ target has no SRAM")
    for call, (source, destination), _ in _copies(text):
        if "SRAM" in (source, destination):
            yield _Found(call.place, "architecture", "a tp_ target has no SRAM to copy from or to")


def _scalar_weights(text: Text, target: Architecture) -> Iterator[_Found]:
    for array in (each for each in text.arrays if each.space == "WRAM"):
        subscripts = r"\s*\[[^\[\]]*\]" * len(array.dimensions)
        for found in re.finditer(rf"(?<![\w.&])(?<!& ){array.name}{subscripts}(?!\s*\[)", text.plain):
            declared = array.place <= found.start() <= text.plain.find(";", array.place)
            if not declared and text.array(array.name, found.start()) is array:
                yield _Found(found.start(), "scope", f"`{array.name}` lies in WRAM, which scalar code can neither read nor write")


# ---- operands ------------------------------------------------------------------------------------------------------------------


def _copies(text: Text) -> Iterator[tuple[Call, tuple[str, str], tuple[Operand, Operand, Operand]]]:
    """Copies whose direction is written out: the call, (source, destination) memory, (destination, source, size)."""
    for call in text.calls:
        places = {"__memcpy": 3, "__memcpy_async": 3, "__gather": 4, "__scatter": 4}
        at = places.get(call.name)
        if at is None or len(call.arguments) <= at:
            continue
        direction = DIRECTION.fullmatch(call.arguments[at].text)
        if direction and direction[0] != "WRAM2WRAM":
            yield call, (direction[1], direction[2]), (call.arguments[0], call.arguments[1], call.arguments[at - 1])


def _no_such_direction(text: Text, target: Architecture) -> Iterator[_Found]:
    for call in text.calls:
        if call.name in ("__memcpy", "__memcpy_async") and len(call.arguments) > 3 and call.arguments[3].text == "WRAM2WRAM":
            yield _Found(call.place, "scope", "there is no copy from WRAM to WRAM")


def _directions(text: Text, target: Architecture) -> Iterator[_Found]:
    for call, (source, destination), (to, origin, _) in _copies(text):
        for operand, wanted, what in ((origin, source, "source"), (to, destination, "destination")):
            space = text.space(operand.base, call.place)
            if space and space != wanted:
                yield _Found(
                    call.place, "scope", f"the {what} `{operand.text}` of the copy lies in {space}, and its direction says {wanted}"
                )
                break


def _spaces(text: Text, target: Architecture) -> Iterator[_Found]:
    for call, form in _vector_calls(text):
        for operand, wanted, parameter in zip(call.arguments, form.spaces, form.parameters):
            space = text.space(operand.base, call.place)
            array = text.array(operand.base, call.place)
            element = array and len(array.dimensions) == 1 and re.fullmatch(rf"{operand.base}\[.*\]", operand.text)
            if wanted and space and space != wanted and not element:
                yield _Found(
                    call.place, "scope", f"`{operand.text}` lies in {space}, and `{call.name}` takes its {parameter} from {wanted}"
                )


def _vector_calls(text: Text) -> Iterator[tuple[Call, Form]]:
    """Calls with the one form that their number of arguments leaves."""
    for call in text.calls:
        fitting = [form for form in forms().get(call.name, ()) if form.least <= len(call.arguments) <= form.most]
        if len(fitting) == 1 or (fitting and len({(form.spaces, form.overlap, form.parameters) for form in fitting}) == 1):
            yield call, fitting[0]


def _sizes(text: Text, target: Architecture) -> Iterator[_Found]:
    for call, (source, destination), (_, _, size) in _copies(text):
        value = _constant(text, size)
        if value is None:
            continue
        if value <= 0:
            yield _Found(call.place, "length", f"the size of a copy is {value} bytes")
        elif "WRAM" in (source, destination) and value % (64 if target.number < 300 else 16):
            yield _Found(
                call.place, "length", f"the size of a copy with WRAM is {value}: no multiple of {64 if target.number < 300 else 16}"
            )
        elif source == destination == "NRAM" and target.number < 300 and value % 128:
            yield _Found(call.place, "length", f"the size of an NRAM2NRAM copy is {value}: on 2xx a multiple of 128")
    for call in text.calls:
        if call.name in ("__memcpy", "__memcpy_async") and len(call.arguments) == 7:
            yield from _segments(text, call)
    yield from _counts(text, target)


def _segments(text: Text, call: Call) -> Iterator[_Found]:
    size, stride, count = (_constant(text, call.arguments[i]) for i in (2, 4, 6))
    if count is not None and not 0 <= count <= MOST_SEGMENTS:
        yield _Found(call.place, "length", f"segnum is {count}: it is the number of segments minus one, 0 to {MOST_SEGMENTS}")
    if size is not None and stride is not None and stride < size and count != 0:
        yield _Found(call.place, "length", f"dst_stride is {stride}, smaller than a segment of {size} bytes")


def _counts(text: Text, target: Architecture) -> Iterator[_Found]:
    """Element counts of vector intrinsics: not 0, and on 2xx whole 128 bytes at 64-byte addresses."""
    for call, form in _vector_calls(text):
        if "n" not in form.parameters or not call.name.startswith("__bang_") or "atomic" in call.name:
            continue
        count = _constant(text, call.arguments[form.parameters.index("n")])
        if count is not None and count <= 0:
            yield _Found(call.place, "length", f"`{call.name}` works on {count} elements")
        vectors = [
            (operand, text.array(operand.base, call.place)) for operand, wanted in zip(call.arguments, form.spaces) if wanted == "NRAM"
        ]
        if target.number < 300:
            yield from _on_2xx(call, [(operand, array) for operand, array in vectors if array and operand.offset is not None], count)


def _on_2xx(call: Call, vectors: list[tuple[Operand, Array]], count: int | None) -> Iterator[_Found]:
    """One sentence a call for its length, one for each address."""
    unit = 64 if call.name == "__bang_write_value" else 128
    for operand, array in vectors:
        size = SIZES.get(array.element, 0)
        if len(array.dimensions) == 1 and operand.offset * size % 64:
            yield _Found(call.place, "alignment", f"`{operand.text}` is no multiple of 64 bytes, as an address must be on 2xx")
    for operand, array in vectors:
        size = SIZES.get(array.element, 0)
        if count and unit == 128 and not operand.text.startswith("(") and count * size % unit:
            yield _Found(
                call.place, "length", f"`{call.name}` works on {count * size} bytes of `{array.name}`: on 2xx a multiple of {unit}"
            )
            return


def _constant(text: Text, operand: Operand) -> int | None:
    sizes = {array.name: array.bytes for array in text.arrays if array.bytes is not None}
    return evaluate(operand.text, text.constants, sizes)


def _over_run(text: Text, target: Architecture) -> Iterator[_Found]:
    """Constant lengths that reach beyond a named array. Published kernels do so by design: one that says `kernelglot-bang: over-run=` is
    warned only."""
    severity = "warning" if text.spare else "error"
    for call, _, (to, origin, size) in _copies(text):
        value = _constant(text, size)
        if len(call.arguments) != 4 or value is None:
            continue
        for operand in (to, origin):
            array = text.array(operand.base, call.place)
            room = array.bytes if array else None
            if array is None or room is None or operand.offset is None or len(array.dimensions) != 1:
                continue
            start = operand.offset * SIZES.get(array.element, 0)
            if start + value > room:
                sentence = f"{value} bytes are copied at byte {start} of `{array.name}`, which has {room}"
                yield _Found(call.place, "out-of-bounds", sentence, severity)


def _overlaps(text: Text, target: Architecture) -> Iterator[_Found]:
    for call, form in _vector_calls(text):
        if not call.arguments or not form.spaces or not form.spaces[0]:
            continue
        shared = [
            operand.text for operand, space in zip(call.arguments[1:], form.spaces[1:]) if space and operand.text == call.arguments[0].text
        ]
        if shared and form.overlap == "none":
            yield _Found(call.place, "overlap", f"`{call.name}` must not write to its operand `{shared[0]}`")
        elif shared and _IN_PLACE_POOL.match(call.name):
            yield _Found(
                call.place,
                "overlap",
                f"the guide does not let `{call.name}` write to its operand `{shared[0]}`, but published kernels do",
                "warning",
            )


# ---- waiting -------------------------------------------------------------------------------------------------------------------


def _missing_waits(text: Text, target: Architecture) -> Iterator[_Found]:
    """In straight-line code: what an asynchronous copy writes is read by an intrinsic, or what it reads is written, before any wait."""
    for place, call in enumerate(text.calls):
        if call.name != "__memcpy_async" or len(call.arguments) < 4:
            continue
        to, origin = call.arguments[0], call.arguments[1]
        end = _end_of_block(text.plain, call.end)
        for later in text.calls[place + 1 :]:
            if later.place > end or _SYNC.match(later.name):
                break
            if not later.name.startswith("__bang_"):
                continue
            if any(operand.text == to.text for operand in later.arguments):
                yield _Found(later.place, "async", f"`{later.name}` uses `{to.text}` before the asynchronous copy into it was waited for")
                break
            if later.arguments and later.arguments[0].text == origin.text:
                yield _Found(
                    later.place, "async", f"`{later.name}` overwrites `{origin.text}` before the asynchronous copy from it was waited for"
                )
                break


def _end_of_block(plain: str, place: int) -> int:
    depth = 0
    for at in range(place, len(plain)):
        depth += (plain[at] == "{") - (plain[at] == "}")
        if depth < 0:
            return at
    return len(plain)


RULES: tuple[Rule, ...] = (
    _unknown_names,
    _architecture,
    _argument_counts,
    _bfloat16,
    _no_double,
    _kernels_return_nothing,
    _scalar_functions,
    _variable_arrays,
    _capacities,
    _shared_on_one_core,
    _scalar_weights,
    _no_such_direction,
    _directions,
    _spaces,
    _sizes,
    _over_run,
    _overlaps,
    _missing_waits,
)

__all__ = ["Violation", "check"]
