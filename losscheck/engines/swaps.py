"""Swaps of two coordinates of softmax: which shift gains most at a tie, in floats, and cells of ties with one shift."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Profile = Callable[[Array], Array]
SHIFTS = np.concatenate([np.linspace(0, 0.999, 400), 1 - np.geomspace(1e-3, 1e-12, 60)[1:], [1.0]])


def gain(phi: Profile, t: float, tau: Array, m: Array) -> Array:
    """How much a swap by m lowers the risk at the tie tau."""
    with np.errstate(all="ignore"):
        up, down = phi(np.minimum(tau * (1 + m), 1.0)), phi(tau * (1 - m))
        value = phi(tau) - (1 + t) / 2 * up - (1 - t) / 2 * down
    return np.asarray(np.where(np.isfinite(value), value, -np.inf))


def best_shift(phi: Profile, t: float, tau: float) -> float:
    """The shift that gains most at a tie."""
    grid = SHIFTS
    for _ in range(6):
        i = int(gain(phi, t, np.full_like(grid, tau), grid).argmax())
        best, low, high = grid[i], grid[max(i - 1, 0)], grid[min(i + 1, len(grid) - 1)]
        grid = np.linspace(low, high, 41)
    return float(best)


def cells(phi: Profile, t: float, k: int, low: float, most: int = 64) -> list[tuple[Fraction, Fraction]] | None:
    """Cells ``(end, m)`` of ties from 1/K to 1/2 on which a swap by m gains at least ``low``, or None."""
    done: list[tuple[Fraction, Fraction]] = []
    stack = [(Fraction(1, k), Fraction(1, 2))]
    while stack:
        a, b = stack.pop()
        taus = np.linspace(float(a), float(b), 17)
        for at in (float(b), float((a + b) / 2), float(a)):
            m = Fraction(best_shift(phi, t, at)).limit_denominator(10**9)
            if b * (1 + m) <= 1 and m <= 1 and gain(phi, t, taus, np.full_like(taus, float(m))).min() >= low:
                done.append((b, m))
                break
        else:
            if len(done) + len(stack) > most or b - a < Fraction(1, 10**6):
                return None
            middle = (a + b) / 2
            stack += [(middle, b), (a, middle)]
    return done


def least_gain(phi: Profile, t: float, k: int) -> float:
    """The least best gain over all ties."""
    return min(
        float(gain(phi, t, np.array([tau]), np.array([best_shift(phi, t, tau)]))[0])
        for tau in np.linspace(1 / k, 0.5, 9 if k > 2 else 1)
    )
