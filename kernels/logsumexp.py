r"""Logarithm of the sum of the exponentials of rows of logits.

.. math:: \operatorname{lse}(z) = z_m + \log\Bigl(1 + \sum_{k \ne m} e^{z_k - z_m}\Bigr), \qquad m = \arg\max_k z_k

For a negative largest logit the two terms cancel near lse = 0, where the result is as exact as its terms: the error is
measured by the largest of 1 and the magnitudes of the logits.

=========  =====================================================================
shape      (N, K) -> (N,)
dtype      float64, float32; float16 is stored in that dtype, computed in float32
special    NaN anywhere: NaN; else +inf anywhere: inf; -inf everywhere: -inf
=========  =====================================================================

>>> import numpy as np
>>> logsumexp(np.array([[1000.0, 1000.0], [-np.inf, -np.inf]]))
array([1000.69314718,          -inf])
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
def _raised(peak: Any, log_p: Any, value: Any) -> None:
    for i in range(peak.shape[0]):
        value[i] = peak[i] if abs(peak[i]) == np.inf else peak[i] - log_p[i]


@kernel(
    loss="log sum_k exp(z_k)",
    shape="rows",
    special={"NaN anywhere": "NaN", "+inf anywhere": "inf", "-inf": "weight 0", "-inf everywhere": "-inf"},
    max_ulp={"float16": 0.51, "float32": 2.0, "float64": 4.0},
    scale="largest",
)
def logsumexp(logits: Any, *, out: Array | None = None, accurate: bool = False, threads: int = 1) -> Array:
    """Log-sum-exp per row. The bound is that of ``accurate``, which computes float32 rows in double precision."""
    kind = np.asarray(logits).dtype
    x = floats(logits, "logits", 2)
    value = output(out, (len(x),), kind, "out")
    wide = working(value, x.dtype)

    def run(cut: slice) -> None:
        part = x[cut]
        where = np.empty(len(part), np.int64)
        target, top, total, log_p, log_q, p, q, peak = np.empty((8, len(part)))
        peaks(part, where, peak)
        sums(part, where, accurate, target, top, total, None)
        odds(target, top, total, log_p, log_q, p, q)
        _raised(peak, log_p, wide[cut])

    over_chunks(run, len(x), x.shape[1], threads)
    handed_back(value, wide)
    return value
