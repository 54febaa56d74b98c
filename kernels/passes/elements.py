"""The driver of losses of one margin: checks, then one compiled loop over all elements.

Loops compute in double precision and round once, so float32 and float16 results are right to about half an ulp.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from losscheck.kernels.passes.buffers import Array, floats, handed_back, output, working


def margin_loss(
    loop: Callable[..., None], margins: Any, *parameters: float, out: Array | None = None, grad: Array | None = None
) -> Array:
    """The values of a loss of a margin, element by element; ``grad`` receives its derivative.

    Raises
    ------
    TypeError
        For margins that are not float16, float32 or float64.
    ValueError
        For buffers of the wrong shape or dtype.
    """
    given = np.asarray(margins)
    v = floats(given, "margins")
    value = output(out, given.shape, given.dtype, "out")
    slope = None if grad is None else output(grad, given.shape, given.dtype, "grad")
    wide, steep = working(value, v.dtype), None if slope is None else working(slope, v.dtype)
    loop(v.reshape(-1), wide.reshape(-1), None if steep is None else steep.reshape(-1), *parameters)
    handed_back(value, wide)
    if slope is not None and steep is not None:
        handed_back(slope, steep)
    return value
