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
from ..ir.nodes import BLOCK_AXES, THREAD_AXES, AxisExtent, AxisIndex, Expr, Kernel, Literal, Param, Var
from ..ir.types import I32
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
    block, notes = _block(kernel, site, first)
    shared = site.shared if site is not None and site.shared is not None else Literal(first.launch.shared_bytes)
    cases, grid = list(discovery.cases), []
    taken = declared(kernel.body) | {p.name for p in kernel.params} | {c.name for c in kernel.constants}
    taken |= {f.name for f in kernel.functions}
    params: list[Param] = []
    for axis in range(3):
        expr, note = _extent(kernel, site, cases, axis, block)
        if expr is None:
            name = fresh(_name(site, axis), taken)
            params.append(Param(name, I32, launch=True))
            cases = [replace(case, arguments=(*case.arguments, Scalar(name, "i32", case.launch.grid[axis]))) for case in cases]
            expr = Var(name, I32)
        grid.append(expr)
        notes += [note] if note else []
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


def _block(kernel: Kernel, site: LaunchSite | None, first: TestCase) -> tuple[tuple[Expr, Expr, Expr], list[str]]:
    """The extents of a block in threads; what the host decides by itself becomes a number, since arrays are sized by it."""
    known = site.block if site is not None else (None, None, None)
    terms = site.block_terms if site is not None and site.block_terms else (None, None, None)
    asked = {n.axis for n in walk([*kernel.body, *kernel.functions]) if isinstance(n, AxisExtent)}
    extents, notes = [], []
    for axis, expr, term, number in zip(THREAD_AXES, known, terms, first.launch.block, strict=True):
        extents.append(Literal(number) if expr is None else expr)
        if isinstance(extents[-1], Literal) and term is not None and variables(term) and axis in asked:
            notes.append(f"the block's {axis.value[-1]} extent is fixed at {number}, as the host code launches it")
    return (extents[0], extents[1], extents[2]), notes


def _extent(
    kernel: Kernel, site: LaunchSite | None, cases: list[TestCase], axis: int, block: tuple[Expr, Expr, Expr]
) -> tuple[Expr | None, str]:
    """The grid's extent along one axis and what was assumed about it; None where a parameter has to tell."""
    numbers = {case.launch.grid[axis] for case in cases}
    known = site.grid[axis] if site is not None else None
    used = any(isinstance(n, AxisIndex | AxisExtent) and n.axis is BLOCK_AXES[axis] for n in walk([*kernel.body, *kernel.functions]))
    if not used or known is not None and not isinstance(known, Literal):
        return known if known is not None else Literal(cases[0].launch.grid[axis]), ""
    term = site.grid_terms[axis] if site is not None and site.grid_terms else None
    if site is not None and numbers == {1} and not (term is not None and variables(term)):
        return Literal(1), ""
    for needed in blocks_needed(kernel, BLOCK_AXES[axis], block):
        if all(value_of(substitute(needed, _values(case))) == case.launch.grid[axis] for case in cases if not case.varied):
            return needed, f"the grid's {'xyz'[axis]} extent is as large as the guards of the kernel need, as in the test case"
    if len(numbers) == 1 and (site is not None and not (term is not None and variables(term))):
        number = numbers.pop()
        return Literal(number), f"the grid's {'xyz'[axis]} extent is fixed at {number}, as the host code launches it"
    return None, ""


def _name(site: LaunchSite | None, axis: int) -> str:
    """What the host calls the extent, where it is one variable."""
    term = site.grid_terms[axis] if site is not None and site.grid_terms else None
    if isinstance(term, Var):
        plain = term.name.rsplit("@", 1)[0].rsplit("::", 1)[-1].rsplit(".", 1)[-1]
        if plain.isidentifier():
            return plain
    return f"grid_{'xyz'[axis]}"


def _values(case: TestCase) -> dict[str, Expr]:
    return {a.name: Literal(a.value) for a in case.arguments if isinstance(a, Scalar)}


def _fits(shape: LaunchShape, case: TestCase) -> bool:
    values = _values(case)
    wanted = (*case.launch.grid, *case.launch.block)
    return all(value_of(substitute(e, values)) == n for e, n in zip((*shape.grid, *shape.block), wanted, strict=True))
