r"""Normalised cross-entropy of logits and a true class.

.. math:: \ell_y(z) = \frac{-\log p_y}{\sum_k -\log p_k}

It lies in [0, 1] and sums to 1 over the classes. Shapes, dtypes, special values and errors are those of
``active_passive`` with alpha = 1, beta = 0.

References
----------
.. [1] X. Ma, H. Huang, Y. Wang, S. Romano, S. Erfani, J. Bailey (2020). Normalized loss functions for deep learning
   with noisy labels. ICML.

>>> normalized_cross_entropy([[0.0, 0.0, 0.0]], [1]).round(12)
array([0.33333333])
"""

from typing import Any

import numpy as np

from losscheck.arrays import at_label, log_softmax
from losscheck.kernel import kernel
from losscheck.kernels.active_passive import active_passive
from losscheck.kernels.passes.buffers import Array
from losscheck.kernels.passes.row_loss import row_loss


def _plain(z: Any, y: Any) -> Any:
    log_p = log_softmax(z)
    return at_label(log_p, y) / np.sum(log_p, axis=1)


@kernel(
    loss="log p_y / sum_k log p_k, p = softmax(z)",
    plain=_plain,
    shape="rows",
    special={
        "NaN or +inf anywhere": "NaN",
        "-inf at another class": "0",
        "-inf at the true class": "NaN",
        "-inf everywhere": "NaN",
    },
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 2.0, "float64": 16.0},
    scale="largest",
)
@row_loss()
def normalized_cross_entropy(
    x: Array, y: Array, value: Array, grad: Array | None, scale: float, accurate: bool
) -> None:
    """Normalised cross-entropy."""
    active_passive.chunk(x, y, value, grad, scale, accurate, 1.0, 0.0)
