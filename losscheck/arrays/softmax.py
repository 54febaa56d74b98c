"""Scores to probabilities."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace


def softmax(z: Any) -> Any:
    """Return exp(z_k) / sum_j exp(z_j) row by row, shape (N, K).

    >>> import numpy as np
    >>> softmax(np.array([[1000.0, 1000.0]])).tolist()
    [[0.5, 0.5]]
    """
    xp = array_namespace(z)
    weights = xp.exp(z - xp.max(z, axis=1, keepdims=True))
    return weights / xp.sum(weights, axis=1, keepdims=True)
