r"""Focal loss of logits and a true class, for every exponent, without NaN.

.. math:: \ell_y(z) = -(1 - p_y)^\gamma \log p_y, \quad
   \frac{d\ell}{du} = (1 - p_y)^\gamma (\gamma p_y \log p_y - (1 - p_y))

with u the log-odds of the true class. ``1 - p`` is computed as the share of the others, never as a difference: as coded
elsewhere, the gradient is NaN for gamma < 1 as soon as p rounds to 1.

Shapes, dtypes and special values are those of ``cross_entropy``: the same passes over the row, another scalar tail.

References
----------
.. [1] T.-Y. Lin, P. Goyal, R. Girshick, K. He, P. Dollar (2017). Focal loss for dense object detection. ICCV.

>>> import numpy as np
>>> grad = np.empty((1, 2), np.float32)
>>> focal(np.array([[20.0, 0.0]], np.float32), [0], 0.5, grad=grad)
array([9.357623e-14], dtype=float32)
>>> grad
array([[-1.4036435e-13,  1.4036435e-13]], dtype=float32)
"""

from typing import Any

import numpy as np

from losscheck.arrays import at_label, log_softmax
from losscheck.kernel import kernel
from losscheck.kernels.passes.exp import exp64
from losscheck.kernels.passes.odds_loss import odds_loss
from losscheck.kernels.passes.parameter import Parameter
from losscheck.kernels.passes.row_loss import row_loss
from losscheck.kernels.passes.special import ROW


def _plain(z: Any, y: Any, gamma: float = 2.0) -> Any:
    log_p = at_label(log_softmax(z), y)
    return -((1 - np.exp(log_p)) ** gamma) * log_p


@kernel(
    loss="-(1 - p_y)^gamma log p_y, p = softmax(z)",
    plain=_plain,
    shape="rows",
    special=ROW,
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 2.0, "float64": 2048.0},
)
@row_loss(Parameter("gamma", 2.0, "[0, inf)"))
@odds_loss
def focal(log_p: Any, log_q: Any, p: Any, q: Any, gamma: float) -> Any:
    """Focal loss: value -q^gamma log p, slope q^gamma (gamma p log p - q)."""
    weight = exp64(gamma * log_q) if gamma > 0 else 1.0
    term = p * log_p if p > 0 else 0.0 * log_q
    return -weight * log_p, weight * (gamma * term - q)
