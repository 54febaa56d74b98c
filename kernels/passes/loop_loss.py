"""Losses of rows that have a loop of their own, in double precision and rounded once."""

from collections.abc import Callable

from numba import njit

from losscheck.kernels.passes.buffers import Array
from losscheck.kernels.passes.options import EXACT
from losscheck.kernels.passes.row_loss import Chunk


def loop_loss(loop: Callable[..., None]) -> Chunk:
    """Compile ``loop(x, y, value, grad or None, scale, *parameters)`` to a loss of rows."""
    compiled = njit(**EXACT)(loop)

    def chunk(
        x: Array, y: Array, value: Array, grad: Array | None, scale: float, accurate: bool, *parameters: float
    ) -> None:
        compiled(x, y, value, grad, scale, *parameters)

    chunk.__name__, chunk.__module__, chunk.__doc__ = loop.__name__, loop.__module__, loop.__doc__
    return chunk
