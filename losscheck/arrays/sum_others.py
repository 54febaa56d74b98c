"""Sums over the classes other than the label."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays.is_label import is_label


def sum_others(terms: Any, y: Any) -> Any:
    """Return sum_{k != y} terms_k of each row: from (N, K) and labels (N,), an array (N,).

    The label's own term is left out, not subtracted: it may be infinite.

    >>> import numpy as np
    >>> sum_others(np.array([[1.0, 2.0, np.inf]]), np.array([2])).tolist()
    [3.0]
    """
    xp = array_namespace(terms)
    return xp.sum(xp.where(is_label(terms, y), xp.zeros_like(terms), terms), axis=1)
