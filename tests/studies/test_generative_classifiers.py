"""Naive Bayes reaches its error with fewer samples than logistic regression (Ng, Jordan, 2002; Zheng et al., 2023).

Gaussian classes with independent features, where both models are right: the generative one wins at few samples, and
both tend to the same error. Evidence, not proof.
"""

from __future__ import annotations

import numpy as np
from scipy import optimize, special

from losscheck import catalogue

FEATURES, SHIFT = 30, 0.35


def sample(rng, n):
    y = np.arange(n) % 2
    return rng.normal(size=(n, FEATURES)) + SHIFT * (2 * y[:, None] - 1), y


def naive_bayes(x, y):
    """The weights of the rule of two Gaussians with a common variance for each feature."""
    means = np.array([x[y == c].mean(axis=0) for c in (0, 1)])
    variance = np.mean([x[y == c].var(axis=0) for c in (0, 1)], axis=0) + 1e-3
    w = (means[1] - means[0]) / variance
    return w, -w @ means.mean(axis=0)


def logistic_regression(x, y):
    sign = 2 * y - 1

    def risk(parameters):
        margin = sign * (x @ parameters[:-1] + parameters[-1])
        slope = -sign * special.expit(-margin) / len(y)
        return catalogue["logistic"](margin).mean() + 1e-4 * parameters @ parameters, np.append(
            x.T @ slope, slope.sum()
        ) + 2e-4 * parameters

    found = optimize.minimize(risk, np.zeros(FEATURES + 1), jac=True, method="L-BFGS-B").x
    return found[:-1], found[-1]


def error(rule):
    """The exact error of a linear rule on the two Gaussians."""
    w, offset = rule
    reach, length = SHIFT * w.sum(), np.linalg.norm(w)
    return 0.5 * (special.ndtr(-(reach + offset) / length) + special.ndtr(-(reach - offset) / length))


def test_the_generative_model_needs_fewer_samples():
    rng = np.random.default_rng(12)
    few = np.array([[error(fit(*sample(rng, 40))) for fit in (naive_bayes, logistic_regression)] for _ in range(8)])
    many = np.array([[error(fit(*sample(rng, 2000))) for fit in (naive_bayes, logistic_regression)] for _ in range(2)])
    best = special.ndtr(-SHIFT * FEATURES**0.5)
    assert few[:, 0].mean() < few[:, 1].mean() - 0.01
    assert abs(many[:, 0].mean() - many[:, 1].mean()) < 0.005
    assert best <= many.min() + 1e-9
    assert many.max() < best + 0.01
