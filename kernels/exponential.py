r"""Exponential loss of a margin.

.. math:: \ell(v) = e^{-v}, \qquad \ell^\prime(v) = -e^{-v}

Any shape; float64, float32, float16 and bfloat16 (stored only). The slope at a kink is that of its right side. NaN
gives NaN,
-inf gives inf, +inf gives 0.

References
----------
.. [1] P. L. Bartlett, M. I. Jordan, J. D. McAuliffe (2006). Convexity, classification, and risk bounds. JASA 101(473).

>>> exponential([0.0, -1.0])
array([1.        , 2.71828183])
"""

from typing import Any

import numpy as np

from losscheck.kernel import kernel
from losscheck.kernels.passes.elements import margin_loss
from losscheck.kernels.passes.exp import exp64
from losscheck.kernels.passes.special import ELEMENTWISE


def _plain(v: Any) -> Any:
    return np.exp(-v)


@kernel(
    loss="exp(-v)",
    plain=_plain,
    shape="elementwise",
    special=ELEMENTWISE,
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 0.51, "float64": 4.0},
)
@margin_loss()
def exponential(v: Any, value: Any, slope: Any) -> None:
    """Exponential loss of a margin."""
    for i in range(v.shape[0]):
        x: Any = np.float64(v[i])
        e = exp64(-x)
        value[i] = e
        if slope is not None:
            slope[i] = -e
