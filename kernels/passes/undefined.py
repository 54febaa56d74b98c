"""Rows of logits without a defined loss: NaN or +inf anywhere, or -inf everywhere."""

from typing import Any

import numpy as np
from numba import njit

from losscheck.kernels.passes.options import EXACT


@njit(**EXACT)
def undefined(x: Any, i: int, value: Any, grad: Any) -> bool:
    """Whether row i is one; its value and gradient are then NaN."""
    bad, gone = False, True
    for j in range(x.shape[1]):
        bad |= not x[i, j] < np.inf
        gone &= x[i, j] == -np.inf
    if bad or gone:
        value[i] = np.nan
        if grad is not None:
            grad[i] = np.nan
    return bad or gone
