"""Regression by classes: means of targets, and what the least risk recovers."""

from __future__ import annotations

import numpy as np

from losscheck import catalogue
from losscheck.catalogue.bins import two_hot_target
from losscheck.catalogue.hl_gauss import histogram_target

RNG = np.random.default_rng(8)
Y = RNG.uniform(-1, 1, 100)


def test_the_mean_of_the_two_hot_target_is_the_target():
    target = two_hot_target(Y, 11, -1.0, 1.0)
    assert np.allclose(target.sum(axis=1), 1)
    assert np.allclose(target @ np.linspace(-1, 1, 11), Y)


def test_the_mean_of_the_histogram_is_not():
    target = histogram_target(Y, 11, 0.75)
    centres = (np.arange(11) + 0.5) * 2 / 11 - 1
    assert np.allclose(target.sum(axis=1), 1)
    assert np.abs(target @ centres - Y).max() > 0.02


def test_far_targets_leave_no_mass():
    with np.errstate(invalid="ignore"):
        assert np.isnan(histogram_target(np.array([9.0]), 11, 0.75)).all()


def test_wasserstein_to_the_outcome_equals_the_form_with_distribution_functions():
    p, y = RNG.dirichlet(np.ones(6), 50), RNG.integers(0, 6, 50)
    assert np.allclose(catalogue["wasserstein_to_label"](p, y), catalogue["absolute_ranked_score"](p, y))
    assert np.allclose(catalogue["wasserstein_bins"](p, np.eye(6)[y]), catalogue["wasserstein_to_label"](p, y))


def test_the_mean_class_error_has_spurious_minimisers():
    p = np.array([[0.5, 0.0, 0.5], [0.0, 1.0, 0.0]])
    assert np.allclose(catalogue["mean_class_error"](p, np.array([1, 1])), 0)


def test_the_best_report_of_the_wasserstein_loss_is_the_median():
    truth = np.array([0.4, 0.15, 0.05, 0.4])
    corners = np.eye(4)
    risks = [sum(w * catalogue["wasserstein_to_label"](c[None], np.array([k]))[0] for k, w in enumerate(truth))
             for c in corners]  # fmt: skip
    assert int(np.argmin(risks)) == 1
    assert min(risks) < sum(
        w * catalogue["wasserstein_to_label"](truth[None], np.array([k]))[0] for k, w in enumerate(truth)
    )


def test_ordinal_cross_entropy_recovers_the_cumulative_probabilities():
    truth = np.array([0.2, 0.5, 0.3])
    above = 1 - np.cumsum(truth)[:-1]
    best = np.append(np.log(above / (1 - above)), 0.0)

    def risk(z):
        return sum(w * catalogue["ordinal_cross_entropy"](z[None], np.array([k]))[0] for k, w in enumerate(truth))

    for move in RNG.normal(0, 0.1, (50, 3)):
        assert risk(best) <= risk(best + move)
