"""The largest logit of a row, the first class that has it, and its log-probability."""

from typing import Any

import numpy as np
from numba import njit

from losscheck.kernels.passes.buffers import Array
from losscheck.kernels.passes.loops import largest
from losscheck.kernels.passes.odds import odds
from losscheck.kernels.passes.odds_loss import Sums
from losscheck.kernels.passes.options import EXACT, REDUCE

_STEP = 256
_U = np.uint64


@njit(**REDUCE)
def _hits(flat: Any, start: int, n: int, m: Any) -> int:
    count = 0
    for j in range(n):
        count += 1 if flat[_U(start) + _U(j)] == m else 0
    return count


@njit(**EXACT)
def peaks(x: Any, where: Any, peak: Any) -> None:
    """Fill in the class and the logit, NaN being passed over; beside infinite logits it makes the logit NaN."""
    k, flat = x.shape[1], x.reshape(x.size)
    for i in range(x.shape[0]):
        m = largest(flat, i * k, k, -1)
        where[i], peak[i] = 0, m
        if abs(m) == np.inf:  # NaN elsewhere shows in the sums, but these are taken for the result
            for j in range(k):
                if not flat[_U(i * k + j)] <= np.inf:
                    peak[i] = np.nan
        for first in range(0, k, _STEP):  # whole steps are searched by a vectorised count
            n = min(_STEP, k - first)
            if _hits(flat, i * k + first, n, m):
                for j in range(n):
                    if flat[_U(i * k + first + j)] == m:
                        where[i] = first + j
                        break
                break


def over_peak(x: Array, accurate: bool) -> tuple[Array, Array]:
    """The largest logit of every row and the logarithm of its softmax, in double precision."""
    where = np.empty(len(x), np.int64)
    log_p, log_q, p, q, peak = np.empty((5, len(x)))
    peaks(x, where, peak)
    sums = Sums(x, where, accurate, None)
    odds(sums.target, sums.top, sums.total, log_p, log_q, p, q)
    return peak, log_p
