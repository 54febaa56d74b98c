"""The logarithm of the logistic function."""

from __future__ import annotations

from typing import Any

from losscheck.arrays.softplus import softplus


def log_sigmoid(v: Any) -> Any:
    """Return log(1 / (1 + exp(-v))) = -softplus(-v), any shape.

    >>> import numpy as np
    >>> log_sigmoid(np.array([-800.0])).tolist()
    [-800.0]
    """
    return -softplus(-v)
