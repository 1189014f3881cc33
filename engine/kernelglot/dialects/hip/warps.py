"""Warp operations that keep their 32 lanes on wavefronts of 64.

CUDA code is written for warps of 32 lanes, often with the 32 spelled out (`threadIdx.x / 32`, a mask of 32 bits). A wavefront of an
AMD CDNA GPU has 64 lanes, of an RDNA GPU 32. What is written here means the same on both: a shuffle gets its width, a vote looks at
the half of the wavefront its lane is in. Threads are numbered the same way, so the groups are exactly CUDA's warps.

    __shfl_down_sync(mask, value, 16)      __shfl_down(value, 16, 32)
    __ballot_sync(0xffffffff, p)           (unsigned)(__ballot(p) >> (__lane_id() & 32))
    __any_sync(mask, p)                    (((mask) & (unsigned)(__ballot(p) >> (__lane_id() & 32))) != 0)
    __activemask()                         (unsigned)(__ballot(1) >> (__lane_id() & 32))
    __syncwarp(mask)                       __syncwarp()
    warpSize                               32

A mask of all lanes goes away; another one still selects bits of a vote. A shuffle needs none: it reads from lanes that take part in
it, in CUDA by demand and in HIP by execution. source: HIP 6.3 kernel language, warp cross-lane functions.
"""

from __future__ import annotations

from .source import CudaSource
from .tokens import Call, call_at

_SHUFFLES = ("__shfl", "__shfl_up", "__shfl_down", "__shfl_xor")
_VOTES = ("__ballot", "__any", "__all")
_HALF = " >> (__lane_id() & 32))"                           # moves this lane's group of 32 to the low bits, ends the cast
_HALVES = {"half", "__half"}
_PAIRS = {"half2", "__half2"}
_BFLOATS = {"__nv_bfloat16", "nv_bfloat16", "__nv_bfloat162", "nv_bfloat162"}
_GROUPS_NOTE = ("warp operations keep their groups of 32 lanes on 64-lane wavefronts: shuffles got the width 32, "
                "votes look at the lane's own half")


def translate_warps(source: CudaSource) -> None:
    """Asks for the edits of every warp operation in the file; refuses those whose arguments it can't tell apart."""
    for index in source.names():
        name = source.spelled(index)
        base, synced = name.removesuffix("_sync"), name.endswith("_sync")
        if name == "warpSize":
            _warp_size(source, index)
        elif base in _SHUFFLES:
            _shuffle(source, index, base, synced)
        elif base in _VOTES:
            _vote(source, index, base, synced)
        elif name == "__activemask":
            _active_mask(source, index)
        elif name == "__syncwarp":
            _sync_warp(source, index)
        elif name == "coalesced_threads":
            source.note("a coalesced group has up to 64 threads on a CDNA GPU: its masks and ranks may pass 32")


def _warp_size(source: CudaSource, index: int) -> None:
    if source.is_member(index):
        source.note("`warpSize` of the device properties is 64 on CDNA GPUs: check host code that sizes blocks or shared memory by it")
    elif "warpSize" not in source.declared:
        source.rename(index, "32")
        source.note("`warpSize` is written as 32, its value in CUDA: on a CDNA GPU HIP's `warpSize` is 64")


def _shuffle(source: CudaSource, index: int, base: str, synced: bool) -> None:
    call = _call(source, index, (3, 4) if synced else (2, 3))
    if call is None:
        return
    value = call.arguments[1 if synced else 0]
    kind = _element_kind(source, value)
    if kind == "unknown":
        source.refuse(index, "HIP shuffles 32- and 64-bit values; the type of this one mixes 16-bit types, shuffle its bits by hand")
        return
    source.rename(index, _WRAPPED[kind][0] + base)
    if synced:
        _drop_first(source, call)
    source.edits.insert(source.tokens[value[0]].start, _WRAPPED[kind][1])
    source.edits.insert(source.tokens[value[1] - 1].end, _WRAPPED[kind][2])
    closing = source.tokens[call.closing]
    if len(call.arguments) == (3 if synced else 2):
        source.edits.insert(closing.start, ", 32")
    source.edits.replace(closing.start, closing.end, ")" + _WRAPPED[kind][3])
    source.note(_GROUPS_NOTE)


# what stands before the shuffle, before and behind the value, and behind the call; HIP has no shuffle for 16-bit floats
_WRAPPED = {
    "word": ("", "", "", ""),
    "half": ("__ushort_as_half((unsigned short)", "(int)__half_as_ushort(", ")", ")"),
    "pair": ("__builtin_bit_cast(__half2, ", "__builtin_bit_cast(int, ", ")", ")"),
}


def _element_kind(source: CudaSource, value: tuple[int, int]) -> str:
    """word, half, pair or unknown: by the nearest declaration in front of each name in the value."""
    names = [index for index in range(*value) if source.tokens[index].kind == "name" and not source.is_member(index)]
    sixteen_bits = {_declared_kind(source, index) for index in names} - {"word"}
    if not sixteen_bits:
        return "word"
    if value[1] - value[0] == 1:
        return sixteen_bits.pop()
    return "unknown"


def _declared_kind(source: CudaSource, use: int) -> str:
    """The kind of a name by the type in front of its nearest declaration above; a word where none is found (a template's T, a macro)."""
    for index in range(use - 1, 0, -1):
        if source.spelled(index) == source.spelled(use) and source.tokens[index].kind == "name":
            kind = _kind_of_type(source, index)
            if kind:
                return kind
    return "word"


def _kind_of_type(source: CudaSource, index: int) -> str:
    """The kind of the type that declares the name at ``index``; empty where the name is only used there."""
    before = index - 1
    while source.spelled(before) in ("*", "&", "const", "__restrict__"):
        before -= 1
    if source.spelled(before) == ",":                       # half a, b;
        while before > 0 and source.spelled(before - 1) not in (";", "{", "}", "(", ")"):
            before -= 1
        before += source.spelled(before) == "const"
    spelled = source.spelled(before)
    if spelled in _HALVES:
        return "half"
    if spelled in _PAIRS:
        return "pair"
    if spelled in _BFLOATS:
        return "unknown"
    typed = before == index - 1 and source.tokens[before].kind == "name" and spelled not in ("return", "else", "case")
    return "word" if typed else ""


def _vote(source: CudaSource, index: int, base: str, synced: bool) -> None:
    call = _call(source, index, (2,) if synced else (1,))
    if call is None:
        return
    opening, closing = source.tokens[call.opening], source.tokens[call.closing]
    ballot = "(unsigned)(__ballot"
    if synced and source.integer(source.slice(*call.arguments[0])) != 0xFFFFFFFF:
        comma = source.tokens[call.arguments[0][1]]
        source.rename(index, "" if base == "__ballot" else "(")
        source.edits.replace(opening.start, opening.end, "((")
        source.edits.delete_to_next(comma.start, comma.end)
        source.edits.insert(comma.start, f") & {ballot}(")
        behind = ")"
    else:
        source.rename(index, ballot if base == "__ballot" else "(" + ballot)
        if synced:
            _drop_first(source, call)
        behind = ""
    if base == "__all":
        source.edits.insert(source.tokens[call.arguments[-1][0]].start, "!(")
        source.edits.insert(closing.start, ")")
    verdict = {"__ballot": "", "__any": " != 0)", "__all": " == 0)"}[base]
    source.edits.replace(closing.start, closing.end, ")" + _HALF + behind + verdict)
    source.note(_GROUPS_NOTE)


def _active_mask(source: CudaSource, index: int) -> None:
    call = _call(source, index, (0,))
    if call is not None:
        source.rename(index, "(unsigned)(__ballot")
        source.edits.replace(source.tokens[call.closing].start, source.tokens[call.closing].end, "1)" + _HALF)
        source.note(_GROUPS_NOTE)


def _sync_warp(source: CudaSource, index: int) -> None:
    call = _call(source, index, (0, 1))
    if call is not None:
        source.handled.add(index)
        source.edits.replace(source.tokens[call.opening].end, source.tokens[call.closing].start, "")
        source.note("`__syncwarp()` needs ROCm 6.3 or newer; a wavefront runs in lockstep, so it is cheap")


def _call(source: CudaSource, index: int, counts: tuple[int, ...]) -> Call | None:
    """The call at ``index`` where it has one of these numbers of arguments; refuses it otherwise."""
    call = call_at(source.tokens, index)
    if call is not None and len(call.arguments) in counts:
        return call
    if source.spelled(index) in source.declared:
        return None                                         # the file's own function of that name
    source.refuse(index, "not called with the arguments CUDA documents, so its lanes can't be told")
    return None


def _drop_first(source: CudaSource, call: Call) -> None:
    """Deletes the first argument with its comma."""
    mask, comma = call.arguments[0], source.tokens[call.arguments[0][1]]
    source.edits.delete_to_next(source.tokens[mask[0]].start, comma.end)
