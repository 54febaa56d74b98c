"""Choices of the real numbers that a code's float constants stand for.

A double of more than 12 significand bits stands for every real within 2 ulp. A proof may choose; the choice is named
in the finding. The simplest rational (smallest denominator) is what an author means by 0.1 or 0.3333333333333333.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction

from losscheck.expr.build import const, substitute
from losscheck.expr.graph import Expr, topological

LARGEST_DENOMINATOR = 10_000


def floats(roots: Iterable[Expr]) -> list[float]:
    """The float constants of a graph."""
    return sorted({n.value for n in topological(roots) if n.op == "float"})


def simplest(x: float) -> Fraction | None:
    """The simplest rational within 2 ulp, if its denominator is small enough to be meant.

    >>> simplest(1 / 30)
    Fraction(1, 30)
    """
    exact = Fraction(x)
    guess = exact.limit_denominator(LARGEST_DENOMINATOR)
    return guess if abs(guess - exact) <= 2 * Fraction(math.ulp(x)) else None


def choices(roots: Iterable[Expr]) -> list[dict[str, str]]:
    """Assignments ``{hex double: rational}`` worth trying: the simplest rationals, then the doubles themselves."""
    named = {x: simplest(x) for x in floats(roots)}
    moved = {x.hex(): str(r) for x, r in named.items() if r is not None and r != Fraction(x)}
    return [moved, {}] if moved else [{}]


def chosen(roots: Iterable[Expr], choice: dict[str, str]) -> list[Expr]:
    """The graph with its float constants replaced by exact rationals."""
    roots = list(roots)
    swap = {
        n: const(Fraction(choice[n.value.hex()]) if n.value.hex() in choice else Fraction(n.value))
        for n in topological(roots)
        if n.op == "float"
    }
    return substitute(roots, swap)
