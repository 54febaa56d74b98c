"""Convex margin losses: hinge, squared hinge, logistic and exponential."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import softplus
from losscheck.catalogue.entry import Claim, entry

BARTLETT = "Bartlett, Jordan, McAuliffe, 2006, Theorem 2"
REFERENCES = ("Bartlett, Jordan, McAuliffe, Convexity, classification, and risk bounds, JASA 2006",)


@entry(
    kind="margin",
    title="Hinge loss",
    family="margin",
    formula=r"\max(0, 1 - v)",
    claims=(
        Claim("convex", True, "a maximum of affine functions"),
        Claim("classification_calibrated", True, BARTLETT),
        Claim("lipschitz[norm=l2]", 1.0, "the slope is -1 or 0"),
        Claim("recovers_probability", False, "Bartlett, Tewari, 2007"),
    ),
    references=REFERENCES,
)
def hinge(v: Any) -> Any:
    """max(0, 1 - v)."""
    return array_namespace(v).maximum(1 - v, 0 * v)


@entry(
    kind="margin",
    title="Logistic loss",
    family="margin",
    formula=r"\log(1 + e^{-v})",
    claims=(
        Claim("convex", True, "the second derivative is s(1 - s)"),
        Claim("classification_calibrated", True, BARTLETT),
        Claim("recovers_probability", True, "the link is the logit"),
        Claim("smoothness", 0.25, "the second derivative is at most 1/4"),
    ),
    references=REFERENCES,
)
def logistic(v: Any) -> Any:
    """log(1 + exp(-v))."""
    return softplus(-v)
