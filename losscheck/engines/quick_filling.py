"""Least risks of comp-sum losses with a strictly convex profile, by Newton's method on all distributions at once.

In floats. As in :mod:`losscheck.engines.water_filling`, ``p_i phi'(s_i) = -lambda``; here s is read off a table over
``log(-phi')`` with equal steps, so that a look-up costs no search, and ``log sum s`` as a function of log lambda, which
is straight for a power, has its zero found in a few steps. What the table errs by enters the risk, which is least
there, only to the second order.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from losscheck.engines.water_filling import Profile, WaterFilling

Array = NDArray[np.float64]
SHARES = np.concatenate([np.geomspace(1e-18, 0.5, 1600), 1 - np.geomspace(0.5, 1e-10, 500)[1:]])
KNOTS, STEPS, CLOSE = 8192, 24, 1e-6


class QuickFilling(WaterFilling):
    """The inner problem for one phi; a table that shows jumps is left to the bisection it inherits."""

    def __init__(self, phi: Profile, slope: Profile) -> None:
        self.phi, self.slope = phi, slope
        with np.errstate(all="ignore"):
            level = np.log(-slope(SHARES))
        known = np.isfinite(level)
        level, shares = np.minimum.accumulate(level[known])[::-1], SHARES[known][::-1]
        self.jumps = len(level) < len(SHARES) - 8 or bool(
            ((np.diff(level) < 1e-7) & (-np.diff(shares) > 1e-3)).any()  # a straight piece
        )
        if self.jumps:
            super().__init__(phi, slope)
            return
        self.bottom, self.top = float(level[0]), float(level[-1])
        self.pace = (self.top - self.bottom) / (KNOTS - 1)
        self.table = np.interp(np.linspace(self.bottom, self.top, KNOTS), level, shares)
        self.rise = np.diff(self.table)

    def share(self, level: Array) -> Array:
        """The smallest s with ``phi'(s) >= level``, between 0 and 1."""
        if self.jumps:
            return super().share(level)
        with np.errstate(all="ignore"):
            at = (np.log(-np.minimum(level, 0.0)) - self.bottom) / self.pace
        return self.shares(np.where(level >= 0, 0.0, at))[0]

    def minimise(self, p: Array) -> Array:
        """Minimisers s for the rows of p."""
        if self.jumps:
            return super().minimise(p)
        done, rows = np.empty_like(p), np.arange(len(p))
        with np.errstate(all="ignore"):
            logs = np.log(p)
            top = logs.max(axis=1)
            low, high = self.bottom + top, self.top + top
            start = np.nan_to_num(np.log(-self.slope(np.exp(top))), nan=(self.bottom + self.top) / 2)
            x = np.clip(start + top, low, high)  # as if the largest share were its weight
            for step in range(STEPS):
                s, slope = self.shares((x[:, None] - logs - self.bottom) / self.pace)
                total = s.sum(axis=1)
                off = np.log(total)
                open_ = (np.abs(off) > CLOSE) & (step < STEPS - 1)
                if 2 * np.count_nonzero(open_) <= len(x):  # only these go on
                    done[rows] = s / total[:, None]
                    if not open_.any():
                        break
                    rows, x, low, high, off, total = (v[open_] for v in (rows, x, low, high, off, total))
                    logs, slope = logs[open_], slope[open_]
                low, high = np.where(off > 0, x, low), np.where(off > 0, high, x)
                x = x - off * total * self.pace / slope.sum(axis=1)
                x = np.where((x > low) & (x < high), x, (low + high) / 2)
        return done

    def shares(self, at: Array) -> tuple[Array, Array]:
        """The table at these places, in steps, with its slopes; 0 beyond its end."""
        i = np.clip(at, 0, KNOTS - 2).astype(np.intp)
        slope = np.where(at > KNOTS - 1, 0.0, self.rise[i])
        return np.where(at > KNOTS - 1, 0.0, self.table[i] + slope * np.maximum(at - i, 0)), slope
