r"""Holistic robustness: the worst mean loss under statistical error, and a share of labels or inputs that lie.

With P the empirical distribution of a batch and w its largest loss,

    \max_{q, s} \sum_i (q_i - s_i) l_i + (q_0 + \sum_i s_i) w,\quad KL(P, q) \le r,\ 0 \le s \le q,\ \sum_i s_i \le a

is an exponential-cone programme (Bennouna, Lucas, Van Parys, 2023). Its dual, in which strong duality holds for r > 0
(q = P is a Slater point),

    \min_{\beta \ge 0,\ \eta \ge w} a\beta + \eta - e^{-r} \prod_i (\eta - \max(l_i, w - \beta))^{1/n},

has two numbers, and is convex in them: beta is found on a grid that is refined, eta by bisection of its slope. By the
envelope theorem the slope in the losses is that of the last expression.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from array_api_compat import array_namespace

from losscheck.catalogue.wrappers.aggregation import ROWWISE, batched
from losscheck.catalogue.wrappers.wrapped import inner_loss, outer_loss
from losscheck.loss import Loss

POINTS, ROUNDS, HALVINGS = 33, 4, 50


@dataclass(frozen=True)
class _Holistic:
    inner: Loss
    alpha: float
    r: float

    def __call__(self, *args: Any) -> Any:
        losses = self.inner(*args)
        xp = array_namespace(losses)
        worst, least = xp.max(losses), xp.min(losses)
        if bool(worst == least):
            return worst
        steps = xp.astype(xp.arange(POINTS), losses.dtype) / (POINTS - 1)
        low, high = worst - worst, worst - least
        for _ in range(ROUNDS):
            betas = low + (high - low) * steps
            values = self._values(losses, betas, worst)
            best = int(xp.argmin(values))
            low, high = betas[max(best - 1, 0)], betas[min(best + 1, POINTS - 1)]
        return values[best]

    def _values(self, losses: Any, betas: Any, worst: Any) -> Any:
        """Return the dual function at each beta, least in eta."""
        xp = array_namespace(losses)
        raised = xp.maximum(losses[None, :], (worst - betas)[:, None])
        low = worst + 0 * betas
        # Beyond this the largest and the least of eta - l differ by a factor of at most e^r: the slope is positive.
        high = low + (worst - xp.min(raised, axis=1)) / math.expm1(self.r)
        for _ in range(HALVINGS):
            eta = (low + high) / 2
            gaps = eta[:, None] - raised
            some = xp.where(gaps > 0, gaps, xp.ones_like(gaps))
            rising = xp.exp(xp.mean(xp.log(some), axis=1) - self.r) * xp.mean(1 / some, axis=1) <= 1
            low, high = xp.where(rising, low, eta), xp.where(rising, eta, high)
        gaps = high[:, None] - raised
        some = xp.where(gaps > 0, gaps, xp.ones_like(gaps))
        product = xp.exp(xp.mean(xp.log(some), axis=1) - self.r)
        product = xp.where(xp.min(gaps, axis=1) > 0, product, xp.zeros_like(product))
        return self.alpha * betas + high - product


def holistic(loss: Any, alpha: float = 0.05, r: float = 0.1) -> Loss:
    """Return the holistic robust loss of a batch: at least its mean, at most its maximum.

    ``alpha`` is the share of the batch that may have been moved to the worst case, ``r`` the Kullback-Leibler radius
    of statistical error; r -> 0 and alpha = 0 give the mean.

    Raises
    ------
    ValueError
        When alpha is not in [0, 1], r is not positive, or the loss is not one of rows.

    >>> import numpy as np
    >>> round(float(holistic("hinge", 0.0, 1e-6)(np.array([0.0, 1.0]))), 2)
    0.5
    """
    if not 0 <= alpha <= 1:
        raise ValueError(f"alpha={alpha!r}; give a share in [0, 1]")
    if not r > 0:
        raise ValueError(f"r={r!r}; give a positive radius")
    inner = inner_loss(loss, ROWWISE, "holistic")
    return outer_loss(_Holistic(inner, alpha, r), f"holistic({inner.name}, {alpha:g}, {r:g})", None, batched(inner))
