"""Which entries of the scores belong to the label of their row."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace


def is_label(z: Any, y: Any) -> Any:
    """Return the boolean array (N, K) whose entry (i, k) says whether k is the label of row i.

    >>> import numpy as np
    >>> is_label(np.zeros((2, 3)), np.array([0, 2])).tolist()
    [[True, False, False], [False, False, True]]
    """
    xp = array_namespace(z)
    return xp.arange(z.shape[1])[None, :] == y[:, None]
