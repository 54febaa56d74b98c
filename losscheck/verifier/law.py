"""Laws of finite support, their functionals, and how the numbers of a question are read.

A double in a question means the number its shortest decimal text names: 0.3 is 3/10.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import CertificateRejected, expect

FUNCTIONALS = ("mean", "median", "quantile", "expectile")


def decimal(x: Any) -> Fraction:
    """A number of a question, exactly."""
    expect(type(x) in (int, float) and math.isfinite(x), "a question's numbers are finite")
    return Fraction(repr(x))


def level_of(proof: dict[str, Any]) -> tuple[dict[str, Any], Fraction, Fraction]:
    """``(params, level, spread)``: what is asked, the level, and how far the code's level may lie from it (2 ulp)."""
    functional, asked = proof["functional"], proof["asked"]
    expect(functional in FUNCTIONALS, f"a functional is one of {FUNCTIONALS}")
    params = {"functional": functional, "level": asked}
    if functional in ("mean", "median"):
        expect(asked is None and "level" not in proof, "the mean and the median have no level")
        return params, Fraction(1, 2), Fraction(0)
    level = decimal(asked)
    expect(0 < level < 1, "a level lies strictly between 0 and 1")
    return params, level, 2 * Fraction(math.ulp(float(asked)))


def law(atoms: Any, weights: Any) -> list[tuple[Fraction, Fraction]]:
    """Sorted atoms with positive weights that sum to 1, from rationals."""
    expect(isinstance(atoms, list) and isinstance(weights, list), "a law has lists of atoms and weights")
    expect(0 < len(atoms) == len(weights) <= 1000, "a law has one weight per atom")
    expect(all(w > 0 for w in weights) and len(set(atoms)) == len(atoms), "weights are positive, atoms distinct")
    total = sum(weights)
    return sorted((y, w / total) for y, w in zip(atoms, weights, strict=True))


def expectile(rows: list[tuple[Fraction, Fraction]], t: Fraction) -> Fraction:
    """The m with ``t E (Y - m)^+ = (1 - t) E (m - Y)^+``; t = 1/2 is the mean."""
    for i in range(len(rows)):  # m between the atoms i and i + 1: both sides are affine in m
        below, above = rows[: i + 1], rows[i + 1 :]
        low, high = (1 - t) * sum(w for _, w in below), t * sum(w for _, w in above)
        m = ((1 - t) * sum(w * y for y, w in below) + t * sum(w * y for y, w in above)) / (low + high)
        if m >= rows[i][0] and (not above or m <= above[0][0]):
            return m
    raise CertificateRejected("no expectile was found")


def quantile(rows: list[tuple[Fraction, Fraction]], t: Fraction, spread: Fraction) -> Fraction:
    """The only quantile of every level within ``spread`` of t; rejects where there are several."""
    total = Fraction(0)
    for y, w in rows:
        if total < t - spread and total + w > t + spread:
            return y
        total += w
    raise CertificateRejected("the law has several quantiles at that level")
