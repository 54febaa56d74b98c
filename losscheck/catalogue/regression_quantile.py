"""Quantiles, expectiles and tubes: losses that weigh over- and underestimation differently, or not at all nearby."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import softplus
from losscheck.catalogue.entry import Claim, Parameter, entry

LEVEL = {"level": Parameter(0.75, "(0, 1)", "the share of outcomes that should lie below")}
KOENKER = "Koenker, Bassett, 1978"
NEWEY = "Newey, Powell, 1987"
VAPNIK = "Vapnik, 1995"


@entry(
    kind="regression",
    title="Pinball loss",
    family="regression",
    formula=r"\max(\tau (y - \hat y), (\tau - 1)(y - \hat y))",
    parameters=LEVEL,
    claims=(
        Claim("convex", True, "a maximum of affine functions"),
        Claim("elicits[functional=quantile,level=0.75]", True, KOENKER),
        Claim("elicits[functional=median]", False, "derived: only at level 1/2"),
        Claim("bounded_influence", True, KOENKER),
        Claim("lipschitz[norm=l2]", 0.75, "the slopes are -tau and 1 - tau"),
        Claim("homogeneous_degree", 1.0, "derived"),
    ),
    references=("Koenker, Bassett, Regression quantiles, Econometrica 1978",),
    aliases=("quantile_loss",),
)
def pinball(yhat: Any, y: Any, level: float = 0.75) -> Any:
    """max(level r, (level - 1) r) for r = y - yhat."""
    residual = y - yhat
    return array_namespace(yhat).maximum(level * residual, (level - 1) * residual)


@entry(
    kind="regression",
    title="Expectile loss (asymmetric least squares)",
    family="regression",
    formula=r"|\tau - 1[y < \hat y]|\,(y - \hat y)^2",
    parameters=LEVEL,
    claims=(
        Claim("convex", True, NEWEY),
        Claim("elicits[functional=expectile,level=0.75]", True, NEWEY),
        Claim("elicits[functional=mean]", False, "only at level 1/2"),
        Claim("smoothness", 1.5, "the second derivative is 2 tau or 2 (1 - tau)"),
        Claim("homogeneous_degree", 2.0, "derived"),
    ),
    references=("Newey, Powell, Asymmetric least squares estimation and testing, Econometrica 1987",),
)
def expectile(yhat: Any, y: Any, level: float = 0.75) -> Any:
    """|level - 1[y < yhat]| (y - yhat)^2."""
    residual = y - yhat
    return array_namespace(yhat).where(residual < 0, (1 - level) * residual**2, level * residual**2)


@entry(
    kind="regression",
    title="Quantile Huber loss",
    family="regression",
    formula=r"|\tau - 1[y < \hat y]|\, H_\delta(y - \hat y)",
    parameters={**LEVEL, "delta": Parameter(1.0, "(0, inf)", "where the square turns into a line")},
    claims=(
        Claim("convex", True, "two halves of Huber's loss with slope 0 between"),
        Claim("lipschitz[norm=l2]", 0.75, "the slope is at most delta max(tau, 1 - tau)"),
        Claim("elicits[functional=quantile,level=0.75]", False, "derived: the smoothing moves the minimiser"),
    ),
    references=("Dabney, Rowland, Bellemare, Munos, Distributional reinforcement learning with QR, AAAI 2018",),
)
def quantile_huber(yhat: Any, y: Any, level: float = 0.75, delta: float = 1.0) -> Any:
    """Huber's loss with a weight for each side."""
    xp = array_namespace(yhat)
    residual = y - yhat
    size = xp.abs(residual)
    loss = xp.where(size <= delta, 0.5 * size**2, delta * (size - 0.5 * delta))
    return xp.where(residual < 0, (1 - level) * loss, level * loss)


@entry(
    kind="regression",
    title="Smooth pinball loss",
    family="regression",
    formula=r"\tau (y - \hat y) + \alpha \log(1 + e^{-(y - \hat y)/\alpha})",
    parameters={**LEVEL, "alpha": Parameter(0.5, "(0, inf)", "the width of the rounded corner")},
    claims=(
        Claim("convex", True, "an affine function plus a softplus"),
        Claim("smoothness", 0.5, "1 / (4 alpha)"),
        Claim("elicits[functional=quantile,level=0.75]", False, "derived: at a point mass the minimiser is shifted"),
    ),
    references=("Zheng, Gradient descent algorithms for quantile regression with smooth approximation, 2011",),
)
def smooth_pinball(yhat: Any, y: Any, level: float = 0.75, alpha: float = 0.5) -> Any:
    """The pinball loss with its corner replaced by a softplus."""
    residual = y - yhat
    return level * residual + alpha * softplus(-residual / alpha)


@entry(
    kind="regression",
    title="Epsilon-insensitive loss",
    family="regression",
    formula=r"\max(0, |\hat y - y| - \varepsilon)",
    parameters={"epsilon": Parameter(0.5, "[0, inf)", "the half-width of the tube that costs nothing")},
    claims=(
        Claim("convex", True, VAPNIK),
        Claim("lipschitz[norm=l2]", 1.0, "the slope is -1, 0 or 1"),
        Claim("bounded_influence", True, VAPNIK),
        Claim(
            "elicits[functional=median]",
            False,
            "derived: for Y = 0 with weight 3/5 and Y = 1 the report 1/2 is as good as any, 0 is not",
        ),
    ),
    references=("Vapnik, The nature of statistical learning theory, 1995",),
)
def epsilon_insensitive(yhat: Any, y: Any, epsilon: float = 0.5) -> Any:
    """max(0, |r| - epsilon), as in support vector regression."""
    size = array_namespace(yhat).abs(yhat - y)
    return array_namespace(yhat).maximum(size - epsilon, 0 * size)


@entry(
    kind="regression",
    title="Squared epsilon-insensitive loss",
    family="regression",
    formula=r"\max(0, |\hat y - y| - \varepsilon)^2",
    parameters={"epsilon": Parameter(0.5, "[0, inf)", "the half-width of the tube that costs nothing")},
    claims=(
        Claim("convex", True, VAPNIK),
        Claim("smoothness", 2.0, "the second derivative is 0 or 2"),
        Claim("bounded_influence", False, "the slope grows with the residual"),
    ),
    references=("Vapnik, The nature of statistical learning theory, 1995",),
)
def squared_epsilon_insensitive(yhat: Any, y: Any, epsilon: float = 0.5) -> Any:
    """max(0, |r| - epsilon)^2, as sklearn's squared_epsilon_insensitive."""
    size = array_namespace(yhat).abs(yhat - y)
    return array_namespace(yhat).maximum(size - epsilon, 0 * size) ** 2
