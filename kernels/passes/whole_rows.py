"""The driver of losses of a row that have a loop of their own: checks, chunks, buffers."""

from collections.abc import Callable
from typing import Any

import numpy as np

from losscheck.kernels.passes.buffers import Array, floats, handed_back, labels, output, working
from losscheck.kernels.passes.chunks import over_chunks


def whole_row_loss(
    loop: Callable[..., None],
    logits: Any,
    true: Any,
    *parameters: float,
    out: Array | None = None,
    grad: Array | None = None,
    scale: float = 1.0,
    threads: int = 1,
) -> Array:
    """The values of ``loop(x, y, value, grad or None, scale, *parameters)``, one per row.

    Raises
    ------
    TypeError
        For logits that are not float16, float32 or float64.
    ValueError
        For logits without rows and classes, labels out of range, buffers of the wrong shape or dtype.
    """
    kind = np.asarray(logits).dtype
    x = floats(logits, "logits", 2)
    y = labels(true, *x.shape)
    value = output(out, (len(x),), kind, "out")
    kept = None if grad is None else output(grad, x.shape, kind, "grad")
    wide, steep = working(value, x.dtype), None if kept is None else working(kept, x.dtype)

    def run(cut: slice) -> None:
        loop(x[cut], y[cut], wide[cut], None if steep is None else steep[cut], float(scale), *parameters)

    over_chunks(run, len(x), x.shape[1], threads)
    handed_back(value, wide)
    if kept is not None and steep is not None:
        handed_back(kept, steep)
    return value
