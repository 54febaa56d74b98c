"""Rational exponents that keep their hash: they are parts of the keys of every table of monomials."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache


class Exponent(Fraction):
    """A fraction whose hash, which for a fraction is a power modulo a prime, is worked out once."""

    __slots__ = ("_kept",)
    _kept: int

    def __hash__(self) -> int:  # type: ignore[override]  # typeshed knows none of Complex
        try:
            return self._kept
        except AttributeError:
            self._kept = super().__hash__()
            return self._kept


def exponent(q: Fraction | int) -> Exponent:
    """The exponent of this value: the same object for the same number, as long as it is in use.

    >>> exponent(Fraction(1, 2)) is exponent(Fraction(2, 4)), exponent(2) == 2
    (True, True)
    """
    return q if isinstance(q, Exponent) else _made(q.numerator, q.denominator)


@lru_cache(maxsize=4096)
def _made(numerator: int, denominator: int) -> Exponent:
    return Exponent(numerator, denominator)


@lru_cache(maxsize=4096)
def added(a: Exponent, b: Exponent) -> Exponent:
    """The sum of two exponents.

    >>> added(exponent(2), exponent(Fraction(1, 2)))
    Exponent(5, 2)
    """
    return exponent(a + b)
