"""Densities that add up to 1, bits that decode, and the limit of Bayesian flows."""

from __future__ import annotations

import itertools
import math

import numpy as np

from losscheck import catalogue

RNG = np.random.default_rng(8)


def test_a_fourier_head_is_a_density():
    a, b = RNG.normal(size=(2, 1, 6))
    y = (np.arange(4000) + 0.5) / 2000 - 1  # the midpoint rule is exact for trigonometric polynomials
    density = np.exp(-catalogue["fourier_density"](np.repeat(a, 4000, 0), np.repeat(b, 4000, 0), y))
    assert (density >= 0).all()
    assert np.isclose(density.mean() * 2, 1, rtol=1e-12)


def test_bits_decode():
    y = RNG.uniform(size=8)
    y[:2] = 0.0, 1.0
    sure = 60.0
    for number in y:
        costs = {bits: catalogue["bit_cross_entropy"](sure * (2 * np.array([bits]) - 1.0), np.array([number]))[0]
                 for bits in itertools.product((0, 1), repeat=6)}  # fmt: skip
        bits = min(costs, key=costs.get)
        assert 0 <= number - sum(b / 2**j for j, b in enumerate(bits, 1)) <= 2.0**-6


def test_many_steps_of_a_bayesian_flow_tend_to_the_continuous_loss():
    m, y, sigma = RNG.normal(size=(1, 3)), RNG.normal(size=(1, 3)), 0.02
    n = 20000
    times = (np.arange(n) + 0.5) / n
    continuous = catalogue["bayesian_flow"](np.repeat(m, n, 0), np.repeat(y, n, 0), times, sigma=sigma).mean()
    steps = np.arange(1, n + 1)
    weights = n / 2 * (1 - sigma ** (2 / n)) / sigma ** (2 * steps / n)
    # The integral over t of -log(sigma) / sigma^(2 t) and the mean over the n steps.
    assert math.isclose((weights * ((m - y) ** 2).sum()).mean(), continuous, rel_tol=1e-3)


def test_digits_are_bins():
    # The product of softmaxes along a path of a full tree is a distribution over its leaves: a histogram of b^k bins.
    scores = RNG.normal(size=(1 + 3, 3))  # the root and its three children
    cost = catalogue["cross_entropy"]

    def path(first, second):
        return cost(scores[:1], np.array([first]))[0] + cost(scores[1 + first][None], np.array([second]))[0]

    bins = np.exp([-path(i, j) for i in range(3) for j in range(3)])
    assert np.isclose(bins.sum(), 1)
