"""The other classes of rows of few classes: a tile of rows is transposed, and loops run across the rows.

The number of classes is a constant of the compilation (the length of the tuple ``classes``), so that the loops over
classes unroll and the transposition becomes shuffles. What is computed is that of ``others``; ``t`` is the scratch of
the tile, and its dtype the one computed in.
"""

from typing import Any

import numpy as np
from numba import njit

from losscheck.kernels.passes.bits import maximum
from losscheck.kernels.passes.exp import exp_shifted, exp_term
from losscheck.kernels.passes.options import REDUCE

TILE = 64
_U = np.uint64


@njit(**REDUCE)
def _transpose(flat: Any, start: int, n: int, classes: Any, t: Any) -> None:
    k = len(classes)
    if n == TILE:  # a constant trip count: shuffles instead of single loads
        for a in range(TILE):
            for j in range(k):
                t[j * TILE + a] = flat[_U(start + a * k + j)]
    else:
        for a in range(n):
            for j in range(k):
                t[j * TILE + a] = flat[_U(start + a * k + j)]


@njit(**REDUCE)
def _write(grad: Any, start: int, n: int, classes: Any, t: Any) -> None:
    k = len(classes)
    if n == TILE:
        for a in range(TILE):
            for j in range(k):
                grad[_U(start + a * k + j)] = t[j * TILE + a]
    else:
        for a in range(n):
            for j in range(k):
                grad[_U(start + a * k + j)] = t[j * TILE + a]


@njit(**REDUCE)
def _sums(t: Any, shift: Any, sums: Any, peak: Any, classes: Any, grad: Any) -> None:
    k = len(classes)
    for a in range(TILE):
        peak[a] = t[a]
    for j in range(1, k):
        for a in range(TILE):
            peak[a] = maximum(t[j * TILE + a], peak[a])
    for a in range(TILE):
        shift[a] = peak[a] if peak[a] != -np.inf else 0
        sums[a] = 0
    for j in range(k):
        for a in range(TILE):
            if grad is None:
                sums[a] += exp_term(t[j * TILE + a], shift[a])
            else:
                e = exp_shifted(t[j * TILE + a], shift[a])
                t[j * TILE + a] = e
                sums[a] += e


@njit(**REDUCE)
def tiles(x: Any, y: Any, classes: Any, t: Any, target: Any, top: Any, total: Any, grad: Any) -> None:
    """For every row z_y, t and s; the exponentials of the rows in ``grad`` unless that is None."""
    k = len(classes)
    rows = x.shape[0]
    flat = x.reshape(x.size)
    shift, sums, peak = np.empty(TILE, t.dtype), np.empty(TILE, t.dtype), np.empty(TILE, t.dtype)
    for i in range(0, rows, TILE):
        n = min(TILE, rows - i)
        _transpose(flat, i * k, n, classes, t)
        for a in range(n):
            c = y[i + a]
            if c >= 0:
                target[i + a] = t[c * TILE + a]
                t[c * TILE + a] = -np.inf
            else:
                target[i + a] = np.nan
        _sums(t, shift, sums, peak, classes, grad)
        for a in range(n):
            top[i + a] = peak[a]
            total[i + a] = sums[a]
        if grad is not None:
            _write(grad.reshape(grad.size), i * k, n, classes, t)
