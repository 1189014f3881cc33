"""PTX that lanes or threads do together, and asynchronous copies: shuffles, votes, barriers, matrix products, `ldmatrix`, `cp.async`."""

from __future__ import annotations

import re
from collections.abc import Callable

from .ptx_operands import Instruction, Registers, vector

# Operand types of mma.sync: how C++ reads an element, bits of one.
_ELEMENTS = {"f16": ("kg_ptx::Half", 16), "bf16": ("kg_ptx::Bfloat16", 16), "tf32": ("kg_ptx::Tf32", 32), "f64": ("double", 64),
             "s8": ("int8_t", 8), "u8": ("uint8_t", 8), "s4": ("kg_ptx::SignedNibble", 4), "u4": ("kg_ptx::UnsignedNibble", 4),
             "b1": ("kg_ptx::SingleBit", 1), "e4m3": ("kg_ptx::E4m3", 8), "e5m2": ("kg_ptx::E5m2", 8)}  # fmt: skip
_SUM_BITS = {"f16": 16, "f32": 32, "f64": 64, "s32": 32}
_SUMS = {"f16": "kg_ptx::Half", "f32": "float", "f64": "double", "s32": "int32_t"}
# Shapes of each operand type. source: PTX ISA, "Multiply-and-Accumulate Instruction: mma"
_SHAPES = {"f16": {"m16n8k8", "m16n8k16"}, "bf16": {"m16n8k8", "m16n8k16"}, "tf32": {"m16n8k4", "m16n8k8"}, "f64": {"m8n8k4"},
           "s8": {"m8n8k16", "m16n8k16", "m16n8k32"}, "s4": {"m8n8k32", "m16n8k32", "m16n8k64"},
           "b1": {"m8n8k128", "m16n8k128", "m16n8k256"}, "e4m3": {"m16n8k16", "m16n8k32"}}  # fmt: skip
_FAMILY = {"u8": "s8", "u4": "s4", "e5m2": "e4m3"}


def _shuffle(block: Registers, op: Instruction) -> str:
    kinds = {"up": "u", "down": "d", "bfly": "b", "idx": "i"}
    if len(op.modifiers) != 3 or op.modifiers[0] != "sync" or op.modifiers[1] not in kinds or op.modifiers[2] != "b32":
        raise op.declined()
    to, _, inside = op.at_least(5).operands[0].partition("|")
    sources = ", ".join(f"(uint32_t){block.value(each)}" for each in op.operands[1:5])
    code = f"{{ kg_ptx::Shuffled kg_got = kg_ptx::shuffle_lane('{kinds[op.modifiers[1]]}', {sources}, __LINE__); "
    if to.strip() != "_":
        code += f"{block.place(to)} = (uint32_t)kg_got.value; "
    if inside and inside.strip() != "_":
        code += f"{block.place(inside)} = kg_got.inside; "
    return code + "}"


def _vote(block: Registers, op: Instruction) -> str:
    results = {("all", "pred"): "kg_votes.yes == kg_votes.lanes", ("any", "pred"): "kg_votes.yes != 0",
               ("uni", "pred"): "kg_votes.yes == 0 || kg_votes.yes == kg_votes.lanes", ("ballot", "b32"): "kg_votes.yes"}  # fmt: skip
    if op.modifiers[:1] != ("sync",) or tuple(op.modifiers[1:]) not in results:
        raise op.declined()
    to, predicate, mask = op.at_least(3).operands[:3]
    return (f"{{ kernelglot::Votes kg_votes = kg_ptx::ballot((uint32_t){block.value(mask)}, {block.value(predicate)}, __LINE__); "
            f"{block.place(to)} = {results[tuple(op.modifiers[1:])]}; }}")  # fmt: skip


def _active(block: Registers, op: Instruction) -> str:
    return f'{block.place(op.at_least(1).operands[0])} = kernelglot::vote("activemask", 0, 1, __LINE__).lanes;'


def _match(block: Registers, op: Instruction) -> str:
    if len(op.modifiers) != 3 or op.modifiers[0] not in ("any", "all") or op.modifiers[1:] not in (("sync", "b32"), ("sync", "b64")):
        raise op.declined()
    to, _, same = op.at_least(3).operands[0].partition("|")
    value, mask = block.typed(op.operands[1], op.modifiers[2]), f"(uint32_t){block.value(op.operands[2])}"
    code = f"{{ unsigned long long kg_lanes = 0, kg_equal = kernelglot::match({mask}, {value}, __LINE__, &kg_lanes); "
    if op.modifiers[0] == "any":
        return code + f"{block.place(to)} = kg_equal; }}"
    code += f"{block.place(to)} = kg_equal == kg_lanes ? kg_lanes : 0; "
    return code + (f"{block.place(same)} = kg_equal == kg_lanes; }}" if same else "}")


def _reduce(block: Registers, op: Instruction) -> str:
    kinds = {"add": "a", "min": "m", "max": "M", "and": "&", "or": "|", "xor": "^"}
    if len(op.modifiers) != 3 or op.modifiers[0] != "sync" or op.modifiers[1] not in kinds or op.modifiers[2] not in ("u32", "s32", "b32"):
        raise op.declined()
    to, value, mask = op.at_least(3).operands[:3]
    return (f"{block.place(to)} = kg_ptx::reduce_lanes('{kinds[op.modifiers[1]]}', {block.typed(value, op.modifiers[2])}, "
            f"(uint32_t){block.value(mask)}, __LINE__);")  # fmt: skip


def _barrier(block: Registers, op: Instruction) -> str:
    """bar and barrier of the whole block; bar.red joins predicates."""
    modifiers = [each for each in op.modifiers if each not in ("aligned", "cta")]
    if modifiers[:1] == ["warp"] and modifiers[1:] == ["sync"]:
        return f'kg_collective("bar.warp.sync", (uint32_t){block.value(op.at_least(1).operands[0])}, 0, 0, __LINE__);'
    if modifiers[:1] == ["sync"] and len(modifiers) == 1:
        count = f"kg_ptx::check_barrier((uint32_t){block.value(op.operands[1])}, __LINE__); " if len(op.at_least(1).operands) > 1 else ""
        return f"{{ {count}kg_barrier(0, kg_agents, __LINE__); }}"
    results = {"popc": "kg_yes", "and": "kg_yes == kg_there", "or": "kg_yes != 0"}
    if modifiers[:1] != ["red"] or len(modifiers) != 3 or modifiers[1] not in results or len(op.operands) not in (3, 4):
        raise op.declined()
    count = f"kg_ptx::check_barrier((uint32_t){block.value(op.operands[2])}, __LINE__); " if len(op.operands) == 4 else ""
    vote = f"kg_barrier_vote(0, kg_agents, __LINE__, {block.value(op.operands[-1])} & 1, &kg_there)"
    return (f"{{ {count}unsigned kg_there, kg_yes = {vote}; "
            f"{block.place(op.operands[0])} = {results[modifiers[1]]}; }}")  # fmt: skip


# ---- matrices -----------------------------------------------------------------------------------------------------------------------

def _product(block: Registers, op: Instruction) -> str:
    """mma.sync: each lane's registers as the tables of PTX deal them."""
    modifiers = [each for each in op.modifiers if each not in ("sync", "aligned", "row", "col")]
    saturates = "satfinite" in modifiers
    binary = next((each for each in modifiers if each in ("xor", "and")), "")
    modifiers = [each for each in modifiers if each not in ("satfinite", "popc", binary)]
    layouts = [each for each in op.modifiers if each in ("row", "col")]
    if len(modifiers) != 5 or op.modifiers[:2] != ("sync", "aligned") or layouts != ["row", "col"]:
        raise op.declined()
    shape, d, a, b, c = modifiers
    known = a in _ELEMENTS and b in _ELEMENTS and _FAMILY.get(a, a) == _FAMILY.get(b, b) and shape in _SHAPES.get(_FAMILY.get(a, a), set())
    if not known or d not in _SUMS or c not in _SUMS or bool(binary) != (a == "b1"):
        raise op.declined()
    m, n, k = (int(each) for each in re.findall(r"\d+", shape))
    registers = [vector(each) for each in op.at_least(4).operands[:4]]
    bits = {name: _ELEMENTS[name][1] for name in (a, b)}
    wanted = [m * n * _SUM_BITS[d], m * k * bits[a], k * n * bits[b], m * n * _SUM_BITS[c]]
    width = 64 if a == "f64" else 32
    if [len(each) * width * 32 for each in registers] != wanted:
        raise op.declined()
    values = [", ".join(block.value(each) for each in some) for some in registers[1:]]
    arrays = "".join(f"kg_ptx::Reg kg_{name}[] = {{{some}}}; " for name, some in zip("abc", values))
    arrays += f"kg_ptx::Reg kg_d[{len(registers[0])}]; "
    results = "".join(f"{block.place(each)} = kg_d[{i}]; " for i, each in enumerate(registers[0]))
    types = ", ".join((_ELEMENTS[a][0], _ELEMENTS[b][0], _SUMS[c], _SUMS[d]))
    rule = {"xor": 2, "and": 3}.get(binary, int(saturates))
    return f"{{ {arrays}kg_ptx::multiply<{m}, {n}, {k}, {types}, {rule}>(kg_d, kg_a, kg_b, kg_c, __LINE__); {results}}}"


def _matrix(op: Instruction) -> tuple[int, bool]:
    """How many 8 x 8 matrices of 16 bits, and whether they are transposed."""
    modifiers = [each for each in op.modifiers if each not in ("cta", "trans")]
    rest = modifiers[4:]
    if modifiers[:3] != ["sync", "aligned", "m8n8"] or modifiers[3] not in ("x1", "x2", "x4") or rest not in (["shared", "b16"], ["b16"]):
        raise op.declined()
    return int(modifiers[3][1]), "trans" in op.modifiers


def _load_matrix(block: Registers, op: Instruction) -> str:
    count, transposed = _matrix(op)
    to = vector(op.at_least(2).operands[0])
    if len(to) != count:
        raise op.declined()
    at = block.address(op.operands[1], "shared" if "shared" in op.modifiers else "")
    results = "".join(f"{block.place(each)} = kg_got[{i}]; " for i, each in enumerate(to))
    return f"{{ kg_ptx::Reg kg_got[{count}]; kg_ptx::load_matrices<{count}, {str(transposed).lower()}>(kg_got, {at}, __LINE__); {results}}}"


def _store_matrix(block: Registers, op: Instruction) -> str:
    count, transposed = _matrix(op)
    source = vector(op.at_least(2).operands[1])
    if len(source) != count:
        raise op.declined()
    at = block.address(op.operands[0], "shared" if "shared" in op.modifiers else "")
    given = f"kg_ptx::Reg kg_given[] = {{{', '.join(block.value(each) for each in source)}}}; "
    return f"{{ {given}kg_ptx::store_matrices<{count}, {str(transposed).lower()}>(kg_given, {at}, __LINE__); }}"


def _turn_matrix(block: Registers, op: Instruction) -> str:
    if op.modifiers != ("sync", "aligned", "m8n8", "trans", "b16"):
        raise op.declined()
    return f"{block.place(op.at_least(2).operands[0])} = kg_ptx::turned_matrix({block.value(op.operands[1])}, __LINE__);"


# ---- asynchronous copies -----------------------------------------------------------------------------------------------------------------

def _copy(block: Registers, op: Instruction) -> str:
    modifiers = [each for each in op.modifiers if not re.fullmatch(r"L2|cache_hint|\d+B|cta", each)]
    if modifiers == ["async", "commit_group"]:
        return "kernelglot::async::commit();"
    if modifiers == ["async", "wait_group"]:
        return f"kernelglot::async::wait_prior((unsigned){block.value(op.at_least(1).operands[0])}, __LINE__);"
    if modifiers == ["async", "wait_all"]:
        return "kernelglot::async::wait_all(__LINE__);"
    if modifiers not in (["async", "ca", "shared", "global"], ["async", "cg", "shared", "global"]):
        raise op.declined()
    to, source, size, *more = op.at_least(3).operands
    if "cache_hint" in op.modifiers and more:
        more.pop()
    given = f"(unsigned){block.value(size)}"
    if more and more[0].lstrip("!") in block.names:
        used = f"({block.value(more[0])} & 1) ? 0u : {given}"                      # a predicate: the source is not read
    else:
        used = f"(unsigned){block.value(more[0])}" if more else given
    least = 16 if "cg" in modifiers else 4
    places = f"{block.address(to, 'shared')}, {block.address(source, 'global')}"
    return f"kernelglot::async::copy({places}, {given}, {used}, {least}, __LINE__);"


WARP: dict[str, Callable[[Registers, Instruction], str]] = {
    "shfl": _shuffle, "vote": _vote, "activemask": _active, "match": _match, "redux": _reduce, "bar": _barrier, "barrier": _barrier,
    "mma": _product, "ldmatrix": _load_matrix, "stmatrix": _store_matrix, "movmatrix": _turn_matrix, "cp": _copy,
}  # fmt: skip
