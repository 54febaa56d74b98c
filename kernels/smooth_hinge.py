r"""Smooth hinge loss of a margin.

.. math:: \ell(v) = \tfrac12 - v\ (v \le 0), \quad \tfrac12 (1 - v)^2\ (0 < v < 1), \quad 0\ (v \ge 1)

Any shape; float64, float32, float16 and bfloat16 (stored only). The slope at a kink is that of its right side. NaN
gives NaN,
-inf gives inf, +inf gives 0.

References
----------
.. [1] J. D. M. Rennie, N. Srebro (2005). Loss functions for preference levels. IJCAI workshop.

>>> smooth_hinge([-1.0, 0.0, 0.5, 3.0])
array([1.5  , 0.5  , 0.125, 0.   ])
"""

from typing import Any

import numpy as np

from losscheck.kernel import kernel
from losscheck.kernels.passes.elements import margin_loss
from losscheck.kernels.passes.special import ELEMENTWISE


def _plain(v: Any) -> Any:
    return np.where(v < 0, 0.5 - v, np.where(v < 1, (1 - v) ** 2 / 2, 0))


@kernel(
    loss="1/2 - v for v <= 0, (1 - v)^2 / 2 for 0 < v < 1, else 0",
    plain=_plain,
    shape="elementwise",
    special=ELEMENTWISE,
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 0.51, "float64": 4.0},
)
@margin_loss()
def smooth_hinge(v: Any, value: Any, slope: Any) -> None:
    """Smooth hinge loss of a margin."""
    for i in range(v.shape[0]):
        x: Any = np.float64(v[i])
        r = 1.0 - x
        r = 0.0 if r < 0 else r
        value[i] = 0.5 - x if x < 0 else 0.5 * r * r
        if slope is not None:
            slope[i] = -1.0 if x < 0 else -r
