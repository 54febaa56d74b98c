"""Log loss of a binary label through other links: probit, complementary log-log, log-log, cauchit; and as shipped."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import clip, sigmoid, signs, softplus
from losscheck.catalogue.entry import Claim, Parameter, entry

MCCULLAGH = "McCullagh, Nelder, 1989"
REFERENCES = ("McCullagh, Nelder, Generalized linear models, 1989",)


@entry(
    kind="binary",
    title="Binary cross-entropy with logits",
    family="binary logits",
    formula=r"\log(1 + e^{z}) - y z",
    claims=(
        Claim("convex", True, "log-sum-exp minus an affine function"),
        Claim("classification_calibrated", True, "Bartlett, Jordan, McAuliffe, 2006, Theorem 2"),
        Claim("recovers_probability", True, "the link is the logit"),
        Claim("lipschitz[norm=l2]", 1.0, "the slope is sigmoid(z) - y"),
        Claim("smoothness", 0.25, "the second derivative is at most 1/4"),
    ),
    references=REFERENCES,
    aliases=("bce_with_logits",),
)
def binary_cross_entropy_logits(z: Any, y: Any) -> Any:
    """log(1 + exp(z)) for y = 0, log(1 + exp(-z)) for y = 1."""
    return softplus(-signs(y, z) * z)


@entry(
    kind="binary",
    title="Binary cross-entropy with a weight on the positives",
    family="binary logits",
    formula=r"w y \log(1 + e^{-z}) + (1 - y)\log(1 + e^{z})",
    parameters={"w": Parameter(2.0, "(0, inf)", "the weight of y = 1")},
    claims=(
        Claim("convex", True, "a sum of convex functions"),
        Claim("classification_calibrated", False, "Scott, 2012: it is calibrated for the threshold 1 / (1 + w)"),
        Claim("recovers_probability", True, "derived: sigmoid(z) = w eta / (w eta + 1 - eta)"),
        Claim("lipschitz[norm=l2]", 2.0, "derived: max(1, w)"),
    ),
    references=("Scott, Calibrated asymmetric surrogate losses, EJS 2012",),
)
def weighted_binary_cross_entropy(z: Any, y: Any, w: Any = 2.0) -> Any:
    """Binary cross-entropy with logits, positives weighted by w (pos_weight of torch)."""
    return w * y * softplus(-z) + (1 - y) * softplus(z)


@entry(
    kind="binary",
    title="Complementary log-log loss",
    family="binary logits",
    formula=r"-y\log(1 - e^{-e^{z}}) + (1 - y) e^{z}",
    claims=(
        Claim("convex", True, f"{MCCULLAGH}: the cloglog likelihood is log-concave"),
        Claim("recovers_probability", True, "derived: log loss through the link log(-log(1 - p))"),
        Claim("classification_calibrated", False, "derived: p = 1/2 is z = log(log 2), not 0"),
    ),
    hazards=(
        "e^(e^z) overflows for z > 4.48 in float32; this code never forms it",
        "e^z is 0 for z < -104 in float32 (z < -745 in float64): the loss is infinite there, not -z",
        "1 / e^z overflows for z < -88.7 in float32 (z < -709 in float64): there the slope of positives is not -1",
        "e^z is infinite for z > 88.7 in float32 (z > 709 in float64): the slope of positives is NaN there, not 0",
    ),
    references=REFERENCES,
)
def cloglog(z: Any, y: Any) -> Any:
    """Log loss of p = 1 - exp(-exp(z))."""
    xp = array_namespace(z)
    hit = y == 1
    # Each branch sees only the scores it is for: the other one may be infinite there.
    inside = xp.log(-xp.expm1(-xp.exp(xp.where(hit, z, xp.zeros_like(z)))))
    return xp.where(hit, -inside, xp.exp(xp.where(hit, xp.zeros_like(z), z)))


@entry(
    kind="binary",
    title="Gumbel-optimised loss (log-log link)",
    family="binary logits",
    formula=r"y e^{-z} - (1 - y)\log(1 - e^{-e^{-z}})",
    claims=(
        Claim("convex", True, "derived: the mirror image of the complementary log-log loss"),
        Claim("recovers_probability", True, "derived: log loss through the link -log(-log p)"),
        Claim("lipschitz[norm=l2]", float("inf"), "derived: for positives it is the exponential loss"),
        Claim("classification_calibrated", False, "derived: p = 1/2 is z = -log(log 2), not 0"),
    ),
    hazards=(
        "e^(-z) overflows for z < -88.7 in float32; the published code clamps z and the loss instead",
        "e^(-z) is 0 for z > 104 in float32 (z > 745 in float64): the loss is infinite there, not z",
        "1 / e^(-z) overflows for z > 88.7 in float32 (z > 709 in float64): there the slope of negatives is not 1",
        "e^(-z) is infinite for z < -88.7 in float32 (z < -709 in float64): the slope of negatives is NaN there, not 0",
    ),
    references=("Alexandridis et al., Long-tailed instance segmentation using Gumbel optimized loss, ECCV 2022",),
)
def gumbel_optimised(z: Any, y: Any) -> Any:
    """Log loss of p = exp(-exp(-z))."""
    return cloglog(-z, 1 - y)


@entry(
    kind="binary",
    title="Gumbel-optimised loss as published (clamped)",
    family="binary logits",
    formula=r"\min(20, -y\log p - (1 - y)\log(1 - p)),\quad p = e^{-e^{-z}},\ z \in [-4, 10]",
    claims=(
        Claim("recovers_probability", False, "derived: all eta below e^-24 share their minimisers, z <= -4"),
        Claim("bounded_above", True, "the clamp at 20"),
        Claim("convex", False, "derived: flat, then falling"),
    ),
    hazards=("the gradient is exactly 0 for positives with z < -2.996 and for all z outside [-4, 10]",),
    references=("Alexandridis et al., Long-tailed instance segmentation using Gumbel optimized loss, ECCV 2022",),
)
def gumbel_optimised_clamped(z: Any, y: Any) -> Any:
    """The Gumbel-optimised loss with the score cut to [-4, 10] and the loss to [0, 20]."""
    xp = array_namespace(z)
    rate = xp.exp(-clip(z, -4.0, 10.0))
    return clip(y * rate - (1 - y) * xp.log(-xp.expm1(-rate)), 0.0, 20.0)


@entry(
    kind="binary",
    title="Cauchit loss",
    family="binary logits",
    formula=r"-\log\left(\tfrac12 + \tfrac1\pi \arctan((2y - 1) z)\right)",
    claims=(
        Claim("recovers_probability", True, "derived: log loss through a bijection of (0, 1) and R"),
        Claim("classification_calibrated", True, "derived: log loss with a link that is 0 at 1/2"),
        Claim("convex", False, "derived: it grows like log|z| on the wrong side"),
    ),
    references=("Koenker, Yoon, Parametric links for binary choice models, J. Econometrics 2009",),
)
def cauchit(z: Any, y: Any) -> Any:
    """Log loss of p = 1/2 + atan(z) / pi."""
    xp = array_namespace(z)
    v = signs(y, z) * z
    # For v < -1 the sum 1/2 + atan(v) / pi cancels; there it is atan(1 / |v|) / pi.
    far = v < -1
    inside = xp.where(far, xp.zeros_like(v), v)
    outside = xp.where(far, v, xp.full_like(v, -1.0))
    p = xp.where(far, -0.3183098861837907 * xp.atan(1 / outside), 0.5 + 0.3183098861837907 * xp.atan(inside))
    return -xp.log(p)


@entry(
    kind="binary",
    title="Squared error of the sigmoid",
    family="binary logits",
    formula=r"(\sigma(z) - y)^2",
    claims=(
        Claim("recovers_probability", True, "Buja, Stuetzle, Shen, 2005: squared error is strictly proper"),
        Claim("classification_calibrated", True, "derived: strictly proper, and the link is 0 at 1/2"),
        Claim("convex", False, "Buja, Stuetzle, Shen, 2005"),
        Claim("bounded_above", True, "it is below 1"),
    ),
    references=("Buja, Stuetzle, Shen, Loss functions for binary class probability estimation, 2005",),
)
def squared_sigmoid(z: Any, y: Any) -> Any:
    """(sigmoid(z) - y)^2."""
    return sigmoid(-signs(y, z) * z) ** 2


@entry(
    kind="binary",
    title="Absolute error of the sigmoid",
    family="binary logits",
    formula=r"|\sigma(z) - y|",
    claims=(
        Claim("symmetric", True, "Ghosh, Manwani, Sastry, 2015"),
        Claim("classification_calibrated", True, "derived: the sigmoid loss of the margin"),
        Claim("recovers_probability", False, "the risk is monotone in z"),
        Claim("noise_tolerant[model=uniform]", True, "Ghosh, Manwani, Sastry, 2015"),
    ),
    references=("Ghosh, Manwani, Sastry, Making risk minimization tolerant to label noise, Neurocomputing 2015",),
)
def absolute_sigmoid(z: Any, y: Any) -> Any:
    """|sigmoid(z) - y|."""
    return sigmoid(-signs(y, z) * z)
