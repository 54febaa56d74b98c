r"""Asymmetric loss of every class, summed: focal exponents of their own for both targets, easy negatives discarded.

.. math:: \ell_t(z) = -\sum_k t_k (1 - p_k)^{\gamma_+} \log p_k + (1 - t_k)\, r_k^{\gamma_-} \log(1 - r_k), \quad
   p_k = \frac{1}{1 + e^{-z_k}}, \quad r_k = \max(0, p_k - m)

``1 - r_k`` is ``m + 1 / (1 + exp(z_k))`` where r_k > 0, without cancellation for large logits; near p_k = m it is r_k
that cancels, so the error is measured by the largest of 1 and the magnitudes of the logits.

A positive class at -inf gives inf, and so does a negative one at +inf if m = 0; the other limits are finite. NaN gives
NaN.

References
----------
.. [1] T. Ridnik, E. Ben-Baruch, N. Zamir, A. Noy, I. Friedman, M. Protter, L. Zelnik-Manor (2021). Asymmetric loss for
   multi-label classification. ICCV.

>>> asymmetric([[0.0, -4.0]], [[1, 0]]).round(12)
array([0.69314718])
"""

import math
from typing import Any

import numpy as np

from losscheck.arrays import log_sigmoid
from losscheck.arrays import sigmoid as plain
from losscheck.kernel import kernel
from losscheck.kernels.passes.parameter import Parameter
from losscheck.kernels.passes.sigmoids import sigmoids, softplus
from losscheck.kernels.passes.target_loss import target_loss


def _plain(z: Any, y: Any, positive: float = 0.0, negative: float = 4.0, margin: float = 0.05) -> Any:
    rest = np.maximum(0, plain(z) - margin)
    hits = -(plain(-z) ** positive) * log_sigmoid(z)
    return np.sum(np.where(y == 1, hits, -(rest**negative) * np.log(1 - rest)), axis=1)


@kernel(
    loss="-sum_k t_k (1 - p_k)^g log p_k + (1 - t_k) r_k^h log(1 - r_k), r_k = max(0, p_k - m)",
    plain=_plain,
    shape="targets",
    special={"NaN anywhere": "NaN", "-inf or +inf at a class": "its limit"},
    max_ulp={"bfloat16": 0.51, "float16": 0.51, "float32": 0.51, "float64": 64.0},
    scale="largest",
)
@target_loss(
    Parameter("positive", 0.0, "[0, inf)"), Parameter("negative", 4.0, "[1, inf)"), Parameter("margin", 0.05, "[0, 1)")
)
def asymmetric(
    x: Any,
    positives: Any,
    value: Any,
    grad: Any,
    scale: float,
    positive: float,
    negative: float,
    margin: float,
) -> None:
    """Asymmetric loss."""
    for i in range(x.shape[0]):
        s = 0.0
        for j in range(x.shape[1]):
            z = np.float64(x[i, j])
            p, q = sigmoids(z)
            if positives[i, j]:
                weight = math.exp(-positive * softplus(z)) if positive > 0 else 1.0
                term = p * softplus(-z) if p > 0 else 0.0
                s += weight * softplus(-z) if weight > 0 else 0.0 * p
                slope = -weight * (positive * term + q)
            else:
                rest = p - margin
                left = (q + margin) if margin > 0 else q  # 1 - rest
                minus_log = (softplus(z) if margin == 0 else -math.log(left)) if rest > 0 else 0.0 * p
                weight = rest**negative if rest > 0 else 0.0
                s += weight * minus_log
                lead = negative * rest ** (negative - 1.0) * minus_log * p * q if rest > 0 and q > 0 else 0.0 * p
                ratio = p if margin == 0 else p * q / left
                slope = lead + weight * ratio
            if grad is not None:
                grad[i, j] = scale * slope
        value[i] = s
