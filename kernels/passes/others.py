r"""The other classes of a row: their largest logit, and the sum of their exponentials.

.. math:: t = \max_{j \ne y} z_j, \qquad s = \sum_{j \ne y} e^{z_j - t}

The class y is left out of the sum, never subtracted from it: what a large logit would absorb stays visible. ``y = -1``
leaves out nothing. A row is read in blocks copied to a buffer that stays in the first cache, padded with -inf, the
left-out class set to -inf. One block is the three-pass algorithm; more are the online algorithm over blocks, which
reads a long row once (M. Milakov, N. Gimelshein, 2018, with blocks for single numbers). Blocks are summed in the dtype
of the buffer, their totals in double precision; a double buffer for single rows is the accurate variant.
"""

import math
from typing import Any

import numpy as np
from numba import njit

from losscheck.kernels.passes.bits import maximum
from losscheck.kernels.passes.exp import exp_shifted, exp_term
from losscheck.kernels.passes.options import EXACT, REDUCE

PAD = 32  # what the vectorised loops take at a time


@njit(**EXACT)
def load(row: Any, first: int, y: int, buffer: Any) -> Any:
    """Copy a block to the buffer, the class y replaced by -inf; the padded length."""
    n = min(buffer.shape[0], row.shape[0] - first)
    padded = min((n + PAD - 1) // PAD * PAD, buffer.shape[0])
    for j in range(n):
        buffer[j] = row[first + j]
    for j in range(n, padded):
        buffer[j] = -np.inf
    if first <= y < first + n:
        buffer[y - first] = -np.inf
    return padded


@njit(**REDUCE)
def largest(buffer: Any, n: int) -> Any:
    """Largest of the first n numbers, NaN if one is."""
    m = buffer.dtype.type(-np.inf)
    for j in range(n):
        m = maximum(buffer[j], m)
    return m


@njit(**REDUCE)
def summed(buffer: Any, n: int, shift: Any) -> Any:
    """Sum of the shifted exponentials."""
    s = buffer.dtype.type(0)  # from the first number on: a loop over a multiple of PAD has no remainder
    for j in range(n):
        s += exp_term(buffer[j], shift)
    return s


@njit(**REDUCE)
def stored(buffer: Any, n: int, shift: Any) -> Any:
    """Replace the numbers by their shifted exponentials; the sum."""
    s = buffer.dtype.type(0)
    for j in range(n):
        e = exp_shifted(buffer[j], shift)
        buffer[j] = e
        s += e
    return s


@njit(**EXACT)
def totals(x: Any, y: Any, buffer: Any, target: Any, top: Any, total: Any) -> None:
    """For every row z_y, t and s, reading the row once."""
    block = buffer.shape[0]
    for i in range(x.shape[0]):
        row = x[i]
        m = buffer.dtype.type(-np.inf)
        s = 0.0
        for first in range(0, row.shape[0], block):
            n = load(row, first, y[i], buffer)
            here = largest(buffer, n)
            if here > m:
                s *= math.exp(np.float64(m) - np.float64(here))
                m = here
            s += summed(buffer, n, m if m > -np.inf else buffer.dtype.type(0))
        target[i] = row[y[i]] if y[i] >= 0 else np.nan
        top[i] = m
        total[i] = s


@njit(**EXACT)
def totals_stored(x: Any, y: Any, buffer: Any, target: Any, top: Any, total: Any, grad: Any) -> None:
    """The same, and the exponentials of the row in ``grad`` (0 at the class left out)."""
    block = buffer.shape[0]
    for i in range(x.shape[0]):
        row = x[i]
        m = buffer.dtype.type(-np.inf)
        s = 0.0
        for first in range(0, row.shape[0], block):
            n = load(row, first, y[i], buffer)
            here = largest(buffer, n)
            if here > m:
                m = here
        for first in range(0, row.shape[0], block):
            n = load(row, first, y[i], buffer)
            s += stored(buffer, n, m if m > -np.inf else buffer.dtype.type(0))
            for j in range(min(block, row.shape[0] - first)):
                grad[i, first + j] = buffer[j]
        target[i] = row[y[i]] if y[i] >= 0 else np.nan
        top[i] = m
        total[i] = s
