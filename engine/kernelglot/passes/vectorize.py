"""Vectorize: sixteen iterations of a loop at once, in AVX-512 registers.

before     for i in 0..n (parallel):  c[i] = a[i] + b[i]
after      for i in 0..n step 16:
             active = first_lanes(n - i)
             mask_storeu(c + i, active, add(maskz_loadu(active, a + i), maskz_loadu(active, b + i)))
keeps      what each iteration computes; sums over a serial loop are added in another order, and a * b + c is fused
declines   divergent-loop, divergent-exit, vector-expression, vector-call, vector-type, ... (the loop then stays as it is)

In a nest the loop is chosen by how memory is laid out (``vectorize_choice``): a PARALLEL loop, which becomes the innermost, or the serial
loops inside. Serial loops are taken to store into no buffer that they also read under another name.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ..ir.build import fresh, is_value
from ..ir.nodes import Assign, Axis, Block, Call, Declare, Expr, For, If, Kernel, Stmt, Var, While
from ..ir.types import F32
from ..ir.walk import declared, rename, variables, walk
from .base import Declined, Pass, Site
from .vectorize_choice import Reduction, has_parallel, parallel_nest, price_of_inner, price_of_outer, reducible
from .vectorize_helpers import FLOATS, INTS, Helpers, call, lane_index
from .vectorize_lanes import Lanes


@dataclass(slots=True)
class Outcome:
    """What became of the loops of one kernel: names of those in vectors, and why others are not."""

    vectorised: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


class Vectorize(Pass):
    name = "vectorize"

    def __init__(self, fused: bool = True) -> None:
        self.fused = fused

    def sites(self, kernel: Kernel) -> list[Site]:
        return [Site(n.var, n) for n in walk(kernel.body) if isinstance(n, For) and n.axis is Axis.PARALLEL]

    def apply(self, kernel: Kernel, site: Site | None = None) -> Kernel:
        return self.apply_all(kernel)[0]

    def apply_all(self, kernel: Kernel) -> tuple[Kernel, Outcome]:
        """``kernel`` with every loop in vectors that can be, and what became of the loops."""
        self.taken = (
            declared(kernel.body)
            | {p.name for p in kernel.params}
            | {c.name for c in kernel.constants}
            | {f.name for f in kernel.functions}
        )
        self.helpers, self.outcome = Helpers(set(self.taken), self.fused), Outcome()
        body = self._body(kernel.body)
        if not self.outcome.vectorised:
            reasons = "; ".join(self.outcome.left) or "it has no parallel loop"
            raise Declined("no-vector-loop", f"no loop of `{kernel.name}` fits into vectors: {reasons}")
        if self.helpers.uses_lane_index:
            body = (lane_index(), *body)
        return replace(kernel, body=body, functions=(*kernel.functions, *self.helpers.functions.values())), self.outcome

    def _body(self, body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        result: list[Stmt] = []
        for stmt in body:
            made = self._stmt(stmt)
            if len(made) > 1 and len(body) > 1 and any(isinstance(s, Declare) for s in made):
                made = (Block(made),)
            if made and stmt.comment and not made[0].comment:
                made = (replace(made[0], comment=stmt.comment), *made[1:])
            result += made
        return tuple(result)

    def _stmt(self, stmt: Stmt) -> tuple[Stmt, ...]:
        match stmt:
            case For(axis=Axis.PARALLEL):
                loops, body = parallel_nest(stmt)
                if not has_parallel(body):
                    return self._leaf(loops, body)
                return (_nest(loops, self._body(body)),)
            case For() | While() | Block():
                return (replace(stmt, body=self._body(stmt.body)),)
            case If():
                return (replace(stmt, then=self._body(stmt.then), otherwise=self._body(stmt.otherwise)),)
        return (stmt,)

    # ---- one nest

    def _leaf(self, loops: list[For], body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        ways: list[tuple[float, int]] = [
            (price_of_outer(loop, body), -position) for position, loop in enumerate(loops) if is_value(loop.step, 1)
        ]
        inner = price_of_inner(body)
        reasons: list[str] = []
        for _, position in sorted([*ways, (inner, 1)]):
            try:
                made = self._with_inner(loops, body) if position == 1 else self._with_outer(loops, body, -position)
            except Declined as declined:
                reasons.append(f"`{loops[-position].var}`: {declined.reason}" if position != 1 else declined.reason)
                continue
            if made is not None:
                return made
        self.outcome.left.append(f"loop over `{loops[-1].var}` ({'; '.join(reasons[:2]) or 'nothing fits'})")
        return (_nest(loops, body),)

    def _with_outer(self, loops: list[For], body: tuple[Stmt, ...], position: int) -> tuple[Stmt, ...]:
        chosen = loops[position]
        below = loops[position + 1 :]
        free = not any(chosen.var in variables((l.lower, l.upper)) for l in below) and not {l.var for l in below} & variables(
            (chosen.lower, chosen.upper)
        )
        around = [*loops[:position], *below] if free else loops[:position]
        strip = replace(chosen, body=body if free else (_nest(below, body),))
        snapshot = self._snapshot()
        try:
            made = Lanes(strip, self.helpers, self.taken).strip()
        except Declined:
            self._restore(snapshot)
            raise
        self.outcome.vectorised.append(chosen.var)
        return (_nest(around, made),) if around else made

    def _with_inner(self, loops: list[For], body: tuple[Stmt, ...]) -> tuple[Stmt, ...] | None:
        before = len(self.outcome.vectorised)
        new = self._serial(body)
        return (_nest(loops, new),) if len(self.outcome.vectorised) > before else None

    def _serial(self, body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        result: list[Stmt] = []
        for stmt in body:
            if isinstance(stmt, For) and (carried := reducible(stmt)) is not None:
                snapshot = self._snapshot()
                try:
                    result += self._reduction(stmt, carried)
                    self.outcome.vectorised.append(stmt.var)
                    continue
                except Declined:
                    self._restore(snapshot)
            match stmt:
                case For() | While() | Block():
                    stmt = replace(stmt, body=self._serial(stmt.body))
                case If():
                    stmt = replace(stmt, then=self._serial(stmt.then), otherwise=self._serial(stmt.otherwise))
            result.append(stmt)
        return tuple(result)

    def _reduction(self, loop: For, carried: tuple[Reduction, ...]) -> list[Stmt]:
        """A serial loop in strips; each accumulator gets a vector, whose lanes are brought together after the loop."""
        names = {r.name: fresh(f"{r.name}_lanes", self.taken) for r in carried}
        renamed = replace(loop, body=rename(loop.body, names))
        strip = Lanes(renamed, self.helpers, self.taken, {names[r.name]: r.type for r in carried}).strip()
        before: list[Stmt] = []
        after: list[Stmt] = []
        for each in carried:
            suffix, register = ("ps", FLOATS) if each.type == F32 else ("epi32", INTS)
            scalar, vector = Var(each.name, each.type), Var(names[each.name], register)
            start: Expr = call("_mm512_setzero_ps" if each.type == F32 else "_mm512_setzero_si512", type_=register)
            if each.kind != "add":
                start = call(f"_mm512_set1_{suffix}", scalar, type_=register)
            before.append(Declare(vector.name, register, start))
            total = Call(f"_mm512_reduce_{each.kind}_{suffix}", (vector,), each.type)
            after.append(Assign(scalar, total, "+" if each.kind == "add" else ""))
        if before and loop.comment:
            before[0] = replace(before[0], comment=loop.comment)
            strip = (replace(strip[0], comment=""), *strip[1:])
        return [*before, *strip, *after]

    def _snapshot(self) -> tuple:
        return set(self.taken), dict(self.helpers.functions), self.helpers.uses_lane_index

    def _restore(self, snapshot: tuple) -> None:
        taken, functions, uses = snapshot
        self.taken.clear()
        self.taken |= taken
        self.helpers.functions, self.helpers.uses_lane_index = functions, uses


def _nest(loops: list[For], body: tuple[Stmt, ...]) -> For:
    for loop in reversed(loops):
        body = (replace(loop, body=body),)
    return body[0]  # type: ignore[return-value]


__all__ = ["Outcome", "Vectorize"]
