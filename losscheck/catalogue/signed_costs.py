"""Losses of signed labels that treat the two sides differently: uneven margins and costs of either error."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import relu, softplus
from losscheck.catalogue.entry import Claim, Parameter, entry

SCOTT = "Scott, 2012"
REFERENCES = ("Scott, Calibrated asymmetric surrogate losses, EJS 2012",)
COST = Parameter(0.25, "(0, 1)", "the cost of a false positive; of a false negative it is 1 - c")


def _weight(z: Any, y: Any, c: Any) -> Any:
    """1 - c for positives, c for negatives, in the dtype of the scores."""
    return 0.5 + (0.5 - c) * array_namespace(z).astype(y, z.dtype)


@entry(
    kind="signed",
    title="Squared error on signs",
    family="signed",
    formula=r"(z - y)^2",
    claims=(
        Claim("convex", True, "a square"),
        Claim("classification_calibrated", True, "Bartlett, Jordan, McAuliffe, 2006: it is (1 - y z)^2"),
        Claim("recovers_probability", True, "the link is 2 eta - 1"),
        Claim("smoothness", 2.0, "the second derivative is 2"),
    ),
    references=("Rifkin, Yeo, Poggio, Regularized least-squares classification, 2003",),
)
def signed_squared_error(z: Any, y: Any) -> Any:
    """(z - y)^2."""
    return (z - array_namespace(z).astype(y, z.dtype)) ** 2


@entry(
    kind="signed",
    title="Cost-sensitive hinge loss",
    family="signed",
    formula=r"w_y \max(0, 1 - y z),\quad w_1 = 1 - c,\ w_{-1} = c",
    parameters={"c": COST},
    claims=(
        Claim("convex", True, "a multiple of a maximum of affine functions"),
        Claim("classification_calibrated", False, f"{SCOTT}: it is calibrated for the threshold c"),
        Claim("lipschitz[norm=l2]", 0.75, "derived: max(c, 1 - c)"),
        Claim("recovers_probability", False, "piecewise linear"),
    ),
    references=REFERENCES,
)
def cost_sensitive_hinge(z: Any, y: Any, c: Any = 0.25) -> Any:
    """The hinge loss, weighted by the cost of the error."""
    return _weight(z, y, c) * relu(1 - y * z)


@entry(
    kind="signed",
    title="Cost-sensitive logistic loss",
    family="signed",
    formula=r"w_y \log(1 + e^{-y z}),\quad w_1 = 1 - c,\ w_{-1} = c",
    parameters={"c": COST},
    claims=(
        Claim("convex", True, "a multiple of softplus"),
        Claim("classification_calibrated", False, f"{SCOTT}: it is calibrated for the threshold c"),
        Claim("recovers_probability", True, "derived: the logit of eta shifted by log((1 - c) / c)"),
        Claim("lipschitz[norm=l2]", 0.75, "derived: max(c, 1 - c)"),
    ),
    references=REFERENCES,
)
def cost_sensitive_logistic(z: Any, y: Any, c: Any = 0.25) -> Any:
    """The logistic loss, weighted by the cost of the error."""
    return _weight(z, y, c) * softplus(-y * z)


@entry(
    kind="signed",
    title="Uneven squared hinge loss",
    family="signed",
    formula=r"\max(0, 1 - z)^2\;(y = 1),\quad \frac{1}{\gamma}\max(0, 1 + \gamma z)^2\;(y = -1)",
    parameters={"gamma": Parameter(2.0, "(0, inf)", "the ratio of the margins")},
    claims=(
        Claim("convex", True, "squares of positive parts of affine functions"),
        Claim("classification_calibrated", True, f"{SCOTT}, Section 4: both slopes at 0 agree"),
        Claim("differentiable", True, "derived"),
        Claim("smoothness", 4.0, "derived: 2 max(1, gamma)"),
    ),
    references=REFERENCES,
)
def uneven_squared_hinge(z: Any, y: Any, gamma: Any = 2.0) -> Any:
    """The squared hinge loss with a margin of its own on the negative side."""
    return array_namespace(z).where(y == 1, relu(1 - z) ** 2, relu(1 + gamma * z) ** 2 / gamma)


@entry(
    kind="signed",
    title="Uneven exponential loss",
    family="signed",
    formula=r"e^{-z}\;(y = 1),\quad \frac{1}{\gamma} e^{\gamma z}\;(y = -1)",
    parameters={"gamma": Parameter(2.0, "(0, inf)", "the ratio of the rates")},
    claims=(
        Claim("convex", True, "exponentials of linear functions"),
        Claim("classification_calibrated", True, f"{SCOTT}, Section 4: both slopes at 0 agree"),
        Claim("recovers_probability", True, "derived: z = log(eta / (1 - eta)) / (1 + gamma)"),
    ),
    hazards=("infinite in float32 for scores of 88.8 / max(1, gamma) on the wrong side",),
    references=REFERENCES,
)
def uneven_exponential(z: Any, y: Any, gamma: Any = 2.0) -> Any:
    """The exponential loss with a rate of its own on the negative side."""
    xp = array_namespace(z)
    positive = y == 1
    return xp.where(positive, xp.ones_like(z), xp.full_like(z, 1 / gamma)) * xp.exp(xp.where(positive, -z, gamma * z))
