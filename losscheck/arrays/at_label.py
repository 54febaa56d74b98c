"""The entry of each row that its label names."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace


def at_label(z: Any, y: Any) -> Any:
    """Return z_y: from ``z`` of shape (N, K) and ``y`` of shape (N,) with entries in [0, K), an array of shape (N,).

    >>> import numpy as np
    >>> at_label(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1, 0])).tolist()
    [2.0, 3.0]
    """
    return z[array_namespace(z).arange(z.shape[0]), y]
