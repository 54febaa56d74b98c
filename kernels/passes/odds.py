r"""Probability of the true class and of the others, from the log-odds, without cancellation.

.. math:: p = \frac{e^{z_y}}{e^{z_y} + s e^{t}}, \qquad q = 1 - p

Both p and q keep their digits, however close to 0, and so do their logarithms: with ``e = exp(-|z_y - t|)`` they are
shares of ``1`` and ``s e`` where z_y is the larger one, of ``e`` and ``s`` where t is. The difference is compensated
(TwoSum; O. Moller, 1965), since an error of it is a relative error of the smaller one. No others (s = 0) means p = 1;
z_y = -inf means p = 0; a row all -inf, and +inf or NaN anywhere, give NaN.
"""

from typing import Any

import numpy as np
from numba import njit

from losscheck.kernels.passes.exp import exp64
from losscheck.kernels.passes.log import log, log1p, log_of_sum
from losscheck.kernels.passes.options import EXACT, INLINE


@njit(**INLINE)
def odds_of(target: Any, top: Any, total: Any) -> Any:
    """Log p, log q, p and q from z_y, t and s (double precision throughout)."""
    z = target if target != np.inf else np.nan
    d = z - top
    b = d - z
    low = (z - (d - b)) - (top + b)
    low = low if abs(low) < 1.0 else 0.0  # NaN where d is infinite
    up = d >= 0
    e = exp64(-abs(d))
    e -= e * low if up else -e * low
    ours, theirs = (1.0 if up else e), (total * e if up else total)
    share = 1.0 / (ours + theirs)
    large, small = (ours, theirs) if ours >= theirs else (theirs, ours)
    whole = log_of_sum(large, small)
    behind = d + low
    log_p = -whole if up else behind - whole
    log_q = -log1p(ours / theirs) if theirs >= ours else (log(total) - behind) - whole
    return log_p, log_q, ours * share, theirs * share


@njit(**EXACT)
def odds(target: Any, top: Any, total: Any, log_p: Any, log_q: Any, p: Any, q: Any) -> None:
    """Fill in log p, log q, p and q."""
    for i in range(target.shape[0]):
        log_p[i], log_q[i], p[i], q[i] = odds_of(target[i], top[i], total[i])
