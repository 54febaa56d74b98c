r"""Matsushita loss of a margin.

.. math:: \ell(v) = \sqrt{1 + v^2} - v, \qquad \ell^\prime(v) = -\frac{\ell(v)}{\sqrt{1 + v^2}}

Any shape; float64, float32, float16 and bfloat16 (stored only). The slope at a kink is that of its right side. NaN
gives NaN,
-inf gives inf, +inf gives 0.

References
----------
.. [1] R. Nock, F. Nielsen (2009). Bregman divergences and surrogates for learning. IEEE TPAMI 31(11).

>>> matsushita([0.0, -0.75])
array([1., 2.])
"""

import math
from typing import Any

import numpy as np

from losscheck.kernel import kernel
from losscheck.kernels.passes.elements import margin_loss
from losscheck.kernels.passes.special import ELEMENTWISE


def _plain(v: Any) -> Any:
    return np.sqrt(1 + v**2) - v


@kernel(
    loss="sqrt(1 + v^2) - v",
    plain=_plain,
    shape="elementwise",
    special=ELEMENTWISE,
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 0.51, "float64": 4.0},
)
@margin_loss()
def matsushita(v: Any, value: Any, slope: Any) -> None:
    """Matsushita loss of a margin."""
    for i in range(v.shape[0]):
        x: Any = np.float64(v[i])
        root = math.hypot(1.0, x)
        value[i] = root - x if x < 0 else 1.0 / (root + x)  # the difference would cancel
        if slope is not None:
            wide = root - x if x < 0 else 1.0 / (root + x)
            slope[i] = -wide / root if x != -np.inf else -2.0
