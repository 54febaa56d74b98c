r"""Poly-1 loss of logits and a true class.

.. math:: \ell_y(z) = -\log p_y + \varepsilon (1 - p_y), \qquad \frac{d\ell}{du} = -(1 - p_y)(1 + \varepsilon p_y)

with u the log-odds of the true class.

Shapes, dtypes and special values are those of ``cross_entropy``: the same passes over the row, another scalar tail.

References
----------
.. [1] Z. Leng, M. Tan, C. Liu, E. D. Cubuk, X. Shi, S. Cheng, D. Anguelov (2022). PolyLoss: a polynomial expansion
   perspective of classification loss functions. ICLR.

>>> import numpy as np
>>> poly1(np.array([[0.0, 0.0]]), [1], 2.0)
array([1.69314718])
"""

from typing import Any

import numpy as np

from losscheck.arrays import at_label, log_softmax
from losscheck.kernel import kernel
from losscheck.kernels.passes.odds_loss import odds_loss
from losscheck.kernels.passes.parameter import Parameter
from losscheck.kernels.passes.row_loss import row_loss
from losscheck.kernels.passes.special import ROW


def _plain(z: Any, y: Any, epsilon: float = 1.0) -> Any:
    log_p = at_label(log_softmax(z), y)
    return -log_p + epsilon * (1 - np.exp(log_p))


@kernel(
    loss="-log p_y + epsilon (1 - p_y), p = softmax(z)",
    plain=_plain,
    shape="rows",
    special=ROW,
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 2.0, "float64": 32.0},
)
@row_loss(Parameter("epsilon", 1.0, "[0, inf)"))
@odds_loss
def poly1(log_p: Any, log_q: Any, p: Any, q: Any, epsilon: float) -> Any:
    """Poly-1 loss: value -log p + epsilon q, slope -q (1 + epsilon p); epsilon < 0 would make them differences."""
    return -log_p + epsilon * q, -q * (1.0 + epsilon * p)
