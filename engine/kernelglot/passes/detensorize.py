"""Detensorize: what a tensor intrinsic does, as loops.

before     wmma::mma_sync(c, a, b, c)
after      for i: for j: for k: c[i][j] += a[i][k] * b[k][j]
keeps      the value of every element; the order of the sum over k is the loop's
declines   fragment-call

A fragment is a plain matrix here, one for each warp: which lane holds which element is not promised by the platform and no portable
kernel depends on it. What the functions mean is read from the header that the emulator runs, dialects/cuda/intrinsics/wmma.h.
"""

from __future__ import annotations

from dataclasses import replace

from ..dialects.cuda.emit import STYLE
from ..dialects.emit_c import Printer
from ..dialects.meanings import meanings
from ..ir.affine import divide, poly, to_expr
from ..ir.build import add, binary, cast, div, fresh, integer, value_of
from ..ir.nodes import Address, Assign, Call, Evaluate, Expr, For, Function, Load, Node, Return, Stmt, Var
from ..ir.types import F32, I32, Array, Fragment, Scope
from ..ir.walk import rename, rewrite, rewrite_body, substitute, walk
from .base import Declined

CUDA = Printer(STYLE)


def wmma_meanings(sums: str, left: str, right: str) -> dict[str, Function]:
    """The functions of wmma.h by name, for sums and operands of the types that are spelled so in CUDA."""
    use = (
        f"__global__ void use({sums} *d, const {left} *a, const {right} *b, int row, int column, int *at) {{\n"
        f"  wmma_mma_sync<{sums}, {left}, {right}>(d, a, b, row, row, row);\n"
        "  *at = wmma_row_major(row, column, row) + wmma_col_major(row, column, row);\n}"
    )
    return meanings("cuda", "wmma.h", use)


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
            source = _element(pointer, row, column, leading, _layout(type_, layout), type_.shape)
            return _loops(type_.shape, names, (Assign(_at(fragment, warp, row, column), cast(source, type_.element)),))
        case "store_matrix_sync", (pointer, Var(type=Fragment() as type_) as fragment, leading, *layout):
            target = _element(pointer, row, column, leading, _layout(type_, layout), type_.shape)
            return _loops(type_.shape, names, (Assign(target, cast(_at(fragment, warp, row, column), target.type)),))
        case "mma_sync", (Var() as d, Var(type=Fragment()) as a, Var(type=Fragment()) as b, Var(type=Fragment() as c_type) as c, *_):
            copy: tuple[Stmt, ...] = ()
            if d.name != c.name:
                copy = _loops(c_type.shape, names, (Assign(_at(d, warp, row, column), _at(c, warp, row, column)),))
            return (*copy, *_product(d, a, b, warp, taken))
    raise Declined("fragment-call", f"`{call.name}` with these arguments is not a known fragment operation", at=stmt.span)


def _layout(type_: Fragment, layout: list[Expr]) -> str:
    if type_.layout:
        return type_.layout
    name = layout[0].name if layout and isinstance(layout[0], Var) else "mem_row_major"
    return name.rsplit("::", 1)[-1].removeprefix("mem_")


def _product(d: Var, a: Var, b: Var, warp: Expr, taken: set[str]) -> tuple[Stmt, ...]:
    """``d += a * b``, as the header has it."""
    types = [fragment.type for fragment in (d, a, b)]
    element = types[0].element  # type: ignore[union-attr]
    sums = F32 if element.is_float and element.bits < 32 else element
    meaning = wmma_meanings(CUDA.type(sums), CUDA.type(types[1].element), CUDA.type(types[2].element))["wmma_mma_sync"]  # type: ignore[union-attr]
    m, n, k = (getattr(types[0], name) for name in "mnk")
    body = substitute(meaning.body, {"m": integer(m), "n": integer(n), "k": integer(k)})
    matrices = {"d": d, "a": a, "b": b}

    def visit(node: Node) -> Node:
        if isinstance(node, Load) and node.buffer.name in matrices:
            matrix = matrices[node.buffer.name]
            return _at(matrix, warp, *_row_and_column(node.index[0], matrix.type.shape[1]))  # type: ignore[union-attr]
        return node

    body = rewrite_body(body, visit)
    names = [n.var for n in walk(body) if isinstance(n, For)]
    own = {name: fresh(name, taken) for name in names}
    taken.difference_update(own.values())
    return rename(body, {old: new for old, new in own.items() if old != new})


def _row_and_column(place: Expr, columns: int) -> tuple[Expr, Expr]:
    """``place`` in a matrix with so many ``columns``."""
    terms = poly(place)
    rows = {monomial: factor for monomial, factor in terms.items() if factor % columns == 0}
    row = divide(rows, {(): columns})
    assert row is not None
    return to_expr(row), to_expr({monomial: factor for monomial, factor in terms.items() if monomial not in rows})


def _place(row: Expr, column: Expr, stride: Expr, layout: str) -> Expr:
    """Where an element lies, in elements from the pointer, as the header has it."""
    meaning = wmma_meanings("float", "half", "half")[f"wmma_{layout}"].body[0]
    assert isinstance(meaning, Return) and meaning.value is not None
    return substitute(meaning.value, {"row": row, "column": column, "stride": stride})


def _element(pointer: Expr, row: Expr, column: Expr, leading: Expr, layout: str, shape: tuple[int, int]) -> Load:
    """The element of a buffer at ``row`` and ``column`` of a matrix of ``shape`` that begins at ``pointer``."""
    if isinstance(pointer, Address) and pointer.view is None:
        buffer, start = pointer.buffer, pointer.index
    elif isinstance(pointer, Var):
        buffer, start = pointer, ()
    else:
        raise Declined("fragment-call", "a fragment is loaded through a pointer that is not an element of a buffer")
    offset, element = _place(row, column, leading, layout), buffer.type.element  # type: ignore[union-attr]
    extents = buffer.type.shape if isinstance(buffer.type, Array) else (0,)
    start = (*start, *(integer(0) for _ in range(len(extents) - len(start))))
    if len(extents) == 1:
        return Load(buffer, (add(start[0], offset),), element)
    width = extents[-1] if isinstance(extents[-1], Expr) else integer(int(str(extents[-1])))
    if value_of(leading) is not None and value_of(leading) == value_of(width):
        steps = (row, column) if layout != "col_major" else (column, row)
        return Load(buffer, (*start[:-2], add(start[-2], steps[0]), add(start[-1], steps[1])), element)
    if _inside_row(start[-1], leading, layout, shape, width):
        return Load(buffer, (*start[:-1], add(start[-1], offset)), element)
    offset = add(start[-1], offset)
    return Load(buffer, (*start[:-2], add(start[-2], div(offset, width)), binary("%", offset, width)), element)


def _inside_row(start: Expr, leading: Expr, layout: str, shape: tuple[int, int], width: Expr) -> bool:
    """Whether the whole matrix lies in one row of the array, as in ``float tile[4][256]`` with 16 x 16 elements each."""
    first, stride, most = value_of(start), value_of(leading), value_of(width)
    if not (isinstance(first, int) and isinstance(stride, int) and isinstance(most, int)):
        return False
    rows, columns = shape if layout != "col_major" else shape[::-1]
    return first + (rows - 1) * stride + columns <= most


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
