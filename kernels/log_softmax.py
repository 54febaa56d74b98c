r"""Logarithm of the softmax of rows of logits.

.. math:: \log p_j = (z_j - z_m) - \log\Bigl(1 + \sum_{k \ne m} e^{z_k - z_m}\Bigr), \qquad m = \arg\max_k z_k

The largest class is left out of the sum, so its own logarithm does not collapse to 0; both terms have one sign, so
nothing cancels.

=========  =====================================================================
shape      (N, K) -> (N, K)
dtype      float64, float32; float16 is stored in that dtype, computed in float32
special    -inf gives -inf; +inf or NaN anywhere, or -inf everywhere: a row of NaN
=========  =====================================================================

>>> import numpy as np
>>> log_softmax(np.array([[40.0, 0.0]]))
array([[-4.24835426e-18, -4.00000000e+01]])
"""

from typing import Any

import numpy as np
from numba import njit

from losscheck.kernel import kernel
from losscheck.kernels.passes.buffers import Array, floats, handed_back, output, working
from losscheck.kernels.passes.chunks import over_chunks
from losscheck.kernels.passes.odds import odds
from losscheck.kernels.passes.options import EXACT
from losscheck.kernels.passes.peak import peaks
from losscheck.kernels.passes.rows import sums


@njit(**EXACT)
def _shifted(x: Any, peak: Any, log_p: Any, value: Any) -> None:
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            value[i, j] = (np.float64(x[i, j]) - peak[i]) + log_p[i]


@kernel(
    loss="log softmax(z)_j",
    shape="map",
    special={"-inf": "-inf", "+inf or NaN anywhere": "NaN", "-inf everywhere": "NaN"},
    max_ulp={"float16": 0.51, "float32": 2.0, "float64": 8.0},
)
def log_softmax(logits: Any, *, out: Array | None = None, accurate: bool = False, threads: int = 1) -> Array:
    """Log-softmax per row. The bound is that of ``accurate``, which computes float32 rows in double precision."""
    kind = np.asarray(logits).dtype
    x = floats(logits, "logits", 2)
    value = output(out, x.shape, kind, "out")
    wide = working(value, x.dtype)

    def run(cut: slice) -> None:
        part = x[cut]
        where = np.empty(len(part), np.int64)
        target, top, total, log_p, log_q, p, q, peak = np.empty((8, len(part)))
        peaks(part, where, peak)
        sums(part, where, accurate, target, top, total, None)
        odds(target, top, total, log_p, log_q, p, q)
        _shifted(part, peak, log_p, wide[cut])

    over_chunks(run, len(x), x.shape[1], threads)
    handed_back(value, wide)
    return value
