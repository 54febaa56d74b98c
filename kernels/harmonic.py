r"""Harmonic loss of distances to the classes and a true class.

.. math:: p_j = \frac{d_j^{-n}}{\sum_k d_k^{-n}}, \qquad \ell_y(d) = -\log p_y,
   \qquad \frac{\partial \ell_y}{\partial d_j} = -\frac{n}{d_j} (p_j - [j = y])

It is the cross-entropy of the logits ``-n log d``; the powers themselves are never formed: with n = 28 they leave
single precision at d = 0.052 and at 23.8. The gradient is in the distances.

Shapes and dtypes are those of ``cross_entropy``; rows are computed in double precision and rounded once. A distance
that is 0, negative or NaN gives NaN (at 0 the gradient has no limit); a class at distance inf has weight 0.

References
----------
.. [1] D. D. Baek, Z. Liu, R. Tyagi, M. Tegmark (2025). Harmonic loss trains interpretable AI models. arXiv 2502.01628.

>>> harmonic([[1.0, 2.0]], [0], 1.0)
array([0.40546511])
"""

from typing import Any

import numpy as np

from losscheck.arrays import at_label, log_softmax
from losscheck.kernel import kernel
from losscheck.kernels.passes.log import log
from losscheck.kernels.passes.mapped_loss import mapped_loss
from losscheck.kernels.passes.parameter import Parameter
from losscheck.kernels.passes.row_loss import row_loss


def _plain(z: Any, y: Any, exponent: float = 28.0) -> Any:
    return -at_label(log_softmax(-exponent * np.log(z)), y)


@kernel(
    loss="-log(d_y^-n / sum_k d_k^-n)",
    plain=_plain,
    shape="rows",
    signature="z:(N,K):positive y:(N,):index",
    special={"NaN, 0 or negative anywhere": "NaN", "+inf at another class": "weight 0", "+inf everywhere": "NaN"},
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 0.51, "float64": 65536.0},
)
@row_loss(Parameter("exponent", 28.0, "(0, inf)"))
@mapped_loss
def harmonic(x: Any, z: Any, slope: Any, exponent: float) -> None:
    """Harmonic loss of distances."""
    for i in range(x.shape[0]):
        d: Any = np.float64(x[i])
        small = d < 1e-290  # subnormal distances are not in the domain of log
        width = log(d * 2.0**200 if small else d) - (200 * 0.6931471805599453 if small else 0.0)
        z[i] = -exponent * width if d < np.inf else -np.inf
        z[i] = z[i] if d > 0 else np.nan
        slope[i] = -exponent / d
