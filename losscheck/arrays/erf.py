"""The error function, which the array API standard does not have."""

from __future__ import annotations

import sys
from typing import Any

from array_api_compat import is_torch_array


def erf(v: Any) -> Any:
    """Return erf(v), any shape, by torch for its tensors and by SciPy for NumPy's arrays.

    >>> import numpy as np
    >>> erf(np.array([0.0, 10.0])).tolist()
    [0.0, 1.0]
    """
    if is_torch_array(v):
        return sys.modules["torch"].erf(v)
    from scipy import special

    return special.erf(v)
