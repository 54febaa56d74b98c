r"""Squentropy of logits and a true class: cross-entropy plus the mean square of the other logits.

.. math:: \ell_y(z) = -\log \frac{e^{z_y}}{\sum_j e^{z_j}} + \frac{1}{K - 1} \sum_{j \ne y} z_j^2

Shapes and dtypes are those of ``cross_entropy``. A class at -inf gives inf; otherwise special values are those of
``cross_entropy``; with one class there is no square. The error is measured by the largest of 1 and the magnitudes of
the logits, since parts of the gradient may cancel.

References
----------
.. [1] L. Hui, M. Belkin, S. Wright (2023). Cut your losses with squentropy. ICML.

>>> squentropy([[0.0, 2.0, 0.0]], [0]).round(12)
array([4.23954477])
"""

from typing import Any

import numpy as np
from numba import njit

from losscheck.arrays import at_label, log_softmax
from losscheck.kernel import kernel
from losscheck.kernels.cross_entropy import cross_entropy
from losscheck.kernels.passes.buffers import Array, rounded
from losscheck.kernels.passes.options import REDUCE
from losscheck.kernels.passes.row_loss import row_loss


def _plain(z: Any, y: Any) -> Any:
    squares = (np.sum(z**2, axis=1) - at_label(z, y) ** 2) / (z.shape[1] - 1)
    return -at_label(log_softmax(z), y) + squares


@njit(**REDUCE)
def _squares(x: Any, y: Any, value: Any, grad: Any, scale: float) -> None:
    k = x.shape[1]
    others = max(k - 1, 1)
    for i in range(x.shape[0]):
        s = 0.0
        for j in range(k):
            s += np.float64(x[i, j]) ** 2 if j != y[i] else 0.0
        value[i] += s / others
        if grad is not None:
            for j in range(k):
                grad[i, j] += scale * 2.0 / others * np.float64(x[i, j]) if j != y[i] else 0.0


@kernel(
    loss="-log softmax(z)_y + mean over j != y of z_j^2",
    plain=_plain,
    shape="rows",
    special={"NaN or +inf anywhere": "NaN", "-inf at a class": "inf", "-inf everywhere": "NaN"},
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 2.0, "float64": 8.0},
    scale="largest",
)
@row_loss()
def squentropy(x: Array, y: Array, value: Array, grad: Array | None, scale: float, accurate: bool) -> None:
    """Squentropy."""
    wide = np.empty(len(x))
    cross_entropy.chunk(x, y, wide, grad, scale, accurate)
    _squares(x, y, wide, grad, scale)
    rounded(wide, value)
