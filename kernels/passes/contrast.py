"""Cross-entropy of similarities divided by a temperature, in double precision: what contrastive losses share."""

from typing import Any

import numpy as np

from losscheck.kernels.cross_entropy import cross_entropy
from losscheck.kernels.passes.buffers import Array, floats, output
from losscheck.kernels.passes.chunks import over_chunks
from losscheck.kernels.passes.parameter import Parameter


def contrast(
    similarities: Any,
    true: Array,
    temperature: float,
    hidden: bool,
    out: Array | None,
    grad: Array | None,
    scale: float,
    threads: int,
) -> Array:
    """Cross-entropy of each row; ``hidden`` leaves out the diagonal.

    Raises
    ------
    TypeError
        For similarities of a dtype that is not allowed.
    ValueError
        For a temperature that is not positive, buffers of the wrong shape or dtype, and fewer than one thread.
    """
    heat = Parameter("temperature", 1.0, "(0, inf)").checked(temperature)
    x = floats(similarities, "similarities", 2)
    value = output(out, (len(x),), x.dtype, "out")
    kept = None if grad is None else output(grad, x.shape, x.dtype, "grad")

    def run(cut: slice, part: Array, narrow: Array, steep: Array | None) -> None:
        z = part / np.float64(heat)
        if hidden:
            z[np.arange(len(z)), np.arange(len(x))[cut]] = -np.inf
        wide = None if steep is None else np.empty(z.shape)
        cross_entropy.chunk(z, true[cut], narrow, wide, scale / heat, True)
        if steep is not None and wide is not None:
            with np.errstate(over="ignore", under="ignore"):
                steep[...] = wide

    over_chunks(run, [x], [value, kept], threads)
    return value
