"""x log(y) with 0 log(y) = 0, so that a class without mass adds nothing."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace


def xlogy(x: Any, y: Any) -> Any:
    """Return x log(y), and 0 wherever x is 0; any shape.

    >>> import numpy as np
    >>> xlogy(np.array([0.0, 1.0]), np.array([0.0, 1.0])).tolist()
    [0.0, 0.0]
    """
    xp = array_namespace(x)
    empty = x == 0
    return xp.where(empty, xp.zeros_like(x), x * xp.log(xp.where(empty, xp.ones_like(y), y)))
