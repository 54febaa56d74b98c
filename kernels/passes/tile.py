"""The other classes of rows of few classes: tiles of rows are transposed, and loops run across the rows.

The number of classes is a constant of the compilation (the length of the tuple ``classes``), so that the loops over
classes unroll and the transposition becomes shuffles. What is computed is that of ``others``. The gradient is made of
the exponentials while they are still transposed, so each row is read once and written once.

A tile is one array ``t`` of lines of TILE numbers, in the dtype computed in: a line per class, then those named below.
Being one array, its lines are known not to overlap, and every loop vectorises without a check.
"""

from typing import Any

import numpy as np
from numba import njit

from losscheck.kernels.passes.bits import at_least
from losscheck.kernels.passes.exp import exp_shifted, exp_term
from losscheck.kernels.passes.options import REDUCE
from losscheck.kernels.passes.transposition import TILE, from_lines, to_lines

PEAK, SHIFT, TOTAL, OWN, MINE, LINES = 0, 1, 2, 3, 4, 5  # after the lines of the classes
FEWEST = 4  # up to so many classes LLVM knows how to take interleaved numbers apart
_U = np.uint64


@njit(**REDUCE)
def _read(flat: Any, start: int, n: int, classes: Any, t: Any) -> None:
    k = len(classes)
    if n == TILE and k > FEWEST:
        to_lines(flat, start, classes, t)
    elif n == TILE:  # a constant trip count: LLVM makes shuffles of its own
        for a in range(TILE):
            for j in range(k):
                t[j * TILE + a] = flat[_U(start + a * k + j)]
    else:
        for a in range(n):
            for j in range(k):
                t[j * TILE + a] = flat[_U(start + a * k + j)]


@njit(**REDUCE)
def _write(flat: Any, start: int, n: int, classes: Any, t: Any) -> None:
    k = len(classes)
    if n == TILE and k > FEWEST:
        from_lines(flat, start, classes, t)
    elif n == TILE:
        for a in range(TILE):
            for j in range(k):
                flat[_U(start + a * k + j)] = t[j * TILE + a]
    else:
        for a in range(n):
            for j in range(k):
                flat[_U(start + a * k + j)] = t[j * TILE + a]


@njit(**REDUCE)
def _copied(source: Any, first: int, target: Any, at: int, n: int) -> None:
    for a in range(n):
        target[_U(at) + _U(a)] = source[_U(first) + _U(a)]


@njit(**REDUCE)
def _leave_out(t: Any, classes: Any) -> None:
    """Take the class OWN out of every row: compared with every class, since single stores would be slower."""
    k = len(classes)
    for a in range(TILE):
        t[(k + MINE) * TILE + a] = np.nan
    for j in range(k):
        for a in range(TILE):
            here = t[(k + OWN) * TILE + a] == j
            z = t[j * TILE + a]
            t[(k + MINE) * TILE + a] = z if here else t[(k + MINE) * TILE + a]
            t[j * TILE + a] = -np.inf if here else z


@njit(**REDUCE)
def _sums(t: Any, classes: Any, kept: Any, exact: Any) -> None:
    k = len(classes)
    for a in range(TILE):
        t[(k + PEAK) * TILE + a] = t[a]
    for j in range(1, k):
        for a in range(TILE):  # NaN may be lost here: the sum keeps it
            t[(k + PEAK) * TILE + a] = at_least(t[(k + PEAK) * TILE + a], t[j * TILE + a])
    for a in range(TILE):
        m = t[(k + PEAK) * TILE + a]
        t[(k + SHIFT) * TILE + a] = m if m != -np.inf else 0
        t[(k + TOTAL) * TILE + a] = 0
    for j in range(k):
        for a in range(TILE):
            if kept is None:
                t[(k + TOTAL) * TILE + a] += exp_term(t[j * TILE + a], t[(k + SHIFT) * TILE + a], exact)
            else:
                e = exp_shifted(t[j * TILE + a], t[(k + SHIFT) * TILE + a], exact)
                t[j * TILE + a] = e
                t[(k + TOTAL) * TILE + a] += e


@njit(**REDUCE)
def tiles(x: Any, y: Any, classes: Any, t: Any, target: Any, top: Any, total: Any, kept: Any, exact: Any) -> None:
    """For every row z_y, t and s; the exponentials in ``kept`` unless that is None.

    Nothing is left out where y is None.
    """
    k = len(classes)
    rows = x.shape[0]
    flat = x.reshape(x.size)
    for i in range(0, rows, TILE):
        n = min(TILE, rows - i)
        _read(flat, i * k, n, classes, t)
        if y is not None:
            for a in range(n):
                t[(k + OWN) * TILE + a] = y[_U(i + a)]
            _leave_out(t, classes)
            for a in range(n):
                target[_U(i + a)] = t[(k + MINE) * TILE + a]
        _sums(t, classes, kept, exact)
        for a in range(n):
            top[_U(i + a)] = t[(k + PEAK) * TILE + a]
            total[_U(i + a)] = t[(k + TOTAL) * TILE + a]
        if kept is not None:
            _copied(t, 0, kept, i * k, k * TILE)


@njit(**REDUCE)
def _scale(t: Any, wide: Any, classes: Any) -> None:
    """Multiply by SHIFT, which holds the factors, and put MINE at OWN; ``wide`` factors are doubles beside."""
    k = len(classes)
    for j in range(k):
        for a in range(TILE):
            if wide is None:
                z = t[j * TILE + a] * t[(k + SHIFT) * TILE + a]
            else:
                z = np.float64(t[j * TILE + a]) * wide[a]
            t[j * TILE + a] = t[(k + MINE) * TILE + a] if t[(k + OWN) * TILE + a] == j else z


@njit(**REDUCE)
def scale_tiles(kept: Any, t: Any, y: Any, classes: Any, total: Any, slope: Any, scale: float, grad: Any) -> None:
    """Scale the exponentials in ``kept`` to the gradient; ``slope`` is d value / du."""
    k = len(classes)
    rows = grad.shape[0]
    flat = grad.reshape(grad.size)
    wide = np.empty(TILE)
    for a in range(TILE):
        t[(k + OWN) * TILE + a] = -1
    for i in range(0, rows, TILE):
        n = min(TILE, rows - i)
        _copied(kept, i * k, t, 0, k * TILE)
        largest = 0.0
        for a in range(n):
            whole = slope[_U(i + a)] * scale
            s = total[_U(i + a)]
            c = -whole / (s if s != 0 else 1.0)  # no others: the slope is 0 or NaN
            wide[a] = c
            t[(k + MINE) * TILE + a], t[(k + SHIFT) * TILE + a] = whole, c
            largest = at_least(largest, abs(c))
        if y is not None:
            for a in range(n):
                t[(k + OWN) * TILE + a] = y[_U(i + a)]
        if largest < 1e30:
            _scale(t, None, classes)
        else:  # a factor may overflow single precision where the products do not
            _scale(t, wide, classes)
        _write(flat, i * k, n, classes, t)
