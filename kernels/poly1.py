r"""Poly-1 loss of logits and a true class.

.. math:: \ell_y(z) = -\log p_y + \varepsilon (1 - p_y), \qquad \frac{d\ell}{du} = -(1 - p_y)(1 + \varepsilon p_y)

with u the log-odds of the true class.

Shapes, dtypes and special values are those of ``cross_entropy``: the same passes over the row, another scalar tail.

References
----------
.. [1] Z. Leng, M. Tan, C. Liu, E. D. Cubuk, X. Shi, S. Cheng, D. Anguelov (2022). PolyLoss: a polynomial expansion
   perspective of classification loss functions. ICLR.

>>> import numpy as np
>>> poly1(np.array([[0.0, 0.0]]), [1], 2.0)
array([1.69314718])
"""

from typing import Any

from numba import njit

from losscheck.kernel import kernel
from losscheck.kernels.passes.buffers import Array
from losscheck.kernels.passes.options import EXACT
from losscheck.kernels.passes.rows import row_loss
from losscheck.kernels.passes.special import ROW


@njit(**EXACT)
def poly1_tail(log_p: Any, log_q: Any, p: Any, q: Any, value: Any, slope: Any, epsilon: float) -> None:
    """Value -log p + epsilon q, slope -q (1 + epsilon p)."""
    for i in range(p.shape[0]):
        value[i] = -log_p[i] + epsilon * q[i]
        slope[i] = -q[i] * (1.0 + epsilon * p[i])


@kernel(
    loss="-log p_y + epsilon (1 - p_y), p = softmax(z)",
    shape="rows",
    special=ROW,
    max_ulp={"float16": 0.51, "float32": 2.0, "float64": 32.0},
)
def poly1(
    logits: Any,
    labels: Any,
    epsilon: float = 1.0,
    *,
    out: Array | None = None,
    grad: Array | None = None,
    scale: float = 1.0,
    accurate: bool = False,
    threads: int = 1,
) -> Array:
    """Poly-1 loss per row; ``grad`` receives ``scale`` times the gradient. The bound is that of ``accurate``.

    Raises
    ------
    ValueError
        For an epsilon below 0 (value and slope would be differences), and for arguments that ``cross_entropy`` refuses.
    """
    if not 0 <= epsilon < float("inf"):
        raise ValueError(f"epsilon is {epsilon}; give a number that is at least 0")
    return row_loss(
        poly1_tail, logits, labels, epsilon, out=out, grad=grad, scale=scale, accurate=accurate, threads=threads
    )
