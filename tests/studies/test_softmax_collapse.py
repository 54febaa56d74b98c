"""Softmax collapse: cross-entropy in floats is exactly 0, and stops, long before it is 0 (Prieto et al., 2025)."""

from __future__ import annotations

import numpy as np
import pytest

from losscheck import catalogue


def first_zero(name: str, dtype: type, n_classes: int) -> float:
    """The least leading score, by bisection, from which on the loss rounds to 0."""
    low, high = 0.0, 1e9
    for _ in range(60):
        middle = 0.5 * (low + high)
        z = np.zeros((1, n_classes), dtype)
        z[0, 0] = middle
        low, high = (low, middle) if catalogue[name](z, np.array([0]))[0] == 0 else (middle, high)
    return high


@pytest.mark.parametrize(("dtype", "bits"), [(np.float32, 24), (np.float64, 53)])
@pytest.mark.parametrize("n_classes", [2, 10, 113])
def test_the_gap_is_about_the_significand(dtype, bits, n_classes):
    """1 + (K - 1) e^-g rounds to 1 once (K - 1) e^-g <= 2^-bits; adding one class after the other may lose more."""
    gap = first_zero("cross_entropy", dtype, n_classes)
    assert bits * np.log(2) - 1 <= gap <= bits * np.log(2) + np.log(n_classes - 1) + 1


def test_stablemax_collapses_a_million_times_later():
    assert first_zero("stablemax_cross_entropy", np.float32, 2) > 1e6
    assert first_zero("cross_entropy", np.float32, 2) < 20


def test_scaling_up_a_right_answer_lowers_the_loss_without_changing_it():
    """Naive loss minimisation: d/dc CE(cz, y) < 0 for every c > 0 once z_y leads; the prediction stays."""
    rng = np.random.default_rng(2)
    z = rng.normal(size=(100, 4))
    y = z.argmax(axis=1)
    losses = np.array([catalogue["cross_entropy"](c * z, y) for c in (0.5, 1.0, 2.0, 4.0, 8.0)])
    assert np.all(np.diff(losses, axis=0) < 0)
    assert np.median(losses[-1]) < 1e-2


def test_the_orthogonal_gradient():
    rng = np.random.default_rng(3)
    g, w = rng.normal(size=(2, 100, 7))
    turned = catalogue["orthogonal_gradient"](g, w)
    np.testing.assert_allclose((turned * w).sum(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose((turned**2).sum(axis=1), (g**2).sum(axis=1))
    assert ((turned * g).sum(axis=1) >= 0).all()
    assert (((w - 0.1 * turned) ** 2).sum(axis=1) >= (w**2).sum(axis=1)).all()
    assert not catalogue["orthogonal_gradient"](2 * w, w).any()


def test_it_leaves_no_slope_in_the_scale_of_homogeneous_scores():
    """Scores W x are homogeneous in W: by Euler's identity moving W along itself scales them."""
    rng = np.random.default_rng(4)
    weight, x, y = rng.normal(size=(3, 5)), rng.normal(size=(20, 5)), rng.integers(0, 3, size=20)
    z = x @ weight.T
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    slope = (p - np.eye(3)[y]).T @ x
    turned = catalogue["orthogonal_gradient"](slope.reshape(1, -1), weight.reshape(1, -1)).reshape(3, 5)
    along = ((p - np.eye(3)[y]) * z).sum()  # the slope of the loss by the scale of the scores
    np.testing.assert_allclose((slope * weight).sum(), along)
    assert abs((turned * weight).sum()) < 1e-10 < abs(along)
