"""Statements of one loop iteration as statements of a strip of sixteen iterations."""

from __future__ import annotations

from dataclasses import replace

from ..analysis.definitions import index_definitions
from ..ir.affine import minus, poly, to_expr
from ..ir.build import add, binary, fresh, integer, is_value, mul, negate, sub, value_of
from ..ir.nodes import (
    Assign,
    Axis,
    Binary,
    Block,
    Break,
    Call,
    Cast,
    Continue,
    Declare,
    Evaluate,
    Expr,
    For,
    If,
    InitList,
    Literal,
    Load,
    Node,
    Select,
    Stmt,
    Unary,
    Var,
    While,
)
from ..ir.types import BOOL, I32, Array, Scalar
from ..ir.walk import rewrite, rewrite_body, substitute, walk
from .jumps import Together
from .vectorize_helpers import LANES, MASK, Helpers, call
from .vectorize_values import Context, Value, Values, both_masks, negated, no, register_of

MASKED = ("add", "sub", "mul", "div", "max", "min", "mullo")


class Lanes(Values):
    """Sixteen iterations of ``loop`` at once. ``carried`` are scalars that the loop accumulates into, each in a vector of its own."""

    def __init__(self, loop: For, helpers: Helpers, taken: set[str], carried: dict[str, Scalar] | None = None) -> None:
        super().__init__(Var(loop.var, loop.type), is_value(loop.lower, 0), helpers, taken)
        self.loop = loop
        self.home: dict[str, Expr | None] = {}
        self.assigned = {n.target.name for n in walk(loop.body) if isinstance(n, Assign) and isinstance(n.target, Var)}
        self.types = {n.name: n.type for n in walk(loop.body) if isinstance(n, Declare)}
        for name, element in (carried or {}).items():
            self.varying.add(name)
            self.vectors[name] = element
        self.outside: set[str] = set(carried or {})
        for node in walk(loop.body):
            if isinstance(node, Call) and "atomic" in node.name:
                raise no("vector-atomic", "iterations meet in an atomic update", node)
        self._classify()
        together = Together(self.varies, taken)
        guarded = together.body(loop.body)
        self.exits = together.exits
        if guarded != loop.body:
            self.loop = replace(loop, body=guarded)
            self.assigned = {n.target.name for n in walk(guarded) if isinstance(n, Assign) and isinstance(n.target, Var)}
            self.types = {n.name: n.type for n in walk(guarded) if isinstance(n, Declare)}
            self._classify()

    def strip(self) -> tuple[Stmt, ...]:
        """The loop in strips; a loop of at most sixteen iterations is its body alone."""
        loop = self.loop
        count = value_of(sub(loop.upper, loop.lower))
        whole = isinstance(count, int) and count % LANES == 0
        leaves = any(isinstance(n, Continue | Break) for n in walk(loop.body))
        single = isinstance(count, int) and count <= LANES and isinstance(value_of(loop.lower), int) and not leaves
        index: Expr = loop.lower if single else self.var
        name = "" if whole else fresh("active", self.taken)
        context = Context(Var(name, MASK) if name else None)
        self.strip_mask = context.mask
        body = self.body(loop.body, context)
        if name:
            body = (Declare(name, MASK, self.helpers.first_lanes(sub(loop.upper, self.var)), const=True), *body)
        if single:
            return rewrite_body(substitute(body, {loop.var: index}), _without_zero)  # type: ignore[arg-type]
        return (replace(loop, step=integer(LANES, I32), body=body, pragma=""),)

    # ---- what differs between lanes

    def _classify(self) -> None:
        while True:
            before = len(self.varying)
            self._mark(self.loop.body, 0, {})
            if len(self.varying) == before:
                break
        self._find_moving()

    def _mark(self, body: tuple[Stmt, ...], divergent: int, declared_at: dict[str, int]) -> None:
        for stmt in body:
            match stmt:
                case Declare(name=name, value=value):
                    declared_at[name] = divergent
                    if value is not None and self.varies(value):
                        self.varying.add(name)
                case Assign(target=Var(name=name), value=value):
                    if self.varies(value) or divergent > declared_at.get(name, 0):
                        self.varying.add(name)
                case Assign(target=Load(buffer=Var(name=name), index=index), value=value):
                    if name in self.types and (
                        self.varies(value) or divergent > declared_at.get(name, 0) or any(self.varies(i) for i in index)
                    ):
                        self.varying.add(name)
                case For():
                    start, end = self.varies(stmt.lower), self.varies(stmt.upper) or self.varies(stmt.step)
                    if start:
                        self.varying.add(stmt.var)
                    inside = divergent + (1 if (start or end) and not self._same_trips(stmt) else 0)
                    self._mark(stmt.body, inside, declared_at)
                case While():
                    inside = divergent + (1 if self.varies(stmt.condition) else 0)
                    self._mark(tuple(s for s in (stmt.init,) if s is not None), divergent, declared_at)
                    self._mark((*stmt.body, *stmt.update), inside, declared_at)
                case If():
                    inside = divergent + (1 if self.varies(stmt.condition) else 0)
                    self._mark(stmt.then, inside, declared_at)
                    self._mark(stmt.otherwise, inside, declared_at)
                    if inside > divergent and any(isinstance(n, Continue) for n in walk(stmt)):
                        divergent += 1
                case Block(body=inner):
                    self._mark(inner, divergent, declared_at)

    def _same_trips(self, loop: For) -> bool:
        difference = to_expr(minus(poly(loop.upper, self._definitions()), poly(loop.lower, self._definitions())))
        return not self.varies(difference) and not self.varies(loop.step)

    def _definitions(self) -> dict[str, Expr]:
        return index_definitions(self.loop.body)

    def _find_moving(self) -> None:
        """Integers that start on a line and are only moved by amounts that do not vary (``p += stride``): still a line."""
        moves: dict[str, bool] = {}

        def visit(body: tuple[Stmt, ...], divergent: bool) -> None:
            for stmt in body:
                if isinstance(stmt, Assign) and isinstance(stmt.target, Var):
                    fits = not divergent and stmt.op in ("+", "-") and bool(stmt.op) and not self.varies(stmt.value)
                    moves[stmt.target.name] = moves.get(stmt.target.name, True) and fits
                elif isinstance(stmt, For):
                    visit(stmt.body, divergent or not self._same_trips(stmt))
                elif isinstance(stmt, While):
                    visit((*stmt.body, *stmt.update), divergent or self.varies(stmt.condition))
                elif isinstance(stmt, If):
                    inside = divergent or self.varies(stmt.condition)
                    visit((*stmt.then, *stmt.otherwise), inside)
                    if inside and any(isinstance(n, Continue) for n in walk(stmt)):
                        divergent = True
                elif isinstance(stmt, Block):
                    visit(stmt.body, divergent)

        visit(self.loop.body, False)
        self.moving = {
            name
            for name, fits in moves.items()
            if fits and isinstance(self.types.get(name), Scalar) and self.types[name].is_integer and self.types[name].bits >= 32  # type: ignore[union-attr]
        }

    # ---- statements

    def body(self, body: tuple[Stmt, ...], context: Context) -> tuple[Stmt, ...]:
        result: list[Stmt] = []
        for position, stmt in enumerate(body):
            if (
                isinstance(stmt, If)
                and stmt.then
                and isinstance(stmt.then[-1], Continue)
                and not stmt.otherwise
                and self.varies(stmt.condition)
            ):
                rest = If(negate(stmt.condition), body[position + 1 :], comment=stmt.comment)
                if len(stmt.then) > 1:
                    rest = If(stmt.condition, stmt.then[:-1], body[position + 1 :], comment=stmt.comment)
                result += self.stmt(rest, context)
                return tuple(result)
            made = self.stmt(stmt, context)
            if made and stmt.comment and not made[0].comment:
                made = (replace(made[0], comment=stmt.comment), *made[1:])
            result += made
        return tuple(result)

    def stmt(self, stmt: Stmt, context: Context) -> tuple[Stmt, ...]:
        outer, self.before = self.before, []
        match stmt:
            case Declare():
                made = self.declare(stmt, context)
            case Assign(target=Var()):
                made = self.assign(stmt, context)
            case Assign():
                made = self.store_to(stmt, context)
            case For() if (ends := self._ends_apart(stmt, context)) is not None:
                made = (Block(self._until_none_runs(ends, context)),)
            case For():
                made = (self.for_(stmt, context),)
            case While():
                made = self.while_(stmt, context)
            case If():
                made = self.if_(stmt, context)
            case Block(body=body):
                made = (Block(self.body(body, context)),)
            case Break() | Continue() if context.mask == self.strip_mask or context.mask is None:
                made = (stmt,)
            case Break() | Continue():
                raise no("divergent-exit", "some iterations leave a loop before others", stmt)
            case Evaluate(value=value):
                raise no("vector-statement", f"no vector form of `{value.name if isinstance(value, Call) else type(value).__name__}`", stmt)
            case _:
                raise no("vector-statement", f"no vector form of {type(stmt).__name__}", stmt)
        made = (*self.before, *made)
        self.before = outer
        return made

    def declare(self, stmt: Declare, context: Context) -> tuple[Stmt, ...]:
        name, type_ = stmt.name, stmt.type
        self.home[name] = context.mask
        if isinstance(type_, Array):
            return (self._declare_array(stmt, type_, context),)
        if not isinstance(type_, Scalar):
            raise no("vector-statement", f"`{name}` has no vector form", stmt)
        value = self.value(stmt.value, context) if stmt.value is not None else None
        if name in self.varying or (value is not None and value.kind not in ("uniform",)):
            if (
                value is not None
                and value.kind in ("uniform", "linear")
                and name not in self.assigned
                and type_.is_integer
                and type_ != BOOL
                and type_.bits >= 32
            ):
                if value.kind == "uniform":
                    self.varying.discard(name)
                else:
                    self.varying.add(name)
                    self.env[name] = rewrite(stmt.value, self._quotient)  # type: ignore[assignment,arg-type]
                return (stmt,)
            if value is not None and value.kind == "uniform" and name not in self.assigned:
                self.varying.discard(name)
                return (stmt,)
            if name in self.moving and value is not None and value.kind in ("uniform", "linear"):
                self.varying.add(name)
                self.env[name] = add(mul(value.step, self.var), Var(f"{name}@")) if value.step is not None else Var(f"{name}@")
                return (stmt,)
            if name not in self.varying and name in self.assigned:
                raise no("vector-name", f"`{name}` differs between iterations only sometimes", stmt)
            if name in self.exits.values() and context.mask is not None:
                value = Value("mask", context.mask, BOOL)  # those that do not run never stay
            return (self._declare_vector(stmt, type_, value),)
        return (stmt,)

    def _declare_vector(self, stmt: Declare, type_: Scalar, value: Value | None) -> Declare:
        if type_.bits > 32 or type_.is_float and type_.bits != 32 or type_.is_integer and type_ != BOOL and type_.bits < 32:
            raise no("vector-type", f"`{stmt.name}` is {type_}, which is not put into vectors", stmt)
        register = self.register(value, type_) if value is not None else self.register(Value("uniform", Literal(0, type_), type_), type_)
        self.varying.add(stmt.name)
        self.vectors[stmt.name] = type_
        return replace(stmt, type=register_of(type_), value=register)

    def _declare_array(self, stmt: Declare, type_: Array, context: Context) -> Declare:
        if stmt.name not in self.varying and (not isinstance(stmt.value, InitList) or not any(self.varies(e) for e in stmt.value.elements)):
            return stmt
        self.arrays.add(stmt.name)
        self.varying.add(stmt.name)
        if type_.element.bits != 32:
            raise no("vector-type", f"`{stmt.name}` holds {type_.element}, which is not put into vectors", stmt)
        value = stmt.value
        if isinstance(value, InitList):
            value = InitList(
                tuple(self.register(self.value(e, context), type_.element) for e in value.elements), register_of(type_.element)
            )
        return replace(stmt, type=replace(type_, element=register_of(type_.element)), value=value)

    def _result(self, stmt: Assign, context: Context) -> Value:
        expr = stmt.value if not stmt.op else binary(stmt.op, stmt.target, stmt.value)
        return self.value(expr, context)

    def assign(self, stmt: Assign, context: Context) -> tuple[Stmt, ...]:
        target: Var = stmt.target  # type: ignore[assignment]
        if target.name not in self.vectors:
            value = self.value(stmt.value, context)
            if target.name in self.env or value.kind == "uniform":
                if context.mask != self.home.get(target.name) and target.name in self.types and target.name not in self.moving:
                    raise no("vector-name", f"`{target.name}` is assigned in some iterations only", stmt)
                return (stmt,)
            raise no("vector-name", f"`{target.name}` differs between iterations", stmt)
        element = self.vectors[target.name]
        register = self.register(self._result(stmt, context), element)
        variable = Var(target.name, register_of(element))
        full = target.name not in self.outside and context.mask == self.home.get(target.name)
        if full or context.mask is None:
            return (Assign(variable, register),)
        return (Assign(variable, self.blended(variable, register, context.mask, element)),)

    @staticmethod
    def blended(old: Expr, new: Expr, mask: Expr, element: Scalar) -> Expr:
        """``new`` in the lanes of ``mask``, ``old`` in the others."""
        if element == BOOL and isinstance(new, Literal):
            return Binary("|", old, mask, MASK) if new.value else Binary("&", old, negated(mask), MASK)
        if element == BOOL:
            return Binary("|", Binary("&", new, mask, MASK), Binary("&", old, negated(mask), MASK), MASK)
        type_ = register_of(element)
        if isinstance(new, Call) and new.name.startswith("_mm512_"):
            operation = new.name.removeprefix("_mm512_").rsplit("_", 1)
            suffix = operation[-1]
            if operation[0] in MASKED and suffix in ("ps", "epi32") and new.name not in ("_mm512_mask_sub_epi32",):
                return call(f"_mm512_mask_{operation[0]}_{suffix}", old, mask, *new.arguments, type_=type_)
            if new.name == "_mm512_mask_blend_ps" and new.arguments[1] == old:
                return call("_mm512_mask_mov_ps", old, Binary("&", mask, new.arguments[0], MASK), new.arguments[2], type_=type_)
        return call(f"_mm512_mask_mov_{'ps' if element.is_float else 'epi32'}", old, mask, new, type_=type_)

    def store_to(self, stmt: Assign, context: Context) -> tuple[Stmt, ...]:
        target: Load = stmt.target  # type: ignore[assignment]
        if target.buffer.name in self.arrays:
            place = self.load(target, context)
            register = self.register(self._result(stmt, context), target.type)
            if context.mask is not None and context.mask != self.home.get(target.buffer.name):
                register = self.blended(place.expr, register, context.mask, target.type)
            return (Assign(place.expr, register),)
        if target.buffer.name in self.types and target.buffer.name not in self.varying:
            return (stmt,)
        narrow = target.type.is_integer and target.type.bits < 32
        if narrow and not stmt.op and isinstance(stmt.value, Cast) and stmt.value.type == target.type:
            stmt = replace(stmt, value=stmt.value.operand)  # the store itself keeps the low bits
        value = self._result(stmt, context)
        return (Evaluate(self.store(target, value, context)),)

    # ---- control flow

    def if_(self, stmt: If, context: Context) -> tuple[Stmt, ...]:
        simpler = as_select(stmt)
        if simpler is not None and self.varies(stmt.condition):
            return self.stmt(simpler, context)
        condition = self.value(stmt.condition, context)
        if condition.kind == "uniform":
            return (
                replace(stmt, condition=condition.expr, then=self.body(stmt.then, context), otherwise=self.body(stmt.otherwise, context)),
            )
        mask = self.mask(condition)
        if stmt.otherwise:
            mask = self.named_mask(mask, "chosen")
        result: list[Stmt] = []
        for body, lanes, base in ((stmt.then, mask, "inside"), (stmt.otherwise, negated(mask), "outside")):
            if not body:
                continue
            own = self.named_mask(both_masks(context.mask, lanes), base)
            result += self.before
            self.before = []
            guard = any(isinstance(n, For | While) or isinstance(n, Load) and not self.varies(n) for n in walk(body))
            made = self.body(body, Context(own, some=guard, first=False))
            result += (If(own, made),) if guard else made
        return tuple(result)

    def for_(self, loop: For, context: Context) -> For:
        pragma = ""
        lower, upper, step = (self.value(e, context) for e in (loop.lower, loop.upper, loop.step))
        if step.kind != "uniform":
            raise no("divergent-loop", f"the step of `{loop.var}` differs between iterations", loop)
        if lower.kind == "uniform" and upper.kind == "uniform":
            self.varying.discard(loop.var)
            self.env.pop(loop.var, None)
            body = self.body(loop.body, replace(context))
            if loop.var in self.exits:
                body = (If(Unary("!", Var(self.exits[loop.var], MASK), BOOL), (Break(),)), *body)
            return replace(loop, body=body, pragma=pragma, axis=Axis.SERIAL)
        if lower.kind != "linear":
            raise no("divergent-loop", f"the number of iterations of `{loop.var}` differs", loop)
        self.varying.add(loop.var)
        self.env[loop.var] = add(mul(lower.step, self.var), Var(f"{loop.var}@"))  # type: ignore[arg-type]
        if upper.kind == "linear" and not minus(poly(lower.step), poly(upper.step)):  # type: ignore[arg-type]
            return replace(loop, body=self.body(loop.body, context), pragma=pragma, axis=Axis.SERIAL)
        growth = value_of(lower.step)  # type: ignore[arg-type]
        if upper.kind != "uniform" or not isinstance(growth, int) or growth <= 0:
            raise no("divergent-loop", f"the number of iterations of `{loop.var}` differs", loop)
        index = Var(loop.var, loop.type)  # lane 0 starts lowest, so that it goes on longest
        if growth == 1:
            inside = self.helpers.first_lanes(sub(loop.upper, index))
        elif loop.type.bits == 32:
            inside = self.mask(self.value(Binary("<", index, loop.upper, BOOL), context))
        else:
            raise no("wide-integer", "64-bit integers are not put into vectors", loop)
        name = fresh("in_loop", self.taken)
        mask = both_masks(context.mask, inside)
        inner = Context(Var(name, MASK), some=context.first, first=context.first)
        body = (Declare(name, MASK, mask, const=True), *self.body(loop.body, inner))
        return replace(loop, body=body, pragma=pragma, axis=Axis.SERIAL)

    def _ends_apart(self, loop: For, context: Context) -> While | None:
        """A loop whose iterations go round it for different numbers of times as one that asks each of them; None for other loops."""
        lower, upper, step = (self.value(e, context).kind for e in (loop.lower, loop.upper, loop.step))
        if step != "uniform" or upper == "uniform" or lower == "linear" == upper or loop.var in self.exits:
            return None
        if lower == "uniform":
            self.varying.discard(loop.var)
            self.env.pop(loop.var, None)
        index = Var(loop.var, loop.type)
        first, update = Declare(loop.var, loop.type, loop.lower), Assign(index, loop.step, "+")
        return While(Binary("<", index, loop.upper, BOOL), loop.body, init=first, update=(update,), comment=loop.comment)

    def while_(self, loop: While, context: Context) -> tuple[Stmt, ...]:
        if self.varies(loop.condition) or not self.safe(loop.condition, context):
            return self._until_none_runs(loop, context)
        init = loop.init
        if init is not None:
            made = self.stmt(init, context)
            if len(made) != 1:
                raise no("divergent-loop", "a loop starts with a vector", loop)
            init = made[0]
        body = self.body(loop.body, context)
        update: list[Stmt] = []
        for stmt in loop.update:
            update += self.stmt(stmt, context)
        return (replace(loop, init=init, body=body, update=tuple(update)),)

    def _until_none_runs(self, loop: While, context: Context) -> tuple[Stmt, ...]:
        """A loop whose iterations end at different times: those that still run, as a mask, until none does."""
        running = Var(fresh("running", self.taken), MASK)
        inner = Context(running, some=True, first=False)

        def asked(here: Context) -> tuple[Stmt, ...]:
            self.before = []
            mask = both_masks(here.mask, self.mask(self.value(loop.condition, here)))
            needed, self.before = tuple(self.before), []
            return (*needed, Assign(running, mask))

        start = self.stmt(loop.init, context) if loop.init is not None else ()
        everyone = context.mask if context.mask is not None else Literal(0xFFFF, I32, text="0xffff")
        first: tuple[Stmt, ...] = (Declare(running.name, MASK, everyone),) if loop.after else ()
        if not loop.after:
            *needed, last = asked(context)
            first = (*needed, Declare(running.name, MASK, last.value))  # type: ignore[attr-defined]
        body = [*self.body(loop.body, inner)]
        for stmt in loop.update:
            body += self.stmt(stmt, inner)
        again = While(running, (*body, *asked(inner)), after=loop.after, comment=loop.comment)
        return (*start, *first, again)


def as_select(stmt: If) -> Assign | None:
    """``if (a > m) m = a;`` as ``m = a > m ? a : m;``."""
    match stmt:
        case If(
            condition=Binary(op="<" | ">" as op, left=left, right=right),
            then=(Assign(target=Var() as target, value=value, op=""),),
            otherwise=(),
        ):
            if (left, right) == (value, target):
                return Assign(target, Select(stmt.condition, value, target, target.type), comment=stmt.comment)  # type: ignore[arg-type]
            if (right, left) == (value, target):
                flipped = Binary("<" if op == ">" else ">", value, target, BOOL)
                return Assign(target, Select(flipped, value, target, target.type), comment=stmt.comment)  # type: ignore[arg-type]
    return None


def _without_zero(node: Node) -> Node:
    if isinstance(node, Binary) and node.op == "+" and node.type.is_integer and (is_value(node.left, 0) or is_value(node.right, 0)):
        return node.left if is_value(node.right, 0) else node.right
    return node


__all__ = ["Lanes", "as_select"]
