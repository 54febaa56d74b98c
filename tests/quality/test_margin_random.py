"""Random piecewise linear margin losses with jumps: verdicts on calibration against an exact count of all candidates.

The risk of such a loss is piecewise linear, so its infima are among values and one-sided limits at the breakpoints
and the slopes at infinity; the gap between wrong and right scores is then piecewise linear in eta, and is checked
exactly at many eta.
"""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from losscheck.expr import build as b
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from losscheck.property import properties

V = b.var("v")
KNOTS = [Fraction(k) for k in (-2, -1, 0, 1, 2)]
ETAS = [Fraction(k, 60) for k in range(31, 61)] + [Fraction(1, 2) + Fraction(1, 10**k) for k in (2, 3, 4, 6, 9)]


class Linear:
    """One random loss: slopes between the knots, jumps at some of them, values of its own at others."""

    def __init__(self, rng: random.Random) -> None:
        self.slopes = [Fraction(rng.choice([-2, -1, -1, -1, 0, 0, 1]), rng.choice([1, 2])) for _ in range(6)]
        self.jumps = [Fraction(rng.choice([0, 0, 0, 0, -1, 1]), 2) for _ in KNOTS]
        self.own = [rng.choice([0, 0, 0, 1]) for _ in KNOTS]  # whether the value at a jump is the right limit

    def piece(self, i: int, v: Fraction) -> Fraction:
        total = self.slopes[0] * (v - KNOTS[0])
        for k in range(i):
            total += self.jumps[k] + (self.slopes[k + 1] - self.slopes[k]) * (v - KNOTS[k])
        return total

    def around(self, v: Fraction) -> tuple[Fraction, Fraction, Fraction]:
        """Left limit, value and right limit."""
        left = sum(k < v for k in KNOTS)
        right = sum(k <= v for k in KNOTS)
        value = self.piece(right if right == left or self.own[left] else left, v)
        return self.piece(left, v), value, self.piece(right, v)

    def graph(self) -> Expr:
        out = b.scale(self.slopes[0], b.sub(V, b.const(KNOTS[0])))
        for k, knot in enumerate(KNOTS):
            away = b.sub(V, b.const(knot))
            out = b.add(out, b.scale(self.slopes[k + 1] - self.slopes[k], b.maximum([b.ZERO, away])))
            after = b.less_equal(b.ZERO, away) if self.own[k] else b.less(b.ZERO, away)
            out = b.add(out, b.where(after, b.const(self.jumps[k]), b.ZERO))
        return out

    def infimum(self, eta: Fraction, wrong: bool) -> Fraction | None:
        """Infimum of the risk over z <= 0 or z > 0; None for -inf."""
        far = -self.slopes[0] * eta + self.slopes[-1] * (1 - eta)  # slope towards z = -inf
        if not wrong:
            far = self.slopes[-1] * eta - self.slopes[0] * (1 - eta)
        if far < 0:
            return None
        found = []
        for z in KNOTS:
            for side, (one, zero) in enumerate(zip(self.around(z), reversed(self.around(-z)), strict=True)):
                here = z < 0 or (z == 0 and side < 2) if wrong else z > 0 or (z == 0 and side == 2)
                if here:
                    found.append(eta * one + (1 - eta) * zero)
        return min(found)

    def violated(self, eta: Fraction) -> bool:
        """Whether a wrong score is as good as the right ones."""
        wrong, right = self.infimum(eta, True), self.infimum(eta, False)
        return wrong is None or (right is not None and wrong <= right)


@pytest.mark.parametrize("seed", range(40))
def test_calibration_of_random_losses(seed: int) -> None:
    loss = Linear(random.Random(seed))
    said = properties()["classification_calibrated"].answer(
        Lifted("margin", None, (1,), ("v",), "real", (loss.graph(),))
    )
    bad = [eta for eta in ETAS if loss.violated(eta)]
    if said.verdict == "proved":
        assert not bad
    if said.verdict == "refuted":
        assert loss.violated(Fraction(said.witness["eta"])) if "eta" in said.witness else bad
