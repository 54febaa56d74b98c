"""Self-distillation by ridge regression: with much label noise the best weight of the teacher exceeds 1.

After Das and Sanghavi (2023). The student fits xi * teacher + (1 - xi) * labels, both by ridge regression. In each
direction of the design with eigenvalue g the coefficient is shrunk by s = g / (g + l), and the student's by
s (1 - xi (1 - s)); its expected error is a quadratic in xi, so the best xi has a closed form.
"""

from __future__ import annotations

import numpy as np

EIGENVALUES = np.array([4.0, 1.0, 0.25, 0.05])
TRUTH = np.array([1.0, 0.5, 0.5, 0.2])


def risk(xi: float, ridge: float, noise: float) -> float:
    """Expected squared error of the coefficients: bias and variance, direction by direction."""
    shrink = EIGENVALUES / (EIGENVALUES + ridge)
    factor = shrink * (1 - xi * (1 - shrink))
    return float(np.sum((1 - factor) ** 2 * TRUTH**2 + factor**2 * noise / EIGENVALUES))


def best_weight(ridge: float, noise: float) -> float:
    """The vertex of the quadratic through three of its values."""
    low, middle, high = (risk(xi, ridge, noise) for xi in (-1.0, 0.0, 1.0))
    return 0.5 * (low - high) / (low - 2 * middle + high)


def test_the_closed_form_is_the_minimiser():
    for noise in (0.01, 1.0, 10.0):
        best = best_weight(0.3, noise)
        assert all(risk(best, 0.3, noise) <= risk(best + step, 0.3, noise) for step in (-0.5, -0.01, 0.01, 0.5))


def test_the_best_weight_rises_with_the_noise_and_exceeds_one():
    weights = [best_weight(0.3, noise) for noise in (0.01, 0.1, 1.0, 10.0)]
    assert np.all(np.diff(weights) > 0)
    assert weights[0] < 1 < weights[-1]


def test_the_formula_is_what_regression_does():
    rng = np.random.default_rng(11)
    n, ridge, xi, noise = 400, 0.3, 1.4, 2.0
    basis = np.linalg.qr(rng.normal(size=(n, 4)))[0] * np.sqrt(EIGENVALUES)
    solve = np.linalg.solve(basis.T @ basis + ridge * np.eye(4), basis.T)
    errors = []
    for _ in range(4000):
        y = basis @ TRUTH + rng.normal(0, noise**0.5, n)
        student = solve @ (xi * (basis @ (solve @ y)) + (1 - xi) * y)
        errors.append(np.sum((student - TRUTH) ** 2))
    assert abs(np.mean(errors) - risk(xi, ridge, noise)) < 4 * np.std(errors) / 4000**0.5


def test_more_than_all_of_the_teacher_leaves_the_simplex():
    """With xi > 1 the weight of the given label is negative: cross-entropy has no lower bound left."""
    teacher, given, xi = np.array([0.9, 0.1]), np.array([0.0, 1.0]), 1.5
    target = xi * teacher + (1 - xi) * given
    assert target.min() < 0
    assert -np.sum(target * np.log([1 - 1e-300, 1e-300])) < -200
