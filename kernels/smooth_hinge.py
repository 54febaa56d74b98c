r"""Smooth hinge loss of a margin.

.. math:: \ell(v) = \tfrac12 - v\ (v \le 0), \quad \tfrac12 (1 - v)^2\ (0 < v < 1), \quad 0\ (v \ge 1)

Any shape; float64, float32, and float16 (stored only). The slope at a kink is that of its right side. NaN gives NaN,
-inf gives inf, +inf gives 0.

References
----------
.. [1] J. D. M. Rennie, N. Srebro (2005). Loss functions for preference levels. IJCAI workshop.

>>> smooth_hinge([-1.0, 0.0, 0.5, 3.0])
array([1.5  , 0.5  , 0.125, 0.   ])
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
def smooth_hinge_loop(v: Any, value: Any, slope: Any) -> None:
    """Value and, where wanted, slope."""
    for i in range(v.shape[0]):
        x: Any = np.float64(v[i])
        r = 1.0 - x
        r = 0.0 if r < 0 else r
        value[i] = 0.5 - x if x < 0 else 0.5 * r * r
        if slope is not None:
            slope[i] = -1.0 if x < 0 else -r


@kernel(
    loss="1/2 - v for v <= 0, (1 - v)^2 / 2 for 0 < v < 1, else 0",
    shape="elementwise",
    special=ELEMENTWISE,
    max_ulp={"float16": 0.51, "float32": 0.51, "float64": 4.0},
)
def smooth_hinge(margins: Any, *, out: Array | None = None, grad: Array | None = None) -> Array:
    """Smooth hinge loss, element by element; ``grad`` receives the derivative."""
    return margin_loss(smooth_hinge_loop, margins, out=out, grad=grad)
