"""Scalar tails on a GPU: from the odds of the true class to a value and its slope, and losses of a margin.

The formulas are those of the CPU kernels of the same names; tests hold the two to each other.
"""

import math
from typing import Any

from losscheck.kernels.cuda.reductions import device


def comp_sum(log_p: Any, log_q: Any, p: Any, q: Any, tau: Any) -> Any:
    """Comp-sum loss; tau = 1 is the cross-entropy."""
    power = 1.0 - tau
    if power == 0.0:
        return -log_p, -q
    return math.expm1(-power * log_p) / power, -math.exp(-power * log_p) * q


def focal(log_p: Any, log_q: Any, p: Any, q: Any, gamma: Any) -> Any:
    """Focal loss."""
    weight = math.exp(gamma * log_q) if gamma > 0 else 1.0
    term = p * log_p if p > 0 else 0.0 * log_q
    return -weight * log_p, weight * (gamma * term - q)


def generalized_cross_entropy(log_p: Any, log_q: Any, p: Any, q: Any, power: Any) -> Any:
    """Generalised cross-entropy."""
    return -math.expm1(power * log_p) / power, -math.exp(power * log_p) * q


def poly1(log_p: Any, log_q: Any, p: Any, q: Any, epsilon: Any) -> Any:
    """Poly-1 loss."""
    return -log_p + epsilon * q, -q * (1.0 + epsilon * p)


def logistic(v: Any) -> Any:
    """Logistic loss of a margin."""
    e = math.exp(-abs(v))
    rest = e / (1.0 + e)
    return max(-v, 0.0) + math.log1p(e) if v == v else v, -(rest if v >= 0 else 1.0 - rest)


def exponential(v: Any) -> Any:
    """Exponential loss of a margin."""
    e = math.exp(-v)
    return e, -e


def hinge(v: Any) -> Any:
    """Hinge loss of a margin."""
    r = 1.0 - v
    return 0.0 if r < 0 else r, -1.0 if r > 0 else 0.0 * max(r, 0.0) if r == r else r


def squared_hinge(v: Any) -> Any:
    """Squared hinge loss of a margin."""
    r = 0.0 if v > 1 else 1.0 - v
    return r * r, -2.0 * r


def sigmoid(v: Any) -> Any:
    """Sigmoid loss of a margin."""
    e = math.exp(-abs(v))
    share = 1.0 / (1.0 + e)
    rest = e * share
    return (rest if v >= 0 else share) if v == v else v, -share * rest


OF_ROWS = {tail.__name__: device(tail) for tail in (comp_sum, focal, generalized_cross_entropy, poly1)}
OF_MARGINS = {tail.__name__: device(tail) for tail in (logistic, exponential, hinge, squared_hinge, sigmoid)}
