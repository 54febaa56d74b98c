r"""Logarithm of the softmax of rows of logits.

.. math:: \log p_j = (z_j - z_m) - \log\Bigl(1 + \sum_{k \ne m} e^{z_k - z_m}\Bigr), \qquad m = \arg\max_k z_k

The largest class is left out of the sum, so its own logarithm does not collapse to 0; both terms have one sign, so
nothing cancels.

=========  =====================================================================
shape      (N, K) -> (N, K)
dtype      float64, float32; float16, bfloat16 are stored only
special    -inf gives -inf; +inf or NaN anywhere, or -inf everywhere: a row of NaN
=========  =====================================================================

>>> import numpy as np
>>> log_softmax(np.array([[40.0, 0.0]]))
array([[-4.24835426e-18, -4.00000000e+01]])
"""

from typing import Any

import numpy as np
from numba import njit

from losscheck.arrays import log_softmax as plain
from losscheck.kernel import kernel
from losscheck.kernels.passes.buffers import Array
from losscheck.kernels.passes.options import EXACT
from losscheck.kernels.passes.peak import over_peak
from losscheck.kernels.passes.row_map import row_map


@njit(**EXACT)
def _shifted(x: Any, peak: Any, log_p: Any, value: Any) -> None:
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            value[i, j] = (np.float64(x[i, j]) - peak[i]) + log_p[i]


@kernel(
    loss="log softmax(z)_j",
    plain=plain,
    shape="map",
    special={"-inf": "-inf", "+inf or NaN anywhere": "NaN", "-inf everywhere": "NaN"},
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 2.0, "float64": 8.0},
)
@row_map(reduces=False)
def log_softmax(x: Array, value: Array, accurate: bool) -> None:
    """Log-softmax per row."""
    peak, log_p = over_peak(x, accurate)
    _shifted(x, peak, log_p, value)
