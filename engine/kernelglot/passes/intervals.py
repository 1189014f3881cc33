"""The body of one thread block as loops over its threads, split wherever threads wait for each other.

A *region* is what a thread does between two waits; each becomes a loop over the threads (regions.py). What the whole block agrees on
(loop bounds around a barrier, scalars with one value for all threads) stays outside the thread loops.
"""

from __future__ import annotations

from dataclasses import replace

from ..analysis.definitions import pure
from ..ir.affine import divide, poly, to_expr
from ..ir.build import both, div, fresh, integer, less, negate
from ..ir.nodes import Assign, Axis, Barrier, Block, Break, Declare, Expr, For, If, Literal, Load, Node, Stmt, Var, While
from ..ir.types import BOOL, Array, Fragment, Scope
from ..ir.walk import assigned, variables, walk
from .agreement import Agreement, ways_out
from .base import LaunchShape
from .detensorize import fragment_loops, fragment_shape
from .exchange import exchanged, in_plain_statements
from .jumps import jumps, without_jumps
from .regions import Region, ThreadLoops, Wait
from .structure import synchronises
from .threads import Threads


def uses_fragment(node: Node | tuple) -> bool:
    return any(isinstance(n, Var) and isinstance(n.type, Fragment) for n in walk(node))


def block_loops(body: tuple[Stmt, ...], shape: LaunchShape, names: dict[Axis, str], taken: set[str]) -> tuple[Stmt, ...]:
    """What one block does, for its thread axes' loop variables ``names``; ``taken`` are the names in use."""
    threads = Threads.of(shape, names, taken)
    body = in_plain_statements(body, taken)
    wanted: frozenset[str] = frozenset()
    in_use = set(taken)
    while True:
        # a scalar that would become one equal number a thread is kept at block level instead
        split = _Split(Agreement(body, {level.var for level in threads.levels}, threads.linear, wanted), threads)
        loops = ThreadLoops(split.items(body, ()), threads, split.reassigned)
        more = wanted | {name for name in loops.expanded if split.agreement.can_be_common(name)}
        if more == wanted:
            return loops.loops()
        wanted = more
        taken.intersection_update(in_use)


class _Split:
    """Cuts the body of one block into regions and what stands between them."""

    def __init__(self, agreement: Agreement, threads: Threads) -> None:
        self.agreement, self._threads, self._taken = agreement, threads, threads.taken
        self.reassigned = set(agreement.reassigned)

    def items(self, body: tuple[Stmt, ...], guards: tuple[Expr, ...]) -> tuple[Stmt, ...]:
        """``body`` as regions and block-level statements; ``guards`` say which threads take part."""
        out: list[Stmt] = []
        region: list[Stmt] = []

        def flush() -> None:
            if region:
                out.append(Region(tuple(region), guards))
                region.clear()

        def lay_out(lanes: Declare, statements: tuple[Stmt, ...]) -> None:
            out.append(lanes)
            self.reassigned |= assigned(statements)  # what a vote counts in is new, and read behind further waits
            region.extend(statements)
            flush()
            out.append(Wait())

        todo = list(body)
        while todo:
            stmt = todo.pop(0)
            if isinstance(stmt, Block):
                todo[:0] = stmt.body
            elif isinstance(stmt, Barrier):
                flush()
                out.append(Wait())
            elif isinstance(stmt, Declare) and isinstance(stmt.type, Array) and stmt.type.scope is Scope.SHARED:
                out.append(self._shared(stmt))
            elif isinstance(stmt, Declare) and isinstance(stmt.type, Fragment):
                out.append(Declare(stmt.name, self._fragment_array(stmt.type), comment=stmt.comment))
            elif self.agreement.is_common(stmt):
                if _depends(stmt, tuple(region)):
                    flush()
                out.append(stmt)
            elif jumps(stmt):  # all threads agree, or the loop around would have been rewritten
                flush()
                out.append(self._both_branches(stmt, guards))
            elif uses_fragment(stmt) and not isinstance(stmt, For | While | If) or _is_fragment_loop(stmt):
                flush()
                out.append(Region(fragment_loops(stmt, self._threads.warp, self._taken), guards, warp=True, comment=stmt.comment))
            elif not synchronises(stmt) and not uses_fragment(stmt):
                region.append(stmt)
            elif isinstance(stmt, If):
                first, items = self._split_if(stmt, guards)
                region += first
                flush()
                out += items
            elif isinstance(stmt, For | While):
                flush()
                out += self._split_loop(stmt, guards)
            else:
                statements = exchanged(stmt, self._threads, lay_out)
                self.reassigned |= assigned(statements[:-1])
                region += statements
        flush()
        return tuple(out)

    def _shared(self, stmt: Declare) -> Declare:
        assert isinstance(stmt.type, Array)
        shape = stmt.type.shape
        if shape and shape[0] == 0:
            bytes_, size = self._threads.shape.shared_bytes, integer(stmt.type.element.bytes)
            exact = divide(poly(bytes_), poly(size))
            shape = (to_expr(exact) if exact is not None else div(bytes_, size), *shape[1:])
            shape = tuple(s.value if isinstance(s, Literal) else s for s in shape)
        return replace(stmt, type=Array(stmt.type.element, shape, Scope.SHARED))

    def _fragment_array(self, type_: Fragment) -> Array:
        return Array(type_.element, (self._threads.warps, *fragment_shape(type_)), Scope.REGISTER)

    # ---- conditions

    def _both_branches(self, stmt: Stmt, guards: tuple[Expr, ...]) -> Stmt:
        if not isinstance(stmt, If):
            return stmt
        return replace(stmt, then=self.items(stmt.then, guards), otherwise=self.items(stmt.otherwise, guards))

    def _split_if(self, stmt: If, guards: tuple[Expr, ...]) -> tuple[tuple[Stmt, ...], tuple[Stmt, ...]]:
        """What each thread does before the branches, and the branches as items."""
        if not guards and self.agreement.agrees(stmt.condition):
            return (), (self._both_branches(stmt, guards),)
        first, condition = self._condition_kept(stmt.condition)
        items = self.items(stmt.then, (*guards, condition))
        return first, items + self.items(stmt.otherwise, (*guards, negate(condition))) if stmt.otherwise else items

    def _condition_kept(self, condition: Expr) -> tuple[tuple[Stmt, ...], Expr]:
        """``bool active = condition;`` and ``active``, where the condition may change before the last region that it guards."""
        if pure(condition) and not variables(condition) & (self.reassigned - self.agreement.level):
            return (), condition
        kept = self._new_flag("active")
        return (Declare(kept.name, BOOL, condition),), kept

    def _new_flag(self, base: str) -> Var:
        flag = Var(fresh(base, self._taken), BOOL)
        self.agreement.differs(flag.name)
        return flag

    # ---- loops

    def _split_loop(self, stmt: For | While, guards: tuple[Expr, ...]) -> tuple[Stmt, ...]:
        together = all(self.agreement.agrees(condition) for condition in ways_out(stmt.body))
        if not together and not any(isinstance(jump, Break) for jump in jumps(stmt.body)):
            stmt = replace(stmt, body=without_jumps(stmt.body, None))
            together = True
        if together and self._is_block_loop(stmt):
            return (replace(stmt, body=self.items(stmt.body, guards)),)
        return self._divergent_loop(stmt, guards)

    def _is_block_loop(self, stmt: For | While) -> bool:
        """Whether all threads go round equally often, and the block can count."""
        if isinstance(stmt, For):
            return all(self.agreement.agrees(part) for part in (stmt.lower, stmt.upper, stmt.step))
        steps = (*stmt.update, *((stmt.init,) if stmt.init is not None else ()))
        return self.agreement.agrees(stmt.condition) and all(self.agreement.is_common(step) for step in steps)

    def _divergent_loop(self, stmt: For | While, guards: tuple[Expr, ...]) -> tuple[Stmt, ...]:
        """A loop around a wait whose trip count differs between threads (warps, say): all go on until the last is done."""
        if isinstance(stmt, For):
            var = Var(stmt.var, stmt.type)
            init: Stmt | None = Declare(stmt.var, stmt.type, stmt.lower)
            condition, update = less(var, stmt.upper), (Assign(var, stmt.step, "+"),)
            self.reassigned.add(var.name)
            self.agreement.differs(var.name)
        else:
            init, condition, update = stmt.init, stmt.condition, stmt.update
        going, active = self._new_flag("going"), self._new_flag("active")
        self.reassigned.add(active.name)
        body = stmt.body
        first = [Region((init,), guards)] if init is not None else []
        still: tuple[Expr, ...] = ()
        if any(isinstance(jump, Break) for jump in jumps(body)) or isinstance(stmt, While) and stmt.after:
            stay = self._new_flag("stay")
            self.reassigned.add(stay.name)
            first.append(Region((Declare(stay.name, BOOL, Literal(True, BOOL)),), ()))
            again = (Assign(stay, condition),) if isinstance(stmt, While) and stmt.after else ()
            condition = stay if again else both(stay, condition)
            body, still = without_jumps(body + again, stay), (stay,)
        else:
            body = without_jumps(body, None)
        head = Region((Declare(active.name, BOOL, both(*guards, condition)), If(active, (Assign(going, Literal(True, BOOL)),))))
        step = (Region(update, (active, *still)),) if update else ()
        inner = (
            Declare(going.name, BOOL, Literal(False, BOOL)),
            head,
            If(negate(going), (Break(),)),
            *self.items(body, (active,)),
            *step,
        )
        return (*first, While(Literal(True, BOOL), inner))


def _depends(stmt: Stmt, region: tuple[Stmt, ...]) -> bool:
    """Whether a block-level ``stmt`` has to run after the open region: it reads what that writes, or writes what that reads."""
    written, read = assigned(region), variables(region)
    own = assigned(stmt)
    return bool(variables(stmt) & written or own & read)


def _is_fragment_loop(stmt: Stmt) -> bool:
    """``for i in 0..num_elements: f.x[i] = ...``"""
    if not isinstance(stmt, For) or not uses_fragment(stmt.body) or synchronises(stmt.body):
        return False
    accesses = (n for n in walk(stmt.body) if isinstance(n, Load) and isinstance(n.buffer.type, Fragment))
    return all(n.index == (Var(stmt.var, stmt.type),) for n in accesses)
