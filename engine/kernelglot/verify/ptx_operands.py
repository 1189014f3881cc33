"""PTX as it is written: instructions, registers, constants and addresses, and how C++ spells them behind runtime/ptx.h."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

TYPES = {
    **{f"{letter}{bits}": f"{'' if letter == 's' else 'u'}int{bits}_t" for letter in "bus" for bits in (8, 16, 32, 64)},
    "f16": "kg_ptx::Half", "f16x2": "kg_ptx::Half2", "bf16": "kg_ptx::Bfloat16", "bf16x2": "kg_ptx::Bfloat162",
    "f32": "float", "f64": "double", "pred": "bool",
}  # fmt: skip
BITS = {"f16x2": 32, "bf16": 16, "bf16x2": 32, "pred": 1, "tf32": 32, **{name: int(name[1:]) for name in TYPES if name[1:].isdigit()}}
# As ptx.h counts them, in numbers: a text may have macros called RN or RM.
FLAGS = {"rn": 0, "rz": 1, "rm": 2, "rp": 3, "rna": 4, "ftz": 8, "sat": 16, "NaN": 32, "relu": 64, "rni": 128, "rzi": 129,
         "rmi": 130, "rpi": 131}  # fmt: skip
SPECIAL = {
    **{f"%{name}.{axis}": f"{array}[{at}]" for at, axis in enumerate("xyz")
       for name, array in (("tid", "kg_thread"), ("ntid", "kg_block"), ("ctaid", "kg_block_index"), ("nctaid", "kg_grid"))},
    "%laneid": "kg_agent % KG_WARP", "%warpid": "kg_agent / KG_WARP", "%nwarpid": "(kg_agents + KG_WARP - 1) / KG_WARP",
    "%smid": "0", "%nsmid": "1",
    "%gridid": "0", "%clock": "clock64()", "%clock64": "clock64()", "%clock_hi": "0", "%globaltimer": "clock64()",
    "%globaltimer_lo": "clock64()",
    "%dynamic_smem_size": "kg_shared_bytes", "WARP_SZ": "KG_WARP",
    "%lanemask_eq": "1u << kg_agent % KG_WARP", "%lanemask_lt": "(1u << kg_agent % KG_WARP) - 1",
    "%lanemask_le": "(2u << kg_agent % KG_WARP) - 1",
    "%lanemask_gt": "~((2u << kg_agent % KG_WARP) - 1)", "%lanemask_ge": "~((1u << kg_agent % KG_WARP) - 1)",
}  # fmt: skip


class Unsupported(Exception):
    """PTX that is not emulated; the text is a sentence."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """``name`` and ``modifiers``: what stands between the dots; ``operands``: as written, ``{...}`` and ``[...]`` whole."""

    name: str
    modifiers: tuple[str, ...]
    operands: tuple[str, ...]

    @property
    def opcode(self) -> str:
        return ".".join((self.name, *self.modifiers))

    def declined(self) -> Unsupported:
        return Unsupported(f"the PTX instruction `{self.opcode}` is not emulated")

    def at_least(self, count: int) -> Instruction:
        if len(self.operands) < count:
            raise Unsupported(f"the PTX instruction `{self.opcode}` has too few operands")
        return self


@dataclass(slots=True)
class Registers:
    """The registers of one `asm` statement. ``letters``: the constraints of its operands %0, %1, ...; ``names``: those it declares itself;
    ``carries``: an instruction before has set the carry."""

    letters: list[str]
    names: set[str] = field(default_factory=set)
    carries: bool = False

    def place(self, operand: str) -> str:
        """A register that is written."""
        operand = operand.strip()
        if operand == "_":
            return "kg_sink"
        if re.fullmatch(r"%\d+", operand) and int(operand[1:]) < len(self.letters):
            return f"kg_o{operand[1:]}"
        if operand in self.names:
            return variable(operand)
        raise Unsupported(f"the PTX register `{operand}` is not declared in its asm statement")

    def value(self, operand: str, type_: str = "") -> str:
        """The bits of a register or a constant, as a Reg."""
        operand = operand.strip()
        if operand in SPECIAL:
            return f"((kg_ptx::Reg)({SPECIAL[operand]}))"
        if operand.startswith("!"):
            return f"(!({self.value(operand[1:])} & 1))"
        if re.fullmatch(r"0[fF][0-9a-fA-F]{8}", operand):
            return _float_bits(f"kernelglot::bits_as<float>(0x{operand[2:]}u)", type_)
        if re.fullmatch(r"0[dD][0-9a-fA-F]{16}", operand):
            return _float_bits(f"kernelglot::bits_as<double>(0x{operand[2:]}ull)", type_)
        if re.fullmatch(r"-?(?:0[xX][0-9a-fA-F]+|\d+)[uU]?", operand):
            return f"((kg_ptx::Reg){operand.rstrip('uU')}{'ull' if operand[0] != '-' else 'll'})"
        if re.fullmatch(r"-?(?:\d+\.\d*|\.\d+)(?:[eE][-+]?\d+)?", operand):
            return _float_bits(operand, type_)
        return self.place(operand)

    def typed(self, operand: str, type_: str) -> str:
        return f"kg_ptx::get<{TYPES[type_]}>({self.value(operand, type_)})"

    def address(self, operand: str, space: str) -> str:
        """Where `[register + constant]` points, as a char pointer."""
        found = re.fullmatch(r"\[\s*([%\w$]+)\s*(?:\+\s*(-?\w+|%\d+))?\s*\]", operand.strip())
        if not found:
            raise Unsupported(f"the PTX address `{operand}` is not emulated")
        at = f"({self.value(found[1])}{f' + {self.value(found[2])}' if found[2] else ''})"
        return f"kernelglot::shared_pointer({at}, __LINE__)" if space == "shared" else f"((char *){at})"


def variable(name: str) -> str:
    return "kg_r_" + re.sub(r"\W", lambda found: f"_{ord(found[0]):x}_", name)


def _float_bits(value: str, type_: str) -> str:
    if type_ not in TYPES:
        raise Unsupported("a floating-point constant where PTX has no type for it is not emulated")
    return f"kg_ptx::put(({TYPES[type_]})({value}))"


def cut(text: str) -> list[str]:
    """Operands: commas outside of brackets part them."""
    parts, depth, start = [], 0, 0
    for at, letter in enumerate(text):
        depth += (letter in "{[(") - (letter in "}])")
        if letter == "," and depth == 0:
            parts.append(text[start:at].strip())
            start = at + 1
    last = text[start:].strip()
    return [*parts, last] if last else parts


def vector(operand: str) -> list[str]:
    """The registers of `{a, b}`, or of a single one."""
    operand = operand.strip()
    return [part.strip() for part in operand[1:-1].split(",")] if operand.startswith("{") else [operand]


def flags(op: Instruction, modifiers: list[str]) -> str:
    """Modifiers as ptx.h's flags."""
    return str(sum({FLAGS[each] for each in modifiers if each in FLAGS}))
