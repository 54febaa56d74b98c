r"""Softmax of rows of logits.

.. math:: p_j = \frac{e^{z_j}}{\sum_k e^{z_k}}

The exponentials are stored in the output and scaled (the reload variant of the three-pass algorithm). Probabilities far
below the rounding of 1 are right to the last subnormal, and exactly 0 below.

=========  =====================================================================
shape      (N, K) -> (N, K)
dtype      float64, float32; float16 is stored in that dtype, computed in float32
special    -inf gives 0; +inf or NaN anywhere, or -inf everywhere: a row of NaN
=========  =====================================================================

References
----------
.. [1] M. Dukhan, A. Ablavatski (2020). The two-pass softmax algorithm. arXiv 2001.04438 (its three-pass variants).

>>> import numpy as np
>>> softmax(np.array([[0.0, -np.inf, 0.0]]))
array([[0.5, 0. , 0.5]])
"""

from typing import Any

import numpy as np

from losscheck.kernel import kernel
from losscheck.kernels.passes.buffers import Array, floats, handed_back, output, working
from losscheck.kernels.passes.chunks import over_chunks
from losscheck.kernels.passes.rows import block, few, sums
from losscheck.kernels.passes.scaling import gradient_tile
from losscheck.kernels.passes.softmaxes import softmaxes


@kernel(
    loss="exp(z_j) / sum_k exp(z_k)",
    shape="map",
    special={"-inf": "0", "+inf or NaN anywhere": "NaN", "-inf everywhere": "NaN"},
    max_ulp={"float16": 0.51, "float32": 2.0, "float64": 8.0},
)
def softmax(logits: Any, *, out: Array | None = None, accurate: bool = False, threads: int = 1) -> Array:
    """Softmax per row. The bound is that of ``accurate``, which computes float32 rows in double precision."""
    kind = np.asarray(logits).dtype
    x = floats(logits, "logits", 2)
    value = output(out, x.shape, kind, "out")
    wide = working(value, x.dtype)
    computed = np.float64 if accurate else x.dtype

    def run(cut: slice) -> None:
        if few(x[cut]):
            nobody = np.full(len(x[cut]), -1)
            target, top, total, slope = np.empty((4, len(nobody)))
            sums(x[cut], nobody, accurate, target, top, total, wide[cut])
            slope[:] = np.where(total == 0, np.nan, -1.0)
            gradient_tile(wide[cut], nobody, total, slope, 1.0, (0,) * x.shape[1])
        else:
            softmaxes(x[cut], block(x.shape[1], computed), wide[cut])

    over_chunks(run, len(x), x.shape[1], threads)
    handed_back(value, wide)
    return value
