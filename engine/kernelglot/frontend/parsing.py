"""Parsing: text -> a tree whose positions are those of the text, for every dialect.

Words that a grammar lacks are masked at the same length (``Spelling.masked``); what a node says is read from the original text.
A file with a syntax error is parsed a second time in pieces that begin where a function plausibly begins, so that an error hides no
other function. All walks are iterative: hostile nesting is a matter of memory, not of the stack.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache

import tree_sitter
import tree_sitter_cpp
import tree_sitter_cuda

from ..ir.nodes import Span
from .names import SCALAR_TYPES, VECTOR_TYPES, register_type
from .spelling import Spelling

SNode = tree_sitter.Node

_STARTS = re.compile(
    rb"^(?:template\b|extern\b|static\b|inline\b|namespace\b|struct\b|using\b|typedef\b|constexpr\b|const\b|enum\b|[A-Za-z_])", re.MULTILINE
)
_NAMESPACE = re.compile(rb"\bnamespace\s+([A-Za-z_]\w*)")
_CLASS_INSTANTIATION = re.compile(rb"\btemplate[ \t]+(?:class|struct)[ \t]+(?=[\w:]+[ \t]*<[^;{}()]*>[ \t]*;)")
# `(a) + (b) * c`, as macros write it: a cast of `+(b)` to the type `a`, to a grammar that does not know which names are types
_BRACKETED_NAME = re.compile(rb"(?:(?<=[-<>=!+*/%&|^(\[{,?:;])|(?<=\breturn))(\s*)\((\s*)([A-Za-z_]\w*)(\s*)\)(?=\s*(?:&&|[-+]))")
_TYPE_NAME = re.compile(rb"\b(?:using|struct|class|enum|union|typename)\s+(\w+)|\btypedef\b[^;{}]*?\b(\w+)\s*;|\}\s*(\w+)\s*;")
_KNOWN_TYPES = frozenset(name.encode() for name in (*SCALAR_TYPES, *VECTOR_TYPES, "auto"))
_TEMPLATE_ARGUMENTS = re.compile(rb"\w\s*<[\w\s,:*<>]*>$")
MOST_PIECES = 400
MOST_REPAIRS = 4


@cache
def _language(grammar: str) -> tree_sitter.Language:
    return tree_sitter.Language(tree_sitter_cuda.language() if grammar == "cuda" else tree_sitter_cpp.language())


@dataclass(frozen=True, eq=False)
class Source:
    """A parsed text. ``text`` are the original bytes, ``masked`` what the grammar saw; ``roots`` are the trees, in file order."""

    text: bytes
    masked: bytes
    roots: tuple[SNode, ...]
    spelling: Spelling
    has_error: bool
    trees: tuple = field(default=(), repr=False)
    _lines: list[int] = field(default_factory=list, repr=False)

    def of(self, node: SNode) -> str:
        """What stands in the original text at ``node``."""
        return self.text[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def line(self, offset: int) -> int:
        """The 1-based line of a byte offset."""
        if not self._lines:
            self._lines.append(0)
            self._lines.extend(match.end() for match in re.finditer(rb"\n", self.text))
        return bisect_right(self._lines, offset)

    def span(self, start: int, end: int) -> Span:
        return Span(start, end, self.line(start))


@lru_cache(maxsize=16)
def _mask_pattern(words: tuple[str, ...], calls: tuple[str, ...]) -> re.Pattern[bytes] | None:
    if not words and not calls:
        return None
    every = sorted((*words, *calls), key=len, reverse=True)
    return re.compile(rb"\b(?:" + b"|".join(re.escape(w.encode()) for w in every) + rb")\b")


def _unqualified(text: bytes) -> bytes:
    """``text`` with the namespaces of the file and of the CUDA library blanked: the grammar takes ``cg::tile<32> t = x`` for comparisons,
    and names are looked up without their namespace anyway."""
    if b"::" not in text:
        return text
    names = {b"cg", b"cooperative_groups", b"nvcuda", b"wmma", b"rocwmma", *_NAMESPACE.findall(text)} - {b"std"}
    pattern = re.compile(rb"(?<!namespace )(?<!using )\b(?:(?:" + b"|".join(map(re.escape, names)) + rb")::)+(?=[A-Za-z_])")
    return pattern.sub(lambda match: b" " * len(match.group()), text)


def mask(text: bytes, spelling: Spelling) -> bytes:
    """``text`` with the words the grammar lacks replaced by ones it knows, padded to the same length."""
    pattern = _mask_pattern(tuple(spelling.masked), spelling.masked_calls)
    if pattern is None or pattern.search(text) is None:
        return text
    out, position = [], 0
    for match in pattern.finditer(text):
        if match.start() < position:
            continue
        word, end = match.group().decode(), match.end()
        if word in spelling.masked_calls:
            end = _closing(text, end)
            replacement = b""
        else:
            replacement = spelling.masked[word].encode()
        blank = re.sub(rb"[^\n]", b" ", text[match.start() : end])
        out += [text[position : match.start()], replacement + blank[len(replacement) :]]
        position = end
    out.append(text[position:])
    return b"".join(out)


def _closing(text: bytes, position: int) -> int:
    """The offset after the parentheses that open at or after white space from ``position``; ``position`` where none do."""
    match = re.compile(rb"\s*\(").match(text, position)
    if match is None:
        return position
    nesting = 0
    for index in range(match.end() - 1, min(len(text), match.end() + 500)):
        nesting += (text[index] == 40) - (text[index] == 41)
        if nesting == 0:
            return index + 1
    return position


def parse(text: str | bytes, spelling: Spelling) -> Source:
    """The tree of ``text``; never raises, errors are ERROR nodes in as small a piece as possible."""
    data = text.encode("utf-8", "replace") if isinstance(text, str) else text
    masked = mask(_without_class_instantiations(_unqualified(data)) if spelling.grammar == "cuda" else data, spelling)
    masked = _without_bracketed_names(masked, spelling)
    parser = tree_sitter.Parser(_language(spelling.grammar))
    tree = parser.parse(masked)
    for _ in range(MOST_REPAIRS):
        repaired = _comparisons(masked, tree, spelling.grammar)
        if repaired == masked:
            break
        masked = repaired
        tree = parser.parse(masked)
    if not tree.root_node.has_error:
        return Source(data, masked, (tree.root_node,), spelling, False, (tree,))
    cuts = _pieces(masked)
    if len(cuts) < 3:
        return Source(data, masked, (tree.root_node,), spelling, True, (tree,))
    trees = []
    for (start, start_row), (end, end_row) in zip(cuts, cuts[1:]):
        area = tree_sitter.Range((start_row, 0), (end_row, 0), start, end)
        trees.append(tree_sitter.Parser(_language(spelling.grammar), included_ranges=[area]).parse(masked))
    return Source(data, masked, tuple(t.root_node for t in trees), spelling, True, tuple(trees))


def _without_class_instantiations(data: bytes) -> bytes:
    """``template class Pool<float>;`` is an error to the grammar; the alias it becomes has the same length and names the same type."""
    return _CLASS_INSTANTIATION.sub(lambda match: b"using _kg_ =".ljust(len(match[0])), data)


def _without_bracketed_names(data: bytes, spelling: Spelling) -> bytes:
    """``data`` with blanks for the brackets around a name that is no type, where an operator follows that could begin an operand."""
    if _BRACKETED_NAME.search(data) is None:
        return data
    types = {name for found in _TYPE_NAME.findall(data) for name in found} | {name.encode() for name in spelling.types}

    def unbracketed(match: re.Match[bytes]) -> bytes:
        name = match[3]
        if _TEMPLATE_ARGUMENTS.search(data, max(0, match.start() - 200), match.start()):  # `f<T>(name) + ...` calls
            return match[0]
        is_type = name in _KNOWN_TYPES or name in types or name.endswith(b"_t") or register_type(name.decode()) is not None
        return match[0] if is_type else match[1] + b" " + match[2] + name + match[4] + b" "

    return _BRACKETED_NAME.sub(unbracketed, data)


@cache
def _template_query(grammar: str) -> tree_sitter.Query:
    return tree_sitter.Query(_language(grammar), "(template_function name: (identifier) arguments: (template_argument_list) @arguments)")


def _comparisons(masked: bytes, tree: tree_sitter.Tree, grammar: str) -> bytes:
    """``masked`` with each ``<`` that the grammar took for a template but that compares (``i < 0 || i >= n``) spelled so that it can't.

    The replacement has the same length; what the operator is, is read from the original text.
    """
    if b"<" not in masked:
        return masked
    found = tree_sitter.QueryCursor(_template_query(grammar)).captures(tree.root_node).get("arguments", [])
    data = bytearray(masked)
    for node in found:
        start, end = node.start_byte, node.end_byte
        inner = masked[start:end]
        joined = any(
            part.type == "binary_expression" and any(c.type in ("&&", "||") for c in part.children) for part in node.named_children
        )
        if not (masked[end : end + 1] == b"=" or joined or b"&&" in inner or b"||" in inner):
            continue
        if masked[start + 1 : start + 2] == b" ":
            data[start : start + 2] = b"<="
        elif masked[start - 1 : start] == b" ":
            data[start - 1 : start + 1] = b"<="
        else:
            data[start] = 94  # ^ : binds tighter than && and ||, as < does
    return bytes(data)


def _pieces(masked: bytes) -> list[tuple[int, int]]:
    """Byte offsets and rows at which a top-level item plausibly begins, with the ends of the text."""
    cuts = [(0, 0)]
    row, counted = 0, 0
    for match in _STARTS.finditer(masked):
        start = match.start()
        before = masked[cuts[-1][0] : start].rstrip()
        last = before[-1:]
        kernel = masked.startswith((b"__global__", b"template"), start)
        if (
            start
            and last not in (b"}", b";", b"", b"/")
            and not (kernel and last not in (b">", b")", b"C", b'"') and not before.endswith(b"inline"))
        ):
            comment = before.rsplit(b"\n", 1)[-1].lstrip()
            if not comment.startswith((b"//", b"#", b"*")):
                continue
        row += masked.count(b"\n", counted, start)
        counted = start
        if start > cuts[-1][0]:
            cuts.append((start, row))
        if len(cuts) > MOST_PIECES:
            return []
    cuts.append((len(masked), row + masked.count(b"\n", counted)))
    return cuts


def default_of(declaration: SNode, declarator: SNode) -> SNode | None:
    """The initialiser that belongs to one declarator of a field declaration: ``int rows = 8, cols;``."""
    following = [each.start_byte for each in declaration.children_by_field_name("declarator") if each.start_byte > declarator.start_byte]
    last = min(following, default=declaration.end_byte)
    return next(
        (each for each in declaration.children_by_field_name("default_value") if declarator.end_byte <= each.start_byte < last), None
    )


def descend(node: SNode, skip: tuple[str, ...] = ()) -> Iterator[SNode]:
    """``node`` and all named nodes below it in source order, without those below nodes of a type in ``skip``."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        if current.type not in skip:
            stack.extend(reversed(current.named_children))


def deepest(node: SNode, limit: int) -> bool:
    """Whether the tree below ``node`` is deeper than ``limit`` levels."""
    cursor = node.walk()
    depth = 0
    while True:
        if cursor.goto_first_child():
            depth += 1
            if depth > limit:
                return True
            continue
        while not cursor.goto_next_sibling():
            if depth == 0 or not cursor.goto_parent():
                return False
            depth -= 1
            if depth == 0:
                return False


def first_error(node: SNode) -> SNode | None:
    """The first ERROR or MISSING node below ``node``."""
    stack = [node]
    while stack:
        current = stack.pop()
        if current.is_error or current.is_missing:
            return current
        if current.has_error:
            stack.extend(reversed(current.children))
    return None
