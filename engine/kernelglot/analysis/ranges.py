"""Intervals of integer and float expressions over all threads of a launch.

An interval is a pair ``(low, high)``, inclusive, of numbers or infinities. Integers are mathematical: wrap-around is not modelled. Sums are
taken as polynomials, so that equal parts cancel; *facts* (upper bounds of sums that guards establish, ``i + k - n <= -1``) sharpen them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ..ir.affine import Poly, minus, poly
from ..ir.build import negate
from ..ir.nodes import Address, Axis, AxisExtent, AxisIndex, Binary, Call, Cast, Constant, Expr, Literal, Load, Select, Unary, Var
from ..ir.types import Scalar, element_of

Interval = tuple[float, float]
TOP: Interval = (-math.inf, math.inf)
EMPTY: Interval = (math.inf, -math.inf)


def hull(a: Interval, b: Interval) -> Interval:
    return min(a[0], b[0]), max(a[1], b[1])


def meet(a: Interval, b: Interval) -> Interval:
    return max(a[0], b[0]), min(a[1], b[1])


def add(a: Interval, b: Interval) -> Interval:
    return a[0] + b[0] if -math.inf not in (a[0], b[0]) else -math.inf, a[1] + b[1] if math.inf not in (a[1], b[1]) else math.inf


def _times(x: float, y: float) -> float:
    return 0 if x == 0 or y == 0 else x * y


def mul(a: Interval, b: Interval) -> Interval:
    corners = [_times(x, y) for x in a for y in b]
    return min(corners), max(corners)


def _quotient(x: float, y: float, whole: bool) -> float:
    if math.isinf(y):
        return 0
    if math.isinf(x):
        return x if y > 0 else -x
    if not whole:
        return x / y
    quotient = abs(int(x)) // abs(int(y))
    return quotient if (x < 0) == (y < 0) else -quotient


def div(a: Interval, b: Interval, whole: bool) -> Interval:
    if b[0] <= 0 <= b[1]:
        if whole and b[0] >= 0:
            b = (1, max(1, b[1]))       # a divisor of zero would be a fault of its own
        else:
            return TOP
    corners = [_quotient(x, y, whole) for x in a for y in b]
    return min(corners), max(corners)


def rem(a: Interval, b: Interval) -> Interval:
    if b[1] < 1 or math.isinf(b[1]):
        return (0, a[1]) if a[0] >= 0 and b[0] >= 0 else TOP
    largest = b[1] - 1
    if a[0] >= 0 and a[1] < b[0]:
        return a
    if a[0] >= 0 and b[0] == b[1] and not math.isinf(a[1]) and a[0] // b[0] == a[1] // b[0]:
        return a[0] % b[0], a[1] % b[0]
    return (0 if a[0] >= 0 else -min(largest, -a[0])), (min(largest, max(a[1], 0)))


def of_type(type_: Scalar) -> Interval:
    """What a value of the type can be; floats are unbounded."""
    if type_.is_float or not type_.is_integer:
        return TOP
    if type_.kind == "bool":
        return 0, 1
    if type_.kind == "uint":
        return 0, (1 << type_.bits) - 1
    return -(1 << (type_.bits - 1)), (1 << (type_.bits - 1)) - 1


@dataclass(slots=True)
class State:
    """What is known at one point of a kernel: intervals of variables, definitions that still hold, facts ``poly <= bound``."""

    env: dict[str, Interval] = field(default_factory=dict)
    definitions: dict[str, Expr] = field(default_factory=dict)
    facts: tuple[tuple[Poly, float], ...] = ()

    def copy(self) -> State:
        return State(dict(self.env), dict(self.definitions), self.facts)

    def forget(self, name: str) -> None:
        """``name`` gets a new value: what was derived from the old one is void."""
        self.definitions.pop(name, None)
        self.definitions = {key: value for key, value in self.definitions.items() if name not in _names(value)}
        self.facts = tuple(fact for fact in self.facts if all(name not in _names(atom) for monomial in fact[0] for atom in monomial))

    def join(self, other: State) -> None:
        self.env = {name: hull(self.env[name], other.env[name]) for name in self.env if name in other.env}
        self.definitions = {name: value for name, value in self.definitions.items() if other.definitions.get(name) == value}
        self.facts = tuple(fact for fact in self.facts if fact in other.facts)


def _names(expr: Expr) -> set[str]:
    from ..ir.walk import walk
    return {node.name for node in walk(expr) if isinstance(node, Var)}


@dataclass(slots=True)
class Ranges:
    """Evaluates expressions in a ``State``. ``axes`` and ``extents`` come from the launch; ``contents`` bounds integers in buffers;
    ``on_load`` and ``on_call`` let a caller watch accesses (and give calls a range)."""

    axes: Mapping[Axis, Interval]
    extents: Mapping[Axis, Interval]
    contents: Mapping[str, Interval] = field(default_factory=dict)
    on_load: Callable[[Load, State], Interval | None] | None = None
    on_call: Callable[[Call, State], Interval | None] | None = None

    def of(self, expr: Expr, state: State) -> Interval:
        """The interval of ``expr``; TOP where nothing is known."""
        match expr:
            case Literal(value=value) | Constant(value=value):
                return (value, value) if not isinstance(value, float) or not math.isnan(value) else TOP
            case Var(name=name):
                return state.env.get(name, TOP)
            case AxisIndex(axis=axis):
                return self._sharpened(expr, self.axes.get(axis, (0, math.inf)), state)
            case AxisExtent(axis=axis):
                return self.extents.get(axis, (1, math.inf))
            case Cast(operand=operand, type=type_):
                return self.cast(self.of(operand, state), element_of(operand.type), type_)
            case Unary(op="-", operand=operand):
                low, high = self.of(operand, state)
                return -high, -low
            case Unary(op="!", operand=operand):
                self.of(operand, state)
                return 0, 1
            case Select(condition=condition, then=then, otherwise=otherwise):
                return self._select(condition, then, otherwise, state)
            case Load():
                for index in expr.index:
                    self.of(index, state)
                watched = self.on_load(expr, state) if self.on_load is not None else None
                return watched if watched is not None else self.contents.get(expr.buffer.name, TOP)
            case Call():
                return self._call(expr, state)
            case Binary():
                return self._binary(expr, state)
            case Address():
                for index in expr.index:
                    self.of(index, state)
        return TOP

    def _select(self, condition: Expr, then: Expr, otherwise: Expr, state: State) -> Interval:
        self.of(condition, state)
        result = EMPTY
        for branch, holds in ((then, True), (otherwise, False)):
            inner = state.copy()
            if self.refine(condition, holds, inner):
                result = hull(result, self.of(branch, inner))
        return result if result != EMPTY else TOP

    def cast(self, value: Interval, source: Scalar, target: Scalar) -> Interval:
        if target.is_float:
            return value
        if source.is_float:
            low, high = (each if math.isinf(each) else math.trunc(each) for each in value)
            return low, high
        full = of_type(target)
        if target.kind == "uint" and value[0] < 0 or target.bits < 32 and (value[0] < full[0] or value[1] > full[1]):
            return full
        return value

    def _call(self, expr: Call, state: State) -> Interval:
        if self.on_call is not None:
            watched = self.on_call(expr, state)
            if watched is not None:
                return watched
        values = [self.of(argument, state) for argument in expr.arguments]
        name = expr.name.removeprefix("__").removesuffix("f") if expr.name not in ("f",) else expr.name
        if name in ("min", "fmin") and len(values) == 2:
            return min(values[0][0], values[1][0]), min(values[0][1], values[1][1])
        if name in ("max", "fmax") and len(values) == 2:
            return max(values[0][0], values[1][0]), max(values[0][1], values[1][1])
        if name in ("floor", "ceil", "rint", "round", "trunc", "float2int_rd", "float2int_rn", "float2int_rz") and values:
            low, high = values[0]
            down = math.ceil if name == "ceil" else math.floor
            up = math.floor if name in ("floor", "trunc", "float2int_rd", "float2int_rz") else math.ceil
            return low if math.isinf(low) else down(low), high if math.isinf(high) else up(high)
        if name in ("abs", "fab", "fabs") and values:
            low, high = values[0]
            return (0 if low <= 0 <= high else min(abs(low), abs(high))), max(abs(low), abs(high))
        if name in ("sin", "cos", "tanh", "erf"):
            return -1.0, 1.0
        if name in ("ldg", "ldcs", "ldca") and values:
            return values[0]
        return of_type(expr.type) if isinstance(expr.type, Scalar) else TOP

    def _binary(self, expr: Binary, state: State) -> Interval:
        op = expr.op
        if op in ("&&", "||"):
            self.of(expr.left, state)
            inner = state.copy()
            if self.refine(expr.left, op == "&&", inner):
                self.of(expr.right, inner)
            return 0, 1
        left, right = self.of(expr.left, state), self.of(expr.right, state)
        if op in ("<", "<=", ">", ">=", "==", "!="):
            return _compared(op, left, right)
        if expr.type.is_float:
            return {"+": lambda: add(left, right), "-": lambda: add(left, (-right[1], -right[0])), "*": lambda: mul(left, right),
                    "/": lambda: div(left, right, False)}.get(op, lambda: TOP)()
        match op:
            case "+":
                direct = add(left, right)
            case "-":
                direct = add(left, (-right[1], -right[0]))
            case "*":
                direct = mul(left, right)
            case "/":
                direct = div(left, right, True)
            case "%":
                direct = rem(left, right)
            case "&" | "|" | "^" if left[0] == left[1] and right[0] == right[1] and math.isfinite(left[0]) and math.isfinite(right[0]):
                a, b = int(left[0]), int(right[0])
                value = a & b if op == "&" else a | b if op == "|" else a ^ b
                direct = value, value
            case "&":
                bounds = [side[1] for side in (left, right) if side[0] >= 0]
                direct = (0, min(bounds)) if bounds else TOP
            case "|" | "^" if left[0] >= 0 and right[0] >= 0 and not math.isinf(left[1] + right[1]):
                direct = 0, (1 << max(int(left[1]), int(right[1])).bit_length()) - 1
            case ">>" if left[0] >= 0 and right[0] >= 0:
                direct = (0 if math.isinf(right[1]) else int(left[0]) >> min(63, int(right[1])),
                          left[1] if math.isinf(left[1]) else int(left[1]) >> min(63, int(right[0])))
            case "<<" if left[0] >= 0 and 0 <= right[0] and right[1] < 63:
                direct = int(left[0]) << int(right[0]), math.inf if math.isinf(left[1]) else int(left[1]) << int(right[1])
            case _:
                return of_type(expr.type)
        return self._sharpened(expr, direct, state)

    def _sharpened(self, expr: Expr, direct: Interval, state: State) -> Interval:
        """``direct`` narrowed by cancelling terms and by the facts."""
        whole = poly(expr)
        if isinstance(expr, Binary) and expr.op in ("+", "-", "*") and expr.type.is_integer and len(whole) <= 24:
            direct = meet(direct, self.of_poly(whole, state))
            remainder = self._remainder(whole, state)
            direct = direct if remainder is None else meet(direct, remainder)
        for fact, bound in state.facts:
            shared = next((m for m in fact if m and m in whole), None)
            if shared is None or whole[shared] % fact[shared]:
                continue
            factor = whole[shared] // fact[shared]
            rest = self.of_poly(minus(whole, {m: c * factor for m, c in fact.items()}), state)
            if factor > 0:
                direct = direct[0], min(direct[1], rest[1] + factor * bound)
            else:
                direct = max(direct[0], rest[0] + factor * bound), direct[1]
        return direct

    def _remainder(self, whole: Poly, state: State) -> Interval | None:
        """``a - a / c * c`` is what people write for ``a % c``, mostly with the quotient in a variable."""
        for monomial, coefficient in whole.items():
            if len(monomial) != 1 or coefficient >= 0:
                continue
            quotient = monomial[0]
            while isinstance(quotient, Cast) or isinstance(quotient, Var) and quotient.name in state.definitions:
                quotient = quotient.operand if isinstance(quotient, Cast) else state.definitions[quotient.name]
            if not (isinstance(quotient, Binary) and quotient.op == "/" and self.quietly(quotient.right, state) == (-coefficient,) * 2):
                continue
            dividend = poly(quotient.left)
            if all(whole.get(part) == factor for part, factor in dividend.items()):
                rest = minus(minus(whole, dividend), {monomial: coefficient})
                return add(rem(self.of_poly(dividend, state), (-coefficient, -coefficient)), self.of_poly(rest, state))
        return None

    def of_poly(self, terms: Poly, state: State) -> Interval:
        total: Interval = (0, 0)
        for monomial, coefficient in terms.items():
            value: Interval = (coefficient, coefficient)
            for atom in monomial:
                value = mul(value, self._atom(atom, state))
            total = add(total, value)
        return total

    def _atom(self, atom: Expr, state: State) -> Interval:
        if isinstance(atom, Binary) and atom.op in ("/", "%"):
            left, right = self.of(atom.left, state), self.of(atom.right, state)
            direct = div(left, right, True) if atom.op == "/" else rem(left, right)
            for fact, bound in state.facts:
                if len(fact) == 1 and (atom,) in fact:
                    factor = fact[(atom,)]
                    if factor == 1:
                        direct = direct[0], min(direct[1], bound)
                    elif factor == -1:
                        direct = max(direct[0], -bound), direct[1]
            return direct
        if isinstance(atom, AxisIndex):
            return self.axes.get(atom.axis, (0, math.inf))
        return self.quietly(atom, State(state.env, state.definitions, ()))

    def quietly(self, expr: Expr, state: State) -> Interval:
        """The interval of ``expr`` without telling anybody about its loads and calls."""
        return Ranges(self.axes, self.extents, self.contents).of(expr, state)

    # ---- conditions --------------------------------------------------------------------------------------------------------------

    def refine(self, condition: Expr, holds: bool, state: State) -> bool:
        """Narrow ``state`` by ``condition == holds``; False where that is impossible."""
        match condition:
            case Literal(value=value) | Constant(value=value):
                return bool(value) == holds
            case Unary(op="!", operand=operand):
                return self.refine(operand, not holds, state)
            case Binary(op="&&", left=left, right=right):
                if holds:
                    return self.refine(left, True, state) and self.refine(right, True, state)
                return self._either(left, right, False, state)
            case Binary(op="||", left=left, right=right):
                if not holds:
                    return self.refine(left, False, state) and self.refine(right, False, state)
                return self._either(left, right, True, state)
            case Binary(op="<" | "<=" | ">" | ">=" | "==" | "!=" as op, left=left, right=right):
                if not holds:
                    if element_of(left.type).is_float or element_of(right.type).is_float:
                        return True     # a NaN makes neither true
                    flipped = negate(condition)
                    return self.refine(flipped, True, state) if isinstance(flipped, Binary) else True
                return self._compare(op, left, right, state)
            case Cast(operand=operand):
                return self.refine(operand, holds, state)
            case Var(name=name) if name in state.definitions:
                return self.refine(state.definitions[name], holds, state)
        return True

    def _either(self, left: Expr, right: Expr, holds: bool, state: State) -> bool:
        """One of two conditions: the hull of both cases."""
        first, second = state.copy(), state.copy()
        possible = self.refine(left, holds, first), self.refine(right, holds, second)
        if not any(possible):
            return False
        if all(possible):
            first.join(second)
        result = first if possible[0] else second
        state.env, state.definitions, state.facts = result.env, result.definitions, result.facts
        return True

    def _compare(self, op: str, left: Expr, right: Expr, state: State) -> bool:
        if op in (">", ">="):
            return self._compare("<" if op == ">" else "<=", right, left, state)
        floats = element_of(left.type).is_float or element_of(right.type).is_float
        a, b = self.of(left, state), self.of(right, state)
        if op == "!=":
            if b[0] == b[1] and not floats:
                bound = (a[0] + 1, a[1]) if a[0] == b[0] else (a[0], a[1] - 1) if a[1] == b[1] else a
                return self.bound(left, bound, state)
            return True
        if op == "==":
            both = meet(a, b)
            return both[0] <= both[1] and self.bound(left, both, state) and self.bound(right, both, state)
        gap = 0 if op == "<=" else 1
        if floats:
            upper = math.nextafter(b[1], -math.inf) if gap and not math.isinf(b[1]) else b[1]
            lower = math.nextafter(a[0], math.inf) if gap and not math.isinf(a[0]) else a[0]
        else:
            upper, lower = b[1] - gap, a[0] + gap
        if a[0] > upper:
            return False
        wrapped = isinstance(left, Cast) and left.type.kind == "uint" and element_of(left.operand.type).kind == "int"
        if isinstance(left, Cast) and wrapped and not math.isinf(upper):
            return self.bound(left.operand, (0, upper), state)     # (unsigned)i < n says 0 <= i as well
        if not floats:
            self._relate(left, right, -gap, state)
        return self.bound(left, (-math.inf, upper), state) and self.bound(right, (lower, math.inf), state)

    def bound(self, expr: Expr, bound: Interval, state: State) -> bool:
        """Intersect what is known of ``expr`` with ``bound``."""
        while isinstance(expr, Cast) and expr.type.is_integer and element_of(expr.operand.type).is_integer and expr.type.bits >= 32:
            if expr.type.kind == "uint" and self.of(expr.operand, state)[0] < 0:
                return True
            expr = expr.operand
        if isinstance(expr, Literal | Constant):
            return bound[0] <= expr.value <= bound[1]
        if isinstance(expr, Var):
            now = meet(state.env.get(expr.name, TOP), bound)
            state.env[expr.name] = now
            definition = state.definitions.get(expr.name)
            if now[0] > now[1]:
                return False
            if definition is not None and element_of(expr.type).is_integer and isinstance(definition, Binary | AxisIndex | Cast | Var):
                possible = self.bound(definition, bound, state)
                state.env[expr.name] = meet(now, self.quietly(definition, state))     # multiples: below 80 in steps of 16 is at most 64
                return possible
            return True
        if element_of(expr.type).is_integer:
            terms = poly(expr)
            inner = [monomial for monomial in terms if monomial]
            if len(inner) == 1 and len(inner[0]) == 1 and isinstance(inner[0][0], Var):
                factor, offset = terms[inner[0]], terms.get((), 0)
                low, high = sorted(((bound[0] - offset) / factor, (bound[1] - offset) / factor))
                whole = low if math.isinf(low) else math.ceil(low), high if math.isinf(high) else math.floor(high)
                if not self.bound(inner[0][0], whole, state):
                    return False
            facts = []
            if not math.isinf(bound[1]):
                facts.append((_moved(terms), bound[1] - terms.get((), 0)))
            if not math.isinf(bound[0]):
                facts.append((_moved({m: -c for m, c in terms.items()}), -bound[0] + terms.get((), 0)))
            state.facts = (*state.facts, *(fact for fact in facts if fact[0]))[-24:]
        return True

    def _relate(self, left: Expr, right: Expr, bound: int, state: State) -> None:
        """Remember ``left - right <= bound`` where the right side is no plain number; ``min`` bounds by each of its operands."""
        options = [right]
        definition = state.definitions.get(right.name) if isinstance(right, Var) else None
        source = definition if definition is not None else right
        while isinstance(source, Cast):
            source = source.operand
        if isinstance(source, Call) and source.name in ("min", "fmin"):
            options = list(source.arguments)
        for option in options:
            difference = minus(poly(left), poly(option))
            if len(_moved(difference)) > 1 and len(difference) <= 6:
                state.facts = (*state.facts, (_moved(difference), bound - difference.get((), 0)))[-24:]


def _moved(terms: Poly) -> Poly:
    return {monomial: coefficient for monomial, coefficient in terms.items() if monomial}


def _compared(op: str, left: Interval, right: Interval) -> Interval:
    if op in (">", ">="):
        return _compared("<" if op == ">" else "<=", right, left)
    if op == "<":
        return (1, 1) if left[1] < right[0] else (0, 0) if left[0] >= right[1] else (0, 1)
    if op == "<=":
        return (1, 1) if left[1] <= right[0] else (0, 0) if left[0] > right[1] else (0, 1)
    return 0, 1
