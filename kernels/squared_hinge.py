r"""Squared hinge loss of a margin.

.. math:: \ell(v) = \max(0, 1 - v)^2, \qquad \ell^\prime(v) = -2 \max(0, 1 - v)

Any shape; float64, float32, float16 and bfloat16 (stored only). The slope at a kink is that of its right side. NaN
gives NaN,
-inf gives inf, +inf gives 0.

References
----------
.. [1] P. L. Bartlett, M. I. Jordan, J. D. McAuliffe (2006). Convexity, classification, and risk bounds. JASA 101(473).

>>> squared_hinge([0.0, -1.0, 3.0])
array([1., 4., 0.])
"""

from typing import Any

import numpy as np

from losscheck.kernel import kernel
from losscheck.kernels.passes.elements import margin_loss
from losscheck.kernels.passes.special import ELEMENTWISE


def _plain(v: Any) -> Any:
    return np.maximum(0, 1 - v) ** 2


@kernel(
    loss="max(0, 1 - v)^2",
    plain=_plain,
    shape="elementwise",
    special=ELEMENTWISE,
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 0.51, "float64": 4.0},
)
@margin_loss()
def squared_hinge(v: Any, value: Any, slope: Any) -> None:
    """Squared hinge loss of a margin."""
    for i in range(v.shape[0]):
        x: Any = np.float64(v[i])
        r = 1.0 - x
        r = 0.0 if r < 0 else r
        value[i] = r * r
        if slope is not None:
            slope[i] = -2.0 * r
