"""Bounded margin losses that are not symmetric: Savage, tangent, C-loss, alpha-loss, robust truncations."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import relu, sigmoid, softplus
from losscheck.catalogue.entry import Claim, Parameter, entry

MASNADI = "Masnadi-Shirazi, Vasconcelos, 2008"


@entry(
    kind="margin",
    title="Savage loss",
    family="margin",
    formula=r"\frac{1}{(1 + e^{2v})^2}",
    claims=(
        Claim("convex", False, f"{MASNADI}: bounded and not constant"),
        Claim("classification_calibrated", True, f"{MASNADI}: a proper composite loss"),
        Claim("recovers_probability", True, f"{MASNADI}: the link is half the logit"),
        Claim("bounded_above", True, MASNADI),
        Claim("symmetric", False, "derived"),
    ),
    references=("Masnadi-Shirazi, Vasconcelos, On the design of loss functions for classification, NeurIPS 2008",),
    aliases=("savageboost",),
)
def savage(v: Any) -> Any:
    """1 / (1 + exp(2 v))^2."""
    return sigmoid(-2 * v) ** 2


@entry(
    kind="margin",
    title="Tangent loss",
    family="margin",
    formula=r"(2 \arctan(v) - 1)^2",
    claims=(
        Claim("convex", False, "Masnadi-Shirazi, Mahadevan, Vasconcelos, 2010"),
        Claim(
            "classification_calibrated",
            True,
            "Masnadi-Shirazi, Mahadevan, Vasconcelos, 2010: a canonical link v = tan(eta - 1/2)",
        ),
        Claim("recovers_probability", True, "Masnadi-Shirazi, Mahadevan, Vasconcelos, 2010"),
        Claim("nonincreasing", False, "Masnadi-Shirazi et al., 2010: it grows again beyond tan(1/2)"),
        Claim("bounded_above", True, "Masnadi-Shirazi et al., 2010"),
    ),
    references=("Masnadi-Shirazi, Mahadevan, Vasconcelos, Robust classifiers for computer vision, CVPR 2010",),
    aliases=("tangentboost",),
)
def tangent(v: Any) -> Any:
    """(2 atan(v) - 1)^2."""
    return (2 * array_namespace(v).atan(v) - 1) ** 2


@entry(
    kind="margin",
    title="C-loss (correntropy)",
    family="margin",
    formula=r"\frac{1 - e^{-(1 - v)^2 / (2\sigma^2)}}{1 - e^{-1/(2\sigma^2)}}",
    parameters={"sigma": Parameter(0.5, "(0, inf)", "the width of the kernel")},
    claims=(
        Claim("convex", False, "Singh, Pokharel, Principe, 2014"),
        Claim("bounded_above", True, "Singh, Pokharel, Principe, 2014"),
        Claim("nonincreasing", False, "it punishes margins above 1"),
        Claim("symmetric", False, "derived"),
    ),
    references=("Singh, Pokharel, Principe, The C-loss function for pattern classification, Pattern Recognition 2014",),
)
def c_loss(v: Any, sigma: Any = 0.5) -> Any:
    """1 - exp(-(1 - v)^2 / (2 sigma^2)), scaled to 1 at v = 0."""
    xp = array_namespace(v)
    rate = 0.5 / sigma**2
    return xp.expm1(-rate * (1 - v) ** 2) / xp.expm1(xp.zeros_like(v) - rate)


@entry(
    kind="margin",
    title="Alpha-loss",
    family="margin",
    formula=r"\frac{\alpha}{\alpha - 1}\left(1 - (1 + e^{-v})^{-(\alpha - 1)/\alpha}\right)",
    parameters={"alpha": Parameter(2, "(0, inf) without 1", "1 is logistic, inf the sigmoid loss, 1/2 exponential")},
    claims=(
        Claim("classification_calibrated", True, "Sypherd et al., 2022, Theorem 1"),
        Claim("convex", False, "Sypherd et al., 2022: convex only for alpha <= 1"),
        Claim("convex", True, "Sypherd et al., 2022", params={"alpha": 0.5}),
        Claim("recovers_probability", True, "Sypherd et al., 2022: the link is alpha times the logit"),
    ),
    references=("Sypherd et al., A tunable loss function for robust classification, IEEE Trans. Inf. Theory 2022",),
)
def alpha_margin(v: Any, alpha: Any = 2) -> Any:
    """Alpha / (alpha - 1) (1 - sigmoid(v)^(1 - 1 / alpha))."""
    power = (alpha - 1) / alpha
    return -array_namespace(v).expm1(-power * softplus(-v)) / power


@entry(
    kind="margin",
    title="Truncated hinge loss",
    family="margin",
    formula=r"\min(1 - s, \max(0, 1 - v))",
    parameters={"s": Parameter(-1, "(-inf, 0]", "the margin from which the loss stays constant; 0 is psi-learning")},
    claims=(
        Claim("convex", False, "Wu, Liu, 2007"),
        Claim("classification_calibrated", True, "Wu, Liu, 2007, Theorem 1 (s <= 0)"),
        Claim("bounded_above", True, "Wu, Liu, 2007"),
        Claim("lipschitz[norm=l2]", 1.0, "derived"),
    ),
    references=("Wu, Liu, Robust truncated hinge loss support vector machines, JASA 2007",),
)
def truncated_hinge(v: Any, s: Any = -1) -> Any:
    """max(0, 1 - v), cut at 1 - s."""
    xp = array_namespace(v)
    return xp.minimum(relu(1 - v), xp.full_like(v, 1 - s))


@entry(
    kind="margin",
    title="Truncated logistic loss",
    family="margin",
    formula=r"\min(\log(1 + e^{-v}), \log(1 + e^{-s}))",
    parameters={"s": Parameter(-1, "(-inf, 0]", "the margin from which the loss stays constant")},
    claims=(
        Claim("convex", False, "Park, Liu, 2011"),
        Claim("classification_calibrated", True, "Park, Liu, 2011"),
        Claim("bounded_above", True, "Park, Liu, 2011"),
    ),
    references=("Park, Liu, Robust penalized logistic regression with truncated loss functions, CJS 2011",),
)
def truncated_logistic(v: Any, s: Any = -1) -> Any:
    """log(1 + exp(-max(v, s)))."""
    xp = array_namespace(v)
    return softplus(-xp.maximum(v, xp.full_like(v, s)))


@entry(
    kind="margin",
    title="Focal loss on the margin",
    family="margin",
    formula=r"-(1 - s(v))^\gamma \log s(v),\quad s(v) = 1/(1 + e^{-v})",
    parameters={"gamma": Parameter(2, "[0, inf)", "how much easy examples are damped")},
    claims=(
        Claim("classification_calibrated", True, "Charoenphakdee et al., 2021, Theorem 3"),
        Claim("recovers_probability", True, "Charoenphakdee et al., 2021: through the link psi of Theorem 8"),
        Claim("convex", False, "derived: it is concave far out on the right for gamma > 0 and ends flat"),
    ),
    references=(
        "Lin et al., Focal loss for dense object detection, ICCV 2017",
        "Charoenphakdee et al., On focal loss for class-posterior probability estimation, CVPR 2021",
    ),
)
def focal_margin(v: Any, gamma: Any = 2) -> Any:
    """sigmoid(-v)^gamma log(1 + exp(-v))."""
    return array_namespace(v).exp(-gamma * softplus(v)) * softplus(-v)
