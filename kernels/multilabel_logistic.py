r"""Logistic loss of every class, summed (sigmoid multi-label).

.. math:: \ell_t(z) = \sum_k t_k \log(1 + e^{-z_k}) + (1 - t_k) \log(1 + e^{z_k}), \qquad
   \frac{\partial \ell_t}{\partial z_k} = \frac{1}{1 + e^{-z_k}} - t_k

A class at the right infinity has loss 0, at the wrong one inf; NaN gives NaN.

References
----------
.. [1] M.-L. Zhang, Z.-H. Zhou (2006). Multilabel neural networks with applications to functional genomics and text
   categorization. IEEE TKDE 18(10).

>>> multilabel_logistic([[0.0, 0.0, -1000.0]], [[1, 0, 0]])
array([1.38629436])
"""

from typing import Any

import numpy as np

from losscheck.arrays import softplus as plain
from losscheck.kernel import kernel
from losscheck.kernels.passes.sigmoids import sigmoids, softplus
from losscheck.kernels.passes.target_loss import target_loss


def _plain(z: Any, y: Any) -> Any:
    return np.sum(np.where(y == 1, plain(-z), plain(z)), axis=1)


@kernel(
    loss="sum_k softplus((1 - 2 t_k) z_k)",
    plain=_plain,
    shape="targets",
    special={"NaN anywhere": "NaN", "-inf or +inf at a class": "its limit: 0 where right, inf where wrong"},
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 0.51, "float64": 8.0},
)
@target_loss()
def multilabel_logistic(x: Any, positive: Any, value: Any, grad: Any, scale: float) -> None:
    """Logistic loss of every class, summed."""
    for i in range(x.shape[0]):
        s = 0.0
        for j in range(x.shape[1]):
            z = np.float64(x[i, j])
            v = z if positive[i, j] else -z
            s += softplus(-v)
            if grad is not None:
                slope = -scale * sigmoids(v)[1]
                grad[i, j] = slope if positive[i, j] else -slope
        value[i] = s
