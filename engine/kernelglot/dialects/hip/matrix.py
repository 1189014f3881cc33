"""CUDA's wmma fragments as rocWMMA's, for wavefronts of 32 lanes.

rocWMMA keeps the names and the argument order of `nvcuda::wmma`, so the text stays and the namespace changes. A CUDA fragment belongs
to a warp of 32 lanes, a rocWMMA fragment to a whole wavefront: kernels that count warps by 32 keep their meaning on an RDNA3 GPU
(gfx1100, 32 lanes), and would need other launches and other index arithmetic on a CDNA GPU (64 lanes). gfx1100 has tiles of
16x16x16 only. source: rocWMMA API reference, supported data types.
"""

from __future__ import annotations

from .source import CudaSource
from .tokens import closing_of

ARCHITECTURE = "gfx1100"
_ROLES = {"matrix_a", "matrix_b", "accumulator"}
# Element types whose fragments take other pointers in rocWMMA, or which gfx1100 lacks; `half` is rocWMMA's own hfloat16_t.
_OTHER_ELEMENTS = ("__nv", "nv_", "unsigned", "uint8", "double", "wmma::", "nvcuda::")


def translate_matrices(source: CudaSource) -> bool:
    """Asks for the edits of wmma's names and tells whether there were any. Refuses tiles and element types gfx1100 does not have."""
    found = False
    for index in source.names():
        name, after = source.spelled(index), source.spelled(index + 1)
        if name == "nvcuda":
            found = True
            _nvcuda(source, index)
        elif name == "wmma" and after == "::" and source.spelled(index - 1) != "::" and "nvcuda" in source.text and not _own_alias(source):
            source.rename(index, "rocwmma")
        elif name == "fragment" and after == "<":
            _fragment(source, index)
        elif name in ("experimental", "precision", "bmma_sync") and _in_wmma(source, index):
            source.refuse(index, "rocWMMA has no counterpart for this part of wmma on gfx1100")
        elif name == "x" and source.is_member(index) and after == "[" and "nvcuda" in source.text:
            source.note("the elements of a fragment's `x` stand in another order than CUDA's: code has to treat all of them alike")
    if found:
        source.note(f"built for {ARCHITECTURE} (RDNA3, wavefronts of 32 lanes): a wmma fragment belongs to 32 lanes in CUDA and to the "
                    "whole wavefront in rocWMMA, so a CDNA GPU would need 64 threads a tile")
    return found


def _nvcuda(source: CudaSource, index: int) -> None:
    if source.spelled(index + 1) == "::" and source.spelled(index + 2) == "wmma":
        source.edits.replace(source.tokens[index].start, source.tokens[index + 2].end, "rocwmma")
        source.handled |= {index, index + 2}
    elif source.spelled(index - 1) == "namespace" and source.spelled(index - 2) == "using" and source.spelled(index + 1) == ";":
        source.edits.delete_line_part(source.tokens[index - 2].start, source.tokens[index + 1].end)
        source.handled.add(index)
    else:
        source.refuse(index, "only `nvcuda::wmma` and `using namespace nvcuda;` are translated")


def _own_alias(source: CudaSource) -> bool:
    """`namespace wmma = nvcuda::wmma;`: then the alias carries the change and its uses stay."""
    tokens = source.tokens
    return any(tokens[index].text == "wmma" and source.spelled(index - 1) == "namespace" and source.spelled(index + 1) == "="
               for index in range(len(tokens)))


def _in_wmma(source: CudaSource, index: int) -> bool:
    return source.spelled(index - 1) == "::" and source.spelled(index - 2) == "wmma"


def _fragment(source: CudaSource, index: int) -> None:
    """Checks `fragment<role, m, n, k, element, layout>` where its arguments are known in this file."""
    arguments = _template_arguments(source, index + 1)
    if not arguments or arguments[0].split("::")[-1].strip() not in _ROLES or len(arguments) < 5:
        return
    role, element = arguments[0].split("::")[-1].strip(), " ".join(arguments[4].split())
    tile = [source.integer(size) for size in arguments[1:4]]
    if None in tile:
        source.note("the tile of a fragment depends on template parameters: gfx1100 has 16x16x16 only")
    elif tile != [16, 16, 16]:
        source.refuse(index, f"gfx1100 has wmma tiles of 16x16x16, not {tile[0]}x{tile[1]}x{tile[2]}", "wmma::fragment")
    elif element.startswith(_OTHER_ELEMENTS):
        source.refuse(index, f"rocWMMA has no {role} fragment on gfx1100 that takes pointers to {element}", "wmma::fragment")


def _template_arguments(source: CudaSource, opening: int) -> list[str]:
    """The texts between `<` and its `>`, split at commas outside brackets; empty where it doesn't end."""
    parts, start, depth, index = [], opening + 1, 0, opening
    while index < len(source.tokens):
        text = source.spelled(index)
        if text in ("(", "[", "{"):
            index = closing_of(source.tokens, index) or len(source.tokens)
        elif text == "<":
            depth += 1
        elif text in (">", ">>>"):
            depth -= len(text)
        elif text == "," and depth == 1:
            parts.append(source.slice(start, index))
            start = index + 1
        elif text in (";", "}"):
            return []
        if depth <= 0:
            return [*parts, source.slice(start, index)]
        index += 1
    return []
