"""Relatives of focal loss on softmax: dual focal, Poly-1 focal, and the error of a Dirichlet forecast."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import at_label, log_softmax, max_others, relu, softmax, sum_others
from losscheck.catalogue.entry import Claim, Parameter, entry
from losscheck.catalogue.shared_claims import NOT_CONVEX, OF_GAPS, OF_SOFTMAX


@entry(
    kind="logits",
    title="Dual focal loss",
    family="softmax",
    formula=r"-(1 - p_y + \max_{p_k < p_y} p_k)^\gamma \log p_y",
    parameters={"gamma": Parameter(2, "[0, inf)", "the power")},
    claims=(
        OF_SOFTMAX,
        Claim("nonnegative", True, "a product of nonnegative factors"),
        Claim("symmetric", False, "derived"),
    ),
    hazards=("a jump where the largest probability below p_y changes: between p_k < p_y and p_k = p_y",),
    references=("Tao, Dong, Xu, Dual focal loss for calibration, ICML 2023",),
)
def dual_focal(z: Any, y: Any, gamma: Any = 2) -> Any:
    """Focal loss whose weight grows with the best probability below the label's."""
    xp = array_namespace(z)
    p = softmax(z)
    own = at_label(p, y)
    # Scores are compared, not probabilities: rounding may not make two of these equal.
    below = xp.max(xp.where(z < at_label(z, y)[:, None], p, xp.zeros_like(p)), axis=1)
    return (1 - own + below) ** gamma * -at_label(log_softmax(z), y)


@entry(
    kind="logits",
    title="Poly-1 focal loss",
    family="softmax",
    formula=r"-(1 - p_y)^\gamma \log p_y + \varepsilon (1 - p_y)^{\gamma + 1}",
    parameters={
        "gamma": Parameter(2, "[0, inf)", "the power of the focal loss"),
        "eps": Parameter(1.0, "(-1, inf)", "what is added to the first coefficient of the series"),
    },
    claims=(
        OF_SOFTMAX,
        Claim("recovers_probability[link=softmax]", False, "derived: neither part is proper"),
        Claim("convex", False, "derived"),
        Claim("nonnegative", True, "a sum of products of nonnegative factors"),
    ),
    references=("Leng et al., PolyLoss, ICLR 2022",),
)
def poly1_focal(z: Any, y: Any, gamma: Any = 2, eps: Any = 1.0) -> Any:
    """Focal loss plus eps (1 - p_y)^(gamma + 1)."""
    rest = sum_others(softmax(z), y)
    return rest**gamma * (eps * rest - at_label(log_softmax(z), y))


@entry(
    kind="logits",
    title="Expected squared error of a Dirichlet forecast (evidential loss)",
    family="evidential",
    formula=r"\sum_k (1[k = y] - \hat p_k)^2 + \frac{\hat p_k (1 - \hat p_k)}{S + 1},\quad \hat p = \frac{1 + z_+}{S}",
    claims=(
        Claim("nonnegative", True, "an expected square"),
        Claim("bounded_above", True, "Sensoy, Kaplan, Kandemir, 2018: below 2 and a variance"),
        Claim("shift_invariant", False, "derived: evidence is compared with 0"),
        NOT_CONVEX,
    ),
    hazards=("no gradient once all scores are negative: the evidence is relu(z)",),
    references=("Sensoy, Kaplan, Kandemir, Evidential deep learning, NeurIPS 2018",),
)
def evidential_squared(z: Any, y: Any) -> Any:
    """Squared error of the mean of a Dirichlet distribution, plus its variance."""
    xp = array_namespace(z)
    evidence = 1 + relu(z)
    strength = xp.sum(evidence, axis=1)
    p = evidence / strength[:, None]
    variance = xp.sum(p * (1 - p), axis=1) / (strength + 1)
    return sum_others(p, y) ** 2 + sum_others(p**2, y) + variance


@entry(
    kind="logits",
    title="Logistic loss of the smallest score gap",
    family="max",
    formula=r"\log(1 + e^{\max_{k \ne y} z_k - z_y})",
    claims=(
        Claim("convex", True, "an increasing convex function of a maximum of linear functions"),
        OF_GAPS,
        Claim("nonnegative", True, "a softplus"),
    ),
    references=("Gao, Koller, Multiclass boosting with hinge loss based on output coding, ICML 2011",),
)
def max_logistic(z: Any, y: Any) -> Any:
    """The logistic loss of the label's score against the best other one."""
    return array_namespace(z).logaddexp(max_others(z, y) - at_label(z, y), 0 * z[:, 0])
