"""Absolute error and the convex losses between it and squared error: Huber, smooth L1, pseudo-Huber, log-cosh."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import softplus
from losscheck.catalogue.entry import Claim, Parameter, entry

HUBER = "Huber, 1964"
REFERENCES = ("Huber, Robust estimation of a location parameter, Annals of Mathematical Statistics 1964",)
LOG_2 = 0.6931471805599453


@entry(
    kind="regression",
    title="Absolute error",
    family="regression",
    formula=r"|\hat y - y|",
    claims=(
        Claim("convex", True, "a norm"),
        Claim("elicits[functional=median]", True, "Laplace, 1774; Gneiting, 2011, Theorem 9"),
        Claim("elicits[functional=mean]", False, "Gneiting, 2011"),
        Claim("bounded_influence", True, HUBER),
        Claim("lipschitz[norm=l2]", 1.0, "the slope is -1 or 1"),
        Claim("homogeneous_degree", 1.0, "derived"),
        Claim("differentiable", False, "a kink at yhat = y"),
    ),
    references=("Gneiting, Making and evaluating point forecasts, JASA 2011",),
    aliases=("mae", "l1_loss"),
)
def absolute_error(yhat: Any, y: Any) -> Any:
    """|yhat - y|, as torch.nn.L1Loss."""
    return array_namespace(yhat).abs(yhat - y)


@entry(
    kind="regression",
    title="Huber loss",
    family="regression",
    formula=r"\tfrac12 r^2 \text{ for } |r| \le \delta, \quad \delta(|r| - \tfrac12\delta) \text{ beyond}",
    parameters={"delta": Parameter(1.0, "(0, inf)", "where the square turns into a line")},
    claims=(
        Claim("convex", True, HUBER),
        Claim("bounded_influence", True, HUBER),
        Claim("lipschitz[norm=l2]", 1.0, "the slope is at most delta"),
        Claim("smoothness", 1.0, "the second derivative is 1 or 0"),
        Claim("elicits[functional=mean]", False, "Taggart, 2022: it elicits the Huber mean"),
        Claim("elicits[functional=median]", False, "Taggart, 2022: it elicits the Huber mean"),
    ),
    references=(*REFERENCES, "Taggart, Point forecasting and forecast evaluation with generalized Huber loss, 2022"),
)
def huber(yhat: Any, y: Any, delta: float = 1.0) -> Any:
    """Square up to delta, line beyond, as torch.nn.HuberLoss."""
    xp = array_namespace(yhat)
    size = xp.abs(yhat - y)
    return xp.where(size <= delta, 0.5 * size**2, delta * (size - 0.5 * delta))


@entry(
    kind="regression",
    title="Smooth L1",
    family="regression",
    formula=r"\frac{r^2}{2\beta} \text{ for } |r| < \beta, \quad |r| - \tfrac12\beta \text{ beyond}",
    parameters={"beta": Parameter(1.0, "(0, inf)", "Huber's delta, with the slope kept at 1")},
    claims=(
        Claim("convex", True, "Huber's loss divided by beta"),
        Claim("lipschitz[norm=l2]", 1.0, "the slope is r / beta or 1"),
        Claim("smoothness", 1.0, "the second derivative is 1 / beta or 0"),
        Claim("bounded_influence", True, HUBER),
    ),
    references=("Girshick, Fast R-CNN, ICCV 2015", *REFERENCES),
)
def smooth_l1(yhat: Any, y: Any, beta: float = 1.0) -> Any:
    """Huber's loss over beta, as torch.nn.SmoothL1Loss."""
    xp = array_namespace(yhat)
    size = xp.abs(yhat - y)
    return xp.where(size < beta, 0.5 * size**2 / beta, size - 0.5 * beta)


@entry(
    kind="regression",
    title="Pseudo-Huber loss",
    family="regression",
    formula=r"\delta^2\left(\sqrt{1 + (r/\delta)^2} - 1\right)",
    parameters={"delta": Parameter(1.0, "(0, inf)", "the scale of the knee")},
    claims=(
        Claim("convex", True, "Hartley, Zisserman, 2004, A6.8"),
        Claim("smoothness", 1.0, "the second derivative is largest at 0"),
        Claim("bounded_influence", True, "the slope tends to delta"),
        Claim("lipschitz[norm=l2]", 1.0, "the slope r / sqrt(1 + (r/delta)^2) tends to delta"),
        Claim("differentiable", True, "the root stays above 1"),
        Claim("elicits[functional=mean]", False, "derived"),
    ),
    hazards=("sqrt(1 + r^2) - 1 is 0 for residuals below 3e-4 in float32; the quotient form keeps them",),
    references=("Charbonnier, Blanc-Feraud, Aubert, Barlaud, Two deterministic half-quadratic algorithms, 1994",),
    aliases=("charbonnier",),
)
def pseudo_huber(yhat: Any, y: Any, delta: float = 1.0) -> Any:
    """delta^2 (sqrt(1 + (r/delta)^2) - 1), without cancellation."""
    residual = yhat - y
    root = array_namespace(yhat).sqrt(1 + (residual / delta) ** 2)
    return residual**2 / (root + 1)


@entry(
    kind="regression",
    title="Log-cosh loss",
    family="regression",
    formula=r"\log\cosh(\hat y - y)",
    claims=(
        Claim("convex", True, "the second derivative is 1 / cosh^2"),
        Claim("smoothness", 1.0, "the second derivative is largest at 0"),
        Claim("lipschitz[norm=l2]", 1.0, "the slope is tanh"),
        Claim("bounded_influence", True, "the slope is tanh"),
        Claim("nonnegative", True, "cosh >= 1"),
    ),
    hazards=("log(cosh(r)) overflows at |r| = 89 in float32", "every form that subtracts log 2 cancels near 0"),
    references=("Saleh, Saleh, Statistical properties of the log-cosh loss function, 2022",),
)
def log_cosh(yhat: Any, y: Any) -> Any:
    """|r| + log(1 + exp(-2 |r|)) - log 2."""
    size = array_namespace(yhat).abs(yhat - y)
    return size + softplus(-2 * size) - LOG_2


@entry(
    kind="regression",
    title="Fair loss",
    family="regression",
    formula=r"c^2\left(\frac{|r|}{c} - \log\left(1 + \frac{|r|}{c}\right)\right)",
    parameters={"c": Parameter(1.0, "(0, inf)", "the scale")},
    claims=(
        Claim("convex", True, "the second derivative is 1 / (1 + |r|/c)^2"),
        Claim("bounded_influence", True, "the slope tends to c"),
        Claim("smoothness", 1.0, "the second derivative is largest at 0"),
        Claim("lipschitz[norm=l2]", 1.0, "the slope c|r| / (c + |r|) tends to c"),
    ),
    hazards=("the difference cancels near 0",),
    references=("Fair, On the robust estimation of econometric models, 1974",),
)
def fair(yhat: Any, y: Any, c: float = 1.0) -> Any:
    """c^2 (|r|/c - log(1 + |r|/c))."""
    xp = array_namespace(yhat)
    size = xp.abs(yhat - y) / c
    return c**2 * (size - xp.log1p(size))
