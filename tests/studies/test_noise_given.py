"""Random losses whose noise is an argument: their laws over many draws."""

from __future__ import annotations

import numpy as np

from losscheck import catalogue
from losscheck.arrays import softmax

RNG = np.random.default_rng(12)


def test_the_largest_entry_of_gumbel_softmax_is_a_sample():
    z = np.array([[1.0, 0.0, -0.5]])
    g = RNG.gumbel(size=(40000, 3))
    for tau in (0.1, 5.0):
        drawn = np.bincount(catalogue["gumbel_softmax"](z, g, tau=tau).argmax(axis=1), minlength=3) / 40000
        np.testing.assert_allclose(drawn, softmax(z)[0], atol=0.01)
    sharp = catalogue["gumbel_softmax"](z, g[:500], tau=1e-3)
    assert np.median(sharp.max(axis=1)) > 1 - 1e-9


def test_noise_only_lowers_the_label():
    z, y = RNG.normal(size=(300, 4)), RNG.integers(0, 4, size=300)
    r, noise = np.abs(z).max(axis=1) + RNG.uniform(size=300), RNG.normal(size=300)
    plain = catalogue["cross_entropy"](z, y)
    assert (catalogue["noisy_softmax"](z, y, r, noise) >= plain - 1e-12).all()
    at_once = z[np.arange(300), y]
    np.testing.assert_allclose(catalogue["noisy_softmax"](z, y, at_once, noise), plain)


def test_its_mean_slope_is_steeper():
    n, step = 4000, 1e-6
    z, y, r = np.tile([2.0, 0.5, 0.0], (n, 1)), np.zeros(n, dtype=int), np.full(n, 4.0)
    noise, moved = RNG.normal(size=n), np.array([step, 0, 0])
    up, down = (catalogue["noisy_softmax"](z + sign * moved, y, r, noise).mean() for sign in (1, -1))
    assert (up - down) / (2 * step) < softmax(z[:1])[0, 0] - 1
