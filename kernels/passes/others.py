r"""The other classes of a row: their largest logit, and the sum of their exponentials.

.. math:: t = \max_{j \ne y} z_j, \qquad s = \sum_{j \ne y} e^{z_j - t}

The class y is left out of the sum, never subtracted from it: what a large logit would absorb stays visible. ``y = -1``
leaves out nothing. A row is read in blocks that stay in the first cache: one block is the three-pass algorithm, more
are the online algorithm over blocks, which reads a long row once (M. Milakov, N. Gimelshein, 2018, with blocks for
single numbers). ``kind`` is 0 in the dtype computed in: double for single rows is the accurate variant; blocks are
added up in double precision.
"""

import math
from typing import Any

import numpy as np
from numba import njit

from losscheck.kernels.passes.loops import exps, largest
from losscheck.kernels.passes.options import EXACT

BLOCK = 4096


@njit(**EXACT)
def totals(x: Any, y: Any, kind: Any, target: Any, top: Any, total: Any, exact: Any) -> None:
    """For every row z_y, t and s, reading the row once."""
    k = x.shape[1]
    flat = x.reshape(x.size)
    for i in range(x.shape[0]):
        m, s = type(kind)(-np.inf), 0.0
        for first in range(0, k, BLOCK):
            start, n, own = i * k + first, min(BLOCK, k - first), y[i] - first
            here = type(kind)(largest(flat, start, n, own))
            if here > m:
                if s > 0:
                    s *= math.exp(np.float64(m) - np.float64(here))
                m = here
            s += exps(flat, start, n, own, m if m > -np.inf else kind, exact, None)
        target[i] = flat[np.uint64(i * k + y[i])] if y[i] >= 0 else np.nan
        top[i] = m
        total[i] = s


@njit(**EXACT)
def totals_stored(x: Any, y: Any, kind: Any, target: Any, top: Any, total: Any, grad: Any, exact: Any) -> None:
    """The same, and the exponentials of the row in ``grad`` (0 at the class left out)."""
    k = x.shape[1]
    flat, stored = x.reshape(x.size), grad.reshape(grad.size)
    for i in range(x.shape[0]):
        m, s = type(kind)(-np.inf), 0.0
        for first in range(0, k, BLOCK):
            m = max(m, type(kind)(largest(flat, i * k + first, min(BLOCK, k - first), y[i] - first)))
        shift = m if m > -np.inf else kind
        for first in range(0, k, BLOCK):
            s += exps(flat, i * k + first, min(BLOCK, k - first), y[i] - first, shift, exact, stored)
        target[i] = flat[np.uint64(i * k + y[i])] if y[i] >= 0 else np.nan
        top[i] = m
        total[i] = s
