r"""Sparsemax loss of logits and a true class; its gradient is the sparsemax map minus the true vertex.

.. math:: \operatorname{sparsemax}(z)_j = \max(0, z_j - \tau), \quad \sum_j \max(0, z_j - \tau) = 1, \qquad
   \ell_y(z) = \tfrac12 - z_y + \tfrac12 \sum_{z_j > \tau} (z_j^2 - \tau^2)

The threshold is found by Newton's method on the convex piecewise linear sum, from ``max z - 1``: it never overshoots,
and each step but the last drops a class, so it ends without sorting. Logits are shifted by their maximum first.

Shapes and dtypes are those of ``cross_entropy``; rows are computed in double precision and rounded once. NaN and +inf
anywhere give NaN; a class at -inf has no part, a true class at -inf gives inf. The error is measured by
the largest of 1 and the magnitudes of the logits: the value is a difference of them.

References
----------
.. [1] A. F. T. Martins, R. F. Astudillo (2016). From softmax to sparsemax. ICML.
.. [2] C. Michelot (1986). A finite algorithm for finding the projection of a point onto the canonical simplex.
   JOTA 50.

>>> import numpy as np
>>> grad = np.empty((1, 3))
>>> sparsemax([[0.5, 0.25, -1.0]], [0], grad=grad)
array([0.140625])
>>> grad
array([[-0.375,  0.375,  0.   ]])
"""

from typing import Any

import numpy as np
from numba import njit

from losscheck.arrays import at_label
from losscheck.kernel import kernel
from losscheck.kernels.passes.loop_loss import loop_loss
from losscheck.kernels.passes.options import EXACT
from losscheck.kernels.passes.row_loss import row_loss
from losscheck.kernels.passes.special import ABSENT
from losscheck.kernels.passes.undefined import undefined


def _plain(z: Any, y: Any) -> Any:
    s = -np.sort(-z, axis=1)
    sums = np.cumsum(s, axis=1)
    rank = np.arange(1, z.shape[1] + 1)
    inside = 1 + rank * s > sums
    size = np.sum(inside, axis=1)
    tau = (np.sum(np.where(inside, s, 0), axis=1) - 1) / size
    return 0.5 - at_label(z, y) + 0.5 * np.sum(np.where(inside, s**2 - tau[:, None] ** 2, 0), axis=1)


@njit(**EXACT)
def _threshold(row: Any, top: float) -> float:
    """The threshold of the row shifted by its maximum, in [-1, 0)."""
    tau = -1.0
    while True:
        s, n = -1.0, 0
        for j in range(row.shape[0]):
            d = np.float64(row[j]) - top
            if d > tau:
                s += d - tau
                n += 1
        step = tau + s / n
        if not step > tau:  # rounding ends the climb one step early or late, never the loop
            return tau
        tau = step


@kernel(
    loss="1/2 - z_y + sum over z_j > tau of (z_j^2 - tau^2) / 2",
    plain=_plain,
    shape="rows",
    special=ABSENT,
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 0.51, "float64": 64.0},
    scale="largest",
)
@row_loss()
@loop_loss
def sparsemax(x: Any, y: Any, value: Any, grad: Any, scale: float) -> None:
    """Sparsemax loss."""
    for i in range(x.shape[0]):
        if undefined(x, i, value, grad):
            continue
        top = -np.inf
        for j in range(x.shape[1]):
            top = max(top, np.float64(x[i, j]))
        tau = _threshold(x[i], top)
        s = 0.5 - (np.float64(x[i, y[i]]) - top)
        for j in range(x.shape[1]):
            d = np.float64(x[i, j]) - top
            if d > tau:
                s += 0.5 * (d - tau) * (d + tau)
            if grad is not None:
                grad[i, j] = scale * max(0.0, d - tau)
        value[i] = max(0.0, s)
        if grad is not None:
            own = np.float64(x[i, y[i]]) - top
            grad[i, y[i]] = scale * (max(0.0, own - tau) - 1.0)
