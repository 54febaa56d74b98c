"""log(1 + exp(v)) without overflow."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace


def softplus(v: Any) -> Any:
    """Return log(1 + exp(v)), any shape.

    >>> import numpy as np
    >>> softplus(np.array([-800.0, 800.0])).tolist()
    [0.0, 800.0]
    """
    xp = array_namespace(v)
    return xp.logaddexp(v, xp.zeros_like(v))
