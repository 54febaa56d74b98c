"""Losses of several labels at once that are one binary loss per label."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import relu, sigmoid, signs, softplus
from losscheck.catalogue.binary_focal import binary_asymmetric, entropy_maximising
from losscheck.catalogue.entry import Parameter, Study, entry

TEST = "tests/catalogue/test_multilabel.py"


@entry(
    kind="multilabel",
    title="Binary cross-entropy of every label",
    family="multilabel",
    formula=r"\frac1K \sum_k \log(1 + e^{-(2 y_k - 1) z_k})",
    studies=(
        Study("convex in z", "a mean of convex functions", TEST),
        Study("nonnegative", "a mean of softplus", TEST),
    ),
    references=("Gao, Zhou, On the consistency of multi-label learning, AIJ 2013",),
    aliases=("multilabel_soft_margin",),
)
def multilabel_cross_entropy(z: Any, y: Any) -> Any:
    """The mean over the labels of binary cross-entropy with logits."""
    return array_namespace(z).mean(softplus(-signs(y, z) * z), axis=1)


@entry(
    kind="multilabel",
    title="Hinge loss of every label",
    family="multilabel",
    formula=r"\frac1K \sum_k \max(0, 1 - (2 y_k - 1) z_k)",
    studies=(
        Study("convex in z", "a mean of maxima of affine functions", TEST),
        Study("nonnegative", "a mean of positive parts", TEST),
    ),
    references=("Gao, Zhou, On the consistency of multi-label learning, AIJ 2013",),
)
def multilabel_hinge(z: Any, y: Any) -> Any:
    """The mean over the labels of the hinge loss."""
    return array_namespace(z).mean(relu(1 - signs(y, z) * z), axis=1)


@entry(
    kind="multilabel",
    title="Focal loss of every label",
    family="multilabel",
    formula=r"\frac1K \sum_k -(1 - p_{k})^\gamma \log p_{k},\quad p_k = \sigma((2 y_k - 1) z_k)",
    parameters={"gamma": Parameter(2, "[0, inf)", "how much easy labels are damped")},
    studies=(
        Study("nonnegative", "a mean of nonnegative terms", TEST),
        Study("not convex in z", "derived", TEST),
    ),
    references=("Lin et al., Focal loss for dense object detection, ICCV 2017",),
)
def multilabel_focal(z: Any, y: Any, gamma: Any = 2) -> Any:
    """The mean over the labels of the focal loss."""
    xp = array_namespace(z)
    v = signs(y, z) * z
    return xp.mean(xp.exp(-gamma * softplus(v)) * softplus(-v), axis=1)


@entry(
    kind="multilabel",
    title="Asymmetric loss (ASL)",
    family="multilabel",
    formula=r"\sum_k -y_k (1-p_k)^{\gamma_+} \log p_k - (1 - y_k) (p_k - m)_+^{\gamma_-} \log(1 - (p_k - m)_+)",
    parameters={
        "positive": Parameter(1, "[0, inf)", "gamma+"),
        "negative": Parameter(4, "[0, inf)", "gamma-"),
        "m": Parameter(0.05, "[0, 1)", "negatives with p below m cost nothing"),
    },
    studies=(
        Study("nonnegative", "Ridnik et al., 2021", TEST),
        Study("not convex in z", "derived: bounded in each negative score and not constant", TEST),
    ),
    hazards=("the published code stops the gradient of the focal weights by default",),
    references=("Ridnik et al., Asymmetric loss for multi-label classification, ICCV 2021",),
    aliases=("asl",),
)
def multilabel_asymmetric(z: Any, y: Any, positive: Any = 1, negative: Any = 4, m: Any = 0.05) -> Any:
    """The sum over the labels of a focal loss with a power of its own on either side."""
    return array_namespace(z).sum(binary_asymmetric(z, y, positive, negative, m), axis=1)


@entry(
    kind="multilabel",
    title="Hill loss for missing labels",
    family="multilabel",
    formula=r"\sum_k -y_k \log p_k + (1 - y_k)(\lambda - p_k) p_k^2",
    parameters={"lam": Parameter(1.5, "[1, inf)", "where the weight of negatives turns round")},
    studies=(
        Study("nonnegative", "Zhang et al., 2021: lam > 1 >= p", TEST),
        Study("not convex in z", "derived: bounded in each negative score and not constant", TEST),
    ),
    references=("Zhang et al., Simple and robust loss design for multi-label learning with missing labels, 2021",),
)
def hill(z: Any, y: Any, lam: Any = 1.5) -> Any:
    """Cross-entropy of positives, a re-weighted square of negatives."""
    xp = array_namespace(z)
    p = sigmoid(z)
    y = xp.astype(y, z.dtype)
    return xp.sum(y * softplus(-z) + (1 - y) * (lam - p) * p**2, axis=1)


@entry(
    kind="multilabel",
    title="Exponential loss of every label",
    family="multilabel",
    formula=r"\frac1K \sum_k e^{-(2 y_k - 1) z_k}",
    studies=(
        Study("convex in z", "a mean of exponentials of linear functions", TEST),
        Study("nonnegative", "a mean of exponentials", TEST),
    ),
    hazards=("infinite in float32 for a score of 88.8 on the wrong side",),
    references=("Schapire, Singer, BoosTexter: a boosting-based system for text categorization, ML 2000",),
)
def multilabel_exponential(z: Any, y: Any) -> Any:
    """The mean over the labels of the exponential loss (AdaBoost.MH)."""
    xp = array_namespace(z)
    return xp.mean(xp.exp(-signs(y, z) * z), axis=1)


@entry(
    kind="multilabel",
    title="Entropy-maximising loss of every label",
    family="multilabel",
    formula=r"\sum_k -y_k \log p_k - (1 - y_k)\,\alpha H(p_k)",
    parameters={"alpha": Parameter(0.2, "(0, inf)", "the weight of the entropy of unknown labels")},
    studies=(
        Study("not nonnegative", "derived: the entropy enters with a minus", TEST),
        Study("not convex in z", "derived: bounded in each unknown score and not constant", TEST),
    ),
    references=("Zhou et al., Acknowledging the unknown for multi-label learning, ECCV 2022",),
)
def multilabel_entropy_maximising(z: Any, y: Any, alpha: Any = 0.2) -> Any:
    """Cross-entropy of positives, minus alpha times the entropy of all others, summed over the labels."""
    return array_namespace(z).sum(entropy_maximising(z, y, alpha), axis=1)
