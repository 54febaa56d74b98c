"""The exact numbers that the numbers of a question stand for: 0.1 for 1/10."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from losscheck.expr.constants import simplest


def number(x: Any) -> Fraction:
    """The rational a finite number stands for: the simplest within 2 ulp, else the double itself.

    Raises
    ------
    ValueError
        When it is no finite real number.

    >>> number(0.1)
    Fraction(1, 10)
    """
    if isinstance(x, bool) or not isinstance(x, int | float) or not math.isfinite(x):
        raise ValueError(f"{x!r} is not a number; give finite real numbers")
    found = simplest(float(x))
    return Fraction(x) if found is None else found


def numbers(given: Any) -> list[Fraction]:
    """The rationals of one number or of a list of them."""
    return [number(x) for x in (given if isinstance(given, list | tuple) else [given])]
