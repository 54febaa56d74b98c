"""Relatives of the hinge and exponential losses: MadaBoost, the pinball hinge and the rescaled hinge."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import relu
from losscheck.catalogue.entry import Claim, Parameter, entry
from losscheck.catalogue.shared_claims import CALIBRATED, NOT_CONVEX


@entry(
    kind="margin",
    title="MadaBoost loss",
    family="margin",
    formula=r"\tfrac12 - v \;(v \le 0),\quad \tfrac12 e^{-2v} \;(v > 0)",
    claims=(
        Claim("convex", True, "Domingo, Watanabe, 2000"),
        Claim("differentiable", True, "derived: both slopes are -1 at 0"),
        CALIBRATED,
        Claim("lipschitz[norm=l2]", 1.0, "derived"),
        Claim("smoothness", 2.0, "derived"),
    ),
    references=("Domingo, Watanabe, MadaBoost: a modification of AdaBoost, COLT 2000",),
)
def madaboost(v: Any) -> Any:
    """1/2 - v on the wrong side, exp(-2 v) / 2 on the right one."""
    xp = array_namespace(v)
    # Each piece sees its own side only: exp(-2 v) overflows on the other.
    return 0.5 * xp.exp(-2 * relu(v)) + relu(-v)


@entry(
    kind="margin",
    title="Pinball hinge loss",
    family="margin",
    formula=r"\max(1 - v, -\tau (1 - v))",
    parameters={"tau": Parameter(0.5, "[0, 1]", "the slope beyond margin 1; 0 is the hinge loss")},
    claims=(
        Claim("convex", True, "a maximum of affine functions"),
        Claim("classification_calibrated", True, "Huang, Shi, Suykens, 2014; Bartlett et al., Theorem 2"),
        Claim("nonincreasing", False, "Huang, Shi, Suykens, 2014: it grows beyond margin 1"),
        Claim("lipschitz[norm=l2]", 1.0, "derived"),
        Claim("nonnegative", True, "a maximum of numbers of both signs"),
    ),
    references=("Huang, Shi, Suykens, Support vector machine classifier with pinball loss, PAMI 2014",),
)
def pinball_hinge(v: Any, tau: Any = 0.5) -> Any:
    """1 - v below margin 1, tau (v - 1) above."""
    return array_namespace(v).maximum(1 - v, tau * (v - 1))


@entry(
    kind="margin",
    title="Rescaled hinge loss",
    family="margin",
    formula=r"\frac{1 - e^{-\eta \max(0, 1 - v)}}{1 - e^{-\eta}}",
    parameters={"eta": Parameter(0.5, "(0, inf)", "how fast the loss levels off")},
    claims=(
        Claim("bounded_above", True, "Xu et al., 2017"),
        NOT_CONVEX,
        Claim("nonincreasing", True, "an increasing function of the hinge loss"),
        Claim("nonnegative", True, "an increasing function of the hinge loss that starts at 0"),
    ),
    references=("Xu, Cao, Hu, Principe, Robust support vector machines based on the rescaled hinge loss, PR 2017",),
)
def rescaled_hinge(v: Any, eta: Any = 0.5) -> Any:
    """1 - exp(-eta hinge), scaled to 1 at v = 0."""
    xp = array_namespace(v)
    return xp.expm1(-eta * relu(1 - v)) / xp.expm1(xp.zeros_like(v) - eta)
