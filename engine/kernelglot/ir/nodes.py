"""Nodes of the kernel IR: a small, typed, structured C.

Every node is frozen; ``span`` (byte offsets into the source file), ``origin`` (which pass made it) and ``comment`` stay outside
equality, so that two kernels are equal when they compute the same thing in the same way. Lowering has already resolved pointer
arithmetic to (buffer, index), vector accesses to elements and macros to values; names are unique inside a kernel, except that
loops beside each other may reuse a loop variable.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from .types import I32, U32, VOID, Scalar, Type


class Axis(Enum):
    """Who runs an iteration: nobody in particular (serial, or parallel where the iterations are independent), or one launch coordinate."""

    SERIAL = "serial"
    PARALLEL = "parallel"
    OMP = "omp"
    BLOCK_X = "block.x"
    BLOCK_Y = "block.y"
    BLOCK_Z = "block.z"
    THREAD_X = "thread.x"
    THREAD_Y = "thread.y"
    THREAD_Z = "thread.z"
    TASK = "task"
    TASK_X = "task.x"
    TASK_Y = "task.y"
    TASK_Z = "task.z"
    CLUSTER = "cluster"
    CORE = "core"


BLOCK_AXES = (Axis.BLOCK_X, Axis.BLOCK_Y, Axis.BLOCK_Z)
THREAD_AXES = (Axis.THREAD_X, Axis.THREAD_Y, Axis.THREAD_Z)


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes ``start..end`` of the source file and the 1-based ``line`` of ``start``."""

    start: int
    end: int
    line: int


@dataclass(frozen=True, slots=True)
class Node:
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)
    origin: str = field(default="", compare=False, repr=False, kw_only=True)


# ---- expressions ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Expr(Node):
    """Has a ``type``: a scalar, or the type of a buffer where it names one."""

    if TYPE_CHECKING:

        @property
        def type(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Literal(Expr):
    """A number; ``text`` is how the author spelled it."""

    value: int | float | bool
    type: Scalar = I32
    text: str = field(default="", compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Constant(Expr):
    """A named compile-time number (macro, ``constexpr``, ``const`` at file scope); its value is known."""

    name: str
    value: int | float | bool
    type: Scalar = I32


@dataclass(frozen=True, slots=True)
class Var(Expr):
    name: str
    type: Type = I32


@dataclass(frozen=True, slots=True)
class AxisIndex(Expr):
    """This thread's coordinate on a launch axis (``threadIdx.x``, ``taskId``)."""

    axis: Axis
    type: Scalar = U32


@dataclass(frozen=True, slots=True)
class AxisExtent(Expr):
    """How many coordinates a launch axis has: ``blockDim.x`` is the extent of thread.x, ``gridDim.x`` of block.x."""

    axis: Axis
    type: Scalar = U32


@dataclass(frozen=True, slots=True)
class Unary(Expr):
    """``op`` is one of ``- ! ~``."""

    op: str
    operand: Expr
    type: Scalar = I32


@dataclass(frozen=True, slots=True)
class Binary(Expr):
    """``op`` is a C operator; comparisons and ``&& ||`` have type ``bool``."""

    op: str
    left: Expr
    right: Expr
    type: Scalar = I32


@dataclass(frozen=True, slots=True)
class Select(Expr):
    condition: Expr
    then: Expr
    otherwise: Expr
    type: Scalar = I32


@dataclass(frozen=True, slots=True)
class Cast(Expr):
    operand: Expr
    type: Scalar = I32


@dataclass(frozen=True, slots=True)
class Load(Expr):
    """``buffer[index]...``: one index for a pointer, one per extent for an array."""

    buffer: Var
    index: tuple[Expr, ...]
    type: Scalar = I32


@dataclass(frozen=True, slots=True)
class Address(Expr):
    """``&buffer[index]...``; its type is the buffer's. ``view`` is set where the pointer was cast to another element type."""

    buffer: Var
    index: tuple[Expr, ...]
    type: Type = I32
    view: Scalar | None = None


@dataclass(frozen=True, slots=True)
class Call(Expr):
    """A math function (``expf``), a device function, an intrinsic or a warp collective (``shfl_down``); see ``ir.functions``."""

    name: str
    arguments: tuple[Expr, ...]
    type: Scalar = VOID


@dataclass(frozen=True, slots=True)
class InitList(Expr):
    """``{a, b}``: the first elements of an array, the rest zero."""

    elements: tuple[Expr, ...]
    type: Scalar = I32


@dataclass(frozen=True, slots=True)
class Opaque(Expr):
    """Source text that lies outside the subset, with the reason in words a user can act on. Stands for an expression or a statement."""

    text: str
    reason: str
    type: Scalar = VOID
    comment: str = field(default="", compare=False, kw_only=True)


# ---- statements ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stmt(Node):
    comment: str = field(default="", compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Declare(Stmt):
    """``type name = value``. ``name`` is unique in the kernel."""

    name: str
    type: Type
    value: Expr | None = None
    const: bool = field(default=False, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Assign(Stmt):
    """``target op= value``; ``op`` is empty for a plain store. ``target`` is a ``Var`` or a ``Load``."""

    target: Expr
    value: Expr
    op: str = ""


@dataclass(frozen=True, slots=True)
class For(Stmt):
    """``for (var = lower; var < upper; var += step) body``; ``step`` is positive; ``body`` never assigns ``var``.

    ``axis`` says who runs the iterations; PARALLEL and OMP promise that they are independent of each other.
    ``pragma`` keeps ``unroll`` hints.
    """

    var: str
    lower: Expr
    upper: Expr
    step: Expr
    body: tuple[Stmt, ...]
    axis: Axis = Axis.SERIAL
    type: Scalar = I32
    pragma: str = field(default="", compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class While(Stmt):
    """Any other loop: ``for (init; condition; update) body``; ``init`` is a ``Declare``, an ``Assign`` or None, ``update`` are ``Assign``s.

    ``after`` is true for ``do body while (condition)``.
    """

    condition: Expr
    body: tuple[Stmt, ...]
    init: Stmt | None = None
    update: tuple[Stmt, ...] = ()
    after: bool = False


@dataclass(frozen=True, slots=True)
class If(Stmt):
    condition: Expr
    then: tuple[Stmt, ...]
    otherwise: tuple[Stmt, ...] = ()


@dataclass(frozen=True, slots=True)
class Block(Stmt):
    body: tuple[Stmt, ...]


@dataclass(frozen=True, slots=True)
class Barrier(Stmt):
    """``scope`` is block, warp, cluster or all; for ``memory`` fences only, ``scope`` is fence."""

    scope: str = "block"


@dataclass(frozen=True, slots=True)
class Evaluate(Stmt):
    """An expression for its effect: an atomic, a copy, an intrinsic, or an ``Opaque`` statement."""

    value: Expr


@dataclass(frozen=True, slots=True)
class Return(Stmt):
    value: Expr | None = None


@dataclass(frozen=True, slots=True)
class Break(Stmt):
    pass


@dataclass(frozen=True, slots=True)
class Continue(Stmt):
    pass


# ---- kernels -------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Param(Node):
    """``launch``: not the author's, but an extent of the launch that a translated kernel has to be told."""

    name: str
    type: Type
    launch: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Function(Node):
    """A device function that kernels call; parameters passed by reference do not occur (lowering inlines or declines them)."""

    name: str
    params: tuple[Param, ...]
    returns: Scalar
    body: tuple[Stmt, ...]
    comment: str = field(default="", compare=False, kw_only=True)
    names: tuple[tuple[str, str], ...] = field(default=(), compare=False, repr=False, kw_only=True)  # as in ``Kernel``


@dataclass(frozen=True, slots=True)
class ConstantDecl(Node):
    """A named number or table at file scope that a kernel uses; ``values`` is a tuple for ``__constant__`` arrays with a known content."""

    name: str
    type: Type
    value: int | float | bool | tuple
    spelled: str = field(default="constexpr", compare=False, kw_only=True)  # "define" or "constexpr"
    text: str = field(default="", compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class SourceParam:
    """One parameter of the author's kernel: ``parts`` are pairs (member, parameter of the IR), the member empty where it is no structure.

    ``Params p`` with two fields is ``SourceParam("p", True, (("rows", "p_rows"), ("cols", "p_cols")))``. A ``symbol`` is no parameter at
    all but ``__constant__`` memory that the host sets before the launch; ``name`` is then its qualified name.
    """

    name: str
    structure: bool
    parts: tuple[tuple[str, str], ...]
    symbol: bool = False


@dataclass(frozen=True, slots=True)
class Kernel(Node):
    """A device function with its launch.

    ``name`` is what a launch names, without template arguments; ``symbol`` spells them (``reduce<float, 256>``).
    ``launch_bounds`` is the largest block in threads, 0 where unstated. ``names`` are pairs (name here, name in the author's text) of what
    had to be renamed to be unique; see ``ir.spelled``. ``source_params`` is empty where the author's parameters are ``params``.
    """

    name: str
    params: tuple[Param, ...]
    body: tuple[Stmt, ...]
    functions: tuple[Function, ...] = ()
    constants: tuple[ConstantDecl, ...] = ()
    symbol: str = field(default="", compare=False, kw_only=True)
    dialect: str = field(default="cuda", compare=False, kw_only=True)
    launch_bounds: int = field(default=0, compare=False, kw_only=True)
    comment: str = field(default="", compare=False, kw_only=True)
    name_span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)
    names: tuple[tuple[str, str], ...] = field(default=(), compare=False, repr=False, kw_only=True)
    source_params: tuple[SourceParam, ...] = field(default=(), compare=False, repr=False, kw_only=True)
