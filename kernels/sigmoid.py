r"""Sigmoid loss of a margin.

.. math:: \ell(v) = \frac{1}{1 + e^{v}}, \qquad \ell^\prime(v) = -\frac{e^{v}}{(1 + e^{v})^2}

Any shape; float64, float32, float16 and bfloat16 (stored only). The slope at a kink is that of its right side. NaN
gives NaN,
-inf gives 1, +inf gives 0.

References
----------
.. [1] P. L. Bartlett, M. I. Jordan, J. D. McAuliffe (2006). Convexity, classification, and risk bounds. JASA 101(473).

>>> sigmoid([0.0, -1e3])
array([0.5, 1. ])
"""

from typing import Any

import numpy as np

from losscheck.kernel import kernel
from losscheck.kernels.passes.elements import margin_loss
from losscheck.kernels.passes.sigmoids import sigmoids
from losscheck.kernels.passes.special import ELEMENTWISE


def _plain(v: Any) -> Any:
    return 1 / (1 + np.exp(v))


@kernel(
    loss="1 / (1 + exp(v))",
    plain=_plain,
    shape="elementwise",
    special=ELEMENTWISE,
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 0.51, "float64": 4.0},
)
@margin_loss()
def sigmoid(v: Any, value: Any, slope: Any) -> None:
    """Sigmoid loss of a margin."""
    for i in range(v.shape[0]):
        x: Any = np.float64(v[i])
        p, q = sigmoids(x)
        value[i] = q
        if slope is not None:
            slope[i] = -p * q
