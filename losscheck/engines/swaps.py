"""Swaps of two coordinates of softmax at ties, in floats: bands of p_0 + p_1, cells of ties, which shift gains most."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from losscheck.verifier.tied_swap import least_sum

Array = NDArray[np.float64]
Profile = Callable[[Array], Array]
Cell = tuple[Fraction, Fraction]
Band = tuple[Fraction, Fraction | None, list[Cell]]
TAUS = np.concatenate([np.linspace(0.002, 0.45, 1793), 0.5 - np.geomspace(0.05, 1e-13, 400)])
MOST_BANDS, MOST_CELLS, SMALLEST, ROUNDS = 300, 64, Fraction(1, 2**40), 4
PARTS = np.linspace(0, 1, 33)[:, None]
STEPS = tuple(1 + Fraction(x).limit_denominator(1000) for x in (3, 1, 0.5, 0.25, 0.1, 0.05, 0.02, 0.01, 0.004))
HALF, ONE = Fraction(1, 2), Fraction(1)
REACH = np.geomspace(1e-14, 1, 2000)


@lru_cache(maxsize=8)
def steepness(slope: Profile) -> tuple[Array, Array]:
    """The largest ``-x phi'(x)`` up to each of REACH, and ``-phi'`` at TAUS: the same for every regret."""
    with np.errstate(all="ignore"):
        return np.maximum.accumulate(np.nan_to_num(-REACH * slope(REACH), nan=np.inf)), -slope(TAUS)


@dataclass(frozen=True)
class Swaps:
    """The swaps of one profile at one regret."""

    phi: Profile
    slope: Profile
    t: Fraction
    k: int

    def gain(self, p: float, tau: Array, m: Array) -> Array:
        """How much a swap by m lowers the risk at the tie tau, for the sum p of both probabilities."""
        t = float(self.t)
        with np.errstate(all="ignore"):
            up, down = self.phi(np.minimum(tau * (1 + m), 1.0)), self.phi(tau * (1 - m))
            value = p * self.phi(tau) - (p + t) / 2 * up - (p - t) / 2 * (down if p > t else 0)
        return np.asarray(np.where(np.isfinite(value), value, -np.inf))

    def shifts(self, p: float, tau: Array) -> Array:
        """The shifts that gain most at ties: the gain is concave in the shift, so the zero of its slope is narrowed."""
        t, rows = float(self.t), np.arange(len(tau))
        low, high = np.zeros_like(tau), np.minimum(1.0, 1 / tau - 1)
        with np.errstate(all="ignore"):
            for _ in range(ROUNDS):
                m = low + (high - low) * PARTS  # one column per tau
                up, down = (self.slope((tau * (1 + s * m)).ravel()).reshape(m.shape) for s in (1, -1))
                rising = ((p - t) * down - (p + t) * up > 0)[1:-1]
                last = np.cumprod(rising, axis=0).sum(axis=0)
                low, high = m[last, rows], m[last + 1, rows]
        ends = np.stack([low, np.minimum(1.0, 1 / tau - 1)])
        best = np.stack([self.gain(p, tau, m) for m in ends]).argmax(axis=0)
        return np.asarray(np.where(best == 1, ends[1], ends[0]))

    def cells(self, p: Fraction, start: Fraction, low: float) -> list[Cell] | None:
        """Cells ``(end, m)`` of ties from ``start`` to 1/2 on which a swap by m gains at least ``low``, or None."""
        grid = np.linspace(float(start), 0.5, 33 if start < HALF else 1)
        best = self.shifts(float(p), grid)
        if self.gain(float(p), grid, best).min() < low:
            return None
        done: list[Cell] = []
        stack = [(start, HALF)]
        while stack:
            a, b = stack.pop()
            taus = np.linspace(float(a), float(b), 17)
            for at in (float(b), float((a + b) / 2), float(a)):
                m = min(Fraction(float(np.interp(at, grid, best))).limit_denominator(10**9), ONE, 1 / b - 1)
                if self.gain(float(p), taus, np.full_like(taus, float(m))).min() >= low:
                    done.append((b, m))
                    break
            else:
                if len(done) + len(stack) > MOST_CELLS or b - a < SMALLEST:
                    return None
                middle = (a + b) / 2
                stack += [(middle, b), (a, middle)]
        return done

    def least_gain(self) -> float:
        """The least best gain over all ties."""
        taus = np.linspace(1 / self.k, 0.5, 33 if self.k > 2 else 1)
        return float(self.gain(1.0, taus, self.shifts(1.0, taus)).min())

    def least_tie(self, low: Fraction, high: Fraction) -> Fraction | None:
        """A tie that every wrong score of least risk exceeds, for sums of both probabilities in [low, high]."""
        w = 1 - 2 * TAUS
        reach = w if high == 1 else np.minimum(w, w * float((high + self.t) / (2 * (1 - high))))
        most, steep = steepness(self.slope)
        at = np.minimum(np.searchsorted(REACH, reach), len(REACH) - 1)
        with np.errstate(all="ignore"):
            fine = np.flatnonzero(float(low / (2 * (1 - low))) * w * steep > most[at] * (1 + 1e-6))
        return Fraction(float(TAUS[fine[-1]])) if len(fine) else None

    def band(self, below: Fraction, above: Fraction, low: float) -> Band | None:
        """The band of sums from ``below`` to ``above``, or None."""
        tie = self.least_tie(below, above)
        start = max(Fraction(1, self.k), tie or Fraction(0))
        found = self.cells(above, start, low)
        return None if found is None else (above, tie, found)

    def bands(self, low: float) -> list[Band] | None:
        """Bands of sums, upwards, on all of which swaps gain at least ``low``, or None."""
        least = least_sum(self.k, self.t)
        whole = self.cells(ONE, HALF if least == 1 else Fraction(1, self.k), low)
        if whole is not None:
            return [(ONE, None, whole)]
        reached = self.reach(low, len(STEPS))
        return reached[1] if reached and reached[0] == least else None

    def reach(self, low: float, steps: int) -> tuple[Fraction, list[Band]] | None:
        """How far down from 1 bands reach, none narrower than the first ``steps`` of the steps, and the bands."""
        first = self.first(low)
        if first is None:
            return None
        done, rest, pace = [first[1]], first[0], 0
        least = least_sum(self.k, self.t)
        while 1 - rest > least and len(done) < MOST_BANDS:
            for i in range(max(pace - 1, 0), steps):
                below = max(1 - rest * STEPS[i], least)
                if found := self.band(below, 1 - rest, low):
                    done.append(found)
                    rest, pace = 1 - below, i
                    break
            else:
                break
        return 1 - rest, done[::-1]

    def first(self, low: float) -> tuple[Fraction, Band] | None:
        """The band next to 1, about as large as it can be, with its size."""
        found, sizes = None, [Fraction(1, 2**i) for i in range(40, 4, -1)]
        small, large = 0, len(sizes)
        while small < large:
            i = (small + large) // 2
            made = self.band(1 - sizes[i], ONE, low)
            if made:
                found, small = (sizes[i], made), i + 1
            else:
                large = i
        return found
