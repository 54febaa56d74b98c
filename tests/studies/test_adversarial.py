"""Adversarial losses: the best discriminator, and what its loss estimates, on finite sets."""

from __future__ import annotations

import numpy as np
from scipy import optimize

from losscheck import catalogue

RNG = np.random.default_rng(10)
P, Q = RNG.dirichlet(np.ones(5) * 3, 2)
RATIO = P / Q
KL = float(np.sum(P * np.log(RATIO)))


def mean_loss(name: str, scores: np.ndarray, **params: float) -> float:
    """The loss for data from P and samples from Q, exactly: the score of each pair of points by its probability."""
    first, second = np.meshgrid(scores, scores, indexing="ij")
    values = catalogue[name](first.ravel(), second.ravel(), **params)
    return float(np.sum(np.outer(P, Q).ravel() * values))


def logit(share: np.ndarray) -> np.ndarray:
    return np.log(share / (1 - share))


def worse_everywhere(name: str, best: np.ndarray, **params: float) -> bool:
    moves = RNG.normal(0, 0.1, (40, 5))
    return all(mean_loss(name, best, **params) < mean_loss(name, best + move, **params) for move in moves)


def test_the_best_discriminators():
    assert worse_everywhere("gan_discriminator", np.log(RATIO))
    assert worse_everywhere("gan_smoothed", logit(0.9 * P / (P + Q)), alpha=0.9)
    assert worse_everywhere("least_squares_gan", P / (P + Q))


def test_the_original_loss_estimates_jensen_shannon():
    least = mean_loss("gan_discriminator", np.log(RATIO))
    assert np.isclose(2 * np.log(2) - least, 2 * catalogue["jensen_shannon"](P[None], Q[None])[0])


def test_variational_bounds_are_tight_at_the_slope_of_f():
    assert np.isclose(-mean_loss("variational_kl", 1 + np.log(RATIO)), KL)
    chi_squared = catalogue["pearson_chi_squared"](P[None], Q[None])[0]
    assert np.isclose(-mean_loss("variational_chi_squared", 2 * (RATIO - 1)), chi_squared)
    hellinger = 2 * catalogue["squared_hellinger"](P[None], Q[None])[0]
    assert np.isclose(-mean_loss("variational_hellinger", 0.5 * np.log(RATIO)), hellinger)
    for name in ("variational_kl", "variational_chi_squared"):
        assert worse_everywhere(name, 1 + np.log(RATIO) if name == "variational_kl" else 2 * (RATIO - 1))


def test_donsker_varadhan_is_the_better_bound():
    draws = np.repeat(np.arange(5), np.round(Q * 1000).astype(int))
    for scores in RNG.normal(size=(20, 5)):
        exact = float(P @ scores - np.log(Q @ np.exp(scores)))
        assert exact <= KL + 1e-12
        assert -mean_loss("variational_kl", scores + 1) <= exact + 1e-12
        sampled = -float(catalogue["donsker_varadhan"](scores, scores[draws])) - scores.mean() + P @ scores
        assert abs(sampled - exact) < 0.02


def test_the_relativistic_loss_sees_differences_only():
    scores = RNG.normal(size=5)
    assert np.isclose(mean_loss("relativistic_gan", scores), mean_loss("relativistic_gan", scores + 4))


def test_kantorovich_duality_on_a_line():
    """The best 1-Lipschitz critic of points 0, ..., 4 attains the transport cost."""
    steps = np.eye(5)[1:] - np.eye(5)[:-1]
    solved = optimize.linprog(Q - P, np.vstack([steps, -steps]), np.ones(8), bounds=(-10, 10))
    assert np.isclose(mean_loss("wasserstein_critic", solved.x), solved.fun)
    assert np.isclose(-solved.fun, catalogue["wasserstein_bins"](P[None], Q[None])[0])
