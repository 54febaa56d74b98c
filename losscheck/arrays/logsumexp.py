"""The logarithm of a sum of exponentials, shifted by the largest score."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace


def logsumexp(z: Any) -> Any:
    """Return log(sum_k exp(z_k)) of each row of ``z``, shape (N, K) -> (N,).

    >>> import numpy as np
    >>> logsumexp(np.array([[1000.0, 1000.0]])).round(4).tolist()
    [1000.6931]
    """
    xp = array_namespace(z)
    largest = xp.max(z, axis=1, keepdims=True)
    return largest[:, 0] + xp.log(xp.sum(xp.exp(z - largest), axis=1))
