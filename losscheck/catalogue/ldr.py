"""Label-distributionally robust losses: the worst label distribution near the uniform one, in closed form."""

from __future__ import annotations

import math
from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import at_label, is_label, logsumexp, margins, sum_others
from losscheck.catalogue.entry import Claim, Parameter, entry
from losscheck.catalogue.shared_claims import OF_GAPS

ZHU = "Zhu, Ying, Yang, 2023"


@entry(
    kind="logits",
    title="Label-distributionally robust loss (LDR-KL)",
    family="max",
    formula=r"\lambda \log \frac1K \sum_k e^{(z_k - z_y + c\,1[k \ne y]) / \lambda}",
    parameters={
        "lam": Parameter(1.0, "(0, inf)", "0 is Crammer-Singer's loss, inf the mean score gap"),
        "c": Parameter(0.1, "[0, inf)", "the margin added to the other classes"),
    },
    claims=(
        Claim("convex", True, "log-sum-exp of affine functions"),
        OF_GAPS,
        Claim("classification_calibrated", True, f"{ZHU}, Theorem 1: consistent at every k for 0 < lam < inf"),
        Claim("topk_calibrated[k=2]", True, f"{ZHU}, Theorem 1"),
        Claim("recovers_probability[link=softmax]", True, f"{ZHU}: at c = 0 it is cross-entropy", params={"c": 0.0}),
        Claim("symmetric", False, f"{ZHU}: only lam = inf is"),
    ),
    hazards=("(z_k - z_y) / lam overflows for small lam in half precision",),
    references=("Zhu, Ying, Yang, Label distributionally robust losses for multi-class classification, ICML 2023",),
)
def ldr(z: Any, y: Any, lam: Any = 1.0, c: Any = 0.1) -> Any:
    """Lam log-mean-exp((z_k - z_y + c) / lam)."""
    xp = array_namespace(z)
    asked = xp.where(is_label(z, y), z, z + c) / lam
    return lam * (logsumexp(asked) - math.log(z.shape[1])) - at_label(z, y)


@entry(
    kind="logits",
    title="Mean score gap (LDR with lambda = inf)",
    family="sum",
    formula=r"\frac1K \sum_{k \ne y} (z_k - z_y + c)",
    parameters={"c": Parameter(1.0, "[0, inf)", "the margin added to the other classes")},
    claims=(
        Claim("symmetric", True, f"{ZHU}, Theorem 3"),
        Claim("symmetric_constant", 2.0, "derived: c (K - 1), here with K = 3"),
        Claim("convex", True, "affine"),
        Claim("bounded_below", False, "affine and not constant"),
        OF_GAPS,
    ),
    references=("Zhu, Ying, Yang, Label distributionally robust losses for multi-class classification, ICML 2023",),
)
def ldr_infinity(z: Any, y: Any, c: Any = 1.0) -> Any:
    """The mean over all classes of z_k - z_y + c, the label's own term zero."""
    return sum_others(c - margins(z, y), y) / z.shape[1]
