r"""Softmax of rows of logits.

.. math:: p_j = \frac{e^{z_j}}{\sum_k e^{z_k}}

The exponentials are stored in the output and scaled (the reload variant of the three-pass algorithm). Probabilities far
below the rounding of 1 are right to the last subnormal, and exactly 0 below.

=========  =====================================================================
shape      (N, K) -> (N, K)
dtype      float64, float32; float16, bfloat16 are stored only
special    -inf gives 0; +inf or NaN anywhere, or -inf everywhere: a row of NaN
=========  =====================================================================

References
----------
.. [1] M. Dukhan, A. Ablavatski (2020). The two-pass softmax algorithm. arXiv 2001.04438 (its three-pass variants).

>>> import numpy as np
>>> softmax(np.array([[0.0, -np.inf, 0.0]]))
array([[0.5, 0. , 0.5]])
"""

import numpy as np

from losscheck.arrays import softmax as plain
from losscheck.kernel import kernel
from losscheck.kernels.passes.buffers import Array
from losscheck.kernels.passes.odds_loss import FEW_CLASSES, Sums, few
from losscheck.kernels.passes.row_map import row_map
from losscheck.kernels.passes.softmaxes import softmaxes


@kernel(
    loss="exp(z_j) / sum_k exp(z_k)",
    plain=plain,
    shape="map",
    special={"-inf": "0", "+inf or NaN anywhere": "NaN", "-inf everywhere": "NaN"},
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 2.0, "float64": 8.0},
)
@row_map(reduces=False, alone=1 + max(FEW_CLASSES.values()))
def softmax(x: Array, value: Array, accurate: bool) -> None:
    """Softmax per row."""
    if not few(x):
        wide, exact = accurate or x.dtype == np.float64, True if accurate and x.dtype == np.float64 else None
        softmaxes(x, np.float64(0) if wide else x.dtype.type(0), value, exact)
        return
    sums = Sums(x, None, accurate, value)
    sums.scaled(np.where(sums.total == 0, np.nan, -1.0), 1.0)
