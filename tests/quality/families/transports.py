"""Affine transports a phi(c v) + d of margin losses whose answers are known; c < 0 turns the loss round."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from losscheck.expr import build as b
from losscheck.expr.graph import Expr
from tests.quality.families.drawn import Drawn, margin, places, weights

ONE, TWO = b.ONE, Fraction(2)


def _sigmoid(v: Expr) -> Expr:
    return b.exp(b.neg(b.lse([b.ZERO, b.neg(v)])))


# phi, then: calibrated, convex, differentiable, nonincreasing, bounded below, bounded above, symmetric, recovers eta
KNOWN: list[tuple[Callable[[Expr], Expr], str]] = [
    (lambda v: b.maximum([b.ZERO, b.sub(ONE, v)]), "TTFTTFFF"),  # hinge
    (lambda v: b.power(b.maximum([b.ZERO, b.sub(ONE, v)]), TWO), "TTTTTFFT"),
    (lambda v: b.power(b.sub(ONE, v), TWO), "TTTFTFFT"),
    (lambda v: b.lse([b.ZERO, b.neg(v)]), "TTTTTFFT"),
    (lambda v: b.exp(b.neg(v)), "TTTTTFFT"),
    (lambda v: _sigmoid(b.neg(v)), "TFTTTTTF"),
    (lambda v: b.power(_sigmoid(b.neg(v)), TWO), "TFTTTTFT"),  # Savage: 1 / (1 + e^v)^2
    (lambda v: b.power(b.sub(b.scale(TWO, b.atan(v)), ONE), TWO), "TFTFTTFT"),  # tangent
    (lambda v: b.sub(ONE, v), "TTTTFFTF"),  # unhinged
    (lambda v: b.minimum([ONE, b.maximum([b.ZERO, b.scale(1 / TWO, b.sub(ONE, v))])]), "TFFTTTTF"),  # ramp
    (lambda v: b.maximum([b.ZERO, b.neg(v)]), "FTFTTFFF"),  # perceptron
    (lambda v: b.maximum([b.neg(v), b.scale(1 / TWO, b.neg(v))]), "FTFTFFFF"),
    (lambda v: b.where(b.less(b.ZERO, v), b.ZERO, ONE), "TFFTTTFF"),  # 1[v <= 0]
    (lambda v: b.absolute(b.sub(ONE, v)), "TTFFTFFF"),
    (lambda v: b.where(b.less(v, b.ZERO), ONE, b.ZERO), "FFFTTTFF"),  # 1[v < 0]
]
NAMES = ("classification_calibrated", "convex", "differentiable", "nonincreasing", "bounded_below", "bounded_above",
         "symmetric", "recovers_probability")  # fmt: skip
BACKWARDS = {"classification_calibrated": False, "nonincreasing": False}


@st.composite
def transports(draw: Any) -> Drawn:
    """One transported loss."""
    phi, letters = draw(st.sampled_from(KNOWN))
    a, c, d = draw(weights), draw(weights), draw(places)
    backwards = draw(st.integers(0, 3)) == 0
    told = {name: letter == "T" for name, letter in zip(NAMES, letters, strict=True)}
    v = b.scale(-c if backwards else c, b.var("v"))
    return Drawn(margin(b.add(b.scale(a, phi(v)), b.const(d))), {**told, **(BACKWARDS if backwards else {})})
