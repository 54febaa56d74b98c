r"""Perceptron loss of a margin.

.. math:: \ell(v) = \max(0, -v)

Any shape; float64, float32, float16 and bfloat16 (stored only). The slope at a kink is that of its right side. NaN
gives NaN,
-inf gives inf, +inf gives 0.

References
----------
.. [1] F. Rosenblatt (1958). The perceptron: a probabilistic model for information storage. Psychological Review 65.

>>> perceptron([-2.0, 3.0])
array([2., 0.])
"""

from typing import Any

import numpy as np

from losscheck.kernel import kernel
from losscheck.kernels.passes.elements import margin_loss
from losscheck.kernels.passes.special import ELEMENTWISE


def _plain(v: Any) -> Any:
    return np.maximum(0, -v)


@kernel(
    loss="max(0, -v)",
    plain=_plain,
    shape="elementwise",
    special=ELEMENTWISE,
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 0.51, "float64": 4.0},
)
@margin_loss()
def perceptron(v: Any, value: Any, slope: Any) -> None:
    """Perceptron loss of a margin."""
    for i in range(v.shape[0]):
        x: Any = np.float64(v[i])
        value[i] = -x if x <= 0 else 0.0 * x
        value[i] = value[i] if x != np.inf else 0.0
        if slope is not None:
            slope[i] = (-1.0 if x < 0 else 0.0) if x == x else x
