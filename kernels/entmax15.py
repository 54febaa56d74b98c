r"""1.5-entmax loss of logits and a true class; its gradient is the 1.5-entmax map minus the true vertex.

.. math:: p_j = \max(0, z_j / 2 - \tau)^2, \quad \sum_j p_j = 1, \qquad
   \ell_y(z) = \tfrac43 \Bigl(1 - \sum_j p_j^{3/2}\Bigr) + \sum_j p_j z_j - z_y

The threshold is found by Newton's method on the Euclidean norm of the positive parts, convex and falling, from
``max z / 2 - 1``: it never overshoots, and it needs no sorting. Logits are shifted by their maximum first.

Shapes and dtypes are those of ``cross_entropy``; rows are computed in double precision and rounded once. NaN and +inf
anywhere and -inf everywhere give NaN; a class at -inf has no part, a true class at -inf gives inf. The error is
measured by the largest of 1 and the magnitudes of the logits: the value is a difference of them.

References
----------
.. [1] B. Peters, V. Niculae, A. F. T. Martins (2019). Sparse sequence-to-sequence models. ACL.
.. [2] M. Blondel, A. F. T. Martins, V. Niculae (2020). Learning with Fenchel-Young losses. JMLR 21.

>>> import numpy as np
>>> grad = np.empty((1, 2))
>>> entmax15([[0.0, 0.0]], [0], grad=grad).round(12)
array([0.39052429])
>>> grad.round(12)
array([[-0.5,  0.5]])
"""

import math
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
    s = -np.sort(-z, axis=1) / 2
    rank = np.arange(1, z.shape[1] + 1)
    mean = np.cumsum(s, axis=1) / rank
    spread = np.cumsum(s**2, axis=1) - rank * mean**2
    taus = mean - np.sqrt(np.maximum(0, (1 - spread) / rank))
    size = np.sum(taus < s, axis=1)
    tau = np.sum(np.where(rank[None, :] == size[:, None], taus, 0), axis=1)
    root = np.maximum(0, z / 2 - tau[:, None])
    return 4 / 3 * (1 - np.sum(root**3, axis=1)) + np.sum(root**2 * z, axis=1) - at_label(z, y)


@njit(**EXACT)
def _threshold(row: Any, top: float) -> float:
    """The threshold of the row shifted by its maximum, in [-1, 0)."""
    tau = -1.0
    while True:
        first, second = 0.0, 0.0
        for j in range(row.shape[0]):
            d = 0.5 * (np.float64(row[j]) - top) - tau
            if d > 0:
                first += d
                second += d * d
        norm = math.sqrt(second)
        step = tau + (norm - 1.0) * norm / first
        if not step > tau:  # rounding ends the climb one step early or late, never the loop
            return tau
        tau = step


@kernel(
    loss="4/3 (1 - sum p_j^(3/2)) + sum p_j z_j - z_y, p = 1.5-entmax(z)",
    plain=_plain,
    shape="rows",
    special=ABSENT,
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 0.51, "float64": 64.0},
    scale="largest",
)
@row_loss()
@loop_loss
def entmax15(x: Any, y: Any, value: Any, grad: Any, scale: float) -> None:
    """1.5-entmax loss."""
    for i in range(x.shape[0]):
        if undefined(x, i, value, grad):
            continue
        top = -np.inf
        for j in range(x.shape[1]):
            top = max(top, np.float64(x[i, j]))
        tau = _threshold(x[i], top)
        own = np.float64(x[i, y[i]]) - top
        s = 4.0 / 3.0 - own
        for j in range(x.shape[1]):
            d = np.float64(x[i, j]) - top
            root = max(0.0, 0.5 * d - tau)
            if root > 0:
                s += root * root * (d - 4.0 / 3.0 * root)
            if grad is not None:
                grad[i, j] = scale * (root * root)
        value[i] = max(0.0, s)
        if grad is not None:
            root = max(0.0, 0.5 * own - tau)
            grad[i, y[i]] = scale * (root * root - 1.0)
