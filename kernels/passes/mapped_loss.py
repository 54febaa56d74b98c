"""Losses that are the cross-entropy of logits computed entry by entry from what is given, in double precision."""

from collections.abc import Callable

import numpy as np
from numba import njit

from losscheck.kernels.cross_entropy import cross_entropy
from losscheck.kernels.passes.buffers import Array
from losscheck.kernels.passes.options import EXACT
from losscheck.kernels.passes.row_loss import Chunk


def mapped_loss(loop: Callable[..., None]) -> Chunk:
    """Compile ``loop(x, z, slope, *parameters)``, which fills in the logits and their slopes, to a loss of rows."""
    compiled = njit(**EXACT)(loop)

    def chunk(
        x: Array, y: Array, value: Array, grad: Array | None, scale: float, accurate: bool, *parameters: float
    ) -> None:
        z, slope = np.empty((2, *x.shape))
        compiled(x.reshape(-1), z.reshape(-1), slope.reshape(-1), *parameters)
        steep = None if grad is None else np.empty(x.shape)
        cross_entropy.chunk(z, y, value, steep, scale, True)
        if grad is not None and steep is not None:
            with np.errstate(over="ignore", under="ignore", invalid="ignore"):
                np.multiply(steep, slope, out=grad, casting="same_kind")

    chunk.__name__, chunk.__module__, chunk.__doc__ = loop.__name__, loop.__module__, loop.__doc__
    return chunk
