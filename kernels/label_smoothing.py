r"""Cross-entropy with label smoothing.

.. math:: \ell_y(z) = (1 - \varepsilon)\,\mathrm{CE}_y(z) + \frac{\varepsilon}{K} \sum_k \mathrm{CE}_k(z)
   = \mathrm{CE}_y(z) + \varepsilon \Bigl(z_y - \frac1K \sum_k z_k\Bigr)

The gradient is ``softmax(z) - (1 - epsilon) e_y - epsilon / K``: differences that may cancel, so the error is measured
by the largest of 1 and the magnitudes of the logits.

Shapes and dtypes are those of ``cross_entropy``. With a positive epsilon a class at -inf gives inf (its own
cross-entropy is infinite); otherwise special values are those of ``cross_entropy``.

References
----------
.. [1] C. Szegedy, V. Vanhoucke, S. Ioffe, J. Shlens, Z. Wojna (2016). Rethinking the inception architecture for
   computer vision. CVPR.

>>> label_smoothing([[0.0, 0.0]], [1], 0.1)
array([0.69314718])
"""

from typing import Any

import numpy as np
from numba import njit

from losscheck.arrays import at_label, log_softmax
from losscheck.kernel import kernel
from losscheck.kernels.cross_entropy import cross_entropy
from losscheck.kernels.passes.buffers import Array, rounded
from losscheck.kernels.passes.loops import total_of
from losscheck.kernels.passes.options import REDUCE
from losscheck.kernels.passes.parameter import Parameter
from losscheck.kernels.passes.row_loss import row_loss


def _plain(z: Any, y: Any, epsilon: float = 0.1) -> Any:
    log_p = log_softmax(z)
    return -(1 - epsilon) * at_label(log_p, y) - epsilon * np.mean(log_p, axis=1)


@njit(**REDUCE)
def _smooth(x: Any, y: Any, value: Any, grad: Any, scale: float, epsilon: float) -> None:
    k = x.shape[1]
    for i in range(x.shape[0]):
        if value[i] < np.inf:  # else the true class is at -inf, and stays the answer
            value[i] += epsilon * (np.float64(x[i, y[i]]) - total_of(x[i]) / k)
        if grad is not None:
            low = scale * epsilon / k
            for j in range(k):
                grad[i, j] -= low
            grad[i, y[i]] += scale * epsilon


@kernel(
    loss="(1 - epsilon) CE_y + epsilon mean_k CE_k",
    plain=_plain,
    shape="rows",
    special={"NaN or +inf anywhere": "NaN", "-inf at a class, epsilon > 0": "inf", "-inf everywhere": "NaN"},
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 2.0, "float64": 8.0},
    scale="largest",
)
@row_loss(Parameter("epsilon", 0.1, "[0, 1)"))
def label_smoothing(
    x: Array, y: Array, value: Array, grad: Array | None, scale: float, accurate: bool, epsilon: float
) -> None:
    """Smoothed cross-entropy."""
    wide = np.empty(len(x))
    cross_entropy.chunk(x, y, wide, grad, scale, accurate)
    if epsilon > 0:
        _smooth(x, y, wide, grad, scale, epsilon)
    rounded(wide, value)
