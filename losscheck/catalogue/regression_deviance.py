"""Deviances: Bregman losses on positive outcomes, all minimised by the mean, each right for another noise."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.catalogue.entry import Claim, Parameter, entry

POSITIVE = "yhat:(N,):positive y:(N,):positive"
MEAN = Claim("elicits[functional=mean]", True, "Savage, 1971; Patton, 2011, Proposition 2: a Bregman loss")
NONNEGATIVE = Claim("nonnegative", True, "a Bregman divergence")
REFERENCES = (
    "Jorgensen, The theory of dispersion models, 1997",
    "Patton, Volatility forecast comparison using imperfect volatility proxies, J. Econometrics 2011",
)


@entry(
    kind="regression",
    signature=POSITIVE,
    title="Poisson deviance",
    family="regression",
    formula=r"2\left(y \log\frac{y}{\hat y} - y + \hat y\right)",
    claims=(
        MEAN,
        NONNEGATIVE,
        Claim("convex", True, "yhat - y log yhat is convex"),
        Claim("homogeneous_degree", 1.0, "Patton, 2011"),
        Claim("differentiable", True, "on the open half-line"),
    ),
    hazards=("the difference cancels near yhat = y",),
    references=REFERENCES,
)
def poisson_deviance(yhat: Any, y: Any) -> Any:
    """2 (y log(y / yhat) - y + yhat), as sklearn.metrics.mean_poisson_deviance."""
    xp = array_namespace(yhat)
    return 2 * (y * xp.log(y / yhat) - y + yhat)


@entry(
    kind="regression",
    signature=POSITIVE,
    title="Gamma deviance",
    family="regression",
    formula=r"2\left(\log\frac{\hat y}{y} + \frac{y}{\hat y} - 1\right)",
    claims=(
        MEAN,
        NONNEGATIVE,
        Claim("convex", False, "the second derivative 2y/yhat^3 - 1/yhat^2 changes sign at 2y"),
        Claim("homogeneous_degree", 0.0, "Patton, 2011: the only degree 0"),
    ),
    references=REFERENCES,
)
def gamma_deviance(yhat: Any, y: Any) -> Any:
    """2 (log(yhat / y) + y / yhat - 1), as sklearn.metrics.mean_gamma_deviance."""
    return 2 * (array_namespace(yhat).log(yhat / y) + y / yhat - 1)


@entry(
    kind="regression",
    signature=POSITIVE,
    title="Itakura-Saito distance (QLIKE)",
    family="regression",
    formula=r"\frac{y}{\hat y} - \log\frac{y}{\hat y} - 1",
    claims=(
        MEAN,
        NONNEGATIVE,
        Claim("convex", False, "half the gamma deviance"),
        Claim("homogeneous_degree", 0.0, "Patton, 2011"),
    ),
    references=(
        "Itakura, Saito, Analysis synthesis telephony based on the maximum likelihood method, 1968",
        *REFERENCES,
    ),
    aliases=("qlike",),
)
def itakura_saito_error(yhat: Any, y: Any) -> Any:
    """Y / yhat - log(y / yhat) - 1."""
    ratio = y / yhat
    return ratio - array_namespace(yhat).log(ratio) - 1


@entry(
    kind="regression",
    signature=POSITIVE,
    title="Inverse Gaussian deviance",
    family="regression",
    formula=r"\frac{(y - \hat y)^2}{\hat y^2 y}",
    claims=(
        MEAN,
        NONNEGATIVE,
        Claim("convex", False, "the second derivative (6y - 4 yhat)/yhat^4 changes sign"),
        Claim("homogeneous_degree", -1.0, "derived"),
    ),
    references=REFERENCES,
)
def inverse_gaussian_deviance(yhat: Any, y: Any) -> Any:
    """(y - yhat)^2 / (yhat^2 y): Tweedie's deviance of power 3."""
    return (y - yhat) ** 2 / (yhat**2 * y)


@entry(
    kind="regression",
    signature=POSITIVE,
    title="Tweedie deviance",
    family="regression",
    formula=r"2\left(\frac{y^{2-p}}{(1-p)(2-p)} - \frac{y\,\hat y^{1-p}}{1-p} + \frac{\hat y^{2-p}}{2-p}\right)",
    parameters={"power": Parameter(1.5, "(-inf, 0] or (1, 2) or (2, inf)", "the power of the variance function")},
    claims=(
        MEAN,
        NONNEGATIVE,
        Claim("convex", False, "derived: the second derivative (3y - yhat) / yhat^2.5 of p = 3/2 changes sign at 3y"),
        Claim("homogeneous_degree", 0.5, "Patton, 2011: the degree is 2 - p"),
    ),
    hazards=("0/0 at p = 1 and 2, where the limits are the Poisson and the gamma deviance",),
    references=REFERENCES,
)
def tweedie_deviance(yhat: Any, y: Any, power: float = 1.5) -> Any:
    """Tweedie's deviance, as sklearn.metrics.mean_tweedie_deviance."""
    a, b = 1 - power, 2 - power
    return 2 * (y**b / (a * b) - y * yhat**a / a + yhat**b / b)
