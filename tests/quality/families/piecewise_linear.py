"""Random continuous piecewise linear margin losses: every truth is a finite computation with fractions."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, pairwise
from typing import Any

from hypothesis import strategies as st

from losscheck.expr import build as b
from tests.quality.families.drawn import Drawn, V, margin, places

Line = tuple[Fraction, Fraction]  # the risk of one candidate: constant and slope in eta


class Linear:
    """Slopes between sorted knots; the value at the first knot is 0."""

    def __init__(self, knots: list[Fraction], slopes: list[Fraction]) -> None:
        self.knots, self.slopes = knots, slopes

    def __call__(self, v: Fraction) -> Fraction:
        total = self.slopes[0] * (v - self.knots[0])
        for knot, (left, right) in zip(self.knots, pairwise(self.slopes), strict=True):
            total += (right - left) * max(v - knot, Fraction(0))
        return total

    def kinks(self) -> list[Fraction]:
        return [k for k, (left, right) in zip(self.knots, pairwise(self.slopes), strict=True) if left != right]

    def candidates(self, wrong: bool) -> list[Line]:
        """Risks eta phi(z) + (1 - eta) phi(-z) at each z at which the infimum over one side can lie."""
        at = {z for k in self.knots for z in (k, -k) if (z < 0 if wrong else z > 0)} | {Fraction(0)}
        return [(self(-z), self(z) - self(-z)) for z in sorted(at)]

    def descends(self, eta: Fraction, wrong: bool) -> bool:
        """Whether the risk tends to -infinity on that side."""
        first, last = self.slopes[0], self.slopes[-1]
        outward = (1 - eta) * last - eta * first if wrong else eta * last - (1 - eta) * first
        return outward < 0

    def violated(self, eta: Fraction) -> bool:
        if self.descends(eta, True):
            return True
        if self.descends(eta, False):
            return False
        wrong, right = (min(c + s * eta for c, s in self.candidates(side)) for side in (True, False))
        return wrong <= right  # a score of 0 is a candidate of both sides, as a limit of the right one

    def calibrated(self) -> bool:
        """No eta > 1/2 is violated: checked wherever the gap, piecewise linear in eta, can change, and in between."""
        half = Fraction(1, 2)
        cuts = {half, Fraction(1)}
        both = [self.candidates(True), self.candidates(False)]
        for lines in (*both, both[0] + both[1]):
            for (c, s), (d, t) in combinations(lines, 2):
                if s != t:
                    cuts.add((d - c) / (s - t))
        first, last = self.slopes[0], self.slopes[-1]
        if first + last:
            cuts |= {last / (first + last), first / (first + last)}
        inside = sorted(c for c in cuts if half <= c <= 1)
        tests = inside[1:] + [(x + y) / 2 for x, y in pairwise(inside)]
        return not any(self.violated(eta) for eta in tests)


@st.composite
def piecewise_linear(draw: Any) -> Drawn:
    """One loss with at most four knots, convex or not."""
    knots = sorted(draw(st.sets(places, min_size=1, max_size=4)))
    slope = st.sampled_from([Fraction(n, 2) for n in (-4, -3, -2, -1, -1, 0, 0, 1, 2)])
    slopes = draw(st.lists(slope, min_size=len(knots) + 1, max_size=len(knots) + 1))
    if draw(st.booleans()):
        slopes.sort()
    phi = Linear(knots, slopes)
    parts = [b.scale(slopes[0], b.sub(V, b.const(knots[0])))]
    parts += [
        b.scale(right - left, b.maximum([b.ZERO, b.sub(V, b.const(knot))]))
        for knot, (left, right) in zip(knots, pairwise(slopes), strict=True)
    ]
    kinks = phi.kinks()
    lows = [phi(k) for k in knots]
    below = slopes[0] <= 0 <= slopes[-1]
    mirrored = {-k for k in kinks} == set(kinks)
    odd = mirrored and all(phi(k) + phi(-k) == 2 * phi(Fraction(0)) for k in knots) and slopes[0] == slopes[-1]
    return Drawn(
        margin(b.add(*parts)),
        {
            "classification_calibrated": phi.calibrated(),
            "convex": all(left <= right for left, right in pairwise(slopes)),
            "nonincreasing": max(slopes) <= 0,
            "nonnegative": below and min(lows) >= 0,
            "bounded_below": below,
            "bounded_above": slopes[-1] <= 0 <= slopes[0],
            "differentiable": not kinks,
            "symmetric": odd,
            "lipschitz[norm=l2]": max(map(abs, slopes)),
            "recovers_probability": False,
        },
    )
