r"""Modified Huber loss of a margin.

.. math:: \ell(v) = \max(0, 1 - v)^2\ (v \ge -1), \qquad -4 v\ (v < -1)

Any shape; float64, float32, and float16 (stored only). The slope at a kink is that of its right side. NaN gives NaN,
-inf gives inf, +inf gives 0.

References
----------
.. [1] T. Zhang (2004). Statistical behavior and consistency of classification methods. Annals of Statistics 32(1).

>>> modified_huber([-2.0, 0.0, 3.0])
array([8., 1., 0.])
"""

from typing import Any

import numpy as np
from numba import njit

from losscheck.kernel import kernel
from losscheck.kernels.passes.buffers import Array
from losscheck.kernels.passes.elements import margin_loss
from losscheck.kernels.passes.options import EXACT
from losscheck.kernels.passes.special import ELEMENTWISE


@njit(**EXACT)
def modified_huber_loop(v: Any, value: Any, slope: Any) -> None:
    """Value and, where wanted, slope."""
    for i in range(v.shape[0]):
        x: Any = np.float64(v[i])
        r = 1.0 - x
        r = 0.0 if r < 0 else r
        value[i] = -4.0 * x if x < -1 else r * r
        if slope is not None:
            slope[i] = -4.0 if x < -1 else -2.0 * r


@kernel(
    loss="max(0, 1 - v)^2 for v >= -1, else -4 v",
    shape="elementwise",
    special=ELEMENTWISE,
    max_ulp={"float16": 0.51, "float32": 0.51, "float64": 4.0},
)
def modified_huber(margins: Any, *, out: Array | None = None, grad: Array | None = None) -> Array:
    """Modified Huber loss, element by element; ``grad`` receives the derivative."""
    return margin_loss(modified_huber_loop, margins, out=out, grad=grad)
