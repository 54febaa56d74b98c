r"""Ramp loss of a margin.

.. math:: \ell(v) = \min(1 - s, \max(0, 1 - v))

Any shape; float64, float32, float16 and bfloat16 (stored only). The slope at a kink is that of its right side. NaN
gives NaN,
-inf gives 1 - s, +inf gives 0.

References
----------
.. [1] R. Collobert, F. Sinz, J. Weston, L. Bottou (2006). Trading convexity for scalability. ICML.

>>> ramp([-5.0, 0.5, 3.0])
array([1. , 0.5, 0. ])
"""

from typing import Any

import numpy as np

from losscheck.kernel import kernel
from losscheck.kernels.passes.elements import margin_loss
from losscheck.kernels.passes.parameter import Parameter
from losscheck.kernels.passes.special import ELEMENTWISE


def _plain(v: Any, bend: float = 0.0) -> Any:
    return np.minimum(1 - bend, np.maximum(0, 1 - v))


@kernel(
    loss="min(1 - bend, max(0, 1 - v))",
    plain=_plain,
    shape="elementwise",
    special=ELEMENTWISE,
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 0.51, "float64": 4.0},
)
@margin_loss(Parameter("bend", 0.0, "(-inf, 1)"))
def ramp(v: Any, value: Any, slope: Any, bend: float) -> None:
    """Ramp loss of a margin."""
    for i in range(v.shape[0]):
        x: Any = np.float64(v[i])
        r = 1.0 - x
        r = 0.0 if r < 0 else r
        high = 1.0 - bend
        value[i] = high if r > high else r
        if slope is not None:
            slope[i] = (-1.0 if 1.0 > x >= bend else 0.0) if x == x else x
