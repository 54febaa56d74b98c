"""EnsLoss: margin losses whose slopes are drawn at random, every draw convex and calibrated (Dai, 2024).

A draw takes n knots and n negative slopes, both in increasing order, and joins them to a piecewise linear function. Its
slope never falls, so it is convex; its slope at 0 is negative and the same on both sides of 0 (0 is no knot), so it is
classification-calibrated by Bartlett, Jordan, McAuliffe (2006), Theorem 2. Left of the first knot the first slope goes
on, right of the last one the loss is constant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from losscheck.arrays import relu
from losscheck.catalogue.wrappers.wrapped import outer_loss
from losscheck.loss import Loss


@dataclass(frozen=True)
class _PiecewiseLinear:
    knots: tuple[float, ...]
    rises: tuple[float, ...]

    def __call__(self, v: Any) -> Any:
        # With the loss 0 right of the last knot: each knot adds the rise of the slope there to everything left of it.
        total = self.rises[0] * relu(self.knots[0] - v)
        for knot, rise in zip(self.knots[1:], self.rises[1:], strict=True):
            total = total + rise * relu(knot - v)
        return total


def ensemble_derivative(seed: int, n: int = 4) -> Loss:
    """Return one draw: a loss of kind margin with n knots, the slopes -min(exp(xi), 1) with xi standard normal.

    Knots and slopes are rounded to 1/64, so that the graph holds small rationals; the last knot lies right of 0.

    Raises
    ------
    ValueError
        When n is below 1.

    >>> ensemble_derivative(0).kind
    'margin'
    """
    if n < 1:
        raise ValueError(f"n={n!r}; give at least one knot")
    rng = np.random.default_rng(seed)
    slopes = np.sort(-np.minimum(np.exp(rng.standard_normal(n)), 1.0))
    slopes = np.minimum(np.round(slopes * 64), -1) / 64
    knots = np.sort(np.round(rng.uniform(-2, 2, n) * 32) / 32 + 1 / 64)
    knots[-1] = abs(knots[-1])
    knots = np.sort(knots)
    rises = np.diff(np.append(slopes, 0.0))
    made = _PiecewiseLinear(tuple(map(float, knots)), tuple(map(float, rises)))
    return outer_loss(made, f"ensemble_derivative(seed={seed}, n={n})", "margin")
