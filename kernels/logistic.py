r"""Logistic loss of a margin.

.. math:: \ell(v) = \log(1 + e^{-v}), \qquad \ell^\prime(v) = -\frac{1}{1 + e^{v}}

Any shape; float64, float32, float16 and bfloat16 (stored only). The slope at a kink is that of its right side. NaN
gives NaN,
-inf gives inf, +inf gives 0.

References
----------
.. [1] P. L. Bartlett, M. I. Jordan, J. D. McAuliffe (2006). Convexity, classification, and risk bounds. JASA 101(473).

>>> logistic([0.0, 1e308, -1e308])
array([6.93147181e-001, 0.00000000e+000, 1.00000000e+308])
"""

from typing import Any

import numpy as np

from losscheck.kernel import kernel
from losscheck.kernels.passes.elements import margin_loss
from losscheck.kernels.passes.sigmoids import sigmoids, softplus
from losscheck.kernels.passes.special import ELEMENTWISE


def _plain(v: Any) -> Any:
    return np.logaddexp(0, -v)


@kernel(
    loss="log(1 + exp(-v))",
    plain=_plain,
    shape="elementwise",
    special=ELEMENTWISE,
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 0.51, "float64": 4.0},
)
@margin_loss()
def logistic(v: Any, value: Any, slope: Any) -> None:
    """Logistic loss of a margin."""
    for i in range(v.shape[0]):
        x: Any = np.float64(v[i])
        value[i] = softplus(-x)
        if slope is not None:
            slope[i] = -sigmoids(x)[1]
