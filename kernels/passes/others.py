r"""The other classes of a row: their largest logit, and the sum of their exponentials.

.. math:: t = \max_{j \ne y} z_j, \qquad s = \sum_{j \ne y} e^{z_j - t}

The class y is left out of the sum, never subtracted from it: what a large logit would absorb stays visible. ``y = -1``
leaves out nothing. A row is read in blocks that stay in the first cache: one block is the three-pass algorithm, more
are the online algorithm over blocks, which reads a long row once (M. Milakov, N. Gimelshein, 2018, with blocks for
single numbers). The end that does not fill a vector is read with the classes before it, which a mask takes out, so that
no loop has a remainder. ``kind`` is 0 in the dtype computed in: double for single rows is the accurate variant; blocks
are added up in double precision.
"""

import math
from typing import Any

import numpy as np
from numba import njit

from losscheck.kernels.passes.loops import exps_left, exps_sum, largest_left
from losscheck.kernels.passes.options import EXACT

BLOCK, LANES = 4096, 8


@njit(**EXACT)
def end_mask(k: int, zero: Any) -> Any:
    """The mask of the last LANES classes: those that the whole vectors before have read are left out."""
    mask = np.full(LANES, zero)
    mask[: LANES - k % LANES] = -np.inf
    return mask


@njit(**EXACT)
def totals(x: Any, y: Any, kind: Any, target: Any, top: Any, total: Any, exact: Any) -> None:
    """For every row of at least LANES classes z_y, t and s, reading the row once."""
    k = x.shape[1]
    body = k // LANES * LANES
    flat, mask, end = x.reshape(x.size), np.zeros(min(k, BLOCK), x.dtype), end_mask(k, x.dtype.type(0))
    for i in range(x.shape[0]):
        last = y[i] >= body
        if last:
            end[y[i] - k + LANES] = -np.inf
        m, s = type(kind)(largest_left(flat, (i + 1) * k - LANES, LANES, end)), 0.0
        for first in range(0, body, BLOCK):
            start, n, own = i * k + first, min(BLOCK, body - first), y[i] - first
            if 0 <= own < n:
                mask[own] = -np.inf
            here = type(kind)(largest_left(flat, start, n, mask))
            if not here <= m:
                if s > 0:
                    s *= math.exp(np.float64(m) - np.float64(here))
                m = here
            shift = m if m > -np.inf else kind
            s += exps_sum(flat, start, n, mask, shift, exact)
            if first == 0:
                s += exps_sum(flat, (i + 1) * k - LANES, LANES, end, shift, exact)
            if 0 <= own < n:
                mask[own] = 0
        if last:
            end[y[i] - k + LANES] = 0
        target[i] = flat[np.uint64(i * k + y[i])] if y[i] >= 0 else np.nan
        top[i] = m
        total[i] = s


@njit(**EXACT)
def totals_stored(x: Any, y: Any, kind: Any, target: Any, top: Any, total: Any, grad: Any, exact: Any) -> None:
    """The same for rows of any length, and the exponentials of the row in ``grad`` (0 at the class left out)."""
    k = x.shape[1]
    flat, stored, mask = x.reshape(x.size), grad.reshape(grad.size), np.zeros(min(k, BLOCK), x.dtype)
    for i in range(x.shape[0]):
        m, s = type(kind)(-np.inf), 0.0
        place = y[i] % BLOCK if y[i] >= 0 else 0
        for first in range(0, k, BLOCK):
            inside = first <= y[i] < first + BLOCK
            mask[place] = -np.inf if inside else 0
            here = type(kind)(largest_left(flat, i * k + first, min(BLOCK, k - first), mask))
            m = m if here <= m else here
        shift = m if m > -np.inf else kind
        for first in range(0, k, BLOCK):
            if k > BLOCK:
                mask[place] = -np.inf if first <= y[i] < first + BLOCK else 0
            s += exps_left(flat, i * k + first, min(BLOCK, k - first), mask, shift, stored, exact)
        mask[place] = 0
        target[i] = flat[np.uint64(i * k + y[i])] if y[i] >= 0 else np.nan
        top[i] = m
        total[i] = s
