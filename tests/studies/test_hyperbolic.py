"""Losses in the Poincare ball: limits, distances, and where the exponential map leaves the ball in floats."""

from __future__ import annotations

import math

import numpy as np
from scipy import optimize

from losscheck.catalogue import find
from losscheck.catalogue.hyperbolic import to_ball

RNG = np.random.default_rng(97)
close = np.testing.assert_allclose


def scores(v, b, a, c):
    """Differences of scores to the first class, from the losses of all labels."""
    loss = find("hyperbolic_cross_entropy").function
    losses = np.stack([loss(v, b, a, np.full(len(v), k), c=c) for k in range(len(a))], axis=1)
    return losses[:, :1] - losses


def test_the_flat_limit_is_logistic():
    """S047.2: as c -> 0 the scores are 4 <a, v - b>, those of logistic regression."""
    v, b, a = RNG.normal(size=(9, 3)), RNG.normal(size=(4, 3)), RNG.normal(size=(4, 3))
    flat = 4 * ((v[:, None, :] - b[None]) * a[None]).sum(axis=2)
    flat = flat - flat[:, :1]
    errors = [np.abs(scores(v, b, a, c) - flat).max() for c in (1e-2, 1e-4, 1e-6)]
    assert errors[0] > 50 * errors[1] > 50**2 * errors[2]  # of order c


def test_the_scores_are_distances_to_hyperplanes():
    c, a, b = 0.5, np.array([[1.0, 0.5], [-0.3, 0.8]]), np.array([[0.2, -0.1], [0.4, 0.3]])
    v = np.array([[0.7, 0.4]])
    distance = find("hyperbolic_confusion").function
    p = to_ball(b, c)
    signed = []
    for k in range(2):
        # The hyperplane of a through p: all p + w with -p + (p + w) orthogonal to a, here a curve, by its parameter.
        normal = np.array([-a[k, 1], a[k, 0]]) / np.linalg.norm(a[k])

        def point(t, k=k, normal=normal):
            w = math.tanh(t) / math.sqrt(c) * normal
            top = (1 + 2 * c * p[k] @ w + c * w @ w) * p[k] + (1 - c * p[k] @ p[k]) * w
            x = top / (1 + 2 * c * p[k] @ w + c**2 * (p[k] @ p[k]) * (w @ w))
            size = np.linalg.norm(x)
            return (math.atanh(math.sqrt(c) * size) / math.sqrt(c) / size * x)[None]

        found = optimize.minimize_scalar(lambda t, at=point: distance(v, at(t), c=c)[0], bounds=(-3, 3)).fun
        signed.append(2 * np.linalg.norm(a[k]) * found)
    size = np.abs(scores(v, b, a, c)[0, 1])
    assert min(abs(abs(s - signed[0]) - size) for s in (signed[1], -signed[1])) < 1e-5


def test_confusion_is_a_distance():
    u, v, w = RNG.normal(size=(3, 50, 4))
    distance = find("hyperbolic_confusion").function
    close(distance(u, v), distance(v, u))
    assert (distance(u, w) <= distance(u, v) + distance(v, w) + 1e-12).all()
    close(distance(u, u), 0, atol=1e-7)
    ray = RNG.normal(size=(50, 4))
    ray /= np.linalg.norm(ray, axis=1, keepdims=True)
    close(distance(3 * ray, 0.5 * ray), 5)
    close(distance(3 * ray, -0.5 * ray), 7)


def test_the_exponential_map_leaves_the_ball_in_floats():
    """S047.1 is false: tanh rounds to 1, the point lies on the sphere, and distances and scores are not finite."""
    for dtype, size in ((np.float32, 10.0), (np.float64, 20.0)):
        v = np.array([[size, 0.0]], dtype=dtype)
        assert np.linalg.norm(to_ball(v / 2, 1.0)) < 1
        assert np.linalg.norm(to_ball(v, 1.0)) == 1
        with np.errstate(all="ignore"):
            assert not np.isfinite(find("hyperbolic_confusion").function(v, 0 * v, c=1.0)).all()
