r"""Modified Huber loss of a margin.

.. math:: \ell(v) = \max(0, 1 - v)^2\ (v \ge -1), \qquad -4 v\ (v < -1)

Any shape; float64, float32, float16 and bfloat16 (stored only). The slope at a kink is that of its right side. NaN
gives NaN,
-inf gives inf, +inf gives 0.

References
----------
.. [1] T. Zhang (2004). Statistical behavior and consistency of classification methods. Annals of Statistics 32(1).

>>> modified_huber([-2.0, 0.0, 3.0])
array([8., 1., 0.])
"""

from typing import Any

import numpy as np

from losscheck.kernel import kernel
from losscheck.kernels.passes.elements import margin_loss
from losscheck.kernels.passes.special import ELEMENTWISE


def _plain(v: Any) -> Any:
    return np.where(v < -1, -4 * v, np.maximum(0, 1 - v) ** 2)


@kernel(
    loss="max(0, 1 - v)^2 for v >= -1, else -4 v",
    plain=_plain,
    shape="elementwise",
    special=ELEMENTWISE,
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 0.51, "float64": 4.0},
)
@margin_loss()
def modified_huber(v: Any, value: Any, slope: Any) -> None:
    """Modified Huber loss of a margin."""
    for i in range(v.shape[0]):
        x: Any = np.float64(v[i])
        r = 1.0 - x
        r = 0.0 if r < 0 else r
        value[i] = -4.0 * x if x < -1 else r * r
        if slope is not None:
            slope[i] = -4.0 if x < -1 else -2.0 * r
