"""Least values of mixtures of two functions of one score, in floats: points for certificates to start from."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from losscheck.engines.breakpoints import Hint, middle
from losscheck.engines.numeric import evaluate
from losscheck.expr.graph import Expr

Array = NDArray[np.float64]
ROUNDS, FINE = 9, 33


def scan(a: float | None, hints: Sequence[Hint]) -> Array:
    """Points of [0, a] at every scale, the breakpoints and points just beside them."""
    top = 2.0**60 if a is None else a
    cuts = np.array([middle(h) for h in hints], float)
    beside = [cuts * (1 + s * 2.0**-50) + s * 2.0**-50 for s in (-1, 0, 1)]
    parts = [np.linspace(0, min(top, 16.0), 1025), np.geomspace(1e-9, 1, 120) * min(top, 1.0), *beside]
    if top > 16:
        parts.append(np.geomspace(16, top, 300))
    found = np.unique(np.concatenate([*parts, [0.0, top]]))
    return np.asarray(found[(found >= 0) & (found <= top)])


def minimisers(
    f: Expr, g: Expr, name: str, etas: Sequence[Fraction], a: Fraction | None, hints: Sequence[Hint]
) -> list[Fraction]:
    """For every eta a point of [0, a] where ``eta f + (1 - eta) g`` is about as small as it gets."""
    top = None if a is None else float(a)
    grid = scan(top, hints)
    w = np.array([float(e) for e in etas])[:, None]

    def risk(x: Array) -> Array:
        one, other = evaluate([f, g], {name: x})
        with np.errstate(all="ignore"):
            total = w * one + (1 - w) * other
        return np.where(np.isfinite(total), total, np.inf)

    values = risk(grid)
    at = values.argmin(axis=1)
    best, x = values[np.arange(len(etas)), at], grid[at]
    low, high = grid[np.maximum(at - 1, 0)], grid[np.minimum(at + 1, len(grid) - 1)]
    for _ in range(ROUNDS):
        fine = low[:, None] + (high - low)[:, None] * np.linspace(0, 1, FINE)
        values = risk(fine)
        at = values.argmin(axis=1)
        rows = np.arange(len(etas))
        better = values[rows, at] < best
        best, x = np.where(better, values[rows, at], best), np.where(better, fine[rows, at], x)
        low, high = fine[rows, np.maximum(at - 1, 0)], fine[rows, np.minimum(at + 1, FINE - 1)]
    cuts = {float(Fraction(h)): Fraction(h) for h in hints if isinstance(h, str)}  # beside a jump rounding matters
    found = [cuts.get(float(v), Fraction(float(v))) for v in x]
    return found if a is None else [min(v, a) for v in found]
