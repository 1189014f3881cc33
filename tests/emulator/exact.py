"""Floats of any format from exact values: the reference that rounding is held against. Fractions and integers only."""

from __future__ import annotations

import math
from fractions import Fraction

# Exponent bits, fraction bits. E4M3 has no infinity, and one NaN.
FORMATS = {"f64": (11, 52), "f32": (8, 23), "f16": (5, 10), "bf16": (8, 7), "tf32": (8, 10), "e5m2": (5, 2), "e4m3": (4, 3)}
Value = Fraction | float  # a float where it is no finite number, or -0.0


def decoded(bits: int, form: str) -> Value:
    """What such bits mean."""
    exponent, fraction = FORMATS[form]
    top = (1 << exponent) - 1
    e, digits, negative = bits >> fraction & top, bits & (1 << fraction) - 1, bits >> (exponent + fraction) & 1
    if e == top and form != "e4m3":
        return math.nan if digits else -math.inf if negative else math.inf
    if e == top and digits == (1 << fraction) - 1:
        return math.nan
    if not e and not digits and negative:
        return -0.0
    size = Fraction(digits | (1 << fraction if e else 0)) * Fraction(2) ** ((e or 1) - (top >> 1) - fraction)
    return -size if negative else size


def greatest(form: str) -> int:
    """The bits of the greatest finite number."""
    exponent, fraction = FORMATS[form]
    return (((1 << exponent) - 1) << fraction | (1 << fraction) - 1) - 1 if form == "e4m3" else (((1 << exponent) - 1) << fraction) - 1


def encoded(value: Value, form: str, mode: str = "rn", finite: bool = False) -> int | None:
    """The bits of the nearest number by a rounding mode: rn, rz, rd, ru, or rna (ties away); None for NaN. ``finite``: never infinity."""
    exponent, fraction = FORMATS[form]
    sign_place, infinite = 1 << (exponent + fraction), greatest(form) + 1
    if isinstance(value, float):
        if math.isnan(value):
            return None
        sign = sign_place if math.copysign(1, value) < 0 else 0
        return sign if value == 0 else sign | (greatest(form) if finite else infinite)
    negative, size = value < 0, abs(value)
    if not size:
        return 0
    least = 2 - (1 << (exponent - 1)) - fraction
    power = max(size.numerator.bit_length() - size.denominator.bit_length() - 1 - fraction, least)
    while power > least and size < Fraction(2) ** (power + fraction):
        power -= 1
    while size >= Fraction(2) ** (power + fraction + 1):
        power += 1
    scaled = size / Fraction(2) ** power
    whole, rest = scaled.numerator // scaled.denominator, scaled - scaled.numerator // scaled.denominator
    half = Fraction(1, 2)
    away = {"rn": rest > half or (rest == half and whole % 2 == 1), "rna": rest >= half, "rz": False, "rd": negative and rest > 0, "ru": not negative and rest > 0}[mode]
    whole += away
    bits = whole if whole < 1 << fraction else ((power - least) << fraction) + whole
    if bits > greatest(form):
        to_infinity = not finite and (mode in ("rn", "rna") or mode == ("rd" if negative else "ru"))
        bits = infinite if to_infinity else greatest(form)
    return bits | (sign_place if negative else 0)


def root(value: Fraction) -> Fraction:
    """The square root to more digits than any format has, with one that says whether there are more."""
    scale = 1 << (300 + value.denominator.bit_length())
    whole = math.isqrt(value.numerator * scale * scale // value.denominator)
    return Fraction(2 * whole + (Fraction(whole, scale) ** 2 != value), 2 * scale)


def patterns(form: str, count: int, rng: object) -> list[int]:
    """Bits of numbers of all sizes, edges among them: zeros, the least, the greatest, infinities."""
    exponent, fraction = FORMATS[form]
    sign, inf = 1 << (exponent + fraction), ((1 << exponent) - 1) << fraction
    one = (((1 << (exponent - 1)) - 1) << fraction)
    edges = [0, sign, 1, sign | 1, (1 << fraction) - 1, 1 << fraction, one, sign | one, one + 1, one - 1, greatest(form), sign | greatest(form), inf, sign | inf]
    near = [one + int(v) for v in rng.integers(-6 << fraction, 6 << fraction, count // 2)]  # type: ignore[attr-defined]
    wide = [int(v) for v in rng.integers(0, inf, count)]  # type: ignore[attr-defined]
    signs = [int(v) for v in rng.integers(0, 2, count * 2)]  # type: ignore[attr-defined]
    some = [bits | (sign * s) for bits, s in zip([*near, *wide], signs)]
    return (edges + some)[:count]
