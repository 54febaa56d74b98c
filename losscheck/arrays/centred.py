"""Scores without their mean."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace


def centred(z: Any) -> Any:
    """Return z - mean_k z_k row by row, shape (N, K): the representative of z whose scores add up to zero.

    >>> import numpy as np
    >>> centred(np.array([[1.0, 3.0]])).tolist()
    [[-1.0, 1.0]]
    """
    return z - array_namespace(z).mean(z, axis=1, keepdims=True)
