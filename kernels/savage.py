r"""Savage loss of a margin.

.. math:: \ell(v) = \frac{1}{(1 + e^{2 v})^2}, \qquad \ell^\prime(v) = -\frac{4 e^{2 v}}{(1 + e^{2 v})^3}

Any shape; float64, float32, float16 and bfloat16 (stored only). The slope at a kink is that of its right side. NaN
gives NaN,
-inf gives 1, +inf gives 0.

References
----------
.. [1] H. Masnadi-Shirazi, N. Vasconcelos (2008). On the design of loss functions for classification. NIPS.

>>> savage([0.0, -1e3])
array([0.25, 1.  ])
"""

from typing import Any

import numpy as np

from losscheck.kernel import kernel
from losscheck.kernels.passes.elements import margin_loss
from losscheck.kernels.passes.sigmoids import sigmoids
from losscheck.kernels.passes.special import ELEMENTWISE


def _plain(v: Any) -> Any:
    return 1 / (1 + np.exp(2 * v)) ** 2


@kernel(
    loss="1 / (1 + exp(2 v))^2",
    plain=_plain,
    shape="elementwise",
    special=ELEMENTWISE,
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 0.51, "float64": 8.0},
)
@margin_loss()
def savage(v: Any, value: Any, slope: Any) -> None:
    """Savage loss of a margin."""
    for i in range(v.shape[0]):
        x: Any = np.float64(v[i])
        p, q = sigmoids(2.0 * x)
        value[i] = q * q
        if slope is not None:
            slope[i] = -4.0 * p * q * q
