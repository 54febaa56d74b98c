"""Rows scaled to length 1."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace


def unit_rows(e: Any) -> Any:
    """Return e / |e| row by row, shape (..., D); a row of zeros stays zero.

    >>> import numpy as np
    >>> unit_rows(np.array([[3.0, 4.0], [0.0, 0.0]])).tolist()
    [[0.6, 0.8], [0.0, 0.0]]
    """
    xp = array_namespace(e)
    length = xp.linalg.vector_norm(e, axis=-1, keepdims=True)
    return e / xp.where(length > 0, length, xp.ones_like(length))
