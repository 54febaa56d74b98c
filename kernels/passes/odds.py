r"""Probability of the true class and of the others, from the log-odds, without cancellation.

.. math:: u = z_y - t - \log s, \qquad p = \frac{1}{1 + e^{-u}}, \qquad q = 1 - p = \frac{1}{1 + e^{u}}

Both p and q keep their digits, however close to 0, and so do their logarithms. The differences are compensated
(TwoSum; O. Moller, 1965), since an error of u is a relative error of the smaller one. No others (s = 0) means u = +inf;
z_y = -inf means u = -inf; a row all -inf, and +inf or NaN anywhere, give NaN.
"""

from typing import Any

import numpy as np
from numba import njit

from losscheck.kernels.passes.exp import exp64
from losscheck.kernels.passes.log import log, log1p
from losscheck.kernels.passes.options import EXACT


@njit(**EXACT)
def odds(target: Any, top: Any, total: Any, log_p: Any, log_q: Any, p: Any, q: Any) -> None:
    """Fill log p, log q, p and q from z_y, t and s (double precision throughout)."""
    for i in range(target.shape[0]):
        t = target[i] if target[i] != np.inf else np.nan
        d = t - top[i]
        b = d - t
        low = (t - (d - b)) - (top[i] + b)
        width = log(total[i])
        u = d - width
        b = u - d
        low += (d - (u - b)) - (width + b)
        low = low if abs(low) < 1.0 else 0.0  # NaN where u is infinite
        up = u >= 0
        e = exp64(-abs(u))
        e -= e * low if up else -e * low
        small = log1p(e)
        share = 1.0 / (1.0 + e)
        rest = e * share
        p[i] = share if up else rest
        q[i] = rest if up else share
        log_p[i] = -small if up else u - small
        log_q[i] = -u - small if up else -small
