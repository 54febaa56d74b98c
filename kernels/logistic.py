r"""Logistic loss of a margin.

.. math:: \ell(v) = \log(1 + e^{-v}), \qquad \ell^\prime(v) = -\frac{1}{1 + e^{v}}

Any shape; float64, float32, and float16 (stored only). The slope at a kink is that of its right side. NaN gives NaN,
-inf gives inf, +inf gives 0.

References
----------
.. [1] P. L. Bartlett, M. I. Jordan, J. D. McAuliffe (2006). Convexity, classification, and risk bounds. JASA 101(473).

>>> logistic([0.0, 1e308, -1e308])
array([6.93147181e-001, 0.00000000e+000, 1.00000000e+308])
"""

from typing import Any

import numpy as np
from numba import njit

from losscheck.kernel import kernel
from losscheck.kernels.passes.buffers import Array
from losscheck.kernels.passes.elements import margin_loss
from losscheck.kernels.passes.options import EXACT
from losscheck.kernels.passes.sigmoids import sigmoids, softplus
from losscheck.kernels.passes.special import ELEMENTWISE


@njit(**EXACT)
def logistic_loop(v: Any, value: Any, slope: Any) -> None:
    """Value and, where wanted, slope."""
    for i in range(v.shape[0]):
        x: Any = np.float64(v[i])
        value[i] = softplus(-x)
        if slope is not None:
            slope[i] = -sigmoids(x)[1]


@kernel(
    loss="log(1 + exp(-v))",
    shape="elementwise",
    special=ELEMENTWISE,
    max_ulp={"float16": 0.51, "float32": 0.51, "float64": 4.0},
)
def logistic(margins: Any, *, out: Array | None = None, grad: Array | None = None) -> Array:
    """Logistic loss, element by element; ``grad`` receives the derivative."""
    return margin_loss(logistic_loop, margins, out=out, grad=grad)
