"""The driver of losses of a row of logits: picks the passes by shape and dtype and runs them chunk by chunk.

- up to 32 classes (and a whole tile of rows): tiles with the number of classes compiled in;
- more: one block (three passes over a row in the first cache) up to 4096 classes, online over blocks above.

A chunk of rows stays in the second cache between the passes. The loss itself is only a tail: a compiled loop over rows
from (log p, log q, p, q) to the value and its slope in the log-odds.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from losscheck.kernels.passes.buffers import Array, floats, labels, output, working
from losscheck.kernels.passes.odds import odds
from losscheck.kernels.passes.others import totals, totals_stored
from losscheck.kernels.passes.scaling import gradient, gradient_tile
from losscheck.kernels.passes.tile import TILE, tiles

FEW_CLASSES = 32
BLOCK, ACCURATE_BLOCK = 4096, 256
_CHUNK, _CHUNK_ROWS = 1 << 17, 4096
Tail = Callable[..., None]


def sums(x: Array, y: Array, accurate: Any, target: Array, top: Array, total: Array, grad: Array | None) -> bool:
    """Run the passes over the other classes of every row; whether tiles were used."""
    if x.shape[1] <= FEW_CLASSES and len(x) >= TILE:
        tiles(x, y, (0,) * x.shape[1], accurate, target, top, total, grad)
        return True
    block = BLOCK if accurate is None else ACCURATE_BLOCK
    if grad is None:
        totals(x, y, block, accurate, target, top, total)
    else:
        totals_stored(x, y, block, accurate, target, top, total, grad)
    return False


def _chunk(tail: Tail, parameters: tuple[float, ...], scale: float, accurate: Any, part: tuple[Any, ...]) -> None:
    x, y, value, grad = part
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
        For logits that have no rows and classes, labels out of range, and buffers of the wrong shape or dtype.
    """
    kind = np.asarray(logits).dtype
    x = floats(logits, "logits", 2)
    y = labels(true, *x.shape)
    value = output(out, (len(x),), kind, "out")
    kept = None if grad is None else output(grad, x.shape, kind, "grad")
    value_wide, grad_wide = working(value, x.dtype), None if kept is None else working(kept, x.dtype)
    step = max(1, min(_CHUNK_ROWS, _CHUNK // x.shape[1]))
    parts = [
        (x[i : i + step], y[i : i + step], value_wide[i : i + step], None if grad_wide is None else grad_wide[i : i + step])
        for i in range(0, len(x), step)
    ]
    flag = True if accurate else None
    run = lambda part: _chunk(tail, parameters, float(scale), flag, part)  # noqa: E731
    if threads > 1:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(run, parts))
    else:
        for part in parts:
            run(part)
    with np.errstate(over="ignore", under="ignore"):  # rounding to half precision may overflow: that is its value
        if value_wide is not value:
            value[...] = value_wide
        if kept is not None and grad_wide is not None and grad_wide is not kept:
            kept[...] = grad_wide
    return value
