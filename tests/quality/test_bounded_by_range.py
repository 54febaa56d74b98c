"""Boundedness on the simplex by ranges: no box of the cover holds the origin, every box reaches the faces."""

from __future__ import annotations

from fractions import Fraction

import pytest

from losscheck.expr import build as b
from losscheck.expr.graph import Expr
from losscheck.verdict import Verdict
from tests.quality.families.drawn import ask, scores

P = [b.var(f"p{i}", "unit") for i in range(3)]
SQUARES = b.add(*(b.power(p, Fraction(2)) for p in P))


@pytest.mark.parametrize("rule", [b.power(SQUARES, Fraction(-1)), b.div(P[1], b.sqrt(SQUARES))])
def test_no_point_of_the_simplex_is_the_origin(rule: Expr) -> None:
    loss = scores([rule] * 3, "simplex")
    assert ask(loss, "bounded_above").verdict is Verdict.PROVED
    assert ask(loss, "bounded_below").verdict is Verdict.PROVED


@pytest.mark.parametrize(
    "rule",
    [
        b.power(P[0], Fraction(-1)),  # a face
        b.power(b.add(P[1], P[2]), Fraction(-1)),  # a vertex
        b.power(b.sub(b.ONE, b.scale(Fraction(3), P[0])), Fraction(-2)),  # inside
    ],
)
def test_what_diverges_on_the_simplex_is_not_bounded(rule: Expr) -> None:
    assert ask(scores([rule] * 3, "simplex"), "bounded_above").verdict is not Verdict.PROVED
