r"""ALDR: the label-distributionally robust loss that chooses its temperature, label by label and score by score.

    \max_\lambda \lambda \log \frac1K \sum_k e^{(z_k - z_y + c) / \lambda}
        - \frac{\alpha \log K}{2 \lambda_0} (\lambda - \lambda_0)^2

At the maximum lambda = lambda0 (1 - KL(p, uniform) / (alpha log K)) with p the softmax at that lambda: the fixed point
the published code steps towards (with lambda detached, so its gradient is right only there). Since KL is at most log K,
lambda lies in [(1 - 1 / alpha) lambda0, lambda0]. Here the maximum is taken over ``levels`` temperatures of this
interval, which is below the supremum by at most lambda0 log K / (2 alpha (levels - 1)): the slope in lambda is the
difference of two numbers in [0, log K].
"""

from __future__ import annotations

import math
from typing import Any

from array_api_compat import array_namespace

from losscheck.catalogue.entry import Claim, Parameter, Study, entry
from losscheck.catalogue.ldr import ZHU, ldr
from losscheck.catalogue.shared_claims import OF_GAPS

STUDY = "tests/studies/test_adaptive_temperature.py"


@entry(
    kind="logits",
    title="Adaptive label-distributionally robust loss (ALDR-KL)",
    family="max",
    formula=r"\max_\lambda \lambda\log\frac1K\sum_k e^{(z_k - z_y + c\,1[k \ne y]) / \lambda}"
    r" - \frac{\alpha\log K}{2\lambda_0}(\lambda - \lambda_0)^2",
    parameters={
        "lam0": Parameter(1.0, "(0, inf)", "the largest temperature"),
        "alpha": Parameter(2.0, "(1, inf)", "the smallest is (1 - 1 / alpha) lam0"),
        "c": Parameter(0.1, "[0, inf)", "the margin added to the other classes"),
        "levels": Parameter(3, "2, 3, ...", "how many temperatures are tried"),
    },
    claims=(
        Claim("convex", True, "a maximum of convex functions"),
        OF_GAPS,
        Claim("symmetric", False, f"{ZHU}: only lam = inf is"),
        Claim("classification_calibrated", True, f"{ZHU}, Theorem 1"),
    ),
    studies=(
        Study("the best temperature falls with KL(p, uniform)", ZHU, STUDY),
        Study("the temperatures tried come within lam0 log K / (2 alpha (levels - 1)) of all", "derived", STUDY),
    ),
    hazards=("(z_k - z_y) / lam overflows for small lam in half precision",),
    references=("Zhu, Ying, Yang, Label distributionally robust losses for multi-class classification, ICML 2023",),
)
def aldr(z: Any, y: Any, lam0: Any = 1.0, alpha: Any = 2.0, c: Any = 0.1, levels: int = 3) -> Any:
    """The largest LDR loss over temperatures, each less its price (S006)."""
    price = alpha * math.log(z.shape[1]) / (2 * lam0)
    best = ldr(z, y, lam0, c)
    for step in range(1, levels):
        lam = lam0 * (1 - step / (alpha * (levels - 1)))
        best = array_namespace(z).maximum(best, ldr(z, y, lam, c) - price * (lam - lam0) ** 2)
    return best
