"""Convex margin losses: hinge and its powers, logistic, exponential, least squares, Matsushita's and the linear one."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import relu, softplus
from losscheck.catalogue.entry import Claim, Parameter, entry
from losscheck.catalogue.shared_claims import CALIBRATED

REFERENCES = ("Bartlett, Jordan, McAuliffe, Convexity, classification, and risk bounds, JASA 2006",)


@entry(
    kind="margin",
    title="Hinge loss",
    family="margin",
    formula=r"\max(0, 1 - v)",
    claims=(
        Claim("convex", True, "a maximum of affine functions"),
        CALIBRATED,
        Claim("lipschitz[norm=l2]", 1.0, "the slope is -1 or 0"),
        Claim("recovers_probability", False, "Bartlett, Tewari, 2007"),
    ),
    references=REFERENCES,
)
def hinge(v: Any) -> Any:
    """max(0, 1 - v)."""
    return relu(1 - v)


@entry(
    kind="margin",
    title="Squared hinge loss",
    family="margin",
    formula=r"\max(0, 1 - v)^2",
    claims=(
        Claim("convex", True, "a non-decreasing convex function of the hinge loss"),
        CALIBRATED,
        Claim("recovers_probability", True, "Zhang, 2004: the link is 2 eta - 1"),
        Claim("smoothness", 2.0, "the second derivative is 2 or 0"),
        Claim("differentiable", True, "the slopes meet at v = 1"),
    ),
    references=REFERENCES,
)
def squared_hinge(v: Any) -> Any:
    """max(0, 1 - v)^2."""
    return relu(1 - v) ** 2


@entry(
    kind="margin",
    title="Power of the hinge loss",
    family="margin",
    formula=r"\max(0, 1 - v)^q",
    parameters={"q": Parameter(3, "[1, inf)", "the power")},
    claims=(
        Claim("convex", True, "a non-decreasing convex function of the hinge loss"),
        CALIBRATED,
        Claim("recovers_probability", True, "derived: the risk is strictly convex between -1 and 1"),
    ),
    references=("Lin, A note on margin-based loss functions in classification, Stat. Prob. Letters 2004",),
)
def power_hinge(v: Any, q: Any = 3) -> Any:
    """max(0, 1 - v)^q."""
    return relu(1 - v) ** q


@entry(
    kind="margin",
    title="Logistic loss",
    family="margin",
    formula=r"\log(1 + e^{-v})",
    claims=(
        Claim("convex", True, "the second derivative is s(1 - s)"),
        CALIBRATED,
        Claim("recovers_probability", True, "the link is the logit"),
        Claim("lipschitz[norm=l2]", 1.0, "the slope is -1 / (1 + e^v)"),
        Claim("smoothness", 0.25, "the second derivative is at most 1/4"),
    ),
    references=REFERENCES,
    aliases=("soft_margin",),
)
def logistic(v: Any) -> Any:
    """log(1 + exp(-v))."""
    return softplus(-v)


@entry(
    kind="margin",
    title="Exponential loss (AdaBoost)",
    family="margin",
    formula=r"e^{-v}",
    claims=(
        Claim("convex", True, "the second derivative is e^-v"),
        CALIBRATED,
        Claim("recovers_probability", True, "Friedman, Hastie, Tibshirani, 2000: the link is half the logit"),
        Claim("bounded_above", False, "e^-v grows without bound"),
    ),
    hazards=("infinite in float32 for v < -88.7, and in float16 for v < -11.1",),
    references=("Friedman, Hastie, Tibshirani, Additive logistic regression, Annals of Statistics 2000",),
    aliases=("adaboost",),
)
def exponential(v: Any) -> Any:
    """exp(-v)."""
    return array_namespace(v).exp(-v)


@entry(
    kind="margin",
    title="Least squares on the margin",
    family="margin",
    formula=r"(1 - v)^2",
    claims=(
        Claim("convex", True, "a square"),
        CALIBRATED,
        Claim("recovers_probability", True, "the link is 2 eta - 1"),
        Claim("smoothness", 2.0, "the second derivative is 2"),
        Claim("nonincreasing", False, "it punishes margins above 1"),
    ),
    references=REFERENCES,
)
def squared_margin(v: Any) -> Any:
    """(1 - v)^2."""
    return (1 - v) ** 2


@entry(
    kind="margin",
    title="Perceptron loss",
    family="margin",
    formula=r"\max(0, -v)",
    claims=(
        Claim("convex", True, "a maximum of affine functions"),
        Claim("classification_calibrated", False, "Bartlett, Jordan, McAuliffe, 2006: the kink lies at 0"),
        Claim("recovers_probability", False, "v = 0 is a minimiser for every eta"),
        Claim("lipschitz[norm=l2]", 1.0, "the slope is -1 or 0"),
    ),
    references=("Rosenblatt, The perceptron, Psychological Review 1958",),
)
def perceptron(v: Any) -> Any:
    """max(0, -v)."""
    return relu(-v)


@entry(
    kind="margin",
    title="Unhinged loss",
    family="margin",
    formula=r"1 - v",
    claims=(
        Claim("convex", True, "affine"),
        Claim("symmetric", True, "van Rooyen, Menon, Williamson, 2015: the sum of both sides is 2"),
        Claim("symmetric_constant", 2.0, "van Rooyen, Menon, Williamson, 2015"),
        Claim("classification_calibrated", True, "van Rooyen, Menon, Williamson, 2015; Bartlett et al., Theorem 2"),
        Claim("bounded_below", False, "affine with slope -1"),
    ),
    references=("van Rooyen, Menon, Williamson, Learning with symmetric label noise, NeurIPS 2015",),
)
def unhinged(v: Any) -> Any:
    """1 - v."""
    return 1 - v


@entry(
    kind="margin",
    title="Matsushita's loss",
    family="margin",
    formula=r"\sqrt{1 + v^2} - v",
    claims=(
        Claim("convex", True, "Nock, Nielsen, 2009"),
        CALIBRATED,
        Claim("recovers_probability", True, "Nock, Nielsen, 2009: the link is (2 eta - 1) / (2 sqrt(eta (1 - eta)))"),
        Claim("lipschitz[norm=l2]", 2.0, "derived: the slope v / sqrt(1 + v^2) - 1 lies in (-2, 0)"),
        Claim("smoothness", 1.0, "derived: the second derivative is (1 + v^2)^(-3/2)"),
    ),
    hazards=(
        "the form sqrt(1 + v^2) - v cancels for large v; this code uses 1 / (sqrt(1 + v^2) + v) there",
        "v^2 overflows in float16 from |v| = 256 on",
    ),
    references=("Nock, Nielsen, Bregman divergences and surrogates for learning, PAMI 2009",),
)
def matsushita(v: Any) -> Any:
    """sqrt(1 + v^2) - v, without cancellation on either side."""
    xp = array_namespace(v)
    root = xp.sqrt(1 + v * v)
    return xp.where(v > 0, 1 / (root + xp.abs(v)), root - v)
