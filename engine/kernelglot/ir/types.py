"""Types of the kernel IR: scalars, pointers with a memory scope, arrays and tensor-core fragments."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Scope(Enum):
    """Where a buffer lives."""

    GLOBAL = "global"
    CONSTANT = "constant"
    SHARED = "shared"
    REGISTER = "register"
    NRAM = "nram"
    WRAM = "wram"
    SRAM = "sram"
    LDRAM = "ldram"


@dataclass(frozen=True, slots=True)
class Scalar:
    """A number; ``kind`` is ``float``, ``int``, ``uint``, ``bool`` or ``void``; ``bits`` its storage size."""

    name: str
    kind: str
    bits: int

    @property
    def is_float(self) -> bool:
        return self.kind == "float"

    @property
    def is_integer(self) -> bool:
        return self.kind in ("int", "uint", "bool")

    @property
    def bytes(self) -> int:
        return max(1, self.bits // 8)

    def __str__(self) -> str:
        return self.name


VOID = Scalar("void", "void", 0)
BOOL = Scalar("bool", "bool", 8)
I8, I16, I32, I64 = (Scalar(f"i{bits}", "int", bits) for bits in (8, 16, 32, 64))
U8, U16, U32, U64 = (Scalar(f"u{bits}", "uint", bits) for bits in (8, 16, 32, 64))
F16, F32, F64 = (Scalar(f"f{bits}", "float", bits) for bits in (16, 32, 64))
BF16 = Scalar("bf16", "float", 16)
SCALARS = {t.name: t for t in (VOID, BOOL, I8, I16, I32, I64, U8, U16, U32, U64, F16, BF16, F32, F64)}


@dataclass(frozen=True, slots=True)
class Pointer:
    """A buffer of unknown length whose elements are ``element``; ``scope`` says in which memory it lies."""

    element: Scalar
    scope: Scope = Scope.GLOBAL
    const: bool = False
    restrict: bool = False

    def __str__(self) -> str:
        return f"{'const ' if self.const else ''}{self.element}*"


@dataclass(frozen=True, slots=True)
class Array:
    """A buffer declared with its extents, in elements; an extent is an ``int`` or an integer expression of constants.

    A first extent of 0 stands for ``extern __shared__ T name[]``: its length comes from the launch.
    """

    element: Scalar
    shape: tuple[object, ...]
    scope: Scope = Scope.REGISTER

    def __str__(self) -> str:
        return f"{self.element}{''.join(f'[{extent}]' for extent in self.shape)}"


@dataclass(frozen=True, slots=True)
class Fragment:
    """A warp-wide matrix operand of ``wmma``: ``use`` is matrix_a, matrix_b or accumulator; ``layout`` row_major, col_major or empty."""

    use: str
    m: int
    n: int
    k: int
    element: Scalar
    layout: str = ""

    @property
    def shape(self) -> tuple[int, int]:
        return {"matrix_a": (self.m, self.k), "matrix_b": (self.k, self.n), "accumulator": (self.m, self.n)}[self.use]

    def __str__(self) -> str:
        return f"fragment<{self.use}, {self.m}, {self.n}, {self.k}, {self.element}{', ' + self.layout if self.layout else ''}>"


Type = Scalar | Pointer | Array | Fragment


def promote(left: Scalar, right: Scalar) -> Scalar:
    """The usual arithmetic conversions of C; ``f16`` and ``bf16`` stay themselves as CUDA's operators do."""
    if left.is_float or right.is_float:
        floats = [t for t in (left, right) if t.is_float]
        return max(floats, key=lambda t: (t.bits, t.name))
    left, right = integer_promotion(left), integer_promotion(right)
    if left == right:
        return left
    if left.bits != right.bits:
        return left if left.bits > right.bits else right
    return left if left.kind == "uint" else right


def integer_promotion(type_: Scalar) -> Scalar:
    return I32 if type_.is_integer and type_.bits < 32 else type_


def element_of(type_: Type) -> Scalar:
    """The scalar type of one element of a buffer, or the type itself."""
    return type_ if isinstance(type_, Scalar) else type_.element
