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

from losscheck.arrays import at_label
from losscheck.kernel import kernel
from losscheck.kernels.passes.loop_loss import loop_loss
from losscheck.kernels.passes.row_loss import row_loss
from losscheck.kernels.passes.special import ABSENT
from losscheck.kernels.passes.undefined import undefined


def _plain(z: Any, y: Any) -> Any:
    own = np.arange(z.shape[1])[None, :] == y[:, None]
    return np.maximum(0, 1 + np.max(np.where(own, -np.inf, z), axis=1) - at_label(z, y))


@kernel(
    loss="max(0, 1 + max over j != y of z_j - z_y)",
    plain=_plain,
    shape="rows",
    special=ABSENT,
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 0.51, "float64": 2.0},
    scale="largest",
)
@row_loss()
@loop_loss
def crammer_singer(x: Any, y: Any, value: Any, grad: Any, scale: float) -> None:
    """Crammer-Singer loss."""
    for i in range(x.shape[0]):
        if undefined(x, i, value, grad):
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
