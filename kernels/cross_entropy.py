r"""Cross-entropy of logits and a true class, forward, or forward and backward in one sweep.

.. math:: \ell_y(z) = -\log \frac{e^{z_y}}{\sum_j e^{z_j}} = \log(1 + e^{-u}), \quad
   u = z_y - \log \sum_{j \ne y} e^{z_j}; \qquad \nabla \ell_y(z) = \mathrm{softmax}(z) - e_y

The true class is left out of the sum and its gradient is minus the share of the others, so nothing collapses: value and
gradient keep their digits when the true class dominates. ``accurate=True`` computes float32 rows in double precision.

=========  ==========================================================================================================
shape      logits (N, K), labels (N,) -> (N,); ``grad`` (N, K)
dtype      float64, float32; float16 is stored in that dtype and computed in float32
special    a class at -inf has weight 0; true class -inf: inf; others all -inf: 0; +inf, NaN, all -inf: NaN
=========  ==========================================================================================================

>>> import numpy as np
>>> grad = np.empty((1, 2), np.float32)
>>> cross_entropy(np.array([[40.0, 0.0]], np.float32), [0], grad=grad)
array([4.248354e-18], dtype=float32)
>>> grad
array([[-4.248354e-18,  4.248354e-18]], dtype=float32)
"""

from typing import Any

from numba import njit

from losscheck.kernel import kernel
from losscheck.kernels.passes.buffers import Array
from losscheck.kernels.passes.options import EXACT
from losscheck.kernels.passes.rows import row_loss
from losscheck.kernels.passes.special import ROW


@njit(**EXACT)
def cross_entropy_tail(log_p: Any, log_q: Any, p: Any, q: Any, value: Any, slope: Any) -> None:
    """Value -log p, slope -q."""
    for i in range(p.shape[0]):
        value[i] = -log_p[i]
        slope[i] = -q[i]


@kernel(
    loss="-log softmax(z)_y",
    shape="rows",
    special=ROW,
    max_ulp={"float16": 0.51, "float32": 2.0, "float64": 16.0},
)
def cross_entropy(
    logits: Any,
    labels: Any,
    *,
    out: Array | None = None,
    grad: Array | None = None,
    scale: float = 1.0,
    accurate: bool = False,
    threads: int = 1,
) -> Array:
    """Cross-entropy per row; ``grad`` receives ``scale`` times the gradient. The bound is that of ``accurate``."""
    return row_loss(
        cross_entropy_tail, logits, labels, out=out, grad=grad, scale=scale, accurate=accurate, threads=threads
    )
