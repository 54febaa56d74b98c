r"""Z-loss of logits and a true class: a softplus of the standardised logit.

.. math:: \ell_y(z) = \frac1a \log\bigl(1 + e^{a (b - u_y)}\bigr), \qquad u_j = \frac{z_j - \mu}{\sigma}, \quad
   \mu = \frac1K \sum_k z_k, \quad \sigma^2 = \frac1K \sum_k (z_k - \mu)^2

Shifting and scaling the logits changes nothing. The loss depends on them only through z_y, their sum and the sum of
their squares, so an output layer of D classes on d units can be trained in O(d^2) per example, whatever D:
``losscheck.kernels.passes.spherical_output`` does that.

Shapes and dtypes are those of ``cross_entropy``; rows are computed in double precision and rounded once. A logit that
is not finite, and a row of equal logits, give NaN. The error of the value is measured by the largest of 1 and the
magnitudes of the logits.

References
----------
.. [1] A. de Brebisson, P. Vincent (2016). The Z-loss: a shift and scale invariant classification loss belonging to the
   spherical family. arXiv 1604.08859.

>>> z_loss([[1.0, -1.0]], [0], 1.0, 1.0)
array([0.69314718])
"""

import math
from typing import Any

import numpy as np

from losscheck.arrays import at_label, softplus
from losscheck.kernel import kernel
from losscheck.kernels.passes.loop_loss import loop_loss
from losscheck.kernels.passes.parameter import Parameter
from losscheck.kernels.passes.row_loss import row_loss
from losscheck.kernels.passes.sigmoids import sigmoids
from losscheck.kernels.passes.sigmoids import softplus as soft


def _plain(z: Any, y: Any, a: float = 0.1, b: float = 10.0) -> Any:
    mean = np.mean(z, axis=1)
    spread = np.sqrt(np.mean((z - mean[:, None]) ** 2, axis=1))
    return softplus(a * (b - (at_label(z, y) - mean) / spread)) / a


@kernel(
    loss="softplus(a (b - (z_y - mean z) / std z)) / a",
    plain=_plain,
    shape="rows",
    special={"NaN, +inf or -inf anywhere": "NaN", "all logits equal": "NaN"},
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 0.51, "float64": 256.0},
    scale="largest",
)
@row_loss(Parameter("a", 0.1, "(0, inf)"), Parameter("b", 10.0, "(-inf, inf)"))
@loop_loss
def z_loss(x: Any, y: Any, value: Any, grad: Any, scale: float, a: float, b: float) -> None:
    """Z-loss."""
    k = x.shape[1]
    for i in range(x.shape[0]):
        top, mean, square = np.float64(x[i, 0]), 0.0, 0.0
        for j in range(k):
            mean += (np.float64(x[i, j]) - top) / k
        for j in range(k):
            square += ((np.float64(x[i, j]) - top) - mean) ** 2 / k
        spread = math.sqrt(square)
        u = ((np.float64(x[i, y[i]]) - top) - mean) / spread
        value[i] = soft(a * (b - u)) / a
        if grad is not None:
            c = -scale * sigmoids(a * (b - u))[0] / spread
            for j in range(k):
                other = ((np.float64(x[i, j]) - top) - mean) / spread
                grad[i, j] = c * ((1.0 if j == y[i] else 0.0) - 1.0 / k - u * other / k)
