"""Hinge losses with the corner rounded off, and other convex losses with flat and straight parts."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import relu, softplus
from losscheck.catalogue.entry import Claim, Parameter, entry
from losscheck.catalogue.shared_claims import BARTLETT, CALIBRATED


def _at_most(gap: Any, width: Any) -> Any:
    """The part of the gap that lies in the parabola: what is beyond enters linearly, so nothing is squared."""
    xp = array_namespace(gap)
    return xp.minimum(gap, xp.full_like(gap, width))


@entry(
    kind="margin",
    title="Smoothed hinge loss (Rennie and Srebro)",
    family="margin",
    formula=r"\tfrac12 - v \;(v \le 0),\quad \tfrac12 (1 - v)^2 \;(0 < v < 1),\quad 0 \;(v \ge 1)",
    claims=(
        Claim("convex", True, "Rennie, Srebro, 2005"),
        Claim("differentiable", True, "Rennie, Srebro, 2005"),
        CALIBRATED,
        Claim("lipschitz[norm=l2]", 1.0, "derived"),
        Claim("smoothness", 1.0, "derived"),
        Claim("recovers_probability", True, "derived: v = 2 - 1 / eta for eta > 1/2"),
    ),
    references=("Rennie, Srebro, Loss functions for preference levels, IJCAI workshop 2005",),
)
def smooth_hinge(v: Any) -> Any:
    """The hinge loss with a parabola on (0, 1)."""
    gap = relu(1 - v)
    curved = _at_most(gap, 1.0)
    return curved * (gap - 0.5 * curved)


@entry(
    kind="margin",
    title="Quadratically smoothed hinge (Huberised hinge)",
    family="margin",
    formula=r"0 \;(v \ge 1),\quad \frac{(1-v)^2}{2\gamma} \;(1 - \gamma < v < 1),\quad 1 - \frac{\gamma}{2} - v",
    parameters={"gamma": Parameter(0.5, "(0, 2]", "the width of the parabola")},
    claims=(
        Claim("convex", True, "Zhang, 2004; Shalev-Shwartz, Zhang, 2013"),
        Claim("differentiable", True, "Shalev-Shwartz, Zhang, 2013"),
        CALIBRATED,
        Claim("lipschitz[norm=l2]", 1.0, "derived"),
        Claim("smoothness", 2.0, "Shalev-Shwartz, Zhang, 2013: 1 / gamma"),
    ),
    references=(
        "Shalev-Shwartz, Zhang, Stochastic dual coordinate ascent methods, JMLR 2013",
        "Rosset, Zhu, Piecewise linear regularized solution paths, Annals of Statistics 2007",
    ),
)
def huberised_hinge(v: Any, gamma: Any = 0.5) -> Any:
    """The hinge loss with a parabola of width gamma below 1."""
    gap = relu(1 - v)
    curved = _at_most(gap, gamma)
    return curved / gamma * (gap - 0.5 * curved)


@entry(
    kind="margin",
    title="Modified Huber loss",
    family="margin",
    formula=r"\max(0, 1 - v)^2 \;(v \ge -1),\quad -4v \;(v < -1)",
    claims=(
        Claim("convex", True, "Zhang, 2004"),
        Claim("classification_calibrated", True, "Zhang, 2004"),
        Claim("recovers_probability", True, "Zhang, 2004: the link is 2 eta - 1"),
        Claim("lipschitz[norm=l2]", 4.0, "derived"),
        Claim("smoothness", 2.0, "derived"),
    ),
    references=("Zhang, Solving large scale linear prediction problems using SGD, ICML 2004",),
)
def modified_huber(v: Any) -> Any:
    """max(0, 1 - v)^2 with a tangent line below -1."""
    gap = relu(1 - v)
    curved = _at_most(gap, 2.0)
    return curved * (2 * gap - curved)


@entry(
    kind="margin",
    title="Smooth hinge by softplus",
    family="margin",
    formula=r"\tau \log(1 + e^{(1 - v)/\tau})",
    parameters={"tau": Parameter(0.5, "(0, inf)", "the width of the corner")},
    claims=(
        Claim("convex", True, "derived: log-sum-exp of affine functions"),
        CALIBRATED,
        Claim("lipschitz[norm=l2]", 1.0, "derived"),
        Claim("smoothness", 0.5, "derived: 1 / (4 tau)"),
        Claim("recovers_probability", True, "derived: strictly convex with slopes from -1 to 0"),
    ),
    references=("Lee, Mangasarian, SSVM: a smooth support vector machine, Comput. Optim. Appl. 2001",),
)
def softplus_hinge(v: Any, tau: Any = 0.5) -> Any:
    """Tau log(1 + exp((1 - v) / tau))."""
    return tau * softplus((1 - v) / tau)


@entry(
    kind="margin",
    title="Distance weighted discrimination",
    family="margin",
    formula=r"1 - v \;(v \le \tfrac{q}{q+1}),\quad \frac{1}{v^q}\frac{q^q}{(q+1)^{q+1}} \;(v > \tfrac{q}{q+1})",
    parameters={"q": Parameter(1, "(0, inf)", "the power of the inverse distance")},
    claims=(
        Claim("convex", True, "Wang, Zou, 2018"),
        Claim("differentiable", True, "Wang, Zou, 2018"),
        Claim("classification_calibrated", True, "Wang, Zou, 2018, Theorem 3"),
        Claim("lipschitz[norm=l2]", 1.0, "derived"),
        Claim("recovers_probability", True, "derived: the slopes balance at one v beyond the knot unless eta = 1/2"),
    ),
    references=(
        "Marron, Todd, Ahn, Distance-weighted discrimination, JASA 2007",
        "Wang, Zou, Another look at distance-weighted discrimination, JRSS B 2018",
    ),
)
def dwd(v: Any, q: Any = 1) -> Any:
    """1 - v up to q / (q + 1), an inverse power beyond."""
    xp = array_namespace(v)
    knot = q / (q + 1)
    beyond = xp.maximum(v, xp.full_like(v, knot))
    return xp.where(v <= knot, 1 - v, knot**q / (q + 1) / beyond**q)


@entry(
    kind="margin",
    title="Large-margin unified machine",
    family="margin",
    formula=r"1 - v \;(v < \tfrac{c}{1+c}),\quad \frac{1}{1+c}\left(\frac{a}{(1+c)v - c + a}\right)^a",
    parameters={
        "a": Parameter(1, "(0, inf)", "the rate of decay"),
        "c": Parameter(1, "[0, inf)", "from soft (0) to hard (inf) classification"),
    },
    claims=(
        Claim("convex", True, "Liu, Zhang, Wu, 2011"),
        Claim("classification_calibrated", True, "Liu, Zhang, Wu, 2011, Proposition 2"),
        Claim("lipschitz[norm=l2]", 1.0, "derived"),
        Claim("recovers_probability", True, "derived: the slopes balance at one v beyond the knot unless eta = 1/2"),
    ),
    references=("Liu, Zhang, Wu, Hard or soft classification? Large-margin unified machines, JASA 2011",),
)
def lum(v: Any, a: Any = 1, c: Any = 1) -> Any:
    """1 - v up to c / (1 + c), a power tail beyond."""
    xp = array_namespace(v)
    knot = c / (1 + c)
    beyond = xp.maximum(v, xp.full_like(v, knot))
    return xp.where(v <= knot, 1 - v, (a / ((1 + c) * beyond - c + a)) ** a / (1 + c))


@entry(
    kind="margin",
    title="Double hinge loss",
    family="margin",
    formula=r"\max(-v, \max(0, \tfrac12 - \tfrac{v}{2}))",
    claims=(
        Claim("convex", True, "du Plessis, Niu, Sugiyama, 2015"),
        CALIBRATED,
        Claim("lipschitz[norm=l2]", 1.0, "derived"),
        Claim("recovers_probability", False, "derived: piecewise linear"),
    ),
    references=(
        "du Plessis, Niu, Sugiyama, Convex formulation for learning from positive and unlabeled data, ICML 2015",
    ),
)
def double_hinge(v: Any) -> Any:
    """max(-v, max(0, (1 - v) / 2)), with phi(v) - phi(-v) = -v."""
    return array_namespace(v).maximum(-v, relu(0.5 - 0.5 * v))


@entry(
    kind="margin",
    title="Generalised hinge loss with a reject option",
    family="margin",
    formula=r"\max(0, 1 - v, 1 - a v),\quad a = (1 - d)/d",
    parameters={"d": Parameter(0.25, "(0, 1/2)", "the cost of rejecting")},
    claims=(
        Claim("convex", True, "Bartlett, Wegkamp, 2008"),
        Claim("classification_calibrated", True, BARTLETT, params={"d": 0.5}),
        Claim("classification_calibrated", False, "derived: v = 0 minimises the risk for d < eta < 1 - d (reject)"),
        Claim("lipschitz[norm=l2]", 3.0, "derived: a at d = 1/4"),
    ),
    references=("Bartlett, Wegkamp, Classification with a reject option using a hinge loss, JMLR 2008",),
)
def reject_hinge(v: Any, d: Any = 0.25) -> Any:
    """max(0, 1 - v, 1 - (1 - d) v / d)."""
    return array_namespace(v).maximum(relu(1 - v), 1 - (1 - d) / d * v)
