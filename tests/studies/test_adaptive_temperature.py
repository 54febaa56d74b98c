"""ALDR: its finitely many temperatures against all of them, and the fixed point the published code steps towards."""

from __future__ import annotations

import math

import numpy as np

from losscheck import catalogue
from losscheck.arrays import softmax

RNG = np.random.default_rng(2)
Z, Y = RNG.normal(size=(40, 4)) * 2, RNG.integers(0, 4, size=40)
LAM0, ALPHA = 1.5, 2.0
PRICE = ALPHA * math.log(4) / (2 * LAM0)


def at(lam):
    """The loss at one temperature per row."""
    return np.stack([catalogue["ldr"](Z, Y, lam=each, c=0.0) - PRICE * (each - LAM0) ** 2 for each in lam])


def divergence(lam):
    """KL of the softmax at each row's temperature from uniform."""
    p = softmax(Z / lam[:, None])
    return (p * np.log(4 * p)).sum(axis=1)


def test_a_few_temperatures_come_near_all():
    dense = at(np.linspace(LAM0 * (1 - 1 / ALPHA), LAM0, 801)).max(axis=0)
    for levels in (2, 5, 33):
        few = catalogue["aldr"](Z, Y, lam0=LAM0, alpha=ALPHA, c=0.0, levels=levels)
        assert (few <= dense + 1e-12).all()
        assert (dense - few <= LAM0 * math.log(4) / (2 * ALPHA * (levels - 1)) + 1e-6).all()


def test_the_best_temperature_is_a_fixed_point_and_falls_with_the_divergence():
    grid = np.linspace(LAM0 * (1 - 1 / ALPHA), LAM0, 1001)
    best = grid[at(grid).argmax(axis=0)]
    np.testing.assert_allclose(best, LAM0 * (1 - divergence(best) / (ALPHA * math.log(4))), atol=2e-3)
    order = np.argsort(divergence(best))
    assert (np.diff(best[order]) <= 2e-3).all()


def test_more_temperatures_never_lower_it():
    values = [catalogue["aldr"](Z, Y, levels=levels) for levels in (2, 3, 5, 9)]
    assert (np.diff(values, axis=0) >= -1e-12).all()
