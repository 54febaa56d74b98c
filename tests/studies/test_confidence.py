"""Confidence scores: ranges and what changes nothing."""

from __future__ import annotations

import numpy as np

from losscheck import catalogue
from losscheck.arrays import softmax

RNG = np.random.default_rng(14)


def test_the_largest_probability_falls_with_the_temperature():
    z = RNG.normal(size=(50, 4))
    values = np.array([catalogue["maximum_probability"](z / t) for t in (0.5, 1.0, 2.0, 100.0)])
    assert np.all(np.diff(values, axis=0) < 0)
    assert np.all((values >= 0.25) & (values <= 1))


def test_gini_is_the_quadratic_form_of_ones_less_the_identity():
    p = RNG.dirichlet(np.ones(4), 20)
    form = np.einsum("nj,jk,nk->n", p, np.ones((4, 4)) - np.eye(4), p)
    assert np.allclose(catalogue["gini_uncertainty"](p), form)


def test_entropy_is_largest_at_the_uniform_distribution():
    p = RNG.dirichlet(np.ones(4), 50)
    assert np.all(catalogue["prediction_entropy"](p) < np.log(4))
    assert catalogue["prediction_entropy"](np.eye(4)).max() == 0


def test_crossmax_ignores_offsets_of_a_predictor():
    z = RNG.normal(size=(10, 5, 3))
    moved = z + RNG.normal(size=(1, 5, 1))
    assert np.allclose(catalogue["crossmax"](z), catalogue["crossmax"](moved))


def test_the_mixture_follows_a_sure_robust_classifier():
    g, h = RNG.normal(0, 3, (2, 500, 4))
    robust = softmax(h)
    margin = np.diff(np.sort(robust, axis=1)[:, -2:], axis=1)[:, 0]
    mixed = catalogue["adaptive_smoothing"](g, h, a=0.75)
    assert np.allclose(np.exp(mixed), 0.25 * softmax(g) + 0.75 * robust)
    agrees = mixed.argmax(axis=1) == h.argmax(axis=1)
    assert np.all(agrees[margin >= 1 / 3])
    assert not np.all(agrees[margin < 1 / 3])
