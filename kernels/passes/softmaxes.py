"""Softmax of whole rows: no class is left out and no tail follows, so that a row is finished while it is in the cache.

Where the number of classes does not fill the vectorised loops, the row is padded with -inf beside the output.
"""

from typing import Any

import numpy as np
from numba import njit

from losscheck.kernels.passes.loops import exps, largest
from losscheck.kernels.passes.options import EXACT, REDUCE
from losscheck.kernels.passes.others import load

_U = np.uint64


@njit(**REDUCE)
def _scaled(source: Any, start: int, n: int, c: Any, target: Any, to: int) -> None:
    for j in range(n):
        target[_U(to) + _U(j)] = source[_U(start) + _U(j)] * c


@njit(**REDUCE)
def _scale(flat: Any, start: int, n: int, c: Any) -> None:
    for j in range(n):
        flat[_U(start) + _U(j)] *= c


@njit(**EXACT)
def softmaxes(x: Any, buffer: Any, value: Any) -> None:
    """Softmax per row; the buffer, of the dtype computed in, holds a row of up to its length."""
    k = x.shape[1]
    flat, out = x.reshape(x.size), value.reshape(value.size)
    beside = np.empty_like(buffer)
    kind = buffer.dtype.type
    for i in range(x.shape[0]):
        if k <= buffer.shape[0]:
            n = load(flat, i * k, k, -1, buffer)
            m = largest(buffer, 0, n)
            s = exps(buffer, 0, n, m, beside, 0)
            _scaled(beside, 0, k, kind(1 / s), out, i * k)
        else:
            m = kind(largest(flat, i * k, k))
            s = 0.0
            for first in range(0, k, buffer.shape[0]):
                n = min(buffer.shape[0], k - first)
                s += exps(flat, i * k + first, n, m, out, i * k + first)
            _scale(out, i * k, k, kind(1 / s))
