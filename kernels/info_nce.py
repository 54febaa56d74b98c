r"""InfoNCE loss of a matrix of similarities whose diagonal holds the matching pairs.

.. math:: \ell_i(S) = -\log \frac{e^{S_{ii} / T}}{\sum_j e^{S_{ij} / T}}

One value per row; more columns than rows are further negatives. For both directions add the loss of the transpose.
``grad`` receives ``scale`` times the gradient of each row's value in the row of similarities. Rows are computed in
double precision and rounded once; special values are those of ``cross_entropy``.

References
----------
.. [1] A. van den Oord, Y. Li, O. Vinyals (2018). Representation learning with contrastive predictive coding.
   arXiv 1807.03748.

>>> info_nce([[1.0, 0.0], [0.0, 1.0]], 0.5)
array([0.12692801, 0.12692801])
"""

from typing import Any

import numpy as np

from losscheck.arrays import at_label, log_softmax
from losscheck.kernel import kernel
from losscheck.kernels.passes.buffers import Array
from losscheck.kernels.passes.contrast import contrast
from losscheck.kernels.passes.special import ROW


def _plain(z: Any, y: Any, temperature: float = 0.07) -> Any:
    return -at_label(log_softmax(z / temperature), y)  # row i has the label i


@kernel(
    loss="-log softmax(S_i / T)_i",
    plain=_plain,
    shape="batch",
    special=ROW,
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 0.51, "float64": 65536.0},
)
def info_nce(
    similarities: Any,
    temperature: float = 0.07,
    *,
    out: Array | None = None,
    grad: Array | None = None,
    scale: float = 1.0,
    threads: int = 1,
) -> Array:
    """InfoNCE per row, shape (N,), of similarities (N, M), M >= N.

    Raises
    ------
    TypeError
        For similarities of a dtype that is not allowed.
    ValueError
        For fewer columns than rows, a temperature that is not positive, and buffers of the wrong shape or dtype.
    """
    shape = np.shape(similarities)
    if len(shape) != 2 or shape[1] < shape[0]:
        raise ValueError(f"similarities have shape {shape}; give (N, M) with M >= N: the pairs are on the diagonal")
    return contrast(similarities, np.arange(shape[0]), temperature, False, out, grad, scale, threads)
