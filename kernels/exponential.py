r"""Exponential loss of a margin.

.. math:: \ell(v) = e^{-v}, \qquad \ell^\prime(v) = -e^{-v}

Any shape; float64, float32, and float16 (stored only). The slope at a kink is that of its right side. NaN gives NaN,
-inf gives inf, +inf gives 0.

References
----------
.. [1] P. L. Bartlett, M. I. Jordan, J. D. McAuliffe (2006). Convexity, classification, and risk bounds. JASA 101(473).

>>> exponential([0.0, -1.0])
array([1.        , 2.71828183])
"""

from typing import Any

import numpy as np
from numba import njit

from losscheck.kernel import kernel
from losscheck.kernels.passes.buffers import Array
from losscheck.kernels.passes.elements import margin_loss
from losscheck.kernels.passes.exp import exp64
from losscheck.kernels.passes.options import EXACT
from losscheck.kernels.passes.special import ELEMENTWISE


@njit(**EXACT)
def exponential_loop(v: Any, value: Any, slope: Any) -> None:
    """Value and, where wanted, slope."""
    for i in range(v.shape[0]):
        x: Any = np.float64(v[i])
        e = exp64(-x)
        value[i] = e
        if slope is not None:
            slope[i] = -e


@kernel(
    loss="exp(-v)",
    shape="elementwise",
    special=ELEMENTWISE,
    max_ulp={"float16": 0.51, "float32": 0.51, "float64": 4.0},
)
def exponential(margins: Any, *, out: Array | None = None, grad: Array | None = None) -> Array:
    """Exponential loss, element by element; ``grad`` receives the derivative."""
    return margin_loss(exponential_loop, margins, out=out, grad=grad)
