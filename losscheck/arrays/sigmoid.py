"""The logistic function."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays.softplus import softplus


def sigmoid(v: Any) -> Any:
    """Return 1 / (1 + exp(-v)), any shape, as exp(-softplus(-v)): no overflow on either side.

    >>> import numpy as np
    >>> sigmoid(np.array([-800.0, 0.0, 800.0])).tolist()
    [0.0, 0.5, 1.0]
    """
    return array_namespace(v).exp(-softplus(-v))
