r"""SigLIP loss of a matrix of similarities whose diagonal holds the matching pairs: a logistic loss of every pair.

.. math:: \ell_i(S) = \sum_j \log\bigl(1 + e^{-s_{ij} (a S_{ij} + b)}\bigr), \qquad
   s_{ij} = 1\ (i = j), \quad -1\ (i \ne j)

One value per row; [1] divides their sum by the number of rows. ``grad`` receives ``scale`` times the gradient in the
similarities. Rows are computed in double precision and rounded once; NaN gives NaN, infinities the limits.

References
----------
.. [1] X. Zhai, B. Mustafa, A. Kolesnikov, L. Beyer (2023). Sigmoid loss for language image pre-training. ICCV.

>>> siglip([[1.0, 0.0], [0.0, 1.0]], 10.0, -10.0)
array([0.69319258, 0.69319258])
"""

from typing import Any

import numpy as np
from numba import njit

from losscheck.arrays import softplus as plain
from losscheck.kernel import kernel
from losscheck.kernels.passes.buffers import Array, floats, output
from losscheck.kernels.passes.chunks import over_chunks
from losscheck.kernels.passes.options import EXACT
from losscheck.kernels.passes.parameter import Parameter
from losscheck.kernels.passes.sigmoids import sigmoids, softplus


def _plain(z: Any, y: Any, factor: float = 10.0, bias: float = -10.0) -> Any:
    v = factor * z + bias
    own = np.arange(z.shape[1])[None, :] == y[:, None]  # row i has the label i
    return np.sum(np.where(own, plain(-v), plain(v)), axis=1)


@njit(**EXACT)
def _pairs(x: Any, first: int, value: Any, grad: Any, scale: float, factor: float, bias: float) -> None:
    for i in range(x.shape[0]):
        s = 0.0
        for j in range(x.shape[1]):
            v = factor * np.float64(x[i, j]) + bias
            v = v if j == first + i else -v
            s += softplus(-v)
            if grad is not None:
                slope = -scale * factor * sigmoids(v)[1]
                grad[i, j] = slope if j == first + i else -slope
        value[i] = s


@kernel(
    loss="sum_j softplus(-s_ij (a S_ij + b)), s_ij = 1 on the diagonal, else -1",
    plain=_plain,
    shape="batch",
    special={"NaN": "NaN", "-inf, +inf": "the limits of the loss"},
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 0.51, "float64": 65536.0},
)
def siglip(
    similarities: Any,
    factor: float = 10.0,
    bias: float = -10.0,
    *,
    out: Array | None = None,
    grad: Array | None = None,
    scale: float = 1.0,
    threads: int = 1,
) -> Array:
    """SigLIP per row, shape (N,), of similarities (N, M), M >= N.

    Raises
    ------
    TypeError
        For similarities of a dtype that is not allowed.
    ValueError
        For fewer columns than rows, a factor that is not positive, and buffers of the wrong shape or dtype.
    """
    x = floats(similarities, "similarities", 2)
    if x.shape[1] < x.shape[0]:
        raise ValueError(f"similarities have shape {x.shape}; give (N, M) with M >= N: the pairs are on the diagonal")
    steep = Parameter("factor", 10.0, "(0, inf)").checked(factor)
    shift = Parameter("bias", -10.0, "(-inf, inf)").checked(bias)
    value = output(out, (len(x),), x.dtype, "out")
    kept = None if grad is None else output(grad, x.shape, x.dtype, "grad")

    def run(cut: slice, part: Array, narrow: Array, slopes: Array | None) -> None:
        _pairs(part, cut.start, narrow, slopes, float(scale), steep, shift)

    over_chunks(run, [x], [value, kept], threads)
    return value
