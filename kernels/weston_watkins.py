r"""Weston-Watkins loss of logits and a true class.

.. math:: \ell_y(z) = \sum_{j \ne y} \max(0, 1 + z_j - z_y)

The gradient counts: 1 at each other class whose term is positive, minus their number at the true class.

Shapes and dtypes are those of ``cross_entropy``; rows are computed in double precision and rounded once. NaN and +inf
anywhere give NaN; a class at -inf has no part, a true class at -inf gives inf. The error is measured by
the largest of 1 and the magnitudes of the logits: the value is a difference of them.

References
----------
.. [1] J. Weston, C. Watkins (1999). Support vector machines for multi-class pattern recognition. ESANN.

>>> weston_watkins([[1.0, 0.5, 0.25]], [0])
array([0.75])
"""

from typing import Any

import numpy as np
from numba import njit

from losscheck.kernel import kernel
from losscheck.kernels.passes.buffers import Array
from losscheck.kernels.passes.options import EXACT
from losscheck.kernels.passes.whole_rows import whole_row_loss


@njit(**EXACT)
def weston_watkins_loop(x: Any, y: Any, value: Any, grad: Any, scale: float) -> None:
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
        own = np.float64(x[i, y[i]])
        s = 0.0
        count = 0
        for j in range(x.shape[1]):
            term = 1.0 + (np.float64(x[i, j]) - own)
            hit = j != y[i] and x[i, j] > -np.inf and term > 0
            s += term if hit else 0.0
            count += 1 if hit else 0
            if grad is not None:
                grad[i, j] = scale if hit else 0.0
        value[i] = s
        if grad is not None:
            grad[i, y[i]] = -scale * count


@kernel(
    loss="sum over j != y of max(0, 1 + z_j - z_y)",
    shape="rows",
    special={"NaN anywhere": "NaN", "+inf anywhere": "NaN", "-inf at another class": "that class has no part"},
    max_ulp={"float16": 0.51, "float32": 0.51, "float64": 1024.0},
    scale="largest",
)
def weston_watkins(
    logits: Any,
    labels: Any,
    *,
    out: Array | None = None,
    grad: Array | None = None,
    scale: float = 1.0,
    threads: int = 1,
) -> Array:
    """Weston-Watkins loss per row; ``grad`` receives ``scale`` times the gradient."""
    return whole_row_loss(weston_watkins_loop, logits, labels, out=out, grad=grad, scale=scale, threads=threads)
