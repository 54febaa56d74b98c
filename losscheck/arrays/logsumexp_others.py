"""The logarithm of the sum of the exponentials of all scores but the label's."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays.is_label import is_label
from losscheck.arrays.logsumexp import logsumexp


def logsumexp_others(z: Any, y: Any) -> Any:
    """Return log(sum_{k != y} exp(z_k)) of each row: from (N, K) with K >= 2 and labels (N,), an array (N,).

    >>> import numpy as np
    >>> logsumexp_others(np.array([[0.0, 0.0, 900.0]]), np.array([2])).round(4).tolist()
    [0.6931]
    """
    xp = array_namespace(z)
    return logsumexp(xp.where(is_label(z, y), xp.full_like(z, -xp.inf), z))
