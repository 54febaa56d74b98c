r"""Cross-entropy of logits and a true class, forward, or forward and backward in one sweep.

.. math:: \ell_y(z) = -\log \frac{e^{z_y}}{\sum_j e^{z_j}} = \log(1 + e^{-u}), \quad
   u = z_y - \log \sum_{j \ne y} e^{z_j}; \qquad \nabla \ell_y(z) = \mathrm{softmax}(z) - e_y

The true class is left out of the sum and its gradient is minus the share of the others, so nothing collapses: value and
gradient keep their digits when the true class dominates. ``accurate=True`` computes float32 rows in double precision.

=========  ==========================================================================================================
shape      logits (N, K), labels (N,) -> (N,); ``grad`` (N, K)
dtype      float64, float32; float16 and bfloat16 are stored in that dtype and computed in float32
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

from losscheck.arrays import at_label, log_softmax
from losscheck.kernel import kernel
from losscheck.kernels.passes.odds_loss import odds_loss
from losscheck.kernels.passes.row_loss import row_loss
from losscheck.kernels.passes.special import ROW


def _plain(z: Any, y: Any) -> Any:
    return -at_label(log_softmax(z), y)


@kernel(
    loss="-log softmax(z)_y",
    plain=_plain,
    shape="rows",
    special=ROW,
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 2.0, "float64": 16.0},
)
@row_loss()
@odds_loss
def cross_entropy(log_p: Any, log_q: Any, p: Any, q: Any) -> Any:
    """Cross-entropy: value -log p, slope -q."""
    return -log_p, -q
