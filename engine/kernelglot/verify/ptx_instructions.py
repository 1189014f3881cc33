"""What each PTX instruction becomes: a call of runtime/ptx.h. Modifiers that an instruction's row does not name are not emulated.

source: PTX ISA, "Instruction Set"
"""

from __future__ import annotations

import re
from collections.abc import Callable

from .ptx_operands import BITS, FLAGS, TYPES, Instruction, Registers, Unsupported, cut, flags, variable, vector
from .ptx_warp import WARP

_ROUNDED = {"rn", "rz", "rm", "rp", "ftz", "sat"}

# Instructions of one type whose operands all have it: how many sources, which modifiers; "" in front of the name stands for no suffix.
SIMPLE: dict[str, tuple[int, set[str]]] = {
    "add": (2, _ROUNDED), "sub": (2, _ROUNDED), "mul": (2, _ROUNDED), "mul.lo": (2, set()), "mul.hi": (2, set()), "mul.wide": (2, set()),
    "mad": (3, _ROUNDED), "mad.lo": (3, set()), "mad.hi": (3, {"sat"}), "mul24.lo": (2, set()), "mad24.lo": (3, set()), "sad": (3, set()),
    "fma": (3, _ROUNDED | {"relu"}), "div": (2, {"rn", "rz", "rm", "rp", "ftz", "full", "approx"}), "rem": (2, set()),
    "abs": (1, {"ftz"}), "neg": (1, {"ftz"}), "min": (2, {"ftz", "NaN"}), "max": (2, {"ftz", "NaN"}),
    "rcp": (1, {"rn", "rz", "rm", "rp", "ftz", "approx"}), "sqrt": (1, {"rn", "rz", "rm", "rp", "ftz", "approx"}),
    "rsqrt": (1, {"approx", "ftz"}), "sin": (1, {"approx", "ftz"}), "cos": (1, {"approx", "ftz"}), "lg2": (1, {"approx", "ftz"}),
    "ex2": (1, {"approx", "ftz"}), "tanh": (1, {"approx"}), "and": (2, set()), "or": (2, set()), "xor": (2, set()), "not": (1, set()),
    "cnot": (1, set()), "shl": (2, set()), "shr": (2, set()), "popc": (1, set()), "clz": (1, set()), "bfind": (1, set()),
    "brev": (1, set()),
    "bfe": (3, set()), "bfi": (4, set()), "bmsk.clamp": (2, set()), "copysign": (2, set()),
}  # fmt: skip
_FUNCTIONS = {"and": "and_", "or": "or_", "xor": "xor_", "not": "not_", "mad": "fma", "bmsk.clamp": "bmsk"}
# As ptx.h counts comparisons; 8: true where an operand is NaN.
COMPARE = {"eq": 0, "ne": 1, "lt": 2, "le": 3, "gt": 4, "ge": 5, "lo": 2, "ls": 3, "hi": 4, "hs": 5, "num": 6, "nan": 7,
           "equ": 8, "neu": 9, "ltu": 10, "leu": 11, "gtu": 12, "geu": 13}  # fmt: skip
_MEMORY = {"volatile", "relaxed", "acquire", "release", "acq_rel", "weak", "cta", "gpu", "sys", "cluster", "global", "shared", "local",
           "const", "ca", "cg", "cs", "lu", "cv", "nc", "wb", "wt", "noftz"}  # fmt: skip
_ATOMS = {"add": "+", "min": "m", "max": "M", "and": "&", "or": "|", "xor": "^", "inc": "i", "dec": "d", "cas": "c", "exch": "="}
_STATEMENT = re.compile(r"\s*([{}]|[A-Za-z_$][\w$]*\s*:(?!:)|;)")
_GUARD = re.compile(r"@\s*(!?)\s*([%\w$]+)\s+")


class Block(Registers):
    """Translates the instructions of one `asm` statement."""

    __slots__ = ()

    def translated(self, template: str) -> str:
        text = re.sub(r"//[^\n]*|/\*.*?\*/", " ", template, flags=re.DOTALL).replace("%%", "%")
        labels = re.findall(r"(?:^|[;{}])\s*([A-Za-z_$][\w$]*)\s*:(?!:)", text)
        made, at = [f"{{ __label__ {', '.join(f'kg_l_{each}' for each in labels)};"] if labels else [], 0
        while text[at:].strip():
            mark = _STATEMENT.match(text, at)
            if mark:
                word = mark[1]
                made.append(word if word in "{}" else "" if word == ";" else f"kg_l_{word[:-1].strip()}: ;")
                at = mark.end()
                continue
            end = text.find(";", at)
            if end < 0:
                raise Unsupported(f"PTX without an ending semicolon is not emulated: `{' '.join(text[at:].split())[:60]}`")
            made.append(self._line(text[at:end].strip()))
            at = end + 1
        if sum(part == "{" for part in made) != sum(part == "}" for part in made):
            raise Unsupported("a PTX block that another asm statement ends is not emulated")
        whole = " ".join([*made, "}"] if labels else made)
        return "".join(f"kg_ptx::Reg {name} = 0; " for name in ("kg_carry", "kg_sink") if name in whole) + whole

    def _line(self, line: str) -> str:
        if line.startswith("."):
            return self._directive(line)
        guard = _GUARD.match(line)
        body = line[guard.end() :] if guard else line
        opcode, _, rest = body.partition(" ") if re.match(r"\S+\s", body := re.sub(r"\s+", " ", body)) else (body, "", "")
        name, *modifiers = re.split(r"\.|::", opcode)
        instruction = Instruction(name, tuple(modifiers), tuple(cut(rest)))
        code = self._translate(instruction)
        return f"if ({'!' if guard[1] else ''}({self.value(guard[2])} & 1)) {{ {code} }}" if guard else code

    def _directive(self, line: str) -> str:
        found = re.fullmatch(r"\.reg\s+\.(\w+)\s+(.*)", line, re.DOTALL)
        if not found or found[1] not in BITS:
            raise Unsupported(f"the PTX directive `{' '.join(line.split())[:60]}` is not emulated")
        made = []
        for name in found[2].split(","):
            many = re.fullmatch(r"\s*([%\w$]+)<(\d+)>\s*", name)
            made += [f"{many[1]}{i}" for i in range(int(many[2]))] if many else [name.strip()]
        self.names.update(made)
        return "".join(f"kg_ptx::Reg {variable(name)}; {variable(name)} = kg_ptx::fresh(); " for name in made)

    def _translate(self, op: Instruction) -> str:
        handler = HANDLERS.get(op.name)
        if handler is not None:
            return handler(self, op)
        if op.name in WARP:
            return WARP[op.name](self, op)
        return _simple(self, op)

def _simple(block: Registers, op: Instruction) -> str:
    modifiers = list(op.modifiers)
    name = op.name
    if modifiers and f"{name}.{modifiers[0]}" in SIMPLE:
        name = f"{name}.{modifiers.pop(0)}"
    type_ = modifiers.pop() if modifiers else ""
    if name not in SIMPLE or type_ not in TYPES or not set(modifiers) <= SIMPLE[name][1]:
        raise op.declined()
    count = SIMPLE[name][0]
    op.at_least(count + 1)
    if name in ("mul", "mad") and type_[0] in "us":
        raise op.declined()
    function = _FUNCTIONS.get(name, name.replace(".", "_"))
    types = [type_] * count
    if name in ("shl", "shr"):
        types[1] = "u32"
    if name in ("bfe", "bfi"):
        types[-2:] = ["u32", "u32"]
    sources = ", ".join(block.typed(operand, each) for operand, each in zip(op.operands[1:], types))
    return f"{block.place(op.operands[0])} = kg_ptx::put(kg_ptx::{function}<{flags(op, modifiers)}>({sources}));"


# ---- moves, memory ---------------------------------------------------------------------------------------------------------------------

def _move(block: Registers, op: Instruction) -> str:
    (type_,) = op.modifiers if len(op.modifiers) == 1 else ("",)
    if type_ not in TYPES:
        raise op.declined()
    to, source = vector(op.at_least(2).operands[0]), vector(op.operands[1])
    if len(to) == 1 and len(source) == 1:
        return f"{block.place(to[0])} = {block.value(source[0], type_)};"
    many = max(len(to), len(source))
    piece = BITS[type_] // many
    mask = f"0x{(1 << piece) - 1:x}ull"
    if len(to) == 1:
        parts = " | ".join(f"({block.value(each)} & {mask}) << {i * piece}" for i, each in enumerate(source))
        return f"{block.place(to[0])} = {parts};"
    copies = "".join(f"{block.place(each)} = kg_whole >> {i * piece} & {mask}; " for i, each in enumerate(to) if each != "_")
    return f"{{ kg_ptx::Reg kg_whole = {block.value(source[0])}; {copies}}}"


def _memory(op: Instruction) -> tuple[str, int, str]:
    """Space, how many elements, their type."""
    space, count, rest = "", 1, []
    modifiers = list(op.modifiers)
    while modifiers:
        each = modifiers.pop(0)
        if each in ("shared", "global", "local", "const"):
            space = each
        elif each in ("v2", "v4"):
            count = int(each[1])
        elif each in ("L1", "L2"):
            modifiers.pop(0)
        elif each not in _MEMORY:
            rest.append(each)
    if len(rest) != 1 or rest[0] not in TYPES:
        raise op.declined()
    return space, count, rest[0]


def _load(block: Registers, op: Instruction) -> str:
    space, count, type_ = _memory(op)
    to = vector(op.at_least(2).operands[0])
    if len(to) != count:
        raise op.declined()
    reads = "".join(f"{block.place(each)} = kg_ptx::put(kg_at[{i}]); " for i, each in enumerate(to) if each != "_")
    at = f"kg_ptx::at<{TYPES[type_]}, {count}>({block.address(op.operands[1], space)}, __LINE__)"
    return f"{{ const {TYPES[type_]} *kg_at = {at}; {reads}}}"


def _store(block: Registers, op: Instruction) -> str:
    space, count, type_ = _memory(op)
    source = vector(op.at_least(2).operands[1])
    if len(source) != count:
        raise op.declined()
    writes = "".join(f"kg_at[{i}] = {block.typed(each, type_)}; " for i, each in enumerate(source))
    at = f"kg_ptx::at<{TYPES[type_]}, {count}>({block.address(op.operands[0], space)}, __LINE__)"
    return f"{{ {TYPES[type_]} *kg_at = {at}; {writes}}}"


def _atomic(block: Registers, op: Instruction) -> str:
    kinds = [each for each in op.modifiers if each in _ATOMS]
    space, count, type_ = _memory(Instruction(op.name, tuple(each for each in op.modifiers if each not in _ATOMS), op.operands))
    if len(kinds) != 1 or count != 1:
        raise op.declined()
    operands = op.operands if op.name == "atom" else ("", *op.operands)
    if len(operands) < (4 if kinds[0] == "cas" else 3):
        raise op.declined()
    other = block.typed(operands[3], type_) if kinds[0] == "cas" else f"{TYPES[type_]}()"
    c_type = TYPES[type_]
    call = (f"kg_ptx::atom<{c_type}>(kg_ptx::at<{c_type}, 1>({block.address(operands[1], space)}, __LINE__), "
            f"{block.typed(operands[2], type_)}, {other}, '{_ATOMS[kinds[0]]}')")  # fmt: skip
    return f"{block.place(operands[0])} = kg_ptx::put({call});" if operands[0] not in ("", "_") else f"{call};"


def _address_space(block: Registers, op: Instruction) -> str:
    modifiers = [each for each in op.modifiers if each != "cta"]
    to = modifiers[:1] == ["to"]
    space, type_ = (modifiers[-2:] if len(modifiers) == 2 + to else ("", ""))
    if space not in ("shared", "global", "local", "const", "param") or type_ not in ("u32", "u64"):
        raise op.declined()
    source = block.value(op.at_least(2).operands[1])
    if space == "shared" and to:
        source = f"kernelglot::shared_address((void *){source}, __LINE__)"
    elif space == "shared":
        source = f"(kg_ptx::Reg)kernelglot::shared_pointer({source}, __LINE__)"
    return f"{block.place(op.operands[0])} = {source};"


def _is_space(block: Registers, op: Instruction) -> str:
    tests = {"shared": "__isShared", "global": "__isGlobal", "local": "__isLocal"}
    if not op.modifiers or op.modifiers[0] not in tests:
        raise op.declined()
    return f"{block.place(op.at_least(2).operands[0])} = {tests[op.modifiers[0]]}((void *){block.value(op.operands[1])});"


# ---- predicates, selections ------------------------------------------------------------------------------------------------------------

def _comparison(block: Registers, op: Instruction) -> tuple[str, str]:
    """The comparison of `setp` and `set`, and the type of the sources."""
    modifiers = list(op.modifiers)
    compare, type_ = modifiers.pop(0), modifiers.pop()
    join = modifiers.pop(0) if modifiers and modifiers[0] in ("and", "or", "xor") else ""
    if op.name == "set" and modifiers:
        modifiers.pop()                                            # the type of the result
    if compare not in COMPARE or type_ not in TYPES or not set(modifiers) <= {"ftz"}:
        raise op.declined()
    op.at_least(4 if join else 3)
    call = (f"kg_ptx::test<{flags(op, modifiers)}, {COMPARE[compare]}>"
            f"({block.typed(op.operands[1], type_)}, {block.typed(op.operands[2], type_)})")  # fmt: skip
    if not join:
        return call, ""
    return call, f" {dict(zip(('and', 'or', 'xor'), '&|^'))[join]} (bool)({block.value(op.operands[3])} & 1)"


def _set_predicate(block: Registers, op: Instruction) -> str:
    if len(op.modifiers) < 2:
        raise op.declined()
    call, joined = _comparison(block, op)
    first, _, second = op.operands[0].partition("|")
    code = f"{{ bool kg_is = {call}; "
    if second and second.strip() != "_":
        code += f"kg_ptx::Reg kg_not = !kg_is{joined}; "
    if first.strip() != "_":
        code += f"{block.place(first)} = kg_is{joined}; "
    if second and second.strip() != "_":
        code += f"{block.place(second)} = kg_not; "
    return code + "}"


def _set(block: Registers, op: Instruction) -> str:
    if len(op.modifiers) < 3 or op.modifiers[-2] not in ("u32", "s32", "f32"):
        raise op.declined()
    call, joined = _comparison(block, op)
    yes, no = ("kg_ptx::put(1.0f)", "kg_ptx::put(0.0f)") if op.modifiers[-2] == "f32" else ("0xffffffffull", "0ull")
    return f"{block.place(op.operands[0])} = ({call}{joined}) ? {yes} : {no};"


def _select(block: Registers, op: Instruction) -> str:
    if len(op.modifiers) != 1 or op.modifiers[0] not in TYPES:
        raise op.declined()
    a, b, p = op.at_least(4).operands[1:4]
    type_ = op.modifiers[0]
    return f"{block.place(op.operands[0])} = ({block.value(p)} & 1) ? {block.value(a, type_)} : {block.value(b, type_)};"


def _sign_select(block: Registers, op: Instruction) -> str:
    if len(op.modifiers) != 2 or op.modifiers[0] not in TYPES or op.modifiers[1] not in ("s32", "f32"):
        raise op.declined()
    a, b, c = op.at_least(4).operands[1:4]
    type_, sign = op.modifiers
    return f"{block.place(op.operands[0])} = {block.typed(c, sign)} >= 0 ? {block.value(a, type_)} : {block.value(b, type_)};"


# ---- integers with a rule of their own -------------------------------------------------------------------------------------------------

def _carry(block: Registers, op: Instruction) -> str:
    """add.cc, addc, sub.cc, subc: the carry lives within one asm statement."""
    use, type_ = op.name.endswith("c"), op.modifiers[-1]
    if type_ not in ("u32", "s32", "b32", "u64", "s64", "b64") or set(op.modifiers[:-1]) - {"cc"} or (use and not block.carries):
        raise op.declined()
    block.carries = True
    call = f"kg_ptx::{op.name[:3]}_carry<0>({block.typed(op.at_least(3).operands[1], type_)}, {block.typed(op.operands[2], type_)}"
    if "cc" in op.modifiers:
        return f"{block.place(op.operands[0])} = {call}, kg_carry, {str(use).lower()});"
    return f"{{ kg_ptx::Reg kg_old = kg_carry; {block.place(op.operands[0])} = {call}, kg_old, true); }}"


def _sum(block: Registers, op: Instruction) -> str:
    return _carry(block, op) if "cc" in op.modifiers else _simple(block, op)


def _wide_mad(block: Registers, op: Instruction) -> str:
    if op.modifiers[:1] != ("wide",):
        return _simple(block, op)
    type_ = op.modifiers[-1]
    if len(op.modifiers) != 2 or type_ not in ("u16", "s16", "u32", "s32"):
        raise op.declined()
    a, b, c = op.at_least(4).operands[1:4]
    return f"{block.place(op.operands[0])} = kg_ptx::mul_wide<0>({block.typed(a, type_)}, {block.typed(b, type_)}) + {block.value(c)};"


def _lookup(block: Registers, op: Instruction) -> str:
    if op.modifiers != ("b32",):
        raise op.declined()
    sources = ", ".join(block.typed(each, "b32") for each in op.at_least(5).operands[1:4])
    return f"{block.place(op.operands[0])} = kg_ptx::lop3({sources}, (unsigned){block.value(op.operands[4])});"


def _permute(block: Registers, op: Instruction) -> str:
    if op.modifiers != ("b32",):
        raise op.declined()
    return f"{block.place(op.at_least(4).operands[0])} = __byte_perm({', '.join(block.typed(each, 'b32') for each in op.operands[1:4])});"


def _funnel(block: Registers, op: Instruction) -> str:
    if len(op.modifiers) != 3 or op.modifiers[0] not in "lr" or op.modifiers[1] not in ("wrap", "clamp") or op.modifiers[2] != "b32":
        raise op.declined()
    sources = ", ".join(block.typed(each, "b32") for each in op.at_least(4).operands[1:4])
    left, clamp = str(op.modifiers[0] == "l").lower(), str(op.modifiers[1] == "clamp").lower()
    return f"{block.place(op.operands[0])} = kg_ptx::shift_pair<0>({sources}, {left}, {clamp});"


def _dot(block: Registers, op: Instruction) -> str:
    """dp4a and dp2a: each operand is signed or not."""
    half = op.modifiers[0] if op.name == "dp2a" and op.modifiers else ""
    types = op.modifiers[1:] if half else op.modifiers
    if len(types) != 2 or not set(types) <= {"u32", "s32"} or (op.name == "dp2a" and half not in ("lo", "hi")):
        raise op.declined()
    a, b, c = (block.value(each) for each in op.at_least(4).operands[1:4])
    signs = ", ".join(str(each == "s32").lower() for each in types)
    return f"{block.place(op.operands[0])} = kg_ptx::dot<{2 if half else 4}, {2 if half == 'hi' else 0}, {signs}>({a}, {b}, {c});"


def _convert(block: Registers, op: Instruction) -> str:
    *modifiers, to, source = op.modifiers if len(op.modifiers) > 1 else ("", "", "")
    allowed = set(FLAGS) - {"NaN"}
    if _BYTE_PAIRS & {to, source}:
        return _convert_bytes(block, op)
    if not set(modifiers) <= allowed:
        raise op.declined()
    place, flag = block.place(op.at_least(2).operands[0]), flags(op, modifiers)
    if to == "tf32" and source == "f32":
        return f"{place} = kg_ptx::convert_tf32<{flag}>({block.typed(op.operands[1], 'f32')});"
    if to in ("f16x2", "bf16x2") and source == "f32":
        high, low = op.at_least(3).operands[1:3]
        return f"{place} = kg_ptx::convert_pair<{TYPES[to[:-2]]}, {flag}>({block.typed(high, source)}, {block.typed(low, source)});"
    if to not in TYPES or source not in TYPES or "x2" in to + source or "rna" in modifiers:
        raise op.declined()
    return f"{place} = kg_ptx::put(kg_ptx::convert<{TYPES[to]}, {TYPES[source]}, {flag}>({block.typed(op.operands[1], source)}));"


_BYTE_PAIRS = {"e4m3x2", "e5m2x2"}


def _convert_bytes(block: Registers, op: Instruction) -> str:
    """Conversions from and to two 8-bit floats."""
    *modifiers, to, source = op.modifiers
    place, flag = block.place(op.at_least(2).operands[0]), flags(op, modifiers)
    if to == "f16x2" and source in _BYTE_PAIRS and set(modifiers) <= {"rn", "relu"}:
        return f"{place} = kg_ptx::widen_bytes<{source[1]}, {flag}>({block.value(op.operands[1])});"
    if to not in _BYTE_PAIRS or source not in ("f32", "f16x2") or not {"rn", "satfinite"} <= set(modifiers) <= {"rn", "satfinite", "relu"}:
        raise op.declined()
    if source == "f32":
        high, low = (block.typed(each, "f32") for each in op.at_least(3).operands[1:3])
    else:
        high, low = (f"(float)kg_ptx::get<kg_ptx::Half>({block.value(op.operands[1])} >> {shift})" for shift in (16, 0))
    return f"{place} = kg_ptx::convert_bytes<{to[1]}, {flag}>({high}, {low});"


# ---- the rest --------------------------------------------------------------------------------------------------------------------------

def _nothing(block: Registers, op: Instruction) -> str:
    return "{ __asm__ volatile(\"\" ::: \"memory\"); }"


def _trap(block: Registers, op: Instruction) -> str:
    return 'kg_fault("crash", "trap was called", __LINE__);'


def _jump(block: Registers, op: Instruction) -> str:
    if set(op.modifiers) - {"uni"} or len(op.operands) != 1:
        raise op.declined()
    return f"goto kg_l_{op.operands[0]};"


def _policy(block: Registers, op: Instruction) -> str:
    return f"{block.place(op.at_least(1).operands[0])} = 0;"


HANDLERS: dict[str, Callable[[Registers, Instruction], str]] = {
    "mov": _move, "ld": _load, "ldu": _load, "st": _store, "atom": _atomic, "red": _atomic, "cvta": _address_space, "isspacep": _is_space,
    "setp": _set_predicate, "set": _set, "selp": _select, "slct": _sign_select, "add": _sum, "sub": _sum, "addc": _carry, "subc": _carry,
    "mad": _wide_mad, "lop3": _lookup, "prmt": _permute, "shf": _funnel, "dp4a": _dot, "dp2a": _dot, "cvt": _convert, "membar": _nothing,
    "fence": _nothing, "prefetch": _nothing, "prefetchu": _nothing, "nanosleep": _nothing, "pmevent": _nothing, "brkpt": _nothing, "trap":
    _trap, "bra": _jump, "createpolicy": _policy,
}  # fmt: skip


def emulated() -> frozenset[str]:
    """The instructions' names, as PTX spells what comes before types and rounding."""
    return frozenset(SIMPLE) | frozenset(HANDLERS) | frozenset(WARP)
