r"""Logarithm of the sum of the exponentials of rows of logits.

.. math:: \operatorname{lse}(z) = z_m + \log\Bigl(1 + \sum_{k \ne m} e^{z_k - z_m}\Bigr), \qquad m = \arg\max_k z_k

For a negative largest logit the two terms cancel near lse = 0, where the result is as exact as its terms: the error is
measured by the largest of 1 and the magnitudes of the logits.

=========  =====================================================================
shape      (N, K) -> (N,)
dtype      float64, float32; float16, bfloat16 are stored only
special    NaN anywhere: NaN; else +inf anywhere: inf; -inf everywhere: -inf
=========  =====================================================================

>>> import numpy as np
>>> logsumexp(np.array([[1000.0, 1000.0], [-np.inf, -np.inf]]))
array([1000.69314718,          -inf])
"""

from typing import Any

import numpy as np
from numba import njit

from losscheck.arrays import logsumexp as plain
from losscheck.kernel import kernel
from losscheck.kernels.passes.buffers import Array
from losscheck.kernels.passes.options import EXACT
from losscheck.kernels.passes.peak import over_peak
from losscheck.kernels.passes.row_map import row_map


@njit(**EXACT)
def _raised(peak: Any, log_p: Any, value: Any) -> None:
    for i in range(peak.shape[0]):
        value[i] = peak[i] if abs(peak[i]) == np.inf else peak[i] - log_p[i]


def _plain(z: Any, y: Any) -> Any:
    return plain(z)  # the label of the kind plays no part


@kernel(
    loss="log sum_k exp(z_k)",
    plain=_plain,
    shape="sum",
    special={"NaN anywhere": "NaN", "+inf anywhere": "inf", "-inf": "weight 0", "-inf everywhere": "-inf"},
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 2.0, "float64": 4.0},
    scale="largest",
)
@row_map(reduces=True)
def logsumexp(x: Array, value: Array, accurate: bool) -> None:
    """Log-sum-exp per row."""
    peak, log_p = over_peak(x, accurate)
    _raised(peak, log_p, value)
