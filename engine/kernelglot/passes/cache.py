"""Cache: what a vector needs of GDRAM is copied to NRAM before, what it produced is copied back after.

before     for i in start..start+count: ... x[i] ...
after      __memcpy(x_nram, x + start, count * sizeof(float), GDRAM2NRAM); ... x_nram[i - start] ...
keeps      the order of accesses to each buffer: copies stand where the accesses stood
A constant stride makes a two-dimensional copy (``count`` segments of one element); anything else is gathered by a scalar loop.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ..ir.affine import minus, poly, stride, to_expr
from ..ir.build import add, binary, fresh, integer, is_value, less, mul, sub, value_of
from ..ir.nodes import (
    Address,
    Assign,
    Binary,
    Call,
    Constant,
    Declare,
    Evaluate,
    Expr,
    For,
    If,
    Load,
    Node,
    Select,
    Stmt,
    Var,
)
from ..ir.types import I32, Array, Pointer, Scalar, Scope
from ..ir.walk import rewrite, substitute, variables, walk
from .remainders import simplified

C_NAMES = {
    "f32": "float",
    "f16": "half",
    "bf16": "bfloat16_t",
    "i32": "int",
    "u32": "unsigned int",
    "i16": "int16_t",
    "u16": "uint16_t",
    "i8": "int8_t",
    "u8": "uint8_t",
    "i64": "long long",
    "u64": "unsigned long long",
    "bool": "bool",
}
ON_CHIP = (Scope.NRAM, Scope.SHARED, Scope.REGISTER)


@dataclass(frozen=True, slots=True)
class Lanes:
    """Iterations ``start .. start + count`` of the loop over ``var``, done as vectors; ``count`` is positive where they run.

    Arrays with one element a lane have ``width`` elements, the first belongs to iteration ``origin``.
    """

    var: str
    type: Scalar
    start: Expr
    count: Expr
    origin: Expr
    width: Expr | int

    @property
    def index(self) -> Var:
        return Var(self.var, self.type)

    @property
    def place(self) -> Expr:
        """The element of an expanded array that belongs to the iteration ``var``."""
        return sub(self.index, self.origin)

    @property
    def most(self) -> int | None:
        """The largest number that ``var`` may be, where it is never negative and a bound is known."""
        start, count, origin = value_of(self.start), value_of(self.count), value_of(self.origin)
        if isinstance(start, int) and isinstance(count, int) and start >= 0:
            return start + count - 1
        if isinstance(origin, int) and isinstance(self.width, int) and origin >= 0:
            return origin + self.width - 1
        return None

    def known(self, node):
        """``node`` without quotients and remainders of ``var`` that follow from how far it goes."""
        return node if self.most is None else simplified(node, {self.var: self.most}, set())

    def first(self, expr: Expr) -> Expr:
        """``expr`` in the first iteration, without sums that cancel."""
        if self.var not in variables(expr):
            return expr
        return folded(substitute(expr, {self.var: self.start}))

    def loop(self, body: tuple[Stmt, ...]) -> For:
        """The iterations one after the other."""
        return For(self.var, self.start, add(self.start, self.count), integer(1), body, type=self.type)


@dataclass(frozen=True, slots=True)
class Vector:
    """``count`` elements beside each other in NRAM; ``temporary`` may be overwritten by who holds it."""

    buffer: Var
    index: tuple[Expr, ...]
    temporary: bool = False

    @property
    def address(self) -> Address:
        return Address(self.buffer, self.index, self.buffer.type)

    @property
    def element(self) -> Scalar:
        return self.buffer.type.element  # type: ignore[union-attr]


@dataclass
class Nram:
    """The arrays a kernel keeps in NRAM. ``arrays``: name -> (element type, extents); an extent is a number or a constant."""

    taken: set[str]
    arrays: dict[str, tuple[Scalar, tuple[object, ...]]] = field(default_factory=dict)
    free: list[str] = field(default_factory=list)
    memo: dict[str, tuple[str, Vector]] = field(default_factory=dict)
    gathers: int = 0  # scalar loops that bring elements together
    powers: dict[str, int] = field(default_factory=dict)  # loop variables that are powers of two, with the largest they become

    def snapshot(self) -> tuple:
        return dict(self.arrays), list(self.free), dict(self.memo), set(self.taken), self.gathers

    def restore(self, state: tuple) -> None:
        self.arrays, self.free, self.memo = dict(state[0]), list(state[1]), dict(state[2])
        self.gathers = state[4]
        self.taken.clear()
        self.taken |= state[3]

    def array(self, name: str, element: Scalar, shape: tuple[object, ...]) -> Var:
        self.arrays.setdefault(name, (element, shape))
        return Var(name, Array(element, self.arrays[name][1], Scope.NRAM))

    def temporary(self, base: str, element: Scalar, width: object) -> Vector:
        """A vector of at least ``width`` elements that nobody uses."""
        for name in sorted(self.free, key=lambda n: n.split("_nram")[0] != base):
            kind, shape = self.arrays[name]
            if kind == element and shape == (width,):
                self.free.remove(name)
                return Vector(Var(name, Array(element, shape, Scope.NRAM)), (integer(0),), True)
        name = fresh(f"{base}_nram", self.taken)
        return Vector(self.array(name, element, (width,)), (integer(0),), True)

    def release(self, vector: Vector) -> None:
        if vector.temporary and vector.buffer.name not in self.free:
            self.free.append(vector.buffer.name)

    def remember(self, key: str, buffer: str, vector: Vector) -> None:
        self.memo[key] = (buffer, vector)

    def forget(self, buffer: str | None = None, scalar: str | None = None) -> None:
        """Drops copies of ``buffer`` and those whose place depends on ``scalar``; without either, all of them."""
        for key, (source, vector) in list(self.memo.items()):
            if (buffer is None and scalar is None) or source == buffer or (scalar is not None and f"'{scalar}'" in key):
                del self.memo[key]
                self.release(replace(vector, temporary=True))


def folded(node):
    """``node`` without the sums with 0 and products with 0 or 1 that a substitution left; casts and the author's order stay."""

    def visit(current: Node) -> Node:
        if isinstance(current, Binary) and current.op in "+-*" and current.type.is_integer:
            simple = is_value(current.left, 0) or is_value(current.right, 0) or is_value(current.left, 1) or is_value(current.right, 1)
            if simple or current.op == "-" and current.left == current.right:
                return binary(current.op, current.left, current.right)
        return current

    return rewrite(node, visit)


def size_of(element: Scalar) -> Expr:
    return Constant(f"sizeof({C_NAMES[element.name]})", element.bytes, I32)


def bytes_of(count: Expr, element: Scalar) -> Expr:
    return mul(count, size_of(element))


def call(name: str, *arguments: Expr) -> Evaluate:
    return Evaluate(Call(name, tuple(arguments)))


def memcpy(target: Address, source: Address, size: Expr, direction: str, *strides: Expr) -> Evaluate:
    return call("__memcpy", target, source, size, Constant(direction, 0, I32), *strides)


def lane_stride(load: Load, lanes: Lanes) -> Expr | None:
    """By how many elements neighbouring lanes are apart; None where that is not the same for all."""
    steps = [stride(lanes.known(i), lanes.var) for i in load.index]
    if any(s is None for s in steps):
        return None
    total: Expr = integer(0)
    shape = load.buffer.type.shape if isinstance(load.buffer.type, Array) else (0,)
    for position, step in enumerate(steps):
        if is_value(step, 0):  # type: ignore[arg-type]
            continue
        inner: Expr = integer(1)
        for extent in shape[position + 1 :]:
            inner = mul(inner, extent if isinstance(extent, Expr) else integer(int(extent)))  # type: ignore[call-overload]
        total = add(total, mul(step, inner))  # type: ignore[arg-type]
    return total


def is_on_chip(buffer: Var) -> bool:
    return isinstance(buffer.type, Array) and buffer.type.scope in ON_CHIP


def fetch(load: Load, lanes: Lanes, nram: Nram, out: list[Stmt], into: Vector | None = None) -> Vector:
    """The elements ``load`` reads in all lanes, as a vector in NRAM."""
    step = lane_stride(load, lanes)
    first = tuple(lanes.first(i if step is None else lanes.known(i)) for i in load.index)
    if is_on_chip(load.buffer) and step is not None and is_value(step, 1):
        return Vector(load.buffer, first)
    element = load.type
    key = f"{load.buffer.name}:{[repr(to_expr(poly(i))) for i in first]}:{lanes.count!r}:{step!r}"
    if step is not None and key in nram.memo:
        return nram.memo[key][1]
    if step is None and is_on_chip(load.buffer):
        shifted = shift(load, lanes, nram, out)
        if shifted is not None:
            return shifted
    vector = into or nram.temporary(load.buffer.name, element, lanes.width)
    source = Address(load.buffer, first, load.buffer.type)
    direction = "NRAM2NRAM" if is_on_chip(load.buffer) else "GDRAM2NRAM"
    constant_table = isinstance(load.buffer.type, Array) and not is_on_chip(load.buffer)
    if step is None or constant_table:
        nram.gathers += 1
        place = sub(lanes.index, lanes.start)
        if into is not None:
            place = add(into.index[-1], place)
        index = (*vector.index[:-1], place)
        source_of_lane = replace(load, index=tuple(_with_copies(i, lanes, nram, out) for i in load.index))
        out.append(lanes.loop((Assign(Load(vector.buffer, index, element), source_of_lane),)))
    elif is_value(step, 1):
        out.append(memcpy(vector.address, source, bytes_of(lanes.count, element), direction))
    else:
        size = size_of(element)
        out.append(memcpy(vector.address, source, size, direction, size, mul(step, size), sub(lanes.count, integer(1))))
    if into is None and step is not None:
        vector = replace(vector, temporary=False)
        nram.remember(key, load.buffer.name, vector)
    return vector


def _with_copies(index: Expr, lanes: Lanes, nram: Nram, out: list[Stmt]) -> Expr:
    """``index`` with what it reads of GDRAM, lane beside lane, read from copies; nothing under a condition is copied."""
    if any(isinstance(n, Select) or isinstance(n, Binary) and n.op in ("&&", "||") for n in walk(index)):
        return index

    def visit(node: Node) -> Node:
        if not isinstance(node, Load) or not is_global(node.buffer) or (step := lane_stride(node, lanes)) is None or is_value(step, 0):
            return node
        copy = fetch(node, lanes, nram, out)
        return Load(copy.buffer, (*copy.index[:-1], add(copy.index[-1], sub(lanes.index, lanes.start))), node.type)

    return rewrite(index, visit)  # type: ignore[return-value]


def shift(load: Load, lanes: Lanes, nram: Nram, out: list[Stmt]) -> Vector | None:
    """``lane % width + by < width ? lane + by : lane``, a warp's exchange, as one copy with a segment a warp; None otherwise."""
    swapped = butterfly(load, lanes, nram, out)
    if swapped is not None:
        return swapped
    match load.index:
        case (
            Select(
                condition=Binary(op="<", left=Binary(op="+", left=Var() as lane, right=by), right=wide as limit), then=then, otherwise=other
            ),
        ) if lane == lanes.index and value_of(lanes.start) == 0 and value_of(lanes.count) == value_of(wide):
            pass  # the lanes are one warp: `lane % width` has been written as `lane`
        case (
            Select(
                condition=Binary(op="<", left=Binary(op="+", left=Binary(op="%", left=lane, right=wide), right=by), right=limit),
                then=then,
                otherwise=other,
            ),
        ):
            pass
        case _:
            return None
    width, count = value_of(wide), value_of(lanes.count)
    if not isinstance(width, int) or not isinstance(count, int) or value_of(limit) != width or count % width or lanes.var in variables(by):
        return None
    rest = minus(poly(other), poly(lanes.index))
    inside = minus(poly(lane), poly(lanes.index))
    if (
        minus(poly(then), {**poly(add(other, by))})
        or count > width
        and any(c % width for c in (*rest.values(), *inside.values()))
        or any(c % width for c in inside.values())
        or (value_of(lanes.start) or 0) % width
    ):
        return None
    if lanes.var in variables(to_expr(rest)) or value_of(lanes.start) is None:
        return None
    vector = nram.temporary(load.buffer.name, load.type, lanes.width)
    size = size_of(load.type)
    whole, moved = (Address(load.buffer, (lanes.first(e),), load.buffer.type) for e in (other, add(other, by)))
    out.append(call("__bang_move", vector.address, whole, bytes_of(lanes.count, load.type)))
    segment, stride_ = mul(sub(integer(width), by), size), mul(integer(width), size)
    move = call("__bang_move", vector.address, moved, segment, stride_, stride_, integer(count // width - 1))
    out.append(move if value_of(by) is not None else If(less(by, integer(width)), (move,)))
    return vector


def butterfly(load: Load, lanes: Lanes, nram: Nram, out: list[Stmt]) -> Vector | None:
    """Each lane's partner ``(lane % width) ^ by`` in its warp, ``by`` a power of two: neighbouring groups of ``by`` lanes change places."""
    match load.index:
        case (
            Binary(
                op="+",
                left=Binary(op="-", left=lane, right=Binary(op="%", right=wide) as inside),
                right=Select(condition=Binary(op="<", left=swapped, right=limit), then=then, otherwise=otherwise),
            ),
        ) if (
            swapped == then == Binary("^", inside, getattr(then, "right", inside), then.type)
            and inside == otherwise
            and inside.left == lane
        ):
            by = then.right  # type: ignore[union-attr]
        case _:
            return None
    width, count, number = value_of(wide), value_of(lanes.count), value_of(by)
    most = number if isinstance(number, int) and number > 0 and number & (number - 1) == 0 else nram.powers.get(getattr(by, "name", ""), 0)
    if not isinstance(width, int) or not isinstance(count, int) or value_of(limit) != width or count % width or not 0 < 2 * most <= width:
        return None
    first = minus(poly(lane), poly(lanes.index))
    if any(c % width for c in first.values()) or lanes.var in variables(to_expr(first)) or (value_of(lanes.start) or 0) % width:
        return None
    vector = nram.temporary(load.buffer.name, load.type, lanes.width)
    start = lanes.first(lane)
    size, pair = size_of(load.type), mul(mul(by, integer(2)), size_of(load.type))
    rounds = sub(binary("/", integer(count), mul(by, integer(2))), integer(1))
    for target, source in ((integer(0), add(start, by)), (by, start)):
        places = Address(vector.buffer, (target,), vector.buffer.type), Address(load.buffer, (source,), load.buffer.type)
        out.append(call("__bang_move", *places, mul(by, size), pair, pair, rounds))
    return vector


def store(target: Load, vector: Vector, lanes: Lanes, out: list[Stmt]) -> bool:
    """Copies a vector to where ``target`` lies; False where neighbouring lanes are not a fixed distance apart."""
    step = lane_stride(target, lanes)
    if step is None or is_value(step, 0) or (isinstance(number := value_of(step), int) and number < 0):
        return False
    first = Address(target.buffer, tuple(lanes.first(lanes.known(i)) for i in target.index), target.buffer.type)
    element = target.type
    direction = "NRAM2NRAM" if is_on_chip(target.buffer) else "NRAM2GDRAM"
    if is_value(step, 1):
        out.append(memcpy(first, vector.address, bytes_of(lanes.count, element), direction))
    else:
        size = size_of(element)
        out.append(memcpy(first, vector.address, size, direction, mul(step, size), size, sub(lanes.count, integer(1))))
    return True


def is_global(buffer: Var) -> bool:
    return isinstance(buffer.type, Pointer)


__all__ = [
    "Declare",
    "Lanes",
    "Nram",
    "Vector",
    "binary",
    "bytes_of",
    "call",
    "fetch",
    "is_global",
    "is_on_chip",
    "lane_stride",
    "less",
    "memcpy",
    "store",
]
