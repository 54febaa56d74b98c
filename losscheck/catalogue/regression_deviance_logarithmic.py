"""Deviances in the logarithm of the mean, as linear models use them, and Bregman losses on all numbers."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.catalogue.entry import Claim, Parameter, entry
from losscheck.catalogue.regression_deviance import MEAN, NONNEGATIVE, REFERENCES


@entry(
    kind="regression",
    title="Half Poisson deviance with log link",
    family="regression",
    signature="yhat:(N,):real y:(N,):positive",
    formula=r"e^{\hat y} - y \hat y",
    claims=(
        Claim("convex", True, "exp plus a line"),
        Claim("elicits[functional=mean]", False, "derived: the report is the logarithm of the mean"),
    ),
    hazards=("exp overflows at yhat = 88.7 in float32 and 11.1 in float16",),
    references=REFERENCES,
)
def half_poisson_log(yhat: Any, y: Any) -> Any:
    """exp(yhat) - y yhat, as sklearn's HalfPoissonLoss and torch.nn.PoissonNLLLoss."""
    return array_namespace(yhat).exp(yhat) - y * yhat


@entry(
    kind="regression",
    signature="yhat:(N,):real y:(N,):positive",
    title="Half gamma deviance with log link",
    family="regression",
    formula=r"\hat y + y e^{-\hat y}",
    claims=(
        Claim("convex", True, "a line plus exp"),
        Claim("elicits[functional=mean]", False, "derived: the report is the logarithm of the mean"),
    ),
    hazards=("y exp(-yhat) overflows too early for small y; exp(log(y) - yhat) does not",),
    references=REFERENCES,
)
def half_gamma_log(yhat: Any, y: Any) -> Any:
    """Yhat + y exp(-yhat), as sklearn's HalfGammaLoss: convex where the deviance of the mean is not."""
    xp = array_namespace(yhat)
    return yhat + xp.exp(xp.log(y) - yhat)


@entry(
    kind="regression",
    signature="yhat:(N,):real y:(N,):positive",
    title="Half Tweedie deviance with log link",
    family="regression",
    formula=r"\frac{e^{(2-p)\hat y}}{2-p} - \frac{y\, e^{(1-p)\hat y}}{1-p}",
    parameters={"power": Parameter(1.5, "(1, 2)", "the power of the variance function")},
    claims=(
        Claim("convex", True, "both terms are convex for 1 < p < 2"),
        Claim("elicits[functional=mean]", False, "derived: the report is the logarithm of the mean"),
    ),
    references=REFERENCES,
)
def half_tweedie_log(yhat: Any, y: Any, power: float = 1.5) -> Any:
    """Tweedie's deviance of exp(yhat) without the terms of y alone, as sklearn's HalfTweedieLoss."""
    xp = array_namespace(yhat)
    a, b = 1 - power, 2 - power
    return xp.exp(b * yhat) / b - y * xp.exp(a * yhat) / a


@entry(
    kind="regression",
    title="Bregman loss of cosh",
    family="regression",
    formula=r"\cosh y - \cosh\hat y - \sinh(\hat y)(y - \hat y)",
    claims=(
        Claim("elicits[functional=mean]", True, "Savage, 1971: a Bregman loss"),
        NONNEGATIVE,
        Claim("convex", False, "derived: the slope cosh(yhat)(yhat - y) is not monotone far from y"),
    ),
    references=("Savage, Elicitation of personal probabilities and expectations, JASA 1971",),
)
def bregman_cosh(yhat: Any, y: Any) -> Any:
    """The Bregman loss of cosh: consistent for the mean, but not convex."""
    xp = array_namespace(yhat)
    return xp.cosh(y) - xp.cosh(yhat) - xp.sinh(yhat) * (y - yhat)


@entry(
    kind="regression",
    title="Exponential Bregman loss",
    family="regression",
    formula=r"\frac{1}{a^2}\left(e^{ay} - e^{a\hat y}\right) - \frac{1}{a} e^{a\hat y}(y - \hat y)",
    parameters={"a": Parameter(1.0, "(-inf, 0) or (0, inf)", "the sign says which side is the dear one")},
    claims=(MEAN, NONNEGATIVE, Claim("convex", False, "derived: the slope e^(a yhat)(yhat - y) tends to 0 at -inf")),
    references=REFERENCES,
)
def bregman_exponential(yhat: Any, y: Any, a: float = 1.0) -> Any:
    """Patton's exponential Bregman loss: consistent for the mean, although as lopsided as linex."""
    xp = array_namespace(yhat)
    return (xp.exp(a * y) - xp.exp(a * yhat)) / a**2 - xp.exp(a * yhat) * (y - yhat) / a
