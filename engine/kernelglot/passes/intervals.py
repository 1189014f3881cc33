"""The body of one thread block as loops over its threads, split wherever threads wait for each other.

A *region* is what a thread does between two waits; each becomes a loop over the threads. What the whole block agrees on (loop bounds
around a barrier, names computed from the launch alone) stays outside the thread loops; what a thread carries from one region to the
next becomes an array with one element a thread, or is computed again where that is free.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..ir.build import add, binary, both, conjuncts, div, fresh, integer, less, mul, negate, select, value_of
from ..ir.nodes import (
    Address,
    Assign,
    Axis,
    Barrier,
    Binary,
    Block,
    Break,
    Call,
    Cast,
    Declare,
    Evaluate,
    Expr,
    For,
    If,
    Literal,
    Load,
    Node,
    Stmt,
    Var,
    While,
)
from ..ir.types import BOOL, I32, U32, Array, Fragment, Pointer, Scalar, Scope, element_of
from ..ir.walk import assigned, declared, map_children, rewrite, substitute, variables, walk
from .base import Declined, LaunchShape
from .detensorize import fragment_loops, fragment_shape
from .nest import Level, absorb_stride, bound_by_guard, build_nest, leading_declarations, pure, rename_level
from .structure import COLLECTIVES, synchronises

WARP = 32


@dataclass(frozen=True, slots=True)
class Region(Stmt):
    """What each thread does between two waits, where all of ``guards`` hold; ``warp``: once a warp instead of once a thread."""

    body: tuple[Stmt, ...] = ()
    guards: tuple[Expr, ...] = ()
    warp: bool = False


def uses_fragment(node: Node | tuple) -> bool:
    return any(isinstance(n, Var) and isinstance(n.type, Fragment) for n in walk(node))


class BlockBody:
    """Splits the body of one block. ``names`` are the loop variables of the thread axes."""

    def __init__(self, shape: LaunchShape, names: dict[Axis, str], taken: set[str]) -> None:
        self.shape, self.taken = shape, taken
        self.levels = [
            Level(names[axis], extent)
            for axis, extent in zip((Axis.THREAD_Z, Axis.THREAD_Y, Axis.THREAD_X), reversed(shape.block), strict=True)
            if value_of(extent) != 1
        ]
        self.thread_names = {level.var for level in self.levels}
        self.threads = mul(integer(1), *(level.extent for level in self.levels))
        linear: Expr = integer(0)
        for level in self.levels:
            linear = add(mul(linear, level.extent), Var(level.var, I32))
        self.linear = linear

    def split(self, body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        body = self._without_collectives_in_conditions(body)
        self._classify(body)
        items = self._split(body, ())
        return self._thread_loops(items)

    # ---- what the block agrees on

    def _classify(self, body: tuple[Stmt, ...]) -> None:
        """Finds the names whose value is the same in all threads (``uniform``), and of those the ones kept outside the thread loops."""
        self.types = {n.name: n.type for n in walk(body) if isinstance(n, Declare)}
        self.private = {name for name, t in self.types.items() if isinstance(t, Array) and t.scope is Scope.REGISTER} | {
            name for name, t in self.types.items() if isinstance(t, Fragment)
        }
        values: dict[str, list[tuple[Expr, bool]]] = {}
        uniform = {n.name for n in walk(body) if isinstance(n, Declare) and isinstance(n.type, Scalar)} | {
            n.var for n in walk(body) if isinstance(n, For)
        }
        contexts = list(self._assignments(body, ()))
        while True:
            self.uniform = uniform
            values = {}
            for name, value, conditions in contexts:
                values.setdefault(name, []).append((value, all(self.is_uniform(c) for c in conditions)))
            smaller = {n for n in uniform if n in values and all(ok and self.is_uniform(v) for v, ok in values[n])}
            if smaller == uniform:
                break
            uniform = smaller
        self.reassigned = {n.target.name for n in walk(body) if isinstance(n, Assign) and isinstance(n.target, Var)}
        needed: set[str] = set()
        for node in walk(body):
            if isinstance(node, For | While | If) and synchronises(node):
                controls = [node.lower, node.upper, node.step] if isinstance(node, For) else [node.condition]
                if isinstance(node, While):
                    controls += [s.value for s in (node.init, *node.update) if isinstance(s, Assign | Declare) and s.value is not None]
                if all(self.is_uniform(c) for c in controls):
                    needed |= set().union(*(variables(c) for c in controls)) if controls else set()
        while True:
            more = needed | {v for name, value, _ in contexts if name in needed for v in variables(value)}
            if more == needed:
                break
            needed = more
        once = {n for n in self.uniform if n not in self.reassigned and n in self.types}
        self.block_level = once | (needed & self.uniform)

    def _assignments(self, body: tuple[Stmt, ...], conditions: tuple[Expr, ...]) -> Iterator[tuple[str, Expr, tuple[Expr, ...]]]:
        """Every (name, value, conditions it stands under) below ``body``."""
        for stmt in body:
            match stmt:
                case Declare(name=name, value=value, type=Scalar()):
                    yield name, value if value is not None else Literal(0), conditions if value is not None else ()
                case Assign(target=Var(name=name, type=type_), value=value, op=op):
                    yield name, binary(op, Var(name, type_), value) if op else value, conditions
                case For():
                    inside = (*conditions, stmt.lower, stmt.upper, stmt.step)
                    for part in (stmt.lower, stmt.upper, stmt.step):
                        yield stmt.var, part, ()  # a loop's own variable may run in all threads; what it guards may not
                    yield from self._assignments(stmt.body, inside)
                case While():
                    inside = (*conditions, stmt.condition)
                    own = isinstance(stmt.init, Declare) and pure(stmt.condition)
                    if stmt.init is not None:
                        yield from self._assignments((stmt.init,), () if own else conditions)
                    yield from self._assignments(stmt.body, inside)
                    yield from self._assignments(stmt.update, (stmt.condition,) if own else inside)
                case If():
                    yield from self._assignments(stmt.then, (*conditions, stmt.condition))
                    yield from self._assignments(stmt.otherwise, (*conditions, stmt.condition))
                case Block(body=inner):
                    yield from self._assignments(inner, conditions)
                case Evaluate(value=value):
                    for node in walk(value):
                        if isinstance(node, Address):
                            yield node.buffer.name, self.linear, conditions

    def is_uniform(self, expr: Expr) -> bool:
        """Whether all threads of the block compute the same ``expr``."""
        for node in walk(expr):
            if isinstance(node, Call) and (node.name in COLLECTIVES or node.name.startswith("atomic")):
                return False
            if isinstance(node, Var):
                if node.name in self.thread_names or node.name in self.private:
                    return False
                if (
                    node.name in self.types and isinstance(node.type, Scalar) or self._is_loop_name(node)
                ) and node.name not in self.uniform:
                    return False
        return True

    def _is_loop_name(self, node: Var) -> bool:
        return isinstance(node.type, Scalar) and node.name in self.loop_names

    # ---- splitting

    def _split(self, body: tuple[Stmt, ...], guards: tuple[Expr, ...]) -> tuple[Stmt, ...]:
        out: list[Stmt] = []
        region: list[Stmt] = []

        def flush() -> None:
            if region:
                out.append(Region(tuple(region), guards))
                region.clear()

        todo = list(body)
        while todo:
            stmt = todo.pop(0)
            if isinstance(stmt, Block):
                todo[:0] = stmt.body
            elif isinstance(stmt, Barrier):
                flush()
            elif isinstance(stmt, Declare) and isinstance(stmt.type, Array) and stmt.type.scope is Scope.SHARED:
                out.append(self._shared(stmt))
            elif isinstance(stmt, Declare) and isinstance(stmt.type, Fragment):
                out.append(Declare(stmt.name, self._fragment_array(stmt.type), comment=stmt.comment))
            elif self._is_block_level(stmt):
                if isinstance(stmt, Assign) or self._reads_what(stmt, region):
                    flush()
                out.append(stmt)
            elif uses_fragment(stmt) and not isinstance(stmt, For | While | If) or self._is_fragment_loop(stmt):
                flush()
                out.append(Region(fragment_loops(stmt, self._warp_index(), self.taken), guards, warp=True, comment=stmt.comment))
            elif not synchronises(stmt) and not uses_fragment(stmt):
                region.append(stmt)
            elif isinstance(stmt, If):
                flush_needed, items = self._split_if(stmt, guards, region)
                if flush_needed:
                    flush()
                out += items
            elif isinstance(stmt, For | While):
                flush()
                out += self._split_loop(stmt, guards)
            else:
                self._collectives(stmt, region, flush, out)
        flush()
        return tuple(out)

    def _is_block_level(self, stmt: Stmt) -> bool:
        if isinstance(stmt, Declare):
            return stmt.name in self.block_level
        return isinstance(stmt, Assign) and isinstance(stmt.target, Var) and stmt.target.name in self.block_level

    @staticmethod
    def _reads_what(stmt: Declare, region: list[Stmt]) -> bool:
        """Whether the declared value reads what the open region writes."""
        return stmt.value is not None and bool(variables(stmt.value) & assigned(tuple(region)))

    def _shared(self, stmt: Declare) -> Declare:
        assert isinstance(stmt.type, Array)
        shape = stmt.type.shape
        if shape and shape[0] == 0:
            shape = (div(self.shape.shared_bytes, integer(stmt.type.element.bytes)), *shape[1:])
            shape = tuple(s.value if isinstance(s, Literal) else s for s in shape)
        return replace(stmt, type=Array(stmt.type.element, shape, Scope.SHARED))

    def _split_if(self, stmt: If, guards: tuple[Expr, ...], region: list[Stmt]) -> tuple[bool, list[Stmt]]:
        if self.is_uniform(stmt.condition) and not guards:
            return True, [replace(stmt, then=self._split(stmt.then, guards), otherwise=self._split(stmt.otherwise, guards))]
        condition = stmt.condition
        if not pure(condition) or variables(condition) & (self.reassigned - self.block_level):
            name = fresh("active", self.taken)
            self.types[name] = BOOL
            region.append(Declare(name, BOOL, condition))
            condition = Var(name, BOOL)
        items = list(self._split(stmt.then, (*guards, condition)))
        if stmt.otherwise:
            items += self._split(stmt.otherwise, (*guards, negate(condition)))
        return True, items

    def _split_loop(self, stmt: For | While, guards: tuple[Expr, ...]) -> list[Stmt]:
        if isinstance(stmt, For):
            if all(self.is_uniform(e) for e in (stmt.lower, stmt.upper, stmt.step)):
                return [replace(stmt, body=self._split(stmt.body, guards))]
            var = Var(stmt.var, stmt.type)
            self.types[stmt.var] = stmt.type
            stmt = While(
                less(var, stmt.upper), stmt.body, Declare(stmt.var, stmt.type, stmt.lower), (Assign(var, stmt.step, "+"),), span=stmt.span
            )
            self.reassigned.add(var.name)
        elif self.is_uniform(stmt.condition) and not stmt.after:
            updates = all(self._is_block_level(s) for s in stmt.update)
            if updates and (stmt.init is None or self._is_block_level(stmt.init)):
                return [replace(stmt, body=self._split(stmt.body, guards))]
        if any(isinstance(n, Break) for n in walk(stmt.body)) or stmt.after:
            raise Declined(
                "divergent-barrier", "threads wait for each other inside a loop that some threads may leave earlier", at=stmt.span
            )
        return self._divergent_loop(stmt, guards)

    def _divergent_loop(self, stmt: While, guards: tuple[Expr, ...]) -> list[Stmt]:
        """A loop around a wait whose trip count differs between threads (warps, say): all go on until the last is done."""
        going, active = fresh("going", self.taken), fresh("active", self.taken)
        self.types[active] = BOOL
        going_var, active_var = Var(going, BOOL), Var(active, BOOL)
        self.reassigned.add(active)
        first = [Region((stmt.init,), guards)] if stmt.init is not None else []
        condition = both(*guards, stmt.condition)
        head = Region((Declare(active, BOOL, condition), If(active_var, (Assign(going_var, Literal(True, BOOL)),))))
        inner = self._split(stmt.body, (active_var,))
        step = Region(stmt.update, (active_var,)) if stmt.update else None
        body = (Declare(going, BOOL, Literal(False, BOOL)), head, If(negate(going_var), (Break(),)), *inner, *((step,) if step else ()))
        return [*first, While(Literal(True, BOOL), body)]

    # ---- warp collectives

    def _without_collectives_in_conditions(self, body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        """``if (any(p))`` as ``bool voted = any(p); if (voted)``, so that collectives stand in plain statements only."""
        self.loop_names = {n.var for n in walk(body) if isinstance(n, For)}

        def visit(node: Node) -> Node | tuple[Node, ...]:
            if isinstance(node, If) and any(isinstance(n, Call) and n.name in COLLECTIVES for n in walk(node.condition)):
                name = fresh("voted", self.taken)
                return (Declare(name, BOOL, node.condition), replace(node, condition=Var(name, BOOL)))
            return node

        result: list[Stmt] = []
        for stmt in body:
            new = rewrite(stmt, visit)
            result += new if isinstance(new, tuple) else [new]  # type: ignore[list-item]
        return tuple(result)

    def _collectives(self, stmt: Stmt, region: list[Stmt], flush, out: list[Stmt]) -> None:
        """A plain statement with warp collectives: each argument is laid out, one element a thread, before any is read."""

        def visit(node: Node) -> Node:
            node = map_children(node, visit)
            if not (isinstance(node, Call) and node.name in COLLECTIVES):
                return node
            type_ = element_of(node.arguments[0].type) if node.name not in ("any", "all", "ballot") else BOOL
            lanes = Var(fresh("lanes", self.taken), Array(type_, (self._extent(),), Scope.REGISTER))
            out.append(Declare(lanes.name, lanes.type))
            region.append(Assign(Load(lanes, (self.linear,), type_), node.arguments[0]))
            flush()
            return self._exchange(node, lanes, type_, region)

        new = visit(stmt)
        region.append(new)  # type: ignore[arg-type]

    def _extent(self) -> object:
        """Threads of a block rounded up to whole warps, in elements."""
        number = value_of(self.threads)
        return -(-number // WARP) * WARP if isinstance(number, int) else self.threads

    def _exchange(self, call: Call, lanes: Var, type_: Scalar, region: list[Stmt]) -> Expr:
        """What a collective returns to this thread, read from the laid-out ``lanes``."""
        me = self.linear
        if call.name.startswith("shfl"):
            other = call.arguments[1]
            width = call.arguments[2] if len(call.arguments) > 2 else integer(WARP)
            lane = binary("%", me, width)
            if call.name == "shfl":
                source = add(binary("-", me, lane), binary("%", other, width))
            elif call.name == "shfl_xor":
                source = self._select_lane(binary("^", lane, other), width, me, lane)
            elif call.name == "shfl_down":
                source = select(less(add(lane, other), width), add(me, other), me)
            else:
                source = select(binary(">=", lane, other), binary("-", me, other), me)
            return Load(lanes, (source,), type_)
        result_type = {"any": BOOL, "all": BOOL, "ballot": U32}.get(call.name, type_)
        start = {"any": Literal(False, BOOL), "all": Literal(True, BOOL), "ballot": Literal(0, U32), "reduce_add": Literal(0, type_)}
        first = binary("-", me, binary("%", me, integer(WARP)))
        result, lane_name = Var(fresh(call.name.split("_")[-1] + "_lanes", self.taken), result_type), fresh("lane_index", self.taken)
        lane_var = Var(lane_name, I32)
        value = Load(lanes, (add(first, lane_var),), type_)
        initial: Expr = start.get(call.name) or Load(lanes, (first,), type_)
        combined: dict[str, Stmt] = {
            "any": Assign(result, binary("||", result, value)),
            "all": Assign(result, binary("&&", result, value)),
            "ballot": Assign(result, binary("<<", Cast(value, U32), lane_var), "|"),
            "reduce_add": Assign(result, value, "+"),
            "reduce_max": Assign(result, select(binary(">", value, result), value, result)),
            "reduce_min": Assign(result, select(less(value, result), value, result)),
        }
        number = value_of(self.threads)
        count = integer(min(WARP, number)) if isinstance(number, int) else integer(WARP)
        region += [Declare(result.name, result_type, initial), For(lane_name, integer(0), count, integer(1), (combined[call.name],))]
        return result

    @staticmethod
    def _select_lane(target: Expr, width: Expr, me: Expr, lane: Expr) -> Expr:
        return add(binary("-", me, lane), select(less(target, width), target, lane))

    # ---- fragments

    def _fragment_array(self, type_: Fragment) -> Array:
        rows, columns = fragment_shape(type_)
        number = value_of(self.threads)
        warps = max(1, number // WARP) if isinstance(number, int) else div(self.threads, integer(WARP))
        return Array(type_.element, (warps, rows, columns), Scope.REGISTER)

    def _warp_index(self) -> Expr:
        number = value_of(self.threads)
        return integer(0) if isinstance(number, int) and number <= WARP else div(self.linear, integer(WARP))

    @staticmethod
    def _is_fragment_loop(stmt: Stmt) -> bool:
        """``for i in 0..num_elements: f.x[i] = ...``"""
        if not isinstance(stmt, For) or not uses_fragment(stmt.body) or synchronises(stmt.body):
            return False
        return all(
            n.index == (Var(stmt.var, stmt.type),) for n in walk(stmt.body) if isinstance(n, Load) and isinstance(n.buffer.type, Fragment)
        )

    # ---- regions as loops

    def _thread_loops(self, items: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        regions = [n for n in walk(items) if isinstance(n, Region)]
        home: dict[str, Declare] = {}
        for region in regions:
            home |= {n.name: n for n in walk(region.body) if isinstance(n, Declare)}
        used: dict[str, int] = {}
        for region in regions:
            for name in (variables(region.body) | set().union(*(variables(g) for g in region.guards)) | declared(region.body)) & set(home):
                used[name] = used.get(name, 0) + 1
        self.again = self._computed_again(home)
        self.expanded = {name: decl for name, decl in home.items() if used.get(name, 0) > 1 and name not in self.again}
        arrays: list[Stmt] = []
        for name, decl in self.expanded.items():
            inner = decl.type.shape if isinstance(decl.type, Array) else ()
            arrays.append(Declare(name, Array(element_of(decl.type), (self._thread_extent(), *inner), Scope.REGISTER)))
        return (*arrays, *self._lower(items))

    def _thread_extent(self) -> object:
        number = value_of(self.threads)
        return number if isinstance(number, int) else self.threads

    def _computed_again(self, home: dict[str, Declare]) -> dict[str, Declare]:
        """Declarations that cost nothing to repeat: pure, never reassigned, from the launch, parameters and block-level names alone."""
        fixed_block = {n for n in self.block_level if n not in self.reassigned}
        again: dict[str, Declare] = {}
        while True:
            more = {
                name: decl
                for name, decl in home.items()
                if name not in self.reassigned
                and decl.value is not None
                and isinstance(decl.type, Scalar)
                and pure(decl.value)
                and all(v in again or v not in home and (v not in self.reassigned or v in fixed_block) for v in variables(decl.value))
            }
            if len(more) == len(again):
                return more
            again = more

    def _lower(self, items: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        out: list[Stmt] = []
        position = 0
        while position < len(items):
            stmt = items[position]
            if isinstance(stmt, Region):
                group = [stmt]
                while stmt.warp and position + 1 < len(items):
                    following = items[position + 1]
                    if not (isinstance(following, Region) and following.warp and following.guards == stmt.guards):
                        break
                    group.append(following)
                    position += 1
                out += self._loop(replace(stmt, body=tuple(s for r in group for s in r.body)))
            elif isinstance(stmt, For | While):
                out.append(replace(stmt, body=self._lower(stmt.body)))
            elif isinstance(stmt, If):
                out.append(replace(stmt, then=self._lower(stmt.then), otherwise=self._lower(stmt.otherwise)))
            else:
                out.append(stmt)
            position += 1
        return tuple(out)

    def _loop(self, region: Region) -> list[Stmt]:
        body = tuple(s for s in (self._expand(stmt) for stmt in region.body) if s is not None)
        if region.guards:
            body = (If(both(*(self._expand(g) for g in region.guards)), body),)  # type: ignore[misc]
        needed = variables(body)
        own = declared(body)
        chain: list[Stmt] = []
        for name, decl in reversed(list(self.again.items())):
            if name in needed and name not in own:
                chain.insert(0, replace(decl, comment=""))
                needed |= variables(decl)
        chain = self._ordered(chain)
        body = (*chain, *body)
        if all(isinstance(s, Declare) for s in body):
            return []
        if region.warp:
            return self._warp_loop(body)
        return list(self._nest(body))

    @staticmethod
    def _ordered(chain: list[Stmt]) -> list[Stmt]:
        """Declarations in an order in which each stands after what it needs."""
        names = {s.name for s in chain if isinstance(s, Declare)}
        done: list[Stmt] = []
        have: set[str] = set()
        todo = list(chain)
        while todo:
            ready = [s for s in todo if isinstance(s, Declare) and s.value is not None and not (variables(s.value) & names - have)]
            if not ready:
                return done + todo
            for s in ready:
                done.append(s)
                have.add(s.name)  # type: ignore[attr-defined]
                todo.remove(s)
        return done

    def _expand(self, node: Node):
        """``x`` as ``x[thread]`` for names that cross regions; None for a declaration that has become an array."""
        if isinstance(node, Declare) and node.name in self.expanded:
            if node.value is None:
                return None
            if isinstance(node.type, Array):
                return self._fill(node)
            target = Load(Var(node.name, self._array_type(node.name)), (self.linear,), element_of(node.type))
            return Assign(target, self._expand(node.value), comment=node.comment, span=node.span)
        if isinstance(node, Load) and node.buffer.name in self.expanded:
            return replace(
                node,
                buffer=Var(node.buffer.name, self._array_type(node.buffer.name)),
                index=(self.linear, *(self._expand(i) for i in node.index)),
            )
        if isinstance(node, Address) and node.buffer.name in self.expanded:
            return replace(
                node,
                buffer=Var(node.buffer.name, self._array_type(node.buffer.name)),
                index=(self.linear, *(self._expand(i) for i in node.index)),
            )
        if isinstance(node, Var) and node.name in self.expanded and isinstance(node.type, Scalar):
            return Load(Var(node.name, self._array_type(node.name)), (self.linear,), node.type)
        return map_children(node, lambda child: self._children(child))

    def _children(self, child: Node):
        new = self._expand(child)
        return () if new is None else new

    def _fill(self, node: Declare) -> Stmt:
        """``float a[4] = {...}`` of an expanded array, element by element."""
        assert isinstance(node.type, Array) and node.value is not None
        elements = getattr(node.value, "elements", ())
        array = Var(node.name, self._array_type(node.name))
        shape = [s if isinstance(s, int) else value_of(s) for s in node.type.shape]  # type: ignore[arg-type]
        if len(shape) != 1 or not isinstance(shape[0], int):
            indices = [fresh("at", self.taken) for _ in shape]
            zero = Literal(0.0 if node.type.element.is_float else 0, node.type.element)
            store: Stmt = Assign(Load(array, (self.linear, *(Var(i, I32) for i in indices)), node.type.element), zero)
            for name, extent in reversed(list(zip(indices, node.type.shape, strict=True))):
                upper = extent if isinstance(extent, Expr) else integer(extent)  # type: ignore[arg-type]
                store = For(name, integer(0), upper, integer(1), (store,))
            return store
        zero = Literal(0.0 if node.type.element.is_float else 0, node.type.element)
        stores = tuple(
            Assign(Load(array, (self.linear, integer(i)), node.type.element), self._expand(elements[i]) if i < len(elements) else zero)
            for i in range(shape[0])
        )
        return stores[0] if len(stores) == 1 else Block(stores)

    def _array_type(self, name: str) -> Array:
        decl = self.expanded[name]
        inner = decl.type.shape if isinstance(decl.type, Array) else ()
        return Array(element_of(decl.type), (self._thread_extent(), *inner), Scope.REGISTER)

    def _warp_loop(self, body: tuple[Stmt, ...]) -> list[Stmt]:
        number = value_of(self.threads)
        if not self.levels or isinstance(number, int) and number <= WARP:
            mapping: dict[str, Expr] = {level.var: integer(0) for level in self.levels}
            return list(substitute(body, mapping))
        last = self.levels[-1]
        width = value_of(last.extent)
        if not isinstance(width, int) or width % WARP:
            raise Declined("fragment-shape", "fragments need whole warps along x; the block's x extent is not a multiple of 32")
        body = (For(last.var, integer(0), last.extent, integer(WARP), body, Axis.PARALLEL),)
        return list(build_nest(self.levels[:-1], body))

    def _nest(self, body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        body = _used_declarations(body)
        levels = list(self.levels)
        levels, body = _pin(levels, body)
        named = []
        for level in levels:
            new, body = rename_level(level, body)
            named.append(new)
        cover = {level.var: (level.extent, integer(1)) for level in named}
        levels, body = bound_by_guard(named, body, cover)
        if levels:
            absorbed = absorb_stride(levels[-1], body)
            if absorbed is not None:
                levels, body = [*levels[:-1], absorbed[0]], absorbed[1]
        return build_nest(levels, _used_declarations(body))


def _pin(levels: list[Level], body: tuple[Stmt, ...]) -> tuple[list[Level], tuple[Stmt, ...]]:
    """``if (t == 0) S`` around the whole body of a loop over ``t``: S once, with ``t`` replaced."""
    prefix, rest = leading_declarations(body)
    if len(rest) != 1 or not isinstance(rest[0], If) or rest[0].otherwise:
        return levels, body
    env = {s.name: s.value for s in prefix if isinstance(s, Declare) and s.value is not None}
    guard = rest[0]
    remaining = []
    for condition in conjuncts(guard.condition):
        pinned = None
        if isinstance(condition, Binary) and condition.op == "==":
            for side, other in ((condition.left, condition.right), (condition.right, condition.left)):
                plain = substitute(side, env) if isinstance(side, Var) else side  # type: ignore[arg-type]
                while isinstance(plain, Cast):
                    plain = plain.operand
                level = next((lv for lv in levels if isinstance(plain, Var) and plain.name == lv.var), None)
                number, extent = value_of(other), value_of(level.extent) if level else None
                if level is not None and isinstance(number, int) and isinstance(extent, int) and 0 <= number < extent:
                    pinned = (level, integer(number))
                    break
        if pinned is None:
            remaining.append(condition)
            continue
        levels = [lv for lv in levels if lv is not pinned[0]]
        prefix = substitute(prefix, {pinned[0].var: pinned[1]})
        remaining = [substitute(c, {pinned[0].var: pinned[1]}) for c in remaining]
        guard = replace(guard, then=substitute(guard.then, {pinned[0].var: pinned[1]}))
    if len(remaining) == len(conjuncts(guard.condition)):
        return levels, body
    inner = (If(both(*remaining), guard.then, comment=guard.comment),) if remaining else guard.then
    return levels, (*prefix, *inner)


def _used_declarations(body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
    """``body`` without leading pure declarations nobody reads."""
    prefix, rest = leading_declarations(body)
    kept: list[Stmt] = []
    needed = variables(rest)
    for stmt in reversed(prefix):
        if isinstance(stmt, Declare) and stmt.name in needed:
            kept.insert(0, stmt)
            needed |= variables(stmt)
    return (*kept, *rest)


__all__ = ["BlockBody", "Pointer", "Region"]
