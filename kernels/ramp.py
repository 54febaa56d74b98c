r"""Ramp loss of a margin.

.. math:: \ell(v) = \min(1 - s, \max(0, 1 - v))

Any shape; float64, float32, and float16 (stored only). The slope at a kink is that of its right side. NaN gives NaN,
-inf gives 1 - s, +inf gives 0.

References
----------
.. [1] R. Collobert, F. Sinz, J. Weston, L. Bottou (2006). Trading convexity for scalability. ICML.

>>> ramp([-5.0, 0.5, 3.0])
array([1. , 0.5, 0. ])
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
def ramp_loop(v: Any, value: Any, slope: Any, bend: float) -> None:
    """Value and, where wanted, slope."""
    for i in range(v.shape[0]):
        x: Any = np.float64(v[i])
        r = 1.0 - x
        r = 0.0 if r < 0 else r
        high = 1.0 - bend
        value[i] = high if r > high else r
        if slope is not None:
            slope[i] = (-1.0 if 1.0 > x >= bend else 0.0) if x == x else x


@kernel(
    loss="min(1 - bend, max(0, 1 - v))",
    shape="elementwise",
    special=ELEMENTWISE,
    max_ulp={"float16": 0.51, "float32": 0.51, "float64": 4.0},
)
def ramp(margins: Any, bend: float = 0.0, *, out: Array | None = None, grad: Array | None = None) -> Array:
    """Ramp loss, element by element; ``grad`` receives the derivative."""
    if not bend < 1:
        raise ValueError(f"bend is {bend}; give a number below 1: the loss is constant to the left of it")
    return margin_loss(ramp_loop, margins, bend, out=out, grad=grad)
