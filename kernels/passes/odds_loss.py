"""Losses of the log-odds of the true class: a scalar tail on the passes over the other classes of a row.

- up to 32 classes (and a whole tile of rows): tiles with the number of classes compiled in;
- more: one block (three passes over a row in the first cache) up to 4096 classes, online over blocks above.
"""

from collections.abc import Callable

import numpy as np
from numba import njit

from losscheck.kernels.passes.buffers import Array, rounded
from losscheck.kernels.passes.odds import odds
from losscheck.kernels.passes.options import EXACT
from losscheck.kernels.passes.others import LANES, totals, totals_stored
from losscheck.kernels.passes.row_loss import Chunk
from losscheck.kernels.passes.scaling import gradient, gradient_tile
from losscheck.kernels.passes.tile import TILE, tiles

FEW_CLASSES = 32


def few(x: Array) -> bool:
    """Whether rows go through tiles."""
    return x.shape[1] <= FEW_CLASSES and len(x) >= TILE


def sums(x: Array, y: Array, accurate: bool, target: Array, top: Array, total: Array, grad: Array | None) -> None:
    """Run the passes over the other classes of every row."""
    kind = np.float64 if accurate else x.dtype.type
    if few(x):
        tiles(x, y, (0,) * x.shape[1], np.zeros(x.shape[1] * TILE, kind), target, top, total, grad)
    elif grad is None and x.shape[1] >= LANES:
        totals(x, y, kind(0), target, top, total)
    else:
        totals_stored(x, y, kind(0), target, top, total, np.empty_like(x) if grad is None else grad)


def scaled(grad: Array, y: Array, total: Array, slope: Array, scale: float, accurate: bool) -> None:
    """Scale the exponentials that ``sums`` stored to the gradient."""
    if few(grad):
        gradient_tile(grad, y, total, slope, scale, (0,) * grad.shape[1])
    else:
        gradient(grad, y, total, slope, scale, accurate)


def odds_loss(loop: Callable[..., None]) -> Chunk:
    """Compile ``loop(log_p, log_q, p, q, value, slope, *parameters)`` to a loss of rows.

    For each row it turns the probability p of the true class, q = 1 - p and their logarithms into the value and its
    slope in the log-odds, all in double precision.
    """
    tail = njit(**EXACT)(loop)

    def chunk(
        x: Array, y: Array, value: Array, grad: Array | None, scale: float, accurate: bool, *parameters: float
    ) -> None:
        target, top, total, log_p, log_q, p, q, narrow, slope = np.empty((9, len(x)))
        sums(x, y, accurate, target, top, total, grad)
        odds(target, top, total, log_p, log_q, p, q)
        tail(log_p, log_q, p, q, narrow, slope, *parameters)
        rounded(narrow, value)
        if grad is not None:
            scaled(grad, y, total, slope, scale, accurate)

    chunk.__name__, chunk.__module__, chunk.__doc__ = loop.__name__, loop.__module__, loop.__doc__
    return chunk
