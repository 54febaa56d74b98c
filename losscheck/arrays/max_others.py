"""The largest entry among the classes other than the label."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays.is_label import is_label


def max_others(terms: Any, y: Any) -> Any:
    """Return max_{k != y} terms_k of each row: from (N, K) with K >= 2 and labels (N,), an array (N,).

    >>> import numpy as np
    >>> max_others(np.array([[1.0, 2.0, 9.0]]), np.array([2])).tolist()
    [2.0]
    """
    xp = array_namespace(terms)
    return xp.max(xp.where(is_label(terms, y), xp.full_like(terms, -xp.inf), terms), axis=1)
