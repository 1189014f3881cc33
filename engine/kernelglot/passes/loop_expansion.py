"""Expansion: a loop over lanes is distributed over the statements of its body, so that each can become vector instructions.

before     for i: { v = f(i); for (k = 0; k < n; ++k) v += g(i, k); y[i] = v; }
after      for i: v[i] = f(i);   for (k = 0; k < n; ++k) for i: v[i] += g(i, k);   for i: y[i] = v[i];
keeps      each lane's statements in their order; lanes are independent, so nobody sees another order between them
What all lanes agree on stays one number; a condition that selects a run of lanes becomes a smaller count. A statement for which there is
no vector form stays a scalar loop over the lanes.
"""

from __future__ import annotations

from dataclasses import replace

from ..analysis.definitions import pure
from ..ir.affine import poly, to_expr
from ..ir.build import add, both, cast, fresh, integer, is_value, less, mul, negate, select, sub, value_of
from ..ir.nodes import (
    Address,
    Assign,
    Binary,
    Block,
    Break,
    Call,
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
    Return,
    Select,
    Stmt,
    Var,
    While,
)
from ..ir.types import F32, I32, Array, Scalar, element_of
from ..ir.walk import rewrite, substitute, variables, walk
from .base import Declined
from .cache import Lanes, Nram, call
from .lane_facts import Selected, is_atomic, selected, split_counters, varying_names
from .lane_forms import as_selection, as_update, every, folded, overwrites, own_element, used_elsewhere
from .lane_runs import around, narrow
from .remainders import simplified
from .staging import staged
from .tensorize import Tensorizer

FEW_NODES = 60  # of a branch that may be written twice


class Expansion:
    """Distributes one loop over lanes. ``nram`` keeps what lives in NRAM; ``architecture`` as in ``__BANG_ARCH__``."""

    def __init__(self, nram: Nram, taken: set[str], architecture: int) -> None:
        self.nram, self.taken, self.architecture = nram, taken, architecture
        self.scalar_loops = 0

    def run(self, body: tuple[Stmt, ...], lanes: Lanes) -> tuple[Stmt, ...]:
        """The statements of all ``lanes``."""
        body = split_counters(body, lanes.var, self.taken)
        self.region = body
        self.varying = varying_names(body, lanes.var)
        written = {n.target.name for n in walk(body) if isinstance(n, Assign) and isinstance(n.target, Var)}
        self.declared = {n.name: n for n in walk(body) if isinstance(n, Declare)}
        self.substituted = {
            name
            for name, n in self.declared.items()
            if name in self.varying
            and name not in written
            and n.value is not None
            and isinstance(n.type, Scalar)
            and n.type.is_integer
            and pure(n.value)
        }
        out = self.body(body, lanes, {})
        self.nram.forget()
        return tuple(out)

    # ---- names

    def expanded(self, node, lanes: Lanes, local: frozenset[str] = frozenset()):
        """``node`` with each name that differs between lanes as an element of its array."""

        def visit(current: Node) -> Node:
            if (
                isinstance(current, Var)
                and isinstance(current.type, Scalar)
                and self.is_expanded(current.name)
                and current.name not in local
            ):
                buffer = self.nram.array(current.name, current.type, (lanes.width,))
                return Load(buffer, (lanes.place,), current.type)
            if isinstance(current, Load) and self.is_private(current.buffer) and current.buffer.name not in local:
                shape = current.buffer.type.shape  # type: ignore[union-attr]
                buffer = self.nram.array(current.buffer.name, current.type, (*shape, lanes.width))
                return replace(current, buffer=buffer, index=(*current.index, lanes.place))
            return current

        if isinstance(node, tuple):
            return tuple(rewrite(n, visit) for n in node)
        return rewrite(node, visit)

    def is_expanded(self, name: str) -> bool:
        return (
            name in self.varying and name in self.declared and name not in self.substituted and isinstance(self.declared[name].type, Scalar)
        )

    def is_private(self, buffer: Var) -> bool:
        return buffer.name in self.declared and isinstance(buffer.type, Array)

    def differs(self, expr: Expr) -> bool:
        return bool(variables(expr) & self.varying) or is_atomic(expr)

    # ---- statements

    def body(self, body: tuple[Stmt, ...], lanes: Lanes, known: dict[str, Expr]) -> list[Stmt]:
        """The statements for all lanes; ``known`` are integer names replaced by what they stand for."""
        out: list[Stmt] = []
        known = dict(known)
        comment = ""
        for position, stmt in enumerate(body):
            if isinstance(stmt, Declare) and stmt.name in self.substituted:
                known[stmt.name] = substitute(stmt.value, known)
                comment = comment or stmt.comment
                continue
            if (
                isinstance(stmt, If)
                and len(stmt.then) == 1
                and isinstance(stmt.then[0], Continue)
                and self.differs(substitute(stmt.condition, known))
            ):
                rest = substitute(If(negate(stmt.condition), body[position + 1 :], comment=stmt.comment), known)
                return out + self.statement(rest, lanes, known)
            before = len(out)
            for new in self.statement(substitute(stmt, known), lanes, known):
                self.append(out, new, lanes)
            if comment and len(out) > before and not out[before].comment:
                out[before] = replace(out[before], comment=comment)
            comment = ""
        return out

    @staticmethod
    def append(out: list[Stmt], stmt: Stmt, lanes: Lanes) -> None:
        """Two scalar loops over the same lanes beside each other are one."""
        last = out[-1] if out else None
        if (
            isinstance(stmt, For)
            and isinstance(last, For)
            and stmt.var == last.var == lanes.var
            and not stmt.comment
            and ((stmt.lower, stmt.upper) == (last.lower, last.upper))
        ):
            out[-1] = replace(last, body=(*last.body, *stmt.body))
        else:
            out.append(stmt)

    def statement(self, stmt: Stmt, lanes: Lanes, known: dict[str, Expr]) -> list[Stmt]:
        match stmt:
            case If(condition=condition):
                stmt = replace(stmt, condition=lanes.known(condition))
            case Assign(value=Select() as chosen) | Declare(value=Select() as chosen):
                stmt = replace(stmt, value=replace(chosen, condition=lanes.known(chosen.condition)))
        made = self._statement(stmt, lanes, known)
        if made and stmt.comment and not made[0].comment:
            made[0] = replace(made[0], comment=stmt.comment)
        return made

    def _statement(self, stmt: Stmt, lanes: Lanes, known: dict[str, Expr]) -> list[Stmt]:
        match stmt:
            case Block(body=body):
                return self.body(body, lanes, known)
            case Declare(type=Array()):
                return self.array(stmt, lanes)
            case Declare(name=name, value=value, type=type_):
                if name not in self.varying:
                    return [stmt]
                return [] if value is None else self.assignment(Assign(Var(name, type_), value), lanes, known)
            case Assign(target=Var(name=name)) if name not in self.varying and not self.differs(stmt.value) and name in self.declared:
                self.nram.forget(scalar=name)
                return [stmt]
            case Assign():
                return self.assignment(stmt, lanes, known)
            case For() | While() | If():
                return self.compound(stmt, lanes, known)
            case Break() | Continue():
                return [stmt]
            case Evaluate(value=Call(name="atomicAdd", arguments=(Address() as place, term))) if not self.differs(place):
                return self.summed(stmt, place, term, lanes, known) or self.scalar(stmt, lanes)
        return self.scalar(stmt, lanes)

    def summed(self, stmt: Stmt, place: Address, term: Expr, lanes: Lanes, known: dict[str, Expr]) -> list[Stmt] | None:
        """All lanes add to one float: their sum is added once."""
        if element_of(place.type) != F32 or place.view is not None or not self.differs(term) or is_value(lanes.count, 1):
            return None
        terms = self.nram.array(fresh("terms", self.taken), F32, (lanes.width,))
        result = self.nram.array("result" if "result" in self.nram.arrays else fresh("result", self.taken), F32, (16,))
        out = self.assignment(Assign(Load(terms, (lanes.place,), F32), cast(term, F32)), lanes, known)
        start, to = (Address(v, (i,), v.type) for v, i in ((terms, lanes.first(lanes.place)), (result, integer(0))))
        one = integer(1)
        out.append(call("__bang_sumpool", to, start, one, one, lanes.count, one, lanes.count, one, one))
        total = Load(result, (integer(0),), F32)
        return [*out, Evaluate(Call("atomicAdd", (place, total)), comment=stmt.comment)]

    def array(self, stmt: Declare, lanes: Lanes) -> list[Stmt]:
        """A lane's own array: one more dimension, the lanes. Its first elements may be given."""
        out: list[Stmt] = []
        elements = stmt.value.elements if isinstance(stmt.value, InitList) else ()
        shape = stmt.type.shape  # type: ignore[union-attr]
        if elements and len(shape) != 1:
            raise Declined(
                "private-array", f"the first elements of `{stmt.name}` are given in a form that cannot be laid out by lane", at=stmt.span
            )
        size = value_of(shape[0]) if shape and isinstance(shape[0], Expr) else shape[0] if shape else 0
        for position in range(int(size) if elements else 0):  # type: ignore[call-overload]
            value = elements[position] if position < len(elements) else Literal(0, element_of(stmt.type))
            out += self.assignment(Assign(Load(Var(stmt.name, stmt.type), (integer(position),), element_of(stmt.type)), value), lanes, {})
        return out

    def assignment(self, stmt: Assign, lanes: Lanes, known: dict[str, Expr]) -> list[Stmt]:
        """One assignment of all lanes: vector instructions, or a scalar loop."""
        if isinstance(stmt.value, Select) and self.by_range(stmt.value.condition, lanes):
            chosen = stmt.value
            return self.statement(
                If(chosen.condition, (replace(stmt, value=chosen.then),), (replace(stmt, value=chosen.otherwise),)), lanes, known
            )
        expanded = self.expanded(stmt, lanes)
        state = self.nram.snapshot()
        if not self.hides_loads(expanded.value, lanes):
            out: list[Stmt] = []
            try:
                Tensorizer(lanes, self.nram, self.architecture, out).assign(expanded)
                return out
            except Declined:
                self.nram.restore(state)
        return self.scalar(stmt, lanes)

    def selected(self, condition: Expr, lanes: Lanes):
        return selected(condition, lanes.index, self.differs)

    def by_range(self, condition: Expr, lanes: Lanes) -> bool:
        if not self.differs(condition):
            return False
        found = self.selected(condition, lanes)
        if not found.rest and (found.lowest or found.ends):
            return True
        other = self.selected(negate(condition), lanes)
        return not other.rest and bool(other.lowest or other.ends)

    @staticmethod
    def hides_loads(value: Expr, lanes: Lanes) -> bool:
        """Whether a load of GDRAM stands where it may not be evaluated for every lane."""
        for node in walk(value):
            guarded = (
                (node.then, node.otherwise)
                if isinstance(node, Select)
                else (node.right,)
                if isinstance(node, Binary) and node.op in ("&&", "||")
                else ()
            )
            asked = node.condition if isinstance(node, Select) else node.left if isinstance(node, Binary) else None
            before = {n for n in walk(asked) if isinstance(n, Load)} if guarded and asked is not None else set()
            for part in guarded:
                if any(isinstance(n, Load) and n not in before and not own_element(n, lanes) for n in walk(part)):
                    return True
        return False

    def scalar(self, stmt: Stmt, lanes: Lanes) -> list[Stmt]:
        """``stmt`` for one lane after the other; names used nowhere else stay scalars."""
        inside = {n.name for n in walk(stmt) if isinstance(n, Declare)}
        outside = used_elsewhere(self.region, inside, stmt)
        local = frozenset(inside - outside)

        def visit(node: Node) -> Node | tuple[Node, ...]:
            if isinstance(node, Declare) and node.name not in local and self.is_expanded(node.name):
                return Assign(Var(node.name, node.type), node.value) if node.value is not None else ()
            return node

        new = rewrite(stmt, visit)
        new = self.expanded(new if isinstance(new, tuple) else (new,), lanes, local)
        for node in walk(stmt):
            if isinstance(node, Declare) and isinstance(node.type, Array) and node.name not in local:
                raise Declined("private-array", f"`{node.name}` is declared inside a statement that stays scalar", at=node.span)
        self.nram.forget()
        if is_value(lanes.count, 1) and not any(isinstance(n, For) and n.var == lanes.var for n in walk(new)):
            return [folded(s) for s in substitute(new, {lanes.var: lanes.start})]
        self.scalar_loops += 1
        few = every(lanes, new)
        if few is not None:
            return self.grouped(few, lanes) or [few]
        found = staged(new, lanes, self.nram)
        self.nram.forget()
        return [*found.before, lanes.loop(found.body), *found.after]

    def grouped(self, loop: For, lanes: Lanes) -> list[Stmt] | None:
        """A loop over every so many lanes as lanes of its own; None where a statement has no vector form."""
        count, step = value_of(lanes.count), value_of(loop.step)
        if not isinstance(count, int) or not isinstance(step, int) or not all(isinstance(s, Assign) for s in loop.body):
            return None
        group = Var(fresh(f"{loop.var}_group", self.taken), loop.type)
        number = (count + step - 1) // step
        zero = integer(0, loop.type)
        groups = Lanes(group.name, loop.type, zero, integer(number), zero, number)
        body = simplified(substitute(loop.body, {loop.var: mul(group, integer(step))}), {group.name: number - 1}, set())
        state, out = self.nram.snapshot(), []
        try:
            for stmt in body:
                Tensorizer(groups, self.nram, self.architecture, out).assign(stmt)
        except Declined:
            self.nram.restore(state)
            return None
        self.nram.forget()
        self.scalar_loops -= 1
        return out

    # ---- control flow

    def compound(self, stmt: Stmt, lanes: Lanes, known: dict[str, Expr]) -> list[Stmt]:
        state, loops = self.nram.snapshot(), self.scalar_loops
        self.nram.forget()
        try:
            made = self.if_(stmt, lanes, known) if isinstance(stmt, If) else self.loop(stmt, lanes, known)
        except Declined:
            made = None
        if made is not None and (
            any(isinstance(n, Call) and n.name.startswith(("__bang", "__memcpy")) for n in walk(tuple(made)))
            or not any(isinstance(n, For) and n.var == lanes.var for n in walk(tuple(made)))
        ):
            self.nram.forget()
            return made
        self.nram.restore(state)
        self.scalar_loops = loops
        return self.scalar(stmt, lanes)

    def loop(self, stmt: Stmt, lanes: Lanes, known: dict[str, Expr]) -> list[Stmt] | None:
        if any(isinstance(n, Return) for n in walk(stmt)) or self.leaves(stmt.body, known):  # type: ignore[attr-defined]
            return None
        if isinstance(stmt, While):
            parts = [
                stmt.condition,
                *(s.value for s in (stmt.init, *stmt.update) if isinstance(s, Assign | Declare) and s.value is not None),
            ]
            if any(self.differs(p) for p in parts):
                return None
            return [replace(stmt, body=tuple(self.body(stmt.body, lanes, known)))]
        assert isinstance(stmt, For)
        if not any(self.differs(e) for e in (stmt.lower, stmt.upper, stmt.step)):
            return [replace(stmt, body=tuple(self.body(stmt.body, lanes, known)))]
        return self.strided(stmt, lanes, known)

    def leaves(self, body: tuple[Stmt, ...], known: dict[str, Expr], some: bool = False) -> bool:
        """Whether some lanes may leave a loop while others stay; ``some``: not all lanes come here."""
        for stmt in body:
            match stmt:
                case Break() if some:
                    return True
                case If():
                    here = some or self.differs(substitute(stmt.condition, known))
                    if self.leaves(stmt.then, known, here) or self.leaves(stmt.otherwise, known, here):
                        return True
                case For() | While() | Block():
                    uneven = isinstance(stmt, For) and any(map(self.differs, (stmt.lower, stmt.upper, stmt.step)))
                    if self.leaves(stmt.body, known, some or uneven):
                        return True
        return False

    def strided(self, stmt: For, lanes: Lanes, known: dict[str, Expr]) -> list[Stmt] | None:
        """``for (c = lane + a; c < n; c += T)``: rounds in which the first lanes, all but in the last one, take part."""
        if self.differs(stmt.upper) or self.differs(stmt.step) or self.leaves(stmt.body, known, True):
            return None
        offset = to_expr(poly(sub(stmt.lower, lanes.index)))
        if self.differs(offset):
            return None
        base = Var(fresh(f"{stmt.var}0", self.taken), stmt.type)
        self.varying.discard(base.name)
        end = lanes.first(sub(stmt.upper, lanes.start)) if value_of(lanes.start) != 0 else stmt.upper
        count = Var(fresh("count", self.taken), I32)
        fewer = sub(end, base)
        narrow = Declare(count.name, I32, select(less(fewer, lanes.count), cast(fewer, I32), lanes.count), const=True)
        inner = replace(lanes, count=count)
        c: Expr = add(base, lanes.index)
        body = self.body(substitute(stmt.body, {stmt.var: c}), inner, known)
        start = offset if element_of(offset.type) == stmt.type or not isinstance(offset, Literal) else Literal(offset.value, stmt.type)
        return [For(base.name, start, end, stmt.step, (narrow, *body), type=stmt.type)]

    def if_(self, stmt: If, lanes: Lanes, known: dict[str, Expr]) -> list[Stmt] | None:
        if not self.differs(stmt.condition):
            return [replace(stmt, then=self.inner(stmt.then, lanes, known), otherwise=self.inner(stmt.otherwise, lanes, known))]
        found = self.selected(stmt.condition, lanes)
        if found.rest and stmt.otherwise:
            other = self.selected(negate(stmt.condition), lanes)
            if not other.rest:
                stmt, found = If(negate(stmt.condition), stmt.otherwise, stmt.then), other
        if found.rest:
            choice = as_selection(stmt) or as_update(stmt)
            if choice is not None:
                made = self.assignment(choice, lanes, known)
                return None if any(isinstance(n, For) and n.var == lanes.var for n in walk(tuple(made))) else made
            return self.masked(stmt, lanes, known)
        first: list[Stmt] = []
        opposite = self.selected(negate(stmt.condition), lanes) if stmt.otherwise else found
        if stmt.otherwise and not opposite.rest and not opposite.uniform and not found.uniform:
            return [*self.part(stmt.then, found, lanes, known), *self.part(stmt.otherwise, opposite, lanes, known)]
        if stmt.otherwise and not overwrites(stmt.then, stmt.otherwise):
            return self.three_runs(stmt, found, lanes, known)
        if stmt.otherwise:
            if any(isinstance(n, Load) and not isinstance(n.buffer.type, Array) for s in stmt.otherwise for n in walk(s.value)):  # type: ignore[attr-defined]
                return self.three_runs(stmt, found, lanes, known)
            first = list(self.inner(stmt.otherwise, lanes, known))
            self.nram.forget()
        return [*first, *self.part(stmt.then, found, lanes, known)]

    def three_runs(self, stmt: If, found: Selected, lanes: Lanes, known: dict[str, Expr]) -> list[Stmt] | None:
        """``otherwise`` for the lanes before a run, ``then`` for the run, ``otherwise`` for those after it; None for much text."""
        if sum(1 for _ in walk(stmt.otherwise)) > FEW_NODES:
            return None
        declarations, bounds = around(found, lanes, self.taken)
        made: list[Stmt] = []
        for first, last, body in zip(bounds[:-1], bounds[1:], (stmt.otherwise, stmt.then, stmt.otherwise), strict=True):
            count = sub(last, first)
            if is_value(count, 0):
                continue
            active = Var(fresh("active", self.taken), I32)
            run = self.inner(body, replace(lanes, start=first, count=active), known)
            made.append(If(less(first, last), (Declare(active.name, I32, cast(count, I32), const=True), *run)))
        if not found.uniform:
            return [*declarations, *made]
        return [If(both(*found.uniform), (*declarations, *made), self.inner(stmt.otherwise, lanes, known))]

    def part(self, body: tuple[Stmt, ...], found: Selected, lanes: Lanes, known: dict[str, Expr]) -> tuple[Stmt, ...]:
        """``body`` for the lanes that a condition selected."""
        declarations, fewer = narrow(found, lanes, self.taken)
        then = self.inner(body, fewer, known)
        number = value_of(fewer.count)
        if isinstance(number, int):
            inside: tuple[Stmt, ...] = (*declarations, *then) if number > 0 else ()
        else:
            inside = (*declarations, If(less(integer(0), fewer.count), then))
        return (If(both(*found.uniform), inside),) if found.uniform else inside

    def inner(self, body: tuple[Stmt, ...], lanes: Lanes, known: dict[str, Expr]) -> tuple[Stmt, ...]:
        self.nram.forget()
        made = tuple(self.body(body, lanes, known))
        self.nram.forget()
        return made

    def masked(self, stmt: If, lanes: Lanes, known: dict[str, Expr]) -> list[Stmt] | None:
        """Assignments under a condition that data decide, as selections; None where something must not be evaluated or written."""
        if stmt.otherwise or not all(isinstance(s, Assign) and isinstance(s.target, Var) and not s.op for s in stmt.then):
            return None
        names = [s.target.name for s in stmt.then]  # type: ignore[attr-defined]
        asked = [s for s in stmt.then if s.target.name in variables(stmt.condition)]  # type: ignore[attr-defined]
        if (
            len(set(names)) < len(names)
            or len(asked) > 1
            or (
                len(names) > 1 and any(set(names) & variables(s.value) for s in stmt.then)  # type: ignore[attr-defined]
            )
        ):
            return None
        out: list[Stmt] = []
        for assign in (*(s for s in stmt.then if s not in asked), *asked):
            assert isinstance(assign, Assign)
            value = Select(stmt.condition, assign.value, assign.target, element_of(assign.target.type))
            out += self.assignment(replace(assign, value=value, comment=""), lanes, known)
        if any(isinstance(n, For) and n.var == lanes.var for n in walk(tuple(out))):
            return None
        return out


__all__ = ["Expansion"]
