r"""Crammer-Singer loss of logits and a true class.

.. math:: \ell_y(z) = \max\bigl(0, 1 + \max_{j \ne y} z_j - z_y\bigr)

The gradient is -1 at the true class and 1 at the first of the largest others where the loss is positive, else 0.

Shapes and dtypes are those of ``cross_entropy``; rows are computed in double precision and rounded once. NaN and +inf
anywhere give NaN; a class at -inf has no part, a true class at -inf gives inf. The error is measured by
the largest of 1 and the magnitudes of the logits: the value is a difference of them.

References
----------
.. [1] K. Crammer, Y. Singer (2001). On the algorithmic implementation of multiclass kernel-based vector machines.
   JMLR 2.

>>> crammer_singer([[1.0, 0.5, 0.0]], [0])
array([0.5])
"""

from typing import Any

import numpy as np
from numba import njit

from losscheck.kernel import kernel
from losscheck.kernels.passes.buffers import Array
from losscheck.kernels.passes.options import EXACT
from losscheck.kernels.passes.whole_rows import whole_row_loss


@njit(**EXACT)
def crammer_singer_loop(x: Any, y: Any, value: Any, grad: Any, scale: float) -> None:
    """Value, and gradient where wanted."""
    for i in range(x.shape[0]):
        bad = False
        for j in range(x.shape[1]):
            bad |= not x[i, j] < np.inf
        if bad:
            value[i] = np.nan
            if grad is not None:
                grad[i] = np.nan
            continue
        rival, top = -1, -np.inf
        for j in range(x.shape[1]):
            if j != y[i] and x[i, j] > top:
                rival, top = j, np.float64(x[i, j])
        gap = top - np.float64(x[i, y[i]]) if rival >= 0 else -np.inf
        value[i] = max(0.0, 1.0 + gap)
        if grad is not None:
            grad[i] = 0
            if 1.0 + gap > 0:
                grad[i, rival] = scale
                grad[i, y[i]] = -scale


@kernel(
    loss="max(0, 1 + max over j != y of z_j - z_y)",
    shape="rows",
    special={"NaN anywhere": "NaN", "+inf anywhere": "NaN", "-inf at another class": "that class has no part"},
    max_ulp={"float16": 0.51, "float32": 0.51, "float64": 2.0},
    scale="largest",
)
def crammer_singer(
    logits: Any,
    labels: Any,
    *,
    out: Array | None = None,
    grad: Array | None = None,
    scale: float = 1.0,
    threads: int = 1,
) -> Array:
    """Crammer-Singer loss per row; ``grad`` receives ``scale`` times the gradient."""
    return whole_row_loss(crammer_singer_loop, logits, labels, out=out, grad=grad, scale=scale, threads=threads)
