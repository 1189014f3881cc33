"""Inline PTX against Python's integers, fractions and numpy: one line of a table is one instruction."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import numpy
import pytest
from emulator import exact
from emulator.running import needs_gcc, run

from kernelglot.verify import ptx

pytestmark = needs_gcc
COUNT = 128
TYPES = {"h": ("unsigned short", "(unsigned short)"), "r": ("unsigned", "(unsigned)"), "l": ("unsigned long long", ""),
         "f": ("float", "__uint_as_float((unsigned)"), "d": ("double", "__longlong_as_double((long long)")}  # fmt: skip
WIDTH = {"h": 16, "r": 32, "l": 64, "f": 32, "d": 64}


def s(x: int, bits: int = 32) -> int:
    """The low bits as a signed number."""
    x &= (1 << bits) - 1
    return x - (1 << bits) if x >> (bits - 1) else x


def clamp(x: int, low: int, high: int) -> int:
    return max(low, min(high, x))


def halves(x: int) -> tuple[int, int]:
    return x & 0xFFFF, x >> 16 & 0xFFFF


def bfe(x: int, position: int, length: int, bits: int, signed: bool) -> int:
    position, length = position & 255, length & 255
    sign = (x >> min(position + length - 1, bits - 1) & 1) if signed and length else 0
    got = [(x >> (position + i) & 1 if position + i < bits else sign) if i < length else sign for i in range(bits)]
    return sum(bit << i for i, bit in enumerate(got))


def bfi(a: int, b: int, position: int, length: int, bits: int = 32) -> int:
    position, length = position & 255, length & 255
    mask = ((1 << length) - 1) << position & (1 << bits) - 1
    return b & ~mask | a << position & mask


def lop3(a: int, b: int, c: int, table: int) -> int:
    return sum((table >> (4 * (a >> i & 1) + 2 * (b >> i & 1) + (c >> i & 1)) & 1) << i for i in range(32))


def funnel(low: int, high: int, by: int, left: bool, wrap: bool) -> int:
    by = by & 31 if wrap else min(by, 32)
    both = high << 32 | low
    return both << by >> 32 if left else both >> by


def dot(a: int, b: int, c: int, count: int, first: int, signs: tuple[bool, bool]) -> int:
    width = 32 // count
    parts = [((a >> width * i) & (1 << width) - 1, (b >> 8 * (first + i)) & 255) for i in range(count)]
    return c + sum((s(x, width) if signs[0] else x) * (s(y, 8) if signs[1] else y) for x, y in parts)


# instruction, constraint of the result, of the sources, what it gives; "i" sources are small numbers for shifts and positions
INTEGERS: list[tuple[str, str, str, Callable[..., int]]] = [
    ("add.u32 %0, %1, %2;", "r", "rr", lambda a, b: a + b),
    ("add.s64 %0, %1, %2;", "l", "ll", lambda a, b: a + b),
    ("add.u16 %0, %1, %2;", "h", "hh", lambda a, b: a + b),
    ("add.sat.s32 %0, %1, %2;", "r", "rr", lambda a, b: clamp(s(a) + s(b), -(2**31), 2**31 - 1)),
    ("sub.s32 %0, %1, %2;", "r", "rr", lambda a, b: a - b),
    ("sub.sat.s32 %0, %1, %2;", "r", "rr", lambda a, b: clamp(s(a) - s(b), -(2**31), 2**31 - 1)),
    ("{ add.cc.u32 %0, %1, %2; addc.u32 %0, %1, 0; }", "r", "rr", lambda a, b: a + (a + b >> 32)),
    ("{ sub.cc.u32 %0, %1, %2; subc.u32 %0, %1, 1; }", "r", "rr", lambda a, b: a - 1 - (a < b)),
    ("{ .reg .u32 lo; add.cc.u32 lo, %1, %2; addc.cc.u32 lo, %1, %1; addc.u32 %0, 5, 0; }", "r", "rr", lambda a, b: 5 + (2 * a + (a + b >> 32) >> 32)),
    ("mul.lo.s32 %0, %1, %2;", "r", "rr", lambda a, b: a * b),
    ("mul.lo.u64 %0, %1, %2;", "l", "ll", lambda a, b: a * b),
    ("mul.hi.s32 %0, %1, %2;", "r", "rr", lambda a, b: s(a) * s(b) >> 32),
    ("mul.hi.u32 %0, %1, %2;", "r", "rr", lambda a, b: a * b >> 32),
    ("mul.hi.u64 %0, %1, %2;", "l", "ll", lambda a, b: a * b >> 64),
    ("mul.hi.s64 %0, %1, %2;", "l", "ll", lambda a, b: s(a, 64) * s(b, 64) >> 64),
    ("mul.wide.u32 %0, %1, %2;", "l", "rr", lambda a, b: a * b),
    ("mul.wide.s32 %0, %1, %2;", "l", "rr", lambda a, b: s(a) * s(b)),
    ("mul.wide.s16 %0, %1, %2;", "r", "hh", lambda a, b: s(a, 16) * s(b, 16)),
    ("mad.lo.s32 %0, %1, %2, %3;", "r", "rrr", lambda a, b, c: a * b + c),
    ("mad.hi.u32 %0, %1, %2, %3;", "r", "rrr", lambda a, b, c: (a * b >> 32) + c),
    ("mad.wide.s32 %0, %1, %2, %3;", "l", "rrl", lambda a, b, c: s(a) * s(b) + c),
    ("mad.wide.u16 %0, %1, %2, %3;", "r", "hhr", lambda a, b, c: a * b + c),
    ("mul24.lo.u32 %0, %1, %2;", "r", "rr", lambda a, b: (a & 0xFFFFFF) * (b & 0xFFFFFF)),
    ("mad24.lo.s32 %0, %1, %2, %3;", "r", "rrr", lambda a, b, c: s(a, 24) * s(b, 24) + c),
    ("sad.s32 %0, %1, %2, %3;", "r", "rrr", lambda a, b, c: abs(s(a) - s(b)) + c),
    ("sad.u32 %0, %1, %2, %3;", "r", "rrr", lambda a, b, c: abs(a - b) + c),
    ("{ .reg .u32 d; or.b32 d, %2, 1; div.u32 %0, %1, d; }", "r", "rr", lambda a, b: a // (b | 1)),
    ("{ .reg .u32 d; or.b32 d, %2, 1; rem.u32 %0, %1, d; }", "r", "rr", lambda a, b: a % (b | 1)),
    ("abs.s32 %0, %1;", "r", "r", lambda a: abs(s(a))),
    ("neg.s32 %0, %1;", "r", "r", lambda a: -a),
    ("min.s32 %0, %1, %2;", "r", "rr", lambda a, b: min(s(a), s(b))),
    ("max.u32 %0, %1, %2;", "r", "rr", max),
    ("min.u64 %0, %1, %2;", "l", "ll", min),
    ("and.b32 %0, %1, %2;", "r", "rr", lambda a, b: a & b),
    ("or.b64 %0, %1, %2;", "l", "ll", lambda a, b: a | b),
    ("xor.b16 %0, %1, %2;", "h", "hh", lambda a, b: a ^ b),
    ("not.b32 %0, %1;", "r", "r", lambda a: ~a),
    ("cnot.b32 %0, %1;", "r", "r", lambda a: int(a == 0)),
    ("shl.b32 %0, %1, %2;", "r", "ri", lambda a, n: a << n),
    ("shl.b64 %0, %1, %2;", "l", "li", lambda a, n: a << n),
    ("shr.u32 %0, %1, %2;", "r", "ri", lambda a, n: a >> n),
    ("shr.s32 %0, %1, %2;", "r", "ri", lambda a, n: s(a) >> n),
    ("shr.s64 %0, %1, %2;", "l", "li", lambda a, n: s(a, 64) >> n),
    ("shf.l.wrap.b32 %0, %1, %2, %3;", "r", "rri", lambda a, b, n: funnel(a, b, n, True, True)),
    ("shf.r.wrap.b32 %0, %1, %2, %3;", "r", "rri", lambda a, b, n: funnel(a, b, n, False, True)),
    ("shf.l.clamp.b32 %0, %1, %2, %3;", "r", "rri", lambda a, b, n: funnel(a, b, n, True, False)),
    ("shf.r.clamp.b32 %0, %1, %2, %3;", "r", "rri", lambda a, b, n: funnel(a, b, n, False, False)),
    ("popc.b32 %0, %1;", "r", "r", lambda a: a.bit_count()),
    ("popc.b64 %0, %1;", "r", "l", lambda a: a.bit_count()),
    ("clz.b32 %0, %1;", "r", "r", lambda a: 32 - a.bit_length()),
    ("clz.b64 %0, %1;", "r", "l", lambda a: 64 - a.bit_length()),
    ("bfind.u32 %0, %1;", "r", "r", lambda a: a.bit_length() - 1),
    ("bfind.s32 %0, %1;", "r", "r", lambda a: (a if s(a) >= 0 else a ^ 0xFFFFFFFF).bit_length() - 1),
    ("brev.b32 %0, %1;", "r", "r", lambda a: int(f"{a:032b}"[::-1], 2)),
    ("brev.b64 %0, %1;", "l", "l", lambda a: int(f"{a:064b}"[::-1], 2)),
    ("bfe.u32 %0, %1, %2, %3;", "r", "rii", lambda a, p, n: bfe(a, p, n, 32, False)),
    ("bfe.s32 %0, %1, %2, %3;", "r", "rii", lambda a, p, n: bfe(a, p, n, 32, True)),
    ("bfe.s64 %0, %1, %2, %3;", "l", "lii", lambda a, p, n: bfe(a, p, n, 64, True)),
    ("bfi.b32 %0, %1, %2, %3, %4;", "r", "rrii", bfi),
    ("bfi.b64 %0, %1, %2, %3, %4;", "l", "llii", lambda a, b, p, n: bfi(a, b, p, n, 64)),
    ("lop3.b32 %0, %1, %2, %3, 0x96;", "r", "rrr", lambda a, b, c: a ^ b ^ c),
    ("lop3.b32 %0, %1, %2, %3, 0xE8;", "r", "rrr", lambda a, b, c: lop3(a, b, c, 0xE8)),
    ("lop3.b32 %0, %1, %2, %3, 27;", "r", "rrr", lambda a, b, c: lop3(a, b, c, 27)),
    ("prmt.b32 %0, %1, %2, 0x7a42;", "r", "rr", lambda a, b: (lambda v: v[4 - 2] | v[4] << 8 | (255 * (v[2] >> 7)) << 16 | v[7] << 24)((a | b << 32).to_bytes(8, "little"))),
    ("dp4a.s32.u32 %0, %1, %2, %3;", "r", "rrr", lambda a, b, c: dot(a, b, c, 4, 0, (True, False))),
    ("dp4a.s32.s32 %0, %1, %2, %3;", "r", "rrr", lambda a, b, c: dot(a, b, c, 4, 0, (True, True))),
    ("dp2a.hi.s32.u32 %0, %1, %2, %3;", "r", "rrr", lambda a, b, c: dot(a, b, c, 2, 2, (True, False))),
    ("dp2a.lo.u32.u32 %0, %1, %2, %3;", "r", "rrr", lambda a, b, c: dot(a, b, c, 2, 0, (False, False))),
    ("mov.b64 %0, {%1, %2};", "l", "rr", lambda a, b: b << 32 | a),
    ("{ .reg .b32 lo, hi; mov.b64 {lo, hi}, %1; mov.b64 %0, {hi, lo}; }", "l", "l", lambda a: a >> 32 | (a & 0xFFFFFFFF) << 32),
    ("{ .reg .b16 x<2>; mov.b32 {x0, x1}, %1; mov.b32 %0, {x1, x0}; }", "r", "r", lambda a: a >> 16 | (a & 0xFFFF) << 16),
    ("{ .reg .pred p; setp.lt.s32 p, %1, %2; selp.s32 %0, %1, %2, p; }", "r", "rr", lambda a, b: min(s(a), s(b))),
    ("{ .reg .pred p, q; setp.hi.u32 p|q, %1, %2; selp.b32 %0, 3, 4, q; @p add.u32 %0, %0, 8; @!p sub.u32 %0, %0, 1; }", "r", "rr", lambda a, b: 4 + 8 if a > b else 2),
    ("{\n .reg .pred p;\n setp.ne.and.b32 p, %1, 0, !p;\n mov.u32 %0, 1;\n @p mov.u32 %0, %%ntid.x;\n}", "r", "r", None),
    ("{ .reg .pred p, q, r; setp.gt.s32 p, %1, 0; setp.gt.s32 q, %2, 0; xor.pred r, p, q; selp.u32 %0, 1, 0, r; }", "r", "rr", lambda a, b: (s(a) > 0) ^ (s(b) > 0)),
    ("set.le.u32.s32 %0, %1, %2;", "r", "rr", lambda a, b: -(s(a) <= s(b))),
    ("slct.b32.s32 %0, %1, %2, %3;", "r", "rrr", lambda a, b, c: a if s(c) >= 0 else b),
    ("cvt.s64.s32 %0, %1;", "l", "r", lambda a: s(a)),
    ("cvt.u64.u32 %0, %1;", "l", "r", lambda a: a),
    ("cvt.u32.u16 %0, %1;", "r", "h", lambda a: a),
    ("cvt.s32.s8 %0, %1;", "r", "r", lambda a: s(a, 8)),
    ("cvt.sat.s8.s32 %0, %1;", "r", "r", lambda a: clamp(s(a), -128, 127)),
    ("cvt.sat.u16.s32 %0, %1;", "h", "r", lambda a: clamp(s(a), 0, 65535)),
    ("{ // a comment\n .reg .b32 t; /* another */ mov.u32 t, 0x10; add.u32 %0, t, %1; }", "r", "r", lambda a: a + 16),
    ("{\n .reg .u32 i;\n mov.u32 i, 0;\n mov.u32 %0, 0;\nLOOP: add.u32 %0, %0, %1;\n add.u32 i, i, 1;\n .reg .pred p;\n setp.lt.u32 p, i, 3;\n @p bra LOOP;\n}", "r", "r", lambda a: 3 * a),
]  # fmt: skip
INTEGERS = [row for row in INTEGERS if row[3] is not None]


def f16(x: int) -> exact.Value:
    return exact.decoded(x, "f16")


def number(x: int, letter: str) -> exact.Value:
    return exact.decoded(x, {"f": "f32", "r": "f32", "d": "f64", "h": "f16"}[letter])


def finite(*values: exact.Value) -> bool:
    return all(isinstance(value, Fraction) for value in values)


def rounded(operation: Callable[..., exact.Value], form: str, mode: str = "rn") -> Callable[..., int | None]:
    """A reference that works on bits: the exact result of finite operands, rounded once; None where this table does not say."""
    def reference(*bits: int) -> int | None:
        values = [exact.decoded(each, form) for each in bits]
        if not finite(*values):
            return None
        try:
            exactly = operation(*values)
        except ZeroDivisionError:
            return None
        return exact.encoded(exactly, form, mode) if exactly else None  # the sign of a zero is a matter of its own
    return reference


def flushed(operation: Callable[..., Fraction]) -> Callable[..., int | None]:
    """The same in single precision where subnormal operands and results count as zero."""
    def reference(*bits: int) -> int | None:
        values = [exact.decoded(each if each & 0x7F800000 else each & 0x80000000, "f32") for each in bits]
        if not all(isinstance(value, Fraction) or value == 0 for value in values):
            return None
        got = exact.encoded(Fraction(operation(*(Fraction(value) for value in values))), "f32")
        return got if got and got & 0x7F800000 else None if not got or not got & 0x7FFFFFFF else got & 0x80000000
    return reference


def pairwise(reference: Callable[..., int | None]) -> Callable[..., int | None]:
    def both(*bits: int) -> int | None:
        low, high = (reference(*(halves(each)[at] for each in bits)) for at in (0, 1))
        return None if low is None or high is None else low | high << 16
    return both


def narrowed(source: str, target: str, mode: str, keep: Callable[[int], int] = lambda bits: bits, finite_only: bool = False) -> Callable[[int], int | None]:
    def reference(bits: int) -> int | None:
        got = exact.encoded(exact.decoded(bits, source), target, mode, finite_only)
        return None if got is None else keep(got)
    return reference


def to_integer(source: str, mode: str, low: int, high: int) -> Callable[[int], int | None]:
    def reference(bits: int) -> int | None:
        value = exact.decoded(bits, source)
        if not finite(value):
            return None if math.isnan(value) or value == 0 else high if value > 0 else low
        whole = {"rni": round, "rzi": math.trunc, "rmi": math.floor, "rpi": math.ceil}[mode](value)
        return clamp(whole, low, high)
    return reference


FLOATS: list[tuple[str, str, str, Callable[..., int | None]]] = [
    *((f"{name}.{mode}.f32 %0, %1, %2;", "f", "ff", rounded(operation, "f32", {"rm": "rd", "rp": "ru"}.get(mode, mode)))
      for name, operation in (("add", lambda a, b: a + b), ("sub", lambda a, b: a - b), ("mul", lambda a, b: a * b), ("div", lambda a, b: a / b))
      for mode in ("rn", "rz", "rm", "rp")),
    *((f"fma.{mode}.f32 %0, %1, %2, %3;", "f", "fff", rounded(lambda a, b, c: a * b + c, "f32", {"rm": "rd", "rp": "ru"}.get(mode, mode)))
      for mode in ("rn", "rz", "rm", "rp")),
    *((f"{name}.{mode}.f64 %0, %1, %2;", "d", "dd", rounded(operation, "f64", {"rm": "rd", "rp": "ru"}.get(mode, mode)))
      for name, operation in (("add", lambda a, b: a + b), ("mul", lambda a, b: a * b)) for mode in ("rn", "rz", "rm", "rp")),
    ("fma.rp.f64 %0, %1, %2, %3;", "d", "ddd", rounded(lambda a, b, c: a * b + c, "f64", "ru")),
    ("mad.rn.f32 %0, %1, %2, %3;", "f", "fff", rounded(lambda a, b, c: a * b + c, "f32")),
    ("add.ftz.f32 %0, %1, %2;", "f", "ff", flushed(lambda a, b: a + b)),
    ("mul.ftz.f32 %0, %1, %2;", "f", "ff", flushed(lambda a, b: a * b)),
    ("rcp.rn.f32 %0, %1;", "f", "f", rounded(lambda a: 1 / a, "f32")),
    ("rcp.rz.f32 %0, %1;", "f", "f", rounded(lambda a: 1 / a, "f32", "rz")),
    ("sqrt.rn.f32 %0, %1;", "f", "f", lambda a: None if a >> 31 else rounded(exact.root, "f32")(a)),
    ("sqrt.rp.f32 %0, %1;", "f", "f", lambda a: None if a >> 31 else rounded(exact.root, "f32", "ru")(a)),
    ("add.sat.f32 %0, %1, %2;", "f", "ff", rounded(lambda a, b: min(max(a + b, Fraction(0)), Fraction(1)), "f32")),
    ("neg.f32 %0, %1;", "f", "f", lambda a: a ^ 0x80000000), ("abs.f32 %0, %1;", "f", "f", lambda a: a & 0x7FFFFFFF),
    ("abs.f64 %0, %1;", "d", "d", lambda a: a & (1 << 63) - 1), ("copysign.f32 %0, %1, %2;", "f", "ff", lambda a, b: b & 0x7FFFFFFF | a & 0x80000000),
    ("min.f32 %0, %1, %2;", "f", "ff", rounded(min, "f32")), ("max.f32 %0, %1, %2;", "f", "ff", rounded(max, "f32")),
    ("add.f16 %0, %1, %2;", "h", "hh", rounded(lambda a, b: a + b, "f16")), ("mul.rn.f16 %0, %1, %2;", "h", "hh", rounded(lambda a, b: a * b, "f16")),
    ("fma.rn.f16 %0, %1, %2, %3;", "h", "hhh", rounded(lambda a, b, c: a * b + c, "f16")),
    ("fma.rn.bf16 %0, %1, %2, %3;", "h", "hhh", rounded(lambda a, b, c: a * b + c, "bf16")),
    ("add.f16x2 %0, %1, %2;", "r", "rr", pairwise(rounded(lambda a, b: a + b, "f16"))),
    ("fma.rn.f16x2 %0, %1, %2, %3;", "r", "rrr", pairwise(rounded(lambda a, b, c: a * b + c, "f16"))),
    ("fma.rn.bf16x2 %0, %1, %2, %3;", "r", "rrr", pairwise(rounded(lambda a, b, c: a * b + c, "bf16"))),
    ("max.f16x2 %0, %1, %2;", "r", "rr", pairwise(rounded(max, "f16"))),
    *((f"cvt.{mode}.f16.f32 %0, %1;", "h", "f", narrowed("f32", "f16", mode)) for mode in ("rn", "rz")),
    *((f"cvt.{mode}.bf16.f32 %0, %1;", "h", "f", narrowed("f32", "bf16", mode)) for mode in ("rn", "rz")),
    *((f"cvt.{mode}.f32.f64 %0, %1;", "f", "d", narrowed("f64", "f32", {"rm": "rd", "rp": "ru"}.get(mode, mode))) for mode in ("rn", "rz", "rm", "rp")),
    ("cvt.f32.f16 %0, %1;", "f", "h", narrowed("f16", "f32", "rn")), ("cvt.f64.f32 %0, %1;", "d", "f", narrowed("f32", "f64", "rn")),
    ("cvt.rna.tf32.f32 %0, %1;", "r", "f", narrowed("f32", "tf32", "rna", lambda bits: bits << 13)),
    *((f"cvt.{mode}.s32.f32 %0, %1;", "r", "f", to_integer("f32", mode, -(2**31), 2**31 - 1)) for mode in ("rni", "rzi", "rmi", "rpi")),
    *((f"cvt.{mode}.u32.f32 %0, %1;", "r", "f", to_integer("f32", mode, 0, 2**32 - 1)) for mode in ("rni", "rzi", "rmi", "rpi")),
    ("cvt.rzi.s64.f64 %0, %1;", "l", "d", to_integer("f64", "rzi", -(2**63), 2**63 - 1)), ("cvt.rni.u64.f32 %0, %1;", "l", "f", to_integer("f32", "rni", 0, 2**64 - 1)),
    ("cvt.rzi.s32.f16 %0, %1;", "r", "h", to_integer("f16", "rzi", -(2**31), 2**31 - 1)),
    *((f"cvt.{mode}.f32.s32 %0, %1;", "f", "r", lambda a, mode=mode: exact.encoded(Fraction(s(a)), "f32", {"rm": "rd", "rp": "ru"}.get(mode, mode)))
      for mode in ("rn", "rz", "rm", "rp")),
    ("cvt.rn.f32.u64 %0, %1;", "f", "l", lambda a: exact.encoded(Fraction(a), "f32")), ("cvt.rn.f16.s32 %0, %1;", "h", "r", lambda a: exact.encoded(Fraction(s(a)), "f16")),
    ("cvt.rn.f16x2.f32 %0, %1, %2;", "r", "ff", lambda a, b: None if None in (x := [exact.encoded(number(v, "f"), "f16") for v in (b, a)]) else x[0] | x[1] << 16),
    ("cvt.rz.bf16x2.f32 %0, %1, %2;", "r", "ff", lambda a, b: None if None in (x := [exact.encoded(number(v, "f"), "bf16", "rz") for v in (b, a)]) else x[0] | x[1] << 16),
    ("cvt.rmi.f32.f32 %0, %1;", "f", "f", rounded(lambda a: Fraction(math.floor(a)), "f32")),
    ("cvt.rni.f32.f32 %0, %1;", "f", "f", rounded(lambda a: Fraction(round(a)), "f32")),
    ("{ .reg .pred p; setp.ltu.f32 p, %1, %2; selp.u32 %0, 1, 0, p; }", "r", "ff",
     lambda a, b: int(not number(a, "f") >= number(b, "f"))),
    ("{ .reg .pred p; setp.gt.f32 p, %1, 0f3F800000; selp.f32 %0, %1, 0.5, p; }", "f", "f",
     lambda a: None if isinstance(number(a, "f"), float) else a if number(a, "f") > 1 else 0x3F000000),
]  # fmt: skip
APPROXIMATE: list[tuple[str, Callable[[float], float], float, float]] = [
    ("ex2.approx.ftz.f32", lambda x: 2.0**x, -80, 80), ("lg2.approx.f32", math.log2, 0.01, 1e6), ("sin.approx.f32", math.sin, -3, 3),
    ("cos.approx.f32", math.cos, -3, 3), ("tanh.approx.f32", math.tanh, -4, 4), ("rsqrt.approx.f32", lambda x: 1 / math.sqrt(x), 0.01, 1e6),
    ("rcp.approx.ftz.f32", lambda x: 1 / x, 0.01, 1e6), ("sqrt.approx.f32", math.sqrt, 0.01, 1e6),
]  # fmt: skip


def covered(text: str) -> list[str]:
    words = [word for word in text.replace("{", " ").replace(";", " ").split() if word[0].isalpha()]
    return sorted(f"ptx:{name}" for name in {".".join(word.split(".")[:n]) for word in words for n in (1, 2)} & ptx.emulated())


def drawn(letter: str, rng: numpy.random.Generator, floats: bool) -> list[int]:
    bits = WIDTH.get(letter, 32)
    if letter == "i":
        return [int(v) for v in rng.permutation(numpy.arange(COUNT) % 70)]
    if floats:
        form = {"f": "f32", "d": "f64", "h": "f16"}.get(letter)
        if form:
            return [int(v) for v in rng.permutation(numpy.array(exact.patterns(form, COUNT, rng), "u8"))]
        low, high = (exact.patterns("f16", COUNT, rng) for _ in range(2))
        return [int(a) | int(b) << 16 for a, b in zip(rng.permutation(low), rng.permutation(high))]
    edges = [0, 1, (1 << bits) - 1, 1 << (bits - 1), (1 << (bits - 1)) - 1, 2, 255, 256]
    some = [int(v) >> (64 - bits) for v in rng.integers(0, 2**64, COUNT - len(edges), dtype="u8")]
    return [(edges + some)[int(i)] for i in rng.permutation(COUNT)]


def evaluated(rows: list[tuple[str, str, str, Callable[..., int | None]]], floats: bool) -> list[tuple[str, list[tuple[int, ...]], list[int]]]:
    """Runs each row's instruction on its operands, all in one kernel: text, operands, results as bits."""
    rng = numpy.random.default_rng(11)
    body, given = [], []
    for at, (text, result, sources, _) in enumerate(rows):
        given.append([drawn(letter, rng, floats) for letter in sources])
        letters = sources.replace("i", "r")
        inputs = ", ".join(f'"{letter}"({TYPES[letter][1]}x[(({at} * 4) + {i}) * {COUNT} + t]{")" if letter in "fd" else ""})' for i, letter in enumerate(letters))
        quoted = text.replace("\n", "\\n\"\n      \"")
        read = {"f": "__float_as_uint(r)", "d": "(unsigned long long)__double_as_longlong(r)"}.get(result, "r")
        body.append(f'  {{ {TYPES[result][0]} r; asm volatile("{quoted}" : "={result}"(r) : {inputs}); out[{at} * {COUNT} + t] = {read}; }}\n')
    kernel = f"__global__ void k(const unsigned long long *x, unsigned long long *out) {{\n  int t = threadIdx.x;\n{''.join(body)}}}\n"
    x = numpy.zeros((len(rows), 4, COUNT), "u8")
    for at, operands in enumerate(given):
        for i, values in enumerate(operands):
            x[at, i] = values
    got = run(kernel, "k", {"x": x.ravel(), "out": numpy.zeros(len(rows) * COUNT, "u8")}, block=(COUNT,))["out"].reshape(-1, COUNT)
    return [(row[0], list(zip(*operands)), [int(v) for v in results]) for row, operands, results in zip(rows, given, got)]


@pytest.mark.covers("cuda", *sorted({name for row in INTEGERS for name in covered(row[0])}))
def test_integer_instructions_are_exact() -> None:
    for (text, operands, got), (_, result, _, reference) in zip(evaluated(INTEGERS, False), INTEGERS, strict=True):
        expected = [reference(*values) & (1 << WIDTH[result]) - 1 for values in operands]
        assert got == expected, (text, next((o, hex(g), hex(e)) for o, g, e in zip(operands, got, expected) if g != e))


@pytest.mark.covers("cuda", *sorted({name for row in FLOATS for name in covered(row[0])}))
def test_float_instructions_round_as_they_say() -> None:
    for (text, operands, got), (_, result, _, reference) in zip(evaluated(FLOATS, True), FLOATS, strict=True):
        expected = [reference(*values) for values in operands]
        assert sum(each is not None for each in expected) > COUNT // 3, text
        for values, bits, wanted in zip(operands, got, expected):
            assert wanted is None or bits == wanted & (1 << WIDTH[result]) - 1, (text, [hex(v) for v in values], hex(bits), hex(wanted))


@pytest.mark.covers("cuda", *sorted({name for row in APPROXIMATE for name in covered(row[0])}))
def test_approximate_instructions_are_close() -> None:
    rng = numpy.random.default_rng(12)
    body = "".join(f'  {{ float r; asm("{name} %0, %1;" : "=f"(r) : "f"(x[{at} * 128 + t])); out[{at} * 128 + t] = r; }}\n' for at, (name, *_) in enumerate(APPROXIMATE))
    x = numpy.array([rng.uniform(low, high, 128) for _, _, low, high in APPROXIMATE], numpy.float32)
    kernel = f"__global__ void k(const float *x, float *out) {{\n  int t = threadIdx.x;\n{body}}}\n"
    got = run(kernel, "k", {"x": x.ravel(), "out": numpy.zeros(x.size, numpy.float32)}, block=(128,))["out"].reshape(x.shape)
    for row, (name, function, *_) in enumerate(APPROXIMATE):
        numpy.testing.assert_allclose(got[row], [function(float(v)) for v in x[row]], rtol=3e-7, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("text", [
    'void f() {\n  asm volatile("add.s32 %0,\\n"\n    " %0, 1;" // why\n    : "+r"(x)\n    :: "memory");\n}\n',
    '#define GO(x) \\\n  asm("nonsense.u32 %0;" \\\n      : "=r"(x)); \\\n  use(x)\nGO(y);\n',
    'const char *s = "asm(";\n/* asm( */ int asmodeus = \'"\';\nint a = 1\'000;\n',
    'asm(R"(mov.u32\n%0, 1;)" : "=r"(x));\nint y;\n', 'asm volatile ("unclosed', 'extern int f() asm("g");\n',
])  # fmt: skip
def test_every_line_stays_where_it_is(text: str) -> None:
    got = ptx.rewritten(text)
    assert got.count("\n") == text.count("\n") and got.split("\n")[-1] == text.split("\n")[-1]
    assert ("asm" in got) == (text in ('asm volatile ("unclosed', 'extern int f() asm("g");\n') or "asmodeus" in text)
