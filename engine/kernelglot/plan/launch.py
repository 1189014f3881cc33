"""How a translated kernel learns its launch: extents as expressions over the kernel's parameters, or as parameters of their own.

A kernel of CUDA or HIP gets its grid from whoever launches it; a function in C, or a BANG kernel whose tasks share the work, has to be
told. In this order: what the host code computes from the kernel's arguments; what a guard says, where it agrees with every test case;
a further parameter, where the extent is the host's own business; a number, where the host always launches the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..analysis.coverage import blocks_needed
from ..frontend.host import LaunchSite
from ..ir.build import fresh, value_of
from ..ir.nodes import BLOCK_AXES, AxisExtent, AxisIndex, Declare, Expr, Kernel, Literal, Param, Var
from ..ir.types import I32, Array
from ..ir.walk import declared, substitute, variables, walk
from ..passes.base import LaunchShape
from ..verify.cases import Scalar, TestCase
from ..verify.discover import Discovery


@dataclass(frozen=True, slots=True)
class Launched:
    """``kernel`` with the parameters that its launch needs, the launch's ``shape``, the test cases that fit it, and what was assumed."""

    kernel: Kernel
    shape: LaunchShape
    cases: tuple[TestCase, ...]
    assumptions: tuple[str, ...] = ()


def launched(kernel: Kernel, discovery: Discovery) -> Launched:
    """The launch of ``kernel`` as far as its parameters tell, completed as the module says. ``discovery`` has at least one case."""
    first = discovery.cases[0]
    site = discovery.launch if first.origin == "host" else None
    block = _block(site, first)
    cases, grid = list(discovery.cases), []
    taken = declared(kernel.body) | {p.name for p in kernel.params} | {c.name for c in kernel.constants}
    taken |= {f.name for f in kernel.functions}
    params: list[Param] = []
    notes: list[str] = []
    for axis in range(3):
        expr, note = _extent(kernel, site, cases, axis, block)
        if expr is None:
            open_ = site.grid_open[axis] if site is not None and site.grid_open else None
            told = _told(kernel, open_, [case.launch.grid[axis] for case in cases], f"grid_{'xyz'[axis]}", cases, taken)
            expr, cases = told.expr, told.cases(cases)
            params.append(told.param)
        grid.append(expr)
        notes += [note] if note else []
    shared = site.shared if site is not None and site.shared is not None else Literal(first.launch.shared_bytes)
    if site is not None and site.shared_open is not None and _sized_at_launch(kernel):
        told = _told(kernel, site.shared_open, [case.launch.shared_bytes for case in cases], "shared_bytes", cases, taken)
        shared, cases = told.expr, told.cases(cases)
        params.append(told.param)
    elif site is None and _sized_at_launch(kernel):
        notes.append(f"dynamic shared memory is fixed at {first.launch.shared_bytes} bytes, as in the test case")
    shape = LaunchShape((grid[0], grid[1], grid[2]), block, shared)
    fitting = tuple(case for case in cases if _fits(shape, case))
    if not fitting:  # the host's expressions and the case disagree: believe the case
        note = f"the launch is fixed at grid={first.launch.grid} block={first.launch.block}"
        return replace(as_launched(kernel, discovery), cases=(first,), assumptions=(note,))
    return Launched(replace(kernel, params=(*kernel.params, *params)), shape, fitting, tuple(notes))


def as_launched(kernel: Kernel, discovery: Discovery) -> Launched:
    """The launch as the first test case has it, for targets that are launched like the source."""
    first = discovery.cases[0].launch
    return Launched(kernel, LaunchShape(_literals(first.grid), _literals(first.block), Literal(first.shared_bytes)), discovery.cases)


def _literals(numbers: tuple[int, int, int]) -> tuple[Expr, Expr, Expr]:
    return Literal(numbers[0]), Literal(numbers[1]), Literal(numbers[2])


def _block(site: LaunchSite | None, first: TestCase) -> tuple[Expr, Expr, Expr]:
    """The extents of a block in threads; what the host decides by itself is a number, since arrays are sized by it."""
    known = site.block if site is not None else (None, None, None)
    extents = [Literal(number) if expr is None else expr for expr, number in zip(known, first.launch.block, strict=True)]
    return extents[0], extents[1], extents[2]


def _extent(
    kernel: Kernel, site: LaunchSite | None, cases: list[TestCase], axis: int, block: tuple[Expr, Expr, Expr]
) -> tuple[Expr | None, str]:
    """The grid's extent along one axis and what was assumed about it; None where a parameter has to tell."""
    numbers = {case.launch.grid[axis] for case in cases}
    known = site.grid[axis] if site is not None else None
    used = any(isinstance(n, AxisIndex | AxisExtent) and n.axis is BLOCK_AXES[axis] for n in walk([*kernel.body, *kernel.functions]))
    open_ = site.grid_open[axis] if site is not None and site.grid_open else None
    if not used:
        return known if known is not None else Literal(cases[0].launch.grid[axis]), ""
    of_host = known if not isinstance(known, Literal) and open_ is None else None
    if of_host is None and site is not None and numbers == {1} and open_ is None:
        return Literal(1), ""
    needed = next((each for each in blocks_needed(kernel, BLOCK_AXES[axis], block) if _agrees(each, cases, axis)), None)
    # the host's expression may hold only for the sizes that this host computes from each other; a guard holds for all
    if of_host is not None and (needed is None or len(variables(needed)) >= len(variables(of_host))):
        return of_host, ""
    if needed is not None:
        return needed, f"the grid's {'xyz'[axis]} extent is as large as the guards of the kernel need, as in the test case"
    if len(numbers) == 1 and site is not None and open_ is None:
        number = numbers.pop()
        return Literal(number), f"the grid's {'xyz'[axis]} extent is fixed at {number}, as the host code launches it"
    return None, ""


def _agrees(extent: Expr, cases: list[TestCase], axis: int) -> bool:
    """Whether ``extent`` is what the cases launch that are not of our own making."""
    return all(value_of(substitute(extent, _values(case))) == case.launch.grid[axis] for case in cases if not case.varied)


@dataclass(frozen=True, slots=True)
class Told:
    """An extent that a further parameter tells: an expression over ``param``, and the parameter's ``values`` in the test cases."""

    expr: Expr
    param: Param
    values: tuple[int, ...]

    def cases(self, cases: list[TestCase]) -> list[TestCase]:
        """``cases`` with the parameter among the arguments."""
        added = (Scalar(self.param.name, "i32", value) for value in self.values)
        return [replace(case, arguments=(*case.arguments, each)) for case, each in zip(cases, added, strict=True)]


def _told(kernel: Kernel, open_: Expr | None, extents: list[int], name: str, cases: list[TestCase], taken: set[str]) -> Told:
    """Where the host computes an extent from one variable of its own, that is the parameter; else it is the extent itself, ``name``."""
    own = sorted(variables(open_) - {p.name for p in kernel.params}) if open_ is not None else []
    if open_ is not None and len(own) == 1:
        plain = own[0].rsplit("@", 1)[0].rsplit("::", 1)[-1].rsplit(".", 1)[-1]
        values = [_solved(open_, own[0], _values(case), extent) for case, extent in zip(cases, extents, strict=True)]
        if plain.isidentifier() and all(value is not None for value in values):
            name = fresh(plain, taken)
            known = tuple(int(value) for value in values if value is not None)
            return Told(substitute(open_, {own[0]: Var(name, I32)}), Param(name, I32, launch=True), known)
    name = fresh(name, taken)
    return Told(Var(name, I32), Param(name, I32, launch=True), tuple(extents))


def _sized_at_launch(kernel: Kernel) -> bool:
    """Whether the kernel has an array that is as large as the launch says."""
    return any(isinstance(n, Declare) and isinstance(n.type, Array) and n.type.shape[:1] == (0,) for n in walk(kernel.body))


def _solved(expr: Expr, name: str, known: dict[str, Expr], wanted: int) -> int | None:
    """The smallest value of ``name``, from 1 on, with which ``expr`` is ``wanted``; None where none was found. Extents grow with sizes."""
    low, high = 1, 1 << 30
    while low < high:
        middle = (low + high) // 2
        value = value_of(substitute(expr, known | {name: Literal(middle)}))
        if not isinstance(value, int):
            return None
        low, high = (low, middle) if value >= wanted else (middle + 1, high)
    return low if value_of(substitute(expr, known | {name: Literal(low)})) == wanted else None


def _values(case: TestCase) -> dict[str, Expr]:
    return {a.name: Literal(a.value) for a in case.arguments if isinstance(a, Scalar)}


def _fits(shape: LaunchShape, case: TestCase) -> bool:
    values = _values(case)
    wanted = (*case.launch.grid, *case.launch.block)
    return all(value_of(substitute(e, values)) == n for e, n in zip((*shape.grid, *shape.block), wanted, strict=True))
