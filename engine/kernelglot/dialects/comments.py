"""The author's comments in a translation: those about the computation stay, those about threads and launches go.

What a loop computes is the same in every dialect; that one thread does it is not. Decided sentence by sentence, because a comment often
says both; a sentence that names neither stays as it stands.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import replace

from ..ir.nodes import Kernel, Node, Opaque, Stmt
from ..ir.walk import rewrite_body

WIDTH = 110  # columns of a comment that is set anew because a sentence of it went
_MARK = re.compile(r"\s*kernelglot:")  # how to launch and test the source; a translation gets its own
_MODEL = re.compile(
    r"\b(?:threads?|threadIdx|blocks?|block(?:Idx|Dim)|grids?|gridDim|warps?|wavefronts?|lanes?|half-?warps?|__\w*sync\w*|sync(?:threads|warp)|"
    r"barriers?|shared memory|shared-memory|smem|shmem|coalesc\w+|bank conflicts?|occupancy|launch\w*|cuda\w*|hip[A-Z]\w*|gpus?|sms?|"
    r"registers?|\d+-bit (?:load|store|access)\w*|texture\w*|wmma|tensor cores?|fragments?|streams?|__ldg)\b",
    re.IGNORECASE,
)
VECTORS = re.compile(  # what is said of vectors of a few components, once each element is an iteration of its own
    r"\b(?:(?:float|int|uint|half|double|char|uchar|short)[248]|vec[248]|vector\w*|tails?|remainders?|remaining|left[- ]?overs?|"
    r"last \w+ % \d+|% [248]|(?:two|four|eight|[248]) (?:elements|values|floats|halves|numbers) (?:a|per|at))\b",
    re.IGNORECASE,
)
_SHARE = re.compile(r",\s*(?:one|two|four|eight|an?|each|every|\d+)\b[^,.;:!?]*(?=[.;:!?]|$)")  # "max pooling, one output per thread"
_SENTENCE = re.compile(r"(?<=[.;:!?])\s+|\n(?=\s*(?:[-*@]|$))")

_WORD = re.compile(r"[a-z]{2,} ")


def still_true(comment: str, model: re.Pattern[str] = _MODEL) -> str:
    """The sentences of a comment that hold without what ``model`` names, threads and launches; empty where there are none."""
    lines = [line for line in comment.splitlines() if not _MARK.match(line)]
    text = "\n".join(lines).strip("\n")
    if not model.search(text):
        return text
    shorter = [_SHARE.sub(lambda share: "" if model.search(share[0]) else share[0], sentence) for sentence in _SENTENCE.split(text)]
    kept: list[str] = []
    dropped = False
    for sentence in shorter:
        if not model.search(sentence):
            kept.append(sentence[:1].upper() + sentence[1:] if dropped and text[:1].isupper() and _WORD.match(sentence) else sentence)
        dropped = model.search(sentence) is not None
    while kept and not any(c.isalnum() for c in kept[-1]):
        kept.pop()
    joined = " ".join(" ".join(sentence.split()) for sentence in kept if sentence.strip()).rstrip(";:, ")
    return "\n".join(textwrap.wrap(joined, WIDTH))


def without_threads(kernel: Kernel) -> Kernel:
    """``kernel`` with those of its comments that hold without threads."""

    def visit(node: Node) -> Node:
        if not isinstance(node, Stmt | Opaque) or not node.comment:
            return node
        comment = still_true(node.comment)
        return node if comment == node.comment else replace(node, comment=comment)

    functions = tuple(replace(f, comment=still_true(f.comment), body=rewrite_body(f.body, visit)) for f in kernel.functions)
    return replace(kernel, comment=still_true(kernel.comment), body=rewrite_body(kernel.body, visit), functions=functions)


__all__ = ["VECTORS", "still_true", "without_threads"]
