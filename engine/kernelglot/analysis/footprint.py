"""Which elements of its pointer arguments a kernel touches, over all threads of a launch, by interval analysis.

``footprint(kernel, grid, block, scalars)`` gives, for each pointer parameter, the lowest and highest index (None where no bound was found)
and whether it is read or written. Bounds are never too small for kernels without wrap-around; they can be too large where the analysis
loses a relation between variables. ``work`` estimates the statements executed by all threads together.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..ir.build import value_of
from ..ir.nodes import (
    BLOCK_AXES,
    THREAD_AXES,
    Address,
    Assign,
    Axis,
    Barrier,
    Binary,
    Block,
    Break,
    Call,
    Continue,
    Declare,
    Evaluate,
    Expr,
    For,
    Function,
    If,
    InitList,
    Kernel,
    Literal,
    Load,
    Opaque,
    Return,
    Stmt,
    Var,
    While,
)
from ..ir.types import BOOL, Array, Fragment, Pointer, Scalar, element_of
from ..ir.walk import assigned, declared, substitute, walk
from .induction import MOST_TRIPS, at_start, step_of, trips_of
from .ranges import EMPTY, TOP, Interval, Ranges, State, add, hull, mul, of_type


@dataclass(slots=True)
class Use:
    """What a kernel does to one pointer parameter; ``low``/``high`` in elements, None: no bound found; (inf, -inf) never touched."""

    read: bool = False
    written: bool = False
    range: Interval = EMPTY
    view_bytes: int = 0             # the widest element type the pointer is cast to, 0 without casts
    hidden: bool = False            # text that is not understood names it: it may be touched outside of ``range``

    @property
    def touched(self) -> bool:
        return self.read or self.written

    @property
    def elements(self) -> int | None:
        """How many elements the buffer must have; 0 where it is never touched, None where unknown."""
        if self.hidden:
            return None
        if not self.touched or self.range[1] < 0:
            return 0
        return None if math.isinf(self.range[1]) else int(self.range[1]) + 1


_NAME = re.compile(r"[A-Za-z_]\w*")
_CHANGED = r"\b{0}\s*(?:\+\+|--|(?:[-+*/%&|^]|<<|>>)?=(?!=))|(?:\+\+|--|&)\s*{0}\b"


def _only_stored(name: str, text: str) -> bool:
    """Is ``name`` nothing but the target of plain assignments ``name[...] = value`` in ``text``?"""
    target = rf"\b{re.escape(name)}\s*\[[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\]\s*=(?!=)"
    return len(re.findall(target, text)) == len(re.findall(rf"\b{re.escape(name)}\b", text))


@dataclass(frozen=True, slots=True)
class Footprint:
    uses: Mapping[str, Use]
    work: float                                     # statements, all threads together
    indexing: frozenset[str]                        # integer buffers whose content takes part in an index, a bound or a condition
    opaque: bool = False                            # something in the kernel could not be looked into
    overflowing: frozenset[str] = frozenset()       # arrays of the kernel that an index may leave
    unclear: frozenset[str] = frozenset()           # integer buffers whose content reaches text that is not understood


def footprint(kernel: Kernel, grid: tuple[int, int, int], block: tuple[int, int, int], scalars: Mapping[str, int | float],
              contents: Mapping[str, tuple[int, int]] | None = None, kind: str = "", warp: int = 32) -> Footprint:
    """The footprint of one launch. ``scalars`` maps by-value parameters to values, ``contents`` integer buffers to element ranges."""
    axes, extents = launch_axes(grid, block, kind)
    known = {name: value for name, value in scalars.items() if value is not None}
    changing = assigned(kernel.body)        # a parameter that the kernel changes has its value only at the start
    fixed = {param.name: Literal(known[param.name], param.type) for param in kernel.params
             if param.name in known and param.name not in changing}
    body = substitute(kernel.body, fixed)
    start = {param.name: (known[param.name],) * 2 if param.name in known else of_type(param.type) for param in kernel.params
             if isinstance(param.type, Scalar)}
    threads = math.prod(grid) * math.prod(block)

    def walked(local: dict[str, Interval] | None) -> _Walker:
        walker = _Walker(kernel, axes, extents, dict(contents or {}), local=local)
        walker.run(body, State(dict(start)))
        return walker

    walker = walked(None)
    if walker.stored:       # what the kernel's own integer arrays hold is known only once every store has been seen
        walker = walked(walker.stored)
    return Footprint(walker.uses, walker.work * threads, frozenset(walker.indexing), walker.opaque,
                     frozenset(walker.overflowing), frozenset(walker.unclear))


Axes = dict[Axis, Interval]


def launch_axes(grid: tuple[int, int, int], block: tuple[int, int, int], kind: str = "") -> tuple[Axes, Axes]:
    """Index and extent intervals of the launch axes; for BANG, ``grid`` is the task dimension and ``kind`` its cluster count."""
    sizes = dict(zip((Axis.BLOCK_X, Axis.BLOCK_Y, Axis.BLOCK_Z), grid)) | dict(zip((Axis.THREAD_X, Axis.THREAD_Y, Axis.THREAD_Z), block))
    tasks = math.prod(grid)
    cores = 4 if kind.startswith("union") else 1
    sizes |= {Axis.TASK: tasks, Axis.TASK_X: grid[0], Axis.TASK_Y: grid[1], Axis.TASK_Z: grid[2], Axis.CORE: cores,
              Axis.CLUSTER: -(-tasks // cores)}
    return {axis: (0, size - 1) for axis, size in sizes.items()}, {axis: (size, size) for axis, size in sizes.items()}


@dataclass(slots=True)
class _Walker:
    kernel: Kernel
    axes: dict[Axis, Interval]
    extents: dict[Axis, Interval]
    contents: dict[str, Interval]
    uses: dict[str, Use] = field(default_factory=dict)
    indexing: set[str] = field(default_factory=set)
    work: float = 0
    opaque: bool = False
    times: float = 1                # how often the current statement runs in one thread
    quiet: int = 0                  # > 0: a trial run, nothing is recorded
    aliases: list[dict[str, tuple[str, Interval] | None]] = field(default_factory=list)    # pointer parameters of device functions
    extents_of: dict[str, tuple[int, ...]] = field(default_factory=dict)                   # arrays declared in the kernel
    overflowing: set[str] = field(default_factory=set)
    unclear: set[str] = field(default_factory=set)
    local: dict[str, Interval] | None = None        # content of the kernel's own integer arrays; None while it is being collected
    stored: dict[str, Interval] = field(default_factory=dict)                              # what was stored to them so far
    ranges: Ranges = field(init=False)
    tainted: set[str] = field(default_factory=set)
    sources: dict[str, set[str]] = field(default_factory=dict)                              # variable -> integer buffers it depends on

    constant: frozenset[str] = field(init=False)    # parameters that nothing is stored through
    whole: frozenset[str] = field(init=False)       # parameters that point to integers

    def __post_init__(self) -> None:
        self.ranges = Ranges(self.axes, self.extents, {}, self._load, self._call)
        for param in self.kernel.params:
            if isinstance(param.type, Pointer):
                self.uses[param.name] = Use()
        pointing = [param for param in self.kernel.params if isinstance(param.type, Pointer)]
        self.constant = frozenset(param.name for param in pointing if param.type.const)
        self.whole = frozenset(param.name for param in pointing if element_of(param.type).is_integer)

    def run(self, body: tuple[Stmt, ...], state: State) -> None:
        self._body(body, state)

    # ---- accesses ----------------------------------------------------------------------------------------------------------------

    def _resolve(self, name: str) -> tuple[str, Interval] | None:
        base: Interval = (0, 0)
        for frame in reversed(self.aliases):
            if name not in frame:
                break
            target = frame[name]
            if target is None:
                return None
            name, offset = target
            base = add(base, offset)
        return name, base

    def _access(self, name: str, index: Interval, read: bool = False, written: bool = False) -> str | None:
        """Record an access; returns the parameter it goes to, None for local buffers."""
        found = self._resolve(name)
        if found is None or found[0] not in self.uses:
            return None
        use = self.uses[found[0]]
        if not self.quiet:
            use.read, use.written = use.read or read, use.written or written
            use.range = hull(use.range, add(index, found[1]))
        return found[0]

    def _own_content(self, name: str) -> Interval | None:
        """What an integer array that the kernel declares may hold, None where that is not known."""
        found = self._resolve(name)
        return None if found is None or self.local is None else self.local.get(found[0])

    def _keep(self, name: str, value: Interval) -> None:
        """Note a store to an array that the kernel declares; it starts out as zeros or as anything nobody may read."""
        found = self._resolve(name)
        if found is not None and found[0] not in self.uses and not self.quiet:
            self.stored[found[0]] = hull(self.stored.get(found[0], (0, 0)), value)

    def _inside(self, name: str, index: tuple[Expr, ...], state: State) -> None:
        """Note where an index may leave an array whose extents are known."""
        for position, extent in zip(index, self.extents_of.get(name, ())):
            low, high = self.ranges.quietly(position, state)
            if not self.quiet and extent and (low < 0 or high >= extent):
                self.overflowing.add(name)

    def _load(self, load: Load, state: State) -> Interval | None:
        self._inside(load.buffer.name, load.index, state)
        index = self.ranges.of(load.index[0], state) if load.index else (0, 0)
        name = self._access(load.buffer.name, index, read=True)
        self._mark(load.index)
        if name is None:
            return self._own_content(load.buffer.name) if load.type.is_integer else None
        if not load.type.is_integer:
            return None
        return self.contents.get(name, of_type(load.type))

    def _mark(self, expressions: Iterable[Expr]) -> None:
        """Integer buffers that these expressions depend on steer the kernel."""
        for expression in expressions:
            for node in walk(expression):
                if isinstance(node, Load) and node.type.is_integer:
                    found = self._resolve(node.buffer.name)
                    if found is not None and found[0] in self.uses:
                        self.indexing.add(found[0])
                elif isinstance(node, Var):
                    self.indexing |= self.sources.get(node.name, set())

    def _depends(self, name: str, value: Expr | None) -> None:
        if value is None:
            return
        found: set[str] = set(self.sources.get(name, ()))
        for node in walk(value):
            if isinstance(node, Load) and node.type.is_integer or isinstance(node, Address) and element_of(node.buffer.type).is_integer:
                resolved = self._resolve(node.buffer.name)
                if resolved is not None and resolved[0] in self.uses:
                    found.add(resolved[0])
            elif isinstance(node, Var):
                found |= self.sources.get(node.name, set())
        if found:
            self.sources[name] = found

    def _call(self, call: Call, state: State) -> Interval | None:
        function = next((each for each in self.kernel.functions if each.name == call.name), None)
        if function is not None and len(self.aliases) < 8:
            return self._inline(function, call, state)
        addresses = [argument for argument in call.arguments if isinstance(argument, Address) or (
            isinstance(argument, Var) and isinstance(argument.type, Pointer | Array | Fragment))]
        if not addresses:
            return None
        name = call.name
        for position, address in enumerate(addresses):
            index = self.ranges.of(address.index[0], state) if isinstance(address, Address) and address.index else (0, 0)
            buffer = address.buffer.name if isinstance(address, Address) else address.name
            if isinstance(address, Address):
                self._mark(address.index)
            extent, read, written = self._operand(name, call, address, position, state)
            view = getattr(address, "view", None)
            own = element_of(address.type)
            if view is not None and view != own:
                extent = (0, extent[1] if math.isinf(extent[1]) else math.ceil(max(extent[1] * view.bytes / own.bytes, 0)))
            if self._access(buffer, add(index, extent), read, written) is None and written:
                self._keep(buffer, TOP)
        for argument in call.arguments:
            if not isinstance(argument, Address | Var):
                self.ranges.of(argument, state)
        if name in ("atomicAdd", "atomicInc") and isinstance(addresses[0], Address):
            return self._handed_out(call, addresses[0], state)
        return of_type(call.type) if isinstance(call.type, Scalar) and call.type.is_integer else TOP

    def _handed_out(self, call: Call, address: Address, state: State) -> Interval:
        """What an atomic sum returns: at least what the counter starts with, at most that and all that others may have added."""
        found = self._resolve(address.buffer.name)
        start = self.contents.get(found[0]) if found is not None else None
        if start is None or not call.type.is_integer:
            return of_type(call.type) if call.type.is_integer else TOP
        step = self.ranges.of(call.arguments[1], state) if call.name == "atomicAdd" else (1, 1)
        threads = math.prod(high for axis, (_, high) in self.extents.items() if axis in (*BLOCK_AXES, *THREAD_AXES))
        others = threads * self.times - 1
        return start[0] + min(0, step[0] * others), start[1] + max(0, step[1] * others)

    def _operand(self, name: str, call: Call, address: Expr, position: int, state: State) -> tuple[Interval, bool, bool]:
        """How far a call reaches from an address (in elements), and whether it reads and writes there."""
        lower = name.lower()
        if "atomic" in lower:
            return (0, 0), True, True
        if lower in ("__ldg", "ldg", "__ldcs", "__ldca", "__ldcg"):
            return (0, 0), True, False
        types = [argument.type for argument in call.arguments if isinstance(argument, Var)]
        fragment = next((type_ for type_ in types if isinstance(type_, Fragment)), None)
        if fragment is not None and ("load_matrix" in lower or "store_matrix" in lower):
            rows, columns = fragment.shape
            if "col_major" in (fragment.layout or "") or any("col_major" in repr(argument) for argument in call.arguments):
                rows, columns = columns, rows
            strides = [argument for argument in call.arguments if isinstance(argument, Expr) and not isinstance(argument, Address)
                       and isinstance(argument.type, Scalar) and argument.type.is_integer]
            stride = self.ranges.of(strides[0], state) if strides else TOP
            return add((0, columns - 1), mul((0, rows - 1), stride)), "load" in lower, "store" in lower
        if lower in ("__memcpy", "memcpy", "__memcpy_async", "memcpy_async") and len(call.arguments) >= 3:
            return self._copied(call, address, position, state), position == 1, position == 0
        if lower.startswith("_mm") and ("load" in lower or "store" in lower):
            lanes = 64 if lower.startswith("_mm512") else 32 if lower.startswith("_mm256") else 16
            return (0, max(1, lanes // element_of(address.type).bytes) - 1), "load" in lower, "store" in lower
        if lower in ("__builtin_assume_aligned", "__builtin_prefetch"):
            return (0, 0), False, False
        return (0, math.inf), True, position == 0

    def _copied(self, call: Call, address: Expr, position: int, state: State) -> Interval:
        """``memcpy(dst, src, bytes[, direction, dst_stride, src_stride, segments - 1])`` from the address on, in elements."""
        width = element_of(address.type).bytes
        reach = self.ranges.of(call.arguments[2], state)[1]
        if len(call.arguments) >= 7:
            stride, segments = self.ranges.of(call.arguments[4 + min(position, 1)], state), self.ranges.of(call.arguments[6], state)
            reach += mul(stride, segments)[1]
        return 0, reach if math.isinf(reach) else max(0, math.ceil(reach / width) - 1)

    def _inline(self, function: Function, call: Call, state: State) -> Interval:
        frame: dict[str, tuple[str, Interval] | None] = {}
        inner = State()
        for param, argument in zip(function.params, call.arguments):
            if isinstance(param.type, Pointer | Array):
                if isinstance(argument, Address):
                    self._mark(argument.index)
                    offset = self.ranges.of(argument.index[0], state) if len(argument.index) == 1 else (0, 0)
                    frame[param.name] = (argument.buffer.name, offset)
                elif isinstance(argument, Var):
                    frame[param.name] = (argument.name, (0, 0))
                else:
                    frame[param.name] = None
            elif isinstance(param.type, Scalar):
                inner.env[param.name] = self.ranges.of(argument, state)
                self._depends(param.name, argument)
        for name in declared(function.body):
            frame.setdefault(name, None) if name in self.uses else None
        self.aliases.append(frame)
        results: list[Interval] = []
        self._returns.append(results)
        try:
            self._body(function.body, inner)
        finally:
            self.aliases.pop()
            self._returns.pop()
        joined = EMPTY
        for result in results:
            joined = hull(joined, result)
        return joined if results else TOP

    _returns: list[list[Interval]] = field(default_factory=list)

    # ---- statements --------------------------------------------------------------------------------------------------------------

    def _body(self, body: tuple[Stmt, ...], state: State) -> bool:
        """Run statements in order; False where control does not reach the end."""
        for statement in body:
            if not self.quiet:
                self.work += self.times
            if not self._statement(statement, state):
                return False
        return True

    def _statement(self, statement: Stmt, state: State) -> bool:
        match statement:
            case Declare(name=name, type=type_, value=value):
                self._declare(name, type_, value, state)
            case Assign():
                self._assign(statement, state)
            case If():
                return self._if(statement, state)
            case For():
                self._for(statement, state)
            case While():
                self._while(statement, state)
            case Block(body=body):
                return self._body(body, state)
            case Evaluate(value=value):
                if isinstance(value, Opaque):
                    self._obscure(value, state)
                else:
                    self._value(value, state)
            case Return(value=value):
                if value is not None:
                    result = self._value(value, state)
                    if self._returns:
                        self._returns[-1].append(result)
                return False
            case Break() | Continue():
                return False
            case Barrier():
                pass
        return True

    def _value(self, value: Expr, state: State) -> Interval:
        if any(isinstance(node, Opaque) for node in walk(value)):
            for node in walk(value):
                if isinstance(node, Opaque):
                    self._obscure(node, state)
        return self.ranges.of(value, state)

    def _obscure(self, node: Opaque, state: State) -> None:
        """Text that is not understood may touch every buffer it names, anywhere, and what reaches it may steer it."""
        self.opaque = True
        for name in set(_NAME.findall(node.text)):
            if name in state.env and re.search(_CHANGED.format(name), node.text):
                state.forget(name)
                state.env[name] = TOP
            self.unclear |= self.sources.get(name, set())
            found = self._resolve(name)
            use = self.uses.get(found[0]) if found is not None else None
            if found is None or use is None:
                continue
            stored = _only_stored(name, node.text)
            use.hidden, use.read, use.written = True, use.read or not stored, use.written or found[0] not in self.constant
            if not stored and found[0] in self.whole:
                self.unclear.add(found[0])

    def _declare(self, name: str, type_: object, value: Expr | None, state: State) -> None:
        if isinstance(type_, Scalar):
            state.forget(name)
            known = self._value(value, state) if value is not None else of_type(type_)
            if value is not None and type_.is_integer:
                known = self.ranges.cast(known, element_of(value.type), type_)
                state.definitions[name] = value
            state.env[name] = known
            self._depends(name, value)
            return
        if isinstance(type_, Pointer):
            self._depends(name, value)
        if isinstance(type_, Array):
            extents = [extent if isinstance(extent, int) else value_of(extent) for extent in type_.shape]
            self.extents_of[name] = tuple(extent if isinstance(extent, int) else 0 for extent in extents)
        if isinstance(value, InitList) and isinstance(type_, Array):
            content: Interval = (0, 0)
            for element in value.elements:
                content = hull(content, self._value(element, state))
            if type_.element.is_integer:
                self._keep(name, content)

    def _assign(self, statement: Assign, state: State) -> None:
        target, op = statement.target, statement.op
        value = self._value(statement.value, state)
        if isinstance(target, Var):
            if op:
                value = self.ranges.of(Binary(op, target, statement.value, element_of(target.type)), state)
            type_ = element_of(target.type)
            if type_.is_integer:
                value = self.ranges.cast(value, element_of(statement.value.type) if not op else type_, type_)
            state.forget(target.name)
            state.env[target.name] = value
            if not op and target.name not in {node.name for node in walk(statement.value) if isinstance(node, Var)} and type_.is_integer:
                state.definitions[target.name] = statement.value
            self._depends(target.name, statement.value)
            return
        if isinstance(target, Load):
            index = self._value(target.index[0], state) if target.index else (0, 0)
            for position in target.index[1:]:
                self._value(position, state)
            self._mark(target.index)
            self._inside(target.buffer.name, target.index, state)
            name = self._access(target.buffer.name, index, read=bool(op), written=True)
            if name is None:
                self._depends(target.buffer.name, statement.value)
            if name is None and target.type.is_integer:
                self._keep(target.buffer.name, TOP if op else value)

    def _if(self, statement: If, state: State) -> bool:
        self._value(statement.condition, state)
        self._mark_condition(statement.condition, state)
        then, otherwise = state.copy(), state.copy()
        first = self.ranges.refine(statement.condition, True, then) and self._body(statement.then, then)
        second = self.ranges.refine(statement.condition, False, otherwise) and self._body(statement.otherwise, otherwise)
        if not first and not second:
            return False
        result = then if first else otherwise
        if first and second:
            result.join(otherwise)
        state.env, state.definitions, state.facts = result.env, result.definitions, result.facts
        return True

    def _mark_condition(self, condition: Expr, state: State) -> None:
        pass        # a condition on data decides what is computed, not where

    def _for(self, statement: For, state: State) -> None:
        lower, upper, step = (self._value(each, state) for each in (statement.lower, statement.upper, statement.step))
        self._mark((statement.upper,))
        if upper[1] <= lower[0]:
            return
        last = upper[1] - 1
        if lower[0] == lower[1] and step[0] == step[1] and step[0] > 0 and not math.isinf(last):
            last = lower[0] + (last - lower[0]) // step[0] * step[0]
        trips = (upper[1] - lower[0]) / max(step[0], 1)
        trips = MOST_TRIPS if math.isinf(trips) or math.isnan(trips) else max(0, math.ceil(trips))
        inner = state.copy()
        inner.forget(statement.var)
        inner.env[statement.var] = (lower[0], last)
        self.ranges.refine(Binary("<", Var(statement.var, statement.type), statement.upper, BOOL), True, inner)
        if isinstance(step[0], (int, float)):
            self.ranges.bound(Var(statement.var, statement.type), (lower[0], last), inner)
        self._repeat(statement.body, (), inner, trips, state)
        state.env.pop(statement.var, None)

    def _while(self, statement: While, state: State) -> None:
        if statement.init is not None:
            self._statement(statement.init, state)
        self._value(statement.condition, state)
        self._mark((statement.condition,))
        trips = trips_of(statement, state, self.ranges)
        inner = state.copy()
        condition = None if statement.after else statement.condition
        self._repeat(statement.body, statement.update, inner, trips, state, condition)
        self.ranges.refine(statement.condition, False, state)

    def _repeat(self, body: tuple[Stmt, ...], update: tuple[Stmt, ...], inner: State, trips: float, outer: State,
                condition: Expr | None = None) -> None:
        """Run a loop body once for all iterations; ``inner`` is the state at its start, ``outer`` becomes the state after the loop."""
        everything = (*body, *update)
        changed = [name for name in assigned(everything) & set(outer.env) if name not in declared(body)]
        start = {name: outer.env[name] for name in changed}
        self.quiet += 1                 # the expressions are looked at out of their place
        steps = {name: step_of(name, everything, inner, self.ranges) for name in changed}
        self.quiet -= 1
        for name in changed:
            inner.forget(name)
            outer.forget(name)
        for name in changed:
            inner.env[name] = at_start(start[name], steps[name], trips)
        unknown = [name for name in changed if steps[name] is None]
        possible = condition is None or self.ranges.refine(condition, True, inner)
        if unknown and possible:
            trial = inner.copy()
            for name in unknown:
                trial.env[name] = TOP
            if condition is not None:
                self.ranges.refine(condition, True, trial)
            self.quiet += 1
            self._body(everything, trial)
            self.quiet -= 1
            for name in unknown:
                inner.env[name] = hull(start[name], trial.env.get(name, TOP))
            if condition is not None:
                possible = self.ranges.refine(condition, True, inner)
        if not possible:
            return
        times = self.times
        self.times = min(times * min(trips, 1e9), 1e18)
        if math.isinf(trips) or trips >= MOST_TRIPS:
            self.times = times * 64         # no bound known: something must be assumed for the estimate
        self._body(everything, inner)
        self.times = times
        for name in changed:
            outer.env[name] = hull(start[name], inner.env.get(name, TOP))
