r"""Lee-Lin-Wahba loss of logits and a true class, the logits centred.

.. math:: \ell_y(z) = \sum_{j \ne y} \max(0, 1 + z_j - \bar z), \qquad \bar z = \frac1K \sum_k z_k

Centring is the constraint that scores sum to 0, built in; without it the loss is not calibrated. The gradient is
``h_j - sum(h) / K`` with h_j = 1 where a term is positive, else 0.

Shapes and dtypes are those of ``cross_entropy``; rows are computed in double precision and rounded once. A logit that
is not finite gives NaN: the mean is not defined. The error is measured by the largest of 1 and the magnitudes of the
logits.

References
----------
.. [1] Y. Lee, Y. Lin, G. Wahba (2004). Multicategory support vector machines. JASA 99(465).

>>> lee_lin_wahba([[1.0, 0.0, -1.0]], [0])
array([1.])
"""

from typing import Any

import numpy as np

from losscheck.arrays import at_label
from losscheck.kernel import kernel
from losscheck.kernels.passes.loop_loss import loop_loss
from losscheck.kernels.passes.row_loss import row_loss


def _plain(z: Any, y: Any) -> Any:
    terms = np.maximum(0, 1 + z - np.mean(z, axis=1)[:, None])
    return np.sum(terms, axis=1) - at_label(terms, y)


@kernel(
    loss="sum over j != y of max(0, 1 + z_j - mean z)",
    plain=_plain,
    shape="rows",
    special={"NaN, +inf or -inf anywhere": "NaN"},
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 0.51, "float64": 1024.0},
    scale="largest",
)
@row_loss()
@loop_loss
def lee_lin_wahba(x: Any, y: Any, value: Any, grad: Any, scale: float) -> None:
    """Lee-Lin-Wahba loss."""
    k = x.shape[1]
    for i in range(x.shape[0]):
        top, mean = np.float64(x[i, 0]), 0.0
        for j in range(k):
            mean += (np.float64(x[i, j]) - top) / k
        s = mean * 0  # NaN where the mean is not finite
        count = s
        for j in range(k):
            term = 1.0 + ((np.float64(x[i, j]) - top) - mean)
            hit = j != y[i] and term > 0
            s += term if hit else 0.0
            count += 1.0 if hit else 0.0
            if grad is not None:
                grad[i, j] = 1.0 if hit else 0.0
        value[i] = s
        if grad is not None:
            for j in range(k):
                grad[i, j] = scale * (np.float64(grad[i, j]) - count / k)
