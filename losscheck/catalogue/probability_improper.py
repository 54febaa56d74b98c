"""Losses of a binary probability that the truth does not minimise: robust, focused or regularised ones."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import xlogy
from losscheck.catalogue.entry import Claim, Parameter, entry


@entry(
    kind="probability",
    title="Absolute error of a probability",
    family="improper binary",
    formula=r"|y - p|",
    claims=(
        Claim("proper", False, "Savage, 1971: the nearer end is the best report"),
        Claim("symmetric", True, "Ghosh, Manwani, Sastry, 2015"),
        Claim("symmetric_constant", 1.0, "derived"),
        Claim("convex", True, "affine for each label"),
    ),
    references=("Ghosh, Manwani, Sastry, Making risk minimization tolerant to label noise, 2015",),
)
def absolute_probability(p: Any, y: Any) -> Any:
    """|y - p|."""
    return array_namespace(p).abs(y - p)


@entry(
    kind="probability",
    title="Binary focal loss",
    family="improper binary",
    formula=r"-(1 - p_y)^\gamma\log p_y",
    parameters={"gamma": Parameter(2.0, "[0, inf)", "0 is cross-entropy")},
    claims=(
        Claim("proper", False, "Charoenphakdee et al., 2021, Theorem 3"),
        Claim("nonnegative", True, "a product of nonnegative factors"),
        Claim("composite_convex[link=logit]", False, "derived: the slope falls again far on the wrong side"),
    ),
    references=("Lin et al., Focal loss for dense object detection, ICCV 2017",),
)
def binary_focal(p: Any, y: Any, gamma: float = 2.0) -> Any:
    """-(1 - p_y)^gamma log p_y."""
    xp = array_namespace(p)
    chosen = xp.where(y == 1, p, 1 - p)
    return -((1 - chosen) ** gamma) * xp.log(chosen)


@entry(
    kind="probability",
    title="Inverse focal loss",
    family="improper binary",
    formula=r"-(1 + p_y)^\gamma\log p_y",
    parameters={"gamma": Parameter(1.0, "[0, inf)", "0 is cross-entropy")},
    claims=(
        Claim("proper", False, "Wang, Feng, Zhang, 2021: a larger weight for easy rows"),
        Claim("nonnegative", True, "a product of nonnegative factors"),
    ),
    references=("Wang, Feng, Zhang, Rethinking calibration of deep neural networks, NeurIPS 2021",),
)
def inverse_focal(p: Any, y: Any, gamma: float = 1.0) -> Any:
    """-(1 + p_y)^gamma log p_y."""
    xp = array_namespace(p)
    chosen = xp.where(y == 1, p, 1 - p)
    return -((1 + chosen) ** gamma) * xp.log(chosen)


@entry(
    kind="probability",
    title="Generalised binary cross-entropy",
    family="improper binary",
    formula=r"\frac{1 - p_y^q}{q}",
    parameters={"q": Parameter(0.5, "(0, 1]", "0 is cross-entropy, 1 the absolute error")},
    claims=(
        Claim("proper", False, "Zhang, Sabuncu, 2018: the best odds are those of p to the power 1/(1-q)"),
        Claim("convex", True, "-p^q is convex for q <= 1"),
        Claim("bounded_above", True, "1/q"),
    ),
    references=("Zhang, Sabuncu, Generalized cross entropy loss, NeurIPS 2018",),
)
def binary_gce(p: Any, y: Any, q: float = 0.5) -> Any:
    """(1 - p_y^q) / q."""
    chosen = array_namespace(p).where(y == 1, p, 1 - p)
    return (1 - chosen**q) / q


@entry(
    kind="probability",
    title="Confidence-penalised cross-entropy",
    family="improper binary",
    formula=r"-\log p_y - \beta H(p)",
    parameters={"beta": Parameter(0.1, "[0, inf)", "the weight of the entropy")},
    claims=(
        Claim("proper", False, "derived: the entropy pulls the report to 1/2"),
        Claim("convex", True, "the negative entropy is convex"),
    ),
    hazards=("p log p is nan at 0 in the naive form",),
    references=("Pereyra et al., Regularizing neural networks by penalizing confident output, 2017",),
)
def confidence_penalty(p: Any, y: Any, beta: float = 0.1) -> Any:
    """Cross-entropy less beta times the entropy of the report."""
    xp = array_namespace(p)
    entropy = -(xlogy(p, p) + xlogy(1 - p, 1 - p))
    return -xp.log(xp.where(y == 1, p, 1 - p)) - beta * entropy


@entry(
    kind="probability",
    title="Smoothed cross-entropy",
    family="improper binary",
    formula=r"-(1 - \tfrac{s}{2})\log p_y - \tfrac{s}{2}\log(1 - p_y)",
    parameters={"s": Parameter(0.1, "[0, 1)", "the mass taken from the label and spread over both classes")},
    claims=(
        Claim("proper", False, "Szegedy et al., 2016: the best report is the smoothed probability"),
        Claim("convex", True, "a sum of convex functions"),
        Claim("composite_convex[link=logit]", True, "a sum of convex functions"),
    ),
    references=("Szegedy et al., Rethinking the Inception architecture, CVPR 2016",),
)
def smoothed_cross_entropy(p: Any, y: Any, s: float = 0.1) -> Any:
    """Cross-entropy to a label pulled towards 1/2."""
    xp = array_namespace(p)
    target = xp.where(y == 1, 0 * p + (1 - s / 2), 0 * p + s / 2)
    return -target * xp.log(p) - (1 - target) * xp.log(1 - p)


@entry(
    kind="probability",
    title="Quartic error of a probability",
    family="improper binary",
    formula=r"(y - p)^4",
    claims=(
        Claim("proper", False, "derived: the best odds are the cube root of the odds"),
        Claim("convex", True, "an even power"),
        Claim("bounded_above", True, "at most 1"),
    ),
    references=("derived",),
)
def quartic_probability(p: Any, y: Any) -> Any:
    """(y - p)^4: of the powers only the square is proper."""
    return (y - p) ** 4


@entry(
    kind="probability",
    title="Asymmetric loss of a probability",
    family="improper binary",
    formula=r"-y(1-p)^{g_+}\log p - (1-y)\,p_m^{g_-}\log(1-p_m),\quad p_m = \max(p - m, 0)",
    parameters={
        "positive": Parameter(1.0, "[0, inf)", "the focusing power of positives"),
        "negative": Parameter(4.0, "[0, inf)", "the focusing power of negatives"),
        "shift": Parameter(0.05, "[0, 1)", "probabilities below it cost a negative nothing"),
    },
    claims=(
        Claim("proper", False, "derived: reports below the shift cost negatives nothing"),
        Claim("nonnegative", True, "a product of nonnegative factors"),
    ),
    references=("Ridnik et al., Asymmetric loss for multi-label classification, ICCV 2021",),
)
def asymmetric_probability(p: Any, y: Any, positive: float = 1.0, negative: float = 4.0, shift: float = 0.05) -> Any:
    """The binary part of the asymmetric loss (S038)."""
    xp = array_namespace(p)
    shifted = xp.where(p > shift, p - shift, 0 * p)
    chosen = xp.where(y == 1, p, 1 - shifted)
    return -xp.where(y == 1, (1 - p) ** positive, shifted**negative) * xp.log(chosen)
