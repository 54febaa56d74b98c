r"""Generalised cross-entropy of logits and a true class.

.. math:: \ell_y(z) = \frac{1 - p_y^q}{q}, \qquad \frac{d\ell}{du} = -p_y^q (1 - p_y)

with u the log-odds of the true class; q = 1 is the mean absolute error (halved), q to 0 the cross-entropy.

Shapes, dtypes and special values are those of ``cross_entropy``: the same passes over the row, another scalar tail.

References
----------
.. [1] Z. Zhang, M. R. Sabuncu (2018). Generalized cross entropy loss for training deep neural networks with noisy
   labels. NeurIPS.

>>> import numpy as np
>>> generalized_cross_entropy(np.array([[0.0, 0.0]]), [1], 1.0)
array([0.5])
"""

import math
from typing import Any

import numpy as np

from losscheck.arrays import at_label, log_softmax
from losscheck.kernel import kernel
from losscheck.kernels.passes.exp import exp64
from losscheck.kernels.passes.odds_loss import odds_loss
from losscheck.kernels.passes.parameter import Parameter
from losscheck.kernels.passes.row_loss import row_loss
from losscheck.kernels.passes.special import ROW


def _plain(z: Any, y: Any, power: float = 0.7) -> Any:
    return (1 - np.exp(at_label(log_softmax(z), y)) ** power) / power


@kernel(
    loss="(1 - p_y^q) / q, p = softmax(z)",
    plain=_plain,
    shape="rows",
    special=ROW,
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 2.0, "float64": 2048.0},
)
@row_loss(Parameter("power", 0.7, "(0, 1]"))
@odds_loss
def generalized_cross_entropy(log_p: Any, log_q: Any, p: Any, q: Any, power: float) -> Any:
    """Generalised cross-entropy: value (1 - p^power) / power, slope -p^power q."""
    return -math.expm1(power * log_p) / power, -exp64(power * log_p) * q
