"""Least risks of comp-sum losses with convex phi, many distributions at once, in floats.

``min over the simplex of sum p_i phi(s_i)``: the multiplier lambda with ``p_i phi'(s_i) = -lambda`` is bisected, phi'
is inverted on a table. Where class 1 must have the largest s, it shares the mean weight of the rivals above it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Profile = Callable[[Array], Array]
TABLE = np.unique(
    np.concatenate([np.geomspace(1e-18, 1e-3, 6000), np.linspace(1e-3, 1, 40_001), 1 - np.geomspace(1e-9, 1e-3, 300)])
)


class WaterFilling:
    """The inner problem for one phi."""

    def __init__(self, phi: Profile, slope: Profile) -> None:
        self.phi, self.slope = phi, slope
        with np.errstate(all="ignore"):
            slopes = np.maximum.accumulate(np.nan_to_num(slope(TABLE), nan=-1e300, neginf=-1e300))
        self.slopes, self.first = np.unique(slopes, return_index=True)

    def share(self, level: Array) -> Array:
        """The smallest s with ``phi'(s) >= level``, between 0 and 1."""
        s = np.interp(level, self.slopes, TABLE[self.first])
        return np.where(level <= self.slopes[0], 0.0, np.where(level > self.slopes[-1], 1.0, s))

    def minimise(self, p: Array) -> Array:
        """Minimisers s for the rows of p."""
        with np.errstate(all="ignore"):
            low = np.full(len(p), 1e-300)
            high = np.maximum(-self.slopes[0], 1e-12) * p.max(axis=1) * 2 + 1e-12
            low, high = np.log(low), np.log(high)
            weights = np.maximum(p, 1e-300)
            for _ in range(64):
                middle = (low + high) / 2
                many = self.share(-np.exp(middle)[:, None] / weights).sum(axis=1) > 1
                low, high = np.where(many, middle, low), np.where(many, high, middle)
            many, few = (self.share(-np.exp(x)[:, None] / weights) for x in (low, high))
        more, less = many.sum(axis=1), few.sum(axis=1)
        mix = np.clip((1 - less) / np.where(more > less, more - less, 1), 0, 1)[:, None]
        s = mix * many + (1 - mix) * few
        return np.asarray(s / s.sum(axis=1, keepdims=True))

    def pooled(self, p: Array) -> Array:
        """The weights of class 1 and of the rivals above it replaced by their mean; class 0 on top, then sorted."""
        rivals = np.delete(p, 1, axis=1)
        ranked = -np.sort(-rivals, axis=1)
        sizes = np.arange(2, p.shape[1] + 1)
        means = (p[:, 1:2] + np.cumsum(ranked, axis=1)) / sizes
        before = np.hstack([p[:, 1:2], means[:, :-1]])
        count = np.cumprod(ranked > before, axis=1).sum(axis=1)
        mean = np.where(count > 0, means[np.arange(len(p)), np.maximum(count - 1, 0)], p[:, 1])[:, None]
        return np.where((p > mean) | (np.arange(p.shape[1]) == 1), mean, p)

    def risk(self, p: Array, s: Array) -> Array:
        """Risks, where a weight 0 counts for nothing."""
        with np.errstate(all="ignore"):
            return np.asarray(np.where(p > 0, p * self.phi(s), 0.0).sum(axis=1))
