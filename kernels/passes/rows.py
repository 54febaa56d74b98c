"""The driver of losses of a row of logits: picks the passes by shape and dtype and runs them chunk by chunk.

- up to 32 classes (and a whole tile of rows): tiles with the number of classes compiled in;
- more: one block (three passes over a row in the first cache) up to 4096 classes, online over blocks above.

The loss itself is only a tail: a compiled loop over rows
from (log p, log q, p, q) to the value and its slope in the log-odds.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from losscheck.kernels.passes.buffers import Array, floats, handed_back, labels, output, working
from losscheck.kernels.passes.chunks import over_chunks
from losscheck.kernels.passes.odds import odds
from losscheck.kernels.passes.others import PAD, totals, totals_stored
from losscheck.kernels.passes.scaling import gradient, gradient_tile
from losscheck.kernels.passes.tile import TILE, tiles

FEW_CLASSES = 32
BLOCK = 4096
Tail = Callable[..., None]


def few(x: Array) -> bool:
    """Whether rows go through tiles."""
    return x.shape[1] <= FEW_CLASSES and len(x) >= TILE


def block(classes: int, dtype: Any) -> Array:
    """A buffer for a block of a row."""
    return np.empty(min(BLOCK, -(-classes // PAD) * PAD), dtype)


def sums(x: Array, y: Array, accurate: bool, target: Array, top: Array, total: Array, grad: Array | None) -> bool:
    """Run the passes over the other classes of every row; whether tiles were used."""
    kind = np.float64 if accurate else x.dtype
    if few(x):
        tiles(x, y, (0,) * x.shape[1], np.zeros(x.shape[1] * TILE, kind), target, top, total, grad)
        return True
    if grad is None:
        totals(x, y, block(x.shape[1], kind), target, top, total)
    else:
        totals_stored(x, y, block(x.shape[1], kind), target, top, total, grad)
    return False


def _chunk(
    tail: Tail,
    parameters: tuple[float, ...],
    scale: float,
    accurate: bool,
    x: Array,
    y: Array,
    value: Array,
    grad: Array | None,
) -> None:
    target, top, total, log_p, log_q, p, q, slope = np.empty((8, len(x)))
    tiled = sums(x, y, accurate, target, top, total, grad)
    odds(target, top, total, log_p, log_q, p, q)
    tail(log_p, log_q, p, q, value, slope, *parameters)
    if grad is not None and tiled:
        gradient_tile(grad, y, total, slope, scale, (0,) * x.shape[1])
    elif grad is not None:
        gradient(grad, y, total, slope, scale, accurate)


def row_loss(
    tail: Tail,
    logits: Any,
    true: Any,
    *parameters: float,
    out: Array | None = None,
    grad: Array | None = None,
    scale: float = 1.0,
    accurate: bool = False,
    threads: int = 1,
) -> Array:
    """The values of a loss of the log-odds, one per row; ``grad`` receives ``scale`` times the gradient in the logits.

    Raises
    ------
    TypeError
        For logits that are not float16, float32 or float64.
    ValueError
        For logits that are no rows of classes, labels out of range, buffers of the wrong shape or dtype, and fewer
        than one thread.
    """
    kind = np.asarray(logits).dtype
    x = floats(logits, "logits", 2)
    y = labels(true, *x.shape)
    value = output(out, (len(x),), kind, "out")
    kept = None if grad is None else output(grad, x.shape, kind, "grad")
    value_wide, grad_wide = working(value, x.dtype), None if kept is None else working(kept, x.dtype)

    def run(cut: slice) -> None:
        part = None if grad_wide is None else grad_wide[cut]
        _chunk(tail, parameters, float(scale), bool(accurate), x[cut], y[cut], value_wide[cut], part)

    over_chunks(run, len(x), x.shape[1], threads)
    handed_back(value, value_wide)
    if kept is not None and grad_wide is not None:
        handed_back(kept, grad_wide)
    return value
