"""Losses of the log-odds of the true class: a scalar tail on the passes over the other classes of a row.

- up to 20 classes, 12 of doubles (and a whole tile of rows): tiles with the number of classes compiled in;
- more: one block (three passes over a row in the first cache) up to 4096 classes, online over blocks above.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit

from losscheck.kernels.passes.buffers import Array
from losscheck.kernels.passes.odds import odds_of
from losscheck.kernels.passes.options import EXACT, INLINE
from losscheck.kernels.passes.others import totals, totals_stored
from losscheck.kernels.passes.row_loss import Chunk
from losscheck.kernels.passes.scaling import gradient
from losscheck.kernels.passes.tile import LINES, scale_tiles, tiles
from losscheck.kernels.passes.transposition import TILE

FEW_CLASSES = {4: 20, 8: 12}  # by the bytes of a number; more fill vectors of their own


def few(x: Array) -> bool:
    """Whether rows go through tiles."""
    return x.shape[1] <= FEW_CLASSES[x.itemsize] and len(x) >= TILE


class Sums:
    """The passes over the other classes of every row of a chunk: z_y, t and s; later, if kept, the gradient.

    ``y`` is None where no class is left out; the gradient is then that of the sum, minus the softmax times the slope.
    """

    def __init__(self, x: Array, y: Array | None, accurate: bool, grad: Array | None) -> None:
        kind = np.dtype(np.float64) if accurate else x.dtype
        exact = True if accurate and x.dtype == np.float64 else None
        self.y, self.grad, self.accurate = y, grad, accurate
        self.target, self.top, self.total = np.empty((3, len(x)))
        self.kept: Array | None = None
        self.classes = (0,) * x.shape[1]
        if few(x):
            self.tile = np.zeros((x.shape[1] + LINES) * TILE, kind)
            self.kept = None if grad is None else np.empty(-(-len(x) // TILE) * x.shape[1] * TILE, kind)
            tiles(x, y, self.classes, self.tile, self.target, self.top, self.total, self.kept, exact)
            return
        self.y = np.full(len(x), -1) if y is None else y
        found = self.target, self.top, self.total
        if grad is None:
            totals(x, self.y, kind.type(0), *found, exact)
        else:
            totals_stored(x, self.y, kind.type(0), *found, grad, exact)

    def scaled(self, slope: Array, scale: float) -> None:
        """Fill in the gradient; ``slope`` is d value / du."""
        if self.kept is not None:
            scale_tiles(self.kept, self.tile, self.y, self.classes, self.total, slope, scale, self.grad)
        else:
            gradient(self.grad, self.y, self.total, slope, scale, self.accurate)


def odds_loss(tail: Callable[..., tuple[float, float]]) -> Chunk:
    """Compile ``tail(log_p, log_q, p, q, *parameters)`` to a loss of rows.

    It turns the probability p of the true class, q = 1 - p and their logarithms into the value and its slope in the
    log-odds, all in double precision; what it does not use is not computed.
    """
    inner: Any = njit(**INLINE)(tail)

    @njit(**EXACT | {"cache": False})
    def finished(target: Any, top: Any, total: Any, value: Any, slope: Any, *parameters: Any) -> None:
        for i in range(target.shape[0]):
            log_p, log_q, p, q = odds_of(target[i], top[i], total[i])
            here, steep = inner(log_p, log_q, p, q, *parameters)
            value[i] = here
            if slope is not None:
                slope[i] = steep

    def chunk(
        x: Array, y: Array, value: Array, grad: Array | None, scale: float, accurate: bool, *parameters: float
    ) -> None:
        sums = Sums(x, y, accurate, grad)
        slope = None if grad is None else np.empty(len(x))
        finished(sums.target, sums.top, sums.total, value, slope, *parameters)
        if slope is not None:
            sums.scaled(slope, scale)

    chunk.__name__, chunk.__module__, chunk.__doc__ = tail.__name__, tail.__module__, tail.__doc__
    chunk.tail = tail  # type: ignore[attr-defined]
    return chunk
