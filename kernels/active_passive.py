r"""Active-passive loss of logits and a true class: normalised cross-entropy and mean absolute error.

.. math:: \ell_y(z) = \alpha \frac{-\log p_y}{\sum_k -\log p_k} + \beta (1 - p_y)

The denominator is ``K (-log p_y) + sum_k (z_y - z_k)``. The mean absolute error is halved, so beta is twice that of
[1], and reverse cross-entropy with log 0 = -A is beta = A.

Shapes and dtypes are those of ``cross_entropy``. A class at -inf has an infinite cross-entropy: the normalised part is
then 0, and NaN where it is the true class; other special values are those of ``cross_entropy``; one class gives NaN.
The error is measured by the largest of 1 and the magnitudes of the logits.

References
----------
.. [1] X. Ma, H. Huang, Y. Wang, S. Romano, S. Erfani, J. Bailey (2020). Normalized loss functions for deep learning
   with noisy labels. ICML.

>>> active_passive([[0.0, 0.0]], [1], 1.0, 1.0)
array([1.])
"""

from typing import Any

import numpy as np
from numba import njit

from losscheck.arrays import at_label, log_softmax
from losscheck.kernel import kernel
from losscheck.kernels.cross_entropy import cross_entropy
from losscheck.kernels.passes.buffers import Array, rounded
from losscheck.kernels.passes.exp import exp64
from losscheck.kernels.passes.loops import total_of
from losscheck.kernels.passes.options import REDUCE
from losscheck.kernels.passes.parameter import Parameter
from losscheck.kernels.passes.row_loss import row_loss


def _plain(z: Any, y: Any, alpha: float = 1.0, beta: float = 1.0) -> Any:
    log_p = log_softmax(z)
    own = at_label(log_p, y)
    return alpha * own / np.sum(log_p, axis=1) + beta * (1 - np.exp(own))


@njit(**REDUCE)
def _normalised(x: Any, y: Any, value: Any, grad: Any, scale: float, alpha: float, beta: float) -> None:
    """From cross-entropy and its gradient, in place."""
    k = x.shape[1]
    for i in range(x.shape[0]):
        own = value[i]
        p = exp64(-own)
        every = k * (own + (np.float64(x[i, y[i]]) - total_of(x[i]) / k))
        value[i] = alpha * own / every - beta * np.expm1(-own)
        if grad is not None:
            a = alpha / every + beta * p - alpha * own / every * (k / every)
            b = alpha * own / every / every
            q = -np.float64(grad[i, y[i]])
            for j in range(k):
                grad[i, j] = scale * (a * np.float64(grad[i, j]) + b)
            grad[i, y[i]] = -scale * (q * (alpha / every + beta * p) + b * (k * (1.0 - q) - 1.0))


@kernel(
    loss="alpha (log p_y / sum_k log p_k) + beta (1 - p_y), p = softmax(z)",
    plain=_plain,
    shape="rows",
    special={
        "NaN or +inf anywhere": "NaN",
        "-inf at another class": "the normalised part is 0",
        "-inf at the true class": "NaN",
        "-inf everywhere": "NaN",
    },
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 2.0, "float64": 16.0},
    scale="largest",
)
@row_loss(Parameter("alpha", 1.0, "[0, inf)"), Parameter("beta", 1.0, "[0, inf)"))
def active_passive(
    x: Array, y: Array, value: Array, grad: Array | None, scale: float, accurate: bool, alpha: float, beta: float
) -> None:
    """Normalised cross-entropy and mean absolute error."""
    wide = np.empty(len(x))
    cross_entropy.chunk(x, y, wide, grad, 1.0, accurate)
    _normalised(x, y, wide, grad, scale, alpha, beta)
    rounded(wide, value)
