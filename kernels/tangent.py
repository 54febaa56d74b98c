r"""Tangent loss of a margin.

.. math:: \ell(v) = (2 \arctan v - 1)^2, \qquad \ell^\prime(v) = \frac{4 (2 \arctan v - 1)}{1 + v^2}

Any shape; float64, float32, float16 and bfloat16 (stored only). The slope at a kink is that of its right side. NaN
gives NaN,
-inf gives (pi + 1)^2, +inf gives (pi - 1)^2.

References
----------
.. [1] H. Masnadi-Shirazi, V. Mahadevan, N. Vasconcelos (2010). On the design of robust classifiers for computer
   vision. CVPR.

>>> tangent([0.0])
array([1.])
"""

import math
from typing import Any

import numpy as np

from losscheck.kernel import kernel
from losscheck.kernels.passes.elements import margin_loss
from losscheck.kernels.passes.special import ELEMENTWISE


def _plain(v: Any) -> Any:
    return (2 * np.arctan(v) - 1) ** 2


@kernel(
    loss="(2 atan(v) - 1)^2",
    plain=_plain,
    shape="elementwise",
    special=ELEMENTWISE,
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 0.51, "float64": 8.0},
    scale="largest",
)
@margin_loss()
def tangent(v: Any, value: Any, slope: Any) -> None:
    """Tangent loss of a margin."""
    for i in range(v.shape[0]):
        x: Any = np.float64(v[i])
        u = 2.0 * math.atan(x) - 1.0
        value[i] = u * u
        if slope is not None:
            slope[i] = 4.0 * u / (1.0 + x * x)
