"""Labels 0 and 1 as signs -1 and 1, in the dtype of the scores."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace


def signs(y: Any, z: Any) -> Any:
    """Return 2 y - 1 in the dtype of ``z``: in the labels' own dtype an unsigned 0 would become 255.

    >>> import numpy as np
    >>> signs(np.array([0, 1], dtype=np.uint8), np.zeros(2)).tolist()
    [-1.0, 1.0]
    """
    return 2 * array_namespace(z).astype(y, z.dtype) - 1
