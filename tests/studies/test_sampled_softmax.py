"""Sampled, sharded and quantised softmax: bounds, gradients, and the mass that rounding loses."""

from __future__ import annotations

import math

import numpy as np
import pytest

from losscheck import catalogue
from losscheck.arrays import softmax
from losscheck.catalogue.sampled_softmax import of_shards

RNG = np.random.default_rng(22)
Z, Y = RNG.normal(size=(200, 6)) * 4, RNG.integers(0, 6, size=200)
M = RNG.integers(0, 2, size=(200, 6))


def test_fewer_classes_cost_less():
    full = catalogue["cross_entropy"](Z, Y)
    assert (catalogue["sampled_softmax"](Z, Y, M) <= full + 1e-12).all()
    np.testing.assert_allclose(catalogue["sampled_softmax"](Z, Y, np.ones_like(M)), full)
    np.testing.assert_allclose(catalogue["sampled_softmax"](Z, Y, 0 * M), 0, atol=1e-12)


def test_what_was_not_sampled_is_not_moved():
    torch = pytest.importorskip("torch")
    z = torch.tensor(Z, requires_grad=True)
    (slope,) = torch.autograd.grad(catalogue["sampled_softmax"](z, torch.tensor(Y), torch.tensor(M)).sum(), z)
    kept = (M == 1) | (np.arange(6) == Y[:, None])
    assert (slope.numpy()[~kept] == 0).all()
    masked = np.where(kept, Z, -np.inf)
    np.testing.assert_allclose(slope.numpy(), softmax(masked) - (np.arange(6) == Y[:, None]), atol=1e-12)


def test_shards_are_the_whole():
    for parts in (1, 2, 3, 6):
        np.testing.assert_allclose(of_shards(Z, Y, parts), catalogue["cross_entropy"](Z, Y))


def test_conflicts_grow_rarer_with_the_rate():
    # A and B are both among the n of C classes that are drawn: n (n - 1) / (C (C - 1)), below the square of the rate.
    classes, drawn = 1000, 100
    exact = math.comb(classes - 2, drawn - 2) / math.comb(classes, drawn)
    assert math.isclose(exact, drawn * (drawn - 1) / (classes * (classes - 1)))
    assert exact < (drawn / classes) ** 2


def test_rounding_loses_the_mass_of_small_entries():
    flat = np.zeros((1, 1000))
    assert not catalogue["quantised_softmax"](flat).any()
    z = RNG.normal(size=(200, 64)) * 2
    p, rounded = softmax(z), catalogue["quantised_softmax"](z)
    assert (rounded[p < 1 / 510] == 0).all()
    offset = float((p - rounded).mean())
    corrected = catalogue["quantised_softmax"](z, shift=offset)
    assert abs(corrected.sum(axis=1).mean() - 1) < 1e-9 < abs(rounded.sum(axis=1).mean() - 1)
