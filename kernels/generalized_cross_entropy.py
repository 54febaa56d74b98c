r"""Generalised cross-entropy of logits and a true class.

.. math:: \ell_y(z) = \frac{1 - p_y^q}{q}, \qquad \frac{d\ell}{du} = -p_y^q (1 - p_y)

with u the log-odds of the true class; q = 1 is the mean absolute error (halved), q to 0 the cross-entropy.

Shapes, dtypes and special values are those of ``cross_entropy``: the same passes over the row, another scalar tail.

References
----------
.. [1] Z. Zhang, M. R. Sabuncu (2018). Generalized cross entropy loss for training deep neural networks with noisy
   labels. NeurIPS.

>>> import numpy as np
>>> generalized_cross_entropy(np.array([[0.0, 0.0]]), [1], 1.0)
array([0.5])
"""

import math
from typing import Any

from numba import njit

from losscheck.kernel import kernel
from losscheck.kernels.passes.buffers import Array
from losscheck.kernels.passes.exp import exp64
from losscheck.kernels.passes.options import EXACT
from losscheck.kernels.passes.rows import row_loss
from losscheck.kernels.passes.special import ROW


@njit(**EXACT)
def generalized_cross_entropy_tail(
    log_p: Any, log_q: Any, p: Any, q: Any, value: Any, slope: Any, power: float
) -> None:
    """Value (1 - p^power) / power, slope -p^power q."""
    for i in range(p.shape[0]):
        value[i] = -math.expm1(power * log_p[i]) / power
        slope[i] = -exp64(power * log_p[i]) * q[i]


@kernel(
    loss="(1 - p_y^q) / q, p = softmax(z)",
    shape="rows",
    special=ROW,
    max_ulp={"float16": 0.51, "float32": 2.0, "float64": 2048.0},
)
def generalized_cross_entropy(
    logits: Any,
    labels: Any,
    power: float = 0.7,
    *,
    out: Array | None = None,
    grad: Array | None = None,
    scale: float = 1.0,
    accurate: bool = False,
    threads: int = 1,
) -> Array:
    """Generalised cross-entropy per row, q = ``power``; ``grad`` receives ``scale`` times the gradient.

    Raises
    ------
    ValueError
        For a power outside (0, 1], and for arguments that ``cross_entropy`` refuses.
    """
    if not 0 < power <= 1:
        raise ValueError(f"power is {power}; give a number in (0, 1]")
    return row_loss(
        generalized_cross_entropy_tail,
        logits,
        labels,
        power,
        out=out,
        grad=grad,
        scale=scale,
        accurate=accurate,
        threads=threads,
    )
