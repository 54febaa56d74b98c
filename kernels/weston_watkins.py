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

from losscheck.arrays import at_label
from losscheck.kernel import kernel
from losscheck.kernels.passes.loop_loss import loop_loss
from losscheck.kernels.passes.row_loss import row_loss
from losscheck.kernels.passes.special import ABSENT
from losscheck.kernels.passes.undefined import undefined


def _plain(z: Any, y: Any) -> Any:
    return np.sum(np.maximum(0, 1 + z - at_label(z, y)[:, None]), axis=1) - 1


@kernel(
    loss="sum over j != y of max(0, 1 + z_j - z_y)",
    plain=_plain,
    shape="rows",
    special=ABSENT,
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 0.51, "float64": 1024.0},
    scale="largest",
)
@row_loss()
@loop_loss
def weston_watkins(x: Any, y: Any, value: Any, grad: Any, scale: float) -> None:
    """Weston-Watkins loss."""
    for i in range(x.shape[0]):
        if undefined(x, i, value, grad):
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
