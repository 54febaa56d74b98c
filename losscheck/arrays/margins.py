"""How far the label's score lies above each score."""

from __future__ import annotations

from typing import Any

from losscheck.arrays.at_label import at_label


def margins(z: Any, y: Any) -> Any:
    """Return z_y - z_k, shape (N, K): zero in the label's own column.

    >>> import numpy as np
    >>> margins(np.array([[1.0, 2.0]]), np.array([1])).tolist()
    [[1.0, 0.0]]
    """
    return at_label(z, y)[:, None] - z
