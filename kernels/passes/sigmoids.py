r"""The logistic function on both sides, and its logarithm, without overflow or lost digits.

.. math:: p = \frac{1}{1 + e^{-v}}, \qquad q = 1 - p, \qquad -\log p = \max(-v, 0) + \log(1 + e^{-|v|})
"""

from typing import Any

from numba import njit

from losscheck.kernels.passes.exp import exp64
from losscheck.kernels.passes.log import log1p
from losscheck.kernels.passes.options import INLINE


@njit(**INLINE)
def sigmoids(v: Any) -> Any:
    """The pair p and q = 1 - p, both with all their digits."""
    e = exp64(-abs(v))
    share = 1.0 / (1.0 + e)
    rest = e * share
    up = v >= 0
    return (share if up else rest), (rest if up else share)


@njit(**INLINE)
def softplus(v: Any) -> Any:
    """``log(1 + exp(v))``."""
    return (v if v > 0 else 0.0) + log1p(exp64(-abs(v)))
