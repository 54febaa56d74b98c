"""Squared error and its relatives: the losses whose best constant prediction is the mean, or nearly so."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.catalogue.entry import Claim, Parameter, entry

SAVAGE = "Savage, 1971, Section 6"
REFERENCES = ("Gneiting, Making and evaluating point forecasts, JASA 2011",)


@entry(
    kind="regression",
    title="Squared error",
    family="regression",
    formula=r"(\hat y - y)^2",
    claims=(
        Claim("convex", True, "a square of an affine function"),
        Claim("elicits[functional=mean]", True, SAVAGE),
        Claim("elicits[functional=median]", False, "derived: the mean is the only minimiser"),
        Claim("smoothness", 2.0, "the second derivative is 2"),
        Claim("homogeneous_degree", 2.0, "derived"),
        Claim("bounded_influence", False, "Huber, 1964: the slope grows with the residual"),
    ),
    hazards=("the square overflows at residuals of 1.8e19 in float32 and 256 in float16",),
    references=REFERENCES,
    aliases=("mse", "l2_loss"),
)
def squared_error(yhat: Any, y: Any) -> Any:
    """(yhat - y)^2, as torch.nn.MSELoss."""
    return (yhat - y) ** 2


@entry(
    kind="regression",
    title="Half squared error",
    family="regression",
    formula=r"\tfrac12 (\hat y - y)^2",
    claims=(
        Claim("elicits[functional=mean]", True, SAVAGE),
        Claim("smoothness", 1.0, "the second derivative is 1"),
    ),
    references=REFERENCES,
)
def half_squared_error(yhat: Any, y: Any) -> Any:
    """(yhat - y)^2 / 2, as sklearn's HalfSquaredError."""
    return 0.5 * (yhat - y) ** 2


@entry(
    kind="regression",
    title="Power of the absolute error",
    family="regression",
    formula=r"|\hat y - y|^p",
    parameters={"p": Parameter(3.0, "[1, inf)", "1 is the absolute, 2 the squared error")},
    claims=(
        Claim("convex", True, "p >= 1"),
        Claim("homogeneous_degree", 3.0, "derived: the degree is p"),
        Claim("elicits[functional=mean]", False, "Savage, 1971: only Bregman losses elicit the mean"),
        Claim("elicits[functional=median]", False, "derived: for p = 3 the minimiser is the L3 centre"),
    ),
    references=("Newey, Powell, Asymmetric least squares estimation and testing, Econometrica 1987",),
)
def lp_error(yhat: Any, y: Any, p: float = 3.0) -> Any:
    """|yhat - y|^p."""
    return array_namespace(yhat).abs(yhat - y) ** p


@entry(
    kind="regression",
    title="Quartic error",
    family="regression",
    formula=r"(\hat y - y)^4",
    claims=(
        Claim("convex", True, "an even power of an affine function"),
        Claim("smoothness", float("inf"), "the second derivative 12 r^2 is unbounded"),
        Claim("homogeneous_degree", 4.0, "derived"),
        Claim("elicits[functional=mean]", False, "Savage, 1971: only Bregman losses elicit the mean"),
    ),
    references=REFERENCES,
)
def quartic_error(yhat: Any, y: Any) -> Any:
    """(yhat - y)^4."""
    return (yhat - y) ** 4


@entry(
    kind="regression",
    signature="yhat:(N,):positive y:(N,):positive",
    title="Squared logarithmic error",
    family="regression",
    formula=r"(\log(1 + \hat y) - \log(1 + y))^2",
    claims=(
        Claim("convex", False, "the second derivative changes sign where log((1 + yhat)/(1 + y)) = 1"),
        Claim("elicits[functional=mean]", False, "derived: the minimiser is exp(E log(1 + Y)) - 1"),
        Claim("nonnegative", True, "a square"),
    ),
    references=REFERENCES,
    aliases=("msle",),
)
def squared_log_error(yhat: Any, y: Any) -> Any:
    """(log(1 + yhat) - log(1 + y))^2, as sklearn.metrics.mean_squared_log_error."""
    xp = array_namespace(yhat)
    return (xp.log1p(yhat) - xp.log1p(y)) ** 2


@entry(
    kind="regression",
    signature="yhat:(N,):positive y:(N,):positive",
    title="Squared log ratio",
    family="regression",
    formula=r"(\log \hat y - \log y)^2",
    claims=(
        Claim("convex", False, "the second derivative changes sign at yhat = e y"),
        Claim("homogeneous_degree", 0.0, "derived: a function of yhat / y"),
        Claim("elicits[functional=mean]", False, "derived: the minimiser is the geometric mean"),
    ),
    references=("Patton, Volatility forecast comparison using imperfect volatility proxies, J. Econometrics 2011",),
)
def squared_log_ratio(yhat: Any, y: Any) -> Any:
    """log(yhat / y)^2: the minimiser is the geometric mean."""
    xp = array_namespace(yhat)
    return (xp.log(yhat) - xp.log(y)) ** 2


@entry(
    kind="regression",
    signature="yhat:(N,):positive y:(N,):positive",
    title="Squared percentage error",
    family="regression",
    formula=r"\left(\frac{\hat y - y}{y}\right)^2",
    claims=(
        Claim("convex", True, "a square of an affine function of yhat"),
        Claim("homogeneous_degree", 0.0, "derived"),
        Claim("elicits[functional=mean]", False, "Gneiting, 2011, Section 2: a weighted mean"),
    ),
    hazards=("division by a target near 0",),
    references=REFERENCES,
)
def squared_percentage_error(yhat: Any, y: Any) -> Any:
    """((yhat - y) / y)^2."""
    return ((yhat - y) / y) ** 2


@entry(
    kind="regression",
    title="Linex loss",
    family="regression",
    formula=r"e^{a(\hat y - y)} - a(\hat y - y) - 1",
    parameters={"a": Parameter(1.0, "(-inf, 0) or (0, inf)", "the sign says which side is the dear one")},
    claims=(
        Claim("convex", True, "Zellner, 1986"),
        Claim("nonnegative", True, "exp(t) >= 1 + t"),
        Claim("smoothness", float("inf"), "exp is not smooth"),
        Claim("elicits[functional=mean]", False, "Zellner, 1986: the minimiser is -log E exp(-aY) / a"),
    ),
    hazards=("cancels for small residuals where exp is used for expm1, overflows for large",),
    references=("Zellner, Bayesian estimation and prediction using asymmetric loss functions, JASA 1986",),
)
def linex(yhat: Any, y: Any, a: float = 1.0) -> Any:
    """exp(a r) - a r - 1 for the residual r = yhat - y."""
    scaled = a * (yhat - y)
    return array_namespace(yhat).expm1(scaled) - scaled
