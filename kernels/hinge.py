r"""Hinge loss of a margin.

.. math:: \ell(v) = \max(0, 1 - v)

Any shape; float64, float32, float16 and bfloat16 (stored only). The slope at a kink is that of its right side. NaN
gives NaN,
-inf gives inf, +inf gives 0.

References
----------
.. [1] C. Cortes, V. Vapnik (1995). Support-vector networks. Machine Learning 20.

>>> hinge([0.0, 1.0, 3.0])
array([1., 0., 0.])
"""

from typing import Any

import numpy as np

from losscheck.kernel import kernel
from losscheck.kernels.passes.elements import margin_loss
from losscheck.kernels.passes.special import ELEMENTWISE


def _plain(v: Any) -> Any:
    return np.maximum(0, 1 - v)


@kernel(
    loss="max(0, 1 - v)",
    plain=_plain,
    shape="elementwise",
    special=ELEMENTWISE,
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 0.51, "float64": 4.0},
)
@margin_loss()
def hinge(v: Any, value: Any, slope: Any) -> None:
    """Hinge loss of a margin."""
    for i in range(v.shape[0]):
        x: Any = np.float64(v[i])
        r = 1.0 - x
        value[i] = 0.0 if r < 0 else r
        if slope is not None:
            slope[i] = -1.0 if r > 0 else 0.0 * value[i]
