"""The last ``n % 4`` elements: how many elements a guard leaves, and a loop over elements joined with the one over those behind it.

A tail is joined where it is shown to do for ``upper``, ``upper + 1`` ... what the loop does for the elements before, and where no element
of either needs another one: then it does not matter which thread had which.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..analysis.definitions import pure
from ..ir.affine import Poly, as_constant, coefficient, constant, covers, minus, plus, poly, scale, to_expr, without
from ..ir.build import add, binary, cast, conjuncts, div, flip, integer, less, minimum, mul, negate, select, sub, value_of
from ..ir.nodes import Assign, Binary, Call, Declare, Expr, For, If, Load, Node, Stmt, Var
from ..ir.types import element_of
from ..ir.walk import declared, substitute, variables, walk
from .component_slices import Unlike, check_independent, check_same
from .nest import Level, absorb_stride

LARGEST = 4000  # nodes of a value written out


# ---- bounds --------------------------------------------------------------------------------------------------------------------


def bounded(loop: For, conditions: tuple[Expr, ...], definitions: dict[str, Expr]) -> tuple[Expr, list[Expr]]:
    """``loop``'s upper bound where ``conditions`` hold, and the conditions that it doesn't say."""
    upper, kept = loop.upper, []
    local = declared(loop.body) | {loop.var}
    for condition in conditions:
        bound = _bound(condition, Var(loop.var, loop.type), definitions)
        if bound is None or variables(bound) & local or not pure(bound):
            kept.append(condition)
        elif _reaches(upper, bound):
            upper = bound
        elif element_of(upper.type).kind == element_of(bound.type).kind:
            upper = minimum(upper, bound)
        else:
            kept.append(condition)
    return upper, kept


def _bound(condition: Expr, index: Var, definitions: dict[str, Expr]) -> Expr | None:
    """The ``n`` of a condition that says ``index < n``; None where it says something else."""
    if not isinstance(condition, Binary) or condition.op not in ("<", "<=", ">", ">="):
        return None
    if condition.op in (">", ">="):
        condition = flip(condition)
    left, right = element_of(condition.left.type), element_of(condition.right.type)
    if not (left.is_integer and right.is_integer):
        return None
    room = minus(poly(condition.right, definitions), poly(condition.left, definitions))  # what has to be positive
    if condition.op == "<=":
        room = plus(room, constant(1))
    by_index = coefficient(room, index)
    factor = None if by_index is None else as_constant(by_index)
    if factor is None or factor >= 0:
        return None
    rest, divisor = without(room, index), -factor
    rounded = plus(rest, constant(divisor - 1))
    if "uint" in (left.kind, right.kind) and any(each < 0 for each in rounded.values()) and _remainder(rest) is None:
        return None  # the difference might wrap around
    return div(to_expr(rounded), integer(divisor)) if divisor > 1 else to_expr(rest)


def _reaches(upper: Expr, bound: Expr) -> bool:
    """Whether ``upper`` certainly is no less than ``bound``, which then is the bound of both."""
    if not (isinstance(upper, Binary) and upper.op == "*"):
        return False
    if covers(upper.left, upper.right, bound):
        return True
    rest = _remainder(poly(bound))
    if rest is None or any(isinstance(n, Binary) and n.op == ">>" for n in walk(bound)):  # a shift rounds down: -1 leaves 3
        return False
    whole, divisor = rest
    width = value_of(upper.right)
    return isinstance(width, int) and width >= divisor - 1 and _at_least_one(upper, whole)


def _remainder(p: Poly) -> tuple[Expr, int] | None:
    """The ``n`` and ``4`` of ``n % 4``, ``n - n / 4 * 4`` or ``n - (n >> 2) * 4``, which is less than 4."""
    for monomial, factor in p.items():
        match monomial:
            case (Binary(op="/" | ">>" | "%" as op, left=whole, right=right),) if isinstance(by := value_of(right), int) and 0 < by < 31:
                divisor = 1 << by if op == ">>" else by
                left = {monomial: 1} if op == "%" else plus(poly(whole), {monomial: -divisor})
                if factor == (1 if op == "%" else -divisor) and not minus(p, left):
                    return whole, divisor
    return None


def _at_least_one(upper: Expr, whole: Expr) -> bool:
    """Whether ``upper``, blocks times width, is positive wherever ``whole`` is."""
    quotient = upper.left if isinstance(upper, Binary) and upper.op == "*" else None
    if not (isinstance(quotient, Binary) and quotient.op == "/"):
        return False
    slack, divisor = as_constant(minus(poly(quotient.left), poly(whole))), value_of(quotient.right)
    return slack is not None and isinstance(divisor, int) and 0 < divisor <= slack + 1


# ---- tails ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Range:
    """``body`` for ``var`` from ``lower`` up to ``upper``."""

    var: str
    lower: Expr
    upper: Expr
    body: tuple[Stmt, ...]


def joined(main: For, count: int, lead: tuple[Stmt, ...], tail: For, definitions: dict[str, Expr]) -> For:
    """``main``, over elements, with those that ``tail`` has behind it; raises Unlike where they aren't shown to fit.

    ``tail`` is a loop with one statement behind the declarations ``lead``, over what ``main`` has ``count`` elements of.
    """
    tail = replace(tail, body=substitute(tail.body, definitions))
    found = _range(main, count, tail)
    element = Var(main.var, main.type)
    body = substitute((*substitute(lead, definitions), *found.body), {found.var: element})
    if value_of(main.lower) != 0 or minus(poly(found.lower), poly(main.upper)):
        raise Unlike
    check_same(_values(main.body), _values(body), element)
    check_independent(main.body, element)
    upper = cast(found.upper, main.type) if main.type.bits > element_of(found.upper.type).bits else found.upper
    return replace(main, upper=upper)


def _range(main: For, count: int, tail: For) -> Range:
    made: Range | None = None
    match tail.body:
        case (If(condition=condition, then=(For() as inner,), otherwise=()),) if value_of(inner.step) == 1:
            made = _one_thread(main, tail, condition, inner) or _last_thread(main, count, tail, condition, inner)
        case (For() as strided,):
            made = _strided(main, tail, strided)
    match tail.body:
        case (If(condition=condition, then=then, otherwise=()),) if made is None:
            upper, kept = bounded(tail, tuple(conjuncts(condition)), {})
            made = None if kept else _behind(main, tail, Level(tail.var, upper, tail.type), then)
    if made is None:
        raise Unlike
    return made


def _behind(main: For, tail: For, level: Level, body: tuple[Stmt, ...]) -> Range | None:
    """``level`` as elements that begin where ``main`` ends."""
    if not _counts(level.extent, main, tail):
        return None
    place = sub(Var(level.var, level.type), main.upper)
    return Range(level.var, main.upper, _sum(main.upper, level.extent), substitute(body, {level.var: place}))


def _strided(main: For, tail: For, strided: For) -> Range | None:
    """``for (k = first + t; k < n; k += threads)``."""
    absorbed = absorb_stride(Level(tail.var, tail.upper, tail.type), (strided,))
    return None if absorbed is None else _behind(main, tail, *absorbed)


def _counts(extent: Expr, main: For, tail: For) -> bool:
    """Whether ``extent`` certainly is not negative. Where ``main`` has no elements because ``n`` is negative, ``n % 4`` may be so too."""
    match extent:
        case Call(name="min", arguments=arguments):
            return all(_counts(each, main, tail) for each in arguments)
        case Binary(op="&", right=right) if isinstance(mask := value_of(right), int) and mask >= 0:
            return True
    rest = _remainder(poly(extent))
    if rest is not None:
        quotients = [atom for monomial in poly(main.upper) for atom in monomial if isinstance(atom, Binary) and atom.op in ("/", ">>")]
        return any(not minus(poly(rest[0]), poly(each.left)) for each in quotients)
    return extent == tail.upper


def _one_thread(main: For, tail: For, condition: Expr, inner: For) -> Range | None:
    """``if (t == 0) for (k = first; k < n; ++k)``."""
    if not (isinstance(condition, Binary) and condition.op == "=="):
        return None
    at = minus(poly(condition.left), poly(condition.right))
    if at not in ({(Var(tail.var, tail.type),): 1}, {(Var(tail.var, tail.type),): -1}):
        return None
    lower, upper = inner.lower, inner.upper
    local = declared(tail.body) | {tail.var}
    if variables(lower) & local or variables(upper) & local or not pure(lower) or not pure(upper):
        return None
    if _remainder(minus(poly(upper), poly(lower))) is None:
        return None
    if not _at_least_one(tail.upper, upper):
        upper = select(less(integer(0), tail.upper), upper, main.upper)
    return Range(inner.var, lower, upper, inner.body)


def _last_thread(main: For, count: int, tail: For, condition: Expr, inner: For) -> Range | None:
    """``if (4 * t + 3 < n) ... else for (k = 4 * t; k < n; ++k)``: of the threads behind, one has elements left."""
    index = Var(tail.var, tail.type)
    before, upper = _bound(negate(condition), index, {}), inner.upper
    whole = div(upper, integer(count))
    begins = not minus(poly(inner.lower), scale({(index,): 1}, count))
    if before is None or minus(poly(before), poly(whole)) or not begins or minus(poly(mul(whole, integer(count))), poly(main.upper)):
        return None
    if variables(upper) & (declared(tail.body) | {tail.var}) or not pure(upper):
        return None
    threads = mul(tail.upper, integer(count))
    if not _reaches(tail.upper, add(whole, integer(1))):
        if element_of(threads.type).kind != element_of(upper.type).kind:
            return None
        upper = minimum(threads, upper)
    return Range(inner.var, main.upper, upper, inner.body)


def _sum(first: Expr, second: Expr) -> Expr:
    """``first + second``, where ``n / 4 * 4 + n % 4`` is ``n``."""
    total = plus(poly(first), poly(second))
    for monomial, factor in poly(first).items():
        for rest, times in poly(second).items():
            if times == 1 and len(monomial) == len(rest) == 1 and (whole := _whole(monomial[0], rest[0], factor)) is not None:
                return to_expr(plus(minus(minus(total, {monomial: factor}), {rest: 1}), poly(whole)))
    return to_expr(total)


def _whole(quotient: Expr, rest: Expr, divisor: int) -> Expr | None:
    if not (isinstance(quotient, Binary) and isinstance(rest, Binary) and not minus(poly(quotient.left), poly(rest.left))):
        return None
    by, mask = value_of(quotient.right), value_of(rest.right)
    divided = (quotient.op, rest.op) == ("/", "%") and by == mask == divisor
    shifted = (quotient.op, rest.op) == (">>", "&") and isinstance(by, int) and 0 <= by < 31 and 1 << by == divisor and mask == divisor - 1
    return quotient.left if divided or shifted else None


# ---- what a body stores --------------------------------------------------------------------------------------------------------


def _values(body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
    """The stores of straight-line code, their values written out over what memory holds before the first of them."""
    known: dict[str, Expr] = {}
    stores: list[Stmt] = []
    stored: set[str] = set()
    for stmt in body:
        if not isinstance(stmt, Declare | Assign):
            raise Unlike
        target = stmt.target if isinstance(stmt, Assign) else Var(stmt.name, stmt.type)
        read: list[Node] = [stmt.value] if stmt.value is not None else []
        if isinstance(target, Load):
            read += [target] if isinstance(stmt, Assign) and stmt.op else target.index
        if any(isinstance(n, Load) and n.buffer.name in stored for n in walk(read)):
            raise Unlike
        if stmt.value is None:
            continue
        place = substitute(target, known)
        value = substitute(stmt.value, known)
        value = cast(binary(stmt.op, place, value) if isinstance(stmt, Assign) and stmt.op else value, element_of(target.type))
        if sum(1 for _ in walk(value)) > LARGEST:
            raise Unlike
        if isinstance(target, Var):
            known[target.name] = value
        else:
            stores.append(Assign(place, value))
            stored.add(target.buffer.name)  # type: ignore[attr-defined]
    return tuple(stores)


__all__ = ["bounded", "joined"]
