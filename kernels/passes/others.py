r"""The other classes of a row: their largest logit, and the sum of their exponentials.

.. math:: t = \max_{j \ne y} z_j, \qquad s = \sum_{j \ne y} e^{z_j - t}

The class y is left out of the sum, never subtracted from it: what a large logit would absorb stays visible. ``y = -1``
leaves out nothing. A row is read in blocks. A block that is whole and does not hold y is read where it lies; another
one is copied to a buffer that stays in the first cache, padded with -inf, the left-out class set to -inf, so that no
loop has a remainder. One block is the three-pass algorithm; more are the online algorithm over blocks, which reads a
long row once (M. Milakov, N. Gimelshein, 2018, with blocks for single numbers). Blocks are summed in the dtype of the
buffer, their totals in double precision; a double buffer for single rows is the accurate variant.
"""

import math
from typing import Any

import numpy as np
from numba import njit

from losscheck.kernels.passes.loops import copied, exps, exps_sum, largest
from losscheck.kernels.passes.options import EXACT

PAD = 64  # what the vectorised loops take at a time


@njit(**EXACT)
def load(flat: Any, start: int, n: int, y: int, buffer: Any) -> Any:
    """Copy a block to the buffer, its class y replaced by -inf; the padded length."""
    padded = min((n + PAD - 1) // PAD * PAD, buffer.shape[0])
    copied(flat, start, n, y, buffer)
    for j in range(n, padded):
        buffer[np.uint64(j)] = -np.inf
    return padded


@njit(**EXACT)
def _whole(n: int, y: int) -> Any:
    """Whether a block can be read in place."""
    return n % PAD == 0 and not 0 <= y < n


@njit(**EXACT)
def totals(x: Any, y: Any, buffer: Any, target: Any, top: Any, total: Any) -> None:
    """For every row z_y, t and s, reading the row once."""
    k, block = x.shape[1], buffer.shape[0]
    flat = x.reshape(x.size)
    for i in range(x.shape[0]):
        m, s = buffer.dtype.type(-np.inf), 0.0
        for first in range(0, k, block):
            start, n, own = i * k + first, min(block, k - first), y[i] - first
            whole = _whole(n, own)
            if not whole:
                n = load(flat, start, n, own, buffer)
            here = buffer.dtype.type(largest(flat, start, n) if whole else largest(buffer, 0, n))
            if here > m:
                if s > 0:
                    s *= math.exp(np.float64(m) - np.float64(here))
                m = here
            shift = m if m > -np.inf else buffer.dtype.type(0)
            s += exps_sum(flat, start, n, shift) if whole else exps_sum(buffer, 0, n, shift)
        target[i] = flat[np.uint64(i * k + y[i])] if y[i] >= 0 else np.nan
        top[i] = m
        total[i] = s


@njit(**EXACT)
def totals_stored(x: Any, y: Any, buffer: Any, target: Any, top: Any, total: Any, grad: Any) -> None:
    """The same, and the exponentials of the row in ``grad`` (0 at the class left out)."""
    k, block = x.shape[1], buffer.shape[0]
    flat, stored = x.reshape(x.size), grad.reshape(grad.size)
    beside = np.empty_like(buffer)
    for i in range(x.shape[0]):
        m, s = buffer.dtype.type(-np.inf), 0.0
        for first in range(0, k, block):
            start, n, own = i * k + first, min(block, k - first), y[i] - first
            if _whole(n, own):
                here = buffer.dtype.type(largest(flat, start, n))
            else:
                n = load(flat, start, n, own, buffer)
                here = largest(buffer, 0, n)
            if here > m:
                m = here
        shift = m if m > -np.inf else buffer.dtype.type(0)
        for first in range(0, k, block):
            start, n, own = i * k + first, min(block, k - first), y[i] - first
            if _whole(n, own):
                s += exps(flat, start, n, shift, stored, start)
            else:
                padded = (n + PAD - 1) // PAD * PAD if k <= block else load(flat, start, n, own, buffer)
                s += exps(buffer, 0, padded, shift, beside, 0)
                copied(beside, 0, n, -1, stored[start : start + n])
        target[i] = flat[np.uint64(i * k + y[i])] if y[i] >= 0 else np.nan
        top[i] = m
        total[i] = s
