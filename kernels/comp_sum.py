r"""Comp-sum losses of logits and a true class.

.. math:: \ell_y(z) = \Phi^\tau\Bigl(\sum_{j \ne y} e^{z_j - z_y}\Bigr), \quad
   \Phi^\tau(s) = \frac{(1 + s)^{1 - \tau} - 1}{1 - \tau}\ (\tau \ne 1), \quad \Phi^1(s) = \log(1 + s)

``tau`` = 0 is the sum-exponential loss, 1 the cross-entropy, 2 the mean absolute error (halved), between 1 and 2 the
generalised cross-entropy with exponent tau - 1. In the log-odds u of the true class the slope is
``-(1 + s)^(1 - tau) (1 - p_y)``.

Shapes, dtypes and special values are those of ``cross_entropy``: the same passes over the row, another scalar tail.

References
----------
.. [1] A. Mao, M. Mohri, Y. Zhong (2023). Cross-entropy loss functions: theoretical analysis and applications. ICML.

>>> import numpy as np
>>> comp_sum(np.array([[0.0, 0.0, 0.0]]), [1], 0.0)
array([2.])
"""

import math
from typing import Any

import numpy as np

from losscheck.arrays import at_label
from losscheck.kernel import kernel
from losscheck.kernels.passes.exp import exp64
from losscheck.kernels.passes.odds_loss import odds_loss
from losscheck.kernels.passes.parameter import Parameter
from losscheck.kernels.passes.row_loss import row_loss
from losscheck.kernels.passes.special import ROW


def _plain(z: Any, y: Any, tau: float = 1.0) -> Any:
    s = np.sum(np.exp(z - at_label(z, y)[:, None]), axis=1)
    return np.log(s) if tau == 1 else (s ** (1 - tau) - 1) / (1 - tau)


@kernel(
    loss="((1 + s)^(1 - tau) - 1) / (1 - tau), s = sum of exp(z_j - z_y) over j != y; log(1 + s) at tau = 1",
    plain=_plain,
    shape="rows",
    special=ROW,
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 2.0, "float64": 2048.0},
)
@row_loss(Parameter("tau", 1.0, "[0, inf)"))
@odds_loss
def comp_sum(log_p: Any, log_q: Any, p: Any, q: Any, tau: float) -> Any:
    """Comp-sum loss: value from log(1 + s) = -log p, slope -p^(tau - 1) q."""
    power = 1.0 - tau
    if power == 0:
        return -log_p, -q
    return math.expm1(-power * log_p) / power, -exp64(-power * log_p) * q
