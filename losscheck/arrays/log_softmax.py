"""The logarithm of softmax, without ever forming the softmax."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace


def log_softmax(z: Any) -> Any:
    """Return z - log(sum_k exp(z_k)) row by row, shape (N, K).

    >>> import numpy as np
    >>> log_softmax(np.array([[0.0, -2000.0]])).tolist()
    [[0.0, -2000.0]]
    """
    xp = array_namespace(z)
    # Shifted before the logarithm is taken off: at a large common offset log K would be rounded away.
    shifted = z - xp.max(z, axis=1, keepdims=True)
    return shifted - xp.log(xp.sum(xp.exp(shifted), axis=1, keepdims=True))
