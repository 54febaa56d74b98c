"""Least regrets over the distributions of many zero-one regrets at once, in floats."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations_with_replacement, product

import numpy as np
from numpy.typing import NDArray

from losscheck.engines.inner_risks import Inner
from losscheck.verifier.regret_cells import corners

Array = NDArray[np.float64]
ORDER = {3: 24, 4: 9, 5: 6}
STARTS, ROUNDS, WAITS, GAIN = {3: 2, 4: 3, 5: 3}, 40, {3: 3, 4: 6, 5: 6}, 1e-11


def lattice(count: int, order: int) -> Array:
    """Barycentric coordinates with the denominator ``order``."""
    rows = combinations_with_replacement(range(count), order)
    return np.array([np.bincount(row, minlength=count) for row in rows]) / order


class RegretGrid:
    """The search for one loss and several t: a lattice of distributions, then steps that shrink around the best."""

    def __init__(self, inner: Inner, k: int, ts: Sequence[float]) -> None:
        self.inner, self.k, self.t = inner, k, np.array(ts, float)

    def admitted(self, rest: Array, t: Array) -> Array:
        """Probabilities of the other classes, sorted and brought into the question; shape (t, points, k - 2)."""
        rest = -np.sort(-np.abs(rest), axis=2)
        t, total = t[:, None], np.maximum(rest.sum(axis=2), 1e-300)
        scale = np.minimum(1.0, np.minimum((1 - t) / total, (1 + t) / (2 * rest[:, :, 0] + total)))
        return np.asarray(rest * scale[:, :, None])

    def regrets(self, rest: Array, t: Array) -> Array:
        """The least wrong risk minus the least risk; shape (t, points)."""
        left, t = 1 - rest.sum(axis=2), t[:, None]
        first, second = (left + t) / 2, np.maximum(left - t, 0) / 2
        p = np.concatenate([first[:, :, None], second[:, :, None], rest], axis=2).reshape(-1, self.k)
        with np.errstate(invalid="ignore"):
            gap = self.inner.wrong(p)[0] - self.inner.right(p)[0]
        return np.where(np.isnan(gap), np.inf, gap).reshape(left.shape)

    def least(self) -> tuple[Array, Array]:
        """The least regret found for every t, shape (t,), and where, shape (t, k - 2)."""
        places = np.array([[float(x) for x in r] for r in corners(self.k, Fraction(0))])
        base = lattice(self.k - 1, ORDER[self.k]) @ places
        pool = self.admitted((1 - self.t)[:, None, None] * base, self.t)
        values = self.regrets(pool, self.t)
        found, near = [], 1.5 * (1 - self.t) / ORDER[self.k]
        for _ in range(STARTS[self.k]):
            centre = np.take_along_axis(pool, values.argmin(axis=1)[:, None, None], axis=1)
            found.append(self.descend(centre))
            close = np.abs(pool - centre).max(axis=2) <= near[:, None]
            values = np.where(close, np.inf, values)  # the next start lies elsewhere
        values, rests = (np.stack(part) for part in zip(*found, strict=True))
        best, each = values.argmin(axis=0), np.arange(len(self.t))
        return values[best, each], rests[best, each]

    def descend(self, centre: Array) -> tuple[Array, Array]:
        """The least regret near one distribution per t, and where."""
        sides = np.linspace(-1, 1, 9 if self.k == 3 else 3)
        moves = np.array(sorted(product(sides, repeat=self.k - 2), key=lambda m: sum(abs(x) for x in m)))
        step, rows = (1 - self.t) / ORDER[self.k], np.arange(len(self.t))
        best, since, centre = np.full(len(rows), np.inf), np.zeros(len(rows)), centre.copy()
        for _ in range(ROUNDS):
            t = self.t[rows]
            pool = self.admitted(centre[rows] + step[rows, None, None] * moves, t)  # among them the centre itself
            values = self.regrets(pool, t)
            at, least = values.argmin(axis=1), values.min(axis=1)
            since[rows] = np.where(least < best[rows] - GAIN, 0, since[rows] + 1)
            best[rows] = np.minimum(best[rows], least)
            centre[rows] = np.take_along_axis(pool, at[:, None, None], axis=1)
            inner = np.abs(moves[at]).max(axis=1) < 1
            step[rows] *= np.where(inner, 0.25 if self.k == 3 else 0.5, 1.0)
            rows = rows[since[rows] < WAITS[self.k]]
            if not len(rows):
                break
        return best, centre[:, 0]
