"""Exact readings in Arb balls: one function per op, shared by traces and graphs.

Truth values are True, False or None (the ball does not decide). ``log 0`` is -inf, as in the graph's table of ops; a
ball that is NaN says nothing.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb, fmpq

PRECISION = 200
"""Bits: differences of nearby doubles, squared, keep more than 60 correct bits."""

Ball = Any


def rational(x: Fraction | int) -> Ball:
    """Enclose an exact rational."""
    return arb(fmpq(x.numerator, x.denominator))


def double(x: float) -> Ball:
    """Return exactly a double, infinities included."""
    return arb(x)


def log(x: Ball) -> Ball:
    """Natural logarithm with ``log 0 = -inf``."""
    return arb("-inf") if x.is_zero() else x.log()


def exp(x: Ball) -> Ball:
    """Exponential; of a ball too large for Arb, no information."""
    return x.exp()


def power(x: Ball, y: Ball) -> Ball:
    """``x ** y``; an integer power of anything, any positive power of 0."""
    if y.is_exact() and y.is_integer() and abs(float(y)) <= 2**20:
        n = int(float(y))
        return arb(1) if n == 0 else x**n
    if x.is_zero():
        return arb(0) if y > 0 else arb("nan")
    return x**y


def lse(*xs: Ball) -> Ball:
    """``log(sum(exp(x)))``, shifted by the largest midpoint so that nothing overflows."""
    finite = [x for x in xs if x.is_finite()]
    if any(not x < 0 for x in xs if not x.is_finite()):
        return arb("nan")  # only -inf itself may be left out
    if not finite:
        return arb("-inf")
    shift = max(finite, key=lambda x: float(x.mid())).mid()
    return shift + sum(((x - shift).exp() for x in finite), arb(0)).log()


def largest(*xs: Ball) -> Ball:
    """Maximum."""
    best = xs[0]
    for x in xs[1:]:
        best = best.max(x)
    return best


def smallest(*xs: Ball) -> Ball:
    """Minimum."""
    best = xs[0]
    for x in xs[1:]:
        best = best.min(x)
    return best


def absolute(x: Ball) -> Ball:
    """Absolute value."""
    return abs(x)


def where(cond: bool | None, a: Ball, b: Ball) -> Ball:
    """Choose ``a`` or ``b``; the union where the condition is undecided."""
    if cond is not None:
        return a if cond else b
    if isinstance(a, bool) or isinstance(b, bool) or a is None or b is None:
        return a if a == b else None
    return a.union(b) if a.is_finite() and b.is_finite() else arb("nan")


def less(a: Ball, b: Ball) -> bool | None:
    """Decide ``a < b``."""
    return True if a < b else False if a >= b else None


def less_equal(a: Ball, b: Ball) -> bool | None:
    """Decide ``a <= b``."""
    return True if a <= b else False if a > b else None


def equal(a: Ball, b: Ball) -> bool | None:
    """Decide ``a == b``."""
    if a == b:
        return True
    return False if a < b or a > b else None


def negation(a: bool | None) -> bool | None:
    """Logical not."""
    return None if a is None else not a


def conjunction(*xs: bool | None) -> bool | None:
    """Logical and."""
    return False if any(x is False for x in xs) else None if any(x is None for x in xs) else True


def disjunction(*xs: bool | None) -> bool | None:
    """Logical or."""
    return negation(conjunction(*(negation(x) for x in xs)))


def log_ndtr(x: Ball) -> Ball:
    """Log of the standard normal distribution function, ``log(erfc(-x / sqrt 2) / 2)``."""
    return ((-x / arb(2).sqrt()).erfc() / 2).log()
