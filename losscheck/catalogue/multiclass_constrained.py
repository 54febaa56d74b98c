"""Constrained losses, sum_{k != y} phi(-z_k) over scores that add up to zero; this code centres the scores itself."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import at_label, centred, is_label, relu, softplus, sum_others
from losscheck.catalogue.entry import Claim, entry

LEE = "Lee, Lin, Wahba, 2004"
AWASTHI = "Awasthi, Mao, Mohri, Zhong, 2022"
REFERENCES = (
    "Lee, Lin, Wahba, Multicategory support vector machines, JASA 2004",
    "Awasthi, Mao, Mohri, Zhong, Multi-class H-consistency bounds, NeurIPS 2022",
)


@entry(
    kind="logits",
    title="Lee-Lin-Wahba hinge loss",
    family="constrained",
    formula=r"\sum_{k \ne y} \max(0, 1 + \bar z_k),\quad \bar z = z - \text{mean}",
    claims=(
        Claim("convex", True, "a sum of maxima of affine functions"),
        Claim("classification_calibrated", True, f"{LEE}, Lemma 1"),
        Claim("shift_invariant", True, "the scores are centred"),
        Claim("nonnegative", True, "a sum of positive parts"),
    ),
    references=REFERENCES,
    aliases=("constrained_hinge",),
)
def lee_lin_wahba(z: Any, y: Any) -> Any:
    """sum_{k != y} max(0, 1 + z_k) of centred scores."""
    return sum_others(relu(1 + centred(z)), y)


@entry(
    kind="logits",
    title="Constrained squared hinge loss",
    family="constrained",
    formula=r"\sum_{k \ne y} \max(0, 1 + \bar z_k)^2",
    claims=(
        Claim("convex", True, "a sum of convex functions of affine functions"),
        Claim("classification_calibrated", True, f"{AWASTHI}, Theorem 7"),
        Claim("shift_invariant", True, "the scores are centred"),
    ),
    references=REFERENCES,
)
def constrained_squared_hinge(z: Any, y: Any) -> Any:
    """sum_{k != y} max(0, 1 + z_k)^2 of centred scores."""
    return sum_others(relu(1 + centred(z)) ** 2, y)


@entry(
    kind="logits",
    title="Constrained exponential loss",
    family="constrained",
    formula=r"\sum_{k \ne y} e^{\bar z_k}",
    claims=(
        Claim("convex", True, "a sum of exponentials of linear functions"),
        Claim("classification_calibrated", True, f"{AWASTHI}, Theorem 7"),
        Claim("recovers_probability[link=softmax]", False, "derived: 1 - p_k is proportional to exp(-z_k)"),
        Claim("shift_invariant", True, "the scores are centred"),
    ),
    hazards=("infinite in float32 for centred scores above 88.7",),
    references=REFERENCES,
)
def constrained_exponential(z: Any, y: Any) -> Any:
    """sum_{k != y} exp(z_k) of centred scores."""
    xp = array_namespace(z)
    # The label's own exponential is left out before it is taken: it may be infinite, and its slope then NaN.
    others = xp.where(is_label(z, y), xp.zeros_like(z), centred(z))
    return sum_others(xp.exp(others), y)


@entry(
    kind="logits",
    title="One against the rest, logistic",
    family="one-versus-all",
    formula=r"\log(1 + e^{-z_y}) + \sum_{k \ne y} \log(1 + e^{z_k})",
    claims=(
        Claim("convex", True, "a sum of convex functions"),
        Claim("classification_calibrated", True, "Zhang, 2004, Theorem 10: logistic losses of each class"),
        Claim("shift_invariant", False, "derived: every score is compared with 0"),
        Claim("symmetric", False, "derived"),
        Claim("nonnegative", True, "a sum of softplus"),
    ),
    references=(
        "Zhang, Statistical analysis of some multi-category large margin classification methods, JMLR 2004",
        "Kanai et al., One-vs-the-rest loss to focus on important samples in adversarial training, ICML 2023",
    ),
    aliases=("sovr_small_margin",),
)
def one_vs_rest_logistic(z: Any, y: Any) -> Any:
    """Binary cross-entropy of each class, its own label positive."""
    return softplus(-at_label(z, y)) + sum_others(softplus(z), y)


@entry(
    kind="logits",
    title="One against the rest, squared hinge",
    family="one-versus-all",
    formula=r"\max(0, 1 - z_y)^2 + \sum_{k \ne y} \max(0, 1 + z_k)^2",
    claims=(
        Claim("convex", True, "a sum of convex functions"),
        Claim("classification_calibrated", True, "Zhang, 2004, Theorem 10"),
        Claim("shift_invariant", False, "derived: every score is compared with 0"),
    ),
    references=("Zhang, Statistical analysis of some multi-category large margin classification methods, JMLR 2004",),
)
def one_vs_rest_squared_hinge(z: Any, y: Any) -> Any:
    """Squared hinge loss of each class, its own label positive."""
    return relu(1 - at_label(z, y)) ** 2 + sum_others(relu(1 + z) ** 2, y)


@entry(
    kind="logits",
    title="One against the rest, hinge",
    family="one-versus-all",
    formula=r"\max(0, 1 - z_y) + \sum_{k \ne y} \max(0, 1 + z_k)",
    claims=(
        Claim("convex", True, "a sum of maxima of affine functions"),
        Claim("classification_calibrated", False, "Lee, Lin, Wahba, 2004: it fails without a majority class"),
        Claim("shift_invariant", False, "derived: every score is compared with 0"),
    ),
    references=("Rifkin, Klautau, In defense of one-vs-all classification, JMLR 2004", *REFERENCES),
)
def one_vs_rest_hinge(z: Any, y: Any) -> Any:
    """Hinge loss of each class, its own label positive."""
    return relu(1 - at_label(z, y)) + sum_others(relu(1 + z), y)


@entry(
    kind="logits",
    title="Squared error on the scores",
    family="one-versus-all",
    formula=r"\sum_k (z_k - 1[k = y])^2",
    claims=(
        Claim("convex", True, "a sum of squares"),
        Claim("classification_calibrated", True, "derived: the minimiser is z = p"),
        Claim("shift_invariant", False, "derived"),
        Claim("nonnegative", True, "a sum of squares"),
    ),
    references=("Hui, Belkin, Evaluation of neural architectures trained with square loss, ICLR 2021",),
)
def squared_scores(z: Any, y: Any) -> Any:
    """|z - e_y|^2."""
    return (at_label(z, y) - 1) ** 2 + sum_others(z**2, y)
