"""-log p = sum_j (1 - p)^j / j: the series behind PolyLoss, Taylor cross-entropy and black-box proper losses."""

from __future__ import annotations

import numpy as np

from losscheck import catalogue

P = np.stack([np.linspace(0.2, 0.99, 40), 1 - np.linspace(0.2, 0.99, 40)], axis=1)
Y = np.zeros(40, int)


def test_the_series_tends_to_the_logarithm_from_below():
    parts = [catalogue["taylor_score"](P, Y, order=n) for n in (1, 2, 5, 20, 200)]
    log = catalogue["log_score"](P, Y)
    assert np.all(np.diff(parts[:3], axis=0) > 0)
    assert np.all(np.diff(parts, axis=0) >= 0)  # later terms may be lost in rounding
    assert np.all(parts[-1] < log + 1e-12)
    assert np.allclose(parts[-1], log, atol=1e-12)


def test_poly_1_shifts_the_first_coefficient():
    shifted = catalogue["poly1_score"](P, Y, epsilon=0.7) - catalogue["log_score"](P, Y)
    assert np.allclose(shifted, 0.7 * catalogue["absolute_score"](P, Y))


def test_coverage_is_the_logarithm_of_some_attempt_being_right():
    p = np.array([[0.3, 0.7]])
    assert np.allclose(catalogue["coverage_score"](p, Y[:1], attempts=3), -np.log(1 - 0.7**3))
    assert np.allclose(catalogue["coverage_score"](p, Y[:1], attempts=1), -np.log(0.3))


def test_a_random_number_of_draws_estimates_the_logarithm_without_bias():
    """With J geometric, P(J >= k) = r^(k-1), sum_{k<=J} [k misses in a row] / (k r^(k-1)) has mean -log q."""
    q, r = 0.6, 0.7
    k = np.arange(1, 400)
    assert np.isclose(np.sum(r ** (k - 1) * (1 - q) ** k / (k * r ** (k - 1))), -np.log(q), atol=1e-12)
    rng = np.random.default_rng(3)
    misses = rng.random((40_000, 40)) > q
    rows_left = rng.geometric(1 - r, 40_000)[:, None] >= k[None, :40]
    streak = np.cumprod(misses, axis=1)
    draws = np.sum(rows_left * streak / (k[:40] * r ** (k[:40] - 1)), axis=1)
    assert abs(draws.mean() + np.log(q)) < 4 * draws.std() / 200


def test_no_fixed_number_of_samples_gives_the_logarithm():
    """The expectation over n samples is a polynomial of degree n in q; no polynomial has all slopes of -log q."""
    q = np.linspace(0.05, 0.95, 30)
    for degree in (1, 2, 4):
        fit = np.polynomial.Polynomial.fit(q, -np.log(q), degree)
        assert np.abs(fit(q) + np.log(q)).max() > 1e-3


def test_squared_distance_from_samples_is_a_proper_polynomial():
    """1{x1 = x2} - 2 1{x1 = y1} + 1{y1 = y2} has the mean |q - p|^2 for x ~ q, y ~ p."""
    rng = np.random.default_rng(4)
    p, q = rng.dirichlet(np.ones(3), 2)
    mean = sum(
        q[a] * q[b] * p[c] * p[d] * ((a == b) - 2 * (a == c) + (c == d))
        for a in range(3) for b in range(3) for c in range(3) for d in range(3)
    )  # fmt: skip
    assert np.isclose(mean, catalogue["squared_euclidean"](q[None], p[None])[0])
