"""Cross-entropy (multinomial logistic loss, softmax loss): the surrogate nearly everybody trains with."""

from __future__ import annotations

from typing import Any

from losscheck.arrays import at_label, log_softmax
from losscheck.catalogue.entry import Claim, entry


@entry(
    kind="logits",
    title="Cross-entropy",
    family="comp-sum",
    formula=r"-\log \frac{e^{z_y}}{\sum_k e^{z_k}}",
    claims=(
        Claim("convex", True, "log-sum-exp is convex"),
        Claim("classification_calibrated", True, "Zhang, 2004, Theorem 6 with phi = exp"),
        Claim("recovers_probability[link=softmax]", True, "derived: the risk is stationary only at softmax(z) = p"),
        Claim("lipschitz[norm=l2]", 2**0.5, "derived: the gradient is softmax(z) - e_y"),
        Claim("gradient_sums_to_zero", True, "derived: sum_k (softmax(z)_k - 1[k = y]) = 0"),
        Claim("symmetric", False, "Ghosh, Kumar, Sastry, 2017"),
    ),
    hazards=("the naive form -log(softmax(z)_y) overflows at z = 88.7 in float32 and is inf once softmax(z)_y is 0",),
    references=("Zhang, Statistical analysis of some multi-category large margin classification methods, JMLR 2004",),
    aliases=("multinomial_logistic",),
)
def cross_entropy(z: Any, y: Any) -> Any:
    """-log softmax(z)_y."""
    return -at_label(log_softmax(z), y)
