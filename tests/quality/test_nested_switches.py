"""Breakpoints at irrational places whose switch holds another switch: min(c, max(0, 1 - v)^2)."""

from __future__ import annotations

from fractions import Fraction

import pytest

from losscheck.expr import build as b
from losscheck.expr.graph import Expr
from losscheck.verdict import Verdict
from tests.quality.families.drawn import V, ask, margin

SQUARED = b.power(b.maximum([b.ZERO, b.sub(b.ONE, V)]), Fraction(2))


def capped(c: Fraction) -> Expr:
    return b.minimum([b.const(c), SQUARED])


TRUTHS = {
    "bounded_above": True,
    "nonincreasing": True,
    "differentiable": False,
    "convex": False,
    "classification_calibrated": True,  # phi(0) = 1 is below the cap, so right scores are cheaper for every eta
}


@pytest.mark.parametrize("name", TRUTHS)
def test_a_cap_at_an_irrational_place(name: str) -> None:
    wanted = Verdict.PROVED if TRUTHS[name] else Verdict.REFUTED
    assert ask(margin(capped(Fraction(2))), name).verdict is wanted


def test_the_slope_at_the_cap() -> None:
    found = ask(margin(capped(Fraction(2))), "lipschitz[norm=l2]")
    assert found.verdict is Verdict.PROVED
    assert abs(found.value - 2 * 2**0.5) < 1e-6


def test_a_lower_cap_leaves_the_order() -> None:
    assert ask(margin(capped(Fraction(1, 2))), "classification_calibrated").verdict is Verdict.PROVED
