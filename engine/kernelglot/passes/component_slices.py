"""What a loop body does for each component of its short vectors: one slice a component, and the one body that says all of them.

A *component* is one of the ``count`` consecutive elements that an iteration stores (``y[4 * i + k]``). The slice of component ``k`` are
the statements that its stores need, in order. Where the slices are the same but for renamed private scalars and the offset ``k``, one of
them with ``k`` as a variable says them all; where no slice touches an element that another one writes, they may run one after the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..ir.affine import Poly, as_constant, coefficient, minus, poly, without
from ..ir.build import add, fresh, integer, value_of
from ..ir.nodes import (
    Address,
    Assign,
    Binary,
    Block,
    Call,
    Constant,
    Declare,
    Expr,
    For,
    If,
    InitList,
    Literal,
    Load,
    Node,
    Stmt,
    Unary,
    Var,
)
from ..ir.types import Array, Scalar
from ..ir.unused import effectless
from ..ir.walk import children, declared, map_children, rename, rewrite_body, substitute, variables, walk

MOST = 16  # components of one iteration: two vectors of eight halves


class Unlike(Exception):
    """The slices are not the same, or not independent: the body stays as it is."""


@dataclass(frozen=True, slots=True)
class Slice:
    """One body for all of ``count`` components; ``component`` stands for which."""

    count: int
    component: Var
    body: tuple[Stmt, ...]


def sliced(body: tuple[Stmt, ...], loop: Var, taken: set[str]) -> Slice:
    """``body``, an iteration of a loop over ``loop``, as a slice; raises Unlike where it can't be shown to be one."""
    body, authors = with_scalars(body)
    _check_statements(body)
    stores = _stored_components(body, loop)
    count = max(stores.values()) + 1
    labels = _labels(body, stores)
    parts = [_part(body, stores, labels, k) for k in range(count)]
    component = Var(fresh("component", taken), loop.type)
    first = _alike(parts[0], parts[1], 1, component)
    if any(_alike(parts[0], parts[k], k, component) != first for k in range(2, count)):
        raise Unlike
    check_independent(first, component, count)
    return Slice(count, component, _with_authors_names(first, authors, taken))


# ---- private vectors as scalars ------------------------------------------------------------------------------------------------


def with_scalars(body: tuple[Stmt, ...]) -> tuple[tuple[Stmt, ...], dict[str, str]]:
    """``body`` with short arrays of its own as one scalar an element, and the arrays that these scalars come from.

    Loops that only choose an element (``for (k = 0; k < 4; ++k) r[k] = ...``) are written out for it.
    """
    arrays = {n.name: n.type for n in walk(body) if isinstance(n, Declare) and isinstance(n.type, Array)}
    if not all(_is_vector(type_) for type_ in arrays.values()):  # before loops over a larger one are written out in vain
        raise Unlike
    authors: dict[str, str] = {}
    body = _unrolled(body, set(arrays), authors)

    def visit(node: Node) -> Node | tuple[Node, ...]:
        match node:
            case Load(buffer=Var(name=name), index=(index,), type=type_) if name in arrays:
                return Var(_element(name, value_of(index), authors), type_)
            case Declare(name=name, type=Array(element=element, shape=(extent,)), value=value) if value is None or isinstance(
                value, InitList
            ):
                return tuple(_declared_elements(node, element, extent, authors))
        return node

    body = rewrite_body(body, visit)
    if variables(body) & set(arrays) or any(isinstance(n, Declare) and isinstance(n.type, Array) for n in walk(body)):
        raise Unlike
    return body, authors


def _is_vector(type_: Array) -> bool:
    extents = [value_of(extent) if isinstance(extent, Expr) else extent for extent in type_.shape]
    return len(extents) == 1 and isinstance(extents[0], int) and extents[0] <= MOST


def _element(array: str, at: object, authors: dict[str, str]) -> str:
    if not isinstance(at, int) or not 0 <= at < MOST:
        raise Unlike
    name = f"{array}.{at}"  # no name of a kernel has a dot
    authors[name] = authors.get(array, array)
    return name


def _declared_elements(node: Declare, element: Scalar, extent: object, authors: dict[str, str]) -> Iterator[Declare]:
    size = value_of(extent) if isinstance(extent, Expr) else extent
    if not isinstance(size, int) or size > MOST:
        raise Unlike
    given = node.value.elements if isinstance(node.value, InitList) else ()
    for at in range(size):
        value: Expr | None = None
        if node.value is not None:
            value = given[at] if at < len(given) else Literal(0.0 if element.is_float else 0, element)
        comment = node.comment if at == 0 else ""
        yield Declare(_element(node.name, at, authors), element, value, const=node.const, span=node.span, comment=comment)


def _unrolled(body: tuple[Stmt, ...], arrays: set[str], authors: dict[str, str]) -> tuple[Stmt, ...]:
    def visit(node: Node) -> Node | tuple[Node, ...]:
        if not isinstance(node, For) or not _chooses(node, arrays):
            return node
        bounds = [value_of(each) for each in (node.lower, node.upper, node.step)]
        if not all(isinstance(each, int) for each in bounds) or not 0 < len(range(*bounds)) <= MOST:  # type: ignore[arg-type]
            raise Unlike
        made: list[Stmt] = []
        for value in range(*bounds):  # type: ignore[arg-type]
            names = {name: f"{name}.{node.var}{value}" for name in declared(node.body)}
            authors.update({new: authors.get(old, old) for old, new in names.items()})
            made += substitute(rename(node.body, names), {node.var: integer(value, node.type)})
        return tuple(made)

    return rewrite_body(body, visit)


def _chooses(loop: For, arrays: set[str]) -> bool:
    indices = [index for n in walk(loop.body) if isinstance(n, Load) and n.buffer.name in arrays for index in n.index]
    own = {n.name for n in walk(loop.body) if isinstance(n, Declare) and isinstance(n.type, Array)}
    return not own and any(loop.var in variables(index) for index in indices)


def _with_authors_names(body: tuple[Stmt, ...], authors: dict[str, str], taken: set[str]) -> tuple[Stmt, ...]:
    """The scalars of a vector with the vector's name, where only one of them is left."""
    names: dict[str, str] = {}
    made = [n.var if isinstance(n, For) else n.name for n in walk(body) if isinstance(n, Declare | For)]
    for old in dict.fromkeys(name for name in made if name in authors):
        name = authors[old]
        names[old] = fresh(name, taken) if name in names.values() else name
    return rename(body, names) if names else body


# ---- which statement belongs to which component --------------------------------------------------------------------------------


def _check_statements(body: tuple[Stmt, ...]) -> None:
    """Only what sets scalars of its own or stores to a buffer, and nothing with another effect."""
    own = declared(body)
    for node in walk(body):
        match node:
            case Assign(target=Var(name=name)) if name not in own:
                raise Unlike
            case Assign(target=Var() | Load()) | If() | For() | Block():
                pass
            case Declare(type=Scalar(), value=value) if value is None or effectless(value):
                pass
            case Stmt() | Address():
                raise Unlike
            case Expr() if isinstance(node, Call) and not effectless(node):
                raise Unlike
    names = [n.name for n in walk(body) if isinstance(n, Declare)]
    if len(names) != len(set(names)):
        raise Unlike


def _stored_components(body: tuple[Stmt, ...], loop: Var) -> dict[int, int]:
    """The component that each store is for, by the store's identity."""
    places: dict[tuple, list[tuple[int, int]]] = {}
    counts: set[int | None] = set()
    for node in walk(body):
        if not (isinstance(node, Assign) and isinstance(node.target, Load)):
            continue
        if not node.target.index:
            raise Unlike
        p = poly(node.target.index[-1])
        by_loop = coefficient(p, loop)
        counts.add(None if by_loop is None else as_constant(by_loop))
        base = frozenset((m, c) for m, c in p.items() if m)
        places.setdefault((node.target.buffer.name, node.target.index[:-1], base), []).append((id(node), p.get((), 0)))
    count = counts.pop() if len(counts) == 1 else None
    if count is None or not 2 <= count <= MOST:
        raise Unlike
    stores: dict[int, int] = {}
    for found in places.values():
        offsets = sorted({offset for _, offset in found})
        if len(offsets) % count or any(offsets[at] != offsets[at - at % count] + at % count for at in range(len(offsets))):
            raise Unlike
        stores |= {each: offsets.index(offset) % count for each, offset in found}
    return stores


def _labels(body: tuple[Stmt, ...], stores: dict[int, int]) -> dict[str, set[int]]:
    """The components that need each private scalar."""
    labels: dict[str, set[int]] = {}

    def need(node: Expr | None, label: set[int]) -> None:
        for name in variables(node) if node is not None else ():
            labels.setdefault(name, set()).update(label)

    def visit(stmts: tuple[Stmt, ...]) -> set[int]:
        total: set[int] = set()
        for stmt in stmts:
            match stmt:
                case Declare(name=name, value=value) | Assign(target=Var(name=name), value=value):
                    label = labels.setdefault(name, set())
                    need(value, set(label))
                case Assign(target=target, value=value):
                    label = {stores[id(stmt)]}
                    need(target, label)
                    need(value, label)
                case If(condition=condition, then=then, otherwise=otherwise):
                    label = visit(then) | visit(otherwise)
                    need(condition, label)
                case For(lower=lower, upper=upper, step=step):
                    label = visit(stmt.body)
                    for each in (lower, upper, step):
                        need(each, label)
                case Block():
                    label = visit(stmt.body)
            total |= label
        return total

    while True:
        before = {name: set(label) for name, label in labels.items()}
        visit(body)
        if before == labels:
            return labels


def _part(body: tuple[Stmt, ...], stores: dict[int, int], labels: dict[str, set[int]], component: int) -> tuple[Stmt, ...]:
    """The statements that ``component`` needs."""
    result: list[Stmt] = []
    for stmt in body:
        match stmt:
            case Declare(name=name) | Assign(target=Var(name=name)):
                kept: Stmt | None = stmt if component in labels.get(name, ()) else None
            case Assign():
                kept = stmt if stores[id(stmt)] == component else None
            case If(then=then, otherwise=otherwise):
                then, otherwise = _part(then, stores, labels, component), _part(otherwise, stores, labels, component)
                kept = replace(stmt, then=then, otherwise=otherwise) if then or otherwise else None
            case For() | Block():
                inner = _part(stmt.body, stores, labels, component)
                kept = replace(stmt, body=inner) if inner else None
            case _:
                raise Unlike
        if kept is not None:
            result.append(kept)
    return tuple(result)


# ---- one body for two slices ---------------------------------------------------------------------------------------------------


def _alike(first: tuple[Stmt, ...], other: tuple[Stmt, ...], distance: int, component: Var) -> tuple[Stmt, ...]:
    """``first`` with ``component`` added where ``other`` has ``distance`` more; private names of ``other`` stand for those of ``first``."""
    return _Match(distance, component, {}).body(first, other)


def check_same(first: tuple[Stmt, ...], other: tuple[Stmt, ...], unused: Var) -> None:
    """Raises Unlike where ``other`` is not ``first`` with private names of its own."""
    _alike(first, other, 0, unused)


@dataclass(frozen=True, slots=True)
class _Match:
    distance: int
    component: Var
    names: dict[str, str]

    def body(self, first: tuple[Stmt, ...], other: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        if len(first) != len(other):
            raise Unlike
        return tuple(self.stmt(a, b) for a, b in zip(first, other, strict=True))

    def stmt(self, a: Stmt, b: Stmt) -> Stmt:
        match a, b:
            case Declare(), Declare() if a.type == b.type and (a.value is None) == (b.value is None):
                value = self.expr(a.value, b.value) if a.value is not None and b.value is not None else None
                self.names[b.name] = a.name
                return replace(a, value=value)
            case Assign(), Assign() if a.op == b.op:
                return replace(a, target=self.place(a.target, b.target), value=self.expr(a.value, b.value))
            case If(), If():
                condition = self.expr(a.condition, b.condition)
                return replace(a, condition=condition, then=self.body(a.then, b.then), otherwise=self.body(a.otherwise, b.otherwise))
            case For(), For() if (a.axis, a.type) == (b.axis, b.type):
                lower, upper, step = (self.expr(x, y) for x, y in ((a.lower, b.lower), (a.upper, b.upper), (a.step, b.step)))
                self.names[b.var] = a.var
                return replace(a, lower=lower, upper=upper, step=step, body=self.body(a.body, b.body))
            case Block(), Block():
                return replace(a, body=self.body(a.body, b.body))
        raise Unlike

    def place(self, a: Expr, b: Expr) -> Expr:
        if isinstance(a, Var) and isinstance(b, Var):
            return self.same_shape(a, b)
        if isinstance(a, Load) and isinstance(b, Load):
            return self.same_shape(a, b)
        raise Unlike

    def expr(self, a: Expr, b: Expr) -> Expr:
        if isinstance(a.type, Scalar) and a.type.kind in ("int", "uint") and a.type == b.type:
            distance = as_constant(minus(poly(rename(b, self.names)), poly(a)))
            if distance == 0:
                return a
            if distance == self.distance:
                return add(a, self.component)
        return self.same_shape(a, b)

    def same_shape(self, a: Expr, b: Expr) -> Expr:
        """``a``, which has the form of ``b`` with other indices below it."""
        below, counterparts = list(children(a)), list(children(b))
        if type(a) is not type(b) or a.type != b.type or len(below) != len(counterparts) or _own(a) != _own(self.renamed(b)):
            raise Unlike
        pairs = iter(counterparts)
        return map_children(a, lambda child: self.expr(child, next(pairs)))  # type: ignore[arg-type,return-value]

    def renamed(self, node: Expr) -> Expr:
        return replace(node, name=self.names.get(node.name, node.name)) if isinstance(node, Var) else node


def _own(node: Expr) -> tuple:
    """What an expression says beside its operands and its type."""
    match node:
        case Literal(value=value) | Constant(value=value):
            return (getattr(node, "name", ""), repr(value))
        case Var(name=name) | Call(name=name):
            return (name,)
        case Unary(op=op) | Binary(op=op):
            return (op,)
        case Load(index=index):
            return (len(index),)
    return ()


# ---- independence --------------------------------------------------------------------------------------------------------------


def check_independent(body: tuple[Stmt, ...], component: Var, count: int = 0) -> None:
    """Raises Unlike where a component might touch an element that another of the ``count`` writes (of any number, where 0).

    Buffers of different names are different.
    """
    written = {n.target.buffer.name for n in walk(body) if isinstance(n, Assign) and isinstance(n.target, Load)}
    changing = _changing(body)
    bases: dict[str, list[Poly]] = {}
    for node in walk(body):
        if not (isinstance(node, Load) and node.buffer.name in written):
            continue
        p = poly(node.index[-1]) if node.index else {}
        by_component = coefficient(p, component)
        if by_component is None or as_constant(by_component) != 1:
            raise Unlike
        base = without(p, component)
        if any(isinstance(n, Load) and n.buffer.name in written for monomial in base for atom in monomial for n in walk(atom)):
            raise Unlike
        bases.setdefault(node.buffer.name, []).append(base)
    for found in bases.values():
        if not (count and _same_residue(found, count) or _same_place(found, changing)):
            raise Unlike


def _changing(body: tuple[Stmt, ...]) -> set[str]:
    """Names that may have several values in one run of ``body``."""
    names = {n.target.name for n in walk(body) if isinstance(n, Assign) and isinstance(n.target, Var)}
    for node in walk(body):
        if isinstance(node, For):
            names |= {node.var} | declared(node.body)
    return names


def _same_residue(bases: list[Poly], count: int) -> bool:
    """Whether all places are ``count * e + r`` with one ``r``: then component ``k`` has the elements that leave ``r + k``."""
    if any(factor % count for base in bases for monomial, factor in base.items() if monomial):
        return False
    return len({base.get((), 0) % count for base in bases}) == 1


def _same_place(bases: list[Poly], changing: set[str]) -> bool:
    """Whether all are one place that stays the same during an iteration."""
    named = {n.name for base in bases for monomial in base for atom in monomial for n in walk(atom) if isinstance(n, Var)}
    return not named & changing and all(not minus(base, bases[0]) for base in bases)


__all__ = ["Slice", "Unlike", "check_independent", "check_same", "sliced"]
