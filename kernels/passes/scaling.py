"""From exponentials of a row and the slope in the log-odds to the gradient in the logits.

With u = z_y - log of the sum over the others, du/dz_y = 1 and du/dz_j = -e_j / s: the row of exponentials is scaled.
"""

from typing import Any

import numpy as np
from numba import njit

from losscheck.kernels.passes.options import REDUCE


@njit(**REDUCE)
def _wide(row: Any, c: float) -> None:
    for j in range(row.shape[0]):
        row[j] = np.float64(row[j]) * c


@njit(**REDUCE)
def _narrow(row: Any, c: Any) -> None:
    for j in range(row.shape[0]):
        row[j] *= c


@njit(**REDUCE)
def gradient(grad: Any, y: Any, total: Any, slope: Any, scale: float, accurate: bool) -> None:
    """Scale the exponentials in ``grad`` to the gradient; ``slope`` is d value / du."""
    for i in range(grad.shape[0]):
        c = -slope[i] * scale
        c = c / total[i] if total[i] != 0 else c  # no others: the slope is 0 or NaN
        row = grad[i]
        if accurate or not abs(c) < 1e30:  # c may overflow single precision where the products do not
            _wide(row, c)
        else:
            _narrow(row, row.dtype.type(c))
        if y[i] >= 0:
            row[y[i]] = slope[i] * scale
