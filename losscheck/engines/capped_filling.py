"""Least risks of comp-sum losses with convex phi where scores are capped, many distributions at once, in floats.

``min of sum p_i phi(s_i)`` over ``max s <= k min s``: for a smallest share L the multiplier is bisected with s_i held
in [L, k L]; L is bisected by the slope of the least risk, which is convex in L. Errors of either enter the risk to the
second order, so that few steps are enough.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from losscheck.engines.inner_risks import CompSumInner
from losscheck.engines.quick_filling import QuickFilling
from losscheck.engines.swaps import Band

Array = NDArray[np.float64]
MIX = (1e-8, 1e-7, 1e-6, 1e-5, 1e-4)


class CappedFilling(QuickFilling):
    """The inner problem for one phi and one k."""

    spread = np.inf

    def held(self, p: Array, low: Array) -> tuple[Array, Array]:
        """Minimisers with all shares in [low, k low] that sum to 1, and the multiplier of that sum."""
        weights = np.maximum(p, 1e-300)
        a, b = np.full(len(p), -40.0), np.full(len(p), 40.0)
        bottom, top = low[:, None], self.spread * low[:, None]
        for _ in range(40):
            middle = (a + b) / 2
            many = np.clip(self.share(-np.exp(middle)[:, None] / weights), bottom, top).sum(axis=1) > 1
            a, b = np.where(many, middle, a), np.where(many, b, middle)
        many, few = (np.clip(self.share(-np.exp(x)[:, None] / weights), bottom, top) for x in (a, b))
        more, less = many.sum(axis=1), few.sum(axis=1)
        mix = np.clip((1 - less) / np.where(more > less, more - less, 1), 0, 1)[:, None]
        return np.asarray(mix * many + (1 - mix) * few), np.exp((a + b) / 2)

    def minimise(self, p: Array) -> Array:
        """Minimisers s for the rows of p."""
        k = p.shape[1]
        with np.errstate(all="ignore"):
            a, b = np.full(len(p), 1 / (k * self.spread)), np.full(len(p), 1 / k)
            for _ in range(22):
                low = (a + b) / 2
                _, level = self.held(p, low)
                down = p * self.slope(low)[:, None] + level[:, None]  # what a class at the bottom loses with L
                up = -p * self.slope(self.spread * low)[:, None] - level[:, None]  # what one at the top gains
                rises = np.maximum(down, 0).sum(axis=1) > self.spread * np.maximum(up, 0).sum(axis=1)
                a, b = np.where(rises, a, low), np.where(rises, low, b)
            return self.held(p, (a + b) / 2)[0]


class CappedInner(CompSumInner):
    """What branch and bound asks of a comp-sum loss with capped scores."""

    def __init__(self, fill: CappedFilling) -> None:
        super().__init__(fill)
        self.spread = fill.spread

    def exactly(self, act: Array, predicted: bool) -> list[Fraction]:
        """A rational point, no more nearer the middle than it takes to be among the scores."""
        for nearer in MIX:
            made = super().exactly((1 - nearer) * act / act.sum() + nearer / len(act), predicted)
            if float(max(made)) <= float(min(made)) * self.spread * (1 - 1e-12):
                break
        return made

    def covered(self, k: int, t: Fraction, low: float) -> tuple[Fraction, list[Band]] | None:
        """Swaps are about all scores."""
        return None


def capped_inner(filling: QuickFilling, spread: float) -> CappedInner:
    """The inner problem of a filling for scores of the given spread."""
    made = CappedFilling(filling.phi, filling.slope)
    made.spread = spread
    return CappedInner(made)
