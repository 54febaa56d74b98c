"""Relatives of margin softmax: several centres, the wrapped Cauchy density, equiangular prototypes."""

from __future__ import annotations

import math

import numpy as np

from losscheck import catalogue

RNG = np.random.default_rng(16)


def test_sub_centres():
    z, y = RNG.uniform(-0.8, 1, size=(200, 4, 3)), RNG.integers(0, 4, size=200)
    loss = catalogue["subcentre_arcface"]
    np.testing.assert_allclose(loss(z[:, :, :1], y), catalogue["arcface"](z[:, :, 0], y))
    more = z.copy()
    more[np.arange(200), y, 2] = 1.0 - RNG.uniform(size=200) * 0.1
    before = z.copy()
    before[np.arange(200), y, 2] = before[np.arange(200), y, :2].max(axis=1)
    higher = np.maximum(more, before)
    # Above the jump at pi - m the label's score rises with its cosine.
    some = before[np.arange(200), y].max(axis=1) > math.cos(math.pi - 0.5)
    assert (loss(higher, y)[some] <= loss(before, y)[some] + 1e-12).all()


def test_the_wrapped_cauchy_density():
    rho, angle = 0.5, (np.arange(4000) + 0.5) * 2 * math.pi / 4000
    density = (1 - rho**2) / (2 * math.pi * (1 + rho**2 - 2 * rho * np.cos(angle)))
    assert math.isclose(density.mean() * 2 * math.pi, 1, rel_tol=1e-12)
    z = np.sort(RNG.uniform(-1, 1, size=50))
    rows = np.stack([z, np.zeros(50)], axis=1)
    assert (np.diff(catalogue["wrapped_cauchy"](rows, np.zeros(50, dtype=int))) < 0).all()


def test_equiangular_prototypes_reach_the_welch_bound():
    for n in (3, 5, 9):
        simplex = np.eye(n) - 1 / n
        simplex /= np.linalg.norm(simplex, axis=1, keepdims=True)
        coherence = np.abs(simplex @ simplex.T)[~np.eye(n, dtype=bool)].max()
        assert math.isclose(coherence, math.sqrt((n - (n - 1)) / ((n - 1) * (n - 1))), rel_tol=1e-12)
        spread = RNG.normal(size=(n, n - 1))
        spread /= np.linalg.norm(spread, axis=1, keepdims=True)
        assert np.abs(spread @ spread.T)[~np.eye(n, dtype=bool)].max() >= coherence - 1e-12
