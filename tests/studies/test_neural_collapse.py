"""Neural collapse: with free features, regularised minimisers are a simplex frame (cross-entropy) or orthogonal.

The objective is least over all features at once, so its minimisers are checked against the closed form of Zhou et al.
(2022) and Dang et al. (2023).
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize

from losscheck import catalogue

torch = pytest.importorskip("torch")
CLASSES, DIMENSION, WEIGHT = 3, 4, 0.02
LABELS = np.arange(CLASSES)


def minimise(loss, seed, weight=WEIGHT):
    """Minimise mean loss(W H) + weight (|W|^2 + |H|^2) / 2 over W and H, one feature for each class."""
    size = CLASSES * DIMENSION

    def objective(flat):
        w, h = (
            torch.tensor(part.reshape(CLASSES, DIMENSION), requires_grad=True) for part in (flat[:size], flat[size:])
        )
        value = loss(h @ w.T) + weight * ((w**2).sum() + (h**2).sum()) / 2
        value.backward()
        return value.item(), np.append(w.grad.numpy(), h.grad.numpy())

    start = np.random.default_rng(seed).normal(size=2 * size)
    found = optimize.minimize(objective, start, jac=True, method="L-BFGS-B", options={"maxiter": 500, "ftol": 1e-15})
    return found.x[size:].reshape(CLASSES, DIMENSION), found.fun


def cosines(features):
    unit = features / np.linalg.norm(features, axis=1, keepdims=True)
    return (unit @ unit.T)[np.triu_indices(CLASSES, 1)]


def cross_entropy(z):
    return catalogue["cross_entropy"](z, torch.tensor(LABELS)).mean()


def test_cross_entropy_gives_a_simplex_frame():
    ends = [minimise(cross_entropy, seed) for seed in (0, 1)]
    for features, value in ends:
        assert np.allclose(cosines(features), -1 / (CLASSES - 1), atol=1e-3)
        assert np.isclose(value, ends[0][1], atol=1e-8)


def squared_error(z):
    return 0.5 * catalogue["squared_error"](z, torch.eye(CLASSES, dtype=z.dtype)).sum() / CLASSES


def test_squared_error_gives_orthogonal_features_of_the_closed_length():
    features, _ = minimise(squared_error, 2)
    assert np.allclose(cosines(features), 0, atol=1e-3)
    # Each singular value s of W H^T = s I minimises (s - 1)^2 / (2K) + WEIGHT s, so s = 1 - K WEIGHT, and |h|^2 = s.
    assert np.allclose((features**2).sum(axis=1), 1 - CLASSES * WEIGHT, atol=1e-3)
