"""Scalar tails on a GPU: from the odds of the true class to a value and its slope, and losses of a margin.

Tails of the odds are the functions of the CPU kernels themselves, with the exponential of the GPU in place of ours.
Losses of a margin are written out; tests hold them to the CPU kernels of the same names.
"""

import math
from collections.abc import Callable
from types import FunctionType
from typing import Any

from losscheck.kernels.comp_sum import comp_sum
from losscheck.kernels.cuda.reductions import device
from losscheck.kernels.focal import focal
from losscheck.kernels.generalized_cross_entropy import generalized_cross_entropy
from losscheck.kernels.poly1 import poly1


def of_odds(kernel: Any) -> Callable[..., Any]:
    """The tail of a CPU kernel, as a function of the GPU."""
    tail = kernel.chunk.tail
    names = {**tail.__globals__, "exp64": math.exp}
    return device(FunctionType(tail.__code__, names, tail.__name__))


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


OF_ROWS = {kernel.__name__: of_odds(kernel) for kernel in (comp_sum, focal, generalized_cross_entropy, poly1)}
OF_MARGINS = {tail.__name__: device(tail) for tail in (logistic, exponential, hinge, squared_hinge, sigmoid)}
