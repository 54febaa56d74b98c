"""Multiclass losses on score gaps: sums and maxima of margin losses over the other classes."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import margins, max_others, relu, sigmoid, softplus, sum_others
from losscheck.catalogue.entry import Claim, Parameter, entry
from losscheck.catalogue.shared_claims import NOT_CONVEX, OF_GAPS

TEWARI = "Tewari, Bartlett, 2007"
ZHANG = "Zhang, 2004"
REFERENCES = (
    "Tewari, Bartlett, On the consistency of multiclass classification methods, JMLR 2007",
    "Zhang, Statistical analysis of some multi-category large margin classification methods, JMLR 2004",
)


@entry(
    kind="logits",
    title="Weston-Watkins hinge loss",
    family="sum",
    formula=r"\sum_{k \ne y} \max(0, 1 - z_y + z_k)",
    claims=(
        Claim("convex", True, "a sum of maxima of affine functions"),
        Claim("classification_calibrated", False, f"{TEWARI}: consistent only for two classes"),
        OF_GAPS,
        Claim("symmetric", False, "derived"),
    ),
    references=(
        "Weston, Watkins, Support vector machines for multi-class pattern recognition, ESANN 1999",
        *REFERENCES,
    ),
)
def weston_watkins(z: Any, y: Any) -> Any:
    """sum_{k != y} max(0, 1 - z_y + z_k)."""
    return sum_others(relu(1 - margins(z, y)), y)


@entry(
    kind="logits",
    title="Crammer-Singer hinge loss",
    family="max",
    formula=r"\max(0, 1 - z_y + \max_{k \ne y} z_k)",
    claims=(
        Claim("convex", True, "a maximum of affine functions"),
        Claim("classification_calibrated", False, f"{ZHANG}; {TEWARI}: fails without a majority class"),
        OF_GAPS,
        Claim("lipschitz[norm=l2]", 2**0.5, "derived: the slope is e_k - e_y"),
    ),
    references=("Crammer, Singer, On the algorithmic implementation of multiclass SVMs, JMLR 2001", *REFERENCES),
)
def crammer_singer(z: Any, y: Any) -> Any:
    """max(0, 1 - z_y + max_{k != y} z_k)."""
    return relu(1 + max_others(-margins(z, y), y))


@entry(
    kind="logits",
    title="Multiclass perceptron loss",
    family="max",
    formula=r"\max_k z_k - z_y",
    claims=(
        Claim("convex", True, "a maximum of affine functions"),
        Claim("classification_calibrated", False, "derived: equal scores minimise every risk"),
        OF_GAPS,
        Claim("nonnegative", True, "the maximum is at least z_y"),
    ),
    references=("Collins, Discriminative training methods for hidden Markov models, EMNLP 2002",),
)
def multiclass_perceptron(z: Any, y: Any) -> Any:
    """max(0, max_{k != y} z_k - z_y)."""
    return relu(max_others(-margins(z, y), y))


@entry(
    kind="logits",
    title="Pairwise squared hinge loss",
    family="sum",
    formula=r"\sum_{k \ne y} \max(0, 1 - z_y + z_k)^2",
    claims=(
        Claim("convex", True, "a sum of convex functions of linear functions"),
        OF_GAPS,
        Claim("differentiable", True, "derived"),
        Claim("nonnegative", True, "a sum of squares"),
    ),
    references=REFERENCES,
)
def pairwise_squared_hinge(z: Any, y: Any) -> Any:
    """sum_{k != y} max(0, 1 - z_y + z_k)^2."""
    return sum_others(relu(1 - margins(z, y)) ** 2, y)


@entry(
    kind="logits",
    title="Pairwise logistic loss",
    family="sum",
    formula=r"\sum_{k \ne y} \log(1 + e^{z_k - z_y})",
    claims=(
        Claim("convex", True, "a sum of convex functions of linear functions"),
        Claim("classification_calibrated", True, f"{ZHANG}: a decreasing convex differentiable phi on score gaps"),
        Claim("recovers_probability[link=softmax]", True, "derived: every pair wants z_i - z_j = log(p_i / p_j)"),
        OF_GAPS,
    ),
    references=REFERENCES,
)
def pairwise_logistic(z: Any, y: Any) -> Any:
    """sum_{k != y} log(1 + exp(z_k - z_y))."""
    return sum_others(softplus(-margins(z, y)), y)


@entry(
    kind="logits",
    title="Pairwise sigmoid loss",
    family="sum",
    formula=r"\sum_{k \ne y} \frac{1}{1 + e^{z_y - z_k}}",
    claims=(
        Claim("symmetric", True, "derived: every pair of classes adds up to 1"),
        Claim("symmetric_constant", 3.0, "derived: K (K - 1) / 2, here with K = 3"),
        Claim("noise_tolerant[model=uniform]", True, "Ghosh, Kumar, Sastry, 2017: symmetric"),
        NOT_CONVEX,
    ),
    references=("Ghosh, Kumar, Sastry, Robust loss functions under label noise for deep networks, AAAI 2017",),
)
def pairwise_sigmoid(z: Any, y: Any) -> Any:
    """sum_{k != y} sigmoid(z_k - z_y)."""
    return sum_others(sigmoid(-margins(z, y)), y)


@entry(
    kind="logits",
    title="Multiclass rho-margin loss",
    family="max",
    formula=r"\min(1, \max(0, 1 - \tfrac1\rho (z_y - \max_{k \ne y} z_k)))",
    parameters={"rho": Parameter(1.0, "(0, inf)", "the margin asked for")},
    claims=(
        Claim("bounded_above", True, "it is cut at 1"),
        NOT_CONVEX,
        Claim("classification_calibrated", True, "Awasthi, Mao, Mohri, Zhong, 2022, Theorem 3"),
        OF_GAPS,
    ),
    references=("Awasthi, Mao, Mohri, Zhong, Multi-class H-consistency bounds, NeurIPS 2022",),
)
def max_rho_margin(z: Any, y: Any, rho: Any = 1.0) -> Any:
    """The rho-margin loss of the smallest score gap."""
    gap = max_others(-margins(z, y), y)
    return array_namespace(z).where(gap < 0, relu(1 + gap / rho), array_namespace(z).ones_like(gap))


@entry(
    kind="logits",
    title="Multi-margin loss of torch",
    family="sum",
    formula=r"\frac1K \sum_{k \ne y} \max(0, m - z_y + z_k)^p",
    parameters={"margin": Parameter(1.0, "(0, inf)", "m"), "p": Parameter(2, "1 or 2", "the power")},
    claims=(
        Claim("convex", True, "a sum of convex functions of linear functions"),
        OF_GAPS,
        Claim("nonnegative", True, "a sum of powers of positive parts"),
    ),
    references=("torch.nn.MultiMarginLoss",),
)
def multi_margin(z: Any, y: Any, margin: Any = 1.0, p: Any = 2) -> Any:
    """Weston and Watkins' hinge loss to the power p, over K."""
    return sum_others(relu(margin - margins(z, y)) ** p, y) / z.shape[1]
