r"""Softmax of rows that are read twice only: no pass for the largest logit.

.. math:: e^{z_j} = m_j 2^{n_j}, \quad n_j = \mathrm{round}(z_j \log_2 e), \qquad
    p_j = \frac{m_j}{m} 2^{n_j - n}, \quad m 2^n = \sum_k m_k 2^{n_k}

The first pass sums pairs of mantissa and exponent, the larger exponent leads; the second makes the pairs again. Nothing
overflows, as no power of two is formed but 2^(n_j - n) <= 1. ``z_j - n_j log 2`` needs the digits of the product: log 2
is split in three, so that n_j times its leading parts is exact for abs(z_j) <= 2^20. A row with a logit beyond, or one
that is not finite, is handed to the three passes of ``softmax``, which see the difference to the largest.

One number at a time, in double precision: many times slower than ``softmax`` wherever a row fits into a cache.

=========  =====================================================================
shape      (N, K) -> (N, K)
dtype      float64, float32; float16, bfloat16 are stored only
special    -inf gives 0; +inf or NaN anywhere, or -inf everywhere: a row of NaN
=========  =====================================================================

References
----------
.. [1] M. Dukhan, A. Ablavatski (2020). The two-pass softmax algorithm. arXiv 2001.04438.

>>> import numpy as np
>>> softmax_two_pass(np.array([[0.0, -np.inf, 0.0], [1000.0, 1000.0, -1000.0]]))
array([[0.5, 0. , 0.5],
       [0.5, 0.5, 0. ]])
"""

import math
from typing import Any

import numpy as np
from numba import njit

from losscheck.arrays import softmax as plain
from losscheck.kernel import kernel
from losscheck.kernels.passes.buffers import Array
from losscheck.kernels.passes.exp import exp64
from losscheck.kernels.passes.options import EXACT
from losscheck.kernels.passes.row_map import row_map
from losscheck.kernels.passes.softmaxes import softmaxes

LIMIT, LOG2E = 2.0**20, 1.4426950408889634
HIGH, MIDDLE, LOW = (float.fromhex(x) for x in ("0x1.62e42fe8p-1", "0x1.e8e7bcd000000p-31", "0x1.793c7673007e6p-61"))
"""log 2 in three parts; the first two have 30 bits each, so a number below 2^21 times them is exact."""


@njit(**EXACT)
def _pair(z: float) -> tuple[float, float]:
    n = math.floor(z * LOG2E + 0.5)
    return exp64(((z - n * HIGH) - n * MIDDLE) - n * LOW), n


@njit(**EXACT)
def _row(x: Any, value: Any) -> bool:
    """One row, or False where it is not for this algorithm."""
    total, lost, lead = 0.0, 0.0, -np.inf
    for j in range(x.size):
        z = np.float64(x[j])
        if not abs(z) <= LIMIT:
            return False
        m, n = _pair(z)
        if n > lead:
            shrink = math.ldexp(1.0, int(max(lead - n, -3000.0))) if lead > -np.inf else 0.0
            total, lost, lead = total * shrink, lost * shrink, n
        else:
            m *= math.ldexp(1.0, int(max(n - lead, -3000.0)))
        sum_ = total + m
        lost += (total - sum_) + m if total >= m else (m - sum_) + total
        total = sum_
    share = 1 / (total + lost)
    for j in range(x.size):
        m, n = _pair(np.float64(x[j]))
        value[j] = math.ldexp(m * share, int(max(n - lead, -3000.0)))
    return True


@njit(**EXACT)
def _rows(x: Any, value: Any) -> None:
    for i in range(x.shape[0]):
        if not _row(x[i], value[i]):
            softmaxes(x[i : i + 1], 0.0, value[i : i + 1], True)


@kernel(
    loss="exp(z_j) / sum_k exp(z_k)",
    plain=plain,
    shape="map",
    special={"-inf": "0", "+inf or NaN anywhere": "NaN", "-inf everywhere": "NaN"},
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 0.51, "float64": 8.0},
)
@row_map(reduces=False)
def softmax_two_pass(x: Array, value: Array, accurate: bool) -> None:
    """Softmax per row, in two passes; always as ``accurate``."""
    _rows(x, value)
