"""Numbers of a claim, derived deterministically: outward doubles around exact or enclosed values."""

from __future__ import annotations

import math
from fractions import Fraction

from flint import arb

from losscheck.verifier.certificate import expect


def fraction(x: arb) -> Fraction:
    """An exact Arb number as a Fraction."""
    mantissa, exponent = x.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def below(q: Fraction) -> float:
    """The largest double <= q (up to one ulp)."""
    x = float(q)
    return x if Fraction(x) <= q else math.nextafter(x, -math.inf)


def above(q: Fraction) -> float:
    """The smallest double >= q (up to one ulp)."""
    x = float(q)
    return x if Fraction(x) >= q else math.nextafter(x, math.inf)


def enclosed(low: Fraction, high: Fraction) -> tuple[float, list[float]]:
    """``(value, [low, high])`` of a quantity shown to lie between two rationals at most 1e-7 apart, relatively."""
    expect(low <= high, "the bounds of the value are crossed")
    expect(high - low <= Fraction(1, 10**7) * max(Fraction(1), abs(high)), "the value is not enclosed within 1e-7")
    middle = low if low == high else (low + high) / 2
    return float(middle), [below(low), above(high)]
