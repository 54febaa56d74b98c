"""Cross-entropy for long-tailed classes: logit adjustment, label-distribution-aware margins, vector scaling, weights.

The prior is a parameter: the class frequencies in order, or by default the geometric ones 1/2, 1/4, ..., the last
class taking what is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import at_label, is_label, log_softmax
from losscheck.catalogue.entry import Claim, Parameter, entry
from losscheck.catalogue.shared_claims import OF_GAPS

MENON = "Menon et al., 2021"
PRIOR = Parameter(None, "class frequencies adding up to 1, or None", "None is 1/2, 1/4, ... and the rest")


def _prior(z: Any, prior: Sequence[float] | None) -> Any:
    """The frequencies as an array like a row of ``z``."""
    n = z.shape[1]
    given = prior if prior is not None else [0.5 ** min(k + 1, n - 1) for k in range(n)]
    if len(given) != n:
        raise ValueError(f"prior has {len(given)} frequencies and the scores {n} columns; give one per class")
    return array_namespace(z).asarray(list(given), dtype=z.dtype)


@entry(
    kind="logits",
    title="Logit-adjusted cross-entropy",
    family="imbalance",
    formula=r"-\log \frac{\pi_y^\tau e^{z_y}}{\sum_k \pi_k^\tau e^{z_k}}",
    parameters={"tau": Parameter(1.0, "[0, inf)", "the strength; 1 is balanced softmax"), "prior": PRIOR},
    claims=(
        Claim("convex", True, "cross-entropy of shifted scores"),
        Claim("balanced_calibrated[prior=[0.5,0.25,0.25]]", True, f"{MENON}, Section 4"),
        Claim("classification_calibrated", False, f"{MENON}: argmax z is argmax p / prior, not argmax p"),
        Claim("recovers_probability[link=softmax]", False, f"{MENON}: softmax(z) is proportional to p / prior"),
        OF_GAPS,
        Claim("lipschitz[norm=l2]", 2**0.5, "derived: the gradient is a softmax minus e_y"),
    ),
    references=(
        "Menon et al., Long-tail learning via logit adjustment, ICLR 2021",
        "Ren et al., Balanced meta-softmax for long-tailed visual recognition, NeurIPS 2020",
    ),
    aliases=("balanced_softmax",),
)
def logit_adjusted(z: Any, y: Any, tau: Any = 1.0, prior: Any = None) -> Any:
    """Cross-entropy of z + tau log prior."""
    shift = tau * array_namespace(z).log(_prior(z, prior))
    return -at_label(log_softmax(z + shift[None, :]), y)


@entry(
    kind="logits",
    title="Label-distribution-aware margin loss (LDAM)",
    family="imbalance",
    formula=r"\mathrm{CE}(s (z - \Delta_y e_y), y),\quad \Delta_k = C (\pi_{\min} / \pi_k)^{1/4}",
    parameters={
        "largest": Parameter(0.5, "(0, inf)", "C, the margin of the rarest class"),
        "s": Parameter(30.0, "(0, inf)", "the scale"),
        "prior": PRIOR,
    },
    claims=(
        Claim("convex", True, "cross-entropy of an affine function of the scores"),
        OF_GAPS,
        Claim("symmetric", False, "derived"),
        Claim("recovers_probability[link=softmax]", False, "derived: the scale changes the link"),
        Claim("nonnegative", True, "a negative logarithm of a probability"),
    ),
    hazards=("s = 30 multiplies rounding errors of the scores; in float16 the loss collapses to 0 at a gap of 0.5",),
    references=("Cao et al., Learning imbalanced datasets with label-distribution-aware margin loss, NeurIPS 2019",),
)
def ldam(z: Any, y: Any, largest: Any = 0.5, s: Any = 30.0, prior: Any = None) -> Any:
    """Cross-entropy of s z, the label's score lowered by its margin."""
    xp = array_namespace(z)
    frequency = _prior(z, prior)
    margin = largest * (xp.min(frequency) / frequency) ** 0.25
    return -at_label(log_softmax(s * xp.where(is_label(z, y), z - margin[None, :], z)), y)


@entry(
    kind="logits",
    title="Vector-scaling loss",
    family="imbalance",
    formula=(
        r"-\log \frac{e^{\Delta_y z_y + \iota_y}}{\sum_k e^{\Delta_k z_k + \iota_k}},\quad "
        r"\Delta_k = (\pi_k/\pi_{\max})^\gamma,\ \iota_k = \tau\log\pi_k"
    ),
    parameters={
        "gamma": Parameter(0.25, "[0, inf)", "the strength of the factors"),
        "tau": Parameter(1.0, "[0, inf)", "the strength of the shifts"),
        "prior": PRIOR,
    },
    claims=(
        Claim("convex", True, "cross-entropy of an affine function of the scores"),
        Claim("shift_invariant", False, "Kini et al., 2021: the factors differ"),
        Claim("classification_calibrated", False, "derived: factors and shifts move the decision"),
        Claim("nonnegative", True, "a negative logarithm of a probability"),
    ),
    references=("Kini et al., Label-imbalanced and group-sensitive classification, NeurIPS 2021",),
)
def vector_scaling(z: Any, y: Any, gamma: Any = 0.25, tau: Any = 1.0, prior: Any = None) -> Any:
    """Cross-entropy of factor times score plus shift, class by class."""
    xp = array_namespace(z)
    frequency = _prior(z, prior)
    factor = (frequency / xp.max(frequency)) ** gamma
    return -at_label(log_softmax(factor[None, :] * z + tau * xp.log(frequency)[None, :]), y)


@entry(
    kind="logits",
    title="Inverse-frequency cross-entropy",
    family="imbalance",
    formula=r"-\frac{1}{K \pi_y} \log p_y",
    parameters={"prior": PRIOR},
    claims=(
        Claim("convex", True, "a multiple of cross-entropy, label by label"),
        Claim("balanced_calibrated[prior=[0.5,0.25,0.25]]", True, "derived: softmax(z) is proportional to p / prior"),
        Claim("classification_calibrated", False, "derived: softmax(z) is proportional to p / prior"),
        Claim("shift_invariant", True, "a multiple of cross-entropy, label by label"),
        Claim("nonnegative", True, "a negative logarithm of a probability"),
    ),
    references=("King, Zeng, Logistic regression in rare events data, Political Analysis 2001",),
)
def inverse_frequency_cross_entropy(z: Any, y: Any, prior: Any = None) -> Any:
    """Cross-entropy over K times the label's frequency."""
    return -at_label(log_softmax(z) / (z.shape[1] * _prior(z, prior))[None, :], y)


@entry(
    kind="logits",
    title="Class-balanced cross-entropy (effective number of samples)",
    family="imbalance",
    formula=r"-\frac{1 - \beta}{1 - \beta^{n_y}} \log p_y,\quad n_k = n \pi_k",
    parameters={
        "beta": Parameter(0.99, "[0, 1)", "0 is no weighting, 1 inverse frequency"),
        "n": Parameter(64, "n >= 1", "the number of samples"),
        "prior": PRIOR,
    },
    claims=(
        Claim("convex", True, "a multiple of cross-entropy, label by label"),
        Claim("shift_invariant", True, "a multiple of cross-entropy, label by label"),
        Claim("classification_calibrated", False, "derived: rare classes weigh more"),
        Claim("nonnegative", True, "a negative logarithm of a probability"),
    ),
    references=("Cui et al., Class-balanced loss based on effective number of samples, CVPR 2019",),
)
def class_balanced_cross_entropy(z: Any, y: Any, beta: Any = 0.99, n: Any = 64, prior: Any = None) -> Any:
    """Cross-entropy over the effective number of the label's samples."""
    weight = (1 - beta) / (1 - beta ** (n * _prior(z, prior)))
    return -at_label(log_softmax(z) * weight[None, :], y)
