"""Detensorize: what a tensor intrinsic does, as loops.

before     wmma::mma_sync(c, a, b, c)
after      for i: for j: for k: c[i][j] += a[i][k] * b[k][j]
keeps      the value of every element; the order of the sum over k is the loop's
declines   fragment-call

A fragment is a plain matrix here, one for each warp: which lane holds which element is not promised by the platform and no portable
kernel depends on it. Source: CUDA C++ Programming Guide, section on warp matrix functions.
"""

from __future__ import annotations

from dataclasses import replace

from ..ir.build import add, binary, cast, div, fresh, integer, mul
from ..ir.nodes import Address, Assign, Call, Evaluate, Expr, For, Load, Node, Stmt, Var
from ..ir.types import I32, Array, Fragment, Scope, promote
from ..ir.walk import rewrite, walk
from .base import Declined


def fragment_shape(type_: Fragment) -> tuple[int, int]:
    """Rows and columns of the matrix a fragment holds."""
    return type_.shape


def _array(var: Var, warp: Expr) -> Load:
    """The matrix of this warp; the caller adds row and column."""
    assert isinstance(var.type, Fragment)
    rows, columns = var.type.shape
    return Load(Var(var.name, Array(var.type.element, (1, rows, columns), Scope.REGISTER)), (warp,), var.type.element)


def _at(var: Var, warp: Expr, row: Expr, column: Expr) -> Load:
    base = _array(var, warp)
    return replace(base, index=(warp, row, column))


def _loops(extents: tuple[int, ...], names: list[str], body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
    for name, extent in reversed(list(zip(names, extents, strict=True))):
        body = (For(name, integer(0), integer(extent), integer(1), body),)
    return body


def fragment_loops(stmt: Stmt, warp: Expr, taken: set[str]) -> tuple[Stmt, ...]:
    """One statement on fragments as loops over their elements, for the warp numbered ``warp``."""
    if isinstance(stmt, For):
        return _element_loop(stmt, warp)
    if not (isinstance(stmt, Evaluate) and isinstance(stmt.value, Call)):
        raise Declined("fragment-call", "a fragment is used outside the wmma functions", at=stmt.span)
    call = stmt.value
    names = [fresh(name, taken) for name in ("row", "column")]
    row, column = (Var(name, I32) for name in names)
    for name in names:
        taken.discard(name)
    match call.name.removeprefix("wmma::"), call.arguments:
        case "fill_fragment", (Var(type=Fragment() as type_) as fragment, value):
            store = Assign(_at(fragment, warp, row, column), cast(value, type_.element))
            return _loops(type_.shape, names, (store,))
        case "load_matrix_sync", (Var(type=Fragment() as type_) as fragment, pointer, leading, *layout):
            source = _element(pointer, row, column, leading, _layout(type_, layout))
            return _loops(type_.shape, names, (Assign(_at(fragment, warp, row, column), cast(source, type_.element)),))
        case "store_matrix_sync", (pointer, Var(type=Fragment() as type_) as fragment, leading, *layout):
            target = _element(pointer, row, column, leading, _layout(type_, layout))
            return _loops(type_.shape, names, (Assign(target, cast(_at(fragment, warp, row, column), target.type)),))
        case "mma_sync", (Var() as d, Var(type=Fragment() as a_type) as a, Var() as b, Var(type=Fragment() as c_type) as c, *_):
            inner = fresh("inner", taken)
            taken.discard(inner)
            wide = promote(c_type.element, c_type.element)
            left, right = (cast(_at(a, warp, row, Var(inner, I32)), wide), cast(_at(b, warp, Var(inner, I32), column), wide))
            update = Assign(_at(d, warp, row, column), binary("*", left, right), "+")
            loops = (For(inner, integer(0), integer(a_type.k), integer(1), _loops((c_type.shape[1],), [names[1]], (update,))),)
            copy: tuple[Stmt, ...] = ()
            if d.name != c.name:
                copy = _loops(c_type.shape, names, (Assign(_at(d, warp, row, column), _at(c, warp, row, column)),))
            return (*copy, For(names[0], integer(0), integer(c_type.shape[0]), integer(1), loops))
    raise Declined("fragment-call", f"`{call.name}` with these arguments is not a known fragment operation", at=stmt.span)


def _layout(type_: Fragment, layout: list[Expr]) -> str:
    if type_.layout:
        return type_.layout
    name = layout[0].name if layout and isinstance(layout[0], Var) else "mem_row_major"
    return name.rsplit("::", 1)[-1].removeprefix("mem_")


def _element(pointer: Expr, row: Expr, column: Expr, leading: Expr, layout: str) -> Load:
    offset = add(mul(row, leading), column) if layout != "col_major" else add(mul(column, leading), row)
    if isinstance(pointer, Var):
        if isinstance(pointer.type, Array) and len(pointer.type.shape) == 2:
            return Load(pointer, _in_rows(pointer.type, offset, row, column, leading, layout), pointer.type.element)
        return Load(pointer, (offset,), pointer.type.element)  # type: ignore[union-attr]
    if isinstance(pointer, Address) and pointer.view is None:
        type_ = pointer.buffer.type
        if isinstance(type_, Array) and len(type_.shape) == 2 and len(pointer.index) == 2:
            first, second = pointer.index
            steps = (row, column) if layout != "col_major" else (column, row)
            return Load(pointer.buffer, (add(first, steps[0]), add(second, steps[1])), type_.element)
        return Load(pointer.buffer, (add(pointer.index[0], offset) if pointer.index else offset,), type_.element)  # type: ignore[union-attr]
    raise Declined("fragment-call", "a fragment is loaded through a pointer that is not an element of a buffer")


def _in_rows(type_: Array, offset: Expr, row: Expr, column: Expr, leading: Expr, layout: str) -> tuple[Expr, Expr]:
    if isinstance(type_.shape[1], int) and getattr(leading, "value", None) == type_.shape[1]:
        return (row, column) if layout != "col_major" else (column, row)
    width = type_.shape[1] if isinstance(type_.shape[1], Expr) else integer(int(type_.shape[1]))  # type: ignore[call-overload]
    return div(offset, width), binary("%", offset, width)


def _element_loop(stmt: For, warp: Expr) -> tuple[Stmt, ...]:
    """``for i in 0..num_elements: f.x[i] = ...`` over all elements of the matrix."""
    fragment = next(n.buffer for n in walk(stmt.body) if isinstance(n, Load) and isinstance(n.buffer.type, Fragment))
    rows, columns = fragment.type.shape  # type: ignore[union-attr]
    index = Var(stmt.var, stmt.type)

    def visit(node: Node) -> Node:
        if isinstance(node, Load) and isinstance(node.buffer.type, Fragment):
            return _at(node.buffer, warp, div(index, integer(columns)), binary("%", index, integer(columns)))
        return node

    body = tuple(rewrite(s, visit) for s in stmt.body)
    return (replace(stmt, upper=integer(rows * columns), body=body),)  # type: ignore[arg-type]
