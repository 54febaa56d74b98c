"""Soft sorting networks: doubly stochastic, monotone, and sorting in the limit."""

from __future__ import annotations

import numpy as np

from losscheck import catalogue

RNG = np.random.default_rng(20)
X = RNG.normal(size=(30, 6))


def test_the_network_is_doubly_stochastic():
    order = catalogue["soft_sort"](X)
    assert (order >= 0).all()
    np.testing.assert_allclose(order.sum(axis=1), 1)
    np.testing.assert_allclose(order.sum(axis=2), 1)


def test_it_sorts_in_the_limit():
    order = catalogue["soft_sort"](X, steepness=1e9)
    np.testing.assert_allclose((order @ X[:, :, None])[:, :, 0], np.sort(X, axis=1), atol=1e-4)


def test_two_soft_values_rise_with_every_value():
    # One swap with the Cauchy sigmoid: (1 - a) b + a min rises in both of its arguments, whatever the steepness.
    steps = np.linspace(-3, 3, 400)
    for other in (-1.0, 0.3):
        pair = np.stack([steps, np.full(400, other)], axis=1)
        soft = (catalogue["soft_sort"](pair, steepness=3.0) @ pair[:, :, None])[:, :, 0]
        assert (np.diff(soft, axis=0) >= -1e-12).all()


def test_the_loss_falls_as_the_groups_part():
    n = RNG.uniform(-1, 0, size=(20, 5))
    costs = [catalogue["group_ordering"](np.full((20, 3), level), n) for level in (-0.9, 0.0, 0.5, 1.0)]
    assert (np.diff(costs, axis=0) < 0).all()
